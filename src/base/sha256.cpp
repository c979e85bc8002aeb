// By Nettle's plain functions, which need no start of their own and no memory.

#include "base/sha256.h"

#include <nettle/sha2.h>

#include <array>
#include <cstdint>

namespace trama {

struct Sha256::State {
  sha256_ctx context{};

  State() { sha256_init(&context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&& other) noexcept = default;
Sha256& Sha256::operator=(Sha256&& other) noexcept = default;

void Sha256::add(std::string_view bytes) {
  sha256_update(&state_->context, bytes.size(),
                reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

std::string Sha256::take() {
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&state_->context, digest.size(), digest.data());  // which begins anew
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
