// RecordReader held against the oracles of json_oracle.h, and against itself: what it lets one
// visit is what stands there.

#pragma once

#include <string>
#include <string_view>

#include "json/json_oracle.h"
#include "json/record_reader.h"

namespace trama::test {

/// A frame as a Source hands it out: followed by bytes that are readable and mean nothing.
class Padded {
 public:
  explicit Padded(std::string_view text) : bytes_(text), size_(text.size()) {
    bytes_.append(64, '1');
  }
  [[nodiscard]] std::string_view frame() const { return {bytes_.data(), size_}; }

 private:
  std::string bytes_;
  std::size_t size_;
};

inline void retell(const Node& node, std::string& out) {
  if (node.kind() != JsonKind::object && node.kind() != JsonKind::list) {
    out += node.raw();
    return;
  }
  const bool object = node.kind() == JsonKind::object;
  out += object ? '{' : '[';
  bool first = true;
  for (NodeCursor cursor(node); cursor.next(); first = false) {
    if (!first) out += ',';
    if (object) (out += cursor.key().raw()) += ':';
    retell(cursor.value(), out);
  }
  out += object ? '}' : ']';
}

/// Without the blanks between its parts; `text` is JSON.
inline std::string without_blanks(std::string_view text) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\')
      out += text[i++], out += text[i];
    else if (in_string || std::string_view(" \t\r\n").find(c) == std::string_view::npos)
      out += c;
    if (c == '"') in_string = !in_string;
  }
  return out;
}

/// How the reader disagrees with the oracles on `text`; empty where it does not. `lists`: it takes
/// lists for records.
inline std::string disagreement(RecordReader& reader, std::string_view text, bool lists = false) {
  const Padded padded(text);
  const Reason reason = reader.read(padded.frame());
  const JsonFacts plain = PlainJson::judge(text);
  const JsonFacts dom = judge_by_dom(text);
  const bool followed = plain.depth <= kOracleDepth;
  if (followed && !dom.number_out_of_range && dom.valid != plain.valid)
    return "the DOM and the plain reader differ";
  if (dom.valid && plain.valid && dom.repeated != plain.repeated)
    return "DOM and plain reader differ about repeated keys";
  if (reason != Reason::none && reader.error_byte() > text.size())
    return "the error lies behind the record";
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const bool list = lists && begin != std::string_view::npos && text[begin] == '[';
  const bool record = plain.object || list;
  const bool deep = plain.depth > static_cast<std::size_t>(kMaxDepth);
  switch (reason) {
    case Reason::none: {
      if (!plain.valid) return "accepted, but it is not JSON";
      if (!record || plain.repeated || deep)
        return "accepted, but no object, or too deep, or with a key twice";
      std::string told;
      retell(reader.root(), told);
      return told == without_blanks(text) ? "" : "a walk finds " + told;
    }
    case Reason::json_syntax:
    case Reason::not_utf8:
      return plain.valid ? "refused as no JSON: " + std::string(reader.error_text()) : "";
    case Reason::json_not_object:
      return record ? "a record was refused as none" : "";
    case Reason::repeated_key:
      return plain.repeated && plain.valid ? "" : "no key appears twice, or it is no JSON";
    case Reason::too_deep:
      return deep ? "" : "it is not that deep";
    default:
      return "a reason that reading cannot have";
  }
}

}  // namespace trama::test
