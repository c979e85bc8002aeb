"""Hand-made tables for the oracle: the worked mappings (mappings/rules.md, sections 2 and 3), and edges of its section 5.

Run: python3 -m unittest discover -s tests/oracle -p '*_test.py'
"""

import decimal
import json
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import values  # noqa: E402
import yaml_out  # noqa: E402
from json_reader import BadRecord, read_record  # noqa: E402
from oracle import Oracle  # noqa: E402
from values import Refused, Unsure  # noqa: E402
from writers import Writer  # noqa: E402

CANONICAL = {
    "mapping": "reservas-basico",
    "version": 1,
    "input": {"format": "ndjson", "id": "booking_id"},
    "columns": {
        "ContactEmail": {"from": "guest_email", "type": "email"},
        "FechaReserva": {
            "from": "booking_date",
            "type": "date",
            "read": "ISO-8601",
            "zone": "America/Bogota",
            "write": "DD/MM/YYYY",
        },
        "MontoTotalUSD": {"from": "total_usd", "type": "decimal", "decimals": 2, "rounding": "half-up"},
        "TipoHabitacion": {"from": "room_type_code", "lookup": {"DBL": "Doble", "SGL": "Single"}},
        "EstadoReserva": {"from": "status", "lookup": {"CNF": "Confirmada", "PND": "Pendiente", "CXL": "Cancelada"}},
    },
    "output": {"format": "csv"},
}
CANONICAL_RECORDS = [
    ("ana@example.com", "2025-03-01T02:30:00Z", "1250.505", "DBL", "CNF"),
    ("no-email", "2025-02-30", "12,5", "TPL", "XXX"),
    (None, "01/03/2025", "12345678901234567.89", "SGL", "PND"),
]
HARD = {
    "mapping": "hotelera-andina-pasajeros",
    "version": 1,
    "tables": {
        "habitaciones": {"DBL": "Doble", "SGL": "Single", "TPL": "Triple"},
        "estados": {"file": "estados.csv", "key": "codigo", "value": "nombre"},
        "tasas": {
            "kind": "rates",
            "file": "tasas.csv",
            "date": "fecha",
            "from": "de",
            "to": "a",
            "rate": "tasa",
            "no_rate_that_day": "use-previous",
            "at_most_days_old": 5,
        },
    },
    "rows": {"one_per": "passengers", "called": "pax", "when_empty": "one-row"},
    "duplicates": {"same": "booking_id", "keep": "highest updated_at", "others": "report"},
    "columns": {
        "Reserva": {"from": "booking_id", "required": "yes"},
        "ContactEmail": {"from": "guest.email", "type": "email", "when_blank": "sin-correo@ejemplo.com"},
        "Pasajero": {"from": ["pax.first_name", "pax.last_name"], "join": " ", "text": ["trim", "title-case"]},
        "FechaReserva": {
            "from": "booking_date",
            "type": "date",
            "read": ["ISO-8601", "DD/MM/YYYY", "DD-MMM-YYYY"],
            "months": "es",
            "no_zone_means": "America/Bogota",
            "zone": "America/Bogota",
            "write": "DD/MM/YYYY",
        },
        "FechaEntrada": {
            "from": "stay.check_in",
            "type": "date",
            "read": ["YYYY-MM-DD", "DD/MM/YYYY"],
            "write": "DD/MM/YYYY",
        },
        "FechaSalida": {
            "from": "stay.check_out",
            "type": "date",
            "read": ["YYYY-MM-DD", "DD/MM/YYYY"],
            "write": "DD/MM/YYYY",
        },
        "MontoTotalUSD": {
            "from": "price.amount",
            "type": "money",
            "read_number": ["1234.56", "1.234,56"],
            "currency": {"from": "price.currency", "when_blank": "USD"},
            "convert_to": "USD",
            "rates": "tasas",
            "rate_date": "FechaReserva",
            "decimals": 2,
            "rounding": "half-up",
            "on_extra_rows": "leave-blank",
        },
        "TipoHabitacion": {
            "from": "room_type_code",
            "text": ["trim", "upper-case"],
            "lookup": "habitaciones",
            "unknown": "reject",
        },
        "EstadoReserva": {"from": "status", "lookup": "estados", "unknown": {"write": "Por revisar", "and": "warn"}},
    },
    "rules": [
        {"name": "salida-posterior-a-entrada", "check": "FechaSalida > FechaEntrada", "message": "La salida"},
        {"name": "monto-alto", "check": "MontoTotalUSD <= 20000", "level": "warn"},
    ],
    "output": {"format": "csv", "separator": ";", "decimal_mark": ",", "for_excel": "yes"},
}
HARD_FILES = {
    "tasas.csv": "fecha,de,a,tasa\n2025-02-27,COP,USD,0.000242\n2025-02-28,COP,USD,0.000243\n"
    "2025-03-03,COP,USD,0.000244\n2025-01-10,MXN,USD,0.0488\n",
    "estados.csv": "codigo,nombre\nCNF,Confirmada\nPND,Pendiente\nCXL,Cancelada\n",
}
HARD_RECORDS = r"""
{"booking_id":"HA-1001","updated_at":"2025-03-02T15:00:00Z","guest":{"email":null},"booking_date":"02/03/2025","stay":{"check_in":"2025-04-10","check_out":"15/04/2025"},"price":{"amount":"4.250.000,50","currency":"COP"},"room_type_code":" dbl ","status":"CNF","passengers":[{"first_name":"ANA ","last_name":"ruiz"},{"first_name":"luis","last_name":"RUIZ"}]}
{"booking_id":"HA-1001","updated_at":"2025-03-01T09:00:00Z","guest":{"email":"ana@ejemplo.com"},"booking_date":"01/03/2025","stay":{"check_in":"2025-04-10","check_out":"2025-04-12"},"price":{"amount":"3.000.000","currency":"COP"},"room_type_code":"SGL","status":"PND","passengers":[]}
{"booking_id":"HA-1002","updated_at":"2025-03-01T02:31:00Z","guest":{"email":"j.perez@ejemplo.com"},"booking_date":"2025-03-01T02:30:00Z","stay":{"check_in":"2025-05-01","check_out":"2025-05-03"},"price":{"amount":"1250.505"},"room_type_code":"TPL","status":"XX9","loyalty_tier":"gold","passengers":[{"first_name":"Juan","last_name":"Pérez"}]}
{"booking_id":"HA-1003","updated_at":"2025-03-03T10:00:00Z","guest":{"email":"maria@ejemplo"},"booking_date":"03-mar-2025","stay":{"check_in":"2025-05-12","check_out":"2025-05-10"},"price":{"amount":980.10,"currency":"USD"},"room_type_code":"QUA","status":"CXL","passengers":[{"first_name":"María","last_name":"Gómez"}]}
{"booking_id":"HA-1004","updated_at":"2025-03-03T11:00:00Z","guest":{},"booking_date":"2025-03-03","stay":{"check_in":"2025-06-01","check_out":"2025-06-04"},"price":{"amount":"18500.00","currency":"MXN"},"room_type_code":"SGL","status":"PND","passengers":[]}
""".strip().splitlines()
HARD_CSV = (
    "\ufeffReserva;ContactEmail;Pasajero;FechaReserva;FechaEntrada;FechaSalida;MontoTotalUSD;TipoHabitacion;"
    "EstadoReserva\r\n"
    "HA-1001;sin-correo@ejemplo.com;Ana Ruiz;02/03/2025;10/04/2025;15/04/2025;1032,75;Doble;Confirmada\r\n"
    "HA-1001;sin-correo@ejemplo.com;Luis Ruiz;02/03/2025;10/04/2025;15/04/2025;;Doble;Confirmada\r\n"
    "HA-1002;j.perez@ejemplo.com;Juan Pérez;28/02/2025;01/05/2025;03/05/2025;1250,51;Triple;Por revisar\r\n"
)


def one(column, source, **sections):
    """The CSV cell or the code that one column gives; `source` is the JSON text of {"x": ...}."""
    output = {"format": "csv", "header": "no", "blank_rows": "keep"}
    mapping = {"columns": {"A": column, "Z": {"value": "z"}}, "output": output, **sections}
    oracle = Oracle(mapping)
    answer = oracle.answers([source.encode()])[0]
    if answer.unsure:
        return "?"
    if answer.errors:
        return sorted(code for code, _ in answer.errors)[0]
    return Writer(oracle).csv(answer.rows).decode().removesuffix(",z\n")


class Sections(unittest.TestCase):
    def test_section_2(self):
        fields = ("guest_email", "booking_date", "total_usd", "room_type_code", "status")
        lines = [json.dumps(dict(zip(fields, r))).encode() for r in CANONICAL_RECORDS]
        oracle = Oracle(CANONICAL)
        answers = oracle.answers(lines)
        self.assertEqual(
            Writer(oracle).csv(answers[0].rows).decode(),
            "ContactEmail,FechaReserva,MontoTotalUSD,TipoHabitacion,EstadoReserva\n"
            "ana@example.com,28/02/2025,1250.51,Doble,Confirmada\n",
        )
        self.assertEqual(
            answers[1].errors,
            {
                ("EMAIL_INVALID", "ContactEmail"),
                ("DATE_IMPOSSIBLE", "FechaReserva"),
                ("NUMBER_UNREADABLE", "MontoTotalUSD"),
                ("LOOKUP_UNKNOWN", "TipoHabitacion"),
                ("LOOKUP_UNKNOWN", "EstadoReserva"),
            },
        )
        self.assertEqual(answers[2].errors, {("DATE_UNREADABLE", "FechaReserva")})

    def test_section_3(self):
        oracle = Oracle(HARD, HARD_FILES)
        answers = oracle.answers([line.encode() for line in HARD_RECORDS])
        self.assertEqual([a.unsure for a in answers], [""] * 5)
        self.assertEqual([a.duplicate for a in answers], [False, True, False, False, False])
        self.assertEqual(Writer(oracle).csv([r for a in answers for r in a.rows]).decode(), HARD_CSV)
        self.assertEqual(
            answers[3].errors,
            {
                ("EMAIL_INVALID", "ContactEmail"),
                ("LOOKUP_UNKNOWN", "TipoHabitacion"),
                ("RULE_BROKEN", "salida-posterior-a-entrada"),
            },
        )
        self.assertEqual(answers[4].errors, {("RATE_MISSING", "MontoTotalUSD")})


class Columns(unittest.TestCase):
    def table(self, column, cases, **sections):
        for source, expected in cases:
            with self.subTest(column=column, source=source):
                self.assertEqual(one(column, '{"x":%s}' % source, **sections), expected)

    def test_decimals(self):
        self.table(
            {"from": "x", "type": "decimal"},
            [
                ("1250.50", "1250.50"),
                ('"1250.50"', "1250.50"),
                ('"007"', "7"),
                ('"-0.00"', "0.00"),
                ("-0", "0"),
                ('"+5"', "NUMBER_UNREADABLE"),
                ("1e3", "NUMBER_UNREADABLE"),
                ('" 5"', "NUMBER_UNREADABLE"),
                ('".5"', "NUMBER_UNREADABLE"),
                ('"5."', "NUMBER_UNREADABLE"),
                ("true", "NUMBER_UNREADABLE"),
                ("[1]", "WRONG_TYPE"),
                ("9" * 38, "9" * 38),
                ("9" * 39, "NUMBER_TOO_BIG"),
                ('" "', ""),
                ("[]", ""),
                ("{}", ""),
                ("null", ""),
            ],
        )
        self.table(
            {"from": "x", "type": "decimal", "decimals": 1},
            [("1.50", "1.5"), ("1.55", "NUMBER_NEEDS_ROUNDING"), ("1", "1.0")],
        )
        self.table(
            {"from": "x", "type": "decimal", "read_number": ["1.5e3", "+1.5"]},
            [("1e3", "1000"), ('"1.50e1"', "15.0"), ('"+5"', "5"), ('"25e-1"', "2.5")],
        )
        self.table(
            {"from": "x", "type": "decimal", "read_number": ["1234.56", "1.234,56"]},
            [
                ('"1.250"', "NUMBER_AMBIGUOUS"),
                ('"4.250.000,50"', "4250000.50"),
                ('"1250.505"', "1250.505"),
                ('"12"', "12"),
                ('"12.50,1"', "NUMBER_UNREADABLE"),
                ("1.250", "1.250"),
            ],
        )

    def test_rounding(self):
        modes = {
            "half-up": ("3", "-3", "3", "-3"),
            "half-down": ("2", "-2", "3", "-3"),
            "half-even": ("2", "-2", "3", "-3"),
            "up": ("3", "-3", "3", "-3"),
            "down": ("2", "-2", "2", "-2"),
            "ceiling": ("3", "-2", "3", "-2"),
            "floor": ("2", "-3", "2", "-3"),
        }
        for mode, expected in modes.items():
            column = {"from": "x", "type": "decimal", "decimals": 0, "rounding": mode}
            self.table(column, list(zip(("2.5", "-2.5", "2.51", "-2.51"), expected)))

    def test_rounding_like_python(self):
        modes = {
            "half-up": decimal.ROUND_HALF_UP,
            "half-down": decimal.ROUND_HALF_DOWN,
            "half-even": decimal.ROUND_HALF_EVEN,
            "up": decimal.ROUND_UP,
            "down": decimal.ROUND_DOWN,
            "ceiling": decimal.ROUND_CEILING,
            "floor": decimal.ROUND_FLOOR,
        }
        rng = random.Random(1)
        for _ in range(2000):
            text = f"{rng.randint(-(10 ** rng.randint(1, 12)), 10**6)}.{rng.choice(['5', '50', '05', '149', '500001'])}"
            scale, mode = rng.randint(0, 3), rng.choice(list(modes))
            mine = values.round_fraction(values.read_number(text, False, []).fraction(), scale, mode).plain()
            theirs = decimal.Decimal(text).quantize(decimal.Decimal(1).scaleb(-scale), modes[mode])
            self.assertEqual(mine, str(theirs.copy_abs() if theirs == 0 else theirs), (text, scale, mode))

    def test_dates(self):
        self.table(
            {"from": "x", "type": "date", "read": ["DD/MM/YYYY", "D-MMM-YYYY"], "months": "es"},
            [
                ('"28/02/2025"', "2025-02-28"),
                ('"30/02/2025"', "DATE_IMPOSSIBLE"),
                ('"8/02/2025"', "DATE_UNREADABLE"),
                ('"3-SEPT.-2025"', "2025-09-03"),
                ('"3-sep-2025"', "2025-09-03"),
                ('"3-agosto-2025"', "DATE_UNREADABLE"),
                ('"02/03/2022¹"', "DATE_UNREADABLE"),
            ],
        )
        madrid = {"from": "x", "type": "datetime", "zone": "UTC", "no_zone_means": "Europe/Madrid"}
        self.table(
            {**madrid, "write": "YYYY-MM-DD HH:mm"},
            [
                ('"2025-03-30T02:30:00"', "TIME_DOES_NOT_EXIST"),
                ('"2025-10-26T02:30:00"', "TIME_EXISTS_TWICE"),
                ('"2025-10-26T03:30:00"', "2025-10-26 02:30"),
                ('"2025-07-01T00:10"', "2025-06-30 22:10"),
                ('"2040-07-01T00:10"', "2040-06-30 22:10"),
            ],
        )
        self.table(
            {**madrid, "write": "YYYY-MM-DD HH:mm", "clock_change": "later"},
            [('"2025-10-26T02:30:00"', "2025-10-26 01:30"), ('"2025-03-30T02:30:00"', "2025-03-30 01:30")],
        )
        self.table(
            {**madrid, "write": "YYYY-MM-DD HH:mm", "clock_change": "earlier"},
            [('"2025-10-26T02:30:00"', "2025-10-26 00:30"), ('"2025-03-30T02:30:00"', "2025-03-30 00:30")],
        )
        self.table(
            {"from": "x", "type": "date", "read": "ISO-8601"},
            [
                ('"2025-03-01T23:00"', "2025-03-01"),
                ('"2025-03-01T23:00Z"', "ZONE_MISSING"),
                ('"2025-03-01T24:00"', "DATE_IMPOSSIBLE"),
                ('"2025-3-1"', "DATE_UNREADABLE"),
            ],
        )

    def test_blanks_and_paths(self):
        self.table({"from": "x.y"}, [("null", ""), ('"t"', "WRONG_TYPE"), ("[1]", "WRONG_TYPE"), ("{}", "")])
        self.table({"from": "x[-1]"}, [("[1,2]", "2"), ("[]", ""), ("{}", ""), ('{"a":1}', "WRONG_TYPE")])
        self.table({"from": "/x/1"}, [('["a","b"]', "b")])
        self.table({"from": "x[*].y", "join": "-"}, [('[{"y":1},{},{"y":" "},{"y":"b"}]', "1-b"), ("null", "")])
        self.table(
            {"from": "x", "when_null": "N", "when_empty": "E", "null_words": ["N/A"]},
            [("null", "N"), ('"  "', "E"), ('" N/A "', "N"), ('"n/a"', "n/a")],
        )
        self.table({"from": "x", "required": "yes", "text": ["digits-only"]}, [('"abc"', "REQUIRED_BLANK")])
        self.table({"first_of": ["x.y", "x"]}, [('"t"', "t"), ('{"y":"v"}', "v"), ('{"y":null}', "WRONG_TYPE")])

    def test_text_steps(self):
        cases = [
            ("title-case", '"MARÍA ÁNGELES"', "María Ángeles"),
            ("no-accents", '"Ñandú Çö"', "Nandu Co"),
            ("one-space", '"a \\t b"', "a b"),
            ("digits-only", '"+57 (1) 23"', "57123"),
        ]
        for step, source, expected in cases:
            self.table({"from": "x", "text": [step]}, [(source, expected)])

    def test_types(self):
        self.table(
            {"from": "x", "type": "boolean"}, [("true", "true"), ('"false"', "false"), ('"True"', "BOOLEAN_UNREADABLE")]
        )
        self.table(
            {"from": "x", "type": "boolean", "yes_words": ["Y"], "no_words": ["N"], "write": ["sí", "no"]},
            [('"Y"', "sí"), ('"N"', "no"), ("true", "BOOLEAN_UNREADABLE")],
        )
        self.table(
            {"from": "x", "type": "duration", "read": "ISO-8601", "write": "minutes"},
            [
                ('"PT15H55M"', "955"),
                ('"P1D"', "1440"),
                ('"P1M"', "DURATION_UNREADABLE"),
                ('"PT"', "DURATION_UNREADABLE"),
            ],
        )
        self.table(
            {"from": "x", "type": "time", "read": ["HH:mm", "H:mm am"], "write": "HH:mm"},
            [
                ('"3:00 PM"', "15:00"),
                ('"12:10 am"', "00:10"),
                ('"25:00"', "DATE_IMPOSSIBLE"),
                ('"3:00"', "DATE_UNREADABLE"),
            ],
        )
        self.table({"from": "x", "type": "json"}, [("null", "null"), ("[1.10]", "[1.10]"), ('{"a":1}', '"{""a"":1}"')])
        self.table(
            {"from": "x", "type": "date", "read": "DDMMMYY", "months": "en", "two_digit_years": "1950-2049"},
            [('"30Jan17"', "2017-01-30"), ('"30JAN50"', "1950-01-30"), ('"31Feb17"', "DATE_IMPOSSIBLE")],
        )
        self.table(
            {"from": "x", "type": "date", "read": "unix-seconds", "zone": "America/Bogota"},
            [("1740792600", "2025-02-28"), ('"1740805200"', "2025-03-01"), ("1e3", "DATE_UNREADABLE")],
        )
        self.table(
            {"from": "x", "type": "date", "read": "DDD, DD MMM YYYY", "months": "en"},
            [('"Thu, 09 Feb 2017"', "2017-02-09"), ('"Fri, 09 Feb 2017"', "DATE_IMPOSSIBLE")],
        )

    def test_softened(self):
        self.table({"from": "x", "type": "decimal", "when_wrong": "write-blank"}, [('"a"', ""), ("[1]", "")])
        self.table({"from": "x", "type": "decimal", "when_wrong": "write-original"}, [('"a,b"', '"a,b"'), ("[1]", "?")])
        self.table({"from": "x", "type": "decimal", "decimals": 2, "when_wrong": {"write": "1"}}, [('"a"', "1.00")])
        self.table({"from": "x", "lookup": {"a": "b"}, "when_wrong": "write-blank"}, [('"c"', "LOOKUP_UNKNOWN")])
        self.table(
            {"from": "x", "between": ["1", "5"], "type": "decimal"}, [("5.00", "5.00"), ("5.01", "OUT_OF_RANGE")]
        )

    def test_lists(self):
        self.table(
            {"from": "x[*]", "total": "sum"}, [("[1.10,null,2]", "3.10"), ("[]", ""), ('["a"]', "NUMBER_UNREADABLE")]
        )
        self.table({"from": "x[*]", "total": "count"}, [("[1,null,2]", "2"), ("null", "0")])
        self.table({"from": "x[*]", "total": "only"}, [("[1,null]", "1"), ("[1,2]", "WRONG_TYPE")])
        self.table(
            {"from": {"list": "x", "where": "l", "is": ["es", "en"], "take": "t"}},
            [('[{"l":"en","t":"a"},{"l":"es","t":"b"}]', "b"), ('[{"l":"en","t":"a"}]', "a"), ("[]", "")],
        )

    def test_csv(self):
        self.table(
            {"from": "x"},
            [('"a,b"', '"a,b"'), ('"a\\"b"', '"a""b"'), ('"a\\nb"', '"a\nb"'), ('" a"', '" a"'), ('"a b"', "a b")],
        )
        oracle = Oracle({"columns": {"A": "x"}, "output": {"format": "csv", "blank_rows": "keep"}})
        self.assertEqual(Writer(oracle).csv(oracle.answers([b"{}"])[0].rows), b'A\n""\n')


class Parts(unittest.TestCase):
    def test_json(self):
        bad = {
            b'{"a":01}': "JSON_INVALID",
            b'{"a":NaN}': "JSON_INVALID",
            b'{"a":1,}': "JSON_INVALID",
            b'{"a":"\t"}': "JSON_INVALID",
            b"[1]": "JSON_INVALID",
            b'{"a":1} x': "JSON_INVALID",
            b'{"a":1,"\\u0061":2}': "DUPLICATE_FIELD",
            b'{"a":"\xff"}': "TEXT_NOT_UTF8",
            b'{"a":' + b"[" * 128 + b"]" * 128 + b"}": "RECORD_TOO_DEEP",
        }
        for line, code in bad.items():
            with self.assertRaises(BadRecord) as caught:
                read_record(line)
            self.assertEqual(caught.exception.code, code, line)
        record = read_record(b'{"a":' + b"[" * 127 + b"]" * 127 + b',"b":"\\ud83d\\ude00","c":1.10}')
        self.assertEqual((record.get("b").text, record.get("c").text), ("\U0001f600", "1.10"))

    def test_ambiguous_examples(self):
        with self.assertRaises(Unsure):
            values.number_style("1.234")

    def test_division(self):
        mapping = {
            "columns": {
                "A": {"from": "x", "type": "decimal"},
                "B": {"compute": "A / 3", "decimals": 2, "rounding": "half-up"},
            },
            "output": {"format": "csv", "header": "no"},
        }
        oracle = Oracle(mapping)
        self.assertEqual(Writer(oracle).csv(oracle.answers([b'{"x":2}'])[0].rows), b"2,0.67\n")

    def test_yaml(self):
        self.assertEqual(
            yaml_out.dump({"columns": {"A": {"from": "x[*]", "required": "yes", "one_of": ["yes", "NO", "1.10"]}}}),
            'columns:\n  A:\n    from: "x[*]"\n    required: yes\n    one_of: ["yes", "NO", 1.10]\n',
        )

    def test_refused_stages(self):
        self.assertEqual(Refused("X").stage, "wrong")


class WholeRecords(unittest.TestCase):
    def truths(self, when, cases):
        for source, expected in cases:
            columns = {
                "N": {"from": "n", "type": "decimal"},
                "D": {"from": "d", "type": "date", "read": "YYYY-MM-DD"},
                "A": {"choose": [{"when": when, "write": "y"}, {"when": f"not ({when})", "write": "n"}]},
            }
            oracle = Oracle({"columns": columns, "output": {"format": "csv", "header": "no", "blank_rows": "keep"}})
            answer = oracle.answers([source.encode()])[0]
            with self.subTest(when=when, source=source):
                self.assertEqual(Writer(oracle).csv(answer.rows).decode().strip().split(",")[-1], expected)

    def test_undecided(self):
        self.truths("N > 1", [('{"n":2}', "y"), ('{"n":"1.0"}', "n"), ("{}", "")])
        self.truths("N > 1 or D is blank", [("{}", "y"), ('{"d":"2025-01-01"}', "")])
        self.truths("N > 1 and D is blank", [('{"d":"2025-01-01"}', "n"), ("{}", "")])
        self.truths("N + 2 * 3 = 7", [('{"n":1}', "y"), ('{"n":"1.00"}', "y"), ('{"n":3}', "n")])
        self.truths("D + 3 days = 2025-03-01", [('{"d":"2025-02-26"}', "y"), ('{"d":"2025-02-27"}', "n")])
        self.truths("days between 2025-02-01 and D > 27", [('{"d":"2025-03-01"}', "y"), ('{"d":"2025-02-01"}', "n")])
        self.truths('source.x is one of ["á", "b"]', [('{"x":"á"}', "y"), ('{"x":"a"}', "n"), ('{"x":" "}', "")])
        self.truths("source.x > N", [('{"x":"10","n":9}', "y"), ('{"x":9,"n":"9.0"}', "n")])
        self.truths('source "/x/y" matches "[a-c]+"', [('{"x":{"y":"abc"}}', "y"), ('{"x":{"y":"abcd"}}', "n")])

    def kept(self, keep, lines, **words):
        mapping = {"columns": {"A": "v"}, "output": {"format": "csv", "blank_rows": "keep"}}
        oracle = Oracle({**mapping, "duplicates": {"same": "k", "keep": keep, **words}})
        marks = []
        for answer in oracle.answers([line.encode() for line in lines]):
            code = next((c for c, _ in answer.errors), "")
            marks.append(code or ("duplicate" if answer.duplicate else "kept"))
        return marks

    def test_duplicates(self):
        lines = ['{"k":7,"x":1}', '{"k":"7","x":"3.0"}', '{"k":"7","x":3}', '{"k":null,"x":9}', '{"x":9}']
        self.assertEqual(self.kept("first", lines), ["kept", "duplicate", "duplicate", "kept", "kept"])
        self.assertEqual(self.kept("last", lines), ["duplicate", "duplicate", "kept", "kept", "kept"])
        self.assertEqual(self.kept("none", lines), ["duplicate", "duplicate", "duplicate", "kept", "kept"])
        self.assertEqual(self.kept("highest x", lines), ["duplicate", "kept", "duplicate", "kept", "kept"])
        self.assertEqual(self.kept("lowest x", lines)[:3], ["kept", "duplicate", "duplicate"])
        for other in ('"2025-03-01T01:30"', '"2025-03-01"', "99", "null", '"x"', "[1]"):
            mixed = ['{"k":1,"x":"2025-03-01T02:00:00+01:00"}', '{"k":1,"x":%s}' % other, '{"k":2,"x":1}']
            self.assertEqual(self.kept("highest x", mixed), ["WRONG_TYPE", "WRONG_TYPE", "kept"], other)
        placed = {"highest": "x", "read": ["ISO-8601", "DD/MM/YYYY HH:mm"], "no_zone_means": "UTC"}
        mixed = ['{"k":1,"x":"2025-03-01T02:00:00+01:00"}', '{"k":1,"x":"01/03/2025 01:30"}', '{"k":2,"x":7}']
        self.assertEqual(self.kept(placed, mixed), ["duplicate", "kept", "WRONG_TYPE"])
        self.assertEqual(
            self.kept("first", lines[:2], others="reject"),
            ["kept", "DUPLICATE_RECORD"],
        )

    def test_share(self):
        columns = {
            "M": {"from": "m", "type": "money", "currency": "USD", "on_extra_rows": "share"},
            "P": "p.n",
        }
        rows = {"one_per": "ps", "called": "p"}
        oracle = Oracle({"columns": columns, "rows": rows, "output": {"format": "csv", "header": "no"}})
        answer = oracle.answers([b'{"m":"10.00","ps":[{"n":1},{"n":2},{"n":3}]}'])[0]
        self.assertEqual(Writer(oracle).csv(answer.rows).decode(), "3.34,1\n3.33,2\n3.33,3\n")

    def made(self, columns, *lines, files=None, **sections):
        """The rows in CSV, one text; the answers to look into."""
        output = {"format": "csv", "header": "no", "blank_rows": "keep"}
        mapping = {"columns": columns, "output": output, **sections}
        oracle = Oracle(mapping, files)
        answers = oracle.answers([line.encode() for line in lines])
        self.assertEqual([a.unsure for a in answers], [""] * len(answers))
        return Writer(oracle).csv([row for a in answers for row in a.rows]).decode(), answers

    def test_levels(self):
        columns = {
            "T": {"from": "t", "type": "money", "currency": "USD", "on_extra_rows": "share"},
            "R": {"from": "r.p", "type": "money", "currency": "USD", "on_extra_rows": "leave-blank"},
            "G": "g",
        }
        rows = [{"one_per": "rs", "called": "r"}, {"one_per": "r.gs", "called": "g"}]
        record = '{"t":1,"rs":[{"p":5,"gs":["a","b"]},{"p":6,"gs":[]}]}'
        text, _ = self.made(columns, record, rows=rows)
        self.assertEqual(text, "0.34,5.00,a\n0.33,,b\n0.33,6.00,\n")

    def test_side_by_side_and_entries(self):
        rows = {"one_per": ["d", "p"], "called": ["x", "y"]}
        self.assertEqual(self.made({"X": "x", "Y": "y"}, '{"d":[1,2],"p":["a","b"]}', rows=rows)[0], "1,a\n2,b\n")
        rows = {"one_per": "d{*}", "called": "x"}
        self.assertEqual(self.made({"K": "x.$key", "V": "x.v"}, '{"d":{"a":{"v":1},"b":{}}}', rows=rows)[0], "a,1\nb,\n")

    def test_skip_item(self):
        columns = {"N": {"from": "i.n", "type": "integer"}, "A": {"from": "a", "type": "integer"}}
        rows = {"one_per": "l", "called": "i", "bad_item": "skip-item"}
        text, answers = self.made(columns, '{"l":[{"n":1},{"n":"x"}]}', '{"l":[{"n":"x"}]}', '{"a":"x","l":[{"n":1}]}', rows=rows)
        self.assertEqual(text, "1,\n")
        self.assertEqual([a.errors for a in answers], [set(), {("NUMBER_UNREADABLE", "N")}, {("NUMBER_UNREADABLE", "A")}])

    def test_rates(self):
        rates = {"kind": "rates", "file": "t", "date": "d", "from": "f", "to": "t", "rate": "r", "inverse_allowed": "yes"}
        files = {"t": "d,f,t,r\n2025-03-03,PEN,EUR,0.25\n2025-03-03,EUR,USD,1.1\n2025-03-03,USD,COP,4000\n"}
        money = {"from": "m", "type": "money", "currency": {"from": "c"}, "convert_to": "USD", "rates": "x"}
        columns = {
            "D": {"from": "d", "type": "date", "internal": "yes"},
            "M": {**money, "rate_date": "D", "decimals": "2", "rounding": "half-up"},
            "R": {"rate_of": "M", "decimals": "5", "rounding": "half-up"},
            "DR": {"rate_day_of": "M"},
            "C": {"currency_of": "M"},
        }
        lines = ['{"d":"2025-03-03","m":10,"c":"%s"}' % unit for unit in ("PEN", "COP", "USD", "JPY")]
        text, answers = self.made(columns, *lines, files=files, tables={"x": {**rates, "through": "EUR"}})
        self.assertEqual(text, "2.75,0.27500,2025-03-03,USD\n0.00,0.00025,2025-03-03,USD\n10.00,,,USD\n")
        self.assertEqual(answers[3].errors, {("RATE_MISSING", "M")})
        _, answers = self.made(columns, *lines, files=files, tables={"x": rates})
        self.assertEqual(answers[0].errors, {("RATE_MISSING", "M")})

    def test_keys_of_several_parts(self):
        tables = {"t": {"file": "t", "key": ["h", "p"], "value": "n"}}
        column = {"by": ["x", "y"], "lookup": "t"}
        text, answers = self.made({"A": column}, '{"x":7,"y":"A"}', '{"x":7,"y":"B"}', "{}", files={"t": "h,p,n\n7,A,si\n"}, tables=tables)
        self.assertEqual(text, 'si\n""\n')
        self.assertEqual(answers[1].errors, {("LOOKUP_UNKNOWN", "A")})

    def test_fields_nobody_uses(self):
        inputs = {"fields_nobody_uses": "reject", "ignore_fields": ["i"]}
        columns = {"A": "a.b", "L": {"from": "l[*].v", "join": ","}, "J": {"from": "j", "type": "json"}}
        for record, wrong in (
            ('{"a":{"b":1},"l":[{"v":1}],"j":{"x":1},"i":{"y":1}}', False),
            ('{"z":1}', True),
            ('{"a":{"b":1,"c":null}}', True),
            ('{"l":[{"v":1},{"w":1}]}', True),
        ):
            with self.subTest(record=record):
                _, answers = self.made(columns, record, input=inputs)
                self.assertEqual(answers[0].errors, {("FIELD_UNKNOWN", None)} if wrong else set())

    def test_stop(self):
        columns = {"A": {"from": "a", "type": "integer", "when_wrong": "stop"}, "B": "b"}
        text, answers = self.made(columns, '{"a":1}', '{"a":"x"}', '{"a":3}')
        self.assertEqual(text, "1,\n")
        self.assertEqual([(a.stops, a.unread) for a in answers], [(False, False), (True, False), (False, True)])

    def test_each_and_rest(self):
        columns = {"L": {"each": "l", "called": "i", "columns": {"n": "i.n", "of.r": "r"}}}
        mapping = {"columns": columns, "output": {"format": "json", "rest": "yes"}}
        oracle = Oracle(mapping)
        (answer,) = oracle.answers([b'{"l":[{"n":1},{}],"r":"x","z":[ 1]}'])
        self.assertEqual(
            Writer(oracle).rows(answer.rows, answer.rest, answer.key).decode(),
            '{"L":[{"n":"1","of":{"r":"x"}},{"n":null,"of":{"r":"x"}}],"z":[ 1]}\n',
        )

    def test_one_cause_one_error(self):
        columns = {"A": {"from": "a", "type": "decimal"}, "B": {"compute": "A + 1"}}
        rules = [{"name": "r", "check": "A > B"}]
        oracle = Oracle({"columns": columns, "rules": rules, "output": {"format": "csv"}})
        self.assertEqual(oracle.answers([b'{"a":"x"}'])[0].errors, {("NUMBER_UNREADABLE", "A")})
        self.assertEqual(oracle.answers([b'{"a":"1"}'])[0].errors, {("RULE_BROKEN", "r")})


if __name__ == "__main__":
    unittest.main()
