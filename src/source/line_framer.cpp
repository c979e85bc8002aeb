// LineFramer: a line is a record (NDJSON). A bad line spoils no other; a line of blanks is none.

#include <cstring>

#include "base/phrase_codes.h"
#include "source/framer.h"

namespace trama {
namespace {

class LineFramer final : public Framer {
 public:
  LineFramer(const Phrase& name, const SourceOptions& options) : Framer(name, options) {}

  void scan(Block& block) override {
    if (line_ == 0) begin_line(block, block.scanned());
    while (block.scanned() < block.end() && !block.full() && !trouble()) {
      const char* const from = block.data() + block.scanned();
      const void* const found = std::memchr(from, '\n', block.end() - block.scanned());
      const auto line_end =
          found == nullptr
              ? block.end()
              : static_cast<std::size_t>(static_cast<const char*>(found) - block.data());
      if (!block.open()) begin_record(block, line_end);
      if (found != nullptr) end_line(block, line_end);
      block.set_scanned(found == nullptr ? line_end : line_end + 1);
    }
  }

  void finish(Block& block) override {
    if (block.open()) block.finish(block.end(), FrameKind::record);
    if (block.number() == 0 && !trouble()) {
      fail(FailureCode::input_not_json, {name_, PhraseCode::source_only_blanks});
    }
  }

 private:
  void begin_line(const Block& block, std::size_t index) {
    ++line_;
    line_byte_ = block.byte_at(index);
  }

  /// Blanks before a record are one byte and one character each.
  void begin_record(Block& block, std::size_t line_end) {
    std::size_t index = block.scanned();
    while (index < line_end && is_blank(block.data()[index])) ++index;
    if (index == line_end) return;
    if (block.number() == 0) mark_document(block, 0);
    block.begin(index, {line_, block.byte_at(index) - line_byte_ + 1});
  }

  void end_line(Block& block, std::size_t line_end) {
    if (block.open()) block.finish(line_end, FrameKind::record);
    begin_line(block, line_end + 1);
  }

  std::uint64_t line_ = 0;
  std::uint64_t line_byte_ = 0;  // where it begins
};

}  // namespace

std::unique_ptr<Framer> line_framer(const Phrase& name, const SourceOptions& options) {
  return std::make_unique<LineFramer>(name, options);
}

}  // namespace trama
