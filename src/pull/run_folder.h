// The folder of one pull: its pages as they came, and manifest.jsonl, a JSON object a line:
//
//   {"kind": "pull", …}   what was asked of whom, once
//   {"kind": "page", …}   of each page, once it is whole and on the disk
//   {"kind": "end", …}    there is no more
//
// It is called STAMP-SOURCE.incomplete until the last line is there. A page without its line is
// fetched again, a line without its end is not there.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"
#include "base/stop_flag.h"
#include "http/client.h"
#include "service/exchange.h"
#include "service/service_lock.h"

namespace trama {

constexpr std::string_view kManifest = "manifest.jsonl";

/// The first line.
struct PullBegin {
  std::string source;
  std::string source_sha256;
  std::int64_t began = 0;               // milliseconds since 1970 UTC
  std::optional<std::int64_t> since{};  // seconds
};

struct PulledPage {
  std::string file;
  std::string method;
  std::string url;  // without secrets
  HttpHeaders headers;
  std::int64_t began = 0;
  std::int64_t took = 0;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::vector<FailedAttempt> retries;
  std::uint64_t line_at = 0;  // where its line begins in the manifest
};

struct PullEnd {
  std::int64_t ended = 0;
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;
  std::optional<std::int64_t> watermark{};
};

/// What a manifest says, as far as it is whole.
struct Manifest {
  std::optional<PullBegin> begin{};
  std::vector<PulledPage> pages{};
  std::optional<PullEnd> end{};
  std::uint64_t whole_bytes = 0;  // of the lines that are whole
  std::uint64_t end_at = 0;       // where the last line begins
};

/// file_missing, file_unreadable; pull_damaged where a line is not as trama writes it.
Result<Manifest> read_manifest(const std::string& folder);

/// Whether `path` is the folder of a pull.
bool is_pull_folder(const std::string& path);

/// The pages of a pull, as inputs of a run. pull_incomplete where it has not come to its end, or a page is
/// not as long as its line says; what read_manifest() gives.
Result<std::vector<std::string>> pages_of_pull(const std::string& folder);

/// One pull of a source into a folder at a time. pull_busy, output_unwritable.
Result<ServiceLock> lock_folder(const std::string& folder, const std::string& source);

/// When the last pull of `source` in `folder` that came to its end began, seconds since 1970 by its name; 0:
/// there was none.
std::int64_t last_pull(const std::string& folder, const std::string& source);

class RunFolder {
 public:
  /// For who has the PullLock. Goes on with what was left of a pull that began as `begin` does, at most
  /// `oldest` milliseconds before, where there is one; what else was left incomplete is removed. output_unwritable,
  /// what read_manifest() gives.
  static Result<RunFolder> open(const std::string& folder, const PullBegin& begin,
                                std::int64_t oldest);
  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder();

  /// The pages that are there.
  [[nodiscard]] const std::vector<PulledPage>& pages() const noexcept { return pages_; }
  [[nodiscard]] const PullBegin& begin() const noexcept { return begin_; }
  [[nodiscard]] std::string path_of(const PulledPage& page) const {
    return path_ + '/' + page.file;
  }

  /// The next page: begin_page(), its bytes (from the beginning again after rewind_page()), end_page().
  Result<void> begin_page();
  Result<void> rewind_page();
  Result<void> write(std::string_view bytes);
  /// `page` has all but file, bytes and sha256.
  Result<void> end_page(PulledPage page);
  /// The page is for nothing.
  void drop_page() noexcept;

  /// The last line: there is no more.
  Result<void> end(const PullEnd& end);
  /// What publish() will call it.
  [[nodiscard]] std::string final_path() const;
  /// Gives it its name.
  Result<void> publish();
  /// Nothing is to be gone on with: the folder goes.
  void remove() noexcept;

 private:
  RunFolder(std::string folder, PullBegin begin)
      : folder_(std::move(folder)), begin_(std::move(begin)) {}
  Result<void> make();
  Result<void> go_on(const std::string& name, const Manifest& manifest);
  Result<void> append(const std::string& line);
  [[nodiscard]] Failure failed(const std::string& path, int error) const;

  std::string folder_;
  std::string path_;  // of the run, incomplete
  PullBegin begin_;
  std::vector<PulledPage> pages_;
  int manifest_ = -1;
  int page_ = -1;
  std::string waiting_;  // bytes of the page, for a larger write
  std::uint64_t bytes_ = 0;
  Sha256 digest_;
};

}  // namespace trama
