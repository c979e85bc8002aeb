#include "engine/cells.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "base/byte_buffer.h"
#include "base/utf8.h"
#include "json/json_object.h"
#include "sink/row_encoder.h"

namespace trama {
namespace {

/// The beginning of a text, whole characters.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

/// Rows as cells: of each its kind in a byte, the size of its text, and the text.
class CellEncoder final : public RowEncoder {
 public:
  CellEncoder(const OutputFormat& format, CellTexts texts)
      : columns_(format.columns),
        marks_(format.decimal_mark, format.thousands_mark),
        texts_(texts) {}

  void row(std::span<const Value> values, const RowAudit& /*audit*/, std::string_view rest,
           RowBlock& block) override {
    for (const OutputColumn& column : columns_) {
      const Value& value = values[column.value];
      write(value, column.format);
      put(value.is_blank() ? value.kind() : Kind::text, text_, block);
    }
    if (texts_ == CellTexts::whole) put(Kind::text, rest, block);
    if (texts_ != CellTexts::with_rest) return;
    text_.clear();
    write_json(rest);
    put(Kind::text, text_, block);
  }

  void limit(std::size_t /*most*/) noexcept override {}  // what is longer is cut off as it is

 private:
  static void put(Kind kind, std::string_view text, RowBlock& block) {
    block.bytes += static_cast<char>(kind);
    const auto size = static_cast<std::uint32_t>(text.size());
    block.bytes.append(reinterpret_cast<const char*>(&size), sizeof(size));
    block.bytes += text;
  }

  /// The value's text into text_.
  void write(const Value& value, const ColumnFormat& format) {
    text_.clear();
    switch (value.kind()) {
      case Kind::text:
      case Kind::json:
        if (texts_ == CellTexts::whole) {
          text_ = value.text();
          return;
        }
        if (value.kind() == Kind::text) {
          text_ = beginning(value.text(), kCellBytes);
          if (text_.size() < value.text().size()) text_ += "…";
          return;
        }
        write_json(value.text());
        return;
      case Kind::decimal:
        number_.clear();
        marks_.write(value.decimal(), number_);
        text_ = number_.view();
        return;
      default:
        append_plain(text_, value, format);
    }
  }

  void write_json(std::string_view json) {
    const std::string line = on_one_line(json, kCellBytes);
    text_ = beginning(line, kCellBytes);
    if (line.size() > text_.size()) text_ += "…";
  }

  std::vector<OutputColumn> columns_;
  NumberMarks marks_;
  CellTexts texts_;
  ByteBuffer number_;
  std::string text_;
};

template <CellTexts texts>
std::unique_ptr<RowEncoder> encoder_of(const OutputFormat& format) {
  return std::make_unique<CellEncoder>(format, texts);
}

}  // namespace

WritesCells::WritesCells(Plan& plan, CellTexts texts)
    : plan_(plan), before_(plan.format), format_(*plan.format) {
  format_.encoder = texts == CellTexts::whole       ? encoder_of<CellTexts::whole>
                    : texts == CellTexts::with_rest ? encoder_of<CellTexts::with_rest>
                                                    : encoder_of<CellTexts::beginning>;
  plan_.format = &format_;
}

WritesCells::~WritesCells() {
  plan_.format = before_;
}

bool is_hidden(const Plan& plan, std::size_t column) {
  const std::vector<RecordPlace>& reads = plan.reads[column];
  return plan.columns[column].personal ||
         std::any_of(reads.begin(), reads.end(),
                     [&plan](const RecordPlace& place) { return plan.personal.overlaps(place); });
}

Cell next_cell(std::string_view& bytes) {
  Cell cell;
  cell.kind = static_cast<Kind>(bytes.front());
  std::uint32_t size = 0;
  std::memcpy(&size, bytes.data() + 1, sizeof(size));
  bytes.remove_prefix(1 + sizeof(size));
  cell.text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return cell;
}

}  // namespace trama
