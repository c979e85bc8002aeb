#include "mapping/yaml_errors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/phrase_codes.h"

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;

std::string_view without_comment(std::string_view line) {
  const std::size_t comment = line.find(" #");
  if (comment != kNone) line = line.substr(0, comment);
  const std::size_t last = line.find_last_not_of(' ');
  return last == kNone ? line.substr(0, 0) : line.substr(0, last + 1);
}

YamlAdvice quote_it(std::string_view line, std::size_t begin, Phrase why) {
  const std::string_view value = without_comment(line).substr(begin);
  std::string quoted =
      value.find('\'') == kNone ? "'" + std::string(value) + "'" : "\"" + std::string(value) + "\"";
  std::string repaired =
      std::string(line.substr(0, begin)) + quoted + std::string(line.substr(begin + value.size()));
  return {std::move(why), Phrase(PhraseCode::put_this_in_quotes, {std::move(quoted)}), begin,
          begin + value.size(), std::move(repaired)};
}

bool explain_value(std::string_view line, YamlAdvice& out) {
  const std::size_t begin = yaml_value_start(line);
  if (begin == kNone || begin >= without_comment(line).size()) return false;
  const std::string_view value = without_comment(line).substr(begin);
  const char first = value.front();
  if (std::string_view("*&@%`!").find(first) != kNone) {
    out =
        quote_it(line, begin, {PhraseCode::needs_quotes_text_begins_with, {std::string(1, first)}});
    return true;
  }
  const bool closed_early = (first == '[' && value.find(']') != kNone && value.back() != ']') ||
                            (first == '{' && value.find('}') != kNone && value.back() != '}');
  if (closed_early) {
    out =
        quote_it(line, begin, {PhraseCode::needs_quotes_text_begins_with, {std::string(1, first)}});
    return true;
  }
  const bool quote_goes_on = (first == '"' || first == '\'') && value.size() > 1 &&
                             value.find(first, 1) != kNone &&
                             value.find(first, 1) + 1 < value.size();
  if (quote_goes_on) {
    out = {Phrase(PhraseCode::more_text_behind_quote, {std::string(1, first)}),
           PhraseCode::put_the_whole_text_between_one_pair_of_quotes,
           begin + value.find(first, 1) + 1, line.size()};
    return true;
  }
  const bool is_key = value.back() == ':' && begin == line.find_first_not_of(" -");
  if (is_key) {
    out = {PhraseCode::this_word_is_not_possible_here, PhraseCode::look_at_the_line_above, begin,
           begin + value.size()};
    return true;
  }
  if (first != '"' && first != '\'' && first != '[' && first != '{' &&
      (value.find(": ") != kNone || value.back() == ':')) {
    out = quote_it(line, begin, PhraseCode::a_text_with_colon_needs_quotes);
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
                   {PhraseCode::inside_braces_needs_quotes, {std::string(1, line[at])}});
    out.repaired += line.substr(out.end);
    return true;
  }
  return false;
}

struct Known {
  std::string_view said;
  PhraseCode message;
  PhraseCode help;
};
constexpr Known kKnown[] = {
    {"end of map not found", PhraseCode::this_line_does_not_fit,
     PhraseCode::begin_it_in_the_same_column},
    {"end of sequence not found", PhraseCode::this_line_does_not_fit_the_list,
     PhraseCode::begin_each_entry_with_a_dash},
    {"end of sequence flow not found", PhraseCode::a_list_is_not_closed,
     PhraseCode::close_the_list},
    {"end of map flow not found", PhraseCode::a_brace_is_not_closed, PhraseCode::close_the_brace},
    {"illegal map value", PhraseCode::a_colon_is_not_possible_here, PhraseCode::about_the_colon},
    {"illegal block entry", PhraseCode::a_list_entry_is_not_possible_here,
     PhraseCode::write_the_list_under_its_word},
    {"illegal map key", PhraseCode::a_key_is_not_possible_here, PhraseCode::put_the_text_in_quotes},
    {"illegal EOF in scalar", PhraseCode::a_quote_is_never_closed, PhraseCode::close_the_quote},
    {"illegal document indicator in scalar", PhraseCode::a_quote_is_not_closed_before,
     PhraseCode::close_the_quote},
    {"alias not found after *", PhraseCode::a_star_needs_quotes,
     PhraseCode::put_the_star_in_quotes},
    {"the referenced anchor is not defined", PhraseCode::a_star_needs_quotes,
     PhraseCode::what_a_star_means},
    {"unknown token", PhraseCode::this_character_cannot_begin_a_text_here,
     PhraseCode::put_the_text_in_quotes},
    {"illegal flow end", PhraseCode::a_bracket_was_never_opened, PhraseCode::quotes_or_no_bracket},
    {"unknown escape character", PhraseCode::a_backslash_is_special, PhraseCode::use_single_quotes},
    {"invalid unicode", PhraseCode::this_escape_is_no_character,
     PhraseCode::write_the_character_itself},
    {"bad character found while scanning hex number", PhraseCode::this_escape_is_no_character,
     PhraseCode::write_the_character_itself},
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
    return {PhraseCode::a_tab_begins_this_line, PhraseCode::indent_with_blanks, tab, tab + 1};
  }
  YamlAdvice advice;
  const bool about_escape =
      said.find("escape") != kNone || said.find("unicode") != kNone || said.find("hex") != kNone;
  if (!about_escape && (explain_flow(line, advice) || explain_value(line, advice))) return advice;
  for (const Known& known : kKnown) {
    if (said.find(known.said) == kNone) continue;
    return {known.message, known.help, at, at + 1};
  }
  return {Phrase(PhraseCode::this_is_not_yaml, {said}), PhraseCode::check_the_indentation, at,
          at + 1};
}

}  // namespace trama
