// EventCheck: whether a webhook event is what it claims to be: its signature, its time and its id. The
// same for events that come in (receive/) and for stored ones (engine/verify).

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/phrase.h"
#include "json/record_reader.h"
#include "signature/scheme.h"

namespace trama {

/// More bytes no id has.
constexpr std::size_t kMaxEventId = 1024;

/// Where the id of an event is: in a header, or in its body, which is JSON (id, data.id), or nowhere.
struct EventIdPlace {
  std::string header{};
  std::string field{};

  [[nodiscard]] bool is_stated() const noexcept { return !header.empty() || !field.empty(); }
};

/// As the scheme has it.
EventIdPlace id_place_of(const Scheme& scheme);

/// When an event was received.
struct EventTime {
  std::int64_t seconds = 0;  // since 1970 UTC
  std::uint32_t nanos = 0;
};

struct EventVerdict {
  Phrase refused{};        // why, of a NoticeCode; empty: it is accepted
  std::size_t secret = 0;  // that fits, of an accepted event: which of them
  std::string_view
      id{};  // that the event claims to have; lives as long as it, until the next check
};

/// One a thread.
class EventCheck {
 public:
  /// `scheme` and `keys` outlive this. `window`: seconds; nothing: any time is right.
  EventCheck(const Scheme& scheme, std::span<const HmacKey> keys, EventIdPlace id,
             std::optional<std::int64_t> window);

  /// The first reason to refuse it: its signature, its time, its id. `arena`: where the id may be.
  EventVerdict check(std::span<const EventHeader> headers, std::string_view body,
                     const EventTime& received, Arena& arena);

 private:
  /// Finds the id in a body. False: it is no JSON object.
  bool read_body(std::string_view body, Arena& arena, std::string_view& id);
  [[nodiscard]] Phrase stale_words(std::optional<std::int64_t> signed_at,
                                   const EventTime& received) const;

  SignatureCheck signature_;
  EventIdPlace id_;
  std::optional<std::int64_t> window_;
  std::vector<std::string> keys_;  // of the field
  RecordReader reader_{WantedFields()};
  std::string text_;
};

/// What an event claims, in quotes for a message.
std::string quoted_claim(std::string_view value);
/// When it was received, for a message.
std::string received_words(const EventTime& received);

}  // namespace trama
