// What a Profile is told as: for people, a line a path with what is to be known of it below; as a page;
// and as JSON, as schemas/profile.schema.json says.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "profile/findings.h"
#include "profile/profile.h"
#include "profile/recorded_profile.h"
#include "text/language.h"

namespace trama {

/// What a report says of a profile beside what is in it.
struct ProfileFacts {
  std::vector<Phrase> inputs;   // as messages call them
  bool shows_personal = false;  // of what looks secret no value is ever in it
  std::string records_path;     // --records, or what stands for it, for messages
  /// Whether a mapping says that the values of a path are personal; null: nobody says.
  std::function<bool(const std::string& path)> says_personal{};
  /// The same of the keys of an object.
  std::function<bool(const std::string& path)> says_personal_keys{};
  /// To be kept beside a mapping, or to be held against what was kept: without examples, and with
  /// all codes (RecordedProfile).
  enum class For : std::uint8_t { people, keeping, comparing } made_for = For::people;
};

/// JsonKind as JSON reports write it.
constexpr std::array<std::string_view, kKinds> kKindWords = {"missing", "null", "boolean", "number",
                                                             "text",    "list", "object"};

/// Takes the next part of a report: there may be much of it.
using ReportSink = std::function<void(std::string_view)>;

void profile_text(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink);
void profile_json(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink);
/// A page (report/html_page).
void profile_html(const Profile& profile, const ProfileFacts& facts, Language language,
                  const ReportSink& sink);
/// A profile as profile_json() writes it. Gives what is wrong with the text, or nothing.
Phrase read_profile(std::string_view text, RecordedProfile& out);

/// Calls `tell` for each path, the record itself first, in the order in which the dump has them.
/// `members`: whether those of a path are told too.
template <typename Tell, typename Members>
void each_path(const PathNode& node, const Tell& tell, const Members& members) {
  tell(node);
  if (node.key) tell(*node.key);
  if (node.entries) each_path(*node.entries, tell, members);
  if (node.items) each_path(*node.items, tell, members);
  if (!members(node)) return;
  for (const auto& member : node.members) each_path(*member, tell, members);
}
template <typename Tell>
void each_path(const PathNode& node, const Tell& tell) {
  each_path(node, tell, [](const PathNode&) { return true; });
}

/// Whether the values of a path with these findings are left out.
inline bool hides(const PathNode& node, Sensitive sensitive, const ProfileFacts& facts) {
  if (facts.says_personal && facts.says_personal(node.path())) return true;
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
