// Paths: from the words of the mapping to slots of the record reader, items of rows levels, and
// what remains to be walked.

#include <algorithm>

#include "base/phrase_codes.h"
#include "plan/compiler.h"

namespace trama {
namespace {

constexpr std::string_view kEntryKey = "$key";
constexpr std::string_view kItemNumber = "$number";
/// As the last step of a pattern of used fields: no JSON key is such a byte.
constexpr std::string_view kNothingBelow = "\xFF";
/// Places of `as_list` on the way of one path, and the shapes that they can come in together.
constexpr std::size_t kMostListed = 8;
constexpr std::size_t kMostShapes = std::size_t{1} << kMostListed;

bool holds_entries(const PlanLevel& level) noexcept {
  return std::any_of(level.lists.begin(), level.lists.end(), [](const PlanLevel::List& list) {
    return list.kind == PlanLevel::List::Kind::entries;
  });
}

bool is_index(std::string_view key) noexcept {
  return !key.empty() && key.size() < 10 &&
         std::all_of(
             key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         (key == "0" || key[0] != '0');
}

}  // namespace

int Compiler::slot_of(const KeyPath& keys) {
  const auto known = slots_.find(keys);
  if (known != slots_.end()) return known->second;
  const int slot = static_cast<int>(plan_->wanted.slots.size());
  plan_->wanted.slots.push_back(keys);
  slots_.emplace(keys, slot);
  return slot;
}

std::vector<PlanPath::Step> Compiler::steps_of(const Path& path, std::size_t from) {
  using To = PlanPath::Step::Kind;
  std::vector<PlanPath::Step> steps;
  for (std::size_t i = from; i < path.steps.size(); ++i) {
    const Path::Step& step = path.steps[i];
    PlanPath::Step made;
    made.key = step.key;
    made.index = step.index;
    made.entry_key = !path.from_top && !step.quoted && step.key == kEntryKey;
    switch (step.kind) {
      case Path::StepKind::key:
        if (path.from_top && is_index(step.key)) {
          made.kind = To::key_or_index;
          made.index = std::stol(step.key);
        }
        break;
      case Path::StepKind::index:
        made.kind = To::index;
        break;
      case Path::StepKind::items:
        made.kind = To::items;
        break;
      case Path::StepKind::entries:
        made.kind = To::entries;
        break;
    }
    steps.push_back(std::move(made));
  }
  return steps;
}

/// Whether the items of that level, of `rows` or of an `each`, are entries of an object.
bool Compiler::has_entries(int level) const {
  if (level > 0 && level <= static_cast<int>(plan_->levels.size()))
    return holds_entries(plan_->levels[static_cast<std::size_t>(level) - 1]);
  return std::any_of(plan_->columns.begin(), plan_->columns.end(), [level](const PlanColumn& c) {
    return c.each_level == level && c.each_entries;
  });
}

/// A name that begins with $ is one that the language knows, in a place where it means something;
/// a field of such a name is quoted. `made`: its level is known.
void Compiler::check_names(const Path& path, const PlanPath& made) {
  if (path.from_top) return;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const Path::Step& step = path.steps[i];
    if (step.kind != Path::StepKind::key || step.quoted || !step.key.starts_with('$')) continue;
    const bool last = i + 1 == path.steps.size();
    const bool behind_entries = i > 0 && path.steps[i - 1].kind == Path::StepKind::entries;
    const bool of_item = i == 1 && made.level > 0 && has_entries(made.level);
    const std::vector<Path::Step>& records = mapping_.input.records.steps;
    bool of_any = !records.empty() && records.back().kind == Path::StepKind::entries;
    for (const PlanLevel& level : plan_->levels) of_any = of_any || holds_entries(level);
    if (step.key == kItemNumber && last && (i == 0 || (i == 1 && made.level > 0)))
      continue;  // alone it is refused where it is compiled
    if (step.key == kEntryKey && last && (behind_entries || of_item || (i == 0 && of_any)))
      continue;
    if (!wrong_names_.emplace(path.span.line, path.span.column).second) return;
    error(DiagnosticCode::word_no_effect, path.span,
          {step.key, Phrase(PhraseCode::in_the_path, {path.text}),
           step.key == kEntryKey ? Phrase(PhraseCode::only_entries_have_a_key)
                                 : Phrase(PhraseCode::no_such_name_of_the_language, {step.key})});
    return;
  }
}

/// `watched`: what it leads to is read, so that it is no field that nobody uses.
PathIndex Compiler::path(const Path& path, bool watched) {
  PlanPath made;
  made.text = path.text;
  made.many = path.many() && !path.pick;
  std::vector<PlanPath::Step> steps = steps_of(path, 0);
  if (!path.from_top && !steps.empty() && steps[0].kind == PlanPath::Step::Kind::key) {
    for (auto called = called_.rbegin(); called != called_.rend(); ++called) {
      if (called->name != steps[0].key) continue;
      made.level = called->level;
      made.side = called->side;
      steps.erase(steps.begin());
      break;
    }
  }
  check_names(path, made);
  const bool number = !path.from_top && steps.size() == 1 &&
                      steps[0].kind == PlanPath::Step::Kind::key && !path.steps.back().quoted &&
                      steps[0].key == kItemNumber;
  if (number && made.level > 0) {
    made.take = PlanPath::Take::item_number;
    steps.clear();
  } else if (number && path.text == kItemNumber) {
    error(DiagnosticCode::path_invalid, path.span,
          {path.text, PhraseCode::write_the_item_before_it});
  }
  if (const PlanLevel::List* list = row_list_of(made);
      list != nullptr && list->kind >= PlanLevel::List::Kind::parts && !number) {
    made.take = PlanPath::Take::item_text;
    if (!steps.empty())
      error(DiagnosticCode::path_invalid, path.span,
            {path.text,
             Phrase(list->kind == PlanLevel::List::Kind::days ? PhraseCode::a_day_has_no_fields
                                                              : PhraseCode::a_part_has_no_fields,
                    {path.steps[0].key + ".$number"})});
    steps.clear();
  }
  const bool last_is_key = !steps.empty() && steps.back().entry_key;
  if (last_is_key && steps.size() == 1) {
    made.take = PlanPath::Take::entry_key;
    const std::vector<Path::Step>& records = mapping_.input.records.steps;
    const bool of_records = !records.empty() && records.back().kind == Path::StepKind::entries;
    if (made.level == 0 &&
        !of_records) {  // the key of the innermost entries; those of rows have their name: hab.$key
      for (std::size_t level = 1; level <= plan_->levels.size(); ++level) {
        const std::vector<PlanLevel::List>& lists = plan_->levels[level - 1].lists;
        for (std::size_t side = 0; side < lists.size(); ++side) {
          if (lists[side].kind != PlanLevel::List::Kind::entries) continue;
          made.level = static_cast<int>(level);
          made.side = side;
        }
      }
    }
    steps.clear();
  }
  if (made.level == 0 && made.take == PlanPath::Take::value) {
    KeyPath keys;
    while (keys.size() < steps.size() && steps[keys.size()].kind == PlanPath::Step::Kind::key &&
           !steps[keys.size()].entry_key)
      keys.push_back(steps[keys.size()].key);
    steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(keys.size()));
    for (std::size_t n = 1; n < keys.size(); ++n)
      made.above.push_back(slot_of({keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(n)}));
    if (!keys.empty()) made.slot = slot_of(keys);
    for (const std::string& key : keys) append_pointer_step(made.pointer, key);
  }
  for (const PlanPath::Step& step : steps)
    append_pointer_step(made.pointer, step.kind == PlanPath::Step::Kind::index
                                          ? std::to_string(step.index)
                                          : step.key);
  made.rest = std::move(steps);
  mark_lists(path, made);
  if (made.level == 0 && made.slot < 0 && made.take == PlanPath::Take::value &&
      !made.rest.empty() &&
      (made.rest.front().kind == PlanPath::Step::Kind::index ||
       made.rest.front().kind == PlanPath::Step::Kind::items))
    plan_->wanted.lists = true;  // the record itself is a list
  const bool of_record = made.slot >= 0 && made.rest.empty();
  const bool of_item = made.level > 0 && made.side == 0 && made.rest.size() == 1 &&
                       made.rest[0].kind == PlanPath::Step::Kind::key && !made.rest[0].entry_key;
  made.direct =
      (of_record || of_item) && made.take == PlanPath::Take::value && !path.pick && !made.listed;
  if (path.pick) {
    one_value(path);
    pick(*path.pick, made);
  }
  if (watched) watch(made);
  plan_->paths.push_back(std::move(made));
  if (reading_ != kNoColumn)
    reads_[reading_].push_back(static_cast<PathIndex>(plan_->paths.size() - 1));
  return static_cast<PathIndex>(plan_->paths.size() - 1);
}

/// Whether `as_list` names the place of that pattern, which a path reads.
bool Compiler::is_as_list(const KeyPath& pattern) {
  const auto place = as_list_.find(pattern);
  if (place == as_list_.end()) return false;
  return place->second = true;
}

/// `as_list`: which places of the path it names. `made`: all but that is known.
void Compiler::mark_lists(const Path& path, PlanPath& made) {
  if (mapping_.input.as_list.empty() || made.take != PlanPath::Take::value) return;
  PlanPath so_far = made;
  so_far.rest.clear();
  std::size_t count = 0;
  const auto is_list = [&] {
    if (!is_as_list(pattern_of(so_far))) return false;
    made.listed = true;
    ++count;
    return true;
  };
  made.as_list = is_list();
  for (PlanPath::Step& step : made.rest) {
    so_far.rest.push_back(step);
    step.as_list = is_list();
  }
  if (count > kMostListed)
    error(DiagnosticCode::path_invalid, path.span,
          {path.text, Phrase(PhraseCode::too_many_as_list, {std::to_string(kMostListed)})});
}

/// `as_list`: the places by their patterns, from the top of the record.
void Compiler::as_list() {
  for (const Path& path : mapping_.input.as_list) {
    PlanPath made;
    made.rest = steps_of(path, 0);
    if (made.rest.back().kind == PlanPath::Step::Kind::index)
      error(DiagnosticCode::path_invalid, path.span,
            {path.text, PhraseCode::an_index_is_no_place_of_its_own});
    as_list_.emplace(pattern_of(made), false);
  }
}

/// `json_in_text`: the places of the texts, in whatever shape the lists around them come.
void Compiler::json_in_text() {
  using StepKind = PlanPath::Step::Kind;
  for (const Path& path : mapping_.input.json_in_text) {
    PlanPath made;
    made.rest = steps_of(path, 0);
    const KeyPath pattern = pattern_of(made);
    KeyPath place;
    for (const PlanPath::Step& step : made.rest) {
      if (step.entry_key) continue;
      place.push_back(step.kind == StepKind::items     ? std::string(kItems)
                      : step.kind == StepKind::entries ? std::string(kEntries)
                      : step.kind == StepKind::index
                          ? std::string(kItemAt) + std::to_string(step.index)
                      : step.kind == StepKind::key_or_index ? std::string(kKeyOrIndex) + step.key
                                                            : step.key);
    }
    for (KeyPath& one : shapes_of(pattern, place))
      plan_->wanted.json_in_text.push_back(std::move(one));
  }
}

/// Places of `json_in_text` that no path leads to or goes through.
void Compiler::check_json_in_text() {
  if (plan_->wanted.watch || plan_->rest_of_record.on) return;  // they see what is in them
  for (const Path& path : mapping_.input.json_in_text) {
    PlanPath made;
    made.rest = steps_of(path, 0);
    const KeyPath pattern = pattern_of(made);
    const KeyPath place = shapes_of(pattern, pattern).front();
    const auto reads = [&place](const KeyPath& used) {
      const std::size_t both = std::min(used.size(), place.size());
      const auto same = [](const std::string& a, const std::string& b) {
        return a == b || a == kAnything || b == kAnything;
      };
      return std::equal(place.begin(), place.begin() + static_cast<std::ptrdiff_t>(both),
                        used.begin(), same);
    };
    if (std::none_of(plan_->wanted.used.begin(), plan_->wanted.used.end(), reads))
      error(DiagnosticCode::word_no_effect, path.span,
            {path.text, PhraseCode::as_json_that_no_path_reads,
             PhraseCode::write_the_path_from_the_top});
  }
}

/// Places of `as_list` that no path goes through.
void Compiler::check_as_list() {
  for (const Path& path : mapping_.input.as_list) {
    PlanPath made;
    made.rest = steps_of(path, 0);
    if (!as_list_[pattern_of(made)])
      error(DiagnosticCode::word_no_effect, path.span,
            {path.text, PhraseCode::as_a_list_that_no_path_reads,
             PhraseCode::write_the_path_from_the_top});
  }
}

/// Of a path that begins at an item of `rows`, the list of that item; else null.
const PlanLevel::List* Compiler::row_list_of(const PlanPath& path) const {
  if (path.level <= 0 || static_cast<std::size_t>(path.level) > plan_->levels.size())
    return nullptr;
  const std::vector<PlanLevel::List>& lists =
      plan_->levels[static_cast<std::size_t>(path.level) - 1].lists;
  return &lists[std::min(path.side, lists.size() - 1)];
}

/// A path inside an item: $value.name says the same as name.
/// `item`: the pattern of the item.
PlanItemPath Compiler::item_path(const Path& path, KeyPath item) {
  using Of = PlanItemPath::Of;
  PlanItemPath made;
  made.text = path.text;
  if (!path.stated()) return made;
  one_value(path);
  const bool special = !path.from_top && !path.steps.empty() && path.text.starts_with('$');
  if (special && path.steps[0].key == "$key" && path.steps.size() == 1) {
    made.of = Of::entry_key;
  } else if (special && path.steps[0].key == "$value") {
    made.of = Of::entry_value;
    made.steps = steps_of(path, 1);
  } else {
    made.steps = steps_of(path, 0);
  }
  for (PlanPath::Step& step : made.steps) {
    item.emplace_back(step.kind == PlanPath::Step::Kind::key ? step.key : kAnything);
    step.as_list = is_as_list(item);
  }
  return made;
}

std::shared_ptr<const WordList> Compiler::word_list(const std::vector<Text>& of_input,
                                                    const std::vector<Text>& of_column) {
  std::vector<std::string> words;
  for (const std::vector<Text>* const texts : {&of_input, &of_column})
    for (const Text& text : *texts) words.push_back(text.text);
  return std::make_shared<WordList>(std::move(words));
}

std::vector<PlanCondition> Compiler::conditions(const std::vector<Condition>& written,
                                                const KeyPath& item) {
  std::vector<PlanCondition> made;
  for (const Condition& condition : written) {
    PlanCondition one;
    one.where = item_path(condition.where, item);
    if (!condition.is.empty()) one.is = *word_list(condition.is, {});
    if (condition.is_from.stated()) one.is_from = path_to_one(condition.is_from);
    made.push_back(std::move(one));
  }
  return made;
}

/// `made`: the path of its list.
void Compiler::pick(const Pick& pick, PlanPath& made) {
  if (made.take != PlanPath::Take::value)
    error(DiagnosticCode::path_invalid, pick.span, {made.text, PhraseCode::it_holds_no_items});
  PlanPick one;
  KeyPath item = pattern_of(made);
  item.emplace_back(kAnything);
  one.conditions = conditions(pick.where, item);
  one.preferred = pick.preferred;
  one.rank = pick.highest.stated()  ? PlanPick::Rank::highest
             : pick.lowest.stated() ? PlanPick::Rank::lowest
                                    : PlanPick::Rank::none;
  one.by = item_path(pick.highest.stated() ? pick.highest : pick.lowest, item);
  one.take = item_path(pick.take, item);
  if (pick.beside.stated()) one.beside = item_path(pick.beside, item);
  one.null_words = plan_->null_words;
  made.pick = static_cast<int>(plan_->picks.size());
  plan_->picks.push_back(std::move(one));
}

/// The keys from the top of the record, kAnything for items and entries. `one`:
/// where `one_or_many` has the one.
KeyPath Compiler::pattern_of(const PlanPath& path, bool one) const {
  KeyPath pattern;
  if (const PlanLevel::List* list = row_list_of(path)) {
    const PlanLevel& level = plan_->levels[static_cast<std::size_t>(path.level) - 1];
    pattern = pattern_of(plan_->paths[list->path], one);
    if (path.take == PlanPath::Take::item_text) return pattern;
    if (!one || !level.one_or_many)
      pattern.emplace_back(kAnything);  // else the object itself is the item
  } else if (path.level > 0) {
    pattern = each_patterns_.at(path.level);
    pattern.emplace_back(kAnything);
  }
  if (path.slot >= 0) pattern = plan_->wanted.slots[static_cast<std::size_t>(path.slot)];
  for (const PlanPath::Step& step : path.rest) {
    if (step.entry_key) continue;
    const bool key = step.kind == PlanPath::Step::Kind::key;
    pattern.emplace_back(key ? step.key : kAnything);
  }
  return pattern;
}

std::string Compiler::pointer_of(const KeyPath& keys) {
  std::string pointer;
  for (const std::string& key : keys) append_pointer_step(pointer, key);
  return pointer;
}

/// A field that a path reads is used; where it reads the keys of entries, nothing in the entries.
void Compiler::watch(const PlanPath& path) {
  if (path.take != PlanPath::Take::value) return;
  KeyPath pattern = pattern_of(path);
  if (!path.rest.empty() && path.rest.back().entry_key) pattern.emplace_back(kNothingBelow);
  use(std::move(pattern));
  if (path.level > 0) use(pattern_of(path, true));
}

/// A place in each shape that the places of `as_list` on its way may come in. `pattern`: the place
/// as a pattern of used fields.
std::vector<KeyPath> Compiler::shapes_of(const KeyPath& pattern, const KeyPath& written) const {
  std::vector<KeyPath> all{written};
  for (std::size_t at = pattern.size(); at-- > 1 && !as_list_.empty();) {
    const KeyPath place(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(at));
    if (pattern[at] != kAnything || !as_list_.contains(place) || all.size() > kMostShapes) continue;
    for (std::size_t i = 0, count = all.size(); i < count; ++i) {
      KeyPath one = all[i];
      one.erase(one.begin() + static_cast<std::ptrdiff_t>(at));
      all.push_back(std::move(one));
      all[i][at] = kItemOrNumber;
    }
  }
  return all;
}

/// A pattern of used fields.
void Compiler::use(const KeyPath& pattern) {
  for (KeyPath& one : shapes_of(pattern, pattern)) plan_->wanted.used.push_back(std::move(one));
}

/// A path that must lead to one value.
void Compiler::one_value(const Path& path) {
  if (path.many())
    error(DiagnosticCode::path_many, path.span, {path.text, PhraseCode::name_one_of_them});
}

PathIndex Compiler::path_to_one(const Path& path) {
  if (!path.pick) one_value(path);
  return this->path(path);
}

/// Paths that are followed before there are records: names and places from 0, and for `records` {*}
/// at its end.
void Compiler::check_outside_paths() {
  const auto outside = [this](const Path& path, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const Path::Step& step = path.steps[i];
      if (step.kind == Path::StepKind::key) continue;
      if (step.kind == Path::StepKind::index && step.index >= 0) continue;
      error(DiagnosticCode::path_invalid, path.span,
            {path.text, PhraseCode::it_must_lead_to_one_place});
      return;
    }
  };
  const Path& records = mapping_.input.records;
  const bool wild =
      !records.steps.empty() && (records.steps.back().kind == Path::StepKind::items ||
                                 records.steps.back().kind == Path::StepKind::entries);
  outside(records, records.steps.size() - (wild ? 1 : 0));
  outside(mapping_.input.error_body, mapping_.input.error_body.steps.size());
}

/// The list whose items are gone through, or (`entries`) the object, with {*} behind its path.
PathIndex Compiler::list_of(Path list, bool& entries, PhraseCode help) {
  if (!list.steps.empty() && list.steps.back().kind == Path::StepKind::entries) {
    entries = true;
    list.steps.pop_back();
  } else if (!list.steps.empty() && list.steps.back().kind == Path::StepKind::items) {
    list.steps.pop_back();  // `rooms[*]` says the same as `rooms`
  }
  if (list.many()) error(DiagnosticCode::rows_many, list.span, {list.text, help});
  const PathIndex made = path(list, false);  // its items are used by what reads them
  const PlanPath& one = plan_->paths[made];
  if (one.take != PlanPath::Take::value) {
    error(DiagnosticCode::path_invalid, list.span, {list.text, PhraseCode::it_holds_no_items});
    return made;
  }
  KeyPath nothing_below = pattern_of(one);  // the list itself is used, and the entries' keys
  if (entries) nothing_below.emplace_back(kAnything);
  nothing_below.emplace_back(kNothingBelow);
  plan_->wanted.used.push_back(std::move(nothing_below));
  return made;
}

/// How messages name the formats of days.
Phrase Compiler::read_words(const Column& words, const DateArgs& args) {
  return words.has("read") ? Phrase("read: " + args.shown)
                           : Phrase(PhraseCode::read_by_default, {args.shown});
}

/// The formats of days that stand outside of columns. `words`:
/// `months` and `two_digit_years` beside them.
Compiler::DayFormats Compiler::day_formats(const Column& words, const std::vector<Text>& formats,
                                           DateArgs& args) {
  DayFormats all;
  all.wrong = formats.empty();
  bool names = false;
  bool century = false;
  for (const Text& format : formats) {
    DatePattern pattern;
    if (!pattern_words(format, words, true, pattern)) {
      all.wrong = true;
      continue;
    }
    names = names || pattern.needs_names();
    century = century || pattern.needs_century();
    all.any_time = all.any_time || pattern.has_time();
    all.lacks_offset =
        all.lacks_offset || (pattern.has_time() && pattern.offset() != DatePattern::Offset::always);
    if (!pattern.has_date())
      error(DiagnosticCode::date_pattern_kind, format.span, {format.text, "date"});
    add_format(std::move(pattern), format, args);
  }
  args.shown = listed(formats);
  const auto no_effect = [&](const char* word, bool works, PhraseCode why) {
    if (words.has(word) && !works && !all.wrong)
      error(DiagnosticCode::words_together, words.key_span(word),
            {word, read_words(words, args), why});
  };
  no_effect("months", names, PhraseCode::no_format_has_names);
  no_effect("two_digit_years", century, PhraseCode::no_format_has_short_years);
  return all;
}

/// `{days_from, until}`: the formats of both days.
void Compiler::days(const RowItems& written, PlanLevel::List& made) {
  auto args = std::make_shared<DateArgs>();
  std::vector<Text> formats = written.days.read;
  if (!written.days.has("read")) formats.push_back({.text = "ISO-8601", .span = written.span});
  day_formats(written.days, formats, *args);
  made.until = path_to_one(written.until);
  constexpr std::int64_t kMostDays = 366;
  made.at_most = written.at_most.stated() ? written.at_most.count : kMostDays;
  made.read = step(kReadDate, std::move(args), place(written.span));
}

/// Whether the column is made of a day of `{days_from, until}` alone.
bool Compiler::reads_day(ColumnIndex index) const {
  const PlanColumn& column = plan_->columns[index];
  if (column.paths.size() != 1) return false;
  const PlanPath& path = plan_->paths[column.paths.front()];
  const PlanLevel::List* list = row_list_of(path);
  return path.take == PlanPath::Take::item_text && list != nullptr &&
         list->kind == PlanLevel::List::Kind::days;
}

/// What a level's rows are made of; false where nothing can be said about it.
bool Compiler::row_list(const RowItems& written, PlanLevel::List& made) {
  using ListKind = PlanLevel::List::Kind;
  switch (written.kind) {
    case RowItems::Kind::items: {
      bool entries = false;
      made.path = list_of(written.path, entries, PhraseCode::make_one_level_of_each_list);
      made.kind = entries ? ListKind::entries : ListKind::items;
      return true;
    }
    case RowItems::Kind::parts:
      made.kind = ListKind::parts;
      made.path = path_to_one(written.path);
      made.by = written.by.text;
      return !made.by.empty();
    case RowItems::Kind::days:
      if (!written.until.stated()) return false;
      made.kind = ListKind::days;
      made.path = path_to_one(written.path);
      days(written, made);
      return true;
  }
  return false;
}

/// `at_most` of all levels, and levels that multiply.
void Compiler::row_limits(const std::vector<RowLevel>& written) {
  const RowLevel* limit = nullptr;
  for (const RowLevel& level : written) {
    if (!level.at_most.stated()) continue;
    if (limit != nullptr)
      error(DiagnosticCode::words_together, level.at_most.span,
            {"at_most", "at_most", PhraseCode::rows_are_counted_over_all_levels});
    limit = &level;
  }
  if (limit != nullptr) plan_->rows_at_most = limit->at_most.count;
  plan_->rows_at_most_place = place(limit != nullptr ? limit->at_most.span : written.front().span);
  for (std::size_t i = 1; i < plan_->levels.size(); ++i) {
    int inside = 0;
    for (const PlanLevel::List& list : plan_->levels[i].lists) {
      inside = std::max(inside, plan_->paths[list.path].level);
      if (list.until != kNoPath) inside = std::max(inside, plan_->paths[list.until].level);
    }
    plan_->levels[i].multiplies = inside < static_cast<int>(i);
    if (plan_->levels[i].multiplies)
      error(DiagnosticCode::rows_multiply, written[i].span,
            {written[i].called.front().text, written[i - 1].called.front().text});
  }
}

void Compiler::rows() {
  using Without = PlanLevel::WithoutItems;
  const auto without = [](const Text& word, Without unless_stated) {
    return word.view() == "skip"      ? Without::skip
           : word.view() == "one-row" ? Without::one_row
           : word.view() == "reject"  ? Without::reject
                                      : unless_stated;
  };
  for (const RowLevel& written : mapping_.rows) {
    PlanLevel level;
    level.place = place(written.span);
    level.when_missing = without(written.when_missing, Without::reject);
    level.when_empty = without(written.when_empty, Without::one_row);
    level.skip_bad_items = written.bad_item.view() == "skip-item";
    level.one_or_many = written.one_or_many.on;
    bool right = !written.one_per.empty();
    bool lists = true;
    for (const RowItems& items : written.one_per) {
      PlanLevel::List list;
      right = row_list(items, list) && right;
      lists = lists && items.kind == RowItems::Kind::items;
      level.lists.push_back(std::move(list));
    }
    if (!right) return;
    if (level.lists.size() != written.called.size()) {
      error(DiagnosticCode::rows_called, written.span,
            {std::to_string(level.lists.size()), std::to_string(written.called.size())});
      return;
    }
    const auto beside = [&](const Span& span, const char* word, const char* other, PhraseCode why) {
      error(DiagnosticCode::words_together, span, {word, other, why});
    };
    const bool plain = std::all_of(level.lists.begin(), level.lists.end(), [](const auto& list) {
      return list.kind == PlanLevel::List::Kind::items;
    });
    if (level.one_or_many && !plain)
      beside(written.one_or_many.span, "one_or_many", "one_per",
             PhraseCode::only_a_list_can_be_one);
    if (!written.where.empty() && (level.lists.size() > 1 || !lists))
      beside(written.where_span, "where", "one_per", PhraseCode::where_goes_with_one_list);
    KeyPath pattern = pattern_of(plan_->paths[level.lists.front().path]);
    pattern.emplace_back(kAnything);
    level.where = conditions(written.where, pattern);
    for (const Text& name : written.called)
      for (const Called& known : called_)
        if (known.name == name.text)
          error(DiagnosticCode::words_together, name.span,
                {"called: " + name.text, "called: " + name.text,
                 PhraseCode::items_need_names_of_their_own});
    plan_->levels.push_back(std::move(level));
    const int at = static_cast<int>(plan_->levels.size());
    for (const PlanCondition& condition : plan_->levels.back().where) {
      PlanPath item;
      item.level = at;
      item.rest = condition.where.steps;
      if (condition.where.of != PlanItemPath::Of::entry_key) watch(item);
    }
    for (std::size_t i = 0; i < written.called.size(); ++i)
      called_.push_back({written.called[i].text, at, i});
  }
  plan_->level_count = static_cast<int>(plan_->levels.size());
  if (!plan_->levels.empty()) row_limits(mapping_.rows);
}

}  // namespace trama
