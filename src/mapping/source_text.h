// SourceText: the text of a mapping or table file, checked and ready to be read,
// and the places in it.
//
// A UTF-8 mark is left out and CRLF becomes LF, so that neither changes what is read. Text that is
// not UTF-8, or holds control characters, is refused here, because yaml-cpp would silently replace
// or swallow it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace trama {

/// `raw` without its UTF-8 mark and with LF line ends: the text that Spans count in.
std::string without_mark_and_cr(std::string_view raw);

class SourceText {
 public:
  /// `text`: from without_mark_and_cr(), outlives this; `file`: the index that its Spans carry.
  SourceText(std::string_view text, std::uint32_t file);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// The bytes [begin, end) as a Span; what lies beyond the end of the first line is cut. Cheapest
  /// when asked for places in rising order.
  [[nodiscard]] Span span(std::size_t begin, std::size_t end);

  /// The whole line (without its end) that holds the byte `at`.
  [[nodiscard]] std::string_view line(std::size_t at) const;

  /// Refuses what is not UTF-8 text: false with a Diagnostic for the first place.
  bool check(Diagnostics& diagnostics);

 private:
  [[nodiscard]] std::size_t line_index(std::size_t at) const;

  std::string_view text_;
  std::uint32_t file_;
  std::vector<std::size_t> line_starts_;
  std::size_t known_at_ = 0;  // the last place that was asked for, its line and its column
  std::size_t known_line_ = 0;
  std::size_t known_column_ = 0;
};

}  // namespace trama
