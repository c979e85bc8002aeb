// MapObserver: told what a Mapper does with a record, in the order in which it is done, for who shows
// how a row came about (`trama trace`). A Mapper without one costs nothing for it: whatever is told
// is told from the way of columns that need more than a field and its steps, and a Mapper that is
// observed takes that way for all of them.
//
//   column_begins        FechaEntrada
//     read               stay.check_in  "2026-03-01"  byte 120
//     step               read_date      2026-03-01
//   column_ends          2026-03-01
//
// The values that it is told are only there during the call.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_set>

#include "json/record.h"
#include "plan/plan.h"
#include "step/rate_table.h"

namespace trama {

class MapObserver {
 public:
  /// What a path gives.
  struct Read {
    PathIndex path = kNoPath;
    const Value& value;              // text, JSON, or a blank
    JsonKind kind = JsonKind::text;  // of what is at `byte`
    std::size_t items = 0;           // of a list or an object
    std::uint32_t byte = kNoByte;    // of the record as it was sent; kNoByte: nowhere
    bool is_wrong = false;           // of a shape that the reader cannot use: reported apart
  };
  struct Step {
    const PlanStep& step;
    Reason reason = Reason::none;  // why it failed
    const Value& value;            // what it made
    std::uint32_t byte = kNoByte;  // of the value that it was made of
  };
  /// An expression with what its operands hold.
  struct Judged {
    const PlanExpression& expression;
    std::span<const Value> operands;   // by those of its program; none where it was not tried
    bool tried = true;                 // false: a column that it needs failed
    const ExpressionOutcome* outcome;  // of one that was tried
    std::uint32_t row = 0;             // that is being made, from 1
    std::string_view item{};           // "rooms[2]", or ""
  };
  /// How an amount was made of a number.
  struct Amount {
    const Value& value;         // the amount
    std::string_view source;    // the currency before
    std::string_view currency;  // and after the conversion
    bool converted = false;
    const RateAnswer& rate;  // where it was converted
    const RateTable* rates = nullptr;
    Date day{};            // that a rate was asked for
    bool any_day = false;  // the rates hold on any
  };
  /// How a column ended.
  struct End {
    const Value& value;
    bool failed = false;                  // the column has an error, or one that it needs
    bool defaulted = false;               // nothing of the record is in it
    bool wrong = false;                   // `when_wrong` let it pass
    std::span<const RecordError> errors;  // what was reported of it
    std::span<const RecordError> warnings;
    std::span<const NoticeCode> notices;
  };

  MapObserver() = default;
  MapObserver(const MapObserver&) = delete;
  MapObserver& operator=(const MapObserver&) = delete;
  virtual ~MapObserver() = default;

  /// `row`: that is being made, from 1. `item`: of `rows` or `each`, that the column is about:
  /// "rooms[2]", or "". Columns of an `each` begin and end inside of theirs.
  virtual void column_begins(ColumnIndex column, std::uint32_t row, std::string_view item) = 0;
  virtual void read(const Read& read) = 0;
  /// What was read last is one of the words that stand for null.
  virtual void null_word() = 0;
  virtual void step(const Step& step) = 0;
  /// What several values came to: joined, a key, a total.
  virtual void made_one(const Value& value) = 0;
  virtual void judged(const Judged& judged) = 0;
  virtual void amount(const Amount& amount) = 0;
  virtual void column_ends(const End& end) = 0;
  /// The item that was gone through last makes no rows after all (`bad_item: skip-item`): what was made
  /// of it, from this row on, is not written.
  virtual void item_left_out(std::uint32_t row) = 0;

  /// Which choices and entries of lookup tables were taken (StepContext::taken); the observer may
  /// take them out.
  std::unordered_set<const void*> taken;
};

}  // namespace trama
