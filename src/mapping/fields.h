// Reads the words of one section of a mapping (a map of the tree) into the fields of Mapping, with
// a Diagnostic for each word that the section does not have and each value that its word
// (words.inc) does not take.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "mapping/mapping.h"
#include "mapping/words.h"
#include "mapping/yaml_tree.h"

namespace trama {

/// "'word' must be …, not …" at `node`.
void report_kind(const YamlNode& node, Phrase word, PhraseCode wanted, Diagnostics& diagnostics,
                 Phrase help = {});

/// One scalar as a value of `word`; false (and a Diagnostic) where it is none.
bool read_value(const YamlNode& node, const Word& word, Text& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const Word& word, Switch& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const Word& word, Count& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const Word& word, Path& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const Word& word, Limit& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const Word& word, std::vector<Pair>& out,
                Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const Word& word, std::vector<ColumnLimit>& out,
                Diagnostics& diagnostics);
/// A list of one may be written as a scalar.
bool read_value(const YamlNode& node, const Word& word, std::vector<Text>& out,
                Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const Word& word, std::vector<Path>& out,
                Diagnostics& diagnostics);

class Fields {
 public:
  /// Reports every key of `map` that is no word of `section`. `map` must be a map and outlive this.
  Fields(const YamlNode& map, Section section, Diagnostics& diagnostics);

  [[nodiscard]] const YamlNode* find(std::string_view word) const noexcept {
    return map_.find(word);
  }
  [[nodiscard]] bool has(std::string_view word) const noexcept { return find(word) != nullptr; }
  /// The place of the section.
  [[nodiscard]] const Span& span() const noexcept { return map_.span; }
  /// Every key, where it stands.
  [[nodiscard]] std::vector<Text> keys() const;
  /// The place of the key.
  [[nodiscard]] Span key_span(std::string_view word) const noexcept;
  [[nodiscard]] Diagnostics& diagnostics() const noexcept { return diagnostics_; }
  /// The row of words.inc.
  [[nodiscard]] const Word& word(std::string_view name) const;

  /// The value of `name` into `out`, which stays as it was where the word is not there or wrong.
  template <typename T>
  void read(std::string_view name, T& out) const {
    if (const YamlNode* node = find(name)) read_value(*node, word(name), out, diagnostics_);
  }

  /// Reports `name` as missing (from `whole`, told as `who`) where it is not there.
  bool require(std::string_view name, Span whole, Phrase who, Phrase help = {}) const;
  /// Reports `name` where it is an empty list, which says nothing.
  void refuse_empty(std::string_view name) const;
  /// Reports two words that exclude each other.
  void refuse_both(std::string_view one, std::string_view other, Phrase help) const;

 private:
  const YamlNode& map_;
  Section section_;
  Diagnostics& diagnostics_;
};

/// Whether `node` is a map; else a Diagnostic says that `word` needs one.
bool expect_map(const YamlNode& node, const Phrase& word, Diagnostics& diagnostics);

/// The maps of `node`: itself, or the items of a list; what is neither is reported.
std::vector<const YamlNode*> maps_of(const YamlNode& node, const Phrase& word,
                                     Diagnostics& diagnostics);

}  // namespace trama
