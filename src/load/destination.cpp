#include "load/destination.h"

#include <algorithm>

#include "base/phrase_codes.h"
#include "load/table.h"
#include "sink/format.h"

namespace trama {
namespace {

constexpr std::string_view kTable = "table=";

bool is_sqlite(const FormatSpec& format) noexcept {
  return &format == &kSqliteFormat;
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// RFC 3986, 2.1.
std::string percent_decoded(std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      made += text[i];
    } else {
      made += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return made;
}

/// A file may have any name, so only `?table=` at its end is ours.
void read_sqlite(std::string_view text, Destination& out) {
  if (const std::size_t at = text.rfind("?table="); at != std::string_view::npos) {
    out.table = percent_decoded(text.substr(at + 1 + kTable.size()));
    text = text.substr(0, at);
  }
  out.place = text;
}

/// The parameters of the URI without `table`.
void read_postgres(std::string_view text, Destination& out) {
  const std::size_t query = text.find('?');
  out.place = text.substr(0, query);
  if (query == std::string_view::npos) return;
  char lead = '?';
  for (std::string_view rest = text.substr(query + 1); !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (one.starts_with(kTable)) {
      out.table = percent_decoded(one.substr(kTable.size()));
    } else if (!one.empty()) {
      out.place += lead;
      out.place += one;
      lead = '&';
    }
  }
}

/// Whether the URI says a password: after `//name:`, or as a parameter.
bool has_password(std::string_view uri) {
  if (uri.find("?password=") != std::string_view::npos ||
      uri.find("&password=") != std::string_view::npos)
    return true;
  const std::size_t from = uri.find("//");
  if (from == std::string_view::npos) return false;
  const std::string_view authority =
      uri.substr(from + 2, uri.find_first_of("/?", from + 2) - from - 2);
  const std::size_t at = authority.rfind('@');
  return at != std::string_view::npos &&
         authority.substr(0, at).find(':') != std::string_view::npos;
}

}  // namespace

Phrase read_destination(std::string_view output, const FormatSpec& format, Destination& out) {
  const bool sqlite = is_sqlite(format);
  for (const std::string_view scheme : format.schemes) {
    if (!output.starts_with(scheme)) continue;
    if (sqlite)
      read_sqlite(output.substr(scheme.size()), out);
    else
      read_postgres(output, out);
    if (sqlite && out.place.empty()) return {PhraseCode::load_no_place, {format.name}};
    if (!sqlite && has_password(out.place)) return PhraseCode::load_password;
    return {};
  }
  // The mapping says what it is.
  if (!sqlite || output == "-" || output.empty()) return {PhraseCode::load_no_place, {format.name}};
  read_sqlite(output, out);
  return {};
}

std::string file_of_load(std::string_view output, const FormatSpec& format) {
  if (!is_sqlite(format)) return {};
  Destination destination;
  if (!read_destination(output, format, destination).empty()) return {};
  return destination.place;
}

std::string rejects_of_load(std::string_view output, const Plan& plan) {
  constexpr std::string_view kEnding = ".rejects.jsonl";
  Destination destination;
  if (!read_destination(output, *plan.format, destination).empty()) return {};
  std::string name = !destination.table.empty()        ? destination.table
                     : !plan.output.table.name.empty() ? plan.output.table.name
                                                       : plan.name;
  std::replace(name.begin(), name.end(), '/', '_');
  const std::string place = is_sqlite(*plan.format) ? destination.place + "." : std::string();
  return place + name + std::string(kEnding);
}

}  // namespace trama
