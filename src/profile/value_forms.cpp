#include "profile/value_forms.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"
#include "base/utf8.h"
#include "step/number_shape.h"
#include "step/specs.h"

namespace trama {
namespace {

/// Nothing longer is a date or a number.
constexpr std::size_t kMaxShort = 48;
constexpr int kFirstYearOfCentury = 2000;  // of two-digit years; which it is does not matter here

/// In the order in which they are proposed: of two that fit and mean the same, the earlier.
constexpr DateForm kDateForms[] = {
    {"ISO-8601", Names::none, ""},  // its marks differ: see dates()
    {"YYYYMMDD", Names::none, ""},
    {"YYYY/MM/DD", Names::none, "/"},
    {"DD/MM/YYYY", Names::none, "/"},
    {"MM/DD/YYYY", Names::none, "/"},
    {"D/M/YYYY", Names::none, "/"},
    {"M/D/YYYY", Names::none, "/"},
    {"DD/MM/YY", Names::none, "/"},
    {"MM/DD/YY", Names::none, "/"},
    {"DD-MM-YYYY", Names::none, "-"},
    {"MM-DD-YYYY", Names::none, "-"},
    {"D-M-YYYY", Names::none, "-"},
    {"M-D-YYYY", Names::none, "-"},
    {"DD.MM.YYYY", Names::none, "."},
    {"D.M.YYYY", Names::none, "."},
    {"YYYY-MM", Names::none, "-"},
    {"DD-MMM-YYYY", Names::en, "-a"},
    {"DD-MMM-YYYY", Names::es, "-a"},
    {"D MMM YYYY", Names::en, " a"},
    {"D MMM YYYY", Names::es, " a"},
    {"D MMMM YYYY", Names::en, " a"},
    {"D 'de' MMMM 'de' YYYY", Names::es, " a"},
    {"MMM D, YYYY", Names::en, " ,a"},
    {"MMMM D, YYYY", Names::en, " ,a"},
    {"DDMMMYYYY", Names::en, "a"},
    {"DDMMMYY", Names::en, "a"},
    {"DD/MM/YYYY HH:mm", Names::none, "/ :"},
    {"MM/DD/YYYY HH:mm", Names::none, "/ :"},
    {"DD/MM/YYYY HH:mm:ss", Names::none, "/ :"},
    {"MM/DD/YYYY HH:mm:ss", Names::none, "/ :"},
    {"MM/DD/YYYY H:mm am", Names::none, "/ :a"},
    {"MM/DD/YYYY H:mm:ss am", Names::none, "/ :a"},
    {"DD-MM-YYYY HH:mm:ss", Names::none, "- :"},
    {"DD.MM.YYYY HH:mm", Names::none, ". :"},
    {"YYYY-MM-DD HH:mm", Names::none, "- :"},
    {"SQL", Names::none, ""},  // as ISO-8601
    {"YYYYMMDDHHmmss", Names::none, ""},
    {"RFC-2822", Names::none, " ,:a"},
    {"unix-seconds", Names::none, ""},
    {"unix-millis", Names::none, ""},
    {"HH:mm", Names::none, ":"},
    {"HH:mm:ss", Names::none, ":"},
};
static_assert(static_cast<std::size_t>(ValueForm::first_date) + std::size(kDateForms) <= 64);

/// Of number_point and those behind it.
constexpr std::string_view kNumberExamples[] = {"1,234.56", "1.234,56", "1 234,56", "1'234.56",
                                                "1.5e3"};

/// All of them read digits alone.
constexpr FormSet kMarkedNumbers = ((FormSet{1} << std::size(kNumberExamples)) - 1)
                                   << static_cast<unsigned>(ValueForm::number_point);

/// Those whose decimals follow a point.
constexpr FormSet kPointNumbers = set_of(ValueForm::number_point) |
                                  set_of(ValueForm::number_apostrophe) |
                                  set_of(ValueForm::number_exponent);

constexpr std::size_t index_of(std::string_view pattern) {
  std::size_t i = 0;
  while (kDateForms[i].pattern != pattern) ++i;
  return i;
}
constexpr std::size_t kIso = index_of("ISO-8601");
constexpr std::size_t kSql = index_of("SQL");
constexpr std::size_t kDay = index_of("YYYYMMDD");
constexpr std::size_t kSecond = index_of("YYYYMMDDHHmmss");
constexpr std::size_t kUnixSeconds = index_of("unix-seconds");
constexpr std::size_t kUnixMillis = index_of("unix-millis");

constexpr std::string_view kMarks = "/-.: ,";
constexpr unsigned kPoint = 1U << 2U;
constexpr unsigned kLetter = 1U << 6U;
constexpr unsigned kOther = 1U << 7U;  // a character that no date has
constexpr unsigned kAt = 1U << 8U | kOther;
constexpr unsigned kDigit = 1U << 9U;

constexpr auto kMarkOf = [] {
  std::array<std::uint16_t, 256> marks{};
  for (std::size_t c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
    const bool digit = c >= '0' && c <= '9';
    marks[c] = static_cast<std::uint16_t>(digit ? kDigit : letter ? kLetter : kOther);
  }
  marks['@'] = kAt;
  marks['+'] = 0;  // as of an offset
  for (std::size_t i = 0; i < kMarks.size(); ++i)
    marks[static_cast<unsigned char>(kMarks[i])] = static_cast<std::uint16_t>(1U << i);
  return marks;
}();

unsigned marks_of(std::string_view text) noexcept {
  unsigned marks = 0;
  for (const char c : text) marks |= kMarkOf[static_cast<unsigned char>(c)];
  return marks;
}

/// The index of by_marks_: six marks are too many for 64 places with letters, and no format has a
/// comma without letters.
std::size_t place_of(unsigned marks) noexcept {
  const unsigned comma_or_letter = (marks & kLetter) != 0 ? 1U << 5U : 0U;
  return (marks & 0x1FU) | comma_or_letter;
}

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Of the years 1900 to 2199, of which a dump tells; others have eight digits by chance.
bool is_of_our_days(std::string_view digits) noexcept {
  return digits.starts_with("19") || digits.starts_with("20") || digits.starts_with("21");
}

/// An instant of 2008 to 2033, as digits of unix-seconds and finer: of others nothing says that
/// they are no number of an identity card.
bool is_unix_time(std::string_view digits) noexcept {
  return digits.front() == '1' && digits[1] >= '2';
}

bool is_phone(std::string_view text) noexcept {
  if (text.empty() || (text.front() != '+' && text.front() != '(')) return false;
  std::size_t digits = 0;
  for (const char c : text.substr(1)) {
    if (is_digit(c))
      ++digits;
    else if (std::string_view(" -.()/").find(c) == std::string_view::npos)
      return false;
  }
  return digits >= 7 && digits <= 15;
}

bool is_card(std::string_view text) noexcept {
  if (text.size() < 13 || text.size() > 23) return false;
  unsigned sum = 0;
  std::size_t count = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    const char c = text[i];
    if (c == ' ' || c == '-') continue;
    if (!is_digit(c)) return false;
    const auto digit = static_cast<unsigned>(c - '0');
    const unsigned twice = digit * 2;
    sum += count++ % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
  }
  const char first = text.front();  // of a bank's: ISO/IEC 7812-1 §4.2
  return count >= 13 && count <= 19 && sum % 10 == 0 && first >= '2' && first <= '6';
}

bool is_web_token(std::string_view text) noexcept {
  return text.size() > 20 && text.starts_with("eyJ") &&
         std::count(text.begin(), text.end(), '.') == 2;
}

bool has_spaces_outside(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  const bool ascii = blank(text.front()) || blank(text.back());
  const bool other = (text.front() & 0x80) != 0 || (text.back() & 0x80) != 0;
  return ascii || (other && trim(text).size() != text.size());
}

}  // namespace

std::span<const DateForm> date_forms() noexcept {
  return kDateForms;
}

std::string_view example_of(ValueForm form) noexcept {
  return kNumberExamples[static_cast<std::size_t>(form) -
                         static_cast<std::size_t>(ValueForm::number_point)];
}

bool is_date_or_id(FormSet forms) {
  constexpr FormSet kIds = set_of(ValueForm::uuid) | set_of(ValueForm::whole_number);
  return (forms & kIds) != 0 || !dates_of(forms).empty();
}

std::vector<std::size_t> dates_of(FormSet set) {
  std::vector<std::size_t> dates;
  each_date(set, [&dates](std::size_t date) { dates.push_back(date); });
  return dates;
}

ValueForms::ValueForms() {
  for (std::size_t i = 0; i < std::size(kDateForms); ++i) {
    const DateForm& form = kDateForms[i];
    DatePattern::Problem problem;
    TRAMA_CHECK(DatePattern::compile(form.pattern, form.names, kFirstYearOfCentury,
                                     patterns_.emplace_back(), problem));
    if (form.marks.empty()) continue;
    unsigned marks = 0;
    for (const char c : form.marks) marks |= kMarkOf[static_cast<unsigned char>(c)];
    by_marks_[place_of(marks)].push_back(static_cast<std::uint8_t>(i));
    if (form.pattern == "RFC-2822")  // with an offset to the west
      by_marks_[place_of(marks | 1U << 1U)].push_back(static_cast<std::uint8_t>(i));
  }
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    Phrase problem;
    TRAMA_CHECK(read_number_example(kNumberExamples[i], shapes_[i], problem));
  }
}

bool ValueForms::can_differ(std::size_t a, std::size_t b) const {
  return DatePattern::can_differ(patterns_[a], patterns_[b]);
}

bool ValueForms::read(std::size_t date, std::string_view text, Moment& out) const {
  DateTrouble trouble;
  return patterns_[date].read(text, out, trouble) == Reason::none;
}

bool ValueForms::passes(const StepSpec& step, std::string_view text, const StepArgs* args) {
  Value value = Value::text(text);
  return step.fn(args, value, context_) == Reason::none;
}

/// Only formats whose marks are those of the text are tried.
FormSet ValueForms::dates(std::string_view text, unsigned marks) const {
  FormSet set = 0;
  const auto try_one = [&](std::size_t i) {
    Moment moment;
    if (!read(i, text, moment)) return;
    set |= set_of(date_form(i));
    if (moment.has_time) set |= set_of(ValueForm::clock);
    if (moment.offset != kNoOffset) set |= set_of(ValueForm::offset);
  };
  if (marks == 0) {
    if (text.size() == 8 && is_of_our_days(text)) try_one(kDay);
    if (text.size() == 14 && is_of_our_days(text)) try_one(kSecond);
    if (text.size() == 10 && is_unix_time(text)) try_one(kUnixSeconds);
    if (text.size() == 13 && is_unix_time(text)) try_one(kUnixMillis);
    return set;
  }
  if (text.size() >= 10 && text[4] == '-' && text[7] == '-') {
    try_one(kIso);
    if (text.size() > 10 && text[10] == ' ') try_one(kSql);
  }
  for (const std::uint8_t i : by_marks_[place_of(marks)]) try_one(i);
  return set;
}

FormSet ValueForms::numbers(std::string_view text) {
  FormSet set = 0;
  Decimal number;
  if (read_decimal(text, number) == Reason::none) {
    set |= set_of(ValueForm::number);
    if (number.scale == 0) set |= set_of(ValueForm::whole_number);
    const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
    if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]))
      set |= set_of(ValueForm::zeros_in_front);
  }
  if (has(set, ValueForm::whole_number)) return set | kMarkedNumbers;
  FormSet known = 0;  // without being tried: thousands and exponents may be left out
  if (has(set, ValueForm::number)) known = kPointNumbers | set_of(ValueForm::number_space);
  set |= known & kPointNumbers;
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    const auto form = static_cast<ValueForm>(static_cast<std::size_t>(ValueForm::number_point) + i);
    if (!has(known, form) && read_by_shape(text, shapes_[i], scratch_, number) == Reason::none)
      set |= set_of(form);
  }
  return set;
}

FormSet ValueForms::of_text(std::string_view text) {
  if (text.empty()) return 0;
  FormSet set = has_spaces_outside(text) ? set_of(ValueForm::spaces_outside) : 0;
  const unsigned seen = marks_of(text);
  if ((seen & kAt) == kAt) {
    if (passes(kEmail, text)) set |= set_of(ValueForm::email);
    return set;
  }
  if (text.starts_with("http") && text.find("://") != std::string_view::npos) {
    if (passes(kUrl, text)) set |= set_of(ValueForm::url);
    return set;
  }
  if (text.size() > kMaxShort) return is_web_token(text) ? set | set_of(ValueForm::web_token) : set;
  if ((seen & kDigit) == 0) return set;
  const unsigned marks = seen & ~kDigit;
  const auto digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
  if ((marks & kOther) == 0 && digits >= 3 && text.size() >= 5) set |= dates(text, marks);
  const bool signless = marks == kLetter || marks == (kLetter | kPoint);  // 1e3, 1.5e3
  if (((marks & kLetter) == 0 || signless) && (is_digit(text.front()) || text.front() == '-'))
    set |= numbers(text);
  if (is_phone(text)) set |= set_of(ValueForm::phone);
  if (digits >= 13 && is_card(text)) set |= set_of(ValueForm::card);
  if (text.size() == 36 && passes(kUuid, text)) set |= set_of(ValueForm::uuid);
  if (text.front() == 'P' || text.starts_with("-P")) {
    Duration duration;
    if (read_iso_duration(text, duration) == Reason::none) set |= set_of(ValueForm::duration);
  }
  return set;
}

FormSet ValueForms::of_number(std::string_view number) {
  FormSet set = numbers(number);
  if (all_digits(number)) {
    set |= dates(number, 0);
    if (is_card(number)) set |= set_of(ValueForm::card);
  }
  return set;
}

}  // namespace trama
