#include "text/catalogue.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/phrase_codes.h"
#include "text/mo_file.h"
#include "text/translations.h"

namespace trama {
namespace {

/// A row of one of the tables. `context`: what its translation is found by, with `text`.
struct Message {
  std::string_view context;
  std::string_view params;  // names, a space between them
  std::string_view text;
  std::string_view many{};  // of TRAMA_PLURAL
  std::string_view help{};  // of TRAMA_DIAGNOSTIC
};

constexpr Message kPhrases[] = {
    {"", "", ""},
#define TRAMA_PHRASE(id, params, text) {"phrase/" #id, params, text},
#define TRAMA_PLURAL(id, params, one, many) {"phrase/" #id, params, one, many},
#include "base/phrases/all.inc"
#undef TRAMA_PHRASE
#undef TRAMA_PLURAL
};
constexpr Message kCodes[] = {
    {"code/ok", "", "nothing is wrong"},
#define TRAMA_CODE(id, name, meaning) {"code/" #id, "", meaning},
#include "base/record_codes.inc"
#undef TRAMA_CODE
};
constexpr Message kReasons[] = {
    {"", "", ""},
#define TRAMA_REASON(id, code, params, text) {"reason/" #id, params, text},
#include "base/reasons.inc"
#undef TRAMA_REASON
};
constexpr Message kDiagnostics[] = {
#define TRAMA_DIAGNOSTIC(id, name, severity, params, text, help) \
  {"diagnostic/" #id, params, text, {}, help},
#include "base/diagnostics.inc"
#undef TRAMA_DIAGNOSTIC
};
constexpr Message kFailures[] = {
#define TRAMA_FAILURE(id, name, exit, params, text) {"failure/" #id, params, text},
#include "base/failures.inc"
#undef TRAMA_FAILURE
};
constexpr Message kNotices[] = {
#define TRAMA_NOTICE(id, name, params, text) {"notice/" #id, params, text},
#include "base/notices.inc"
#undef TRAMA_NOTICE
};
/// Of the help of a diagnostic; its text may be that of another message.
constexpr std::string_view kHelpContext = "help";

constexpr auto kNone = std::string_view::npos;

/// The index of `name` in a list of names with a space between them, or kNone.
constexpr std::size_t index_of(std::string_view names, std::string_view name) noexcept {
  for (std::size_t i = 0;; ++i) {
    const std::size_t end = names.find(' ');
    if (names.substr(0, end) == name) return i;
    if (end == kNone) return kNone;
    names.remove_prefix(end + 1);
  }
}

constexpr bool is_name(std::string_view s) noexcept {
  for (const char c : s)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return !s.empty();
}

/// The name in braces that begins at text[at], or "" where that is no place for a value: {…} and
/// `{column: …}` of YAML stay as they are.
constexpr std::string_view place_at(std::string_view text, std::size_t at) noexcept {
  if (text[at] != '{') return {};
  const std::size_t end = text.find('}', at);
  if (end == kNone) return {};
  const std::string_view name = text.substr(at + 1, end - at - 1);
  return is_name(name) ? name : std::string_view();
}

constexpr bool names_its_parameters(std::string_view params, std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view name = place_at(text, i);
    if (!name.empty() && index_of(params, name) == kNone) return false;
  }
  return true;
}

template <std::size_t N>
constexpr bool all_name_their_parameters(const Message (&messages)[N]) noexcept {
  for (const Message& message : messages)
    for (const std::string_view text : {message.text, message.many, message.help})
      if (!names_its_parameters(message.params, text)) return false;
  return true;
}

static_assert(all_name_their_parameters(kPhrases));
static_assert(all_name_their_parameters(kReasons));
static_assert(all_name_their_parameters(kDiagnostics));
static_assert(all_name_their_parameters(kFailures));
static_assert(all_name_their_parameters(kNotices));

/// The forms of a translation, a NUL between them, or "" where the English one holds.
std::string_view translation(Language language, std::string_view context, std::string_view text) {
  static const auto kFiles = [] {
    std::array<std::optional<MoFile>, kTranslations.size()> files;
    for (std::size_t i = 0; i < files.size(); ++i)
      if (!kTranslations[i].empty()) files[i].emplace(kTranslations[i]);
    return files;
  }();
  const std::optional<MoFile>& file = kFiles[static_cast<std::size_t>(language)];
  return file && !text.empty() ? file->find(context, text) : std::string_view();
}

std::string_view in_language(Language language, std::string_view context, std::string_view text) {
  const std::string_view found = translation(language, context, text);
  return found.empty() ? text : found;
}

/// Whether the first value is the number one; "1,000" is not.
bool is_one(std::span<const Phrase> values) {
  return !values.empty() && values.front().text == "1";
}

/// The form of the message for its number. All our languages have two: one, and all others.
std::string_view form_of(Language language, const Message& message, bool one) {
  const std::string_view found = translation(language, message.context, message.text);
  if (found.empty()) return one || message.many.empty() ? message.text : message.many;
  const std::size_t end = found.find('\0');
  return one || end == kNone ? found.substr(0, end) : found.substr(end + 1);
}

std::string filled(Language language, std::string_view text, std::string_view params,
                   std::span<const Phrase> values) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view name = place_at(text, i);
    const std::size_t which = name.empty() ? kNone : index_of(params, name);
    if (which == kNone) {
      out += text[i];
      continue;
    }
    if (which < values.size()) out += say(language, values[which]);
    i += name.size() + 1;
  }
  return out;
}

std::string say(Language language, const Message& message, std::span<const Phrase> values) {
  return filled(language, form_of(language, message, is_one(values)), message.params, values);
}

constexpr bool is_number(std::string_view s) noexcept {
  return !s.empty() && s.find_first_not_of("0123456789") == kNone;
}

/// The values at the places of `text` where `said` is made of it. A place called `number` has one.
std::optional<std::vector<std::string_view>> values_in(std::string_view said, std::string_view text,
                                                       std::string_view params) {
  std::vector<std::string_view> values(
      static_cast<std::size_t>(std::count(params.begin(), params.end(), ' ')) + 1);
  std::size_t pending = kNone;  // the place before the literal at hand
  for (std::size_t at = 0;;) {
    std::size_t end = at;
    while (end < text.size() && place_at(text, end).empty()) ++end;
    const std::string_view literal = text.substr(at, end - at);
    const bool last = end == text.size();
    const std::size_t found = pending == kNone          ? (said.starts_with(literal) ? 0 : kNone)
                              : last && literal.empty() ? said.size()
                              : last && said.ends_with(literal)
                                  ? said.size() - literal.size()
                                  : (last ? kNone : said.find(literal));
    if (found == kNone) return std::nullopt;
    if (pending != kNone) values[pending] = said.substr(0, found);
    if (pending != kNone && pending == index_of(params, "number") && !is_number(values[pending]))
      return std::nullopt;
    said.remove_prefix(found + literal.size());
    if (last) return said.empty() ? std::optional(std::move(values)) : std::nullopt;
    const std::string_view name = place_at(text, end);
    pending = index_of(params, name);
    at = end + name.size() + 2;
  }
}

constexpr std::string_view kSaidContext = "phrase/said_";

using SaidRows = std::map<std::string_view, std::vector<std::uint16_t>>;

/// The rows said_KIND_… of each kind.
const SaidRows& said_rows() {
  static const auto kRows = [] {
    SaidRows rows;
    for (std::size_t i = 0; i < std::size(kPhrases); ++i) {
      std::string_view id = kPhrases[i].context;
      if (!id.starts_with(kSaidContext)) continue;
      id.remove_prefix(kSaidContext.size());
      rows[id.substr(0, id.find('_'))].push_back(static_cast<std::uint16_t>(i));
    }
    return rows;
  }();
  return kRows;
}

/// The name at a place of a list of names with a space between them, or "".
std::string_view name_at(std::string_view names, std::size_t at) noexcept {
  for (; at > 0 && !names.empty(); --at)
    names.remove_prefix(std::min(names.find(' '), names.size() - 1) + 1);
  return names.substr(0, names.find(' '));
}

template <typename Code, std::size_t N>
const Message& row_of(const Message (&messages)[N], Code code) noexcept {
  return messages[static_cast<std::size_t>(code)];
}

}  // namespace

std::string say(Language language, const Phrase& phrase) {
  switch (phrase.table) {
    case Phrase::Table::none:
      break;
    case Phrase::Table::phrase:
      return say(language, kPhrases[phrase.row], phrase.values);
    case Phrase::Table::code:
      return say(language, kCodes[phrase.row], phrase.values);
    case Phrase::Table::reason:
      return say(language, kReasons[phrase.row], phrase.values);
    case Phrase::Table::failure:
      return say(language, Failure{static_cast<FailureCode>(phrase.row), phrase.values});
    case Phrase::Table::notice:
      return say(language, kNotices[phrase.row], phrase.values);
  }
  std::string out = phrase.text;
  for (const Phrase& next : phrase.values) out += say(language, next);
  return out;
}

std::string say(Language language, const Failure& failure) {
  return say(language, row_of(kFailures, failure.code), failure.values);
}

Phrase phrase_of(std::string_view kind, std::string_view english) {
  const auto rows = said_rows().find(kind);
  if (rows == said_rows().end()) return english;
  for (const std::uint16_t row : rows->second) {
    const Message& message = kPhrases[row];
    const auto found = values_in(english, message.text, message.params);
    if (!found) continue;
    std::vector<Phrase> values;
    if (!message.params.empty())
      for (std::size_t i = 0; i < found->size(); ++i)
        values.push_back(phrase_of(name_at(message.params, i), (*found)[i]));
    return {static_cast<PhraseCode>(row), std::move(values)};
  }
  return english;
}

Phrase phrase_of(Reason reason, std::size_t place, std::string_view english) {
  return phrase_of(name_at(row_of(kReasons, reason).params, place), english);
}

std::string say(Language language, const Diagnostic& diagnostic) {
  return say(language, row_of(kDiagnostics, diagnostic.code), diagnostic.values);
}

std::string say_help(Language language, const Diagnostic& diagnostic) {
  const Message& message = row_of(kDiagnostics, diagnostic.code);
  const std::string context =
      std::string(kHelpContext) + std::string(message.context.substr(message.context.find('/')));
  return filled(language, in_language(language, context, message.help), message.params,
                diagnostic.values);
}

bool shows_first_value(Reason reason) noexcept {
  const Message& message = row_of(kReasons, reason);
  for (std::size_t i = 0; i < message.text.size(); ++i) {
    const std::string_view name = place_at(message.text, i);
    if (!name.empty() && index_of(message.params, name) == 0) return true;
  }
  return false;
}

std::optional<std::size_t> count_place(Reason reason) noexcept {
  const std::size_t place = index_of(row_of(kReasons, reason).params, "count");
  return place == kNone ? std::nullopt : std::optional(place);
}

std::string_view parameters(PhraseCode phrase) noexcept {
  return row_of(kPhrases, phrase).params;
}

}  // namespace trama
