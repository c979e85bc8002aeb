// Zone files: every one of this machine beside what Hinnant's date reads of it, and damaged ones.
#include "value/zone_file.h"

#include <date/tz.h>
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "value/zone.h"

using namespace trama;

namespace {

using Seconds = date::sys_seconds;

std::int64_t count_of(Seconds at) {
  return at.time_since_epoch().count();
}

std::string file_of(const std::string& name) {
  std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// `size` bytes of a number, big end first.
std::string number(std::int64_t value, int size) {
  std::string text;
  while (size-- > 0) text += static_cast<char>(value >> (8 * size));
  return text;
}

struct Block {
  int time_size = 8;
  std::vector<std::int64_t> times;
  std::vector<int> types_of_times;
  std::vector<std::int32_t> offsets;
  int leap_seconds = 0;
};

/// A header and its data (RFC 9636 §3.1, §3.2), every type of one name.
std::string text_of(char version, const Block& block) {
  std::string text = "TZif";
  text += version + std::string(15, '\0');
  text += number(0, 4) + number(0, 4) + number(block.leap_seconds, 4);
  text += number(std::ssize(block.times), 4) + number(std::ssize(block.offsets), 4) + number(4, 4);
  for (const std::int64_t time : block.times) text += number(time, block.time_size);
  for (const int type : block.types_of_times) text += number(type, 1);
  for (const std::int32_t offset : block.offsets) text += number(offset, 4) + std::string(2, '\0');
  text += std::string("AAA\0", 4);
  return text +
         std::string(static_cast<std::size_t>(block.leap_seconds * (block.time_size + 4)), '\0');
}

}  // namespace

TEST_CASE("zone files: every zone of this machine, at each of its changes") {
  constexpr std::int64_t kLast = 2'114'380'800;  // 2037-01-01: date knows no summer time later
  std::size_t zones = 0;
  std::size_t changes = 0;
  std::vector<std::string> refused;
  for (const date::time_zone& known : date::get_tzdb().zones) {
    Zone zone;
    if (!Zone::find(known.name(), zone)) {
      refused.push_back(known.name());
      continue;
    }
    ++zones;
    Seconds at = Seconds::min();
    for (;;) {
      const date::sys_info info = known.get_info(at);
      const std::int64_t begin = std::max(count_of(info.begin), std::int64_t{-60'000'000'000});
      const std::int64_t end = std::min(count_of(info.end), kLast);
      if (zone.offset_of(begin) != info.offset.count() ||
          zone.offset_of(end - 1) != info.offset.count()) {
        FAIL_CHECK(known.name(), " from ", begin, " to ", end);
        break;
      }
      if (end == kLast) break;
      ++changes;
      at = info.end;
    }
  }
  for (const std::string& name : refused) {
    INFO(name);
    CHECK((name == "localtime" || name == "posixrules" || name == "Factory" ||
           name.starts_with("posix/") || name.starts_with("right/")));
  }
  CHECK(zones > 300);
  CHECK(changes > 10'000);
}

TEST_CASE("zone files: versions 1 and 2, before the first time and after the last") {
  const Block small{
      .time_size = 4, .times = {100, 200}, .types_of_times = {1, 0}, .offsets = {3600, 7200}};
  Block large = small;
  large.time_size = 8;
  large.times = {100, 1'000'000'000'000};
  const auto first = ZoneFile::read(text_of('\0', small));
  REQUIRE(first);
  CHECK(first->range_at(99).offset == 3600);
  CHECK(first->range_at(99).end == 100);
  CHECK(first->range_at(100).offset == 7200);
  CHECK(first->range_at(200).offset == 3600);
  CHECK(first->range_at(200).end == INT64_MAX);
  const auto second = ZoneFile::read(text_of('2', small) + text_of('2', large) + "\nAAA-5\n");
  REQUIRE(second);
  CHECK(second->range_at(200).offset == 7200);
  CHECK(second->range_at(1'000'000'000'000).offset == 5 * 3600);
  CHECK(second->range_at(1'000'000'000'001).begin == 1'000'000'000'000);
  const auto no_rule = ZoneFile::read(text_of('2', small) + text_of('2', large) + "\n\n");
  REQUIRE(no_rule);
  CHECK(no_rule->range_at(1'000'000'000'000).offset == 3600);
}

TEST_CASE("zone files: what is none") {
  const Block good{
      .time_size = 4, .times = {100, 200}, .types_of_times = {1, 0}, .offsets = {3600, 7200}};
  Block backwards = good;
  backwards.times = {200, 100};
  Block no_type = good;
  no_type.offsets = {};
  Block unknown_type = good;
  unknown_type.types_of_times = {1, 2};
  Block leaps = good;
  leaps.leap_seconds = 1;
  Block far_east = good;
  far_east.offsets = {3600, 26 * 3600};
  Block far_west = good;
  far_west.offsets = {INT32_MIN, 7200};
  CHECK(ZoneFile::read(text_of('\0', good)));
  for (const Block& block : {backwards, no_type, unknown_type, leaps, far_east, far_west}) {
    CHECK_FALSE(ZoneFile::read(text_of('\0', block)));
  }
  CHECK_FALSE(ZoneFile::read(""));
  CHECK_FALSE(ZoneFile::read("TZjf" + text_of('\0', good).substr(4)));
  std::string many = text_of('\0', good);
  many.replace(32, 4, "\xFF\xFF\xFF\xFF");  // the count of its times
  CHECK_FALSE(ZoneFile::read(many));
}

TEST_CASE("zone files: cut or with another byte they are read or refused") {
  const std::string whole = file_of("Europe/Madrid");
  REQUIRE(ZoneFile::read(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(ZoneFile::read(whole.substr(0, size)));
  CHECK_FALSE(ZoneFile::read(whole + "AAA-5"));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string other = whole;
    other[at] = static_cast<char>(other[at] ^ 0x81);
    const auto file = ZoneFile::read(other);
    if (file) CHECK(file->range_at(1'750'000'000).begin <= 1'750'000'000);
  }
}
