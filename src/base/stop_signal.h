// The one global: who asked the program to stop. A signal handler sets it; reads that wait and runs
// look at it.

#pragma once

#include <atomic>

namespace trama {
/// 0: nobody; else the signal's number (SIGINT, SIGTERM).
inline std::atomic<int> stop_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);
}  // namespace trama
