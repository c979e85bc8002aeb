// textDocument/prepareRename and rename of a column.
//
// Every place that names it is found by what it means (lsp/meaning), in the mapping and in the tests beside it. Then
// the mapping is loaded with the change: where it has errors that it had not, nothing is given back. So an output schema
// that wants the old name, or a place that was not found, is reported instead of broken.

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"
#include "base/utf8.h"
#include "infer/yaml_text.h"
#include "lsp/features.h"
#include "mapping/expression_scanner.h"
#include "text/catalogue.h"

namespace trama {
namespace {

constexpr std::size_t kMaxNameCharacters = 200;

struct Edit {
  TextRange range;
  std::string text;
};

/// A file with its text as it is.
struct File {
  std::string path;
  std::string uri;
  DocumentText text;
  std::vector<Edit> edits{};
};

bool is_good_name(const std::string& name) {
  if (name.empty() || trim(name) != name || count_code_points(name) > kMaxNameCharacters)
    return false;
  for (std::size_t at = 0; at < name.size();) {
    const char32_t c = next_code_point(name, at);
    if (c != ' ' && is_unseen(c)) return false;
  }
  return true;
}

/// As an expression writes it (rule 6.3).
std::string in_expression(const std::string& name) {
  Expression read;
  Diagnostics problems;
  Text text;
  text.text = name;
  const bool plain = parse_expression(text, read, problems) && read.nodes.size() == 1 &&
                     read.nodes.front().form == ExpressionNode::Form::column &&
                     read.nodes.front().text == name;
  if (plain) return name;
  const char quote = name.find('"') == std::string::npos ? '"' : '\'';
  std::string out = std::string("column ") + quote;
  for (const char c : name) out.append(c == quote ? 2 : 1, c);  // a doubled quote stands for itself
  return out + quote;
}

class Renaming {
 public:
  Renaming(Workspace& workspace, const Document& document)
      : workspace_(workspace), document_(document), path_(workspace.mapping_of(document)) {}

  /// The name at a place; "" with the reason.
  std::string name_at(std::size_t offset, TextRange& range, Phrase& refused) {
    refused = PhraseCode::lsp_rename_no_column;
    if (path_.empty()) return {};
    const MappingOutline& mapping = document_.mapping();
    for (const ColumnUse& use : column_uses(mapping)) {
      if (use.name.empty() || use.range.begin == use.range.end || !use.range.holds(offset))
        continue;
      range = use.range;
      const bool tests = path_ != document_.path;
      if (!tests && is_inner(mapping, use)) {
        refused = Phrase(PhraseCode::lsp_rename_in_each, {use.name});
        return {};
      }
      if (!is_own(use.name, refused)) return {};
      refused = {};
      return use.name;
    }
    return {};
  }

  Answer rename(std::size_t offset, const std::string& name) {
    TextRange range;
    Answer answer;
    const std::string old = name_at(offset, range, answer.refused);
    if (old.empty()) return answer;
    if (!is_good_name(name)) return {{}, PhraseCode::lsp_rename_bad_name};
    if (name == old) return {R"({"changes": {}})"};
    if (const Column* const other = column(*fresh_, name); other != nullptr)
      return {{}, Phrase(PhraseCode::lsp_rename_clash, {name, std::to_string(other->span.line)})};
    std::vector<std::string> paths = workspace_.tests_of(path_);
    paths.insert(paths.begin(), path_);
    std::vector<File> files;
    for (const std::string& path : paths) {
      Phrase why_not;
      std::optional<DocumentText> text = workspace_.text_of(path, why_not);
      if (!text) continue;  // `check` reports it
      File& file = files.emplace_back(File{path, workspace_.uri_of(path), std::move(*text)});
      if (!find_edits(file, old, name, answer.refused)) return answer;
    }
    if (!holds(files, name, answer.refused)) return answer;
    return {written(files)};
  }

 private:
  static const Column* column(const LoadedMapping& loaded, const std::string& name) {
    const auto& columns = loaded.mapping.columns;
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& one) { return one.name.text == name; });
    return found == columns.end() ? nullptr : &*found;
  }

  /// Whether the mapping itself defines the column, and none of its bases.
  bool is_own(const std::string& name, Phrase& refused) {
    fresh_ = std::make_unique<LoadedMapping>(workspace_.load(path_));
    const Column* const found = column(*fresh_, name);
    if (found == nullptr) return false;
    for (std::size_t i = 1; i < fresh_->files.files.size() && extends(); ++i) {
      const std::string& file = fresh_->files.files[i].name;
      if (found->name.span.file == i || is_in_base(whole_path(file), name)) {
        refused = Phrase(PhraseCode::lsp_rename_of_base, {name, file.substr(file.rfind('/') + 1)});
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool extends() const { return fresh_->mapping.extends.stated(); }

  bool is_in_base(const std::string& file, const std::string& name) {
    const bool yaml = file.ends_with(".yaml") || file.ends_with(".yml");
    if (!yaml || file.ends_with(".test.yaml")) return false;
    Phrase ignored;
    const std::optional<DocumentText> text = workspace_.text_of(file, ignored);
    if (!text) return false;
    const MappingOutline mapping(text->text());
    return std::any_of(mapping.columns().begin(), mapping.columns().end(),
                       [&](const OutlineColumn& one) { return !one.inner && one.name == name; });
  }

  /// Whether the name at a use is that of a column of an `each` around it.
  static bool is_inner(const MappingOutline& mapping, const ColumnUse& use) {
    const Outline& outline = mapping.outline();
    for (const OutlineColumn& one : mapping.columns()) {
      if (!one.inner || one.name != use.name) continue;
      const std::uint32_t map = outline[one.node].parent;
      for (std::uint32_t at = use.node; at != 0; at = outline[at].parent)
        if (outline[at].parent == map) return true;
    }
    return false;
  }

  bool find_edits(File& file, const std::string& old, const std::string& name, Phrase& refused) {
    const MappingOutline mapping(file.text.text());
    const Outline& outline = mapping.outline();
    for (const ColumnUse& use : column_uses(mapping)) {
      const OutlineNode& node = outline[use.node];
      const bool is_wrong = use.name.empty();  // an expression that is not read
      const std::string_view written = outline.text().substr(node.begin, node.end - node.begin);
      if (is_wrong ? written.find(old) == std::string_view::npos : use.name != old) continue;
      if (is_inner(mapping, use)) continue;
      if (use.range.begin == use.range.end) {
        const std::uint32_t line = file.text.position(node.begin).line + 1;
        refused =
            Phrase(PhraseCode::lsp_rename_by_hand,
                   {old, file.path.substr(file.path.rfind('/') + 1) + ':' + std::to_string(line)});
        return false;
      }
      file.edits.push_back({use.range, as_written(outline, use, name)});
    }
    return true;
  }

  /// The new name as the place needs it.
  static std::string as_written(const Outline& outline, const ColumnUse& use,
                                const std::string& name) {
    const char quote =
        outline.text()[use.in_expression ? outline[use.node].begin : use.range.begin];
    if (!use.in_expression)
      return quote == '"' || quote == '\'' ? yaml_quoted(name) : yaml_scalar(name);
    const std::string_view old =
        outline.text().substr(use.range.begin, use.range.end - use.range.begin);
    const bool bracket =
        outline.text().substr(use.range.end, 1) == "[" && old.find(' ') == std::string_view::npos;
    std::string text = bracket ? name : in_expression(name);
    if (quote == '"') {
      const std::string inside = yaml_quoted(text);
      return inside.substr(1, inside.size() - 2);
    }
    std::string out;
    for (const char c : text) out.append(quote == '\'' && c == '\'' ? 2 : 1, c);
    return out;
  }

  static std::string with_edits(const File& file) {
    std::string text = file.text.text();
    for (auto edit = file.edits.rbegin(); edit != file.edits.rend(); ++edit)
      text.replace(edit->range.begin, edit->range.end - edit->range.begin, edit->text);
    return text;
  }

  /// Whether the mapping, loaded with the change, has the column and no error that it had not.
  bool holds(const std::vector<File>& files, const std::string& name, Phrase& refused) {
    std::map<std::string, std::string> texts;
    std::vector<std::string> tests;
    for (const File& file : files) {
      texts[file.path] = with_edits(file);
      if (file.path != path_) tests.push_back(file.path);
    }
    OpenFiles changed([&](const std::string& path) -> const std::string* {
      const auto found = texts.find(path);
      if (found != texts.end()) return &found->second;
      Phrase ignored;
      std::string text;
      if (!workspace_.files().read(path, text, ignored)) return nullptr;
      return &(texts[path] = std::move(text));
    });
    const LoadedMapping after = load_mapping(path_, {}, changed, tests);
    const auto errors = [](const LoadedMapping& loaded) {
      std::map<DiagnosticCode, std::size_t> counts;
      for (const Diagnostic& one : loaded.diagnostics)
        if (severity(one.code) == Severity::error) ++counts[one.code];
      return counts;
    };
    const std::map<DiagnosticCode, std::size_t> before = errors(*fresh_);
    for (const auto& [code, count] : errors(after)) {
      const auto known = before.find(code);
      if (known != before.end() && known->second >= count) continue;
      const auto problem = std::find_if(after.diagnostics.begin(), after.diagnostics.end(),
                                        [&](const Diagnostic& one) { return one.code == code; });
      refused = Phrase(PhraseCode::lsp_rename_breaks, {name, say(workspace_.language, *problem)});
      return false;
    }
    if (column(after, name) != nullptr) return true;
    refused = PhraseCode::lsp_rename_bad_name;
    return false;
  }

  static std::string written(const std::vector<File>& files) {
    JsonOut json;
    json.open('{').key("changes").open('{');
    for (const File& file : files) {
      if (file.edits.empty()) continue;
      json.key(file.uri).open('[');
      for (const Edit& edit : file.edits) {
        json.open('{').key("range");
        write_range(json, file.text, edit.range);
        json.key("newText").text(edit.text).close('}');
      }
      json.close(']');
    }
    return json.close('}').close('}').take();
  }

  Workspace& workspace_;
  const Document& document_;
  const std::string path_;
  std::unique_ptr<LoadedMapping> fresh_;  // the mapping as it is now
};

}  // namespace

Answer prepare_rename(Workspace& workspace, const Document& document, Position place) {
  TextRange range;
  Answer answer;
  const std::string name =
      Renaming(workspace, document).name_at(document.text.offset(place), range, answer.refused);
  if (name.empty()) return answer;
  JsonOut json;
  json.open('{').key("range");
  write_range(json, document.text, range);
  answer.json = json.key("placeholder").text(name).close('}').take();
  return answer;
}

Answer rename(Workspace& workspace, const Document& document, Position place,
              const std::string& name) {
  return Renaming(workspace, document).rename(document.text.offset(place), name);
}

}  // namespace trama
