// email: what browsers accept in an e-mail field, with a dot in the host name.
//
// The HTML standard's rule is short, decides in one pass and refuses no address that is in real
// use. It asks for no dot after @; we do, since a mail to "maria@ejemplo" reaches nobody.

#include <array>
#include <cstdint>

#include "base/ascii.h"
#include "base/bytes16.h"
#include "step/specs.h"

namespace trama {
namespace {

constexpr std::size_t kMaxLabel = 63;

constexpr bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || is_letter(c);
}

/// What may stand before @, by byte.
constexpr auto kLocal = [] {
  std::array<bool, 256> allowed{};
  for (std::size_t c = 0; c < 128; ++c) allowed[c] = is_alphanumeric(static_cast<char>(c));
  for (const char c : std::string_view(".!#$%&'*+/=?^_`{|}~-")) {
    allowed[static_cast<unsigned char>(c)] = true;
  }
  return allowed;
}();

/// What a label of the host name may have, by byte: letters, digits and hyphens.
constexpr auto kLabel = [] {
  std::array<bool, 256> allowed{};
  for (std::size_t c = 0; c < 128; ++c) allowed[c] = is_alphanumeric(static_cast<char>(c));
  allowed['-'] = true;
  return allowed;
}();

/// Labels with dots between them, no hyphen at their ends.
Reason check_domain(std::string_view domain) noexcept {
  const char* const end = domain.data() + domain.size();
  bool dot = false;
  for (const char* start = domain.data();;) {
    const char* at = start;
    while (at < end && kLabel[static_cast<unsigned char>(*at)]) ++at;
    const auto length = static_cast<std::size_t>(at - start);
    if (length == 0 || length > kMaxLabel || *start == '-' || at[-1] == '-')
      return Reason::email_domain;
    if (at == end) return dot ? Reason::none : Reason::email_no_dot;
    if (*at != '.') return Reason::email_domain;
    dot = true;
    start = at + 1;
  }
}

/// Whether `text` is an address as most are: 16 to 64 bytes, of letters, digits, dots and hyphens.
/// False says nothing: check_address() decides.
///
/// Bit i of a set stands for byte i. Every label of the host name begins behind @ or a dot and ends
/// before a dot or the end; there it needs a letter or a digit, which also leaves none empty. None
/// is too long, as the whole text is not.
bool is_usual_address(std::string_view text) noexcept {
  constexpr std::size_t kWidth = sizeof(Bytes16);
  if (text.size() < kWidth || text.size() > 64) return false;
  std::uint64_t alphanumeric = 0, dot = 0, hyphen = 0, mark = 0;
  const auto take = [&](std::size_t at) {
    const Bytes16 bytes = load16(text.data() + at);
    const Bytes16 lower = bytes | all16(0x20);
    alphanumeric |=
        bits((lower - all16('a') <= all16('z' - 'a')) | (bytes - all16('0') <= all16('9' - '0')))
        << at;
    dot |= bits(bytes == all16('.')) << at;
    hyphen |= bits(bytes == all16('-')) << at;
    mark |= bits(bytes == all16('@')) << at;
  };
  for (std::size_t at = 0; at + kWidth <= text.size(); at += kWidth) take(at);
  take(text.size() - kWidth);

  const std::uint64_t last = std::uint64_t{1} << (text.size() - 1);
  const std::uint64_t all = last | (last - 1);
  if ((alphanumeric | dot | hyphen | mark) != all) return false;
  if (mark <= 1 || (mark & (mark - 1)) != 0) return false;  // one @, and something before it
  const std::uint64_t dots = dot & ~(mark | (mark - 1));    // behind @
  const std::uint64_t label_begins = (mark | dots) << 1U;
  const std::uint64_t label_ends = dots >> 1U | last;
  return dots != 0 && ((label_begins | label_ends) & ~alphanumeric) == 0;
}

Reason check_address(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && kLocal[static_cast<unsigned char>(text[at])]) ++at;
  if (at < text.size() && at > 0 && text[at] == '@') {
    const std::string_view domain = text.substr(at + 1);
    const Reason reason = check_domain(domain);
    const bool second = reason != Reason::none && domain.find('@') != std::string_view::npos;
    return second ? Reason::email_no_at : reason;
  }
  const std::size_t mark = text.find('@');
  if (mark == std::string_view::npos || text.find('@', mark + 1) != std::string_view::npos) {
    return Reason::email_no_at;
  }
  return Reason::email_local;
}

Reason check_email(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  if (is_usual_address(value.text())) return Reason::none;
  const Reason reason = check_address(value.text());
  return reason == Reason::none ? Reason::none : context.fail(reason);
}

constexpr Example kExamples[] = {
    {.title = "An address",
     .column = "type: email",
     .in = R"("ana.ruiz+viajes@ejemplo.com.co")",
     .out = "ana.ruiz+viajes@ejemplo.com.co"},
    {.title = "No @",
     .column = "type: email",
     .in = R"("no-email")",
     .code = RecordCode::email_invalid},
    {.title = "No dot after @",
     .column = "type: email",
     .in = R"("maria@ejemplo")",
     .code = RecordCode::email_invalid},
    {.title = "A blank in front",
     .column = "type: email",
     .in = R"(" ana@ejemplo.com")",
     .code = RecordCode::email_invalid},
    {.title = "Blanks are taken away on request",
     .column = "text: [trim], type: email",
     .in = R"(" ana@ejemplo.com")",
     .out = "ana@ejemplo.com"},
};
constexpr RecordCode kErrors[] = {RecordCode::email_invalid};

}  // namespace

constinit const StepSpec kEmail{
    .name = "check_email",
    .family = StepFamily::type,
    .word = "email",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks an e-mail address, with a dot in the part after @.",
    .doc =
        "Before @ letters, digits and .!#$%&'*+/=?^_`{|}~- ; after it a host name of two labels or "
        "more. Accented letters are refused. The address stays as written; whether it exists is "
        "not "
        "asked.",
    .source = "HTML Living Standard, 4.10.5.1.5 (valid e-mail address)",
    .errors = kErrors,
    .examples = kExamples,
    .fn = check_email,
};

}  // namespace trama
