#include "report/unknown_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "report/summary.h"
#include "report/words.h"
#include "value/format.h"

using namespace trama;

namespace {

/// "CONF × 22, NOSHOW × 7, others × 3"
std::string shape(const UnknownValues& values) {
  std::string out;
  for (const UnknownValues::Value& value : values.most_frequent())
    out += value.text + " × " + std::to_string(value.count) + ", ";
  return out + "others × " + std::to_string(values.not_kept());
}

/// As a run does it: each split by itself, and then all into one.
UnknownValues in_splits(const std::vector<std::string>& texts, std::size_t split) {
  UnknownValues all;
  for (std::size_t from = 0; from < texts.size(); from += split) {
    UnknownValues part;
    for (std::size_t i = from; i < std::min(from + split, texts.size()); ++i) part.add(texts[i]);
    all.merge(std::move(part));
    all.limit();
  }
  return all;
}

std::uint64_t total(const UnknownValues& values) {
  std::uint64_t sum = values.not_kept();
  for (const UnknownValues::Value& value : values.most_frequent()) sum += value.count;
  return sum;
}

}  // namespace

TEST_CASE("unknown values: few are counted exactly, the most frequent first") {
  std::vector<std::string> texts;
  for (int i = 0; i < 22; ++i) {
    texts.emplace_back("CONF");
    if (i % 3 == 0) texts.emplace_back("NOSHOW");
    if (i % 9 == 4) texts.emplace_back("b");
    if (i % 9 == 5) texts.emplace_back("a");
  }
  for (const std::size_t split : {std::size_t{1}, std::size_t{7}, std::size_t{1000}})
    CHECK(shape(in_splits(texts, split)) == "CONF × 22, NOSHOW × 8, a × 2, b × 2, others × 0");
}

TEST_CASE("unknown values: what is frequent is found among any number of others") {
  std::vector<std::string> texts;
  for (int i = 0; i < 30000; ++i) {
    texts.push_back("free text " + std::to_string(i));
    if (i > 20000 && i % 10 == 0) texts.emplace_back("CONF");
    if (i > 10000 && i % 20 == 0) texts.emplace_back("NOSHOW");
  }
  const UnknownValues values = in_splits(texts, 997);
  CHECK(values.most_frequent().size() <= UnknownValues::kKept);
  CHECK(total(values) == texts.size());
  REQUIRE(values.most_frequent().size() > 1);
  CHECK(values.most_frequent()[0].text == "CONF");
  CHECK(values.most_frequent()[0].count > 900);
  CHECK(values.most_frequent()[1].text == "NOSHOW");
  CHECK(values.most_frequent()[1].count > 900);
}

TEST_CASE("unknown values: the cut changes nothing, however many there are") {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> texts(random() % 4000);
    const auto different = 1 + random() % 700;
    for (std::string& text : texts) text = std::to_string(random() % (1 + random() % different));
    const std::string whole = shape(in_splits(texts, texts.size() + 1));
    for (const std::size_t split : {std::size_t{1}, std::size_t{13}, std::size_t{500}})
      CHECK(shape(in_splits(texts, split)) == whole);
    CHECK(total(in_splits(texts, 50)) == texts.size());
  }
}

TEST_CASE("unknown values: a long one is cut, and no line is offered for it") {
  UnknownValues values;
  values.add(std::string(1000000, 'x'));
  const std::string kept = values.most_frequent()[0].text;
  CHECK(kept == std::string(kKeptCharacters - 1, 'x') + "…");
  CHECK(line_to_add({TableHome::Form::block, "t", "m.yaml:1:1", "  {1}:"}, kept).empty());
}

TEST_CASE("unknown values: the line that adds one to its table") {
  using Form = TableHome::Form;
  struct Case {
    Form form;
    const char* line;
    std::string value;
    const char* expected;
  };
  const std::string two = std::string("BOG") + kBetweenKeyParts + "D;L";
  const Case cases[] = {
      {Form::block, "      {1}:", "CONF", "      CONF:"},
      {Form::block, "  {1}:", "1", "  1:"},
      {Form::block, "  {1}:", "no", "  no:"},
      {Form::block, "  {1}:", "a b", "  a b:"},
      {Form::block, "  {1}:", "a: b", "  \"a: b\":"},
      {Form::block, "  {1}:", "-", "  \"-\":"},
      {Form::block, "  {1}:", "say \"x\"", "  \"say \\\"x\\\"\":"},
      {Form::block, "  {1}:", "C\u00a0F", "  \"C\\u00a0F\":"},
      {Form::flow, ", {1}:", "CONF", ", CONF:"},
      {Form::flow, ", {1}:", "a,b", ", \"a,b\":"},
      {Form::json, ", {1}: ", "CONF", ", \"CONF\": "},
      {Form::csv, "{1},?", "CONF", "CONF,?"},
      {Form::csv, "{1},?", "a\"b,c", "\"a\"\"b,c\",?"},
      {Form::csv, "?;{2};{1};x", two, "?;\"D;L\";BOG;x"},
      {Form::csv, "{1},{3},{x},{", "v", "v,{3},{x},{"},
      {Form::block, "  {1}:", two, ""},
  };
  for (const Case& c : cases) {
    INFO(c.expected);
    CHECK(line_to_add({c.form, "t", "m.yaml:1:1", c.line}, c.value) == c.expected);
  }
}
