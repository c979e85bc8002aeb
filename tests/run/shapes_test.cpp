// The awkward shapes of real payloads that need whole mappings: amounts, structure, tables, codes,
// bodies that are no dump. One line a case, with what comes of it: what `check` says (code and
// message), else rows, errors, warnings and what ended the reading. S numbers are those of the
// collection; those of one plain column stand in tests/exec/shapes_test.cpp.

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

struct Shape {
  const char* number;
  const char* mapping;
  const char* dump;
  const char* expected;
  std::map<std::string, std::string> tables = {};
};

void run_cases(std::span<const Shape> shapes) {
  for (const Shape& shape : shapes) {
    INFO(std::string(shape.number), "\n", std::string(shape.mapping), "\n",
         std::string(shape.dump));
    const Mapped got = map(shape.mapping, shape.dump, shape.tables);
    const std::string said =
        messages(got.diagnostics) + got.rows + got.rejected + got.warned + got.trouble;
    CHECK(said == shape.expected);
  }
}

}  // namespace

TEST_CASE("awkward shapes: amounts and their currencies") {
  static const Shape kShapes[] = {
      {"S22 decimals in a sibling",
       "columns:\n  T: {from: p.original, type: money, currency: {from: p.currency}, minor_units: "
       "{from: p.currencyPrecision}}\n",
       R"({"p":{"original":1996,"currency":"EUR","currencyPrecision":2}})", "19.96\n"},
      {"S23 neither decimals nor currency",
       "columns:\n  T: {from: total, type: money, currency: USD, minor_units: yes}\n"
       "  J: {from: total, type: money, currency: JPY, minor_units: yes}\n",
       R"({"total":3182})", "31.82,3182\n"},
      {"S23 a currency has to be said", "columns:\n  T: {from: total, type: money}\n", "{}",
       "error[KEY_MISSING]: the money column 'T' needs 'currency'\n"},
      {"S24 a sibling that shifts nothing is not read",
       "columns:\n  T: {from: Amount, type: money, currency: USD}\n",
       R"({"Amount":212.1,"DecimalPlaces":2})", "212.10\n"},
      {"S25 both as text, in another object",
       "columns:\n  T: {from: card.balance, type: money, currency: USD, minor_units: {from: "
       "card.places}}\n",
       R"({"card":{"balance":"6755","places":"2"}})", "67.55\n"},
      {"S26 glued, and look-alikes",
       "columns:\n  T: {from: t, type: money, currency: in-amount, withdrawn: reject}\n  C: "
       "{currency_of: T}\n",
       "{\"t\":\"EUR2621.52\"}\n{\"t\":\"4EST\"}\n{\"t\":\"ESB57218372\"}\n{\"t\":\"BDC-"
       "3333333333\"}",
       "2621.52,EUR\n"
       "2: CURRENCY_UNKNOWN T: \"EST\" is no ISO 4217 currency code\n"
       "3: CURRENCY_WITHDRAWN T: \"ESB\" was withdrawn from ISO 4217 in 1994\n"
       "4: CURRENCY_UNKNOWN T: \"BDC\" is no ISO 4217 currency code\n"},
      {"S29 decimals by currency", "columns:\n  T: {from: t, type: money, currency: {from: c}}\n",
       "{\"t\":1157016,\"c\":\"IDR\"}\n{\"t\":9990,\"c\":\"CLP\"}\n{\"t\":1.5,\"c\":\"BHD\"}\n{"
       "\"t\":\"1.25\",\"c\":\"CLF\"}\n{\"t\":\"1.25\",\"c\":\"PYG\"}",
       "1157016.00\n9990\n1.500\n1.2500\n"
       "5: NUMBER_NEEDS_ROUNDING T: 1.25 has more than 0 decimals, and rounding is exact\n"},
      {"S30 each amount with its own currency",
       "columns:\n  Sale: {from: sale.amount, type: money, currency: {from: sale.currency}}\n"
       "  SaleIn: {currency_of: Sale}\n"
       "  Penalty: {from: penalty.amount, type: money, currency: {from: penalty.currency}}\n"
       "  PenaltyIn: {currency_of: Penalty}\n",
       R"({"sale":{"amount":"900","currency":"PLN"},"penalty":{"amount":"0","currency":"RUB"}})",
       "900.00,PLN,0.00,RUB\n"},
      {"S30 never added up",
       "columns:\n  A: {from: a, type: money, currency: {from: ac}}\n  B: {from: b, type: money, "
       "currency: {from: bc}}\n  Sum: {compute: A + B}\n",
       "{}",
       "error[EXPRESSION_CURRENCIES]: A and B may be amounts in different currencies (that of ac and "
       "that of bc)\n"},
      {"S31 on the amount, beside it, on the record, in the name, small letters",
       "rows: {one_per: rooms, called: room}\ncolumns:\n"
       "  On: {from: room.net.value, type: money, currency: {from: room.net.currency}}\n"
       "  Beside: {from: room.tax, type: money, currency: {from: room.tax_currency}}\n"
       "  Record: {from: room.fee, type: money, currency: {from: currency, text: upper-case}}\n"
       "  Name: {from: total_usd, type: money, currency: USD, on_extra_rows: leave-blank}\n",
       R"({"currency":"jpy","total_usd":"9","rooms":[{"net":{"value":"1","currency":"EUR"},"tax":"2","tax_currency":"KWD","fee":"3"},{"fee":4}]})",
       "1.00,2.000,3,9.00\n,,4,\n"},
      {"S32 sums that must hold, to a cent",
       "columns:\n  Base: {from: b, type: money, currency: USD}\n  Tax: {from: t, type: money, "
       "currency: USD}\n  Total: {from: all, type: money, currency: USD}\nrules:\n  - {name: "
       "adds-up, check: Base + Tax - Total between -0.01 and 0.01}\n",
       "{\"b\":\"100.10\",\"t\":\"19.02\",\"all\":\"119.11\"}\n{\"b\":\"8000\",\"t\":\"0\",\"all\":"
       "\"1000\"}",
       "100.10,19.02,119.11\n"
       "2: RULE_BROKEN adds-up: Base + Tax - Total between -0.01 and 0.01; Base 8000.00, Tax 0.00, "
       "Total 1000.00\n"},
  };
  run_cases(kShapes);
}

TEST_CASE("awkward shapes: structure") {
  static const Shape kShapes[] = {
      {"S42 one record or many under one name",
       "input: {format: json, records: data}\ncolumns: {Id: id}\n", R"({"data":{"id":1}})", "1\n"},
      {"S42 one record or many under one name",
       "input: {format: json, records: data}\ncolumns: {Id: id}\n",
       R"({"data":[{"id":1},{"id":2}]})", "1\n2\n"},
      {"S42 a room that is a list only when there are several",
       "rows: {one_per: Room, called: r, one_or_many: yes}\ncolumns: {Code: r.code}\n",
       "{\"Room\":{\"code\":\"A\"}}\n{\"Room\":[{\"code\":\"B\"},{\"code\":\"C\"}]}", "A\nB\nC\n"},
      {"S42 a field that is a list only when there are several",
       "columns: {C: {first_of: [\"Carrier[0]\", Carrier]}}\n",
       "{\"Carrier\":\"ZZ\"}\n{\"Carrier\":[\"YY\",\"XX\"]}", "ZZ\nYY\n"},
      {"S43 a list at a depth", "input: {records: RS.Priced.Itinerary}\ncolumns: {Id: id}\n",
       R"({"RS":{"n":1,"Priced":{"x":[9],"Itinerary":[{"id":1},{"id":2}]}}})", "1\n2\n"},
      {"S43 parents that stand behind their list",
       "input: {records: data.hotels}\nrows: {one_per: rates, called: rate}\ncolumns: {H: name, R: "
       "rate}\n",
       R"({"data":{"hotels":[{"rates":[7,8],"name":"Sol"}]}})", "Sol,7\nSol,8\n"},
      {"S43 what stands outside the records is out of reach",
       "input: {records: data}\ncolumns: {V: version}\n", R"({"version":3,"data":[{"id":1}]})",
       "\"\"\n"},
      {"S43 the whole document as one record reaches it",
       "input: {format: json}\nrows: {one_per: data, called: d}\ncolumns: {V: version, Id: "
       "d.id}\n",
       R"({"version":3,"data":[{"id":1},{"id":2}]})", "3,1\n3,2\n"},
      {"S44 records are the entries of an object",
       "input: {format: json, records: \"{*}\", id: $key}\ncolumns: {Id: $key, Name: name}\n",
       R"({"12345":{"name":"Sol"},"-6":{"name":"Mar"}})", "12345,Sol\n-6,Mar\n"},
      {"S44 keys that look like a path",
       "columns:\n  A: occupancies.\"1-7,10\".total\n  B: '\"reporting.report_type\"'\n  C: "
       "\"@total\"\n  D: names.es-ES\n  E: check-in\n  F: country name\n  G: /a.b/c~1d\n",
       R"({"occupancies":{"1-7,10":{"total":5}},"reporting.report_type":"r","@total":1,"names":{"es-ES":"Mar"},"check-in":"d","country name":"Peru","a.b":{"c/d":2}})",
       "5,r,1,Mar,d,Peru,2\n"},
      {"S45 an object keyed by date",
       "rows: {one_per: \"days{*}\", called: d}\ncolumns:\n  Day: {from: d.$key, type: date}\n  "
       "Rate: {from: d, type: decimal}\n",
       R"({"days":{"2020-11-13":"76.50","2020-11-14":80}})", "2020-11-13,76.50\n2020-11-14,80\n"},
      {"S46 two lists side by side",
       "rows: {one_per: [nightly_dates, nightly_rates], called: [day, rate]}\ncolumns: {D: day, R: "
       "rate}\n",
       "{\"nightly_rates\":[1,2],\"nightly_dates\":[\"d1\",\"d2\"]}\n{\"nightly_rates\":[1],"
       "\"nightly_dates\":[]}",
       "d1,1\nd2,2\n2: WRONG_TYPE : the lists side by side have 0 (nightly_dates) and 1 "
       "(nightly_rates) items\n"},
      {"S47 every property a list",
       "columns:\n  Only: {from: \"name[*]\", total: only}\n  First: \"alias[0]\"\n  All: {from: "
       "\"alias[*]\", join: \"; \"}\n",
       "{\"name\":[\"A\"],\"alias\":[\"x\",\"y\"]}\n{\"name\":[\"A\",\"B\"],\"alias\":[]}",
       "A,x,x; y\n2: WRONG_TYPE Only: one value is expected, but there are 2\n"},
      {"S48 a record of one kind or another",
       "columns:\n  Kind:\n    from: Data.Discriminator\n    lookup: {Customer: persona, Company: "
       "empresa}\n  Name:\n    choose:\n      - {when: source.Data.Discriminator = \"Company\", "
       "write: {from: Data.CompanyName}}\n      - {otherwise: {from: Data.LastName}}\n",
       "{\"Data\":{\"Discriminator\":\"Customer\",\"LastName\":\"L\"}}\n{\"Data\":{"
       "\"Discriminator\":\"Company\",\"CompanyName\":\"C\"}}\n{\"Data\":{\"Discriminator\":"
       "\"Robot\",\"LastName\":\"R\"}}",
       "persona,L\nempresa,C\n"
       "3: LOOKUP_UNKNOWN Kind: \"Robot\" is not in the lookup of Kind; known: Customer, "
       "Company\n"},
      {"S49 a text, or an object that holds it",
       "columns: {Name: {first_of: [name.content, name]}}\n",
       "{\"name\":\"A\"}\n{\"name\":{\"content\":\"B\"}}\n{\"name\":{\"other\":1}}",
       "A\nB\n"
       "3: WRONG_TYPE Name: {\"other\":1}; one value is needed, but this is an object\n"},
      {"S49 a list in one place, an object in the other",
       "columns: {Price: {first_of: [\"pricing[0].total\", pricing.total], type: integer}}\n",
       "{\"pricing\":[{\"total\":5}]}\n{\"pricing\":{\"total\":6}}", "5\n6\n"},
      {"S50 a table that travels in the dump",
       "input: {records: data}\ntables:\n  carriers: {inside: dictionaries.carriers}\ncolumns:\n  "
       "C: {from: c, lookup: carriers}\n",
       R"({"data":[{"c":"ZZ"},{"c":"YY"}],"dictionaries":{"carriers":{"ZZ":"Zeta"}}})",
       "Zeta\n2: LOOKUP_UNKNOWN C: \"YY\" is not in carriers; known: ZZ\n"},
      {"S50 a table file that is more than pairs",
       "tables:\n  t: {file: t.json}\ncolumns:\n  A: {from: c, lookup: t}\n",
       "{}",
       "error[VALUE_KIND]: 'rates' must be a text, not words with values\n",
       {{"t.json", R"({"base": "USD", "rates": {"EUR": 0.85}})"}}},
      {"S51 a key of several parts in one text",
       "columns:\n  Day: {from: key, split: {by: \"|\", take: 1}, type: date, read: YYYYMMDD}\n  "
       "Room: {from: key, split: {by: \"|\", take: -1}}\n",
       R"({"key":"20240402|20240403|W|164|DBL.ST"})", "2024-04-02,DBL.ST\n"},
      {"S51 three fields are the key of another file",
       "tables:\n  t: {file: t.csv, key: [a, b, c], value: text}\ncolumns:\n  N: {by: [x.incoming, "
       "x.code, x.rate], lookup: t}\n",
       R"({"x":{"incoming":164,"code":"54206","rate":0}})",
       "note\n",
       {{"t.csv", "a,b,c,text\n164,54206,0,note\n164,54206,1,other\n"}}},
      {"S51 a text of three parts is the key of a file that glues them",
       "tables:\n  t: {file: t.csv, key: id, value: text}\ncolumns:\n  N: {from: id, lookup: t}\n",
       R"({"id":"164|54206|0"})",
       "note\n",
       {{"t.csv", "id,text\n164|54206|0,note\n"}}},
      {"S52 a document inside a text: copied as text, its parts by patterns",
       "columns:\n  All: prices\n  First: {from: prices, replace: {'.*:([0-9.]+).*': \"\\\\1\"}, "
       "type: decimal}\n",
       R"({"prices":"{\"2021-12-03\":331.88}"})", "\"{\"\"2021-12-03\"\":331.88}\",331.88\n"},
      {"S52 no path leads into a text", "columns: {P: prices.x}\n",
       R"({"prices":"{\"x\":331.88}"})",
       "1: WRONG_TYPE P: \"{\\\"x\\\":331.88}\"; the path prices.x needs an object on its way, but "
       "meets text\n"},
      {"S52 a list glued in one text, a list in another call",
       "columns:\n  Ip: {first_of: [\"hosts[0]\", hosts], split: {by: \",\", take: 1}, text: "
       "trim}\n",
       "{\"hosts\":\"10.0.0.1, 10.0.0.2\"}\n{\"hosts\":[\"10.0.0.3\",\"10.0.0.4\"]}",
       "10.0.0.1\n10.0.0.3\n"},
      {"S53 a text in several languages, as an object or a list",
       "columns:\n  O: {from: {list: o, where: $key, is: [es-419, es-ES, en-US], take: $value}}\n  "
       "L: {from: {list: l, where: languageCode, is: [ESP, ENG], take: content}}\n",
       R"({"o":{"en-US":"Sea","es-ES":"Mar"},"l":[{"languageCode":"ENG","content":"Sea"}]})",
       "Mar,Sea\n"},
      {"S55 an envelope of ids is a list of work to do: its ids become rows, each once a message",
       "input: {format: json}\nrows:\n  - {one_per: Events, called: e}\ncolumns: {Kind: "
       "e.Discriminator, Id: e.Value.Id}\n",
       R"({"EnterpriseId":"E","Events":[{"Discriminator":"CustomerAdded","Value":{"Id":"7"}},{"Discriminator":"CustomerUpdated","Value":{"Id":"7"}}]})",
       "CustomerAdded,7\nCustomerUpdated,7\n"},
      {"S55 as records, the same id counts once",
       "input: {records: Events}\nduplicates: {same: Value.Id, keep: last}\ncolumns: {Kind: "
       "Discriminator, Id: Value.Id}\n",
       R"({"Events":[{"Discriminator":"CustomerAdded","Value":{"Id":"7"}},{"Discriminator":"CustomerUpdated","Value":{"Id":"7"}}]})",
       "CustomerUpdated,7\n"},
  };
  run_cases(kShapes);
}

TEST_CASE("awkward shapes: S39, a field that almost no record has is counted by its blanks") {
  const Mapped got = map("columns: {Id: id, Update: lastUpdate}\n",
                         "{\"id\":1}\n{\"id\":2,\"lastUpdate\":\"d\"}\n{\"id\":3}");
  CHECK(got.rows == "1,\n2,d\n3,\n");
  CHECK(got.blanks == "Update: 2 missing, 0 null, 0 empty\n");
}

TEST_CASE("awkward shapes: S58, big, deep, on one line") {
  // How much one record may hold and how gzip and zstd are read: tests/source, tests/run/cuts_test.
  const std::string blob(300000, 'x');
  const std::string records = R"([{"id":1,"blob":")" + blob + R"("},{"id":2}])";
  CHECK(map("input: {records: a.b.c}\ncolumns: {Id: id}\n",
            R"({"a":{"n":")" + blob + R"(","b":{"c":)" + records + "}}}")
            .rows == "1\n2\n");
  const std::string deep = std::string(127, '[') + std::string(127, ']');
  CHECK(map("columns: {Id: id}\n", "{\"id\":1,\"d\":" + deep + "}").rows == "1\n");
  CHECK(map("columns: {Id: id}\n", "{\"id\":1,\"d\":[" + deep + "]}").rejected ==
        "1: RECORD_TOO_DEEP : the record nests deeper than 128 levels\n");
}

TEST_CASE("awkward shapes: texts and bodies") {
  static const Shape kShapes[] = {
      {"S54 an error answer where records are said to be",
       "input: {records: data, error_body: errors}\ncolumns: {Id: id}\n",
       R"({"errors":[{"status":429}]})",
       "ERROR_BODY: dump is an error answer, not a dump: [{\"status\":429}]"},
      {"S54 written over several lines",
       "input: {records: data, error_body: errors}\ncolumns: {Id: id}\n",
       "{\n  \"errors\": [\n    {\n      \"status\": 429,\n      \"text\": \"a\\nb\"\n    }\n  "
       "]\n}",
       "ERROR_BODY: dump is an error answer, not a dump: [{\"status\": 429, \"text\": \"a\\nb\"}]"},
      {"S54 with a list beside it",
       "input: {records: data, error_body: error}\ncolumns: {Id: id}\n",
       R"({"data":[],"error":true,"status":429})",
       "ERROR_BODY: dump is an error answer, not a dump: true"},
      {"S54 that nobody expected", "input: {records: data}\ncolumns: {Id: id}\n",
       R"({"success":false,"message":"no"})",
       "RECORDS_NOT_FOUND: dump: no list of records at data; the document has success, message"},
      {"S56 a column that reads what is named like a secret",
       "columns:\n  A: ota_property_password\n  B: auth.apiToken\n  C: card.number\n  D: {from: "
       "shared_secret, personal: yes}\n  E: card_number_last4\n  F: tokens_left\n",
       R"({"shared_secret":"s"})",
       "warning[FIELD_SECRET]: the field 'ota_property_password' is named like a secret, and "
       "reports "
       "may show what it holds\n"
       "warning[FIELD_SECRET]: the field 'auth.apiToken' is named like a secret, and reports may "
       "show what it holds\n"
       "warning[FIELD_SECRET]: the field 'card.number' is named like a secret, and reports may "
       "show "
       "what it holds\n"
       ",,,s,,\n"},
      {"S57 a UTF-8 mark and CRLF", "columns: {Id: id}\n",
       "\xEF\xBB\xBF{\"id\":1}\r\n{\"id\":2}\r\n", "1\n2\n"},
      {"S57 comments and trailing commas are no JSON", "columns: {Id: id}\n",
       "{\"id\":1,} \n{\"id\":2} // two\n{\"id\":3}",
       "3\n1: JSON_INVALID : not JSON: a key in double quotes is missing\n"
       "2: JSON_INVALID : not JSON: something follows the end of the record\n"},
      {"S57 a key twice", "columns: {Id: id}\n", R"({"id":1,"id":2})",
       "1: DUPLICATE_FIELD : the key \"id\" appears twice in one object\n"},
      {"S57 not UTF-8", "columns: {Id: id}\n", "{\"id\":\"Bogot\xE1\"}",
       "1: TEXT_NOT_UTF8 : byte 12 of the record is not UTF-8\n"},
      {"S57 edge blanks, tags, entities, line ends, curly quotes",
       "columns:\n  City: {from: c, text: trim}\n  Text: {from: t, text: [plain-text, "
       "one-space]}\n",
       "{\"c\":\"Boise \",\"t\":\"&lt;p&gt;Mar&iacute;a &amp; <b>co</b>&lt;/p&gt;\\n“sol”\"}",
       "Boise,<p>María & co</p> “sol”\n"},
  };
  run_cases(kShapes);
}

TEST_CASE("awkward shapes: codes") {
  static const Shape kShapes[] = {
      {"S59 a lookup of a part",
       "columns: {Room: {from: r, split: {by: \".\", take: 1}, lookup: {DBL: Doble, TWN: Dos "
       "camas}}}\n",
       "{\"r\":\"DBL.ST\"}\n{\"r\":\"TWN\"}", "Doble\nDos camas\n"},
      {"S59 words, tried in order",
       "columns:\n  Room:\n    choose:\n      - {when: 'source.r matches "
       "\"(?i).*\\bdouble\\b.*\"', "
       "write: Doble}\n      - {when: 'source.r matches \"(?i).*\\bsingle\\b.*\"', write: "
       "Single}\n  "
       "    - {otherwise: Otra}\n",
       "{\"r\":\"Deluxe Double room (king size bed)\"}\n{\"r\":\"Suite\"}", "Doble\nOtra\n"},
      {"S59 what is in no table: reject, keep, blank, another",
       "columns:\n  A: {from: r, lookup: {X: x}, unknown: keep}\n  B: {from: r, lookup: {X: x}, "
       "unknown: write-blank}\n  C: {from: r, lookup: {X: x}, unknown: {write: otra, and: warn}}\n",
       R"({"r":"MTRD"})", "MTRD,,otra\nLOOKUP_UNKNOWN C: \"MTRD\" written as \"otra\" × 1\n"},
      {"S60 capitals matter unless asked",
       "columns:\n  S: {from: s, lookup: {CONFIRMED: ok}, ignore_case: yes}\n  T: {from: s, "
       "lookup: "
       "{CONFIRMED: ok}}\n",
       R"({"s":"Confirmed"})",
       "1: LOOKUP_UNKNOWN T: \"Confirmed\" is not in the lookup of T; known: CONFIRMED\n"},
      {"S60 a status of several fields",
       "columns:\n  S:\n    choose:\n      - {when: 'source.IsCancellation = 1', write: "
       "cancelada}\n      - {when: 'source.paid = \"true\" and source.held = \"false\"', write: "
       "confirmada}\n      - {otherwise: pendiente}\n",
       "{\"IsCancellation\":1}\n{\"IsCancellation\":0,\"paid\":true,\"held\":false}\n{\"paid\":"
       "false}",
       "cancelada\nconfirmada\npendiente\n"},
      {"S61 board codes and sentences in one table",
       "columns: {B: {from: b, text: [trim, lower-case], lookup: {ro: RO, nomeal: RO, breakfast: "
       "BB, "
       "breakfast is included in the room rate.: BB}}}\n",
       "{\"b\":\"nomeal\"}\n{\"b\":\"Breakfast is included in the room rate.\"}\n{\"b\":\"AI\"}",
       "RO\nBB\n3: LOOKUP_UNKNOWN B: \"ai\" is not in the lookup of B; known: ro, nomeal, "
       "breakfast, "
       "breakfast is included in the room rate.\n"},
      {"S62 passenger types, and an age in words",
       "columns:\n  T: {from: t, lookup: {ADT: adulto, AD: adulto, CNN: menor}}\n  To: {from: age, "
       "replace: {'.*-([0-9]+) yrs': \"\\\\1\"}, type: integer}\n",
       R"({"t":"CNN","age":"0-17 yrs"})", "menor,17\n"},
      {"S63 yes and no in the words of the supplier, and no others",
       "columns: {B: {from: b, type: boolean, yes_words: [Y, Yes, \"1\", x], no_words: [N, No, "
       "\"0\"], when_empty: \"no\"}}\n",
       "{\"b\":\"Y\"}\n{\"b\":0}\n{\"b\":\"x\"}\n{\"b\":\"\"}\n{\"b\":\"y\"}\n{\"b\":true}",
       "true\nfalse\ntrue\nfalse\n"
       "5: BOOLEAN_UNREADABLE B: \"y\" is neither of the yes words (Y, Yes, 1, x) nor of the no "
       "words\n"
       "6: BOOLEAN_UNREADABLE B: true is neither of the yes words (Y, Yes, 1, x) nor of the no "
       "words\n"},
      {"S63 the words are texts: N, No and 0 stay what they are",
       "columns: {B: {from: b, type: boolean, yes_words: [Y], no_words: [N, No, 0]}}\n",
       "{\"b\":\"No\"}\n{\"b\":\"0\"}", "false\nfalse\n"},
      {"S64 languages by their own codes",
       "columns: {L: {from: l, lookup: {ENG: en, en-GB: en, zh-yue: zh, NO: nb}}}\n",
       "{\"l\":\"zh-yue\"}\n{\"l\":\"NO\"}", "zh\nnb\n"},
      {"S64 a code with two meanings over time is two lines of one key: one has to be chosen",
       "tables:\n  t: {file: t.csv, key: code, value: name}\ncolumns:\n  A: {from: c, lookup: t}\n",
       "{}",
       "error[TABLE_KEY_REPEATED]: the key 'ZZ' appears twice in the table (first in line 2)\n",
       {{"t.csv", "code,name,now\nZZ,Old,no\nZZ,New,yes\n"}}},
      {"S64 lines of a published table that have no code",
       "tables:\n  t: {file: t.csv, key: code, value: name}\ncolumns:\n  A: {from: c, lookup: t}\n",
       R"({"c":"ZZ"})",
       "warning[TABLE_BLANK_KEY]: 2 lines have no key and are left out; this is the first\nNew\n",
       {{"t.csv", "code,name\n,One\nZZ,New\n,Two\n"}}},
      {"S64 by a column of the file that says which one holds",
       "tables:\n  t: {file: t.csv, key: code, value: name, source: {now: yes}}\ncolumns:\n  A: "
       "{from: c, lookup: t}\n",
       R"({"c":"ZZ"})",
       "New\n",
       {{"t.csv", "code,name,now\nZZ,Old,no\nZZ,New,yes\n"}}},
      {"S64 currencies withdrawn and named anew are no currencies of today",
       "columns:\n  C: {from: c, type: currency, withdrawn: reject}\n  D: {from: c, lookup: {VEB: "
       "VES, VEF: VES, VES: "
       "VES}, type: currency}\n",
       "{\"c\":\"VES\"}\n{\"c\":\"VEF\"}",
       "VES,VES\n2: CURRENCY_WITHDRAWN C: \"VEF\" was withdrawn from ISO 4217 in 2018\n"},
      {"S65 the unit of a percentage is stated",
       "columns:\n  A: {from: a, replace: {\"%$\": \"\"}, type: decimal, times: 0.01}\n  B: {from: "
       "b, "
       "type: decimal, between: [0, 100]}\n",
       R"({"a":"73%","b":10.567})", "0.73,10.567\n"},
      {"S65 a fee that is a part or an amount, by its type",
       "columns:\n  Part: {from: fee, type: decimal, times: 0.01, internal: yes}\n  Total: {from: "
       "total, type: decimal, internal: yes}\n  Whole: {from: fee, type: decimal, internal: yes}\n "
       " "
       "OfTotal: {compute: Total * Part, internal: yes}\n  Fee:\n    type: decimal\n    choose:\n  "
       "  "
       "  - {when: source.feeType = \"PERCENTAGE\", write: {column: OfTotal}}\n      - {otherwise: "
       "{column: Whole}}\n",
       "{\"total\":50,\"fee\":\"100\",\"feeType\":\"PERCENTAGE\"}\n{\"total\":50,\"fee\":\"7\","
       "\"feeType\":\"FLAT\"}",
       "50.00\n7\n"},
  };
  run_cases(kShapes);
}

}  // namespace trama::test
