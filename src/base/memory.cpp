#include "base/memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace trama {

std::size_t heap_in_use() noexcept {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

void give_back_large_blocks() noexcept {
#ifdef __GLIBC__
  // unless it is stated, glibc raises this to 32 MiB as blocks are freed, and keeps what is smaller
  constexpr int kLargeBytes = 1024 * 1024;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
#endif
}

}  // namespace trama
