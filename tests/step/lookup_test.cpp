#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "step/run_step.h"
#include "step/unicode.h"
#include "value/format.h"

using namespace trama;
using trama::testing::StepRunner;

namespace {
std::shared_ptr<const LookupTable> rooms(bool folded) {
  auto table = std::make_shared<LookupTable>();
  const auto add = [&](std::string_view key, std::string_view value) {
    CHECK(table->add(folded ? fold_case(key) : std::string(key), value, key));
  };
  add("DBL", "Doble");
  add("SGL", "Single");
  add("ÑU", "Ñandú");
  add("1", "Uno");
  add("true", "Sí");
  add("", "Nada");
  return table;
}
}  // namespace

TEST_CASE("lookup: what is in the table") {
  StepRunner runner;
  LookupArgs args;
  args.table = rooms(false);
  args.table_name = "habitaciones";
  CHECK(runner.run(kLookup, &args, "DBL") == "Doble");
  CHECK(runner.run(kLookup, &args, "1", Origin::number) == "Uno");
  CHECK(runner.run(kLookup, &args, "true", Origin::boolean) == "Sí");
  CHECK_FALSE(runner.context.finished);
  CHECK(runner.run(kLookup, &args, "dbl") == "dbl is not in habitaciones");
  CHECK(runner.run(kLookup, &args, "DBL ") == "DBL  is not in habitaciones");
  CHECK(runner.run(kLookup, &args, "1.0", Origin::number) == "1.0 is not in habitaciones");
  args.table = rooms(true);
  args.ignore_case = true;
  CHECK(runner.run(kLookup, &args, "dBl") == "Doble");
  CHECK(runner.run(kLookup, &args, "ñu") == "Ñandú");
}

TEST_CASE("lookup: what is written for an unknown value") {
  StepRunner runner;
  LookupArgs args;
  args.table = rooms(false);
  args.table_name = "habitaciones";
  args.unknown = LookupArgs::Unknown::keep;
  CHECK(runner.run(kLookup, &args, "QUA") == "QUA");
  CHECK_FALSE(runner.context.finished);
  CHECK(runner.context.warning == Reason::unknown_kept);
  CHECK(runner.context.only_count);  // a notice, and no warning
  args.unknown = LookupArgs::Unknown::write_blank;
  CHECK(runner.run(kLookup, &args, "QUA") == "(blank)");
  CHECK(runner.context.finished);
  args.unknown = LookupArgs::Unknown::write;
  args.write = Value::text("Por revisar");
  args.warn = true;
  CHECK(runner.run(kLookup, &args, "QUA") == "Por revisar");
  CHECK(runner.context.finished);
  CHECK(runner.context.warning == Reason::unknown_written);
  CHECK_FALSE(runner.context.only_count);
  CHECK(runner.context.warning_a.text() == "QUA");
  CHECK(runner.context.warning_b.text() == "Por revisar");
}

TEST_CASE("lookup tables: many entries, each found and none beside") {
  LookupTable table;
  constexpr int kEntries = 20'000;
  const auto key_of = [](int i) {
    return std::string(static_cast<std::size_t>(i % 40), 'k') + std::to_string(i);
  };
  for (int i = 0; i < kEntries; ++i) {
    const std::string key = key_of(i);
    REQUIRE(table.add(key, "value" + key, i % 3 == 0 ? "as written " + key : key));
  }
  for (int i = 0; i < kEntries; ++i) {
    const std::string key = key_of(i);
    const LookupTable::Entry* const found = table.find(key);
    REQUIRE(found != nullptr);
    CHECK(found == &table.entry(static_cast<std::size_t>(i)));
    CHECK(table.place(key) == static_cast<std::size_t>(i));
    CHECK(found->key() == key);
    CHECK(found->value() == "value" + key);
    CHECK(table.shown(static_cast<std::size_t>(i)) == (i % 3 == 0 ? "as written " + key : key));
    CHECK(table.find(key + " ") == nullptr);
  }
  CHECK_FALSE(table.add(key_of(77), "another"));
  CHECK(table.size() == kEntries);
}

TEST_CASE("keys of several parts come apart as they were put together") {
  const std::vector<std::string> texts = {
      "", "a", "\x1e", "\x1d", "\x1f", "\x1d\x1e\x1f", "b\x1d", "\x1f\x1f"};
  for (const std::string& a : texts)
    for (const std::string& b : texts)
      for (const std::string& c : texts) {
        std::string key;
        append_key_part(key, true, a);
        append_key_part(key, false, b);
        append_key_part(key, false, c);
        std::vector<std::string> parts(3);
        split_key_parts(key, parts);
        CHECK(parts == std::vector<std::string>{a, b, c});
      }
}

TEST_CASE("lookup tables: repeated keys and what is known") {
  LookupTable table;
  CHECK(table.known(3) == "");
  CHECK(table.add("B", "2"));
  CHECK(table.add("A", "1"));
  CHECK_FALSE(table.add("B", "3"));
  CHECK(table.find("B")->value() == "2");
  CHECK(table.find("b") == nullptr);
  CHECK(table.size() == 2);
  CHECK(table.known(2) == "B, A");
  CHECK(table.known(1) == "B, …");
  CHECK(composite_key({"164", "", "0"}) ==
        "164\x1F\x1F"
        "0");
  CHECK(composite_key({"a"}) == "a");
}
