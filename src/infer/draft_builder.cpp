#include "infer/draft_builder.h"

#include <algorithm>
#include <climits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "infer/leaf_column.h"
#include "infer/names.h"
#include "infer/trade_words.h"
#include "infer/yaml_text.h"
#include "mapping/path.h"
#include "report/report_line.h"
#include "report/shown_text.h"
#include "value/code_sets.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kMaxColumns = 600;  // more are drawn together, the deepest first
constexpr std::size_t kMaxDepth = 12;     // of objects in objects that have columns of their own
constexpr std::size_t kMaxLists = 5;      // of `each` in `each`
constexpr std::size_t kMaxAsList = 8;     // on one path (rule 9.2)
constexpr std::size_t kMaxTail = 40;      // notes at the end
constexpr int kMaxMoneyDecimals = 3;

DraftWord word(std::string key, std::string yaml) {
  return {std::move(key), {std::move(yaml), {}, {}}};
}

bool has_scalars(const PathNode& node) {
  return node.seen.forms.total() + node.seen.of(JsonKind::boolean) > 0;
}

/// A key that was too long to be kept, so that no path leads there.
bool is_cut(std::string_view name) {
  return name.size() > 20 && name.find("… ") != std::string_view::npos;
}

bool is_usable_key(std::string_view name) {
  const bool surrogate = name.find("\xED\xA0") != std::string_view::npos ||
                         name.find("\xED\xB0") != std::string_view::npos;
  return !is_cut(name) && !is_personal_key(name) && !surrogate &&
         name.find('\0') == std::string_view::npos;
}

/// Whether every text that is there, one at least, begins like an object or a list of JSON.
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

/// What a path holds, as a draft reads it.
enum class Shape : std::uint8_t {
  leaf,      // single values, or nothing
  object,    // objects with members
  entries,   // objects whose keys are data
  scalars,   // lists of single values
  objects,   // lists of objects
  as_it_is,  // anything else
};

class Builder {
 public:
  Builder(Profile& profile, const DraftOptions& options)
      : profile_(profile), options_(options), say_(options.language), leaves_(forms_, say_) {}

  Draft build() {
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

 private:
  struct Scope {
    std::string called;              // the item's name, or nothing: the record
    const PathNode* item = nullptr;  // its node
    std::size_t lists = 0;           // `each` around it
    bool is_each = false;
  };

  // ---- before there are columns ----

  /// Lists that come as single values too, and words for nothing. `path`: from the record.
  // NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
  void prepare(PathNode& node, const std::string& path, std::size_t lists_around) {
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
  static bool agrees(const PathNode& node) {
    const PathProfile& items = node.items->seen;
    const bool objects = node.seen.of(JsonKind::object) > 0;
    if (items.of(JsonKind::list) > 0) return false;
    const bool item_objects = items.of(JsonKind::object) > 0;
    const bool item_scalars = items.forms.total() + items.of(JsonKind::boolean) > 0;
    if (objects && has_scalars(node)) return false;
    return objects ? !item_scalars && !node.items->is_folded() : !item_objects;
  }

  [[nodiscard]] Shape shape_of(const PathNode& node, std::size_t depth) const {
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
  [[nodiscard]] std::size_t count_leaves(const PathNode& node, std::size_t depth) const {
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

  void limit_depth() {
    while (depth_ > 1 && count_leaves(*record_, 0) > kMaxColumns) --depth_;
  }

  // ---- the list that makes rows ----

  [[nodiscard]] bool is_wanted() const noexcept { return !options_.wanted.columns.empty(); }

  /// The list that is called like the one that made rows.
  void choose_wanted_rows() {
    const std::string& wanted = options_.wanted.rows;
    if (wanted.empty()) return;
    const Concepts of = concepts_of(wanted);
    std::size_t most = 0;
    each_list(*record_, 0, [&](const PathNode& list, std::size_t /*depth*/) {
      const std::size_t same = list.name == wanted ? 10 : concepts_of(list.name).shared(of).count();
      if (same <= most) return;
      most = same;
      rows_ = &list;
    });
  }

  /// The list of objects that holds most of what is in lists.
  void choose_rows() {
    if (shape_of(*record_, 0) != Shape::object) return;
    if (is_wanted()) {
      choose_wanted_rows();
      if (rows_ != nullptr || options_.wanted.rows.empty()) return;
    }
    std::size_t all = 0;
    std::size_t most = 0;
    each_list(*record_, 0, [&](const PathNode& list, std::size_t depth) {
      const std::size_t leaves = count_leaves(list, depth);
      all += leaves;
      if (leaves <= most) return;
      most = leaves;
      rows_ = &list;
    });
    if (rows_ == nullptr) return;
    // One of many lists that are alike multiplies no more than the others; and what the trade has no
    // row for is a detail, unless nearly all is in it.
    const Concepts of = concepts_of(rows_->name);
    const bool traded = of.has_any(Concept::room, Concept::guest, Concept::segment, Concept::night,
                                   Concept::price, Concept::option, Concept::activity,
                                   Concept::flight, Concept::ticket, Concept::hotel);
    const bool nearly_all = most * 2 >= count_leaves(*record_, 0);
    if (most * 2 < all || rows_->seen.most_items < 2 || most < 2 || (!traded && !nearly_all))
      rows_ = nullptr;
  }

  // NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
  template <typename Act>
  void each_list(const PathNode& object, std::size_t depth, const Act& act) const {
    for (const auto& member : object.members) {
      const Shape shape = shape_of(*member, depth + 1);
      if (shape == Shape::object) each_list(*member, depth + 1, act);
      if (shape == Shape::objects) act(*member, depth + 1);
    }
  }

  // ---- columns ----

  void top_columns() {
    for (const auto& member : record_->members) taken_.push_back(member->name);
    const Scope top;
    if (record_->key && !record_->is_folded())
      draft_.columns.push_back(leaf(*record_->key, "$key", {"key"}, top, "id"));
    if (rows_ != nullptr) {
      rows_scope_.called = item_name(rows_->name, taken_);
      rows_scope_.item = rows_->items.get();
      taken_.push_back(rows_scope_.called);
    }
    if (record_->seen.of(JsonKind::list) > 0 && record_->items)
      draft_.columns.push_back(as_it_is(*record_, "[*]", {"items"}));
    if (shape_of(*record_, 0) == Shape::object || record_->members.size() > 0)
      columns_of(*record_, "", {}, top, draft_.columns, 0);
  }

  // NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
  void columns_of(const PathNode& object, const std::string& path,
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
  void column_of(const PathNode& node, const std::string& path, const std::vector<std::string>& way,
                 const Scope& scope, std::vector<DraftColumn>& out, std::size_t depth) {
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
        if (&node == rows_ && scope.item == nullptr) {
          rows(node, path);
          columns_of(*node.items, rows_scope_.called, {rows_scope_.called}, rows_scope_, out,
                     depth + 1);
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

  [[nodiscard]] bool is_personal(const PathNode& node) const {
    return find(node, forms_).sensitive != Sensitive::no;
  }

  DraftColumn leaf(const PathNode& node, const std::string& path,
                   const std::vector<std::string>& way, const Scope& scope, std::string_view key) {
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
    column.words.push_back(word("from", yaml_scalar(path)));
    for (DraftWord& one : known.words) column.words.push_back(one);
    column.note = leaves_.facts_of(node, found, known.notes);
    column.of_row = rows_ != nullptr && scope.item == rows_scope_.item;
    scopes_[&node] = scope.item;
    paths_[&node] = path;
    known_.emplace(&node, std::move(known));
    return column;
  }

  DraftColumn as_it_is(const PathNode& node, const std::string& path,
                       const std::vector<std::string>& way) {
    DraftColumn column;
    column.way = way;
    column.path = path;
    if (node.parent != nullptr) column.reads = {node.parent};  // not as a list itself
    column.words.push_back(word("from", yaml_scalar(path)));
    column.words.push_back(word("type", "json"));
    column.personal = holds_personal(node);
    if (column.personal) column.words.push_back(word("personal", "yes"));
    const Findings found = find(node, forms_);
    const std::string filled = say_(Code::infer_filled, {shown_share(found.filled, found.parents)});
    const std::string kinds = kinds_of(node);
    column.note =
        filled + " · " +
        (kinds.find(", ") == std::string::npos ? say_(Code::infer_kept_as_json)
                                               : say_(Code::infer_several_kinds, {kinds}));
    return column;
  }

  [[nodiscard]] std::string kinds_of(const PathNode& node) const {
    struct Kind {
      JsonKind kind;
      Code code;
    };
    static constexpr Kind kKinds[] = {{JsonKind::text, Code::profile_text},
                                      {JsonKind::number, Code::profile_number},
                                      {JsonKind::boolean, Code::profile_boolean},
                                      {JsonKind::list, Code::profile_list},
                                      {JsonKind::object, Code::profile_object}};
    std::string kinds;
    for (const Kind& kind : kKinds)
      if (node.seen.of(kind.kind) > 0) (kinds.empty() ? kinds : kinds += ", ") += say_(kind.code);
    return kinds;
  }

  // NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
  [[nodiscard]] bool holds_personal(const PathNode& node) const {
    if (is_personal(node) || is_personal_key(node.name)) return true;
    for (const auto* below : {&node.items, &node.entries, &node.key})
      if (*below && holds_personal(**below)) return true;
    return std::any_of(node.members.begin(), node.members.end(),
                       [this](const auto& member) { return holds_personal(*member); });
  }

  /// A list of single values, in one text.
  DraftColumn joined(const PathNode& node, const std::string& path,
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
    column.words.push_back(word("from", yaml_scalar(column.path)));
    column.words.push_back(word("join", yaml_quoted(*separator)));
    column.personal = found.sensitive != Sensitive::no;
    if (column.personal) column.words.push_back(word("personal", "yes"));
    column.note = items_of(node) + " · " + leaves_.facts_of(item, found);
    return column;
  }

  [[nodiscard]] std::string items_of(const PathNode& node) const {
    const PathProfile& seen = node.seen;
    if (listed_.contains(&node)) return say_(Code::infer_one_or_many);
    const std::uint64_t fewest = std::min(seen.fewest_items, seen.most_items);
    if (fewest == seen.most_items) return say_(Code::infer_list_of, {grouped(seen.most_items)});
    return say_(Code::infer_list_up_to, {grouped(fewest), grouped(seen.most_items)});
  }

  /// `path`: with `{*}` of entries. `item`: what one of them is.
  // NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
  DraftColumn each(const PathNode& node, const PathNode& item, const std::string& path,
                   const std::vector<std::string>& way, const Scope& scope, std::size_t depth) {
    Scope inner;
    inner.called = item_name(node.name, taken_);
    inner.item = &item;
    inner.lists = scope.lists + 1;
    inner.is_each = true;
    DraftColumn column;
    column.way = way;
    column.path = path;
    column.reads = {&item};
    column.words.push_back(word("each", yaml_scalar(path)));
    column.words.push_back(word("called", yaml_scalar(inner.called)));
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

  void rows(const PathNode& list, const std::string& path) {
    draft_.rows.push_back(word("one_per", yaml_scalar(path)));
    draft_.rows.push_back(word("called", yaml_scalar(rows_scope_.called)));
    const std::uint64_t objects = list.parent->seen.of(JsonKind::object);
    bool missing = list.seen.count < objects;
    // An object on the way that is not there takes the list with it.
    for (const PathNode* at = list.parent; at != nullptr && at != record_; at = at->parent)
      missing = missing || at->seen.of(JsonKind::object) < at->parent->seen.of(JsonKind::object);
    if (missing) draft_.rows.push_back(word("when_missing", "one-row"));
    const bool blank = list.seen.empty > 0 || list.seen.of(JsonKind::null) > 0 || missing;
    if (blank) draft_.rows.push_back(word("when_empty", "one-row"));
    draft_.rows_note = say_(Code::infer_rows, {grouped(list.seen.most_items)});
    if (list.seen.most_items > 10000)
      draft_.rows.push_back(word("at_most", std::to_string(list.seen.most_items)));
  }

  // ---- columns that are wanted ----

  struct Slot {
    std::size_t wanted = 0;
    const WantedSource* source = nullptr;  // of several that are joined; null: any of them
    std::vector<Fit> fits{};               // by candidate
    std::optional<std::size_t> taken{};
  };

  /// Takes of the columns of the dump those that fit the wanted ones, each with its reasons.
  void take_wanted() {
    const std::vector<Wanted>& wanted = options_.wanted.columns;
    std::vector<Candidate> candidates;
    for (const DraftColumn& column : draft_.columns)
      if (column.columns.empty()) candidates.push_back(candidate_of(column));
    std::vector<Slot> slots;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].made) continue;
      const bool joins = wanted[i].sources.size() > 1 && !wanted[i].join.empty();
      if (!joins) slots.push_back({i});
      if (joins)
        for (const WantedSource& source : wanted[i].sources) slots.push_back({i, &source});
    }
    for (Slot& slot : slots)
      for (const Candidate& candidate : candidates)
        slot.fits.push_back(best_fit(wanted[slot.wanted], slot.source, candidate));
    assign(slots, candidates.size());
    std::vector<DraftColumn> columns;
    std::string made;
    std::string without;
    const auto add_name = [](std::string& names, const std::string& name) {
      (names.empty() ? names : names += ", ") += yaml_note(name);
    };
    std::set<std::size_t> used;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      std::vector<const Slot*> mine;
      for (const Slot& slot : slots)
        if (slot.wanted == i && slot.taken) mine.push_back(&slot);
      if (mine.empty()) {
        add_name(wanted[i].made ? made : without, wanted[i].name);
        continue;
      }
      for (const Slot* slot : mine) used.insert(*slot->taken);
      columns.push_back(wanted_column(wanted[i], mine, candidates));
    }
    std::size_t number = 0;
    for (const DraftColumn& column : draft_.columns) {
      const bool is_used = column.columns.empty() && used.contains(number++);
      if (!is_used) unplaced_.push_back(column.path + "  " + column.note);
    }
    draft_.columns = std::move(columns);
    const bool of_rows = std::any_of(draft_.columns.begin(), draft_.columns.end(),
                                     [](const DraftColumn& column) { return column.of_row; });
    if (!of_rows) {
      draft_.rows.clear();
      rows_ = nullptr;
    }
    if (!without.empty()) draft_.tail.push_back(say_(Code::infer_no_source, {without}));
    if (!made.empty()) draft_.tail.push_back(say_(Code::infer_made_of_others, {made}));
  }

  [[nodiscard]] Candidate candidate_of(const DraftColumn& column) const {
    Candidate candidate;
    candidate.column = &column;
    candidate.of_item = column.of_row;
    for (const DraftWord& one : column.words)
      if (one.key == "type") candidate.type = one.value.yaml;
    Path path;
    Phrase problem;
    std::size_t at = 0;
    if (parse_path(column.path, path, problem, at)) candidate.keys = keys_of(path);
    if (column.of_row && !candidate.keys.empty()) candidate.keys.front() = rows_->name;
    return candidate;
  }

  [[nodiscard]] Fit best_fit(const Wanted& wanted, const WantedSource* source,
                             const Candidate& candidate) const {
    if (source != nullptr || wanted.sources.empty()) return fit_of(wanted, source, candidate, say_);
    Fit best;
    best.score = INT_MIN;
    for (const WantedSource& one : wanted.sources) {
      Fit fit = fit_of(wanted, &one, candidate, say_);
      if (fit.score > best.score) best = std::move(fit);
    }
    return best;
  }

  /// The best pairs first, each candidate once; what is left may share one.
  static void assign(std::vector<Slot>& slots, std::size_t candidates) {
    struct Pair {
      int score;
      std::size_t slot;
      std::size_t candidate;
    };
    std::vector<Pair> pairs;
    for (std::size_t s = 0; s < slots.size(); ++s)
      for (std::size_t c = 0; c < candidates; ++c)
        if (slots[s].fits[c].score >= kLeastFit && slots[s].fits[c].by_name)
          pairs.push_back({slots[s].fits[c].score, s, c});
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pair& a, const Pair& b) { return a.score > b.score; });
    std::vector<bool> used(candidates, false);
    for (const bool shares : {false, true}) {
      for (const Pair& pair : pairs) {
        if (slots[pair.slot].taken || (used[pair.candidate] && !shares)) continue;
        if (shares && pair.score < 2 * kLeastFit) continue;
        slots[pair.slot].taken = pair.candidate;
        used[pair.candidate] = true;
      }
    }
  }

  DraftColumn wanted_column(const Wanted& wanted, const std::vector<const Slot*>& slots,
                            const std::vector<Candidate>& candidates) {
    DraftColumn column = *candidates[*slots.front()->taken].column;
    column.name = wanted.name;
    for (const Slot* slot : slots) {
      std::string reasons;
      for (const std::string& reason : slot->fits[*slot->taken].reasons)
        (reasons.empty() ? reasons : reasons += ", ") += reason;
      std::string why =
          candidates[*slot->taken].column->path + ": " + say_(Code::infer_because, {reasons});
      std::optional<std::size_t> second;
      for (std::size_t c = 0; c < candidates.size(); ++c) {
        const Fit& fit = slot->fits[c];
        if (c == *slot->taken || !fit.by_name || fit.score < kLeastFit) continue;
        if (!second || fit.score > slot->fits[*second].score) second = c;
      }
      if (second) why += "; " + say_(Code::infer_second_best, {candidates[*second].column->path});
      column.above.push_back(yaml_note(why));
    }
    if (slots.size() > 1) {
      std::vector<std::string> paths;
      for (const Slot* slot : slots) {
        const DraftColumn& one = *candidates[*slot->taken].column;
        paths.push_back(one.path);
        column.reads.insert(column.reads.end(), one.reads.begin(), one.reads.end());
        column.personal = column.personal || one.personal;
      }
      column.words = {word("from", flow(paths)), word("join", yaml_quoted(wanted.join))};
      if (column.personal) column.words.push_back(word("personal", "yes"));
      column.node = nullptr;
      column.note.clear();
    } else {
      known_lookup(wanted, column);
    }
    if (wanted.internal) column.words.push_back(word("internal", "yes"));
    return column;
  }

  /// Codes that the mapping knows keep what it writes for them.
  void known_lookup(const Wanted& wanted, DraftColumn& column) {
    if (column.node == nullptr || column.personal || !known_.contains(column.node)) return;
    LeafColumn& known = known_.at(column.node);
    std::vector<DraftWord> entries;
    bool any = false;
    bool open = false;
    for (const auto& [code, count] : known.codes) {
      DraftWord entry{yaml_scalar(code), {}};
      entry.note = grouped(count) + " ×";
      const auto found = std::find_if(wanted.codes.begin(), wanted.codes.end(),
                                      [&](const auto& one) { return one.first == code; });
      const bool is_known = found != wanted.codes.end() && !found->second.empty();
      if (is_known)
        entry.value.yaml = yaml_scalar(found->second);
      else
        entry.value = {{}, say_(Code::infer_ask_code, {code}), {code}};
      any = any || is_known;
      open = open || !is_known;
      entries.push_back(std::move(entry));
    }
    if (!any) return;
    DraftWord lookup{"lookup", {}};
    lookup.entries = std::move(entries);
    column.words.push_back(std::move(lookup));
    column.open = column.open || open;
    known.codes.clear();
  }

  // ---- amounts ----

  /// A column of currency codes in the object.
  [[nodiscard]] const PathNode* currency_in(const PathNode& object, std::string_view amount) const {
    const std::vector<std::string> wanted = name_words(amount);
    const PathNode* best = nullptr;
    std::size_t most = 0;
    std::size_t candidates = 0;
    for (const auto& member : object.members) {
      const auto known = known_.find(member.get());
      if (known == known_.end() || known->second.words.empty() ||
          known->second.words.front().value.yaml != "currency")
        continue;
      ++candidates;
      const std::vector<std::string> words = name_words(member->name);
      std::size_t score = words.size() == 1 ? 2 : 1;
      for (const std::string& one : words)
        if (std::find(wanted.begin(), wanted.end(), one) != wanted.end()) score += 3;
      if (score > most) {
        most = score;
        best = member.get();
      }
    }
    // Of several that are called after something else, none is more than a guess.
    return candidates == 1 || most >= 2 ? best : nullptr;
  }

  [[nodiscard]] const PathNode* currency_of(const PathNode& amount) const {
    const PathNode* const scope = scopes_.at(&amount);
    for (const PathNode* at = amount.parent; at != nullptr; at = at->parent) {
      if (const PathNode* const found = currency_in(*at, amount.name)) {
        const PathNode* const of = scopes_.at(found);
        const bool reached = of == scope || of == nullptr || of == rows_scope_.item;
        if (reached) return found;
      }
      if (at == record_) break;
    }
    return only_currency();
  }

  /// The one currency that a record has, where it has one always.
  [[nodiscard]] const PathNode* only_currency() const {
    const PathNode* only = nullptr;
    for (const auto& [node, scope] : scopes_) {
      const auto known = known_.find(node);
      const bool currency = scope == nullptr && known != known_.end() &&
                            !known->second.words.empty() &&
                            known->second.words.front().value.yaml == "currency";
      if (!currency) continue;
      if (only != nullptr) return nullptr;
      only = node;
    }
    for (const PathNode* at = only; at != nullptr && at != record_; at = at->parent)
      if (at->seen.count - at->seen.of(JsonKind::null) - at->seen.empty <
          at->parent->seen.of(JsonKind::object))
        return nullptr;
    return only;
  }

  [[nodiscard]] std::vector<std::string> currencies_in(const PathNode& node) const {
    std::vector<std::string> codes;
    for (const ValueCounts::Entry* entry : node.seen.values.most_frequent(10)) {
      std::string code(node.seen.values.text(*entry));
      code.erase(0, code.find_first_not_of(' '));
      code.erase(std::min(code.find(' '), code.size()));
      for (char& c : code)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      if (is_currency(code) && std::find(codes.begin(), codes.end(), code) == codes.end())
        codes.push_back(code);
    }
    return codes;
  }

  /// A field that says how many of the digits of whole amounts are decimals.
  [[nodiscard]] const PathNode* precision_of(const PathNode& amount) const {
    if (amount.step != PathNode::Step::member) return nullptr;
    const std::vector<std::string> wanted = name_words(amount.name);
    for (const auto& member : amount.parent->members) {
      if (!concepts_of(member->name).has(Concept::precision)) continue;
      const std::vector<std::string> words = name_words(member->name);
      const bool ours = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
        return std::find(words.begin(), words.end(), one) != words.end();
      });
      const auto& seen = member->seen;
      const bool small = seen.values.exact() && !seen.values.entries().empty() &&
                         std::all_of(seen.values.entries().begin(), seen.values.entries().end(),
                                     [&](const ValueCounts::Entry& entry) {
                                       const std::string_view text = seen.values.text(entry);
                                       return text.size() == 1 && text[0] >= '0' && text[0] <= '4';
                                     });
      const bool always = seen.count == member->parent->seen.of(JsonKind::object) &&
                          seen.of(JsonKind::null) == 0 && seen.empty == 0;
      if (ours && small && always && paths_.contains(member.get())) return member.get();
    }
    return nullptr;
  }

  void settle_amounts() {
    settle_amounts(draft_.columns);
    currency_of_others();
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
  void settle_amounts(std::vector<DraftColumn>& columns) {
    for (DraftColumn& column : columns) {
      settle_amounts(column.columns);
      if (column.node == nullptr || !known_.contains(column.node)) continue;
      const LeafColumn& known = known_.at(column.node);
      if (known.is_amount) settle_amount(column, known);
    }
  }

  void settle_amount(DraftColumn& column, const LeafColumn& known) {
    const PathNode& node = *column.node;
    const PathNode* const currency = currency_of(node);
    const int decimals = node.seen.decimals;
    if (currency == nullptr) {
      if (known.whole || known.vague || decimals > kMaxMoneyDecimals) return;
      no_currency_.insert(column.node);
      as_money(column, {}, decimals > 2 ? decimals : -1);
      return;
    }
    const PathNode* const precision = known.whole ? precision_of(node) : nullptr;
    int least = 4;
    for (const std::string& code : currencies_in(*currency))
      least = std::min(least, currency_decimals(code));
    const bool exact = currency->seen.values.exact();
    if (!exact) least = 0;
    DraftWord of = word("currency", yaml_scalar(paths_.at(currency)));
    const Findings found = find(*currency, forms_);
    const bool always = found.filled == found.parents && null_words_of(currency->seen).empty();
    const LeafColumn& codes = known_.at(currency);
    if (codes.text_steps.empty() && always) {
      of.value.yaml = "{from: " + yaml_scalar(paths_.at(currency)) + "}";
    } else {
      of.value.yaml.clear();
      of.entries.push_back(word("from", yaml_scalar(paths_.at(currency))));
      if (!codes.text_steps.empty())
        of.entries.push_back(word("text", flow({"trim", "upper-case"})));
      if (!always) {
        DraftWord blank{"when_blank",
                        {{}, say_(Code::infer_ask_currency_blank), currencies_in(*currency)}};
        if (blank.value.choices.empty()) return;
        of.entries.push_back(std::move(blank));
        column.open = true;
      }
    }
    as_money(column, std::move(of), precision == nullptr && decimals > least ? decimals : -1);
    if (precision != nullptr) {
      column.words.push_back(
          word("minor_units", "{from: " + yaml_scalar(paths_.at(precision)) + "}"));
      column.words.back().note = say_(Code::infer_cents, {paths_.at(precision)});
    }
  }

  /// `decimals`: stated, where not negative.
  void as_money(DraftColumn& column, std::optional<DraftWord> currency, int decimals) {
    std::vector<DraftWord> words;
    for (DraftWord& one : column.words) {
      if (one.key == "decimals") continue;
      const bool type = one.key == "type";
      words.push_back(std::move(one));
      if (!type) continue;
      words.back().value.yaml = "money";
      if (currency) words.push_back(std::move(*currency));
      if (decimals >= 0) words.push_back(word("decimals", std::to_string(decimals)));
    }
    column.words = std::move(words);
    const PathNode* const scope = scopes_.at(column.node);
    if (rows_ != nullptr && scope == nullptr) {
      column.words.push_back(word("on_extra_rows", "leave-blank"));
      column.words.back().note = say_(Code::infer_not_repeated);
    }
  }

  /// One question for all amounts that name no currency.
  void currency_of_others() {
    if (no_currency_.empty()) return;
    std::vector<std::string> choices;
    for (const auto& [node, known] : known_in_order())
      if (!known->words.empty() && known->words.front().value.yaml == "currency")
        for (std::string& code : currencies_in(*node))
          if (std::find(choices.begin(), choices.end(), code) == choices.end())
            choices.push_back(std::move(code));
    choices.resize(std::min<std::size_t>(choices.size(), 4));
    for (const char* usual : {"USD", "EUR"})
      if (choices.size() < 2 && std::find(choices.begin(), choices.end(), usual) == choices.end())
        choices.emplace_back(usual);
    DraftWord ask{"currency", {{}, say_(Code::infer_ask_currency), choices}};
    ask_once(
        "money", std::move(ask), "type",
        [this](const DraftColumn& column) { return no_currency_.contains(column.node); },
        no_currency_.size());
  }

  /// The leaves in the order of their columns, so that nothing depends on addresses.
  [[nodiscard]] std::vector<std::pair<const PathNode*, const LeafColumn*>> known_in_order() const {
    std::vector<std::pair<const PathNode*, const LeafColumn*>> all;
    known_in_order(draft_.columns, all);
    return all;
  }
  // NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
  void known_in_order(const std::vector<DraftColumn>& columns,
                      std::vector<std::pair<const PathNode*, const LeafColumn*>>& all) const {
    for (const DraftColumn& column : columns) {
      const auto known = column.node == nullptr ? known_.end() : known_.find(column.node);
      if (known != known_.end()) all.emplace_back(known->first, &known->second);
      known_in_order(column.columns, all);
    }
  }

  /// A question that concerns several columns of a type is asked once, under `defaults`.
  template <typename Concerns>
  void ask_once(const std::string& type, DraftWord ask, std::string_view behind,
                const Concerns& concerns, std::size_t columns) {
    if (columns > 1) {
      DraftWord defaults{type, {}};
      defaults.entries.push_back(std::move(ask));
      draft_.defaults.push_back(std::move(defaults));
      mark_open(draft_.columns, concerns);
      return;
    }
    put(draft_.columns, ask, behind, concerns);
  }
  template <typename Concerns>
  void mark_open(std::vector<DraftColumn>& columns, const Concerns& concerns) {
    for (DraftColumn& column : columns) {
      mark_open(column.columns, concerns);
      column.open = column.open || concerns(column);
    }
  }
  template <typename Concerns>
  void put(std::vector<DraftColumn>& columns, const DraftWord& ask, std::string_view behind,
           const Concerns& concerns) {
    for (DraftColumn& column : columns) {
      put(column.columns, ask, behind, concerns);
      if (!concerns(column)) continue;
      column.open = true;
      const auto at = std::find_if(column.words.begin(), column.words.end(),
                                   [behind](const DraftWord& one) { return one.key == behind; });
      column.words.insert(at == column.words.end() ? at : at + 1, ask);
    }
  }

  // ---- times ----

  void settle_times() {
    std::set<std::string> paths;
    for (const auto& [node, known] : known_in_order())
      if (known->no_zone) paths.insert(paths_.at(node));
    if (paths.empty()) return;
    DraftWord ask{"no_zone_means",
                  {{}, say_(Code::infer_ask_zone), {"UTC", "America/Bogota", "Europe/Madrid"}}};
    ask_once(
        "datetime", std::move(ask), "read",
        [this](const DraftColumn& column) {
          return column.node != nullptr && known_.contains(column.node) &&
                 known_.at(column.node).no_zone;
        },
        paths.size());
  }

  // ---- names, codes ----

  // NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
  void name_columns(std::vector<DraftColumn>& columns) {
    std::vector<std::vector<std::string>> ways;
    for (const DraftColumn& column : columns) ways.push_back(column.way);
    std::vector<std::string> names = column_names(ways);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].name = std::move(names[i]);
      name_columns(columns[i].columns);
    }
  }

  /// Codes get a table as far as there may be more questions: three for ten columns.
  void settle_codes() {
    std::vector<DraftColumn*> coded;
    find_coded(draft_.columns, coded);
    std::stable_sort(coded.begin(), coded.end(), [this](const auto* a, const auto* b) {
      const LeafColumn& x = known_.at(a->node);
      const LeafColumn& y = known_.at(b->node);
      return x.code_rank != y.code_rank ? x.code_rank > y.code_rank
                                        : x.codes.size() < y.codes.size();
    });
    const std::size_t may = count_columns(draft_) * 3 / 10;
    std::size_t asked = count_decisions(draft_);
    for (DraftColumn* column : coded) {
      const LeafColumn& known = known_.at(column->node);
      if (known.code_rank >= 2 && asked + known.codes.size() <= may) {
        asked += known.codes.size();
        as_lookup(*column, known);
      } else {
        as_one_of(*column, known);
      }
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
  void find_coded(std::vector<DraftColumn>& columns, std::vector<DraftColumn*>& out) {
    for (DraftColumn& column : columns) {
      find_coded(column.columns, out);
      const auto known = column.node == nullptr ? known_.end() : known_.find(column.node);
      if (known != known_.end() && !known->second.codes.empty()) out.push_back(&column);
    }
  }

  void as_lookup(DraftColumn& column, const LeafColumn& known) {
    DraftWord lookup{"lookup", {}};
    for (const auto& [code, count] : known.codes) {
      DraftWord entry{yaml_scalar(code), {{}, say_(Code::infer_ask_code, {code}), {code}}};
      entry.note = grouped(count) + " ×";
      lookup.entries.push_back(std::move(entry));
    }
    column.words.push_back(std::move(lookup));
    column.open = true;
  }

  void as_one_of(DraftColumn& column, const LeafColumn& known) {
    std::uint64_t total = 0;
    std::string list = "[";
    std::string counts;
    for (const auto& [code, count] : known.codes) {
      total += count;
      (list.size() > 1 ? list += ", " : list) += yaml_scalar(code);
      (counts.empty() ? counts : counts += ", ") += grouped(count);
    }
    // Of few values nobody knows that there are no others.
    if (known.codes.size() < 2 || total < 20 || total < known.codes.size() * 5) return;
    column.words.push_back(word("one_of", list + ']'));
    column.words.back().note = counts + " ×";
  }

  // ---- the other sections ----

  void input() {
    const RecordsOf& records = options_.found;
    std::string format;
    std::string path = options_.records;
    if (path.empty()) {
      for (const std::string& key : records.keys) path = path_below(path, key);
      if (records.entries) path += "{*}";
    }
    if (!path.empty()) {
      format = "json";
    } else if (!profile_.samples.empty()) {
      const SampleRecord& first = profile_.samples.front();
      const bool lines = first.text.find('\n') != std::string::npos;
      if (first.place.column > 1 || lines)
        format = "json";
      else if (first.byte == 0)
        format = "ndjson";
    }
    if (!format.empty()) draft_.input.push_back(word("format", format));
    if (!path.empty()) draft_.input.push_back(word("records", yaml_scalar(path)));
    if (const std::string id = id_of(); !id.empty())
      draft_.input.push_back(word("id", yaml_scalar(id)));
    if (!options_.json_in_text.empty())
      draft_.input.push_back(word("json_in_text", flow(options_.json_in_text)));
    if (const std::vector<std::string> lists = lists_that_are_read(); !lists.empty())
      draft_.input.push_back(word("as_list", flow(lists)));
    if (!null_words_.empty())
      draft_.input.push_back(word(
          "null_words", flow(std::vector<std::string>(null_words_.begin(), null_words_.end()))));
    if (!is_wanted()) draft_.input.push_back(word("fields_nobody_uses", "warn"));
  }

  /// Of the paths that are lists only by `as_list`, those that some column goes through.
  [[nodiscard]] std::vector<std::string> lists_that_are_read() const {
    std::set<const PathNode*> read;
    const auto add = [&read](const PathNode* at) {
      for (; at != nullptr && read.insert(at).second; at = at->parent) {
      }
    };
    if (!draft_.rows.empty()) add(rows_);
    add_reads(draft_.columns, add);
    std::vector<std::string> paths;
    for (const auto& [node, path] : as_list_)
      if (read.contains(node)) paths.push_back(path);
    return paths;
  }
  // NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
  template <typename Add>
  static void add_reads(const std::vector<DraftColumn>& columns, const Add& add) {
    for (const DraftColumn& column : columns) {
      for (const PathNode* node : column.reads) add(node);
      add_reads(column.columns, add);
    }
  }

  static std::string flow(const std::vector<std::string>& items) {
    if (items.size() == 1) return yaml_scalar(items.front());
    std::string list = "[";
    for (const std::string& item : items)
      (list.size() > 1 ? list += ", " : list) += yaml_scalar(item);
    return list + ']';
  }

  /// The first field of the record that no two records share, best one that is called so.
  [[nodiscard]] std::string id_of() const {
    std::string best;
    int rank = 0;
    for (const DraftColumn& column : draft_.columns) {
      if (column.node == nullptr || scopes_.at(column.node) != nullptr || column.personal) continue;
      const PathProfile& seen = column.node->seen;
      const std::uint64_t records = record_->seen.of(JsonKind::object);
      const bool always = seen.count - seen.of(JsonKind::null) - seen.empty == records;
      if (!always || seen.values.repeated() || seen.values.distinct() * 10 < records * 9) continue;
      if (seen.of(JsonKind::boolean) > 0) continue;
      const Concepts of = concepts_of(column.node->name);
      int here = 0;
      if (of.has(Concept::reference)) here = 5;
      if (of.has(Concept::identity)) here = 6;
      if (column.path == "$key") here = 8;
      if (here == 0 && of.has_any(Concept::code, Concept::number, Concept::ticket)) here = 3;
      if (here == 0) continue;
      if (column.path.find('.') == std::string::npos) here += 1;
      if (here > rank) {
        rank = here;
        best = column.path;
      }
    }
    return best;
  }

  void output() {
    const bool nested = std::any_of(draft_.columns.begin(), draft_.columns.end(),
                                    [](const DraftColumn& c) { return !c.columns.empty(); });
    // Fields that no path can lead to go along as they are.
    const bool rest = !is_wanted() && !unplaced_.empty() && lists_that_are_read().empty();
    if (nested || options_.wanted.nested || rest) draft_.output.push_back(word("format", "ndjson"));
    if (rest) draft_.output.push_back(word("rest", "yes"));
    if (rest)
      std::erase_if(draft_.input,
                    [](const DraftWord& one) { return one.key == "fields_nobody_uses"; });
    // A record in which all is blank is else rejected.
    const bool filled = std::any_of(
        draft_.columns.begin(), draft_.columns.end(), [this](const DraftColumn& column) {
          if (column.node == nullptr || scopes_.at(column.node) != nullptr) return false;
          const std::uint64_t total =
              filled_forms(column.node->seen).total + column.node->seen.of(JsonKind::boolean);
          return total == std::max(record_->seen.of(JsonKind::object), std::uint64_t{1}) &&
                 column.node->seen.values.exact();
        });
    if (!filled) draft_.output.push_back(word("blank_rows", "keep"));
  }

  void head() {
    std::string inputs;
    for (std::size_t i = 0; i < options_.inputs.size() && i < 3; ++i)
      (inputs.empty() ? inputs : inputs += " + ") += options_.inputs[i];
    if (options_.inputs.size() > 3) inputs += " + …";
    const std::uint64_t records = record_->seen.count;
    draft_.head.push_back(
        say_(Code::infer_title, {yaml_note(inputs), say_.counted(Code::records, records)}));
    if (is_wanted())
      draft_.head.push_back(say_(Code::infer_like_title, {yaml_note(options_.wanted.name)}));
    draft_.head.push_back(say_(Code::infer_read_on));
    draft_.head.push_back(say_(count_decisions(draft_) > 0 ? Code::infer_read_on_decide
                                                           : Code::infer_read_on_no_decide));
  }

  void tail() {
    const RecordsOf& records = options_.found;
    std::vector<std::string> beside;
    for (const PathNode* node : records.beside) list_leaves(*node, beside);
    list_notes(Code::infer_beside_records, beside);
    list_notes(Code::infer_unplaced, unplaced_);
    if (profile_.values_beyond > 0)
      draft_.tail.push_back(say_(Code::infer_too_many_paths, {grouped(profile_.values_beyond)}));
  }

  void list_notes(Code title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    draft_.tail.push_back(say_(title));
    for (std::size_t i = 0; i < lines.size() && i < kMaxTail; ++i)
      draft_.tail.push_back("  " + yaml_note(lines[i]));
    if (lines.size() > kMaxTail) draft_.tail.push_back("  …");
  }

  /// Paths with what was seen there.
  // NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
  void list_leaves(const PathNode& node, std::vector<std::string>& out) const {
    if (out.size() > kMaxTail) return;
    if (has_scalars(node)) {
      const Findings found = find(node, forms_);
      out.push_back(node.path() + "  " + leaves_.facts_of(node, found));
    } else if (node.members.empty() && !node.items && !node.is_folded()) {
      out.push_back(node.path());
    }
    for (const auto* below : {&node.key, &node.entries, &node.items})
      if (*below) list_leaves(**below, out);
    for (const auto& member : node.members) list_leaves(*member, out);
  }

  Profile& profile_;
  const DraftOptions& options_;
  ReportWords say_;
  ValueForms forms_;
  LeafColumns leaves_;
  Draft draft_;
  PathNode* record_ = nullptr;
  std::size_t depth_ = kMaxDepth;

  const PathNode* rows_ = nullptr;
  Scope rows_scope_;

  std::vector<std::pair<const PathNode*, std::string>> as_list_;  // with their paths
  std::set<const PathNode*> listed_;
  std::set<std::string> null_words_;
  std::vector<std::string> taken_;     // keys and names that no item may have
  std::vector<std::string> unplaced_;  // paths
  std::set<const PathNode*> no_currency_;
  std::map<const PathNode*, LeafColumn> known_;  // looked up, never gone through
  std::map<const PathNode*, std::string> paths_;
  std::map<const PathNode*, const PathNode*>
      scopes_;  // the item that a path is of; null: the record
};

}  // namespace

std::vector<JsonText> json_texts(const Profile& profile) {
  std::vector<JsonText> found;
  find_json_texts(*profile.root, {}, found);
  return found;
}

Draft build_draft(Profile& profile, const DraftOptions& options) {
  return Builder(profile, options).build();
}

}  // namespace trama
