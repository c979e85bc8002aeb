// The sets of codes the language knows: ISO 3166-1 alpha-2 countries and ISO 4217 currencies with
// their decimals.

#pragma once

#include <string_view>

namespace trama {

/// Officially assigned ISO 3166-1 alpha-2 codes, capitals only.
bool is_country(std::string_view code) noexcept;

/// The decimals of an ISO 4217 currency (List One, active codes): 0 to 4; -1 where the code is none
/// or has no minor unit.
int currency_decimals(std::string_view code) noexcept;
/// Whether `code` is an active ISO 4217 code, capitals only (those without a minor unit too, such
/// as XAU).
bool is_currency(std::string_view code) noexcept;

}  // namespace trama
