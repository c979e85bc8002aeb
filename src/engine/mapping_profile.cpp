#include "engine/mapping_profile.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "mapping/path.h"
#include "profile/drift.h"
#include "report/drift_report.h"
#include "report/shown_text.h"

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

ProfileFacts ReadPaths::facts(ProfileFacts::For made_for) const {
  ProfileFacts facts;
  facts.says_personal = [this](const std::string& path) { return is_personal(path); };
  facts.says_personal_keys = [this](const std::string& path) { return has_personal_keys(path); };
  facts.made_for = made_for;
  return facts;
}

Result<RecordedProfile> ReadPaths::comparable(const Profile& profile) const {
  std::string text;
  profile_json(profile, facts(ProfileFacts::For::comparing), Language::en,
               [&text](std::string_view part) { text += json_shown(part); });
  RecordedProfile read;
  if (Phrase problem = read_profile(text, read); !problem.empty())
    return Failure{FailureCode::usage,
                   {Phrase(PhraseCode::drift_bad_profile, {PhraseCode::all_inputs, problem})}};
  return read;
}

std::string keeping_command(const std::string& input, const std::string& mapping) {
  return "trama profile " + shell_word(input) + " --record " + shell_word(mapping);
}

namespace {

/// What a run tells: what is no chance and hits something of the mapping, or all records.
std::vector<Alert> alerts_of(const RecordedProfile& before, const RecordedProfile& after,
                             const ReadPaths& reads, const std::string& file) {
  const DriftFacts facts{before, after, file, {}, {}};
  std::vector<Alert> alerts;
  for (const Drift& drift : compare(before, after)) {
    if (drift.chance) continue;
    const RecordedPath* const path = drift.before != nullptr ? drift.before : drift.after;
    const std::vector<std::string> readers =
        path == nullptr ? std::vector<std::string>() : reads.readers(path->path);
    if (path != nullptr && readers.empty()) continue;
    const Phrase field = path == nullptr ? Phrase(PhraseCode::drift_all_records) : path->path;
    alerts.push_back({NoticeCode::drift, joined(readers), {field, message_of(drift, facts), file}});
  }
  return alerts;
}

}  // namespace

Result<DriftWatch> watch_drift(const std::string& mapping, const Plan& plan,
                               const std::string& command) {
  const std::string file = profile_file_of(mapping);
  TRAMA_TRY(RecordedProfile kept, read_profile_file(file, command));
  const auto before = std::make_shared<const RecordedProfile>(std::move(kept));
  const auto reads = std::make_shared<const ReadPaths>(plan);
  DriftWatch watch;
  watch.reads = [reads](const std::string& path) { return !reads->readers(path).empty(); };
  watch.judge = [before, reads, file](const Profile& profile) -> Result<std::vector<Alert>> {
    TRAMA_TRY(const RecordedProfile after, reads->comparable(profile));
    return alerts_of(*before, after, *reads, file);
  };
  return watch;
}

}  // namespace trama
