#include "engine/stored_event.h"

#include <utility>

#include "base/base64.h"
#include "base/phrase_codes.h"
#include "value/dates.h"

namespace trama {
namespace {

Phrase wrong(std::string_view name, Phrase wanted) {
  return {PhraseCode::event_member_wrong, {name, std::move(wanted)}};
}

bool read_time(std::string_view text, StoredEvent& out) {
  Moment moment;
  DateTrouble trouble;
  if (!read_instant(text, out.received.seconds)) return false;
  if (read_iso(text, moment, trouble) != Reason::none) return false;
  out.received.nanos = moment.time.nanos;
  return true;
}

bool read_headers(const Node& headers, Arena& arena, StoredEvent& out) {
  if (headers.kind() != JsonKind::object) return false;
  for (NodeCursor cursor(headers); cursor.next();) {
    const std::string_view name = cursor.key().text(arena);
    const Node value = cursor.value();
    if (value.kind() == JsonKind::text) {
      out.headers.push_back({name, value.text(arena)});
      continue;
    }
    if (value.kind() != JsonKind::list) return false;
    for (NodeCursor items(value); items.next();) {
      if (items.value().kind() != JsonKind::text) return false;
      out.headers.push_back({name, items.value().text(arena)});
    }
  }
  return true;
}

}  // namespace

Phrase read_stored_event(const Node& record, Arena& arena, StoredEvent& out) {
  out.headers.clear();
  out.decoded.clear();
  const Node received = record.member("received_at", arena);
  const Node headers = record.member("headers", arena);
  const Node body = record.member("body", arena);
  const Node base64 = record.member("body_base64", arena);
  if (!received.exists()) return {PhraseCode::event_lacks, {"received_at"}};
  if (received.kind() != JsonKind::text || !read_time(received.text(arena), out))
    return wrong("received_at", PhraseCode::event_a_time);
  if (!headers.exists()) return {PhraseCode::event_lacks, {"headers"}};
  if (!read_headers(headers, arena, out)) return wrong("headers", PhraseCode::event_headers);
  if (body.exists() && base64.exists()) return PhraseCode::event_two_bodies;
  if (body.exists()) {
    if (body.kind() != JsonKind::text) return wrong("body", PhraseCode::a_text);
    out.body = body.text(arena);
    return {};
  }
  if (!base64.exists()) return {PhraseCode::event_lacks, {"body"}};
  if (base64.kind() != JsonKind::text || !append_from_base64(out.decoded, base64.text(arena)))
    return wrong("body_base64", PhraseCode::event_a_base64);
  out.body = out.decoded;
  return {};
}

}  // namespace trama
