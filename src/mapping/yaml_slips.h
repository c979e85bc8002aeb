// Slips of the pen that YAML notices only a line later, or says in words of its own: a colon that is
// missing, a blank that is not the ordinary one, a dash of a word processor. Each is named in its
// own line with its one likely cause, and the line as it was meant lets the reading go on, so that
// several are reported at once.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"

namespace trama {

struct YamlSlip {
  std::size_t line = 0;   // its first byte in the text
  std::size_t begin = 0;  // the bytes to point at, in the line
  std::size_t end = 0;
  Phrase message;
  Phrase help;
  std::string repaired;  // the line as it was most likely meant
};

/// What may be the cause of an error in the line that begins at the byte `line`, the likeliest first:
/// slips in the last line above it that has something in it, and in the line itself. A cause it is
/// only where the error goes away with it.
std::vector<YamlSlip> possible_slips(std::string_view text, std::size_t line);

}  // namespace trama
