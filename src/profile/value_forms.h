// ValueForms: what a value can be read as: which date formats, which number marks, an e-mail
// address, a URL, … A form is exactly what the mapping language reads as such: what fits all values
// of a path is refused for none of them by a column that says so.

#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "step/args.h"
#include "step/step.h"
#include "value/dates.h"

namespace trama {

/// What a text or number can be. Behind the last of them are the date formats,
/// by their index in date_forms().
enum class ValueForm : std::uint8_t {
  number,             // [-]digits[.digits]
  number_point,       // 1,234.56
  number_comma,       // 1.234,56
  number_space,       // 1 234,56
  number_apostrophe,  // 1'234.56
  number_exponent,    // 1.5e3
  zeros_in_front,     // digits that begin with 0: a code, more likely than a number
  whole_number,       // digits alone, perhaps with a minus
  email,
  url,
  uuid,
  phone,           // + or ( and 7 to 15 digits with what groups them (ITU-T E.164 §6)
  duration,        // ISO 8601
  card,            // 13 to 19 digits with a right check digit (ISO/IEC 7812-1 annex B)
  web_token,       // three parts of base64url, the first a JSON object (RFC 7519 §3)
  spaces_outside,  // begins or ends with white space
  clock,           // a date format reads a time of day
  offset,          // … whose offset from UTC is known
  first_date,
};

/// A set of forms: bit i is form i.
using FormSet = std::uint64_t;
constexpr FormSet set_of(ValueForm form) noexcept {
  return FormSet{1} << static_cast<unsigned>(form);
}
constexpr bool has(FormSet set, ValueForm form) noexcept {
  return (set & set_of(form)) != 0;
}

/// A date format as a mapping writes it.
struct DateForm {
  std::string_view pattern;
  Names names = Names::none;
  std::string_view
      marks;  // the characters beside letters and digits that it needs; with `a`: letters
};
std::span<const DateForm> date_forms() noexcept;
constexpr ValueForm date_form(std::size_t index) noexcept {
  return static_cast<ValueForm>(static_cast<std::size_t>(ValueForm::first_date) + index);
}
/// The other way round; of date formats only.
constexpr std::size_t date_of(ValueForm form) noexcept {
  return static_cast<std::size_t>(form) - static_cast<std::size_t>(ValueForm::first_date);
}
/// Of number_point and the like, how a mapping shows it (read_number): "1,234.56".
std::string_view example_of(ValueForm form) noexcept;
/// Calls `act` for those of a set that are date formats, as indexes of date_forms().
template <typename Act>
void each_date(FormSet set, const Act& act) {
  for (FormSet left = set >> static_cast<unsigned>(ValueForm::first_date); left != 0;
       left &= left - 1)
    act(static_cast<std::size_t>(std::countr_zero(left)));
}
std::vector<std::size_t> dates_of(FormSet set);
/// Whether a text is a date, a whole number or a UUID: as a key it is data, not a name.
bool is_date_or_id(FormSet forms);

/// One a thread.
class ValueForms {
 public:
  ValueForms();
  FormSet of_text(std::string_view text);
  /// Of a JSON number, as it is written.
  FormSet of_number(std::string_view number);
  /// Whether some text can be read by both formats as two different days or times.
  [[nodiscard]] bool can_differ(std::size_t a, std::size_t b) const;
  /// The day or time that a format reads of `text`; false where it does not fit.
  [[nodiscard]] bool read(std::size_t date, std::string_view text, Moment& out) const;

 private:
  FormSet dates(std::string_view text, unsigned marks) const;
  FormSet numbers(std::string_view text);
  bool passes(const StepSpec& step, std::string_view text, const StepArgs* args = nullptr);

  std::vector<DatePattern> patterns_;
  std::vector<std::uint8_t> by_marks_[64];  // date formats that need exactly these marks
  std::array<NumberShape, 5> shapes_;       // of number_point and those behind it
  std::string scratch_;
  Arena arena_;
  StepContext context_{.arena = arena_};
};

}  // namespace trama
