// What `trama reconcile` finds: each difference as a JSON line (schemas/difference.schema.json), and
// all of it for people and as JSON (schemas/reconcile.schema.json).

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "text/language.h"

namespace trama {

constexpr std::size_t kShownDifferences = 5;  // of a kind

struct Difference {
  enum class Kind : std::uint8_t {
    missing,     // on the right
    extra,       // only there
    different,   // in a field
    duplicate,   // a side has the key more than once; its records are not compared
    without_key  // a record that has none, or cannot be read
  };
  struct Field {
    std::string name;
    std::string left;  // its text; "" for nothing
    std::string right;
  };
  /// Where a record is: its number in its side, from 1; 0: nowhere.
  struct Place {
    std::uint64_t record = 0;
    std::uint64_t records = 0;  // with the key
  };
  Kind kind = Kind::missing;
  std::vector<std::string> key;  // its parts
  std::vector<Field> fields{};
  std::array<Place, 2> at{};  // left, right
};
constexpr std::size_t kDifferenceKinds = 5;
std::string_view word_of(Difference::Kind kind) noexcept;

struct ReconcileReport {
  std::array<std::string, 2> names;        // the sides
  std::array<std::uint64_t, 2> records{};  // read of them
  std::uint64_t same = 0;                  // keys with one record on either side, which are equal
  std::uint64_t young = 0;                 // keys of which nothing is said (--grace)
  std::array<std::uint64_t, kDifferenceKinds> counts{};  // by kind
  std::map<std::string, std::uint64_t> fields;           // that differ, by name
  std::array<std::vector<Difference>, kDifferenceKinds> first;

  void add(const Difference& difference);
  [[nodiscard]] bool differs() const noexcept;
  [[nodiscard]] std::uint64_t count(Difference::Kind kind) const noexcept {
    return counts[static_cast<std::size_t>(kind)];
  }
};

/// One JSON line.
std::string difference_line(const Difference& difference);
/// For the screen, at most 100 columns.
std::string reconcile_text(const ReconcileReport& report, Language language);
std::string reconcile_json(const ReconcileReport& report);

}  // namespace trama
