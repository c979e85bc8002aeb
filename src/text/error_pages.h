// Error pages: what a code means, why a mapping or a record is refused, how to mend it, with an
// example before and after. The pages are written in mappings/errors.md and, in other languages, in
// the documents that text/languages.inc names; the build puts them into the program
// (embed_pages.cmake), and tests/error_pages_test.py runs their examples.
//
//   ## LOOKUP_UNKNOWN                       the code
//
//   The value is not in the table.          the first paragraph: what it means, one sentence
//
//   Values are compared exactly, …          why, and what to do
//
//   ```yaml before                          language, name of a file where it has one, when
//   …

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/language.h"

namespace trama {

/// One page; the views point into the program.
struct ErrorPage {
  std::string_view code;
  std::string_view meaning;
  std::string_view text;  // all below its heading, as Markdown
};

/// The pages in the order of the document, which is that of the alphabet; the English
/// ones of a language that has none.
std::vector<ErrorPage> error_pages(Language language);

/// What a code means, by its page among `pages`, in a sentence; without one the code itself.
std::string meaning_of(std::string_view code, const std::vector<ErrorPage>& pages);

constexpr std::size_t kPageColumns = 80;

/// The page for a terminal: wrapped at kPageColumns, code indented and as it is.
std::string shown_page(const ErrorPage& page, Language language);

/// Every code with its meaning, by who can mend it: of mappings, of the data, of files and runs,
/// and what a run only notes. A code of several tables is in each of these lists.
std::string list_of_pages(Language language);

}  // namespace trama
