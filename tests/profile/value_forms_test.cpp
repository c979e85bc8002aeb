// What a value can be read as.
#include "profile/value_forms.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "profile/findings.h"

namespace trama {
namespace {

/// The forms of a text, by words: date formats as they are written, the others by what they are.
std::string told(FormSet set) {
  static constexpr std::string_view kWords[] = {
      "number", "point", "comma", "space", "apostrophe", "exponent", "zeros", "whole",
      "email",  "url",   "uuid",  "phone", "duration",   "card",     "token", "spaces"};
  std::string out;
  const auto add = [&out](std::string_view word) { (out.empty() ? out : out += ' ') += word; };
  for (std::size_t i = 0; i < std::size(kWords); ++i)
    if (has(set, static_cast<ValueForm>(i))) add(kWords[i]);
  for (const std::size_t date : dates_of(set)) add(date_forms()[date].pattern);
  return out;
}

TEST_CASE("ValueForms: texts") {
  struct Case {
    std::string_view text;
    std::string_view forms;
  };
  static constexpr Case kCases[] = {
      {"", ""},
      {"DBL", ""},
      {"2025-03-01", "ISO-8601"},
      {"2025-03-01T02:30:00Z", "ISO-8601"},
      {"2025-03-01T23:15:00-05:00", "ISO-8601"},
      {"2025-03-01T23:15:00+05:00", "ISO-8601"},
      {"2025-03-01 23:15:00", "SQL"},
      {"2025-02-30", ""},
      {"01/03/2025", "DD/MM/YYYY MM/DD/YYYY D/M/YYYY M/D/YYYY"},
      {"31/03/2025", "DD/MM/YYYY D/M/YYYY"},
      {"03/31/2025", "MM/DD/YYYY M/D/YYYY"},
      {"1/3/2025", "D/M/YYYY M/D/YYYY"},
      {"20250301", "number point comma space apostrophe exponent whole YYYYMMDD"},
      {"1740796200", "number point comma space apostrophe exponent whole unix-seconds"},
      {"10-APR-2025", "DD-MMM-YYYY"},
      {"10-ABR-2025", "DD-MMM-YYYY"},
      {"10 de abril de 2025", "D 'de' MMMM 'de' YYYY"},
      {"Thu, 10 Apr 2025 10:00:00 -0500", "RFC-2822"},
      {"14:30", "HH:mm"},
      {"1250.50", "number point apostrophe exponent"},
      {"1,250.50", "point"},
      {"1.250,50", "comma"},
      {"12,5", "comma space"},
      {"1,250", "point comma space"},
      {"1'250.00", "apostrophe"},
      {"-3", "number point comma space apostrophe exponent whole"},
      {"007", "number point comma space apostrophe exponent zeros whole"},
      {"1.5e3", "exponent"},
      {"ana@example.com", "email"},
      {"ana@example", ""},
      {"https://example.com/a?b=1", "url"},
      {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "uuid"},
      {"+57 300 123 4567", "phone"},
      {"(571) 555-1234", "phone"},
      {"PT15H55M", "duration"},
      {"4111 1111 1111 1111", "card"},
      {"4111 1111 1111 1112", ""},
      {" DBL", "spaces"},
      {"DBL\u00A0", "spaces"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg", "token"},
  };
  ValueForms forms;
  for (const Case& c : kCases) {
    INFO(c.text);
    CHECK(told(forms.of_text(c.text)) == c.forms);
  }
}

TEST_CASE("ValueForms: a format that cannot be told from another is one that can differ") {
  const auto index = [](std::string_view pattern) {
    std::size_t i = 0;
    while (date_forms()[i].pattern != pattern) ++i;
    return i;
  };
  const ValueForms forms;
  CHECK(forms.can_differ(index("DD/MM/YYYY"), index("MM/DD/YYYY")));
  CHECK_FALSE(forms.can_differ(index("DD/MM/YYYY"), index("D/M/YYYY")));
}

TEST_CASE("sensitive_name: keys of what is personal or secret") {
  using enum Sensitive;
  struct Case {
    std::string_view key;
    std::string_view above;
    Sensitive is;
  };
  static constexpr Case kCases[] = {
      {"guest_email", "", personal_name},
      {"guestEmail", "", personal_name},
      {"E-MAIL", "", personal_name},
      {"firstName", "", personal_name},
      {"first_name", "", personal_name},
      {"teléfono", "", personal_name},
      {"name", "hotel", no},
      {"name", "guest", personal_name},
      {"name", "paxes", personal_name},
      {"guestName", "", personal_name},
      {"guestname", "", personal_name},
      {"nombreCompleto", "", personal_name},
      {"last", "passengers", personal_name},
      {"guest_names", "", personal_name},
      {"phones", "", personal_name},
      {"tokens", "", secret_name},
      {"passwords", "", secret_name},
      {"city", "hotel", no},
      {"password", "", secret_name},
      {"apiKey", "", secret_name},
      {"ota_property_password", "", secret_name},
      {"cardNumber", "payment", secret_name},
      {"booking_id", "", no},
      {"retail", "", no},
      {"hotel", "", no},
      {"expiryDate", "paymentCard", personal_name},
      {"card_expiry_date", "", personal_name},
      {"vencimiento", "tarjeta", personal_name},
      {"fechaCaducidad", "tarjeta_de_credito", personal_name},
      {"expiryDate", "voucher", no},
      {"vencimiento", "factura", no},
      {"postal_code", "billing_contact", personal_name},
      {"zipCode", "guest", personal_name},
      {"codigoPostal", "titular", personal_name},
      {"postal_code", "hotel", no},
      {"country_code", "billing_contact", no},
      {"special_request", "rooms", personal_name},
      {"specialRequests", "", personal_name},
      {"peticiones_especiales", "", personal_name},
      {"special_rate", "", no},
      {"", "", no},
  };
  for (const Case& c : kCases) {
    INFO(c.key, " in ", c.above);
    CHECK(sensitive_name(c.key, c.above) == c.is);
  }
}

}  // namespace
}  // namespace trama
