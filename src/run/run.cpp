#include "run/run.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ostream>
#include <thread>
#include <utility>

#include "base/stop_signal.h"
#include "run/dump_tables.h"
#include "run/never_found.h"
#include "run/outputs.h"
#include "run/pipeline.h"
#include "run/rejects_source.h"
#include "run/replayable.h"
#include "value/zone.h"

namespace trama {
namespace {

constexpr unsigned kMostThreads = 64;
/// Draws "12.3 MB of 45.6 MB" on the screen, at most a few times a second.
class ProgressLine {
 public:
  ProgressLine(std::ostream& screen, const Source& source, bool on)
      : screen_(screen), source_(source), on_(on) {}
  ~ProgressLine() {
    if (drawn_) screen_ << "\r\033[K" << std::flush;
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void draw(std::uint64_t records) {
    if (!on_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(drawn_ ? 250 : 1000))
      return;  // a short run draws nothing
    last_ = now;
    drawn_ = true;
    const std::uint64_t in_all = source_.bytes_in_all();
    screen_ << '\r' << records << " records, " << source_.bytes_read() / 1000000 << " MB";
    if (in_all > 0)
      screen_ << " of " << in_all / 1000000 << " MB (" << source_.bytes_read() * 100 / in_all
              << " %)";
    screen_ << "\033[K" << std::flush;
  }

 private:
  std::ostream& screen_;
  const Source& source_;
  bool on_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// One run from opening to publishing.
class Run {
 public:
  Run(const Plan& plan, const RunMapping& mapping, const RunOptions& options, std::ostream& screen)
      : plan_(plan),
        mapping_(mapping),
        options_(options),
        screen_(screen),
        outputs_(mapping, options) {
    end_.facts = facts_of(mapping, options);
    end_.facts.mapping = plan.name;
    for (const PlanColumn& column : plan.columns) end_.facts.column_names.push_back(column.name);
    end_.facts.notes = plan.notes;
    const bool masked = options.rejects_without_personal && !plan.personal_pointers.empty();
    end_.facts.can_replay = plan.dump_tables.empty() && !masked;
  }

  RunEnd go() {
    const auto begun = std::chrono::steady_clock::now();
    Result<void> ended = all();
    if (!ended.ok()) fail(ended.failure());
    if (const int signal = stop_signal.load(); signal != 0 && !publishing_) {
      end_.exit = signal == SIGTERM ? Exit::terminated : Exit::interrupted;
    }
    if (!finished_) late_summary();
    end_.facts.exit = static_cast<int>(end_.exit);
    end_.facts.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return std::move(end_);
  }

 private:
  static std::string words_of(const Failure& failure) {
    return std::string(name(failure.code)) + ": " + failure.message();
  }
  void fail(const Failure& failure) {
    end_.facts.endings.push_back(words_of(failure));
    if (failure.code == FailureCode::output_pipe_closed) end_.output_closed = true;
    raise(failure.exit());
  }
  /// Of several exits the first of 5, 4, 3, 2, 6, 1 counts.
  void raise(Exit exit) {
    const auto rank = [](Exit e) {
      static constexpr Exit kOrder[] = {Exit::ok,     Exit::rejected, Exit::limits_published,
                                        Exit::limits, Exit::mapping,  Exit::input,
                                        Exit::output};
      return std::find(std::begin(kOrder), std::end(kOrder), e) - std::begin(kOrder);
    };
    if (rank(exit) > rank(end_.exit)) end_.exit = exit;
  }

  Result<void> all() {
    TRAMA_TRY_VOID(outputs_.refuse_clashes());
    TRAMA_TRY(ReplayableInputs inputs, ReplayableInputs::open(options_.inputs, reads_twice()));
    SourceOptions source_options = mapping_.source;
    source_options.max_record_bytes = options_.max_record_bytes;
    source_options.split_bytes = options_.split_bytes;
    source_options.limit = options_.limit;
    TRAMA_TRY(auto source, open_source(inputs, source_options));
    std::optional<DumpTables> tables;
    if (!plan_.dump_tables.empty()) {
      TRAMA_TRY(tables, read_tables(inputs, source_options));
    }
    TRAMA_TRY_VOID(outputs_.open());
    for (std::string& words : outputs_.settled()) end_.facts.notes.push_back(std::move(words));
    Sha256 identity;
    source->identify(identity);
    end_.facts.run = run_id(mapping_, options_, identity.take());
    ReportNames names = names_of(plan_, mapping_, options_, end_.facts.run);
    if (options_.replay) names.sources = end_.facts.dumps = source->names();
    if (tables) names.known_by_source = tables->known(plan_);
    Merger merger(plan_, outputs_.rows(), [this]() { return outputs_.rejects(); });
    std::optional<Duplicates> duplicates;
    if (plan_.duplicates) duplicates.emplace(*plan_.duplicates);
    if (duplicates && duplicates->two_passes()) {
      find_winners(*source, names, *duplicates);
      TRAMA_TRY(source, Source::open(inputs.paths(), source_options));
    }
    end_.begun = true;
    TRAMA_TRY_VOID(merger.begin());
    PipelineOptions pipeline;
    pipeline.threads = threads();
    pipeline.now = options_.now;
    pipeline.tables = tables ? &*tables : nullptr;
    pipeline.max_record_bytes = options_.max_record_bytes;
    ProgressLine line(screen_, *source, options_.progress == Progress::always);
    if (options_.progress == Progress::always)
      pipeline.progress = [&](std::uint64_t) { line.draw(merger.summary().read); };
    Result<void> piped =
        run_pipeline(plan_, names, *source, duplicates ? &*duplicates : nullptr, merger, pipeline);
    Result<void> finished = piped.ok() ? merger.end() : std::move(piped);
    end_.summary = std::move(merger.summary());
    end_.facts.bytes = source->bytes_read();
    if (!finished.ok()) return finished;
    if (stop_signal.load() != 0) return {};
    publishing_ = true;
    if (source->trouble()) {
      Failure trouble = *source->trouble();
      inputs.rename(trouble);
      fail(trouble);
    }
    judge(merger, source->trouble().has_value());
    return publish();
  }

  [[nodiscard]] bool reads_twice() const {
    const bool winners = plan_.duplicates && plan_.duplicates->keep != PlanDuplicates::Keep::first;
    return winners || !plan_.dump_tables.empty() || options_.replay;
  }

  Result<std::unique_ptr<Source>> open_source(const ReplayableInputs& inputs,
                                              const SourceOptions& options) {
    if (!options_.replay) return Source::open(inputs.paths(), options);
    RejectsFacts facts;
    RejectsOptions rejects;
    rejects.paths = inputs.paths();
    rejects.names = options_.inputs;
    rejects.terms = mapping_.terms;
    rejects.mapping = plan_.name;
    rejects.any_mapping = options_.any_mapping;
    rejects.corrected = options_.corrected;
    rejects.max_record_bytes = options.max_record_bytes;
    rejects.split_bytes = options.split_bytes;
    TRAMA_TRY(auto source, open_rejects(std::move(rejects), facts));
    note_rejects(facts);
    return source;
  }

  void note(NoticeCode code, std::vector<std::string> values) {
    end_.facts.notes.push_back(std::string(name(code)) + ": " + fill(text(code), values));
  }
  /// Something to be looked at: no run with it ends with 0.
  void alert(NoticeCode code, std::string where, std::vector<std::string> values) {
    end_.facts.alerts.push_back(
        {std::string(name(code)), std::move(where), fill(text(code), values)});
    raise(Exit::rejected);
  }

  /// As messages call them.
  [[nodiscard]] std::vector<std::string> input_names() const {
    std::vector<std::string> names = options_.inputs;
    std::replace(names.begin(), names.end(), std::string("-"), std::string("standard input"));
    return names;
  }

  /// What a replay says about the rejects that it was given.
  void note_rejects(const RejectsFacts& facts) {
    const auto records = [](std::uint64_t n) {
      return std::to_string(n) + (n == 1 ? " record" : " records");
    };
    if (facts.duplicates > 0)
      end_.facts.notes.push_back("left out, as that was decided over the whole dump: " +
                                 records(facts.duplicates) + " of stage duplicate");
    for (const std::string& mapping : facts.mappings)
      if (mapping != plan_.name)
        end_.facts.notes.push_back("these are rejects of the mapping '" + mapping + "', not of '" +
                                   plan_.name + "', as --any-mapping allows");
    end_.facts.corrected = facts.corrected;
    if (facts.corrected > 0)
      note(NoticeCode::rejects_corrected, {records(facts.corrected), facts.first_corrected});
    for (const std::string& input : options_.inputs)
      if (input.ends_with(".incomplete")) alert(NoticeCode::rejects_unpublished, "", {input});
    if (facts.cut > 0)
      end_.facts.endings.push_back(
          "rejected again, as only the first bytes are in the rejects: " + records(facts.cut) +
          "; run the dump itself with a larger --max-record");
  }

  /// A first look at the inputs, for the tables that travel in them.
  Result<DumpTables> read_tables(const ReplayableInputs& inputs,
                                 const SourceOptions& options) const {
    TRAMA_TRY(auto source, Source::open(inputs.paths(), DumpTables::options(plan_, options)));
    Result<DumpTables> tables = DumpTables::read(plan_, *source);
    if (!tables.ok()) inputs.rename(tables.failure());
    return tables;
  }

  [[nodiscard]] unsigned threads() const {
    const unsigned wanted =
        options_.threads != 0 ? options_.threads : std::thread::hardware_concurrency();
    return std::clamp(wanted, 1U, kMostThreads);
  }

  /// First pass of duplicates that stream nothing: the winner of every key.
  void find_winners(Source& source, const ReportNames& names, Duplicates& duplicates) const {
    SplitMapper mapper(plan_, names, options_.now, options_.max_record_bytes);
    Split split;
    while (stop_signal.load() == 0 && source.next(split)) duplicates.note(split, mapper);
    duplicates.start_deciding();
  }

  /// What the merged counts mean: limits, expectations, the balance.
  void judge(const Merger& merger, bool trouble) {
    const Summary& s = end_.summary;
    if (!s.balances()) fail({FailureCode::balance, {std::to_string(s.read) + " read"}});
    for (std::size_t i = 0; i < merger.read_by_source().size(); ++i) {
      if (merger.read_by_source()[i] > 0 && merger.parsed_by_source()[i] == 0 && !trouble &&
          !options_.replay)
        fail({FailureCode::input_not_json,
              {options_.inputs[i], "look at the rejects for what stands there"}});
    }
    if (!trouble && options_.limit == UINT64_MAX && s.read < plan_.expect_at_least &&
        !merger.stopped()) {
      end_.facts.endings.push_back(
          "INPUT_EMPTY: " + std::to_string(s.read) + (s.read == 1 ? " record" : " records") +
          " read, the mapping expects at least " + std::to_string(plan_.expect_at_least) +
          " (input: expect_at_least)");
      raise(Exit::limits);
    }
    if (merger.stopped() && !merger.stopped_by_limit()) {
      end_.facts.endings.emplace_back("stopped at a record, as the mapping says (stop)");
      raise(Exit::limits);
    }
    limits(merger.stopped_by_limit());
    fields_never_found();
    if (plan_.warn_above.crossed(s.rejected, s.read))
      alert(NoticeCode::warn_above, "",
            {rejected_words(plan_.warn_above), limit_text(plan_.warn_above)});
    if (s.rejected > 0 && !options_.rejects_ok) raise(Exit::rejected);
  }

  void fields_never_found() {
    for (Alert& found : alerts_of_fields(plan_, end_.summary.fields)) {
      if (options_.replay) {
        end_.facts.notes.push_back(found.code + ": " + found.message);
        continue;
      }
      end_.facts.alerts.push_back(std::move(found));
      raise(plan_.never_found == NeverFound::stop ? Exit::limits : Exit::rejected);
    }
    if (end_.exit == Exit::limits && plan_.never_found == NeverFound::stop &&
        !end_.facts.alerts.empty())
      end_.facts.endings.emplace_back(
          "a field is in no record, and the mapping says stop (limits: "
          "fields_never_found)");
  }

  /// "40 % of records", or "12 records".
  [[nodiscard]] std::string rejected_words(const PlanLimit& limit) const {
    const Summary& s = end_.summary;
    const std::uint64_t share = s.read == 0 ? 0 : s.rejected * 100 / s.read;
    return limit.percent ? std::to_string(share) + " % of records"
                         : std::to_string(s.rejected) + (s.rejected == 1 ? " record" : " records");
  }

  /// Columns that are blank in too many rows.
  void blanks() {
    const Summary& s = end_.summary;
    for (const PlanBlankLimit& limit : plan_.blank_at_most) {
      const std::uint64_t count = s.columns[limit.column].blanks();
      if (!limit.at_most.crossed(count, s.rows)) continue;
      const std::uint64_t share = s.rows == 0 ? 0 : count * 100 / s.rows;
      const std::string values[] = {
          plan_.columns[limit.column].name,
          limit.at_most.percent ? std::to_string(share) + " %" : std::to_string(count),
          limit_text(limit.at_most)};
      end_.facts.endings.push_back(std::string(name(NoticeCode::too_many_blanks)) + ": " +
                                   fill(text(NoticeCode::too_many_blanks), values));
      over_limits_ = true;
    }
  }

  void limits(bool early) {
    const Summary& s = end_.summary;
    const auto percent = [](std::uint64_t n, std::uint64_t of) {
      return std::to_string(of == 0 ? 0 : n * 100 / of);
    };
    if (plan_.rejected_at_most.crossed(s.rejected, s.read)) {
      const bool share = plan_.rejected_at_most.percent;
      end_.facts.endings.push_back("rejected " +
                                   (share ? percent(s.rejected, s.read) + " % of records"
                                          : std::to_string(s.rejected) + " records") +
                                   ", limit " + limit_text(plan_.rejected_at_most) +
                                   (early ? "; the run ended there" : ""));
      over_limits_ = true;
    } else if (s.rejected > 0 && s.written == 0) {
      end_.facts.endings.emplace_back("records were rejected and none was written");
      over_limits_ = true;
    }
    if (plan_.warnings_at_most.crossed(s.warnings, s.read)) {
      end_.facts.endings.push_back(std::to_string(s.warnings) + " warnings, limit " +
                                   limit_text(plan_.warnings_at_most) +
                                   (early ? "; the run ended there" : ""));
      over_limits_ = true;
    }
    blanks();
    if (over_limits_) raise(plan_.publish_always ? Exit::limits_published : Exit::limits);
  }

  static std::string limit_text(const PlanLimit& limit) {
    std::string text = limit.text;
    if (limit.percent && text.size() > 1 && text[text.size() - 2] != ' ')
      text.insert(text.size() - 1, " ");
    return text;
  }

  /// Says what became of the output, behind the reason for it.
  void told_unpublished() {
    std::vector<std::string>& endings = end_.facts.endings;
    const std::string sentence =
        options_.output + " was not published (" + outputs_.rows()->incomplete_path() + " kept)";
    if (endings.empty()) {
      endings.push_back(sentence);
    } else {
      endings.back() += ": " + sentence;
    }
  }

  Result<void> publish() {
    const bool good =
        end_.exit == Exit::ok || end_.exit == Exit::rejected || end_.exit == Exit::limits_published;
    const OutputFile* rows = outputs_.rows();
    if (!good && rows != nullptr && !rows->streams()) told_unpublished();
    Result<void> finished = outputs_.finish(good, end_.facts, [this] { return summary_text(); });
    finished_ = finished.ok();
    published_ = finished_ || (good && finished.failure().code == FailureCode::output_not_safe);
    return finished;
  }

  [[nodiscard]] std::string summary_text() {
    end_.facts.exit = static_cast<int>(end_.exit);
    end_.facts.finished = options_.clock();
    return summary_json(end_.summary, end_.facts);
  }

  /// A summary is written however a run ends. Another run that writes the same files writes its
  /// own.
  void late_summary() {
    if (!published_) {
      const OutputFile* rows = outputs_.rows();
      end_.facts.output_state = rows != nullptr && rows->streams() ? "streamed" : "none";
      end_.facts.rejects.clear();
    }
    Result<void> written = outputs_.late_summary(published_, summary_text());
    if (written.ok() || written.failure().code == FailureCode::output_busy) return;
    const std::string told = words_of(written.failure());
    std::vector<std::string>& endings = end_.facts.endings;
    if (std::find(endings.begin(), endings.end(), told) == endings.end()) fail(written.failure());
  }

  const Plan& plan_;
  const RunMapping& mapping_;
  const RunOptions& options_;
  std::ostream& screen_;
  RunEnd end_;
  RunOutputs outputs_;
  bool finished_ = false;   // all files are as they are to be
  bool published_ = false;  // OUT is what this run wrote
  bool over_limits_ = false;
  bool publishing_ = false;  // a signal comes too late
};

}  // namespace

ReportNames names_of(const Plan& plan, const RunMapping& mapping, const RunOptions& options,
                     const std::string& run) {
  ReportNames names;
  names.run = run;
  names.mapping = plan.name;
  names.mapping_sha256 = mapping.sha256;
  names.places = mapping.places;
  names.sources = options.inputs;
  names.known = plan.known_keys;
  names.mask_source = options.rejects_without_personal;
  names.terms = mapping.terms;
  for (const PlanColumn& column : plan.columns) {
    ReportNames::Column one{
        .name = column.name, .personal = column.personal, .format = column.format, .path = {}};
    if (column.paths.size() == 1 && plan.paths[column.paths[0]].level == 0 &&
        !plan.paths[column.paths[0]].many)
      one.path = plan.paths[column.paths[0]].pointer;
    names.columns.push_back(std::move(one));
  }
  for (const PlanRule& rule : plan.rules) names.rules.push_back({rule.name, rule.message});
  names.personal_paths = plan.personal_pointers;
  return names;
}

RunFacts facts_of(const RunMapping& mapping, const RunOptions& options) {
  RunFacts facts;
  facts.replay = options.replay;
  facts.command = options.command;
  facts.started = options.clock();
  facts.mapping_file = mapping.path;
  facts.mapping_sha256 = mapping.sha256;
  facts.zone_data = zone_data_version();
  facts.inputs = options.inputs;
  for (const std::string& input : options.inputs)
    facts.input_facts.push_back({input, 0, {}, "unread"});
  facts.output = options.output;
  facts.output_state = "none";
  return facts;
}

Result<void> summarize_early(const RunMapping& mapping, const RunOptions& options, RunFacts facts,
                             Exit exit) {
  facts.exit = static_cast<int>(exit);
  facts.finished = options.clock();
  return RunOutputs(mapping, options).late_summary(false, summary_json(Summary(), facts));
}

RunEnd run(const Plan& plan, const RunMapping& mapping, const RunOptions& options,
           std::ostream& screen) {
  return Run(plan, mapping, options, screen).go();
}

}  // namespace trama
