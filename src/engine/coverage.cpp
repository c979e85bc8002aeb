#include "engine/coverage.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"
#include "step/args.h"
#include "step/lookup_table.h"

namespace trama {
namespace {

const Column* column_called(const std::vector<Column>& columns, std::string_view name) {
  for (const Column& column : columns) {
    if (column.name.text == name) return &column;
    if (const Column* child = column_called(column.columns, name)) return child;
  }
  return nullptr;
}

}  // namespace

Coverage::Coverage(const Plan& plan, const Mapping& mapping)
    : plan_(plan), mapping_(mapping), columns_(plan.columns.size()) {}

void Coverage::add(const Summary& summary) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const ColumnCounts& blanks = summary.columns[i];
    if (blanks.missing + blanks.null + blanks.empty < summary.rows) columns_[i] = true;
  }
  for (const auto& [kind, tally] : summary.errors) {
    if (kind.about.kind == About::Kind::rule) {
      if (kind.code == RecordCode::rule_broken) broken_.insert(kind.about.index);
    } else if (kind.about.kind == About::Kind::column && kind.code != RecordCode::rule_broken) {
      columns_[kind.about.index] = true;
    }
  }
  for (const Summary::Warning& warning : summary.warning_kinds)
    if (warning.told.reason == Reason::rule && warning.about.kind == About::Kind::rule)
      broken_.insert(warning.about.index);
}

std::vector<Coverage::Part> Coverage::parts() const {
  std::vector<Part> all;
  for (Part part : {columns(), entries(), choices(), rules()})
    if (part.all > 0) all.push_back(std::move(part));
  return all;
}

/// Those that read the record: a constant is never without its value. How many items `each` made is
/// not counted, so its columns are left to their lookups and choices.
Coverage::Part Coverage::columns() const {
  Part part{PhraseCode::coverage_columns, 0, {}};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const PlanColumn& column = plan_.columns[i];
    if (column.in_each || column.from == PlanColumn::From::constant) continue;
    ++part.all;
    if (!columns_[i]) part.not_exercised.emplace_back(column.name);
  }
  return part;
}

/// A table is told once, however many columns use it.
Coverage::Part Coverage::entries() const {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::pair<std::string_view, bool>>> tables;
  const auto add = [&](const PlanStep& step, const std::string& column) {
    if (step.spec != &kLookup) return;
    const auto& args = static_cast<const LookupArgs&>(*step.args);
    if (args.table == nullptr) return;  // it travels in the dump, or has lines by day
    const bool named = std::any_of(mapping_.tables.begin(), mapping_.tables.end(),
                                   [&](const Table& t) { return t.name.text == args.table_name; });
    const std::string name = args.table_name + (named ? "" : column);
    auto& table = tables[name];
    const LookupTable& entries = *args.table;
    if (table.empty()) {
      names.push_back(name);
      for (std::size_t i = 0; i < entries.size(); ++i) table.emplace_back(entries.shown(i), false);
    }
    for (std::size_t i = 0; i < entries.size() && i < table.size(); ++i)
      table[i].second = table[i].second || taken_.contains(&entries.entry(i));
  };
  for (const PlanColumn& column : plan_.columns) {
    for (const auto* steps : {&column.parts, &column.steps})
      for (const PlanStep& step : *steps) add(step, "");
    const auto helper = [&](const PlanHelper& field) {
      for (const PlanStep& step : field.steps) add(step, " of " + column.name);
    };
    for (const int zone : column.dynamic_zones)
      helper(plan_.zones[static_cast<std::size_t>(zone)].field);
    if (!column.money) continue;
    helper(column.money->currency_field);
    helper(column.money->minor_units_field);
    helper(column.money->convert_field);
  }
  Part part{PhraseCode::coverage_entries, 0, {}};
  for (const std::string& name : names) {
    std::vector<std::string_view> missing;
    for (const auto& [key, found] : tables[name]) {
      ++part.all;
      if (!found) missing.push_back(key);
    }
    for (const std::string_view key : missing)
      part.not_exercised.emplace_back(PhraseCode::coverage_of, std::vector<Phrase>{key, name});
  }
  return part;
}

Coverage::Part Coverage::choices() const {
  Part part{PhraseCode::coverage_choices, 0, {}};
  for (const PlanColumn& column : plan_.columns) {
    const Column* const written = column_called(mapping_.columns, column.name);
    for (std::size_t i = 0; i < column.choices.size(); ++i) {
      ++part.all;
      if (taken_.contains(&column.choices[i])) continue;
      const bool has_words = written != nullptr && i < written->choose.size();
      const Phrase when = column.choices[i].condition < 0 ? Phrase("otherwise")
                          : has_words
                              ? Phrase("when: " + written->choose[i].when.text)
                              : Phrase(PhraseCode::coverage_choice, {std::to_string(i + 1)});
      part.not_exercised.emplace_back(PhraseCode::coverage_of,
                                      std::vector<Phrase>{when, column.name});
    }
  }
  return part;
}

Coverage::Part Coverage::rules() const {
  Part part{PhraseCode::coverage_rules, plan_.rules.size(), {}};
  for (std::uint32_t i = 0; i < plan_.rules.size(); ++i)
    if (!broken_.contains(i)) part.not_exercised.emplace_back(plan_.rules[i].name);
  return part;
}

}  // namespace trama
