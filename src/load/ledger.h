// What a load writes down beside its rows, in the same transaction: which run it was, of which mapping,
// which inputs it read, and what it counted. It tells a load that was committed from one that was not,
// and an input that was loaded from one that was not. The same tables in every database.

#pragma once

#include <string>
#include <string_view>

#include "load/table.h"
#include "sink/target.h"

namespace trama {

/// Tables of our own, beside those of the user.
constexpr std::string_view kLoads = "trama_loads";
constexpr std::string_view kLoadInputs = "trama_load_inputs";

/// The statements that make them, where they are not there.
std::string ledger_ddl(Sql sql);

/// A name for one load, which no other has: 32 hexadecimal digits.
std::string new_load_name();

/// Files that are to have their names once the load is committed: the paths of "NAME.incomplete" and of
/// "NAME", a line each, as the ledger keeps them until they have.
std::string names_to_give(std::span<OutputFile* const> others);
/// The rows of `output` count: gives them now. load_files_unnamed: the next load into the table does.
Result<void> give_names_now(std::span<OutputFile* const> others, const std::string& output);
/// Gives them, where a run was killed before it could. False: one of them is nowhere here, as another
/// machine wrote it: it stays in the ledger. output_unwritable.
Result<bool> give_names(std::string_view names);

}  // namespace trama
