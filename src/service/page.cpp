#include "service/page.h"

#include <charconv>
#include <utility>

#include "base/phrase_codes.h"
#include "json/json_text.h"

namespace trama {

WantedFields Page::wanted() {
  WantedFields wanted;
  wanted.lists = true;
  return wanted;
}

Phrase Page::read(std::string bytes) {
  arena_.reset();
  bytes_ = std::move(bytes);
  if (bytes_.starts_with("\xEF\xBB\xBF")) bytes_.erase(0, 3);
  const std::size_t size = bytes_.size();
  bytes_.append(kReadBehind, '\0');
  const Reason reason = reader_.read(std::string_view(bytes_).substr(0, size));
  if (reason == Reason::none) return {};
  return {PhraseCode::pull_page_broken, {std::to_string(reader_.error_byte())}};
}

Node Page::step_into(const Node& node, const Path::Step& step, bool pointer) {
  if (step.kind == Path::StepKind::index) return node.item(step.index);
  if (pointer && node.kind() == JsonKind::list && is_number(step.key)) {  // RFC 6901 §4
    std::int64_t index = 0;
    std::from_chars(step.key.data(), step.key.data() + step.key.size(), index);
    return node.item(index);
  }
  return node.member(step.key, arena_);
}

Node Page::walk(const Path& path, std::size_t steps) {
  Node node = root();
  for (std::size_t i = 0; i < steps && node.exists(); ++i)
    node = step_into(node, path.steps[i], path.from_top);
  return node;
}

Node Page::at(const Path& path) {
  return walk(path, path.steps.size());
}

bool Page::has_above(const Path& path) {
  if (path.steps.empty()) return true;
  const JsonKind kind = walk(path, path.steps.size() - 1).kind();
  return kind == JsonKind::object || kind == JsonKind::list;
}

std::vector<std::string> Page::keys() {
  constexpr std::size_t kMost = 1000;
  std::vector<std::string> keys;
  if (root().kind() != JsonKind::object) return keys;
  for (NodeCursor cursor(root()); keys.size() < kMost && cursor.next();)
    keys.emplace_back(cursor.key().text(arena_));
  return keys;
}

bool Page::has_key(const std::string& key) {
  return root().kind() == JsonKind::object && root().member(key, arena_).exists();
}

void Page::each(const Path& path, const std::function<bool(const Node&)>& take) {
  each_below(root(), path, 0, take);
}

bool Page::each_below(const Node& node, const Path& path, std::size_t step,
                      const std::function<bool(const Node&)>& take) {
  if (!node.exists()) return true;
  if (step == path.steps.size()) return take(node);
  const Path::Step& at = path.steps[step];
  const bool items = at.kind == Path::StepKind::items;
  if (!items && at.kind != Path::StepKind::entries)
    return each_below(step_into(node, at, path.from_top), path, step + 1, take);
  if (node.kind() != (items ? JsonKind::list : JsonKind::object)) return true;
  for (NodeCursor cursor(node); cursor.next();)
    if (!each_below(cursor.value(), path, step + 1, take)) return false;
  return true;
}

std::string Page::text_of(const Node& node) {
  return std::string(node.text(arena_));
}

}  // namespace trama
