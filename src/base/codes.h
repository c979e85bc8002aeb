// The codes of trama's messages. Each has its table, which holds its English text too:
//   record_codes.inc  why a record was refused: the stable word that rejects and reports carry
//   reasons.inc       the explanations of a code ("the part after @ has no dot"), with places for
//                     values
//   diagnostics.inc   what can be wrong in a mapping
//   failures.inc      what can go wrong in the world: files, disks, command lines
//   notices.inc       what a run reports beside: warnings about a record as a whole, how it ended
// Only text/catalogue makes sentences of them. A code that was released never changes its meaning.

#pragma once

#include <cstdint>
#include <string_view>

#include "base/exit.h"

namespace trama {

enum class RecordCode : std::uint8_t {
  ok = 0,
#define TRAMA_CODE(id, name, meaning) id,
#include "base/record_codes.inc"
#undef TRAMA_CODE
};

/// Why a value or a record was refused, finer than its code. Reason::none is "nothing is wrong".
enum class Reason : std::uint8_t {
  none = 0,
#define TRAMA_REASON(id, code, params, text) id,
#include "base/reasons.inc"
#undef TRAMA_REASON
};

enum class DiagnosticCode : std::uint8_t {
#define TRAMA_DIAGNOSTIC(id, name, severity, params, text, help) id,
#include "base/diagnostics.inc"
#undef TRAMA_DIAGNOSTIC
};

enum class FailureCode : std::uint8_t {
#define TRAMA_FAILURE(id, name, exit, params, text) id,
#include "base/failures.inc"
#undef TRAMA_FAILURE
};

enum class NoticeCode : std::uint8_t {
#define TRAMA_NOTICE(id, name, params, text) id,
#include "base/notices.inc"
#undef TRAMA_NOTICE
};

enum class Severity : std::uint8_t { error, warning };

/// The word of a code: "EMAIL_INVALID".
std::string_view name(RecordCode code) noexcept;
std::string_view name(DiagnosticCode code) noexcept;
std::string_view name(FailureCode code) noexcept;
std::string_view name(NoticeCode code) noexcept;

RecordCode code_of(Reason reason) noexcept;
/// Its word in the tables, for programs: "email_no_dot".
std::string_view word(Reason reason) noexcept;
/// The reason of that word; Reason::none where there is none.
Reason reason_of(std::string_view word) noexcept;
Severity severity(DiagnosticCode code) noexcept;
Exit exit_of(FailureCode code) noexcept;

}  // namespace trama
