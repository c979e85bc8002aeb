"""The canonical mapping in Python, for scripts/bench: bookings_python.py json|orjson DUMP ROWS REJECTS

With json it is exact, and the reference that all others are compared with: amounts are Decimal from their digits, days
go through zoneinfo. orjson reads numbers as doubles; their shortest text, which it is rounded from, has the digits of
the source up to the 15th.
"""

import datetime
import decimal
import json
import re
import sys
import zoneinfo

LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})+")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
BOGOTA = zoneinfo.ZoneInfo("America/Bogota")
CENT = decimal.Decimal("0.01")
EXACT = decimal.Context(prec=100, rounding=decimal.ROUND_HALF_UP)
ROOMS = {"DBL": "Doble", "SGL": "Single"}
STATES = {"CNF": "Confirmada", "PND": "Pendiente", "CXL": "Cancelada"}
HEADER = "ContactEmail,FechaReserva,MontoTotalUSD,TipoHabitacion,EstadoReserva\n"


class Digits(str):
    """A JSON number, as it was written."""


def read_json(line):
    return json.loads(line, parse_float=Digits, parse_int=Digits)


def amount_of(value):
    if isinstance(value, bool) or isinstance(value, str) and not NUMBER.fullmatch(value):
        raise ValueError
    return format(EXACT.quantize(decimal.Decimal(str(value)), CENT), "f")


def row_of(record):
    """One line of CSV; ValueError, KeyError or TypeError for a record that is rejected."""
    email = record["guest_email"]
    if not EMAIL.fullmatch(email):
        raise ValueError
    moment = datetime.datetime.fromisoformat(record["booking_date"])
    if moment.tzinfo is None:
        raise ValueError
    day = moment.astimezone(BOGOTA)
    amount = amount_of(record["total_usd"])
    room = ROOMS[record["room_type_code"]]
    return f"{email},{day:%d/%m/%Y},{amount},{room},{STATES[record['status']]}\n"


def main():
    reader, dump, rows_path, rejects_path = sys.argv[1:]
    read = read_json
    if reader == "orjson":
        import orjson  # only here: the reference needs nothing but Python

        read = orjson.loads
    with open(dump, "rb") as lines, open(rows_path, "w", encoding="utf-8") as rows, open(rejects_path, "wb") as rejects:
        rows.write(HEADER)
        for line in lines:
            try:
                rows.write(row_of(read(line)))
            except (ValueError, KeyError, TypeError):
                rejects.write(line)


main()
