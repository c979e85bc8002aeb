#include "run/run.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <new>
#include <set>
#include <thread>
#include <utility>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "load/load.h"
#include "report/metrics.h"
#include "report/run_sheet.h"
#include "report/shown_text.h"
#include "run/deletes.h"
#include "run/dump_tables.h"
#include "run/first_pass.h"
#include "run/memory_shares.h"
#include "run/never_found.h"
#include "run/operations.h"
#include "run/outputs.h"
#include "run/pipeline.h"
#include "run/rejects_source.h"
#include "run/run_facts.h"
#include "run/run_state.h"
#include "sink/format.h"
#include "source/input_files.h"
#include "source/over_streams.h"
#include "source/path_watch.h"
#include "text/catalogue.h"
#include "value/zone.h"

namespace trama {
namespace {

constexpr unsigned kMostThreads = 64;
constexpr std::size_t kShownCounts = 5;  // inputs whose count differs

RunTexts texts_of(const Summary& summary, const RunFacts& facts, const RunOptions& options) {
  RunTexts texts;
  const Language language = options.languages.files;
  if (!options.summary.empty()) texts.summary = summary_json(summary, facts, language);
  if (!options.report.empty()) texts.report = run_html(summary, facts, language);
  return texts;
}

/// One run from opening to publishing.
class Run {
 public:
  Run(const Plan& plan, const RunMapping& mapping, const RunOptions& options)
      : plan_(plan),
        mapping_(mapping),
        options_(options),
        outputs_(mapping, options_, plan.format->loads() ? plan.format : nullptr) {
    end_.facts = trama::facts_of(mapping, options);
    end_.facts.mapping = plan.name;
    end_.facts.names = summary_names(plan, mapping);
    end_.facts.notes = plan.notes;
    const bool masked = options.rejects_without_personal && !plan.personal.empty();
    end_.facts.can_replay = plan.travelling_table().empty() && !masked;
  }

  RunEnd go() {
    const auto begun = std::chrono::steady_clock::now();
    try {
      Result<void> ended = all();
      if (!ended.ok()) fail(ended.failure());
    } catch (const std::bad_alloc&) {
      fail({FailureCode::no_memory, {}});
    }
    if (const int signal = options_.stop->asked(); signal != 0 && !publishing_) {
      end_.exit = signal == SIGINT ? Exit::interrupted : Exit::terminated;
    }
    if (!finished_) late_texts();
    if (end_.facts.finished == 0) end_.facts.finished = options_.clock();
    end_.facts.exit = static_cast<int>(end_.exit);
    list_left_out();
    if (state_) end_state();
    write_metrics();
    end_.facts.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return std::move(end_);
  }

 private:
  static Phrase words_of(const Failure& failure) {
    return Phrase::several({name(failure.code), ": ", Phrase(failure.code, failure.values)});
  }
  static Phrase words_of(NoticeCode code, std::vector<Phrase> values) {
    return Phrase::several({name(code), ": ", Phrase(code, std::move(values))});
  }
  void ending(PhraseCode code, std::vector<Phrase> values = {}) {
    end_.facts.endings.emplace_back(code, std::move(values));
  }
  static Phrase counted(PhraseCode code, std::uint64_t n) { return {code, {grouped(n)}}; }
  void fail(const Failure& as_it_is) {
    const Failure failure = shown_failure(as_it_is, plan_);
    end_.facts.endings.push_back(words_of(failure));
    if (failure.code == FailureCode::output_pipe_closed) end_.output_closed = true;
    raise(failure.exit());
  }
  /// Of several exits the first of 5, 4, 3, 2, 6, 1 counts.
  void raise(Exit exit) {
    const auto rank = [](Exit e) {
      static constexpr Exit kOrder[] = {Exit::ok,     Exit::rejected, Exit::over_limits,
                                        Exit::limits, Exit::mapping,  Exit::input,
                                        Exit::output, Exit::temporary};
      return std::find(std::begin(kOrder), std::end(kOrder), e) - std::begin(kOrder);
    };
    if (rank(exit) > rank(end_.exit)) end_.exit = exit;
  }

  Result<void> all() {
    const bool tells = plan_.identity && plan_.identity->tells_operation;
    if (tells && options_.state.empty()) return Failure{FailureCode::state_needed, {mapping_.path}};
    TRAMA_TRY_VOID(outputs_.refuse_clashes());
    TRAMA_TRY(const bool something_new, open_state());
    if (!something_new) return {};
    TRAMA_TRY(shares_, share(options_.memory_bytes));
    TRAMA_TRY_VOID(open_operations());
    InputFilesOptions how;
    how.twice = reads_twice();
    how.keep_bad = options_.pass_bad_inputs;
    how.edges = true;
    how.stop = options_.stop;
    TRAMA_TRY(auto inputs, InputFiles::open_all(options_.inputs, how));
    SourceOptions source_options = mapping_.source;
    source_options.max_record_bytes = options_.max_record_bytes;
    source_options.split_bytes = options_.split_bytes;
    source_options.limit = options_.limit;
    source_options.pass_bad_inputs = options_.pass_bad_inputs;
    source_options.stop = options_.stop;
    TRAMA_TRY(auto source, open_source(inputs, source_options));
    TRAMA_TRY_VOID(outputs_.open(plan_));
    for (const auto& [notice, file] : outputs_.settled()) note(notice, {file});
    TRAMA_TRY_VOID(inputs->read_pipe_edges());
    end_.facts.run = run_id(mapping_, options_, identity_of(*inputs));
    ReportNames names = names_of(plan_, mapping_, options_, end_.facts.run);
    if (options_.replay) names.sources = end_.facts.dumps = source->names();
    Merger merger(
        plan_, outputs_.rows(), [this]() { return outputs_.rejects(); }, outputs_.rejects_table(),
        operations_ ? &*operations_ : nullptr);
    std::optional<Duplicates> duplicates;
    if (plan_.duplicates) duplicates.emplace(*plan_.duplicates, duplicates_bytes(), *options_.stop);
    if (duplicates && duplicates->two_passes())
      TRAMA_TRY_VOID(find_winners(inputs, source_options, names, *duplicates));
    Target* const begun = outputs_.rows();
    const bool load = begun != nullptr && plan_.format->loads();
    if (load) TRAMA_TRY_VOID(begun->begin());  // which tells what is wrong with the table
    end_.begun = true;
    if (begun != nullptr && !load) TRAMA_TRY_VOID(begun->begin());
    PipelineOptions pipeline;
    pipeline.threads = threads();
    pipeline.stop = options_.stop;
    pipeline.now = options_.now;
    pipeline.max_record_bytes = options_.max_record_bytes;
    pipeline.rows_bytes = options_.rows_bytes != 0 ? options_.rows_bytes : shares_.rows;
    pipeline.in_flight = shares_.in_flight;
    pipeline.beside = shares_.dump_tables;
    pipeline.piece_bytes = options_.piece_bytes;
    pipeline.operations = operations_ ? &*operations_ : nullptr;
    std::optional<SplitProfiles> profiles;
    if (options_.drift != nullptr) {
      profiles.emplace(*options_.drift, plan_.wanted.json_in_text, options_.max_record_bytes);
      pipeline.profiles = &*profiles;
    }
    if (options_.progress)
      pipeline.progress = [&] {
        options_.progress({merger.summary().read, source->bytes_read(), source->bytes_in_all()});
      };
    Result<void> finished =
        run_pipeline(plan_, names, *source, duplicates ? &*duplicates : nullptr, merger, pipeline);
    if (operations_ && finished.ok() && options_.stop->asked() == 0)
      finished = end_operations(*source, merger, names);
    if (Target* const rows = outputs_.rows(); rows != nullptr && finished.ok())
      finished = rows->end();
    end_.summary = std::move(merger.summary());
    end_.facts.bytes = source->bytes_read();
    if (!finished.ok()) return finished;
    if (options_.stop->asked() != 0) return {};
    if (duplicates && !merger.stopped() && !source->trouble())
      if (const auto changed = duplicates->changed_source())
        fail({FailureCode::input_changed, {input_name(*changed), PhraseCode::run_keys_differ}});
    publishing_ = true;
    if (source->trouble()) fail(*source->trouble());
    judge_inputs(*source, merger);
    judge(merger, source->trouble().has_value());
    if (profiles && !merger.stopped() && !source->trouble()) {
      TRAMA_TRY(std::vector<Alert> drifts, options_.drift->judge(profiles->finish()));
      judge_drift(std::move(drifts));
    }
    return publish();
  }

  [[nodiscard]] bool reads_twice() const {
    const bool winners = plan_.duplicates && plan_.duplicates->keep != PlanDuplicates::Keep::first;
    return winners || !plan_.travelling_table().empty() || options_.replay;
  }

  Result<std::unique_ptr<Source>> open_source(const std::shared_ptr<InputFiles>& inputs,
                                              SourceOptions options) {
    options.digests = !options_.summary.empty() || state_ || plan_.format->loads();
    if (!options_.replay)
      return source_over(inputs, DumpTables::options(plan_, options, shares_.dump_tables));
    RejectsFacts facts;
    RejectsOptions rejects;
    rejects.files = inputs;
    rejects.terms = mapping_.terms;
    rejects.mapping = plan_.name;
    rejects.any_mapping = options_.any_mapping;
    rejects.corrected = options_.corrected;
    rejects.max_record_bytes = options.max_record_bytes;
    rejects.split_bytes = options.split_bytes;
    rejects.memory = shares_.duplicates;
    rejects.digests = options.digests;
    rejects.stop = options.stop;
    TRAMA_TRY(auto source, open_rejects(std::move(rejects), facts));
    note_rejects(facts);
    return source;
  }

  /// What tells the inputs from others: of each its size, and a digest of its ends.
  static std::string identity_of(const InputFiles& inputs) {
    std::string all;
    for (std::size_t i = 0; i < inputs.names().size(); ++i)
      all += std::to_string(inputs.size(i)) + ' ' + inputs.edges(i) + '\n';
    return all;
  }

  void note(NoticeCode code, std::vector<Phrase> values) {
    end_.facts.notes.push_back(words_of(code, std::move(values)));
  }
  /// Something to be looked at: no run with it ends with 0.
  void alert(NoticeCode code, std::string where, std::vector<Phrase> values) {
    end_.facts.alerts.push_back({code, std::move(where), std::move(values)});
    raise(Exit::rejected);
  }

  /// What a replay says about the rejects that it was given.
  void note_rejects(const RejectsFacts& facts) {
    const auto records = [](std::uint64_t n) {
      return Phrase(PhraseCode::records, {std::to_string(n)});
    };
    if (facts.duplicates > 0)
      end_.facts.notes.emplace_back(PhraseCode::run_duplicates_left_out,
                                    std::vector{records(facts.duplicates)});
    for (const std::string& mapping : facts.mappings)
      if (mapping != plan_.name)
        end_.facts.notes.emplace_back(PhraseCode::run_other_mapping,
                                      std::vector<Phrase>{mapping, plan_.name});
    end_.facts.corrected = facts.corrected;
    if (facts.corrected > 0)
      note(NoticeCode::rejects_corrected, {records(facts.corrected), facts.first_corrected});
    for (const std::string& input : options_.inputs)
      if (input.ends_with(kIncompleteEnding)) alert(NoticeCode::rejects_unpublished, "", {input});
    if (facts.cut > 0) ending(PhraseCode::run_cut_again, {records(facts.cut)});
  }

  [[nodiscard]] std::size_t duplicates_bytes() const noexcept {
    return options_.duplicates_bytes != SIZE_MAX ? options_.duplicates_bytes : shares_.duplicates;
  }

  /// No more than there is memory for: the result is the same for any number.
  [[nodiscard]] unsigned threads() const {
    const unsigned wanted =
        options_.threads != 0 ? options_.threads : std::thread::hardware_concurrency();
    return std::clamp(wanted, 1U, std::min(kMostThreads, static_cast<unsigned>(shares_.threads)));
  }

  /// The first pass of duplicates that stream nothing: the winner of every key.
  Result<void> find_winners(const std::shared_ptr<InputFiles>& inputs, const SourceOptions& options,
                            const ReportNames& names, Duplicates& duplicates) {
    const auto source = source_over(inputs, options);
    const auto make_mapper = [&] {
      return std::make_unique<SplitMapper>(plan_, names, options_.now, options_.max_record_bytes);
    };
    TRAMA_TRY(first_pass_, FirstPass::read(*source, duplicates, threads(), make_mapper,
                                           options_.pass_bad_inputs));
    if (options_.between_passes) options_.between_passes();
    return {};
  }

  /// What there is to say of each input, and which are to be refused.
  void judge_inputs(const Source& source, const Merger& merger) {
    std::vector<InputRead> inputs = source.inputs();
    if (!options_.replay) find_inputs_without_records(merger, inputs);
    if (first_pass_ && !merger.stopped()) {
      const std::optional<Failure> differs = first_pass_->differs(inputs, options_.inputs);
      // without pass_bad_inputs a failure of the second pass ended the run already
      if (differs && (options_.pass_bad_inputs || !source.trouble())) fail(*differs);
    }
    for (const InputRead& input : inputs)
      if (input.count_differs) counts_differ_.push_back(*input.count_differs);
    std::size_t good = 0;
    const Failure* first = nullptr;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      end_.facts.input_facts.push_back(facts_of(inputs[i], i, merger));
      if (inputs[i].failure && first == nullptr) first = &*inputs[i].failure;
      good += inputs[i].failure ? 0U : 1U;
    }
    end_.facts.lists_refused = options_.pass_bad_inputs;
    if (!options_.pass_bad_inputs || first == nullptr) return;
    const std::size_t bad = inputs.size() - good;
    if (good == 0) fail(*first);
    if (good == 0)
      ending(PhraseCode::run_no_input_read);
    else
      ending(PhraseCode::run_inputs_not_read, {std::to_string(bad), std::to_string(inputs.size())});
    raise(Exit::rejected);
  }

  InputFacts facts_of(const InputRead& input, std::size_t i, const Merger& merger) const {
    using State = InputFacts::State;
    InputFacts facts;
    // How far a run that ended early had read ahead depends on its threads.
    const std::size_t last =
        merger.read_by_source().empty() ? 0 : merger.read_by_source().size() - 1;
    if (merger.stopped() && (i >= last || options_.replay)) {
      facts.state = i == last || options_.replay ? State::part : State::unread;
      return facts;
    }
    facts.state = input.failure     ? State::refused
                  : input.whole     ? State::read
                  : input.bytes > 0 ? State::part
                                    : State::unread;
    if (input.whole) {
      facts.bytes = input.bytes;
      facts.sha256 = input.sha256;
    }
    if (input.failure) {
      facts.code = name(input.failure->code);
      const Failure shown = shown_failure(*input.failure, plan_);
      facts.message = Phrase(shown.code, shown.values);
    }
    return facts;
  }

  /// As messages call it.
  [[nodiscard]] Phrase input_name(std::size_t i) const { return shown_input(options_.inputs[i]); }

  /// Inputs in which nothing was JSON, or nothing but error answers.
  void find_inputs_without_records(const Merger& merger, std::vector<InputRead>& inputs) {
    for (std::size_t i = 0; i < merger.read_by_source().size(); ++i) {
      const std::uint64_t read = merger.read_by_source()[i];
      if (read == 0 || inputs[i].failure) continue;
      const Merger::ErrorAnswers& answers = merger.error_answers_by_source()[i];
      if (merger.parsed_by_source()[i] == 0) {
        inputs[i].failure =
            Failure{FailureCode::input_not_json, {input_name(i), PhraseCode::run_look_at_rejects}};
      } else if (answers.count == read) {
        inputs[i].failure = Failure{FailureCode::error_body, {input_name(i), answers.first}};
      }
      if (inputs[i].failure && !options_.pass_bad_inputs) fail(*inputs[i].failure);
    }
  }

  /// What the merged counts mean: limits, expectations, the balance.
  void judge(const Merger& merger, bool trouble) {
    const Summary& s = end_.summary;
    if (!s.balances())
      fail({FailureCode::balance, {Phrase(PhraseCode::run_read_count, {std::to_string(s.read)})}});
    if (!trouble && options_.limit == UINT64_MAX && s.read < plan_.expect_at_least &&
        !merger.stopped()) {
      end_.facts.endings.push_back(words_of(NoticeCode::too_few_records,
                                            {Phrase(PhraseCode::records, {std::to_string(s.read)}),
                                             std::to_string(plan_.expect_at_least)}));
      raise(Exit::limits);
    }
    if (!trouble && options_.limit == UINT64_MAX && !merger.stopped() && !options_.replay)
      judge_counts();
    if (merger.stopped() && !merger.stopped_by_limit()) {
      ending(PhraseCode::run_stopped);
      raise(Exit::limits);
    }
    limits(merger.stopped_by_limit());
    if (!merger.stopped()) fields_never_found();  // else what was not read may have them
    if (plan_.warn_above.crossed(s.rejected, s.read))
      alert(NoticeCode::warn_above, "",
            {rejected_words(plan_.warn_above), limit_text(plan_.warn_above)});
    if (s.rejected > 0 && !options_.rejects_ok) raise(Exit::rejected);
  }

  /// `expect_count`: of the run, and of each document.
  void judge_counts() {
    const Summary& s = end_.summary;
    if (plan_.expect_count && *plan_.expect_count != s.read)
      fail({FailureCode::count_differs,
            {options_.inputs.size() == 1 ? input_name(0) : Phrase(PhraseCode::all_inputs),
             counted(PhraseCode::records, s.read),
             counted(PhraseCode::run_mapping_expects, *plan_.expect_count)}});
    for (std::size_t i = 0; i < std::min(counts_differ_.size(), kShownCounts); ++i)
      fail(counts_differ_[i]);
    if (counts_differ_.size() > kShownCounts)
      end_.facts.endings.push_back(
          counted(PhraseCode::run_more_inputs_differ, counts_differ_.size() - kShownCounts));
  }

  /// What is otherwise than in the profile that is kept beside the mapping.
  void judge_drift(std::vector<Alert> drifts) {
    if (drifts.empty()) return;
    for (Alert& drift : drifts) end_.facts.alerts.push_back(std::move(drift));
    raise(options_.drift->stops ? Exit::limits : Exit::rejected);
    if (options_.drift->stops) ending(PhraseCode::run_drift_stop);
  }

  void fields_never_found() {
    for (Alert& found : alerts_of_fields(plan_, end_.summary.fields)) {
      if (options_.replay) {
        note(found.code, std::move(found.values));
        continue;
      }
      end_.facts.alerts.push_back(std::move(found));
      raise(plan_.never_found == NeverFound::stop ? Exit::limits : Exit::rejected);
    }
    if (end_.exit == Exit::limits && plan_.never_found == NeverFound::stop &&
        !end_.facts.alerts.empty())
      ending(PhraseCode::run_field_stop);
  }

  /// "40 % of records", or "12 records".
  [[nodiscard]] Phrase rejected_words(const PlanLimit& limit) const {
    const std::uint64_t rejected = end_.summary.rejected;
    return limit.percent ? rate_text(rejected, limit) : counted(PhraseCode::records, rejected);
  }

  /// Columns that are blank in too many rows.
  void blanks() {
    const Summary& s = end_.summary;
    const std::uint64_t rows = s.rows - deletes_;  // those are blank on purpose
    for (const PlanBlankLimit& limit : plan_.blank_at_most) {
      const std::uint64_t count = s.columns[limit.column].blanks();
      if (!limit.at_most.crossed(count, rows)) continue;
      std::vector<Phrase> values = {
          plan_.columns[limit.column].name,
          limit.at_most.percent
              ? shown_percent(count, rows, plain(Value::decimal(limit.at_most.figure))) + " %"
              : grouped(count),
          limit_text(limit.at_most)};
      end_.facts.endings.push_back(words_of(NoticeCode::too_many_blanks, std::move(values)));
      over_limits_ = true;
    }
  }

  void limits(bool early) {
    const Summary& s = end_.summary;
    if (plan_.rejected_at_most.crossed(s.rejected, s.read)) {
      const bool share = plan_.rejected_at_most.percent;
      const Phrase rejected =
          share ? rate_text(s.rejected, plan_.rejected_at_most)
                : Phrase(PhraseCode::run_records_always, {std::to_string(s.rejected)});
      over_limit({PhraseCode::run_rejected_limit, {rejected, limit_text(plan_.rejected_at_most)}},
                 early);
      over_limits_ = true;
    } else if (s.rejected > 0 && s.written == 0) {
      ending(PhraseCode::run_none_written);
      over_limits_ = true;
    }
    if (plan_.warnings_at_most.crossed(s.warnings, s.read)) {
      const bool share = plan_.warnings_at_most.percent;
      std::vector<Phrase> values = {std::to_string(s.warnings)};
      if (share) values.push_back(rate_text(s.warnings, plan_.warnings_at_most));
      values.emplace_back(limit_text(plan_.warnings_at_most));
      over_limit({share ? PhraseCode::run_warnings_rate_limit : PhraseCode::run_warnings_limit,
                  std::move(values)},
                 early);
      over_limits_ = true;
    }
    blanks();
    if (over_limits_) raise(plan_.publish_always ? Exit::over_limits : Exit::limits);
  }

  void over_limit(Phrase what, bool early) {
    end_.facts.endings.push_back(early ? Phrase(PhraseCode::run_ended_there, {std::move(what)})
                                       : std::move(what));
  }

  /// "10.5 % of records", to be told apart from the limit.
  [[nodiscard]] Phrase rate_text(std::uint64_t count, const PlanLimit& limit) const {
    return {PhraseCode::percent_of_records,
            {shown_percent(count, end_.summary.read, plain(Value::decimal(limit.figure)))}};
  }

  static std::string limit_text(const PlanLimit& limit) {
    std::string text = limit.text;
    if (limit.percent && text.size() > 1 && text[text.size() - 2] != ' ')
      text.insert(text.size() - 1, " ");
    return text;
  }

  /// Says what became of the output, behind the reason for it.
  void told_unpublished() {
    const std::string left = outputs_.rows()->left();
    const bool load = plan_.format->loads();
    if (left.empty() && !load) return;
    std::vector<Phrase>& endings = end_.facts.endings;
    const Phrase sentence = load ? Phrase(PhraseCode::load_rolled_back, {options_.output})
                                 : Phrase(PhraseCode::run_not_published, {options_.output, left});
    if (endings.empty()) {
      endings.push_back(sentence);
    } else {
      endings.back() = Phrase::several({endings.back(), ": ", sentence});
    }
  }

  /// What the report says, for a target that has a place for it.
  void tell_target(Target& rows) {
    end_.facts.exit = static_cast<int>(end_.exit);
    RunSheetWords said = run_sheet(end_.summary, end_.facts, options_.languages.files);
    RunSheet sheet{.name = std::move(said.name), .rows = {}};
    for (RunSheetRow& row : said.rows) sheet.rows.push_back({std::move(row.cells), row.heading});
    rows.report(std::move(sheet));
  }

  Result<void> publish() {
    const bool good =
        end_.exit == Exit::ok || end_.exit == Exit::rejected || end_.exit == Exit::over_limits;
    Target* const rows = outputs_.rows();
    if (!good && rows != nullptr) told_unpublished();
    if (rows != nullptr && good)
      if (const std::optional<LoadCounts> made = rows->loaded())
        end_.facts.load = {made->table, made->inserted, made->updated, made->deleted};
    if (rows != nullptr) tell_target(*rows);
    std::function<Result<void>(Target&)> before_commit;
    if (state_ || plan_.format->loads())
      before_commit = [this](Target& made) { return before_rows_count(made); };
    Result<void> finished =
        outputs_.finish(good, end_.facts, [this] { return texts(); }, before_commit);
    finished_ = finished.ok();
    if (!finished_ && finished.failure().code != FailureCode::load_files_unnamed)
      end_.facts.load.reset();
    published_ =
        finished_ || (good && (finished.failure().code == FailureCode::output_not_safe ||
                               finished.failure().code == FailureCode::load_files_unnamed));
    if (nothing_new_) return {};
    committed_ = published_ && good && rows != nullptr;
    if (state_ && committed_) {
      Result<void> ended = state_->end(options_.output);
      if (finished.ok()) return ended;
    }
    return finished;
  }

  // ---- the state ----

  /// Opens it, and leaves out what was imported. False: that was all.
  Result<bool> open_state() {
    if (options_.state.empty()) return true;
    const bool dry = options_.dry_run;
    if (dry && ::access(options_.state.c_str(), F_OK) != 0) return true;
    std::vector<Phrase> settled;
    TRAMA_TRY(RunState opened,
              RunState::open(options_.state, dry ? Database::Use::read : Database::Use::write,
                             *options_.stop, settled));
    state_.emplace(std::move(opened));
    end_.facts.notes.insert(end_.facts.notes.end(), settled.begin(), settled.end());
    if (options_.again) return true;
    TRAMA_TRY(std::vector<ImportedInput> known,
              state_->imported(plan_.name, options_.inputs, *options_.stop));
    if (options_.stop->asked() != 0) return false;
    for (auto one = known.rbegin(); one != known.rend(); ++one)
      options_.inputs.erase(options_.inputs.begin() + static_cast<std::ptrdiff_t>(one->input));
    nothing_new_ = options_.inputs.empty();
    end_.facts.inputs = options_.inputs;
    if (nothing_new_) end_.facts.endings = std::move(settled);  // all that there will be to say
    for (const ImportedInput& one : known) leave_out(one);
    if (nothing_new_ && !dry) TRAMA_TRY_VOID(outputs_.settle_left());
    return !nothing_new_;
  }

  /// It is listed behind those that are read.
  void leave_out(const ImportedInput& one) {
    end_.facts.inputs.push_back(one.file.name);
    InputFacts& facts = imported_.emplace_back();
    facts.state = InputFacts::State::imported;
    facts.bytes = one.file.bytes;
    facts.sha256 = one.file.sha256;
    (nothing_new_ ? end_.facts.endings : end_.facts.notes).push_back(one.words());
  }
  void list_left_out() {
    std::vector<InputFacts>& facts = end_.facts.input_facts;
    if (imported_.empty()) return;
    facts.resize(options_.inputs.size());
    facts.insert(facts.end(), imported_.begin(), imported_.end());
    imported_.clear();
  }

  [[nodiscard]] Result<MemoryShares> share(std::size_t memory) const {
    return share_memory(memory, mapping_.bytes, plan_, options_.max_record_bytes,
                        options_.drift != nullptr, plan_.identity && !options_.state.empty());
  }

  /// What the state knows of the things of the mapping.
  Result<void> open_operations() {
    if (!plan_.identity) return {};
    if (options_.state.empty()) {
      if (!plan_.identity->needs_state.empty())
        end_.facts.notes.emplace_back(PhraseCode::run_without_state,
                                      std::vector<Phrase>{plan_.identity->needs_state});
      return {};
    }
    std::unique_ptr<KnownThings> known;
    if (state_) {  // a dry run may have none
      TRAMA_TRY(const std::uint64_t keys, state_->count_things(plan_.name));
      const std::size_t bytes = Operations::bytes_for(keys);
      if (bytes > shares_.known) {
        std::size_t enough = options_.memory_bytes;
        for (std::size_t there = 0; there < bytes;) {
          enough *= 2;
          TRAMA_TRY(const MemoryShares more, share(enough));
          there = more.known;
        }
        return Failure{
            FailureCode::keys_exceed_memory,
            {Phrase(PhraseCode::keys, {grouped(keys)}), options_.state, memory_words(enough)}};
      }
      TRAMA_TRY(known, state_->known_things(plan_.name));
    }
    operations_.emplace(*plan_.identity, std::move(known));
    return {};
  }

  /// All records are noted: what their keys tell, and rows for what is gone.
  Result<void> end_operations(const Source& source, Merger& merger, const ReportNames& names) {
    TRAMA_TRY_VOID(operations_->finish());
    if (const std::uint64_t repeated = operations_->repeated(); repeated > 0)
      alert(NoticeCode::identity_repeated, "", {counted(PhraseCode::records, repeated)});
    Deletes deletes;
    if (!options_.replay)  // of which nobody expects any
      deletes = judge_deletes(plan_, *operations_, is_whole(source, merger));
    if (deletes.held_back && deletes.alert)
      alert(deletes.held_back->code, "", deletes.held_back->values);
    else if (deletes.held_back)
      note(deletes.held_back->code, deletes.held_back->values);
    if (deletes.over_limit) {
      ending(PhraseCode::run_deleted_limit,
             {*std::move(deletes.over_limit), limit_text(plan_.deleted_at_most)});
      over_limits_ = true;
    }
    changes_ = operations_->changes(deletes.told);
    if (!deletes.told) return {};
    Summary& s = merger.summary();
    deletes_ = operations_->gone();
    (*s.operations)[static_cast<std::size_t>(Operation::remove)] = deletes_;
    s.rows += deletes_;
    Target* const rows = outputs_.rows();
    if (rows == nullptr) return {};
    SplitMapper writer(plan_, names, options_.now, options_.max_record_bytes);
    return write_deletes(*operations_, writer, *rows, *options_.stop);
  }

  /// Whether all that the inputs hold was read.
  [[nodiscard]] bool is_whole(const Source& source, const Merger& merger) const {
    const std::vector<InputRead> inputs = source.inputs();
    return !merger.stopped() && !source.trouble() && imported_.empty() &&
           std::all_of(inputs.begin(), inputs.end(),
                       [](const InputRead& one) { return one.whole && !one.failure; });
  }

  /// All is on the disk: what was imported before must not count twice.
  Result<void> before_rows_count(Target& rows) {
    end_.facts.exit = static_cast<int>(end_.exit);
    end_.facts.finished = options_.clock();
    list_left_out();
    if (plan_.format->loads()) TRAMA_TRY_VOID(write_down(rows));
    return state_ ? begin_state(rows) : Result<void>();
  }

  /// What the database keeps of the run, with its rows.
  Result<void> write_down(Target& rows) {
    LoadFacts facts = load_facts(end_.summary, end_.facts, options_);
    std::set<std::string> contents;
    for (const LoadFacts::Input& input : facts.inputs)
      if (!facts.again && !contents.insert(input.sha256).second)
        return Failure{FailureCode::already_imported, {shown_input(input.name)}};
    TRAMA_TRY(const std::optional<LoadedBefore> known, rows.write_down(facts));
    if (!known) return {};
    const Phrase input = shown_input(facts.inputs[known->input].name);
    return nothing_to_do(
        input, words_of(NoticeCode::already_loaded, {input, known->run, known->finished}));
  }

  /// An input is in already: where it is the only one, there was nothing to do.
  Failure nothing_to_do(const Phrase& input, const Phrase& words) {
    Failure failure{FailureCode::already_imported, {input}};
    if (options_.inputs.size() > 1) return failure;
    nothing_new_ = true;
    end_.begun = false;
    end_.exit = Exit::ok;
    end_.summary = {};
    end_.facts.load.reset();
    end_.facts.endings = {words};
    end_.facts.alerts.clear();
    end_.facts.input_facts.front().state = InputFacts::State::imported;
    return failure;
  }

  Result<void> begin_state(const Target& rows) {
    TRAMA_TRY(const std::optional<ImportedInput> known,
              state_->begin(end_.summary, end_.facts, rows, options_.again, *options_.stop,
                            operations_ ? &*changes_ : nullptr));
    if (!known) return {};
    return nothing_to_do(shown_input(known->file.name), known->words());
  }

  void write_metrics() {
    if (options_.metrics.empty()) return;
    LastRuns last;
    if (state_) {
      Result<State::Last> known = state_->last(plan_.name);
      if (known.ok()) last = {known.value().success, known.value().import};  // else that is told
    }
    Result<void> written = outputs_.write_metrics(metrics_text(end_.summary, end_.facts, last));
    if (written.ok()) return;
    fail(written.failure());
    end_.facts.exit = static_cast<int>(end_.exit);
  }

  /// Writes down a run that published nothing.
  void end_state() {
    if (options_.dry_run || committed_) return;
    Result<void> added = state_->add(end_.summary, end_.facts,
                                     nothing_new_ ? RunOutcome::known : RunOutcome::failed);
    if (added.ok()) return;
    fail(added.failure());
    end_.facts.exit = static_cast<int>(end_.exit);
  }

  [[nodiscard]] RunTexts texts() {
    end_.facts.exit = static_cast<int>(end_.exit);
    end_.facts.finished = options_.clock();
    list_left_out();
    return texts_of(end_.summary, end_.facts, options_);
  }

  /// Summary and page are written however a run ends.
  /// Another run that writes the same files writes its own.
  void late_texts() {
    if (!published_) {
      const Target* rows = outputs_.rows();
      end_.facts.output_state = rows != nullptr && rows->streams() ? "streamed" : "none";
      end_.facts.rejects.clear();
    }
    Result<void> written = outputs_.late_texts(published_, texts());
    if (written.ok() || written.failure().code == FailureCode::output_busy) return;
    const Phrase told = words_of(written.failure());
    const std::vector<Phrase>& endings = end_.facts.endings;
    if (std::find(endings.begin(), endings.end(), told) == endings.end()) fail(written.failure());
  }

  const Plan& plan_;
  const RunMapping& mapping_;
  RunOptions options_;  // without the inputs that are left out
  MemoryShares shares_;
  RunEnd end_;
  RunOutputs outputs_;
  std::optional<RunState> state_;
  std::optional<Operations> operations_;  // of a mapping with an identity, where there is a state
  std::optional<State::KeyChanges> changes_;  // what they make new
  std::uint64_t deletes_ = 0;                 // rows of what is gone
  std::vector<InputFacts> imported_;          // of inputs that are left out, until they are listed
  bool nothing_new_ = false;                  // all were
  bool finished_ = false;                     // all files are as they are to be
  bool published_ = false;                    // OUT is what this run wrote
  bool committed_ = false;                    // and the run counts as one that published
  bool over_limits_ = false;
  bool publishing_ = false;              // a signal comes too late
  std::optional<FirstPass> first_pass_;  // of duplicates
  std::vector<Failure> counts_differ_;
};

}  // namespace

Result<void> summarize_early(const RunMapping& mapping, const RunOptions& options, RunFacts facts,
                             Exit exit) {
  facts.exit = static_cast<int>(exit);
  facts.finished = options.clock();
  RunOutputs outputs(mapping, options, nullptr);
  TRAMA_TRY_VOID(outputs.late_texts(false, texts_of(Summary(), facts, options)));
  LastRuns last;
  if (!options.state.empty() && !options.dry_run) {
    std::vector<Phrase> settled;
    TRAMA_TRY(RunState state,
              RunState::open(options.state, Database::Use::write, *options.stop, settled));
    TRAMA_TRY_VOID(state.add(Summary(), facts, RunOutcome::failed));
    TRAMA_TRY(const State::Last known, state.last(facts.mapping));
    last = {known.success, known.import};
  }
  return outputs.write_metrics(metrics_text(Summary(), facts, last));
}

RunEnd run(const Plan& plan, const RunMapping& mapping, const RunOptions& options) {
  return Run(plan, mapping, options).go();
}

}  // namespace trama
