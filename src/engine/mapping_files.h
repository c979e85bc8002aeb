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

/// The same, and of folders the files of services too.
Result<std::vector<std::string>> mapping_and_service_files(const std::vector<std::string>& paths);

/// What a YAML file is by the keys at the beginning of its lines: a mapping by `mapping` or `extends`; without
/// these a service by `source` (pull/source_file), `target` (push/target_file) or `receiver`
/// (receive/receiver_file).
enum class FileKind : std::uint8_t { other, mapping, source, target, receiver };
/// A pipe is `other`: it is not to be touched.
FileKind kind_of_file(const std::string& path);

/// The same with files of tests as files of their own: what a file or a pattern names is taken as it
/// is, and a folder's mappings come with the tests beside them.
Result<std::vector<std::string>> mapping_and_test_files(const std::vector<std::string>& paths);

}  // namespace trama
