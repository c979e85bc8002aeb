// The names of months and weekdays in Spanish, English and Portuguese, and matching them. Internal
// to src/value.

#pragma once

#include <cstddef>
#include <string_view>

#include "value/dates.h"

namespace trama {

/// `month` from 1; "" for Names::none.
std::string_view month_name(Names names, bool is_short, int month) noexcept;
/// `weekday`: 1 is Monday.
std::string_view weekday_name(Names names, bool is_short, int weekday) noexcept;

/// Where `name` (without its final dot) ends in `text` when it stands at `at`, capitals and accents
/// aside; else npos.
std::size_t end_of_name(std::string_view text, std::size_t at, std::string_view name) noexcept;

}  // namespace trama
