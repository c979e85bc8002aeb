// The catalogue: the messages of base/*.inc and base/phrases/*.inc in every language that trama
// speaks. English stands in those tables; another language is a PO file beside this one, compiled
// into the program by the build (msgfmt). What has no translation is English.
//
//   say(Language::es, Phrase(PhraseCode::list_of, {"2"}))   "una lista de 2"

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/codes.h"
#include "base/phrase.h"
#include "base/result.h"
#include "base/span.h"
#include "text/language.h"

namespace trama {

std::string say(Language language, const Phrase& phrase);
std::string say(Language language, const Failure& failure);
std::string say(Language language, const Diagnostic& diagnostic);
/// What to do about it, or "" where the message says it all.
std::string say_help(Language language, const Diagnostic& diagnostic);

/// Words of trama that were said in English, as a value of an error or in a rejects file, as the
/// phrase that they are: the first of the rows said_KIND_… (base/phrases/step.inc) that makes them.
/// What none makes is a text as it is; so is all where no row is of the kind.
Phrase phrase_of(std::string_view kind, std::string_view english);
/// The same of a value of a reason, by the name of its parameter.
Phrase phrase_of(Reason reason, std::size_t place, std::string_view english);

/// Whether the message shows its first value.
bool shows_first_value(Reason reason) noexcept;

/// Which of its values is the count of a warning, or nothing: then the count goes to its end.
std::optional<std::size_t> count_place(Reason reason) noexcept;

/// The parameters of a message in the English table, for tests: "table hint".
std::string_view parameters(PhraseCode phrase) noexcept;

}  // namespace trama
