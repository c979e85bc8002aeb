// IdempotencyKeys: of each row a UUID of what it says, so that whoever takes it in twice can tell
// (mappings/rules.md, rule 9.36). One a thread.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "json/json_object.h"
#include "plan/plan.h"

namespace trama {

class IdempotencyKeys {
 public:
  /// `plan` has an identity, and outlives this.
  explicit IdempotencyKeys(const Plan& plan);

  /// The key of a row, valid until the next call; "" where the row as JSON has more than limit()
  /// bytes. `key`: that of its record; `number`: of the row in its record, from 1.
  std::string_view of(std::span<const Value> row, std::string_view rest, std::string_view key,
                      std::size_t number);
  /// Of what is gone: `content`, that of its last version as the state knows it.
  std::string_view of_gone(std::string_view key, std::string_view content);
  /// How long a row as JSON may be.
  void limit(std::size_t most) noexcept {
    most_ = most;
    writer_.limit(most);
  }

 private:
  void begin_name(std::string_view key);

  const Plan& plan_;
  JsonObjectWriter writer_;
  Sha256 digest_;
  std::size_t most_ = SIZE_MAX;
  std::string content_;
  std::string name_;
  std::string uuid_;
};

}  // namespace trama
