// By Nettle's SHA-256, and not by its HMAC, which leaves what it makes of the key on the stack.

#include "base/hmac.h"

#include <nettle/memops.h>
#include <nettle/sha2.h>

#include <algorithm>
#include <cstring>
#include <tuple>

namespace trama {
namespace {

static_assert(std::tuple_size_v<HmacDigest> == SHA256_DIGEST_SIZE);

using Block = std::array<std::uint8_t, SHA256_BLOCK_SIZE>;

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// A digest that has taken the key, every byte of it with `pad` (RFC 2104 §2).
void begin(sha256_ctx& digest, Block key, std::uint8_t pad) {
  for (std::uint8_t& byte : key) byte ^= pad;
  sha256_init(&digest);
  sha256_update(&digest, key.size(), key.data());
  ::explicit_bzero(key.data(), key.size());
}

}  // namespace

struct HmacKey::Context {
  sha256_ctx inner{};
  sha256_ctx outer{};
};

void HmacKey::Wipe::operator()(Context* context) const noexcept {
  ::explicit_bzero(context, sizeof(*context));
  delete context;
}

HmacKey::HmacKey(std::string_view secret) : context_(new Context) {
  constexpr std::uint8_t kInner = 0x36;
  constexpr std::uint8_t kOuter = 0x5c;
  Block key{};
  if (secret.size() <= key.size()) {
    std::copy(secret.begin(), secret.end(), key.begin());
  } else {
    sha256_ctx digest{};
    sha256_init(&digest);
    sha256_update(&digest, secret.size(), bytes_of(secret));
    sha256_digest(&digest, SHA256_DIGEST_SIZE, key.data());
  }
  begin(context_->inner, key, kInner);
  begin(context_->outer, key, kOuter);
  ::explicit_bzero(key.data(), key.size());
}
HmacKey::~HmacKey() = default;
HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;

HmacDigest HmacKey::sign(std::span<const std::string_view> parts) const {
  sha256_ctx inner = context_->inner;
  for (const std::string_view part : parts) sha256_update(&inner, part.size(), bytes_of(part));
  HmacDigest digest{};
  sha256_digest(&inner, digest.size(), digest.data());
  sha256_ctx outer = context_->outer;
  sha256_update(&outer, digest.size(), digest.data());
  sha256_digest(&outer, digest.size(), digest.data());
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && nettle_memeql_sec(a.data(), b.data(), a.size()) == 1;
}

void wipe(std::string& secret) noexcept {
  ::explicit_bzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace trama
