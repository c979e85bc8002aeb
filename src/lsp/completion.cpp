// textDocument/completion. What may stand at a place comes from the tables that `check` reads by: the words of the
// language, those of steps and formats, codes; names come from the mapping and its bases, paths and values from the
// profile that is kept beside it.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/codes.h"
#include "base/folder.h"
#include "base/phrase_codes.h"
#include "infer/yaml_text.h"
#include "lsp/features.h"
#include "lsp/path_words.h"
#include "lsp/record_paths.h"
#include "mapping/expression_scanner.h"
#include "mapping/paths.h"
#include "mapping/word_effects.h"
#include "sink/format.h"
#include "step/step.h"
#include "text/catalogue.h"

namespace trama {
namespace {

namespace fs = std::filesystem;

/// Of a long list those that fit what is typed; more come with the next letter.
constexpr std::size_t kMaxItems = 500;
/// Files that are looked at in the folders beside a mapping.
constexpr std::size_t kMaxFiles = 2000;

/// CompletionItemKind.
enum class ItemKind : std::uint8_t {
  field = 5,
  variable = 6,
  property = 10,
  unit = 11,
  value = 12,
  enum_member = 20,
  keyword = 14,
  file = 17,
  constant = 21,
  structure = 22,
};

struct Item {
  std::string label;
  std::string text{};  // YAML
  ItemKind kind = ItemKind::value;
  std::string detail{};
  std::string about{};
  bool last = false;  // behind all that are not
};

class Completion {
 public:
  Completion(Workspace& workspace, const Document& document, std::size_t offset)
      : workspace_(workspace),
        document_(document),
        mapping_(document.mapping()),
        outline_(mapping_.outline()),
        mapping_path_(workspace.mapping_of(document)),
        offset_(offset),
        place_(outline_.at(offset)) {
    if (!mapping_path_.empty()) profile_ = workspace_.profile(mapping_path_);
  }

  std::string json() {
    if (place_.map != Outline::kNone) keys(place_.map);
    if (place_.value != Outline::kNone) values(place_.value);
    return written();
  }

 private:
  using Node = std::uint32_t;

  // What is offered.

  /// `text` as it is to be written; else the label, in quotes where it needs them.
  void add(Item item) {
    if (!seen_.insert(item.label).second) return;
    if (item.text.empty()) item.text = yaml_scalar(item.label);
    items_.push_back(std::move(item));
  }

  void add_key(Item item) {
    item.text =
        (item.text.empty() ? yaml_scalar(item.label) : item.text) + (has_colon_ ? "" : ": ");
    add(std::move(item));
  }

  void add_values(std::string_view values, const Word& word) {
    for (const std::string_view value : split_values(values))
      if (value.find(' ') == std::string_view::npos)
        add({.label = std::string(value),
             .text = std::string(value),
             .kind = ItemKind::enum_member,
             .about = std::string(word.about)});
  }

  // Keys.

  void keys(Node map) {
    const std::string& text = document_.text.text();
    const std::size_t behind = text.find_first_not_of(" \t", place_.word.end);
    has_colon_ =
        place_.word.begin < place_.word.end && behind != std::string::npos && text[behind] == ':';
    const Meaning& meaning = mapping_[map];
    switch (meaning.keys) {
      case Keys::words:
        words(map, meaning.section);
        break;
      case Keys::types:
        for (const std::string_view type : word_types())
          add_key({.label = std::string(type), .kind = ItemKind::enum_member});
        break;
      case Keys::columns:
        for (const auto& [name, type] : base_columns())
          if (!has_key(map, name))
            add_key({.label = name, .kind = ItemKind::field, .detail = type});
        break;
      case Keys::limits:
      case Keys::row:
        for (Item& column : columns())
          if (!has_key(map, column.label)) add_key(std::move(column));
        break;
      case Keys::fields:
        paths(map, false, true);
        break;
      case Keys::codes:
        codes(map);
        break;
      default:
        break;
    }
  }

  [[nodiscard]] bool has_key(Node map, std::string_view key) const {
    for (const Node child : outline_.children(map))
      if (outline_[child].has_key && !outline_[child].key().holds(offset_) &&
          outline_.key_of(child) == key)
        return true;
    return false;
  }

  void words(Node map, Section section) {
    const bool tests_alone = section == Section::top && document_.path.ends_with(".test.yaml");
    const bool defaults = section == Section::column && !mapping_.defines_column(map);
    for (const Word& word : all_words()) {
      if (word.section != section || has_key(map, word.name)) continue;
      if (tests_alone && word.name != "tests") continue;
      if (section == Section::column && !does_something(map, word.name, defaults)) continue;
      add_key({.label = std::string(word.name),
               .text = std::string(word.name),
               .kind = ItemKind::property,
               .about = about(word)});
    }
  }

  /// In a column: whether the word does something beside its source and its type; in `defaults`, with the type.
  [[nodiscard]] bool does_something(Node column, std::string_view word, bool defaults) const {
    std::string type = defaults ? outline_.key_of(column) : mapping_.text_below(column, "type");
    const TypeSet types = type_bit(type) == 0 ? every_type() : type_bit(type);
    if (defaults && is_of_one_column(word)) return false;
    SourceSet sources = ~SourceSet{0};
    bool has_source = false;
    for (const WordEffect& effect : word_effects())
      if (is_source_word(effect.word) && has_key(column, effect.word)) {
        sources = effect.sources;
        has_source = true;
      }
    if (is_source_word(word) && has_source) return false;
    for (const WordEffect& effect : word_effects())
      if (effect.word == word)
        return (effect.types & types) != 0 && (effect.sources & sources) != 0;
    return true;
  }

  static std::string about(const Word& word) {
    return word.values.empty() ? std::string(word.about)
                               : std::string(word.about) + "\n\n" + std::string(word.values);
  }

  /// The values that the profile has of what is looked up.
  void codes(Node map) {
    const Node column = mapping_.column_around(map);
    if (profile_ == nullptr || column == Outline::kNone ||
        mapping_.text_below(column, "personal") == "yes")
      return;
    const std::string from = mapping_.text_below(column, "from");
    const RecordedPath* const path =
        recorded_path(mapping_, outline_.find(column, "from"), *profile_, from);
    if (path == nullptr || path->hidden || is_personal(*path)) return;
    for (const RecordedValue& code : path->codes)
      if (!has_key(map, code.text))
        add_key(
            {.label = code.text, .kind = ItemKind::constant, .detail = std::to_string(code.count)});
  }

  /// By the last state in which the mapping was right; before there is one, all are.
  [[nodiscard]] bool is_personal(const RecordedPath& path) const {
    const LoadedMapping* const right = workspace_.last_right(mapping_path_);
    return right == nullptr || ReadPaths(*right->plan).is_personal(path.path);
  }

  // Values.

  void values(Node node) {
    const Word* const word = mapping_[node].word;
    if (mapping_[node].keys == Keys::row || word == nullptr) return;
    if (place_.behind && word->form != Form::expression) return;
    switch (word->form) {
      case Form::word:
      case Form::words:
      case Form::action:
        return add_values(word->values, *word);
      case Form::toggle:
      case Form::toggle_or_from:
        return add_values("yes, no", *word);
      case Form::toggle_or_paths:
        add_values("yes, no", *word);
        return paths(node, false, false);
      case Form::step:
        return steps(StepFamily::type);
      case Form::steps:
        return steps(StepFamily::text);
      case Form::format:
        return add_values(format_names(), *word);
      case Form::decimals:
        return add_values("by-currency", *word);
      case Form::keep:
        return add_values("first, last, none", *word);
      case Form::path:
      case Form::row_items:
        return paths(node, word->name == "each" || word->name == "list" || word->name == "one_per",
                     false);
      case Form::paths:
      case Form::path_or_from:
      case Form::sources:
      case Form::path_or_conditions:
        return paths(node, false, false);
      case Form::expression:
        return expression_words(node);
      case Form::table_or_pairs:
        return tables(false);
      case Form::file:
      case Form::file_or_records:
      case Form::file_or_rows:
        return files(*word);
      default:
        return texts(node, *word);
    }
  }

  void steps(StepFamily family) {
    const std::string names = step_words(family);
    for (const std::string_view name : split_values(names)) {
      const StepSpec* const step = find_step(family, name);
      add({.label = std::string(name),
           .text = std::string(name),
           .kind = ItemKind::enum_member,
           .about = step == nullptr ? std::string()
                                    : std::string(step->summary) + ' ' + std::string(step->doc)});
    }
  }

  /// Of a word whose value is a text.
  void texts(Node node, const Word& word) {
    if (names_column(word)) return add_columns();
    if (word.section == Section::column && word.name == "rates") return tables(true);
    if (word.section == Section::output && word.name == "schema") return files(word);
    if (word.section == Section::column && word.name == "currency")
      return add_values("in-amount", word);
    if (word.section == Section::column && word.name == "read") return formats(node);
    if (word.section == Section::test_rejected && word.name == "code") {
#define TRAMA_CODE(id, name, meaning) \
  add({.label = name,                 \
       .text = name,                  \
       .kind = ItemKind::enum_member, \
       .about = say(workspace_.language, RecordCode::id)});
#include "base/record_codes.inc"
#undef TRAMA_CODE
    }
    if (word.name == "rule" &&
        (word.section == Section::test_rejected || word.section == Section::test_warning))
      rules();
  }

  /// Those that fit all values of the column's field.
  void formats(Node node) {
    const Node column = mapping_.column_around(node);
    const Node from = column == Outline::kNone ? column : outline_.find(column, "from");
    if (profile_ != nullptr && from != Outline::kNone)
      if (const RecordedPath* const path =
              recorded_path(mapping_, from, *profile_, outline_.text_of(from)))
        for (const std::string& format : path->formats)
          add({.label = format,
               .kind = ItemKind::unit,
               .detail = counts_of(*path, *profile_, workspace_.language)});
    add({.label = "ISO-8601", .kind = ItemKind::unit});
  }

  void paths(Node node, bool lists, bool as_keys) {
    if (profile_ == nullptr) return;
    const std::string top = mapping_.top_of(node);
    const Word* const word = mapping_[node].word;
    // These are beside the records.
    if (top == "tables") return;
    if (word != nullptr && (word->name == "records" || word->name == "error_body" ||
                            word->section == Section::expect_count))
      return;
    for (const WrittenPath& one : written_paths(mapping_, node, *profile_)) {
      const RecordedPath& path = *one.path;
      const bool list = path.of(JsonKind::list) > 0 || path.keys_are_data;
      const bool scalar = path.values > 0 || path.of(JsonKind::boolean) > 0 ||
                          path.of(JsonKind::null) > 0 || path.empty > 0;
      Item item{.label = one.text,
                .kind = ItemKind::variable,
                .detail = counts_of(path, *profile_, workspace_.language),
                .last = lists ? !list : !scalar};
      as_keys ? add_key(std::move(item)) : add(std::move(item));
    }
  }

  /// In an expression the name that is being typed is replaced, not all of it.
  void expression_words(Node node) {
    const std::string& text = document_.text.text();
    std::size_t begin = offset_;
    const auto is_name = [](char c) {
      return is_digit(c) || c == '_' || c == '.' || c == '[' || c == ']' || c == '*' ||
             (small_letter(c) >= 'a' && small_letter(c) <= 'z') ||
             static_cast<unsigned char>(c) >= 0x80;
    };
    const std::size_t first = place_.word.begin;
    while (begin > first && is_name(text[begin - 1])) --begin;
    place_.word = {begin, offset_};
    for (Item& column : columns()) {
      const bool plain = !is_expression_word(column.label) && !column.label.empty() &&
                         std::all_of(column.label.begin(), column.label.end(),
                                     [&](char c) { return is_name(c) && c != '[' && c != '*'; });
      column.text = plain ? column.label : "column '" + column.label + "'";
      if (column.label.find('\'') == std::string::npos) add(std::move(column));
    }
    for (const char* word : {"and", "or", "not", "is blank", "is one of [", "matches", "between",
                             "days between", "today", "yes", "no"})
      add({.label = word, .text = word, .kind = ItemKind::keyword});
    if (profile_ == nullptr) return;
    for (const WrittenPath& one : written_paths(mapping_, node, *profile_))
      if (one.path->values > 0 || one.path->of(JsonKind::boolean) > 0)
        add({.label = "source." + one.text,
             .text = "source." + one.text,
             .kind = ItemKind::variable,
             .detail = counts_of(*one.path, *profile_, workspace_.language)});
  }

  // Names of the mapping.

  /// What other files have for this one: its base as it is, or of a file of tests the mapping; or nullptr.
  [[nodiscard]] const Mapping* other() {
    if (mapping_path_.empty()) return nullptr;
    if (mapping_path_ != document_.path) {
      const LoadedMapping* const last = workspace_.last(mapping_path_);
      return last == nullptr ? nullptr : &last->mapping;
    }
    const Node extends = outline_.find(0, "extends");
    std::string path;
    Phrase ignored;
    if (!base_ && extends != Outline::kNone &&
        resolve(mapping_path_, outline_.text_of(extends), {}, path, ignored)) {
      Files files;
      Diagnostics problems;
      base_ = read_mapping(path, workspace_.files(), files, problems);
    }
    return base_ ? &*base_ : nullptr;
  }

  /// Names and types of columns that other files have.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> base_columns() {
    std::vector<std::pair<std::string, std::string>> out;
    if (const Mapping* const mapping = other())
      for (const Column& column : mapping->columns)
        out.emplace_back(column.name.text, column.type.stated() ? column.type.text : "text");
    return out;
  }

  [[nodiscard]] std::vector<Item> columns() {
    std::vector<Item> out;
    const auto add_column = [&](const std::string& name, std::string type) {
      out.push_back({.label = name,
                     .kind = ItemKind::field,
                     .detail = say(workspace_.language, Phrase(PhraseCode::lsp_column, {type}))});
    };
    for (const OutlineColumn& column : mapping_.columns()) {
      const bool here =
          mapping_[place_.value == Outline::kNone ? 0 : place_.value].word != nullptr &&
          column.node == mapping_.column_around(place_.value);
      if (here || outline_[column.node].key().holds(offset_)) continue;
      const std::string type = mapping_.text_below(column.node, "type");
      add_column(column.name, type.empty() ? "text" : type);
    }
    for (const auto& [name, type] : base_columns()) add_column(name, type);
    return out;
  }

  void add_columns() {
    for (Item& column : columns()) add(std::move(column));
  }

  void tables(bool rates) {
    const auto add_table = [&](const std::string& name, bool of_rates) {
      if (of_rates == rates)
        add({.label = name,
             .kind = ItemKind::structure,
             .detail = say(workspace_.language, PhraseCode::lsp_table)});
    };
    if (const Node tables = outline_.find(0, "tables"); tables != Outline::kNone)
      for (const Node table : outline_.children(tables))
        add_table(outline_.key_of(table), mapping_.text_below(table, "kind") == "rates");
    if (const Mapping* const mapping = other())
      for (const Table& table : mapping->tables)
        add_table(table.name.text, table.kind.view() == "rates");
  }

  /// Of the mapping and of what it extends.
  void rules() {
    if (const Node rules = outline_.find(0, "rules"); rules != Outline::kNone)
      for (const Node rule : outline_.children(rules))
        if (const std::string name = mapping_.text_below(rule, "name"); !name.empty())
          add({.label = name, .kind = ItemKind::constant});
    if (const Mapping* const mapping = other())
      for (const Rule& rule : mapping->rules)
        if (rule.name.stated()) add({.label = rule.name.text, .kind = ItemKind::constant});
  }

  /// In the folder of the mapping and those below it, as the mapping would name them.
  void files(const Word& word) {
    if (mapping_path_.empty()) return;
    const bool yaml = word.name == "extends";
    const bool table = word.section == Section::table;
    const bool schema = word.name == "schema";
    std::size_t looked_at = 0;
    const std::string home = fs::path(mapping_path_).parent_path().string();
    for (std::vector<std::string> folders{""}; !folders.empty();) {
      const std::string folder = std::move(folders.back());
      folders.pop_back();
      std::vector<std::string> names;
      if (!names_in(home + '/' + folder, names)) continue;
      for (const std::string& name : names) {
        if (name.starts_with('.') || ++looked_at > kMaxFiles) continue;
        const std::string file = folder + name;
        std::error_code unknown;
        const fs::file_status status = fs::symlink_status(home + '/' + file, unknown);
        if (status.type() == fs::file_type::directory) folders.push_back(file + '/');
        const std::string ending = fs::path(name).extension().string();
        const bool is_yaml =
            (ending == ".yaml" || ending == ".yml") && !name.ends_with(".test.yaml");
        const bool is_json = ending == ".json" && !name.ends_with(".profile.json");
        const bool fits = yaml     ? is_yaml && home + '/' + file != mapping_path_
                          : table  ? is_yaml || is_json || ending == ".csv"
                          : schema ? is_json
                                   : is_json || ending == ".ndjson" || ending == ".csv";
        if (status.type() == fs::file_type::regular && fits)
          add({.label = file, .kind = ItemKind::file});
      }
    }
  }

  // The answer.

  [[nodiscard]] bool fits(const Item& item, std::string_view typed) const {
    const auto same = [](char a, char b) { return small_letter(a) == small_letter(b); };
    return typed.empty() || std::search(item.label.begin(), item.label.end(), typed.begin(),
                                        typed.end(), same) != item.label.end();
  }

  std::string written() {
    const std::string& text = document_.text.text();
    std::string_view typed = std::string_view(text).substr(
        place_.word.begin, std::min(offset_, place_.word.end) - place_.word.begin);
    if (typed.starts_with('"') || typed.starts_with('\'')) typed.remove_prefix(1);
    const bool many = items_.size() > kMaxItems;
    if (many) std::erase_if(items_, [&](const Item& item) { return !fits(item, typed); });
    std::stable_sort(items_.begin(), items_.end(),
                     [](const Item& a, const Item& b) { return a.last < b.last; });
    const bool quoted = place_.word.begin < place_.word.end &&
                        (text[place_.word.begin] == '"' || text[place_.word.begin] == '\'');
    const char before = place_.word.begin > 0 ? text[place_.word.begin - 1] : ' ';
    const std::string_view space = before == ':' || before == '-' ? " " : "";
    JsonOut json;
    json.open('{').key("isIncomplete").yes_or_no(many).key("items").open('[');
    std::size_t number = 0;
    for (const Item& item : items_) {
      if (number == kMaxItems) break;
      json.open('{').key("label").text(item.label);
      json.key("kind").number(static_cast<std::uint64_t>(item.kind));
      if (!item.detail.empty()) json.key("detail").text(item.detail);
      if (!item.about.empty()) json.key("documentation").text(item.about);
      std::string order = std::to_string(number++);
      json.key("sortText")
          .text(std::string(6 - std::min<std::size_t>(order.size(), 6), '0') + order);
      if (quoted) json.key("filterText").text(std::string(1, text[place_.word.begin]) + item.label);
      json.key("textEdit").open('{').key("range");
      write_range(json, document_.text, place_.word);
      json.key("newText").text(std::string(space) + item.text).close('}').close('}');
    }
    return json.close(']').close('}').take();
  }

  Workspace& workspace_;
  const Document& document_;
  const MappingOutline& mapping_;
  const Outline& outline_;
  const std::string mapping_path_;
  const std::size_t offset_;
  Outline::Place place_;
  const RecordedProfile* profile_ = nullptr;
  std::optional<Mapping> base_;
  bool has_colon_ = false;
  std::set<std::string> seen_;
  std::vector<Item> items_;
};

}  // namespace

void write_range(JsonOut& json, const DocumentText& text, TextRange range) {
  const auto place = [&json](std::string_view name, Position at) {
    json.key(name).open('{').key("line").number(at.line);
    json.key("character").number(at.character).close('}');
  };
  json.open('{');
  place("start", text.position(range.begin));
  place("end", text.position(range.end));
  json.close('}');
}

std::string complete(Workspace& workspace, const Document& document, Position place) {
  return Completion(workspace, document, document.text.offset(place)).json();
}

}  // namespace trama
