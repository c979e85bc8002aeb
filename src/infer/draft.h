// Draft: a mapping that a dump bears out, as data; and as the YAML text that an analyst goes on with.
//
// What the data cannot decide is a DraftValue with a question. Its text is either that question
// (`check` refuses it: DECIDE_OPEN) or, for what trama itself does with a draft, its first choice.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "profile/findings.h"
#include "profile/profile.h"

namespace trama {

struct DraftValue {
  std::string yaml;                  // a scalar, list or map between brackets, as YAML
  std::string question;              // of what is to be decided; else empty
  std::vector<std::string> choices;  // of it, the better guess first; not as YAML
};

/// `key: value`, or `key:` with entries below it.
struct DraftWord {
  std::string key;  // as YAML
  DraftValue value;
  std::string note{};  // beside it
  std::vector<DraftWord> entries{};
};

struct DraftColumn {
  std::vector<std::string> way;  // keys that lead to it, as parts of its name
  std::string name{};
  std::string note{};                // beside it
  std::vector<std::string> above{};  // notes in lines of their own
  std::vector<DraftWord> words{};
  std::vector<DraftColumn> columns{};    // of an `each`
  const PathNode* node = nullptr;        // whose values it has; null where it is made of several
  std::vector<const PathNode*> reads{};  // all that it reads, the lists around it included
  std::string path{};                    // of its source
  bool personal = false;
  bool of_row = false;  // of the item that makes a row
  bool open = false;    // its values depend on something to be decided
};

struct Draft {
  std::string name;
  std::vector<std::string> head;  // notes at the top
  std::string error;  // the path that says that all records are error answers, or nothing
  std::vector<DraftWord> input;
  std::vector<DraftWord> defaults;           // each a type with entries
  std::vector<std::vector<DraftWord>> rows;  // by level
  std::string rows_note;
  std::vector<DraftColumn> columns;
  std::vector<DraftWord> output;
  std::vector<std::string> tests;  // lines of the section
  std::vector<std::string> tail;   // notes at the end
};

/// The YAML of a word's value: `question one of: choices`, or with `answered` its first choice.
std::string draft_value(const DraftValue& value, bool answered);
/// The mapping as YAML. Reading it gives what the draft says, whatever is in the dump.
std::string draft_text(const Draft& draft, bool answered);

/// Columns that write a value, those of lists in their place.
std::size_t count_columns(const Draft& draft);
/// Values that are to be decided.
std::size_t count_decisions(const Draft& draft);

}  // namespace trama
