#include "run/temporary_file.h"

#include <unistd.h>

#include <cerrno>

#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "base/unnamed_file.h"

namespace trama {
namespace {

Failure unwritable(const Phrase& name, int error) {
  return {FailureCode::output_unwritable,
          {name, error == ENOENT ? PhraseCode::run_no_folder : system_words(error)}};
}

}  // namespace

Result<TemporaryFile> TemporaryFile::open(Phrase what) {
  const std::string folder = temporary_folder();
  Phrase name(PhraseCode::run_temporary, {folder, std::move(what)});
  const int descriptor = open_unnamed_file(folder);
  if (descriptor < 0) return unwritable(name, errno);
  return TemporaryFile(descriptor, std::move(name));
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      name_(std::move(other.name_)),
      size_(std::exchange(other.size_, 0)) {}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
  if (this == &other) return *this;
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = std::exchange(other.descriptor_, -1);
  name_ = std::move(other.name_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> TemporaryFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return unwritable(name_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
    size_ += static_cast<std::uint64_t>(put);
  }
  return {};
}

Result<std::size_t> TemporaryFile::read(std::uint64_t at, char* out, std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(descriptor_, out + done, size - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unwritable(name_, errno);
    if (got == 0 && at + done < size_) return unwritable(name_, EIO);  // it was written
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace trama
