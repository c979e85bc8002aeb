// The one door to the terminal. What may hold control characters, marks that turn the direction of
// writing, or bytes that are no UTF-8 (names of files, options and fields come from people and from
// dumps) is made fit to be shown here, and only here something is written to the screen. Rows on
// standard output are data, and go through sink/output_file.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trama {

enum class Screen : std::uint8_t { out, err };

/// Whether somebody looks at it, not a file or a pipe.
bool is_terminal(Screen screen) noexcept;
/// Its columns, or `otherwise` where it is no terminal or does not say.
std::size_t columns_of(Screen screen, std::size_t otherwise) noexcept;

/// Standard output took less than was shown there: the disk is full, or nobody reads any more.
struct ScreenUnwritable {
  Failure failure;
};

/// Writes lines, each as visible(). Throws ScreenUnwritable of Screen::out.
void show(Screen screen, std::string_view text);

/// For when memory may have run out: what is no printable ASCII and no line end becomes `?`.
void show_ascii(Screen screen, std::string_view text) noexcept;
/// The same of what visible() made while there was memory.
void show_visible(Screen screen, std::string_view visible) noexcept;

/// A line that is drawn over and over at one place, and is wiped at the end.
class StatusLine {
 public:
  explicit StatusLine(Screen screen) noexcept : screen_(screen) {}
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void draw(std::string_view text);
  [[nodiscard]] bool is_drawn() const noexcept { return drawn_; }

 private:
  Screen screen_;
  bool drawn_ = false;
};

/// `text` with what a terminal would obey written as an escape: control characters (\n, \t, \x1b),
/// those that turn the direction of writing (\u202e), and bytes that are no UTF-8 (\xff). Of more
/// than `most` characters the first, and `…`.
std::string visible(std::string_view text, std::size_t most = SIZE_MAX);

/// A JSON text (or several) with what visible() would escape written as \u escapes, which change no
/// value; bytes that are no UTF-8 become U+FFFD.
std::string json_shown(std::string_view json);

/// What an excerpt of a source shows for a character, so that carets below it stand right: blanks
/// for a tab, ␛ for a control character, <U+202E> for what turns the direction of writing, U+FFFD
/// for a byte that is no UTF-8.
struct ScreenCharacter {
  std::string text;
  std::size_t width = 1;  // columns of the terminal
};
std::vector<ScreenCharacter> screen_characters(std::string_view text);
/// Their texts.
std::string on_screen(std::string_view text);

}  // namespace trama
