// A trace for people: what became of the record, then each column from its source to the row.
//
//   record 3  RB-1003 (line 3)                                              rejected, 1 error
//     LOOKUP_UNKNOWN  TipoHabitacion  "TPL" is not in the lookup of …    reservas.ndjson:3:120
//
//   TipoHabitacion  text
//     room_type_code          "TPL"                                      reservas.ndjson:3:120
//     lookup                  LOOKUP_UNKNOWN  "TPL" is not in the lookup of TipoHabitacion

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"
#include "json/personal_places.h"
#include "report/report_line.h"
#include "report/row_table.h"
#include "report/trace_report.h"

namespace trama {
namespace {

using Code = PhraseCode;
using Form = TracedValue::Form;
using LineKind = TraceLine::Kind;

constexpr std::size_t kValueColumn = 26;
constexpr std::size_t kIndent = 2;
constexpr std::size_t kLeastText = 24;  // columns that a value gets beside its place

class TraceText {
 public:
  TraceText(const Trace& trace, const TraceFacts& facts, Language language, std::size_t width)
      : trace_(trace), facts_(facts), words_(language), width_(std::max(width, kMinTableWidth)) {}

  std::string text() {
    out_ = fit_width(facts_.mapping + " + " + facts_.input, width_) + "\n\n";
    head();
    if (trace_.only && facts_.column.empty()) {
      heading(words_(Code::trace_only), 0);
      rule(*trace_.only);
    }
    columns();
    rules();
    rows();
    return std::move(out_);
  }

 private:
  // what became of it

  void head() {
    std::string record = words_(Code::report_record, {grouped(trace_.number)});
    if (!trace_.id.empty()) record += "  " + trace_.id;
    record += "  (" + words_(Code::report_line, {grouped(trace_.line)}) + ')';
    const std::string state = state_words();
    const std::size_t edge = width_ > columns_of_text(state) ? width_ - columns_of_text(state) : 0;
    std::string line = fit_width(record, edge > 4 ? edge - 2 : width_);
    line.append(columns_of_text(line) < edge ? edge - columns_of_text(line) : 2, ' ');
    out_ += line + state + '\n';
    for (const ErrorWords& error : trace_.errors) reason(error);
    if (trace_.more_errors > 0)
      lines(words_.counted(Code::report_more_errors, trace_.more_errors), {}, kIndent);
    for (const WarningWords& warning : trace_.warnings) {
      std::string text = words_(Code::report_warning) + ": " + warning.code + "  ";
      if (!warning.where.empty()) text += warning.where + "  ";
      lines(text + warning.message, {}, kIndent);
      lines(warning.column_message, {}, 3 * kIndent);
    }
    if (trace_.items_left_out > 0)
      lines(words_.counted(Code::report_items_left_out, trace_.items_left_out), {}, kIndent);
    using State = Trace::State;
    if (trace_.state == State::duplicate)
      lines(words_(Code::trace_duplicate, {trace_.why}), {}, kIndent);
    else if (trace_.state == State::skipped)
      lines(words_(skipped_by_only() ? Code::trace_skipped : Code::trace_no_rows), {}, kIndent);
    else if (trace_.columns.empty() && trace_.rows.empty() && facts_.column.empty() &&
             !skipped_by_only())
      lines(words_(Code::trace_not_mapped), {}, kIndent);
  }

  [[nodiscard]] bool skipped_by_only() const {
    return trace_.only && trace_.only->outcome != TracedRule::Outcome::holds;
  }

  [[nodiscard]] std::string state_words() const {
    using State = Trace::State;
    switch (trace_.state) {
      case State::written:
        return words_(Code::trace_rows,
                      {words_(Code::diff_written),
                       words_.counted(Code::rows, trace_.rows.size() + trace_.more_rows)});
      case State::rejected:
        return words_(
            Code::trace_errors,
            {words_(Code::diff_rejected),
             words_.counted(Code::report_error_count, trace_.errors.size() + trace_.more_errors)});
      case State::skipped:
        return words_(Code::diff_skipped);
      case State::duplicate:
        return words_(Code::diff_duplicate);
    }
    return {};
  }

  void reason(const ErrorWords& error) {
    std::string text = error.code + "  ";
    if (!error.where.empty()) text += error.where + "  ";
    lines(text + error.what, error.data_at, kIndent);
    std::string more = error.more;
    for (const std::string* const part : {&error.hint, &error.column_message})
      if (!part->empty()) more += (more.empty() ? "" : "; ") + *part;
    if (!error.item.empty())
      more += (more.empty() ? "" : "; ") + words_(Code::report_in_item, {error.item});
    if (!more.empty() || !error.mapping_at.empty()) lines(more, error.mapping_at, 3 * kIndent);
  }

  // columns

  void columns() {
    std::vector<const TracedColumn*> all;
    for (const TracedColumn& column : trace_.columns) all.push_back(&column);
    const auto group = [](const TracedColumn* c) {
      return std::pair(!c->of_record || c->left_out, c->left_out);
    };
    // once for the record, then row by row, in the order of the mapping
    std::stable_sort(all.begin(), all.end(),
                     [&group](const TracedColumn* a, const TracedColumn* b) {
                       if (group(a).first != group(b).first) return !group(a).first;
                       if (!group(a).first) return a->place < b->place;
                       return a->row < b->row;
                     });
    for (auto begin = all.begin(); begin != all.end();) {
      const TracedColumn& first = **begin;
      const auto end = std::find_if(begin, all.end(), [&](const TracedColumn* c) {
        return group(c) != group(&first) || (group(c).first && (c->row != first.row));
      });
      std::stable_sort(begin, end, [](const TracedColumn* a, const TracedColumn* b) {
        return a->place < b->place;
      });
      if (trace_.has_levels) group_heading(begin, end);
      for (; begin != end; ++begin) column(**begin, 0);
    }
    if (trace_.more_columns > 0)
      out_ += '\n' + words_.counted(Code::trace_more_traced, trace_.more_columns) + '\n';
  }

  template <typename At>
  void group_heading(At begin, At end) {
    const TracedColumn& first = **begin;
    if (first.of_record && !first.left_out) {
      heading(words_(Code::trace_of_record), 0);
      return;
    }
    std::string item;  // the innermost
    for (; begin != end; ++begin)
      if ((*begin)->item.size() > item.size()) item = (*begin)->item;
    std::string row = words_(Code::row_number, {std::to_string(first.row)});
    if (!item.empty()) row = words_(Code::trace_of_row, {row, item});
    if (first.left_out) row = words_(Code::trace_left_out, {item.empty() ? row : item});
    heading(row, 0);
  }

  void heading(const std::string& text, std::size_t depth) {
    out_ += '\n';
    lines("── " + text + " ──", {}, depth * kIndent);
  }

  void column(const TracedColumn& column, std::size_t depth) {
    out_ += '\n';
    std::string name = column.name + "  " + column.type;
    if (column.personal) name += ", " + words_(Code::trace_personal);
    if (column.internal) name += ", " + words_(Code::trace_internal);
    if (depth > 0 && !column.item.empty()) name = column.item + "  " + name;
    lines(name, {}, depth * kIndent);
    // Of an `each`, its list is read before its items are made.
    const std::size_t before = column.columns.empty() ? column.lines.size() : 1;
    for (std::size_t i = 0; i < column.lines.size(); ++i) {
      if (i == before) {
        for (const TracedColumn& child : column.columns) this->column(child, depth + 1);
        out_ += '\n';
      }
      add(column.lines[i], depth);
    }
    if (column.lines.size() <= before)
      for (const TracedColumn& child : column.columns) this->column(child, depth + 1);
    if (column.more_lines > 0)
      lines(words_.counted(Code::trace_more_lines, column.more_lines), {},
            depth * kIndent + kIndent);
  }

  void add(const TraceLine& line, std::size_t depth) {
    std::string label = line.label;
    std::string text = shown(line.value);
    switch (line.kind) {
      case LineKind::read:
      case LineKind::constant:
        break;
      case LineKind::step:
        if (!line.table.empty()) text = words_(Code::trace_entry, {text, line.table});
        break;
      case LineKind::condition:
      case LineKind::computed:
        if (line.kind == LineKind::condition) text = decided(line.value);
        if (line.operands.empty() && text.empty()) text = words_(Code::trace_not_tried);
        text += (text.empty() ? "" : "   ") + operands(line.operands);
        break;
      case LineKind::rate:
        label = words_(Code::trace_rate);
        text = line.detail.empty() ? std::string(kHidden) : line.detail;
        text = words_(Code::trace_entry, {text, line.table});
        break;
      case LineKind::amount:
        label = words_(Code::trace_amount);
        if (!line.detail.empty()) text += ' ' + line.detail;
        break;
      case LineKind::column:
        text += text.empty() ? line.detail : "  (" + line.detail + ')';
        break;
      case LineKind::given:
        if (!line.detail.empty()) text += "  (" + line.detail + ')';
        break;
      case LineKind::null_word:
        text = words_(Code::trace_null_word);
        break;
      case LineKind::note:
        label.clear();
        text = line.label + "  " + line.detail;
        break;
      case LineKind::warning:
      case LineKind::error:
        refused(line, depth);
        return;
      case LineKind::not_made:
        text = words_(Code::trace_not_made);
        break;
      case LineKind::written:
        label = words_(Code::trace_in_row);
        break;
    }
    labelled(label, text, line.at, depth);
  }

  void refused(const TraceLine& line, std::size_t depth) {
    const ErrorWords& words = *line.words;
    std::string code = words.code + "  ";
    if (line.kind == LineKind::warning) code = words_(Code::report_warning) + ": " + code;
    labelled(line.label, code + words.what, words.mapping_at, depth);
    for (const std::string* const part : {&words.more, &words.hint, &words.column_message})
      if (!part->empty()) lines(*part, {}, depth * kIndent + kValueColumn);
  }

  // values

  [[nodiscard]] std::string shown(const TracedValue& value) const {
    return shown_value(value, words_);
  }

  /// Of a condition.
  [[nodiscard]] std::string decided(const TracedValue& value) const {
    if (value.form == Form::plain)
      return words_(value.text == "true" ? Code::trace_yes : Code::trace_no);
    return value.form == Form::blank ? words_(Code::trace_undecided) : shown(value);
  }

  [[nodiscard]] std::string operands(const std::vector<TraceLine::Operand>& all) const {
    std::vector<std::string> parts;
    parts.reserve(all.size());
    for (const TraceLine::Operand& one : all) parts.push_back(one.name + ' ' + shown(one.value));
    return joined(parts);
  }

  // rules

  void rules() {
    if (trace_.rules.empty() || !facts_.column.empty()) return;
    heading(words_(Code::trace_rules), 0);
    for (const TracedRule& one : trace_.rules) rule(one);
  }

  void rule(const TracedRule& rule) {
    static const std::map<TracedRule::Outcome, Code> kWords = {
        {TracedRule::Outcome::holds, Code::trace_holds},
        {TracedRule::Outcome::broken, Code::trace_broken},
        {TracedRule::Outcome::undecided, Code::trace_undecided},
        {TracedRule::Outcome::failed, Code::trace_failed},
        {TracedRule::Outcome::not_tried, Code::trace_not_tried}};
    const bool is_only = rule.name.empty();
    Code code = kWords.at(rule.outcome);
    if (is_only && rule.outcome == TracedRule::Outcome::holds) code = Code::trace_yes;
    if (is_only && rule.outcome == TracedRule::Outcome::broken) code = Code::trace_no;
    std::string text = words_(code);
    if (trace_.has_levels && !is_only) {
      const std::string row = words_(Code::row_number, {std::to_string(rule.row)});
      text += "   " + (rule.item.empty() ? row : words_(Code::trace_of_row, {row, rule.item}));
    }
    labelled(is_only ? "when" : rule.name, rule.check, {}, 0);
    const std::string values = operands(rule.operands);
    lines(text + (values.empty() ? "" : "   " + values), {}, kValueColumn);
  }

  // rows

  void rows() {
    if (trace_.rows.empty()) return;
    heading(words_(Code::trace_written_rows), 0);
    out_ += '\n';
    RowTable table;
    for (std::size_t i = 0; i < trace_.row_columns.size(); ++i)
      table.columns.push_back({trace_.row_columns[i], trace_.row_types[i]});
    std::size_t number = 0;
    for (const std::vector<Cell>& row : trace_.rows) {
      RowTable::Line& line = table.lines.emplace_back();
      line.number = std::to_string(++number);
      for (const Cell& cell : row)
        line.cells.push_back(cell.kind == Kind::missing ? words_(Code::report_missing)
                             : cell.kind == Kind::null  ? words_(Code::report_null)
                             : cell.kind == Kind::empty ? words_(Code::report_empty)
                                                        : cell.text);
    }
    out_ += row_table_text(table, width_, words_.language());
    if (trace_.more_rows > 0)
      out_ += words_.counted(Code::trace_more_rows, trace_.more_rows) + '\n';
  }

  // lines

  static std::size_t columns_of_text(const std::string& text) { return characters_in(text); }

  /// A label with what stands beside it, and the place at the right edge.
  void labelled(const std::string& label, const std::string& text, const std::string& place,
                std::size_t depth) {
    const std::size_t indent = kIndent + depth * kIndent;
    const std::size_t value = kValueColumn + depth * kIndent;
    std::string line(indent, ' ');
    const std::string shown_label = visible(label);
    if (indent + columns_of_text(shown_label) + 2 > value) {
      if (!text.empty() || !place.empty()) {
        lines(label, {}, indent);
        lines(text, place, value);
      } else {
        lines(label, {}, indent);
      }
      return;
    }
    line += shown_label;
    line.append(value - columns_of_text(line), ' ');
    lines(text, place, value, line);
  }

  /// `text` from a column on, in as many lines as it takes, and `place` at the right edge of the
  /// first. `before`: what stands in front of the first.
  void lines(const std::string& text, const std::string& place, std::size_t indent,
             std::string before = {}) {
    if (text.empty() && place.empty() && before.empty()) return;
    const std::string at = visible(place);
    const std::size_t at_columns = at.empty() ? 0 : columns_of_text(at) + 2;
    if (before.empty()) before.assign(indent, ' ');
    const std::size_t room = width_ > indent ? width_ - indent : kLeastText;
    const bool beside = at_columns == 0 || room >= at_columns + kLeastText;
    const std::size_t first = beside ? room - at_columns : room;
    std::vector<std::string> parts = wrap_words(text, first);
    if (parts.empty()) parts.emplace_back();
    bool placed = at.empty();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::string line = i == 0 ? before : std::string(indent, ' ');
      line += parts[i];
      if (i == 0 && !placed && beside) {
        line.append(width_ - columns_of_text(at) - std::min(columns_of_text(line), width_), ' ');
        line += at;
        placed = true;
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out_ += line + '\n';
    }
    if (placed) return;
    const std::string tail = fit_width(at, width_);
    out_ += std::string(width_ - std::min(width_, columns_of_text(tail)), ' ') + tail + '\n';
  }

  const Trace& trace_;
  const TraceFacts& facts_;
  const ReportWords words_;
  const std::size_t width_;
  std::string out_;
};

}  // namespace

std::string shown_value(const TracedValue& value, const ReportWords& words) {
  switch (value.form) {
    case Form::none:
      break;
    case Form::blank:
      return words(value.blank == Kind::missing ? Code::report_missing
                   : value.blank == Kind::null  ? Code::report_null
                                                : Code::report_empty);
    case Form::plain:
      return value.text;
    case Form::quoted:
      return '"' + value.text + '"';
    case Form::hidden:
      return std::string(kHidden);
    case Form::list:
      return words.counted(Code::trace_list, value.items);
    case Form::object:
      return words.counted(Code::trace_object, value.items);
  }
  return {};
}

std::string trace_text(const Trace& trace, const TraceFacts& facts, Language language,
                       std::size_t width) {
  return TraceText(trace, facts, language, width).text();
}

}  // namespace trama
