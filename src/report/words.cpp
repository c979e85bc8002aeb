#include "report/words.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "base/phrase_codes.h"
#include "json/personal_places.h"
#include "text/catalogue.h"

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

std::string of_rule(const Told& told, Language language, std::string_view rule_message) {
  if (!rule_message.empty()) return std::string(rule_message);
  return told.a.text.empty() ? say(language, PhraseCode::report_rule_broken) : told.a.text;
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

std::string message_of(const Told& told, Language language, std::string_view rule_message,
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

WarningWords words_of(const Summary::Warning& kind, const SummaryNames& names, Language language,
                      std::string_view count) {
  WarningWords words;
  words.where = where_of(kind.about, names);
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
            message_of(error.told, language, rule_message_of(error.about, names)));
  words.item = item_words(error.item, error.row, language);
  if (error.line > 0)
    words.data_at =
        std::string(file) + ':' + std::to_string(error.line) + ':' + std::to_string(error.column);
  if (error.place < names.places.size()) words.mapping_at = names.places[error.place];
  return words;
}

std::string item_words(std::string_view item, std::uint32_t row, Language language) {
  std::string words(item);
  if (row == 0) return words;
  if (!item.empty()) words += ", ";
  return words + say(language, Phrase(PhraseCode::row_number, {std::to_string(row)}));
}

std::vector<ListedError> listed_errors(const Summary& summary, const SummaryNames& names) {
  const auto earlier = [](const RecordRef& a, const RecordRef& b) {
    return std::tie(a.source, a.record) < std::tie(b.source, b.record);
  };
  std::map<std::pair<std::string_view, std::string>, ListedError>
      listed;  // two of one name are one
  for (const auto& [kind, tally] : summary.errors) {
    const std::string_view code = name(kind.code);
    std::string where = where_of(kind.about, names);
    ListedError made{std::string(code), where, kind.about.kind, tally};
    const auto [found, is_new] = listed.try_emplace({code, std::move(where)}, std::move(made));
    if (is_new) continue;
    ListedError& same = found->second;
    same.tally.count += tally.count;
    same.kind = std::min(same.kind, kind.about.kind);
    if (earlier(tally.first, same.tally.first)) same.tally.first = tally.first;
  }
  std::vector<ListedError> errors;
  errors.reserve(listed.size());
  for (auto& [key, error] : listed) errors.push_back(std::move(error));
  return errors;
}

}  // namespace trama
