#include "step/uri.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace trama {
namespace {

constexpr bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

using Characters = std::array<bool, 256>;

/// Letters, digits and the unreserved marks (RFC 3986 §2.3), and `more`.
constexpr Characters unreserved_and(std::string_view more) {
  Characters set{};
  for (std::size_t c = 0; c < 128; ++c)
    set[c] = is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c));
  for (const std::string_view marks : {std::string_view("-._~"), more})
    for (const char c : marks) set[static_cast<unsigned char>(c)] = true;
  return set;
}
constexpr Characters kName = unreserved_and("!$&'()*+,;=");
constexpr Characters kUser = unreserved_and("!$&'()*+,;=:");
constexpr Characters kPath = unreserved_and("!$&'()*+,;=:@/?");
constexpr Characters kAuthority = unreserved_and("!$&'()*+,;=:@[]");

/// The first character that is neither of `set` nor a `%` with its code.
std::size_t first_outside(std::string_view text, const Characters& set,
                          std::size_t at = 0) noexcept {
  for (; at < text.size(); ++at) {
    if (set[static_cast<unsigned char>(text[at])]) continue;
    const bool code =
        text[at] == '%' && at + 2 < text.size() && is_hex(text[at + 1]) && is_hex(text[at + 2]);
    if (!code) return at;
    at += 2;
  }
  return std::string_view::npos;
}

bool all_of(std::string_view text, const Characters& set) noexcept {
  return first_outside(text, set) == std::string_view::npos;
}

/// Four numbers from 0 to 255 without zeros in front (RFC 3986 §3.2.2).
bool is_ipv4(std::string_view text) noexcept {
  for (int part = 0; part < 4; ++part) {
    const std::size_t end = part < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos || end == 0 || end > 3 || (text[0] == '0' && end > 1))
      return false;
    int number = 0;
    for (const char c : text.substr(0, end)) {
      if (!is_digit(c)) return false;
      number = number * 10 + (c - '0');
    }
    if (number > 255) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

/// Groups of one to four hexadecimal digits with a colon between, an IPv4 address in the place of
/// the last two where `ipv4` is allowed. How many groups there are, -1 where it is something else;
/// no text has none.
int groups_in(std::string_view text, bool ipv4) noexcept {
  if (text.empty()) return 0;
  for (int count = 0;; ++count) {
    const std::size_t end = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, end);
    const bool last = end == text.size();
    if (last && ipv4 && is_ipv4(group)) return count + 2;
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex))
      return -1;
    if (last) return count + 1;
    text.remove_prefix(end + 1);
  }
}

/// Eight groups, or fewer with one `::` that stands for one or more of zeros.
bool is_ipv6(std::string_view text) noexcept {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return groups_in(text, true) == 8;
  const int before = groups_in(text.substr(0, gap), false);
  const int after = groups_in(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after <= 7;
}

/// v, hexadecimal digits, a point and a name.
bool is_future_address(std::string_view text) noexcept {
  const std::size_t point = text.find('.');
  return text.size() > 1 && (text[0] == 'v' || text[0] == 'V') && point != std::string_view::npos &&
         point > 1 && point + 1 < text.size() &&
         std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(point), is_hex) &&
         text.find('%') == std::string_view::npos && all_of(text.substr(point + 1), kUser);
}

}  // namespace

bool read_authority(std::string_view text, UriAuthority& out) noexcept {
  out = {};
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    out.user = text.substr(0, at);
    if (!all_of(out.user, kUser)) return false;
    text.remove_prefix(at + 1);
  }
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view address = text.substr(1, end++ - 1);
    out.kind = is_ipv6(address) ? UriAuthority::Host::address : UriAuthority::Host::future;
    if (out.kind == UriAuthority::Host::future && !is_future_address(address)) return false;
  } else {
    end = std::min(text.find(':'), text.size());
    if (!all_of(text.substr(0, end), kName)) return false;
  }
  out.host = text.substr(0, end);
  if (end == text.size()) return true;
  if (text[end] != ':') return false;
  out.port = text.substr(end + 1);
  return std::all_of(out.port.begin(), out.port.end(), is_digit);
}

std::size_t first_wrong_in_path(std::string_view text) noexcept {
  const std::size_t wrong = first_outside(text, kPath);
  if (wrong == std::string_view::npos || text[wrong] != '#') return wrong;
  return first_outside(text, kPath, wrong + 1);
}

std::size_t first_wrong_in_authority(std::string_view text) noexcept {
  return first_outside(text, kAuthority);
}

bool is_uri(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return false;
  for (const char c : text.substr(0, colon))
    if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return false;
  text.remove_prefix(colon + 1);
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    UriAuthority authority;
    if (!read_authority(text.substr(0, end), authority)) return false;
    text.remove_prefix(end);
  }
  return first_wrong_in_path(text) == std::string_view::npos;
}

}  // namespace trama
