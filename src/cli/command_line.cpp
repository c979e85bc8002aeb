#include "cli/command_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <vector>

#include "base/nearest.h"
#include "value/dates.h"

namespace trama {
namespace {

constexpr const char* kAbout =
    "trama maps supplier JSON to clean rows by a YAML mapping.\n"
    "Every record is written, or refused with all its reasons and its original bytes.";

constexpr const char* kFooter =
    "Exit codes: 0 all written, 1 some records rejected, 2 over the limits (nothing published),\n"
    "3 mapping wrong, 4 input unreadable, 5 output unwritable, 6 over the limits and published "
    "all\n"
    "the same, 64 wrong command line, 75 try again later.\n"
    "\n"
    "Example: trama run mappings/reservas-basico.yaml samples/reservas.ndjson -o reservas.csv";

constexpr const char* kRunFooter =
    "Rejected records go to OUT.rejects.jsonl (without -o: MAPPING.rejects.jsonl). Several inputs "
    "make one\n"
    "output, in their order. Rows go to standard output, everything else to standard error.\n"
    "\n"
    "Example: trama run mappings/reservas-basico.yaml samples/reservas.ndjson -o reservas.csv";

constexpr const char* kReplayFooter =
    "Rows of a replay are those that the rejects lacked: add them to those of the first run. What "
    "is\n"
    "rejected again goes to OUT.rejects.jsonl, with its place in the first dump (without -o:\n"
    "REJECTS.again.rejects.jsonl). Duplicates stay left out; limits are of whole dumps, so they "
    "are\n"
    "not judged. Refused where 'duplicates' or how records are found changed, and with tables of "
    "the dump;\n"
    "rejects of another mapping, and lines that are not as trama wrote them, unless the options "
    "say "
    "so.\n"
    "\n"
    "Example: trama replay reservas.csv.rejects.jsonl -m mappings/reservas-basico.yaml -o "
    "more.csv";

constexpr const char* kCheckFooter =
    "Exit codes: 0 nothing wrong, 3 something is.\n"
    "\n"
    "Example: trama check mappings/reservas-basico.yaml";

/// "20M" as bytes: a count with K, M or G (powers of 1024).
bool read_bytes(const std::string& text, std::size_t& out) {
  std::size_t digits = 0;
  std::uint64_t n = 0;
  while (digits < text.size() && digits < 12 && text[digits] >= '0' && text[digits] <= '9')
    n = n * 10 + static_cast<std::uint64_t>(text[digits++] - '0');
  std::string unit = text.substr(digits);
  if (!unit.empty() && (unit.back() == 'B' || unit.back() == 'b')) unit.pop_back();
  const std::uint64_t factor = unit.empty()                  ? 1
                               : unit == "K" || unit == "Ki" ? 1U << 10U
                               : unit == "M" || unit == "Mi" ? 1U << 20U
                               : unit == "G" || unit == "Gi" ? 1U << 30U
                                                             : 0;
  constexpr std::uint64_t kMost = std::uint64_t{4} << 30U;  // one document of simdjson
  if (digits == 0 || factor == 0 || n == 0 || n > kMost / factor) return false;
  out = static_cast<std::size_t>(n * factor);
  return true;
}

constexpr const char* kTestFooter =
    "Tests stand under `tests:` in the mapping and in NAME.test.yaml beside NAME.yaml.\n"
    "Exit codes: 0 all pass, 3 one fails or the mapping is wrong.\n"
    "\n"
    "Example: trama test mappings/reservas-basico.yaml";

/// A value that is one of a few words.
CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](const std::string& value) -> std::string {
        if (std::find(words.begin(), words.end(), value) != words.end()) return {};
        std::string all;
        for (std::size_t i = 0; i < words.size(); ++i)
          all += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
        return "write " + all + ", not '" + value + "'";
      },
      "");
}

/// The command line as a shell takes it again, the program by its name alone.
std::string shell_command(int argc, const char* const* argv) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  std::string command = "trama";
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    command += ' ';
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
      command += word;
      continue;
    }
    command += '\'';
    for (const char c : word) c == '\'' ? command += "'\\''" : command += c;
    command += '\'';
  }
  return command;
}

struct RunWords {
  std::string at;
  std::string bad_inputs = "stop";
  std::string progress = "auto";
  std::string max_record;
};

/// The options of commands that map records to files.
void add_mapping_run(CLI::App& command, RunCommandOptions& options, RunWords& words) {
  command.add_option("-o,--output", options.run.output, "where rows go; - is standard output")
      ->type_name("FILE");
  command.add_option("--rejects", options.run.rejects, "where rejected records go")
      ->type_name("FILE");
  command.add_flag("--rejects-without-personal", options.run.rejects_without_personal,
                   "hide personal columns in rejects too");
  command.add_flag("--rejects-ok", options.run.rejects_ok,
                   "rejected records within the limits: exit 0, not 1");
  command.add_option("--summary", options.run.summary, "write what was counted, as JSON")
      ->type_name("FILE");
  command.add_flag("--dry-run", options.run.dry_run, "do everything but write files");
  command.add_option("--threads", options.run.threads, "worker threads; 0: one for each processor")
      ->type_name("N");
  command
      .add_option("--at", words.at,
                  "the instant that `today` and the run id mean (2025-03-04T06:00:00Z)")
      ->type_name("TIME");
  command
      .add_option("--max-record", words.max_record,
                  "bytes that a record may have, such as 64M (16M)")
      ->type_name("SIZE");
  command.add_option("--progress", words.progress, "auto, always or never")
      ->check(one_of({"auto", "always", "never"}))
      ->type_name("");
  command.add_option("--root", options.root, "how far tables may be away from the mapping")
      ->type_name("DIR");
}

CLI::App* add_run(CLI::App& app, RunCommandOptions& options, RunWords& words) {
  CLI::App* run = app.add_subcommand("run", "map inputs to rows");
  run->add_option("MAPPING", options.mapping, "the mapping file (YAML)")->required()->type_name("");
  run->add_option("INPUT", options.run.inputs, "files to read; - or none is standard input")
      ->type_name("");
  run->add_option("--inputs-from", options.run.inputs_from,
                  "a file with the names of more inputs, one a line; - is standard input")
      ->type_name("FILE");
  run->add_option("--bad-inputs", words.bad_inputs,
                  "an input that cannot be read: stop, or reject it and go on (exit 1)")
      ->check(one_of({"stop", "reject"}))
      ->type_name("");
  add_mapping_run(*run, options, words);
  run->add_option("--limit", options.run.limit, "read at most so many records")->type_name("N");
  run->footer(kRunFooter);
  return run;
}

CLI::App* add_replay(CLI::App& app, RunCommandOptions& options, RunWords& words) {
  CLI::App* replay =
      app.add_subcommand("replay", "run rejected records again, through the repaired mapping");
  replay->add_option("REJECTS", options.run.inputs, "rejects files; - is standard input")
      ->required()
      ->type_name("");
  replay->add_option("-m,--mapping", options.mapping, "the repaired mapping (YAML)")
      ->required()
      ->type_name("MAPPING");
  replay->add_flag(
      "--corrected", options.run.corrected,
      "take lines that a person changed; the audit column 'corrected' marks their rows");
  replay->add_flag("--any-mapping", options.run.any_mapping,
                   "take rejects of a mapping that had another name");
  add_mapping_run(*replay, options, words);
  replay->footer(kReplayFooter);
  return replay;
}

CLI::App* add_check(CLI::App& app, CheckOptions& options, std::string& format) {
  CLI::App* check =
      app.add_subcommand("check", "tell everything that is wrong with mappings, without data");
  check->add_option("MAPPING", options.mappings, "mapping files (YAML)")->required()->type_name("");
  check->add_option("--format", format, "text or json")
      ->check(one_of({"text", "json"}))
      ->type_name("");
  check->add_flag("--strict", options.strict, "warnings fail too");
  check->add_flag("--plan", options.plan, "show the steps that each column became");
  check->add_flag("--expanded", options.expanded,
                  "show the mapping put together with its bases (extends), as YAML");
  check->add_option("--column", options.column, "with --plan: only this column")->type_name("NAME");
  check->add_option("--root", options.root, "how far tables may be away from the mapping")
      ->type_name("DIR");
  check->footer(kCheckFooter);
  return check;
}

CLI::App* add_schema(CLI::App& app) {
  CLI::App* schema = app.add_subcommand("schema", "print the JSON Schema of mappings, for editors");
  schema->footer("Example: trama schema > schemas/mapping.schema.json");
  return schema;
}

CLI::App* add_test(CLI::App& app, TestOptions& options, RunWords& words, std::string& format) {
  CLI::App* test = app.add_subcommand("test", "run the tests of mappings");
  test->add_option("MAPPING", options.mappings, "mapping files (YAML)")->required()->type_name("");
  test->add_option("--format", format, "text, junit or json")
      ->check(one_of({"text", "junit", "json"}))
      ->type_name("");
  test->add_flag("--accept", options.accept,
                 "where nothing but rows differs, write what came into the file of expect_rows");
  test->add_flag("--coverage", options.coverage,
                 "tell which columns, lookup entries, choices and rules no test exercises");
  test->add_option("--at", words.at, "the instant that `today` means in tests without an `at`")
      ->type_name("TIME");
  test->add_option("--root", options.root, "how far tables and tests may be away from the mapping")
      ->type_name("DIR");
  test->footer(kTestFooter);
  return test;
}

CommandLine usage(std::string message) {
  CommandLine line;
  line.text = "trama: " + std::move(message) + "\n";
  line.exit = static_cast<int>(Exit::usage);
  return line;
}

/// The words of the command line that nothing expects: the first of them, and what may be meant.
std::string unexpected(const CLI::App& app, const CLI::App& command) {
  std::vector<std::string> left = command.remaining();
  if (&command == &app) {  // what stands first would be the command
    std::vector<std::string> names;
    for (const CLI::App* known : app.get_subcommands({})) names.push_back(known->get_name());
    std::vector<std::string_view> known(names.begin(), names.end());
    const auto word = std::find_if(left.begin(), left.end(),
                                   [](const std::string& one) { return !one.starts_with('-'); });
    if (word != left.end()) {
      const std::string_view near = nearest(*word, known);
      return "no command is called '" + *word + "'" +
             (near.empty() ? ": there are run, replay, check, test and schema"
                           : "; did you mean '" + std::string(near) + "'?");
    }
  }
  const auto option = std::find_if(left.begin(), left.end(), [](const std::string& one) {
    return one.size() > 1 && one.starts_with('-');
  });
  const std::string who = &command == &app ? "trama" : "trama " + command.get_name();
  if (option == left.end()) return who + " takes no '" + left.front() + "'";
  const std::string asked = option->substr(0, option->find('='));
  std::vector<std::string> names;
  for (const CLI::Option* known : command.get_options())
    for (const std::string& name : known->get_lnames()) names.push_back("--" + name);
  const auto longer = std::find_if(names.begin(), names.end(), [&asked](const std::string& name) {
    return asked.size() > 3 && name.starts_with(asked);
  });
  std::vector<std::string_view> known(names.begin(), names.end());
  const std::string near = longer != names.end() ? *longer : std::string(nearest(asked, known));
  return "'" + asked + "' is no option of " + who +
         (near.empty() ? "" : "; did you mean '" + near + "'?");
}

/// The instant of --at, or now.
std::string finish_at(const RunWords& words, std::int64_t& out) {
  out = std::time(nullptr);
  if (words.at.empty() || read_instant(words.at, out)) return {};
  return "--at " + words.at + ": an instant with its offset, such as 2025-03-04T06:00:00Z";
}

/// What CLI11 leaves to be checked of `check`.
std::string finish_check(const CheckOptions& options) {
  if (!options.column.empty() && !options.plan) return "--column goes with --plan";
  if (!options.expanded) return {};
  if (options.format == CheckFormat::json)
    return "--expanded prints YAML; it does not go with --format json";
  if (options.plan) return "--expanded and --plan do not go together";
  return options.mappings.size() > 1 ? "--expanded shows one mapping at a time" : "";
}

/// What CLI11 leaves to be checked of `run` and `replay`.
std::string finish_run(RunCommandOptions& options, const RunWords& words) {
  if (options.run.inputs.empty() && options.run.inputs_from.empty())
    options.run.inputs.emplace_back("-");
  options.run.pass_bad_inputs = words.bad_inputs == "reject";
  const auto ends_like = [](const std::string& path,
                            std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&path](std::string_view e) { return path.ends_with(e); });
  };
  const bool swapped = !options.run.replay && !options.run.inputs.empty() &&
                       ends_like(options.mapping, {".json", ".ndjson", ".jsonl", ".gz", ".zst"}) &&
                       ends_like(options.run.inputs.front(), {".yaml", ".yml"});
  if (swapped)
    return "the mapping comes first: trama run " + options.run.inputs.front() + " " +
           options.mapping;
  if (std::string problem = check_inputs(options.run); !problem.empty()) return problem;
  if (std::string problem = finish_at(words, options.run.now); !problem.empty()) return problem;
  if (!words.max_record.empty() && !read_bytes(words.max_record, options.run.max_record_bytes))
    return "--max-record " + words.max_record + ": a size such as 64M, at most 4G";
  if (options.run.limit == 0) return "--limit 0 reads nothing; give a count from 1";
  const bool screen = ::isatty(STDERR_FILENO) != 0 && words.progress == "auto";
  options.run.progress = words.progress == "always" || screen ? Progress::always : Progress::never;
  return {};
}

}  // namespace

std::string check_inputs(const RunOptions& run) {
  std::size_t standard = run.inputs_from == "-" ? 1U : 0U;
  for (const std::string& input : run.inputs) standard += input == "-" ? 1U : 0U;
  if (standard > 1) return "standard input can be read only once";
  if (standard == 1 && ::isatty(STDIN_FILENO) != 0)
    return "standard input is a terminal: name a file, or pipe one in";
  return {};
}

CommandLine parse_command_line(int argc, const char* const* argv) {
  CommandLine line;
  RunWords words;
  std::string check_format = "text";
  std::string test_format = "text";
  CLI::App app(kAbout, "trama");
  app.footer(kFooter);
  bool version = false;
  app.add_flag("--version", version, "show the versions of trama, its libraries and the zone data");
  const CLI::App* run = add_run(app, line.run, words);
  const CLI::App* replay = add_replay(app, line.run, words);
  const CLI::App* check = add_check(app, line.check, check_format);
  const CLI::App* test = add_test(app, line.test, words, test_format);
  const CLI::App* schema = add_schema(app);
  app.require_subcommand(0, 1);
  const auto command = [&app]() -> const CLI::App* {
    const std::vector<CLI::App*> parsed = app.get_subcommands();
    return parsed.empty() ? &app : parsed.front();
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.text = command() == &app ? app.help() : command()->help("trama");
    return line;
  } catch (const CLI::ExtrasError&) {
    const std::string name = command() == &app ? "trama" : "trama " + command()->get_name();
    const std::string what = unexpected(app, *command());
    return usage(what + (what.ends_with('?') ? " See " : "; see ") + name + " --help");
  } catch (const CLI::ParseError& problem) {
    const std::string name = command() == &app ? "trama" : "trama " + command()->get_name();
    return usage(std::string(problem.what()) + "; see " + name + " --help");
  }
  if (version) {
    line.text = version_text();
    return line;
  }
  using Command = CommandLine::Command;
  std::string problem;
  line.run.run.command = shell_command(argc, argv);
  if (command() == run) {
    line.command = Command::run;
    problem = finish_run(line.run, words);
  } else if (command() == replay) {
    line.command = Command::run;
    line.run.run.replay = true;
    problem = finish_run(line.run, words);
  } else if (command() == check) {
    line.command = Command::check;
    line.check.format = check_format == "json" ? CheckFormat::json : CheckFormat::text;
    problem = finish_check(line.check);
  } else if (command() == test) {
    line.command = Command::test;
    line.test.format = test_format == "junit"  ? TestFormat::junit
                       : test_format == "json" ? TestFormat::json
                                               : TestFormat::text;
    problem = finish_at(words, line.test.now);
    if (line.test.coverage && line.test.format != TestFormat::text)
      problem = "--coverage goes with --format text";
  } else if (command() == schema) {
    line.command = Command::schema;
  } else {
    problem = argc <= 1
                  ? "a command is missing: run, replay, check, test or schema; see trama --help"
                  : "no command is called that; see trama --help";
  }
  return problem.empty() ? line : usage(problem);
}

}  // namespace trama
