// A mapping file -> everything that a host needs of it: diagnostics, the plan, what a run is told.
// Nothing is printed, and a mapping that is wrong ends nothing: it has diagnostics and no plan.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/memory.h"
#include "mapping/mapping.h"
#include "plan/compile.h"
#include "run/run.h"

namespace trama {

struct FormatSpec;

/// Errors and warnings of a mapping that are told.
constexpr std::size_t kToldDiagnostics = 1000;

struct LoadedMapping {
  Files files;
  Mapping mapping;
  Diagnostics diagnostics;
  std::unique_ptr<Plan> plan;  // null where there are errors
  RunMapping run;
};

/// Reads and compiles the mapping at `path` with the tests in it. `root`: how far the files that it
/// names may be away from it, or empty. `memory`: bytes that its tables may take. `lines`: where the
/// lines of its tables are noted, or null.
LoadedMapping load_mapping(const std::string& path, const std::string& root,
                           std::size_t memory = kMemoryBytes, TableLines* lines = nullptr);
/// The same for rows in the format that `output` says, whatever the mapping does (format_of_output()).
LoadedMapping load_mapping_for(const std::string& output, const std::string& path,
                               const std::string& root, std::size_t memory = kMemoryBytes);
/// The same, and the tests that stand beside the mapping, in `STEM.test.yaml` and
/// `STEM.*.test.yaml`.
LoadedMapping load_mapping_with_tests(const std::string& path, const std::string& root,
                                      std::size_t memory = kMemoryBytes);
/// The same over any reader of files.
LoadedMapping load_mapping(const std::string& path, const std::string& root, FileReader& reader,
                           const std::vector<std::string>& test_files = {},
                           std::size_t memory = kMemoryBytes, TableLines* lines = nullptr,
                           const FormatSpec* format = nullptr);
/// Files of the disk, up to a size that no mapping or table needs. `named`: the file that the command
/// line names, which alone may be a pipe, or "-" for standard input.
std::unique_ptr<FileReader> disk_reader(const std::string& named = {});

/// The mapping that a file of tests (`STEM.test.yaml`) stands beside, where there is one; else `path` itself.
std::string mapping_of(const std::string& path,
                       const std::function<bool(const std::string&)>& is_file);
/// The mappings among `paths` without the files of tests (`STEM.test.yaml`), which a shell's
/// `*.yaml` names too: each stands for the mapping beside it.
std::vector<std::string> without_test_files(const std::vector<std::string>& paths);
/// The files of tests beside a mapping, in the order of their names.
std::vector<std::string> test_files_of(const std::string& mapping);
/// The files that the mapping at `path` reads, and those of its tests: beside it, or named by one.
std::vector<std::string> files_of(const LoadedMapping& loaded, const std::string& path,
                                  const std::string& root);

}  // namespace trama
