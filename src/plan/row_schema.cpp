#include "plan/row_schema.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "mapping/json_tree.h"
#include "mapping/yaml_tree.h"
#include "step/args.h"

namespace trama {
namespace {

using Keyword = SchemaKeyword;

/// How many schemas may refer to one another ($ref, allOf, anyOf, …) without going into the data.
constexpr std::size_t kMostInPlace = 64;
constexpr std::size_t kWordsCharacters = 80;

/// What a keyword's value is, and so how it is read.
enum class KeywordForm : std::uint8_t {
  ignored,
  definitions,
  type,
  values,
  value,
  text,
  format,
  count,
  number,
  names,
  map,
  schema,
  schemas,
  ref
};

struct Word {
  std::string_view name;
  KeywordForm form;
  Keyword keyword = Keyword::never;
};
constexpr Word kWords[] = {
    {"$comment", KeywordForm::ignored},
    {"$defs", KeywordForm::definitions},
    {"$id", KeywordForm::ignored},
    {"$ref", KeywordForm::ref, Keyword::all_of},
    {"$schema", KeywordForm::ignored},
    {"additionalProperties", KeywordForm::schema, Keyword::additional},
    {"allOf", KeywordForm::schemas, Keyword::all_of},
    {"anyOf", KeywordForm::schemas, Keyword::any_of},
    {"const", KeywordForm::value, Keyword::one_of_values},
    {"default", KeywordForm::ignored},
    {"definitions", KeywordForm::definitions},
    {"deprecated", KeywordForm::ignored},
    {"description", KeywordForm::ignored},
    {"enum", KeywordForm::values, Keyword::one_of_values},
    {"examples", KeywordForm::ignored},
    {"exclusiveMaximum", KeywordForm::number, Keyword::exclusive_maximum},
    {"exclusiveMinimum", KeywordForm::number, Keyword::exclusive_minimum},
    {"format", KeywordForm::format, Keyword::format},
    {"items", KeywordForm::schema, Keyword::items},
    {"maxItems", KeywordForm::count, Keyword::max_items},
    {"maxLength", KeywordForm::count, Keyword::max_length},
    {"maximum", KeywordForm::number, Keyword::maximum},
    {"minItems", KeywordForm::count, Keyword::min_items},
    {"minLength", KeywordForm::count, Keyword::min_length},
    {"minimum", KeywordForm::number, Keyword::minimum},
    {"multipleOf", KeywordForm::number, Keyword::multiple_of},
    {"not", KeywordForm::schema, Keyword::none_of},
    {"oneOf", KeywordForm::schemas, Keyword::one_of},
    {"pattern", KeywordForm::text, Keyword::pattern},
    {"properties", KeywordForm::map, Keyword::properties},
    {"readOnly", KeywordForm::ignored},
    {"required", KeywordForm::names, Keyword::required},
    {"title", KeywordForm::ignored},
    {"type", KeywordForm::type, Keyword::type},
};

constexpr std::pair<std::string_view, std::uint8_t> kTypes[] = {
    {"string", json_type::kText},     {"number", json_type::kNumber},
    {"integer", json_type::kInteger}, {"boolean", json_type::kBoolean},
    {"null", json_type::kNull},       {"object", json_type::kObject},
    {"array", json_type::kList},
};

constexpr std::pair<std::string_view, SchemaFormat> kFormats[] = {
    {"date", SchemaFormat::date}, {"date-time", SchemaFormat::date_time},
    {"time", SchemaFormat::time}, {"email", SchemaFormat::email},
    {"uuid", SchemaFormat::uuid}, {"uri", SchemaFormat::uri},
};

template <typename Pairs>
std::string names_of(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, meaning] : pairs) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

const Word* find_word(std::string_view name) noexcept {
  for (const Word& word : kWords)
    if (word.name == name) return &word;
  return nullptr;
}

std::string shortened_words(std::string words) {
  if (words.size() <= kWordsCharacters) return words;
  std::size_t end = kWordsCharacters;
  while ((static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) --end;
  return words.substr(0, end) + "…";
}

class Reader {
 public:
  Reader(const std::function<std::uint32_t(const Span&)>& place, RowSchema& out,
         Diagnostics& diagnostics, PatternPool* patterns)
      : place_(place), schemas_(out.schemas), diagnostics_(diagnostics), patterns_(patterns) {}

  void read(const YamlNode& root) {
    schemas_.emplace_back();
    root_ = &root;
    for (const std::string_view section : {"definitions", "$defs"}) {
      const YamlNode* const all = root.is_map() ? root.find(section) : nullptr;
      if (all == nullptr || !all->is_map()) continue;
      for (const YamlEntry& entry : all->entries) {
        definitions_["#/" + std::string(section) + "/" + entry.key.text] = add();
      }
    }
    fill(0, root);
    for (const std::string_view section : {"definitions", "$defs"}) {
      const YamlNode* const all = root.is_map() ? root.find(section) : nullptr;
      if (all == nullptr || !all->is_map()) continue;
      for (const YamlEntry& entry : all->entries)
        fill(definitions_["#/" + std::string(section) + "/" + entry.key.text], entry.value);
    }
    spans_.resize(schemas_.size());
    find_circles();
  }

 private:
  void error(DiagnosticCode code, const Span& span, std::vector<Phrase> values) {
    diagnostics_.push_back({code, span, std::move(values)});
  }
  void wrong(const YamlEntry& entry, Phrase wanted, Phrase help = {}) {
    error(DiagnosticCode::schema_value, entry.value.span,
          {entry.key.text, std::move(wanted), std::move(help)});
  }
  std::uint32_t add() {
    schemas_.emplace_back();
    return static_cast<std::uint32_t>(schemas_.size() - 1);
  }
  std::uint32_t schema(const YamlNode& node) {
    const std::uint32_t index = add();
    fill(index, node);
    return index;
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  void fill(std::uint32_t index, const YamlNode& node) {
    spans_.resize(std::max<std::size_t>(spans_.size(), index + 1));
    spans_[index] = node.span;
    std::vector<SchemaRule> rules;
    if (node.is_scalar() && !node.quoted && (node.text == "true" || node.text == "false")) {
      if (node.text == "false")
        rules.push_back({.place = place_(node.span),
                         .words = "nothing here (false)",
                         .number = {},
                         .pattern = {},
                         .constants = {},
                         .names = {},
                         .schemas = {}});
    } else if (!node.is_map()) {
      error(DiagnosticCode::schema_value, node.span,
            {PhraseCode::a_schema, PhraseCode::an_object_of_keywords, ""});
    } else {
      for (const YamlEntry& entry : node.entries) keyword(node, entry, rules);
      know_properties(rules);
    }
    schemas_[index] = std::move(rules);
  }

  void know_properties(std::vector<SchemaRule>& rules) {
    for (SchemaRule& additional : rules) {
      if (additional.keyword != Keyword::additional) continue;
      for (const SchemaRule& properties : rules)
        if (properties.keyword == Keyword::properties) additional.names = properties.names;
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  void keyword(const YamlNode& whole, const YamlEntry& entry, std::vector<SchemaRule>& rules) {
    const Word* const word = find_word(entry.key.text);
    if (word == nullptr) return unknown(entry);
    if (word->form == KeywordForm::ignored) return;
    if (word->form == KeywordForm::definitions) {
      if (&whole != root_)
        error(DiagnosticCode::schema_keyword, entry.key.span,
              {entry.key.text, PhraseCode::definitions_at_the_top});
      else if (!entry.value.is_map())
        wrong(entry, PhraseCode::an_object_of_schemas);
      return;
    }
    SchemaRule rule;
    rule.keyword = word->keyword;
    rule.place = place_(entry.key.span);
    rule.words = shortened_words(entry.key.text + " " + entry.value.text);
    if (value(*word, whole, entry, rule)) rules.push_back(std::move(rule));
  }

  void unknown(const YamlEntry& entry) {
    std::vector<std::string_view> known;
    for (const Word& word : kWords) known.push_back(word.name);
    const std::string_view near = nearest(entry.key.text, known);
    error(DiagnosticCode::schema_keyword, entry.key.span,
          {entry.key.text, near.empty() ? Phrase(PhraseCode::say_it_with_other_keywords)
                                        : Phrase(PhraseCode::did_you_mean, {near})});
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  bool value(const Word& word, const YamlNode& whole, const YamlEntry& entry, SchemaRule& rule) {
    switch (word.form) {
      case KeywordForm::ignored:
      case KeywordForm::definitions:
        return false;
      case KeywordForm::type:
        return type(entry, rule);
      case KeywordForm::values:
        return values(entry, rule);
      case KeywordForm::value:
        return constant(entry, entry.value, rule);
      case KeywordForm::text:
        return pattern(entry, rule);
      case KeywordForm::format:
        return format(entry, rule);
      case KeywordForm::count:
        return count(entry, rule);
      case KeywordForm::number:
        return number(entry, rule);
      case KeywordForm::names:
        return names(entry, rule);
      case KeywordForm::map:
        return properties(entry, rule);
      case KeywordForm::schema:
        return one_schema(entry, rule);
      case KeywordForm::schemas:
        return several_schemas(entry, rule);
      case KeywordForm::ref:
        return ref(whole, entry, rule);
    }
    return false;
  }

  bool type(const YamlEntry& entry, SchemaRule& rule) {
    const YamlNode& node = entry.value;
    rule.types = 0;
    const auto one = [&](const YamlNode& item) {
      for (const auto& [name, bits] : kTypes)
        if (item.is_scalar() && item.text == name) {
          rule.types = static_cast<std::uint8_t>(rule.types | bits);
          return true;
        }
      error(DiagnosticCode::schema_value, item.span,
            {"type", Phrase(PhraseCode::one_of, {names_of(kTypes)}), ""});
      return false;
    };
    bool right = true;
    if (node.is_list()) {
      for (const YamlNode& item : node.items) right = one(item) && right;
      if (node.items.empty()) wrong(entry, PhraseCode::a_list_of_at_least_one_type);
      right = right && !node.items.empty();
    } else {
      right = one(node);
    }
    rule.words = "type " + json_type_words(rule.types);
    return right;
  }

  /// A scalar of the schema as a value. Lists and objects are told apart from others by nothing
  /// but their type.
  bool constant(const YamlEntry& entry, const YamlNode& node, SchemaRule& rule) {
    if (!node.is_scalar()) {
      error(DiagnosticCode::schema_value, node.span,
            {entry.key.text, PhraseCode::a_plain_json_value, PhraseCode::lists_cannot_be_compared});
      return false;
    }
    SchemaRule::Constant constant;
    constant.text = node.text;
    SchemaItem& item = constant.item;
    if (node.quoted) {
      item.type = json_type::kText;
    } else if (node.text == "true" || node.text == "false") {
      item.type = json_type::kBoolean;
      item.boolean = node.text == "true";
    } else if (node.text != "null" && !node.is_nothing()) {
      item = read_schema_number(node.text);
      const bool digits = !node.text.empty() &&
                          (node.text[0] == '-' || (node.text[0] >= '0' && node.text[0] <= '9'));
      if (!item.exact && digits) {
        error(DiagnosticCode::schema_value, node.span,
              {entry.key.text, PhraseCode::numbers_of_38_digits, ""});
        return false;
      }
      if (!item.exact) item.type = json_type::kText;
    }
    rule.constants.push_back(std::move(constant));
    return true;
  }

  bool values(const YamlEntry& entry, SchemaRule& rule) {
    if (!entry.value.is_list() || entry.value.items.empty()) {
      wrong(entry, PhraseCode::a_list_of_values);
      return false;
    }
    bool right = true;
    std::string all;
    for (const YamlNode& item : entry.value.items) {
      right = constant(entry, item, rule) && right;
      all += (all.empty() ? "" : ", ") + item.text;
    }
    rule.words = shortened_words("enum " + all);
    return right;
  }

  bool pattern(const YamlEntry& entry, SchemaRule& rule) {
    if (!entry.value.is_scalar()) {
      wrong(entry, PhraseCode::a_pattern_in_quotes);
      return false;
    }
    std::string problem;
    rule.pattern = compile_pattern(entry.value.text, problem, patterns_);
    if (!rule.pattern)
      error(DiagnosticCode::pattern_wrong, entry.value.span, {entry.value.text, problem});
    return rule.pattern != nullptr;
  }

  bool format(const YamlEntry& entry, SchemaRule& rule) {
    for (const auto& [name, format] : kFormats) {
      if (!entry.value.is_scalar() || entry.value.text != name) continue;
      rule.format = format;
      return true;
    }
    wrong(entry, {PhraseCode::one_of, {names_of(kFormats)}}, PhraseCode::said_with_pattern);
    return false;
  }

  std::optional<SchemaItem> number_of(const YamlEntry& entry) {
    if (!entry.value.is_scalar() || entry.value.quoted) return std::nullopt;
    const SchemaItem item = read_schema_number(entry.value.text);
    return item.exact ? std::optional(item) : std::nullopt;
  }

  bool count(const YamlEntry& entry, SchemaRule& rule) {
    constexpr std::int64_t kMost = 1'000'000'000;
    const std::optional<SchemaItem> item = number_of(entry);
    Decimal whole = item ? item->number : Decimal{-1, 0};
    const bool right =
        round_to(whole, 0, Rounding::exact) == Reason::none && whole.coefficient >= 0;
    if (!right) {
      wrong(entry, PhraseCode::a_whole_number_from_0);
      return false;
    }
    rule.count = whole.coefficient > kMost ? kMost : static_cast<std::uint64_t>(whole.coefficient);
    return true;
  }

  bool number(const YamlEntry& entry, SchemaRule& rule) {
    const std::optional<SchemaItem> item = number_of(entry);
    const bool above_zero =
        rule.keyword != Keyword::multiple_of || (item && item->number.coefficient > 0);
    if (!item || !above_zero) {
      wrong(entry, rule.keyword == Keyword::multiple_of ? PhraseCode::a_number_above_0
                                                        : PhraseCode::a_number);
      return false;
    }
    rule.number = item->number;
    return true;
  }

  bool names(const YamlEntry& entry, SchemaRule& rule) {
    if (!entry.value.is_list()) {
      wrong(entry, PhraseCode::a_list_of_names);
      return false;
    }
    for (const YamlNode& item : entry.value.items) {
      if (item.is_scalar())
        rule.names.push_back({item.text, 0, place_(item.span), "'" + item.text + "' (required)"});
      else
        error(DiagnosticCode::schema_value, item.span,
              {"required", PhraseCode::a_list_of_names, ""});
    }
    sort(rule.names);
    return true;
  }

  static void sort(std::vector<SchemaRule::Name>& names) {
    std::sort(names.begin(), names.end(),
              [](const SchemaRule::Name& a, const SchemaRule::Name& b) { return a.name < b.name; });
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  bool properties(const YamlEntry& entry, SchemaRule& rule) {
    if (!entry.value.is_map()) {
      wrong(entry, PhraseCode::an_object_of_schemas);
      return false;
    }
    for (const YamlEntry& one : entry.value.entries)
      rule.names.push_back({one.key.text, schema(one.value), UINT32_MAX, {}});
    sort(rule.names);
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  bool one_schema(const YamlEntry& entry, SchemaRule& rule) {
    if (entry.value.is_list()) {
      wrong(entry, PhraseCode::one_schema);
      return false;
    }
    rule.schemas.push_back(schema(entry.value));
    if (rule.keyword == Keyword::additional) rule.words = "no other fields (additionalProperties)";
    if (rule.keyword == Keyword::none_of) rule.words = "anything but what 'not' describes";
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  bool several_schemas(const YamlEntry& entry, SchemaRule& rule) {
    if (!entry.value.is_list() || entry.value.items.empty()) {
      wrong(entry, PhraseCode::a_list_of_schemas);
      return false;
    }
    for (const YamlNode& item : entry.value.items) rule.schemas.push_back(schema(item));
    const std::string of =
        " of the " + std::to_string(rule.schemas.size()) + " alternatives (" + entry.key.text + ")";
    rule.words = (rule.keyword == Keyword::one_of ? "exactly one" : "one") + of;
    return true;
  }

  /// Draft-07 passes over what stands beside a $ref, later drafts do not: so nothing but notes may.
  bool ref(const YamlNode& whole, const YamlEntry& entry, SchemaRule& rule) {
    for (const YamlEntry& beside : whole.entries) {
      const Word* const word = find_word(beside.key.text);
      if (word == nullptr || word->form == KeywordForm::ref || word->form == KeywordForm::ignored ||
          word->form == KeywordForm::definitions)
        continue;
      error(DiagnosticCode::schema_keyword, beside.key.span,
            {beside.key.text, PhraseCode::beside_a_ref});
    }
    std::string name = entry.value.text;
    for (const auto& [escape, character] :
         {std::pair<const char*, const char*>{"~1", "/"}, {"~0", "~"}})
      for (auto at = name.find(escape, 2); at != std::string::npos; at = name.find(escape, at + 1))
        name.replace(at, 2, character);
    const auto found = definitions_.find(name);
    if (found == definitions_.end()) {
      error(DiagnosticCode::schema_ref, entry.value.span, {entry.value.text});
      return false;
    }
    rule.schemas.push_back(found->second);
    return true;
  }

  /// A schema that comes back to itself without going into the data would never end; a long chain
  /// costs as much.
  void find_circles() {
    std::vector<std::size_t> heights(schemas_.size(), SIZE_MAX);
    std::vector<bool> on_way(schemas_.size(), false);
    for (std::uint32_t i = 0; i < schemas_.size(); ++i)
      if (height(i, 0, heights, on_way) > kMostInPlace && !circle_told_) {
        circle_told_ = true;
        error(DiagnosticCode::schema_circle, spans_[i], {});
      }
  }

  // NOLINTNEXTLINE(misc-no-recursion): stops at kMostInPlace
  std::size_t height(std::uint32_t index, std::size_t depth, std::vector<std::size_t>& heights,
                     std::vector<bool>& on_way) {
    if (heights[index] != SIZE_MAX) return heights[index];
    if (on_way[index] || depth > kMostInPlace) return kMostInPlace + 1;
    on_way[index] = true;
    std::size_t most = 0;
    for (const SchemaRule& rule : schemas_[index]) {
      const bool in_place = rule.keyword == Keyword::all_of || rule.keyword == Keyword::any_of ||
                            rule.keyword == Keyword::one_of || rule.keyword == Keyword::none_of;
      if (!in_place) continue;
      for (const std::uint32_t below : rule.schemas)
        most = std::max(most, 1 + height(below, depth + 1, heights, on_way));
    }
    on_way[index] = false;
    return heights[index] = most;
  }

  const std::function<std::uint32_t(const Span&)>& place_;
  std::vector<std::vector<SchemaRule>>& schemas_;
  Diagnostics& diagnostics_;
  PatternPool* patterns_;
  const YamlNode* root_ = nullptr;
  std::map<std::string, std::uint32_t, std::less<>> definitions_;
  std::vector<Span> spans_;  // of schemas_
  bool circle_told_ = false;
};

}  // namespace

bool read_row_schema(std::string_view text, std::string_view name, std::uint32_t file,
                     const std::function<std::uint32_t(const Span&)>& place, RowSchema& out,
                     Diagnostics& diagnostics, PatternPool* patterns) {
  const std::size_t before = diagnostics.size();
  YamlNode root;
  if (!read_tree_file(text, name, file, root, diagnostics)) return false;
  Reader(place, out, diagnostics, patterns).read(root);
  return std::none_of(diagnostics.begin() + static_cast<std::ptrdiff_t>(before), diagnostics.end(),
                      [](const Diagnostic& d) { return severity(d.code) == Severity::error; });
}

}  // namespace trama
