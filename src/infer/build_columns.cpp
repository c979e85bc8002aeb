#include <algorithm>

#include "infer/builder.h"
#include "infer/names.h"
#include "infer/yaml_text.h"
#include "report/shown_text.h"

namespace trama {
namespace {

constexpr std::size_t kMaxLists = 5;  // of `each` in `each`

}  // namespace

void DraftBuilder::top_columns() {
  for (const auto& member : record_->members) taken_.push_back(member->name);
  const Scope top;
  if (record_->key && !record_->is_folded())
    draft_.columns.push_back(leaf(*record_->key, "$key", {"key"}, top, "id"));
  for (Rows& one : rows_) {
    if (one.scope.called.empty()) one.scope.called = item_name(one.list->name, taken_);
    taken_.push_back(one.scope.called);
  }
  if (record_->seen.of(JsonKind::list) > 0 && record_->items)
    draft_.columns.push_back(as_it_is(*record_, "[*]", {"items"}));
  if (shape_of(*record_, 0) == Shape::object || record_->members.size() > 0)
    columns_of(*record_, "", {}, top, draft_.columns, 0);
  rows_.resize(draft_.rows.size());  // what is too deep is in none
}

// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
void DraftBuilder::columns_of(const PathNode& object, const std::string& path,
                              const std::vector<std::string>& way, const Scope& scope,
                              std::vector<DraftColumn>& out, std::size_t depth) {
  for (const auto& member : object.members) {
    if (!is_usable_key(member->name)) {
      unplaced_.push_back(member->path());
      continue;
    }
    std::vector<std::string> further = way;
    further.push_back(name_part(member->name));
    column_of(*member, path_below(path, member->name), further, scope, out, depth + 1);
  }
}

// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
void DraftBuilder::column_of(const PathNode& node, const std::string& path,
                             const std::vector<std::string>& way, const Scope& scope,
                             std::vector<DraftColumn>& out, std::size_t depth) {
  paths_[&node] = path;
  scopes_[&node] = scope.item;
  switch (shape_of(node, depth)) {
    case Shape::leaf:
      out.push_back(leaf(node, path, way, scope, node.name));
      return;
    case Shape::object:
      columns_of(node, path, way, scope, out, depth);
      return;
    case Shape::scalars:
      out.push_back(joined(node, path, way));
      return;
    case Shape::objects:
      if (const Rows* const of = rows_of(node.items.get())) {
        rows(*of, path);
        columns_of(*node.items, of->scope.called, {of->scope.called}, of->scope, out, depth + 1);
        return;
      }
      if (scope.lists < kMaxLists) {
        out.push_back(each(node, *node.items, path, way, scope, depth));
        return;
      }
      break;
    case Shape::entries:
      if (scope.lists < kMaxLists && !is_personal(*node.key)) {
        out.push_back(each(node, *node.entries, path + "{*}", way, scope, depth));
        return;
      }
      break;
    case Shape::as_it_is:
      break;
  }
  out.push_back(as_it_is(node, path, way));
}

bool DraftBuilder::is_personal(const PathNode& node) const {
  return find(node, forms_).sensitive != Sensitive::no;
}

DraftColumn DraftBuilder::leaf(const PathNode& node, const std::string& path,
                               const std::vector<std::string>& way, const Scope& scope,
                               std::string_view key) {
  Findings found = find(node, forms_);
  // Nobody knows what is in there.
  if (found.sensitive == Sensitive::no && looks_like_json(node))
    found.sensitive = Sensitive::personal_value;
  LeafColumn known = leaves_.column_of(node, key, found);
  DraftColumn column;
  column.way = way;
  column.node = &node;
  column.reads = {&node};
  column.path = path;
  column.personal = known.personal;
  column.open = known.open;
  column.words.push_back(draft_word("from", yaml_scalar(path)));
  for (DraftWord& one : known.words) column.words.push_back(one);
  column.note = leaves_.facts_of(node, found, known.notes);
  column.of_row = rows_of(scope.item) != nullptr;
  scopes_[&node] = scope.item;
  paths_[&node] = path;
  known_.emplace(&node, std::move(known));
  return column;
}

DraftColumn DraftBuilder::as_it_is(const PathNode& node, const std::string& path,
                                   const std::vector<std::string>& way) {
  DraftColumn column;
  column.way = way;
  column.path = path;
  if (node.parent != nullptr) column.reads = {node.parent};  // not as a list itself
  column.words.push_back(draft_word("from", yaml_scalar(path)));
  column.words.push_back(draft_word("type", "json"));
  column.personal = holds_personal(node);
  if (column.personal) column.words.push_back(draft_word("personal", "yes"));
  const Findings found = find(node, forms_);
  const std::string filled = say_(Code::infer_filled, {shown_share(found.filled, found.parents)});
  const std::string kinds = kinds_of(node);
  column.note = filled + " · " +
                (kinds.find(", ") == std::string::npos ? say_(Code::infer_kept_as_json)
                                                       : say_(Code::infer_several_kinds, {kinds}));
  return column;
}

std::string DraftBuilder::kinds_of(const PathNode& node) const {
  struct KindWord {
    JsonKind kind;
    Code code;
  };
  static constexpr KindWord kWords[] = {{JsonKind::text, Code::profile_text},
                                        {JsonKind::number, Code::profile_number},
                                        {JsonKind::boolean, Code::profile_boolean},
                                        {JsonKind::list, Code::profile_list},
                                        {JsonKind::object, Code::profile_object}};
  std::string kinds;
  for (const KindWord& kind : kWords)
    if (node.seen.of(kind.kind) > 0) (kinds.empty() ? kinds : kinds += ", ") += say_(kind.code);
  return kinds;
}

// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
bool DraftBuilder::holds_personal(const PathNode& node) const {
  if (is_personal(node) || is_personal_key(node.name)) return true;
  for (const auto* below : {&node.items, &node.entries, &node.key})
    if (*below && holds_personal(**below)) return true;
  return std::any_of(node.members.begin(), node.members.end(),
                     [this](const auto& member) { return holds_personal(*member); });
}

/// A list of single values, in one text.
DraftColumn DraftBuilder::joined(const PathNode& node, const std::string& path,
                                 const std::vector<std::string>& way) {
  const PathNode& item = *node.items;
  std::optional<std::string> separator;
  for (const char* one : {", ", " | "}) {
    const auto& entries = item.seen.values.entries();
    const char mark = std::string_view(one).find(',') == 0 ? ',' : '|';
    const bool free =
        item.seen.values.exact() &&
        std::none_of(entries.begin(), entries.end(), [&](const auto& entry) {
          return entry.cut || item.seen.values.text(entry).find(mark) != std::string_view::npos;
        });
    if (free && !separator) separator = one;
  }
  if (!separator) return as_it_is(node, path, way);
  const Findings found = find(item, forms_);
  DraftColumn column;
  column.way = way;
  column.path = path + "[*]";
  column.reads = {&item};
  column.words.push_back(draft_word("from", yaml_scalar(column.path)));
  column.words.push_back(draft_word("join", yaml_quoted(*separator)));
  column.personal = found.sensitive != Sensitive::no;
  if (column.personal) column.words.push_back(draft_word("personal", "yes"));
  column.note = items_of(node) + " · " + leaves_.facts_of(item, found);
  return column;
}

std::string DraftBuilder::items_of(const PathNode& node) const {
  const PathProfile& seen = node.seen;
  if (listed_.contains(&node)) return say_(Code::infer_one_or_many);
  const std::uint64_t fewest = std::min(seen.fewest_items, seen.most_items);
  if (fewest == seen.most_items) return say_(Code::infer_list_of, {grouped(seen.most_items)});
  return say_(Code::infer_list_up_to, {grouped(fewest), grouped(seen.most_items)});
}

/// `path`: with `{*}` of entries. `item`: what one of them is.
// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
DraftColumn DraftBuilder::each(const PathNode& node, const PathNode& item, const std::string& path,
                               const std::vector<std::string>& way, const Scope& scope,
                               std::size_t depth) {
  Scope inner;
  inner.called = item_name(node.name, taken_);
  inner.item = &item;
  inner.lists = scope.lists + 1;
  inner.is_each = true;
  DraftColumn column;
  column.way = way;
  column.path = path;
  column.reads = {&item};
  column.words.push_back(draft_word("each", yaml_scalar(path)));
  column.words.push_back(draft_word("called", yaml_scalar(inner.called)));
  const bool entries = node.is_folded();
  column.note = entries ? say_(Code::profile_keys_are_data) : items_of(node);
  taken_.push_back(inner.called);
  paths_[&item] = inner.called;
  if (entries) {
    column.columns.push_back(leaf(*node.key, inner.called + ".$key", {"key"}, inner, "id"));
    if (shape_of(item, depth + 1) == Shape::object)
      columns_of(item, inner.called, {}, inner, column.columns, depth + 1);
    else
      column_of(item, inner.called, {"value"}, inner, column.columns, depth + 1);
  } else {
    columns_of(item, inner.called, {}, inner, column.columns, depth + 1);
  }
  taken_.pop_back();
  return column;
}

void DraftBuilder::rows(const Rows& of, const std::string& path) {
  const PathNode& list = *of.list;
  std::vector<DraftWord>& level = draft_.rows.emplace_back();
  level.push_back(draft_word("one_per", yaml_scalar(path)));
  level.push_back(draft_word("called", yaml_scalar(of.scope.called)));
  const std::uint64_t objects = list.parent->seen.of(JsonKind::object);
  bool missing = list.seen.count < objects;
  // An object on the way that is not there takes the list with it.
  for (const PathNode* at = list.parent; at->step == PathNode::Step::member; at = at->parent)
    missing = missing || at->seen.of(JsonKind::object) < at->parent->seen.of(JsonKind::object);
  if (missing) level.push_back(draft_word("when_missing", "one-row"));
  const bool blank = list.seen.empty > 0 || list.seen.of(JsonKind::null) > 0 || missing;
  if (blank) level.push_back(draft_word("when_empty", "one-row"));
  if (draft_.rows.size() == 1)
    draft_.rows_note = say_(Code::infer_rows, {grouped(list.seen.most_items)});
  if (list.seen.most_items > 10000)
    level.push_back(draft_word("at_most", std::to_string(list.seen.most_items)));
}

}  // namespace trama
