#include "mapping/table_file.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/json_tree.h"
#include "mapping/source_text.h"

namespace trama {
namespace {

constexpr std::size_t kMaxProblems = 20;
/// Of a line, while it is read and as an entry of a table that is looked up.
constexpr std::size_t kBytesOfLine = 400;

/// What a cell takes beside the file's own text.
std::size_t bytes_of(const Text& cell) noexcept {
  constexpr std::size_t kShort = 15;  // characters that are within a std::string
  return sizeof(Text) + (cell.text.size() > kShort ? 3 * cell.text.size() : 0);
}

class CsvReader {
 public:
  CsvReader(SourceText& source, std::string_view separator, std::size_t memory, TableFile& out,
            Diagnostics& diagnostics)
      : memory_(memory),
        source_(source),
        text_(source.text()),
        separator_(separator),
        out_(out),
        diagnostics_(diagnostics) {}

  bool read();

 private:
  [[nodiscard]] bool done() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] bool at_separator() const noexcept {
    return text_.compare(at_, separator_.size(), separator_) == 0;
  }
  [[nodiscard]] bool at_cell_end() const noexcept {
    return done() || text_[at_] == '\n' || at_separator();
  }
  void problem(DiagnosticCode code, Span span, std::vector<Phrase> values);
  void skip_blanks() {
    while (!at_cell_end() && text_[at_] == ' ') ++at_;
  }
  Text cell();
  Text quoted_cell();
  Text plain_cell();
  TableFile::Row line();
  void header(TableFile::Row line);
  void keep(TableFile::Row row);

  bool has_room(Span span);
  /// Nothing more is read.
  void stop() {
    stopped_ = true;
    at_ = text_.size();
  }

  std::size_t memory_;
  SourceText& source_;
  std::string_view text_;
  std::string_view separator_;
  TableFile& out_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t problems_ = 0;
  SameInManyLines lengths_;
  bool stopped_ = false;
  bool right_ = true;  // all lines have as many cells as the first
};

void CsvReader::problem(DiagnosticCode code, Span span, std::vector<Phrase> values) {
  if (++problems_ > kMaxProblems) {
    if (problems_ == kMaxProblems + 1) {
      diagnostics_.push_back({DiagnosticCode::table_many_problems, span, {}});
    }
    return;
  }
  diagnostics_.push_back({code, span, std::move(values)});
}

/// False where the table takes too much: then nothing more is read.
bool CsvReader::has_room(Span span) {
  if (out_.bytes <= memory_) return true;
  constexpr unsigned kMega = 20;
  problem(DiagnosticCode::table_memory, span, {std::to_string(memory_ >> kMega) + " MiB"});
  stop();
  return false;
}

Text CsvReader::quoted_cell() {
  Text out;
  out.quoted = true;
  const std::size_t begin = at_;
  for (++at_; !done(); ++at_) {
    if (text_[at_] != '"') {
      out.text += text_[at_];
      continue;
    }
    const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '"';
    if (!doubled) break;
    out.text += '"';
    ++at_;
  }
  if (done()) {
    problem(DiagnosticCode::table_quote, source_.span(begin, begin + 1),
            {PhraseCode::the_quote_is_never_closed, PhraseCode::close_the_cell});
    return out;
  }
  ++at_;
  out.span = source_.span(begin, at_);
  skip_blanks();
  if (at_cell_end()) return out;
  problem(DiagnosticCode::table_quote, source_.span(at_, at_ + 1),
          {PhraseCode::there_is_more_text_behind_the_closing_quote, PhraseCode::double_the_quote});
  while (!at_cell_end()) ++at_;
  return out;
}

Text CsvReader::plain_cell() {
  const std::size_t begin = at_;
  std::size_t quote = std::string_view::npos;
  for (; !at_cell_end(); ++at_) {
    if (text_[at_] == '"' && quote == std::string_view::npos) quote = at_;
  }
  std::size_t end = at_;
  while (end > begin && text_[end - 1] == ' ') --end;
  Text out{std::string(text_.substr(begin, end - begin)), source_.span(begin, end)};
  if (quote != std::string_view::npos) {
    problem(DiagnosticCode::table_quote, source_.span(quote, quote + 1),
            {PhraseCode::a_quote_stands_inside_a_cell, PhraseCode::quote_the_cell});
  }
  return out;
}

Text CsvReader::cell() {
  skip_blanks();
  return !done() && text_[at_] == '"' ? quoted_cell() : plain_cell();
}

TableFile::Row CsvReader::line() {
  TableFile::Row row;
  row.line = source_.span(at_, at_).line;
  out_.bytes += kBytesOfLine;
  for (;;) {
    row.cells.push_back(cell());
    out_.bytes += bytes_of(row.cells.back());
    if (row.cells.size() > kMaxTableColumns + 1) {
      problem(DiagnosticCode::table_many_columns, row.cells.back().span,
              {std::to_string(kMaxTableColumns)});
      stop();
      return row;
    }
    if (!has_room(row.cells.back().span)) return row;
    if (done()) return row;
    const bool line_end = text_[at_] == '\n';
    at_ += line_end ? 1 : separator_.size();
    if (line_end) return row;
  }
}

void CsvReader::header(TableFile::Row line) {
  const bool trailing_separator = line.cells.size() > 1 && line.cells.back().text.empty();
  if (trailing_separator) line.cells.pop_back();
  std::vector<const Text*> names;
  for (const Text& name : line.cells) names.push_back(&name);
  std::stable_sort(names.begin(), names.end(),
                   [](const Text* a, const Text* b) { return a->text < b->text; });
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i]->text.empty() || names[i]->text != names[i - 1]->text) continue;
    problem(DiagnosticCode::table_header_repeated, names[i]->span, {names[i]->text});
  }
  out_.header = std::move(line.cells);
}

void CsvReader::keep(TableFile::Row row) {
  const std::size_t wanted = out_.header.size();
  const bool empty_tail =
      row.cells.size() == wanted + 1 && row.cells.back().text.empty() && !row.cells.back().quoted;
  if (empty_tail) row.cells.pop_back();
  if (row.cells.size() == wanted) {
    out_.rows.push_back(std::move(row));
    return;
  }
  right_ = false;
  lengths_.add(DiagnosticCode::table_line_length, row.cells.front().span,
               {std::to_string(row.cells.size()), std::to_string(wanted)}, diagnostics_);
}

bool CsvReader::read() {
  bool has_header = false;
  while (!done()) {
    if (text_[at_] == '\n') {
      ++at_;
      continue;
    }
    TableFile::Row row = line();
    if (stopped_) return false;
    if (std::exchange(has_header, true)) {
      keep(std::move(row));
    } else {
      header(std::move(row));
    }
  }
  if (!has_header) problem(DiagnosticCode::table_empty, source_.span(0, 0), {});
  return problems_ == 0 && right_;
}

bool read_pairs(std::string_view text, std::string_view name, std::uint32_t file, TableFile& out,
                Diagnostics& diagnostics) {
  out.pairs = true;
  const std::size_t before = diagnostics.size();
  YamlNode tree;
  if (!read_tree_file(text, name, file, tree, diagnostics)) return false;
  constexpr Word kPairs{Section::table, "", Form::pairs, "", ""};
  std::vector<Pair> pairs;
  if (tree.is_map())
    read_value(tree, kPairs, pairs, diagnostics);
  else
    report_kind(tree, PhraseCode::the_file, title(Form::pairs), diagnostics);
  for (std::size_t i = before; i < diagnostics.size(); ++i) {
    Diagnostic& one = diagnostics[i];
    if (one.code == DiagnosticCode::value_kind && one.values.back().empty())
      one.values.back() = PhraseCode::table_files_are_pairs;
  }
  for (Pair& pair : pairs) {
    const std::uint32_t line = pair.key.span.line;
    TableFile::Row row{line, {}};
    row.cells.push_back(std::move(pair.key));
    row.cells.push_back(std::move(pair.value));
    out.rows.push_back(std::move(row));
  }
  return diagnostics.size() == before;
}

}  // namespace

void SameInManyLines::add(DiagnosticCode code, const Span& span, std::vector<Phrase> values,
                          Diagnostics& diagnostics) {
  if (count_++ == 0) {
    at_ = diagnostics.size();
    values.emplace_back();
    diagnostics.push_back({code, span, std::move(values)});
    return;
  }
  diagnostics[at_].values.back() = {PhraseCode::and_more_lines, {std::to_string(count_ - 1)}};
}

bool is_pairs_file(std::string_view name) noexcept {
  for (const std::string_view end : {".yaml", ".yml", ".json"}) {
    if (name.size() > end.size() && name.substr(name.size() - end.size()) == end) return true;
  }
  return false;
}

bool read_table_file(std::string_view text, std::string_view name, std::uint32_t file,
                     std::string_view separator, std::size_t memory, TableFile& out,
                     Diagnostics& diagnostics) {
  if (text.size() > kMaxTableBytes) {
    diagnostics.push_back(
        {DiagnosticCode::table_too_big, {file, 0, 0, 0}, {std::to_string(kMaxTableBytes >> 20U)}});
    return false;
  }
  const std::string clean = without_mark_and_cr(text);
  if (is_pairs_file(name)) return read_pairs(clean, name, file, out, diagnostics);
  SourceText source(clean, file);
  if (!source.check(diagnostics)) return false;
  out.bytes = 2 * clean.size();
  const bool read =
      CsvReader(source, separator.empty() ? "," : separator, memory, out, diagnostics).read();
  out.bytes_of_lookup = out.rows.size() * kBytesOfLine;
  return read;
}

}  // namespace trama
