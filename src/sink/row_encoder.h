// RowEncoder: finished rows -> a block of one format, in a worker. FormatSpec::encoder makes one.
// What happens to blocks in their order is the Target's.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/codes.h"
#include "value/format.h"

namespace trama {

/// What a row's audit columns say.
struct RowAudit {
  std::string_view file;
  std::uint64_t record = 0;  // 0: it is of no record, which `operation` says
  std::uint64_t line = 0;
  std::string_view run;
  bool corrected = false;  // a person changed the record before it was run again
  std::string_view key{};  // of the mapping's `identity`
  std::string_view idempotency_key{};
  std::string_view operation{};
};

/// A value that the format cannot hold: its record is rejected (stage `write`).
struct RowRefusal {
  Reason reason = Reason::none;
  std::size_t column = SIZE_MAX;  // OutputColumn::value; SIZE_MAX: an audit column
  std::optional<Value> found{};  // where it is not the value of the column: of an item of an `each`
  Value a{};                     // what the reason quotes; texts are valid until the next row
  Value b{};
};

/// Rows as their format writes them: what a worker hands to the target. Until RowEncoder::finish()
/// they stand one behind the other, so that the last of them can be cut off again.
struct RowBlock {
  std::string bytes;
  std::uint64_t made_safe = 0;  // texts that `for_excel` made safe
  /// A value that is to be counted in the report: its column of the plan (OutputColumn::value), and
  /// what is said of it.
  struct Noted {
    std::uint32_t column = 0;
    NoticeCode code{};
    friend bool operator==(const Noted&, const Noted&) = default;
  };
  std::vector<Noted> noted{};
  /// Where each row ends in `bytes`, and the number of its record (0: of none): for a target that may
  /// refuse one. Empty for others.
  struct Row {
    std::size_t end = 0;
    std::uint64_t record = 0;
  };
  std::vector<Row> rows{};
  /// Why the row that was added last cannot be written; whoever added it cuts it off.
  std::optional<RowRefusal> refused{};

  struct Mark {
    std::size_t bytes = 0;
    std::uint64_t made_safe = 0;
    std::size_t noted = 0;
    std::size_t rows = 0;
  };
  [[nodiscard]] Mark mark() const noexcept {
    return {bytes.size(), made_safe, noted.size(), rows.size()};
  }
  /// Takes back the rows behind the mark.
  void cut(const Mark& at) {
    bytes.resize(at.bytes);
    made_safe = at.made_safe;
    noted.resize(at.noted);
    rows.resize(at.rows);
    refused.reset();
  }
};

/// Each thread has one of its own.
class RowEncoder {
 public:
  virtual ~RowEncoder() = default;

  /// Appends one row. `values`: those of the plan's columns, by OutputColumn::value. `rest`: JSON
  /// members, ready to be put into the row's object (`"a":1,"b":2`), or empty. A row of more than
  /// limit() bytes may end anywhere behind them: it is cut off.
  virtual void row(std::span<const Value> values, const RowAudit& audit, std::string_view rest,
                   RowBlock& block) = 0;
  /// The block is full and goes to the target: what is left to be done to it as a whole (columns
  /// made of rows, compression) is done here, where workers run side by side. Text is ready.
  virtual void finish(RowBlock& /*block*/) {}
  /// Says how long a row may be. Between rows; memory of longer ones is given back.
  virtual void limit(std::size_t most) noexcept = 0;

 protected:
  RowEncoder() = default;
  RowEncoder(const RowEncoder&) = default;
  RowEncoder& operator=(const RowEncoder&) = default;
};

}  // namespace trama
