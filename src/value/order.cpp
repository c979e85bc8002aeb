#include "value/order.h"

namespace trama {
namespace {

template <typename T>
int order_of(const T& a, const T& b) noexcept {
  return a < b ? -1 : b < a ? 1 : 0;
}

int order_of_datetimes(const DateTime& a, const DateTime& b) noexcept {
  const bool instants = a.offset != kNoOffset;
  const int seconds = instants ? order_of(a.seconds - a.offset, b.seconds - b.offset)
                               : order_of(a.seconds, b.seconds);
  return seconds != 0 ? seconds : order_of(a.nanos, b.nanos);
}

}  // namespace

Reason compare_values(const Value& a, const Value& b, int& order) noexcept {
  if (a.kind() != b.kind()) {
    order = order_of(a.kind(), b.kind());
    return Reason::none;
  }
  switch (a.kind()) {
    case Kind::missing:
    case Kind::null:
    case Kind::empty:
      order = 0;
      break;
    case Kind::text:
    case Kind::json:
      order = order_of(a.text().compare(b.text()), 0);
      break;
    case Kind::decimal:
      order = compare(a.decimal(), b.decimal());
      break;
    case Kind::boolean:
      order = order_of(a.boolean(), b.boolean());
      break;
    case Kind::date:
      order = order_of(a.date().days, b.date().days);
      break;
    case Kind::time:
      order = order_of(a.time().seconds, b.time().seconds);
      if (order == 0) order = order_of(a.time().nanos, b.time().nanos);
      break;
    case Kind::datetime:
      if ((a.datetime().offset == kNoOffset) != (b.datetime().offset == kNoOffset))
        return Reason::undecided_offsets;
      order = order_of_datetimes(a.datetime(), b.datetime());
      break;
    case Kind::duration: {
      const Duration left = a.duration();
      const Duration right = b.duration();
      const int months = order_of(left.months, right.months);
      int lengths = order_of(left.seconds, right.seconds);
      if (lengths == 0) lengths = order_of(left.nanos, right.nanos);
      if (months * lengths < 0) return Reason::undecided_months;
      order = months != 0 ? months : lengths;
    }
  }
  return Reason::none;
}

Reason compare_with_constant(const Value& value, const Value& constant, int& order) noexcept {
  const bool clock = value.kind() == Kind::datetime && constant.kind() == Kind::datetime &&
                     constant.datetime().offset == kNoOffset;
  if (!clock) return compare_values(value, constant, order);
  DateTime shown = value.datetime();
  shown.offset = kNoOffset;
  return compare_values(Value::datetime(shown, value.digits()), constant, order);
}

Reason refusal_of(Reason undecided) noexcept {
  return undecided == Reason::undecided_months ? Reason::months_not_comparable
                                               : Reason::offsets_not_comparable;
}

}  // namespace trama
