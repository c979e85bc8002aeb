#include "value/zone_file.h"

#include <algorithm>
#include <array>
#include <span>

namespace trama {
namespace {

/// §3.2: offsets are more than -25 hours and less than 26.
constexpr std::int64_t kMostWest = 25 * 3600;
constexpr std::int64_t kMostEast = 26 * 3600;

/// The numbers of a zone file, big end first, as far as its bytes go.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool has(std::uint64_t count) const noexcept { return count <= rest_.size(); }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

  /// The callers have asked has().
  void skip(std::uint64_t count) noexcept { rest_.remove_prefix(static_cast<std::size_t>(count)); }
  std::int64_t number(std::size_t size) noexcept {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < size; ++i) all = all << 8U | static_cast<std::uint8_t>(rest_[i]);
    skip(size);
    return size == 4 ? static_cast<std::int32_t>(all) : static_cast<std::int64_t>(all);
  }

 private:
  std::string_view rest_;
};

/// What stands before a block of data (§3.1), and how large that is.
struct Header {
  static constexpr std::size_t kSize = 44;
  static constexpr std::size_t kType = 6;  // an offset, whether it is summer time, a name

  char version = 0;
  std::size_t time_size = 4;
  std::uint32_t utc_marks = 0;
  std::uint32_t standard_marks = 0;
  std::uint32_t leap_seconds = 0;
  std::uint32_t times = 0;
  std::uint32_t types = 0;
  std::uint32_t name_bytes = 0;

  bool read(Bytes& bytes) noexcept {
    constexpr std::size_t kVersion = 4;
    constexpr std::size_t kCounts = 20;
    if (!bytes.has(kSize) || !bytes.rest().starts_with("TZif")) return false;
    version = bytes.rest()[kVersion];
    bytes.skip(kCounts);
    for (std::uint32_t* const count :
         {&utc_marks, &standard_marks, &leap_seconds, &times, &types, &name_bytes}) {
      *count = static_cast<std::uint32_t>(bytes.number(4));
    }
    return true;
  }

  [[nodiscard]] std::uint64_t data_size() const noexcept {
    return std::uint64_t{times} * (time_size + 1) + std::uint64_t{types} * kType + name_bytes +
           std::uint64_t{leap_seconds} * (time_size + 4) + standard_marks + utc_marks;
  }
};

}  // namespace

std::optional<ZoneFile> ZoneFile::read(std::string_view text) {
  Bytes bytes(text);
  Header header;
  if (!header.read(bytes)) return std::nullopt;
  if (header.version >= '2') {  // the same again with times of 64 bits
    if (!bytes.has(header.data_size())) return std::nullopt;
    bytes.skip(header.data_size());
    if (!header.read(bytes)) return std::nullopt;
    header.time_size = 8;
  }
  if (!bytes.has(header.data_size()) || header.types == 0 || header.leap_seconds != 0) {
    return std::nullopt;
  }
  Bytes data(bytes.rest());
  ZoneFile file;
  for (std::uint32_t i = 0; i < header.times; ++i) {
    file.starts_.push_back(data.number(header.time_size));
    if (i > 0 && file.starts_[i] <= file.starts_[i - 1]) return std::nullopt;
  }
  const std::string_view types_of_times = data.rest().substr(0, header.times);
  data.skip(header.times);
  std::vector<std::int32_t> types;
  for (std::uint32_t i = 0; i < header.types; ++i) {
    const std::int64_t offset = data.number(4);
    if (offset <= -kMostWest || offset >= kMostEast) return std::nullopt;
    types.push_back(static_cast<std::int32_t>(offset));
    data.skip(Header::kType - 4);
  }
  file.offsets_.push_back(types.front());  // §3.2: before the first time
  for (const char type : types_of_times) {
    const auto index = static_cast<std::uint8_t>(type);
    if (index >= types.size()) return std::nullopt;
    file.offsets_.push_back(types[index]);
  }
  bytes.skip(header.data_size());
  if (header.version < '2') return file;
  // §3.3: a rule, or none, between two line ends. Without it, times of later years would be wrong.
  const std::string_view footer = bytes.rest();
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return std::nullopt;
  if (footer.size() == 2) return file;
  ZoneRule rule;
  if (!ZoneRule::parse(footer.substr(1, footer.size() - 2), rule)) return std::nullopt;
  file.rule_ = rule;
  return file;
}

ZoneRange ZoneFile::range_at(std::int64_t utc) const noexcept {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), utc);
  const auto index = static_cast<std::size_t>(after - starts_.begin());
  ZoneRange range;
  if (index > 0) range.begin = starts_[index - 1];
  if (index < starts_.size()) {
    range.end = *after;
  } else if (rule_) {
    const std::int64_t last = range.begin;
    range = rule_->range_at(utc);
    range.begin = std::max(range.begin, last);
    return range;
  }
  range.offset = offsets_[index];
  return range;
}

}  // namespace trama
