#include "readiness/readiness_report.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "report/html_page.h"
#include "report/json_out.h"
#include "report/report_line.h"
#include "report/words.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::array<std::pair<FileKind, PhraseCode>, 4> kKinds = {
    {{FileKind::source, PhraseCode::ready_sources},
     {FileKind::receiver, PhraseCode::ready_receivers},
     {FileKind::target, PhraseCode::ready_targets},
     {FileKind::mapping, PhraseCode::ready_mappings}}};

PhraseCode words_of(PointState state) {
  switch (state) {
    case PointState::done:
      return PhraseCode::ready_done;
    case PointState::missing:
      return PhraseCode::ready_missing;
    default:
      return PhraseCode::ready_not_applicable;
  }
}

/// bookings.yaml:12; of a file in which it is missing its name.
std::string shown_place(const PointAt& at) {
  return at.done() ? visible(at.file) + ':' + std::to_string(at.line) : visible(at.file);
}

Phrase verdict_of(const ReadinessReport& report) {
  return {PhraseCode::ready_verdict,
          {std::to_string(report.count(PointState::done)),
           std::to_string(report.count(PointState::missing)),
           std::to_string(report.count(PointState::not_applicable))}};
}

bool has_any(const ReadinessReport& report, FileKind kind) {
  for (const PointFound& one : report.points)
    if (one.point->kind == kind && !one.at.empty()) return true;
  return false;
}

/// The files that are to be shown of a point: where it is missing those that lack it.
std::vector<const PointAt*> shown(const PointFound& one) {
  std::vector<const PointAt*> out;
  const bool missing = one.state() == PointState::missing;
  for (const PointAt& at : one.at)
    if (!missing || !at.done()) out.push_back(&at);
  return out;
}

}  // namespace

std::string readiness_text(const ReadinessReport& report, Language language) {
  const ReportWords words(language);
  constexpr std::size_t kTitle = 12;
  constexpr std::size_t kPlaces = 3;
  std::string out;
  const auto line = [&out](const std::string& text) {
    ReportLine one;
    one.add(text).end(out);
  };
  line(words(PhraseCode::ready_title, {visible(report.folder)}));
  line(say(language, verdict_of(report)));
  for (const auto& [kind, title] : kKinds) {
    out += '\n';
    if (!has_any(report, kind)) {
      line(words(PhraseCode::ready_none, {Phrase(title)}));
      continue;
    }
    line(words(title));
    for (const PointFound& one : report.points) {
      if (one.point->kind != kind) continue;
      ReportLine head;
      head.add("  ").add(words(words_of(one.state()))).to(kTitle);
      head.add(words(one.point->title)).end(out);
      const std::vector<const PointAt*> places = shown(one);
      for (std::size_t i = 0; i < std::min(places.size(), kPlaces); ++i) {
        ReportLine place;
        place.to(kTitle).add("  ").add(shown_place(*places[i])).end(out);
      }
      if (places.size() > kPlaces) {
        ReportLine more;
        more.to(kTitle).add("  ");
        more.add(words(PhraseCode::ready_more, {std::to_string(places.size() - kPlaces)})).end(out);
      }
      if (one.state() != PointState::missing) continue;
      ReportLine help;
      help.to(kTitle).add("  + ").add(one.point->help).end(out);
    }
  }
  return out;
}

std::string readiness_json(const ReadinessReport& report, Language language) {
  const ReportWords words(language);
  JsonOut json;
  json.open('{').key("folder").text(report.folder);
  json.key("done").number(report.count(PointState::done));
  json.key("missing").number(report.count(PointState::missing));
  json.key("not_applicable").number(report.count(PointState::not_applicable));
  json.key("points").open('[');
  for (const PointFound& one : report.points) {
    json.open('{').key("point").text(one.point->name).key("state").text(word_of(one.state()));
    json.key("title").text(words(one.point->title)).key("help").text(one.point->help);
    json.key("at").open('[');
    for (const PointAt& at : one.at) {
      json.open('{').key("file").text(at.file).key("line");
      at.done() ? json.number(at.line) : json.null();
      json.close('}');
    }
    json.close(']').close('}');
  }
  return json_shown(json.close(']').close('}').take() + '\n');
}

std::string readiness_html(const ReadinessReport& report, Language language) {
  const ReportWords words(language);
  HtmlPage page(words(PhraseCode::ready_title, {visible(report.folder)}), language);
  page.verdict(say(language, verdict_of(report)),
               report.count(PointState::missing) == 0 ? Tone::good : Tone::bad);
  for (const auto& [kind, title] : kKinds) {
    page.section(words(title));
    if (!has_any(report, kind)) {
      page.note(words(PhraseCode::ready_none, {Phrase(title)}));
      continue;
    }
    HtmlTable table(page.out(), "list",
                    {{words(PhraseCode::ready_point)},
                     {words(PhraseCode::ready_state), true},
                     {words(PhraseCode::ready_where)},
                     {words(PhraseCode::ready_help)}});
    for (const PointFound& one : report.points) {
      if (one.point->kind != kind) continue;
      table.row();
      table.head().text(words(one.point->title)).close();
      table.cell(words(words_of(one.state())));
      std::string places;
      for (const PointAt* at : shown(one))
        (places += places.empty() ? "" : ", ") += shown_place(*at);
      table.cell(places);
      table.cell(one.state() == PointState::missing ? std::string(one.point->help) : "");
    }
    table.end(words);
  }
  return page.end();
}

}  // namespace trama
