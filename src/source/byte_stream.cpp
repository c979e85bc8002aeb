// Reading and unpacking. A plain file is read straight into the caller's memory; a packed one by
// way of a block.

#include "source/byte_stream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"
#include "base/system_words.h"
#include "source/source.h"
#include "source/unpacker.h"

namespace trama {

namespace {

constexpr std::size_t kPackedBytes = std::size_t{256} * 1024;
constexpr std::size_t kMagicBytes = 4;

/// RFC 1952 §2.3.1, RFC 8878 §3.1.1 and its skippable frames, §3.1.2.
std::unique_ptr<Unpacker> unpacker_for(std::string_view first) {
  if (first.starts_with("\x1f\x8b")) return gzip_unpacker();
  if (first.starts_with("\x28\xb5\x2f\xfd")) return zstd_unpacker();
  const bool skippable =
      first.size() == kMagicBytes && (first[0] & 0xF0) == 0x50 && first.substr(1) == "\x2a\x4d\x18";
  return skippable ? zstd_unpacker() : nullptr;
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

/// Fewer bytes than kMagicBytes only at the end of the input:
/// how a pipe cuts its first reads changes nothing.
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
