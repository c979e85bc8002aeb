// What a mapping does, in sentences, section by section: what `trama explain` shows, and, with examples and
// tables, the page that `trama docs` writes.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/language.h"

namespace trama {

/// Between these two stands what is the mapping's own: a path, a word, a value. Each form shows it in
/// its own way.
constexpr char kOwnBegin = '\x02';
constexpr char kOwnEnd = '\x03';
std::string own(std::string_view text);

struct Explanation {
  /// What a column made of a record.
  struct Example {
    struct Read {
      std::string path;  // or the column that it was computed from
      std::string value;
    };
    std::vector<Read> before{};  // none of a constant
    std::string after{};         // as the row has it
    bool is_hidden = false;      // personal: no value is kept
  };
  struct Entry {
    std::string key;
    std::string value;
  };
  /// A column, a rule, a table: what is said of it, below its name.
  struct Item {
    std::string name;
    std::string kind{};   // beside it: "date"
    std::string about{};  // the author's own words
    std::vector<std::string> sentences{};
    std::size_t source = 0;  // of the sentences, the first that say where its value is from
    std::vector<std::string> points{};  // behind the first sentence: choices
    std::vector<Item> items{};          // of a list of objects
    std::string column{};               // as the plan calls it: "Huespedes[*].edad"
    std::optional<Example> example{};
    std::vector<std::string> tables{};  // of a column: the names of those that it is looked up in
    std::vector<Entry> entries{};       // of a table, the first
    std::size_t more_entries = 0;
  };
  enum class Part : std::uint8_t {
    input,
    records,
    columns,
    rules,
    limits,
    output,
    tables,  // this and the next: of a page alone
    versions,
  };
  struct Section {
    Part part{};
    std::string title;
    std::vector<std::string> sentences{};
    std::vector<std::string> points{};  // behind them
    std::vector<Item> items{};
  };
  Language language = Language::en;
  std::string title;
  std::string about{};
  std::vector<Section> sections{};
};

/// Lines of at most `width` columns.
std::string explanation_text(const Explanation& explanation, std::size_t width);
std::string explanation_markdown(const Explanation& explanation);
/// One JSON object with a line end (schemas/explain.schema.json).
std::string explanation_json(const Explanation& explanation, std::string_view mapping);
/// A page (report/html_page).
std::string explanation_html(const Explanation& explanation);

/// One of the pages of several mappings.
struct ExplainedPage {
  std::string file;  // of the page, beside the index
  std::string title;
  std::string about;
  std::size_t columns = 0;
};
/// The page that leads to them.
std::string index_html(const std::vector<ExplainedPage>& pages, Language language);
/// One item of it, and those inside it.
std::string item_markdown(const Explanation::Item& item, Language language);

}  // namespace trama
