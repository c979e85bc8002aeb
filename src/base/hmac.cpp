// By OpenSSL's plain functions, as sha256.cpp.

#define OPENSSL_SUPPRESS_DEPRECATED  // NOLINT: OpenSSL's way
#include "base/hmac.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace trama {
namespace {

static_assert(std::tuple_size_v<HmacDigest> == SHA256_DIGEST_LENGTH);

using Block = std::array<std::uint8_t, SHA256_CBLOCK>;

void add(SHA256_CTX& digest, const void* bytes, std::size_t size) {
  TRAMA_CHECK(SHA256_Update(&digest, bytes, size) == 1);
}

/// A digest that has taken the key, every byte of it with `pad` (RFC 2104 §2).
SHA256_CTX begun(Block key, std::uint8_t pad) {
  for (std::uint8_t& byte : key) byte ^= pad;
  SHA256_CTX digest{};
  TRAMA_CHECK(SHA256_Init(&digest) == 1);
  add(digest, key.data(), key.size());
  OPENSSL_cleanse(key.data(), key.size());
  return digest;
}

}  // namespace

struct HmacKey::Context {
  SHA256_CTX inner{};
  SHA256_CTX outer{};
};

void HmacKey::Wipe::operator()(Context* context) const noexcept {
  OPENSSL_cleanse(context, sizeof(*context));
  delete context;
}

HmacKey::HmacKey(std::string_view secret) : context_(new Context) {
  constexpr std::uint8_t kInner = 0x36;
  constexpr std::uint8_t kOuter = 0x5c;
  Block key{};
  if (secret.size() <= key.size()) {
    std::copy(secret.begin(), secret.end(), key.begin());
  } else {
    SHA256_CTX digest{};
    TRAMA_CHECK(SHA256_Init(&digest) == 1);
    add(digest, secret.data(), secret.size());
    TRAMA_CHECK(SHA256_Final(key.data(), &digest) == 1);
  }
  context_->inner = begun(key, kInner);
  context_->outer = begun(key, kOuter);
  OPENSSL_cleanse(key.data(), key.size());
}
HmacKey::~HmacKey() = default;
HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;

HmacDigest HmacKey::sign(std::span<const std::string_view> parts) const {
  SHA256_CTX inner = context_->inner;
  for (const std::string_view part : parts) add(inner, part.data(), part.size());
  HmacDigest digest;
  TRAMA_CHECK(SHA256_Final(digest.data(), &inner) == 1);
  SHA256_CTX outer = context_->outer;
  add(outer, digest.data(), digest.size());
  TRAMA_CHECK(SHA256_Final(digest.data(), &outer) == 1);
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) noexcept {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace trama
