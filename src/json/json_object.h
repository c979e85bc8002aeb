// JsonObjectWriter: the values of a row, or of one item of `each`, as a JSON object. Keys and
// nesting are prepared once.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_buffer.h"
#include "value/format.h"

namespace trama {

/// Writes numbers as CSV cells and JSON texts show them:
/// with the decimal and thousands marks of the output.
class NumberMarks {
 public:
  NumberMarks(std::string_view decimal_mark, std::string_view thousands_mark);
  /// Puts the number at the cursor of `out`.
  void write(const Decimal& number, ByteBuffer& out) const;

 private:
  void write_marked(std::string_view digits, ByteBuffer& out) const;
  std::string decimal_mark_;
  std::string thousands_mark_;
  bool plain_;  // a point, no thousands marks
};

/// How a column's booleans are written, as JSON text.
struct JsonBooleans {
  explicit JsonBooleans(const ColumnFormat& format);
  std::string yes;
  std::string no;
};

/// Values as JSON: numbers with all their digits (or text with the output's marks,
/// `numbers_as_text`), dates as text, booleans true and false or their words, durations as text or
/// as a number of their unit, blanks null. JSON values are copied as they stand, but line ends
/// between their parts become blanks: a row is one line.
class JsonValueWriter {
 public:
  explicit JsonValueWriter(const OutputFormat& format);

  void write(const Value& value, const ColumnFormat& format, const JsonBooleans& booleans,
             ByteBuffer& out);

  static void write_text(std::string_view text, ByteBuffer& out);
  static void write_json(std::string_view json, ByteBuffer& out);

 private:
  void write_number(const Decimal& number, ByteBuffer& out);
  void write_moment_text(const ColumnFormat& format, const Value& value, ByteBuffer& out);

  NumberMarks marks_;
  bool numbers_as_text_;
  std::string scratch_;
};

/// The values of a row, or of one item of `each`, as an object. One a thread: it keeps a buffer.
///
/// A dot in a column's name nests it; the columns of one object stand together where the first of
/// them stands. An object none of whose columns is written (blanks left out) is left out too.
class JsonObjectWriter {
 public:
  JsonObjectWriter(const std::vector<OutputColumn>& columns, const OutputFormat& format);

  /// Appends `{…}`. `more`: members ready to be put behind those of the columns
  /// (`"a":1,"b":2`), or empty.
  void write(std::span<const Value> values, std::string_view more, std::string& out);
  /// An object of more bytes may end anywhere behind them: it is not used.
  void limit(std::size_t most) noexcept {
    most_ = most;
    give_back();
  }
  /// Keeps no more memory than usual objects need.
  void give_back() noexcept { row_.give_back(kKeptBytes); }

 private:
  static constexpr std::size_t kKeptBytes = std::size_t{64} * 1024;

  /// Opens or closes an object, or writes one value behind its key.
  struct Part {
    enum class Kind : std::uint8_t { value, open, close } kind = Kind::value;
    bool left_out = false;  // a blank is left out
    std::string lead;       // `"key":`, for `open` with its `{`
    std::size_t value = 0;
    ColumnFormat format;
    JsonBooleans booleans{ColumnFormat()};
  };
  struct Tree;

  void add(const OutputColumn& column, std::string_view name, Tree& tree);
  void flatten(const Tree& tree);
  void write_lead(const Part& part);
  void close(const Part& part);

  std::vector<Part> parts_;
  JsonValueWriter values_;
  ByteBuffer row_;
  std::size_t most_ = SIZE_MAX;
};

}  // namespace trama
