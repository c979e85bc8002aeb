// What two mappings make otherwise of one input, as data (engine/diff makes it), and its report: for
// people, as JSON (schemas/diff.schema.json), as a page, and as Markdown for a comment on a pull request.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/phrase.h"
#include "base/result.h"
#include "report/cell.h"
#include "text/language.h"

namespace trama {

constexpr std::size_t kDiffExamples = 5;

struct Diff {
  /// What became of a record; not_reached: the run ended before it (a rule with `level: stop`).
  enum class State : std::uint8_t { written, rejected, skipped, duplicate, not_reached };

  struct Record {
    std::string input;
    std::uint64_t number = 0;  // in it, from 1
    std::string id;            // hidden where it is personal; may be empty
  };
  /// An error of a rejected record, in words.
  struct Reason {
    std::string code;
    std::string where;  // the column or rule; may be empty
    std::string what;
    bool operator==(const Reason&) const = default;
  };

  struct Value {
    Record record;
    std::uint64_t row = 0;  // of the record's rows, from 1; 0: it has one
    Cell before;            // its text is kHidden where the column is personal
    Cell after;
  };
  struct Column {
    std::string name;  // empty: what `output: rest` copies
    std::uint64_t records = 0;
    std::uint64_t rows = 0;
    std::vector<Value> examples;
  };
  struct Move {
    State before{};
    State after{};
    std::uint64_t records = 0;
    struct Example {
      Record record;
      std::vector<Reason> reasons;  // of the side that rejects it
    };
    std::vector<Example> examples;
  };
  struct RowCount {
    Record record;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
  };
  struct Reasons {
    Record record;
    std::vector<Reason> before;
    std::vector<Reason> after;
  };

  std::uint64_t records = 0;
  std::uint64_t changed = 0;  // records of which anything is told below
  std::vector<std::string> columns_gone;
  std::vector<std::string> columns_new;
  bool columns_moved = false;  // those of both are in another order
  struct Type {
    std::string column;
    std::string before;  // "integer"
    std::string after;
  };
  std::vector<Type> types;  // of columns of both, that are of another kind
  std::vector<std::string>
      output;               // words of `output` and `columns` by which rows are written otherwise
  std::vector<Move> moves;  // by State
  std::vector<Column> columns;  // those of both with a change, in the order of the new mapping
  std::uint64_t other_rows = 0;
  std::vector<RowCount> row_examples;
  std::uint64_t other_reasons = 0;
  std::vector<Reasons> reason_examples;
  std::optional<Failure> trouble;  // where reading could not go on

  /// Whether the outputs differ at all.
  [[nodiscard]] bool anything() const noexcept {
    return changed > 0 || !columns_gone.empty() || !columns_new.empty() || columns_moved ||
           !types.empty() || !output.empty();
  }
};

/// What the report says beside.
struct DiffFacts {
  std::string before;  // the mappings, as on the command line
  std::string after;
  std::vector<Phrase> inputs;  // as messages call them
};

std::string diff_text(const Diff& diff, const DiffFacts& facts, Language language);
std::string diff_json(const Diff& diff, const DiffFacts& facts);
std::string diff_markdown(const Diff& diff, const DiffFacts& facts, Language language);
/// A page (report/html_page).
std::string diff_html(const Diff& diff, const DiffFacts& facts, Language language);

}  // namespace trama
