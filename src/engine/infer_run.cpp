#include "engine/infer_run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "engine/load.h"
#include "engine/memory_run.h"
#include "infer/outline.h"
#include "infer/records_of.h"
#include "infer/sample_tests.h"
#include "infer/yaml_text.h"
#include "json/record_reader.h"
#include "mapping/json_tree.h"
#include "mapping/mapping.h"
#include "mapping/source_text.h"
#include "run/run.h"
#include "run/run_facts.h"
#include "source/input_files.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kTests = 2;
constexpr std::size_t kSamples = 4;  // records that are kept for them, of which some may be too big
constexpr std::size_t kTextsInTexts = 3;
constexpr std::size_t kMaxExpectedRows = 4;
constexpr std::size_t kExpectedCells = 6;  // of a row
constexpr std::size_t kOfRecord = 2;       // of these, the record's in rows of items
constexpr std::size_t kMaxCell = 60;
constexpr std::size_t kPaddingOfReader = 64;

/// A mapping that is in memory.
class TextReader final : public FileReader {
 public:
  explicit TextReader(const std::string& text) : text_(text) {}
  bool read(const std::string& /*path*/, std::string& content, Phrase& /*why_not*/) override {
    content = text_;
    return true;
  }

 private:
  const std::string& text_;
};

SourceOptions json_lines() {
  SourceOptions options;
  options.format = InputFormat::ndjson;
  return options;
}

/// The beginning of the first input, unpacked.
Result<Profile> outline_of_input(InputSet& inputs) {
  TRAMA_TRY(const std::unique_ptr<ByteStream> stream, inputs.open(0));
  std::string text(kOutlineBytes, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const std::size_t got = stream->read(text.data() + size, text.size() - size);
    if (got == 0) break;  // what is wrong with it is found again when it is read
    size += got;
  }
  return outline_of(std::string_view(text).substr(0, size));
}

/// The cells of a row that a test expects.
std::string expected_row(const std::string& json, const Draft& draft, bool several) {
  std::string padded = json;
  padded.append(kPaddingOfReader, ' ');
  RecordReader reader((WantedFields()));
  if (reader.read(std::string_view(padded).substr(0, json.size())) != Reason::none) return {};
  Arena arena;
  std::string row;
  std::size_t cells = 0;
  std::size_t of_record = 0;
  for (const DraftColumn& column : draft.columns) {
    const bool as_it_is = std::any_of(
        column.words.begin(), column.words.end(),
        [](const DraftWord& word) { return word.key == "type" && word.value.yaml == "json"; });
    if (as_it_is || column.open || !column.columns.empty() || cells == kExpectedCells) continue;
    const Node node = reader.root().member(column.name, arena);
    const bool scalar = node.kind() == JsonKind::text || node.kind() == JsonKind::number ||
                        node.kind() == JsonKind::boolean;
    if (!scalar) continue;
    const std::string_view text = node.text(arena);
    if (text.empty() || text.size() > kMaxCell) continue;
    // Of rows that differ by an item, what the item has tells more.
    if (several && !column.of_row && ++of_record > kOfRecord) continue;
    (row.empty() ? row : row += ", ") += yaml_scalar(column.name) + ": ";
    row += node.kind() == JsonKind::text ? yaml_scalar(text) : std::string(text);
    ++cells;
  }
  return row;
}

/// The rows that the draft makes of a record, as `expect_rows`; none where it rejects it, or makes
/// more of them than anybody reads.
std::vector<std::string> expected_rows(const LoadedMapping& loaded, const Test& test,
                                       const Draft& draft) {
  RunOptions options;
  options.inputs = {"given"};
  const OpenSource open = [&test]() -> Result<std::unique_ptr<Source>> {
    return source_of_text(test.given_json, "given", json_lines());
  };
  auto run =
      run_in_memory(*loaded.plan, names_of(*loaded.plan, loaded.run, options, "infer"), open, 0);
  std::vector<std::string> rows;
  if (!run.ok() || run.value().trouble || !run.value().rejects.empty()) return rows;
  const std::string& lines = run.value().rows;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    rows.push_back(lines.substr(at, end - at));
    at = end + 1;
  }
  const bool several = rows.size() > 1;
  for (std::string& row : rows) row = expected_row(row, draft, several);
  const bool all =
      std::none_of(rows.begin(), rows.end(), [](const auto& row) { return row.empty(); });
  if (!all || rows.size() > kMaxExpectedRows) rows.clear();
  return rows;
}

/// Puts tests into the draft.
void add_tests(const Profile& profile, Language language, Draft& draft) {
  std::vector<SampleTest> samples = sample_tests(profile, kTests);
  if (samples.empty()) return;
  // The draft as it would run, with tests that only give.
  Draft trial = draft;
  std::erase_if(trial.output, [](const DraftWord& word) { return word.key == "format"; });
  trial.output.push_back({"format", {"ndjson", {}, {}}});
  for (const SampleTest& sample : samples) {
    trial.tests.push_back("  - name: " + std::to_string(sample.number));
    trial.tests.insert(trial.tests.end(), sample.lines.begin(), sample.lines.end());
    trial.tests.push_back("    expect_rows: {}");
  }
  const std::string text = draft_text(trial, true);
  TextReader reader(text);
  const LoadedMapping loaded = load_mapping("draft.yaml", {}, reader);
  if (!loaded.plan || loaded.mapping.tests.size() != samples.size()) return;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::vector<std::string> rows = expected_rows(loaded, loaded.mapping.tests[i], draft);
    if (rows.empty()) continue;
    const Phrase name(
        samples[i].replaced ? PhraseCode::infer_test_name_hidden : PhraseCode::infer_test_name,
        {std::to_string(samples[i].number)});
    draft.tests.push_back("  - name: " + yaml_quoted(say(language, name)));
    draft.tests.insert(draft.tests.end(), samples[i].lines.begin(), samples[i].lines.end());
    if (rows.size() == 1) {
      draft.tests.push_back("    expect_rows: {" + rows.front() + '}');
      continue;
    }
    draft.tests.emplace_back("    expect_rows:");
    for (const std::string& row : rows) draft.tests.push_back("      - {" + row + '}');
  }
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& one) { return severity(one.code) == Severity::error; });
}

/// The columns that the draft is to have. `read`: the files that say so.
Result<WantedColumns> wanted_columns(const InferOptions& options, std::vector<std::string>& read) {
  const std::string& file = options.like.empty() ? options.target : options.like;
  if (file.empty()) return WantedColumns{};
  read.push_back(file);
  const std::unique_ptr<FileReader> reader = disk_reader();
  std::string content;
  Phrase why_not;
  if (!reader->read(file, content, why_not))
    return Failure{FailureCode::file_unreadable, {file, why_not}};
  Diagnostics diagnostics;
  WantedColumns wanted;
  if (!options.like.empty()) {
    Files files;
    const Mapping mapping = read_mapping(file, *reader, files, diagnostics);
    for (const Files::File& one : files.files) read.push_back(one.name);
    if (has_errors(diagnostics))
      return Failure{FailureCode::usage, {Phrase(PhraseCode::infer_like_wrong, {file})}};
    wanted = wanted_of(mapping, file);
  } else {
    YamlNode schema;
    const std::string text = without_mark_and_cr(content);
    if (!read_json_tree(text, 0, schema, diagnostics) || has_errors(diagnostics))
      return Failure{FailureCode::usage, {Phrase(PhraseCode::infer_target_wrong, {file})}};
    wanted = wanted_of_schema(schema, file);
  }
  if (wanted.columns.empty())
    return Failure{FailureCode::usage, {Phrase(PhraseCode::infer_nothing_wanted, {file})}};
  return wanted;
}

/// Where texts hold JSON, the profile is made again with what they hold, as deep as they go.
Result<void> read_texts(const std::shared_ptr<InputSet>& files, ProfileOptions& profiling,
                        DraftOptions& drafting, Profile& profile) {
  for (std::size_t turn = 0; turn < kTextsInTexts; ++turn) {
    const std::vector<JsonText> texts = json_texts(profile);
    if (texts.empty()) return {};
    ProfileOptions further = profiling;
    for (const JsonText& text : texts) further.json_in_text.push_back(text.place);
    TRAMA_TRY(Profile with_texts, profile_files(files, further));
    if (with_texts.unread > profile.unread) return {};  // not all of them are JSON
    profile = std::move(with_texts);
    profiling = std::move(further);
    for (const JsonText& text : texts) drafting.json_in_text.push_back(text.path);
  }
  return {};
}

}  // namespace

Result<Inferred> infer(const InferOptions& options) {
  InputFilesOptions how;
  how.twice = true;
  how.stop = options.profile.stop;
  TRAMA_TRY(const std::shared_ptr<InputSet> files,
            InputFiles::open_all(options.profile.inputs, how));
  return infer_files(files, options);
}

Result<Inferred> infer_files(const std::shared_ptr<InputSet>& files, const InferOptions& options) {
  ProfileOptions profiling = options.profile;
  profiling.samples = kSamples;
  DraftOptions drafting = options.draft;
  Inferred inferred;
  TRAMA_TRY(drafting.wanted, wanted_columns(options, inferred.files));
  std::optional<Profile> outline;
  if (drafting.records.empty()) {
    TRAMA_TRY(outline, outline_of_input(*files));
    drafting.found = records_for(drafting.wanted, *outline);
    SourceOptions& source = profiling.source;
    source.records = drafting.found.keys;
    source.entries = drafting.found.entries;
    source.records_stated = !source.records.empty() || source.entries;
  }
  TRAMA_TRY(Profile profile, profile_files(files, profiling));
  TRAMA_TRY_VOID(read_texts(files, profiling, drafting, profile));
  Draft draft = build_draft(profile, drafting);
  if (draft.columns.empty() && !drafting.wanted.columns.empty())
    return Failure{FailureCode::usage, {PhraseCode::infer_nothing_fits}};
  if (draft.columns.empty()) {
    std::string inputs;
    for (const std::string& input : options.draft.inputs)
      (inputs.empty() ? inputs : inputs += " + ") += input;
    const bool big = profile.records == 0 && !profile.first_unread.empty() &&
                     profile.first_unread.front().reason == Reason::too_big;
    return Failure{FailureCode::input_not_json,
                   {inputs, big ? PhraseCode::infer_record_too_big : PhraseCode::infer_no_objects}};
  }
  add_tests(profile, options.draft.language, draft);
  inferred.text = draft_text(draft, false);
  inferred.columns = count_columns(draft);
  inferred.decisions = count_decisions(draft);
  inferred.unread = profile.unread;
  inferred.error = draft.error;
  return inferred;
}

}  // namespace trama
