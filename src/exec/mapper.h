// Mapper: a Plan applied to one record after another: the bytes of a record -> rows, or all the
// reasons why not. No input or output, no threads. One a thread.
//
//   mapper.cpp   the story of a record: read it, its rows, its rules
//   paths.cpp    following a path through the record
//   columns.cpp  making one column: source, blanks, steps, checks
//   money.cpp    currency, conversion, rounding once
//   absence.cpp  fields that no record has, rows that hold nothing of their record
//   rest.cpp     `output: rest`, what no column reads

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/arena.h"
#include "exec/rest.h"
#include "json/json_object.h"
#include "json/record.h"
#include "json/record_reader.h"
#include "plan/plan.h"
#include "value/format.h"

namespace trama {

enum class RecordState : std::uint8_t { written, rejected, skipped };

/// In which part of its way a record was refused.
enum class RecordStage : std::uint8_t { read, map, rule };

/// What became of a record; valid until the next is mapped.
struct MappedRecord {
  RecordState state = RecordState::written;
  RecordStage stage = RecordStage::map;
  bool is_json = false;
  bool stop = false;  // a `stop` of the mapping: the run ends after this record
  std::string_view id;
  std::size_t row_count = 0;
  std::span<const Value> rows;  // row_count times plan.columns.size()
  std::span<const RecordError> errors;
  std::span<const RecordError> warnings;
  /// A value of a row, or of an item of `each`, that is blank or that `when_wrong` let pass.
  struct Blank {
    std::uint32_t column;
    Kind kind;
    bool wrong;
  };
  std::span<const Blank> blanks;            // without what `on_extra_rows` leaves blank
  std::span<const std::uint32_t> defaults;  // columns that were given a default
  std::uint64_t items_left_out = 0;
};

/// The key of a record for `duplicates`, and what `highest X` compares.
struct RecordKey {
  bool readable = false;  // not JSON: nobody's duplicate
  bool blank = false;
  std::string key;
  Value by;                          // a decimal, date or datetime
  std::optional<RecordError> error;  // it has nothing to be compared by
};

/// What was seen of a field that the plan watches for (Plan::watches) since watch_anew(). Of two
/// parts of a dump the higher holds for both. not_looked_for: there was nothing that could have had
/// it.
enum class Watched : std::uint8_t { not_looked_for, not_there, there };

/// "missing", "null" or "empty", for the kinds that are blank.
constexpr std::string_view blank_word(Kind kind) noexcept {
  return kind == Kind::missing ? "missing" : kind == Kind::null ? "null" : "empty";
}

class Mapper {
 public:
  /// `now`: the instant that `today` means, in seconds since 1970-01-01T00:00:00Z.
  Mapper(const Plan& plan, std::int64_t now, int max_depth);
  Mapper(const Mapper&) = delete;
  Mapper& operator=(const Mapper&) = delete;

  /// `frame`: the record's bytes, followed by 64 readable ones. `entry_key`: of `records: x{*}`,
  /// the key as JSON text.
  const MappedRecord& map(std::string_view frame, std::string_view entry_key);
  /// The tables that travel in the input of the records to come, by Plan::dump_tables; they must
  /// stay.
  void use_tables(std::span<const std::shared_ptr<const LookupTable>> tables) noexcept {
    context_.dump_tables = tables;
  }
  /// Notes in `taken` which choices and entries of lookup tables are taken (StepContext::taken).
  void note_taken(std::unordered_set<const void*>* taken) noexcept { context_.taken = taken; }
  /// Only what `duplicates` needs.
  const RecordKey& key(std::string_view frame, std::string_view entry_key);
  /// The id of a record that is not mapped (a duplicate), or "".
  std::string_view id_of(std::string_view frame, std::string_view entry_key);
  /// Of the record that was mapped last, the fields that no column reads, as JSON members (`output:
  /// rest`).
  [[nodiscard]] const std::string& rest() const noexcept { return rest_; }
  /// Forgets which of the plan's watches were seen.
  void watch_anew();
  /// By Plan::watches, in the records that were mapped since.
  [[nodiscard]] std::span<const Watched> watched() const noexcept { return watched_; }

 private:
  struct Level {
    std::vector<Node> items;   // one a list; several side by side
    Node key;                  // of an object's entry
    bool present = false;      // there is an item (`when_empty: one-row` makes a row without)
    std::vector<Node> fields;  // of the (first) item, an object: those of field_names_
  };
  /// Where a value came from, for the errors about it.
  struct Origin {
    Node node;
    PathIndex path = kNoPath;
    bool emptied = false;  // it was not blank, but its text steps left nothing
  };
  /// A column while its rows are made.
  struct Cell {
    Value value;
    bool failed = false;    // an error was reported: what needs it is not tried
    bool as_blank = false;  // `when_wrong` left it blank or original: for rules it is blank
    bool defaulted = false;  // nothing of the record is in it: a default, a count of nothing
    bool wrong = false;  // `when_wrong` let it pass
  };
  /// A step of a column as the hot loop needs it.
  struct Step {
    StepFn fn = nullptr;
    const StepArgs* args = nullptr;
    std::uint32_t place = kNoPlace;
  };
  /// What a column needs, close together: of a plain one (PlanColumn::plain), all for its usual
  /// value.
  struct Way {
    int level = 0;
    bool plain = false;
    bool parts = false;
    bool null_words = false;
    int item_level = 0;  // its field is one of the item of that level, else of the record
    std::uint32_t slot = 0;
    // its steps and finish, then from `checks` on its checks: positions in way_steps_
    std::uint32_t begin = 0, checks = 0, end = 0;
  };
  struct Money {
    std::string_view currency;
    RateAnswer rate;
    bool has_rate = false;
  };

  // paths.cpp
  struct Found {
    Value value;
    Node node;
    Reason reason = Reason::none;  // why it is neither a value nor a blank
    Value a, b;
  };
  Node start_of(const PlanPath& path, Found& found);
  bool follow(std::string_view path, std::span<const PlanPath::Step> steps, const Node& from,
              Found& found);
  Found find(PathIndex path, bool as_json = false);
  bool find_direct(const Way& way, Value& value);
  void enter_item(int level);
  void find_all(PathIndex path, bool as_json, std::vector<Found>& out);
  void collect(const PlanPath& path, const Node& from, std::size_t step, bool as_json,
               std::vector<Found>& out);
  Value value_of(const Node& node, bool as_json, Found& found);
  std::string_view pointer_of(PathIndex path, const Node& node);

  // columns.cpp
  void make_column(ColumnIndex index);
  bool make_plain(const Way& way, ColumnIndex index);
  Origin origin_of(const Way& way, ColumnIndex index) const;
  bool tell_of(const Way& way, ColumnIndex index, Reason reason, std::uint32_t place);
  void required_is_blank(ColumnIndex index);
  void add_way(const PlanColumn& column);
  void produce(const PlanColumn& column, ColumnIndex index);
  bool refine(const PlanColumn& column, ColumnIndex index, Value& value, const Origin& origin,
              const Value& found);
  bool source_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin,
                 bool& finished);
  bool parts_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool total_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  Found first_of(const PlanColumn& column, Origin& origin);
  Found pick(const PlanColumn& column, Origin& origin);
  bool choose(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool composite(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  static Value rate_used(const Money& money);
  bool take_default(const PlanColumn& column, ColumnIndex index, Kind blank);
  bool is_null_word(const PlanColumn& column, std::string_view text) const;
  bool run(const std::vector<PlanStep>& steps, ColumnIndex index, Value& value,
           const Origin& origin, const Value* found) {
    return steps.empty() || run_steps(steps, index, value, origin, found);
  }
  bool run_steps(const std::vector<PlanStep>& steps, ColumnIndex index, Value& value,
                 const Origin& origin, const Value* found);
  bool tell(Reason reason, std::uint32_t place, ColumnIndex index, const Origin& origin,
            const Value& source);
  void resolve_zones(const PlanColumn& column);
  bool wrong(ColumnIndex index, Reason reason, std::uint32_t place, const Origin& origin,
             const Value& found);
  void complain(std::vector<RecordError>& list, ColumnIndex index, Reason reason,
                std::uint32_t place, const Origin& origin, const Value& found);
  bool list_of_objects(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);

  // money.cpp
  bool convert(const PlanColumn& column, ColumnIndex index, Value& value, const Origin& origin,
               const Value& found, std::string_view currency_in_amount);
  bool split_currency(Value& value, std::string_view& currency) const;
  bool currency_of(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                   const Value& found, std::string_view in_amount, std::string_view& currency);

  bool shift_minor_units(const PlanColumn& column, ColumnIndex index, std::string_view currency,
                         Decimal& amount);
  bool find_rate(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                 const Value& found, std::string_view currency, RateAnswer& answer);

  // absence.cpp
  void look_for_fields(int level);
  Watched look_below(const Node& node, std::span<const PlanPath::Step> steps);
  Watched look_in_items(const Node& items, std::span<const PlanPath::Step> steps);
  Watched look_for(PathIndex path);
  Watched look_for(const PlanWatch& watch);
  void refuse_blank_row(std::size_t errors_before);
  [[nodiscard]] bool holds_nothing(ColumnIndex index) const noexcept {
    const Cell& cell = cells_[index];
    return cell.value.is_blank() || cell.defaulted || is_empty_json(cell.value);
  }
  static bool is_empty_json(const Value& value) noexcept;

  // mapper.cpp
  std::string_view id();
  void reset();
  void rows_below(std::size_t level, int changed);
  void make_row(int changed);
  void judge_rules(int changed);
  ExpressionOutcome judge(const PlanExpression& expression, bool& tried);
  bool wanted();
  void spread_extra_rows();
  void note_unused();
  void copy_rest();
  void read_failed(Reason reason);
  void error_at_level(int level);
  static void tell_once(std::vector<RecordError>& list);
  [[nodiscard]] bool above_is_bad(std::size_t level) const noexcept;
  void no_items(std::size_t level, int changed);
  void note_blank(ColumnIndex index);
  void keep_values(const PlanRule& rule, RecordError& error);
  void share(std::size_t first, std::size_t end, std::size_t column);

  const Plan& plan_;
  RecordReader reader_;
  Arena arena_;
  StepContext context_;
  std::vector<Date> todays_;
  std::map<std::string, ZoneSlot, std::less<>> named_zones_;

  std::string_view frame_;
  std::string_view entry_key_;
  std::vector<Level> levels_;  // [0] is unused: the record itself
  std::vector<Cell> cells_;
  std::vector<Way> ways_;  // by column
  std::vector<Step> way_steps_;
  std::vector<Money> money_;
  std::vector<Value> rows_;
  std::vector<std::uint32_t> row_items_;    // of each row, the serial of its item at each level
  std::vector<std::uint32_t> item_serial_;  // by level
  std::vector<std::vector<std::string>> field_names_;  // by level: what plain columns read
  std::vector<RecordError> errors_;
  std::vector<RecordError> warnings_;
  std::vector<MappedRecord::Blank> blanks_;
  std::vector<std::uint32_t> defaults_;
  std::vector<bool> bad_level_;  // an error at that rows level in the current row
  MappedRecord result_;
  RecordKey key_;
  ExpressionScratch scratch_;
  std::vector<Value> operands_;
  std::vector<Found> found_;  // the parts of one column
  std::string glued_;
  std::map<ColumnIndex, std::unique_ptr<JsonObjectWriter>> object_writers_;  // of `each` columns
  RestWriter rest_writer_;
  std::string rest_;
  std::vector<Watched> watched_;  // by Plan::watches
  std::vector<std::vector<std::uint32_t>>
      unseen_;                           // by level, those of them that are not there yet
  std::vector<RecordError> blank_rows_;  // beside `output: rest`
  bool stop_ = false;
};

}  // namespace trama
