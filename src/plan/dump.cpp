// Plan::dump: one line a step, made to be read in a diff (`check --plan`).

#include "plan/plan.h"

namespace trama {
namespace {

std::string_view kind_name(Kind kind) noexcept {
  static constexpr std::string_view kNames[] = {"missing",  "null",     "empty", "text",
                                                "decimal",  "boolean",  "date",  "time",
                                                "datetime", "duration", "json"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view from_name(PlanColumn::From from) noexcept {
  static constexpr std::string_view kNames[] = {
      "get",     "get",         "first-of",    "constant",  "compute", "choose",
      "rate-of", "rate-day-of", "currency-of", "composite", "each"};
  return kNames[static_cast<std::size_t>(from)];
}

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  if (text.size() < width) out.append(width - text.size(), ' ');
}

void append_errors(std::string& out, const StepSpec& spec) {
  bool first = true;
  for (const RecordCode code : spec.errors) {
    out += first ? "  else " : ", ";
    out += name(code);
    first = false;
  }
}

}  // namespace

std::string Plan::dump(std::string_view only_column) const {
  std::string out;
  const auto table_in_dump = [this](const PlanStep& step) {
    if (step.fn != lookup_in_dump) return std::string();
    return "inside " + dump_tables[static_cast<const LookupArgs&>(*step.args).dump_table].path +
           "  ";
  };
  for (const PlanColumn& column : columns) {
    if (!only_column.empty() && column.name != only_column) continue;
    out += column.name;
    out += "  ";
    out += kind_name(column.format.kind);
    if (column.level > 0) out += "  rows level " + std::to_string(column.level);
    if (column.internal) out += "  internal";
    out += '\n';
    int n = 0;
    const auto line = [&](std::string_view word, std::string_view rest) {
      out += "  ";
      append_padded(out, std::to_string(n++), 3);
      append_padded(out, word, 14);
      out += rest;
    };
    std::string sources;
    for (const PathIndex path : column.paths)
      sources += (sources.empty() ? "" : ", ") + paths[path].text;
    append_padded(sources, "", 0);
    const bool pick = column.paths.size() == 1 && paths[column.paths.front()].pick >= 0;
    line(pick ? "pick" : from_name(column.from),
         sources.empty() ? "" : sources + (column.required ? "  required" : "  blank allowed"));
    out += '\n';
    for (const auto* list : {&column.parts, &column.steps, &column.finish, &column.checks}) {
      for (const PlanStep& step : *list) {
        line(step.spec->name, table_in_dump(step));
        out += "-> ";
        append_padded(
            out,
            kind_name(step.spec->gives == Kind::missing ? column.format.kind : step.spec->gives),
            9);
        append_errors(out, *step.spec);
        out += '\n';
      }
    }
    if (column.money) {
      line("convert", column.money->convert_to.empty()
                          ? ""
                          : "to " + column.money->convert_to + " by " + column.money->rates_name);
      out += '\n';
    }
    line("write", column.format.pattern ? std::string(column.format.pattern->words())
                                        : std::string("plain"));
    out += '\n';
  }
  return out;
}

}  // namespace trama
