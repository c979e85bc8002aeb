#include "profile/findings.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "value/code_sets.h"
#include "value/zone.h"

namespace trama {
namespace {

constexpr std::size_t kSomeDates = 4;
constexpr std::uint64_t kMostOf = 10;       // "nearly all": all but one in so many
constexpr std::size_t kEnoughCodes = 4;     // different ones, that no chance makes
constexpr std::uint64_t kEnoughUnique = 8;  // values, of which it says something that none repeats

/// The forms that are said of texts as a whole, the more particular first.
constexpr ValueForm kNamedForms[] = {ValueForm::email,     ValueForm::url,      ValueForm::uuid,
                                     ValueForm::web_token, ValueForm::duration, ValueForm::card,
                                     ValueForm::phone};
constexpr ValueForm kMarkedNumbers[] = {ValueForm::number_point, ValueForm::number_comma,
                                        ValueForm::number_space, ValueForm::number_apostrophe};

/// Of formats that read the same text as the same, the first.
std::vector<std::size_t> apart(const std::vector<std::size_t>& dates, const ValueForms& forms) {
  std::vector<std::size_t> kept;
  for (const std::size_t date : dates) {
    const bool differs = std::all_of(kept.begin(), kept.end(), [&](std::size_t before) {
      return forms.can_differ(before, date);
    });
    if (differs) kept.push_back(date);
  }
  return kept;
}

void find_dates(const PathProfile& seen, const ValueForms& forms, Findings& out) {
  out.clock = seen.forms.with(ValueForm::clock);
  out.offset = seen.forms.with(ValueForm::offset);
  out.dates = apart(dates_of(seen.forms.of_all()), forms);
  if (!out.dates.empty()) return;
  FormSet some = 0;
  for (const FormGroups::Group& group : seen.forms.all()) {
    some |= group.forms;
    if (dates_of(group.forms).empty()) out.no_date += group.count;
  }
  if (out.no_date * 2 > seen.forms.total()) return;
  // The format of most values that are left, again and again.
  std::vector<FormGroups::Group> left = seen.forms.all();
  while (out.some_dates.size() < kSomeDates) {
    FormCount best;
    for (const std::size_t date : dates_of(some)) {
      FormCount one{date_form(date), 0};
      for (const FormGroups::Group& group : left)
        if (has(group.forms, one.form)) one.count += group.count;
      if (one.count > best.count) best = one;
    }
    if (best.count == 0) break;
    FormSet common = ~FormSet{0};
    std::erase_if(left, [&](const FormGroups::Group& group) {
      if (!has(group.forms, best.form)) return false;
      common &= group.forms;
      return true;
    });
    out.some_dates.push_back({apart(dates_of(common), forms), best.count});
  }
}

void find_numbers(const PathProfile& seen, Findings& out) {
  const FormSet all = seen.forms.of_all();
  const std::uint64_t total = seen.forms.total();
  out.zeros_in_front = seen.forms.with(ValueForm::zeros_in_front);
  out.whole_numbers = has(all, ValueForm::whole_number);
  FormCount best{ValueForm::number, seen.forms.with(ValueForm::number)};
  for (const ValueForm form : kMarkedNumbers) {
    const std::uint64_t count = seen.forms.with(form);
    if (count > best.count) best = {form, count};
  }
  if (best.count == 0)  // which plain numbers are read by too
    best = {ValueForm::number_exponent, seen.forms.with(ValueForm::number_exponent)};
  if (best.count * 2 < total || best.count == 0) return;
  out.number = best;
  out.number_undecided = best.form != ValueForm::number && has(all, ValueForm::number_point) &&
                         has(all, ValueForm::number_comma);
}

void find_form(const PathProfile& seen, Findings& out) {
  const std::uint64_t total = seen.forms.total();
  for (const ValueForm form : kNamedForms) {
    const std::uint64_t count = seen.forms.with(form);
    if (count == 0 || count * 2 < total) continue;
    out.form = FormCount{form, count};
    return;
  }
}

constexpr std::string_view kCurrencyNames[] = {"currency", "moneda", "divisa", "curr"};
constexpr std::string_view kCountryNames[] = {"country", "pais", "país", "nation", "nacion"};

/// Whether a key has one of these words in it, in any case.
template <std::size_t N>
bool is_called(std::string_view key, const std::string_view (&names)[N]) {
  std::string lower(key);
  for (char& c : lower) c = small_letter(c);
  return std::any_of(std::begin(names), std::end(names), [&lower](std::string_view name) {
    return lower.find(name) != std::string::npos;
  });
}

/// Whether every value is known and is one.
template <typename IsOne>
bool all_values(const PathProfile& seen, const IsOne& is_one) {
  const auto& entries = seen.values.entries();
  return seen.values.exact() && !entries.empty() &&
         std::all_of(entries.begin(), entries.end(), [&](const ValueCounts::Entry& entry) {
           return is_one(entry, seen.values.text(entry));
         });
}

bool is_zone(std::string_view text) {
  Zone zone;
  return text.find('/') != std::string_view::npos && Zone::find(text, zone);
}

bool is_yes_or_no(std::string_view text) {
  static constexpr std::string_view kWords[] = {
      "Y",    "N",     "y",    "n",     "S",  "s",  "YES", "NO", "yes",  "no",
      "Yes",  "No",    "SI",   "si",    "Si", "Sí", "sí",  "SÍ", "true", "false",
      "TRUE", "FALSE", "True", "False", "T",  "F",  "0",   "1",  "on",   "off"};
  return std::find(std::begin(kWords), std::end(kWords), text) != std::end(kWords);
}

/// Codes are so short that a few other words are among them by chance: few values need a key that
/// says what they are.
Vocabulary vocabulary_of(const PathProfile& seen, std::string_view key) {
  const std::size_t values = seen.values.entries().size();
  const auto texts = [](auto is_one) {
    return [is_one](const ValueCounts::Entry& entry, std::string_view text) {
      return entry.kind == JsonKind::text && !entry.cut && is_one(text);
    };
  };
  const auto enough = [&](const auto& names) {
    return values >= kEnoughCodes || is_called(key, names);
  };
  if (enough(kCurrencyNames) && all_values(seen, texts(is_currency))) return Vocabulary::currency;
  if (enough(kCountryNames) && all_values(seen, texts(is_country))) return Vocabulary::country;
  if (all_values(seen, texts(is_zone))) return Vocabulary::zone;
  const bool words = all_values(
      seen, [](const ValueCounts::Entry&, std::string_view text) { return is_yes_or_no(text); });
  const bool numbers = seen.forms.with(ValueForm::number) > 0;
  const bool booleans = seen.forms.total() == 0;
  const bool yes_no = words && !booleans && (values == 2 || (values == 1 && !numbers));
  return yes_no ? Vocabulary::yes_no : Vocabulary::none;
}

Sensitive sensitive_values(const PathProfile& seen, const Findings& found) {
  const auto& entries = seen.values.entries();
  const bool address = std::any_of(entries.begin(), entries.end(), [&seen](const auto& entry) {
    return holds_address(seen.values.text(entry));
  });
  if (address) return Sensitive::personal_value;
  if (!found.form) return Sensitive::no;
  switch (found.form->form) {
    case ValueForm::email:
    case ValueForm::phone:
      return Sensitive::personal_value;
    case ValueForm::card:
    case ValueForm::web_token:
      return Sensitive::secret_value;
    default:
      return Sensitive::no;
  }
}

/// The member that it is, or whose items or entries it is; else the record.
const PathNode& member_of(const PathNode& node) {
  const PathNode* member = &node;
  while (member->parent != nullptr && member->step != PathNode::Step::member)
    member = member->parent;
  return *member;
}

/// The name of the member that it is in.
std::string_view name_around(const PathNode& member) {
  return member.parent == nullptr ? std::string_view() : member_of(*member.parent).name;
}

/// The nearest member around one that is called like a person, else the one that it is in.
std::string_view person_around(const PathNode& member) {
  for (const PathNode* at = &member; at->parent != nullptr;) {
    at = &member_of(*at->parent);
    if (names_person(at->name)) return at->name;
  }
  return name_around(member);
}

/// By its name, and those of what it is in: `phone.number`, `guest.address.line1`.
Sensitive sensitive_path(const PathNode& node, const Findings& found) {
  const PathNode& member = member_of(node);
  for (const PathNode* at = &member; at->parent != nullptr; at = &member_of(*at->parent)) {
    // A guest's card is a card too.
    for (const std::string_view above : {person_around(*at), name_around(*at)})
      if (const Sensitive one = sensitive_name(at->name, above); one != Sensitive::no) return one;
    if (at == &member && is_about(at->name)) return Sensitive::no;
  }
  const bool texts = node.seen.of(JsonKind::text) > 0 && !found.number;
  return texts && names_person(member.name) ? Sensitive::personal_name : Sensitive::no;
}

}  // namespace

const Range<std::int64_t>* days_of(const PathProfile& seen, const Findings& found) {
  if (found.dates.size() != 1) return nullptr;
  const auto days = seen.dates.find(found.dates.front());
  return days == seen.dates.end() ? nullptr : &days->second;
}

Findings find(const PathNode& node, const ValueForms& forms) {
  Findings out;
  const PathProfile& seen = node.seen;
  out.filled = seen.count - seen.of(JsonKind::null) - seen.empty;
  out.parents = seen.count;
  if (node.step == PathNode::Step::member) {
    out.parents = node.parent->seen.of(JsonKind::object);
    out.missing = out.parents - std::min(out.parents, seen.count);
  }
  const std::uint64_t values = seen.forms.total();
  const bool scalars = values + seen.of(JsonKind::boolean) == out.filled && out.filled > 0;
  const bool one = seen.values.exact() && seen.values.entries().size() == 1;
  out.constant = scalars && one && out.filled == out.parents && out.filled > 1;
  const bool apart_all = seen.values.exact()
                             ? seen.values.entries().size() == out.filled
                             : !seen.values.repeated() &&
                                   seen.values.distinct() * kMostOf >= out.filled * (kMostOf - 1);
  out.unique = scalars && out.filled >= kEnoughUnique && !seen.values.repeated() && apart_all;
  if (values > 0) {
    find_dates(seen, forms, out);
    find_numbers(seen, out);
    find_form(seen, out);
    out.spaces_outside = seen.forms.with(ValueForm::spaces_outside);
    if (values == out.filled) out.vocabulary = vocabulary_of(seen, member_of(node).name);
  }
  if (scalars || values > 0) {
    out.sensitive = sensitive_path(node, out);
    if (out.sensitive == Sensitive::no) out.sensitive = sensitive_values(seen, out);
  }
  return out;
}

}  // namespace trama
