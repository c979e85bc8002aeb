// A rejected record as one JSON line (the README documents it) and as the end report shows it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_places.h"
#include "base/sha256.h"
#include "json/personal_places.h"
#include "report/summary.h"
#include "text/language.h"
#include "value/format.h"

namespace trama {

/// What small tables know, by their names: "DBL, SGL, TPL".
using KnownKeys = std::map<std::string, std::string, std::less<>>;

/// What decided which records a dump has and which are duplicates, as text for people. Rejects
/// carry it: a mapping where it is another cannot replay them.
struct ReplayTerms {
  std::string records;     // "json /data/bookings"
  std::string duplicates;  // "keep first of /booking_id, others report"; empty: none
  friend bool operator==(const ReplayTerms&, const ReplayTerms&) = default;
};

/// The names that errors carry as indexes; the same for a whole run.
struct ReportNames {
  Language language = Language::en;  // of messages
  std::string run;
  std::string mapping;
  std::string mapping_sha256;
  struct Column {
    std::string name;
    bool personal = false;  // it says so, or it is made of what is personal
    ColumnFormat format;
    std::string message{};  // of the mapping's author, beside its errors and warnings
  };
  std::vector<Column> columns;
  struct Rule {
    std::string name;
    std::string message;
    bool personal = false;  // it reads what is personal
  };
  std::vector<Rule> rules;
  std::vector<std::string> places;   // "hotelera-andina.yaml:89:5"
  std::vector<std::string> sources;  // the inputs
  /// Where the record holds personal values: what an error found there is hidden, and masked in
  /// `source` where mask_source says so.
  PersonalPlaces personal;
  /// Of other words of the mapping (`only`, `duplicates`), those whose errors quote personal
  /// values, as RecordError::place.
  std::vector<std::uint32_t> personal_words;
  /// For `known: DBL, SGL, TPL`.
  KnownKeys known;
  bool mask_source = false;
  std::string records_path;  // where the records of a document are, as messages show it
  ReplayTerms terms;
  bool table = false;  // a line for each error is wanted too (--rejects-csv)
  bool page = false;   // the first records are shown as they came (--report)
};

enum class Stage : std::uint8_t { read, map, rule, duplicate, write };

struct RejectedRecord {
  std::size_t source = 0;
  std::uint64_t number = 0;
  std::uint64_t line = 0;
  std::uint32_t column = 1;  // of its first byte in that line, in characters
  std::uint64_t byte = 0;
  std::uint64_t whole_size = 0;  // of a record that is too big
  std::string_view bytes{};      // its own bytes
  bool is_json = false;          // kept as `source`, else as source_text or source_base64
  bool too_big = false;
  bool rest = false;             // of a list that cannot be cut: all from here to its end
  std::string_view entry_key{};  // of `records: x{*}`, the entry's key as JSON text
  std::string_view id{};
  bool id_personal = false;
  Stage stage = Stage::map;
  std::span<const RecordError> errors{};
  const KnownKeys* known = nullptr;  // of the tables that travel with the record
  /// A whole document, not a record: run again it is rejected again, in the same words.
  enum class Document : std::uint8_t { no, no_records, error_answer };
  Document document = Document::no;
  std::string_view document_words{};
};

/// Appends one line of the rejects file. `digest`: used for this line, to be used again.
void append_reject(std::string& out, const RejectedRecord& record, const ReportNames& names,
                   Sha256& digest);
/// An error of a rejected record as a line of a table for people. What is personal is hidden.
struct RejectedError {
  std::string file;
  std::string id;
  std::string data_at;  // line:column of the value in the file; else of the record
  std::string column;   // or the rule
  std::string code;
  std::string value;
  std::string message;
  std::string column_message;  // of the mapping's author
};
/// Those that a line of rejects tells.
std::vector<RejectedError> rejected_errors(const RejectedRecord& record, const ReportNames& names);
/// The same for the screen.
ShownReject shown_reject(const RejectedRecord& record, const ReportNames& names);
/// What an error or warning says: its reason with its values, those of personal columns hidden,
/// long ones shortened.
Told told_of(const RecordError& error, const ReportNames& names);
/// Whether what it quotes is personal.
bool is_hidden(const RecordError& error, const ReportNames& names);
/// The column or rule that it is about.
About about_of(const RecordError& error) noexcept;
/// Where its bytes are in its input.
inline DataPlaces places_of(const RejectedRecord& record) noexcept {
  return {record.bytes, {record.line, record.column}};
}

/// How a line ends: with the SHA-256 of all its bytes before kRejectDigest.
constexpr std::string_view kRejectDigest = R"(, "digest": "sha256:)";
constexpr std::string_view kRejectEnd = "\"}";

/// Appends the JSON text `source` with what is personal in it replaced by kHidden (values, and keys
/// that are) and raw line ends by blanks; of more than `most` bytes the first. Gives false, and
/// leaves `out` as it was, where the text is not JSON.
bool append_masked(std::string& out, std::string_view source, const PersonalPlaces& places,
                   std::size_t most = SIZE_MAX);

}  // namespace trama
