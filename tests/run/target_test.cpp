// What a run asks of a target that is no file: one that takes blocks of columns into a transaction,
// as a database would. It is in no list of formats; only the plan names it.

#include "sink/target.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

#include "run/run_support.h"
#include "sink/format.h"
#include "sink/publish.h"
#include "sink/row_encoder.h"

using namespace trama;        // NOLINT(google-build-using-namespace): a test
using namespace trama::test;  // NOLINT(google-build-using-namespace): a test

namespace {

/// The database: what it was asked, and what it holds for others to see.
struct Ledger {
  std::string rows;
  std::vector<std::string> asked;
  std::string refuses;  // the call that fails
  std::size_t opened = 0;
  std::size_t rolled_back = 0;
};

/// By the path of the output.
std::map<std::string, Ledger>& ledgers() {
  static std::map<std::string, Ledger> all;
  return all;
}

/// Rows until finish() makes of them, for each column, its values: "A=1,2;B=x,y\n".
class ColumnsEncoder final : public RowEncoder {
 public:
  explicit ColumnsEncoder(const OutputFormat& format) : columns_(format.columns) {}

  void row(std::span<const Value> values, const RowAudit& /*audit*/, std::string_view /*rest*/,
           RowBlock& block) override {
    for (const OutputColumn& column : columns_) block.bytes += plain(values[column.value]) + '\x1f';
    block.bytes += '\n';
  }

  void finish(RowBlock& block) override {
    std::vector<std::string> made(columns_.size());
    std::istringstream rows(block.bytes);
    for (std::string row; std::getline(rows, row);) {
      std::istringstream cells(row);
      std::string cell;
      for (std::string& column : made) {
        std::getline(cells, cell, '\x1f');
        column += (column.empty() ? "" : ",") + cell;
      }
    }
    const bool any = !block.bytes.empty();
    block.bytes.clear();
    for (std::size_t i = 0; any && i < made.size(); ++i)
      block.bytes += (i == 0 ? "" : ";") + columns_[i].name + '=' + made[i];
    if (any) block.bytes += '\n';
  }

  void limit(std::size_t /*most*/) noexcept override {}

 private:
  std::vector<OutputColumn> columns_;
};

class LedgerTarget final : public Target {
 public:
  explicit LedgerTarget(Ledger& ledger) : ledger_(ledger) { ++ledger_.opened; }
  ~LedgerTarget() override { ledger_.rolled_back += settled_ ? 0U : 1U; }

  Result<void> begin() override { return asked("begin"); }
  Result<void> take(RowBlock&& block) override {
    staged_ += block.bytes;
    block.bytes = "the memory is the target's now";
    return asked("take");
  }
  Result<void> end() override { return asked("end"); }
  Result<void> prepare() override { return asked("prepare"); }
  [[nodiscard]] Result<std::string> ticket() const override { return std::string("ledger"); }
  Result<void> commit(std::span<OutputFile* const> others, const std::string& run) override {
    CHECK_FALSE(run.empty());
    TRAMA_TRY_VOID(asked("commit"));
    settled_ = true;
    ledger_.rows += staged_;
    return publish_each(others);
  }
  Result<void> abandon() override {
    settled_ = true;
    return asked("abandon");
  }
  [[nodiscard]] bool streams() const noexcept override { return false; }
  [[nodiscard]] std::string left() const override { return {}; }
  [[nodiscard]] std::optional<NoticeCode> settled() const noexcept override { return std::nullopt; }

 private:
  Result<void> asked(const char* call) {
    if (ledger_.asked.empty() || ledger_.asked.back() != call) ledger_.asked.emplace_back(call);
    if (ledger_.refuses == call)
      return Failure{FailureCode::output_unwritable, {"the ledger", "it refuses"}};
    return {};
  }

  Ledger& ledger_;
  std::string staged_;
  bool settled_ = false;  // committed or abandoned; else what is staged is rolled back
};

constinit const FormatSpec kLedgerFormat{
    .name = "ledger",
    .summary = "For tests.",
    .words = {},
    .nests = false,
    .leaves_blanks_out = true,
    .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> {
      return std::make_unique<ColumnsEncoder>(format);
    },
    .target = [](const TargetPlace& place, const OutputFormat&) -> Result<std::unique_ptr<Target>> {
      std::unique_ptr<Target> target = std::make_unique<LedgerTarget>(ledgers()[place.path]);
      return target;
    },
};

constexpr std::string_view kMapping = R"(mapping: m
version: 1
input: {id: n}
columns:
  N: {from: n, type: integer}
  T: t
)";

struct Loaded {
  RunEnd end;
  Ledger ledger;
  std::string rejects;             // what its file holds, once it has its name
  std::string rejects_incomplete;  // or not
  bool summary = false;
};

Loaded load_into_ledger(const std::string& refuses, const std::string& words,
                        const RunHow& how = {}, bool dry_run = false) {
  const RunFolder folder;
  const LoadedMapping mapping = loaded(folder.write("m.yaml", std::string(kMapping) + words));
  mapping.plan->format = &kLedgerFormat;
  std::string lines;
  for (int i = 1; i <= 40; ++i)
    lines += i == 7 ? "{\"n\":\"x\",\"t\":\"bad\"}\n"
                    : "{\"n\":" + std::to_string(i) + ",\"t\":\"t" + std::to_string(i) + "\"}\n";
  RunOptions options;
  options.inputs = {folder.write("in.ndjson", lines)};
  options.output = "ledger:" + folder.at("table");
  options.rejects = folder.write("rejects", "of the run before");
  options.summary = folder.at("summary");
  options.threads = how.threads;
  options.split_bytes = how.split_bytes;
  options.piece_bytes = how.piece_bytes;
  options.dry_run = dry_run;
  Ledger& ledger = ledgers()[options.output];
  ledger.refuses = refuses;
  Loaded seen;
  seen.end = run(*mapping.plan, mapping.run, options);
  seen.ledger = ledger;
  seen.rejects = folder.read("rejects");
  seen.rejects_incomplete = folder.read("rejects.incomplete");
  seen.summary = folder.has("summary");
  return seen;
}

/// The values of a column, whatever the blocks were.
std::string values_of(const std::string& rows, const std::string& column) {
  std::string all;
  std::istringstream blocks(rows);
  for (std::string block; std::getline(blocks, block);) {
    const std::size_t at = block.find(column + "=") + column.size() + 1;
    all += (all.empty() ? "" : ",") + block.substr(at, block.find(';', at) - at);
  }
  return all;
}

std::string numbers() {
  std::string all;
  for (int i = 1; i <= 40; ++i)
    if (i != 7) all += (all.empty() ? "" : ",") + std::to_string(i);
  return all;
}

using Calls = std::vector<std::string>;

}  // namespace

TEST_CASE("target: blocks of columns come in input order and count at the commit") {
  for (const unsigned threads : {1U, 3U}) {
    for (const std::size_t piece : {std::size_t{0}, std::size_t{1}, std::size_t{40}}) {
      INFO(threads, " threads, pieces of ", piece);
      RunHow how;
      how.threads = threads;
      how.split_bytes = 60;
      how.piece_bytes = piece;
      const Loaded seen = load_into_ledger("", "", how);
      CHECK(seen.end.exit == Exit::rejected);
      CHECK(seen.ledger.asked == Calls{"begin", "take", "end", "prepare", "commit"});
      CHECK(values_of(seen.ledger.rows, "N") == numbers());
      CHECK(seen.ledger.opened == 1);
      CHECK(seen.ledger.rolled_back == 0);
      CHECK(seen.end.facts.output_state == "published");
      CHECK(seen.rejects.find("\"bad\"") != std::string::npos);
      CHECK(seen.summary);
    }
  }
}

TEST_CASE("target: a run over its limits abandons it") {
  const Loaded seen = load_into_ledger("", "limits: {rejected_at_most: 0}\n");
  CHECK(seen.end.exit == Exit::limits);
  CHECK(seen.ledger.asked == Calls{"begin", "take", "end", "abandon"});
  CHECK(seen.ledger.rows.empty());
  CHECK(seen.end.facts.output_state == "none");  // it leaves nothing to be looked at
  CHECK(seen.rejects == "of the run before");
  CHECK(seen.rejects_incomplete.find("\"bad\"") != std::string::npos);
  CHECK_FALSE(seen.summary);
}

TEST_CASE("target: where one of its calls fails, nothing is published") {
  const std::map<std::string, Calls> kCases = {
      {"begin", {"begin"}},
      {"take", {"begin", "take"}},
      {"end", {"begin", "take", "end"}},
      {"prepare", {"begin", "take", "end", "prepare"}},
      {"commit", {"begin", "take", "end", "prepare", "commit"}},
  };
  for (const auto& [call, asked] : kCases) {
    INFO(call);
    const Loaded seen = load_into_ledger(call, "");
    CHECK(seen.end.exit == Exit::output);
    CHECK(seen.ledger.asked == asked);
    CHECK(seen.ledger.rows.empty());
    CHECK(seen.ledger.rolled_back == 1);
    CHECK(seen.end.facts.output_state == "none");
    CHECK(seen.rejects == "of the run before");
  }
}

TEST_CASE("target: a dry run opens none") {
  const Loaded seen = load_into_ledger("", "", {}, true);
  CHECK(seen.ledger.opened == 0);
  CHECK(seen.end.facts.output_state == "none");
  CHECK(seen.end.summary.rows == 39);
}
