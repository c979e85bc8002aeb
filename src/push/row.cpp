#include "push/row.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/sha256.h"
#include "base/uuid.h"
#include "json/json_text.h"
#include "report/operation.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

// c1f0b0de-5f3a-4c57-9f0e-7a3d9b6e2c48, made at random once and never changed.
constexpr std::string_view kRowNamespace(
    "\xc1\xf0\xb0\xde\x5f\x3a\x4c\x57\x9f\x0e\x7a\x3d\x9b\x6e\x2c\x48", 16);

constexpr std::size_t kMostKeyBytes = 255;

std::optional<PushKind> kind_of(std::string_view operation) {
  for (std::size_t i = 0; i < kPushOperations.size(); ++i)
    if (kPushOperations[i] == operation) return static_cast<PushKind>(i);
  return std::nullopt;
}

}  // namespace

std::string PushRecord::content() const {
  std::string text = first().kind == PushKind::remove ? "delete" : "write";
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!is_repeated(i)) text += ' ' + rows[i].row_key + ' ' + sha256(rows[i].body);
  return uuid5(kRowNamespace, text);
}

Phrase PushRowReader::why(Reason reason) const {
  switch (reason) {
    case Reason::not_utf8:
      return {reason, {std::to_string(reader_.error_byte())}};
    case Reason::too_deep:
      return {reason, {std::to_string(kMaxDepth)}};
    case Reason::repeated_key:
      return {reason, {'"' + shortened(reader_.error_text()) + '"'}};
    case Reason::json_not_object:
      return {reason, {phrase_of("found", reader_.error_text())}};
    default:
      return {reason, {phrase_of("problem", reader_.error_text()), reader_.error_excerpt()}};
  }
}

Phrase PushRowReader::read(const Frame& frame, PushRow& out, std::string_view& wrong_column) {
  out = {};
  out.record = frame.number;
  out.line = frame.line;
  out.byte = frame.byte;
  out.bytes.assign(frame.data, frame.size);
  if (frame.kind == FrameKind::too_big)
    return {Reason::too_big, {grouped(frame.whole_size), grouped(kMaxRecordBytes)}};
  arena_.reset();
  if (const Reason reason = reader_.read({frame.data, frame.size}); reason != Reason::none)
    return why(reason);
  const std::pair<std::string_view, std::string*> kOwn[] = {
      {"operation", &out.operation}, {"key", &out.key}, {"idempotency_key", &out.row_key}};
  out.body = "{";
  for (NodeCursor cursor(reader_.root()); cursor.next();) {
    const std::string_view name = cursor.key().text(arena_);
    const auto* const own = std::find_if(std::begin(kOwn), std::end(kOwn),
                                         [name](const auto& one) { return one.first == name; });
    const Node value = cursor.value();
    if (own == std::end(kOwn)) {
      if (out.body.size() > 1) out.body += ',';
      (out.body += cursor.key().raw()) += ':';
      out.body += value.raw();
      continue;
    }
    if (value.kind() != JsonKind::text || value.text(arena_).empty()) {
      wrong_column = own->first;
      return {};
    }
    *own->second = value.text(arena_);
  }
  out.body += '}';
  if (out.operation.empty()) out.operation = kPushOperations.front();
  out.kind = kind_of(out.operation);
  out.is_unchanged =
      out.operation == word_of(Operation::unchanged) || out.operation == word_of(Operation::stale);
  // What a header cannot hold is told by a key that it can.
  const bool is_told = std::all_of(out.row_key.begin(), out.row_key.end(),
                                   [](char c) { return c > ' ' && c <= '~'; });
  if (out.row_key.size() > kMostKeyBytes || !is_told)
    out.row_key = uuid5(kRowNamespace, out.row_key);
  if (out.row_key.empty()) {
    std::string name = "[";
    // Whether it is sent as new or as a change, it is the same row.
    const std::string_view what = out.kind == PushKind::remove ? "delete" : "write";
    for (const std::string_view part :
         {std::string_view(target_), what, std::string_view(out.key)}) {
      append_json_string(name, part);
      name += ',';
    }
    append_json_string(name, sha256(out.body));
    out.row_key = uuid5(kRowNamespace, name + ']');
  }
  return {};
}

}  // namespace trama
