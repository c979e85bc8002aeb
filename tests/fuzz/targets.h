// What the fuzz targets do with one input. Each ends the program where a promise is broken.
// corpus_test.cpp runs them over the committed corpus as ordinary tests, so that they cannot rot.

#pragma once

#include <string_view>

namespace trama::fuzz {

/// The first four bytes choose the form of the input, the limits and the cut; the rest is read
/// whole and cut: the same frames.
void framing(std::string_view input);
/// Each line is a record for one reader, held against simdjson's DOM and a plain reader.
void record(std::string_view input);
/// A text as a number in columns of many kinds; what one writes, it reads again as the same.
void numbers(std::string_view input);
/// The same for dates, times and durations.
void dates(std::string_view input);
/// A mapping file, read and compiled: whatever is wrong, it is told.
void mapping(std::string_view input);

}  // namespace trama::fuzz
