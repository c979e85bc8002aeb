// A stored webhook event: what a sender sent, kept so that its signature can be checked later, and so
// that a mapping can read it (input: json_in_text: body). One JSON object:
//
//   {"received_at": "2026-11-30T03:00:00.123Z",
//    "headers": {"webhook-id": "msg_1", "accept": ["text/plain", "*/*"]},
//    "body": "{\"ref\": \"A1\"}"}
//
//   received_at   when it came, with its offset
//   headers       each a text, or a list of texts where it came several times; names count without
//                 case, and are best stored in small letters, as mappings name them
//   body          what was sent, as a JSON text: its escapes give the very bytes back
//   body_base64   instead of it, where these are not UTF-8
//
// Other members are free.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/phrase.h"
#include "engine/event_check.h"
#include "json/record.h"
#include "signature/scheme.h"

namespace trama {

/// Points into the record, the arena, and itself.
struct StoredEvent {
  EventTime received{};
  std::vector<EventHeader> headers;
  std::string_view body;
  std::string decoded;  // of body_base64
};

/// Gives what is wrong with it, or an empty phrase. `out` is used again.
Phrase read_stored_event(const Node& record, Arena& arena, StoredEvent& out);

}  // namespace trama
