// `trama preview`

#include <unistd.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "engine/preview.h"
#include "plan/output_type.h"
#include "report/diagnostics_text.h"
#include "report/report_line.h"
#include "report/row_table.h"
#include "report/shown_text.h"
#include "report/words.h"
#include "run/dump_tables.h"
#include "run/run_facts.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kMaxRows = 1000;
struct PreviewOptions {
  std::string mapping;
  std::string input;
  std::size_t rows = 20;
  std::vector<std::string> columns;  // none: all
  std::int64_t now = 0;
  std::string root;
  Language language = Language::en;
};

/// What a cell shows for a blank, and the word that explains it.
struct BlankMark {
  Kind kind;
  std::string_view mark;
  PhraseCode word;
};
constexpr BlankMark kBlankMarks[] = {
    {Kind::missing, "·", PhraseCode::report_missing},
    {Kind::null, "∅", PhraseCode::report_null},
    {Kind::empty, "\"\"", PhraseCode::report_empty},
};

/// The type as the mapping says it, else what it comes to.
std::string type_of(const Mapping& mapping, const OutputColumn& column) {
  if (!column.columns.empty()) return "list";
  for (const Column& said : mapping.columns)
    if (said.name.text == column.name && said.type.stated()) return said.type.text;
  return std::string(kind_name(column.type.kind));
}

/// A preview as a text for people.
class PreviewText {
 public:
  /// `columns`: which of the output's, in the order that is shown.
  PreviewText(const LoadedMapping& loaded, const PreviewOptions& options,
              const std::vector<std::size_t>& columns, std::size_t width)
      : width_(std::max(width, kMinTableWidth)),
        loaded_(loaded),
        names_(summary_names(*loaded.plan, loaded.run)),
        options_(options),
        columns_(columns) {}

  std::string text(const Preview& preview) {
    table_.id_name = say(PhraseCode::cli_preview_id);
    for (const std::size_t i : columns_) {
      const OutputColumn& column = loaded_.plan->output.columns[i];
      table_.columns.push_back(
          {column.name, type_of(loaded_.mapping, column), column.type.kind == Kind::decimal});
    }
    for (const PreviewRecord& record : preview.records) add(record);
    return fit_width(options_.mapping + " + " + options_.input, width_) + "\n\n" +
           row_table_text(table_, width_, options_.language) + '\n' + end_of(preview);
  }

 private:
  [[nodiscard]] std::string say(PhraseCode code, std::vector<Phrase> values = {}) const {
    return trama::say(options_.language, Phrase(code, std::move(values)));
  }
  [[nodiscard]] std::string counted(PhraseCode code, std::uint64_t n) const {
    return say(code, {grouped(n)});
  }

  void add(const PreviewRecord& record) {
    using State = PreviewRecord::State;
    const std::size_t before = table_.lines.size();
    for (const std::vector<Cell>& row : record.rows) {
      table_.lines.emplace_back();
      for (const std::size_t i : columns_) table_.lines.back().cells.push_back(shown(row[i]));
    }
    if (record.rows.empty() || record.more_rows > 0) {
      const std::uint64_t alike = record.last - record.first + 1;
      table_.lines.emplace_back().text =
          record.more_rows > 0 ? counted(PhraseCode::cli_preview_more_rows, record.more_rows)
          : record.state == State::written   ? counted(PhraseCode::rows, 0)
          : record.state == State::skipped   ? counted(PhraseCode::report_skipped, alike)
          : record.state == State::duplicate ? counted(PhraseCode::report_duplicates, alike)
                                             : rejected(*record.reject);
    }
    table_.lines[before].number = std::to_string(record.first);
    if (record.last > record.first)
      table_.lines[before].number += "–" + std::to_string(record.last);
    table_.lines[before].id = record.id;
    std::vector<RowTable::Remark>& remarks = table_.lines.back().remarks;
    if (record.reject)
      for (const ShownReject::Error& error : record.reject->errors)
        remarks.push_back(remark(error));
    for (const Summary::Warning& warning : record.warnings) remarks.push_back(remark(warning));
  }

  std::string shown(const Cell& cell) {
    for (const BlankMark& blank : kBlankMarks)
      if (blank.kind == cell.kind) {
        marked_[cell.kind] = true;
        return std::string(blank.mark);
      }
    return cell.text;
  }

  [[nodiscard]] std::string rejected(const ShownReject& reject) const {
    return say(PhraseCode::report_rejected) + ", " +
           counted(PhraseCode::report_error_count, reject.errors.size() + reject.more_errors);
  }

  [[nodiscard]] RowTable::Remark remark(const ShownReject::Error& error) const {
    ErrorWords words = words_of(error, names_, options_.language, options_.input);
    RowTable::Remark remark{std::move(words.code), std::move(words.where), {}};
    for (std::string* text : {&words.what, &words.hint, &words.more, &words.column_message})
      if (!text->empty()) remark.texts.push_back(std::move(*text));
    if (!words.item.empty())
      remark.texts.push_back(say(PhraseCode::report_in_item, {std::move(words.item)}));
    if (!words.mapping_at.empty()) remark.texts.push_back(std::move(words.mapping_at));
    return remark;
  }

  [[nodiscard]] RowTable::Remark remark(const Summary::Warning& warning) const {
    const std::string count =
        warning.tally.count > 1 ? " × " + grouped(warning.tally.count) : std::string();
    WarningWords words = words_of(warning, names_, options_.language, count);
    RowTable::Remark remark{std::move(words.code),
                            std::move(words.where),
                            {say(PhraseCode::report_warning) + ": " + words.message}};
    if (!words.column_message.empty()) remark.texts.push_back(std::move(words.column_message));
    return remark;
  }

  /// How far it was read, what became of the records, and what else there is to say.
  [[nodiscard]] std::string end_of(const Preview& preview) const {
    const Summary& s = preview.summary;
    using End = Preview::End;
    std::string out = counted(preview.end == End::part      ? PhraseCode::cli_preview_part
                              : preview.end == End::whole   ? PhraseCode::cli_preview_whole
                              : preview.end == End::stopped ? PhraseCode::cli_preview_stopped
                                                            : PhraseCode::cli_preview_unreadable,
                              s.read) +
                      ": " + counted(PhraseCode::report_written, s.written);
    if (s.rows != s.written) out += " (" + counted(PhraseCode::rows, s.rows) + ')';
    for (const auto& [code, count] : {std::pair(PhraseCode::report_rejected_count, s.rejected),
                                      std::pair(PhraseCode::report_skipped, s.skipped),
                                      std::pair(PhraseCode::report_duplicates, s.duplicates)})
      if (count > 0) out += ", " + counted(code, count);
    out += '\n';
    std::string legend;
    for (const BlankMark& blank : kBlankMarks)
      if (marked_.contains(blank.kind))
        legend += (legend.empty() ? "" : "   ") + std::string(blank.mark) + ' ' + say(blank.word);
    if (!legend.empty()) out += legend + '\n';
    const auto& duplicates = loaded_.plan->duplicates;
    if (duplicates && duplicates->keep != PlanDuplicates::Keep::first)
      out += say(PhraseCode::cli_preview_duplicates, {loaded_.mapping.duplicates.keep.text}) + '\n';
    for (const Alert& alert : preview.never_found) {
      const std::string text = std::string(name(alert.code)) + "  " + alert.where + "  " +
                               trama::say(options_.language, alert.message());
      for (const std::string& line : wrap_words(text, width_)) out += line + '\n';
    }
    return out;
  }

  const std::size_t width_;
  const LoadedMapping& loaded_;
  const SummaryNames names_;
  const PreviewOptions& options_;
  const std::vector<std::size_t>& columns_;
  RowTable table_;
  std::map<Kind, bool> marked_;  // blanks that are shown
};

/// The columns of --columns, as indexes of the output's.
Result<std::vector<std::size_t>> columns_of(const Plan& plan, const PreviewOptions& options) {
  std::vector<std::size_t> columns;
  const std::vector<OutputColumn>& all = plan.output.columns;
  if (options.columns.empty())
    for (std::size_t i = 0; i < all.size(); ++i) columns.push_back(i);
  for (const std::string& name : options.columns) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&name](const OutputColumn& c) { return c.name == name; });
    if (found == all.end()) {
      std::vector<std::string_view> known;
      for (const OutputColumn& column : all) known.push_back(column.name);
      const std::string_view near = nearest(name, known);
      std::vector<Phrase> told{Phrase(PhraseCode::cli_no_column, {options.mapping, name})};
      if (!near.empty()) told.insert(told.end(), {"; ", Phrase(PhraseCode::did_you_mean, {near})});
      return Failure{FailureCode::usage, {Phrase::several(std::move(told))}};
    }
    columns.push_back(static_cast<std::size_t>(found - all.begin()));
  }
  return columns;
}

int show_preview(const PreviewOptions& options) {
  LoadedMapping loaded = load_mapping(options.mapping, options.root);
  show(Screen::err, render_text(loaded.diagnostics, loaded.files, options.language));
  if (!loaded.plan) return static_cast<int>(Exit::mapping);
  Result<std::vector<std::size_t>> columns = columns_of(*loaded.plan, options);
  if (!columns.ok()) return exit_of(columns.failure(), options.language);
  const OpenSource open = [&] {
    return Source::open({options.input}, DumpTables::options(*loaded.plan, loaded.run.source));
  };
  Result<Preview> made = preview(loaded, options.input, open, options.rows, options.now);
  if (!made.ok()) return exit_of(made.failure(), options.language);
  const Preview& preview = made.value();
  if (!preview.trouble || !preview.records.empty())
    show(Screen::out,
         PreviewText(loaded, options, columns.value(), columns_of(Screen::out, kReportColumns))
             .text(preview));
  return preview.trouble ? exit_of(shown_failure(*preview.trouble, *loaded.plan), options.language)
                         : 0;
}

class PreviewCommand final : public Subcommand {
 public:
  PreviewCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    options_.language = languages.screen;
    app.add_option("MAPPING", options_.mapping, help(PhraseCode::cli_run_mapping))
        ->required()
        ->type_name("");
    app.add_option("INPUT", options_.input, help(PhraseCode::cli_preview_input))
        ->required()
        ->type_name("");
    app.add_option("--rows", options_.rows, help(PhraseCode::cli_preview_rows))->type_name("N");
    app.add_option("--columns", columns_, help(PhraseCode::cli_preview_columns))->type_name("A,B");
    app.add_option("--at", at_, help(PhraseCode::cli_preview_at))->type_name("TIME");
    app.add_option("--root", options_.root, help(PhraseCode::cli_root))->type_name("DIR");
  }

  Phrase check() override {
    if (options_.rows == 0 || options_.rows > kMaxRows)
      return {PhraseCode::cli_preview_rows_range, {grouped(kMaxRows)}};
    if (options_.input == "-" && ::isatty(STDIN_FILENO) != 0) return PhraseCode::cli_stdin_terminal;
    for (std::string_view left = columns_; !left.empty();) {
      const std::size_t comma = std::min(left.find(','), left.size());
      if (comma > 0) options_.columns.emplace_back(left.substr(0, comma));
      left.remove_prefix(std::min(comma + 1, left.size()));
    }
    return read_at(at_, options_.now);
  }

  int run(const std::string& /*command_line*/) override { return show_preview(options_); }

 private:
  PreviewOptions options_;
  std::string columns_;
  std::string at_;
};

}  // namespace

constinit const SubcommandSpec kPreviewCommand{
    .name = "preview",
    .summary = PhraseCode::cli_preview_summary,
    .footer = PhraseCode::cli_preview_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<PreviewCommand>(app, languages);
    },
};

}  // namespace trama
