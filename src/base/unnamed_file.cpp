#include "base/unnamed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace trama {
namespace {

constexpr mode_t kMode = 0600;

/// Where the file system cannot make one without a name, it has one for a moment.
int open_and_unlink(const std::string& folder) {
  std::string path = folder + "/trama-XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return -1;
  ::unlink(path.c_str());
  return fd;
}

}  // namespace

std::string temporary_folder() {
  const char* const stated = std::getenv("TMPDIR");
  return stated != nullptr && *stated != '\0' ? stated : "/tmp";
}

int open_unnamed_file(const std::string& folder) noexcept {
#if defined(O_TMPFILE)
  for (;;) {
    const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, kMode);
    if (fd >= 0) return fd;
    if (errno == EINTR) continue;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return -1;
    break;
  }
#endif
  return open_and_unlink(folder);
}

}  // namespace trama
