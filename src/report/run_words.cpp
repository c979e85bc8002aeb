#include "report/run_words.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "report/shown_text.h"

namespace trama {
namespace {

using Code = PhraseCode;

/// The command that runs rejects again.
constexpr std::string_view kReplay = "trama replay";

/// "rooms[2], row 3", as item_words() keeps it.
std::string item_again(std::string_view item, const ReportWords& words) {
  constexpr std::string_view kRow = "row ";
  const std::size_t at = item.rfind(kRow);
  const bool row = at != std::string_view::npos &&
                   (at == 0 || item.substr(0, at).ends_with(", ")) &&
                   item.find_first_not_of("0123456789", at + kRow.size()) == std::string_view::npos;
  if (!row) return shortened(item, 60);
  return shortened(
      std::string(item.substr(0, at)) + words(Code::row_number, {item.substr(at + kRow.size())}),
      60);
}

/// The lines that add values to the table of a lookup, and where they go.
void add_entries(UnknownWords& out, const TableHome& table,
                 std::span<const UnknownValues::Value> values, const ReportWords& words) {
  using Form = TableHome::Form;
  if (table.form == Form::unclear) return;
  if (table.form == Form::dump) {
    out.how = words(Code::report_table_in_dump, {table.name});
    return;
  }
  // "hotelera-andina.yaml:89:5"
  const std::size_t column = std::min(table.last.rfind(':'), table.last.size());
  const std::string_view place = std::string_view(table.last).substr(0, column);
  const std::size_t number = std::min(place.rfind(':'), place.size());
  const std::string_view file = place.substr(0, number);
  const bool in_braces = table.form == Form::flow || table.form == Form::json;
  for (const UnknownValues::Value& value : values) {
    const std::string one = line_to_add(table, value.text);
    if (one.empty() || visible(one) != one) continue;
    out.entries += one;
    if (!in_braces) out.entries += '\n';
  }
  if (out.entries.empty()) return;
  if (in_braces) out.entries.back() = '\n';  // a blank
  out.how = words(in_braces                 ? Code::report_add_in_braces
                  : table.form == Form::csv ? Code::report_add_to_csv
                                            : Code::report_add_below,
                  {file, place.substr(std::min(number + 1, place.size()))});
}

/// Rejects of a run that published nothing are no part of an output: they are not run again alone.
bool is_published(const RunFacts& facts) {
  return facts.output_state != "incomplete" && facts.exit != static_cast<int>(Exit::limits);
}

}  // namespace

std::string_view file_of(const RecordRef& at, const RunFacts& facts) noexcept {
  const std::vector<std::string>& files = facts.record_files();
  return at.source < files.size() ? std::string_view(files[at.source]) : std::string_view();
}

std::string record_words(const RecordRef& at, const RunFacts& facts, const ReportWords& words) {
  std::string record = words(Code::report_record, {grouped(at.record)});
  if (!at.id.empty()) record += ", " + shortened(at.id, 40);
  if (!at.item.empty()) record += ", " + item_again(at.item, words);
  const std::string_view file = file_of(at, facts);
  if (facts.names_files() && !file.empty()) return words(Code::report_record_of, {record, file});
  return record;
}

std::vector<ListedError> frequent_errors(const Summary& summary, const SummaryNames& names) {
  std::vector<ListedError> kinds = listed_errors(summary, names);
  std::stable_sort(kinds.begin(), kinds.end(), [](const ListedError& a, const ListedError& b) {
    return a.tally.count > b.tally.count;
  });
  return kinds;
}

std::vector<UnknownWords> unknown_words(const Summary& summary, const RunFacts& facts,
                                        const ReportWords& words, std::size_t most) {
  std::vector<UnknownWords> out;
  for (const auto& [key, those] : summary.unknown) {
    if (key.first >= facts.names.columns.size()) continue;
    UnknownWords& one = out.emplace_back();
    one.column = facts.names.columns[key.first];
    one.count = those.tally.count;
    one.hidden = those.hidden;
    const std::vector<UnknownValues::Value> values = those.values.most_frequent();
    const std::size_t shown = std::min(values.size(), most);
    std::uint64_t listed = 0;
    for (std::size_t i = 0; i < shown; ++i) {
      one.values.push_back({unknown_word(values[i].text), values[i].count});
      listed += values[i].count;
    }
    if (those.values.not_kept() == 0)
      one.more_values = values.size() - shown;
    else if (!those.hidden)
      one.other_counts = those.tally.count - listed;
    const auto table = facts.names.tables.find(key.second);
    if (table == facts.names.tables.end() || those.hidden) continue;
    add_entries(one, table->second, std::span(values).first(shown), words);
  }
  return out;
}

bool has_blanks(const ColumnCounts& counts) noexcept {
  return counts.missing + counts.null + counts.empty + counts.defaults + counts.wrong_not_rejected >
         0;
}

std::string operations_words(const Summary& summary, const ReportWords& words) {
  std::string list;
  for (std::size_t i = 0; summary.operations && i < kOperations; ++i) {
    const std::uint64_t count = (*summary.operations)[i];
    if (count == 0) continue;
    list += list.empty() ? "" : ", ";
    list += word_of(static_cast<Operation>(i));
    list += ' ' + grouped(count);
  }
  return list.empty() ? list : words(Code::report_operations, {list});
}

std::string load_words(const RunFacts& facts, const ReportWords& words) {
  if (!facts.load) return {};
  std::string list;
  for (const auto& [code, count] : {std::pair(Code::report_inserted, facts.load->inserted),
                                    std::pair(Code::report_updated, facts.load->updated),
                                    std::pair(Code::report_deleted, facts.load->deleted)}) {
    if (count == 0) continue;
    list += list.empty() ? "" : ", ";
    list += words(code, {grouped(count)});
  }
  if (list.empty()) list = words(Code::report_nothing_loaded);
  return words(Code::report_loaded, {facts.load->table, list});
}

RejectsAdvice rejects_advice(const Summary& summary, const RunFacts& facts) {
  using Kind = RejectsAdvice::Kind;
  if (summary.rejected == 0) return {};
  if (facts.exit == static_cast<int>(Exit::limits)) return {Kind::run_again, facts.command};
  if (facts.rejects.empty() || !facts.can_replay || !facts.rejects_stay || !is_published(facts))
    return {};
  std::string command = std::string(kReplay) + ' ' + file_word(facts.rejects) + " -m " +
                        file_word(facts.mapping_file);
  if (facts.load) command += " -o " + shell_word(facts.output);
  if (!facts.state.empty()) command += " --state " + file_word(facts.state);
  return {Kind::replay, std::move(command)};
}

std::string file_word(const std::string& name) {
  return shell_word(name.starts_with('-') ? "./" + name : name);
}

}  // namespace trama
