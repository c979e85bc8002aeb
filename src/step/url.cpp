// url: an absolute address of the web, http or https.

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "step/specs.h"
#include "step/uri.h"

namespace trama {
namespace {

constexpr int kMaxPort = 65535;

constexpr bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || is_letter(c);
}

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

bool is_port(std::string_view port) noexcept {
  int number = 0;
  for (const char c : port) {
    if (!is_digit(c)) return false;
    number = number * 10 + (c - '0');
    if (number > kMaxPort) return false;
  }
  return true;
}

/// A host that a browser could go to: a name or an address.
bool is_web_authority(std::string_view text) noexcept {
  UriAuthority authority;
  if (!read_authority(text, authority) || !is_port(authority.port)) return false;
  return authority.kind == UriAuthority::Host::address ||
         (authority.kind == UriAuthority::Host::name && is_host_name(authority.host));
}

Reason refuse_character(std::string_view text, std::size_t at, StepContext& context) noexcept {
  std::size_t end = at;
  next_code_point(text, end);
  return context.fail(Reason::url_character, Value::text(text.substr(at, end - at)));
}

Reason check_url(const StepArgs* /*args*/, Value& value, StepContext& context) noexcept {
  std::string_view text = value.text();
  if (!take_scheme(text, "https://") && !take_scheme(text, "http://")) {
    return context.fail(Reason::url_scheme);
  }
  const std::size_t size = std::min(text.find_first_of("/?#"), text.size());
  const std::string_view authority = text.substr(0, size);
  const std::string_view path = text.substr(size);
  if (const std::size_t wrong = first_wrong_in_authority(authority); wrong != text.npos)
    return refuse_character(authority, wrong, context);
  if (const std::size_t wrong = first_wrong_in_path(path); wrong != text.npos)
    return refuse_character(path, wrong, context);
  return is_web_authority(authority) ? Reason::none : context.fail(Reason::url_host);
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
