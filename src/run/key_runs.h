// KeyRun: keys with what is known of each, in the order of (hash, key), in a temporary file. Runs
// are written one behind the other, merged several at once, and asked for single keys.
//
// An entry is the hash (8 bytes), the size of the key (4), the first bytes of its KeyState (16, or
// 48 with a rank) and the key, in the byte order of the machine: no other one ever reads it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "run/key_state.h"
#include "run/temporary_file.h"

namespace trama {

/// Bytes between two marks of a run that is asked for single keys;
/// more where that would be too many marks.
constexpr std::size_t kMarksEvery = 4096;

struct KeyRun {
  TemporaryFile file;
  std::uint64_t entries = 0;
  unsigned level = 0;  // how often it was merged
  /// Where every so many bytes an entry begins; empty where it is not asked for single keys.
  struct Mark {
    std::uint64_t hash = 0;
    std::uint64_t at = 0;
  };
  std::vector<Mark> marks;
};

class KeyRunWriter {
 public:
  /// `marks_every`: bytes between two marks; 0: none.
  static Result<KeyRunWriter> open(Keep keep, std::size_t buffer_bytes, std::size_t marks_every);
  /// In the order of (hash, key).
  Result<void> add(const KeyEntry& entry);
  Result<KeyRun> finish();

 private:
  KeyRunWriter(TemporaryFile file, Keep keep, std::size_t buffer_bytes, std::size_t marks_every);

  KeyRun run_;
  std::size_t state_bytes_;
  std::size_t buffer_bytes_;
  std::size_t marks_every_;
  std::string buffer_;
};

class KeyRunReader {
 public:
  /// `run` must outlive it. Begins at `at`, where an entry is.
  KeyRunReader(const KeyRun& run, Keep keep, std::size_t buffer_bytes, std::uint64_t at = 0);
  /// The next entry, whose key is valid until the next call; false at the end.
  Result<bool> next(KeyEntry& out);

 private:
  Result<bool> need(std::size_t bytes);

  const KeyRun* run_;
  std::size_t state_bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what is read and not given yet
  std::size_t end_ = 0;
  std::uint64_t at_;  // in the file, of what is read next
};

/// Whether the run (which has marks) holds the key; `out` becomes what it knows of it.
Result<bool> find_in(const KeyRun& run, Keep keep, std::uint64_t hash, std::string_view key,
                     KeyState& out);

/// Several runs as one. What is known of a key that is in several of them is folded, that of the
/// earlier run first.
class KeyMerge {
 public:
  /// `runs` in input order; they must outlive it.
  KeyMerge(std::span<const KeyRun> runs, Keep keep, std::size_t buffer_bytes);
  /// As KeyRunReader::next.
  Result<bool> next(KeyEntry& out);

 private:
  struct Head {
    KeyRunReader reader;
    KeyEntry entry;
    bool taken = true;  // the next entry is asked for
  };
  Keep keep_;
  std::vector<Head> heads_;
};

/// Says of most keys that they are not in any run, without a look at the runs (a Bloom filter in
/// blocks of 64 bytes).
class KeyFilter {
 public:
  explicit KeyFilter(std::size_t bytes);
  void add(std::uint64_t hash) noexcept;
  [[nodiscard]] bool may_hold(std::uint64_t hash) const noexcept;

 private:
  static constexpr std::size_t kWords = 8;  // of a block
  static constexpr int kBits = 4;           // of a key
  [[nodiscard]] std::size_t block_of(std::uint64_t hash) const noexcept;

  std::vector<std::uint64_t> words_;
};

}  // namespace trama
