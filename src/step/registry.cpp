// The table of all steps, explicit since a linker drops what nobody names.

#include "step/specs.h"

namespace trama {
namespace {

constexpr const StepSpec* kSteps[] = {
#define TRAMA_STEP(spec) &spec,
#include "step/all.inc"
#undef TRAMA_STEP
};

/// Whether `word` is one of the blank-separated `words`.
bool has_word(std::string_view words, std::string_view word) noexcept {
  while (!words.empty()) {
    const std::size_t blank = words.find(' ');
    if (words.substr(0, blank) == word) return true;
    if (blank == std::string_view::npos) return false;
    words.remove_prefix(blank + 1);
  }
  return false;
}

}  // namespace

std::span<const StepSpec* const> all_steps() noexcept {
  return kSteps;
}

const StepSpec* find_step(StepFamily family, std::string_view word) noexcept {
  for (const StepSpec* spec : kSteps) {
    if (spec->family == family && has_word(spec->word, word)) return spec;
  }
  return nullptr;
}

std::string step_words(StepFamily family) {
  std::string words = family == StepFamily::type ? "text json" : "";
  for (const StepSpec* spec : kSteps) {
    if (spec->family != family) continue;
    if (!words.empty()) words += ' ';
    words += spec->word;
  }
  for (std::size_t i = words.find(' '); i != std::string::npos; i = words.find(' ', i + 2)) {
    words.insert(i, ",");
  }
  return words;
}

}  // namespace trama
