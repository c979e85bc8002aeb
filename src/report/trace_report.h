// How one record became its rows, as data, and what `trama trace` shows of it: each column with the
// source value and its place, each step with its result, the rules with their values, the rows.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/cell.h"
#include "report/report_line.h"
#include "report/summary.h"
#include "report/words.h"
#include "text/language.h"

namespace trama {

/// Rows of which the columns are shown; a column that failed is shown in any.
constexpr std::size_t kTracedRows = 100;
/// Of one column, lines that are shown.
constexpr std::size_t kTracedLines = 100;
/// Columns that are shown, those of lists of objects among them.
constexpr std::size_t kTracedColumns = 5000;

/// A value on its way. Long texts are cut (kCellBytes).
struct TracedValue {
  enum class Form : std::uint8_t {
    none,    // there is none to show
    blank,   // `blank` says which
    plain,   // a number, a date, …
    quoted,  // a text
    hidden,  // personal: no text is kept
    list,    // of `items` items
    object,
  };
  Form form = Form::none;
  Kind blank = Kind::missing;
  std::string text{};
  std::size_t items = 0;

  friend bool operator==(const TracedValue&, const TracedValue&) = default;
};

/// One thing that was done for a column, in its order.
struct TraceLine {
  enum class Kind : std::uint8_t {
    read,      // `label`: the path; `at`: where in the input
    constant,  // `label`: the word of the mapping
    step,      // `label`: the word; `table`, and `at` of the entry in it
    condition,  // `label`: the word and the expression; `operands`; the value is yes, no or undecided
    computed,  // the same of `compute`
    rate,      // `detail` says it; `at` of its line in the table
    amount,    // in its currency, `detail`
    column,    // `detail`: of which column the value is taken
    given,     // what `when_blank`, `when_wrong` or a choice gave
    null_word,
    note,      // a notice: `label` is its code, `detail` its words
    warning,   // `words`
    error,     // `words`; `label`: the word that refused the value
    not_made,  // a column that it needs failed
    written    // how the row has it, where that looks otherwise
  };
  struct Operand {
    std::string name;
    TracedValue value;
  };
  Kind kind = Kind::step;
  std::string label{};
  TracedValue value{};
  std::string detail{};
  std::string table{};
  std::string at{};
  std::vector<Operand> operands{};
  std::optional<ErrorWords> words{};
};

struct TracedColumn {
  std::string name;
  std::string type;       // as the mapping says it, else what it comes to
  std::size_t place = 0;  // in the order of the mapping
  bool internal = false;
  bool personal = false;
  bool of_record = false;  // once for the record, whose rows it repeats in
  bool failed = false;
  bool left_out = false;  // with its item
  std::uint32_t row = 1;  // for which it was made, from 1
  std::string item{};     // "rooms[2]", or empty
  std::vector<TraceLine> lines{};
  std::size_t more_lines = 0;
  TracedValue value{};
  std::vector<TracedColumn> columns{};  // of an `each`, item by item
};

/// A rule of a row, or `only`.
struct TracedRule {
  enum class Outcome : std::uint8_t { holds, broken, undecided, failed, not_tried };
  std::string name;   // empty: of `only`
  std::string check;  // as written
  Outcome outcome = Outcome::holds;
  std::uint32_t row = 1;
  std::string item{};
  std::vector<TraceLine::Operand> operands{};
  bool left_out = false;
};

struct Trace {
  enum class State : std::uint8_t { written, rejected, skipped, duplicate };
  State state = State::written;
  std::uint64_t number = 0;
  std::uint64_t line = 0;
  std::string id;                    // hidden where it is personal; may be empty
  std::vector<ErrorWords> errors{};  // as a run tells them
  std::uint64_t more_errors = 0;
  std::vector<WarningWords> warnings{};
  std::string why{};  // of a record that is not mapped, `duplicates` in words
  std::vector<TracedColumn> columns{};
  std::size_t more_columns = 0;  // beside them, not shown
  std::optional<TracedRule> only{};
  std::vector<TracedRule> rules{};
  bool has_levels = false;  // it may make several rows
  std::vector<std::string> row_columns{};
  std::vector<std::string> row_types{};   // of them
  std::vector<std::vector<Cell>> rows{};  // by row_columns
  std::uint64_t more_rows = 0;
  std::uint64_t items_left_out = 0;
};

/// What it was made of, as the command line names it.
struct TraceFacts {
  std::string mapping;
  std::string input;
  std::string column{};  // only this one is shown; or empty: all
};

/// A value as people are told of it: a text in quotes, a blank by its kind.
std::string shown_value(const TracedValue& value, const ReportWords& words);

/// For people, at most `width` columns.
std::string trace_text(const Trace& trace, const TraceFacts& facts, Language language,
                       std::size_t width);
/// One JSON object with a line end (schemas/trace.schema.json).
std::string trace_json(const Trace& trace, const TraceFacts& facts);

}  // namespace trama
