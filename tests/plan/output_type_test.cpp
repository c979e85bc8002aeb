// What the plan proves of the values of a column: kind, digits, whether one may be blank.

#include "plan/output_type.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "report/diagnostics_text.h"
#include "support/mapped.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

std::string words_of(const OutputType& type) {
  static constexpr std::string_view kKinds[] = {"missing",  "null",     "empty", "text",
                                                "decimal",  "boolean",  "date",  "time",
                                                "datetime", "duration", "json"};
  std::string words(kKinds[static_cast<std::size_t>(type.kind)]);
  if (type.kind == Kind::decimal) {
    words += ' ' + std::to_string(type.precision);
    words += type.scale == kOpenScale ? " open" : ' ' + std::to_string(type.scale);
  } else {
    CHECK(type.precision == 0);
    CHECK(type.scale == kOpenScale);
  }
  return words + (type.nullable ? " null" : "");
}

std::string words_of(const std::vector<OutputColumn>& columns) {
  std::string all;
  for (const OutputColumn& column : columns) {
    all += (all.empty() ? "" : ", ") + words_of(column.type);
    if (!column.columns.empty()) all += " [" + words_of(column.columns) + "]";
  }
  return all;
}

/// The types of the output's columns.
std::string types_of(const std::string& columns, const std::string& more = "") {
  TextFiles files;
  files.files["m.yaml"] =
      "mapping: m\nversion: 1\n" + more + "columns:\n" + columns + "output: {format: ndjson}\n";
  const LoadedMapping loaded = load_mapping("m.yaml", "", files);
  INFO(render_text(loaded.diagnostics, loaded.files));
  REQUIRE(loaded.plan);
  return words_of(loaded.plan->output.columns);
}

std::string type_of(const std::string& words) {
  return types_of("  A: " + words + "\n");
}

}  // namespace

TEST_CASE("output_type: kinds") {
  struct Case {
    std::string_view words;
    std::string_view type;
  };
  static constexpr Case kCases[] = {
      {"a", "text null"},
      {"{from: a, text: [trim]}", "text null"},
      {"{from: a, type: country}", "text null"},
      {"{from: a, type: boolean}", "boolean null"},
      {"{from: a, type: boolean, write: [S, N]}", "boolean null"},
      {"{from: a, type: date, read: ISO-8601}", "date null"},
      {"{from: a, type: date, read: ISO-8601, write: DD/MM/YYYY}", "date null"},
      {"{from: a, type: datetime, read: ISO-8601}", "datetime null"},
      {"{from: a, type: time, read: 'HH:mm'}", "time null"},
      {"{from: a, type: duration, read: minutes}", "duration null"},
      {"{from: a, type: json}", "json null"},
      {"{first_of: [a, b], type: json}", "json null"},
      // where the record's own text may stand, all is text
      {"{from: a, type: date, read: ISO-8601, when_wrong: write-original}", "text null"},
      {"{from: a, type: decimal, when_wrong: write-original}", "text null"},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    CHECK(type_of(std::string(c.words)) == c.type);
  }
}

TEST_CASE("output_type: digits of decimals") {
  struct Case {
    std::string_view words;
    std::string_view type;
  };
  static constexpr Case kCases[] = {
      {"{from: a, type: integer}", "decimal 38 0 null"},
      {"{from: a, type: decimal}", "decimal 38 open null"},
      {"{from: a, type: decimal, decimals: 2}", "decimal 38 2 null"},
      {"{from: a, type: decimal, decimals: 2, rounding: half-up}", "decimal 38 2 null"},
      {"{from: a, type: decimal, times: 0.01}", "decimal 38 open null"},
      {"{from: a, type: decimal, times: 0.01, decimals: 3, rounding: half-up}",
       "decimal 38 3 null"},
      // what `between` lets pass
      {"{from: a, type: integer, between: [0, 99]}", "decimal 2 0 null"},
      {"{from: a, type: integer, between: [-1000, 99]}", "decimal 4 0 null"},
      {"{from: a, type: integer, between: [0, 0]}", "decimal 1 0 null"},
      {"{from: a, type: decimal, decimals: 2, between: [0, 9999.99]}", "decimal 6 2 null"},
      {"{from: a, type: decimal, decimals: 2, between: [0, 0.99]}", "decimal 2 2 null"},
      {"{from: a, type: decimal, decimals: 4, between: [0, 1]}", "decimal 5 4 null"},
      {"{from: a, type: integer, between: [0, none]}", "decimal 38 0 null"},
      {"{from: a, type: decimal, between: [0, 99]}", "decimal 38 open null"},
      // money: decimals of its currency where that is known
      {"{from: a, type: money, currency: EUR}", "decimal 38 2 null"},
      {"{from: a, type: money, currency: JPY}", "decimal 38 0 null"},
      {"{from: a, type: money, currency: KWD}", "decimal 38 3 null"},
      {"{from: a, type: money, currency: {from: c}}", "decimal 38 open null"},
      {"{from: a, type: money, currency: {from: c}, decimals: 2, rounding: half-up}",
       "decimal 38 2 null"},
      {"{from: a, type: money, currency: in-amount}", "decimal 38 open null"},
      // a count is whole and never blank
      {"{from: 'l[*]', total: count}", "decimal 38 0"},
      {"{from: 'l[*]', total: sum, type: decimal}", "decimal 38 open null"},
      {"{from: 'l[*]', total: sum, type: decimal, decimals: 1}", "decimal 38 1 null"},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    CHECK(type_of(std::string(c.words)) == c.type);
  }
}

TEST_CASE("output_type: whether datetimes have an offset from UTC") {
  using Clock = OutputType::Clock;
  struct Case {
    std::string_view words;
    Clock clock;
  };
  static constexpr Case kCases[] = {
      {"{from: a, type: datetime, read: ISO-8601}", Clock::either},
      {"{from: a, type: datetime, read: ISO-8601, zone: UTC}", Clock::instant},
      {"{from: a, type: datetime, read: ISO-8601, no_zone_means: UTC}", Clock::instant},
      {"{from: a, type: datetime, read: unix-seconds}", Clock::instant},
      {"{from: a, type: datetime, read: 'YYYY-MM-DD HH:mmZ'}", Clock::instant},
      {"{from: a, type: datetime, read: 'YYYY-MM-DD HH:mm'}", Clock::local},
      {"{first_of: [a, b], type: datetime, read: 'YYYY-MM-DD HH:mm'}", Clock::local},
      {"{from: 'a[*]', total: max, type: datetime, read: 'YYYY-MM-DD HH:mm'}", Clock::local},
      {"{from: a, type: datetime, read: ['YYYY-MM-DD HH:mm', unix-seconds]}", Clock::either},
      // what stands there instead may be of another kind
      {"{value: '2025-03-01T10:00:00', type: datetime}", Clock::either},
      {"{from: a, type: datetime, read: unix-seconds, when_blank: '2025-03-01T10:00:00'}",
       Clock::either},
      {"{from: a, type: datetime, read: 'YYYY-MM-DD HH:mm', when_wrong: {write: "
       "'2025-03-01T10:00:00Z'}}",
       Clock::either},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    TextFiles files;
    files.files["m.yaml"] = "mapping: m\nversion: 1\ncolumns:\n  A: " + std::string(c.words) + "\n";
    const LoadedMapping loaded = load_mapping("m.yaml", "", files);
    INFO(render_text(loaded.diagnostics, loaded.files));
    REQUIRE(loaded.plan);
    CHECK(loaded.plan->output.columns.front().type.clock == c.clock);
  }
}

TEST_CASE("output_type: whether a row may have a blank") {
  struct Case {
    std::string_view words;
    bool nullable;
  };
  static constexpr Case kCases[] = {
      {"a", true},
      {"{from: a, required: yes}", false},
      {"{value: x}", false},
      {"{value: ''}", true},
      {"{from: a, when_blank: x}", false},
      {"{from: a, when_blank: ''}", true},
      {"{from: a, when_missing: x, when_null: x}", true},
      {"{from: a, when_missing: x, when_null: x, when_empty: x}", false},
      {"{from: a, when_blank: x, text: [trim]}", true},
      {"{from: a, when_blank: '0', type: integer, when_wrong: write-blank}", true},
      {"{from: a, when_blank: '0', type: integer, when_wrong: {write: '1'}}", false},
      {"{from: a, when_blank: x, lookup: {a: b}}", false},
      {"{from: a, when_blank: x, lookup: {a: ''}}", true},
      {"{from: a, when_blank: x, lookup: {a: b}, unknown: write-blank}", true},
      {"{from: a, when_blank: x, lookup: {a: b}, unknown: {write: c}}", false},
      {"{from: a, when_blank: x, lookup: {a: b}, unknown: {write: ''}}", true},
      {"{from: a, when_blank: x, lookup: {a: b}, unknown: keep}", false},
      {"{choose: [{when: 'source.a = \"x\"', write: p}, {otherwise: q}]}", false},
      {"{choose: [{when: 'source.a = \"x\"', write: p}]}", true},
      {"{choose: [{when: 'source.a = \"x\"', write: p}, {otherwise: ''}]}", true},
      {"{from: 'l[*]', total: count, when_wrong: write-blank}", true},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    CHECK(type_of(std::string(c.words)).ends_with(" null") == c.nullable);
  }
}

TEST_CASE("output_type: a default or a table that leaves a blank is one, and the row has it") {
  // Each is a column that is never blank by its words, and once was taken for it.
  struct Case {
    std::string_view column;
    std::string_view value;
  };
  static constexpr Case kCases[] = {
      {"{value: ''}", "null"},
      {"{from: a, when_blank: x, lookup: {a: ''}}", "null"},
      {"{choose: [{when: 'source.a = \"a\"', write: ''}, {otherwise: q}]}", "null"},
  };
  for (const Case& c : kCases) {
    INFO(c.column);
    TextFiles files;
    files.files["m.yaml"] = "mapping: m\nversion: 1\ncolumns:\n  V: " + std::string(c.column) +
                            "\n  W: a\noutput: {format: ndjson}\n";
    CHECK(map_files(files, R"({"a":"a"})").rows ==
          "{\"V\":" + std::string(c.value) + ",\"W\":\"a\"}\n");
  }
}

TEST_CASE("output_type: the columns of an each have theirs, inner ones too") {
  CHECK(types_of("  Rooms: {each: rooms, columns: {Code: {from: code, required: yes}, "
                 "Guests: {each: guests, columns: {Age: {from: age, type: integer, between: [0, "
                 "150]}}}}}\n  Secret: {from: s, internal: yes}\n  Last: a\n") ==
        "json null [text, json null [decimal 3 0 null]], text null");
  CHECK(types_of("  Rooms: {each: rooms, required: yes, columns: {Code: code}}\n") ==
        "json [text null]");
}

TEST_CASE("output_type: amounts that rows share or leave blank") {
  const std::string rows = "rows: {one_per: r, called: r}\n";
  const std::string money = "{from: a, type: money, currency: EUR, required: yes, on_extra_rows: ";
  CHECK(types_of("  A: " + money + "repeat}\n  R: r.x\n", rows) == "decimal 38 2, text null");
  CHECK(types_of("  A: " + money + "leave-blank}\n  R: r.x\n", rows) ==
        "decimal 38 2 null, text null");
}
