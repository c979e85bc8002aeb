// Plan: a checked mapping, compiled: flat, immutable, shared by all threads. The only bridge
// between mapping/ and exec/.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "base/table_home.h"
#include "base/word_list.h"
#include "json/personal_places.h"
#include "json/record_reader.h"
#include "step/expression.h"
#include "step/rate_table.h"
#include "step/row_schema.h"
#include "step/step.h"
#include "value/format.h"

namespace trama {

struct DateArgs;    // step/args.h
struct FormatSpec;  // sink/format.h

using ColumnIndex = std::uint16_t;
/// Of a table's keys, how many a message names.
constexpr std::size_t kShownTableKeys = 10;

/// How a path is followed. Levels: 0 is the record, k the item of the k-th `rows` level, and
/// kItemLevel the item of `each`.
struct PlanPath {
  struct Step {
    enum class Kind : std::uint8_t { key, index, key_or_index, items, entries };
    Kind kind = Kind::key;
    std::string key;
    std::int64_t index = 0;
    bool entry_key = false;  // `$key`, not in quotes: the key of an object's entry
    bool as_list = false;    // what it leads to is a list, in whatever shape it comes
  };
  /// What is at the end of the path: a value; of an object's entry its key; of an item its number,
  /// from 1; or an item that is no JSON (a part of a text, a day).
  enum class Take : std::uint8_t { value, entry_key, item_number, item_text };

  std::string text{};  // as written in the mapping
  int level = 0;
  std::size_t side = 0;  // of lists side by side, which one's item
  int slot = -1;  // level 0: the wanted field at the longest prefix of keys; -1: start at the
                  // level's own value
  std::vector<int>
      above{};  // slots of the shorter prefixes, from the top, to tell why nothing is there
  bool as_list = false;      // the same of where `rest` begins
  bool listed = false;       // of any place on its way
  std::vector<Step> rest{};  // what follows the slot
  Take take = Take::value;
  std::string pointer{};  // JSON Pointer of a path without wildcards, relative to its level
  bool many = false;
  bool direct = false;  // a field of the record or of a level's item, and nothing behind it: the
                        // usual case has a way of its own
  int pick = -1;        // index of the plan's picks: the path is that of the list to choose from
};
using PathIndex = std::uint32_t;
constexpr PathIndex kNoPath = UINT32_MAX;

/// Where something is in an item: in itself, in its entry's key, or below it.
struct PlanItemPath {
  enum class Of : std::uint8_t { value, entry_value, entry_key };
  Of of = Of::value;
  std::vector<PlanPath::Step> steps{};
  std::string text{};  // as written
};

/// What an item must have.
struct PlanCondition {
  PlanItemPath where{};
  WordList is{};
  PathIndex is_from = kNoPath;  // or the field with the value wanted
};

/// `{list, where, is, take}`: which items of a list, or entries of an object.
struct PlanPick {
  std::vector<PlanCondition> conditions;  // all must fit
  bool preferred = false;  // the values of the one condition are in order of preference
  bool all = false;        // every item that fits is taken, not one
  enum class Rank : std::uint8_t { none, highest, lowest } rank = Rank::none;
  PlanItemPath by;  // what is ranked
  PlanItemPath take;
  std::optional<PlanItemPath> beside;  // given in place of `take`, of the item that is taken
  std::shared_ptr<const WordList> null_words{};  // of what is taken; null: none

  [[nodiscard]] const PlanItemPath& gives() const noexcept { return beside ? *beside : take; }
};

struct PlanStep {
  const StepSpec* spec = nullptr;
  StepFn fn = nullptr;
  std::shared_ptr<const StepArgs> args;
  std::uint32_t place = kNoPlace;
};

/// What happens instead of an error.
struct PlanAction {
  enum class Kind : std::uint8_t { reject, write_blank, write_original, stop, write };
  Kind kind = Kind::reject;
  Value write;
};

struct PlanChoice {
  int condition = -1;  // index of the plan's expressions, -1: otherwise
  enum class Give : std::uint8_t { constant, column, path } give = Give::constant;
  Value constant;
  ColumnIndex column = kNoColumn;
  PathIndex path = kNoPath;
};

/// The most that `minor_units` can say.
constexpr int kMaxMinorUnits = 18;

/// A field of the record or of an item that serves a column beside its own value: what names the
/// currency of an amount, its decimals, a zone.
struct PlanHelper {
  PathIndex path = kNoPath;
  std::vector<PlanStep> steps;                                  // `text` and `lookup`
  std::string when_blank;                                       // empty: not stated
  NoticeCode when_blank_notice = NoticeCode::currency_default;  // that it was taken
  std::uint32_t place = kNoPlace;

  [[nodiscard]] bool stated() const noexcept { return path != kNoPath; }
};

/// How the money of a column finds its currency and its rate.
struct PlanMoney {
  std::string currency;       // a constant, or
  PlanHelper currency_field;  // a field,
  bool in_amount = false;     // or before or behind the digits: a code, or one of
  std::vector<std::pair<std::string, std::string>>
      symbols;             // signs and their codes; the longest first
  bool of_items = false;   // or of a total: that of the amounts that it is made of
  bool of_choice = false;  // or that of the column that is chosen
  std::uint32_t currency_place = kNoPlace;
  bool reject_withdrawn = false;
  bool minor_units = false;  // by the currency, or
  PlanHelper minor_units_field;
  Decimal times{1, 0};
  bool by_currency = false;  // decimals of ISO 4217
  int decimals = -1;         // -1: as they come
  Rounding rounding = Rounding::exact;
  std::uint32_t round_place = kNoPlace;
  std::string convert_to;                  // a constant, or
  PlanHelper convert_field;                // a field
  std::shared_ptr<const RateTable> rates;  // or
  std::size_t dump_rates = SIZE_MAX;       // of Plan::dump_rates, which
  std::string rates_name;
  bool any_day = false;  // the rates hold on any day, so there is no `rate_date`
  ColumnIndex rate_date = kNoColumn;
  std::uint32_t convert_place = kNoPlace;

  [[nodiscard]] bool converts() const noexcept {
    return !convert_to.empty() || convert_field.stated();
  }
};

enum class ExtraRows : std::uint8_t { repeat, leave_blank, share };

struct PlanColumn {
  std::string name;
  bool internal = false;
  bool personal = false;  // it says so, or it is made of what is personal
  /// The deepest rows level that it reads, with all that serves it: at each new item of it the
  /// column is made again.
  int level = 0;
  /// The rows level of what its value itself is made of: the value counts once for each item of it.
  /// Helper fields (currency, zone, rate_date, …) may be of a deeper one.
  int own_level = 0;
  int item_level = 0;  // of the item that its errors are about: one of `rows`, or of its `each`

  enum class From : std::uint8_t {
    path,
    paths,
    first_of,
    constant,
    compute,
    choose,
    rate_of,
    rate_day_of,
    currency_of,
    composite,
    each,
    total_of,  // `total` and `column`: of the values that a column of an `each` has
  };
  From from = From::path;
  std::vector<PathIndex> paths;  // one, several, first_of's, the keys of a composite lookup
  Value constant;
  int expression = -1;
  ColumnIndex of = kNoColumn;  // rate_of, rate_day_of, currency_of, total_of
  std::uint32_t kept = 0;      // total_of: which of the plan's kept values
  std::vector<PlanChoice> choices;
  enum class Total : std::uint8_t { none, sum, count, min, max, first, last, only, same };
  Total total = Total::none;
  /// Whether the total is of typed values: they are made before it, not after.
  [[nodiscard]] bool has_typed_total() const noexcept {
    return total == Total::sum || total == Total::min || total == Total::max ||
           total == Total::same;
  }
  /// Whether its source gives several values, of which `join`, `total` or a JSON list makes one.
  [[nodiscard]] bool has_parts() const noexcept { return from == From::paths || !split_by.empty(); }
  std::uint32_t total_place = kNoPlace;
  std::uint32_t from_place = kNoPlace;

  std::shared_ptr<const WordList> null_words;  // of the input and the column; null: none
  std::optional<Value> when_missing, when_null, when_empty;
  ColumnIndex blank_column = kNoColumn;  // `when_blank: {column: …}`
  PathIndex blank_path = kNoPath;        // `when_blank: {from: …}`
  std::string split_by;         // `split` without `take`: what is between its parts; "": none
  std::vector<PlanStep> parts;  // split, replace, text: on each part
  bool joined = false;
  std::string join;
  std::vector<PlanStep> steps;   // lookup and type, of each part where there is a total of them
  std::vector<PlanStep> finish;  // times and rounding, of the one value
  std::vector<PlanStep> checks;  // on the finished value
  std::optional<PlanMoney> money;
  PlanAction when_wrong;
  bool required = false;
  bool optional = false;  // its fields may be absent from a whole dump
  std::uint32_t required_place = kNoPlace;
  bool plain =
      false;  // one field and no words that need more of the record: exec has a short way for it
  bool takes_json = false;            // `type: json`: the source text as it stands
  std::vector<int> dynamic_zones;     // indexes of the plan's zones that fields name
  ColumnIndex lookup_on = kNoColumn;  // the day for which its table is asked
  ExtraRows extra_rows = ExtraRows::repeat;

  ColumnFormat format;
  std::string blank_as;            // CSV
  bool blank_left_out = false;     // JSON
  std::uint32_t place = kNoPlace;  // of the column's name
  std::string message;             // what reports say beside its errors and warnings

  // `each`: a list of objects, whose columns stand among the plan's columns too,
  // made once for each item
  std::vector<ColumnIndex> children;     // in output order
  std::vector<ColumnIndex> child_order;  // in which they are made: those that others need first
  std::vector<std::uint32_t> keeps;      // a child: the kept values that get its own
  std::vector<OutputColumn> object;      // how one of its objects is written
  PathIndex each_list = kNoPath;
  bool each_entries = false;                // its entries, of an object
  std::vector<PlanCondition> each_where{};  // what they must have
  int each_level = 0;                       // the level that its items are
  bool in_each = false;                     // a child: no column of a row
};

struct PlanZone {
  Zone zone;         // of a constant
  PlanHelper field;  // or the field that names it
};

struct PlanLevel {
  /// What its rows are made of: the items of a list, the entries of an object,
  /// the parts of a text, days.
  struct List {
    enum class Kind : std::uint8_t { items, entries, parts, days } kind = Kind::items;
    PathIndex path = kNoPath;   // the list, the text, the first day
    std::string by;             // of parts: what is between them
    PathIndex until = kNoPath;  // of days: the one behind the last
    PlanStep read;              // of days
    std::int64_t at_most = 0;   // of days
  };
  std::vector<List> lists;  // several: side by side
  enum class WithoutItems : std::uint8_t { reject, one_row, skip };
  WithoutItems when_missing = WithoutItems::reject;
  WithoutItems when_empty = WithoutItems::one_row;
  bool skip_bad_items = false;
  bool one_or_many = false;
  bool multiplies = false;  // its lists are not inside the item of the level above
  std::vector<PlanCondition> where;
  std::uint32_t place = kNoPlace;
};

struct PlanExpression {
  ExpressionProgram program;
  std::vector<PathIndex> paths;    // of its source operands, by their index
  std::size_t first_today = 0;     // its `today` operands count from here in the plan's today_zones
  std::vector<std::string> names;  // of its operands, for messages
  int level = 0;                   // the deepest rows level that it reads
  int own_level = 0;               // the same without what only serves its columns
};

enum class RuleLevel : std::uint8_t { reject, warn, stop };

struct PlanRule {
  std::string name;
  std::string message;
  RuleLevel level = RuleLevel::reject;
  int expression = -1;
  int rows_level = 0;
  std::vector<ColumnIndex> columns;  // that it reads, for messages
  bool personal = false;             // it reads what is personal
  std::uint32_t place = kNoPlace;
};

/// A lookup table that travels in each input, beside its records:
/// what the run reads before it maps.
struct PlanDumpTable {
  std::string name;
  std::string path;           // as written
  KeyPath keys;               // the same as keys from the top of the document
  std::vector<KeyPath> key;   // in an entry; several are a composite key; none: the entries of an
                              // object by their own keys
  KeyPath value;              // in an entry; none: the entry itself
  bool ignore_case = false;   // its keys are folded
  bool first_counts = false;  // of a key that comes again
};

/// Exchange rates that travel in each input, beside its records.
struct PlanDumpRates {
  /// Where a currency, a day or the rate itself is.
  struct Side {
    enum class From : std::uint8_t {
      none,       // of a day: the rates hold on any
      entry,      // in an entry, at `path`; the entry itself where that is empty
      entry_key,  // `$key` of an object's entry
      constant,   // the same for all, `text`
      beside,     // the same for all: what stands at the `beside`-th of Plan::beside
    };
    From from = From::none;
    KeyPath path{};
    std::string text{};  // as written
    std::size_t beside = 0;
  };
  std::string name;
  std::string path;  // as written
  KeyPath keys;      // the same as keys from the top of the document
  Side from, to, day, rate;
  struct Only {
    KeyPath path;
    std::string text;
  };
  std::vector<Only> only;  // entries in which another text stands there are passed over
  char decimal_mark = '.';
  char thousands_mark = '\0';
  std::shared_ptr<const DateArgs> read;  // how days are; null: YYYY-MM-DD
  RateTable allows;                      // without rates: what it allows
};

/// The field that says which of two records is the higher, or the newer, and how it is read.
struct PlanRank {
  PathIndex by = kNoPath;                     // none: nothing does
  bool by_number = false;                     // it may be a number
  std::shared_ptr<const DateArgs> by_date{};  // how it is read as a date or a date-time
  std::string by_words{};            // what the mapping says about that, as text for people
  std::vector<int> dynamic_zones{};  // indexes of the plan's zones that fields name
  std::uint32_t place = kNoPlace;
};

/// What makes a record the same thing in every dump, and what is told of it beside
/// the runs before (run/operations.h).
struct PlanIdentity {
  std::vector<PathIndex> key;
  std::uint32_t place = kNoPlace;  // of the word `key`
  bool with_number = false;        // a record may make several rows: they are told by their number
  PlanRank newer;                  // `newer_by`
  bool full_dump = false;
  bool leave_out_unchanged = false;
  bool tells_operation = false;  // an audit column does
  std::string needs_state{};     // words that do nothing without one, as a message names them
  /// Columns that hold the key as it is, one for each of its fields; empty where one of them is in none.
  std::vector<ColumnIndex> key_columns{};
  std::string key_text{};  // as the mapping writes it
};

/// A field that a column reads, or what `rows` goes through: where no record of a run has it, that
/// is told (FIELD_NEVER_FOUND).
struct PlanWatch {
  std::vector<PathIndex> paths;  // any of them will do (`first_of`)
  std::optional<PlanItemPath>
      item;                        // it is looked for in the items of the list that the path names
  ColumnIndex column = kNoColumn;  // none: of `rows`
  int level = 0;                   // the deepest level of the paths: 0 is the record
};

struct PlanDuplicates {
  std::vector<PathIndex> same;
  enum class Keep : std::uint8_t { first, last, highest, lowest, none } keep = Keep::first;
  PlanRank rank;                                 // X of highest and lowest
  std::shared_ptr<const WordList> null_words{};  // of the input, trimmed; null: none
  bool reject_others = false;
  std::uint32_t place = kNoPlace;
};

/// `output: rest`: which parts of a record are read, so that the others are copied.
/// Steps of paths are branches.
struct PlanRest {
  struct Node {
    std::map<std::string, std::uint32_t, std::less<>> keys;
    std::map<std::int64_t, std::uint32_t> indexes;
    std::map<std::string, std::uint32_t, std::less<>>
        pointers;           // digits of a JSON Pointer: a key, or an index
    std::uint32_t any = 0;  // of every item or member; 0: none
    bool read = false;      // with all that is below
  };
  bool on = false;
  std::vector<Node> nodes;                   // [0] is the record
  std::set<std::string, std::less<>> taken;  // keys of a row that columns and audit columns have
};

enum class UnusedFields : std::uint8_t { ignore, warn, reject };
enum class NeverFound : std::uint8_t { warn, stop, ignore };

/// A limit on rejected records or warnings: a count, or a share of the records read.
struct PlanLimit {
  bool stated = false;
  bool percent = false;
  Decimal figure;
  std::string text;  // as written

  /// Whether `count` of `of` is over it.
  [[nodiscard]] bool crossed(std::uint64_t count, std::uint64_t of) const noexcept;
};

/// A limit on the rows in which a column is blank.
struct PlanBlankLimit {
  ColumnIndex column = kNoColumn;
  PlanLimit at_most;
};

/// `output: schema`, and the row that is held against it: the object that JSON output would write,
/// for CSV too.
struct PlanRowSchema {
  RowSchema rules;
  std::uint32_t place = kNoPlace;  // of the word `schema`
  struct Member {
    enum class Kind : std::uint8_t { column, object, audit } kind = Kind::column;
    std::string name;
    std::size_t index =
        0;  // of the output's columns, of `objects`, or of the output's audit columns
  };
  /// The members of an object, sorted by name; the first object is the row.
  std::vector<std::vector<Member>> objects;
};

struct Plan {
  std::string name;

  Plan() = default;
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  WantedFields wanted;
  std::size_t pattern_bytes = 0;  // of memory that its patterns may take as they are used
  std::vector<PlanPath> paths;
  PathIndex id = kNoPath;
  bool id_personal = false;
  PathIndex error_body = kNoPath;   // what only an error answer has, from the top of a record
  std::vector<PlanColumn> columns;  // in output order, internal ones where they stand
  std::vector<ColumnIndex> order;   // in which they are made: those that others need first
  std::vector<PlanZone> zones;
  std::shared_ptr<const WordList> null_words;  // of the input, for helper fields; null: none
  /// The values of a column of an `each` that a total goes through: by this list of the outermost
  /// `each` that is gone through anew.
  std::vector<ColumnIndex> kept_by_each;
  /// The `each` column of each level behind those of `rows`.
  std::vector<ColumnIndex> each_of_level;
  /// Columns whose rows must agree on their value: it counts once for an item of a level above the
  /// one that is read for it.
  std::vector<ColumnIndex> agreeing;
  std::vector<PlanExpression> expressions;
  std::vector<Zone> today_zones;
  std::vector<PlanPick> picks;
  std::vector<PlanLevel> levels;
  std::int64_t rows_at_most = 10000;  // of one record
  std::uint32_t rows_at_most_place = kNoPlace;
  int level_count = 0;                    // those of `rows` and, behind them, those of `each`
  int only = -1;                          // expression
  std::vector<ColumnIndex> only_columns;  // that it needs, those that others need first
  bool only_rejects = false;
  std::string only_text;
  std::uint32_t only_place = kNoPlace;
  std::optional<PlanDuplicates> duplicates;
  std::vector<PlanRule> rules;
  std::vector<PlanDumpTable> dump_tables;  // by LookupArgs::dump_table
  std::vector<PlanDumpRates> dump_rates;   // by PlanMoney::dump_rates
  std::vector<KeyPath> beside;             // what they need that stands once for all rates
  std::optional<PlanIdentity> identity;
  UnusedFields unused_fields = UnusedFields::ignore;
  std::uint32_t unused_place = kNoPlace;

  PlanLimit rejected_at_most;
  PlanLimit warn_above;  // of rejected records
  PlanLimit warnings_at_most;
  PlanLimit deleted_at_most;
  std::vector<PlanBlankLimit> blank_at_most;
  NeverFound never_found = NeverFound::warn;
  std::vector<PlanWatch> watches;
  std::uint64_t stop_early_after = 0;  // 0: limits are judged at the end only
  bool publish_always = false;
  std::uint64_t expect_at_least = 1;
  std::optional<std::uint64_t> expect_count;  // records of the run

  const FormatSpec* format = nullptr;  // of the rows; compile() always sets it
  OutputFormat output;
  /// Columns that read the record, where a row in which all of them are blank
  /// is refused; else none.
  std::vector<ColumnIndex> source_columns;
  std::optional<PlanRowSchema> row_schema;
  PlanRest rest_of_record;
  PersonalPlaces personal;
  /// By column, the places of the record that it reads, whatever word of it names them.
  std::vector<std::vector<RecordPlace>> reads;
  /// The same of sections (`id`, `only`, `duplicates`) and of rules, by their names.
  std::vector<std::pair<std::string, std::vector<RecordPlace>>> section_reads;
  /// Words of the mapping, by RecordError::place, that read what is personal and belong to no
  /// column or rule (`only`, `duplicates`): what their errors quote is hidden.
  std::vector<std::uint32_t> personal_words;
  bool error_body_personal = false;  // so are error answers
  std::map<std::string, std::string, std::less<>>
      known_keys;             // by table, its first keys, for messages
  std::vector<Phrase> notes;  // what a run says about itself (two passes over the input)
  std::deque<std::string>
      texts;                 // what constants point into; a deque, so that they stay where they are
  std::vector<Span> places;  // what RecordError::place points at
  /// Of each lookup, by its place, where its table is written; `last`: the place of its last entry.
  struct LookupHome {
    TableHome home;
    std::uint32_t last = kNoPlace;
  };
  std::map<std::uint32_t, LookupHome> lookup_tables;

  /// The name of a table that comes with the records, or "".
  [[nodiscard]] std::string_view travelling_table() const noexcept {
    if (!dump_tables.empty()) return dump_tables.front().name;
    return dump_rates.empty() ? std::string_view() : dump_rates.front().name;
  }

  /// One line a step, made to be read in a diff.
  [[nodiscard]] std::string dump(std::string_view only_column = {}) const;
  /// The same as a JSON list, an object for each column.
  [[nodiscard]] std::string dump_json(std::string_view only_column = {}) const;
};

}  // namespace trama
