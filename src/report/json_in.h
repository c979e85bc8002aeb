// A JSON text that a report was written as, read back:
// what the readers of summaries and of profiles begin with.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/phrase.h"
#include "json/record_reader.h"

namespace trama {

/// Has `reader` read one JSON object of at most `most` bytes, line ends behind it aside. `kept` is what
/// its Nodes look into. Gives what is wrong, or nothing.
Phrase read_report(std::string_view text, std::size_t most, RecordReader& reader,
                   std::string& kept);

}  // namespace trama
