// Summary: what a run counts, mergeable: that of two splits joined in input order is that of both
// together, however the input was cut. Only merged summaries are judged or shown.
//
// It holds data: codes, numbers of columns and rules, values as they are to be told. Words are made
// of it at the very end, by report_text() and summary_json(), with the names of SummaryNames. A
// warning of the column 2, "QUA" is not in its table, is kept as
//
//   {reason: unknown_kept, about: column 2, a: "QUA" quoted, b: habitaciones plain}, 3 times
//
// and becomes `TipoHabitacion   "QUA" × 3 is not in habitaciones, kept as it is`. What is kept of
// the data is bounded: ids, items and values are cut where they are kept.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/codes.h"
#include "base/phrase.h"
#include "base/result.h"
#include "base/table_home.h"
#include "base/version.h"
#include "report/operation.h"
#include "report/unknown_values.h"
#include "text/language.h"

namespace trama {

/// Characters of an id or an item that are kept; what is longer ends with `…`.
constexpr std::size_t kKeptCharacters = 200;

/// A record, for "first seen": the first in input order.
struct RecordRef {
  std::size_t source = 0;  // index of the input
  std::uint64_t record = 0;
  std::uint64_t line = 0;
  std::string id;      // hidden already where it is personal
  std::string item{};  // of its items, what it is about: "rooms[2], row 3"; or empty
};

struct Tally {
  std::uint64_t count = 0;
  RecordRef first;
};

struct ColumnCounts {
  std::uint64_t missing = 0;  // blanks by kind, in rows
  std::uint64_t null = 0;
  std::uint64_t empty = 0;
  std::uint64_t defaults = 0;            // a `when_…` value was written
  std::uint64_t wrong_not_rejected = 0;  // `when_wrong` wrote something instead of rejecting
  std::uint64_t wrong_blank = 0;         // of them, those where that was a blank

  /// Rows in which the column is blank.
  [[nodiscard]] std::uint64_t blanks() const noexcept {
    return missing + null + empty + wrong_blank;
  }
};

/// Whether any record has a field that a column reads. Of two parts of a dump the higher holds.
enum class FieldSeen : std::uint8_t { not_looked_for, not_there, there };

/// What an error or a warning is about.
struct About {
  enum class Kind : std::uint8_t { record, column, rule, duplicates };
  Kind kind = Kind::record;
  std::uint32_t index = 0;  // of the plan's columns or rules
  friend auto operator<=>(const About&, const About&) = default;
};

/// A value as messages tell it, cut to what they show.
struct ToldValue {
  enum class Form : std::uint8_t {
    none,
    plain,   // the mapping's own word, a count, what was made of the data
    quoted,  // a text of the data
    hidden   // personal: no text is kept
  };
  Form form = Form::none;
  std::string text{};
  friend bool operator==(const ToldValue&, const ToldValue&) = default;
};

/// What is said of a value or a record: a reason, and the values that it quotes.
struct Told {
  Reason reason = Reason::none;
  ToldValue a{};
  ToldValue b{};
  friend bool operator==(const Told&, const Told&) = default;
};

/// The beginning of a rejected record, as a page shows it.
struct ShownSource {
  enum class Form : std::uint8_t {
    none,    // it was not wanted
    json,    // JSON, or the first of it; personal values are hidden
    text,    // the record is no JSON, or too big to be looked at
    hidden,  // it is no JSON, so that personal values cannot be told from others
  };
  Form form = Form::none;
  std::string text{};       // at most kShownSourceBytes
  std::uint64_t bytes = 0;  // of the record
  bool cut = false;         // there is more of it
};

constexpr std::size_t kShownSourceBytes = 4096;

/// A rejected record as the end report and the page show it.
struct ShownReject {
  RecordRef at;
  struct Error {
    About about{};
    Told told{};
    ToldValue found{};       // what was found there, where what is told does not quote it
    std::string known{};     // "DBL, SGL, TPL", what the table knows that does not hold the value
    std::uint64_t line = 0;  // of the input, where the value stands; 0: nowhere
    std::uint64_t column = 0;
    std::uint32_t place = UINT32_MAX;  // of SummaryNames::places: the word that it broke
    std::string item{};                // "rooms[2]"
    std::uint32_t row = 0;
  };
  std::vector<Error> errors{};    // the first kShownErrors
  std::uint64_t more_errors = 0;  // beside them
  ShownSource source{};
};

constexpr std::size_t kKeptRejects = 10;  // the first; the page shows all of them
constexpr std::size_t kShownRejects = 5;  // on the screen
constexpr std::size_t kShownErrors = 20;  // of each
constexpr std::size_t kShownWarnings = 20;
/// Distinct warnings and new fields that are kept apart;
/// later ones are counted by their code and column alone.
constexpr std::size_t kKeptTallies = 1000;
/// Of them, those of one code and column.
constexpr std::size_t kKeptAlike = 100;

/// What became of the records of a run, or of several.
struct Balance {
  // in records; read = written + rejected + skipped + duplicates
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  std::uint64_t rejected = 0;
  std::uint64_t skipped = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rows = 0;

  [[nodiscard]] bool balances() const noexcept {
    return read == written + rejected + skipped + duplicates;
  }
  Balance& operator+=(const Balance& more) noexcept;
};

struct Summary : Balance {
  std::uint64_t bytes = 0;  // of the records read, without what stands between them
  std::uint64_t items_left_out = 0;
  std::uint64_t made_safe = 0;  // texts that looked like a formula (for_excel)
  std::uint64_t parsed = 0;     // records that were JSON
  std::uint64_t warnings = 0;   // how many in all, for warnings_at_most
  /// Beside the runs before: where the mapping has an identity and the run a state.
  std::optional<OperationCounts> operations;

  std::vector<ColumnCounts> columns;
  /// What was done to values beside, which is no warning: by column and code.
  std::map<std::pair<std::uint32_t, NoticeCode>, Tally> notices;
  std::vector<FieldSeen> fields;  // by Plan::watches

  struct ErrorKind {
    RecordCode code = RecordCode::ok;
    About about{};
    friend bool operator==(const ErrorKind&, const ErrorKind&) = default;
  };
  struct ErrorKindHash {
    std::size_t operator()(const ErrorKind& kind) const noexcept;
  };
  /// Of rejected records; only what there is.
  std::unordered_map<ErrorKind, Tally, ErrorKindHash> errors;

  /// One kind of warning, in the order first seen.
  struct Warning {
    About about{};
    Told told{};
    NoticeCode notice{};  // where told.reason is none: what else it says
    Tally tally{};
  };
  std::vector<Warning> warning_kinds;
  /// By what it is about and its code: all of them, those that are not kept apart too.
  struct WarningCode {
    About about{};
    bool is_notice = false;  // `code` is a NoticeCode, else a RecordCode
    std::uint8_t code = 0;
    friend auto operator<=>(const WarningCode&, const WarningCode&) = default;
  };
  static WarningCode code_of_warning(const Warning& kind) noexcept;
  std::map<WarningCode, Tally> warning_codes;
  struct TextHash {
    std::size_t operator()(const std::string& text) const noexcept;
  };
  /// Of warning_kinds, by all that makes a kind.
  std::unordered_map<std::string, std::size_t, TextHash> warning_index;
  std::uint64_t warnings_not_kept = 0;
  std::size_t kept_bytes = 0;  // about: of this part alone, what its kinds of warnings take
  /// Values that a lookup did not find, by column and the lookup's place in the mapping.
  struct Unknown {
    Reason reason = Reason::none;  // what became of them: rejected, kept, replaced, left blank
    Tally tally;
    bool hidden = false;  // personal: they are not kept
    UnknownValues values;
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, Unknown> unknown;
  std::vector<ShownReject> shown;  // the first kKeptRejects

  /// Counts one warning of that kind (without its tally).
  void warn(Warning kind, const RecordRef& at, std::string_view item = {});
  /// Counts a kind that is kept already some more times.
  void warn_again(const Warning& kind, std::uint64_t count);
  /// Adds a kind that was counted already; `warnings` and warning_codes stay.
  void add_kind(Warning&& kind);
  /// Joins what came after this in the input. Associative:
  /// it drops nothing but rejects beyond the first kKeptRejects.
  void merge(Summary&& later);
  /// Drops all but the first kKeptAlike kinds of warnings of a code and column, and the first
  /// kKeptTallies in all; bounds the values of lookups. Call it on the summary that all splits are
  /// merged into, after each merge, and never on that of a split: then the result does not depend
  /// on the cut.
  void limit_kept();

 private:
  std::size_t limited_ = 0;                        // of warning_kinds, those that stay
  std::map<WarningCode, std::size_t> kept_alike_;  // among them
};

/// The names of what a Summary counts by number.
struct SummaryNames {
  std::vector<std::string> columns;
  std::vector<std::string> column_messages{};  // the mapping's, by column; "" where there is none
  struct Rule {
    std::string name;
    std::string message{};  // the mapping's; may be empty
  };
  std::vector<Rule> rules;
  std::vector<std::string> places;              // of the mapping: "hotelera-andina.yaml:89:5"
  std::map<std::uint32_t, TableHome> tables{};  // of lookups, by their places
};

/// Something about a run as a whole that somebody should look at.
struct Alert {
  NoticeCode code{};
  std::string where;  // the column, or nothing
  std::vector<Phrase> values;

  [[nodiscard]] Phrase message() const { return {code, values}; }
};

/// What became of an input.
struct InputFacts {
  enum class State : std::uint8_t {
    unread,    // the run ended before it
    part,      // read up to where the run ended
    read,      // to its end
    refused,   // it could not be read, or not to its end: code and message say why
    imported,  // it was left out, as it was imported before (--state)
  };
  State state = State::unread;
  std::uint64_t bytes = 0;  // as it lies on the disk; 0 unless it was read to its end
  std::string sha256;       // of these; empty where it is not known
  std::string code;
  Phrase message;
};

/// What a run was and how it ended, for the end report and --summary.
struct RunFacts {
  std::string trama = std::string(version());  // that ran
  bool replay = false;
  std::string command;       // that was given, to be given again
  std::int64_t started = 0;  // milliseconds since 1970 UTC
  std::int64_t finished = 0;
  std::string run;      // its id; empty where it ended before its inputs were read
  std::string mapping;  // the mapping's name
  std::string mapping_file;
  std::string mapping_sha256;
  std::vector<std::string> mapping_reads;  // files beside itself: bases, tables, schema
  std::int64_t today = 0;                  // the instant that `today` means, in seconds since 1970
  std::vector<std::string> inputs;  // those that were left out as imported before behind the others
  std::vector<InputFacts> input_facts;  // by input; empty where the run did not come to read them
  bool lists_refused = false;           // --bad-inputs reject: the report lists those
  std::vector<std::string> dumps;       // of a replay, the files that its records are from
  std::string output;                   // as on the command line; "-" is standard output
  std::string output_state;             // published, incomplete, streamed, none
  struct Load {
    std::string table;
    std::uint64_t inserted = 0;  // rows
    std::uint64_t updated = 0;
    std::uint64_t deleted = 0;  // or marked as gone
    bool operator==(const Load&) const = default;
  };
  std::optional<Load> load{};  // of a database, what was done to its table
  std::string rejects;         // where rejects are, or empty
  bool can_replay = true;      // them
  std::string state;           // --state, for that; or empty
  bool rejects_stay = true;    // false: they went to no file, such as /dev/null
  std::string zone_data;
  SummaryNames names;
  std::uint64_t corrected = 0;  // records that a person changed before they were run again
  std::vector<Alert> alerts;    // in front of all else
  std::vector<Phrase> notes;    // how the run went about it: two passes over the input
  std::vector<Phrase> endings;  // sentences about limits, cut-off input, …
  int exit = 0;
  std::uint64_t bytes = 0;  // read from the inputs as they lie there; for the screen only, as a run
                            // that ends early reads on
  double seconds = 0;       // for the screen only

  /// The files that RecordRef::source counts.
  [[nodiscard]] const std::vector<std::string>& record_files() const noexcept {
    return dumps.empty() ? inputs : dumps;
  }
  /// Whether a record's place needs its file beside it.
  [[nodiscard]] bool names_files() const noexcept { return !dumps.empty() || inputs.size() > 1; }
};

/// The end report of mappings/rules.md, section 3, for the screen: control characters made visible,
/// at most about 100 columns.
std::string report_text(const Summary& summary, const RunFacts& facts,
                        Language language = Language::en);
/// The same facts as one JSON object with a line end (schemas/summary.schema.json). But for
/// `started` and `finished`, two runs that did the same give the same bytes.
std::string summary_json(const Summary& summary, const RunFacts& facts,
                         Language language = Language::en);

/// The same facts as a page of HTML (--report), for who never saw a terminal. But for `started` and
/// `finished`, two runs that did the same give the same bytes.
std::string run_html(const Summary& summary, const RunFacts& facts,
                     Language language = Language::en);

/// A summary that was read, with what the file says of its run.
struct SummaryRead {
  Summary summary;
  RunFacts facts;
};
/// What summary_json() wrote, read back: written again it gives the same bytes. What is not in the
/// file stays empty: the rejects that the screen shows, FieldSeen, Summary::parsed. Any other text
/// gives a Failure that calls it `name`.
Result<SummaryRead> read_summary(std::string_view text, const std::string& name);

}  // namespace trama
