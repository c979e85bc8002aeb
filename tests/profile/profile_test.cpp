// What a profile knows of records, and that it is the same however the input is cut.
#include "profile/profile.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "profile/findings.h"
#include "profile/profile_support.h"

namespace trama {
namespace {

std::uint64_t missing(const Profile& profile, const std::string& path) {
  return find(need(profile, path), ValueForms()).missing;
}

TEST_CASE("profile: present, missing, null and empty are four things") {
  const Profile profile = profile_of(
      "{\"a\":1,\"b\":\"x\"}\n"
      "{\"a\":null,\"b\":\"\"}\n"
      "{\"b\":[]}\n"
      "{\"a\":{},\"b\":\"x\"}\n");
  CHECK(profile.records == 4);
  const PathProfile& a = need(profile, "a").seen;
  CHECK(a.records == 3);
  CHECK(missing(profile, "a") == 1);
  CHECK(a.of(JsonKind::null) == 1);
  CHECK(a.of(JsonKind::number) == 1);
  CHECK(a.empty == 1);
  const PathProfile& b = need(profile, "b").seen;
  CHECK(missing(profile, "b") == 0);
  CHECK(b.empty == 2);
  CHECK(b.values.distinct() == 1);
}

TEST_CASE("profile: below a list values are counted by item, and records apart") {
  const Profile profile = profile_of(
      "{\"g\":[{\"t\":\"a\"},{\"t\":\"b\",\"n\":7}]}\n"
      "{\"g\":[]}\n"
      "{\"g\":[{\"t\":\"a\"},{\"t\":\"a\"},{\"t\":\"a\"}]}\n");
  const PathProfile& list = need(profile, "g").seen;
  CHECK(list.items == 5);
  CHECK(list.fewest_items == 0);
  CHECK(list.most_items == 3);
  const PathProfile& type = need(profile, "g[*].t").seen;
  CHECK(type.count == 5);
  CHECK(type.records == 2);
  CHECK(missing(profile, "g[*].n") == 4);
}

TEST_CASE("profile: records may be lists, as a mapping may read them") {
  const Profile profile = profile_of("[\"a\",1]\n[\"b\",2]\n", {}, InputFormat::ndjson);
  CHECK(profile.records == 2);
  CHECK(need(profile, "[*]").seen.count == 4);
  CHECK(need(profile, "").seen.most_items == 2);
}

TEST_CASE("profile: numbers by value, never by a binary float") {
  const Profile profile = profile_of(
      "{\"n\":12345678901234567.89}\n{\"n\":12345678901234567.88}\n{\"n\":1e3}\n{\"n\":\"-0.5\"}\n"
      "{\"n\":1234567890123456789012345678901234567890}\n");
  const PathProfile& n = need(profile, "n").seen;
  CHECK(n.numbers.greatest->value.text == "12345678901234567.89");
  CHECK(n.numbers.least->value.text == "-0.5");
  CHECK(n.numbers_too_long == 1);
  CHECK(n.decimals == 2);
}

TEST_CASE("profile: examples are the first different values, with their place") {
  const Profile profile = profile_of("{\"a\": \"é\", \"b\": 1}\n{\"a\": \"é\", \"b\": 2}\n");
  const auto& a = need(profile, "a").seen.examples;
  REQUIRE(a.size() == 1);
  CHECK(a[0].place.line == 1);
  CHECK(a[0].place.column == 7);
  const auto& b = need(profile, "b").seen.examples;
  REQUIRE(b.size() == 2);
  CHECK(b[0].place.column == 17);
  CHECK(b[1].place.line == 2);
}

TEST_CASE("profile: a format fits all values or is none; two that fit stay undecided") {
  const ValueForms forms;
  const auto dates = [&forms](const std::string& values) {
    std::string input;
    std::size_t begin = 0;
    while (begin < values.size()) {
      const std::size_t end = std::min(values.find(' ', begin), values.size());
      input += "{\"d\":\"" + values.substr(begin, end - begin) + "\"}\n";
      begin = end + 1;
    }
    const Profile profile = profile_of(input);
    std::string out;
    for (const std::size_t date : find(need(profile, "d"), forms).dates)
      out += std::string(date_forms()[date].pattern) + ' ';
    return out;
  };
  CHECK(dates("01/03/2025 02/03/2025") == "DD/MM/YYYY MM/DD/YYYY ");
  CHECK(dates("01/03/2025 31/03/2025") == "DD/MM/YYYY ");
  CHECK(dates("01/03/2025 03/31/2025") == "MM/DD/YYYY ");
  CHECK(dates("1/3/2025 31/03/2025") == "D/M/YYYY ");
  CHECK(dates("31/03/2025 03/31/2025") == "");
  CHECK(dates("2025-03-01 2025-03-01T10:00:00Z") == "ISO-8601 ");
}

TEST_CASE("profile: keys that are data are folded, fields are not") {
  // ids as keys
  std::string ids;
  for (int i = 0; i < 50; ++i)
    ids += "{\"rates\":{\"" + std::to_string(1000 + i) + "\":{\"p\":" + std::to_string(i) + "},\"" +
           std::to_string(2000 + i) + "\":{\"p\":1}}}\n";
  const Profile by_id = profile_of(ids);
  CHECK(need(by_id, "rates{*}.p").seen.count == 100);
  CHECK(need(by_id, "rates{*}.$key").seen.values.distinct() == 100);
  CHECK(need(by_id, "rates{*}").seen.records == 50);
  CHECK(at_path(by_id, "rates.1000") == nullptr);
  // many words, few in each object
  std::string words;
  for (int i = 0; i < 400; ++i)
    words += "{\"w\":{\"word" + std::string(1, static_cast<char>('a' + i % 26)) +
             std::string(1, static_cast<char>('a' + i / 26)) + "\":1}}\n";
  CHECK(need(profile_of(words), "w{*}").seen.count == 400);
  // currencies in one object
  const Profile rates = profile_of(
      "{\"r\":{\"AED\":1,\"AFN\":2,\"ALL\":3,\"AMD\":4,\"ANG\":5,\"AOA\":6,\"ARS\":7,\"AUD\":8}}\n");
  CHECK(need(rates, "r{*}").seen.count == 8);
  // a wide record
  std::string wide = "{";
  for (int i = 0; i < 300; ++i)
    wide += (i == 0 ? "\"field" : ",\"field") + std::to_string(i) + "\":1";
  wide += "}\n";
  std::string rows;
  for (int i = 0; i < 20; ++i) rows += wide;
  CHECK(need(profile_of(rows), "field299").seen.count == 20);
}

/// Records that keep every part of a profile busy.
std::string lively_dump(std::size_t records, bool keys_of_data = true) {
  std::mt19937 random(3);
  std::string out;
  for (std::size_t i = 0; i < records; ++i) {
    const auto n = [&random](unsigned below) { return std::to_string(random() % below); };
    if (i % 97 == 96) {
      out += "{\"id\": \"cut\n";
      continue;
    }
    out += "{\"id\":\"R-" + std::to_string(i) + "\",\"code\":\"" + n(7) + "\",\"hotel\":\"H" +
           n(5000) + "\",\"price\":" + n(100000) + '.' + n(100) + ",\"d\":\"" +
           (random() % 3 == 0 ? "13" : "03") + "/0" + std::to_string(1 + random() % 9) +
           "/2025\",\"m\":{\"" + (keys_of_data ? n(100000) : "k") + "\":{\"x\":" + n(3) + "}},\"" +
           (i > records / 2 ? "late" : "early") + "\":[" + n(9) + ",null,\"\"]";
    if (random() % 4 == 0) out += ",\"mail\":\"a" + n(2000) + "@example.com\"";
    out += "}\n";
  }
  return out;
}

TEST_CASE("profile: the same bytes for any number of threads and any cut") {
  const std::string dump = lively_dump(12000);
  const auto told_by = [&dump](const ProfileCut& cut) { return told(profile_of(dump, cut)); };
  constexpr std::size_t kPiece = 100000;
  const std::string one = told_by({.piece_bytes = kPiece});
  CHECK(one.find("\"exact\": false") != std::string::npos);
  CHECK(told_by({.threads = 2, .piece_bytes = kPiece}) == one);
  CHECK(told_by({.threads = 8, .piece_bytes = kPiece}) == one);
  CHECK(told_by({.threads = 3, .split_bytes = 5000, .piece_bytes = kPiece}) == one);
  CHECK(told_by({.split_bytes = 300000, .piece_bytes = kPiece, .read_bytes = 7777}) == one);
}

TEST_CASE("profile: what is exact does not depend on pieces either") {
  const std::string dump = lively_dump(600, false);  // few values: all of them are kept
  const std::string whole = told(profile_of(dump));
  CHECK(whole.find("\"exact\": false") == std::string::npos);
  CHECK(told(profile_of(dump, {.piece_bytes = 1000})) == whole);
  CHECK(told(profile_of(dump, {.threads = 4, .piece_bytes = 4000})) == whole);
}

TEST_CASE("profile: records that are entries have their keys") {
  ProfileOptions options;
  options.source.entries = options.source.records_stated = true;
  const auto source = source_of({{.bytes = "{\"A1\":{\"x\":1},\"B2\":{\"x\":2}}"}}, options.source);
  options.piece_bytes = 8;
  Result<Profile> profile = profile_source(*source, 2, options);
  REQUIRE(profile.ok());
  CHECK(profile.value().records == 2);
  CHECK(need(profile.value(), "$key").seen.values.distinct() == 2);
  CHECK(need(profile.value(), "x").seen.count == 2);
}

TEST_CASE("profile: several inputs are one, in their order") {
  Result<Profile> profile = try_profile({"{\"a\":1}\n", "[{\"a\":2},{\"b\":3}]"});
  REQUIRE(profile.ok());
  CHECK(profile.value().records == 3);
  const auto& examples = need(profile.value(), "a").seen.examples;
  REQUIRE(examples.size() == 2);
  CHECK(examples[1].source == 1);
}

TEST_CASE("profile: a record is none for the reason that a run rejects it") {
  struct Case {
    std::string_view record;
    Reason reason;
    std::string_view place;
  };
  static constexpr Case kCases[] = {
      {"{\"a\": \"x", Reason::json_syntax, "1:7"},
      {"{\"a\": 01}", Reason::json_syntax, "1:7"},
      {"7", Reason::json_not_object, "1:1"},
      {"{\"a\": 1, \"a\": 2}", Reason::repeated_key, "1:10"},
      {"{\"a\": \"\xFF\"}", Reason::not_utf8, "1:8"},
  };
  for (const Case& c : kCases) {
    INFO(c.record);
    const Profile profile =
        profile_of(std::string(c.record) + "\n{\"a\":1}\n", {}, InputFormat::ndjson);
    CHECK(profile.records == 1);
    CHECK(profile.unread == 1);
    REQUIRE(profile.first_unread.size() == 1);
    CHECK(profile.first_unread[0].reason == c.reason);
    const DataPlace place = profile.first_unread[0].place;
    CHECK(std::to_string(place.line) + ':' + std::to_string(place.column) == c.place);
  }
}

TEST_CASE("profile: what is in something personal or secret is so too") {
  const Profile profile = profile_of(
      "{\"token\":{\"value\":\"SECRET-1\"},\"passwords\":[\"SECRET-2\"],\"phone\":{\"number\":\"600111222\","
      "\"type\":\"home\"},\"pax\":[\"SECRET-3\"],\"lead_pax\":\"SECRET-4\",\"adults\":2,\"note\":\"SECRET-5 "
      "write to ana@example.com\",\"k\":{\"eva@example.com\":{\"n\":7}}}\n");
  struct Case {
    const char* path;
    bool sensitive;
  };
  static constexpr Case kCases[] = {
      {"token.value", true}, {"passwords[*]", true}, {"phone.number", true}, {"phone.type", false},
      {"pax[*]", true},      {"lead_pax", true},     {"adults", false},      {"note", true},
  };
  for (const Case& c : kCases) {
    INFO(c.path);
    CHECK((find(need(profile, c.path), ValueForms()).sensitive != Sensitive::no) == c.sensitive);
  }
  ProfileFacts facts;
  facts.inputs.emplace_back("input");
  std::string out;
  profile_json(profile, facts, Language::en, [&out](std::string_view part) { out += part; });
  CHECK(out.find("SECRET") == std::string::npos);
  CHECK(out.find("600111222") == std::string::npos);
  CHECK(out.find("eva@") == std::string::npos);
  const Profile broken =
      profile_of("{}\nSECRET-6 and more\n{\"ana@example.com\":1,\"ana@example.com\":2}\n", {},
                 InputFormat::ndjson);
  CHECK(told(broken).find("SECRET") == std::string::npos);
  CHECK(told(broken).find("ana@") == std::string::npos);
}

TEST_CASE("profile: persons deep down, and keys that name them") {
  const Profile profile = profile_of(
      R"({"guest":{"name":{"first":"A","given":"B"},"address":{"line1":"C"},"details":{"name":"D"},"id":"E"},)"
      R"("hotel":{"name":"F","address":"G"},"k":{"+34 600 111 222":{"n":1}}})");
  for (const char* path :
       {"guest.name.first", "guest.name.given", "guest.address.line1", "guest.details.name"})
    CHECK(find(need(profile, path), ValueForms()).sensitive != Sensitive::no);
  for (const char* path : {"guest.id", "hotel.name", "hotel.address"})
    CHECK(find(need(profile, path), ValueForms()).sensitive == Sensitive::no);
  CHECK(told(profile).find("600 111") == std::string::npos);
}

TEST_CASE("profile: records of folded paths are no more than there are") {
  std::string input = "{\"a\":[{";
  for (int i = 1; i <= 40; ++i) input += (i > 1 ? ",\"" : "\"") + std::to_string(i) + "\":1";
  const Profile one = profile_of(input + "},{\"1\":5}]}\n");
  CHECK(need(one, "a[*]{*}").seen.records == 1);
  input.clear();
  for (int i = 0; i < 600; ++i) {
    input += "{\"m\":{";
    for (int k = 0; k < (i < 300 ? 10 : 40); ++k)
      input += (k > 0 ? ",\"" : "\"") + std::to_string(k) + "\":1";
    input += "}}\n";
  }
  const Profile two = profile_of(input, {.piece_bytes = 20000});
  CHECK(need(two, "m{*}").seen.records <= 600);
  std::string empty;
  for (int i = 0; i < 60; ++i) empty += "{\"m\":{\"\":1,\"k" + std::to_string(i) + "\":2}}\n";
  const Profile keys = profile_of(empty);
  CHECK(need(keys, "m{*}.$key").seen.count == 120);
  CHECK(need(keys, "m{*}.$key").seen.empty == 60);
}

TEST_CASE("profile: paths are written as a mapping reads them") {
  const Profile profile = profile_of(R"({"a\"b":1,"a.b\\c":{"x y":2},"":3,"$key":4})");
  for (const char* path : {"\"a\"\"b\"", "\"a.b\\c\".x y", "\"\"", "\"$key\""}) need(profile, path);
}

TEST_CASE("profile: values that were cut away make no room scarce") {
  // One path has very many values, another up to 600: these stay exact.
  std::string input;
  int next = 0;
  for (int record = 0; record < 12; ++record) {
    input += "{\"c\":[";
    for (int i = 0; i < 50; ++i) input += (i > 0 ? "," : "") + std::to_string(record * 50 + i);
    input += "],\"l\":[0";
    for (int i = 0; i < 30000; ++i) input += ',' + std::to_string(1000000 + next++);
    input += "]}\n";
  }
  const Profile profile = profile_of(input);
  CHECK(profile.values_kept_of_path() == kExactValues);
  CHECK(need(profile, "c[*]").seen.values.exact());
  CHECK(need(profile, "c[*]").seen.values.distinct() == 600);
}

TEST_CASE("profile: of records that are none the first are kept, all are counted") {
  std::string input = "{}\n";
  for (int i = 0; i < 30; ++i) input += "nothing\n";
  const Profile profile = profile_of(input, {.piece_bytes = 50});
  CHECK(profile.unread == 30);
  REQUIRE(profile.first_unread.size() == kKeptUnread);
  CHECK(profile.first_unread.back().record == 6);
}

TEST_CASE("profile: inputs that hold nothing") {
  const auto code = [](std::string input) {
    Result<Profile> profile = try_profile({std::move(input)});
    return profile.ok() ? std::string("ok") : std::string(name(profile.failure().code));
  };
  CHECK(code("") == "INPUT_EMPTY");
  CHECK(code("not\njson\n") == "INPUT_NOT_JSON");
  CHECK(code("[]") == "ok");
  CHECK(code("  \n\n") == "INPUT_NOT_JSON");  // as of a run
  CHECK(code("{}\n") == "ok");
}

// ---- hostile ----

std::string deep(std::size_t levels) {
  return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}\n";
}

TEST_CASE("profile: depth") {
  const Profile profile = profile_of(deep(128) + deep(129) + "{\"a\":1}\n");
  CHECK(profile.records == 2);
  REQUIRE(profile.unread == 1);
  CHECK(profile.first_unread[0].reason == Reason::too_deep);
}

TEST_CASE("profile: 10,000 paths, and what is at more is counted") {
  std::string input = "{";
  for (int i = 0; i < 100000; ++i)
    input +=
        (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "x\":{\"v\":" + std::to_string(i) + '}';
  input += "}\n";
  const Profile profile = profile_of(input);
  CHECK(profile.paths() <= kMaxPaths);
  CHECK(profile.values_beyond >= 90000);
  CHECK(told(profile_of(input + input, {.threads = 2})) == told(profile_of(input + input)));
}

TEST_CASE("profile: 20,000 other keys in each record are folded") {
  std::string input;
  for (int record = 0; record < 10; ++record) {
    input += '{';
    for (int i = 0; i < 2000; ++i)
      input +=
          (i == 0 ? "\"r" : ",\"r") + std::to_string(record) + '_' + std::to_string(i) + "\":1";
    input += "}\n";
  }
  const Profile profile = profile_of(input);
  CHECK(need(profile, "{*}").seen.count == 20000);
  CHECK(profile.values_beyond == 0);
}

TEST_CASE("profile: keys and texts of a megabyte") {
  const std::string big(1000000, 'x');
  const Profile profile =
      profile_of("{\"" + big + "1\":1,\"" + big + "2\":2,\"t\":\"" + big + "\"}\n");
  CHECK(profile.records == 1);
  CHECK(profile.paths() == 3);
  CHECK(need(profile, "t").seen.lengths.greatest->rank == 1000000);
  CHECK(need(profile, "t").seen.examples[0].value.text.size() == kKeptValueBytes);
  CHECK(told(profile).size() < 10000);
}

TEST_CASE("profile: many values of many paths are kept in bounded memory") {
  std::string input;
  std::mt19937 random(4);
  for (int record = 0; record < 60; ++record) {
    input += '{';
    for (int i = 0; i < 2000; ++i)
      input += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "x\":[" + std::to_string(random()) +
               ',' + std::to_string(random()) + ",\"" + std::string(60, 'y') +
               std::to_string(random()) + "\"]";
    input += "}\n";
  }
  const Profile profile = profile_of(input);
  CHECK(profile.values_kept_of_path() < kExactValues);
  CHECK(profile.paths() == 4000);
  std::size_t bytes = 0;
  each_path(*profile.root, [&](const PathNode& node) { bytes += node.seen.values.bytes(); });
  CHECK(bytes + profile.paths() * kPathBytes <= kMaxProfileBytes);
  CHECK(told(profile_of(input, {.threads = 4, .split_bytes = 9000})) == told(profile));
}

}  // namespace
}  // namespace trama
