// ByteStream: one input, a file or standard input, as a stream of bytes. gzip and zstd are
// recognised by their first bytes and unpacked, all members one after the other. What the bytes
// mean is left to the framers.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/sha256.h"

namespace trama {

/// So much of the begin and of the end of an input tells it from others.
constexpr std::size_t kIdentityBytes = std::size_t{1} << 20U;

/// Where raw bytes come from. A test puts its own here, to cut reads short and to make them fail.
class RawBytes {
 public:
  RawBytes() = default;
  virtual ~RawBytes() = default;
  RawBytes(const RawBytes&) = delete;
  RawBytes& operator=(const RawBytes&) = delete;

  /// At least one byte and at most `size`; 0 at the end; -1 with errno set.
  virtual std::ptrdiff_t read(char* out, std::size_t size) noexcept = 0;
  /// How many bytes there are in all; 0 where that is not known.
  [[nodiscard]] virtual std::uint64_t size() const noexcept { return 0; }
  /// At most `size` bytes from `offset` on, counted from where reading began; what is read next
  /// stays the same. -1 where only what comes next can be read (a pipe).
  virtual std::ptrdiff_t look_at(std::uint64_t /*offset*/, char* /*out*/,
                                 std::size_t /*size*/) noexcept {
    return -1;
  }
};

class Unpacker;  // gzip or zstd

class ByteStream {
 public:
  /// Opens a file, or standard input for "-". file_missing, file_is_directory, file_unreadable.
  static Result<std::unique_ptr<ByteStream>> open(const std::string& path);
  ByteStream(std::string name, std::unique_ptr<RawBytes> raw);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// At least one (unpacked) byte and at most `size`, which is not 0. 0 at the end and where
  /// reading cannot go on: trouble() then says why (file_unreadable, input_cut_off,
  /// compressed_broken, compressed_bomb).
  std::size_t read(char* out, std::size_t size);
  /// Adds to `digest` what tells this input from others: of a file its size, its first and its last
  /// kIdentityBytes, packed as they lie there; of a pipe the first, which are read now and kept for
  /// read(). Call it before read().
  void identify(Sha256& digest);

  [[nodiscard]] const std::optional<Failure>& trouble() const noexcept { return trouble_; }
  /// As messages call it: the path, or "standard input".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Raw bytes read so far.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_in_all() const noexcept { return raw_->size(); }

 private:
  void look_at_first_bytes();
  std::size_t read_raw(char* out, std::size_t size);
  std::ptrdiff_t next_raw(char* out, std::size_t size);
  std::size_t read_plain(char* out, std::size_t size);
  std::size_t read_packed(char* out, std::size_t size);
  void refill();
  void fail_broken(std::string why);

  std::string name_;
  std::unique_ptr<RawBytes> raw_;
  std::unique_ptr<Unpacker> unpacker_;
  std::unique_ptr<char[]>
      packed_;  // raw bytes that are not unpacked yet: [packed_at_, packed_end_)
  std::size_t packed_at_ = 0;
  std::size_t packed_end_ = 0;
  std::string head_;  // of a pipe: raw bytes that identify() read, from head_at_ on
  std::size_t head_at_ = 0;
  std::optional<int> behind_head_;  // the errno, or 0 at the end, that was met behind them
  std::uint64_t bytes_read_ = 0;
  std::uint64_t unpacked_ = 0;
  bool looked_ = false;
  bool at_end_ = false;  // of the raw bytes
  std::optional<Failure> trouble_;
};

}  // namespace trama
