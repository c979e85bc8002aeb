#include "engine/explain_steps.h"

#include <algorithm>
#include <iterator>

#include "engine/explain.h"
#include "step/args.h"
#include "step/specs.h"

namespace trama {
namespace {

using Code = PhraseCode;

/// What a step is told of: its column, and itself.
struct Told {
  const Teller& tell;
  const Column& column;
  const PlanColumn& made;
  const PlanStep& step;

  template <typename Args>
  [[nodiscard]] const Args& args() const {
    return static_cast<const Args&>(*step.args);
  }
};

using Sentences = std::vector<std::string>;
using TellStep = void (*)(const Told& told, Sentences& out);

template <Code code>
void always(const Told& told, Sentences& out) {
  out.push_back(told.tell(code));
}

/// "2 decimals (half-up)"
std::string decimals_of(const Teller& tell, int decimals, Rounding rounding, const Text& word) {
  std::string count = tell.counted(Code::explain_decimals, static_cast<std::uint64_t>(decimals));
  if (rounding == Rounding::exact || !word.stated()) return count;
  return tell(Code::explain_decimals_how, {std::move(count), own(word.text)});
}

void tell_split(const Told& told, Sentences& out) {
  const auto& args = told.args<SplitArgs>();
  out.push_back(args.take == -1
                    ? told.tell(Code::explain_split_last, {own(args.by)})
                    : told.tell(Code::explain_split, {own(args.by), std::to_string(args.take)}));
}

void tell_replace(const Told& told, Sentences& out) {
  const StepTold* said = nullptr;
  for (const StepTold& one : told.column.steps)
    if (one.spec == told.step.spec) said = &one;
  if (said == nullptr) return;
  for (const StepTold::Value& value : said->values)
    for (const Pair& pair : value.pairs)
      out.push_back(
          pair.value.text.empty()
              ? told.tell(Code::explain_remove, {own(pair.key.text)})
              : told.tell(Code::explain_replace, {own(pair.key.text), own(pair.value.text)}));
}

void tell_pad(const Told& told, Sentences& out) {
  const auto& args = told.args<PadArgs>();
  out.push_back(told.tell(Code::explain_pad, {own(args.with), std::to_string(args.to)}));
}

void tell_small_words(const Told& told, Sentences& out) {
  std::vector<std::string> words;
  for (const auto& [folded, word] : told.args<SmallWordsArgs>().words) words.push_back(own(word));
  out.push_back(told.tell(Code::explain_small_words, {told.tell.all_of(std::move(words))}));
}

/// "DBL → Doble, SGL → Single"
std::string pairs_of(const Teller& tell, const std::vector<Pair>& pairs) {
  std::string text;
  for (std::size_t i = 0; i < pairs.size() && i < kShownPairs; ++i) {
    text += text.empty() ? "" : ", ";
    text += own(pairs[i].key.text) + " → " + own(pairs[i].value.text);
  }
  if (pairs.size() > kShownPairs)
    text += ' ' + tell.counted(Code::report_more_values, pairs.size() - kShownPairs);
  return text;
}

const Table* table_called(const Teller& tell, std::string_view name) {
  const std::vector<Table>& all = tell.loaded.mapping.tables;
  const auto found = std::find_if(all.begin(), all.end(), [name](const Table& one) {
    return one.name.text == name || name.starts_with(one.name.text + ".");
  });
  return found == all.end() ? nullptr : &*found;
}

void tell_table(const Teller& tell, const Text& name, const std::vector<Pair>& pairs,
                Sentences& out) {
  if (!name.stated()) {
    out.push_back(tell(Code::explain_lookup, {pairs_of(tell, pairs)}));
    return;
  }
  const Table* const table = table_called(tell, name.text);
  if (table != nullptr && table->file.stated())
    out.push_back(tell(Code::explain_lookup_in, {own(name.text), own(table->file.text)}));
  else if (table != nullptr && table->inside.stated())
    out.push_back(tell(Code::explain_lookup_inside, {own(name.text), tell.path(table->inside)}));
  else
    out.push_back(tell(Code::explain_lookup_own, {own(name.text)}));
}

void tell_lookup(const Told& told, Sentences& out) {
  const Teller& tell = told.tell;
  const auto& args = told.args<LookupArgs>();
  tell_table(tell, told.column.lookup_table, told.column.lookup, out);
  if (told.made.lookup_on != kNoColumn)
    out.push_back(
        tell(Code::explain_lookup_on, {own(tell.plan.columns[told.made.lookup_on].name)}));
  if (args.ignore_case) out.push_back(tell(Code::explain_ignore_case));
  using Unknown = LookupArgs::Unknown;
  switch (args.unknown) {
    case Unknown::reject:
      out.push_back(tell(Code::explain_unknown_reject));
      break;
    case Unknown::keep:
      out.push_back(tell(Code::explain_unknown_keep));
      break;
    case Unknown::write_blank:
      out.push_back(tell(Code::explain_unknown_blank));
      break;
    case Unknown::write:
      out.push_back(tell(Code::explain_unknown_write, {own(told.column.unknown.write.text)}));
      break;
  }
  if (args.warn) out.push_back(tell(Code::explain_unknown_warns));
}

void tell_number(const Told& told, Sentences& out) {
  if (told.column.read_number.empty())
    out.push_back(told.tell(Code::explain_number));
  else
    out.push_back(told.tell(Code::explain_number_like,
                            {told.tell.texts(told.column.read_number, Code::list_or)}));
}

void tell_round(const Told& told, Sentences& out) {
  const auto& args = told.args<RoundArgs>();
  tell_rounding(told.tell, args.decimals, args.rounding, told.column.rounding, out);
}

void tell_in_unit(const Told& told, Sentences& out) {
  const ColumnFormat& format = told.args<InUnitArgs>().format;
  tell_rounding(told.tell, format.decimals, format.rounding, told.column.rounding, out);
}

void tell_times(const Told& told, Sentences& out) {
  const auto& args = told.args<TimesArgs>();
  out.push_back(told.tell(Code::explain_times, {own(plain(Value::decimal(args.factor)))}));
  tell_rounding(told.tell, args.decimals, args.rounding, told.column.rounding, out);
}

/// A zone: a name, or what a field says.
std::string zone_of(const FromOr& zone) {
  return zone.from.stated() ? own(zone.from.text) : own(zone.constant.text);
}

void tell_date(const Told& told, Sentences& out) {
  const auto& args = told.args<DateArgs>();
  const Phrase formats = told.column.read.empty()
                             ? Phrase(own("YYYY-MM-DD"))
                             : told.tell.texts(told.column.read, Code::list_or);
  const Code code = args.target == Kind::time       ? Code::explain_time
                    : args.target == Kind::datetime ? Code::explain_datetime
                                                    : Code::explain_date;
  out.push_back(told.tell(code, {formats}));
  if (told.column.no_zone_means.stated())
    out.push_back(told.tell(Code::explain_no_zone_means, {zone_of(told.column.no_zone_means)}));
  if (told.column.zone.stated())
    out.push_back(told.tell(Code::explain_zone, {zone_of(told.column.zone)}));
}

void tell_duration(const Told& told, Sentences& out) {
  const Phrase unit = told.column.read.empty() ? Phrase(own("ISO-8601"))
                                               : told.tell.texts(told.column.read, Code::list_or);
  out.push_back(told.tell(Code::explain_duration, {unit}));
}

void tell_boolean(const Told& told, Sentences& out) {
  if (told.column.yes_words.empty() && told.column.no_words.empty())
    out.push_back(told.tell(Code::explain_boolean_plain));
  else
    out.push_back(
        told.tell(Code::explain_boolean, {told.tell.texts(told.column.yes_words, Code::list_or),
                                          told.tell.texts(told.column.no_words, Code::list_or)}));
}

std::string bound(const Told& told, const Value& value) {
  std::string text;
  append_plain(text, value, told.made.format);
  return own(text);
}

void tell_between(const Told& told, Sentences& out) {
  const auto& args = told.args<BetweenArgs>();
  if (args.low.is_blank())
    out.push_back(told.tell(Code::explain_at_most, {bound(told, args.high)}));
  else if (args.high.is_blank())
    out.push_back(told.tell(Code::explain_at_least, {bound(told, args.low)}));
  else
    out.push_back(
        told.tell(Code::explain_between, {bound(told, args.low), bound(told, args.high)}));
}

void tell_length(const Told& told, Sentences& out) {
  const auto& args = told.args<LengthArgs>();
  if (args.at_least >= 0)
    out.push_back(told.tell(Code::explain_length_at_least, {std::to_string(args.at_least)}));
  if (args.at_most >= 0)
    out.push_back(told.tell(Code::explain_length_at_most, {std::to_string(args.at_most)}));
}

void tell_one_of(const Told& told, Sentences& out) {
  std::vector<std::string> values;
  for (const Value& value : told.args<OneOfArgs>().values) values.push_back(bound(told, value));
  out.push_back(
      told.tell(Code::explain_one_of, {told.tell.all_of(std::move(values), Code::list_or)}));
}

void tell_pattern(const Told& told, Sentences& out) {
  out.push_back(told.tell(Code::explain_pattern, {own(told.args<PatternArgs>().shown)}));
}

struct StepSentence {
  const StepSpec* spec;
  TellStep tell;
};

constexpr StepSentence kStepSentences[] = {
    {&kTrim, always<Code::explain_trim>},
    {&kOneSpace, always<Code::explain_one_space>},
    {&kUpperCase, always<Code::explain_upper_case>},
    {&kLowerCase, always<Code::explain_lower_case>},
    {&kTitleCase, always<Code::explain_title_case>},
    {&kSmallWords, tell_small_words},
    {&kNoAccents, always<Code::explain_no_accents>},
    {&kDigitsOnly, always<Code::explain_digits_only>},
    {&kPlainText, always<Code::explain_plain_text>},
    {&kSplit, tell_split},
    {&kReplace, tell_replace},
    {&kPad, tell_pad},
    {&kLookup, tell_lookup},
    {&kReadNumber, tell_number},
    {&kRound, tell_round},
    {&kTimes, tell_times},
    {&kInUnit, tell_in_unit},
    {&kReadDate, tell_date},
    {&kReadDuration, tell_duration},
    {&kReadBoolean, tell_boolean},
    {&kEmail, always<Code::explain_email>},
    {&kUrl, always<Code::explain_url>},
    {&kUuid, always<Code::explain_uuid>},
    {&kCountry, always<Code::explain_country>},
    {&kCurrency, always<Code::explain_currency>},
    {&kBetween, tell_between},
    {&kLength, tell_length},
    {&kOneOf, tell_one_of},
    {&kPattern, tell_pattern},
};

const StepSentence* sentence_of(const StepSpec& step) noexcept {
  const auto* const found =
      std::find_if(std::begin(kStepSentences), std::end(kStepSentences),
                   [&step](const StepSentence& one) { return one.spec == &step; });
  return found == std::end(kStepSentences) ? nullptr : found;
}

}  // namespace

std::string or_nothing(const Teller& tell, const std::string& text) {
  return text.empty() ? tell(Code::explain_nothing_between) : own(text);
}

void tell_rounding(const Teller& tell, int decimals, Rounding rounding, const Text& word,
                   std::vector<std::string>& out) {
  if (decimals < 0) return;
  out.push_back(tell(rounding == Rounding::exact ? Code::explain_exact : Code::explain_rounded,
                     {decimals_of(tell, decimals, rounding, word)}));
}

void tell_step(const Teller& tell, const Column& column, const PlanColumn& made,
               const PlanStep& step, std::vector<std::string>& out) {
  const StepSentence* const sentence = sentence_of(*step.spec);
  if (sentence != nullptr) sentence->tell({tell, column, made, step}, out);
}

bool explains(const StepSpec& step) noexcept {
  return sentence_of(step) != nullptr;
}

}  // namespace trama
