// The table of subcommands, and what the command line makes of it.

#include "cli/subcommand.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/parsed.h"
#include "text/catalogue.h"

namespace trama {
using testing::parsed;

namespace {

std::string said(PhraseCode code) {
  return say(Language::en, code);
}

}  // namespace

TEST_CASE("subcommands: each has a name of its own, help and an example of itself") {
  std::set<std::string> names;
  for (const SubcommandSpec* spec : all_subcommands()) {
    const std::string name = spec->name;
    INFO(name);
    CHECK(names.insert(name).second);
    CHECK(said(spec->summary) != "");
    CHECK(("\n" + said(spec->footer)).find("\nExample: trama " + name) != std::string::npos);
    const CommandLine line = parsed({spec->name, "--help"});
    CHECK(line.subcommand == nullptr);
    CHECK(line.exit == 0);
    CHECK(line.text.starts_with(said(spec->summary) + "\nUsage: trama " + name + " "));
    CHECK(line.text.find(said(spec->footer)) != std::string::npos);
  }
  CHECK(names.size() >= 5);
}

TEST_CASE("subcommands: trama --help lists them in the order of the table") {
  const std::string help = parsed({"--help"}).text;
  std::size_t at = help.find("\nSubcommands:\n");
  for (const SubcommandSpec* spec : all_subcommands()) {
    INFO(spec->name);
    REQUIRE(at != std::string::npos);
    at = help.find("\n  " + std::string(spec->name) + " ", at);
    REQUIRE(at != std::string::npos);
    CHECK(help.substr(at, help.find('\n', at + 1) - at).ends_with(said(spec->summary)));
  }
}

TEST_CASE("subcommands: messages name all of them in the order of the table") {
  const std::string missing = parsed({}).text;
  const std::string unknown = parsed({"frobnicate"}).text;
  std::size_t in_missing = 0;
  std::size_t in_unknown = 0;
  for (const SubcommandSpec* spec : all_subcommands()) {
    INFO(spec->name);
    in_missing = missing.find(spec->name, in_missing);
    in_unknown = unknown.find(spec->name, in_unknown);
    CHECK(in_missing != std::string::npos);
    CHECK(in_unknown != std::string::npos);
  }
}

TEST_CASE("subcommands: a line that is right gives the subcommand, another the reason why not") {
  const CommandLine right = parsed({"check", "a b.yaml", "--strict"});
  CHECK(right.subcommand != nullptr);
  CHECK(right.command == "trama check 'a b.yaml' --strict");
  const CommandLine wrong = parsed({"check", "m.yaml", "--column", "A"});
  CHECK(wrong.subcommand == nullptr);
  CHECK(wrong.text == "trama: --column goes with --plan\n");
  CHECK(wrong.exit == 64);
}

}  // namespace trama
