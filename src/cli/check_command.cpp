// `trama check`

#include <algorithm>
#include <iostream>

#include "cli/command_line.h"
#include "cli/load.h"
#include "json/json_text.h"
#include "mapping/expanded.h"
#include "report/diagnostics_text.h"
#include "report/shown_text.h"

namespace trama {
namespace {

std::string counted(std::size_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

/// The mapping as YAML where it is right; what is told of it then goes to standard error.
int show_expanded(const CheckOptions& options) {
  const std::string& path = options.mappings.front();
  const LoadedMapping loaded = load_mapping_with_tests(path, options.root);
  show(loaded.plan ? std::cerr : std::cout, render_text(loaded.diagnostics, loaded.files));
  if (loaded.plan) show(std::cout, expand_mapping(path, *disk_reader(), options.root));
  const bool failed = !loaded.plan || (options.strict && !loaded.diagnostics.empty());
  return failed ? static_cast<int>(Exit::mapping) : 0;
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
    errors_ += wrong;
    warnings_ += loaded.diagnostics.size() - wrong;
    const bool plan = options_.plan && loaded.plan;
    if (plan && loaded.plan->dump(options_.column).empty()) {
      show(std::cerr, "trama: " + path + " has no column '" + options_.column + "'\n");
      return false;
    }
    if (options_.format == CheckFormat::json) {
      add_json(path, loaded);
      return true;
    }
    show(std::cout, render_text(loaded.diagnostics, loaded.files));
    if (loaded.diagnostics.empty() && !options_.plan)
      show(std::cout,
           path + ": ok, " + counted(loaded.plan->output.columns.size(), "column") + "\n");
    if (plan) show(std::cout, loaded.plan->dump(options_.column));
    return true;
  }

  void end() const {
    if (options_.format == CheckFormat::json) {
      std::cout << '[' << json_ << "]\n";
    } else if (errors_ + warnings_ > 0) {
      std::cout << counted(errors_, "error") << ", " << counted(warnings_, "warning") << '\n';
    }
  }

  [[nodiscard]] bool failed() const noexcept {
    return errors_ > 0 || (options_.strict && warnings_ > 0);
  }

 private:
  /// A list of diagnostics; with --plan, a list of mappings, each with its diagnostics and its plan.
  void add_json(const std::string& path, const LoadedMapping& loaded) {
    std::string one = render_json(loaded.diagnostics, loaded.files);
    while (!one.empty() && one.back() == '\n') one.pop_back();
    if (!options_.plan) {
      one = one.size() > 2 ? one.substr(1, one.size() - 2) : std::string();
    } else {
      std::string named = "\n{\"mapping\": ";
      append_json_string(named, path);
      named += ", \"diagnostics\": " + one + ", \"plan\": " +
               (loaded.plan ? loaded.plan->dump_json(options_.column) : "null") + "}\n";
      one = json_shown(named);
    }
    if (!one.empty()) json_ += (json_.empty() ? "" : ",") + one;
  }

  const CheckOptions& options_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::string json_;
};

}  // namespace

int check_command(const CheckOptions& options) {
  if (options.expanded) return show_expanded(options);
  CheckReport report(options);
  for (const std::string& path : without_test_files(options.mappings))
    if (!report.add(path, load_mapping_with_tests(path, options.root)))
      return static_cast<int>(Exit::usage);
  report.end();
  return report.failed() ? static_cast<int>(Exit::mapping) : 0;
}

}  // namespace trama
