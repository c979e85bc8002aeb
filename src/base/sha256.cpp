// By OpenSSL's plain functions: those of EVP bring a provider and a configuration file with them, and
// crash where that finds no memory.

#define OPENSSL_SUPPRESS_DEPRECATED  // NOLINT: OpenSSL's way
#include "base/sha256.h"

#include <openssl/sha.h>

#include <array>

#include "base/check.h"

namespace trama {

struct Sha256::State {
  SHA256_CTX context{};

  State() { begin(); }
  void begin() { TRAMA_CHECK(SHA256_Init(&context) == 1); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&& other) noexcept = default;
Sha256& Sha256::operator=(Sha256&& other) noexcept = default;

void Sha256::add(std::string_view bytes) {
  TRAMA_CHECK(SHA256_Update(&state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::take() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  TRAMA_CHECK(SHA256_Final(digest.data(), &state_->context) == 1);
  state_->begin();
  return {digest.begin(), digest.end()};
}

void append_hex(std::string& out, std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::size_t at = out.size();
  out.resize(at + 2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out[at++] = kHex[byte >> 4U];
    out[at++] = kHex[byte & 15U];
  }
}

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  std::string text;
  append_hex(text, digest.take());
  return text;
}

}  // namespace trama
