// ServiceReader: what the files of sources, targets and receivers have in common: their maps, the files
// beside them, and what a Service says of itself. service_words.inc has their words.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/span.h"
#include "mapping/mapping.h"
#include "mapping/yaml_tree.h"
#include "service/service.h"
#include "service/service_words.h"

namespace trama {

/// In small letters (ASCII).
std::string small(std::string_view text);

class ServiceReader {
 protected:
  /// `path`: of the file that is read. Files beside it are not outside `root`, or the folder above its own.
  ServiceReader(Diagnostics& diagnostics, std::string path, std::string root)
      : diagnostics_(diagnostics), path_(std::move(path)), root_(std::move(root)) {}

  /// The map of `word` in `above`, where it is there: `read` takes its ServiceWords.
  template <typename Read>
  void section(ServiceWords& above, std::string_view word, ServicePart part, Read read) {
    const YamlNode* const node = above.map().find(word);
    if (node != nullptr) below(*node, word, part, std::move(read));
  }
  template <typename Read>
  void below(const YamlNode& node, std::string_view word, ServicePart part, Read read) {
    if (!is_map(node, word)) return;
    ServiceWords words(node, part, diagnostics_, Phrase("'" + std::string(word) + "'"));
    read(words);
  }
  static void need(ServiceWords& words, std::string_view word, std::string& out) {
    if (words.need(word)) words.read(word, out);
  }
  /// A path that leads to one value.
  static void read_plain(ServiceWords& words, std::string_view word, Path& out);
  /// A file beside this one: its `path`, and what is in it. False, and reported: there is none.
  bool read_file(ServiceWords& words, std::string_view word, const std::string& written,
                 std::string& path, std::string& content);

  /// Headers that a request carries; `places`: which {place} their values may have.
  void headers_of(ServiceWords& words, std::string_view word,
                  std::vector<std::pair<std::string, std::string>>& out, std::string_view places);
  /// Refuses places of `text`, the value of `word`, but `places` ("{key}, {time}").
  static void check_places(ServiceWords& words, std::string_view word, std::string_view text,
                           std::string_view places);
  /// The same of a value below `word`.
  static void check_places(ServiceWords& words, const YamlEntry& entry, std::string_view places);

  /// ca_file, proxy and headers.
  void read_request(ServiceWords& words, Service& service);
  /// auth, retry, rate and breaker.
  void read_service(ServiceWords& top, Service& service);
  /// connect, silence and request.
  static void read_times(ServiceWords& words, RequestTimes& times);

  Diagnostics& diagnostics_;

 private:
  [[nodiscard]] bool is_map(const YamlNode& node, std::string_view word);
  void authorization(ServiceWords& words, Authorization& auth);
  void signature_of(ServiceWords& words, Authorization& auth);
  static void retry(ServiceWords& words, RetryPolicy& retry);
  static void rate(ServiceWords& words, RateRule& rate);

  std::string path_;
  std::string root_;
};

/// The tree of a file, in `tree`; false, and reported: it has none.
bool read_service_tree(const std::string& path, Files& files, Diagnostics& diagnostics,
                       YamlNode& tree);

}  // namespace trama
