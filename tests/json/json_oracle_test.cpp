// The DOM of simdjson as an oracle: the only place that uses it.

#define SIMDJSON_EXCEPTIONS 0
#include "json/json_oracle.h"

#include <simdjson.h>

#include <string>

namespace trama::test {
namespace {

void look(const simdjson::dom::element& element, std::size_t depth, JsonFacts& facts) {
  if (simdjson::dom::object object; !element.get(object)) {
    facts.depth = std::max(facts.depth, depth);
    std::set<std::string_view> keys;
    for (const auto& [key, member] : object) {
      facts.repeated = !keys.insert(key).second || facts.repeated;
      look(member, depth + 1, facts);
    }
  } else if (simdjson::dom::array array; !element.get(array)) {
    facts.depth = std::max(facts.depth, depth);
    for (const simdjson::dom::element item : array) look(item, depth + 1, facts);
  }
}

}  // namespace

JsonFacts judge_by_dom(std::string_view text) {
  JsonFacts facts;
  simdjson::dom::parser parser;
  if (parser.allocate(text.size() + 1, kOracleDepth + 1)) return facts;
  const simdjson::padded_string padded(text);
  simdjson::dom::element root;
  // An UTF-8 mark is cut off in front of the first record; a record has none.
  const auto error =
      text.starts_with("\xef\xbb\xbf") ? simdjson::TAPE_ERROR : parser.parse(padded).get(root);
  if (error == simdjson::DEPTH_ERROR) facts.depth = kOracleDepth + 1;
  facts.number_out_of_range = error == simdjson::NUMBER_ERROR;
  if (error) return facts;
  facts.valid = true;
  facts.object = root.is_object();
  look(root, 1, facts);
  return facts;
}

}  // namespace trama::test
