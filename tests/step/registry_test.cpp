#include <doctest/doctest.h>

#include <set>
#include <string>

#include "step/run_step.h"

using namespace trama;

namespace {

/// The text of an example's JSON, which has no escapes but \n; its origin by its first character.
Value source_value(std::string_view json, std::string& storage) {
  if (!json.starts_with('"')) {
    const bool number = json.front() == '-' || (json.front() >= '0' && json.front() <= '9');
    return Value::text(json, number ? Origin::number : Origin::boolean);
  }
  storage = json.substr(1, json.size() - 2);
  for (std::size_t at = storage.find("\\n"); at != std::string::npos; at = storage.find("\\n")) {
    storage.replace(at, 2, "\n");
  }
  return Value::text(storage);
}

}  // namespace

TEST_CASE("steps: every one is complete and its examples show its codes and no other") {
  std::set<std::string_view> names;
  for (const StepSpec* spec : all_steps()) {
    INFO(spec->name);
    CHECK(names.insert(spec->name).second);
    CHECK(!spec->word.empty());
    CHECK(!spec->summary.empty());
    CHECK(!spec->doc.empty());
    CHECK(!spec->source.empty());
    CHECK(static_cast<bool>(spec->fn));
    CHECK(!spec->examples.empty());
    std::set<RecordCode> declared(spec->errors.begin(), spec->errors.end());
    std::set<RecordCode> seen;
    for (const Example& example : spec->examples) {
      CHECK(!example.title.empty());
      if (example.code != RecordCode::ok) seen.insert(example.code);
    }
    CHECK(seen == declared);
  }
  CHECK(names.size() == all_steps().size());
}

TEST_CASE("steps: those with words of their own say how they are compiled, and of which types") {
  for (const StepSpec* spec : all_steps()) {
    INFO(spec->name);
    const bool own = spec->time != StepTime::none;
    CHECK(own == !spec->words.empty());
    CHECK(own == (spec->compile != nullptr));
    if (!own) continue;
    CHECK(spec->family == StepFamily::other);
    CHECK((spec->types.empty() || spec->not_types.empty()));
    CHECK(spec->map.empty() == (spec->words[0].form != Form::map));
    if (!spec->map.empty()) CHECK(spec->words.size() == 1);
    std::string words;
    for (const StepWord& word : spec->words) {
      CHECK(!word.about.empty());
      words += (words.empty() ? "" : " ") + std::string(word.name);
    }
    CHECK(words == spec->word);
  }
}

TEST_CASE("steps: found by each of their words") {
  CHECK(find_step(StepFamily::type, "integer") == &kReadNumber);
  CHECK(find_step(StepFamily::type, "money") == &kReadNumber);
  CHECK(find_step(StepFamily::type, "datetime") == &kReadDate);
  CHECK(find_step(StepFamily::text, "title-case") == &kTitleCase);
  CHECK(find_step(StepFamily::other, "at_most") == &kLength);
  CHECK(find_step(StepFamily::text, "email") == nullptr);
  CHECK(find_step(StepFamily::type, "") == nullptr);
  CHECK(find_step(StepFamily::type, "date datetime") == nullptr);
}

TEST_CASE("steps without arguments: their own examples") {
  trama::testing::StepRunner runner;
  for (const StepSpec* spec : all_steps()) {
    for (const Example& example : spec->examples) {
      const std::string own = (spec->family == StepFamily::text ? "text: [" : "type: ") +
                              std::string(spec->word) +
                              (spec->family == StepFamily::text ? "]" : "");
      const bool plain = spec->family == StepFamily::text || spec->word == "email" ||
                         spec->word == "url" || spec->word == "uuid" || spec->word == "country" ||
                         spec->word == "currency";
      if (!plain || example.column != own) continue;
      INFO(spec->name, ": ", example.title);
      std::string storage;
      const std::string out = runner.run(*spec, nullptr, source_value(example.in, storage));
      CHECK(code_of(runner.reason) == example.code);
      if (example.code == RecordCode::ok) CHECK(out == example.out);
    }
  }
}
