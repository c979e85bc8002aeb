// libFuzzer's door to the target that the build names: -DTRAMA_FUZZ_TARGET=record.

#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  trama::fuzz::TRAMA_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
