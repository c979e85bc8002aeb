// Masking personal values in the source of a rejected record: a walk over JSON text that looks at
// nothing but the members on the way to a personal path, and copies the rest as it stands. Depth is
// bounded by the paths; what no path enters is skipped by counting brackets.

#include <algorithm>
#include <string>
#include <vector>

#include "json/json_text.h"
#include "report/reject.h"

namespace trama {
namespace {

using Steps = std::vector<std::string>;

/// RFC 6901: `~1` is a slash, `~0` a tilde.
Steps steps_of(std::string_view pointer) {
  Steps steps;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      steps.emplace_back();
    } else if (steps.empty()) {
      steps.emplace_back(1, c);
    } else if (c == '~' && i + 1 < pointer.size()) {
      steps.back() += pointer[++i] == '1' ? '/' : '~';
    } else {
      steps.back() += c;
    }
  }
  return steps;
}

bool stands_for_any(std::string_view step) noexcept {
  return step == "*" || (step.size() > 1 && step[0] == '-' &&
                         step.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

class Masker {
 public:
  Masker(std::string_view text, std::string& out) : text_(text), out_(out) {}

  bool run(const std::vector<Steps>& paths) {
    std::vector<const Steps*> ways;
    for (const Steps& path : paths) ways.push_back(&path);
    skip_blanks();
    if (!value(ways, 0)) return false;
    skip_blanks();
    copy();
    return at_ == text_.size();
  }

 private:
  using Ways = std::vector<const Steps*>;  // paths whose first steps lead here

  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() noexcept {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }
  bool take(char c) noexcept {
    skip_blanks();
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  /// Copies what was passed since the last copy.
  void copy() {
    out_.append(text_, copied_, at_ - copied_);
    copied_ = at_;
  }

  // Recursion is bounded by the longest path.
  bool value(const Ways& ways, std::size_t depth) {
    if (ways.empty()) return skip_value();
    if (std::any_of(ways.begin(), ways.end(), [&](const Steps* p) { return p->size() == depth; })) {
      return hide_value();
    }
    if (peek() == '{') return object(ways, depth);
    if (peek() == '[') return list(ways, depth);
    return skip_value();
  }

  bool hide_value() {
    copy();
    if (!skip_value()) return false;
    copied_ = at_;
    append_json_string(out_, kHidden);
    return true;
  }

  bool object(const Ways& ways, std::size_t depth) {
    ++at_;
    if (take('}')) return true;
    do {
      skip_blanks();
      const std::size_t key = at_;
      if (!skip_string()) return false;
      const Ways below = ways_into(text_.substr(key + 1, at_ - key - 2), ways, depth);
      if (!take(':')) return false;
      skip_blanks();
      if (!value(below, depth + 1)) return false;
    } while (take(','));
    return take('}');
  }

  bool list(const Ways& ways, std::size_t depth) {
    ++at_;
    if (take(']')) return true;
    std::size_t index = 0;
    do {
      skip_blanks();
      if (!value(ways_into(std::to_string(index++), ways, depth), depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  Ways ways_into(std::string_view key, const Ways& ways, std::size_t depth) {
    key_.clear();
    append_json_unescaped(key_, key);
    Ways below;
    for (const Steps* path : ways) {
      const std::string& step = (*path)[depth];
      if (step == key_ || stands_for_any(step)) below.push_back(path);
    }
    return below;
  }

  bool skip_string() noexcept {
    if (peek() != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool skip_value() noexcept {
    std::size_t depth = 0;
    do {
      skip_blanks();
      const char c = peek();
      if (c == '"') {
        if (!skip_string()) return false;
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (depth > 0 && (c == '}' || c == ']' || c == ',' || c == ':')) {
        if (c == '}' || c == ']') --depth;
        ++at_;
      } else if (!skip_word()) {
        return false;
      }
    } while (depth > 0);
    return true;
  }

  /// A number, true, false or null.
  bool skip_word() noexcept {
    const std::size_t from = at_;
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n,:{}[]\"").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return at_ > from;
  }

  std::string_view text_;
  std::string& out_;
  std::size_t at_ = 0;
  std::size_t copied_ = 0;
  std::string key_;
};

}  // namespace

bool append_masked(std::string& out, std::string_view source,
                   const std::vector<std::string>& pointers) {
  std::vector<Steps> paths;
  for (const std::string& pointer : pointers) paths.push_back(steps_of(pointer));
  const std::size_t from = out.size();
  if (!Masker(source, out).run(paths)) {
    out.resize(from);
    return false;
  }
  for (std::size_t i = from; i < out.size(); ++i)
    if (out[i] == '\n' || out[i] == '\r') out[i] = ' ';
  return true;
}

}  // namespace trama
