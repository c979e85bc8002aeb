#include "report/summary.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

#include "base/version.h"
#include "json/record_reader.h"
#include "report/words.h"

using namespace trama;

namespace {

RunFacts facts_of_example() {
  RunFacts facts;
  facts.run = "r";
  facts.mapping = "hotelera-andina-pasajeros";
  facts.mapping_file = "hotelera-andina.yaml";
  facts.inputs = {"dump.json"};
  facts.input_facts = {{InputFacts::State::read, 1719, "00ff", "", ""}};
  facts.command = "trama run hotelera-andina.yaml dump.json -o salida.csv";
  facts.started = 1741068000000;
  facts.finished = 1741068001234;
  facts.output = "salida.csv";
  facts.output_state = "incomplete";
  facts.rejects = "salida.csv.rejects.jsonl.incomplete";
  facts.endings = {
      "rejected 40 % of records, limit 10 %: salida.csv was not published (salida.csv.incomplete "
      "kept)"};
  facts.exit = 2;
  facts.names.columns = {"ContactEmail", "TipoHabitacion", "MontoTotalUSD", "EstadoReserva"};
  facts.names.rules = {
      {"salida-posterior-a-entrada", "La salida debe ser posterior a la entrada."}};
  facts.names.places = {"hotelera-andina.yaml:49:5", "hotelera-andina.yaml:89:5",
                        "hotelera-andina.yaml:97:3", "hotelera-andina.yaml:81:5"};
  return facts;
}

About column(std::uint32_t index) {
  return {About::Kind::column, index};
}

ToldValue quoted(std::string text) {
  return {ToldValue::Form::quoted, std::move(text)};
}

ToldValue plain_value(std::string text) {
  return {ToldValue::Form::plain, std::move(text)};
}

Summary summary_of_example() {
  Summary s;
  s.read = 5;
  s.written = 2;
  s.rows = 3;
  s.rejected = 2;
  s.duplicates = 1;
  ShownReject::Error email{.about = column(0), .told = {Reason::email_no_dot}};
  email.found = {ToldValue::Form::hidden};
  email.line = email.column = 23;
  email.place = 0;
  ShownReject::Error room{.about = column(1)};
  room.told = {Reason::not_in_table, quoted("QUA"), plain_value("habitaciones")};
  room.known = "DBL, SGL, TPL";
  room.line = 27;
  room.column = 22;
  room.place = 1;
  ShownReject::Error rule{.about = {About::Kind::rule, 0}};
  rule.told = {Reason::rule, {}, plain_value("FechaEntrada 12/05/2025, FechaSalida 10/05/2025")};
  rule.place = 2;
  ShownReject::Error rate{.about = column(2)};
  rate.told = {
      Reason::no_rate, plain_value("MXN to USD"),
      plain_value("within 5 days of 03/03/2025; the last one is 52 days older (10/01/2025)")};
  rate.place = 3;
  s.shown = {{{0, 4, 22, "HA-1003"}, {email, room, rule}}, {{0, 5, 29, "HA-1004"}, {rate}}};
  const RecordRef third{0, 3, 15, "HA-1002"};
  s.warn(
      {.about = column(3), .told = {Reason::unknown_written, quoted("XX9"), quoted("Por revisar")}},
      third);
  s.warn({.told = {Reason::field_new, quoted("loyalty_tier")}}, third);
  return s;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A column of the summary file of which there is nothing to tell.
std::string untouched(const std::string& name) {
  return R"({"name": ")" + name +
         R"(", "missing": 0, "null": 0, "empty": 0, "defaults": 0, "wrong_not_rejected": 0, )"
         R"("wrong_left_blank": 0})";
}

/// What one record adds to a summary, by a number.
Summary of_record(std::uint64_t number, unsigned kind) {
  Summary s;
  const RecordRef at{0, number, number, "id" + std::to_string(number)};
  s.read = 1;
  s.columns.resize(2);
  s.columns[kind % 2].null = kind;
  s.columns[1].defaults = 1;
  if (kind % 3 == 0) {
    s.rejected = 1;
    s.shown.push_back({at, {{.about = column(kind), .told = {Reason::blank}}}});
    s.errors[{RecordCode::required_blank, column(kind % 5)}] = {kind, at};
  } else {
    s.written = 1;
    s.rows = kind;
  }
  for (unsigned i = 0; i < kind % 4; ++i)
    s.warn(
        {.about = column(kind % 2),
         .told = {Reason::unknown_kept, quoted("m" + std::to_string(kind + i)), plain_value("t")}},
        at);
  return s;
}

Summary together(const std::vector<unsigned>& kinds, std::size_t from, std::size_t to) {
  Summary all;
  for (std::size_t i = from; i < to; ++i) all.merge(of_record(i + 1, kinds[i]));
  return all;
}

std::string shape(const Summary& s) {
  RunFacts facts = facts_of_example();
  facts.names.columns = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"};
  return report_text(s, facts) + summary_json(s, facts);
}

}  // namespace

TEST_CASE("report_text: the report of the hotelera-andina mapping") {
  CHECK(report_text(summary_of_example(), facts_of_example()) ==
        R"(hotelera-andina.yaml + dump.json

5 records read = 2 written (3 rows) + 2 rejected + 1 duplicate left out          balance ok

rejected  record 4  HA-1003  (line 22)                                            3 errors
  EMAIL_INVALID     ContactEmail      (hidden: personal)                   dump.json:23:23
      the part after @ has no dot                              hotelera-andina.yaml:49:5
  LOOKUP_UNKNOWN    TipoHabitacion    "QUA" is not in habitaciones         dump.json:27:22
      known: DBL, SGL, TPL                                     hotelera-andina.yaml:89:5
  RULE_BROKEN       salida-posterior-a-entrada
      La salida debe ser posterior a la entrada.
      FechaEntrada 12/05/2025, FechaSalida 10/05/2025          hotelera-andina.yaml:97:3

rejected  record 5  HA-1004  (line 29)                                            1 error
  RATE_MISSING      MontoTotalUSD     no rate MXN to USD within 5 days of 03/03/2025
      the last one is 52 days older (10/01/2025)               hotelera-andina.yaml:81:5

warning   EstadoReserva   "XX9" × 1 written as "Por revisar"    first: record 3, HA-1002
warning   new source field "loyalty_tier" × 1, used by no column

rejected 40 % of records, limit 10 %: salida.csv was not published (salida.csv.incomplete kept)
rejects kept in salida.csv.rejects.jsonl.incomplete
repair the mapping and run the dump again:
      trama run hotelera-andina.yaml dump.json -o salida.csv
more: trama error LOOKUP_UNKNOWN
exit 2
)");
}

TEST_CASE("report_text: nothing to tell") {
  Summary s;
  s.read = s.written = s.rows = 1;
  RunFacts facts;
  facts.mapping_file = "m.yaml";
  facts.inputs = {"a", "b", "c", "d", "e"};
  facts.rejects = "none.jsonl";
  CHECK(report_text(s, facts) ==
        "m.yaml + a + b + c + 2 more\n\n1 record read = 1 written + 0 rejected" +
            std::string(43, ' ') + "balance ok\n\nexit 0\n");
  s.read = 2;
  CHECK(has(report_text(s, facts), "BALANCE WRONG"));
}

TEST_CASE("report_text: many rejects and errors by code") {
  Summary s = summary_of_example();
  s.shown.resize(6, s.shown[1]);
  s.rejected = 12345;
  s.read = 12348;
  s.errors[{RecordCode::email_invalid, column(0)}] = {2, {0, 4, 22, "HA-1003"}};
  s.errors[{RecordCode::rate_missing, column(2)}] = {12343, {0, 5, 29, "HA-1004"}};
  RunFacts facts = facts_of_example();
  facts.mapping_file = "h.yaml";
  facts.rejects = "r.jsonl";
  const std::string text = report_text(s, facts);
  CHECK(has(text, "more: trama error RATE_MISSING\nexit 2\n"));  // the most frequent
  CHECK(has(text, "12,348 records read = 2 written (3 rows) + 12,345 rejected"));
  CHECK(has(text, "and 12,340 more rejected records, in r.jsonl\n"));
  CHECK(has(text,
            "errors    code            where           first in             count\n"
            "          RATE_MISSING    MontoTotalUSD   record 5, HA-1004   12,343\n"
            "          EMAIL_INVALID   ContactEmail    record 4, HA-1003        2\n"));
  CHECK(!has(text, "trama replay"));  // nothing was published
  CHECK(has(text, "rejects kept in r.jsonl\nrepair the mapping and run the dump again:\n"));
  facts.exit = 1;
  facts.output_state = "published";
  CHECK(has(report_text(s, facts), "run them again with:\n      trama replay r.jsonl -m h.yaml\n"));
}

TEST_CASE("report_text: what concerns the run as a whole comes first") {
  RunFacts facts = facts_of_example();
  facts.alerts = {{NoticeCode::field_never_found, "Correo", {"the field mail", ""}},
                  {NoticeCode::warn_above, "", {"40 % of records", "10 %"}}};
  const std::string text = report_text(summary_of_example(), facts);
  CHECK(has(text,
            "hotelera-andina.yaml + dump.json\n\n"
            "warning   FIELD_NEVER_FOUND   Correo   no record has the field mail\n"
            "warning   WARN_ABOVE   40 % of records rejected, and the mapping warns above 10 %\n\n"
            "5 records read"));
}

TEST_CASE("report_text: what to do after a run that published nothing") {
  const Summary s = summary_of_example();
  RunFacts facts = facts_of_example();
  facts.replay = true;
  facts.command = "trama replay r.jsonl -m m.yaml -o more.csv";
  CHECK(has(report_text(s, facts),
            "repair the mapping and run the same rejects again:\n      trama replay r.jsonl -m "
            "m.yaml -o more.csv\nmore: trama error LOOKUP_UNKNOWN\nexit 2\n"));
  facts.command.clear();
  CHECK(has(report_text(s, facts), "repair the mapping and run the same rejects again\nmore:"));
  facts.exit = 4;  // the input is what is to be mended
  CHECK(!has(report_text(s, facts), "again"));
  facts.exit = 2;
  facts.output_state = "streamed";  // rows that went out are not to be used either
  CHECK(!has(report_text(s, facts), "run them again with"));
  facts.exit = 6;
  facts.output_state = "published";
  CHECK(has(report_text(s, facts), "run them again with:\n      trama replay"));
}

TEST_CASE("report_text: blanks of each column and notes") {
  Summary s;
  s.columns.resize(3);
  s.columns[0].null = 2;
  s.columns[0].defaults = 2;
  s.columns[2].missing = 12345;
  s.items_left_out = 1;
  s.made_safe = 3;
  RunFacts facts = facts_of_example();
  facts.names.columns = {"ContactEmail", "B", "Señal"};
  facts.notes = {"the input is read twice"};
  // Of a run that went wrong too, the notes before what follows from them.
  facts.exit = 2;
  const std::string wrong = report_text(s, facts);
  CHECK(wrong.find("note      the input is read twice") < wrong.find("blanks  "));
  CHECK(has(wrong, "blanks    column "));
  facts.exit = 0;
  facts.output_state = "published";
  const std::string text = report_text(s, facts);
  CHECK(has(text,
            "blanks    column         missing   null   empty   default written\n"
            "          ContactEmail         -      2       -                 2\n"
            "          Señal           12,345      -       -                 -\n"));
  CHECK(has(text, "note      1 item left out of the rows\n"));
  CHECK(has(text, "note      3 texts that look like a formula made safe with '\n"));
  CHECK(has(text, "note      the input is read twice\n"));
}

TEST_CASE("report_text: a terminal is safe from the data") {
  Summary s = summary_of_example();
  s.shown[0].at.id = "\x1b[2J";
  s.shown[0].errors[0].found = quoted("a\nb");
  s.warn({.about = column(0), .told = {Reason::unknown_kept, quoted("\x1b]0;x\x07")}},
         {0, 1, 1, "\r"});
  RunFacts facts = facts_of_example();
  facts.names.columns[0] = "c\x07";
  const std::string text = report_text(s, facts);
  for (const char c : text) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
  CHECK(has(text, "\\x1b[2J"));
  CHECK(has(text, "\"a\\nb\""));
}

TEST_CASE("report_text: places that do not fit have lines of their own") {
  Summary s;
  s.rejected = 1;
  ShownReject::Error error{.about = column(0)};
  error.told = {Reason::duplicate_of, quoted(std::string(30, 'x')), plain_value("7")};
  error.line = 1;
  error.column = 2;
  error.place = 0;
  s.shown = {{{0, 1, 1, ""}, {error}}};
  RunFacts facts = facts_of_example();
  facts.inputs = {"d.json"};
  facts.names.places = {"m.yaml:3:4"};
  const std::string text = report_text(s, facts);
  CHECK(has(text, "\" was kept in record 7\n" + std::string(80, ' ') + "d.json:1:2\n" +
                      std::string(78, ' ') + "m.yaml:3:4\n"));
}

TEST_CASE("summary_json: stable and valid") {
  Summary s = summary_of_example();
  s.columns.resize(1);
  s.columns[0].null = 2;
  s.columns[0].wrong_blank = 1;
  s.errors[{RecordCode::email_invalid, column(0)}] = {2, {0, 4, 22, "HA-1003"}};
  RunFacts facts = facts_of_example();
  facts.inputs = {"d\xff.json"};
  facts.alerts = {{NoticeCode::field_never_found, "ContactEmail", {"gone", ""}}};
  facts.corrected = 1;
  facts.seconds = 5;
  std::string json = summary_json(s, facts);
  CHECK(
      json ==
      R"({"trama": ")" + std::string(version()) +
          R"(", "command": "run", "run": "r", "started": "2025-03-04T06:00:00.000Z", )"
          R"("finished": "2025-03-04T06:00:01.234Z", "exit": 2, )"
          R"("mapping": "hotelera-andina-pasajeros", "mapping_file": "hotelera-andina.yaml", )"
          R"("mapping_sha256": "", "zone_data": "", "inputs": [{"path": "d\\xff.json", )"
          R"("state": "read", "bytes": 1719, "sha256": "00ff"}], "output": "salida.csv", )"
          R"("output_state": "incomplete", "rejects": "salida.csv.rejects.jsonl.incomplete", )"
          R"("records": {"read": 5, "written": 2, "rejected": 2, "skipped": 0, "duplicates": 1}, )"
          R"("balance": true, "rows": 3, "corrected": 1, "items_left_out": 0, "made_safe": 0, )"
          R"("bytes": 0, "columns": [{"name": "ContactEmail", "missing": 0, "null": 2, )"
          R"("empty": 0, "defaults": 0, "wrong_not_rejected": 0, "wrong_left_blank": 1}, )" +
          untouched("TipoHabitacion") + ", " + untouched("MontoTotalUSD") + ", " +
          untouched("EstadoReserva") +
          R"(], )"
          R"("errors": [{"code": "EMAIL_INVALID", "where": "ContactEmail", "kind": "column", "count": 2, )"
          R"("first": {"file": "d\\xff.json", "record": 4, "line": 22, "id": "HA-1003"}}], )"
          R"("alerts": [{"code": "FIELD_NEVER_FOUND", "where": "ContactEmail", "message": "no record has gone", )"
          R"("values": ["gone", ""]}], )"
          R"("unknown_values": [], "warnings": {"count": 2, "not_listed": 0, "codes": [{"code": "FIELD_UNKNOWN", )"
        R"("count": 1, "first": {"file": "d\\xff.json", "record": 3, "line": 15, "id": "HA-1002"}}, )"
        R"({"code": "LOOKUP_UNKNOWN", "where": "EstadoReserva", "kind": "column", "count": 1, )"
        R"("first": {"file": "d\\xff.json", "record": 3, "line": 15, "id": "HA-1002"}}], )"
        R"("kinds": [{"code": "LOOKUP_UNKNOWN", )"
          R"("where": "EstadoReserva", "kind": "column", )"
          R"("message": "\"XX9\" written as \"Por revisar\"", "reason": "unknown_written", )"
          R"("values": [{"quoted": "XX9"}, {"quoted": "Por revisar"}], "count": 1, "first": {"file": "d\\xff.json", "record": 3, "line": 15, )"
          R"("id": "HA-1002"}}, {"code": "FIELD_UNKNOWN", )"
          R"("message": "new source field \"loyalty_tier\", used by no column", )"
          R"("reason": "field_new", "values": [{"quoted": "loyalty_tier"}], "count": 1, )"
          R"("first": {"file": "d\\xff.json", "record": 3, "line": 15, "id": "HA-1002"}}]}, )"
          R"("notices": [], "notes": [], "endings": ["rejected 40 % of records, limit 10 %: )"
          R"-(salida.csv was not published (salida.csv.incomplete kept)"]})-"
          "\n");
  const std::size_t size = json.size();
  json.append(64, ' ');
  RecordReader reader(WantedFields{});
  CHECK(reader.read(std::string_view(json).substr(0, size - 1)) == Reason::none);
}

TEST_CASE("summary: splits cut anywhere give the same") {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    std::vector<unsigned> kinds(1 + random() % 40);
    for (unsigned& kind : kinds) kind = static_cast<unsigned>(random() % 13);
    const std::string whole = shape(together(kinds, 0, kinds.size()));
    const std::size_t first = random() % (kinds.size() + 1);
    const std::size_t second = first + random() % (kinds.size() - first + 1);

    Summary left = together(kinds, 0, first);
    left.merge(together(kinds, first, second));
    left.merge(together(kinds, second, kinds.size()));
    CHECK(shape(left) == whole);

    Summary tail = together(kinds, first, second);
    tail.merge(together(kinds, second, kinds.size()));
    Summary right = together(kinds, 0, first);
    right.merge(std::move(tail));
    CHECK(shape(right) == whole);
  }
}

TEST_CASE("report_text: the command to go on with is whole, and as a shell takes it") {
  Summary s = summary_of_example();
  RunFacts facts = facts_of_example();
  facts.exit = 1;
  facts.output_state = "published";
  facts.rejects = "-mi carpeta/" + std::string(120, 'r') + "'s.jsonl";
  facts.mapping_file = "m$1.yaml";
  CHECK(has(report_text(s, facts), "\n      trama replay './-mi carpeta/" + std::string(120, 'r') +
                                       "'\\''s.jsonl' -m 'm$1.yaml'\n"));
}

TEST_CASE("report_text: of many kinds of warnings a few of each column, and all are counted") {
  Summary s;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    s.warn({.about = column(0), .told = {Reason::unknown_kept, quoted("m" + std::to_string(i))}},
           {0, i + 1, i + 1, ""});
    if (i % 1000 == 999)
      s.warn({.about = column(2), .told = {Reason::currency_withdrawn, quoted("ESP")}},
             {0, i + 1, i + 1, ""});
  }
  Summary all;
  all.merge(std::move(s));
  all.limit_kept();
  CHECK(all.warning_kinds.size() == kKeptAlike + 1);
  RunFacts facts = facts_of_example();
  const std::string text = report_text(all, facts);
  CHECK(has(text, "warning   ContactEmail   and 2997 more warnings LOOKUP_UNKNOWN\n"));
  CHECK(has(text, "warning   MontoTotalUSD   \"ESP\""));
  CHECK(!has(text, "of other kinds"));
  CHECK(has(summary_json(all, facts),
            R"({"code": "LOOKUP_UNKNOWN", "where": "ContactEmail", "kind": "column", "count": 3000,)"));
}

TEST_CASE("summary: the bound on warnings does not depend on the cut") {
  constexpr std::size_t kRecords = 3 * kKeptTallies;
  std::string expected;
  for (const std::size_t split : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, kRecords}) {
    Summary all;
    for (std::size_t from = 0; from < kRecords; from += split) {
      Summary part;
      for (std::size_t i = from; i < std::min(from + split, kRecords); ++i) {
        part.warn(
            {.about = column(static_cast<std::uint32_t>(i % (2 * kKeptTallies) / 80)),
             .told = {Reason::unknown_kept, quoted("m" + std::to_string(i % (2 * kKeptTallies)))}},
            {0, i, i, ""});
      }
      all.merge(std::move(part));
      all.limit_kept();
    }
    CHECK(all.warning_kinds.size() == kKeptTallies);
    CHECK(all.warnings == kRecords);
    CHECK(all.warnings_not_kept == kKeptTallies);
    CHECK(all.warning_kinds[0].tally.count == 2);
    if (expected.empty()) expected = shape(all);
    CHECK(shape(all) == expected);
  }
  CHECK(has(expected, "warning   a   and 154 more warnings LOOKUP_UNKNOWN\n"));
  CHECK(has(expected, "warning   and 400 more warnings of other kinds\n"));
}

TEST_CASE("summary: what is kept of a record is cut") {
  Summary s;
  s.warn({.told = {Reason::by_zero}}, {0, 1, 1, "id"}, std::string(1000000, 'x'));
  CHECK(s.warning_kinds[0].tally.first.item == std::string(kKeptCharacters - 1, 'x') + "…");
}

TEST_CASE("summary: rules beyond 65,535 have their own name") {
  RunFacts facts;
  facts.names.rules.resize(70001);
  facts.names.rules[70000] = {"the last", "a message"};
  Summary s;
  s.rejected = 1;
  s.errors[{RecordCode::rule_broken, {About::Kind::rule, 70000}}] = {1, {0, 1, 1, ""}};
  s.warn({.about = {About::Kind::rule, 70000}, .told = {Reason::rule}}, {0, 1, 1, ""});
  CHECK(has(report_text(s, facts), "RULE_BROKEN   the last "));
  CHECK(has(report_text(s, facts), "the last   a message × 1"));
}

TEST_CASE("report_text: what is shown of many errors and many columns is bounded") {
  RunFacts facts = facts_of_example();
  facts.names.columns.assign(250, "A");
  Summary s = summary_of_example();
  s.columns.resize(250);
  for (ColumnCounts& column : s.columns) column.null = 1;
  s.shown[0].more_errors = 12000;
  const std::string text = report_text(s, facts);
  CHECK(has(text, "12,003 errors\n"));
  CHECK(has(text, "\n  and 12,000 more errors\n\n"));
  CHECK(has(text, "          and 150 more columns\n"));
  CHECK(std::count(text.begin(), text.end(), '\n') < 150);
}
