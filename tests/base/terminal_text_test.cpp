#include "base/terminal_text.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <string_view>

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

/// What `work` writes to standard error, in a process of its own.
template <typename Work>
std::string on_stderr(Work work) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    work();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string seen;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    seen.append(buffer, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  return seen;
}

struct Case {
  std::string_view text;
  std::string_view visible;
  std::string_view json;
  std::string_view excerpt;
  std::string_view why;
};

constexpr Case kCases[] = {
    {"plain", "plain", "plain", "plain", "nothing to do"},
    {"é 😀", "é 😀", "é 😀", "é 😀", "characters that are shown"},
    {"\x1b[31m", "\\x1b[31m", "\x1b[31m", "␛[31m", "a colour; JSON text has none as it is"},
    {"a\rb", "a\\rb", "a\rb", "a␍b", "back to the begin of the line"},
    {"\x7f", "\\x7f", "\\u007f", "␡", "delete"},
    {"\u0085\u009b", "\\x85\\x9b", "\\u0085\\u009b", "<U+0085><U+009B>", "C1: 9b is ESC ["},
    {"\u202Eabc\u2066", "\\u202eabc\\u2066", "\\u202eabc\\u2066", "<U+202E>abc<U+2066>",
     "marks that turn the direction of writing"},
    {"a\u200bb\ufeff", "a\\u200bb\\ufeff", "a\\u200bb\\ufeff", "a<U+200B>b<U+FEFF>", "what hides"},
    {"\u2028", "\\u2028", "\\u2028", "<U+2028>", "a line end that is none for us"},
    {"a\U000E0041", "a\\U000e0041", "a\\udb40\\udc41", "a<U+E0041>",
     "a tag: text that nobody sees"},
    {"a\xff\xc3", "a\\xff\\xc3", "a\\ufffd\\ufffd", "a\uFFFD\uFFFD", "no UTF-8"},
    {"\xc0\x80\xed\xa0\x80", "\\xc0\\x80\\xed\\xa0\\x80", "\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd",
     "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", "an overlong form and a surrogate"},
    {"", "", "", "", "nothing"},
};

}  // namespace

TEST_CASE("terminal_text: what a terminal would obey is shown instead") {
  for (const Case& c : kCases) {
    INFO(c.why);
    CHECK(visible(c.text) == c.visible);
    CHECK(json_shown(c.text) == c.json);
    CHECK(on_screen(c.text) == c.excerpt);
    CHECK(visible(c.visible) == c.visible);  // what was made visible stays so
    CHECK(on_stderr([&] { show(Screen::err, c.text); }) == c.visible);
  }
}

TEST_CASE("terminal_text: the beginning of a long text") {
  CHECK(visible("abc", 3) == "abc");
  CHECK(visible("abcd", 3) == "abc…");
  CHECK(visible("éé\xff\x1b", 3) == "éé\\xff…");
  CHECK(visible("éé\xff\x1b", 4) == "éé\\xff\\x1b");
  CHECK(visible("a", 0) == "…");
  CHECK(visible("", 0).empty());
}

TEST_CASE("terminal_text: columns of an excerpt") {
  const auto widths = [](std::string_view text) {
    std::string all;
    for (const ScreenCharacter& c : screen_characters(text)) all += std::to_string(c.width);
    return all;
  };
  CHECK(widths("a\tb") == "141");
  CHECK(widths("日é\u0301") == "210");
  CHECK(widths("\u202e\x1b") == "81");
}

TEST_CASE("terminal_text: lines stay lines") {
  CHECK(on_stderr([] { show(Screen::err, "a\x1b\n\nb\t"); }) == "a\\x1b\n\nb\\t");
  CHECK(on_stderr([] { show(Screen::err, ""); }).empty());
  const std::string large(1000000, 'x');
  CHECK(on_stderr([&] { show(Screen::err, large); }) == large);  // more than a pipe holds
}

TEST_CASE("terminal_text: without memory only ASCII is shown") {
  CHECK(on_stderr([] { show_ascii(Screen::err, "a\x1b[31mé\n"); }) == "a?[31m??\n");
  const std::string large(5000, 'y');
  CHECK(on_stderr([&] { show_ascii(Screen::err, large); }) == large);
}

TEST_CASE("terminal_text: a status line is drawn over and wiped") {
  const std::string drawn = on_stderr([] {
    StatusLine line(Screen::err);
    line.draw("1 \x1b[2J");
    line.draw("2");
  });
  CHECK(drawn == "\r1 \\x1b[2J\033[K\r2\033[K\r\033[K");
  CHECK(on_stderr([] { StatusLine never(Screen::err); }).empty());
}

TEST_CASE("terminal_text: a pipe is no terminal") {
  CHECK(on_stderr([] { show(Screen::err, is_terminal(Screen::err) ? "yes" : "no"); }) == "no");
}
