#include "sink/xlsx_cells.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/check.h"

namespace trama {
namespace {

constexpr std::int64_t kUnixDay = 25569;  // 1970-01-01 in Excel's count
constexpr std::int64_t kFirstDay = 61;    // 1900-03-01
constexpr std::uint32_t kNanosAMilli = 1000000;

template <typename Number>
void put(std::string& out, Number number) {
  char bytes[sizeof(Number)];
  std::memcpy(bytes, &number, sizeof(Number));
  out.append(bytes, sizeof(Number));
}

template <typename Number>
Number take(std::string_view& bytes) noexcept {
  TRAMA_CHECK(bytes.size() >= sizeof(Number));
  Number number;
  std::memcpy(&number, bytes.data(), sizeof(Number));
  bytes.remove_prefix(sizeof(Number));
  return number;
}

bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// `_xHHHH_`
bool is_escape(std::string_view text) noexcept {
  return text.size() >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_' &&
         std::all_of(text.begin() + 2, text.begin() + 6, is_hex);
}

/// U+FFFE and U+FFFF, which are no characters of XML.
bool is_noncharacter(std::string_view text) noexcept {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

void append_escape(std::string& out, unsigned unit) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  out += "_x";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += kHex[unit >> static_cast<unsigned>(shift) & 15U];
  out += '_';
}

/// Of UTF-8: four bytes are two units.
std::size_t units_in(std::string_view text) noexcept {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0U) != 0x80U ? 1U : 0U;
    units += byte >= 0xF0U ? 1U : 0U;
  }
  return units;
}

/// A word of a pattern, and what it is for Excel.
struct Word {
  std::string_view word;
  std::string_view excel;
  char part;          // `M` months, `m` minutes
  std::int64_t unit;  // of a time, in milliseconds; 0: of a date, or am
};

constexpr Word kWords[] = {
    {"YYYY", "yyyy", 'y', 0},   {"YY", "yy", 'y', 0},     {"MM", "mm", 'M', 0},
    {"M", "m", 'M', 0},         {"DD", "dd", 'd', 0},     {"D", "d", 'd', 0},
    {"HH", "hh", 'h', 3600000}, {"H", "h", 'h', 3600000}, {"mm", "mm", 'm', 60000},
    {"ss", "ss", 's', 1000},    {"am", "AM/PM", 'a', 0},
};

/// Reads a pattern word by word.
class FormReader {
 public:
  explicit FormReader(std::string_view words) noexcept : left_(words) {}

  std::optional<MomentForm> read() {
    form_.unit = kXlsxDay;
    while (!left_.empty())
      if (!fraction() && !word() && !literal()) return std::nullopt;
    if (!form_.has_date && !form_.has_time) return std::nullopt;
    if (!are_months_and_minutes_plain()) return std::nullopt;
    return form_;
  }

 private:
  /// The decimals of seconds: `.SSS` behind `ss`.
  bool fraction() {
    const std::size_t digits = std::min(left_.find_first_not_of('S'), left_.size());
    if (digits == 0 || digits > 3 || left_.substr(digits).starts_with('*')) return false;
    if (!form_.number_format.ends_with("ss\\.")) return false;
    form_.number_format.resize(form_.number_format.size() - 2);
    form_.number_format.append(".").append(digits, '0');
    form_.unit = digits == 1 ? 100 : digits == 2 ? 10 : 1;
    left_.remove_prefix(digits);
    return true;
  }

  bool word() {
    const std::size_t size = std::min(left_.find_first_not_of(left_.front()), left_.size());
    const std::string_view here = left_.substr(0, left_.starts_with("am") ? 2 : size);
    const auto* const known = std::find_if(std::begin(kWords), std::end(kWords),
                                           [&](const Word& w) { return w.word == here; });
    if (known == std::end(kWords)) return false;
    form_.number_format += known->excel;
    parts_ += known->part;
    if (known->unit > 0) {
      form_.has_time = true;
      form_.unit = std::min(form_.unit, known->unit);
    } else if (known->part != 'a') {
      form_.has_date = true;
    }
    left_.remove_prefix(here.size());
    return true;
  }

  /// Punctuation, escaped where it means something to Excel.
  bool literal() {
    const char c = left_.front();
    if (is_letter(c) || c == '\'' || c < ' ' || c > '~') return false;
    if (c != ' ' && c != '-' && c != ':') form_.number_format += '\\';
    form_.number_format += c;
    left_.remove_prefix(1);
    return true;
  }

  /// Excel takes `mm` for minutes behind hours or before seconds, and else for months.
  [[nodiscard]] bool are_months_and_minutes_plain() const noexcept {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const bool behind_hours = i > 0 && parts_[i - 1] == 'h';
      const bool before_seconds = i + 1 < parts_.size() && parts_[i + 1] == 's';
      const bool as_minutes = behind_hours || before_seconds;
      if ((parts_[i] == 'M' && as_minutes) || (parts_[i] == 'm' && !as_minutes)) return false;
    }
    return true;
  }

  std::string_view left_;
  MomentForm form_;
  std::string parts_;  // of each word its part
};

}  // namespace

std::string number_format_of(XlsxForm form) {
  if (form == XlsxForm::column) return {};
  if (form == XlsxForm::date) return "yyyy-mm-dd";
  const bool date = form >= XlsxForm::datetime;
  const auto digits = static_cast<std::size_t>(form) -
                      static_cast<std::size_t>(date ? XlsxForm::datetime : XlsxForm::time);
  std::string text = date ? "yyyy-mm-dd hh:mm:ss" : "hh:mm:ss";
  return digits == 0 ? text : text + '.' + std::string(digits, '0');
}

std::optional<MomentForm> moment_form(const ColumnFormat& format) {
  if (!format.pattern.has_value()) return std::nullopt;
  return FormReader(format.pattern->words()).read();
}

std::optional<std::int64_t> xlsx_milliseconds(const Value& moment, bool cut) noexcept {
  if (moment.kind() == Kind::date) {
    const std::int64_t day = moment.date().days + kUnixDay;
    return day < kFirstDay ? std::nullopt : std::optional(day * kXlsxDay);
  }
  if (moment.kind() == Kind::time) {
    const TimeOfDay time = moment.time();
    if (!cut && time.nanos % kNanosAMilli != 0) return std::nullopt;
    return std::int64_t{time.seconds} * 1000 + time.nanos / kNanosAMilli;
  }
  const DateTime time = moment.datetime();
  const bool exact = cut || (time.nanos % kNanosAMilli == 0 && time.offset == kNoOffset);
  const std::int64_t seconds = time.seconds + kUnixDay * 86400;
  if (!exact || seconds < kFirstDay * 86400) return std::nullopt;
  return seconds * 1000 + time.nanos / kNanosAMilli;
}

bool xlsx_keeps(std::string_view digits, int decimals) noexcept {
  if (decimals > kXlsxDecimals) return false;
  std::size_t count = 0;
  std::size_t zeros = 0;  // behind the last that is counted
  for (const char c : digits) {
    if (!is_digit(c) || (c == '0' && count == 0)) continue;
    if (c == '0') {
      ++zeros;
    } else {
      count += zeros + 1;
      zeros = 0;
    }
  }
  return count <= kXlsxDigits;
}

std::size_t append_xlsx_text(std::string& out, std::string_view text) {
  const std::size_t start = out.size();
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= ' ' && byte != '_' && byte != 0xEF) continue;
    if (byte == '\t' || byte == '\n') continue;
    const std::string_view left = text.substr(i);
    if (byte == '_' && !is_escape(left)) continue;
    if (byte == 0xEF && !is_noncharacter(left)) continue;
    out.append(text.substr(copied, i - copied));
    append_escape(out, byte != 0xEF ? byte : left[2] == '\xBE' ? 0xFFFEU : 0xFFFFU);
    i += byte == 0xEF ? 2 : 0;
    copied = i + 1;
  }
  out.append(text.substr(copied));
  const std::size_t size = out.size() - start;
  return size <= kXlsxCellCharacters ? size : units_in(std::string_view(out).substr(start));
}

std::string sheet_name(std::string_view name, std::string_view more) {
  const std::size_t most = kXlsxNameCharacters - units_in(more);
  std::string made;
  std::size_t units = 0;
  for (std::size_t i = 0; i < name.size();) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const std::size_t size = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    const std::string_view one = name.substr(i, size);
    units += size == 4 ? 2 : 1;
    if (units > most) break;
    const bool taken = byte >= ' ' && byte != 0x7F && !is_noncharacter(one) &&
                       std::string_view("[]:*?/\\'").find(name[i]) == std::string_view::npos;
    made += taken ? one : std::string_view("_");
    i += size;
  }
  std::string small = made;
  for (char& c : small) c = small_letter(c);
  if (made.empty() || small == "history") made += '_';  // Excel keeps that name for itself
  return made.append(more);
}

std::size_t XlsxCells::text(std::string_view text) {
  out_ += 't';
  const std::size_t at = out_.size();
  put(out_, std::uint32_t{0});
  const std::size_t units = append_xlsx_text(out_, text);
  const auto size = static_cast<std::uint32_t>(out_.size() - at - sizeof(std::uint32_t));
  std::memcpy(out_.data() + at, &size, sizeof(size));
  out_ += '\0';
  return units;
}

void XlsxCells::number(std::string_view digits, int decimals) {
  out_ += 'n';
  out_ += static_cast<char>(decimals);
  out_ += static_cast<char>(digits.size());
  out_.append(digits);
  out_ += '\0';
}

void XlsxCells::moment(XlsxForm form, std::int64_t milliseconds) {
  out_ += 'm';
  out_ += static_cast<char>(form);
  put(out_, milliseconds);
}

XlsxCell take_cell(std::string_view& bytes) noexcept {
  XlsxCell cell;
  switch (take<char>(bytes)) {
    case 'b':
      break;
    case 't': {
      cell.kind = XlsxCell::Kind::text;
      const auto size = take<std::uint32_t>(bytes);
      TRAMA_CHECK(bytes.size() > size);
      cell.text = bytes.substr(0, size);
      bytes.remove_prefix(std::size_t{size} + 1);
      break;
    }
    case 'n': {
      cell.kind = XlsxCell::Kind::number;
      cell.decimals = take<std::uint8_t>(bytes);
      const auto size = take<std::uint8_t>(bytes);
      TRAMA_CHECK(bytes.size() > size);
      cell.text = bytes.substr(0, size);
      bytes.remove_prefix(std::size_t{size} + 1);
      break;
    }
    case 'T':
    case 'F':
      cell.kind = XlsxCell::Kind::boolean;
      cell.yes = *(bytes.data() - 1) == 'T';
      break;
    case 'm':
      cell.kind = XlsxCell::Kind::moment;
      cell.form = static_cast<XlsxForm>(take<std::uint8_t>(bytes));
      cell.milliseconds = take<std::int64_t>(bytes);
      break;
    default:
      TRAMA_CHECK(false);  // bytes that no XlsxCells wrote
  }
  return cell;
}

}  // namespace trama
