// The different values of a path: exact while few, bounded beyond, and the estimate.
#include "profile/value_counts.h"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/quick_hash.h"

namespace trama {
namespace {

void add(ValueCounts& counts, const std::string& text, std::uint64_t times = 1) {
  if (counts.count_again(JsonKind::text, text, times) != nullptr) return;
  const std::uint64_t id = ValueCounts::id_of(JsonKind::text, text);
  if (counts.count(id, times) == nullptr) counts.add(id, JsonKind::text, text, times);
}

std::uint64_t hash_of(std::string_view text) {
  return quick_hash({1, 2}, text, 3);
}

std::uint64_t count_of(const ValueCounts& counts, const std::string& text) {
  for (const ValueCounts::Entry& entry : counts.entries())
    if (counts.text(entry) == text) return entry.count;
  return 0;
}

TEST_CASE("ValueCounts: up to 1,000 values each has its count") {
  ValueCounts counts;
  for (int round = 0; round < 3; ++round)
    for (int i = 0; i < 1000; ++i)
      if (i % (round + 1) == 0) add(counts, "v" + std::to_string(i));
  CHECK(counts.exact());
  CHECK(counts.distinct() == 1000);
  CHECK(counts.error() == 0);
  CHECK(count_of(counts, "v0") == 3);
  CHECK(count_of(counts, "v1") == 1);
  CHECK(count_of(counts, "v2") == 2);
}

TEST_CASE("ValueCounts: beyond them no count is too high, nor lower than by the error") {
  // Zipf-like: value i comes 20000 / (i + 1) times; in an order that favours none
  std::vector<int> all;
  for (int i = 0; i < 20000; ++i)
    all.insert(all.end(), static_cast<std::size_t>(20000 / (i + 1)), i);
  std::shuffle(all.begin(), all.end(), std::mt19937(1));
  ValueCounts counts;
  std::map<int, std::uint64_t> real;
  for (const int i : all) {
    add(counts, std::to_string(i));
    ++real[i];
  }
  CHECK_FALSE(counts.exact());
  CHECK(counts.entries().size() <= 2000);
  CHECK(counts.error() <= all.size() / 1000);  // Misra and Gries: values / counters
  for (const ValueCounts::Entry& entry : counts.entries()) {
    const std::uint64_t right = real[std::stoi(std::string(counts.text(entry)))];
    CHECK(entry.count <= right);
    CHECK(entry.count + counts.error() >= right);
  }
  CHECK(counts.text(*counts.most_frequent(1).front()) == "0");
  const double off = std::abs(static_cast<double>(counts.distinct()) - 20000) / 20000;
  CHECK(off < 0.05);
}

TEST_CASE("ValueCounts: merged, the bounds hold") {
  ValueCounts all;
  std::map<std::string, std::uint64_t> real;
  std::mt19937 random(2);
  for (int part = 0; part < 20; ++part) {
    ValueCounts one;
    for (int i = 0; i < 5000; ++i) {
      const std::string value = i % 4 == 0 ? "often" : "n" + std::to_string(random() % 30000);
      add(one, value);
      ++real[value];
    }
    all.merge(one, {0});
  }
  CHECK(count_of(all, "often") <= real["often"]);
  CHECK(count_of(all, "often") + all.error() >= real["often"]);
  CHECK(all.text(*all.most_frequent(1).front()) == "often");
}

TEST_CASE("ValueCounts: of a long value its beginning is kept, up to a character") {
  ValueCounts counts;
  add(counts, std::string(47, 'a') + "ñ and more");
  CHECK(counts.entries().front().cut);
  CHECK(counts.text(counts.entries().front()) == std::string(47, 'a'));
  add(counts, std::string(47, 'a') + "ñ and other");  // told apart all the same
  CHECK(counts.distinct() == 2);
}

TEST_CASE("ValueCounts: a text is another value than the number") {
  CHECK(ValueCounts::id_of(JsonKind::text, "1") != ValueCounts::id_of(JsonKind::number, "1"));
}

TEST_CASE("HyperLogLog: within 5 % of the truth, in any order and any parts") {
  for (const std::uint64_t size : {100ULL, 3000ULL, 50000ULL, 400000ULL}) {
    HyperLogLog whole;
    HyperLogLog parts[3];
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t hash = hash_of(std::to_string(i));
      whole.add(hash);
      parts[i % 3].add(hash);
    }
    const double off = std::abs(static_cast<double>(whole.estimate()) - static_cast<double>(size)) /
                       static_cast<double>(size);
    INFO(size, " estimated as ", whole.estimate());
    CHECK(off < 0.05);
    HyperLogLog merged;
    for (const int i : {2, 0, 1}) merged.merge(parts[i]);
    CHECK(merged.estimate() == whole.estimate());
  }
}

TEST_CASE("HyperLogLog: made coarser it is what it would have been") {
  HyperLogLog fine;
  HyperLogLog coarse;
  coarse.coarsen(10);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t hash = hash_of("v" + std::to_string(i));
    fine.add(hash);
    coarse.add(hash);
  }
  HyperLogLog merged = fine;
  fine.coarsen(10);
  CHECK(fine.estimate() == coarse.estimate());
  CHECK(fine.bytes() == 1024);
  merged.merge(coarse);
  CHECK(merged.estimate() == coarse.estimate());
}

}  // namespace
}  // namespace trama
