// Span: a place in a mapping or table file. Diagnostic: something wrong there.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/codes.h"
#include "base/phrase.h"

namespace trama {

/// `length` characters from `line`:`column`; lines and columns count from 1,
/// columns in Unicode code points. Line 0 is "the whole file".
/// `file` is an index into the Files that the mapping was read from.
struct Span {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 0;
};

/// One thing wrong in a mapping: its code, its place and the values of its message and its help.
struct Diagnostic {
  DiagnosticCode code;
  Span span;
  std::vector<Phrase> values;
};
using Diagnostics = std::vector<Diagnostic>;

/// The texts of a mapping, its bases and its tables, by the index that a Span carries.
struct Files {
  struct File {
    std::string name;  // as it was given, for messages
    std::string text;
  };
  std::vector<File> files;
};

}  // namespace trama
