// A profile for people. A path is one line, as of a table: name, share that is filled, kinds,
// different values, what they are; below it, indented, what else there is to know.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "json/json_text.h"
#include "profile/findings.h"
#include "report/profile_report.h"
#include "report/report_line.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kMaxPathColumns = 38;
constexpr std::size_t kFilledColumns = 7;
constexpr std::size_t kKindColumns = 16;
constexpr std::size_t kDistinctColumns = 9;
constexpr std::size_t kIndent = 4;
constexpr std::size_t kValueCharacters = 36;
constexpr std::size_t kTopValues = 8;
constexpr std::size_t kOthers = 3;
// The most frequent values are shown where there are few, or the first is one in so many.
constexpr std::size_t kFewValues = 20;
constexpr std::uint64_t kOftenOf = 20;
constexpr std::size_t kShownInputs = 3;
constexpr std::string_view kBetween = " · ";
constexpr FormSet kAllDates = ~(set_of(ValueForm::first_date) - 1);

/// A value as a cell shows it: in quotes only where they tell something.
std::string shown(const KeptValue& value, bool quotes) {
  const std::string_view text = value.text;
  const bool edges = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  const bool marks = text.find_first_of("\"\n\t,()") != std::string_view::npos ||
                     text.find("·") != std::string_view::npos ||
                     text.find("×") != std::string_view::npos;
  std::string out = shortened(text, kValueCharacters);
  if (value.cut && !out.ends_with("…")) out += "…";
  if (value.kind != JsonKind::text || !(quotes || edges || marks)) return out;
  std::string quoted;
  append_json_string(quoted, out);
  return quoted;
}

/// One path: its line and what is below it.
class PathText {
 public:
  PathText(const PathNode& node, const Profile& profile, const ProfileFacts& facts,
           const ValueForms& forms, const ReportWords& words, std::size_t path_columns)
      : node_(node),
        seen_(node.seen),
        found_(find(node, forms)),
        records_(profile.records),
        words_(words),
        path_columns_(path_columns),
        hidden_(hides(node, found_.sensitive, facts)),
        quotes_(seen_.of(JsonKind::number) + seen_.of(JsonKind::boolean) > 0) {}

  void add(std::string& out) {
    add_line(out);
    add_blanks();
    add_exceptions();
    add_values();
    add_ranges();
    flush(out);
  }
  [[nodiscard]] bool hidden() const noexcept { return hidden_; }
  [[nodiscard]] bool estimated() const noexcept { return !seen_.values.exact(); }

 private:
  void add_line(std::string& out) {
    ReportLine line;
    const std::string path =
        node_.step == PathNode::Step::record ? words_(Code::profile_record_itself) : node_.path();
    line.add(path);
    if (characters_in(visible(path)) > path_columns_) line.end(out);
    std::size_t column = path_columns_;
    line.right(rough_percent(found_.filled, found_.parents), column += kFilledColumns);
    line.to(column += 2).add(kinds());
    line.right(distinct(), column += kKindColumns + kDistinctColumns);
    const std::string what = joined(what_it_is(), ", ");
    if (column + 2 + characters_in(visible(what)) > kReportColumns)
      part(what);
    else if (!what.empty())
      line.to(column + 2).add(what);
    line.end(out);
    while (out.ends_with(" \n")) out.erase(out.size() - 2, 1);
  }

  /// The kinds that are no blanks, with counts where there are several; where that is too long, it
  /// goes below.
  std::string kinds() {
    struct Kind {
      JsonKind kind;
      Code code;
    };
    static constexpr Kind kKindsShown[] = {{JsonKind::text, Code::profile_text},
                                           {JsonKind::number, Code::profile_number},
                                           {JsonKind::boolean, Code::profile_boolean},
                                           {JsonKind::list, Code::profile_list},
                                           {JsonKind::object, Code::profile_object}};
    std::vector<std::string> several;
    std::string single;
    for (const Kind& kind : kKindsShown) {
      const std::uint64_t count = seen_.of(kind.kind);
      if (count == 0) continue;
      single = words_(kind.code);
      several.push_back(single + ' ' + grouped(count));
    }
    if (several.empty()) return words_(Code::profile_null);
    if (several.size() == 1) return single;
    std::string all = joined(several, ", ");
    if (characters_in(all) <= kKindColumns) return all;
    part(std::move(all));
    return words_(Code::profile_several_kinds);
  }

  [[nodiscard]] std::string distinct() const {
    if (seen_.values.entries().empty() && seen_.values.exact()) return {};
    return (seen_.values.exact() ? "" : "≈ ") + grouped(seen_.values.distinct());
  }

  // ---- what it is ----

  [[nodiscard]] std::vector<std::string> what_it_is() const {
    std::vector<std::string> what;
    const auto say_it = [&what](std::string text) {
      if (!text.empty()) what.push_back(std::move(text));
    };
    if (node_.is_folded()) say_it(words_(Code::profile_keys_are_data));
    if (seen_.most_items > 0 || seen_.of(JsonKind::list) > 0) say_it(items());
    if (found_.constant) say_it(always());
    if (found_.unique)
      say_it(words_(seen_.values.exact() ? Code::profile_unique : Code::profile_unique_likely));
    say_it(dates());
    if (found_.dates.empty() && found_.some_dates.empty()) say_it(form());
    if (found_.sensitive != Sensitive::no) {
      const bool secret =
          found_.sensitive == Sensitive::secret_name || found_.sensitive == Sensitive::secret_value;
      say_it(words_(secret ? Code::profile_secret : Code::profile_personal));
    }
    return what;
  }

  [[nodiscard]] std::string items() const {
    if (seen_.fewest_items == seen_.most_items)
      return words_(Code::profile_items, {grouped(seen_.most_items)});
    return words_(Code::profile_items_range,
                  {grouped(seen_.fewest_items), grouped(seen_.most_items)});
  }

  [[nodiscard]] std::string always() const {
    if (hidden_) return words_(Code::profile_always_same);
    return words_(Code::profile_always, {shown(kept(seen_.values.entries().front()), quotes_)});
  }

  [[nodiscard]] std::string dates() const {
    if (found_.dates.size() > 1)
      return words_(Code::profile_date_undecided, {formats(found_.dates)});
    if (found_.dates.size() == 1) {
      const std::string_view pattern = date_forms()[found_.dates.front()].pattern;
      if (pattern.starts_with("HH")) return words_(Code::profile_time, {pattern});
      const bool clock = found_.clock == seen_.forms.total();
      return words_(clock ? Code::profile_date_and_time : Code::profile_date, {pattern});
    }
    return found_.some_dates.empty() ? std::string() : words_(Code::profile_dates_mixed);
  }

  static Phrase formats(const std::vector<std::size_t>& dates) {
    std::vector<std::string_view> names;
    for (const std::size_t date : dates) names.push_back(date_forms()[date].pattern);
    return Phrase::listed(names);
  }

  [[nodiscard]] std::string form() const {
    switch (found_.vocabulary) {
      case Vocabulary::currency:
        return words_(Code::profile_currency);
      case Vocabulary::country:
        return words_(Code::profile_country);
      case Vocabulary::zone:
        return words_(Code::profile_zone);
      case Vocabulary::yes_no:
        return words_(Code::profile_yes_no);
      case Vocabulary::none:
        break;
    }
    if (found_.form) return most_of(words_(code_of(found_.form->form)), found_.form->count);
    return found_.number ? most_of(number(), found_.number->count) : std::string();
  }

  [[nodiscard]] std::string number() const {
    if (found_.number_undecided) return words_(Code::profile_number_undecided);
    if (found_.number->form != ValueForm::number)
      return words_(Code::profile_number_like, {example_of(found_.number->form)});
    if (found_.whole_numbers || seen_.decimals == 0) return words_(Code::profile_whole_number);
    return words_.counted(Code::profile_decimals, static_cast<std::uint64_t>(seen_.decimals));
  }

  /// What most values are, and how many where it is not all.
  [[nodiscard]] std::string most_of(const std::string& what, std::uint64_t count) const {
    const std::uint64_t total = seen_.forms.total();
    if (count == total) return what;
    return words_(Code::profile_most, {what, grouped(count), grouped(total)});
  }

  static Code code_of(ValueForm form) {
    switch (form) {
      case ValueForm::email:
        return Code::profile_email;
      case ValueForm::url:
        return Code::profile_url;
      case ValueForm::uuid:
        return Code::profile_uuid;
      case ValueForm::phone:
        return Code::profile_phone;
      case ValueForm::duration:
        return Code::profile_duration;
      case ValueForm::card:
        return Code::profile_card;
      default:
        return Code::profile_token;
    }
  }

  // ---- below the line ----

  void add_blanks() {
    const std::uint64_t null = seen_.of(JsonKind::null);
    if (found_.missing > 0) part(words_(Code::profile_missing, {grouped(found_.missing)}));
    if (null > 0) part(words_(Code::profile_null_count, {grouped(null)}));
    if (seen_.empty > 0) part(words_.counted(Code::profile_empty, seen_.empty));
    if (seen_.records != seen_.count && seen_.records < records_)
      part(words_(Code::profile_in_records, {words_.counted(Code::records, seen_.records)}));
  }

  /// What is not as most values are.
  void add_exceptions() {
    for (const DateCount& some : found_.some_dates)
      part(words_(Code::profile_date_format_of, {grouped(some.count), formats(some.dates)}));
    add_others();
    if (found_.clock > found_.offset && (!found_.dates.empty() || !found_.some_dates.empty()))
      part(words_(Code::profile_without_offset, {grouped(found_.clock - found_.offset)}));
    if (found_.number && found_.zeros_in_front > 0)
      part(words_.counted(Code::profile_zeros_in_front, found_.zeros_in_front));
    if (seen_.numbers_too_long > 0)
      part(words_(Code::profile_too_long, {grouped(seen_.numbers_too_long)}));
    if (found_.spaces_outside > 0)
      part(words_(Code::profile_spaces_outside, {grouped(found_.spaces_outside)}));
  }

  /// Values without the form that most have.
  void add_others() {
    if (!found_.some_dates.empty()) {
      if (found_.no_date == 0) return;
      const std::string values = others(kAllDates);
      part(values.empty()
               ? words_.counted(Code::profile_no_date, found_.no_date)
               : words_(Code::profile_no_date_values, {grouped(found_.no_date), values}));
      return;
    }
    if (!found_.dates.empty() || (!found_.form && !found_.number)) return;
    const std::string values =
        others(set_of(found_.form ? found_.form->form : found_.number->form));
    if (!values.empty()) part(words_(Code::profile_others, {values}));
  }

  /// The first values that have none of these forms.
  [[nodiscard]] std::string others(FormSet wanted) const {
    if (hidden_) return {};
    std::string others;
    std::size_t count = 0;
    for (const ValueCounts::Entry& entry : seen_.values.entries()) {
      if (entry.kind == JsonKind::boolean) continue;
      if ((seen_.forms.all()[entry.group].forms & wanted) != 0) continue;
      if (count++ == kOthers) return others + ", …";
      (others.empty() ? others : others += ", ") += shown(kept(entry), quotes_);
    }
    return others;
  }

  void add_ranges() {
    if (hidden_ || found_.constant) return;
    if (const auto* const days = days_of(seen_, found_))
      add_range(*days);
    else if (found_.number && found_.number->form == ValueForm::number)
      add_range(seen_.numbers);
    else if (seen_.lengths.least && seen_.forms.total() > 0)
      add_lengths();
  }

  template <typename Rank>
  void add_range(const Range<Rank>& range) {
    if (!range.least || range.least->value.text == range.greatest->value.text) return;
    part(words_(Code::profile_range,
                {shown(range.least->value, false), shown(range.greatest->value, false)}));
  }

  void add_lengths() {
    const std::uint64_t least = seen_.lengths.least->rank;
    const std::uint64_t greatest = seen_.lengths.greatest->rank;
    if (least == greatest)
      part(words_.counted(Code::profile_characters, least));
    else
      part(words_(Code::profile_characters_range, {grouped(least), grouped(greatest)}));
  }

  /// The most frequent values where some come again, else examples.
  void add_values() {
    if (hidden_ || found_.constant) return;
    const auto top = seen_.values.most_frequent(kTopValues);
    const bool exact = seen_.values.exact();
    const std::uint64_t enough = exact ? 1 : seen_.values.error();
    const bool few = exact && seen_.values.entries().size() <= kFewValues;
    const bool often = !top.empty() && top.front()->count * kOftenOf >= found_.filled;
    const bool repeats = !top.empty() && top.front()->count > enough && (few || often);
    if (repeats) {
      for (const ValueCounts::Entry* entry : top) {
        if (entry->count <= enough) break;
        part(words_(exact ? Code::profile_value_count : Code::profile_value_at_least,
                    {shown(kept(*entry), quotes_), grouped(entry->count)}));
      }
      if (exact && seen_.values.entries().size() <= kTopValues) return;
    }
    bool first = true;
    for (const PlacedValue& example : seen_.examples) {
      std::string text = shown(example.value, quotes_) + " (" + std::to_string(example.place.line) +
                         ':' + std::to_string(example.place.column) + ')';
      part(first ? words_(Code::profile_examples, {text}) : std::move(text));
      first = false;
    }
  }

  [[nodiscard]] KeptValue kept(const ValueCounts::Entry& entry) const {
    return {entry.kind, entry.cut, std::string(seen_.values.text(entry))};
  }

  // ---- lines of parts ----

  void part(std::string text) { parts_.push_back(visible(text)); }

  /// As many on a line as fit.
  void flush(std::string& out) const {
    std::string line;
    const auto end_line = [&] {
      if (!line.empty()) out.append(kIndent, ' ').append(line) += '\n';
      line.clear();
    };
    for (const std::string& text : parts_) {
      const std::size_t size =
          kIndent + characters_in(line) + characters_in(kBetween) + characters_in(text);
      if (!line.empty() && size > kReportColumns) end_line();
      if (!line.empty()) line += kBetween;
      line += text;
    }
    end_line();
  }

  const PathNode& node_;
  const PathProfile& seen_;
  const Findings found_;
  std::uint64_t records_;
  const ReportWords& words_;
  std::size_t path_columns_;
  bool hidden_;  // no value is shown
  bool quotes_;  // texts are told from numbers
  std::vector<std::string> parts_;
};

std::string title(const Profile& profile, const ProfileFacts& facts, const ReportWords& words) {
  std::string out;
  ReportLine line;
  for (std::size_t i = 0; i < std::min(facts.inputs.size(), kShownInputs); ++i) {
    if (i > 0) line.add(" + ");
    line.add(say(words.language(), facts.inputs[i]));
  }
  if (facts.inputs.size() > kShownInputs)
    line.add(" + ").add(
        words.counted(Code::report_more_inputs, facts.inputs.size() - kShownInputs));
  line.end(out);
  line.add(words.counted(Code::report_read, profile.records))
      .add(", ")
      .add(words.counted(Code::profile_paths, profile.paths()));
  if (profile.unread > 0) line.add(", ").add(words.counted(Code::profile_unread, profile.unread));
  line.end(out);
  return out += '\n';
}

/// Objects that are always there say nothing that their members do not.
bool has_line(const PathNode& node) {
  const PathProfile& seen = node.seen;
  if (node.is_folded() || seen.count == 0) return node.is_folded();
  const bool objects_alone = seen.of(JsonKind::object) == seen.count && seen.empty == 0;
  if (node.step == PathNode::Step::record) return !objects_alone;
  const bool always =
      node.step != PathNode::Step::member || seen.count == node.parent->seen.of(JsonKind::object);
  return !(objects_alone && always);
}

std::size_t path_columns(const Profile& profile) {
  std::size_t most = 8;
  each_path(*profile.root, [&most](const PathNode& node) {
    if (!has_line(node)) return;
    const std::size_t size = characters_in(visible(node.path()));
    if (size <= kMaxPathColumns) most = std::max(most, size);
  });
  return most;
}

void add_head(std::string& out, std::size_t columns, const ReportWords& words) {
  ReportLine line;
  line.add(words(Code::profile_path));
  line.right(words(Code::profile_filled), columns += kFilledColumns);
  line.to(columns += 2).add(words(Code::profile_kinds));
  line.right(words(Code::profile_distinct), columns += kKindColumns + kDistinctColumns);
  line.to(columns + 2).add(words(Code::profile_what)).end(out);
}

void add_unread(std::string& out, const Profile& profile, const ProfileFacts& facts,
                const ReportWords& words) {
  if (profile.unread == 0) return;
  ReportLine line;
  out += '\n';
  line.add(words.counted(Code::profile_unread, profile.unread)).end(out);
  for (const UnreadRecord& unread : profile.first_unread) {
    const UnreadWords told = words_of(unread, facts, words.language());
    line.add("  ").add(told.at).add("  ").add(told.code);
    if (!line.fits(told.message, kReportColumns)) line.end(out);
    line.to(kIndent).add(told.message).end(out);
  }
}

}  // namespace

void profile_text(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink) {
  const ReportWords words(language);
  const ValueForms forms;
  const std::size_t columns = path_columns(profile);
  std::string out = title(profile, facts, words);
  add_head(out, columns, words);
  sink(out);
  bool hidden = false;
  bool estimated = false;
  each_path(*profile.root, [&](const PathNode& node) {
    if (!has_line(node)) return;
    PathText path(node, profile, facts, forms, words, columns);
    out.clear();
    path.add(out);
    sink(out);
    hidden = hidden || path.hidden();
    estimated = estimated || path.estimated();
  });
  out.clear();
  const auto note = [&out, &words](Code code, std::vector<Phrase> values = {}) {
    if (out.empty()) out += '\n';
    out += words(code, std::move(values)) + '\n';
  };
  if (hidden) note(Code::profile_hidden);
  if (estimated) note(Code::profile_estimated);
  if (profile.values_kept_of_path() < kExactValues)
    note(Code::profile_fewer_values, {grouped(profile.values_kept_of_path())});
  if (profile.values_beyond > 0)
    note(Code::profile_values_beyond, {grouped(profile.values_beyond), grouped(kMaxPaths)});
  add_unread(out, profile, facts, words);
  sink(out);
}

UnreadWords words_of(const UnreadRecord& unread, const ProfileFacts& facts, Language language) {
  UnreadWords words;
  words.at = say(language, facts.inputs[unread.source]) + ':' + std::to_string(unread.place.line) +
             ':' + std::to_string(unread.place.column);
  words.code = name(trama::code_of(unread.reason));
  Phrase a = phrase_of(unread.reason, 0, unread.a);
  Phrase b = unread.instead.empty() ? Phrase(unread.b) : unread.instead;
  if (unread.reason == Reason::no_records) a = facts.records_path;
  words.message = say(language, Phrase(unread.reason, {std::move(a), std::move(b)}));
  return words;
}

}  // namespace trama
