// DraftBuilder: the state of build_draft(), shared by its parts:
//   draft_builder.cpp    the story, what paths hold, texts that hold JSON
//   build_rows.cpp       the list that makes rows
//   build_columns.cpp    columns in the order of the dump
//   build_wanted.cpp     columns that are wanted (--like, --target)
//   build_amounts.cpp    amounts and their currencies
//   build_questions.cpp  times, and questions that concern several columns
//   build_codes.cpp      names of columns, tables of codes
//   build_sections.cpp   input, output, notes at the head and the end

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "infer/draft.h"
#include "infer/draft_builder.h"
#include "infer/leaf_column.h"
#include "infer/wanted.h"
#include "profile/profile.h"
#include "report/report_line.h"

namespace trama {

/// What a path holds, as a draft reads it.
enum class Shape : std::uint8_t {
  leaf,      // single values, or nothing
  object,    // objects with members
  entries,   // objects whose keys are data
  scalars,   // lists of single values
  objects,   // lists of objects
  as_it_is,  // anything else
};

/// A word with a value that needs no deciding.
DraftWord draft_word(std::string key, std::string yaml);
/// Whether there are numbers, texts or booleans at a path.
bool has_scalars(const PathNode& node);
/// Whether a path may lead there: a key that was not cut, and that names nobody.
bool is_usable_key(std::string_view name);
/// Whether every text that is there, one at least, begins like an object or a list of JSON.
bool looks_like_json(const PathNode& node);

class DraftBuilder {
 public:
  DraftBuilder(Profile& profile, const DraftOptions& options);
  Draft build();

 private:
  using Code = PhraseCode;
  /// Of objects in objects that have columns of their own.
  static constexpr std::size_t kMaxDepth = 12;
  /// Whether a question concerns a column.
  using Concerns = std::function<bool(const DraftColumn&)>;

  struct Scope {
    std::string called;              // the item's name, or nothing: the record
    const PathNode* item = nullptr;  // its node
    std::size_t lists = 0;           // `each` around it
    bool is_each = false;
  };

  // ---- what paths hold ----

  /// Lists that come as single values too, and words for nothing. `path`: from the record.
  void prepare(PathNode& node, const std::string& path, std::size_t lists_around);
  /// Whether the items of lists are what the single values are.
  static bool agrees(const PathNode& node);
  [[nodiscard]] Shape shape_of(const PathNode& node, std::size_t depth) const;
  [[nodiscard]] std::size_t count_leaves(const PathNode& node, std::size_t depth) const;
  void limit_depth();

  // ---- the lists that make rows ----

  /// A list of objects, each of which makes a row.
  struct Rows {
    const PathNode* list = nullptr;
    Scope scope{};  // of one of its items
  };
  /// Those of the mapping whose columns are wanted, where the dump has all of them.
  bool take_wanted_rows();
  void take_rows(const PathNode& list);
  /// Which of `rows_` the item is of; null: none.
  [[nodiscard]] const Rows* rows_of(const PathNode* item) const;

  [[nodiscard]] bool is_wanted() const noexcept { return !options_.wanted.columns.empty(); }
  /// The list that is called like the one that made rows.
  void choose_wanted_rows();
  /// The list of objects that holds most of what is in lists.
  void choose_rows();
  template <typename Act>
  void each_list(const PathNode& object, std::size_t depth, const Act& act) const;

  // ---- columns ----

  void top_columns();
  void columns_of(const PathNode& object, const std::string& path,
                  const std::vector<std::string>& way, const Scope& scope,
                  std::vector<DraftColumn>& out, std::size_t depth);
  void column_of(const PathNode& node, const std::string& path, const std::vector<std::string>& way,
                 const Scope& scope, std::vector<DraftColumn>& out, std::size_t depth);
  [[nodiscard]] bool is_personal(const PathNode& node) const;
  DraftColumn leaf(const PathNode& node, const std::string& path,
                   const std::vector<std::string>& way, const Scope& scope, std::string_view key);
  DraftColumn as_it_is(const PathNode& node, const std::string& path,
                       const std::vector<std::string>& way);
  [[nodiscard]] std::string kinds_of(const PathNode& node) const;
  [[nodiscard]] bool holds_personal(const PathNode& node) const;
  /// A list of single values, in one text.
  DraftColumn joined(const PathNode& node, const std::string& path,
                     const std::vector<std::string>& way);
  [[nodiscard]] std::string items_of(const PathNode& node) const;
  /// `path`: with `{*}` of entries. `item`: what one of them is.
  DraftColumn each(const PathNode& node, const PathNode& item, const std::string& path,
                   const std::vector<std::string>& way, const Scope& scope, std::size_t depth);
  void rows(const Rows& of, const std::string& path);

  // ---- columns that are wanted ----

  struct Slot {
    std::size_t wanted = 0;
    const WantedSource* source = nullptr;  // of several that are joined; null: any of them
    std::vector<Fit> fits{};               // by candidate
    std::optional<std::size_t> taken{};
    std::optional<std::size_t> same{};  // the candidate that is the source itself
  };
  /// Where a path of the mapping whose columns are wanted leads in this dump.
  struct Followed {
    const PathNode* node = nullptr;  // null: nowhere, or not to one value
    std::string path{};
    Scope scope{};
  };
  [[nodiscard]] Followed follow(const Path& path);
  /// The members of an object are reached by this path from now on.
  void reroot(const PathNode& object, const std::string& path, const Scope& scope);
  /// The columns of the dump, and those that sources lead to beside them.
  [[nodiscard]] std::vector<Candidate> candidates_for(std::vector<Slot>& slots);
  /// Takes of the columns of the dump those that fit the wanted ones, each with its reasons.
  void take_wanted();
  [[nodiscard]] Candidate candidate_of(const DraftColumn& column) const;
  [[nodiscard]] Fit best_fit(const Wanted& wanted, const WantedSource* source,
                             const Candidate& candidate) const;
  /// The best pairs first, each candidate once; what is left may share one.
  static void assign(std::vector<Slot>& slots, std::size_t candidates);
  DraftColumn wanted_column(const Wanted& wanted, const std::vector<const Slot*>& slots,
                            const std::vector<Candidate>& candidates);
  /// Codes that the mapping knows keep what it writes for them.
  void known_lookup(const Wanted& wanted, DraftColumn& column);

  // ---- amounts ----

  /// Fields that an amount's currency may stand in, the better guess first.
  struct Currencies {
    std::vector<const PathNode*> fields{};
    bool decided = false;  // the first one is it
    bool beside = false;   // in an object around the amount; else further away
  };
  /// Amounts with the same question.
  struct NoCurrency {
    std::vector<const PathNode*> fields;  // far away; none: the dump names no currency
    std::set<const PathNode*> amounts;
  };
  [[nodiscard]] bool holds_currency(const PathNode& node) const;
  /// The nearest object around an amount that has currencies is right.
  [[nodiscard]] Currencies currencies_of(const PathNode& amount) const;
  [[nodiscard]] Currencies currencies_beside(const PathNode& object, const PathNode& amount) const;
  void far_currencies(const PathNode& object, std::vector<const PathNode*>& out) const;
  static std::set<std::string> marked(const PathNode& object, const PathNode& amount,
                                      const std::set<std::string>& marks);
  [[nodiscard]] DraftWord currency_constant() const;
  [[nodiscard]] std::optional<DraftWord> currency_word(const std::vector<const PathNode*>& fields,
                                                       std::optional<Code> question,
                                                       const PathNode* amount) const;
  [[nodiscard]] std::vector<std::string> currencies_in(const PathNode& node) const;
  /// A field that says how many of the digits of whole amounts are decimals.
  [[nodiscard]] const PathNode* precision_of(const PathNode& amount) const;
  void settle_amounts();
  void settle_amounts(std::vector<DraftColumn>& columns);
  void settle_amount(DraftColumn& column, const LeafColumn& known);
  /// `decimals`: stated, where not negative.
  void as_money(DraftColumn& column, std::optional<DraftWord> currency, int decimals);
  void currency_of_others();

  // ---- questions, times ----

  /// The leaves in the order of their columns, so that nothing depends on addresses.
  [[nodiscard]] std::vector<std::pair<const PathNode*, const LeafColumn*>> known_in_order() const;
  void known_in_order(const std::vector<DraftColumn>& columns,
                      std::vector<std::pair<const PathNode*, const LeafColumn*>>& all) const;
  /// Asks under `defaults`, for the columns of a type.
  void ask_for_all(const std::string& type, DraftWord ask, const Concerns& concerns);
  void mark_open(std::vector<DraftColumn>& columns, const Concerns& concerns);
  void put(std::vector<DraftColumn>& columns, const DraftWord& ask, std::string_view behind,
           const Concerns& concerns);
  void settle_times();
  void take_zones(std::vector<DraftColumn>& columns, std::set<const PathNode*>& asked);
  [[nodiscard]] const PathNode* zone_of(const PathNode& time) const;
  [[nodiscard]] bool are_once(const PathNode& times, const PathNode& zones) const;
  [[nodiscard]] bool holds_zone(const PathNode& node) const;

  // ---- names, codes ----

  void name_columns(std::vector<DraftColumn>& columns);
  /// Codes get a table as far as there may be more questions: three for ten columns.
  void settle_codes();
  void find_coded(std::vector<DraftColumn>& columns, std::vector<DraftColumn*>& out);
  void as_lookup(DraftColumn& column, const LeafColumn& known);
  void as_one_of(DraftColumn& column, const LeafColumn& known);

  // ---- the other sections ----

  void input();
  /// Of the paths that are lists only by `as_list`, those that some column goes through.
  [[nodiscard]] std::vector<std::string> lists_that_are_read() const;
  template <typename Add>
  static void add_reads(const std::vector<DraftColumn>& columns, const Add& add);
  /// The first field of the record that no two records share, best one that is called so.
  [[nodiscard]] std::string id_of() const;
  void output();
  void head();
  void tail();
  void list_notes(Code title, const std::vector<std::string>& lines);
  /// Paths with what was seen there.
  void list_leaves(const PathNode& node, std::vector<std::string>& out) const;

  Profile& profile_;
  const DraftOptions& options_;
  ReportWords say_;
  ValueForms forms_;
  LeafColumns leaves_;
  Draft draft_;
  PathNode* record_ = nullptr;
  std::size_t depth_ = kMaxDepth;

  std::vector<Rows> rows_;  // from the outermost inwards; but for a wanted mapping's one at most

  std::vector<std::pair<const PathNode*, std::string>> as_list_;  // with their paths
  std::set<const PathNode*> listed_;
  std::set<std::string> null_words_;
  std::deque<DraftColumn> followed_;   // columns beside those of the dump
  std::vector<std::string> taken_;     // keys and names that no item may have
  std::vector<std::string> unplaced_;  // paths
  std::vector<NoCurrency> no_currency_;
  std::map<const PathNode*, LeafColumn> known_;  // looked up, never gone through
  std::map<const PathNode*, std::string> paths_;
  /// The item that a path is of; null: the record.
  std::map<const PathNode*, const PathNode*> scopes_;
};

}  // namespace trama
