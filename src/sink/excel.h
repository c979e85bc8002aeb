// What Excel makes of the cells of a CSV that is opened in it.

#pragma once

#include <string_view>

namespace trama {

/// Whether Excel, which guesses what a cell is, shows and saves this text as something else: a
/// number without its zeros in front (`007`), of more than 15 digits, or of a text with an exponent
/// (`1E5`); a date (`3-4`, `2025-03-05`, `SEP2`, `2 mar`; months in English and Spanish).
///
/// Source: Microsoft, "Excel specifications and limits" (number precision: 15 digits) and "Stop
/// automatically changing numbers to dates". Of dates the shape counts, in whatever order day and
/// month are. What for_excel writes with an apostrophe in front is not asked about.
bool excel_changes(std::string_view cell) noexcept;

/// The same of a number, which a column wrote with its marks:
/// whether it has more digits than Excel keeps.
bool excel_cuts_digits(std::string_view number) noexcept;

}  // namespace trama
