// StopFlag: who asked a run to stop. The host has one and gives it to the run; waits, passes and
// workers look at it. A signal handler may set it.

#pragma once

#include <atomic>

namespace trama {

class StopFlag {
 public:
  constexpr StopFlag() noexcept = default;
  StopFlag(const StopFlag&) = delete;
  StopFlag& operator=(const StopFlag&) = delete;

  /// `signal`: the number of what asks (SIGINT, SIGTERM), never 0.
  void ask(int signal) noexcept { signal_.store(signal); }
  /// 0: nobody did.
  [[nodiscard]] int asked() const noexcept { return signal_.load(); }

 private:
  std::atomic<int> signal_{0};
  static_assert(std::atomic<int>::is_always_lock_free);
};

/// Of what nobody stops.
inline const StopFlag kNeverStopped;

}  // namespace trama
