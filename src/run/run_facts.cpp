#include "run/run_facts.h"

#include "base/utf8.h"
#include "report/shown_text.h"
#include "source/path_watch.h"
#include "text/catalogue.h"
#include "value/zone.h"

namespace trama {

LoadFacts load_facts(const Summary& summary, const RunFacts& facts, const RunOptions& options) {
  LoadFacts made;
  made.run = facts.run;
  made.mapping = facts.mapping;
  made.mapping_sha256 = facts.mapping_sha256;
  made.started = utc_second(facts.started);
  made.finished = utc_second(facts.finished);
  made.read = summary.read;
  made.written = summary.written;
  made.rejected = summary.rejected;
  made.skipped = summary.skipped;
  made.duplicates = summary.duplicates;
  made.rows = summary.rows;
  made.again = options.again;
  for (std::size_t i = 0; i < options.inputs.size(); ++i) {
    const InputFacts& input = facts.input_facts[i];
    if (input.state == InputFacts::State::read && !input.sha256.empty())
      made.inputs.push_back({as_utf8(options.inputs[i]), input.bytes, input.sha256});
  }
  return made;
}

ReportNames names_of(const Plan& plan, const RunMapping& mapping, const RunOptions& options,
                     const std::string& run) {
  ReportNames names;
  names.language = options.languages.files;
  names.run = run;
  names.mapping = plan.name;
  names.mapping_sha256 = mapping.sha256;
  names.places = mapping.places;
  for (const std::string& input : options.inputs) names.sources.push_back(as_utf8(input));
  names.known = plan.known_keys;
  names.mask_source = options.rejects_without_personal;
  names.table = !options.rejects_csv.empty();
  names.page = !options.report.empty() && !options.dry_run;
  names.terms = mapping.terms;
  names.records_path =
      say(Language::en, written_path(mapping.source.records, mapping.source.entries));
  for (const PlanColumn& column : plan.columns)
    names.columns.push_back({.name = column.name,
                             .personal = column.personal,
                             .format = column.format,
                             .message = column.message});
  for (const PlanRule& rule : plan.rules)
    names.rules.push_back({rule.name, rule.message, rule.personal});
  names.personal = plan.personal;
  names.personal_words = plan.personal_words;
  return names;
}

SummaryNames summary_names(const Plan& plan, const RunMapping& mapping) {
  SummaryNames names;
  for (const PlanColumn& column : plan.columns) {
    names.columns.push_back(column.name);
    names.column_messages.push_back(column.message);
  }
  for (const PlanRule& rule : plan.rules) names.rules.push_back({rule.name, rule.message});
  names.places = mapping.places;
  for (const auto& [place, table] : plan.lookup_tables) {
    TableHome& home = names.tables[place] = table.home;
    if (table.last < mapping.places.size()) home.last = mapping.places[table.last];
  }
  return names;
}

Failure shown_failure(Failure failure, const Plan& plan) {
  if (failure.code == FailureCode::error_body && plan.error_body_personal)
    failure.values.back() = kHidden;
  return failure;
}

RunFacts facts_of(const RunMapping& mapping, const RunOptions& options) {
  RunFacts facts;
  facts.replay = options.replay;
  facts.command = options.command;
  facts.started = options.clock();
  facts.mapping_file = mapping.path;
  facts.mapping_sha256 = mapping.sha256;
  facts.mapping_reads = mapping.reads;
  facts.today = options.now;
  facts.zone_data = zone_data_version();
  facts.inputs = options.inputs;
  facts.output = options.output;
  facts.state = options.state;
  facts.output_state = "none";
  return facts;
}

}  // namespace trama
