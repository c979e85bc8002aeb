// The catalogue: phrases, failures and diagnostics to sentences, in each language.

#include "text/catalogue.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <tuple>

#include "base/phrase_codes.h"
#include "text/mo_file.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

TEST_CASE("catalogue: a phrase with its values, in English and Spanish") {
  const Phrase two(PhraseCode::list_of, {"2"});
  CHECK(say(Language::en, two) == "a list of 2");
  CHECK(say(Language::es, two) == "una lista de 2");
  const Diagnostic d{DiagnosticCode::value_kind, {}, {"between", two, PhraseCode::a_list, ""}};
  CHECK(say(Language::en, d) == "'between' must be a list of 2, not a list");
  CHECK(say(Language::es, d) == "'between' debe ser una lista de 2, no una lista");
}

TEST_CASE("catalogue: plural forms go by the first value") {
  for (const auto& [count, en, es] :
       {std::tuple{"0", "0 records", "0 registros"}, std::tuple{"1", "1 record", "1 registro"},
        std::tuple{"2", "2 records", "2 registros"},
        std::tuple{"1,001", "1,001 records", "1,001 registros"}}) {
    CHECK(say(Language::en, Phrase(PhraseCode::records, {count})) == en);
    CHECK(say(Language::es, Phrase(PhraseCode::records, {count})) == es);
  }
}

TEST_CASE("catalogue: what is no place for a value stays, and a value is not looked into") {
  const Phrase tricky = Phrase::several({"{count}", PhraseCode::a_list, "{0}"});
  CHECK(say(Language::en, tricky) == "{count}a list{0}");
  CHECK(say(Language::en, Phrase(PhraseCode::list_of, {"{count}"})) == "a list of {count}");
  // A value that is missing leaves its place empty.
  CHECK(say(Language::en, Phrase(PhraseCode::list_of)) == "a list of ");
  const Diagnostic column{DiagnosticCode::choice_path_type, {}, {}};
  CHECK(say_help(Language::en, column).find("{column: …}") != std::string::npos);
}

TEST_CASE("catalogue: a language is asked for as POSIX says") {
  const char* const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
  std::string before[3];
  for (int i = 0; i < 3; ++i) {
    const char* const value = std::getenv(names[i]);
    before[i] = value == nullptr ? "" : value;
  }
  const auto with = [&](const char* all, const char* messages, const char* lang) {
    ::setenv(names[0], all, 1);
    ::setenv(names[1], messages, 1);
    ::setenv(names[2], lang, 1);
    return language_of_environment();
  };
  CHECK(with("", "", "") == Language::en);
  CHECK(with("", "", "es_CO.UTF-8") == Language::es);
  CHECK(with("", "es", "en_US.UTF-8") == Language::es);
  CHECK(with("C.UTF-8", "es", "es") == Language::en);
  CHECK(with("es@euro", "", "") == Language::es);
  CHECK(with("", "", "est_EE.UTF-8") == Language::en);
  for (int i = 0; i < 3; ++i) ::setenv(names[i], before[i].c_str(), 1);

  CHECK(language_of("es") == Language::es);
  CHECK(!language_of("ES"));
  CHECK(say(Language::en, Phrase::listed(language_tags())) == "en or es");
}

TEST_CASE("catalogue: the format of MO files") {
  // Two strings, "\4" between context and original, sorted as bytes.
  std::string bytes;
  const auto number = [&bytes](std::uint32_t n) {
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(n >> (8 * i) & 0xFFU);
  };
  for (const std::uint32_t n : {0x950412deU, 0U, 2U, 28U, 44U, 0U, 0U}) number(n);
  for (const std::uint32_t n : {3U, 60U, 5U, 64U, 1U, 70U, 3U, 72U}) number(n);
  bytes += std::string("a\4b\0c\4d\0e\0X\0Y\0Z\0", 16);
  const MoFile file(bytes);
  CHECK(file.find("a", "b") == "X");
  CHECK(file.find("c", "d") == std::string_view("Y\0Z", 3));  // "d" has the plural "e"
  CHECK(file.find("a", "d").empty());
  CHECK(file.find("c", "").empty());
}
