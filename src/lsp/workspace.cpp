#include "lsp/workspace.h"

#include <sys/stat.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/ascii.h"
#include "mapping/yaml_tree.h"

namespace trama {
namespace {

constexpr std::string_view kFileScheme = "file://";

int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char small = small_letter(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// Whether a text is meant as a mapping: one of the sections that no other file has begins a line.
bool looks_like_mapping(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t at = 0; at != std::string_view::npos && at < text.size();) {
    const std::string_view line = text.substr(at);
    for (const std::string_view word : {"mapping", "extends", "columns"}) {
      const std::size_t colon = line.find_first_not_of(" \t\"'", word.size());
      if (line.starts_with(word) && colon != std::string_view::npos && line[colon] == ':')
        return true;
    }
    at = text.find('\n', at);
    if (at != std::string_view::npos) ++at;
  }
  return false;
}

/// Size and time of a file, or "".
std::string state_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  return std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
         std::to_string(status.st_mtim.tv_nsec);
}

constexpr std::string_view kTestEnding = ".test.yaml";

}  // namespace

std::string path_of_uri(std::string_view uri) {
  if (uri.size() < kFileScheme.size() ||
      !std::equal(kFileScheme.begin(), kFileScheme.end(), uri.begin(),
                  [](char a, char b) { return a == small_letter(b); }))
    return {};
  uri.remove_prefix(kFileScheme.size());
  if (uri.starts_with("localhost/")) uri.remove_prefix(9);
  if (!uri.starts_with('/')) return {};
  std::string path;
  for (std::size_t i = 0; i < uri.size() && uri[i] != '?' && uri[i] != '#'; ++i) {
    const int high = uri[i] == '%' && i + 2 < uri.size() ? hex_digit(uri[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(uri[i + 2]) : -1;
    if (low >= 0) i += 2;
    path += low >= 0 ? static_cast<char>(high * 16 + low) : uri[i];
  }
  return path.find('\0') == std::string::npos ? whole_path(path) : std::string();
}

std::string uri_of_path(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri(kFileScheme);
  for (const char c : path) {
    const bool plain = is_digit(c) || (small_letter(c) >= 'a' && small_letter(c) <= 'z') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      uri += c;
    } else {
      ((uri += '%') += kHex[byte >> 4U]) += kHex[byte & 15U];
    }
  }
  return uri;
}

const MappingOutline& Document::mapping() const {
  if (!outline)
    outline = std::make_unique<MappingOutline>(
        text.text().size() > kMaxYamlBytes ? std::string_view() : text.text());
  return *outline;
}

bool Problem::operator==(const Problem& other) const {
  const auto all = [](const Problem& p) {
    return std::tie(p.start.line, p.start.character, p.end.line, p.end.character, p.finding.code,
                    p.finding.message, p.finding.help, p.finding.is_error);
  };
  return all(*this) == all(other);
}

Workspace::Workspace()
    : files_([this](const std::string& path) -> const std::string* {
        const Document* const document = open_at(path);
        return document == nullptr ? nullptr : &document->text.text();
      }) {}

const Document* Workspace::open_at(const std::string& path) const {
  const auto uri = uris_.find(path);
  return uri == uris_.end() ? nullptr : &documents_.at(uri->second);
}

Document* Workspace::find(const std::string& uri) {
  const auto found = documents_.find(uri);
  return found == documents_.end() ? nullptr : &found->second;
}

bool Workspace::open(const std::string& uri, std::int64_t version, std::string text,
                     bool says_mapping) {
  if (find(uri) != nullptr) close(uri);
  std::string path = path_of_uri(uri);
  if (open_at(path) != nullptr) close(uris_.at(path));
  bytes_ += text.size();
  Document& document =
      documents_.emplace(uri, Document{uri, path, version, {std::move(text), encoding}, false})
          .first->second;
  document.is_mapping = says_mapping || path.ends_with(kTestEnding);
  if (!path.empty()) uris_[path] = uri;
  return changed(document);
}

void Workspace::close(const std::string& uri) {
  const auto found = documents_.find(uri);
  if (found == documents_.end()) return;
  const std::string path = found->second.path;
  bytes_ -= found->second.text.text().size();
  documents_.erase(found);
  uris_.erase(path);
  for (const auto& [mapping, known] : known_)
    if (known->files.contains(path)) known->old = true;  // it is as on the disk again
  touched_.insert(uri);
  forget_unused();
}

bool Workspace::changed(Document& document) {
  document.outline.reset();
  bytes_ = 0;
  for (const auto& [uri, one] : documents_) bytes_ += one.text.text().size();
  if (bytes_ > kMaxOpenBytes || document.text.text().size() > kMaxDocumentBytes) {
    close(std::string(document.uri));
    return false;
  }
  document.is_mapping = document.is_mapping || looks_like_mapping(document.text.text());
  const std::string mapping = mapping_of(document);
  if (!mapping.empty()) {
    auto& known = known_[mapping];
    if (!known) known = std::make_unique<Known>();
    known->old = true;
  }
  for (const auto& [other, known] : known_)
    if (known->files.contains(document.path)) known->old = true;
  return true;
}

void Workspace::files_changed() {
  for (const auto& [mapping, known] : known_) known->old = true;
}

std::string Workspace::mapping_of(const Document& document) const {
  return document.path.empty() || !document.is_mapping ? std::string()
                                                       : trama::mapping_of(document.path, files_);
}

std::optional<std::string> Workspace::waiting() const {
  for (const auto& [mapping, known] : known_)
    if (known->old) return mapping;
  return std::nullopt;
}

/// Mappings of which nothing is open any more.
void Workspace::forget_unused() {
  std::set<std::string> used;
  for (const auto& [uri, document] : documents_) used.insert(mapping_of(document));
  std::erase_if(known_, [&](const auto& one) {
    if (used.contains(one.first)) return false;
    for (const auto& [uri, problems] : one.second->problems) touched_.insert(uri);
    return true;
  });
}

void Workspace::check(const std::string& mapping) {
  forget_unused();
  const auto found = known_.find(mapping);
  if (found == known_.end()) return;
  Known& known = *found->second;
  known.old = false;
  if (known.last && known.last->plan) known.right = std::move(known.last);
  known.last = std::make_unique<LoadedMapping>(load(mapping));
  if (known.last->plan) known.right.reset();
  take_problems(known);
}

std::set<std::string> Workspace::take_touched() {
  return std::exchange(touched_, {});
}

void Workspace::take_problems(Known& known) {
  std::map<std::string, std::vector<Problem>> problems;
  const LoadedMapping& loaded = *known.last;
  std::map<std::string, DocumentText> texts;
  known.files.clear();
  for (const Files::File& file : loaded.files.files) known.files.insert(whole_path(file.name));
  for (Finding& finding : findings_of(loaded.diagnostics, loaded.files, language)) {
    const std::string path = whole_path(finding.file);
    auto text = texts.find(path);
    if (text == texts.end()) {
      Phrase ignored;
      std::optional<DocumentText> read = text_of(path, ignored);
      text = texts.emplace(path, read ? std::move(*read) : DocumentText({}, encoding)).first;
    }
    const TextRange range = text->second.range_of(
        {.file = 0, .line = finding.line, .column = finding.column, .length = finding.length});
    problems[uri_of(path)].push_back(
        {text->second.position(range.begin), text->second.position(range.end), std::move(finding)});
  }
  for (const std::string& path : known.files)
    if (open_at(path) != nullptr) touched_.insert(uri_of(path));
  for (const auto& [uri, list] : problems) touched_.insert(uri);
  for (const auto& [uri, list] : known.problems) touched_.insert(uri);
  known.problems = std::move(problems);
}

std::vector<Problem> Workspace::problems_of(const std::string& uri) const {
  std::vector<Problem> all;
  for (const auto& [mapping, known] : known_) {
    const auto found = known->problems.find(uri);
    if (found == known->problems.end()) continue;
    for (const Problem& problem : found->second)
      if (std::find(all.begin(), all.end(), problem) == all.end()) all.push_back(problem);
  }
  return all;
}

std::vector<std::string> Workspace::tests_of(const std::string& mapping) const {
  std::vector<std::string> tests = test_files_of(mapping);
  for (const auto& [path, uri] : uris_)
    if (path != mapping && path.ends_with(kTestEnding) &&
        trama::mapping_of(path, files_) == mapping &&
        std::find(tests.begin(), tests.end(), path) == tests.end())
      tests.push_back(path);
  return tests;
}

LoadedMapping Workspace::load(const std::string& mapping) {
  return load_mapping(mapping, {}, files_, tests_of(mapping));
}

const LoadedMapping* Workspace::last(const std::string& mapping) {
  const auto found = known_.find(mapping);
  if (found == known_.end()) return nullptr;
  Known& known = *found->second;
  // What is published stays old until it is checked: here only names are asked for.
  if (!known.last) known.last = std::make_unique<LoadedMapping>(load(mapping));
  return known.last.get();
}

const LoadedMapping* Workspace::last_right(const std::string& mapping) {
  const auto found = known_.find(mapping);
  if (found == known_.end()) return nullptr;
  Known& known = *found->second;
  if (known.old) {
    if (known.last && known.last->plan) known.right = std::move(known.last);
    known.last = std::make_unique<LoadedMapping>(load(mapping));
  }
  return known.last && known.last->plan ? known.last.get() : known.right.get();
}

const RecordedProfile* Workspace::profile(const std::string& mapping) {
  const auto found = known_.find(mapping);
  if (found == known_.end()) return nullptr;
  Known& known = *found->second;
  const std::string file = profile_file_of(mapping);
  const std::string state = state_of(file);
  if (state != known.profile_state) {
    known.profile.reset();
    known.profile_state = state;
    if (!state.empty())
      if (Result<RecordedProfile> read = read_profile_file(file, {}); read.ok())
        known.profile = std::make_unique<RecordedProfile>(std::move(read.value()));
  }
  return known.profile.get();
}

std::string Workspace::uri_of(const std::string& path) const {
  const auto uri = uris_.find(path);
  return uri == uris_.end() ? uri_of_path(path) : uri->second;
}

std::optional<DocumentText> Workspace::text_of(const std::string& path, Phrase& why_not) {
  std::string text;
  if (!files_.read(path, text, why_not)) return std::nullopt;
  return DocumentText(std::move(text), encoding);
}

}  // namespace trama
