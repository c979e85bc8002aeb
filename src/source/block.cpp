// The memory of a split: filling, growing, passing by. See block.h.

#include "source/block.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace trama {
namespace {

/// A split that once held a big record gives its memory back.
constexpr std::size_t kShrinkFactor = 4;

/// The end of data[from, to) without the blanks at its end.
std::size_t solid_end(const char* data, std::size_t from, std::size_t to) noexcept {
  while (to > from && is_blank(data[to - 1])) --to;
  return to;
}

}  // namespace

Block::Block(std::size_t split_bytes, std::size_t max_record_bytes, std::uint64_t limit)
    : split_bytes_(std::max<std::size_t>(split_bytes, 1)),
      max_record_bytes_(max_record_bytes),
      held_at_most_(std::max(max_record_bytes, kKeptOfTooBig)),
      limit_(limit) {}

void Block::attach(Split& split) {
  split_ = &split;
  const std::size_t wanted = carried_.size() + split_bytes_;
  if (split.buffer.size() > kShrinkFactor * wanted + kPadding) {
    std::vector<char>().swap(split.buffer);
  }
  capacity_ = 0;
  reserve(wanted);
  if (!carried_.empty()) std::memcpy(data_, carried_.data(), carried_.size());
  end_ = carried_.size();
  scanned_ = carried_scanned_;
}

void Block::detach() {
  const std::size_t keep = open_ ? start_ : scanned_;
  drop_front(keep);
  carried_.assign(data_, data_ + end_);
  carried_scanned_ = scanned_;
  split_ = nullptr;
}

void Block::reserve(std::size_t capacity) {
  if (split_->buffer.size() < capacity + kPadding) split_->buffer.resize(capacity + kPadding);
  data_ = split_->buffer.data();
  capacity_ = capacity;
}

/// Only the bookkeeping: the caller moves the bytes or has no more use for data() as it was.
void Block::drop_front(std::size_t size) {
  data_ += size;
  end_ -= size;
  scanned_ -= size;
  if (open_) start_ -= size;
  if (passing_) held_end_ -= size;
  offset_ += size;
}

void Block::make_room() {
  const std::size_t keep = open_ ? start_ : scanned_;
  if (keep > 0) {
    drop_front(keep);
    data_ = split_->buffer.data();
    std::memmove(data_, data_ + keep, end_);
  } else if (open_ && end_ > held_at_most_) {
    pass_by();
  } else {
    reserve(std::min(capacity_ * 2, std::max(held_at_most_, capacity_) + split_bytes_));
  }
}

/// The length of the open record up to its last byte before `index` that is no blank.
std::uint64_t Block::length_to(std::size_t index) const noexcept {
  const std::size_t from = passing_ ? held_end_ : start_;
  const std::size_t solid = solid_end(data_, from, index);
  return passing_ && solid == from ? solid_ : byte_at(solid) - start_byte_;
}

/// Lets go of scanned bytes of a record that is too long. Blanks at its end do not make it so:
/// while all that is over the limit is blank, nothing but blanks is let go.
void Block::pass_by() {
  TRAMA_CHECK(scanned_ == end_);
  const std::uint64_t solid = length_to(end_);
  const std::size_t held = solid > held_at_most_
                               ? kKeptOfTooBig
                               : std::max(static_cast<std::size_t>(solid), kKeptOfTooBig);
  held_end_ = start_ + held;
  offset_ += end_ - held_end_;
  solid_ = solid;
  passing_ = true;
  end_ = held_end_;
  scanned_ = held_end_;
}

void Block::begin(std::size_t index, Place place) noexcept {
  open_ = true;
  passing_ = false;
  start_ = index;
  start_byte_ = byte_at(index);
  place_ = place;
}

Frame& Block::finish(std::size_t index, FrameKind kind) {
  const std::uint64_t length = length_to(index);
  const bool too_big = length > max_record_bytes_;
  if (too_big && kind == FrameKind::record) kind = FrameKind::too_big;
  open_ = false;
  passing_ = false;
  ++number_;
  split_->frames.push_back(Frame{
      .data = data_ + start_,
      .size = static_cast<std::size_t>(too_big ? std::min<std::uint64_t>(length, kKeptOfTooBig)
                                               : length),
      .whole_size = length,
      .number = number_,
      .line = place_.line,
      .byte = start_byte_,
      .column = column_of(place_),
      .kind = kind,
      .key = {},
  });
  return split_->frames.back();
}

void Block::found_instead(Phrase words) {
  split_->found_instead[split_->frames.size() - 1] = std::move(words);
}

}  // namespace trama
