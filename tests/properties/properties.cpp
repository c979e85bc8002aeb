// What must hold for every mapping and every record, over folders that run_properties generates:
//
//   the balance           read = written + rejected + skipped + duplicates
//   each record once      in rows, in rejects, or counted; rows in input order
//   any cut               the same bytes for any number of threads and any size of split
//   replay                the same mapping refuses its rejects again, with the same errors
//   shares                `on_extra_rows: share` adds up to the amount, to the cent
//
//   trama_properties SEED FOLDER…    each holds mapping.yaml, its tables, and in1, in2, …

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "base/arena.h"
#include "engine/load.h"
#include "json/record_reader.h"
#include "report/diagnostics_text.h"
#include "run/rejects_source.h"
#include "sink/format.h"
#include "text/catalogue.h"
#include "value/decimal.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNow = 1741068000;
constexpr int kCuts = 3;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Seen {
  Exit exit = Exit::ok;
  std::string rows;
  std::string rejects;
  std::string summary;
  std::string report;
  Summary counts;
  std::vector<std::string> endings;
};

struct How {
  unsigned threads = 1;
  std::size_t split_bytes = kSplitBytes;
  bool replay = false;
  bool without_personal = false;
};

/// The lines of a text, each given to `each`.
template <typename Each>
void each_line(const std::string& text, Each each) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) each(line);
}

/// Rejects as they must be the same in a replay: without the run's id,
/// and without those that it leaves out.
std::string comparable(const std::string& rejects, bool with_duplicates) {
  static const std::regex kRun(R"re(^\{"run": "[^"]*", )re");
  static const std::regex kDigest(R"re(, "digest": "sha256:[0-9a-f]*"\}$)re");  // the run is in it
  std::string out;
  each_line(rejects, [&](const std::string& line) {
    if (with_duplicates || line.find(", \"stage\": \"duplicate\", ") == std::string::npos)
      out += std::regex_replace(std::regex_replace(line, kRun, "{"), kDigest, "}") + '\n';
  });
  return out;
}

/// The first line where two texts differ.
std::string difference(const std::string& a, const std::string& b) {
  std::istringstream first(a);
  std::istringstream second(b);
  for (std::string x, y;;) {
    const bool more = static_cast<bool>(std::getline(first, x));
    const bool more_too = static_cast<bool>(std::getline(second, y));
    if (!more && !more_too) return {};
    if (more != more_too || x != y)
      return "\n  " + (more ? x : "(nothing)") + "\n  " + (more_too ? y : "(nothing)");
  }
}

/// Digits and a scale; nothing where it is no number or has too many digits to add up here.
std::optional<Int128> at_scale(std::string_view digits, int scale) {
  Int128 out = 0;
  const bool minus = digits.starts_with('-');
  if (minus) digits.remove_prefix(1);
  int behind = -1;
  if (digits.size() > 25) return std::nullopt;
  for (const char c : digits) {
    if (c == '.') {
      behind = 0;
    } else if (c >= '0' && c <= '9') {
      out = out * 10 + (c - '0');
      if (behind >= 0) ++behind;
    } else {
      return std::nullopt;
    }
  }
  for (int i = std::max(behind, 0); i < scale; ++i) out *= 10;
  if (behind > scale) return std::nullopt;
  return minus ? -out : out;
}

class Properties {
 public:
  Properties(fs::path folder, unsigned seed) : folder_(std::move(folder)), random_(seed) {}

  /// Whether all of them hold; else it is told.
  bool hold() {
    LoadedMapping mapping = load();
    if (!mapping.plan) {
      std::cerr << render_text(mapping.diagnostics, mapping.files);
      return told("the mapping is refused");
    }
    for (int i = 1; fs::exists(folder_ / ("in" + std::to_string(i))); ++i)
      inputs_.push_back((folder_ / ("in" + std::to_string(i))).string());
    max_record_bytes_ = random_() % 3 == 0 ? 300 + random_() % 900 : kMaxRecordBytes;
    const Seen whole = run_over(mapping, inputs_, {});
    if (whole.exit != Exit::ok && whole.exit != Exit::rejected && whole.exit != Exit::limits &&
        whole.exit != Exit::over_limits)
      return told("exit " + std::to_string(static_cast<int>(whole.exit)) + " " +
                  (whole.endings.empty() ? "" : whole.endings.front()));
    const bool good = balance(whole) && any_cut(mapping, whole) && replay(whole) && once(whole);
    return good && shares(mapping);
  }

  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  [[nodiscard]] std::uint64_t replayed() const noexcept { return replayed_; }
  [[nodiscard]] std::uint64_t shared() const noexcept { return shared_; }

 private:
  LoadedMapping load() const { return load_mapping((folder_ / "mapping.yaml").string(), "/"); }

  bool told(const std::string& what) const {
    std::cout << folder_.string() << ": " << what << '\n';
    return false;
  }

  Seen run_over(const LoadedMapping& mapping, const std::vector<std::string>& inputs,
                const How& how) const {
    const auto at = [this](const char* name) { return (folder_ / name).string(); };
    for (const char* name : {"out", "out.rejects.jsonl", "out.summary"})
      for (const char* ending : {"", ".incomplete"}) fs::remove(at(name) + ending);
    RunOptions options;
    options.inputs = inputs;
    options.output = at("out");
    options.summary = at("out.summary");
    options.threads = how.threads;
    options.split_bytes = how.split_bytes;
    options.replay = how.replay;
    options.max_record_bytes = max_record_bytes_;
    options.rejects_without_personal = how.without_personal;
    options.now = kNow;
    options.clock = [] { return kNow * 1000; };
    RunEnd end = run(*mapping.plan, mapping.run, options);
    Seen seen;
    seen.exit = end.exit;
    const std::string ending = fs::exists(at("out")) ? "" : ".incomplete";
    seen.rows = text_of(at("out") + ending);
    seen.rejects = text_of(at("out.rejects.jsonl") + ending);
    seen.summary = text_of(at("out.summary") + ending);
    seen.report = report_text(end.summary, end.facts);
    seen.counts = std::move(end.summary);
    for (const Phrase& sentence : end.facts.endings)
      seen.endings.push_back(say(Language::en, sentence));
    return seen;
  }

  How cut() {
    How how;
    how.threads = 1 + static_cast<unsigned>(random_() % 4);
    how.split_bytes = 1 + random_() % (random_() % 2 == 0 ? 200 : 20000);
    return how;
  }

  bool balance(const Seen& whole) {
    records_ = whole.counts.read;
    const auto lines = std::count(whole.rejects.begin(), whole.rejects.end(), '\n');
    if (!whole.counts.balances()) return told("the balance does not add up");
    if (static_cast<std::uint64_t>(lines) != whole.counts.rejected)
      return told("not as many rejects as are counted");
    return true;
  }

  bool any_cut(const LoadedMapping& mapping, const Seen& whole) {
    for (int i = 0; i < kCuts; ++i) {
      const How how = cut();
      const Seen seen = run_over(mapping, inputs_, how);
      if (seen.exit == whole.exit && seen.rows == whole.rows && seen.rejects == whole.rejects &&
          seen.summary == whole.summary)
        continue;
      return told(std::to_string(how.threads) + " threads, splits of " +
                  std::to_string(how.split_bytes) + ": other bytes" +
                  difference(whole.rows, seen.rows) + difference(whole.rejects, seen.rejects) +
                  difference(whole.summary, seen.summary));
    }
    return true;
  }

  bool replay(const Seen& whole) {
    LoadedMapping mapping = load();
    if (!for_replay(*mapping.plan).ok()) return true;
    const std::string rejects = (folder_ / "rejects").string();
    std::ofstream(rejects, std::ios::binary) << whole.rejects;
    How how = cut();
    how.replay = true;
    const Seen seen = run_over(mapping, {rejects}, how);
    replayed_ = seen.counts.read;
    if (seen.counts.read != whole.counts.rejected || seen.counts.written > 0)
      return told("the replay read " + std::to_string(seen.counts.read) + " of " +
                  std::to_string(whole.counts.rejected) + " rejects and wrote " +
                  std::to_string(seen.counts.written) +
                  (seen.endings.empty() ? "" : ": " + seen.endings.front()));
    const std::string was = comparable(whole.rejects, false);
    const std::string is = comparable(seen.rejects, true);
    return was == is || told("the replay has other rejects" + difference(was, is));
  }

  /// Rows as lines of JSON that say the number of their record (and `value`, a column).
  std::vector<std::pair<std::uint64_t, std::string>> rows_by_record(
      LoadedMapping& mapping, std::optional<std::size_t> value) const {
    OutputFormat& output = mapping.plan->output;
    mapping.plan->format = &kNdjsonFormat;
    output.numbers_as_text = false;
    output.decimal_mark = ".";
    output.thousands_mark.clear();
    output.audit_columns = {"record"};
    output.rest = false;
    mapping.plan->row_schema.reset();
    if (value) {
      OutputColumn column;
      column.name = "v";
      column.value = *value;
      column.format = mapping.plan->columns[*value].format;
      output.columns = {column};
    }
    std::vector<std::pair<std::uint64_t, std::string>> rows;
    RecordReader reader({{{"record"}, {"v"}}, false, {}});
    const Seen seen = run_over(mapping, {inputs_.front()}, {});
    each_line(seen.rows, [&](std::string line) {
      const std::size_t size = line.size();
      line.append(64, ' ');
      if (reader.read({line.data(), size}) != Reason::none) return;
      const Node found = reader.slot(1);
      rows.emplace_back(std::stoull(std::string(reader.slot(0).raw())),
                        found.kind() == JsonKind::number ? std::string(found.raw()) : "");
    });
    return rows;
  }

  /// The numbers of the first input's records.
  bool once(const Seen& whole) const {
    LoadedMapping mapping = load();
    std::map<std::uint64_t, int> places;
    std::uint64_t before = 0;
    for (const auto& [record, value] : rows_by_record(mapping, std::nullopt)) {
      if (record < before) return told("the rows are not in input order");
      if (record != before) ++places[record];
      before = record;
    }
    const std::string ending = fs::exists(folder_ / "out") ? "" : ".incomplete";
    const std::string rejects = text_of(folder_ / ("out.rejects.jsonl" + ending));
    static const std::regex kRecord(R"re(, "record": (\d+), "line": )re");
    each_line(rejects, [&](const std::string& line) {
      std::smatch found;
      if (std::regex_search(line, found, kRecord)) ++places[std::stoull(found[1])];
    });
    for (const auto& [record, count] : places)
      if (count > 1) return told("record " + std::to_string(record) + " is there twice");
    const LoadedMapping again = load();
    const Seen first = run_over(again, {inputs_.front()}, {});
    if (places.size() != first.counts.written + first.counts.rejected)
      return told("some records are neither in the rows nor in the rejects");
    return inputs_.size() > 1 || first.rows == whole.rows || told("two runs differ");
  }

  bool shares(const LoadedMapping& mapping) {
    for (std::size_t i = 0; i < mapping.plan->columns.size(); ++i) {
      const PlanColumn& column = mapping.plan->columns[i];
      if (column.extra_rows == ExtraRows::share && !column.internal && !shares_of(i)) return false;
    }
    return true;
  }

  /// `leave-blank` writes each amount once: its sums are those of the shares.
  bool shares_of(std::size_t column) {
    LoadedMapping shared = load();
    LoadedMapping once = load();
    once.plan->columns[column].extra_rows = ExtraRows::leave_blank;
    const auto parts = rows_by_record(shared, column);
    const auto amounts = rows_by_record(once, column);
    if (parts.size() != amounts.size()) return told("shares change how many rows there are");
    constexpr int kScale = 8;
    Int128 left = 0;
    const std::string name = "the shares of " + shared.plan->columns[column].name;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto part = at_scale(parts[i].second, kScale);
      const auto amount = at_scale(amounts[i].second, kScale);
      if (!part || !amount) return true;  // too long to be added up here
      const bool begins = i == 0 || parts[i].first != parts[i - 1].first;
      if (begins && left != 0) return told(name + " do not add up");
      left += *amount - *part;
      ++shared_;
    }
    return left == 0 || told(name + " do not add up");
  }

  fs::path folder_;
  std::mt19937 random_;
  std::vector<std::string> inputs_;
  std::size_t max_record_bytes_ = kMaxRecordBytes;
  std::uint64_t records_ = 0;
  std::uint64_t replayed_ = 0;
  std::uint64_t shared_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "trama_properties SEED FOLDER…\n";
    return 64;
  }
  std::uint64_t records = 0;
  std::uint64_t replayed = 0;
  std::uint64_t shared = 0;
  int wrong = 0;
  for (int i = 2; i < argc; ++i) {
    Properties properties(argv[i], static_cast<unsigned>(std::stoul(argv[1]) + i));
    wrong += properties.hold() ? 0 : 1;
    records += properties.records();
    replayed += properties.replayed();
    shared += properties.shared();
  }
  std::cout << argc - 2 << " mappings, " << records << " records, " << replayed
            << " rejects replayed, " << shared << " shares; " << wrong << " mappings wrong\n";
  return wrong > 0 ? 1 : 0;
}
