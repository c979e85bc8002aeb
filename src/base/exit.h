// The exit codes of the program (the README lists them).

#pragma once

namespace trama {
enum class Exit : int {
  ok = 0,             // every record written, or left out by a stated rule
  rejected = 1,       // finished and published, some records rejected within the limits
  limits = 2,         // limits crossed: nothing published
  mapping = 3,        // the mapping or one of its tables is wrong
  input = 4,          // the input cannot be read
  output = 5,         // the output cannot be written, or the balance does not add up
  over_limits = 6,    // over the limits, and published all the same (`publish: always`)
  usage = 64,         // wrong command line
  temporary = 75,     // try again later
  interrupted = 130,  // SIGINT; SIGTERM is 143
  terminated = 143,
};
}  // namespace trama
