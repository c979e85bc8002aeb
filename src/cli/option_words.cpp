#include "cli/option_words.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "value/dates.h"

namespace trama {

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](const std::string& value) -> std::string {
        if (std::find(words.begin(), words.end(), value) != words.end()) return {};
        return "write " + listed(words, " or ") + ", not '" + value + "'";
      },
      "");
}

std::string listed(const std::vector<std::string>& words, const char* before_last) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) all += i + 1 == words.size() ? before_last : ", ";
    all += words[i];
  }
  return all;
}

std::string read_at(const std::string& at, std::int64_t& out) {
  out = std::time(nullptr);
  if (at.empty() || read_instant(at, out)) return {};
  return "--at " + at + ": an instant with its offset, such as 2025-03-04T06:00:00Z";
}

}  // namespace trama
