#include "report/reconcile_report.h"

#include <algorithm>
#include <iterator>

#include "base/phrase_codes.h"
#include "report/json_out.h"
#include "report/report_line.h"

namespace trama {
namespace {

using Kind = Difference::Kind;

constexpr std::size_t kShownFields = 3;  // of a difference
constexpr std::string_view kWords[] = {"missing", "extra", "different", "duplicate", "without_key"};
constexpr PhraseCode kTitles[] = {PhraseCode::reconcile_missing, PhraseCode::reconcile_extra,
                                  PhraseCode::reconcile_different, PhraseCode::reconcile_duplicate,
                                  PhraseCode::reconcile_without_key};
static_assert(std::size(kWords) == kDifferenceKinds && std::size(kTitles) == kDifferenceKinds);

void write_difference(JsonOut& json, const Difference& difference) {
  json.open('{').key("kind").text(word_of(difference.kind));
  json.key("key");
  if (difference.key.size() == 1) {
    json.text(difference.key.front());
  } else {
    json.open('[');
    for (const std::string& part : difference.key) json.text(part);
    json.close(']');
  }
  if (!difference.fields.empty()) {
    json.key("fields").open('{');
    for (const Difference::Field& field : difference.fields) {
      json.key(field.name).open('{').key("left").text(field.left);
      json.key("right").text(field.right).close('}');
    }
    json.close('}');
  }
  constexpr std::string_view kSides[] = {"left", "right"};
  for (std::size_t side = 0; side < difference.at.size(); ++side) {
    const Difference::Place& at = difference.at[side];
    if (at.records == 0) continue;
    json.key(kSides[side]).open('{').key("record").number(at.record);
    json.key("records").number(at.records).close('}');
  }
  json.close('}');
}

class ReconcileText {
 public:
  ReconcileText(const ReconcileReport& report, Language language)
      : report_(report), words_(language) {}

  std::string all() {
    line(words_(PhraseCode::reconcile_sides,
                {shown(report_.names[0]), grouped(report_.records[0]), shown(report_.names[1]),
                 grouped(report_.records[1])}));
    out_ += '\n';
    line("  " + words_(PhraseCode::reconcile_same, {grouped(report_.same)}));
    if (report_.young > 0)
      line("  " + words_(PhraseCode::reconcile_young, {grouped(report_.young)}));
    for (std::size_t kind = 0; kind < kDifferenceKinds; ++kind) {
      if (report_.counts[kind] == 0) continue;
      line("  " + words_(kTitles[kind], {grouped(report_.counts[kind])}));
    }
    fields();
    for (std::size_t kind = 0; kind < kDifferenceKinds; ++kind) examples(static_cast<Kind>(kind));
    return std::move(out_);
  }

 private:
  static std::string shown(const std::string& name) { return name == "-" ? "stdin" : name; }
  void line(const std::string& text) {
    ReportLine line;
    line.add(text).end(out_);
  }

  void fields() {
    if (report_.fields.empty()) return;
    using Entry = std::pair<std::string, std::uint64_t>;
    std::vector<Entry> sorted(report_.fields.begin(), report_.fields.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Entry& a, const Entry& b) { return a.second > b.second; });
    constexpr std::size_t kMostShown = 20;
    out_ += '\n';
    line(words_(PhraseCode::reconcile_fields));
    for (std::size_t i = 0; i < std::min(sorted.size(), kMostShown); ++i) {
      ReportLine one;
      one.right(grouped(sorted[i].second), 12).add("  ").add(shortened(sorted[i].first));
      one.end(out_);
    }
    if (sorted.size() > kMostShown)
      line("    " +
           words_(PhraseCode::reconcile_more_fields, {grouped(sorted.size() - kMostShown)}));
  }

  void examples(Kind kind) {
    const std::vector<Difference>& first = report_.first[static_cast<std::size_t>(kind)];
    if (first.empty()) return;
    out_ += '\n';
    line(words_(kTitles[static_cast<std::size_t>(kind)], {grouped(report_.count(kind))}));
    for (const Difference& one : first) {
      ReportLine example;
      example.add("    ").add(shortened(joined(one.key, " / "), 40));
      for (std::size_t side = 0; side < one.at.size(); ++side) {
        const Difference::Place& at = one.at[side];
        if (at.records == 0) continue;
        example.add("  ").add(words_(
            at.records == 1 ? PhraseCode::reconcile_record : PhraseCode::reconcile_records_of_key,
            {shortened(shown(report_.names[side]), 24), grouped(at.record), grouped(at.records)}));
      }
      example.end(out_);
      for (std::size_t i = 0; i < std::min(one.fields.size(), kShownFields); ++i) {
        const Difference::Field& field = one.fields[i];
        line("        " + shortened(field.name, 30) + ": " + value(field.left) + " | " +
             value(field.right));
      }
      if (one.fields.size() > kShownFields)
        line("        " + words_(PhraseCode::reconcile_more_fields,
                                 {grouped(one.fields.size() - kShownFields)}));
    }
  }

  std::string value(const std::string& text) {
    return text.empty() ? words_(PhraseCode::reconcile_nothing) : '"' + shortened(text, 24) + '"';
  }

  const ReconcileReport& report_;
  ReportWords words_;
  std::string out_;
};

}  // namespace

std::string_view word_of(Kind kind) noexcept {
  return kWords[static_cast<std::size_t>(kind)];
}

void ReconcileReport::add(const Difference& difference) {
  const auto kind = static_cast<std::size_t>(difference.kind);
  ++counts[kind];
  for (const Difference::Field& field : difference.fields) ++fields[field.name];
  if (first[kind].size() < kShownDifferences) first[kind].push_back(difference);
}

bool ReconcileReport::differs() const noexcept {
  return std::any_of(counts.begin(), counts.end(), [](std::uint64_t n) { return n > 0; });
}

std::string difference_line(const Difference& difference) {
  JsonOut json;
  write_difference(json, difference);
  return json.take() + '\n';
}

std::string reconcile_text(const ReconcileReport& report, Language language) {
  return ReconcileText(report, language).all();
}

std::string reconcile_json(const ReconcileReport& report) {
  JsonOut json;
  json.open('{').key("left").open('{').key("file").text(report.names[0]);
  json.key("records").number(report.records[0]).close('}');
  json.key("right").open('{').key("file").text(report.names[1]);
  json.key("records").number(report.records[1]).close('}');
  json.key("same").number(report.same).key("young").number(report.young);
  for (std::size_t kind = 0; kind < kDifferenceKinds; ++kind)
    json.key(kWords[kind]).number(report.counts[kind]);
  json.key("fields").open('{');
  for (const auto& [field, count] : report.fields) json.key(field).number(count);
  json.close('}').key("first").open('[');
  for (const std::vector<Difference>& of_kind : report.first)
    for (const Difference& one : of_kind) write_difference(json, one);
  json.close(']').close('}');
  return json.take() + '\n';
}

}  // namespace trama
