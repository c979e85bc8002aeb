#include "mapping/words.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>

#include "text/catalogue.h"

namespace trama {
namespace {

std::string en(const Phrase& phrase) {
  return say(Language::en, phrase);
}

TEST_CASE("words: each once in its section and with a description") {
  std::set<std::pair<Section, std::string_view>> seen;
  for (const Word& word : all_words()) {
    INFO(en(title(word.section)), " ", word.name);
    CHECK(seen.emplace(word.section, word.name).second);
    CHECK(word.about.size() > 5);
    CHECK(word.about.back() != ' ');
    CHECK(en(title(word.form)) != "");
    const bool listed =
        word.form == Form::word || word.form == Form::words || word.form == Form::action;
    if (listed) CHECK(word.values != "");
  }
}

TEST_CASE("words: every section has some") {
  std::set<Section> seen;
  for (const Word& word : all_words()) seen.insert(word.section);
  for (std::size_t n = 0; n < section_count(); ++n) {
    const auto section = static_cast<Section>(n);
    const StepSpec* const step = step_of(section);
    CHECK(seen.count(section) == (step == nullptr || !step->map.empty() ? 1 : 0));
  }
}

TEST_CASE("words: found only in their section") {
  CHECK(find_word(Section::column, "from") != nullptr);
  CHECK(find_word(Section::table, "from") != nullptr);
  CHECK(find_word(Section::input, "from") == nullptr);
  CHECK(find_word(Section::column, "From") == nullptr);
}

TEST_CASE("words: values of a list") {
  CHECK(is_listed("a, bc, d", "a"));
  CHECK(is_listed("a, bc, d", "bc"));
  CHECK(is_listed("a, bc, d", "d"));
  CHECK_FALSE(is_listed("a, bc, d", "b"));
  CHECK_FALSE(is_listed("a, bc, d", "a, bc"));
  CHECK_FALSE(is_listed("a", ""));
  CHECK_FALSE(is_listed("", ""));
}

TEST_CASE("words: help") {
  CHECK(en(help_for_unknown(Section::column, "requird")) == "did you mean 'required'?");
  CHECK(en(help_for_unknown(Section::only, "limits")) == "it is a word of a mapping");
  CHECK(en(help_for_unknown(Section::only, "qqqq")) == "possible: when, otherwise");
  CHECK(en(help_for_value("skip, reject", "rejct")) ==
        "did you mean 'reject'? possible: skip, reject");
}

}  // namespace
}  // namespace trama
