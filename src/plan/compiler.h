// Compiler: the state of compile(), shared by its parts:
//   compile.cpp          the story, input, limits, output
//   compile_paths.cpp    paths, wanted fields, rows levels
//   compile_tables.cpp   lookup and rate tables and their files
//   compile_columns.cpp  sources, order, levels
//   compile_types.cpp    from the words of a column to its steps and formats
//   compile_constants.cpp constants, and the checks on finished values
//   compile_rules.cpp    expressions, choose, compute, only, rules, duplicates
//   check_schema.cpp     `output: schema` against what the columns write
//   compile_personal.cpp where personal values are, and what is made of them
//   compile_rest.cpp     what `output: rest` leaves out, because a column reads it
//   compile_watch.cpp    what a run notices by its absence: fields, and whole rows
//   check_words.cpp      words that do not go together, tests that name nothing

#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mapping/mapping.h"
#include "mapping/table_file.h"
#include "mapping/word_effects.h"
#include "plan/compile.h"
#include "plan/expression_check.h"
#include "plan/plan.h"
#include "step/args.h"

namespace trama {

/// Of a table's keys with one fault, how many are told.
constexpr int kMostToldKeys = 5;

/// A table of the mapping, read.
struct CompiledTable {
  const Table* table = nullptr;
  bool used = false;
  bool right = true;  // false: its errors were told, nothing more is said about it
  struct Entry {
    std::vector<std::string> key;  // one part, or several of a composite key
    std::string value;
    Span span;
    Date from{};  // of a table by day
    Date to{};
  };
  std::vector<Entry> entries;  // of a table by day; of another, those that `exact` is to be made of
  std::vector<Span> spans{};   // of the entries of `exact`
  int told = 0;                // of its keys that are there twice
  bool in_dump = false;        // it has no entries yet: `dump` says where they will be
  PlanDumpTable dump{};
  std::size_t key_parts = 1;
  bool of_properties = false;                   // its columns are looked up by name: hoteles.zona
  std::optional<std::uint32_t> file{};          // of a CSV that was proved: its place in Files
  std::vector<Text> header{};                   // of it
  std::shared_ptr<DatedLookup> dated{};         // its lines hold on some days
  std::shared_ptr<DatedLookup> dated_folded{};  // keys folded, for ignore_case
  std::string line{};  // of a CSV: how a line for a new key is written (TableHome::line)
  std::shared_ptr<LookupTable> exact;
  std::shared_ptr<LookupTable> folded;  // keys folded, for ignore_case
  std::shared_ptr<RateTable> rates;
  std::optional<PlanDumpRates> inside_rates{};  // or where those of the dump are
  std::size_t dump_rates = SIZE_MAX;            // of Plan::dump_rates, once they are used
  bool any_day = false;                         // its rates have no days
};

/// Whether `text` is a count, and which.
bool count_of(std::string_view text, int& out);

class Compiler : private ExpressionScope {
 public:
  Compiler(const CompileInput& input, Diagnostics& diagnostics);
  std::unique_ptr<Plan> run();

 private:
  /// The name of an item, of `rows` or of `each`.
  struct Called {
    std::string name;
    int level = 0;
    std::size_t side = 0;
  };

  // compile.cpp
  void error(DiagnosticCode code, const Span& span, std::vector<Phrase> values);
  std::uint32_t place(const Span& span);
  Value keep(std::string_view text);
  void input();
  void limits();
  void limit(const Limit& limit, PlanLimit& out);
  void output_format();
  void output();

  // compile_personal.cpp
  RecordPlace place_of(const PlanPath& path) const;
  bool says_personal(ColumnIndex index) const;
  bool reads_personal(PathIndex path) const;
  bool reads_personal(const PlanExpression& expression) const;
  bool made_of_personal(ColumnIndex index);
  void mark_personal(ColumnIndex index);
  void add_places_of_pick(const PlanPath& path, std::vector<RecordPlace>& out) const;
  void places();
  void keys_side_by_side();
  void personal_places();
  void personal();

  // compile_paths.cpp
  PathIndex path(const Path& path, bool watched = true);
  void check_names(const Path& path, const PlanPath& made);
  bool has_entries(int level) const;
  void pick(const Pick& pick, PlanPath& made);
  PlanItemPath item_path(const Path& path, KeyPath item);
  std::vector<PlanCondition> conditions(const std::vector<Condition>& written, const KeyPath& item);
  static std::shared_ptr<const WordList> word_list(const std::vector<Text>& of_input,
                                                   const std::vector<Text>& of_column);
  int slot_of(const KeyPath& keys);
  std::vector<PlanPath::Step> steps_of(const Path& path, std::size_t from);
  KeyPath pattern_of(const PlanPath& path, bool one = false) const;
  static std::string pointer_of(const KeyPath& keys);
  void watch(const PlanPath& path);
  PathIndex path_to_one(const Path& path);
  void one_value(const Path& path);
  void check_outside_paths();
  PathIndex list_of(Path list, bool& entries, PhraseCode help);
  void rows();
  bool row_list(const RowItems& written, PlanLevel::List& made);
  /// Where the rates of a line of a file are; SIZE_MAX: no column, the code is the same everywhere.
  struct RateColumns {
    struct Rate {
      std::size_t from = SIZE_MAX, to = SIZE_MAX, rate = SIZE_MAX;
      const Text* from_code = nullptr;
      const Text* to_code = nullptr;
    };
    std::size_t date = SIZE_MAX;
    std::vector<Rate> rates;
    bool wide = false;
  };
  bool rate_columns(const Table& written, const TableFile& file, RateColumns& out);
  bool read_days_as(const Table& table);
  bool days_of_line(const TableFile::Row& row, const std::size_t (&columns)[2],
                    CompiledTable::Entry& entry);
  void note_line(const DatedLookup& table, const std::string& key,
                 const CompiledTable::Entry& entry);
  void check_dated(CompiledTable& table);
  std::shared_ptr<DatedLookup> dated_of(CompiledTable& table, bool ignore_case);
  CompiledTable* find_property(const Text& name);
  void day_of_lookup(ColumnIndex index, const CompiledTable& table);
  /// What several formats of days have in common.
  struct DayFormats {
    bool wrong = false;  // one of them is, which is told: what it would have had is not known
    bool any_time = false;
    bool lacks_offset = false;  // a time of one of them may have none
  };
  static Phrase read_words(const Column& words, const DateArgs& args);
  DayFormats day_formats(const Column& words, const std::vector<Text>& formats, DateArgs& args);
  void days(const RowItems& written, PlanLevel::List& made);
  [[nodiscard]] bool reads_day(ColumnIndex index) const;
  void row_limits(const std::vector<RowLevel>& written);
  [[nodiscard]] const PlanLevel::List* row_list_of(const PlanPath& path) const;

  // compile_rest.cpp
  std::vector<PlanPath::Step> way_to(const PlanPath& path) const;
  void rest(std::size_t first, std::size_t end);

  [[nodiscard]] bool is_wrong() const;  // an error was found, in this mapping or before

  // compile_watch.cpp
  void watches();
  void watch_column(ColumnIndex index);
  void watch_level(const PlanLevel& level);
  void watch_for(std::vector<PathIndex> paths, ColumnIndex column,
                 const PlanItemPath* item = nullptr);
  void watch_item(PathIndex list, const PlanItemPath& item, ColumnIndex column) {
    watch_for({list}, column, &item);
  }
  void watch_pick(PathIndex path, ColumnIndex column);
  void watch_conditions(std::span<const PlanCondition> conditions, PathIndex list,
                        ColumnIndex column);
  void watch_expression(int expression, ColumnIndex column);
  bool names_fields(int expression) const;
  void source_columns();
  bool reads_record(const PlanColumn& column) const;

  // compile_tables.cpp
  void tables();
  void read_table(CompiledTable& table);
  void inside(CompiledTable& table);
  void inside_rates(CompiledTable& table);
  bool rate_side(const char* word, const Text& field, const Text& value, const Path& beside,
                 PlanDumpRates::Side& out);
  bool rate_rules(const Table& written, RateTable& rates);
  void note_read_twice();
  PhraseCode why_not_beside_records(const KeyPath& keys) const;
  bool stands_beside_records(const Path& path, const KeyPath& keys);
  void check_count_path(const Path& path);
  bool keys_of(const Path& path, KeyPath& keys);
  bool keys_of(const Text& text, KeyPath& keys);
  void note_home(const CompiledTable& table, const std::string& name, std::uint32_t lookup);
  PlanStep lookup_step(std::shared_ptr<LookupArgs> args, CompiledTable& table, std::uint32_t at);
  bool open_named(const Text& file, std::uint32_t& index);
  bool load(const Text& file, const Text& separator, struct TableFile& out);
  void check_characters(const TableFile::Row& row, Diagnostics& diagnostics);
  bool prove_lines(CompiledTable& table);
  bool take_memory(std::size_t bytes, const Span& span);
  void lookup_entries(CompiledTable& table, const CompiledTable& file, const Text& value_name);
  void rate_entries(CompiledTable& table, const struct TableFile& file);
  bool rate_entry(const Table& table, const Text& date, const Text& from, const Text& to,
                  const Text& rate, RateTable& rates);
  void check_entries(CompiledTable& table);
  bool add_entry(CompiledTable& table, std::span<const std::string> key, std::string_view value,
                 const Span& span);
  /// The key of an entry in its parts, what it gives and where it is written. False: no more.
  using TakeEntry =
      std::function<bool(std::span<const std::string>, std::string_view, const Span&)>;
  static void each_entry(const CompiledTable& table, const TakeEntry& take);
  CompiledTable* find_table(const Text& name, bool rates);
  std::shared_ptr<LookupTable> lookup_of(CompiledTable& table, bool ignore_case);

  // compile_columns.cpp
  /// Names and paths mean what they mean to this column while it lives: a column of an `each`
  /// reaches the item, and its sisters by their own names.
  class Scope {
   public:
    Scope(Compiler& compiler, ColumnIndex index);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Compiler& compiler_;
    std::vector<Called> called_;
    ColumnIndex column_;
  };
  void columns();
  ColumnIndex declare(const Column& column, ColumnIndex parent);
  void column(ColumnIndex index);
  void source(ColumnIndex index);
  void check_computing(const Column& column);
  void source_paths(ColumnIndex index);
  void each(ColumnIndex index);
  void object_of_each(ColumnIndex index);
  void several_values(ColumnIndex index);
  void helper_paths(ColumnIndex index);
  void total_column(ColumnIndex index);
  void total_word(ColumnIndex index);
  void order_columns();
  bool visit(ColumnIndex index, std::vector<int>& state);
  std::vector<std::pair<ColumnIndex, Span>> needs(ColumnIndex index);
  int level_of(ColumnIndex index);
  int own_level_of(ColumnIndex index);
  [[nodiscard]] int rows_level(PathIndex path) const;
  bool find_name(const Text& name, ColumnIndex& index);
  [[nodiscard]] ColumnIndex in_reach(std::string_view name) const;
  Phrase advice_for_name(std::string_view name);

  // compile_types.cpp
  void kind_of(ColumnIndex index);
  bool type_wrong(ColumnIndex index);
  void steps(ColumnIndex index);
  void text_steps(const std::vector<Text>& words, std::vector<PlanStep>& out);
  void told_steps(ColumnIndex index, StepTime time, std::vector<PlanStep>& out);
  void part_steps(ColumnIndex index);
  void lookup(ColumnIndex index);
  void type_step(ColumnIndex index);
  void number(ColumnIndex index);
  void check_helpers(ColumnIndex index);
  void money(ColumnIndex index);
  void date(ColumnIndex index);
  int zone(const FromOr& zone, PathIndex path, const char* word, std::uint32_t at,
           std::vector<int>& dynamic_zones);
  PlanHelper helper(const FromOr& words, PathIndex path, const char* word, std::uint32_t at);
  void helper_value(const std::string& value, const Span& span, const char* word);
  void currency_value(const std::string& code, const Span& span, PhraseCode help = {});
  void symbols(const FromOr& currency, PlanMoney& money);
  void conversion(const Column& column, PathIndex to, PlanMoney& money);
  void checks(ColumnIndex index);
  void check_constants(ColumnIndex index);
  void lookup_outcomes(ColumnIndex index);
  void defaults(ColumnIndex index);
  void blank_column(ColumnIndex index);
  void as_list();
  void check_as_list();
  void json_in_text();
  PathIndex helper_path(const Column& column, const Path& helper, std::string_view word,
                        bool* of_items);
  /// A step from the top of the record: into a key, or to an item of a list (or an entry).
  struct TopStep {
    enum class Kind : std::uint8_t { key, index, each, current } kind = Kind::key;
    std::string key{};  // of the entry that is named
    std::int64_t index = 0;
    int level = 0;  // of current: that of the item which is gone through
    bool operator==(const TopStep&) const = default;
  };
  [[nodiscard]] std::vector<TopStep> from_top(PathIndex path) const;
  [[nodiscard]] bool of_other_items(PathIndex value, PathIndex helper) const;
  void check_json_in_text();
  std::vector<KeyPath> shapes_of(const KeyPath& pattern, const KeyPath& written) const;
  bool is_as_list(const KeyPath& pattern);
  void mark_lists(const Path& path, PlanPath& made);
  void use(const KeyPath& pattern);
  void format(ColumnIndex index);
  void duration_unit(ColumnIndex index);
  void iso_duration(const Column& column);
  void split_to_all(ColumnIndex index);
  bool constant(ColumnIndex index, const Text& text, Value& out, bool checked = true);
  bool rounding(const Column& column, int& decimals, bool& by_currency, Rounding& mode);
  void unreachable_entries(ColumnIndex index, const CompiledTable& table);
  void unreachable_by_steps(const CompiledTable& table, std::span<const PlanStep> steps,
                            const std::string& words, bool ignore_case);
  void unreachable(std::span<const std::string> key, const Span& span, Phrase why, PhraseCode help);
  void add_format(DatePattern pattern, const Text& written, DateArgs& args);
  bool pattern_words(const Text& words, const Column& column, bool reads, DatePattern& out);
  PlanStep step(const StepSpec& spec, std::shared_ptr<const StepArgs> args, std::uint32_t at);

  // compile_rules.cpp
  void expressions_of_columns();
  void expressions_of(ColumnIndex index);
  void compute(ColumnIndex index);
  void check_amount(const Choice& choice);
  void choose(ColumnIndex index);
  void rules();
  void never_blank(const Rule& rule, const PlanRule& made);
  void only();
  void need(ColumnIndex index, std::vector<bool>& needed);
  void check_field(const Path& path, const char* word);
  void duplicates();
  void identity();
  void rank(const Column& written, PlanRank& made);
  int expression(const Text& text, const ExpressionUse& use, ColumnType* type,
                 std::vector<ColumnIndex>* reads);
  PatternPool* patterns() override { return &patterns_; }
  ExpressionScope::Found find_column(std::string_view name, ColumnType& type,
                                     std::uint32_t& index) override;
  std::span<const std::string_view> column_names() override;
  const Value* constant_of(std::uint32_t index) override;
  std::string_view column_from(std::string_view path) override;
  std::uint32_t source_operand(const Path& path) override;
  std::string currency_key(ColumnIndex index);
  [[nodiscard]] std::string currency_key(const FromOr& currency, PathIndex path) const;
  static void add_currency_key(const std::string& key, std::string& all);
  void type_of_total(ColumnIndex index);
  void spread_level(ColumnIndex each, int level);

  // check_words.cpp
  void check_words();
  void check_column_words(ColumnIndex index);
  TypeSet type_of(ColumnIndex index) const;
  Phrase type_words(ColumnIndex index) const;
  void no_effect_beside(const Column& column, std::string_view word, SourceKind source);
  void check_effects(ColumnIndex index);
  void lacks(const Column& column, const WordNeed& need, Phrase type);
  void check_extra_rows(ColumnIndex index);
  void check_blank_word(const Text& blank_as);
  void check_formats(const Column& column, std::span<const std::string_view> reported);
  bool can_be_wrong(ColumnIndex index) const;
  void check_section_words();
  void check_secrets(const Column& column);
  void check_required(ColumnIndex index);
  void check_nested_names();
  void table();
  void key_columns(PlanIdentity& made);
  void check_tests();

  // check_schema.cpp
  void row_schema();
  bool read_schema_file(PlanRowSchema& out);

  [[nodiscard]] const Column& written(ColumnIndex index) const { return *written_[index]; }
  PlanColumn& made(ColumnIndex index) { return plan_->columns[index]; }

  const CompileInput& input_;
  const Mapping& mapping_;
  const FormatSpec* other_format_;             // that the output of a run names, or null
  const FormatSpec* stated_format_ = nullptr;  // what the mapping states; null where it is none
  Diagnostics& diagnostics_;
  std::size_t table_memory_;          // that is left for them
  std::vector<DatePattern> formats_;  // that lists read, each once
  std::map<std::pair<std::ptrdiff_t, std::ptrdiff_t>, bool> formats_differ_;
  bool too_many_formats_ = false;
  PatternPool patterns_;
  /// By the `each` that it is in, or none, and its name.
  std::map<std::pair<ColumnIndex, std::string>, ColumnIndex> named_;
  std::unique_ptr<Plan> plan_;

  std::map<KeyPath, int> slots_;
  std::vector<const Column*> written_;  // by index of the plan's columns
  SameInManyLines wrong_dates_;         // of the rate table that is being read
  SameInManyLines wrong_currencies_;
  SameInManyLines wrong_characters_;  // of the table file that is being read
  std::map<std::string, CompiledTable, std::less<>> properties_;  // hoteles.zona
  std::shared_ptr<DateArgs> table_days_;                          // its 'read'; null: YYYY-MM-DD
  SameInManyLines wrong_marks_;
  std::vector<bool> typed_;  // whether the kind of the column is known
  std::vector<std::string_view> names_;
  std::deque<CompiledTable> tables_;
  std::deque<CompiledTable> own_tables_;  // lookups written in their column
  struct Constant {
    ColumnIndex column;
    Value value;
    Span span;
  };
  std::vector<Constant>
      constants_;               // defaults and the like, which the column's checks must let pass
  std::vector<Called> called_;  // the innermost last
  ColumnIndex column_ = kNoColumn;           // in whose scope names are looked for
  std::vector<ColumnIndex> parent_;          // by column: its `each`
  std::vector<std::vector<Called>> scopes_;  // by `each` column: what its columns reach
  /// Of each column, the fields that serve it beside its own value.
  struct HelperPaths {
    PathIndex currency = kNoPath, minor_units = kNoPath, zone = kNoPath, no_zone_means = kNoPath,
              convert_to = kNoPath;
    bool currency_of_items = false;  // of each item that a total takes
  };
  std::vector<HelperPaths> helper_paths_;
  std::map<KeyPath, bool> as_list_;         // the places of `as_list`; whether a path reads them
  std::vector<std::string> currency_keys_;  // of columns that compute amounts
  std::set<std::pair<std::uint32_t, std::uint32_t>> wrong_names_;  // line, column: reported once
  std::map<int, KeyPath> each_patterns_;             // by level, where the list of an `each` lies
  std::vector<PathIndex>* operand_paths_ = nullptr;  // of the expression that is being checked
  /// Every path that a column reads, whatever word of it names the path: path() notes it while
  /// there is a Reading of the column.
  std::vector<std::vector<PathIndex>> reads_;
  ColumnIndex reading_ = kNoColumn;
  class Reading {
   public:
    Reading(Compiler& compiler, ColumnIndex column)
        : compiler_(compiler), before_(std::exchange(compiler.reading_, column)) {}
    ~Reading() { compiler_.reading_ = before_; }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    Compiler& compiler_;
    ColumnIndex before_;
  };
};

}  // namespace trama
