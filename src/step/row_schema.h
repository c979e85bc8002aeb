// RowSchema: a JSON Schema (draft-07) that every row of the output must satisfy, compiled: flat,
// immutable, shared by all threads. Here is what its keywords ask of one scalar; exec/row_check
// goes through objects and lists, plan/row_schema reads the file. Numbers are exact decimals: 0.07
// is a multiple of 0.01.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/phrase.h"
#include "step/step.h"
#include "value/decimal.h"

namespace re2 {
class RE2;
}

namespace trama {

/// The types of JSON, as bits. A whole number (1.0 too) is an integer;
/// `number` in a schema means both bits.
namespace json_type {
constexpr std::uint8_t kNull = 1;
constexpr std::uint8_t kBoolean = 2;
constexpr std::uint8_t kInteger = 4;
constexpr std::uint8_t kFraction = 8;
constexpr std::uint8_t kNumber = kInteger | kFraction;
constexpr std::uint8_t kText = 16;
constexpr std::uint8_t kList = 32;
constexpr std::uint8_t kObject = 64;
constexpr std::uint8_t kAny = 127;
}  // namespace json_type

/// "string", "string or null", … in the words of JSON Schema.
std::string json_type_words(std::uint8_t types);
/// The same for a message.
Phrase json_types(std::uint8_t types);

/// A value as JSON has it; of a list or object its type alone.
struct SchemaItem {
  std::uint8_t type = json_type::kNull;
  bool boolean = false;
  bool exact = true;  // false: a number beyond 38 digits, which nothing can be compared with
  Decimal number;
  std::string_view text;

  static SchemaItem of(const Decimal& number) noexcept;
};

/// A number as JSON writes it (1e3 too); `exact` is false where 38 digits do not hold it.
SchemaItem read_schema_number(std::string_view text) noexcept;

enum class SchemaFormat : std::uint8_t { date, date_time, time, email, uuid, uri };

enum class SchemaKeyword : std::uint8_t {
  never,  // the schema `false`
  type,
  one_of_values,  // enum and const
  pattern,
  min_length,
  max_length,
  minimum,
  maximum,
  exclusive_minimum,
  exclusive_maximum,
  multiple_of,
  format,
  required,
  properties,
  additional,
  items,
  min_items,
  max_items,
  all_of,  // $ref too: one schema
  any_of,
  one_of,
  none_of,  // not
};

struct SchemaRule {
  SchemaKeyword keyword = SchemaKeyword::never;
  std::uint32_t place = UINT32_MAX;  // index of the plan's places: the keyword in the schema file
  std::string words;                 // as messages tell it: "maxLength 10"
  std::uint8_t types = json_type::kAny;
  Decimal number;
  std::uint64_t count = 0;
  SchemaFormat format = SchemaFormat::date;
  std::shared_ptr<const re2::RE2> pattern;
  struct Constant {
    SchemaItem item;
    std::string text;  // of a text; item.text is not used, since it would dangle in a copy
  };
  std::vector<Constant> constants;
  struct Name {
    std::string name;
    std::uint32_t schema = 0;          // of `properties`
    std::uint32_t place = UINT32_MAX;  // of `required`
    std::string words;                 // of `required`
  };
  std::vector<Name>
      names;  // sorted; of `additional`, those that `properties` of the same schema knows
  std::vector<std::uint32_t> schemas;  // indexes of RowSchema::schemas

  /// Whether `names` has it.
  [[nodiscard]] bool knows(std::string_view name) const noexcept;
};

struct RowSchema {
  /// The rules of each schema, all of which must hold; none: anything goes. The first is the root.
  std::vector<std::vector<SchemaRule>> schemas;

  [[nodiscard]] bool is_never(std::uint32_t schema) const noexcept;
};

/// Whether a rule about one scalar holds (`type` and the counts of lists aside,
/// other rules always do).
bool scalar_holds(const SchemaRule& rule, const SchemaItem& item, StepContext& context) noexcept;

}  // namespace trama
