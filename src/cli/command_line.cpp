#include "cli/command_line.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/exit.h"
#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "cli/option_parser.h"
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
/// errors are in it. What it does not say stands for itself: the parser finds it wrong later.
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

/// What its user would write of `command` to get its help.
std::string who(const OptionParser& app, const OptionParser& command) {
  return &command == &app ? "trama" : "trama " + command.name();
}

/// The words of the command line that nothing expects: the first of them, and what may be meant.
/// `asks`: whether it ends with a question.
Phrase unexpected(const OptionParser& app, const OptionParser& command, bool& asks) {
  std::vector<std::string> left = command.remaining();
  if (&command == &app) {  // what stands first would be the command
    std::vector<std::string> names;
    for (const auto& known : app.subcommands()) names.push_back(known->name());
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
  if (option == left.end()) return {PhraseCode::cli_takes_no, {who(app, command), left.front()}};
  const std::string asked = option->substr(0, option->find('='));
  std::vector<std::string> names;
  for (const DeclaredOption& known : command.declared())
    for (const std::string& name : known.names)
      if (name.starts_with("--")) names.push_back(name);
  const auto longer = std::find_if(names.begin(), names.end(), [&asked](const std::string& name) {
    return asked.size() > 3 && name.starts_with(asked);
  });
  std::vector<std::string_view> known(names.begin(), names.end());
  const std::string near = longer != names.end() ? *longer : std::string(nearest(asked, known));
  asks = !near.empty();
  return near.empty() ? Phrase(PhraseCode::cli_no_option, {asked, who(app, command)})
                      : Phrase(PhraseCode::cli_no_option_near, {asked, who(app, command), near});
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

/// What the parser found wrong, which it says in English.
Phrase problem_of(const ParseStop& stop, const Help& help) {
  if (help.language() == Language::en) return stop.text;
  switch (stop.why) {
    case ParseStop::Why::required:
      return {PhraseCode::cli_required, {stop.parts[0]}};
    case ParseStop::Why::not_converted:
      return {PhraseCode::cli_not_converted, {stop.parts[0], stop.parts[1]}};
    case ParseStop::Why::value_missing:
      return {PhraseCode::cli_value_missing,
              {stop.parts[0], stop.parts[1], type_word(stop.parts[2])}};
    case ParseStop::Why::help_wanted:
    case ParseStop::Why::unexpected:
    case ParseStop::Why::other:
      break;
  }
  return stop.text;
}

/// The words that help has of its own.
void label(OptionParser& app, const Help& help) {
  using Code = PhraseCode;
  app.help_option("-h,--help", help(Code::cli_help_option));
  for (const auto& [word, code] :
       {std::pair("Usage", Code::cli_label_usage), std::pair("OPTIONS", Code::cli_label_options),
        std::pair("Positionals", Code::cli_label_positionals),
        std::pair("SUBCOMMAND", Code::cli_label_subcommand),
        std::pair("REQUIRED", Code::cli_label_required)})
    app.label(word, help(code));
  for (const TypeWord& type : kTypes) app.label(std::string(type.word), help(type.code));
  app.heading("Options", help(Code::cli_label_options_title));
  app.heading("Subcommands", help(Code::cli_label_subcommands));
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  const Languages languages = languages_of(argc, argv);
  const Help help(languages);
  OptionParser app(help(PhraseCode::cli_about), "trama");
  label(app, help);
  app.footer(help(PhraseCode::cli_footer));
  bool version = false;
  app.add_flag("--version", version, help(PhraseCode::cli_version_option));
  bool json = false;
  app.add_flag("--json", json, help(PhraseCode::cli_json_option));
  std::string lang;  // read above
  const auto add_lang = [&](OptionParser& to) {
    to.add_option("--lang", lang, help(PhraseCode::cli_lang, {Phrase::listed(language_tags())}))
        ->check(one_of({language_tags().begin(), language_tags().end()}, help))
        ->type_name("");
  };
  add_lang(app);
  // Declaring what a subcommand takes costs more than reading a line: only what the line names is.
  const auto has = [&](std::string_view word) {
    return std::find(argv, argv + argc, word) != argv + argc;
  };
  const auto specs = all_subcommands();
  const bool all = std::any_of(specs.begin(), specs.end(), [&](const SubcommandSpec* spec) {
    return spec->tells_of_all && has(spec->name);
  });
  std::vector<std::string_view> names;
  std::vector<std::unique_ptr<Subcommand>> made;  // null: not declared
  std::vector<const OptionParser*> parsers;       // of `made`, in the same order
  for (const SubcommandSpec* spec : specs) {
    OptionParser* parser = app.add_subcommand(spec->name, help(spec->summary));
    names.emplace_back(spec->name);
    parsers.push_back(parser);
    made.push_back(all || has(spec->name) ? spec->make(*parser, languages) : nullptr);
    if (!made.back()) continue;
    add_lang(*parser);
    parser->footer(help(spec->footer));
  }
  CommandLine line;
  line.languages = languages;
  const std::optional<ParseStop> stop = app.parse(argc, argv);
  const OptionParser& command = app.chosen();
  if (stop && stop->why == ParseStop::Why::help_wanted) {
    line.text = command.help();
    return line;
  }
  if (stop) {
    bool asks = false;
    // A word before the command would be the command: `trama help run`.
    const bool before = !app.remaining().empty();
    const OptionParser& of = before ? app : command;
    const Phrase what = before || stop->why == ParseStop::Why::unexpected
                            ? unexpected(app, of, asks)
                            : problem_of(*stop, help);
    return usage(languages, help(asks ? PhraseCode::cli_see_after_question : PhraseCode::cli_see,
                                 {what, who(app, of)}));
  }
  if (json && !version) return usage(languages, help(PhraseCode::cli_json_alone));
  if (version) {
    line.text = json ? version_json() : version_text(languages.screen);
    return line;
  }
  const auto asked = std::find(parsers.begin(), parsers.end(), &command);
  if (asked == parsers.end())
    return usage(languages, help(PhraseCode::cli_command_missing, {Phrase::listed(names)}));
  line.subcommand = std::move(made[static_cast<std::size_t>(asked - parsers.begin())]);
  line.command = shell_command(argc, argv);
  const Phrase problem = line.subcommand->check();
  return problem.empty() ? std::move(line) : usage(languages, say(languages.screen, problem));
}

}  // namespace trama
