#include "text/error_pages.h"

#include <algorithm>

#include "base/codes.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "text/catalogue.h"
#include "text/error_pages_text.h"

namespace trama {
namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kHeading = "## ";
constexpr std::size_t kIndent = 4;  // of code

constexpr std::string_view kMappingCodes[] = {
#define TRAMA_DIAGNOSTIC(id, name, ...) name,
#include "base/diagnostics.inc"
#undef TRAMA_DIAGNOSTIC
};
constexpr std::string_view kDataCodes[] = {
#define TRAMA_CODE(id, name, ...) name,
#include "base/record_codes.inc"
#undef TRAMA_CODE
};
constexpr std::string_view kRunCodes[] = {
#define TRAMA_FAILURE(id, name, ...) name,
#include "base/failures.inc"
#undef TRAMA_FAILURE
};
constexpr std::string_view kNoticeCodes[] = {
#define TRAMA_NOTICE(id, name, ...) name,
#include "base/notices.inc"
#undef TRAMA_NOTICE
};

/// Takes the first line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// Words in lines of at most kPageColumns characters.
/// The mark of code in lines is that of messages: 'from'.
class Wrapped {
 public:
  /// Lines but the first begin with `indent` spaces; the first line begins behind what `out` has on
  /// its last one, `column` characters.
  Wrapped(std::string& out, std::size_t indent, std::size_t column = 0)
      : out_(out), indent_(indent), column_(column) {}

  void add(std::string_view words) {
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      if (end > 0) add_word(words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
  }

 private:
  void add_word(std::string_view word) {
    const std::size_t width = count_code_points(word);
    if (begun_ && column_ + 1 + width > kPageColumns) {
      out_ += '\n';
      out_.append(indent_, ' ');
      column_ = indent_;
    } else if (begun_) {
      out_ += ' ';
      ++column_;
    }
    for (const char c : word) out_ += c == '`' ? '\'' : c;
    column_ += width;
    begun_ = true;
  }

  std::string& out_;
  std::size_t indent_;
  std::size_t column_;
  bool begun_ = false;
};

/// Appends a fenced block, whose lines are taken off `text`: "yaml before", "csv tasas.csv after".
/// `when` is the moment that the block before it belongs to.
void append_block(std::string& out, std::string_view info, std::string_view& text,
                  std::string_view& when, Language language) {
  const std::size_t last = info.rfind(' ');
  const std::string_view moment = last == std::string_view::npos ? "" : info.substr(last + 1);
  if (moment != when) {
    out += '\n';
    out += say(language, moment == "after" ? PhraseCode::page_after : PhraseCode::page_before);
    out += '\n';
  }
  when = moment;
  out += '\n';
  const std::size_t first = info.find(' ');
  if (first < last) {  // a file of its own
    out.append(kIndent, ' ');
    out += '(';
    out += info.substr(first + 1, last - first - 1);
    out += ")\n";
  }
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line == kFence) return;
    if (!line.empty()) out.append(kIndent, ' ');
    out += line;
    out += '\n';
  }
}

void append_list(std::string& out, std::string_view title, std::vector<std::string_view> codes,
                 const std::vector<ErrorPage>& pages) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::size_t longest = 0;
  for (const ErrorPage& page : pages) longest = std::max(longest, page.code.size());
  out += title;
  out += '\n';
  for (const std::string_view code : codes) {
    const auto page = std::find_if(pages.begin(), pages.end(),
                                   [code](const ErrorPage& one) { return one.code == code; });
    out += "  ";
    out += code;
    if (page != pages.end()) {
      out.append(longest - code.size() + 2, ' ');
      Wrapped(out, longest + 4, longest + 4).add(page->meaning);
    }
    out += '\n';
  }
  out += '\n';
}

template <std::size_t kSize>
std::vector<std::string_view> all(const std::string_view (&codes)[kSize]) {
  return {std::begin(codes), std::end(codes)};
}

}  // namespace

std::vector<ErrorPage> error_pages(Language language) {
  std::string_view rest = kErrorPages[static_cast<std::size_t>(language)];
  if (rest.empty()) rest = kErrorPages[static_cast<std::size_t>(Language::en)];
  std::vector<ErrorPage> pages;
  bool in_code = false;
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.substr(0, kFence.size()) == kFence) in_code = !in_code;
    if (!in_code && line.substr(0, kHeading.size()) == kHeading) {
      const std::string_view nothing_yet = rest.substr(0, 0);
      pages.push_back({.code = line.substr(kHeading.size()), .meaning = {}, .text = nothing_yet});
    } else if (!pages.empty()) {
      std::string_view& text = pages.back().text;
      text = {text.data(), static_cast<std::size_t>(line.data() + line.size() - text.data())};
    }
  }
  for (ErrorPage& page : pages) {
    page.text = trim(page.text);
    page.meaning = page.text.substr(0, page.text.find('\n'));
  }
  return pages;
}

std::string meaning_of(std::string_view code, const std::vector<ErrorPage>& pages) {
  const auto page = std::find_if(pages.begin(), pages.end(),
                                 [code](const ErrorPage& one) { return one.code == code; });
  std::string meaning(page == pages.end() ? code : page->meaning);
  std::replace(meaning.begin(), meaning.end(), '`', '\'');
  return meaning;
}

std::string shown_page(const ErrorPage& page, Language language) {
  std::string out(page.code);
  out += '\n';
  std::string_view rest = page.text;
  std::string_view when;  // the moment of the last block: before or after
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) continue;
    if (line.substr(0, kFence.size()) == kFence) {
      append_block(out, line.substr(kFence.size()), rest, when, language);
      continue;
    }
    when = {};
    out += '\n';
    Wrapped paragraph(out, 0);
    paragraph.add(line);
    while (!rest.empty() && rest.front() != '\n') paragraph.add(take_line(rest));
    out += '\n';
  }
  return out;
}

std::string list_of_pages(Language language) {
  const std::vector<ErrorPage> pages = error_pages(language);
  std::string out;
  append_list(out, say(language, PhraseCode::pages_of_mappings), all(kMappingCodes), pages);
  append_list(out, say(language, PhraseCode::pages_of_data), all(kDataCodes), pages);
  append_list(out, say(language, PhraseCode::pages_of_runs), all(kRunCodes), pages);
  append_list(out, say(language, PhraseCode::pages_of_notices), all(kNoticeCodes), pages);
  out += say(language, PhraseCode::pages_more);
  out += '\n';
  return out;
}

}  // namespace trama
