#include "run/dump_entries.h"

#include <charconv>
#include <utility>

#include "base/phrase_codes.h"
#include "source/source.h"
#include "step/args.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::string_view kWrapper = "{\"t\":";

/// The value as the member `t` of an object: the reader takes records, which are objects.
std::string wrapped(std::string_view json) {
  std::string frame;
  frame.reserve(json.size() + kWrapper.size() + 1 + kPadding);
  frame.append(kWrapper).append(json).append("}");
  return frame;
}

}  // namespace

bool DumpEntries::read(std::string_view json) {
  std::string frame = wrapped(json);
  const std::size_t size = frame.size();
  frame.append(kPadding, ' ');
  RecordReader reader({});
  const Reason reason = reader.read({frame.data(), size});
  if (reason == Reason::repeated_key)
    return wrong({PhraseCode::table_key_twice, {reader.error_text()}});
  if (reason == Reason::too_deep) return wrong(PhraseCode::table_nested);
  if (reason != Reason::none)
    return wrong({PhraseCode::table_not_json, {phrase_of("problem", reader.error_text())}});
  return entries(reader.root().member("t", arena_)) && end();
}

Failure DumpEntries::failure(const Phrase& input, const std::string& name,
                             const std::string& path) const {
  if (bytes_ > memory_)
    return {FailureCode::table_memory,
            {input, name, path, std::to_string(memory_ >> 20U) + " MiB"}};
  return {FailureCode::table_invalid, {input, name, path, problem_}};
}

bool DumpEntries::entries(const Node& all) {
  object_ = all.kind() == JsonKind::object;
  if (!object_ && all.kind() != JsonKind::list)
    return wrong({PhraseCode::table_no_table, {phrase_of("found", describe(all.kind()))}});
  if (!object_ && !takes_list()) return false;
  number_ = 0;
  for (NodeCursor cursor(all); cursor.next();) {
    arena_.reset();
    if (++number_ > kMaxDumpTableEntries)
      return wrong({PhraseCode::table_entries, {std::to_string(kMaxDumpTableEntries)}});
    entry_key_ = object_ ? cursor.key().text(arena_) : std::string_view();
    if (!entry(cursor)) return false;
  }
  return true;
}

bool DumpEntries::text_at(Node node, const KeyPath& path, std::string& out) {
  for (const std::string& key : path) {
    std::int64_t index = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    const bool place = node.kind() == JsonKind::list && error == std::errc() &&
                       end == key.data() + key.size() && index >= 0;
    node = place ? node.item(index) : node.member(key, arena_);
  }
  out.clear();
  switch (node.kind()) {
    case JsonKind::missing:
      return wrong({PhraseCode::table_no_path, {where(), joined(path)}});
    case JsonKind::list:
    case JsonKind::object: {
      Phrase kind = phrase_of("found", describe(node.kind()));
      if (path.empty()) return wrong({PhraseCode::table_entry_is, {where(), std::move(kind)}});
      return wrong({PhraseCode::table_entry_has, {where(), joined(path), std::move(kind)}});
    }
    case JsonKind::null:
      return true;
    case JsonKind::text:
    case JsonKind::number:
    case JsonKind::boolean:
      out = node.text(arena_);
  }
  return true;
}

bool DumpEntries::text_of(std::string_view json, std::string& out) {
  std::string frame = wrapped(json);
  const std::size_t size = frame.size();
  frame.append(kPadding, ' ');
  RecordReader reader({});
  if (reader.read({frame.data(), size}) != Reason::none) return false;
  Arena arena;
  const Node node = reader.root().member("t", arena);
  if (node.kind() != JsonKind::text && node.kind() != JsonKind::number) return false;
  out = node.text(arena);
  return true;
}

Phrase DumpEntries::where() const {
  return object_ ? Phrase(PhraseCode::table_entry, {entry_key_})
                 : Phrase(PhraseCode::table_entry_number, {std::to_string(number_)});
}

std::string DumpEntries::joined(const KeyPath& path) {
  std::string out;
  for (const std::string& key : path) out += (out.empty() ? "" : ".") + key;
  return out;
}

}  // namespace trama
