// HtmlOut: HTML put together element by element. What comes from a mapping or a dump can go in as text or
// as the value of an attribute alone, and is escaped there, in one place; names of elements, attributes and
// classes are words of the source. What was opened is closed in its order, so that any page is well formed.
//
//   out.open("p", {{"class", "note"}}).text("a < b").close();      <p class="note">a &lt; b</p>

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// A word of the source: no text of a mapping or a dump can be one.
class HtmlWord {
 public:
  template <std::size_t size>
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is a word
  consteval HtmlWord(const char (&literal)[size]) : text_(literal, size - 1) {}
  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// `name="value"`; the value is escaped.
struct HtmlAttribute {
  HtmlWord name;
  std::string_view value;
};
using HtmlAttributes = std::initializer_list<HtmlAttribute>;

class HtmlOut {
 public:
  /// `<tag …>`, until its close().
  HtmlOut& open(HtmlWord tag, HtmlAttributes attributes = {});
  /// Closes the element that was opened last and is open.
  HtmlOut& close();
  /// Text as people read it: what has a meaning in HTML is escaped, and what nobody can see (control
  /// characters, what turns the direction of writing, bytes that are no UTF-8) is shown as visible() does.
  HtmlOut& text(std::string_view text);
  /// open, text, close.
  HtmlOut& element(HtmlWord tag, std::string_view text, HtmlAttributes attributes = {});
  /// An element without content (HTML 13.1.2, void elements): `<meta …>`.
  HtmlOut& lone(HtmlWord tag, HtmlAttributes attributes);
  /// A shape of a drawing, without content: `<rect …/>`.
  HtmlOut& shape(HtmlWord tag, HtmlAttributes attributes);
  /// What is HTML already: a piece of the source.
  HtmlOut& as_is(HtmlWord html);

  /// What was put together since it was last taken; elements may be open.
  std::string take();
  /// How many elements are open.
  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }

 private:
  void begin(HtmlWord tag, HtmlAttributes attributes);
  void escape(std::string_view text);

  std::string out_;
  std::vector<HtmlWord> open_;
};

/// The address of a file beside the page, as a value of `href` (RFC 3986, 3.3: a segment, in which what is not
/// unreserved is percent-encoded).
std::string relative_address(std::string_view file);

}  // namespace trama
