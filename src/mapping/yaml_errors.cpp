#include "mapping/yaml_errors.h"

#include <algorithm>

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;

std::string_view without_comment(std::string_view line) {
  const std::size_t comment = line.find(" #");
  if (comment != kNone) line = line.substr(0, comment);
  const std::size_t last = line.find_last_not_of(' ');
  return last == kNone ? line.substr(0, 0) : line.substr(0, last + 1);
}

YamlAdvice quote_it(std::string_view line, std::size_t begin, const std::string& why) {
  const std::string_view value = without_comment(line).substr(begin);
  std::string quoted =
      value.find('\'') == kNone ? "'" + std::string(value) + "'" : "\"" + std::string(value) + "\"";
  return {why, "put it in quotes: " + quoted, begin, begin + value.size()};
}

bool explain_value(std::string_view line, YamlAdvice& out) {
  const std::size_t begin = yaml_value_start(line);
  if (begin == kNone || begin >= without_comment(line).size()) return false;
  const std::string_view value = without_comment(line).substr(begin);
  const char first = value.front();
  if (std::string_view("*&@%`!").find(first) != kNone) {
    out = quote_it(line, begin, std::string("a text that begins with ") + first + " needs quotes");
    return true;
  }
  const bool closed_early = (first == '[' && value.find(']') != kNone && value.back() != ']') ||
                            (first == '{' && value.find('}') != kNone && value.back() != '}');
  if (closed_early) {
    out = quote_it(line, begin, std::string("a text that begins with ") + first + " needs quotes");
    return true;
  }
  const bool quote_goes_on = (first == '"' || first == '\'') && value.size() > 1 &&
                             value.find(first, 1) != kNone &&
                             value.find(first, 1) + 1 < value.size();
  if (quote_goes_on) {
    out = {std::string("there is more text behind the closing ") + first,
           "put the whole text between one pair of quotes", begin + value.find(first, 1) + 1,
           line.size()};
    return true;
  }
  const bool is_key = value.back() == ':' && begin == line.find_first_not_of(" -");
  if (is_key) {
    out = {"this word is not possible here",
           "look at the line above: a colon needs a blank behind it, as in 'Name: path'", begin,
           begin + value.size()};
    return true;
  }
  if (first != '"' && first != '\'' && first != '[' && first != '{' &&
      (value.find(": ") != kNone || value.back() == ':')) {
    out = quote_it(line, begin, "a text with ': ' inside needs quotes");
    return true;
  }
  return false;
}

/// Where the { or [ of a short form begins: `A: {from: a}`, `- {name: r}`.
std::size_t flow_start(std::string_view line) {
  std::size_t at = line.find_first_not_of(' ');
  while (at != kNone && line.substr(at, 2) == "- ") at = line.find_first_not_of(' ', at + 2);
  if (at == kNone || line[at] == '{' || line[at] == '[') return at;
  at = yaml_value_start(line);
  return at != kNone && (line[at] == '{' || line[at] == '[') ? at : kNone;
}

/// The end of a plain text inside { }: brackets of its own belong to it.
std::size_t flow_text_end(std::string_view line, std::size_t at) {
  std::size_t inside = 0;
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '[' || c == '{') ++inside;
    if (inside == 0 && (c == ',' || c == ']' || c == '}')) return at;
    if (c == ']' || c == '}') --inside;
  }
  return at;
}

/// In a short form, a text that goes on with a bracket (`rooms[0].code`) needs quotes.
bool explain_flow(std::string_view line, YamlAdvice& out) {
  std::size_t at = flow_start(line);
  while (at != kNone && at < line.size()) {
    const char c = line[at];
    if (c == '"' || c == '\'') {
      at = line.find(c, at + 1);
      if (at != kNone) ++at;
      continue;
    }
    if (std::string_view("{}[],: ").find(c) != kNone) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < line.size() && std::string_view(",]}[{").find(line[at]) == kNone &&
           line.substr(at, 2) != ": ")
      ++at;
    if (at == line.size() || (line[at] != '[' && line[at] != '{')) continue;
    const std::string_view whole = line.substr(0, flow_text_end(line, begin));
    out = quote_it(whole.substr(0, whole.find_last_not_of(' ') + 1), begin,
                   std::string("inside { } a text with ") + line[at] + " needs quotes");
    return true;
  }
  return false;
}

struct Known {
  std::string_view said;
  std::string_view message;
  std::string_view help;
};
constexpr Known kKnown[] = {
    {"end of map not found", "this line does not fit what stands above it",
     "begin it in the same column as its neighbours, and write 'word: value'"},
    {"end of sequence not found", "this line does not fit the list above it",
     "begin each entry of a list with '- ' in the same column"},
    {"end of sequence flow not found",
     "a list that was opened with [ is not closed before this place",
     "close it with ], and put commas between its entries"},
    {"end of map flow not found", "a '{' is not closed before this place",
     "close it with }, and put commas between its entries; a blank and # begin a note"},
    {"illegal map value", "a ':' is not possible here",
     "put a text that holds ': ' in quotes; else look at the line above: its colon is missing or "
     "has "
     "no blank behind it, or this line begins too far to the right"},
    {"illegal block entry", "a list entry is not possible here",
     "write the list under its word, each '- ' in the same column"},
    {"illegal map key", "a key is not possible here", "put the text in quotes"},
    {"illegal EOF in scalar", "a quote that was opened is never closed", "close the quote"},
    {"illegal document indicator in scalar", "a quote is not closed before this place",
     "close the quote"},
    {"alias not found after *", "a text that begins with * needs quotes",
     "put it in quotes: \"*\""},
    {"the referenced anchor is not defined", "a text that begins with * needs quotes",
     "put it in quotes (in YAML, *name repeats what &name marked)"},
    {"unknown token", "this character cannot begin a text here", "put the text in quotes"},
    {"illegal flow end", "a ] or } is here that was never opened",
     "put the text in quotes, or take the bracket out"},
    {"unknown escape character", "a backslash is special between double quotes",
     "use single quotes ('\\d+'), or write \\\\ for one backslash"},
    {"invalid unicode", "this escape is no character", "write the character itself"},
    {"bad character found while scanning hex number", "this escape is no character",
     "write the character itself"},
};

}  // namespace

std::size_t yaml_value_start(std::string_view line) {
  std::size_t at = line.find_first_not_of(' ');
  if (at == kNone) return kNone;
  while (at != kNone && line.substr(at, 2) == "- ") at = line.find_first_not_of(' ', at + 2);
  if (at == kNone) return kNone;
  const std::size_t colon = line.find(": ", at);
  const std::size_t value = colon == kNone ? at : line.find_first_not_of(' ', colon + 1);
  return value;
}

YamlAdvice explain_yaml_error(std::string_view said, std::string_view line, std::size_t at) {
  at = std::min(at, line.size());
  const std::size_t tab = line.find('\t');
  if (tab != kNone && line.find_first_not_of(" \t") > tab) {
    return {"a tab stands at the beginning of this line", "indent with blanks; YAML refuses tabs",
            tab, tab + 1};
  }
  YamlAdvice advice;
  const bool about_escape =
      said.find("escape") != kNone || said.find("unicode") != kNone || said.find("hex") != kNone;
  if (!about_escape && (explain_flow(line, advice) || explain_value(line, advice))) return advice;
  for (const Known& known : kKnown) {
    if (said.find(known.said) == kNone) continue;
    return {std::string(known.message), std::string(known.help), at, at + 1};
  }
  return {"this is not YAML: " + std::string(said),
          "check the indentation and the quotes of this line and of the one above", at, at + 1};
}

}  // namespace trama
