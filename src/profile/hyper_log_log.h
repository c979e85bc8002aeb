// HyperLogLog: how many different values there are, estimated in a fixed number of bytes.
//
// Flajolet, Fusy, Gandouet and Meunier (2007): the first bits of a value's hash choose a register,
// which keeps the longest run of zeros that the bits behind them began with.
// A register is a maximum, so the state depends on the set of values alone:
// neither on their order nor on how they were cut.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trama {

class HyperLogLog {
 public:
  /// Bits that choose a register: 4,096 registers of a byte, a standard error of 1.6 %.
  static constexpr int kPrecision = 12;

  /// Nothing was ever added; such a one takes no memory.
  [[nodiscard]] bool empty() const noexcept { return registers_.empty(); }
  /// `hash`: 64 well-mixed bits, the same for the same value.
  void add(std::uint64_t hash);
  /// All values of both; at the lower precision of the two.
  void merge(const HyperLogLog& other);
  /// Half the registers for each bit less, exactly as if it had been that coarse from the start.
  void coarsen(int precision);
  [[nodiscard]] std::uint64_t estimate() const;
  [[nodiscard]] std::size_t bytes() const noexcept { return registers_.size(); }

 private:
  int precision_ = kPrecision;
  std::vector<std::uint8_t> registers_;  // 0: no value came to it
};

}  // namespace trama
