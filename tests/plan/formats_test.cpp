// The table of formats against what `check` says: each word of `output` goes with the formats that
// obey it, and no message is made of another list.

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/words.h"
#include "sink/format.h"
#include "sink/row_encoder.h"
#include "support/mapped.h"
#include "text/catalogue.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

/// The diagnostics of a mapping with that `output`, as text.
std::string told(const std::string& output, const std::string& columns = "A: a") {
  TextFiles files;
  files.files["m.yaml"] =
      "mapping: m\nversion: 1\ncolumns:\n  " + columns + "\noutput: {" + output + "}\n";
  const LoadedMapping loaded = load_mapping("m.yaml", "", files);
  return render_text(loaded.diagnostics, loaded.files);
}

/// A value that the word takes in any format.
std::string value_of(std::string_view word) {
  static const std::map<std::string_view, std::string> kValues = {
      {"separator", "\";\""}, {"decimal_mark", "\"·\""}, {"thousands_mark", "\"'\""},
      {"header", "no"},       {"for_excel", "yes"},      {"numbers_as", "text"},
      {"rest", "yes"}};
  const auto known = kValues.find(word);
  return known == kValues.end() ? "" : known->second;
}

}  // namespace

TEST_CASE("formats: each has a name of its own, a summary and words of `output`") {
  std::set<std::string_view> names;
  for (const FormatSpec* format : all_formats()) {
    INFO(format->name);
    CHECK(names.insert(format->name).second);
    CHECK(format->summary != "");
    CHECK(find_format(format->name) == format);
    for (const std::string_view word : format->words) {
      CHECK_MESSAGE(find_word(Section::output, word) != nullptr, word);
      CHECK(format->obeys(word));
    }
    const FormatSpec& tested = format_of_tests(*format);
    CHECK(tested.nests == (format->nests || format->holds_lists));
    CHECK(&format_of_tests(tested) == &tested);
  }
  CHECK(all_formats().front() == &kCsvFormat);  // a mapping that states none has had it since ever
  CHECK(find_format("no such") == nullptr);
  CHECK(find_format("") == nullptr);
}

TEST_CASE("formats: a word goes with the formats that obey it, and with no other") {
  std::set<std::string_view> words;
  for (const FormatSpec* format : all_formats())
    words.insert(format->words.begin(), format->words.end());
  for (const std::string_view word : words) {
    REQUIRE_MESSAGE(value_of(word) != "", "a value for ", word, " is missing in this test");
    for (const FormatSpec* format : all_formats()) {
      INFO(word, " in ", format->name);
      const std::string found = told("format: " + std::string(format->name) + ", " +
                                     std::string(word) + ": " + value_of(word));
      const std::string refused = "'" + std::string(word) + "' does nothing without 'format: " +
                                  say(Language::en, formats_that_obey(word)) + "'";
      CHECK((found.find(refused) != std::string::npos) == !format->obeys(word));
      CHECK((found == "") == format->obeys(word));
    }
  }
}

TEST_CASE("formats: `each` and names with dots go by whether a format nests") {
  for (const FormatSpec* format : all_formats()) {
    INFO(format->name);
    const std::string output = "format: " + std::string(format->name);
    CHECK((told(output, "A: {each: l, columns: {B: b}}") == "") ==
          (format->nests || format->holds_lists));
    CHECK((told(output, "A: a\n  A.b: b") == "") == !format->nests);
  }
}

TEST_CASE("formats: none loses the audit columns, which go with all of them") {
  for (const FormatSpec* format : all_formats()) {
    INFO(format->name);
    OutputFormat output;
    output.audit_columns = {"file", "record", "line", "run", "corrected"};
    REQUIRE(format->obeys("audit_columns"));
    if (format == &kParquetFormat) continue;  // no text: tests/parquet_test.py reads it
    RowBlock block;
    format->encoder(output)->row({}, {"d.json", 4711, 22, "run-1", true}, {}, block);
    const std::string& out = block.bytes;
    for (const char* const part : {"d.json", "4711", "22", "run-1"})
      CHECK_MESSAGE(out.find(part) != std::string::npos, part);
  }
}

TEST_CASE("formats: an unknown one is told with those that there are") {
  CHECK(told("format: ndjsn").find("did you mean 'ndjson'? possible: " + format_names()) !=
        std::string::npos);
  CHECK(told("format: surprise").find("possible: " + format_names()) != std::string::npos);
}
