#include "engine/event_check.h"

#include <utility>

#include "base/phrase_codes.h"
#include "report/shown_text.h"

namespace trama {
namespace {

constexpr std::size_t kShownValue = 80;  // characters of what an event claims, in a message

Phrase words_of(const SignatureVerdict& verdict) {
  using Kind = SignatureVerdict::Kind;
  switch (verdict.kind) {
    case Kind::no_header:
      return {NoticeCode::signature_missing, {verdict.header}};
    case Kind::no_part:
      return {NoticeCode::signature_part_missing, {verdict.header, verdict.value}};
    case Kind::header_twice:
      return {NoticeCode::signature_twice, {verdict.header}};
    case Kind::time_wrong:
      return {NoticeCode::signature_time_wrong, {quoted_claim(verdict.value)}};
    case Kind::id_wrong:
      return {NoticeCode::signature_id_wrong, {quoted_claim(verdict.value)}};
    case Kind::fits:
    case Kind::no_secret:
      break;
  }
  return {NoticeCode::signature_wrong, {verdict.header}};
}

}  // namespace

std::string quoted_claim(std::string_view value) {
  return '"' + shortened(value, kShownValue) + '"';
}

std::string received_words(const EventTime& received) {
  return utc(received.seconds * 1000 + received.nanos / 1'000'000);
}

EventIdPlace id_place_of(const Scheme& scheme) {
  return {scheme.id_header(), scheme.id_field()};
}

EventCheck::EventCheck(const Scheme& scheme, std::span<const HmacKey> keys, EventIdPlace id,
                       std::optional<std::int64_t> window)
    : signature_(scheme, keys), id_(std::move(id)), window_(window) {
  std::string_view field = id_.field;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = field.find('.');
    keys_.emplace_back(field.substr(0, end));
    if (end != std::string_view::npos) field.remove_prefix(end + 1);
  }
}

EventVerdict EventCheck::check(std::span<const EventHeader> headers, std::string_view body,
                               const EventTime& received, Arena& arena) {
  EventVerdict verdict;
  FoundHeader header;
  const bool body_is_read = id_.field.empty() || read_body(body, arena, verdict.id);
  if (!id_.header.empty()) {
    header = find_header(headers, id_.header);
    verdict.id = header.value;
  }
  const SignatureVerdict signature = signature_.check(headers, body);
  if (signature.kind != SignatureVerdict::Kind::fits) {
    verdict.refused = words_of(signature);
    return verdict;
  }
  verdict.secret = signature.secret;
  verdict.refused = stale_words(signature.signed_at, received);
  if (!verdict.refused.empty() || !id_.is_stated()) return verdict;
  if (!body_is_read)
    verdict.refused = Phrase(NoticeCode::event_body_not_json, {id_.field});
  else if (verdict.id.empty())
    verdict.refused = Phrase(NoticeCode::event_no_id,
                             {id_.header.empty() ? Phrase(PhraseCode::event_field, {id_.field})
                                                 : Phrase(PhraseCode::event_header, {id_.header})});
  else if (header.count > 1)
    verdict.refused = Phrase(NoticeCode::signature_twice, {id_.header});
  else if (verdict.id.size() > kMaxEventId)
    verdict.refused =
        Phrase(NoticeCode::event_id_long, {grouped(verdict.id.size()), grouped(kMaxEventId)});
  return verdict;
}

bool EventCheck::read_body(std::string_view body, Arena& arena, std::string_view& id) {
  text_ = body;
  text_.append(kReadBehind, '\0');
  if (reader_.read(std::string_view(text_).substr(0, body.size())) != Reason::none) return false;
  Node node = reader_.root();
  for (const std::string& key : keys_) node = node.member(key, arena);
  if (node.kind() == JsonKind::text || node.kind() == JsonKind::number) id = node.text(arena);
  return true;
}

/// Why the time is out of the window, or an empty phrase. Exact: 300.001 s are more than 300.
Phrase EventCheck::stale_words(std::optional<std::int64_t> signed_at,
                               const EventTime& received) const {
  if (!signed_at || !window_) return {};
  const std::int64_t late = received.seconds - *signed_at;
  const bool is_late = late > *window_ || (late == *window_ && received.nanos > 0);
  const bool is_early = -late > *window_;
  if (!is_late && !is_early) return {};
  const NoticeCode code = is_late ? NoticeCode::event_stale : NoticeCode::event_early;
  // Rounded up, so that it is seen to be more than the window.
  const std::int64_t apart = is_late ? late * 1000 + (received.nanos + 999'999) / 1'000'000
                                     : -late * 1000 - received.nanos / 1'000'000;
  std::string seconds = grouped(static_cast<std::uint64_t>(apart / 1000));
  if (apart % 1000 != 0) seconds += '.' + std::to_string(1000 + apart % 1000).substr(1);
  return {code,
          {received_words(received), utc(*signed_at * 1000), std::move(seconds),
           grouped(static_cast<std::uint64_t>(*window_))}};
}

}  // namespace trama
