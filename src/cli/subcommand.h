// SubcommandSpec and Subcommand: what `trama NAME …` is made of. A subcommand is one file in cli/
// and its line in cli/all.inc: the file declares its options, checks them and runs. Neither
// command_line.cpp nor main.cpp knows a subcommand by its name.
//
//   class SchemaCommand final : public Subcommand {
//     using Subcommand::Subcommand;
//     int run(const std::string&) override { … }
//   };
//   constinit const SubcommandSpec kSchemaCommand{
//       .name = "schema",
//       .summary = PhraseCode::cli_schema_summary,
//       .footer = PhraseCode::cli_schema_footer,
//       .make = [](OptionParser&, Languages languages) -> std::unique_ptr<Subcommand> { … },
//   };

#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/phrase.h"
#include "cli/option_parser.h"
#include "text/language.h"

namespace trama {

/// One subcommand with the options of one command line.
class Subcommand {
 public:
  explicit Subcommand(Languages languages) : languages_(languages) {}
  Subcommand(const Subcommand&) = delete;
  Subcommand& operator=(const Subcommand&) = delete;
  virtual ~Subcommand() = default;

  /// After parsing: what the parser cannot check. Opens and prints nothing. Gives a sentence that says
  /// what is wrong (the program then ends with Exit::usage), or an empty one.
  virtual Phrase check() { return {}; }
  /// Does the work and prints what it has to say. `command_line`: the whole of it, as a shell takes
  /// it again. Gives the exit code (base/exit.h).
  virtual int run(const std::string& command_line) = 0;

 protected:
  /// Of --lang, or what stands for it.
  [[nodiscard]] const Languages& languages() const noexcept { return languages_; }

 private:
  Languages languages_;
};

struct SubcommandSpec {
  const char* name;
  PhraseCode summary;  // its line in `trama --help`
  PhraseCode footer;   // below its own --help: exit codes where it has its own, and an example
  /// Declares the options at `app`, which writes their values into the Subcommand, whose address
  /// must not change until the command line is parsed.
  std::unique_ptr<Subcommand> (*make)(OptionParser& app, Languages languages);
  bool tells_of_all = false;  // it prints what all the others take: TableCommand
};

#define TRAMA_SUBCOMMAND(spec) extern const SubcommandSpec spec;
#include "cli/all.inc"
#undef TRAMA_SUBCOMMAND

/// Every subcommand, in the order of cli/all.inc, which is that of `trama --help`.
std::span<const SubcommandSpec* const> all_subcommands() noexcept;

}  // namespace trama
