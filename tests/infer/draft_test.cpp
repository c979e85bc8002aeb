#include "infer/draft.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "infer/draft_builder.h"
#include "infer/names.h"
#include "infer/outline.h"
#include "infer/records_of.h"
#include "infer/sample_tests.h"
#include "infer/trade_words.h"
#include "infer/yaml_text.h"
#include "mapping/open_decisions.h"
#include "mapping/yaml_tree.h"
#include "profile/profile_support.h"

namespace trama {
namespace {

std::string draft_of(const std::string& dump, const ProfileCut& cut = {}) {
  Profile profile = profile_of(dump, cut);
  DraftOptions options;
  options.name = "d";
  options.inputs = {"dump"};
  return draft_text(build_draft(profile, options), false);
}

std::string records_at(std::string_view document) {
  const Profile outline = outline_of(document);
  const RecordsOf found = records_of(outline);
  std::string path;
  for (const std::string& key : found.keys) path = path_below(path, key);
  return found.entries ? path + "{*}" : path;
}

/// The text of the one value of `a: …`.
std::string read_back(const std::string& yaml) {
  YamlNode tree;
  Diagnostics diagnostics;
  REQUIRE(read_yaml("a: " + yaml + "\nb: [" + yaml + ", x]\n", 0, tree, diagnostics));
  INFO(yaml);
  REQUIRE(diagnostics.empty());
  REQUIRE(tree.find("b") != nullptr);
  REQUIRE(tree.find("b")->items.size() == 2);
  CHECK(tree.find("b")->items[0].text == tree.find("a")->text);
  return tree.find("a")->text;
}

}  // namespace

TEST_CASE("infer: every text is read back as it was") {
  for (const std::string text : {"",
                                 " ",
                                 "a",
                                 "a b",
                                 " a",
                                 "a ",
                                 "a  b",
                                 "#",
                                 "a #b",
                                 "a: b",
                                 ":",
                                 "-",
                                 "- a",
                                 "?",
                                 "[",
                                 "]",
                                 "{",
                                 "}",
                                 "a,b",
                                 ",",
                                 "&a",
                                 "*a",
                                 "!a",
                                 "|",
                                 ">",
                                 "'",
                                 "\"",
                                 "\\",
                                 "%",
                                 "@",
                                 "`",
                                 "yes",
                                 "null",
                                 "~",
                                 "1.10",
                                 "007",
                                 "1e5",
                                 "a\nb",
                                 "a\tb",
                                 "\x01",
                                 "\x7F",
                                 "\xC2\x85",
                                 "\xC2\xA0",
                                 "\xE2\x80\xA8",
                                 "\xEF\xBB\xBF",
                                 "\xF0\x9F\x98\x80",
                                 "caf\xC3\xA9",
                                 "DECIDE: x",
                                 "<<"}) {
    CHECK(read_back(yaml_scalar(text)) == text);
    CHECK(read_back(yaml_quoted(text)) == text);
    const std::string note = yaml_note(text);
    CHECK(note.find_first_of("\n\r") == std::string::npos);
    CHECK(note.find("\xE2\x80\xA8") == std::string::npos);
  }
}

TEST_CASE("infer: the first choice is read as it was written") {
  const auto first = [](std::vector<std::string> choices) {
    const std::string yaml = draft_value({{}, "q?", std::move(choices)}, false);
    return first_choice(read_back(yaml));
  };
  CHECK(first({"A", "B"}) == "A");
  CHECK(first({"1,234.56", "1.234,56"}) == "1,234.56");
  CHECK(first({"A, B", "C"}) == "A, B");
  CHECK(first({"\"A\", B"}) == "\"A\", B");
  CHECK(first({"one of: X"}) == "one of: X");
  CHECK(first_choice("DECIDE: what?").empty());
  CHECK(first_choice("one of: A").empty());
}

TEST_CASE("infer: where the records of a document are") {
  CHECK(records_at(R"([{"a": 1}])").empty());
  CHECK(records_at(R"({"a": 1, "b": [{"c": 1}]})").empty());
  CHECK(records_at(R"({"data": [{"a": 1}, {"a": 2}]})") == "data");
  CHECK(records_at(R"({"meta": {"total": 2}, "bookings": {"from": 1, "bookings": [{"a": 1}]}})") ==
        "bookings.bookings");
  CHECK(records_at(R"({"audit": {"time": 1}, "booking": {"ref": 1, "rooms": [{"a": 1}]}})") ==
        "booking");
  CHECK(records_at(R"({"hotels": {"1201": {"a": 1}, "88": {"a": 2}}})") == "hotels{*}");
  CHECK(records_at(R"({"total_orders": 2, "orders": [{"a": 1}]})") == "orders");
  CHECK(records_at(R"({"data": [1, 2]})").empty());
  CHECK(records_at(R"({"data": null})").empty());
  // As far as it goes: what is broken or cut off behind it changes nothing.
  CHECK(records_at(R"({"data": [{"a": 1}, {"a": )") == "data");
  CHECK(records_at(R"({"data": [{"a": 1, "a": 2}, oops)") == "data");
  // A list called like the object that it is in, with single values beside it; else it is a record.
  CHECK(records_at(R"({"hotels": {"checkIn": "x", "total": 2, "hotels": [{"a": 1}], "n": 1}})") ==
        "hotels.hotels");
  CHECK(records_at(R"({"hotel": {"checkIn": "x", "rooms": [{"a": 1}], "n": 1}})") == "hotel");
  CHECK(records_at(R"({"hotels": {"on": {"x": 1}, "hotels": [{"a": 1}], "n": 1}})") == "hotels");
  CHECK(records_at("").empty());
  CHECK(records_at("{\"data\": [{\"a\": \"\xFF\"}]}") == "data");
  CHECK(records_at(std::string(100000, '[')).empty());
}

TEST_CASE("infer: the same draft for any cut and any number of threads") {
  std::string dump;
  for (int i = 0; i < 4000; ++i)
    dump += R"({"id": )" + std::to_string(i) + R"(, "on": "0)" + std::to_string(i % 9 + 1) +
            R"(/02/2025", "st": ")" + (i % 3 == 0 ? "CNF" : "CXL") + R"(", "rooms": [)" +
            (i % 2 == 0 ? R"({"net": "1.50"})" : "") + "]}\n";
  const std::string one = draft_of(dump);
  CHECK(one.find("DD/MM/YYYY, MM/DD/YYYY") != std::string::npos);
  CHECK(draft_of(dump, {.threads = 8, .split_bytes = 3000}) == one);
  CHECK(draft_of(dump, {.threads = 3, .split_bytes = 70000, .read_bytes = 777}) == one);
  CHECK(draft_of(dump, {.threads = 2, .piece_bytes = 9000}) == one);
}

TEST_CASE("infer: one value or a list of them are lists of one path") {
  Profile profile = profile_of(
      R"({"r": {"a": 1}}
{"r": [{"a": "x", "b": 2}, {"a": 1}]}
{"r": null}
{"r": {"a": 1}}
)");
  ValueForms forms;
  PathNode& list = *profile.root->by_name.at("r");
  profile.take_as_lists(list, forms);
  CHECK(list.members.empty());
  CHECK(list.seen.of(JsonKind::list) == 3);
  CHECK(list.seen.of(JsonKind::null) == 1);
  CHECK(list.seen.count == 4);
  CHECK(list.seen.items == 4);
  CHECK(list.seen.most_items == 2);
  CHECK(list.items->seen.of(JsonKind::object) == 4);
  CHECK(list.items->by_name.at("a")->seen.count == 4);
  CHECK(list.items->by_name.at("a")->seen.values.entries().size() == 2);
  CHECK(list.items->by_name.at("b")->seen.count == 1);
}

TEST_CASE("infer: the currency that stands nearest to an amount is its own") {
  const auto two = [](const std::string& record) { return record + '\n' + record + '\n'; };
  const auto has = [](const std::string& text, const std::string& part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  // Of two beside it, the one that is called as the amount is.
  std::string text =
      draft_of(two(R"({"h": {"p": "1.5", "currency": "EUR"}, "rates": [{"pays": [{"amount": "9.90",
          "currency_code": "PLN", "show_amount": "2.40", "show_currency_code": "USD",
          "more": {"show": {"net": "1.10"}}}]}]})"));
  const auto currency_of = [&text](const std::string& from) {
    const std::size_t at = text.find("from: " + from + "\n");
    const std::size_t line = text.find("currency: ", at);
    return at == std::string::npos ? "" : text.substr(line, text.find('\n', line) - line);
  };
  CHECK(currency_of("pay.amount") == "currency: {from: pay.currency_code}");
  CHECK(currency_of("pay.show_amount") == "currency: {from: pay.show_currency_code}");
  CHECK(currency_of("pay.more.show.net") == "currency: {from: pay.show_currency_code}");
  CHECK(text.find("DECIDE") == std::string::npos);
  // Names that do not tell them apart: to be decided.
  text = draft_of(two(R"({"amount": "9.90", "buy_currency": "PLN", "sell_currency": "EUR"})"));
  has(text, "which field is it? one of: buy_currency, sell_currency");
  // That of an enclosing object, of whatever list.
  text = draft_of(two(R"({"id": 1, "offers": [{"currency": "EUR", "changes": [{"total": "5.50"}]},
                          {"currency": "USD", "changes": []}]})"));
  has(text, "currency: {from: offer.currency}");
  // What is further away is asked for, even if it is the only one.
  text = draft_of(two(R"({"offers": [{"price": {"currency": "EUR", "total": "9.50"},
      "rules": {"cancellations": [{"amount": "5.50"}]}}, {"price": {"currency": "EUR",
      "total": "9.50"}, "rules": {"cancellations": []}}]})"));
  CHECK(currency_of("offer.price.total") == "currency: {from: offer.price.currency}");
  has(text, "which field is it? one of: offer.price.currency");
  // The only one beside it is another amount's.
  text = draft_of(two(R"({"currency": "EUR", "p": {"price": "9.50", "original_price": "8.50",
                          "original_currency": "USD"}})"));
  CHECK(currency_of("p.original_price") == "currency: {from: p.original_currency}");
  has(text, "which field is it? one of: currency, p.original_currency");
}

TEST_CASE("infer: a currency is asked for where an amount may be without it, and only there") {
  std::string text = draft_of(R"({"f": [{"amount": 60.5, "currency": "GBP"}, {"x": 1}, {"x": 2}]}
{"f": [{"amount": 48.5, "currency": "GBP"}, {"x": 3}]}
)");
  CHECK(text.find("DECIDE") == std::string::npos);
  CHECK(text.find("currency: {from: f_item.currency}") != std::string::npos);
  // As many of both, but not in the same items.
  text = draft_of(R"({"f": [{"amount": 60.5}, {"currency": "GBP"}, {"x": 2}]}
{"f": [{"amount": 48.5, "currency": "GBP"}, {"x": 3}]}
)");
  CHECK(text.find("where this currency is blank, which is it? one of: GBP") != std::string::npos);
  // Whatever the cut: which items they are does not depend on it.
  std::string dump;
  for (int i = 0; i < 3000; ++i)
    dump += R"({"f": [{"x": 1}, )" +
            std::string(i % 3 == 0 ? R"({"amount": 1.5, "currency": "GBP"})" : R"({"x": 2})") +
            "]}\n";
  const std::string one = draft_of(dump);
  CHECK(one.find("DECIDE") == std::string::npos);
  CHECK(draft_of(dump, {.threads = 8, .split_bytes = 3000, .piece_bytes = 5000}) == one);
}

TEST_CASE("infer: texts of digits are codes, unless the name says how many") {
  const std::string text = draft_of(R"({"confirmation": {"supplier": "1234567890"}, "terminal": "2",
      "nights": "4", "max_occupancy": "3", "total": "120", "stops": 1, "price": {"min": "100"}})");
  const auto type_of = [&text](const std::string& from) {
    const std::size_t at = text.find("from: " + from + "\n    type: ");
    if (at == std::string::npos) return std::string("text");
    const std::size_t begin = text.find("type: ", at) + 6;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  INFO(text);
  CHECK(type_of("confirmation.supplier") == "text");
  CHECK(type_of("terminal") == "text");
  CHECK(type_of("nights") == "integer");
  CHECK(type_of("max_occupancy") == "integer");
  CHECK(type_of("total") == "integer");
  CHECK(type_of("price.min") == "integer");
  CHECK(type_of("stops") == "integer");
}

TEST_CASE("infer: local times stay local, but for the zone that stands beside them") {
  std::string text = draft_of(R"({"departing_at": "2025-03-01T23:00:00",
      "arriving_at": "2025-03-02T07:00:00", "sold_at": "2025-02-01T07:00:00",
      "origin": {"time_zone": "America/Los_Angeles"}, "destination": {"time_zone": "Europe/London"}})");
  INFO(text);
  CHECK(text.find("no_zone_means: {from: origin.time_zone}") > text.find("from: departing_at"));
  CHECK(text.find("no_zone_means: {from: origin.time_zone}") < text.find("from: arriving_at"));
  CHECK(text.find("no_zone_means: {from: destination.time_zone}") > text.find("from: arriving_at"));
  CHECK(text.find("no_zone_means", text.find("from: sold_at")) == std::string::npos);
  CHECK(text.find("DECIDE") == std::string::npos);
  text = draft_of(R"({"at": "2025-03-01T23:00:00", "tz": "America/Bogota"})");
  CHECK(text.find("no_zone_means: {from: tz}") != std::string::npos);
  // A time that is not there in its zone would be rejected: it stays local.
  text = draft_of(R"({"at": "2025-03-30T02:30:00", "tz": "Europe/Madrid"})");
  CHECK(text.find("no_zone_means") == std::string::npos);
  // Beside times with an offset they are to become such.
  text = draft_of(R"({"at": "2025-03-01T23:00:00"}
{"at": "2025-03-01T23:00:00Z"}
)");
  CHECK(text.find("no_zone_means: \"DECIDE: some of these times") != std::string::npos);
}

TEST_CASE("infer: error answers are told from data") {
  const auto error_in = [](const std::string& dump) {
    Profile profile = profile_of(dump);
    return build_draft(profile, {}).error;
  };
  CHECK(error_in(R"({"meta": {"status": 400}, "errors": [{"code": "x"}]})") == "errors");
  CHECK(error_in(R"({"error": true, "status": 429, "message": "no", "description": "no"})") ==
        "error");
  CHECK(error_in(R"({"error": {"code": 1}, "data": null})") == "error");
  CHECK(error_in(R"({"error": false, "status": 200, "message": "ok"})").empty());
  CHECK(error_in(R"({"error": null, "status": "ok", "data": {"a": 1}})").empty());
  CHECK(error_in(R"({"errors": [], "status": "ok"})").empty());
  CHECK(error_in(R"({"errors": [{"code": 1}], "booking": {"id": 1}})").empty());
  CHECK(error_in("{\"error\": \"no\"}\n{\"id\": 1}\n").empty());
}

TEST_CASE("infer: names of columns are short, and tell them apart") {
  CHECK(column_names({{"id"}, {"guest", "name"}, {"hotel", "name"}, {"hotel", "check_in"}}) ==
        std::vector<std::string>{"id", "guest_name", "hotel_name", "check_in"});
  CHECK(column_names({{"a", "x"}, {"b", "x"}, {"x"}}) ==
        std::vector<std::string>{"a_x", "b_x", "x"});
  CHECK(column_names({{"a"}, {"a"}, {"a_2"}}) == std::vector<std::string>{"a", "a_2", "a_2_2"});
  CHECK(item_name("rooms", {}) == "room");
  CHECK(item_name("policies", {}) == "policy");
  CHECK(item_name("habitaciones", {}) == "habitacion");
  CHECK(item_name("rooms", {"room"}) == "room_2");
  CHECK(name_part("a\nb: #c") == "a_b_c");
  CHECK(name_part("\x01") == "field");
}

TEST_CASE("infer: words of the trade, in two languages") {
  const auto same = [](std::string_view a, std::string_view b) {
    return concepts_of(a).shared(concepts_of(b)).count() > 0;
  };
  CHECK(same("checkInDate", "entrada"));
  CHECK(same("fch_salida", "check-out"));
  CHECK(same("Habitacion", "rooms"));
  CHECK(same("importe", "amount"));
  CHECK(same("CCY", "moneda"));
  CHECK_FALSE(same("entrada", "salida"));
  CHECK_FALSE(same("hotel", "guest"));
}

TEST_CASE("infer: what is replaced keeps its shape") {
  CHECK(same_shape("Ana-María O'Neil 23", false) == "Xxx-Xxxxx X'Xxxx 11");
  CHECK(same_shape("ana@mail.example", false) == "xxx@xxxx.xxxxxxx");
  CHECK(same_shape("1979-11-23T10:00:00Z", true) == "1111-11-11T11:11:11Z");
  CHECK(same_shape("+57 (300) 765", false) == "+11 (111) 111");
}

}  // namespace trama
