#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "base/check.h"

namespace trama {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);

  State() {
    if (context != nullptr && algorithm != nullptr && begin()) return;
    free();
    no_memory();
  }
  ~State() { free(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[nodiscard]] bool begin() const {
    return EVP_DigestInit_ex2(context, algorithm, nullptr) == 1;
  }
  void free() const {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&& other) noexcept = default;
Sha256& Sha256::operator=(Sha256&& other) noexcept = default;

void Sha256::add(std::string_view bytes) {
  TRAMA_CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::take() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  TRAMA_CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), &size) == 1);
  if (!state_->begin()) no_memory();
  return {digest.begin(), digest.begin() + size};
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
