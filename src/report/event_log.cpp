#include "report/event_log.h"

#include <string_view>

#include "report/json_out.h"
#include "report/shown_text.h"
#include "report/words.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class Events {
 public:
  Events(const RunFacts& facts, std::int64_t time) : facts_(facts), time_(utc(time)) {}

  JsonOut& open(std::string_view event, std::string_view level) {
    json_ = {};
    json_.open('{').key("time").text(time_).key("level").text(level).key("event").text(event);
    json_.key("run").text(facts_.run).key("mapping");
    json_.text(facts_.mapping.empty() ? facts_.mapping_file : facts_.mapping);
    return json_;
  }
  void close() {
    json_.close('}');
    lines_ += json_.take() + '\n';
  }
  void message(std::string_view event, std::string_view level, const std::string& text) {
    open(event, level).key("message").text(text);
    close();
  }
  void counted(std::string_view event, std::string_view level,
               const std::vector<ListedError>& all) {
    for (const ListedError& one : all) {
      JsonOut& json = open(event, level).key("code").text(one.code);
      if (!one.where.empty()) json.key("where").text(one.where);
      json.key("count").number(one.tally.count);
      close();
    }
  }
  std::string take() { return std::move(lines_); }

 private:
  const RunFacts& facts_;
  std::string time_;
  JsonOut json_;
  std::string lines_;
};

void add_inputs(Events& events, const RunFacts& facts, Language language) {
  for (std::size_t i = 0; i < facts.inputs.size() && i < facts.input_facts.size(); ++i) {
    const InputFacts& input = facts.input_facts[i];
    const bool refused = input.state == InputFacts::State::refused;
    JsonOut& json = events.open("input", refused ? "error" : "info");
    json.key("path").text(facts.inputs[i]).key("state").text(word_of(input.state));
    if (!input.sha256.empty()) json.key("bytes").number(input.bytes);
    if (!input.sha256.empty()) json.key("sha256").text(input.sha256);
    if (!input.code.empty()) json.key("code").text(input.code);
    if (!input.message.empty()) json.key("message").text(say(language, input.message));
    events.close();
  }
}

}  // namespace

std::string begin_event(const RunFacts& facts) {
  Events events(facts, facts.started);
  JsonOut& json = events.open("begin", "info").key("trama").text(facts.trama);
  json.key("mapping_file").text(facts.mapping_file).key("inputs").open('[');
  for (const std::string& input : facts.inputs) json.text(input);
  json.close(']').key("output").text(facts.output);
  events.close();
  return events.take();
}

std::string end_events(const Summary& summary, const RunFacts& facts, Language language) {
  Events events(facts, facts.finished);
  add_inputs(events, facts, language);
  events.counted("errors", "warning", listed_errors(summary, facts.names));
  events.counted("warnings", "warning", listed_warnings(summary, facts.names));
  for (const Alert& alert : facts.alerts) {
    JsonOut& json = events.open("alert", "warning").key("code").text(name(alert.code));
    if (!alert.where.empty()) json.key("where").text(alert.where);
    json.key("message").text(say(language, alert.message()));
    events.close();
  }
  for (const Phrase& note : facts.notes) events.message("note", "info", say(language, note));
  const bool good = facts.exit <= 1;
  for (const Phrase& ending : facts.endings)
    events.message("ending", good ? "info" : "error", say(language, ending));
  JsonOut& json = events.open("end", good ? "info" : "error");
  json.key("exit").number(static_cast<std::uint64_t>(facts.exit));
  json.key("output").text(facts.output).key("output_state").text(facts.output_state);
  json.key("rejects").text(facts.rejects).key("read").number(summary.read);
  json.key("written").number(summary.written).key("rejected").number(summary.rejected);
  json.key("skipped").number(summary.skipped).key("duplicates").number(summary.duplicates);
  json.key("rows").number(summary.rows).key("bytes").number(summary.bytes);
  json.key("milliseconds").signed_number(facts.finished - facts.started);
  events.close();
  return events.take();
}

}  // namespace trama
