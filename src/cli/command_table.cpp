#include "cli/command_table.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/option_words.h"
#include "text/error_pages.h"

namespace trama {
namespace {

constexpr std::string_view kMappings[] = {"yaml", "yml"};
constexpr std::string_view kInputs[] = {"json",     "ndjson",     "jsonl",
                                        "json.gz",  "ndjson.gz",  "jsonl.gz",
                                        "json.zst", "ndjson.zst", "jsonl.zst"};
constexpr std::string_view kRejects[] = {"jsonl", "jsonl.gz", "jsonl.zst"};
constexpr std::string_view kSchemas[] = {"json"};

/// What is offered for a value, by what stands for it in help.
struct ValueKind {
  std::string_view value;
  Offers offers;
  std::span<const std::string_view> endings{};
};
constexpr ValueKind kValueKinds[] = {
    {"MAPPING", Offers::files, kMappings},
    {"OLD", Offers::files, kMappings},
    {"NEW", Offers::files, kMappings},
    {"INPUT", Offers::files, kInputs},
    {"REJECTS", Offers::files, kRejects},
    {"SCHEMA.json", Offers::files, kSchemas},
    {"FILE", Offers::files},
    {"DIR", Offers::folders},
};

std::vector<std::string> codes() {
  std::vector<std::string> words;
  for (const ErrorPage& page : error_pages(Language::en)) words.emplace_back(page.code);
  return words;
}

OptionRow row_of(CLI::Option& option, const CLI::App& app) {
  OptionRow row{.names = {},
                .help = option.get_description(),
                .value = {},
                .takes_value = option.get_items_expected_max() > 0,
                .required = option.get_required(),
                .repeats = option.get_expected_max() > 1 ||
                           option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll,
                .offers = Offers::nothing,
                .words = words_of(option)};
  for (const std::string& name : option.get_snames()) row.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) row.names.push_back("--" + name);
  const bool argument = row.names.empty();
  const std::string stands = argument ? option.get_name(true) : option.get_type_name();
  if (argument) row.names.push_back(stands);
  if (row.takes_value) row.value = argument ? stands : app.get_formatter()->get_label(stands);
  if (stands == "CODE") row.words = codes();
  if (!row.words.empty()) {
    row.offers = Offers::words;
    return row;
  }
  const auto* const kind =
      std::find_if(std::begin(kValueKinds), std::end(kValueKinds),
                   [&stands](const ValueKind& one) { return one.value == stands; });
  if (kind != std::end(kValueKinds)) {
    row.offers = kind->offers;
    row.endings = kind->endings;
  }
  return row;
}

CommandRow row_of(CLI::App& app) {
  CommandRow row{.name = app.get_name(),
                 .summary = app.get_description(),
                 .footer = app.get_footer(),
                 .options = {},
                 .arguments = {}};
  for (CLI::Option* option : app.get_options([](CLI::Option*) { return true; }))
    (option->get_positional() ? row.arguments : row.options).push_back(row_of(*option, app));
  return row;
}

}  // namespace

CommandTable command_table(CLI::App& app) {
  CLI::App* program = &app;
  while (program->get_parent() != nullptr) program = program->get_parent();
  CommandTable table{.program = row_of(*program), .commands = {}};
  for (CLI::App* command : program->get_subcommands([](CLI::App*) { return true; }))
    table.commands.push_back(row_of(*command));
  return table;
}

}  // namespace trama
