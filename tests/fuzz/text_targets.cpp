// Targets over one text each: expressions, tables, row schemas, lists of inputs, summaries.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/terminal_text.h"
#include "base/utf8.h"
#include "cli/inputs_from.h"
#include "engine/load.h"
#include "exec/mapper.h"
#include "exec/row_check.h"
#include "fuzz/promises.h"
#include "fuzz/targets.h"
#include "lsp/meaning.h"
#include "lsp/message.h"
#include "lsp/server.h"
#include "mapping/expression.h"
#include "mapping/layout.h"
#include "mapping/source_text.h"
#include "mapping/table_file.h"
#include "mapping/yaml_tree.h"
#include "plan/compile.h"
#include "plan/row_schema.h"
#include "report/diagnostics_text.h"
#include "report/summary.h"
#include "sink/format.h"
#include "sink/row_encoder.h"
#include "text/catalogue.h"

namespace trama::fuzz {
namespace {

constexpr std::int64_t kNow = 1741068000;

/// Diagnostics are fit to be shown, in both languages.
void shown(const Diagnostics& diagnostics, const Files& files) {
  for (const Language language : {Language::en, Language::es}) {
    const std::string text = render_text(diagnostics, files, language);
    require(text.empty() == diagnostics.empty(), "what is wrong is not shown");
    require(first_invalid_utf8(text) == kValidUtf8, "diagnostics that are no UTF-8", text);
    for (const char c : text)
      require(static_cast<unsigned char>(c) >= 0x20 || c == '\n', "a control character is shown",
              text);
  }
}

/// A mapping that is read once, and compiled with one part of it exchanged; then one record.
class Exchanged {
 public:
  explicit Exchanged(const std::string& text, std::string_view other = {})
      : text_(text), reader_{{"m.yaml", text_}, {"t.csv", {}}, {"t.yaml", {}}, {"s.json", other}} {
    Diagnostics diagnostics;
    mapping_ = read_mapping("m.yaml", reader_, files_, diagnostics);
    require(diagnostics.empty(), "the mapping of the target is wrong",
            render_text(diagnostics, files_));
  }

  Mapping& mapping() noexcept { return mapping_; }
  MemoryFiles& reader() noexcept { return reader_; }

  /// Whether it compiles; then the records are mapped.
  bool run(const std::vector<std::string>& records) {
    Files files = files_;
    Diagnostics diagnostics;
    const std::unique_ptr<Plan> plan =
        compile({mapping_, "m.yaml", "", reader_, files}, diagnostics);
    shown(diagnostics, files);
    require(plan != nullptr || !diagnostics.empty(), "no plan, and nothing is told");
    if (plan == nullptr) return false;
    Mapper mapper(*plan, kNow, kMaxDepth);
    const std::unique_ptr<RowEncoder> encoder = plan->format->encoder(plan->output);
    std::unique_ptr<RowCheck> check;
    if (plan->row_schema) check = std::make_unique<RowCheck>(*plan);
    for (const std::string& record : records) {
      const std::string frame = record + std::string(64, ' ');
      const MappedRecord& made = mapper.map(std::string_view(frame).substr(0, record.size()), {});
      if (made.state == RecordState::rejected || made.row_count == 0) continue;
      RowBlock out;
      encoder->row(made.rows.first(plan->columns.size()), {}, mapper.rest(), out);
      require(first_invalid_utf8(out.bytes) == kValidUtf8, "a row that is no UTF-8", out.bytes);
      if (check) check->check(made.rows, mapper.rest(), {});
    }
    return true;
  }

 private:
  std::string text_;
  MemoryFiles reader_;
  Files files_;
  Mapping mapping_;
};

/// What a span names lies in the text.
void inside(const Diagnostics& diagnostics, std::string_view text) {
  std::uint32_t lines = 1;
  for (const char c : text) lines += c == '\n' ? 1U : 0U;
  for (const Diagnostic& one : diagnostics)
    require(one.span.line <= lines, "a diagnostic behind the end of the text", text);
}

/// Two trees, places aside.
// NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
bool alike(const YamlNode& a, const YamlNode& b) {
  if (a.kind != b.kind || a.quoted != b.quoted || a.text != b.text ||
      a.items.size() != b.items.size() || a.entries.size() != b.entries.size())
    return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!alike(a.items[i], b.items[i])) return false;
  for (std::size_t i = 0; i < a.entries.size(); ++i)
    if (!alike(a.entries[i].key, b.entries[i].key) ||
        !alike(a.entries[i].value, b.entries[i].value))
      return false;
  return true;
}

const std::vector<std::string>& records() {
  static const std::vector<std::string> kRecords = {
      R"({"t":"DBL","n":"1.50","d":"2025-03-01","z":"2025-03-01T10:00:00-05:00","b":true,"m":"USD 3","u":5,"l":[{"c":"x"}]})",
      R"({"t":"","n":null,"u":[],"l":{"c":1}})",
      R"({"t":"k, \u00e1","n":-99999999999999999999999999999999999999,"d":"9999-12-31","b":"no","u":"v"})"};
  return kRecords;
}

}  // namespace

void layout(std::string_view input) {
  Diagnostics diagnostics;
  const Layout layout = lay_out(input, 0, diagnostics);
  require((layout.end == Layout::End::unread) != diagnostics.empty(),
          "a file is unread without a diagnostic, or laid out with one", input);
  if (layout.end == Layout::End::unread) shown(diagnostics, {{{"m.yaml", std::string(input)}}});
  if (layout.end != Layout::End::done) return;
  const auto tree_of = [](std::string_view text) {
    YamlNode tree;
    Diagnostics problems;
    require(read_yaml(without_mark_and_cr(text), 0, tree, problems) && problems.empty(),
            "a file that is laid out is no YAML", text);
    return tree;
  };
  require(alike(tree_of(input), tree_of(layout.text)), "the layout changes the meaning", input);
  const Layout again = lay_out(layout.text, 0, diagnostics);
  require(again.end == Layout::End::done && again.text == layout.text,
          "a layout that is laid out otherwise", layout.text);
}

void outline(std::string_view input) {
  if (input.size() > 20000) return;
  const MappingOutline mapping(input);
  const Outline& outline = mapping.outline();
  const auto within = [&](std::size_t begin, std::size_t end) {
    require(begin <= end && end <= input.size(), "a place beyond the text", input);
  };
  for (std::uint32_t i = 0; i < outline.nodes().size(); ++i) {
    const OutlineNode& node = outline[i];
    within(node.begin, node.end);
    within(node.key_begin, node.key_end);
    require(i == 0 || (node.parent < i && outline[i - 1].start() <= node.start()),
            "nodes that are not in the order of the text", input);
  }
  for (const ColumnUse& use : column_uses(mapping)) within(use.range.begin, use.range.end);
  for (const PositionEncoding encoding : {PositionEncoding::utf16, PositionEncoding::utf8}) {
    DocumentText text(std::string(input), encoding);
    for (std::size_t at = 0; at <= input.size(); at += 1 + input.size() / 500) {
      const Outline::Place place = outline.at(at);
      within(place.word.begin, place.word.end);
      const std::size_t begin = text.offset(text.position(at));
      require(begin + 1 >= at, "a place that is not found again", input);
      const Position position = text.position(begin);
      const Position again = text.position(text.offset(position));
      require(position.line == again.line && position.character == again.character,
              "a place that is another", input);
    }
    const std::size_t begin = text.offset({3, 2});
    const std::size_t end = std::max(begin, text.offset({4, 1}));
    std::string edited(input);
    edited.replace(begin, end - begin, "é\r\n");
    text.replace({3, 2}, {4, 1}, "é\r\n");
    require(text.text() == edited, "an edit that is not that of the whole text", input);
  }
}

void lsp(std::string_view input) {
  const int file = ::memfd_create("lsp", MFD_CLOEXEC);
  require(file >= 0 &&
              ::write(file, input.data(), input.size()) == static_cast<ssize_t>(input.size()) &&
              ::lseek(file, 0, SEEK_SET) == 0,
          "no memory file");
  std::string out;
  const int code =
      serve(file, [&out](std::string_view bytes) { return out += bytes, true; }, Language::es);
  ::close(file);
  require(code == 0 || code == 1, "another exit code");
  for (std::string_view rest = out; !rest.empty();) {
    constexpr std::string_view kHead = "Content-Length: ";
    require(rest.starts_with(kHead), "something beside the frames", rest);
    const std::size_t end = rest.find("\r\n\r\n");
    const std::size_t length =
        std::stoul(std::string(rest.substr(kHead.size(), end - kHead.size())));
    Message message;
    RpcError error{};
    require(rest.size() >= end + 4 + length &&
                message.read(std::string(rest.substr(end + 4, length)), error),
            "an answer that is none", rest);
    rest.remove_prefix(end + 4 + length);
  }
}

void expression(std::string_view input) {
  if (input.size() > 4096 || first_invalid_utf8(input) != kValidUtf8) return;
  const Text source{.text = std::string(input), .span = {.line = 1, .column = 1, .length = 1}};
  Expression parsed;
  Diagnostics diagnostics;
  const bool good = parse_expression(source, parsed, diagnostics);
  require(good == diagnostics.empty(),
          "an expression is wrong without a diagnostic, or right with");
  if (!good) {
    shown(diagnostics, {{{"m.yaml", std::string(input)}}});
    return;
  }
  require(!parsed.nodes.empty(), "an expression of nothing");
  std::size_t waiting = 0;  // of the post-order: values that an operation has not taken yet
  for (const ExpressionNode& node : parsed.nodes) {
    require(node.begin <= node.end && node.end <= parsed.text.size(), "words outside of the text");
    require(node.children <= waiting, "an operation without its operands");
    require(node.form != ExpressionNode::Form::source || node.path < parsed.paths.size(),
            "a path that there is not");
    waiting = waiting - node.children + 1;
  }
  require(waiting == 1, "an expression with several roots");
  static Exchanged rule(
      "mapping: m\nversion: 1\ncolumns:\n"
      "  T: t\n  N: {from: n, type: decimal}\n  I: {from: u, type: integer}\n"
      "  D: {from: d, type: date}\n  Z: {from: z, type: datetime, zone: UTC}\n"
      "  B: {from: b, type: boolean}\n  M: {from: m, type: money, currency: in-amount}\n"
      "  C: {compute: N, decimals: 2, rounding: half-up}\n"
      "  W: {choose: [{when: B, write: x}, {otherwise: y}]}\n"
      "only: {when: source.t is filled}\nrules: [{name: r, check: N > 0}]\n"
      "output: {format: ndjson}\n");
  Mapping& mapping = rule.mapping();
  static const Mapping kAsRead = mapping;
  mapping = kAsRead;
  mapping.rules[0].check.text = source.text;
  rule.run(records());
  mapping = kAsRead;
  mapping.only.when.text = source.text;
  rule.run(records());
  mapping = kAsRead;
  for (Column& column : mapping.columns) {
    if (column.compute.stated()) column.compute.text = source.text;
    if (!column.choose.empty()) column.choose[0].when.text = source.text;
  }
  rule.run(records());
}

void table(std::string_view input) {
  if (input.size() < 2) return;
  const auto choice = static_cast<unsigned char>(input[0]);
  input.remove_prefix(1);
  static const char* const kSeparators[] = {"", ";", "\t", "|"};
  const char* const name = choice % 8 == 7 ? "t.yaml" : "t.csv";
  TableFile read;
  Diagnostics diagnostics;
  const std::string text(input);
  const bool good = read_table_file(text, name, 0, kSeparators[choice / 8 % 4],
                                    std::size_t{64} << 20U, read, diagnostics);
  require(good || !diagnostics.empty(), "a table is refused, and nothing is told");
  shown(diagnostics, {{{name, text}}});
  inside(diagnostics, text);
  if (!good) return;
  for (const TableFile::Row& row : read.rows)
    require(row.cells.size() == (read.pairs ? 2 : read.header.size()), "a row of another width");
  static Exchanged lookups(
      "mapping: m\nversion: 1\ntables: {t: {file: t.csv, key: k, value: v}}\n"
      "columns:\n  A: {from: t, lookup: t}\n  B: {from: u, lookup: t, ignore_case: yes, unknown: "
      "keep}\noutput: {format: csv}\n");
  static Exchanged pairs(
      "mapping: m\nversion: 1\ntables: {t: {file: t.yaml}}\ncolumns:\n  A: {from: t, lookup: t}\n");
  static Exchanged rates(
      "mapping: m\nversion: 1\ntables: {r: {kind: rates, file: t.csv, date: d, from: f, to: t, rate: "
      "r, no_rate_that_day: use-previous, at_most_days_old: 3000, inverse_allowed: yes, through: "
      "EUR}}\ncolumns:\n  D: {from: d, type: date}\n  M: {from: m, type: money, currency: in-amount, "
      "convert_to: EUR, rates: r, rate_date: D, decimals: 2, rounding: half-up}\n");
  Exchanged& used = choice % 8 == 7 ? pairs : choice % 2 == 0 ? lookups : rates;
  used.reader().set(name, text);
  Table& in_mapping = used.mapping().tables[0];
  in_mapping.separator.text = kSeparators[choice / 8 % 4];
  in_mapping.separator.span.line = choice / 8 % 4 == 0 ? 0 : 4;
  used.run(records());
}

void schema(std::string_view input) {
  if (input.size() > 20000) return;
  const std::string text(input);
  RowSchema read;
  Diagnostics diagnostics;
  std::uint32_t places = 0;
  const bool good =
      read_row_schema(text, "s.json", 0, [&](const Span&) { return places++; }, read, diagnostics);
  require(good || !diagnostics.empty(), "a schema is refused, and nothing is told");
  shown(diagnostics, {{{"s.json", text}}});
  inside(diagnostics, text);
  if (!good) return;
  for (const std::vector<SchemaRule>& rules : read.schemas)
    for (const SchemaRule& rule : rules)
      for (const std::uint32_t other : rule.schemas)
        require(other < read.schemas.size(), "a schema that there is not");
  static Exchanged rows(
      "mapping: m\nversion: 1\ncolumns:\n  a: t\n  n: {from: n, type: decimal}\n"
      "  d: {from: d, type: date}\n  o.z: {from: z, type: datetime, zone: UTC}\n"
      "  o.b: {from: b, type: boolean}\n  j: {from: u, type: json}\n"
      "  l: {each: l, columns: {c: item.c}}\noutput: {format: ndjson, schema: s.json, rest: "
      "yes}\n");
  rows.reader().set("s.json", text);
  rows.run(records());
}

void input_names(std::string_view input) {
  std::vector<std::string> names;
  Result<void> read = append_input_names(input, "list", names);
  if (!read.ok()) {
    require(!say(Language::es, read.failure()).empty(), "a list is refused, and nothing is told");
    return;
  }
  require(!names.empty(), "a list of no names is taken");
  std::string again;
  for (const std::string& name : names) {
    require(!name.empty() && name.find_first_of(std::string_view("\n\0", 2)) == std::string::npos,
            "what can be no name", name);
    again += name + '\n';
    const std::string seen = visible(name, 100);
    require(first_invalid_utf8(seen) == kValidUtf8, "a name is shown as no UTF-8", seen);
    for (const char c : seen)
      require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a name reaches the terminal raw",
              seen);
  }
  std::vector<std::string> twice;
  // A mark in front, and a CR behind a name, are no part of it; both may be there again.
  if (names[0].starts_with("\xef\xbb\xbf") || again.find("\r\n") != std::string::npos) return;
  require(append_input_names(again, "list", twice).ok() && twice == names,
          "the names are read as others", again);
}

void summary(std::string_view input) {
  Result<SummaryRead> read = read_summary(input, "summary.json");
  if (!read.ok()) {
    for (const Language language : {Language::en, Language::es})
      require(!say(language, read.failure()).empty(), "a summary is refused, and nothing is told");
    return;
  }
  const SummaryRead& first = read.value();
  for (const Language language : {Language::en, Language::es}) {
    const std::string report = report_text(first.summary, first.facts, language);
    require(first_invalid_utf8(report) == kValidUtf8, "a report that is no UTF-8", report);
  }
  const std::string written = summary_json(first.summary, first.facts);
  Result<SummaryRead> again = read_summary(written, "summary.json");
  require(again.ok(), "what was written is not read", written);
  const std::string twice = summary_json(again.value().summary, again.value().facts);
  require(written == twice, "read and written again it is another", written + "---\n" + twice);
}

}  // namespace trama::fuzz
