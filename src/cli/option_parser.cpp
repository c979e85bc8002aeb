#include "cli/option_parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <utility>

namespace trama {
namespace {

/// What CLI11 found wrong. It says so in English; what it says most often is taken apart again.
ParseStop stop_of(const CLI::ParseError& error) {
  using Why = ParseStop::Why;
  constexpr std::string_view kRequired = " is required";
  constexpr std::string_view kNotConverted = "Could not convert: ";
  constexpr std::string_view kMissing = " missing";
  constexpr std::string_view kCount = " required ";
  const std::string what = error.what();
  const std::size_t colon = what.find(": ");
  if (error.get_name() == "RequiredError" && what.ends_with(kRequired))
    return {Why::required, what, {what.substr(0, what.size() - kRequired.size())}};
  const std::size_t equals = what.find(" = ");
  if (error.get_name() == "ConversionError" && what.starts_with(kNotConverted) &&
      equals != std::string::npos)
    return {Why::not_converted,
            what,
            {what.substr(kNotConverted.size(), equals - kNotConverted.size()),
             what.substr(equals + 3)}};
  const std::size_t count = what.find(kCount);
  if (error.get_name() == "ArgumentMismatch" && colon < count && count != std::string::npos &&
      what.ends_with(kMissing)) {
    const std::size_t type = count + kCount.size();
    return {Why::value_missing,
            what,
            {what.substr(0, colon), what.substr(colon + 2, count - colon - 2),
             what.substr(type, what.size() - kMissing.size() - type)}};
  }
  return {Why::other, what};  // of ValidationError: the refusal of OptionValues
}

}  // namespace

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::type_name(std::string type) {
  option_->type_name(std::move(type));
  return this;
}

Option* Option::check(OptionValues words) {
  words_ = words.words;
  option_->check(CLI::Validator(
      [words = std::move(words)](const std::string& value) -> std::string {
        const bool known =
            std::find(words.words.begin(), words.words.end(), value) != words.words.end();
        return known ? std::string() : words.refusal(value);
      },
      ""));
  return this;
}

Option* Option::delimiter(char between) {
  option_->delimiter(between);
  return this;
}

Option* Option::one_value_each_time() {
  option_->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  return this;
}

std::size_t Option::count() const {
  return option_->count();
}

OptionParser::OptionParser(std::string about, std::string name)
    : owned_(std::make_unique<CLI::App>(std::move(about), std::move(name))),
      app_(owned_.get()),
      program_(this) {}

OptionParser::OptionParser(CLI::App& app, const OptionParser& program)
    : app_(&app), program_(&program) {}

OptionParser::~OptionParser() = default;

Option* OptionParser::keep(CLI::Option* option) {
  return options_.emplace_back(std::make_unique<Option>(*option)).get();
}

Option* OptionParser::add_option(std::string names, std::string& value, std::string help) {
  return keep(app_->add_option(std::move(names), value, std::move(help)));
}

Option* OptionParser::add_option(std::string names, std::vector<std::string>& values,
                                 std::string help) {
  return keep(app_->add_option(std::move(names), values, std::move(help)));
}

/// -1 is no count, though CLI11 takes it for the largest one.
static CLI::Option* without_sign(CLI::Option* option) {
  option->check([option](const std::string& value) -> std::string {
    if (value.starts_with('-'))
      throw CLI::ConversionError(option->get_name(), std::vector<std::string>{value});
    return {};
  });
  return option;
}

Option* OptionParser::add_option(std::string names, unsigned& value, std::string help) {
  return keep(without_sign(app_->add_option(std::move(names), value, std::move(help))));
}

Option* OptionParser::add_option(std::string names, std::uint64_t& value, std::string help) {
  return keep(without_sign(app_->add_option(std::move(names), value, std::move(help))));
}

Option* OptionParser::add_flag(std::string names, bool& value, std::string help) {
  return keep(app_->add_flag(std::move(names), value, std::move(help)));
}

OptionParser* OptionParser::add_subcommand(std::string name, std::string summary) {
  CLI::App* const app = app_->add_subcommand(std::move(name), std::move(summary));
  return subcommands_.emplace_back(new OptionParser(*app, *program_)).get();
}

void OptionParser::help_option(std::string names, std::string help) {
  app_->set_help_flag(std::move(names), help);
}

void OptionParser::label(std::string word, std::string text) {
  app_->get_formatter()->label(std::move(word), std::move(text));
}

void OptionParser::heading(std::string word, std::string text) {
  headings_.push_back({std::move(word), std::move(text)});
}

void OptionParser::footer(std::string text) {
  app_->footer(std::move(text));
}

std::optional<ParseStop> OptionParser::parse(int argc, const char* const* argv) {
  app_->require_subcommand(0, 1);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::CallForHelp& wanted) {
    return ParseStop{ParseStop::Why::help_wanted, wanted.what()};
  } catch (const CLI::ExtrasError& extras) {
    return ParseStop{ParseStop::Why::unexpected, extras.what()};
  } catch (const CLI::ParseError& error) {
    return stop_of(error);
  }
  return std::nullopt;
}

const OptionParser& OptionParser::chosen() const {
  const std::vector<CLI::App*> parsed = app_->get_subcommands();
  for (const std::unique_ptr<OptionParser>& one : subcommands_)
    if (!parsed.empty() && one->app_ == parsed.front()) return *one;
  return *this;
}

std::vector<std::string> OptionParser::remaining() const {
  return app_->remaining();
}

std::vector<const Option*> OptionParser::parse_order() const {
  std::vector<const Option*> order;
  for (const CLI::Option* parsed : app_->parse_order())
    for (const std::unique_ptr<Option>& one : options_)
      if (one->option_ == parsed) order.push_back(one.get());
  return order;
}

std::string OptionParser::help() const {
  std::string text = program_ == this ? app_->help() : app_->help(program_->name());
  for (const Heading& heading : program_->headings_) {
    const std::string line = "\n" + heading.word + ":\n";
    if (const std::size_t at = text.find(line); at != std::string::npos)
      text.replace(at + 1, heading.word.size(), heading.text);
  }
  return text;
}

std::string OptionParser::name() const {
  return app_->get_name();
}

std::string OptionParser::summary() const {
  return app_->get_description();
}

std::string OptionParser::footer() const {
  return app_->get_footer();
}

const OptionParser& OptionParser::program() const noexcept {
  return *program_;
}

DeclaredOption OptionParser::declared(const CLI::Option& option) const {
  DeclaredOption found;
  found.help = option.get_description();
  found.is_argument = option.get_positional();
  found.required = option.get_required();
  found.repeats = option.get_expected_max() > 1 ||
                  option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  for (const std::string& name : option.get_snames()) found.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) found.names.push_back("--" + name);
  found.type = found.is_argument ? option.get_name(true) : option.get_type_name();
  if (found.is_argument) found.names.push_back(found.type);
  found.takes_value = option.get_items_expected_max() > 0;
  if (found.takes_value)
    found.label = found.is_argument ? found.type : app_->get_formatter()->get_label(found.type);
  for (const std::unique_ptr<Option>& one : options_)
    if (one->option_ == &option) found.words = one->words_;
  return found;
}

std::vector<DeclaredOption> OptionParser::declared() const {
  std::vector<DeclaredOption> all;
  for (const CLI::Option* option : std::as_const(*app_).get_options())
    all.push_back(declared(*option));
  return all;
}

}  // namespace trama
