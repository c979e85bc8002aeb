// By OpenSSL's plain function, as sha256.cpp.

#define OPENSSL_SUPPRESS_DEPRECATED  // NOLINT: OpenSSL's way
#include "base/uuid.h"

#include <openssl/sha.h>

#include <array>

#include "base/check.h"
#include "base/sha256.h"

namespace trama {

std::string uuid5(std::string_view name_space, std::string_view name) {
  SHA_CTX context{};
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  TRAMA_CHECK(SHA1_Init(&context) == 1);
  TRAMA_CHECK(SHA1_Update(&context, name_space.data(), name_space.size()) == 1);
  TRAMA_CHECK(SHA1_Update(&context, name.data(), name.size()) == 1);
  TRAMA_CHECK(SHA1_Final(digest.data(), &context) == 1);
  constexpr std::size_t kBytes = 16;
  constexpr std::size_t kVersion = 6;
  constexpr std::size_t kVariant = 8;
  digest[kVersion] = static_cast<unsigned char>((digest[kVersion] & 0x0FU) | 0x50U);
  digest[kVariant] = static_cast<unsigned char>((digest[kVariant] & 0x3FU) | 0x80U);
  std::string text;
  std::size_t at = 0;
  for (const std::size_t bytes : {4, 2, 2, 2, 6}) {
    if (!text.empty()) text += '-';
    append_hex(text, std::string(digest.begin() + static_cast<std::ptrdiff_t>(at),
                                 digest.begin() + static_cast<std::ptrdiff_t>(at + bytes)));
    at += bytes;
  }
  static_assert(kBytes == 4 + 2 + 2 + 2 + 6);
  return text;
}

}  // namespace trama
