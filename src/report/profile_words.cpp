#include "report/profile_words.h"

#include <algorithm>
#include <utility>

#include "base/phrase_codes.h"
#include "json/json_text.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kValueCharacters = 36;
constexpr std::size_t kTopValues = 8;
constexpr std::size_t kOthers = 3;
// The most frequent values are shown where there are few, or the first is one in so many.
constexpr std::size_t kFewValues = 20;
constexpr std::uint64_t kOftenOf = 20;
constexpr std::size_t kShownInputs = 3;
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

class Teller {
 public:
  Teller(const PathNode& node, const Profile& profile, const ProfileFacts& facts,
         const ValueForms& forms, const ReportWords& words)
      : node_(node),
        seen_(node.seen),
        found_(find(node, forms)),
        records_(profile.records),
        words_(words),
        hidden_(hides(node, found_.sensitive, facts)),
        quotes_(seen_.of(JsonKind::number) + seen_.of(JsonKind::boolean) > 0) {}

  PathWords words() {
    out_.path =
        node_.step == PathNode::Step::record ? words_(Code::profile_record_itself) : node_.path();
    out_.filled = found_.filled;
    out_.parents = found_.parents;
    out_.missing = found_.missing;
    out_.null = seen_.of(JsonKind::null);
    out_.empty = seen_.empty;
    out_.kinds = kinds();
    out_.distinct = distinct();
    out_.what = what_it_is();
    find_blanks();
    find_exceptions();
    find_values();
    find_ranges();
    out_.hidden = hidden_;
    out_.estimated = !seen_.values.exact();
    return std::move(out_);
  }

 private:
  /// The kinds that are no blanks, with counts where there are several.
  [[nodiscard]] std::vector<std::string> kinds() const {
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
    if (several.empty()) return {words_(Code::profile_null)};
    return several.size() == 1 ? std::vector<std::string>{single} : several;
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

  void find_blanks() {
    const std::uint64_t null = seen_.of(JsonKind::null);
    if (found_.missing > 0) blank(words_(Code::profile_missing, {grouped(found_.missing)}));
    if (null > 0) blank(words_(Code::profile_null_count, {grouped(null)}));
    if (seen_.empty > 0) blank(words_.counted(Code::profile_empty, seen_.empty));
    if (seen_.records != seen_.count && seen_.records < records_)
      blank(words_(Code::profile_in_records, {words_.counted(Code::records, seen_.records)}));
  }

  /// What is not as most values are.
  void find_exceptions() {
    for (const DateCount& some : found_.some_dates)
      note(words_(Code::profile_date_format_of, {grouped(some.count), formats(some.dates)}));
    find_others();
    if (found_.clock > found_.offset && (!found_.dates.empty() || !found_.some_dates.empty()))
      note(words_(Code::profile_without_offset, {grouped(found_.clock - found_.offset)}));
    if (found_.number && found_.zeros_in_front > 0)
      note(words_.counted(Code::profile_zeros_in_front, found_.zeros_in_front));
    if (seen_.numbers_too_long > 0)
      note(words_(Code::profile_too_long, {grouped(seen_.numbers_too_long)}));
    if (found_.spaces_outside > 0)
      note(words_(Code::profile_spaces_outside, {grouped(found_.spaces_outside)}));
  }

  /// Values without the form that most have.
  void find_others() {
    if (!found_.some_dates.empty()) {
      if (found_.no_date == 0) return;
      const std::string values = others(kAllDates);
      note(values.empty()
               ? words_.counted(Code::profile_no_date, found_.no_date)
               : words_(Code::profile_no_date_values, {grouped(found_.no_date), values}));
      return;
    }
    if (!found_.dates.empty() || (!found_.form && !found_.number)) return;
    const std::string values =
        others(set_of(found_.form ? found_.form->form : found_.number->form));
    if (!values.empty()) note(words_(Code::profile_others, {values}));
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

  void find_ranges() {
    if (hidden_ || found_.constant) return;
    if (const auto* const days = days_of(seen_, found_))
      find_range(*days);
    else if (found_.number && found_.number->form == ValueForm::number)
      find_range(seen_.numbers);
    else if (seen_.lengths.least && seen_.forms.total() > 0)
      find_lengths();
  }

  template <typename Rank>
  void find_range(const Range<Rank>& range) {
    if (!range.least || range.least->value.text == range.greatest->value.text) return;
    out_.range = words_(Code::profile_range,
                        {shown(range.least->value, false), shown(range.greatest->value, false)});
  }

  void find_lengths() {
    const std::uint64_t least = seen_.lengths.least->rank;
    const std::uint64_t greatest = seen_.lengths.greatest->rank;
    if (least == greatest)
      out_.range = words_.counted(Code::profile_characters, least);
    else
      out_.range = words_(Code::profile_characters_range, {grouped(least), grouped(greatest)});
  }

  /// The most frequent values where some come again, else examples.
  void find_values() {
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
        out_.values.push_back({shown(kept(*entry), quotes_), entry->count, exact});
      }
      if (exact && seen_.values.entries().size() <= kTopValues) return;
    }
    for (const PlacedValue& example : seen_.examples)
      out_.examples.push_back(shown(example.value, quotes_) + " (" +
                              std::to_string(example.place.line) + ':' +
                              std::to_string(example.place.column) + ')');
  }

  [[nodiscard]] KeptValue kept(const ValueCounts::Entry& entry) const {
    return {entry.kind, entry.cut, std::string(seen_.values.text(entry))};
  }

  void blank(std::string text) { out_.blanks.push_back(std::move(text)); }
  void note(std::string text) { out_.notes.push_back(std::move(text)); }

  const PathNode& node_;
  const PathProfile& seen_;
  const Findings found_;
  std::uint64_t records_;
  const ReportWords& words_;
  bool hidden_;  // no value is shown
  bool quotes_;  // texts are told from numbers
  PathWords out_;
};

}  // namespace

/// Objects that are always there say nothing that their members do not.
bool is_shown(const PathNode& node) {
  const PathProfile& seen = node.seen;
  if (node.is_folded() || seen.count == 0) return node.is_folded();
  const bool objects_alone = seen.of(JsonKind::object) == seen.count && seen.empty == 0;
  if (node.step == PathNode::Step::record) return !objects_alone;
  const bool always =
      node.step != PathNode::Step::member || seen.count == node.parent->seen.of(JsonKind::object);
  return !(objects_alone && always);
}

PathWords path_words(const PathNode& node, const Profile& profile, const ProfileFacts& facts,
                     const ValueForms& forms, const ReportWords& words) {
  return Teller(node, profile, facts, forms, words).words();
}

std::string inputs_of(const ProfileFacts& facts, const ReportWords& words) {
  std::string inputs;
  for (std::size_t i = 0; i < std::min(facts.inputs.size(), kShownInputs); ++i)
    inputs += (i > 0 ? " + " : "") + say(words.language(), facts.inputs[i]);
  if (facts.inputs.size() > kShownInputs)
    inputs += " + " + words.counted(Code::report_more_inputs, facts.inputs.size() - kShownInputs);
  return inputs;
}

std::string counts_of(const Profile& profile, const ReportWords& words) {
  std::string counts = words.counted(Code::report_read, profile.records) + ", " +
                       words.counted(Code::profile_paths, profile.paths());
  if (profile.unread > 0) counts += ", " + words.counted(Code::profile_unread, profile.unread);
  return counts;
}

std::vector<std::string> ProfileNotes::all(const Profile& profile, const ReportWords& words) const {
  std::vector<std::string> notes;
  if (hidden) notes.push_back(words(Code::profile_hidden));
  if (estimated) notes.push_back(words(Code::profile_estimated));
  if (profile.values_kept_of_path() < kExactValues)
    notes.push_back(words(Code::profile_fewer_values, {grouped(profile.values_kept_of_path())}));
  if (profile.values_beyond > 0)
    notes.push_back(
        words(Code::profile_values_beyond, {grouped(profile.values_beyond), grouped(kMaxPaths)}));
  return notes;
}

}  // namespace trama
