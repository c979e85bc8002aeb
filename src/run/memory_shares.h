// MemoryShares: what the parts of a run may take of its one budget of memory (src/README.md, "The
// budget of memory"). Each part keeps to its share: it waits, goes on with fewer threads, writes
// to temporary files, or refuses a record or a table by its code; none takes more.

#pragma once

#include <cstddef>

#include "base/result.h"
#include "plan/plan.h"

namespace trama {

struct MemoryShares {
  std::size_t threads = 1;      // there is room for no more
  std::size_t in_flight = 0;    // splits and what is made of them, until it is merged
  std::size_t rows = 0;         // of one record
  std::size_t duplicates = 0;   // keys in memory
  std::size_t known = 0;        // what the state knows of the things of the mapping
  std::size_t dump_tables = 0;  // of one document
};

/// The largest record, unless it is stated, and the largest that can be stated.
std::size_t record_share(std::size_t memory) noexcept;
/// The memory that a run with records of so many bytes needs.
std::size_t memory_for_record(std::size_t max_record_bytes) noexcept;
/// "256M".
std::string memory_words(std::size_t bytes);

/// `standing`: bytes that the mapping and its tables take. memory_exceeded: there is not so much.
/// `profiles`: every thread makes a profile of the records too. `known`: the run has operations.
Result<MemoryShares> share_memory(std::size_t memory, std::size_t standing, const Plan& plan,
                                  std::size_t max_record_bytes, bool profiles, bool known);

}  // namespace trama
