#include "mapping/yaml_lines.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "mapping/yaml_soundness.h"

namespace trama {
namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::string_view kFlowMarks = "[]{},";

std::string_view without_blanks_behind(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// The line of a quoted text without spaces at its end, which count for nothing,
/// but for one that a backslash keeps.
std::string_view quoted_line(std::string_view text) {
  const std::string_view short_text = without_blanks_behind(text);
  const bool kept = short_text.size() < text.size() && short_text.ends_with('\\');
  return text.substr(0, short_text.size() + (kept ? 1 : 0));
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  YamlLines scan() {
    while (at_ < text_.size()) {
      if (line()) continue;
      result_.refused = static_cast<std::uint32_t>(
          1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(line_start_),
                         '\n'));
      return std::move(result_);
    }
    settle_comments(levels_, 0, kNone);
    return std::move(result_);
  }

 private:
  /// A list or map in lines of its own, whose end has not come.
  struct Level {
    std::size_t column = 0;  // as written
    std::size_t indent = 0;
    bool list = false;
  };
  /// A bracket that is not closed, and its first part: where they were, and where they are now. Bytes
  /// of the text and of their line first; their columns are counted when a line breaks inside of the
  /// bracket, so that a long line is counted once.
  struct Bracket {
    std::size_t at = 0;
    std::size_t part_at = 0;  // in the same line; else right behind the bracket
    std::size_t new_at = 0;
    bool counted = false;
  };

  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\n'; }
  [[nodiscard]] bool blank_at(std::size_t i) const { return at(i) == ' ' || at(i) == '\t'; }
  /// A space, a tab or the end of a line.
  [[nodiscard]] bool space_at(std::size_t i) const { return blank_at(i) || at(i) == '\n'; }
  [[nodiscard]] std::size_t skip_blanks(std::size_t i) const {
    while (blank_at(i)) ++i;
    return i;
  }
  [[nodiscard]] std::size_t line_end(std::size_t i) const {
    return std::min(text_.find('\n', i), text_.size());
  }
  [[nodiscard]] std::size_t column_of(std::size_t i) const {
    return count_code_points(text_.substr(line_start_, i - line_start_));
  }
  [[nodiscard]] bool is_dash(std::size_t i) const { return at(i) == '-' && space_at(i + 1); }
  /// Nothing behind `i` in the line but a comment.
  [[nodiscard]] bool ends(std::size_t i) const {
    const std::size_t next = skip_blanks(i);
    return at(next) == '\n' || (at(next) == '#' && next > i);
  }
  [[nodiscard]] std::size_t indent_of_parts() const {
    return levels_.empty() ? 0 : levels_.back().indent + kIndent;
  }

  /// Of further lines of a text; never at the left edge, where they could be marks of documents.
  [[nodiscard]] std::size_t indent_of_text() const {
    return levels_.empty() ? kIndent : indent_of_parts();
  }

  bool line();
  bool mark();
  bool content(std::size_t first);
  bool node(std::size_t column, std::size_t indent);
  void open(std::size_t column, std::size_t indent, bool list);
  bool anchors(bool& ended);
  [[nodiscard]] std::size_t key_end() const;
  bool value();
  bool plain();
  bool quoted();
  bool block();
  bool flow();
  void count_columns(std::vector<Bracket>& open) const;
  bool flow_break(std::vector<Bracket>& open, std::size_t first_column, std::size_t first_indent,
                  bool in_text);
  bool flow_token(std::vector<Bracket>& open, bool& wants_space, bool& after_text, bool& in_text);
  bool end_of_line();
  void take_comment(std::size_t gap);
  void push_line();
  void begin_line(std::size_t first, std::size_t indent);
  void add_kept(std::string text);
  void settle_comments(const std::vector<Level>& before, std::size_t column, std::size_t indent);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  YamlLine current_;
  std::vector<Level> levels_;
  std::vector<std::size_t> waiting_;  // comments whose level the next content tells
  std::size_t top_line_ = kNone;      // of the last key of the top
  YamlLines result_;
};

/// Ends `current_`; `at_` is at its line end.
void Scanner::push_line() {
  result_.lines.push_back(std::exchange(current_, {}));
  at_ = std::min(at_ + 1, text_.size());
  line_start_ = at_;
}

void Scanner::begin_line(std::size_t first, std::size_t indent) {
  at_ = first;
  current_.text.assign(indent, ' ');
}

void Scanner::add_kept(std::string text) {
  YamlLine& added = result_.lines.emplace_back();
  added.kind = YamlLine::Kind::kept;
  added.text = std::move(text);
}

void Scanner::take_comment(std::size_t gap) {
  const std::size_t end = line_end(at_);
  current_.comment = without_blanks_behind(text_.substr(at_, end - at_));
  current_.comment_column = column_of(at_);
  current_.gap = gap;
  at_ = end;
}

/// The comment of the line, where it has one; then the line is done.
bool Scanner::end_of_line() {
  const std::size_t next = skip_blanks(at_);
  const std::size_t gap = next - at_;
  at_ = next;
  if (at(at_) == '#' && gap > 0) take_comment(gap);
  if (at(at_) != '\n') return false;
  push_line();
  return true;
}

/// A comment alone belongs to what it is indented like: to the next content, or to a level that was
/// open before it.
void Scanner::settle_comments(const std::vector<Level>& before, std::size_t column,
                              std::size_t indent) {
  const bool deeper = indent != kNone && (before.empty() || indent > before.back().indent);
  for (const std::size_t index : waiting_) {
    YamlLine& comment = result_.lines[index];
    std::size_t to = 0;
    for (const Level& level : before)
      if (level.column <= comment.comment_column) to = level.indent;
    const bool like_next = comment.comment_column == column;
    if (indent != kNone && (like_next || (deeper && comment.comment_column > column))) to = indent;
    comment.text.assign(to, ' ');
  }
  waiting_.clear();
}

/// A line outside of any text or bracket.
bool Scanner::line() {
  const std::size_t first = skip_blanks(at_);
  if (at(first) == '\n') {
    current_.kind = YamlLine::Kind::blank;
    at_ = first;
    push_line();
    return true;
  }
  if (at(first) == '#') {
    at_ = first;
    current_.kind = YamlLine::Kind::comment;
    take_comment(0);
    waiting_.push_back(result_.lines.size());
    push_line();
    return true;
  }
  if (first == at_ && space_at(first + 3) &&
      (text_.substr(first, 3) == "---" || text_.substr(first, 3) == "..."))
    return mark();
  return content(first);
}

/// Where a document begins or ends; nothing else is in that line.
bool Scanner::mark() {
  current_.text = text_.substr(at_, 3);
  at_ += 3;
  return end_of_line();
}

bool Scanner::content(std::size_t first) {
  const std::size_t column = first - line_start_;
  const bool dash = is_dash(first);
  std::vector<Level> before;
  if (!waiting_.empty()) before = levels_;
  const auto is_left = [&](const Level& level) {
    return level.column > column || (level.column == column && level.list && !dash);
  };
  while (levels_.size() > 1 && is_left(levels_.back())) levels_.pop_back();
  const bool beside =
      !levels_.empty() && levels_.back().column == column && levels_.back().list == dash;
  if (!levels_.empty() && !beside && levels_.back().column > column) return false;
  const std::size_t indent = beside ? levels_.back().indent : indent_of_parts();
  settle_comments(before, column, indent);
  begin_line(first, indent);
  return node(column, indent);
}

/// `column`, `indent`: of the content at `at_`.
bool Scanner::node(std::size_t column, std::size_t indent) {
  while (is_dash(at_)) {
    open(column, indent, true);
    current_.text += '-';
    ++at_;
    if (ends(at_)) return end_of_line();
    at_ = skip_blanks(at_);
    current_.text += ' ';
    column = column_of(at_);
    indent += kIndent;
  }
  bool ended = false;
  if (!anchors(ended)) return false;
  if (ended) return true;
  const std::size_t colon = key_end();
  if (colon == kNone) return value();
  open(column, indent, false);
  if (levels_.size() == 1) {
    top_line_ = result_.lines.size();
    current_.top = true;
  }
  current_.text += without_blanks_behind(text_.substr(at_, colon - at_));
  current_.text += ':';
  at_ = colon + 1;
  if (ends(at_)) return end_of_line();
  at_ = skip_blanks(at_);
  current_.text += ' ';
  if (!anchors(ended)) return false;
  return ended || value();
}

/// The level that an entry at `column` is in, which may begin with it.
void Scanner::open(std::size_t column, std::size_t indent, bool list) {
  const bool there =
      !levels_.empty() && levels_.back().column == column && levels_.back().list == list;
  if (there) return;
  if (levels_.size() == 1 && top_line_ != kNone) result_.lines[top_line_].section = true;
  levels_.push_back({column, indent, list});
}

/// `&name`, before what it names. `ended`: that is in the next lines.
bool Scanner::anchors(bool& ended) {
  while (at(at_) == '&') {
    std::size_t end = at_;
    while (!space_at(end)) ++end;
    current_.text += text_.substr(at_, end - at_);
    at_ = end;
    ended = ends(at_);
    if (ended) return end_of_line();
    current_.text += ' ';
    at_ = skip_blanks(at_);
  }
  return true;
}

/// The colon behind the key at `at_`, or npos where there is no key.
std::size_t Scanner::key_end() const {
  const char first = at(at_);
  if (std::string_view("[{|>#").find(first) != kNone) return kNone;
  const std::size_t end = line_end(at_);
  std::size_t i = at_;
  if (first == '"' || first == '\'') {
    const std::size_t close = closing_quote(text_, at_);
    if (close == kNone || close > end) return kNone;
    i = skip_blanks(close);
    return at(i) == ':' && space_at(i + 1) ? i : kNone;
  }
  for (; i < end; ++i) {
    if (text_[i] == ':' && space_at(i + 1)) return i;
    if (text_[i] == '#' && i > at_ && blank_at(i - 1)) return kNone;
  }
  return kNone;
}

bool Scanner::value() {
  switch (at(at_)) {
    case '|':
    case '>':
      return block();
    case '[':
    case '{':
      return flow() && end_of_line();
    case '"':
    case '\'':
      return quoted() && end_of_line();
    default:
      return plain();
  }
}

/// A text without quotes goes on in lines that are further to the right than what it is part of.
bool Scanner::plain() {
  for (;;) {
    const std::size_t begin = at_;
    const std::size_t end = line_end(at_);
    std::size_t stop = begin;
    while (stop < end && !(text_[stop] == '#' && stop > begin && blank_at(stop - 1))) ++stop;
    const std::string_view part = without_blanks_behind(text_.substr(begin, stop - begin));
    current_.text += part;
    at_ = begin + part.size();
    if (stop < end) return end_of_line();
    std::size_t next = std::min(end + 1, text_.size());
    std::size_t empty_lines = 0;
    std::size_t first = skip_blanks(next);
    while (first < text_.size() && text_[first] == '\n') {
      ++empty_lines;
      next = first + 1;
      first = skip_blanks(next);
    }
    const bool goes_on = first < text_.size() && text_[first] != '#' &&
                         (levels_.empty() ? first > next || !text_.substr(first).starts_with("...")
                                          : first - next > levels_.back().column);
    if (!goes_on) return end_of_line();
    at_ = end;
    push_line();
    for (; empty_lines > 0; --empty_lines) add_kept({});
    line_start_ = next;
    begin_line(first, indent_of_text());
  }
}

/// A text in quotes, to its closing quote.
bool Scanner::quoted() {
  const std::size_t close = closing_quote(text_, at_);
  if (close == kNone) return false;
  for (;;) {
    const std::size_t end = std::min(line_end(at_), close);
    const std::string_view part = text_.substr(at_, end - at_);
    current_.text += end == close ? part : quoted_line(part);
    at_ = end;
    if (end == close) return true;
    push_line();
    std::size_t first = skip_blanks(at_);
    for (; at(first) == '\n'; first = skip_blanks(at_)) {
      add_kept({});
      line_start_ = at_ = first + 1;
    }
    begin_line(first, indent_of_text());
  }
}

/// `|` or `>` with its lines.
bool Scanner::block() {
  std::size_t end = at_ + 1;
  std::size_t digit = 0;
  bool keeps = false;
  for (; std::string_view("+-123456789").find(at(end)) != kNone; ++end) {
    if (at(end) >= '1') digit = static_cast<std::size_t>(at(end) - '0');
    keeps = keeps || at(end) == '+';
  }
  current_.text += text_.substr(at_, end - at_);
  at_ = end;
  if (!end_of_line()) return false;
  const auto spaces_at = [this](std::size_t i) {
    return std::min(text_.find_first_not_of(' ', i), text_.size()) - i;
  };
  const auto is_empty = [this, spaces_at](std::size_t i) { return at(i + spaces_at(i)) == '\n'; };
  const std::size_t parent = levels_.empty() ? 0 : levels_.back().column;
  std::size_t column = parent + digit;
  if (digit == 0) {
    std::size_t first = at_;
    while (first < text_.size() && is_empty(first))
      first = std::min(line_end(first) + 1, text_.size());
    column = spaces_at(first);
    if (!levels_.empty() && (first >= text_.size() || column <= parent)) column = kNone;
  }
  const std::size_t indent =
      digit == 0 ? indent_of_text() : (levels_.empty() ? 0 : levels_.back().indent) + digit;
  // Empty lines at the end are part of the text only where it keeps them.
  std::vector<std::string> lines;
  std::size_t taken = 0;
  std::size_t taken_to = at_;
  for (std::size_t i = at_; i < text_.size();) {
    const std::size_t spaces = spaces_at(i);
    const bool empty = is_empty(i) && (column == kNone || spaces <= column);
    if (!empty && (column == kNone || spaces < column)) break;
    const std::size_t stop = line_end(i);
    lines.push_back(
        empty ? std::string()
              : std::string(indent, ' ').append(text_.substr(i + column, stop - i - column)));
    i = std::min(stop + 1, text_.size());
    if (empty && !keeps) continue;
    taken = lines.size();
    taken_to = i;
  }
  lines.resize(taken);
  if (taken > 0 && taken_to == text_.size() && !text_.ends_with('\n')) result_.open_end = true;
  for (std::string& one : lines) add_kept(std::move(one));
  line_start_ = at_ = taken_to;
  return true;
}

/// A list or map between brackets, to its closing bracket.
bool Scanner::flow() {
  const std::size_t first = skip_blanks(line_start_);
  const std::size_t first_column = first - line_start_;
  const std::size_t first_indent =
      std::min(current_.text.find_first_not_of(' '), current_.text.size());
  std::vector<Bracket> open;
  bool wants_space = false;  // before what comes, unless it is a mark
  bool after_text = false;   // in quotes or brackets: a colon may follow without a space behind it
  bool in_text = false;      // a text without quotes may go on in the next line
  do {
    const std::size_t next = skip_blanks(at_);
    const std::size_t gap = next - at_;
    at_ = next;
    if (at_ >= text_.size()) return false;
    if (text_[at_] == '\n') {
      if (!flow_break(open, first_column, first_indent, in_text)) return false;
      wants_space = false;
    } else if (text_[at_] == '#' && (gap > 0 || current_.text.find_first_not_of(' ') == kNone)) {
      if (current_.text.find_first_not_of(' ') == kNone) current_.kind = YamlLine::Kind::comment;
      take_comment(gap);
      in_text = false;
    } else if (!flow_token(open, wants_space, after_text, in_text)) {
      return false;
    }
  } while (!open.empty());
  return true;
}

/// The next bracket, comma, colon or text.
bool Scanner::flow_token(std::vector<Bracket>& open, bool& wants_space, bool& after_text,
                         bool& in_text) {
  const char c = text_[at_];
  const auto is_mark = [this](std::size_t i) {
    return space_at(i) || kFlowMarks.find(at(i)) != kNone;
  };
  const auto put = [this](std::size_t size) {
    current_.text += text_.substr(at_, size);
    at_ += size;
  };
  const auto is_colon = [&](std::size_t i) { return at(i) == ':' && is_mark(i + 1); };
  const bool colon = c == ':' && (after_text || is_mark(at_ + 1));
  const bool closes = c == ']' || c == '}';
  const bool goes_on = std::exchange(in_text, false);  // a quote in it is one of its characters
  if (wants_space && !closes && c != ',' && !colon) current_.text += ' ';
  wants_space = c != '[' && c != '{';
  after_text = closes || (!goes_on && (c == '"' || c == '\''));
  if (!wants_space) {
    const std::size_t part = skip_blanks(at_ + 1);
    const bool in_line = at(part) != '\n' && at(part) != '#';
    open.push_back({at_, in_line ? part : at_ + 1, current_.text.size(), false});
    put(1);
    return true;
  }
  if (closes) {
    if (open.empty()) return false;
    open.pop_back();
    put(1);
    return true;
  }
  if (c == ',' || colon || (!goes_on && c == '?' && space_at(at_ + 1))) {
    put(1);
    return true;
  }
  if (!goes_on && (c == '"' || c == '\'')) {
    if (closing_quote(text_, at_) > line_end(at_)) count_columns(open);
    return quoted();
  }
  std::size_t end = at_ + 1;
  if (!goes_on && (c == '&' || c == '*')) {
    while (!is_mark(end)) ++end;
  } else {
    while (at(end) != '\n' && kFlowMarks.find(at(end)) == kNone && !is_colon(end) &&
           !(at(end) == '#' && blank_at(end - 1)))
      ++end;
    in_text = true;
  }
  put(without_blanks_behind(text_.substr(at_, end - at_)).size());
  return true;
}

/// To be called before the line that they are in is done.
void Scanner::count_columns(std::vector<Bracket>& open) const {
  for (Bracket& bracket : open) {
    if (bracket.counted) continue;
    bracket.at = column_of(bracket.at);
    bracket.part_at = column_of(bracket.part_at);
    bracket.new_at = count_code_points(std::string_view(current_.text).substr(0, bracket.new_at));
    bracket.counted = true;
  }
}

/// A line break between brackets stays. What is in line with the first part of a bracket stays so;
/// all else moves as much as the line in which the brackets began.
bool Scanner::flow_break(std::vector<Bracket>& open, std::size_t first_column,
                         std::size_t first_indent, bool in_text) {
  count_columns(open);
  push_line();
  std::size_t first = skip_blanks(at_);
  for (; first < text_.size() && text_[first] == '\n'; first = skip_blanks(at_)) {
    result_.lines.emplace_back().kind = in_text ? YamlLine::Kind::kept : YamlLine::Kind::blank;
    line_start_ = at_ = first + 1;
  }
  if (first >= text_.size()) return false;
  const bool closes = text_[first] == ']' || text_[first] == '}';
  const std::size_t column = column_of(first);
  const std::size_t least = levels_.empty() ? 0 : levels_.back().indent + (closes ? 0 : kIndent);
  std::size_t indent = column + first_indent;
  indent = std::max(indent - std::min(indent, first_column), least);
  for (const Bracket& bracket : open) {  // the innermost one counts
    if (column == bracket.part_at) indent = std::max(bracket.new_at + 1, least);
    if (closes && &bracket == &open.back() && column == bracket.at)
      indent = std::max(bracket.new_at, least);
  }
  begin_line(first, indent);
  return true;
}

}  // namespace

YamlLines scan_yaml_lines(std::string_view text) {
  return Scanner(text).scan();
}

}  // namespace trama
