// `trama verify`

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/exit.h"
#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/scheme_file.h"
#include "engine/verify.h"
#include "report/diagnostics_text.h"
#include "sink/output_file.h"

namespace trama {
namespace {

constexpr std::string_view kOwnScheme = "{header: …}";
constexpr std::int64_t kUsualWindow = 300;

std::vector<std::string_view> names_of_schemes() {
  std::vector<std::string_view> names;
  for (const SchemeText& scheme : known_schemes()) names.push_back(scheme.name);
  return names;
}

std::string joined_names() {
  std::string out;
  for (const std::string_view name : names_of_schemes()) (out += out.empty() ? "" : ", ") += name;
  return out;
}

/// Whether it can be the name of a variable, and does not look like the secret itself.
bool is_variable(std::string_view name) {
  const auto begins = [](char c) { return is_letter(c) || c == '_'; };
  const auto fits = [&](char c) { return begins(c) || is_digit(c); };
  return !name.empty() && name.size() <= 64 && begins(name.front()) &&
         std::all_of(name.begin(), name.end(), fits) && !name.starts_with("whsec_");
}

class VerifyCommand final : public Subcommand {
 public:
  VerifyCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.languages = languages;
    app.add_option("SPOOL", spool_, help(PhraseCode::cli_verify_spool))->required()->type_name("");
    app.add_option("--scheme", scheme_,
                   help(PhraseCode::cli_verify_scheme, {joined_names(), kOwnScheme}))
        ->required()
        ->type_name("SCHEME");
    app.add_option("--secret-env", options_.secrets, help(PhraseCode::cli_verify_secret_env))
        ->required()
        ->type_name("NAME")
        ->one_value_each_time();
    app.add_option("--window", window_, help(PhraseCode::cli_verify_window))->type_name("TIME");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_verify_output))->type_name("FILE");
    app.add_option("--accepted", accepted_, help(PhraseCode::cli_verify_accepted_to))
        ->type_name("FILE");
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_json))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
    add_progress(app, progress_, help);
    add_memory(app, memory_, help);
  }

  Phrase check() override {
    if (Phrase problem = check_standard_input(spool_, false); !problem.empty()) return problem;
    if (Phrase problem = read_memory(memory_, options_.memory); !problem.empty()) return problem;
    if (output_ == "-" && accepted_ == "-") return PhraseCode::cli_verify_one_stdout;
    for (const std::string& name : options_.secrets) {
      if (!is_variable(name)) return PhraseCode::cli_verify_secret_name;
      if (std::count(options_.secrets.begin(), options_.secrets.end(), name) > 1)
        return {PhraseCode::cli_verify_secret_twice, {name}};
      if (variable_value(name).empty()) return {PhraseCode::cli_verify_secret_unset, {name}};
    }
    options_.window = kUsualWindow;
    if (window_ == "none")
      options_.window.reset();
    else if (!window_.empty() && !read_span(window_, options_.window.emplace()))
      return {PhraseCode::cli_bad_span, {"--window", window_}};
    return check_scheme();
  }

  int run(const std::string& /*command_line*/) override {
    const StopFlag& stop = watch_signals();
    options_.stop = &stop;
    if (known_ == nullptr) {
      SchemeFile file =
          scheme_.starts_with('{') ? read_scheme("--scheme", scheme_) : read_scheme_file(scheme_);
      show(Screen::err, render_text(file.diagnostics, file.files, languages().screen));
      if (!file.scheme) return static_cast<int>(Exit::mapping);
      return end_of(verify(*file.scheme), stop);
    }
    return end_of(verify(Scheme(*known_)), stop);
  }

 private:
  int end_of(Result<bool> holds, const StopFlag& stop) {
    if (!holds.ok()) return exit_of(holds.failure(), stop, languages().screen);
    return static_cast<int>(holds.value() ? Exit::ok : Exit::rejected);
  }

  Phrase check_scheme() {
    const std::span<const SchemeText> known = known_schemes();
    const auto found = std::find_if(known.begin(), known.end(),
                                    [this](const SchemeText& one) { return one.name == scheme_; });
    if (found != known.end()) {
      known_ = &*found;
      return check_window(Scheme(*known_));
    }
    if (scheme_.starts_with('{') || scheme_.find_first_of("./") != std::string::npos) return {};
    const std::string_view near = nearest(scheme_, names_of_schemes());
    Phrase hint = near.empty() ? Phrase(PhraseCode::possible, {joined_names()})
                               : Phrase(PhraseCode::did_you_mean, {near});
    return {PhraseCode::cli_verify_no_scheme, {scheme_, std::move(hint)}};
  }

  Phrase check_window(const Scheme& scheme) {
    if (scheme.signs_time()) return {};
    options_.window.reset();
    return window_.empty() ? Phrase() : Phrase(PhraseCode::cli_verify_no_window, {scheme.name()});
  }

  Result<bool> verify(const Scheme& scheme) {
    if (Phrase problem = check_window(scheme); !problem.empty())
      return Failure{FailureCode::usage, {std::move(problem)}};
    for (const std::string& name : options_.secrets) {
      std::optional<HmacKey> key = scheme.key_of(variable_value(name));
      if (!key)
        return Failure{FailureCode::usage,
                       {Phrase(PhraseCode::cli_verify_secret_form, {name, scheme.name()})}};
      options_.keys.push_back(std::move(*key));
    }
    TRAMA_TRY(options_.files, spool_files(spool_));
    return write(scheme);
  }

  Result<bool> write(const Scheme& scheme) {
    std::vector<std::string> read = options_.files;
    if (known_ == nullptr && !scheme_.starts_with('{')) read.push_back(scheme_);
    for (const std::string& file : {output_, accepted_}) TRAMA_TRY_VOID(refuse_clash(file, read));
    if (!accepted_.empty()) TRAMA_TRY_VOID(refuse_clash(accepted_, {output_}));
    std::unique_ptr<OutputFile> refused;
    std::unique_ptr<OutputFile> accepted;
    if (!output_.empty()) {
      TRAMA_TRY(refused, OutputFile::open(output_, *options_.stop));
    }
    if (!accepted_.empty()) {
      TRAMA_TRY(accepted, OutputFile::open(accepted_, *options_.stop));
    }
    options_.accepted = accepted != nullptr;
    std::optional<ProgressLine> line;
    if (wants_progress(progress_)) {
      line.emplace(languages().screen);
      options_.progress = [&line](const RunProgress& at) { line->draw(at); };
    }
    TRAMA_TRY(const VerifyReport report, verify_events(
                                             scheme, options_,
                                             [&](const RefusedEvent& event) -> Result<void> {
                                               return refused ? refused->write(refused_line(event))
                                                              : Result<void>();
                                             },
                                             [&](std::string_view event) -> Result<void> {
                                               TRAMA_TRY_VOID(accepted->write(event));
                                               return accepted->write("\n");
                                             }));
    line.reset();
    for (OutputFile* file : {refused.get(), accepted.get()})
      if (file != nullptr) TRAMA_TRY_VOID(file->publish());
    // Events may be on standard output; then the report is beside them.
    const Screen screen = output_ == "-" || accepted_ == "-" ? Screen::err : Screen::out;
    show(screen, format_ == "json" ? verify_json(report) : verify_text(report, languages().screen));
    return report.refused == 0;
  }

  VerifyOptions options_;
  std::vector<std::string> spool_;
  std::string scheme_;
  const SchemeText* known_ = nullptr;
  std::string window_;
  std::string output_;
  std::string accepted_;
  std::string format_ = "text";
  std::string progress_ = "auto";
  std::string memory_;
};

}  // namespace

constinit const SubcommandSpec kVerifyCommand{
    .name = "verify",
    .summary = PhraseCode::cli_verify_summary,
    .footer = PhraseCode::cli_verify_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<VerifyCommand>(app, languages);
    },
};

}  // namespace trama
