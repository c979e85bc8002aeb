// `output: rest`: which parts of a record the columns read,
// as a tree that exec walks beside the record.

#include <algorithm>

#include "base/phrase_codes.h"
#include "plan/compiler.h"

namespace trama {
namespace {

using Steps = std::vector<PlanPath::Step>;
using StepKind = PlanPath::Step::Kind;

/// Marks what lies at or below the end of `steps` as read.
void mark_read(PlanRest& rest, const Steps& steps) {
  std::uint32_t at = 0;
  const auto child = [&rest](std::uint32_t& link) {
    if (link == 0) link = static_cast<std::uint32_t>(rest.nodes.size());
    return link;
  };
  for (const PlanPath::Step& step : steps) {
    PlanRest::Node& node = rest.nodes[at];
    switch (step.kind) {
      case StepKind::key:
        at = child(node.keys[step.key]);
        break;
      case StepKind::index:
        at = child(node.indexes[step.index]);
        break;
      case StepKind::key_or_index:
        at = child(node.pointers[step.key]);
        break;
      case StepKind::items:
      case StepKind::entries:
        at = child(node.any);
        break;
    }
    if (at == rest.nodes.size()) rest.nodes.emplace_back();
  }
  rest.nodes[at].read = true;
}

}  // namespace

/// The steps to a path's value from the top of the record.
Steps Compiler::way_to(const PlanPath& path) const {
  Steps steps;
  if (path.level > 0) {
    const auto level = static_cast<std::size_t>(path.level);
    const bool of_rows = level <= plan_->levels.size();
    const auto each =
        std::find_if(plan_->columns.begin(), plan_->columns.end(),
                     [&path](const PlanColumn& c) { return c.each_level == path.level; });
    const PathIndex list =
        of_rows ? plan_->levels[level - 1].lists[path.side].path : each->each_list;
    steps = way_to(plan_->paths[list]);
    if (path.take == PlanPath::Take::item_text) return steps;
    const bool at_items = !steps.empty() && (steps.back().kind == StepKind::items ||
                                             steps.back().kind == StepKind::entries);
    if (!at_items || of_rows) steps.push_back({StepKind::items, {}, 0});
  }
  if (path.slot >= 0)
    for (const std::string& key : plan_->wanted.slots[static_cast<std::size_t>(path.slot)])
      steps.push_back({StepKind::key, key, 0});
  steps.insert(steps.end(), path.rest.begin(), path.rest.end());
  return steps;
}

/// `first` to `end`: the paths that columns read.
void Compiler::rest(std::size_t first, std::size_t end) {
  PlanRest& rest = plan_->rest_of_record;
  rest.on = plan_->output.rest;
  if (!rest.on) return;
  const Span word = mapping_.output.rest_span;
  if (!as_list_.empty())
    error(DiagnosticCode::words_together, word,
          {"rest", "as_list", PhraseCode::rest_of_other_shapes});
  else if (plan_->wanted.lists)
    error(DiagnosticCode::words_together, word, {"rest", "[0]", PhraseCode::rest_of_other_shapes});
  rest.nodes.emplace_back();
  for (std::size_t i = first; i < end; ++i) {
    const PlanPath& path = plan_->paths[i];
    const bool list_of_each = std::any_of(plan_->columns.begin(), plan_->columns.end(),
                                          [i](const PlanColumn& c) { return c.each_list == i; });
    const bool reads_key = path.take == PlanPath::Take::entry_key ||
                           path.take == PlanPath::Take::item_number ||
                           (!path.rest.empty() && path.rest.back().entry_key);
    if (!list_of_each && !reads_key) mark_read(rest, way_to(path));
  }
  for (const PlanColumn& column : plan_->columns)
    for (const PlanCondition& condition : column.each_where) {
      PlanPath read;
      read.level = column.each_level;
      read.rest = condition.where.steps;
      if (condition.where.of != PlanItemPath::Of::entry_key) mark_read(rest, way_to(read));
    }
  for (const PlanLevel& level : plan_->levels)
    for (const PlanLevel::List& list : level.lists) {
      mark_read(rest, way_to(plan_->paths[list.path]));
      if (list.until != kNoPath) mark_read(rest, way_to(plan_->paths[list.until]));
    }
  for (const Path& without : mapping_.output.rest_without) mark_read(rest, steps_of(without, 0));
  for (const OutputColumn& column : plan_->output.columns)
    rest.taken.insert(column.name.substr(0, column.name.find('.')));
  rest.taken.insert(plan_->output.audit_columns.begin(), plan_->output.audit_columns.end());
}

}  // namespace trama
