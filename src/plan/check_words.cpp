// Words that do not go together, and names that mean nothing (language.md, section 7).

#include <algorithm>

#include "base/nearest.h"
#include "base/utf8.h"
#include "plan/compiler.h"

namespace trama {
namespace {

/// The words that only some types know; those that are in no row go with every type.
struct Fits {
  std::string_view word;
  std::string_view types;  // with blanks around each
};
constexpr Fits kFits[] = {
    {"decimals", " integer decimal money "},
    {"rounding", " integer decimal money "},
    {"read_number", " integer decimal money "},
    {"times", " integer decimal money "},
    {"minor_units", " money "},
    {"currency", " money "},
    {"withdrawn", " money currency "},
    {"convert_to", " money "},
    {"rates", " money "},
    {"rate_date", " money "},
    {"on_extra_rows", " money decimal integer "},
    {"read", " date datetime time duration "},
    {"months", " date datetime time "},
    {"two_digit_years", " date datetime "},
    {"no_zone_means", " date datetime time "},
    {"zone", " date datetime time "},
    {"clock_change", " date datetime time "},
    {"yes_words", " boolean "},
    {"no_words", " boolean "},
};

/// "date, datetime or time".
std::string types_of(const Fits& fits) {
  std::string all;
  std::string_view left = trim(fits.types);
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(' '), left.size());
    const bool last = end == left.size();
    if (!all.empty()) all += last ? " or " : ", ";
    all += left.substr(0, end);
    left.remove_prefix(last ? end : end + 1);
  }
  return all;
}

constexpr std::string_view kRecordCodes[] = {
#define TRAMA_CODE(id, word, meaning) word,
#include "base/record_codes.inc"
#undef TRAMA_CODE
};

bool is_record_code(std::string_view word) noexcept {
  return std::find(std::begin(kRecordCodes), std::end(kRecordCodes), word) !=
         std::end(kRecordCodes);
}

std::string nearest_record_code(std::string_view word) {
  const std::string_view near = nearest(word, kRecordCodes);
  return near.empty() ? "codes are words such as LOOKUP_UNKNOWN"
                      : "did you mean '" + std::string(near) + "'?";
}

bool has_word(std::string_view words, std::string_view word) noexcept {
  return words.find(" " + std::string(word) + " ") != std::string_view::npos;
}

/// The words of a key in small letters, a blank before each: " api token" of apiToken or API_TOKEN.
std::string words_of_key(std::string_view key) {
  std::string words = " ";
  bool small_before = false;
  for (const char c : key) {
    const bool capital = c >= 'A' && c <= 'Z';
    const bool letter = capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if ((!letter || (capital && small_before)) && words.back() != ' ') words += ' ';
    if (letter) words += capital ? static_cast<char>(c - 'A' + 'a') : c;
    small_before = letter && !capital;
  }
  return words;
}

/// Whether a path ends in a name that secrets have: ota_property_password, apiToken, card.number.
bool looks_secret(const Path& path) {
  static constexpr std::string_view kEnds[] = {
      " password", " passwd", " passphrase",  " secret",      " token",      " cvv",        " cvc",
      " api key",  " apikey", " private key", " card number", " cardnumber", " credit card"};
  std::string words;
  for (const Path::Step& step : path.steps)
    if (step.kind == Path::StepKind::key) words += words_of_key(step.key);
  return std::any_of(std::begin(kEnds), std::end(kEnds),
                     [&words](std::string_view end) { return words.ends_with(end); });
}

}  // namespace

/// A secret that a column reads is shown by reports, unless the column is personal.
void Compiler::check_secrets(const Column& column) {
  if (column.personal.on) return;
  const auto check = [this](const Path& path) {
    if (path.stated() && looks_secret(path))
      error(DiagnosticCode::field_secret, path.span, {path.text});
  };
  for (const std::vector<Path>* paths : {&column.from, &column.first_of, &column.by})
    for (const Path& path : *paths) check(path);
  check(column.pick.list);
  check(column.pick.take);
  for (const Choice& choice : column.choose) check(choice.from);
}

/// `required` beside what writes something, or a blank, whatever comes.
void Compiler::check_required(ColumnIndex index) {
  const Column& column = written(index);
  if (!column.required.on) return;
  const auto pointless = [&](const char* beside) {
    error(DiagnosticCode::required_pointless, column.key_span("required"), {beside});
  };
  const auto blank = [&](const std::string& word) {
    error(DiagnosticCode::words_together, column.key_span("required"),
          {"required", word, "a blank would reject the record after all"});
  };
  const auto empty = [](const Text& text) { return trim(text.text).empty(); };
  const std::pair<const char*, const Text*> defaults[] = {{"when_blank", &column.when_blank},
                                                          {"when_missing", &column.when_missing},
                                                          {"when_null", &column.when_null},
                                                          {"when_empty", &column.when_empty}};
  bool blank_default = false;
  for (const auto& [word, text] : defaults) {
    if (!text->stated() || !empty(*text)) continue;
    blank_default = true;
    blank(std::string(word) + ": \"\"");
  }
  if (!blank_default &&
      (column.when_blank.stated() ||
       (column.when_missing.stated() && column.when_null.stated() && column.when_empty.stated())))
    pointless("a default for every blank");
  if (column.value.stated() && empty(column.value)) blank("value: \"\"");
  if (column.value.stated() && !empty(column.value)) pointless("a 'value' that is always the same");
  if (made(index).total == PlanColumn::Total::count)
    pointless("'total: count', which is 0 where there is nothing");
  for (const auto& [word, action] :
       {std::pair("when_wrong", &column.when_wrong), std::pair("unknown", &column.unknown)}) {
    if (action->kind == Action::Kind::write_blank) blank(std::string(word) + ": write-blank");
    if (action->kind == Action::Kind::write && empty(action->write))
      blank(std::string(word) + ": {write: \"\"}");
  }
  bool always = !column.choose.empty() && !column.choose.back().when.stated();
  for (const Choice& choice : column.choose) {
    always = always && choice.constant.stated() && !empty(choice.constant);
    if (choice.constant.stated() && empty(choice.constant)) blank("write: \"\"");
  }
  if (always) pointless("a 'choose' that writes a constant in every case");
}

void Compiler::check_column_words(ColumnIndex index) {
  const Column& column = written(index);
  const PlanColumn& made = this->made(index);
  check_secrets(column);
  const bool number_total =
      made.total == PlanColumn::Total::sum || made.total == PlanColumn::Total::count;
  std::string type = column.type.stated() ? column.type.text : "text";
  if (!column.type.stated() &&
      (number_total || (typed_[index] && made.format.kind == Kind::decimal)))
    type = "decimal";
  const bool type_wrong = this->type_wrong(index);
  for (const Fits& fits : kFits) {
    const Span at = column.key_span(fits.word);
    if (at.line == 0 || type_wrong || has_word(fits.types, type)) continue;
    if (!column.type.stated() && made.from == PlanColumn::From::compute) continue;
    error(DiagnosticCode::word_not_for_type, at,
          {std::string(fits.word),
           column.type.stated() ? "'type: " + type + "'" : "a column without 'type', which is text",
           "'" + std::string(fits.word) + "' goes with type: " + types_of(fits)});
  }
  check_required(index);
  for (const auto& [word, text] :
       {std::pair<const char*, const Text*>{"when_missing", &column.when_missing},
        {"when_null", &column.when_null},
        {"when_empty", &column.when_empty}}) {
    if (column.when_blank.stated() && text->stated())
      error(DiagnosticCode::words_together, column.key_span("when_blank"),
            {"when_blank", word, "when_blank covers all three kinds"});
  }
  if (column.has("yes_words") != column.has("no_words"))
    error(DiagnosticCode::needs_word,
          column.key_span(column.has("yes_words") ? "yes_words" : "no_words"),
          {column.has("yes_words") ? "yes_words" : "no_words",
           column.has("yes_words") ? "no_words" : "yes_words"});
  for (const Text& yes : column.yes_words)
    for (const Text& no : column.no_words)
      if (yes.text == no.text)
        error(DiagnosticCode::words_together, no.span,
              {"yes_words: " + yes.text, "no_words: " + no.text, "one text cannot mean both"});
  if (column.join.stated() && made.from != PlanColumn::From::paths)
    error(DiagnosticCode::join_alone, column.key_span("join"), {});
  if (column.total.stated() && column.join.stated())
    error(DiagnosticCode::words_together, column.key_span("join"),
          {"join", "total", "'join' glues texts, 'total' makes one value"});
  if (made.total == PlanColumn::Total::sum && made.format.kind != Kind::decimal && !type_wrong &&
      made.from != PlanColumn::From::total_of)
    error(DiagnosticCode::word_not_for_type, column.key_span("total"),
          {"total: sum", "'type: " + type + "'"});
  if (!plan_->levels.empty() && column.type.view() == "money" && !column.on_extra_rows.stated() &&
      !column.internal.on && made.own_level < static_cast<int>(plan_->levels.size()))
    error(DiagnosticCode::extra_rows_missing, column.name.span, {column.name.text});
  if (made.in_each && column.on_extra_rows.stated() && column.on_extra_rows.view() != "repeat")
    error(DiagnosticCode::words_together, column.on_extra_rows.span,
          {"on_extra_rows: " + column.on_extra_rows.text, "each",
           "an object of a list is not a row: its amounts are repeated with it"});
  if (column.on_extra_rows.stated() && plan_->levels.empty())
    error(DiagnosticCode::needs_word, column.key_span("on_extra_rows"), {"on_extra_rows", "rows"});
  const bool source_only = made.from == PlanColumn::From::constant ||
                           made.from == PlanColumn::From::compute ||
                           made.from == PlanColumn::From::choose;
  if (source_only &&
      (!column.text.empty() || !column.lookup.empty() || column.lookup_table.stated()))
    error(DiagnosticCode::finished_source, column.key_span(column.text.empty() ? "lookup" : "text"),
          {column.text.empty() ? "lookup" : "text"});
}

void Compiler::check_words() {
  const auto shown = [](const PlanColumn& c) { return !c.internal && !c.in_each; };
  if (!plan_->columns.empty() && !plan_->output.rest &&
      std::none_of(plan_->columns.begin(), plan_->columns.end(), shown))
    error(DiagnosticCode::key_missing, mapping_.columns_span,
          {"the output", "columns", "every column is internal: take 'internal' out of one"});
  for (std::size_t i = 0; i < plan_->columns.size(); ++i)
    check_column_words(static_cast<ColumnIndex>(i));
  const bool wrong = std::any_of(diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& d) {
    return severity(d.code) == Severity::error;
  });
  for (const CompiledTable& table : tables_)
    if (!table.used && !wrong)  // else what is wrong may be what names it
      error(DiagnosticCode::table_unused, table.table->name.span, {table.table->name.text});
  const Mapping::Output& out = mapping_.output;
  const OutputFormat& format = plan_->output;
  const bool csv = format.form == OutputFormat::Form::csv;
  if (csv && format.separator == format.decimal_mark)
    error(DiagnosticCode::marks_alike,
          out.separator.stated() ? out.separator.span : out.decimal_mark.span, {});
  if (csv && (format.separator == "\"" || format.separator == "\n" || format.separator == "\r"))
    error(DiagnosticCode::value_wrong, out.separator.span,
          {out.separator.text, "separator", "quotes and line ends have a meaning of their own"});
  for (const auto& [word, mark] : {std::pair("decimal_mark", &out.decimal_mark),
                                   std::pair("thousands_mark", &out.thousands_mark)}) {
    if (mark->stated() && mark->text.find_first_of("0123456789+-\"\n\r") != std::string::npos)
      error(DiagnosticCode::value_wrong, mark->span,
            {mark->text, word, "a point, a comma, a blank or an apostrophe"});
  }
  const bool thousands_alike = format.thousands_mark == format.decimal_mark ||
                               (csv && format.thousands_mark == format.separator);
  if (!format.thousands_mark.empty() && thousands_alike)
    error(DiagnosticCode::marks_alike, out.thousands_mark.span, {});
  const std::pair<const char*, Span> csv_words[] = {{"separator", out.separator.span},
                                                    {"decimal_mark", out.decimal_mark.span},
                                                    {"thousands_mark", out.thousands_mark.span},
                                                    {"header", out.header.span},
                                                    {"for_excel", out.for_excel.span}};
  for (const auto& [word, span] : csv_words)
    if (!csv && span.line != 0) error(DiagnosticCode::needs_word, span, {word, "format: csv"});
  if (csv && out.numbers_as.stated())
    error(DiagnosticCode::needs_word, out.numbers_as.span,
          {"numbers_as", "format: ndjson or json"});
  if (csv && format.rest)
    error(DiagnosticCode::needs_word, out.rest_span, {"rest", "format: ndjson or json"});
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    const Column& column = written(static_cast<ColumnIndex>(i));
    if (csv && column.each.stated() && !column.internal.on && parent_[i] == kNoColumn)
      error(DiagnosticCode::needs_word, column.name.span, {"each", "format: ndjson or json"});
  }
  if (!csv) check_nested_names();
  check_tests();
}

/// `cliente` beside `cliente.email` cannot both be written in JSON.
void Compiler::check_nested_names() {
  for (const OutputColumn& a : plan_->output.columns) {
    for (const OutputColumn& b : plan_->output.columns) {
      if (b.name.size() <= a.name.size() || b.name[a.name.size()] != '.' ||
          b.name.compare(0, a.name.size(), a.name) != 0)
        continue;
      error(DiagnosticCode::name_and_object, written(static_cast<ColumnIndex>(b.value)).name.span,
            {b.name, a.name});
    }
    if (a.name.empty() || a.name.front() == '.' || a.name.back() == '.' ||
        a.name.find("..") != std::string::npos)
      error(DiagnosticCode::name_dots, written(static_cast<ColumnIndex>(a.value)).name.span,
            {a.name});
  }
}

/// Tests that name no existing column or rule.
void Compiler::check_tests() {
  const auto column = [this](const Text& name) {  // of `each` too: habitaciones[*].codigo
    const auto same = [&name](const PlanColumn& c) { return c.name == name.text; };
    ColumnIndex index = kNoColumn;
    if (name.stated() && std::none_of(plan_->columns.begin(), plan_->columns.end(), same))
      find_name(name, index);
  };
  const auto rule = [this](const Text& name) {
    if (!name.stated()) return;
    for (const Rule& one : mapping_.rules)
      if (one.name.text == name.text) return;
    error(DiagnosticCode::rule_unknown, name.span, {name.text});
  };
  const auto code = [this](const Text& name) {
    if (!name.stated() || is_record_code(name.text)) return;
    error(DiagnosticCode::value_wrong, name.span,
          {name.text, "code", nearest_record_code(name.text)});
  };
  for (const Test& test : mapping_.tests) {
    std::int64_t instant = 0;
    if (test.at.stated() && !read_instant(test.at.view(), instant))
      error(DiagnosticCode::value_wrong, test.at.span,
            {test.at.text, "at", "an instant with its offset, such as 2025-03-04T06:00:00Z"});
    for (const auto& row : test.expect_rows_inline)
      for (const Pair& cell : row) {
        ColumnIndex index = kNoColumn;
        if (find_name(cell.key, index) && made(index).internal)
          error(DiagnosticCode::column_unknown, cell.key.span,
                {cell.key.text, "that column is internal, and no row has it"});
      }
    for (const Test::Rejected& rejected : test.expect_rejected) {
      column(rejected.column);
      rule(rejected.rule);
      code(rejected.code);
    }
    for (const Test::Warning& warning : test.expect_warnings) {
      column(warning.column);
      rule(warning.rule);
    }
  }
}

}  // namespace trama
