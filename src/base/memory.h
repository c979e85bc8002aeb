// How much memory a run may take, and how much is in use.

#pragma once

#include <cstddef>

namespace trama {

/// The budget of a run unless --memory states another.
constexpr std::size_t kMemoryBytes = std::size_t{256} * 1024 * 1024;
/// Less is not worth a run.
constexpr std::size_t kLeastMemoryBytes = std::size_t{16} * 1024 * 1024;

/// Bytes that are allocated now, in all threads; 0 where the allocator does not say.
std::size_t heap_in_use() noexcept;

/// For the program, before it begins: what is large and is freed goes back to the system at once,
/// so that memory of one part of a run is there for the next.
void give_back_large_blocks() noexcept;

}  // namespace trama
