#include "report/explanation.h"

#include <algorithm>
#include <array>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "base/version.h"
#include "report/json_out.h"
#include "report/report_line.h"
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
  explicit AsMarkdown(Language language) : words_(language) {}

  std::string text(const Explanation& explanation) {
    out_ = "# " + plain(explanation.title) + "\n";
    std::string_view about = explanation.about;
    while (!about.empty()) {  // a paragraph a line
      const std::size_t end = std::min(about.find('\n'), about.size());
      paragraph_of(plain(about.substr(0, end)), "");
      about.remove_prefix(std::min(end + 1, about.size()));
    }
    for (const Explanation::Section& section : explanation.sections) {
      out_ += "\n## " + plain(section.title) + "\n";
      paragraph_of(code(paragraph(section.sentences)), "");
      points(section.points, "");
      if (!section.items.empty()) out_ += '\n';
      for (const Explanation::Item& one : section.items) item(one, "");
    }
    return std::move(out_);
  }

  std::string text(const Explanation::Item& item) {
    this->item(item, "");
    return std::move(out_);
  }

 private:
  void item(const Explanation::Item& item, const std::string& indent) {
    out_ += indent + "- **" + plain(item.name) + "**";
    if (!item.kind.empty()) out_ += " (" + plain(item.kind) + ')';
    if (!item.about.empty()) {
      std::string about = item.about;
      std::replace(about.begin(), about.end(), '\n', ' ');
      out_ += " – " + plain(about);
    }
    out_ += "  \n";
    const std::string inner = indent + "  ";
    if (item.points.empty()) {
      line(code(paragraph(item.sentences)), inner);
    } else {
      line(code(item.sentences.front()), inner);
      for (const std::string& point : item.points) out_ += inner + "- " + code(point) + '\n';
      line(code(paragraph({item.sentences.begin() + 1, item.sentences.end()})), '\n' + inner);
    }
    if (item.example) out_ += '\n' + inner + example(*item.example, words_) + '\n';
    if (!item.entries.empty()) entries(item, words_, inner);
    for (const Explanation::Item& one : item.items) this->item(one, inner);
  }

  /// "Example: `code` = `DBL.ST` → `Doble`"
  static std::string example(const Explanation::Example& example, const ReportWords& words) {
    std::string text = plain(words(PhraseCode::docs_example)) + ": ";
    if (example.is_hidden) return text + plain(words(PhraseCode::docs_hidden));
    for (std::size_t i = 0; i < example.before.size(); ++i) {
      const Explanation::Example::Read& read = example.before[i];
      text +=
          (i > 0 ? ", " : "") + as_code(visible(read.path)) + " = " + as_code(visible(read.value));
    }
    return text + (example.before.empty() ? "" : " → ") + as_code(visible(example.after));
  }

  void entries(const Explanation::Item& item, const ReportWords& words, const std::string& indent) {
    out_ += '\n';
    for (const Explanation::Entry& entry : item.entries)
      out_ += indent + "- " + as_code(visible(entry.key)) + " → " + as_code(visible(entry.value)) +
              '\n';
    if (item.more_entries > 0)
      out_ += indent + "- " + plain(words.counted(PhraseCode::html_more, item.more_entries)) + '\n';
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

  const ReportWords words_;
  std::string out_;
};

constexpr std::array<std::string_view, 8> kPartNames = {"input",  "records", "columns", "rules",
                                                        "limits", "output",  "tables",  "versions"};

void add_texts(JsonOut& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).open('[');
  for (const std::string& text : texts) json.text(quoted(text));
  json.close(']');
}

void add_items(JsonOut& json, const std::vector<Explanation::Item>& items) {
  json.key("items").open('[');
  for (const Explanation::Item& item : items) {
    json.open('{').key("name").text(item.name);
    if (!item.kind.empty()) json.key("type").text(item.kind);
    if (!item.about.empty()) json.key("about").text(item.about);
    add_texts(json, "sentences", item.sentences);
    if (!item.points.empty()) add_texts(json, "points", item.points);
    if (!item.items.empty()) add_items(json, item.items);
    json.close('}');
  }
  json.close(']');
}

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
  return AsMarkdown(explanation.language).text(explanation);
}

std::string explanation_json(const Explanation& explanation, std::string_view mapping) {
  JsonOut json;
  json.open('{').key("trama").text(version()).key("mapping").text(mapping);
  json.key("language").text(tag_of(explanation.language)).key("title").text(explanation.title);
  if (!explanation.about.empty()) json.key("about").text(explanation.about);
  json.key("sections").open('[');
  for (const Explanation::Section& section : explanation.sections) {
    json.open('{').key("part").text(kPartNames[static_cast<std::size_t>(section.part)]);
    json.key("title").text(section.title);
    add_texts(json, "sentences", section.sentences);
    add_texts(json, "points", section.points);
    add_items(json, section.items);
    json.close('}');
  }
  json.close(']').close('}');
  return json.take() + '\n';
}

std::string item_markdown(const Explanation::Item& item, Language language) {
  return AsMarkdown(language).text(item);
}

}  // namespace trama
