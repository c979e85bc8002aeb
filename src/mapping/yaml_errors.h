// What a yaml-cpp error means to somebody who does not know YAML.

#pragma once

#include <cstddef>
#include <string_view>

#include "base/phrase.h"

namespace trama {

/// The byte of `line` where the value of `key: value` or `- value` begins, or npos.
std::size_t yaml_value_start(std::string_view line);

struct YamlAdvice {
  Phrase message;
  Phrase help;
  std::size_t begin = 0;  // the bytes to point at, in the line
  std::size_t end = 0;
  std::string repaired{};  // the whole line as it was meant; empty where that is not clear
};

/// `said`: the words of yaml-cpp; `line`: the line it points at, `at` the byte in it.
YamlAdvice explain_yaml_error(std::string_view said, std::string_view line, std::size_t at);

}  // namespace trama
