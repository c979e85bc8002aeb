// What trama says in Spanish: words that travel in data, failures, reports.

#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "cli/parsed.h"
#include "report/summary.h"
#include "report/words.h"
#include "text/catalogue.h"

namespace trama {
using testing::parsed;

TEST_CASE("phrase_of: words of trama in data, by the kind of their place, and nothing else") {
  struct Case {
    std::string_view kind;
    std::string_view english;
    std::string_view spanish;
  };
  for (const Case& c : {
           Case{"found", "a list", "una lista"},
           Case{"month", "February 2025", "febrero de 2025"},
           Case{"rank", "a number in record 7 of a.json", "un número en el registro 7 de a.json"},
           Case{"rank", "a number in record 7 of missing", "un número en el registro 7 de missing"},
           Case{"rank", "a number in record 7", "un número en el registro 7"},
           Case{"record", "7 of a list", "7 de a list"},
           Case{"instead", "the document has data, meta", "el documento tiene data, meta"},
           Case{"instead", "the document has a list", "el documento tiene a list"},
           Case{"instead", "the document has this is a list", "el documento tiene this is a list"},
           Case{"instead", "data is a text", "data es un texto"},
           Case{"instead", "data.missing is an empty object", "data.missing es un objeto vacío"},
           Case{"where", "the top of the document", "el inicio del documento"},
           Case{"where", "missing", "missing"},
           Case{"day", "within 5 days of 03/03/2025; the last one is 52 days older (10/01/2025)",
                "de los 5 días antes del 03/03/2025; la última es 52 días más vieja (10/01/2025)"},
           Case{"problem", "a value is missing", "falta un valor"},
           Case{"table", "the lookup of missing", "la tabla de missing"},
           Case{"result", "the result", "el resultado"},
           // Of another kind, of none, and of a place that holds data.
           Case{"found", "February 2025", "February 2025"},
           Case{"problem", "a list", "a list"},
           Case{"value", "missing", "missing"},
           Case{"", "a list", "a list"},
           Case{"found", "Hotel", "Hotel"},
           Case{"found", "", ""},
       }) {
    CAPTURE(c.english);
    CHECK(say(Language::es, phrase_of(c.kind, c.english)) == c.spanish);
    CHECK(say(Language::en, phrase_of(c.kind, c.english)) == c.english);
  }
}

TEST_CASE("failures: what is data stays as it is, whatever it says") {
  constexpr std::string_view kData[] = {"missing",
                                        "a list",
                                        "the result",
                                        "standard input",
                                        "it is null",
                                        "Permission denied",
                                        "Please upgrade to v2",
                                        "data is text"};
  for (const std::string_view data : kData) {
    const std::string text(data);
    CAPTURE(text);
    CHECK(say(Language::es, Failure{FailureCode::file_missing, {text}}) ==
          text + ": no existe ese archivo");
    CHECK(say(Language::es, Failure{FailureCode::error_body, {text, text}}).ends_with(": " + text));
    CHECK(say(Language::es,
              Failure{FailureCode::input_changed, {text, PhraseCode::source_other_file}})
              .starts_with(text + " "));
    const Failure told{FailureCode::input_not_json,
                       {text, Phrase(PhraseCode::source_begins_with, {text})}};
    CHECK(say(Language::es, told) == text + ": no tiene ni un registro JSON; empieza con " + text);
  }
  const Failure found{FailureCode::input_not_json, {"text", PhraseCode::source_only_blanks}};
  CHECK(say(Language::es, found) ==
        "text: no tiene ni un registro JSON; solo tiene espacios y fines de línea");
  const Phrase inside = Phrase::several({"X: ", Phrase(found.code, found.values)});
  CHECK(say(Language::es, inside) == "X: " + say(Language::es, found));
}

TEST_CASE("record errors and warnings: what is data stays as it is, whatever it says") {
  using Form = ToldValue::Form;
  for (const std::string data : {"missing", "a list", "the result", "Monday", "hours", "text"}) {
    CAPTURE(data);
    const std::string in_quotes = '"' + data + '"';
    const auto has = [](const std::string& message, const std::string& part) {
      return message.find(part) != std::string::npos;
    };
    CHECK(has(message_of({Reason::error_document, {Form::plain, data}}, Language::es), data));
    CHECK(has(
        message_of({Reason::number_rounds, {Form::quoted, data}, {Form::plain, "2"}}, Language::es),
        in_quotes));
    CHECK(has(
        message_of({Reason::not_in_table, {Form::quoted, data}, {Form::plain, data}}, Language::es),
        in_quotes + " no está en " + data));
    CHECK(has(message_of({Reason::zone_blank, {Form::plain, data}, {Form::plain, "missing"}},
                         Language::es),
              data + ", "));
    CHECK(
        has(message_of({Reason::duplicate_of, {Form::quoted, data}, {Form::plain, "7 of " + data}},
                       Language::es),
            "7 de " + data));
    CHECK(has(message_of({Reason::unknown_written, {Form::quoted, data}, {Form::quoted, data}},
                         Language::es, {}, " × 2"),
              in_quotes));
  }
}

TEST_CASE("system_words: the English is what the system says, and all are in Spanish") {
  for (int error = 1; error < 134; ++error) {
    const Phrase words = system_words(error);
    CAPTURE(error);
    // A descriptor is bad where a stream of the program was closed before it began.
    const std::string said =
        error == EBADF ? "it is closed" : std::generic_category().message(error);
    CHECK(say(Language::en, words) == said);
    if (words.table != Phrase::Table::none)
      CHECK(say(Language::es, words) != say(Language::en, words));
  }
  CHECK(say(Language::es, system_words(ENOSPC)) == "no queda espacio en el disco");
  CHECK(say(Language::es, system_words(EDQUOT)) == "se agotó la cuota de disco");
  CHECK(say(Language::es, system_words(99999)) == std::generic_category().message(99999));
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
