// RecordReader: proves one frame to be a JSON object as a whole, and finds the wanted fields, in
// one walk over simdjson's structural index (stage 1 has by then proved UTF-8, the ends of strings
// and control characters).
//
// Suppliers write the same keys in the same order in nearly every record. So the reader learns a
// trie of the keys it has seen, its shape, with a guess of which key follows which. A key that is
// guessed right costs one comparison; the trie also finds repeated keys, by a serial number of the
// object in which each key was seen last.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/codes.h"
#include "json/record.h"

namespace trama {

constexpr int kMaxDepth = 128;

/// A path of keys from the top of the record.
using KeyPath = std::vector<std::string>;

/// What a reader is asked for: the same for all threads.
struct WantedFields {
  /// slot(i) is the value at slots[i].
  std::vector<KeyPath> slots;
  /// Whether fields that nobody uses are noted. A pattern says that what lies at or below it is
  /// used; the step "*" stands for any item or key.
  bool watch = false;
  std::vector<KeyPath> used;
};

/// One reader a thread; it learns from each record that it reads.
class RecordReader {
 public:
  explicit RecordReader(const WantedFields& wanted, int max_depth = kMaxDepth);
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// Reads one whole JSON object (RFC 8259 §2).
  ///
  /// `frame`: its bytes, followed by at least 64 readable bytes; must stay until the Nodes are no
  /// longer used. Numbers: only their grammar is checked (RFC 8259 §6); they stay text. Gives:
  /// none; json_syntax, json_not_object, not_utf8, too_deep (its rest is not looked at), or
  /// repeated_key (RFC 8259 §4
  ///          leaves its meaning open: we refuse it; all of it is JSON), at error_byte() from the
  ///          start of `frame`, in the words of error_text().
  Reason read(std::string_view frame);

  [[nodiscard]] std::size_t error_byte() const noexcept { return error_byte_; }
  /// Of json_syntax what is wrong, of repeated_key the key, of json_not_object the kind.
  [[nodiscard]] std::string_view error_text() const noexcept { return error_text_; }

  [[nodiscard]] Node root() const noexcept;
  /// The value at wanted.slots[i], or a missing Node.
  [[nodiscard]] Node slot(std::size_t i) const noexcept;
  [[nodiscard]] std::string_view frame() const noexcept { return {text_, size_}; }

  /// Fields of the record that was read last which no pattern of `used` covers, each topmost one
  /// once, as ids that mean the same as long as the reader lives.
  [[nodiscard]] const std::vector<std::uint32_t>& unused() const noexcept { return unused_; }
  /// The dotted path of such a field.
  [[nodiscard]] std::string unused_path(std::uint32_t id) const;

 private:
  friend class Node;
  friend class NodeCursor;
  struct Stage1;
  struct Key;
  struct Shape;
  enum class Use : std::uint8_t { used, partly, unused, below_unused };

  Reason fail(Reason reason, std::size_t byte, std::string_view text) noexcept;
  Reason refuse(Reason reason, std::size_t byte, std::string_view text) noexcept;
  Reason explain_stage1_error(int error);
  Reason read_unended(std::string_view frame);
  std::string head() const;
  std::uint32_t object(std::uint32_t open, std::uint32_t shape, int depth);
  std::uint32_t list(std::uint32_t open, std::uint32_t shape, int depth);
  bool scalar(std::uint32_t at, char c) noexcept;
  void note(const Key& k, std::uint32_t key, std::uint32_t at);
  std::uint32_t wrong(Reason reason, std::uint32_t at, std::string_view text) noexcept;
  std::size_t find_escape(std::size_t from) const noexcept;
  bool may_have_escapes(std::uint32_t at) const noexcept { return first_escape_ < index_[at + 1]; }
  bool string_is_right(std::uint32_t at) noexcept;
  std::size_t end_of_token(std::uint32_t at) const noexcept;
  JsonKind kind_at(std::uint32_t at) const noexcept;
  std::uint32_t after(std::uint32_t at) const noexcept;

  bool look_up_key(std::uint32_t at, std::uint32_t shape, int depth, std::uint32_t last,
                   std::uint32_t& key);
  std::uint32_t find_key(const Shape& shape, std::string_view name) const noexcept;
  std::uint32_t add_key(std::uint32_t shape, std::string_view name);
  std::uint32_t child_of(std::uint32_t shape, std::uint32_t key);
  std::uint32_t item_shape(std::uint32_t shape);
  std::uint32_t new_shape(std::uint32_t parent, std::uint32_t parent_key);
  void find_repeats(int depth, std::uint32_t at);
  void note_repeat(std::size_t byte, std::string_view name);
  KeyPath path_to(std::uint32_t shape) const;
  Use use_of(std::uint32_t shape, std::string_view name) const;

  std::unique_ptr<Stage1> stage1_;
  const char* text_ = nullptr;
  std::size_t size_ = 0;
  const std::uint32_t* index_ =
      nullptr;  // simdjson's structural index: offsets of {}[]:, and of the first byte of scalars
  std::uint32_t index_size_ = 0;
  std::vector<std::uint32_t>
      close_;  // of an opening bracket's position in the index: that of its closing one
  std::size_t first_escape_ = 0;  // the first backslash, or size_
  std::size_t escape_ = 0;        // the next one that the walk meets

  std::vector<Shape> shapes_;
  std::vector<Key> keys_;
  std::vector<std::string> names_;  // of keys_
  std::size_t name_bytes_ = 0;
  std::uint64_t serial_ = 0;
  std::vector<std::vector<std::string>>
      strangers_;  // by depth: the keys of one object that the trie has no room for
  std::vector<std::uint32_t> slots_;
  std::vector<KeyPath> used_patterns_;
  bool watch_;
  int max_depth_;
  std::vector<std::uint32_t> unused_;

  std::size_t error_byte_ = 0;
  std::string error_text_;
  Reason reason_ = Reason::none;
  bool repeated_ = false;
  std::size_t repeat_byte_ = 0;
  std::string repeated_key_;
  std::string scratch_;
};

// What is done for every column, inline: a Node then stays in registers.

/// One past the last byte of the scalar at `at`: the next structural byte, without the blanks
/// before it.
inline std::size_t RecordReader::end_of_token(std::uint32_t at) const noexcept {
  std::size_t end = index_[at + 1];  // simdjson ends the index with the frame's size
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (end > index_[at] + 1 && is_blank(text_[end - 1])) --end;
  return end;
}

inline JsonKind RecordReader::kind_at(std::uint32_t at) const noexcept {
  const char c = text_[index_[at]];
  switch (c) {
    case '"':
      return JsonKind::text;
    case '{':
      return JsonKind::object;
    case '[':
      return JsonKind::list;
    case 't':
    case 'f':
      return JsonKind::boolean;
    case 'n':
      return JsonKind::null;
    default:
      return c == '-' || (c >= '0' && c <= '9') ? JsonKind::number : JsonKind::missing;
  }
}

inline Node RecordReader::slot(std::size_t i) const noexcept {
  const std::uint32_t at = slots_[i];
  return at == 0 ? Node() : Node(this, at, kind_at(at));
}

inline std::uint32_t Node::byte() const noexcept {
  return reader_ == nullptr ? 0 : reader_->index_[at_];
}

inline std::string_view Node::raw() const noexcept {
  if (reader_ == nullptr) return {};
  const char* begin = reader_->text_ + reader_->index_[at_];
  const bool container = kind_ == JsonKind::list || kind_ == JsonKind::object;
  const std::size_t end =
      container ? reader_->index_[reader_->close_[at_]] + 1 : reader_->end_of_token(at_);
  return {begin, static_cast<std::size_t>(reader_->text_ + end - begin)};
}

inline std::string_view Node::text(Arena& arena) const {
  std::string_view s = raw();
  if (kind_ != JsonKind::text) return s;
  s = s.substr(1, s.size() - 2);
  if (!reader_->may_have_escapes(at_) || s.find('\\') == std::string_view::npos) return s;
  return unescaped(s, arena);
}

}  // namespace trama
