#include "plan/expression_check.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "text/catalogue.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

class FakeScope final : public ExpressionScope {
 public:
  FakeScope() {
    using enum Kind;
    add("FechaEntrada", date);
    add("FechaSalida", date);
    add("MontoTotalUSD", decimal, "USD");
    add("ImpuestoUSD", decimal, "USD");
    add("MontoCOP", decimal, "COP");
    add("Bruto", decimal, "path:price.currency");
    add("Neto", decimal, "path:price.currency");
    add("Mixto", decimal, "*");
    add("Noches", decimal);
    add("Estado", text);
    add("Año", text);
    add("Activo", boolean);
    add("Borrado", boolean);
    add("Hora", time);
    add("Salida", datetime, "", ColumnType::Offset::always);
    add("Local", datetime, "", ColumnType::Offset::never);
    add("Estancia", duration);
    add("Crudo", json);
    add("Roto", text);
  }

  Found find_column(std::string_view name, ColumnType& type, std::uint32_t& index) override {
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
      if (names_[i] != name) continue;
      type = types_[i];
      index = i;
      return name == "Roto" ? Found::untyped : Found::yes;
    }
    return Found::no;
  }
  std::span<const std::string_view> column_names() override { return names_; }
  std::string_view column_from(std::string_view path) override {
    return path == "guest.email" ? "ContactEmail" : "";
  }
  std::uint32_t source_operand(const Path& path) override {
    return paths_.try_emplace(path.text, static_cast<std::uint32_t>(paths_.size())).first->second;
  }

 private:
  void add(std::string_view name, Kind kind, std::string currency = {},
           ColumnType::Offset offset = ColumnType::Offset::unknown) {
    names_.push_back(name);
    types_.push_back({kind, std::move(currency), offset});
  }
  std::vector<std::string_view> names_;
  std::vector<ColumnType> types_;
  std::map<std::string, std::uint32_t> paths_;
};

constexpr ExpressionUse kCondition{.purpose = ExpressionUse::Purpose::condition};
constexpr ExpressionUse kCompute{.purpose = ExpressionUse::Purpose::compute};
constexpr ExpressionUse kRounded{.purpose = ExpressionUse::Purpose::compute,
                                 .states_rounding = true,
                                 .decimals = 2,
                                 .rounding = Rounding::half_up};

bool check(std::string_view words, const ExpressionUse& use, CheckedExpression& out,
           Diagnostics& diagnostics) {
  const auto length = static_cast<std::uint32_t>(count_code_points(words));
  Expression expression;
  REQUIRE(parse_expression(
      {.text = std::string(words), .span = {.line = 1, .column = 1, .length = length}}, expression,
      diagnostics));
  FakeScope scope;
  return check_expression(expression, use, scope, out, diagnostics);
}

/// "" or the first thing that is wrong.
std::string wrong(std::string_view words, const ExpressionUse& use) {
  CheckedExpression out;
  Diagnostics diagnostics;
  const bool ok = check(words, use, out, diagnostics);
  CHECK(ok == diagnostics.empty());
  if (ok) return "";
  CHECK(diagnostics.size() == 1);
  return std::to_string(diagnostics[0].span.column) + "+" +
         std::to_string(diagnostics[0].span.length) + " " + std::string(name(diagnostics[0].code)) +
         ": " + say(Language::en, diagnostics[0]) + " / " + say_help(Language::en, diagnostics[0]);
}

}  // namespace

TEST_CASE("expression check: what is a condition") {
  static constexpr std::string_view kGood[] = {
      "FechaSalida > FechaEntrada",
      "MontoTotalUSD <= 20000",
      "MontoTotalUSD > ImpuestoUSD and Bruto >= Neto",
      "Bruto > 0",
      "Activo",
      "not Activo or Borrado = no",
      "Estado is one of [\"Confirmada\", Año]",
      "Estado matches \"[A-Z]+\"",
      "source.vip = yes",
      "source.n + 1 > Noches",
      "source.a = source.b",
      "source.a matches \"x\"",
      "source.a is blank",
      "source.a is one of [1, 2]",
      "source.d between FechaEntrada and source.e",
      "days between source.a and FechaSalida > 3",
      "FechaEntrada >= today in America/Bogota - 3 days",
      "Crudo is not blank",
      "Mixto is blank",
      "Salida > 2025-03-01T00:00:00Z",
      "source.t < Salida",
      "Estancia > source.d",
      "Estado != \"a\" and Estado != \"b\"",
      "Estado = \"a\" or Estado = \"b\"",
      "Noches > 3 and Noches < 5 or Noches >= 7",
      "Noches >= 3 and Noches <= 3",
      "Noches < 3 or Noches > 3",
      "Estado < \"M\"",
      "(Noches > 3) = Activo",
      "Roto = 5",
      "Roto",
      "Roto + 1 > FechaEntrada",
  };
  for (const std::string_view words : kGood) {
    INFO(words);
    CHECK(wrong(words, kCondition) == "");
  }
}

TEST_CASE("expression check: what is refused and why") {
  struct Case {
    std::string_view words;
    std::string_view begins;  // place and code
    std::string_view part;
  };
  static constexpr Case kCases[] = {
      {"FechaSalida > MontoTotalUSD", "1+27 EXPRESSION_TYPES_DIFFER",
       "FechaSalida is a date, MontoTotalUSD a number"},
      {"FechaSalidaa > FechaEntrada", "1+12 EXPRESSION_COLUMN_UNKNOWN",
       "did you mean FechaSalida?"},
      {"Estado = Confirmada", "10+10 EXPRESSION_COLUMN_UNKNOWN", "\"Confirmada\""},
      {"guest.email is blank", "1+11 EXPRESSION_COLUMN_UNKNOWN", "write ContactEmail"},
      {"Activo = true", "10+4 EXPRESSION_COLUMN_UNKNOWN", "write yes"},
      {"Noches = 1e5", "10+3 EXPRESSION_COLUMN_UNKNOWN", "1234.56"},
      {"Estado = 5", "1+10 EXPRESSION_TYPES_DIFFER", "\"5\""},
      {"Noches = \"5\"", "1+12 EXPRESSION_TYPES_DIFFER", "without quotes: 1234.56"},
      {"FechaSalida > \"2025-03-01\"", "1+26 EXPRESSION_TYPES_DIFFER",
       "without quotes: 2025-03-01"},
      {"Activo = \"yes\"", "1+14 EXPRESSION_TYPES_DIFFER", "yes or no, without quotes"},
      {"Activo = Noches", "1+15 EXPRESSION_TYPES_DIFFER", "Activo is a yes or no, Noches a number"},
      {"Activo > Borrado", "1+6 EXPRESSION_TYPE", "order"},
      {"Activo between no and yes", "1+6 EXPRESSION_TYPE", "order"},
      {"Salida > FechaEntrada", "1+21 EXPRESSION_TYPES_DIFFER", "type: date"},
      {"Salida > 2025-03-01", "1+19 EXPRESSION_TYPES_DIFFER", "2025-03-01T14:30:00Z"},
      {"Salida > Local", "1+14 EXPRESSION_TIMES_DIFFER",
       "Salida has an offset from UTC, Local has none"},
      {"Local = 2025-03-01T00:00Z", "1+25 EXPRESSION_TIMES_DIFFER", "Local has none"},
      {"Estado is one of [\"a\", 5]", "24+1 EXPRESSION_LIST_MIXED", "\"a\" is a text, 5 a number"},
      {"Noches is one of [\"a\", \"b\"]", "19+3 EXPRESSION_TYPES_DIFFER", "Noches is a number"},
      {"Crudo = \"a\"", "1+5 EXPRESSION_TYPE", "is blank"},
      {"Hora > source.t", "8+8 EXPRESSION_TYPE", "make a column of it"},
      {"Noches matches \"5\"", "1+6 EXPRESSION_TYPE", "a text is needed here"},
      {"Estado matches \"(a\"", "16+4 EXPRESSION_PATTERN_INVALID", "missing )"},
      {"Estado = \"\"", "10+2 EXPRESSION_EMPTY_TEXT", "is blank"},
      {"FechaEntrada > today in America/Bogotá", "25+14 EXPRESSION_ZONE_UNKNOWN", "America/Bogota"},
      {"Hora = Hora or Activo", "1+11 EXPRESSION_ALWAYS", "always true"},
      {"Estado != \"a\" or Estado != \"b\"", "1+30 EXPRESSION_ALWAYS", "did you mean and"},
      {"Estado = \"a\" and Estado = \"b\"", "1+29 EXPRESSION_ALWAYS", "did you mean or"},
      {"Noches > 5 and 3 > Noches", "1+25 EXPRESSION_ALWAYS", "always false"},
      {"Noches > 3 and Noches < 3", "1+25 EXPRESSION_ALWAYS", "always false"},
      {"Noches > 3 or Noches <= 3", "1+25 EXPRESSION_ALWAYS", "always true"},
      {"Noches <= 5 or Noches >= 3", "1+26 EXPRESSION_ALWAYS", "always true"},
      {"Activo = yes and no = Activo", "1+28 EXPRESSION_ALWAYS", "always false"},
      {"FechaEntrada > today in America/Bogota1", "25+15 EXPRESSION_ZONE_UNKNOWN",
       "America/Bogota"},
      {"MontoTotalUSD", "1+13 EXPRESSION_TYPE", "a number, but a condition is needed"},
      {"Activo and Noches", "12+6 EXPRESSION_TYPE", "condition"},
      {"not source.vip", "5+10 EXPRESSION_TYPE", "= yes"},
      {"source.vip", "1+10 EXPRESSION_TYPE", "= yes"},
      {"(Noches > 3) + 1 > 2", "2+10 EXPRESSION_TYPE", "a condition, but a number is needed"},
      {"Noches = Noches", "1+15 EXPRESSION_ALWAYS", "always true"},
      {"Noches < Noches", "1+15 EXPRESSION_ALWAYS", "always false"},
      {"source.a != source.a", "1+20 EXPRESSION_ALWAYS", "always false"},
      {"today <= today in UTC", "1+21 EXPRESSION_ALWAYS", "always true"},
      {"Noches > 1 or 1 < 2", "15+5 EXPRESSION_ALWAYS", "always true"},
      {"Noches > 1 and yes", "16+3 EXPRESSION_ALWAYS", "always true"},
      {"yes", "1+3 EXPRESSION_ALWAYS", "always true"},
      {"5 is blank", "1+10 EXPRESSION_ALWAYS", "always false"},
      {"\"a\" matches \"b\"", "1+15 EXPRESSION_ALWAYS", "always false"},
      {"1 + 1 = 2.00", "1+12 EXPRESSION_ALWAYS", "always true"},
      {"Noches between 5 and 1", "1+22 EXPRESSION_ALWAYS", "smaller value first"},
      {"Estado is one of [Estado]", "1+25 EXPRESSION_ALWAYS", "always true"},
      {"Noches / 2 > 1", "1+10 EXPRESSION_DIVISION", "multiply instead"},
      {"MontoTotalUSD > MontoCOP", "1+24 EXPRESSION_CURRENCIES", "(USD and COP)"},
      {"Bruto > MontoCOP", "1+16 EXPRESSION_CURRENCIES", "that of price.currency"},
      {"Mixto > 0", "1+5 EXPRESSION_CURRENCY_OPEN", "convert_to"},
      {"Noches between MontoTotalUSD and MontoCOP", "1+41 EXPRESSION_CURRENCIES", "USD"},
      {"FechaEntrada + 3 > FechaSalida", "1+12 EXPRESSION_TYPE", "FechaEntrada + 3 days"},
      {"FechaSalida - FechaEntrada > 3", "1+11 EXPRESSION_TYPE", "days between"},
      {"Noches + 3 days > FechaSalida", "1+6 EXPRESSION_TYPE", "a date is needed"},
      {"FechaEntrada + Activo days > FechaSalida", "16+6 EXPRESSION_TYPE", "a number is needed"},
      {"days between Salida and FechaSalida > 1", "14+6 EXPRESSION_TYPE", "type: date"},
      {"-FechaEntrada = FechaSalida", "2+12 EXPRESSION_TYPE", "negative"},
      {"Estado + Estado = \"x\"", "1+6 EXPRESSION_TYPE", "join:"},
      {"source.rooms[*].code = \"x\"", "8+13 EXPRESSION_PATH_MANY", "several values"},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    const std::string found = wrong(c.words, kCondition);
    INFO(found);
    CHECK(found.starts_with(c.begins));
    CHECK(found.find(c.part) != std::string::npos);
  }
}

TEST_CASE("expression check: what compute gives") {
  struct Case {
    std::string_view words;
    Kind kind;
    std::string_view currency;
  };
  static constexpr Case kCases[] = {
      {"MontoTotalUSD + ImpuestoUSD", Kind::decimal, "USD"},
      {"MontoTotalUSD * Noches - 5", Kind::decimal, "USD"},
      {"-MontoTotalUSD", Kind::decimal, "USD"},
      {"MontoTotalUSD / Noches", Kind::decimal, "USD"},
      {"(ImpuestoUSD * 100 / MontoTotalUSD)", Kind::decimal, ""},
      {"Bruto - Neto", Kind::decimal, "path:price.currency"},
      {"days between FechaEntrada and FechaSalida", Kind::decimal, ""},
      {"FechaEntrada + Noches days", Kind::date, ""},
      {"today", Kind::date, ""},
      {"source.a", Kind::text, ""},
      {"source.a * 2", Kind::decimal, ""},
      {"Noches > 3", Kind::boolean, ""},
      {"Estado", Kind::text, ""},
      {"Salida", Kind::datetime, ""},
  };
  for (const Case& c : kCases) {
    INFO(c.words);
    CheckedExpression out;
    Diagnostics diagnostics;
    CHECK(check(c.words, kRounded, out, diagnostics));
    CHECK(diagnostics.empty());
    CHECK(out.typed);
    CHECK(out.type.kind == c.kind);
    CHECK(out.type.currency_key == c.currency);
  }
  CHECK(wrong("Noches / 2", kCompute).starts_with("1+10 EXPRESSION_DIVISION_UNROUNDED"));
  CHECK(wrong("Noches / 2 * 3", kRounded).starts_with("1+10 EXPRESSION_DIVISION:"));
  CHECK(wrong("-(Noches / 2)", kRounded).starts_with("3+10 EXPRESSION_DIVISION:"));
  CHECK(wrong("Noches / 2 / 3", kRounded).starts_with("1+10 EXPRESSION_DIVISION:"));
  CHECK(wrong("Mixto", kCompute).starts_with("1+5 EXPRESSION_CURRENCY_OPEN"));
  CHECK(wrong("MontoTotalUSD + MontoCOP", kCompute).starts_with("1+24 EXPRESSION_CURRENCIES"));
}

TEST_CASE("expression check: a column with errors of its own leaves the type open") {
  CheckedExpression out;
  Diagnostics diagnostics;
  CHECK(check("Roto", kCompute, out, diagnostics));
  CHECK_FALSE(out.typed);
}

TEST_CASE("expression check: the program has each operand once and runs") {
  CheckedExpression out;
  Diagnostics diagnostics;
  REQUIRE(
      check("Noches > 2 and source.n > Noches and source.n < 10 and FechaEntrada >= today and "
            "today != FechaSalida",
            kCondition, out, diagnostics));
  const ExpressionProgram& program = out.program;
  REQUIRE(program.operands.size() == 5);
  CHECK(program.operands[1].from == ExpressionProgram::Operand::From::source);
  CHECK(program.operands[3].from == ExpressionProgram::Operand::From::today);
  CHECK(program.zones == std::vector<std::string>{"UTC"});
  CHECK(program.slots == 3);
  ExpressionScratch scratch;
  scratch.fit(program);
  std::vector<Value> row = {Value::integer(3), Value::text("4"), Value::date({10}),
                            Value::date({9}), Value::date({11})};
  CHECK(evaluate(program, row, scratch).yes());
  row[1] = Value::text("3");
  CHECK(evaluate(program, row, scratch).no());
  row[1] = Value();
  const ExpressionOutcome blank = evaluate(program, row, scratch);
  CHECK(blank.undecided == Reason::undecided);
  CHECK(blank.operand == 1);
  row[1] = Value::text("x");
  CHECK(evaluate(program, row, scratch).error == Reason::number_shape);
}

TEST_CASE("expression check: a quotient is rounded as its column says") {
  CheckedExpression out;
  Diagnostics diagnostics;
  REQUIRE(check("MontoTotalUSD * 2 / Noches", kRounded, out, diagnostics));
  ExpressionScratch scratch;
  scratch.fit(out.program);
  const Value row[] = {Value::integer(1), Value::integer(3)};
  std::string digits;
  append_decimal(digits, evaluate(out.program, row, scratch).value.decimal());
  CHECK(digits == "0.67");
}

TEST_CASE("expression check: many errors stop early and long expressions are no trouble") {
  std::string words = "Xxxx = 1";
  while (words.size() < 60000) words += " or Xxxx = 1";
  CheckedExpression out;
  Diagnostics diagnostics;
  CHECK_FALSE(check(words, kCondition, out, diagnostics));
  CHECK(diagnostics.size() == kMaxExpressionDiagnostics);
  words = "Noches + 1";
  while (words.size() < 60000) words += " + 1";
  words += " > 0";
  diagnostics.clear();
  CHECK(check(words, kCondition, out, diagnostics));
  CHECK(out.program.slots <= 3);
  words = "Noches is one of [1 + 1";
  while (words.size() < 60000) words += ", 1";
  words += "]";
  CHECK(check(words, kCondition, out, diagnostics));
  ExpressionScratch scratch;
  scratch.fit(out.program);
  const Value row[] = {Value::integer(7)};
  CHECK(evaluate(out.program, row, scratch).no());
}
