// Compiling the words of a date pattern, with a phrase for every way to get them wrong, and what
// a pattern is like.

#include "value/date_pattern.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"

namespace trama {
namespace {

using Problem = DatePattern::Problem;

struct WordSpelling {
  std::string_view spelling;
  DateWord word;
  std::size_t digits;
};
constexpr WordSpelling kWords[] = {
    {"YYYY", DateWord::year4, 4},        {"YY", DateWord::year2, 2},
    {"MM", DateWord::month2, 2},         {"M", DateWord::month1, 1},
    {"MMM", DateWord::month_short, 0},   {"MMMM", DateWord::month_long, 0},
    {"DD", DateWord::day2, 2},           {"D", DateWord::day1, 1},
    {"DDD", DateWord::weekday_short, 0}, {"DDDD", DateWord::weekday_long, 0},
    {"HH", DateWord::hour2, 2},          {"H", DateWord::hour1, 1},
    {"mm", DateWord::minute, 2},         {"ss", DateWord::second, 2},
    {"am", DateWord::half_day, 0},       {"Z", DateWord::offset, 0},
};
constexpr std::size_t kMaxFractionDigits = 9;

bool fail(Problem& problem, std::size_t at, Phrase what) {
  problem = {std::move(what), at};
  return false;
}

Phrase quote_advice(std::string_view letters) {
  return {PhraseCode::letters_in_single_quotes, {letters}};
}

/// What a run of letters that is no word was meant to be.
Phrase advice_for(std::string_view run) {
  switch (run.front()) {
    case 'y':
    case 'Y':
      return PhraseCode::how_to_write_a_year;
    case 'M':
    case 'L':
      return PhraseCode::how_to_write_a_month;
    case 'd':
    case 'D':
      return PhraseCode::how_to_write_a_day;
    case 'E':
    case 'e':
      return PhraseCode::how_to_write_a_weekday;
    case 'h':
    case 'H':
    case 'k':
    case 'K':
      return PhraseCode::how_to_write_an_hour;
    case 'm':
      return PhraseCode::minutes_are_mm;
    case 's':
      return PhraseCode::seconds_are_ss;
    case 'S':
      return PhraseCode::a_fraction_has_9_digits;
    case 'A':
      if (run.size() > 1 && run.find_first_not_of('A') == run.npos)
        return PhraseCode::how_to_write_a_year;  // Spanish: año
      return PhraseCode::write_am;
    case 'a':
    case 'p':
    case 'P':
      return PhraseCode::write_am;
    case 'x':
    case 'X':
    case 'z':
    case 'Z':
      return PhraseCode::the_offset_is_one_z;
    case 't':
      return PhraseCode::the_t_is_a_capital;
    default:
      return quote_advice(run);
  }
}

/// The letters from `at` that are one word or none: a run of one letter, or am.
std::string_view run_at(std::string_view words, std::size_t at) noexcept {
  if (words.substr(at, 2) == "am" && words.substr(at, 3) != "amm") return words.substr(at, 2);
  std::size_t end = at;
  while (end < words.size() && words[end] == words[at]) ++end;
  return words.substr(at, end - at);
}

/// What is wrong with the letters at `at`, which begin no word: a word misspelt (dd, AM),
/// or text (de).
Phrase trouble_with(std::string_view words, std::size_t at) {
  const std::string_view run = run_at(words, at);
  std::size_t end = at;
  while (end < words.size() && is_letter(words[end])) ++end;
  const std::string_view letters = words.substr(at, end - at);
  const bool is_half_day = letters == "AM" || letters == "PM" || letters == "pm";
  const bool is_text = run.size() == 1 && letters.size() > 1 && !is_half_day;
  const std::string_view shown = is_text || is_half_day ? letters : run;
  return {PhraseCode::is_no_word_of_a_date_pattern,
          {shown, is_text ? quote_advice(shown) : advice_for(shown)}};
}

bool take_word(std::string_view words, std::size_t& at, DateItem& item, Problem& problem) {
  const std::string_view run = run_at(words, at);
  item.at = at;
  at += run.size();
  if (run == "T") {
    item.literal = "T";
    return true;
  }
  if (run == "S" && at < words.size() && words[at] == '*') {
    ++at;
    item.word = DateWord::any_fraction;
    return true;
  }
  if (run.front() == 'S' && run.size() <= kMaxFractionDigits) {
    item.word = DateWord::fraction;
    item.digits = run.size();
    return true;
  }
  for (const WordSpelling& known : kWords) {
    if (known.spelling != run) continue;
    item.word = known.word;
    item.digits = known.digits;
    return true;
  }
  return fail(problem, item.at, trouble_with(words, item.at));
}

/// Text in single quotes; '' is a quote.
bool take_quoted(std::string_view words, std::size_t& at, std::string& literal, Problem& problem) {
  const std::size_t begin = at++;
  const std::size_t size_before = literal.size();
  for (;; ++at) {
    if (at >= words.size()) return fail(problem, begin, PhraseCode::the_single_quote_is_not_closed);
    if (words[at] != '\'') {
      literal += words[at];
    } else if (at + 1 < words.size() && words[at + 1] == '\'') {
      literal += words[at++];
    } else {
      break;
    }
  }
  ++at;
  if (literal.size() == size_before) literal += '\'';  // '' outside quotes
  return true;
}

void add_item(std::vector<DateItem>& items, DateItem item) {
  if (item.word == DateWord::literal && !items.empty() && items.back().word == DateWord::literal &&
      items.back().any_case == item.any_case) {
    items.back().literal += item.literal;
  } else {
    items.push_back(std::move(item));
  }
}

bool split_words(std::string_view words, std::vector<DateItem>& items, Problem& problem) {
  std::size_t at = 0;
  while (at < words.size()) {
    DateItem item;
    item.at = at;
    if (words[at] == '\'') {
      if (!take_quoted(words, at, item.literal, problem)) return false;
      item.any_case = true;
    } else if (is_letter(words[at])) {
      if (!take_word(words, at, item, problem)) return false;
    } else if (is_digit(words[at])) {
      return fail(problem, at, PhraseCode::digits_in_single_quotes);
    } else {
      item.literal = words[at++];
    }
    add_item(items, std::move(item));
  }
  return true;
}

const DateItem* item_of(const std::vector<DateItem>& items, DatePart part) noexcept {
  for (const DateItem& item : items) {
    if (part_of(item.word) == part) return &item;
  }
  return nullptr;
}

bool check_repeats(const std::vector<DateItem>& items, Problem& problem) {
  for (const DateItem& item : items) {
    const DatePart part = part_of(item.word);
    if (part == DatePart::none || item_of(items, part) == &item) continue;
    if (part == DatePart::month) {
      return fail(problem, item.at, PhraseCode::the_month_appears_twice);
    }
    if (part == DatePart::minute) {
      return fail(problem, item.at, PhraseCode::mm_appears_twice);
    }
    return fail(problem, item.at, PhraseCode::this_part_appears_twice);
  }
  return true;
}

struct Need {
  DatePart part;
  DatePart needs;
  PhraseCode what;
};
constexpr Need kNeeds[] = {
    {DatePart::minute, DatePart::hour, PhraseCode::mm_without_an_hour},
    {DatePart::second, DatePart::minute, PhraseCode::ss_without_minutes},
    {DatePart::fraction, DatePart::second, PhraseCode::s_without_seconds},
    {DatePart::half_day, DatePart::hour, PhraseCode::am_needs_an_hour},
    {DatePart::offset, DatePart::hour, PhraseCode::z_without_an_hour},
};

bool check_needs(const std::vector<DateItem>& items, Problem& problem) {
  for (const Need& need : kNeeds) {
    const DateItem* const item = item_of(items, need.part);
    if (item != nullptr && item_of(items, need.needs) == nullptr) {
      return fail(problem, item->at, need.what);
    }
  }
  const DateItem* const month = item_of(items, DatePart::month);
  if (month != nullptr && item_of(items, DatePart::hour) != nullptr &&
      item_of(items, DatePart::day) == nullptr && item_of(items, DatePart::year) == nullptr) {
    return fail(problem, month->at, PhraseCode::mm_is_the_month);
  }
  return true;
}

/// S* has its point or none, and takes all digits there are.
bool check_any_fraction(const std::vector<DateItem>& items, Problem& problem) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].word != DateWord::any_fraction) continue;
    const bool point = i > 0 && items[i - 1].word == DateWord::literal &&
                       (items[i - 1].literal.ends_with('.') || items[i - 1].literal.ends_with(','));
    const bool digit = i + 1 < items.size() && (items[i + 1].word == DateWord::literal
                                                    ? is_digit(items[i + 1].literal.front())
                                                    : items[i + 1].digits > 0);
    if (point || digit) return fail(problem, items[i].at, PhraseCode::any_fraction_has_its_point);
  }
  return true;
}

/// D, M and H read one digit or two: right before a digit nobody could tell which.
bool check_digits(const std::vector<DateItem>& items, Problem& problem) {
  for (std::size_t i = 0; i + 1 < items.size(); ++i) {
    const DateItem& next = items[i + 1];
    const bool digit_follows =
        next.word == DateWord::literal ? is_digit(next.literal.front()) : next.digits > 0;
    if (items[i].digits != 1 || items[i].word == DateWord::fraction || !digit_follows) continue;
    return fail(problem, items[i].at, PhraseCode::no_digit_may_follow);
  }
  return true;
}

PhraseCode why_not_read(const std::vector<DateItem>& items) noexcept {
  const auto has = [&items](DatePart part) { return item_of(items, part) != nullptr; };
  const bool has_date = has(DatePart::month) || has(DatePart::day) || has(DatePart::weekday);
  if (has_date && !has(DatePart::year)) return PhraseCode::a_date_without_a_year;
  if (has(DatePart::day) && !has(DatePart::month)) {
    return PhraseCode::a_day_without_a_month;
  }
  if (has(DatePart::weekday) && !has(DatePart::day)) {
    return PhraseCode::a_weekday_without_a_day;
  }
  return PhraseCode::none;
}

void describe(DatePatternParts& parts) noexcept {
  for (const DateItem& item : parts.items) {
    const DatePart part = part_of(item.word);
    parts.has_date |= part >= DatePart::year && part <= DatePart::weekday;
    parts.has_time |= part == DatePart::hour;
    parts.has_offset |= part == DatePart::offset;
    parts.has_half_day |= part == DatePart::half_day;
    parts.needs_century |= item.word == DateWord::year2;
    parts.needs_names |= item.word == DateWord::month_short || item.word == DateWord::month_long ||
                         part == DatePart::weekday;
  }
  parts.why_not_read = why_not_read(parts.items);
  if (parts.words == "YYYY-MM-DD") parts.form = DatePatternParts::Form::ymd;
  if (parts.words == "DD/MM/YYYY") parts.form = DatePatternParts::Form::dmy;
}

bool compile_pattern(DatePatternParts& parts, Problem& problem) {
  if (!split_words(parts.words, parts.items, problem) || !check_repeats(parts.items, problem) ||
      !check_needs(parts.items, problem) || !check_digits(parts.items, problem) ||
      !check_any_fraction(parts.items, problem)) {
    return false;
  }
  describe(parts);
  if (!parts.has_date && !parts.has_time) {
    return fail(problem, 0, PhraseCode::a_pattern_needs_words);
  }
  return true;
}

bool begins_as(std::string_view words, std::string_view small) noexcept {
  if (words.size() < small.size()) return false;
  for (std::size_t i = 0; i < small.size(); ++i) {
    if ((words[i] | 0x20) != small[i]) return false;
  }
  return true;
}

/// The formats that have a name.
bool compile_named(DatePatternParts& parts, bool& is_named, Problem& problem) {
  using Form = DatePatternParts::Form;
  std::vector<std::string_view> meant;
  for (const NamedDateFormat& format : named_date_formats()) {
    if (parts.words == format.name) {
      parts.named = &format;
      parts.form = format.name == "ISO-8601" ? Form::iso : Form::named;
      parts.has_date = parts.has_time = is_named = true;
      return true;
    }
    const bool epoch = format.meant_by == "unix" && begins_as(parts.words, "epoch");
    if (epoch || begins_as(parts.words, format.meant_by)) meant.push_back(format.name);
  }
  if (!meant.empty()) return fail(problem, 0, {PhraseCode::write_it, {Phrase::listed(meant)}});
  return true;
}

}  // namespace

DatePart part_of(DateWord word) noexcept {
  switch (word) {
    case DateWord::literal:
      return DatePart::none;
    case DateWord::year4:
    case DateWord::year2:
      return DatePart::year;
    case DateWord::month2:
    case DateWord::month1:
    case DateWord::month_short:
    case DateWord::month_long:
      return DatePart::month;
    case DateWord::day2:
    case DateWord::day1:
      return DatePart::day;
    case DateWord::weekday_short:
    case DateWord::weekday_long:
      return DatePart::weekday;
    case DateWord::hour2:
    case DateWord::hour1:
      return DatePart::hour;
    case DateWord::minute:
      return DatePart::minute;
    case DateWord::second:
      return DatePart::second;
    case DateWord::fraction:
    case DateWord::any_fraction:
      return DatePart::fraction;
    case DateWord::half_day:
      return DatePart::half_day;
    case DateWord::offset:
      return DatePart::offset;
  }
  return DatePart::none;
}

bool DatePattern::compile(std::string_view words, Names names, int first_year_of_century,
                          DatePattern& out, Problem& problem) {
  DatePatternParts parts;
  parts.words = words;
  parts.names = names;
  parts.first_year = first_year_of_century;
  bool is_named = false;
  if (!compile_named(parts, is_named, problem)) return false;
  if (!is_named && !compile_pattern(parts, problem)) return false;
  out.parts_ = std::make_shared<const DatePatternParts>(std::move(parts));
  return true;
}

bool DatePattern::has_date() const noexcept {
  return parts_->has_date;
}
bool DatePattern::has_time() const noexcept {
  return parts_->has_time;
}
bool DatePattern::needs_names() const noexcept {
  return parts_->needs_names;
}
bool DatePattern::needs_century() const noexcept {
  return parts_->needs_century;
}
bool DatePattern::same_as(const DatePattern& other) const noexcept {
  return parts_->words == other.parts_->words && parts_->names == other.parts_->names &&
         parts_->first_year == other.parts_->first_year;
}
std::string_view DatePattern::words() const noexcept {
  return parts_->words;
}
PhraseCode DatePattern::why_not_read() const noexcept {
  return parts_->why_not_read;
}

PhraseCode DatePattern::why_not_written() const noexcept {
  const bool read_only = parts_->named != nullptr && parts_->named->write == nullptr;
  return read_only ? PhraseCode::it_can_only_be_read : PhraseCode::none;
}

DatePattern::Offset DatePattern::offset() const noexcept {
  if (parts_->named != nullptr) return parts_->named->offset;
  return parts_->has_offset ? Offset::always : Offset::never;
}

namespace {

/// Texts that `a` reads, chosen so that every order of two-digit numbers is among them, read by `b`
/// as another day.
bool some_sample_differs(const DatePattern& a, const DatePattern& b) {
  // Digits that are a month, a day, an hour and half a year alike,
  // whatever part a reader takes them for.
  static constexpr int kHalfYears[] = {1, 2, 10, 11, 12, 20};
  struct Variant {
    bool has_time;
    std::int32_t offset;
  };
  static constexpr Variant kVariants[] = {
      {false, kNoOffset}, {true, kNoOffset}, {true, 0}, {true, 3600}};
  const auto differs = [&a, &b](const std::string& text) {
    Moment left;
    Moment right;
    DateTrouble trouble;
    return b.read(text, right, trouble) == Reason::none &&
           a.read(text, left, trouble) == Reason::none && left.has_date && right.has_date &&
           left.date != right.date;
  };
  if (a.why_not_written() != PhraseCode::none) {  // days of Excel
    static constexpr std::string_view kSerials[] = {"2025", "45000", "45000.5", "202503"};
    return std::any_of(
        std::begin(kSerials), std::end(kSerials),
        [&differs](std::string_view serial) { return differs(std::string(serial)); });
  }
  std::string text;
  for (const Variant& variant : kVariants) {
    Moment moment{{},   {36'672, 101'112'010}, variant.offset, 0,
                  true, variant.has_time};  // 10:11:12
    for (int sample = 0; sample < 36 * 12 * 12; ++sample) {
      const int year = kHalfYears[sample % 6] * 100 + kHalfYears[sample / 6 % 6];
      moment.date = date_of({year, sample / 36 % 12 + 1, sample / 432 + 1});
      text.clear();
      a.write(moment, text);
      if (differs(text)) return true;
    }
    if (a.offset() == DatePattern::Offset::never) break;  // it writes the same for all variants
  }
  return false;
}

}  // namespace

bool DatePattern::can_differ(const DatePattern& a, const DatePattern& b) {
  if (!a.has_date() || !b.has_date() || a.words() == b.words()) return false;
  return some_sample_differs(a, b) || some_sample_differs(b, a);
}

}  // namespace trama
