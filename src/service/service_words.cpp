#include "service/service_words.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/check.h"
#include "base/nearest.h"
#include "base/phrase_codes.h"
#include "http/client.h"
#include "mapping/fields.h"
#include "mapping/path.h"
#include "mapping/words.h"
#include "sink/output_file.h"
#include "value/dates.h"

namespace trama {
namespace {

enum class ServiceForm : std::uint8_t {
  name,
  text,
  texts,
  url,
  file,
  path,
  header,
  variable,
  word,
  count,
  time,
  size,
  percent,
  moment,
  day,
  map,
  list
};

struct ServiceWord {
  ServicePart part;
  std::string_view name;
  ServiceForm form;
  std::string_view values;
};

constexpr ServiceWord kWords[] = {
#define TRAMA_SERVICE_WORD(part, name, form, values) \
  {ServicePart::part, name, ServiceForm::form, values},
#include "service/service_words.inc"
#undef TRAMA_SERVICE_WORD
};

constexpr std::int64_t kMostMilliseconds = std::int64_t{366} * 86'400'000;
constexpr std::size_t kMostName = 64;

std::string known_in(ServicePart part) {
  std::string out;
  for (const ServiceWord& word : kWords)
    if (word.part == part) (out += out.empty() ? "" : ", ") += word.name;
  return out;
}

const ServiceWord& word_of(ServicePart part, std::string_view name) {
  for (const ServiceWord& word : kWords)
    if (word.part == part && word.name == name) return word;
  TRAMA_CHECK(false);
  return kWords[0];
}

/// Digits, and what follows them. False: there are none, or the number is beyond `most`.
bool read_digits(std::string_view text, std::uint64_t most, std::uint64_t& out,
                 std::string_view& rest) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  rest = text.substr(static_cast<std::size_t>(stop - text.data()));
  return error == std::errc() && stop != text.data() && out <= most;
}

/// 250ms, 5s, 5m, 1h, 30d, in milliseconds.
bool read_time(std::string_view text, std::int64_t& out) {
  constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  std::uint64_t number = 0;
  std::string_view unit;
  if (!read_digits(text, static_cast<std::uint64_t>(kMostMilliseconds), number, unit)) return false;
  for (const auto& [name, milliseconds] : kUnits) {
    if (unit != name) continue;
    if (number > static_cast<std::uint64_t>(kMostMilliseconds / milliseconds)) return false;
    out = static_cast<std::int64_t>(number) * milliseconds;
    return true;
  }
  return false;
}

/// 4096, 64M, 50G, in bytes.
bool read_bytes(std::string_view text, std::uint64_t& out) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 50U;
  constexpr std::string_view kUnits = "KMGT";
  std::uint64_t number = 0;
  std::string_view unit;
  if (!read_digits(text, kMost, number, unit)) return false;
  unsigned shift = 0;
  if (unit.size() == 1 && kUnits.find(unit) != std::string_view::npos)
    shift = 10U * (static_cast<unsigned>(kUnits.find(unit)) + 1U);
  else if (!unit.empty())
    return false;
  if (number == 0 || number > kMost >> shift) return false;
  out = number << shift;
  return true;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7F'; });
}

/// What is wrong with an address as a source writes it; empty: nothing.
Phrase problem_of_url(std::string_view url) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; };
  if (std::any_of(url.begin(), url.end(), blank)) return PhraseCode::source_url_blank;
  const bool open = url.starts_with("http://");
  if (!open && !url.starts_with("https://")) return PhraseCode::source_url_https;
  std::string_view host = url.substr(open ? 7 : 8);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos) return PhraseCode::source_url_user;
  if (host.empty() || host.front() == ':') return PhraseCode::source_url_host;
  if (url.find('#') != std::string_view::npos) return PhraseCode::source_url_fragment;
  const bool bracket = host.front() == '[';
  const std::size_t end = bracket ? host.find(']') : host.find(':');
  if (bracket && end == std::string_view::npos) return PhraseCode::source_url_host;
  const std::string_view name = host.substr(0, bracket ? end + 1 : end);
  const auto fits = [bracket](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' ||
           (bracket && (c == ':' || c == '[' || c == ']'));
  };
  if (!std::all_of(name.begin(), name.end(), fits)) return PhraseCode::source_url_host;
  if (name.size() < host.size()) {
    std::uint64_t port = 0;
    std::string_view rest;
    if (host[name.size()] != ':' ||
        !read_digits(host.substr(name.size() + 1), 65'535, port, rest) || !rest.empty() ||
        port == 0)
      return PhraseCode::source_url_host;
  }
  const bool digits =
      std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || c == '.'; });
  const bool loopback =
      name == "localhost" || name == "[::1]" || (digits && name.starts_with("127."));
  return open && !loopback ? Phrase(PhraseCode::source_url_https) : Phrase();
}

/// What is wrong with a text as a value of `word`; empty: nothing.
Phrase problem_of(const ServiceWord& word, const std::string& text) {
  switch (word.form) {
    case ServiceForm::name: {
      const auto fits = [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
      };
      const bool good = text.size() <= kMostName && text.front() != '.' &&
                        !text.ends_with(kIncompleteEnding) &&
                        std::all_of(text.begin(), text.end(), fits);
      return good ? Phrase() : PhraseCode::source_write_name;
    }
    case ServiceForm::word:
      return is_listed(word.values, text) ? Phrase() : help_for_value(word.values, text);
    case ServiceForm::url:
      return problem_of_url(text);
    case ServiceForm::header:
      return is_header_name(text) ? Phrase() : PhraseCode::source_write_header;
    case ServiceForm::variable: {
      const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
      const bool good = text.size() <= kMostName && !is_digit(text.front()) &&
                        std::all_of(text.begin(), text.end(), fits);
      return good ? Phrase() : PhraseCode::source_write_variable;
    }
    case ServiceForm::moment: {
      std::int64_t seconds = 0;
      return read_instant(text, seconds) ? Phrase() : PhraseCode::source_write_moment;
    }
    default:
      return is_printable(text) || word.name == "about" ? Phrase() : PhraseCode::source_one_line;
  }
}

}  // namespace

ServiceWords::ServiceWords(const YamlNode& map, ServicePart part, Diagnostics& diagnostics,
                           Phrase owner)
    : map_(map), part_(part), diagnostics_(diagnostics), owner_(std::move(owner)) {
  for (const YamlEntry& entry : map.entries) {
    const std::string& key = entry.key.text;
    const std::string known = known_in(part);
    if (!is_listed(known, key))
      error(DiagnosticCode::key_unknown, entry.key.span,
            {shown_value(key), owner_, help_for_value(known, key)});
  }
}

void ServiceWords::error(DiagnosticCode code, Span span, std::vector<Phrase> values) {
  diagnostics_.push_back({code, span, std::move(values)});
}

void ServiceWords::wrong(std::string_view word, Phrase help) {
  const YamlNode& node = *map_.find(word);
  error(DiagnosticCode::value_wrong, node.span, {shown_value(node.text), word, std::move(help)});
}

Span ServiceWords::key_span(std::string_view word) const {
  for (const YamlEntry& entry : map_.entries)
    if (entry.key.text == word) return entry.key.span;
  return map_.span;
}

bool ServiceWords::need(std::string_view word) {
  if (has(word)) return true;
  std::vector<std::string_view> names;
  for (const ServiceWord& known : kWords)
    if (known.part == part_) names.push_back(known.name);
  for (const YamlEntry& entry : map_.entries)
    if (nearest(entry.key.text, names) == word) return false;
  error(DiagnosticCode::key_missing, map_.span, {owner_, word, Phrase()});
  return false;
}

void ServiceWords::not_both(std::string_view one, std::string_view other, Phrase help) {
  if (has(one) && has(other))
    error(DiagnosticCode::words_together, key_span(other), {other, one, std::move(help)});
}

bool ServiceWords::read(std::string_view word, std::string& out) {
  const YamlNode* const node = scalar(word);
  if (node == nullptr) return false;
  if (Phrase problem = problem_of(word_of(part_, word), node->text); !problem.empty()) {
    wrong(word, std::move(problem));
    return false;
  }
  out = node->text;
  return true;
}

bool ServiceWords::read(std::string_view word, std::int64_t& milliseconds, std::int64_t least) {
  const YamlNode* const node = scalar(word);
  if (node == nullptr) return false;
  std::int64_t read = 0;
  if (read_time(node->text, read) && read >= least) {
    milliseconds = read;
    return true;
  }
  wrong(word, {PhraseCode::source_write_time,
               {least < 1000 ? std::to_string(least) + "ms" : std::to_string(least / 1000) + "s"}});
  return false;
}

bool ServiceWords::read(std::string_view word, std::uint64_t& out, std::uint64_t least,
                        std::uint64_t most) {
  const YamlNode* const node = scalar(word);
  if (node == nullptr) return false;
  std::uint64_t read = 0;
  const ServiceForm form = word_of(part_, word).form;
  if (form == ServiceForm::size) {
    if (read_bytes(node->text, out)) return true;
    wrong(word, PhraseCode::source_write_size);
    return false;
  }
  std::string_view rest;
  const bool number = read_digits(node->text, most, read, rest);
  const bool fits = rest == (form == ServiceForm::percent ? "%" : "");
  if (number && fits && read >= least) {
    out = read;
    return true;
  }
  wrong(word, {form == ServiceForm::percent ? PhraseCode::source_write_percent
                                            : PhraseCode::source_write_count,
               {std::to_string(least), std::to_string(most)}});
  return false;
}

bool ServiceWords::read(std::string_view word, Path& out) {
  const YamlNode* const node = scalar(word);
  if (node == nullptr) return false;
  Phrase problem;
  std::size_t at = 0;
  out.span = node->span;
  if (parse_path(node->text, out, problem, at)) return true;
  wrong(word, std::move(problem));
  return false;
}

bool ServiceWords::read_day(std::string_view word, std::int64_t& days) {
  const YamlNode* const node = scalar(word);
  if (node == nullptr) return false;
  Moment moment;
  DateTrouble trouble;
  if (read_iso(node->text, moment, trouble) == Reason::none && moment.has_date &&
      !moment.has_time) {
    days = moment.date.days;
    return true;
  }
  wrong(word, PhraseCode::receiver_day);
  return false;
}

bool ServiceWords::read(std::string_view word,
                        std::vector<std::pair<std::string, std::string>>& out) {
  const YamlNode* const node = map_.find(word);
  if (node == nullptr) return false;
  if (!expect_map(*node, word, diagnostics_)) return false;
  for (const YamlEntry& entry : node->entries) {
    if (!entry.value.is_scalar() || entry.value.is_nothing()) {
      report_kind(entry.value, shown_value(entry.key.text), PhraseCode::a_text, diagnostics_,
                  entry.value.is_nothing() ? Phrase(PhraseCode::for_an_empty_text) : Phrase());
      continue;
    }
    if (!is_printable(entry.value.text)) {
      error(DiagnosticCode::value_wrong, entry.value.span,
            {shown_value(entry.value.text), shown_value(entry.key.text),
             PhraseCode::source_one_line});
      continue;
    }
    out.emplace_back(entry.key.text, entry.value.text);
  }
  return true;
}

/// A text that is not empty.
const YamlNode* ServiceWords::scalar(std::string_view word) {
  const YamlNode* const node = map_.find(word);
  if (node == nullptr) return nullptr;
  if (node->is_scalar() && !node->text.empty()) return node;
  if (node->is_scalar() && node->quoted)
    wrong(word, PhraseCode::write_a_value);
  else
    report_kind(*node, word, PhraseCode::a_text, diagnostics_);
  return nullptr;
}

}  // namespace trama
