// What is said of a profile to people, in words that have no layout yet:
// profile_text and profile_html show them.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profile/profile.h"
#include "profile/value_forms.h"
#include "report/profile_report.h"
#include "report/report_line.h"

namespace trama {

/// One path. Texts of the dump are shortened, not yet made visible.
struct PathWords {
  std::string path;
  std::uint64_t filled = 0;
  std::uint64_t parents = 0;  // objects that could have it
  std::uint64_t missing = 0;
  std::uint64_t null = 0;
  std::uint64_t empty = 0;
  std::vector<std::string> kinds;  // of several each with its count
  std::string distinct;            // "≈ 12,000", or nothing
  std::vector<std::string> what;   // what its values are
  std::vector<std::string> blanks;
  std::vector<std::string> notes;  // what is not as most values are
  struct Count {
    std::string value;
    std::uint64_t count = 0;
    bool is_exact = true;  // else it is so many at least
  };
  std::vector<Count> values;          // the most frequent
  std::vector<std::string> examples;  // with their places: "x (3:10)"
  std::string range;
  bool hidden = false;     // personal or secret: there are no values
  bool estimated = false;  // `distinct` is
};

/// Whether a path is shown: objects that are always there say nothing that their members do not.
bool is_shown(const PathNode& node);

PathWords path_words(const PathNode& node, const Profile& profile, const ProfileFacts& facts,
                     const ValueForms& forms, const ReportWords& words);

/// "a.json + b.json", of many the first.
std::string inputs_of(const ProfileFacts& facts, const ReportWords& words);
/// "1,204 records read, 31 paths, 1 not readable"
std::string counts_of(const Profile& profile, const ReportWords& words);

/// What is to be said once, below the paths.
struct ProfileNotes {
  bool hidden = false;
  bool estimated = false;

  void add(const PathWords& path) {
    hidden = hidden || path.hidden;
    estimated = estimated || path.estimated;
  }
  [[nodiscard]] std::vector<std::string> all(const Profile& profile,
                                             const ReportWords& words) const;
};

}  // namespace trama
