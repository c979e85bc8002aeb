// A hash of short texts for tables that live as long as a run: a few nanoseconds,
// under a key of the process.
//
// In the way of wyhash (Wang Yi, 2019): products of 128 bits, folded. Whoever does not know the key
// cannot tell which texts collide, which is enough for a table of bounded size; where a table may
// grow with the dump, keyed_hash() is the one.

#pragma once

#include <cstdint>
#include <string_view>

#include "base/keyed_hash.h"

namespace trama {

/// 64 bits of `bytes` and `more`, alike mixed. Differs from run to run: no result may depend on it.
std::uint64_t quick_hash(std::string_view bytes, std::uint64_t more) noexcept;
/// The same under a stated key.
std::uint64_t quick_hash(HashKey key, std::string_view bytes, std::uint64_t more) noexcept;

}  // namespace trama
