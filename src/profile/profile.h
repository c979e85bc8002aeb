// Profile: what a dump holds, path by path, as data that can be merged.
//
//   record ─┬─ booking_id                       a member of an object
//           ├─ guests ── [*] ─┬─ type           the items of a list are one path
//           │                 └─ age
//           └─ rates ─┬─ {*} ── price           so are the entries of an object whose keys are data
//                     └─ {*}.$key               and those keys are values of a path of their own
//
// Where the keys of an object are data (many keys, few in common; or numbers, days, UUIDs), its
// members are folded into one path. Memory is bounded: at most kMaxPaths paths, and the values of
// all of them share what kMaxProfileBytes leave; beyond it every path keeps fewer (values_kept_of_path()).
//
// All depends on the records in their order, and on where a profile ended and the next began:
// pieces of fixed places of the input (engine/profile_run), whoever made them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/codes.h"
#include "base/phrase.h"
#include "profile/path_profile.h"

namespace trama {

constexpr std::size_t kMaxPaths = 10000;
/// Different values of a path that are counted exactly.
constexpr std::size_t kExactValues = 1000;
/// What a profile takes, about: its paths, of so many bytes each, and their values.
constexpr std::size_t kMaxProfileBytes = std::size_t{18} * 1024 * 1024;
constexpr std::size_t kPathBytes = 1024;
/// Beyond so many paths each keeps one example.
constexpr std::size_t kManyPaths = 2000;
/// Of records that cannot be read, how many are kept with their reasons.
constexpr std::size_t kKeptUnread = 5;
/// A longer key is shown and told from others by its beginning and its hash.
constexpr std::size_t kMaxKeyBytes = 200;
/// A longer path has no members of its own: their values are counted with those that there
/// is no room for.
constexpr std::size_t kMaxPathBytes = 1000;
/// A longer record is no sample.
constexpr std::size_t kMaxSampleBytes = std::size_t{1} << 20U;

struct PathNode {
  enum class Step : std::uint8_t {
    record,
    member,   // of an object: `name`
    items,    // of a list
    entries,  // of an object whose keys are data
    key,      // of those entries; below the record, of the entry that it is
  };

  PathNode(Step at, std::string_view called, PathNode* above)
      : step(at),
        name(called),
        parent(above),
        path_bytes((above == nullptr ? 0 : above->path_bytes) + called.size() + 3) {}
  PathNode(const PathNode&) = delete;
  PathNode& operator=(const PathNode&) = delete;

  // What the walk over a record needs (record_profiler), beside the counts that `seen` begins with:
  std::string written;            // the key as records write it, with its quotes
  PathNode* first = nullptr;      // the member that the last such object began with
  PathNode* next = nullptr;       // the member that followed this one last
  std::uint64_t last_record = 0;  // that had it
  PathProfile seen;
  /// How many of its values are looked at: not asked yet, all, or a few (RecordProfiler::look_at).
  enum class Look : std::uint8_t { unasked, all, few };
  Look look = Look::unasked;

  Step step;
  std::string name;
  PathNode* parent;
  std::size_t path_bytes;                          // of its path, about
  std::vector<std::unique_ptr<PathNode>> members;  // in the order in which they came first
  std::map<std::string_view, PathNode*> by_name;   // of members
  std::unique_ptr<PathNode> items;
  std::unique_ptr<PathNode> entries;  // with `key`: the object is folded
  std::unique_ptr<PathNode> key;      // of the record: its own, where it is an entry of an object

  [[nodiscard]] bool is_folded() const noexcept { return entries != nullptr; }
  /// As a mapping writes it: `hotel.code`, `guests[*].type`, `rates{*}.$key`;
  /// of the record itself nothing.
  [[nodiscard]] std::string path() const;
};

/// A record that is none, and why, as `run` rejects it.
struct UnreadRecord {
  std::size_t source = 0;
  std::uint64_t record = 0;
  DataPlace place;
  Reason reason = Reason::none;
  std::string a;  // the values of its reason
  std::string b;
  Phrase instead;     // of no_records: what there is, in place of b
  Phrase looks_like;  // of what is no JSON: what it is, where that can be told
};

/// A record as it was read, for whoever shows how records look.
struct SampleRecord {
  std::size_t source = 0;
  std::uint64_t number = 0;
  std::uint64_t byte = 0;  // of the input, where it begins
  DataPlace place;
  std::string key;   // of an entry: as JSON text, else empty
  std::string text;  // JSON
};

class Profile {
 public:
  Profile();
  Profile(Profile&&) noexcept;
  Profile& operator=(Profile&&) noexcept;
  ~Profile();

  std::unique_ptr<PathNode> root;
  std::uint64_t records = 0;  // read as JSON
  std::uint64_t bytes = 0;    // of all records, also of those that are none
  std::uint64_t unread = 0;
  std::uint64_t not_json = 0;              // of these, those that are proved to be none
  std::vector<UnreadRecord> first_unread;  // at most kKeptUnread
  std::uint64_t values_beyond = 0;         // at paths that there was no room for
  std::size_t samples_wanted = 0;
  std::vector<SampleRecord> samples;  // the first samples_wanted of at most kMaxSampleBytes

  [[nodiscard]] std::size_t paths() const noexcept { return paths_; }
  /// Examples that a path may have: fewer where there are very many paths.
  [[nodiscard]] std::size_t examples() const noexcept {
    return paths_ <= kManyPaths ? kExamples : 1;
  }
  /// Up to how many different values of a path are counted exactly: 1,000, or fewer where there are
  /// too many paths that have so many.
  [[nodiscard]] std::size_t values_kept_of_path() const noexcept;

  /// The member of that key, new where it is not there; null where there is no room for more.
  PathNode* member(PathNode& object, std::string_view name);
  PathNode* items(PathNode& list);
  /// The path of the keys of records that are the entries of an object (`--records x{*}`).
  PathNode& record_key();
  /// Folds the members of an object into one path where its keys are data.
  void fold_if_data(PathNode& object, ValueForms& forms);
  /// Counts a text or number that is not empty, or a boolean, at a path. True where it is the first
  /// such value that the profile knows.
  bool add_value(PathNode& at, ValueForms& forms, JsonKind kind, std::string_view text,
                 std::uint64_t times = 1);
  void add_unread(UnreadRecord unread_record);

  /// What came behind in the input. `later` is taken apart.
  void merge(Profile& later, ValueForms& forms);
  /// Makes a path that has lists and values without one a path of lists alone: each such value is a
  /// list of one (`as_list`). For a path with items.
  void take_as_lists(PathNode& node, ValueForms& forms);
  /// Once all is merged: folds what has the keys of data by what is known at the end.
  void finish(ValueForms& forms);

 private:
  std::unique_ptr<PathNode> new_node(PathNode::Step step, std::string_view name, PathNode& parent);
  static void adopt(PathNode& into, std::unique_ptr<PathNode> member, PathNode* behind);
  void fold(PathNode& object, ValueForms& forms);
  void fold_members(PathNode& object, const std::vector<std::unique_ptr<PathNode>>& members,
                    std::uint64_t of_records, ValueForms& forms);
  void finish(PathNode& node, ValueForms& forms);
  void merge_node(PathNode& into, PathNode& later, ValueForms& forms);
  void merge_members(PathNode& into, PathNode& later, ValueForms& forms);
  void grew(std::size_t size);
  void keep_fewer();
  void measure();
  template <typename Do>
  static void each(PathNode& node, const Do& act);

  std::size_t paths_ = 0;
  std::size_t value_bytes_ = 0;  // about
  std::size_t level_ = 0;
  std::string key_text_;
};

}  // namespace trama
