#include "base/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <string_view>

#include "base/retried.h"

namespace trama {

bool names_in(const std::string& folder, std::vector<std::string>& names) {
  const auto close = [](DIR* open) { ::closedir(open); };
  const std::unique_ptr<DIR, decltype(close)> open(::opendir(folder.empty() ? "." : folder.c_str()),
                                                   close);
  if (!open && errno == ENOMEM) throw std::bad_alloc();
  if (!open) return false;
  names.clear();
  errno = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else reads this one
  while (const dirent* const entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  const int error = errno;
  std::sort(names.begin(), names.end());
  errno = error;
  return error == 0;
}

bool sync_folder(const std::string& folder) {
  const int fd =
      retried([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (fd < 0) return errno == EACCES;
  const bool done = retried([&] { return ::fsync(fd); }) == 0 || errno == EINVAL;
  const int error = errno;
  ::close(fd);
  errno = error;
  return done;
}

}  // namespace trama
