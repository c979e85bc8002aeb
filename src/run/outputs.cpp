#include "run/outputs.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/phrase_codes.h"
#include "load/load.h"
#include "report/summary.h"
#include "run/rejects_table.h"
#include "sink/format.h"
#include "sink/publish.h"
#include "state/state.h"

namespace trama {
namespace {

constexpr const char* kRejectsEnding = ".rejects.jsonl";

/// /dev/null takes any number of outputs.
bool is_device(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_character_file(path, ignored);
}

/// The name of a file without its folders and its ending: what default names are made of.
std::string stem(const std::string& path) {
  std::string name = path.substr(path.find_last_of('/') + 1);
  const std::size_t dot = name.find_last_of('.');
  if (dot != std::string::npos && dot > 0) name.resize(dot);
  return name;
}

/// Standard output and standard input as names: of a file, where the shell leads them to one.
constexpr const char* kStandardOutput = "/dev/stdout";
constexpr const char* kStandardInput = "/dev/stdin";

/// As messages call it.
Phrase shown(const std::string& file) {
  if (file == kStandardOutput) return PhraseCode::standard_output;
  return file == kStandardInput ? Phrase(PhraseCode::standard_input) : Phrase(file);
}

/// The name of an input as a file.
std::string input_file(const std::string& input) {
  return input == "-" ? kStandardInput : input;
}

bool is_regular(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

/// The name, or the next after it (rejects.2.jsonl, …) whose file holds nothing: a table keeps the rows
/// of earlier loads, and so their rejects are kept.
std::string not_there(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  std::string name = path;
  std::error_code ignored;
  for (int i = 2; std::filesystem::is_regular_file(name, ignored) &&
                  std::filesystem::file_size(name, ignored) > 0;
       ++i)
    name = path.substr(0, dot) + '.' + std::to_string(i) + path.substr(dot);
  return name;
}

Failure usage(PhraseCode code, std::vector<Phrase> values) {
  return {FailureCode::usage, {Phrase(code, std::move(values))}};
}

/// Two outputs in one file.
Result<void> refuse_both(const std::string& a, const std::string& b) {
  if (is_device(a)) return {};
  if (same_file(a, b)) return usage(PhraseCode::run_two_outputs, {shown(b)});
  for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)})
    for (const std::string& name : passing_names(other))
      if (same_file(one, name))
        return usage(PhraseCode::run_output_passes, {shown(one), shown(other)});
  return {};
}

}  // namespace

/// The files that the run writes, as far as they are known before it begins; also the default
/// rejects file beside OUT.
std::vector<std::string> RunOutputs::written_files() const {
  std::vector<std::string> files;
  const std::string output = rows_file();
  const bool beside = options_.rejects.empty() && output != "-" && load_ == nullptr;
  bool standard = false;
  for (const std::string& file :
       {output, beside ? output + kRejectsEnding : options_.rejects, options_.rejects_csv,
        options_.metrics, options_.summary, options_.report}) {
    standard = standard || file == "-";
    if (!file.empty() && file != "-") files.push_back(file);
  }
  if (standard && is_regular(kStandardOutput)) files.insert(files.begin(), kStandardOutput);
  return files;
}

/// A file that is written, by the names that it has until it is published, and an input or a file
/// of the mapping.
Result<void> RunOutputs::refuse_clash(const std::string& file) const {
  const auto passing = passing_names(file);
  for (const std::string& input : options_.inputs) {
    const std::string named = input_file(input);
    if (input == "-" && !is_regular(named)) continue;
    if (same_file(file, named)) return usage(PhraseCode::run_output_is_input, {shown(file)});
    for (const std::string& name : passing)
      if (same_file(name, named))
        return usage(PhraseCode::run_input_passes, {shown(named), shown(file)});
  }
  if (!options_.inputs_from.empty() && same_file(file, options_.inputs_from))
    return usage(PhraseCode::run_output_names_inputs, {shown(file)});
  if (!options_.state.empty())
    for (const std::string& name : files_of_state(options_.state))
      if (same_file(file, name)) return usage(PhraseCode::run_output_is_state, {shown(file)});
  if (same_file(file, mapping_.path))
    return usage(PhraseCode::run_output_is_mapping, {shown(file)});
  for (const std::string& named : mapping_.files)
    if (same_file(file, named) ||
        std::any_of(passing.begin(), passing.end(),
                    [&named](const std::string& name) { return same_file(name, named); }))
      return usage(PhraseCode::run_output_of_mapping, {named});
  return {};
}

Result<void> RunOutputs::refuse_clashes() const {
  if (!options_.state.empty())
    for (const std::string& input : options_.inputs)
      if (same_file(options_.state, input_file(input)))
        return usage(PhraseCode::run_input_is_state, {shown(input_file(input))});
  const std::vector<std::string> files = written_files();
  for (std::size_t i = 0; i < files.size(); ++i) {
    TRAMA_TRY_VOID(refuse_clash(files[i]));
    for (std::size_t other = 0; other < i; ++other)
      TRAMA_TRY_VOID(refuse_both(files[i], files[other]));
  }
  return {};
}

Result<void> RunOutputs::open(const Plan& plan) {
  if (options_.dry_run) return {};
  if (load_ != nullptr) {
    TRAMA_TRY(rows_, open_load(options_.output, plan, *options_.stop));
  } else {
    const TargetPlace place{
        .path = options_.output, .stop = options_.stop, .name = plan.name, .now = options_.now};
    TRAMA_TRY(rows_, plan.format->target(place, plan.output));
  }
  std::string rejects = options_.rejects;
  if (rejects.empty() && load_ != nullptr)
    rejects = not_there(rejects_of_load(options_.output, plan));
  else if (rejects.empty() && !rows_->streams())
    rejects = options_.output + kRejectsEnding;
  if (!rejects.empty()) {
    TRAMA_TRY(rejects_, OutputFile::open(rejects, *options_.stop));
  }
  if (!options_.rejects_csv.empty()) {
    TRAMA_TRY(rejects_table_, OutputFile::open(options_.rejects_csv, *options_.stop));
    TRAMA_TRY_VOID(rejects_table_->write(RejectsTable().header()));
  }
  if (!options_.summary.empty()) {
    TRAMA_TRY(summary_, OutputFile::open(options_.summary, *options_.stop));
  }
  if (!options_.report.empty()) {
    TRAMA_TRY(report_, OutputFile::open(options_.report, *options_.stop));
  }
  return {};
}

std::string RunOutputs::rows_file() const {
  return load_ != nullptr ? file_of_load(options_.output, *load_) : options_.output;
}

Result<void> RunOutputs::settle_left() const {
  if (load_ != nullptr) return {};
  if (!is_regular(options_.output + std::string(kJournalEnding))) return {};
  TRAMA_TRY(const auto opened, OutputFile::open(options_.output, *options_.stop));
  (void)opened;  // which settles it, and leaves nothing behind
  return {};
}

std::vector<std::pair<NoticeCode, std::string>> RunOutputs::settled() const {
  std::vector<std::pair<NoticeCode, std::string>> settled;
  if (rows_ && rows_->settled()) settled.emplace_back(*rows_->settled(), options_.output);
  for (const OutputFile* file : beside_rows())
    if (file->settled()) settled.emplace_back(*file->settled(), file->path());
  return settled;
}

Result<OutputFile*> RunOutputs::rejects() {
  if (options_.dry_run) return static_cast<OutputFile*>(nullptr);
  if (!rejects_) {
    const std::string path = default_rejects();
    for (const std::string& input : options_.inputs)
      if (same_file(path, input_file(input)))
        return usage(PhraseCode::run_rejects_to_input, {path});
    if (is_regular(kStandardOutput)) TRAMA_TRY_VOID(refuse_both(path, kStandardOutput));
    for (const std::string& named : mapping_.files)
      if (same_file(path, named)) return usage(PhraseCode::run_rejects_to_mapping, {path});
    TRAMA_TRY(rejects_, OutputFile::open(path, *options_.stop));
  }
  return rejects_.get();
}

/// Where rejects go without -o: MAPPING.rejects.jsonl; of a replay a name beside that of the
/// rejects which it reads.
std::string RunOutputs::default_rejects() const {
  if (!options_.replay) return stem(mapping_.path) + kRejectsEnding;
  std::string first =
      stem(options_.inputs.front() == "-" ? mapping_.path : options_.inputs.front());
  if (const std::size_t at = first.rfind(".rejects"); at != std::string::npos && at > 0)
    first.resize(at);
  return first + ".again" + kRejectsEnding;
}

/// The files that go with the rows.
std::vector<OutputFile*> RunOutputs::beside_rows() const {
  std::vector<OutputFile*> files;
  for (OutputFile* file : {rejects_.get(), rejects_table_.get(), summary_.get(), report_.get()})
    if (file != nullptr) files.push_back(file);
  return files;
}

Result<void> RunOutputs::finish(bool good, RunFacts& facts, const std::function<RunTexts()>& texts,
                                const std::function<Result<void>(Target&)>& before_commit) {
  const bool stays = rows_ && !rows_->streams() && !good;
  facts.output_state = !rows_                  ? "none"
                       : rows_->streams()      ? "streamed"
                       : good                  ? "published"
                       : rows_->left().empty() ? "none"
                                               : "incomplete";
  facts.rejects.clear();
  facts.rejects_stay = !rejects_ || !rejects_->streams();
  if (rejects_)
    facts.rejects = stays && !rejects_->streams() ? rejects_->incomplete_path() : rejects_->path();
  return stays ? leave_all(texts) : name_all(facts.run, texts, before_commit);
}

/// They know how the run ends, so nobody is to write anything behind them.
Result<void> RunOutputs::write_texts(const std::function<RunTexts()>& texts) {
  if (!summary_ && !report_) return {};
  const RunTexts all = texts();
  if (summary_) TRAMA_TRY_VOID(summary_->write(all.summary));
  if (report_) TRAMA_TRY_VOID(report_->write(all.report));
  return {};
}

/// What goes with the output that stays stays beside it.
Result<void> RunOutputs::leave_all(const std::function<RunTexts()>& texts) {
  TRAMA_TRY_VOID(rows_->abandon());
  for (OutputFile* other : {rejects_.get(), rejects_table_.get()})
    if (other != nullptr) TRAMA_TRY_VOID(other->keep_incomplete());
  TRAMA_TRY_VOID(write_texts(texts));
  for (OutputFile* other : {summary_.get(), report_.get()})
    if (other != nullptr) TRAMA_TRY_VOID(other->keep_incomplete());
  return {};
}

/// All is on the disk before the first of it gets its name: where one cannot be written,
/// none is published.
Result<void> RunOutputs::name_all(const std::string& run, const std::function<RunTexts()>& texts,
                                  const std::function<Result<void>(Target&)>& before_commit) {
  if (rows_) TRAMA_TRY_VOID(rows_->prepare());
  for (OutputFile* other : {rejects_.get(), rejects_table_.get()})
    if (other != nullptr) TRAMA_TRY_VOID(other->flush());
  TRAMA_TRY_VOID(write_texts(texts));
  const std::vector<OutputFile*> others = beside_rows();
  for (OutputFile* other : others) TRAMA_TRY_VOID(other->flush());
  if (rows_ && before_commit) TRAMA_TRY_VOID(before_commit(*rows_));
  return rows_ ? rows_->commit(others, run) : publish_each(others);
}

/// Whether an output would lie over something that must stay.
bool RunOutputs::clashes(const std::string& file) const {
  std::vector<std::string> others = written_files();
  const auto itself = std::find(others.begin(), others.end(), file);
  if (itself == others.end()) return false;  // standard output
  others.erase(itself);
  return !refuse_clash(file).ok() ||
         std::any_of(others.begin(), others.end(),
                     [&](const std::string& other) { return !refuse_both(file, other).ok(); });
}

Result<void> RunOutputs::write_metrics(const std::string& text) {
  if (options_.metrics.empty() || options_.dry_run || clashes(options_.metrics)) return {};
  TRAMA_TRY(const auto file, OutputFile::open(options_.metrics, kNeverStopped));
  TRAMA_TRY_VOID(file->write(text));
  return file->publish();
}

Result<void> RunOutputs::late_texts(bool published, const RunTexts& texts) {
  Result<void> summary = late_text(published, options_.summary, summary_, texts.summary);
  Result<void> report = late_text(published, options_.report, report_, texts.report);
  return summary.ok() ? report : summary;
}

Result<void> RunOutputs::late_text(bool published, const std::string& path,
                                   std::unique_ptr<OutputFile>& file, const std::string& text) {
  if (path.empty() || options_.dry_run || clashes(path)) return {};
  file.reset();  // what it holds may be the text of another end
  TRAMA_TRY(file, OutputFile::open(path, *options_.stop));
  TRAMA_TRY_VOID(file->write(text));
  return published || (load_ == nullptr && is_stream(options_.output)) ? file->publish()
                                                                       : file->keep_incomplete();
}

}  // namespace trama
