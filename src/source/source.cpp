// The inputs one after the other: what format each is in, its framer, and the splits that carry its
// frames.

#include "source/source.h"

#include <atomic>
#include <cstring>
#include <utility>

#include "source/block.h"
#include "source/byte_stream.h"
#include "source/framer.h"
#include "source/item_scan.h"
#include "source/over_streams.h"

namespace trama {
namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

enum class Looks : std::uint8_t { unclear, ndjson, json };

/// By its first line, or as much of it as there is: a list, or an object that the line leaves open,
/// is one document.
Looks looks_like(std::string_view bytes, std::size_t from, bool whole) {
  const char* const data = bytes.data();
  const std::size_t to = bytes.size();
  while (from < to && is_blank(data[from])) ++from;
  if (from == to) return whole ? Looks::ndjson : Looks::unclear;
  if (data[from] == '[') return Looks::json;
  if (data[from] != '{') return Looks::ndjson;
  const void* const found = std::memchr(data + from, '\n', to - from);
  if (found == nullptr && !whole) return Looks::unclear;
  const std::size_t line_end =
      found == nullptr ? to : static_cast<std::size_t>(static_cast<const char*>(found) - data);
  ItemScan scan;
  scan.enter('}', false);
  ItemStop stop = ItemStop::none;
  scan.find_end(data, from, line_end, stop);
  return stop == ItemStop::none && !scan.balanced() ? Looks::json : Looks::ndjson;
}

class Inputs final : public Source {
 public:
  Inputs(std::vector<std::unique_ptr<ByteStream>> streams, std::vector<std::string> names,
         SourceOptions options)
      : streams_(std::move(streams)),
        names_(std::move(names)),
        options_(std::move(options)),
        left_(options_.limit),
        outside_(streams_.size()) {
    for (const auto& stream : streams_) {
      const std::uint64_t size = stream->bytes_in_all();
      if (size == 0) sizes_known_ = false;
      bytes_in_all_ += size;
    }
  }

  bool next(Split& split) override {
    split.frames.clear();
    while (left_ > 0 && at_ < streams_.size() && !failed_) {
      fill(split);
      if (split.frames.empty()) continue;
      split.ticket = tickets_++;
      return true;
    }
    if (failed_) trouble_ = failed_;
    return false;
  }

  void identify(Sha256& digest) override {
    for (const auto& stream : streams_) stream->identify(digest);
  }

  [[nodiscard]] const std::optional<Failure>& trouble() const noexcept override { return trouble_; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept override { return names_; }
  [[nodiscard]] const std::vector<std::vector<OutsideValue>>& outside() const noexcept override {
    return outside_;
  }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_in_all() const noexcept override {
    return sizes_known_ ? bytes_in_all_ : 0;
  }

 private:
  /// Brings one split of the input at hand, or its end.
  void fill(Split& split) {
    if (!block_) begin_input();
    split.source = at_;
    block_->attach(split);
    const bool ended = fill_block(split);
    const std::uint64_t consumed = block_->byte_at(block_->scanned());
    split.bytes = consumed - consumed_;
    consumed_ = consumed;
    if (ended) {
      end_input();
    } else {
      block_->detach();
    }
  }

  void begin_input() {
    block_ = std::make_unique<Block>(options_.split_bytes, options_.max_record_bytes, left_);
    consumed_ = 0;
  }

  void end_input() {
    left_ -= block_->number();
    outside_[at_] =
        framer_ ? framer_->take_outside() : std::vector<OutsideValue>(options_.outside.size());
    framer_.reset();
    block_.reset();
    ++at_;
  }

  /// Reads and cuts until the memory of the split is full. True where nothing more comes from this
  /// input.
  bool fill_block(Split& split) {
    for (;;) {
      if (framer_ || (block_->room_size() == 0 && choose_framer(false))) framer_->scan(*block_);
      if (stopped()) return true;
      if (block_->room_size() == 0) {
        if (!split.frames.empty()) return false;
        block_->make_room();
      }
      if (!read()) return finish();
    }
  }

  bool stopped() {
    if (framer_ && framer_->trouble() && !failed_) failed_ = framer_->trouble();
    return failed_ || block_->full();
  }

  bool read() {
    ByteStream& stream = *streams_[at_];
    const std::uint64_t before = stream.bytes_read();
    const std::size_t size = stream.read(block_->room(), block_->room_size());
    block_->added(size);
    bytes_read_ += stream.bytes_read() - before;
    return size > 0;
  }

  /// What keeps bytes from coming is told before what the framer makes of it.
  bool finish() {
    failed_ = streams_[at_]->trouble();
    const bool no_bytes = block_->byte_at(block_->end()) == 0;
    if (no_bytes && !failed_) {
      failed_ = Failure{FailureCode::input_no_bytes, {streams_[at_]->name()}};
    }
    if (no_bytes) return true;
    if (!framer_) choose_framer(true);
    framer_->scan(*block_);
    if (!block_->full() && !framer_->trouble()) framer_->finish(*block_);
    stopped();
    return true;
  }

  /// By the first max_record_bytes alone, so that it does not depend on how much is there. A first
  /// line that is longer than a record may be is one of NDJSON.
  [[nodiscard]] Looks format_of(std::string_view bytes, std::size_t mark, bool whole) const {
    if (options_.format == InputFormat::ndjson) return Looks::ndjson;
    const bool stated = options_.records_stated || options_.entries;
    if (options_.format == InputFormat::json || stated) return Looks::json;
    const std::size_t window = mark + options_.max_record_bytes;
    const bool beyond = bytes.size() > window;
    const Looks looks = looks_like(bytes.substr(0, window), mark, whole && !beyond);
    return looks == Looks::unclear && beyond ? Looks::ndjson : looks;
  }

  /// Once enough of the input is there to see what it is; `whole`: that is all there is.
  bool choose_framer(bool whole) {
    const std::string_view bytes(block_->data(), block_->end());
    if (bytes.size() < kUtf8Mark.size() && !whole) return false;
    const std::size_t mark = bytes.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0;
    const Looks looks = format_of(bytes, mark, whole);
    if (looks == Looks::unclear) return false;
    const std::string& name = streams_[at_]->name();
    framer_ = looks == Looks::json ? document_framer(name, options_) : line_framer(name, options_);
    block_->set_scanned(mark);
    return true;
  }

  std::vector<std::unique_ptr<ByteStream>> streams_;
  std::vector<std::string> names_;
  const SourceOptions options_;
  std::uint64_t left_;  // records still wanted
  std::vector<std::vector<OutsideValue>> outside_;
  std::uint64_t bytes_in_all_ = 0;
  bool sizes_known_ = true;
  std::atomic<std::uint64_t> bytes_read_ = 0;  // progress is shown by another thread

  std::size_t at_ = 0;  // the input at hand
  std::unique_ptr<Block> block_;
  std::unique_ptr<Framer> framer_;
  std::uint64_t consumed_ = 0;
  std::uint64_t tickets_ = 0;
  std::optional<Failure> failed_;  // told when the frames before it are given
  std::optional<Failure> trouble_;
};

}  // namespace

std::unique_ptr<Source> source_over(std::vector<std::unique_ptr<ByteStream>> streams,
                                    std::vector<std::string> names, SourceOptions options) {
  return std::make_unique<Inputs>(std::move(streams), std::move(names), std::move(options));
}

Result<std::unique_ptr<Source>> Source::open(std::vector<std::string> inputs,
                                             SourceOptions options) {
  if (inputs.empty()) inputs.emplace_back("-");
  std::vector<std::unique_ptr<ByteStream>> streams;
  for (const std::string& input : inputs) {
    TRAMA_TRY(auto stream, ByteStream::open(input));
    streams.push_back(std::move(stream));
  }
  return source_over(std::move(streams), std::move(inputs), std::move(options));
}

}  // namespace trama
