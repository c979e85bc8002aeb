// Mapper: a Plan applied to one record after another: the bytes of a record -> rows, or all the
// reasons why not. No input or output, no threads. One a thread.
//
//   mapper.cpp   the story of a record: read it, its rows, its rules
//   record_key.cpp  what `duplicates` compare
//   rows.cpp     what makes several rows of a record
//   paths.cpp    following a path through the record
//   places.cpp   where in the record an error is
//   picks.cpp    items of a list that fit
//   columns.cpp  making one column: source, blanks, steps, checks
//   totals.cpp   one value of several
//   money.cpp    currency, conversion, rounding once
//   absence.cpp  fields that no record has, rows that hold nothing of their record
//   rest.cpp     `output: rest`, what no column reads
//   observed.cpp what a MapObserver is told

#pragma once

#include <cstdint>
#include <functional>
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
#include "value/exact.h"
#include "value/format.h"

namespace trama {

class MapObserver;  // exec/observer.h

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
  /// What was done to a value of a column beside: a helper field's default was taken, …
  struct Notice {
    std::uint32_t column;
    NoticeCode code;
  };
  std::span<const Notice> notices;
  /// Values that a lookup did not find, kept or replaced without a warning.
  std::span<const RecordError> unknown;
  std::uint64_t items_left_out = 0;
  /// Fields that nobody uses and that were told since tally_fields(): not among the warnings.
  std::uint32_t fields_again = 0;
  std::string_view key;  // of the mapping's `identity`
  Value newer;           // its `newer_by`: a decimal, date or datetime; else a blank
};

/// The key of a record for `duplicates`, and what `highest X` compares.
struct RecordKey {
  bool readable = false;  // not JSON: nobody's duplicate
  bool blank = false;
  bool wrong = false;  // the path of its key leads to no single value: `error` says to what
  std::string key;
  Value by;                          // a decimal, date or datetime; else a blank
  std::optional<RecordError> error;  // where it is wrong, or has nothing to be compared by
};

/// What was seen of a field that the plan watches for (Plan::watches) since watch_anew().
/// Of two parts of a dump the higher holds for both. not_looked_for:
/// there was nothing that could have had it.
enum class Watched : std::uint8_t { not_looked_for, not_there, there };

/// "missing", "null" or "empty", for the kinds that are blank.
constexpr std::string_view blank_word(Kind kind) noexcept {
  return kind == Kind::missing ? "missing" : kind == Kind::null ? "null" : "empty";
}

/// Bytes that the rows of one record take, while they are made and as they are written.
constexpr std::size_t kMaxRowsBytes = std::size_t{64} * 1024 * 1024;

/// What runs for most records should fit a processor's instruction cache (32 KiB) together. So what
/// only records with something to tell run is [[gnu::cold]], which also keeps the code around its
/// calls apart: it must not be called before it is known that there is something. What runs once a
/// record at most, and of few mappings, is [[gnu::noinline]].
class Mapper {
 public:
  /// `now`: the instant that `today` means, in seconds since 1970-01-01T00:00:00Z. `rows_bytes`: a
  /// record that makes more is rejected.
  Mapper(const Plan& plan, std::int64_t now, int max_depth, std::size_t rows_bytes = kMaxRowsBytes);
  Mapper(const Mapper&) = delete;
  Mapper& operator=(const Mapper&) = delete;

  /// `frame`: the record's bytes, followed by 64 readable ones. `entry_key`: of `records: x{*}`,
  /// the key as JSON text.
  const MappedRecord& map(std::string_view frame, std::string_view entry_key);
  /// The tables that travel in the input of the records to come, by Plan::dump_tables and
  /// Plan::dump_rates; they must stay.
  void use_tables(std::span<const std::shared_ptr<const LookupTable>> tables,
                  std::span<const std::shared_ptr<const RateTable>> rates) noexcept {
    context_.dump_tables = tables;
    dump_rates_ = rates;
  }
  /// A record that makes more than `size` bytes calls `ask` before it makes more; once a record.
  void ask_at(std::size_t size, std::function<void()> ask) {
    few_bytes_ = size;
    arena_.ask_at(size, std::move(ask));
  }
  /// Whether the record that was mapped last has asked.
  [[nodiscard]] bool made_much() const noexcept {
    return arena_.has_asked() || reader_.holds_much();
  }
  /// Forgets that record, and gives back the memory that it took.
  [[gnu::cold]] void give_back();
  /// Notes in `taken` which choices and entries of lookup tables are taken (StepContext::taken).
  void note_taken(std::unordered_set<const void*>* taken) noexcept { context_.taken = taken; }
  /// Tells `observer` what is done with the records to come; it must outlive them.
  void observe(MapObserver& observer);
  /// Only what `duplicates` needs.
  const RecordKey& key(std::string_view frame, std::string_view entry_key);
  /// An error about X of `keep: highest X`, of the record that key() was asked for last.
  RecordError rank_error(const PlanRank& rank, Reason reason);
  /// The key of `identity` of a record that was not written, valid until the next one; nothing where
  /// it has none.
  std::optional<std::string_view> identity_of(std::string_view frame, std::string_view entry_key);
  /// The id of a record that is not mapped (a duplicate), or "".
  std::string_view id_of(std::string_view frame, std::string_view entry_key);
  /// Of the record that was mapped last, the fields that no column reads,
  /// as JSON members (`output: rest`).
  [[nodiscard]] const std::string& rest() const noexcept { return rest_; }
  /// Forgets which of the plan's watches were seen.
  void watch_anew();
  /// Where `fields_nobody_uses: warn`: from now on each field is told by the first record that has
  /// it, and is only counted in those that follow, as it is in nearly all of them.
  void tally_fields();
  struct FieldAgain {
    RecordError warning;  // lives until the next record
    std::uint32_t count;
  };
  /// What was counted, which begins at 0 again.
  std::vector<FieldAgain> take_fields_again();
  /// By Plan::watches, in the records that were mapped since.
  [[nodiscard]] std::span<const Watched> watched() const noexcept { return watched_; }

 private:
  /// The list of a rows level that the walk is in, or what stands in for one.
  struct Items {
    const PlanLevel::List* plan = nullptr;
    NodeCursor cursor{Node()};
    Node single;  // of one-or-many, the one item; of parts and days, their field
    bool is_single = false;
    std::string_view left;  // of parts, what is not cut yet
    std::int32_t day = 0;   // of days, the next one
    std::size_t count = 0;
    bool keeps_blanks = false;  // of parts beside another list: a blank one keeps its place
    std::size_t places = 0;     // of parts: all of them, those at the end too that are blank
    /// Of entries beside those of another object, in another order: by their key.
    std::vector<std::pair<std::string_view, Node>> by_key{};
  };
  struct Level {
    std::vector<Node> items;         // one a list; several side by side
    std::vector<Node> keys;          // of an object's entry
    std::vector<std::string> texts;  // of a part or a day
    std::size_t number = 0;          // of the item, from 1
    std::size_t index = 0;           // of the item in its list, from 0
    bool present = false;            // there is an item (`when_empty: one-row` makes a row without)
    std::vector<Node> fields;        // of the (first) item, an object: those of field_names_
    std::vector<Items> lists;        // of rows
    std::vector<std::string_view> wanted;  // by condition of `where`
  };
  /// Where a value came from, for the errors about it.
  struct Origin {
    Node node;
    PathIndex path = kNoPath;
    bool emptied = false;   // it was not blank, but its text steps left nothing
    bool finished = false;  // of several values, the one that was taken is what `unknown` wrote
  };
  /// A column while its rows are made.
  struct Cell {
    Value value;
    bool failed = false;     // an error was reported: what needs it is not tried
    bool as_blank = false;   // `when_wrong` left it blank or original: for rules it is blank
    bool defaulted = false;  // nothing of the record is in it: a default, a count of nothing
    bool wrong = false;      // `when_wrong` let it pass
  };
  /// A step of a column as the hot loop needs it.
  struct Step {
    StepFn fn = nullptr;
    const StepArgs* args = nullptr;
    std::uint32_t place = kNoPlace;
  };
  /// What a column needs, close together: of a plain one (PlanColumn::plain),
  /// all for its usual value.
  struct Way {
    static constexpr int kMade = -1;  // once for the record, before its rows
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
    std::string_view currency;  // of the finished amount
    std::string_view source;    // before it was converted
    RateAnswer rate;
    bool has_rate = false;
  };
  /// What a helper field of a column holds.
  struct HelperField {
    Value value;  // a text, or blank
    Value found;
    Origin origin;
    std::uint32_t place = kNoPlace;
    Reason reason = Reason::none;  // why it is neither
    Value a, b;
    bool defaulted = false;
  };
  /// A value for a total: of a column of an `each`, or of an item.
  struct KeptValue {
    Value value;
    std::string_view currency;
    Node node;
    bool finished = false;  // `unknown` wrote it
  };

  // paths.cpp
  /// What a reader of the record can use: one value; whatever is there, as its JSON text; or what
  /// it goes through: a list, an object, either.
  enum class Need : std::uint8_t { scalar, json, list, object, container };
  /// What a path gives, decided in settle() for every reader of the record: a value; one of the
  /// three blanks; or a wrong shape (WRONG_TYPE), which is never a blank. A reader asks is_wrong()
  /// before it looks at the value.
  struct Found {
    Value value;                   // text with its origin; of the other needs, and where it is
                                   // wrong, what is at `node` as JSON
    Node node;                     // the value, or what was met on the way instead
    Reason reason = Reason::none;  // why it is neither a value nor a blank, …
    Value a, b;                    // … and what its message quotes
    bool no_items = false;         // of find_all(): a list without items, or none

    [[nodiscard]] bool is_wrong() const noexcept { return reason != Reason::none; }
    [[nodiscard]] bool has_value() const noexcept { return !is_wrong() && !value.is_blank(); }
  };
  Found find(PathIndex path, Need need = Need::scalar) {
    Found found = find_one(path, need);
    if (observer_ != nullptr) saw_read(path, found);
    return found;
  }
  Found find_one(PathIndex path, Need need);
  Found find_beside(const PlanPath& path, Need need);
  bool find_all(PathIndex path, Need need, std::vector<Found>& out) {
    const std::size_t before = out.size();
    const bool is_list = collect_all(path, need, out);
    if (observer_ != nullptr)
      for (const Found& found : std::span(out).subspan(before)) saw_read(path, found);
    return is_list;
  }
  bool collect_all(PathIndex path, Need need, std::vector<Found>& out);
  bool settle(const Node& node, Need need, std::string_view way, Found& found);
  Node start_of(const PlanPath& path, Found& found);
  bool follow(std::string_view path, std::span<const PlanPath::Step> steps, const Node& from,
              Found& found);
  bool find_direct(const Way& way, Value& value);
  void enter_item(int level);
  bool collect(const PlanPath& path, const Node& from, std::size_t step, Need need,
               std::vector<Found>& out);
  Value source_value(const Node& node);

  // places.cpp
  /// A JSON Pointer to be: that of the value which begins at `above`, and what comes below it.
  struct Pointer {
    std::uint32_t above = kNoByte;
    std::string_view below{};
  };
  Pointer pointer_of(PathIndex path, const Node& node);
  std::string_view pointer_of(std::uint32_t byte);
  std::string_view made(const Pointer& pointer);
  [[gnu::noinline]] void find_places();
  void find_bytes(std::span<RecordError> errors) const noexcept;

  // picks.cpp
  bool find_item(const PlanItemPath& path, const Node& item, const Node& key, Need need,
                 Found& found);
  /// By condition, the text that `is: {from}` wants; empty where nothing fits.
  using Wanted = std::vector<std::string_view>;
  bool find_wanted(std::span<const PlanCondition> conditions, Wanted& wanted, Found& wrong);
  bool fits(std::span<const PlanCondition> conditions, const Wanted& wanted, const Node& item,
            const Node& key, std::size_t& preference, Found& wrong);
  /// The items of a list by what `is: {from}` looks for, made where a record looks into it again.
  struct Ordered {
    struct Item {
      std::uint64_t hash = 0;    // of what it has for the conditions, under the process's key
      std::uint32_t number = 0;  // in the list
      Node item;
      Node key;
    };
    std::uint32_t list = kNoByte;  // where the list begins
    bool made = false;
    std::vector<Item> items;    // that have all that is asked for, by hash
    std::optional<Item> wrong;  // the first of a wrong shape: those behind it are not in `items`
  };
  [[gnu::noinline]] bool is_ordered(std::size_t pick, const Node& list);
  bool hash_of_wanted(std::span<const PlanCondition> conditions, const Node& item, const Node& key,
                      std::uint64_t& hash, Found& wrong);
  [[gnu::noinline]] void find_picked(const PlanPath& path, Need need, std::vector<Found>& out);
  bool rank_of(const PlanPick& pick, const Node& item, const Node& key, Value& rank, Found& wrong);

  // columns.cpp
  void make_column(ColumnIndex index);
  void make_whole(ColumnIndex index);
  bool make_plain(const Way& way, ColumnIndex index);
  Origin origin_of(const Way& way, ColumnIndex index) const;
  [[gnu::cold]] bool tell_of(const Way& way, ColumnIndex index, Reason reason, std::uint32_t place);
  [[gnu::cold]] void required_is_blank(ColumnIndex index);
  void add_way(const PlanColumn& column, bool for_only);
  void produce(const PlanColumn& column, ColumnIndex index);
  bool refine(const PlanColumn& column, ColumnIndex index, Value& value, const Origin& origin,
              const Value& found);
  bool source_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin,
                 bool& finished);
  static Need need_of(const PlanColumn& column) noexcept;
  bool find_parts(const PlanColumn& column, Need need, Origin& origin);
  bool parts_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool add_part(const PlanColumn& column, ColumnIndex index, Value part, const Origin& origin,
                bool& any);
  bool finish_number(const PlanColumn& column, ColumnIndex index, Value& value,
                     const Origin& origin, const Value* found);
  bool finish_wide(const PlanColumn& column, ColumnIndex index, Value& value, const Origin& origin);
  Found first_of(const PlanColumn& column, Origin& origin);
  bool choose(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool composite(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool rate_used(const PlanColumn& column, ColumnIndex index, const Money& money, Value& value);
  bool take_default(const PlanColumn& column, ColumnIndex index, Kind blank);
  void value_of_column(const PlanColumn& column, ColumnIndex index, const Value& blank,
                       const Origin& origin);
  bool take_day(ColumnIndex column);
  bool value_of_field(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool is_null_word(const PlanColumn& column, std::string_view text) const;
  void use_null_words(const WordList* words, Value& value) const;
  void use_null_words(const PlanColumn& column, Value& value) const {
    use_null_words(column.null_words.get(), value);
  }
  [[gnu::cold]] bool report_wrong(ColumnIndex index, const Found& found, PathIndex path);
  bool report_first_wrong(ColumnIndex index, std::span<const Found> all, PathIndex path);
  bool run(const std::vector<PlanStep>& steps, ColumnIndex index, Value& value,
           const Origin& origin, const Value* found) {
    return steps.empty() || run_steps(steps, index, value, origin, found);
  }
  bool run_steps(const std::vector<PlanStep>& steps, ColumnIndex index, Value& value,
                 const Origin& origin, const Value* found);
  [[gnu::cold]] bool tell(Reason reason, std::uint32_t place, ColumnIndex index,
                          const Origin& origin, const Value& source);
  [[gnu::noinline]] void resolve_zones(std::span<const int> zones);
  void note_zones(const PlanColumn& column, ColumnIndex index);
  void read_helper(const PlanHelper& helper, HelperField& out);
  void read_helper(const PlanHelper& helper, const Found& field, HelperField& out);
  bool currency_in(const PlanColumn& column, ColumnIndex index, HelperField& field,
                   std::string_view& currency);
  bool currency_of_item(const PlanColumn& column, ColumnIndex index, const Found& field,
                        KeptValue& item, bool& defaulted);
  [[gnu::cold]] bool refuse_helper(ColumnIndex index, const HelperField& field);
  void note(ColumnIndex index, NoticeCode code) { notices_.push_back({index, code}); }
  [[gnu::cold]] bool wrong(ColumnIndex index, Reason reason, std::uint32_t place,
                           const Origin& origin, const Value& found);
  Value kept(const Value& told);
  [[gnu::cold]] void note_unknown(ColumnIndex index, std::uint32_t place, const Origin& origin);
  [[gnu::cold]] void complain(std::vector<RecordError>& list, ColumnIndex index, Reason reason,
                              std::uint32_t place, const Origin& origin, const Value& found);
  [[gnu::cold]] bool tell_odd(ColumnIndex index, const PlanColumn& column, const Found& odd);
  bool wanted_object(const PlanColumn& column, ColumnIndex index, const Level& level);
  bool list_of_objects(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);

  // totals.cpp
  /// What a total went through.
  struct Counted {
    std::int64_t values = 0;
    bool passed_over = false;  // an item that is blank
    bool defaulted = false;    // the currency of an item is a default
  };
  bool add_item(const PlanColumn& column, ColumnIndex index, Value item, const Origin& origin,
                const Found* currency, Counted& counted);
  bool total_of(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool total_of_kept(const PlanColumn& column, ColumnIndex index, Value& value, Origin& origin);
  bool add_to_total(const PlanColumn& column, ColumnIndex index, const KeptValue& one,
                    const Origin& at, Value& value, Origin& origin);
  bool end_total(const PlanColumn& column, ColumnIndex index, std::int64_t count, Value& value,
                 const Origin& origin);
  void start_total() noexcept;

  // money.cpp
  bool convert(const PlanColumn& column, ColumnIndex index, Value& value, const Origin& origin,
               const Value& found, std::string_view given);
  bool split_currency(const PlanColumn& column, ColumnIndex index, Value& value,
                      std::string_view& currency, const Origin& origin);
  bool currency_of(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                   const Value& found, std::string_view given, std::string_view& currency);
  bool check_currency(const PlanColumn& column, ColumnIndex index, std::string_view currency,
                      std::uint32_t place, const Origin& origin, const Value& found);
  bool target_of(const PlanColumn& column, ColumnIndex index, std::string_view& target);
  bool minor_units(const PlanColumn& column, ColumnIndex index, std::string_view currency,
                   int& decimals);
  bool rate_day(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                const Value& found, Date& day);
  bool find_rate(const PlanColumn& column, ColumnIndex index, const Origin& origin,
                 const Value& found, std::string_view currency, std::string_view target,
                 RateAnswer& answer);
  Reason product(const Decimal& amount, int minor_units, const Decimal& times,
                 const RateAnswer& rate, int decimals, Rounding mode, Decimal& factor,
                 Decimal& out);

  // record_key.cpp
  Value key_value(PathIndex path, const WordList* null_words, Found& found);
  [[gnu::noinline]] void read_key();
  [[gnu::noinline]] Value read_rank(const PlanRank& plan, const WordList* null_words,
                                    std::optional<RecordError>& error);
  bool read_identity_key();

  // rows.cpp
  void rows_below(std::size_t level);
  bool open_lists(std::size_t level);
  bool go_together(std::size_t level);
  bool has_same_keys(const Items& first, Items& items, Found& differ);
  static const Node* entry_of(const Items& items, std::string_view key);
  [[nodiscard]] bool is_blank_place(std::size_t level) const;
  Found open_list(const PlanLevel& level, Items& items);
  Found open_days(Items& items);
  bool read_day(const PlanLevel::List& list, PathIndex path, Found& found, std::int32_t& day);
  void next_items(std::size_t level);
  bool wanted_item(std::size_t level);
  [[gnu::cold]] void row_error(std::size_t level, const Found& found, const Pointer& pointer);
  void without_items(std::size_t level, Kind kind);
  [[nodiscard]] bool above_is_bad(std::size_t level) const noexcept;
  [[gnu::cold]] void too_many_rows();
  [[nodiscard]] bool holds_too_much() noexcept;
  /// Items of levels that multiply which may make no row, for each row that a record may make.
  static constexpr std::int64_t kUnwantedPerRow = 1000;
  [[nodiscard]] bool is_over() const noexcept {
    return too_big_ || arena_.over() || rows_made_ > plan_.rows_at_most ||
           unwanted_ / kUnwantedPerRow >= plan_.rows_at_most;
  }

  // absence.cpp
  [[gnu::noinline]] void look_for_fields(int level);
  Watched look_below(const Node& node, std::span<const PlanPath::Step> steps);
  Watched look_in_items(const Node& items, std::span<const PlanPath::Step> steps, bool listed);
  Watched look_above(const PlanPath& path);
  Watched look_for(PathIndex path, const PlanItemPath* item);
  Watched look_for(const PlanWatch& watch);
  [[gnu::noinline]] void note_blank_row();
  [[nodiscard]] bool holds_nothing(ColumnIndex index) const noexcept {
    const Cell& cell = cells_[index];
    if (cell.value.is_blank() || cell.defaulted) return true;
    return cell.value.kind() == Kind::json && !cell.wrong &&
           is_empty_json(cell.value.text(), plan_.columns[index].has_parts());
  }
  static bool is_empty_json(std::string_view text, bool parts) noexcept;

  // observed.cpp
  [[gnu::cold]] void make_observed(ColumnIndex index);
  [[gnu::cold]] void saw_read(PathIndex path, const Found& found);
  [[gnu::cold]] void saw_step(const PlanStep& step, Reason reason, const Value& value,
                              const Node& of);
  [[gnu::cold]] void saw_judged(const PlanExpression& expression, bool tried,
                                const ExpressionOutcome& outcome);
  [[gnu::cold]] void saw_one(const Value& value);
  [[gnu::cold]] void saw_null_word() const;
  [[gnu::cold]] void saw_amount(ColumnIndex index, const Value& value);
  [[gnu::cold]] void saw_left_out(std::size_t rows);
  [[nodiscard]] std::uint32_t row_in_the_making() const noexcept {
    return static_cast<std::uint32_t>(rows_.size() / plan_.columns.size() + 1);
  }
  [[nodiscard]] std::uint32_t sent_byte(const Node& node) const noexcept;

  // mapper.cpp
  std::string_view id();
  [[gnu::cold]] RecordError key_error(PathIndex path, const Found& found);
  void reset();
  [[gnu::noinline]] void reset_levels();
  void read_identity();
  [[gnu::noinline]] void make_rows();
  [[gnu::noinline]] void finish_rows();
  void make_row(int changed);
  void judge_rules(int changed);
  ExpressionOutcome judge(const PlanExpression& expression, bool& tried);
  [[nodiscard]] Node item_of(const PlanPath& path) const;
  [[gnu::cold]] Node as_list(const Node& node);
  bool wanted();
  [[gnu::cold]] void forget_columns();
  [[gnu::noinline]] void spread_extra_rows();
  template <typename Group>
  void for_each_item(int level, const Group& group) const;
  [[nodiscard]] bool same_item(std::size_t a, std::size_t b, int level) const noexcept;
  [[gnu::noinline]] void check_agreement();
  [[gnu::cold]] void disagree(ColumnIndex index, Reason reason, std::uint32_t place, const Value& a,
                              const Value& b);
  [[gnu::cold]] void locate(RecordError& error, int item_level, int rows_level);
  [[gnu::cold]] std::string item_text(int level);
  [[gnu::noinline]] void note_unused();
  RecordError unused_error(const KeyTrie::Key& key, Reason reason);
  [[gnu::noinline]] void copy_rest();
  [[gnu::cold]] void read_failed(Reason reason);
  [[gnu::noinline]] bool is_error_answer();
  [[gnu::cold]] std::string pointer_to_key(const RecordError& error);
  [[gnu::cold]] void error_at_level(int level);
  static void tell_once(std::vector<RecordError>& list);
  void note_blank(ColumnIndex index);
  [[gnu::cold]] void keep_values(const PlanRule& rule, RecordError& error);
  void share(std::size_t first, std::size_t end, std::size_t column, const Value& whole);

  const Plan& plan_;
  MapObserver* observer_ = nullptr;
  RecordReader reader_;
  Arena arena_;
  std::string identity_key_;
  StepContext context_;
  std::span<const std::shared_ptr<const RateTable>> dump_rates_;
  std::vector<Date> todays_;
  std::map<std::string, std::optional<Zone>, std::less<>> named_zones_;
  std::vector<HelperField> zone_fields_;      // by zone of the plan
  std::vector<std::vector<KeptValue>> kept_;  // by the plan's kept values
  std::vector<KeptValue> added_;              // of the total in the making
  const Exact* wide_ = nullptr;  // of the column in the making, a number that no Decimal holds yet
  Exact sum_;
  std::string_view total_currency_;  // of the amounts that the column in the making is a total of

  std::string_view frame_;
  std::string_view entry_key_;
  std::uint32_t tally_ = 0;  // 0: every field is told by every record
  std::vector<const KeyTrie::Key*> told_fields_;
  std::vector<Level> levels_;  // [0] is unused: the record itself
  std::vector<Cell> cells_;
  std::vector<Way> ways_;  // by column
  std::vector<Step> way_steps_;
  std::vector<Money> money_;
  std::vector<Value> rows_;
  std::vector<std::uint32_t> row_items_;    // of each row, the serial of its item at each level
  std::vector<std::uint32_t> item_serial_;  // by level
  int changed_ = 0;  // the shallowest level whose item is new since the last row was made
  std::vector<std::vector<std::string>> field_names_;  // by level: what plain columns read
  std::vector<RecordError> errors_;
  std::vector<RecordError> warnings_;
  std::vector<MappedRecord::Blank> blanks_;
  std::vector<std::uint32_t> defaults_;
  std::vector<MappedRecord::Notice> notices_;
  std::vector<RecordError> unknown_;  // values that are counted alone
  struct Currencies {
    std::string_view from, to;
  };
  std::vector<Currencies> row_currencies_;  // of each row, those of plan_.agreeing
  std::vector<bool> bad_level_;             // an error at that rows level in the current row
  MappedRecord result_;
  RecordKey key_;
  ExpressionScratch scratch_;
  std::vector<Value> operands_;
  std::vector<OperandFault> faults_;  // as many, or none
  std::vector<Found> found_;          // the parts of one column
  KeptValue fraction_;             // of a total, the first amount with something behind the point
  std::vector<Found> currencies_;  // of the items of a total, by the same path
  std::string glued_;
  std::map<ColumnIndex, std::unique_ptr<JsonObjectWriter>> object_writers_;  // of `each` columns
  RestWriter rest_writer_;
  std::string rest_;
  std::vector<Found> picked_;     // the one item of a pick
  Wanted wanted_;                 // of that pick
  std::vector<Ordered> ordered_;  // by pick
  std::int64_t rows_made_ = 0;    // of this record, those that were dropped again too
  std::int64_t unwanted_ = 0;     // of this record, items of multiplying levels that made no row
  std::vector<Watched> watched_;  // by Plan::watches
  std::vector<std::vector<std::uint32_t>> unseen_;  // by level, those that are not there yet
  std::vector<RecordError> blank_rows_;  // ROW_BLANK, where the record has no other error
  std::size_t rows_bytes_;
  std::size_t few_bytes_ = SIZE_MAX;  // ask_at()
  std::size_t dropped_ = 0;           // of this record, errors of items that were left out
  bool too_big_ = false;              // the record makes more than rows_bytes_
  bool stop_ = false;
};

}  // namespace trama
