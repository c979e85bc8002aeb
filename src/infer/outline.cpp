#include "infer/outline.h"

#include <algorithm>
#include <string>

#include "base/utf8.h"
#include "json/json_text.h"

namespace trama {
namespace {

constexpr std::size_t kMaxDepth = 64;
/// Examples of long texts are cut anyway.
constexpr std::size_t kMaxText = 1000;

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Profile scan() {
    while (ok_ && blanks()) {
      ++profile_.records;
      value(profile_.root.get(), 0);
    }
    profile_.finish(forms_);
    return std::move(profile_);
  }

 private:
  /// To what is no blank (RFC 8259 §2; U+001E begins a text of RFC 7464). False at the end.
  bool blanks() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n\x1E").find(text_[at_]) != std::string_view::npos)
      ++at_;
    return at_ < text_.size();
  }

  bool is_next(char c) {
    if (!blanks() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// `node`: null where the profile has no room.
  // NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
  void value(PathNode* node, std::size_t depth) {
    if (!blanks() || depth > kMaxDepth) {
      ok_ = false;
      return;
    }
    switch (text_[at_]) {
      case '{':
        count(node, JsonKind::object);
        ++at_;
        object(node, depth);
        return;
      case '[':
        count(node, JsonKind::list);
        ++at_;
        list(node, depth);
        return;
      case '"':
        if (std::string found; text(found)) scalar(node, JsonKind::text, found);
        return;
      default:
        word(node);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
  void object(PathNode* node, std::size_t depth) {
    if (is_next('}')) {
      if (node != nullptr) ++node->seen.empty;
      return;
    }
    std::string key;
    do {
      if (!blanks() || text_[at_] != '"' || !text(key) || !is_next(':')) {
        ok_ = false;
        return;
      }
      PathNode* const below =
          node == nullptr || node->is_folded() ? nullptr : profile_.member(*node, key);
      value(below, depth + 1);
      if (!ok_) return;
    } while (is_next(','));
    ok_ = is_next('}');
  }

  // NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
  void list(PathNode* node, std::size_t depth) {
    if (is_next(']')) {
      if (node != nullptr) ++node->seen.empty;
      return;
    }
    PathNode* const item = node == nullptr ? nullptr : profile_.items(*node);
    std::uint64_t size = 0;
    do {
      value(item, depth + 1);
      ++size;
      if (node != nullptr) node->seen.most_items = std::max(node->seen.most_items, size);
      if (!ok_) return;
    } while (is_next(','));
    ok_ = is_next(']');
  }

  /// A text without its quotes and escapes.
  bool text(std::string& out) {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) {
      ok_ = false;
      return false;
    }
    const std::string_view escaped = text_.substr(begin, at_++ - begin);
    out.clear();
    const bool sound = first_invalid_utf8(escaped) >= escaped.size() && escapes_are_sound(escaped);
    if (sound)
      append_json_unescaped(out, escaped);
    else
      ok_ = false;
    return ok_;
  }

  /// RFC 8259 §7.
  static bool escapes_are_sound(std::string_view escaped) {
    for (std::size_t i = escaped.find('\\'); i < escaped.size(); i = escaped.find('\\', i)) {
      const char c = i + 1 < escaped.size() ? escaped[i + 1] : '\0';
      const std::string_view hex = escaped.substr(std::min(i + 2, escaped.size()), 4);
      if (c == 'u' && (hex.size() < 4 ||
                       hex.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos))
        return false;
      if (std::string_view("\"\\/bfnrtu").find(c) == std::string_view::npos || c == '\0')
        return false;
      i += 2;
    }
    return true;
  }

  /// A number, true, false or null.
  void word(PathNode* node) {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n,:]}[{\"").find(text_[at_]) == std::string_view::npos)
      ++at_;
    const std::string_view found = text_.substr(begin, at_ - begin);
    const bool number = !found.empty() && (found[0] == '-' || (found[0] >= '0' && found[0] <= '9'));
    if (found == "null")
      count(node, JsonKind::null);
    else if (found == "true" || found == "false")
      scalar(node, JsonKind::boolean, found);
    else if (number && found.size() < kMaxText)
      scalar(node, JsonKind::number, found);
    else
      ok_ = false;
  }

  void scalar(PathNode* node, JsonKind kind, std::string_view found) {
    count(node, kind);
    if (node == nullptr) return;
    if (found.empty()) {
      ++node->seen.empty;
      return;
    }
    const bool is_new = profile_.add_value(*node, forms_, kind, found);
    if (!is_new || node->seen.examples.size() >= profile_.examples()) return;
    const std::string_view kept = kept_part(found);
    node->seen.examples.push_back(
        {{kind, kept.size() < found.size(), std::string(kept)}, 0, 1, {}});
  }

  void count(PathNode* node, JsonKind kind) {
    if (node == nullptr) return;
    ++node->seen.count;
    ++node->seen.kinds[static_cast<std::size_t>(kind)];
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
  Profile profile_;
  ValueForms forms_;
};

}  // namespace

Profile outline_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return Scanner(text).scan();
}

}  // namespace trama
