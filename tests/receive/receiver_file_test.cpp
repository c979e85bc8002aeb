// Receiver files: what is right, and each thing that is wrong with its place.

#include "receive/receiver_file.h"

#include <doctest/doctest.h>

#include <string>

#include "service/service_folder.h"
#include "text/catalogue.h"

namespace trama {
namespace {

class Folder : ServiceFolder {
 public:
  ReceiverFile read(const std::string& text) const {
    return read_receiver_file(write("r.yaml", text));
  }
};

constexpr const char* kBegin = "receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{env: A}]\n";

TEST_CASE("a receiver with all its parts") {
  Folder folder;
  const ReceiverFile file = folder.read(R"(receiver: pagos
version: 1
about: payments
scheme: standard-webhooks
secrets: [{env: HOOK_SECRET}, {env: OLD_SECRET, not_after: 2026-12-31}]
window: 2m
event_id: {body: data.id}
path: /hooks/pagos
remember: 7d
files: {every: 2s, events_at_most: 100, bytes_at_most: 1M}
limits: {bytes_at_most: 64K, per_second: 9, connections: 8, idle: 7s}
)");
  REQUIRE(file.diagnostics.empty());
  REQUIRE(file.receiver);
  const Receiver& receiver = *file.receiver;
  CHECK(receiver.name == "pagos");
  CHECK(receiver.scheme.name() == "standard-webhooks");
  REQUIRE(receiver.secrets.size() == 2);
  CHECK(receiver.secrets[0].counts_on(99'999));
  CHECK(receiver.secrets[1].variable == "OLD_SECRET");
  CHECK(receiver.secrets[1].counts_on(20'818));  // 2026-12-31
  CHECK_FALSE(receiver.secrets[1].counts_on(20'819));
  CHECK(receiver.window == 120);
  CHECK(receiver.id.field == "data.id");
  CHECK(receiver.id.header.empty());
  CHECK(receiver.path == "/hooks/pagos");
  CHECK(receiver.remember == 7 * 86'400'000LL);
  CHECK(receiver.files.every == 2'000);
  CHECK(receiver.files.events == 100);
  CHECK(receiver.files.bytes == 1'048'576);
  CHECK(receiver.limits.body_bytes == 65'536);
  CHECK(receiver.limits.per_second == 9);
  CHECK(receiver.limits.connections == 8);
  CHECK(receiver.limits.idle == 7'000);
}

TEST_CASE("a receiver that says no more than it must") {
  Folder folder;
  const ReceiverFile stripe = folder.read(kBegin);
  REQUIRE(stripe.receiver);
  CHECK(stripe.receiver->window == 300);
  CHECK(stripe.receiver->id.field == "id");
  CHECK(stripe.receiver->path == "/");
  CHECK(stripe.receiver->remember == 30 * 86'400'000LL);
  const ReceiverFile any_time = folder.read(std::string(kBegin) + "window: none\n");
  REQUIRE(any_time.receiver);
  CHECK_FALSE(any_time.receiver->window);
  const ReceiverFile github =
      folder.read("receiver: a\nversion: 1\nscheme: github\nsecrets: [{env: A}]\n");
  REQUIRE(github.receiver);
  CHECK_FALSE(github.receiver->window);
  CHECK(github.receiver->id.header == "X-GitHub-Delivery");
  const ReceiverFile own = folder.read(
      "receiver: a\nversion: 1\nsecrets: [{env: A}]\nscheme:\n  header: X-Sign\n  encoding: hex\n");
  REQUIRE(own.receiver);
  CHECK_FALSE(own.receiver->id.is_stated());
}

TEST_CASE("what is wrong in a receiver, and where") {
  Folder folder;
  struct Case {
    const char* text;  // behind kBegin, but where it begins with a receiver
    DiagnosticCode code;
    std::uint32_t line;
    std::uint32_t column;
  };
  using enum DiagnosticCode;
  constexpr Case kCases[] = {
      {"windows: 5m\n", key_unknown, 5, 1},
      {"window: soon\n", value_wrong, 5, 9},
      {"window: 0s\n", value_wrong, 5, 9},
      {"window: 1500ms\n", value_wrong, 5, 9},
      {"path: hooks\n", value_wrong, 5, 7},
      {"path: /a?b\n", value_wrong, 5, 7},
      {"path: /a%20b\n", value_wrong, 5, 7},
      {"path: /healthz\n", value_wrong, 5, 7},
      {"path: /metrics\n", value_wrong, 5, 7},
      {"remember: 9m\n", value_wrong, 5, 11},  // twice the window is 10 minutes
      {"event_id: {body: a.*}\n", value_wrong, 5, 18},
      {"files: {every: 50ms}\n", value_wrong, 5, 16},
      {"files: {events_at_most: 0}\n", value_wrong, 5, 25},
      {"files: {bytes_at_most: 1X}\n", value_wrong, 5, 24},
      {"files: {evry: 1s}\n", key_unknown, 5, 9},
      {"limits: {bytes_at_most: 8M}\n", value_wrong, 5, 25},
      {"limits: {per_second: 0}\n", value_wrong, 5, 22},
      {"limits: {connections: 20000}\n", value_wrong, 5, 23},
      {"limits: {idle: 10ms}\n", value_wrong, 5, 16},
      {"limits: {idle: 1500ms}\n", value_wrong, 5, 16},
      {"receiver: a\nversion: 2\nscheme: stripe\nsecrets: [{env: A}]\n", value_wrong, 2, 10},
      {"receiver: a b\nversion: 1\nscheme: stripe\nsecrets: [{env: A}]\n", value_wrong, 1, 11},
      {"receiver: a\nversion: 1\nscheme: strip\nsecrets: [{env: A}]\n", value_wrong, 3, 9},
      {"receiver: a\nversion: 1\nscheme: {header: X}\nsecrets: [{env: A}]\n", key_missing, 3, 9},
      {"receiver: a\nversion: 1\nscheme: stripe\n", key_missing, 1, 1},
      {"receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{env: A}, {env: A}]\n", value_wrong, 4,
       27},
      {"receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{env: \"a-b\"}]\n", value_wrong, 4, 17},
      {"receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{env: A, not_after: 2026-02-30}]\n",
       value_wrong, 4, 31},
      {"receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{env: A, not_after: 2026-02-03T00:00}]\n",
       value_wrong, 4, 31},
      {"receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{evn: A}]\n", key_unknown, 4, 12},
      {"receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{}]\n", key_missing, 4, 11},
      {"receiver: a\nversion: 1\nscheme: github\nsecrets: [{env: A}]\nwindow: 5m\n", word_no_effect,
       5, 1},
      {"receiver: a\nversion: 1\nscheme: github\nsecrets: [{env: A}]\nwindow: none\n",
       word_no_effect, 5, 1},
      {"receiver: a\nversion: 1\nscheme: {header: X, encoding: hex}\nsecrets: [{env: A}]\n"
       "remember: 1d\n",
       word_no_effect, 5, 1},
  };
  for (const Case& c : kCases) {
    const std::string text = c.text;
    const ReceiverFile file = folder.read(text.starts_with("receiver:") ? text : kBegin + text);
    INFO(text);
    CHECK_FALSE(file.receiver);
    REQUIRE(file.diagnostics.size() == 1);
    const Diagnostic& first = file.diagnostics.front();
    INFO(say(Language::en, first));
    CHECK(first.code == c.code);
    CHECK(first.span.line == c.line);
    CHECK(first.span.column == c.column);
  }
}

TEST_CASE("what is of another kind than it must be") {
  Folder folder;
  for (
      const char* const text :
      {"[]\n", "receiver: a\nversion: 1\nscheme: [stripe]\nsecrets: [{env: A}]\n",
       "receiver: a\nversion: 1\nscheme: stripe\nsecrets: {env: A}\n",
       "receiver: a\nversion: 1\nscheme: stripe\nsecrets: []\n",
       "receiver: a\nversion: 1\nscheme: stripe\nsecrets: [A]\n",
       "receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{env: A}]\nevent_id: id\n",
       "receiver: a\nversion: 1\nscheme: stripe\nsecrets: [{env: A}]\nevent_id: {header: a, body: b}\n"}) {
    const ReceiverFile file = folder.read(text);
    INFO(text);
    CHECK_FALSE(file.receiver);
    CHECK(file.diagnostics.size() == 1);
  }
  CHECK(read_receiver_file("/no/such/file").diagnostics.size() == 1);
}

}  // namespace
}  // namespace trama
