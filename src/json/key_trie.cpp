#include "json/key_trie.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <limits>
#include <utility>

#include "base/check.h"
#include "json/json_text.h"

namespace trama {
namespace {

// What the trie may learn beside the keys that are wanted.
constexpr std::size_t kMaxKeys = 8192;
constexpr std::size_t kMaxNameBytes = std::size_t{256} * 1024;
constexpr std::size_t kKeysWithoutIndex = 8;
// Nor does it grow with every new nesting of lists and unlearned keys: past this many shapes all
// share one without keys.
constexpr std::size_t kMaxShapes = 16384;

std::size_t hash_of(std::string_view name) noexcept {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  std::memcpy(&head, name.data(), std::min<std::size_t>(8, name.size()));
  if (name.size() > 8) std::memcpy(&tail, name.data() + name.size() - 8, 8);
  const std::uint64_t h = (head ^ (tail << 1U) ^ name.size()) * 0x9e3779b97f4a7c15U;
  return static_cast<std::size_t>(h >> 40U);
}

void set_pattern(KeyTrie::Key& key, std::string_view written) noexcept {
  const bool fits = written.size() <= KeyTrie::Key::kPatternBytes;
  if (!fits || written.find('\\') != std::string_view::npos) return;
  std::fill(std::begin(key.pattern), std::end(key.pattern), '\0');
  std::memcpy(key.pattern, written.data(), written.size());
  key.any_bytes = written.size() == KeyTrie::Key::kPatternBytes ? 0U : ~0U << written.size();
}

}  // namespace

KeyTrie::KeyTrie(const WantedFields& wanted)
    : room_for_keys_(kMaxKeys),
      room_for_names_(kMaxNameBytes),
      room_for_shapes_(std::numeric_limits<std::size_t>::max()),
      used_patterns_(wanted.used),
      watch_(wanted.watch) {
  new_shape(nullptr, nullptr);
  Shape& full = new_shape(nullptr, nullptr);
  full.items = full.strangers = &full;
  full.room = 0;
  stranger_.next = &stranger_;
  stranger_.field = &strange_field_;
  for (std::size_t i = 0; i < wanted.slots.size(); ++i) {
    Shape* shape = &root();
    Key* key = nullptr;
    for (const std::string& name : wanted.slots[i]) {
      if (key != nullptr) shape = &child(*shape, *key);
      key = find(*shape, name);
      if (key == nullptr) key = &add(*shape, name);
    }
    TRAMA_CHECK(key != nullptr && (key->noted & ~Key::kUnused) == 0);
    key->noted |= static_cast<std::uint32_t>(i + 1);
  }
  room_for_shapes_ = kMaxShapes;
}

KeyTrie::Shape& KeyTrie::new_shape(Shape* parent, Key* parent_key) {
  if (room_for_shapes_ == 0) return shapes_[1];
  --room_for_shapes_;
  Shape& shape = shapes_.emplace_back();
  shape.parent = parent;
  shape.parent_key = parent_key;
  shape.first = &stranger_;
  return shape;
}

KeyTrie::Key* KeyTrie::find(const Shape& shape, std::string_view name) noexcept {
  if (shape.index.empty()) {
    for (Key* const key : shape.keys)
      if (key->field->name == name) return key;
    return nullptr;
  }
  const std::size_t mask = shape.index.size() - 1;
  for (std::size_t i = hash_of(name) & mask;; i = (i + 1) & mask) {
    Key* const key = shape.index[i];
    if (key == nullptr || key->field->name == name) return key;
  }
}

void KeyTrie::put_in_index(Shape& shape, Key& key) noexcept {
  const std::size_t mask = shape.index.size() - 1;
  std::size_t i = hash_of(key.field->name) & mask;
  while (shape.index[i] != nullptr) i = (i + 1) & mask;
  shape.index[i] = &key;
}

/// Adds a key that the shape does not have.
KeyTrie::Key& KeyTrie::add(Shape& shape, std::string_view name) {
  Field& field = fields_.emplace_back();
  field.name = name;
  field.shape = &shape;
  field.use = watch_ ? use_of(shape, name) : Use::used;
  Key& key = keys_.emplace_back();
  key.field = &field;
  key.next = &stranger_;
  if (field.use == Use::unused) key.noted = Key::kUnused;
  if (name.find('"') == std::string_view::npos) set_pattern(key, '"' + field.name + "\":");
  shape.keys.push_back(&key);
  if (shape.keys.size() <= kKeysWithoutIndex) return key;
  if (shape.keys.size() * 2 > shape.index.size()) {
    shape.index.assign(std::bit_ceil(shape.keys.size() * 4), nullptr);
    for (Key* const k : shape.keys) put_in_index(shape, *k);
  } else {
    put_in_index(shape, key);
  }
  return key;
}

KeyTrie::Key& KeyTrie::learn(Shape& shape, std::string_view name, std::string_view written) {
  Key* key = find(shape, name);
  if (key == nullptr) {
    if (shape.room == 0 || room_for_keys_ == 0 || room_for_names_ < name.size()) {
      stranger_.seen_in = 0;  // two strangers are not one key
      if (watch_)
        strange_field_.use = &shape == &shapes_[1] ? Use::below_unused : use_of(shape, name);
      return stranger_;
    }
    --shape.room;
    --room_for_keys_;
    room_for_names_ -= name.size();
    key = &add(shape, name);
  }
  if (name.find('"') == std::string_view::npos && !key->fits(written.data()))
    set_pattern(*key, written);
  return *key;
}

KeyTrie::Key* KeyTrie::one_of(Others& others, Key* guessed, const char* bytes) noexcept {
  for (Key*& key : others.keys) {
    if (key == nullptr) return nullptr;
    if (key->fits(bytes)) return std::exchange(key, guessed);
  }
  return nullptr;
}

void KeyTrie::add_guess(Others& others, Key* guessed) noexcept {
  if (guessed == &stranger_) return;
  std::copy_backward(std::begin(others.keys), std::end(others.keys) - 1, std::end(others.keys));
  others.keys[0] = guessed;
}

KeyTrie::Shape& KeyTrie::child(Shape& shape, Key& key) {
  if (&key == &stranger_) {
    if (watch_ && strange_field_.use != Use::partly) return shapes_[1];
    if (shape.strangers == nullptr) shape.strangers = &new_shape(&shape, nullptr);
    return *shape.strangers;
  }
  Shape*& below = key.field->child;
  if (below == nullptr) below = &new_shape(&shape, &key);
  return *below;
}

KeyTrie::Shape& KeyTrie::items(Shape& shape) {
  if (shape.items == nullptr) shape.items = &new_shape(&shape, nullptr);
  return *shape.items;
}

namespace {

KeyPath path_to(const KeyTrie::Shape& shape) {
  KeyPath path;
  for (const KeyTrie::Shape* s = &shape; s->parent != nullptr; s = s->parent)
    path.emplace_back(s->parent_key == nullptr ? kAnything : s->parent_key->field->name);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace

KeyTrie::Use KeyTrie::use_of(const Shape& shape, std::string_view name) const {
  for (const Shape* s = &shape; s->parent != nullptr; s = s->parent) {
    if (s->parent_key == nullptr) continue;
    if (s->parent_key->field->use >= Use::unused) return Use::below_unused;
    if (s->parent_key->field->use == Use::used) return Use::used;
  }
  KeyPath path = path_to(shape);
  path.emplace_back(name);
  bool partly = false;
  for (const KeyPath& pattern : used_patterns_) {
    const std::size_t common = std::min(pattern.size(), path.size());
    bool fits = true;
    for (std::size_t i = 0; i < common && fits; ++i)
      fits = pattern[i] == kAnything || pattern[i] == path[i] ||
             (pattern[i] == kItemOrNumber && (path[i] == kAnything || is_number(path[i])));
    if (fits && pattern.size() <= path.size()) return Use::used;
    partly = partly || fits;
  }
  return partly ? Use::partly : Use::unused;
}

std::string KeyTrie::path(const Key& key) const {
  std::string path;
  KeyPath steps = path_to(*key.field->shape);
  steps.push_back(key.field->name);
  for (const std::string& step : steps) {
    if (step == kAnything) {
      path += "[*]";
      continue;
    }
    if (!path.empty()) path += '.';
    const bool plain = !step.empty() && step.find_first_of(".[{\"") == std::string::npos;
    if (plain)
      path += step;
    else
      append_json_string(path, step);
  }
  return path;
}

}  // namespace trama
