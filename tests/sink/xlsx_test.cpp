// Workbooks: what a cell can hold exactly, how it is written, and that what the library made of it
// is read back.

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <charconv>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/unnamed_file.h"
#include "sink/format.h"
#include "sink/row_encoder.h"
#include "sink/workbook_proof.h"
#include "sink/xlsx_cells.h"
#include "sink/xlsx_target.h"

using namespace trama;

namespace {

OutputFormat format_of(const std::vector<std::string>& names) {
  OutputFormat format;
  for (std::size_t i = 0; i < names.size(); ++i) {
    OutputColumn& column = format.columns.emplace_back();
    column.name = names[i];
    column.value = i;
  }
  return format;
}

std::uint32_t number(const std::string& zip, std::size_t at, std::size_t bytes) {
  std::uint32_t n = 0;
  for (std::size_t i = bytes; i > 0; --i) n = n << 8U | static_cast<unsigned char>(zip[at + i - 1]);
  return n;
}

/// The parts of a workbook, unpacked.
std::map<std::string, std::string> parts_of(const std::string& zip) {
  std::map<std::string, std::string> parts;
  std::size_t at = 0;
  while (number(zip, at, 4) == 0x04034b50) {
    const std::size_t packed = number(zip, at + 18, 4);
    const std::size_t size = number(zip, at + 22, 4);
    const std::size_t name = number(zip, at + 26, 2);
    const std::size_t data = at + 30 + name + number(zip, at + 28, 2);
    std::string part(size, '\0');
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, -MAX_WBITS) == Z_OK);
    std::string in = zip.substr(data, packed);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    inflateEnd(&stream);
    parts[zip.substr(at + 30, name)] = part;
    at = data + packed;
  }
  return parts;
}

/// A workbook of these rows of texts, in sheets of `rows` rows.
std::string workbook(const std::vector<std::vector<std::string>>& rows, std::size_t sheet_rows,
                     std::size_t block_rows, const std::string& name = "m") {
  const OutputFormat format = format_of({"A", "B"});
  std::string out;
  auto opened = open_xlsx_target({.text = &out, .name = name, .now = 1700000000}, format,
                                 {.rows = sheet_rows});
  REQUIRE(opened.ok());
  Target& target = *opened.value();
  REQUIRE(target.begin().ok());
  const auto encoder = kXlsxFormat.encoder(format);
  RowBlock block;
  std::size_t in_block = 0;
  for (const auto& row : rows) {
    encoder->row(std::vector<Value>{Value::text(row[0]), Value::text(row[1])}, {}, {}, block);
    if (++in_block < block_rows) continue;
    REQUIRE(target.take(std::move(block)).ok());
    block = {};
    in_block = 0;
  }
  REQUIRE(target.take(std::move(block)).ok());
  target.report({.name = "M", .rows = {{{"what ran", "_x0041_ <&>"}, true}}});
  const Result<void> ended = target.end();
  REQUIRE(ended.ok());
  return out;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("xlsx: texts as a workbook writes them") {
  struct Case {
    std::string_view text;
    std::string_view written;
  };
  using namespace std::string_view_literals;
  static constexpr Case kCases[] = {
      {"", ""},
      {"007 =1+1 @x https://x.y \"'<&>", "007 =1+1 @x https://x.y \"'<&>"},
      {"a\tb\nc", "a\tb\nc"},
      {"a\r\nb", "a_x000D_\nb"},
      {"\0\x01\x1f"sv, "_x0000__x0001__x001F_"},
      {"_x0041_", "_x005F_x0041_"},
      {"__x00e9__", "__x005F_x00e9__"},
      {"_x0041_x0042_", "_x005F_x0041_x005F_x0042_"},  // who reads goes on behind an escape
      {"_x004_ _x00411_ _X0041_ _xGGGG_ _", "_x004_ _x00411_ _X0041_ _xGGGG_ _"},
      {"\uFFFE\uFFFF\uFFFD\uFEFF", "_xFFFE__xFFFF_\uFFFD\uFEFF"},
      {"\x7f\u0080ñ😀", "\x7f\u0080ñ😀"},
  };
  for (const Case& c : kCases) {
    INFO(c.written);
    std::string out = "|";
    append_xlsx_text(out, c.text);
    CHECK(out == "|" + std::string(c.written));
  }
  const auto units = [](const std::string& text) {
    std::string out;
    return append_xlsx_text(out, text);
  };
  CHECK(units(std::string(40000, 'a')) == 40000);
  std::string faces;
  for (int i = 0; i < 20000; ++i) faces += "😀";
  CHECK(units(faces) == 40000);
  std::string accents;
  for (int i = 0; i < 20000; ++i) accents += "ñ";
  CHECK(units(accents) <= 40000);
  CHECK(units(accents + accents) == 40000);
}

TEST_CASE("xlsx: a text that no cell holds is refused, and the row is cut off") {
  const OutputFormat format = format_of({"A", "B"});
  const auto encoder = kXlsxFormat.encoder(format);
  RowBlock block;
  const auto row = [&](const std::string& text) {
    encoder->row(std::vector<Value>{Value::integer(1), Value::text(text)}, {}, {}, block);
  };
  row(std::string(32767, 'a'));
  CHECK(!block.refused.has_value());
  const RowBlock::Mark before = block.mark();
  row(std::string(32768, 'a'));
  REQUIRE(block.refused.has_value());
  CHECK(block.refused->column == 1);
  CHECK(block.refused->reason == Reason::cell_too_long);
  CHECK(plain(block.refused->a) == "32768");
  CHECK(plain(block.refused->b) == "32767");
  block.cut(before);
  CHECK(!block.refused.has_value());
  row(std::string(32766, 'a') + '\r');  // as it is written it is longer
  CHECK(plain(block.refused->a) == "32773");
  block.cut(before);
  OutputFormat audited = format;
  audited.audit_columns = {"key"};
  RowBlock other;
  const std::string key(40000, 'k');
  RowAudit audit;
  audit.key = key;
  kXlsxFormat.encoder(audited)->row(std::vector<Value>{Value(), Value()}, audit, {}, other);
  REQUIRE(other.refused.has_value());
  CHECK(other.refused->column == SIZE_MAX);
}

TEST_CASE("xlsx: numbers that Excel keeps") {
  struct Case {
    std::string_view digits;
    int decimals;
    bool kept;
  };
  static constexpr Case kCases[] = {
      {"0", 0, true},
      {"-123456789012345", 0, true},
      {"1234567890123456", 0, false},
      {"1234567890123450", 0, true},
      {"100000000000000000000000000000", 0, true},
      {"0.123456789012345", 15, true},
      {"0.1234567890123456", 16, false},
      {"1.23456789012345000000", 20, true},
      {"1000000000000000.1", 1, false},
      {"0.000000000000000000000000000001", 30, true},
      {"0.0000000000000000000000000000001", 31, false},
      {"99999999999999.9", 1, true},
      {"-9999999999999.999", 3, false},
  };
  for (const Case& c : kCases) {
    INFO(c.digits);
    CHECK(xlsx_keeps(c.digits, c.decimals) == c.kept);
  }
}

TEST_CASE("xlsx: what is noted, and what is a number") {
  OutputFormat format = format_of({"A"});
  const auto encoder = kXlsxFormat.encoder(format);
  const auto cell = [&](const Value& value, bool noted = false) {
    static RowBlock block;
    block = {};
    encoder->row(std::vector<Value>{value}, {}, {}, block);
    using Noted = std::vector<RowBlock::Noted>;
    CHECK(block.noted == (noted ? Noted{{0, NoticeCode::excel_as_text}} : Noted{}));
    std::string_view bytes = block.bytes;
    const XlsxCell taken = take_cell(bytes);
    CHECK(bytes.empty());
    return taken;
  };
  using Is = XlsxCell::Kind;
  XlsxCell one = cell(Value::decimal({1250, 2}));
  CHECK(one.kind == Is::number);
  CHECK(one.text == "12.50");
  CHECK(one.decimals == 2);
  one = cell(Value::decimal({1234567890123456, 2}), true);
  CHECK(one.kind == Is::text);
  CHECK(one.text == "12345678901234.56");
  CHECK(cell(Value::text("007")).kind == Is::text);
  CHECK(cell(Value::json("[1]")).text == "[1]");
  CHECK(cell(Value()).kind == Is::blank);
  CHECK(cell(Value::boolean(true)).yes);
  CHECK(cell(Value::boolean(false)).kind == Is::boolean);

  // 1970-01-01 is 25569 in Excel's count
  one = cell(Value::date({0}));
  CHECK(one.form == XlsxForm::date);
  CHECK(one.milliseconds == 25569 * kXlsxDay);
  CHECK(cell(Value::date(date_of({1900, 3, 1}))).milliseconds == 61 * kXlsxDay);
  one = cell(Value::date(date_of({1900, 2, 28})), true);
  CHECK(one.text == "1900-02-28");
  CHECK(cell(Value::date(date_of({9999, 12, 31}))).milliseconds == 2958465 * kXlsxDay);
  one = cell(Value::time({86399, 999000000}, 3));
  CHECK(one.form == XlsxForm::time_3);
  CHECK(one.milliseconds == 86399999);
  CHECK(cell(Value::time({1, 999900000}, 4), true).text == "00:00:01.9999");
  one = cell(Value::datetime({.seconds = 1, .offset = kNoOffset, .nanos = 500000000}, 9));
  CHECK(one.form == XlsxForm::datetime_3);
  CHECK(one.milliseconds == 25569 * kXlsxDay + 1500);
  one = cell(Value::datetime({.seconds = 1, .offset = 0, .nanos = 0}, 0), true);
  CHECK(one.text == "1970-01-01T00:00:01Z");
  one = cell(Value::datetime({.seconds = -2203977600, .offset = kNoOffset, .nanos = 0}, 0), true);
  CHECK(one.text == "1900-02-28T00:00:00");
}

TEST_CASE("xlsx: patterns of a mapping that Excel can show") {
  struct Case {
    std::string_view pattern;
    std::string_view number_format;  // "": as text
    std::int64_t unit;
  };
  static constexpr Case kCases[] = {
      {"DD/MM/YYYY", "dd\\/mm\\/yyyy", kXlsxDay},
      {"D.M.YY", "d\\.m\\.yy", kXlsxDay},
      {"YYYY-MM-DD HH:mm", "yyyy-mm-dd hh:mm", 60000},
      {"DD/MM/YYYY HH:mm:ss.SS", "dd\\/mm\\/yyyy hh:mm:ss.00", 10},
      {"H:mm am", "h:mm AM/PM", 60000},
      {"HH", "hh", 3600000},
      {"YYYYMMDD", "yyyymmdd", kXlsxDay},
      {"HH:mm DD/MM/YYYY", "hh:mm dd\\/mm\\/yyyy", 60000},
      {"HH MM DD YYYY", "", 0},     // Excel would take the months for minutes
      {"mm HH YYYY-MM-DD", "", 0},  // and these minutes for months
      {"DD-MMM-YYYY", "", 0},
      {"DDDD", "", 0},
      {"YYYY-MM-DD'T'HH:mm", "", 0},
      {"HH:mm:ssS*", "", 0},
      {"YYYY-MM-DD HH:mm:ss Z", "", 0},
      {"unix-seconds", "", 0},
  };
  for (const Case& c : kCases) {
    INFO(c.pattern);
    ColumnFormat format;
    DatePattern::Problem problem;
    REQUIRE(DatePattern::compile(c.pattern, Names::en, 2000, format.pattern.emplace(), problem));
    const std::optional<MomentForm> form = moment_form(format);
    CHECK(form.has_value() == !c.number_format.empty());
    if (!form) continue;
    CHECK(form->number_format == c.number_format);
    CHECK(form->unit == c.unit);
  }
  CHECK(!moment_form({}).has_value());
}

TEST_CASE("xlsx: a moment holds what its pattern writes and no more") {
  OutputFormat format = format_of({"A"});
  const auto milliseconds = [&](std::string_view pattern, const Value& value) {
    DatePattern::Problem problem;
    REQUIRE(DatePattern::compile(pattern, Names::none, 2000,
                                 format.columns[0].format.pattern.emplace(), problem));
    RowBlock block;
    kXlsxFormat.encoder(format)->row(std::vector<Value>{value}, {}, {}, block);
    CHECK(block.noted.empty());
    std::string_view bytes = block.bytes;
    return take_cell(bytes).milliseconds;
  };
  const Value moment = Value::datetime({.seconds = 3723, .offset = -18000, .nanos = 456789012}, 9);
  CHECK(milliseconds("DD/MM/YYYY", moment) == 25569 * kXlsxDay);
  CHECK(milliseconds("DD/MM/YYYY HH:mm", moment) == 25569 * kXlsxDay + 3720000);
  CHECK(milliseconds("HH:mm:ss", moment) == 3723000);
  CHECK(milliseconds("HH:mm:ss.SSS", moment) == 3723456);
  CHECK(milliseconds("HH:mm:ss.S", moment) == 3723400);
}

TEST_CASE("xlsx: 15 digits survive the double, as the library writes it") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200000; ++i) {
    const std::int64_t digits = static_cast<std::int64_t>(random() % 1000000000000000ULL);
    const int decimals = static_cast<int>(random() % 31);
    char text[kDecimalChars];
    const std::string_view written(text, write_decimal(text, {digits, decimals}));
    double number_read = 0;
    std::from_chars(written.data(), written.data() + written.size(), number_read);
    char printed[40];
    std::snprintf(printed, sizeof printed, "%.16G", number_read);
    double again = 0;
    std::from_chars(printed, printed + std::string_view(printed).size(), again);
    CHECK(again == number_read);  // of the printed digits the same double is made
    std::snprintf(printed, sizeof printed, "%.14E", again);  // and its 15 digits are ours
    char wanted[40];
    std::snprintf(wanted, sizeof wanted, "%.14E", std::stod(std::string(written)));
    CHECK(std::string_view(printed) == wanted);
    std::string all = std::to_string(digits);
    std::string fifteen;
    for (const char* c = printed; *c != 'E'; ++c)
      if (*c != '.') fifteen += *c;
    all.resize(15, '0');
    if (digits != 0) CHECK(fifteen == all);
  }
}

TEST_CASE("xlsx: milliseconds survive the double") {
  std::mt19937_64 random(8);
  for (int i = 0; i < 200000; ++i) {
    const auto wanted =
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2958466 * kXlsxDay));
    const double serial = static_cast<double>(wanted) / static_cast<double>(kXlsxDay);
    char printed[40];
    std::snprintf(printed, sizeof printed, "%.16G", serial);
    const long double read = std::strtold(printed, nullptr) * static_cast<long double>(kXlsxDay);
    CHECK(static_cast<std::int64_t>(read + 0.5L) == wanted);
  }
}

TEST_CASE("xlsx: names of sheets") {
  CHECK(sheet_name("reservas") == "reservas");
  CHECK(sheet_name("a[b]:c*d?e/f\\g'h\n") == "a_b__c_d_e_f_g_h_");
  CHECK(sheet_name("") == "_");
  CHECK(sheet_name("History") == "History_");
  CHECK(sheet_name(std::string(40, 'a')) == std::string(31, 'a'));
  CHECK(sheet_name(std::string(40, 'a'), " (2)") == std::string(27, 'a') + " (2)");
  std::string faces;
  for (int i = 0; i < 20; ++i) faces += "😀";
  CHECK(sheet_name(faces) == faces.substr(0, std::size_t{15} * 4));  // two units each
}

TEST_CASE("xlsx: rows go on in further sheets, wherever blocks are cut") {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 10; ++i)
    rows.push_back({"r" + std::to_string(i), "_x0041_\r" + std::to_string(i)});
  const std::string zip = workbook(rows, 5, 3);
  CHECK(zip == workbook(rows, 5, 1));
  CHECK(zip == workbook(rows, 5, 100));
  auto parts = parts_of(zip);
  std::string all;
  for (int i = 1; i <= 3; ++i) {
    const std::string sheet = parts["xl/worksheets/sheet" + std::to_string(i) + ".xml"];
    CHECK(count(sheet, "<row ") == (i < 3 ? 5U : 3U));
    CHECK(count(sheet, "<is><t>A</t></is>") == 1);  // its header
    CHECK(count(sheet, i < 3 ? "<autoFilter ref=\"A1:B5\"/>" : "<autoFilter ref=\"A1:B3\"/>") == 1);
    CHECK(count(sheet, "state=\"frozen\"") == 1);
    all += sheet;
  }
  for (const auto& row : rows) CHECK(count(all, "<t>" + row[0] + "</t>") == 1);
  CHECK(count(all, "<t>_x005F_x0041__x000D_7</t>") == 1);
  CHECK(count(parts["xl/worksheets/sheet4.xml"], "_x005F_x0041_ &lt;&amp;&gt;") == 1);
  const std::string book = parts["xl/workbook.xml"];
  for (const char* const name : {"\"m\"", "\"m (2)\"", "\"m (3)\"", "\"M (4)\""})
    CHECK_MESSAGE(count(book, std::string("<sheet name=") + name) == 1, name);
  CHECK(count(book, "<sheet ") == 4);
  CHECK(count(parts["docProps/core.xml"], "2023-11-14T22:13:20Z") == 2);
}

TEST_CASE("xlsx: a sheet that is exactly full, and one without rows") {
  const std::vector<std::vector<std::string>> rows(4, {"a", "b"});
  auto parts = parts_of(workbook(rows, 5, 2));
  CHECK(parts.count("xl/worksheets/sheet3.xml") == 0);  // the rows, and the report
  parts = parts_of(workbook({}, 5, 2));
  CHECK(count(parts["xl/worksheets/sheet1.xml"], "<row ") == 1);
}

TEST_CASE("workbook proof: what is not whole is seen") {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 30000; ++i) rows.push_back({"row " + std::to_string(i), "text"});
  const std::string zip = workbook(rows, 1048576, 1000);
  auto parts = parts_of(zip);
  const auto rows_of = [&](int sheet) {
    const std::string& xml = parts["xl/worksheets/sheet" + std::to_string(sheet) + ".xml"];
    const std::size_t begin = xml.find("<sheetData>") + 11;
    return xml.substr(begin, xml.find("</sheetData>") - begin);
  };
  const auto file_of = [](const std::string& bytes) {
    const int fd = open_unnamed_file(temporary_folder());
    REQUIRE(fd >= 0);
    REQUIRE(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    return SheetRows{fd, bytes.size()};
  };
  const auto whole = [&](const std::string& book, const std::string& first,
                         const std::string& second) {
    const SheetRows packed = file_of(book);
    const std::vector<SheetRows> sheets = {file_of(first), file_of(second)};
    const bool is = is_whole_workbook(packed.fd, packed.size, sheets);
    for (const int fd : {packed.fd, sheets[0].fd, sheets[1].fd}) ::close(fd);
    return is;
  };
  const std::string first = rows_of(1);
  const std::string second = rows_of(2);
  REQUIRE(first.size() > 1000000);
  CHECK(whole(zip, first, second));
  CHECK(!whole(zip, first, ""));
  CHECK(!whole(zip, second, first));
  CHECK(!whole(zip, first + "x", second));
  CHECK(!whole(zip, first.substr(0, first.size() - 1), second));
  for (const std::size_t at : {std::size_t{0}, first.size() / 2, first.size() - 1}) {
    std::string other = first;
    other[at] = '\1';
    CHECK(!whole(zip, other, second));
  }
  for (const std::size_t at : {zip.size() / 3, zip.size() / 2, zip.size() - 10}) {
    std::string other = zip;
    other[at] = static_cast<char>(other[at] ^ 0x10);
    CHECK(!whole(other, first, second));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{21}, zip.size() / 2, zip.size() - 1})
    CHECK(!whole(zip.substr(0, size), first, second));
}
