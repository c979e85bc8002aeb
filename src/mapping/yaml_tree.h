// YamlNode: a YAML text as a tree whose every key and value knows its place. The only face of
// yaml-cpp in trama.
//
// Every scalar stays as it was written (`no`, `1.10`, `007`, `~`). What YAML allows and the
// language does not is refused with a Diagnostic: repeated keys, tags, the merge key, a second
// document, keys that are no text, control characters, an unclosed quote. What a hostile file may
// cost is bounded by the limits below.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace trama {

constexpr std::size_t kMaxYamlBytes = std::size_t{4} << 20U;
constexpr std::size_t kMaxYamlDepth = 64;
/// Keys and values, those that aliases repeat included.
constexpr std::size_t kMaxYamlNodes = 500'000;
/// Bytes of text that anchors and aliases repeat.
constexpr std::size_t kMaxYamlRepeatedBytes = std::size_t{16} << 20U;

struct YamlEntry;

struct YamlNode {
  enum class Kind : std::uint8_t { scalar, list, map };
  Kind kind = Kind::scalar;
  bool quoted = false;  // a scalar in quotes or a block
  std::string text;     // a scalar as written, quotes and escapes resolved
  /// Of a scalar: its characters as written, to the end of its first line (a block:
  /// its `|` or `>`). Of a list or map: its first character. Of an alias: the alias.
  /// Of nothing (`key:`): the key.
  Span span;
  std::vector<YamlNode> items;     // of a list
  std::vector<YamlEntry> entries;  // of a map

  [[nodiscard]] bool is_scalar() const noexcept { return kind == Kind::scalar; }
  [[nodiscard]] bool is_list() const noexcept { return kind == Kind::list; }
  [[nodiscard]] bool is_map() const noexcept { return kind == Kind::map; }
  /// `key:` with nothing behind it.
  [[nodiscard]] bool is_nothing() const noexcept { return is_scalar() && !quoted && text.empty(); }
  /// The value of the key, or nullptr.
  [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;
  [[nodiscard]] YamlNode* find(std::string_view key) noexcept;
};

struct YamlEntry {
  YamlNode key;  // always a scalar
  YamlNode value;
};

/// Reads `text` (from without_mark_and_cr()) as one YAML document. False where there is no tree to
/// work with; true with Diagnostics where single entries had to be left out.
bool read_yaml(std::string_view text, std::uint32_t file, YamlNode& out, Diagnostics& diagnostics);

}  // namespace trama
