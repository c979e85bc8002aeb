#include "engine/mapping_test.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/arena.h"
#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "engine/memory_run.h"
#include "json/record_reader.h"
#include "mapping/paths.h"
#include "mapping/source_text.h"
#include "mapping/table_file.h"
#include "report/words.h"
#include "run/dump_tables.h"
#include "run/never_found.h"
#include "run/run_facts.h"
#include "sink/format.h"
#include "text/catalogue.h"
#include "value/dates.h"

namespace trama {
namespace {

/// A row as texts, by column.
using TextRow = std::vector<std::pair<std::string, std::string>>;

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

/// JSON without the blanks between its parts.
std::string without_blanks(std::string_view json) {
  std::string out;
  bool inside = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (inside || !blank) out += c;
    if (c == '"') inside = !inside;
    if (c == '\\' && ++i < json.size()) out += json[i];
  }
  return out;
}

/// A value of a JSON row as a test writes it: texts without quotes, nothing for null.
std::string text_of(const Node& node, Arena& arena) {
  switch (node.kind()) {
    case JsonKind::missing:
    case JsonKind::null:
      return {};
    case JsonKind::text:
      return std::string(node.text(arena));
    case JsonKind::number:
    case JsonKind::boolean:
      return std::string(node.raw());
    case JsonKind::list:
    case JsonKind::object:
      return without_blanks(node.raw());
  }
  return {};
}

/// The value at a dotted column name.
Node at_name(Node node, std::string_view name, Arena& arena) {
  while (node.exists()) {
    const std::size_t dot = name.find('.');
    node = node.member(name.substr(0, dot), arena);
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  return node;
}

/// Our own lines of JSON: rejects, records written in the test.
SourceOptions json_lines() {
  SourceOptions options;
  options.format = InputFormat::ndjson;
  options.max_record_bytes = 4 * kMaxRecordBytes;  // a reject holds its record
  return options;
}

/// One frame after another of a text, given to `each`; ends where that says false. False where not
/// all could be read.
template <typename Each>
bool each_frame(const std::string& text, const std::string& name, const SourceOptions& options,
                Each each) {
  if (text.empty()) return true;
  const std::unique_ptr<Source> source = source_of_text(text, name, options);
  Split split;
  while (source->next(split)) {
    for (const Frame& frame : split.frames)
      if (frame.kind != FrameKind::record || !each(std::string_view(frame.data, frame.size)))
        return false;
  }
  return !source->trouble();
}

class TestRun {
 public:
  TestRun(const Test& test, const TestInput& input) : test_(test), input_(input) {}

  TestOutcome go() {
    std::int64_t now = input_.now;
    if (test_.at.stated()) read_instant(test_.at.text, now);  // `check` has seen that it is one
    std::string given;
    if (!test_.given.stated() && !input_.plan.travelling_table().empty()) {
      problem(PhraseCode::test_table_beside, {input_.plan.travelling_table()});
      return std::move(outcome_);
    }
    if (test_.given.stated() && !find_file(test_.given, given)) return std::move(outcome_);
    RunOptions options;
    options.inputs = {test_.given.stated() ? test_.given.text : "given"};
    const OpenSource open = [&]() -> Result<std::unique_ptr<Source>> {
      if (test_.given.stated()) {
        return Source::open({given}, DumpTables::options(input_.plan, input_.mapping.source));
      }
      return source_of_text(test_.given_json, "given", json_lines());
    };
    options.languages.files = input_.language;  // what rejects say is told
    auto run =
        run_in_memory(input_.plan, names_of(input_.plan, input_.mapping, options, "test"), open,
                      now, input_.coverage != nullptr ? &input_.coverage->taken() : nullptr);
    if (!run.ok()) {
      problem(PhraseCode::test_given, {words_of(run.failure())});
      return std::move(outcome_);
    }
    if (run.value().trouble) problem(PhraseCode::test_given, {words_of(*run.value().trouble)});
    compare_rejects(run.value().rejects);
    const std::size_t before = outcome_.problems.size();
    if (test_.expect_rows_span.line != 0) compare_rows(run.value().rows);
    const std::size_t rows = outcome_.problems.size() - before;
    if (test_.expect_warnings_span.line != 0) compare_warnings(run.value().summary);
    if (input_.accept && rows > 0) accept(run.value().rows, outcome_.problems.size() == rows);
    if (input_.coverage != nullptr) input_.coverage->add(run.value().summary);
    if (input_.fields != nullptr) note_fields(run.value().summary.fields);
    return std::move(outcome_);
  }

 private:
  void note_fields(const std::vector<FieldSeen>& seen) const {
    std::vector<FieldSeen>& all = *input_.fields;
    all.resize(std::max(all.size(), seen.size()));
    for (std::size_t i = 0; i < seen.size(); ++i) all[i] = std::max(all[i], seen[i]);
  }

  void problem(Phrase phrase) { outcome_.problems.push_back(say(input_.language, phrase)); }
  void problem(PhraseCode code, std::vector<Phrase> values) {
    problem(Phrase(code, std::move(values)));
  }
  [[nodiscard]] Phrase words_of(const Failure& failure) const {
    const Failure shown = shown_failure(failure, input_.plan);
    return {shown.code, shown.values};
  }

  bool find_file(const Text& file, std::string& resolved) {
    Phrase why_not;
    if (resolve(input_.mapping.path, file.text, input_.root, resolved, why_not)) {
      struct stat about{};  // what is not there, or a folder, is found when it is read
      const bool known = ::stat(resolved.c_str(), &about) == 0;
      if (!known || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) return true;
      why_not = PhraseCode::it_is_no_regular_file;
    }
    problem(file.text + ": " + say(input_.language, why_not));
    return false;
  }

  [[nodiscard]] bool csv() const noexcept { return !input_.plan.format->nests; }

  /// Rows of a CSV text with a header.
  bool read_csv(const std::string& text, const std::string& name, std::vector<TextRow>& out,
                std::vector<std::string>* header = nullptr) {
    TableFile file;
    Diagnostics wrong;
    const std::string plain = without_mark_and_cr(text);
    if (!read_table_file(plain, "rows.csv", 0, input_.plan.output.separator, kMemoryBytes, file,
                         wrong)) {
      for (const Diagnostic& d : wrong)
        problem(name + ":" + std::to_string(d.span.line) + ": " + say(input_.language, d));
      return false;
    }
    if (header != nullptr)
      for (const auto& cell : file.header) header->push_back(cell.text);
    for (const TableFile::Row& row : file.rows) {
      TextRow cells;
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        cells.emplace_back(file.header[i].text, row.cells[i].text);
      out.push_back(std::move(cells));
    }
    return true;
  }

  /// Rows of JSON texts, by the columns of the mapping that stand in them.
  bool read_json(const std::string& text, const std::string& name, std::vector<TextRow>& out) {
    Arena arena;
    RecordReader reader({});
    const bool read = each_frame(text, name, {}, [&](std::string_view frame) {
      if (reader.read(frame) != Reason::none) return false;
      TextRow cells;
      for (const OutputColumn& column : input_.plan.output.columns) {
        const Node at = at_name(reader.root(), column.name, arena);
        if (at.exists()) cells.emplace_back(column.name, text_of(at, arena));
      }
      out.push_back(std::move(cells));
      return true;
    });
    if (!read) problem(PhraseCode::test_rows_unreadable, {name});
    return read;
  }

  bool read_expected(std::vector<TextRow>& out) {
    if (!test_.expect_rows.stated()) {
      for (const auto& row : test_.expect_rows_inline) {
        TextRow cells;
        for (const Pair& cell : row) cells.emplace_back(cell.key.text, cell.value.text);
        out.push_back(std::move(cells));
      }
      return true;
    }
    std::string resolved;
    std::string text;
    Phrase why_not;
    if (!find_file(test_.expect_rows, resolved)) return false;
    if (!input_.reader.read(resolved, text, why_not)) {
      problem(test_.expect_rows.text + ": " + say(input_.language, why_not));
      return false;
    }
    if (is_json(test_.expect_rows.text)) return read_json(text, test_.expect_rows.text, out);
    return read_csv(text, test_.expect_rows.text, out, &expected_header_);
  }

  void compare_rows(const std::string& rows) {
    std::vector<TextRow> expected;
    std::vector<TextRow> made;
    if (!read_expected(expected)) return;
    if (!read_made(rows, made)) return;
    if (expected.size() != made.size()) {
      problem(PhraseCode::test_row_count,
              {Phrase(PhraseCode::rows, {std::to_string(expected.size())}),
               std::to_string(made.size())});
    }
    for (std::size_t i = 0; i < std::min(expected.size(), made.size()); ++i)
      compare_row(i + 1, expected[i], made[i]);
  }

  /// The rows of the run, called so in messages.
  bool read_made(const std::string& rows, std::vector<TextRow>& out) {
    const std::string name = say(input_.language, PhraseCode::test_the_rows);
    return csv() ? read_csv(rows, name, out) : read_json(rows, name, out);
  }

  void compare_row(std::size_t number, const TextRow& expected, const TextRow& made) {
    for (const auto& [name, text] : expected) {
      const auto is_it = [&column = name](const auto& cell) { return cell.first == column; };
      const auto found = std::find_if(made.begin(), made.end(), is_it);
      const bool column = found != made.end() || has_column(name);
      const std::string got = found == made.end() ? std::string() : found->second;
      const auto wrong = [&, &column_name = name](Phrase what) {
        problem(PhraseCode::test_where, {std::to_string(number), column_name, std::move(what)});
      };
      if (!column) {
        wrong(PhraseCode::test_no_column);
      } else if (got != text && got != without_blanks(text)) {
        wrong(is_personal(name) ? Phrase(PhraseCode::test_not_expected, {kHidden})
                                : Phrase(PhraseCode::test_expected, {quoted(text), quoted(got)}));
      }
    }
  }

  static bool is_json(std::string_view file) noexcept {
    return file.ends_with(".json") || file.ends_with(".ndjson") || file.ends_with(".jsonl");
  }

  /// Makes `rows` what the file of the test expects; `only_rows`: nothing else differs.
  void accept(const std::string& rows, bool only_rows) {
    const std::string& file = test_.expect_rows.text;
    std::string path;
    Phrase why_not;
    if (!test_.expect_rows.stated()) return problem(PhraseCode::test_accept_inline);
    if (!only_rows) return problem(PhraseCode::test_accept_more);
    if (is_json(file) && csv()) return problem(PhraseCode::test_accept_csv, {file});
    if (!resolve(input_.mapping.path, file, input_.root, path, why_not)) return;
    std::vector<TextRow> made;
    std::string text;
    if (!is_json(file)) {
      if (!read_made(rows, made)) return;
      text = csv_text(made);
    } else if (file.ends_with(".json")) {
      text = "[\n" + rows + "]\n";
      for (std::size_t at = text.find('\n', 2); at + 3 < text.size(); at = text.find('\n', at + 2))
        text.insert(at, ",");
    } else {
      text = rows;
    }
    outcome_.problems.clear();
    outcome_.accepted = {file, std::move(path), std::move(text)};
  }

  /// Rows as the CSV file of a test: the columns that it has, or all of a new one.
  [[nodiscard]] std::string csv_text(const std::vector<TextRow>& rows) const {
    std::vector<std::string> names;
    for (const std::string& name : expected_header_)
      if (has_column(name)) names.push_back(name);
    if (names.empty())
      for (const OutputColumn& column : input_.plan.output.columns) names.push_back(column.name);
    std::string out;
    const auto add = [&](std::string_view cell, bool first) {
      const std::string_view separator = input_.plan.output.separator;
      if (!first) out += separator;
      const bool quote = cell.find_first_of("\"\r\n") != std::string_view::npos ||
                         cell.find(separator) != std::string_view::npos || cell != trim(cell) ||
                         (cell.empty() && names.size() == 1);
      if (!quote) {
        out += cell;
        return;
      }
      out += '"';
      for (const char c : cell) out.append(c == '"' ? 2 : 1, c);
      out += '"';
    };
    for (std::size_t i = 0; i < names.size(); ++i) add(names[i], i == 0);
    out += '\n';
    for (const TextRow& row : rows) {
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto cell = std::find_if(row.begin(), row.end(),
                                       [&](const auto& c) { return c.first == names[i]; });
        add(cell == row.end() ? std::string_view() : cell->second, i == 0);
      }
      out += '\n';
    }
    return out;
  }

  [[nodiscard]] bool has_column(std::string_view name) const {
    const auto& columns = input_.plan.output.columns;
    return std::any_of(columns.begin(), columns.end(),
                       [&](const OutputColumn& c) { return c.name == name; });
  }

  /// Whether a column, or one of those that its name nests, is personal.
  [[nodiscard]] bool is_personal(std::string_view name) const {
    const auto& columns = input_.plan.columns;
    return std::any_of(columns.begin(), columns.end(), [&](const PlanColumn& c) {
      const bool below =
          c.name.size() > name.size() && c.name.starts_with(name) && c.name[name.size()] == '.';
      return c.personal && !c.in_each && (c.name == name || below);
    });
  }

  /// Every rejected record must be expected, and every expectation met.
  void compare_rejects(const std::string& rejects) {
    std::vector<bool> met(test_.expect_rejected.size());
    Arena arena;
    // The line of a reject holds its record: one level deeper, and with the keys that it repeats.
    RecordReader reader({.slots = {{"record"}, {"id"}, {"errors"}}, .used = {}}, kMaxDepth + 1);
    const bool read = each_frame(rejects, "rejects", json_lines(), [&](std::string_view frame) {
      const Reason reason = reader.read(frame);
      if (reason != Reason::none && reason != Reason::repeated_key) return false;
      bool expected = false;
      const std::string number = text_of(reader.slot(0), arena);
      const std::string id = text_of(reader.slot(1), arena);
      std::string told;
      for (NodeCursor error(reader.slot(2)); error.next();) {
        const auto word = [&](const char* key) {
          return text_of(error.value().member(key, arena), arena);
        };
        for (std::size_t i = 0; i < met.size(); ++i) {
          const Test::Rejected& wanted = test_.expect_rejected[i];
          const auto fits = [](const Text& text, const std::string& is) {
            return !text.stated() || text.text == is;
          };
          if (!fits(wanted.rule, word("rule")) || !fits(wanted.code, word("code")) ||
              !fits(wanted.column, word("column")))
            continue;
          if (!fits(wanted.record, number) && !fits(wanted.record, id)) continue;
          met[i] = expected = true;
        }
        const std::string where = word("column") + word("rule");
        told += (told.empty() ? "" : "; ") + word("code") + (where.empty() ? "" : " " + where) +
                ": " + word("message");
      }
      if (!expected)
        problem(PhraseCode::test_rejected, {number + (id.empty() ? "" : " (" + id + ")"), told});
      return true;
    });
    if (!read) problem(PhraseCode::test_rejects_unreadable);
    for (std::size_t i = 0; i < met.size(); ++i)
      if (!met[i]) problem(PhraseCode::test_not_rejected, {words_of(test_.expect_rejected[i])});
  }

  static std::string words_of(const Test::Rejected& wanted) {
    std::string all;
    for (const auto& [word, text] : {std::pair<const char*, const Text*>{"rule", &wanted.rule},
                                     {"code", &wanted.code},
                                     {"column", &wanted.column},
                                     {"record", &wanted.record}})
      if (text->stated()) all += (all.empty() ? "" : ", ") + std::string(word) + " " + text->text;
    return all;
  }

  /// Where warnings are stated, those and no others must be told.
  void compare_warnings(const Summary& summary) {
    std::vector<bool> met(test_.expect_warnings.size());
    const SummaryNames names = summary_names(input_.plan, input_.mapping);
    for (const Summary::Warning& kind : summary.warning_kinds) {
      const WarningWords words = trama::words_of(kind, names, input_.language);
      // A test may quote the message in any language, whatever the screen speaks.
      const auto says = [&](const Text& text) {
        const auto in = [&](Language language) {
          return trama::words_of(kind, names, language).message.find(text.text) !=
                 std::string::npos;
        };
        return std::any_of(all_languages().begin(), all_languages().end(), in);
      };
      bool expected = false;
      for (std::size_t i = 0; i < met.size(); ++i) {
        const Test::Warning& wanted = test_.expect_warnings[i];
        const auto fits = [&words](const Text& text) {
          return !text.stated() || text.text == words.where;
        };
        if (!fits(wanted.column) || !fits(wanted.rule) || !says(wanted.text)) continue;
        met[i] = expected = true;
      }
      if (!expected) problem(PhraseCode::test_warned, {words.code, words.where, words.message});
    }
    for (std::size_t i = 0; i < met.size(); ++i) {
      const Test::Warning& wanted = test_.expect_warnings[i];
      if (!met[i])
        problem(PhraseCode::test_not_warned,
                {wanted.column.text + wanted.rule.text +
                 (wanted.text.stated() ? " " + quoted(wanted.text.text) : "")});
    }
  }

  const Test& test_;
  const TestInput& input_;
  TestOutcome outcome_;
  std::vector<std::string> expected_header_;  // of a CSV file
};

/// Rows are compared one by one: as a JSON list they are one text.
void write_lines(Plan& plan) {
  plan.format = &format_of_tests(*plan.format);
  plan.output.header = true;
}

}  // namespace

TestOutcome run_test(const Test& test, const TestInput& input) {
  return TestRun(test, input).go();
}

TestsEnd run_tests(LoadedMapping& loaded, const TestsOptions& options, FileReader& reader,
                   const std::function<void(const Test&, TestOutcome)>& done) {
  write_lines(*loaded.plan);
  Coverage coverage(*loaded.plan, loaded.mapping);
  std::vector<FieldSeen> fields;
  const TestInput input{*loaded.plan,
                        loaded.run,
                        options.root,
                        reader,
                        options.now,
                        options.accept,
                        options.coverage ? &coverage : nullptr,
                        &fields,
                        options.language};
  for (const Test& test : loaded.mapping.tests) done(test, run_test(test, input));
  TestsEnd end;
  end.notes = alerts_of_fields(*loaded.plan, fields);
  if (options.coverage) end.coverage = coverage.parts();
  return end;
}

}  // namespace trama
