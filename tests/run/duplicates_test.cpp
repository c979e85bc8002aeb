// `duplicates` in any amount of memory: the same records are kept,
// whether the keys fit or go to temporary files, for any number of threads and any cut;
// and what is not comparable is never guessed.

#include "run/duplicates.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/keyed_hash.h"
#include "run/kept_records.h"
#include "run/key_store.h"
#include "run/run_support.h"
#include "support/mapped.h"

namespace trama::test {
namespace {

using Random = std::mt19937_64;

constexpr std::size_t kTiny = 4096;  // bytes for keys: a few dozen

/// TMPDIR for as long as this lives.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const char* folder) {
    if (const char* const was = std::getenv("TMPDIR")) was_ = was;
    ::setenv("TMPDIR", folder, 1);
  }
  ~TemporaryFolder() {
    if (was_) {
      ::setenv("TMPDIR", was_->c_str(), 1);
    } else {
      ::unsetenv("TMPDIR");
    }
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

 private:
  std::optional<std::string> was_;
};

}  // namespace

TEST_CASE("keyed_hash: the reference values of SipHash-2-4") {
  // The paper's key 00 01 … 0f, and the texts 00, 00 01, …; the last is its worked example.
  constexpr HashKey kKey{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};
  std::string text;
  for (int i = 0; i < 15; ++i) text += static_cast<char>(i);
  CHECK(siphash(kKey, "") == 0x726fdb47dd0e0e31U);
  CHECK(siphash(kKey, std::string_view(text).substr(0, 1)) == 0x74f839c593dc67fdU);
  CHECK(siphash(kKey, std::string_view(text).substr(0, 8)) == 0x93f5f5799a932462U);
  CHECK(siphash(kKey, text) == 0xa129ca6149be45e5U);
  CHECK(keyed_hash("a") == keyed_hash("a"));
  CHECK(keyed_hash("a") != keyed_hash("b"));
  CHECK(keyed_hash("") != siphash({}, ""));  // the key is drawn
}

namespace {

// libstdc++ hashes texts with MurmurHash64A under one seed for all: its steps can be undone, so
// that any number of texts of one hash can be made.
constexpr std::uint64_t kMurmur = (std::uint64_t{0xc6a4a793U} << 32U) + 0x5bd1e995U;

constexpr std::uint64_t inverse(std::uint64_t odd) noexcept {
  std::uint64_t x = odd;
  for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
  return x;
}
constexpr std::uint64_t shifted(std::uint64_t x) noexcept {
  return x ^ x >> 47U;
}

/// Texts of 16 printable bytes that std::hash takes for one and the same.
std::vector<std::string> colliding(std::size_t count) {
  Random random(5);
  constexpr std::uint64_t kStart = 0xc70f6907U ^ 16 * kMurmur;
  constexpr std::uint64_t kEnd = 0x123456789abcdef0U;  // after both blocks
  const std::uint64_t back = inverse(kMurmur);
  std::vector<std::string> out;
  while (out.size() < count) {
    std::string text(16, ' ');
    for (int i = 0; i < 8; ++i)
      text[static_cast<std::size_t>(i)] = static_cast<char>('0' + random() % 64);
    std::uint64_t block = 0;
    std::memcpy(&block, text.data(), 8);
    const std::uint64_t hash = (kStart ^ shifted(block * kMurmur) * kMurmur) * kMurmur;
    block = shifted((hash ^ kEnd * back) * back) * back;
    std::memcpy(text.data() + 8, &block, 8);
    bool printable = true;
    for (const char c : text)
      printable = printable && c >= ' ' && c <= '~' && c != '"' && c != '\\';
    if (printable) out.push_back(text);
  }
  return out;
}

}  // namespace

TEST_CASE("keyed_hash: keys that were made to collide do not") {
  const std::vector<std::string> texts = colliding(300);
  std::set<std::size_t> of_std;
  std::set<std::uint64_t> of_ours;
  for (const std::string& text : texts) {
    of_std.insert(std::hash<std::string>{}(text));
    of_ours.insert(keyed_hash(text) % 65536);
  }
  CHECK(of_std.size() == 1);  // else the attack is out of date, and with it this test
  CHECK(of_ours.size() > 280);
}

TEST_CASE("key store: in any amount of memory what a map would hold") {
  for (const Keep keep : {Keep::first, Keep::last, Keep::none, Keep::highest, Keep::lowest}) {
    for (const std::size_t memory :
         {std::size_t{0}, kTiny, std::size_t{20000}, std::size_t{1} << 24U}) {
      Random random(memory + static_cast<std::size_t>(keep));
      KeyStore store(keep, memory, kNeverStopped);
      std::map<std::string, KeyState> all;
      for (std::uint64_t i = 1; i <= 3000; ++i) {
        std::string key = std::to_string(random() % 1200);
        if (random() % 50 == 0) key.append(1000 - key.size() + random() % 3, 'x');
        const KeyState record =
            state_of(random() % 3, i,
                     random() % 9 == 0 ? Value::date({3})
                                       : Value::integer(static_cast<std::int64_t>(random() % 20)));
        const auto [at, is_new] = all.try_emplace(key, record);
        if (keep == Keep::first) {
          KeyState known;
          const auto met = store.meet(keyed_hash(key), key, record, known);
          REQUIRE(met.ok());
          CHECK(met.value() == is_new);
          if (!is_new) CHECK(known.record == at->second.record);
        } else {
          if (!is_new) fold(keep, at->second, record);
          REQUIRE(store.note(keyed_hash(key), key, record).ok());
        }
      }
      CHECK(store.is_spilled() == (memory < (std::size_t{1} << 24U)));
      REQUIRE(store.spill_all().ok());
      KeyMerge merge = store.merged();
      std::size_t count = 0;
      KeyEntry before;
      std::string key_before;
      for (KeyEntry entry;; ++count) {
        const auto more = merge.next(entry);
        REQUIRE(more.ok());
        if (!more.value()) break;
        CHECK(entry.hash == keyed_hash(entry.key));
        if (count > 0)
          CHECK(std::pair(before.hash, std::string_view(key_before)) <
                std::pair(entry.hash, entry.key));
        before = entry;
        key_before = entry.key;
        const auto found = all.find(std::string(entry.key));
        REQUIRE(found != all.end());
        CHECK(std::memcmp(&entry.state, &found->second, state_bytes(keep)) == 0);
      }
      CHECK(count == all.size());
    }
  }
}

TEST_CASE("kept records: bits in memory or in a file") {
  Random random(3);
  const std::vector<std::uint64_t> records = {1000, 0, 1, 777};
  for (const std::size_t memory : {std::size_t{0}, std::size_t{1}, std::size_t{33},
                                   std::size_t{222}, std::size_t{223}, std::size_t{4096}}) {
    std::set<std::pair<std::size_t, std::uint64_t>> kept;
    for (int i = 0; i < 600; ++i) {
      const std::size_t source = random() % records.size();
      if (records[source] > 0) kept.emplace(source, 1 + random() % records[source]);
    }
    KeptRecords bits(records, memory);
    std::size_t windows = 0;
    for (;; ++windows) {
      const auto more = bits.next_window();
      REQUIRE(more.ok());
      if (!more.value()) break;
      for (const auto& [source, record] : kept) bits.keep(source, record);
      bits.keep(0, 1001);  // no such records
      bits.keep(1, 1);
      bits.keep(9, 1);
    }
    CHECK(windows == (1778 + std::max<std::size_t>(1, memory) * 8 - 1) /
                         (std::max<std::size_t>(1, memory) * 8));
    for (std::size_t source = 0; source < records.size() + 1; ++source) {
      for (std::uint64_t first = 1; first <= 1001; first += 1 + random() % 90) {
        const std::uint64_t last = first + random() % 90;
        const auto some = bits.some(source, first, last);
        REQUIRE(some.ok());
        for (std::uint64_t record = first; record <= last; ++record)
          CHECK(some.value().holds(record) == kept.contains({source, record}));
      }
    }
  }
}

namespace {

/// A record as the reference sees it, and as JSON.
struct Sent {
  std::string json;
  enum class Key : std::uint8_t { none, blank, wrong, usable } key = Key::none;
  std::string key_text;
  char rank = '?';  // n(umber), d(ate), l(ocal time), i(nstant), ? none of them
  long long by = 0;
};

std::string one_of(Random& random, std::initializer_list<const char*> list) {
  return list.begin()[random() % list.size()];
}

/// Most ranks of a key are of one kind, so that some keys can be decided.
void add_rank(Random& random, std::size_t key, Sent& sent) {
  const auto n = static_cast<long long>(random() % 8);
  const char kind = random() % 25 == 0 ? "ndli?"[random() % 5] : "nndii"[key % 5];
  const std::string digit = std::to_string(n);
  sent.rank = kind;
  sent.by = n;
  switch (kind) {
    case 'n':
      sent.json += ",\"at\":" + one_of(random, {"", "\""});
      if (sent.json.back() == '"')
        sent.json += digit + ".00\"";
      else
        sent.json += digit;
      break;
    case 'd':
      sent.json += ",\"at\":\"2025-01-1" + digit + "\"";
      break;
    case 'l':
      sent.json += ",\"at\":\"2025-01-01T1" + digit + ":00\"";
      break;
    case 'i':  // one instant, written in two zones
      sent.json += random() % 2 == 0 ? ",\"at\":\"2025-01-01T1" + digit + ":00:00.5Z\""
                                     : ",\"at\":\"2025-01-01T0" + digit + ":00:00.50-10:00\"";
      break;
    default:
      sent.json +=
          one_of(random, {"", ",\"at\":null", ",\"at\":\" \"", ",\"at\":\"soon\"", ",\"at\":[1]",
                          ",\"at\":true", ",\"at\":\"2025-02-30\"", ",\"at\":\"N/A\""});
  }
}

Sent sent_by(Random& random, int number, std::size_t keys) {
  Sent sent;
  sent.json = "{\"n\":" + std::to_string(number);
  const std::size_t key = random() % keys;
  switch (random() % 40) {
    case 0:
      sent.json += ",}";
      return sent;
    case 1:
      sent.key = Sent::Key::blank;
      sent.json += one_of(random, {"", ",\"id\":null", ",\"id\":\"\"", ",\"id\":\" N/A \""});
      break;
    case 2:
      sent.key = Sent::Key::wrong;
      sent.json += one_of(random, {",\"id\":[1]", ",\"id\":{\"a\":1}"});
      break;
    default:
      sent.key = Sent::Key::usable;
      sent.key_text = std::to_string(key);
      // Some are longer than what is kept of a key, and differ at their end alone.
      if (key % 17 == 3) sent.key_text = std::string(1500, 'x') + sent.key_text;
      if (key % 17 == 4)
        sent.key_text = std::string(1024 - sent.key_text.size(), 'x') + sent.key_text;
      sent.json += sent.key_text.size() < 5 && random() % 2 == 0
                       ? ",\"id\":" + sent.key_text
                       : ",\"id\":\"" + sent.key_text + "\"";
  }
  add_rank(random, key, sent);
  sent.json += '}';
  return sent;
}

/// "written", "left out", or the code of its first error, of each record.
std::vector<std::string> expected(const std::vector<Sent>& records, const std::string& keep,
                                  bool reject) {
  std::vector<std::string> fates(records.size(), "written");
  const bool ranked = keep == "highest" || keep == "lowest";
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].key == Sent::Key::none) fates[i] = "JSON_INVALID";
    if (records[i].key == Sent::Key::wrong) fates[i] = "WRONG_TYPE";
    if (records[i].key == Sent::Key::usable) groups[records[i].key_text].push_back(i);
  }
  for (const auto& [key, group] : groups) {
    bool comparable = true;
    std::size_t kept = group[0];
    for (const std::size_t i : group) {
      comparable =
          comparable && records[i].rank != '?' && records[i].rank == records[group[0]].rank;
      if (keep == "last" || (keep == "highest" && records[i].by > records[kept].by) ||
          (keep == "lowest" && records[i].by < records[kept].by))
        kept = i;
    }
    for (const std::size_t i : group) {
      if (ranked && !comparable) {
        fates[i] = "WRONG_TYPE";
      } else if (keep == "none" ? group.size() > 1 : i != kept) {
        fates[i] = reject ? "DUPLICATE_RECORD" : "left out";
      }
    }
  }
  return fates;
}

/// The same of a run.
std::vector<std::string> fates_of(const RunSeen& seen, std::size_t records) {
  std::vector<std::string> fates(records, "left out");
  std::istringstream rows(seen.rows);
  for (std::string line; std::getline(rows, line);) fates.at(std::stoul(line) - 1) = "written";
  std::istringstream rejects(seen.rejects);
  static const std::regex kParts(R"re("record": (\d+), .*?"code": "(\w+)")re");
  for (std::string line; std::getline(rejects, line);) {
    std::smatch parts;
    const std::string head = line.substr(0, line.find("\"source"));
    REQUIRE(std::regex_search(head, parts, kParts));
    std::string& fate = fates.at(std::stoul(parts[1]) - 1);
    CHECK(fate == "left out");  // not told twice
    fate = parts[2];
  }
  return fates;
}

constexpr const char* kWays[] = {"first", "last", "none", "highest", "lowest"};

std::string mapping_of(const std::string& keep, const char* others) {
  const bool ranked = keep == "highest" || keep == "lowest";
  return "mapping: m\nversion: 1\ninput: {null_words: [N/A]}\nduplicates: {same: id, keep: " +
         keep + (ranked ? " at" : "") + ", others: " + others +
         "}\ncolumns: {N: n}\noutput: {format: csv, header: no}\n";
}

}  // namespace

TEST_CASE("duplicates: the same records are kept in any memory, by any threads, however cut") {
  const RunFolder folder;
  Random random(21);
  for (const char* const keep : kWays) {
    for (const char* const others : {"report", "reject"}) {
      const LoadedMapping mapping = loaded(folder.write("m.yaml", mapping_of(keep, others)));
      for (const std::size_t keys : {30U, 400U}) {
        std::vector<Sent> records;
        std::string dump;
        for (int i = 1; i <= 500; ++i) {
          records.push_back(sent_by(random, i, keys));
          dump += records.back().json + '\n';
        }
        const std::string input = folder.write("in", dump);
        const RunSeen whole = run_over(folder, mapping, {input}, {.threads = 1});
        INFO(std::string(keep), " others ", others, " keys ", keys);
        CHECK(whole.counts.balances());
        CHECK(fates_of(whole, records.size()) ==
              expected(records, keep, std::string_view(others) == "reject"));
        for (const std::size_t memory : {std::size_t{0}, kTiny, kDuplicatesBytes}) {
          if (memory == 0 && keys > 30) continue;  // a file for every key
          for (const unsigned threads : {1U, 3U}) {
            RunHow how;
            how.threads = threads;
            how.split_bytes = 1 + random() % 3000;
            how.duplicates_bytes = memory;
            INFO("memory ", memory, " threads ", threads, " split ", how.split_bytes);
            check_same(whole, run_over(folder, mapping, {input}, how));
          }
        }
      }
    }
  }
}

TEST_CASE("duplicates: of several inputs the message names the other one") {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write("m.yaml", mapping_of("last", "reject")));
  const std::string one = folder.write("one", "{\"n\":1,\"id\":\"a\"}\n{\"n\":2,\"id\":\"b\"}\n");
  const std::string two = folder.write(
      "two", "{\"n\":3,\"id\":\"b\"}\n{\"n\":4,\"id\":\"a\"}\n{\"n\":5,\"id\":\"a\"}\n");
  for (const std::size_t memory : {std::size_t{0}, kDuplicatesBytes}) {
    const RunSeen seen = run_over(folder, mapping, {one, two}, {.duplicates_bytes = memory});
    CHECK(seen.rows == "3\n5\n");
    CHECK(seen.rejects.find("the key \\\"b\\\" was kept in record 1 of " + two) !=
          std::string::npos);
    CHECK(seen.rejects.find("the key \\\"a\\\" was kept in record 3 of " + two) !=
          std::string::npos);
    CHECK(seen.rejects.find("the key \\\"a\\\" was kept in record 3\"") != std::string::npos);
  }
}

TEST_CASE("duplicates: no room for the keys ends the run, and nothing is published") {
  const RunFolder folder;
  std::string dump;
  for (int i = 0; i < 6000; ++i) dump += "{\"n\":1,\"id\":" + std::to_string(i) + ",\"at\":1}\n";
  const std::string input = folder.write("in", dump);
  for (const char* const keep : kWays) {
    const LoadedMapping mapping = loaded(folder.write("m.yaml", mapping_of(keep, "report")));
    for (const unsigned threads : {1U, 3U}) {
      INFO(std::string(keep), " threads ", threads);
      RunHow how;
      how.threads = threads;
      how.duplicates_bytes = kTiny;
      how.split_bytes = 1000;
      {
        const TemporaryFolder nowhere("/no/such/folder");
        const RunSeen seen = run_over(folder, mapping, {input}, how);
        CHECK(seen.exit == Exit::output);
        CHECK(!seen.published);
        REQUIRE(!seen.endings.empty());
        CHECK(
            seen.endings[0] ==
            "OUTPUT_UNWRITABLE: /no/such/folder (keys of duplicates; TMPDIR names another folder) "
            "cannot be written: the folder does not exist");
        how.duplicates_bytes = kDuplicatesBytes;  // no file is needed
        CHECK(run_over(folder, mapping, {input}, how).exit == Exit::ok);
        how.duplicates_bytes = kTiny;
      }
      const auto before = std::signal(SIGXFSZ, SIG_IGN);
      rlimit limit{};
      REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
      const rlimit small{24000,
                         limit.rlim_max};  // a full disk: room for the rows, not for merged keys
      REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
      const RunSeen full = run_over(folder, mapping, {input}, how);
      REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
      std::signal(SIGXFSZ, before);
      CHECK(full.exit == Exit::output);
      CHECK(!full.published);
      REQUIRE(!full.endings.empty());
      CHECK(full.endings[0].find("(keys of duplicates; ") != std::string::npos);
      CHECK(run_over(folder, mapping, {input}, how).exit == Exit::ok);
    }
  }
}

namespace {

/// The input whose keys differ between two passes over `first` and `second`.
std::optional<std::size_t> changed(const LoadedMapping& mapping, std::size_t memory,
                                   const std::string& first, const std::string& second) {
  const Plan& plan = *mapping.plan;
  RunOptions options;
  options.inputs = {"in"};
  const ReportNames names = names_of(plan, mapping.run, options, "run");
  const auto make = [&] { return std::make_unique<SplitMapper>(plan, names, 0, kMaxRecordBytes); };
  Duplicates duplicates(*plan.duplicates, memory);
  auto one = source_of_text(first, "in", mapping.run.source);
  REQUIRE(duplicates.first_pass(*one, 2, make).ok());
  auto two = source_of_text(second, "in", mapping.run.source);
  const auto mapper = make();
  Split split;
  std::vector<DuplicateDecision> decisions;
  while (two->next(split)) REQUIRE(duplicates.decide(split, *mapper, decisions).ok());
  return duplicates.changed_source();
}

}  // namespace

TEST_CASE("duplicates: an input that is another in the second pass is seen") {
  const RunFolder folder;
  const char* const dump =
      "{\"id\":1,\"at\":1}\n{\"id\":2,\"at\":1}\n{\"id\":1,\"at\":2}\n{\"id\":3,\"at\":1}\n";
  struct Case {
    const char* second;
    bool is_changed;
    const char* why;
  };
  static constexpr Case kCases[] = {
      {"{\"id\":1,\"at\":1}\n{\"id\":2,\"at\":1}\n{\"id\":1,\"at\":2}\n{\"id\":3,\"at\":1}\n",
       false, "the same"},
      {"{\"id\":2,\"at\":1}\n{\"id\":1,\"at\":1}\n{\"id\":1,\"at\":2}\n{\"id\":3,\"at\":1}\n", true,
       "another order"},
      {"{\"id\":9}\n{\"id\":1,\"at\":1}\n{\"id\":2,\"at\":1}\n{\"id\":1,\"at\":2}\n{\"id\":3,"
       "\"at\":1}\n",
       true, "one more in front"},
      {"{\"id\":1,\"at\":1}\n{\"id\":2,\"at\":1}\n{\"id\":1,\"at\":2}\n{\"id\":3,\"at\":1}\n{"
       "\"id\":4,\"at\":1}\n",
       true, "it grew"},
      {"{\"id\":1,\"at\":1}\n{\"id\":2,\"at\":1}\n{\"id\":1,\"at\":2}\n", true, "the last is gone"},
      {"{\"id\":1,\"at\":1}\n{\"id\":2,\"at\":1}\n{\"id\":3,\"at\":2}\n{\"id\":3,\"at\":1}\n", true,
       "another key"},
      {"{\"id\":1,\"at\":1}\n{\"id\":2,\"at\":1}\n{\"at\":2}\n{\"id\":3,\"at\":1}\n", true,
       "a key is blank"},
      {"", true, "empty"},
  };
  for (const char* const keep : {"last", "none", "highest", "lowest"}) {
    const LoadedMapping mapping = loaded(folder.write("m.yaml", mapping_of(keep, "report")));
    for (const Case& c : kCases) {
      for (const std::size_t memory : {std::size_t{0}, kDuplicatesBytes}) {
        INFO(keep, " ", c.why, " ", memory);
        CHECK(changed(mapping, memory, dump, c.second).has_value() == c.is_changed);
      }
    }
  }
}

TEST_CASE("duplicates: kinds of X that cannot be compared") {
  struct Kind {
    char kind;
    const char* json;
  };
  static constexpr Kind kKinds[] = {
      {'n', "5"},
      {'n', "\"7.5\""},
      {'n', "-1"},
      {'d', "\"2025-03-01\""},
      {'d', "\"1999-12-31\""},
      {'l', "\"2025-03-01T23:00:00\""},
      {'l', "\"2025-03-01T23:00\""},
      {'i', "\"2025-03-01T22:30:00-05:00\""},
      {'i', "\"2025-03-02T03:30:00Z\""},
      {'?', "null"},
      {'?', "\"soon\""},
      {'?', "true"},
      {'?', "\"20:15\""},
      {'?', "{\"a\":1}"},
  };
  for (const Kind& a : kKinds) {
    for (const Kind& b : kKinds) {
      // Between them one that is like the first: the second pair is not looked at alone.
      const std::string dump = std::string("{\"n\":1,\"id\":1,\"at\":") + a.json +
                               "}\n{\"n\":2,\"id\":1,\"at\":" + a.json +
                               "}\n{\"n\":3,\"id\":1,\"at\":" + b.json +
                               "}\n{\"n\":4,\"id\":2,\"at\":1}\n";
      const Mapped got = map("duplicates: {same: id, keep: lowest at}\ncolumns: {N: n}\n", dump);
      INFO(dump);
      if (a.kind == b.kind && a.kind != '?') {
        CHECK(got.counts == "4 = 2 written (2 rows) + 0 rejected + 0 skipped + 2 duplicate");
      } else {
        CHECK(got.rows == "4\n");
        CHECK(got.counts == "4 = 1 written (1 rows) + 3 rejected + 0 skipped + 0 duplicate");
        for (const char* const record : {"1: WRONG_TYPE", "2: WRONG_TYPE", "3: WRONG_TYPE"})
          CHECK(got.rejected.find(record) != std::string::npos);
      }
    }
  }
}

TEST_CASE("duplicates: what a record that cannot be compared is told") {
  const auto told = [](const char* keep, const std::string& dump) {
    return map(std::string("duplicates: {same: id, keep: ") + keep + "}\ncolumns: {N: n}\n", dump)
        .rejected;
  };
  CHECK(told("highest at",
             "{\"id\":1,\"at\":\"2025-03-01\"}\n{\"id\":1,\"at\":\"2025-03-01T10:00:00Z\"}\n"
             "{\"id\":1,\"at\":\"2025-03-02\"}\n{\"id\":1,\"at\":7}\n") ==
        "1: WRONG_TYPE : \"2025-03-01\" cannot be compared with a time whose offset is known in "
        "record 2, "
        "so no record of this key is kept\n"
        "2: WRONG_TYPE : \"2025-03-01T10:00:00Z\" cannot be compared with a date without a time in "
        "record 1, so no record of this key is kept\n"
        "3: WRONG_TYPE : \"2025-03-02\" cannot be compared with a time whose offset is known in "
        "record 2, "
        "so no record of this key is kept\n"
        "4: WRONG_TYPE : 7 cannot be compared with a date without a time in record 1, so no record "
        "of this key is kept\n");
  CHECK(told("lowest at",
             "{\"id\":1,\"at\":\"2025-03-01T22:30:00-05:00\"}\n{\"id\":1,\"at\":\"2025-03-01T23:00:"
             "00\"}\n") ==
        "1: WRONG_TYPE : \"2025-03-01T22:30:00-05:00\" cannot be compared with a time without an "
        "offset in record 2, so no record of this key is kept; "
        "no_zone_means in keep says what a time without an offset is\n"
        "2: WRONG_TYPE : \"2025-03-01T23:00:00\" cannot be compared with a time whose offset is "
        "known in "
        "record 1, so no record of this key is kept; "
        "no_zone_means in keep says what a time without an offset is\n");
  CHECK(told("lowest at", "{\"id\":1,\"at\":1}\n{\"id\":1}\n{\"id\":1,\"at\":2}\n") ==
        "1: WRONG_TYPE : 1 cannot be compared with a blank or unreadable value in record 2, so no "
        "record of this key is kept\n"
        "2: WRONG_TYPE : the field that decides which version is kept is missing\n"
        "3: WRONG_TYPE : 2 cannot be compared with a blank or unreadable value in record 2, so no "
        "record of this key is kept\n");
  CHECK(told("lowest at.x",
             "{\"id\":1,\"at\":{\"x\":1}}\n{\"id\":2,\"at\":\"t\"}\n{\"id\":3,\"at\":{}}\n") ==
        "2: WRONG_TYPE : \"t\"; the path at.x needs an object on its way, but meets text\n"
        "3: WRONG_TYPE : the field that decides which version is kept is missing\n");
}

TEST_CASE("duplicates: a key of another shape is no blank") {
  const Mapped got =
      map("duplicates: {same: [a.b, c], keep: first}\ncolumns: {N: n}\n",
          "{\"n\":1,\"a\":{\"b\":1},\"c\":1}\n{\"n\":2,\"a\":\"b\",\"c\":1}\n{\"n\":3,\"a\":{\"b\":"
          "[7]},\"c\":1}\n"
          "{\"n\":4,\"a\":{\"b\":[]},\"c\":1}\n{\"n\":5,\"a\":{\"b\":1},\"c\":\"1\"}\n");
  CHECK(got.rows == "1\n4\n");
  CHECK(got.rejected ==
        "2: WRONG_TYPE : \"b\"; the path a.b needs an object on its way, but meets text\n"
        "3: WRONG_TYPE : [7]; one value is needed, but this is a list\n");
  CHECK(got.warned ==
        "DUPLICATE_KEY_BLANK duplicates: a record whose key is blank is nobody's duplicate × 1\n");
  CHECK(got.rejects.find("\"stage\": \"duplicate\"") != std::string::npos);
}

TEST_CASE("duplicates: null words are no keys") {
  const Mapped got =
      map("input: {null_words: [N/A]}\nduplicates: {same: id, keep: first}\ncolumns: {N: n}\n",
          "{\"n\":1,\"id\":\"N/A\"}\n{\"n\":2,\"id\":\"N/A\"}\n{\"n\":3,\"id\":\"n/"
          "a\"}\n{\"n\":4,\"id\":\"n/a\"}\n");
  CHECK(got.rows == "1\n2\n3\n");
}

TEST_CASE("duplicates: X in other formats") {
  struct Case {
    const char* keep;
    const char* first;   // X of the first record
    const char* second;  // and of the second
    const char* rows;    // the record that is kept, or none
    const char* why;
  };
  static constexpr Case kCases[] = {
      {"{highest: at}", "\"2025-03-01\"", "\"2025-02-28\"", "1\n", "as highest at"},
      {"{lowest: at}", "\"2025-03-01\"", "\"2025-02-28\"", "2\n", "as lowest at"},
      {"{highest: at}", "9", "10", "2\n", "numbers too"},
      {"{highest: at, read: DD/MM/YYYY}", "\"02/01/2025\"", "\"01/02/2025\"", "2\n", "by its days"},
      {"{lowest: at, read: DD/MM/YYYY}", "\"02/01/2025\"", "\"01/02/2025\"", "1\n",
       "the other way"},
      {"{highest: at, read: [ISO-8601, DD/MM/YYYY]}", "\"2025-01-02\"", "\"01/02/2025\"", "2\n",
       "two formats"},
      {"{highest: at, read: [YYYYMMDD]}", "20250102", "\"20250201\"", "2\n",
       "digits are a date there"},
      {"{highest: at, read: DD/MM/YYYY}", "7", "8", "", "no number is read"},
      {"{highest: at, read: DD/MM/YYYY}", "\"31/02/2025\"", "\"01/02/2025\"", "", "no such day"},
      {"{highest: at, read: DD/MM/YYYY}", "\"01/02/2025\"", "\"2025-02-01\"", "",
       "ISO is not stated"},
      {"{highest: at, read: [DD-MMM-YYYY], months: es}", "\"02-ene-2025\"", "\"01-feb-2025\"",
       "2\n", "names"},
      {"{highest: at, read: [DD/MM/YY], two_digit_years: 1950-2049}", "\"01/01/49\"",
       "\"01/01/50\"", "1\n", "years"},
      {"{highest: at, read: unix-seconds}", "1740796200", "\"1740796201\"", "2\n", "an instant"},
      {"{highest: at, read: [unix-seconds, ISO-8601]}", "1740796200", "\"2025-03-01T02:30:01Z\"",
       "2\n", "instants alike"},
      {"{highest: at, read: [unix-seconds, ISO-8601]}", "1740796200", "\"2025-03-02\"", "",
       "a date is no instant"},
      {"{highest: at, no_zone_means: America/Bogota}", "\"2025-03-01T22:30:00-05:00\"",
       "\"2025-03-01T23:00:00\"", "2\n", "04:00Z is after 03:30Z"},
      {"{highest: at, no_zone_means: UTC}", "\"2025-03-01T22:30:00-05:00\"",
       "\"2025-03-01T23:00:00\"", "1\n", "23:00Z is not"},
      {"{highest: at, no_zone_means: \"-05:00\"}", "\"2025-03-01T22:30:00Z\"",
       "\"2025-03-01T18:00:00\"", "2\n", "an offset"},
      {"{highest: at, no_zone_means: {from: tz}}", "\"2025-03-01T22:30:00Z\"",
       "\"2025-03-01T18:00:00\"", "2\n", "a field"},
      {"{highest: at, no_zone_means: {from: none}}", "\"2025-03-01T22:30:00Z\"",
       "\"2025-03-01T18:00:00\"", "", "a field that is not there"},
      {"{highest: at, no_zone_means: {from: n}}", "\"2025-03-01T22:30:00Z\"",
       "\"2025-03-01T23:30:00\"", "1\n", "hours: 23:30+02:00"},
      {"{highest: at, no_zone_means: {from: id}}", "\"2025-03-01T22:30:00Z\"",
       "\"2025-03-01T23:30:00\"", "", "a field that is no zone"},
      {"{highest: at, no_zone_means: UTC}", "\"2025-03-01\"", "\"2025-03-01T00:00:01\"", "",
       "a date is never moved"},
      {"{highest: at, no_zone_means: UTC}", "5", "6", "2\n", "numbers as before"},
      {"{highest: at, no_zone_means: America/New_York}", "\"2025-03-09T02:30:00\"",
       "\"2025-03-09T01:00:00\"", "", "skipped"},
      {"{highest: at, no_zone_means: America/New_York}", "\"2025-11-02T01:30:00\"",
       "\"2025-11-02T00:00:00\"", "", "twice"},
      {"{highest: at, no_zone_means: America/New_York, clock_change: later}",
       "\"2025-11-02T01:30:00\"", "\"2025-11-02T01:20:00-04:00\"", "1\n", "05:30Z or 06:30Z"},
      {"{highest: at, no_zone_means: America/New_York, clock_change: earlier}",
       "\"2025-11-02T01:30:00\"", "\"2025-11-02T01:20:00-05:00\"", "2\n", "05:30Z"},
  };
  for (const Case& c : kCases) {
    INFO(c.keep, " ", c.why);
    const Mapped got =
        map(std::string("duplicates: {same: id, keep: ") + c.keep + "}\ncolumns: {N: n}\n",
            std::string("{\"n\":1,\"id\":\"k\",\"tz\":\"America/Bogota\",\"at\":") + c.first +
                "}\n{\"n\":2,\"id\":\"k\",\"tz\":\"America/Bogota\",\"at\":" + c.second + "}\n");
    CHECK(got.diagnostics == "");
    CHECK(got.rows == c.rows);
    CHECK(got.counts == (*c.rows == '\0'
                             ? "2 = 0 written (0 rows) + 2 rejected + 0 skipped + 0 duplicate"
                             : "2 = 1 written (1 rows) + 0 rejected + 0 skipped + 1 duplicate"));
  }
  const auto told = [](const char* keep, const char* at) {
    return map(std::string("duplicates: {same: id, keep: ") + keep + "}\ncolumns: {N: n}\n",
               std::string("{\"id\":1,\"tz\":\"Nowhere\",\"at\":") + at + "}\n")
        .rejected;
  };
  CHECK(told("{highest: at, read: [DD/MM/YYYY, ISO-8601]}", "\"soon\"") ==
        "1: WRONG_TYPE : \"soon\" is not a date as DD/MM/YYYY, ISO-8601, so it cannot be "
        "compared\n");
  CHECK(told("{highest: at, no_zone_means: America/New_York}", "\"2025-03-09T02:30:00\"") ==
        "1: WRONG_TYPE : \"2025-03-09T02:30:00\" cannot be compared: clocks in America/New_York "
        "jumped over it\n");
  CHECK(told("{highest: at, no_zone_means: {from: tz}}", "\"2025-03-09T02:30:00\"") ==
        "1: WRONG_TYPE : \"2025-03-09T02:30:00\" has no offset from UTC and cannot be compared: "
        "the field of no_zone_means is not a time zone\n");
  CHECK(told("{highest: at, no_zone_means: {from: zone}}", "\"2025-03-09T02:30:00\"") ==
        "1: WRONG_TYPE : \"2025-03-09T02:30:00\" has no offset from UTC and cannot be compared: "
        "zone, which names the zone, is blank\n");
}

TEST_CASE("duplicates: what check says about keep") {
  struct Case {
    const char* keep;
    const char* said;
  };
  static constexpr Case kCases[] = {
      {"{highest: at, lowest: n}", "error[WORDS_TOGETHER]: 'highest' and 'lowest'"},
      {"{read: DD/MM/YYYY}", "error[KEY_MISSING]: 'keep: {…}' needs 'highest'"},
      {"{}", "error[KEY_MISSING]: 'keep: {…}' needs 'highest'"},
      {"[highest, at]", "error[VALUE_KIND]: 'keep' must be"},
      {"highest", "error[VALUE_WRONG]: 'highest' is not a value of 'keep'"},
      {"{highest: at, zone: UTC}", "error[KEY_UNKNOWN]: 'zone' is not a"},
      {"{highest: at, read: DD-MMM-YYYY}", "error[MONTHS_MISSING]"},
      {"{highest: at, read: DD/MM/YY}", "error[CENTURY_MISSING]"},
      {"{highest: at, read: [DD/MM/YYYY, MM/DD/YYYY]}", "error[DATES_AMBIGUOUS]"},
      {"{highest: at, read: \"HH:mm\"}", "error[DATE_PATTERN_KIND]"},
      {"{highest: at, read: nonsense}", "error[DATE_PATTERN]"},
      {"{highest: at, no_zone_means: America/Bogta}", "error[ZONE_UNKNOWN]"},
      {"{highest: at, read: DD/MM/YYYY, no_zone_means: UTC}", "error[ZONE_WITHOUT_TIME]"},
      {"{highest: at, read: unix-seconds, no_zone_means: UTC}",
       "error[WORDS_TOGETHER]: 'no_zone_means'"},
      {"{highest: at, read: DD/MM/YYYY, months: es}", "error[WORDS_TOGETHER]: 'months'"},
      {"{highest: at, months: es}",
       "error[WORDS_TOGETHER]: 'months' and 'read: ISO-8601 (the default)'"},
      {"{highest: at, two_digit_years: 2000-2099}", "error[WORDS_TOGETHER]: 'two_digit_years'"},
      {"{highest: at, clock_change: later}",
       "error[KEY_MISSING]: 'clock_change' needs 'no_zone_means'"},
  };
  for (const Case& c : kCases) {
    INFO(c.keep);
    const std::string said =
        map(std::string("duplicates: {same: id, keep: ") + c.keep + "}\ncolumns: {N: n}\n", "{}")
            .diagnostics;
    INFO(said);
    CHECK(said.find(c.said) != std::string::npos);
    CHECK(said.find("error[") == said.rfind("error["));  // one mistake, one error
  }
}

TEST_CASE("duplicates: a replay knows all that decided") {
  const RunFolder folder;
  const auto terms = [&folder](const std::string& duplicates) {
    return loaded(folder.write("m.yaml", "mapping: m\nversion: 1\nduplicates: {same: id, " +
                                             duplicates + "}\ncolumns: {N: n}\n"))
        .run.terms.duplicates;
  };
  CHECK(terms("keep: highest at") == "keep highest /at of /id; others: report");
  CHECK(terms("keep: {highest: at}") == terms("keep: highest at"));
  CHECK(terms("keep: {lowest: at, read: [DD-MMM-YY HH:mm, ISO-8601], months: es, two_digit_years: "
              "2000-2099, no_zone_means: UTC, clock_change: later}, others: reject") ==
        "keep lowest /at (read: DD-MMM-YY HH:mm, ISO-8601; months: es; two_digit_years: "
        "2000-2099; no_zone_means: UTC; clock_change: later) of /id; others: reject");
  CHECK(terms("keep: {lowest: at, no_zone_means: {from: tz}}") ==
        "keep lowest /at (no_zone_means: from tz) of /id; others: report");
}

TEST_CASE("duplicates: a key costs what the README says") {
  // 1.5 million keys of 12 characters in the usual memory; a rank is 32 bytes more.
  for (const Keep keep : {Keep::first, Keep::highest}) {
    KeyTable table(keep, std::size_t{1} << 20U);
    std::size_t count = 0;
    for (; !table.is_full_for(12); ++count) {
      const std::string key = std::to_string(100000000000 + count);
      table.add(keyed_hash(key), key, KeyState());
    }
    const double each = static_cast<double>(std::size_t{1} << 20U) / static_cast<double>(count);
    CHECK(each < (keep == Keep::first ? 100 : 145));
  }
}

}  // namespace trama::test
