#include "infer/draft_builder.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "infer/builder.h"
#include "infer/names.h"

namespace trama {
namespace {

constexpr std::size_t kMaxColumns = 600;  // more are drawn together, the deepest first
constexpr std::size_t kMaxAsList = 8;     // on one path (rule 9.2)

/// A key that was too long to be kept, so that no path leads there.
bool is_cut(std::string_view name) {
  return name.size() > 20 && name.find("… ") != std::string_view::npos;
}

// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
void find_json_texts(const PathNode& node, const JsonText& at, std::vector<JsonText>& out) {
  const PathProfile& seen = node.seen;
  const bool texts_alone = seen.of(JsonKind::text) + seen.of(JsonKind::null) == seen.count;
  if (texts_alone && !at.place.empty() && looks_like_json(node)) {
    out.push_back(at);
    return;
  }
  const auto below = [&at](std::string path, std::string_view step) {
    JsonText further{std::move(path), at.place};
    further.place.emplace_back(step);
    return further;
  };
  for (const auto& member : node.members)
    if (is_usable_key(member->name))
      find_json_texts(*member, below(path_below(at.path, member->name), member->name), out);
  if (node.items && !at.place.empty())
    find_json_texts(*node.items, below(at.path + "[*]", kItems), out);
}

}  // namespace

DraftWord draft_word(std::string key, std::string yaml) {
  return {std::move(key), {std::move(yaml), {}, {}}};
}

bool has_scalars(const PathNode& node) {
  return node.seen.forms.total() + node.seen.of(JsonKind::boolean) > 0;
}

bool is_usable_key(std::string_view name) {
  const bool surrogate = name.find("\xED\xA0") != std::string_view::npos ||
                         name.find("\xED\xB0") != std::string_view::npos;
  return !is_cut(name) && !is_personal_key(name) && !surrogate &&
         name.find('\0') == std::string_view::npos;
}

bool looks_like_json(const PathNode& node) {
  const PathProfile& seen = node.seen;
  if (seen.of(JsonKind::text) == 0 || seen.values.entries().empty()) return false;
  const auto& entries = seen.values.entries();
  return std::all_of(entries.begin(), entries.end(),
                     [&seen](const ValueCounts::Entry& entry) {
                       const std::string_view text = trim(seen.values.text(entry));
                       return text.empty() || is_null_word(text) ||
                              ((text.front() == '{' || text.front() == '[') && text.size() > 1);
                     }) &&
         std::any_of(entries.begin(), entries.end(), [&seen](const ValueCounts::Entry& entry) {
           const std::string_view text = trim(seen.values.text(entry));
           return !text.empty() && !is_null_word(text);
         });
}

DraftBuilder::DraftBuilder(Profile& profile, const DraftOptions& options)
    : profile_(profile), options_(options), say_(options.language), leaves_(forms_, say_) {}

Draft DraftBuilder::build() {
  record_ = profile_.root.get();
  draft_.name = options_.name;
  std::string ignored;
  prepare(*record_, ignored, 0);
  limit_depth();
  choose_rows();
  top_columns();
  if (is_wanted()) take_wanted();
  settle_amounts();
  settle_times();
  if (!is_wanted()) name_columns(draft_.columns);
  settle_codes();
  input();
  output();
  head();
  tail();
  return std::move(draft_);
}

/// Lists that come as single values too, and words for nothing. `path`: from the record.
// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
void DraftBuilder::prepare(PathNode& node, const std::string& path, std::size_t lists_around) {
  const std::uint64_t lists = node.seen.of(JsonKind::list);
  const bool single = node.seen.of(JsonKind::object) > 0 || has_scalars(node);
  std::size_t around = lists_around;
  if (lists > 0 && single && node.items && &node != record_ && !node.is_folded() &&
      around < kMaxAsList && agrees(node)) {
    profile_.take_as_lists(node, forms_);
    as_list_.emplace_back(&node, path);
    listed_.insert(&node);
    ++around;
  }
  for (std::string& one : null_words_of(node.seen)) null_words_.insert(std::move(one));
  for (const auto& member : node.members) {
    if (!is_usable_key(member->name)) continue;
    prepare(*member, path_below(path, member->name), around);
  }
  if (node.items) prepare(*node.items, path + "[*]", around);
  if (node.entries) prepare(*node.entries, path + "{*}", around);
}

/// Whether the items of lists are what the single values are.
bool DraftBuilder::agrees(const PathNode& node) {
  const PathProfile& items = node.items->seen;
  const bool objects = node.seen.of(JsonKind::object) > 0;
  if (items.of(JsonKind::list) > 0) return false;
  const bool item_objects = items.of(JsonKind::object) > 0;
  const bool item_scalars = items.forms.total() + items.of(JsonKind::boolean) > 0;
  if (objects && has_scalars(node)) return false;
  return objects ? !item_scalars && !node.items->is_folded() : !item_objects;
}

Shape DraftBuilder::shape_of(const PathNode& node, std::size_t depth) const {
  const PathProfile& seen = node.seen;
  const bool objects = !node.members.empty() || node.is_folded();
  const bool lists = node.items != nullptr && seen.most_items > 0;
  const bool empties = seen.of(JsonKind::object) + seen.of(JsonKind::list) > 0;
  const int kinds = (objects ? 1 : 0) + (lists ? 1 : 0) + (has_scalars(node) ? 1 : 0);
  if (kinds > 1) return Shape::as_it_is;
  if (kinds == 0) return empties ? Shape::as_it_is : Shape::leaf;
  if (has_scalars(node)) return Shape::leaf;
  if (depth > depth_) return Shape::as_it_is;
  if (objects && node.is_folded()) return Shape::entries;
  if (objects) {
    const bool usable = std::all_of(node.members.begin(), node.members.end(),
                                    [](const auto& m) { return is_usable_key(m->name); });
    return usable ? Shape::object : Shape::as_it_is;
  }
  const PathNode& item = *node.items;
  switch (shape_of(item, depth + 1)) {
    case Shape::leaf:
      return Shape::scalars;
    case Shape::object:
      return Shape::objects;
    default:
      return Shape::as_it_is;
  }
}

// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
std::size_t DraftBuilder::count_leaves(const PathNode& node, std::size_t depth) const {
  switch (shape_of(node, depth)) {
    case Shape::object: {
      std::size_t count = 0;
      for (const auto& member : node.members) count += count_leaves(*member, depth + 1);
      return count;
    }
    case Shape::objects:
      return count_leaves(*node.items, depth + 1);
    case Shape::entries:
      return 1 + count_leaves(*node.entries, depth + 1);
    default:
      return 1;
  }
}

void DraftBuilder::limit_depth() {
  while (depth_ > 1 && count_leaves(*record_, 0) > kMaxColumns) --depth_;
}

std::vector<JsonText> json_texts(const Profile& profile) {
  std::vector<JsonText> found;
  find_json_texts(*profile.root, {}, found);
  return found;
}

Draft build_draft(Profile& profile, const DraftOptions& options) {
  return DraftBuilder(profile, options).build();
}

}  // namespace trama
