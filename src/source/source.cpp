// The inputs one after the other: what format each is in, its framer, and the splits that carry its
// frames. An input is let go at its end.

#include "source/source.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "base/phrase_codes.h"
#include "source/block.h"
#include "source/byte_stream.h"
#include "source/framer.h"
#include "source/input_files.h"
#include "source/item_scan.h"
#include "source/over_streams.h"

namespace trama {
namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";
/// Of frames that a split has, about, and of bytes that it reads at once: short records are cut
/// into splits by what their frames take.
constexpr std::size_t kManyFrames = 16384;
constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
constexpr char kRecordSeparator = '\x1e';  // RFC 7464 §2.1

enum class Looks : std::uint8_t { unclear, ndjson, json };

bool begins_document(char c) noexcept {
  return c == '{' || c == '[' || c == kRecordSeparator;
}

/// By its first line, or as much of it as there is: a list, an object that the line leaves open,
/// and a document that follows another in one line, are documents. However much there is, the
/// answer is the same as soon as it is one.
Looks looks_like(std::string_view bytes, std::size_t from, bool whole) {
  const char* const data = bytes.data();
  const std::size_t to = bytes.size();
  while (from < to && is_blank(data[from])) ++from;
  if (from == to) return whole ? Looks::ndjson : Looks::unclear;
  if (data[from] != '{') return begins_document(data[from]) ? Looks::json : Looks::ndjson;
  const void* const found = std::memchr(data + from, '\n', to - from);
  const bool line_ended = found != nullptr || whole;
  const std::size_t line_end =
      found == nullptr ? to : static_cast<std::size_t>(static_cast<const char*>(found) - data);
  ItemScan scan;
  scan.enter('}', false);
  ItemStop stop = ItemStop::none;
  std::size_t at = scan.find_end(data, from + 1, line_end, stop);
  if (stop == ItemStop::none) return line_ended ? Looks::json : Looks::unclear;
  if (stop != ItemStop::close) return Looks::ndjson;
  while (++at < line_end && is_blank(data[at])) {
  }
  if (at < line_end) return begins_document(data[at]) ? Looks::json : Looks::ndjson;
  return line_ended ? Looks::ndjson : Looks::unclear;
}

/// One pass over one input, from its first byte.
class InputPass {
 public:
  /// `options` must outlive this. `limit`: of records.
  InputPass(std::unique_ptr<ByteStream> stream, const SourceOptions& options, std::uint64_t limit)
      : stream_(std::move(stream)),
        options_(options),
        block_(options.split_bytes, options.max_record_bytes, limit) {
    if (options.digests) stream_->digest();
  }

  /// Brings one split, perhaps without frames. False where nothing more comes: then failure() says
  /// why, if the input is to blame.
  bool fill(Split& split) {
    split.frames.clear();
    split.found_instead.clear();
    split.beside.clear();
    block_.attach(split);
    const bool ended = fill_block(split);
    if (!ended) block_.detach();
    if (ended) end();
    return !ended;
  }
  /// No more of it is wanted.
  void end() {
    stream_->end();
    const std::optional<Failure>& trouble = stream_->trouble();
    if (trouble && trouble->code == FailureCode::input_changed) failure_ = trouble;
  }

  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return stream_->bytes_read(); }
  [[nodiscard]] const Phrase& name() const noexcept { return stream_->name(); }
  /// Null before it is known what the input is.
  [[nodiscard]] Framer* framer() const noexcept { return framer_.get(); }
  void mark_documents() noexcept { marks_documents_ = true; }

  /// What there is to say of the input once fill() gave false.
  void report(InputRead& out) {
    if (failure_) stream_->digest_rest();
    out.bytes = stream_->bytes_read();
    const bool changed = failure_ && failure_->code == FailureCode::input_changed;
    out.whole = stream_->whole() && !block_.full() && !changed;
    out.sha256 = out.whole ? stream_->sha256() : "";
    out.failure = failure_;
    if (framer_) out.count_differs = framer_->count_differs();
  }

 private:
  /// Reads and cuts until the memory of the split is full.
  /// True where nothing more comes from this input.
  bool fill_block(Split& split) {
    for (;;) {
      if (framer_ || (block_.room_size() == 0 && choose_framer(false))) framer_->scan(block_);
      if (stopped()) return true;
      if (split.frames.size() >= kManyFrames) return false;
      if (block_.room_size() == 0) {
        if (!split.frames.empty()) return false;
        block_.make_room();
      }
      if (!read()) return finish();
    }
  }

  bool stopped() {
    if (framer_ && framer_->trouble() && !failure_) failure_ = framer_->trouble();
    return failure_ || block_.full();
  }

  bool read() {
    const std::size_t size = stream_->read(block_.room(), std::min(block_.room_size(), kReadBytes));
    block_.added(size);
    return size > 0;
  }

  /// What keeps bytes from coming is told before what the framer makes of the end; after what is wrong
  /// with the bytes before it, as it would be where they come in smaller parts.
  bool finish() {
    failure_ = stream_->trouble();
    const bool no_bytes = block_.byte_at(block_.end()) == 0;
    if (no_bytes && !failure_) failure_ = Failure{FailureCode::input_no_bytes, {stream_->name()}};
    if (no_bytes) return true;
    if (!framer_) choose_framer(true);
    framer_->scan(block_);
    if (framer_->trouble()) failure_ = framer_->trouble();
    if (!block_.full() && !framer_->trouble()) framer_->finish(block_);
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
    const std::string_view bytes(block_.data(), block_.end());
    if (bytes.size() < kUtf8Mark.size() && !whole) return false;
    const std::size_t mark = bytes.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0;
    const Looks looks = format_of(bytes, mark, whole);
    if (looks == Looks::unclear) return false;
    const Phrase& name = stream_->name();
    framer_ = looks == Looks::json ? document_framer(name, options_) : line_framer(name, options_);
    if (marks_documents_) framer_->mark_documents();
    block_.set_scanned(mark);
    return true;
  }

  std::unique_ptr<ByteStream> stream_;
  const SourceOptions& options_;
  Block block_;
  std::unique_ptr<Framer> framer_;
  bool marks_documents_ = false;
  std::optional<Failure> failure_;  // told when the frames before it are given
};

class Inputs final : public Source {
 public:
  Inputs(std::shared_ptr<InputSet> set, SourceOptions options)
      : set_(std::move(set)),
        options_(std::move(options)),
        records_options_(options_),
        left_(options_.limit),
        inputs_(set_->names().size()) {
    records_options_.outside.clear();
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const std::uint64_t size = set_->size(i);
      if (size == 0) sizes_known_ = false;
      bytes_in_all_ += size;
    }
  }

  bool next(Split& split) override {
    while (left_ > 0 && at_ < inputs_.size() && !failed_) {
      if (!pass_ && !begin_input()) continue;
      split.source = at_;
      const std::uint64_t before = pass_->bytes_read();
      const bool more = pass_->fill(split);
      bytes_read_ += pass_->bytes_read() - before;
      const bool fits = attach_beside(split);
      left_ -= split.frames.size();
      if (!more || !fits) end_input();
      if (split.frames.empty()) continue;
      split.ticket = tickets_++;
      return true;
    }
    split.frames.clear();
    if (failed_) trouble_ = failed_;
    return false;
  }

  [[nodiscard]] const std::optional<Failure>& trouble() const noexcept override { return trouble_; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept override {
    return set_->names();
  }
  [[nodiscard]] const std::vector<InputRead>& inputs() const noexcept override { return inputs_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_in_all() const noexcept override {
    return sizes_known_ ? bytes_in_all_ : 0;
  }

 private:
  /// False where the input cannot be read.
  bool begin_input() {
    Result<void> looked = options_.outside.empty() ? Result<void>() : look();
    if (!looked.ok()) return bad(std::move(looked.failure()));
    Result<std::unique_ptr<ByteStream>> stream = set_->open(at_);
    if (!stream.ok()) return bad(std::move(stream.failure()));
    pass_ = std::make_unique<InputPass>(std::move(stream.value()), records_options_, left_);
    if (!options_.outside.empty()) pass_->mark_documents();
    return true;
  }

  /// The input at hand is given up before its first record.
  bool bad(Failure failure) {
    inputs_[at_].failure = failure;
    if (!options_.pass_bad_inputs) failed_ = std::move(failure);
    ++at_;
    return false;
  }

  /// A first pass over the input at hand, for the values beside its records. What keeps it from its
  /// end is left to the second, unless it is the world's doing.
  Result<void> look() {
    outside_.clear();
    looked_at_failure_.reset();
    TRAMA_TRY(auto stream, set_->open(at_));
    InputPass pass(std::move(stream), options_, UINT64_MAX);
    Split split;
    while (options_.stop->asked() == 0 && pass.fill(split)) {
    }
    if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
    looked_at_failure_ = pass.failure();
    const bool world =
        looked_at_failure_ && (looked_at_failure_->code == FailureCode::input_changed ||
                               looked_at_failure_->code == FailureCode::file_unreadable);
    if (world) return *looked_at_failure_;
    if (pass.framer() != nullptr) outside_ = pass.framer()->take_outside();
    return {};
  }

  /// Gives the frames what stands beside their records. False where that cannot be had: then only
  /// the frames before are left.
  bool attach_beside(Split& split) {
    Framer* const framer = pass_->framer();
    if (options_.outside.empty() || framer == nullptr) return true;
    if (beside_) split.beside.push_back({0, beside_});
    for (const Framer::DocumentStart& start : framer->document_starts()) {
      Result<std::shared_ptr<const BesideRecords>> made = beside_of(start.document);
      if (!made.ok()) {
        split.frames.resize(start.frame);
        split.found_instead.erase(split.found_instead.lower_bound(start.frame),
                                  split.found_instead.end());
        beside_failure_ = std::move(made.failure());
        return false;
      }
      beside_ = std::move(made.value());
      split.beside.push_back({start.frame, beside_});
    }
    framer->document_starts().clear();
    return true;
  }

  Result<std::shared_ptr<const BesideRecords>> beside_of(std::size_t document) {
    static const std::vector<OutsideValue> kNone;
    const bool known = document < outside_.size();
    return options_.beside({pass_->name(), outside_.size() > 1 ? document + 1 : 0,
                            known ? outside_[document] : kNone, looked_at_failure_,
                            options_.max_outside_bytes});
  }

  void end_input() {
    pass_->end();
    pass_->report(inputs_[at_]);
    if (beside_failure_) {
      inputs_[at_].failure = std::exchange(beside_failure_, std::nullopt);
      inputs_[at_].whole = false;
    }
    if (!options_.pass_bad_inputs) failed_ = inputs_[at_].failure;
    beside_.reset();
    pass_.reset();
    ++at_;
  }

  std::shared_ptr<InputSet> set_;
  const SourceOptions options_;
  SourceOptions records_options_;  // of the pass that gives the records
  std::uint64_t left_;             // records still wanted
  std::vector<InputRead> inputs_;
  std::uint64_t bytes_in_all_ = 0;
  bool sizes_known_ = true;
  std::atomic<std::uint64_t> bytes_read_ = 0;  // progress is shown by another thread

  std::size_t at_ = 0;  // the input at hand
  std::unique_ptr<InputPass> pass_;
  std::vector<std::vector<OutsideValue>> outside_;  // of its documents
  std::optional<Failure> looked_at_failure_;
  std::shared_ptr<const BesideRecords> beside_;  // of the document at hand
  std::optional<Failure> beside_failure_;

  std::uint64_t tickets_ = 0;
  std::optional<Failure> failed_;  // told when the frames before it are given
  std::optional<Failure> trouble_;
};

class GivenStreams final : public InputSet {
 public:
  GivenStreams(std::vector<std::unique_ptr<ByteStream>> streams, std::vector<std::string> names)
      : streams_(std::move(streams)), names_(std::move(names)) {}

  [[nodiscard]] const std::vector<std::string>& names() const noexcept override { return names_; }
  [[nodiscard]] std::uint64_t size(std::size_t /*i*/) const noexcept override { return 0; }
  Result<std::unique_ptr<ByteStream>> open(std::size_t i) override {
    TRAMA_CHECK(streams_[i] != nullptr);
    return std::move(streams_[i]);
  }

 private:
  std::vector<std::unique_ptr<ByteStream>> streams_;
  std::vector<std::string> names_;
};

}  // namespace

Phrase shown_input(const std::string& name) {
  return name == "-" ? Phrase(PhraseCode::standard_input) : Phrase(name);
}

std::unique_ptr<Source> source_over(std::shared_ptr<InputSet> inputs, SourceOptions options) {
  return std::make_unique<Inputs>(std::move(inputs), std::move(options));
}

std::unique_ptr<Source> source_over(std::vector<std::unique_ptr<ByteStream>> streams,
                                    std::vector<std::string> names, SourceOptions options) {
  return source_over(std::make_shared<GivenStreams>(std::move(streams), std::move(names)),
                     std::move(options));
}

Result<std::unique_ptr<Source>> Source::open(std::vector<std::string> inputs,
                                             SourceOptions options) {
  if (inputs.empty()) inputs.emplace_back("-");
  InputFilesOptions how;
  how.twice = !options.outside.empty();
  how.keep_bad = options.pass_bad_inputs;
  TRAMA_TRY(auto files, InputFiles::open_all(std::move(inputs), how));
  return source_over(std::move(files), std::move(options));
}

}  // namespace trama
