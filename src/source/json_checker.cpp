// The grammar of RFC 8259 as one state, a stack of kinds, and what a string or number needs.

#include "source/json_checker.h"

#include "base/ascii.h"
#include "base/phrase_codes.h"
#include "source/block.h"

namespace trama {
namespace {

bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// A byte of a string that needs no thought.
bool is_plain(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

std::string_view word_after(char first) noexcept {
  switch (first) {
    case 't':
      return "rue";
    case 'f':
      return "alse";
    case 'n':
      return "ull";
    default:
      return {};
  }
}

}  // namespace

const char* JsonChecker::run(const char* from, const char* to, Event& event) {
  event = Event::none;
  while (from < to) {
    if (want_ == Want::string && !string_is_key_ && !escape_ && hex_left_ == 0 &&
        continuing_ == 0) {
      while (from < to && is_plain(*from)) ++from;
      if (from == to) break;
    }
    bool taken = true;
    event = want_ == Want::number ? take_in_number(*from, taken) : take(*from);
    if (taken && event != Event::wrong) ++from;
    if (event != Event::none) break;
  }
  return from;
}

JsonChecker::Event JsonChecker::wrong(PhraseCode problem) noexcept {
  problem_ = problem;
  return Event::wrong;
}

JsonChecker::Event JsonChecker::take(char c) {
  if (want_ == Want::string) return take_in_string(c);
  if (want_ == Want::word) return take_in_word(c);
  if (is_blank(c)) return Event::none;
  switch (want_) {
    case Want::value:
      return begin_value(c);
    case Want::value_or_close:
      return c == ']' ? close(c) : begin_value(c);
    case Want::key_or_close:
      if (c == '}') return close(c);
      [[fallthrough]];
    case Want::key:
      if (c != '"') return wrong(PhraseCode::source_key_expected);
      begin_string(true);
      return Event::none;
    case Want::colon:
      if (c != ':') return wrong(PhraseCode::source_colon_expected);
      want_ = Want::value;
      return Event::none;
    case Want::comma_or_close:
      return c == ',' ? comma() : close(c);
    default:
      return wrong(PhraseCode::source_follows);
  }
}

JsonChecker::Event JsonChecker::begin_value(char c) {
  first_ = c;
  if (c == '{' || c == '[') return open(c == '[');
  if (c == '"') {
    begin_string(false);
  } else if (c == '-' || is_digit(c)) {
    want_ = Want::number;
    number_ = c == '-' ? Number::sign : c == '0' ? Number::zero : Number::integer;
  } else {
    word_ = word_after(c);
    if (word_.empty()) return wrong(PhraseCode::source_value_expected);
    want_ = Want::word;
  }
  return Event::begin;
}

JsonChecker::Event JsonChecker::open(bool list) noexcept {
  if (depth_ == kMaxEnvelopeDepth) return wrong(PhraseCode::source_brackets_open);
  lists_[depth_++] = list;
  want_ = list ? Want::value_or_close : Want::key_or_close;
  return Event::begin;
}

JsonChecker::Event JsonChecker::close(char c) noexcept {
  if (c != (in_list() ? ']' : '}')) {
    return wrong(in_list() ? PhraseCode::source_comma_or_bracket
                           : PhraseCode::source_comma_or_brace);
  }
  leave();
  return Event::end;
}

JsonChecker::Event JsonChecker::comma() noexcept {
  want_ = in_list() ? Want::value : Want::key;
  return Event::none;
}

void JsonChecker::leave() noexcept {
  --depth_;
  value_done();
}

void JsonChecker::value_done() noexcept {
  want_ = depth_ == 0 ? Want::nothing : Want::comma_or_close;
}

void JsonChecker::begin_string(bool key) noexcept {
  want_ = Want::string;
  string_is_key_ = key;
  if (key) key_.clear();
}

JsonChecker::Event JsonChecker::take_in_string(char c) {
  const bool within = escape_ || hex_left_ > 0 || continuing_ > 0;
  if (c == '"' && !within) {
    if (!string_is_key_) value_done();
    if (string_is_key_) want_ = Want::colon;
    return string_is_key_ ? Event::key : Event::end;
  }
  if (string_is_key_ && key_.size() < kMaxEnvelopeKey) key_.push_back(c);
  if (escape_ || hex_left_ > 0) return take_in_escape(c);
  const auto byte = static_cast<unsigned char>(c);
  if (continuing_ > 0) {
    if (byte < low_ || byte > high_) return wrong(PhraseCode::source_text_not_utf8);
    --continuing_;
    low_ = 0x80;
    high_ = 0xBF;
    return Event::none;
  }
  if (byte < 0x20) return wrong(PhraseCode::source_control);
  escape_ = c == '\\';
  return begin_character(byte) ? Event::none : wrong(PhraseCode::source_text_not_utf8);
}

JsonChecker::Event JsonChecker::take_in_escape(char c) noexcept {
  if (hex_left_ > 0) {
    --hex_left_;
    return is_hex(c) ? Event::none : wrong(PhraseCode::source_four_digits);
  }
  escape_ = false;
  if (c == 'u') hex_left_ = 4;
  const bool known = c == 'u' || std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
  return known ? Event::none : wrong(PhraseCode::source_backslash);
}

/// RFC 3629 §4: which first bytes there are, and what may follow them.
bool JsonChecker::begin_character(unsigned char c) noexcept {
  low_ = 0x80;
  high_ = 0xBF;
  if (c < 0x80) return true;
  if (c < 0xC2 || c > 0xF4) return false;
  continuing_ = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
  if (c == 0xE0) low_ = 0xA0;
  if (c == 0xED) high_ = 0x9F;
  if (c == 0xF0) low_ = 0x90;
  if (c == 0xF4) high_ = 0x8F;
  return true;
}

/// A number ends at the first byte that is none of it, which is not taken.
JsonChecker::Event JsonChecker::take_in_number(char c, bool& taken) noexcept {
  using enum Number;
  const bool digit = is_digit(c);
  const bool exponent_mark = c == 'e' || c == 'E';
  switch (number_) {
    case sign:
      if (!digit) return wrong(PhraseCode::source_digit_expected);
      number_ = c == '0' ? zero : integer;
      return Event::none;
    case point:
    case exponent_sign:
      if (!digit) return wrong(PhraseCode::source_digit_expected);
      number_ = number_ == point ? fraction : exponent_digits;
      return Event::none;
    case exponent:
      if (!digit && c != '+' && c != '-') return wrong(PhraseCode::source_digit_expected);
      number_ = digit ? exponent_digits : exponent_sign;
      return Event::none;
    default:
      break;
  }
  if (digit && number_ != zero) return Event::none;
  if (c == '.' && (number_ == zero || number_ == integer)) {
    number_ = point;
    return Event::none;
  }
  if (exponent_mark && number_ != exponent_digits) {
    number_ = exponent;
    return Event::none;
  }
  if (digit) return wrong(PhraseCode::source_number_with_0);
  taken = false;
  value_done();
  return Event::end;
}

JsonChecker::Event JsonChecker::take_in_word(char c) noexcept {
  if (c != word_.front()) return wrong(PhraseCode::source_no_word);
  word_.remove_prefix(1);
  if (!word_.empty()) return Event::none;
  value_done();
  return Event::end;
}

bool JsonChecker::finish() noexcept {
  bool taken = true;
  if (want_ == Want::number && take_in_number(' ', taken) == Event::wrong) return false;
  return want_ == Want::nothing;
}

}  // namespace trama
