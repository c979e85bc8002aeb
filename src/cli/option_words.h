// Words and checks of options that several subcommands have. Only for cli/.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "cli/option_parser.h"
#include "text/language.h"

namespace trama {

/// Says phrases in the language of the screen: what --help tells of an option.
class Help {
 public:
  explicit Help(const Languages& languages) : language_(languages.screen) {}

  std::string operator()(PhraseCode code, std::vector<Phrase> values = {}) const;
  [[nodiscard]] Language language() const noexcept { return language_; }

 private:
  Language language_;
};

/// A value that is one of a few words: "write text or json, not 'jsn'".
OptionValues one_of(std::vector<std::string> words, const Help& help);

/// MAPPING…, which check and test take.
void add_mappings(OptionParser& app, std::vector<std::string>& mappings, const Help& help);

/// A size such as "20M" in bytes: a count with K, M or G (powers of 1024). False where it is none,
/// or more than `most`.
bool read_size(const std::string& text, std::uint64_t most, std::uint64_t& out);

/// A span of time such as "30d" in seconds: a count with m (minutes), h, d or w. False where it is none.
bool read_span(const std::string& text, std::int64_t& out);

/// Declares --progress, of which wants_progress() says what it means.
void add_progress(OptionParser& app, std::string& progress, const Help& help);

/// Of the environment; empty where it is not set.
std::string_view variable_value(const std::string& name);

/// Declares --memory.
void add_memory(OptionParser& app, std::string& memory, const Help& help);
/// Reads it into `out`, which stays where it is empty. Gives a sentence that says what is wrong, or
/// an empty one.
Phrase read_memory(const std::string& memory, std::size_t& out);

/// The instant of --at in seconds since 1970-01-01T00:00:00Z, or now where `at` is empty. Gives a
/// sentence that says what is wrong, or an empty one.
Phrase read_at(const std::string& at, std::int64_t& out);

}  // namespace trama
