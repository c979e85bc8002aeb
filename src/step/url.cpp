// url: an absolute address of the web, http or https.

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "step/step.h"

namespace trama {
namespace {

constexpr int kMaxPort = 65535;

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What may stand anywhere after the host (RFC 3986: pchar, "/" and "?"); % and # are seen to
/// apart.
constexpr auto kAllowed = [] {
  std::array<bool, 256> allowed{};
  for (std::size_t c = 0; c < 128; ++c) allowed[c] = is_alphanumeric(static_cast<char>(c));
  for (const char c : std::string_view("-._~!$&'()*+,;=:@/?")) {
    allowed[static_cast<unsigned char>(c)] = true;
  }
  return allowed;
}();

/// Takes `scheme` off the front, capitals or not.
bool take_scheme(std::string_view& text, std::string_view scheme) noexcept {
  if (text.size() < scheme.size()) return false;
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != scheme[i]) return false;
  }
  text.remove_prefix(scheme.size());
  return true;
}

/// The offset of the first character that RFC 3986 does not allow, or npos.
std::size_t first_wrong(std::string_view text) noexcept {
  bool fragment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kAllowed[static_cast<unsigned char>(text[i])]) continue;
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      continue;
    }
    if (text[i] != '#' || fragment) return i;
    fragment = true;
  }
  return std::string_view::npos;
}

/// Labels that are not empty; a dot may end the last.
bool is_host_name(std::string_view host) noexcept {
  if (host.empty() || host.front() == '.') return false;
  for (std::size_t i = 0; i < host.size(); ++i) {
    const char c = host[i];
    if (!is_alphanumeric(c) && c != '-' && c != '.' && c != '_' && c != '~' && c != '%') {
      return false;
    }
    if (c == '.' && i > 0 && host[i - 1] == '.') return false;
  }
  return true;
}

/// [2001:db8::1]: hexadecimal digits and colons, at least two, perhaps an IPv4 address at the end.
bool is_ip_literal(std::string_view host) noexcept {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  int colons = 0;
  for (const char c : host.substr(1, host.size() - 2)) {
    if (!is_hex(c) && c != ':' && c != '.') return false;
    colons += c == ':' ? 1 : 0;
  }
  return colons >= 2 && colons <= 8;
}

bool is_port(std::string_view port) noexcept {
  int number = 0;
  for (const char c : port) {
    if (!is_digit(c)) return false;
    number = number * 10 + (c - '0');
    if (number > kMaxPort) return false;
  }
  return true;
}

bool is_authority(std::string_view authority) noexcept {
  const std::size_t user = authority.rfind('@');
  if (user != std::string_view::npos) authority.remove_prefix(user + 1);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  const bool good_port = colon == std::string_view::npos || is_port(authority.substr(colon + 1));
  return good_port &&
         (bracket == std::string_view::npos ? is_host_name(host) : is_ip_literal(host));
}

Reason check_url(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  std::string_view text = value.text();
  if (!take_scheme(text, "https://") && !take_scheme(text, "http://")) {
    return context.fail(Reason::url_scheme);
  }
  const std::size_t authority_size = std::min(text.find_first_of("/?#"), text.size());
  const std::string_view authority = text.substr(0, authority_size);
  const bool brackets = authority.find('[') != std::string_view::npos;
  const std::string_view rest = brackets ? text.substr(authority_size) : text;
  const std::size_t wrong = first_wrong(rest);
  if (wrong != std::string_view::npos) {
    std::size_t end = wrong;
    next_code_point(rest, end);
    return context.fail(Reason::url_character, Value::text(rest.substr(wrong, end - wrong)));
  }
  return is_authority(authority) ? Reason::none : context.fail(Reason::url_host);
}

constexpr Example kExamples[] = {
    {.title = "A page",
     .column = "type: url",
     .in = R"("https://www.ejemplo.com/hotel?id=7#fotos")",
     .out = "https://www.ejemplo.com/hotel?id=7#fotos"},
    {.title = "No http:// or https://",
     .column = "type: url",
     .in = R"("www.ejemplo.com")",
     .code = RecordCode::url_invalid},
    {.title = "A blank",
     .column = "type: url",
     .in = R"("https://ejemplo.com/foto 1.jpg")",
     .code = RecordCode::url_invalid},
    {.title = "No host",
     .column = "type: url",
     .in = R"("https:///hotel")",
     .code = RecordCode::url_invalid},
};
constexpr RecordCode kErrors[] = {RecordCode::url_invalid};

}  // namespace

constinit const StepSpec kUrl{
    .name = "check_url",
    .family = StepFamily::type,
    .word = "url",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Checks a web address that begins with http:// or https://.",
    .doc =
        "With a host name or address, a port of at most 65535 where there is one, and only "
        "characters "
        "that an address may hold: blanks and accented letters have to be written with % and their "
        "code. It stays as written; whether the page exists is not asked.",
    .source = "RFC 3986, RFC 9110 section 4.2",
    .errors = kErrors,
    .examples = kExamples,
    .fn = check_url,
};

}  // namespace trama
