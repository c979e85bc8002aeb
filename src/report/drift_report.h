// What is otherwise in a dump than in the profile that was kept of an earlier one: for people, a line
// a change, the gravest first; and as JSON, as schemas/drift.schema.json says.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/phrase.h"
#include "profile/drift.h"
#include "text/language.h"

namespace trama {

/// What the reports say beside the changes.
struct DriftFacts {
  const RecordedProfile& before;
  const RecordedProfile& after;
  std::string file;            // of the profile that was kept
  std::vector<Phrase> inputs;  // as messages call them
  /// The columns, sections and rules of the mapping that read a path, or what is in it.
  std::function<std::vector<std::string>(const std::string& path)> readers;
};

/// What changed, without the path: "gone; before in 98 %".
Phrase message_of(const Drift& drift, const DriftFacts& facts);
/// The word of a kind of change in JSON: "renamed".
std::string_view word_of(DriftKind kind) noexcept;

std::string drift_text(const std::vector<Drift>& drifts, const DriftFacts& facts,
                       Language language);
/// A page (report/html_page).
std::string drift_html(const std::vector<Drift>& drifts, const DriftFacts& facts,
                       Language language);
std::string drift_json(const std::vector<Drift>& drifts, const DriftFacts& facts,
                       Language language);

}  // namespace trama
