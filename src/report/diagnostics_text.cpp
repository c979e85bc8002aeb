#include "report/diagnostics_text.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "json/json_text.h"
#include "report/findings_report.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kMaxShown = 100;  // columns of a source line on the terminal
constexpr std::size_t kGutter = 5;
/// Characters of a line before the caret and behind it that are looked at; of a message.
constexpr std::size_t kMaxBefore = 200;
constexpr std::size_t kMaxBehind = 400;
constexpr std::size_t kMaxMessage = 2000;

bool continues(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// What is around a caret in its line.
struct Excerpt {
  std::string_view text;
  std::size_t caret = 0;  // in characters of `text`
  bool before = false;    // the line has more before it, …
  bool behind = false;    // … and behind it
};

/// Finds lines of the files; asked for places in rising order, it passes over each file once, and
/// over each line.
class Lines {
 public:
  explicit Lines(const Files& files) : files_(files) {}

  Excerpt around(Span span) {
    const std::size_t column = std::max(span.column, 1U) - 1;
    if (span.file != file_ || span.line != line_ || !known_ || column < column_) {
      text_ = find(span);
      known_ = true;
      column_ = at_ = 0;
    }
    for (; column_ < column && at_ < text_.size(); ++column_) at_ = behind(at_);
    Excerpt out;
    std::size_t begin = at_;
    out.caret = column - column_;  // behind the end of the line
    for (std::size_t n = 0; n < kMaxBefore && begin > 0; ++n, ++out.caret) {
      do --begin;
      while (begin > 0 && continues(text_[begin]));
    }
    std::size_t end = at_;
    for (std::size_t n = 0; n < kMaxBehind && end < text_.size(); ++n) end = behind(end);
    out.text = text_.substr(begin, end - begin);
    out.before = begin > 0;
    out.behind = end < text_.size();
    return out;
  }

 private:
  /// Of the character behind that at a byte of the line.
  [[nodiscard]] std::size_t behind(std::size_t at) const noexcept {
    do ++at;
    while (at < text_.size() && continues(text_[at]));
    return at;
  }

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

  const Files& files_;
  std::uint32_t file_ = 0;
  std::uint32_t line_ = 1;
  std::size_t start_ = 0;
  // the last place that was asked for: its line, and where in it
  bool known_ = false;
  std::string_view text_;
  std::size_t column_ = 0;
  std::size_t at_ = 0;
};

std::string_view file_name(const Files& files, Span span) {
  return span.file < files.files.size() ? std::string_view(files.files[span.file].name)
                                        : std::string_view{};
}

/// The part of a line that is shown, [begin, end) in characters:
/// all of it, or a window around the caret.
struct Window {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Window window(const std::vector<ScreenCharacter>& line, std::size_t caret, std::size_t length) {
  std::size_t width = 0;
  for (const ScreenCharacter& c : line) width += c.width;
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

Marked mark(const Excerpt& excerpt, std::size_t length) {
  const std::vector<ScreenCharacter> line = screen_characters(excerpt.text);
  const std::size_t caret = excerpt.caret;
  const Window w = window(line, caret, length);
  Marked out;
  if (w.begin > 0 || excerpt.before) out = {"…", " "};
  std::size_t carets = 0;
  for (std::size_t i = w.begin; i < w.end; ++i) {
    out.line += line[i].text;
    if (i < caret) out.carets.append(line[i].width, ' ');
    if (i >= caret && i < caret + length) carets += line[i].width;
  }
  if (w.end < line.size() || excerpt.behind) out.line += "…";
  out.carets.append(std::max<std::size_t>(1, carets), '^');
  return out;
}

/// What is told of names and texts of a file is of any length.
std::string message_of(Language language, const Diagnostic& d) {
  return shortened(say(language, d), kMaxMessage);
}
std::string help_of(Language language, const Diagnostic& d) {
  return shortened(say_help(language, d), kMaxMessage);
}

void append_line(const Diagnostic& d, const Files& files, Lines& lines, Language language,
                 std::string& out) {
  const std::string help = on_screen(help_of(language, d));
  if (d.span.line == 0 || d.span.file >= files.files.size()) {
    if (!help.empty()) out += std::string(kGutter + 3, ' ') + help + '\n';
    return;
  }
  const Marked marked = mark(lines.around(d.span), std::max(d.span.length, 1U));
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
    out += "]: " + on_screen(message_of(language, *d)) + '\n';
    append_line(*d, files, lines, language, out);
  }
  return out;
}

std::vector<Finding> findings_of(const Diagnostics& diagnostics, const Files& files,
                                 Language language) {
  std::vector<Finding> findings;
  Lines lines(files);
  for (const Diagnostic* d : sorted(diagnostics)) {
    Finding& finding = findings.emplace_back();
    finding.code = name(d->code);
    finding.is_error = severity(d->code) == Severity::error;
    finding.file = file_name(files, d->span);
    finding.message = message_of(language, *d);
    finding.help = help_of(language, *d);
    if (d->span.line == 0) continue;  // the file as a whole: at its beginning
    finding.line = d->span.line;
    finding.column = std::max(d->span.column, 1U);
    finding.length = d->span.length;
    finding.text = lines.around(d->span).text;
  }
  return findings;
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
    add_text("message", message_of(language, *d));
    out += ',';
    add_text("help", help_of(language, *d));
    out += '}';
  }
  out += out.size() > 1 ? "\n]\n" : "]\n";
  return json_shown(out);
}

}  // namespace trama
