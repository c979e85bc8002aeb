#include "mapping/expanded.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.h"
#include "mapping/base_file.h"
#include "mapping/defaults.h"
#include "mapping/paths.h"

namespace trama {
namespace {

/// Whether a text without quotes is read back as it is, behind a key or a dash.
bool fits_plain(std::string_view text) {
  constexpr auto kNone = std::string_view::npos;
  if (text.empty() || text.find_first_of("\n\t") != kNone) return false;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (text.find(": ") != kNone || text.find(" #") != kNone) return false;
  for (std::size_t at = 0; at < text.size();)
    if (is_unseen(next_code_point(text, at))) return false;
  const bool mark = text.find_first_of("-?:") == 0;  // fine before anything but a blank
  if (mark && (text.size() == 1 || text[1] == ' ')) return false;
  return std::string_view(",[]{}#&*!|>'\"%@`").find(text.front()) == kNone;
}

/// The same between the brackets of a list, to be safe with less.
bool fits_in_brackets(const YamlNode& node) {
  if (!node.is_scalar()) return false;
  if (node.quoted) return true;
  return fits_plain(node.text) &&
         std::string_view("-?:").find(node.text.front()) == std::string_view::npos &&
         node.text.find_first_of(",[]{}:#\"'") == std::string::npos;
}

void append_code(std::string& out, char32_t c) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(),
                c < 0x100     ? "\\x%02x"
                : c <= 0xFFFF ? "\\u%04x"
                              : "\\U%08x",
                static_cast<unsigned>(c));
  out += buffer.data();
}

/// In double quotes. What a mapping may not hold as it is (SourceText::check) is escaped.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const char32_t c = next_code_point(text, at);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (is_unseen(c)) {
      append_code(out, c);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += text.substr(start, at - start);
    }
  }
  return out + '"';
}

std::string scalar(const YamlNode& node) {
  if (node.is_nothing()) return {};
  return node.quoted || !fits_plain(node.text) ? in_quotes(node.text) : node.text;
}

class Writer {
 public:
  Writer(const Files& files, std::string& out) : files_(files), out_(out) {}

  void top(const YamlNode& tree) {
    for (const YamlEntry& entry : tree.entries) {
      if (!entry.value.is_scalar()) out_ += '\n';
      const bool told_inside = !entry.value.entries.empty() ||
                               (!entry.value.items.empty() && one_line(entry.value).empty());
      write_entry(entry, "", 0, told_inside ? std::string() : place(entry.key.span), true);
    }
  }

 private:
  [[nodiscard]] std::string place(const Span& span) const {
    std::string name = files_.files[span.file].name;
    for (char& c : name)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    return "  # " + name + ':' + std::to_string(span.line);
  }

  /// A value that needs no lines of its own: a text, nothing, what is empty, a short list of texts.
  static std::string one_line(const YamlNode& node) {
    constexpr std::size_t kLongest = 80;
    if (node.is_scalar()) return scalar(node);
    if (node.is_map()) return node.entries.empty() ? "{}" : "";
    std::string list = "[";
    for (const YamlNode& item : node.items) {
      if (!fits_in_brackets(item)) return {};
      list += (list.size() > 1 ? ", " : "") + scalar(item);
    }
    list += ']';
    return list.size() > kLongest ? std::string() : list;
  }

  void line(const std::string& text, const std::string& comment) { out_ += text + comment + '\n'; }

  /// `lead`: what stands before the key. `section`: the parts of the value say where they stand.
  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  void write_entry(const YamlEntry& entry, const std::string& lead, std::size_t indent,
                   const std::string& comment, bool section) {
    const YamlNode& value = entry.value;
    const std::string key = lead + scalar(entry.key) + ':';
    if (const std::string text = one_line(value); !text.empty() || value.is_scalar()) {
      line(text.empty() ? key : key + ' ' + text, comment);
      return;
    }
    line(key, comment);
    const std::string blanks(indent + 2, ' ');
    for (const YamlEntry& below : value.entries)
      write_entry(below, blanks, indent + 2, section ? place(below.key.span) : "", false);
    for (const YamlNode& item : value.items)
      write_item(item, indent + 2, section ? place(item.span) : "");
  }

  // NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
  void write_item(const YamlNode& item, std::size_t indent, const std::string& comment) {
    const std::string dash = std::string(indent, ' ') + '-';
    if (const std::string text = one_line(item); !text.empty() || item.is_scalar()) {
      line(text.empty() ? dash : dash + ' ' + text, comment);
      return;
    }
    if (item.is_list()) line(dash, comment);
    for (const YamlNode& below : item.items) write_item(below, indent + 2, "");
    for (const YamlEntry& entry : item.entries) {
      const bool first = &entry == &item.entries.front();
      write_entry(entry, first ? dash + ' ' : std::string(indent + 2, ' '), indent + 2,
                  first ? comment : "", false);
    }
  }

  const Files& files_;
  std::string& out_;
};

/// Table files as this mapping would name them.
void name_from(const std::string& mapping, const Files& files, YamlNode& tree) {
  const auto rename = [&](YamlNode* file) {
    if (file == nullptr || !file->is_scalar()) return;
    file->text = as_named_by(mapping, files.files[file->span.file].name, file->text);
  };
  if (YamlNode* output = tree.find("output")) rename(output->find("schema"));
  YamlNode* tables = tree.find("tables");
  if (tables == nullptr) return;
  for (YamlEntry& table : tables->entries) rename(table.value.find("file"));
}

}  // namespace

std::string expanded_text(const YamlNode& tree, const Files& files) {
  std::string out;
  Writer(files, out).top(tree);
  return out;
}

std::string expand_mapping(const std::string& path, FileReader& reader, std::string_view root) {
  Files files;
  Diagnostics diagnostics;
  YamlNode tree;
  bool complete = true;
  if (!read_with_bases(path, reader, root, files, diagnostics, tree, complete)) return {};
  std::erase_if(tree.entries, [](const YamlEntry& e) { return e.key.text == "extends"; });
  std::vector<Span> keys;
  apply_defaults(tree, keys, diagnostics);
  name_from(path, files, tree);
  return expanded_text(tree, files);
}

}  // namespace trama
