#include "run/rejects_source.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <optional>
#include <utility>

#include "base/phrase_codes.h"
#include "report/reject_line.h"
#include "run/run.h"
#include "source/over_streams.h"

namespace trama {
namespace {

/// A line holds its record, perhaps all in escapes, and what was said of it.
constexpr std::uint64_t kLineFactor = 64;
constexpr std::uint64_t kMostLineBytes = (std::uint64_t{4} << 30U) - 1 - kPadding;  // of simdjson

Phrase in_words(const std::string& terms) {
  return terms.empty() ? Phrase(PhraseCode::run_no_terms) : Phrase("'" + terms + "'");
}

/// One input of several, as a set of its own.
class OneOf final : public InputSet {
 public:
  OneOf(std::shared_ptr<InputSet> all, std::size_t which)
      : all_(std::move(all)), which_(which), names_({all_->names()[which]}) {}

  [[nodiscard]] const std::vector<std::string>& names() const noexcept override { return names_; }
  [[nodiscard]] std::uint64_t size(std::size_t /*i*/) const noexcept override {
    return all_->size(which_);
  }
  Result<std::unique_ptr<ByteStream>> open(std::size_t /*i*/) override {
    return all_->open(which_);
  }

 private:
  std::shared_ptr<InputSet> all_;
  std::size_t which_;
  std::vector<std::string> names_;
};

/// The lines of one rejects file.
class Lines {
 public:
  static Result<std::unique_ptr<Lines>> open(const std::shared_ptr<InputSet>& files, std::size_t i,
                                             std::size_t max_record_bytes, bool digests) {
    SourceOptions options;
    options.format = InputFormat::ndjson;
    options.max_record_bytes =
        static_cast<std::size_t>(std::min(kMostLineBytes, max_record_bytes * kLineFactor));
    options.digests = digests;
    const std::string& path = files->names()[i];
    return std::make_unique<Lines>(
        source_over(std::make_shared<OneOf>(files, i), std::move(options)), shown_input(path));
  }
  Lines(std::unique_ptr<Source> source, Phrase name)
      : source_(std::move(source)), name_(std::move(name)) {}

  /// The next record; false at the end.
  Result<bool> next(KeptRecord& out) {
    if (at_ == split_.frames.size()) {
      at_ = 0;
      if (!source_->next(split_)) return end();
    }
    const Frame& frame = split_.frames[at_++];
    line_ = frame.line;
    if (frame.kind != FrameKind::record) return wrong(PhraseCode::reject_too_long);
    Phrase problem = reader_.read({frame.data, frame.size}, out);
    if (!problem.empty()) return wrong(std::move(problem));
    return true;
  }

  [[nodiscard]] Failure wrong(Phrase problem) const {
    return {FailureCode::rejects_invalid, {name_, std::to_string(line_), std::move(problem)}};
  }
  [[nodiscard]] const Phrase& name() const noexcept { return name_; }
  [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
  [[nodiscard]] Phrase place() const {
    return {PhraseCode::run_place, {name_, std::to_string(line_)}};
  }
  [[nodiscard]] const Source& source() const noexcept { return *source_; }

 private:
  /// A run without rejects leaves an empty file.
  Result<bool> end() {
    const std::optional<Failure>& trouble = source_->trouble();
    if (!trouble || trouble->code == FailureCode::input_no_bytes ||
        trouble->code == FailureCode::input_not_json)
      return false;
    return *trouble;
  }

  std::unique_ptr<Source> source_;
  Phrase name_;
  RejectReader reader_;
  Split split_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;
};

/// Which records were met, by their place. Those of a run are in the order of its dump.
class SeenRecords {
 public:
  /// False where the record was met before.
  bool add(std::size_t dump, std::uint64_t byte) {
    if (dump >= in_order_.size()) {
      bytes_ += (dump + 1 - in_order_.size()) * sizeof(in_order_.front());
      in_order_.resize(dump + 1);
    }
    std::vector<std::uint64_t>& known = in_order_[dump];
    if (known.empty() || byte > known.back()) {
      const std::size_t before = known.capacity();
      known.push_back(byte);
      bytes_ += (known.capacity() - before) * sizeof(byte);
      return true;
    }
    constexpr std::size_t kBytesOfNode = 64;
    bytes_ += kBytesOfNode;
    return !std::binary_search(known.begin(), known.end(), byte) &&
           others_.emplace(dump, byte).second;
  }
  /// Whether one record of the dump was met.
  [[nodiscard]] bool is_first_of(std::size_t dump) const noexcept {
    return in_order_[dump].size() == 1;
  }
  void note_text(const std::string& text) noexcept {
    constexpr std::size_t kBytesOfEntry = 200;
    bytes_ += kBytesOfEntry + 2 * text.size();
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  std::vector<std::vector<std::uint64_t>> in_order_;  // by dump
  std::set<std::pair<std::size_t, std::uint64_t>> others_;
  std::size_t bytes_ = 0;
};

class RejectsSource final : public Source {
 public:
  explicit RejectsSource(RejectsOptions options) : options_(std::move(options)) {}

  /// The first look: what is wrong with the files, and the dumps that they name.
  Result<void> look(RejectsFacts& facts) {
    SeenRecords seen;
    KeptRecord record;
    for (std::size_t i = 0; i < files(); ++i) {
      TRAMA_TRY(auto lines, open(i, false));
      for (;;) {
        if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
        TRAMA_TRY(const bool more, lines->next(record));
        if (!more) break;
        TRAMA_TRY_VOID(as_written(record, *lines, facts));
        TRAMA_TRY_VOID(same_mapping(record, *lines));
        TRAMA_TRY_VOID(same_terms(record, *lines));
        const std::size_t dump = dump_of(record.file);
        if (!seen.add(dump, record.byte))
          return lines->wrong(
              {PhraseCode::run_twice_in_rejects, {std::to_string(record.number), record.file}});
        facts.duplicates += record.duplicate ? 1U : 0U;
        facts.cut += record.cut && !record.duplicate ? 1U : 0U;
        if (facts.mappings.insert(record.mapping).second) seen.note_text(record.mapping);
        if (dump + 1 == names_.size() && seen.is_first_of(dump)) seen.note_text(record.file);
        if (seen.bytes() > options_.memory)
          return Failure{FailureCode::rejects_memory,
                         {lines->name(), std::to_string(options_.memory >> 20U) + " MiB"}};
      }
      bytes_in_all_ += lines->source().bytes_in_all();
    }
    inputs_.resize(files());
    return {};
  }

  bool next(Split& split) override {
    split.frames.clear();
    split.found_instead.clear();
    parts_.clear();
    bytes_.clear();
    while (!trouble_ && (has_next_ || read())) {
      const std::size_t dump = dump_of(next_.file);
      if (!parts_.empty() && (dump != split.source || bytes_.size() >= options_.split_bytes)) break;
      split.source = dump;
      add();
    }
    if (parts_.empty()) return false;
    finish(split);
    return true;
  }

  [[nodiscard]] const std::optional<Failure>& trouble() const noexcept override { return trouble_; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept override { return names_; }
  [[nodiscard]] const std::vector<InputRead>& inputs() const noexcept override { return inputs_; }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_in_all() const noexcept override { return bytes_in_all_; }

 private:
  /// A frame whose bytes are at an offset of bytes_ as long as that grows.
  struct Part {
    Frame frame;
    std::size_t at = 0;
    std::size_t key_size = 0;   // right behind its bytes
    std::string found_instead;  // of a whole document
  };

  [[nodiscard]] std::size_t files() const noexcept { return options_.files->names().size(); }
  Result<std::unique_ptr<Lines>> open(std::size_t i, bool digests) const {
    return Lines::open(options_.files, i, options_.max_record_bytes, digests);
  }

  std::size_t dump_of(const std::string& file) {
    const auto [at, is_new] = dumps_.try_emplace(file, names_.size());
    if (is_new) names_.push_back(file);
    return at->second;
  }

  /// What another program or a person rewrote is taken only where that is said to be meant.
  [[nodiscard]] Result<void> as_written(const KeptRecord& record, const Lines& lines,
                                        RejectsFacts& facts) const {
    if (!record.rewritten) return {};
    if (!options_.corrected)
      return Failure{FailureCode::rejects_rewritten,
                     {lines.name(), std::to_string(lines.line()), PhraseCode::run_rewritten}};
    if (facts.corrected++ == 0)
      facts.first_corrected = {PhraseCode::run_record_of,
                               {std::to_string(record.number), record.file}};
    return {};
  }

  [[nodiscard]] Result<void> same_mapping(const KeptRecord& record, const Lines& lines) const {
    if (options_.any_mapping || record.mapping == options_.mapping) return {};
    return Failure{
        FailureCode::replay_refused,
        {Phrase(PhraseCode::run_reject_of_other,
                {lines.name(), std::to_string(lines.line()), record.mapping, options_.mapping})}};
  }

  [[nodiscard]] Result<void> same_terms(const KeptRecord& record, const Lines& lines) const {
    const bool records = record.terms.records == options_.terms.records;
    if (records && record.terms.duplicates == options_.terms.duplicates) return {};
    const std::string& was = records ? record.terms.duplicates : record.terms.records;
    const std::string& is = records ? options_.terms.duplicates : options_.terms.records;
    return Failure{
        FailureCode::replay_refused,
        {Phrase(records ? PhraseCode::run_other_duplicates : PhraseCode::run_other_records,
                {lines.name(), std::to_string(lines.line()), in_words(was), in_words(is)})}};
  }

  /// The next record of the files into next_. What the first look saw is still there, unless
  /// somebody writes to them.
  bool read() {
    for (; file_ < files(); ++file_, lines_.reset()) {
      if (!lines_) {
        Result<std::unique_ptr<Lines>> opened = open(file_, options_.digests);
        if (!opened.ok()) return fail(opened.failure());
        lines_ = std::move(opened.value());
      }
      Result<bool> more = lines_->next(next_);
      if (!more.ok()) return fail(more.failure());
      if (!more.value()) {
        inputs_[file_] = lines_->source().inputs().front();
        inputs_[file_].failure.reset();  // no line at all is no failure of rejects
        bytes_read_ += lines_->source().bytes_read();
        continue;
      }
      if (!dumps_.contains(next_.file))
        return fail(
            {FailureCode::input_changed, {lines_->place(), PhraseCode::run_dump_not_there}});
      has_next_ = true;
      return true;
    }
    return false;
  }

  bool fail(Failure failure) {
    inputs_[file_].failure = failure;
    trouble_ = std::move(failure);
    return false;
  }

  void add() {
    has_next_ = false;
    const bool too_big = next_.cut || next_.bytes.size() > options_.max_record_bytes;
    if (too_big) next_.bytes.resize(std::min(next_.bytes.size(), kKeptOfTooBig));
    Part part;
    part.at = bytes_.size();
    part.key_size = next_.entry_key.size();
    part.frame.size = next_.bytes.size();
    part.frame.whole_size = next_.whole_size;
    part.frame.number = next_.number;
    part.frame.line = next_.line;
    part.frame.column = next_.column;
    part.frame.byte = next_.byte;
    part.frame.corrected = next_.rewritten;
    part.frame.kind = next_.duplicate      ? FrameKind::left_out
                      : next_.rest         ? FrameKind::broken
                      : next_.no_records   ? FrameKind::no_records
                      : next_.error_answer ? FrameKind::error_answer
                      : too_big            ? FrameKind::too_big
                                           : FrameKind::record;
    part.found_instead = std::move(next_.document_words);
    parts_.push_back(std::move(part));
    bytes_ += next_.bytes;
    bytes_ += next_.entry_key;
  }

  void finish(Split& split) {
    split.buffer.assign(bytes_.begin(), bytes_.end());
    split.buffer.resize(bytes_.size() + kPadding);
    for (Part& part : parts_) {
      part.frame.data = split.buffer.data() + part.at;
      part.frame.key = {part.frame.data + part.frame.size, part.key_size};
      if (!part.found_instead.empty())
        split.found_instead[split.frames.size()] = std::move(part.found_instead);
      split.frames.push_back(part.frame);
    }
    split.ticket = tickets_++;
  }

  const RejectsOptions options_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> dumps_;
  std::vector<InputRead> inputs_;
  std::uint64_t bytes_in_all_ = 0;
  std::atomic<std::uint64_t> bytes_read_ = 0;  // progress is shown by another thread

  std::size_t file_ = 0;  // the one at hand
  std::unique_ptr<Lines> lines_;
  KeptRecord next_;
  bool has_next_ = false;
  std::vector<Part> parts_;
  std::string bytes_;
  std::uint64_t tickets_ = 0;
  std::optional<Failure> trouble_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_rejects(RejectsOptions options, RejectsFacts& facts) {
  auto source = std::make_unique<RejectsSource>(std::move(options));
  TRAMA_TRY_VOID(source->look(facts));
  return std::unique_ptr<Source>(std::move(source));
}

Result<void> for_replay(Plan& plan) {
  if (!plan.travelling_table().empty())
    return Failure{FailureCode::replay_refused,
                   {Phrase(PhraseCode::run_table_in_dump, {plan.travelling_table()})}};
  plan.duplicates.reset();
  plan.rejected_at_most = {};
  plan.warnings_at_most = {};
  plan.stop_early_after = 0;
  plan.expect_at_least = 0;
  plan.expect_count.reset();
  plan.notes.clear();
  return {};
}

ReplayTerms replay_terms(const Plan& plan, const SourceOptions& source) {
  ReplayTerms terms;
  const bool document = source.records_stated || source.entries;
  terms.records = document || source.format == InputFormat::json ? "json"
                  : source.format == InputFormat::ndjson         ? "ndjson"
                                                                 : "auto";
  if (document) terms.records += ' ';
  for (const std::string& key : source.records) terms.records += '/' + key;
  if (source.entries) terms.records += "{*}";
  if (!plan.duplicates) return terms;
  const auto path = [&plan](PathIndex index) {
    const PlanPath& of = plan.paths[index];
    return of.pointer.empty() ? of.text : of.pointer;
  };
  static constexpr std::array<std::string_view, 5> kKeep = {"first", "last", "highest", "lowest",
                                                            "none"};
  terms.duplicates = "keep ";
  terms.duplicates += kKeep[static_cast<std::size_t>(plan.duplicates->keep)];
  if (plan.duplicates->rank.by != kNoPath) {
    terms.duplicates += ' ' + path(plan.duplicates->rank.by);
    if (!plan.duplicates->rank.by_words.empty())
      terms.duplicates += " (" + plan.duplicates->rank.by_words + ')';
  }
  const char* before = " of ";
  for (const PathIndex same : plan.duplicates->same) {
    terms.duplicates += before + path(same);
    before = ", ";
  }
  terms.duplicates += plan.duplicates->reject_others ? "; others: reject" : "; others: report";
  return terms;
}

}  // namespace trama
