#include "engine/memory_run.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "run/dump_tables.h"
#include "run/duplicates.h"
#include "run/first_pass.h"
#include "run/split_mapper.h"
#include "sink/format.h"
#include "sink/target.h"
#include "source/over_streams.h"

namespace trama {
namespace {

class TextBytes final : public RawBytes {
 public:
  /// `text` must outlive this.
  explicit TextBytes(const std::string& text) : text_(text) {}

  std::ptrdiff_t read(char* out, std::size_t size) noexcept override {
    const std::size_t got = std::min(size, text_.size() - at_);
    std::memcpy(out, text_.data() + at_, got);
    at_ += got;
    return static_cast<std::ptrdiff_t>(got);
  }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

class TextInput final : public InputSet {
 public:
  TextInput(std::string text, std::string name)
      : text_(std::move(text)), names_({std::move(name)}) {}

  [[nodiscard]] const std::vector<std::string>& names() const noexcept override { return names_; }
  [[nodiscard]] std::uint64_t size(std::size_t /*i*/) const noexcept override { return 0; }
  Result<std::unique_ptr<ByteStream>> open(std::size_t i) override {
    return std::make_unique<ByteStream>(names_[i], std::make_unique<TextBytes>(text_));
  }

 private:
  std::string text_;
  std::vector<std::string> names_;
};

}  // namespace

Result<MemoryRun> run_in_memory(const Plan& plan, const ReportNames& names, const OpenSource& open,
                                std::int64_t now, std::unordered_set<const void*>* taken) {
  MemoryRun run;
  run.summary.columns.resize(plan.columns.size());
  SplitMapper mapper(plan, names, now, kMaxRecordBytes);
  mapper.note_taken(taken);
  std::optional<Duplicates> duplicates;
  if (plan.duplicates) duplicates.emplace(*plan.duplicates);
  std::optional<FirstPass> first_pass;
  if (duplicates && duplicates->two_passes()) {
    TRAMA_TRY(auto first_look, open());
    const auto make_mapper = [&] {
      return std::make_unique<SplitMapper>(plan, names, now, kMaxRecordBytes);
    };
    TRAMA_TRY(first_pass, FirstPass::read(*first_look, *duplicates, 1, make_mapper, false));
  }
  TRAMA_TRY(auto source, open());
  TRAMA_TRY(const auto target, plan.format->target({.text = &run.rows}, plan.output));
  TRAMA_TRY_VOID(target->begin());
  SplitResult result;
  while (!run.stopped && source->next(result.split)) {
    if (duplicates) TRAMA_TRY_VOID(duplicates->decide(result.split, mapper, result.duplicates));
    mapper.map(result, result.split.frames.size());
    run.stopped = result.stopped;
    TRAMA_TRY_VOID(target->take(std::move(result.rows)));
    run.rejects += result.rejects;
    run.summary.merge(std::move(result.summary));
  }
  TRAMA_TRY_VOID(target->end());
  run.trouble = source->trouble();
  if (first_pass && !run.stopped && !run.trouble)
    run.trouble = first_pass->differs(source->inputs(), source->names());
  return run;
}

std::unique_ptr<Source> source_of_text(std::string text, std::string name,
                                       const SourceOptions& options) {
  return source_over(std::make_shared<TextInput>(std::move(text), std::move(name)), options);
}

}  // namespace trama
