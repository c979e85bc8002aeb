// libFuzzer's door to the target `mapping`.

#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  trama::fuzz::mapping({reinterpret_cast<const char*>(data), size});
  return 0;
}
