// `trama check`

#include <algorithm>
#include <iostream>

#include "cli/command_line.h"
#include "cli/load.h"
#include "mapping/expanded.h"
#include "report/diagnostics_text.h"

namespace trama {
namespace {

std::string counted(std::size_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

/// The mapping as YAML where it is right; what is told of it then goes to standard error.
int show_expanded(const CheckOptions& options) {
  const std::string& path = options.mappings.front();
  const LoadedMapping loaded = load_mapping_with_tests(path, options.root);
  (loaded.plan ? std::cerr : std::cout) << render_text(loaded.diagnostics, loaded.files);
  if (loaded.plan) std::cout << expand_mapping(path, *disk_reader(), options.root);
  const bool failed = !loaded.plan || (options.strict && !loaded.diagnostics.empty());
  return failed ? static_cast<int>(Exit::mapping) : 0;
}

}  // namespace

int check_command(const CheckOptions& options) {
  if (options.expanded) return show_expanded(options);
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::string json;
  for (const std::string& path : options.mappings) {
    const LoadedMapping loaded = load_mapping_with_tests(path, options.root);
    const auto is_error = [](const Diagnostic& d) { return severity(d.code) == Severity::error; };
    const auto wrong = static_cast<std::size_t>(
        std::count_if(loaded.diagnostics.begin(), loaded.diagnostics.end(), is_error));
    errors += wrong;
    warnings += loaded.diagnostics.size() - wrong;
    if (options.format == CheckFormat::json) {
      std::string one = render_json(loaded.diagnostics, loaded.files);
      while (!one.empty() && one.back() == '\n') one.pop_back();
      one = one.size() > 2 ? one.substr(1, one.size() - 2) : std::string();
      if (!one.empty()) json += (json.empty() ? "" : ",") + one;
      continue;
    }
    std::cout << render_text(loaded.diagnostics, loaded.files);
    if (loaded.diagnostics.empty() && !options.plan) {
      std::cout << path << ": ok, " << counted(loaded.plan->output.columns.size(), "column")
                << '\n';
    }
    if (!options.plan || !loaded.plan) continue;
    const std::string dump = loaded.plan->dump(options.column);
    if (dump.empty()) {
      std::cerr << "trama: " << path << " has no column '" << options.column << "'\n";
      return static_cast<int>(Exit::usage);
    }
    std::cout << dump;
  }
  if (options.format == CheckFormat::json) std::cout << '[' << json << "]\n";
  if (options.format == CheckFormat::text && errors + warnings > 0)
    std::cout << counted(errors, "error") << ", " << counted(warnings, "warning") << '\n';
  const bool failed = errors > 0 || (options.strict && warnings > 0);
  return failed ? static_cast<int>(Exit::mapping) : 0;
}

}  // namespace trama
