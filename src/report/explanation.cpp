#include "report/explanation.h"

#include <algorithm>

#include "base/terminal_text.h"
#include "report/row_table.h"
#include "report/shown_text.h"

namespace trama {
namespace {

constexpr std::size_t kIndent = 2;

/// One paragraph of the sentences.
std::string paragraph(const std::vector<std::string>& sentences) {
  return joined(sentences, " ");
}

/// What is the mapping's own in quotes.
std::string quoted(std::string text) {
  std::replace(text.begin(), text.end(), kOwnBegin, '"');
  std::replace(text.begin(), text.end(), kOwnEnd, '"');
  return text;
}

class AsText {
 public:
  explicit AsText(std::size_t width) : width_(std::max(width, kMinTableWidth)) {}

  std::string text(const Explanation& explanation) {
    lines(explanation.title, 0);
    lines(explanation.about, 0);
    for (const Explanation::Section& section : explanation.sections) {
      out_ += '\n';
      lines(section.title, 0);
      out_ += '\n';
      lines(paragraph(section.sentences), kIndent);
      for (const std::string& point : section.points) lines("- " + point, kIndent);
      for (std::size_t i = 0; i < section.items.size(); ++i) {
        if (i > 0 || !section.sentences.empty()) out_ += '\n';
        item(section.items[i], kIndent);
      }
    }
    return std::move(out_);
  }

 private:
  void item(const Explanation::Item& item, std::size_t indent) {
    lines(item.name + (item.kind.empty() ? "" : "  (" + item.kind + ')'), indent);
    lines(item.about, indent + kIndent);
    if (item.points.empty()) {
      lines(paragraph(item.sentences), indent + kIndent);
    } else {
      lines(item.sentences.front(), indent + kIndent);
      for (const std::string& point : item.points) lines("- " + point, indent + kIndent);
      lines(paragraph({item.sentences.begin() + 1, item.sentences.end()}), indent + kIndent);
    }
    for (const Explanation::Item& inner : item.items) {
      out_ += '\n';
      this->item(inner, indent + 2 * kIndent);
    }
  }

  void lines(const std::string& text, std::size_t indent) {
    if (text.empty()) return;
    const std::size_t deep = std::min(indent, width_ / 2);
    for (const std::string& line : wrap_words(quoted(text), width_ - deep))
      out_ += std::string(deep, ' ') + line + '\n';
  }

  std::size_t width_;
  std::string out_;
};

class AsMarkdown {
 public:
  std::string text(const Explanation& explanation) {
    out_ = "# " + plain(explanation.title) + "\n";
    paragraph_of(plain(explanation.about), "");
    for (const Explanation::Section& section : explanation.sections) {
      out_ += "\n## " + plain(section.title) + "\n";
      paragraph_of(code(paragraph(section.sentences)), "");
      points(section.points, "");
      if (!section.items.empty()) out_ += '\n';
      for (const Explanation::Item& one : section.items) item(one, "");
    }
    return std::move(out_);
  }

 private:
  void item(const Explanation::Item& item, const std::string& indent) {
    out_ += indent + "- **" + plain(item.name) + "**";
    if (!item.kind.empty()) out_ += " (" + plain(item.kind) + ')';
    if (!item.about.empty()) out_ += " – " + plain(item.about);
    out_ += "  \n";
    const std::string inner = indent + "  ";
    if (item.points.empty()) {
      line(code(paragraph(item.sentences)), inner);
    } else {
      line(code(item.sentences.front()), inner);
      for (const std::string& point : item.points) out_ += inner + "- " + code(point) + '\n';
      line(code(paragraph({item.sentences.begin() + 1, item.sentences.end()})), '\n' + inner);
    }
    for (const Explanation::Item& one : item.items) this->item(one, inner);
  }

  void points(const std::vector<std::string>& all, const std::string& indent) {
    if (!all.empty()) out_ += '\n';
    for (const std::string& point : all) out_ += indent + "- " + code(point) + '\n';
  }

  void paragraph_of(const std::string& text, const std::string& indent) {
    if (!text.empty()) out_ += '\n' + indent + text + '\n';
  }
  void line(const std::string& text, const std::string& indent) {
    if (!text.empty()) out_ += indent + text + '\n';
  }

  /// Text in which nothing is Markdown or HTML.
  static std::string plain(std::string_view text) {
    std::string out;
    for (const char c : visible(text)) {
      if (std::string_view("\\`*_{}[]<>#|&~").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    return out;
  }

  /// The same, what is the mapping's own as code.
  static std::string code(std::string_view text) {
    std::string out;
    while (!text.empty()) {
      const std::size_t begin = std::min(text.find(kOwnBegin), text.size());
      out += plain(text.substr(0, begin));
      text.remove_prefix(begin);
      if (text.empty()) break;
      const std::size_t end = std::min(text.find(kOwnEnd), text.size());
      out += as_code(visible(text.substr(1, end - 1)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }

  /// Fenced by one backtick more than it has side by side (CommonMark 0.30, 6.1).
  static std::string as_code(const std::string& text) {
    std::size_t longest = 0;
    std::size_t here = 0;
    for (const char c : text) {
      here = c == '`' ? here + 1 : 0;
      longest = std::max(longest, here);
    }
    const std::string fence(longest + 1, '`');
    const bool apart = text.empty() || text.front() == '`' || text.back() == '`';
    return apart ? fence + ' ' + text + ' ' + fence : fence + text + fence;
  }

  std::string out_;
};

}  // namespace

std::string own(std::string_view text) {
  std::string out(1, kOwnBegin);
  for (const char c : text)
    if (c != kOwnBegin && c != kOwnEnd) out += c;
  return out + kOwnEnd;
}

std::string explanation_text(const Explanation& explanation, std::size_t width) {
  return AsText(width).text(explanation);
}

std::string explanation_markdown(const Explanation& explanation) {
  return AsMarkdown().text(explanation);
}

}  // namespace trama
