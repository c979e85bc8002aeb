// By Nettle, as sha256.cpp.

#include "base/uuid.h"

#include <nettle/sha1.h>

#include <array>
#include <cstdint>

#include "base/sha256.h"

namespace trama {

std::string uuid5(std::string_view name_space, std::string_view name) {
  sha1_ctx context{};
  std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest{};
  sha1_init(&context);
  for (const std::string_view part : {name_space, name}) {
    sha1_update(&context, part.size(), reinterpret_cast<const std::uint8_t*>(part.data()));
  }
  sha1_digest(&context, digest.size(), digest.data());
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
