#include <array>
#include <chrono>
#include <cstdio>

#include "run/run.h"
#include "value/civil.h"

namespace trama {
namespace {

constexpr std::size_t kIdBytes = 16;

/// 128 bits as 26 digits of Crockford's base32: 0 to 9 and capitals, without I, L, O and U, which
/// are taken for others.
std::string base32(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text;
  unsigned bits = 0;
  unsigned count = 2;  // two zeros in front make 130 bits, 26 times 5
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) text += kDigits[bits >> (count - 5) & 31U];
    bits &= 31U;  // fewer than 5 are left
  }
  return text;
}

/// A text with its size in front, so that two lists of texts never give the same bytes.
void add(Sha256& digest, std::string_view text) {
  digest.add(std::to_string(text.size()) + ' ');
  digest.add(text);
}

}  // namespace

std::int64_t milliseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string run_id(const RunMapping& mapping, const RunOptions& options, std::string_view inputs) {
  Sha256 digest;
  add(digest, mapping.sha256);
  add(digest, options.replay ? options.corrected ? "corrected" : "replay" : "run");
  add(digest, std::to_string(options.limit));
  add(digest, std::to_string(options.max_record_bytes));
  for (const std::string& input : options.inputs) add(digest, input);
  add(digest, inputs);
  const std::int64_t days = options.now / 86400 - (options.now % 86400 < 0 ? 1 : 0);
  const std::int64_t seconds = options.now - days * 86400;
  const YearMonthDay ymd = civil_of({static_cast<std::int32_t>(days)});
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d-%02d-%02dZ-", ymd.year, ymd.month,
                ymd.day, static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  return text.data() + base32(digest.take().substr(0, kIdBytes));
}

}  // namespace trama
