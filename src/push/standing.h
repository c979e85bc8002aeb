// Standing: what the ledger knows of the rows of a thing, and under which keys they are sent.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "push/row.h"
#include "state/pushes.h"

namespace trama {

/// A key that a server is told, made of a name.
std::string made_key(std::string_view name);

/// What is known of the rows of a thing, and what is to be done with them.
class Standing {
 public:
  /// `first`: the last delivery of its first row.
  Standing(const PushRecord& record, std::optional<Delivery> first);

  [[nodiscard]] const std::string& content() const noexcept { return content_; }
  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
  [[nodiscard]] const std::optional<Delivery>& first() const noexcept { return first_; }
  /// Whether a delivery is of these very rows; else of others that came before.
  [[nodiscard]] bool is_of(const Delivery& delivery) const noexcept {
    return delivery.epoch == epoch_ && delivery.content == content_;
  }
  [[nodiscard]] bool has(const Delivery& delivery) const noexcept {
    return is_of(delivery) && delivery.state == Delivery::State::acknowledged;
  }

  /// The keys that the server is told: that of the row the first time, then one of its own each time.
  [[nodiscard]] std::function<std::string(std::uint64_t turn)> keys_of(const PushRecord& record,
                                                                       std::size_t index) const;

 private:
  std::string content_;
  std::optional<Delivery> first_;
  bool same_ = false;
  std::uint64_t epoch_ = 0;
};

/// A row that is `unchanged` beside the run before need not be what the target has: what it has is
/// what was acknowledged last.
void send_all_the_same(PushRow& row, const Delivery& last);

}  // namespace trama
