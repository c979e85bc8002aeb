// RateTable: dated exchange rates, exact. Built when the plan is compiled, read by all threads.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "value/civil.h"
#include "value/decimal.h"

namespace trama {

/// How an amount is converted: × times × also_times ÷ divide ÷ also_divide, all exact.
/// What is divided by is 1 but for an inverse; the second factors are 1 where the first hold
/// the product of two rates.
struct RateAnswer {
  enum class State : std::uint8_t { found, no_pair, none_before, too_old, no_day };
  State state = State::no_pair;
  Decimal times{1, 0};
  Decimal divide{1, 0};
  Decimal also_times{1, 0};
  Decimal also_divide{1, 0};
  Date day;  // of the rate (of two, the older); of too_old, of the last one there is
};

class RateTable {
 public:
  bool use_previous = false;
  std::int32_t at_most_days_old = 0;  // with use_previous
  bool inverse_allowed = false;
  std::string through;  // a currency, or empty

  /// False where the pair has a rate on that day already.
  bool add(std::string_view from, std::string_view to, Date day, const Decimal& rate);
  /// The rate on `day`, or the last one before it if that is allowed; never a later one.
  /// Same currency: 1.
  [[nodiscard]] RateAnswer find(std::string_view from, std::string_view to, Date day) const;
  /// The lines that find() takes its answer from: none for one currency, one, or (`through`) two.
  struct Line {
    std::string from, to;  // as the table has them
    Date day;
    Decimal rate;
  };
  [[nodiscard]] std::vector<Line> lines(std::string_view from, std::string_view to, Date day) const;
  /// Whether there is a rate of the pair, of any day.
  [[nodiscard]] bool has(std::string_view from, std::string_view to) const;
  /// Pairs with a gap longer than at_most_days_old: "COP USD", the days around the widest one.
  struct Gap {
    std::string from, to;
    Date before, after;
  };
  [[nodiscard]] std::vector<Gap> gaps() const;

 private:
  struct Rate {
    Date day;
    Decimal rate;
  };
  [[nodiscard]] RateAnswer find_pair(std::string_view from, std::string_view to, Date day) const;
  [[nodiscard]] RateAnswer find_either(std::string_view from, std::string_view to, Date day) const;

  std::map<std::string, std::vector<Rate>, std::less<>> pairs_;  // "COP USD": by day
};

}  // namespace trama
