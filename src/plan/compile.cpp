#include "plan/compile.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "mapping/words.h"
#include "plan/compiler.h"
#include "plan/output_type.h"
#include "sink/format.h"

namespace trama {

Compiler::Compiler(const CompileInput& input, Diagnostics& diagnostics)
    : input_(input),
      mapping_(input.mapping),
      other_format_(input.format),
      diagnostics_(diagnostics),
      table_memory_(input.memory),
      plan_(std::make_unique<Plan>()) {}

void Compiler::error(DiagnosticCode code, const Span& span, std::vector<Phrase> values) {
  // A word of `defaults` is for the columns in which it does something.
  const bool pointless =
      code == DiagnosticCode::word_no_effect || code == DiagnosticCode::zone_without_time;
  const auto same = [&span](const Span& key) {
    return key.file == span.file && key.line == span.line && key.column == span.column;
  };
  if (pointless && std::any_of(mapping_.default_words.begin(), mapping_.default_words.end(), same))
    return;
  diagnostics_.push_back({code, span, std::move(values)});
}

std::uint32_t Compiler::place(const Span& span) {
  if (span.line == 0) return kNoPlace;
  plan_->places.push_back(span);
  return static_cast<std::uint32_t>(plan_->places.size() - 1);
}

/// A text value that lives as long as the plan.
Value Compiler::keep(std::string_view text) {
  plan_->texts.emplace_back(text);
  return Value::text(plan_->texts.back());
}

void Compiler::input() {
  const Mapping::Input& in = mapping_.input;
  check_outside_paths();
  if (in.id.stated()) plan_->id = path_to_one(in.id);
  if (in.error_body.stated()) {
    Path from_top = in.error_body;
    from_top.from_top = true;  // no item of 'rows' is called like it
    plan_->error_body = path(from_top);
  }
  if (in.fields_nobody_uses.view() == "warn") plan_->unused_fields = UnusedFields::warn;
  if (in.fields_nobody_uses.view() == "reject") plan_->unused_fields = UnusedFields::reject;
  plan_->unused_place = place(in.fields_nobody_uses.span);
  plan_->wanted.watch = plan_->unused_fields != UnusedFields::ignore;
  if (!in.null_words.empty()) plan_->null_words = word_list(in.null_words, {});
  for (const Path& ignored : in.ignore_fields) {
    KeyPath pattern;
    for (const Path::Step& step : ignored.steps)
      pattern.emplace_back(step.kind == Path::StepKind::key ? step.key : kAnything);
    plan_->wanted.used.push_back(std::move(pattern));
  }
  if (in.expect_at_least.stated())
    plan_->expect_at_least = static_cast<std::uint64_t>(in.expect_at_least.count);
  if (in.expect_count.stated())
    plan_->expect_count = static_cast<std::uint64_t>(in.expect_count.count);
  if (in.expect_count_from.stated()) check_count_path(in.expect_count_from);
}

void Compiler::limit(const Limit& limit, PlanLimit& out) {
  if (!limit.stated()) return;
  out.stated = true;
  out.percent = limit.percent;
  out.text = limit.text.text;
  if (read_decimal(limit.number, out.figure) != Reason::none)
    error(DiagnosticCode::value_wrong, limit.text.span, {limit.text.text, "limits", ""});
}

void Compiler::limits() {
  limit(mapping_.limits.rejected_at_most, plan_->rejected_at_most);
  limit(mapping_.limits.warn_above, plan_->warn_above);
  limit(mapping_.limits.warnings_at_most, plan_->warnings_at_most);
  plan_->deleted_at_most = {true, true, Decimal{5, 0}, "5%"};
  limit(mapping_.limits.deleted_at_most, plan_->deleted_at_most);
  for (const ColumnLimit& one : mapping_.limits.blank_at_most) {
    PlanBlankLimit blank;
    limit(one.limit, blank.at_most);
    if (find_name(one.column, blank.column)) plan_->blank_at_most.push_back(std::move(blank));
  }
  plan_->never_found = mapping_.limits.fields_never_found.view() == "stop"     ? NeverFound::stop
                       : mapping_.limits.fields_never_found.view() == "ignore" ? NeverFound::ignore
                                                                               : NeverFound::warn;
  const PlanLimit& refused = plan_->rejected_at_most;
  const PlanLimit& warned = plan_->warn_above;
  const bool comparable = refused.stated && warned.stated && refused.percent == warned.percent;
  if (comparable && compare(warned.figure, refused.figure) >= 0)
    error(DiagnosticCode::words_together, mapping_.limits.warn_above.text.span,
          {"warn_above: " + warned.text, "rejected_at_most: " + refused.text,
           PhraseCode::a_run_is_over_its_limit});
  if (mapping_.limits.stop_early_after.stated())
    plan_->stop_early_after = static_cast<std::uint64_t>(
        std::max<std::int64_t>(1, mapping_.limits.stop_early_after.count));
  plan_->publish_always = mapping_.limits.publish.view() == "always";
}

/// Beside a format that does not exist the default is what the rest is checked against.
void Compiler::output_format() {
  const Text& named = mapping_.output.format;
  stated_format_ = named.stated() ? find_format(named.view()) : all_formats().front();
  plan_->format = other_format_ != nullptr    ? other_format_
                  : stated_format_ != nullptr ? stated_format_
                                              : all_formats().front();
  if (stated_format_ != nullptr) return;
  error(DiagnosticCode::value_wrong, named.span,
        {shown_value(named.view()), "format", help_for_value(format_names(), named.view())});
}

/// `output: table`: a type for a column that is none would do nothing.
void Compiler::table() {
  const Mapping::Output::Table& said = mapping_.output.table;
  OutputFormat::Table& table = plan_->output.table;
  table.name = said.name.text;
  table.create = said.create.view() != "never";
  table.gone_is_deleted = said.gone.view() == "delete";
  if (said.gone.stated() && !mapping_.identity.full_dump.on)
    error(DiagnosticCode::needs_word, said.gone.span, {"gone", "full_dump: yes"});
  for (const Pair& pair : said.columns) {
    ColumnIndex column = kNoColumn;
    if (find_name(pair.key, column)) table.types[pair.key.text] = pair.value.text;
  }
}

void Compiler::output() {
  const Mapping::Output& out = mapping_.output;
  OutputFormat& format = plan_->output;
  if (out.separator.stated())
    format.separator = out.separator.text == "\\t" ? "\t" : out.separator.text;
  if (out.decimal_mark.stated()) format.decimal_mark = out.decimal_mark.text;
  format.thousands_mark = out.thousands_mark.text;
  if (out.header.stated()) format.header = out.header.on;
  format.for_excel = out.for_excel.on;
  table();
  format.numbers_as_text = plan_->format->obeys("numbers_as") && out.numbers_as.view() == "text";
  for (const Text& column : out.audit_columns) {
    format.audit_columns.push_back(column.text);
    const auto same =
        std::find_if(mapping_.columns.begin(), mapping_.columns.end(),
                     [&](const Column& c) { return c.name.text == column.text && !c.internal.on; });
    if (same != mapping_.columns.end())
      error(DiagnosticCode::name_repeated, column.span,
            {PhraseCode::a_column, column.text, std::to_string(same->name.span.line)});
  }
  format.rest = out.rest.on || !out.rest_without.empty();
  for (std::size_t i = 0; i < plan_->columns.size(); ++i) {
    const PlanColumn& column = plan_->columns[i];
    if (column.internal || column.in_each) continue;
    OutputColumn one;
    one.name = column.name;
    one.value = i;
    one.type = output_type(column);
    one.columns = column.object;
    one.format = column.format;
    one.blank_as = column.blank_as;
    one.blank_left_out = column.blank_left_out;
    format.columns.push_back(std::move(one));
  }
}

bool Compiler::is_wrong() const {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(),
                     [](const Diagnostic& d) { return severity(d.code) == Severity::error; });
}

std::unique_ptr<Plan> Compiler::run() {
  plan_->name = mapping_.name.text;
  output_format();
  as_list();
  json_in_text();
  rows();
  input();
  tables();
  const std::size_t first_path = plan_->paths.size();
  columns();
  const std::size_t end_path = plan_->paths.size();
  rules();
  only();
  check_field(mapping_.input.id, "id");
  duplicates();
  identity();
  places();
  personal();
  limits();
  output();
  rest(first_path, end_path);
  check_words();
  check_as_list();
  check_json_in_text();
  row_schema();
  if (is_wrong()) return nullptr;
  watches();
  source_columns();
  if (is_wrong()) return nullptr;
  plan_->pattern_bytes = patterns_.bytes();
  return std::move(plan_);
}

std::unique_ptr<Plan> compile(const CompileInput& input, Diagnostics& diagnostics) {
  return Compiler(input, diagnostics).run();
}

bool PlanLimit::crossed(std::uint64_t count, std::uint64_t of) const noexcept {
  if (!stated) return false;
  const auto wide = [](std::uint64_t n) { return Decimal{static_cast<Int128>(n), 0}; };
  if (!percent) return compare(wide(count), figure) > 0;
  // count / of > figure / 100, without a division
  Decimal left;
  Decimal right;
  const bool fits = multiply(wide(count), {100, 0}, left) == Reason::none &&
                    multiply(wide(of), figure, right) == Reason::none;
  return fits && compare(left, right) > 0;
}

}  // namespace trama
