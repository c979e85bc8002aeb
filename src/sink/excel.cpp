#include "sink/excel.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace trama {
namespace {

constexpr std::size_t kDigitsKept = 15;

/// Takes the cell apart from its front; each gives whether, or how much, it took.
class Scan {
 public:
  explicit Scan(std::string_view text) noexcept : left_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }
  std::string_view digits() noexcept { return take(is_digit); }
  std::string_view letters() noexcept { return take(is_letter); }
  bool any_of(std::string_view characters) noexcept {
    if (left_.empty() || characters.find(left_.front()) == std::string_view::npos) return false;
    left_.remove_prefix(1);
    return true;
  }

 private:
  template <typename Is>
  std::string_view take(Is is) noexcept {
    const auto* const end = std::find_if_not(left_.begin(), left_.end(), is);
    const std::string_view taken(left_.data(), static_cast<std::size_t>(end - left_.begin()));
    left_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view left_;
};

/// A number that loses characters or digits.
bool is_spoiled_number(std::string_view cell) noexcept {
  Scan scan(cell);
  const std::string_view whole = scan.digits();
  if (whole.empty()) return false;
  if (scan.any_of(".,")) scan.digits();
  if (scan.any_of("eE")) {
    scan.any_of("+-");
    return !scan.digits().empty() && scan.at_end();
  }
  if (!scan.at_end()) return false;
  if (whole.size() > 1 && whole.front() == '0') return true;
  return excel_cuts_digits(cell);
}

bool is_month(std::string_view word) noexcept {
  // Abbreviated and in full, as Excel knows them in English and in Spanish.
  static constexpr std::string_view kMonths[] = {
      "jan",      "feb",        "mar",       "apr",     "may",       "jun",      "jul",
      "aug",      "sep",        "sept",      "oct",     "nov",       "dec",      "january",
      "february", "march",      "april",     "june",    "july",      "august",   "september",
      "october",  "november",   "december",  "ene",     "abr",       "ago",      "dic",
      "enero",    "febrero",    "marzo",     "abril",   "mayo",      "junio",    "julio",
      "agosto",   "septiembre", "setiembre", "octubre", "noviembre", "diciembre"};
  const auto same = [word](std::string_view month) {
    return std::equal(month.begin(), month.end(), word.begin(), word.end(),
                      [](char a, char b) { return a == (b | 0x20); });
  };
  return word.size() >= 3 && std::any_of(std::begin(kMonths), std::end(kMonths), same);
}

/// The value of one to four digits, else 10,000, which is no part of a date.
int number_of(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > 4) return 10000;
  int n = 0;
  for (const char c : digits) n = n * 10 + (c - '0');
  return n;
}

/// `SEP2`, `mar-5`, `dic 2025`; `2SEP`, `2-mar`, `2 dic 2025`.
bool is_named_date(std::string_view cell) noexcept {
  constexpr std::string_view kBetween = " -/.";
  Scan scan(cell);
  const std::string_view first = scan.digits();
  if (!first.empty()) scan.any_of(kBetween);
  if (!is_month(scan.letters())) return false;
  const bool apart = scan.any_of(kBetween);
  const std::string_view last = scan.digits();
  if (!scan.at_end() || first.size() > 2) return false;
  if (first.empty()) return !last.empty() && number_of(last) < 10000;
  const bool is_day = number_of(first) >= 1 && number_of(first) <= 31;
  return is_day && (last.empty() ? !apart : number_of(last) < 10000);
}

/// `3-4`, `3/4/25`, `31-12-2025`, `2025-03-05`, `12/2025`; perhaps with a time of day behind it.
bool is_numbered_date(std::string_view cell) noexcept {
  const std::size_t space = cell.find(' ');
  if (space != std::string_view::npos) {
    Scan time(cell.substr(space + 1));
    if (time.digits().empty() || !time.any_of(":")) return false;
    cell = cell.substr(0, space);
  }
  Scan scan(cell);
  std::string_view parts[3];
  std::size_t count = 0;
  for (; count < 3; ++count) {
    if (count > 0 && !scan.any_of("-/")) break;
    parts[count] = scan.digits();
    if (parts[count].empty()) return false;
  }
  if (count < 2 || !scan.at_end()) return false;
  if (count == 2 && parts[1].size() == 4)
    return parts[0].size() <= 2 && number_of(parts[0]) >= 1 && number_of(parts[0]) <= 12;
  const bool year_first = parts[0].size() == 4;
  if (!year_first && (parts[0].size() > 2 || parts[1].size() > 2)) return false;
  const int a = number_of(parts[year_first ? 1 : 0]);
  const int b = number_of(parts[year_first ? (count == 3 ? 2 : 1) : 1]);
  const bool has_month = std::min(a, b) >= 1 && std::min(a, b) <= 12 && std::max(a, b) <= 31;
  return has_month && (count == 2 || year_first || number_of(parts[2]) < 10000);
}

}  // namespace

bool excel_cuts_digits(std::string_view number) noexcept {
  std::size_t digits = 0;
  for (const char c : number)
    if (is_digit(c) && (c != '0' || digits > 0)) ++digits;
  return digits > kDigitsKept;
}

bool excel_changes(std::string_view cell) noexcept {
  if (cell.size() < 2) return false;
  return is_spoiled_number(cell) || is_numbered_date(cell) || is_named_date(cell);
}

}  // namespace trama
