// UTF-8 (RFC 3629): checking, counting and stepping through code points.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trama {

constexpr std::size_t kValidUtf8 = static_cast<std::size_t>(-1);

/// The offset of the first byte that is not UTF-8 (overlong forms and surrogates are
/// not), or kValidUtf8.
std::size_t first_invalid_utf8(std::string_view text) noexcept;

/// `text` as it is where it is UTF-8; else what is not is written as \xe9: names of files, which may
/// be any bytes.
std::string as_utf8(std::string_view text);

/// How many code points `text` holds; `text` is UTF-8.
std::size_t count_code_points(std::string_view text) noexcept;

/// The code point at `at`, which is moved past it;
/// `text` is UTF-8 and `at` stands at the start of one.
char32_t next_code_point(std::string_view text, std::size_t& at) noexcept;

/// Appends the code point, or writes it to at least kMaxUtf8Bytes;
/// the latter gives how many bytes it takes.
void append_utf8(std::string& out, char32_t code_point);
constexpr std::size_t kMaxUtf8Bytes = 4;
std::size_t write_utf8(char* out, char32_t code_point) noexcept;

/// White space as the language means it where it trims: ASCII blanks and line ends, U+0085, U+00A0,
/// U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000 (Unicode White_Space), U+FEFF.
bool is_space(char32_t code_point) noexcept;

/// Characters that a terminal obeys instead of showing, that turn the direction of writing, hide, or
/// look like an ordinary blank: controls (C0, C1), marks of direction, invisible joiners, the soft
/// hyphen, line and paragraph separators, all blanks but U+0020.
/// Nothing that is shown to a person holds one as it is.
bool is_unseen(char32_t code_point) noexcept;

/// `text` without white space at its edges.
std::string_view trim(std::string_view text) noexcept;
/// The beginning of a JSON text on one line, for messages: line ends stand between its parts, with
/// the blanks that indent. Ends behind `enough` bytes.
std::string on_one_line(std::string_view json, std::size_t enough);

}  // namespace trama
