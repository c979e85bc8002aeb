// Reading a text by a DatePattern.

#include <algorithm>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "value/date_fields.h"
#include "value/date_names.h"
#include "value/date_pattern.h"

namespace trama {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// One walk over the words. Where a word can end at several places (sept. or sept), each is tried,
/// the longest first.
class Matcher {
 public:
  /// `any_name`: letters where a name is wanted are taken for one; for the message about a text
  /// that fits but for a name.
  Matcher(const DatePatternParts& parts, std::string_view text, bool any_name = false) noexcept
      : parts_(parts),
        text_(text),
        end_(parts.items.data() + parts.items.size()),
        any_name_(any_name) {}

  bool match() noexcept { return match_from(parts_.items.data(), 0); }
  [[nodiscard]] const DateFields& fields() const noexcept { return fields_; }
  /// Of `any_name`: the first name that is not known, and the item that wanted it.
  [[nodiscard]] std::string_view unknown_name() const noexcept { return unknown_name_; }
  [[nodiscard]] const DateItem* unknown_item() const noexcept { return unknown_item_; }

 private:
  // Recursion: one level a word with a choice, and each of those four stands in a pattern
  // once at most.
  bool match_from(const DateItem* item, std::size_t at) noexcept {
    for (; item != end_; ++item) {
      switch (item->word) {
        case DateWord::literal:
          if (!match_literal(*item, at)) return false;
          break;
        case DateWord::month_short:
        case DateWord::month_long:
          return match_month(item, at);
        case DateWord::weekday_short:
        case DateWord::weekday_long:
          return match_weekday(item, at);
        case DateWord::half_day:
          return match_half_day(item, at);
        case DateWord::offset:
          return match_offset(item, at);
        case DateWord::fraction:
          if (!match_fraction(item->digits, at)) return false;
          break;
        case DateWord::any_fraction:
          if (!match_any_fraction(at)) return false;
          break;
        default:
          if (!match_number(*item, at)) return false;
      }
    }
    return at == text_.size();
  }

  bool match_literal(const DateItem& item, std::size_t& at) const noexcept {
    if (!item.any_case) {
      if (text_.substr(at, item.literal.size()) != item.literal) return false;
      at += item.literal.size();
      return true;
    }
    const std::size_t end = end_of_literal(text_, at, item.literal);
    if (end != kNone) at = end;
    return end != kNone;
  }

  bool match_number(const DateItem& item, std::size_t& at) noexcept {
    int number = 0;
    const bool two = item.digits == 1 && take_digits(text_, at, 2, number);
    if (!two && !take_digits(text_, at, item.digits, number)) return false;
    switch (part_of(item.word)) {
      case DatePart::year:
        fields_.year = item.word == DateWord::year2 ? year_of(number) : number;
        break;
      case DatePart::month:
        fields_.month = number;
        break;
      case DatePart::day:
        fields_.day = number;
        break;
      case DatePart::hour:
        fields_.hour = number;
        break;
      case DatePart::minute:
        fields_.minute = number;
        break;
      default:
        fields_.second = number;
    }
    return true;
  }

  [[nodiscard]] int year_of(int two_digits) const noexcept {
    const int year = parts_.first_year - parts_.first_year % 100 + two_digits;
    return year < parts_.first_year ? year + 100 : year;
  }

  bool match_fraction(std::size_t digits, std::size_t& at) noexcept {
    if (text_.size() - at < digits) return false;
    std::size_t used = 0;
    if (!take_fraction(text_.substr(at, digits), used, fields_) || used != digits) return false;
    at += digits;
    return true;
  }

  /// A point and 1 to 9 digits, or nothing.
  bool match_any_fraction(std::size_t& at) noexcept {
    std::size_t end = at;
    if (!take_char(text_, end, '.') || end == text_.size() || digit_at(text_, end) > 9) return true;
    const std::size_t begin = end;
    if (!take_fraction(text_, end, fields_) || end - begin > 9) return false;
    at = end;
    return true;
  }

  /// The rest of the pattern behind a name that ends at `at`,
  /// with a dot that belongs to it or without.
  bool match_after_name(const DateItem* item, std::size_t at) noexcept {
    const bool has_dot = at < text_.size() && text_[at] == '.';
    return (has_dot && match_from(item + 1, at + 1)) || match_from(item + 1, at);
  }

  bool match_name(const DateItem* item, std::size_t at, std::string_view name) noexcept {
    if (name.empty()) return false;
    const std::size_t end = end_of_name(text_, at, name);
    return end != kNone && match_after_name(item, end);
  }

  bool match_month(const DateItem* item, std::size_t at) noexcept {
    const bool is_short = item->word == DateWord::month_short;
    for (int month = 1; month <= 12; ++month) {
      fields_.month = month;
      if (match_name(item, at, month_name(parts_.names, is_short, month))) return true;
    }
    for (const OtherMonthName& other : other_month_names()) {
      if (other.names != parts_.names || other.is_short != is_short) continue;
      fields_.month = other.month;
      if (match_name(item, at, other.name)) return true;
    }
    return any_name_ && match_any_name(item, at);
  }

  /// The letters at `at` as a name that is not known.
  bool match_any_name(const DateItem* item, std::size_t at) noexcept {
    std::size_t end = at;
    for (std::size_t next = at; next < text_.size(); end = next) {
      const char32_t c = next_code_point(text_, next);
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xC0;
      if (!letter || is_space(c)) break;
    }
    if (end == at || !match_after_name(item, end)) return false;
    unknown_name_ = text_.substr(at, end - at);  // the items behind are matched: the first stays
    unknown_item_ = item;
    return true;
  }

  bool match_weekday(const DateItem* item, std::size_t at) noexcept {
    const bool is_short = item->word == DateWord::weekday_short;
    for (int weekday = 1; weekday <= 7; ++weekday) {
      fields_.weekday = weekday;
      if (match_name(item, at, weekday_name(parts_.names, is_short, weekday))) return true;
    }
    return any_name_ && match_any_name(item, at);
  }

  /// AM, am, a.m., a. m. (also with the no-break spaces that CLDR puts there).
  bool match_half_day(const DateItem* item, std::size_t at) noexcept {
    if (at >= text_.size()) return false;
    const auto first = static_cast<char>(text_[at] | 0x20);
    if (first != 'a' && first != 'p') return false;
    fields_.half_day = first == 'a' ? 1 : 2;
    ++at;
    const bool has_dot = take_char(text_, at, '.');
    if (has_dot) {
      for (const std::string_view blank : {" ", "\u00A0", "\u202F"}) {
        if (text_.substr(at).starts_with(blank)) {
          at += blank.size();
          break;
        }
      }
    }
    if (at >= text_.size() || (text_[at] | 0x20) != 'm') return false;
    ++at;
    return (has_dot && take_char(text_, at, '.') && match_from(item + 1, at)) ||
           (!has_dot && match_from(item + 1, at));
  }

  bool match_offset(const DateItem* item, std::size_t at) noexcept {
    if (at < text_.size() && text_[at] == 'Z') {
      fields_.offset = 0;
      return match_from(item + 1, at + 1);
    }
    for (const std::size_t size : {6, 5, 3}) {
      if (text_.size() - at >= size && take_offset(text_, at, at + size, fields_) &&
          match_from(item + 1, at + size)) {
        return true;
      }
    }
    return false;
  }

  // NOLINTEND(misc-no-recursion)

  const DatePatternParts& parts_;
  std::string_view text_;
  const DateItem* end_;
  bool any_name_;
  DateFields fields_;
  std::string_view unknown_name_;
  const DateItem* unknown_item_ = nullptr;
};

/// YYYY-MM-DD and DD/MM/YYYY: numbers at fixed places.
Reason read_day(std::string_view text, const DatePatternParts& parts, Moment& out,
                DateTrouble& trouble) noexcept {
  const bool year_first = parts.form == DatePatternParts::Form::ymd;
  const char mark = year_first ? '-' : '/';
  DateFields fields;
  fields.has_date = true;
  std::size_t at = 0;
  if (text.size() != 10 ||
      !take_digits(text, at, year_first ? 4 : 2, year_first ? fields.year : fields.day) ||
      !take_char(text, at, mark) || !take_digits(text, at, 2, fields.month) ||
      !take_char(text, at, mark) ||
      !take_digits(text, at, year_first ? 2 : 4, year_first ? fields.day : fields.year)) {
    return not_of_shape(text, parts.words, trouble);
  }
  return check_fields(fields, out, trouble);
}

/// Of a pattern with names: whether only a name is not known.
Reason why_not_matched(std::string_view text, const DatePatternParts& parts,
                       DateTrouble& trouble) noexcept {
  Matcher matcher(parts, text, true);
  if (first_invalid_utf8(text) != kValidUtf8 || !matcher.match() ||
      matcher.unknown_item() == nullptr)
    return not_of_shape(text, parts.words, trouble);
  const bool month = part_of(matcher.unknown_item()->word) == DatePart::month;
  trouble.a = Value::text(text);
  trouble.b = Value::text(matcher.unknown_name());
  return trouble.reason = month ? Reason::date_month_unknown : Reason::date_weekday_unknown;
}

Reason read_words(std::string_view text, const DatePatternParts& parts, Moment& out,
                  DateTrouble& trouble) noexcept {
  Matcher matcher(parts, text);
  const bool can_read =
      parts.why_not_read == PhraseCode::none && (!parts.needs_century || parts.first_year >= 0);
  if (!can_read || !matcher.match()) {
    if (can_read && parts.needs_names && parts.names != Names::none)
      return why_not_matched(text, parts, trouble);
    return not_of_shape(text, parts.words, trouble);
  }
  DateFields fields = matcher.fields();
  fields.has_date = parts.has_date;
  fields.has_time = parts.has_time;
  return check_fields(fields, out, trouble);
}

}  // namespace

Reason DatePattern::read(std::string_view text, Moment& out, DateTrouble& trouble) const noexcept {
  switch (parts_->form) {
    case DatePatternParts::Form::iso:
      return read_iso(text, out, trouble);
    case DatePatternParts::Form::ymd:
    case DatePatternParts::Form::dmy:
      return read_day(text, *parts_, out, trouble);
    case DatePatternParts::Form::named:
      return parts_->named->read(text, out, trouble);
    case DatePatternParts::Form::pattern:
      break;
  }
  return read_words(text, *parts_, out, trouble);
}

}  // namespace trama
