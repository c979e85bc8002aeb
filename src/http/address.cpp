#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>

namespace trama {
namespace {

struct Network {
  std::uint32_t address;
  unsigned bits;
};

/// Those of the IANA IPv4 Special-Purpose Address Registry that are not globally reachable, and
/// multicast (RFC 5771) and what is reserved behind it.
constexpr Network kOwn[] = {
    {0x00000000, 8},   // 0.0.0.0/8, this network
    {0x0A000000, 8},   // 10.0.0.0/8
    {0x64400000, 10},  // 100.64.0.0/10, shared
    {0x7F000000, 8},   // 127.0.0.0/8, loopback
    {0xA9FE0000, 16},  // 169.254.0.0/16, link-local
    {0xAC100000, 12},  // 172.16.0.0/12
    {0xC0000000, 24},  // 192.0.0.0/24
    {0xC0000200, 24},  // 192.0.2.0/24, documentation
    {0xC0A80000, 16},  // 192.168.0.0/16
    {0xC6120000, 15},  // 198.18.0.0/15, benchmarks
    {0xC6336400, 24},  // 198.51.100.0/24, documentation
    {0xCB007100, 24},  // 203.0.113.0/24, documentation
    {0xE0000000, 3},   // 224.0.0.0/3, multicast and reserved
};

bool is_public_4(std::uint32_t address) noexcept {
  for (const Network& own : kOwn)
    if ((address ^ own.address) >> (32U - own.bits) == 0) return false;
  return true;
}

std::uint32_t four_bytes(const std::uint8_t* at) noexcept {
  return std::uint32_t{at[0]} << 24U | std::uint32_t{at[1]} << 16U | std::uint32_t{at[2]} << 8U |
         at[3];
}

/// Global unicast is 2000::/3 (RFC 4291 §2.4), with the parts of it that hold IPv4 addresses.
bool is_public_6(const std::uint8_t (&bytes)[16]) noexcept {
  const auto begins = [&bytes](std::initializer_list<std::uint8_t> with) {
    return std::memcmp(bytes, with.begin(), with.size()) == 0;
  };
  if (begins({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}))
    return is_public_4(four_bytes(bytes + 12));
  if (begins({0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))  // NAT64, RFC 6052
    return is_public_4(four_bytes(bytes + 12));
  if ((bytes[0] & 0xE0U) != 0x20U) return false;
  if (begins({0x20, 0x02})) return is_public_4(four_bytes(bytes + 2));  // 6to4, RFC 3056
  if (begins({0x20, 0x01}) && (bytes[2] & 0xFEU) == 0) return false;    // 2001::/23, RFC 2928
  return !begins({0x20, 0x01, 0x0D, 0xB8});                             // documentation
}

}  // namespace

bool is_public(const sockaddr& address) noexcept {
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof(in));
    return is_public_4(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 in{};
  std::memcpy(&in, &address, sizeof(in));
  return is_public_6(in.sin6_addr.s6_addr);
}

std::string written(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "?";
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof(in));
    ::inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text));
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof(in));
    ::inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof(text));
  }
  return text;
}

}  // namespace trama
