#include "mapping/expression.h"

#include <doctest/doctest.h>

#include <string>

#include "base/utf8.h"
#include "text/catalogue.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

/// `text` as a plain scalar that stands in line 3 from column 10 on.
Text plain(std::string text) {
  const auto length = static_cast<std::uint32_t>(count_code_points(text));
  return {.text = std::move(text), .span = {.line = 3, .column = 10, .length = length}};
}

std::string_view word_of(Operator op) {
  static constexpr std::string_view kWords[] = {
      "or",     "and",     "not",     "=", "!=", "<", "<=", ">",   ">=",    "blank", "filled", "in",
      "not-in", "matches", "between", "+", "-",  "*", "/",  "neg", "+days", "-days", "days"};
  return kWords[static_cast<std::size_t>(op)];
}

std::string shown(const Expression& e, const ExpressionNode& node) {
  switch (node.form) {
    case ExpressionNode::Form::column:
      return node.text;
    case ExpressionNode::Form::source:
      return "$" + e.paths[node.path].text;
    case ExpressionNode::Form::today:
      return "today:" + node.text;
    case ExpressionNode::Form::literal:
      break;
    case ExpressionNode::Form::operation:
      return std::string(word_of(node.op)) + std::to_string(node.children) +
             (node.op == Operator::matches ? ":" + node.text : "");
  }
  switch (node.literal.kind()) {
    case Kind::text:
      return "\"" + node.text + "\"";
    case Kind::boolean:
      return node.literal.boolean() ? "yes" : "no";
    case Kind::date:
      return "d" + std::to_string(node.literal.date().days);
    case Kind::datetime:
      return "t" + std::to_string(node.literal.datetime().seconds) +
             (node.literal.datetime().offset == kNoOffset
                  ? ""
                  : "@" + std::to_string(node.literal.datetime().offset));
    default:
      break;
  }
  std::string digits;
  append_decimal(digits, node.literal.decimal());
  return digits;
}

/// The nodes in post-order, or what was wrong.
std::string parsed(const Text& text) {
  Expression e;
  Diagnostics diagnostics;
  const bool ok = parse_expression(text, e, diagnostics);
  CHECK(ok == diagnostics.empty());
  if (!ok) {
    REQUIRE(diagnostics.size() == 1);
    const Diagnostic& d = diagnostics[0];
    return std::to_string(d.span.column) + "+" + std::to_string(d.span.length) + ": " +
           say(Language::en, d) + " / " + say_help(Language::en, d);
  }
  std::string out;
  for (const ExpressionNode& node : e.nodes) out += (out.empty() ? "" : " ") + shown(e, node);
  return out;
}

}  // namespace

TEST_CASE("expression: what is read") {
  struct Case {
    std::string_view in;
    std::string_view nodes;
  };
  static constexpr Case kCases[] = {
      {"FechaSalida > FechaEntrada", "FechaSalida FechaEntrada >2"},
      {"MontoTotalUSD <= 20000", "MontoTotalUSD 20000 <=2"},
      {"A=1", "A 1 =2"},
      {"A != 1 or B < 2 and not C >= 3", "A 1 !=2 B 2 <2 C 3 >=2 not1 and2 or2"},
      {"(A = 1 or B = 2) and C = 3", "A 1 =2 B 2 =2 or2 C 3 =2 and2"},
      {"not A = 1 and B = 2", "A 1 =2 not1 B 2 =2 and2"},
      {"not not Activo", "Activo not1 not1"},
      {"a + b * c - d / e", "a b c *2 +2 d e /2 -2"},
      {"a - b - c", "a b -2 c -2"},
      {"-a * -5 - -(b)", "a neg1 -5 *2 b neg1 -2"},
      {"--5", "-5 neg1"},
      {"A is blank", "A blank1"},
      {"A is not blank", "A filled1"},
      {"A is one of [\"x\", 'y', \"it''s\", 'it''s']", "A \"x\" \"y\" \"it''s\" \"it's\" in5"},
      {"A is not one of [1,-2.50]", "A 1 -2.50 not-in3"},
      {"A is one of [B + 1, 2025-03-01]", "A B 1 +2 d20148 in3"},
      {"A matches \"[A-Z]{2}\"", "A matches1:[A-Z]{2}"},
      {"A between 1 and 10 and B = 1", "A 1 10 between3 B 1 =2 and2"},
      {"F between 2025-03-01 and today", "F d20148 today: between3"},
      {"F <= today in America/Bogota", "F today:America/Bogota <=2"},
      {"F = today in Etc/GMT+5 + 3 days", "F today:Etc/GMT+5 3 +days2 =2"},
      {"F = today in \"UTC\"", "F today:UTC =2"},
      {"F + 3 days > G - 1 day", "F 3 +days2 G 1 -days2 >2"},
      {"F + Noches * 2 days", "F Noches 2 *2 +days2"},
      {"days between F and G > 3", "F G days2 3 >2"},
      {"days between F and G + 1", "F G days2 1 +2"},
      {"days between F and (G + 1 days)", "F G 1 +days2 days2"},
      {"column \"Fecha de entrada\" = column 'and'", "Fecha de entrada and =2"},
      {"column \"dice \"\"no\"\"\" = 1", "dice \"no\" 1 =2"},
      {"source.stay.check_in = A", "$stay.check_in A =2"},
      {"source.rooms[0].code = source.a[-1][2].b", "$rooms[0].code $a[-1][2].b =2"},
      {"source.rates{*}.$key = 1", "$rates{*}.$key 1 =2"},
      {"source \"/a.b\" = source '/c'", "$/a.b $/c =2"},
      {"Año = Über.größe", "Año Über.größe =2"},
      {"名前 = \"山田\"", "名前 \"山田\" =2"},
      {"cliente.email is blank", "cliente.email blank1"},
      {"2ndGuest = 1e5", "2ndGuest 1e5 =2"},
      {"Activo = yes and Borrado = no", "Activo yes =2 Borrado no =2 and2"},
      {"android = 1 and orden = 2 and notas = 3", "android 1 =2 orden 2 =2 and2 notas 3 =2 and2"},
      {"sourceX = sources", "sourceX sources =2"},
      {"A > 2025-03-01T10:30", "A t1740825000 >2"},
      {"A > 2025-03-01T10:30:00.5-05:00", "A t1740825000@-18000 >2"},
      {"A = 10 -3", "A 10 3 -2 =2"},
      {"10-3-2 = 5", "10 3 -2 2 -2 5 =2"},
      {"A\n  =\t1\xC2\xA0", "A 1 =2"},
      {"A = 007.10", "A 7.10 =2"},
      {"((A))", "A"},
  };
  for (const Case& c : kCases) {
    INFO(c.in);
    CHECK(parsed(plain(std::string(c.in))) == c.nodes);
  }
}

TEST_CASE("expression: what is refused and where") {
  struct Case {
    std::string_view in;
    std::string_view place;  // column+length in the line; the text begins at column 10
    std::string_view part;   // of the message or help
  };
  static constexpr Case kCases[] = {
      {"", "10+1", "empty"},
      {"   ", "10+3", "empty"},
      {"A == 1", "12+2", "write = (once)"},
      {"A <> 1", "12+2", "write !="},
      {"A => 1", "12+2", "write >="},
      {"A =< 1", "12+2", "write <="},
      {"A ≥ 1", "12+1", "write >="},
      {"A = 1 && B = 2", "16+2", "write and"},
      {"A = 1 || B = 2", "16+2", "write or"},
      {"A = 1 AND B = 2", "16+3", "write and"},
      {"!A", "10+1", "write not"},
      {"A = != 3", "14+1", "a value is needed here"},
      {"A = \"x", "14+1", "not closed"},
      {"A = 'it's'", "18+1", "an operator such as = or and is needed here"},
      {"A = “x”", "14+1", "straight quotes"},
      {"Año = ñ “x”", "18+1", "straight quotes"},
      {"(A = 1", "10+1", "not closed"},
      {"A = 1)", "15+1", "closes nothing"},
      {"A = ()", "14+2", "nothing in the parentheses"},
      {"Fecha de entrada = 1", "16+2", "column \"Fecha de entrada\""},
      {"A =", "13+1", "ends where a value is needed"},
      {"A = 1 and", "19+1", "ends where a value is needed"},
      {"and A", "10+3", "column \"and\""},
      {"A = blank", "10+9", "is blank"},
      {"A != blank", "10+10", "is not blank"},
      {"A is null", "15+4", "is blank"},
      {"A is \"x\"", "10+6", "write A = B"},
      {"A is not 5", "10+10", "write A != B"},
      {"A is between 1 and 2", "15+7", "write A between"},
      {"A is one [1]", "19+1", "after is one there must be of"},
      {"A is one of 1", "22+1", "a list is needed"},
      {"A is one of []", "22+2", "empty"},
      {"A is one of [1, 2", "22+1", "not closed"},
      {"A is one of [1 2]", "25+1", "comma or ]"},
      {"A is one of [1,]", "25+1", "a value is needed here"},
      {"A = [1]", "14+1", "is one of"},
      {"A < B < C", "16+1", "A < B and B < C"},
      {"A = B is blank", "16+2", "A < B and B < C"},
      {"A between 1", "21+1", "two values"},
      {"A matches x", "20+1", "in quotes"},
      {"A = 1,250", "15+1", "no thousands marks"},
      {"A = 1.250.000", "14+9", "not a number"},
      {"A = 5.", "14+2", "not a number"},
      {"A = .5", "14+1", "0.5"},
      {"A = +5", "14+1", "not +5"},
      {"A = 10%", "16+1", "0.1"},
      {"A = 123456789012345678901234567890123456789", "14+39", "38 digits"},
      {"A > 2025-02-30", "14+10", "no day 2025-02-30"},
      {"A > 0000-01-01", "14+10", "no day"},
      {"A > 2025-13-01", "14+10", "no day"},
      {"A > 2025-3-1", "14+8", "2025-03-01"},
      {"A > 01/03/2025", "14+10", "2025-03-01"},
      {"A > 2025-03-01x", "14+11", "not a date"},
      {"A > 2025-03-01T25:00", "14+16", "not a date with a time"},
      {"A = lower(B)", "14+6", "no function"},
      {"source. = 1", "10+7", "path of a field"},
      {"source = 1", "10+6", "path of a field"},
      {"source.\"a b\" = 1", "10+7", "path of a field"},
      {"column A = 1", "10+6", "in quotes"},
      {"today in = 1", "10+8", "time zone"},
      {"days between A", "24+1", "two dates"},
      {"A = 3 days", "16+4", "added to"},
      {"A in [1]", "12+2", "is one of"},
      {"A = \xF0\x9F\x98\x80 b", "16+1", "operator"},
  };
  for (const Case& c : kCases) {
    INFO(c.in);
    const std::string found = parsed(plain(std::string(c.in)));
    INFO(found);
    CHECK(found.starts_with(std::string(c.place) + ": "));
    CHECK(found.find(c.part) != std::string::npos);
  }
}

TEST_CASE("expression: spans") {
  Expression e;
  Diagnostics diagnostics;
  REQUIRE(parse_expression(plain("Año > (Día + 3 days)"), e, diagnostics));
  const auto place = [&](std::size_t i) {
    return std::to_string(e.nodes[i].span.column) + "+" + std::to_string(e.nodes[i].span.length);
  };
  CHECK(place(0) == "10+3");
  CHECK(place(1) == "17+3");
  CHECK(place(2) == "23+1");
  CHECK(place(3) == "17+12");
  CHECK(place(4) == "10+20");
  CHECK(e.words(e.nodes[3]) == "Día + 3 days");
}

TEST_CASE("expression: spans of a quoted scalar are behind its quote") {
  Expression e;
  Diagnostics diagnostics;
  REQUIRE(parse_expression(
      {.text = "A = B", .span = {.line = 3, .column = 10, .length = 7}, .quoted = true}, e,
      diagnostics));
  CHECK(e.nodes[1].span.column == 15);
}

TEST_CASE("expression: spans of what is folded or escaped are those of the scalar") {
  static const Text kTexts[] = {
      {.text = "A = B", .span = {.line = 3, .column = 10, .length = 1}, .quoted = true},  // >
      {.text = "A = \"B\"",
       .span = {.line = 3, .column = 10, .length = 11},
       .quoted = true},  // "A = \"B\""
      {.text = "A =\nB", .span = {.line = 3, .column = 10, .length = 5}},
      {.text = "A = B",
       .span = {.line = 3, .column = 10, .length = 3}},  // goes on in the next line
  };
  for (const Text& text : kTexts) {
    Expression e;
    Diagnostics diagnostics;
    REQUIRE(parse_expression(text, e, diagnostics));
    CHECK(e.nodes[1].span.column == 10);
    CHECK(e.nodes[1].span.length == text.span.length);
  }
}

TEST_CASE("expression: paths keep their place and what is wrong with them") {
  Expression e;
  Diagnostics diagnostics;
  REQUIRE(parse_expression(plain("A = source \"a.b\""), e, diagnostics));
  CHECK(e.paths[0].text == "a.b");
  CHECK(e.paths[0].span.column == 22);
  CHECK(e.paths[0].span.length == 3);
  CHECK(e.paths[0].steps.size() == 2);
  CHECK_FALSE(parse_expression(plain("A = source.a..b"), e, diagnostics));
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].code == DiagnosticCode::expr_path);
  CHECK(diagnostics[0].span.column >= 21);
  CHECK(diagnostics[0].span.column <= 25);
}

TEST_CASE("expression: columns_of names each column once") {
  Expression e;
  Diagnostics diagnostics;
  REQUIRE(parse_expression(plain("B > A and B < source.c and column \"x y\" = A"), e, diagnostics));
  CHECK(columns_of(e) == std::vector<std::string_view>{"B", "A", "x y"});
}

TEST_CASE("expression: limits") {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "A" +
           std::string(static_cast<std::size_t>(depth), ')');
  };
  CHECK(parsed(plain(nested(kMaxExpressionDepth))) == "A");
  CHECK(parsed(plain(nested(kMaxExpressionDepth + 1))).find("64 deep") != std::string::npos);
  std::string list = "A is one of [1";
  while (list.size() + 4 < kMaxExpressionBytes) list += ",1";
  list += "]";
  CHECK(parsed(plain(list)).starts_with("A 1 1"));
  CHECK(parsed(plain(std::string(kMaxExpressionBytes + 1, 'A'))).find("65537 bytes") !=
        std::string::npos);
}

TEST_CASE("expression: hostile text ends in one diagnostic") {
  static constexpr std::string_view kPieces[] = {
      "(",     "-",         "not ", "A=",         "A is one of [", "\"",
      "'",     "source.a[", "1",    "2025-03-01", "days between ", "today in ",
      "[",     "{*}",       ".",    "é",          "+ 3 days ",     "A and ",
      "A or ", "\n",        "/",    "A matches "};
  for (const std::string_view piece : kPieces) {
    std::string text;
    while (text.size() + piece.size() <= kMaxExpressionBytes) text += piece;
    Expression e;
    Diagnostics diagnostics;
    const bool ok = parse_expression(plain(text), e, diagnostics);
    CHECK(diagnostics.size() == (ok ? 0U : 1U));
  }
  Expression e;
  Diagnostics diagnostics;
  CHECK_FALSE(parse_expression({.text = "A = \xFF", .span = {.line = 1, .column = 1, .length = 5}},
                               e, diagnostics));
}
