#include "report/reject.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <regex>
#include <string>

#include "json/place_at.h"
#include "json/record_reader.h"
#include "report/shown_text.h"
#include "report/words.h"
#include "text/catalogue.h"

using namespace trama;

namespace {

ReportNames names_of_example() {
  ReportNames names;
  names.run = "2025-03-04T06-00-00Z-7f3a";
  names.mapping = "hotelera";
  names.mapping_sha256 = "ab12";
  names.columns = {{"ContactEmail", true, {}},
                   {"TipoHabitacion", false, {}},
                   {"FechaEntrada", false, {}},
                   {"MontoTotalUSD", false, {}}};
  names.rules = {{"salida", "La salida debe ser posterior."}};
  names.places = {"h.yaml:89:5", "h.yaml:49:5"};
  names.sources = {"dump.json"};
  names.terms.records = "json /data/bookings";
  names.known["habitaciones"] = "DBL, SGL, TPL";
  return names;
}

/// The words of an error of the screen.
ErrorWords words_of_example(const ShownReject::Error& error) {
  const ReportNames names = names_of_example();
  SummaryNames shown;
  for (const ReportNames::Column& column : names.columns) shown.columns.push_back(column.name);
  for (const ReportNames::Rule& rule : names.rules)
    shown.rules.push_back({rule.name, rule.message});
  shown.places = names.places;
  return words_of(error, shown, Language::en, "dump.json");
}

std::string place_of(const RejectedRecord& record, std::uint32_t offset) {
  const DataPlace place = places_of(record).of(offset);
  return std::to_string(place.line) + ':' + std::to_string(place.column);
}

RejectedRecord record_of(std::string_view bytes, std::span<const RecordError> errors) {
  RejectedRecord record;
  record.number = 4;
  record.line = 22;
  record.column = 3;
  record.byte = 1171;
  record.bytes = bytes;
  record.is_json = true;
  record.id = "HA-1003";
  record.errors = errors;
  return record;
}

RecordError unknown_room() {
  RecordError error;
  error.reason = Reason::not_in_table;
  error.column = 1;
  error.byte = 8;
  error.place = 0;
  error.path = "/room_type_code";
  error.value = Value::text("QUA");
  error.a = Value::text("QUA");
  error.b = Value::text("habitaciones");
  return error;
}

/// The digests have a test of their own.
std::string without_digests(const std::string& line) {
  static const std::regex kDigests(
      R"re("source_sha256": "[0-9a-f]{64}", |, "digest": "sha256:[0-9a-f]{64}")re");
  return std::regex_replace(line, kDigests, "");
}

std::string line_of(const RejectedRecord& record, const ReportNames& names) {
  std::string out;
  Sha256 digest;
  append_reject(out, record, names, digest);
  REQUIRE(out.back() == '\n');
  out.pop_back();
  REQUIRE(out.find('\n') == std::string::npos);
  return without_digests(out);
}

/// The errors member of a line.
std::string errors_of(const std::string& line) {
  const std::size_t from = line.find("\"errors\": ") + 10;
  return line.substr(from, line.find("], \"source") + 1 - from);
}

std::string tail_of(const std::string& line) {
  return line.substr(line.find("], \"source") + 3);
}

}  // namespace

TEST_CASE("append_reject: the line of the contract") {
  const RecordError errors[] = {unknown_room()};
  CHECK(line_of(record_of("{\"room\":\n\"QUA\"}", errors), names_of_example()) ==
        "{\"run\": \"2025-03-04T06-00-00Z-7f3a\", \"mapping\": \"hotelera\", "
        "\"mapping_sha256\": \"ab12\", \"file\": \"dump.json\", \"record\": 4, \"line\": 22, "
        "\"byte\": 1171, \"id\": \"HA-1003\", \"stage\": \"map\", \"replay\": {\"records\": \"json "
        "/data/bookings\", \"column\": 3, \"line_ends\": [8]}, \"errors\": [{\"code\": "
        "\"LOOKUP_UNKNOWN\", \"column\": \"TipoHabitacion\", \"path\": \"/room_type_code\", "
        "\"value\": \"QUA\", \"message\": \"\\\"QUA\\\" is not in habitaciones\", \"data_at\": "
        "\"22:11\", \"mapping_at\": \"h.yaml:89:5\"}], \"source\": {\"room\": \"QUA\"}}");
}

TEST_CASE("append_reject: what is absent is left out") {
  RecordError error;
  error.reason = Reason::json_syntax;
  error.a = Value::text("a comma is missing");
  const RecordError errors[] = {error};
  RejectedRecord record = record_of("{\"a\" 1}\r\n", errors);
  record.is_json = false;
  record.id = {};
  record.stage = Stage::read;
  const std::string line = line_of(record, names_of_example());
  CHECK(line.find("\"id\"") == std::string::npos);
  CHECK(line.find("\"stage\": \"read\"") != std::string::npos);
  CHECK(errors_of(line) ==
        "[{\"code\": \"JSON_INVALID\", \"message\": \"not JSON: a comma is missing\"}]");
  CHECK(tail_of(line) == "\"source_text\": \"{\\\"a\\\" 1}\\r\\n\"}");
}

TEST_CASE("append_reject: the value that was found") {
  struct Case {
    Value value;
    std::string_view json;
  };
  const std::string list = '[' + std::string(300, '1') + ']';
  const std::string cut = "\"[" + std::string(198, '1') + "…\"";
  const Case cases[] = {
      {Value(), "null"},
      {Value::blank(Kind::null), "null"},
      {Value::blank(Kind::empty), "\"\""},
      {Value::text("12.5", Origin::number), "\"12.5\""},
      {Value::decimal({125, 1}), "\"12.5\""},
      {Value::boolean(true), "\"true\""},
      {Value::date(date_of({2025, 2, 8})), "\"2025-02-08\""},
      {Value::json("{\"a\":1}"), "\"{\\\"a\\\":1}\""},
      {Value::json(list), cut},
  };
  for (const Case& c : cases) {
    RecordError error;
    error.reason = Reason::needs_text;
    error.column = 1;
    error.value = c.value;
    error.a = Value::text("a list");
    const RecordError errors[] = {error};
    CHECK(errors_of(line_of(record_of("{}", errors), names_of_example())) ==
          "[{\"code\": \"WRONG_TYPE\", \"column\": \"TipoHabitacion\", \"value\": " +
              std::string(c.json) + ", \"message\": \"text is needed, but this is a list\"}]");
  }
}

TEST_CASE("message_of: texts of the source in quotes and words of the mapping without") {
  struct Case {
    Reason reason;
    Value value;
    Value a;
    Value b;
    std::string_view message;
  };
  const Value qua = Value::text("QUA");
  const Value number = Value::text("12.345", Origin::number);
  const Case cases[] = {
      {Reason::not_in_table, qua, qua, Value::text("habitaciones"),
       "\"QUA\" is not in habitaciones"},
      {Reason::not_in_table, Value::text(" qua "), qua, Value::text("habitaciones"),
       "\"QUA\" is not in habitaciones"},
      {Reason::date_no_such_day, Value::text("2025-02-30"), Value::text("February 2025"),
       Value::integer(28), "February 2025 has 28 days"},
      {Reason::date_no_such_month, Value::text("13"), Value::integer(13), Value(),
       "there is no month 13"},
      {Reason::number_rounds, number, Value::text("12.345"), Value::integer(2),
       "12.345 has more than 2 decimals, and rounding is exact"},
      {Reason::below, Value::text("5"), Value::decimal({5, 0}), Value::integer(10),
       "5 is below 10"},
      {Reason::not_a_country, Value::text("XX"), Value::text("XX"), Value(),
       "\"XX\" is no ISO 3166-1 country code of two capitals"},
      {Reason::needs_scalar, Value::json("[]"), Value::text("a list"), Value(),
       "one value is needed, but this is a list"},
      {Reason::blank, Value(), Value::text("missing"), Value(), "the value is missing"},
      {Reason::email_no_dot, qua, Value(), Value(), "the part after @ has no dot"},
      {Reason::duplicate_of, Value(), Value::text("HA-1"), Value::integer(1),
       "the key \"HA-1\" was kept in record 1"},
  };
  for (const Case& c : cases) {
    RecordError error;
    error.reason = c.reason;
    error.column = 1;
    error.value = c.value;
    error.a = c.a;
    error.b = c.b;
    CHECK(message_of(told_of(error, names_of_example()), Language::en) == c.message);
  }
  RecordError error = unknown_room();
  const std::string long_text(500, 'x');
  error.a = Value::text(long_text);
  CHECK(message_of(told_of(error, names_of_example()), Language::en) ==
        '"' + std::string(79, 'x') + "…\" is not in habitaciones");
}

TEST_CASE("append_reject: personal values are hidden wherever they are told") {
  ReportNames names = names_of_example();
  for (const char* place : {"/guest/email", "/born"}) names.personal.add(place_at(place));
  const std::string secret = "SECRET";
  for (int reason = 1; reason <= static_cast<int>(Reason::schema); ++reason) {
    RecordError error;
    error.reason = static_cast<Reason>(reason);
    error.column = 0;
    error.value = Value::text(secret);
    error.a = Value::text(secret);
    const RecordError errors[] = {error};
    const std::string line = line_of(record_of("{}", errors), names);
    INFO(line);
    // Those whose first value is a word of the mapping, the kind of a value or a count.
    const bool word =
        shows_first_value(error.reason) &&
        message_of(told_of(error, names), Language::en).find("SECRET") != std::string::npos;
    if (word) {
      static constexpr Reason kWords[] = {Reason::json_syntax,
                                          Reason::text_not_json,
                                          Reason::currency_blank,
                                          Reason::zone_blank,
                                          Reason::minor_units_blank,
                                          Reason::product_rounds,
                                          Reason::json_not_object,
                                          Reason::not_utf8,
                                          Reason::too_big,
                                          Reason::too_deep,
                                          Reason::path_through_scalar,
                                          Reason::path_needs_list,
                                          Reason::no_items,
                                          Reason::no_list,
                                          Reason::needs_entries,
                                          Reason::rows_over,
                                          Reason::rows_too_big,
                                          Reason::items_over,
                                          Reason::not_wanted,
                                          Reason::needs_scalar,
                                          Reason::needs_list,
                                          Reason::needs_object,
                                          Reason::kind_not_comparable,
                                          Reason::needs_text,
                                          Reason::more_than_one,
                                          Reason::lists_differ,
                                          Reason::duration_has_months,
                                          Reason::blank,
                                          Reason::longer,
                                          Reason::shorter,
                                          Reason::cell_too_long,
                                          Reason::nul_in_text,
                                          Reason::fraction_too_fine,
                                          Reason::undecided,
                                          Reason::rank_blank,
                                          Reason::rule,
                                          Reason::schema,
                                          Reason::target_blank,
                                          Reason::key_blank};
      CHECK(std::find(std::begin(kWords), std::end(kWords), error.reason) != std::end(kWords));
    } else {
      CHECK(line.find(secret) == std::string::npos);
    }
    CHECK(line.find("\"value\": \"(hidden: personal)\"") != std::string::npos);
  }

  RecordError other = unknown_room();  // another column that reads a personal place
  other.path = "/born";
  const RecordError errors[] = {other};
  RejectedRecord record = record_of("{}", errors);
  record.id_personal = true;
  const std::string line = line_of(record, names);
  CHECK(line.find("QUA") == std::string::npos);
  CHECK(line.find("\"id\": \"(hidden: personal)\"") != std::string::npos);
  CHECK(shown_reject(record, names).at.id == kHidden);
}

TEST_CASE("append_reject: rules tell the values that they read") {
  RecordError error;
  error.reason = Reason::rule;
  error.rule = 0;
  error.b = Value::text("FechaEntrada 2025-05-12, ContactEmail (hidden: personal)");
  const RecordError errors[] = {error};
  RejectedRecord record = record_of("{}", errors);
  record.stage = Stage::rule;
  CHECK(errors_of(line_of(record, names_of_example())) ==
        "[{\"code\": \"RULE_BROKEN\", \"rule\": \"salida\", \"message\": \"La salida debe ser "
        "posterior.\", \"values\": \"FechaEntrada 2025-05-12, ContactEmail "
        "(hidden: personal)\"}]");
  const ShownReject shown = shown_reject(record, names_of_example());
  REQUIRE(shown.errors.size() == 1);
  const ErrorWords words = words_of_example(shown.errors[0]);
  CHECK(words.where == "salida");
  CHECK(words.what == "La salida debe ser posterior.");
  CHECK(words.more == "FechaEntrada 2025-05-12, ContactEmail (hidden: personal)");
}

TEST_CASE("append_reject: source in each of its shapes") {
  const ReportNames names = names_of_example();
  RejectedRecord record = record_of("{\"a\":\r\n [1,\n 2.50]}", {});
  CHECK(tail_of(line_of(record, names)) == "\"source\": {\"a\":   [1,  2.50]}}");

  record.is_json = false;
  record.bytes = "{\"a\":\xff\"}";
  CHECK(tail_of(line_of(record, names)) == "\"source_base64\": \"eyJhIjr/In0=\"}");
  record.bytes = "\xff";
  CHECK(tail_of(line_of(record, names)) == "\"source_base64\": \"/w==\"}");
  record.bytes = "\xff\xfe";
  CHECK(tail_of(line_of(record, names)) == "\"source_base64\": \"//4=\"}");

  record.too_big = true;
  record.whole_size = 99999999;
  std::string big = std::string(4095, 'x') + "é" + std::string(100, 'x');
  record.bytes = big;
  CHECK(tail_of(line_of(record, names)) ==
        "\"source_text\": \"" + std::string(4095, 'x') + "\", \"source_bytes\": 99999999}");
}

TEST_CASE("append_masked: values at personal paths") {
  struct Case {
    std::string_view source;
    std::vector<std::string> pointers;
    std::string_view masked;
  };
  const Case cases[] = {
      {R"({"a": "x", "b": 1})", {"/a"}, R"({"a": #, "b": 1})"},
      {R"({"a": {"b": "x", "c": [1, {"b": 2}]}, "b": 3})",
       {"/a/b"},
       R"({"a": {"b": #, "c": [1, {"b": 2}]}, "b": 3})"},
      {R"({"a": {"b": "x"}})", {"/a"}, R"({"a": #})"},
      {R"({"a": "x", "a": "y"})", {"/a"}, R"({"a": #, "a": #})"},
      {R"({"\u0061": "x"})", {"/a"}, R"({"\u0061": #})"},
      {R"({"a/b": 1, "m~n": 2, "": 3})", {"/a~1b", "/m~0n", "/"}, R"({"a/b": #, "m~n": #, "": #})"},
      {R"({"p": [{"n": "A"}, {"n": "B", "k": 1}]})",
       {"/p/[]/n"},
       R"({"p": [{"n": #}, {"n": #, "k": 1}]})"},
      {R"({"p": [10, 20, 30]})", {"/p/1"}, R"({"p": [10, #, 30]})"},
      {R"({"p": [10, 20]})", {"/p/[]"}, R"({"p": [#, #]})"},
      {R"({"o": {"k": {"n": 1}, "l": {"n": 2}}})",
       {"/o/{}/n"},
       R"re({"o": {#: {"n": #}, "(hidden: personal 2)": {"n": #}}})re"},
      {R"({"o": {"k": {"n": 1}}, "x": {"o": 1}})",
       {"/o/{} (key)"},
       R"({"o": {#: {"n": 1}}, "x": {"o": 1}})"},
      // one or many
      {R"({"p": {"n": "A", "k": 1}})", {"/p/[]?/n"}, R"({"p": {"n": #, "k": 1}})"},
      {R"({"p": [{"n": "A", "k": 1}]})", {"/p/[]?/n"}, R"({"p": [{"n": #, "k": 1}]})"},
      // another shape than was expected: what stands there may be what was looked for below
      {R"({"a": "x"})", {"/a/b"}, R"({"a": #})"},
      {R"({"a": 7, "c": 1})", {"/a/b"}, R"({"a": #, "c": 1})"},
      {R"({"a": ["x"], "c": [1]})", {"/a/b"}, R"({"a": #, "c": [1]})"},
      {R"({"a": {"n": "x"}, "c": {"n": 1}})", {"/a/[]/n"}, R"({"a": #, "c": {"n": 1}})"},
      {R"({"a": "x"})", {"/a/[]"}, R"({"a": #})"},
      {R"({"a": {"0": "x"}})", {"/a/[0]"}, R"({"a": #})"},
      {R"({"a": [{"b": "x"}, "y"]})", {"/a/[]/b"}, R"({"a": [{"b": #}, #]})"},
      {R"({"a": "x"})", {"/a/{} (key)"}, R"({"a": #})"},
      {R"({"a": ["x"]})", {"/a/{} (key)"}, R"({"a": #})"},
      // blanks tell nothing
      {R"({"a": null})", {"/a/b"}, R"({"a": null})"},
      {R"({"a": " "})", {"/a/b"}, R"({"a": " "})"},
      {R"({"a": [ ]})", {"/a/b"}, R"({"a": [ ]})"},
      {R"({"a": {}})", {"/a/[]/n"}, R"({"a": {}})"},
      {R"({"s": "\"a\": {", "a": [["]"], "}"]})", {"/a"}, R"({"s": "\"a\": {", "a": #})"},
      {R"( {} )", {"/a"}, R"( {} )"},
      {R"({"a": null, "b": []})", {"/a", "/b"}, R"({"a": #, "b": #})"},
      {"{\"a\":\n1,\r\n\"b\":2}", {"/b"}, "{\"a\": 1,  \"b\":#}"},
      {R"([1, 2])", {""}, "#"},
  };
  for (const Case& c : cases) {
    std::string expected(c.masked);
    for (std::size_t at = expected.find('#'); at != std::string::npos; at = expected.find('#')) {
      expected.replace(at, 1, "\"(hidden: personal)\"");
    }
    INFO(c.source);
    PersonalPlaces places;
    for (const std::string& pointer : c.pointers) places.add(place_at(pointer));
    std::string out = ">";
    CHECK(append_masked(out, c.source, places));
    CHECK(out == ">" + expected);
    for (std::size_t most = 0; most <= expected.size() + 1; ++most) {
      out = ">";
      CHECK(append_masked(out, c.source, places, most));
      CHECK(out == ">" + expected.substr(0, most));
    }
  }
}

TEST_CASE("shown_reject: the beginning of the record, for a page") {
  using Form = ShownSource::Form;
  ReportNames names = names_of_example();
  const std::string json = R"({"a": "é", "mail": "x@example.com"})";
  CHECK(shown_reject(record_of(json, {}), names).source.form == Form::none);
  names.page = true;
  CHECK(shown_reject(record_of(json, {}), names).source.text == json);
  RejectedRecord broken = record_of("{\"mail\": x@example.com", {});
  broken.is_json = false;
  CHECK(shown_reject(broken, names).source.form == Form::text);
  names.personal.add(place_at("/mail"));
  const ShownSource masked = shown_reject(record_of(json, {}), names).source;
  CHECK(masked.form == Form::json);
  CHECK(masked.text == "{\"a\": \"é\", \"mail\": \"(hidden: personal)\"}");
  CHECK_FALSE(masked.cut);
  CHECK(shown_reject(broken, names).source.form == Form::hidden);
  CHECK(shown_reject(broken, names).source.text.empty());
  RejectedRecord document = record_of(json, {});
  document.document = RejectedRecord::Document::error_answer;
  CHECK(shown_reject(document, names).source.form == Form::hidden);
  // At the limit and one past it, with a character of two bytes there.
  for (const bool personal : {true, false}) {
    if (!personal) names.personal = {};
    for (const std::size_t size : {kShownSourceBytes, kShownSourceBytes + 1}) {
      const std::string text = "{\"a\": \"" + std::string(size - 9, 'x') + "\"}";
      REQUIRE(text.size() == size);
      const ShownSource shown = shown_reject(record_of(text, {}), names).source;
      CHECK(shown.cut == (size > kShownSourceBytes));
      CHECK(shown.bytes == size);
      CHECK(shown.text == text.substr(0, kShownSourceBytes));
    }
    const std::string two = "{\"a\": \"" + std::string(kShownSourceBytes - 8, 'x') + "é\"}";
    CHECK(shown_reject(record_of(two, {}), names).source.text.size() == kShownSourceBytes - 1);
  }
}

TEST_CASE("append_masked: what is not JSON leaves nothing behind") {
  PersonalPlaces places;
  places.add(place_at("/a"));
  places.add(place_at("/0/x"));
  for (const std::string_view text :
       {"", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":\"x", "{\"a\" 1}", "{\"a\":1}}", "[1",
        "{\"a\":[1}", "{a:1}", "{\"a\":\"\\"}) {
    INFO(text);
    std::string out = ">";
    const bool done = append_masked(out, text, places);
    if (text != "{\"a\":[1}") CHECK_FALSE(done);
    if (!done) CHECK(out == ">");
    CHECK(out.find('1') == std::string::npos);
  }
  std::string deep(100000, '[');
  deep += std::string(100000, ']');
  std::string out;
  CHECK(append_masked(out, "{\"a\":" + deep + ",\"b\":" + deep + "}", places));
  CHECK(out == "{\"a\":\"(hidden: personal)\",\"b\":" + deep + "}");
}

TEST_CASE("append_reject: mask_source") {
  ReportNames names = names_of_example();
  names.personal.add(place_at("/guest/email"));
  names.mask_source = true;
  RejectedRecord record = record_of("{\"guest\": {\"email\": \"ana@x.co\"}}", {});
  CHECK(tail_of(line_of(record, names)) ==
        "\"source\": {\"guest\": {\"email\": \"(hidden: personal)\"}}}");
  record.is_json = false;
  CHECK(tail_of(line_of(record, names)).find("\"source_hidden\": \"the record is not JSON") == 0);
  record.too_big = true;
  const std::string line = line_of(record, names);
  CHECK(line.find("ana@") == std::string::npos);
  CHECK(line.find("\"source_bytes\": ") != std::string::npos);
}

TEST_CASE("DataPlaces: lines and characters from 1") {
  RejectedRecord record = record_of("{\"é\": 1,\r\n \"ñ😀\": 2,\n\"c\": 3}", {});
  struct Case {
    std::string_view before;
    std::string_view place;
  };
  static constexpr Case kCases[] = {{"{", "22:3"},    {"\"é", "22:4"}, {"1", "22:9"},
                                    {" \"ñ", "23:1"}, {"2", "23:8"},   {"3}", "24:6"}};
  for (const Case& c : kCases) {
    INFO(c.before);
    const auto at = static_cast<std::uint32_t>(record.bytes.find(c.before));
    CHECK(place_of(record, at) == c.place);
    // and so whatever was asked for before
    for (std::uint32_t before = 0; before < record.bytes.size() + 2; ++before) {
      DataPlaces places = places_of(record);
      places.of(before);
      const DataPlace place = places.of(at);
      CHECK(std::to_string(place.line) + ':' + std::to_string(place.column) == c.place);
    }
  }
  CHECK(place_of(record, 4000000) == "24:8");
}

TEST_CASE("append_reject: any record gives valid JSON and its own bytes back") {
  std::mt19937 random(3);
  static constexpr std::string_view kPieces[] = {
      "\"a\": 1.50", "\"b\": \"x\\n\\\"é\"",           "\"c\": [1, {\"a\": null}]", "\"a\": true",
      "\"e\": {}",   "\"f\": 12345678901234567890.0e5"};
  const ReportNames names = names_of_example();
  for (int i = 0; i < 500; ++i) {
    std::string source = "{";
    for (auto n = random() % 6; n > 0; --n) {
      if (source.size() > 1) source += random() % 2 ? ", " : ",\n\t";
      source += kPieces[random() % std::size(kPieces)];
    }
    source += '}';
    std::string garbled = source;
    if (random() % 2) garbled[random() % garbled.size()] = static_cast<char>(random());
    const RecordError errors[] = {unknown_room()};
    RejectedRecord record = record_of(source, errors);
    std::string line = line_of(record, names);
    std::string expected = source;
    std::replace(expected.begin(), expected.end(), '\n', ' ');
    CHECK(tail_of(line) == "\"source\": " + expected + "}");

    record.is_json = false;
    record.bytes = garbled;
    line = line_of(record, names);
    const std::size_t size = line.size();
    line.append(64, ' ');
    RecordReader reader(WantedFields{{{"source_text"}}, false, {}});
    INFO(line);
    REQUIRE(reader.read(std::string_view(line).substr(0, size)) == Reason::none);
    Arena arena;
    if (reader.slot(0).exists()) CHECK(reader.slot(0).text(arena) == garbled);
  }
}

TEST_CASE("shown_reject: what stands beside the column and below") {
  struct Case {
    RecordError error;
    std::string_view what;
    std::string_view more;
    std::string_view data_at;
  };
  RecordError email;
  email.reason = Reason::email_no_dot;
  email.column = 1;
  email.byte = 0;
  email.value = Value::text("maria@ejemplo");
  RecordError personal = email;
  personal.column = 0;
  RecordError rate;
  rate.reason = Reason::no_rate;
  rate.column = 3;
  rate.byte = 0;
  rate.value = Value::text("18500.00");
  rate.a = Value::text("MXN to USD");
  rate.b = Value::text("within 5 days of 03/03/2025; the last one is 52 days older (10/01/2025)");
  RecordError blank;
  blank.reason = Reason::blank;
  blank.column = 1;
  blank.a = Value::text("null");
  blank.value = Value::blank(Kind::null);
  const Case cases[] = {
      {unknown_room(), "\"QUA\" is not in habitaciones", "known: DBL, SGL, TPL", "dump.json:22:11"},
      {email, "\"maria@ejemplo\"", "the part after @ has no dot", "dump.json:22:3"},
      {personal, "(hidden: personal)", "the part after @ has no dot", "dump.json:22:3"},
      {rate, "no rate MXN to USD within 5 days of 03/03/2025",
       "the last one is 52 days older (10/01/2025)", ""},
      {blank, "the value is null", "", ""},
  };
  for (const Case& c : cases) {
    const RecordError errors[] = {c.error};
    const ShownReject shown =
        shown_reject(record_of("{\"room\":\n\"QUA\"}", errors), names_of_example());
    CHECK(shown.at.record == 4);
    CHECK(shown.at.id == "HA-1003");
    const ErrorWords words = words_of_example(shown.errors[0]);
    CHECK(words.what == c.what);
    CHECK(words.more == c.more);
    CHECK(words.data_at == c.data_at);
  }
}

TEST_CASE("shortened and grouped") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcd", 3) == "ab…");
  CHECK(shortened("ééé", 3) == "ééé");
  CHECK(shortened("éééé", 3) == "éé…");
  CHECK(grouped(0) == "0");
  CHECK(grouped(9999) == "9999");
  CHECK(grouped(10000) == "10,000");
  CHECK(grouped(123456789) == "123,456,789");
  CHECK(counted(1, "record", "records") == "1 record");
  CHECK(counted(0, "record", "records") == "0 records");
  CHECK(characters_in("ñandú y 😀 más largo") == 19);
}
