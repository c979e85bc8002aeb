// What YAML 1.2 forbids and yaml-cpp reads all the same: notes without a blank before their #, a
// dash alone between brackets, escapes that YAML does not have, lines that go on too far to the
// left. Each check looks at one piece of the text, whose beginning the parser has found.

#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/phrase.h"

namespace trama {

/// The bytes [begin, end) of the text that are wrong, what is wrong with them and what to do.
struct Unsound {
  std::size_t begin = 0;
  std::size_t end = 0;
  PhraseCode message;
  PhraseCode help;
};

/// The byte behind the closing quote of the text in quotes at `begin`, or npos where it has none.
std::size_t closing_quote(std::string_view text, std::size_t begin);

/// Of the list or map between brackets that begins at `begin`: all of it, to its closing bracket.
/// `indent`: the blanks that its further lines need in front.
std::optional<Unsound> unsound_flow(std::string_view text, std::size_t begin, std::size_t indent);

/// Of the text in quotes at [begin, end).
std::optional<Unsound> unsound_quoted(std::string_view text, std::size_t begin, std::size_t end,
                                      std::size_t indent);

/// Of the block (`|` or `>`) at `begin`: its first line, and the empty lines before its text.
std::optional<Unsound> unsound_block(std::string_view text, std::size_t begin);

}  // namespace trama
