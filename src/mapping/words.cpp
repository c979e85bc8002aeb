#include "mapping/words.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"

namespace trama {
namespace {

constexpr std::size_t kOwnSections = static_cast<std::size_t>(Section::test_warning) + 1;

void append(std::vector<Word>& words, Section section, std::span<const StepWord> of_step) {
  for (const StepWord& word : of_step)
    words.push_back(
        {section, word.name, word.form, word.values, word.about, word.least, word.too_small});
}

std::vector<Word> make_words() {
  std::vector<Word> words;
#define TRAMA_WORD(section, name, form, values, about) \
  words.push_back({Section::section, name, Form::form, values, about});
#define TRAMA_STEP_WORDS(when)                   \
  for (const StepSpec* const step : all_steps()) \
    if (step->time == StepTime::when) append(words, Section::column, step->words);
#define TRAMA_STEP_MAPS() \
  for (const StepSpec* const step : all_steps()) append(words, section_of(*step), step->map);
#include "mapping/words.inc"
#undef TRAMA_WORD
#undef TRAMA_STEP_WORDS
#undef TRAMA_STEP_MAPS
  return words;
}

std::vector<std::string_view> names_of(Section section) {
  std::vector<std::string_view> names;
  for (const Word& word : all_words()) {
    if (word.section == section) names.push_back(word.name);
  }
  return names;
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

std::size_t section_count() noexcept {
  return kOwnSections + all_steps().size();
}

Section section_of(const StepSpec& step) noexcept {
  const std::span<const StepSpec* const> steps = all_steps();
  const auto at = std::find(steps.begin(), steps.end(), &step) - steps.begin();
  return static_cast<Section>(kOwnSections + static_cast<std::size_t>(at));
}

const StepSpec* step_of(Section section) noexcept {
  const auto at = static_cast<std::size_t>(section);
  return at < kOwnSections ? nullptr : all_steps()[at - kOwnSections];
}

std::span<const Word> all_words() noexcept {
  static const std::vector<Word> kWords = make_words();
  return kWords;
}

const Word* find_word(Section section, std::string_view name) noexcept {
  for (const Word& word : all_words()) {
    if (word.section == section && word.name == name) return &word;
  }
  return nullptr;
}

std::optional<Section> section_below(const Word& word) noexcept {
  switch (word.form) {
    case Form::sources:
      return Section::pick;
    case Form::row_items:
      return Section::one_per;
    case Form::text_or_constant:
      return Section::rate_side;
    case Form::text_or_value:
      return Section::choice_value;
    default:
      break;
  }
  if (const StepSpec* const step = find_step(StepFamily::other, word.name);
      step != nullptr && !step->map.empty() && word.section == Section::column)
    return section_of(*step);
  struct Under {
    Section in;
    std::string_view word;
    Section section;
  };
  static constexpr Under kUnder[] = {
      {Section::top, "input", Section::input},
      {Section::top, "rows", Section::rows},
      {Section::top, "only", Section::only},
      {Section::top, "duplicates", Section::duplicates},
      {Section::top, "identity", Section::identity},
      {Section::top, "rules", Section::rule},
      {Section::top, "limits", Section::limits},
      {Section::top, "output", Section::output},
      {Section::top, "tests", Section::test},
      {Section::output, "table", Section::output_table},
      {Section::input, "expect_count", Section::expect_count},
      {Section::duplicates, "keep", Section::keep},
      {Section::identity, "newer_by", Section::newer_by},
      {Section::newer_by, "no_zone_means", Section::zone},
      {Section::keep, "no_zone_means", Section::zone},
      {Section::pick, "is", Section::pick_is},
      {Section::column, "choose", Section::choice},
      {Section::column, "minor_units", Section::minor_units},
      {Section::column, "zone", Section::zone},
      {Section::column, "no_zone_means", Section::zone},
      {Section::column, "currency", Section::currency},
      {Section::column, "convert_to", Section::convert_to},
      {Section::column, "when_wrong", Section::when_wrong},
      {Section::column, "unknown", Section::unknown},
      {Section::test, "expect_rejected", Section::test_rejected},
      {Section::test, "expect_warnings", Section::test_warning},
  };
  for (const Under& under : kUnder)
    if (under.in == word.section && under.word == word.name) return under.section;
  return std::nullopt;
}

Phrase title(Section section) {
  struct Title {
    std::string_view key;                  // as the mapping writes it, or
    PhraseCode phrase = PhraseCode::none;  // where the section has no key of its own
  };
  static constexpr Title kTitles[] = {
      {"", PhraseCode::a_mapping},
      {"'input'"},
      {"", PhraseCode::a_table},
      {"'{value: …}'"},
      {"'rows'"},
      {"'one_per: {…}'"},
      {"'only'"},
      {"'duplicates'"},
      {"'identity'"},
      {"'newer_by: {…}'"},
      {"'keep: {highest: …}'"},
      {"", PhraseCode::a_column},
      {"'from: {list: …}'"},
      {"'is: {from: …}'"},
      {"'expect_count'"},
      {"'minor_units'"},
      {"'currency'"},
      {"'convert_to'"},
      {"", PhraseCode::a_zone},
      {"'when_wrong'"},
      {"'unknown'"},
      {"'choose'"},
      {"'{column: …}'"},
      {"", PhraseCode::a_rule},
      {"'limits'"},
      {"'output'"},
      {"'table: {…}'"},
      {"", PhraseCode::a_test},
      {"'expect_rejected'"},
      {"'expect_warnings'"},
  };
  static_assert(std::size(kTitles) == kOwnSections);
  if (const StepSpec* const step = step_of(section))
    return "'" + std::string(step->words.front().name) + "'";
  const Title& title = kTitles[static_cast<std::size_t>(section)];
  return title.key.empty() ? Phrase(title.phrase) : Phrase(title.key);
}

PhraseCode title(Form form) noexcept {
  switch (form) {
    case Form::text:
      return PhraseCode::a_text;
    case Form::file:
      return PhraseCode::the_name_of_a_file;
    case Form::expression:
      return PhraseCode::an_expression;
    case Form::word:
    case Form::step:
    case Form::format:
      return PhraseCode::one_word;
    case Form::words:
    case Form::steps:
      return PhraseCode::a_word_or_a_list_of_words;
    case Form::texts:
      return PhraseCode::a_text_or_a_list_of_texts;
    case Form::character:
      return PhraseCode::one_character;
    case Form::toggle:
      return PhraseCode::yes_or_no;
    case Form::count:
    case Form::position:
      return PhraseCode::a_whole_number;
    case Form::records:
      return PhraseCode::a_number_of_records;
    case Form::number:
      return PhraseCode::a_number;
    case Form::decimals:
      return PhraseCode::a_whole_number_or_by_currency;
    case Form::limit:
      return PhraseCode::a_number_of_records_or_a_percentage;
    case Form::column_limits:
      return PhraseCode::columns_with_limits;
    case Form::path:
      return PhraseCode::a_path;
    case Form::paths:
      return PhraseCode::a_path_or_a_list_of_paths;
    case Form::path_or_from:
      return PhraseCode::a_path_or_from;
    case Form::pairs:
      return PhraseCode::pairs_of_texts;
    case Form::range:
      return PhraseCode::low_and_high;
    case Form::keep:
      return PhraseCode::a_way_to_keep;
    case Form::sources:
      return PhraseCode::a_path_or_picks;
    case Form::conditions:
      return PhraseCode::fields_with_values;
    case Form::path_or_conditions:
      return PhraseCode::a_path_or_fields_with_values;
    case Form::row_items:
      return PhraseCode::row_items;
    case Form::text_or_words:
      return PhraseCode::a_text_or_two_words;
    case Form::toggle_or_paths:
      return PhraseCode::yes_no_or_a_list_of_paths;
    case Form::count_or_from:
      return PhraseCode::a_count_or_from;
    case Form::toggle_or_from:
      return PhraseCode::yes_no_or_from;
    case Form::text_or_from:
      return PhraseCode::a_text_or_from;
    case Form::text_or_constant:
      return PhraseCode::a_column_or_value;
    case Form::action:
      return PhraseCode::a_word_or_write;
    case Form::table_or_pairs:
      return PhraseCode::a_table_or_pairs;
    case Form::text_or_value:
      return PhraseCode::a_text_column_or_from;
    case Form::file_or_records:
      return PhraseCode::a_file_a_record_or_a_list_of_records;
    case Form::file_or_rows:
      return PhraseCode::a_file_or_a_list_of_rows;
    case Form::map:
      return PhraseCode::words_one_a_line;
    case Form::maps:
      return PhraseCode::words_or_a_list_of_such;
    case Form::tables:
      return PhraseCode::tables_by_their_names;
    case Form::columns:
      return PhraseCode::columns_by_their_names;
    case Form::type_words:
      return PhraseCode::types_with_words;
  }
  return PhraseCode::none;
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

bool is_listed(std::string_view values, std::string_view value) noexcept {
  while (!values.empty()) {
    const std::size_t comma = values.find(", ");
    if (values.substr(0, comma) == value) return true;
    values = comma == std::string_view::npos ? std::string_view{} : values.substr(comma + 2);
  }
  return false;
}

Phrase help_for_unknown(Section section, std::string_view name) {
  const std::vector<std::string_view> known = names_of(section);
  if (const std::string_view near = nearest(name, known); !near.empty()) {
    return {PhraseCode::did_you_mean, {near}};
  }
  for (const Word& word : all_words()) {
    if (word.name == name) return {PhraseCode::it_is_a_word_of, {title(word.section)}};
  }
  static constexpr std::size_t kFew = 12;  // a longer list helps nobody
  if (known.size() > kFew) return PhraseCode::look_it_up_in_the_mapping_guide;
  return {PhraseCode::possible, {joined(known)}};
}

std::string shown_value(std::string_view value) {
  static constexpr std::size_t kLongest = 60;
  std::size_t at = 0;
  for (std::size_t n = 0; n < kLongest && at < value.size(); ++n) next_code_point(value, at);
  return at < value.size() ? std::string(value.substr(0, at)) + "…" : std::string(value);
}

Phrase help_for_value(std::string_view values, std::string_view value) {
  const std::vector<std::string_view> known = split_values(values);
  const std::string_view near = nearest(value, known);
  if (near.empty()) return {PhraseCode::possible, {values}};
  return {PhraseCode::did_you_mean_one_of, {near, values}};
}

}  // namespace trama
