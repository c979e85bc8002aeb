// The two mappings of the language's own page (sections 2 and 3).

#pragma once

#include <string_view>

namespace trama::test {

constexpr std::string_view kCanonical = R"yaml(mapping: reservas-basico
version: 1

input:
  format: ndjson            # one JSON record per line; also: json (one big array, or an object holding it)
  id: booking_id            # shown in every message about a record

columns:                    # the output columns, in output order

  ContactEmail:
    from: guest_email
    type: email

  FechaReserva:
    from: booking_date
    type: date
    read: ISO-8601
    zone: America/Bogota
    write: DD/MM/YYYY

  MontoTotalUSD:
    from: total_usd
    type: decimal
    decimals: 2
    rounding: half-up

  TipoHabitacion:
    from: room_type_code
    lookup: {DBL: Doble, SGL: Single}

  EstadoReserva:
    from: status
    lookup:
      CNF: Confirmada
      PND: Pendiente
      CXL: Cancelada

output:
  format: csv
)yaml";

constexpr std::string_view kHard = R"yaml(mapping: hotelera-andina-pasajeros
version: 1
about: >
  Reservas de Hotelera Andina, una fila por pasajero.
  Responsable: equipo de contratación.

input:
  format: json
  records: data.bookings          # where the list of bookings is inside the file
  id: booking_id
  fields_nobody_uses: warn        # tell me when the supplier adds something new
  ignore_fields: [internal_ref, audit]

tables:
  habitaciones:                   # small table, written here
    DBL: Doble
    SGL: Single
    TPL: Triple
  estados:                        # big table, kept in a file (CSV, or YAML/JSON pairs)
    file: tablas/estados.csv
    key: codigo
    value: nombre
  tasas:                          # exchange rates with dates
    kind: rates
    file: tablas/tasas.csv
    date: fecha
    from: de
    to: a
    rate: tasa
    no_rate_that_day: use-previous
    at_most_days_old: 5

rows:
  one_per: passengers             # one output row for each passenger
  called: pax
  when_empty: one-row             # or: skip, reject

duplicates:
  same: booking_id
  keep: highest updated_at        # or: first, last, lowest X, none
  others: report

columns:
  Reserva:
    from: booking_id
    required: yes
  ContactEmail:
    from: guest.email
    type: email
    when_blank: "sin-correo@ejemplo.com"
    personal: yes                 # never show the value in reports
  Pasajero:
    from: [pax.first_name, pax.last_name]
    join: " "
    text: [trim, title-case]
    personal: yes
  FechaReserva:
    from: booking_date
    type: date
    read: [ISO-8601, DD/MM/YYYY, DD-MMM-YYYY]    # tried in this order
    months: es
    no_zone_means: America/Bogota
    zone: America/Bogota
    write: DD/MM/YYYY
  FechaEntrada:
    from: stay.check_in
    type: date
    read: [YYYY-MM-DD, DD/MM/YYYY]
    write: DD/MM/YYYY
  FechaSalida:
    from: stay.check_out
    type: date
    read: [YYYY-MM-DD, DD/MM/YYYY]
    write: DD/MM/YYYY
  MontoTotalUSD:
    from: price.amount
    type: money
    read_number: ["1234.56", "1.234,56"]         # by example
    currency: {from: price.currency, when_blank: USD}
    convert_to: USD
    rates: tasas
    rate_date: FechaReserva
    decimals: 2
    rounding: half-up
    on_extra_rows: leave-blank    # the total appears once, not once per passenger
  TipoHabitacion:
    from: room_type_code
    text: [trim, upper-case]
    lookup: habitaciones
    unknown: reject               # the default, written here to be seen
  EstadoReserva:
    from: status
    lookup: estados
    unknown: {write: Por revisar, and: warn}

rules:
  - name: salida-posterior-a-entrada
    check: FechaSalida > FechaEntrada
    message: La salida debe ser posterior a la entrada.
  - name: monto-alto
    check: MontoTotalUSD <= 20000
    level: warn
    message: Monto poco usual, revisar con el proveedor.

limits:
  rejected_at_most: 10%           # or a number of records; 0.1% is the usual target for a stable supplier
  stop_early_after: 500 records   # do not give up before this many

output:
  format: csv
  separator: ";"
  decimal_mark: ","
  for_excel: yes                  # UTF-8 mark, and text that looks like a formula is made safe

tests:
  - name: reserva en pesos, dos pasajeros
    given: pruebas/cop-dos-pasajeros.json
    expect_rows: pruebas/cop-dos-pasajeros.csv
  - name: salida antes de la entrada
    given: pruebas/fechas-al-reves.json
    expect_rejected:
      - rule: salida-posterior-a-entrada
)yaml";

}  // namespace trama::test
