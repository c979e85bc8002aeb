// Targets over what reads a dump without a mapping, or beside one: kept profiles, drafts, comparisons.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "engine/diff.h"
#include "engine/infer_run.h"
#include "engine/load.h"
#include "engine/mapping_test.h"
#include "engine/memory_run.h"
#include "engine/profile_run.h"
#include "fuzz/one_input.h"
#include "fuzz/promises.h"
#include "fuzz/targets.h"
#include "json/json_oracle.h"
#include "mapping/open_decisions.h"
#include "profile/drift.h"
#include "report/diagnostics_text.h"
#include "report/drift_report.h"
#include "report/profile_report.h"
#include "run/dump_tables.h"
#include "run/run_facts.h"
#include "text/catalogue.h"

namespace trama::fuzz {
namespace {

constexpr std::size_t kMostDumps = 500;
constexpr Language kLanguages[] = {Language::en, Language::es};

void is_text(std::string_view text) {
  require(first_invalid_utf8(text) == kValidUtf8, "a report that is no UTF-8", text);
}

void is_json(std::string_view text) {
  require(test::PlainJson::judge(text).valid, "a report that is no JSON", text);
}

ProfileOptions reading_dump() {
  ProfileOptions options;
  options.inputs = {"dump"};
  options.threads = 1;
  return options;
}

// ---- kept profiles ----

/// What differs, told in every way. Gives how many changes are no chance.
std::size_t told_drifts(const RecordedProfile& before, const RecordedProfile& after) {
  const std::vector<Drift> drifts = compare(before, after);
  const DriftFacts facts{before, after, "m.profile.json", {"dump"}, [](const std::string&) {
                           return std::vector<std::string>{"A"};
                         }};
  for (const Language language : kLanguages) {
    is_text(drift_text(drifts, facts, language));
    const std::string json = drift_json(drifts, facts, language);
    is_text(json);
    is_json(json);
  }
  std::size_t changes = 0;
  for (const Drift& drift : drifts) changes += drift.chance ? 0 : 1;
  return changes;
}

/// The profile as it would be kept, read back.
RecordedProfile recorded(const Profile& profile, ProfileFacts::For made_for) {
  ProfileFacts facts;
  facts.inputs = {"dump"};
  facts.made_for = made_for;
  std::string text;
  profile_json(profile, facts, Language::en, [&text](std::string_view part) { text.append(part); });
  is_json(text);
  RecordedProfile back;
  const Phrase problem = read_profile(text, back);
  require(problem.empty(), "a profile that is not read back",
          text + '\n' + say(Language::en, problem));
  return back;
}

/// What a kept profile is held against; nothing where the dump cannot be read.
std::optional<RecordedProfile> compared_with(std::string_view dump) {
  auto profile =
      profile_files(std::make_shared<OneInput>("dump", std::string(dump)), reading_dump());
  if (!profile.ok()) return std::nullopt;
  RecordedProfile after = recorded(profile.value(), ProfileFacts::For::comparing);
  const RecordedProfile kept = recorded(profile.value(), ProfileFacts::For::keeping);
  require(told_drifts(kept, after) == 0, "a dump that is otherwise than itself", dump);
  return after;
}

// ---- drafts ----

/// The first choice of a value in double quotes, as it is escaped there.
std::string first_in(std::string escaped) {
  for (std::size_t at = 0; (at = escaped.find("\\\"", at)) != std::string::npos; ++at)
    escaped.erase(at, 1);
  std::string choice;
  for (const char c : first_choice(escaped)) {
    if (c == '"') choice += '\\';
    choice += c;
  }
  return choice;
}

/// The draft with its first choices: values in double quotes, outside of its tests, that begin with
/// DECIDE:. Counts them.
std::string answered(std::string_view draft, std::size_t& count) {
  std::string out;
  bool tests = false;
  while (!draft.empty()) {
    const std::string_view line = draft.substr(0, draft.find('\n'));
    draft.remove_prefix(std::min(line.size() + 1, draft.size()));
    tests = tests || line == "tests:";
    for (std::size_t at = 0; at < line.size();) {
      if (tests || line[at] == '#') {  // of texts with a # there are none without quotes
        out += line.substr(at);
        break;
      }
      if (line[at] != '"') {
        out += line[at++];
        continue;
      }
      std::string inside;
      for (++at; at < line.size() && line[at] != '"'; ++at) {
        inside += line[at];
        if (line[at] == '\\' && at + 1 < line.size()) inside += line[++at];
      }
      ++at;
      if (inside.starts_with(kDecide)) {
        inside = first_in(std::move(inside));
        ++count;
      }
      (out += '"') += inside + '"';
    }
    out += '\n';
  }
  return out;
}

/// Of the draft, what is to be decided and nothing else.
void only_decisions(const std::string& draft, std::size_t decisions) {
  MemoryFiles files{{"draft.yaml", draft}};
  const LoadedMapping loaded = load_mapping("draft.yaml", "", files);
  for (const Diagnostic& one : loaded.diagnostics)
    require(one.code == DiagnosticCode::decide_open, "a draft that is wrong",
            draft + "\n---\n" + render_text(loaded.diagnostics, loaded.files));
  require(loaded.diagnostics.size() == decisions, "not as many decisions as are counted",
          draft + "\n---\n" + render_text(loaded.diagnostics, loaded.files));
}

/// With its first choices it runs over its dump, and its tests pass.
void runs(const std::string& draft, const Inferred& inferred, std::string_view dump) {
  std::size_t decided = 0;
  const std::string mapping = answered(draft, decided);
  require(decided == inferred.decisions, "choices that are not found", draft);
  MemoryFiles files{{"draft.yaml", mapping}};
  LoadedMapping loaded = load_mapping("draft.yaml", "", files);
  require(loaded.plan != nullptr && loaded.diagnostics.empty(), "first choices that are wrong",
          mapping + "\n---\n" + render_text(loaded.diagnostics, loaded.files));
  RunOptions options;
  options.inputs = {"dump"};
  const OpenSource open = [&loaded, dump]() -> Result<std::unique_ptr<Source>> {
    return source_of_text(std::string(dump), "dump",
                          DumpTables::options(*loaded.plan, loaded.run.source));
  };
  auto run =
      run_in_memory(*loaded.plan, names_of(*loaded.plan, loaded.run, options, "run"), open, 0);
  require(run.ok(), "a draft that does not run",
          run.ok() ? "" : mapping + say(Language::en, run.failure()));
  require(!run.value().trouble, "a draft that does not read its dump", mapping);
  require(run.value().summary.balances(), "the balance does not add up", mapping);
  require(inferred.unread > 0 || run.value().summary.rejected == 0,
          "a draft that rejects what it was made of", mapping + "\n---\n" + run.value().rejects);
  run_tests(loaded, {}, files, [&mapping](const Test&, const TestOutcome& outcome) {
    require(outcome.passed(), "a draft whose test fails",
            mapping + "\n---\n" + (outcome.passed() ? "" : outcome.problems.front()));
  });
}

// ---- comparisons ----

struct Compared {
  std::optional<Diff> diff;
  std::string told;
};

Compared compared(std::string_view before, std::string_view after, std::string_view dump) {
  MemoryFiles old_files{{"m.yaml", before}};
  MemoryFiles new_files{{"m.yaml", after}};
  LoadedMapping old_mapping = load_mapping("m.yaml", "", old_files);
  LoadedMapping new_mapping = load_mapping("m.yaml", "", new_files);
  Compared out;
  if (!old_mapping.plan || !new_mapping.plan) return out;
  DiffOptions options;
  options.inputs = {"dump"};
  options.now = kNow;
  const OpenInputs open = [dump](const SourceOptions& source) -> Result<std::unique_ptr<Source>> {
    return source_of_text(std::string(dump), "dump", source);
  };
  auto made = diff_of(old_mapping, new_mapping, open, options);
  if (!made.ok()) {
    for (const Language language : kLanguages)
      require(!say(language, made.failure()).empty(), "it is refused, and nothing is told");
    return out;
  }
  const DiffFacts facts{"old.yaml", "new.yaml", {"dump"}};
  for (const Language language : kLanguages) {
    out.told += diff_text(made.value(), facts, language);
    out.told += diff_markdown(made.value(), facts, language);
  }
  const std::string json = diff_json(made.value(), facts);
  is_json(json);
  out.told += json;
  is_text(out.told);
  out.diff = std::move(made.value());
  return out;
}

/// The rows of a run; nothing where it could not run to its end.
std::optional<std::string> rows_of(std::string_view mapping, std::string_view dump) {
  MemoryFiles files{{"m.yaml", mapping}};
  const LoadedMapping loaded = load_mapping("m.yaml", "", files);
  RunOptions options;
  options.inputs = {"dump"};
  const OpenSource open = [&loaded, dump]() -> Result<std::unique_ptr<Source>> {
    return source_of_text(std::string(dump), "dump",
                          DumpTables::options(*loaded.plan, loaded.run.source));
  };
  auto run =
      run_in_memory(*loaded.plan, names_of(*loaded.plan, loaded.run, options, "run"), open, kNow);
  if (!run.ok() || run.value().trouble) return std::nullopt;
  return std::move(run.value().rows);
}

}  // namespace

void kept_profile(std::string_view input) {
  const std::string_view kept = part(input);
  RecordedProfile before;
  const Phrase problem = read_profile(kept, before);
  for (const Language language : kLanguages)
    if (!problem.empty())
      require(!say(language, problem).empty(), "a profile is refused, and nothing is told");
  if (problem.empty()) {
    for (std::size_t i = 0; i < before.paths.size(); ++i)
      require(before.paths[i].parent < std::max<std::size_t>(i, 1),
              "a path that is in a later one");
    told_drifts(before, before);
  }
  // most changes are of the kept profile: the dump is one that was read
  static std::map<std::string, std::optional<RecordedProfile>, std::less<>> dumps;
  if (dumps.size() > kMostDumps) dumps.clear();
  auto known = dumps.find(input);
  if (known == dumps.end()) known = dumps.emplace(input, compared_with(input)).first;
  const std::optional<RecordedProfile>& after = known->second;
  if (!after || !problem.empty()) return;
  told_drifts(before, *after);
  told_drifts(*after, before);
}

void infer(std::string_view input) {
  InferOptions options;
  options.profile = reading_dump();
  options.draft.name = "draft";
  options.draft.inputs = {"dump"};
  options.draft.language = kLanguages[input.size() % 2];  // both would take twice the time
  auto made = infer_files(std::make_shared<OneInput>("dump", std::string(input)), options);
  if (!made.ok()) {
    for (const Language language : kLanguages)
      require(!say(language, made.failure()).empty(), "no draft, and nothing is told");
    return;
  }
  const Inferred& inferred = made.value();
  is_text(inferred.text);
  only_decisions(inferred.text, inferred.decisions);
  runs(inferred.text, inferred, input);
}

void diff(std::string_view input) {
  const std::string_view before = part(input);
  const std::string_view dump = part(input);
  const std::string_view after = input;
  const Compared itself = compared(before, before, dump);
  require(!itself.diff || !itself.diff->anything(), "a mapping that makes otherwise than itself",
          itself.told);
  const Compared both = compared(before, after, dump);
  if (!both.diff || both.diff->trouble || both.diff->anything()) return;
  const std::optional<std::string> old_rows = rows_of(before, dump);
  const std::optional<std::string> new_rows = rows_of(after, dump);
  if (old_rows && new_rows)
    require(*old_rows == *new_rows, "rows differ, and nothing is told",
            *old_rows + "\n---\n" + *new_rows);
}

}  // namespace trama::fuzz
