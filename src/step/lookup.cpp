// lookup: a supplier's code to our word, by a table of the mapping.

#include "base/check.h"
#include "base/utf8.h"
#include "step/args.h"
#include "step/specs.h"
#include "step/unicode.h"

namespace trama {
namespace {

/// What the mapping says of a value that is not in the table.
Reason unknown(const LookupArgs& asked, Value& value, StepContext& context) noexcept {
  using Unknown = LookupArgs::Unknown;
  // A blank is not looked up (rule 5.16): of several values, a part that its text steps emptied.
  if (trim(value.text()).empty()) {
    value = Value::blank(Kind::empty);
    return Reason::none;
  }
  const Value table = Value::text(asked.table_name);
  if (asked.unknown == Unknown::reject) return context.fail(Reason::not_in_table, value, table);
  context.warning = asked.unknown == Unknown::write  ? Reason::unknown_written
                    : asked.unknown == Unknown::keep ? Reason::unknown_kept
                                                     : Reason::unknown_blank;
  context.warning_a = value;
  context.warning_b = asked.unknown == Unknown::write ? asked.write : table;
  context.only_count = !asked.warn;
  if (asked.unknown == Unknown::keep) return Reason::none;
  value = asked.unknown == Unknown::write ? asked.write : Value::blank(Kind::empty);
  context.finished = true;
  return Reason::none;
}

Reason look_up(const LookupArgs& asked, const LookupTable& table, Value& value,
               StepContext& context) noexcept {
  const std::string_view key =
      asked.ignore_case ? fold_case(value.text(), context.arena) : value.text();
  const LookupTable::Entry* const found = table.find(key);
  if (found == nullptr) return unknown(asked, value, context);
  if (context.taken != nullptr) context.taken->insert(found);
  value = found->value().empty() ? Value::blank(Kind::empty) : Value::text(found->value());
  return Reason::none;
}

Reason lookup(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const LookupArgs&>(*args);
  return look_up(asked, *asked.table, value, context);
}

constexpr Example kExamples[] = {
    {.title = "A code of the table",
     .column = "lookup: {DBL: Doble, SGL: Single}",
     .in = R"("DBL")",
     .out = "Doble"},
    {.title = "A JSON number is looked up as it is written",
     .column = "lookup: {1: Confirmada, 0: Cancelada}",
     .in = "1",
     .out = "Confirmada"},
    {.title = "Exactly: small letters are other letters",
     .column = "lookup: {DBL: Doble, SGL: Single}",
     .in = R"("dbl")",
     .code = RecordCode::lookup_unknown},
    {.title = "Unless case is not to matter",
     .column = "lookup: {DBL: Doble, SGL: Single}, ignore_case: yes",
     .in = R"("dbl")",
     .out = "Doble"},
    {.title = "What is written for an unknown code",
     .column = "lookup: {CNF: Confirmada}, unknown: {write: Por revisar, and: warn}",
     .in = R"("XX9")",
     .out = "Por revisar"},
    {.title = "An unknown code stays",
     .column = "lookup: {CNF: Confirmada}, unknown: keep",
     .in = R"("XX9")",
     .out = "XX9"},
    {.title = "An unknown code is left blank",
     .column = "lookup: {CNF: Confirmada}, unknown: write-blank",
     .in = R"("XX9")",
     .out = ""},
};
constexpr RecordCode kErrors[] = {RecordCode::lookup_unknown};

}  // namespace

Reason lookup_in_dump(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const LookupArgs&>(*args);
  TRAMA_CHECK(asked.dump_table < context.dump_tables.size());
  return look_up(asked, *context.dump_tables[asked.dump_table], value, context);
}

Reason lookup_by_day(const StepArgs* args, Value& value, StepContext& context) noexcept {
  const auto& asked = static_cast<const LookupArgs&>(*args);
  const Value table = Value::text(asked.table_name);
  const bool has_day = context.day.kind() == Kind::date;
  const std::string_view key =
      asked.ignore_case ? fold_case(value.text(), context.arena) : value.text();
  bool known = false;
  const std::string* const found =
      has_day ? asked.dated->find(key, context.day.date(), known) : nullptr;
  if (found == nullptr) {
    const bool told = asked.unknown == LookupArgs::Unknown::reject && !trim(value.text()).empty();
    if (told && !has_day) return context.fail(Reason::lookup_day_blank, value, table);
    if (told && known) return context.fail(Reason::not_that_day, value, table);
    return unknown(asked, value, context);
  }
  if (context.taken != nullptr) context.taken->insert(found);
  value = found->empty() ? Value::blank(Kind::empty) : Value::text(*found);
  return Reason::none;
}

constinit const StepSpec kLookup{
    .name = "lookup",
    .family = StepFamily::other,
    .word = "lookup",
    .takes = Kind::text,
    .gives = Kind::text,
    .summary = "Writes what a table has for a code.",
    .doc =
        "The text is compared exactly, after the text: steps; numbers and booleans as JSON writes "
        "them. "
        "What the table gives is then read by the type of the column. What unknown: writes is "
        "finished: neither type nor conversion follows. Of several values each is looked up, then "
        "they are joined or totalled; what unknown: writes for one is a part like the others.",
    .source = "trama; ignore_case: Unicode, section 3.13 (toCasefold)",
    .errors = kErrors,
    .examples = kExamples,
    .fn = lookup,
};

}  // namespace trama
