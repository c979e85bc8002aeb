// Workers: the same work by several threads at once.

#pragma once

#include <functional>

namespace trama {

/// Calls `work` on this thread and on up to `threads` - 1 others, and waits for all. Where the
/// system gives no more threads, fewer work. `work` must not throw.
void work_together(unsigned threads, const std::function<void()>& work);

}  // namespace trama
