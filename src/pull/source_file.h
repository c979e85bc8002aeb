// A source: where a supplier's answers come from, and how they are asked for, as YAML. service/service_words.inc has
// its words; mappings/fetching.md tells what they mean.
//
//   source: hotelera-andina
//   version: 1
//   request: {url: "https://api.example.com/v1/bookings", query: {updated_from: "{since}"}}
//   auth: {bearer: {secret_env: ANDINA_TOKEN}}
//   pages: {next: link_header}
//   since: {path: data[*].updated_at, overlap: 5m}

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/span.h"
#include "mapping/mapping.h"
#include "service/service.h"

namespace trama {

/// Stands where the watermark goes.
constexpr std::string_view kSince = "{since}";

/// How one page leads to the next.
struct Paging {
  enum class Kind : std::uint8_t { one, link_header, url, cursor, page, offset };
  Kind kind = Kind::one;
  Path path;          // of url and cursor; of page and offset the list (none: the answer itself)
  std::string param;  // of the query, of cursor, page and offset
  std::uint64_t first = 1;  // of page
  std::uint64_t size = 0;   // of offset
};

/// From when on something is asked for.
struct SinceRule {
  enum class As : std::uint8_t { iso, date, seconds };
  Path path;                            // of the times of the records of a page
  std::int64_t overlap = 0;             // milliseconds
  std::optional<std::int64_t> first{};  // seconds since 1970, where there is no watermark yet
  As as = As::iso;
};

struct PullLimits {
  std::uint64_t pages = 10'000;
  std::uint64_t bytes = std::uint64_t{50} << 30U;
  std::uint64_t page_bytes = std::uint64_t{64} << 20U;  // of a page that is looked into
  std::int64_t min_interval = 0;                        // milliseconds
};

struct GraphqlRule {
  std::string query;  // the text of the file
  /// Names and values, these as JSON but for texts that have {since}.
  struct Variable {
    std::string name;
    std::string value;
    bool is_text = false;
  };
  std::vector<Variable> variables{};
  std::optional<Path> cursor{};
  std::string cursor_variable = "after";
};

struct PullSource : Service {
  std::string sha256;  // of what it asks for
  std::vector<std::pair<std::string, std::string>> query{};
  Paging pages{};
  std::optional<SinceRule> since{};
  PullLimits limits{};
  std::optional<GraphqlRule> graphql{};
  std::string version_header;  // in small letters; "": none is expected
  std::string version;

  /// Whether pages have numbers, and move while items come and go.
  [[nodiscard]] bool counts_pages() const noexcept {
    return pages.kind == Paging::Kind::page || pages.kind == Paging::Kind::offset;
  }
  /// Whether pages must be read, and not only stored.
  [[nodiscard]] bool looks_into_pages() const noexcept {
    return since.has_value() || graphql.has_value() || pages.kind != Paging::Kind::one;
  }
};

struct SourceFile {
  Files files{};
  Diagnostics diagnostics{};
  std::optional<PullSource> source{};  // nothing where there are errors
};

/// Reads the source at `path` and the files that it names, not outside `root` or the folder above its own.
SourceFile read_source_file(const std::string& path, const std::string& root);

}  // namespace trama
