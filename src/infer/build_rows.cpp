#include <algorithm>

#include "infer/builder.h"
#include "infer/trade_words.h"

namespace trama {

const DraftBuilder::Rows* DraftBuilder::rows_of(const PathNode* item) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [item](const Rows& one) {
    return item != nullptr && one.scope.item == item;
  });
  return found == rows_.end() ? nullptr : &*found;
}

bool DraftBuilder::take_wanted_rows() {
  for (const WantedRows& wanted : options_.wanted.levels) {
    const Followed found = follow(wanted.list);
    const bool is_list = found.node != nullptr && found.node->items != nullptr &&
                         shape_of(*found.node, 0) == Shape::objects;
    if (!is_list || rows_of(found.node->items.get()) != nullptr) {
      rows_.clear();
      return false;
    }
    rows_.push_back({found.node, {wanted.called, found.node->items.get()}});
  }
  return !rows_.empty();
}

/// The list that is called like the one that made rows.
void DraftBuilder::choose_wanted_rows() {
  const std::string& wanted = options_.wanted.rows;
  if (wanted.empty() || take_wanted_rows()) return;
  const Concepts of = concepts_of(wanted);
  std::size_t most = 0;
  each_list(*record_, 0, [&](const PathNode& list, std::size_t /*depth*/) {
    const std::size_t same = list.name == wanted ? 10 : concepts_of(list.name).shared(of).count();
    if (same <= most) return;
    most = same;
    take_rows(list);
  });
}

void DraftBuilder::take_rows(const PathNode& list) {
  rows_.assign(1, {&list, {{}, list.items.get()}});
}

/// The list of objects that holds most of what is in lists.
void DraftBuilder::choose_rows() {
  if (shape_of(*record_, 0) != Shape::object) return;
  if (is_wanted()) {
    choose_wanted_rows();
    if (!rows_.empty() || options_.wanted.rows.empty()) return;
  }
  std::size_t all = 0;
  std::size_t most = 0;
  each_list(*record_, 0, [&](const PathNode& list, std::size_t depth) {
    const std::size_t leaves = count_leaves(list, depth);
    all += leaves;
    if (leaves <= most) return;
    most = leaves;
    take_rows(list);
  });
  if (rows_.empty()) return;
  const PathNode& list = *rows_.front().list;
  // One of many lists that are alike multiplies no more than the others; and what the trade has no
  // row for is a detail, unless nearly all is in it.
  const Concepts of = concepts_of(list.name);
  const bool traded = of.has_any(Concept::room, Concept::guest, Concept::segment, Concept::night,
                                 Concept::price, Concept::option, Concept::activity,
                                 Concept::flight, Concept::ticket, Concept::hotel);
  const bool nearly_all = most * 2 >= count_leaves(*record_, 0);
  if (most * 2 < all || list.seen.most_items < 2 || most < 2 || (!traded && !nearly_all))
    rows_.clear();
}

// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
template <typename Act>
void DraftBuilder::each_list(const PathNode& object, std::size_t depth, const Act& act) const {
  for (const auto& member : object.members) {
    const Shape shape = shape_of(*member, depth + 1);
    if (shape == Shape::object) each_list(*member, depth + 1, act);
    if (shape == Shape::objects) act(*member, depth + 1);
  }
}

}  // namespace trama
