// JsonOut: a JSON text put together member by member, for the files that reports are.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/terminal_text.h"
#include "base/utf8.h"
#include "json/json_text.h"

namespace trama {

class JsonOut {
 public:
  JsonOut& open(char bracket) {
    separate();
    out_ += bracket;
    return *this;
  }
  JsonOut& close(char bracket) {
    out_ += bracket;
    return *this;
  }
  JsonOut& key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ": ";
    return *this;
  }
  /// File names and the like may be any bytes; what is not UTF-8 is written as an escape.
  JsonOut& text(std::string_view text) {
    separate();
    if (first_invalid_utf8(text) == kValidUtf8) {
      append_json_string(out_, text);
    } else {
      append_json_string(out_, visible(text));
    }
    return *this;
  }
  JsonOut& number(std::uint64_t n) {
    separate();
    out_ += std::to_string(n);
    return *this;
  }
  JsonOut& signed_number(std::int64_t n) {
    separate();
    out_ += std::to_string(n);
    return *this;
  }
  JsonOut& null() {
    separate();
    out_ += "null";
    return *this;
  }
  JsonOut& yes_or_no(bool b) {
    separate();
    out_ += b ? "true" : "false";
    return *this;
  }
  /// A value that is JSON already, of one line or more: in one line.
  JsonOut& raw(std::string_view json) {
    separate();
    for (const char c : json) out_ += c == '\r' || c == '\n' ? ' ' : c;
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  /// A comma, unless something was just opened or a key waits for its value.
  void separate() {
    if (out_.empty() || out_.back() == '{' || out_.back() == '[' || out_.back() == ' ') return;
    out_ += ", ";
  }
  std::string out_;
};

}  // namespace trama
