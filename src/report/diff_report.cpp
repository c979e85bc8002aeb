#include "report/diff_report.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/phrase_codes.h"
#include "base/version.h"
#include "report/html_page.h"
#include "report/json_out.h"
#include "report/report_line.h"
#include "report/row_table.h"

namespace trama {
namespace {

using Code = PhraseCode;
using State = Diff::State;

constexpr std::size_t kIndent = 4;
constexpr std::size_t kValueCharacters = 60;
constexpr std::size_t kShownColumns = 20;
constexpr std::size_t kMarkdownExamples = 3;
constexpr std::size_t kShownReasons = 3;

constexpr std::array<std::string_view, 5> kStateNames = {"written", "rejected", "skipped",
                                                         "duplicate", "not_reached"};
constexpr std::array<Code, 5> kStateWords = {Code::diff_written, Code::diff_rejected,
                                             Code::diff_skipped, Code::diff_duplicate,
                                             Code::diff_not_reached};

/// A kind of change with its examples, in words: what the text and the Markdown show.
struct Section {
  std::string title;
  std::uint64_t records = 0;
  struct Example {
    std::string record;
    std::string before;
    std::string after;
  };
  std::vector<Example> examples;
};

class Sections {
 public:
  Sections(const Diff& diff, const DiffFacts& facts, Language language)
      : words_(language), several_inputs_(facts.inputs.size() > 1) {
    for (const Diff::Move& move : diff.moves) add(move);
    if (diff.other_rows > 0) add_rows(diff);
    for (const Diff::Column& column : diff.columns) {
      if (columns_++ < kShownColumns) add(column);
    }
    if (diff.other_reasons > 0) add_reasons(diff);
  }

  [[nodiscard]] const std::vector<Section>& all() const noexcept { return all_; }
  /// Columns that have no section.
  [[nodiscard]] std::size_t more_columns() const noexcept {
    return columns_ - std::min(columns_, kShownColumns);
  }

 private:
  void add(const Diff::Move& move) {
    const auto word = [this](State state) {
      return words_(kStateWords[static_cast<std::size_t>(state)]);
    };
    Section& section =
        begin(words_(Code::diff_move, {word(move.before), word(move.after)}), move.records);
    for (const Diff::Move::Example& example : move.examples) {
      const bool was = move.before == State::rejected;
      section.examples.push_back({shown(example.record), was ? reasons(example.reasons) : "",
                                  was ? "" : reasons(example.reasons)});
    }
  }

  void add(const Diff::Column& column) {
    Section& section = begin(
        column.name.empty() ? words_(Code::diff_rest) : words_(Code::diff_column, {column.name}),
        column.records);
    for (const Diff::Value& value : column.examples) {
      std::string record = shown(value.record);
      if (value.row > 0) record += ", " + words_(Code::row_number, {grouped(value.row)});
      section.examples.push_back({std::move(record), shown(value.before), shown(value.after)});
    }
  }

  void add_rows(const Diff& diff) {
    Section& section = begin(words_(Code::diff_other_rows), diff.other_rows);
    for (const Diff::RowCount& example : diff.row_examples)
      section.examples.push_back({shown(example.record), words_.counted(Code::rows, example.before),
                                  words_.counted(Code::rows, example.after)});
  }

  void add_reasons(const Diff& diff) {
    Section& section = begin(words_(Code::diff_other_reasons), diff.other_reasons);
    for (const Diff::Reasons& example : diff.reason_examples)
      section.examples.push_back(
          {shown(example.record), reasons(example.before), reasons(example.after)});
  }

  Section& begin(std::string title, std::uint64_t records) {
    all_.push_back({std::move(title), records, {}});
    return all_.back();
  }

  /// "S-101 (record 2)".
  [[nodiscard]] std::string shown(const Diff::Record& record) const {
    const std::string place =
        several_inputs_ ? words_(Code::run_record_of, {grouped(record.number), record.input})
                        : words_(Code::report_record, {grouped(record.number)});
    return record.id.empty() ? place : shortened(record.id, kValueCharacters) + " (" + place + ')';
  }

  [[nodiscard]] std::string shown(const Cell& cell) const {
    switch (cell.kind) {
      case Kind::missing:
        return '(' + words_(Code::report_missing) + ')';
      case Kind::null:
        return '(' + words_(Code::report_null) + ')';
      case Kind::empty:
        return "\"\"";
      default: {
        std::string quoted;
        append_json_string(quoted, shortened(cell.text, kValueCharacters));
        return quoted;
      }
    }
  }

  [[nodiscard]] static std::string reasons(const std::vector<Diff::Reason>& reasons) {
    std::string all;
    for (std::size_t i = 0; i < std::min(reasons.size(), kShownReasons); ++i) {
      if (i > 0) all += "; ";
      all += reasons[i].code;
      if (!reasons[i].where.empty()) all += ' ' + reasons[i].where;
      if (!reasons[i].what.empty()) all += ": " + reasons[i].what;
    }
    return reasons.size() > kShownReasons ? all + "; …" : all;
  }

  const ReportWords words_;
  const bool several_inputs_;
  std::vector<Section> all_;
  std::size_t columns_ = 0;
};

/// "no longer there: A; new: B", or nothing.
std::string columns_of(const Diff& diff, const ReportWords& words) {
  std::string all;
  const auto add = [&all](const std::string& one) { (all.empty() ? all : all += "; ") += one; };
  if (!diff.columns_gone.empty()) add(words(Code::diff_columns_gone, {joined(diff.columns_gone)}));
  if (!diff.columns_new.empty()) add(words(Code::diff_columns_new, {joined(diff.columns_new)}));
  if (diff.columns_moved) add(words(Code::diff_columns_moved));
  if (!all.empty()) all = words(Code::diff_columns) + ": " + all;
  for (const Diff::Type& type : diff.types)
    add(words(Code::diff_type, {type.column, type.after, type.before}));
  if (!diff.output.empty()) add(words(Code::diff_output, {joined(diff.output)}));
  return all;
}

std::string verdict(const Diff& diff, const ReportWords& words) {
  const std::string records = words.counted(Code::records, diff.records);
  return diff.changed == 0 ? words(Code::diff_same, {records})
                           : words(Code::diff_changed, {grouped(diff.changed), records});
}

std::string inputs_of(const DiffFacts& facts, Language language) {
  std::string all;
  for (const Phrase& input : facts.inputs)
    (all.empty() ? all : all += " + ") += say(language, input);
  return all;
}

/// Text that Markdown and HTML take for nothing but itself, and no one is mentioned by.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    const bool mark = std::string_view("&<>|`*_[]~\\@#!:$").find(c) != std::string_view::npos;
    if (mark)
      out += "&#" + std::to_string(int{c}) + ';';
    else
      out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  return text.empty() ? std::string() : "<code>" + escaped(text) + "</code>";
}

/// A record that moved has one side alone.
void examples(HtmlPage& page, const Section& section) {
  if (section.examples.empty()) return;
  const ReportWords& words = page.words();
  HtmlTable table(
      page.out(), "changes",
      {{words(Code::diff_which)}, {words(Code::diff_before)}, {words(Code::diff_after)}});
  for (const Section::Example& example : section.examples) {
    table.row();
    table.head().text(example.record).close();
    for (const std::string& text : {example.before, example.after})
      if (text.empty())
        table.cell({});
      else
        table.cell().element("code", text).close();
  }
  table.end(words);
}

void add_record(JsonOut& json, const Diff::Record& record) {
  json.key("input").text(record.input);
  json.key("record").number(record.number);
  if (!record.id.empty()) json.key("id").text(record.id);
}

void add_names(JsonOut& json, std::string_view key, const std::vector<std::string>& names) {
  json.key(key).open('[');
  for (const std::string& name : names) json.text(name);
  json.close(']');
}

void add_reasons(JsonOut& json, std::string_view key, const std::vector<Diff::Reason>& reasons) {
  json.key(key).open('[');
  for (const Diff::Reason& reason : reasons) {
    json.open('{').key("code").text(reason.code);
    if (!reason.where.empty()) json.key("where").text(reason.where);
    json.key("message").text(reason.what).close('}');
  }
  json.close(']');
}

/// A text; null where it is null; nothing where it is missing.
void add_cell(JsonOut& json, std::string_view key, const Cell& cell) {
  if (cell.kind == Kind::missing) return;
  json.key(key);
  if (cell.kind == Kind::null)
    json.null();
  else
    json.text(cell.text);
}

void add_columns(JsonOut& json, const Diff& diff) {
  json.key("columns").open('[');
  for (const Diff::Column& column : diff.columns) {
    json.open('{');
    if (!column.name.empty()) json.key("name").text(column.name);
    json.key("records").number(column.records).key("rows").number(column.rows);
    json.key("examples").open('[');
    for (const Diff::Value& value : column.examples) {
      json.open('{');
      add_record(json, value.record);
      if (value.row > 0) json.key("row").number(value.row);
      add_cell(json, "before", value.before);
      add_cell(json, "after", value.after);
      json.close('}');
    }
    json.close(']').close('}');
  }
  json.close(']');
}

void add_moves(JsonOut& json, const Diff& diff) {
  json.key("moves").open('[');
  for (const Diff::Move& move : diff.moves) {
    json.open('{').key("before").text(kStateNames[static_cast<std::size_t>(move.before)]);
    json.key("after").text(kStateNames[static_cast<std::size_t>(move.after)]);
    json.key("records").number(move.records).key("examples").open('[');
    for (const Diff::Move::Example& example : move.examples) {
      json.open('{');
      add_record(json, example.record);
      add_reasons(json, "reasons", example.reasons);
      json.close('}');
    }
    json.close(']').close('}');
  }
  json.close(']');
}

}  // namespace

std::string diff_text(const Diff& diff, const DiffFacts& facts, Language language) {
  const ReportWords words(language);
  std::string out = visible(facts.before) + " -> " + visible(facts.after) + '\n' +
                    visible(inputs_of(facts, language)) + '\n' + verdict(diff, words) + '\n';
  if (const std::string columns = columns_of(diff, words); !columns.empty())
    out += '\n' + visible(columns) + '\n';
  const Sections sections(diff, facts, language);
  for (const Section& section : sections.all()) {
    out +=
        '\n' + visible(section.title) + ": " + words.counted(Code::records, section.records) + '\n';
    for (const Section::Example& example : section.examples) {
      std::string text = example.before;
      if (!example.after.empty()) text += (text.empty() ? "" : " -> ") + example.after;
      const std::string line = visible(example.record + (text.empty() ? "" : "  " + text));
      std::size_t indent = kIndent;
      for (const std::string& part : wrap_words(line, kReportColumns - 2 * kIndent)) {
        out.append(indent, ' ').append(part) += '\n';
        indent = 2 * kIndent;
      }
    }
  }
  if (sections.more_columns() > 0)
    out += '\n' + words.counted(Code::diff_more_columns, sections.more_columns()) + '\n';
  return out;
}

std::string diff_markdown(const Diff& diff, const DiffFacts& facts, Language language) {
  const ReportWords words(language);
  std::string out = "### " + code(facts.before) + " → " + code(facts.after) + "\n\n**" +
                    escaped(verdict(diff, words)) + "** (" + code(inputs_of(facts, language)) +
                    ")\n";
  if (const std::string columns = columns_of(diff, words); !columns.empty())
    out += '\n' + code(columns) + '\n';
  const Sections sections(diff, facts, language);
  if (sections.all().empty()) return out;
  out += "\n|  | " + words(Code::diff_records) + " |\n|---|---:|\n";
  for (const Section& section : sections.all())
    out += "| " + code(section.title) + " | " + grouped(section.records) + " |\n";
  if (sections.more_columns() > 0)
    out += '\n' + words.counted(Code::diff_more_columns, sections.more_columns()) + '\n';
  out += "\n<details><summary>" + words(Code::diff_examples) + "</summary>\n\n|  | " +
         words(Code::diff_which) + " | " + words(Code::diff_before) + " | " +
         words(Code::diff_after) + " |\n|---|---|---|---|\n";
  for (const Section& section : sections.all())
    for (std::size_t i = 0; i < std::min(section.examples.size(), kMarkdownExamples); ++i) {
      const Section::Example& example = section.examples[i];
      out += "| " + (i == 0 ? code(section.title) : std::string()) + " | " + code(example.record) +
             " | " + code(example.before) + " | " + code(example.after) + " |\n";
    }
  return out + "\n</details>\n";
}

std::string diff_html(const Diff& diff, const DiffFacts& facts, Language language) {
  const ReportWords words(language);
  HtmlPage page(facts.before + " → " + facts.after, language);
  page.lead(inputs_of(facts, language));
  page.verdict(verdict(diff, words));
  page.lead(columns_of(diff, words));
  if (diff.records > 0)
    balance_bar(page.out(), verdict(diff, words),
                {{words(Code::html_same), diff.records - diff.changed, Tone::quiet},
                 {words(Code::html_different), diff.changed, Tone::warning}},
                words);
  const Sections sections(diff, facts, language);
  if (sections.all().empty()) return page.end();
  page.section(words(Code::html_differs));
  std::vector<Bar> bars;
  for (const Section& section : sections.all())
    bars.push_back({section.title, section.records, {}});
  bar_chart(page.out(), words(Code::html_differs), bars, Tone::warning, words, bars.size());
  if (sections.more_columns() > 0)
    page.note(words.counted(Code::diff_more_columns, sections.more_columns()));
  page.section(words(Code::diff_examples));
  for (const Section& section : sections.all()) {
    page.out().open("h3").text(section.title).text(" ");
    page.out().element("small", words.counted(Code::records, section.records)).close();
    examples(page, section);
  }
  return page.end();
}

std::string diff_json(const Diff& diff, const DiffFacts& facts) {
  JsonOut json;
  json.open('{').key("trama").text(version());
  json.key("before").text(facts.before).key("after").text(facts.after);
  json.key("inputs").open('[');
  for (const Phrase& input : facts.inputs) json.text(say(Language::en, input));
  json.close(']');
  json.key("records").number(diff.records).key("changed").number(diff.changed);
  add_names(json, "columns_gone", diff.columns_gone);
  add_names(json, "columns_new", diff.columns_new);
  json.key("columns_moved").yes_or_no(diff.columns_moved);
  json.key("types").open('[');
  for (const Diff::Type& type : diff.types)
    json.open('{')
        .key("column")
        .text(type.column)
        .key("before")
        .text(type.before)
        .key("after")
        .text(type.after)
        .close('}');
  json.close(']');
  add_names(json, "output", diff.output);
  add_moves(json, diff);
  add_columns(json, diff);
  json.key("other_rows").open('{').key("records").number(diff.other_rows).key("examples").open('[');
  for (const Diff::RowCount& example : diff.row_examples) {
    json.open('{');
    add_record(json, example.record);
    json.key("before").number(example.before).key("after").number(example.after).close('}');
  }
  json.close(']').close('}');
  json.key("other_reasons").open('{').key("records").number(diff.other_reasons);
  json.key("examples").open('[');
  for (const Diff::Reasons& example : diff.reason_examples) {
    json.open('{');
    add_record(json, example.record);
    add_reasons(json, "before", example.before);
    add_reasons(json, "after", example.after);
    json.close('}');
  }
  json.close(']').close('}').close('}');
  return json.take() + '\n';
}

}  // namespace trama
