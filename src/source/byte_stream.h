// ByteStream: one input, a file or standard input, as a stream of bytes. gzip and zstd are
// recognised by their first bytes and unpacked, all members one after the other. Where the raw
// bytes come from is left to RawBytes (input_files.h), what the bytes mean to the framers.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/sha256.h"

namespace trama {

/// Where raw bytes come from. A test puts its own here, to cut reads short and to make them fail.
class RawBytes {
 public:
  RawBytes() = default;
  virtual ~RawBytes() = default;
  RawBytes(const RawBytes&) = delete;
  RawBytes& operator=(const RawBytes&) = delete;

  /// At least one byte and at most `size`; 0 at the end; -1 with errno set.
  virtual std::ptrdiff_t read(char* out, std::size_t size) noexcept = 0;
  /// When reading is over: how what was read differs from what was opened; empty: not at all.
  [[nodiscard]] virtual Phrase changed() const { return {}; }
};

class Unpacker;

class ByteStream {
 public:
  ByteStream(Phrase name, std::unique_ptr<RawBytes> raw);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// At least one (unpacked) byte and at most `size`, which is not 0. 0 at the end and where
  /// reading cannot go on: trouble() then says why (file_unreadable, input_cut_off,
  /// compressed_broken, compressed_bomb, input_changed).
  std::size_t read(char* out, std::size_t size);
  /// No more is wanted, or there is no more: an input that changed meanwhile is input_changed,
  /// whatever the trouble was before.
  void end();

  [[nodiscard]] const std::optional<Failure>& trouble() const noexcept { return trouble_; }
  /// As messages call it: the path, or "standard input".
  [[nodiscard]] const Phrase& name() const noexcept { return name_; }
  /// Raw bytes read so far.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }
  /// Whether these are all.
  [[nodiscard]] bool whole() const noexcept { return whole_; }

  /// From now on the raw bytes are digested. To be called before the first read().
  void digest() { digest_.emplace(); }
  /// Where bytes are digested: reads those that are left, though nobody wants them, so that the
  /// digest does not depend on where reading ended.
  void digest_rest();
  /// The SHA-256 of all raw bytes, as 64 hexadecimal digits; empty where it was not asked for or
  /// they are not whole().
  std::string sha256();

 private:
  void look_at_first_bytes();
  std::size_t read_raw(char* out, std::size_t size);
  std::size_t read_plain(char* out, std::size_t size);
  std::size_t read_packed(char* out, std::size_t size);
  void refill();
  void fail_broken(Phrase why);

  Phrase name_;
  std::unique_ptr<RawBytes> raw_;
  std::unique_ptr<Unpacker> unpacker_;
  std::unique_ptr<char[]>
      packed_;  // raw bytes that are not unpacked yet: [packed_at_, packed_end_)
  std::size_t packed_at_ = 0;
  std::size_t packed_end_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t unpacked_ = 0;
  bool looked_ = false;
  bool at_end_ = false;  // of the raw bytes, or reading them failed
  bool whole_ = false;
  std::optional<Sha256> digest_;
  std::optional<Failure> trouble_;
};

}  // namespace trama
