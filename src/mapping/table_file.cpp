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

bool is_small_enough(std::string_view text, std::uint32_t file, Diagnostics& diagnostics) {
  if (text.size() <= kMaxTableBytes) return true;
  diagnostics.push_back(
      {DiagnosticCode::table_too_big, {file, 0, 0, 0}, {std::to_string(kMaxTableBytes >> 20U)}});
  return false;
}

class CsvReader {
 public:
  CsvReader(SourceText& source, std::string_view separator, std::vector<Text>& header,
            const TakeTableRow& take, Diagnostics& diagnostics)
      : source_(source),
        text_(source.text()),
        separator_(separator),
        header_(header),
        take_(take),
        diagnostics_(diagnostics) {}

  bool read();

 private:
  [[nodiscard]] bool done() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] bool at_separator() const noexcept {
    return text_[at_] == separator_[0] &&
           (separator_.size() == 1 || text_.compare(at_, separator_.size(), separator_) == 0);
  }
  [[nodiscard]] bool at_cell_end() const noexcept {
    return done() || text_[at_] == '\n' || at_separator();
  }
  void problem(DiagnosticCode code, Span span, std::vector<Phrase> values);
  void skip_blanks() {
    while (!at_cell_end() && text_[at_] == ' ') ++at_;
  }
  void cell(Text& out);
  void quoted_cell(Text& out);
  void plain_cell(Text& out);
  void line();
  void header();
  void keep();

  /// Nothing more is read.
  void stop() {
    stopped_ = true;
    at_ = text_.size();
  }

  SourceText& source_;
  std::string_view text_;
  std::string_view separator_;
  std::vector<Text>& header_;
  const TakeTableRow& take_;
  TableFile::Row row_;  // at hand; its cells and their texts are used again
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

void CsvReader::quoted_cell(Text& out) {
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
    return;
  }
  ++at_;
  out.span = source_.span(begin, at_);
  skip_blanks();
  if (at_cell_end()) return;
  problem(DiagnosticCode::table_quote, source_.span(at_, at_ + 1),
          {PhraseCode::there_is_more_text_behind_the_closing_quote, PhraseCode::double_the_quote});
  while (!at_cell_end()) ++at_;
}

void CsvReader::plain_cell(Text& out) {
  const std::size_t begin = at_;
  std::size_t quote = std::string_view::npos;
  for (; !at_cell_end(); ++at_) {
    if (text_[at_] == '"' && quote == std::string_view::npos) quote = at_;
  }
  std::size_t end = at_;
  while (end > begin && text_[end - 1] == ' ') --end;
  out.text = text_.substr(begin, end - begin);
  out.span = source_.span(begin, end);
  if (quote != std::string_view::npos) {
    problem(DiagnosticCode::table_quote, source_.span(quote, quote + 1),
            {PhraseCode::a_quote_stands_inside_a_cell, PhraseCode::quote_the_cell});
  }
}

void CsvReader::cell(Text& out) {
  out.text.clear();
  out.span = {};
  out.quoted = false;
  skip_blanks();
  !done() && text_[at_] == '"' ? quoted_cell(out) : plain_cell(out);
}

/// The line at hand, into row_.
void CsvReader::line() {
  row_.line = source_.span(at_, at_).line;
  for (std::size_t count = 1;; ++count) {
    if (row_.cells.size() < count) row_.cells.emplace_back();
    Text& out = row_.cells[count - 1];
    cell(out);
    const bool line_end = done() || text_[at_] == '\n';
    if (count > kMaxTableColumns + 1) {
      problem(DiagnosticCode::table_many_columns, out.span, {std::to_string(kMaxTableColumns)});
      stop();
      return;
    }
    if (!done()) at_ += line_end ? 1 : separator_.size();
    if (!line_end) continue;
    row_.cells.resize(count);
    return;
  }
}

void CsvReader::header() {
  const bool trailing_separator = row_.cells.size() > 1 && row_.cells.back().text.empty();
  if (trailing_separator) row_.cells.pop_back();
  header_ = row_.cells;
  std::vector<const Text*> names;
  for (const Text& name : header_) names.push_back(&name);
  std::stable_sort(names.begin(), names.end(),
                   [](const Text* a, const Text* b) { return a->text < b->text; });
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i]->text.empty() || names[i]->text != names[i - 1]->text) continue;
    problem(DiagnosticCode::table_header_repeated, names[i]->span, {names[i]->text});
  }
}

void CsvReader::keep() {
  const std::size_t wanted = header_.size();
  const bool empty_tail = row_.cells.size() == wanted + 1 && row_.cells.back().text.empty() &&
                          !row_.cells.back().quoted;
  if (empty_tail) row_.cells.pop_back();
  if (row_.cells.size() == wanted) {
    if (!take_(row_)) stop();
    return;
  }
  right_ = false;
  lengths_.add(DiagnosticCode::table_line_length, row_.cells.front().span,
               {std::to_string(row_.cells.size()), std::to_string(wanted)}, diagnostics_);
}

bool CsvReader::read() {
  bool has_header = false;
  while (!done()) {
    if (text_[at_] == '\n') {
      ++at_;
      continue;
    }
    line();
    if (stopped_) return false;
    if (std::exchange(has_header, true)) {
      keep();
    } else {
      header();
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

bool read_table_rows(std::string_view text, std::uint32_t file, std::string_view separator,
                     std::vector<Text>& header, const TakeTableRow& take,
                     Diagnostics& diagnostics) {
  if (!is_small_enough(text, file, diagnostics)) return false;
  SourceText source(text, file);
  return source.check(diagnostics) &&
         CsvReader(source, separator.empty() ? "," : separator, header, take, diagnostics).read();
}

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
  if (!is_small_enough(text, file, diagnostics)) return false;
  const std::string clean = without_mark_and_cr(text);
  if (is_pairs_file(name)) return read_pairs(clean, name, file, out, diagnostics);
  out.bytes = 2 * clean.size();
  bool too_much = false;
  const auto keep = [&](const TableFile::Row& row) {
    out.bytes += kBytesOfLine;
    for (const Text& cell : row.cells) out.bytes += bytes_of(cell);
    too_much = out.bytes > memory;
    if (too_much)
      diagnostics.push_back({DiagnosticCode::table_memory,
                             row.cells.front().span,
                             {std::to_string(memory >> 20U) + " MiB"}});
    else
      out.rows.push_back(row);
    return !too_much;
  };
  return read_table_rows(clean, file, separator, out.header, keep, diagnostics) && !too_much;
}

}  // namespace trama
