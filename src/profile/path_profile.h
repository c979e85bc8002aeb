// PathProfile: what is known of all the values at one path of the records. Plain data that can be
// merged: sums, extremes, sets up to a bound.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_places.h"
#include "json/record.h"
#include "profile/value_counts.h"
#include "profile/value_forms.h"
#include "value/decimal.h"

namespace trama {

constexpr std::size_t kKinds = 7;  // of JsonKind
constexpr std::size_t kExamples = 3;

/// A value as it is kept: without quotes and escapes, its first kKeptValueBytes.
struct KeptValue {
  JsonKind kind = JsonKind::missing;
  bool cut = false;
  std::string text;
};

/// A value where it was met first.
struct PlacedValue {
  KeptValue value;
  std::size_t source = 0;    // index of the input
  std::uint64_t record = 0;  // its number in it, from 1
  DataPlace place;
};

/// Values by what they can be read as: how many have exactly these forms.
class FormGroups {
 public:
  struct Group {
    JsonKind kind = JsonKind::missing;
    FormSet forms = 0;
    std::uint64_t count = 0;
  };
  /// The group, new where it is not there. Groups beyond kMax share the last, which has the forms
  /// that all of them have.
  std::uint8_t find(JsonKind kind, FormSet forms);
  void count(std::uint8_t group, std::uint64_t times = 1) noexcept {
    groups_[group].count += times;
  }
  /// By index of a group of `later`, the one that it became part of.
  std::vector<std::uint8_t> merge(const FormGroups& later);

  [[nodiscard]] const std::vector<Group>& all() const noexcept { return groups_; }
  /// How many values have the form.
  [[nodiscard]] std::uint64_t with(ValueForm form) const noexcept;
  /// How many values are in groups, that is numbers and texts that are not empty.
  [[nodiscard]] std::uint64_t total() const noexcept;
  /// The forms that all of them have.
  [[nodiscard]] FormSet of_all() const noexcept;

 private:
  static constexpr std::size_t kMax = 32;
  std::vector<Group> groups_;
};

/// The least and the greatest of what can be ordered.
template <typename Rank>
struct Range {
  struct End {
    Rank rank{};
    KeptValue value;
  };
  std::optional<End> least;
  std::optional<End> greatest;
  /// `before(a, b)`: whether rank a is below b. Of equals the first one stays. `value`: makes the
  /// KeptValue, where it is one end.
  template <typename Before, typename Value>
  void take(const Rank& rank, const Value& value, Before before) {
    if (!least || before(rank, least->rank)) least = End{rank, value()};
    if (!greatest || before(greatest->rank, rank)) greatest = End{rank, value()};
  }
  template <typename Before>
  void merge(const Range& later, Before before) {
    for (const std::optional<End>* end : {&later.least, &later.greatest})
      if (*end) take((*end)->rank, [end] { return (*end)->value; }, before);
  }
};

/// Of numbers that are not 0, how many digits they have before their point (0.05 has -1): what tells
/// cents from euros.
struct NumberSizes {
  std::uint64_t count = 0;
  std::int64_t sum = 0;
  std::uint64_t squares = 0;   // their sum
  std::uint64_t negative = 0;  // of the numbers

  void take(const Decimal& number) noexcept;
  void merge(const NumberSizes& later) noexcept {
    count += later.count;
    sum += later.sum;
    squares += later.squares;
    negative += later.negative;
  }
};

struct PathProfile {
  std::uint64_t records = 0;                  // that have it
  std::uint64_t count = 0;                    // of values: more than records below a list
  std::array<std::uint64_t, kKinds> kinds{};  // by JsonKind
  std::uint64_t empty = 0;                    // "", [] and {}
  /// Of the objects in which it is filled, a sum of their hashes: two members with as many values
  /// and the same sum are filled in the same objects.
  std::uint64_t filled_in = 0;

  // Of numbers, and of texts that are not empty:
  ValueCounts values;  // and booleans
  FormGroups forms;
  std::vector<PlacedValue> examples;   // the first different ones, at most kExamples
  Range<std::uint64_t> lengths;        // of texts, in characters
  Range<Decimal> numbers;              // also of texts that are plain numbers
  NumberSizes sizes;                   // of the different ones of these, as far as they were told
  std::uint64_t numbers_too_long = 0;  // of more than 38 digits: in no range
  int decimals = 0;                    // behind the point, at most
  /// By date format, as its index, of what it reads: seconds since 1970. At most kDateRanges; the
  /// first value already has every format that fits all.
  std::map<std::size_t, Range<std::int64_t>> dates;
  static constexpr std::size_t kDateRanges = 8;

  std::uint64_t items = 0;  // of lists, together
  std::uint64_t fewest_items = UINT64_MAX;
  std::uint64_t most_items = 0;

  /// Of the different numbers: of each once where all values are known, else about.
  [[nodiscard]] NumberSizes number_sizes() const;
  [[nodiscard]] std::uint64_t of(JsonKind kind) const noexcept {
    return kinds[static_cast<std::size_t>(kind)];
  }
  /// A text or number that was not met before: its length, and what it is worth.
  void take_extremes(const ValueForms& forms_of, JsonKind kind, std::string_view text, FormSet set);
  /// What came behind in the input.
  void merge(const PathProfile& later, std::size_t most_examples);
};

}  // namespace trama
