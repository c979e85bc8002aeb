// Drift: what is otherwise in a dump than in the dump whose profile was recorded.
//
// What chance does is not drift. Of a share (how many records have a field, how many times an offset)
// a two-proportion z-test says whether it moved: |z| of 4 or more, and two points or more. What was
// not met before is told where a share so small would be missed by the other dump less than once in a
// thousand; a new code, where the values that came only once do not make new ones likely (the share of
// what was not met yet is about that of the values met once: Good, "The Population Frequencies of
// Species and the Estimation of Population Parameters", Biometrika 40, 1953). What may be chance is
// told apart (Drift::chance).

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "profile/recorded_profile.h"

namespace trama {

/// The gravest first.
enum class DriftKind : std::uint8_t {
  records,      // many more or fewer than before
  unread,       // records that are no JSON
  renamed,      // a field is gone, and a new one has values like it
  gone,         // no record has it any more
  json_kind,    // a text that was a number, an object that was a list
  date_format,  // fewer values have the format that dates had
  clock,        // dates have a time of day, or none any more
  number_marks,
  no_number,  // values that are no numbers, or are written in other ways
  larger,     // numbers are many times as large, or as small: cents for euros
  negative,   // numbers below 0, which never came
  days_off,   // days that are years away from all before
  offset,     // times without their offset from UTC, or with one
  form,       // e-mail addresses and the like that are none
  code_new,
  code_gone,
  filled,    // how many have a value
  items,     // lists of one that have several, or lists of another length
  appeared,  // a new field
};

struct Drift {
  DriftKind kind{};
  /// The path in both profiles; of what is new or gone in one, the other is null. Of what was renamed
  /// the old one and the new one. Both null: of all records.
  const RecordedPath* before = nullptr;
  const RecordedPath* after = nullptr;
  bool chance = false;
  std::vector<RecordedValue> codes;  // of code_new and code_gone, the most frequent first
  double times = 1;                  // of larger: as large as before, about
  std::uint64_t part_before = 0;     // of date_format and no_number: values that are as they were
  std::uint64_t part_after = 0;
};

/// What differs, by gravity, then in the order of the dump. The profiles must stay.
std::vector<Drift> compare(const RecordedProfile& before, const RecordedProfile& after);

}  // namespace trama
