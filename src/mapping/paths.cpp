#include "mapping/paths.h"

#include <filesystem>
#include <system_error>

#include "base/phrase_codes.h"
#include "base/system_words.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

/// Whether `path` is `folder` or below it, both normal.
bool is_within(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

fs::path from_the_top(const fs::path& path) {
  std::error_code ignored;  // without a working directory the path stays as it is, and is then not
                            // within anything
  return fs::absolute(path, ignored).lexically_normal();
}

/// Where links lead; what is not there yet is what it says. Empty, and `problem`,
/// where that cannot be known.
fs::path real(const fs::path& path, Phrase& problem) {
  std::error_code failed;
  fs::path where = fs::weakly_canonical(path, failed);
  if (!failed) return where;
  problem = system_words(failed.value());
  return {};
}

/// Links may lead about within the folder that the path must not leave by its own words.
bool stays_by_links(const fs::path& target, const fs::path& folder, std::string_view root,
                    Phrase& problem) {
  const fs::path leads_to = real(from_the_top(target), problem);
  if (leads_to.empty()) return false;
  const fs::path limit = real(from_the_top(root.empty() ? folder / ".." : fs::path(root)), problem);
  if (limit.empty()) return false;
  if (is_within(leads_to, limit)) return true;
  if (!root.empty()) {
    problem = Phrase(PhraseCode::a_link_leaves_the_root, {leads_to.string(), root});
    return false;
  }
  // of a folder that is a link itself, the one above it as it is
  const fs::path own = real(from_the_top(folder), problem);
  if (own.empty()) return false;
  if (is_within(leads_to, own.parent_path())) return true;
  problem = Phrase(PhraseCode::a_link_leads_out, {leads_to.string()});
  return false;
}

}  // namespace

bool resolve(std::string_view mapping_path, std::string_view written, std::string_view root,
             std::string& resolved, Phrase& problem) {
  for (const char c : written) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) continue;
    problem = PhraseCode::the_name_of_the_file_holds_a_control;
    return false;
  }
  if (written.empty()) {
    problem = PhraseCode::the_name_of_the_file_is_empty;
    return false;
  }
  const fs::path folder = fs::path(mapping_path).parent_path();
  if (root.empty() && fs::path(written).is_absolute()) {
    problem = PhraseCode::a_path_is_relative;
    return false;
  }
  const fs::path target = (folder / fs::path(written)).lexically_normal();
  const fs::path limit = root.empty() ? folder / ".." : fs::path(root);
  if (!is_within(from_the_top(target), from_the_top(limit))) {
    problem = root.empty() ? Phrase(PhraseCode::the_path_leaves_the_folder_above)
                           : Phrase(PhraseCode::the_path_leaves_the_root, {root});
    return false;
  }
  if (!stays_by_links(target, folder, root, problem)) return false;
  resolved = target.string();
  return true;
}

std::string as_named_by(std::string_view mapping_path, std::string_view named_in,
                        std::string_view written) {
  const fs::path own = fs::path(mapping_path).parent_path().lexically_normal();
  const fs::path folder = fs::path(named_in).parent_path().lexically_normal();
  if (folder == own || written.empty() || fs::path(written).is_absolute()) {
    return std::string(written);
  }
  const fs::path target = (folder / fs::path(written)).lexically_normal();
  const fs::path seen = target.lexically_relative(own);
  if (!seen.empty()) return seen.string();
  return target.is_absolute() ? target.string() : std::string(written);
}

}  // namespace trama
