"""The canonical mapping for DuckDB, for scripts/bench: bookings_duckdb.py THREADS DUMP ROWS REJECTS

Fields are read as text, so that amounts keep their digits. A line that is no JSON gives a row of nulls
(ignore_errors; else it ends the run), so it is a reject without its text. A reject keeps the fields that were read.

DECIMAL(18, 2) and not (38, 2): that made DuckDB 1.5.6 three times slower, and won no digit, because a JSON number of
19 digits has lost some before it gets here.
"""

import sys

import duckdb

LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
MAPPED = f"""
CREATE TEMP TABLE mapped AS
SELECT *, coalesce(regexp_full_match(guest_email, '[a-zA-Z0-9.!#$%&''*+/=?^_`{{|}}~-]+@{LABEL}(\\.{LABEL})+')
          AND moment IS NOT NULL AND amount IS NOT NULL AND room IS NOT NULL AND state IS NOT NULL, false) AS good
FROM (
  SELECT *, TRY_CAST(booking_date AS TIMESTAMPTZ) AS moment, TRY_CAST(total_usd AS DECIMAL(18, 2)) AS amount,
    CASE room_type_code WHEN 'DBL' THEN 'Doble' WHEN 'SGL' THEN 'Single' END AS room,
    CASE status WHEN 'CNF' THEN 'Confirmada' WHEN 'PND' THEN 'Pendiente' WHEN 'CXL' THEN 'Cancelada' END AS state
  FROM read_json($dump, format = 'newline_delimited', ignore_errors = true, columns = {{
    booking_id: 'VARCHAR', guest_email: 'VARCHAR', booking_date: 'VARCHAR', total_usd: 'VARCHAR',
    room_type_code: 'VARCHAR', status: 'VARCHAR'}}))
"""
ROWS = """
COPY (SELECT guest_email AS ContactEmail, strftime(timezone('America/Bogota', moment), '%d/%m/%Y') AS FechaReserva,
        amount AS MontoTotalUSD, room AS TipoHabitacion, state AS EstadoReserva
      FROM mapped WHERE good) TO $rows (FORMAT csv, HEADER)
"""
REJECTS = """
COPY (SELECT booking_id, guest_email, booking_date, total_usd, room_type_code, status
      FROM mapped WHERE NOT good) TO $rejects (FORMAT json)
"""


def main():
    threads, dump, rows, rejects = sys.argv[1:]
    connection = duckdb.connect(config={"threads": threads})
    connection.execute(MAPPED, {"dump": dump})
    connection.execute(ROWS, {"rows": rows})
    connection.execute(REJECTS, {"rejects": rejects})


main()
