#include "report/diagnostics_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "json/json_text.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kMaxShown = 100;  // columns of a source line on the terminal
constexpr std::size_t kTab = 4;
constexpr std::size_t kGutter = 5;

struct Range {
  char32_t first;
  char32_t last;
};

bool is_in(char32_t c, const Range* begin, const Range* end) noexcept {
  return std::any_of(begin, end, [c](const Range& r) { return c >= r.first && c <= r.last; });
}

/// East Asian wide and full width characters and emoji (UAX #11), the blocks that occur in
/// practice.
bool is_wide(char32_t c) noexcept {
  static constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
                                    {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
                                    {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
  return is_in(c, std::begin(kWide), std::end(kWide));
}

/// Marks that stand on the character before them.
bool is_combining(char32_t c) noexcept {
  static constexpr Range kCombining[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                         {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
  return is_in(c, std::begin(kCombining), std::end(kCombining));
}

/// What is shown for a character, and how many columns of the terminal it takes.
struct Shown {
  std::string text;
  std::size_t width = 1;
};

Shown show(char32_t c) {
  Shown shown;
  if (c == '\t') return {std::string(kTab, ' '), kTab};
  if (c < 0x20 || c == 0x7F) {
    append_utf8(shown.text, c == 0x7F ? 0x2421 : 0x2400 + c);  // ␀ to ␟, ␡
  } else if (is_unseen(c)) {
    std::array<char, 16> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "<U+%04X>", static_cast<unsigned>(c));
    shown = {buffer.data(), std::string_view(buffer.data()).size()};
  } else {
    append_utf8(shown.text, c);
    shown.width = is_combining(c) ? 0 : is_wide(c) ? 2 : 1;
  }
  return shown;
}

/// `text` as it may go to a terminal; bytes that are not UTF-8 become U+FFFD.
std::vector<Shown> characters(std::string_view text) {
  constexpr char32_t kReplacement = 0xFFFD;
  std::vector<Shown> out;
  while (!text.empty()) {
    const std::size_t bad = first_invalid_utf8(text);
    const std::string_view good = text.substr(0, bad);
    for (std::size_t at = 0; at < good.size();) out.push_back(show(next_code_point(good, at)));
    if (bad == kValidUtf8) break;
    out.push_back(show(kReplacement));
    text.remove_prefix(bad + 1);
  }
  return out;
}

std::string on_screen(std::string_view text) {
  std::string out;
  for (const Shown& c : characters(text)) out += c.text;
  return out;
}

/// Finds lines of the files; asked for them in rising order, it passes over each file once.
class Lines {
 public:
  explicit Lines(const Files& files) : files_(files) {}

  std::string_view find(Span span) {
    const std::string_view text = files_.files[span.file].text;
    if (span.file != file_ || span.line < line_) {
      file_ = span.file;
      line_ = 1;
      start_ = 0;
    }
    for (; line_ < span.line; ++line_) {
      const std::size_t end = text.find('\n', start_);
      if (end == std::string_view::npos) return {};
      start_ = end + 1;
    }
    std::string_view line = text.substr(start_);
    line = line.substr(0, line.find('\n'));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
  }

 private:
  const Files& files_;
  std::uint32_t file_ = 0;
  std::uint32_t line_ = 1;
  std::size_t start_ = 0;
};

std::string_view file_name(const Files& files, Span span) {
  return span.file < files.files.size() ? std::string_view(files.files[span.file].name)
                                        : std::string_view{};
}

/// The part of a line that is shown, [begin, end) in characters: all of it, or a window around the
/// caret.
struct Window {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Window window(const std::vector<Shown>& line, std::size_t caret, std::size_t length) {
  std::size_t width = 0;
  for (const Shown& c : line) width += c.width;
  if (width <= kMaxShown) return {0, line.size()};
  constexpr std::size_t kBefore = 40;
  Window w{std::min(caret, line.size()), std::min(caret, line.size())};
  std::size_t used = 0;
  while (w.begin > 0 && used + line[w.begin - 1].width <= kBefore) used += line[--w.begin].width;
  while (w.end < line.size() && used + line[w.end].width <= kMaxShown) used += line[w.end++].width;
  const bool whole_word = w.end >= std::min(caret + length, line.size());
  while (whole_word && w.begin > 0 && used + line[w.begin - 1].width <= kMaxShown) {
    used += line[--w.begin].width;
  }
  return w;
}

struct Marked {
  std::string line;
  std::string carets;
};

Marked mark(const std::vector<Shown>& line, std::size_t caret, std::size_t length) {
  const Window w = window(line, caret, length);
  Marked out;
  if (w.begin > 0) out = {"…", " "};
  std::size_t carets = 0;
  for (std::size_t i = w.begin; i < w.end; ++i) {
    out.line += line[i].text;
    if (i < caret) out.carets.append(line[i].width, ' ');
    if (i >= caret && i < caret + length) carets += line[i].width;
  }
  if (w.end < line.size()) out.line += "…";
  out.carets.append(std::max<std::size_t>(1, carets), '^');
  return out;
}

void append_line(const Diagnostic& d, const Files& files, Lines& lines, Language language,
                 std::string& out) {
  const std::string help = on_screen(say_help(language, d));
  if (d.span.line == 0 || d.span.file >= files.files.size()) {
    if (!help.empty()) out += std::string(kGutter + 3, ' ') + help + '\n';
    return;
  }
  const auto line = characters(lines.find(d.span));
  const std::size_t caret = std::max(d.span.column, 1U) - 1;
  const Marked marked = mark(line, caret, std::max(d.span.length, 1U));
  const std::string number = std::to_string(d.span.line);
  const std::size_t gutter = std::max(kGutter, number.size());
  out += std::string(gutter - number.size(), ' ') + number + " | " + marked.line + '\n';
  out += std::string(gutter, ' ') + " | " + marked.carets;
  if (!help.empty()) out += ' ' + help;
  out += '\n';
}

std::string_view severity_word(const Diagnostic& d) {
  return severity(d.code) == Severity::error ? "error" : "warning";
}

std::vector<const Diagnostic*> sorted(const Diagnostics& diagnostics) {
  std::vector<const Diagnostic*> out;
  for (const Diagnostic& d : diagnostics) out.push_back(&d);
  std::stable_sort(out.begin(), out.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return std::tie(a->span.file, a->span.line, a->span.column) <
           std::tie(b->span.file, b->span.line, b->span.column);
  });
  // What stands behind an anchor is read again at each of its aliases, and found wrong again.
  const auto same = [](const Diagnostic* a, const Diagnostic* b) {
    return a->code == b->code && a->values == b->values &&
           std::tie(a->span.file, a->span.line, a->span.column) ==
               std::tie(b->span.file, b->span.line, b->span.column);
  };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

}  // namespace

std::string render_text(const Diagnostics& diagnostics, const Files& files, Language language) {
  std::string out;
  Lines lines(files);
  for (const Diagnostic* d : sorted(diagnostics)) {
    out += on_screen(file_name(files, d->span));
    if (d->span.line != 0) {
      out += ':' + std::to_string(d->span.line) + ':' + std::to_string(d->span.column);
    }
    out += ": ";
    const bool error = severity(d->code) == Severity::error;
    out += say(language, error ? PhraseCode::report_error_word : PhraseCode::report_warning);
    out += '[';
    out += name(d->code);
    out += "]: " + on_screen(say(language, *d)) + '\n';
    append_line(*d, files, lines, language, out);
  }
  return out;
}

std::string render_json(const Diagnostics& diagnostics, const Files& files, Language language) {
  std::string out = "[";
  const auto add_text = [&out](std::string_view key, std::string_view value) {
    out += '"';
    out += key;
    out += "\":";
    append_json_string(out, value);
  };
  const auto add_number = [&out](std::string_view key, std::uint32_t value) {
    out += ",\"";
    out += key;
    out += "\":" + std::to_string(value);
  };
  for (const Diagnostic* d : sorted(diagnostics)) {
    out += out.size() > 1 ? ",\n{" : "\n{";
    add_text("code", name(d->code));
    out += ',';
    add_text("severity", severity_word(*d));
    out += ',';
    add_text("file", file_name(files, d->span));
    // What concerns a file as a whole is at its beginning: no tool knows a line 0.
    add_number("line", std::max(d->span.line, 1U));
    add_number("column", std::max(d->span.column, 1U));
    add_number("length", d->span.length);
    out += ',';
    add_text("message", say(language, *d));
    out += ',';
    add_text("help", say_help(language, *d));
    out += '}';
  }
  out += out.size() > 1 ? "\n]\n" : "]\n";
  return json_shown(out);
}

}  // namespace trama
