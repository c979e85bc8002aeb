#include "text/mo_file.h"

#include <string>

#include "base/check.h"

namespace trama {
namespace {

constexpr std::uint32_t kMagic = 0x950412de;
constexpr char kEndOfContext = '\x04';

}  // namespace

MoFile::MoFile(std::string_view bytes) : bytes_(bytes) {
  constexpr std::size_t kHeader = 28;
  TRAMA_CHECK(bytes.size() >= kHeader && number(0) == kMagic);
  count_ = number(8);
  originals_ = number(12);
  translations_ = number(16);
}

std::string_view MoFile::find(std::string_view context, std::string_view original) const noexcept {
  std::string wanted(context);
  wanted += kEndOfContext;
  wanted += original;
  std::uint32_t low = 0, high = count_;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    // Of an original with plural forms the first one counts.
    std::string_view here = string(originals_, middle);
    here = here.substr(0, here.find('\0'));
    const int order = here.compare(wanted);
    if (order == 0) return string(translations_, middle);
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {};
}

std::string_view MoFile::string(std::uint32_t table, std::uint32_t index) const noexcept {
  const std::size_t at = table + std::size_t{index} * 8;
  return bytes_.substr(number(at + 4), number(at));
}

std::uint32_t MoFile::number(std::size_t at) const noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = value << 8U | static_cast<unsigned char>(bytes_[at + i]);
  return value;
}

}  // namespace trama
