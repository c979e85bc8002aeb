#include "step/row_schema.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "step/specs.h"
#include "step/uri.h"
#include "value/dates.h"

namespace trama {
namespace {

constexpr std::pair<std::uint8_t, std::string_view> kTypeWords[] = {
    {json_type::kText, "string"},     {json_type::kNumber, "number"},
    {json_type::kInteger, "integer"}, {json_type::kBoolean, "boolean"},
    {json_type::kList, "array"},      {json_type::kObject, "object"},
    {json_type::kNull, "null"},
};

UInt128 magnitude(Int128 n) noexcept {
  return n < 0 ? UInt128{0} - static_cast<UInt128>(n) : static_cast<UInt128>(n);
}

/// (a × 10^power) mod m, for m below 10^38; a product with 10 would not fit, so it is made of sums.
UInt128 scaled_remainder(UInt128 a, int power, UInt128 m) noexcept {
  UInt128 left = a % m;
  for (int i = 0; i < power; ++i) {
    const UInt128 two = (left + left) % m;
    const UInt128 four = (two + two) % m;
    left = ((four + four) % m + two) % m;
  }
  return left;
}

bool is_multiple(const Decimal& value, const Decimal& of) noexcept {
  const UInt128 a = magnitude(value.coefficient);
  UInt128 m = magnitude(of.coefficient);
  if (value.scale <= of.scale) return scaled_remainder(a, of.scale - value.scale, m) == 0;
  for (int i = of.scale; i < value.scale; ++i) {
    if (m > a / 10) return a == 0;  // ten times that is above it
    m *= 10;
  }
  return a % m == 0;
}

bool has_shape(std::string_view text, std::string_view shape) noexcept {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  return true;
}

/// RFC 3339 section 5.6 full-time: seconds and an offset are always there, T and Z in any case.
bool is_full_time_shape(std::string_view text) noexcept {
  if (!has_shape(text.substr(0, 8), "00:00:00")) return false;
  text.remove_prefix(8);
  if (!text.empty() && text[0] == '.') {
    std::size_t end = 1;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == 1) return false;
    text.remove_prefix(end);
  }
  return text == "Z" || text == "z" || has_shape(text, "+00:00") || has_shape(text, "-00:00");
}

bool is_date(std::string_view text) noexcept {
  Moment moment;
  DateTrouble trouble;
  return has_shape(text, "0000-00-00") && read_iso(text, moment, trouble) == Reason::none;
}

bool is_date_time(std::string_view date, std::string_view time) noexcept {
  constexpr std::size_t kLongest = 64;
  if (!has_shape(date, "0000-00-00") || !is_full_time_shape(time) || time.size() > kLongest)
    return false;
  char text[11 + kLongest];
  std::copy(date.begin(), date.end(), text);
  text[10] = 'T';
  std::copy(time.begin(), time.end(), text + 11);
  if (text[10 + time.size()] == 'z') text[10 + time.size()] = 'Z';
  Moment moment;
  DateTrouble trouble;
  return read_iso({text, 11 + time.size()}, moment, trouble) == Reason::none;
}

/// What the type of that name checks is what the format of that name means.
bool passes(const StepSpec& type, std::string_view text, StepContext& context) noexcept {
  Value value = Value::text(text);
  return type.fn(nullptr, value, context) == Reason::none;
}

bool has_format(SchemaFormat format, std::string_view text, StepContext& context) noexcept {
  switch (format) {
    case SchemaFormat::date:
      return is_date(text);
    case SchemaFormat::date_time:
      return text.size() > 11 && (text[10] == 'T' || text[10] == 't') &&
             is_date_time(text.substr(0, 10), text.substr(11));
    case SchemaFormat::time:
      return is_date_time("2000-01-01", text);
    case SchemaFormat::email:
      return passes(kEmail, text, context);
    case SchemaFormat::uuid:
      return passes(kUuid, text, context);
    case SchemaFormat::uri:
      return is_uri(text);
  }
  return false;
}

bool equals(const SchemaRule::Constant& constant, const SchemaItem& item) noexcept {
  if (((constant.item.type | item.type) & json_type::kNumber) != 0) {
    const bool numbers =
        (constant.item.type & json_type::kNumber) != 0 && (item.type & json_type::kNumber) != 0;
    return numbers && item.exact && compare(constant.item.number, item.number) == 0;
  }
  if (constant.item.type != item.type) return false;
  if (item.type == json_type::kText) return constant.text == item.text;
  return item.type != json_type::kBoolean || constant.item.boolean == item.boolean;
}

bool number_holds(const SchemaRule& rule, const SchemaItem& item) noexcept {
  if (!item.exact) return false;  // nobody can tell
  const int order = compare(item.number, rule.number);
  switch (rule.keyword) {
    case SchemaKeyword::minimum:
      return order >= 0;
    case SchemaKeyword::maximum:
      return order <= 0;
    case SchemaKeyword::exclusive_minimum:
      return order > 0;
    case SchemaKeyword::exclusive_maximum:
      return order < 0;
    default:
      return is_multiple(item.number, rule.number);
  }
}

}  // namespace

static std::vector<std::string_view> type_names(std::uint8_t types) {
  std::vector<std::string_view> names;
  for (const auto& [bits, word] : kTypeWords) {
    if ((types & bits) != bits) continue;
    types = static_cast<std::uint8_t>(types & ~bits);
    names.push_back(word);
  }
  return names;
}

std::string json_type_words(std::uint8_t types) {
  std::string out;
  for (const std::string_view name : type_names(types))
    out += (out.empty() ? "" : " or ") + std::string(name);
  return out.empty() ? "nothing" : out;
}

Phrase json_types(std::uint8_t types) {
  Phrase out;
  for (const std::string_view name : type_names(types))
    out = out.empty() ? Phrase(name) : Phrase(PhraseCode::list_or, {std::move(out), name});
  return out.empty() ? Phrase(PhraseCode::nothing) : out;
}

SchemaItem SchemaItem::of(const Decimal& number) noexcept {
  SchemaItem item;
  item.number = number;
  item.type = is_multiple(number, {1, 0}) ? json_type::kInteger : json_type::kFraction;
  return item;
}

SchemaItem read_schema_number(std::string_view text) noexcept {
  SchemaItem unknown;
  unknown.type = text.find_first_of(".eE") == std::string_view::npos ? json_type::kInteger
                                                                     : json_type::kFraction;
  unknown.exact = false;
  const std::size_t e = text.find_first_of("eE");
  Decimal number;
  if (read_decimal(text.substr(0, e), number) != Reason::none) return unknown;
  if (e == std::string_view::npos || number.coefficient == 0) return SchemaItem::of(number);
  std::string_view digits = text.substr(e + 1);
  const bool minus = !digits.empty() && digits[0] == '-';
  if (!digits.empty() && (minus || digits[0] == '+')) digits.remove_prefix(1);
  int power = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return unknown;
    power = std::min(power * 10 + (c - '0'), 1000);
  }
  number.scale += minus ? power : -power;
  while (number.scale > kMaxScale && number.coefficient % 10 == 0) {
    number.coefficient /= 10;
    --number.scale;
  }
  if (number.scale > kMaxScale || number.scale < -kMaxDigits) return unknown;
  for (int zeros = -number.scale; zeros > 0; --zeros) {
    number.scale = 0;
    if (multiply(number, {10, 0}, number) != Reason::none) return unknown;
  }
  return SchemaItem::of(number);
}

bool SchemaRule::knows(std::string_view name) const noexcept {
  const auto at =
      std::lower_bound(names.begin(), names.end(), name,
                       [](const Name& one, std::string_view n) { return one.name < n; });
  return at != names.end() && at->name == name;
}

bool RowSchema::is_never(std::uint32_t schema) const noexcept {
  return schemas[schema].size() == 1 && schemas[schema].front().keyword == SchemaKeyword::never;
}

bool scalar_holds(const SchemaRule& rule, const SchemaItem& item, StepContext& context) noexcept {
  const bool is_text = item.type == json_type::kText;
  const bool is_number = (item.type & json_type::kNumber) != 0;
  switch (rule.keyword) {
    case SchemaKeyword::never:
      return false;
    case SchemaKeyword::type:
      return (rule.types & item.type) != 0;
    case SchemaKeyword::one_of_values:
      return std::any_of(rule.constants.begin(), rule.constants.end(),
                         [&item](const SchemaRule::Constant& c) { return equals(c, item); });
    case SchemaKeyword::pattern:
      return !is_text || re2::RE2::PartialMatch(
                             re2::StringPiece(item.text.data(), item.text.size()), *rule.pattern);
    case SchemaKeyword::min_length:
      return !is_text || count_code_points(item.text) >= rule.count;
    case SchemaKeyword::max_length:
      return !is_text || count_code_points(item.text) <= rule.count;
    case SchemaKeyword::format:
      return !is_text || has_format(rule.format, item.text, context);
    case SchemaKeyword::minimum:
    case SchemaKeyword::maximum:
    case SchemaKeyword::exclusive_minimum:
    case SchemaKeyword::exclusive_maximum:
    case SchemaKeyword::multiple_of:
      return !is_number || number_holds(rule, item);
    default:
      return true;
  }
}

}  // namespace trama
