#include "lsp/record_paths.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace trama {
namespace {

/// Paths of the profile that begin with `from` may be written with `written` in its place.
struct Beginning {
  std::string written;
  std::string from;
};

class Beginnings {
 public:
  Beginnings(const MappingOutline& mapping, std::uint32_t node)
      : mapping_(mapping), outline_(mapping.outline()) {
    if (mapping_.top_of(node) == "columns") rows();
    objects(node);
    items(node);
  }

  [[nodiscard]] const std::vector<Beginning>& all() const noexcept { return all_; }

 private:
  /// As the profile has it: what the longest name at its beginning stands for.
  [[nodiscard]] std::string whole(const std::string& path) const {
    const Beginning* best = &all_.front();
    for (const Beginning& one : all_) {
      const std::string_view name(one.written.data(),
                                  one.written.size() - (one.written.empty() ? 0 : 1));
      if (one.written.size() > best->written.size() &&
          (path.starts_with(one.written) || path == name))
        best = &one;
    }
    if (path.size() < best->written.size()) return best->from.substr(0, best->from.size() - 1);
    return best->from + path.substr(best->written.size());
  }

  /// Of a list, or of `{*}` of an object.
  [[nodiscard]] std::string item_of(const std::string& list) const {
    const std::string path = whole(list);
    return path.empty() || path.ends_with("{*}") || path.ends_with("[*]") ? path + "."
                                                                          : path + "[*].";
  }

  void rows() {
    const std::uint32_t rows = outline_.find(0, "rows");
    if (rows == Outline::kNone) return;
    std::vector<std::uint32_t> levels{rows};
    if (outline_[rows].kind == OutlineNode::Kind::list) levels = outline_.children(rows);
    for (const std::uint32_t level : levels) {
      const std::uint32_t one_per = outline_.find(level, "one_per");
      const std::uint32_t called = outline_.find(level, "called");
      if (one_per == Outline::kNone || called == Outline::kNone) continue;
      const std::vector<std::uint32_t> lists = outline_.scalars(one_per);
      const std::vector<std::uint32_t> names = outline_.scalars(called);
      for (std::size_t i = 0; i < std::min(lists.size(), names.size()); ++i)
        all_.push_back({outline_.text_of(names[i]) + ".", item_of(outline_.text_of(lists[i]))});
    }
  }

  /// Of the `each` that the node is in, the outer ones first.
  void objects(std::uint32_t node) {
    std::vector<std::uint32_t> around;
    for (std::uint32_t at = mapping_.column_around(node); at != Outline::kNone;
         at = mapping_.column_around(outline_[at].parent)) {
      const std::uint32_t columns = outline_.find(at, "columns");
      for (std::uint32_t in = node; columns != Outline::kNone && in > columns;
           in = outline_[in].parent)
        if (outline_[in].parent == columns) around.push_back(at);
    }
    for (auto column = around.rbegin(); column != around.rend(); ++column) {
      std::string called = mapping_.text_below(*column, "called");
      if (called.empty()) called = "item";
      all_.push_back({called + ".", item_of(mapping_.text_below(*column, "each"))});
    }
  }

  /// In `where`, `take`, … of a list: its items are meant.
  void items(std::uint32_t node) {
    for (std::uint32_t in = node; in != 0; in = outline_[in].parent) {
      const std::uint32_t map = outline_[in].parent;
      if (!outline_[in].has_key) continue;
      const std::string word = outline_.key_of(in);
      const std::string list = mapping_.text_below(map, "list");
      const bool of_pick = !list.empty() && (word == "where" || word == "take" ||
                                             word == "highest" || word == "lowest");
      const std::string each = mapping_.text_below(map, word == "where" ? "each" : "");
      const std::string rows = mapping_.text_below(map, word == "where" ? "one_per" : "");
      if (!of_pick && each.empty() && rows.empty()) continue;
      const std::string from = item_of(of_pick ? list : each.empty() ? rows : each);
      all_.assign(1, {"", from});
      return;
    }
  }

  const MappingOutline& mapping_;
  const Outline& outline_;
  std::vector<Beginning> all_{{"", ""}};
};

}  // namespace

std::vector<WrittenPath> written_paths(const MappingOutline& mapping, std::uint32_t node,
                                       const RecordedProfile& profile) {
  std::vector<WrittenPath> out;
  const Beginnings beginnings(mapping, node);
  for (auto one = beginnings.all().rbegin(); one != beginnings.all().rend(); ++one)
    for (const RecordedPath& path : profile.paths) {
      const bool item = path.path.size() + 1 == one->from.size() && !one->written.empty() &&
                        one->from.starts_with(path.path);
      if (item) out.push_back({one->written.substr(0, one->written.size() - 1), &path});
      if (path.path.size() > one->from.size() && path.path.starts_with(one->from))
        out.push_back({one->written + path.path.substr(one->from.size()), &path});
    }
  return out;
}

const RecordedPath* recorded_path(const MappingOutline& mapping, std::uint32_t node,
                                  const RecordedProfile& profile, const std::string& text) {
  for (const WrittenPath& one : written_paths(mapping, node, profile))
    if (one.text == text) return one.path;
  return nullptr;
}

}  // namespace trama
