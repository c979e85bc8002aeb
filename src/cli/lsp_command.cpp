// `trama lsp`

#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/phrase_codes.h"
#include "cli/long_work.h"
#include "cli/subcommand.h"
#include "lsp/server.h"
#include "sink/output_file.h"

namespace trama {
namespace {

class LspCommand final : public Subcommand {
 public:
  using Subcommand::Subcommand;

  int run(const std::string& /*command_line*/) override {
    const Result<std::unique_ptr<OutputFile>> out = OutputFile::open("-");
    if (!out.ok()) return exit_of(out.failure(), languages().screen);
    const auto write = [&out](std::string_view bytes) { return out.value()->write(bytes).ok(); };
    return serve(STDIN_FILENO, write, languages().screen);
  }
};

}  // namespace

constinit const SubcommandSpec kLspCommand{
    .name = "lsp",
    .summary = PhraseCode::cli_lsp_summary,
    .footer = PhraseCode::cli_lsp_footer,
    .make = [](OptionParser& /*app*/, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<LspCommand>(languages);
    },
};

}  // namespace trama
