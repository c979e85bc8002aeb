#include "engine/diff.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "base/phrase_codes.h"
#include "engine/cells.h"
#include "json/personal_places.h"
#include "plan/output_type.h"
#include "report/words.h"
#include "run/dump_tables.h"
#include "run/duplicates.h"
#include "run/first_pass.h"
#include "run/run_facts.h"
#include "run/split_mapper.h"

namespace trama {
namespace {

using State = Diff::State;

/// One mapping going through the input, a record at a time.
class Side {
 public:
  Side(LoadedMapping& loaded, const OpenInputs& open, const DiffOptions& options)
      : plan_(*loaded.plan),
        cells_(*loaded.plan, CellTexts::whole),
        open_(open),
        options_(options),
        names_(names_of(plan_, loaded.run, run_options(options), "diff")),
        words_(summary_names(plan_, loaded.run)),
        source_options_(DumpTables::options(plan_, loaded.run.source)),
        mapper_(plan_, names_, options.now, kMaxRecordBytes) {
    source_options_.stop = options.stop;
  }

  Result<void> open() {
    if (plan_.duplicates) duplicates_.emplace(*plan_.duplicates, kDuplicatesBytes, *options_.stop);
    if (duplicates_ && duplicates_->two_passes()) {
      TRAMA_TRY(const auto first_look, open_(source_options_));
      const auto make_mapper = [this] {
        return std::make_unique<SplitMapper>(plan_, names_, options_.now, kMaxRecordBytes);
      };
      TRAMA_TRY(first_pass_, FirstPass::read(*first_look, *duplicates_, 1, make_mapper, false));
    }
    TRAMA_TRY(source_, open_(source_options_));
    return {};
  }

  /// Goes to the next record. False at the end.
  Result<bool> next() {
    if (stopped_) return false;
    while (at_ >= result_.split.frames.size()) {
      if (!source_->next(result_.split)) return false;
      if (duplicates_)
        TRAMA_TRY_VOID(duplicates_->decide(result_.split, mapper_, result_.duplicates));
      at_ = 0;
    }
    result_.first = at_;
    mapper_.map(result_, at_ + 1);
    frame_ = result_.split.frames[at_++];
    stopped_ = result_.stopped;
    const Summary& summary = result_.summary;
    parsed_ += summary.parsed;
    state_ = summary.written > 0    ? State::written
             : summary.rejected > 0 ? State::rejected
             : summary.skipped > 0  ? State::skipped
                                    : State::duplicate;
    return true;
  }

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool read_nothing() const noexcept { return parsed_ == 0; }
  [[nodiscard]] std::size_t source() const noexcept { return result_.split.source; }
  [[nodiscard]] std::uint64_t number() const noexcept { return frame_.number; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return result_.summary.rows; }
  /// The rows of a written record.
  [[nodiscard]] std::string_view bytes() const noexcept { return result_.rows.bytes; }
  [[nodiscard]] const Plan& plan() const noexcept { return plan_; }
  [[nodiscard]] const SourceOptions& source_options() const noexcept { return source_options_; }

  /// What this mapping or the other calls personal is hidden, so that a change of `personal` shows
  /// nothing. Both have their plans by now.
  void hide_what_is_personal_in(const Plan& other) {
    const auto is_there = [&other](const std::vector<RecordPlace>& reads) {
      return std::any_of(reads.begin(), reads.end(), [&other](const RecordPlace& place) {
        return other.personal.overlaps(place);
      });
    };
    const auto names_personal = [&other](const std::string& name) {
      return std::any_of(
          other.columns.begin(), other.columns.end(),
          [&name](const PlanColumn& one) { return one.personal && one.name == name; });
    };
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
      const PlanColumn& column = plan_.columns[i];
      if (column.personal || names_personal(column.name) || is_there(plan_.reads[i]))
        hidden_.insert(column.name);
    }
    for (const auto& [name, reads] : plan_.section_reads)
      if (is_there(reads)) hidden_.insert(name);
    for (const PlanRule& rule : plan_.rules) {
      const bool reads =
          std::any_of(rule.columns.begin(), rule.columns.end(),
                      [this](ColumnIndex column) { return is_hidden(plan_.columns[column].name); });
      if (rule.personal || reads) hidden_.insert(rule.name);
    }
    hides_id_ = plan_.id_personal || other.id_personal || is_hidden("id");
    // Its own places a mapping hides by itself.
    const std::set<std::string> own = pointers_of(plan_.personal);
    const std::set<std::string> others = pointers_of(other.personal);
    hides_rest_ = !std::includes(own.begin(), own.end(), others.begin(), others.end());
  }
  /// Whether a column or rule is personal in one of the mappings.
  [[nodiscard]] bool is_hidden(const std::string& name) const { return hidden_.contains(name); }

  [[nodiscard]] Diff::Record record() {
    const ShownReject* const reject = shown();
    std::string id = reject != nullptr ? reject->at.id : mapper_.shown_id(result_, frame_);
    if (hides_id_ && !id.empty()) id = kHidden;
    return {source_->names()[source()], number(), std::move(id)};
  }

  /// Whether both reject the record with the same codes at columns and rules of the same names.
  [[nodiscard]] bool has_reasons_of(const Side& other) const {
    const auto same = [&](const ShownReject::Error& a, const ShownReject::Error& b) {
      return code_of(a.told.reason) == code_of(b.told.reason) && a.about.kind == b.about.kind &&
             name_of(a.about) == other.name_of(b.about);
    };
    const auto& errors = shown()->errors;
    const auto& others = other.shown()->errors;
    return std::equal(errors.begin(), errors.end(), others.begin(), others.end(), same);
  }

  /// Why it was rejected.
  [[nodiscard]] std::vector<Diff::Reason> reasons() const {
    std::vector<Diff::Reason> reasons;
    const ShownReject* const reject = shown();
    if (reject == nullptr) return reasons;
    for (const ShownReject::Error& error : reject->errors) {
      ErrorWords words = words_of(error, words_, options_.language, source_->names()[source()]);
      // of no column: of the record, whose text may be quoted
      if (words.where.empty() ? hides_rest_ : is_hidden(words.where)) words.what = kHidden;
      reasons.push_back({std::move(words.code), std::move(words.where), std::move(words.what)});
    }
    return reasons;
  }

  /// Once next() gave false: why reading could not go on; nothing at the end of the input.
  [[nodiscard]] std::optional<Failure> trouble() const {
    if (stopped_) return std::nullopt;
    if (source_->trouble()) return shown_failure(*source_->trouble(), plan_);
    return first_pass_ ? first_pass_->differs(source_->inputs(), source_->names()) : std::nullopt;
  }
  [[nodiscard]] RunProgress progress(std::uint64_t records) const {
    return {records, source_->bytes_read(), source_->bytes_in_all()};
  }

 private:
  static std::set<std::string> pointers_of(const PersonalPlaces& places) {
    std::set<std::string> pointers;
    for (const RecordPlace& place : places.all())
      pointers.insert(place.pointer() + (place.is_key ? "/$key" : ""));
    return pointers;
  }

  static RunOptions run_options(const DiffOptions& options) {
    RunOptions run;
    run.inputs = options.inputs;
    return run;
  }

  [[nodiscard]] std::string_view name_of(const About& about) const {
    if (about.kind == About::Kind::column) return words_.columns[about.index];
    if (about.kind == About::Kind::rule) return words_.rules[about.index].name;
    return {};
  }

  [[nodiscard]] const ShownReject* shown() const noexcept {
    const auto& shown = result_.summary.shown;
    return shown.empty() ? nullptr : &shown.front();
  }

  const Plan& plan_;
  const WritesCells cells_;
  const OpenInputs& open_;
  const DiffOptions& options_;
  const ReportNames names_;
  const SummaryNames words_;
  SourceOptions source_options_;
  SplitMapper mapper_;
  std::optional<Duplicates> duplicates_;
  std::optional<FirstPass> first_pass_;
  std::unique_ptr<Source> source_;
  std::set<std::string> hidden_;  // columns and rules
  bool hides_id_ = false;
  bool hides_rest_ = false;
  SplitResult result_;
  std::size_t at_ = 0;  // the next frame of the split
  Frame frame_;
  State state_ = State::written;
  std::uint64_t parsed_ = 0;  // records that were JSON
  bool stopped_ = false;
};

/// Whether both find their records in the same places, so that record n is the same.
bool same_records(const SourceOptions& a, const SourceOptions& b) {
  return a.format == b.format && a.records == b.records && a.entries == b.entries;
}

class Differ {
 public:
  Differ(LoadedMapping& before, LoadedMapping& after, const OpenInputs& open,
         const DiffOptions& options)
      : options_(options), before_(before, open, options), after_(after, open, options) {
    before_.hide_what_is_personal_in(after_.plan());
    after_.hide_what_is_personal_in(before_.plan());
    compare_output(before.plan->format->name, after.plan->format->name);
  }

  Result<Diff> go() {
    if (!same_records(before_.source_options(), after_.source_options()))
      return Failure{FailureCode::usage, {PhraseCode::diff_other_records}};
    match_columns();
    TRAMA_TRY_VOID(before_.open());
    TRAMA_TRY_VOID(after_.open());
    for (;;) {
      if (options_.stop->asked() != 0) return Failure{FailureCode::interrupted, {}};
      TRAMA_TRY(const bool old_has, before_.next());
      TRAMA_TRY(const bool new_has, after_.next());
      if (!old_has && !new_has) break;
      if (out_.records == 0) first_reasons_ = after_.reasons();
      compare(old_has, new_has);
      if (options_.progress && out_.records % kProgressRecords == 0)
        options_.progress(after_.progress(out_.records));
    }
    out_.trouble = before_.trouble();
    if (!out_.trouble) out_.trouble = after_.trouble();
    if (!out_.trouble && out_.records > 0 && before_.read_nothing() && after_.read_nothing())
      return nothing_read();
    collect();
    return std::move(out_);
  }

 private:
  static constexpr std::uint64_t kProgressRecords = 1000;
  static constexpr std::size_t kStates = 5;

  /// As a run says it of an input in which no record is JSON.
  [[nodiscard]] Failure nothing_read() const {
    return {FailureCode::input_not_json,
            {shown_input(options_.inputs.front()),
             first_reasons_.empty() ? std::string() : first_reasons_.front().what}};
  }

  /// A column that both have: its places among the cells of a row.
  struct Pair {
    std::string name;
    std::size_t before = 0;
    std::size_t after = 0;
    bool personal = false;
    Diff::Column diff{};
    std::uint64_t last_record = 0;  // that was counted
  };

  void match_columns() {
    const std::vector<OutputColumn>& old_columns = before_.plan().output.columns;
    const std::vector<OutputColumn>& new_columns = after_.plan().output.columns;
    const auto find = [](const std::vector<OutputColumn>& columns, const std::string& name) {
      return static_cast<std::size_t>(
          std::find_if(columns.begin(), columns.end(),
                       [&name](const OutputColumn& one) { return one.name == name; }) -
          columns.begin());
    };
    for (const OutputColumn& column : old_columns)
      if (find(new_columns, column.name) == new_columns.size())
        out_.columns_gone.push_back(column.name);
    for (std::size_t i = 0; i < new_columns.size(); ++i) {
      const std::string& name = new_columns[i].name;
      const std::size_t was = find(old_columns, name);
      if (was == old_columns.size()) {
        out_.columns_new.push_back(name);
        continue;
      }
      if (!pairs_.empty() && pairs_.back().before > was) out_.columns_moved = true;
      pairs_.push_back({name, was, i, before_.is_hidden(name) || after_.is_hidden(name)});
      const Kind old_kind = old_columns[was].type.kind;
      const Kind new_kind = new_columns[i].type.kind;
      if (old_kind != new_kind)
        out_.types.push_back(
            {name, std::string(kind_name(old_kind)), std::string(kind_name(new_kind))});
    }
    // What `output: rest` copies stands behind the columns; of a personal place it holds nothing
    // that a column does not.
    pairs_.push_back({{},
                      old_columns.size(),
                      new_columns.size(),
                      !before_.plan().personal.empty() || !after_.plan().personal.empty()});
    same_layout_ =
        old_columns.size() == new_columns.size() && out_.columns_new.empty() && !out_.columns_moved;
  }

  /// Words by which the same values are written otherwise.
  void compare_output(std::string_view old_format, std::string_view new_format) {
    const OutputFormat& a = before_.plan().output;
    const OutputFormat& b = after_.plan().output;
    const auto tell = [this](bool differs, const char* word) {
      if (differs) out_.output.emplace_back(word);
    };
    tell(old_format != new_format, "format");
    tell(a.separator != b.separator, "separator");
    tell(a.decimal_mark != b.decimal_mark, "decimal_mark");
    tell(a.thousands_mark != b.thousands_mark, "thousands_mark");
    tell(a.header != b.header, "header");
    tell(a.for_excel != b.for_excel, "for_excel");
    tell(a.numbers_as_text != b.numbers_as_text, "numbers_as_text");
    tell(a.audit_columns != b.audit_columns, "audit_columns");
    const auto leaves_out = [](const Plan& plan) {
      return plan.identity && plan.identity->leave_out_unchanged;
    };
    tell(leaves_out(before_.plan()) != leaves_out(after_.plan()), "unchanged");
    const auto blanks = [](const OutputFormat& one, const OutputFormat& other) {
      return std::any_of(one.columns.begin(), one.columns.end(), [&other](const OutputColumn& c) {
        return std::any_of(other.columns.begin(), other.columns.end(), [&c](const OutputColumn& d) {
          return c.name == d.name &&
                 (c.blank_as != d.blank_as || c.blank_left_out != d.blank_left_out);
        });
      });
    };
    tell(blanks(a, b), "blank_as");
  }

  void compare(bool old_has, bool new_has) {
    ++out_.records;
    const State before = old_has ? before_.state() : State::not_reached;
    const State after = new_has ? after_.state() : State::not_reached;
    bool changed = before != after;
    if (changed)
      move(before, after);
    else if (before == State::written)
      changed = rows();
    else if (before == State::rejected)
      changed = reasons();
    if (changed) ++out_.changed;
  }

  void move(State before, State after) {
    Diff::Move& move =
        moves_[static_cast<std::size_t>(before) * kStates + static_cast<std::size_t>(after)];
    move.before = before;
    move.after = after;
    if (move.records++ >= kDiffExamples) return;
    Side& side = after == State::not_reached || before == State::rejected ? before_ : after_;
    move.examples.push_back({side.record(), side.reasons()});
  }

  bool rows() {
    if (before_.rows() != after_.rows()) {
      if (out_.other_rows++ < kDiffExamples)
        out_.row_examples.push_back({after_.record(), before_.rows(), after_.rows()});
      return true;
    }
    if (same_layout_ && before_.bytes() == after_.bytes()) return false;
    bool changed = false;
    std::string_view old_bytes = before_.bytes();
    std::string_view new_bytes = after_.bytes();
    for (std::uint64_t row = 1; row <= after_.rows(); ++row) {
      take_row(old_bytes, before_, old_cells_);
      take_row(new_bytes, after_, new_cells_);
      for (Pair& pair : pairs_) changed = cell(pair, row) || changed;
    }
    return changed;
  }

  static void take_row(std::string_view& bytes, const Side& side, std::vector<Cell>& cells) {
    cells.clear();
    for (std::size_t i = 0; i <= side.plan().output.columns.size(); ++i)
      cells.push_back(next_cell(bytes));
  }

  bool cell(Pair& pair, std::uint64_t row) {
    Cell& before = old_cells_[pair.before];
    Cell& after = new_cells_[pair.after];
    if (before == after) return false;
    ++pair.diff.rows;
    if (pair.last_record == out_.records) return true;
    pair.last_record = out_.records;
    if (pair.diff.records++ >= kDiffExamples) return true;
    Diff::Value value{after_.record(), after_.rows() > 1 ? row : 0, before, after};
    for (Cell* cell : {&value.before, &value.after})
      if (cell->kind == Kind::text && pair.personal) cell->text = kHidden;
    pair.diff.examples.push_back(std::move(value));
    return true;
  }

  /// Of a record that both reject: whether for other reasons.
  bool reasons() {
    if (before_.has_reasons_of(after_)) return false;
    if (out_.other_reasons++ < kDiffExamples)
      out_.reason_examples.push_back({after_.record(), before_.reasons(), after_.reasons()});
    return true;
  }

  void collect() {
    for (Diff::Move& move : moves_)
      if (move.records > 0) out_.moves.push_back(std::move(move));
    for (Pair& pair : pairs_) {
      if (pair.diff.rows == 0) continue;
      pair.diff.name = pair.name;
      out_.columns.push_back(std::move(pair.diff));
    }
  }

  const DiffOptions& options_;
  Side before_;
  Side after_;
  Diff out_;
  std::vector<Pair> pairs_;
  bool same_layout_ = false;  // rows that are the same bytes are the same rows
  std::array<Diff::Move, kStates * kStates> moves_;
  std::vector<Diff::Reason> first_reasons_;  // why the first record was rejected
  std::vector<Cell> old_cells_;
  std::vector<Cell> new_cells_;
};

/// Both sides read the input, so it must be there twice.
Result<void> refuse_pipes(const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    struct stat status{};
    const bool pipe = input == "-" || (::stat(input.c_str(), &status) == 0 &&
                                       !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
    if (pipe)
      return Failure{FailureCode::usage,
                     {Phrase(PhraseCode::diff_reads_twice, {shown_input(input)})}};
  }
  return {};
}

}  // namespace

Result<Diff> diff(LoadedMapping& before, LoadedMapping& after, const DiffOptions& options) {
  TRAMA_TRY_VOID(refuse_pipes(options.inputs));
  const OpenInputs open = [&options](const SourceOptions& source) {
    return Source::open(options.inputs, source);
  };
  return diff_of(before, after, open, options);
}

Result<Diff> diff_of(LoadedMapping& before, LoadedMapping& after, const OpenInputs& open,
                     const DiffOptions& options) {
  return Differ(before, after, open, options).go();
}

}  // namespace trama
