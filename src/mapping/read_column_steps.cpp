// The words of a column that say what is done to its value: type, blanks, text,
// numbers, dates, lookup.

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "base/phrase_codes.h"
#include "mapping/read_column.h"

namespace trama {
namespace {

constexpr struct {
  std::string_view word;
  Action::Kind kind;
} kActions[] = {
    {"reject", Action::Kind::reject},
    {"keep", Action::Kind::keep},
    {"write-blank", Action::Kind::write_blank},
    {"write-original", Action::Kind::write_original},
    {"stop", Action::Kind::stop},
};

/// A word, `{write: …}`, or of `unknown` also `{write: …, and: warn}`.
void read_action(const Fields& column, std::string_view word, Action& out) {
  const YamlNode* node = column.find(word);
  if (node == nullptr) return;
  if (!node->is_map()) {
    Text text;
    column.read(word, text);
    for (const auto& action : kActions) {
      if (text.stated() && text.text == action.word) out = {action.kind, {}, false, text.span};
    }
    return;
  }
  const bool unknown = word == "unknown";
  const Fields fields(*node, unknown ? Section::unknown : Section::when_wrong,
                      column.diagnostics());
  Action action{Action::Kind::write, {}, false, node->span};
  fields.require("write", node->span, "'" + std::string(word) + ": {…}'",
                 PhraseCode::say_what_write_writes);
  fields.read("write", action.write);
  Text also;
  if (unknown) fields.read("and", also);
  action.warn = also.stated();
  if (action.write.stated()) out = std::move(action);
}

/// `{from: path}` as the only word, of a section that has it.
bool expect_from(const Fields& fields, const YamlNode& node, std::string_view word) {
  return fields.require("from", node.span, "'" + std::string(word) + ": {…}'",
                        PhraseCode::name_the_field_from);
}

void read_lookup(const Fields& fields, Text& table, std::vector<Pair>& pairs) {
  const YamlNode* node = fields.find("lookup");
  if (node == nullptr) return;
  if (node->is_map()) {
    fields.read("lookup", pairs);
  } else {
    fields.read("lookup", table);
  }
}

/// `{from: path}` of a helper field, with what is done to the text of that field.
void read_field(const Fields& fields, FromOr& out) {
  fields.read("from", out.from);
  fields.read("text", out.text);
  read_lookup(fields, out.lookup_table, out.lookup);
  fields.read("when_blank", out.when_blank);
}

/// `currency: {in_amount: yes, …}`: it is in the text of the amount, so no field names it.
void read_in_amount(const Fields& fields, FromOr& out) {
  for (const char* word : {"from", "text", "lookup"})
    fields.refuse_both("in_amount", word, PhraseCode::the_currency_is_in_the_amount);
  fields.read("in_amount", out.in_amount);
  fields.read("symbols", out.symbols);
  fields.read("when_blank", out.when_blank);
}

void read_constant_or_from(const Fields& column, std::string_view word, Section section,
                           FromOr& out) {
  const YamlNode* node = column.find(word);
  if (node == nullptr) return;
  if (!node->is_map()) {
    column.read(word, out.constant);
    out.span = out.constant.span;
    return;
  }
  const Fields fields(*node, section, column.diagnostics());
  if (section == Section::currency && fields.has("in_amount")) {
    read_in_amount(fields, out);
    if (out.in_amount.on) out.span = node->span;
    if (out.in_amount.stated() && !out.in_amount.on)
      column.diagnostics().push_back(
          {DiagnosticCode::value_wrong,
           out.in_amount.span,
           {"no", "in_amount", PhraseCode::write_yes_or_name_the_currency}});
    return;
  }
  if (section == Section::currency && fields.has("symbols"))
    fields.require("in_amount", node->span, "'symbols'", PhraseCode::write_in_amount_beside_it);
  if (!expect_from(fields, *node, word)) return;
  read_field(fields, out);
  if (out.from.stated()) out.span = node->span;
}

void read_minor_units(const Fields& column, Column& out) {
  const YamlNode* node = column.find("minor_units");
  if (node == nullptr) return;
  if (!node->is_map()) {
    column.read("minor_units", out.minor_units);
    return;
  }
  const Fields fields(*node, Section::minor_units, column.diagnostics());
  if (!expect_from(fields, *node, "minor_units")) return;
  read_field(fields, out.minor_units_from);
  if (out.minor_units_from.from.stated()) out.minor_units_from.span = node->span;
}

/// The value of a step's word. False where it is wrong, which is told.
bool read_told(const YamlNode& node, const Word& word, StepTold::Value& out,
               Diagnostics& diagnostics) {
  switch (word.form) {
    case Form::count:
    case Form::position:
      return read_value(node, word, out.count, diagnostics);
    case Form::toggle:
      return read_value(node, word, out.toggle, diagnostics);
    case Form::pairs:
      return read_value(node, word, out.pairs, diagnostics);
    case Form::range:
      if (!node.is_list() || node.items.size() != 2) {
        report_kind(node, word.name, title(Form::range), diagnostics,
                    PhraseCode::for_an_open_end_write_none);
        return false;
      }
      return read_value(node, word, out.texts, diagnostics);
    case Form::texts:
    case Form::words:
      return read_value(node, word, out.texts, diagnostics);
    default:
      return read_value(node, word, out.text, diagnostics);
  }
}

/// Those of `words` that are there, into `out`. False where one is wrong or misses.
bool read_step_words(const Fields& fields, std::span<const StepWord> words, StepTold& out) {
  bool good = true;
  for (const StepWord& word : words) {
    const YamlNode* const node = fields.find(word.name);
    if (node == nullptr) {
      if (word.missing == PhraseCode::none) continue;
      fields.require(word.name, fields.span(),
                     "'" + std::string(out.spec->words.front().name) + "'", word.missing);
      good = false;
      continue;
    }
    StepTold::Value value;
    value.word = word.name;
    value.key = fields.key_span(word.name);
    value.span = node->span;
    good = read_told(*node, fields.word(word.name), value, fields.diagnostics()) && good;
    out.values.push_back(std::move(value));
  }
  return good;
}

/// The steps that have words of their own, those that are told right.
void read_steps(const Fields& column, Column& out) {
  for (const StepSpec* const spec : all_steps()) {
    const auto first = std::find_if(spec->words.begin(), spec->words.end(),
                                    [&](const StepWord& word) { return column.has(word.name); });
    if (first == spec->words.end()) continue;
    StepTold told{.spec = spec, .span = column.key_span(first->name), .values = {}};
    const YamlNode& node = *column.find(first->name);
    if (spec->map.empty()) {
      if (!read_step_words(column, spec->words, told)) continue;
    } else {
      if (!expect_map(node, first->name, column.diagnostics())) continue;
      const Fields fields(node, section_of(*spec), column.diagnostics());
      if (!read_step_words(fields, spec->map, told)) continue;
    }
    out.steps.push_back(std::move(told));
  }
}

void read_write(const Fields& column, Column& out) {
  const YamlNode* node = column.find("write");
  if (node == nullptr) return;
  if (!node->is_list()) {
    column.read("write", out.write);
    return;
  }
  if (node->items.size() != 2) {
    report_kind(*node, "write", title(Form::text_or_words), column.diagnostics(),
                PhraseCode::write_yes_and_no_words);
    return;
  }
  std::vector<Text> words;
  if (read_value(*node, column.word("write"), words, column.diagnostics())) {
    out.write_words = std::move(words);
  }
}

/// 2000-2099
bool is_century(std::string_view s) {
  constexpr std::size_t kLength = 9;
  if (s.size() != kLength || s[4] != '-') return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    if (i != 4 && (s[i] < '0' || s[i] > '9')) return false;
  }
  return std::stoi(std::string(s.substr(5))) - std::stoi(std::string(s.substr(0, 4))) == 99;
}

void read_two_digit_years(const Fields& column, Column& out) {
  Text years;
  column.read("two_digit_years", years);
  if (!years.stated()) return;
  if (is_century(years.text)) {
    out.two_digit_years = std::move(years);
    return;
  }
  column.diagnostics().push_back(
      {DiagnosticCode::value_wrong,
       years.span,
       {years.text, "two_digit_years", PhraseCode::write_a_hundred_years}});
}

void read_general(const Fields& column, Column& out) {
  column.read("type", out.type);
  column.read("required", out.required);
  column.read("optional", out.optional);
  column.read("when_missing", out.when_missing);
  column.read("when_null", out.when_null);
  column.read("when_empty", out.when_empty);
  read_value_words(column, "when_blank",
                   {&out.when_blank, &out.when_blank_column, &out.when_blank_from});
  column.read("null_words", out.null_words);
  read_action(column, "when_wrong", out.when_wrong);
  column.read("blank_as", out.blank_as);
  column.read("personal", out.personal);
  column.read("message", out.message);
  column.read("about", out.about);
}

void read_text_words(const Fields& column, Column& out) {
  column.read("text", out.text);
  column.read("join", out.join);
}

void read_number_words(const Fields& column, Column& out) {
  column.read("decimals", out.decimals);
  column.read("rounding", out.rounding);
  column.read("read_number", out.read_number);
  column.read("times", out.times);
  read_minor_units(column, out);
  read_constant_or_from(column, "currency", Section::currency, out.currency);
  column.read("withdrawn", out.withdrawn);
  read_constant_or_from(column, "convert_to", Section::convert_to, out.convert_to);
  column.read("rates", out.rates);
  column.read("rate_date", out.rate_date);
  column.read("on_extra_rows", out.on_extra_rows);
}

void read_date_and_boolean_words(const Fields& column, Column& out) {
  read_date_words(column, out);
  read_constant_or_from(column, "zone", Section::zone, out.zone);
  read_write(column, out);
  column.read("yes_words", out.yes_words);
  column.read("no_words", out.no_words);
}

void read_lookup_words(const Fields& column, Column& out) {
  read_lookup(column, out.lookup_table, out.lookup);
  if (const YamlNode* node = column.find("lookup")) out.lookup_span = node->span;
  column.read("by", out.by);
  column.read("on", out.on);
  read_action(column, "unknown", out.unknown);
  column.read("ignore_case", out.ignore_case);
}

}  // namespace

void read_value_words(const Fields& fields, std::string_view word, const ValueWords& out) {
  const YamlNode* node = fields.find(word);
  if (node == nullptr) return;
  if (!node->is_map()) {
    fields.read(word, *out.constant);
    return;
  }
  const Fields value(*node, Section::choice_value, fields.diagnostics());
  value.refuse_both("column", "from", PhraseCode::write_one_of_them);
  if (!value.has("from")) {
    value.require("column", node->span, "'" + std::string(word) + ": {…}'",
                  PhraseCode::or_from_and_a_path);
  }
  value.read("column", *out.column);
  value.read("from", *out.from);
}

void read_day_words(const Fields& fields, Column& out) {
  if (out.words.empty()) out.words = fields.keys();
  fields.read("read", out.read);
  fields.read("months", out.months);
  read_two_digit_years(fields, out);
}

void read_date_words(const Fields& fields, Column& out) {
  read_day_words(fields, out);
  read_constant_or_from(fields, "no_zone_means", Section::zone, out.no_zone_means);
  fields.read("clock_change", out.clock_change);
}

void read_column_steps(const Fields& fields, Column& out) {
  read_general(fields, out);
  read_steps(fields, out);
  read_text_words(fields, out);
  read_number_words(fields, out);
  read_date_and_boolean_words(fields, out);
  read_lookup_words(fields, out);
}

}  // namespace trama
