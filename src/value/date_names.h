// The names of months and weekdays in six languages, and matching them. Internal to src/value.

#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "value/dates.h"

namespace trama {

/// `month` from 1; "" for Names::none.
std::string_view month_name(Names names, bool is_short, int month) noexcept;
/// `weekday`: 1 is Monday.
std::string_view weekday_name(Names names, bool is_short, int weekday) noexcept;

/// A name that is read beside that of month_name(), and never written.
struct OtherMonthName {
  Names names;
  bool is_short;
  int month;
  std::string_view name;
};
std::span<const OtherMonthName> other_month_names() noexcept;

/// Where `literal` ends in `text` when it is at `at`, upper or lower case (of ASCII
/// and À to Þ); else npos.
std::size_t end_of_literal(std::string_view text, std::size_t at,
                           std::string_view literal) noexcept;

/// Where `name` (without its final dot) ends in `text` when it stands at `at`, capitals and accents
/// aside; else npos.
std::size_t end_of_name(std::string_view text, std::size_t at, std::string_view name) noexcept;

}  // namespace trama
