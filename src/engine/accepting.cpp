#include "engine/accepting.h"

#include <filesystem>
#include <system_error>

#include "base/phrase_codes.h"
#include "mapping/paths.h"
#include "sink/output_file.h"

namespace trama {

Result<void> refuse_accepting(const LoadedMapping& loaded, const std::string& path,
                              const std::string& root, const std::vector<std::string>& mappings) {
  namespace fs = std::filesystem;
  std::vector<std::string> read = mappings;
  for (const Files::File& file : loaded.files.files) read.push_back(file.name);
  std::string resolved;
  Phrase ignored;
  for (const Test& test : loaded.mapping.tests)
    if (test.given.stated() && resolve(path, test.given.text, root, resolved, ignored))
      read.push_back(resolved);
  const fs::path folder = fs::path(path).parent_path();
  for (const Test& test : loaded.mapping.tests) {
    if (!test.expect_rows.stated()) continue;
    if (!resolve(path, test.expect_rows.text, root, resolved, ignored))
      continue;  // its test says so
    const auto usage = [&](PhraseCode code) {
      return Failure{FailureCode::usage, {Phrase(code, {test.expect_rows.text})}};
    };
    std::error_code none;
    if (fs::is_symlink(fs::symlink_status(resolved, none)))
      return usage(PhraseCode::test_accept_link);
    for (const std::string& name : read)
      if (same_file(resolved, name)) return usage(PhraseCode::test_accept_of_mapping);
    std::string within;
    if (root.empty() && !resolve(path, test.expect_rows.text,
                                 folder.empty() ? "." : folder.string(), within, ignored))
      return usage(PhraseCode::test_accept_outside);
  }
  return {};
}

}  // namespace trama
