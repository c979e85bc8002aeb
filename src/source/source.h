// Source: the inputs of a run -> splits -> frames. A frame is the bytes of one record with its
// identity; a split is a block of whole frames of one input, the unit that a worker maps. Damage
// inside a frame never reaches another.
//
// Reading, decompressing and cutting are serial and cheap (several GB/s); what a frame means is
// left to others.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/stop_flag.h"

namespace trama {

/// Readable bytes behind every frame (their content does not matter): simdjson reads past the end
/// in whole blocks.
constexpr std::size_t kPadding = 64;
constexpr std::size_t kMaxRecordBytes = std::size_t{16} * 1024 * 1024;
/// What is kept of a record that is too big.
constexpr std::size_t kKeptOfTooBig = 4096;
constexpr std::size_t kSplitBytes = std::size_t{256} * 1024;
/// Of the values beside the records of one input (SourceOptions::outside), over all its documents.
constexpr std::size_t kMaxOutsideBytes = std::size_t{64} * 1024 * 1024;
/// gzip and zstd may expand this many times and by kExpansionFree bytes for nothing; more is taken
/// for a bomb.
constexpr std::uint64_t kMaxExpansion = 200;
constexpr std::uint64_t kExpansionFree = std::uint64_t{64} * 1024 * 1024;

enum class FrameKind : std::uint8_t {
  record,    // to be read as one JSON text
  too_big,   // only its first kKeptOfTooBig bytes are here; `size` of them; `whole_size` says how
             // long it was
  broken,    // the rest of a list whose quotes and brackets do not match: one rejected record
  left_out,  // of a replay: a duplicate, decided by the run before
  // a whole document as one rejected record (as of one that is too big, perhaps only its first
  // bytes); Split::found_instead says what was found
  no_records,    // there is no list of records where SourceOptions::records leads
  error_answer,  // it has a value at SourceOptions::error_body
};

/// One record. `number` and `line` count from 1 in its source, `column` from 1 in characters,
/// `byte` from 0 in the decompressed source. `data` starts at the record's first byte and excludes
/// the blanks around it.
struct Frame {
  const char* data = nullptr;
  std::size_t size = 0;
  std::uint64_t whole_size = 0;
  std::uint64_t number = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::uint32_t column = 1;
  FrameKind kind = FrameKind::record;
  bool corrected = false;  // of a replay: a person changed it
  std::string_view
      key;  // of `records: x{*}`: the entry's key as JSON text with its quotes; else empty
};

/// What SourceOptions::beside makes of the values beside the records of a document.
class BesideRecords {
 public:
  BesideRecords() = default;
  virtual ~BesideRecords() = default;
  BesideRecords(const BesideRecords&) = delete;
  BesideRecords& operator=(const BesideRecords&) = delete;
  /// That it takes, about.
  [[nodiscard]] virtual std::size_t bytes() const noexcept { return 0; }
};

/// Whole frames of one input, and the memory that they point into.
struct Split {
  std::vector<char> buffer;  // ends with kPadding spare bytes
  std::vector<Frame> frames;
  std::size_t source = 0;    // index of the input
  std::uint64_t ticket = 0;  // from 0, in input order over all inputs
  /// By index of a frame that is a whole document, what was found there.
  std::map<std::size_t, Phrase> found_instead;
  /// Where SourceOptions::beside is stated: what belongs to the frames from an index on.
  struct Beside {
    std::size_t from = 0;
    std::shared_ptr<const BesideRecords> records;
  };
  std::vector<Beside> beside;

  Split() = default;
  Split(Split&&) = default;
  Split& operator=(Split&&) = default;
  Split(const Split&) = delete;  // its frames point into its buffer
  Split& operator=(const Split&) = delete;
  ~Split() = default;
};

/// What stands at a path beside the records of one document.
struct OutsideValue {
  enum class State : std::uint8_t { missing, whole, twice, too_big };
  State state = State::missing;
  std::string
      json;  // of a whole one, its JSON text, proved as far as JsonChecker proves the document
  Phrase instead;  // of a missing one, what stands where the path leads nowhere
};

/// The values beside the records of one document, for SourceOptions::beside.
struct OutsideOfDocument {
  const Phrase& input;       // as messages call it
  std::size_t document = 0;  // from 1, among those with records; 0 where it is the only one
  const std::vector<OutsideValue>&
      values;  // by SourceOptions::outside; none where every line is a record
  const std::optional<Failure>& failure;     // what kept the input from being read to its end
  std::size_t max_bytes = kMaxOutsideBytes;  // that they may have
};

enum class InputFormat : std::uint8_t { automatic, ndjson, json };

/// What the mapping's `input` says about finding records.
struct SourceOptions {
  InputFormat format = InputFormat::automatic;
  /// The keys from the top of the document to the list of records (`data.bookings` is two keys);
  /// empty: the document itself.
  std::vector<std::string> records;
  bool records_stated = false;  // `records` was written (its path may be empty: "/" or so)
  bool entries = false;         // records are the entries of the object at `records` ({*})
  std::vector<std::string>
      error_body;  // keys of the path that only an error answer has; empty: none
  /// Paths of keys to values beside the records, neither through them nor to what they are in. They
  /// may follow the records, so each input is read once for them before its records are given.
  std::vector<std::vector<std::string>> outside;
  std::size_t max_outside_bytes = kMaxOutsideBytes;
  /// Called with them before the first record of each document; a Failure is one of the input.
  std::function<Result<std::shared_ptr<const BesideRecords>>(const OutsideOfDocument&)> beside;
  /// Keys of the path beside the records to the number of records that a document has, and the path
  /// as messages show it; none: not stated.
  std::vector<std::string> count_at;
  std::string count_path;
  std::size_t max_record_bytes = kMaxRecordBytes;
  std::size_t split_bytes = kSplitBytes;
  std::uint64_t limit = UINT64_MAX;  // records read at most
  bool pass_bad_inputs = false;      // an input that cannot be read does not end the others
  bool digests = false;              // InputRead::sha256 is wanted: costs a pass of SHA-256
  const StopFlag* stop = &kNeverStopped;
};

/// As messages call an input: its path, or "standard input" for "-".
Phrase shown_input(const std::string& name);

/// What became of an input, as it lies on the disk (packed, where it is).
struct InputRead {
  std::uint64_t bytes = 0;  // read of it
  bool whole = false;       // these are all
  std::string sha256;       // of all its bytes, where SourceOptions::digests wants it and `whole`
  std::optional<Failure> failure;        // why it could not be read, or not to its end
  std::optional<Failure> count_differs;  // its first document whose own count is another
};

class Source {
 public:
  /// Opens every input ("-" is standard input) before the first byte is read:
  /// source_over() of InputFiles.
  static Result<std::unique_ptr<Source>> open(std::vector<std::string> inputs,
                                              SourceOptions options);
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// Fills `split` (whose memory is used again) with the next frames. False at the end,
  /// and where reading cannot go on: trouble() then says why; frames given before it stand.
  /// (With SourceOptions::pass_bad_inputs it goes on, and inputs() says why.) Not thread-safe:
  /// callers take turns.
  virtual bool next(Split& split) = 0;

  [[nodiscard]] virtual const std::optional<Failure>& trouble() const noexcept = 0;
  [[nodiscard]] virtual const std::vector<std::string>& names() const noexcept = 0;
  /// By input, what became of it; all of it once next() gave false.
  [[nodiscard]] virtual const std::vector<InputRead>& inputs() const noexcept = 0;
  /// Bytes read so far of the files as they lie on the disk, and their size in all, 0 where it is
  /// not known (a pipe).
  [[nodiscard]] virtual std::uint64_t bytes_read() const noexcept = 0;
  [[nodiscard]] virtual std::uint64_t bytes_in_all() const noexcept = 0;

 protected:
  Source() = default;
};

}  // namespace trama
