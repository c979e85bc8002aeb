#include "run/replayable.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/stop_signal.h"

namespace trama {
namespace {

bool can_be_read_twice(const std::string& path) {
  struct stat status{};
  if (path == "-") return false;
  return ::stat(path.c_str(), &status) != 0 ||
         !(S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) || S_ISSOCK(status.st_mode));
}

}  // namespace

ReplayableInputs::ReplayableInputs(ReplayableInputs&& other) noexcept
    : inputs_(std::move(other.inputs_)),
      paths_(std::move(other.paths_)),
      temporary_(std::exchange(other.temporary_, {})) {}

ReplayableInputs::~ReplayableInputs() {
  for (const std::string& path : temporary_) ::unlink(path.c_str());
}

Result<ReplayableInputs> ReplayableInputs::open(const std::vector<std::string>& inputs,
                                                bool twice) {
  ReplayableInputs made;
  made.inputs_ = inputs;
  for (const std::string& input : inputs) {
    if (!twice || can_be_read_twice(input)) {
      made.paths_.push_back(input);
      continue;
    }
    TRAMA_TRY(std::string path, made.copy(input));
    made.paths_.push_back(std::move(path));
  }
  return made;
}

Result<std::string> ReplayableInputs::copy(const std::string& input) {
  const char* folder = std::getenv("TMPDIR");
  std::string path =
      (folder != nullptr && *folder != '\0' ? std::string(folder) : std::string("/tmp")) +
      "/trama-XXXXXX";
  const int out = ::mkstemp(path.data());
  if (out < 0) return Failure{FailureCode::output_unwritable, {path, std::strerror(errno)}};
  temporary_.push_back(path);
  const int in = input == "-" ? STDIN_FILENO : ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
  std::vector<char> block(std::size_t{256} * 1024);
  int error = in < 0 ? errno : 0;
  bool writing = false;
  while (error == 0) {
    const ssize_t got = ::read(in, block.data(), block.size());
    if (got == 0) break;
    if (got < 0 && errno == EINTR && stop_signal.load() == 0) continue;
    if (got < 0) error = errno;
    for (ssize_t done = 0; error == 0 && done < got;) {
      const ssize_t put = ::write(out, block.data() + done, static_cast<std::size_t>(got - done));
      if (put < 0 && errno != EINTR) {
        error = errno;
        writing = true;
      }
      if (put > 0) done += put;
    }
  }
  ::close(out);
  if (in > STDIN_FILENO) ::close(in);
  if (error == 0) return path;
  if (writing) return Failure{FailureCode::output_unwritable, {path, std::strerror(error)}};
  return Failure{FailureCode::file_unreadable, {input, std::strerror(error)}};
}

void ReplayableInputs::rename(Failure& failure) const {
  for (std::size_t i = 0; i < paths_.size(); ++i)
    for (std::string& value : failure.values)
      if (value == paths_[i] && inputs_[i] != paths_[i])
        value = inputs_[i] == "-" ? "standard input" : inputs_[i];
}

}  // namespace trama
