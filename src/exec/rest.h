// RestWriter: `output: rest`: the members of a record that no column reads, ready to be put behind
// the columns of a JSON row.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "json/record.h"
#include "plan/plan.h"

namespace trama {

/// One a thread: it keeps a buffer. Only asked where the mapping states `rest`.
class RestWriter {
 public:
  explicit RestWriter(const PlanRest& plan) : plan_(plan) {}

  /// Appends the unread members of `record` in their order, with the bytes they have there (line
  /// ends between their parts are left to the row writer). An object that columns read in part
  /// keeps its other members; a list likewise, and its items keep their places: one that is read as
  /// a whole is null there.
  void write(const Node& record, Arena& arena, std::string& out);
  /// Of the record that was written last, members left out because a column has their name.
  [[nodiscard]] const std::vector<std::string_view>& taken() const noexcept { return taken_; }

 private:
  /// The nodes of the plan that the walk stands at: part of ways_.
  struct Ways {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  enum class Use : std::uint8_t { unread, partly, read };

  /// What becomes of a member of the record: nearly every record has the same, in the same order.
  struct Guess {
    enum class Do : std::uint8_t { copy, leave_out, look };
    std::string key;  // as it is written, with its quotes
    Do what = Do::look;
  };
  /// Members that are copied and stand side by side, to be copied at once.
  struct Run {
    const char* begin = nullptr;
    const char* end = nullptr;
  };

  bool top_members(const Node& record, Arena& arena, std::string& out);
  bool top_member(const NodeCursor& at, Arena& arena, bool any, Guess& guess, std::string& out);
  static void put(Run& run, bool& any, std::string& out);
  void step(std::uint32_t node);
  Ways into_key(const Ways& from, std::string_view key);
  Ways into_item(const Ways& from, std::int64_t index, std::int64_t count);
  [[nodiscard]] Use use_of(const Ways& ways) const noexcept;
  bool member(const NodeCursor& at, const Ways& ways, Arena& arena, bool any, Use& use,
              std::string& out);
  bool members(const Node& object, const Ways& ways, Arena& arena, std::string& out);
  bool items(const Node& list, const Ways& ways, Arena& arena, std::string& out);
  bool value(const Node& node, const Ways& ways, Arena& arena, std::string& out);

  const PlanRest& plan_;
  std::vector<std::uint32_t> ways_;
  std::vector<std::string_view> taken_;
  std::vector<Guess> guesses_;  // by the place among the members of the record
};

}  // namespace trama
