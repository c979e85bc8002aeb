// However an input is cut, by however many threads it is mapped, and in whatever form it comes: the
// same rows, rejects and counts, byte for byte; nothing is lost and nothing doubled.

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <map>
#include <string>

#include "report/diagnostics_text.h"
#include "run/run_support.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

using Random = std::mt19937;

std::string one_of(Random& random, std::initializer_list<const char*> list) {
  return list.begin()[random() % list.size()];
}

/// A booking as a supplier may send it: mostly right, sometimes wrong in a field, sometimes no
/// record at all.
std::string booking(Random& random, int number) {
  const auto r = random() % 40;
  const std::string id = "\"B-" + std::to_string(number) + "\"";
  if (r == 0)
    return one_of(random, {"7", "\"text\"", "null", "[1,[2]]", "tru", "{\"id\":}",
                           "{\"id\":\"x\",}", "{\"id\":\"\\q\"}", "{\"id\":01}", "{}x"});
  if (r == 1) return "{\"id\":" + id + ",\"id\":" + id + "}";
  if (r == 2) return "{\"id\":" + id + ",\"remark\":\"" + std::string(3000, 'r') + "\"}";
  if (r == 3) return "{\"id\":" + id + ",\"remark\":\"\xff\"}";
  std::string text = "{\"id\":" + id + ",\"key\":\"K" + std::to_string(random() % 30) + "\"";
  text += ", \"at\":\"2025-0" + std::to_string(1 + random() % 9) + "-1" +
          std::to_string(random() % 10) + "T10:00:00Z\"";
  text +=
      ",\"email\":\"" + one_of(random, {"ana@example.com", "bad", "luis@example.com", ""}) + "\"";
  text += ",\"amount\":" + one_of(random, {"12.5", "\"0.10\"", "-3", "null",
                                           "\"12345678901234567.89\"", "\"x\"", "1000.005"});
  text += ",\"room\":\"" + one_of(random, {"DBL", "SGL", "XX", " DBL"}) + "\",\"guests\":[";
  for (auto i = random() % 4; i > 0; --i)
    text += "{\"name\":\"" + one_of(random, {"Ana", "Luís", "O\\\"Neil", "\\u00e9"}) + "\"}" +
            (i > 1 ? "," : "");
  text += "]";
  if (random() % 10 == 0)
    text += ",\"new_" + std::to_string(random() % 5) + "\":{\"x\":[1,2,\"]}\"]}";
  if (random() % 4 == 0) text += ",\"remark\":\"" + std::string(random() % 400, 'a') + "\"";
  return text + "}";
}

std::vector<std::string> bookings(unsigned seed, int count) {
  Random random(seed);
  std::vector<std::string> out;
  for (int i = 1; i <= count; ++i) out.push_back(booking(random, i));
  return out;
}

std::string joined(const std::vector<std::string>& records, std::string_view before,
                   std::string_view between, std::string_view behind) {
  std::string out(before);
  for (std::size_t i = 0; i < records.size(); ++i) (out += i > 0 ? between : "") += records[i];
  return out += behind;
}

constexpr std::string_view kHead = "mapping: m\nversion: 1\n";
constexpr std::string_view kColumns =
    "columns:\n"
    "  Id: {from: id, required: yes}\n"
    "  Email: {from: email, type: email}\n"
    "  Amount: {from: amount, type: decimal, decimals: 2, rounding: half-up}\n"
    "  Room: {from: room, lookup: {DBL: Doble, SGL: Single}, unknown: {write: Otra, and: warn}}\n";
constexpr std::string_view kOutput = "output: {format: csv}\n";

struct Mapped {
  const char* name;
  std::string input;  // the words of `input`
  std::string more;   // sections
  std::string output = std::string(kOutput);
};

const std::vector<Mapped>& mappings() {
  static const std::vector<Mapped> all = {
      {"plain", "id: id", ""},
      {"watched", "id: id, fields_nobody_uses: warn, ignore_fields: [remark]", ""},
      {"watched and rejected",
       "id: id, fields_nobody_uses: reject, ignore_fields: [remark, key, at, guests]", ""},
      {"json with audit", "id: id", "", "output: {format: json, audit_columns: [record, run]}\n"},
      {"ndjson, null left out", "id: id", "", "output: {format: ndjson, blank_as: left-out}\n"},
      {"parquet with audit", "id: id", "", "output: {format: parquet, audit_columns: [record]}\n"},
      {"parquet", "id: id", "", "output: {format: parquet}\n"},
      {"keep first", "id: id", "duplicates: {same: key, keep: first}\n"},
      {"keep last, others rejected", "id: id",
       "duplicates: {same: key, keep: last, others: reject}\n"},
      {"keep highest", "id: id", "duplicates: {same: key, keep: highest at}\n"},
      {"keep none", "id: id", "duplicates: {same: key, keep: none}\n"},
      {"a row a guest", "id: id", "rows: {one_per: guests, called: guest, when_empty: skip}\n"},
      {"some are wanted", "id: id", "only: {when: source.room = \"DBL\"}\n"},
      {"limits", "id: id", "limits: {rejected_at_most: 40%, warnings_at_most: 60}\n"},
      {"limits that stop", "id: id",
       "limits: {rejected_at_most: 25, stop_early_after: 40 records}\n"},
      {"limits of warnings that stop", "id: id",
       "limits: {warnings_at_most: 9%, stop_early_after: 30 records}\n"},
      {"watched, with a limit that stops", "id: id, fields_nobody_uses: warn",
       "limits: {warnings_at_most: 250%, stop_early_after: 30 records}\n"},
      {"with its rest", "id: id", "", "output: {format: ndjson, rest: yes}\n"},
      {"limits, published anyway", "id: id", "limits: {rejected_at_most: 1%, publish: always}\n"},
      {"a rule that stops", "id: id",
       "rules: [{name: r, check: Amount < 1000, level: stop, message: m}]\n"},
      {"a rule that warns", "id: id",
       "rules: [{name: r, check: Amount < 1000, level: warn, message: m}]\n"},
  };
  return all;
}

std::string text_of(const Mapped& mapped, const std::string& more_input = "") {
  return std::string(kHead) + "input: {" + mapped.input + more_input + "}\n" + mapped.more +
         std::string(kColumns) + mapped.output;
}

RunHow any_cut(Random& random) {
  RunHow how;
  how.threads = std::array{1U, 2U, 3U, 8U}[random() % 4];
  how.split_bytes =
      std::array<std::size_t, 4>{1 + random() % 8, 1 + random() % 300, 1 + random() % 4000,
                                 1 + random() % 40000}[random() % 4];
  how.max_record_bytes = 2000;
  how.piece_bytes =
      std::array<std::size_t, 4>{0, 1, 1 + random() % 300, 1 + random() % 9000}[random() % 4];
  return how;
}

std::string gzipped(std::string_view text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstandard(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

}  // namespace

TEST_CASE("run: threads and cuts change no byte") {
  const RunFolder folder;
  Random random(11);
  const std::vector<std::string> records = bookings(3, 150);
  const std::string lines =
      folder.write("in.ndjson", joined(records, "\xef\xbb\xbf\n", "\n\n", "\n"));
  const std::string list = folder.write("in.json", joined(records, "[ ", " ,\n", "]"));
  for (const Mapped& mapped : mappings()) {
    const LoadedMapping mapping = loaded(folder.write("m.yaml", text_of(mapped)));
    for (const std::string& input : {lines, list}) {
      const RunSeen whole =
          run_over(folder, mapping, {input}, {.threads = 1, .max_record_bytes = 2000});
      CHECK(whole.counts.balances());
      CHECK(!whole.rows.empty());
      for (int i = 0; i < 6; ++i) {
        const RunHow how = any_cut(random);
        INFO(std::string(mapped.name), " ", input, " threads ", how.threads, " split ",
             how.split_bytes, " piece ", how.piece_bytes);
        check_same(whole, run_over(folder, mapping, {input}, how));
      }
    }
  }
}

TEST_CASE("run: lines and lists, packed or not, in one file or several give the same") {
  const RunFolder folder;
  Random random(12);
  const std::vector<std::string> records = bookings(4, 120);
  const std::string lines = joined(records, "", "\n", "\n");
  const std::string nested = joined(records, "{\"a\":[{\"b\":[]}],\n\"data\":{\"x\":\"]\",\"l\":[",
                                    ",", "],\"y\":{}},\"z\":[1]}\n");
  const std::vector<std::string> first(records.begin(), records.begin() + 50);
  const std::vector<std::string> second(records.begin() + 50, records.end());
  for (const Mapped& mapped : mappings()) {
    if (std::string_view(mapped.name).find("audit") != std::string_view::npos)
      continue;  // it writes the place
    const LoadedMapping mapping = loaded(folder.write("m.yaml", text_of(mapped)));
    const LoadedMapping inside =
        loaded(folder.write("m.yaml", text_of(mapped, ", records: data.l")));
    const RunSeen whole = run_over(folder, mapping, {folder.write("in", lines)}, any_cut(random));
    const auto check = [&](const LoadedMapping& how_mapped, const std::vector<std::string>& inputs,
                           const char* what) {
      const RunSeen other = run_over(folder, how_mapped, inputs, any_cut(random));
      INFO(mapped.name, " ", what);
      CHECK(other.exit == whole.exit);
      CHECK(other.rows == whole.rows);
      if (&how_mapped == &mapping && mapped.more.find("reject") == std::string::npos)
        CHECK(without_places(other.rejects) == without_places(whole.rejects));
      CHECK(other.counts.read == whole.counts.read);
      CHECK(other.counts.rejected == whole.counts.rejected);
      CHECK(other.counts.warnings == whole.counts.warnings);
      CHECK(other.counts.duplicates == whole.counts.duplicates);
    };
    check(mapping, {folder.write("in", joined(records, "[", ",", "]"))}, "list");
    check(mapping,
          {folder.write("in", joined(records, "\xef\xbb\xbf [\n\n", "\r\n,\t\r\n", "\n]\n"))},
          "list with blanks");
    check(inside, {folder.write("in", nested)}, "nested");
    const std::string pages = joined(first, "{\"data\":{\"x\":1,\"l\":[", ",", "]}}") +
                              "\n\x1e{\"data\":{\"l\":[]}}" +
                              joined(second, "{\"data\":{\"l\":[", ",\n", "]},\"x\":{}}\n");
    check(inside, {folder.write("in", pages)}, "pages");
    check(mapping,
          {folder.write("in", joined(first, "[", ",", "]") + joined(second, "[", ",", "]"))},
          "two lists");
    check(mapping, {folder.write("in", joined(records, "", "\r\n", "\r\n"))}, "CRLF");
    check(mapping, {folder.write("in", gzipped(lines))}, "gzip");
    check(mapping, {folder.write("in", gzipped(lines.substr(0, 999)) + gzipped(lines.substr(999)))},
          "gzip of two members");
    check(mapping, {folder.write("in", zstandard(lines))}, "zstd");
    check(inside, {folder.write("in", zstandard(nested))}, "nested zstd");
    check(mapping,
          {folder.write("in", joined(first, "", "\n", "")),
           folder.write("in2", gzipped(joined(second, "[", ",", "]")))},
          "two inputs");
  }
}

TEST_CASE("run: every record is in the rows or in the rejects, and rejects are rejected again") {
  const RunFolder folder;
  const std::vector<std::string> records = bookings(5, 200);
  const std::string input = folder.write("in", joined(records, "", "\n", "\n"));
  for (const Mapped& mapped : mappings()) {
    if (mapped.output.find("parquet") != std::string::npos) continue;  // its rows are packed
    const LoadedMapping mapping = loaded(folder.write("m.yaml", text_of(mapped)));
    const RunSeen seen = run_over(folder, mapping, {input},
                                  {.threads = 2, .split_bytes = 999, .max_record_bytes = 2000});
    INFO(mapped.name);
    const Summary& s = seen.counts;
    CHECK(s.read == s.written + s.rejected + s.skipped + s.duplicates);
    CHECK(static_cast<std::uint64_t>(std::count(seen.rejects.begin(), seen.rejects.end(), '\n')) ==
          s.rejected);
    std::uint64_t found = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::string id = "B-" + std::to_string(i + 1);
      const bool row = std::regex_search(seen.rows, std::regex("(^|\\n|\")" + id + "[,\"]"));
      const bool reject =
          seen.rejects.find("\"record\": " + std::to_string(i + 1) + ",") != std::string::npos;
      CHECK(!(row && reject));
      found += row || reject ? 1U : 0U;
    }
    CHECK(found == s.written + s.rejected);
  }
}

TEST_CASE("run: the shipped mappings over the samples, however they are cut") {
  const std::filesystem::path root(TRAMA_SOURCE_DIR);
  const RunFolder folder;
  Random random(13);
  int runs = 0;
  for (const auto& file : std::filesystem::directory_iterator(root / "mappings")) {
    if (file.path().extension() != ".yaml") continue;
    const LoadedMapping mapping = loaded(file.path().string());
    for (const auto& sample : std::filesystem::directory_iterator(root / "samples")) {
      if (!sample.is_regular_file() || sample.file_size() > 300000) continue;
      const RunSeen whole = run_over(folder, mapping, {sample.path().string()});
      ++runs;
      for (int i = 0; i < 3; ++i) {
        RunHow how = any_cut(random);
        how.max_record_bytes = kMaxRecordBytes;
        INFO(file.path().string(), " ", sample.path().string(), " threads ", how.threads, " split ",
             how.split_bytes);
        check_same(whole, run_over(folder, mapping, {sample.path().string()}, how));
      }
    }
  }
  CHECK(runs > 0);
}
