// PushRow: a row as it is sent: what is done to which thing, and the row itself without the columns that
// say so.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/phrase.h"
#include "json/record_reader.h"
#include "push/target_file.h"
#include "source/source.h"

namespace trama {

struct PushRow {
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::string bytes;      // as it is written
  std::string digest;     // of all rows before it
  std::string operation;  // "insert" where it does not say
  std::optional<PushKind> kind{};
  bool is_unchanged = false;  // nothing is to be done: `unchanged`, `stale`
  std::string key;            // "": it says none
  std::string row_key;        // its idempotency_key, or one of what it says
  std::string body;           // as a JSON object, each value as it is written
};

/// Rows of one key and operation that follow each other: those of one record, or versions of one thing.
struct PushRecord {
  std::vector<PushRow> rows;

  [[nodiscard]] const PushRow& first() const noexcept { return rows.front(); }
  /// Which thing it is, of all that are sent to a target.
  [[nodiscard]] const std::string& thing() const noexcept {
    return first().key.empty() ? first().row_key : first().key;
  }
  /// Whether a row says the same as the one before it: it counts as one with it.
  [[nodiscard]] bool is_repeated(std::size_t index) const noexcept {
    return index > 0 && rows[index].row_key == rows[index - 1].row_key &&
           rows[index].body == rows[index - 1].body;
  }
  /// What tells its rows, all of them, from others.
  [[nodiscard]] std::string content() const;
};

class PushRowReader {
 public:
  /// `target`: its name, of which a row_key is made where a row has none.
  explicit PushRowReader(std::string target) : target_(std::move(target)) {}

  /// Gives the Reason for which the frame is no row, or an empty phrase. Of a row that is no good because one of
  /// the columns that say what is done holds no text, `wrong_column` is that one.
  Phrase read(const Frame& frame, PushRow& out, std::string_view& wrong_column);

 private:
  [[nodiscard]] Phrase why(Reason reason) const;

  std::string target_;
  RecordReader reader_{WantedFields()};
  Arena arena_;
};

}  // namespace trama
