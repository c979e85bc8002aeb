// Paths: from the words of the mapping to slots of the record reader, items of rows levels, and
// what remains to be walked.

#include <algorithm>

#include "plan/compiler.h"

namespace trama {
namespace {

constexpr std::string_view kEntryKey = "$key";

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
    return plan_->levels[static_cast<std::size_t>(level) - 1].entries;
  return std::any_of(
      plan_->columns.begin(), plan_->columns.end(),
      [level](const PlanColumn& c) { return c.each_level == level && c.each_entries; });
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
    for (const PlanLevel& level : plan_->levels) of_any = of_any || level.entries;
    if (step.key == kEntryKey && last && (behind_entries || of_item || (i == 0 && of_any)))
      continue;
    if (!wrong_names_.emplace(path.span.line, path.span.column).second) return;
    error(DiagnosticCode::word_no_effect, path.span,
          {step.key, "in the path '" + path.text + "'",
           step.key == kEntryKey
               ? "only the entries of an object have a key: go through them with {*}"
               : "the language has no such name; a field that is called so is put in double "
                 "quotes: \"" +
                     step.key + "\""});
    return;
  }
}

PathIndex Compiler::path(const Path& path) {
  PlanPath made;
  made.text = path.text;
  made.many = path.many();
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
  const bool last_is_key = !steps.empty() && steps.back().entry_key;
  if (last_is_key && steps.size() == 1) {
    made.take = PlanPath::Take::entry_key;
    const std::vector<Path::Step>& records = mapping_.input.records.steps;
    const bool of_records = !records.empty() && records.back().kind == Path::StepKind::entries;
    if (made.level == 0 &&
        !of_records) {  // the key of the innermost entries; those of rows have their name: hab.$key
      for (std::size_t level = 1; level <= plan_->levels.size(); ++level)
        if (plan_->levels[level - 1].entries) made.level = static_cast<int>(level);
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
  const bool of_record = made.slot >= 0 && made.rest.empty();
  const bool of_item = made.level > 0 && made.side == 0 && made.rest.size() == 1 &&
                       made.rest[0].kind == PlanPath::Step::Kind::key && !made.rest[0].entry_key;
  made.direct = (of_record || of_item) && made.take == PlanPath::Take::value;
  watch(made);
  plan_->paths.push_back(std::move(made));
  if (reading_ != kNoColumn)
    reads_[reading_].push_back(static_cast<PathIndex>(plan_->paths.size() - 1));
  return static_cast<PathIndex>(plan_->paths.size() - 1);
}

/// The keys from the top of the record, "*" for items and entries. `one`: where `one_or_many` has
/// the one.
KeyPath Compiler::pattern_of(const PlanPath& path, bool one) const {
  KeyPath pattern;
  if (path.level > 0 && static_cast<std::size_t>(path.level) <= plan_->levels.size()) {
    const PlanLevel& level = plan_->levels[static_cast<std::size_t>(path.level) - 1];
    pattern =
        pattern_of(plan_->paths[level.lists[std::min(path.side, level.lists.size() - 1)]], one);
    if (one && level.one_or_many) {
      // the object itself is the item
    } else if (!level.entries || pattern.empty() || pattern.back() != "*")
      pattern.emplace_back("*");
  } else if (path.level > 0) {
    pattern = each_patterns_.at(path.level);
    pattern.emplace_back("*");
  }
  if (path.slot >= 0) pattern = plan_->wanted.slots[static_cast<std::size_t>(path.slot)];
  for (const PlanPath::Step& step : path.rest) {
    if (step.entry_key) continue;
    const bool key = step.kind == PlanPath::Step::Kind::key;
    pattern.push_back(key ? step.key : "*");
  }
  return pattern;
}

std::string Compiler::pointer_of(const KeyPath& keys) {
  std::string pointer;
  for (const std::string& key : keys) append_pointer_step(pointer, key);
  return pointer;
}

/// A field that a path reads is used.
void Compiler::watch(const PlanPath& path) {
  if (path.take == PlanPath::Take::entry_key) return;
  plan_->wanted.used.push_back(pattern_of(path));
  if (path.level > 0) plan_->wanted.used.push_back(pattern_of(path, true));
}

/// A path that must lead to one value.
void Compiler::one_value(const Path& path) {
  if (path.many())
    error(DiagnosticCode::path_many, path.span,
          {path.text,
           "name one of them, such as rooms[0].code, or use a column that makes one of them with "
           "'total' or 'join'"});
}

PathIndex Compiler::path_to_one(const Path& path) {
  one_value(path);
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
            {path.text, "here it must lead to one place, by names and places from 0"});
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
PathIndex Compiler::list_of(Path list, bool& entries, const char* help) {
  if (!list.steps.empty() && list.steps.back().kind == Path::StepKind::entries) {
    entries = true;
    list.steps.pop_back();
  } else if (!list.steps.empty() && list.steps.back().kind == Path::StepKind::items) {
    list.steps.pop_back();  // `rooms[*]` says the same as `rooms`
  }
  if (list.many()) error(DiagnosticCode::rows_many, list.span, {list.text, help});
  const PathIndex made = path(list);
  plan_->wanted.used.pop_back();  // the list itself is used by what reads its items
  return made;
}

void Compiler::rows() {
  for (const RowLevel& written : mapping_.rows) {
    PlanLevel level;
    level.place = place(written.span);
    level.when_empty = written.when_empty.view() == "skip"     ? PlanLevel::WhenEmpty::skip
                       : written.when_empty.view() == "reject" ? PlanLevel::WhenEmpty::reject
                                                               : PlanLevel::WhenEmpty::one_row;
    level.skip_bad_items = written.bad_item.view() == "skip-item";
    level.one_or_many = written.one_or_many.on;
    for (const Path& list : written.one_per)
      level.lists.push_back(list_of(list, level.entries,
                                    "make one level of 'rows' of each list: the outer first, then "
                                    "the inner one by the name that 'called' gave"));
    if (level.lists.empty()) return;
    if (level.lists.size() != written.called.size()) {
      error(DiagnosticCode::rows_called, written.span,
            {std::to_string(level.lists.size()), std::to_string(written.called.size())});
      return;
    }
    for (const Text& name : written.called)
      for (const Called& known : called_)
        if (known.name == name.text)
          error(DiagnosticCode::words_together, name.span,
                {"called: " + name.text, "called: " + name.text,
                 "paths could not tell the two items apart: give each a name of its own"});
    plan_->levels.push_back(level);
    for (std::size_t i = 0; i < written.called.size(); ++i)
      called_.push_back({written.called[i].text, static_cast<int>(plan_->levels.size()), i});
  }
  plan_->level_count = static_cast<int>(plan_->levels.size());
}

}  // namespace trama
