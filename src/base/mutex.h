// Locks that clang proves: with -Wthread-safety, what is TRAMA_GUARDED_BY a Mutex is only touched
// where that is held, and a lock that is forgotten is a warning. Other compilers see plain std
// locks. The standard library's own have no such marks, so threads share by these alone.

#pragma once

#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define TRAMA_THREAD_SAFETY(x) __attribute__((x))
#else
#define TRAMA_THREAD_SAFETY(x)
#endif
#define TRAMA_GUARDED_BY(mutex) TRAMA_THREAD_SAFETY(guarded_by(mutex))
/// Of a function: who calls it holds the mutex.
#define TRAMA_REQUIRES(...) TRAMA_THREAD_SAFETY(requires_capability(__VA_ARGS__))

namespace trama {

class TRAMA_THREAD_SAFETY(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a Mutex as long as it lives, but where it is let go in between.
class TRAMA_THREAD_SAFETY(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) TRAMA_THREAD_SAFETY(acquire_capability(mutex))
      : lock_(mutex.mutex_) {}
  ~MutexLock() TRAMA_THREAD_SAFETY(release_capability()) {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void unlock() TRAMA_THREAD_SAFETY(release_capability()) { lock_.unlock(); }
  void lock() TRAMA_THREAD_SAFETY(acquire_capability()) { lock_.lock(); }

 private:
  friend class ConditionVariable;
  std::unique_lock<std::mutex> lock_;
};

/// What threads wait for, in a loop: `while (!ready_) changed_.wait(lock);`
class ConditionVariable {
 public:
  /// Lets the lock go while it waits.
  void wait(MutexLock& lock) { condition_.wait(lock.lock_); }
  void notify_all() noexcept { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace trama
