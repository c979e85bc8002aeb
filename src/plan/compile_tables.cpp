// Lookup tables: written in the mapping, read from their files, or in the dump.
// Rates are in compile_rates.cpp.

#include <algorithm>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "mapping/odd_characters.h"
#include "mapping/path.h"
#include "mapping/paths.h"
#include "mapping/source_text.h"
#include "mapping/table_file.h"
#include "plan/compiler.h"
#include "plan/table_lines.h"
#include "step/unicode.h"

namespace trama {
namespace {

/// What an entry of a table takes beside its texts:
/// itself, its places in the hash table and in the mapping.
constexpr std::size_t kBytesOfEntry = 96;
constexpr std::size_t kBytesOfDatedEntry = 400;

std::string joined(std::span<const std::string> parts) {
  if (parts.size() == 1) return parts.front();  // looked up as the value stands
  std::string key;
  for (std::size_t i = 0; i < parts.size(); ++i) append_key_part(key, i == 0, parts[i]);
  return key;
}

enum class EntryPlace : std::uint8_t { line_of_its_own, in_braces, unclear };

/// How the entry whose key is at `span` is written in a YAML or JSON text.
/// What an alias repeats is written elsewhere.
EntryPlace entry_place(std::string_view text, const Span& span) {
  std::size_t line = 0;
  for (std::uint32_t n = 1; n < span.line && line != std::string_view::npos; ++n) {
    line = text.find('\n', line);
    if (line != std::string_view::npos) ++line;
  }
  if (line == std::string_view::npos) return EntryPlace::unclear;
  std::size_t at = line;
  for (std::uint32_t n = 1; n < span.column && at < text.size(); ++n) next_code_point(text, at);
  if (at >= text.size() || text[at] == '*') return EntryPlace::unclear;
  const std::size_t before = text.substr(0, at).find_last_not_of(" \t\n");
  const char c = before == std::string_view::npos ? '\0' : text[before];
  if (c == '{' || c == ',') return EntryPlace::in_braces;
  const bool alone = text.substr(line, at - line).find_first_not_of(' ') == std::string_view::npos;
  return alone ? EntryPlace::line_of_its_own : EntryPlace::unclear;
}

/// A CSV cell, with quotes where it needs them beside any separator.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of("\",;\t|") == std::string::npos && trim(text) == text) return text;
  std::string cell = "\"";
  for (const char c : text) cell.append(c == '"' ? 2 : 1, c);
  return cell + '"';
}

std::string_view separator_of(const Text& written) noexcept {
  return written.text == "\\t" ? std::string_view("\t") : std::string_view(written.text);
}

std::string shown(std::span<const std::string> parts) {
  std::string key;
  for (std::size_t i = 0; i < parts.size(); ++i) key += (i > 0 ? " / " : "") + parts[i];
  return key;
}

}  // namespace

void Compiler::tables() {
  for (const Table& table : mapping_.tables) {
    tables_.push_back({.table = &table, .entries = {}, .exact = {}, .folded = {}, .rates = {}});
    read_table(tables_.back());
  }
}

/// Reads a file that the mapping names, relative to the file that names it, through the mapping's
/// own reader; it is kept in Files for messages.
bool Compiler::open_named(const Text& file, std::uint32_t& index) {
  std::string resolved;
  Phrase problem;
  const std::string named =
      as_named_by(input_.path, input_.files.files[file.span.file].name, file.text);
  if (!resolve(input_.path, named, input_.root, resolved, problem)) {
    error(DiagnosticCode::path_outside, file.span, {file.text, problem});
    return false;
  }
  std::string content;
  if (!input_.reader.read(resolved, content, problem)) {
    error(DiagnosticCode::file_unreadable, file.span,
          {file.text, problem, Phrase(PhraseCode::looked_for_at, {resolved})});
    return false;
  }
  index = static_cast<std::uint32_t>(input_.files.files.size());
  input_.files.files.push_back({resolved, without_mark_and_cr(content)});
  return true;
}

/// Characters that only look right, in the cells of a table in a file; what is in quotes is meant.
void Compiler::check_characters(const TableFile::Row& row, Diagnostics& diagnostics) {
  for (const Text& cell : row.cells) {
    if (cell.quoted) continue;
    const OddCharacter odd = odd_in_mapping(cell.text);
    if (!odd.message.empty())
      wrong_characters_.add(DiagnosticCode::character_odd, cell.span, {odd.message, odd.help},
                            diagnostics);
  }
}

/// Rates, or pairs.
bool Compiler::load(const Text& file, const Text& separator, TableFile& out) {
  std::uint32_t index = 0;
  if (!open_named(file, index)) return false;
  const Files::File& table = input_.files.files[index];
  const bool read = read_table_file(table.text, table.name, index, separator_of(separator),
                                    table_memory_, out, diagnostics_);
  table_memory_ -= std::min(table_memory_, out.bytes);
  return read;
}

/// Goes through a CSV of lookups once, for what is wrong with it, and notes its header. What is in it
/// is taken line by line when a column of it is looked up, so that a large one is not held twice.
bool Compiler::prove_lines(CompiledTable& table) {
  const Table& written = *table.table;
  std::uint32_t index = 0;
  if (!open_named(written.file, index)) return false;
  const std::string& text = input_.files.files[index].text;
  Diagnostics characters;
  wrong_characters_ = {};
  const auto look_at = [&](const TableFile::Row& row) {
    check_characters(row, characters);
    return true;
  };
  if (!read_table_rows(text, index, separator_of(written.separator), table.header, look_at,
                       diagnostics_))
    return false;
  diagnostics_.insert(diagnostics_.end(), characters.begin(), characters.end());
  table.file = index;
  table_memory_ -= std::min(table_memory_, text.size());
  return true;
}

/// Of what tables may take in all. False (and told) where there is not so much left.
bool Compiler::take_memory(std::size_t bytes, const Span& span) {
  if (bytes <= table_memory_) {
    table_memory_ -= bytes;
    return true;
  }
  error(DiagnosticCode::table_memory, span, {std::to_string(input_.memory >> 20U) + " MiB"});
  return false;
}

void Compiler::read_table(CompiledTable& table) {
  const Table& written = *table.table;
  const bool rates = written.kind.view() == "rates";
  // A cell in quotes may hold the separator as a mark; without them it is a cell too many.
  const std::string decimals = written.decimal_mark.stated() ? written.decimal_mark.text : ".";
  if (written.thousands_mark.stated() && written.thousands_mark.text == decimals) {
    error(DiagnosticCode::marks_alike, written.thousands_mark.span, {});
    table.right = false;
    return;
  }
  if (written.inside.stated()) {
    rates ? inside_rates(table) : inside(table);
    return;
  }
  table.of_properties = !rates && written.file.stated() && !is_pairs_file(written.file.text) &&
                        !written.value.stated() && !written.key.empty();
  if (written.file.stated() && !rates && !is_pairs_file(written.file.text)) {
    table.right = prove_lines(table);
    if (table.right && !table.of_properties) lookup_entries(table, table, written.value);
    return;
  }
  if (written.file.stated()) {
    TableFile file;
    if (!load(written.file, written.separator, file)) {
      table.right = false;
      return;
    }
    if (rates) return rate_entries(table, file);
    wrong_characters_ = {};
    for (const TableFile::Row& row : file.rows) {
      check_characters(row, diagnostics_);
      table.entries.push_back({{row.cells[0].text}, row.cells[1].text, row.cells[0].span});
    }
  } else if (rates) {
    error(DiagnosticCode::key_missing, written.span,
          {Phrase(PhraseCode::the_table, {written.name.text}), "file",
           PhraseCode::rates_are_in_a_csv});
    table.right = false;
    return;
  } else {
    for (const Pair& pair : written.pairs)
      table.entries.push_back({{pair.key.text}, pair.value.text, pair.key.span});
  }
  check_entries(table);
}

/// A path of keys and of places in lists, as keys from the top.
bool Compiler::keys_of(const Path& path, KeyPath& keys) {
  for (const Path::Step& step : path.steps) {
    const bool key = step.kind == Path::StepKind::key;
    if (!key && (step.kind != Path::StepKind::index || step.index < 0)) {
      error(DiagnosticCode::path_invalid, path.span,
            {path.text, PhraseCode::it_must_lead_to_one_value});
      return false;
    }
    keys.push_back(key ? step.key : std::to_string(step.index));
  }
  return true;
}

bool Compiler::keys_of(const Text& text, KeyPath& keys) {
  Path path;
  Phrase problem;
  std::size_t at = 0;
  path.span = text.span;
  if (parse_path(text.text, path, problem, at)) return keys_of(path, keys);
  error(DiagnosticCode::path_invalid, text.span, {text.text, problem});
  return false;
}

static bool leads_to(const KeyPath& from, const KeyPath& to) {
  return from.size() <= to.size() && std::equal(from.begin(), from.end(), to.begin());
}

/// What is outside the records can only be found where they have a place of their own
/// in a document.
PhraseCode Compiler::why_not_beside_records(const KeyPath& keys) const {
  const Mapping::Input& in = mapping_.input;
  KeyPath records;
  for (const Path::Step& step : in.records.steps) {
    if (step.kind == Path::StepKind::key) records.push_back(step.key);
    if (step.kind == Path::StepKind::index) records.push_back(std::to_string(step.index));
  }
  return in.format.view() == "ndjson" ? PhraseCode::every_line_is_a_record
         : records.empty()            ? PhraseCode::the_whole_file_is_records
         : leads_to(records, keys)    ? PhraseCode::it_leads_into_the_records
         : leads_to(keys, records)    ? PhraseCode::it_holds_the_records_themselves
                                      : PhraseCode::none;
}

void Compiler::check_count_path(const Path& path) {
  KeyPath keys;
  if (!keys_of(path, keys)) return;
  if (const PhraseCode why_not = why_not_beside_records(keys); why_not != PhraseCode::none)
    error(DiagnosticCode::count_not_beside, path.span, {path.text, why_not});
}

bool Compiler::stands_beside_records(const Path& path, const KeyPath& keys) {
  const PhraseCode why_not = why_not_beside_records(keys);
  if (why_not != PhraseCode::none)
    error(DiagnosticCode::table_not_beside, path.span, {path.text, why_not});
  return why_not == PhraseCode::none;
}

/// A table that travels in the dump: the run reads it from each input,
/// here is only said where it is.
void Compiler::inside(CompiledTable& table) {
  const Table& written = *table.table;
  table.in_dump = true;
  table.dump.name = written.name.text;
  table.dump.path = written.inside.text;
  table.right = keys_of(written.inside, table.dump.keys) &&
                stands_beside_records(written.inside, table.dump.keys);
  for (const Text& key : written.key) {
    table.dump.key.emplace_back();
    table.right = keys_of(key, table.dump.key.back()) && table.right;
  }
  if (written.value.stated()) table.right = keys_of(written.value, table.dump.value) && table.right;
  table.dump.first_counts = written.repeated.view() == "first";
  table.of_properties = !written.key.empty() && !written.value.stated();
  table.key_parts = std::max<std::size_t>(1, written.key.size());
}

/// Where the table of a lookup is written, and how.
void Compiler::note_home(const CompiledTable& table, const std::string& name,
                         std::uint32_t lookup) {
  Plan::LookupHome& noted = plan_->lookup_tables[lookup];
  noted.home.name = name;
  if (table.in_dump) noted.home.form = TableHome::Form::dump;
  const std::vector<Span>& spans = table.spans;
  if (table.in_dump || table.dated || spans.empty()) return;
  const auto later = [](const Span& a, const Span& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  };
  const Span last = *std::max_element(spans.begin(), spans.end(), later);
  if (last.line == 0 || last.file >= input_.files.files.size()) return;
  if (!table.line.empty()) {
    noted.home.form = TableHome::Form::csv;
    noted.home.line = table.line;
  } else {
    const Files::File& file = input_.files.files[last.file];
    const bool json = file.name.ends_with(".json");
    const EntryPlace entry = entry_place(file.text, last);
    if (entry == EntryPlace::unclear) return;
    if (json || entry == EntryPlace::in_braces) {
      noted.home.form = json ? TableHome::Form::json : TableHome::Form::flow;
      noted.home.line = ", {1}: ";
    } else {
      noted.home.form = TableHome::Form::block;
      noted.home.line = std::string(last.column - 1, ' ') + "{1}:";
    }
  }
  noted.last = place(last);
}

/// Of a run whose tables travel in the dump.
void Compiler::note_read_twice() {
  if (plan_->travelling_table().empty())
    plan_->notes.emplace_back(PhraseCode::run_read_twice_tables);
}

/// The step of a lookup; its table is in the plan, or comes with each input.
PlanStep Compiler::lookup_step(std::shared_ptr<LookupArgs> args, CompiledTable& table,
                               std::uint32_t at) {
  note_home(table, args->table_name, at);
  if (table.dated) {
    args->dated = dated_of(table, args->ignore_case);
    PlanStep made = step(kLookup, std::move(args), at);
    made.fn = lookup_by_day;
    return made;
  }
  if (!table.in_dump) {
    args->table = lookup_of(table, args->ignore_case);
    return step(kLookup, std::move(args), at);
  }
  std::vector<PlanDumpTable>& all = plan_->dump_tables;
  const auto same = std::find_if(all.begin(), all.end(), [&](const PlanDumpTable& one) {
    return one.name == table.dump.name && one.ignore_case == args->ignore_case;
  });
  args->dump_table = static_cast<std::size_t>(same - all.begin());
  if (same == all.end()) {
    note_read_twice();
    all.push_back(table.dump);
    all.back().ignore_case = args->ignore_case;
  }
  PlanStep made = step(kLookup, std::move(args), at);
  made.fn = lookup_in_dump;
  return made;
}

/// The entries of a CSV. `file`: the table that was proved to be right, or `table` itself;
/// `value_name`: the column that the lookup gives.
void Compiler::lookup_entries(CompiledTable& table, const CompiledTable& file,
                              const Text& value_name) {
  const Table& written = *table.table;
  if (written.key.empty()) {
    error(DiagnosticCode::key_missing, written.span,
          {Phrase(PhraseCode::the_table, {written.name.text}), "key",
           PhraseCode::the_name_of_a_column});
    table.right = false;
    return;
  }
  std::vector<std::size_t> keys;
  table.key_parts = written.key.size();
  for (const Text& key : written.key) {
    keys.push_back(column_of(file.header, key, diagnostics_));
    if (keys.back() == SIZE_MAX && file.header.size() == 1) break;  // told once
  }
  const bool told = file.header.size() == 1 && keys.back() == SIZE_MAX;
  const std::size_t value = told ? SIZE_MAX : column_of(file.header, value_name, diagnostics_);
  if (value == SIZE_MAX || std::find(keys.begin(), keys.end(), SIZE_MAX) != keys.end()) {
    table.right = false;
    return;
  }
  std::vector<std::pair<std::size_t, const Text*>> only;
  for (const Pair& pair : written.source)
    only.emplace_back(column_of(file.header, pair.key, diagnostics_), &pair.value);
  const std::string separator = written.separator.stated() ? written.separator.text : ",";
  for (std::size_t i = 0; i < file.header.size(); ++i) {
    if (i > 0) table.line += separator == "\\t" ? "\t" : separator;
    const auto key = std::find(keys.begin(), keys.end(), i);
    const auto same = std::find_if(only.begin(), only.end(),
                                   [i](const auto& column) { return column.first == i; });
    if (key != keys.end())
      table.line += '{' + std::to_string(key - keys.begin() + 1) + '}';
    else if (i == value)
      table.line += '?';
    else if (same != only.end())
      table.line += csv_cell(same->second->text);
  }
  std::size_t days[2] = {SIZE_MAX, SIZE_MAX};
  if (written.valid_from.stated())
    days[0] = column_of(file.header, written.valid_from, diagnostics_);
  if (written.valid_to.stated()) days[1] = column_of(file.header, written.valid_to, diagnostics_);
  const bool by_day = written.valid_from.stated() || written.valid_to.stated();
  if (by_day) {
    table.dated = std::make_shared<DatedLookup>();
    table.right = table.right && read_days_as(written) &&
                  (days[0] != SIZE_MAX || !written.valid_from.stated()) &&
                  (days[1] != SIZE_MAX || !written.valid_to.stated());
    if (!table.right) return;
  }
  LinesWithoutKey without_key;
  if (!by_day) table.exact = std::make_shared<LookupTable>();
  std::vector<std::string> parts(keys.size());
  const auto take = [&](const TableFile::Row& row) {
    for (const auto& [column, text] : only)
      if (column == SIZE_MAX || row.cells[column].text != text->text) return true;
    bool blank = false;  // a key of which a part is blank is not looked up
    std::size_t bytes = by_day ? kBytesOfDatedEntry : kBytesOfEntry;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      parts[i] = row.cells[keys[i]].text;
      blank = blank || parts[i].empty();
      bytes += parts[i].size();
    }
    const std::string& gives = row.cells[value].text;
    const Span& span = row.cells[keys[0]].span;
    if (!take_memory(bytes + gives.size(), span)) {
      table.right = false;
      return false;
    }
    if (by_day) {
      CompiledTable::Entry entry{parts, gives, span};
      if (!days_of_line(row, days, entry)) {
        table.right = false;
        return true;
      }
      if (!blank) table.entries.push_back(std::move(entry));
    } else if (!blank) {
      return add_entry(table, parts, gives, span);
    }
    if (blank) without_key.add(span);
    return true;
  };
  Diagnostics none;  // it was proved
  std::vector<Text> header;
  read_table_rows(input_.files.files[*file.file].text, *file.file, separator_of(written.separator),
                  header, take, none);
  without_key.tell(diagnostics_);
  if (by_day) check_dated(table);
}

/// How the days of a table are read: `table_days_`.
bool Compiler::read_days_as(const Table& table) {
  wrong_dates_ = {};
  table_days_ = nullptr;
  std::vector<Text> formats = table.days.read;
  if (!table.days.has("read")) {
    if (!table.days.has("months") && !table.days.has("two_digit_years")) return true;
    formats.push_back({.text = "YYYY-MM-DD", .span = table.span});
  }
  if (formats.empty()) return false;  // they are wrong, which is told
  table_days_ = std::make_shared<DateArgs>();
  const std::size_t before = diagnostics_.size();
  day_formats(table.days, formats, *table_days_);
  return diagnostics_.size() == before;
}

/// `valid_from` and `valid_to` of a line; a blank is no bound.
bool Compiler::days_of_line(const TableFile::Row& row, const std::size_t (&columns)[2],
                            CompiledTable::Entry& entry) {
  Date* const days[2] = {&entry.from, &entry.to};
  *days[0] = date_of({1, 1, 1});
  *days[1] = date_of({9999, 12, 31});
  for (int i = 0; i < 2; ++i) {
    if (columns[i] == SIZE_MAX) continue;
    const Text& cell = row.cells[columns[i]];
    if (cell.text.empty() || read_day(cell.text, table_days_.get(), *days[i])) continue;
    wrong_dates_.add(DiagnosticCode::rate_date_wrong, cell.span,
                     {cell.text, table_days_ ? table_days_->shown : std::string("YYYY-MM-DD")},
                     diagnostics_);
    return false;
  }
  return true;
}

/// Without `valid_to` a line holds until the next one of its key begins.
static void end_at_the_next(std::vector<CompiledTable::Entry>& entries) {
  std::vector<CompiledTable::Entry*> in_order;
  for (CompiledTable::Entry& entry : entries) in_order.push_back(&entry);
  std::stable_sort(in_order.begin(), in_order.end(), [](const auto* a, const auto* b) {
    return a->key != b->key ? a->key < b->key : a->from.days < b->from.days;
  });
  for (std::size_t i = 1; i < in_order.size(); ++i) {
    CompiledTable::Entry& before = *in_order[i - 1];
    const CompiledTable::Entry& next = *in_order[i];
    if (before.key == next.key && before.from.days < next.from.days)
      before.to = Date{next.from.days - 1};
  }
}

/// Where a line of a table by day is written.
void Compiler::note_line(const DatedLookup& table, const std::string& key,
                         const CompiledTable::Entry& entry) {
  bool known = false;
  if (input_.lines != nullptr)
    input_.lines->entries[table.find(key, entry.from, known)] = entry.span;
}

/// The lines of a table by day.
void Compiler::check_dated(CompiledTable& table) {
  const bool until_the_next = table.table != nullptr && !table.table->valid_to.stated();
  if (until_the_next) end_at_the_next(table.entries);
  constexpr int kMostTold = 5;
  int told = 0;
  for (const CompiledTable::Entry& entry : table.entries) {
    Date day;
    const bool turned = entry.to.days < entry.from.days;
    if (!turned && table.dated->add(joined(entry.key), entry.from, entry.to, entry.value, day)) {
      note_line(*table.dated, joined(entry.key), entry);
      continue;
    }
    table.right = false;
    if (++told > kMostTold) {
      error(DiagnosticCode::table_many_problems, entry.span, {});
      return;
    }
    std::string shown_day;
    append_plain(shown_day, Value::date(turned ? entry.from : day), {});
    const bool ever = !turned && day == date_of({1, 1, 1});
    error(DiagnosticCode::table_days_wrong, entry.span,
          {shown(entry.key), ever ? Phrase(PhraseCode::without_a_first_day) : Phrase(shown_day),
           turned           ? PhraseCode::the_line_ends_before_it_begins
           : until_the_next ? PhraseCode::two_lines_begin_on_one_day
                            : PhraseCode::two_lines_hold_on_one_day});
  }
}

/// Those of a table that is written in the mapping, or of pairs.
void Compiler::check_entries(CompiledTable& table) {
  table.exact = std::make_shared<LookupTable>();
  for (const CompiledTable::Entry& entry : table.entries)
    if (!add_entry(table, entry.key, entry.value, entry.span)) break;
  table.entries.clear();
}

/// An entry of a table that is the same on all days. False where so much is wrong that no more is told.
bool Compiler::add_entry(CompiledTable& table, std::span<const std::string> key,
                         std::string_view value, const Span& span) {
  constexpr int kMostTold = 5;
  LookupTable& exact = *table.exact;
  const bool one = key.size() == 1;
  if (one && trim(key.front()).empty())
    unreachable(key, span, PhraseCode::a_blank_is_not_looked_up, PhraseCode::what_a_blank_becomes);
  if (one ? exact.add(key.front(), value) : exact.add(joined(key), value, shown(key))) {
    table.spans.push_back(span);
    if (input_.lines != nullptr) input_.lines->entries[&exact.entry(exact.size() - 1)] = span;
    return true;
  }
  const Table* const written = table.table;
  if (written != nullptr && written->repeated.view() == "first") return true;
  table.right = false;
  if (++table.told > kMostTold) {
    error(DiagnosticCode::table_many_problems, span, {});
    return false;
  }
  const bool in_csv =
      written != nullptr && written->file.stated() && !is_pairs_file(written->file.text);
  error(DiagnosticCode::table_key_repeated, span,
        {shown(key), std::to_string(table.spans[exact.place(joined(key))].line),
         in_csv ? PhraseCode::or_choose_lines : PhraseCode::none});
  return true;
}

/// Of a composite key the parts, as joined() wrote them.
static void split_key(std::string_view key, std::size_t count, std::vector<std::string>& parts) {
  parts.resize(count);
  if (count == 1) {
    parts[0] = key;
    return;
  }
  split_key_parts(key, parts);
}

void Compiler::each_entry(const CompiledTable& table, const TakeEntry& take) {
  for (const CompiledTable::Entry& entry : table.entries)  // by day
    if (!take(entry.key, entry.value, entry.span)) return;
  if (!table.exact) return;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < table.exact->size(); ++i) {
    const LookupTable::Entry& entry = table.exact->entry(i);
    split_key(entry.key(), table.key_parts, parts);
    if (!take(parts, entry.value(), table.spans[i])) return;
  }
}

std::shared_ptr<DatedLookup> Compiler::dated_of(CompiledTable& table, bool ignore_case) {
  if (!ignore_case || table.dated_folded) return ignore_case ? table.dated_folded : table.dated;
  table.dated_folded = std::make_shared<DatedLookup>();
  for (const CompiledTable::Entry& entry : table.entries) {
    Date day;
    const std::string key = fold_case(joined(entry.key));
    if (table.dated_folded->add(key, entry.from, entry.to, entry.value, day))
      note_line(*table.dated_folded, key, entry);
    else
      error(DiagnosticCode::table_key_folds, entry.span, {shown(entry.key)});
  }
  return table.dated_folded;
}

std::shared_ptr<LookupTable> Compiler::lookup_of(CompiledTable& table, bool ignore_case) {
  if (!ignore_case || !table.exact) return table.exact;
  if (table.folded) return table.folded;
  table.folded = std::make_shared<LookupTable>();
  const bool first_counts = table.table != nullptr && table.table->repeated.view() == "first";
  const LookupTable& exact = *table.exact;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const LookupTable::Entry& entry = exact.entry(i);
    if (table.folded->add(fold_case(entry.key()), entry.value(), exact.shown(i))) {
      if (input_.lines != nullptr)
        input_.lines->entries[&table.folded->entry(table.folded->size() - 1)] = table.spans[i];
    } else if (!first_counts) {
      error(DiagnosticCode::table_key_folds, table.spans[i], {std::string(exact.shown(i))});
    }
  }
  return table.folded;
}

/// `hoteles.zona`: the column of a table that has no `value`; null where there is no such table.
CompiledTable* Compiler::find_property(const Text& name) {
  for (CompiledTable& table : tables_) {
    const std::string& of = table.table->name.text;
    const bool in_dump = table.in_dump && !table.table->value.stated();
    if ((!table.of_properties && !in_dump) || !name.text.starts_with(of + ".")) continue;
    table.used = true;
    if (!in_dump && !table.right) return &table;  // what is wrong with it is told
    const auto known = properties_.find(name.text);
    if (known != properties_.end()) return &known->second;
    CompiledTable& made = properties_[name.text];
    made.table = table.table;
    Text column = name;
    column.text = name.text.substr(of.size() + 1);
    if (in_dump) {
      made.in_dump = true;
      made.dump = table.dump;
      made.dump.name = name.text;
      made.key_parts = table.key_parts;
      made.right = table.right && keys_of(column, made.dump.value);
    } else {
      lookup_entries(made, table, column);
    }
    return &made;
  }
  return nullptr;
}

/// The table of that name; null (and a diagnostic) where there is none,
/// or where it is of the other kind.
CompiledTable* Compiler::find_table(const Text& name, bool rates) {
  std::vector<std::string_view> known;
  for (CompiledTable& table : tables_) {
    if (table.table->name.text == name.text) {
      table.used = true;
      const bool is_rates = table.table->kind.view() == "rates";
      if (is_rates != rates) {
        error(
            DiagnosticCode::table_kind, name.span,
            {name.text, is_rates ? PhraseCode::one_of_exchange_rates : PhraseCode::a_lookup_table});
        return nullptr;
      }
      if (table.of_properties) {
        error(DiagnosticCode::key_missing, name.span,
              {Phrase(PhraseCode::the_table, {name.text}), "value",
               Phrase(PhraseCode::or_name_its_column, {name.text})});
        return nullptr;
      }
      return &table;
    }
    known.push_back(table.table->name.text);
  }
  if (CompiledTable* const of_column = rates ? nullptr : find_property(name)) return of_column;
  const std::string_view near = nearest(name.text, known);
  Phrase help(PhraseCode::tables_are_defined);
  for (const CompiledTable& table : tables_) {
    if (!near.empty() && table.table->name.text == near)
      help = {PhraseCode::did_you_mean_the_table,
              {near, std::to_string(table.table->name.span.line)}};
  }
  error(DiagnosticCode::table_unknown, name.span, {name.text, help});
  return nullptr;
}

}  // namespace trama
