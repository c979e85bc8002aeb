#include "sink/row_encoder.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "json/json_object.h"
#include "json/json_text.h"
#include "json/record_reader.h"
#include "sink/format.h"
#include "sink/target.h"

using namespace trama;

namespace {

OutputColumn column(std::string name, std::size_t value) {
  OutputColumn out;
  out.name = std::move(name);
  out.value = value;
  return out;
}

/// What a mapping's `output` says, the format too.
struct Output : OutputFormat {
  const FormatSpec* spec = nullptr;
};

Output format_of(const FormatSpec& spec, std::vector<std::string> names) {
  Output format;
  format.spec = &spec;
  for (std::size_t i = 0; i < names.size(); ++i) format.columns.push_back(column(names[i], i));
  return format;
}

std::string row(const Output& format, std::vector<Value> values, std::string_view rest = {}) {
  RowBlock out;
  format.spec->encoder(format)->row(values, {"d.json", 4, 22, "run-1"}, rest, out);
  return out.bytes;
}

/// What the target makes of blocks.
std::string written(const Output& format, std::vector<std::string> blocks) {
  std::string out;
  auto target = format.spec->target({.text = &out}, format);
  REQUIRE(target.ok());
  REQUIRE(target.value()->begin().ok());
  for (std::string& bytes : blocks) {
    RowBlock block;
    block.bytes = std::move(bytes);
    REQUIRE(target.value()->take(std::move(block)).ok());
  }
  REQUIRE(target.value()->end().ok());
  return out;
}

/// What stands around no rows.
std::string header(const Output& format) {
  return written(format, {});
}

constexpr const FormatSpec& kCsv = kCsvFormat;
constexpr const FormatSpec& kNdjson = kNdjsonFormat;
constexpr const FormatSpec& kJson = kJsonFormat;

/// A frame as the reader wants it: with readable bytes behind it.
bool is_json_object(std::string text) {
  const std::size_t size = text.size();
  text.append(64, ' ');
  RecordReader reader(WantedFields{});
  return reader.read(std::string_view(text).substr(0, size)) == Reason::none;
}

}  // namespace

TEST_CASE("csv: a text is quoted only where something asks for it") {
  struct Case {
    std::string_view text;
    std::string_view cell;
  };
  static constexpr Case kCases[] = {
      {"plain", "plain"},
      {"a b", "a b"},
      {"a,b", "\"a,b\""},
      {",", "\",\""},
      {"a;b", "a;b"},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"\"", "\"\"\"\""},
      {"two\nlines", "\"two\nlines\""},
      {"two\rlines", "\"two\rlines\""},
      {" edge", "\" edge\""},
      {"edge ", "\"edge \""},
      {"\tedge", "\"\tedge\""},
      {"edge\t", "\"edge\t\""},
      {" ", "\" \""},
      {"in\tside", "in\tside"},
      {"Pérez Gómez", "Pérez Gómez"},
      {"'", "'"},
      {"=1+1", "=1+1"},
      {"twelve chars", "twelve chars"},
      {"a separator at the very end,", "\"a separator at the very end,\""},
      {",a separator at the very start", "\",a separator at the very start\""},
      {"1234567,", "\"1234567,\""},
      {"123456789,abcdef", "\"123456789,abcdef\""},
      {"ab,", "\"ab,\""},
      {"abc,e", "\"abc,e\""},
  };
  const Output format = format_of(kCsv, {"A", "B"});
  for (const Case& c : kCases) {
    INFO(c.text);
    CHECK(row(format, {Value::text(c.text), Value::integer(1)}) == std::string(c.cell) + ",1\n");
  }
}

TEST_CASE("csv: blanks") {
  Output format = format_of(kCsv, {"A", "B", "C"});
  format.columns[1].blank_as = "N/A";
  format.columns[2].blank_as = "a,b";
  const std::vector<Value> blanks = {Value(), Value::blank(Kind::null), Value::blank(Kind::empty)};
  CHECK(row(format, blanks) == ",N/A,\"a,b\"\n");

  Output lone = format_of(kCsv, {"A"});
  CHECK(row(lone, {Value()}) == "\"\"\n");
  CHECK(row(lone, {Value::text("")}) == "\"\"\n");
  CHECK(row(lone, {Value::text("x")}) == "x\n");
  lone.columns[0].blank_as = "-";
  CHECK(row(lone, {Value()}) == "-\n");
  lone.columns[0].blank_as = "";
  lone.audit_columns = {"record"};
  CHECK(row(lone, {Value()}) == ",4\n");
}

TEST_CASE("csv: header and line ends") {
  Output format = format_of(kCsv, {"Fecha, hora", "B"});
  CHECK(header(format) == "\"Fecha, hora\",B\n");
  format.separator = ";";
  CHECK(header(format) == "Fecha, hora;B\n");
  format.audit_columns = {"file", "record", "line", "run"};
  CHECK(header(format) == "Fecha, hora;B;file;record;line;run\n");
  CHECK(row(format, {Value::text("x"), Value()}) == "x;;d.json;4;22;run-1\n");
  format.header = false;
  CHECK(header(format).empty());
  format.for_excel = true;
  CHECK(header(format) == "\xEF\xBB\xBF");
  CHECK(row(format, {Value::text("x"), Value()}) == "x;;d.json;4;22;run-1\r\n");
  CHECK(written(format, {"", "x\r\n", "", "y\r\n"}) == "\xEF\xBB\xBFx\r\ny\r\n");
}

TEST_CASE("csv: for_excel makes texts safe and counts them") {
  struct Case {
    std::string_view text;
    std::string_view cell;
    std::uint64_t counted;
  };
  static constexpr Case kCases[] = {
      {"=1+1", "'=1+1", 1},
      {"+57 300", "'+57 300", 1},
      {"-", "'-", 1},
      {"@sum", "'@sum", 1},
      {"\tx", "'\tx", 1},
      {"\rx", "\"'\rx\"", 1},
      {"=a,b", "\"'=a,b\"", 1},
      {"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"", 1},
      {"a=b", "a=b", 0},
      {" =1", "\" =1\"", 0},
      {"'=1", "'=1", 0},
      {"", "", 0},
      // what a spreadsheet passes over, and signs as wide as a Chinese character
      {"\n=1+1", "\"'\n=1+1\"", 1},
      {std::string_view("\0=1", 3), std::string_view("'\0=1", 4), 1},
      {"\uFF1D1", "'\uFF1D1", 1},
      {"\uFF0B1", "'\uFF0B1", 1},
      {"\uFF0D1", "'\uFF0D1", 1},
      {"\uFF20x", "'\uFF20x", 1},
      {"\uFF1E1", "\uFF1E1", 0},
      {"\u00E9", "\u00E9", 0},
  };
  Output format = format_of(kCsv, {"A", "B"});
  format.for_excel = true;
  for (const Case& c : kCases) {
    INFO(c.text);
    const auto encoder = format.spec->encoder(format);
    RowBlock out;
    encoder->row(std::vector<Value>{Value::text(c.text), Value::integer(1)}, {}, {}, out);
    CHECK(out.bytes == std::string(c.cell) + ",1\r\n");
    CHECK(out.made_safe == c.counted);
    const RowBlock::Mark once = out.mark();
    encoder->row(std::vector<Value>{Value::text(c.text), Value::integer(2)}, {}, {}, out);
    CHECK(out.made_safe == 2 * c.counted);
    out.cut(once);  // a record that is taken back made nothing safe
    CHECK(out.bytes == std::string(c.cell) + ",1\r\n");
    CHECK(out.made_safe == c.counted);
  }
  CHECK(row(format, {Value::integer(-5), Value::json("-5")}) == "-5,-5\r\n");
}

TEST_CASE("csv: for_excel counts what Excel will show otherwise") {
  struct Case {
    const char* text;
    bool changed;
  };
  static constexpr Case kCases[] = {
      {"007", true},
      {"0", false},
      {"0.5", false},
      {"00.5", true},
      {"1E5", true},
      {"1e5", true},
      {"1.5E+10", true},
      {"1E", false},
      {"E5", false},
      {"12E5X", false},
      {"2E", false},
      {"1234567890123456", true},
      {"123456789012345", false},
      {"0.1234567890123456", true},
      {"0.00000000000000012", false},
      {"3-4", true},
      {"3/4", true},
      {"31-12", true},
      {"12-31", true},
      {"32-1", false},
      {"13-13", false},
      {"0-4", false},
      {"3-4-25", true},
      {"3-4-2025", true},
      {"3-4-20255", false},
      {"3-4-5-6", false},
      {"2025-03-05", true},
      {"2025-3", true},
      {"2025-13", false},
      {"12/2025", true},
      {"13/2025", false},
      {"2025-03-05 10:00", true},
      {"3-4 x", false},
      {"2025-03-05x", false},
      {"SEP2", true},
      {"sep 2", true},
      {"2-SEP", true},
      {"2SEP", true},
      {"Mar-5", true},
      {"dic 2025", true},
      {"MARCH1", true},
      {"septiembre 2", true},
      {"2 ene 2025", true},
      {"SEP", false},
      {"SEPT", false},
      {"SEPX2", false},
      {"MA2", false},
      {"DBL2", false},
      {"32SEP", false},
      {"A-1", false},
      {"1-A", false},
      {"", false},
      {"7", false},
      {"abc", false},
      {"12:30", false},
      {"1.10", false},
      {"-007", false},
      {"DECEMBER 25 ", false},
  };
  Output format = format_of(kCsv, {"A", "B"});
  format.for_excel = true;
  for (const Case& c : kCases) {
    INFO(c.text);
    const auto encoder = format.spec->encoder(format);
    RowBlock out;
    encoder->row(std::vector<Value>{Value::integer(1), Value::text(c.text)}, {}, {}, out);
    using Noted = std::vector<RowBlock::Noted>;
    CHECK(out.noted == (c.changed ? Noted{{1, NoticeCode::excel_changes}} : Noted{}));
    const RowBlock::Mark once = out.mark();
    encoder->row(std::vector<Value>{Value::text(c.text), Value()}, {}, {}, out);
    out.cut(once);  // a record that is taken back changes nothing
    CHECK(out.noted.size() == (c.changed ? 1 : 0));
  }
  const auto changed = [&format](const Value& value) {
    RowBlock out;
    format.spec->encoder(format)->row(std::vector<Value>{value, Value()}, {}, {}, out);
    return !out.noted.empty();
  };
  format.decimal_mark = ",";
  format.thousands_mark = ".";
  CHECK(changed(Value::decimal({1234567890123456, 2})));
  CHECK(!changed(Value::decimal({123456789012345, 2})));
  CHECK(!changed(Value::decimal({12, 1})));  // 1,2: a number of the column, with its marks
  format.for_excel = false;
  CHECK(!changed(Value::text("007")));
}

TEST_CASE("csv: numbers") {
  struct Case {
    Decimal number;
    std::string_view decimal_mark;
    std::string_view thousands_mark;
    std::string_view cell;
  };
  static constexpr Case kCases[] = {
      {{125050, 2}, ".", "", "1250.50"},     {{125050, 2}, ",", "", "1250,50"},
      {{125050, 2}, ",", ".", "1.250,50"},   {{-125050, 2}, ".", " ", "-1 250.50"},
      {{999, 0}, ",", ".", "999"},           {{-999, 0}, ",", ".", "-999"},
      {{1000, 0}, ",", ".", "1.000"},        {{123456, 0}, ",", ".", "123.456"},
      {{1234567, 0}, ",", ".", "1.234.567"}, {{-1234567, 1}, ",", ".", "-123.456,7"},
      {{5, 4}, ",", ".", "0,0005"},          {{0, 2}, ",", "", "0,00"},
      {{1234567, 2}, "·", "’", "12’345·67"},
  };
  for (const Case& c : kCases) {
    INFO(c.cell);
    Output format = format_of(kCsv, {"A", "B"});
    format.separator = ";";
    format.decimal_mark = c.decimal_mark;
    format.thousands_mark = c.thousands_mark;
    CHECK(row(format, {Value::decimal(c.number), Value()}) == std::string(c.cell) + ";\n");
  }
  Output comma = format_of(kCsv, {"A", "B"});
  comma.thousands_mark = ",";
  CHECK(row(comma, {Value::integer(1234), Value::integer(123)}) == "\"1,234\",123\n");
}

TEST_CASE("csv: other kinds and a value written as it was sent") {
  Output format = format_of(kCsv, {"A", "B"});
  format.columns[0].format.yes = "=sí";
  format.columns[0].format.boolean_words = true;
  format.columns[1].format.duration = ColumnFormat::DurationUnit::hours;
  CHECK(row(format, {Value::boolean(true), Value::duration({5400, 0, 0})}) == "=sí,1.5\n");
  format.decimal_mark = ",";
  format.separator = ";";
  CHECK(row(format, {Value::boolean(false), Value::duration({5400, 0, 0})}) == "false;1,5\n");
  CHECK(row(format, {Value::text("12,5"), Value::json("{\"a\": [1,\n2]}")}) ==
        "12,5;\"{\"\"a\"\": [1,\n2]}\"\n");
  CHECK(row(format, {Value::date(date_of({2025, 2, 8})), Value::text("x")}) == "2025-02-08;x\n");
  format.separator = "-";
  CHECK(row(format, {Value::date(date_of({2025, 2, 8})), Value::text("x")}) ==
        "\"2025-02-08\"-x\n");
}

TEST_CASE("csv: a separator of several bytes") {
  Output format = format_of(kCsv, {"A", "B"});
  format.separator = "||";
  CHECK(row(format, {Value::text("a|b"), Value::text("a||b")}) == "a|b||\"a||b\"\n");
}

TEST_CASE("csv: the columns' order is that of the output and not of the values") {
  Output format = format_of(kCsv, {});
  format.columns = {column("B", 2), column("A", 0)};
  CHECK(row(format, {Value::text("a"), Value::text("internal"), Value::text("b")}) == "b,a\n");
}

TEST_CASE("ndjson: each kind") {
  struct Case {
    Value value;
    std::string_view json;
  };
  const Case cases[] = {
      {Value(), "null"},
      {Value::blank(Kind::null), "null"},
      {Value::blank(Kind::empty), "null"},
      {Value::text(""), "\"\""},
      {Value::text("a\"b"), "\"a\\\"b\""},
      {Value::text("back\\slash"), "\"back\\\\slash\""},
      {Value::text("line\nend and more"), "\"line\\nend and more\""},
      {Value::text(std::string_view("\0", 1)), "\"\\u0000\""},
      {Value::text("\x1f"), "\"\\u001f\""},
      {Value::text("\x7f"), "\"\x7f\""},
      {Value::text("12", Origin::number), "\"12\""},
      {Value::text("Pérez"), "\"Pérez\""},
      {Value::decimal({125050, 2}), "1250.50"},
      {Value::decimal({-5, 1}), "-0.5"},
      {Value::boolean(true), "true"},
      {Value::boolean(false), "false"},
      {Value::date(date_of({2025, 2, 8})), "\"2025-02-08\""},
      {Value::duration({5400, 0, 0}), "\"PT1H30M\""},
      {Value::json("{\"a\":\n [1,\r\n2]}"), "{\"a\":  [1,  2]}"},
      {Value::json("null"), "null"},
  };
  const Output format = format_of(kNdjson, {"A"});
  for (const Case& c : cases) {
    INFO(c.json);
    CHECK(row(format, {c.value}) == "{\"A\":" + std::string(c.json) + "}\n");
  }
  CHECK(header(format).empty());
}

TEST_CASE("ndjson: what the mapping says of numbers and booleans and blanks") {
  Output format = format_of(kNdjson, {"A", "B", "C"});
  format.columns[0].blank_left_out = true;
  format.columns[1].format.yes = "s\"í";
  format.columns[1].format.boolean_words = true;
  format.columns[2].format.duration = ColumnFormat::DurationUnit::minutes;
  CHECK(row(format, {Value(), Value::boolean(true), Value::duration({5400, 0, 0})}) ==
        "{\"B\":\"s\\\"í\",\"C\":90}\n");
  format.numbers_as_text = true;
  CHECK(row(format, {Value::decimal({1250, 2}), Value(), Value::duration({5400, 0, 0})}) ==
        "{\"A\":\"12.50\",\"B\":null,\"C\":\"90\"}\n");
  format.decimal_mark = ",";
  CHECK(row(format, {Value::decimal({1250, 2}), Value(), Value()}) ==
        "{\"A\":\"12,50\",\"B\":null,\"C\":null}\n");
  format.numbers_as_text = false;
  CHECK(row(format, {Value::decimal({1250, 2}), Value(), Value()}) ==
        "{\"A\":12.50,\"B\":null,\"C\":null}\n");
}

TEST_CASE("ndjson: dots nest and the columns of one object stand together") {
  Output format = format_of(kNdjson, {"cliente.email", "id", "cliente.dir.calle", "cliente.n",
                                      "cliente.dir.n", "otro.x"});
  const std::vector<Value> values = {Value::text("e"),  Value::integer(1), Value::text("c"),
                                     Value::integer(2), Value::integer(3), Value::integer(4)};
  CHECK(row(format, values) ==
        "{\"cliente\":{\"email\":\"e\",\"dir\":{\"calle\":\"c\",\"n\":3},\"n\":2},\"id\":1,"
        "\"otro\":{\"x\":4}}\n");
  for (OutputColumn& c : format.columns) c.blank_left_out = true;
  std::vector<Value> blank(6);
  CHECK(row(format, blank) == "{}\n");
  blank[1] = Value::integer(1);
  CHECK(row(format, blank) == "{\"id\":1}\n");
  blank[4] = Value::integer(3);
  CHECK(row(format, blank) == "{\"cliente\":{\"dir\":{\"n\":3}},\"id\":1}\n");
  blank[5] = Value::json("{}");
  CHECK(row(format, blank) == "{\"cliente\":{\"dir\":{\"n\":3}},\"id\":1,\"otro\":{\"x\":{}}}\n");
  blank.assign(6, Value());
  blank[0] = Value::integer(1);
  CHECK(row(format, blank) == "{\"cliente\":{\"email\":1}}\n");
}

TEST_CASE("ndjson: the rest comes next and audit columns last") {
  Output format = format_of(kNdjson, {"A"});
  CHECK(row(format, {Value::integer(1)}, "\"x\":1,\n\"y\":2") == "{\"A\":1,\"x\":1, \"y\":2}\n");
  format.columns[0].blank_left_out = true;
  CHECK(row(format, {Value()}, "\"x\":1") == "{\"x\":1}\n");
  format.audit_columns = {"file", "record", "line", "run"};
  CHECK(row(format, {Value::integer(1)}, "\"x\":1") ==
        "{\"A\":1,\"x\":1,\"file\":\"d.json\",\"record\":4,\"line\":22,\"run\":\"run-1\"}\n");
  format.audit_columns = {"record"};
  format.numbers_as_text = true;
  CHECK(row(format, {Value()}) == "{\"record\":\"4\"}\n");
}

TEST_CASE("json: a list") {
  const Output format = format_of(kJson, {"A"});
  const std::string one = row(format, {Value::integer(1)});
  const std::string two = row(format, {Value::integer(2)});
  const std::string both = "[\n{\"A\":1},\n{\"A\":2}\n]\n";
  CHECK(written(format, {one + two}) == both);
  CHECK(written(format, {one, two}) == both);
  CHECK(written(format, {"", one, "", two, ""}) == both);  // pieces of no rows
  CHECK(written(format, {}) == "[]\n");
  CHECK(written(format, {""}) == "[]\n");
}

TEST_CASE("ndjson: rows and nothing around them") {
  const Output format = format_of(kNdjson, {"A"});
  CHECK(written(format, {}).empty());
  CHECK(written(format, {row(format, {Value::integer(1)}), row(format, {Value()})}) ==
        "{\"A\":1}\n{\"A\":null}\n");
}

TEST_CASE("json: random texts make valid objects and unescape to themselves") {
  std::mt19937 random(7);
  const Output format = format_of(kNdjson, {"a", "o.b"});
  static constexpr std::string_view kPieces[] = {"a",  "\"", "\\", "\n", "\x01", "é",
                                                 "\t", "{",  ",",  "😀", "/",    "long plain text"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
    std::string line = row(format, {Value::text(text), Value::text(text)});
    REQUIRE(line.back() == '\n');
    line.pop_back();
    INFO(line);
    REQUIRE(is_json_object(line));
    const std::string start = "{\"a\":\"";
    const std::size_t end = line.find("\",\"o\":{");
    REQUIRE(end != std::string::npos);
    std::string back;
    append_json_unescaped(back, std::string_view(line).substr(start.size(), end - start.size()));
    CHECK(back == text);
  }
}

TEST_CASE("csv: random rows are read back by a plain reader") {
  std::mt19937 random(11);
  static constexpr std::string_view kPieces[] = {"a", "\"", ",",  "\n",     "\r",
                                                 " ", "é",  "\t", "bcdefgh"};
  const Output format = format_of(kCsv, {"a", "b", "c"});
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::string> texts(3);
    std::vector<Value> values;
    for (std::string& text : texts) {
      for (auto n = random() % 8; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
      values.push_back(Value::text(text));
    }
    const std::string line = row(format, values);
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t k = 0; k + 1 < line.size(); ++k) {
      const char c = line[k];
      if (quoted && c == '"' && line[k + 1] == '"') {
        cells.back() += line[++k];
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    INFO(line);
    CHECK(cells == texts);
  }
}
