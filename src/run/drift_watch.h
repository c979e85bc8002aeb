// DriftWatch: what a run asks of whoever knows how earlier dumps looked (`run --drift`).

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "profile/profile.h"
#include "report/summary.h"

namespace trama {

/// The inputs of a run are profiled beside it, split by split. Both functions may be called by any
/// thread; `judge` once, at the end.
struct DriftWatch {
  /// Whether the mapping reads a path, something in it, or what it is in.
  std::function<bool(const std::string& path)> reads;
  /// What is otherwise than it was, the gravest first.
  std::function<Result<std::vector<Alert>>(const Profile&)> judge;
  bool stops = false;  // nothing is published where there is drift
};

}  // namespace trama
