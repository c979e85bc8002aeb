#include "report/verify_report.h"

#include "base/phrase_codes.h"
#include "report/json_out.h"
#include "report/report_line.h"
#include "report/row_table.h"

namespace trama {
namespace {

void write_refused(JsonOut& json, const RefusedEvent& event) {
  json.open('{').key("event");
  event.id ? json.text(*event.id) : json.null();
  json.key("code").text(event.code).key("message").text(event.message);
  json.key("file").text(event.file).key("record").number(event.record);
  json.key("line").number(event.line).key("byte").number(event.byte).close('}');
}

class VerifyText {
 public:
  VerifyText(const VerifyReport& report, Language language) : report_(report), words_(language) {}

  std::string all() {
    line(words_(PhraseCode::verify_title,
                {words_.counted(PhraseCode::verify_read, report_.read), report_.scheme, window()}));
    if (!report_.has_ids) line(words_(PhraseCode::verify_no_ids));
    out_ += '\n';
    line("  " + words_.counted(PhraseCode::verify_accepted, report_.accepted));
    line("  " + words_.counted(PhraseCode::verify_refused, report_.refused));
    if (report_.secrets.size() > 1) {
      out_ += '\n';
      line(words_(PhraseCode::verify_secrets));
      for (const VerifyReport::Secret& secret : report_.secrets) {
        ReportLine one;
        one.right(grouped(secret.accepted), 12).add("  ").add(shortened(secret.name)).end(out_);
      }
    }
    for (const auto& [code, refusals] : report_.codes) {
      out_ += '\n';
      ReportLine head;
      head.add(code).add("  ").add(grouped(refusals.count)).end(out_);
      for (const RefusedEvent& event : refusals.first) refused(event);
    }
    return std::move(out_);
  }

 private:
  void line(const std::string& text) {
    ReportLine line;
    line.add(text).end(out_);
  }

  [[nodiscard]] Phrase window() const {
    if (!report_.signs_time) return PhraseCode::verify_signs_no_time;
    if (!report_.window) return PhraseCode::verify_window_none;
    return {PhraseCode::verify_window, {grouped(static_cast<std::uint64_t>(*report_.window))}};
  }

  void refused(const RefusedEvent& event) {
    ReportLine place;
    const std::string file = event.file == "-" ? "stdin" : event.file;
    place.add("  ").add(
        words_(PhraseCode::verify_record, {shortened(file, 48), grouped(event.record)}));
    if (event.id) place.add("  ").add(shortened(*event.id, 30));
    place.end(out_);
    constexpr std::size_t kIndent = 6;
    for (const std::string& part : wrap_words(visible(event.shown), kReportColumns - kIndent))
      (out_.append(kIndent, ' ') += part) += '\n';
  }

  const VerifyReport& report_;
  ReportWords words_;
  std::string out_;
};

}  // namespace

void VerifyReport::add(const RefusedEvent& event) {
  ++refused;
  Refusals& refusals = codes[event.code];
  ++refusals.count;
  if (refusals.first.size() < kShownRefusals) refusals.first.push_back(event);
}

std::string refused_line(const RefusedEvent& event) {
  JsonOut json;
  write_refused(json, event);
  return json.take() + '\n';
}

std::string verify_text(const VerifyReport& report, Language language) {
  return VerifyText(report, language).all();
}

std::string verify_json(const VerifyReport& report) {
  JsonOut json;
  json.open('{').key("scheme").text(report.scheme).key("window");
  report.window ? json.signed_number(*report.window) : json.null();
  json.key("read").number(report.read).key("accepted").number(report.accepted);
  json.key("refused").number(report.refused).key("secrets").open('[');
  for (const VerifyReport::Secret& secret : report.secrets) {
    json.open('{').key("env").text(secret.name).key("accepted").number(secret.accepted);
    json.close('}');
  }
  json.close(']').key("codes").open('{');
  for (const auto& [code, refusals] : report.codes) json.key(code).number(refusals.count);
  json.close('}').key("first").open('[');
  for (const auto& [code, refusals] : report.codes)
    for (const RefusedEvent& event : refusals.first) write_refused(json, event);
  json.close(']').close('}');
  return json.take() + '\n';
}

}  // namespace trama
