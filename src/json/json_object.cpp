#include "json/json_object.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "base/bytes16.h"
#include "json/json_text.h"

namespace trama {
namespace {

std::string json_text_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

NumberMarks::NumberMarks(std::string_view decimal_mark, std::string_view thousands_mark)
    : decimal_mark_(decimal_mark),
      thousands_mark_(thousands_mark),
      plain_(decimal_mark == "." && thousands_mark.empty()) {}

void NumberMarks::write(const Decimal& number, ByteBuffer& out) const {
  out.need(kDecimalChars);
  const std::size_t length = write_decimal(out.at(), number);
  if (plain_) {
    out.end(out.at() + length);
  } else if (thousands_mark_.empty() && decimal_mark_.size() == 1) {
    if (number.scale > 0)
      out.at()[length - static_cast<std::size_t>(number.scale) - 1] = decimal_mark_[0];
    out.end(out.at() + length);
  } else {
    char digits[kDecimalChars];
    std::memcpy(digits, out.at(), length);
    write_marked({digits, length}, out);
  }
}

void NumberMarks::write_marked(std::string_view digits, ByteBuffer& out) const {
  out.need(digits.size() * (1 + thousands_mark_.size()) + decimal_mark_.size());
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t i = 0; i < point; ++i) {
    const bool behind_digit = i > 0 && digits[i - 1] != '-';
    if (behind_digit && (point - i) % 3 == 0) out.append(thousands_mark_);
    out.put(digits[i]);
  }
  if (point == digits.size()) return;
  out.append(decimal_mark_);
  out.append(digits.substr(point + 1));
}

JsonBooleans::JsonBooleans(const ColumnFormat& format)
    : yes(format.boolean_words ? json_text_of(format.yes) : "true"),
      no(format.boolean_words ? json_text_of(format.no) : "false") {}

JsonValueWriter::JsonValueWriter(const OutputFormat& format)
    : marks_(format.decimal_mark, format.thousands_mark),
      numbers_as_text_(format.numbers_as_text) {}

void JsonValueWriter::write(const Value& value, const ColumnFormat& format,
                            const JsonBooleans& booleans, ByteBuffer& out) {
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null:
    case Kind::empty:
      out.append("null");
      return;
    case Kind::text:
      write_text(value.text(), out);
      return;
    case Kind::json:
      write_json(value.text(), out);
      return;
    case Kind::decimal:
      write_number(value.decimal(), out);
      return;
    case Kind::boolean:
      out.append(value.boolean() ? booleans.yes : booleans.no);
      return;
    case Kind::date:
    case Kind::time:
    case Kind::datetime:
      write_moment_text(format, value, out);
      return;
    case Kind::duration:
      if (format.duration != ColumnFormat::DurationUnit::iso) {
        write_number(duration_in(format, value.duration()), out);
        return;
      }
      scratch_.clear();
      append_iso_duration(scratch_, value.duration());
      write_text(scratch_, out);
      return;
  }
}

void JsonValueWriter::write_number(const Decimal& number, ByteBuffer& out) {
  if (!numbers_as_text_) {
    out.need(kDecimalChars);
    out.end(out.at() + write_decimal(out.at(), number));
    return;
  }
  out.need(1);
  out.put('"');
  marks_.write(number, out);
  out.need(1);
  out.put('"');
}

void JsonValueWriter::write_moment_text(const ColumnFormat& format, const Value& value,
                                        ByteBuffer& out) {
  if (format.pattern.has_value()) {
    scratch_.clear();
    format.pattern->write(moment_of(value), scratch_);
    write_text(scratch_, out);
    return;
  }
  out.need(kMomentChars + 2);
  out.put('"');
  out.end(out.at() + write_moment(out.at(), value));
  out.put('"');
}

void JsonValueWriter::write_json(std::string_view json, ByteBuffer& out) {
  const auto is_line_end = [](Bytes16 bytes) { return (bytes == '\n') | (bytes == '\r'); };
  out.need(json.size());
  char* to = out.at();
  const bool found = copy_and_test(to, json.data(), json.size(), is_line_end);
  out.end(to + json.size());
  if (!found) return;
  // In JSON a raw line end stands between parts only, never inside a string (RFC 8259 §7).
  for (char* end = out.at(); to != end; ++to)
    if (*to == '\n' || *to == '\r') *to = ' ';
}

void JsonValueWriter::write_text(std::string_view text, ByteBuffer& out) {
  out.need(text.size() + 2);
  out.put('"');
  if (!copy_and_test(out.at(), text.data(), text.size(), needs_escape)) {
    out.end(out.at() + text.size());
  } else {
    std::string escaped;
    append_json_escaped(escaped, text);
    out.need(escaped.size() + 1);
    out.append(escaped);
  }
  out.put('"');
}

/// An object of the output: its members in order, each a column or an object again.
struct JsonObjectWriter::Tree {
  struct Member {
    std::string key;
    const OutputColumn* column = nullptr;
    std::unique_ptr<Tree> object;
  };
  std::vector<Member> members;

  Tree& object(std::string_view key) {
    for (Member& member : members)
      if (member.object && member.key == key) return *member.object;
    members.push_back({std::string(key), nullptr, std::make_unique<Tree>()});
    return *members.back().object;
  }
};

JsonObjectWriter::JsonObjectWriter(const std::vector<OutputColumn>& columns,
                                   const OutputFormat& format)
    : values_(format) {
  Tree top;
  for (const OutputColumn& column : columns) add(column, column.name, top);
  flatten(top);
}

void JsonObjectWriter::add(const OutputColumn& column, std::string_view name, Tree& tree) {
  Tree* object = &tree;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    object = &object->object(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  object->members.push_back({std::string(name), &column, nullptr});
}

// Recursion is bounded by the dots in a name of the mapping.
void JsonObjectWriter::flatten(const Tree& tree) {
  for (const Tree::Member& member : tree.members) {
    Part part;
    part.lead = json_text_of(member.key) + ':';
    if (member.object) {
      part.kind = Part::Kind::open;
      part.lead += '{';
      parts_.push_back(part);
      flatten(*member.object);
      part.kind = Part::Kind::close;
      parts_.push_back(std::move(part));
      continue;
    }
    const ColumnFormat& format = member.column->format;
    part.left_out = member.column->blank_left_out;
    part.value = member.column->value;
    part.format = format;
    part.booleans = JsonBooleans(format);
    parts_.push_back(std::move(part));
  }
}

void JsonObjectWriter::write(std::span<const Value> values, std::string_view more,
                             std::string& out) {
  row_.clear();
  row_.need(1);
  row_.put('{');
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Part::Kind::open:
        write_lead(part);
        break;
      case Part::Kind::close:
        close(part);
        break;
      case Part::Kind::value: {
        const Value& value = values[part.value];
        if (part.left_out && value.is_blank()) break;
        write_lead(part);
        values_.write(value, part.format, part.booleans, row_);
      }
    }
    if (row_.size() > most_) break;
  }
  row_.need(2);
  if (!more.empty()) {
    if (row_.at()[-1] != '{') row_.put(',');
    JsonValueWriter::write_json(more, row_);
  }
  row_.need(1);
  row_.put('}');
  out.append(row_.view());
}

/// A comma is due unless the object was just opened: no value ends in `{`.
void JsonObjectWriter::write_lead(const Part& part) {
  row_.need(part.lead.size() + 1);
  if (row_.at()[-1] != '{') row_.put(',');
  row_.append(part.lead);
}

void JsonObjectWriter::close(const Part& part) {
  row_.need(1);
  if (row_.at()[-1] != '{') {
    row_.put('}');
    return;
  }
  row_.cut_to(row_.size() - part.lead.size());
  if (row_.at()[-1] == ',') row_.cut_to(row_.size() - 1);
}

}  // namespace trama
