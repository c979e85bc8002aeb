// HMAC-SHA-256 (RFC 2104, FIPS 198-1), and a comparison that takes the same time whatever differs.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace trama {

using HmacDigest = std::array<std::uint8_t, 32>;

/// A secret, ready to sign with. What is kept of it is wiped at the end.
class HmacKey {
 public:
  explicit HmacKey(std::string_view secret);
  ~HmacKey();
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(HmacKey&&) noexcept;
  HmacKey(const HmacKey&) = delete;
  HmacKey& operator=(const HmacKey&) = delete;

  /// Of these, one behind the other.
  HmacDigest sign(std::span<const std::string_view> parts) const;

 private:
  struct Context;
  struct Wipe {
    void operator()(Context* context) const noexcept;
  };
  std::unique_ptr<Context, Wipe> context_;
};

/// Whether both are the same bytes. Only their sizes may show in the time that it takes.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// Overwrites a secret that is not needed any more, and empties it.
void wipe(std::string& secret) noexcept;

}  // namespace trama
