// LeafColumn: the column of a path that holds single values:
// its type and the words that all values bear out.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infer/draft.h"
#include "profile/findings.h"
#include "profile/profile.h"
#include "report/report_line.h"

namespace trama {

/// Words for nothing that suppliers write.
bool is_null_word(std::string_view text) noexcept;

/// What a path holds but for its null words and white space: numbers and texts by their forms.
struct FilledForms {
  std::vector<FormGroups::Group> groups;
  std::uint64_t total = 0;
  FormSet all = 0;  // the forms that all have

  [[nodiscard]] std::uint64_t with(ValueForm form) const noexcept;
  /// Whether all have it.
  [[nodiscard]] bool are(ValueForm form) const noexcept { return total > 0 && has(all, form); }
};
FilledForms filled_forms(const PathProfile& seen);
/// The null words among the values of a path, where the other values say that they are none.
std::vector<std::string> null_words_of(const PathProfile& seen);

/// What is known of amounts and times before their columns are written.
struct LeafColumn {
  std::vector<DraftWord> words;  // without the source
  std::vector<std::string> notes;
  bool personal = false;
  bool open = false;         // a word is to be decided
  bool no_zone = false;      // times without an offset, …
  bool some_zones = false;   // … some of them with one: `no_zone_means` makes them comparable
  bool is_amount = false;    // a number that is called like money
  bool vague = false;        // … or like any other value
  bool whole = false;        // … without decimals
  bool plain_number = true;  // read without `read_number`
  /// Where it looks like a code: what was seen, the most frequent first.
  std::vector<std::pair<std::string, std::uint64_t>> codes;
  std::vector<std::string> text_steps;
  int code_rank = 0;  // the higher, the more it is worth a table
};

class LeafColumns {
 public:
  LeafColumns(const ValueForms& forms, const ReportWords& say) : forms_(forms), say_(say) {}

  /// `key`: the member whose values they are.
  LeafColumn column_of(const PathNode& node, std::string_view key, const Findings& found) const;
  /// How often it is filled, why it is read so, what was seen.
  [[nodiscard]] std::string facts_of(const PathNode& node, const Findings& found,
                                     const std::vector<std::string>& reasons = {}) const;

 private:
  struct Leaf;
  bool take_boolean(Leaf& leaf) const;
  bool take_form(Leaf& leaf) const;
  bool take_date(Leaf& leaf) const;
  bool take_dates(Leaf& leaf) const;
  void note_dates(Leaf& leaf, FormSet some) const;
  bool take_number(Leaf& leaf) const;
  void take_text(Leaf& leaf) const;
  void take_codes(Leaf& leaf) const;
  bool take_marked_numbers(Leaf& leaf) const;
  bool set_dates(Leaf& leaf, const std::vector<std::size_t>& dates) const;

  const ValueForms& forms_;
  const ReportWords& say_;
};

/// The percentage of a count: 100 % and 0 % only where it is all or nothing.
std::string shown_share(std::uint64_t count, std::uint64_t of);

}  // namespace trama
