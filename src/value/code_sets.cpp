// The codes of countries and currencies. Facts, written down from the standards; the tests count
// them.

#include "value/code_sets.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace trama {
namespace {

// ISO 3166-1 alpha-2, officially assigned codes (249), as the maintenance agency lists them in
// 2026.
constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO "
    "BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ "
    "DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP "
    "GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG "
    "KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML "
    "MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE "
    "PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL "
    "SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM "
    "US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

// ISO 4217 List One (SIX Group, maintenance agency), active codes by the decimals of their minor
// unit, as of 2026: without BGN (Bulgaria has the euro since 2026-01-01), HRK and ZWL, with ZWG,
// SLE and XCG.
constexpr std::string_view kNoDecimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr std::string_view kTwoDecimals =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK "
    "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
    "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST "
    "XAD XCD XCG YER ZAR ZMW ZWG";
constexpr std::string_view kThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view kFourDecimals = "CLF UYW";
// Metals, units of account and the codes for tests and for no currency.
constexpr std::string_view kNoMinorUnit = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX";

constexpr std::size_t kLetters = 26;
constexpr std::int8_t kNoCode = -2;
constexpr std::int8_t kWithoutMinorUnit = -1;

/// The place of a code of `size` capitals in a table of 26^size, or its end where it is none.
constexpr std::size_t place_of(std::string_view code, std::size_t size, std::size_t end) {
  if (code.size() != size) return end;
  std::size_t place = 0;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return end;
    place = place * kLetters + static_cast<std::size_t>(c - 'A');
  }
  return place;
}

constexpr std::size_t kCountryPlaces = kLetters * kLetters;
constexpr std::size_t kCurrencyPlaces = kLetters * kLetters * kLetters;

constexpr auto kIsCountry = [] {
  std::array<bool, kCountryPlaces + 1> table{};
  for (std::size_t at = 0; at < kCountries.size(); at += 3) {
    table[place_of(kCountries.substr(at, 2), 2, kCountryPlaces)] = true;
  }
  return table;
}();

constexpr auto kDecimals = [] {
  std::array<std::int8_t, kCurrencyPlaces + 1> table{};
  for (std::int8_t& entry : table) entry = kNoCode;
  const auto enter = [&table](std::string_view codes, std::int8_t decimals) {
    for (std::size_t at = 0; at < codes.size(); at += 4) {
      table[place_of(codes.substr(at, 3), 3, kCurrencyPlaces)] = decimals;
    }
  };
  enter(kNoDecimals, 0);
  enter(kTwoDecimals, 2);
  enter(kThreeDecimals, 3);
  enter(kFourDecimals, 4);
  enter(kNoMinorUnit, kWithoutMinorUnit);
  return table;
}();

}  // namespace

bool is_country(std::string_view code) noexcept {
  return kIsCountry[place_of(code, 2, kCountryPlaces)];
}

int currency_decimals(std::string_view code) noexcept {
  const std::int8_t decimals = kDecimals[place_of(code, 3, kCurrencyPlaces)];
  return decimals < 0 ? -1 : static_cast<int>(static_cast<std::uint8_t>(decimals));
}

bool is_currency(std::string_view code) noexcept {
  return kDecimals[place_of(code, 3, kCurrencyPlaces)] != kNoCode;
}

}  // namespace trama
