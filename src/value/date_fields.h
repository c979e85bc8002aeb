// What a reader of dates found, and whether there is such a day and time. Internal to src/value.

#pragma once

#include <string_view>

#include "value/dates.h"

namespace trama {

/// The numbers as they stood in the text; what was not written keeps its default.
struct DateFields {
  int year = 0;
  int month = 1;
  int day = 1;
  int weekday = 0;  // 0: not written
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::uint32_t nanos = 0;
  int digits = 0;
  int half_day = 0;              // 1: am, 2: pm
  std::string_view offset_text;  // "Z", "+02:00"
  std::int32_t offset = kNoOffset;
  bool has_date = false;
  bool has_time = false;
};

/// The digit at `at`, or a number over 9.
inline unsigned digit_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned>(static_cast<unsigned char>(text[at])) - '0';
}

/// The `count` digits of `text` from `at` on; false where one is missing or none.
inline bool take_digits(std::string_view text, std::size_t& at, std::size_t count,
                        int& out) noexcept {
  if (text.size() - at < count) return false;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned digit = digit_at(text, at + i);
    if (digit > 9) return false;
    number = number * 10 + static_cast<int>(digit);
  }
  at += count;
  out = number;
  return true;
}

inline bool take_char(std::string_view text, std::size_t& at, char c) noexcept {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

/// The digits of a fraction into nanoseconds; what is finer is cut. False where there is no digit.
bool take_fraction(std::string_view text, std::size_t& at, DateFields& fields) noexcept;

/// ±hh, ±hhmm or ±hh:mm that ends at `end`; into offset and offset_text.
/// False where the shape differs.
bool take_offset(std::string_view text, std::size_t at, std::size_t end,
                 DateFields& fields) noexcept;

/// The Moment of `fields`, or why there is none. Gives none or a reason of date_impossible.
Reason check_fields(const DateFields& fields, Moment& out, DateTrouble& trouble) noexcept;

/// Fills `trouble` for a text that is not of the shape `shape`, and gives date_shape.
Reason not_of_shape(std::string_view text, std::string_view shape, DateTrouble& trouble) noexcept;

}  // namespace trama
