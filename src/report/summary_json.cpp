// --summary: the facts of a run as one JSON object, as schemas/summary.schema.json says. Members
// are only ever added.

#include <algorithm>
#include <string>

#include "base/terminal_text.h"
#include "base/utf8.h"
#include "json/json_text.h"
#include "report/json_out.h"
#include "report/shown_text.h"
#include "report/summary.h"
#include "report/words.h"
#include "text/catalogue.h"
#include "value/format.h"

namespace trama {
namespace {

void write_list(JsonOut& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).open('[');
  for (const std::string& text : texts) json.text(text);
  json.close(']');
}

std::vector<std::string> sentences(const std::vector<Phrase>& phrases, Language language) {
  std::vector<std::string> texts;
  for (const Phrase& phrase : phrases) texts.push_back(say(language, phrase));
  return texts;
}

std::string_view form_word(ToldValue::Form form) {
  switch (form) {
    case ToldValue::Form::none:
      break;
    case ToldValue::Form::plain:
      return "plain";
    case ToldValue::Form::quoted:
      return "quoted";
    case ToldValue::Form::hidden:
      return "hidden";
  }
  return {};
}

void write_inputs(JsonOut& json, const RunFacts& facts, Language language) {
  json.key("inputs").open('[');
  for (std::size_t i = 0; i < facts.inputs.size(); ++i) {
    const InputFacts input = i < facts.input_facts.size() ? facts.input_facts[i] : InputFacts();
    json.open('{').key("path").text(facts.inputs[i]);
    json.key("state").text(word_of(input.state));
    const bool known = !input.sha256.empty();
    if (known) json.key("bytes").number(input.bytes);
    if (known) json.key("sha256").text(input.sha256);
    if (!input.code.empty()) json.key("code").text(input.code);
    if (!input.message.empty()) json.key("message").text(say(language, input.message));
    json.close('}');
  }
  json.close(']');
}

void write_alerts(JsonOut& json, const RunFacts& facts, Language language) {
  json.key("alerts").open('[');
  for (const Alert& alert : facts.alerts) {
    json.open('{').key("code").text(name(alert.code));
    if (!alert.where.empty()) json.key("where").text(alert.where);
    json.key("message").text(say(language, alert.message()));
    std::vector<std::string> values;
    for (const Phrase& value : alert.values) values.push_back(say(language, value));
    write_list(json, "values", values);
    json.close('}');
  }
  json.close(']');
}

void write_facts(JsonOut& json, const RunFacts& facts, Language language) {
  json.key("trama").text(facts.trama);
  json.key("command").text(facts.replay ? "replay" : "run");
  json.key("run").text(facts.run);
  json.key("started").text(utc(facts.started));
  json.key("finished").text(utc(facts.finished));
  json.key("exit").number(static_cast<std::uint64_t>(facts.exit));
  json.key("mapping").text(facts.mapping);
  json.key("mapping_file").text(facts.mapping_file);
  json.key("mapping_sha256").text(facts.mapping_sha256);
  json.key("zone_data").text(facts.zone_data);
  write_inputs(json, facts, language);
  json.key("output").text(facts.output);
  json.key("output_state").text(facts.output_state);
  if (facts.load) {
    json.key("load").open('{').key("table").text(facts.load->table);
    json.key("inserted").number(facts.load->inserted);
    json.key("updated").number(facts.load->updated);
    json.key("deleted").number(facts.load->deleted).close('}');
  }
  json.key("rejects").text(facts.rejects);
}

void write_counts(JsonOut& json, const Summary& s, const RunFacts& facts) {
  json.key("records").open('{');
  json.key("read").number(s.read);
  json.key("written").number(s.written);
  json.key("rejected").number(s.rejected);
  json.key("skipped").number(s.skipped);
  json.key("duplicates").number(s.duplicates);
  json.close('}');
  if (s.operations) {
    json.key("operations").open('{');
    for (std::size_t i = 0; i < kOperations; ++i)
      json.key(word_of(static_cast<Operation>(i))).number((*s.operations)[i]);
    json.close('}');
  }
  json.key("balance").yes_or_no(s.balances());
  json.key("rows").number(s.rows);
  json.key("corrected").number(facts.corrected);
  json.key("items_left_out").number(s.items_left_out);
  json.key("made_safe").number(s.made_safe);
  json.key("bytes").number(s.bytes);
}

void write_columns(JsonOut& json, const Summary& s, const RunFacts& facts) {
  json.key("columns").open('[');
  for (std::size_t i = 0; i < facts.names.columns.size(); ++i) {
    const ColumnCounts c = i < s.columns.size() ? s.columns[i] : ColumnCounts{};
    json.open('{').key("name").text(facts.names.columns[i]);
    json.key("missing").number(c.missing);
    json.key("null").number(c.null);
    json.key("empty").number(c.empty);
    json.key("defaults").number(c.defaults);
    json.key("wrong_not_rejected").number(c.wrong_not_rejected);
    json.key("wrong_left_blank").number(c.wrong_blank);
    json.close('}');
  }
  json.close(']');
}

void write_tally(JsonOut& json, const Tally& tally, const RunFacts& facts) {
  json.key("count").number(tally.count);
  json.key("first").open('{');
  if (tally.first.source < facts.record_files().size())
    json.key("file").text(facts.record_files()[tally.first.source]);
  json.key("record").number(tally.first.record);
  json.key("line").number(tally.first.line);
  if (!tally.first.id.empty()) json.key("id").text(tally.first.id);
  if (!tally.first.item.empty()) json.key("item").text(tally.first.item);
  json.close('}');
}

void write_notices(JsonOut& json, const Summary& s, const RunFacts& facts, Language language) {
  json.key("notices").open('[');
  for (const auto& [key, tally] : s.notices) {
    if (key.first >= facts.names.columns.size()) continue;
    json.open('{').key("code").text(name(key.second));
    json.key("column").text(facts.names.columns[key.first]);
    json.key("message").text(say(language, key.second));
    write_tally(json, tally, facts);
    json.close('}');
  }
  json.close(']');
}

/// What an error or a warning is about. `where` is for people,
/// as a column and a rule may have one name.
void write_about(JsonOut& json, std::string_view where, About::Kind kind) {
  if (!where.empty()) json.key("where").text(where);
  if (kind == About::Kind::column || kind == About::Kind::rule)
    json.key("kind").text(kind == About::Kind::column ? "column" : "rule");
}

/// What the message is made of.
void write_told(JsonOut& json, const Told& told) {
  using Form = ToldValue::Form;
  json.key("reason").text(word(told.reason));
  json.key("values").open('[');
  const ToldValue* const values[] = {&told.a, &told.b};
  const std::size_t count = told.b.form != Form::none ? 2U : told.a.form != Form::none ? 1U : 0U;
  for (std::size_t i = 0; i < count; ++i) {
    json.open('{');
    if (values[i]->form != Form::none) json.key(form_word(values[i]->form)).text(values[i]->text);
    json.close('}');
  }
  json.close(']');
}

void write_errors(JsonOut& json, const Summary& s, const RunFacts& facts) {
  json.key("errors").open('[');
  for (const ListedError& error : listed_errors(s, facts.names)) {
    json.open('{').key("code").text(error.code);
    write_about(json, error.where, error.kind);
    write_tally(json, error.tally, facts);
    json.close('}');
  }
  json.close(']');
}

std::string_view form_word(TableHome::Form form) {
  switch (form) {
    case TableHome::Form::unclear:
    case TableHome::Form::dump:
      break;
    case TableHome::Form::block:
      return "yaml";
    case TableHome::Form::flow:
      return "yaml-braces";
    case TableHome::Form::json:
      return "json";
    case TableHome::Form::csv:
      return "csv";
  }
  return {};
}

/// The parts of a key, one of most tables.
void write_key(JsonOut& json, std::string_view value) {
  json.key("key").open('[');
  for (;;) {
    const std::size_t end = std::min(value.find(kBetweenKeyParts), value.size());
    json.text(value.substr(0, end));
    if (end == value.size()) break;
    value.remove_prefix(end + 1);
  }
  json.close(']');
}

void write_unknown(JsonOut& json, const Summary& s, const RunFacts& facts) {
  json.key("unknown_values").open('[');
  for (const auto& [key, those] : s.unknown) {
    if (key.first >= facts.names.columns.size()) continue;
    json.open('{').key("column").text(facts.names.columns[key.first]);
    if (key.second < facts.names.places.size())
      json.key("mapping_at").text(facts.names.places[key.second]);
    json.key("reason").text(word(those.reason));
    write_tally(json, those.tally, facts);
    if (those.hidden) json.key("hidden").yes_or_no(true);
    json.key("values").open('[');
    for (const UnknownValues::Value& value : those.values.most_frequent()) {
      json.open('{');
      write_key(json, value.text);
      json.key("count").number(value.count).close('}');
    }
    json.close(']');
    json.key("not_listed").number(those.values.not_kept());
    if (const auto found = facts.names.tables.find(key.second); found != facts.names.tables.end()) {
      const TableHome& table = found->second;
      json.key("table").open('{').key("name").text(table.name);
      if (table.form == TableHome::Form::dump) json.key("in_dump").yes_or_no(true);
      if (table.form > TableHome::Form::dump) {
        json.key("form").text(form_word(table.form));
        json.key("last").text(table.last);
        json.key("line").text(table.line);
      }
      json.close('}');
    }
    json.close('}');
  }
  json.close(']');
}

void write_warnings(JsonOut& json, const Summary& s, const RunFacts& facts, Language language) {
  json.key("warnings").open('{');
  json.key("count").number(s.warnings);
  json.key("not_listed").number(s.warnings_not_kept);
  json.key("codes").open('[');
  for (const ListedError& warning : listed_warnings(s, facts.names)) {
    json.open('{').key("code").text(warning.code);
    write_about(json, warning.where, warning.kind);
    write_tally(json, warning.tally, facts);
    json.close('}');
  }
  json.close(']');
  json.key("kinds").open('[');
  for (const Summary::Warning& kind : s.warning_kinds) {
    const WarningWords words = words_of(kind, facts.names, language);
    json.open('{').key("code").text(words.code);
    write_about(json, words.where, kind.about.kind);
    json.key("message").text(words.message);
    if (!words.column_message.empty()) json.key("column_message").text(words.column_message);
    if (kind.told.reason != Reason::none) write_told(json, kind.told);
    write_tally(json, kind.tally, facts);
    json.close('}');
  }
  json.close(']').close('}');
}

}  // namespace

std::string summary_json(const Summary& summary, const RunFacts& facts, Language language) {
  JsonOut json;
  json.open('{');
  write_facts(json, facts, language);
  write_counts(json, summary, facts);
  write_columns(json, summary, facts);
  write_errors(json, summary, facts);
  write_alerts(json, facts, language);
  write_unknown(json, summary, facts);
  write_warnings(json, summary, facts, language);
  write_notices(json, summary, facts, language);
  write_list(json, "notes", sentences(facts.notes, language));
  write_list(json, "endings", sentences(facts.endings, language));
  json.close('}');
  return json.take() + '\n';
}

}  // namespace trama
