// Profiles of texts, for tests.

#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/profile_run.h"
#include "report/profile_report.h"
#include "source/memory_input.h"

namespace trama {

struct ProfileCut {
  unsigned threads = 1;
  std::size_t split_bytes = kSplitBytes;
  std::size_t piece_bytes = kPieceBytes;
  std::size_t read_bytes = 0;  // at once; 0: all
};

inline Result<Profile> try_profile(std::vector<std::string> inputs, const ProfileCut& cut = {},
                                   InputFormat format = InputFormat::automatic) {
  ProfileOptions options;
  options.source.format = format;
  options.source.split_bytes = cut.split_bytes;
  options.piece_bytes = cut.piece_bytes;
  std::vector<MemoryInput> memory;
  for (std::string& input : inputs) {
    MemoryInput one{.bytes = std::move(input)};
    if (cut.read_bytes > 0) one.piece = [size = cut.read_bytes] { return size; };
    memory.push_back(std::move(one));
  }
  const std::unique_ptr<Source> source = source_of(std::move(memory), options.source);
  return profile_source(*source, cut.threads, options);
}

inline Profile profile_of(std::string input, const ProfileCut& cut = {},
                          InputFormat format = InputFormat::automatic) {
  Result<Profile> profile = try_profile({std::move(input)}, cut, format);
  REQUIRE(profile.ok());
  return std::move(profile.value());
}

/// All that is known, as text.
inline std::string told(const Profile& profile, std::size_t inputs = 1) {
  ProfileFacts facts;
  for (std::size_t i = 0; i < inputs; ++i) facts.inputs.emplace_back("input" + std::to_string(i));
  facts.shows_personal = true;
  std::string out;
  profile_json(profile, facts, Language::en, [&out](std::string_view part) { out += part; });
  return out;
}

/// The path as a mapping writes it, or null.
inline const PathNode* at_path(const Profile& profile, const std::string& path) {
  const PathNode* found = nullptr;
  each_path(*profile.root, [&](const PathNode& node) {
    if (node.path() == path && found == nullptr) found = &node;
  });
  return found;
}

inline const PathNode& need(const Profile& profile, const std::string& path) {
  const PathNode* const node = at_path(profile, path);
  INFO(path);
  REQUIRE(node != nullptr);
  return *node;
}

}  // namespace trama
