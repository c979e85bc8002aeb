// Outline: the keys and values of a YAML text with their places, also of one that is being typed: a line without its
// colon, a quote or a bracket that is not closed spoils no other line. Of a text that read_yaml() takes, keys and
// values are the same (tests/lsp/outline_test.cpp), but for aliases, which stay what is written, and for what the
// language does not have (`? key`, pairs in lists).
//
//   columns:               a map, whose parent is the root
//     A: {from: a, ty|     "ty": a key that waits for its colon

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/document.h"

namespace trama {

/// Keys and values that are looked at; of a text with more the first.
constexpr std::size_t kMaxOutlineNodes = 500'000;

struct OutlineNode {
  enum class Kind : std::uint8_t { scalar, list, map };
  Kind kind = Kind::scalar;
  bool has_key =
      false;           // it is the value of an entry of a map; else an item of a list, or the root
  bool colon = true;   // the key is followed by one
  bool flow = false;   // between brackets, or with some of its own
  bool block = false;  // a text behind | or >
  bool own_line = false;  // a scalar in the line below its key, which may become a key
  std::uint32_t parent = 0;
  std::uint32_t key_begin = 0, key_end = 0;  // as written, quotes included
  std::uint32_t begin = 0, end = 0;  // of the value; empty: nothing is there, or only a comment
  std::uint32_t column = 0;          // of the keys or dashes of a block, in bytes from 0

  [[nodiscard]] TextRange key() const noexcept { return {key_begin, key_end}; }
  [[nodiscard]] TextRange value() const noexcept { return {begin, end}; }
  [[nodiscard]] std::uint32_t start() const noexcept { return has_key ? key_begin : begin; }
};

class Outline {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// `text` outlives this.
  explicit Outline(std::string_view text);

  /// The root first, each before what is in it, in the order of the text.
  [[nodiscard]] const std::vector<OutlineNode>& nodes() const noexcept { return nodes_; }
  [[nodiscard]] const OutlineNode& operator[](std::uint32_t node) const { return nodes_[node]; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Without quotes and escapes; of a block or of a text of several lines as it is written.
  [[nodiscard]] std::string key_of(std::uint32_t node) const;
  [[nodiscard]] std::string text_of(std::uint32_t node) const;
  /// The entry of a map, or kNone.
  [[nodiscard]] std::uint32_t find(std::uint32_t map, std::string_view key) const;
  [[nodiscard]] std::vector<std::uint32_t> children(std::uint32_t node) const;
  /// A scalar itself, or the scalars of a list.
  [[nodiscard]] std::vector<std::uint32_t> scalars(std::uint32_t node) const;

  /// What may be typed at a place: a key of `map`, or a value of `value`; or neither (kNone). Both where only what
  /// follows can tell.
  struct Place {
    std::uint32_t map = kNone;
    std::uint32_t value = kNone;
    TextRange word;       // what is there already, and would be replaced
    bool behind = false;  // a value is there, and spaces behind it
    bool flow = false;    // between brackets
  };
  [[nodiscard]] Place at(std::size_t offset) const;

  /// The key or scalar at a place, or kNone. `on_key`: which of both.
  [[nodiscard]] std::uint32_t named_at(std::size_t offset, bool& on_key) const;

 private:
  [[nodiscard]] std::uint32_t last_before(std::size_t offset) const;
  [[nodiscard]] bool is_behind(std::uint32_t node, std::size_t offset) const;
  [[nodiscard]] Place in_brackets(std::uint32_t node, std::size_t offset) const;
  [[nodiscard]] Place in_block(std::size_t offset) const;

  std::string_view text_;
  std::vector<OutlineNode> nodes_;
  std::vector<std::vector<std::uint32_t>> children_;
};

}  // namespace trama
