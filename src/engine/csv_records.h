// CsvRecords: the lines of a CSV of any size (RFC 4180, with a header line), one after the other.
// The separator is that of `, ; tab |` which the header has most.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "source/byte_stream.h"

namespace trama {

class CsvRecords {
 public:
  explicit CsvRecords(ByteStream& bytes) : bytes_(bytes) {}

  /// Reads the header. False: there is none.
  bool begin();
  [[nodiscard]] const std::vector<std::string>& header() const noexcept { return header_; }
  /// The next record, lines without any character passed over. False: there is none, or reading
  /// cannot go on (ByteStream::trouble()).
  bool next();
  /// Its cells, of which there may be more or fewer than in the header.
  [[nodiscard]] const std::vector<std::string>& cells() const noexcept { return cells_; }
  /// As it stands there, without its line end.
  [[nodiscard]] std::string_view written() const noexcept { return written_; }
  [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
  /// Whether it ends in the middle of quotes, or is larger than kMaxRecordBytes: not to be believed.
  [[nodiscard]] bool is_broken() const noexcept { return broken_; }

 private:
  int get();
  bool read();
  void split();

  ByteStream& bytes_;
  std::string block_;
  std::size_t at_ = 0;
  char separator_ = ',';
  std::vector<std::string> header_;
  std::vector<std::string> cells_;
  std::string written_;
  std::uint64_t lines_ = 0;  // that ended
  std::uint64_t line_ = 0;   // at which the record begins
  bool broken_ = false;
};

}  // namespace trama
