// Target files: what is right, and each thing that is wrong with its place. Whole pushes: tests/push_test.py.

#include "push/target_file.h"

#include <doctest/doctest.h>

#include <string>

#include "service/service_folder.h"

namespace trama {
namespace {

class Folder : ServiceFolder {
 public:
  TargetFile read(const std::string& text) const {
    return read_target_file(write("t.yaml", text), "");
  }
};

constexpr const char* kBegin = "target: a\nversion: 1\nurl: \"https://a.example/x\"\n";

TEST_CASE("a target with all its parts") {
  Folder folder;
  const TargetFile file = folder.read(R"(target: crm
version: 1
about: bookings
url: "https://api.example.com/v1/bookings"
headers: {Accept: application/json}
operations:
  insert: {method: POST}
  update: {method: PATCH, url: "https://api.example.com/v1/bookings/{key}"}
  delete: {method: DELETE, url: "https://API.example.com/v1/bookings/{key}"}
key_header: Idempotency-Key
key_lives: 12h
on_unknown: {lookup: "https://api.example.com/v1/bookings/{key}"}
auth: {bearer: {secret_env: CRM_TOKEN}}
retry: {attempts: 2}
rate: {per_second: 7}
breaker: {failures: 3}
limits: {rejected_at_most: 0, connect: 2s, silence: 3s, request: 4s}
)");
  REQUIRE(file.diagnostics.empty());
  REQUIRE(file.target);
  const PushTarget& target = *file.target;
  CHECK(target.name == "crm");
  CHECK(target.operation(PushKind::insert)->url == "https://api.example.com/v1/bookings");
  CHECK(target.operation(PushKind::insert)->has_body);
  CHECK_FALSE(target.operation(PushKind::insert)->is_idempotent());
  CHECK(target.operation(PushKind::update)->needs_key());
  CHECK(target.operation(PushKind::update)->is_idempotent());
  CHECK_FALSE(target.operation(PushKind::remove)->has_body);
  CHECK(target.key_header == "Idempotency-Key");
  CHECK(target.key_lives == 43'200'000);
  CHECK(target.lookup == "https://api.example.com/v1/bookings/{key}");
  CHECK(target.authorization.secret_env == "CRM_TOKEN");
  CHECK(target.retry.attempts == 2);
  CHECK(target.rate.per_second == 7);
  CHECK(target.breaker->failures == 3);
  CHECK(target.rejected_at_most == 0);
  CHECK(target.times.request == 4'000);
}

TEST_CASE("a target says no more than where to") {
  Folder folder;
  const TargetFile file = folder.read(kBegin);
  REQUIRE(file.target);
  CHECK(file.target->operation(PushKind::insert)->method == "POST");
  CHECK_FALSE(file.target->operation(PushKind::update));
  CHECK_FALSE(file.target->operation(PushKind::remove));
  CHECK(file.target->batch == 1);
  CHECK(file.target->key_header.empty());
  CHECK(file.target->rejected_at_most == 100);
  CHECK(file.target->times.request == 300'000);
}

TEST_CASE("what is wrong is told at its place") {
  using enum DiagnosticCode;
  Folder folder;
  check_wrong_words(
      {{"key_headr: A\n", key_unknown, 4, 1},
       {"key_header: \"A B\"\n", value_wrong, 4, 13},
       {"key_lives: 1h\n", needs_word, 4, 1},
       {"key_header: A\nkey_lives: 0s\n", value_wrong, 5, 12},
       {"key_header: A\nheaders: {a: b}\n", words_together, 4, 1},
       {"headers: {Authorization: b}\n", value_wrong, 4, 11},
       {"headers: {A: \"{key}\"}\n", value_wrong, 4, 14},
       {"proxy: proxy.example\n", value_wrong, 4, 8},
       {"ca_file: none.pem\n", file_unreadable, 4, 10},
       {"operations: {}\n", value_kind, 4, 13},
       {"operations: {insrt: {method: POST}}\n", key_unknown, 4, 14},
       {"operations: {insert: {}}\n", key_missing, 4, 22},
       {"operations: {insert: {method: GET}}\n", value_wrong, 4, 31},
       {"operations: {insert: {method: post}}\n", value_wrong, 4, 31},
       {"operations: {insert: {method: POST, body: all}}\n", value_wrong, 4, 43},
       {"operations: {insert: {method: POST, url: \"https://a.example/{ky}\"}}\n", value_wrong, 4,
        42},
       {"operations: {insert: {method: POST, url: \"https://b.example/\"}}\n", value_wrong, 4, 42},
       {"operations: {insert: {method: POST, url: \"https://a.example:8443/\"}}\n", value_wrong, 4,
        42},
       {"batch: 0\n", value_wrong, 4, 8},
       {"batch: 10001\n", value_wrong, 4, 8},
       {"batch: 2\noperations: {update: {method: PUT, url: \"https://a.example/{key}\"}}\n",
        value_wrong, 5, 41},
       {"batch: 2\noperations: {delete: {method: DELETE}}\n", words_together, 5, 22},
       {"batch: 2\non_unknown: {lookup: \"https://a.example/{key}\"}\n", words_together, 5, 1},
       {"on_unknown: ask\n", value_wrong, 4, 13},
       {"on_unknown: {}\n", key_missing, 4, 13},
       {"on_unknown: {lookup: \"https://a.example/x\"}\n", value_wrong, 4, 22},
       {"on_unknown: {lookup: \"https://b.example/{key}\"}\n", value_wrong, 4, 22},
       {"on_unknown: {lookup: \"https://a.example/{key}\"}\noperations: {insert: {method: PUT}}\n",
        word_no_effect, 4, 1},
       {"limits: {pages_at_most: 1}\n", key_unknown, 4, 10},
       {"retry: {attempts: 0}\n", value_wrong, 4, 19},
       {"auth: {}\n", value_kind, 4, 7},
       {"target: a\nversion: 1\n", key_missing, 1, 1},
       {"target: a\nversion: 2\nurl: \"https://a.example/\"\n", value_wrong, 2, 10},
       {"target: \"a/b\"\nversion: 1\nurl: \"https://a.example/\"\n", value_wrong, 1, 9},
       {"target: a\nversion: 1\nurl: \"http://a.example/\"\n", value_wrong, 3, 6},
       {"target: a\nversion: 1\nurl: \"https://{key}.example/\"\n", value_wrong, 3, 6}},
      "target", kBegin, [&folder](const std::string& text) {
        const TargetFile file = folder.read(text);
        CHECK_FALSE(file.target);
        return file.diagnostics;
      });
}

}  // namespace
}  // namespace trama
