// The codes of countries and currencies. Facts, written down from the standards;
// the tests count them.

#include "value/code_sets.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace trama {
namespace {

// ISO 3166-1 alpha-2, officially assigned codes (249), as the maintenance agency lists
// them in 2026.
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

// ISO 4217 List Three (SIX Group, maintenance agency), codes of currencies and funds that are no
// longer in List One, each with the year in which it was withdrawn (of several entries the last; of
// a span of years its end), as of 2026. List Three has no minor units: the decimals are those that
// List One had last.
constexpr std::string_view kWithdrawnNoDecimals =
    "ADP2003 BEC1990 BEF2002 BEL1990 BYB2001 BYR2017 ESA1981 ESB1994 ESP2002 GRD2002 "
    "ITL2002 LUC1990 LUF2002 LUL1990 MGF2004 PTE2002 TPE2002 TRL2005";
constexpr std::string_view kWithdrawnTwoDecimals =
    "AFA2003 ALK1989 ANG2025 AOK1991 AON2000 AOR2000 ARA1992 ARP1985 ARY1990 ATS2002 "
    "AYM2005 AZM2005 BAD1998 BGJ1990 BGK1990 BGL2003 BGN2026 BOP1987 BRB1986 BRC1989 "
    "BRE1993 BRN1990 BRR1994 BUK1990 CHC2004 CSD2006 CSJ1990 CSK1993 CUC2021 CYP2008 "
    "DDM1990 DEM2002 ECS2000 ECV2000 EEK2011 FIM2002 FRF2002 GEK1995 GHC2008 GHP2007 "
    "GNE1989 GNS1986 GQE1986 GWE1981 GWP1997 HRD1995 HRK2023 IEP2002 ILP1981 ILR1990 "
    "ISJ1990 LAJ1979 LSM1985 LTL2014 LTT1993 LVL2014 LVR1994 MLF1984 MRO2017 MTL2008 "
    "MTP1983 MVQ1989 MXP1993 MZE1981 MZM2006 NIC1990 NLG2002 PEH1990 PEI1991 PES1986 "
    "PLZ1997 RHD1981 ROK1990 ROL2005 RUR2004 SDD2007 SDP1998 SIT2007 SKK2009 SLL2023 "
    "SRG2003 STD2017 SUR1990 TJR2001 TMM2009 UAK1996 UGS1987 UGW1990 USS2014 UYN1989 "
    "UYP1993 VEB2008 VEF2018 VNC1990 XEU1999 YUD1990 YUM2003 YUN1995 ZAL1995 ZMK2012 "
    "ZRN1999 ZRZ1994 ZWC1989 ZWD2008 ZWL2024 ZWN2006 ZWR2009";
constexpr std::string_view kWithdrawnThreeDecimals = "YDD1991";
constexpr std::string_view kWithdrawnNoMinorUnit = "XFO2006 XFU2013 XRE1999";

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

/// A withdrawn code.
struct Withdrawn {
  std::int8_t decimals = kNoCode;
  std::int16_t year = 0;
};

constexpr auto kWithdrawn = [] {
  std::array<Withdrawn, kCurrencyPlaces + 1> table{};
  const auto enter = [&table](std::string_view codes, std::int8_t decimals) {
    for (std::size_t at = 0; at < codes.size(); at += 8) {
      std::int16_t year = 0;
      for (std::size_t i = at + 3; i < at + 7; ++i)
        year = static_cast<std::int16_t>(year * 10 + (codes[i] - '0'));
      table[place_of(codes.substr(at, 3), 3, kCurrencyPlaces)] = {decimals, year};
    }
  };
  enter(kWithdrawnNoDecimals, 0);
  enter(kWithdrawnTwoDecimals, 2);
  enter(kWithdrawnThreeDecimals, 3);
  enter(kWithdrawnNoMinorUnit, kWithoutMinorUnit);
  return table;
}();

}  // namespace

bool is_country(std::string_view code) noexcept {
  return kIsCountry[place_of(code, 2, kCountryPlaces)];
}

int currency_decimals(std::string_view code) noexcept {
  const std::size_t place = place_of(code, 3, kCurrencyPlaces);
  const std::int8_t decimals =
      kDecimals[place] != kNoCode ? kDecimals[place] : kWithdrawn[place].decimals;
  return decimals < 0 ? -1 : static_cast<int>(static_cast<std::uint8_t>(decimals));
}

bool is_currency(std::string_view code) noexcept {
  const std::size_t place = place_of(code, 3, kCurrencyPlaces);
  return kDecimals[place] != kNoCode || kWithdrawn[place].year != 0;
}

int currency_withdrawn(std::string_view code) noexcept {
  return kWithdrawn[place_of(code, 3, kCurrencyPlaces)].year;
}

}  // namespace trama
