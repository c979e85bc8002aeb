// An input that is one text, for targets that open their inputs.

#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "source/input_files.h"
#include "source/memory_input.h"

namespace trama::fuzz {

constexpr std::int64_t kNow = 1741068000;

/// The part of the text up to the next line of =; what is behind it stays.
inline std::string_view part(std::string_view& text) {
  constexpr std::string_view kBetween = "\n=====\n";
  const std::size_t end = std::min(text.find(kBetween), text.size());
  const std::string_view one = text.substr(0, end);
  text.remove_prefix(std::min(end + kBetween.size(), text.size()));
  return one;
}

class OneInput final : public InputSet {
 public:
  OneInput(std::string name, std::string text)
      : text_(std::move(text)), names_({std::move(name)}) {}
  [[nodiscard]] const std::vector<std::string>& names() const noexcept override { return names_; }
  [[nodiscard]] std::uint64_t size(std::size_t /*i*/) const noexcept override { return 0; }
  Result<std::unique_ptr<ByteStream>> open(std::size_t /*i*/) override {
    return std::make_unique<ByteStream>(names_[0],
                                        std::make_unique<MemoryBytes>(MemoryInput{.bytes = text_}));
  }

 private:
  std::string text_;
  std::vector<std::string> names_;
};

}  // namespace trama::fuzz
