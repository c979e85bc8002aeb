#include "engine/mapping_profile.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/phrase_codes.h"
#include "mapping/path.h"
#include "report/profile_report.h"

namespace trama {
namespace {

/// Where a path of a profile leads.
RecordPlace place_of(const std::string& path) {
  RecordPlace place;
  Path parsed;
  Phrase problem;
  std::size_t at = 0;
  if (path.empty() || !parse_path(path, parsed, problem, at)) return place;
  for (const Path::Step& step : parsed.steps) {
    using Kind = PlaceStep::Kind;
    switch (step.kind) {
      case Path::StepKind::key:
        place.steps.push_back({Kind::key, step.key});
        break;
      case Path::StepKind::items:
        place.steps.push_back({Kind::items});
        break;
      case Path::StepKind::entries:
        place.steps.push_back({Kind::entries});
        break;
      default:
        break;
    }
  }
  if (path == "$key" || path.ends_with("}.$key")) {
    place.is_key = true;
    if (!place.steps.empty() && place.steps.back().kind == PlaceStep::Kind::key)
      place.steps.pop_back();
  }
  return place;
}

}  // namespace

std::string profile_file_of(const std::string& mapping) {
  std::filesystem::path path(mapping);
  return path.replace_extension(".profile.json").string();
}

Result<RecordedProfile> read_profile_file(const std::string& file, const std::string& command) {
  std::string text;
  Phrase why_not;
  if (!disk_reader()->read(file, text, why_not)) {
    if (why_not == Phrase(PhraseCode::there_is_no_such_file))
      return Failure{FailureCode::usage, {Phrase(PhraseCode::drift_no_profile, {file, command})}};
    return Failure{FailureCode::usage, {Phrase(PhraseCode::drift_bad_profile, {file, why_not})}};
  }
  RecordedProfile profile;
  if (Phrase problem = read_profile(text, profile); !problem.empty())
    return Failure{FailureCode::usage, {Phrase(PhraseCode::drift_bad_profile, {file, problem})}};
  return profile;
}

ReadPaths::ReadPaths(const Plan& plan) : plan_(plan) {
  const auto add = [this](const std::string& name, const std::vector<RecordPlace>& places) {
    Reader& reader = readers_.emplace_back();
    reader.name = name;
    for (const RecordPlace& place : places) reader.places.add(place);
  };
  for (std::size_t i = 0; i < plan.reads.size(); ++i) add(plan.columns[i].name, plan.reads[i]);
  for (const auto& [name, places] : plan.section_reads) add(name, places);
}

std::vector<std::string> ReadPaths::readers(const std::string& path) const {
  std::vector<std::string> names;
  if (path.empty()) return names;
  const RecordPlace place = place_of(path);
  for (const Reader& reader : readers_)
    if (reader.places.overlaps(place)) names.push_back(reader.name);
  return names;
}

std::vector<std::string> ReadPaths::personal_without(const std::vector<std::string>& paths) const {
  std::vector<RecordPlace> there;
  for (const std::string& path : paths)
    if (!path.empty()) there.push_back(place_of(path));
  const auto finds_something = [&there](const RecordPlace& place) {
    PersonalPlaces one;
    one.add(place);
    return std::any_of(there.begin(), there.end(), [&](const RecordPlace& path) {
      return path.steps.size() >= place.steps.size() && one.overlaps(path);
    });
  };
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    const std::vector<RecordPlace>& reads = plan_.reads[i];
    if (!plan_.columns[i].personal || plan_.columns[i].optional || reads.empty()) continue;
    if (std::none_of(reads.begin(), reads.end(), finds_something))
      names.push_back(plan_.columns[i].name);
  }
  return names;
}

bool ReadPaths::has_personal_keys(const std::string& path) const {
  const RecordPlace keys = place_of(path + "{*}.$key");
  const std::vector<RecordPlace>& all = plan_.personal.all();
  return std::any_of(all.begin(), all.end(), [&keys](const RecordPlace& place) {
    if (!place.is_key || place.steps.size() != keys.steps.size()) return false;
    PersonalPlaces one;
    one.add(place);
    return one.overlaps(keys);
  });
}

bool ReadPaths::is_personal(const std::string& path) const {
  return !plan_.personal.empty() && !path.empty() && plan_.personal.overlaps(place_of(path));
}

}  // namespace trama
