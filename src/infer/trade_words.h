// What names of fields and columns mean to the trade: `fch_salida` and `checkOutDate` have the same
// concepts. One table: infer/trade_words.inc.

#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>

namespace trama {

enum class Concept : std::uint8_t {
#define TRAMA_CONCEPT(id, words) id,
#include "infer/trade_words.inc"
#undef TRAMA_CONCEPT
  end_of_concepts,
};

class Concepts {
 public:
  void add(Concept one) noexcept { set_.set(static_cast<std::size_t>(one)); }
  [[nodiscard]] bool has(Concept one) const noexcept {
    return set_.test(static_cast<std::size_t>(one));
  }
  template <typename... More>
  [[nodiscard]] bool has_any(Concept one, More... more) const noexcept {
    return has(one) || (has(more) || ...);
  }
  [[nodiscard]] Concepts shared(const Concepts& other) const noexcept {
    Concepts both;
    both.set_ = set_ & other.set_;
    return both;
  }
  [[nodiscard]] std::size_t count() const noexcept { return set_.count(); }
  [[nodiscard]] bool none() const noexcept { return set_.none(); }

 private:
  std::bitset<static_cast<std::size_t>(Concept::end_of_concepts)> set_;
};

/// Those of a name.
Concepts concepts_of(std::string_view name);
/// The first word of a concept in the table.
std::string_view word_of(Concept one) noexcept;

}  // namespace trama
