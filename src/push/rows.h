// PushRows: the rows of a file, gathered to the things that they are of, in the order of the file. Knows nothing of a
// server or a state.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/phrase.h"
#include "base/result.h"
#include "base/sha256.h"
#include "base/stop_flag.h"
#include "push/row.h"
#include "push/target_file.h"
#include "source/source.h"
#include "state/pushes.h"

namespace trama {

class PushRows {
 public:
  /// `file`: a path, or "-". All outlive this.
  PushRows(const PushTarget& target, const std::string& file, const StopFlag& stop)
      : target_(target), file_(file), stop_(stop), reader_(target.name) {}

  using Take = std::function<Result<void>(const PushRecord& record)>;
  using Refuse = std::function<Result<void>(const PushRow& row, const Phrase& why)>;
  /// `take` gets the rows of one thing, `refuse` what is no row. rows_column, interrupted, what is wrong with
  /// the file.
  Result<void> each(const Take& take, const Refuse& refuse);
  /// The digest of all rows that were read.
  [[nodiscard]] const std::string& digest() const noexcept { return digest_; }
  /// With how many rows of a push before the file begins: with all of them, or 0.
  Result<std::uint64_t> known_rows(const PushedRows& pushed);

  /// Whether the row has the key that is asked for. rows_column.
  [[nodiscard]] Result<void> check_key(const PushRow& row, const PushOperation& operation) const;
  /// Says that the target does not tell what is done with the row.
  [[nodiscard]] Phrase not_told(const PushRow& row) const;

 private:
  Result<std::unique_ptr<Source>> open() const;
  [[nodiscard]] std::string digest_with(const Frame& frame);
  [[nodiscard]] Failure no_column(const PushRow& row, std::string_view column, Phrase what,
                                  const std::string& word) const;

  const PushTarget& target_;
  const std::string& file_;
  const StopFlag& stop_;
  PushRowReader reader_;
  Sha256 sha256_;
  std::string digest_;
};

}  // namespace trama
