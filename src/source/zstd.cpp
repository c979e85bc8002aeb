// Zstandard by libzstd.

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>

#include "base/check.h"
#include "base/phrase_codes.h"
#include "source/unpacker.h"

namespace trama {
namespace {

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
      case ZSTD_error_dictionary_wrong:
        return PhraseCode::source_needs_dictionary;
      case ZSTD_error_checksum_wrong:
        return PhraseCode::source_checksum_wrong;
      default:
        return PhraseCode::source_damaged;
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

}  // namespace

std::unique_ptr<Unpacker> zstd_unpacker() {
  return std::make_unique<Zstd>();
}

}  // namespace trama
