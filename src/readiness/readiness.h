// Readiness: the points that an integration which runs unattended has (points.inc), looked for in the sources,
// receivers, targets and mappings of a folder, each with the line that shows it.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "base/result.h"
#include "base/span.h"
#include "engine/mapping_files.h"
#include "mapping/mapping.h"

namespace trama {

struct ReadinessPoint {
  FileKind kind;
  std::string_view name;
  std::string_view words;
  PhraseCode title;
  std::string_view help;
};
std::span<const ReadinessPoint> readiness_points() noexcept;

enum class PointState : std::uint8_t { done, missing, not_applicable };
std::string_view word_of(PointState state) noexcept;

/// One file, of a point: where it is done, or that it is missing (line 0).
struct PointAt {
  std::string file;
  std::uint32_t line = 0;

  [[nodiscard]] bool done() const noexcept { return line != 0; }
};

struct PointFound {
  const ReadinessPoint* point = nullptr;
  std::vector<PointAt> at{};  // of each file that it is about

  [[nodiscard]] PointState state() const noexcept;
};

struct ReadinessReport {
  std::string folder;
  std::vector<PointFound> points{};  // all of them, in their order

  [[nodiscard]] std::size_t count(PointState state) const noexcept;
};

/// What is wrong with a file, of which nothing else can be said then.
struct WrongFile {
  Files files;
  Diagnostics diagnostics;
};

struct ReadinessRead {
  ReadinessReport report;
  std::vector<WrongFile> wrong{};
};

/// usage: there is no file of these kinds; file_unreadable.
Result<ReadinessRead> read_readiness(const std::string& folder, const std::string& root);

}  // namespace trama
