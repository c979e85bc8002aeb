#include "mapping/path.h"

#include <charconv>
#include <utility>

#include "base/phrase_codes.h"

namespace trama {
namespace {

/// Nothing has a longer list, and any such number fits a std::int64_t.
constexpr std::size_t kMaxIndexDigits = 9;
constexpr std::size_t kMaxSteps = 128;

class PathParser {
 public:
  PathParser(std::string_view text, Path& out) : text_(text), out_(out) {}

  bool parse();
  PhraseCode problem = PhraseCode::none;
  [[nodiscard]] std::size_t at() const noexcept { return at_; }

 private:
  bool fail(PhraseCode why) {
    problem = why;
    return false;
  }
  [[nodiscard]] bool done() const noexcept { return at_ >= text_.size(); }
  bool add(Path::Step step);
  bool pointer();
  bool segment();
  bool brackets();
  bool quoted_key();
  bool plain_key();
  bool bracket();
  bool index(std::string_view inside);

  std::string_view text_;
  Path& out_;
  std::size_t at_ = 0;
};

bool PathParser::add(Path::Step step) {
  if (out_.steps.size() >= kMaxSteps) return fail(PhraseCode::the_path_has_more_than_128_parts);
  out_.steps.push_back(std::move(step));
  return true;
}

bool PathParser::parse() {
  if (text_.empty()) return fail(PhraseCode::the_path_is_empty);
  if (text_.front() == '/') return pointer();
  for (;;) {
    const bool of_list = at_ == 0 && text_.front() == '[';  // the record is a list: [0].name
    if (!(of_list ? brackets() : segment())) return false;
    if (done()) return true;
    ++at_;  // the dot
    if (done()) return fail(PhraseCode::the_path_ends_with_a_dot);
  }
}

/// RFC 6901 §3: `~1` is '/', `~0` is '~', and nothing else follows a '~'.
bool PathParser::pointer() {
  out_.from_top = true;
  while (!done()) {
    ++at_;  // the slash
    Path::Step step;
    for (; !done() && text_[at_] != '/'; ++at_) {
      if (text_[at_] != '~') {
        step.key += text_[at_];
        continue;
      }
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
      if (next != '0' && next != '1') {
        return fail(PhraseCode::a_tilde_in_a_pointer);
      }
      step.key += next == '0' ? '~' : '/';
      ++at_;
    }
    if (!add(std::move(step))) return false;
  }
  return true;
}

bool PathParser::segment() {
  if (text_[at_] == '.') {
    return fail(at_ == 0 ? PhraseCode::the_path_begins_with_a_dot
                         : PhraseCode::there_is_no_name_between_two_dots);
  }
  if (text_[at_] == '[' || text_[at_] == '{') {
    return fail(PhraseCode::a_name_before_the_bracket);
  }
  if (!(text_[at_] == '"' ? quoted_key() : plain_key())) return false;
  return brackets();
}

bool PathParser::brackets() {
  while (!done() && (text_[at_] == '[' || text_[at_] == '{')) {
    if (!bracket()) return false;
  }
  if (done() || text_[at_] == '.') return true;
  return fail(PhraseCode::a_dot_or_a_bracket_comes_here);
}

bool PathParser::quoted_key() {
  const std::size_t start = at_;
  Path::Step step;
  step.quoted = true;
  for (++at_; !done(); ++at_) {
    if (text_[at_] != '"') {
      step.key += text_[at_];
      continue;
    }
    const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '"';
    if (!doubled) {
      ++at_;
      return add(std::move(step));
    }
    step.key += '"';
    ++at_;
  }
  at_ = start;
  return fail(PhraseCode::the_quote_is_not_closed);
}

bool PathParser::plain_key() {
  Path::Step step;
  for (; !done() && text_[at_] != '.' && text_[at_] != '[' && text_[at_] != '{'; ++at_) {
    if (text_[at_] == '"') {
      return fail(PhraseCode::a_name_with_a_quote);
    }
    step.key += text_[at_];
  }
  return add(std::move(step));
}

bool PathParser::bracket() {
  const char close = text_[at_] == '[' ? ']' : '}';
  const std::size_t end = text_.find(close, at_);
  if (end == std::string_view::npos) {
    return fail(close == ']' ? PhraseCode::this_bracket_is_not_closed
                             : PhraseCode::this_brace_is_not_closed);
  }
  const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
  if (close == '}' && inside != "*") {
    return fail(PhraseCode::only_a_star_in_braces);
  }
  if (inside == "*") {
    if (!add({.kind = close == ']' ? Path::StepKind::items : Path::StepKind::entries, .key = {}})) {
      return false;
    }
  } else if (!index(inside)) {
    return false;
  }
  at_ = end + 1;
  return true;
}

bool PathParser::index(std::string_view inside) {
  const bool negative = !inside.empty() && inside.front() == '-';
  const std::string_view digits = inside.substr(negative ? 1 : 0);
  const bool all_digits =
      !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  const bool plain = all_digits && digits.size() <= kMaxIndexDigits &&
                     (digits.size() == 1 ? !(negative && digits == "0") : digits.front() != '0');
  if (!plain) {
    return fail(PhraseCode::a_number_or_star_in_brackets);
  }
  Path::Step step{.kind = Path::StepKind::index, .key = {}};
  std::from_chars(inside.data(), inside.data() + inside.size(), step.index);
  return add(std::move(step));
}

}  // namespace

bool parse_path(std::string_view text, Path& out, Phrase& problem, std::size_t& at) {
  out.text = text;
  out.from_top = false;
  out.steps.clear();
  PathParser parser(text, out);
  if (parser.parse()) return true;
  out.steps.clear();
  problem = parser.problem;
  at = parser.at();
  return false;
}

}  // namespace trama
