// --log-format json: what a run has to say, one JSON line an event, for programs that collect logs
// (schemas/event.schema.json). Says what the report on the screen says, but for examples of values.

#pragma once

#include <string>

#include "report/summary.h"
#include "text/language.h"

namespace trama {

/// The line of a run that begins.
std::string begin_event(const RunFacts& facts);
/// Those of one that ended: inputs, errors, warnings, alerts, notes, endings, and the end itself.
std::string end_events(const Summary& summary, const RunFacts& facts, Language language);

}  // namespace trama
