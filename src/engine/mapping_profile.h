// What a mapping has to do with profiles: the file that is kept beside it, what its columns read, and
// which values it calls personal.

#pragma once

#include <string>
#include <vector>

#include "engine/load.h"
#include "profile/profile.h"
#include "profile/recorded_profile.h"
#include "report/profile_report.h"
#include "run/drift_watch.h"

namespace trama {

/// `NAME.profile.json` beside the mapping `NAME.yaml`.
std::string profile_file_of(const std::string& mapping);

/// The profile in a file, or why there is none: a sentence that names the file. `command`:
/// what would make one.
Result<RecordedProfile> read_profile_file(const std::string& file, const std::string& command);
/// "trama profile INPUT --record MAPPING", to be typed.
std::string keeping_command(const std::string& input, const std::string& mapping);

/// Asks a plan about paths as profiles write them.
class ReadPaths {
 public:
  /// `plan` must stay.
  explicit ReadPaths(const Plan& plan);
  /// The columns that read it, something in it, or what it is in, in the order of the mapping; then
  /// the sections and rules that do: `only`, `id`.
  [[nodiscard]] std::vector<std::string> readers(const std::string& path) const;
  /// Personal columns that must be there and find nothing in a dump with these paths: what they read
  /// may be there under another name.
  [[nodiscard]] std::vector<std::string> personal_without(
      const std::vector<std::string>& paths) const;
  /// Whether the keys of the object there are: they name no paths that may be kept.
  [[nodiscard]] bool has_personal_keys(const std::string& path) const;
  /// Whether its values are personal, or have something in them that is.
  [[nodiscard]] bool is_personal(const std::string& path) const;
  /// The facts of a report that hides what the mapping calls personal. They are for as long as this.
  [[nodiscard]] ProfileFacts facts(ProfileFacts::For made_for) const;
  /// What is held against a profile that was kept: it knows no more than that one.
  [[nodiscard]] Result<RecordedProfile> comparable(const Profile& profile) const;

 private:
  const Plan& plan_;
  struct Reader {
    std::string name;
    PersonalPlaces places;
  };
  std::vector<Reader> readers_;  // the columns first
};

/// What `run --drift` asks, of the profile that is kept beside a mapping. `plan` must stay. `command`:
/// what would make such a profile.
Result<DriftWatch> watch_drift(const std::string& mapping, const Plan& plan,
                               const std::string& command);

}  // namespace trama
