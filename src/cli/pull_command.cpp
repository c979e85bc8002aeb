// `trama pull`

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "pull/pull.h"
#include "pull/read_fields.h"
#include "pull/source_file.h"
#include "report/diagnostics_text.h"
#include "report/json_out.h"
#include "report/run_words.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class PullCommand final : public Subcommand {
 public:
  PullCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("SOURCE", source_, help(PhraseCode::cli_pull_source))->type_name("");
    app.add_option("-o,--output", options_.folder, help(PhraseCode::cli_pull_output))
        ->type_name("DIR");
    app.add_option("--state", options_.state, help(PhraseCode::cli_pull_state))->type_name("FILE");
    app.add_flag("--dry-run", dry_run_, help(PhraseCode::cli_pull_dry_run));
    app.add_flag("--explain-schedule", schedule_, help(PhraseCode::cli_pull_schedule));
    seed_option_ = app.add_option("--seed", seed_, help(PhraseCode::cli_pull_seed));
    seed_option_->type_name("N");
    app.add_option("--fields", fields_, help(PhraseCode::cli_pull_fields))->type_name("MAPPING");
    app.add_flag("--fresh", options_.fresh, help(PhraseCode::cli_pull_fresh));
    app.add_flag("--allow-private", options_.allow_private, help(PhraseCode::cli_pull_private));
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_json))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
    add_progress(app, progress_, help);
    app.add_option("--root", root_, help(PhraseCode::cli_root))->type_name("DIR");
  }

  Phrase check() override {
    if (!fields_.empty())
      return source_.empty() && options_.folder.empty() && !dry_run_ && !schedule_
                 ? Phrase()
                 : PhraseCode::cli_pull_fields_alone;
    if (source_.empty()) return PhraseCode::cli_pull_needs_source;
    if (dry_run_ && schedule_) return PhraseCode::cli_pull_one_of;
    if ((options_.folder.empty() && !dry_run_ && !schedule_) || options_.folder == "-")
      return PhraseCode::cli_pull_needs_output;
    while (options_.folder.size() > 1 && options_.folder.ends_with('/')) options_.folder.pop_back();
    if (seed_option_->count() > 0) options_.seed = seed_;
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    if (!fields_.empty()) return show_fields();
    const StopFlag& stop = watch_signals();
    options_.stop = &stop;
    const SourceFile file = read_source_file(source_, root_);
    show(Screen::err, render_text(file.diagnostics, file.files, languages().screen));
    if (!file.source) return static_cast<int>(Exit::mapping);
    if (schedule_) {
      show_schedule(file.source->retry);
      return 0;
    }
    Result<void> done = dry_run_ ? show_request(*file.source) : fetch(*file.source);
    if (!done.ok()) return exit_of(done.failure(), stop, languages().screen);
    return 0;
  }

 private:
  Result<void> show_request(const PullSource& source) {
    TRAMA_TRY(const std::optional<std::int64_t> since, since_of(source, options_.state));
    TRAMA_TRY(const std::string request, first_request(source, since));
    if (format_ == "text") {
      show(Screen::out, request);
      return {};
    }
    JsonOut json;
    json.open('{').key("outcome").text("dry-run").key("folder").null();
    for (const char* const count : {"pages", "bytes", "requests", "retries"})
      json.key(count).number(0);
    add_time(json, "since", since);
    json.key("watermark").null().key("request").text(request);
    show(Screen::out, json_shown(json.close('}').take() + '\n'));
    return {};
  }

  /// What the mapping reads, for the query of a source.
  int show_fields() const {
    const Language language = languages().screen;
    const LoadedMapping loaded = load_mapping(fields_, root_);
    show(Screen::err, render_text(loaded.diagnostics, loaded.files, language));
    if (!loaded.plan) return static_cast<int>(Exit::mapping);
    const std::vector<std::string> fields = fields_read(*loaded.plan);
    std::string out = say(language, {PhraseCode::cli_pull_reads,
                                     {std::to_string(fields.size()), visible(fields_)}}) +
                      '\n';
    for (const std::string& field : fields) out += "  " + visible(field) + '\n';
    out += '\n' + say(language, PhraseCode::cli_pull_selection) + '\n';
    show(Screen::out, out + selection_read(*loaded.plan));
    return 0;
  }

  void show_schedule(const RetryPolicy& policy) const {
    std::string out = say(languages().screen, PhraseCode::cli_pull_first_attempt) + '\n';
    std::int64_t all = 0;
    std::uint64_t number = 1;
    for (const std::int64_t wait : schedule(policy, seed_)) {
      all += wait;
      out += say(languages().screen, {PhraseCode::cli_pull_attempt,
                                      {std::to_string(++number), std::to_string(wait) + " ms"}}) +
             '\n';
    }
    out += say(languages().screen,
               {PhraseCode::cli_pull_attempts_end, {std::to_string(all) + " ms"}}) +
           '\n';
    show(Screen::out, out);
  }

  Result<void> fetch(const PullSource& source) {
    std::optional<StatusLine> line;
    auto last = std::chrono::steady_clock::now();
    if (wants_progress(progress_)) {
      line.emplace(Screen::err);
      options_.progress = [&](std::uint64_t pages, std::uint64_t bytes) {
        constexpr std::uint64_t kMega = 1'000'000;
        const auto now = std::chrono::steady_clock::now();
        if (now - last < std::chrono::milliseconds(250)) return;
        last = now;
        line->draw(
            say(languages().screen, {PhraseCode::cli_pull_progress,
                                     {std::to_string(pages), std::to_string(bytes / kMega)}}));
      };
    }
    Result<PullReport> pulled = pull(source, options_);
    line.reset();
    if (!pulled.ok()) return std::move(pulled.failure());
    const PullReport& report = pulled.value();
    if (!report.silent_at.empty())
      show_line(languages().screen, {PhraseCode::cli_pull_only_page, {report.silent_at}});
    show(Screen::out, format_ == "json" ? json_of(report) : text_of(source, report));
    return {};
  }

  [[nodiscard]] std::string text_of(const PullSource& source, const PullReport& report) const {
    const Language language = languages().screen;
    if (report.outcome == PullReport::Outcome::unchanged)
      return say(language, {PhraseCode::cli_pull_unchanged, {source.name}}) + '\n';
    std::string out =
        say(language,
            {PhraseCode::cli_pull_pages,
             {std::to_string(report.pages), grouped(report.bytes), visible(report.folder)}}) +
        '\n';
    if (report.gone_on_with > 0)
      out += say(language, {PhraseCode::cli_pull_gone_on, {std::to_string(report.gone_on_with)}}) +
             '\n';
    if (report.retries > 0)
      out += say(language, {PhraseCode::cli_pull_retries, {std::to_string(report.retries)}}) + '\n';
    std::string command = "trama run MAPPING " + file_word(report.folder) + " -o rows.csv";
    if (!options_.state.empty()) command += " --state " + file_word(options_.state);
    return out + say(language, {PhraseCode::cli_pull_next, {std::move(command)}}) + '\n';
  }

  static void add_time(JsonOut& json, const char* name, std::optional<std::int64_t> seconds) {
    json.key(name);
    if (seconds)
      json.text(utc_second(*seconds * 1000));
    else
      json.null();
  }
  static std::string json_of(const PullReport& report) {
    const bool complete = report.outcome == PullReport::Outcome::complete;
    JsonOut json;
    json.open('{').key("outcome").text(complete ? "complete" : "unchanged").key("folder");
    if (complete)
      json.text(report.folder);
    else
      json.null();
    json.key("pages").number(report.pages).key("bytes").number(report.bytes);
    json.key("requests").number(report.requests).key("retries").number(report.retries);
    add_time(json, "since", report.since);
    add_time(json, "watermark", report.watermark);
    return json_shown(json.close('}').take() + '\n');
  }

  PullOptions options_;
  std::string source_;
  std::string root_;
  std::string fields_;
  bool dry_run_ = false;
  bool schedule_ = false;
  std::uint64_t seed_ = 0;
  Option* seed_option_ = nullptr;
  std::string format_ = "text";
  std::string progress_ = "auto";
};

}  // namespace

constinit const SubcommandSpec kPullCommand{
    .name = "pull",
    .summary = PhraseCode::cli_pull_summary,
    .footer = PhraseCode::cli_pull_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<PullCommand>(app, languages);
    },
};

}  // namespace trama
