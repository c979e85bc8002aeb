#include "engine/preview.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "json/personal_places.h"
#include "run/duplicates.h"
#include "run/never_found.h"
#include "run/run_facts.h"
#include "run/split_mapper.h"

namespace trama {
namespace {

class Previewer {
 public:
  Previewer(const Plan& plan, const ReportNames& names, std::size_t most, std::int64_t now)
      : plan_(plan), mapper_(plan, names, now, kMaxRecordBytes), most_(most) {
    out_.summary.columns.resize(plan.columns.size());
    if (plan.duplicates && plan.duplicates->keep == PlanDuplicates::Keep::first)
      duplicates_.emplace(*plan.duplicates);
  }

  Result<Preview> go(Source& source) {
    while (!is_full() && source.next(result_.split)) {
      if (duplicates_)
        TRAMA_TRY_VOID(duplicates_->decide(result_.split, mapper_, result_.duplicates));
      const std::size_t frames = result_.split.frames.size();
      std::size_t at = 0;
      while (at < frames && !is_full()) record(at++);
      left_ = at < frames;
    }
    // Whether there is more, only the next split tells.
    const bool more = left_ || (is_full() && !result_.stopped && source.next(result_.split));
    if (result_.stopped) {
      out_.end = Preview::End::stopped;
    } else if (!more && source.trouble()) {
      out_.end = Preview::End::unreadable;
      out_.trouble = source.trouble();
    } else if (!more && out_.summary.read < kMaxPreviewRecords) {
      out_.end = Preview::End::whole;
      out_.never_found = alerts_of_fields(plan_, out_.summary.fields);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_full() const noexcept {
    return shown_ >= most_ || result_.stopped || out_.summary.read >= kMaxPreviewRecords;
  }

  void record(std::size_t at) {
    const Frame& frame = result_.split.frames[at];
    result_.first = at;
    mapper_.map(result_, at + 1);
    Summary& summary = result_.summary;
    PreviewRecord record;
    record.first = record.last = frame.number;
    record.warnings = std::move(summary.warning_kinds);
    if (summary.written > 0) {
      take_rows(record, summary.rows);
    } else if (summary.rejected > 0) {
      record.state = PreviewRecord::State::rejected;
      record.reject = std::move(summary.shown.front());
    } else {
      record.state =
          summary.skipped > 0 ? PreviewRecord::State::skipped : PreviewRecord::State::duplicate;
    }
    if (record.reject)
      record.id = record.reject->at.id;
    else if (record.state == PreviewRecord::State::written || !record.warnings.empty())
      record.id = mapper_.shown_id(result_, frame);
    // What is a line of its own counts as one, so that there are not 100,000 of them.
    if (record.rows.empty() && !(leaves_out(record.state) && record.warnings.empty())) ++shown_;
    summary.warning_kinds.clear();
    summary.warning_index.clear();
    summary.shown.clear();
    out_.summary.merge(std::move(summary));
    add(std::move(record));
  }

  void take_rows(PreviewRecord& record, std::uint64_t rows) {
    std::string_view bytes = result_.rows.bytes;
    const std::size_t taken =
        static_cast<std::size_t>(std::min<std::uint64_t>(rows, most_ - shown_));
    for (std::size_t row = 0; row < taken; ++row) {
      std::vector<Cell>& cells = record.rows.emplace_back();
      for (const OutputColumn& column : plan_.output.columns) {
        cells.push_back(next_cell(bytes));
        Cell& cell = cells.back();
        if (cell.kind == Kind::text && plan_.columns[column.value].personal) cell.text = kHidden;
      }
    }
    record.more_rows = rows - taken;
    shown_ += taken;
  }

  static bool leaves_out(PreviewRecord::State state) noexcept {
    return state == PreviewRecord::State::skipped || state == PreviewRecord::State::duplicate;
  }

  /// Those that show nothing of their own are one line.
  void add(PreviewRecord&& record) {
    if (leaves_out(record.state) && record.warnings.empty() && !out_.records.empty()) {
      PreviewRecord& before = out_.records.back();
      if (before.state == record.state && before.warnings.empty()) {
        before.last = record.last;
        return;
      }
    }
    out_.records.push_back(std::move(record));
  }

  const Plan& plan_;
  SplitMapper mapper_;
  std::optional<Duplicates> duplicates_;
  SplitResult result_;
  Preview out_;
  std::size_t most_;
  std::size_t shown_ = 0;
  bool left_ = false;  // of the split, frames that were not mapped
};

}  // namespace

Result<Preview> preview(LoadedMapping& loaded, const std::string& input, const OpenSource& open,
                        std::size_t most, std::int64_t now) {
  const WritesCells cells(*loaded.plan, CellTexts::beginning);
  RunOptions options;
  options.inputs = {input};
  const ReportNames names = names_of(*loaded.plan, loaded.run, options, "preview");
  TRAMA_TRY(const auto source, open());
  return Previewer(*loaded.plan, names, most, now).go(*source);
}

}  // namespace trama
