// DocumentText: the text of an open document, and places in it as LSP counts them (LSP 3.17, "Position"): lines
// from 0, which end with LF, CRLF or CR; characters from 0, in units of UTF-16 or, where client and server agree on
// it, in bytes of UTF-8.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace trama {

enum class PositionEncoding : std::uint8_t { utf16, utf8 };

struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
};

/// Bytes of a text, [begin, end).
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] bool holds(std::size_t at) const noexcept { return begin <= at && at <= end; }
};

class DocumentText {
 public:
  DocumentText(std::string text, PositionEncoding encoding);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  /// The byte at a place; one beyond the end of its line is that end, one beyond the last line the end of the text.
  /// Never inside a character.
  [[nodiscard]] std::size_t offset(Position place) const;
  [[nodiscard]] Position position(std::size_t offset) const;

  /// The bytes of a place of a Diagnostic: a Span counts lines by their LF, in a text without its UTF-8 mark.
  [[nodiscard]] TextRange range_of(const Span& span) const;

  /// An edit of the client; a range whose end is before its beginning is empty.
  void replace(Position start, Position end, std::string_view with);

 private:
  void find_lines();

  std::string text_;
  PositionEncoding encoding_;
  std::vector<std::size_t> line_starts_;
};

}  // namespace trama
