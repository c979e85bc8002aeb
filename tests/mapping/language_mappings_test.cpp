// Both worked mappings (mappings/rules.md, sections 2 and 3),
// read without a Diagnostic and field by field.

#include "mapping/language_mappings.h"

#include <doctest/doctest.h>

#include <string>

#include "mapping/support.h"

namespace trama {
namespace {

std::string joined(const std::vector<Text>& texts) {
  std::string out;
  for (const Text& t : texts) out += (out.empty() ? "" : "|") + t.text;
  return out;
}
std::string joined(const std::vector<Path>& paths) {
  std::string out;
  for (const Path& p : paths) out += (out.empty() ? "" : "|") + p.text;
  return out;
}
std::string joined(const std::vector<Pair>& pairs) {
  std::string out;
  for (const Pair& p : pairs) out += (out.empty() ? "" : "|") + p.key.text + "=" + p.value.text;
  return out;
}
std::string place(Span s) {
  return std::to_string(s.line) + ':' + std::to_string(s.column) + '+' + std::to_string(s.length);
}

TEST_CASE("the canonical mapping") {
  const test::Read r = test::read(test::kCanonical);
  CHECK(r.text() == "");
  const Mapping& m = r.mapping;
  CHECK(m.name.text == "reservas-basico");
  CHECK(m.version.text == "1");
  CHECK_FALSE(m.about.stated());
  CHECK(m.input.format.text == "ndjson");
  CHECK(m.input.id.text == "booking_id");
  CHECK(m.output.format.text == "csv");
  CHECK_FALSE(m.output.header.stated());
  CHECK(m.tables.empty());
  CHECK(m.rows.empty());
  CHECK(m.rules.empty());
  CHECK(m.tests.empty());
  REQUIRE(m.columns.size() == 5);

  const Column& email = m.columns[0];
  CHECK(email.name.text == "ContactEmail");
  CHECK(place(email.span) == "10:3+12");
  CHECK(joined(email.from) == "guest_email");
  CHECK(place(email.from[0].span) == "11:11+11");
  CHECK(email.type.text == "email");
  CHECK_FALSE(email.required.stated());
  CHECK_FALSE(email.decimals.stated());
  CHECK_FALSE(email.when_wrong.stated());
  CHECK_FALSE(email.zone.stated());

  const Column& date = m.columns[1];
  CHECK(joined(date.read) == "ISO-8601");
  CHECK(date.zone.constant.text == "America/Bogota");
  CHECK(date.zone.stated());
  CHECK_FALSE(date.no_zone_means.stated());
  CHECK(date.write.text == "DD/MM/YYYY");

  CHECK(m.columns[2].decimals.text == "2");
  CHECK(m.columns[2].rounding.text == "half-up");
  CHECK(joined(m.columns[3].lookup) == "DBL=Doble|SGL=Single");
  CHECK(joined(m.columns[4].lookup) == "CNF=Confirmada|PND=Pendiente|CXL=Cancelada");
  CHECK_FALSE(m.columns[4].lookup_table.stated());
}

TEST_CASE("the hard mapping: records, tables, rows") {
  const test::Read r = test::read(test::kHard);
  CHECK(r.text() == "");
  const Mapping& m = r.mapping;
  CHECK(
      m.about.text ==
      "Reservas de Hotelera Andina, una fila por pasajero. Responsable: equipo de contratación.\n");
  CHECK(m.input.records.text == "data.bookings");
  CHECK(m.input.records.steps.size() == 2);
  CHECK(m.input.fields_nobody_uses.text == "warn");
  CHECK(joined(m.input.ignore_fields) == "internal_ref|audit");
  CHECK_FALSE(m.input.expect_at_least.stated());

  REQUIRE(m.tables.size() == 3);
  CHECK(joined(m.tables[0].pairs) == "DBL=Doble|SGL=Single|TPL=Triple");
  CHECK_FALSE(m.tables[0].file.stated());
  CHECK(m.tables[1].file.text == "tablas/estados.csv");
  CHECK(joined(m.tables[1].key) == "codigo");
  CHECK(m.tables[1].value.text == "nombre");
  CHECK(m.tables[2].kind.text == "rates");
  CHECK(m.tables[2].date.text == "fecha");
  CHECK(m.tables[2].from.text == "de");
  CHECK(m.tables[2].to.text == "a");
  CHECK(m.tables[2].rate.text == "tasa");
  CHECK(m.tables[2].no_rate_that_day.text == "use-previous");
  CHECK(m.tables[2].at_most_days_old.count == 5);

  REQUIRE(m.rows.size() == 1);
  CHECK(m.rows[0].one_per.at(0).path.text == "passengers");
  CHECK(joined(m.rows[0].called) == "pax");
  CHECK(m.rows[0].when_empty.text == "one-row");
  CHECK_FALSE(m.rows[0].bad_item.stated());
  CHECK(joined(m.duplicates.same) == "booking_id");
  CHECK(m.duplicates.keep.text == "highest");
  CHECK(m.duplicates.keep_path.text == "updated_at");
  CHECK(place(m.duplicates.keep_path.span) == "40:17+10");
  CHECK(m.duplicates.others.text == "report");
}

TEST_CASE("the hard mapping: columns") {
  const test::Read r = test::read(test::kHard);
  REQUIRE(r.mapping.columns.size() == 9);
  const auto& c = r.mapping.columns;
  CHECK(c[0].required.on);
  CHECK(c[1].when_blank.text == "sin-correo@ejemplo.com");
  CHECK(c[1].when_blank.quoted);
  CHECK(c[1].personal.on);
  CHECK(joined(c[2].from) == "pax.first_name|pax.last_name");
  CHECK(c[2].join.text == " ");
  CHECK(joined(c[2].text) == "trim|title-case");
  CHECK(joined(c[3].read) == "ISO-8601|DD/MM/YYYY|DD-MMM-YYYY");
  CHECK(c[3].months.text == "es");
  CHECK(c[3].no_zone_means.constant.text == "America/Bogota");
  CHECK(joined(c[6].read_number) == "1234.56|1.234,56");
  CHECK(c[6].currency.from.text == "price.currency");
  CHECK(c[6].currency.when_blank.text == "USD");
  CHECK_FALSE(c[6].currency.constant.stated());
  CHECK(c[6].convert_to.constant.text == "USD");
  CHECK(c[6].rates.text == "tasas");
  CHECK(c[6].rate_date.text == "FechaReserva");
  CHECK(c[6].on_extra_rows.text == "leave-blank");
  CHECK(c[7].lookup_table.text == "habitaciones");
  CHECK(c[7].unknown.kind == Action::Kind::reject);
  CHECK(c[7].unknown.stated());
  CHECK(c[8].unknown.kind == Action::Kind::write);
  CHECK(c[8].unknown.write.text == "Por revisar");
  CHECK(c[8].unknown.warn);
}

TEST_CASE("the hard mapping: rules, limits, output, tests") {
  const test::Read r = test::read(test::kHard);
  const Mapping& m = r.mapping;
  REQUIRE(m.rules.size() == 2);
  CHECK(m.rules[0].name.text == "salida-posterior-a-entrada");
  CHECK(m.rules[0].check.text == "FechaSalida > FechaEntrada");
  CHECK(m.rules[0].message.text == "La salida debe ser posterior a la entrada.");
  CHECK_FALSE(m.rules[0].level.stated());
  CHECK(m.rules[1].level.text == "warn");
  CHECK(m.limits.rejected_at_most.percent);
  CHECK(m.limits.rejected_at_most.number == "10");
  CHECK(m.limits.stop_early_after.count == 500);
  CHECK(m.output.separator.text == ";");
  CHECK(m.output.decimal_mark.text == ",");
  CHECK(m.output.for_excel.on);
  REQUIRE(m.tests.size() == 2);
  CHECK(m.tests[0].name.text == "reserva en pesos, dos pasajeros");
  CHECK(m.tests[0].given.text == "pruebas/cop-dos-pasajeros.json");
  CHECK(m.tests[0].expect_rows.text == "pruebas/cop-dos-pasajeros.csv");
  REQUIRE(m.tests[1].expect_rejected.size() == 1);
  CHECK(m.tests[1].expect_rejected[0].rule.text == "salida-posterior-a-entrada");
}

}  // namespace
}  // namespace trama
