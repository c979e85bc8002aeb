#include "run/kept_records.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/phrase_codes.h"

namespace trama {

KeptRecords::KeptRecords(const std::vector<std::uint64_t>& records, std::size_t memory)
    : window_bits_(std::max<std::uint64_t>(1, memory) * 8) {
  std::uint64_t all = 0;
  for (const std::uint64_t of_one : records) {
    bases_.push_back(all);
    all += of_one;
  }
  bases_.push_back(all);
}

Result<bool> KeptRecords::next_window() {
  const std::uint64_t all = bases_.back();
  const std::uint64_t next = window_ ? *window_ + window_bits_ : 0;
  const bool one = all <= window_bits_;
  if (window_ && !one) {
    if (!file_) {
      TRAMA_TRY(file_, TemporaryFile::open(PhraseCode::run_no_duplicates));
    }
    TRAMA_TRY_VOID(file_->append({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}));
  }
  if (window_ && next >= all) {
    if (!one) bytes_ = std::vector<std::uint8_t>();
    return false;
  }
  window_ = next;
  const std::uint64_t bits = std::min(window_bits_, all - next);
  bytes_.assign(static_cast<std::size_t>((bits + 7) / 8), 0);
  return true;
}

void KeptRecords::keep(std::size_t source, std::uint64_t record) noexcept {
  if (source + 1 >= bases_.size() || record == 0) return;
  const std::uint64_t bit = bases_[source] + record - 1;
  if (bit >= bases_[source + 1] || bit < *window_ || bit >= *window_ + window_bits_) return;
  const std::uint64_t at = bit - *window_;
  bytes_[static_cast<std::size_t>(at / 8)] |= static_cast<std::uint8_t>(1U << (at % 8));
}

bool KeptRecords::Some::holds(std::uint64_t record) const noexcept {
  if (record == 0 || record > records_) return false;
  const std::uint64_t bit = base_ + record - 1;
  if (bit < from_) return false;
  const auto at = static_cast<std::size_t>((bit - from_) / 8);
  return at < bytes_.size() && (bytes_[at] >> ((bit - from_) % 8) & 1U) != 0;
}

Result<KeptRecords::Some> KeptRecords::some(std::size_t source, std::uint64_t first,
                                            std::uint64_t last) const {
  Some some;
  if (source + 1 >= bases_.size() || last == 0) return some;  // an input that is new
  some.base_ = bases_[source];
  some.records_ = bases_[source + 1] - bases_[source];
  if (some.records_ == 0 || first > some.records_) return some;
  const std::uint64_t begin = (some.base_ + std::max<std::uint64_t>(1, first) - 1) / 8;
  const std::uint64_t end = (some.base_ + std::min(last, some.records_) - 1) / 8 + 1;
  some.from_ = begin * 8;
  some.bytes_.resize(static_cast<std::size_t>(end - begin));
  if (!file_) {
    std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin),
              bytes_.begin() + static_cast<std::ptrdiff_t>(end), some.bytes_.begin());
    return some;
  }
  TRAMA_TRY(const std::size_t got,
            file_->read(begin, reinterpret_cast<char*>(some.bytes_.data()), some.bytes_.size()));
  some.bytes_.resize(got);
  return some;
}

}  // namespace trama
