// A checked mapping in sentences, for people who review it: `trama explain`. Each source and each step
// has its sentence in one table; a test walks all of them.

#pragma once

#include <cstddef>

#include "engine/load.h"
#include "report/explanation.h"
#include "step/step.h"
#include "text/language.h"

namespace trama {

/// Pairs of a lookup that its sentence tells.
constexpr std::size_t kShownPairs = 12;

/// `loaded` has a plan.
Explanation explain(const LoadedMapping& loaded, Language language);

/// Whether there is a sentence for the step.
bool explains(const StepSpec& step) noexcept;

}  // namespace trama
