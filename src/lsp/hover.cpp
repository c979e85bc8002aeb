// textDocument/hover.

#include <algorithm>
#include <string_view>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "engine/explain.h"
#include "lsp/features.h"
#include "lsp/path_words.h"
#include "lsp/record_paths.h"
#include "report/explanation.h"
#include "report/shown_text.h"
#include "step/step.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Of a column that reads many paths, those that are shown.
constexpr std::size_t kShownPaths = 5;

const Explanation::Item* item_of(const std::vector<Explanation::Item>& items,
                                 const std::vector<std::string>& way, std::size_t at) {
  for (const Explanation::Item& item : items) {
    if (item.name != way[at]) continue;
    return at + 1 == way.size() ? &item : item_of(item.items, way, at + 1);
  }
  return nullptr;
}

class Hover {
 public:
  Hover(Workspace& workspace, const Document& document)
      : workspace_(workspace),
        document_(document),
        mapping_(document.mapping()),
        outline_(mapping_.outline()),
        path_(workspace.mapping_of(document)) {}

  std::string json(std::size_t offset, bool markdown) {
    bool on_key = false;
    const std::uint32_t node = outline_.named_at(offset, on_key);
    if (node == Outline::kNone) return "null";
    TextRange range = on_key ? outline_[node].key() : outline_[node].value();
    const std::string text = column_at(offset, range);
    std::string said = !text.empty() ? text : on_key ? key(node) : value(node);
    while (said.ends_with('\n')) said.pop_back();
    if (said.empty()) return "null";
    JsonOut json;
    json.open('{').key("contents").open('{');
    json.key("kind").text(markdown ? "markdown" : "plaintext").key("value").text(said).close('}');
    json.key("range");
    write_range(json, document_.text, range);
    return json.close('}').take();
  }

 private:
  /// Of a name of a column, where it is defined or used; `range` is then its own.
  std::string column_at(std::size_t offset, TextRange& range) {
    for (const ColumnUse& use : column_uses(mapping_)) {
      if (use.name.empty() || use.range.begin == use.range.end || !use.range.holds(offset))
        continue;
      range = use.range;
      if (!use.defines) return column({use.name});
      std::vector<std::string> way{use.name};
      for (std::uint32_t at = mapping_.column_around(outline_[use.node].parent);
           at != Outline::kNone; at = mapping_.column_around(outline_[at].parent))
        way.insert(way.begin(), outline_.key_of(at));
      return column(way);
    }
    return {};
  }

  /// What the mapping does with it, as it was right last, and what its fields have in the recorded profile.
  std::string column(const std::vector<std::string>& way) {
    const LoadedMapping* const right = path_.empty() ? nullptr : workspace_.last_right(path_);
    if (right == nullptr) return {};
    std::string out;
    for (const Explanation::Section& section : explain(*right, workspace_.language).sections)
      if (const Explanation::Item* const item = item_of(section.items, way, 0);
          item != nullptr && out.empty())
        out = item_markdown(*item, workspace_.language);
    if (!out.empty() && way.size() == 1) out += fields_of(*right, way.front());
    return out;
  }

  std::string fields_of(const LoadedMapping& right, const std::string& column) {
    const RecordedProfile* const profile = workspace_.profile(path_);
    if (profile == nullptr) return {};
    const ReadPaths reads(*right.plan);
    const auto named = std::find_if(right.plan->columns.begin(), right.plan->columns.end(),
                                    [&](const PlanColumn& one) { return one.name == column; });
    const bool personal = named != right.plan->columns.end() && named->personal;
    std::string out;
    std::size_t shown = 0;
    for (const RecordedPath& path : profile->paths) {
      if (path.values == 0 && path.of(JsonKind::boolean) == 0) continue;
      const std::vector<std::string> readers = reads.readers(path.path);
      if (std::find(readers.begin(), readers.end(), column) == readers.end()) continue;
      if (++shown > kShownPaths) break;
      out += field(path, *profile, personal || reads.is_personal(path.path));
    }
    return out.empty() ? out
                       : "\n" + say(workspace_.language, PhraseCode::lsp_profile) + ":\n\n" + out;
  }

  [[nodiscard]] std::string field(const RecordedPath& path, const RecordedProfile& profile,
                                  bool personal) const {
    Explanation::Item item{.name = path.path};
    item.sentences.push_back(joined(words_of(path, profile, personal, workspace_.language), "; "));
    return item_markdown(item, workspace_.language);
  }

  static std::string word(const Word& word) {
    Explanation::Item item{.name = std::string(word.name)};
    item.sentences.emplace_back(word.about);
    for (const std::string_view value : split_values(word.values))
      item.points.push_back(own(value));
    return item_markdown(item, Language::en) + step(find_step(StepFamily::other, word.name));
  }

  static std::string step(const StepSpec* spec) {
    if (spec == nullptr) return {};
    Explanation::Item item{.name = std::string(spec->word)};
    item.sentences = {std::string(spec->summary), std::string(spec->doc)};
    if (spec->source != "trama") item.sentences.push_back(std::string(spec->source) + '.');
    for (const Example& example : spec->examples) {
      const std::string gives = !example.out.empty()             ? own(example.out)
                                : example.code != RecordCode::ok ? std::string(name(example.code))
                                                                 : "–";
      item.points.push_back((example.column.empty() ? "" : own(example.column) + ": ") +
                            own(example.in) + " → " + gives);
      if (item.points.size() == 3) break;
    }
    return item_markdown(item, Language::en);
  }

  std::string key(std::uint32_t node) {
    const Meaning& map = mapping_[outline_[node].parent];
    if (map.keys == Keys::words) {
      const Word* const found = find_word(map.section, outline_.key_of(node));
      return found == nullptr ? std::string() : word(*found);
    }
    return map.keys == Keys::fields ? path(node, outline_.key_of(node)) : std::string();
  }

  std::string value(std::uint32_t node) {
    const Word* const of = mapping_[node].word;
    if (of == nullptr) return {};
    const std::string text = outline_.text_of(node);
    switch (of->form) {
      case Form::step:
      case Form::steps:
        return step(find_step(of->form == Form::step ? StepFamily::type : StepFamily::text, text));
      case Form::word:
      case Form::words:
      case Form::action:
      case Form::format:
        return word(*of);
      case Form::path:
      case Form::paths:
      case Form::path_or_from:
      case Form::sources:
      case Form::row_items:
      case Form::path_or_conditions:
      case Form::toggle_or_paths:
        return path(node, text);
      default:
        return {};
    }
  }

  std::string path(std::uint32_t node, const std::string& text) {
    const RecordedProfile* const profile = path_.empty() ? nullptr : workspace_.profile(path_);
    const RecordedPath* const found =
        profile == nullptr ? nullptr : recorded_path(mapping_, node, *profile, text);
    if (found == nullptr) return {};
    const LoadedMapping* const right = workspace_.last_right(path_);
    const std::uint32_t column = mapping_.column_around(node);
    const bool personal =
        right == nullptr || ReadPaths(*right->plan).is_personal(found->path) ||
        (column != Outline::kNone && mapping_.text_below(column, "personal") == "yes");
    return field(*found, *profile, personal);
  }

  Workspace& workspace_;
  const Document& document_;
  const MappingOutline& mapping_;
  const Outline& outline_;
  const std::string path_;
};

}  // namespace

std::string hover(Workspace& workspace, const Document& document, Position place, bool markdown) {
  return Hover(workspace, document).json(document.text.offset(place), markdown);
}

}  // namespace trama
