#include "cli/option_words.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <utility>

#include "base/memory.h"
#include "base/phrase_codes.h"
#include "text/catalogue.h"
#include "value/dates.h"

namespace trama {

std::string Help::operator()(PhraseCode code, std::vector<Phrase> values) const {
  return say(language_, Phrase(code, std::move(values)));
}

OptionValues one_of(std::vector<std::string> words, const Help& help) {
  const auto refusal = [words, help](const std::string& value) {
    const std::vector<std::string_view> names(words.begin(), words.end());
    return help(PhraseCode::cli_write_one_of, {Phrase::listed(names), value});
  };
  return {std::move(words), refusal};
}

void add_mappings(OptionParser& app, std::vector<std::string>& mappings, const Help& help) {
  app.add_option("MAPPING", mappings, help(PhraseCode::cli_mappings))->required()->type_name("");
}

Phrase read_at(const std::string& at, std::int64_t& out) {
  out = std::time(nullptr);
  if (at.empty() || read_instant(at, out)) return {};
  return {PhraseCode::cli_bad_at, {at}};
}

bool read_size(const std::string& text, std::uint64_t most, std::uint64_t& out) {
  std::size_t digits = 0;
  std::uint64_t n = 0;
  while (digits < text.size() && digits < 12 && text[digits] >= '0' && text[digits] <= '9')
    n = n * 10 + static_cast<std::uint64_t>(text[digits++] - '0');
  std::string unit = text.substr(digits);
  if (!unit.empty() && (unit.back() == 'B' || unit.back() == 'b')) unit.pop_back();
  const std::uint64_t factor = unit.empty()                  ? 1
                               : unit == "K" || unit == "Ki" ? 1U << 10U
                               : unit == "M" || unit == "Mi" ? 1U << 20U
                               : unit == "G" || unit == "Gi" ? 1U << 30U
                                                             : 0;
  if (digits == 0 || factor == 0 || n == 0 || n > most / factor) return false;
  out = n * factor;
  return true;
}

bool read_span(const std::string& text, std::int64_t& out) {
  constexpr std::size_t kMostDigits = 6;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kMostDigits || digits + 1 != text.size()) return false;
  constexpr std::int64_t kHour = 3600;
  const char unit = text.back();
  const std::int64_t seconds = unit == 'm'   ? kHour / 60
                               : unit == 'h' ? kHour
                               : unit == 'd' ? 24 * kHour
                               : unit == 'w' ? 7 * 24 * kHour
                                             : 0;
  out = std::stoll(text.substr(0, digits)) * seconds;
  return out > 0;
}

void add_progress(OptionParser& app, std::string& progress, const Help& help) {
  app.add_option("--progress", progress, help(PhraseCode::cli_progress))
      ->check(one_of({"auto", "always", "never"}, help))
      ->type_name("");
}

std::string_view variable_value(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::string_view() : std::string_view(value);
}

void add_memory(OptionParser& app, std::string& memory, const Help& help) {
  app.add_option("--memory", memory, help(PhraseCode::cli_memory))->type_name("SIZE");
}

Phrase read_memory(const std::string& memory, std::size_t& out) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;
  std::uint64_t bytes = 0;
  if (memory.empty()) return {};
  if (!read_size(memory, kMost, bytes))
    return {PhraseCode::cli_bad_size, {"--memory", memory, "1024G"}};
  if (bytes < kLeastMemoryBytes) return {PhraseCode::cli_memory_small, {memory, "16M"}};
  out = static_cast<std::size_t>(bytes);
  return {};
}

}  // namespace trama
