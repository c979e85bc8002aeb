// The end report: what the analyst sees when a run is over. Places of the data stand at the right
// edge, those of the mapping a little before it, so that the eye can go down either.

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/phrase.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "json/personal_places.h"
#include "report/more.h"
#include "report/report_line.h"
#include "report/run_words.h"
#include "report/shown_text.h"
#include "report/summary.h"
#include "report/words.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kBalanceColumn = 81;  // columns count from 0
constexpr std::size_t kCountColumn = 82;
constexpr std::size_t kDataEdge = 90;
constexpr std::size_t kMappingEdge = 88;
constexpr std::size_t kWordColumns = 10;  // "rejected  "
constexpr std::size_t kFieldColumns = 16;
constexpr std::size_t kShownInputs = 3;
constexpr std::size_t kShownRefusedInputs = 20;
constexpr std::size_t kShownErrorKinds = 20;
constexpr std::size_t kShownUnknown = 10;  // values of a lookup
constexpr std::size_t kShownAlike = 3;     // warnings, where there are many
constexpr std::size_t kMaxAlertsOfCode = 20;
constexpr std::size_t kShownColumns = 100;  // of the blanks
constexpr double kWorthTiming = 1.0;        // seconds

using Code = PhraseCode;
using Line = ReportLine;

/// Says what the report is made of, in its language.
class Words : public ReportWords {
 public:
  using ReportWords::ReportWords;
  /// The word at the left edge of a line.
  void label(Line& line, Code code, std::size_t gap = 2) const {
    line.add((*this)(code)).to(kWordColumns, gap);
  }
};

void add_title(std::string& out, const RunFacts& facts, const Words& words) {
  Line line;
  line.add(facts.mapping_file);
  for (std::size_t i = 0; i < std::min(facts.inputs.size(), kShownInputs); ++i) {
    line.add(" + ").add(facts.inputs[i]);
  }
  if (facts.inputs.size() > kShownInputs) {
    line.add(" + ").add(
        words.counted(Code::report_more_inputs, facts.inputs.size() - kShownInputs));
  }
  line.end(out);
  out += '\n';
}

/// What concerns the run as a whole, before anything else.
void add_alerts(std::string& out, const RunFacts& facts, const Words& words) {
  std::map<NoticeCode, std::uint64_t> counts;
  for (const Alert& alert : facts.alerts) {
    if (++counts[alert.code] > kMaxAlertsOfCode) continue;
    Line line;
    words.label(line, Code::report_warning);
    line.add(name(alert.code)).add("   ");
    if (!alert.where.empty()) line.add(alert.where).add("   ");
    // word by word, as a message may have more of them than a line holds
    const std::string message = say(words.language(), alert.message());
    std::string_view left = message;
    for (bool first = true; !left.empty(); first = false) {
      const std::size_t end = std::min(left.find(' '), left.size());
      const std::string_view word = left.substr(0, end);
      left.remove_prefix(std::min(end + 1, left.size()));
      if (!first && !line.fits(word, kReportColumns + 1)) {
        line.end(out);
        line.add("      ");
      } else if (!first) {
        line.add(" ");
      }
      line.add(word);
    }
    line.end(out);
  }
  for (const auto& [code, count] : counts) {
    if (count <= kMaxAlertsOfCode) continue;
    Line line;
    words.label(line, Code::report_warning);
    line.add(words(Code::report_more_warnings_alike,
                   {grouped(count - kMaxAlertsOfCode), name(code)}))
        .end(out);
  }
  if (!facts.alerts.empty()) out += '\n';
}

void add_balance(std::string& out, const Summary& s, const Words& words) {
  Line line;
  line.add(words.counted(Code::report_read, s.read)).add(" = ");
  line.add(words.counted(Code::report_written, s.written));
  if (s.rows != s.written) line.add(" (" + words.counted(Code::rows, s.rows) + ")");
  line.add(" + ").add(words.counted(Code::report_rejected_count, s.rejected));
  if (s.skipped > 0) line.add(" + ").add(words.counted(Code::report_skipped, s.skipped));
  if (s.duplicates > 0) line.add(" + ").add(words.counted(Code::report_duplicates, s.duplicates));
  line.to(kBalanceColumn)
      .add(words(s.balances() ? Code::report_balance_ok : Code::report_balance_wrong));
  line.end(out);
}

/// What stands at the right edge of a line, if it fits there, and is then no longer pending.
void place(Line& line, std::string& pending, std::size_t edge) {
  if (pending.empty() || !line.fits(pending, edge)) return;
  line.right(pending, edge);
  pending.clear();
}

void add_error(std::string& out, const ErrorWords& error, const Words& words) {
  std::string data = error.data_at;
  std::string mapping = error.mapping_at;
  Line line;
  line.add("  ").add(error.code).to(2 + kFieldColumns + 2).add(error.where);
  const bool beside = error.where.empty() || characters_in(error.where) <= kFieldColumns;
  if (beside && !error.what.empty()) line.to(2 + 2 * (kFieldColumns + 2)).add(error.what);
  place(line, data, kDataEdge);
  line.end(out);

  std::vector<std::string> below;
  if (!error.item.empty()) below.push_back(words(Code::report_in_item, {error.item}));
  if (!beside && !error.what.empty()) below.push_back(error.what);
  if (!error.hint.empty()) below.push_back(error.hint);
  if (!error.more.empty()) below.push_back(error.more);
  if (!error.column_message.empty()) below.push_back(error.column_message);
  for (std::size_t i = 0; i < below.size(); ++i) {
    line.add("      ").add(below[i]);
    if (i + 1 == below.size()) place(line, mapping, kMappingEdge);
    line.end(out);
  }
  if (!data.empty()) line.add("      ").right(data, kDataEdge).end(out);
  if (!mapping.empty()) line.add("      ").right(mapping, kMappingEdge).end(out);
}

void add_reject(std::string& out, const ShownReject& reject, const RunFacts& facts,
                const Words& words) {
  Line line;
  words.label(line, Code::report_rejected, 1);
  line.add(words(Code::report_record, {grouped(reject.at.record)}));
  if (!reject.at.id.empty()) line.add("  ").add(shortened(reject.at.id, 40));
  line.add("  (");
  const std::string_view file = file_of(reject.at, facts);
  if (facts.names_files() && !file.empty()) line.add(file).add(", ");
  line.add(words(Code::report_line, {grouped(reject.at.line)})).add(")");
  line.to(kCountColumn)
      .add(words.counted(Code::report_error_count, reject.errors.size() + reject.more_errors));
  line.end(out);
  for (const ShownReject::Error& error : reject.errors)
    add_error(out, words_of(error, facts.names, words.language(), file), words);
  if (reject.more_errors > 0)
    line.add("  ").add(words.counted(Code::report_more_errors, reject.more_errors)).end(out);
  out += '\n';
}

/// Tables with a heading: texts to the left, numbers to the right.
/// The first line carries `word` in front.
class Table {
 public:
  explicit Table(std::string word) : word_(std::move(word)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// The last `right` columns are numbers.
  void write(std::string& out, std::size_t right) const {
    std::vector<std::size_t> widths(rows_[0].size());
    for (const auto& cells : rows_)
      for (std::size_t i = 0; i < cells.size(); ++i)
        widths[i] = std::max(widths[i], characters_in(visible(cells[i])));
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      Line line;
      line.add(r == 0 ? word_ : "").to(kWordColumns, 0);
      std::size_t column = kWordColumns;
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const bool number = i + right >= widths.size();
        const std::size_t size = characters_in(visible(rows_[r][i]));
        line.to(number ? column + widths[i] - size : column, 0).add(rows_[r][i]);
        column += widths[i] + 3;
      }
      line.end(out);
    }
    out += '\n';
  }

 private:
  std::string word_;
  std::vector<std::vector<std::string>> rows_;
};

void add_error_table(std::string& out, const Summary& s, const RunFacts& facts,
                     const Words& words) {
  if (s.rejected <= std::min(s.shown.size(), kShownRejects) || s.errors.empty()) return;
  const std::vector<ListedError> kinds = frequent_errors(s, facts.names);
  Table table(words(Code::report_errors));
  table.row({words(Code::report_code), words(Code::report_where), words(Code::report_first_in),
             words(Code::report_count)});
  for (std::size_t i = 0; i < std::min(kinds.size(), kShownErrorKinds); ++i) {
    const ListedError& kind = kinds[i];
    table.row({kind.code, shortened(kind.where, 40), record_words(kind.tally.first, facts, words),
               grouped(kind.tally.count)});
  }
  table.write(out, 1);
  if (kinds.size() > kShownErrorKinds) {
    out.pop_back();
    out += std::string(kWordColumns, ' ') +
           words.counted(Code::report_more_kinds, kinds.size() - kShownErrorKinds) + "\n\n";
  }
}

void add_rejects(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  const std::size_t shown = std::min(s.shown.size(), kShownRejects);
  for (std::size_t i = 0; i < shown; ++i) add_reject(out, s.shown[i], facts, words);
  if (s.rejected > shown && shown > 0) {
    Line line;
    const std::string more = words.counted(Code::report_more_rejects, s.rejected - shown);
    line.add(facts.rejects.empty() ? more
                                   : words(Code::report_more_rejects_in, {more, facts.rejects}));
    line.end(out);
    out += '\n';
  }
  add_error_table(out, s, facts, words);
}

/// Values that a lookup did not find: the most frequent ones, and how they are added to its table.
void add_unknown(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  const std::vector<UnknownWords> all = unknown_words(s, facts, words, kShownUnknown);
  for (const UnknownWords& unknown : all) {
    Line line;
    words.label(line, Code::report_unknown);
    line.add(shortened(unknown.column, 40)).add("   ");
    if (unknown.hidden) line.add(kHidden).add(" × " + grouped(unknown.count));
    std::vector<std::string> pieces;
    for (const UnknownWords::Value& value : unknown.values)
      pieces.push_back(value.text + " × " + grouped(value.count));
    if (unknown.more_values > 0)
      pieces.push_back(words.counted(Code::report_more_values, unknown.more_values));
    if (unknown.other_counts > 0)
      pieces.push_back(words(Code::report_other_values, {grouped(unknown.other_counts)}));
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const bool comma = i + 1 < std::min(pieces.size(), unknown.values.size());
      const std::string piece = pieces[i] + (comma ? "," : "");
      if (i > 0 && !line.fits(piece, kReportColumns)) {
        line.end(out);
        line.add("      ");
      } else if (i > 0) {
        line.add(" ");
      }
      line.add(piece);
    }
    line.end(out);
    if (unknown.how.empty()) continue;
    line.add("      ").add(unknown.how).end(out);
    out += unknown.entries;  // as they are to be pasted, so from the left edge on
  }
  if (!all.empty()) out += '\n';
}

WarningWords counted_words(const Summary::Warning& kind, const RunFacts& facts,
                           const Words& words) {
  return words_of(kind, facts.names, words.language(), " × " + grouped(kind.tally.count));
}

/// By kind of warning, the columns that it is told for. What several columns say of the same
/// records (the withdrawn currency of three amounts) is told once, with all of them: the other
/// kinds are not here.
using WarningColumns = std::map<const Summary::Warning*, std::string>;

WarningColumns columns_of_warnings(const Summary& s, const RunFacts& facts, const Words& words) {
  WarningColumns columns;
  std::map<std::tuple<std::string, std::string, std::size_t, std::uint64_t, std::string>,
           std::string*>
      known;
  for (const Summary::Warning& kind : s.warning_kinds) {
    const WarningWords said = counted_words(kind, facts, words);
    const RecordRef& first = kind.tally.first;
    std::string*& where =
        known[{said.message, said.column_message, first.source, first.record, first.item}];
    if (where == nullptr || said.where.empty()) {
      where = &(columns[&kind] = said.where);
    } else {
      *where += ", " + said.where;
    }
  }
  return columns;
}

void add_warning(std::string& out, const Summary::Warning& kind, const WarningColumns& columns,
                 const RunFacts& facts, const Words& words) {
  const auto where = columns.find(&kind);
  if (where == columns.end()) return;
  WarningWords warning = counted_words(kind, facts, words);
  warning.where = where->second;
  Line line;
  words.label(line, Code::report_warning);
  if (!warning.where.empty()) line.add(warning.where).add("   ");
  line.add(warning.message);
  // A field that no column uses is a matter of the whole dump; what happened to a column,
  // of a record.
  if (!warning.where.empty()) {
    const std::string first =
        words(Code::report_first, {record_words(kind.tally.first, facts, words)});
    if (!line.fits(first, kReportColumns)) {
      line.end(out);
      line.add("      ").add(first);
    } else {
      line.add("    ").add(first);
    }
  }
  line.end(out);
  if (!warning.column_message.empty()) line.add("      ").add(warning.column_message).end(out);
}

/// Where there are more kinds of warnings than are shown: of each code and column a few examples,
/// and how many more.
std::uint64_t add_many_warnings(std::string& out, const Summary& s, const RunFacts& facts,
                                const Words& words) {
  std::vector<std::pair<Summary::WarningCode, Tally>> codes(s.warning_codes.begin(),
                                                            s.warning_codes.end());
  std::stable_sort(codes.begin(), codes.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.first.source, a.second.first.record) <
           std::tie(b.second.first.source, b.second.first.record);
  });
  std::map<Summary::WarningCode, std::vector<const Summary::Warning*>> examples;
  for (const Summary::Warning& kind : s.warning_kinds) {
    auto& alike = examples[Summary::code_of_warning(kind)];
    if (alike.size() < kShownAlike) alike.push_back(&kind);
  }
  const WarningColumns columns = columns_of_warnings(s, facts, words);
  std::uint64_t left = s.warnings;
  for (std::size_t i = 0; i < std::min(codes.size(), kShownWarnings); ++i) {
    const auto& [code, tally] = codes[i];
    std::uint64_t more = tally.count;
    for (const Summary::Warning* const kind : examples[code]) {
      add_warning(out, *kind, columns, facts, words);
      more -= std::min(more, kind->tally.count);
    }
    left -= std::min(left, tally.count);
    if (more == 0) continue;
    Line line;
    words.label(line, Code::report_warning);
    const std::string where = where_of(code.about, facts.names);
    if (!where.empty()) line.add(where).add("   ");
    line.add(words(Code::report_more_warnings_alike, {grouped(more), code_word(code)})).end(out);
  }
  return left;
}

void add_warnings(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  std::size_t shown = s.warning_kinds.size();
  std::uint64_t left = s.warnings_not_kept;
  if (shown > kShownWarnings || left > 0) {
    left = add_many_warnings(out, s, facts, words);
  } else {
    const WarningColumns columns = columns_of_warnings(s, facts, words);
    for (const Summary::Warning& kind : s.warning_kinds)
      add_warning(out, kind, columns, facts, words);
  }
  if (left > 0) {
    Line line;
    words.label(line, Code::report_warning);
    line.add(words.counted(Code::report_more_warnings, left)).end(out);
  }
  if (shown > 0 || left > 0) out += '\n';
}

/// The inputs that a run went on without.
void add_refused_inputs(std::string& out, const RunFacts& facts, const Words& words) {
  if (!facts.lists_refused) return;
  std::size_t refused = 0;
  for (const InputFacts& input : facts.input_facts) {
    if (input.state != InputFacts::State::refused || ++refused > kShownRefusedInputs) continue;
    Line line;
    words.label(line, Code::report_bad_input, 1);
    line.add(input.code).add("  ").add(say(words.language(), input.message)).end(out);
  }
  if (refused > kShownRefusedInputs) {
    Line line;
    words.label(line, Code::report_bad_input, 1);
    line.add(words.counted(Code::report_more_bad_inputs, refused - kShownRefusedInputs)).end(out);
  }
  if (refused > 0) out += '\n';
}

std::string cell(std::uint64_t n) {
  return n == 0 ? "-" : grouped(n);
}

void add_blanks(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  const std::size_t count = std::min(s.columns.size(), facts.names.columns.size());
  const auto end = s.columns.begin() + static_cast<std::ptrdiff_t>(count);
  if (std::none_of(s.columns.begin(), end, has_blanks)) return;
  const bool wrong = std::any_of(s.columns.begin(), end,
                                 [](const ColumnCounts& c) { return c.wrong_not_rejected > 0; });
  const bool defaults =
      std::any_of(s.columns.begin(), end, [](const ColumnCounts& c) { return c.defaults > 0; });
  Table table(words(Code::report_blanks));
  std::vector<std::string> heading = {words(Code::report_column), words(Code::report_missing),
                                      words(Code::report_null), words(Code::report_empty)};
  if (defaults) heading.push_back(words(Code::report_default_written));
  if (wrong) heading.push_back(words(Code::report_wrong_kept));
  table.row(heading);
  std::size_t shown = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const ColumnCounts& c = s.columns[i];
    if (!has_blanks(c) || ++shown > kShownColumns) continue;
    std::vector<std::string> cells = {shortened(facts.names.columns[i], 40), cell(c.missing),
                                      cell(c.null), cell(c.empty)};
    if (defaults) cells.push_back(cell(c.defaults));
    if (wrong) cells.push_back(cell(c.wrong_not_rejected));
    table.row(std::move(cells));
  }
  table.write(out, heading.size() - 1);
  if (shown <= kShownColumns) return;
  out.pop_back();
  out += "          " + words.counted(Code::report_more_columns, shown - kShownColumns) + "\n\n";
}

/// What was done to the values of a column beside: "note      Total   the default … × 3    first:
/// record 2, HA-1002".
void add_notices(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  for (const auto& [key, tally] : s.notices) {
    if (key.first >= facts.names.columns.size()) continue;
    Line line;
    words.label(line, Code::report_note);
    line.add(shortened(facts.names.columns[key.first], 40)).add("   ");
    line.add(say(words.language(), key.second)).add(" × " + grouped(tally.count));
    const std::string first = words(Code::report_first, {record_words(tally.first, facts, words)});
    if (line.fits(first, kReportColumns)) {
      line.add("    ").add(first);
    } else {
      line.end(out);
      line.add("      ").add(first);
    }
    line.end(out);
  }
}

void add_notes(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  std::string notes;
  const auto add = [&](const std::string& note) {
    Line line;
    words.label(line, Code::report_note);
    line.add(note).end(notes);
  };
  for (const Phrase& note : facts.notes) add(say(words.language(), note));
  add_notices(notes, s, facts, words);
  if (s.items_left_out > 0) add(words.counted(Code::report_items_left_out, s.items_left_out));
  if (s.made_safe > 0) add(words.counted(Code::report_made_safe, s.made_safe));
  out += notes;
  if (!notes.empty()) out += '\n';
}

/// "2,400,000,000 bytes in 3.1 s (774 MB/s)", of runs that took long enough to be worth it.
void add_speed(std::string& out, const RunFacts& facts, const Words& words) {
  if (facts.seconds < kWorthTiming) return;
  std::array<char, 32> seconds{};
  std::array<char, 32> speed{};
  const double megabytes = static_cast<double>(facts.bytes) / 1e6;
  std::snprintf(seconds.data(), seconds.size(), "%.1f", facts.seconds);
  std::snprintf(speed.data(), speed.size(), "%.0f", megabytes / facts.seconds);
  out += words(Code::report_bytes, {grouped(facts.bytes), seconds.data(), speed.data()}) + '\n';
}

/// Where to read more: of what rejected records, else of what concerns the run as a whole,
/// else of warnings.
void add_more(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  struct Kind {
    std::size_t source;
    std::uint64_t record;
    std::string_view code;
    std::uint64_t count;
  };
  std::vector<Kind> kinds;
  kinds.reserve(s.errors.size());
  for (const auto& [kind, tally] : s.errors)
    kinds.push_back({tally.first.source, tally.first.record, name(kind.code), tally.count});
  std::sort(kinds.begin(), kinds.end(), [](const Kind& a, const Kind& b) {
    return std::tie(a.source, a.record, a.code) < std::tie(b.source, b.record, b.code);
  });
  CodeCounts codes;
  for (const Kind& kind : kinds) codes.add(kind.code, kind.count);
  if (kinds.empty())
    for (const Alert& alert : facts.alerts) codes.add(name(alert.code));
  if (kinds.empty() && facts.alerts.empty())
    for (const Summary::Warning& kind : s.warning_kinds)
      codes.add(
          kind.told.reason == Reason::none ? name(kind.notice) : name(code_of(kind.told.reason)),
          kind.tally.count);
  out += codes.more(words.language());
}

void add_ending(std::string& out, const Summary& s, const RunFacts& facts, const Words& words) {
  for (const Phrase& ending : facts.endings) Line().add(say(words.language(), ending)).end(out);
  const RejectsAdvice advice = rejects_advice(s, facts);
  const bool replay = advice.kind == RejectsAdvice::Kind::replay;
  Line line;
  if (s.rejected > 0 && !facts.rejects.empty()) {
    line.add(words(facts.rejects_stay ? Code::report_rejects_kept : Code::report_rejects_went,
                   {facts.rejects}));
    if (replay) line.add("      ").add(words(Code::report_replay_with));
    line.end(out);
  }
  if (advice.kind == RejectsAdvice::Kind::run_again)
    line.add(words(facts.replay ? Code::report_again_rejects : Code::report_again_dump))
        .add(advice.command.empty() ? "" : ":")
        .end(out);
  if (!advice.command.empty()) line.add("      ").add(advice.command).end(out);
  add_speed(out, facts, words);
  add_more(out, s, facts, words);
  out += words(Code::report_exit, {std::to_string(facts.exit)}) + '\n';
}

}  // namespace

std::string report_text(const Summary& summary, const RunFacts& facts, Language language) {
  std::string out;
  const Words words(language);
  add_title(out, facts, words);
  add_alerts(out, facts, words);
  add_balance(out, summary, words);
  if (const std::string told = operations_words(summary, words); !told.empty())
    Line().add(told).end(out);
  if (const std::string told = load_words(facts, words); !told.empty()) Line().add(told).end(out);
  out += '\n';
  // Where a run went wrong, a note such as "no record has the field" is most often the cause: it
  // comes before what follows from it.
  const bool went_wrong = facts.exit > static_cast<int>(Exit::rejected);
  if (went_wrong) add_notes(out, summary, facts, words);
  add_refused_inputs(out, facts, words);
  add_rejects(out, summary, facts, words);
  add_unknown(out, summary, facts, words);
  add_warnings(out, summary, facts, words);
  add_blanks(out, summary, facts, words);
  if (!went_wrong) add_notes(out, summary, facts, words);
  add_ending(out, summary, facts, words);
  return out;
}

}  // namespace trama
