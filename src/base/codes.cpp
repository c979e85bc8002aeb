#include "base/codes.h"

#include <array>
#include <cstddef>
#include <iterator>

namespace trama {
namespace {

struct CodeRow {
  std::string_view name;
  std::string_view meaning;
};
constexpr CodeRow kCodes[] = {
    {"OK", "nothing is wrong"},
#define TRAMA_CODE(id, name, meaning) {name, meaning},
#include "base/record_codes.inc"
#undef TRAMA_CODE
};

struct ReasonRow {
  RecordCode code;
  std::string_view text;
};
constexpr ReasonRow kReasons[] = {
    {RecordCode::ok, ""},
#define TRAMA_REASON(id, code, text) {RecordCode::code, text},
#include "base/reasons.inc"
#undef TRAMA_REASON
};

constexpr std::string_view kReasonWords[] = {
    "none",
#define TRAMA_REASON(id, code, text) #id,
#include "base/reasons.inc"
#undef TRAMA_REASON
};

struct DiagnosticRow {
  std::string_view name;
  Severity severity;
  std::string_view text;
  std::string_view help;
};
constexpr DiagnosticRow kDiagnostics[] = {
#define TRAMA_DIAGNOSTIC(id, name, severity, text, help) {name, Severity::severity, text, help},
#include "base/diagnostics.inc"
#undef TRAMA_DIAGNOSTIC
};

struct FailureRow {
  std::string_view name;
  Exit exit;
  std::string_view text;
};
constexpr FailureRow kFailures[] = {
#define TRAMA_FAILURE(id, name, exit, text) {name, Exit::exit, text},
#include "base/failures.inc"
#undef TRAMA_FAILURE
};

struct NoticeRow {
  std::string_view name;
  std::string_view text;
};
constexpr NoticeRow kNotices[] = {
#define TRAMA_NOTICE(id, name, text) {name, text},
#include "base/notices.inc"
#undef TRAMA_NOTICE
};

}  // namespace

std::string_view name(RecordCode code) noexcept {
  return kCodes[static_cast<std::size_t>(code)].name;
}
std::string_view meaning(RecordCode code) noexcept {
  return kCodes[static_cast<std::size_t>(code)].meaning;
}
RecordCode code_of(Reason reason) noexcept {
  return kReasons[static_cast<std::size_t>(reason)].code;
}
std::string_view text(Reason reason) noexcept {
  return kReasons[static_cast<std::size_t>(reason)].text;
}
std::string_view word(Reason reason) noexcept {
  return kReasonWords[static_cast<std::size_t>(reason)];
}
Reason reason_of(std::string_view word) noexcept {
  for (std::size_t i = 1; i < std::size(kReasonWords); ++i)
    if (kReasonWords[i] == word) return static_cast<Reason>(i);
  return Reason::none;
}
std::string_view name(DiagnosticCode code) noexcept {
  return kDiagnostics[static_cast<std::size_t>(code)].name;
}
Severity severity(DiagnosticCode code) noexcept {
  return kDiagnostics[static_cast<std::size_t>(code)].severity;
}
std::string_view text(DiagnosticCode code) noexcept {
  return kDiagnostics[static_cast<std::size_t>(code)].text;
}
std::string_view help(DiagnosticCode code) noexcept {
  return kDiagnostics[static_cast<std::size_t>(code)].help;
}
std::string_view name(FailureCode code) noexcept {
  return kFailures[static_cast<std::size_t>(code)].name;
}
Exit exit_of(FailureCode code) noexcept {
  return kFailures[static_cast<std::size_t>(code)].exit;
}
std::string_view text(FailureCode code) noexcept {
  return kFailures[static_cast<std::size_t>(code)].text;
}

std::string_view name(NoticeCode code) noexcept {
  return kNotices[static_cast<std::size_t>(code)].name;
}
std::string_view text(NoticeCode code) noexcept {
  return kNotices[static_cast<std::size_t>(code)].text;
}

std::string fill(std::string_view pattern, std::span<const std::string> values) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool place = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}' &&
                       pattern[i + 1] >= '0' && pattern[i + 1] <= '9';
    if (!place) {
      out += pattern[i];
      continue;
    }
    const auto which = static_cast<std::size_t>(pattern[i + 1] - '0');
    if (which < values.size()) out += values[which];
    i += 2;
  }
  return out;
}

}  // namespace trama
