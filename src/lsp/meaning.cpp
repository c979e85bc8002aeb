#include "lsp/meaning.h"

#include <algorithm>
#include <cstddef>

#include "mapping/expression.h"

namespace trama {
namespace {

using Kind = OutlineNode::Kind;

/// Of the value of a word.
Meaning meaning_of(const Word& word) {
  Meaning out{.word = &word};
  switch (word.form) {
    case Form::tables:
      out.keys = Keys::tables;
      break;
    case Form::columns:
      out.keys = Keys::columns;
      break;
    case Form::type_words:
      out.keys = Keys::types;
      break;
    case Form::conditions:
    case Form::path_or_conditions:
      out.keys = Keys::fields;
      break;
    case Form::table_or_pairs:
    case Form::pairs:
      out.keys = Keys::codes;
      break;
    case Form::column_limits:
      out.keys = Keys::limits;
      break;
    case Form::file_or_rows:
      out.keys = Keys::row;
      break;
    default:
      if (const auto section = section_below(word)) {
        out.keys = Keys::words;
        out.section = *section;
      }
  }
  return out;
}

/// Of the value of a key in a map that means `map`.
Meaning below(const Meaning& map, std::string_view key) {
  static const Word* const kFrom = find_word(Section::column, "from");
  static const Word* const kIs = find_word(Section::pick, "is");
  switch (map.keys) {
    case Keys::words: {
      const Word* const word = find_word(map.section, key);
      return word == nullptr ? Meaning{} : meaning_of(*word);
    }
    case Keys::columns:
      return {.word = kFrom, .keys = Keys::words, .section = Section::column};
    case Keys::tables:
      return {.word = nullptr, .keys = Keys::words, .section = Section::table};
    case Keys::types:
      return {.word = nullptr, .keys = Keys::words, .section = Section::column};
    case Keys::fields:
      return {.word = kIs, .keys = Keys::words, .section = Section::pick_is};
    default:
      return {};
  }
}

}  // namespace

MappingOutline::MappingOutline(std::string_view text) : outline_(text) {
  const std::vector<OutlineNode>& nodes = outline_.nodes();
  meanings_.resize(nodes.size());
  meanings_[0] = {.word = nullptr, .keys = Keys::words, .section = Section::top};
  std::vector<std::uint16_t> depth(nodes.size());
  for (std::uint32_t i = 1; i < nodes.size(); ++i) {
    const OutlineNode& node = nodes[i];
    const Meaning& parent = meanings_[node.parent];
    depth[i] = static_cast<std::uint16_t>(std::min(depth[node.parent] + 1, 1000));
    if (depth[i] == 1000) continue;
    const std::string key = node.has_key ? outline_.key_of(i) : std::string();
    meanings_[i] = node.has_key ? below(parent, key) : parent;
    if (parent.keys == Keys::columns && node.has_key)
      columns_.push_back({i, key, depth[node.parent] > 1});
  }
}

bool MappingOutline::defines_column(std::uint32_t node) const {
  return outline_[node].has_key && meanings_[outline_[node].parent].keys == Keys::columns;
}

std::uint32_t MappingOutline::column_around(std::uint32_t node) const {
  for (; node != 0; node = outline_[node].parent)
    if (defines_column(node)) return node;
  return Outline::kNone;
}

std::string MappingOutline::top_of(std::uint32_t node) const {
  while (node != 0 && outline_[node].parent != 0) node = outline_[node].parent;
  return node == 0 ? std::string() : outline_.key_of(node);
}

std::string MappingOutline::text_below(std::uint32_t map, std::string_view word) const {
  const std::uint32_t node = outline_.find(map, word);
  return node == Outline::kNone ? std::string() : outline_.text_of(node);
}

bool names_column(const Word& word) noexcept {
  if (word.section == Section::column)
    return word.name == "rate_of" || word.name == "rate_day_of" || word.name == "currency_of" ||
           word.name == "rate_date" || word.name == "on" || word.name == "column";
  return word.name == "column" &&
         (word.section == Section::choice_value || word.section == Section::test_rejected ||
          word.section == Section::test_warning);
}

namespace {

class Uses {
 public:
  explicit Uses(const MappingOutline& mapping) : mapping_(mapping), outline_(mapping.outline()) {}

  std::vector<ColumnUse> all() {
    for (std::uint32_t i = 1; i < outline_.nodes().size(); ++i) {
      const OutlineNode& node = outline_[i];
      if (node.has_key) key(i, mapping_[node.parent].keys);
      const Word* const word = mapping_[i].word;
      if (node.kind != Kind::scalar || node.begin == node.end || word == nullptr) continue;
      if (word->form == Form::expression) {
        expression(i);
      } else if (names_column(*word)) {
        value(i, *word);
      }
    }
    return std::move(uses_);
  }

 private:
  void add(std::string name, std::uint32_t node, TextRange range) {
    uses_.push_back({.name = std::move(name), .node = node, .range = range});
  }

  void key(std::uint32_t node, Keys keys) {
    if (keys != Keys::columns && keys != Keys::limits && keys != Keys::row) return;
    add(outline_.key_of(node), node, outline_[node].key());
    uses_.back().key = true;
    uses_.back().defines = keys == Keys::columns;
  }

  /// `column: "rooms[*].price"` beside `total` names rooms, and what is inside it.
  void value(std::uint32_t node, const Word& word) {
    std::string name = outline_.text_of(node);
    TextRange range = outline_[node].value();
    const std::size_t bracket = name.find('[');
    if (word.name == "column" && word.section == Section::column && bracket != std::string::npos) {
      name.resize(bracket);
      const bool quoted = outline_.text().substr(range.begin, 1).find_first_of("\"'") == 0;
      range.begin += quoted ? 1 : 0;
      range.end = range.begin + name.size();
      if (outline_.text().substr(range.begin, name.size()) != name) range = {};
      add(std::move(name), node, range);
      uses_.back().in_expression = true;
      return;
    }
    add(std::move(name), node, range);
  }

  void expression(std::uint32_t node) {
    const TextRange range = outline_[node].value();
    const std::string_view written = outline_.text().substr(range.begin, range.end - range.begin);
    Text text;
    text.text = outline_.text_of(node);
    const bool quoted = written.front() == '"' || written.front() == '\'';
    const bool exact = !outline_[node].block && written.find('\n') == std::string_view::npos &&
                       text.text.size() + (quoted ? 2 : 0) == written.size();
    if (outline_[node].block) text.text = text.text.substr(text.text.find('\n') + 1);
    Expression read;
    Diagnostics ignored;
    if (!parse_expression(text, read, ignored)) {
      add({}, node, {});
      return;
    }
    for (const ExpressionNode& one : read.nodes) {
      if (one.form != ExpressionNode::Form::column) continue;
      const std::size_t begin = range.begin + (quoted ? 1 : 0);
      add(one.text, node, exact ? TextRange{begin + one.begin, begin + one.end} : TextRange{});
      uses_.back().in_expression = true;
    }
  }

  const MappingOutline& mapping_;
  const Outline& outline_;
  std::vector<ColumnUse> uses_;
};

}  // namespace

std::vector<ColumnUse> column_uses(const MappingOutline& mapping) {
  return Uses(mapping).all();
}

}  // namespace trama
