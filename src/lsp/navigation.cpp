// textDocument/definition, documentSymbol and formatting.

#include <algorithm>
#include <string_view>

#include "base/phrase_codes.h"
#include "lsp/features.h"
#include "mapping/layout.h"
#include "mapping/paths.h"

namespace trama {
namespace {

std::string location(const std::string& uri, const DocumentText& text, TextRange range) {
  JsonOut json;
  json.open('{').key("uri").text(uri).key("range");
  write_range(json, text, range);
  return json.close('}').take();
}

class Definition {
 public:
  Definition(Workspace& workspace, const Document& document)
      : workspace_(workspace),
        document_(document),
        mapping_(document.mapping()),
        outline_(mapping_.outline()),
        path_(workspace.mapping_of(document)) {}

  std::string json(std::size_t offset) {
    for (const ColumnUse& use : column_uses(mapping_))
      if (!use.name.empty() && use.range.begin < use.range.end && use.range.holds(offset))
        return column(use);
    bool on_key = false;
    const std::uint32_t node = outline_.named_at(offset, on_key);
    if (node == Outline::kNone) return "null";
    if (on_key)
      return mapping_[outline_[node].parent].keys == Keys::tables
                 ? location(document_.uri, document_.text, outline_[node].key())
                 : "null";
    const Word* const word = mapping_[node].word;
    if (word == nullptr) return "null";
    const std::string text = outline_.text_of(node);
    if (word->form == Form::table_or_pairs ||
        (word->section == Section::column && word->name == "rates"))
      return table(text);
    if (word->form == Form::file || word->form == Form::file_or_records ||
        word->form == Form::file_or_rows ||
        (word->section == Section::output && word->name == "schema"))
      return file(text);
    return "null";
  }

 private:
  /// In this text; the nearest around the place where it is used.
  std::string column(const ColumnUse& use) {
    const OutlineColumn* found = nullptr;
    for (const OutlineColumn& one : mapping_.columns()) {
      if (one.name != use.name) continue;
      const std::uint32_t map = outline_[one.node].parent;
      bool around = !one.inner;
      for (std::uint32_t at = use.node; at != 0; at = outline_[at].parent)
        around = around || outline_[at].parent == map;
      if (around && (found == nullptr || one.node > found->node || one.inner)) found = &one;
    }
    if (use.defines) return location(document_.uri, document_.text, outline_[use.node].key());
    if (found != nullptr)
      return location(document_.uri, document_.text, outline_[found->node].key());
    const LoadedMapping* const last = path_.empty() ? nullptr : workspace_.last(path_);
    if (last == nullptr) return "null";
    for (const Column& one : last->mapping.columns)
      if (one.name.text == use.name) return place(*last, one.name.span);
    return "null";
  }

  /// `hoteles.zona` is a column of the table hoteles, unless a table is called so.
  std::string table(const std::string& name) {
    for (const std::string& asked : {name, name.substr(0, name.find('.'))}) {
      if (const std::uint32_t tables = outline_.find(0, "tables"); tables != Outline::kNone)
        if (const std::uint32_t node = outline_.find(tables, asked); node != Outline::kNone)
          return location(document_.uri, document_.text, outline_[node].key());
      const LoadedMapping* const last = path_.empty() ? nullptr : workspace_.last(path_);
      if (last == nullptr) continue;
      for (const Table& one : last->mapping.tables)
        if (one.name.text == asked && one.span.file > 0) return place(*last, one.name.span);
    }
    return "null";
  }

  /// A place of another file of the mapping.
  std::string place(const LoadedMapping& last, const Span& span) {
    if (span.line == 0 || span.file >= last.files.files.size()) return "null";
    const std::string file = whole_path(last.files.files[span.file].name);
    Phrase ignored;
    const std::optional<DocumentText> text = workspace_.text_of(file, ignored);
    return text ? location(workspace_.uri_of(file), *text, text->range_of(span)) : "null";
  }

  std::string file(const std::string& name) {
    std::string resolved;
    Phrase ignored;
    if (path_.empty() || !resolve(path_, name, {}, resolved, ignored)) return "null";
    const std::string whole = whole_path(resolved);
    if (!workspace_.files().is_there(whole)) return "null";
    return location(workspace_.uri_of(whole), DocumentText({}, workspace_.encoding), {});
  }

  Workspace& workspace_;
  const Document& document_;
  const MappingOutline& mapping_;
  const Outline& outline_;
  const std::string path_;
};

/// SymbolKind.
enum class SymbolKind : std::uint8_t {
  section = 3,
  property = 7,
  field = 8,
  table = 23,
  rule = 14
};

class Symbols {
 public:
  Symbols(const Document& document, bool nested)
      : document_(document),
        mapping_(document.mapping()),
        outline_(mapping_.outline()),
        nested_(nested) {}

  std::string json() {
    json_.open('[');
    for (const std::uint32_t node : outline_.children(0)) {
      if (!outline_[node].has_key || !outline_[node].colon) continue;
      const std::string name = outline_.key_of(node);
      const bool container = outline_[node].kind != OutlineNode::Kind::scalar;
      begin(node, name, outline_[node].key(),
            container ? SymbolKind::section : SymbolKind::property, {});
      members(node, name);
      end();
    }
    return json_.close(']').take();
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): each call is for columns inside those before
  void members(std::uint32_t node, const std::string& inside) {
    const Keys keys = mapping_[node].keys;
    for (const std::uint32_t child : outline_.children(node)) {
      if (keys == Keys::columns && outline_[child].has_key) {
        begin(child, outline_.key_of(child), outline_[child].key(), SymbolKind::field, inside);
        if (const std::uint32_t inner = outline_.find(child, "columns");
            inner != Outline::kNone && ++depth_ < kMaxDepth)
          members(inner, outline_.key_of(child));
        end();
      } else if (keys == Keys::tables && outline_[child].has_key) {
        begin(child, outline_.key_of(child), outline_[child].key(), SymbolKind::table, inside);
        end();
      } else if (keys == Keys::words && (mapping_[node].section == Section::rule ||
                                         mapping_[node].section == Section::test)) {
        const std::uint32_t name = outline_.find(child, "name");
        if (name == Outline::kNone || outline_[name].begin == outline_[name].end) continue;
        begin(child, outline_.text_of(name), outline_[name].value(), SymbolKind::rule, inside);
        end();
      }
    }
  }

  void begin(std::uint32_t node, const std::string& name, TextRange named, SymbolKind kind,
             const std::string& inside) {
    const OutlineNode& n = outline_[node];
    const TextRange range{std::min<std::size_t>(n.start(), named.begin),
                          std::max<std::size_t>({n.end, n.key_end, named.end})};
    json_.open('{').key("name").text(name.empty() ? "\"\"" : name);
    json_.key("kind").number(static_cast<std::uint64_t>(kind));
    if (!nested_) {
      if (!inside.empty()) json_.key("containerName").text(inside);
      json_.key("location").open('{').key("uri").text(document_.uri).key("range");
      write_range(json_, document_.text, range);
      json_.close('}').close('}');
      return;
    }
    json_.key("range");
    write_range(json_, document_.text, range);
    json_.key("selectionRange");
    write_range(json_, document_.text, named);
    json_.key("children").open('[');
  }
  void end() {
    if (nested_) json_.close(']').close('}');
  }

  static constexpr int kMaxDepth = 100;
  const Document& document_;
  const MappingOutline& mapping_;
  const Outline& outline_;
  const bool nested_;
  int depth_ = 0;
  JsonOut json_;
};

}  // namespace

std::string definition(Workspace& workspace, const Document& document, Position place) {
  return Definition(workspace, document).json(document.text.offset(place));
}

std::string symbols(const Document& document, bool nested) {
  return Symbols(document, nested).json();
}

Answer format(const Document& document) {
  const std::string& text = document.text.text();
  Diagnostics problems;
  const Layout layout = lay_out(text, 0, problems);
  if (layout.end == Layout::End::unread) return {"null"};
  if (layout.end == Layout::End::refused)
    return {{},
            layout.line > 0 ? Phrase(PhraseCode::cli_fmt_refused_line,
                                     {document.path, std::to_string(layout.line)})
                            : Phrase(PhraseCode::cli_fmt_refused, {document.path})};
  if (layout.text == text) return {"[]"};
  JsonOut json;
  json.open('[').open('{').key("range");
  write_range(json, document.text, {0, text.size()});
  return {json.key("newText").text(layout.text).close('}').close(']').take()};
}

}  // namespace trama
