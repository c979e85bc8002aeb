// A profile as JSON, as schemas/profile.schema.json says. Members are only ever added.

#include <algorithm>
#include <string>

#include "base/phrase_codes.h"
#include "base/version.h"
#include "profile/findings.h"
#include "report/json_out.h"
#include "report/profile_report.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kTopValues = 20;

std::string_view word(ValueForm form) {
  switch (form) {
    case ValueForm::number:
      return "1234.56";
    case ValueForm::number_point:
    case ValueForm::number_comma:
    case ValueForm::number_space:
    case ValueForm::number_apostrophe:
    case ValueForm::number_exponent:
      return example_of(form);
    case ValueForm::email:
      return "email";
    case ValueForm::url:
      return "url";
    case ValueForm::uuid:
      return "uuid";
    case ValueForm::phone:
      return "phone";
    case ValueForm::duration:
      return "duration";
    case ValueForm::card:
      return "card";
    case ValueForm::web_token:
      return "token";
    default:
      return {};
  }
}

std::string_view word(Vocabulary vocabulary) {
  switch (vocabulary) {
    case Vocabulary::none:
      break;
    case Vocabulary::currency:
      return "currency";
    case Vocabulary::country:
      return "country";
    case Vocabulary::zone:
      return "zone";
    case Vocabulary::yes_no:
      return "yes_no";
  }
  return {};
}

std::string_view word(Sensitive sensitive) {
  switch (sensitive) {
    case Sensitive::no:
      break;
    case Sensitive::personal_name:
      return "personal_name";
    case Sensitive::personal_value:
      return "personal_value";
    case Sensitive::secret_name:
      return "secret_name";
    case Sensitive::secret_value:
      return "secret_value";
  }
  return {};
}

/// `text` and `kind`, and `cut` where it is only the beginning.
void write_value(JsonOut& json, const KeptValue& value) {
  json.key("value")
      .text(value.text)
      .key("kind")
      .text(kKindWords[static_cast<std::size_t>(value.kind)]);
  if (value.cut) json.key("cut").yes_or_no(true);
}

template <typename Rank>
void write_range(JsonOut& json, std::string_view key, const Range<Rank>& range) {
  if (!range.least) return;
  json.key(key).open('{');
  json.key("least").open('{');
  write_value(json, range.least->value);
  json.close('}').key("greatest").open('{');
  write_value(json, range.greatest->value);
  json.close('}').close('}');
}

class PathJson {
 public:
  PathJson(JsonOut& json, const PathNode& node, const ProfileFacts& facts, const ValueForms& forms)
      : json_(json),
        node_(node),
        seen_(node.seen),
        facts_(facts),
        found_(find(node, forms)),
        hidden_(hides(node, found_.sensitive, facts)) {}

  void write() {
    json_.open('{').key("path").text(node_.path());
    counts();
    findings();
    distinct();
    if (!hidden_) values();
    json_.close('}');
  }

 private:
  void counts() {
    number("records", seen_.records);
    number("count", seen_.count);
    number("missing", found_.missing);
    number("null", seen_.of(JsonKind::null));
    number("empty", seen_.empty);
    number("values", seen_.forms.total());
    json_.key("kinds").open('{');
    for (std::size_t i = 0; i < kKinds; ++i)
      if (seen_.kinds[i] > 0) number(kKindWords[i], seen_.kinds[i]);
    json_.close('}');
    if (seen_.of(JsonKind::list) > 0) {
      json_.key("items").open('{');
      number("least", seen_.fewest_items);
      number("greatest", seen_.most_items);
      number("total", seen_.items);
      json_.close('}');
    }
    if (node_.is_folded()) json_.key("keys_are_data").yes_or_no(true);
  }

  void findings() {
    if (found_.constant) json_.key("constant").yes_or_no(true);
    if (found_.unique) json_.key("unique").yes_or_no(true);
    if (found_.sensitive != Sensitive::no) json_.key("sensitive").text(word(found_.sensitive));
    if (hidden_) json_.key("hidden").yes_or_no(true);
    if (!found_.dates.empty()) {
      json_.key("dates").open('[');
      for (const std::size_t date : found_.dates) json_.text(date_forms()[date].pattern);
      json_.close(']');
    }
    if (const std::vector<std::size_t> fit = dates_of(seen_.forms.of_all()); !fit.empty()) {
      json_.key("formats").open('[');
      for (const std::size_t date : fit) json_.text(date_forms()[date].pattern);
      json_.close(']');
    }
    if (!found_.some_dates.empty()) {
      json_.key("some_dates").open('[');
      for (const DateCount& some : found_.some_dates) {
        json_.open('{').key("formats").open('[');
        for (const std::size_t date : some.dates) json_.text(date_forms()[date].pattern);
        json_.close(']');
        number("count", some.count);
        json_.close('}');
      }
      json_.close(']');
      number("no_date", found_.no_date);
    }
    if (found_.clock > 0) {
      number("with_time", found_.clock);
      number("with_offset", found_.offset);
    }
    if (found_.number) {
      json_.key("number").open('{').key("example").text(word(found_.number->form));
      number("count", found_.number->count);
      json_.key("undecided").yes_or_no(found_.number_undecided);
      json_.key("whole").yes_or_no(found_.whole_numbers);
      number("decimals", static_cast<std::uint64_t>(seen_.decimals));
      number("zeros_in_front", found_.zeros_in_front);
      json_.key("forms").open('[');
      for (const ValueForm form :
           {ValueForm::number, ValueForm::number_point, ValueForm::number_comma,
            ValueForm::number_space, ValueForm::number_apostrophe, ValueForm::number_exponent})
        if (has(seen_.forms.of_all(), form)) json_.text(word(form));
      json_.close(']').close('}');
    }
    if (const NumberSizes sizes = seen_.number_sizes(); sizes.count > 0) {
      json_.key("digits").open('{');
      number("numbers", sizes.count);
      json_.key("sum").signed_number(sizes.sum);
      number("squares", sizes.squares);
      number("negative", sizes.negative);
      json_.close('}');
    }
    if (found_.form) {
      json_.key("form").open('{').key("name").text(word(found_.form->form));
      number("count", found_.form->count);
      json_.close('}');
    }
    if (found_.vocabulary != Vocabulary::none)
      json_.key("vocabulary").text(word(found_.vocabulary));
    if (found_.spaces_outside > 0) number("spaces_outside", found_.spaces_outside);
    if (seen_.numbers_too_long > 0) number("numbers_too_long", seen_.numbers_too_long);
  }

  void distinct() {
    if (seen_.values.exact() && seen_.values.entries().empty()) return;
    json_.key("distinct").open('{');
    number("count", seen_.values.distinct());
    json_.key("exact").yes_or_no(seen_.values.exact()).close('}');
    if (!seen_.lengths.least) return;
    json_.key("characters").open('{');
    number("least", seen_.lengths.least->rank);
    number("greatest", seen_.lengths.greatest->rank);
    json_.close('}');
  }

  void values() {
    if (!is_recorded()) write_range(json_, "text", seen_.lengths);
    if (!is_recorded() || !holds_secrets()) write_range(json_, "numbers", seen_.numbers);
    if (const auto* const days = days_of(seen_, found_)) {
      write_range(json_, "days", *days);
      if (days->least) {
        json_.key("seconds").open('{').key("least").signed_number(days->least->rank);
        json_.key("greatest").signed_number(days->greatest->rank).close('}');
      }
    }
    if (has_top()) top();
    if (seen_.examples.empty() || is_recorded()) return;
    json_.key("examples").open('[');
    for (const PlacedValue& example : seen_.examples) {
      json_.open('{');
      write_value(json_, example.value);
      json_.key("input").text(say(Language::en, facts_.inputs[example.source]));
      number("record", example.record);
      number("line", example.place.line);
      number("column", example.place.column);
      json_.close('}');
    }
    json_.close(']');
  }

  /// Whether a value, perhaps one of many, looks personal or secret: one is enough where it is kept.
  [[nodiscard]] bool holds_secrets() const {
    constexpr FormSet kSecret = set_of(ValueForm::email) | set_of(ValueForm::phone) |
                                set_of(ValueForm::card) | set_of(ValueForm::web_token);
    const auto& entries = seen_.values.entries();
    return std::any_of(entries.begin(), entries.end(), [this](const ValueCounts::Entry& entry) {
      if (entry.kind == JsonKind::boolean) return false;
      return (seen_.forms.all()[entry.group].forms & kSecret) != 0 ||
             seen_.values.text(entry).starts_with("Bearer ");
    });
  }

  [[nodiscard]] bool is_recorded() const noexcept {
    return facts_.made_for != ProfileFacts::For::people;
  }

  /// Of a recorded profile codes alone: all of them.
  [[nodiscard]] bool has_top() const {
    const std::size_t distinct = seen_.values.entries().size();
    if (distinct == 0 || !is_recorded()) return distinct > 0;
    if (!seen_.values.exact() || holds_secrets()) return false;
    return facts_.made_for == ProfileFacts::For::comparing
               ? distinct <= kMostCompared
               : are_codes(distinct, seen_.forms.total() + seen_.of(JsonKind::boolean));
  }

  void top() {
    json_.key("most_frequent").open('[');
    for (const ValueCounts::Entry* entry :
         seen_.values.most_frequent(is_recorded() ? seen_.values.entries().size() : kTopValues)) {
      json_.open('{');
      write_value(json_, {entry->kind, entry->cut, std::string(seen_.values.text(*entry))});
      number("count", entry->count);
      if (seen_.values.error() > 0) number("at_most", entry->count + seen_.values.error());
      json_.close('}');
    }
    json_.close(']');
  }

  void number(std::string_view key, std::uint64_t n) { json_.key(key).number(n); }

  JsonOut& json_;
  const PathNode& node_;
  const PathProfile& seen_;
  const ProfileFacts& facts_;
  const Findings found_;
  bool hidden_;
};

}  // namespace

void profile_json(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink) {
  const ValueForms forms;
  JsonOut json;
  json.open('{').key("trama").text(version());
  json.key("inputs").open('[');
  for (const Phrase& input : facts.inputs) json.text(say(Language::en, input));
  json.close(']');
  json.key("records").number(profile.records);
  json.key("bytes").number(profile.bytes);
  json.key("unread").open('{').key("count").number(profile.unread).key("first").open('[');
  for (const UnreadRecord& unread : profile.first_unread) {
    if (facts.made_for != ProfileFacts::For::people) break;  // it may quote what is personal
    const UnreadWords words = words_of(unread, facts, language);
    json.open('{').key("at").text(words.at).key("record").number(unread.record);
    json.key("code").text(words.code).key("message").text(words.message).close('}');
  }
  json.close(']').close('}');
  json.key("values_kept_of_path").number(profile.values_kept_of_path());
  json.key("values_beyond").number(profile.values_beyond);
  sink(json.key("paths").open('[').take());
  std::string_view before = "\n";
  const auto tell = [&](const PathNode& node) {  // one a line
    JsonOut path;
    PathJson(path, node, facts, forms).write();
    sink(std::string(before) + path.take());
    before = ",\n";
  };
  const bool recorded = facts.made_for != ProfileFacts::For::people;
  // Keys that a mapping calls personal are no paths of what is kept.
  each_path(*profile.root, tell, [&](const PathNode& node) {
    return !recorded || !facts.says_personal_keys || node.members.empty() ||
           !facts.says_personal_keys(node.path());
  });
  sink("\n]}\n");
}

}  // namespace trama
