#include "profile/profile.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/keyed_hash.h"
#include "json/json_text.h"
#include "json/personal_places.h"
#include "profile/findings.h"
#include "value/code_sets.h"

namespace trama {
namespace {

/// How much of the values is kept: from level to level less, until it fits.
struct Level {
  std::size_t values;  // of each path
  int precision;       // of the estimates
};
constexpr Level kLevels[] = {{kExactValues, 12}, {500, 12}, {250, 11}, {125, 11}, {60, 10},
                             {30, 10},           {15, 9},   {8, 9},    {4, 8}};

// When an object's keys are data:
constexpr std::size_t kFewestLooking = 2;  // keys that all are numbers, days or UUIDs
constexpr std::size_t kFewestCodes = 8;    // keys that nearly all are currencies or countries
constexpr std::size_t kFewestUnlike = 32;  // keys of which an object has few
constexpr std::size_t kVeryMany = 1000;

/// Of one more value, with what vectors keep in reserve; measure() knows better.
constexpr std::size_t kEntryBytes = 2 * sizeof(ValueCounts::Entry);

/// A key as a name of bounded length.
std::string_view name_of(std::string_view key, std::string& scratch) {
  if (key.size() <= kMaxKeyBytes) return key;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t hash = siphash({}, key);
  scratch = kept_part(key);
  scratch += "… ";
  for (int i = 0; i < 16; ++i, hash <<= 4U) scratch += kDigits[hash >> 60U];
  return scratch;
}

/// Whether nine of ten are such codes.
bool are_codes(const PathNode& object, bool (*is_one)(std::string_view) noexcept) {
  const auto codes = std::count_if(object.members.begin(), object.members.end(),
                                   [is_one](const auto& member) { return is_one(member->name); });
  return static_cast<std::size_t>(codes) * 10 >= object.members.size() * 9;
}

/// Many keys, of which an object has few: one in eight, or, where they are very many, two in five.
bool keys_are_unlike(const PathNode& object) {
  const std::uint64_t objects = object.seen.of(JsonKind::object);
  const std::size_t keys = object.members.size();
  if (keys < kFewestUnlike) return false;
  std::uint64_t together = 0;
  for (const auto& member : object.members) together += member->seen.count;
  if (together * 8 <= objects * keys) return true;
  return keys >= kVeryMany && together * 5 <= objects * keys * 2;
}

bool keys_are_data(const PathNode& object, ValueForms& forms) {
  const std::size_t keys = object.members.size();
  if (keys < kFewestLooking) return false;
  if (keys_are_unlike(object)) return true;
  const bool ids = std::all_of(
      object.members.begin(), object.members.end(),
      [&forms](const auto& member) { return is_date_or_id(forms.of_text(member->name)); });
  if (ids || keys < kFewestCodes) return ids;
  return are_codes(object, is_currency) || are_codes(object, is_country);
}

}  // namespace

std::string PathNode::path() const {
  std::string above = parent == nullptr ? std::string() : parent->path();
  switch (step) {
    case Step::record:
      return above;
    case Step::items:
      return above + "[*]";
    case Step::entries:
      return above + "{*}";
    case Step::key:
      return parent->is_folded() ? above + "{*}.$key" : "$key";
    case Step::member:
      break;
  }
  if (!above.empty()) above += '.';
  // Where a mapping reads it otherwise, in quotes, which are doubled inside (rule 4.1).
  const std::string_view shown = is_personal_key(name) ? kHidden : std::string_view(name);
  const bool plain = !shown.empty() && shown.find_first_of(".[{\"/$(") == std::string::npos;
  if (plain) return above.append(shown);
  above += '"';
  for (const char c : shown) above.append(c == '"' ? 2 : 1, c);
  return above + '"';
}

Profile::Profile() : root(std::make_unique<PathNode>(PathNode::Step::record, "", nullptr)) {}
Profile::Profile(Profile&&) noexcept = default;
Profile& Profile::operator=(Profile&&) noexcept = default;
Profile::~Profile() = default;

std::size_t Profile::values_kept_of_path() const noexcept {
  return kLevels[level_].values;
}

std::unique_ptr<PathNode> Profile::new_node(PathNode::Step step, std::string_view name,
                                            PathNode& parent) {
  ++paths_;
  auto node = std::make_unique<PathNode>(step, name, &parent);
  node->seen.values.limit(kLevels[level_].values, kLevels[level_].precision);
  return node;
}

PathNode* Profile::items(PathNode& list) {
  if (!list.items && paths_ < kMaxPaths) list.items = new_node(PathNode::Step::items, {}, list);
  return list.items.get();
}

PathNode& Profile::record_key() {
  if (!root->key) root->key = new_node(PathNode::Step::key, {}, *root);
  return *root->key;
}

PathNode* Profile::member(PathNode& object, std::string_view name) {
  const std::string_view called = name_of(name, key_text_);
  const auto known = object.by_name.find(called);
  if (known != object.by_name.end()) return known->second;
  if (paths_ >= kMaxPaths || object.path_bytes + called.size() > kMaxPathBytes) return nullptr;
  auto made = new_node(PathNode::Step::member, called, object);
  PathNode* const member = made.get();
  adopt(object, std::move(made), object.members.empty() ? nullptr : object.members.back().get());
  return member;
}

/// Takes a member in, behind another or in front.
void Profile::adopt(PathNode& into, std::unique_ptr<PathNode> member, PathNode* behind) {
  member->parent = &into;
  into.by_name.emplace(member->name, member.get());
  auto at = into.members.begin();
  if (behind != nullptr) {
    const auto found = std::find_if(into.members.rbegin(), into.members.rend(),
                                    [behind](const auto& one) { return one.get() == behind; });
    at = found.base();
  }
  into.members.insert(at, std::move(member));
}

void Profile::add_unread(UnreadRecord unread_record) {
  ++unread;
  const Reason reason = unread_record.reason;
  if (reason == Reason::json_syntax || reason == Reason::json_not_object ||
      reason == Reason::not_utf8)
    ++not_json;
  if (first_unread.size() < kKeptUnread) first_unread.push_back(std::move(unread_record));
}

bool Profile::add_value(PathNode& at, ValueForms& forms, JsonKind kind, std::string_view text,
                        std::uint64_t times) {
  PathProfile& seen = at.seen;
  const bool grouped = kind != JsonKind::boolean;
  const ValueCounts::Entry* known = seen.values.count_again(kind, text, times);
  std::uint64_t id = 0;
  if (known == nullptr) {
    id = ValueCounts::id_of(kind, text);
    known = seen.values.count(id, times);
  }
  if (known != nullptr) {
    if (grouped) seen.forms.count(known->group, times);
    return false;
  }
  std::uint8_t group = 0;
  if (grouped) {
    const FormSet set = kind == JsonKind::text ? forms.of_text(text) : forms.of_number(text);
    group = seen.forms.find(kind, set);
    seen.forms.count(group, times);
    seen.take_extremes(forms, kind, text, set);
  }
  ValueCounts::Entry& entry = seen.values.add(id, kind, text, times);
  entry.group = group;
  grew(kEntryBytes + entry.text_size);
  return true;
}

// ---- memory ----

template <typename Do>
void Profile::each(PathNode& node, const Do& act) {
  act(node);
  for (const auto& member : node.members) each(*member, act);
  for (const auto* below : {&node.items, &node.entries, &node.key})
    if (*below) each(**below, act);
}

void Profile::grew(std::size_t size) {
  value_bytes_ += size;
  const auto is_over = [this](std::size_t most) {
    return value_bytes_ + paths_ * kPathBytes > most && level_ + 1 < std::size(kLevels);
  };
  if (!is_over(kMaxProfileBytes)) return;
  measure();  // what was cut away since is no longer there
  // Some room is left, so that this is not measured again for every value.
  while (is_over(kMaxProfileBytes / 8 * 7)) keep_fewer();
}

void Profile::keep_fewer() {
  const Level& level = kLevels[++level_];
  each(*root, [&level](PathNode& node) { node.seen.values.limit(level.values, level.precision); });
  measure();
}

void Profile::measure() {
  value_bytes_ = 0;
  each(*root, [this](PathNode& node) { value_bytes_ += node.seen.values.bytes(); });
}

// ---- folding ----

void Profile::fold_if_data(PathNode& object, ValueForms& forms) {
  if (!object.is_folded() && keys_are_data(object, forms)) fold(object, forms);
}

/// What is known of its members goes into one path. That path and the one of the keys may be two more
/// than there is room for.
void Profile::fold(PathNode& object, ValueForms& forms) {
  if (object.is_folded()) return;
  object.entries = new_node(PathNode::Step::entries, {}, object);
  if (!object.key) object.key = new_node(PathNode::Step::key, {}, object);
  const std::vector<std::unique_ptr<PathNode>> members = std::move(object.members);
  object.members.clear();
  object.by_name.clear();
  object.first = nullptr;
  for (const auto& member : members)  // what they become takes no more paths
    each(*member, [this](PathNode& /*gone*/) { --paths_; });
  fold_members(object, members, object.seen.records, forms);
  // The record at hand has been counted among them.
  each(*object.entries, [&object](PathNode& node) { node.last_record = object.last_record; });
  object.key->last_record = object.last_record;
}

/// Members of objects of so many records become entries.
void Profile::fold_members(PathNode& object, const std::vector<std::unique_ptr<PathNode>>& members,
                           std::uint64_t of_records, ValueForms& forms) {
  PathProfile& entries = object.entries->seen;
  PathProfile& keys = object.key->seen;
  const std::uint64_t before = entries.records;
  for (const auto& member : members) {
    const std::uint64_t times = member->seen.count;
    keys.count += times;
    keys.kinds[static_cast<std::size_t>(JsonKind::text)] += times;
    if (member->name.empty())
      keys.empty += times;
    else
      add_value(*object.key, forms, JsonKind::text, member->name, times);
    merge_node(*object.entries, *member, forms);
  }
  // A record that has several of them is one; of what lies below them no more is known.
  const std::uint64_t most = std::min(entries.records, before + of_records);
  each(*object.entries,
       [most](PathNode& node) { node.seen.records = std::min(node.seen.records, most); });
  keys.records = most;
}

void Profile::take_as_lists(PathNode& node, ValueForms& forms) {
  constexpr JsonKind kNoItems[] = {JsonKind::null, JsonKind::missing, JsonKind::list};
  PathProfile& seen = node.seen;
  PathNode alone(PathNode::Step::items, {}, &node);
  PathProfile lists;
  lists.records = seen.records;
  lists.count = seen.count;
  lists.items = seen.items;
  lists.fewest_items = std::min<std::uint64_t>(seen.fewest_items, 1);
  lists.most_items = seen.most_items;
  lists.empty = seen.empty;
  for (const JsonKind kind : kNoItems) {
    const auto at = static_cast<std::size_t>(kind);
    lists.kinds[at] = seen.kinds[at];
    seen.count -= seen.kinds[at];
    seen.kinds[at] = 0;
  }
  const std::uint64_t singles = seen.count;
  lists.kinds[static_cast<std::size_t>(JsonKind::list)] += singles;
  lists.items += singles;
  seen.empty = 0;
  alone.seen = std::move(seen);
  alone.members = std::move(node.members);
  for (const auto& member : alone.members) alone.by_name.emplace(member->name, member.get());
  alone.entries = std::move(node.entries);
  alone.key = std::move(node.key);
  node.members.clear();
  node.by_name.clear();
  node.first = nullptr;
  node.seen = std::move(lists);
  merge_node(*node.items, alone, forms);
}

void Profile::finish(PathNode& node, ValueForms& forms) {
  for (const auto& member : node.members) finish(*member, forms);
  if (node.items) finish(*node.items, forms);
  if (node.entries) finish(*node.entries, forms);
  fold_if_data(node, forms);
}

void Profile::finish(ValueForms& forms) {
  finish(*root, forms);
}

// ---- merging ----

void Profile::merge(Profile& later, ValueForms& forms) {
  records += later.records;
  bytes += later.bytes;
  for (UnreadRecord& one : later.first_unread) {
    if (first_unread.size() >= kKeptUnread) break;
    first_unread.push_back(std::move(one));
  }
  unread += later.unread;
  not_json += later.not_json;
  values_beyond += later.values_beyond;
  for (SampleRecord& one : later.samples)
    if (samples.size() < samples_wanted) samples.push_back(std::move(one));
  while (level_ < later.level_) keep_fewer();
  merge_node(*root, *later.root, forms);
  measure();
  grew(0);
}

/// Joins what is known of a path and of all below it.
void Profile::merge_node(PathNode& into, PathNode& later, ValueForms& forms) {
  if (later.is_folded()) fold(into, forms);  // by the records that it had
  into.seen.merge(later.seen, examples());
  if (later.is_folded()) {
    merge_node(*into.entries, *later.entries, forms);
  }
  if (later.key) {
    if (!into.key) into.key = new_node(PathNode::Step::key, {}, into);
    merge_node(*into.key, *later.key, forms);
  }
  if (into.is_folded())
    fold_members(into, later.members, later.seen.records, forms);
  else
    merge_members(into, later, forms);
  if (!later.items) return;
  if (PathNode* const at = items(into))
    merge_node(*at, *later.items, forms);
  else
    values_beyond += later.items->seen.count;
}

/// A member that is new stands behind the one that it followed.
void Profile::merge_members(PathNode& into, PathNode& later, ValueForms& forms) {
  PathNode* before = nullptr;
  for (const auto& member : later.members) {
    const auto known = into.by_name.find(member->name);
    PathNode* at = known != into.by_name.end() ? known->second : nullptr;
    if (at == nullptr && paths_ < kMaxPaths) {
      auto made = new_node(PathNode::Step::member, member->name, into);
      at = made.get();
      adopt(into, std::move(made), before);
    }
    if (at == nullptr) {
      values_beyond += member->seen.count;
      continue;
    }
    merge_node(*at, *member, forms);
    before = at;
  }
  if (into.members.size() >= kFewestUnlike) fold_if_data(into, forms);
}

}  // namespace trama
