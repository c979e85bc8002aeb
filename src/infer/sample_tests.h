// Records of the dump as they may stand in a draft: each value of a personal place is replaced by one
// of the same shape.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profile/profile.h"

namespace trama {

/// A record as `given` of a test: YAML between brackets, in lines that fit.
struct SampleTest {
  std::uint64_t number = 0;  // of the record
  bool replaced = false;     // personal values were
  std::vector<std::string> lines;
};

/// The first records that are short enough to be read, at most `most`.
std::vector<SampleTest> sample_tests(const Profile& profile, std::size_t most);

/// A text of the same shape that tells nothing: letters become x, digits 1;
/// what stands between them stays.
std::string same_shape(std::string_view text, bool keep_letters);

}  // namespace trama
