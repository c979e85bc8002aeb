// Plan::dump: one line a step, made to be read in a diff (`check --plan`).

#include <span>
#include <string>
#include <vector>

#include "json/json_text.h"
#include "plan/output_type.h"
#include "plan/plan.h"
#include "step/args.h"

namespace trama {
namespace {

std::string_view from_name(PlanColumn::From from) noexcept {
  static constexpr std::string_view kNames[] = {
      "get",     "get",         "first-of",    "constant",  "compute", "choose",
      "rate-of", "rate-day-of", "currency-of", "composite", "each",    "total-of"};
  return kNames[static_cast<std::size_t>(from)];
}

/// "decimal(6,2)  never blank"
std::string type_words(const PlanColumn& column) {
  const OutputType type = output_type(column);
  std::string words(kind_name(column.format.kind));
  if (type.scale != kOpenScale)
    words += '(' + std::to_string(type.precision) + ',' + std::to_string(type.scale) + ')';
  if (type.kind != column.format.kind) words += "  or text as it came";
  if (!type.nullable) words += "  never blank";
  return words;
}

std::string type_json(const PlanColumn& column) {
  const OutputType type = output_type(column);
  std::string json = "{\"kind\": \"" + std::string(kind_name(type.kind)) + '"';
  if (type.precision > 0) json += ", \"precision\": " + std::to_string(type.precision);
  if (type.scale != kOpenScale) json += ", \"scale\": " + std::to_string(type.scale);
  return json + ", \"nullable\": " + (type.nullable ? "true" : "false") + '}';
}

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  if (text.size() < width) out.append(width - text.size(), ' ');
}

void append_errors(std::string& out, std::span<const RecordCode> errors) {
  bool first = true;
  for (const RecordCode code : errors) {
    out += first ? "  else " : ", ";
    out += name(code);
    first = false;
  }
}

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// A line of a column: what is done, with what, and what can go wrong.
struct DumpedStep {
  std::string word;
  std::string rest;
  std::span<const RecordCode> errors{};
};

std::vector<DumpedStep> steps_of(const Plan& plan, const PlanColumn& column) {
  std::vector<DumpedStep> all;
  std::string sources;
  for (const PathIndex path : column.paths)
    sources += (sources.empty() ? "" : ", ") + plan.paths[path].text;
  if (!sources.empty()) sources += column.required ? "  required" : "  blank allowed";
  const bool pick = column.paths.size() == 1 && plan.paths[column.paths.front()].pick >= 0;
  all.push_back({pick ? "pick" : std::string(from_name(column.from)), sources});
  std::string fitting;
  for (const PlanCondition& condition : column.each_where)
    fitting += (fitting.empty() ? "" : ", ") + condition.where.text;
  if (!fitting.empty()) all.push_back({"where", fitting});
  if (column.blank_column != kNoColumn)
    all.push_back({"when blank", "the column " + plan.columns[column.blank_column].name});
  if (column.blank_path != kNoPath)
    all.push_back({"when blank", plan.paths[column.blank_path].text});
  if (!column.split_by.empty())
    all.push_back({"split", "all parts between " + quoted(column.split_by)});
  for (const auto* list : {&column.parts, &column.steps, &column.finish, &column.checks}) {
    for (const PlanStep& step : *list) {
      std::string rest;
      if (step.fn == lookup_in_dump)
        rest = "inside " +
               plan.dump_tables[static_cast<const LookupArgs&>(*step.args).dump_table].path + "  ";
      if (step.fn == lookup_by_day) rest = "on " + plan.columns[column.lookup_on].name + "  ";
      rest += "-> ";
      append_padded(
          rest,
          kind_name(step.spec->gives == Kind::missing ? column.format.kind : step.spec->gives), 9);
      all.push_back({std::string(step.spec->name), std::move(rest), step.spec->errors});
    }
  }
  if (column.money) {
    std::string rest;
    if (const PlanMoney& money = *column.money; money.converts()) {
      rest = "to ";
      rest += money.convert_field.stated() ? plan.paths[money.convert_field.path].text
                                           : money.convert_to;
      rest += " by " + money.rates_name;
      if (money.dump_rates < plan.dump_rates.size())
        rest += " inside " + plan.dump_rates[money.dump_rates].path;
    }
    all.push_back({"convert", std::move(rest)});
  }
  all.push_back({"write", column.format.pattern ? std::string(column.format.pattern->words())
                                                : std::string("plain")});
  return all;
}

}  // namespace

std::string Plan::dump(std::string_view only_column) const {
  std::string out;
  for (const PlanColumn& column : columns) {
    if (!only_column.empty() && column.name != only_column) continue;
    out += column.name;
    out += "  ";
    out += type_words(column);
    if (column.own_level > 0) out += "  rows level " + std::to_string(column.own_level);
    if (column.level > column.own_level)
      out += "  made again at rows level " + std::to_string(column.level);
    if (column.internal) out += "  internal";
    out += '\n';
    int n = 0;
    for (const DumpedStep& step : steps_of(*this, column)) {
      out += "  ";
      append_padded(out, std::to_string(n++), 3);
      append_padded(out, step.word, 14);
      out += step.rest;
      append_errors(out, step.errors);
      out += '\n';
    }
  }
  return out;
}

std::string Plan::dump_json(std::string_view only_column) const {
  std::string out;
  for (const PlanColumn& column : columns) {
    if (!only_column.empty() && column.name != only_column) continue;
    out += out.empty() ? "\n{" : ",\n{";
    out += "\"column\": " + quoted(column.name) +
           ", \"kind\": " + quoted(kind_name(column.format.kind)) +
           ", \"type\": " + type_json(column) +
           ", \"rows_level\": " + std::to_string(column.level) +
           ", \"internal\": " + (column.internal ? "true" : "false") + ", \"steps\": [";
    const char* before = "";
    for (const DumpedStep& step : steps_of(*this, column)) {
      out += before;
      before = ", ";
      std::string_view rest = step.rest;
      rest = rest.substr(0, rest.find_last_not_of(' ') + 1);
      out += "{\"step\": " + quoted(step.word) + ", \"with\": " + quoted(rest) + ", \"errors\": [";
      for (std::size_t i = 0; i < step.errors.size(); ++i)
        out += (i == 0 ? "" : ", ") + quoted(trama::name(step.errors[i]));
      out += "]}";
    }
    out += "]}";
  }
  return '[' + out + (out.empty() ? "]" : "\n]");
}

}  // namespace trama
