// Findings: what the values of a path are, as far as all of them say so. Made of a PathNode once all
// is merged; as data, for reports and for whoever drafts a mapping.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "profile/profile.h"

namespace trama {

/// Why the values of a path are not shown.
enum class Sensitive : std::uint8_t {
  no,
  personal_name,   // the key is called like a person's data
  personal_value,  // most values are e-mail addresses or telephone numbers
  secret_name,     // the key is called like a secret
  secret_value,    // values look like card numbers or access tokens
};

/// A word that values are of, all of them.
enum class Vocabulary : std::uint8_t { none, currency, country, zone, yes_no };

/// How many values have a form.
struct FormCount {
  ValueForm form{};
  std::uint64_t count = 0;
};

/// How many values have date formats; several where all of these fit each of them, and differ.
struct DateCount {
  std::vector<std::size_t> dates;  // of date_forms()
  std::uint64_t count = 0;
};

struct Findings {
  std::uint64_t missing = 0;  // objects (or records) that do not have the member
  std::uint64_t filled = 0;   // values that are not blank
  std::uint64_t parents = 0;  // objects that could have it

  bool constant = false;  // one value, always there
  /// Every value is another: it can be the key of the record.
  /// Not proved where the distinct values are estimated.
  bool unique = false;

  // Of numbers, and texts that are not empty:
  std::vector<std::size_t> dates;     // formats that fit all, of those that mean the same the first
  std::vector<DateCount> some_dates;  // none fits all: the formats that fit most, and …
  std::uint64_t no_date = 0;          // … how many values no format fits
  std::uint64_t clock = 0;            // values with a time of day, and …
  std::uint64_t offset = 0;           // … of them those whose offset from UTC is known
  std::optional<FormCount> number;    // numbers that are written so: half of the values at least
  bool number_undecided = false;      // 1,234: the mark may be that of decimals or of thousands
  bool whole_numbers = false;         // all are, without decimals
  std::uint64_t zeros_in_front = 0;   // numbers that may be codes
  std::optional<FormCount> form;      // e-mail, URL, …: that half of the values have, at least
  Vocabulary vocabulary = Vocabulary::none;
  std::uint64_t spaces_outside = 0;  // texts that begin or end with a space

  Sensitive sensitive = Sensitive::no;
};

Findings find(const PathNode& node, const ValueForms& forms);

/// The first and the last day or time, where one format is that of all values; else null.
const Range<std::int64_t>* days_of(const PathProfile& seen, const Findings& found);

/// Whether a key is called like what is personal or secret. `above`: the name of the member that
/// the object is, or nothing.
Sensitive sensitive_name(std::string_view key, std::string_view above);
/// The words of a name, in lower case, without the accents of Spanish: guestEmail, guest_email and
/// GUEST-EMAIL are guest and email.
std::vector<std::string> name_words(std::string_view name);
/// Whether a name is that of a person, such as guest or lead_pax.
bool names_person(std::string_view key);
/// Whether a name says what is known about something, such as type or status.
bool is_about(std::string_view key);
/// Whether there is an e-mail address somewhere in a text.
bool holds_address(std::string_view text);
/// Whether a key is an e-mail address or a phone number, which names a person.
bool is_personal_key(std::string_view key);

}  // namespace trama
