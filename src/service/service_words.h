// ServiceWords: the words of one map of a file of a service, read by the table of words (service_words.inc) and
// their forms, with a Diagnostic for each word that the map does not have and each value that is
// none of its word.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/phrase.h"
#include "base/span.h"
#include "mapping/mapping.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// The maps of the files of services.
enum class ServicePart : std::uint8_t {
  top,
  request,
  auth,
  bearer,
  basic,
  header,
  param,
  oauth2,
  signature,
  pages,
  since,
  retry,
  rate,
  breaker,
  limits,
  graphql,
  versions,
  target,
  operations,
  operation,
  on_unknown,
  target_limits,
  receiver,
  receiver_secret,
  receiver_files,
  receiver_limits
};

constexpr std::uint64_t kMostCount = 1'000'000'000;

class ServiceWords {
 public:
  /// Reports every key that is no word of `part`; `owner`: what messages call the map, which outlives this.
  ServiceWords(const YamlNode& map, ServicePart part, Diagnostics& diagnostics, Phrase owner);

  void error(DiagnosticCode code, Span span, std::vector<Phrase> values);
  /// The value of `word`, which is there, is none of it.
  void wrong(std::string_view word, Phrase help);
  [[nodiscard]] bool has(std::string_view word) const { return map_.find(word) != nullptr; }
  [[nodiscard]] const YamlNode& map() const noexcept { return map_; }
  [[nodiscard]] Span key_span(std::string_view word) const;

  /// Whether it is there, which is reported unless it is there misspelled.
  bool need(std::string_view word);
  /// Of two words that exclude each other, one.
  void not_both(std::string_view one, std::string_view other, Phrase help);

  // Each gives whether the word is there and right; else `out` stays as it was.

  bool read(std::string_view word, std::string& out);
  /// 250ms, 5s, 5m, 1h, 30d, of `least` milliseconds at least.
  bool read(std::string_view word, std::int64_t& milliseconds, std::int64_t least);
  /// A count, a share in percent or a size (64M), as the form of the word is.
  bool read(std::string_view word, std::uint64_t& out, std::uint64_t least,
            std::uint64_t most = kMostCount);
  bool read(std::string_view word, Path& out);
  /// A day, in days since 1970.
  bool read_day(std::string_view word, std::int64_t& days);
  /// Names and texts of one line, in their order.
  bool read(std::string_view word, std::vector<std::pair<std::string, std::string>>& out);

 private:
  const YamlNode* scalar(std::string_view word);

  const YamlNode& map_;
  ServicePart part_;
  Diagnostics& diagnostics_;
  Phrase owner_;
};

}  // namespace trama
