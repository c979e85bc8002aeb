// The cells of a workbook between the workers, that make them, and the one thread that writes them:
// a row is its cells one behind the other, as bytes. What Excel can hold exactly is decided here.
//
//   b                         a blank: an empty cell
//   t size text 0             text, as a workbook writes it (XlsxCell::text)
//   n decimals size digits 0  a number of at most 15 digits that count
//   T  F                      yes and no
//   m form milliseconds       a date, a time of day or both, since 1900-01-00 as Excel counts
//
// Only for sink/. No double is made here: that is for who writes the cell, from digits or
// milliseconds that a double gives back.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "value/format.h"

namespace trama {

/// Source: Microsoft, "Excel specifications and limits".
constexpr std::size_t kXlsxCellCharacters = 32767;  // UTF-16 units, escapes included
constexpr std::size_t kXlsxColumns = 16384;
constexpr std::size_t kXlsxRows = 1048576;  // of a sheet, with its header
constexpr std::size_t kXlsxNameCharacters = 31;
/// Digits from the first that is not 0 to the last that is not 0.
constexpr std::size_t kXlsxDigits = 15;
/// Decimals that a number format can show.
constexpr int kXlsxDecimals = 30;

/// How a moment is shown: an ISO-like form, or that of its column.
enum class XlsxForm : std::uint8_t {
  column,  // MomentForm::number_format
  date,
  time,  // then with 1 to 3 decimals of a second
  time_1,
  time_2,
  time_3,
  datetime,
  datetime_1,
  datetime_2,
  datetime_3,
};
constexpr std::size_t kXlsxForms = 10;
/// `yyyy-mm-dd hh:mm:ss.000`; "" of XlsxForm::column.
std::string number_format_of(XlsxForm form);

/// A pattern of a mapping that Excel can show too, as it has only digits: DD/MM/YYYY is
/// dd\/mm\/yyyy. What the pattern does not write is not in the cell either.
struct MomentForm {
  std::string number_format;
  bool has_date = false;
  bool has_time = false;
  std::int64_t unit = 1;  // milliseconds that the last of its parts counts: 60000 of HH:mm
};
/// Of a column with a pattern; none: it has words of a language, or an offset,
/// and is written as text.
std::optional<MomentForm> moment_form(const ColumnFormat& format);

/// Milliseconds since Excel's 0 of a date, a time or a datetime; none where Excel cannot hold it
/// exactly: before 1900-03-01 (Excel's February 1900 has 29 days), and unless `cut` finer than
/// milliseconds or with an offset.
std::optional<std::int64_t> xlsx_milliseconds(const Value& moment, bool cut) noexcept;
constexpr std::int64_t kXlsxDay = 86400000;

/// Whether Excel keeps all digits of a number as write_decimal() writes it.
bool xlsx_keeps(std::string_view digits, int decimals) noexcept;

/// Appends `text` as a workbook writes it: what XML cannot hold is `_xHHHH_`,
/// and what looks like that gets `_x005F_` for its first character (ECMA-376 22.9.2.19,
/// ST_Xstring). Gives its UTF-16 units.
std::size_t append_xlsx_text(std::string& out, std::string_view text);

/// A name of a sheet that Excel takes: 1 to 31 characters, without `[]:*?/\'` and what is not to be
/// seen, and not "History". `more`: stands behind it.
std::string sheet_name(std::string_view name, std::string_view more = {});

/// Appends cells.
class XlsxCells {
 public:
  explicit XlsxCells(std::string& out) noexcept : out_(out) {}
  void blank() { out_ += 'b'; }
  /// Gives the UTF-16 units that it takes in the workbook:
  /// over kXlsxCellCharacters it cannot be written.
  std::size_t text(std::string_view text);
  void number(std::string_view digits, int decimals);
  void boolean(bool yes) { out_ += yes ? 'T' : 'F'; }
  void moment(XlsxForm form, std::int64_t milliseconds);

 private:
  std::string& out_;
};

struct XlsxCell {
  enum class Kind : std::uint8_t { blank, text, number, boolean, moment };
  Kind kind = Kind::blank;
  XlsxForm form = XlsxForm::column;
  bool yes = false;
  int decimals = 0;
  std::int64_t milliseconds = 0;
  std::string_view text{};  // or the digits of a number; a 0 is behind it
};

/// Takes the first of the cells in `bytes`, which is not empty.
XlsxCell take_cell(std::string_view& bytes) noexcept;

}  // namespace trama
