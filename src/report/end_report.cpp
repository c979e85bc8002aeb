// The end report: what the analyst sees when a run is over. Places of the data stand at the right
// edge, those of the mapping a little before it, so that the eye can go down either.

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include "base/exit.h"
#include "report/more.h"
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
constexpr std::size_t kMaxColumns = 100;
constexpr std::size_t kWordColumns = 10;  // "rejected  "
constexpr std::size_t kFieldColumns = 16;
constexpr std::size_t kShownInputs = 3;
constexpr std::size_t kShownRefusedInputs = 20;
constexpr std::size_t kShownErrorKinds = 20;
constexpr std::size_t kShownColumns = 100;  // of the blanks
constexpr double kWorthTiming = 1.0;  // seconds

/// One line of the report. Texts are made visible here, once.
class Line {
 public:
  Line& add(std::string_view text) {
    text_ += visible(text);
    return *this;
  }
  /// Blanks up to `column`, at least `gap`.
  Line& to(std::size_t column, std::size_t gap = 2) {
    const std::size_t size = characters_in(text_);
    text_.append(size + gap > column ? gap : column - size, ' ');
    return *this;
  }
  /// `text` ending at `edge`, at least two blanks behind what is there.
  Line& right(std::string_view text, std::size_t edge) {
    const std::size_t size = characters_in(visible(text));
    return to(edge > size ? edge - size : 0).add(text);
  }
  [[nodiscard]] bool fits(std::string_view text, std::size_t edge) const {
    return characters_in(text_) + 2 + characters_in(visible(text)) <= edge;
  }
  void end(std::string& out) {
    out += text_;
    out += '\n';
    text_.clear();
  }

 private:
  std::string text_;
};

/// A record and its id, with its file where there are several.
std::string record_words(const RecordRef& at, const RunFacts& facts) {
  std::string words = "record " + grouped(at.record);
  if (!at.id.empty()) words += ", " + shortened(at.id, 40);
  if (!at.item.empty()) words += ", " + shortened(at.item, 60);
  if (facts.names_files() && at.source < facts.record_files().size())
    words += " of " + facts.record_files()[at.source];
  return words;
}

void add_title(std::string& out, const RunFacts& facts) {
  Line line;
  line.add(facts.mapping_file);
  for (std::size_t i = 0; i < std::min(facts.inputs.size(), kShownInputs); ++i) {
    line.add(" + ").add(facts.inputs[i]);
  }
  if (facts.inputs.size() > kShownInputs) {
    line.add(" + ").add(counted(facts.inputs.size() - kShownInputs, "more", "more"));
  }
  line.end(out);
  out += '\n';
}

/// What concerns the run as a whole, before anything else.
void add_alerts(std::string& out, const RunFacts& facts) {
  for (const Alert& alert : facts.alerts) {
    Line line;
    line.add("warning   ").add(name(alert.code)).add("   ");
    if (!alert.where.empty()) line.add(alert.where).add("   ");
    // word by word, as a message may have more of them than a line holds
    const std::string message = say(Language::en, alert.message());
    std::string_view left = message;
    for (bool first = true; !left.empty(); first = false) {
      const std::size_t end = std::min(left.find(' '), left.size());
      const std::string_view word = left.substr(0, end);
      left.remove_prefix(std::min(end + 1, left.size()));
      if (!first && !line.fits(word, kMaxColumns + 1)) {
        line.end(out);
        line.add("      ");
      } else if (!first) {
        line.add(" ");
      }
      line.add(word);
    }
    line.end(out);
  }
  if (!facts.alerts.empty()) out += '\n';
}

void add_balance(std::string& out, const Summary& s) {
  Line line;
  line.add(counted(s.read, "record", "records")).add(" read = ");
  line.add(grouped(s.written)).add(" written");
  if (s.rows != s.written) line.add(" (" + counted(s.rows, "row", "rows") + ")");
  line.add(" + ").add(grouped(s.rejected)).add(" rejected");
  if (s.skipped > 0) line.add(" + ").add(grouped(s.skipped)).add(" skipped");
  if (s.duplicates > 0) {
    line.add(" + ").add(counted(s.duplicates, "duplicate", "duplicates")).add(" left out");
  }
  line.to(kBalanceColumn).add(s.balances() ? "balance ok" : "BALANCE WRONG");
  line.end(out);
}

/// What stands at the right edge of a line, if it fits there, and is then no longer pending.
void place(Line& line, std::string& pending, std::size_t edge) {
  if (pending.empty() || !line.fits(pending, edge)) return;
  line.right(pending, edge);
  pending.clear();
}

void add_error(std::string& out, const ErrorWords& error) {
  std::string data = error.data_at;
  std::string mapping = error.mapping_at;
  Line line;
  line.add("  ").add(error.code).to(2 + kFieldColumns + 2).add(error.where);
  const bool beside = error.where.empty() || characters_in(error.where) <= kFieldColumns;
  if (beside && !error.what.empty()) line.to(2 + 2 * (kFieldColumns + 2)).add(error.what);
  place(line, data, kDataEdge);
  line.end(out);

  std::vector<std::string> below;
  if (!error.item.empty()) below.push_back("in " + error.item);
  if (!beside && !error.what.empty()) below.push_back(error.what);
  if (!error.more.empty()) below.push_back(error.more);
  for (std::size_t i = 0; i < below.size(); ++i) {
    line.add("      ").add(below[i]);
    if (i + 1 == below.size()) place(line, mapping, kMappingEdge);
    line.end(out);
  }
  if (!data.empty()) line.add("      ").right(data, kDataEdge).end(out);
  if (!mapping.empty()) line.add("      ").right(mapping, kMappingEdge).end(out);
}

void add_reject(std::string& out, const ShownReject& reject, const RunFacts& facts) {
  Line line;
  line.add("rejected").to(kWordColumns).add("record ").add(grouped(reject.at.record));
  if (!reject.at.id.empty()) line.add("  ").add(shortened(reject.at.id, 40));
  line.add("  (");
  const std::vector<std::string>& files = facts.record_files();
  const std::string_view file =
      reject.at.source < files.size() ? std::string_view(files[reject.at.source]) : "";
  if (facts.names_files() && !file.empty()) line.add(file).add(", ");
  line.add("line ").add(grouped(reject.at.line)).add(")");
  line.to(kCountColumn)
      .add(counted(reject.errors.size() + reject.more_errors, "error", "errors"));
  line.end(out);
  for (const ShownReject::Error& error : reject.errors)
    add_error(out, words_of(error, facts.names, file));
  if (reject.more_errors > 0)
    line.add("  and ").add(counted(reject.more_errors, "more error", "more errors")).end(out);
  out += '\n';
}

/// Tables with a heading: texts to the left, numbers to the right. The first line carries `word` in
/// front.
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

void add_error_table(std::string& out, const Summary& s, const RunFacts& facts) {
  if (s.rejected <= s.shown.size() || s.errors.empty()) return;
  std::vector<ListedError> kinds = listed_errors(s, facts.names);
  std::stable_sort(kinds.begin(), kinds.end(), [](const ListedError& a, const ListedError& b) {
    return a.tally.count > b.tally.count;
  });
  Table table("errors");
  table.row({"code", "where", "first in", "count"});
  for (std::size_t i = 0; i < std::min(kinds.size(), kShownErrorKinds); ++i) {
    const ListedError& kind = kinds[i];
    table.row({kind.code, shortened(kind.where, 40), record_words(kind.tally.first, facts),
               grouped(kind.tally.count)});
  }
  table.write(out, 1);
  if (kinds.size() > kShownErrorKinds) {
    out.pop_back();
    out += "          and " + counted(kinds.size() - kShownErrorKinds, "more kind", "more kinds") +
           "\n\n";
  }
}

void add_rejects(std::string& out, const Summary& s, const RunFacts& facts) {
  const std::size_t shown = std::min(s.shown.size(), kShownRejects);
  for (std::size_t i = 0; i < shown; ++i) add_reject(out, s.shown[i], facts);
  if (s.rejected > shown && shown > 0) {
    Line line;
    line.add("and ").add(
        counted(s.rejected - shown, "more rejected record", "more rejected records"));
    if (!facts.rejects.empty()) line.add(", in ").add(facts.rejects);
    line.end(out);
    out += '\n';
  }
  add_error_table(out, s, facts);
}

void add_warning(std::string& out, const Summary::Warning& kind, const RunFacts& facts) {
  const WarningWords words = words_of(kind, facts.names, " × " + grouped(kind.tally.count));
  Line line;
  line.add("warning   ");
  if (!words.where.empty()) line.add(words.where).add("   ");
  line.add(words.message);
  // A field that no column uses is a matter of the whole dump; what happened to a column, of a
  // record.
  if (!words.where.empty()) {
    const std::string first = "first: " + record_words(kind.tally.first, facts);
    if (!line.fits(first, kMaxColumns)) {
      line.end(out);
      line.add("      ").add(first);
    } else {
      line.add("    ").add(first);
    }
  }
  line.end(out);
}

void add_warnings(std::string& out, const Summary& s, const RunFacts& facts) {
  const std::size_t shown = std::min(s.warning_kinds.size(), kShownWarnings);
  for (std::size_t i = 0; i < shown; ++i) add_warning(out, s.warning_kinds[i], facts);
  std::uint64_t left = s.warnings_not_kept;
  for (std::size_t i = shown; i < s.warning_kinds.size(); ++i)
    left += s.warning_kinds[i].tally.count;
  if (left > 0)
    out += "warning   and " + counted(left, "more warning", "more warnings") + " of other kinds\n";
  if (shown > 0 || left > 0) out += '\n';
}

/// The inputs that a run went on without.
void add_refused_inputs(std::string& out, const RunFacts& facts) {
  if (!facts.lists_refused) return;
  std::size_t refused = 0;
  for (const InputFacts& input : facts.input_facts) {
    if (input.state != InputFacts::State::refused || ++refused > kShownRefusedInputs) continue;
    Line line;
    line.add("bad input").to(kWordColumns, 1).add(input.code).add("  ").add(input.message);
    line.end(out);
  }
  if (refused > kShownRefusedInputs)
    out += "bad input and " + counted(refused - kShownRefusedInputs, "more input", "more inputs") +
           "\n";
  if (refused > 0) out += '\n';
}

std::string cell(std::uint64_t n) {
  return n == 0 ? "-" : grouped(n);
}

bool has_blanks(const ColumnCounts& c) {
  return c.missing + c.null + c.empty + c.defaults + c.wrong_not_rejected > 0;
}

void add_blanks(std::string& out, const Summary& s, const RunFacts& facts) {
  const std::size_t count = std::min(s.columns.size(), facts.names.columns.size());
  const auto end = s.columns.begin() + static_cast<std::ptrdiff_t>(count);
  if (std::none_of(s.columns.begin(), end, has_blanks)) return;
  const bool wrong = std::any_of(s.columns.begin(), end,
                                 [](const ColumnCounts& c) { return c.wrong_not_rejected > 0; });
  const bool defaults =
      std::any_of(s.columns.begin(), end, [](const ColumnCounts& c) { return c.defaults > 0; });
  Table table("blanks");
  std::vector<std::string> heading = {"column", "missing", "null", "empty"};
  if (defaults) heading.emplace_back("default written");
  if (wrong) heading.emplace_back("wrong, not rejected");
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
  out += "          and " + counted(shown - kShownColumns, "more column", "more columns") + "\n\n";
}

/// What was done to the values of a column beside: "note      Total   the default … × 3    first:
/// record 2, HA-1002".
void add_notices(std::string& out, const Summary& s, const RunFacts& facts) {
  for (const auto& [key, tally] : s.notices) {
    if (key.first >= facts.names.columns.size()) continue;
    Line line;
    line.add("note      ").add(shortened(facts.names.columns[key.first], 40)).add("   ");
    line.add(say(Language::en, key.second)).add(" × " + grouped(tally.count));
    const std::string first = "first: " + record_words(tally.first, facts);
    if (line.fits(first, kMaxColumns)) {
      line.add("    ").add(first);
    } else {
      line.end(out);
      line.add("      ").add(first);
    }
    line.end(out);
  }
}

void add_notes(std::string& out, const Summary& s, const RunFacts& facts) {
  std::string notes;
  for (const std::string& note : facts.notes) notes += "note      " + visible(note) + '\n';
  add_notices(notes, s, facts);
  if (s.items_left_out > 0) {
    notes += "note      " + counted(s.items_left_out, "item", "items") + " left out of the rows\n";
  }
  if (s.made_safe > 0) {
    notes += "note      " + counted(s.made_safe, "text that looks", "texts that look") +
             " like a formula made safe with '\n";
  }
  out += notes;
  if (!notes.empty()) out += '\n';
}

/// "2,400,000,000 bytes in 3.1 s (774 MB/s)", of runs that took long enough to be worth it.
void add_speed(std::string& out, const RunFacts& facts) {
  if (facts.seconds < kWorthTiming) return;
  std::array<char, 64> text{};
  const double megabytes = static_cast<double>(facts.bytes) / 1e6;
  std::snprintf(text.data(), text.size(), " in %.1f s (%.0f MB/s)", facts.seconds,
                megabytes / facts.seconds);
  out += counted(facts.bytes, "byte", "bytes") + text.data() + '\n';
}

/// The command that runs rejects again.
constexpr std::string_view kReplay = "trama replay";

void add_replay(Line& line, const RunFacts& facts) {
  const std::string replay(kReplay);
  const std::string command = replay + ' ' + facts.rejects + " -m " + facts.mapping_file;
  line.add("      run them again with: ");
  line.add(line.fits(command, kMaxColumns) ? command : replay + " …");
}

constexpr int kOverLimits = 2;

/// Rejects of a run that published nothing are no part of an output: they are not run again alone.
bool is_published(const RunFacts& facts) {
  return facts.output_state != "incomplete" && facts.exit != kOverLimits;
}

/// What to do after a run that published nothing, for its rejects: the good records are in no
/// output either.
void add_again(std::string& out, const RunFacts& facts) {
  Line line;
  line.add("repair the mapping and run the ").add(facts.replay ? "same rejects" : "dump");
  line.add(facts.command.empty() ? " again" : " again:").end(out);
  if (!facts.command.empty()) line.add("      ").add(facts.command).end(out);
}

/// Where to read more: of what rejected records, else of what concerns the run as a whole, else of
/// warnings.
void add_more(std::string& out, const Summary& s, const RunFacts& facts) {
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
      codes.add(kind.told.reason == Reason::none ? name(kind.notice)
                                                 : name(code_of(kind.told.reason)),
                kind.tally.count);
  out += codes.more();
}

void add_ending(std::string& out, const Summary& s, const RunFacts& facts) {
  for (const std::string& sentence : facts.endings) Line().add(sentence).end(out);
  if (s.rejected > 0 && !facts.rejects.empty()) {
    Line line;
    line.add(facts.rejects_stay ? "rejects kept in " : "rejects went to ").add(facts.rejects);
    if (facts.can_replay && facts.rejects_stay && is_published(facts)) add_replay(line, facts);
    line.end(out);
  }
  if (s.rejected > 0 && facts.exit == kOverLimits) add_again(out, facts);
  add_speed(out, facts);
  add_more(out, s, facts);
  out += "exit " + std::to_string(facts.exit) + '\n';
}

}  // namespace

std::string report_text(const Summary& summary, const RunFacts& facts) {
  std::string out;
  add_title(out, facts);
  add_alerts(out, facts);
  add_balance(out, summary);
  out += '\n';
  // Where a run went wrong, a note such as "no record has the field" is most often the cause: it
  // comes before what follows from it.
  const bool went_wrong = facts.exit > static_cast<int>(Exit::rejected);
  if (went_wrong) add_notes(out, summary, facts);
  add_refused_inputs(out, facts);
  add_rejects(out, summary, facts);
  add_warnings(out, summary, facts);
  add_blanks(out, summary, facts);
  if (!went_wrong) add_notes(out, summary, facts);
  add_ending(out, summary, facts);
  return out;
}

}  // namespace trama
