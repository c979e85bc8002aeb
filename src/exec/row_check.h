// RowCheck: the rows of a record held against `output: schema`: the values as JSON output would
// write them, for CSV too. A blank is null, or absent where JSON leaves it out and in CSV.
// One a thread.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "json/json_object.h"
#include "json/record.h"
#include "json/record_reader.h"
#include "plan/plan.h"
#include "step/row_schema.h"

namespace trama {

class RowCheck {
 public:
  /// `plan` has a row_schema.
  explicit RowCheck(const Plan& plan);
  RowCheck(const RowCheck&) = delete;
  RowCheck& operator=(const RowCheck&) = delete;

  /// Everything in which the rows of one record fail the schema, the same of several rows once;
  /// valid until the next call. `rows`: whole rows of the plan's columns; `rest`: members that each
  /// row has besides (`output: rest`); `audit`: the values of the output's audit columns, those of
  /// all rows or, one behind the other, of each.
  std::span<const RecordError> check(std::span<const Value> rows, std::string_view rest,
                                     std::span<const Value> audit);

 private:
  using Member = PlanRowSchema::Member;
  /// A value on its way through the schema: a scalar, an object of the row, or a piece of JSON.
  struct Item {
    SchemaItem scalar;
    const std::vector<Member>* members = nullptr;  // of an object of the row
    bool row = false;                              // the row itself, which `rest` belongs to
    Node json;
    std::uint16_t column = kNoColumn;  // of messages
    Value value;                       // the column's, for messages
  };

  bool holds(std::uint32_t schema, const Item& item, bool tell);
  bool rule_holds(const SchemaRule& rule, const Item& item, bool tell);
  bool count_holds(const SchemaRule& rule, const Item& item) const;
  bool required(const SchemaRule& rule, const Item& item, bool tell);
  bool properties(const SchemaRule& rule, const Item& item, bool tell);
  bool additional(const SchemaRule& rule, const Item& item, bool tell);
  bool items(const SchemaRule& rule, const Item& item, bool tell);
  bool alternatives(const SchemaRule& rule, const Item& item);
  bool other_holds(const SchemaRule& rule, const Item& item, std::string_view name, bool tell);
  bool below(std::uint32_t schema, const Item& item, std::string_view step, bool tell);

  bool is_absent(const Member& member) const;
  bool find(const Item& object, std::string_view name, Item& out);
  bool item_of(const Member& member, Item& out);
  Item item_of(const Value& value, const ColumnFormat& format);
  Item item_of(const Node& node, const Item& above);
  Item text_item(std::string_view text) const;
  Item number_item(const Decimal& number);
  std::uint16_t first_column(const Member& member) const;
  void fail(std::string_view words, std::uint32_t place, const Item& item);

  const Plan& plan_;
  const PlanRowSchema& schema_;
  Arena arena_;
  StepContext context_;
  RecordReader json_reader_;
  RecordReader rest_reader_;
  JsonValueWriter writer_;
  JsonBooleans plain_booleans_{ColumnFormat()};
  std::string scratch_;
  std::string json_frame_;
  std::string rest_frame_;
  ByteBuffer number_;
  std::string path_;  // inside the JSON of a column
  std::span<const Value> row_;
  std::span<const Value> audit_;
  Node rest_;
  std::uint64_t tries_ = 0;
  int depth_ = 0;
  std::vector<RecordError> errors_;
};

}  // namespace trama
