// Pages of the manual, as roff (man(7)): made of the table of the command line, as --help is.

#pragma once

#include <string>
#include <string_view>

#include "cli/command_table.h"
#include "text/language.h"

namespace trama {

/// trama(1) where `command` is empty, else trama-COMMAND(1), which the table must have. `language`:
/// that of `table`.
std::string man_page(const CommandTable& table, std::string_view command, Language language);

}  // namespace trama
