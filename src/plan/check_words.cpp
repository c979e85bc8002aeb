// Words that do not go together, and names that mean nothing (mappings/rules.md, section 7).

#include <algorithm>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "mapping/word_effects.h"
#include "plan/compiler.h"
#include "sink/format.h"

namespace trama {
namespace {

constexpr std::string_view kRecordCodes[] = {
#define TRAMA_CODE(id, word, meaning) word,
#include "base/record_codes.inc"
#undef TRAMA_CODE
};

bool is_record_code(std::string_view word) noexcept {
  return std::find(std::begin(kRecordCodes), std::end(kRecordCodes), word) !=
         std::end(kRecordCodes);
}

Phrase nearest_record_code(std::string_view word) {
  const std::string_view near = nearest(word, kRecordCodes);
  return near.empty() ? Phrase(PhraseCode::codes_are_words)
                      : Phrase(PhraseCode::did_you_mean, {near});
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

/// Whether the yes/no value of that name is yes.
bool is_on(const Column& column, std::string_view word) noexcept {
  return word == "required" ? column.required.on : word == "internal" && column.internal.on;
}

}  // namespace

/// A secret that a column reads is shown by reports, unless the column is personal.
void Compiler::check_secrets(const Column& column) {
  const auto check = [this](const Path& path) {
    if (path.stated() && looks_secret(path))
      error(DiagnosticCode::field_secret, path.span, {path.text});
  };
  for (const std::vector<Path>* paths : {&column.from, &column.first_of, &column.by})
    for (const Path& path : *paths) {
      check(path);
      if (path.pick) check(path.pick->take);
    }
  for (const Choice& choice : column.choose) check(choice.from);
}

/// `required` beside what writes something, or a blank, whatever comes.
void Compiler::check_required(ColumnIndex index) {
  const Column& column = written(index);
  if (!column.required.on) return;
  const auto pointless = [&](PhraseCode beside) {
    error(DiagnosticCode::required_pointless, column.key_span("required"), {beside});
  };
  const auto blank = [&](const std::string& word) {
    error(DiagnosticCode::words_together, column.key_span("required"),
          {"required", word, PhraseCode::a_blank_would_reject});
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
    pointless(PhraseCode::a_default_for_every_blank);
  if (column.value.stated() && empty(column.value)) blank("value: \"\"");
  if (column.value.stated() && !empty(column.value))
    pointless(PhraseCode::a_value_that_never_changes);
  if (made(index).total == PlanColumn::Total::count) pointless(PhraseCode::total_count_is_0);
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
  if (always) pointless(PhraseCode::choose_always_writes);
}

/// The type that words are validated against: the stated one, else the one that the source gives.
/// 0 where it is not known; what is wrong is reported already.
TypeSet Compiler::type_of(ColumnIndex index) const {
  const Column& column = written(index);
  if (column.has("type")) return type_bit(column.type.view());
  if (!typed_[index]) return 0;
  switch (plan_->columns[index].format.kind) {
    case Kind::decimal:
      return type_bit(source_kind(column) == SourceKind::count ? "integer" : "decimal");
    case Kind::boolean:
      return type_bit("boolean");
    case Kind::date:
      return type_bit("date");
    case Kind::datetime:
      return type_bit("datetime");
    case Kind::time:
      return type_bit("time");
    case Kind::duration:
      return type_bit("duration");
    case Kind::json:
      return type_bit("json");
    default:
      return type_bit("text");
  }
}

/// "'type: date'", "a column without 'type', which is text": the type as a message names it.
Phrase Compiler::type_words(ColumnIndex index) const {
  const Column& column = written(index);
  if (column.type.stated()) return "'type: " + column.type.text + "'";
  const SourceKind source = source_kind(column);
  const TypeSet type = type_of(index);
  if (type == type_bit("text")) return PhraseCode::a_column_without_type_which_is_text;
  return {PhraseCode::a_source_and_its_type, {title(source), listed_types(type)}};
}

/// The word does nothing beside the source of its column.
void Compiler::no_effect_beside(const Column& column, std::string_view word, SourceKind source) {
  const Span at = column.key_span(word);
  if (word == "join") return error(DiagnosticCode::join_alone, at, {});
  const bool finished = source == SourceKind::value || source == SourceKind::constants ||
                        source == SourceKind::compute || source == SourceKind::choose;
  const StepSpec* const step = find_step(StepFamily::other, word);
  const bool on_parts = word == "text" || word == "lookup" ||
                        (step != nullptr && (step->time == StepTime::before_text ||
                                             step->time == StepTime::after_text));
  if (finished && on_parts) return error(DiagnosticCode::finished_source, at, {std::string(word)});
  error(DiagnosticCode::word_no_effect, at,
        {word, Phrase(PhraseCode::beside, {title(source)}), why_not_beside(source)});
}

/// Words without effect, by the table of word_effects.inc. Each is reported once: for its source,
/// else for its type, else for a word that it lacks or that spoils it.
void Compiler::check_effects(ColumnIndex index) {
  const Column& column = written(index);
  const SourceKind source = source_kind(column);
  const TypeSet type = type_of(index);
  if (source == SourceKind::none) return;  // reported where the column is read
  std::vector<std::string_view> pointless;
  // The parts of a text are what is counted.
  const bool counts_parts =
      source == SourceKind::count && !column.total_column.stated() && splits_to_all(column);
  for (const WordEffect& effect : word_effects()) {
    if (!column.has(effect.word) || (counts_parts && effect.word == "split")) continue;
    if (!is_source_word(effect.word) && !effect.obeyed_by(source)) {
      no_effect_beside(column, effect.word, source);
      pointless.push_back(effect.word);
    } else if (type != 0 && (effect.types & type) == 0) {
      error(DiagnosticCode::word_not_for_type, column.key_span(effect.word),
            {effect.word, type_words(index),
             Phrase(PhraseCode::goes_with_types, {effect.word, listed_types(effect.types)})});
      pointless.push_back(effect.word);
    }
  }
  const auto reported = [&pointless](std::string_view word) {
    return std::find(pointless.begin(), pointless.end(), word) != pointless.end();
  };
  for (const WordNeed& need : word_needs()) {
    const bool applies = type != 0 ? (need.types & type) != 0 : need.types == every_type();
    if (!applies || !column.has(need.word) || reported(need.word)) continue;
    if (!need.other.empty() && column.has(need.other)) continue;
    lacks(column, need, type_words(index));
    pointless.push_back(need.word);
  }
  for (const WordSpoiled& spoiled : words_spoiled()) {
    if (!column.has(spoiled.word) || !is_on(column, spoiled.other) || reported(spoiled.word))
      continue;
    error(DiagnosticCode::word_no_effect, column.key_span(spoiled.word),
          {spoiled.word, Phrase(PhraseCode::beside, {"'" + std::string(spoiled.other) + "'"}),
           spoiled.why});
  }
  if (!reported("on_extra_rows")) check_extra_rows(index);
  if ((type & (type_bit("date") | type_bit("datetime") | type_bit("time"))) != 0)
    check_formats(column, pointless);
  if (type != 0 && column.has("when_wrong") && !reported("when_wrong") && !can_be_wrong(index))
    error(DiagnosticCode::word_no_effect, column.key_span("when_wrong"),
          {"when_wrong", Phrase(PhraseCode::beside, {title(source)}),
           PhraseCode::nothing_can_be_wrong});
}

/// Whether making the column can fail, as far as `when_wrong` covers it: reading, an expression,
/// rounding, a check.
bool Compiler::can_be_wrong(ColumnIndex index) const {
  const Column& column = written(index);
  const PlanColumn& made = plan_->columns[index];
  if (!made.checks.empty() || !made.finish.empty() || made.money) return true;
  switch (source_kind(column)) {
    case SourceKind::rate_of:
    case SourceKind::rate_day_of:
    case SourceKind::currency_of:
      return false;
    case SourceKind::choose:
      return std::any_of(column.choose.begin(), column.choose.end(),
                         [](const Choice& choice) { return choice.from.stated(); });
    case SourceKind::compute:
      return made.expression < 0 ||
             plan_->expressions[static_cast<std::size_t>(made.expression)].program.can_fail();
    default:
      return true;
  }
}

/// `need.other` is not there.
void Compiler::lacks(const Column& column, const WordNeed& need, Phrase type) {
  const Span at = column.key_span(need.word);
  switch (need.code) {
    case DiagnosticCode::key_missing:
      return error(need.code, at, {"'" + std::string(need.word) + "'", need.other, need.help});
    case DiagnosticCode::needs_word:
      return error(need.code, at, {need.word, need.other});
    default:
      return error(need.code, at,
                   {need.word,
                    need.other.empty() ? Phrase(PhraseCode::with_this, {std::move(type)})
                                       : Phrase(PhraseCode::without_the_key, {need.other}),
                    need.help});
  }
}

/// `blank_as` of a format that has a blank of its own.
void Compiler::check_blank_word(const Text& blank_as) {
  static constexpr std::string_view kWords[] = {"null", "none", "left-out"};
  if (!blank_as.stated() ||
      std::find(std::begin(kWords), std::end(kWords), blank_as.text) != std::end(kWords))
    return;
  error(DiagnosticCode::value_wrong, blank_as.span,
        {blank_as.text, "blank_as", PhraseCode::other_text_is_for_csv});
}

/// `on_extra_rows`, and its absence where an amount would be counted several times.
void Compiler::check_extra_rows(ColumnIndex index) {
  const Column& column = written(index);
  const PlanColumn& made = this->made(index);
  const Span at = column.key_span("on_extra_rows");
  const bool of_the_item = made.own_level == static_cast<int>(plan_->levels.size());
  if (at.line == 0) {
    // What is computed or chosen of amounts is one, whatever its type.
    const bool amount =
        column.type.view() == "money" ||
        (typed_[index] && made.format.kind == Kind::decimal && !currency_keys_[index].empty());
    if (!plan_->levels.empty() && amount && !column.internal.on && !of_the_item && !made.in_each)
      error(DiagnosticCode::extra_rows_missing, column.name.span, {column.name.text});
  } else if (plan_->levels.empty()) {
    error(DiagnosticCode::needs_word, at, {"on_extra_rows", "rows"});
  } else if (made.in_each) {
    error(DiagnosticCode::word_no_effect, at,
          {"on_extra_rows", PhraseCode::in_the_columns_of_each,
           PhraseCode::objects_are_written_once});
  } else if (of_the_item) {
    error(DiagnosticCode::word_no_effect, at,
          {"on_extra_rows", PhraseCode::on_the_rows_own_item, PhraseCode::it_is_on_one_row_alone});
  }
}

/// Words that serve some formats only: those with names, with years of two digits,
/// with a day and its time.
void Compiler::check_formats(const Column& column, std::span<const std::string_view> reported) {
  bool names = false;
  bool short_years = false;
  bool times = column.read.empty() && column.type.view() == "time";
  bool moments = false;
  bool right = true;
  const auto look = [&](const Text& words, bool reads) {
    DatePattern pattern;
    DatePattern::Problem problem;
    if (!DatePattern::compile(words.text, Names::en, 2000, pattern, problem)) {
      right = false;  // reported where it is compiled
      return;
    }
    names = names || pattern.needs_names();
    if (!reads) return;
    short_years = short_years || pattern.needs_century();
    times = times || pattern.has_time();
    moments = moments || (pattern.has_time() && pattern.has_date());
  };
  for (const Text& read : column.read) look(read, true);
  if (column.write.stated()) look(column.write, false);
  const auto pointless = [&](std::string_view word, PhraseCode lacking, PhraseCode help) {
    const bool known = std::find(reported.begin(), reported.end(), word) != reported.end();
    if (right && !known && column.has(word))
      error(DiagnosticCode::word_no_effect, column.key_span(word),
            {std::string(word), lacking, help});
  };
  if (!names) pointless("months", PhraseCode::without_names_of_months, PhraseCode::months_go_with);
  if (!short_years)
    pointless("two_digit_years", PhraseCode::without_a_format_that_reads_yy,
              PhraseCode::take_it_out);
  for (const char* word : {"zone", "no_zone_means"})
    if (times && !moments)
      pointless(word, PhraseCode::without_a_date_with_its_time,
                PhraseCode::a_time_alone_cannot_be_moved);
}

void Compiler::check_column_words(ColumnIndex index) {
  const Column& column = written(index);
  const ColumnIndex of = made(index).of;
  if (column.rate_day_of.stated() && of != kNoColumn && made(of).money && made(of).money->any_day)
    error(DiagnosticCode::word_no_effect, column.key_span("rate_day_of"),
          {"rate_day_of", PhraseCode::with_rates_of_any_day,
           Phrase(PhraseCode::rates_with_days, {made(of).money->rates_name})});
  if (!made(index).personal) check_secrets(column);
  check_effects(index);
  check_required(index);
  for (const auto& [word, text] :
       {std::pair<const char*, const Text*>{"when_missing", &column.when_missing},
        {"when_null", &column.when_null},
        {"when_empty", &column.when_empty}}) {
    if (column.has("when_blank") && text->stated())
      error(DiagnosticCode::words_together, column.key_span("when_blank"),
            {"when_blank", word, PhraseCode::when_blank_covers_all});
  }
  for (const Text& yes : column.yes_words)
    for (const Text& no : column.no_words)
      if (yes.text == no.text)
        error(DiagnosticCode::words_together, no.span,
              {"yes_words: " + yes.text, "no_words: " + no.text,
               PhraseCode::one_text_cannot_mean_both});
  if (column.total.stated() && column.join.stated())
    error(DiagnosticCode::words_together, column.key_span("join"),
          {"join", "total", PhraseCode::join_and_total});
  const bool sums = column.total.view() == "sum";
  const bool counts = column.total.view() == "count";
  const TypeSet type = type_of(index);
  const TypeSet fits = type_bit("integer") | type_bit("decimal") | (sums ? type_bit("money") : 0);
  if ((sums || counts) && type != 0 && (type & (fits | type_bit("json"))) == 0)
    error(DiagnosticCode::word_not_for_type, column.key_span("total"),
          {"total: " + column.total.text, type_words(index),
           Phrase(sums ? PhraseCode::a_sum_goes_with_types : PhraseCode::a_count_goes_with_types,
                  {listed_types(fits)})});
}

/// Words of other sections that do nothing beside their neighbours.
void Compiler::check_section_words() {
  const Mapping::Input& in = mapping_.input;
  if (in.records.stated() && in.format.view() == "ndjson")
    error(DiagnosticCode::word_no_effect, in.records.span,
          {"records", PhraseCode::with_format_ndjson, PhraseCode::each_line_is_a_record});
  const bool watched = in.fields_nobody_uses.stated() && in.fields_nobody_uses.view() != "ignore";
  if (!in.ignore_fields.empty() && !watched)
    error(DiagnosticCode::word_no_effect, in.ignore_fields.front().span,
          {"ignore_fields", PhraseCode::without_fields_nobody_uses,
           PhraseCode::all_unread_fields_are_ignored});
}

void Compiler::check_words() {
  check_section_words();
  const auto shown = [](const PlanColumn& c) { return !c.internal && !c.in_each; };
  if (!plan_->columns.empty() && !plan_->output.rest &&
      std::none_of(plan_->columns.begin(), plan_->columns.end(), shown))
    error(DiagnosticCode::key_missing, mapping_.columns_span,
          {PhraseCode::the_output, "columns", PhraseCode::every_column_is_internal});
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
  const FormatSpec& spec = *plan_->format;
  // What the command line names may be in another format: then what only says how rows look in the
  // mapping's own says nothing.
  const bool other = stated_format_ != nullptr && stated_format_ != &spec;
  if (spec.leaves_blanks_out && !other) {
    check_blank_word(out.blank_as);
    for (std::size_t i = 0; i < plan_->columns.size(); ++i)
      check_blank_word(written(static_cast<ColumnIndex>(i)).blank_as);
  }
  const bool separates = spec.obeys("separator");
  if (separates && format.separator == format.decimal_mark)
    error(DiagnosticCode::marks_alike,
          out.separator.stated() ? out.separator.span : out.decimal_mark.span, {});
  if (separates &&
      (format.separator == "\"" || format.separator == "\n" || format.separator == "\r"))
    error(DiagnosticCode::value_wrong, out.separator.span,
          {out.separator.text, "separator", PhraseCode::quotes_have_a_meaning});
  for (const auto& [word, mark] : {std::pair("decimal_mark", &out.decimal_mark),
                                   std::pair("thousands_mark", &out.thousands_mark)}) {
    if (mark->stated() && mark->text.find_first_of("0123456789+-\"\n\r") != std::string::npos)
      error(DiagnosticCode::value_wrong, mark->span,
            {mark->text, word, PhraseCode::marks_of_numbers});
  }
  const bool thousands_alike = format.thousands_mark == format.decimal_mark ||
                               (separates && format.thousands_mark == format.separator);
  if (!format.thousands_mark.empty() && thousands_alike)
    error(DiagnosticCode::marks_alike, out.thousands_mark.span, {});
  const std::pair<const char*, Span> words_of_formats[] = {
      {"separator", out.separator.span},
      {"decimal_mark", out.decimal_mark.span},
      {"thousands_mark", out.thousands_mark.span},
      {"header", out.header.span},
      {"for_excel", out.for_excel.span},
      {"numbers_as", out.numbers_as.span},
      {"rest", format.rest ? out.rest_span : Span()}};
  for (const auto& [word, span] : words_of_formats)
    if (span.line != 0 && !spec.obeys(word) &&
        (!other || (word == std::string_view("rest") || !stated_format_->obeys(word))))
      error(DiagnosticCode::needs_word, span,
            {word, Phrase::several({"format: ", formats_that_obey(word)})});
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    const Column& column = written(static_cast<ColumnIndex>(i));
    if (!spec.nests && !spec.holds_lists && column.each.stated() && !column.internal.on &&
        parent_[i] == kNoColumn)
      error(DiagnosticCode::needs_word, column.name.span,
            {"each", Phrase::several({"format: ", formats_with_lists()})});
  }
  if (spec.nests) check_nested_names();
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
            {test.at.text, "at", PhraseCode::an_instant});
    for (const auto& row : test.expect_rows_inline)
      for (const Pair& cell : row) {
        ColumnIndex index = kNoColumn;
        if (find_name(cell.key, index) && made(index).internal)
          error(DiagnosticCode::column_unknown, cell.key.span,
                {cell.key.text, PhraseCode::that_column_is_internal});
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
