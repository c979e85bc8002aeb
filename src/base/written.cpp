#include "base/written.h"

namespace trama {

std::string listed(const std::vector<Text>& words) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) all += ", ";
    all += words[i].text;
  }
  return all;
}

}  // namespace trama
