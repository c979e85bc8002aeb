// The table of all subcommands, explicit since a linker drops what nobody names.

#include "cli/subcommand.h"

namespace trama {
namespace {

constexpr const SubcommandSpec* kSubcommands[] = {
#define TRAMA_SUBCOMMAND(spec) &spec,
#include "cli/all.inc"
#undef TRAMA_SUBCOMMAND
};

}  // namespace

std::span<const SubcommandSpec* const> all_subcommands() noexcept {
  return kSubcommands;
}

}  // namespace trama
