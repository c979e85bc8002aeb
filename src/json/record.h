// Record: one frame proved to be JSON as a whole, and the fields that the plan asks for.
//
// The reader walks simdjson's structural index once: it proves every value (RFC 8259, UTF-8,
// no repeated keys), also those that no column reads, and notes where the wanted paths lie.
// What is inside a list or an unwanted object can be visited later by a Node,
// which walks the same index without copying.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/codes.h"

namespace trama {

/// What JSON text can be; `missing` is nothing at all.
enum class JsonKind : std::uint8_t { missing, null, boolean, number, text, list, object };

/// The names of kinds in messages: "text", "a number", "a list", …
std::string_view describe(JsonKind kind) noexcept;

class RecordReader;

/// A value inside the record that was read last. Valid until the reader reads another.
class Node {
 public:
  Node() = default;
  [[nodiscard]] JsonKind kind() const noexcept { return kind_; }
  [[nodiscard]] bool exists() const noexcept { return kind_ != JsonKind::missing; }
  /// Offset of the value's first byte from the frame's start.
  [[nodiscard]] std::uint32_t byte() const noexcept;
  /// The value as JSON text, as it stands in the frame, its quotes or brackets included.
  [[nodiscard]] std::string_view raw() const noexcept;
  /// The same of a value that is neither list nor object; shorter to find.
  [[nodiscard]] std::string_view token() const noexcept;
  /// A text without its quotes and escapes (a view into the frame, or into `arena` where there were
  /// escapes); of a number or boolean, its characters.
  [[nodiscard]] std::string_view text(Arena& arena) const;
  /// Whether a list or object has nothing in it.
  [[nodiscard]] bool is_empty_container() const noexcept;
  /// How many items or members; walks them.
  [[nodiscard]] std::size_t count() const noexcept;
  /// The member of that key (unescaped), or a missing Node; also where this is no object.
  [[nodiscard]] Node member(std::string_view key, Arena& arena) const;
  /// The members of these keys in one walk, missing Nodes where there is none; best in the order of
  /// the keys. For an object only.
  void members(std::span<const std::string> keys, std::span<Node> out, Arena& arena) const;
  /// The item at `index` from 0, or from the end with -1; or a missing Node.
  [[nodiscard]] Node item(std::int64_t index) const noexcept;

  /// The same as a list, for `as_list`: an object whose keys are all digits is the list of its
  /// values in the order of those numbers, one value a list of one; nothing, null and an empty
  /// object stay as they are. raw() and byte() are those of the value as it is written.
  [[nodiscard]] Node as_list() const;

 private:
  friend class RecordReader;
  friend class NodeCursor;
  enum class Listed : std::uint8_t { no, one, numbered };
  /// The digits of a key, zeros in front of it aside; "" where it is no number.
  static std::string_view number_of(const Node& key) noexcept;
  static std::string_view unescaped(std::string_view escaped, Arena& arena);
  Node(const RecordReader* reader, std::uint32_t at, JsonKind kind)
      : reader_(reader), at_(at), kind_(kind) {}
  const RecordReader* reader_ = nullptr;
  std::uint32_t at_ = 0;  // position in the structural index
  JsonKind kind_ = JsonKind::missing;
  Listed listed_ = Listed::no;  // not: a list only by as_list()
};

/// Goes through the items of a list or the members of an object, in their order.
class NodeCursor {
 public:
  explicit NodeCursor(const Node& container) noexcept;
  /// False at the end.
  bool next() noexcept;
  [[nodiscard]] Node value() const noexcept { return value_; }
  /// The key of an object's member as JSON text with its quotes; a Node of kind text.
  [[nodiscard]] Node key() const noexcept { return key_; }

 private:
  const RecordReader* reader_;
  std::uint32_t at_ = 0;
  std::uint32_t end_ = 0;
  bool object_ = false;
  bool one_ = false;                        // a value that stands for a list of one
  bool keys_hidden_ = false;                // an object that stands for a list
  const std::uint32_t* ordered_ = nullptr;  // of it, where its keys are not in order: its values,
  const std::uint32_t* ordered_end_ = nullptr;
  Node key_;
  Node value_;
};

}  // namespace trama
