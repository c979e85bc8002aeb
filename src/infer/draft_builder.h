// What a profile bears out -> Draft: every field of the records has its column.

#pragma once

#include <string>
#include <vector>

#include "infer/draft.h"
#include "infer/records_of.h"
#include "infer/wanted.h"
#include "json/key_trie.h"
#include "profile/profile.h"
#include "text/language.h"

namespace trama {

struct DraftOptions {
  std::string name;                 // of the mapping
  std::vector<std::string> inputs;  // as messages call them
  Language language = Language::en;
  std::string records;  // --records; empty: as `found` says
  RecordsOf found;
  std::vector<std::string> json_in_text;  // paths that the profile has read so
  WantedColumns wanted;                   // columns that it is to have; none: those of the dump
};

/// A text that holds JSON: its path, and as WantedFields has it.
struct JsonText {
  std::string path;
  KeyPath place;
};

/// The paths whose texts all look like JSON.
std::vector<JsonText> json_texts(const Profile& profile);

/// `profile`: paths that hold lists and single values become lists (Profile::take_as_lists).
Draft build_draft(Profile& profile, const DraftOptions& options);

}  // namespace trama
