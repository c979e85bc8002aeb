#include "report/reject_line.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "json/place_at.h"
#include "text/catalogue.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

std::string read(RejectReader& reader, std::string line, KeptRecord& out) {
  const std::size_t size = line.size();
  line.append(64, ' ');
  return say(Language::en, reader.read({line.data(), size}, out));
}

std::string problem_of(const std::string& line) {
  RejectReader reader;
  KeptRecord out;
  return read(reader, line, out);
}

/// A line with the members that each of its tests changes.
std::string line_with(const std::string& replay, const std::string& source) {
  return R"({"file": "d", "record": 1, "line": 1, "byte": 0, "stage": "map", )" + replay + source +
         "}";
}

/// With the digest that trama would have written.
std::string signed_line(const std::string& line) {
  const std::string before = line.substr(0, line.size() - 1);
  return before + std::string(kRejectDigest) + sha256(before) + std::string(kRejectEnd);
}

RejectedRecord record_of(std::string_view bytes) {
  RejectedRecord record;
  record.number = 7;
  record.line = 3;
  record.column = 12;
  record.byte = 1171;
  record.bytes = bytes;
  record.whole_size = bytes.size();
  record.is_json = true;
  return record;
}

ReportNames names() {
  ReportNames names;
  names.mapping = "m";
  names.sources = {"a \"dump\".json"};
  names.terms = {"json /data{*}", "keep first of /id; others: report"};
  return names;
}

std::string line_of(const RejectedRecord& record, const ReportNames& names) {
  std::string line;
  Sha256 digest;
  append_reject(line, record, names, digest);
  line.pop_back();
  return line;
}

KeptRecord again(const RejectedRecord& record) {
  const std::string line = line_of(record, names());
  RejectReader reader;
  KeptRecord out;
  INFO(line);
  CHECK(read(reader, line, out) == "");
  CHECK(!out.rewritten);
  return out;
}

KeptRecord read_back(const std::string& line) {
  RejectReader reader;
  KeptRecord out;
  INFO(line);
  CHECK(read(reader, line, out) == "");
  return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("reject line: what was written is read back") {
  RejectedRecord record = record_of("{\"a\":\n  1.10,\r\n \"a\": \"\\u00e9\"\n}");
  record.entry_key = R"("k\"1")";
  record.stage = Stage::rule;
  const KeptRecord kept = again(record);
  CHECK(kept.file == "a \"dump\".json");
  CHECK(kept.mapping == "m");
  CHECK(kept.terms == names().terms);
  CHECK(kept.number == 7);
  CHECK(kept.line == 3);
  CHECK(kept.column == 12);
  CHECK(kept.byte == 1171);
  CHECK(kept.bytes == record.bytes);  // its carriage return too
  CHECK(kept.whole_size == kept.bytes.size());
  CHECK(kept.entry_key == R"("k\"1")");
  CHECK(!kept.cut);
  CHECK(!kept.rest);
  CHECK(!kept.duplicate);
}

TEST_CASE("reject line: its digests") {
  const RejectedRecord record = record_of("{\"a\":\r\n 1}");
  const std::string line = line_of(record, names());
  CHECK(line.find("\"source_sha256\": \"" + sha256(record.bytes) + "\", \"source\": {") !=
        std::string::npos);
  const std::size_t end = line.find(kRejectDigest);
  REQUIRE(end != std::string::npos);
  CHECK(line.substr(end) == ", \"digest\": \"sha256:" + sha256(line.substr(0, end)) + "\"}");
  // of a record that was too big, the bytes that are kept
  const std::string big(5000, 'x');
  RejectedRecord cut = record_of(big);
  cut.is_json = false;
  cut.too_big = true;
  CHECK(line_of(cut, names()).find(sha256(big.substr(0, 4096))) != std::string::npos);
  // where values are hidden, what they were could be found out by trying
  ReportNames masked = names();
  masked.mask_source = true;
  masked.personal.add(place_at("/a"));
  CHECK(line_of(record, masked).find("source_sha256") == std::string::npos);
}

TEST_CASE("reject line: what is not as trama wrote it") {
  const RejectedRecord record = record_of("{\"a\":\n  12345678901234567.89,\r\n \"b\": \"x y\"}");
  const std::string line = line_of(record, names());
  // any member, and any byte
  for (const auto& [what, by] :
       {std::pair("\"record\": 7", "\"record\": 8"), std::pair("\"byte\": 1171", "\"byte\": 1172"),
        std::pair("\"stage\": \"map\"", "\"stage\": \"rule\""), std::pair("dump", "Dump"),
        std::pair(".89", ".9"), std::pair("x y", "x z"), std::pair(", \"source\"", ",\"source\""),
        std::pair("sha256:", "sha512:")})
    CHECK(read_back(replaced(line, what, by)).rewritten);
  const std::size_t digest = line.find(kRejectDigest);
  CHECK(read_back(line.substr(0, digest) + "}").rewritten);
  CHECK(read_back(line.substr(0, digest) + ", \"more\": 1" + line.substr(digest)).rewritten);
  CHECK(read_back("{\"more\": 1, " + line.substr(1)).rewritten);
  CHECK(read_back(line + " ").rewritten);
  for (std::size_t i = 0; i + 2 < line.size(); i += 3) {
    std::string other = line;
    other[i] = static_cast<char>(other[i] ^ 1);
    RejectReader reader;
    KeptRecord out;
    const bool refused = !read(reader, other, out).empty();
    CHECK((refused || out.rewritten));
  }
  // what the record was is known by its own digest, whatever else was changed
  CHECK(read_back(replaced(line, "\"line\": 3", "\"line\": 4")).bytes == record.bytes);
  // of a record that was changed, the blanks stay blanks
  CHECK(read_back(replaced(line, "x y", "xy z")).bytes ==
        "{\"a\":   12345678901234567.89,   \"b\": \"xy z\"}");
}

TEST_CASE("reject line: a line that trama wrote wrong is not taken") {
  const std::string line = line_of(record_of("{\"a\":\n1}"), names());
  const auto signed_again = [](const std::string& text) {
    return signed_line(text.substr(0, text.find(kRejectDigest)) + "}");
  };
  CHECK(problem_of(signed_again(line)) == "");
  CHECK(problem_of(signed_again(replaced(line, "[5]", "[4]"))).find("its \"line_ends\"") == 0);
  CHECK(problem_of(signed_again(replaced(line, "\"line_ends\": [5]", "\"line_ends\": []")))
            .find("its \"source_sha256\"") == 0);
}

TEST_CASE("reject line: kinds of records") {
  RejectedRecord record = record_of("{\"a\" 1}");
  record.is_json = false;
  CHECK(again(record).bytes == "{\"a\" 1}");
  record.rest = true;
  CHECK(again(record).rest);
  record.rest = false;
  record.stage = Stage::duplicate;
  CHECK(again(record).duplicate);
  record.stage = Stage::read;
  record.too_big = true;
  record.whole_size = 20000000;
  const KeptRecord kept = again(record);
  CHECK(kept.cut);
  CHECK(kept.whole_size == 20000000);
  CHECK(kept.bytes == "{\"a\" 1}");
}

TEST_CASE("reject line: any bytes that are no JSON") {
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 256);
    RejectedRecord record = record_of(bytes);
    record.is_json = false;
    CHECK(again(record).bytes == bytes);
  }
}

TEST_CASE("reject line: a record as deep as records may be") {
  const std::string deep =
      "{\"a\":" + std::string(kMaxDepth - 1, '[') + std::string(kMaxDepth - 1, ']') + "}";
  CHECK(again(record_of(deep)).bytes == deep);
}

TEST_CASE("reject line: what is no reject is told") {
  const std::string replay = R"("replay": {"records": "auto"}, )";
  const std::string source = R"("source": {})";
  CHECK(problem_of(line_with(replay, source)) == "");
  struct Case {
    std::string line;
    std::string_view problem;
  };
  const Case cases[] = {
      {"", "it is damaged, at byte 1 of the line"},
      {"7", "it is not a line of a rejects file"},
      {"[]", "it is not a line of a rejects file"},
      {R"({"id": "A1", "email": "x"})", "it has no \"replay\""},
      {line_with(replay, source).substr(0, 60),
       "it is damaged, at byte 59 of the line: the text that"},
      {line_with(replay, R"("source": {"a": tru})"), "it is damaged, at byte 113 of the line"},
      {line_with(replay, "\"source\": {\"a\": \"\xff\"}"),
       "it is damaged, at byte 114 of the line: it is not UTF-8"},
      {line_with("", source), "it has no \"replay\""},
      {line_with(R"("replay": {}, )", source), "it has no \"replay\""},
      {line_with(replay, source + ", " + source), "the member 'source' appears twice"},
      {line_with(replay, R"("more": 1)"), "it does not hold its record"},
      {line_with(replay, source + R"(, "source_text": "x")"), "it does not hold its record"},
      {line_with(replay, R"("source_text": 1)"), "its \"source_text\" is not a text"},
      {line_with(replay, R"("source_base64": "abc")"), "its \"source_base64\" is not base64"},
      {line_with(replay, R"("source_base64": "ab=c")"), "its \"source_base64\" is not base64"},
      {line_with(replay, R"("source_base64": "a===")"), "its \"source_base64\" is not base64"},
      {line_with(replay, R"("source_text": "abc", "source_bytes": 2)"), "its \"source_bytes\""},
      {line_with(replay, R"("source_text": "abc", "source_bytes": "9")"), "its \"source_bytes\""},
      {signed_line(
           line_with(R"("replay": {"records": "auto", "line_ends": [1]}, )", R"("source": {})")),
       "its \"line_ends\""},
      {signed_line(
           line_with(R"("replay": {"records": "auto", "line_ends": [9]}, )", R"("source": { })")),
       "its \"line_ends\""},
      {signed_line(
           line_with(R"("replay": {"records": "auto", "line_ends": ["1"]}, )", R"("source": { })")),
       "its \"line_ends\""},
      {line_with(R"("replay": {"records": "auto", "column": -1}, )", source),
       "it does not say where its record stood"},
      {line_with(R"("replay": {"records": "auto", "masked": true}, )", source),
       "it was written with --rejects-without-personal"},
      {line_with(replay, R"("source_hidden": "x")"),
       "it was written with --rejects-without-personal"},
      {R"({"file": "d", "record": 0, "line": 1, "byte": 0, "stage": "map", )" + replay + source +
           "}",
       "it does not say where its record stood"},
      {R"({"file": "d", "record": 1, "line": 1, "byte": 1.5, "stage": "map", )" + replay + source +
           "}",
       "it does not say where its record stood"},
      {R"({"file": "d", "record": 1, "line": 1, "byte": 0, "stage": "maps", )" + replay + source +
           "}",
       "its \"stage\" is none of"},
      {R"({"file": 1, "record": 1, "line": 1, "byte": 0, "stage": "map", )" + replay + source + "}",
       "it has no \"file\""},
  };
  for (const Case& c : cases) {
    const std::string problem = problem_of(c.line);
    INFO(c.line, "\n", problem);
    CHECK(problem.substr(0, c.problem.size()) == c.problem);
  }
}
