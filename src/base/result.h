// Result<T>: a value, or the Failure that kept us from it (the world's fault:
// a file, a disk, a command line).

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/codes.h"
#include "base/phrase.h"

namespace trama {

/// One thing that went wrong in the world, with the values of its message.
struct Failure {
  FailureCode code;
  std::vector<Phrase> values;

  [[nodiscard]] Exit exit() const noexcept { return exit_of(code); }
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor): a return value
  Result(Failure failure)
      : state_(std::move(failure)) {}  // NOLINT(google-explicit-constructor): a return value

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  [[nodiscard]] T& value() {
    TRAMA_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const {
    TRAMA_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] Failure& failure() {
    TRAMA_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] const Failure& failure() const {
    TRAMA_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Failure> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Failure failure)
      : failure_(std::move(failure)) {}  // NOLINT(google-explicit-constructor): a return value

  [[nodiscard]] bool ok() const noexcept { return !failure_.has_value(); }
  [[nodiscard]] Failure& failure() {
    TRAMA_CHECK(!ok());
    return *failure_;
  }

 private:
  std::optional<Failure> failure_;
};

}  // namespace trama

#define TRAMA_JOIN_(a, b) a##b
#define TRAMA_JOIN(a, b) TRAMA_JOIN_(a, b)
#define TRAMA_TRY_(name, declaration, expression)   \
  auto name = (expression);                         \
  if (!name.ok()) return std::move(name.failure()); \
  declaration = std::move(name.value())

/// TRAMA_TRY(auto file, open(path)); declares `file`, or returns the Failure to our caller.
#define TRAMA_TRY(declaration, expression) \
  TRAMA_TRY_(TRAMA_JOIN(trama_result_, __LINE__), declaration, expression)

/// The same for a Result<void>.
#define TRAMA_TRY_VOID(expression)                            \
  do {                                                        \
    if (auto trama_result = (expression); !trama_result.ok()) \
      return std::move(trama_result.failure());               \
  } while (false)
