#include "mapping/yaml_soundness.h"

#include <algorithm>
#include <utility>

#include "base/phrase_codes.h"

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kBrackets = "[]{},";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n';
}

std::size_t line_end(std::string_view text, std::size_t at) noexcept {
  return std::min(text.find('\n', at), text.size());
}

Unsound note_without_blank(std::size_t at) {
  return {at, at + 1, PhraseCode::a_note_needs_a_blank, PhraseCode::write_a_blank_before_it};
}

/// Goes through the pieces between brackets: brackets, commas, colons, texts, notes.
class FlowScanner {
 public:
  FlowScanner(std::string_view text, std::size_t begin, std::size_t indent)
      : text_(text), at_(begin), indent_(indent) {}

  std::optional<Unsound> scan() {
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        pass_blank(text_[at_++]);
        continue;
      }
      const char c = text_[at_];
      if (c == '#') {
        if (at_ > 0 && !is_blank(text_[at_ - 1])) return note_without_blank(at_);
        at_ = line_end(text_, at_);
        continue;
      }
      const bool first = std::exchange(first_in_line_, false);
      if (std::optional<Unsound> left = too_far_left(first)) return left;
      if (c == '[' || c == '{') {
        ++depth;
        ++at_;
      } else if (c == ']' || c == '}') {
        ++at_;
        if (--depth == 0) return after_end();
      } else if (c == ',' || c == ':' || c == '?') {
        ++at_;
      } else if (c == '"' || c == '\'') {
        skip_quoted(c);
      } else if (std::optional<Unsound> dash = plain()) {
        return dash;
      }
    }
    return std::nullopt;  // not closed: the parser says so
  }

 private:
  std::optional<Unsound> after_end() const {
    if (at_ < text_.size() && text_[at_] == '#') return note_without_blank(at_);
    return std::nullopt;
  }

  /// Counts the blanks that a line begins with, to its first tab.
  void pass_blank(char c) {
    if (c == '\n') {
      first_in_line_ = true;
      blanks_ = 0;
      tab_ = false;
    } else if (first_in_line_) {
      tab_ = tab_ || c == '\t';
      if (!tab_) ++blanks_;
    }
  }

  std::optional<Unsound> too_far_left(bool first) const {
    const char c = text_[at_];
    if (!first || c == ']' || c == '}' || blanks_ >= indent_) return std::nullopt;
    return Unsound{at_, line_end(text_, at_), PhraseCode::this_line_begins_too_far_left,
                   PhraseCode::begin_it_with_blanks};
  }

  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (quote == '"' && text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == quote) {
        ++at_;
        if (quote == '"' || at_ >= text_.size() || text_[at_] != quote) return;
      }
    }
  }

  /// A text without quotes, to the end of its line.
  std::optional<Unsound> plain() {
    const std::size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      const char c = text_[at_];
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\n';
      if (kBrackets.find(c) != kNone) break;
      if (c == ':' && (is_blank(next) || kBrackets.find(next) != kNone)) break;
      if (c == '#' && at_ > begin && is_blank(text_[at_ - 1])) break;
    }
    std::string_view text = text_.substr(begin, at_ - begin);
    text = text.substr(0, text.find_last_not_of(" \t") + 1);
    if (text != "-") return std::nullopt;
    return Unsound{begin, begin + 1, PhraseCode::a_dash_alone, PhraseCode::put_the_dash_in_quotes};
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t indent_;
  bool first_in_line_ = false;  // nothing but blanks stands before `at_` in its line
  std::size_t blanks_ = 0;
  bool tab_ = false;
};

/// YAML 1.2, 5.7: what may follow a backslash between double quotes.
std::optional<Unsound> unsound_escape(std::string_view text, std::size_t begin, std::size_t end) {
  constexpr std::string_view kEscapes = "0abt\tnvfre \"/\\N_LPxuU\n";
  for (std::size_t at = begin + 1; at + 1 < end; ++at) {
    if (text[at] != '\\') continue;
    ++at;
    if (kEscapes.find(text[at]) != kNone) continue;
    return Unsound{at - 1, at + 1, PhraseCode::a_backslash_is_special,
                   text[at] == '\'' ? PhraseCode::no_backslash_before_this_quote
                                    : PhraseCode::use_single_quotes};
  }
  return std::nullopt;
}

}  // namespace

std::size_t closing_quote(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return i + 1;
      ++i;
    }
  }
  return kNone;
}

std::optional<Unsound> unsound_flow(std::string_view text, std::size_t begin, std::size_t indent) {
  return FlowScanner(text, begin, indent).scan();
}

std::optional<Unsound> unsound_quoted(std::string_view text, std::size_t begin, std::size_t end,
                                      std::size_t indent) {
  if (text[begin] == '"')
    if (std::optional<Unsound> escape = unsound_escape(text, begin, end)) return escape;
  const std::string_view quoted = text.substr(0, end);
  for (std::size_t line = quoted.find('\n', begin); line != kNone;
       line = quoted.find('\n', line + 1)) {
    const std::size_t first = quoted.find_first_not_of(' ', line + 1);
    if (first == kNone || quoted[first] == '\n' || first - line - 1 >= indent) continue;
    if (first + 1 == end) continue;  // the closing quote alone
    return Unsound{begin, line, PhraseCode::quote_not_closed_in_line,
                   PhraseCode::close_or_go_on_with_blanks};
  }
  if (end < text.size() && text[end] == '#') return note_without_blank(end);
  return std::nullopt;
}

std::optional<Unsound> unsound_block(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  bool stated = false;  // how far the text is indented
  while (at < text.size() && std::string_view("+-123456789").find(text[at]) != kNone) {
    stated = stated || (text[at] >= '1' && text[at] <= '9');
    ++at;
  }
  if (at < text.size() && text[at] == '#') return note_without_blank(at);
  if (stated) return std::nullopt;
  std::size_t widest = 0;
  std::size_t widest_at = 0;
  for (std::size_t line = text.find('\n', at); line != kNone; line = text.find('\n', line + 1)) {
    const std::size_t first = std::min(text.find_first_not_of(' ', line + 1), text.size());
    const std::size_t blanks = first - line - 1;
    if (first == text.size()) break;
    if (text[first] == '\n') {
      if (blanks > widest) {
        widest = blanks;
        widest_at = line + 1;
      }
      continue;
    }
    if (widest <= blanks) break;
    return Unsound{widest_at, widest_at + widest, PhraseCode::this_empty_line_has_more_blanks,
                   PhraseCode::take_its_blanks_out};
  }
  return std::nullopt;
}

}  // namespace trama
