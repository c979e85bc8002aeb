// Source files: what is right, and each thing that is wrong with its place. Whole pulls: tests/pull_test.py.

#include "pull/source_file.h"

#include <doctest/doctest.h>

#include <string>

#include "service/service_folder.h"

namespace trama {
namespace {

class Folder : ServiceFolder {
 public:
  /// With a query of GraphQL beside the source.
  Folder() { write("q.graphql", "query { rooms }"); }
  SourceFile read(const std::string& text) const {
    return read_source_file(write("s.yaml", text), "");
  }
};

constexpr const char* kBegin = "source: a\nversion: 1\nrequest: {url: \"https://a.example/x\"}\n";

TEST_CASE("a source with all its parts") {
  Folder folder;
  const SourceFile file = folder.read(R"(source: hotelera-andina
version: 1
about: rooms
request:
  url: "https://api.example.com/v1/bookings"
  query: {updated_from: "{since}", page_size: 100}
  headers: {Accept: application/json}
auth: {bearer: {secret_env: ANDINA_TOKEN}}
pages: {cursor: meta.after, param: after}
since: {path: "data[*].updated_at", overlap: 5m, first: "2026-01-01T00:00:00Z", as: date}
retry: {attempts: 6, first_wait: 250ms, times: 3, at_most: 1m, jitter: 10%, budget: 1h}
rate: {per_second: 5, remaining: X-RateLimit-Remaining, reset: X-RateLimit-Reset, reset_is: epoch}
breaker: {failures: 3, within: 2m, open_for: 1d}
limits: {pages_at_most: 7, bytes_at_most: 2G, page_at_most: 1M, min_interval: 5m, connect: 2s, silence: 3s, request: 4s}
versions: {header: X-Api-Version, expect: "2"}
)");
  REQUIRE(file.diagnostics.empty());
  REQUIRE(file.source);
  const PullSource& source = *file.source;
  CHECK(source.name == "hotelera-andina");
  CHECK(source.query.size() == 2);
  CHECK(source.authorization.kind == Authorization::Kind::bearer);
  CHECK(source.authorization.secret_env == "ANDINA_TOKEN");
  CHECK(source.pages.kind == Paging::Kind::cursor);
  CHECK(source.pages.path.text == "meta.after");
  CHECK(source.since->overlap == 300'000);
  CHECK(source.since->first == 1'767'225'600);
  CHECK(source.since->as == SinceRule::As::date);
  CHECK(source.retry.attempts == 6);
  CHECK(source.retry.first_wait == 250);
  CHECK(source.retry.at_most == 60'000);
  CHECK(source.retry.jitter == 10);
  CHECK(source.retry.budget == 3'600'000);
  CHECK(source.rate.remaining == "x-ratelimit-remaining");
  CHECK(source.rate.reset_is_epoch);
  CHECK(source.breaker->open_for == 86'400'000);
  CHECK(source.limits.bytes == std::uint64_t{2} << 30U);
  CHECK(source.limits.page_bytes == 1'048'576);
  CHECK(source.version_header == "x-api-version");
  CHECK(source.looks_into_pages());
  CHECK(source.sha256.size() == 64);
}

TEST_CASE("a query of GraphQL is part of what a source is") {
  Folder folder;
  const SourceFile file = folder.read(
      std::string(kBegin) +
      "graphql: {query: q.graphql, variables: {first: 100, on: true, name: \"7\", city: Lima}, cursor: data.end}\n");
  REQUIRE(file.source);
  const GraphqlRule& graphql = *file.source->graphql;
  CHECK(graphql.query == "query { rooms }");
  REQUIRE(graphql.variables.size() == 4);
  CHECK_FALSE(graphql.variables[0].is_text);
  CHECK_FALSE(graphql.variables[1].is_text);
  CHECK(graphql.variables[2].is_text);
  CHECK(graphql.variables[3].is_text);
}

TEST_CASE("what is wrong is told at its place") {
  using enum DiagnosticCode;
  Folder folder;
  check_wrong_words(
      {{"retries: {}\n", key_unknown, 4, 1},
       {"retry: {atempts: 3}\n", key_unknown, 4, 9},
       {"retry: {attempts: 0}\n", value_wrong, 4, 19},
       {"retry: {attempts: x}\n", value_wrong, 4, 19},
       {"retry: {first_wait: 0s}\n", value_wrong, 4, 21},
       {"retry: {first_wait: 5}\n", value_wrong, 4, 21},
       {"retry: {jitter: 25}\n", value_wrong, 4, 17},
       {"retry: {jitter: 101%}\n", value_wrong, 4, 17},
       {"retry: {first_wait: 1m, at_most: 1s}\n", value_wrong, 4, 34},
       {"retry: 3\n", value_kind, 4, 8},
       {"auth: {}\n", value_kind, 4, 7},
       {"auth: {bearer: {}}\n", key_missing, 4, 16},
       {"auth: {bearer: {secret_env: sk-live-123}}\n", value_wrong, 4, 29},
       {"auth: {bearer: {secret_env: A}, basic: {user: a, secret_env: A}}\n", value_kind, 4, 7},
       {"auth: {basic: {user: \"a:b\", secret_env: A}}\n", value_wrong, 4, 22},
       {"auth: {header: {name: \"X Key\", secret_env: A}}\n", value_wrong, 4, 23},
       {"auth: {oauth2_client_credentials: {token_url: \"http://a.example/t\", client_id: c, secret_env: A}}\n",
        value_wrong, 4, 47},
       {"auth: {signed: {secret_env: A, how: md5, over: \"{secret}\", headers: {S: \"{signature}\"}}}\n",
        value_wrong, 4, 37},
       {"auth: {signed: {secret_env: A, how: sha256, over: \"{time}\", headers: {S: \"{signature}\"}}}\n",
        value_wrong, 4, 51},
       {"auth: {signed: {secret_env: A, how: sha256, over: \"{secret}{tiem}\", headers: {S: \"{signature}\"}}}\n",
        value_wrong, 4, 51},
       {"auth: {signed: {secret_env: A, how: sha256, over: \"{secret}\", headers: {S: \"{time}\"}}}\n",
        value_kind, 4, 72},
       {"pages: {}\n", value_kind, 4, 8},
       {"pages: {next: header}\n", value_wrong, 4, 15},
       {"pages: {next: link_header, path: a}\n", words_together, 4, 28},
       {"pages: {cursor: a}\n", key_missing, 4, 8},
       {"pages: {path: a, param: b}\n", word_no_effect, 4, 18},
       {"pages: {path: \"a[*].b\"}\n", value_wrong, 4, 15},
       {"pages: {offset: o}\n", key_missing, 4, 8},
       {"pages: {offset: o, size: 0}\n", value_wrong, 4, 26},
       {"since: {path: a}\n", word_no_effect, 4, 1},
       {"rate: {remaining: R}\n", needs_word, 4, 8},
       {"rate: {per_second: 0}\n", value_wrong, 4, 20},
       {"breaker: {open_for: 0m}\n", value_wrong, 4, 21},
       {"limits: {bytes_at_most: 5X}\n", value_wrong, 4, 25},
       {"limits: {page_at_most: 2G}\n", value_wrong, 4, 24},
       {"limits: {request: 400d}\n", value_wrong, 4, 19},
       {"graphql: {query: none.graphql}\n", file_unreadable, 4, 18},
       {"graphql: {query: ../../../q.graphql}\n", file_unreadable, 4, 18},
       {"graphql: {query: q.graphql, cursor_variable: a}\n", needs_word, 4, 29},
       {"versions: {header: X-V}\n", key_missing, 4, 11},
       {"source: a\nversion: 2\nrequest: {url: \"https://a.example/\"}\n", value_wrong, 2, 10},
       {"source: \"a/b\"\nversion: 1\nrequest: {url: \"https://a.example/\"}\n", value_wrong, 1, 9},
       {"source: a\nversion: 1\n", key_missing, 1, 1},
       {"source: a\nversion: 1\nrequest: {url: \"http://a.example/\"}\n", value_wrong, 3, 16},
       {"source: a\nversion: 1\nrequest: {url: \"https://u:p@a.example/\"}\n", value_wrong, 3, 16},
       {"source: a\nversion: 1\nrequest: {url: \"https://a.example/x#y\"}\n", value_wrong, 3, 16},
       {"source: a\nversion: 1\nrequest: {url: \"https://a.example/{page}\"}\n", value_wrong, 3,
        16},
       {"source: a\nversion: 1\nrequest: {url: \"https://a.example/\", query: {a: \"{since}\"}}\n",
        key_missing, 1, 1},
       {"source: a\nversion: 1\nrequest: {url: \"https://a.example/\", headers: {Host: b}}\n",
        value_wrong, 3, 48},
       {"source: a\nversion: 1\nrequest: {url: \"https://a.example/\", headers: {Authorization: b}}\n",
        value_wrong, 3, 48},
       {"source: a\nversion: 1\nrequest: {url: \"https://a.example/\", headers: {A: \"b\\r\\nC: d\"}}\n",
        value_wrong, 3, 51}},
      "source", kBegin, [&folder](const std::string& text) {
        const SourceFile file = folder.read(text);
        CHECK_FALSE(file.source);
        return file.diagnostics;
      });
}

}  // namespace
}  // namespace trama
