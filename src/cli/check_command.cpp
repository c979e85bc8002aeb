// `trama check`

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/report_outputs.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "engine/mapping_files.h"
#include "json/json_text.h"
#include "load/table.h"
#include "mapping/expanded.h"
#include "pull/source_file.h"
#include "push/target_file.h"
#include "receive/receiver_file.h"
#include "report/diagnostics_text.h"
#include "report/findings_report.h"
#include "report/more.h"
#include "text/catalogue.h"

namespace trama {
namespace {

struct CheckOptions {
  std::vector<std::string> mappings;
  ReportOutputs outputs;
  bool strict = false;
  bool plan = false;
  bool expanded = false;
  std::string ddl;
  std::string column;
  std::string root;
  std::size_t memory = kMemoryBytes;
  Languages languages;
};

/// The mapping as YAML where it is right; what is told of it then goes to standard error.
int show_expanded(const CheckOptions& options) {
  const std::string& path = options.mappings.front();
  const LoadedMapping loaded = load_mapping_with_tests(path, options.root, options.memory);
  show(loaded.plan ? Screen::err : Screen::out,
       render_text(loaded.diagnostics, loaded.files, options.languages.screen));
  if (loaded.plan) show(Screen::out, expand_mapping(path, *disk_reader(), options.root));
  const bool failed = !loaded.plan || (options.strict && !loaded.diagnostics.empty());
  return failed ? static_cast<int>(Exit::mapping) : 0;
}

/// The tables that databases need for the rows, as SQL.
int show_ddl(const CheckOptions& options) {
  const Sql sql = options.ddl == "sqlite"     ? Sql::sqlite
                  : options.ddl == "postgres" ? Sql::postgres
                                              : Sql::mysql;
  const std::string_view output = sql == Sql::sqlite ? "sqlite:" : "postgresql:";
  Result<std::vector<std::string>> mappings = mapping_files(options.mappings);
  if (!mappings.ok()) return exit_of(mappings.failure(), options.languages.screen);
  int exit = 0;
  for (const std::string& path : mappings.value()) {
    const LoadedMapping loaded =
        load_mapping_for(std::string(output), path, options.root, options.memory);
    show(Screen::err, render_text(loaded.diagnostics, loaded.files, options.languages.screen));
    if (!loaded.plan || (options.strict && !loaded.diagnostics.empty()))
      exit = static_cast<int>(Exit::mapping);
    if (!loaded.plan) continue;
    Result<LoadTable> table = load_table(*loaded.plan, sql);
    if (table.ok())
      show(Screen::out, ddl(table.value(), sql));
    else
      exit = exit_of(table.failure(), options.languages.screen);
  }
  return exit;
}

/// A mapping that was checked; or the file of a service, of which there is no plan.
struct Checked {
  LoadedMapping mapping;
  Phrase service{};  // that it is right; empty: it is not, or a mapping
  std::vector<std::string> files{};
};

/// `one`: what was read, where it is right.
template <typename File, typename Service>
void take_service(Checked& checked, File file, std::optional<Service> File::* one, PhraseCode ok,
                  const std::string& path) {
  if (file.*one) checked.service = {ok, {(file.*one)->name, visible(path)}};
  checked.mapping.files = std::move(file.files);
  checked.mapping.diagnostics = std::move(file.diagnostics);
}

Checked check_file(const std::string& path, const CheckOptions& options) {
  Checked checked;
  switch (kind_of_file(path)) {
    case FileKind::source:
      take_service(checked, read_source_file(path, options.root), &SourceFile::source,
                   PhraseCode::cli_ok_source, path);
      break;
    case FileKind::target:
      take_service(checked, read_target_file(path, options.root), &TargetFile::target,
                   PhraseCode::cli_ok_target, path);
      break;
    case FileKind::receiver:
      take_service(checked, read_receiver_file(path), &ReceiverFile::receiver,
                   PhraseCode::cli_ok_receiver, path);
      break;
    default:
      checked.mapping = load_mapping_with_tests(path, options.root, options.memory);
      checked.files = files_of(checked.mapping, path, options.root);
  }
  checked.files.push_back(path);
  return checked;
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

/// What is told of all mappings, as they come, in one form.
class CheckReport {
 public:
  CheckReport(const CheckOptions& options, const ReportOutput& output)
      : options_(options), output_(output), language_(output.language(options.languages)) {}

  void add(const std::string& path, const Checked& checked) {
    const LoadedMapping& loaded = checked.mapping;
    if (output_.format == "text") {
      add_text(path, checked);
    } else if (output_.format == "json") {
      add_json(path, loaded);
    } else if (output_.format == "junit") {
      add_case(path, loaded);
    } else {
      std::vector<Finding> findings = findings_of(loaded.diagnostics, loaded.files, language_);
      findings_.insert(findings_.end(), std::make_move_iterator(findings.begin()),
                       std::make_move_iterator(findings.end()));
    }
  }

  Result<void> end(std::size_t errors, std::size_t warnings, const CodeCounts& codes) {
    if (output_.format == "text" && errors + warnings > 0)
      text_ += counted(PhraseCode::cli_errors, errors) + ", " +
               counted(PhraseCode::cli_warnings, warnings) + '\n' + codes.more(language_);
    return write_report(output_, text());
  }

 private:
  [[nodiscard]] std::string text() const {
    if (output_.format == "json") return '[' + text_ + "]\n";
    if (output_.format == "github") return github_report(findings_);
    if (output_.format == "gitlab") return json_shown(gitlab_report(findings_));
    if (output_.format == "sarif") return json_shown(sarif_report(findings_, language_));
    return output_.format == "junit" ? junit_report("trama check", cases_) : text_;
  }

  [[nodiscard]] std::string counted(PhraseCode code, std::size_t n, const Phrase& of = {}) const {
    return say(language_, Phrase(code, {std::to_string(n), of}));
  }

  void add_text(const std::string& path, const Checked& checked) {
    const LoadedMapping& loaded = checked.mapping;
    text_ += render_text(loaded.diagnostics, loaded.files, language_);
    if (!checked.service.empty())
      text_ += say(language_, checked.service) + '\n';
    else if (loaded.diagnostics.empty() && !options_.plan)
      text_ +=
          counted(PhraseCode::cli_ok_columns, loaded.plan->output.columns.size(), visible(path)) +
          '\n';
    if (options_.plan && loaded.plan) text_ += loaded.plan->dump(options_.column);
  }

  /// A list of diagnostics; with --plan, a list of mappings,
  /// each with its diagnostics and its plan.
  void add_json(const std::string& path, const LoadedMapping& loaded) {
    std::string one = render_json(loaded.diagnostics, loaded.files, language_);
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
    if (!one.empty()) text_ += (text_.empty() ? "" : ",") + one;
  }

  /// A mapping is one test: its errors fail it, with --strict its warnings too.
  void add_case(const std::string& path, const LoadedMapping& loaded) {
    TestCase& one = cases_.emplace_back();
    one.group = path;
    one.name = "check";
    for (const Finding& finding : findings_of(loaded.diagnostics, loaded.files, language_)) {
      const std::string at =
          finding.file + ':' + std::to_string(finding.line) + ':' + std::to_string(finding.column);
      const bool fails = finding.is_error || options_.strict;
      if (fails && one.problems.empty()) one.at = at;
      (fails ? one.problems : one.notes)
          .push_back(at + ": " + finding.code + ": " + finding.message +
                     (finding.help.empty() ? "" : " (" + finding.help + ')'));
    }
  }

  const CheckOptions& options_;
  const ReportOutput& output_;
  const Language language_;
  std::string text_;
  std::vector<Finding> findings_;
  std::vector<TestCase> cases_;
};

int check_mappings(const CheckOptions& options) {
  Result<std::vector<std::string>> mappings = mapping_and_service_files(options.mappings);
  if (!mappings.ok()) return exit_of(mappings.failure(), options.languages.screen);
  std::vector<CheckReport> reports;
  for (const ReportOutput& output : options.outputs.all()) reports.emplace_back(options, output);
  std::size_t errors = 0;
  std::size_t warnings = 0;
  CodeCounts codes;
  std::vector<std::string> read;
  for (const std::string& path : mappings.value()) {
    const Checked checked = check_file(path, options);
    const LoadedMapping& loaded = checked.mapping;
    read.insert(read.end(), checked.files.begin(), checked.files.end());
    if (options.plan && loaded.plan && loaded.plan->dump(options.column).empty()) {
      show_line(options.languages.screen, {PhraseCode::cli_no_column, {path, options.column}});
      return static_cast<int>(Exit::usage);
    }
    const auto wrong = static_cast<std::size_t>(
        std::count_if(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                      [](const Diagnostic& d) { return severity(d.code) == Severity::error; }));
    errors += wrong;
    warnings += loaded.diagnostics.size() - wrong;
    count_codes(loaded.diagnostics, codes);
    for (CheckReport& report : reports) report.add(path, checked);
  }
  if (Result<void> may = refuse_clash(options.outputs, read); !may.ok())
    return exit_of(may.failure(), options.languages.screen);
  for (CheckReport& report : reports)
    if (Result<void> written = report.end(errors, warnings, codes); !written.ok())
      return exit_of(written.failure(), options.languages.screen);
  const bool failed = errors > 0 || (options.strict && warnings > 0);
  return failed ? static_cast<int>(Exit::mapping) : 0;
}

class CheckCommand final : public Subcommand {
 public:
  CheckCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.languages = languages;
    add_mappings(app, options_.mappings, help);
    options_.outputs.declare(app, {"text", "json", "github", "gitlab", "sarif", "junit"},
                             PhraseCode::cli_report_formats, help);
    app.add_flag("--strict", options_.strict, help(PhraseCode::cli_strict));
    app.add_flag("--plan", options_.plan, help(PhraseCode::cli_plan));
    app.add_flag("--expanded", options_.expanded, help(PhraseCode::cli_expanded));
    app.add_option("--ddl", options_.ddl, help(PhraseCode::cli_ddl))
        ->check(one_of({"sqlite", "postgres", "mysql"}, help))
        ->type_name("");
    app.add_option("--column", options_.column, help(PhraseCode::cli_plan_column))
        ->type_name("NAME");
    app.add_option("--root", options_.root, help(PhraseCode::cli_root))->type_name("DIR");
    add_memory(app, memory_, help);
  }

  Phrase check() override {
    if (Phrase problem = options_.outputs.check(); !problem.empty()) return problem;
    if (Phrase problem = read_memory(memory_, options_.memory); !problem.empty()) return problem;
    if (!options_.column.empty() && !options_.plan) return PhraseCode::cli_column_needs_plan;
    for (const ReportOutput& output : options_.outputs.all())
      if (options_.plan && output.format != "text" && output.format != "json")
        return PhraseCode::cli_plan_formats;
    if (!options_.ddl.empty()) {
      const ReportOutput& first = options_.outputs.all().front();
      if (options_.plan || options_.expanded || first.format != "text" || !first.file.empty())
        return PhraseCode::cli_ddl_alone;
    }
    if (!options_.expanded) return {};
    for (const ReportOutput& output : options_.outputs.all())
      if (output.format != "text" || !output.file.empty())
        return {PhraseCode::cli_expanded_not_format, {output.format}};
    if (options_.plan) return PhraseCode::cli_expanded_not_plan;
    return options_.mappings.size() > 1 ? Phrase(PhraseCode::cli_expanded_one) : Phrase();
  }

  int run(const std::string& /*command_line*/) override {
    if (options_.expanded) return show_expanded(options_);
    if (!options_.ddl.empty()) return show_ddl(options_);
    return check_mappings(options_);
  }

 private:
  CheckOptions options_;
  std::string memory_;
};

}  // namespace

constinit const SubcommandSpec kCheckCommand{
    .name = "check",
    .summary = PhraseCode::cli_check_summary,
    .footer = PhraseCode::cli_check_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<CheckCommand>(app, languages);
    },
};

}  // namespace trama
