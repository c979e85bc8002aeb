// uuid: the form of a UUID, of any version.

#include "step/specs.h"

namespace trama {
namespace {

constexpr std::size_t kLength = 36;

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_uuid(std::string_view text) noexcept {
  if (text.size() != kLength) return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

Reason check_uuid(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  return is_uuid(value.text()) ? Reason::none : context.fail(Reason::not_a_uuid);
}

constexpr Example kExamples[] = {
    {.title = "Kept as written",
     .column = "type: uuid",
     .in = R"("F81D4FAE-7dec-11d0-A765-00a0c91e6bf6")",
     .out = "F81D4FAE-7dec-11d0-A765-00a0c91e6bf6"},
    {.title = "Without hyphens",
     .column = "type: uuid",
     .in = R"("f81d4fae7dec11d0a76500a0c91e6bf6")",
     .code = RecordCode::uuid_invalid},
};
constexpr RecordCode kErrors[] = {RecordCode::uuid_invalid};

}  // namespace

constinit const StepSpec kUuid{
    .name = "check_uuid",
    .family = StepFamily::type,
    .word = "uuid",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks the form of a UUID: 8-4-4-4-12 hexadecimal digits.",
    .doc =
        "Capitals and small letters are both fine and stay as written. Versions are not looked at.",
    .source = "RFC 9562, section 4",
    .errors = kErrors,
    .examples = kExamples,
    .fn = check_uuid,
};

}  // namespace trama
