// JsonChecker: proves that what stands around the records is JSON (RFC 8259, UTF-8),
// byte by byte as it comes, and tells where values and keys are. For the envelope of a document,
// not for records.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/phrase.h"

namespace trama {

/// Levels of lists and objects around the records, and of what lies beside them.
constexpr std::size_t kMaxEnvelopeDepth = 128;
/// A longer key is on no path.
constexpr std::size_t kMaxEnvelopeKey = 4096;

class JsonChecker {
 public:
  enum class Event : std::uint8_t {
    none,   // the bytes ended
    begin,  // of a value: its first byte is taken; of a list or object: it is open now
    key,    // a key has ended: key()
    end,    // of a value
    wrong,  // no JSON has this byte here: problem(). It is not taken
  };

  /// Takes bytes until an event. Gives what is left.
  const char* run(const char* from, const char* to, Event& event);
  /// Whether the document may end here; a number ends with it.
  bool finish() noexcept;

  /// Lists and objects that are open.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }
  /// Whether the innermost of them is a list.
  [[nodiscard]] bool in_list() const noexcept { return depth_ > 0 && lists_[depth_ - 1]; }
  /// Whether the one around it is.
  [[nodiscard]] bool in_list_around() const noexcept { return depth_ > 1 && lists_[depth_ - 2]; }
  /// The last key as it was written, without its quotes;
  /// its start, where it is longer than kMaxEnvelopeKey.
  [[nodiscard]] std::string_view key() const noexcept { return key_; }
  /// The first byte of the value that began last.
  [[nodiscard]] char first() const noexcept { return first_; }
  [[nodiscard]] PhraseCode problem() const noexcept { return problem_; }

  /// The innermost list or object was read by someone else, its closing bracket included.
  void leave() noexcept;

 private:
  enum class Want : std::uint8_t {
    value,
    value_or_close,
    key,
    key_or_close,
    colon,
    comma_or_close,
    nothing,
    string,
    number,
    word
  };
  enum class Number : std::uint8_t {
    sign,
    zero,
    integer,
    point,
    fraction,
    exponent,
    exponent_sign,
    exponent_digits
  };

  Event take(char c);
  Event wrong(PhraseCode problem) noexcept;
  Event begin_value(char c);
  Event open(bool list) noexcept;
  Event close(char c) noexcept;
  Event comma() noexcept;
  void begin_string(bool key) noexcept;
  Event take_in_string(char c);
  Event take_in_escape(char c) noexcept;
  bool begin_character(unsigned char c) noexcept;
  Event take_in_number(char c, bool& taken) noexcept;
  Event take_in_word(char c) noexcept;
  void value_done() noexcept;

  Want want_ = Want::value;
  std::size_t depth_ = 0;
  bool lists_[kMaxEnvelopeDepth] = {};
  char first_ = 0;
  PhraseCode problem_{};

  bool string_is_key_ = false;
  bool escape_ = false;
  int hex_left_ = 0;
  int continuing_ = 0;        // bytes of a character still to come
  unsigned char low_ = 0x80;  // what the next of them may be
  unsigned char high_ = 0xBF;
  std::string key_;
  Number number_ = Number::zero;
  std::string_view word_;  // what is left of it
};

}  // namespace trama
