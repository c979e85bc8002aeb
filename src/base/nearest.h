// "Did you mean": the nearest known word by edit distance.

#pragma once

#include <span>
#include <string_view>

namespace trama {

/// The word of `known` nearest to `word` (optimal string alignment distance, capitals aside), or ""
/// where none is near enough to be meant: at most a third of its length, and at most 3.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace trama
