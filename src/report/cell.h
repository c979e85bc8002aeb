// A value of a row as text, for reports that show rows.

#pragma once

#include <string>

#include "value/value.h"

namespace trama {

struct Cell {
  Kind kind = Kind::text;  // one of the three blanks, else text
  std::string text;        // as the mapping's output writes it, unquoted

  bool operator==(const Cell&) const = default;
};

}  // namespace trama
