#include "pull/run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <utility>

#include "base/folder.h"
#include "base/phrase_codes.h"
#include "base/retried.h"
#include "base/system_words.h"
#include "base/version.h"
#include "base/write_all.h"
#include "engine/spool.h"
#include "json/json_text.h"
#include "json/record_reader.h"
#include "report/json_in.h"
#include "report/json_out.h"
#include "report/shown_text.h"
#include "sink/output_file.h"
#include "value/dates.h"

namespace trama {
namespace {

constexpr mode_t kFileMode = 0666;  // less the umask
constexpr std::size_t kMostLine = std::size_t{4} << 20U;
constexpr std::size_t kWriteAtOnce = std::size_t{256} << 10U;
constexpr std::string_view kPart = ".part";
constexpr std::size_t kStamp = 16;  // characters of 20261130T220501Z

/// "20261130T220501Z"
std::string stamp_of(std::int64_t milliseconds) {
  std::string stamp = utc_second(milliseconds);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return stamp;
}

std::string file_of_page(std::size_t number) {
  char name[32];
  std::snprintf(name, sizeof(name), "%06zu.json", number);
  return name;
}

bool is_page_file(std::string_view name) {
  if (name.ends_with(kPart)) name.remove_suffix(kPart.size());
  if (!name.ends_with(".json")) return false;
  name.remove_suffix(5);
  return name.size() >= 6 && is_number(name);
}

Failure unwritable(const std::string& path, int error) {
  return {FailureCode::output_unwritable, {path, system_words(error)}};
}

/// Removes a folder of a pull, if nothing of anyone else is in it. 0 or an errno.
int remove_folder(const std::string& path) {
  std::vector<std::string> names;
  if (!names_in(path, names)) return errno;
  for (const std::string& name : names)
    if ((name == kManifest || is_page_file(name)) && ::unlink((path + '/' + name).c_str()) != 0)
      return errno;
  return ::rmdir(path.c_str()) == 0 ? 0 : errno;
}

/// The folders of pulls of a source in `folder`, with that behind their names, the oldest first.
std::vector<std::string> folders_of(const std::string& folder, const std::string& source,
                                    std::string_view ending) {
  std::vector<std::string> names;
  std::vector<std::string> found;
  if (!names_in(folder, names)) return found;
  const std::string behind = '-' + source + std::string(ending);
  for (const std::string& name : names)
    if (name.size() == kStamp + behind.size() && name.ends_with(behind) && name[8] == 'T')
      found.push_back(name);
  return found;
}

// ---- lines ----

void add_time(JsonOut& line, std::string_view name, std::int64_t milliseconds) {
  line.key(name).text(utc(milliseconds));
}
void add_seconds(JsonOut& line, std::string_view name, std::optional<std::int64_t> seconds) {
  line.key(name);
  if (seconds)
    line.text(utc_second(*seconds * 1000));
  else
    line.null();
}

std::string line_of(const PullBegin& begin) {
  JsonOut line;
  line.open('{').key("kind").text("pull").key("source").text(begin.source);
  line.key("source_sha256").text(begin.source_sha256).key("trama").text(version());
  add_time(line, "began", begin.began);
  add_seconds(line, "since", begin.since);
  return line.close('}').take();
}

std::string line_of(const PulledPage& page) {
  JsonOut line;
  line.open('{').key("kind").text("page").key("file").text(page.file);
  line.key("method").text(page.method).key("url").text(page.url).key("status").number(200);
  line.key("headers").open('{');
  std::vector<std::string> told;
  for (const HttpHeader& header : page.headers) {
    if (std::find(told.begin(), told.end(), header.name) != told.end()) continue;
    told.push_back(header.name);
    std::string value;
    for (const HttpHeader& other : page.headers)  // several are one (RFC 9110 §5.3)
      if (other.name == header.name) (value += value.empty() ? "" : ", ") += other.value;
    line.key(header.name).text(value);
  }
  line.close('}').key("request_id");
  std::string_view id = value_of(page.headers, "x-request-id");
  if (id.empty()) id = value_of(page.headers, "x-correlation-id");
  if (id.empty())
    line.null();
  else
    line.text(id);
  add_time(line, "began", page.began);
  line.key("took_ms").signed_number(page.took).key("bytes").number(page.bytes);
  line.key("sha256").text(page.sha256).key("retries").open('[');
  for (const FailedAttempt& retry : page.retries)
    line.open('{')
        .key("why")
        .text(retry.why)
        .key("waited_ms")
        .signed_number(retry.waited)
        .close('}');
  return line.close(']').close('}').take();
}

std::string line_of(const PullEnd& end) {
  JsonOut line;
  line.open('{').key("kind").text("end");
  add_time(line, "ended", end.ended);
  line.key("pages").number(end.pages).key("bytes").number(end.bytes);
  add_seconds(line, "watermark", end.watermark);
  return line.close('}').take();
}

/// One line read back.
class Line {
 public:
  /// False: it is no JSON object.
  bool read(std::string_view text) {
    arena_.reset();
    return read_report(text, kMostLine, reader_, kept_).empty();
  }
  [[nodiscard]] Node member(std::string_view name) { return reader_.root().member(name, arena_); }
  std::string text(std::string_view name) {
    const Node node = member(name);
    return node.kind() == JsonKind::text ? std::string(node.text(arena_)) : std::string();
  }
  bool number(std::string_view name, std::uint64_t& out) {
    const Node node = member(name);
    if (node.kind() != JsonKind::number) return false;
    const std::string_view digits = node.text(arena_);
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, out);
    return error == std::errc() && stop == end;
  }
  std::optional<std::int64_t> seconds(std::string_view name) {
    std::int64_t out = 0;
    if (!read_instant(text(name), out)) return std::nullopt;
    return out;
  }
  std::int64_t milliseconds(std::string_view name) {
    const std::string time = text(name);  // 2026-11-30T22:05:01.123Z
    const std::size_t point = time.find('.');
    std::int64_t ms = 0;
    if (point != std::string::npos)
      std::from_chars(time.data() + point + 1, time.data() + time.size(), ms);
    return seconds(name).value_or(0) * 1000 + ms;
  }
  HttpHeaders headers() {
    HttpHeaders out;
    const Node node = member("headers");
    if (node.kind() != JsonKind::object) return out;
    for (NodeCursor cursor(node); cursor.next();)
      out.push_back(
          {std::string(cursor.key().text(arena_)), std::string(cursor.value().text(arena_))});
    return out;
  }

 private:
  Arena arena_;
  std::string kept_;
  RecordReader reader_{WantedFields()};
};

/// False: it is not as trama writes it.
bool take_line(Line& line, Manifest& out) {
  const std::string kind = line.text("kind");
  if (kind == "pull" && !out.begin) {
    PullBegin begin{line.text("source"), line.text("source_sha256"), line.milliseconds("began"),
                    line.seconds("since")};
    if (begin.source.empty() || begin.source_sha256.empty()) return false;
    out.begin = std::move(begin);
    return true;
  }
  if (!out.begin || out.end) return false;
  if (kind == "page") {
    PulledPage page;
    page.file = line.text("file");
    page.method = line.text("method");
    page.url = line.text("url");
    page.headers = line.headers();
    page.sha256 = line.text("sha256");
    if (page.file != file_of_page(out.pages.size() + 1) || !line.number("bytes", page.bytes))
      return false;
    out.pages.push_back(std::move(page));
    return true;
  }
  PullEnd end;
  if (kind != "end" || !line.number("pages", end.pages) || !line.number("bytes", end.bytes) ||
      end.pages != out.pages.size())
    return false;
  end.watermark = line.seconds("watermark");
  out.end = end;
  return true;
}

/// Of a page that is there as its line says.
bool is_whole(const std::string& path, const PulledPage& page) {
  struct stat found{};
  return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
         static_cast<std::uint64_t>(found.st_size) == page.bytes;
}

/// The SHA-256 of a file, as a manifest has it.
std::string digest_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 digest;
  std::string block(kWriteAtOnce, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0)
    digest.add({block.data(), static_cast<std::size_t>(file.gcount())});
  std::string out;
  append_hex(out, digest.take());
  return out;
}

}  // namespace

Result<Manifest> read_manifest(const std::string& folder) {
  const std::string path = folder + '/' + std::string(kManifest);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int error = errno;
    return Failure{error == ENOENT ? FailureCode::file_missing : FailureCode::file_unreadable,
                   error == ENOENT ? std::vector<Phrase>{path}
                                   : std::vector<Phrase>{path, system_words(error)}};
  }
  Manifest manifest;
  Line line;
  std::string room(kMostLine + 1, '\0');
  std::size_t number = 0;
  const auto damaged = [&] {
    return Failure{FailureCode::pull_damaged, {path, std::to_string(number)}};
  };
  while (file.getline(room.data(), static_cast<std::streamsize>(room.size()))) {
    if (file.eof()) break;  // without a line end: it was cut off
    const std::string_view text(room.data(), static_cast<std::size_t>(file.gcount()) - 1);
    ++number;
    const std::size_t pages = manifest.pages.size();
    if (!line.read(text) || !take_line(line, manifest)) return damaged();
    manifest.end_at = manifest.whole_bytes;
    if (manifest.pages.size() > pages) manifest.pages.back().line_at = manifest.whole_bytes;
    manifest.whole_bytes += text.size() + 1;
  }
  if (!file.eof()) {  // a line has no room
    ++number;
    return damaged();
  }
  return manifest;
}

bool is_pull_folder(const std::string& path) {
  struct stat found{};
  return ::stat((path + '/' + std::string(kManifest)).c_str(), &found) == 0;
}

Result<std::vector<std::string>> pages_of_pull(const std::string& folder) {
  TRAMA_TRY(const Manifest manifest, read_manifest(folder));
  std::string name = folder;
  while (name.ends_with('/')) name.pop_back();
  if (!manifest.end || name.ends_with(kIncompleteEnding))
    return Failure{FailureCode::pull_incomplete, {folder}};
  std::vector<std::string> pages;
  for (const PulledPage& page : manifest.pages) {
    std::string path = name + '/' + page.file;
    if (!is_whole(path, page))
      return Failure{FailureCode::pull_page_changed, {path, std::to_string(page.bytes)}};
    pages.push_back(std::move(path));
  }
  return pages;
}

std::int64_t last_pull(const std::string& folder, const std::string& source) {
  const std::vector<std::string> found = folders_of(folder, source, "");
  if (found.empty()) return 0;
  std::string stamp = found.back().substr(0, kStamp);  // 20261130T220501Z
  for (const std::size_t at : {13, 11}) stamp.insert(at, ":");
  for (const std::size_t at : {6, 4}) stamp.insert(at, "-");
  std::int64_t seconds = 0;
  return read_instant(stamp, seconds) ? seconds : 0;
}

// ---- one at a time ----

Result<ServiceLock> lock_folder(const std::string& folder, const std::string& source) {
  return ServiceLock::take(folder + "/." + source + "-lock",
                           {FailureCode::pull_busy, {source, folder}});
}

// ---- a pull ----

Result<RunFolder> RunFolder::open(const std::string& folder, const PullBegin& begin,
                                  std::int64_t oldest) {
  RunFolder run(folder, begin);
  const std::vector<std::string> left = folders_of(folder, begin.source, kIncompleteEnding);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::string path = folder + '/' + left[i];
    if (oldest > 0 && i + 1 == left.size()) {
      Result<Manifest> manifest = read_manifest(path);
      const PullBegin* const was =
          manifest.ok() && manifest.value().begin ? &*manifest.value().begin : nullptr;
      if (was != nullptr && was->source_sha256 == begin.source_sha256 &&
          was->since == begin.since && begin.began - was->began <= oldest &&
          !manifest.value().pages.empty()) {
        run.begin_.began = was->began;
        TRAMA_TRY_VOID(run.go_on(left[i], manifest.value()));
        return run;
      }
    }
    if (const int error = remove_folder(path); error != 0) return unwritable(path, error);
  }
  TRAMA_TRY_VOID(run.make());
  return run;
}

Result<void> RunFolder::make() {
  // Of two that begin in one second the second has a later stamp, and says truly when it began.
  const std::string behind = '-' + begin_.source;
  for (std::int64_t stamp = begin_.began;; stamp += 1000) {
    const std::string name = folder_ + '/' + stamp_of(stamp) + behind;
    struct stat there{};
    if (::lstat(name.c_str(), &there) == 0) continue;
    path_ = name + std::string(kIncompleteEnding);
    TRAMA_TRY_VOID(make_folder(path_));
    break;
  }
  const std::string path = path_ + '/' + std::string(kManifest);
  manifest_ = retried([&] {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kFileMode);
  });
  if (manifest_ < 0) return unwritable(path, errno);
  return append(line_of(begin_));
}

Result<void> RunFolder::go_on(const std::string& name, const Manifest& manifest) {
  path_ = folder_ + '/' + name;
  const std::string path = path_ + '/' + std::string(kManifest);
  manifest_ =
      retried([&] { return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW); });
  if (manifest_ < 0) return unwritable(path, errno);
  pages_ = manifest.pages;
  // A line that says the end, or of a page that is not there as it says, is taken back.
  std::uint64_t bytes = manifest.end ? manifest.end_at : manifest.whole_bytes;
  const auto bad = std::find_if(pages_.begin(), pages_.end(), [this](const PulledPage& page) {
    return !is_whole(path_of(page), page) || digest_of(path_of(page)) != page.sha256;
  });
  if (bad != pages_.end()) bytes = bad->line_at;
  pages_.erase(bad, pages_.end());
  if (retried([&] { return ::ftruncate(manifest_, static_cast<off_t>(bytes)); }) != 0)
    return unwritable(path, errno);
  // No page is there that has no line.
  std::vector<std::string> names;
  if (!names_in(path_, names)) return unwritable(path_, errno);
  for (const std::string& file : names) {
    const bool listed = std::any_of(pages_.begin(), pages_.end(),
                                    [&](const PulledPage& page) { return page.file == file; });
    const std::string stray = path_ + '/' + file;
    if (!listed && is_page_file(file) && ::unlink(stray.c_str()) != 0)
      return unwritable(stray, errno);
  }
  return {};
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : folder_(std::move(other.folder_)),
      path_(std::move(other.path_)),
      begin_(std::move(other.begin_)),
      pages_(std::move(other.pages_)),
      manifest_(std::exchange(other.manifest_, -1)),
      page_(std::exchange(other.page_, -1)),
      waiting_(std::move(other.waiting_)),
      bytes_(other.bytes_),
      digest_(std::move(other.digest_)) {}

RunFolder::~RunFolder() {
  drop_page();
  if (manifest_ >= 0) ::close(manifest_);
}

Failure RunFolder::failed(const std::string& path, int error) const {
  return unwritable(path, error);
}

Result<void> RunFolder::append(const std::string& line) {
  if (write_all(manifest_, line + '\n') && retried([&] { return ::fdatasync(manifest_); }) == 0)
    return {};
  return failed(path_ + '/' + std::string(kManifest), errno);
}

Result<void> RunFolder::begin_page() {
  const std::string path = path_ + '/' + file_of_page(pages_.size() + 1) + std::string(kPart);
  page_ = retried([&] {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  });
  if (page_ < 0) return failed(path, errno);
  return rewind_page();
}

Result<void> RunFolder::rewind_page() {
  waiting_.clear();
  digest_ = Sha256();
  if (bytes_ > 0 &&
      (retried([&] { return ::ftruncate(page_, 0); }) != 0 || ::lseek(page_, 0, SEEK_SET) != 0))
    return failed(path_, errno);
  bytes_ = 0;
  return {};
}

Result<void> RunFolder::write(std::string_view bytes) {
  digest_.add(bytes);
  bytes_ += bytes.size();
  waiting_ += bytes;
  if (waiting_.size() < kWriteAtOnce) return {};
  if (!write_all(page_, waiting_)) return failed(path_, errno);
  waiting_.clear();
  return {};
}

Result<void> RunFolder::end_page(PulledPage page) {
  page.file = file_of_page(pages_.size() + 1);
  page.bytes = bytes_;
  append_hex(page.sha256, digest_.take());
  const std::string path = path_of(page);
  const std::string part = path + std::string(kPart);
  if (!write_all(page_, waiting_) || retried([&] { return ::fsync(page_); }) != 0)
    return failed(part, errno);
  ::close(std::exchange(page_, -1));
  waiting_.clear();
  bytes_ = 0;
  if (::rename(part.c_str(), path.c_str()) != 0 || !sync_folder(path_)) return failed(path, errno);
  TRAMA_TRY_VOID(append(line_of(page)));
  pages_.push_back(std::move(page));
  return {};
}

void RunFolder::drop_page() noexcept {
  if (page_ < 0) return;
  ::close(std::exchange(page_, -1));
  ::unlink((path_ + '/' + file_of_page(pages_.size() + 1) + std::string(kPart)).c_str());
  waiting_.clear();
  bytes_ = 0;
}

Result<void> RunFolder::end(const PullEnd& end) {
  return append(line_of(end));
}

std::string RunFolder::final_path() const {
  return path_.substr(0, path_.size() - kIncompleteEnding.size());
}

Result<void> RunFolder::publish() {
  const std::string to = final_path();
  if (::rename(path_.c_str(), to.c_str()) != 0 || !sync_folder(folder_)) return failed(to, errno);
  path_ = to;
  return {};
}

void RunFolder::remove() noexcept {
  drop_page();
  (void)remove_folder(path_);
}

}  // namespace trama
