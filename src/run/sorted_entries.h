// SortedEntries: more than fits in memory, put in and taken out in the order of its keys: runs that
// are sorted in memory and written to TMPDIR, then merged.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "run/temporary_file.h"

namespace trama {

/// Ordered by key (as bytes), then side, then number.
struct SortedEntry {
  std::string_view key;
  unsigned side = 0;         // 0 or 1
  std::uint64_t number = 0;  // below 2^63
  std::string_view payload;
};

class SortedEntries {
 public:
  /// Takes about `memory` bytes, and those of the largest entry.
  explicit SortedEntries(std::size_t memory);
  ~SortedEntries();
  SortedEntries(const SortedEntries&) = delete;
  SortedEntries& operator=(const SortedEntries&) = delete;

  /// output_unwritable: TMPDIR is full, or the like.
  Result<void> add(const SortedEntry& entry);
  /// No entry follows.
  Result<void> finish();
  /// The next one, valid until the one after it is asked for. False: that was the last.
  Result<bool> next(SortedEntry& out);

 private:
  struct Place;
  class Run;
  Result<void> spill();
  Result<void> merge_all();
  void sort();

  std::size_t memory_;
  std::string texts_;          // entries as they are written, one behind the other
  std::vector<Place> places_;  // of them
  std::size_t at_ = 0;         // of places_, where all is in memory
  std::vector<std::unique_ptr<Run>> runs_;
  Run* last_ = nullptr;  // whose entry was given, and is to be passed over
};

}  // namespace trama
