#include <algorithm>

#include "base/ascii.h"
#include "infer/builder.h"
#include "infer/trade_words.h"
#include "infer/yaml_text.h"
#include "value/code_sets.h"

namespace trama {
namespace {

constexpr int kMaxMoneyDecimals = 3;
constexpr std::size_t kMaxFields = 4;  // to choose from

/// The words of a currency's name that say which one it is: `show` of `show_currency_code`.
std::set<std::string> marks_of(const PathNode& currency) {
  std::set<std::string> marks;
  for (std::string& one : name_words(currency.name))
    if (!concepts_of(one).has_any(Concept::currency, Concept::code, Concept::identity,
                                  Concept::name))
      marks.insert(std::move(one));
  return marks;
}

bool asks(const std::vector<DraftWord>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const DraftWord& one) { return !one.value.question.empty(); });
}

/// Whether two members of an object are filled in the same ones.
bool filled_together(const PathNode& a, const Findings& found_a, const PathNode& b,
                     const Findings& found_b) {
  return a.parent == b.parent && found_a.filled == found_b.filled &&
         a.seen.filled_in == b.seen.filled_in;
}

}  // namespace

bool DraftBuilder::holds_currency(const PathNode& node) const {
  const auto known = known_.find(&node);
  return known != known_.end() && !known->second.words.empty() &&
         known->second.words.front().value.yaml == "currency";
}

/// Of the currencies in one object, that of an amount in it or below.
DraftBuilder::Currencies DraftBuilder::currencies_beside(const PathNode& object,
                                                         const PathNode& amount) const {
  std::vector<const PathNode*> fields;
  std::set<std::string> marks;  // that tell one from another
  for (const auto& member : object.members) {
    if (!holds_currency(*member)) continue;
    fields.push_back(member.get());
    marks.merge(marks_of(*member));
  }
  if (fields.empty()) return {};
  const std::set<std::string> ours = marked(object, amount, marks);
  std::stable_partition(fields.begin(), fields.end(),
                        [&](const PathNode* field) { return marks_of(*field) == ours; });
  const auto fit = std::count_if(fields.begin(), fields.end(),
                                 [&](const PathNode* field) { return marks_of(*field) == ours; });
  if (fields.size() > 1 || fit == 1) return {std::move(fields), fit == 1, true};
  // The only one may be that of another amount:
  // `price` beside `original_price` and `original_currency`.
  const bool of_another =
      std::any_of(object.members.begin(), object.members.end(), [&](const auto& member) {
        const auto known = known_.find(member.get());
        return known != known_.end() && known->second.is_amount &&
               marked(object, *member, marks) == marks;
      });
  return {std::move(fields), !of_another, !of_another};
}

/// Of some words, those in the names that lead from an object to an amount.
std::set<std::string> DraftBuilder::marked(const PathNode& object, const PathNode& amount,
                                           const std::set<std::string>& marks) {
  std::set<std::string> found;
  for (const PathNode* at = &amount; at != nullptr && at != &object; at = at->parent)
    for (std::string& one : name_words(at->name))
      if (marks.contains(one)) found.insert(std::move(one));
  return found;
}

DraftBuilder::Currencies DraftBuilder::currencies_of(const PathNode& amount) const {
  Currencies found;  // those of other amounts on the way
  for (const PathNode* at = amount.parent; at != nullptr; at = at->parent) {
    Currencies here = currencies_beside(*at, amount);
    if (here.beside && found.fields.empty()) return here;
    found.fields.insert(found.fields.begin(), here.fields.begin(), here.fields.end());
    found.beside = here.beside;
    if (found.beside) return found;
    if (at == record_) break;
  }
  if (!found.fields.empty()) return found;
  for (const PathNode* at = amount.parent; at != nullptr; at = at->parent) {
    far_currencies(*at, found.fields);
    if (at == record_) break;
  }
  found.fields.resize(std::min(found.fields.size(), kMaxFields));
  return found;
}

/// Currencies in the objects of an object that are there in each of them.
// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
void DraftBuilder::far_currencies(const PathNode& object, std::vector<const PathNode*>& out) const {
  const std::uint64_t objects = object.seen.of(JsonKind::object);
  for (const auto& member : object.members) {
    const PathProfile& seen = member->seen;
    if (seen.count - seen.of(JsonKind::null) - seen.empty != objects) continue;
    const bool is_new = std::find(out.begin(), out.end(), member.get()) == out.end();
    if (holds_currency(*member) && null_words_of(seen).empty() && is_new)
      out.push_back(member.get());
    else if (seen.of(JsonKind::object) == objects)
      far_currencies(*member, out);
  }
}

std::vector<std::string> DraftBuilder::currencies_in(const PathNode& node) const {
  std::vector<std::string> codes;
  for (const ValueCounts::Entry* entry : node.seen.values.most_frequent(10)) {
    std::string code(node.seen.values.text(*entry));
    code.erase(0, code.find_first_not_of(' '));
    code.erase(std::min(code.find(' '), code.size()));
    for (char& c : code) c = capital_letter(c);
    if (is_currency(code) && std::find(codes.begin(), codes.end(), code) == codes.end())
      codes.push_back(code);
  }
  return codes;
}

/// A field that says how many of the digits of whole amounts are decimals.
const PathNode* DraftBuilder::precision_of(const PathNode& amount) const {
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

void DraftBuilder::settle_amounts() {
  settle_amounts(draft_.columns);
  currency_of_others();
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
void DraftBuilder::settle_amounts(std::vector<DraftColumn>& columns) {
  for (DraftColumn& column : columns) {
    settle_amounts(column.columns);
    if (column.node == nullptr || !known_.contains(column.node)) continue;
    const LeafColumn& known = known_.at(column.node);
    if (known.is_amount) settle_amount(column, known);
  }
}

void DraftBuilder::settle_amount(DraftColumn& column, const LeafColumn& known) {
  const PathNode& node = *column.node;
  const Currencies currencies = currencies_of(node);
  const int decimals = node.seen.decimals;
  if (!currencies.beside) {
    if (known.whole || known.vague || decimals > kMaxMoneyDecimals) return;
    const auto same = std::find_if(no_currency_.begin(), no_currency_.end(), [&](const auto& one) {
      return one.fields == currencies.fields;
    });
    if (same == no_currency_.end())
      no_currency_.push_back({currencies.fields, {column.node}});
    else
      same->amounts.insert(column.node);
    as_money(column, {}, decimals > 2 ? decimals : -1);
    return;
  }
  const PathNode* const precision = known.whole ? precision_of(node) : nullptr;
  std::vector<const PathNode*> fields = currencies.fields;
  std::optional<Code> question;
  if (currencies.decided)
    fields.resize(1);
  else
    question = Code::infer_ask_currency_of;
  std::optional<DraftWord> of = currency_word(fields, question, &node);
  if (!of) return;
  int least = 4;
  for (const PathNode* field : fields) {
    for (const std::string& code : currencies_in(*field))
      least = std::min(least, currency_decimals(code));
    if (!field->seen.values.exact()) least = 0;
  }
  column.open = column.open || asks(of->entries);
  as_money(column, std::move(of), precision == nullptr && decimals > least ? decimals : -1);
  if (precision != nullptr) {
    column.words.push_back(
        draft_word("minor_units", "{from: " + yaml_scalar(paths_.at(precision)) + "}"));
    column.words.back().note = say_(Code::infer_cents, {paths_.at(precision)});
  }
}

/// `decimals`: stated, where not negative.
void DraftBuilder::as_money(DraftColumn& column, std::optional<DraftWord> currency, int decimals) {
  std::vector<DraftWord> words;
  for (DraftWord& one : column.words) {
    if (one.key == "decimals") continue;
    const bool type = one.key == "type";
    words.push_back(std::move(one));
    if (!type) continue;
    words.back().value.yaml = "money";
    if (currency) words.push_back(std::move(*currency));
    if (decimals >= 0) words.push_back(draft_word("decimals", std::to_string(decimals)));
  }
  column.words = std::move(words);
  const PathNode* const scope = scopes_.at(column.node);
  const bool repeated = !rows_.empty() && scope != rows_.back().scope.item &&
                        (scope == nullptr || rows_of(scope) != nullptr);
  if (repeated) {
    column.words.push_back(draft_word("on_extra_rows", "leave-blank"));
    column.words.back().note = say_(Code::infer_not_repeated);
  }
}

/// Once for all amounts with the same question; that of most amounts in `defaults`.
void DraftBuilder::currency_of_others() {
  const NoCurrency* most = nullptr;
  for (const NoCurrency& one : no_currency_) {
    const bool of_record =
        std::all_of(one.fields.begin(), one.fields.end(),
                    [this](const PathNode* field) { return scopes_.at(field) == nullptr; });
    const std::size_t before = most == nullptr ? 1 : most->amounts.size();
    if (of_record && one.amounts.size() > before) most = &one;
  }
  for (const NoCurrency& one : no_currency_) {
    const auto concerns = [&one](const DraftColumn& column) {
      return one.amounts.contains(column.node);
    };
    std::optional<DraftWord> ask =
        one.fields.empty() ? currency_constant()
                           : currency_word(one.fields, Code::infer_ask_currency_field, nullptr);
    if (ask && &one == most)
      ask_for_all("money", std::move(*ask), concerns);
    else if (ask)
      put(draft_.columns, *ask, "type", concerns);
  }
}

DraftWord DraftBuilder::currency_constant() const {
  std::vector<std::string> choices;
  for (const auto& [node, known] : known_in_order()) {
    if (!holds_currency(*node)) continue;
    for (std::string& code : currencies_in(*node))
      if (std::find(choices.begin(), choices.end(), code) == choices.end())
        choices.push_back(std::move(code));
  }
  choices.resize(std::min<std::size_t>(choices.size(), 4));
  for (const char* usual : {"USD", "EUR"})
    if (choices.size() < 2 && std::find(choices.begin(), choices.end(), usual) == choices.end())
      choices.emplace_back(usual);
  return {"currency", {{}, say_(Code::infer_ask_currency), choices}};
}

/// `currency` from a field. Nothing where it may be blank, and no code is known to stand for it.
std::optional<DraftWord> DraftBuilder::currency_word(const std::vector<const PathNode*>& fields,
                                                     std::optional<Code> question,
                                                     const PathNode* amount) const {
  std::vector<std::string> paths;
  std::vector<std::string> codes;
  bool has_steps = false;
  bool may_be_blank = false;
  for (const PathNode* field : fields) {
    const Findings found = find(*field, forms_);
    const bool there =
        found.filled == found.parents ||
        (amount != nullptr && filled_together(*amount, find(*amount, forms_), *field, found));
    may_be_blank = may_be_blank || !there || !null_words_of(field->seen).empty();
    has_steps = has_steps || !known_.at(field).text_steps.empty();
    paths.push_back(paths_.at(field));
    for (std::string& code : currencies_in(*field)) codes.push_back(std::move(code));
  }
  const std::string first = yaml_scalar(paths.front());
  if (!question && !has_steps && !may_be_blank)
    return draft_word("currency", "{from: " + first + "}");
  DraftWord word{"currency", {}};
  word.entries.push_back(question ? DraftWord{"from", {{}, say_(*question), paths}}
                                  : draft_word("from", first));
  if (has_steps) word.entries.push_back(draft_word("text", yaml_list({"trim", "upper-case"})));
  if (may_be_blank && codes.empty()) return std::nullopt;
  if (may_be_blank)
    word.entries.push_back({"when_blank", {{}, say_(Code::infer_ask_currency_blank), codes}});
  return word;
}

}  // namespace trama
