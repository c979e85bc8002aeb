// ServiceLock: that one program at a time asks something of a source or a target: an exclusive flock on
// a file, which stays where it is.

#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace trama {

class ServiceLock {
 public:
  /// `busy`: another has it. output_unwritable.
  static Result<ServiceLock> take(const std::string& path, Failure busy);
  ServiceLock(ServiceLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ServiceLock& operator=(ServiceLock&&) = delete;
  ~ServiceLock();

 private:
  explicit ServiceLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace trama
