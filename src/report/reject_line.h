// RejectReader: a line of a rejects file back to the record that was rejected, its bytes and its
// identity; for `trama replay`. What append_reject() writes, this reads.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "json/record_reader.h"
#include "report/reject.h"

namespace trama {

/// A record as a rejects file keeps it.
struct KeptRecord {
  std::string file;
  std::string mapping;
  ReplayTerms terms;
  std::uint64_t number = 0;
  std::uint64_t line = 0;
  std::uint64_t byte = 0;
  std::uint32_t column = 1;
  std::string bytes;  // its own; of one that was too big, the first
  std::uint64_t whole_size = 0;
  bool cut = false;        // only its first bytes were kept
  bool rest = false;       // of a list that could not be cut into records
  bool duplicate = false;  // of stage `duplicate`
  bool rewritten = false;  // the line is not the one that trama wrote
  std::string entry_key;   // as JSON text with its quotes, or empty
  // a whole document, and what was found there
  bool no_records = false;
  bool error_answer = false;
  std::string document_words;
};

class RejectReader {
 public:
  RejectReader();

  /// `line`: followed by kPadding readable bytes. Gives what is wrong with it, for who has the
  /// file; empty where it was read into `out`. A line that another program or a person wrote
  /// anew is read as far as it can be, and is `rewritten`.
  Phrase read(std::string_view line, KeptRecord& out);

 private:
  Phrase places(KeptRecord& out);
  Phrase source(KeptRecord& out);
  Phrase line_ends(KeptRecord& out);
  bool put_back(std::size_t slot, char c, std::string& bytes) const;
  bool is_as_written(std::string_view line);
  bool text(std::size_t slot, std::string& out);
  bool number(std::size_t slot, std::uint64_t& out);

  RecordReader reader_;
  Arena arena_;
  Sha256 digest_;
};

}  // namespace trama
