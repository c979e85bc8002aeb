#include "base/terminal_text.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "base/utf8.h"

namespace trama {
namespace {

constexpr std::size_t kTab = 4;
constexpr std::string_view kWipe = "\033[K";  // to the end of the line

int descriptor(Screen screen) noexcept {
  return screen == Screen::out ? STDOUT_FILENO : STDERR_FILENO;
}

/// As far as it can be written. Gives errno of what failed, or 0.
int write_all(Screen screen, std::string_view text) noexcept {
  const int fd = descriptor(screen);
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done > 0) {
      text.remove_prefix(static_cast<std::size_t>(done));
    } else if (done < 0 && errno == EAGAIN) {
      pollfd ready{.fd = fd, .events = POLLOUT, .revents = 0};
      if (::poll(&ready, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (done == 0 || errno != EINTR) {
      return done == 0 ? EIO : errno;
    }
  }
  return 0;
}

void append_hex(std::string& out, char32_t c, int digits) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kHex[c >> shift & 15U];
}

void append_escape(std::string& out, char32_t c) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\x";
      append_hex(out, c, 2);
  }
}

/// As \u00a0, and beyond U+FFFF as \U000e0041.
void append_code_point(std::string& out, char32_t c) {
  out += c <= 0xFFFF ? "\\u" : "\\U";
  append_hex(out, c, c <= 0xFFFF ? 4 : 8);
}

/// RFC 8259, section 7: beyond U+FFFF as a pair of surrogates.
void append_json_escape(std::string& out, char32_t c) {
  if (c > 0xFFFF) {
    append_json_escape(out, 0xD800 + ((c - 0x10000) >> 10U));
    c = 0xDC00 + (c & 0x3FFU);
  }
  out += "\\u";
  append_hex(out, c, 4);
}

/// Calls `good` for each character with its code point and its bytes, `bad` for each byte that is
/// no UTF-8, until one of them gives false.
template <typename Good, typename Bad>
void each_character(std::string_view text, Good good, Bad bad) {
  while (!text.empty()) {
    const std::size_t valid = std::min(first_invalid_utf8(text), text.size());
    for (std::size_t at = 0; at < valid;) {
      const std::size_t from = at;
      const char32_t c = next_code_point(text.substr(0, valid), at);
      if (!good(c, text.substr(from, at - from))) return;
    }
    if (valid == text.size()) return;
    if (!bad(static_cast<unsigned char>(text[valid]))) return;
    text.remove_prefix(valid + 1);
  }
}

struct Range {
  char32_t first;
  char32_t last;
};

bool is_in(char32_t c, const Range* begin, const Range* end) noexcept {
  return std::any_of(begin, end, [c](const Range& r) { return c >= r.first && c <= r.last; });
}

/// East Asian wide and full width characters and emoji (UAX #11),
/// the blocks that occur in practice.
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

ScreenCharacter screen_character(char32_t c) {
  ScreenCharacter shown;
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

}  // namespace

bool is_terminal(Screen screen) noexcept {
  return ::isatty(descriptor(screen)) != 0;
}

std::size_t columns_of(Screen screen, std::size_t otherwise) noexcept {
  winsize size{};
  const bool known = ::ioctl(descriptor(screen), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : otherwise;
}

void show(Screen screen, std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t line = std::min(text.find('\n'), text.size());
    lines += visible(text.substr(0, line));
    if (line < text.size()) lines += '\n';
    text.remove_prefix(std::min(line + 1, text.size()));
  }
  const int error = write_all(screen, lines);
  if (error == 0 || screen == Screen::err) return;  // there is no other place to complain at
  throw ScreenUnwritable{
      error == EPIPE
          ? Failure{FailureCode::output_pipe_closed, {Phrase(PhraseCode::standard_output)}}
          : Failure{FailureCode::output_unwritable,
                    {Phrase(PhraseCode::standard_output), system_words(error)}}};
}

void show_ascii(Screen screen, std::string_view text) noexcept {
  std::array<char, 512> shown{};
  while (!text.empty()) {
    const std::string_view part = text.substr(0, shown.size());
    std::transform(part.begin(), part.end(), shown.begin(),
                   [](char c) { return c == '\n' || (c >= ' ' && c < 0x7F) ? c : '?'; });
    write_all(screen, {shown.data(), part.size()});
    text.remove_prefix(part.size());
  }
}

void show_visible(Screen screen, std::string_view visible) noexcept {
  write_all(screen, visible);
}

StatusLine::~StatusLine() {
  if (drawn_) write_all(screen_, std::string("\r").append(kWipe));
}

void StatusLine::draw(std::string_view text) {
  drawn_ = true;
  write_all(screen_, std::string("\r").append(visible(text)).append(kWipe));
}

std::string visible(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t seen = 0;
  const auto has_room = [&] {
    if (seen++ < most) return true;
    out += "…";
    return false;
  };
  each_character(
      text,
      [&](char32_t c, std::string_view bytes) {
        if (!has_room()) return false;
        if (is_unseen(c) && c >= 0xA0) {  // \xa0 would be a byte that is no UTF-8
          append_code_point(out, c);
        } else if (is_unseen(c)) {
          append_escape(out, c);
        } else {
          out += bytes;
        }
        return true;
      },
      [&](unsigned char byte) {
        if (!has_room()) return false;
        append_escape(out, byte);
        return true;
      });
  return out;
}

std::string json_shown(std::string_view json) {
  std::string out;
  each_character(
      json,
      [&](char32_t c, std::string_view bytes) {
        if (c >= 0x7F && is_unseen(c)) {
          append_json_escape(out, c);
        } else {
          out += bytes;
        }
        return true;
      },
      [&](unsigned char) {
        out += "\\ufffd";
        return true;
      });
  return out;
}

std::vector<ScreenCharacter> screen_characters(std::string_view text) {
  constexpr char32_t kReplacement = 0xFFFD;
  std::vector<ScreenCharacter> out;
  each_character(
      text,
      [&](char32_t c, std::string_view) {
        out.push_back(screen_character(c));
        return true;
      },
      [&](unsigned char) {
        out.push_back(screen_character(kReplacement));
        return true;
      });
  return out;
}

std::string on_screen(std::string_view text) {
  std::string out;
  for (const ScreenCharacter& c : screen_characters(text)) out += c.text;
  return out;
}

}  // namespace trama
