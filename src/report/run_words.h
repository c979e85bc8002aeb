// What the end report and the page of a run both say, as data in words: which record, which values no
// table knows and how they are added, what is to be done next.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report_line.h"
#include "report/summary.h"
#include "report/words.h"

namespace trama {

/// The input that a record is from, or "".
std::string_view file_of(const RecordRef& at, const RunFacts& facts) noexcept;
/// A record and its id, with its file where there are several: "record 1,204, HA-1002 of june.json".
std::string record_words(const RecordRef& at, const RunFacts& facts, const ReportWords& words);

/// What rejected records, with how many times: the most frequent first.
std::vector<ListedError> frequent_errors(const Summary& summary, const SummaryNames& names);

/// Values that a lookup of a column did not find.
struct UnknownWords {
  std::string column;
  std::uint64_t count = 0;
  bool hidden = false;  // personal: no value is told
  struct Value {
    std::string text;  // "CONF", in quotes
    std::uint64_t count = 0;
  };
  std::vector<Value> values{};     // the most frequent ones
  std::uint64_t more_values = 0;   // different ones beside them, where all are known
  std::uint64_t other_counts = 0;  // else: how many times it was another
  std::string how{};               // to add them: "add below line 14 of habitaciones.csv, …"
  std::string entries{};           // the lines to add, each with its line end
};
/// `most`: values of each that are told.
std::vector<UnknownWords> unknown_words(const Summary& summary, const RunFacts& facts,
                                        const ReportWords& words, std::size_t most);

bool has_blanks(const ColumnCounts& counts) noexcept;

/// "beside the runs before: insert 3, update 1, unchanged 96"; "" where nothing was compared.
std::string operations_words(const Summary& summary, const ReportWords& words);
/// "loaded into reservas: inserted 120, updated 30"; or "".
std::string load_words(const RunFacts& facts, const ReportWords& words);

/// What is to be done with what was rejected.
struct RejectsAdvice {
  enum class Kind : std::uint8_t {
    nothing,
    replay,     // run the rejects again
    run_again,  // nothing was published: run the same inputs again
  };
  Kind kind = Kind::nothing;
  std::string command{};  // whole, ready to be typed; may be empty of run_again
};
RejectsAdvice rejects_advice(const Summary& summary, const RunFacts& facts);

/// A file as a word of a command line, that no option is.
std::string file_word(const std::string& name);

}  // namespace trama
