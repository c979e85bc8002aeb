// `trama check`

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "json/json_text.h"
#include "mapping/expanded.h"
#include "report/diagnostics_text.h"
#include "report/more.h"
#include "text/catalogue.h"

namespace trama {
namespace {

enum class CheckFormat : std::uint8_t { text, json };

struct CheckOptions {
  std::vector<std::string> mappings;
  CheckFormat format = CheckFormat::text;
  bool strict = false;
  bool plan = false;
  bool expanded = false;
  std::string column;
  std::string root;
  std::size_t memory = kMemoryBytes;
  Languages languages;

  /// What the diagnostics are in.
  [[nodiscard]] Language language() const noexcept {
    return format == CheckFormat::json ? languages.files : languages.screen;
  }
};

/// The mapping as YAML where it is right; what is told of it then goes to standard error.
int show_expanded(const CheckOptions& options) {
  const std::string& path = options.mappings.front();
  const LoadedMapping loaded = load_mapping_with_tests(path, options.root, options.memory);
  show(loaded.plan ? Screen::err : Screen::out,
       render_text(loaded.diagnostics, loaded.files, options.language()));
  if (loaded.plan) show(Screen::out, expand_mapping(path, *disk_reader(), options.root));
  const bool failed = !loaded.plan || (options.strict && !loaded.diagnostics.empty());
  return failed ? static_cast<int>(Exit::mapping) : 0;
}

/// Errors before warnings, each by place.
void count_codes(const Diagnostics& diagnostics, CodeCounts& codes) {
  std::vector<const Diagnostic*> in_order;
  for (const Diagnostic& d : diagnostics) in_order.push_back(&d);
  const auto place = [](const Diagnostic& d) {
    return std::tuple(severity(d.code), d.span.file, d.span.line, d.span.column);
  };
  std::stable_sort(
      in_order.begin(), in_order.end(),
      [place](const Diagnostic* a, const Diagnostic* b) { return place(*a) < place(*b); });
  for (const Diagnostic* d : in_order) codes.add(name(d->code));
}

/// Diagnostics, plans and totals of all mappings as they come, in the form that is asked for.
class CheckReport {
 public:
  explicit CheckReport(const CheckOptions& options) : options_(options) {}

  /// False where --column names none.
  bool add(const std::string& path, const LoadedMapping& loaded) {
    const auto is_error = [](const Diagnostic& d) { return severity(d.code) == Severity::error; };
    const auto wrong = static_cast<std::size_t>(
        std::count_if(loaded.diagnostics.begin(), loaded.diagnostics.end(), is_error));
    count_codes(loaded.diagnostics, codes_);
    errors_ += wrong;
    warnings_ += loaded.diagnostics.size() - wrong;
    const bool plan = options_.plan && loaded.plan;
    if (plan && loaded.plan->dump(options_.column).empty()) {
      show(Screen::err, "trama: " +
                          say(options_.languages.screen,
                              Phrase(PhraseCode::cli_no_column, {path, options_.column})) +
                          "\n");
      return false;
    }
    if (options_.format == CheckFormat::json) {
      add_json(path, loaded);
      return true;
    }
    show(Screen::out, render_text(loaded.diagnostics, loaded.files, options_.language()));
    if (loaded.diagnostics.empty() && !options_.plan)
      show(Screen::out,
           counted(PhraseCode::cli_ok_columns, loaded.plan->output.columns.size(), path) + "\n");
    if (plan) show(Screen::out, loaded.plan->dump(options_.column));
    return true;
  }

  void end() const {
    if (options_.format == CheckFormat::json) {
      show(Screen::out, '[' + json_ + "]\n");
    } else if (errors_ + warnings_ > 0) {
      show(Screen::out, counted(PhraseCode::cli_errors, errors_) + ", " +
                            counted(PhraseCode::cli_warnings, warnings_) + '\n' +
                            codes_.more(options_.language()));
    }
  }

  [[nodiscard]] bool failed() const noexcept {
    return errors_ > 0 || (options_.strict && warnings_ > 0);
  }

 private:
  [[nodiscard]] std::string counted(PhraseCode code, std::size_t n, const Phrase& of = {}) const {
    return say(options_.language(), Phrase(code, {std::to_string(n), of}));
  }

  /// A list of diagnostics; with --plan, a list of mappings, each with its diagnostics and its
  /// plan.
  void add_json(const std::string& path, const LoadedMapping& loaded) {
    std::string one = render_json(loaded.diagnostics, loaded.files, options_.language());
    while (!one.empty() && one.back() == '\n') one.pop_back();
    if (!options_.plan) {
      one = one.size() > 2 ? one.substr(1, one.size() - 2) : std::string();
    } else {
      std::string named = "\n{\"mapping\": ";
      append_json_string(named, path);
      named += ", \"diagnostics\": " + one +
               ", \"plan\": " + (loaded.plan ? loaded.plan->dump_json(options_.column) : "null") +
               "}\n";
      one = json_shown(named);
    }
    if (!one.empty()) json_ += (json_.empty() ? "" : ",") + one;
  }

  const CheckOptions& options_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  CodeCounts codes_;
  std::string json_;
};

class CheckCommand final : public Subcommand {
 public:
  CheckCommand(CLI::App& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.languages = languages;
    add_mappings(app, options_.mappings, help);
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_json))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
    app.add_flag("--strict", options_.strict, help(PhraseCode::cli_strict));
    app.add_flag("--plan", options_.plan, help(PhraseCode::cli_plan));
    app.add_flag("--expanded", options_.expanded, help(PhraseCode::cli_expanded));
    app.add_option("--column", options_.column, help(PhraseCode::cli_plan_column))
        ->type_name("NAME");
    app.add_option("--root", options_.root, help(PhraseCode::cli_root))->type_name("DIR");
    add_memory(app, memory_, help);
  }

  Phrase check() override {
    options_.format = format_ == "json" ? CheckFormat::json : CheckFormat::text;
    if (Phrase problem = read_memory(memory_, options_.memory); !problem.empty()) return problem;
    if (!options_.column.empty() && !options_.plan) return PhraseCode::cli_column_needs_plan;
    if (!options_.expanded) return {};
    if (options_.format == CheckFormat::json) return PhraseCode::cli_expanded_not_json;
    if (options_.plan) return PhraseCode::cli_expanded_not_plan;
    return options_.mappings.size() > 1 ? Phrase(PhraseCode::cli_expanded_one) : Phrase();
  }

  int run(const std::string& /*command_line*/) override {
    if (options_.expanded) return show_expanded(options_);
    CheckReport report(options_);
    for (const std::string& path : without_test_files(options_.mappings))
      if (!report.add(path, load_mapping_with_tests(path, options_.root, options_.memory)))
        return static_cast<int>(Exit::usage);
    report.end();
    return report.failed() ? static_cast<int>(Exit::mapping) : 0;
  }

 private:
  CheckOptions options_;
  std::string format_ = "text";
  std::string memory_;
};

}  // namespace

constinit const SubcommandSpec kCheckCommand{
    .name = "check",
    .summary = PhraseCode::cli_check_summary,
    .footer = PhraseCode::cli_check_footer,
    .make = [](CLI::App& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<CheckCommand>(app, languages);
    },
};

}  // namespace trama
