// Reading and unpacking. A plain file is read straight into the caller's memory; a packed one by
// way of a block.

#include "source/byte_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/stop_signal.h"
#include "source/source.h"

namespace trama {

/// What one call of an Unpacker did.
struct Unpacked {
  std::size_t taken = 0;  // packed bytes
  std::size_t made = 0;   // bytes written
  const char* broken = nullptr;
};

class Unpacker {
 public:
  Unpacker() = default;
  virtual ~Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  virtual Unpacked unpack(const char* in, std::size_t in_size, char* out, std::size_t out_size) = 0;
  /// Whether the packed data may end here.
  [[nodiscard]] virtual bool may_end() const noexcept = 0;
  [[nodiscard]] virtual const char* name() const noexcept = 0;
};

namespace {

constexpr std::size_t kPackedBytes = std::size_t{256} * 1024;
constexpr std::size_t kMagicBytes = 4;
constexpr int kLooksUpEvery = 100;  // milliseconds

/// A file descriptor; closes it unless it is standard input.
class Descriptor final : public RawBytes {
 public:
  /// `may_wait`: reading may wait for someone (a pipe, a terminal): then a signal must end it.
  Descriptor(int fd, std::uint64_t size, bool may_wait)
      : fd_(fd),
        size_(size),
        may_wait_(may_wait),
        begun_(may_wait ? -1 : ::lseek(fd, 0, SEEK_CUR)) {}
  ~Descriptor() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }

  std::ptrdiff_t read(char* out, std::size_t size) noexcept override {
    for (;;) {
      if (may_wait_ && !wait()) return -1;
      const ssize_t got = ::read(fd_, out, size);
      if (got >= 0) return got;
      if (errno == EAGAIN) {  // a pipe that someone made non-blocking
        may_wait_ = true;
      } else if (errno != EINTR || stop_signal.load() != 0) {
        return -1;
      }
    }
  }
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }
  std::ptrdiff_t look_at(std::uint64_t offset, char* out, std::size_t size) noexcept override {
    return begun_ < 0 ? -1 : ::pread(fd_, out, size, begun_ + static_cast<off_t>(offset));
  }

 private:
  /// Until there is something to read. False, and EINTR, where a signal asks to stop: it may have
  /// come to another thread, or just before the wait began, so waiting looks up now and then.
  [[nodiscard]] bool wait() const noexcept {
    while (stop_signal.load() == 0) {
      pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
      const int found = ::poll(&ready, 1, kLooksUpEvery);
      if (found > 0 || (found < 0 && errno != EINTR)) return true;
    }
    errno = EINTR;
    return false;
  }

  int fd_;
  std::uint64_t size_;
  bool may_wait_;
  off_t begun_;  // where reading began; -1 where there is no place to go back to
};

class Gzip final : public Unpacker {
 public:
  Gzip() { TRAMA_CHECK(inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK); }
  ~Gzip() override { inflateEnd(&stream_); }

  Unpacked unpack(const char* in, std::size_t in_size, char* out, std::size_t out_size) override {
    Unpacked done;
    if (between_) {
      done.taken = start_next_member(in, in_size);
      if (padded_ && done.taken < in_size) done.broken = "other bytes follow its end";
      if (between_) return done;
    }
    stream_.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(in + done.taken));  // NOLINT: zlib's way
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(in_size - done.taken, UINT_MAX));
    stream_.next_out = reinterpret_cast<Bytef*>(out);  // NOLINT: zlib's way
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(out_size, UINT_MAX));
    const uInt had_in = stream_.avail_in;
    const uInt had_out = stream_.avail_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    done.taken += had_in - stream_.avail_in;
    done.made = had_out - stream_.avail_out;
    between_ = status == Z_STREAM_END;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      done.broken = why(status);
    }
    return done;
  }
  [[nodiscard]] bool may_end() const noexcept override { return between_; }
  [[nodiscard]] const char* name() const noexcept override { return "gzip"; }

 private:
  /// Passes the zeros that tapes and `dd` leave behind the last member; anything else begins the
  /// next one.
  std::size_t start_next_member(const char* in, std::size_t in_size) {
    std::size_t at = 0;
    while (at < in_size && in[at] == 0) ++at;
    padded_ = padded_ || at > 0;
    if (at < in_size && !padded_) {
      inflateReset(&stream_);
      between_ = false;
      later_member_ = true;
    }
    return at;
  }

  [[nodiscard]] const char* why(int status) const noexcept {
    if (later_member_ && stream_.total_out == 0) return "other bytes follow its end";
    if (status == Z_NEED_DICT) return "it needs a dictionary";
    return stream_.msg != nullptr ? stream_.msg : "it cannot be unpacked";
  }

  z_stream stream_{};
  bool between_ = false;  // a member has ended
  bool padded_ = false;
  bool later_member_ = false;
};

class Zstd final : public Unpacker {
 public:
  Zstd() : stream_(ZSTD_createDStream()) { TRAMA_CHECK(stream_ != nullptr); }
  ~Zstd() override { ZSTD_freeDStream(stream_); }

  Unpacked unpack(const char* in, std::size_t in_size, char* out, std::size_t out_size) override {
    if (between_ && in_size == 0) return {};  // it would take this for the start of another frame
    // One block a call, and nothing new before all of the last one is out: with an error a call
    // gives nothing of what it made, so that else the cut of the input would decide how much of
    // what stands before the broken place is seen.
    ZSTD_inBuffer from{in, more_ ? 0 : std::min(in_size, wanted_), 0};
    ZSTD_outBuffer to{out, out_size, 0};
    const std::size_t status = ZSTD_decompressStream(stream_, &to, &from);
    Unpacked done{.taken = from.pos, .made = to.pos};
    if (ZSTD_isError(status) != 0) {
      done.broken = why(status);
    } else {
      more_ = to.pos == out_size;
      between_ = status == 0;
      // what zstd asks for is the rest of a block and the header of the next
      wanted_ = between_ ? kFrameStart : status > kBlockHeader ? status - kBlockHeader : status;
      later_frame_ = later_frame_ || between_;
    }
    return done;
  }
  [[nodiscard]] bool may_end() const noexcept override { return between_; }
  [[nodiscard]] const char* name() const noexcept override { return "zstd"; }

 private:
  [[nodiscard]] const char* why(std::size_t status) const noexcept {
    switch (ZSTD_getErrorCode(status)) {
      case ZSTD_error_frameParameter_windowTooLarge:
        return "it needs a window of more than 128 MiB; pack it again without --long, or unpack it "
               "first";
      case ZSTD_error_prefix_unknown:
        return later_frame_ ? "other bytes follow its end" : "it cannot be unpacked";
      default:
        return ZSTD_getErrorName(status);
    }
  }

  static constexpr std::size_t kFrameStart = 5;  // bytes that tell how long a frame's header is
  static constexpr std::size_t kBlockHeader = 3;

  ZSTD_DStream* stream_;
  std::size_t wanted_ = kFrameStart;  // packed bytes to the end of the block at hand
  bool more_ = false;                 // of what was unpacked, some may not be out yet
  bool between_ = false;              // a frame has ended
  bool later_frame_ = false;
};

/// RFC 1952 §2.3.1, RFC 8878 §3.1.1 and its skippable frames, §3.1.2.
std::unique_ptr<Unpacker> unpacker_for(std::string_view first) {
  if (first.starts_with("\x1f\x8b")) return std::make_unique<Gzip>();
  if (first.starts_with("\x28\xb5\x2f\xfd")) return std::make_unique<Zstd>();
  const bool skippable =
      first.size() == kMagicBytes && (first[0] & 0xF0) == 0x50 && first.substr(1) == "\x2a\x4d\x18";
  return skippable ? std::make_unique<Zstd>() : nullptr;
}

/// What a file is that is neither JSON nor packed JSON, by its first bytes; "" where nothing is
/// known against it.
std::string_view foreign_kind(std::string_view first) {
  struct Kind {
    std::string_view magic;
    std::string_view name;
  };
  static constexpr Kind kKinds[] = {
      {"PK\x03\x04", "a ZIP file or an Excel workbook"},
      {"%PDF", "a PDF document"},
      {"\xd0\xcf\x11\xe0", "an old Excel or Word document"},
      {"\xff\xfe", "UTF-16 text (save it again as UTF-8)"},
      {"\xfe\xff", "UTF-16 text (save it again as UTF-8)"},
      {"PAR1", "a Parquet file"},
      {"BZh", "a bzip2 file (unpack it first)"},
      {"\xfd"
       "7zX",
       "an xz file (unpack it first)"},
      {"7z\xbc\xaf", "a 7-Zip file (unpack it first)"},
  };
  for (const Kind& kind : kKinds)
    if (first.starts_with(kind.magic)) return kind.name;
  return {};
}

Failure cannot_open(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) return {FailureCode::file_missing, {path}};
  return {FailureCode::file_unreadable, {path, std::generic_category().message(error)}};
}

}  // namespace

Result<std::unique_ptr<ByteStream>> ByteStream::open(const std::string& path) {
  const bool standard = path == "-";
  const std::string name = standard ? "standard input" : path;
  const int fd = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat about{};
  if (fd < 0 || ::fstat(fd, &about) != 0) return cannot_open(name, errno);
  const bool regular = S_ISREG(about.st_mode);
  auto raw = std::make_unique<Descriptor>(
      fd, regular ? static_cast<std::uint64_t>(about.st_size) : 0, !regular);
  if (S_ISDIR(about.st_mode)) return Failure{FailureCode::file_is_directory, {name}};
  if (regular) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<ByteStream>(name, std::move(raw));
}

ByteStream::ByteStream(std::string name, std::unique_ptr<RawBytes> raw)
    : name_(std::move(name)), raw_(std::move(raw)) {}

ByteStream::~ByteStream() = default;

std::size_t ByteStream::read(char* out, std::size_t size) {
  if (!looked_) look_at_first_bytes();
  if (trouble_) return 0;
  return unpacker_ ? read_packed(out, size) : read_plain(out, size);
}

/// Fewer bytes than kMagicBytes only at the end of the input: how a pipe cuts its first reads
/// changes nothing.
void ByteStream::look_at_first_bytes() {
  looked_ = true;
  packed_ = std::make_unique<char[]>(kPackedBytes);
  while (packed_end_ < kMagicBytes && !at_end_) {
    packed_end_ += read_raw(packed_.get() + packed_end_, kMagicBytes - packed_end_);
  }
  const std::string_view first{packed_.get(), packed_end_};
  unpacker_ = unpacker_for(first);
  const std::string_view foreign = foreign_kind(first);
  if (!foreign.empty())
    trouble_ = Failure{FailureCode::input_foreign, {name_, std::string(foreign)}};
}

void ByteStream::identify(Sha256& digest) {
  std::vector<char> bytes(kIdentityBytes);
  const std::ptrdiff_t first = raw_->look_at(0, bytes.data(), bytes.size());
  if (first >= 0) {
    const std::uint64_t size = raw_->size();
    const std::string sized = "file " + std::to_string(size) + ' ';
    digest.add(sized);
    digest.add({bytes.data(), static_cast<std::size_t>(first)});
    if (size <= kIdentityBytes) return;
    const std::ptrdiff_t last = raw_->look_at(size - kIdentityBytes, bytes.data(), bytes.size());
    if (last > 0) digest.add({bytes.data(), static_cast<std::size_t>(last)});
    return;
  }
  while (head_.size() < kIdentityBytes && !behind_head_) {
    const std::ptrdiff_t got = raw_->read(bytes.data(), kIdentityBytes - head_.size());
    if (got > 0) head_.append(bytes.data(), static_cast<std::size_t>(got));
    if (got <= 0) behind_head_ = got < 0 ? errno : 0;
  }
  digest.add("pipe ");
  digest.add(head_);
}

/// As RawBytes::read(), what identify() read first.
std::ptrdiff_t ByteStream::next_raw(char* out, std::size_t size) {
  if (head_at_ < head_.size()) {
    const std::size_t had = std::min(size, head_.size() - head_at_);
    std::memcpy(out, head_.data() + head_at_, had);
    head_at_ += had;
    if (head_at_ == head_.size()) std::string().swap(head_);
    if (head_.empty()) head_at_ = 0;
    return static_cast<std::ptrdiff_t>(had);
  }
  if (!behind_head_) return raw_->read(out, size);
  errno = *behind_head_;
  return errno == 0 ? 0 : -1;
}

std::size_t ByteStream::read_raw(char* out, std::size_t size) {
  const std::ptrdiff_t got = at_end_ ? 0 : next_raw(out, size);
  if (got < 0) {
    trouble_ =
        Failure{FailureCode::file_unreadable, {name_, std::generic_category().message(errno)}};
  }
  at_end_ = got <= 0;
  if (at_end_) return 0;
  bytes_read_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

std::size_t ByteStream::read_plain(char* out, std::size_t size) {
  if (packed_at_ == packed_end_) return read_raw(out, size);
  const std::size_t had = std::min(size, packed_end_ - packed_at_);
  std::memcpy(out, packed_.get() + packed_at_, had);
  packed_at_ += had;
  return had;
}

void ByteStream::refill() {
  packed_at_ = 0;
  packed_end_ = read_raw(packed_.get(), kPackedBytes);
}

void ByteStream::fail_broken(std::string why) {
  trouble_ = Failure{FailureCode::compressed_broken, {name_, unpacker_->name(), std::move(why)}};
}

std::size_t ByteStream::read_packed(char* out, std::size_t size) {
  while (!trouble_) {
    if (packed_at_ == packed_end_) refill();
    if (trouble_) break;
    // Also without new bytes: what did not fit into `out` the last time may still be inside the
    // unpacker.
    const auto done =
        unpacker_->unpack(packed_.get() + packed_at_, packed_end_ - packed_at_, out, size);
    packed_at_ += done.taken;
    unpacked_ += done.made;
    const std::uint64_t taken = bytes_read_ - (packed_end_ - packed_at_);
    if (unpacked_ > taken * kMaxExpansion + kExpansionFree) {
      trouble_ = Failure{FailureCode::compressed_bomb, {name_, std::to_string(kMaxExpansion)}};
      return 0;
    }
    if (done.broken != nullptr) fail_broken(done.broken);
    if (done.made > 0) return done.made;
    if (at_end_ && packed_at_ == packed_end_ && done.taken == 0) {
      if (!trouble_ && !unpacker_->may_end()) {
        trouble_ = Failure{FailureCode::input_cut_off,
                           {name_, std::to_string(bytes_read_),
                            std::string("its ") + unpacker_->name() + " data ends in the middle"}};
      }
      return 0;
    }
  }
  return 0;
}

}  // namespace trama
