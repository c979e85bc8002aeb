// What comes in: documents one after the other, error answers among records, counts, inputs that
// change between passes, and bad ones among many.

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/memory_run.h"
#include "run/dump_tables.h"
#include "run/rejects_source.h"
#include "run/run_facts.h"
#include "run/run_support.h"
#include "source/input_files.h"
#include "source/over_streams.h"
#include "text/catalogue.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

constexpr std::string_view kTail =
    "columns:\n  Id: id\n  A: {from: a, optional: yes}\noutput: {header: no}\n";

std::string mapping(std::string_view input, std::string_view more = "") {
  return "mapping: m\nversion: 1\ninput: {" + std::string(input) + "}\n" + std::string(more) +
         std::string(kTail);
}

struct Said {
  Exit exit = Exit::ok;
  std::string rows;  // published, or kept as incomplete behind "incomplete: "
  std::string rejects;
  std::string codes;  // of the rejects, each with a blank behind it
  std::string endings;
  RunFacts facts;
  Summary counts;
};

Said said(const RunFolder& folder, const LoadedMapping& m, RunOptions options) {
  for (const char* name : {"out", "out.incomplete", "out.rejects", "out.rejects.incomplete"})
    std::filesystem::remove(folder.at(name));
  options.output = folder.at("out");
  options.rejects = folder.at("out.rejects");
  options.now = 1741068000;
  RunEnd end = run(*m.plan, m.run, options);
  Said out;
  out.exit = end.exit;
  out.rows =
      folder.has("out") ? folder.read("out") : "incomplete: " + folder.read("out.incomplete");
  out.rejects = folder.read(folder.has("out.rejects") ? "out.rejects" : "out.rejects.incomplete");
  static const std::regex kCode(R"re("code": "(\w+)")re");
  for (std::sregex_iterator at(out.rejects.begin(), out.rejects.end(), kCode), none; at != none;
       ++at)
    out.codes += (*at)[1].str() + " ";
  for (const Phrase& ending : end.facts.endings) out.endings += say(Language::en, ending) + "\n";
  out.facts = std::move(end.facts);
  out.counts = std::move(end.summary);
  CHECK(out.counts.balances());
  return out;
}

Said said(std::string_view text, const std::vector<std::string>& contents,
          RunOptions options = {}) {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write("m.yaml", text));
  for (const std::string& content : contents)
    options.inputs.push_back(folder.write("in" + std::to_string(options.inputs.size()), content));
  return said(folder, m, options);
}

}  // namespace

TEST_CASE("inputs: documents one after the other, however they are cut") {
  struct Case {
    const char* input;
    const char* in;
    const char* rows;
    const char* codes;
  };
  static constexpr Case kCases[] = {
      {"format: json, records: data",
       "{\"data\":[{\"id\":1}]}\n{\"data\":[{\"id\":2},{\"id\":3}]}\n", "1,\n2,\n3,\n", ""},
      {"records: data", "\x1e{\"data\":[{\"id\":1}]}\n\x1e{\"data\":\n{\"id\":2}}\n", "1,\n2,\n",
       ""},
      {"records: data", "{\"data\":[{\"id\":1}]}{\"x\":0}{\"data\":[{\"id\":2}]}", "1,\n2,\n",
       "RECORDS_NOT_FOUND "},
      {"records: data, error_body: e",
       "{\"data\":[{\"id\":1}]}{\"e\":{\"c\":429},\"data\":[]}{\"e\":null,\"data\":[{\"id\":2}]}",
       "1,\n2,\n", "ERROR_BODY "},
      {"records: 'data{*}'", "{\"data\":{\"a\":{\"id\":1}}} {\"data\":{\"b\":{\"id\":2}}}",
       "1,\n2,\n", ""},
      {"format: json", "{\"id\":1}\n{\"id\":2}[{\"id\":3},7]", "1,\n2,\n3,\n", "JSON_INVALID "},
      {"id: id", "{\"id\":1}{\"id\":2}\n{\"id\":3}", "1,\n2,\n3,\n", ""},
      {"id: id", "{\n\"id\":1\n}\n{\n\"id\":2\n}", "1,\n2,\n", ""},
  };
  for (const Case& c : kCases) {
    for (const unsigned threads : {1U, 3U}) {
      for (const std::size_t split : {std::size_t{1}, std::size_t{20}, kSplitBytes}) {
        INFO(c.in, " cut at ", split);
        RunOptions how;
        how.threads = threads;
        how.split_bytes = split;
        const Said run = said(mapping(c.input), {c.in}, how);
        CHECK(run.rows == c.rows);
        CHECK(run.codes == c.codes);
        CHECK(run.exit == (*c.codes == '\0' ? Exit::ok : Exit::rejected));
      }
    }
  }
}

TEST_CASE("inputs: a document that is rejected keeps its bytes and place, and is rejected again") {
  const RunFolder folder;
  const LoadedMapping m =
      loaded(folder.write("m.yaml", mapping("records: data, error_body: errors")));
  const std::string in = folder.write(
      "in",
      "{\"data\":[{\"id\":1}]}\n\n  {\"status\":\n\"busy\"}\n{\"errors\":[{\"code\":429}]}\n"
      "[{\"data\":0}]{\"x\":\"\\ud800\"}{\"data\":[{\"id\":2}]}");
  RunOptions options;
  options.inputs = {in};
  const Said run = said(folder, m, options);
  CHECK(run.exit == Exit::rejected);
  CHECK(run.rows == "1,\n2,\n");
  CHECK(run.codes == "RECORDS_NOT_FOUND ERROR_BODY RECORDS_NOT_FOUND RECORDS_NOT_FOUND ");
  CHECK(run.counts.read == 6);
  CHECK(run.rejects.find(R"("record": 2, "line": 3, "byte": 23, "stage": "read")") !=
        std::string::npos);
  CHECK(run.rejects.find(R"("source": {"status": "busy"})") != std::string::npos);
  CHECK(
      run.rejects.find(R"("message": "this document has no list of records at data; the document )"
                       R"(has status")") != std::string::npos);
  CHECK(run.rejects.find(R"("message": "this document is an error answer: [{\"code\":429}]")") !=
        std::string::npos);
  CHECK(run.rejects.find(R"("source": [{"data":0}])") != std::string::npos);
  // what no strict reader takes is kept as text
  CHECK(run.rejects.find(R"("source_text": "{\"x\":\"\\ud800\"}")") != std::string::npos);

  LoadedMapping again = loaded(folder.at("m.yaml"));
  REQUIRE(for_replay(*again.plan).ok());
  RunOptions replay;
  replay.replay = true;
  replay.inputs = {folder.write("rejects", run.rejects)};
  const Said second = said(folder, again, replay);
  CHECK(second.exit == Exit::limits);  // everything is rejected again
  CHECK(without_runs(second.rejects) == without_runs(run.rejects));
}

TEST_CASE("inputs: what is hidden in a record is hidden in a document too") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ninput: {records: data}\ncolumns: {A: {from: a, personal: yes}}\n"));
  RunOptions options;
  options.inputs = {folder.write("in", "{\"x\":[{\"a\":\"Ana\"}]}{\"data\":[{\"a\":\"Eva\"}]}")};
  options.rejects_without_personal = true;
  const Said run = said(folder, m, options);
  CHECK(run.codes == "RECORDS_NOT_FOUND ");
  CHECK(run.rejects.find("Ana") == std::string::npos);
  CHECK(run.rejects.find("source_hidden") != std::string::npos);
}

TEST_CASE("inputs: error answers among records") {
  struct Case {
    const char* input;
    const char* more;
    const char* in;
    const char* rows;
    const char* codes;
    const char* why;
  };
  static constexpr Case kCases[] = {
      {"error_body: errors", "", "{\"id\":1}\n{\"errors\":[{\"code\":429}]}\n{\"id\":2}\n",
       "1,\n2,\n", "ERROR_BODY ", "a line among others"},
      {"error_body: errors", "", "[{\"id\":1},{\"id\":3,\"errors\":\"busy\"},{\"id\":2}]",
       "1,\n2,\n", "ERROR_BODY ", "an item of a list, though it has more fields"},
      {"records: 'd{*}', error_body: errors", "",
       "{\"d\":{\"a\":{\"id\":1},\"b\":{\"errors\":{\"x\":1}}}}", "1,\n", "ERROR_BODY ",
       "an entry of an object"},
      {"error_body: meta.error", "",
       "{\"id\":1,\"meta\":{}}\n{\"meta\":{\"error\":true}}\n{\"id\":2,\"meta\":\"error\"}\n",
       "1,\n2,\n", "ERROR_BODY ", "deeper; another kind on the way is no error"},
      {"error_body: \"errors[0].code\"", "",
       "{\"id\":1,\"errors\":[]}\n{\"errors\":[{\"code\":1}]}\n", "1,\n", "ERROR_BODY ",
       "in a list"},
      {"error_body: e", "",
       "{\"id\":1,\"e\":null}\n{\"id\":2,\"e\":false}\n{\"id\":3,\"e\":\" \"}\n{\"id\":4,\"e\":[ "
       "]}\n"
       "{\"id\":5,\"e\":{}}\n{\"id\":6,\"e\":0}\n{\"id\":7,\"e\":\"no\"}\n",
       "1,\n2,\n3,\n4,\n5,\n", "ERROR_BODY ERROR_BODY ", "what says that there was none"},
      {"error_body: e, fields_nobody_uses: reject", "",
       "{\"id\":1,\"e\":null}\n{\"id\":2,\"f\":1}\n", "1,\n", "FIELD_UNKNOWN ",
       "the field of the error is used"},
      {"error_body: e", "only: {when: source.id = \"1\"}\n",
       "{\"id\":1}\n{\"id\":2}\n{\"e\":1,\"id\":2}\n", "1,\n", "ERROR_BODY ", "before 'only'"},
      {"error_body: e", "duplicates: {same: id, keep: last}\n",
       "{\"id\":1,\"a\":\"x\"}\n{\"id\":1,\"a\":\"y\",\"e\":1}\n", "1,x\n", "ERROR_BODY ",
       "nobody's duplicate"},
      {"error_body: e", "duplicates: {same: id}\n",
       "{\"id\":1,\"a\":\"y\",\"e\":1}\n{\"id\":1,\"a\":\"x\"}\n", "1,x\n", "ERROR_BODY ",
       "nor the first of its key"},
      {"error_body: e", "rows: {one_per: l, called: e}\n",
       "{\"id\":1,\"l\":[{\"x\":1}]}\n{\"id\":2,\"l\":[{\"x\":1}],\"e\":1}\n", "1,\n",
       "ERROR_BODY ", "of the record, though an item is called so"},
  };
  for (const Case& c : kCases) {
    INFO(c.why);
    const Said run = said(mapping(c.input, c.more), {c.in});
    CHECK(run.rows == c.rows);
    CHECK(run.codes == c.codes);
    CHECK(run.exit == Exit::rejected);
  }
}

TEST_CASE("inputs: a dump of error answers alone") {
  for (const char* in :
       {"{\"errors\":[{\"code\":429}]}\n", "{\"errors\":[{\"code\":429}]}\n{\"errors\":7}",
        "[{\"errors\":[{\"code\":429}]}]", "{\n\"errors\":[{\"code\":429}]}"}) {
    INFO(in);
    const Said run = said(mapping("error_body: errors"), {in});
    CHECK(run.exit == Exit::input);
    CHECK(run.rows.starts_with("incomplete: "));
    CHECK(run.endings.find("in0 is an error answer, not a dump: [{\"code\":429}]") !=
          std::string::npos);
  }
  // one bad record beside them is something else
  CHECK(said(mapping("error_body: errors"), {"{\"errors\":7}\nx\n"}).exit == Exit::limits);
  // of several inputs, one
  const Said two = said(mapping("error_body: errors"), {"{\"id\":1}\n", "{\"errors\":7}\n"});
  CHECK(two.exit == Exit::input);
}

TEST_CASE("inputs: an error answer is a record again where the mapping no longer says it is none") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write("m.yaml", mapping("error_body: e")));
  RunOptions options;
  options.inputs = {folder.write("in", "{\"id\":1}\n{\"id\":2,\"e\":7}\n")};
  const Said run = said(folder, m, options);
  CHECK(run.codes == "ERROR_BODY ");
  LoadedMapping repaired = loaded(folder.write("m.yaml", mapping("null_words: x")));
  REQUIRE(for_replay(*repaired.plan).ok());
  RunOptions replay;
  replay.replay = true;
  replay.inputs = {folder.write("rejects", run.rejects)};
  CHECK(said(folder, repaired, replay).rows == "2,\n");
}

TEST_CASE("inputs: each document has its own tables") {
  const std::string text =
      "mapping: m\nversion: 1\ninput: {records: d}\ntables:\n  t: {inside: t}\ncolumns:\n"
      "  Id: id\n  N: {from: n, lookup: t}\noutput: {header: no}\n";
  const std::string pages =
      R"({"d":[{"id":1,"n":"a"}],"t":{"a":"one"}} {"t":{"a":"two","b":"B"},"d":[{"id":2,"n":"a"},{"id":3,"n":"b"}]})"
      "\n"
      R"({"d":[]} {"x":0} {"d":[{"id":4,"n":"b"},{"id":5,"n":"c"}],"t":{"c":"three"}})";
  for (const unsigned threads : {1U, 4U}) {
    for (const std::size_t split : {std::size_t{1}, std::size_t{40}, kSplitBytes}) {
      INFO("cut at ", split);
      RunOptions how;
      how.threads = threads;
      how.split_bytes = split;
      const Said run = said(text, {pages, R"({"t":{"a":"four"},"d":[{"id":6,"n":"a"}]})"}, how);
      CHECK(run.rows == "1,one\n2,two\n3,B\n5,three\n6,four\n");
      CHECK(run.codes == "RECORDS_NOT_FOUND LOOKUP_UNKNOWN ");
      CHECK(run.exit == Exit::rejected);
      REQUIRE(run.counts.shown.size() == 2);
      CHECK(run.counts.shown[1].errors[0].known == "c");
    }
  }
  // a document with records needs its tables; what is before it was given
  const Said missing =
      said(text, {R"({"d":[{"id":1,"n":"a"}],"t":{"a":"one"}}{"d":[{"id":2,"n":"a"}]})"});
  CHECK(missing.exit == Exit::input);
  CHECK(missing.rows == "incomplete: 1,one\n");
  CHECK(missing.endings.find("TABLE_NOT_FOUND: ") == 0);
  CHECK(missing.endings.find("in0, document 2: the table 't' is not there: nothing at t") !=
        std::string::npos);
}

TEST_CASE("inputs: the tables of all documents have a limit together") {
  const RunFolder folder;
  LoadedMapping m =
      loaded(folder.write("m.yaml",
                          "mapping: m\nversion: 1\ninput: {records: d}\ntables:\n  t: "
                          "{inside: t}\ncolumns: {N: {from: n, lookup: t}}\n"));
  m.run.source.max_outside_bytes = 400;
  std::string pages;
  for (int i = 0; i < 10; ++i)
    pages += R"({"t":{"a":")" + std::string(20, 'x') + R"("},"d":[{"n":"a"}]})";
  RunOptions options;
  options.inputs = {folder.write("in", pages)};
  const Said run = said(folder, m, options);
  CHECK(run.exit == Exit::input);
  CHECK(run.endings.find("the tables up to here have more than") != std::string::npos);
}

TEST_CASE("inputs: a count of records that is expected") {
  const std::string three = "{\"id\":1}\n{\"id\":2}\nx\n";
  const Said right = said(mapping("expect_count: 3"), {three});
  CHECK(right.exit == Exit::rejected);  // one is no JSON: it was read all the same
  for (const int count : {0, 2, 4, 400000}) {
    const Said wrong = said(mapping("expect_count: " + std::to_string(count)), {three});
    INFO(count);
    CHECK(wrong.exit == Exit::limits);
    CHECK(wrong.rows == "incomplete: 1,\n2,\n");
    CHECK(wrong.endings.find("COUNT_DIFFERS: ") == 0);
    CHECK(wrong.endings.find("in0: 3 records read, and the mapping expects ") != std::string::npos);
  }
  // half a file, cut at a line end
  CHECK(said(mapping("expect_count: 3"), {three.substr(0, 18)}).exit == Exit::limits);
  // over all inputs
  CHECK(said(mapping("expect_count: 4"), {"{\"id\":1}\n", three}).exit == Exit::rejected);
  // duplicates and skipped records were read
  CHECK(said(mapping("expect_count: 2", "duplicates: {same: id}\n"), {"{\"id\":1}\n{\"id\":1}\n"})
            .exit == Exit::ok);
  RunOptions limited;
  limited.limit = 1;
  CHECK(said(mapping("expect_count: 3"), {three}, limited).exit == Exit::ok);

  const std::string own = mapping("records: d, expect_count: {from: /total}");
  CHECK(said(own, {R"({"d":[{"id":1}],"total":1})"}).exit == Exit::ok);
  CHECK(said(own, {R"({"total":"2","d":[{"id":1},{"id":2}]})", R"({"total":1,"d":[{"id":3}]})"})
            .exit == Exit::ok);
  const Said short_one =
      said(own, {R"({"total":1,"d":[{"id":1}]})", R"({"d":[{"id":2}],"total":9})"});
  CHECK(short_one.exit == Exit::limits);
  CHECK(short_one.rows == "incomplete: 1,\n2,\n");
  CHECK(short_one.endings.find("in1: 1 record read, and /total says 9") != std::string::npos);
  CHECK(said(own, {R"({"d":[{"id":1}]})"}).exit == Exit::limits);
  CHECK(said(own, {R"({"d":[{"id":1}],"total":9})"}, limited).exit == Exit::ok);
}

namespace {

/// What may happen to an input between two passes over it.
using Change = std::function<void(const RunFolder&)>;
const std::vector<std::pair<const char*, Change>>& changes() {
  static const std::vector<std::pair<const char*, Change>> kAll = {
      {"replaced by the same in another order",
       [](const RunFolder& folder) {
         std::string lines;
         for (int i = 50; i-- > 0;)
           lines += "{\"id\":" + std::to_string(i % 10) + ",\"a\":" + std::to_string(i) + "}\n";
         std::filesystem::rename(folder.write("new", lines), folder.at("in0"));
       }},
      {"grown",
       [](const RunFolder& folder) {
         std::ofstream(folder.at("in0"), std::ios::app) << "{\"id\":3,\"a\":99}\n";
       }},
      {"shrunk",
       [](const RunFolder& folder) { std::filesystem::resize_file(folder.at("in0"), 100); }},
  };
  return kAll;
}

std::string lines_of(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += "{\"id\":" + std::to_string(i % 10) + ",\"a\":" + std::to_string(i) + "}\n";
  return lines;
}

}  // namespace

TEST_CASE("inputs: one that changes between the passes of duplicates ends the run") {
  for (const char* keep : {"last", "highest a", "lowest a", "none"}) {
    for (const auto& [what, change] : changes()) {
      for (const bool pass_bad : {false, true}) {
        for (const std::size_t others : {std::size_t{0}, std::size_t{20}}) {
          INFO(keep, ", ", what, ", ", others, " other inputs");
          std::vector<std::string> contents(others + 1, "{\"id\":\"x\"}\n");
          contents[0] = lines_of(50);
          const RunFolder folder;
          const LoadedMapping m = loaded(folder.write(
              "m.yaml",
              mapping("id: id", "duplicates: {same: id, keep: " + std::string(keep) + "}\n")));
          RunOptions options;
          for (const std::string& content : contents)
            options.inputs.push_back(
                folder.write("in" + std::to_string(options.inputs.size()), content));
          options.pass_bad_inputs = pass_bad;
          options.between_passes = [&folder, &change = change] { change(folder); };
          const Said run = said(folder, m, options);
          CHECK(run.exit == Exit::input);
          CHECK(run.endings.find("INPUT_CHANGED: ") != std::string::npos);
          CHECK_FALSE(folder.has("out"));
        }
      }
    }
  }
}

TEST_CASE("inputs: one that changes between the passes for its tables ends the run") {
  // between the opening of all inputs and the passes of the second: its first pass finds it changed
  const RunFolder folder;
  const LoadedMapping m = loaded(
      folder.write("m.yaml",
                   "mapping: m\nversion: 1\ninput: {records: d}\ntables: {t: {inside: t}}\n"
                   "duplicates: {same: id, keep: last}\ncolumns: {N: {from: n, lookup: t}}\n"));
  RunOptions options;
  const std::string page = R"({"d":[{"id":1,"n":"a"}],"t":{"a":"one"}})";
  options.inputs = {folder.write("in0", page)};
  options.between_passes = [&folder] {
    std::filesystem::rename(folder.write("new", R"({"d":[{"id":1,"n":"a"}],"t":{"a":"two"}})"),
                            folder.at("in0"));
  };
  const Said run = said(folder, m, options);
  CHECK(run.exit == Exit::input);
  CHECK(run.endings.find("INPUT_CHANGED: ") != std::string::npos);
  CHECK_FALSE(folder.has("out"));
}

namespace {

/// Inputs of which something happens to the files before they are opened for the nth time.
class ChangingInputs final : public InputSet {
 public:
  ChangingInputs(std::shared_ptr<InputSet> inputs, int before, std::function<void()> change)
      : inputs_(std::move(inputs)), before_(before), change_(std::move(change)) {}

  [[nodiscard]] const std::vector<std::string>& names() const noexcept override {
    return inputs_->names();
  }
  [[nodiscard]] std::uint64_t size(std::size_t i) const noexcept override {
    return inputs_->size(i);
  }
  Result<std::unique_ptr<ByteStream>> open(std::size_t i) override {
    if (++opened_ == before_) change_();
    return inputs_->open(i);
  }

 private:
  std::shared_ptr<InputSet> inputs_;
  int before_;
  std::function<void()> change_;
  int opened_ = 0;
};

}  // namespace

TEST_CASE("inputs: one that changes between the look for its tables and its records") {
  for (const bool replaced : {true, false}) {
    const RunFolder folder;
    const LoadedMapping m = loaded(
        folder.write("m.yaml",
                     "mapping: m\nversion: 1\ninput: {records: d}\ntables: {t: {inside: t}}\n"
                     "columns: {N: {from: n, lookup: t}}\n"));
    const std::string in = folder.write("in", R"({"d":[{"n":"a"}],"t":{"a":"one"}})");
    auto files = InputFiles::open_all({in}, {.twice = true});
    REQUIRE(files.ok());
    const auto source = source_over(
        std::make_shared<ChangingInputs>(files.value(), 2,
                                         [&] {
                                           const std::string other = folder.write(
                                               replaced ? "new" : "in",
                                               R"({"d":[{"n":"b"}],"t":{"a":"one","b":"two"}})");
                                           if (replaced) std::filesystem::rename(other, in);
                                         }),
        DumpTables::options(*m.plan, m.run.source));
    Split split;
    CHECK_FALSE(source->next(split));
    REQUIRE(source->trouble());
    CHECK(source->trouble()->code == FailureCode::input_changed);
  }
}

TEST_CASE("inputs: rejects that change between the two looks of a replay") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write("m.yaml", mapping("id: id")));
  RunOptions options;
  options.inputs = {folder.write("in", "{\"id\":1}\nx\n")};
  const std::string line = said(folder, m, options).rejects;
  for (const std::string& other : {line + line, std::string(), line + " "}) {
    auto files = InputFiles::open_all({folder.write("rejects", line)}, {.twice = true});
    REQUIRE(files.ok());
    RejectsFacts facts;
    auto source = open_rejects({files.value(), m.run.terms, m.plan->name}, facts);
    REQUIRE(source.ok());
    folder.write("rejects", other);
    Split split;
    CHECK_FALSE(source.value()->next(split));
    REQUIRE(source.value()->trouble());
    CHECK(source.value()->trouble()->code == FailureCode::input_changed);
  }
}

TEST_CASE(
    "inputs: what is wrong with the bytes is so in both passes, and keeps what is before it") {
  const std::string text = mapping("id: id", "duplicates: {same: id, keep: last}\n");
  const Said cut = said(text, {"[{\"id\":1,\"a\":1},{\"id\":1,\"a\":2},{\"id\":2"});
  CHECK(cut.exit == Exit::input);
  CHECK(cut.rows == "incomplete: 1,2\n");
  CHECK(cut.endings.find("INPUT_CUT_OFF: ") == 0);
}

namespace {

/// Bytes of which the nth read fails.
class FailingBytes final : public RawBytes {
 public:
  FailingBytes(std::string bytes, int fails_at) : bytes_(std::move(bytes)), fails_at_(fails_at) {}
  std::ptrdiff_t read(char* out, std::size_t size) noexcept override {
    if (++reads_ == fails_at_) {
      errno = EIO;
      return -1;
    }
    const std::size_t got = std::min({size, bytes_.size() - at_, std::size_t{64}});
    std::copy_n(bytes_.data() + at_, got, out);
    at_ += got;
    return static_cast<std::ptrdiff_t>(got);
  }

 private:
  std::string bytes_;
  int fails_at_;
  int reads_ = 0;
  std::size_t at_ = 0;
};

/// A run in memory whose nth pass fails at a read, or reads other bytes.
Result<MemoryRun> passes(const std::vector<std::pair<std::string, int>>& each) {
  static const RunFolder folder;
  static const LoadedMapping m =
      loaded(folder.write("m.yaml", mapping("id: id", "duplicates: {same: id, keep: last}\n")));
  std::size_t pass = 0;
  const OpenSource open = [&]() -> Result<std::unique_ptr<Source>> {
    std::vector<std::unique_ptr<ByteStream>> streams;
    const auto& [bytes, fails_at] = each[pass++];
    streams.push_back(
        std::make_unique<ByteStream>("in", std::make_unique<FailingBytes>(bytes, fails_at)));
    return source_over(std::move(streams), {"in"}, m.run.source);
  };
  RunOptions options;
  options.inputs = {"in"};
  return run_in_memory(*m.plan, names_of(*m.plan, m.run, options, "test"), open, 0);
}

}  // namespace

TEST_CASE("inputs: a read that fails in the first pass alone ends the run") {
  const std::string lines = lines_of(50);
  for (int read = 1; read < 12; ++read) {
    const Result<MemoryRun> run = passes({{lines, read}, {lines, 0}});
    INFO(read);
    REQUIRE_FALSE(run.ok());
    CHECK(run.failure().code == FailureCode::file_unreadable);
  }
  // in the second alone: as in a run of one pass
  const Result<MemoryRun> second = passes({{lines, 0}, {lines, 3}});
  REQUIRE(second.ok());
  CHECK(second.value().trouble->code == FailureCode::file_unreadable);
  // bytes that end in the middle the first time alone
  const std::string list = "[{\"id\":1},{\"id\":2}]";
  const Result<MemoryRun> cut = passes({{list.substr(0, 12), 0}, {list, 0}});
  REQUIRE(cut.ok());
  CHECK(cut.value().trouble->code == FailureCode::input_changed);
  CHECK(passes({{list, 0}, {list, 0}}).value().rows == "1,\n2,\n");
}

TEST_CASE("inputs: bad ones among many") {
  const std::vector<std::string> contents = {"{\"id\":1}\n",
                                             "",
                                             "[{\"id\":2},{\"id\":3},{\"id\"",
                                             "<html>\n",
                                             "{\"id\":4}\nx\n",
                                             "PK\x03\x04zip",
                                             "{\"e\":7}\n",
                                             "{\"id\":5}\n"};
  const std::string text = mapping("error_body: e");
  RunOptions reject;
  reject.pass_bad_inputs = true;
  for (const unsigned threads : {1U, 4U}) {
    for (const std::size_t split : {std::size_t{3}, kSplitBytes}) {
      reject.threads = threads;
      reject.split_bytes = split;
      const Said run = said(text, contents, reject);
      CHECK(run.exit == Exit::rejected);
      CHECK(run.rows == "1,\n2,\n3,\n4,\n5,\n");  // whole records before a cut stay
      CHECK(run.codes == "JSON_INVALID JSON_INVALID JSON_INVALID ERROR_BODY ");
      std::string codes;
      for (const InputFacts& input : run.facts.input_facts)
        codes += input.state == InputFacts::State::read ? "ok " : input.code + " ";
      CHECK(codes ==
            "ok INPUT_EMPTY INPUT_CUT_OFF INPUT_NOT_JSON ok INPUT_NOT_JSON ERROR_BODY ok ");
      CHECK(run.endings.find("5 of 8 inputs could not be read to the end") != std::string::npos);
    }
  }
  const Said stop = said(text, contents);
  CHECK(stop.exit == Exit::input);
  CHECK(stop.rows == "incomplete: 1,\n");
  CHECK(stop.facts.input_facts[1].code == "INPUT_EMPTY");
  CHECK(stop.facts.input_facts[7].state == InputFacts::State::unread);

  // --rejects-ok is about records; without a single good input there is nothing to publish
  reject.rejects_ok = true;
  CHECK(said(text, {"", "{\"id\":1}\n"}, reject).exit == Exit::rejected);
  for (const auto& all :
       {std::vector<std::string>{"", "[{\"id\":1},"}, {"<html>"}, {"{\"e\":1}", ""}}) {
    const Said none = said(text, all, reject);
    CHECK(none.exit == Exit::input);
    CHECK(none.rows.starts_with("incomplete: "));
    CHECK(none.endings.find("no input could be read to the end") != std::string::npos);
  }
}

TEST_CASE("inputs: bad ones that are missing, a folder, or lack their table") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write(
      "m.yaml",
      "mapping: m\nversion: 1\ninput: {records: d}\ntables: {t: {inside: t}}\ncolumns: "
      "{Id: {from: id, lookup: t}}\noutput: {header: no}\n"));
  RunOptions options;
  std::filesystem::create_directories(folder.at("dir"));
  options.inputs = {folder.at("none"), folder.write("a", R"({"t":{"1":"one"},"d":[{"id":1}]})"),
                    folder.at("dir"), folder.write("b", R"({"d":[{"id":2}]})"),
                    folder.write("c", R"({"d":[{"id":3}],"t":{"3":"three"}})")};
  CHECK(said(folder, m, options).exit == Exit::input);
  options.pass_bad_inputs = true;
  const Said run = said(folder, m, options);
  CHECK(run.exit == Exit::rejected);
  CHECK(run.rows == "one\nthree\n");
  std::string codes;
  for (const InputFacts& input : run.facts.input_facts) codes += input.code + " ";
  CHECK(codes == "FILE_MISSING  FILE_IS_DIRECTORY TABLE_NOT_FOUND  ");
}

TEST_CASE("inputs: what the summary says of them does not depend on threads or cuts") {
  const RunFolder folder;
  const LoadedMapping m = loaded(folder.write(
      "m.yaml", mapping("id: id", "limits: {rejected_at_most: 3, stop_early_after: 1 records}\n")));
  std::vector<std::string> inputs;
  for (int i = 0; i < 6; ++i)
    inputs.push_back(folder.write("in" + std::to_string(i),
                                  i == 3 ? "{\"id\":7}\nx\ny\nz\nq\n{}\n" : lines_of(30)));
  const RunSeen whole = run_over(folder, m, inputs);
  CHECK(whole.exit == Exit::limits);
  CHECK(whole.summary.find(R"("state": "part")") != std::string::npos);
  for (const unsigned threads : {1U, 8U})
    for (const std::size_t split : {std::size_t{1}, std::size_t{100}, kSplitBytes})
      check_same(whole, run_over(folder, m, inputs, {.threads = threads, .split_bytes = split}));
}
