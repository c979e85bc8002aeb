// Several inputs, the choice of a format, limits, and that nothing depends on where bytes are cut.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "source/item_scan.h"
#include "source/memory_input.h"

namespace trama {
namespace {

TEST_CASE("source: automatic format") {
  struct Case {
    const char* in;
    std::size_t records;
    const char* why;
  };
  static const Case kCases[] = {
      {"{\"a\":1}\n{\"a\":2}\n", 2, "objects, a line each"},
      {"\xef\xbb\xbf \n[{},{}]", 2, "a list behind a mark and blanks"},
      {"{\n\"a\": 1\n}\n", 1, "an object that its first line leaves open"},
      {"{\"a\": \"{\"}\n{}\n", 2, "a bracket in a text opens nothing"},
      {"{\"a\": [1}\n{}\n", 2, "a broken first line"},
      {"{\"a\": 1", 1, "a line that the end cuts off"},
      {"id,name\n1,x\n", 2, "no JSON: each line is told by whoever reads it"},
      {"{\"a\":1}", 1, "one object on one line"},
      {"{\"a\":1}{\"a\":2}", 2, "two on one line, without a line end"},
      {"{\"a\":1} \t[2,3]\n{}\n", 4, "an object and a list on one line, and what follows"},
      {"{\"a\":1}{\"a\":2\n}\n", 2, "two, of which the second goes on"},
      {"{\"a\":1},{\"a\":2}\n{}\n", 2, "with a comma between them it is a line like others"},
      {"{\"a\":1}\n[2,3]\n", 2, "a line each: a list is a record then"},
      {"[1]\n[2,3]\n", 3, "lists, a line each, are lists of records"},
      {"\x1e{\"a\":1}\n\x1e{\n}\n", 2, "a text sequence"},
      {"{\n\"a\": 1\n}\n{\n\"a\": 2\n}\n", 2, "objects over several lines"},
  };
  for (const Case& c : kCases) {
    for (const std::size_t split_bytes : {1, 1000}) {
      INFO(c.why);
      SourceOptions options;
      options.split_bytes = split_bytes;
      const auto source = source_of({{.bytes = c.in}}, options);
      Split split;
      std::size_t records = 0;
      while (source->next(split)) records += split.frames.size();
      CHECK(records == c.records);
    }
  }
  SourceOptions options;
  options.records_stated = true;
  CHECK(told("{\"a\":1}\n", options) == "1 1:1 @0 {\"a\":1}\n");
  options.records = {"a"};
  CHECK(told("{\"a\":[2]}\n", options) == "1 1:7 @6 2\n");
}

TEST_CASE("source: a first line longer than a record may be") {
  SourceOptions options;
  options.max_record_bytes = 5000;
  options.split_bytes = 100;
  const std::string line = "{\"a\":\"" + std::string(9000, 'x') + "\"}";
  CHECK(told(line + "\n{}", options) ==
        "1 1:1 @0 too_big of 9008 " + line.substr(0, kKeptOfTooBig) + "\n2 2:1 @9009 {}\n");
}

TEST_CASE("source: several inputs") {
  const auto source =
      source_of({{.bytes = "{}\n{}"}, {.bytes = "[{}]"}, {.bytes = ""}, {.bytes = "{}"}}, {});
  CHECK(told(*source) ==
        "1 1:1 @0 {}\n2 2:1 @3 {}\n---\n1 1:2 @1 {}\n! input3 is empty: not one byte\n");
  CHECK(source->names() == std::vector<std::string>{"input1", "input2", "input3", "input4"});
  CHECK(source->bytes_read() == 9);
  CHECK(source->bytes_in_all() == 0);
  CHECK(source->inputs()[1].whole);
  CHECK(source->inputs()[1].bytes == 4);
  CHECK(source->inputs()[1].sha256.empty());
  CHECK(source->inputs()[2].failure->code == FailureCode::input_no_bytes);
  CHECK_FALSE(source->inputs()[3].whole);
  CHECK(source->inputs()[3].bytes == 0);
}

TEST_CASE("source: bad inputs that are passed by") {
  SourceOptions options;
  options.pass_bad_inputs = true;
  options.digests = true;
  for (const std::size_t split_bytes : {1, 1000}) {
    options.split_bytes = split_bytes;
    const auto source =
        source_of({{.bytes = ""},
                   {.bytes = "{}\n{}"},
                   {.bytes = "[{},{"},
                   {.bytes = "PK\x03\x04 a workbook"},
                   {.bytes = "[{},{}]", .piece = [] { return 1; }, .fails_at_read = 6},
                   {.bytes = "[{}]", .changed = "it was written to"},
                   {.bytes = "{}"}},
                  options);
    CHECK(told(*source) ==
          "---\n1 1:1 @0 {}\n2 2:1 @3 {}\n---\n1 1:2 @1 {}\n2 1:5 @4 broken {\n---\n1 1:2 @1 "
          "{}\n2 1:5 @4 broken {\n---\n1 1:2 @1 {}\n---\n1 1:1 @0 {}\n");
    CHECK_FALSE(source->trouble());
    std::string codes;
    for (const InputRead& input : source->inputs())
      codes += (input.failure ? std::string(name(input.failure->code)) : "ok") +
               (input.sha256.empty() ? " " : "+ ");
    CHECK(codes ==
          "INPUT_EMPTY+ ok+ INPUT_CUT_OFF+ INPUT_NOT_JSON+ FILE_UNREADABLE "
          "INPUT_CHANGED ok+ ");
  }
}

TEST_CASE("source: an input that changed is that, whatever else is wrong with it") {
  for (const std::string bytes : {"{}\n{\"a\":1", "[{},", "{\"x\":1}", "", "PK\x03\x04"}) {
    SourceOptions options;
    options.records_stated = bytes.starts_with("{\"x");
    if (options.records_stated) options.records = {"d"};
    const auto source =
        source_of({{.bytes = bytes, .changed = "it grew"}, {.bytes = "{}"}}, options);
    INFO(bytes);
    CHECK(told(*source).ends_with("! input1 changed while the run read it: it grew\n"));
    CHECK(source->inputs()[0].failure->code == FailureCode::input_changed);
  }
  // also where a limit ends the reading before the end
  SourceOptions options;
  options.limit = 1;
  const auto source = source_of({{.bytes = "{}\n{}\n", .changed = "it grew"}}, options);
  CHECK(told(*source) == "1 1:1 @0 {}\n! input1 changed while the run read it: it grew\n");
}

TEST_CASE("source: digests of the bytes as they came") {
  SourceOptions options;
  options.digests = true;
  for (const std::size_t piece : {1, 3, 1000}) {
    const auto source = source_of(
        {{.bytes = "{}\n", .piece = [piece] { return piece; }}, {.bytes = "[{}"}}, options);
    told(*source);
    CHECK(source->inputs()[0].sha256 == sha256("{}\n"));
    CHECK(source->inputs()[0].bytes == 3);
    CHECK(source->inputs()[1].sha256 == sha256("[{}"));
  }
  options.limit = 1;
  const auto source = source_of({{.bytes = "{}\n{}\n"}}, options);
  told(*source);
  CHECK(source->inputs()[0].sha256.empty());
  CHECK_FALSE(source->inputs()[0].whole);
}

TEST_CASE("source: tickets of the splits") {
  SourceOptions options;
  options.split_bytes = 10;
  const auto source =
      source_of({{.bytes = "{}\n{}\n{}\n{}\n{}\n"}, {.bytes = "{}\n{}\n"}}, options);
  Split split;
  std::uint64_t ticket = 0;
  for (; source->next(split); ++ticket) {
    CHECK(split.ticket == ticket);
    CHECK_FALSE(split.frames.empty());
  }
  CHECK(ticket >= 3);
  CHECK_FALSE(source->next(split));
  CHECK(split.frames.empty());
}

TEST_CASE("source: a limit of records") {
  SourceOptions options;
  for (const std::size_t split_bytes : {1, 1000}) {
    options.split_bytes = split_bytes;
    options.limit = 3;
    const auto source = source_of({{.bytes = "{}\n{}"}, {.bytes = "[1,2}"}}, options);
    CHECK(told(*source) == "1 1:1 @0 {}\n2 2:1 @3 {}\n---\n1 1:2 @1 1\n");
    options.limit = 0;
    CHECK(told("", options).empty());
    options.limit = 1;
    CHECK(told("[1,{]", options) == "1 1:2 @1 1\n");
  }
}

TEST_CASE("source: the trouble is told when the frames before it are given") {
  const auto source = source_of({{.bytes = "[{},"}}, {});
  Split split;
  CHECK(source->next(split));
  CHECK_FALSE(source->trouble());
  CHECK_FALSE(source->next(split));
  CHECK(source->trouble()->code == FailureCode::input_cut_off);
}

TEST_CASE("source: the nth read fails") {
  const std::string bytes = "[{\"a\":1},{\"b\":2},{\"c\":3}]";
  for (int read = 1; read <= 10; ++read) {
    SourceOptions options;
    options.split_bytes = 7;
    const auto source =
        source_of({{.bytes = bytes, .piece = [] { return 3; }, .fails_at_read = read}}, options);
    const std::string out = told(*source);
    CHECK(out.find("! input1 cannot be read: ") != std::string::npos);
  }
}

std::string random_text(std::mt19937& random, const std::vector<std::string>& parts,
                        std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += parts[random() % parts.size()];
  return out;
}

std::string random_value(std::mt19937& random, int depth) {
  static const std::vector<std::string> kScalars = {"1",     "-2.50",     "true",     "null",
                                                    "\"x\"", "\"\\\"]\"", "\"\\\\\"", "\"é{\""};
  static const std::vector<std::string> kBlanks = {"", "", " ", "\n", "\r\n  ", "\t"};
  const auto kind = depth == 0 ? 0 : random() % 4;
  if (kind < 2) return kScalars[random() % kScalars.size()];
  std::string out = kind == 2 ? "[" : "{";
  const auto count = random() % 4;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ",";
    out += kBlanks[random() % kBlanks.size()];
    if (kind == 3) out += "\"k" + std::to_string(i) + "\":";
    out += random_value(random, depth - 1) + kBlanks[random() % kBlanks.size()];
  }
  return out + (kind == 2 ? "]" : "}");
}

/// Nearly JSON: one byte of a document changed, doubled, taken away, or the end cut off.
std::string damaged(std::mt19937& random, std::string text) {
  const std::size_t at = random() % text.size();
  switch (random() % 6) {
    case 0:
      text.erase(at, 1);
      break;
    case 1:
      text.insert(at, 1, text[random() % text.size()]);
      break;
    case 2:
      text[at] = "\"\\{}[],: \n"[random() % 10];
      break;
    case 3:
      text.resize(at);
      break;
    default:
      break;
  }
  return text;
}

TEST_CASE("source: nothing depends on where bytes are cut") {
  std::mt19937 random(20260301);
  const std::vector<std::string> kSoup = {"{", "}",  "[", "]", ",", ":",    "\"", "\\",
                                          " ", "\n", "a", "1", "é", "\\\"", "{}", "\"k\":"};
  for (int round = 0; round < 4000; ++round) {
    std::string text = random() % 4 == 0 ? random_text(random, kSoup, random() % 60)
                       : random() % 3 == 0
                           ? "{\"a\":1,\"d\":" + random_value(random, 4) + "}\n"
                           : "[" + random_value(random, 4) + ",\n" + random_value(random, 3) + "]";
    for (int more = static_cast<int>(random() % 3); more > 0 && random() % 2 == 0; --more)
      text += std::string(random() % 3, "\n \x1e"[random() % 3]) +
              (random() % 3 == 0 ? "{\"a\":null,\"d\":[" + random_value(random, 2) + "]}"
                                 : "{\"a\":" + random_value(random, 2) + ",\"x\":[]}");
    if (random() % 3 == 0) text += std::string(random() % 9000, "x \n,"[random() % 4]) + "{}";
    if (!text.empty()) text = damaged(random, text);
    SourceOptions options;
    options.format = static_cast<InputFormat>(random() % 3);
    options.entries = random() % 4 == 0;
    options.records_stated = random() % 2 == 0;
    if (options.records_stated) options.records = {"d"};
    if (random() % 4 == 0) options.error_body = {"a"};
    if (random() % 2 == 0) options.max_record_bytes = 1 + random() % 6000;
    if (random() % 8 == 0) options.limit = random() % 4;
    const std::string whole = told(text, options);
    for (int cut = 0; cut < 3; ++cut) {
      SourceOptions other = options;
      other.split_bytes = 1 + random() % (cut == 0 ? 8 : 9000);
      const std::size_t most = 1 + random() % (cut == 1 ? 3 : 5000);
      const auto source = source_of(
          {{.bytes = text, .piece = [&random, most] { return 1 + random() % most; }}}, other);
      INFO(text);
      INFO(other.split_bytes, " ", other.max_record_bytes);
      REQUIRE(told(*source) == whole);
    }
  }
}

/// What ItemScan means, byte by byte.
std::size_t slow_end(const std::string& text, std::size_t from, char closer, bool commas,
                     ItemStop& stop) {
  std::string open;
  bool in_string = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '{' || c == '[')) {
      open.push_back(c == '{' ? '}' : ']');
    } else if (!in_string && (c == '}' || c == ']')) {
      stop = open.empty() ? (c == closer ? ItemStop::close : ItemStop::mismatch)
                          : (open.back() == c ? ItemStop::none : ItemStop::mismatch);
      if (stop != ItemStop::none) return at;
      open.pop_back();
    } else if (!in_string && c == ',' && open.empty() && commas) {
      stop = ItemStop::comma;
      return at;
    }
  }
  stop = ItemStop::none;
  return text.size();
}

TEST_CASE("item scan: agrees with a reading byte by byte") {
  std::mt19937 random(7);
  const std::vector<std::string> kParts = {
      "{", "}", "[", "]", ",", "\"", "\\", "\\\\", "\"{}\"", "aaaaaaaa", "é", "[1,2]", "{\"a\":1}"};
  for (const bool avx2 : {true, false}) {
    for (int round = 0; round < 20000; ++round) {
      const std::string text = random_text(random, kParts, 1 + random() % 80);
      const char closer = random() % 2 == 0 ? '}' : ']';
      const bool commas = random() % 2 == 0;
      const std::string padded = text + std::string(kPadding, '"');
      ItemScan scan(avx2);
      scan.enter(closer, commas);
      ItemStop stop = ItemStop::none;
      std::size_t at = 0;
      while (at < text.size() && stop == ItemStop::none) {
        const std::size_t to = std::min(text.size(), at + 1 + random() % 150);
        at = scan.find_end(padded.data(), at, to, stop);
      }
      ItemStop slow_stop = ItemStop::none;
      const std::size_t slow = slow_end(text, 0, closer, commas, slow_stop);
      INFO(text);
      REQUIRE(at == slow);
      REQUIRE(stop == slow_stop);
    }
  }
}

TEST_CASE("place count: lines and characters") {
  for (const bool avx2 : {true, false}) {
    const std::string line = std::string(100, 'a') + "éé🚂";
    const std::string text = line + "\n" + line + "\n\n" + line + std::string(kPadding, '\n');
    PlaceCount count(avx2);
    count.pass(text.data(), text.data() + text.size() - kPadding);
    CHECK(count.place().line == 4);
    CHECK(count.place().column == 104);
  }
}

}  // namespace
}  // namespace trama
