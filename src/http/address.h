// Which addresses are of a network of one's own: a server's name that leads there is more often an
// attack (a next link, a redirect, a DNS answer that changed) than a supplier.

#pragma once

#include <string>

struct sockaddr;

namespace trama {

/// Whether it is one of the public internet. Not: loopback, private (RFC 1918, RFC 4193), shared
/// (RFC 6598), link-local, multicast, reserved, and IPv4 addresses within IPv6 ones that are so.
bool is_public(const sockaddr& address) noexcept;

/// "10.0.0.1", "fd00::1"; "?" of what is no IP address.
std::string written(const sockaddr& address);

}  // namespace trama
