#include "report/shown_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

#include "base/utf8.h"

namespace trama {
namespace {

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string utc_by(std::int64_t millis, const char* format) {
  const std::time_t seconds = millis / 1000 - (millis % 1000 < 0 ? 1 : 0);
  std::tm time{};
  ::gmtime_r(&seconds, &time);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &time)};
}

}  // namespace

std::string shortened(std::string_view text, std::size_t characters) {
  if (text.size() <= characters) return std::string(text);
  std::size_t seen = 0;
  std::size_t cut = 0;  // where the last character that fits beside `…` ends
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_continuation(text[i])) continue;
    if (seen + 1 == characters) cut = i;
    if (seen++ == characters) return std::string(text.substr(0, cut)) + "…";
  }
  return std::string(text);
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(word);
  std::string quoted = "'";
  for (const char c : word) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted + '\'';
}

std::string grouped(std::uint64_t n) {
  std::string out = std::to_string(n);
  if (n < 10000) return out;
  for (std::size_t i = out.size(); i > 3;) out.insert(i -= 3, 1, ',');
  return out;
}

std::string shown_percent(std::uint64_t count, std::uint64_t of, std::string_view limit) {
  if (of == 0) return "0";
  const std::size_t point = std::min(limit.find('.'), limit.size());
  std::string_view limit_decimals = limit.substr(std::min(point + 1, limit.size()));
  std::string_view limit_whole = limit.substr(0, point);
  while (limit_whole.size() > 1 && limit_whole.front() == '0') limit_whole.remove_prefix(1);
  while (limit_decimals.ends_with('0')) limit_decimals.remove_suffix(1);

  __extension__ using Wide = unsigned __int128;
  const Wide hundredfold = Wide{count} * 100;
  std::string digits = std::to_string(static_cast<std::uint64_t>(hundredfold / of));
  Wide left = hundredfold % of;  // below 2^64, so ten times that fits
  bool apart = digits != limit_whole;
  std::size_t decimals = 0;
  const auto next = [&] {
    left *= 10;
    digits += static_cast<char>('0' + static_cast<int>(left / of));
    left %= of;
    ++decimals;
  };
  while (!apart && (left != 0 || decimals < limit_decimals.size())) {
    next();
    const char other = decimals <= limit_decimals.size() ? limit_decimals[decimals - 1] : '0';
    apart = digits.back() != other;
  }
  next();
  if (left * 2 >= of) {  // rounding half up
    std::size_t i = digits.size();
    while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
    if (i > 0)
      ++digits[i - 1];
    else
      digits.insert(0, 1, '1');
  }
  digits.insert(digits.size() - decimals, 1, '.');
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) (all.empty() ? all : all += between) += part;
  return all;
}

std::string rough_percent(std::uint64_t part, std::uint64_t of) {
  if (of == 0) return "-";
  __extension__ using Wide = unsigned __int128;
  const auto whole = static_cast<std::uint64_t>(Wide{part} * 100 / of);
  if (whole == 0 && part > 0) return "< 1 %";
  return std::to_string(whole) + " %";
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return grouped(n) + ' ' + std::string(n == 1 ? one : many);
}

std::size_t characters_in(std::string_view text) noexcept {
  return count_code_points(text);
}

std::string utc(std::int64_t millis) {
  const std::int64_t part = (millis % 1000 + 1000) % 1000;
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(part));
  return utc_by(millis, "%Y-%m-%dT%H:%M:%S") + fraction.data();
}

std::string utc_minute(std::int64_t millis) {
  return utc_by(millis, "%Y-%m-%d %H:%M UTC");
}

std::string utc_second(std::int64_t millis) {
  return utc_by(millis, "%Y-%m-%dT%H:%M:%SZ");
}

}  // namespace trama
