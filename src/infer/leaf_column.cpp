#include "infer/leaf_column.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "infer/trade_words.h"
#include "infer/yaml_text.h"
#include "report/shown_text.h"
#include "value/code_sets.h"

namespace trama {
namespace {

using Code = PhraseCode;

constexpr std::size_t kMaxCodes = 12;      // of a table
constexpr std::size_t kMaxCodeBytes = 24;  // of one code
constexpr std::uint64_t kTimesSeen = 5;    // a code comes again so often, for `one_of`
constexpr std::size_t kExamplesShown = 3;
constexpr std::size_t kExampleCharacters = 24;
constexpr std::size_t kMaxNumberDigits = 15;  // more are a code

constexpr std::string_view kNullWords[] = {"-",    "--",     "N/A", "n/a",       "null",
                                           "NULL", "(null)", ".",   "undefined", "#N/A"};

bool is_white(std::string_view text) {
  return trim(text).empty();
}

bool is_upper_letter(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = capital_letter(c);
  return out;
}

/// Letters, digits and what codes have between them.
bool is_code(std::string_view text) {
  if (text.empty() || text.size() > kMaxCodeBytes) return false;
  std::size_t letters = 0;
  for (const char c : text) {
    const bool letter = is_upper_letter(c) || (c >= 'a' && c <= 'z');
    if (!letter && !is_digit(c) && std::string_view("_-./ ").find(c) == std::string_view::npos)
      return false;
    letters += letter ? 1U : 0U;
  }
  return letters > 0 && std::count(text.begin(), text.end(), ' ') <= 2;
}

bool of_digits_alone(std::string_view pattern) noexcept {
  return pattern == "YYYYMMDD" || pattern == "YYYYMMDDHHmmss" || pattern.starts_with("unix-");
}

bool is_time_alone(std::string_view pattern) noexcept {
  return pattern.starts_with("HH");
}

bool has_clock(std::string_view pattern) noexcept {
  return pattern.find('H') != std::string_view::npos || pattern == "SQL" ||
         pattern.starts_with("unix-") || pattern == "RFC-2822";
}

bool is_money_name(const Concepts& of) noexcept {
  if (of.has_any(Concept::percent, Concept::count, Concept::stars, Concept::precision,
                 Concept::identity, Concept::code, Concept::date, Concept::type, Concept::night,
                 Concept::age, Concept::number, Concept::revision))
    return false;
  return of.has_any(Concept::amount, Concept::total, Concept::price, Concept::net, Concept::gross,
                    Concept::tax, Concept::fee, Concept::discount, Concept::commission,
                    Concept::penalty, Concept::refund, Concept::paid);
}

bool is_code_name(const Concepts& of) noexcept {
  return of.has_any(Concept::identity, Concept::reference, Concept::code, Concept::number,
                    Concept::phone, Concept::postal, Concept::ticket) &&
         !of.has_any(Concept::count, Concept::night, Concept::age);
}

/// Words of counts and measures.
constexpr std::string_view kQuantities[] = {
    "min",       "max",       "minimum",   "maximum",   "minimo", "maximo",    "length",
    "size",      "width",     "height",    "weight",    "peso",   "distance",  "distancia",
    "capacity",  "capacidad", "allotment", "cupo",      "cupos",  "quota",     "seats",
    "asientos",  "bags",      "pieces",    "piezas",    "stock",  "remaining", "left",
    "occupancy", "limit",     "limite",    "points",    "puntos", "score",     "days",
    "dias",      "seconds",   "segundos",  "beds",      "camas",  "rooms",     "habitaciones",
    "kg",        "km",        "guests",    "passengers"};

/// Whether a name says how many or how much: digits behind it are a number, not a code.
bool is_quantity_name(std::string_view key) {
  const Concepts of = concepts_of(key);
  if (is_money_name(of) ||
      of.has_any(Concept::percent, Concept::precision, Concept::age, Concept::night, Concept::count,
                 Concept::stars, Concept::adult, Concept::child, Concept::duration,
                 Concept::latitude, Concept::longitude))
    return true;
  const std::vector<std::string> words = name_words(key);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return std::find(std::begin(kQuantities), std::end(kQuantities), word) != std::end(kQuantities);
  });
}

bool is_date_name(const Concepts& of, std::string_view key) {
  if (of.has_any(Concept::date, Concept::time, Concept::created, Concept::updated,
                 Concept::check_in, Concept::check_out, Concept::begin, Concept::end,
                 Concept::birth, Concept::cancelled))
    return true;
  const std::vector<std::string> words = name_words(key);
  return !words.empty() && words.back() == "on";
}

}  // namespace

bool is_null_word(std::string_view text) noexcept {
  return std::find(std::begin(kNullWords), std::end(kNullWords), trim(text)) !=
         std::end(kNullWords);
}

std::uint64_t FilledForms::with(ValueForm form) const noexcept {
  std::uint64_t n = 0;
  for (const FormGroups::Group& group : groups)
    if (has(group.forms, form)) n += group.count;
  return n;
}

FilledForms filled_forms(const PathProfile& seen) {
  FilledForms filled;
  filled.groups = seen.forms.all();
  for (const ValueCounts::Entry& entry : seen.values.entries()) {
    if (entry.kind != JsonKind::text || entry.cut) continue;
    const std::string_view text = seen.values.text(entry);
    if (!is_white(text) && !is_null_word(text)) continue;
    std::uint64_t& count = filled.groups[entry.group].count;
    count -= std::min(count, entry.count);
  }
  std::erase_if(filled.groups, [](const FormGroups::Group& group) { return group.count == 0; });
  filled.all = filled.groups.empty() ? 0 : ~FormSet{0};
  for (const FormGroups::Group& group : filled.groups) {
    filled.all &= group.forms;
    filled.total += group.count;
  }
  return filled;
}

std::vector<std::string> null_words_of(const PathProfile& seen) {
  std::vector<std::string> words;
  for (const ValueCounts::Entry& entry : seen.values.entries()) {
    const std::string_view text = seen.values.text(entry);
    if (entry.kind == JsonKind::text && !entry.cut && is_null_word(text))
      words.emplace_back(trim(text));
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

std::string shown_share(std::uint64_t count, std::uint64_t of) {
  if (of == 0 || count >= of) return "100 %";
  if (count == 0) return "0 %";
  const auto percent = static_cast<std::uint64_t>(static_cast<long double>(count) * 100 /
                                                  static_cast<long double>(of));
  return percent == 0 ? "< 1 %" : std::to_string(percent) + " %";
}

/// A path while its column is found.
struct LeafColumns::Leaf {
  const PathProfile& seen;
  const Findings& found;
  std::string_view key;
  Concepts of;
  FilledForms filled;
  std::string_view called;  // the key, of items and entries that of what holds them
  LeafColumn out{};

  void add(std::string word, std::string yaml) {
    out.words.push_back({std::move(word), {std::move(yaml), {}, {}}});
  }
  void ask(std::string word, std::string question, std::vector<std::string> choices) {
    out.words.push_back({std::move(word), {{}, std::move(question), std::move(choices)}});
    out.open = true;
  }
  /// Texts of digits alone, where no name says that they count something: the next may be 0012.
  [[nodiscard]] bool may_be_codes() const {
    const bool texts = std::any_of(filled.groups.begin(), filled.groups.end(),
                                   [](const auto& one) { return one.kind == JsonKind::text; });
    return texts && filled.are(ValueForm::whole_number) && seen.sizes.negative == 0 &&
           !is_quantity_name(called);
  }
};

LeafColumn LeafColumns::column_of(const PathNode& node, std::string_view key,
                                  const Findings& found) const {
  const PathNode* named = &node;
  while (named->name.empty() && named->parent != nullptr) named = named->parent;
  Leaf leaf{node.seen,
            found,
            key,
            concepts_of(key),
            filled_forms(node.seen),
            key.empty() ? std::string_view(named->name) : key};
  leaf.out.personal = found.sensitive != Sensitive::no;
  const bool taken = take_boolean(leaf) || take_form(leaf) || take_date(leaf) || take_dates(leaf) ||
                     take_number(leaf);
  if (!taken) take_text(leaf);
  if (leaf.out.personal) leaf.add("personal", "yes");
  return std::move(leaf.out);
}

bool LeafColumns::take_boolean(Leaf& leaf) const {
  const std::uint64_t booleans = leaf.seen.of(JsonKind::boolean);
  if (booleans > 0 && leaf.filled.total == 0) {
    leaf.add("type", "boolean");
    return true;
  }
  if (booleans > 0 || leaf.found.vocabulary != Vocabulary::yes_no) return false;
  std::vector<std::string> yes;
  std::vector<std::string> no;
  for (const ValueCounts::Entry& entry : leaf.seen.values.entries()) {
    const std::string text(leaf.seen.values.text(entry));
    const bool one = text == "1" || text == "on" ||
                     std::string_view("YySsTt").find(text.front()) != std::string_view::npos;
    const bool known = !text.empty() && (one || std::string_view("NnFf0o").find(text.front()) !=
                                                    std::string_view::npos);
    if (!known) return false;
    (one ? yes : no).push_back(text);
  }
  const bool digits = leaf.filled.with(ValueForm::number) > 0;
  if (yes.size() != 1 || no.size() != 1) return false;
  if (digits && !leaf.of.has_any(Concept::yes_no, Concept::refundable)) return false;
  leaf.add("type", "boolean");
  if (yes.front() == "true" && no.front() == "false") return true;
  leaf.add("yes_words", yaml_list(yes));
  leaf.add("no_words", yaml_list(no));
  return true;
}

/// Checked texts: codes of ISO, addresses.
bool LeafColumns::take_form(Leaf& leaf) const {
  if (leaf.seen.of(JsonKind::boolean) > 0 || leaf.filled.total == 0) return false;
  const auto is_type = [&](const char* type) {
    leaf.add("type", type);
    return true;
  };
  if (leaf.filled.are(ValueForm::email)) return is_type("email");
  if (leaf.filled.are(ValueForm::uuid)) return is_type("uuid");
  if (leaf.filled.are(ValueForm::url) && !leaf.out.personal) return is_type("url");
  if (leaf.filled.are(ValueForm::duration)) {
    leaf.add("type", "duration");
    leaf.add("read", "ISO-8601");
    return true;
  }
  const bool currency = leaf.found.vocabulary == Vocabulary::currency;
  const bool country = leaf.found.vocabulary == Vocabulary::country;
  if (currency || country) return is_type(currency ? "currency" : "country");
  // The same codes in lower case, or with spaces around them, where the name says what they are.
  const bool named_currency = leaf.of.has(Concept::currency);
  if ((!named_currency && !leaf.of.has(Concept::country)) || !leaf.seen.values.exact())
    return false;
  std::size_t codes = 0;
  for (const ValueCounts::Entry& entry : leaf.seen.values.entries()) {
    const std::string_view text = leaf.seen.values.text(entry);
    if (is_white(text) || is_null_word(text)) continue;
    const std::string code = upper(trim(text));
    if (entry.kind != JsonKind::text || !(named_currency ? is_currency(code) : is_country(code)))
      return false;
    ++codes;
  }
  if (codes == 0) return false;
  leaf.add("type", named_currency ? "currency" : "country");
  leaf.out.text_steps = {"trim", "upper-case"};
  leaf.add("text", yaml_list(leaf.out.text_steps));
  return true;
}

/// The words of date formats that go together.
bool LeafColumns::set_dates(Leaf& leaf, const std::vector<std::size_t>& dates) const {
  std::vector<std::string> read;
  Names names = Names::none;
  bool two_digits = false;
  std::size_t clocks = 0;
  std::size_t times = 0;
  for (const std::size_t date : dates) {
    const DateForm& form = date_forms()[date];
    if (form.pattern == "YYYY-MM") return false;  // the first of a month is more than was sent
    if (form.names != Names::none) {
      if (names != Names::none && names != form.names) return false;
      names = form.names;
    }
    const std::string_view p = form.pattern;
    two_digits = two_digits || (p.find("YY") != std::string_view::npos &&
                                p.find("YYYY") == std::string_view::npos);
    clocks += has_clock(p) ? 1U : 0U;
    times += is_time_alone(p) ? 1U : 0U;
    read.emplace_back(p);
  }
  const std::uint64_t clock = leaf.filled.with(ValueForm::clock);
  const std::uint64_t offset = leaf.filled.with(ValueForm::offset);
  if (times > 0) {
    if (times != dates.size()) return false;
    leaf.add("type", "time");
    leaf.add("read", one_or_list(read));
    return true;
  }
  if (clock != 0 && clock != leaf.filled.total) return false;  // days among times
  if (clock == 0 && clocks > 0) return false;
  std::replace(read.begin(), read.end(), std::string("ISO-8601"),
               std::string(clock == 0 ? "YYYY-MM-DD" : "ISO-8601"));
  leaf.add("type", clock == 0 ? "date" : "datetime");
  leaf.add("read", one_or_list(read));
  if (names != Names::none) leaf.add("months", names == Names::es ? "es" : "en");
  if (two_digits)
    leaf.add("two_digit_years", leaf.of.has(Concept::birth) ? "1930-2029" : "2000-2099");
  leaf.out.no_zone = clock > offset;
  leaf.out.some_zones = offset > 0;
  if (clock > offset && offset == 0) leaf.out.notes.push_back(say_(Code::infer_local_times));
  return true;
}

bool LeafColumns::take_date(Leaf& leaf) const {
  if (leaf.seen.of(JsonKind::boolean) > 0) return false;
  std::vector<std::size_t> dates;
  each_date(leaf.filled.all, [&](std::size_t date) {
    if (of_digits_alone(date_forms()[date].pattern) && !is_date_name(leaf.of, leaf.key)) return;
    for (const std::size_t before : dates)
      if (!forms_.can_differ(before, date)) return;
    dates.push_back(date);
  });
  if (dates.empty() || leaf.filled.total == 0) return false;
  if (dates.size() == 1) return set_dates(leaf, dates);
  // Formats that all values fit, and that differ. Of months with names nothing is asked: the same
  // letters in both languages are the same month.
  std::vector<std::string> choices;
  Leaf trial{leaf.seen, leaf.found, leaf.key, leaf.of, leaf.filled, leaf.called};
  if (!set_dates(trial, {dates.front()})) return false;
  for (const std::size_t date : dates) {
    Leaf other{leaf.seen, leaf.found, leaf.key, leaf.of, leaf.filled, leaf.called};
    if (!set_dates(other, {date}) || other.out.words.size() != trial.out.words.size() ||
        other.out.words.front().value.yaml != trial.out.words.front().value.yaml)
      continue;
    if (date_forms()[date].names != date_forms()[dates.front()].names) continue;
    choices.emplace_back(date_forms()[date].pattern);
  }
  if (choices.size() < 2) return set_dates(leaf, {dates.front()});
  leaf.out.no_zone = trial.out.no_zone;
  leaf.out.some_zones = trial.out.some_zones;
  for (DraftWord& word : trial.out.words) {
    if (word.key == "read")
      leaf.ask("read", say_(Code::infer_ask_day_month), choices);
    else
      leaf.out.words.push_back(std::move(word));
  }
  return true;
}

/// The format that most values have, and how many it would reject.
void LeafColumns::note_dates(Leaf& leaf, FormSet some) const {
  std::uint64_t most = 0;
  std::string_view format;
  for (const std::size_t date : dates_of(some)) {
    const std::uint64_t count = leaf.filled.with(date_form(date));
    if (count <= most || of_digits_alone(date_forms()[date].pattern)) continue;
    most = count;
    format = date_forms()[date].pattern;
  }
  if (most * 2 <= leaf.filled.total) return;
  leaf.out.notes.push_back(
      say_(Code::infer_some_no_date,
           {format, grouped(leaf.filled.total - most), grouped(leaf.filled.total)}));
}

/// Several formats, each value in one of them alone.
bool LeafColumns::take_dates(Leaf& leaf) const {
  if (leaf.seen.of(JsonKind::boolean) > 0 || leaf.filled.total == 0) return false;
  FormSet some = 0;
  std::uint64_t none = 0;
  for (const FormGroups::Group& group : leaf.filled.groups) {
    some |= group.forms;
    if (dates_of(group.forms).empty()) none += group.count;
  }
  if (none > 0) {
    note_dates(leaf, some);
    return false;
  }
  std::vector<FormGroups::Group> left = leaf.filled.groups;
  std::vector<std::size_t> chosen;
  while (!left.empty() && chosen.size() < 4) {
    std::optional<std::size_t> best;
    std::uint64_t most = 0;
    for (const std::size_t date : dates_of(some)) {
      const bool clashes = std::any_of(chosen.begin(), chosen.end(), [&](std::size_t before) {
        return forms_.can_differ(before, date);
      });
      if (clashes || of_digits_alone(date_forms()[date].pattern)) continue;
      std::uint64_t count = 0;
      for (const FormGroups::Group& group : left)
        if (has(group.forms, date_form(date))) count += group.count;
      if (count > most) {
        most = count;
        best = date;
      }
    }
    if (!best) return false;
    // Another format of the same values that reads them otherwise: nobody knows which.
    FormSet common = ~FormSet{0};
    for (const FormGroups::Group& group : left)
      if (has(group.forms, date_form(*best))) common &= group.forms;
    for (const std::size_t other : dates_of(common))
      if (other != *best && forms_.can_differ(*best, other)) return false;
    std::erase_if(left, [&](const auto& group) { return has(group.forms, date_form(*best)); });
    chosen.push_back(*best);
  }
  if (!left.empty() || !set_dates(leaf, chosen)) {
    note_dates(leaf, some);
    return false;
  }
  leaf.out.notes.push_back(say_(Code::infer_several_formats));
  return true;
}

bool LeafColumns::take_number(Leaf& leaf) const {
  if (leaf.seen.of(JsonKind::boolean) > 0 || leaf.filled.total == 0) return false;
  const FilledForms& filled = leaf.filled;
  std::string example;
  std::vector<std::string> undecided;
  if (!filled.are(ValueForm::number)) {
    const bool point = filled.are(ValueForm::number_point);
    const bool comma = filled.are(ValueForm::number_comma);
    if (point && comma) {
      undecided = {"1,234.56", "1.234,56"};
    } else if (point) {
      example = "1,234.56";
    } else if (comma) {
      example = "1.234,56";
    } else if (filled.are(ValueForm::number_space)) {
      example = "1 234,56";
    } else if (filled.are(ValueForm::number_apostrophe)) {
      example = "1'234.56";
    } else if (filled.are(ValueForm::number_exponent)) {
      example = "1.5e3";
    } else {
      if (take_marked_numbers(leaf)) return true;
      const std::uint64_t numbers = filled.with(ValueForm::number);
      if (numbers * 2 > filled.total && !is_code_name(leaf.of))
        leaf.out.notes.push_back(say_(Code::infer_some_no_number,
                                      {grouped(filled.total - numbers), grouped(filled.total)}));
      return false;
    }
  }
  const std::size_t digits =
      leaf.seen.lengths.greatest ? leaf.seen.lengths.greatest->rank : std::uint64_t{0};
  const bool long_number = leaf.seen.numbers_too_long > 0 || digits > kMaxNumberDigits + 3 ||
                           (leaf.seen.numbers.greatest &&
                            leaf.seen.numbers.greatest->value.text.size() > kMaxNumberDigits);
  if (filled.with(ValueForm::zeros_in_front) > 0 || is_code_name(leaf.of) || leaf.may_be_codes() ||
      (long_number && leaf.seen.decimals == 0) || leaf.seen.numbers_too_long > 0) {
    leaf.out.notes.push_back(say_(Code::infer_code_digits));
    take_text(leaf);
    return true;
  }
  leaf.out.is_amount = is_money_name(leaf.of);
  const std::vector<std::string> words = name_words(leaf.key);
  leaf.out.vague =
      !words.empty() && (words.back() == "value" || words.back() == "valor") && leaf.of.count() < 2;
  leaf.out.whole = filled.are(ValueForm::whole_number);
  leaf.out.plain_number = example.empty() && undecided.empty();
  leaf.add("type", leaf.out.whole && leaf.out.plain_number ? "integer" : "decimal");
  if (example == "1.5e3") leaf.add("read_number", "[\"1234.56\", \"1.5e3\"]");
  if (!example.empty() && example != "1.5e3") leaf.add("read_number", yaml_quoted(example));
  if (!undecided.empty()) {
    const std::string shown = leaf.out.personal || leaf.seen.examples.empty()
                                  ? "1,234"
                                  : leaf.seen.examples.front().value.text;
    leaf.ask("read_number", say_(Code::infer_ask_number, {shown}), undecided);
  }
  const bool states = leaf.out.plain_number && !leaf.out.whole && leaf.seen.decimals <= 4 &&
                      leaf.seen.decimals > 0 &&
                      !leaf.of.has_any(Concept::latitude, Concept::longitude);
  if (states) leaf.add("decimals", std::to_string(leaf.seen.decimals));
  return true;
}

/// Some with a decimal point, some with a decimal comma, and none that could be either.
bool LeafColumns::take_marked_numbers(Leaf& leaf) const {
  if (is_code_name(leaf.of)) return false;
  for (const FormGroups::Group& group : leaf.filled.groups) {
    const bool plain = has(group.forms, ValueForm::number);
    const bool comma = has(group.forms, ValueForm::number_comma);
    if (!plain && !comma) return false;
    if (plain && comma && !has(group.forms, ValueForm::whole_number) &&
        group.kind != JsonKind::number)
      return false;
  }
  leaf.out.is_amount = is_money_name(leaf.of);
  leaf.out.plain_number = false;
  leaf.add("type", "decimal");
  leaf.add("read_number", "[\"1234.56\", \"1.234,56\"]");
  return true;
}

void LeafColumns::take_text(Leaf& leaf) const {
  const bool spaces = leaf.filled.with(ValueForm::spaces_outside) > 0;
  take_codes(leaf);
  if (!leaf.out.text_steps.empty())
    leaf.add("text", one_or_list(leaf.out.text_steps));
  else if (spaces)
    leaf.add("text", "trim");
}

/// Few texts that look like codes, with their counts.
void LeafColumns::take_codes(Leaf& leaf) const {
  const PathProfile& seen = leaf.seen;
  if (leaf.out.personal || !seen.values.exact() || seen.of(JsonKind::boolean) > 0) return;
  if (seen.values.entries().size() > 2 * kMaxCodes || leaf.filled.total < 3) return;
  if (leaf.of.has_any(Concept::identity, Concept::reference, Concept::name, Concept::number,
                      Concept::description, Concept::remark, Concept::url, Concept::language,
                      Concept::zone, Concept::city))
    return;
  bool spaces = false;
  bool lower = false;
  bool capitals = false;
  for (const ValueCounts::Entry& entry : seen.values.entries()) {
    const std::string_view text = seen.values.text(entry);
    if (entry.kind != JsonKind::text || entry.cut) return;
    if (is_white(text) || is_null_word(text)) continue;
    const std::string_view code = trim(text);
    if (!is_code(code)) return;
    spaces = spaces || code.size() != text.size();
    lower =
        lower || std::any_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    capitals = capitals ||
               std::none_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  }
  const bool makes_upper = lower && capitals;
  std::map<std::string, std::uint64_t> counts;
  for (const ValueCounts::Entry& entry : seen.values.entries()) {
    const std::string_view text = seen.values.text(entry);
    if (is_white(text) || is_null_word(text)) continue;
    const std::string_view code = trim(text);
    counts[makes_upper ? upper(code) : std::string(code)] += entry.count;
  }
  const bool named = leaf.of.has_any(Concept::status, Concept::type, Concept::board, Concept::room,
                                     Concept::channel, Concept::payment, Concept::event) ||
                     leaf.of.has(Concept::code);
  // Values that all differ are names or keys.
  const bool comes_again = counts.size() * 3 <= leaf.filled.total * 2;
  if (counts.empty() || counts.size() > kMaxCodes || !comes_again) return;
  if (!named && leaf.filled.total < counts.size() * kTimesSeen) return;
  if (spaces) leaf.out.text_steps.emplace_back("trim");
  if (makes_upper) leaf.out.text_steps.emplace_back("upper-case");
  leaf.out.codes.assign(counts.begin(), counts.end());
  std::stable_sort(leaf.out.codes.begin(), leaf.out.codes.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  const std::vector<std::string> words = name_words(leaf.key);
  const bool airport = std::find(words.begin(), words.end(), "iata") != words.end();
  const bool tells_little = counts.size() < 2 || airport;
  const bool opaque =
      !tells_little && std::all_of(counts.begin(), counts.end(), [](const auto& one) {
        return one.first.size() <= 4 &&
               std::any_of(one.first.begin(), one.first.end(), is_upper_letter);
      });
  leaf.out.code_rank = (leaf.of.has(Concept::status) ? 4 : 0) + (opaque ? 2 : 0) + (named ? 1 : 0);
  if (tells_little) leaf.out.code_rank = 0;
}

// ---- what stands beside a column ----

namespace {

std::string shown_value(std::string_view text, bool cut) {
  std::string out = shortened(text, kExampleCharacters);
  if (cut && !out.ends_with("…")) out += "…";
  const bool marks = out.empty() || out.front() == ' ' || out.back() == ' ' ||
                     out.find_first_of(",\"·×") != std::string::npos;
  out = yaml_note(out);
  return marks ? '"' + out + '"' : out;
}

}  // namespace

std::string LeafColumns::facts_of(const PathNode& node, const Findings& found,
                                  const std::vector<std::string>& reasons) const {
  const PathProfile& seen = node.seen;
  std::string facts = found.filled == 0
                          ? say_(Code::infer_always_blank)
                          : say_(Code::infer_filled, {shown_share(found.filled, found.parents)});
  const auto add = [&facts](const std::string& part) { facts += " · " + part; };
  if (found.missing > 0) add(say_(Code::profile_missing, {grouped(found.missing)}));
  if (seen.of(JsonKind::null) > 0)
    add(say_(Code::profile_null_count, {grouped(seen.of(JsonKind::null))}));
  if (seen.empty > 0) add(say_.counted(Code::profile_empty, seen.empty));
  for (const std::string& reason : reasons) add(reason);
  if (found.sensitive != Sensitive::no) {
    const bool secret =
        found.sensitive == Sensitive::secret_name || found.sensitive == Sensitive::secret_value;
    add(say_(secret ? Code::profile_secret : Code::profile_personal));
    return facts;
  }
  if (found.constant && seen.values.entries().size() == 1) {
    const ValueCounts::Entry& only = seen.values.entries().front();
    add(say_(Code::profile_always, {shown_value(seen.values.text(only), only.cut)}));
    return facts;
  }
  const bool few = seen.values.exact() && seen.values.entries().size() <= kExamplesShown &&
                   seen.values.repeated();
  std::string examples;
  if (few) {
    for (const ValueCounts::Entry* entry : seen.values.most_frequent(kExamplesShown))
      (examples.empty() ? examples : examples += ", ") +=
          say_(Code::infer_count_of,
               {shown_value(seen.values.text(*entry), entry->cut), grouped(entry->count)});
  } else {
    for (const PlacedValue& example : seen.examples)
      (examples.empty() ? examples : examples += ", ") +=
          shown_value(example.value.text, example.value.cut);
    if (!examples.empty() && !found.unique && seen.values.distinct() > kExamplesShown)
      add((seen.values.exact() ? "" : "≈ ") +
          say_.counted(Code::infer_different, seen.values.distinct()));
    if (found.unique) add(say_(Code::profile_unique));
  }
  if (!examples.empty()) add(few ? examples : say_(Code::profile_examples, {examples}));
  return facts;
}

}  // namespace trama
