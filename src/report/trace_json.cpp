// A trace as JSON (schemas/trace.schema.json): the facts of trace_text.cpp.

#include <array>
#include <string_view>

#include "base/version.h"
#include "report/json_out.h"
#include "report/trace_report.h"

namespace trama {
namespace {

using Form = TracedValue::Form;

constexpr std::array<std::string_view, 4> kStates = {"written", "rejected", "skipped", "duplicate"};
constexpr std::array<std::string_view, 15> kLines = {
    "read",  "constant",  "step", "condition", "computed", "rate",     "amount", "column",
    "given", "null_word", "note", "warning",   "error",    "not_made", "written"};
constexpr std::array<std::string_view, 5> kOutcomes = {"holds", "broken", "undecided", "failed",
                                                       "not_tried"};

template <typename Word, std::size_t count>
std::string_view word(const std::array<std::string_view, count>& words, Word of) {
  return words[static_cast<std::size_t>(of)];
}

std::string_view blank_name(Kind kind) {
  return kind == Kind::missing ? "missing" : kind == Kind::null ? "null" : "empty";
}

void add_stated(JsonOut& out, std::string_view key, const std::string& text) {
  if (!text.empty()) out.key(key).text(text);
}

void add(JsonOut& out, const TracedValue& value) {
  out.open('{');
  switch (value.form) {
    case Form::none:
      break;
    case Form::blank:
      out.key("blank").text(blank_name(value.blank));
      break;
    case Form::plain:
    case Form::quoted:
      out.key("text").text(value.text);
      if (value.form == Form::quoted) out.key("quoted").yes_or_no(true);
      break;
    case Form::hidden:
      out.key("hidden").yes_or_no(true);
      break;
    case Form::list:
      out.key("list").number(value.items);
      break;
    case Form::object:
      out.key("object").number(value.items);
      break;
  }
  out.close('}');
}

void add(JsonOut& out, const ErrorWords& error) {
  out.open('{').key("code").text(error.code);
  add_stated(out, "where", error.where);
  add_stated(out, "what", error.what);
  add_stated(out, "more", error.more);
  add_stated(out, "hint", error.hint);
  add_stated(out, "column_message", error.column_message);
  add_stated(out, "item", error.item);
  add_stated(out, "data_at", error.data_at);
  add_stated(out, "mapping_at", error.mapping_at);
  out.close('}');
}

void add(JsonOut& out, const std::vector<TraceLine::Operand>& operands) {
  if (operands.empty()) return;
  out.key("operands").open('[');
  for (const TraceLine::Operand& one : operands) {
    out.open('{').key("name").text(one.name).key("value");
    add(out, one.value);
    out.close('}');
  }
  out.close(']');
}

void add(JsonOut& out, const TraceLine& line) {
  out.open('{').key("kind").text(word(kLines, line.kind));
  add_stated(out, "label", line.label);
  if (line.value.form != Form::none) {
    out.key("value");
    add(out, line.value);
  }
  add_stated(out, "detail", line.detail);
  add_stated(out, "table", line.table);
  add_stated(out, "at", line.at);
  add(out, line.operands);
  if (line.words) {
    out.key("reason");
    add(out, *line.words);
  }
  out.close('}');
}

void add(JsonOut& out, const TracedColumn& column) {
  out.open('{').key("column").text(column.name).key("type").text(column.type);
  if (column.internal) out.key("internal").yes_or_no(true);
  if (column.personal) out.key("personal").yes_or_no(true);
  if (column.of_record) out.key("of_record").yes_or_no(true);
  if (column.failed) out.key("failed").yes_or_no(true);
  if (column.left_out) out.key("left_out").yes_or_no(true);
  out.key("row").number(column.row);
  add_stated(out, "item", column.item);
  out.key("lines").open('[');
  for (const TraceLine& line : column.lines) add(out, line);
  out.close(']');
  if (column.more_lines > 0) out.key("more_lines").number(column.more_lines);
  if (!column.failed) {
    out.key("value");
    add(out, column.value);
  }
  if (!column.columns.empty()) {
    out.key("columns").open('[');
    for (const TracedColumn& child : column.columns) add(out, child);
    out.close(']');
  }
  out.close('}');
}

void add(JsonOut& out, const TracedRule& rule, bool is_rule) {
  out.open('{');
  if (is_rule) out.key("rule").text(rule.name);
  out.key("check").text(rule.check).key("outcome").text(word(kOutcomes, rule.outcome));
  if (is_rule) out.key("row").number(rule.row);
  add_stated(out, "item", rule.item);
  if (rule.left_out) out.key("left_out").yes_or_no(true);
  add(out, rule.operands);
  out.close('}');
}

}  // namespace

std::string trace_json(const Trace& trace, const TraceFacts& facts) {
  JsonOut out;
  out.open('{').key("trama").text(version());
  out.key("mapping").text(facts.mapping).key("input").text(facts.input);
  out.key("record").number(trace.number).key("line").number(trace.line);
  add_stated(out, "id", trace.id);
  out.key("state").text(word(kStates, trace.state));
  add_stated(out, "duplicates", trace.why);
  out.key("errors").open('[');
  for (const ErrorWords& error : trace.errors) add(out, error);
  out.close(']');
  if (trace.more_errors > 0) out.key("more_errors").number(trace.more_errors);
  out.key("warnings").open('[');
  for (const WarningWords& warning : trace.warnings) {
    out.open('{').key("code").text(warning.code);
    add_stated(out, "where", warning.where);
    add_stated(out, "what", warning.message);
    add_stated(out, "column_message", warning.column_message);
    out.close('}');
  }
  out.close(']');
  if (trace.items_left_out > 0) out.key("items_left_out").number(trace.items_left_out);
  if (trace.only) {
    out.key("only");
    add(out, *trace.only, false);
  }
  out.key("columns").open('[');
  for (const TracedColumn& column : trace.columns) add(out, column);
  out.close(']');
  if (trace.more_columns > 0) out.key("more_columns").number(trace.more_columns);
  out.key("rules").open('[');
  for (const TracedRule& rule : trace.rules) add(out, rule, true);
  out.close(']');
  out.key("rows").open('[');
  for (const std::vector<Cell>& row : trace.rows) {
    out.open('{');
    for (std::size_t i = 0; i < row.size(); ++i) {
      out.key(trace.row_columns[i]).open('{');
      if (row[i].kind == Kind::text)
        out.key("text").text(row[i].text);
      else
        out.key("blank").text(blank_name(row[i].kind));
      out.close('}');
    }
    out.close('}');
  }
  out.close(']');
  if (trace.more_rows > 0) out.key("more_rows").number(trace.more_rows);
  out.close('}');
  return out.take() + '\n';
}

}  // namespace trama
