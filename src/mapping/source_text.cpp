#include "mapping/source_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/phrase_codes.h"
#include "base/utf8.h"

namespace trama {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string hex(char32_t c) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "U+%04X", static_cast<unsigned>(c));
  return buffer.data();
}

/// Characters that cannot be seen and that readers of YAML disagree about.
bool is_refused(char32_t c) noexcept {
  return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c <= 0x9F) || c == 0x2028 ||
         c == 0x2029 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

}  // namespace

std::string without_mark_and_cr(std::string_view raw) {
  if (raw.substr(0, kMark.size()) == kMark) raw.remove_prefix(kMark.size());
  std::string out;
  out.reserve(raw.size());
  for (std::size_t at = 0;;) {
    const std::size_t end = raw.find("\r\n", at);
    out += raw.substr(at, end - at);
    if (end == std::string_view::npos) return out;
    at = end + 1;
  }
}

SourceText::SourceText(std::string_view text, std::uint32_t file)
    : text_(text), file_(file), line_starts_{0} {
  for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1))
    line_starts_.push_back(i + 1);
}

std::size_t SourceText::line_index(std::size_t at) const {
  // As a rule it is in the line that was asked for last, or in the next.
  const std::size_t known = known_line_;
  if (at >= line_starts_[known]) {
    if (known + 1 == line_starts_.size() || at < line_starts_[known + 1]) return known;
    if (known + 2 == line_starts_.size() || at < line_starts_[known + 2]) return known + 1;
  }
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), at);
  return static_cast<std::size_t>(next - line_starts_.begin()) - 1;
}

std::string_view SourceText::line(std::size_t at) const {
  const std::size_t start = line_starts_[line_index(std::min(at, text_.size()))];
  const std::size_t end = text_.find('\n', start);
  return text_.substr(start, end == std::string_view::npos ? end : end - start);
}

Span SourceText::span(std::size_t begin, std::size_t end) {
  begin = std::min(begin, text_.size());
  const std::size_t index = line_index(begin);
  const bool onward = index == known_line_ && begin >= known_at_;
  const std::size_t from = onward ? known_at_ : line_starts_[index];
  const std::size_t column =
      (onward ? known_column_ : 0) + count_code_points(text_.substr(from, begin - from));
  known_at_ = begin;
  known_line_ = index;
  known_column_ = column;
  const std::size_t line_end =
      index + 1 < line_starts_.size() ? line_starts_[index + 1] - 1 : text_.size();
  end = std::clamp(end, begin, std::max(begin, line_end));
  const std::size_t length = count_code_points(text_.substr(begin, end - begin));
  return {file_, static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(column + 1),
          static_cast<std::uint32_t>(std::max<std::size_t>(1, length))};
}

bool SourceText::check(Diagnostics& diagnostics) {
  if (text_.substr(0, 2) == "\xFF\xFE" || text_.substr(0, 2) == "\xFE\xFF") {
    diagnostics.push_back({DiagnosticCode::text_not_utf8,
                           {file_, 0, 0, 0},
                           {PhraseCode::this_file_is_utf_16, PhraseCode::save_it_again_as_utf_8}});
    return false;
  }
  if (const std::size_t bad = first_invalid_utf8(text_); bad != kValidUtf8) {
    diagnostics.push_back(
        {DiagnosticCode::text_not_utf8,
         span(bad, bad + 1),
         {PhraseCode::this_character_is_not_utf_8, PhraseCode::save_the_file_again}});
    return false;
  }
  for (std::size_t at = 0; at < text_.size();) {
    if (text_[at] >= ' ' && text_[at] < '\x7F') {
      ++at;
      continue;
    }
    const std::size_t start = at;
    const char32_t c = next_code_point(text_, at);
    if (!is_refused(c)) continue;
    diagnostics.push_back({DiagnosticCode::control_character, span(start, at), {hex(c)}});
    return false;
  }
  return true;
}

}  // namespace trama
