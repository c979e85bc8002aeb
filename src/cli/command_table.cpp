#include "cli/command_table.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

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
    {"SPOOL", Offers::files, kInputs},
    {"SCHEME", Offers::files, kMappings},
    {"SCHEMA.json", Offers::files, kSchemas},
    {"FILE", Offers::files},
    {"DIR", Offers::folders},
};

std::vector<std::string> codes() {
  std::vector<std::string> words;
  for (const ErrorPage& page : error_pages(Language::en)) words.emplace_back(page.code);
  return words;
}

OptionRow row_of(DeclaredOption option) {
  OptionRow row{.names = std::move(option.names),
                .help = std::move(option.help),
                .value = std::move(option.label),
                .takes_value = option.takes_value,
                .required = option.required,
                .repeats = option.repeats,
                .offers = Offers::nothing,
                .words = std::move(option.words)};
  if (option.type == "CODE") row.words = codes();
  if (!row.words.empty()) {
    row.offers = Offers::words;
    return row;
  }
  const auto* const kind =
      std::find_if(std::begin(kValueKinds), std::end(kValueKinds),
                   [&option](const ValueKind& one) { return one.value == option.type; });
  if (kind != std::end(kValueKinds)) {
    row.offers = kind->offers;
    row.endings = kind->endings;
  }
  return row;
}

CommandRow row_of(const OptionParser& app) {
  CommandRow row{.name = app.name(),
                 .summary = app.summary(),
                 .footer = app.footer(),
                 .options = {},
                 .arguments = {}};
  for (DeclaredOption& option : app.declared())
    (option.is_argument ? row.arguments : row.options).push_back(row_of(std::move(option)));
  return row;
}

}  // namespace

CommandTable command_table(const OptionParser& app) {
  CommandTable table{.program = row_of(app.program()), .commands = {}};
  for (const std::unique_ptr<OptionParser>& command : app.program().subcommands())
    table.commands.push_back(row_of(*command));
  return table;
}

}  // namespace trama
