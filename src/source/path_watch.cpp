// Paths through a stream of values. See path_watch.h.

#include "source/path_watch.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "base/utf8.h"

namespace trama {
namespace {

constexpr std::size_t kKeysShown = 8;
constexpr std::size_t kKeyCharactersShown = 40;
constexpr std::uint64_t kNoIndex = UINT64_MAX;

/// Of a value, by its first byte; 0: there is none.
PhraseCode kind_of_value(char first) noexcept {
  switch (first) {
    case 0:
      return PhraseCode::said_found_nothing;
    case '[':
      return PhraseCode::said_found_list;
    case '{':
      return PhraseCode::said_found_object;
    case '"':
      return PhraseCode::said_found_a_text;
    case 't':
    case 'f':
      return PhraseCode::said_found_a_boolean;
    case 'n':
      return PhraseCode::said_found_null;
    default:
      return PhraseCode::said_found_number;
  }
}

bool is_container(char first) noexcept {
  return first == '{' || first == '[';
}

int hex_value(char c) noexcept {
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/// The unit that `\uXXXX` at `at` stands for; the key was proved.
char32_t unit_at(std::string_view raw, std::size_t at) noexcept {
  int unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) unit = unit * 16 + hex_value(raw[i]);
  return static_cast<char32_t>(unit);
}

bool is_unit_at(std::string_view raw, std::size_t at) noexcept {
  return at + 6 <= raw.size() && raw[at] == '\\' && raw[at + 1] == 'u';
}

char plain_escape(char c) noexcept {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

/// A key as it is meant. One that was cut at kMaxEnvelopeKey fits no path,
/// so its end may be anything.
std::string unescaped(std::string_view raw) {
  std::string out;
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '\\' || at + 1 == raw.size()) {
      out.push_back(raw[at++]);
    } else if (!is_unit_at(raw, at)) {
      out.push_back(plain_escape(raw[at + 1]));
      at += 2;
    } else {
      char32_t point = unit_at(raw, at);
      at += 6;
      if (point >= 0xD800 && point < 0xDC00 && is_unit_at(raw, at)) {
        const char32_t low = unit_at(raw, at);
        if (low >= 0xDC00 && low < 0xE000) {
          point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
          at += 6;
        }
      }
      append_utf8(out, point);
    }
  }
  return out;
}

/// RFC 6901 §4: digits without leading zeros.
std::uint64_t index_from(std::string_view key) noexcept {
  std::uint64_t index = 0;
  const char* end = key.data() + key.size();
  // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): `end` bounds it
  const auto [at, error] = std::from_chars(key.data(), end, index);
  const bool whole = error == std::errc() && at == end && (key.size() == 1 || key.front() != '0');
  return whole ? index : kNoIndex;
}

}  // namespace

Phrase written_path(std::span<const std::string> keys, bool entries) {
  const bool dots = std::any_of(keys.begin(), keys.end(), [](const std::string& key) {
    return key.empty() || key.find_first_of("./") != std::string::npos;
  });
  std::string out;
  for (const std::string& key : keys) {
    if (dots || !out.empty()) out.push_back(dots ? '/' : '.');
    for (const char c : key) {  // RFC 6901 §3
      if (dots && (c == '~' || c == '/')) {
        out += c == '~' ? "~0" : "~1";
      } else {
        out.push_back(c);
      }
    }
  }
  if (out.empty()) return entries ? PhraseCode::said_where_top_entries : PhraseCode::said_where_top;
  return entries ? out + "{*}" : out;
}

void PathWatch::reset() noexcept {
  inside_ = 0;
  reached_ = 0;
  index_ = 0;
  key_fits_ = false;
  found_ = 0;
  found_at_ = 0;
  keys_seen_.clear();
  more_keys_ = false;
}

void ErrorWatch::reset() noexcept {
  watch_.reset();
  collecting_ = false;
  text_.clear();
}

void PathWatch::enter(char first, std::size_t around) {
  found_ = first;
  found_at_ = around;
  if (!is_container(first)) return;
  ++inside_;
  reached_ = std::max(reached_, inside_);
  index_ = 0;
  key_fits_ = false;
  keys_seen_.clear();
  more_keys_ = false;
}

bool PathWatch::is_next(const JsonChecker& checker, std::size_t around) noexcept {
  if (around != inside_ || inside_ == 0 || inside_ > keys_.size()) {
    return around == 0 && inside_ == 0;
  }
  const bool list = is_container(checker.first()) ? checker.in_list_around() : checker.in_list();
  if (!list) return key_fits_;
  if (index_ == kNoIndex) return false;
  return index_++ == index_from(keys_[inside_ - 1]);
}

bool PathWatch::begin(const JsonChecker& checker) {
  const std::size_t around = checker.depth() - (is_container(checker.first()) ? 1 : 0);
  if (!is_next(checker, around)) return false;
  enter(checker.first(), around);
  return around == keys_.size();
}

void PathWatch::key(const JsonChecker& checker) {
  if (inside_ != checker.depth() || inside_ > keys_.size()) return;
  const std::string key = unescaped(checker.key());
  key_fits_ = checker.key().size() < kMaxEnvelopeKey && key == keys_[inside_ - 1];
  if (inside_ < reached_) return;
  more_keys_ = keys_seen_.size() == kKeysShown;
  if (!more_keys_) keys_seen_.push_back(visible(key, kKeyCharactersShown));
}

void PathWatch::end(const JsonChecker& checker) noexcept {
  if (checker.depth() >= inside_) return;
  inside_ = checker.depth();
  index_ = kNoIndex;  // the item that was wanted has passed
  key_fits_ = false;
}

Phrase PathWatch::instead() const {
  Phrase where = found_at_ == 0 ? Phrase(PhraseCode::said_where_document)
                                : written_path(keys_.first(found_at_), false);
  if (found_ != '{' || found_at_ == keys_.size())
    return {PhraseCode::said_instead_is, {std::move(where), kind_of_value(found_)}};
  if (keys_seen_.empty())
    return {PhraseCode::said_instead_is, {std::move(where), PhraseCode::said_found_empty_object}};
  std::string keys;
  for (const std::string& key : keys_seen_) keys += (&key == keys_seen_.data() ? "" : ", ") + key;
  if (more_keys_) keys += ", …";
  return {PhraseCode::said_instead_has, {std::move(where), std::move(keys)}};
}

bool ErrorWatch::event(const JsonChecker& checker, JsonChecker::Event event, const char* from,
                       const char* to) {
  if (!active_) return false;
  if (collecting_ && text_.size() < kErrorBytes) text_.append(from, to);
  if (event == JsonChecker::Event::key) watch_.key(checker);
  if (event == JsonChecker::Event::begin && watch_.begin(checker)) {
    collecting_ = true;
    around_ = checker.depth() - (is_container(checker.first()) ? 1 : 0);
    text_ = checker.first();
  }
  if (event != JsonChecker::Event::end) return false;
  watch_.end(checker);
  const bool over = collecting_ && checker.depth() == around_;
  if (over) collecting_ = false;
  return over && says_something();
}

std::string ErrorWatch::text() const {
  return visible(on_one_line(text_, kErrorBytes), kErrorShown);
}

/// null, false, "", [] and {} say that there was no error.
bool ErrorWatch::says_something() const {
  std::string solid;
  for (const char c : text_) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') solid.push_back(c);
  }
  return solid != "null" && solid != "false" && solid != "\"\"" && solid != "[]" && solid != "{}";
}

std::optional<std::string> error_in(std::string_view json, std::span<const std::string> keys) {
  JsonChecker checker;
  ErrorWatch watch(keys);
  const char* at = json.data();
  const char* const end = at + json.size();
  JsonChecker::Event event = JsonChecker::Event::none;
  do {
    const char* from = at;
    at = checker.run(at, end, event);
    if (watch.event(checker, event, from, at)) return watch.text();
  } while (event != JsonChecker::Event::none && event != JsonChecker::Event::wrong);
  return std::nullopt;
}

}  // namespace trama
