// Zone over date 3.0.1 and the system's zone files. The only user of date's headers.
//
// date knows the transitions that a file lists and stops there: no summer time after 2037. From the
// last listed one on, the rule at the end of the file holds, which we read ourselves.

#include "value/zone.h"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iterator>
#include <new>
#include <optional>
#include <vector>

#include "base/nearest.h"
#include "value/decimal.h"
#include "value/zone_rule.h"

namespace trama {

struct ZoneRules {
  const date::time_zone* listed = nullptr;
  std::int64_t last_begin = 0;  // of the last listed range: from here on `rule`, where there is one
  std::optional<ZoneRule> rule;
};

namespace {

constexpr const char* kZoneDirectory = "/usr/share/zoneinfo/";
constexpr std::int32_t kMaxOffset = 18 * 3600;
// Instants beyond the years that a Date can have are answered as the nearest of these.
constexpr std::int64_t kFirstInstant = -62'200'000'000;  // in the year -1
constexpr std::int64_t kLastInstant = 253'500'000'000;   // in the year 10003
constexpr std::int64_t kThreeDays = 259'200;             // more than two offsets can differ

std::int64_t count_of(date::sys_seconds instant) noexcept {
  return instant.time_since_epoch().count();
}

ZoneRange listed_range(const date::time_zone& zone, std::int64_t utc) {
  const date::sys_info info = zone.get_info(date::sys_seconds{std::chrono::seconds{utc}});
  return {count_of(info.begin), count_of(info.end), static_cast<std::int32_t>(info.offset.count())};
}

/// Of an instant within the clamp. date throws only where its data cannot be loaded, and find()
/// has loaded it.
ZoneRange range_at(const ZoneRules& rules, std::int64_t utc) noexcept {
  if (!rules.rule || utc < rules.last_begin) return listed_range(*rules.listed, utc);
  ZoneRange range = rules.rule->range_at(utc);
  range.begin = std::max(range.begin, rules.last_begin);
  return range;
}

std::int64_t clamped(std::int64_t instant) noexcept {
  return std::clamp(instant, kFirstInstant, kLastInstant);
}

/// The last line of a zone file of version 2 or later: the rule, or "" (RFC 9636 §3.3).
/// Throws where the file cannot be read to its end: without the rule its later times would be wrong.
std::string footer_of(const std::string& name) {
  std::ifstream file(kZoneDirectory + name, std::ios::binary);
  file.exceptions(std::ios::failbit);  // it could not be opened
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.size() < 2 || !bytes.starts_with("TZif") || bytes[4] < '2' || bytes.back() != '\n') {
    return {};
  }
  const std::size_t line = bytes.rfind('\n', bytes.size() - 2);
  return line == std::string::npos ? "" : bytes.substr(line + 1, bytes.size() - line - 2);
}

/// Names in the directory that are no zones: the machine's own, a template,
/// leap seconds counted in.
bool is_refused(std::string_view name) noexcept {
  return name == "localtime" || name == "posixrules" || name == "Factory" ||
         name.starts_with("posix/") || name.starts_with("right/");
}

bool two_digits(std::string_view text, std::size_t at, int& out) noexcept {
  if (at + 2 > text.size()) return false;
  const auto tens = static_cast<unsigned>(text[at] - '0');
  const auto ones = static_cast<unsigned>(text[at + 1] - '0');
  out = static_cast<int>(tens * 10 + ones);
  return tens < 10 && ones < 10;
}

/// ±hh, ±hhmm or ±hh:mm.
bool read_offset(std::string_view text, std::int32_t& out) noexcept {
  int hours = 0;
  int minutes = 0;
  if (text.empty() || (text[0] != '+' && text[0] != '-') || !two_digits(text, 1, hours)) {
    return false;
  }
  const bool has_colon = text.size() == 6 && text[3] == ':';
  if (text.size() != 3 && text.size() != 5 && !has_colon) return false;
  if (text.size() > 3 && !two_digits(text, has_colon ? 4 : 3, minutes)) return false;
  out = hours * 3600 + minutes * 60;
  if (minutes > 59 || out > kMaxOffset) return false;
  if (text[0] == '-') out = -out;
  return true;
}

void append_two_digits(std::string& out, int number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

std::string name_of(std::int32_t offset) {
  if (offset == 0) return "UTC";
  const int size = offset < 0 ? -offset : offset;
  std::string name(1, offset < 0 ? '-' : '+');
  append_two_digits(name, size / 3600);
  name += ':';
  append_two_digits(name, size / 60 % 60);
  return name;
}

std::shared_ptr<const ZoneRules> load_rules(const std::string& name) {
  auto rules = std::make_shared<ZoneRules>();
  rules->listed = date::locate_zone(name);
  const std::string footer = footer_of(name);
  ZoneRule rule;
  if (ZoneRule::parse(footer, rule)) rules->rule = rule;
  rules->last_begin = listed_range(*rules->listed, kLastInstant).begin;
  return rules;
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) {
      if (!is_refused(zone.name())) names.push_back(zone.name());
    }
  } catch (const std::exception&) {  // no zone data: then no name is near
    names.clear();
  }
  return names;
}

}  // namespace

bool Zone::find(std::string_view name, Zone& out) {
  std::int32_t offset = 0;
  if (name == "UTC" || name == "Z" || read_offset(name, offset)) {
    out = fixed(offset);
    return true;
  }
  if (name.empty() || is_refused(name)) return false;
  Zone zone;
  zone.name_ = name;
  try {
    zone.rules_ = load_rules(zone.name_);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {  // no such zone, or no zone data at all
    return false;
  }
  zone.end_ = zone.begin_;  // nothing looked up yet
  out = std::move(zone);
  return true;
}

Zone Zone::fixed(std::int32_t offset_seconds) {
  Zone zone;
  zone.name_ = name_of(offset_seconds);
  zone.offset_ = offset_seconds;
  return zone;
}

std::int32_t Zone::offset_of(std::int64_t utc) const noexcept {
  return rules_ ? range_at(*rules_, clamped(utc)).offset : offset_;
}

std::int32_t Zone::look_up(std::int64_t utc) noexcept {
  if (!rules_) return offset_;
  const ZoneRange range = range_at(*rules_, clamped(utc));
  begin_ = range.begin;
  end_ = range.end;
  offset_ = range.offset;
  return offset_;
}

Zone::LocalAnswer Zone::offsets_of_local(std::int64_t local) noexcept {
  if (!rules_) return {Local::once, offset_, offset_};
  local = clamped(local);
  const std::int64_t guess = local - offset_;
  if (end_ > begin_ && guess - kThreeDays >= begin_ && guess + kThreeDays < end_) {
    return {Local::once, offset_, offset_};
  }
  ZoneRange before = range_at(*rules_, clamped(local - kThreeDays));
  LocalAnswer answer{Local::never, before.offset, before.offset};
  for (ZoneRange range = before;;) {
    const std::int64_t utc = local - range.offset;
    if (utc >= range.begin && utc < range.end) {
      if (answer.how == Local::never) answer.earlier = range.offset;
      answer.how = answer.how == Local::never ? Local::once : Local::twice;
      answer.later = range.offset;
    } else if (answer.how == Local::never && utc < range.begin) {
      return {Local::never, range.offset, before.offset};  // neither before the change nor after it
    }
    if (range.end > local + kThreeDays) break;
    before = range;
    range = range_at(*rules_, range.end);
  }
  look_up(local - answer.earlier);
  return answer;
}

bool find_zone(std::string_view name, Zone& out) {
  Decimal hours;
  if (read_decimal(name, hours) != Reason::none) return Zone::find(name, out);
  Decimal seconds;
  if (multiply_to(hours, {3600, 0}, 0, Rounding::exact, seconds) != Reason::none) return false;
  if (seconds.coefficient > kMaxOffset || seconds.coefficient < -kMaxOffset) return false;
  out = Zone::fixed(static_cast<std::int32_t>(seconds.coefficient));
  return true;
}

std::string zone_data_version() {
  std::ifstream file(std::string(kZoneDirectory) + "tzdata.zi");
  std::string line;
  std::getline(file, line);
  static constexpr std::string_view kMark = "# version ";
  return line.starts_with(kMark) ? line.substr(kMark.size()) : "unknown";
}

std::string nearest_zone(std::string_view name) {
  const std::vector<std::string> names = zone_names();
  std::vector<std::string_view> known(names.begin(), names.end());
  if (const std::string_view near = nearest(name, known); !near.empty()) return std::string(near);
  // "Bogota" is meant for "America/Bogota".
  for (std::string_view& zone : known) zone.remove_prefix(zone.rfind('/') + 1);
  const bool exact = std::find(known.begin(), known.end(), name) != known.end();
  const std::string_view city = exact ? name : nearest(name, known);
  if (city.empty()) return {};
  const auto at = std::find(known.begin(), known.end(), city) - known.begin();
  return names[static_cast<std::size_t>(at)];
}

}  // namespace trama
