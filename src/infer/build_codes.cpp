#include <algorithm>

#include "infer/builder.h"
#include "infer/names.h"
#include "infer/yaml_text.h"
#include "report/shown_text.h"

namespace trama {

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
void DraftBuilder::name_columns(std::vector<DraftColumn>& columns) {
  std::vector<std::vector<std::string>> ways;
  for (const DraftColumn& column : columns) ways.push_back(column.way);
  std::vector<std::string> names = column_names(ways);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].name = std::move(names[i]);
    name_columns(columns[i].columns);
  }
}

/// Codes get a table as far as there may be more questions: three for ten columns.
void DraftBuilder::settle_codes() {
  std::vector<DraftColumn*> coded;
  find_coded(draft_.columns, coded);
  std::stable_sort(coded.begin(), coded.end(), [this](const auto* a, const auto* b) {
    const LeafColumn& x = known_.at(a->node);
    const LeafColumn& y = known_.at(b->node);
    return x.code_rank != y.code_rank ? x.code_rank > y.code_rank : x.codes.size() < y.codes.size();
  });
  const std::size_t may = count_columns(draft_) * 3 / 10;
  std::size_t asked = count_decisions(draft_);
  for (DraftColumn* column : coded) {
    const LeafColumn& known = known_.at(column->node);
    if (known.code_rank >= 2 && asked + known.codes.size() <= may) {
      asked += known.codes.size();
      as_lookup(*column, known);
    } else {
      as_one_of(*column, known);
    }
  }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
void DraftBuilder::find_coded(std::vector<DraftColumn>& columns, std::vector<DraftColumn*>& out) {
  for (DraftColumn& column : columns) {
    find_coded(column.columns, out);
    const auto known = column.node == nullptr ? known_.end() : known_.find(column.node);
    if (known != known_.end() && !known->second.codes.empty()) out.push_back(&column);
  }
}

void DraftBuilder::as_lookup(DraftColumn& column, const LeafColumn& known) {
  DraftWord lookup{"lookup", {}};
  for (const auto& [code, count] : known.codes) {
    DraftWord entry{yaml_scalar(code), {{}, say_(Code::infer_ask_code, {code}), {code}}};
    entry.note = grouped(count) + " ×";
    lookup.entries.push_back(std::move(entry));
  }
  column.words.push_back(std::move(lookup));
  column.open = true;
}

void DraftBuilder::as_one_of(DraftColumn& column, const LeafColumn& known) {
  std::uint64_t total = 0;
  std::string list = "[";
  std::string counts;
  for (const auto& [code, count] : known.codes) {
    total += count;
    (list.size() > 1 ? list += ", " : list) += yaml_scalar(code);
    (counts.empty() ? counts : counts += ", ") += grouped(count);
  }
  // Of few values nobody knows that there are no others.
  if (known.codes.size() < 2 || total < 20 || total < known.codes.size() * 5) return;
  column.words.push_back(draft_word("one_of", list + ']'));
  column.words.back().note = counts + " ×";
}

}  // namespace trama
