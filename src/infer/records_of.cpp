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

}  // namespace

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

}  // namespace trama
