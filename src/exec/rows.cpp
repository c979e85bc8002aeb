// The rows of a record: lists, entries of objects, parts of a text and days, level by level.

#include <algorithm>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "exec/mapper.h"
#include "exec/parts.h"

namespace trama {
namespace {

using List = PlanLevel::List;

}  // namespace

/// What is wrong with a list of rows level `level`, or with one of its items.
void Mapper::row_error(std::size_t level, const Found& found, const Pointer& pointer) {
  RecordError error;
  error.reason = found.reason;
  error.place = plan_.levels[level - 1].place;
  error.a = found.a;
  error.b = found.b;
  error.value = found.value;
  error.path = pointer.below;
  error.above = pointer.above;
  if (found.node.exists()) error.byte = found.node.byte();
  locate(error, static_cast<int>(level) - 1, 0);
  errors_.push_back(error);
}

/// One of the two days of `{days_from, until}`. False: `found` is blank or wrong.
bool Mapper::read_day(const List& list, PathIndex path, Found& found, std::int32_t& day) {
  found = find(path);
  if (!found.has_value()) return false;
  Value value = found.value;
  const Reason reason = list.read.fn(list.read.args.get(), value, context_);
  if (reason != Reason::none) {
    found.reason = reason;
    found.a = context_.a;
    found.b = context_.b;
    return false;
  }
  day = value.date().days;
  return true;
}

Mapper::Found Mapper::open_days(Items& items) {
  Found found;
  std::int32_t end = 0;
  if (!read_day(*items.plan, items.plan->until, found, end)) {
    Found first;  // what is wrong or blank with the first day comes first
    std::int32_t day = 0;
    return read_day(*items.plan, items.plan->path, first, day) ? found : first;
  }
  if (!read_day(*items.plan, items.plan->path, found, items.day)) return found;
  const std::int64_t days = std::int64_t{end} - items.day;
  if (days > items.plan->at_most) {
    found.reason = Reason::days_over;
    found.a = Value::integer(days);
    found.b = Value::integer(items.plan->at_most);
    return found;
  }
  items.single = found.node;
  items.count = days > 0 ? static_cast<std::size_t>(days) : 0;
  if (days <= 0) found.value = Value::blank(Kind::empty);
  return found;
}

/// Finds the items of a list; a Found that is blank where there are none. Nothing is left of the list
/// that was opened there before, in another record or item.
Mapper::Found Mapper::open_list(const PlanLevel& level, Items& items) {
  items.cursor = NodeCursor(Node());
  items.single = Node();
  items.is_single = false;
  items.left = {};
  items.count = 0;
  items.keeps_blanks = false;
  items.places = 0;
  items.by_key.clear();
  Found found;
  switch (items.plan->kind) {
    case List::Kind::days:
      return open_days(items);
    case List::Kind::parts: {
      found = find(items.plan->path);
      if (!found.has_value()) return found;
      items.single = found.node;
      items.left = found.value.text();
      items.keeps_blanks = level.lists.size() > 1;
      items.places = 0;
      std::string_view part;
      for (std::string_view left = items.left; any_part(left, items.plan->by, part);) {
        ++items.places;
        if (trim(part).empty()) continue;
        items.count = items.keeps_blanks ? items.places : items.count + 1;
      }
      if (items.count == 0) found.value = Value::blank(Kind::empty);
      return found;
    }
    case List::Kind::entries:
      found = find(items.plan->path, Need::object);
      break;
    case List::Kind::items:
      found = find(items.plan->path, level.one_or_many ? Need::json : Need::list);
      if (!level.one_or_many || !found.has_value()) break;
      if (Found list; settle(found.node, Need::list, {}, list) || !list.is_wrong()) {
        found = list;
        break;
      }
      items.is_single = true;
      items.single = found.node;
      items.count = 1;
      return found;
  }
  if (!found.has_value()) return found;
  items.cursor = NodeCursor(found.node);
  items.count = found.node.count();
  if (items.count == 0) found.value = Value::blank(Kind::empty);
  return found;
}

/// Whether the lists side by side have as many items each, and objects the same keys. Blank parts at
/// the end of a text are items where another list has some there. False: reported.
bool Mapper::go_together(std::size_t level) {
  const PlanLevel& plan = plan_.levels[level - 1];
  std::vector<Items>& lists = levels_[level].lists;
  std::size_t most = 0;
  for (const Items& items : lists) most = std::max(most, items.count);
  Found differ;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    Items& items = lists[i];
    if (items.keeps_blanks && items.count > 0 && items.places >= most) items.count = most;
    if (items.count == lists[0].count) continue;
    const auto counted = [&](std::size_t list) {  // "2 (rooms)"
      const PathIndex path = plan.lists[list].path;
      return Value::text(
          arena_.copy(std::to_string(lists[list].count) + " (" + plan_.paths[path].text + ")"));
    };
    differ.reason = Reason::lists_differ;
    differ.a = counted(0);
    differ.b = counted(i);
    row_error(level, differ, {});
    return false;
  }
  const Items* first = nullptr;  // the first object
  for (Items& items : lists) {
    if (items.plan->kind != List::Kind::entries) continue;
    if (first == nullptr)
      first = &items;
    else if (!has_same_keys(*first, items, differ)) {
      differ.b = Value::text(plan_.paths[items.plan->path].text);
      row_error(level, differ, {});
      errors_.back().personal |= !plan_.personal.empty();  // the key may be one
      return false;
    }
  }
  return true;
}

/// Whether an object beside another, which has as many entries, has its keys. Where they come in
/// another order its entries are put in order of their keys.
bool Mapper::has_same_keys(const Items& first, Items& items, Found& differ) {
  items.by_key.clear();
  NodeCursor a = first.cursor;
  NodeCursor b = items.cursor;
  bool same = true;
  while (same && a.next() && b.next()) same = a.key().text(arena_) == b.key().text(arena_);
  if (same) return true;
  for (NodeCursor entry = items.cursor; entry.next();)
    items.by_key.emplace_back(entry.key().text(arena_), entry.value());
  std::sort(items.by_key.begin(), items.by_key.end(),
            [](const auto& x, const auto& y) { return x.first < y.first; });
  for (NodeCursor entry = first.cursor; entry.next();) {
    const std::string_view key = entry.key().text(arena_);
    if (entry_of(items, key) != nullptr) continue;
    differ.reason = Reason::entries_differ;
    differ.a = Value::text(key);
    return false;
  }
  return true;
}

const Node* Mapper::entry_of(const Items& items, std::string_view key) {
  const auto found =
      std::ranges::lower_bound(items.by_key, key, {}, &std::pair<std::string_view, Node>::first);
  return found == items.by_key.end() || found->first != key ? nullptr : &found->second;
}

/// Opens the lists of rows level `level`. False where there is nothing to go through: that is
/// reported, or done.
bool Mapper::open_lists(std::size_t level) {
  const PlanLevel& plan = plan_.levels[level - 1];
  Level& at = levels_[level];
  at.lists.resize(plan.lists.size());
  Kind none = Kind::text;
  bool missing = false;
  Found wrong;  // the first list that is no list; a missing one may reject the record before it
  PathIndex wrong_path = kNoPath;
  for (std::size_t i = 0; i < plan.lists.size(); ++i) {
    Items& items = at.lists[i];
    items.plan = &plan.lists[i];
    Found found = open_list(plan, items);
    const PathIndex path = items.plan->path;
    if (found.is_wrong()) {
      if (wrong.is_wrong()) continue;
      wrong = found;
      wrong_path = path;
      continue;
    }
    if (!found.value.is_blank()) continue;
    // Nobody sent an item without the list where the item itself is not there.
    const int above = plan_.paths[path].level;
    const bool of_nothing = above > 0 && !levels_[static_cast<std::size_t>(above)].present;
    const Kind kind = of_nothing ? Kind::empty : found.value.kind();
    if (none == Kind::text) none = kind;
    if (kind != Kind::missing) continue;
    missing = true;
    if (plan.when_missing != PlanLevel::WithoutItems::reject) continue;
    const bool until = items.plan->until != kNoPath && find(path).has_value();
    const PathIndex lacking = until ? items.plan->until : path;
    found.reason = Reason::no_list;
    found.a = Value::text(plan_.paths[lacking].text);
    row_error(level, found, pointer_of(lacking, Node()));
    error_at_level(static_cast<int>(level) - 1);
    return false;
  }
  if (wrong.is_wrong()) {
    row_error(level, wrong, pointer_of(wrong_path, wrong.node));
    error_at_level(static_cast<int>(level) - 1);
    return false;
  }
  if (!go_together(level)) {
    error_at_level(static_cast<int>(level) - 1);
    return false;
  }
  if (at.lists[0].count > 0) {
    if (find_wanted(plan.where, at.wanted, wrong)) return true;
    row_error(level, wrong, wrong.node.exists() ? Pointer{wrong.node.byte()} : Pointer());
    error_at_level(static_cast<int>(level) - 1);
    return false;
  }
  without_items(level, missing ? Kind::missing : none);
  return false;
}

/// The list of rows level `level` has no items: a blank of that kind.
void Mapper::without_items(std::size_t level, Kind kind) {
  using Without = PlanLevel::WithoutItems;
  const PlanLevel& plan = plan_.levels[level - 1];
  switch (kind == Kind::missing ? plan.when_missing : plan.when_empty) {
    case Without::one_row:
      levels_[level].present = false;
      ++item_serial_[level];
      rows_below(level + 1);
      return;
    case Without::skip:
      if (level > 1) ++result_.items_left_out;  // the item around it makes no row
      return;
    case Without::reject: {
      Found found;
      const PathIndex path = plan.lists.front().path;
      found.reason = Reason::no_items;
      found.a = Value::text(plan_.paths[path].text);
      row_error(level, found, pointer_of(path, Node()));
      error_at_level(static_cast<int>(level) - 1);
    }
  }
}

/// Goes on to the next item of each list.
void Mapper::next_items(std::size_t level) {
  Level& at = levels_[level];
  const Node* first_key = nullptr;  // of the first object
  for (std::size_t i = 0; i < at.lists.size(); ++i) {
    Items& items = at.lists[i];
    switch (items.plan->kind) {
      case List::Kind::items:
      case List::Kind::entries:
        if (items.is_single) {
          at.items[i] = items.single;
        } else if (items.cursor.next()) {
          at.items[i] = items.cursor.value();
          at.keys[i] = items.cursor.key();
        }
        if (items.plan->kind == List::Kind::entries) {
          if (first_key == nullptr) first_key = &at.keys[i];
          if (!items.by_key.empty()) {
            at.keys[i] = *first_key;
            at.items[i] = *entry_of(items, first_key->text(arena_));
          }
        }
        break;
      case List::Kind::parts: {
        std::string_view part;
        if (items.keeps_blanks)
          any_part(items.left, items.plan->by, part);
        else
          next_part(items.left, items.plan->by, part);
        at.items[i] = items.single;
        at.texts[i] = part;
        break;
      }
      case List::Kind::days:
        at.items[i] = items.single;
        at.texts[i] = plain(Value::date({items.day++}));
        break;
    }
  }
  at.present = true;
}

/// Of texts side by side, a place where no part says anything: it makes no row, as a blank part of
/// one text makes none.
bool Mapper::is_blank_place(std::size_t level) const {
  const Level& at = levels_[level];
  if (!at.lists.front().keeps_blanks) return false;
  for (std::size_t i = 0; i < at.lists.size(); ++i)
    if (!at.lists[i].keeps_blanks || !trim(at.texts[i]).empty()) return false;
  return true;
}

/// `where` of rows: whether the item makes rows. One of a wrong shape is wanted, and has its error.
bool Mapper::wanted_item(std::size_t level) {
  const PlanLevel& plan = plan_.levels[level - 1];
  if (plan.where.empty()) return true;
  const Level& at = levels_[level];
  std::size_t preference = 0;
  Found wrong;
  if (fits(plan.where, at.wanted, at.items.front(), at.keys.front(), preference, wrong))
    return true;
  if (!wrong.is_wrong()) return false;
  row_error(level, wrong, {wrong.node.byte()});
  error_at_level(static_cast<int>(level));
  return true;
}

/// Goes through the items of rows level `level` (from 1) and below. Ends at once where the record
/// makes too many rows.
void Mapper::rows_below(std::size_t level) {
  if (level > plan_.levels.size()) {
    make_row(std::exchange(changed_, static_cast<int>(level)));
    return;
  }
  const PlanLevel& plan = plan_.levels[level - 1];
  Level& at = levels_[level];
  at.present = false;
  at.items.assign(plan.lists.size(), Node());
  at.keys.assign(plan.lists.size(), Node());
  at.texts.resize(plan.lists.size());
  at.number = 0;
  if (!open_lists(level)) return;
  std::size_t kept = 0;
  std::size_t seen = 0;
  std::vector<RecordError> dropped;
  for (std::size_t left = at.lists.front().count; left > 0; --left) {
    next_items(level);
    at.index = at.lists.front().count - left;
    if (is_blank_place(level)) continue;
    const std::size_t errors_before = errors_.size();
    if (!wanted_item(level)) {
      ++result_.items_left_out;
      if (plan.multiplies) ++unwanted_;
      if (is_over()) return;
      continue;
    }
    at.number = ++seen;
    enter_item(static_cast<int>(level));
    ++item_serial_[level];
    changed_ = std::min(changed_, static_cast<int>(level));
    const int changed_before = changed_;
    const std::size_t warnings_before = warnings_.size();
    const std::size_t rows_before = rows_.size();
    const std::size_t blanks_before = blanks_.size();
    const std::size_t defaults_before = defaults_.size();
    const std::size_t notices_before = notices_.size();
    const std::size_t unknown_before = unknown_.size();
    const std::size_t blank_rows_before = blank_rows_.size();
    if (errors_.size() == errors_before) rows_below(level + 1);
    if (is_over()) return;
    const bool bad = plan.skip_bad_items && errors_.size() > errors_before && bad_level_[level] &&
                     !above_is_bad(level);
    if (!bad) {
      ++kept;
      continue;
    }
    dropped_ += errors_.size() - errors_before;
    dropped.insert(dropped.end(), errors_.begin() + static_cast<std::ptrdiff_t>(errors_before),
                   errors_.end());
    errors_.resize(errors_before);
    warnings_.resize(warnings_before);
    rows_.resize(rows_before);
    blanks_.resize(blanks_before);
    defaults_.resize(defaults_before);
    notices_.resize(notices_before);
    unknown_.resize(unknown_before);
    blank_rows_.resize(blank_rows_before);
    row_currencies_.resize(rows_before / plan_.columns.size() * plan_.agreeing.size());
    row_items_.resize(rows_before / plan_.columns.size() * item_serial_.size());
    if (observer_ != nullptr) saw_left_out(rows_before);
    bad_level_[level] = false;
    changed_ = changed_before;  // what was told of the columns above went with the item's rows
    ++result_.items_left_out;
  }
  at.present = false;
  if (seen == 0) {
    without_items(level, Kind::empty);
  } else if (kept > 0) {
    warnings_.insert(warnings_.end(), dropped.begin(),
                     dropped.end());  // reported, though the record is written
  } else {
    errors_.insert(errors_.end(), dropped.begin(), dropped.end());
    error_at_level(static_cast<int>(level) - 1);
  }
}

bool Mapper::above_is_bad(std::size_t level) const noexcept {
  for (std::size_t i = 0; i < level; ++i)
    if (bad_level_[i]) return true;
  return false;
}

/// Whether the rows of the record so far, and what is to be told of it, are more than it may hold.
bool Mapper::holds_too_much() noexcept {
  const std::size_t told = errors_.size() + warnings_.size() + unknown_.size() + dropped_;
  const std::size_t held = rows_.size() * sizeof(Value) + told * sizeof(RecordError) +
                           (blanks_.size() + notices_.size()) * sizeof(MappedRecord::Blank) +
                           arena_.bytes();
  if (held > few_bytes_) arena_.ask();
  return held > rows_bytes_;
}

void Mapper::give_back() {
  reader_.give_back();
  reset();
  const auto shrink = [](auto&... lists) { (lists.shrink_to_fit(), ...); };
  shrink(rows_, row_items_, row_currencies_, errors_, warnings_, unknown_, blanks_, defaults_,
         notices_, glued_, rest_);
  kept_.assign(kept_.size(), {});
  ordered_ = {};
  for (auto& [column, writer] : object_writers_) writer->give_back();
}

/// The record makes more rows than it may, or too much in them:
/// nothing of it is left but that error.
void Mapper::too_many_rows() {
  rows_.clear();
  row_items_.clear();
  errors_.clear();
  warnings_.clear();
  blanks_.clear();
  defaults_.clear();
  notices_.clear();
  unknown_.clear();
  blank_rows_.clear();
  row_currencies_.clear();
  result_.items_left_out = 0;
  stop_ = false;
  if (too_big_ || arena_.over()) {
    RecordError error;
    error.reason = Reason::rows_too_big;
    error.a = Value::integer(static_cast<std::int64_t>(rows_bytes_));
    errors_.push_back(error);
    return;
  }
  const PathIndex path = plan_.levels.front().lists.front().path;
  Found found = find(path, Need::json);
  const bool rows = rows_made_ > plan_.rows_at_most;
  found.reason = rows ? Reason::rows_over : Reason::items_over;
  found.a = Value::integer(rows ? plan_.rows_at_most : unwanted_);
  found.value = Value();
  row_error(1, found, pointer_of(path, found.node));
  errors_.back().place = plan_.rows_at_most_place;
}

}  // namespace trama
