// PathWatch: follows the values that a JsonChecker meets, and tells which one stands at a path.
// Also the words about foreign text that the failures of an input show.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "source/json_checker.h"

namespace trama {

class PathWatch {
 public:
  /// `keys` must outlive this. A key that is a number also is the place (from 0)
  /// in a list (RFC 6901 §4).
  explicit PathWatch(std::span<const std::string> keys) : keys_(keys) {}
  /// Begins anew, for another document.
  void reset() noexcept;

  /// After each event `begin` of `checker`: whether this value is the one at the path.
  bool begin(const JsonChecker& checker);
  void key(const JsonChecker& checker);
  /// After each event `end`, and where a container was left.
  void end(const JsonChecker& checker) noexcept;

  /// The keys from the innermost open value on the path to its end.
  [[nodiscard]] std::span<const std::string> rest() const noexcept {
    return keys_.subspan(inside_ - 1);
  }
  /// Whether the innermost open value lies on the path.
  [[nodiscard]] bool leads_on(const JsonChecker& checker) const noexcept {
    return inside_ > 0 && inside_ == checker.depth();
  }
  /// What stands where the path leads nowhere, for a message.
  [[nodiscard]] Phrase instead() const;

 private:
  [[nodiscard]] bool is_next(const JsonChecker& checker, std::size_t around) noexcept;
  void enter(char first, std::size_t around);

  std::span<const std::string> keys_;
  std::size_t inside_ = 0;   // open containers on the path, the document among them
  std::size_t reached_ = 0;  // the most of them so far
  std::uint64_t index_ = 0;  // of the next item, in a list on the path
  bool key_fits_ = false;
  char found_ = 0;  // the first byte of the value of value at the last key that was reached
  std::size_t found_at_ = 0;            // how many keys lead to it
  std::vector<std::string> keys_seen_;  // in the last object that was reached
  bool more_keys_ = false;
};

/// `data.bookings`, or `/a.b/c` where a key could be taken for two.
Phrase written_path(std::span<const std::string> keys, bool entries);

/// Characters shown of an error answer, and bytes that surely hold them.
constexpr std::size_t kErrorShown = 200;
constexpr std::size_t kErrorBytes = kErrorShown * 4 + 4;

/// Collects the value at the path that only an error answer has.
class ErrorWatch {
 public:
  explicit ErrorWatch(std::span<const std::string> keys) : watch_(keys), active_(!keys.empty()) {}
  /// Begins anew, for another document.
  void reset() noexcept;

  /// `from` to `to`: the bytes that led to `event`. True once an error is found: text().
  bool event(const JsonChecker& checker, JsonChecker::Event event, const char* from,
             const char* to);
  [[nodiscard]] std::string text() const;
  /// The keys from the innermost open value to the error, if the path leads through it.
  [[nodiscard]] std::span<const std::string> rest(const JsonChecker& checker) const noexcept {
    return active_ && watch_.leads_on(checker) ? watch_.rest() : std::span<const std::string>();
  }

 private:
  [[nodiscard]] bool says_something() const;
  PathWatch watch_;
  bool active_;
  bool collecting_ = false;
  std::size_t around_ = 0;  // containers around what is collected
  std::string text_;
};

/// The error in one JSON text, if it has one at `keys`. Text that is not JSON has none.
std::optional<std::string> error_in(std::string_view json, std::span<const std::string> keys);

}  // namespace trama
