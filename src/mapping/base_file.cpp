#include "mapping/base_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "mapping/json_tree.h"
#include "mapping/open_decisions.h"
#include "mapping/paths.h"
#include "mapping/source_text.h"
#include "mapping/words.h"

namespace trama {
namespace {

constexpr std::size_t kMaxChain = 16;

YamlEntry* entry_of(YamlNode& map, std::string_view key) {
  for (YamlEntry& entry : map.entries) {
    if (entry.key.text == key) return &entry;
  }
  return nullptr;
}

void replace_or_append(YamlNode& map, YamlEntry entry) {
  if (YamlEntry* known = entry_of(map, entry.key.text)) {
    *known = std::move(entry);
  } else {
    map.entries.push_back(std::move(entry));
  }
}

bool is_none(const YamlNode& node) {
  return node.is_scalar() && !node.quoted && node.text == "none";
}

/// A section of a mapping, which `none` takes out of the base;
/// the other words at the top are texts.
bool is_section(std::string_view word) {
  const Word* known = find_word(Section::top, word);
  return known != nullptr &&
         (known->form == Form::map || known->form == Form::maps || known->form == Form::tables ||
          known->form == Form::columns || known->form == Form::type_words);
}

/// Puts the child's file over the base's, as the language says for each section.
class Merge {
 public:
  explicit Merge(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void run(YamlNode& base, YamlNode child) {
    std::erase_if(base.entries, [](const YamlEntry& e) { return e.key.text == "tests"; });
    for (YamlEntry& entry : child.entries) section(base, std::move(entry));
  }

 private:
  void section(YamlNode& base, YamlEntry entry) {
    YamlEntry* known = entry_of(base, entry.key.text);
    if (is_none(entry.value) && is_section(entry.key.text))
      return remove_section(base, entry.key, known != nullptr);
    const bool both_maps = known != nullptr && known->value.is_map() && entry.value.is_map();
    const bool both_lists = known != nullptr && known->value.is_list() && entry.value.is_list();
    if (both_maps) {
      known->key = std::move(entry.key);
      keys(known->value, std::move(entry.value), known->key.text == "columns");
    } else if (both_lists && entry.key.text == "rules") {
      rules(known->value, std::move(entry.value));
    } else {
      replace_or_append(base, std::move(entry));
    }
  }

  void keys(YamlNode& base, YamlNode child, bool columns) {
    for (YamlEntry& entry : child.entries) {
      if (columns && is_none(entry.value)) {
        remove(base, entry.key);
      } else {
        replace_or_append(base, std::move(entry));
      }
    }
  }

  void remove(YamlNode& base, const YamlNode& key) {
    if (std::erase_if(base.entries, [&key](const YamlEntry& e) { return e.key.text == key.text; }) >
        0) {
      return;
    }
    std::vector<std::string_view> known;
    for (const YamlEntry& entry : base.entries) known.push_back(entry.key.text);
    const std::string_view near = nearest(key.text, known);
    diagnostics_.push_back(
        {DiagnosticCode::base_without_column,
         key.span,
         {key.text, near.empty() ? Phrase() : Phrase(PhraseCode::did_you_mean, {near})}});
  }

  /// `tests` are not inherited: `tests: none` only says so.
  void remove_section(YamlNode& base, const YamlNode& key, bool there) {
    std::erase_if(base.entries, [&key](const YamlEntry& e) { return e.key.text == key.text; });
    if (there || key.text == "tests") return;
    diagnostics_.push_back({DiagnosticCode::word_no_effect,
                            key.span,
                            {key.text + ": none", Phrase(PhraseCode::on_a_base_without, {key.text}),
                             PhraseCode::take_it_out}});
  }

  static void rules(YamlNode& base, YamlNode child) {
    for (YamlNode& rule : child.items) {
      const YamlNode* name = std::as_const(rule).find("name");
      const auto same =
          std::find_if(base.items.begin(), base.items.end(), [name](const YamlNode& other) {
            const YamlNode* other_name = other.find("name");
            return name != nullptr && other_name != nullptr && name->text == other_name->text;
          });
      if (same != base.items.end()) {
        *same = std::move(rule);
      } else {
        base.items.push_back(std::move(rule));
      }
    }
  }

  Diagnostics& diagnostics_;
};

class Loader {
 public:
  Loader(FileReader& reader, std::string_view root, Files& files, Diagnostics& diagnostics)
      : reader_(reader), root_(root), files_(files), diagnostics_(diagnostics) {}

  bool complete = true;

  bool load(const std::string& path, YamlNode& tree);

 private:
  void check_heading(const YamlNode& tree, std::uint32_t file);
  bool parse(const std::string& path, const std::string& raw, YamlNode& tree);
  bool load_base(const std::string& path, const YamlNode& extends, YamlNode& base);

  FileReader& reader_;
  std::string_view root_;
  Files& files_;
  Diagnostics& diagnostics_;
  std::vector<std::string> chain_;  // the files being read, the mapping first
};

/// Every file of the chain is a mapping of its own, of a version that we know.
void Loader::check_heading(const YamlNode& tree, std::uint32_t file) {
  for (const char* word : {"mapping", "version"}) {
    if (tree.find(word) != nullptr) continue;
    const bool version = std::string_view(word) == "version";
    diagnostics_.push_back(
        {DiagnosticCode::key_missing,
         {file, 0, 0, 0},
         {PhraseCode::the_file, word,
          version ? PhraseCode::write_version_1 : PhraseCode::write_mapping_and_a_name}});
  }
  const YamlNode* version = tree.find("version");
  if (version != nullptr && version->is_scalar() && !version->is_nothing() &&
      version->text != "1") {
    diagnostics_.push_back({DiagnosticCode::version_unknown, version->span, {version->text}});
  }
}

bool Loader::parse(const std::string& path, const std::string& raw, YamlNode& tree) {
  const auto file = static_cast<std::uint32_t>(files_.files.size());
  files_.files.push_back({path, without_mark_and_cr(raw)});
  if (!read_tree_file(files_.files.back().text, path, file, tree, diagnostics_)) return false;
  if (!tree.is_map()) {
    diagnostics_.push_back(
        {DiagnosticCode::yaml_invalid,
         tree.span,
         {PhraseCode::a_mapping_is_made_of_lines, PhraseCode::begin_with_mapping}});
    return false;
  }
  check_heading(tree, file);
  report_open_decisions(tree, diagnostics_);
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion): chains are at most kMaxChain long
bool Loader::load_base(const std::string& path, const YamlNode& extends, YamlNode& base) {
  if (!extends.is_scalar() || extends.is_nothing()) {
    return false;  // reported where the word is read
  }
  std::string resolved;
  Phrase problem;
  if (!resolve(path, extends.text, root_, resolved, problem)) {
    diagnostics_.push_back({DiagnosticCode::path_outside, extends.span, {extends.text, problem}});
    return false;
  }
  if (std::find(chain_.begin(), chain_.end(), resolved) != chain_.end()) {
    diagnostics_.push_back({DiagnosticCode::base_circle, extends.span, {extends.text}});
    return false;
  }
  if (chain_.size() >= kMaxChain) {
    diagnostics_.push_back(
        {DiagnosticCode::base_chain_long, extends.span, {std::to_string(kMaxChain)}});
    return false;
  }
  std::string raw;
  Phrase why_not;
  if (!reader_.read(resolved, raw, why_not)) {
    diagnostics_.push_back(
        {DiagnosticCode::base_unreadable, extends.span, {extends.text, why_not}});
    return false;
  }
  YamlNode tree;
  if (!parse(resolved, raw, tree)) return false;
  chain_.push_back(resolved);
  if (const YamlNode* further = tree.find("extends")) {
    if (load_base(resolved, *further, base)) {
      Merge(diagnostics_).run(base, std::move(tree));
      return true;
    }
    complete = false;
  }
  base = std::move(tree);
  return true;
}

/// Sections and columns that are only there to take one of the base out, where there is no base to
/// take it out of.
void drop_removed(YamlNode& tree) {
  std::erase_if(tree.entries,
                [](const YamlEntry& e) { return is_none(e.value) && is_section(e.key.text); });
  YamlNode* columns = tree.find("columns");
  if (columns == nullptr) return;
  std::erase_if(columns->entries, [](const YamlEntry& e) { return is_none(e.value); });
}

bool Loader::load(const std::string& path, YamlNode& tree) {
  std::string raw;
  Phrase why_not;
  if (!reader_.read(path, raw, why_not)) {
    files_.files.push_back({path, ""});
    const auto file = static_cast<std::uint32_t>(files_.files.size() - 1);
    diagnostics_.push_back({DiagnosticCode::file_unreadable, {file, 0, 0, 0}, {path, why_not}});
    return false;
  }
  if (!parse(path, raw, tree)) return false;
  chain_.push_back(std::filesystem::path(path).lexically_normal().string());
  const YamlNode* extends = std::as_const(tree).find("extends");
  if (extends == nullptr) return true;
  YamlNode base;
  if (load_base(path, *extends, base)) {
    Merge(diagnostics_).run(base, std::move(tree));
    tree = std::move(base);
  } else {
    complete = false;
    drop_removed(tree);
  }
  return true;
}

}  // namespace

bool read_with_bases(const std::string& path, FileReader& reader, std::string_view root,
                     Files& files, Diagnostics& diagnostics, YamlNode& tree, bool& complete) {
  Loader loader(reader, root, files, diagnostics);
  const bool loaded = loader.load(path, tree);
  complete = loader.complete;
  return loaded;
}

}  // namespace trama
