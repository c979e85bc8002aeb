// All errors of a record are told, whatever else is wrong with it (mappings/rules.md, rule 1.5),
// and of one column the first by rule 5.15.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

/// "CODE column" of each error of a record, one a line.
std::string codes(const Mapped& got) {
  std::string out = got.diagnostics;
  std::istringstream lines(got.rejected);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find(' ') + 1;
    out += line.substr(begin, line.find(':', begin) - begin) + '\n';
  }
  return out;
}

}  // namespace

TEST_CASE("together: an item behind a bad one is tried, with the columns of the record") {
  const std::string levels =
      "rows: [{one_per: rs, called: r}, {one_per: r.gs, called: g}]\ncolumns:\n"
      "  P: {from: p, required: yes}\n  Q: {from: r.q, required: yes}\n";
  const char* const both = "WRONG_TYPE \nREQUIRED_BLANK P\nREQUIRED_BLANK Q\n";
  CHECK(codes(map(levels, R"({"rs":[[[1]],{"gs":[{}]}]})")) == both);
  CHECK(codes(map(levels, R"({"rs":[{"gs":"x"},{"gs":[{}]}]})")) == both);
  CHECK(codes(map(levels, R"({"rs":[{"gs":[{}]},[[1]]]})")) ==
        "REQUIRED_BLANK P\nREQUIRED_BLANK Q\nWRONG_TYPE \n");
  INFO("an item whose `where` is wrong");
  const std::string where =
      "rows: {one_per: rs, called: r, where: {t: [\"1\"]}}\ncolumns:\n"
      "  P: {from: p, type: integer}\n  Q: r.q\n";
  CHECK(codes(map(where, R"({"p":"x","rs":["t",{"t":1}]})")) ==
        "WRONG_TYPE \nNUMBER_UNREADABLE P\n");
}

TEST_CASE("together: rows behind a bad item have their own record's values") {
  const std::string columns = "columns:\n  P: p\n  Q: r.q\n";
  const std::string dump = R"({"p":"one","rs":[{"q":1,"t":1}]})"
                           "\n"
                           R"({"p":"two","rs":["t",{"q":2,"t":1}]})";
  CHECK(map("rows: {one_per: rs, called: r, where: {t: [\"1\"]}, bad_item: skip-item}\n" + columns,
            dump)
            .rows == "one,1\ntwo,2\n");
  const std::string rooms = R"({"p":"one","rs":[{"q":1,"gs":[1]}]})"
                            "\n"
                            R"({"p":"two","rs":[{"q":2,"gs":"x"},{"q":3,"gs":[1]}]})"
                            "\n"
                            R"({"p":"three","rs":[{"q":4,"gs":[]},{"q":5,"gs":[1]}]})";
  CHECK(map("rows: [{one_per: rs, called: r, bad_item: skip-item}, {one_per: r.gs, called: g, "
            "when_empty: skip}]\n" +
                columns,
            rooms)
            .rows == "one,1\ntwo,3\nthree,5\n");
  INFO("what is told of the record is not dropped with its first item");
  const Mapped got =
      map("rows: {one_per: rs, called: r, bad_item: skip-item}\ncolumns:\n"
          "  P: {from: p, when_blank: none}\n  N: {from: r.n, type: integer}\n",
          R"({"rs":[{"n":"x"},{"n":1}]})");
  CHECK(got.rows == "none,1\n");
  CHECK(got.blanks == "P: 0 missing, 0 null, 0 empty, 1 default\n");
}

TEST_CASE("together: of lists side by side a missing one rejects the record, whatever the others are") {
  const auto got = [](const char* lists, const char* dump) {
    return codes(
        map(std::string("rows: {one_per: ") + lists + ", called: [x, y]}\ncolumns:\n  X: x\n", dump));
  };
  for (const char* lists : {"[a, b]", "[b, a]"}) {
    INFO(lists);
    CHECK(got(lists, R"({"b":{"k":[1]}})") == "REQUIRED_BLANK \n");
    CHECK(got(lists, R"({"b":"x"})") == "REQUIRED_BLANK \n");
    CHECK(got(lists, R"({"a":null,"b":"x"})") == "WRONG_TYPE \n");
    CHECK(got(lists, R"({"a":[1],"b":{"k":1}})") == "WRONG_TYPE \n");
  }
}

TEST_CASE("together: an amount that its rows make differently, beside another error") {
  const auto got = [](const char* amount, const char* dump) {
    return codes(map(std::string("rows: {one_per: xs, called: x}\ncolumns:\n"
                                 "  M: {from: t, type: money, on_extra_rows: share, ") +
                         amount + "}\n  N: {from: n, type: decimal}\n",
                     dump));
  };
  const char* const mixed = "NUMBER_UNREADABLE N\nCURRENCY_MIXED M\n";
  CHECK(got("currency: {from: x.c}", R"({"t":1,"n":"x","xs":[{"c":"EUR"},{"c":"USD"}]})") == mixed);
  CHECK(got("currency: {from: x.c}", R"({"t":1,"n":"x","xs":[{"c":"EUR"},{"c":"EUR"}]})") ==
        "NUMBER_UNREADABLE N\n");
  const char* const units = "currency: {from: x.c}, minor_units: {from: x.u}, decimals: 4";
  CHECK(got(units, R"({"t":1,"n":"x","xs":[{"c":"EUR","u":1},{"c":"EUR","u":2}]})") ==
        "NUMBER_UNREADABLE N\nWRONG_TYPE M\n");
  INFO("the currency is why their values differ, whichever rows come first");
  CHECK(got(units,
            R"({"t":1,"n":"x","xs":[{"c":"EUR","u":1},{"c":"EUR","u":2},{"c":"USD","u":2}]})") ==
        mixed);
}

TEST_CASE("together: the error of a total is the first by its stage, not by its item") {
  const auto got = [](const char* words, const char* items) {
    return codes(map(std::string("columns:\n  T: {from: \"is[*].v\", ") + words + "}\n",
                     std::string(R"({"is":)") + items + "}"));
  };
  const char* const glued = "type: money, currency: in-amount, total: sum";
  CHECK(got(glued, R"([{"v":"EUR1.00"},{"v":"USD1.00"},{"v":{"k":1}}])") == "WRONG_TYPE T\n");
  CHECK(got(glued, R"([{"v":"EUR1.00"},{"v":"USD1.00"},{"v":"1.00"}])") == "CURRENCY_UNKNOWN T\n");
  CHECK(got(glued, R"([{"v":"EUR1.00"},{"v":"USD1.00"}])") == "CURRENCY_MIXED T\n");
  CHECK(got("type: decimal, total: max", R"([{"v":"x"},{"v":[1]}])") == "WRONG_TYPE T\n");
  CHECK(got("type: decimal, split: {by: \"-\", take: 1}, total: min",
            R"([{"v":"x-1"},{"v":{"k":1}}])") == "WRONG_TYPE T\n");
}

TEST_CASE("together: a count beside a pick tells a wrong shape, and counts what is taken") {
  const auto got = [](const char* how, const char* items) {
    const Mapped one = map(std::string("columns:\n  P: {from: {list: ps, where: lg, is: es, take: "
                                       "nu}, total: ") +
                               how + ", type: integer}\n",
                           std::string(R"({"ps":)") + items + "}");
    return codes(one) + one.rows;
  };
  for (const char* how : {"count", "sum"}) {
    INFO(how);
    CHECK(got(how, R"([{"lg":"en"},{"lg":[null],"nu":1}])") == "WRONG_TYPE P\n");
    CHECK(got(how, R"([{"lg":"en"},{"lg":{"a":1}}])") == "WRONG_TYPE P\n");
    CHECK(got(how, R"([{"lg":"es","nu":1},"x"])") == "WRONG_TYPE P\n");
  }
  CHECK(got("count", R"([{"lg":"es","nu":[1,2]},{"lg":"es","nu":{"a":1}},{"lg":"es","nu":7}])") ==
        "3\n");
  CHECK(got("count",
            R"([{"lg":"es","nu":[]},{"lg":"es","nu":" "},{"lg":"es","nu":null},{"lg":"es"}])") ==
        "0\n");
}

TEST_CASE("together: null_words of the input hold for what a choose writes") {
  const auto got = [](const char* written, const char* dump) {
    return map(std::string("input: {null_words: [N/A]}\ncolumns:\n  N: {from: n, type: decimal}\n"
                           "  E: {choose: [") +
                   written + "]}\n",
               dump)
        .rows;
  };
  const char* const when = "{when: N > 0, write: {from: t}}, {otherwise: {from: u}}";
  CHECK(got(when, R"({"n":1,"t":"N/A"})") == "1,\n");
  CHECK(got(when, R"({"n":1,"t":" N/A "})") == "1,\n");
  CHECK(got(when, R"({"n":0,"u":"N/A"})") == "0,\n");
  CHECK(got(when, R"({"n":1,"t":"x"})") == "1,x\n");
}

TEST_CASE("together: keys of entries that a column reads leave what is in them to others") {
  const auto got = [](const char* path, const char* dump) {
    return codes(map(std::string("input: {format: ndjson, fields_nobody_uses: reject}\ncolumns:\n"
                                 "  K: {from: \"") +
                         path + "\", join: \"|\"}\n",
                     dump));
  };
  CHECK(got("l{*}.$key", R"({"l":{"k0":1,"k1":null}})") == "");
  CHECK(got("l{*}.$key", R"({"l":{"k0":{"k":1}}})") == "FIELD_UNKNOWN \n");
  CHECK(got("l[*].m{*}.$key", R"({"l":[{"m":{"k0":{"k":1}}}]})") == "FIELD_UNKNOWN \n");
  CHECK(got("l{*}.k", R"({"l":{"k0":{"k":1}}})") == "");
  INFO("so too where the entries are gone through one after another");
  for (const char* const words :
       {"rows: {one_per: \"l{*}\", called: e}\ncolumns:\n  K: e.$key\n",
        "columns:\n  X: {each: \"l{*}\", called: e, columns: {K: e.$key}}\n"
        "output: {format: json}\n"}) {
    const std::string mapping =
        std::string("input: {format: ndjson, fields_nobody_uses: reject}\n") + words;
    CHECK(codes(map(mapping, R"({"l":{"k0":{}, "k1":5}})")) == "");
    CHECK(codes(map(mapping, R"({"l":{"k0":{"k":1}}})")) == "FIELD_UNKNOWN \n");
  }
  CHECK(got("l{*}.\\\"$key\\\"", R"({"l":{"k0":{"$key":"a"}}})") == "");
}

TEST_CASE("together: of several values a wrong shape is told before what cannot be read") {
  const auto got = [](const char* words, const char* dump) {
    return codes(map(std::string("columns:\n  K: {from: \"l[*].k\", ") + words + "}\n", dump));
  };
  for (const char* const dump :
       {R"({"l":[{"k":"q"},7,{"k":"a"}]})", R"({"l":[7,{"k":"q"}]})", R"({"l":[{"k":"q"},{"k":[1]}]})"}) {
    CHECK(got("join: \"+\", lookup: {a: b}", dump) == "WRONG_TYPE K\n");
    CHECK(got("total: first, lookup: {a: b}", dump) == "WRONG_TYPE K\n");
    CHECK(got("total: sum, type: decimal", dump) == "WRONG_TYPE K\n");
  }
  CHECK(got("join: \"+\", lookup: {a: b}", R"({"l":[{"k":"q"},{"k":"a"}]})") == "LOOKUP_UNKNOWN K\n");
}

TEST_CASE("together: a zone that `keep` lacks hides no error of a column") {
  const auto got = [](const char* column) {
    return codes(map(std::string("duplicates: {same: k, keep: {highest: ti, no_zone_means: {from: "
                                 "zo}}}\ncolumns:\n  D: {from: d, ") +
                         column + "}\n",
                     R"({"k":1,"ti":"2025-03-01T00:00:00Z","d":"t"})"
                     "\n"
                     R"({"k":2,"ti":"2025-03-01T00:00:00"})"));
  };
  CHECK(got("type: date") == "DATE_UNREADABLE D\nWRONG_TYPE \n");
  CHECK(got("type: integer") == "NUMBER_UNREADABLE D\nWRONG_TYPE \n");
  CHECK(got("lookup: {a: b}") == "LOOKUP_UNKNOWN D\nWRONG_TYPE \n");
}

TEST_CASE("together: zeros at the end of a result are given up where 38 digits do not hold them") {
  const auto got = [](const char* words, const char* n1, const char* n2) {
    const Mapped one = map(std::string("columns:\n  N1: {from: a, type: decimal, internal: yes}\n"
                                       "  N2: {from: b, type: decimal, internal: yes}\n  C: {") +
                               words + "}\n",
                           std::string(R"({"a":")") + n1 + R"(","b":)" + n2 + "}");
    return codes(one) + one.rows;
  };
  const char* const ones = "11111111111111111111111111111111111111";  // 38
  CHECK(got("compute: N1 - N2 * 2", "-0.00", ones) == "-22222222222222222222222222222222222222\n");
  CHECK(got("compute: N1 - N2 * 2", "1.00", "1") == "-1.00\n");
  CHECK(got("compute: N1 + N2", "0.00", "111111111111111111111111111111111111") ==
        "111111111111111111111111111111111111.00\n");
  CHECK(got("compute: N1 + N2", "0.000", "111111111111111111111111111111111111") ==
        "111111111111111111111111111111111111.00\n");
  CHECK(got("compute: N1 + N2", "0.50", ones) == "NUMBER_TOO_BIG C\n");
  CHECK(got("compute: N1 + N2, decimals: 2, rounding: half-up", "0.00", ones) ==
        "NUMBER_TOO_BIG C\n");
  CHECK(got("from: [a, b], total: sum", "0.00", ones) == std::string(ones) + "\n");
  CHECK(got("from: b, type: decimal, times: 1.0", "0", ones) == std::string(ones) + "\n");
  INFO("never in between");
  CHECK(got("compute: N1 + N2 - N2", "0.00", ones) == "0.00\n");
}

}  // namespace trama::test
