#include "mapping/words.h"

#include <iterator>
#include <vector>

#include "base/nearest.h"
#include "base/utf8.h"

namespace trama {
namespace {

constexpr Word kWords[] = {
#define TRAMA_WORD(section, name, form, values, about) \
  {Section::section, name, Form::form, values, about},
#include "mapping/words.inc"
#undef TRAMA_WORD
};

std::vector<std::string_view> names_of(Section section) {
  std::vector<std::string_view> names;
  for (const Word& word : kWords) {
    if (word.section == section) names.push_back(word.name);
  }
  return names;
}

std::vector<std::string_view> split_values(std::string_view values) {
  std::vector<std::string_view> out;
  while (!values.empty()) {
    const std::size_t comma = values.find(", ");
    out.push_back(values.substr(0, comma));
    values = comma == std::string_view::npos ? std::string_view{} : values.substr(comma + 2);
  }
  return out;
}

std::string joined(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

}  // namespace

std::span<const Word> all_words() noexcept {
  return kWords;
}

const Word* find_word(Section section, std::string_view name) noexcept {
  for (const Word& word : kWords) {
    if (word.section == section && word.name == name) return &word;
  }
  return nullptr;
}

std::string_view title(Section section) noexcept {
  static constexpr std::string_view kTitles[] = {
      "a mapping",
      "'input'",
      "a table",
      "'rows'",
      "'one_per: {…}'",
      "'only'",
      "'duplicates'",
      "'keep: {highest: …}'",
      "a column",
      "'from: {list: …}'",
      "'is: {from: …}'",
      "'split'",
      "'pad'",
      "'expect_count'",
      "'minor_units'",
      "'currency'",
      "a zone",
      "'when_wrong'",
      "'unknown'",
      "'choose'",
      "'write'",
      "a rule",
      "'limits'",
      "'output'",
      "a test",
      "'expect_rejected'",
      "'expect_warnings'",
  };
  static_assert(std::size(kTitles) == kSections);
  return kTitles[static_cast<std::size_t>(section)];
}

std::string_view title(Form form) noexcept {
  switch (form) {
    case Form::text:
      return "a text";
    case Form::file:
      return "the name of a file";
    case Form::expression:
      return "an expression";
    case Form::word:
    case Form::step:
    case Form::format:
      return "one word";
    case Form::words:
    case Form::steps:
      return "a word or a list of words";
    case Form::texts:
      return "a text or a list of texts";
    case Form::character:
      return "one character";
    case Form::toggle:
      return "yes or no";
    case Form::count:
      return "a whole number";
    case Form::records:
      return "a number of records";
    case Form::number:
      return "a number";
    case Form::decimals:
      return "a whole number or by-currency";
    case Form::limit:
      return "a number of records or a percentage";
    case Form::column_limits:
      return "columns with a limit each ({Name: 5%})";
    case Form::path:
      return "a path";
    case Form::paths:
      return "a path or a list of paths";
    case Form::pairs:
      return "pairs of texts ({from: to})";
    case Form::range:
      return "a list of two: [low, high]";
    case Form::keep:
      return "first, last, none, 'highest' or 'lowest' and a path, or {highest: path, read: …}";
    case Form::sources:
      return "a path, {list: …, where: …, is: …, take: …} or a list of these";
    case Form::conditions:
      return "fields with the values wanted ({path: value})";
    case Form::path_or_conditions:
      return "a path or fields with the values wanted ({path: value})";
    case Form::row_items:
      return "a path, {split: …, by: …}, {days_from: …, until: …} or a list of these";
    case Form::text_or_words:
      return "a text, or for yes and no a list of two";
    case Form::toggle_or_paths:
      return "yes, no or a list of paths";
    case Form::count_or_from:
      return "a whole number or {from: path}";
    case Form::toggle_or_from:
      return "yes, no or {from: path}";
    case Form::text_or_from:
      return "a text or {from: path}";
    case Form::action:
      return "one word or {write: …}";
    case Form::table_or_pairs:
      return "the name of a table or pairs ({from: to})";
    case Form::text_or_value:
      return "a text, {column: Name} or {from: path}";
    case Form::file_or_records:
      return "a file, a record or a list of records";
    case Form::file_or_rows:
      return "a file or a list of rows";
    case Form::map:
      return "words with their values, one a line";
    case Form::maps:
      return "words with their values, or a list of such";
    case Form::tables:
      return "tables by their names";
    case Form::columns:
      return "columns by their names";
  }
  return {};
}

bool is_listed(std::string_view values, std::string_view value) noexcept {
  while (!values.empty()) {
    const std::size_t comma = values.find(", ");
    if (values.substr(0, comma) == value) return true;
    values = comma == std::string_view::npos ? std::string_view{} : values.substr(comma + 2);
  }
  return false;
}

std::string help_for_unknown(Section section, std::string_view name) {
  const std::vector<std::string_view> known = names_of(section);
  if (const std::string_view near = nearest(name, known); !near.empty()) {
    return "did you mean '" + std::string(near) + "'?";
  }
  for (const Word& word : kWords) {
    if (word.name == name) return "it is a word of " + std::string(title(word.section));
  }
  static constexpr std::size_t kFew = 12;  // a longer list helps nobody
  if (known.size() > kFew) return "look it up in the mapping guide";
  return "possible: " + joined(known);
}

std::string shown_value(std::string_view value) {
  static constexpr std::size_t kLongest = 60;
  std::size_t at = 0;
  for (std::size_t n = 0; n < kLongest && at < value.size(); ++n) next_code_point(value, at);
  return at < value.size() ? std::string(value.substr(0, at)) + "…" : std::string(value);
}

std::string help_for_value(std::string_view values, std::string_view value) {
  const std::vector<std::string_view> known = split_values(values);
  const std::string_view near = nearest(value, known);
  std::string help;
  if (!near.empty()) help = "did you mean '" + std::string(near) + "'? ";
  return help + "possible: " + std::string(values);
}

}  // namespace trama
