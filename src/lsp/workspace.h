// Workspace: the documents that a client has open, the mappings that they are of, and what is known of these: the
// problems that `trama check` finds, the last state in which they were right, the profiles that are kept beside them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/load.h"
#include "engine/mapping_profile.h"
#include "engine/open_files.h"
#include "lsp/document.h"
#include "lsp/meaning.h"
#include "profile/recorded_profile.h"
#include "report/findings_report.h"
#include "text/language.h"

namespace trama {

/// Bytes of all open documents, and of one.
constexpr std::size_t kMaxOpenBytes = std::size_t{256} << 20U;
constexpr std::size_t kMaxDocumentBytes = std::size_t{16} << 20U;

/// The path of a `file:` URI (RFC 8089), absolute and normal; "" of any other.
std::string path_of_uri(std::string_view uri);
std::string uri_of_path(std::string_view path);

struct Document {
  std::string uri;   // as the client writes it
  std::string path;  // "": it is no file
  std::int64_t version = 0;
  DocumentText text;
  bool is_mapping = false;  // or tests of one; once it is, it stays so while it is open

  /// Of a text that is too big for a mapping that of nothing. Stays until the document is changed.
  [[nodiscard]] const MappingOutline& mapping() const;
  mutable std::unique_ptr<MappingOutline> outline{};  // made when it is asked for
};

/// A problem of `check`, at a place as LSP counts it.
struct Problem {
  Position start, end;
  Finding finding;
  bool operator==(const Problem& other) const;
};

class Workspace {
 public:
  Workspace();

  PositionEncoding encoding = PositionEncoding::utf16;
  Language language = Language::en;

  // Documents, by the URI of the client. False: too much is open, and it is none of ours.

  bool open(const std::string& uri, std::int64_t version, std::string text, bool says_mapping);
  void close(const std::string& uri);
  [[nodiscard]] Document* find(const std::string& uri);
  /// A document was changed, or files of the disk were: what is known of their mappings is old.
  bool changed(Document& document);
  void files_changed();

  // Mappings, by their paths.

  /// The mapping that a document is, or is the test of; "" where it is none.
  [[nodiscard]] std::string mapping_of(const Document& document) const;
  /// A mapping whose problems are old.
  [[nodiscard]] std::optional<std::string> waiting() const;
  void check(const std::string& mapping);
  /// The files (by their URIs) whose problems may be others since this was asked before. Of several mappings that read
  /// one file all are right where none is waiting.
  std::set<std::string> take_touched();
  /// The problems of a file, by its URI as the client knows it, of all mappings that read it.
  [[nodiscard]] std::vector<Problem> problems_of(const std::string& uri) const;
  [[nodiscard]] LoadedMapping load(const std::string& mapping);

  /// The state of a mapping that its last check found; nullptr where none could be read.
  [[nodiscard]] const LoadedMapping* last(const std::string& mapping);
  /// The last state in which it was right.
  [[nodiscard]] const LoadedMapping* last_right(const std::string& mapping);
  /// The profile that is kept beside a mapping, or nullptr.
  [[nodiscard]] const RecordedProfile* profile(const std::string& mapping);

  // Files, open or not.

  [[nodiscard]] OpenFiles& files() noexcept { return files_; }
  /// The URI of a file: that of the client where it is open.
  [[nodiscard]] std::string uri_of(const std::string& path) const;
  /// The text of a file as it is (with its mark and its line ends), or nothing and why.
  [[nodiscard]] std::optional<DocumentText> text_of(const std::string& path, Phrase& why_not);
  /// The tests beside a mapping, those that were never saved too.
  [[nodiscard]] std::vector<std::string> tests_of(const std::string& mapping) const;

 private:
  struct Known {
    bool old = true;
    std::unique_ptr<LoadedMapping> last;
    std::unique_ptr<LoadedMapping> right;                  // where `last` has no plan
    std::map<std::string, std::vector<Problem>> problems;  // by URI
    std::set<std::string> files;                           // that it reads
    std::unique_ptr<RecordedProfile> profile;
    std::string profile_state;  // of its file: size and time
  };

  [[nodiscard]] const Document* open_at(const std::string& path) const;
  void forget_unused();
  void take_problems(Known& known);

  std::map<std::string, Document> documents_;            // by URI
  std::map<std::string, std::string> uris_;              // by path
  std::map<std::string, std::unique_ptr<Known>> known_;  // by the path of the mapping
  std::set<std::string> touched_;
  std::size_t bytes_ = 0;
  OpenFiles files_;
};

}  // namespace trama
