#include <algorithm>

#include "infer/builder.h"
#include "infer/names.h"
#include "infer/trade_words.h"
#include "infer/yaml_text.h"
#include "report/shown_text.h"

namespace trama {
namespace {

constexpr std::size_t kMaxTail = 40;  // notes at the end

}  // namespace

void DraftBuilder::input() {
  const RecordsOf& records = options_.found;
  std::string format;
  std::string path = options_.records;
  if (path.empty()) {
    for (const std::string& key : records.keys) path = path_below(path, key);
    if (records.entries) path += "{*}";
  }
  if (!path.empty()) {
    format = "json";
  } else if (!profile_.samples.empty()) {
    const SampleRecord& first = profile_.samples.front();
    const bool lines = first.text.find('\n') != std::string::npos;
    if (first.place.column > 1 || lines)
      format = "json";
    else if (first.byte == 0)
      format = "ndjson";
  }
  if (!format.empty()) draft_.input.push_back(draft_word("format", format));
  if (!path.empty()) draft_.input.push_back(draft_word("records", yaml_scalar(path)));
  if (const std::string id = id_of(); !id.empty())
    draft_.input.push_back(draft_word("id", yaml_scalar(id)));
  if (!options_.json_in_text.empty())
    draft_.input.push_back(draft_word("json_in_text", one_or_list(options_.json_in_text)));
  if (const std::vector<std::string> lists = lists_that_are_read(); !lists.empty())
    draft_.input.push_back(draft_word("as_list", one_or_list(lists)));
  if (!null_words_.empty())
    draft_.input.push_back(draft_word("null_words", one_or_list(std::vector<std::string>(
                                                        null_words_.begin(), null_words_.end()))));
  if (!is_wanted()) draft_.input.push_back(draft_word("fields_nobody_uses", "warn"));
}

/// Of the paths that are lists only by `as_list`, those that some column goes through.
std::vector<std::string> DraftBuilder::lists_that_are_read() const {
  std::set<const PathNode*> read;
  const auto add = [&read](const PathNode* at) {
    for (; at != nullptr && read.insert(at).second; at = at->parent) {
    }
  };
  for (const Rows& one : rows_) add(one.list);
  add_reads(draft_.columns, add);
  std::vector<std::string> paths;
  for (const auto& [node, path] : as_list_)
    if (read.contains(node)) paths.push_back(path);
  return paths;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as a draft
template <typename Add>
void DraftBuilder::add_reads(const std::vector<DraftColumn>& columns, const Add& add) {
  for (const DraftColumn& column : columns) {
    for (const PathNode* node : column.reads) add(node);
    add_reads(column.columns, add);
  }
}

/// The first field of the record that no two records share, best one that is called so.
std::string DraftBuilder::id_of() const {
  std::string best;
  int rank = 0;
  for (const DraftColumn& column : draft_.columns) {
    if (column.node == nullptr || scopes_.at(column.node) != nullptr || column.personal) continue;
    const PathProfile& seen = column.node->seen;
    const std::uint64_t records = record_->seen.of(JsonKind::object);
    const bool always = seen.count - seen.of(JsonKind::null) - seen.empty == records;
    if (!always || seen.values.repeated() || seen.values.distinct() * 10 < records * 9) continue;
    if (seen.of(JsonKind::boolean) > 0) continue;
    const Concepts of = concepts_of(column.node->name);
    int here = 0;
    if (of.has(Concept::reference)) here = 5;
    if (of.has(Concept::identity)) here = 6;
    if (column.path == "$key") here = 8;
    if (here == 0 && of.has_any(Concept::code, Concept::number, Concept::ticket)) here = 3;
    if (here == 0) continue;
    if (column.path.find('.') == std::string::npos) here += 1;
    if (here > rank) {
      rank = here;
      best = column.path;
    }
  }
  return best;
}

void DraftBuilder::output() {
  const bool nested = std::any_of(draft_.columns.begin(), draft_.columns.end(),
                                  [](const DraftColumn& c) { return !c.columns.empty(); });
  // Fields that no path can lead to go along as they are.
  const bool rest = !is_wanted() && !unplaced_.empty() && lists_that_are_read().empty();
  if (nested || options_.wanted.nested || rest)
    draft_.output.push_back(draft_word("format", "ndjson"));
  if (rest) draft_.output.push_back(draft_word("rest", "yes"));
  if (rest)
    std::erase_if(draft_.input,
                  [](const DraftWord& one) { return one.key == "fields_nobody_uses"; });
  // A record in which all is blank is else rejected.
  const bool filled =
      std::any_of(draft_.columns.begin(), draft_.columns.end(), [this](const DraftColumn& column) {
        if (column.node == nullptr || scopes_.at(column.node) != nullptr) return false;
        const std::uint64_t total =
            filled_forms(column.node->seen).total + column.node->seen.of(JsonKind::boolean);
        return total == std::max(record_->seen.of(JsonKind::object), std::uint64_t{1}) &&
               column.node->seen.values.exact();
      });
  if (!filled) draft_.output.push_back(draft_word("blank_rows", "keep"));
}

void DraftBuilder::head() {
  std::string inputs;
  for (std::size_t i = 0; i < options_.inputs.size() && i < 3; ++i)
    (inputs.empty() ? inputs : inputs += " + ") += options_.inputs[i];
  if (options_.inputs.size() > 3) inputs += " + …";
  const std::uint64_t records = record_->seen.count;
  draft_.head.push_back(
      say_(Code::infer_title, {yaml_note(inputs), say_.counted(Code::records, records)}));
  if (is_wanted())
    draft_.head.push_back(say_(Code::infer_like_title, {yaml_note(options_.wanted.name)}));
  if (const PathNode* const error = error_of(*record_)) {
    draft_.error = yaml_note(error->path());
    draft_.head.push_back(say_(Code::infer_error_answer, {draft_.error}));
  }
  draft_.head.push_back(say_(Code::infer_read_on));
  draft_.head.push_back(say_(count_decisions(draft_) > 0 ? Code::infer_read_on_decide
                                                         : Code::infer_read_on_no_decide));
}

void DraftBuilder::tail() {
  const RecordsOf& records = options_.found;
  std::vector<std::string> beside;
  for (const PathNode* node : records.beside) list_leaves(*node, beside);
  list_notes(Code::infer_beside_records, beside);
  list_notes(Code::infer_unplaced, unplaced_);
  if (profile_.values_beyond > 0)
    draft_.tail.push_back(say_(Code::infer_too_many_paths, {grouped(profile_.values_beyond)}));
}

void DraftBuilder::list_notes(Code title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  draft_.tail.push_back(say_(title));
  for (std::size_t i = 0; i < lines.size() && i < kMaxTail; ++i)
    draft_.tail.push_back("  " + yaml_note(lines[i]));
  if (lines.size() > kMaxTail) draft_.tail.push_back("  …");
}

/// Paths with what was seen there.
// NOLINTNEXTLINE(misc-no-recursion): records are at most 128 deep
void DraftBuilder::list_leaves(const PathNode& node, std::vector<std::string>& out) const {
  if (out.size() > kMaxTail) return;
  if (has_scalars(node)) {
    const Findings found = find(node, forms_);
    out.push_back(node.path() + "  " + leaves_.facts_of(node, found));
  } else if (node.members.empty() && !node.items && !node.is_folded()) {
    out.push_back(node.path());
  }
  for (const auto* below : {&node.key, &node.entries, &node.items})
    if (*below) list_leaves(**below, out);
  for (const auto& member : node.members) list_leaves(*member, out);
}

}  // namespace trama
