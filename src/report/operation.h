// Operation: what is new about the rows of a record beside the runs before.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trama {

enum class Operation : std::uint8_t { insert, update, unchanged, stale, remove };
constexpr std::size_t kOperations = 5;

/// As rows and reports write it.
constexpr std::string_view word_of(Operation operation) noexcept {
  constexpr std::array<std::string_view, kOperations> kWords = {"insert", "update", "unchanged",
                                                                "stale", "delete"};
  return kWords[static_cast<std::size_t>(operation)];
}

/// How many records, and for `remove` things that are gone, each was said of.
using OperationCounts = std::array<std::uint64_t, kOperations>;

}  // namespace trama
