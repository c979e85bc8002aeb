#include "mapping/yaml_slips.h"

#include <algorithm>
#include <string>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "mapping/words.h"

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;

std::string_view line_at(std::string_view text, std::size_t begin) {
  return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

bool is_idle(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == kNone || line[first] == '#' || line.starts_with("---");
}

/// The last line above `line` that says something, or npos.
std::size_t line_above(std::string_view text, std::size_t line) {
  while (line > 0) {
    const std::size_t end = line - 1;
    const std::size_t before = end == 0 ? kNone : text.rfind('\n', end - 1);
    line = before == kNone ? 0 : before + 1;
    if (!is_idle(line_at(text, line))) return line;
  }
  return kNone;
}

std::string_view without_comment(std::string_view line) {
  line = line.substr(0, std::min(line.find(" #"), line.size()));
  const std::size_t last = line.find_last_not_of(' ');
  return line.substr(0, last == kNone ? 0 : last + 1);
}

/// Where what a line says begins: behind its blanks and the dashes of a list.
std::size_t content_of(std::string_view line) {
  std::size_t at = line.find_first_not_of(' ');
  while (at != kNone && line.substr(at, 2) == "- ") at = line.find_first_not_of(' ', at + 2);
  return at == kNone ? line.size() : at;
}

std::string code_of_character(char32_t c) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string code = "U+";
  for (int shift = 12; shift >= 0; shift -= 4) code += kHex[c >> shift & 15U];
  return code;
}

std::string replaced(std::string_view line, std::size_t begin, std::size_t end,
                     std::string_view with) {
  return std::string(line.substr(0, begin)).append(with).append(line.substr(end));
}

/// Blanks that are not the ordinary one (a tab aside), but for those inside of texts: in front of
/// what the line says, behind a colon, behind a dash. All of them are mended at once.
bool odd_blank(std::string_view line, YamlSlip& out) {
  std::string repaired;
  bool found = false;
  bool open = true;  // here a blank would be one of YAML's
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(line, at);
    const bool odd = c >= 0x80 && (is_space(c) || is_unseen(c));
    if (odd && open) {
      if (!found) {
        out.begin = from;
        out.end = at;
        out.message = Phrase(PhraseCode::an_odd_blank, {code_of_character(c)});
        out.help = PhraseCode::write_an_ordinary_blank;
      }
      found = true;
      repaired += is_space(c) ? " " : "";
      continue;
    }
    repaired.append(line, from, at - from);
    open = c == ':' || c == ',' || c == '{' || (open && (c == ' ' || c == '-'));
  }
  out.repaired = std::move(repaired);
  return found;
}

/// `–  Dia: d`: a dash of a word processor, or a bullet, where a list entry begins.
bool odd_dash(std::string_view line, YamlSlip& out) {
  std::size_t at = line.find_first_not_of(' ');
  if (at == kNone) return false;
  const std::size_t begin = at;
  const char32_t c = next_code_point(line, at);
  const bool dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2022 || c == 0x00B7;
  if (!dash || line.substr(at, 1) != " ") return false;
  out.begin = begin;
  out.end = at;
  out.message = Phrase(PhraseCode::an_odd_dash,
                       {std::string(line.substr(begin, at - begin)), code_of_character(c)});
  out.help = PhraseCode::write_an_ordinary_dash;
  out.repaired = replaced(line, begin, at, "-");
  return true;
}

/// `“Hola: a”`: quotes of a word processor, which are no quotes to YAML.
bool curly_quotes(std::string_view line, YamlSlip& out) {
  constexpr std::string_view kCurly[] = {"“", "”", "„", "‟", "‘", "’", "«", "»"};
  const std::size_t colon = line.find(": ", content_of(line));
  const std::size_t value =
      colon == kNone ? content_of(line) : line.find_first_not_of(' ', colon + 1);
  if (value >= line.size()) return false;
  const auto curly_at = [&](std::size_t at) -> std::size_t {
    for (const std::string_view quote : kCurly)
      if (line.substr(at).starts_with(quote)) return quote.size();
    return 0;
  };
  std::size_t begin = value;
  if (line[value] == '{' || line[value] == '[') begin = line.find_first_not_of(" {[", value);
  if (begin == kNone) return false;
  const std::size_t size = curly_at(begin);
  if (size == 0) return false;
  out.begin = begin;
  out.end = begin + size;
  out.message = Phrase(PhraseCode::a_curly_quote, {std::string(line.substr(begin, size))});
  out.help = PhraseCode::write_straight_quotes;
  out.repaired.clear();
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t curly = curly_at(at);
    if (curly > 0)
      out.repaired += '"';
    else
      out.repaired += line[at];
    at += std::max<std::size_t>(curly, 1);
  }
  return true;
}

bool is_word(std::string_view text) {
  return !text.empty() && text[0] != '-' && text[0] != '?' &&
         text.find_first_of(" \"'{}[],#&*!|>%@`:") == kNone;
}

/// `C:c`: no blank behind the colon.
bool no_blank_behind_colon(std::string_view whole, YamlSlip& out) {
  const std::string_view line = without_comment(whole);
  const std::size_t begin = content_of(line);
  const std::size_t colon = line.find(':', begin);
  if (colon == kNone || colon + 1 >= line.size() || line[colon + 1] == ' ' ||
      line.find(": ") != kNone || line.back() == ':')
    return false;
  const std::string_view key = line.substr(begin, colon - begin);
  const bool digits = key.find_first_not_of("0123456789") == kNone;
  if (!is_word(key) || digits || line.substr(colon).starts_with("://")) return false;
  out.begin = begin;
  out.end = line.size();
  out.message = PhraseCode::no_blank_behind_the_colon;
  out.help =
      Phrase(PhraseCode::write_this, {replaced(line, colon + 1, colon + 1, " ").substr(begin)});
  out.repaired = replaced(whole, colon + 1, colon + 1, " ");
  return true;
}

bool is_known_key(std::string_view word) {
  return std::any_of(all_words().begin(), all_words().end(),
                     [&](const Word& known) { return known.name == word; });
}

bool has_colon(std::string_view line) {
  return line.find(": ") != kNone || (!line.empty() && line.back() == ':');
}

/// `Hora` above `  from: h`, or `type date`: a colon is missing. `below`: how far the next line is
/// to the right; `above`: the line before.
bool missing_colon(std::string_view whole, std::size_t below, std::string_view above,
                   YamlSlip& out) {
  const std::string_view line = without_comment(whole);
  const std::size_t begin = content_of(line);
  if (begin >= line.size() || has_colon(line)) return false;
  const std::size_t blank = std::min(line.find(' ', begin), line.size());
  const std::string_view first = line.substr(begin, blank - begin);
  if (!is_word(first)) return false;
  const bool one_word = blank == line.size();
  const bool opens = one_word && below > begin;
  if (!opens) {
    // A text may go on in the lines below it.
    const bool goes_on =
        has_colon(above) && without_comment(above).back() != ':' && begin > content_of(above);
    if (!is_known_key(first) && (goes_on || below != begin)) return false;
  }
  out.begin = begin;
  out.end = blank;
  out.message = Phrase(PhraseCode::a_colon_is_missing, {first});
  out.repaired = replaced(whole, blank, blank, ":");
  out.help = Phrase(PhraseCode::write_this, {without_comment(out.repaired).substr(begin)});
  return true;
}

/// A line further to the right than the one above, which has its value already.
bool too_far_right(std::string_view line, std::string_view above, YamlSlip& out) {
  const std::size_t begin = line.find_first_not_of(' ');
  const std::size_t fits = content_of(above);
  if (begin == kNone || begin <= fits || !has_colon(without_comment(line))) return false;
  const std::string_view other = without_comment(above);
  const std::size_t colon = other.find(": ", fits);
  if (colon == kNone || std::string_view("\"'{[|>&*").find(other[colon + 2]) != kNone) return false;
  out.begin = begin;
  out.end = line.size();
  out.message = PhraseCode::this_line_begins_too_far_right;
  out.help = PhraseCode::begin_it_below_the_line_above;
  out.repaired = std::string(fits, ' ').append(line.substr(begin));
  return true;
}

}  // namespace

std::vector<YamlSlip> possible_slips(std::string_view text, std::size_t line) {
  std::vector<YamlSlip> slips;
  const auto look = [&](std::size_t at, bool is_error_line) {
    const std::string_view here = line_at(text, at);
    const std::size_t before = line_above(text, at);
    const std::string_view above = before == kNone ? std::string_view() : line_at(text, before);
    const std::size_t end = std::min(at + here.size() + 1, text.size());
    const std::size_t below =
        is_error_line ? content_of(line_at(text, end)) : content_of(line_at(text, line));
    YamlSlip slip;
    slip.line = at;
    const auto keep = [&](bool found) {
      if (found) slips.push_back(slip);
    };
    keep(odd_blank(here, slip));
    keep(odd_dash(here, slip));
    keep(curly_quotes(here, slip));
    keep(no_blank_behind_colon(here, slip));
    keep(missing_colon(here, below, above, slip));
    if (is_error_line && before != kNone) keep(too_far_right(here, above, slip));
  };
  if (const std::size_t before = line_above(text, line); before != kNone) look(before, false);
  look(line, true);
  return slips;
}

}  // namespace trama
