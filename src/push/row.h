// PushRow: a row as it is sent: what is done to which thing, and the row itself without the columns that
// say so.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/phrase.h"
#include "json/record_reader.h"
#include "push/target_file.h"
#include "source/source.h"

namespace trama {

struct PushRow {
  std::size_t file = 0;
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::string bytes;      // as it is written
  std::string operation;  // "insert" where it does not say
  std::optional<PushKind> kind{};
  bool is_unchanged = false;  // nothing is to be done: `unchanged`, `stale`
  std::string key;            // "": it says none
  std::uint64_t number = 1;   // among rows of one key that follow each other: those of one record
  std::string row_key;        // its idempotency_key, or one of what it says
  std::string body;           // as a JSON object, each value as it is written

  /// Which thing it is, of all that are sent to a target.
  [[nodiscard]] std::string thing() const {
    if (key.empty()) return row_key;
    return number == 1 ? key : key + '\n' + std::to_string(number);
  }
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
