#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "cli/option_words.h"
#include "report/shown_text.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// The command line as a shell takes it again, the program by its name alone.
std::string shell_command(int argc, const char* const* argv) {
  std::string command = "trama";
  for (int i = 1; i < argc; ++i) (command += ' ') += shell_word(argv[i]);
  return command;
}

/// Of --lang in the command line, which is looked for before anything is declared, as help and
/// errors are in it. What it does not say stands for itself: CLI11 finds it wrong later.
Languages languages_of(int argc, const char* const* argv) {
  constexpr std::string_view kOption = "--lang";
  std::string_view tag;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;
    if (word == kOption && i + 1 < argc) tag = argv[i + 1];
    if (word.starts_with("--lang=")) tag = word.substr(kOption.size() + 1);
  }
  const std::optional<Language> asked = language_of(tag);
  return asked ? Languages{*asked, *asked} : Languages{language_of_environment(), Language::en};
}

CommandLine usage(const Languages& languages, const std::string& message) {
  CommandLine line;
  line.languages = languages;
  line.text = "trama: " + message + "\n";
  line.exit = static_cast<int>(Exit::usage);
  return line;
}

/// The words of the command line that nothing expects: the first of them, and what may be meant.
/// `asks`: whether it ends with a question.
Phrase unexpected(const CLI::App& app, const CLI::App& command, bool& asks) {
  std::vector<std::string> left = command.remaining();
  if (&command == &app) {  // what stands first would be the command
    std::vector<std::string> names;
    for (const CLI::App* known : app.get_subcommands({})) names.push_back(known->get_name());
    std::vector<std::string_view> known(names.begin(), names.end());
    const auto word = std::find_if(left.begin(), left.end(),
                                   [](const std::string& one) { return !one.starts_with('-'); });
    if (word != left.end()) {
      const std::string_view near = nearest(*word, known);
      asks = !near.empty();
      return near.empty() ? Phrase(PhraseCode::cli_no_command,
                                   {*word, Phrase::listed(known, PhraseCode::list_and)})
                          : Phrase(PhraseCode::cli_no_command_near, {*word, near});
    }
  }
  const auto option = std::find_if(left.begin(), left.end(), [](const std::string& one) {
    return one.size() > 1 && one.starts_with('-');
  });
  const std::string who = &command == &app ? "trama" : "trama " + command.get_name();
  if (option == left.end()) return {PhraseCode::cli_takes_no, {who, left.front()}};
  const std::string asked = option->substr(0, option->find('='));
  std::vector<std::string> names;
  for (const CLI::Option* known : command.get_options())
    for (const std::string& name : known->get_lnames()) names.push_back("--" + name);
  const auto longer = std::find_if(names.begin(), names.end(), [&asked](const std::string& name) {
    return asked.size() > 3 && name.starts_with(asked);
  });
  std::vector<std::string_view> known(names.begin(), names.end());
  const std::string near = longer != names.end() ? *longer : std::string(nearest(asked, known));
  asks = !near.empty();
  return near.empty() ? Phrase(PhraseCode::cli_no_option, {asked, who})
                      : Phrase(PhraseCode::cli_no_option_near, {asked, who, near});
}

/// What stands for a value in help.
struct TypeWord {
  std::string_view word;
  PhraseCode code;
};
constexpr TypeWord kTypes[] = {
    {"FILE", PhraseCode::cli_type_file}, {"DIR", PhraseCode::cli_type_dir},
    {"NAME", PhraseCode::cli_type_name}, {"SIZE", PhraseCode::cli_type_size},
    {"TIME", PhraseCode::cli_type_time}, {"MAPPING", PhraseCode::cli_type_mapping},
};

Phrase type_word(std::string_view word) {
  for (const TypeWord& type : kTypes)
    if (type.word == word) return type.code;
  return word;
}

/// What CLI11 found wrong. It says so in English; what it says most often is taken apart again.
Phrase problem_of(const CLI::ParseError& error, const Help& help) {
  const std::string what = error.what();
  if (help.language() == Language::en) return what;
  constexpr std::string_view kRequired = " is required";
  constexpr std::string_view kNotConverted = "Could not convert: ";
  constexpr std::string_view kMissing = " missing";
  constexpr std::string_view kCount = " required ";
  const std::size_t colon = what.find(": ");
  if (error.get_name() == "RequiredError" && what.ends_with(kRequired))
    return {PhraseCode::cli_required, {what.substr(0, what.size() - kRequired.size())}};
  const std::size_t equals = what.find(" = ");
  if (error.get_name() == "ConversionError" && what.starts_with(kNotConverted) &&
      equals != std::string::npos)
    return {PhraseCode::cli_not_converted,
            {what.substr(kNotConverted.size(), equals - kNotConverted.size()),
             what.substr(equals + 3)}};
  const std::size_t count = what.find(kCount);
  if (error.get_name() == "ArgumentMismatch" && colon < count && count != std::string::npos &&
      what.ends_with(kMissing)) {
    const std::size_t type = count + kCount.size();
    return {PhraseCode::cli_value_missing,
            {what.substr(0, colon), what.substr(colon + 2, count - colon - 2),
             type_word(std::string_view(what).substr(type, what.size() - kMissing.size() - type))}};
  }
  return what;  // of ValidationError: what one_of() says
}

/// CLI11's own words.
void label(CLI::App& app, const Help& help) {
  using Code = PhraseCode;
  app.set_help_flag("-h,--help", help(Code::cli_help_option));
  for (const auto& [word, code] :
       {std::pair("Usage", Code::cli_label_usage), std::pair("OPTIONS", Code::cli_label_options),
        std::pair("Positionals", Code::cli_label_positionals),
        std::pair("SUBCOMMAND", Code::cli_label_subcommand),
        std::pair("REQUIRED", Code::cli_label_required)})
    app.get_formatter()->label(word, help(code));
  for (const TypeWord& type : kTypes)
    app.get_formatter()->label(std::string(type.word), help(type.code));
}

/// The headings of groups are names of CLI11.
std::string with_headings(std::string text, const Help& help) {
  for (const auto& [heading, code] :
       {std::pair("Options", PhraseCode::cli_label_options_title),
        std::pair("Subcommands", PhraseCode::cli_label_subcommands)}) {
    const std::string line = "\n" + std::string(heading) + ":\n";
    if (const std::size_t at = text.find(line); at != std::string::npos)
      text.replace(at + 1, line.size() - 3, help(code));
  }
  return text;
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  const Languages languages = languages_of(argc, argv);
  const Help help(languages);
  CLI::App app(help(PhraseCode::cli_about), "trama");
  label(app, help);
  app.footer(help(PhraseCode::cli_footer));
  bool version = false;
  app.add_flag("--version", version, help(PhraseCode::cli_version_option));
  bool json = false;
  app.add_flag("--json", json, help(PhraseCode::cli_json_option));
  std::string lang;  // read above
  const auto add_lang = [&](CLI::App& to) {
    to.add_option("--lang", lang, help(PhraseCode::cli_lang, {Phrase::listed(language_tags())}))
        ->check(one_of({language_tags().begin(), language_tags().end()}, help))
        ->type_name("");
  };
  add_lang(app);
  std::vector<std::string_view> names;
  std::vector<std::unique_ptr<Subcommand>> made;
  std::vector<const CLI::App*> parsers;  // of `made`, in the same order
  for (const SubcommandSpec* spec : all_subcommands()) {
    CLI::App* parser = app.add_subcommand(spec->name, help(spec->summary));
    names.emplace_back(spec->name);
    made.push_back(spec->make(*parser, languages));
    parsers.push_back(parser);
    add_lang(*parser);
    parser->footer(help(spec->footer));
  }
  app.require_subcommand(0, 1);
  const auto command = [&app]() -> const CLI::App* {
    const std::vector<CLI::App*> parsed = app.get_subcommands();
    return parsed.empty() ? &app : parsed.front();
  };
  const auto who = [&] {
    return command() == &app ? std::string("trama") : "trama " + command()->get_name();
  };
  CommandLine line;
  line.languages = languages;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.text = with_headings(command() == &app ? app.help() : command()->help("trama"), help);
    return line;
  } catch (const CLI::ExtrasError&) {
    bool asks = false;
    const Phrase what = unexpected(app, *command(), asks);
    return usage(languages, help(asks ? PhraseCode::cli_see_after_question : PhraseCode::cli_see,
                                 {what, who()}));
  } catch (const CLI::ParseError& problem) {
    return usage(languages, help(PhraseCode::cli_see, {problem_of(problem, help), who()}));
  }
  if (json && !version) return usage(languages, help(PhraseCode::cli_json_alone));
  if (version) {
    line.text = json ? version_json() : version_text(languages.screen);
    return line;
  }
  const auto asked = std::find(parsers.begin(), parsers.end(), command());
  if (asked == parsers.end())
    return usage(languages, help(PhraseCode::cli_command_missing, {Phrase::listed(names)}));
  line.subcommand = std::move(made[static_cast<std::size_t>(asked - parsers.begin())]);
  line.command = shell_command(argc, argv);
  const Phrase problem = line.subcommand->check();
  return problem.empty() ? std::move(line) : usage(languages, say(languages.screen, problem));
}

}  // namespace trama
