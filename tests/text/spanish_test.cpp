// What trama says in Spanish: words that travel in data, failures, reports.

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/parsed.h"
#include "report/summary.h"
#include "report/words.h"
#include "text/catalogue.h"

namespace trama {
using testing::parsed;

TEST_CASE("say_again: words of trama in data, with their places, and nothing else") {
  struct Case {
    std::string_view english;
    std::string_view spanish;
  };
  for (const Case& c : {
           Case{"a list", "una lista"},
           Case{"February 2025", "febrero de 2025"},
           Case{"a number in record 7 of a.json", "un número en el registro 7 de a.json"},
           Case{"the document has data, meta", "el documento tiene data, meta"},
           Case{"within 5 days of 03/03/2025; the last one is 52 days older (10/01/2025)",
                "de los 5 días antes del 03/03/2025; la última es 52 días más vieja (10/01/2025)"},
           Case{"it is damaged, at byte 4 of the line: a value is missing",
                "está dañada, en el byte 4 de la línea: falta un valor"},
           Case{"Hotel", "Hotel"},
           Case{"", ""},
       }) {
    CHECK(say_again(Language::es, c.english) == c.spanish);
    CHECK(say_again(Language::en, c.english) == c.english);
  }
}

TEST_CASE("failures: the sentence at the end is said again, a name is not") {
  const Failure named{FailureCode::file_missing, {"a list"}};
  CHECK(say(Language::es, named) == "a list: no existe ese archivo");
  const Failure found{FailureCode::input_not_json, {"text", "it holds only blanks and line ends"}};
  CHECK(say(Language::es, found) ==
        "text: no tiene ni un registro JSON; solo tiene espacios y fines de línea");
  const Phrase inside = Phrase::several({"X: ", Phrase(found.code, found.values)});
  CHECK(say(Language::es, inside) == "X: " + say(Language::es, found));
}

TEST_CASE(
    "messages: values of data stay, words of trama do not, columns are counted in characters") {
  const Told kind{Reason::needs_scalar, {ToldValue::Form::plain, "a list"}};
  CHECK(message_of(kind, Language::es) == "se necesita un solo valor, y esto es una lista");
  const Told data{
      Reason::not_in_table, {ToldValue::Form::quoted, "a list"}, {ToldValue::Form::plain, "text"}};
  CHECK(message_of(data, Language::es) == "\"a list\" no está en text");
  const Told unnamed{Reason::not_in_table,
                     {ToldValue::Form::quoted, "QUA"},
                     {ToldValue::Form::plain, "the lookup of Tipo"}};
  CHECK(message_of(unnamed, Language::es) == "\"QUA\" no está en la tabla de Tipo");

  RunFacts facts;
  facts.mapping_file = "m.yaml";
  facts.inputs = {"d.json"};
  facts.names.columns = {"Año"};
  Summary summary;
  summary.read = summary.rows = 1;
  summary.written = 1;
  summary.columns = {{.missing = 1, .defaults = 1}};
  CHECK(report_text(summary, facts, Language::es) ==
        "m.yaml + d.json\n\n"
        "1 registro leído = 1 escrito + 0 rechazados"
        "                                      todo cuadra\n\n"
        "blancos   columna   ausente   null   vacío   valor por defecto\n"
        "          Año             1      -       -                   1\n\n"
        "código de salida 0\n");
}

TEST_CASE("command line: --lang before or after the command, and a language that is none") {
  CHECK(parsed({"chek", "--lang", "es"}).text ==
        "trama: ningún comando se llama 'chek'; ¿quiso decir 'check'? Vea trama --help\n");
  CHECK(parsed({"--lang=es", "run"}).text ==
        "trama: falta MAPPING, que es obligatorio; vea trama run --help\n");
  CHECK(parsed({"check", "m.yaml", "--lang", "es"}).subcommand != nullptr);
  const CommandLine none = parsed({"check", "m.yaml", "--lang", "fr"});
  CHECK(none.exit == 64);
  CHECK(none.text == "trama: --lang: write en or es, not 'fr'; see trama check --help\n");
  const std::string help = parsed({"run", "--help", "--lang", "es"}).text;
  for (const char* const word :
       {"Uso: trama run [OPCIONES]", "\nArgumentos:\n", "\nOpciones:\n", "OBLIGATORIO", "ARCHIVO"})
    CHECK(help.find(word) != std::string::npos);
}

}  // namespace trama
