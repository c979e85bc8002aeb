// Names of what is personal or secret, in English, Spanish, Portuguese and French. A name is taken
// apart first: guestEmail, guest_email and GUEST-EMAIL are the words guest and email.

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "profile/findings.h"

namespace trama {
namespace {

/// Personal by themselves. Two words: both are there, side by side.
constexpr std::string_view kPersonal[] = {
    "email",
    "mail",
    "correo",
    "phone",
    "telephone",
    "tel",
    "telefono",
    "telefone",
    "mobile",
    "movil",
    "celular",
    "cellphone",
    "whatsapp",
    "fax",
    "surname",
    "apellido",
    "apellidos",
    "sobrenome",
    "lastname",
    "firstname",
    "fullname",
    "middlename",
    "birthdate",
    "birthday",
    "dob",
    "nacimiento",
    "nascimento",
    "birth",
    "passport",
    "pasaporte",
    "passaporte",
    "dni",
    "nif",
    "nie",
    "cpf",
    "curp",
    "ssn",
    "cedula",
    "nationality",
    "nacionalidad",
    "gender",
    "sexo",
    "last name",
    "first name",
    "full name",
    "given name",
    "family name",
    "middle name",
    "born on",
    "ip address",
    "tax id",
    "national id",
    "frequent flyer",
    "loyalty number",
    "nombre completo",
    // What guests ask for tells of their health and beliefs.
    "special request",
    "special need",
    "special assistance",
    "peticion especial",
    "peticiones especiales",
    "solicitud especial",
    "solicitudes especiales",
    "pedido especial",
    "necesidad especial",
    "necesidades especiales",
    "requerimiento especial",
    "allergy",
    "allergies",
    "alergia",
    "dietary",
    "disability",
    "discapacidad",
    "wheelchair",
};
/// Personal in an object that is a person.
constexpr std::string_view kOfPerson[] = {
    "name",     "nombre",    "nombres", "nome",    "nom",       "first",
    "last",     "given",     "family",  "address", "direccion", "street",
    "document", "documento", "postal",  "zip",     "postcode",  "zipcode",
};
constexpr std::string_view kPersons[] = {
    "guest",     "guests",    "pax",       "billing",    "paxes",       "passenger",  "passengers",
    "traveler",  "travelers", "traveller", "travellers", "customer",    "customers",  "client",
    "cliente",   "holder",    "titular",   "contact",    "contacto",    "person",     "people",
    "adult",     "adults",    "child",     "children",   "huesped",     "huespedes",  "pasajero",
    "pasajeros", "user",      "owner",     "driver",     "beneficiary", "cardholder", "buyer",
    "payer",     "billing",
};
constexpr std::string_view kSecret[] = {
    "password",    "passwd",      "pwd",         "secret",        "contrasena",    "clave secreta",
    "apikey",      "api key",     "token",       "access key",    "authorization", "bearer",
    "private key", "credential",  "credentials", "cvv",           "cvc",           "iban",
    "pin code",    "card number", "cardnumber",  "shared secret", "signature",
};

/// Of a card that somebody pays with, personal beside its number.
constexpr std::string_view kCards[] = {"card", "tarjeta", "cartao", "creditcard", "paymentcard"};
constexpr std::string_view kOfCard[] = {
    "expiry", "expiration", "expires",    "expire", "exp",     "vencimiento", "caducidad",
    "vence",  "validade",   "expirydate", "holder", "titular", "bin",         "last4",
};

/// The last words of a code that is an address.
constexpr std::string_view kPostalCodes[] = {"postal code", "zip code", "codigo postal",
                                             "post code"};

/// What a last word says: that it is about such data, and none itself (phone_type).
constexpr std::string_view kAbout[] = {"type",  "kind",     "tipo",    "code",     "status",
                                       "count", "format",   "flag",    "verified", "required",
                                       "label", "language", "allowed", "policy"};

/// Whether a word, or what it is the plural of, is in a list.
template <std::size_t N>
bool is_one(std::string_view word, const std::string_view (&list)[N]) {
  for (const std::string_view plural : {"", "s", "es"}) {
    if (!word.ends_with(plural)) continue;
    const std::string_view one = word.substr(0, word.size() - plural.size());
    if (std::find(std::begin(list), std::end(list), one) != std::end(list)) return true;
  }
  return false;
}

/// Whether a word of a list, or two side by side, are among `words`.
template <std::size_t N>
bool has_one(const std::vector<std::string>& words, const std::string_view (&list)[N]) {
  const auto is_listed = [&list](std::string_view word) { return is_one(word, list); };
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_listed(words[i])) return true;
    if (i + 1 < words.size() && is_listed(words[i] + ' ' + words[i + 1])) return true;
  }
  return false;
}

/// `guestname`: a person and what is personal of one, in one word.
bool is_of_person(std::string_view word) {
  return std::any_of(std::begin(kPersons), std::end(kPersons), [word](std::string_view person) {
    return word.starts_with(person) && is_one(word.substr(person.size()), kOfPerson);
  });
}

}  // namespace

std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words(1);
  bool lower_before = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    const bool other = static_cast<unsigned char>(c) >= 0x80;
    if (!upper && !lower && !other) {
      if (!words.back().empty()) words.emplace_back();
    } else {
      if (upper && lower_before) words.emplace_back();
      if (other && i + 1 < name.size()) {
        // U+00E1 á and the like, as far as keys have them
        static constexpr std::string_view kAccented = "\xA1\xA9\xAD\xB3\xBA\xB1";
        static constexpr std::string_view kPlain = "aeioun";
        const std::size_t at = c == '\xC3' ? kAccented.find(name[++i]) : std::string_view::npos;
        if (at != std::string_view::npos) words.back() += kPlain[at];
      } else {
        words.back() += upper ? static_cast<char>(c - 'A' + 'a') : c;
      }
    }
    lower_before = lower || other;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool names_person(std::string_view key) {
  const std::vector<std::string> words = name_words(key);
  return !words.empty() && is_one(words.back(), kPersons);
}

bool is_about(std::string_view key) {
  const std::vector<std::string> words = name_words(key);
  return !words.empty() && is_one(words.back(), kAbout);
}

bool holds_address(std::string_view text) {
  const auto is_part = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at == 0 || !is_part(text[at - 1])) continue;
    std::size_t end = at + 1;
    while (end < text.size() && is_part(text[end])) ++end;
    if (end > at + 1 && end + 1 < text.size() && text[end] == '.' && is_part(text[end + 1]))
      return true;
  }
  return false;
}

bool is_personal_key(std::string_view key) {
  constexpr std::ptrdiff_t kFewestDigits = 7;
  const bool phone = key.starts_with('+') &&
                     key.find_first_not_of("+0123456789 ()-./") == std::string_view::npos &&
                     std::count_if(key.begin(), key.end(), is_digit) >= kFewestDigits;
  return phone || holds_address(key);
}

Sensitive sensitive_name(std::string_view key, std::string_view above) {
  const std::vector<std::string> words = name_words(key);
  const bool about =
      words.size() > 1 &&
      std::find(std::begin(kAbout), std::end(kAbout), words.back()) != std::end(kAbout) &&
      !has_one(words, kPostalCodes);
  if (about) return Sensitive::no;
  if (has_one(words, kSecret)) return Sensitive::secret_name;
  if (has_one(words, kPersonal)) return Sensitive::personal_name;
  if (std::any_of(words.begin(), words.end(), is_of_person)) return Sensitive::personal_name;
  const bool card = has_one(words, kCards) || has_one(name_words(above), kCards);
  if (card && has_one(words, kOfCard)) return Sensitive::personal_name;
  if (!has_one(words, kOfPerson) && !has_one(words, kPostalCodes)) return Sensitive::no;
  const bool person = has_one(words, kPersons) || has_one(name_words(above), kPersons);
  return person ? Sensitive::personal_name : Sensitive::no;
}

}  // namespace trama
