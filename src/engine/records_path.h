// Where the records of a document are, for commands without a mapping: the path that `input:
// records` of a mapping has.

#pragma once

#include <string_view>

#include "base/phrase.h"
#include "mapping/mapping.h"
#include "source/source.h"

namespace trama {

/// Tells a source to find the records there.
void set_records(const Path& records, SourceOptions& out);

/// The same for a path as it is written (`data.bookings`, `rates{*}`, `/data/0/rows`). False:
/// `problem` says why it leads to no list of records.
bool read_records_path(std::string_view text, SourceOptions& out, Phrase& problem);

}  // namespace trama
