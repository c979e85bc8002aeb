#include "profile/hyper_log_log.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace trama {

void HyperLogLog::add(std::uint64_t hash) {
  if (registers_.empty()) registers_.resize(std::size_t{1} << precision_);
  const auto at = static_cast<std::size_t>(hash >> (64 - precision_));
  const std::uint64_t rest = hash << precision_;
  // the bit behind the last one of the hash ends the longest run
  const int zeros = std::min(std::countl_zero(rest), 64 - precision_);
  registers_[at] = std::max(registers_[at], static_cast<std::uint8_t>(zeros + 1));
}

void HyperLogLog::merge(const HyperLogLog& other) {
  if (other.empty()) return;
  if (empty()) {
    const int precision = std::min(precision_, other.precision_);
    *this = other;
    coarsen(precision);
    return;
  }
  coarsen(other.precision_);
  HyperLogLog coarse;  // of `other`, where it is the finer one
  const HyperLogLog* from = &other;
  if (other.precision_ > precision_) {
    coarse = other;
    coarse.coarsen(precision_);
    from = &coarse;
  }
  for (std::size_t i = 0; i < registers_.size(); ++i)
    registers_[i] = std::max(registers_[i], from->registers_[i]);
}

/// The last bit of a register's number becomes the first of what is behind it: where it is 1 the
/// run of zeros is empty, where it is 0 the run is longer by one.
void HyperLogLog::coarsen(int precision) {
  for (; precision_ > precision; --precision_) {
    if (registers_.empty()) continue;
    const std::size_t half = registers_.size() / 2;
    for (std::size_t i = 0; i < half; ++i) {
      const std::uint8_t even = registers_[2 * i];
      const std::uint8_t odd = registers_[2 * i + 1];
      registers_[i] =
          static_cast<std::uint8_t>(std::max(even == 0 ? 0 : even + 1, odd == 0 ? 0 : 1));
    }
    registers_.resize(half);
    registers_.shrink_to_fit();
  }
  precision_ = std::min(precision_, precision);
}

std::uint64_t HyperLogLog::estimate() const {
  if (registers_.empty()) return 0;
  const auto m = static_cast<double>(registers_.size());
  double sum = 0;
  std::size_t zeros = 0;
  for (const std::uint8_t rank : registers_) {
    sum += std::ldexp(1.0, -static_cast<int>(rank));
    zeros += rank == 0 ? 1U : 0U;
  }
  const double raw = 0.7213 / (1 + 1.079 / m) * m * m / sum;
  // below, empty registers say more (linear counting)
  const bool few = raw <= 2.5 * m && zeros > 0;
  const double estimate = few ? m * std::log(m / static_cast<double>(zeros)) : raw;
  return static_cast<std::uint64_t>(std::llround(estimate));
}

}  // namespace trama
