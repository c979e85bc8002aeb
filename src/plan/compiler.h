// Compiler: the state of compile(), shared by its parts:
//   compile.cpp          the story, input, limits, output
//   compile_paths.cpp    paths, wanted fields, rows levels
//   compile_tables.cpp   lookup and rate tables and their files
//   compile_columns.cpp  sources, order, levels
//   compile_types.cpp    from the words of a column to its steps and formats
//   compile_constants.cpp constants, and the checks on finished values
//   compile_rules.cpp    expressions, choose, compute, only, rules, duplicates
//   check_schema.cpp     `output: schema` against what the columns write
//   compile_rest.cpp     what `output: rest` leaves out, because a column reads it
//   compile_watch.cpp    what a run notices by its absence: fields, and whole rows
//   check_words.cpp      words that do not go together, tests that name nothing

#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/mapping.h"
#include "mapping/table_file.h"
#include "plan/compile.h"
#include "plan/expression_check.h"
#include "plan/plan.h"

namespace trama {

/// A table of the mapping, read.
struct CompiledTable {
  const Table* table = nullptr;
  bool used = false;
  bool right = true;  // false: its errors were told, nothing more is said about it
  struct Entry {
    std::vector<std::string> key;  // one part, or several of a composite key
    std::string value;
    Span span;
  };
  std::vector<Entry> entries;
  bool in_dump = false;  // it has no entries yet: `dump` says where they will be
  PlanDumpTable dump{};
  std::size_t key_parts = 1;
  std::shared_ptr<LookupTable> exact;
  std::shared_ptr<LookupTable> folded;  // keys folded, for ignore_case
  std::shared_ptr<RateTable> rates;
};

class Compiler : private ExpressionScope {
 public:
  Compiler(const CompileInput& input, Diagnostics& diagnostics);
  std::unique_ptr<Plan> run();

 private:
  // compile.cpp
  void error(DiagnosticCode code, const Span& span, std::vector<std::string> values);
  std::uint32_t place(const Span& span);
  Value keep(std::string_view text);
  void input();
  void limits();
  void limit(const Limit& limit, PlanLimit& out);
  void output();
  void personal();

  // compile_paths.cpp
  PathIndex path(const Path& path);
  int slot_of(const KeyPath& keys);
  std::vector<PlanPath::Step> steps_of(const Path& path, std::size_t from);
  KeyPath pattern_of(const PlanPath& path, bool one = false) const;
  static std::string pointer_of(const KeyPath& keys);
  void watch(const PlanPath& path);
  PathIndex path_to_one(const Path& path);
  void one_value(const Path& path);
  void check_outside_paths();
  PathIndex list_of(Path list, bool& entries, const char* help);
  void rows();

  // compile_rest.cpp
  std::vector<PlanPath::Step> way_to(const PlanPath& path) const;
  void rest(std::size_t first, std::size_t end);

  // compile_watch.cpp
  void watches();
  void watch_column(ColumnIndex index);
  void watch_for(PlanWatch::What what, std::vector<PathIndex> paths, ColumnIndex column);
  void watch_expression(int expression, ColumnIndex column);
  bool names_fields(int expression) const;
  void source_columns();
  bool reads_record(const PlanColumn& column) const;

  // compile_tables.cpp
  void tables();
  void read_table(CompiledTable& table);
  void inside(CompiledTable& table);
  bool stands_beside_records(const Table& table, const KeyPath& keys);
  bool keys_of(const Path& path, KeyPath& keys);
  bool keys_of(const Text& text, KeyPath& keys);
  PlanStep lookup_step(std::shared_ptr<LookupArgs> args, CompiledTable& table, std::uint32_t at);
  bool open_named(const Text& file, std::uint32_t& index);
  bool load(const Text& file, const Text& separator, struct TableFile& out);
  void lookup_entries(CompiledTable& table, const struct TableFile& file);
  void rate_entries(CompiledTable& table, const struct TableFile& file);
  bool rate_entry(const Table& table, const Text& date, const Text& from, const Text& to,
                  const Text& rate, RateTable& rates);
  void check_entries(CompiledTable& table);
  CompiledTable* find_table(const Text& name, bool rates);
  std::shared_ptr<LookupTable> lookup_of(CompiledTable& table, bool ignore_case);

  // compile_columns.cpp
  void columns();
  ColumnIndex declare(const Column& column, const std::string& prefix);
  void column(ColumnIndex index);
  void source(ColumnIndex index);
  void source_paths(ColumnIndex index);
  void pick(ColumnIndex index);
  void each(ColumnIndex index);
  void object_of_each(ColumnIndex index);
  void order_columns();
  bool visit(ColumnIndex index, std::vector<int>& state);
  std::vector<std::pair<ColumnIndex, Span>> needs(ColumnIndex index);
  void levels_of_columns();
  int level_of(ColumnIndex index);
  bool find_name(const Text& name, ColumnIndex& index);

  // compile_types.cpp
  void kind_of(ColumnIndex index);
  bool type_wrong(ColumnIndex index);
  void steps(ColumnIndex index);
  void text_steps(const std::vector<Text>& words, std::vector<PlanStep>& out);
  void part_steps(ColumnIndex index);
  void lookup(ColumnIndex index);
  void type_step(ColumnIndex index);
  void number(ColumnIndex index);
  void money(ColumnIndex index);
  void date(ColumnIndex index);
  int zone(const FromOr& zone, ColumnIndex index);
  void checks(ColumnIndex index);
  static std::string listed(const std::vector<Text>& words);
  void check_constants(ColumnIndex index);
  void lookup_outcomes(ColumnIndex index);
  void defaults(ColumnIndex index);
  void format(ColumnIndex index);
  bool constant(ColumnIndex index, const Text& text, Value& out, bool checked = true);
  bool rounding(const Column& column, int& decimals, bool& by_currency, Rounding& mode);
  void unreachable_entries(ColumnIndex index, const CompiledTable& table);
  void unreachable_by_steps(const CompiledTable& table, std::span<const PlanStep> steps,
                            const std::string& words, bool ignore_case);
  void currency_entries(const CompiledTable& table, const FromOr& currency,
                        std::span<const PlanStep> steps);
  void unreachable(const CompiledTable::Entry& entry, const std::string& why,
                   const std::string& help);
  bool pattern_words(const Text& words, const Column& column, bool reads, DatePattern& out);
  PlanStep step(const StepSpec& spec, std::shared_ptr<const StepArgs> args, std::uint32_t at);

  // compile_rules.cpp
  void expressions_of_columns();
  void compute(ColumnIndex index);
  void choose(ColumnIndex index);
  void rules();
  void never_blank(const Rule& rule, const PlanRule& made);
  void only();
  void check_field(const Path& path, const char* word);
  void duplicates();
  int expression(const Text& text, const ExpressionUse& use, ColumnType* type,
                 std::vector<ColumnIndex>* reads);
  ExpressionScope::Found find_column(std::string_view name, ColumnType& type,
                                     std::uint32_t& index) override;
  std::span<const std::string_view> column_names() override;
  const Value* constant_of(std::uint32_t index) override;
  std::string_view column_from(std::string_view path) override;
  std::uint32_t source_operand(const Path& path) override;
  std::string currency_key(ColumnIndex index) const;

  // check_words.cpp
  void check_words();
  void check_column_words(ColumnIndex index);
  void check_secrets(const Column& column);
  void check_required(ColumnIndex index);
  void check_nested_names();
  void check_tests();

  // check_schema.cpp
  void row_schema();
  bool read_schema_file(PlanRowSchema& out);

  [[nodiscard]] const Column& written(ColumnIndex index) const { return *written_[index]; }
  PlanColumn& made(ColumnIndex index) { return plan_->columns[index]; }

  const CompileInput& input_;
  const Mapping& mapping_;
  Diagnostics& diagnostics_;
  std::unique_ptr<Plan> plan_;

  std::map<KeyPath, int> slots_;
  std::vector<const Column*> written_;  // by index of the plan's columns
  SameInManyLines wrong_dates_;         // of the rate table that is being read
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
      constants_;  // defaults and the like, which the column's checks must let pass
  struct Called {
    std::string name;
    int level = 0;
    std::size_t side = 0;
  };
  std::vector<Called> called_;                       // the innermost last
  std::map<int, KeyPath> each_patterns_;             // by level, where the list of an `each` lies
  std::vector<PathIndex>* operand_paths_ = nullptr;  // of the expression that is being checked
};

}  // namespace trama
