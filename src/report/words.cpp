#include "report/words.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "base/utf8.h"
#include "json/json_text.h"
#include "json/personal_places.h"
#include "report/lookalikes.h"
#include "report/shown_text.h"
#include "text/catalogue.h"
#include "value/format.h"

namespace trama {
namespace {

const SummaryNames::Rule* rule_of(const About& about, const SummaryNames& names) noexcept {
  const bool known = about.kind == About::Kind::rule && about.index < names.rules.size();
  return known ? &names.rules[about.index] : nullptr;
}

std::string_view rule_message_of(const About& about, const SummaryNames& names) noexcept {
  const SummaryNames::Rule* rule = rule_of(about, names);
  return rule == nullptr ? std::string_view() : std::string_view(rule->message);
}

std::string_view column_message_of(const About& about, const SummaryNames& names) noexcept {
  return about.kind == About::Kind::column && about.index < names.column_messages.size()
             ? std::string_view(names.column_messages[about.index])
             : std::string_view();
}

std::string of_rule(const Told& told, Language language, std::string_view rule_message) {
  if (!rule_message.empty()) return std::string(rule_message);
  return told.a.text.empty() ? say(language, PhraseCode::report_rule_broken) : told.a.text;
}

/// Reasons for which a value is compared with texts or read by a shape, so that a character which
/// only looks right makes the difference.
bool compares_text(Reason reason) noexcept {
  switch (reason) {
    case Reason::not_in_table:
    case Reason::not_listed:
    case Reason::not_yes_or_no:
    case Reason::date_shape:
    case Reason::date_month_unknown:
    case Reason::date_weekday_unknown:
    case Reason::number_shape:
    case Reason::no_match:
    case Reason::duration_shape:
    case Reason::not_a_country:
    case Reason::not_a_currency:
    case Reason::currency_sign:
    case Reason::minor_units_unknown:
    case Reason::minor_units_fraction:
    case Reason::zone_unknown:
    case Reason::rank_not_read:
    case Reason::not_comparable:
      return true;
    default:
      return false;
  }
}

/// A value of a reason; of words of trama, such as "a list", what they say.
Phrase told_phrase(Reason reason, std::size_t place, const ToldValue& value, Language language) {
  const bool as_it_is = value.form != ToldValue::Form::plain || language == Language::en;
  if (as_it_is) return words_of(value);
  return phrase_of(reason, place, value.text);
}

/// The message where it tells the value, else the value and then the message.
void tell_what(ErrorWords& words, const ShownReject::Error& error, Language language,
               const std::string& message) {
  if (error.told.reason == Reason::rule) {
    words.what = message;
    words.more = error.told.b.text;  // what the columns that it reads hold
  } else if (code_of(error.told.reason) == RecordCode::rate_missing) {
    // What is missing is in a table. "no rate … ; the last one is …"
    const std::size_t half = std::min(message.find("; "), message.size());
    words.what = message.substr(0, half);
    if (half < message.size()) words.more = message.substr(half + 2);
  } else if (error.found.form == ToldValue::Form::none) {
    words.what = message;
    if (!error.known.empty())
      words.more = say(language, Phrase(PhraseCode::report_known, {error.known}));
  } else {
    words.what = words_of(error.found);
    words.more = message;
  }
}

}  // namespace

std::string where_of(const About& about, const SummaryNames& names) {
  switch (about.kind) {
    case About::Kind::record:
      break;
    case About::Kind::column:
      return about.index < names.columns.size() ? names.columns[about.index] : std::string();
    case About::Kind::rule: {
      const SummaryNames::Rule* rule = rule_of(about, names);
      return rule == nullptr ? std::string() : rule->name;
    }
    case About::Kind::duplicates:
      return "duplicates";
  }
  return {};
}

std::string_view word_of(InputFacts::State state) noexcept {
  switch (state) {
    case InputFacts::State::unread:
      return "unread";
    case InputFacts::State::part:
      return "part";
    case InputFacts::State::read:
      return "read";
    case InputFacts::State::refused:
      return "refused";
    case InputFacts::State::imported:
      return "imported";
  }
  return {};
}

std::string words_of(const ToldValue& value) {
  switch (value.form) {
    case ToldValue::Form::none:
      break;
    case ToldValue::Form::plain:
      return value.text;
    case ToldValue::Form::quoted:
      return '"' + value.text + '"';
    case ToldValue::Form::hidden:
      return std::string(kHidden);
  }
  return {};
}

namespace {

std::string plain_message(const Told& told, Language language, std::string_view rule_message,
                          std::string_view count) {
  if (told.reason == Reason::rule) return of_rule(told, language, rule_message).append(count);
  std::vector<Phrase> values = {told_phrase(told.reason, 0, told.a, language),
                                told_phrase(told.reason, 1, told.b, language)};
  const std::optional<std::size_t> place = count_place(told.reason);
  if (place) {
    values.resize(*place);
    values.emplace_back(count);
  }
  std::string message = say(language, Phrase(told.reason, std::move(values)));
  if (!place) message += count;
  return message;
}

/// What is odd about the value, as it follows a message: "; its character 5 is U+202F, …".
std::string hint_of(const Told& told, Language language) {
  if (!compares_text(told.reason) || told.a.form != ToldValue::Form::quoted) return {};
  const Phrase odd = odd_character(told.a.text);
  return odd.empty() ? std::string() : say(language, odd);
}

}  // namespace

std::string message_of(const Told& told, Language language, std::string_view rule_message,
                       std::string_view count) {
  return plain_message(told, language, rule_message, count) + hint_of(told, language);
}

WarningWords words_of(const Summary::Warning& kind, const SummaryNames& names, Language language,
                      std::string_view count) {
  WarningWords words;
  words.where = where_of(kind.about, names);
  words.column_message = column_message_of(kind.about, names);
  if (kind.told.reason == Reason::none) {
    words.code = name(kind.notice);
    words.message = say(language, kind.notice).append(count);
  } else {
    words.code = name(code_of(kind.told.reason));
    words.message = message_of(kind.told, language, rule_message_of(kind.about, names), count);
  }
  return words;
}

ErrorWords words_of(const ShownReject::Error& error, const SummaryNames& names, Language language,
                    std::string_view file) {
  ErrorWords words;
  words.code = name(code_of(error.told.reason));
  words.where = where_of(error.about, names);
  tell_what(words, error, language,
            plain_message(error.told, language, rule_message_of(error.about, names), {}));
  words.hint = hint_of(error.told, language);
  words.hint.erase(0, words.hint.find_first_not_of("; "));
  words.item = item_words(error.item, error.row, language);
  words.column_message = column_message_of(error.about, names);
  if (error.line > 0)
    words.data_at =
        std::string(file) + ':' + std::to_string(error.line) + ':' + std::to_string(error.column);
  if (error.place < names.places.size()) words.mapping_at = names.places[error.place];
  return words;
}

std::string_view code_word(const Summary::WarningCode& code) noexcept {
  return code.is_notice ? name(static_cast<NoticeCode>(code.code))
                        : name(static_cast<RecordCode>(code.code));
}

namespace {

std::vector<std::string_view> parts_of_key(std::string_view value) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = std::min(value.find(kBetweenKeyParts), value.size());
    parts.push_back(value.substr(0, end));
    if (end == value.size()) return parts;
    value.remove_prefix(end + 1);
  }
}

/// A text as the key of a YAML map: as it is where nothing in it means something else there.
std::string yaml_key(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  constexpr std::string_view kInside = ".+-/ ";
  const auto plain = [&](char c) { return kPlain.find(c) != std::string_view::npos; };
  const bool edges = !text.empty() && plain(text.front()) && plain(text.back());
  if (edges && std::all_of(text.begin(), text.end(), [&](char c) {
        return plain(c) || kInside.find(c) != std::string_view::npos;
      }))
    return std::string(text);
  std::string quoted;
  append_json_string(quoted, text);
  return json_shown(quoted);
}

std::string json_key(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);
  return json_shown(quoted);
}

std::string csv_key(std::string_view text) {
  const bool plain =
      text.find_first_of("\",;\t|\n\r") == std::string_view::npos && trim(text) == text;
  if (plain) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace

std::string unknown_word(std::string_view value) {
  std::string word;
  for (const std::string_view part : parts_of_key(value)) {
    if (!word.empty()) word += " / ";
    word += part;
  }
  return '"' + shortened(word) + '"';
}

std::string line_to_add(const TableHome& table, std::string_view value) {
  if (characters_in(value) >= kKeptCharacters && value.ends_with("…")) return {};
  const std::vector<std::string_view> parts = parts_of_key(value);
  // of a key of one part, the separator of parts is a character of it
  if (parts.size() > 1 && table.line.find("{2}") == std::string::npos) return {};
  std::string out;
  std::string_view line = table.line;
  while (!line.empty()) {
    std::size_t part = 0;
    const std::size_t close = line.front() == '{' ? std::min(line.find('}'), line.size()) : 0;
    for (std::size_t i = 1; i < close && part < 1000; ++i)
      part = line[i] >= '0' && line[i] <= '9' ? part * 10 + static_cast<std::size_t>(line[i] - '0')
                                              : 1000;
    if (part == 0 || part > parts.size()) {
      out += line.front();
      line.remove_prefix(1);
      continue;
    }
    const std::string_view key = parts[part - 1];
    out += table.form == TableHome::Form::csv    ? csv_key(key)
           : table.form == TableHome::Form::json ? json_key(key)
                                                 : yaml_key(key);
    line.remove_prefix(close + 1);
  }
  return out;
}

std::string item_words(std::string_view item, std::uint32_t row, Language language) {
  std::string words(item);
  if (row == 0) return words;
  if (!item.empty()) words += ", ";
  return words + say(language, Phrase(PhraseCode::row_number, {std::to_string(row)}));
}

namespace {

/// Tallies by their code and where they belong.
class Listed {
 public:
  explicit Listed(const SummaryNames& names) : names_(names) {}

  void add(std::string_view code, const About& about, const Tally& tally) {
    const auto earlier = [](const RecordRef& a, const RecordRef& b) {
      return std::tie(a.source, a.record) < std::tie(b.source, b.record);
    };
    std::string where = where_of(about, names_);
    ListedError made{std::string(code), where, about.kind, tally};
    const auto [found, is_new] = listed_.try_emplace({code, std::move(where)}, std::move(made));
    if (is_new) return;
    ListedError& same = found->second;
    same.tally.count += tally.count;
    same.kind = std::min(same.kind, about.kind);
    if (earlier(tally.first, same.tally.first)) same.tally.first = tally.first;
  }

  std::vector<ListedError> take() {
    std::vector<ListedError> errors;
    errors.reserve(listed_.size());
    for (auto& [key, error] : listed_) errors.push_back(std::move(error));
    return errors;
  }

 private:
  const SummaryNames& names_;
  std::map<std::pair<std::string_view, std::string>, ListedError>
      listed_;  // two of one name are one
};

}  // namespace

std::vector<ListedError> listed_errors(const Summary& summary, const SummaryNames& names) {
  Listed listed(names);
  for (const auto& [kind, tally] : summary.errors) listed.add(name(kind.code), kind.about, tally);
  return listed.take();
}

std::vector<ListedError> listed_warnings(const Summary& summary, const SummaryNames& names) {
  Listed listed(names);
  for (const auto& [code, tally] : summary.warning_codes)
    listed.add(code_word(code), code.about, tally);
  return listed.take();
}

}  // namespace trama
