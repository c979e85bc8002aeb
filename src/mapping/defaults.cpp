#include "mapping/defaults.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "mapping/fields.h"
#include "mapping/read_column.h"
#include "mapping/read_sections.h"
#include "mapping/word_effects.h"
#include "mapping/words.h"

namespace trama {
namespace {

/// The values of a tree, itself included.
// NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
std::size_t count_nodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const YamlNode& item : node.items) count += count_nodes(item);
  for (const YamlEntry& entry : node.entries) count += count_nodes(entry.value);
  return count;
}

class Defaults {
 public:
  Defaults(std::vector<Span>& keys, Diagnostics& diagnostics)
      : keys_(keys), diagnostics_(diagnostics) {}

  /// The words of each type that are written right.
  void read(const YamlNode& section) {
    for (const YamlEntry& entry : section.entries) {
      if (type_bit(entry.key.text) == 0) {
        no_type(entry.key);
        continue;
      }
      if (!expect_map(entry.value, entry.key.text, diagnostics_)) continue;
      const std::size_t before = diagnostics_.size();
      const Fields words(entry.value, Section::column, diagnostics_);
      for (const YamlEntry& word : entry.value.entries) judge(word.key, entry.key.text);
      Column unused;
      read_column_steps(words, unused);
      if (diagnostics_.size() != before) continue;
      of_types_.emplace_back(entry.key.text, &entry.value);
      for (const YamlEntry& word : entry.value.entries) keys_.push_back(word.key.span);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  void apply(YamlNode& columns) {
    for (YamlEntry& entry : columns.entries) {
      if (entry.value.is_list() || entry.value.is_nothing()) continue;
      if (YamlNode* inner = entry.value.find("columns"); inner != nullptr && inner->is_map())
        apply(*inner);
      apply_to(entry);
      if (added_ > kMaxYamlNodes) return;
    }
  }

  [[nodiscard]] bool too_many() const noexcept { return added_ > kMaxYamlNodes; }

 private:
  void no_type(const YamlNode& key) {
    const std::string_view near = nearest(key.text, word_types());
    diagnostics_.push_back(
        {DiagnosticCode::key_unknown,
         key.span,
         {shown_value(key.text), "'defaults'",
          near.empty() ? Phrase(PhraseCode::possible, {listed_types(every_type())})
                       : Phrase(PhraseCode::did_you_mean, {near})}});
  }

  /// A word that each column says for itself, or that no column of the type obeys.
  void judge(const YamlNode& word, std::string_view type) {
    if (is_of_one_column(word.text)) {
      diagnostics_.push_back({DiagnosticCode::key_unknown,
                              word.span,
                              {word.text, "'defaults'", PhraseCode::each_column_says_it_itself}});
      return;
    }
    for (const WordEffect& effect : word_effects())
      if (effect.word == word.text && (effect.types & type_bit(type)) == 0)
        diagnostics_.push_back(
            {DiagnosticCode::word_not_for_type,
             word.span,
             {word.text, "'" + std::string(type) + "'",
              Phrase(PhraseCode::goes_with_types, {word.text, listed_types(effect.types)})}});
  }

  void apply_to(YamlEntry& entry) {
    const YamlNode* const stated = std::as_const(entry.value).find("type");
    const std::string_view type = stated != nullptr ? std::string_view(stated->text) : "text";
    const auto found = std::find_if(of_types_.begin(), of_types_.end(),
                                    [type](const auto& one) { return one.first == type; });
    if (found == of_types_.end()) return;
    const SourceKind source = source_of(entry);
    if (stated == nullptr && !gives_text(source)) return;
    const std::vector<const YamlEntry*> fitting =
        words_for(entry.value, source, type_bit(type), *found->second);
    if (fitting.empty()) return;
    if (entry.value.is_scalar()) {  // `Name: path`
      YamlNode map;
      map.kind = YamlNode::Kind::map;
      map.span = entry.value.span;
      YamlNode from = entry.key;
      from.text = "from";
      from.quoted = false;
      map.entries.push_back({std::move(from), std::move(entry.value)});
      entry.value = std::move(map);
    }
    for (const YamlEntry* const word : fitting) {
      added_ += count_nodes(word->value);
      if (too_many()) return;
      entry.value.entries.push_back(*word);
    }
  }

  static SourceKind source_of(const YamlEntry& entry) {
    YamlNode alone;
    alone.kind = YamlNode::Kind::map;
    alone.entries.push_back(entry);
    std::vector<Column> read;
    Diagnostics unused;  // they are told when the columns are read
    read_columns(alone, read, unused);
    return source_kind(read.front());
  }

  /// Whether a column that states no type is text.
  static bool gives_text(SourceKind source) noexcept {
    return source == SourceKind::one || source == SourceKind::many ||
           source == SourceKind::first_of || source == SourceKind::by ||
           source == SourceKind::choose || source == SourceKind::constants;
  }

  static std::vector<const YamlEntry*> words_for(const YamlNode& column, SourceKind source,
                                                 TypeSet type, const YamlNode& defaults) {
    std::vector<const YamlEntry*> words;
    const YamlNode* const by = column.find("by");
    const bool several = by != nullptr && by->is_list() && by->items.size() > 1;
    for (const YamlEntry& entry : defaults.entries) {
      // A key of several fields has no text of its own that could be kept.
      if (several && entry.key.text == "unknown" && entry.value.text == "keep") continue;
      if (does_something(entry.key.text, column, source, type)) words.push_back(&entry);
    }
    const auto has = [&](std::string_view word) {
      return column.find(word) != nullptr ||
             std::any_of(words.begin(), words.end(),
                         [word](const YamlEntry* one) { return one->key.text == word; });
    };
    // A word that is left out may be what another one needs.
    const auto lacks = [&](const YamlEntry* entry) {
      const std::span<const WordNeed> needs = word_needs();
      return std::any_of(needs.begin(), needs.end(), [&](const WordNeed& need) {
        return need.word == entry->key.text && (need.types & type) != 0 &&
               (need.other.empty() || !has(need.other));
      });
    };
    for (;;) {
      const auto out = std::find_if(words.begin(), words.end(), lacks);
      if (out == words.end()) return words;
      words.erase(out);
    }
  }

  static bool does_something(std::string_view word, const YamlNode& column, SourceKind source,
                             TypeSet type) {
    if (column.find(word) != nullptr || excluded(word, column)) return false;
    for (const WordSpoiled& spoiled : words_spoiled()) {
      if (spoiled.word == word && says_yes(column, spoiled.other)) return false;
      if (spoiled.other == word && column.find(spoiled.word) != nullptr) return false;
    }
    const std::span<const WordEffect> effects = word_effects();
    return std::any_of(effects.begin(), effects.end(), [&](const WordEffect& effect) {
      return effect.word == word && effect.obeyed_by(source) && (effect.types & type) != 0;
    });
  }

  /// Whether the column has the word, a yes or no, and says yes.
  static bool says_yes(const YamlNode& column, std::string_view word) {
    const YamlNode* const value = column.find(word);
    return value != nullptr && value->text == "yes";
  }

  /// Beside a word of the column that says the same in another way.
  static bool excluded(std::string_view word, const YamlNode& column) {
    const auto has = [&column](std::string_view other) { return column.find(other) != nullptr; };
    const bool required = says_yes(column, "required");
    const bool of_one_blank = word == "when_missing" || word == "when_null" || word == "when_empty";
    if (of_one_blank) return has("when_blank") || required;
    if (word == "when_blank")
      return has("when_missing") || has("when_null") || has("when_empty") || required;
    if (word == "required") return has("when_blank");
    return word == "join" && has("total");
  }

  std::vector<Span>& keys_;
  Diagnostics& diagnostics_;
  std::vector<std::pair<std::string_view, const YamlNode*>> of_types_;
  std::size_t added_ = 0;
};

}  // namespace

void apply_defaults(YamlNode& tree, std::vector<Span>& keys, Diagnostics& diagnostics) {
  const auto at = std::find_if(tree.entries.begin(), tree.entries.end(),
                               [](const YamlEntry& entry) { return entry.key.text == "defaults"; });
  if (at == tree.entries.end()) return;
  const YamlEntry section = std::move(*at);
  tree.entries.erase(at);
  if (!expect_map(section.value, "defaults", diagnostics)) return;
  Defaults defaults(keys, diagnostics);
  defaults.read(section.value);
  YamlNode* const columns = tree.find("columns");
  if (columns == nullptr || !columns->is_map()) return;
  defaults.apply(*columns);
  if (!defaults.too_many()) return;
  diagnostics.push_back({DiagnosticCode::yaml_too_big,
                         section.key.span,
                         {{PhraseCode::defaults_add_too_much, {std::to_string(kMaxYamlNodes)}},
                          PhraseCode::state_long_words_in_their_columns}});
}

}  // namespace trama
