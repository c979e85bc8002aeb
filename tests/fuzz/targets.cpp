#include "fuzz/targets.h"

#include <memory>
#include <string>

#include "base/utf8.h"
#include "exec/mapper.h"
#include "fuzz/promises.h"
#include "json/json_text.h"
#include "json/reader_oracle.h"
#include "mapping/mapping.h"
#include "plan/compile.h"
#include "report/diagnostics_text.h"
#include "sink/format.h"
#include "sink/row_encoder.h"
#include "source/memory_input.h"
#include "step/lookup_table.h"

namespace trama::fuzz {
namespace {

/// A mapping of columns that all read the field v, and what it makes of a value.
class Columns {
 public:
  explicit Columns(const std::string& columns) {
    const std::string text =
        "mapping: m\nversion: 1\ncolumns:\n" + columns + "output: {format: csv, header: no}\n";
    MemoryFiles reader{{"m.yaml", text}};
    Diagnostics diagnostics;
    const Mapping mapping = read_mapping("m.yaml", reader, files_, diagnostics);
    plan_ = compile({mapping, "m.yaml", "", reader, files_}, diagnostics);
    require(plan_ != nullptr, "the mapping of the target is wrong",
            render_text(diagnostics, files_));
    mapper_ = std::make_unique<Mapper>(*plan_, 1741068000, kMaxDepth);
    encoder_ = plan_->format->encoder(plan_->output);
  }

  /// The row, or "" where the record was refused.
  std::string map(const std::string& json_value) {
    const std::string record = "{\"v\":" + json_value + "}" + std::string(64, ' ');
    const MappedRecord& made =
        mapper_->map(std::string_view(record).substr(0, record.size() - 64), {});
    RowBlock out;
    if (made.state != RecordState::rejected) encoder_->row(made.rows, {}, {}, out);
    return out.bytes;
  }

 private:
  Files files_;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<Mapper> mapper_;
  std::unique_ptr<RowEncoder> encoder_;
};

std::string as_json_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// What a column wrote, it reads again, and writes the same.
void stable(Columns& column, std::string_view text) {
  std::string once = column.map(as_json_text(text));
  if (once.empty() || once == "\"\"\n") return;
  once.pop_back();
  require(once.find('"') == std::string::npos, "a number or date needs no quotes", once);
  require(column.map(as_json_text(once)) == once + "\n", "what was written is not read as the same",
          once);
}

}  // namespace

void framing(std::string_view input) {
  if (input.size() < 4) return;
  const auto choice = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
  SourceOptions options;
  options.format = static_cast<InputFormat>(choice(0) % 3);
  options.entries = choice(0) / 3 % 4 == 1;
  if (choice(0) / 12 % 2 == 1) options.records = {"a"};
  if (choice(0) / 24 % 2 == 1) options.records.emplace_back("b");
  options.records_stated = !options.records.empty() || options.entries;
  if (choice(0) / 48 % 2 == 1) options.error_body = {"e"};
  options.max_record_bytes = 1 + choice(1) * 4U;
  if (choice(0) / 96 % 2 == 1) options.limit = choice(1) % 8 + 1;
  SourceOptions cut = options;
  cut.split_bytes = choice(2) + 1U;
  const std::size_t piece = choice(3) % 64 + 1;
  const std::string bytes(input.substr(4));
  const std::string whole = trama::told(bytes, options);
  const std::string in_pieces =
      trama::told(*source_of({{.bytes = bytes, .piece = [piece] { return piece; }}}, cut));
  require(whole == in_pieces, "the cut changes the frames", whole + "\n---\n" + in_pieces);
}

void record(std::string_view input) {
  RecordReader reader({.slots = {{"a"}, {"b", "c"}},
                       .watch = true,
                       .used = {{"a"}, {"b", std::string(kAnything), "d"}}});
  RecordReader of_lists(
      {.slots = {{"a"}}, .watch = true, .used = {{std::string(kAnything), "a"}}, .lists = true});
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(line.size() < input.size() ? line.size() + 1 : line.size());
    const std::string found = test::disagreement(reader, line);
    require(found.empty(), "the readers disagree", found);
    const std::string other = test::disagreement(of_lists, line, true);
    require(other.empty(), "the readers disagree on lists", other);
  }
}

void numbers(std::string_view input) {
  static Columns plain("  V: {from: v, type: decimal}\n");
  static Columns rounded("  V: {from: v, type: decimal, decimals: 2, rounding: half-even}\n");
  static Columns comma(
      "  V: {from: v, type: decimal, read_number: ['1.234,56', '1234.56', '1.5e3', '+1']}\n");
  static Columns others(
      "  A: {from: v, type: integer, when_wrong: write-blank}\n"
      "  B: {from: v, type: decimal, times: 1.19, decimals: 3, rounding: up, between: [-5, "
      "1000000], when_wrong: write-blank}\n"
      "  C: {from: v, type: decimal, read_number: ['1,234.56'], decimals: 0, rounding: floor, "
      "when_wrong: write-original}\n"
      "  D: {from: v, type: duration, read: minutes, write: ISO-8601, when_wrong: write-blank}\n"
      "  E: {from: v, type: boolean, yes_words: [1, si], no_words: [0, no], when_wrong: "
      "write-blank}\n"
      "  F: {from: v, text: [digits-only], pad: {to: 12, with: '0'}, when_wrong: write-blank}\n");
  if (first_invalid_utf8(input) != kValidUtf8) return;
  stable(plain, input);
  stable(rounded, input);
  comma.map(as_json_text(input));
  others.map(as_json_text(input));
  plain.map(std::string(input));  // as JSON itself, whatever it is
  others.map(std::string(input));
}

void dates(std::string_view input) {
  static Columns iso_date("  V: {from: v, type: date, read: ISO-8601, zone: America/Bogota}\n");
  static Columns iso("  V: {from: v, type: datetime, read: ISO-8601}\n");
  static Columns moved(
      "  V: {from: v, type: datetime, read: [ISO-8601, unix-seconds], zone: Europe/Madrid, "
      "no_zone_means: America/Santiago}\n");
  static Columns others(
      "  A: {from: v, type: date, read: ['DD/MM/YYYY', 'DDDD D MMMM YYYY', DDMMMYY], months: es, "
      "two_digit_years: 1950-2049, when_wrong: write-blank}\n"
      "  B: {from: v, type: datetime, read: ['MM/DD/YYYY H:mm am', 'MMM D YYYY HH:mm:ss.SSSSSS "
      "Z'], months: en, zone: UTC, no_zone_means: '-05:00', clock_change: earlier, when_wrong: "
      "write-blank}\n"
      "  C: {from: v, type: time, read: ['HH:mm', 'HH:mm:ss', 'H:mm am'], write: 'HH:mm:ss', "
      "when_wrong: write-blank}\n"
      "  D: {from: v, type: duration, read: ISO-8601, write: seconds, when_wrong: write-blank}\n"
      "  E: {from: v, type: datetime, read: [unix-millis], zone: Asia/Kolkata, write: \"DDDD D "
      "'de' MMMM YYYY H:mm am\", months: es, when_wrong: write-blank}\n"
      "  F: {from: v, type: email, when_wrong: write-blank}\n"
      "  G: {from: v, type: url, when_wrong: write-blank}\n"
      "  H: {from: v, text: [plain-text, title-case, no-accents, one-space, trim], at_most: 20, "
      "when_wrong: write-blank}\n"
      "  I: {from: v, type: date, read: ISO-8601, zone: {from: v}, when_wrong: write-blank}\n");
  if (first_invalid_utf8(input) != kValidUtf8) return;
  stable(iso_date, input);
  stable(iso, input);
  moved.map(as_json_text(input));
  others.map(as_json_text(input));
  others.map(std::string(input));
}

void mapping(std::string_view input) {
  MemoryFiles reader{{"m.yaml", input}};
  Files files;
  Diagnostics diagnostics;
  const Mapping mapping = read_mapping("m.yaml", reader, files, diagnostics);
  const std::unique_ptr<Plan> plan = compile({mapping, "m.yaml", "", reader, files}, diagnostics);
  require(plan != nullptr || !diagnostics.empty(), "a mapping without a plan, and nothing is told",
          "");
  const std::string shown = render_text(diagnostics, files);
  require(diagnostics.empty() == shown.empty(), "what is wrong is not shown", "");
  if (plan == nullptr) return;
  require(!plan->dump().empty() || plan->columns.empty(), "a plan that shows nothing", "");
  Mapper mapper(*plan, 1741068000, kMaxDepth);
  // Tables that would travel in the dump, with nothing in them.
  const std::vector<std::shared_ptr<const LookupTable>> tables(plan->dump_tables.size(),
                                                               std::make_shared<LookupTable>());
  const std::vector<std::shared_ptr<const RateTable>> rates(plan->dump_rates.size(),
                                                            std::make_shared<RateTable>());
  mapper.use_tables(tables, rates);
  const std::string frame =
      R"({"id":"1","a":{"b":"x"},"n":1.5,"l":[{"c":"2025-03-01"}]})" + std::string(64, ' ');
  mapper.map(std::string_view(frame).substr(0, frame.size() - 64), {});
}

}  // namespace trama::fuzz
