// URIs by RFC 3986: the one parser of their authority, for `type: url` and for `format: uri` of a
// schema. Internal to src/step.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trama {

/// The parts of `[user@]host[:port]` (RFC 3986 §3.2), as they are written.
struct UriAuthority {
  enum class Host : std::uint8_t {
    name,     // a registered name or an IPv4 address; may be empty (file:///etc)
    address,  // an IPv6 address in brackets
    future,   // [v1.x]: an address of a kind yet to come
  };
  Host kind = Host::name;
  std::string_view user;
  std::string_view host;  // with its brackets
  std::string_view port;  // digits, perhaps none
};

/// False where `text` is not an authority.
bool read_authority(std::string_view text, UriAuthority& out) noexcept;

/// Of a path with its query and fragment, the offset of the first character that may not be there
/// (a `%` without two hexadecimal digits, a second `#`), or npos.
std::size_t first_wrong_in_path(std::string_view text) noexcept;
/// The same for an authority: which characters there are, not their order.
std::size_t first_wrong_in_authority(std::string_view text) noexcept;

/// A URI with its scheme (RFC 3986 §3); not a relative reference.
bool is_uri(std::string_view text) noexcept;

}  // namespace trama
