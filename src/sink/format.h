// FormatSpec: a format in which rows are written, as `output: {format: …}` names it. A format is
// one file in sink/ and its line in sink/all.inc: what it can do and how it writes, together. No
// other folder knows a format by its name: `check`, the editor schema and a run ask the spec.
//
// A worker's encoder makes blocks of rows; one target takes them in input order and makes them count.
// What a column's values are (kind, digits, whether one may be blank) is in OutputColumn::type.
//
//   constexpr std::string_view kWords[] = {"numbers_as", "rest"};
//   constinit const FormatSpec kNdjsonFormat{
//       .name = "ndjson",
//       .summary = "One JSON object a line.",
//       .words = kWords,
//       .nests = true,
//       .leaves_blanks_out = true,
//       .encoder = [](const OutputFormat& format) -> std::unique_ptr<RowEncoder> { … },
//       .target = [](const TargetPlace& place, const OutputFormat&) {
//         return open_text_target(place, {});
//       },
//   };

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/phrase.h"
#include "base/result.h"
#include "value/format.h"

namespace trama {

class RowEncoder;
class Target;
struct TargetPlace;

struct FormatSpec {
  std::string_view name;  // as a mapping writes it
  std::string_view summary;
  /// Words of `output` that this format obeys and not every format does: `check` refuses them where
  /// they do nothing. (A word that is in no list goes with all formats: audit_columns, schema.)
  std::span<const std::string_view> words;
  /// Values may be objects: a dot in a column's name nests it, and `each` writes a list of objects.
  /// Else a row is flat, a cell for each column.
  bool nests;
  /// `each` is a cell that holds JSON text, where `nests` does not make it more.
  bool holds_lists = false;
  /// How the name of an output ends (".xlsx") or begins ("sqlite:")
  /// that is in this format whatever the mapping says.
  std::span<const std::string_view> endings{};
  std::span<const std::string_view> schemes{};
  /// A blank is null, or with `blank_as: left-out` not there. Else it is a cell all the same, with
  /// the text of `blank_as`, and for a schema of the rows it is not there.
  bool leaves_blanks_out;
  /// Its encoder may note values, whatever the mapping says (RowBlock::noted): of each record its id
  /// is then kept.
  bool notes_values = false;
  /// What makes blocks of rows; each thread has its own. What can be decided from `format` alone is
  /// decided here and not per row. `format` may end before the encoder.
  std::unique_ptr<RowEncoder> (*encoder)(const OutputFormat& format);
  /// Opens where rows go, before the first record is read. Called once a run. Null: rows go to a
  /// database (load/load.h), of which this library knows nothing.
  Result<std::unique_ptr<Target>> (*target)(const TargetPlace& place, const OutputFormat& format);

  /// Whether rows in it go to a database, and not to a file.
  [[nodiscard]] bool loads() const noexcept { return target == nullptr; }
  /// Whether `word` of `output` means something in this format.
  [[nodiscard]] bool obeys(std::string_view word) const noexcept;
};

#define TRAMA_FORMAT(spec) extern const FormatSpec spec;
#include "sink/all.inc"
#undef TRAMA_FORMAT

/// Every format, in the order of sink/all.inc. Never empty;
/// the first is that of a mapping that states none.
std::span<const FormatSpec* const> all_formats() noexcept;
/// The format of that name, or nullptr.
const FormatSpec* find_format(std::string_view name) noexcept;
/// In which `trama test` compares rows that are to be written in `format`: one of the same values
/// that is text and has one row a line. It nests where `format` does, and else is a CSV.
const FormatSpec& format_of_tests(const FormatSpec& format) noexcept;

/// The format that the name of an output says, or nullptr.
const FormatSpec* format_of_output(std::string_view output) noexcept;

/// "csv, ndjson, json": the names of all formats.
std::string format_names();
/// "ndjson or json": those that obey a word of `output`.
Phrase formats_that_obey(std::string_view word);
/// "ndjson or json": those that have a place for `each`.
Phrase formats_with_lists();

}  // namespace trama
