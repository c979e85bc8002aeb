#include "mapping/word_effects.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "base/phrase_codes.h"
#include "step/step.h"

namespace trama {
namespace {

constexpr std::array<std::string_view, 15> kTypes = {
    "text",  "email",   "url",  "uuid",     "country", "currency", "integer", "decimal",
    "money", "boolean", "date", "datetime", "time",    "duration", "json"};

constexpr std::array<std::string_view, 11> kSourceWords = {
    "from",        "first_of",    "value", "compute", "choose", "rate_of",
    "rate_day_of", "currency_of", "each",  "by",      "column"};

constexpr SourceSet bit(SourceKind source) noexcept {
  return SourceSet{1} << static_cast<unsigned>(source);
}

/// The names that the first column of the table uses.
namespace sources {
constexpr SourceSet one = bit(SourceKind::one);
constexpr SourceSet many = bit(SourceKind::many);
constexpr SourceSet total = bit(SourceKind::total);
constexpr SourceSet count = bit(SourceKind::count);
constexpr SourceSet total_of = bit(SourceKind::total_of);
constexpr SourceSet first_of = bit(SourceKind::first_of);
constexpr SourceSet value = bit(SourceKind::value);
constexpr SourceSet constants = bit(SourceKind::constants);
constexpr SourceSet compute = bit(SourceKind::compute);
constexpr SourceSet choose = bit(SourceKind::choose);
constexpr SourceSet rate_of = bit(SourceKind::rate_of);
constexpr SourceSet rate_day_of = bit(SourceKind::rate_day_of);
constexpr SourceSet currency_of = bit(SourceKind::currency_of);
constexpr SourceSet each = bit(SourceKind::each);
constexpr SourceSet by = bit(SourceKind::by);
constexpr SourceSet from = one | many | total | count;
constexpr SourceSet read = one | many | total | first_of | by;  // through the steps of the column
constexpr SourceSet any = bit(SourceKind::none) - 1;
}  // namespace sources

constexpr TypeSet type(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kTypes.size(); ++i)
    if (kTypes[i] == name) return TypeSet{1} << i;
  return 0;
}

namespace types {
constexpr TypeSet text = type("text");
constexpr TypeSet currency = type("currency");
constexpr TypeSet integer = type("integer");
constexpr TypeSet decimal = type("decimal");
constexpr TypeSet money = type("money");
constexpr TypeSet boolean = type("boolean");
constexpr TypeSet date = type("date");
constexpr TypeSet datetime = type("datetime");
constexpr TypeSet time = type("time");
constexpr TypeSet duration = type("duration");
constexpr TypeSet json = type("json");
constexpr TypeSet numbers = integer | decimal | money;
constexpr TypeSet moments = date | datetime | time;
constexpr TypeSet all = (TypeSet{1} << kTypes.size()) - 1;
}  // namespace types

constexpr SourceSet sources_of(SourceSet set) noexcept {
  return set & sources::any;
}
constexpr TypeSet types_of(TypeSet set) noexcept {
  return set & types::all;
}

/// Which sources the words of steps go with that judge the finished value:
/// all but constants, which are known.
constexpr SourceSet kChecked = sources::any & ~(sources::value | sources::constants);

/// The types whose columns obey the words that a step has of its own.
TypeSet types_that_obey(const StepSpec& step) noexcept {
  const auto named = [](std::string_view words) {
    TypeSet set = 0;
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      set |= type(words.substr(begin, end - begin));
      begin = end + 1;
    }
    return set;
  };
  return step.types.empty() ? types::all & ~named(step.not_types) : named(step.types);
}

// The names of both columns are looked up each in its own namespace.
#define TRAMA_EFFECT(word, sources_set, types_set) \
  {word,                                           \
   [] {                                            \
     using namespace sources;                      \
     return sources_of(sources_set);               \
   }(),                                            \
   [] {                                            \
     using namespace types;                        \
     return types_of(types_set);                   \
   }()},
#define TRAMA_NEEDS(word, other, types_set, code, help)
#define TRAMA_SPOILS(word, other, why)
constexpr WordEffect kEffects[] = {
#include "mapping/word_effects.inc"
};
#undef TRAMA_EFFECT
#undef TRAMA_NEEDS
#undef TRAMA_SPOILS

#define TRAMA_EFFECT(word, sources_set, types_set)
#define TRAMA_NEEDS(word, other, types_set, code, help) \
  {word, other,                                         \
   [] {                                                 \
     using namespace types;                             \
     return types_of(types_set);                        \
   }(),                                                 \
   DiagnosticCode::code, PhraseCode::help},
#define TRAMA_SPOILS(word, other, why)
constexpr WordNeed kNeeds[] = {
#include "mapping/word_effects.inc"
};
#undef TRAMA_NEEDS
#undef TRAMA_SPOILS

#define TRAMA_NEEDS(word, other, types_set, code, help)
#define TRAMA_SPOILS(word, other, why) {word, other, PhraseCode::why},
constexpr WordSpoiled kSpoiled[] = {
#include "mapping/word_effects.inc"
};
#undef TRAMA_EFFECT
#undef TRAMA_NEEDS
#undef TRAMA_SPOILS

}  // namespace

std::span<const std::string_view> word_types() noexcept {
  return kTypes;
}

TypeSet type_bit(std::string_view name) noexcept {
  return type(name);
}

TypeSet every_type() noexcept {
  return types::all;
}

Phrase listed_types(TypeSet types) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kTypes.size(); ++i)
    if ((types & (TypeSet{1} << i)) != 0) names.push_back(kTypes[i]);
  return Phrase::listed(names);
}

std::span<const WordEffect> word_effects() noexcept {
  static const std::vector<WordEffect> kAll = [] {
    std::vector<WordEffect> all(std::begin(kEffects), std::end(kEffects));
    for (const StepSpec* const step : all_steps())
      for (const StepWord& word : step->words)
        all.push_back({word.name, step->time == StepTime::check ? kChecked : sources::read,
                       types_that_obey(*step)});
    return all;
  }();
  return kAll;
}
std::span<const WordNeed> word_needs() noexcept {
  return kNeeds;
}
std::span<const WordSpoiled> words_spoiled() noexcept {
  return kSpoiled;
}

bool is_source_word(std::string_view word) noexcept {
  return std::find(kSourceWords.begin(), kSourceWords.end(), word) != kSourceWords.end();
}

bool is_of_one_column(std::string_view word) noexcept {
  return is_source_word(word) || word == "type" || word == "called" || word == "columns" ||
         word == "internal" || word == "about";
}

bool splits_to_all(const Column& column) noexcept {
  return std::any_of(column.steps.begin(), column.steps.end(), [](const StepTold& told) {
    return told.spec->word == "split" && told.value("take") == nullptr;
  });
}

SourceKind source_kind(const Column& column) noexcept {
  const auto totalled = [&column](SourceKind otherwise) {
    return !column.total.stated()           ? otherwise
           : column.total.view() == "count" ? SourceKind::count
                                            : SourceKind::total;
  };
  if (!column.by.empty()) return SourceKind::by;
  if (column.total_column.stated())
    return column.total.view() == "count" ? SourceKind::count : SourceKind::total_of;
  if (!column.from.empty()) {
    // beside `total` or `join` a pick takes all items that fit
    const bool all = column.total.stated() || column.join.stated();
    const bool many = column.from.size() > 1 || splits_to_all(column) ||
                      (column.from.front().pick ? all : column.from.front().many());
    return many ? totalled(SourceKind::many) : SourceKind::one;
  }
  if (!column.first_of.empty())
    return splits_to_all(column) ? totalled(SourceKind::many) : SourceKind::first_of;
  if (column.value.stated()) return SourceKind::value;
  if (column.compute.stated()) return SourceKind::compute;
  if (!column.choose.empty()) {
    const bool constants =
        std::all_of(column.choose.begin(), column.choose.end(),
                    [](const Choice& choice) { return choice.constant.stated(); });
    return constants ? SourceKind::constants : SourceKind::choose;
  }
  if (column.rate_of.stated()) return SourceKind::rate_of;
  if (column.rate_day_of.stated()) return SourceKind::rate_day_of;
  if (column.currency_of.stated()) return SourceKind::currency_of;
  return column.each.stated() ? SourceKind::each : SourceKind::none;
}

Phrase title(SourceKind source) {
  static const Phrase kTitles[] = {
      PhraseCode::from_that_gives_one,
      PhraseCode::from_that_gives_several,
      "'total'",
      "'total: count'",
      PhraseCode::total_of_a_column,
      "'first_of'",
      "'value'",
      PhraseCode::choose_of_constants,
      "'compute'",
      "'choose'",
      "'rate_of'",
      "'rate_day_of'",
      "'currency_of'",
      "'each'",
      "'by'",
      PhraseCode::this_source,
  };
  return kTitles[static_cast<std::size_t>(source)];
}

PhraseCode why_not_beside(SourceKind source) noexcept {
  switch (source) {
    case SourceKind::value:
    case SourceKind::constants:
      return PhraseCode::a_constant_goes_out_as_it_is;
    case SourceKind::compute:
      return PhraseCode::an_expression_is_finished;
    case SourceKind::choose:
      return PhraseCode::a_choice_is_finished;
    case SourceKind::total_of:
      return PhraseCode::values_are_finished;
    case SourceKind::rate_of:
    case SourceKind::rate_day_of:
    case SourceKind::currency_of:
      return PhraseCode::the_value_is_finished;
    case SourceKind::count:
      return PhraseCode::a_count_is_finished;
    case SourceKind::each:
      return PhraseCode::each_writes_objects;
    case SourceKind::one:
      return PhraseCode::several_values_need_a_path;
    default:
      return PhraseCode::take_the_word_out;
  }
}

}  // namespace trama
