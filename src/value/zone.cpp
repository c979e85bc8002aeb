// Zone over the files of the system's zone data.

#include "value/zone.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/ascii.h"
#include "base/nearest.h"
#include "value/decimal.h"
#include "value/zone_file.h"

namespace trama {

namespace {

constexpr const char* kZoneDirectory = "/usr/share/zoneinfo/";
constexpr std::int32_t kMaxOffset = 18 * 3600;
// Instants beyond the years that a Date can have are answered as the nearest of these.
constexpr std::int64_t kFirstInstant = -62'200'000'000;  // in the year -1
constexpr std::int64_t kLastInstant = 253'500'000'000;   // in the year 10003
constexpr std::int64_t kThreeDays = 259'200;             // more than two offsets can differ

std::int64_t clamped(std::int64_t instant) noexcept {
  return std::clamp(instant, kFirstInstant, kLastInstant);
}

/// A name that is a file within the directory: parts that begin with a letter, and go on with letters,
/// digits and few signs. The names of IANA are such, and no NUL cuts one off.
bool is_name(std::string_view name) noexcept {
  bool begins = true;
  for (const char c : name) {
    const bool fits =
        is_letter(c) || (!begins && (is_digit(c) || c == '_' || c == '+' || c == '-' || c == '/'));
    if (!fits) return false;
    begins = c == '/';
  }
  return !begins;
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

/// Null: there is no such zone, or its file cannot be read.
std::shared_ptr<const ZoneFile> load(const std::string& name) {
  const std::string path = kZoneDirectory + name;
  std::error_code error;
  if (!is_name(name) || is_refused(name) || !std::filesystem::is_regular_file(path, error)) {
    return nullptr;
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  for (char block[4096]; file.read(block, sizeof(block)), file.gcount() > 0;)
    bytes.append(block, static_cast<std::size_t>(file.gcount()));
  if (file.bad()) return nullptr;
  std::optional<ZoneFile> read = ZoneFile::read(bytes);
  return read ? std::make_shared<const ZoneFile>(*std::move(read)) : nullptr;
}

std::vector<std::string> zone_names() {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  const fs::path directory = kZoneDirectory;
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().lexically_relative(directory).string();
    if (load(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());  // of several that are near, the same everywhere
  return names;
}

}  // namespace

bool Zone::find(std::string_view name, Zone& out) {
  std::int32_t offset = 0;
  if (name == "UTC" || name == "Z" || read_offset(name, offset)) {
    out = fixed(offset);
    return true;
  }
  Zone zone;
  zone.name_ = name;
  zone.file_ = load(zone.name_);
  if (!zone.file_) return false;
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
  return file_ ? file_->range_at(clamped(utc)).offset : offset_;
}

std::int32_t Zone::look_up(std::int64_t utc) noexcept {
  if (!file_) return offset_;
  const ZoneRange range = file_->range_at(clamped(utc));
  begin_ = range.begin;
  end_ = range.end;
  offset_ = range.offset;
  return offset_;
}

Zone::LocalAnswer Zone::offsets_of_local(std::int64_t local) noexcept {
  if (!file_) return {Local::once, offset_, offset_};
  local = clamped(local);
  const std::int64_t guess = local - offset_;
  if (end_ > begin_ && guess - kThreeDays >= begin_ && guess + kThreeDays < end_) {
    return {Local::once, offset_, offset_};
  }
  ZoneRange before = file_->range_at(clamped(local - kThreeDays));
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
    range = file_->range_at(range.end);
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
