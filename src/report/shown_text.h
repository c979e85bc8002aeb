// Texts and counts as reports show them: shortened, grouped. What a terminal would obey is made visible
// in base/terminal_text.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

constexpr std::size_t kShownCharacters = 80;

/// `text` if it has at most `characters`, else its beginning and `…`.
std::string shortened(std::string_view text, std::size_t characters = kShownCharacters);

/// One word of a command line, in quotes where a shell would read it as something else.
std::string shell_word(std::string_view word);

/// `n` with commas above 9999: 1234, 12,345.
std::string grouped(std::uint64_t n);

/// `count` of `of` in percent, a rate that is over `limit` (digits with a point or without):
/// computed exactly, rounded half up, with one decimal more than tells the two apart;
/// zeros at the end are left out. 2 of 320 beside 0.1 is 0.63, 21 of 200 beside 10 is 10.5,
/// 2 of 5 beside 10 is 40.
std::string shown_percent(std::uint64_t count, std::uint64_t of, std::string_view limit);

/// A share for people: 100 % and 0 % are exact, what is nearly so is 99 % or < 1 %; of nothing it is -.
std::string rough_percent(std::uint64_t part, std::uint64_t of);

/// "1 record", "2 records", "12,345 records".
std::string counted(std::uint64_t n, std::string_view one, std::string_view many);

/// These, with `between` between them.
std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ");

/// How many characters; a byte that is no UTF-8 may count as one or none.
std::size_t characters_in(std::string_view text) noexcept;

/// Milliseconds since 1970 as RFC 3339 has it, in UTC: 2025-03-04T06:00:00.000Z.
std::string utc(std::int64_t millis);
/// The same for people: 2025-03-04 06:00 UTC.
std::string utc_minute(std::int64_t millis);
/// "2025-03-04T06:00:00Z".
std::string utc_second(std::int64_t millis);

}  // namespace trama
