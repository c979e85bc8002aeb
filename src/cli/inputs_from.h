// Inputs that stand for several: --inputs-from, a file with their names, for more of them than a command
// line holds; and the folder of a pull.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "base/result.h"

namespace trama {

/// Appends the names in `list` ("-" is standard input) to `names`: one a line, as it is written; a
/// CR before the line end and lines without a character are no part of them. file_missing,
/// file_unreadable and the like; usage where it cannot be a list of names; input_no_names.
Result<void> read_input_names(const std::string& list, std::vector<std::string>& names);
/// The same of the text of such a list, which messages call `shown`.
Result<void> append_input_names(std::string_view text, const Phrase& shown,
                                std::vector<std::string>& names);

/// Puts the pages of a pull in the place of its folder. What pages_of_pull() gives.
Result<void> put_pages(std::vector<std::string>& inputs);

}  // namespace trama
