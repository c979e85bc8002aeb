// Names of months and weekdays as CLDR 42 writes them (gregorian calendar, format: wide and
// abbreviated; es, en, pt, de, fr, it).

#include "value/date_names.h"

#include <array>

namespace trama {
namespace {

struct Language {
  std::array<std::string_view, 12> months;
  std::array<std::string_view, 12> short_months;
  std::array<std::string_view, 7> weekdays;
  std::array<std::string_view, 7> short_weekdays;
};

constexpr Language kSpanish = {
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
     "octubre", "noviembre", "diciembre"},
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
    {"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
    {"lun", "mar", "mié", "jue", "vie", "sáb", "dom"},
};
constexpr Language kEnglish = {
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
};
constexpr Language kPortuguese = {
    {"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro",
     "outubro", "novembro", "dezembro"},
    {"jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.",
     "dez."},
    {"segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado",
     "domingo"},
    {"seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom."},
};

constexpr Language kGerman = {
    {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
     "November", "Dezember"},
    {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.",
     "Dez."},
    {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"},
    {"Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."},
};
constexpr Language kFrench = {
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"},
    {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
     "déc."},
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
};
constexpr Language kItalian = {
    {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
     "ottobre", "novembre", "dicembre"},
    {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
    {"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"},
    {"lun", "mar", "mer", "gio", "ven", "sab", "dom"},
};

/// What suppliers write beside CLDR's names: its short September changed to sept in Spanish, and
/// setiembre is as right as septiembre; the German ones are CLDR's stand-alone names.
constexpr OtherMonthName kOtherMonths[] = {
    {Names::es, true, 9, "sep"},  {Names::es, true, 9, "set"}, {Names::es, false, 9, "setiembre"},
    {Names::en, true, 9, "sept"}, {Names::de, true, 3, "Mär"}, {Names::de, true, 6, "Jun"},
    {Names::de, true, 7, "Jul"},  {Names::de, true, 9, "Sep"},
};

struct Tag {
  std::string_view tag;
  Names names;
};
constexpr Tag kTags[] = {{"es", Names::es}, {"en", Names::en}, {"pt", Names::pt},
                         {"de", Names::de}, {"fr", Names::fr}, {"it", Names::it}};

const Language* language_of(Names names) noexcept {
  switch (names) {
    case Names::none:
      return nullptr;
    case Names::es:
      return &kSpanish;
    case Names::en:
      return &kEnglish;
    case Names::pt:
      return &kPortuguese;
    case Names::de:
      return &kGerman;
    case Names::fr:
      return &kFrench;
    case Names::it:
      return &kItalian;
  }
  return nullptr;
}

/// The letters À to ÿ (U+00C0 to U+00FF) without their accents; ? where there is no plain one.
constexpr std::string_view kPlain =
    "aaaaaa?ceeeeiiii?nooooo?ouuuuy??aaaaaa?ceeeeiiii?nooooo?ouuuuy?y";

/// Steps over accents that follow their letter as characters of their own (U+0300 to U+033F).
void skip_marks(std::string_view text, std::size_t& at) noexcept {
  while (at + 1 < text.size() && text[at] == '\xCC') at += 2;
}

/// The next letter, small and without accents; 0 at the end.
char next_plain(std::string_view text, std::size_t& at) noexcept {
  if (at >= text.size()) return 0;
  char c = text[at++];
  if (c == '\xC3' && at < text.size()) {
    c = kPlain[static_cast<unsigned char>(text[at++]) & 0x3F];
  } else if (c >= 'A' && c <= 'Z') {
    c = static_cast<char>(c | 0x20);
  }
  skip_marks(text, at);
  return c;
}

}  // namespace

Names names_of(std::string_view tag) noexcept {
  for (const Tag& known : kTags)
    if (known.tag == tag) return known.names;
  return Names::none;
}

std::string_view month_name(Names names, bool is_short, int month) noexcept {
  const Language* const language = language_of(names);
  if (language == nullptr) return {};
  return (is_short ? language->short_months
                   : language->months)[static_cast<std::size_t>(month - 1)];
}

std::string_view weekday_name(Names names, bool is_short, int weekday) noexcept {
  const Language* const language = language_of(names);
  if (language == nullptr) return {};
  return (is_short ? language->short_weekdays
                   : language->weekdays)[static_cast<std::size_t>(weekday - 1)];
}

std::span<const OtherMonthName> other_month_names() noexcept {
  return kOtherMonths;
}

std::size_t end_of_literal(std::string_view text, std::size_t at,
                           std::string_view literal) noexcept {
  for (std::size_t i = 0; i < literal.size(); ++i, ++at) {
    if (at >= text.size()) return std::string_view::npos;
    if (text[at] == literal[i]) continue;
    const bool accented = i > 0 && literal[i - 1] == '\xC3';
    const auto lower = [accented](char c) {
      const auto byte = static_cast<unsigned char>(c);
      // Of À to Þ (U+00C0 to U+00DE) the second byte; × (U+00D7) is no letter.
      if (accented)
        return static_cast<int>(byte >= 0x80 && byte <= 0x9E && byte != 0x97 ? byte + 0x20 : byte);
      return static_cast<int>(c >= 'A' && c <= 'Z' ? byte + 0x20 : byte);
    };
    if (lower(text[at]) != lower(literal[i])) return std::string_view::npos;
  }
  return at;
}

std::size_t end_of_name(std::string_view text, std::size_t at, std::string_view name) noexcept {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::size_t name_at = 0;
  // Every name begins with an ASCII letter: most are passed over here.
  if (at >= text.size() || ((text[at] ^ name.front()) & 0x5F) != 0) return std::string_view::npos;
  while (name_at < name.size()) {
    if (next_plain(text, at) != next_plain(name, name_at)) return std::string_view::npos;
  }
  return at;
}

}  // namespace trama
