// RecordReader: proves one frame to be a JSON object as a whole, and finds the wanted fields, in
// one walk over simdjson's structural index (stage 1 has by then proved UTF-8, the ends of strings
// and control characters).
//
// It learns the keys of the records that it reads in a KeyTrie, which guesses the next key and
// finds repeated ones.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/codes.h"
#include "json/key_trie.h"
#include "json/record.h"

namespace trama {

constexpr int kMaxDepth = 128;
/// Readable bytes that follow what is read.
constexpr std::size_t kReadBehind = 64;
/// Of the fields of a record that nobody uses, how many are told.
constexpr std::size_t kMostUnused = 1000;

/// One reader a thread; it learns from each record that it reads.
class RecordReader {
 public:
  explicit RecordReader(const WantedFields& wanted, int max_depth = kMaxDepth);
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// Reads one whole JSON object (RFC 8259 §2), or a list where WantedFields::lists says so.
  ///
  /// `frame`: its bytes, followed by at least kReadBehind readable bytes; must stay until the Nodes are no
  /// longer used. Numbers: only their grammar is checked (RFC 8259 §6); they stay text.
  ///
  /// Gives: none; json_syntax, json_not_object, not_utf8, too_deep (its rest is not looked at), or
  /// repeated_key (RFC 8259 §4 leaves its meaning open: we refuse it; all of it is JSON, and root()
  /// is there), at error_byte() from the start of `frame`, in the words of error_text().
  ///
  /// Where WantedFields::json_in_text says so, what texts hold is part of the record (the Nodes then
  /// look into a copy); of a text that is no JSON, text_not_json, and the record is there without it.
  Reason read(std::string_view frame);

  [[nodiscard]] std::size_t error_byte() const noexcept { return written_at(error_byte_); }
  /// The same among the bytes of Nodes.
  [[nodiscard]] std::size_t error_node_byte() const noexcept { return error_byte_; }
  /// Whether the error is about what a text holds, and its Node the text.
  [[nodiscard]] bool error_in_text() const noexcept { return error_in_text_; }
  /// Whether the copies of a record are large; gives them back. Its Nodes are not to be used then.
  [[nodiscard]] bool holds_much() const noexcept;
  void give_back() noexcept;
  /// Where in `frame` the byte of a Node is: of one inside a text, the beginning of the text.
  [[nodiscard]] std::size_t written_at(std::size_t byte) const noexcept;
  /// Of json_syntax and text_not_json what is wrong, of repeated_key the key, of json_not_object the kind.
  [[nodiscard]] std::string_view error_text() const noexcept { return error_text_; }
  /// What follows error_text() where it quotes the record, else nothing.
  [[nodiscard]] std::string_view error_excerpt() const noexcept { return error_excerpt_; }

  [[nodiscard]] Node root() const noexcept;
  /// The value at wanted.slots[i], or a missing Node.
  [[nodiscard]] Node slot(std::size_t i) const noexcept;
  /// The text at wanted.slots[i], where there is one without escapes.
  [[nodiscard]] bool plain_text(std::size_t i, std::string_view& text) const noexcept;
  [[nodiscard]] std::string_view frame() const noexcept { return {text_, size_}; }

  /// Fields of the record that was read last which no pattern of `used` covers, each topmost one
  /// once, the first kMostUnused. The keys live until the next record.
  [[nodiscard]] const std::vector<const KeyTrie::Key*>& unused() const noexcept { return unused_; }
  /// The dotted path of such a field.
  [[nodiscard]] std::string path(const KeyTrie::Key& key) const { return trie_.path(key); }

 private:
  friend class Node;
  friend class NodeCursor;
  struct Stage1;
  using Key = KeyTrie::Key;
  using Shape = KeyTrie::Shape;
  /// A place in the structural index.
  using At = const std::uint32_t*;

  struct InText;
  struct DeleteInText {
    void operator()(InText* in_text) const noexcept;
  };
  static std::unique_ptr<InText, DeleteInText> in_text_of(const std::vector<KeyPath>& places);

  Reason read_frame(std::string_view frame);
  Reason unfold(std::size_t turn);
  Reason prove_text(std::size_t at);
  void find_texts(const Node& node, const KeyPath& place, std::size_t step);
  Reason fail(Reason reason, std::size_t byte, std::string_view text) noexcept;
  Reason refuse(Reason reason, std::size_t byte, std::string_view text) noexcept;
  Reason explain_stage1_error(int error);
  Reason read_unended(std::string_view frame, char end);
  std::string head() const;
  At object(At open, Shape& shape, int depth);
  At list(At open, Shape& shape, int depth);
  At inside(At open, char bracket, Shape& shape, int depth);
  bool scalar_is_right(At at) noexcept;
  void note(const Key& key, At at);
  At wrong(Reason reason, At at, std::string_view text) noexcept;
  std::size_t find_escape(std::size_t from) const noexcept;
  bool may_have_escapes(std::uint32_t at) const noexcept { return first_escape_ < index_[at + 1]; }
  bool string_is_right(At at) noexcept;
  std::size_t end_of_token(At at) const noexcept;
  JsonKind kind_at(std::uint32_t at) const noexcept;
  std::uint32_t after(std::uint32_t at) const noexcept;
  std::uint32_t& close(At open) noexcept { return close_[static_cast<std::size_t>(open - index_)]; }

  bool is_numbered(const Node& object) const;
  static std::vector<std::uint32_t> in_order_of(const Node& object);

  Key* look_up_key(At at, Shape& shape, Key* last);
  [[nodiscard]] bool others_are_worth_it() const noexcept;
  const Key& strange(Shape& shape, std::string_view name);
  void find_repeats(std::size_t from, At open);
  void note_repeat(std::size_t byte, std::string_view name);

  std::unique_ptr<Stage1> stage1_;
  std::unique_ptr<InText, DeleteInText> in_text_;  // null: nothing is read inside texts
  const char* text_ = nullptr;
  std::size_t size_ = 0;
  // simdjson's structural index: offsets of {}[]:, and of the first byte of scalars
  const std::uint32_t* index_ = nullptr;
  std::uint32_t index_size_ = 0;
  // of an opening bracket's position in the index: that of its closing one
  std::vector<std::uint32_t> close_;
  std::size_t first_escape_ = 0;  // the first backslash, or size_
  std::size_t escape_ = 0;        // the next one that the walk meets

  KeyTrie trie_;
  std::uint64_t serial_ = 0;  // of the object that was opened last
  // of the objects that the walk is in: the keys that the trie has no room for
  std::vector<std::string> strangers_;
  std::vector<std::uint32_t> slots_;
  int max_depth_;
  bool lists_;
  JsonKind root_kind_ = JsonKind::object;
  int others_right_ =
      1;  // rises where KeyTrie::Others had the key that was not guessed, else falls
  std::vector<const Key*> unused_;
  // of unused_, those that the trie has no room for
  std::deque<std::pair<Key, KeyTrie::Field>> unlearned_;

  /// What is known of objects of the record that may stand for lists (Node::as_list), by the
  /// position of their opening brace.
  struct Numbered {
    bool numbers = true;               // all keys are
    std::vector<std::uint32_t> order;  // positions of the values, where the keys are not in order
  };
  mutable std::map<std::uint32_t, Numbered> numbered_;

  std::size_t error_byte_ = 0;
  std::string error_text_;
  std::string error_excerpt_;
  Reason reason_ = Reason::none;
  bool error_in_text_ = false;
  bool repeated_ = false;
  std::size_t repeat_byte_ = 0;
  std::string repeated_key_;
  std::string scratch_;
};

// What is done for every column, inline: a Node then stays in registers.

/// One past the last byte of the scalar at `at`: the next structural byte, without the blanks
/// before it (outside of texts there are no other bytes below a blank).
inline std::size_t RecordReader::end_of_token(At at) const noexcept {
  std::size_t end = at[1];  // simdjson ends the index with the frame's size
  while (end > *at + 1 && static_cast<unsigned char>(text_[end - 1]) <= ' ') --end;
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

inline bool RecordReader::plain_text(std::size_t i, std::string_view& text) const noexcept {
  const std::uint32_t at = slots_[i];
  const std::size_t begin = index_[at];
  if (at == 0 || text_[begin] != '"' || may_have_escapes(at)) return false;
  const std::size_t end = end_of_token(index_ + at);
  text = {text_ + begin + 1, end - begin - 2};
  return true;
}

inline std::uint32_t Node::byte() const noexcept {
  return reader_ == nullptr ? 0 : reader_->index_[at_];
}

inline std::string_view Node::token() const noexcept {
  const std::uint32_t* const at = reader_->index_ + at_;
  return {reader_->text_ + *at, reader_->end_of_token(at) - *at};
}

inline std::string_view Node::raw() const noexcept {
  if (reader_ == nullptr) return {};
  if (kind_ != JsonKind::list && kind_ != JsonKind::object) return token();
  if (listed_ != Listed::no) [[unlikely]]
    return Node(reader_, at_, reader_->kind_at(at_)).raw();
  const char* const begin = reader_->text_ + reader_->index_[at_];
  const char* const end = reader_->text_ + reader_->index_[reader_->close_[at_]] + 1;
  return {begin, static_cast<std::size_t>(end - begin)};
}

inline std::string_view Node::text(Arena& arena) const {
  std::string_view s = raw();
  if (kind_ != JsonKind::text) return s;
  s = s.substr(1, s.size() - 2);
  if (!reader_->may_have_escapes(at_) || s.find('\\') == std::string_view::npos) return s;
  return unescaped(s, arena);
}

}  // namespace trama
