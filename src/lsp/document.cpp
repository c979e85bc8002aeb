#include "lsp/document.h"

#include <algorithm>
#include <utility>

namespace trama {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool continues(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// The end of the character at `at`. What is no UTF-8 is taken as it comes: a table may hold it.
std::size_t behind(std::string_view text, std::size_t at) noexcept {
  do ++at;
  while (at < text.size() && continues(text[at]));
  return at;
}

/// How many units the character at `at` takes.
std::uint32_t units(std::string_view text, std::size_t at, PositionEncoding encoding) noexcept {
  if (encoding == PositionEncoding::utf8) return static_cast<std::uint32_t>(behind(text, at) - at);
  return static_cast<unsigned char>(text[at]) >= 0xF0U ? 2 : 1;
}

}  // namespace

DocumentText::DocumentText(std::string text, PositionEncoding encoding)
    : text_(std::move(text)), encoding_(encoding) {
  find_lines();
}

void DocumentText::find_lines() {
  line_starts_.assign(1, 0);
  for (std::size_t at = text_.find_first_of("\r\n"); at != std::string::npos;
       at = text_.find_first_of("\r\n", at)) {
    at += text_.compare(at, 2, "\r\n") == 0 ? 2 : 1;
    line_starts_.push_back(at);
  }
}

std::size_t DocumentText::offset(Position place) const {
  if (place.line >= line_starts_.size()) return text_.size();
  std::size_t at = line_starts_[place.line];
  std::uint32_t left = place.character;
  while (left > 0 && at < text_.size() && text_[at] != '\n' && text_[at] != '\r') {
    const std::uint32_t width = units(text_, at, encoding_);
    if (width > left) break;
    left -= width;
    at = behind(text_, at);
  }
  return at;
}

Position DocumentText::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto line = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - 1;
  Position place{static_cast<std::uint32_t>(line - line_starts_.begin()), 0};
  for (std::size_t at = *line; at < offset && text_[at] != '\r'; at = behind(text_, at))
    place.character += units(text_, at, encoding_);
  return place;
}

TextRange DocumentText::range_of(const Span& span) const {
  std::size_t at = std::string_view(text_).starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0;
  for (std::uint32_t line = 1; line < span.line; ++line) {
    const std::size_t end = text_.find('\n', at);
    if (end == std::string::npos) return {text_.size(), text_.size()};
    at = end + 1;
  }
  const std::size_t newline = std::min(text_.find('\n', at), text_.size());
  const std::size_t end = newline > at && text_[newline - 1] == '\r' ? newline - 1 : newline;
  for (std::uint32_t column = 1; column < span.column && at < end; ++column) at = behind(text_, at);
  std::size_t last = at;
  for (std::uint32_t n = 0; n < span.length && last < end; ++n) last = behind(text_, last);
  return {at, last};
}

void DocumentText::replace(Position start, Position end, std::string_view with) {
  const std::size_t from = offset(start);
  const std::size_t to = std::max(from, offset(end));
  text_.replace(from, to - from, with);
  find_lines();
}

}  // namespace trama
