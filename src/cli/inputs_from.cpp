#include "cli/inputs_from.h"

#include <algorithm>
#include <string_view>

#include "base/phrase_codes.h"
#include "pull/run_folder.h"
#include "source/input_files.h"

namespace trama {
namespace {

constexpr std::size_t kMaxListBytes = std::size_t{64} * 1024 * 1024;
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

Result<std::string> whole(const std::string& list, const Phrase& shown) {
  TRAMA_TRY(auto files, InputFiles::open_all({list}, {}));
  TRAMA_TRY(auto stream, files->open(0));
  std::string text;
  std::string block(std::size_t{64} * 1024, '\0');
  while (const std::size_t got = stream->read(block.data(), block.size())) {
    text.append(block, 0, got);
    if (text.size() > kMaxListBytes)
      return Failure{FailureCode::usage, {Phrase(PhraseCode::cli_list_too_big, {shown})}};
  }
  if (stream->trouble()) return *stream->trouble();
  return text;
}

}  // namespace

Result<void> read_input_names(const std::string& list, std::vector<std::string>& names) {
  const Phrase shown = shown_input(list);
  TRAMA_TRY(const std::string text, whole(list, shown));
  return append_input_names(text, shown, names);
}

Result<void> append_input_names(std::string_view text, const Phrase& shown,
                                std::vector<std::string>& names) {
  if (text.find('\0') != std::string::npos)
    return Failure{FailureCode::usage, {Phrase(PhraseCode::cli_list_zero_byte, {shown})}};
  std::string_view rest = text;
  if (rest.starts_with(kUtf8Mark)) rest.remove_prefix(kUtf8Mark.size());
  const std::size_t before = names.size();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view name = rest.substr(0, end);
    if (name.ends_with('\r')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (names.size() == before) return Failure{FailureCode::input_no_names, {shown}};
  return {};
}

Result<void> put_pages(std::vector<std::string>& inputs) {
  std::vector<std::string> all;
  for (const std::string& input : inputs) {
    if (!is_pull_folder(input)) {
      all.push_back(input);
      continue;
    }
    TRAMA_TRY(const std::vector<std::string> pages, pages_of_pull(input));
    all.insert(all.end(), pages.begin(), pages.end());
  }
  inputs = std::move(all);
  return {};
}

}  // namespace trama
