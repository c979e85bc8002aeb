// Places that come in several shapes (`as_list`, rule 9.2), and records that are lists (rule 9.4).

#include <doctest/doctest.h>

#include <string>

#include "support/mapped.h"

namespace trama::test {
namespace {

const std::string kInput = "input: {format: ndjson, as_list: a}\n";
const std::string kNested = "input: {format: ndjson, as_list: [a, \"a[*].b\"]}\n";

TEST_CASE("as_list: every shape is a list for [*], [0], [-1] and a JSON Pointer") {
  struct Case {
    const char* record;
    const char* rows;  // all, first, last, how many; or the error
  };
  constexpr Case kCases[] = {
      {R"({"a":["x","y"]})", "x+y,x,y,2"},
      {R"({"a":["x"]})", "x,x,x,1"},
      {R"({"a":"x"})", "x,x,x,1"},
      {R"({"a":7})", "7,7,7,1"},
      {R"({"a":false})", "false,false,false,1"},
      {R"({"a":{"0":"x","1":"y"}})", "x+y,x,y,2"},
      {R"({"a":{"10":"z","9":"y","009":"w"}})", "y+w+z,y,z,3"},
      {R"({"a":{"99999999999999999999999999":"z","2":"y"}})", "y+z,y,z,2"},
      {R"({"a":null})", ",,,0"},
      {R"({"a":""})", ",,,0"},
      {R"({"a":" "})", ",,,0"},
      {R"({"a":[]})", ",,,0"},
      {R"({"a":{}})", ",,,0"},
      {R"({"a":[null,"y"]})", "y,,y,1"},
      {R"({"b":1})", ",,,0"},
  };
  const std::string columns =
      kInput +
      "columns:\n  All: {from: \"a[*]\", join: +}\n  First: \"a[0]\"\n  Last: \"a[-1]\"\n"
      "  N: {from: \"a[*]\", total: count}\n";
  for (const Case& c : kCases) {
    CAPTURE(c.record);
    const Mapped mapped = map(columns, c.record);
    CHECK(mapped.rows == std::string(c.rows) + "\n");
    CHECK(mapped.rejected.empty());
  }
  const Mapped pointer = map(kInput + "columns: {A: /a/0, B: /a/1}\n", R"({"a":"x"})");
  CHECK(pointer.rows == "x,\n");
}

TEST_CASE("as_list: an object whose keys are not all numbers is one item") {
  const std::string columns = kInput + "columns: {K: \"a[*].k\"}\n";
  CHECK(map(kInput + "columns: {K: \"a[0].k\"}\n", R"({"a":{"k":"v","1":"w"}})").rows == "v\n");
  CHECK(map(kInput + "columns: {K: \"a[0].k\"}\n", R"({"a":{"1":{"k":"v"}}})").rows == "v\n");
  const Mapped wrong = map(kInput + "columns: {K: \"a[0]\"}\n", R"({"a":{"k":"v"}})");
  CHECK(wrong.rejected.starts_with("1: WRONG_TYPE K"));
  const Mapped through = map(kInput + "columns: {K: a.k, L: \"a[0].k\"}\n", R"({"a":{"k":"v"}})");
  CHECK(through.rows == "v,v\n");  // a path without an item means the object itself
  CHECK(map("input: {format: ndjson}\n" + columns.substr(kInput.size()), R"({"a":{"k":"v"}})")
            .diagnostics.find("MANY_VALUES") != std::string::npos);
}

TEST_CASE("as_list: rows, each, picks and totals") {
  const std::string rows = kNested +
                           "rows:\n  - {one_per: a, called: r}\n  - {one_per: r.b, called: b}\n"
                           "columns: {Id: id, K: r.k, V: b.v, N: b.$number}\n";
  const char* const shapes[] = {
      R"({"id":1,"a":[{"k":"x","b":[{"v":1},{"v":2}]}]})",
      R"({"id":1,"a":{"k":"x","b":{"5":{"v":2},"4":{"v":1}}}})",
      R"({"id":1,"a":{"0":{"k":"x","b":[{"v":1},{"v":2}]}}})",
  };
  for (const char* record : shapes) {
    CAPTURE(record);
    CHECK(map(rows, record).rows == "1,x,1,1\n1,x,2,2\n");
  }
  CHECK(map(rows, R"({"id":1,"a":{"k":"x","b":{"v":1}}})").rows == "1,x,1,1\n");
  const std::string each = kInput +
                           "columns:\n  R: {each: a, called: r, columns: {k: r.k}}\n"
                           "output: {format: ndjson}\n";
  CHECK(map(each, R"({"a":{"k":"x"}})").rows == "{\"R\":[{\"k\":\"x\"}]}\n");
  CHECK(map(each, R"({"a":{"2":{"k":"y"},"1":{"k":"x"}}})").rows ==
        "{\"R\":[{\"k\":\"x\"},{\"k\":\"y\"}]}\n");
  const std::string pick =
      kInput +
      "columns:\n  P: {from: {list: a, where: t, is: [B], take: v}}\n"
      "  S: {from: {list: a, where: t, is: [A, B], take: v}, type: integer, total: sum}\n";
  CHECK(map(pick, R"({"a":{"t":"B","v":3}})").rows == "3,3\n");
  CHECK(map(pick, R"({"a":{"7":{"t":"A","v":1},"8":{"t":"B","v":3}}})").rows == "3,4\n");
}

TEST_CASE("as_list: what is used, what is personal, what is never found") {
  const std::string watched =
      "input: {format: ndjson, as_list: a, fields_nobody_uses: reject}\n"
      "columns: {K: {from: \"a[*].k\", join: +}}\n";
  CHECK(map(watched, R"({"a":{"k":"x"}})").rows == "x\n");
  CHECK(map(watched, R"({"a":{"1":{"k":"x"}}})").rows == "x\n");
  CHECK(map(watched, R"({"a":{"k":"x","z":1}})").rejected.find("FIELD_UNKNOWN") !=
        std::string::npos);
  TextFiles files;
  files.files["m.yaml"] = whole_mapping(
      "input: {format: ndjson, as_list: a}\n"
      "columns:\n  K: {from: \"a[0].mail\", personal: yes, internal: yes}\n"
      "  N: {from: n, type: integer}\n");
  for (const char* record :
       {R"({"a":{"mail":"ana@b.co"},"n":"x"})", R"({"a":[{"mail":"ana@b.co"}],"n":"x"})",
        R"({"a":{"3":{"mail":"ana@b.co"}},"n":"x"})"}) {
    CAPTURE(record);
    const Mapped hidden = map_files(files, record, true);
    CHECK(hidden.rejects.find("NUMBER_UNREADABLE") != std::string::npos);
    CHECK(hidden.rejects.find("ana@b.co") == std::string::npos);
  }
  const std::string found = "input: {as_list: a}\ncolumns: {K: \"a[0].k\", Z: \"a[0].z\"}\n";
  CHECK(map(found, R"({"a":{"k":"x"}})").never_found.starts_with("Z: "));
}

TEST_CASE("as_list: a column that ends at such a place") {
  const auto with = [](const char* column, const char* record) {
    const bool items = std::string_view(column).find("b[*]") != std::string_view::npos;
    return map(std::string("input: {format: ndjson, as_list: ") + (items ? "\"b[*]\"" : "a") +
                   "}\ncolumns:\n  S: " + column + "\n  T: t\noutput: {format: ndjson}\n",
               record);
  };
  for (const char* value : {"\"x\"", "12", "true", "{\"k\":1}", "{\"1\":1,\"0\":2}", "[1]"}) {
    CAPTURE(value);
    const std::string record = std::string(R"({"t":"SECRET","a":)") + value + "}";
    CHECK(with("{from: a, type: json}", record.c_str()).rows ==
          std::string("{\"S\":") + value + ",\"T\":\"SECRET\"}\n");
    const Mapped wrong = with("{from: a}", record.c_str());
    CHECK(wrong.rejected.starts_with("1: WRONG_TYPE S"));
    CHECK(wrong.rejected.find("SECRET") == std::string::npos);
    CHECK(with("{from: c, when_blank: {from: a}}", record.c_str())
              .rejected.starts_with("1: WRONG_TYPE S"));
  }
  const Mapped items = with("{from: \"b[*]\", type: json}", R"({"t":"t","b":["x",{"1":2,"0":1}]})");
  CHECK(items.rows == "{\"S\":[\"x\",{\"1\":2,\"0\":1}],\"T\":\"t\"}\n");
}

TEST_CASE("as_list: inside the items of a pick and of `where`") {
  const std::string pick =
      "input: {format: ndjson, as_list: [r, \"r[*].g\"]}\n"
      "columns: {G: {from: {list: r, where: \"g[0].t\", is: A, take: \"g[0].n\"}}}\n";
  for (const char* record :
       {R"({"r":[{"g":[{"t":"A","n":1}]}]})", R"({"r":[{"g":{"t":"A","n":1}}]})",
        R"({"r":{"g":{"0":{"t":"A","n":1}}}})"}) {
    CAPTURE(record);
    CHECK(map(pick, record).rows == "1\n");
  }
  const std::string rows =
      "input: {format: ndjson, as_list: \"r[*].g\"}\n"
      "rows: {one_per: r, called: i, where: {\"g[0].t\": [A]}}\ncolumns: {N: i.n}\n";
  CHECK(map(rows, R"({"r":[{"g":{"t":"A"},"n":1},{"g":[{"t":"B"}],"n":2}]})").rows == "1\n");
}

TEST_CASE("as_list: what is personal beside it, and what is not") {
  const auto rejects = [](const std::string& place, const char* columns, const char* record) {
    TextFiles files;
    files.files["m.yaml"] = whole_mapping(std::string("input: {format: ndjson, as_list: ") + place +
                                          "}\ncolumns:\n" + columns);
    return map_files(files, record, true).rejects;
  };
  const std::string through = rejects(
      "p",
      "  M: {from: \"p[0].x.mail\", personal: yes, internal: yes}\n  A: {from: p.x.mail, type: integer}\n",
      R"({"p":{"x":{"mail":"SECRET"}}})");
  CHECK(through.find("NUMBER_UNREADABLE") != std::string::npos);
  CHECK(through.find("SECRET") == std::string::npos);
  const std::string beside =
      rejects("q", "  M: {from: \"q[0]\", personal: yes}\n  B: {from: b, type: integer}\n",
              R"({"q":"SECRET","b":"seen"})");
  CHECK(beside.find("SECRET") == std::string::npos);
  CHECK(beside.find(R"("value": "seen")") != std::string::npos);
}

TEST_CASE("as_list: a wrong shape above it is no missing field") {
  const std::string columns = "input: {as_list: a.b}\ncolumns: {K: {from: \"a.b[*]\", join: +}}\n";
  CHECK(map(columns, R"({"a":{"b":"x"}})").rows == "x\n");
  CHECK(map(columns, R"({"a":"x"})").rejected.starts_with("1: WRONG_TYPE K"));
}

TEST_CASE("records that are lists") {
  const std::string columns =
      "input: {format: ndjson, id: \"[0]\"}\n"
      "columns: {A: \"[0]\", B: \"[1].k\", C: {from: \"[*].n\", total: count}}\n";
  CHECK(map("input: {format: ndjson}\ncolumns: {A: \"[0]\", B: \"[1].k\", Z: \"[-1].k\"}\n",
            "[\"x\", {\"k\": \"v\"}]\n[\"y\", {}]\n[]\n")
            .rows == "x,v,v\ny,,\n,,\n");
  CHECK(map("input: {records: data}\ncolumns: {A: \"[0]\"}\n", R"({"data": [[1, 2], [3]]})").rows ==
        "1\n3\n");
  const std::string mixed = "input: {format: ndjson}\ncolumns: {A: \"[0]\", K: k}\n";
  CHECK(map(mixed, R"(["x"])").rejected.starts_with("1: WRONG_TYPE K"));
  CHECK(map(mixed, R"({"k": "v"})").rejected.starts_with("1: WRONG_TYPE A"));
  struct Broken {
    const char* record;
    const char* code;
  };
  constexpr Broken kBroken[] = {
      {"[1, 2", "JSON_INVALID"},
      {"[1, 2]]", "JSON_INVALID"},
      {"[1 2]", "JSON_INVALID"},
      {"[1,]", "JSON_INVALID"},
      {"[,1]", "JSON_INVALID"},
      {"[{\"a\":1}", "JSON_INVALID"},
      {"7", "JSON_INVALID"},
      {"[[[1]}", "JSON_INVALID"},
      {R"([{"a":1,"a":2}])", "DUPLICATE_FIELD"},
  };
  for (const Broken& c : kBroken) {
    CAPTURE(c.record);
    const Mapped broken = map("input: {format: ndjson}\ncolumns: {A: \"[0]\"}\n", c.record);
    CHECK(broken.rejected.find(c.code) != std::string::npos);
  }
  // without such a path a list is no record, as before
  CHECK(map("input: {format: ndjson}\ncolumns: {A: a}\n", "[1]").rejected.find("JSON_INVALID") !=
        std::string::npos);
  const Mapped watched =
      map("input: {format: ndjson, fields_nobody_uses: warn}\ncolumns: {A: \"[0].a\"}\n",
          R"([{"a": 1, "b": 2}])");
  CHECK(watched.warned.find("[*].b") != std::string::npos);
}

TEST_CASE("as_list and lists: what check refuses") {
  CHECK(
      messages(
          map("input: {as_list: a}\ncolumns: {A: \"a[0]\"}\noutput: {format: ndjson, rest: yes}\n",
              "")
              .diagnostics)
          .find("WORDS_TOGETHER") != std::string::npos);
  CHECK(
      messages(map("columns: {A: \"[0]\"}\noutput: {format: ndjson, rest: yes}\n", "").diagnostics)
          .find("WORDS_TOGETHER") != std::string::npos);
  for (const char* place : {"nowhere", "\"a[*].c\""})  // no path reads a list there
    CHECK(
        messages(
            map("input: {as_list: [a, " + std::string(place) + "]}\ncolumns: {A: \"a[0].b\"}\n", "")
                .diagnostics)
            .find("WORD_HAS_NO_EFFECT") != std::string::npos);
  CHECK(messages(map("input: {as_list: \"a[0]\"}\ncolumns: {A: \"a[0][0]\"}\n", "").diagnostics)
            .find("PATH_INVALID") != std::string::npos);
  std::string list = "a";
  std::string path = "a";
  for (int i = 0; i < 9; ++i) {
    list += ", \"" + path + "[*]\"";
    path += "[*]";
  }
  CHECK(messages(map("input: {as_list: [" + list + "]}\ncolumns: {A: {from: \"" + path +
                         "\", join: +}}\n",
                     "")
                     .diagnostics)
            .find("PATH_INVALID") != std::string::npos);
}

}  // namespace
}  // namespace trama::test
