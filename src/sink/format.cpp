// The table of all formats, explicit since a linker drops what nobody names.

#include "sink/format.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"

namespace trama {
namespace {

constexpr const FormatSpec* kFormats[] = {
#define TRAMA_FORMAT(spec) &spec,
#include "sink/all.inc"
#undef TRAMA_FORMAT
};

bool lists(const FormatSpec& format, std::string_view word) noexcept {
  return std::find(format.words.begin(), format.words.end(), word) != format.words.end();
}

/// The names of those that fit.
template <typename Fits>
std::vector<std::string_view> names_of(Fits fits) {
  std::vector<std::string_view> names;
  for (const FormatSpec* format : kFormats)
    if (fits(*format)) names.push_back(format->name);
  return names;
}

}  // namespace

bool FormatSpec::obeys(std::string_view word) const noexcept {
  const auto listed = [word](const FormatSpec* format) { return lists(*format, word); };
  return lists(*this, word) || std::none_of(std::begin(kFormats), std::end(kFormats), listed);
}

std::span<const FormatSpec* const> all_formats() noexcept {
  return kFormats;
}

const FormatSpec* find_format(std::string_view name) noexcept {
  for (const FormatSpec* format : kFormats)
    if (format->name == name) return format;
  return nullptr;
}

const FormatSpec* format_of_output(std::string_view output) noexcept {
  for (const FormatSpec* format : kFormats) {
    for (const std::string_view scheme : format->schemes)
      if (output.starts_with(scheme)) return format;
    for (const std::string_view ending : format->endings) {
      if (output.size() <= ending.size()) continue;
      const std::string_view end = output.substr(output.size() - ending.size());
      if (std::equal(end.begin(), end.end(), ending.begin(),
                     [](char a, char b) { return small_letter(a) == b; }))
        return format;
    }
  }
  return nullptr;
}

const FormatSpec& format_of_tests(const FormatSpec& format) noexcept {
  return format.nests || format.holds_lists ? kNdjsonFormat : kCsvFormat;
}

std::string format_names() {
  std::string all;
  for (const std::string_view name : names_of([](const FormatSpec&) { return true; }))
    all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

Phrase formats_that_obey(std::string_view word) {
  return Phrase::listed(names_of([word](const FormatSpec& format) { return format.obeys(word); }));
}

Phrase formats_with_lists() {
  return Phrase::listed(
      names_of([](const FormatSpec& format) { return format.nests || format.holds_lists; }));
}

}  // namespace trama
