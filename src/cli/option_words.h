// Checks of option values that several subcommands have. Only for cli/.

#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace trama {

/// A value that is one of a few words: "write text or json, not 'jsn'".
CLI::Validator one_of(std::vector<std::string> words);

/// "run, replay or check": the words as a sentence has them.
std::string listed(const std::vector<std::string>& words, const char* before_last);

/// The instant of --at in seconds since 1970-01-01T00:00:00Z, or now where `at` is empty. Gives a
/// sentence that says what is wrong, or an empty one.
std::string read_at(const std::string& at, std::int64_t& out);

}  // namespace trama
