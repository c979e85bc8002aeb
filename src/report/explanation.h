// What a mapping does, in sentences, section by section: what `trama explain` shows.

#pragma once

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
  /// A column, a rule: what is said of it, below its name.
  struct Item {
    std::string name;
    std::string kind{};   // beside it: "date"
    std::string about{};  // the author's own words
    std::vector<std::string> sentences{};
    std::vector<std::string> points{};  // behind the first sentence: choices
    std::vector<Item> items{};          // of a list of objects
  };
  struct Section {
    std::string title;
    std::vector<std::string> sentences{};
    std::vector<std::string> points{};  // behind them
    std::vector<Item> items{};
  };
  std::string title;
  std::string about{};
  std::vector<Section> sections{};
};

/// Lines of at most `width` columns.
std::string explanation_text(const Explanation& explanation, std::size_t width);
std::string explanation_markdown(const Explanation& explanation);

}  // namespace trama
