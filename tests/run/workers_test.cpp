#include "run/workers.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace trama {
namespace {

TEST_CASE("workers: this thread and the others, all waited for") {
  for (const unsigned threads : {1U, 2U, 8U}) {
    std::atomic<unsigned> ran = 0;
    std::atomic<bool> here = false;
    const std::thread::id me = std::this_thread::get_id();
    work_together(threads, [&] {
      if (std::this_thread::get_id() == me) here = true;
      ++ran;
    });
    CHECK(ran == threads);
    CHECK(here);
  }
}

}  // namespace
}  // namespace trama
