// Rows as a block of `parquet` has them: each row is, leaf by leaf in the order of the schema, its
// values and levels. Only for sink/.
//
//   a leaf that is in no list     [1 byte: whether it is there, where it may be blank] [value]
//   a leaf in a list              4 bytes: how many entries, then of each
//                                 [repetition level] [definition level] [value, where it is there]
//
// A value is as PLAIN has it (parquet-format, Encodings.md): numbers with the lowest byte first, bytes
// behind their length in 4 bytes, a boolean in one byte (a page packs them).

#pragma once

#include <memory>

#include "sink/parquet_schema.h"
#include "sink/row_encoder.h"

namespace trama {

std::unique_ptr<RowEncoder> parquet_encoder(const OutputFormat& format);

}  // namespace trama
