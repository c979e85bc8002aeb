#include "mapping/fields.h"

#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "mapping/path.h"

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;

bool is_list_of_two(PhraseCode wanted) noexcept {
  return wanted == PhraseCode::low_and_high || wanted == PhraseCode::a_text_or_two_words;
}

/// Whether what is wanted can be a list, so that it is an item of one that is wrong.
bool can_be_list(PhraseCode wanted) noexcept {
  switch (wanted) {
    case PhraseCode::a_word_or_a_list_of_words:
    case PhraseCode::a_text_or_a_list_of_texts:
    case PhraseCode::a_path_or_a_list_of_paths:
    case PhraseCode::a_path_or_picks:
    case PhraseCode::row_items:
    case PhraseCode::yes_no_or_a_list_of_paths:
    case PhraseCode::a_file_a_record_or_a_list_of_records:
    case PhraseCode::a_file_or_a_list_of_rows:
    case PhraseCode::words_or_a_list_of_such:
    case PhraseCode::a_value_or_a_list_of_values:
      return true;
    default:
      return is_list_of_two(wanted);
  }
}

/// What a value is, where it should be `wanted`.
Phrase what_is(const YamlNode& node, PhraseCode wanted) {
  switch (node.kind) {
    case YamlNode::Kind::list:
      if (is_list_of_two(wanted)) return {PhraseCode::list_of, {std::to_string(node.items.size())}};
      return can_be_list(wanted) ? PhraseCode::a_list_inside_a_list : PhraseCode::a_list;
    case YamlNode::Kind::map:
      return PhraseCode::words_with_values;
    case YamlNode::Kind::scalar:
      break;
  }
  return node.is_nothing() ? PhraseCode::nothing : PhraseCode::a_text;
}

void report_value(const YamlNode& node, const Word& word, Phrase help, Diagnostics& diagnostics) {
  diagnostics.push_back({DiagnosticCode::value_wrong,
                         node.span,
                         {shown_value(node.text), std::string(word.name), std::move(help)}});
}

bool expect_scalar(const YamlNode& node, const Word& word, Diagnostics& diagnostics) {
  if (node.is_scalar() && !node.is_nothing()) return true;
  const bool text = word.form == Form::text || word.form == Form::texts ||
                    word.form == Form::pairs || word.form == Form::text_or_value;
  Phrase help;
  if (node.is_nothing()) {
    help = text ? PhraseCode::for_an_empty_text : PhraseCode::write_a_value;
  }
  report_kind(node, word.name, title(word.form), diagnostics, std::move(help));
  return false;
}

bool all_digits(std::string_view s) {
  return !s.empty() && s.find_first_not_of("0123456789") == kNone;
}

/// -1234.56: digits on both sides of the point.
bool is_plain_number(std::string_view s) {
  if (!s.empty() && s.front() == '-') s.remove_prefix(1);
  const std::size_t point = s.find('.');
  return all_digits(s.substr(0, point)) && (point == kNone || all_digits(s.substr(point + 1)));
}

constexpr std::size_t kMaxDecimals = 38;  // the digits of a decimal

bool is_decimals(std::string_view s) {
  if (s == "by-currency") return true;
  int count = 0;
  return all_digits(s) && s.size() <= 2 &&
         std::from_chars(s.data(), s.data() + s.size(), count).ec == std::errc{} &&
         count <= static_cast<int>(kMaxDecimals);
}

/// What is wrong with the text as a value of `word`: the advice, or "" where nothing is.
Phrase advice_for(const Word& word, std::string_view value) {
  switch (word.form) {
    case Form::word:
    case Form::words:
    case Form::action:
      if (!word.values.empty() && !is_listed(word.values, value)) {
        return help_for_value(word.values, value);
      }
      return {};
    case Form::character:
      return count_code_points(value) == 1 ? Phrase() : PhraseCode::write_one_character;
    case Form::number:
      return is_plain_number(value) ? Phrase() : PhraseCode::write_digits_and_a_point;
    case Form::decimals:
      return is_decimals(value) ? Phrase() : PhraseCode::write_how_many_decimals;
    default:
      return {};
  }
}

bool ends_with(std::string_view s, std::string_view end) {
  return s.size() >= end.size() && s.substr(s.size() - end.size()) == end;
}

Text text_of(const YamlNode& node) {
  return {node.text, node.span, node.quoted};
}

/// A number of records, `records` perhaps written behind it.
std::string_view without_records(std::string_view value) {
  for (const std::string_view unit : {" records", " record"}) {
    if (ends_with(value, unit)) return value.substr(0, value.size() - unit.size());
  }
  return value;
}

template <typename T>
bool read_list(const YamlNode& node, const Word& word, std::vector<T>& out,
               Diagnostics& diagnostics) {
  if (!node.is_list()) {
    T one;
    if (!read_value(node, word, one, diagnostics)) return false;
    out.push_back(std::move(one));
    return true;
  }
  bool good = true;
  for (const YamlNode& item : node.items) {
    T one;
    if (read_value(item, word, one, diagnostics)) {
      out.push_back(std::move(one));
    } else {
      good = false;
    }
  }
  return good;
}

}  // namespace

void report_kind(const YamlNode& node, Phrase word, PhraseCode wanted, Diagnostics& diagnostics,
                 Phrase help) {
  diagnostics.push_back({DiagnosticCode::value_kind,
                         node.span,
                         {std::move(word), wanted, what_is(node, wanted), std::move(help)}});
}

bool read_value(const YamlNode& node, const Word& word, Text& out, Diagnostics& diagnostics) {
  if (!expect_scalar(node, word, diagnostics)) return false;
  if (Phrase advice = advice_for(word, node.text); !advice.empty()) {
    report_value(node, word, std::move(advice), diagnostics);
    return false;
  }
  out = text_of(node);
  return true;
}

bool read_value(const YamlNode& node, const Word& word, Switch& out, Diagnostics& diagnostics) {
  if (!expect_scalar(node, word, diagnostics)) return false;
  if (node.text == "yes" || node.text == "no") {
    out = {node.text == "yes", node.span};
    return true;
  }
  PhraseCode help = PhraseCode::write_yes_or_no;
  if (is_listed("true, True, TRUE, on, On, ON, si, sí, Si, Sí, Yes, YES, y, Y, 1", node.text)) {
    help = PhraseCode::write_yes;
  }
  if (is_listed("false, False, FALSE, off, Off, OFF, No, NO, n, N, 0", node.text)) {
    help = PhraseCode::write_no;
  }
  report_value(node, word, help, diagnostics);
  return false;
}

bool read_value(const YamlNode& node, const Word& word, Count& out, Diagnostics& diagnostics) {
  if (!expect_scalar(node, word, diagnostics)) return false;
  std::string_view digits = node.text;
  if (word.form == Form::records) digits = without_records(digits);
  const bool is_position = word.form == Form::position;
  const bool negative = is_position && !digits.empty() && digits.front() == '-';
  std::int64_t count = 0;
  const bool number =
      all_digits(digits.substr(negative ? 1 : 0)) &&
      std::from_chars(digits.data(), digits.data() + digits.size(), count).ec == std::errc{};
  if (!number) {
    report_value(node, word, PhraseCode::write_a_whole_number, diagnostics);
    return false;
  }
  if (is_position ? count == 0 : count < word.least) {
    report_value(node, word, is_position ? PhraseCode::first_and_last_part : word.too_small,
                 diagnostics);
    return false;
  }
  if (word.name == "at_most" && count == 0 && word.section != Section::column) {
    report_value(node, word, PhraseCode::write_how_many_rows, diagnostics);
    return false;
  }
  out = {count, node.span};
  return true;
}

bool read_value(const YamlNode& node, const Word& word, Path& out, Diagnostics& diagnostics) {
  if (!expect_scalar(node, word, diagnostics)) return false;
  Phrase problem;
  std::size_t at = 0;
  if (parse_path(node.text, out, problem, at)) {
    out.span = node.span;
    return true;
  }
  out = Path{};
  Span span = node.span;
  const auto before =
      static_cast<std::uint32_t>(count_code_points(std::string_view(node.text).substr(0, at)));
  const bool as_written = count_code_points(node.text) + (node.quoted ? 2 : 0) == span.length;
  if (as_written && before + 1 < span.length) {
    span.column += before + (node.quoted ? 1 : 0);
    span.length = 1;
  }
  diagnostics.push_back(
      {DiagnosticCode::path_invalid, span, {shown_value(node.text), std::move(problem)}});
  return false;
}

bool read_value(const YamlNode& node, const Word& word, Limit& out, Diagnostics& diagnostics) {
  if (!expect_scalar(node, word, diagnostics)) return false;
  std::string_view number = node.text;
  const bool percent = ends_with(number, "%");
  if (percent) number.remove_suffix(1);
  if (percent && ends_with(number, " ")) number.remove_suffix(1);
  if (!percent) number = without_records(number);
  static constexpr std::size_t kMostDigits = 18;  // fits a count of records
  const bool whole = all_digits(number);
  const bool good = number.size() <= kMostDigits &&
                    (percent ? is_plain_number(number) && number.front() != '-' : whole);
  if (!good) {
    report_value(node, word, PhraseCode::write_a_percentage, diagnostics);
    return false;
  }
  out = {text_of(node), percent, std::string(number)};
  return true;
}

bool read_value(const YamlNode& node, const Word& word, std::vector<Pair>& out,
                Diagnostics& diagnostics) {
  if (!node.is_map()) {
    report_kind(node, word.name, title(word.form), diagnostics);
    return false;
  }
  bool good = true;
  for (const YamlEntry& entry : node.entries) {
    if (!entry.value.is_scalar() || entry.value.is_nothing()) {
      const bool nothing = entry.value.is_nothing();
      report_kind(entry.value, entry.key.text, PhraseCode::a_text, diagnostics,
                  nothing ? Phrase(PhraseCode::for_an_empty_text) : Phrase());
      good = false;
      continue;
    }
    out.push_back({text_of(entry.key), text_of(entry.value)});
  }
  return good;
}

bool read_value(const YamlNode& node, const Word& word, std::vector<ColumnLimit>& out,
                Diagnostics& diagnostics) {
  if (!node.is_map()) {
    report_kind(node, word.name, title(word.form), diagnostics);
    return false;
  }
  bool good = true;
  for (const YamlEntry& entry : node.entries) {
    const Word one{word.section, entry.key.text, Form::limit, "", ""};
    ColumnLimit limit{text_of(entry.key), {}};
    good = read_value(entry.value, one, limit.limit, diagnostics) && good;
    if (limit.limit.stated()) out.push_back(std::move(limit));
  }
  return good;
}

bool read_value(const YamlNode& node, const Word& word, std::vector<Text>& out,
                Diagnostics& diagnostics) {
  return read_list(node, word, out, diagnostics);
}

bool read_value(const YamlNode& node, const Word& word, std::vector<Path>& out,
                Diagnostics& diagnostics) {
  return read_list(node, word, out, diagnostics);
}

Fields::Fields(const YamlNode& map, Section section, Diagnostics& diagnostics)
    : map_(map), section_(section), diagnostics_(diagnostics) {
  for (const YamlEntry& entry : map.entries) {
    if (find_word(section, entry.key.text) != nullptr) continue;
    diagnostics.push_back(
        {DiagnosticCode::key_unknown,
         entry.key.span,
         {shown_value(entry.key.text), title(section), help_for_unknown(section, entry.key.text)}});
  }
}

std::vector<Text> Fields::keys() const {
  std::vector<Text> all;
  for (const YamlEntry& entry : map_.entries)
    all.push_back({entry.key.text, entry.key.span, entry.key.quoted});
  return all;
}

Span Fields::key_span(std::string_view word) const noexcept {
  for (const YamlEntry& entry : map_.entries) {
    if (entry.key.text == word) return entry.key.span;
  }
  return map_.span;
}

const Word& Fields::word(std::string_view name) const {
  const Word* word = find_word(section_, name);
  TRAMA_CHECK(word != nullptr);
  return *word;
}

bool Fields::require(std::string_view name, Span whole, Phrase who, Phrase help) const {
  if (has(name)) return true;
  const Phrase meant(PhraseCode::did_you_mean, {name});
  for (const YamlEntry& entry : map_.entries)
    if (find_word(section_, entry.key.text) == nullptr &&
        help_for_unknown(section_, entry.key.text) == meant)
      return false;  // it is there, misspelled, which is told already
  diagnostics_.push_back(
      {DiagnosticCode::key_missing, whole, {std::move(who), name, std::move(help)}});
  return false;
}

void Fields::refuse_empty(std::string_view name) const {
  const YamlNode* const node = find(name);
  if (node == nullptr || !node->is_list() || !node->items.empty()) return;
  diagnostics_.push_back(
      {DiagnosticCode::value_kind,
       node->span,
       {name, title(word(name).form), PhraseCode::an_empty_list, PhraseCode::write_a_value}});
}

void Fields::refuse_both(std::string_view one, std::string_view other, Phrase help) const {
  if (!has(one) || !has(other)) return;
  diagnostics_.push_back(
      {DiagnosticCode::words_together, key_span(other), {one, other, std::move(help)}});
}

bool expect_map(const YamlNode& node, const Phrase& word, Diagnostics& diagnostics) {
  if (node.is_map()) return true;
  report_kind(node, word, title(Form::map), diagnostics);
  return false;
}

std::vector<const YamlNode*> maps_of(const YamlNode& node, const Phrase& word,
                                     Diagnostics& diagnostics) {
  std::vector<const YamlNode*> maps;
  if (!node.is_list()) {
    if (expect_map(node, word, diagnostics)) maps.push_back(&node);
    return maps;
  }
  for (const YamlNode& item : node.items) {
    if (expect_map(item, word, diagnostics)) maps.push_back(&item);
  }
  return maps;
}

}  // namespace trama
