#include "infer/sample_tests.h"

#include <map>
#include <utility>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "infer/yaml_text.h"
#include "json/json_text.h"
#include "json/record_reader.h"
#include "profile/findings.h"

namespace trama {
namespace {

constexpr std::size_t kShortRecord = 3000;  // bytes that are still read with pleasure
constexpr std::size_t kLongestRecord = 12000;
constexpr std::size_t kMaxDepthOfTest = 30;
constexpr std::size_t kLine = 112;
constexpr std::size_t kMaxKey = 500;
constexpr std::size_t kPaddingOfReader = 64;

class RecordText {
 public:
  explicit RecordText(const ValueForms& forms) : forms_(forms) {}

  /// False where a test cannot hold the record.
  bool write(const Node& record, const PathNode& known, SampleTest& out) {
    pieces_.clear();
    fits_ = true;
    replaced_ = false;
    add(record, &known, "", 0);
    if (!fits_) return false;
    out.replaced = replaced_;
    std::string line = "    given:";
    for (const std::string& piece : pieces_) {
      const std::size_t size = count_code_points(line) + 1 + count_code_points(piece);
      if (size > kLine && line.size() > 6) {
        out.lines.push_back(std::move(line));
        line = "     ";
      }
      line += ' ' + piece;
    }
    out.lines.push_back(std::move(line));
    return true;
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): kMaxDepthOfTest
  void add(const Node& node, const PathNode* known, std::string before, std::size_t depth) {
    if (depth > kMaxDepthOfTest) fits_ = false;
    if (!fits_) return;
    switch (node.kind()) {
      case JsonKind::object:
        object(node, known, std::move(before), depth);
        return;
      case JsonKind::list:
        list(node, known, std::move(before), depth);
        return;
      case JsonKind::missing:
      case JsonKind::null:
        pieces_.push_back(before + "null");
        return;
      case JsonKind::boolean:
        pieces_.push_back(before + std::string(node.raw()));
        return;
      case JsonKind::number:
      case JsonKind::text:
        pieces_.push_back(before + scalar(node, known));
    }
  }

  void object(const Node& node, const PathNode* known, std::string before, std::size_t depth) {
    if (known != nullptr && known->members.empty() && !known->is_folded() && known->items)
      known = known->items.get();  // of `as_list`
    before += '{';
    bool any = false;
    for (NodeCursor cursor(node); cursor.next(); any = true) {
      std::string key(cursor.key().text(arena_));
      if (key.size() > kMaxKey || key.find('\0') != std::string::npos) fits_ = false;
      const PathNode* below = nullptr;
      if (known != nullptr && known->is_folded()) {
        below = known->entries.get();
        if (hides(known->key.get())) key = replaced(key, known->key.get());
      } else if (known != nullptr) {
        const auto at = known->by_name.find(key);
        if (at != known->by_name.end()) below = at->second;
      }
      if (is_personal_key(key)) fits_ = false;
      if (any) pieces_.back() += ',';
      add(cursor.value(), below, std::exchange(before, "") + yaml_scalar(key) + ": ", depth + 1);
    }
    close(any, before, '}');
  }

  void list(const Node& node, const PathNode* known, std::string before, std::size_t depth) {
    before += '[';
    bool any = false;
    for (NodeCursor cursor(node); cursor.next(); any = true) {
      if (any) pieces_.back() += ',';
      add(cursor.value(), known == nullptr ? nullptr : known->items.get(),
          std::exchange(before, ""), depth + 1);
    }
    close(any, before, ']');
  }

  void close(bool any, const std::string& before, char bracket) {
    if (any && !pieces_.empty())
      pieces_.back() += bracket;
    else
      pieces_.push_back(before + bracket);
  }

  std::string scalar(const Node& node, const PathNode* known) {
    const std::string text(node.text(arena_));
    if (text.find('\0') != std::string::npos || text.find("\xED\xA0") != std::string::npos)
      fits_ = false;
    const bool json = !text.empty() && (text.front() == '{' || text.front() == '[');
    const bool holds = known != nullptr && (!known->members.empty() || known->is_folded());
    if (node.kind() == JsonKind::text && json && (holds || (known != nullptr && known->items)))
      return yaml_quoted(inner_text(text, *known));
    if (known != nullptr && known->items && !known->seen.of(JsonKind::text) &&
        !known->seen.of(JsonKind::number))
      known = known->items.get();
    const bool hidden = known == nullptr || hides(known) || json || holds_address(text);
    const std::string shown = hidden && !text.empty() ? replaced(text, known) : text;
    if (node.kind() == JsonKind::number) return shown;
    return text.empty() || shown == "~" || !is_word(shown) ? yaml_quoted(shown) : shown;
  }

  /// The JSON that a text holds, with its personal values replaced.
  // NOLINTNEXTLINE(misc-no-recursion): texts in texts, which get shorter
  std::string inner_text(const std::string& text, const PathNode& known) {
    WantedFields wanted;
    wanted.lists = true;
    RecordReader reader(wanted);
    std::string padded = text;
    padded.append(kPaddingOfReader, ' ');
    if (reader.read(std::string_view(padded).substr(0, text.size())) != Reason::none) fits_ = false;
    if (!fits_) return {};
    std::string out;
    inner(reader.root(), &known, out);
    return out;
  }

  // NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
  void inner(const Node& node, const PathNode* known, std::string& out) {
    const bool object = node.kind() == JsonKind::object;
    if (!object && node.kind() != JsonKind::list) {
      const std::string text(node.text(arena_));
      const bool is_text = node.kind() == JsonKind::text;
      const bool value = is_text || node.kind() == JsonKind::number;
      const bool json = !text.empty() && (text.front() == '{' || text.front() == '[');
      const bool hidden =
          value && (known == nullptr || hides(known) || json || holds_address(text));
      const std::string shown = hidden ? replaced(text, known) : text;
      if (is_text)
        append_json_string(out, shown);
      else
        out += shown;
      return;
    }
    out += object ? '{' : '[';
    bool first = true;
    for (NodeCursor cursor(node); cursor.next(); first = false) {
      if (!first) out += ", ";
      const PathNode* below = known == nullptr ? nullptr : known->items.get();
      if (object) {
        const std::string key(cursor.key().text(arena_));
        if (is_personal_key(key) || (known != nullptr && known->is_folded())) fits_ = false;
        const auto at =
            known == nullptr ? decltype(known->by_name.find(key)){} : known->by_name.find(key);
        below = known == nullptr || at == known->by_name.end() ? nullptr : at->second;
        append_json_string(out, key);
        out += ": ";
      }
      inner(cursor.value(), below, out);
    }
    out += object ? '}' : ']';
  }

  /// Whether a text without quotes is read as this text, and as no number.
  static bool is_word(const std::string& text) {
    const bool letter = (text.front() >= 'a' && text.front() <= 'z') ||
                        (text.front() >= 'A' && text.front() <= 'Z');
    return letter && yaml_scalar(text) == text;
  }

  bool hides(const PathNode* node) {
    const auto [at, is_new] = hidden_.try_emplace(node, false);
    if (is_new) at->second = find(*node, forms_).sensitive != Sensitive::no;
    return at->second;
  }

  std::string replaced(const std::string& text, const PathNode* known) {
    replaced_ = true;
    if (known == nullptr) return same_shape(text, false);
    const Findings found = find(*known, forms_);
    if (found.vocabulary == Vocabulary::country) return "CO";
    return same_shape(text, !found.dates.empty());
  }

  const ValueForms& forms_;
  Arena arena_;
  std::vector<std::string> pieces_;
  std::map<const PathNode*, bool> hidden_;
  bool fits_ = true;
  bool replaced_ = false;
};

class Samples {
 public:
  Samples(const Profile& profile, std::size_t most)
      : profile_(profile), most_(most), writer_(forms_) {}

  std::vector<SampleTest> take() {
    for (const std::size_t bytes : {kShortRecord, kLongestRecord}) {
      if (!found_.empty()) break;
      max_bytes_ = bytes;
      for (const SampleRecord& sample : profile_.samples) of(sample);
    }
    return std::move(found_);
  }

 private:
  void of(const SampleRecord& sample) {
    WantedFields wanted;
    wanted.lists = true;
    RecordReader reader(wanted);
    std::string padded = sample.text;
    padded.append(kPaddingOfReader, ' ');
    if (reader.read(std::string_view(padded).substr(0, sample.text.size())) != Reason::none) return;
    const Node record = reader.root();
    if (found_.size() >= most_ || record.kind() != JsonKind::object) return;
    if (record.is_empty_container() || record.raw().size() > max_bytes_) return;
    SampleTest test;
    test.number = sample.number;
    if (writer_.write(record, *profile_.root, test)) found_.push_back(std::move(test));
  }

  const Profile& profile_;
  std::size_t most_;
  ValueForms forms_;
  RecordText writer_;
  std::vector<SampleTest> found_;
  std::size_t max_bytes_ = 0;
};

}  // namespace

std::string same_shape(std::string_view text, bool keep_letters) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    const char32_t c = next_code_point(text, at);
    if (c < 0x80 && is_digit(static_cast<char>(c)))
      out += '1';
    else if (!keep_letters && ((c >= 'a' && c <= 'z') || c >= 0xC0))
      out += 'x';
    else if (!keep_letters && c >= 'A' && c <= 'Z')
      out += 'X';
    else
      out += text.substr(before, at - before);
  }
  return out;
}

std::vector<SampleTest> sample_tests(const Profile& profile, std::size_t most) {
  return Samples(profile, most).take();
}

}  // namespace trama
