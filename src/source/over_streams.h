// A Source over inputs that are open already: what Source::open makes of paths,
// and tests of their own bytes.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "source/byte_stream.h"
#include "source/input_files.h"
#include "source/source.h"

namespace trama {

std::unique_ptr<Source> source_over(std::shared_ptr<InputSet> inputs, SourceOptions options);
/// Streams that can be read once. `names`: one for each stream, as names() gives them.
std::unique_ptr<Source> source_over(std::vector<std::unique_ptr<ByteStream>> streams,
                                    std::vector<std::string> names, SourceOptions options);

}  // namespace trama
