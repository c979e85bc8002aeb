// KnownThings: what a state knows of the things of one mapping, by their keys: which version of each
// was written last. Loaded when a run begins and asked by its workers side by side; what the run
// makes new is written by State::begin_publishing().
//
// A key is told by the first 128 bits of the SHA-256 of its text, a version by those of its rows.
// Of each thing only some 10 bytes are in memory: bits of the key, and bits of what key and version
// make together. So most records, which are as they were, and all that are new need no look at the
// file; where the key may be known in another version the file says so for certain. A record that
// differs is taken for one that does not in one case of 2^56.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "database/sqlite.h"

namespace trama {

/// The first 16 bytes of a SHA-256.
struct ShortDigest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const ShortDigest&, const ShortDigest&) = default;
};
/// Of 16 bytes or more.
ShortDigest short_digest(std::string_view sha256) noexcept;
std::string bytes_of(const ShortDigest& digest);

/// One version of a thing.
struct KeyVersion {
  ShortDigest content;  // of its rows
  std::string newer;    // of what says which version is newer, in the words of who asks; or ""
  friend bool operator==(const KeyVersion&, const KeyVersion&) = default;
};

/// What a run changes of what is known.
struct KeyChange {
  ShortDigest key;
  std::string text;  // the key itself
  KeyVersion version;
  bool was_known = false;
  bool gone = false;  // it is known no more: without a version
};

class KnownThings {
 public:
  /// How many things the state knows of the mapping.
  static Result<std::uint64_t> count(Database& state, const std::string& mapping);
  /// Of so many keys, the bytes that they take in memory.
  static std::size_t bytes_for(std::uint64_t keys) noexcept;
  /// What the state knows of the mapping.
  static Result<std::unique_ptr<KnownThings>> load(Database& state, const std::string& mapping);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Changes whenever a run of the mapping is published.
  [[nodiscard]] std::int64_t generation() const noexcept { return generation_; }

  /// A thing that is known; `place`: below size(), of each its own.
  struct Known {
    std::uint64_t place = 0;
    KeyVersion version;
    bool same = false;  // as the one that was asked for
  };
  /// What is known of a key; nothing where it is new. By any number of threads.
  Result<std::optional<Known>> find(const ShortDigest& key, const KeyVersion& version);

  /// All that are known, in one order that stays, with their places. `take` gives false where it
  /// wants no more.
  struct Entry {
    std::uint64_t place = 0;
    ShortDigest key;
    std::string text;
    KeyVersion version;
  };
  Result<void> each(const std::function<Result<bool>(const Entry&)>& take);

 private:
  explicit KnownThings(Database& state) : state_(state) {}
  Result<std::uint64_t> find_mapping(const std::string& mapping);
  [[nodiscard]] std::size_t bucket_of(const ShortDigest& key) const noexcept;
  [[nodiscard]] std::uint64_t tag_of(const ShortDigest& key) const noexcept;
  void add(const ShortDigest& key, const KeyVersion& version);
  [[nodiscard]] std::uint64_t tag_at(std::size_t place) const noexcept;
  [[nodiscard]] std::uint64_t mix_at(std::size_t place) const noexcept;
  Result<std::optional<KeyVersion>> look_up(const ShortDigest& key);

  Database& state_;
  std::int64_t mapping_ = 0;  // its number in the state
  std::int64_t generation_ = 0;
  std::uint64_t size_ = 0;
  unsigned bucket_bits_ = 0;
  std::vector<std::uint32_t> buckets_;  // where each begins, and the end of the last
  std::vector<unsigned char> entries_;  // of each kEntryBytes, in the order of the keys
  Mutex mutex_;
  std::optional<Statement> look_up_ TRAMA_GUARDED_BY(mutex_);
};

}  // namespace trama
