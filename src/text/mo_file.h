// MoFile: the translations of one language, as msgfmt compiles them (GNU gettext manual, 10.3 "The
// Format of GNU MO Files").
//
//   0   magic 0x950412de     8  number of strings N      12  offset of the table of originals
//   4   revision 0                                       16  offset of the table of translations
//   A table is N pairs {length, offset}; the originals are sorted. An original with a context is
//   "context\x04original"; one with plural forms is "one\0many", and its translation has as many
//   forms as the language, a NUL between them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trama {

class MoFile {
 public:
  /// `bytes`: compiled in, so they are as msgfmt wrote them on a little-endian machine.
  explicit MoFile(std::string_view bytes);

  /// The translation of `original` in `context`, with all its forms; empty where there is none.
  [[nodiscard]] std::string_view find(std::string_view context,
                                      std::string_view original) const noexcept;

 private:
  [[nodiscard]] std::string_view string(std::uint32_t table, std::uint32_t index) const noexcept;
  [[nodiscard]] std::uint32_t number(std::size_t at) const noexcept;

  std::string_view bytes_;
  std::uint32_t count_ = 0;
  std::uint32_t originals_ = 0;
  std::uint32_t translations_ = 0;
};

}  // namespace trama
