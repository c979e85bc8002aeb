// Which mappings a command line names, with or without their tests: files, folders of them, patterns.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace trama {

/// The mapping files of `paths`, each once:
///
///   a file                  itself; of `STEM.test.yaml` the mapping beside it
///   a folder                every `*.yaml` and `*.yml` in it and below that has a line `mapping:` or
///                           `extends:`, in the order of their names; hidden ones and links to folders
///                           are passed over
///   a pattern (`*` `?` `[`) what it fits (POSIX glob), where no file is called so; shells that do not
///                           know patterns, and quotes, leave them to us
///
/// usage: a folder without a mapping, a pattern that fits nothing; file_unreadable: a folder of which not
/// all can be seen.
Result<std::vector<std::string>> mapping_files(const std::vector<std::string>& paths);

/// The same, and of folders the sources (pull/source_file) and receivers (receive/receiver_file) too: files
/// that have a line `source:` or `receiver:`.
Result<std::vector<std::string>> mapping_and_source_files(const std::vector<std::string>& paths);

/// Whether the file is a source: it has a line `source:`, and none `mapping:` or `extends:`. A pipe is
/// none: it is not to be touched.
bool is_source_file(const std::string& path);
/// The same of receivers, which have a line `receiver:`.
bool is_receiver_file(const std::string& path);

/// The same with files of tests as files of their own: what a file or a pattern names is taken as it
/// is, and a folder's mappings come with the tests beside them.
Result<std::vector<std::string>> mapping_and_test_files(const std::vector<std::string>& paths);

}  // namespace trama
