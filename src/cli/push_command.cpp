// `trama push`

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
#include "push/push.h"
#include "push/target_file.h"
#include "report/diagnostics_text.h"
#include "report/json_out.h"
#include "report/run_words.h"
#include "report/shown_text.h"
#include "source/source.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class PushCommand final : public Subcommand {
 public:
  PushCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.files = languages.files;
    app.add_option("TARGET", target_, help(PhraseCode::cli_push_target))->required()->type_name("");
    app.add_option("ROWS", options_.rows, help(PhraseCode::cli_push_rows))
        ->required()
        ->type_name("");
    app.add_option("--state", options_.state, help(PhraseCode::cli_push_state))->type_name("FILE");
    app.add_option("--rejects", options_.rejects, help(PhraseCode::cli_push_rejects))
        ->type_name("FILE");
    app.add_flag("--dry-run", dry_run_, help(PhraseCode::cli_push_dry_run));
    app.add_option("--settle", settle_, help(PhraseCode::cli_push_settle))
        ->check(one_of({"acknowledged", "again"}, help))
        ->type_name("");
    seed_option_ = app.add_option("--seed", seed_, help(PhraseCode::cli_pull_seed));
    seed_option_->type_name("N");
    app.add_flag("--allow-private", options_.allow_private, help(PhraseCode::cli_pull_private));
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_json))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
    add_progress(app, progress_, help);
    app.add_option("--root", root_, help(PhraseCode::cli_root))->type_name("DIR");
  }

  Phrase check() override {
    if (options_.state.empty()) return PhraseCode::cli_push_needs_state;
    if (dry_run_ && !settle_.empty()) return PhraseCode::cli_push_settle_alone;
    if (options_.rejects == "-") return PhraseCode::cli_push_rejects_stream;
    if (Phrase problem = check_standard_input({options_.rows}, false); !problem.empty())
      return problem;
    using enum PushOptions::Settle;
    options_.settle = settle_.empty() ? no : settle_ == "again" ? again : acknowledged;
    if (seed_option_->count() > 0) options_.seed = seed_;
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    const StopFlag& stop = watch_signals();
    options_.stop = &stop;
    const TargetFile file = read_target_file(target_, root_);
    show(Screen::err, render_text(file.diagnostics, file.files, languages().screen));
    if (!file.target) return static_cast<int>(Exit::mapping);
    const PushTarget& target = *file.target;
    if (options_.rejects.empty())
      options_.rejects =
          (options_.rows == "-" ? "" : options_.rows + '.') + target.name + ".rejects.jsonl";
    if (dry_run_) {
      Result<PushPreview> preview = preview_push(target, options_);
      if (!preview.ok()) return exit_of(preview.failure(), stop, languages().screen);
      show(Screen::out,
           format_ == "json" ? json_of(target, preview.value()) : text_of(target, preview.value()));
      return 0;
    }
    if (Result<void> apart =
            refuse_clash(options_.rejects, {options_.rows, options_.state, target_});
        !apart.ok())
      return exit_of(apart.failure(), stop, languages().screen);
    return send(target, stop);
  }

 private:
  int send(const PushTarget& target, const StopFlag& stop) {
    std::optional<StatusLine> line;
    auto last = std::chrono::steady_clock::now();
    if (wants_progress(progress_)) {
      line.emplace(Screen::err);
      options_.progress = [&](std::uint64_t read) {
        const auto now = std::chrono::steady_clock::now();
        if (now - last < std::chrono::milliseconds(250)) return;
        last = now;
        line->draw(
            say(languages().screen, {PhraseCode::cli_push_progress, {std::to_string(read)}}));
      };
    }
    const PushEnd end = push(target, options_);
    line.reset();
    const bool begun = end.report.read > 0 || !end.failure;
    if (begun) show(Screen::out, format_ == "json" ? json_of(target, end) : text_of(target, end));
    if (end.failure) return exit_of(*end.failure, stop, languages().screen);
    return static_cast<int>(end.report.rejected == 0 ? Exit::ok : Exit::rejected);
  }

  [[nodiscard]] std::string counted(PhraseCode code, std::uint64_t count) const {
    return say(languages().screen, {code, {grouped(count)}});
  }

  /// 3 rows read = 2 acknowledged + 1 rejected: what is 0 is left out, but the first.
  [[nodiscard]] std::string balance(const PushReport& report, PhraseCode sent) const {
    std::string out = counted(PhraseCode::cli_push_read, report.read) + " = " +
                      counted(sent, report.acknowledged);
    for (const auto& [code, count] : {std::pair(PhraseCode::cli_push_already, report.already),
                                      std::pair(PhraseCode::cli_push_unchanged, report.unchanged),
                                      std::pair(PhraseCode::cli_push_rejected, report.rejected)})
      if (count > 0) out += " + " + counted(code, count);
    return out + '\n';
  }

  [[nodiscard]] std::string title(PhraseCode code, const PushTarget& target) const {
    const Language language = languages().screen;
    return say(language, {code, {shown_input(options_.rows), visible(target.name)}}) + "\n\n";
  }

  [[nodiscard]] std::string text_of(const PushTarget& target, const PushEnd& end) const {
    const Language language = languages().screen;
    const PushReport& report = end.report;
    std::string out = title(PhraseCode::cli_push_title, target);
    if (end.failure)
      out += say(language,
                 {PhraseCode::cli_push_stopped, {grouped(report.done()), grouped(report.read)}}) +
             '\n';
    else
      out += balance(report, PhraseCode::cli_push_acknowledged);
    if (report.retries > 0)
      out += say(language, {PhraseCode::cli_pull_retries, {std::to_string(report.retries)}}) + '\n';
    if (report.has_rejects)
      out += say(language, {PhraseCode::cli_push_refused_to, {visible(options_.rejects)}}) + '\n';
    return out;
  }

  [[nodiscard]] std::string text_of(const PushTarget& target, const PushPreview& preview) const {
    std::string out = title(PhraseCode::cli_push_dry_title, target);
    out += balance(preview.report, PhraseCode::cli_push_would);
    for (const PushPreview::Request& request : preview.requests)
      out += '\n' + say(languages().screen, {PhraseCode::cli_push_would_ask, {request.operation}}) +
             '\n' + request.text;
    return out;
  }

  static void add_counts(JsonOut& json, const PushReport& report) {
    for (const auto& [name, count] :
         {std::pair("read", report.read), std::pair("acknowledged", report.acknowledged),
          std::pair("already", report.already), std::pair("unchanged", report.unchanged),
          std::pair("rejected", report.rejected), std::pair("requests", report.requests),
          std::pair("retries", report.retries)})
      json.key(name).number(count);
  }
  [[nodiscard]] std::string json_of(const PushTarget& target, const PushEnd& end) const {
    JsonOut json;
    json.open('{').key("outcome").text(end.failure ? "stopped" : "complete");
    json.key("target").text(target.name);
    add_counts(json, end.report);
    json.key("rejects");
    end.report.has_rejects ? json.text(options_.rejects) : json.null();
    json.key("code");
    end.failure ? json.text(name(end.failure->code)) : json.null();
    return json_shown(json.close('}').take() + '\n');
  }
  static std::string json_of(const PushTarget& target, const PushPreview& preview) {
    JsonOut json;
    json.open('{').key("outcome").text("dry-run").key("target").text(target.name);
    add_counts(json, preview.report);
    json.key("rejects").null().key("code").null().key("sent").open('[');
    for (const PushPreview::Request& request : preview.requests)
      json.open('{')
          .key("operation")
          .text(request.operation)
          .key("request")
          .text(request.text)
          .close('}');
    return json_shown(json.close(']').close('}').take() + '\n');
  }

  PushOptions options_;
  std::string target_;
  std::string root_;
  std::string settle_;
  bool dry_run_ = false;
  std::uint64_t seed_ = 0;
  Option* seed_option_ = nullptr;
  std::string format_ = "text";
  std::string progress_ = "auto";
};

}  // namespace

constinit const SubcommandSpec kPushCommand{
    .name = "push",
    .summary = PhraseCode::cli_push_summary,
    .footer = PhraseCode::cli_push_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<PushCommand>(app, languages);
    },
};

}  // namespace trama
