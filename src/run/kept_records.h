// KeptRecords: which records of the inputs are kept, a bit each, in a stated number of bytes of
// memory. More bits than fit are in a temporary file: they are set window by window, and read a
// split at a time.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "run/temporary_file.h"

namespace trama {

class KeptRecords {
 public:
  /// `records`: how many each input has.
  KeptRecords(const std::vector<std::uint64_t>& records, std::size_t memory);

  /// Goes to the next window, all of whose records are not kept yet; false behind the last one.
  Result<bool> next_window();
  /// A record that is not in the window is passed over. `record` counts from 1 in its input.
  void keep(std::size_t source, std::uint64_t record) noexcept;

  /// The bits of records `first` to `last` of an input. Several threads may ask at once.
  class Some {
   public:
    [[nodiscard]] bool holds(std::uint64_t record) const noexcept;

   private:
    friend class KeptRecords;
    std::uint64_t from_ = 0;  // the first bit of bytes_
    std::uint64_t base_ = 0;  // the bit of record 1
    std::uint64_t records_ = 0;
    std::vector<std::uint8_t> bytes_;
  };
  Result<Some> some(std::size_t source, std::uint64_t first, std::uint64_t last) const;

 private:
  std::vector<std::uint64_t> bases_;  // by input, the bit of its first record; then their number
  std::uint64_t window_bits_;
  std::optional<std::uint64_t> window_;  // its first bit
  std::vector<std::uint8_t> bytes_;      // of the window
  std::optional<TemporaryFile> file_;    // the windows before, where there is more than one
};

}  // namespace trama
