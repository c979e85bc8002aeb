// The text of a YAML file as lines with their parts, indented as their level asks: what `trama fmt`
// lays out. yaml-cpp keeps neither comments nor line breaks, so the text itself is read, from left to
// right, after read_yaml() has found it sound.
//
//   columns:                    level 0, a map
//     Id:   {a: 1,b}   # note   level 1, a map: "  Id: {a: 1, b}", its note apart
//   - x                         level 1 of a list may begin where its key does; it is indented
//
// Between brackets, spaces are set anew and line breaks kept. Texts in quotes, blocks (`|`, `>`) and
// plain texts keep each of their characters; only their lines are indented anew.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// Spaces from one level to the next.
constexpr std::size_t kIndent = 2;

struct YamlLine {
  enum class Kind : std::uint8_t {
    blank,    // nothing, between entries
    comment,  // a comment alone; `text` is its indentation
    text,
    kept,  // of a text over several lines: empty lines count, and so do spaces of a block
  };
  Kind kind = Kind::text;
  std::string text;                // indented, without its comment
  std::string_view comment;        // from its '#'; a view of the text that was scanned
  std::size_t comment_column = 0;  // where it was, from 0, in code points
  std::size_t gap = 0;             // spaces before it, as they were
  bool top = false;                // a key of the top begins here
  bool section = false;            // … whose value is in lines of its own
};

struct YamlLines {
  std::vector<YamlLine> lines;
  /// A block at the end of the text, whose last line has no end: with one it would be another text.
  bool open_end = false;
  /// Of a line that this reading has no layout for, from 1; else 0.
  std::uint32_t refused = 0;
};

/// `text`: LF line ends, UTF-8, and read_yaml() takes it. What it refuses is only "--- text" (a
/// document that begins behind its mark) and what it does not understand, as there is no promise that
/// yaml-cpp reads nothing else.
YamlLines scan_yaml_lines(std::string_view text);

}  // namespace trama
