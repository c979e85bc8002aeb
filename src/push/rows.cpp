#include "push/rows.h"

#include <utility>

#include "base/phrase_codes.h"
#include "report/shown_text.h"
#include "source/input_files.h"
#include "source/over_streams.h"

namespace trama {
namespace {

constexpr std::size_t kMostRowsOfOne = 10'000;  // that follow each other under one key
constexpr std::size_t kMostBytesOfOne = std::size_t{64} << 20U;

}  // namespace

Result<std::unique_ptr<Source>> PushRows::open() const {
  InputFilesOptions how;
  how.stop = &stop_;
  TRAMA_TRY(const auto files, InputFiles::open_all({file_}, how));
  SourceOptions source_options;
  source_options.stop = &stop_;
  return source_over(files, source_options);
}

Result<void> PushRows::each(const Take& take, const Refuse& refuse) {
  TRAMA_TRY(const std::unique_ptr<Source> source, open());
  Split split;
  PushRow row;
  PushRecord record;
  std::size_t bytes = 0;
  const auto give = [&]() -> Result<void> {
    if (record.rows.empty()) return {};
    const PushRecord whole = std::exchange(record, {});
    bytes = 0;
    return take(whole);
  };
  digest_.clear();
  while (stop_.asked() == 0 && source->next(split)) {
    for (const Frame& frame : split.frames) {
      if (stop_.asked() != 0) break;
      std::string_view column;
      const Phrase wrong = reader_.read(frame, row, column);
      row.digest = digest_;
      digest_ = digest_with(frame);
      if (!column.empty()) return no_column(row, column, PhraseCode::push_column_kind, "push");
      if (!wrong.empty()) {
        TRAMA_TRY_VOID(refuse(row, wrong));
        continue;
      }
      const bool goes_on = !row.key.empty() && !record.rows.empty() &&
                           record.first().key == row.key &&
                           record.first().operation == row.operation;
      if (!goes_on) TRAMA_TRY_VOID(give());
      bytes += row.bytes.size() + row.body.size();
      record.rows.push_back(std::move(row));
      if (record.rows.size() > kMostRowsOfOne || bytes > kMostBytesOfOne)
        return no_column(record.rows.back(), "key", PhraseCode::push_column_repeated, "push");
    }
  }
  if (stop_.asked() != 0) return Failure{FailureCode::interrupted, {}};
  if (!source->trouble()) return give();
  // A run without rows writes such a file; nothing on standard input is more likely a command that failed.
  const bool is_empty = source->trouble()->code == FailureCode::input_no_bytes;
  // Of a file that is cut off nobody knows whether its last record is whole.
  return is_empty && file_ != "-" ? Result<void>() : *source->trouble();
}

Result<std::uint64_t> PushRows::known_rows(const PushedRows& pushed) {
  if (pushed.rows == 0 || file_ == "-") return std::uint64_t{0};
  TRAMA_TRY(const std::unique_ptr<Source> source, open());
  Split split;
  digest_.clear();
  for (std::uint64_t read = 0; stop_.asked() == 0 && source->next(split);)
    for (const Frame& frame : split.frames) {
      digest_ = digest_with(frame);
      if (++read == pushed.rows) return digest_ == pushed.digest ? read : std::uint64_t{0};
    }
  return std::uint64_t{0};
}

Result<void> PushRows::check_key(const PushRow& row, const PushOperation& operation) const {
  // A server may take these for steps of the address, however they are written (RFC 3986 §5.2.4).
  const bool is_looked_up = !operation.is_idempotent() && !target_.lookup.empty();
  if ((operation.needs_key() || is_looked_up) && (row.key == "." || row.key == ".."))
    return no_column(row, "key", PhraseCode::push_column_dots, std::string(kKey));
  if (!row.key.empty()) return {};
  if (operation.needs_key())
    return no_column(row, "key", PhraseCode::push_column_missing, std::string(kKey));
  if (is_looked_up) return no_column(row, "key", PhraseCode::push_column_missing, "lookup");
  return {};
}

Phrase PushRows::not_told(const PushRow& row) const {
  std::string known;
  for (std::size_t i = 0; i < kPushOperations.size(); ++i)
    if (target_.operations[i]) (known += known.empty() ? "" : ", ") += kPushOperations[i];
  return {NoticeCode::row_operation, {shortened(row.operation), target_.name, known}};
}

Failure PushRows::no_column(const PushRow& row, std::string_view column, Phrase what,
                            const std::string& word) const {
  return {FailureCode::rows_column,
          {shown_input(file_), grouped(row.record), column, std::move(what), word}};
}

std::string PushRows::digest_with(const Frame& frame) {
  sha256_.add(digest_);
  sha256_.add({frame.data, frame.size});
  std::string digest;
  append_hex(digest, sha256_.take());
  return digest;
}

}  // namespace trama
