#include "run/memory_run.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "run/dump_tables.h"
#include "run/duplicates.h"
#include "run/split_mapper.h"
#include "source/over_streams.h"

namespace trama {
namespace {

class TextBytes final : public RawBytes {
 public:
  explicit TextBytes(std::string text) : text_(std::move(text)) {}

  std::ptrdiff_t read(char* out, std::size_t size) noexcept override {
    const std::size_t got = std::min(size, text_.size() - at_);
    std::memcpy(out, text_.data() + at_, got);
    at_ += got;
    return static_cast<std::ptrdiff_t>(got);
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

/// The rows of a split behind those that are there already; in a JSON list the first has no comma.
void append_rows(std::string_view rows, bool& any, std::size_t lead, std::string& out) {
  if (rows.empty()) return;
  if (!any) rows.remove_prefix(lead);
  any = true;
  out += rows;
}

}  // namespace

Result<MemoryRun> run_in_memory(const Plan& plan, ReportNames names, const OpenSource& open,
                                std::int64_t now, std::unordered_set<const void*>* taken) {
  MemoryRun run;
  run.summary.columns.resize(plan.columns.size());
  std::optional<DumpTables> tables;
  if (!plan.dump_tables.empty()) {
    TRAMA_TRY(auto first_look, open());
    TRAMA_TRY(tables, DumpTables::read(plan, *first_look));
    names.known_by_source = tables->known(plan);
  }
  SplitMapper mapper(plan, names, now, kMaxRecordBytes, tables ? &*tables : nullptr);
  mapper.note_taken(taken);
  const std::unique_ptr<RowWriter> writer = make_row_writer(plan.output);
  std::optional<Duplicates> duplicates;
  if (plan.duplicates) duplicates.emplace(*plan.duplicates);
  if (duplicates && duplicates->two_passes()) {
    TRAMA_TRY(auto first_look, open());
    TRAMA_TRY_VOID(duplicates->first_pass(*first_look, 1, [&] {
      return std::make_unique<SplitMapper>(plan, names, now, kMaxRecordBytes);
    }));
  }
  TRAMA_TRY(auto source, open());
  writer->begin(run.rows);
  bool any = false;
  SplitResult result;
  while (!run.stopped && source->next(result.split)) {
    if (duplicates)
      TRAMA_TRY_VOID(duplicates->decide(result.split, mapper, result.duplicates));
    mapper.map(result, result.split.frames.size());
    run.stopped = result.stopped;
    append_rows(result.rows, any, bytes_before_first_row(plan.output), run.rows);
    run.rejects += result.rejects;
    run.summary.merge(std::move(result.summary));
  }
  writer->end(any, run.rows);
  run.trouble = source->trouble();
  return run;
}

std::unique_ptr<Source> source_of_text(std::string text, std::string name,
                                       const SourceOptions& options) {
  std::vector<std::unique_ptr<ByteStream>> streams;
  streams.push_back(
      std::make_unique<ByteStream>(name, std::make_unique<TextBytes>(std::move(text))));
  return source_over(std::move(streams), {std::move(name)}, options);
}

}  // namespace trama
