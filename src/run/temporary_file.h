// TemporaryFile: bytes that do not fit in memory, in TMPDIR (else /tmp). The file has no name from
// the moment it exists: however the process ends, nothing of it is left.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace trama {

class TemporaryFile {
 public:
  /// `what`: what is in it, for messages: "the keys of duplicates". output_unwritable.
  static Result<TemporaryFile> open(Phrase what);
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&& other) noexcept;
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  /// Writes behind what is there. output_unwritable (a full disk).
  Result<void> append(std::string_view bytes);
  /// Reads `size` bytes from `at` on; fewer at the file's end. Several threads may read at once.
  /// output_unwritable too: what was written is not there any more.
  Result<std::size_t> read(std::uint64_t at, char* out, std::size_t size) const;
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  TemporaryFile(int descriptor, Phrase name) : descriptor_(descriptor), name_(std::move(name)) {}

  int descriptor_ = -1;
  Phrase name_;  // for messages
  std::uint64_t size_ = 0;
};

}  // namespace trama
