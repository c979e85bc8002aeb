// RecordProfiler: frames -> Profile. A frame is proved as `run` proves it (json/record_reader), and
// refused for the same reasons; then all its values are visited once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "json/record_reader.h"
#include "profile/profile.h"
#include "source/source.h"

namespace trama {

/// One a thread; it learns from each record that it reads.
class RecordProfiler {
 public:
  /// `max_record_bytes`: as the source has it, for messages. `json_in_text`: places of texts that hold
  /// JSON, as WantedFields has them.
  explicit RecordProfiler(std::size_t max_record_bytes,
                          const std::vector<KeyPath>& json_in_text = {});

  /// All values are looked at where `wanted` says so of a path; of other paths the first few of each
  /// profile, which is enough to know a field again that has another name now. How many records have
  /// a field, and of which kinds its values are, is counted in full.
  void look_at(std::function<bool(const std::string& path)> wanted) { wanted_ = std::move(wanted); }

  /// Adds frame `at` of the split to `out`.
  void add(const Split& split, std::size_t at, Profile& out);
  [[nodiscard]] ValueForms& forms() noexcept { return forms_; }

 private:
  void refuse(const Split& split, std::size_t at, Profile& out);
  void refuse(const Frame& frame, std::size_t source, Reason reason, Profile& out);
  void record_key(std::string_view written, PathNode& at);
  void value(const Node& node, PathNode& at);
  void members(const Node& object, PathNode& at);
  void entries(const Node& object, PathNode& at);
  void items(const Node& list, PathNode& at);
  void scalar(const Node& node, std::string_view text, PathNode& at);
  void keep_example(const Node& node, std::string_view text, PathNode& at);
  PathNode* member(std::string_view written, PathNode& object);
  void count(PathNode& at) noexcept;
  bool is_looked_at(PathNode& at);

  std::size_t max_record_bytes_;
  RecordReader reader_;
  ValueForms forms_;
  Arena arena_;
  std::string key_text_;
  std::function<bool(const std::string& path)> wanted_;
  std::unordered_map<std::string, bool> asked_;  // what it said

  // Of the record at hand:
  Profile* out_ = nullptr;
  const Frame* frame_ = nullptr;
  std::optional<DataPlaces> places_;
  std::size_t source_ = 0;
  std::uint64_t record_ = 0;   // a hash of which it is
  std::uint64_t objects_ = 0;  // met in it
  std::uint64_t object_ = 0;   // a hash of the one at hand, for PathProfile::filled_in
};

}  // namespace trama
