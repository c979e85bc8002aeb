#include <algorithm>
#include <climits>

#include "infer/builder.h"
#include "infer/names.h"
#include "infer/yaml_text.h"
#include "mapping/path.h"
#include "report/shown_text.h"

namespace trama {

/// Takes of the columns of the dump those that fit the wanted ones, each with its reasons.
void DraftBuilder::take_wanted() {
  const std::vector<Wanted>& wanted = options_.wanted.columns;
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].made) continue;
    const bool joins = wanted[i].sources.size() > 1 && !wanted[i].join.empty();
    if (!joins) slots.push_back({i});
    if (joins)
      for (const WantedSource& source : wanted[i].sources) slots.push_back({i, &source});
  }
  const std::vector<Candidate> candidates = candidates_for(slots);
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
  // Rows of items that no column reads would all be the same.
  while (!rows_.empty()) {
    const bool is_read =
        std::any_of(draft_.columns.begin(), draft_.columns.end(), [this](const auto& column) {
          return std::any_of(column.reads.begin(), column.reads.end(), [this](const auto* node) {
            return scopes_.contains(node) && scopes_.at(node) == rows_.back().scope.item;
          });
        });
    if (is_read) break;
    rows_.pop_back();
    if (draft_.rows.size() > rows_.size()) draft_.rows.pop_back();
  }
  if (!without.empty()) draft_.tail.push_back(say_(Code::infer_no_source, {without}));
  if (!made.empty()) draft_.tail.push_back(say_(Code::infer_made_of_others, {made}));
}

std::vector<Candidate> DraftBuilder::candidates_for(std::vector<Slot>& slots) {
  std::vector<Candidate> candidates;
  for (const DraftColumn& column : draft_.columns)
    if (column.columns.empty()) candidates.push_back(candidate_of(column));
  for (Slot& slot : slots) {
    const Wanted& wanted = options_.wanted.columns[slot.wanted];
    for (const WantedSource& source : wanted.sources) {
      if (slot.same || (slot.source != nullptr && slot.source != &source)) continue;
      const Followed at = follow(source.where);
      if (at.node == nullptr || shape_of(*at.node, 0) != Shape::leaf) continue;
      auto same = std::find_if(candidates.begin(), candidates.end(),
                               [&](const Candidate& one) { return one.column->node == at.node; });
      if (same == candidates.end()) {
        followed_.push_back(leaf(*at.node, at.path, {}, at.scope, at.node->name));
        candidates.push_back(candidate_of(followed_.back()));
        same = candidates.end() - 1;
      }
      if (may_be(wanted.type, same->type))
        slot.same = static_cast<std::size_t>(same - candidates.begin());
    }
  }
  for (Slot& slot : slots)
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      Fit fit = best_fit(options_.wanted.columns[slot.wanted], slot.source, candidates[c]);
      const std::string same = say_(Code::infer_same_path);
      const bool told = !fit.reasons.empty() && fit.reasons.front() == same;
      if (slot.same == c && !told) fit.reasons.insert(fit.reasons.begin(), same);
      slot.fits.push_back(std::move(fit));
    }
  return candidates;
}

DraftBuilder::Followed DraftBuilder::follow(const Path& path) {
  if (path.pick || path.many() || path.steps.empty()) return {};
  Followed at{record_};
  std::size_t first = 0;
  for (const Rows& one : rows_) {
    if (path.from_top || one.scope.called != path.steps.front().key) continue;
    at = {one.scope.item, one.scope.called, one.scope};
    first = 1;
  }
  for (std::size_t i = first; i < path.steps.size(); ++i) {
    const Path::Step& step = path.steps[i];
    if (step.kind == Path::StepKind::index) {
      if (at.node->items == nullptr) return {};
      at.node = at.node->items.get();
      at.path += '[' + std::to_string(step.index) + ']';
      reroot(*at.node, at.path, at.scope);
      continue;
    }
    const auto member = at.node->by_name.find(step.key);
    if (member == at.node->by_name.end() || !is_usable_key(step.key)) return {};
    at.node = member->second;
    at.path = path_below(at.path, step.key);
  }
  return first == path.steps.size() ? Followed{} : at;
}

// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
void DraftBuilder::reroot(const PathNode& object, const std::string& path, const Scope& scope) {
  for (const auto& member : object.members) {
    if (!is_usable_key(member->name)) continue;
    paths_[member.get()] = path_below(path, member->name);
    scopes_[member.get()] = scope.item;
    reroot(*member, paths_[member.get()], scope);
  }
}

Candidate DraftBuilder::candidate_of(const DraftColumn& column) const {
  Candidate candidate;
  candidate.column = &column;
  candidate.of_item = column.of_row;
  for (const DraftWord& one : column.words)
    if (one.key == "type") candidate.type = one.value.yaml;
  Path path;
  Phrase problem;
  std::size_t at = 0;
  if (parse_path(column.path, path, problem, at)) candidate.keys = keys_of(path);
  const Rows* const rows = column.node == nullptr ? nullptr : rows_of(scopes_.at(column.node));
  if (rows != nullptr && !candidate.keys.empty()) candidate.keys.front() = rows->list->name;
  return candidate;
}

Fit DraftBuilder::best_fit(const Wanted& wanted, const WantedSource* source,
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
void DraftBuilder::assign(std::vector<Slot>& slots, std::size_t candidates) {
  struct Match {
    int score;
    std::size_t slot;
    std::size_t candidate;
  };
  std::vector<Match> pairs;
  for (std::size_t s = 0; s < slots.size(); ++s)
    for (std::size_t c = 0; c < candidates; ++c)
      if (slots[s].fits[c].score >= kLeastFit && slots[s].fits[c].by_name)
        pairs.push_back({slots[s].fits[c].score, s, c});
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Match& a, const Match& b) { return a.score > b.score; });
  std::vector<bool> used(candidates, false);
  for (Slot& slot : slots) {
    slot.taken = slot.same;
    if (slot.taken) used[*slot.taken] = true;
  }
  for (const bool shares : {false, true}) {
    for (const Match& pair : pairs) {
      if (slots[pair.slot].taken || (used[pair.candidate] && !shares)) continue;
      if (shares && pair.score < 2 * kLeastFit) continue;
      slots[pair.slot].taken = pair.candidate;
      used[pair.candidate] = true;
    }
  }
}

DraftColumn DraftBuilder::wanted_column(const Wanted& wanted, const std::vector<const Slot*>& slots,
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
    column.words = {draft_word("from", one_or_list(paths)),
                    draft_word("join", yaml_quoted(wanted.join))};
    if (column.personal) column.words.push_back(draft_word("personal", "yes"));
    column.node = nullptr;
    column.note.clear();
  } else {
    known_lookup(wanted, column);
  }
  if (wanted.internal) column.words.push_back(draft_word("internal", "yes"));
  return column;
}

/// Codes that the mapping knows keep what it writes for them.
void DraftBuilder::known_lookup(const Wanted& wanted, DraftColumn& column) {
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

}  // namespace trama
