// The page of a mapping, for people who read no YAML: what `trama docs` writes.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/phrase_codes.h"
#include "report/explanation.h"
#include "report/html_page.h"

namespace trama {
namespace {

using Code = PhraseCode;
using Item = Explanation::Item;

/// A text of sentences, what is the mapping's own as code.
void add_text(HtmlOut& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find(kOwnBegin), text.size());
    out.text(text.substr(0, begin));
    text.remove_prefix(begin);
    if (text.empty()) break;
    const std::size_t end = std::min(text.find(kOwnEnd), text.size());
    out.element("code", text.substr(1, end - 1));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void add_paragraph(HtmlOut& out, const std::string& text) {
  if (text.empty()) return;
  out.open("p");
  add_text(out, text);
  out.close();
}

/// The author's own words, a paragraph a line.
void add_about(HtmlOut& out, std::string_view about) {
  while (!about.empty()) {
    const std::size_t end = std::min(about.find('\n'), about.size());
    if (end > 0) out.element("p", about.substr(0, end));
    about.remove_prefix(std::min(end + 1, about.size()));
  }
}

void add_points(HtmlOut& out, const std::vector<std::string>& points) {
  if (points.empty()) return;
  out.open("ul");
  for (const std::string& point : points) {
    out.open("li");
    add_text(out, point);
    out.close();
  }
  out.close();
}

std::string paragraph(const Item& item, std::size_t begin, std::size_t end) {
  return joined({item.sentences.begin() + static_cast<std::ptrdiff_t>(begin),
                 item.sentences.begin() + static_cast<std::ptrdiff_t>(end)},
                " ");
}

class PageOfMapping {
 public:
  explicit PageOfMapping(const Explanation& told)
      : told_(told), page_(told.title, told.language), out_(page_.out()), words_(page_.words()) {}

  std::string html() {
    add_about(out_, told_.about);
    std::vector<std::string> titles;
    for (const Explanation::Section& section : told_.sections) titles.push_back(section.title);
    page_.contents(titles);
    for (const Explanation::Section& section : told_.sections)
      if (section.part == Explanation::Part::tables)
        for (const Item& table : section.items)
          anchors_.emplace(table.name, "t" + std::to_string(anchors_.size() + 1));
    for (const Explanation::Section& section : told_.sections) this->section(section);
    return page_.end();
  }

 private:
  void section(const Explanation::Section& section) {
    page_.section(section.title);
    add_paragraph(out_, joined(section.sentences, " "));
    add_points(out_, section.points);
    switch (section.part) {
      case Explanation::Part::columns:
        columns(section.items);
        break;
      case Explanation::Part::tables:
        for (const Item& table : section.items) this->table(table);
        break;
      default:
        items(section.items);
    }
  }

  void columns(const std::vector<Item>& items) {
    HtmlTable table(out_, "columns",
                    {{words_(Code::docs_column)},
                     {words_(Code::docs_source)},
                     {words_(Code::docs_meaning)},
                     {words_(Code::docs_example)}});
    add_columns(table, items, "");
    table.end(words_);
  }

  /// Those of a list of objects follow it, with its name before theirs.
  void add_columns(HtmlTable& table, const std::vector<Item>& items, const std::string& within) {
    for (const Item& item : items) {
      table.row();
      table.head().text(within + item.name);
      if (!item.kind.empty()) out_.text(" ").element("small", item.kind);
      out_.close();
      table.cell();
      add_paragraph(out_, paragraph(item, 0, item.source));
      add_points(out_, item.points);
      out_.close();
      const std::string meaning = paragraph(item, item.source, item.sentences.size());
      if (item.about.empty() && meaning.empty() && item.tables.empty()) {
        table.cell({});
      } else {
        table.cell();
        add_about(out_, item.about);
        add_paragraph(out_, meaning);
        links(item.tables);
        out_.close();
      }
      if (item.example) {
        example(table.cell(), *item.example);
        out_.close();
      } else {
        table.cell().element("span", words_(Code::docs_no_example), {{"class", "soft"}}).close();
      }
      add_columns(table, item.items, within + item.name + " › ");
    }
  }

  /// To the tables that a column is looked up in.
  void links(const std::vector<std::string>& tables) {
    if (tables.empty()) return;
    out_.open("p", {{"class", "note"}}).text(words_(Code::docs_tables) + ": ");
    for (std::size_t i = 0; i < tables.size(); ++i) {
      if (i > 0) out_.text(", ");
      const auto anchor = anchors_.find(tables[i]);
      if (anchor == anchors_.end())
        out_.text(tables[i]);
      else
        out_.element("a", tables[i], {{"href", "#" + anchor->second}});
    }
    out_.close();
  }

  void example(HtmlOut& out, const Explanation::Example& example) {
    if (example.is_hidden) {
      out.element("span", words_(Code::docs_hidden), {{"class", "soft"}});
      return;
    }
    for (const Explanation::Example::Read& read : example.before) {
      out.open("p").element("span", read.path, {{"class", "soft"}}).text(" ");
      out.element("code", read.value).close();
    }
    out.open("p");
    if (!example.before.empty()) out.element("span", "→ ", {{"class", "soft"}});
    out.element("code", example.after).close();
  }

  void table(const Item& item) {
    out_.open("h3", {{"id", anchors_[item.name]}});
    name(item);
    add_paragraph(out_, paragraph(item, 0, item.sentences.size()));
    if (item.entries.empty()) return;
    HtmlTable table(out_, "entries", {{words_(Code::docs_entry)}, {words_(Code::docs_means)}});
    for (const Explanation::Entry& entry : item.entries) {
      table.row();
      table.head().element("code", entry.key).close();
      table.cell(entry.value);
    }
    table.end(words_);
    if (item.more_entries > 0) page_.note(words_.counted(Code::html_more, item.more_entries));
  }

  void items(const std::vector<Item>& items) {
    for (const Item& item : items) {
      out_.open("h3");
      name(item);
      add_about(out_, item.about);
      add_paragraph(out_, paragraph(item, 0, item.sentences.size()));
      add_points(out_, item.points);
    }
  }

  void name(const Item& item) {
    out_.text(item.name);
    if (!item.kind.empty()) out_.text(" ").element("small", item.kind);
    out_.close();
  }

  const Explanation& told_;
  HtmlPage page_;
  HtmlOut& out_;
  const ReportWords& words_;
  std::map<std::string, std::string> anchors_;  // of tables, by name
};

}  // namespace

std::string explanation_html(const Explanation& explanation) {
  return PageOfMapping(explanation).html();
}

std::string index_html(const std::vector<ExplainedPage>& pages, Language language) {
  HtmlPage page(ReportWords(language)(Code::docs_mappings), language);
  const ReportWords& words = page.words();
  HtmlOut& out = page.out();
  page.section(words.counted(Code::docs_count, pages.size()));
  HtmlTable table(
      out, "list",
      {{words(Code::docs_mapping)}, {words(Code::docs_about)}, {words(Code::docs_columns), true}});
  for (const ExplainedPage& one : pages) {
    table.row();
    table.head().element("a", one.title, {{"href", relative_address(one.file)}}).close();
    if (one.about.empty()) {
      table.cell({});
    } else {
      table.cell();
      add_about(out, one.about);
      out.close();
    }
    table.cell(grouped(one.columns));
  }
  table.end(words);
  return page.end();
}

}  // namespace trama
