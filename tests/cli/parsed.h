// A command line, parsed as main() does.

#pragma once

#include <initializer_list>
#include <vector>

#include "cli/command_line.h"

namespace trama::testing {

inline CommandLine parsed(std::initializer_list<const char*> words) {
  std::vector<const char*> line{"/usr/bin/trama"};
  line.insert(line.end(), words);
  return parse_command_line(static_cast<int>(line.size()), line.data());
}

}  // namespace trama::testing
