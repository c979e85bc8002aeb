#include "report/html_out.h"

#include <utility>

#include "base/check.h"
#include "base/terminal_text.h"

namespace trama {

HtmlOut& HtmlOut::open(HtmlWord tag, HtmlAttributes attributes) {
  begin(tag, attributes);
  out_ += '>';
  open_.push_back(tag);
  return *this;
}

HtmlOut& HtmlOut::close() {
  TRAMA_CHECK(!open_.empty());
  const std::string_view tag = open_.back().view();
  open_.pop_back();
  out_.append("</").append(tag) += '>';
  // Lines end where blocks do, so that a page can be read and compared as text.
  static constexpr std::string_view kBlocks[] = {
      "p",     "h1",    "h2",    "h3",     "li",     "ul",     "div", "tr",
      "table", "thead", "tbody", "figure", "header", "footer", "nav", "section",
      "main",  "title", "head",  "html",   "pre",    "dl"};
  for (const std::string_view block : kBlocks)
    if (block == tag) out_ += '\n';
  return *this;
}

HtmlOut& HtmlOut::text(std::string_view text) {
  escape(text);
  return *this;
}

HtmlOut& HtmlOut::element(HtmlWord tag, std::string_view text, HtmlAttributes attributes) {
  return open(tag, attributes).text(text).close();
}

HtmlOut& HtmlOut::lone(HtmlWord tag, HtmlAttributes attributes) {
  begin(tag, attributes);
  out_ += ">\n";
  return *this;
}

HtmlOut& HtmlOut::shape(HtmlWord tag, HtmlAttributes attributes) {
  begin(tag, attributes);
  out_ += "/>";
  return *this;
}

HtmlOut& HtmlOut::as_is(HtmlWord html) {
  out_ += html.view();
  return *this;
}

std::string HtmlOut::take() {
  return std::exchange(out_, {});
}

void HtmlOut::begin(HtmlWord tag, HtmlAttributes attributes) {
  (out_ += '<') += tag.view();
  for (const HtmlAttribute& attribute : attributes) {
    (out_ += ' ').append(attribute.name.view()) += "=\"";
    escape(attribute.value);
    out_ += '"';
  }
}

/// HTML 13.1.1 and 13.1.2.3: enough for text and for values in double quotes, whichever it is.
void HtmlOut::escape(std::string_view text) {
  for (const char c : visible(text)) {
    switch (c) {
      case '&':
        out_ += "&amp;";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '>':
        out_ += "&gt;";
        break;
      case '"':
        out_ += "&quot;";
        break;
      case '\'':
        out_ += "&#39;";
        break;
      default:
        out_ += c;
    }
  }
}

std::string relative_address(std::string_view file) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  static constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : file) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      (out += '%') += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

}  // namespace trama
