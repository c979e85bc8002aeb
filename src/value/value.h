// Value: what a column holds while it is made: 32 bytes, copied freely; texts point into a frame, a
// table or an arena.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/check.h"
#include "value/civil.h"
#include "value/decimal.h"

namespace trama {

/// missing, null and empty are the three blanks. `json` is a piece of JSON text as it stands
/// in the source.
enum class Kind : std::uint8_t {
  missing,
  null,
  empty,
  text,
  decimal,
  boolean,
  date,
  time,
  datetime,
  duration,
  json,
};

/// How JSON wrote what is now a text: "12", 12 or true.
enum class Origin : std::uint8_t { text, number, boolean };

class Value {
 public:
  Value() noexcept : kind_(Kind::missing), coefficient_(0) {}

  static Value blank(Kind kind) noexcept {
    Value v;
    v.kind_ = kind;
    return v;
  }
  static Value text(std::string_view text, Origin origin = Origin::text) noexcept {
    Value v;
    v.kind_ = Kind::text;
    v.origin_ = origin;
    v.text_ = {text.data(), text.size()};
    return v;
  }
  static Value json(std::string_view text) noexcept {
    Value v = Value::text(text);
    v.kind_ = Kind::json;
    return v;
  }
  static Value decimal(const Decimal& d) noexcept {
    Value v;
    v.kind_ = Kind::decimal;
    v.scale_ = d.scale;
    v.coefficient_ = d.coefficient;
    return v;
  }
  static Value integer(std::int64_t n) noexcept { return decimal({n, 0}); }
  static Value boolean(bool b) noexcept {
    Value v;
    v.kind_ = Kind::boolean;
    v.coefficient_ = b ? 1 : 0;
    return v;
  }
  static Value date(Date d) noexcept {
    Value v;
    v.kind_ = Kind::date;
    v.date_ = d;
    return v;
  }
  /// `digits`: of the fraction, 0 to 9.
  static Value datetime(const DateTime& t, int digits) noexcept {
    Value v;
    v.kind_ = Kind::datetime;
    v.scale_ = digits;
    v.datetime_ = t;
    return v;
  }
  static Value time(const TimeOfDay& t, int digits) noexcept {
    Value v;
    v.kind_ = Kind::time;
    v.scale_ = digits;
    v.time_ = t;
    return v;
  }
  static Value duration(const Duration& d) noexcept {
    Value v;
    v.kind_ = Kind::duration;
    v.duration_ = d;
    return v;
  }

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] Origin origin() const noexcept { return origin_; }
  [[nodiscard]] bool is_blank() const noexcept { return kind_ <= Kind::empty; }
  /// Of a text or json value.
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data, text_.size}; }
  [[nodiscard]] Decimal decimal() const noexcept { return {coefficient_, scale_}; }
  [[nodiscard]] bool boolean() const noexcept { return coefficient_ != 0; }
  [[nodiscard]] Date date() const noexcept { return date_; }
  [[nodiscard]] DateTime datetime() const noexcept { return datetime_; }
  [[nodiscard]] TimeOfDay time() const noexcept { return time_; }
  [[nodiscard]] Duration duration() const noexcept { return duration_; }
  /// Digits of the fraction of a time or datetime.
  [[nodiscard]] int digits() const noexcept { return scale_; }

 private:
  struct Text {
    const char* data;
    std::size_t size;
  };
  Kind kind_;
  Origin origin_ = Origin::text;
  int scale_ = 0;
  union {
    Int128 coefficient_;
    Text text_;
    Date date_;
    DateTime datetime_;
    TimeOfDay time_;
    Duration duration_;
  };
};

static_assert(sizeof(Value) == 32);

}  // namespace trama
