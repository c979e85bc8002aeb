// libFuzzer's door to the target `framing`.

#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  trama::fuzz::framing({reinterpret_cast<const char*>(data), size});
  return 0;
}
