// Pager: what is asked for first, and after each answer, what next. Nothing here asks a server: a pull
// that goes on where one was cut off shows it the stored pages again.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "http/client.h"
#include "service/page.h"
#include "pull/source_file.h"

namespace trama {

class Pager {
 public:
  /// `since`: seconds since 1970, or nothing: what has {since} is left out. Both outlive this.
  Pager(const PullSource& source, std::optional<std::int64_t> since);

  [[nodiscard]] HttpRequest first() const;

  /// What is asked for after `answer`, which `page` holds where the source looks into pages; nothing:
  /// it was the last one. page_repeated, page_shrank, page_value_wrong, graphql_errors, redirect_refused.
  Result<std::optional<HttpRequest>> next(const HttpAnswer& answer, Page& page);

  /// At the end: page_value_wrong where there were records and none had a time.
  [[nodiscard]] Result<void> check_end() const;
  /// Where the first answer said nothing of a next page, not even that there is none: a path, or the
  /// header. Else "".
  [[nodiscard]] const std::string& silent_at() const noexcept { return silent_at_; }
  /// The latest time that pages had (SinceRule::path), seconds since 1970.
  [[nodiscard]] std::optional<std::int64_t> latest() const noexcept { return latest_; }

 private:
  [[nodiscard]] HttpRequest request_of(const std::string& url) const;
  [[nodiscard]] HttpRequest with_param(const std::string& value) const;
  [[nodiscard]] std::string body_of(const std::string* cursor) const;
  [[nodiscard]] std::string filled(const std::string& text) const;
  [[nodiscard]] std::string base_url() const;
  Result<void> refuse_errors(Page& page) const;
  Result<void> note_times(Page& page);
  Result<std::optional<HttpRequest>> next_url(const std::string& base,
                                              const std::string& reference);
  Result<std::optional<HttpRequest>> next_of_list(Page& page);
  /// The text of a cursor or link; nothing: it was the last page.
  Result<std::optional<std::string>> text_at(const Path& path, Page& page, bool numbers);
  /// Whether an answer is as the first one was, but for what is at the first step of `path`.
  [[nodiscard]] bool is_like_first(const Path& path, Page& page) const;
  [[nodiscard]] Failure wrong(const Path& path, Phrase what) const;
  Result<void> note_new(const std::string& what);

  const PullSource& source_;
  std::optional<std::int64_t> since_;
  std::uint64_t pages_ = 0;
  std::uint64_t first_count_ = 0;  // items of the first page, or that each should have
  bool some_records_ = false;      // that could have a time
  bool short_page_ = false;        // a page had fewer
  std::string silent_at_;
  std::vector<std::string> first_keys_;   // of the first answer
  std::unordered_set<std::string> seen_;  // digests of cursors and links
  std::optional<std::int64_t> latest_;
};

/// How a time is asked for.
std::string written(std::int64_t seconds, SinceRule::As as);

}  // namespace trama
