// A target: where rows are sent, and how, as YAML. service/service_words.inc has its words; mappings/sending.md
// tells what they mean.
//
//   target: crm
//   version: 1
//   url: "https://api.example.com/v1/bookings"
//   operations: {insert: {method: POST}, update: {method: PATCH, url: "https://api.example.com/v1/bookings/{key}"}}
//   key_header: Idempotency-Key
//   auth: {bearer: {secret_env: CRM_TOKEN}}

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/span.h"
#include "mapping/mapping.h"
#include "service/service.h"

namespace trama {

/// Stands where the key of a row goes.
constexpr std::string_view kKey = "{key}";

/// What is asked for a row.
struct PushOperation {
  std::string method;
  std::string url;  // has kKey where the key goes
  bool has_body = true;

  /// Whether it may be asked again though nobody knows whether it was heard: the row is all that is to be
  /// there afterwards (RFC 9110 §9.2.2).
  [[nodiscard]] bool is_idempotent() const noexcept { return method != "POST"; }
  [[nodiscard]] bool needs_key() const noexcept { return url.find(kKey) != std::string::npos; }
};

/// Those that a target may have, in the order of kPushOperations.
enum class PushKind : std::uint8_t { insert, update, remove };
constexpr std::array<std::string_view, 3> kPushOperations = {"insert", "update", "delete"};

struct PushTarget : Service {
  std::array<std::optional<PushOperation>, kPushOperations.size()> operations{};
  std::string key_header;               // "": the server knows none
  std::int64_t key_lives = 86'400'000;  // milliseconds
  std::uint64_t batch = 1;              // rows of one request
  std::string lookup;                   // has kKey; "": what is not known stops the push
  std::uint64_t rejected_at_most = 100;

  [[nodiscard]] const std::optional<PushOperation>& operation(PushKind kind) const noexcept {
    return operations[static_cast<std::size_t>(kind)];
  }
};

struct TargetFile {
  Files files{};
  Diagnostics diagnostics{};
  std::optional<PushTarget> target{};  // nothing where there are errors
};

/// Reads the target at `path` and the files that it names, not outside `root` or the folder above its own.
TargetFile read_target_file(const std::string& path, const std::string& root);

}  // namespace trama
