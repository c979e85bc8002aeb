#include "engine/docs.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/phrase_codes.h"
#include "engine/cells.h"
#include "engine/explain.h"
#include "engine/trace.h"
#include "mapping/paths.h"
#include "report/report_line.h"
#include "run/dump_tables.h"
#include "step/args.h"
#include "step/specs.h"
#include "value/dates.h"
#include "value/format.h"

namespace trama {
namespace {

using Code = PhraseCode;
using Example = Explanation::Example;
using Form = TracedValue::Form;
using Item = Explanation::Item;
using LineKind = TraceLine::Kind;
using Part = Explanation::Part;

constexpr std::size_t kExampleValues = 6;

/// The best example of each column among the records of the tests: one that the record has the value of
/// before one that the mapping gives.
class Examples {
 public:
  Examples(LoadedMapping& loaded, const std::string& root, const ReportWords& words,
           const StopFlag& stop)
      : loaded_(loaded), plan_(*loaded.plan), root_(root), words_(words), stop_(stop) {}

  Result<void> find() {
    for (const Test& test : loaded_.mapping.tests) {
      if (is_complete()) break;
      Result<void> read = look_at(test);
      if (!read.ok() && read.failure().code == FailureCode::interrupted) return read;
    }
    return {};
  }

  void give(std::vector<Item>& columns) {
    for (Item& item : columns) {
      const auto found = found_.find(item.column);
      if (found != found_.end()) item.example = std::move(found->second.example);
      give(item.items);
    }
  }

 private:
  struct Found {
    Example example;
    bool is_from_record = false;
  };

  [[nodiscard]] bool is_complete() const {
    return found_.size() == plan_.columns.size() &&
           std::all_of(found_.begin(), found_.end(),
                       [](const auto& one) { return one.second.is_from_record; });
  }

  /// A test whose records cannot be read has no examples; `trama test` says why.
  Result<void> look_at(const Test& test) {
    TraceOptions options;
    options.language = words_.language();
    options.stop = &stop_;
    if (test.at.stated())
      read_instant(test.at.text, options.now);
    else if (!plan_.today_zones.empty())
      return {};
    OpenSource open;
    if (!test.given.stated()) {
      if (!plan_.travelling_table().empty()) return {};
      options.input = "given";
      open = [&]() -> Result<std::unique_ptr<Source>> {
        SourceOptions lines;
        lines.format = InputFormat::ndjson;
        return source_of_text(test.given_json, "given", lines);
      };
    } else {
      Phrase why_not;
      struct stat about{};
      if (!resolve(loaded_.run.path, test.given.text, root_, options.input, why_not)) return {};
      if (::stat(options.input.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
      open = [&] {
        return Source::open({options.input}, DumpTables::options(plan_, loaded_.run.source));
      };
    }
    std::size_t records = 0;
    return trace_each(loaded_, lines_, options, open, [&](const Trace& record) {
      take(record);
      return ++records < kExampleRecords && !is_complete();
    });
  }

  void take(const Trace& record) {
    if (record.state != Trace::State::written) return;
    for (const TracedColumn& column : record.columns) take(column, record);
  }

  void take(const TracedColumn& column, const Trace& record) {
    for (const TracedColumn& inner : column.columns) take(inner, record);
    if (column.failed || column.left_out) return;
    const auto known = found_.find(column.name);
    if (known != found_.end() && known->second.is_from_record) return;
    Found made;
    if (!make(column, record, made)) return;
    if (known == found_.end() || made.is_from_record) found_[column.name] = std::move(made);
  }

  /// False where there is nothing to show.
  bool make(const TracedColumn& column, const Trace& record, Found& out) const {
    if (column.value.form == Form::blank || column.value.form == Form::none) return false;
    const auto is_hidden = [](const TracedValue& value) { return value.form == Form::hidden; };
    bool hides = column.personal || is_hidden(column.value);
    bool is_given = false;
    bool has_blank = false;
    for (const TraceLine& line : column.lines) {
      hides = hides || is_hidden(line.value);
      is_given = is_given || (line.kind == LineKind::given && line.label.starts_with("when_"));
      if (line.kind == LineKind::read) {
        has_blank = has_blank || line.value.form == Form::blank;
        if (line.value.form != Form::blank) add(out.example, line.label, line.value);
      }
      for (const TraceLine::Operand& operand : line.operands) {
        hides = hides || is_hidden(operand.value);
        if (operand.value.form == Form::blank || is_read(column, operand)) continue;
        add(out.example, operand.name, operand.value);
      }
    }
    out.is_from_record = hides || (!is_given && !(has_blank && out.example.before.empty()));
    if (hides) {
      out.example = {.is_hidden = true};
      return true;
    }
    out.example.after = after(column, record);
    return true;
  }

  /// Whether it is told as what was read already: `source.status` of a condition.
  static bool is_read(const TracedColumn& column, const TraceLine::Operand& operand) {
    constexpr std::string_view kSource = "source.";
    return operand.name.starts_with(kSource) &&
           std::any_of(column.lines.begin(), column.lines.end(), [&](const TraceLine& line) {
             return line.kind == LineKind::read &&
                    line.label == std::string_view(operand.name).substr(kSource.size());
           });
  }

  /// Several values of one path are one line.
  void add(Example& example, const std::string& path, const TracedValue& value) const {
    if (value.form == Form::none) return;
    const std::string text = shown_value(value, words_);
    const auto same =
        std::find_if(example.before.begin(), example.before.end(),
                     [&path](const Example::Read& read) { return read.path == path; });
    if (same == example.before.end()) {
      if (example.before.size() < kExampleValues) example.before.push_back({path, text});
    } else if (same->value.size() + text.size() < kCellBytes) {
      same->value += ", " + text;
    } else if (!same->value.ends_with("…")) {
      same->value += ", …";
    }
  }

  /// As the row has it; of a column that is in no row, its value.
  [[nodiscard]] std::string after(const TracedColumn& column, const Trace& record) const {
    const auto place = std::find(record.row_columns.begin(), record.row_columns.end(), column.name);
    if (place != record.row_columns.end() && column.row <= record.rows.size())
      return record
          .rows[column.row - 1][static_cast<std::size_t>(place - record.row_columns.begin())]
          .text;
    return column.value.form == Form::quoted ? column.value.text
                                             : shown_value(column.value, words_);
  }

  LoadedMapping& loaded_;
  const Plan& plan_;
  const std::string& root_;
  const ReportWords& words_;
  const StopFlag& stop_;
  const TableLines lines_;  // none: places of entries are not told
  std::map<std::string, Found> found_;
};

/// The tables of a mapping, each with its first entries.
class Tables {
 public:
  Tables(const LoadedMapping& loaded, const ReportWords& words)
      : mapping_(loaded.mapping), plan_(*loaded.plan), words_(words) {
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
      const PlanColumn& column = plan_.columns[i];
      if (column.money && table_of(column.money->rates_name) != nullptr)
        by_column_[column.name].push_back(column.money->rates_name);
      for (const auto* const steps : {&column.parts, &column.steps, &column.finish, &column.checks})
        for (const PlanStep& step : *steps)
          if (step.spec == &kLookup) note(static_cast<const LookupArgs&>(*step.args), i);
    }
  }

  /// Says of each column which tables it is looked up in.
  void give(std::vector<Item>& columns) const {
    for (Item& item : columns) {
      const auto found = by_column_.find(item.column);
      if (found != by_column_.end()) item.tables = found->second;
      give(item.items);
    }
  }

  [[nodiscard]] std::vector<Item> items() const {
    std::vector<Item> all;
    for (const Table& table : mapping_.tables) {
      bool is_used = false;
      for (const Used& used : used_) {
        if (table_of(used.args->table_name) != &table) continue;
        is_used = true;
        all.push_back(item(used.args->table_name, table, &used));
      }
      if (!is_used) all.push_back(item(table.name.text, table, nullptr));
    }
    // Of a lookup in a column its sentence has the first entries.
    for (const Used& used : used_) {
      const LookupTable* const entries = used.args->table.get();
      if (table_of(used.args->table_name) != nullptr || entries == nullptr) continue;
      if (entries->size() > kShownPairs)
        all.push_back(
            item(words_(Code::docs_table_of, {plan_.columns[used.column].name}), {}, &used));
    }
    return all;
  }

 private:
  struct Used {
    const LookupArgs* args;
    std::size_t column;  // the first that uses it
    bool is_personal;
  };

  /// Of a table with several values each has a name of its own: "hoteles.nombre".
  [[nodiscard]] const Table* table_of(std::string_view name) const {
    const auto found =
        std::find_if(mapping_.tables.begin(), mapping_.tables.end(), [name](const Table& one) {
          return name == one.name.text || name.starts_with(one.name.text + '.');
        });
    return found == mapping_.tables.end() ? nullptr : &*found;
  }

  void note(const LookupArgs& args, std::size_t column) {
    if (table_of(args.table_name) != nullptr)
      by_column_[plan_.columns[column].name].push_back(args.table_name);
    const bool is_personal = is_hidden(plan_, column);
    const auto known = std::find_if(used_.begin(), used_.end(), [&args](const Used& used) {
      return used.args->table_name == args.table_name;
    });
    if (known == used_.end())
      used_.push_back({&args, column, is_personal});
    else
      known->is_personal = known->is_personal || is_personal;
  }

  [[nodiscard]] Item item(const std::string& name, const Table& table, const Used* used) const {
    Item item{.name = name};
    if (table.kind.text == "rates") item.kind = words_(Code::docs_rates);
    if (table.file.stated())
      item.sentences.push_back(words_(Code::docs_in_file, {own(table.file.text)}));
    else if (table.inside.stated())
      item.sentences.push_back(words_(Code::docs_in_dump, {own(table.inside.text)}));
    else
      item.sentences.push_back(words_(Code::docs_in_mapping));
    if (used == nullptr) return item;
    if (used->args->dated) item.sentences.push_back(words_(Code::docs_by_day));
    if (!used->args->table) return item;
    item.sentences.push_back(words_.counted(Code::docs_entries, used->args->table->size()));
    if (used->is_personal)
      item.sentences.push_back(words_(Code::docs_entries_hidden));
    else
      add_entries(*used->args->table, item);
    return item;
  }

  static void add_entries(const LookupTable& table, Item& item) {
    const std::size_t listed = std::min(table.size(), kListedEntries);
    for (std::size_t i = 0; i < listed; ++i) {
      std::string key;
      for (const char c : shortened(table.shown(i), kCellBytes / 2))
        if (c == kBetweenKeyParts)
          key += " / ";
        else
          key += c;
      item.entries.push_back({std::move(key), shortened(table.entry(i).value(), kCellBytes / 2)});
    }
    item.more_entries = table.size() - listed;
  }

  const Mapping& mapping_;
  const Plan& plan_;
  const ReportWords& words_;
  std::vector<Used> used_;  // by names, in the order of the columns
  std::map<std::string, std::vector<std::string>> by_column_;
};

Explanation::Section versions(const LoadedMapping& loaded, const ReportWords& words) {
  Explanation::Section section{Part::versions, words(Code::docs_versions)};
  section.sentences.push_back(words(Code::docs_language, {loaded.mapping.version.text}));
  if (loaded.mapping.extends.stated())
    section.sentences.push_back(words(Code::docs_extends, {own(loaded.mapping.extends.text)}));
  section.sentences.push_back(words(Code::docs_digest, {own(loaded.run.sha256)}));
  section.sentences.push_back(words(Code::docs_history));
  return section;
}

}  // namespace

Result<Explanation> document(LoadedMapping& loaded, const std::string& root, Language language,
                             const StopFlag& stop) {
  const ReportWords words(language);
  Explanation told = explain(loaded, language);
  told.title = loaded.mapping.name.text;
  Examples examples(loaded, root, words, stop);
  TRAMA_TRY_VOID(examples.find());
  const auto columns =
      std::find_if(told.sections.begin(), told.sections.end(),
                   [](const Explanation::Section& one) { return one.part == Part::columns; });
  examples.give(columns->items);
  columns->sentences.push_back(
      words(loaded.mapping.tests.empty() ? Code::docs_no_tests : Code::docs_examples_note));
  const Tables tables(loaded, words);
  tables.give(columns->items);
  if (std::vector<Item> items = tables.items(); !items.empty())
    told.sections.insert(
        columns + 1,
        {.part = Part::tables, .title = words(Code::docs_tables), .items = std::move(items)});
  told.sections.push_back(versions(loaded, words));
  return told;
}

}  // namespace trama
