// RecordedProfile: a profile as it is kept beside a mapping, to be held against that of a later dump
// (profile/drift). It holds what a comparison needs, and no value of what looks personal or secret.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/record.h"
#include "profile/path_profile.h"

namespace trama {

/// Values are codes where they are few and come again and again: of those every one is kept, with its
/// count. Of others none is.
constexpr bool are_codes(std::uint64_t distinct, std::uint64_t values) noexcept {
  constexpr std::uint64_t kMostCodes = 100;
  constexpr std::uint64_t kOften = 5;
  return distinct <= kMostCodes && distinct * kOften <= values;
}
/// Of what is held against it, up to so many different values are listed: there may be few records.
constexpr std::uint64_t kMostCompared = 200;

struct RecordedValue {
  JsonKind kind = JsonKind::missing;
  std::string text;
  std::uint64_t count = 0;
};

/// The least and the greatest, as they were written.
struct RecordedRange {
  std::string least;
  std::string greatest;
};

struct RecordedPath {
  std::string path;        // as a mapping writes it; of the record itself empty
  std::size_t parent = 0;  // index of the path that it is in; of the record itself its own

  std::uint64_t records = 0;
  std::uint64_t count = 0;
  std::uint64_t missing = 0;
  std::uint64_t empty = 0;
  std::array<std::uint64_t, kKinds> kinds{};
  std::uint64_t values = 0;  // texts and numbers that are not empty
  bool keys_are_data = false;
  bool hidden = false;  // its values are not kept: they are personal, or look so

  std::uint64_t fewest_items = 0;  // of lists
  std::uint64_t most_items = 0;
  std::uint64_t items = 0;

  std::vector<std::string> formats;  // date formats that fit all values
  struct SomeDates {
    std::vector<std::string> formats;
    std::uint64_t count = 0;
  };
  std::vector<SomeDates> some_dates;  // where none fits all: those that fit most
  std::uint64_t with_time = 0;
  std::uint64_t with_offset = 0;
  std::string number;  // how most numbers are written: 1,234.56
  std::uint64_t number_count = 0;
  bool number_undecided = false;
  std::uint64_t zeros_in_front = 0;
  std::vector<std::string> number_forms;  // that fit all values
  std::string form;                       // what half of the values are, at least: email
  std::uint64_t form_count = 0;
  std::string vocabulary;

  std::uint64_t distinct = 0;
  bool distinct_exact = false;
  std::uint64_t fewest_characters = 0;  // of texts
  std::uint64_t most_characters = 0;
  std::optional<RecordedRange> numbers;
  std::optional<RecordedRange> days;
  std::int64_t first_second = 0;  // of days, since 1970
  std::int64_t last_second = 0;
  NumberSizes sizes;
  /// The different values with their counts, where all of them are known and they are few.
  std::vector<RecordedValue> codes;
  bool all_codes = false;

  [[nodiscard]] std::uint64_t of(JsonKind kind) const noexcept {
    return kinds[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] std::uint64_t filled() const noexcept { return count - of(JsonKind::null) - empty; }
  /// Objects that could have it.
  [[nodiscard]] std::uint64_t parents() const noexcept { return count + missing; }
};

/// A part of a whole, from 0 to 1; of nothing 0.
inline double share(std::uint64_t part, std::uint64_t of) noexcept {
  return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
}

struct RecordedProfile {
  std::uint64_t records = 0;
  std::uint64_t unread = 0;
  std::vector<RecordedPath> paths;  // the record first, each behind the one that it is in
};

}  // namespace trama
