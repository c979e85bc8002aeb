// Unpacker: packed bytes to bytes, all members or frames of one input one after the other. How the
// input is cut into calls changes nothing, not even what stands before a broken place.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/phrase.h"

namespace trama {

/// What one call of an Unpacker did.
struct Unpacked {
  std::size_t taken = 0;           // packed bytes
  std::size_t made = 0;            // bytes written
  std::optional<Phrase> broken{};  // what is wrong with the packed ones
};

class Unpacker {
 public:
  Unpacker() = default;
  virtual ~Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  /// Also without new bytes: what did not fit into `out` the last time may still be inside.
  virtual Unpacked unpack(const char* in, std::size_t in_size, char* out, std::size_t out_size) = 0;
  /// Whether the packed data may end here.
  [[nodiscard]] virtual bool may_end() const noexcept = 0;
  [[nodiscard]] virtual const char* name() const noexcept = 0;
};

/// Members of gzip (RFC 1952), by ISA-L.
std::unique_ptr<Unpacker> gzip_unpacker();
/// Frames of Zstandard and skippable ones (RFC 8878).
std::unique_ptr<Unpacker> zstd_unpacker();

}  // namespace trama
