// What is JSON, asked twice more, for the tests of RecordReader:
// of simdjson's DOM, and of a plain reader of RFC 8259 that takes one byte after the other.
// The DOM refuses numbers that no double or 64-bit integer holds, which we accept;
// so it judges where there are none, and the plain reader always.

#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "base/utf8.h"

namespace trama::test {

struct JsonFacts {
  bool valid = false;
  bool number_out_of_range = false;  // the DOM only: nothing can be said
  bool object = false;               // at the top
  bool repeated = false;             // a key, in one object
  std::size_t depth = 0;             // deeper than kOracleDepth: the rest is not looked at
};

constexpr std::size_t kOracleDepth = 600;

/// RFC 8259 §2 to §8.1, byte by byte; lone surrogates are no text.
class PlainJson {
 public:
  static JsonFacts judge(std::string_view text) {
    PlainJson reader(text);
    JsonFacts& facts = reader.facts_;
    if (first_invalid_utf8(text) != kValidUtf8) return facts;
    reader.blanks();
    facts.object = reader.peek() == '{';
    facts.valid = reader.value(0);
    reader.blanks();
    facts.valid = facts.valid && reader.at_ == text.size();
    return facts;
  }

 private:
  explicit PlainJson(std::string_view text) : text_(text) {}

  [[nodiscard]] int peek() const {
    return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1;
  }
  bool take(char c) {
    if (peek() != static_cast<unsigned char>(c)) return false;
    ++at_;
    return true;
  }
  void blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }
  bool word(std::string_view w) {
    if (text_.substr(at_, w.size()) != w) return false;
    at_ += w.size();
    return true;
  }
  bool digits() {
    const std::size_t from = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > from;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    return true;
  }
  int unit() {
    int n = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int c = peek();
      const int d = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
      if (d < 0) return -1;
      n = n * 16 + d;
    }
    return n;
  }
  static void append_utf8(std::string& out, int c) {
    const auto put = [&](int byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
    } else {
      put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
          put(0x80 | (c & 0x3F));
    }
  }
  bool escape(std::string& out) {
    const int c = peek();
    ++at_;
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    if (c != 'u') {
      const std::size_t i = c < 0 ? std::string_view::npos : kFrom.find(static_cast<char>(c));
      if (i != std::string_view::npos) out.push_back(kTo[i]);
      return i != std::string_view::npos;
    }
    int high = unit();
    if (high < 0 || (high >= 0xDC00 && high < 0xE000)) return false;
    if (high >= 0xD800 && high < 0xDC00) {
      if (!word("\\u")) return false;
      const int low = unit();
      if (low < 0xDC00 || low >= 0xE000) return false;
      high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, high);
    return true;
  }
  bool string(std::string& out) {
    if (!take('"')) return false;
    for (;;) {
      const int c = peek();
      if (c < 0x20) return false;
      ++at_;
      if (c == '"') return true;
      if (c == '\\') {
        if (!escape(out)) return false;
      } else {
        out.push_back(static_cast<char>(c));
      }
    }
  }
  bool members(std::size_t depth) {
    std::set<std::string> keys;
    do {
      blanks();
      std::string key;
      if (!string(key)) return false;
      facts_.repeated = !keys.insert(key).second || facts_.repeated;
      blanks();
      if (!take(':') || !value(depth)) return false;
      blanks();
    } while (take(','));
    return take('}');
  }
  bool items(std::size_t depth) {
    do {
      if (!value(depth)) return false;
      blanks();
    } while (take(','));
    return take(']');
  }
  bool value(std::size_t depth) {
    blanks();
    std::string text;
    switch (peek()) {
      case '"':
        return string(text);
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      case '{':
      case '[':
        break;
      default:
        return number();
    }
    facts_.depth = depth + 1 > facts_.depth ? depth + 1 : facts_.depth;
    if (facts_.depth > kOracleDepth) return false;
    const bool object = text_[at_++] == '{';
    blanks();
    if (take(object ? '}' : ']')) return true;
    return object ? members(depth + 1) : items(depth + 1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  JsonFacts facts_;
};

/// The same asked of simdjson's DOM (json_oracle.cpp has its header).
JsonFacts judge_by_dom(std::string_view text);

}  // namespace trama::test
