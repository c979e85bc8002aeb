// OptionParser and Option: what the program and its subcommands take, and the command line read by
// it. The only face of CLI11, whose headers take seconds to compile: option_parser.cpp alone
// includes them. Only for cli/.
//
//   app.add_option("-o,--output", file_, help(PhraseCode::cli_output))->required()->type_name("FILE");
//
// A name without dashes is that of an argument, which is known by its place.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace trama {

/// The few words that a value may be.
struct OptionValues {
  std::vector<std::string> words;
  std::function<std::string(const std::string& value)> refusal;  // of a value that is none of them
};

/// One option while it is declared. Its OptionParser owns it.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option* required();
  /// What its value is called in help; empty: nothing.
  Option* type_name(std::string type);
  Option* check(OptionValues words);
  /// Between several values in one word.
  Option* delimiter(char between);
  /// May be written several times, each time with one value.
  Option* one_value_each_time();

  /// How often the command line has it.
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] const std::vector<std::string>& words() const noexcept { return words_; }

 private:
  friend class OptionParser;

  CLI::Option* option_;
  std::vector<std::string> words_;
};

/// An option or argument as it was declared, -h and --help among them.
struct DeclaredOption {
  std::vector<std::string> names;  // "-o", "--output"; of an argument "MAPPING"
  std::string help;
  std::string type;   // what type_name() gave; of an argument its name
  std::string label;  // the same as help writes it; empty: nothing, or it takes no value
  bool is_argument = false;
  bool takes_value = false;
  bool required = false;
  bool repeats = false;            // several values, or the option several times
  std::vector<std::string> words;  // that check() was given
};

/// Why a command line was not read to its end.
struct ParseStop {
  enum class Why : std::uint8_t {
    help_wanted,
    unexpected,
    required,
    not_converted,
    value_missing,
    other
  };

  Why why = Why::other;
  std::string text;                  // in English, as CLI11 has it
  std::vector<std::string> parts{};  // required: the name; not_converted: the name, the value;
                                     // value_missing: the name, how many, what the value is called
};

class OptionParser {
 public:
  /// Of the program itself.
  OptionParser(std::string about, std::string name);
  OptionParser(const OptionParser&) = delete;
  OptionParser& operator=(const OptionParser&) = delete;
  ~OptionParser();

  /// Each writes to `value`, whose address must not change until the command line is parsed.
  Option* add_option(std::string names, std::string& value, std::string help);
  Option* add_option(std::string names, std::vector<std::string>& values, std::string help);
  Option* add_option(std::string names, unsigned& value, std::string help);
  Option* add_option(std::string names, std::uint64_t& value, std::string help);
  Option* add_flag(std::string names, bool& value, std::string help);

  /// A subcommand takes over what help and label() were given before.
  OptionParser* add_subcommand(std::string name, std::string summary);
  void help_option(std::string names, std::string help);
  /// Of the words that help has of its own (Usage, OPTIONS), and of types.
  void label(std::string word, std::string text);
  /// Of the headings that help has of its own (Options, Subcommands).
  void heading(std::string word, std::string text);
  /// What stands below its help.
  void footer(std::string text);

  /// Of the program: no more than one subcommand. Nothing: all is read.
  std::optional<ParseStop> parse(int argc, const char* const* argv);
  /// After parse(): the subcommand that the line names, or the program.
  [[nodiscard]] const OptionParser& chosen() const;
  /// The words that nothing expects.
  [[nodiscard]] std::vector<std::string> remaining() const;
  /// The options of the line, in its order; one that it has twice is there twice.
  [[nodiscard]] std::vector<const Option*> parse_order() const;

  [[nodiscard]] std::string help() const;
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::string summary() const;
  [[nodiscard]] std::string footer() const;
  [[nodiscard]] std::vector<DeclaredOption> declared() const;
  /// What it is a subcommand of, or itself.
  [[nodiscard]] const OptionParser& program() const noexcept;
  [[nodiscard]] const std::vector<std::unique_ptr<OptionParser>>& subcommands() const noexcept {
    return subcommands_;
  }

 private:
  struct Heading {
    std::string word;
    std::string text;
  };

  OptionParser(CLI::App& app, const OptionParser& program);
  Option* keep(CLI::Option* option);
  [[nodiscard]] DeclaredOption declared(const CLI::Option& option) const;

  std::unique_ptr<CLI::App> owned_;  // of the program alone: CLI11 owns the parts of it
  CLI::App* app_;
  const OptionParser* program_;
  std::vector<std::unique_ptr<Option>> options_;
  std::vector<std::unique_ptr<OptionParser>> subcommands_;
  std::vector<Heading> headings_;
};

}  // namespace trama
