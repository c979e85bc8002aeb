// Reading and unpacking. A plain file is read straight into the caller's memory; a packed one by
// way of a block.

#include "source/byte_stream.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "source/source.h"

namespace trama {

/// What one call of an Unpacker did.
struct Unpacked {
  std::size_t taken = 0;  // packed bytes
  std::size_t made = 0;   // bytes written
  std::optional<Phrase> broken{};  // what is wrong with the packed ones
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

class Gzip final : public Unpacker {
 public:
  Gzip() {
    const int status = inflateInit2(&stream_, 16 + MAX_WBITS);
    if (status == Z_MEM_ERROR) no_memory();
    TRAMA_CHECK(status == Z_OK);
  }
  ~Gzip() override { inflateEnd(&stream_); }

  Unpacked unpack(const char* in, std::size_t in_size, char* out, std::size_t out_size) override {
    Unpacked done;
    if (between_) {
      done.taken = start_next_member(in, in_size);
      if (padded_ && done.taken < in_size) done.broken = PhraseCode::source_other_bytes;
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
    if (status == Z_MEM_ERROR) no_memory();
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

  [[nodiscard]] Phrase why(int status) const {
    if (later_member_ && stream_.total_out == 0) return PhraseCode::source_other_bytes;
    if (status == Z_NEED_DICT) return PhraseCode::source_needs_dictionary;
    return stream_.msg != nullptr ? Phrase(stream_.msg) : PhraseCode::source_not_unpacked;
  }

  z_stream stream_{};
  bool between_ = false;  // a member has ended
  bool padded_ = false;
  bool later_member_ = false;
};

class Zstd final : public Unpacker {
 public:
  Zstd() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) no_memory();
  }
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
    if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation) no_memory();
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
  [[nodiscard]] Phrase why(std::size_t status) const {
    switch (ZSTD_getErrorCode(status)) {
      case ZSTD_error_frameParameter_windowTooLarge:
        return PhraseCode::source_needs_window;
      case ZSTD_error_prefix_unknown:
        return later_frame_ ? PhraseCode::source_other_bytes : PhraseCode::source_not_unpacked;
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

/// What a file is that is neither JSON nor packed JSON, by its first bytes; none where nothing is
/// known against it.
PhraseCode foreign_kind(std::string_view first) {
  struct Kind {
    std::string_view magic;
    PhraseCode name;
  };
  static constexpr Kind kKinds[] = {
      {"PK\x03\x04", PhraseCode::source_zip},
      {"%PDF", PhraseCode::source_pdf},
      {"\xd0\xcf\x11\xe0", PhraseCode::source_old_office},
      {"\xff\xfe", PhraseCode::source_utf16_save},
      {"\xfe\xff", PhraseCode::source_utf16_save},
      {"PAR1", PhraseCode::source_parquet},
      {"BZh", PhraseCode::source_bzip2},
      {"\xfd"
       "7zX",
       PhraseCode::source_xz},
      {"7z\xbc\xaf", PhraseCode::source_7zip},
  };
  for (const Kind& kind : kKinds)
    if (first.starts_with(kind.magic)) return kind.name;
  return PhraseCode::none;
}

}  // namespace

ByteStream::ByteStream(Phrase name, std::unique_ptr<RawBytes> raw)
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
  packed_ = std::make_unique<char[]>(kMagicBytes);
  while (packed_end_ < kMagicBytes && !at_end_) {
    packed_end_ += read_raw(packed_.get() + packed_end_, kMagicBytes - packed_end_);
  }
  const std::string_view first{packed_.get(), packed_end_};
  unpacker_ = unpacker_for(first);
  std::unique_ptr<char[]> block;
  if (unpacker_) {
    block = std::make_unique_for_overwrite<char[]>(kPackedBytes);
    std::memcpy(block.get(), packed_.get(), packed_end_);
  }
  const PhraseCode foreign = foreign_kind(first);
  if (foreign != PhraseCode::none) trouble_ = Failure{FailureCode::input_foreign, {name_, foreign}};
  if (block) packed_ = std::move(block);
}

std::size_t ByteStream::read_raw(char* out, std::size_t size) {
  if (at_end_) return 0;
  const std::ptrdiff_t got = raw_->read(out, size);
  if (got < 0) {
    trouble_ = Failure{FailureCode::file_unreadable, {name_, system_words(errno)}};
  }
  at_end_ = got <= 0;
  whole_ = got == 0;
  if (whole_) end();
  if (at_end_) return 0;
  if (digest_) digest_->add({out, static_cast<std::size_t>(got)});
  bytes_read_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

void ByteStream::end() {
  if (trouble_ && trouble_->code == FailureCode::input_changed) return;
  if (Phrase how = raw_->changed(); !how.empty())
    trouble_ = Failure{FailureCode::input_changed, {name_, std::move(how)}};
}

void ByteStream::digest_rest() {
  if (!digest_) return;
  packed_ = std::make_unique_for_overwrite<char[]>(kPackedBytes);
  while (read_raw(packed_.get(), kPackedBytes) > 0) {
  }
}

std::string ByteStream::sha256() {
  std::string text;
  if (digest_ && whole_) append_hex(text, digest_->take());
  digest_.reset();
  return text;
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

void ByteStream::fail_broken(Phrase why) {
  trouble_ = Failure{FailureCode::compressed_broken, {name_, unpacker_->name(), std::move(why)}};
}

std::size_t ByteStream::read_packed(char* out, std::size_t size) {
  while (!trouble_) {
    if (packed_at_ == packed_end_) refill();
    if (trouble_) break;
    // Also without new bytes: what did not fit into `out` the last time may still be inside the
    // unpacker.
    auto done = unpacker_->unpack(packed_.get() + packed_at_, packed_end_ - packed_at_, out, size);
    packed_at_ += done.taken;
    unpacked_ += done.made;
    const std::uint64_t taken = bytes_read_ - (packed_end_ - packed_at_);
    if (unpacked_ > taken * kMaxExpansion + kExpansionFree) {
      trouble_ = Failure{FailureCode::compressed_bomb, {name_, std::to_string(kMaxExpansion)}};
      return 0;
    }
    if (done.broken) fail_broken(std::move(*done.broken));
    if (done.made > 0) return done.made;
    if (at_end_ && packed_at_ == packed_end_ && done.taken == 0) {
      if (!trouble_ && !unpacker_->may_end()) {
        trouble_ = Failure{FailureCode::input_cut_off,
                           {name_, std::to_string(bytes_read_),
                            Phrase(PhraseCode::source_data_ends, {unpacker_->name()})}};
      }
      return 0;
    }
  }
  return 0;
}

}  // namespace trama
