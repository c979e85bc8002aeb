// DataPlaces: where the bytes of a record are in its input.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trama {

/// Line and column of the input, both from 1; the column in characters.
struct DataPlace {
  std::uint64_t line = 0;
  std::uint64_t column = 0;
};

/// Goes on from the place that was asked for last, if the next is behind it.
class DataPlaces {
 public:
  /// `record`: its bytes, which must outlive this. `begin`: the place of the first.
  DataPlaces(std::string_view record, DataPlace begin) noexcept
      : record_(record), begin_(begin), place_(begin) {}
  /// Of the byte at `offset` from the start of the record, or of its end.
  DataPlace of(std::size_t offset) noexcept;

 private:
  std::string_view record_;
  DataPlace begin_;
  std::size_t at_ = 0;
  DataPlace place_;  // of at_
};

}  // namespace trama
