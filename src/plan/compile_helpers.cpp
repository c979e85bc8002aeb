// Fields that say how another is read: `currency`, `minor_units`, `zone`, `no_zone_means`, `convert_to`
// (mappings/rules.md, rules 9.11 and 9.13). Where a value is taken of a list its helper is a field of the
// very item; a field of another object, or of another item, is refused.

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "base/phrase_codes.h"
#include "plan/compiler.h"

namespace trama {

/// The first steps of a path, up to the last [*] or {*}.
static std::size_t steps_of_items(const Path& path) {
  for (std::size_t i = path.steps.size(); i-- > 0;)
    if (path.steps[i].kind == Path::StepKind::items ||
        path.steps[i].kind == Path::StepKind::entries)
      return i + 1;
  return 0;
}

static void append_step(const Path::Step& step, std::string& out) {
  switch (step.kind) {
    case Path::StepKind::items:
      out += "[*]";
      return;
    case Path::StepKind::entries:
      out += "{*}";
      return;
    case Path::StepKind::index:
      out += '[' + std::to_string(step.index) + ']';
      return;
    case Path::StepKind::key:
      if (!out.empty()) out += '.';
      out += step.quoted ? '"' + step.key + '"' : step.key;
  }
}

/// The steps to the items that a value is taken of: those of a list to choose from, or up to the last
/// [*] or {*}. Empty where there are none.
static std::vector<Path::Step> steps_to_items(const Path& path) {
  const std::size_t size = path.pick ? path.steps.size() : steps_of_items(path);
  std::vector<Path::Step> steps(path.steps.begin(),
                                path.steps.begin() + static_cast<std::ptrdiff_t>(size));
  if (path.pick) steps.emplace_back().kind = Path::StepKind::items;
  return steps;
}

/// How a helper field lies to the items that a value is taken of.
struct Beside {
  enum class Kind : std::uint8_t { elsewhere, one_item, each_item } kind = Kind::elsewhere;
  std::size_t steps = 0;  // of the helper, up to the item
  std::string same;       // of one item's: the path with the items of the value in its place
};

static Beside beside_items(const Path& helper, const Path& value) {
  const auto many = [](const Path::Step& step) {
    return step.kind == Path::StepKind::items || step.kind == Path::StepKind::entries;
  };
  Beside beside;
  const std::vector<Path::Step> steps = steps_to_items(value);
  if (steps.empty() || !helper.stated() || helper.pick) return beside;
  // As far as both go the same way; a pointer writes an index as a key.
  for (std::size_t i = 0; i < steps.size() && i < helper.steps.size(); ++i) {
    const Path::Step& a = steps[i];
    const Path::Step& b = helper.steps[i];
    if (many(a) && many(b)) continue;
    if (many(a)) {
      for (std::size_t k = 0; k < helper.steps.size(); ++k)
        append_step(k <= i ? steps[k] : helper.steps[k], beside.same);
      beside.kind = Beside::Kind::one_item;
      return beside;
    }
    const bool index_as_key = helper.from_top != value.from_top && a.kind != b.kind;
    if (!index_as_key && (a.kind != b.kind || a.key != b.key || a.index != b.index)) return beside;
  }
  if (steps.size() > helper.steps.size() || helper.from_top != value.from_top) return beside;
  if (steps_of_items(helper) != steps.size()) return beside;  // several of each item
  beside.kind = Beside::Kind::each_item;
  beside.steps = steps.size();
  return beside;
}

/// The helper field of the very item that `value`, a choice among the items of a list, takes.
static Path of_the_item_taken(const Path& helper, const Path& value, const Beside& beside) {
  Path path = value;
  path.text = helper.text;
  path.span = helper.span;
  Pick pick = *value.pick;
  pick.beside.span = helper.span;
  pick.beside.steps.assign(helper.steps.begin() + static_cast<std::ptrdiff_t>(beside.steps),
                           helper.steps.end());
  for (const Path::Step& step : pick.beside.steps) append_step(step, pick.beside.text);
  path.pick = std::make_shared<const Pick>(std::move(pick));
  return path;
}

/// Of the totals those that give the value of one item.
static bool takes_one_of(std::string_view total) noexcept {
  return total == "first" || total == "last" || total == "only";
}

/// The path of a helper field. Where the value is taken of items of a list, a field of these items is
/// written with [*] and is that of the very item; one item's for all, or for another, is refused.
/// `of_items`: of a currency, whether each item that a total takes has its own.
PathIndex Compiler::helper_path(const Column& column, const Path& helper, std::string_view word,
                                bool* of_items) {
  if (!helper.stated()) return kNoPath;
  std::vector<const Path*> values;
  for (const std::vector<Path>* const all : {&column.from, &column.first_of})
    for (const Path& path : *all) values.push_back(&path);
  if (column.when_blank_from.stated()) values.push_back(&column.when_blank_from);
  const bool gathers = column.total.stated() || column.join.stated();
  const bool totals = of_items != nullptr && column.type.view() == "money" &&
                      column.total.stated() && column.total.view() != "count" &&
                      column.from.size() == 1;
  const auto refuse = [&](PhraseCode why, const std::string& write) {
    wrong_names_.emplace(helper.span.line, helper.span.column);
    error(DiagnosticCode::value_wrong, helper.span,
          {helper.text, std::string(word), Phrase(why, {write})});
  };
  for (const Path* const value : values) {
    const Beside beside = beside_items(helper, *value);
    const bool takes_one = value->pick && !gathers;
    if (beside.kind == Beside::Kind::one_item) {
      if (takes_one || (totals && takes_one_of(column.total.view())))
        refuse(PhraseCode::item_taken_has_its_own, beside.same);
      else if (totals)
        refuse(PhraseCode::each_item_has_its_own, beside.same);
      else if (gathers)
        refuse(PhraseCode::items_are_read_in_each, std::string(word));
      break;
    }
    if (beside.kind == Beside::Kind::elsewhere || values.size() > 1) continue;
    // Which item has the highest value is decided by what is written, without its helpers.
    const Pick* const pick = value->pick.get();
    const bool ranks_itself =
        pick != nullptr && pick->take.stated() &&
        (pick->highest.text == pick->take.text || pick->lowest.text == pick->take.text);
    if (takes_one && ranks_itself) {
      refuse(PhraseCode::items_are_read_in_each, std::string(word));
      return kNoPath;
    }
    if (takes_one) return path(of_the_item_taken(helper, *value, beside));
    if (totals) {
      *of_items = true;
      if (!value->pick) return path(helper);
      const PathIndex made = path(of_the_item_taken(helper, *value, beside));
      plan_->picks.back().all = true;
      return made;
    }
    if (!gathers) continue;
    refuse(PhraseCode::items_are_read_in_each, std::string(word));
    return kNoPath;
  }
  return path_to_one(helper);
}

/// The fields that serve a column beside its own value.
void Compiler::helper_paths(ColumnIndex index) {
  const Column& column = written(index);
  HelperPaths& paths = helper_paths_[index];
  paths.currency = helper_path(column, column.currency.from, "currency", &paths.currency_of_items);
  paths.minor_units = helper_path(column, column.minor_units_from.from, "minor_units", nullptr);
  paths.zone = helper_path(column, column.zone.from, "zone", nullptr);
  paths.no_zone_means = helper_path(column, column.no_zone_means.from, "no_zone_means", nullptr);
  paths.convert_to = helper_path(column, column.convert_to.from, "convert_to", nullptr);
}

/// Whether `path` begins with the first `steps` of `other`.
static bool begins_like(const Path& path, const Path& other, std::size_t steps) {
  if (path.steps.size() < steps || path.from_top != other.from_top) return false;
  const auto same = [](const Path::Step& a, const Path::Step& b) {
    return a.kind == b.kind && a.key == b.key && a.index == b.index;
  };
  return std::equal(other.steps.begin(), other.steps.begin() + static_cast<std::ptrdiff_t>(steps),
                    path.steps.begin(), same);
}

/// Of a column whose value comes from one of several fields: the one that is in another object than
/// the field `helper` which says how it is to be read, where some of them are beside that field.
static const Path* beside_another(const Column& column, const Path& helper) {
  std::vector<const Path*> paths;
  for (const std::vector<Path>* const all : {&column.first_of, &column.from})
    for (const Path& path : *all) paths.push_back(&path);
  if (column.when_blank_from.stated()) paths.push_back(&column.when_blank_from);
  if (!helper.stated() || helper.steps.size() < 2 || paths.size() < 2) return nullptr;
  const std::size_t around = helper.steps.size() - 1;  // the object that holds the helper
  const Path* other = nullptr;
  bool beside = false;
  for (const Path* const path : paths) {
    if (path->steps.empty()) return nullptr;
    const bool within = begins_like(*path, helper, around);
    beside = beside || within;
    if (!within && other == nullptr) other = path;
  }
  return beside ? other : nullptr;
}

/// The place in a list that a step names; a pointer writes it as a key of digits.
static std::int64_t place_in_list(const PlanPath::Step& step) noexcept {
  std::int64_t place = step.index;
  if (step.kind == PlanPath::Step::Kind::key_or_index)
    std::from_chars(step.key.data(), step.key.data() + step.key.size(), place);
  return place;
}

/// A path as steps from the top of the record, those of the items that it begins at too.
std::vector<Compiler::TopStep> Compiler::from_top(PathIndex index) const {
  const PlanPath& path = plan_->paths[index];
  std::vector<TopStep> steps;
  if (const PlanLevel::List* list = row_list_of(path)) {
    steps = from_top(list->path);
    if (list->kind <= PlanLevel::List::Kind::entries)
      steps.push_back({.kind = TopStep::Kind::current, .level = path.level});
  } else if (path.level > 0) {
    const std::size_t each = static_cast<std::size_t>(path.level) - plan_->levels.size();
    steps = from_top(plan_->columns[plan_->each_of_level[each - 1]].each_list);
    steps.push_back({.kind = TopStep::Kind::current, .level = path.level});
  }
  if (path.slot >= 0)
    for (const std::string& key : plan_->wanted.slots[static_cast<std::size_t>(path.slot)])
      steps.push_back({.key = key});
  for (const PlanPath::Step& step : path.rest) {
    using Of = PlanPath::Step::Kind;
    if (step.entry_key) continue;
    if (step.kind == Of::items || step.kind == Of::entries)
      steps.push_back({.kind = TopStep::Kind::each});
    else if (step.kind == Of::key)
      steps.push_back({.key = step.key});
    else
      steps.push_back({.kind = TopStep::Kind::index, .index = place_in_list(step)});
  }
  if (path.pick >= 0) steps.push_back({.kind = TopStep::Kind::each});
  return steps;
}

/// Whether a value and its helper field go through the same list to other items.
bool Compiler::of_other_items(PathIndex value, PathIndex helper) const {
  const std::vector<TopStep> a = from_top(value);
  const std::vector<TopStep> b = from_top(helper);
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at == a.end() || other == b.end()) return false;
  const auto gone_through = [](const TopStep& step) {
    return step.kind == TopStep::Kind::each || step.kind == TopStep::Kind::current;
  };
  if (at->kind == TopStep::Kind::key ||
      other->kind == TopStep::Kind::key)  // an entry that is named
    return gone_through(*at) || gone_through(*other);
  return true;
}

/// Refuses a value of one object that would be read with a field of another: EUR 5 of 5 pesos.
void Compiler::check_helpers(ColumnIndex index) {
  const Column& column = written(index);
  const HelperPaths& read = helper_paths_[index];
  const std::tuple<const char*, PathIndex, const Path*> fields[] = {
      {"currency", read.currency, &column.currency.from},
      {"minor_units", read.minor_units, &column.minor_units_from.from},
      {"zone", read.zone, &column.zone.from},
      {"no_zone_means", read.no_zone_means, &column.no_zone_means.from}};
  std::vector<PathIndex> values = made(index).paths;
  if (made(index).blank_path != kNoPath) values.push_back(made(index).blank_path);
  for (const auto& [word, field, path] : fields) {
    if (field == kNoPath || plan_->paths[field].many || plan_->paths[field].pick >= 0) continue;
    const auto other = std::find_if(values.begin(), values.end(), [this, field](PathIndex value) {
      return of_other_items(value, field);
    });
    if (other == values.end()) continue;
    if (!wrong_names_.emplace(path->span.line, path->span.column).second) continue;
    error(DiagnosticCode::helper_elsewhere, path->span,
          {word, path->text, plan_->paths[*other].text});
  }
  const std::pair<const char*, const Path*> helpers[] = {
      {"currency", &column.currency.from},
      {"minor_units", &column.minor_units_from.from},
      {"no_zone_means", &column.no_zone_means.from}};
  for (const auto& [word, helper] : helpers)
    if (const Path* const path = beside_another(column, *helper);
        path != nullptr && wrong_names_.emplace(helper->span.line, helper->span.column).second)
      error(DiagnosticCode::helper_elsewhere, path->span, {word, helper->text, path->text});
}

}  // namespace trama
