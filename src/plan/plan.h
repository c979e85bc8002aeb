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
#include "json/record_reader.h"
#include "step/args.h"
#include "step/expression.h"
#include "step/rate_table.h"
#include "step/row_schema.h"
#include "step/step.h"
#include "value/format.h"

namespace trama {

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
  };
  /// What stands at the end of the path: a value, or of an object's entry its key.
  enum class Take : std::uint8_t { value, entry_key };

  std::string text{};  // as written in the mapping
  int level = 0;
  std::size_t side = 0;  // of lists side by side, which one's item
  int slot = -1;  // level 0: the wanted field at the longest prefix of keys; -1: start at the
                  // level's own value
  std::vector<int>
      above{};  // slots of the shorter prefixes, from the top, to tell why nothing is there
  std::vector<Step> rest{};  // what follows the slot
  Take take = Take::value;
  std::string pointer{};  // JSON Pointer of a path without wildcards, relative to its level
  bool many = false;
  bool direct = false;  // a field of the record or of a level's item, and nothing behind it: the
                        // usual case has a way of its own
};
using PathIndex = std::uint32_t;
constexpr PathIndex kNoPath = UINT32_MAX;

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

/// How the money of a column finds its currency and its rate.
struct PlanMoney {
  std::string currency;                  // a constant, or
  PathIndex currency_path = kNoPath;     // a field
  bool in_amount = false;                // or in front of or behind the digits
  std::vector<PlanStep> currency_steps;  // `text` and `lookup` of the field
  std::string when_blank;
  std::uint32_t currency_place = kNoPlace;
  bool minor_units = false;  // by the currency, or
  PathIndex minor_units_path = kNoPath;
  std::uint32_t minor_units_place = kNoPlace;
  Decimal times{1, 0};
  bool by_currency = false;  // decimals of ISO 4217
  int decimals = -1;         // -1: as they come
  Rounding rounding = Rounding::exact;
  std::uint32_t round_place = kNoPlace;
  std::string convert_to;  // empty: not converted
  std::shared_ptr<const RateTable> rates;
  std::string rates_name;
  ColumnIndex rate_date = kNoColumn;
  std::uint32_t convert_place = kNoPlace;
};

enum class ExtraRows : std::uint8_t { repeat, leave_blank, share };

struct PlanColumn {
  std::string name;
  bool internal = false;
  bool personal = false;
  int level = 0;  // the deepest rows level that it reads

  enum class From : std::uint8_t {
    path,
    paths,
    first_of,
    constant,
    compute,
    pick,
    choose,
    rate_of,
    rate_day_of,
    currency_of,
    composite,
    each,
  };
  From from = From::path;
  std::vector<PathIndex> paths;  // one, several, first_of's, the keys of a composite lookup
  Value constant;
  int expression = -1;
  ColumnIndex of = kNoColumn;  // rate_of, rate_day_of, currency_of
  std::vector<PlanChoice> choices;
  struct Pick {
    PathIndex list = kNoPath;
    std::vector<PlanPath::Step> where;
    std::vector<PlanPath::Step> take;
    std::string where_text;  // as written
    std::string take_text;
    bool where_is_key = false;  // $key of an object's entries
    bool where_is_value = false;
    bool take_is_key = false;
    std::vector<std::string> is;
    PathIndex is_from = kNoPath;
  } pick;
  enum class Total : std::uint8_t { none, sum, count, min, max, first, last, only };
  Total total = Total::none;
  std::uint32_t total_place = kNoPlace;
  std::uint32_t from_place = kNoPlace;

  std::vector<std::string> null_words;
  std::optional<Value> when_missing, when_null, when_empty;
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
  bool takes_json = false;         // `type: json`: the source text as it stands
  std::vector<int> dynamic_zones;  // indexes of the plan's zones that fields name
  ExtraRows extra_rows = ExtraRows::repeat;

  ColumnFormat format;
  std::string blank_as;            // CSV
  bool blank_left_out = false;     // JSON
  std::uint32_t place = kNoPlace;  // of the column's name

  // `each`: a list of objects, whose columns stand among the plan's columns too, made once for each
  // item
  std::vector<ColumnIndex> children;
  std::vector<OutputColumn> object;  // how one of its objects is written
  PathIndex each_list = kNoPath;
  bool each_entries = false;  // its entries, of an object
  int each_level = 0;         // the level that its items are
  bool in_each = false;       // a child: no column of a row
};

struct PlanZone {
  Zone zone;                 // of a constant
  PathIndex path = kNoPath;  // or the field that names it
};

struct PlanLevel {
  std::vector<PathIndex> lists;  // several: side by side
  enum class WhenEmpty : std::uint8_t { one_row, skip, reject } when_empty = WhenEmpty::one_row;
  bool skip_bad_items = false;
  bool one_or_many = false;
  bool entries = false;  // its items are the entries of an object
  std::uint32_t place = kNoPlace;
};

struct PlanExpression {
  ExpressionProgram program;
  std::vector<PathIndex> paths;    // of its source operands, by their index
  std::size_t first_today = 0;     // its `today` operands count from here in the plan's today_zones
  std::vector<std::string> names;  // of its operands, for messages
  int level = 0;                   // the deepest rows level that it reads
};

enum class RuleLevel : std::uint8_t { reject, warn, stop };

struct PlanRule {
  std::string name;
  std::string message;
  RuleLevel level = RuleLevel::reject;
  int expression = -1;
  int rows_level = 0;
  std::vector<ColumnIndex> columns;  // that it reads, for messages
  std::uint32_t place = kNoPlace;
};

/// A lookup table that travels in each input, beside its records: what the run reads before it
/// maps.
struct PlanDumpTable {
  std::string name;
  std::string path;          // as written
  KeyPath keys;              // the same as keys from the top of the document
  std::vector<KeyPath> key;  // in an entry; several are a composite key; none: the entries of an
                             // object by their own keys
  KeyPath value;             // in an entry; none: the entry itself
  bool ignore_case = false;  // its keys are folded
};

/// A field that a column reads, or the list that `rows` or `each` goes through: where no record of
/// a run has it, that is told (FIELD_NEVER_FOUND).
struct PlanWatch {
  /// Of a pick, `where` and `take` are looked for in the items of `paths`.
  enum class What : std::uint8_t { path, pick_where, pick_take } what = What::path;
  std::vector<PathIndex> paths;    // any of them will do (`first_of`)
  ColumnIndex column = kNoColumn;  // none: a list of `rows`
  int level = 0;                   // the deepest level of the paths: 0 is the record
};

struct PlanDuplicates {
  std::vector<PathIndex> same;
  enum class Keep : std::uint8_t { first, last, highest, lowest, none } keep = Keep::first;
  PathIndex by = kNoPath;
  bool reject_others = false;
  std::uint32_t place = kNoPlace;
};

/// `output: rest`: which parts of a record are read, so that the others are copied. Steps of paths
/// are branches.
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
  std::vector<PlanPath> paths;
  PathIndex id = kNoPath;
  bool id_personal = false;
  std::vector<PlanColumn> columns;  // in output order, internal ones where they stand
  std::vector<ColumnIndex> order;   // in which they are made: those that others need first
  std::vector<PlanZone> zones;
  std::vector<PlanExpression> expressions;
  std::vector<Zone> today_zones;
  std::vector<PlanLevel> levels;
  int level_count = 0;  // those of `rows` and, behind them, those of `each`
  int only = -1;        // expression
  bool only_rejects = false;
  std::string only_text;
  std::uint32_t only_place = kNoPlace;
  std::optional<PlanDuplicates> duplicates;
  std::vector<PlanRule> rules;
  std::vector<PlanDumpTable> dump_tables;  // by LookupArgs::dump_table
  UnusedFields unused_fields = UnusedFields::ignore;
  std::uint32_t unused_place = kNoPlace;

  PlanLimit rejected_at_most;
  PlanLimit warn_above;  // of rejected records
  PlanLimit warnings_at_most;
  std::vector<PlanBlankLimit> blank_at_most;
  NeverFound never_found = NeverFound::warn;
  std::vector<PlanWatch> watches;
  std::uint64_t stop_early_after = 0;  // 0: limits are judged at the end only
  bool publish_always = false;
  std::uint64_t expect_at_least = 1;

  OutputFormat output;
  /// Columns that read the record, where a row in which all of them are blank is refused; else
  /// none.
  std::vector<ColumnIndex> source_columns;
  std::optional<PlanRowSchema> row_schema;
  PlanRest rest_of_record;
  std::vector<std::string>
      personal_pointers;  // JSON Pointers of personal columns; * is any item or key
  std::map<std::string, std::string, std::less<>>
      known_keys;                  // by table, its first keys, for messages
  std::vector<std::string> notes;  // what a run says about itself (two passes over the input)
  std::deque<std::string>
      texts;                 // what constants point into; a deque, so that they stay where they are
  std::vector<Span> places;  // what RecordError::place points at

  /// One line a step, made to be read in a diff.
  [[nodiscard]] std::string dump(std::string_view only_column = {}) const;
};

}  // namespace trama
