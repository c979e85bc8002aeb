#include "infer/records_of.h"

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "profile/findings.h"

namespace trama {
namespace {

constexpr std::size_t kMaxWay = 4;

/// Of answers that wrap their data: paging, status, what was asked, tables that go with the data.
constexpr std::string_view kWrapping[] = {
    "meta",      "metadata", "links",      "link",        "paging",       "pagination", "page",
    "pages",     "limit",    "offset",     "from",        "to",           "total",      "count",
    "size",      "next",     "previous",   "prev",        "self",         "more",       "url",
    "object",    "status",   "success",    "ok",          "code",         "message",    "version",
    "timestamp", "time",     "date",       "environment", "audit",        "warnings",   "errors",
    "error",     "debug",    "request",    "id",          "dictionaries", "included",   "info",
    "elapsed",   "type",     "has",        "per",         "data",         "search",     "token",
    "server",    "duration", "warning",    "api",         "response",     "result",     "results",
    "generated", "language", "disclaimer", "license",     "copyright",    "currency",   "partner",
};

/// total_orders, current_page_number
constexpr std::string_view kCounted[] = {"total", "current", "found", "number"};
constexpr std::string_view kCounts[] = {"page",  "pages",    "count",    "records",
                                        "items", "results",  "orders",   "rows",
                                        "hits",  "bookings", "elements", "hotels"};

template <std::size_t N>
bool is_one(std::string_view word, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

/// Whether each word of a key is of a wrapping; `data` alone is what is wrapped.
bool wraps(const PathNode& member) {
  const std::vector<std::string> words = name_words(member.name);
  if (words.empty()) return false;
  const bool wrapped = words.size() == 1 && (words[0] == "data" || words[0] == "results" ||
                                             words[0] == "result" || words[0] == "response");
  if (wrapped) return false;
  if (words.size() > 1 && is_one(words[0], kCounted) && is_one(words[1], kCounts)) return true;
  return std::all_of(words.begin(), words.end(),
                     [](const std::string& word) { return is_one(word, kWrapping); });
}

bool only_objects(const PathProfile& seen) {
  return seen.of(JsonKind::object) > 0 && seen.of(JsonKind::list) == 0 &&
         seen.of(JsonKind::text) == 0 && seen.of(JsonKind::number) == 0 &&
         seen.of(JsonKind::boolean) == 0;
}

/// A list (or the like) that holds objects and nothing else.
bool lists_objects(const PathNode& node) {
  const PathProfile& seen = node.seen;
  return node.items && !node.items->is_folded() && seen.of(JsonKind::list) > 0 &&
         seen.of(JsonKind::object) == 0 && seen.of(JsonKind::text) == 0 &&
         only_objects(node.items->seen) && node.items->seen.of(JsonKind::null) == 0;
}

/// A key that is data by itself: an object with one such key would else be a record.
bool is_number_key(std::string_view key) {
  return key.size() >= 3 && std::all_of(key.begin(), key.end(), is_digit);
}

bool holds_entries(const PathNode& node) {
  return node.is_folded() && only_objects(node.entries->seen) &&
         node.entries->seen.of(JsonKind::null) == 0 && !node.entries->is_folded();
}

bool holds_objects_or_lists(const PathNode& node) {
  return node.seen.of(JsonKind::object) + node.seen.of(JsonKind::list) > 0;
}

/// The list that is called like the object that it is in, where all beside it are single values:
/// `hotels: {checkIn: …, hotels: […]}` is one answer about many hotels.
const PathNode* list_of_same_name(const PathNode& object) {
  const auto found = object.by_name.find(object.name);
  if (object.parent == nullptr || found == object.by_name.end() || !lists_objects(*found->second))
    return nullptr;
  const bool alone =
      std::none_of(object.members.begin(), object.members.end(), [&](const auto& member) {
        return member.get() != found->second && holds_objects_or_lists(*member);
      });
  return alone ? found->second : nullptr;
}

/// Of error answers, and of nothing else.
constexpr std::string_view kErrors[] = {"error",     "errors",      "errores", "fault",
                                        "exception", "excepciones", "fallo"};
constexpr std::string_view kBesideErrors[] = {
    "description", "descripcion", "detail", "details", "detalle", "title", "titulo", "reason",
    "motivo",      "mensaje",     "codigo", "estado",  "path",    "trace", "cause"};

bool is_blank(const PathNode& node) {
  const PathProfile& seen = node.seen;
  return seen.count == seen.of(JsonKind::null) + seen.empty;
}

/// Whether an error is in each of so many records.
bool always_tells(const PathNode& error, std::uint64_t records) {
  const PathProfile& seen = error.seen;
  if (seen.count - seen.of(JsonKind::null) - seen.empty != records) return false;
  if (seen.of(JsonKind::number) > 0) return false;  // how many there are
  const auto& entries = seen.values.entries();
  return seen.of(JsonKind::boolean) == 0 ||
         std::none_of(entries.begin(), entries.end(), [&seen](const ValueCounts::Entry& entry) {
           return entry.kind == JsonKind::boolean && seen.values.text(entry) == "false";
         });
}

}  // namespace

const PathNode* error_of(const PathNode& record) {
  const std::uint64_t records = record.seen.of(JsonKind::object);
  if (records == 0 || !only_objects(record.seen) || record.is_folded()) return nullptr;
  const PathNode* error = nullptr;
  for (const auto& member : record.members) {
    const std::vector<std::string> words = name_words(member->name);
    const bool one = words.size() == 1;
    if (one && is_one(words[0], kErrors) && always_tells(*member, records))
      error = member.get();
    else if (!is_blank(*member) && !wraps(*member) && !(one && is_one(words[0], kBesideErrors)))
      return nullptr;
  }
  return error;
}

RecordsOf records_of(const Profile& outline) {
  RecordsOf found;
  std::vector<const PathNode*> beside;
  std::vector<std::string> keys;
  const PathNode* at = outline.root.get();
  for (std::size_t step = 0; step <= kMaxWay; ++step) {
    if (!only_objects(at->seen)) break;
    if (holds_entries(*at)) {
      found = {keys, true, beside};
      break;
    }
    if (at->is_folded()) break;
    const PathNode* inner = nullptr;
    std::size_t inners = 0;
    for (const auto& member : at->members) {
      if (wraps(*member)) continue;
      ++inners;
      inner = member.get();
    }
    if (inners != 1) {
      inner = list_of_same_name(*at);
      inners = inner == nullptr ? 0 : 1;
    }
    if (inners != 1 || is_number_key(inner->name) || is_personal_key(inner->name)) break;
    const bool list = lists_objects(*inner);
    const bool object = only_objects(inner->seen) &&
                        (!inner->is_folded() || holds_entries(*inner)) &&
                        inner->seen.of(JsonKind::null) == 0;
    // What is not in every document is no place of records.
    if ((!list && !object) || inner->seen.count != at->seen.of(JsonKind::object)) break;
    for (const auto& member : at->members)
      if (member.get() != inner) beside.push_back(member.get());
    keys.push_back(inner->name);
    found = {keys, false, beside};
    if (list) break;
    at = inner;
  }
  return found;
}

std::optional<RecordsOf> records_at(const Profile& outline, const Path& records) {
  RecordsOf found;
  const PathNode* at = outline.root.get();
  for (const Path::Step& step : records.steps) {
    if (step.kind == Path::StepKind::entries && at->seen.of(JsonKind::object) > 0) {
      found.entries = true;
      break;
    }
    const auto inner = at->by_name.find(step.key);
    if (step.kind != Path::StepKind::key || inner == at->by_name.end()) return std::nullopt;
    for (const auto& member : at->members)
      if (member.get() != inner->second) found.beside.push_back(member.get());
    at = inner->second;
    found.keys.push_back(step.key);
  }
  if (!holds_objects_or_lists(*at)) return std::nullopt;
  return found;
}

}  // namespace trama
