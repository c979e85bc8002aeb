// Block: the bytes in hand while a split is filled, and the record that is being cut out of them.
// It knows how memory stays bounded (a record over its limit keeps its first bytes, the rest passes
// through) and what a Frame holds; where a record begins and ends is found by the framers.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "source/source.h"

namespace trama {

/// The blanks of JSON (RFC 8259 §2).
constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// A line and a column, both from 1, the column in characters.
struct Place {
  std::uint64_t line = 1;
  std::uint64_t column = 1;
};

/// As a Frame holds it: a list of many GB may stand on one line.
constexpr std::uint32_t column_of(Place place) noexcept {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(place.column, UINT32_MAX));
}

class Block {
 public:
  Block(std::size_t split_bytes, std::size_t max_record_bytes, std::uint64_t limit);

  // Filling: used by the Source.
  /// Makes `split` the memory of this block, and puts into it what the last split could not use.
  void attach(Split& split);
  /// Puts aside the bytes that are not yet in a frame.
  void detach();
  [[nodiscard]] char* room() noexcept { return data_ + end_; }
  [[nodiscard]] std::size_t room_size() const noexcept { return capacity_ - end_; }
  void added(std::size_t size) noexcept { end_ += size; }
  /// For a block without room and without frames: passes bytes by, or grows.
  void make_room();

  // Cutting: used by the framers, by index into data().
  // There are kPadding readable bytes after end().
  [[nodiscard]] const char* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t scanned() const noexcept { return scanned_; }
  [[nodiscard]] std::size_t end() const noexcept { return end_; }
  void set_scanned(std::size_t index) noexcept { scanned_ = index; }
  /// The offset in the source of the byte at `index`, not before scanned() as it was when the
  /// framer was called.
  [[nodiscard]] std::uint64_t byte_at(std::size_t index) const noexcept { return offset_ + index; }
  /// Whether the limit of records is reached: no more are wanted.
  [[nodiscard]] bool full() const noexcept { return number_ >= limit_; }

  /// A record begins at `index`.
  void begin(std::size_t index, Place place) noexcept;
  /// It ends before `index`: cuts the blanks off its end, and adds its frame.
  Frame& finish(std::size_t index, FrameKind kind);
  [[nodiscard]] bool open() const noexcept { return open_; }
  /// It is no record after all: nothing of it is kept.
  void abandon() noexcept {
    open_ = false;
    passing_ = false;
  }
  [[nodiscard]] char first_byte() const noexcept { return data_[start_]; }
  /// What the last frame, a whole document, has instead of records.
  void found_instead(Phrase words);
  /// Frames in the split so far.
  [[nodiscard]] std::size_t frames() const noexcept { return split_->frames.size(); }

  /// Records so far in this source.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

 private:
  void reserve(std::size_t capacity);
  void drop_front(std::size_t size);
  void pass_by();
  [[nodiscard]] std::uint64_t length_to(std::size_t index) const noexcept;

  std::size_t split_bytes_;
  std::size_t max_record_bytes_;
  std::size_t held_at_most_;  // of one record
  std::uint64_t limit_;

  Split* split_ = nullptr;
  char* data_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;
  std::uint64_t offset_ = 0;  // in the source, of a byte at index 0 if none had been passed by
  std::vector<char> carried_;
  std::size_t carried_scanned_ = 0;

  bool open_ = false;
  std::size_t start_ = 0;
  std::uint64_t start_byte_ = 0;
  Place place_;
  // Of a record of which bytes were passed by: from this index on the bytes are those
  // that came later.
  bool passing_ = false;
  std::size_t held_end_ = 0;
  std::uint64_t solid_ =
      0;  // its length up to its last byte that was no blank, among those passed by
  std::uint64_t number_ = 0;
};

}  // namespace trama
