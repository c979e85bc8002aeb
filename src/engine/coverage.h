// Coverage: which parts of a mapping its tests exercise: columns that get a value, entries of
// lookup tables that are found, choices that are taken, rules that are broken.

#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/phrase.h"
#include "mapping/mapping.h"
#include "plan/plan.h"
#include "report/summary.h"

namespace trama {

class Coverage {
 public:
  /// Both must outlive it.
  Coverage(const Plan& plan, const Mapping& mapping);

  /// For run_in_memory().
  std::unordered_set<const void*>& taken() noexcept { return taken_; }
  /// What a test counted.
  void add(const Summary& summary);

  /// One kind of parts, how many there are, and those that no test exercised; a kind of which there
  /// are none is left out.
  struct Part {
    PhraseCode kind{};  // with how many of them, and of how many: "3 of 4 rules broken"
    std::size_t all = 0;
    std::vector<Phrase> not_exercised;
  };
  [[nodiscard]] std::vector<Part> parts() const;

 private:
  [[nodiscard]] Part columns() const;
  [[nodiscard]] Part entries() const;
  [[nodiscard]] Part choices() const;
  [[nodiscard]] Part rules() const;

  const Plan& plan_;
  const Mapping& mapping_;
  std::unordered_set<const void*> taken_;
  std::vector<bool> columns_;                 // by the plan's columns
  std::unordered_set<std::uint32_t> broken_;  // rules
};

}  // namespace trama
