// ISO 8601: reading dates and times (mappings/rules.md, rule 5.3), reading and writing durations.

#include <charconv>
#include <cstdint>

#include "value/civil.h"
#include "value/date_fields.h"
#include "value/dates.h"

namespace trama {
namespace {

constexpr std::size_t kDateSize = 10;

/// The first ten characters, without a branch until all are judged.
bool take_date(std::string_view text, DateFields& f) noexcept {
  unsigned bad = static_cast<unsigned>(text[4] != '-') | static_cast<unsigned>(text[7] != '-');
  const auto two = [&](std::size_t at) {
    const unsigned tens = digit_at(text, at);
    const unsigned ones = digit_at(text, at + 1);
    bad |= static_cast<unsigned>(tens > 9) | static_cast<unsigned>(ones > 9);
    return static_cast<int>(tens * 10 + ones);
  };
  f.year = two(0) * 100 + two(2);
  f.month = two(5);
  f.day = two(8);
  f.has_date = true;
  return bad == 0;
}

/// Thh:mm[:ss[.f]][Z|±hh[[:]mm]] from the T on, to the end.
bool take_time(std::string_view text, DateFields& f) noexcept {
  std::size_t at = kDateSize;
  if (!take_char(text, at, 'T') || !take_digits(text, at, 2, f.hour) || !take_char(text, at, ':') ||
      !take_digits(text, at, 2, f.minute)) {
    return false;
  }
  f.has_time = true;
  if (take_char(text, at, ':')) {
    if (!take_digits(text, at, 2, f.second)) return false;
    if (take_char(text, at, '.') && !take_fraction(text, at, f)) return false;
  }
  if (at == text.size()) return true;
  if (text[at] == 'Z') {
    f.offset = 0;
    return at + 1 == text.size();
  }
  return take_offset(text, at, text.size(), f);
}

/// The number at `at`, which is moved past it; false where there is none or it is beyond 18 digits.
bool take_number(std::string_view text, std::size_t& at, std::int64_t& out) noexcept {
  const char* const begin = text.data() + at;
  if (at >= text.size() || digit_at(text, at) > 9) return false;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), out);
  at += static_cast<std::size_t>(end - begin);
  return error == std::errc{};
}

bool add_product(std::int64_t& sum, std::int64_t number, std::int64_t unit) noexcept {
  std::int64_t product = 0;
  return !__builtin_mul_overflow(number, unit, &product) &&
         !__builtin_add_overflow(sum, product, &sum);
}

struct Designator {
  char letter;
  std::int64_t months;
  std::int64_t seconds;
};
constexpr Designator kDateParts[] = {
    {'Y', 12, 0}, {'M', 1, 0}, {'W', 0, 604'800}, {'D', 0, 86'400}};
constexpr Designator kTimeParts[] = {{'H', 0, 3600}, {'M', 0, 60}, {'S', 0, 1}};

struct Sums {
  std::int64_t months = 0;
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;
};

/// The parts of one half, each once and in order, up to T or the end; false where there is none.
template <std::size_t kCount>
bool take_parts(std::string_view text, std::size_t& at, const Designator (&parts)[kCount],
                Sums& sums) noexcept {
  std::size_t next = 0;
  while (at < text.size() && text[at] != 'T') {
    std::int64_t number = 0;
    DateFields fraction;
    if (!take_number(text, at, number)) return false;
    const bool has_fraction = take_char(text, at, '.');
    if (has_fraction && !take_fraction(text, at, fraction)) return false;
    while (next < kCount && (at >= text.size() || text[at] != parts[next].letter)) ++next;
    if (next == kCount || (has_fraction && parts[next].letter != 'S')) return false;
    if (!add_product(sums.months, number, parts[next].months) ||
        !add_product(sums.seconds, number, parts[next].seconds)) {
      return false;
    }
    sums.nanos = fraction.nanos;
    ++next;
    ++at;
  }
  return next > 0;
}

void append_part(std::string& out, std::uint64_t number, char letter) {
  if (number == 0) return;
  out += std::to_string(number);
  out += letter;
}

void append_seconds(std::string& out, std::uint64_t seconds, std::uint32_t nanos) {
  if (seconds == 0 && nanos == 0) return;
  out += std::to_string(seconds);
  if (nanos != 0) {
    const std::string digits = std::to_string(1'000'000'000U + nanos);
    out += '.';
    out.append(digits, 1, digits.find_last_not_of('0'));
  }
  out += 'S';
}

}  // namespace

Reason read_iso(std::string_view text, Moment& out, DateTrouble& trouble) noexcept {
  DateFields fields;
  if (text.size() < kDateSize || !take_date(text, fields) ||
      (text.size() > kDateSize && !take_time(text, fields))) {
    return not_of_shape(text, "ISO-8601", trouble);
  }
  return check_fields(fields, out, trouble);
}

Reason read_iso_duration(std::string_view text, Duration& out) noexcept {
  std::size_t at = 0;
  Sums sums;
  if (!take_char(text, at, 'P')) return Reason::duration_shape;
  const bool has_date_parts = at < text.size() && text[at] != 'T';
  if (has_date_parts && !take_parts(text, at, kDateParts, sums)) return Reason::duration_shape;
  const bool has_time_parts = take_char(text, at, 'T');
  if (has_time_parts && !take_parts(text, at, kTimeParts, sums)) return Reason::duration_shape;
  if ((!has_date_parts && !has_time_parts) || at != text.size()) return Reason::duration_shape;
  if (sums.months > INT32_MAX) return Reason::duration_shape;
  out = {sums.seconds, static_cast<std::int32_t>(sums.months), sums.nanos};
  return Reason::none;
}

void append_iso_duration(std::string& out, const Duration& value) {
  const bool negative = value.seconds < 0 || value.months < 0;
  auto seconds = static_cast<std::uint64_t>(value.seconds);
  std::uint32_t nanos = value.nanos;
  if (value.seconds < 0) {
    seconds = 0 - seconds - (nanos != 0 ? 1 : 0);
    nanos = nanos != 0 ? 1'000'000'000 - nanos : 0;
  }
  const std::int64_t signed_months = value.months;
  const auto months =
      static_cast<std::uint64_t>(signed_months < 0 ? -signed_months : signed_months);
  if (seconds == 0 && months == 0 && nanos == 0) {
    out += "PT0S";
    return;
  }
  out += negative ? "-P" : "P";
  append_part(out, months / 12, 'Y');
  append_part(out, months % 12, 'M');
  append_part(out, seconds / 86'400, 'D');
  seconds %= 86'400;
  if (seconds == 0 && nanos == 0) return;
  out += 'T';
  append_part(out, seconds / 3600, 'H');
  append_part(out, seconds / 60 % 60, 'M');
  append_seconds(out, seconds % 60, nanos);
}

bool read_instant(std::string_view text, std::int64_t& out) noexcept {
  Moment moment;
  DateTrouble trouble;
  if (read_iso(text, moment, trouble) != Reason::none || !moment.has_time ||
      moment.offset == kNoOffset)
    return false;
  // A day from either end of what dates can be, so that it has a day in every zone.
  static const std::int64_t kFirst = std::int64_t{date_of({1, 1, 2}).days} * 86400;
  static const std::int64_t kEnd = std::int64_t{date_of({9999, 12, 31}).days} * 86400;
  out = std::int64_t{moment.date.days} * 86400 + moment.time.seconds - moment.offset;
  return out >= kFirst && out < kEnd;
}

}  // namespace trama
