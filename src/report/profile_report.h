// What a Profile is told as: for people, a line a path with what is to be known of it below; and as
// JSON, as schemas/profile.schema.json says.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "profile/findings.h"
#include "profile/profile.h"
#include "text/language.h"

namespace trama {

/// What a report says of a profile beside what is in it.
struct ProfileFacts {
  std::vector<Phrase> inputs;   // as messages call them
  bool shows_personal = false;  // of what looks secret no value is ever in it
  std::string records_path;     // --records, or what stands for it, for messages
};

/// Takes the next part of a report: there may be much of it.
using ReportSink = std::function<void(std::string_view)>;

void profile_text(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink);
void profile_json(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink);

/// Calls `tell` for each path, the record itself first, in the order in which the dump has them.
template <typename Tell>
void each_path(const PathNode& node, const Tell& tell) {
  tell(node);
  if (node.key) tell(*node.key);
  if (node.entries) each_path(*node.entries, tell);
  if (node.items) each_path(*node.items, tell);
  for (const auto& member : node.members) each_path(*member, tell);
}

/// Whether the values of a path with these findings are left out.
inline bool hides(Sensitive sensitive, const ProfileFacts& facts) noexcept {
  const bool personal =
      sensitive == Sensitive::personal_name || sensitive == Sensitive::personal_value;
  return sensitive != Sensitive::no && !(personal && facts.shows_personal);
}

/// Why a record is none, in words.
struct UnreadWords {
  std::string at;  // dump.json:27:22
  std::string code;
  std::string message;
};
UnreadWords words_of(const UnreadRecord& unread, const ProfileFacts& facts, Language language);

}  // namespace trama
