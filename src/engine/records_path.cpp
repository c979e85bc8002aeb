#include "engine/records_path.h"

#include <string>

#include "base/phrase_codes.h"
#include "mapping/path.h"

namespace trama {

void set_records(const Path& records, SourceOptions& out) {
  for (const Path::Step& step : records.steps) {
    if (step.kind == Path::StepKind::entries) out.entries = true;
    if (step.kind == Path::StepKind::key) out.records.push_back(step.key);
    if (step.kind == Path::StepKind::index) out.records.push_back(std::to_string(step.index));
  }
}

bool read_records_path(std::string_view text, SourceOptions& out, Phrase& problem) {
  out.records_stated = true;
  if (text == "{*}") {
    out.entries = true;
    return true;
  }
  Path path;
  std::size_t at = 0;
  if (!parse_path(text, path, problem, at)) return false;
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const Path::Step& step = path.steps[i];
    const bool last = i + 1 == path.steps.size();
    const bool one =
        step.kind == Path::StepKind::key || (step.kind == Path::StepKind::index && step.index >= 0);
    const bool all =
        last && (step.kind == Path::StepKind::items || step.kind == Path::StepKind::entries);
    if (one || all) continue;
    problem = PhraseCode::it_must_lead_to_one_place;
    return false;
  }
  set_records(path, out);
  return true;
}

}  // namespace trama
