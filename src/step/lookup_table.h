// LookupTable: exact texts to values, built when the plan is compiled, read by all threads.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "value/civil.h"
#include "value/value.h"

namespace trama {

class LookupTable {
 public:
  LookupTable();
  ~LookupTable();
  LookupTable(const LookupTable&) = delete;
  LookupTable& operator=(const LookupTable&) = delete;

  /// Copies the texts. False where the key is there already. A table for `ignore_case` is given its
  /// keys folded (fold_case of step/unicode.h), and in `shown` as they were written; else `shown`
  /// is the key.
  bool add(std::string_view key, std::string_view value, std::string_view shown = {});
  /// The text of `key`, or nullptr.
  [[nodiscard]] const std::string* find(std::string_view key) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  /// The keys as they were written, in their order, each with what find() gives for it.
  [[nodiscard]] std::vector<std::pair<std::string_view, const std::string*>> entries() const;
  /// The first keys in the order they were added, for messages: "DBL, SGL, TPL", "…" after `most`.
  [[nodiscard]] std::string known(std::size_t most) const;

 private:
  struct Map;
  std::unique_ptr<Map> map_;
};

/// The same by day: for each key the lines of which one holds at a time.
class DatedLookup {
 public:
  /// `from` to `to`, both included. False where a line of the key holds on one of these days
  /// already: `day` is the first of them.
  bool add(std::string_view key, Date from, Date to, std::string_view value, Date& day);
  /// The text of `key` on `day`, or nullptr; `known`: whether the key has a line at all.
  [[nodiscard]] const std::string* find(std::string_view key, Date day, bool& known) const noexcept;

 private:
  struct Line {
    Date from;
    Date to;
    std::string value;
  };
  std::map<std::string, std::map<std::int32_t, Line>, std::less<>> lines_;  // by their last day
};

/// Several keys as one, for composite lookups: their texts with U+001F between them.
std::string composite_key(std::initializer_list<std::string_view> parts);

}  // namespace trama
