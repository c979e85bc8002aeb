#include "run/workers.h"

#include <exception>
#include <thread>
#include <vector>

namespace trama {

void work_together(unsigned threads, const std::function<void()>& work) {
  std::vector<std::jthread> others;
  try {
    others.reserve(threads);
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  } catch (const std::exception&) {  // system_error, bad_alloc: those that there are do it
  }
  work();
}

}  // namespace trama
