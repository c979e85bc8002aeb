// What `check` says in Spanish: all of a message, with its help, is Spanish, but for what the
// mapping itself holds and the words of the language.

#include <doctest/doctest.h>

#include <string>

#include "engine/load.h"
#include "support/mapped.h"
#include "text/catalogue.h"

namespace trama::test {
namespace {

/// The diagnostics of a mapping, a line each: CODE message / help.
std::string in_spanish(std::string_view body) {
  TextFiles files;
  files.files["m.yaml"] = "mapping: m\nversion: 1\n" + std::string(body);
  files.files["rooms.csv"] = "code;name\nDBL;Doble\n";
  files.files["long.csv"] = "code,name\nDBL,Doble,x\nSGL,Simple,y\nTPL,Triple,z\n";
  const LoadedMapping loaded = load_mapping("m.yaml", "", files);
  std::string out;
  for (const Diagnostic& d : loaded.diagnostics) {
    const std::string help = say_help(Language::es, d);
    out += std::string(name(d.code)) + " " + say(Language::es, d);
    if (!help.empty()) out += " / " + help;
    out += '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("check in Spanish: form, meaning, tables, expressions, YAML") {
  struct Case {
    const char* mapping;
    const char* said;
  };
  static constexpr Case kCases[] = {
      {"columns: {A: {form: a}}",
       "KEY_UNKNOWN 'form' no es una clave de una columna / ¿quiso decir 'from'?\n"},
      {"columns: {A: {from: a, each: [b], tipo: text}}\n",
       "KEY_UNKNOWN 'tipo' no es una clave de una columna / búsquela en la guía de mapeos\n"
       "VALUE_KIND 'each' debe ser una ruta, no una lista\n"
       "KEY_MISSING una columna con 'each' necesita 'columns' / liste las columnas de sus objetos\n"
       "COLUMN_SOURCES la columna 'A' tiene dos orígenes: 'from' y 'each' / deje uno de los dos\n"
       "WORD_NOT_FOR_TYPE 'each' no va con una columna sin 'type', que es de texto / 'each' va con "
       "type: json\n"},
      {"columns: {A: {from: a, between: [1, 2, 3]}}",
       "VALUE_KIND 'between' debe ser una lista de dos: [mínimo, máximo], no una lista de 3 / para "
       "un "
       "extremo abierto escriba none\n"},
      {"columns: {A: {from: a, type: txt}}",
       "VALUE_WRONG 'txt' no es un valor de 'type' / ¿quiso decir 'text'? posibles: text, json, "
       "email, url, uuid, country, currency, decimal, integer, money, date, datetime, time, "
       "boolean, duration\n"},
      {"columns: {A: 'a..b'}",
       "PATH_INVALID 'a..b' no es una ruta: no hay nombre entre dos puntos\n"},
      {"columns:\n\tA: a\n",
       "YAML_INVALID esta línea empieza con un tabulador / use espacios al comienzo de la línea; "
       "YAML no "
       "acepta tabuladores\n"},
      {"columns: {A: {from: a, decimals: 2}}",
       "WORD_NOT_FOR_TYPE 'decimals' no va con una columna sin 'type', que es de texto / "
       "'decimals' va "
       "con type: integer, decimal, money o duration\n"},
      {"columns: {A: {value: x, required: yes, when_null: y}}",
       "WORD_HAS_NO_EFFECT 'when_null' no tiene efecto junto a 'value' / una constante se escribe "
       "sin "
       "adornos y sale tal cual: quite la clave\n"
       "REQUIRED_POINTLESS 'required' nunca puede fallar junto a un 'value' que siempre es igual / "
       "quite "
       "uno de los dos\n"},
      {"tables: {t: {file: rooms.csv, key: code, value: nombre}}\ncolumns: {A: {from: a, lookup: "
       "t}}",
       "TABLE_NO_COLUMN el archivo de la tabla no tiene la columna 'code' / si sus celdas van "
       "separadas "
       "por ;, agregue 'separator: \";\"'; el archivo tiene: code;name\n"},
      {"tables: {t: {file: long.csv, key: code, value: name}}\ncolumns: {A: {from: a, lookup: t}}",
       "TABLE_LINE_LENGTH esta línea tiene 3 celdas, y la primera tiene 2 (y 2 líneas más) / ponga "
       "entre "
       "comillas dobles la celda que contiene el separador, o indique el 'separator' del "
       "archivo\n"},
      {"columns: {A: {from: a, lookup: t}}",
       "LOOKUP_TABLE_UNKNOWN ninguna tabla se llama 't' / las tablas se definen en 'tables'\n"},
      {"columns: {A: {from: a, type: date, read: DD/MM/AAAA}}",
       "DATE_PATTERN 'DD/MM/AAAA' no es un formato de fecha: 'AAAA' no es una palabra de un "
       "formato de "
       "fecha: escriba YYYY para el año (o YY para dos dígitos)\n"},
      {"columns: {A: {from: a, type: decimal, read_number: '1.234'}}",
       "NUMBER_EXAMPLE '1.234' no es un ejemplo de un número: esto se puede leer con decimales o "
       "con signo "
       "de miles: muestre los dos signos, como en 1,234.56 o 1.234,56, u otros dígitos, como en "
       "1234.56 / "
       "por ejemplo \"1234.56\" o \"1.234,56\"\n"},
      {"columns: {A: {from: a, type: integer}}\nrules: [{name: r, check: A = \"x\"}]",
       "EXPRESSION_TYPES_DIFFER A es un número y \"x\" es un texto: no se pueden comparar / un "
       "número se "
       "escribe sin comillas: 1234.56\n"},
      {"columns: {A: a}\nrules: [{name: r, check: A == \"x\"}]",
       "EXPRESSION_INVALID '==' no es un signo del lenguaje / escriba = (una sola vez)\n"},
      {"columns: {A: a}\nrules: [{name: r, check: A = B}]",
       "EXPRESSION_COLUMN_UNKNOWN ninguna columna se llama 'B' / ¿quiso decir A?\n"},
      {"columns: {A: {from: a, type: datetime, zone: America/Bogot}}",
       "ZONE_UNKNOWN 'America/Bogot' no es una zona horaria / ¿quiso decir 'America/Bogota'?\n"},
      {"columns: {A: {from: a, type: json}}\noutput: {format: csv, numbers_as: text}",
       "NEEDS_WORD 'numbers_as' no hace nada sin 'format: ndjson o json' / agréguelo, o quite esta "
       "clave\n"},
  };
  for (const Case& c : kCases) {
    INFO(std::string(c.mapping));
    CHECK(in_spanish(c.mapping) == c.said);
  }
}

}  // namespace trama::test
