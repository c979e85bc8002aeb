#include "service/service_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "base/retried.h"
#include "base/system_words.h"

namespace trama {

Result<ServiceLock> ServiceLock::take(const std::string& path, Failure busy) {
  constexpr mode_t kFileMode = 0666;  // less the umask
  const int fd = retried([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kFileMode);
  });
  if (fd < 0) return Failure{FailureCode::output_unwritable, {path, system_words(errno)}};
  ServiceLock lock(fd);
  if (retried([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) == 0) return lock;
  if (errno == EWOULDBLOCK) return busy;
  return Failure{FailureCode::output_unwritable, {path, system_words(errno)}};
}

ServiceLock::~ServiceLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace trama
