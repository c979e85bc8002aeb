// The steps by their names, for who means one of them: kSplit, kReadNumber, …

#pragma once

#include "step/step.h"

namespace trama {

#define TRAMA_STEP(spec) extern const StepSpec spec;
#include "step/all.inc"
#undef TRAMA_STEP

}  // namespace trama
