#include "mapping/layout.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "mapping/source_text.h"
#include "mapping/yaml_lines.h"
#include "mapping/yaml_tree.h"

namespace trama {
namespace {

using Kind = YamlLine::Kind;

/// Spaces before a comment behind a text, at least.
constexpr std::size_t kGap = 2;

/// Comments of lines one after the other that begin in one column are one block of comments, and
/// stay so. It stays in its column where it has one of its own; one that begins right behind the
/// longest of its lines goes with it.
void align_comments(std::vector<YamlLine>& lines) {
  for (std::size_t i = 0; i < lines.size();) {
    const std::size_t column = lines[i].comment_column;
    if (lines[i].kind != Kind::text || lines[i].comment.empty()) {
      ++i;
      continue;
    }
    std::size_t end = i;
    std::size_t widest = 0;
    bool close = false;
    for (; end < lines.size() && !lines[end].comment.empty() && lines[end].comment_column == column;
         ++end) {
      if (lines[end].kind != Kind::text) continue;
      widest = std::max(widest, count_code_points(lines[end].text));
      close = close || lines[end].gap <= kGap;
    }
    const std::size_t to = close ? widest + kGap : std::max(column, widest + kGap);
    for (; i < end; ++i) {
      std::string& text = lines[i].text;
      if (lines[i].kind == Kind::comment) text.clear();
      text.append(to - count_code_points(text), ' ');
    }
  }
}

/// Where a section begins, and behind one: the line before which an empty line has to be, which is
/// the first of the comments right above it.
std::vector<bool> empty_lines_wanted(const std::vector<YamlLine>& lines) {
  std::vector<bool> wanted(lines.size());
  const YamlLine* above = nullptr;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].top) continue;
    std::size_t first = i;
    while (first > 0 && lines[first - 1].kind == Kind::comment && lines[first - 1].text.empty())
      --first;
    if (above != nullptr) wanted[first] = above->section || lines[i].section;
    above = &lines[i];
  }
  return wanted;
}

/// Never two empty lines, none at the beginning or the end.
std::string written(YamlLines scanned) {
  std::vector<YamlLine>& lines = scanned.lines;
  align_comments(lines);
  const std::vector<bool> wanted = empty_lines_wanted(lines);
  std::string out;
  bool empty_line = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    empty_line = empty_line || lines[i].kind == Kind::blank || wanted[i];
    if (lines[i].kind == Kind::blank) continue;
    if (empty_line && !out.empty()) out += '\n';
    empty_line = false;
    (out += lines[i].text).append(lines[i].comment) += '\n';
  }
  if (scanned.open_end) out.pop_back();
  return out;
}

// NOLINTNEXTLINE(misc-no-recursion): trees are at most kMaxYamlDepth deep
bool same_tree(const YamlNode& a, const YamlNode& b) {
  const auto same_entry = [](const YamlEntry& x, const YamlEntry& y) {
    return same_tree(x.key, y.key) && same_tree(x.value, y.value);
  };
  return a.kind == b.kind && a.quoted == b.quoted && a.text == b.text &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_tree) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                    same_entry);
}

std::string without_spaces(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && c != '\t' && c != '\n'; });
  return out;
}

bool same_comments(const std::vector<YamlLine>& a, const std::vector<YamlLine>& b) {
  const auto comments_of = [](const std::vector<YamlLine>& lines) {
    std::vector<std::string_view> comments;
    for (const YamlLine& line : lines)
      if (!line.comment.empty()) comments.push_back(line.comment);
    return comments;
  };
  return comments_of(a) == comments_of(b);
}

/// See lay_out().
bool proved(std::string_view text, const YamlNode& tree, const YamlLines& lines,
            const std::string& laid_out) {
  YamlNode other;
  Diagnostics problems;
  if (!read_yaml(laid_out, 0, other, problems) || !problems.empty()) return false;
  const YamlLines other_lines = scan_yaml_lines(laid_out);
  return other_lines.refused == 0 && same_tree(tree, other) &&
         without_spaces(text) == without_spaces(laid_out) &&
         same_comments(lines.lines, other_lines.lines) && written(other_lines) == laid_out;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

}  // namespace

Layout lay_out(std::string_view raw, std::uint32_t file, Diagnostics& diagnostics) {
  const std::string text = without_mark_and_cr(raw);
  YamlNode tree;
  Diagnostics problems;
  const bool read = read_yaml(text, file, tree, problems);
  if (!read || !problems.empty()) {
    diagnostics.insert(diagnostics.end(), problems.begin(), problems.end());
    return {.end = Layout::End::unread, .text = {}};
  }
  const YamlLines lines = scan_yaml_lines(text);
  if (lines.refused > 0) return {Layout::End::refused, {}, lines.refused};
  std::string laid_out = written(lines);
  if (laid_out != text && !proved(text, tree, lines, laid_out))
    return {.end = Layout::End::refused, .text = {}};
  const std::size_t end = raw.find('\n');
  const bool crlf = end != std::string_view::npos && end > 0 && raw[end - 1] == '\r';
  return {.end = Layout::End::done, .text = crlf ? with_crlf(laid_out) : std::move(laid_out)};
}

}  // namespace trama
