// The sets of codes the language knows: ISO 3166-1 alpha-2 countries and ISO 4217 currencies
// with their decimals.

#pragma once

#include <string_view>

namespace trama {

/// Officially assigned ISO 3166-1 alpha-2 codes, capitals only.
bool is_country(std::string_view code) noexcept;

/// The decimals of an ISO 4217 currency (List One, or the last that a withdrawn one of List Three
/// had): 0 to 4; -1 where the code is unknown or has no minor unit.
int currency_decimals(std::string_view code) noexcept;
/// Whether `code` is an ISO 4217 code, active or withdrawn, capitals only (those without a minor
/// unit too, such as XAU).
bool is_currency(std::string_view code) noexcept;
/// The year in which the code was withdrawn (List Three); 0 where it is active or unknown.
int currency_withdrawn(std::string_view code) noexcept;

}  // namespace trama
