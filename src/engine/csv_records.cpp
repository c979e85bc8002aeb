#include "engine/csv_records.h"

#include <algorithm>
#include <cstdio>

#include "source/source.h"

namespace trama {
namespace {

constexpr std::size_t kBlock = std::size_t{256} * 1024;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

/// Of what is outside quotes.
char most_frequent_separator(std::string_view line) noexcept {
  char best = ',';
  std::size_t most = 0;
  for (const char one : {',', ';', '\t', '|'}) {
    std::size_t count = 0;
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == one && !quoted) ++count;
    }
    if (count > most) {
      most = count;
      best = one;
    }
  }
  return best;
}

}  // namespace

/// The next byte, or EOF.
int CsvRecords::get() {
  if (at_ == block_.size()) {
    block_.resize(kBlock);
    block_.resize(bytes_.read(block_.data(), block_.size()));
    at_ = 0;
    if (block_.empty()) return EOF;
  }
  return static_cast<unsigned char>(block_[at_++]);
}

/// One record with all its lines into written_.
bool CsvRecords::read() {
  written_.clear();
  broken_ = false;
  line_ = lines_ + 1;
  bool quoted = false;
  bool any = false;
  for (int c = get(); c != EOF; c = get()) {
    any = true;
    const auto byte = static_cast<char>(c);
    if (byte == '\n') ++lines_;
    if (byte == '\n' && !quoted) break;
    if (byte == '"') quoted = !quoted;
    if (written_.size() < kMaxRecordBytes)
      written_ += byte;
    else
      broken_ = true;
  }
  if (written_.ends_with('\r')) written_.pop_back();
  broken_ = broken_ || quoted;
  return any;
}

/// written_ into its cells; two quotes inside quotes are one of the cell's.
void CsvRecords::split() {
  cells_.assign(1, {});
  bool quoted = false;
  for (std::size_t i = 0; i < written_.size(); ++i) {
    const char c = written_[i];
    if (c == '"' && quoted && i + 1 < written_.size() && written_[i + 1] == '"')
      cells_.back() += written_[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == separator_ && !quoted)
      cells_.emplace_back();
    else
      cells_.back() += c;
  }
}

bool CsvRecords::begin() {
  if (!read()) return false;
  if (written_.starts_with(kUtf8Mark)) written_.erase(0, kUtf8Mark.size());
  separator_ = most_frequent_separator(written_);
  split();
  header_ = cells_;
  return true;
}

bool CsvRecords::next() {
  while (read()) {
    if (written_.empty()) continue;
    split();
    return true;
  }
  return false;
}

}  // namespace trama
