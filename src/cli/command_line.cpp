#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/nearest.h"
#include "cli/option_words.h"

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
             (near.empty() ? ": there are " + listed(names, " and ")
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

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  CLI::App app(kAbout, "trama");
  app.footer(kFooter);
  bool version = false;
  app.add_flag("--version", version, "show the versions of trama, its libraries and the zone data");
  std::vector<std::string> names;
  std::vector<std::unique_ptr<Subcommand>> made;
  std::vector<const CLI::App*> parsers;  // of `made`, in the same order
  for (const SubcommandSpec* spec : all_subcommands()) {
    CLI::App* parser = app.add_subcommand(spec->name, spec->summary);
    names.emplace_back(spec->name);
    made.push_back(spec->make(*parser));
    parsers.push_back(parser);
    parser->footer(spec->footer);
  }
  app.require_subcommand(0, 1);
  const auto command = [&app]() -> const CLI::App* {
    const std::vector<CLI::App*> parsed = app.get_subcommands();
    return parsed.empty() ? &app : parsed.front();
  };
  CommandLine line;
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
  const auto asked = std::find(parsers.begin(), parsers.end(), command());
  if (asked == parsers.end())
    return usage(argc <= 1
                     ? "a command is missing: " + listed(names, " or ") + "; see trama --help"
                     : "no command is called that; see trama --help");
  line.subcommand = std::move(made[static_cast<std::size_t>(asked - parsers.begin())]);
  line.command = shell_command(argc, argv);
  std::string problem = line.subcommand->check();
  return problem.empty() ? std::move(line) : usage(std::move(problem));
}

}  // namespace trama
