// Reading a number as an example shows it; read_number_example() of step/args.h makes the shape.

#pragma once

#include <string>
#include <string_view>

#include "base/codes.h"
#include "step/args.h"
#include "value/decimal.h"

namespace trama {

/// The whole of `text` as `shape` says: Reason::none, number_shape where it does not fit,
/// number_digits. `scratch` is written over.
Reason read_by_shape(std::string_view text, const NumberShape& shape, std::string& scratch,
                     Decimal& out) noexcept;

/// [-]digits[.digits][e[±]digits], exact: 1.5e3 is 1500.
Reason read_scientific(std::string_view text, Decimal& out) noexcept;

}  // namespace trama
