#include "http/url.h"

#include <algorithm>
#include <memory>

#include "base/ascii.h"
#include "http/curl.h"

namespace trama {
namespace {

struct Cleanup {
  void operator()(CURLU* handle) const noexcept { curl().curl_url_cleanup(handle); }
};
using Handle = std::unique_ptr<CURLU, Cleanup>;

/// A part of it, or "" where it has none.
std::string part(CURLU* handle, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl().curl_url_get(handle, which, &text, flags) != CURLUE_OK) return {};
  std::string out = text;
  curl().curl_free(text);
  return out;
}

Handle parsed(const std::string& text) {
  Handle handle(curl().curl_url());
  if (handle && curl().curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
    handle.reset();
  return handle;
}

int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char small = small_letter(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// application/x-www-form-urlencoded: + is a blank.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

/// Each part of a query with its name, in its order.
template <typename Take>
void each_part(std::string_view query, Take take) {
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    if (!one.empty()) take(one, unescaped(one.substr(0, one.find('='))));
  }
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return small_letter(x) == small_letter(y); });
}

/// The value of a parameter of a link, without its quotes, taken off the front of `text`.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find_first_of(";, \t"), text.size());
    value = text.substr(0, end);
    text.remove_prefix(end);
    return value;
  }
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

/// Whether `value`, relation types between blanks, has "next" (RFC 8288 §3.3).
bool is_next(std::string_view value) {
  while (!value.empty()) {
    const std::string_view one = value.substr(0, value.find(' '));
    if (equal_without_case(one, "next")) return true;
    value.remove_prefix(std::min(one.size() + 1, value.size()));
  }
  return false;
}

}  // namespace

bool Url::is_loopback() const noexcept {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") &&
         std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
}

std::optional<Url> read_url(const std::string& text) {
  const auto printable = [](char c) { return c > ' ' && c != '\x7F'; };
  if (!std::all_of(text.begin(), text.end(), printable)) return std::nullopt;
  const Handle handle = parsed(text);
  if (!handle) return std::nullopt;
  Url url;
  url.scheme = part(handle.get(), CURLUPART_SCHEME);
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.host = part(handle.get(), CURLUPART_HOST);
  for (char& c : url.host) c = small_letter(c);
  url.port = part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.path = part(handle.get(), CURLUPART_PATH);
  url.query = part(handle.get(), CURLUPART_QUERY);
  url.has_user = !part(handle.get(), CURLUPART_USER).empty();
  if (url.host.empty()) return std::nullopt;
  return url;
}

std::optional<std::string> resolved_url(const std::string& base, const std::string& reference) {
  const auto printable = [](char c) { return c > ' ' && c != '\x7F'; };
  if (reference.empty() || !std::all_of(reference.begin(), reference.end(), printable))
    return std::nullopt;
  const Handle handle = parsed(base);
  if (!handle) return std::nullopt;
  if (curl().curl_url_set(handle.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  curl().curl_url_set(handle.get(), CURLUPART_FRAGMENT, nullptr, 0);
  std::string out = part(handle.get(), CURLUPART_URL);
  if (out.empty()) return std::nullopt;
  return out;
}

std::string with_query(const std::string& url, const Query& query) {
  const std::size_t mark = url.find('?');
  std::string out = url.substr(0, mark);
  char between = '?';
  const auto add = [&](std::string_view written) {
    out += between;
    out += written;
    between = '&';
  };
  if (mark != std::string::npos)
    each_part(std::string_view(url).substr(mark + 1),
              [&](std::string_view written, const std::string& name) {
                const auto is_it = [&name](const auto& one) { return one.first == name; };
                if (std::none_of(query.begin(), query.end(), is_it)) add(written);
              });
  for (const auto& [name, value] : query) add(percent_encoded(name) + '=' + percent_encoded(value));
  return out;
}

Query query_of(const std::string& url) {
  Query query;
  const std::size_t mark = url.find('?');
  if (mark == std::string::npos) return query;
  each_part(std::string_view(url).substr(mark + 1),
            [&query](std::string_view written, std::string name) {
              const std::size_t equals = written.find('=');
              query.emplace_back(std::move(name), equals == std::string_view::npos
                                                      ? std::string()
                                                      : unescaped(written.substr(equals + 1)));
            });
  return query;
}

std::string percent_encoded(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

std::optional<std::string> next_link(std::string_view header) {
  while (true) {
    const std::size_t open = header.find('<');
    if (open == std::string_view::npos) return std::nullopt;
    const std::size_t close = header.find('>', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view target = header.substr(open + 1, close - open - 1);
    header = header.substr(close + 1);
    std::optional<bool> next;  // the first rel counts
    for (;;) {
      header = trimmed(header);
      if (header.empty() || header.front() != ';') break;
      header = trimmed(header.substr(1));
      const std::size_t end = std::min(header.find_first_of("=;, \t"), header.size());
      const std::string_view name = header.substr(0, end);
      header = trimmed(header.substr(end));
      std::string value;
      if (header.starts_with('=')) {
        header = trimmed(header.substr(1));
        value = take_value(header);
      }
      if (equal_without_case(name, "rel") && !next) next = is_next(value);
    }
    if (next.value_or(false)) return std::string(trimmed(target));
  }
}

}  // namespace trama
