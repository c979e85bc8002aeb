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
/// A YAML file laid out: refused, or the same tree, and laid out again the same.
void layout(std::string_view input);
/// A text that is being typed: what an editor is told of each of its places.
void outline(std::string_view input);
/// What a client sends to `trama lsp`, frames and all: it ends, and what it answers are frames.
void lsp(std::string_view input);
/// An expression: parsed, and where it can be, as a rule,
/// a condition and a computation over records.
void expression(std::string_view input);
/// The first byte chooses the form; the rest is the file of a lookup or of rates.
void table(std::string_view input);
/// The schema of rows, and rows held against it.
void schema(std::string_view input);
/// What --inputs-from names.
void input_names(std::string_view input);
/// A summary file read back, shown, and written again.
void summary(std::string_view input);
/// A rejects file for `replay`, read whole and cut: the same records.
void rejects(std::string_view input);
/// A mapping, a dump and a table, as the parts of one text: what must hold of every run.
void pair(std::string_view input);
/// A profile that was kept beside a mapping, and a dump: read, held against one another, told.
void kept_profile(std::string_view input);
/// A dump: its draft is a mapping of it, but for what is to be decided.
void infer(std::string_view input);
/// A mapping, a dump and another mapping: what the two make otherwise.
void diff(std::string_view input);
/// The first byte chooses the way to the next page; then each two lines are the headers and the body of an
/// answer: a pull comes to an end, and stays with its server.
void answers(std::string_view input);

}  // namespace trama::fuzz
