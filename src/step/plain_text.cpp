// plain-text: what a reader sees of a piece of HTML.
//
// Suppliers send descriptions with tags and character references, whole or cut off in the middle.
// Only what surely is a tag goes: `a < b` and a tag that never ends stay. Tags and references are
// looked for in the source once, so `&amp;lt;` becomes `&lt;` and `&lt;b&gt;` becomes `<b>`. A
// bound on the work: whatever was once looked for to the end in vain is not looked for again.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "base/ascii.h"
#include "base/utf8.h"
#include "step/specs.h"

namespace trama {
namespace {

struct Entity {
  std::string_view name;
  char32_t code_point;
};

constexpr Entity kEntities[] = {
#define TRAMA_ENTITY(name, code_point) {name, code_point},
#include "step/html_entities.inc"
#undef TRAMA_ENTITY
};
static_assert(std::ranges::is_sorted(kEntities, {}, &Entity::name));

/// What &#128; to &#159; mean (HTML Living Standard, 13.2.5.80): Windows' characters, not controls.
constexpr char16_t kWindows1252[] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                     0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                     0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                     0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
static_assert(std::size(kWindows1252) == 32);

/// The tags that stand between lines or cells: what they part stays parted.
constexpr std::string_view kParting[] = {
    "address", "article", "aside", "blockquote", "br", "dd",     "div", "dl",  "dt",
    "footer",  "form",    "h1",    "h2",         "h3", "h4",     "h5",  "h6",  "header",
    "hr",      "li",      "main",  "nav",        "ol", "option", "p",   "pre", "section",
    "table",   "tbody",   "td",    "tfoot",      "th", "thead",  "tr",  "ul"};
static_assert(std::ranges::is_sorted(kParting));

/// -1 where `c` is no digit of `base` (10 or 16).
int digit_of(char c, int base) noexcept {
  if (is_digit(c)) return c - '0';
  if (base == 16 && small_letter(c) >= 'a' && small_letter(c) <= 'f')
    return small_letter(c) - 'a' + 10;
  return -1;
}

/// The code point of `#233` or `#xE9`, or 0.
char32_t numeric_reference(std::string_view name) noexcept {
  const bool hex = name.size() > 1 && small_letter(name[1]) == 'x';
  name.remove_prefix(hex ? 2 : 1);
  if (name.empty()) return 0;
  char32_t code = 0;
  for (const char c : name) {
    const int digit = digit_of(c, hex ? 16 : 10);
    if (digit < 0) return 0;
    code = code * (hex ? 16U : 10U) + static_cast<char32_t>(digit);
    if (code > 0x10FFFF) return 0;
  }
  if (code >= 0xD800 && code <= 0xDFFF) return 0;
  return code >= 0x80 && code <= 0x9F ? kWindows1252[code - 0x80] : code;
}

/// The code point of what stands between & and ;, or 0.
char32_t code_point_of(std::string_view name) noexcept {
  if (name.empty()) return 0;
  if (name.front() == '#') return numeric_reference(name);
  const auto* const found = std::ranges::lower_bound(kEntities, name, {}, &Entity::name);
  return found != std::end(kEntities) && found->name == name ? found->code_point : 0;
}

class Html {
 public:
  /// `out` has room for as many bytes as `in` holds:
  /// no tag or reference is shorter than what it leaves.
  Html(std::string_view in, char* out) noexcept : in_(in), out_(out) {}

  std::string_view text() noexcept {
    while (at_ < in_.size()) {
      if (in_[at_] == '<' && skip_markup()) continue;
      if (in_[at_] == '&' && put_reference()) continue;
      put(in_.substr(at_++, 1));
    }
    return {out_, size_};
  }

 private:
  static constexpr std::size_t kNone = std::string_view::npos;
  static constexpr std::size_t kLongestReference = 10;  // thetasym, #x0010FFFF

  void put(std::string_view bytes) noexcept {
    const bool next_to_blank = (size_ > 0 && out_[size_ - 1] == ' ') || bytes.front() == ' ' ||
                               bytes.front() == '\n' || bytes.front() == '\r';
    if (parted_ && size_ > 0 && !next_to_blank && out_[size_ - 1] != '\n') out_[size_++] = ' ';
    parted_ = false;
    std::memcpy(out_ + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  bool put_reference() noexcept {
    const std::string_view ahead = in_.substr(at_ + 1, kLongestReference + 1);
    const std::size_t end = ahead.find(';');
    const char32_t code = end == kNone ? 0 : code_point_of(ahead.substr(0, end));
    if (code == 0) return false;
    char bytes[kMaxUtf8Bytes];
    put({bytes, write_utf8(bytes, code)});
    at_ += end + 2;
    return true;
  }

  /// Moves past a tag, a comment or a declaration; false where `<` is only a sign.
  bool skip_markup() noexcept {
    const char next = at_ + 1 < in_.size() ? in_[at_ + 1] : ' ';
    if (in_.substr(at_).starts_with("<!--")) return skip_to("-->", no_comment_end_);
    if (next == '!' || next == '?') return skip_to(">", no_tag_end_);
    const bool closing = next == '/';
    const std::size_t name_at = at_ + (closing ? 2 : 1);
    if (name_at >= in_.size() || !is_letter(in_[name_at])) return false;
    const std::size_t end = tag_end(name_at);
    if (end == kNone) return false;
    note_tag(name_at, closing, end);
    return true;
  }

  bool skip_to(std::string_view mark, bool& none) noexcept {
    const std::size_t found = none ? kNone : in_.find(mark, at_);
    none = found == kNone;
    if (none) return false;
    at_ = found + mark.size();
    return true;
  }

  /// Where the > of the tag stands: one in quotes is none, unless the quote never ends.
  std::size_t tag_end(std::size_t from) noexcept {
    if (no_tag_end_) return kNone;
    for (std::size_t at = from; at < in_.size(); ++at) {
      if (in_[at] == '>') return at;
      if ((in_[at] == '"' || in_[at] == '\'') && in_[at - 1] == '=') {
        const std::size_t quote = no_quote_end_ ? kNone : in_.find(in_[at], at + 1);
        no_quote_end_ = quote == kNone;
        if (!no_quote_end_) at = quote;
      }
    }
    // Quotes that swallow all the rest are none, here and further on.
    no_quote_end_ = true;
    const std::size_t any = in_.find('>', from);
    no_tag_end_ = any == kNone;
    return any;
  }

  /// Moves past the tag that ends at `end`, and past all of a script or style sheet.
  void note_tag(std::size_t name_at, bool closing, std::size_t end) noexcept {
    char buffer[16];
    std::size_t length = 0;
    for (std::size_t at = name_at; at < end && length < sizeof buffer; ++at) {
      if (!is_letter(in_[at]) && !is_digit(in_[at])) break;
      buffer[length++] = small_letter(in_[at]);
    }
    const std::string_view name{buffer, length};
    at_ = end + 1;
    if (std::ranges::binary_search(kParting, name)) parted_ = true;
    if (!closing && name == "script") skip_content("</script", no_script_end_);
    if (!closing && name == "style") skip_content("</style", no_style_end_);
  }

  /// Moves to the closing tag; where there is none, all stays.
  void skip_content(std::string_view closing, bool& none) noexcept {
    if (none) return;
    const auto same = [](char a, char b) { return small_letter(a) == small_letter(b); };
    const std::string_view rest = in_.substr(at_);
    const auto found = std::search(rest.begin(), rest.end(), closing.begin(), closing.end(), same);
    none = found == rest.end();
    if (!none) at_ += static_cast<std::size_t>(found - rest.begin());
  }

  std::string_view in_;
  char* out_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  bool parted_ = false;  // a blank is due before the next character
  bool no_comment_end_ = false;
  bool no_tag_end_ = false;
  bool no_quote_end_ = false;
  bool no_script_end_ = false;
  bool no_style_end_ = false;
};

Reason plain_text(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  const std::string_view text = value.text();
  if (text.find_first_of("<&") == std::string_view::npos) return Reason::none;
  value = Value::text(Html(text, context.arena.allocate(text.size())).text());
  return Reason::none;
}

constexpr Example kExamples[] = {
    {.title = "Tags and references",
     .column = "text: [plain-text]",
     .in = R"("<p>Habitaci&oacute;n <b>doble</b> &amp; desayuno</p>")",
     .out = "Habitación doble & desayuno"},
    {.title = "What a tag parts stays parted",
     .column = "text: [plain-text]",
     .in = R"("<li>WiFi</li><li>Piscina</li>")",
     .out = "WiFi Piscina"},
    {.title = "A sign is no tag",
     .column = "text: [plain-text]",
     .in = R"("niños < 12 años")",
     .out = "niños < 12 años"},
    {.title = "Nothing is decoded twice",
     .column = "text: [plain-text]",
     .in = R"("&lt;p&gt;Hola&lt;/p&gt;")",
     .out = "<p>Hola</p>"},
    {.title = "Unless it is asked for twice",
     .column = "text: [plain-text, plain-text]",
     .in = R"("&lt;p&gt;Hola&lt;/p&gt;")",
     .out = "Hola"},
};

}  // namespace

constinit const StepSpec kPlainText{
    .name = "plain_text",
    .family = StepFamily::text,
    .word = "plain-text",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Takes away HTML tags and writes character references (&amp;) as their characters.",
    .doc =
        "Comments, scripts and style sheets go too. Where a tag parts paragraphs, lines, items or "
        "cells, one blank is left; white space of the text itself stays (one-space makes it one). "
        "References are those of HTML 4 by name, and by number, with their semicolon; others stay "
        "as written.",
    .source = "HTML Living Standard, 13.2.5 Tokenization",
    .errors = {},
    .examples = kExamples,
    .fn = plain_text,
};

}  // namespace trama
