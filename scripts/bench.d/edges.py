"""Twenty-odd hand-made records for scripts/bench: each holds one thing that programs get wrong. All are whole JSON."""

import json

USUAL = {"booking_date": "2025-03-01T12:00:00Z", "total_usd": "100.00", "room_type_code": "DBL", "status": "CNF"}
# What differs from USUAL. {"total_usd": 1.005} as text, because Python's own json would write other digits.
CASES = (
    '"total_usd":1.005', '"total_usd":"1.005"', '"total_usd":2.675', '"total_usd":1250.505', '"total_usd":-1.005',
    '"total_usd":0.005', '"total_usd":8.345', '"total_usd":"0.994999999999999999"', '"total_usd":99999999.995',
    '"total_usd":12345678901234567.89', '"total_usd":"90071992547409.93"', '"total_usd":7', '"total_usd":true',
    '"total_usd":"12,5"', '"booking_date":"2025-03-01T02:30:00Z"', '"booking_date":"2025-01-01T04:59:59Z"',
    '"booking_date":"2024-02-29T23:00:00-05:00"', '"booking_date":"2025-12-31T23:30:00-08:00"',
    '"booking_date":"2025-06-01T10:00:00+14:00"', '"booking_date":"2025-02-30T10:00:00Z"',
    '"booking_date":"2025-04-31T10:00:00-05:00"', '"booking_date":"1992-08-01T04:30:00Z"',
    '"room_type_code":"dbl"', '"status":"cnf"', '"guest_email":"a@b"', '"guest_email":"dos@@correo.example"',
)


def lines():
    """The records as NDJSON lines; their e-mail addresses tell them apart."""
    for number, case in enumerate(CASES, 1):
        usual = {"booking_id": f"EDGE-{number}", "guest_email": f"caso{number}@borde.example", **USUAL}
        del usual[case.split('"')[1]]
        yield json.dumps(usual, separators=(",", ":"))[:-1] + "," + case + "}\n"
