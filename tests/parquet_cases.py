"""A mapping of every type that a column can have in Parquet, dumps that go to their edges, and what a run makes of them as NDJSON,
value by value, in the terms of tests/parquet_reader.py: for the tests with a reader of our own and with those of others."""

import datetime
import json
import random
import re
from decimal import Decimal

# Name, words, type in the file; a list has the columns of its objects, where $ is an item.
EXTRAS = [
    ("codigo", "$code", ("STRING",)),
    ("veces", "{from: $times, type: integer, between: [-99, 99]}", ("INT64",)),
]
ROOMS = [
    ("codigo", "{from: $code, required: yes}", ("STRING",)),
    ("noches", "{from: $nights, type: integer}", ("DECIMAL", 38, 0)),
    ("precio", "{from: $price, type: decimal, decimals: 2, between: [-9999999, 9999999]}", ("DECIMAL", 9, 2)),
    ("total", "{from: $total, type: decimal, decimals: 10}", ("DECIMAL", 38, 10)),
    ("tasa", "{from: $rate, type: decimal}", ("STRING",)),
    ("entrada", "{from: $in, type: date, read: ISO-8601}", ("DATE",)),
    ("salida", "{from: $out, type: date, read: ISO-8601, write: DD/MM/YYYY}", ("DATE",)),
    ("hora", "{from: $hour, type: time, read: 'HH:mm:ssS*'}", ("TIME",)),
    ("creada", "{from: $at, type: datetime, read: ISO-8601, zone: America/Bogota}", ("INSTANT",)),
    ("limpia", "{from: $clean, type: boolean}", ("BOOLEAN",)),
    ("estado", "{from: $clean, type: boolean, write: [sí, no]}", ("STRING",)),
    ("crudo", "{from: $raw, type: json}", ("JSON",)),
    ("dato.piso", "{from: $floor, type: integer, between: [0, 99]}", ("INT64",)),
    ("dato.lado.texto", "{from: $side}", ("STRING",)),
    ("extras", EXTRAS, "$extras"),
]
COLUMNS = [
    ("Id", "{from: id, required: yes}", ("STRING",)),
    ("Texto", "{from: text}", ("STRING",)),
    ("Entero", "{from: integer, type: integer}", ("DECIMAL", 38, 0)),
    ("Corto", "{from: short, type: integer, between: [-999999999999999999, 999999999999999999]}", ("INT64",)),
    ("Cuenta", "{from: 'rooms[*]', total: count}", ("DECIMAL", 38, 0)),
    ("Dec9", "{from: dec9, type: decimal, decimals: 2, between: [-9999999.99, 9999999.99]}", ("DECIMAL", 9, 2)),
    ("Dec18", "{from: dec18, type: decimal, decimals: 4, between: [-99999999999999, 99999999999999]}", ("DECIMAL", 18, 4)),
    ("Dec38", "{from: dec38, type: decimal, decimals: 8}", ("DECIMAL", 38, 8)),
    ("Dinero", "{from: money, type: money, currency: EUR}", ("DECIMAL", 38, 2)),
    ("Abierto", "{from: open, type: decimal}", ("STRING",)),
    ("Fecha", "{from: date, type: date, read: ISO-8601}", ("DATE",)),
    ("FechaEs", "{from: date, type: date, read: ISO-8601, write: DD/MM/YYYY}", ("DATE",)),
    ("Mes", "{from: date, type: date, read: ISO-8601, write: YYYY-MM}", ("STRING",)),
    ("Hora", "{from: time, type: time, read: 'HH:mm:ssS*'}", ("TIME",)),
    ("HoraTexto", "{from: time, type: time, read: 'HH:mm:ssS*', write: 'HH:mm'}", ("STRING",)),
    ("Instante", "{from: at, type: datetime, read: ISO-8601, zone: Europe/Madrid}", ("INSTANT",)),
    ("Unix", "{from: unix, type: datetime, read: unix-seconds}", ("INSTANT",)),
    ("Local", "{from: local, type: datetime, read: 'YYYY-MM-DDTHH:mm:ss'}", ("LOCAL",)),
    ("Alguno", "{from: either, type: datetime, read: ISO-8601}", ("STRING",)),
    ("Escrito", "{from: local, type: datetime, read: 'YYYY-MM-DDTHH:mm:ss', write: 'DD/MM/YYYY HH:mm'}", ("STRING",)),
    ("Si", "{from: flag, type: boolean}", ("BOOLEAN",)),
    ("Palabra", "{from: flag, type: boolean, write: [S, N]}", ("STRING",)),
    ("Dura", "{from: length, type: duration, read: ISO-8601}", ("STRING",)),
    ("Horas", "{from: hours, type: duration, read: minutes, write: hours, decimals: 2, rounding: half-up}", ("DECIMAL", 38, 2)),
    ("Crudo", "{from: raw, type: json}", ("JSON",)),
    ("Fijo", "{value: '7', type: integer}", ("DECIMAL", 38, 0)),
    ("Original", "{from: odd, type: integer, when_wrong: write-original}", ("STRING",)),
    ("cliente.email", "{from: mail}", ("STRING",)),
    ("cliente.edad", "{from: age, type: integer, between: [0, 150]}", ("INT64",)),
    ("cliente.casa.calle", "{from: street}", ("STRING",)),
    ("Cuartos", ROOMS, "rooms"),
    ("Siempre", [("n", "{from: $n, type: integer, between: [0, 9]}", ("INT64",))], "always"),
]
AUDIT = [("record", ("INT64",)), ("line", ("INT64",)), ("file", ("STRING",)), ("corrected", ("BOOLEAN",))]


def words_of(columns, indent=2, item=""):
    text, blanks = "", " " * indent
    for name, words, source in columns:
        if isinstance(words, str):
            text += f"{blanks}{name}: {words}\n".replace("$", item)
        else:
            called = f"item{indent}"
            text += f"{blanks}{name}:\n{blanks}  each: {source}\n{blanks}  called: {called}\n{blanks}  columns:\n".replace("$", item)
            text += words_of(words, indent + 4, called + ".")
    return text


def mapping(form, columns=None, more=""):
    return (f"mapping: m\nversion: 1\ninput: {{id: id, expect_at_least: 0}}\ncolumns:\n{words_of(columns or COLUMNS)}"
            f"output: {{format: {form}, audit_columns: [record, line, file, corrected]}}\n{more}")


def kinds_of(columns, above="", audit=True):
    """As File.kinds() gives them."""
    kinds = {}
    for name, words, kind in columns:
        if isinstance(words, str):
            kinds[above + name] = kind
        else:
            kinds |= kinds_of(words, f"{above}{name}.list.element.", False)
    return kinds | {name: kind for name, kind in AUDIT} if audit else kinds


# Dumps

STORM = ['"', "\\", "\u0000", "\u0001", "\n", "\r", "\t", "\u007f", "/", "{", "}", "[", "]", ",", ":", "'", "é", "ñ", "€", "\U0001F600", "\ufeff",
         "\u2028", "null", "true", "0", "-", " "]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def maybe(self, value, blank=0.15):
        """Or one of the blanks: absent, null, empty."""
        draw = self.random.random()
        if draw >= blank:
            return value
        return {0: None, 1: "", 2: ...}[int(draw / blank * 3)]

    def digits(self, whole, decimals=0):
        sign = self.random.choice(["", "-"])
        size = self.random.choice([1, whole, self.random.randint(1, whole)])
        number = "".join(self.random.choice("0123456789") for _ in range(size)).lstrip("0") or "0"
        places = self.random.randint(0, decimals)
        if places:
            number += "." + "".join(self.random.choice("0123456789") for _ in range(places))
        return sign + number

    def text(self):
        draw = self.random.random()
        if draw < 0.5:
            return self.random.choice(["Doble", "Sencilla", "Suite junior", "Ático"])
        if draw < 0.9:
            return "x" + "".join(self.random.choice(STORM) for _ in range(self.random.randint(0, 40))) + "x"
        return "¡" + self.random.choice("aé€\U0010ffff\ud7ff") * self.random.choice([1, 63, 64, 65, 500])

    def date(self):
        return self.random.choice(["0001-01-01", "9999-12-31", "1969-12-31", "1970-01-01", "1582-10-15", "2000-02-29", None]) or \
            str(datetime.date.fromordinal(self.random.randint(1, datetime.date.max.toordinal())))

    def time(self):
        fraction = self.random.choice(["", ".5", ".123456", ".000001", ".100000000"])
        return f"{self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}:{self.random.randint(0, 59):02}{fraction or '.0'}"

    def moment(self, offset):
        date = self.date()
        # A zone moves it, and there is nothing beyond 9999; before standard time offsets have seconds, which ISO 8601 has no room for.
        while offset and not "1950" < date < "9999":
            date = self.date()
        time = self.time()
        return f"{date}T{time if offset else time[:8]}" + (self.random.choice(["Z", "+05:30", "-11:00"]) if offset else "")

    def raw(self, depth=2):
        draw = self.random.random()
        if depth == 0 or draw < 0.5:
            return self.random.choice([1, -2.5, "a\"b\\c\u0000", True, [], {}, "é", 12345678901234567890])
        if draw < 0.7:
            return [self.raw(depth - 1) for _ in range(self.random.randint(0, 3))]
        return {self.random.choice(["a", "b", "c\"", "ñ"]): self.raw(depth - 1) for _ in range(self.random.randint(0, 3))}

    def object(self, **members):
        return {key: value for key, value in members.items() if value is not ...}

    def list_of(self, make, most):
        draw = self.random.random()
        if draw < 0.1:
            return ...
        if draw < 0.2:
            return None
        return [make() for _ in range(self.random.choice([0, 1, 1, 2, most]))]

    def extra(self):
        return self.object(code=self.maybe(self.text()), times=self.maybe(self.random.randint(-99, 99)))

    def room(self):
        return self.object(
            code=self.text(), nights=self.maybe(self.digits(38)), price=self.maybe(self.digits(6, 2)), total=self.maybe(self.digits(28, 10)),
            rate=self.maybe(self.digits(20, 17)), floor=self.maybe(self.random.randint(0, 99), 0.5), side=self.maybe(self.text(), 0.5),
            **{"in": self.maybe(self.date())}, out=self.maybe(self.date()), hour=self.maybe(self.time()),
            at=self.maybe(self.moment(True)), clean=self.maybe(self.random.random() < 0.5), raw=self.maybe(self.raw()), extras=self.list_of(self.extra, 4))

    def record(self, number):
        return self.object(
            id=f"R-{number}", text=self.maybe(self.text()), integer=self.maybe(self.digits(38)), short=self.maybe(self.digits(18)),
            dec9=self.maybe(self.digits(7, 2)), dec18=self.maybe(self.digits(13, 4)), dec38=self.maybe(self.digits(30, 8)),
            money=self.maybe(self.digits(36, 2)), open=self.maybe(self.digits(20, 18)), date=self.maybe(self.date()),
            time=self.maybe(self.time()), at=self.maybe(self.moment(True)), local=self.maybe(self.moment(False)),
            unix=self.maybe(str(self.random.randint(-2 ** 34, 2 ** 34))),
            either=self.maybe(self.moment(self.random.random() < 0.5)), flag=self.maybe(self.random.random() < 0.5),
            length=self.maybe(self.random.choice(["P1Y2M", "PT36H", "P3D", "PT0.5S"])), hours=self.maybe(str(self.random.randint(0, 10 ** 6))),
            raw=self.maybe(self.raw()), odd=self.maybe(self.random.choice(["12", "doce", "{}"])), mail=self.maybe("ana@example.com", 0.5),
            age=self.maybe(self.random.randint(0, 150), 0.5), street=self.maybe(self.text(), 0.5), rooms=self.list_of(self.room, 5),
            always=[self.object(n=self.maybe(self.random.randint(0, 9))) for _ in range(self.random.choice([0, 1, 3]))])


def dump(records, seed=1):
    maker = Maker(seed)
    return "".join(json.dumps(maker.record(number)) + "\n" for number in range(records))


# What NDJSON says, in the terms of the reader

class Number(str):
    """As it is written."""


def days_of(text):
    if "/" in text:
        text = "-".join(reversed(text.split("/")))
    return datetime.date.fromisoformat(text).toordinal() - datetime.date(1970, 1, 1).toordinal()


def micros_of(text):
    hours, minutes, seconds, fraction = re.fullmatch(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?", text).groups()
    fraction = (fraction or "").ljust(6, "0")
    assert not fraction[6:].strip("0")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 10 ** 6 + int(fraction[:6])


def moment_of(text, instant):
    date, time, offset = re.fullmatch(r"(.{10})T([\d:.]+)(Z|[+-]\d\d:\d\d)?", text).groups()
    assert (offset is not None) == instant, text
    east = 0
    if offset not in (None, "Z"):
        east = (int(offset[1:3]) * 60 + int(offset[4:])) * (-1 if offset[0] == "-" else 1)
    return days_of(date) * 86400 * 10 ** 6 + micros_of(time) - east * 60 * 10 ** 6


def exact(text):
    """JSON with its numbers as they are written."""
    return json.loads(text, parse_int=Number, parse_float=Number)


def value_of(kind, value):
    if value is None:
        return None
    if kind == ("STRING",):
        return str(value)
    if kind == ("JSON",):
        return ("json", value)
    if kind[0] in ("DECIMAL", "INT64"):
        assert isinstance(value, Number)
        return Decimal(value)
    if kind == ("BOOLEAN",):
        assert isinstance(value, bool)
        return value
    if kind == ("DATE",):
        return days_of(value)
    return micros_of(value) if kind == ("TIME",) else moment_of(value, kind == ("INSTANT",))


def object_of(columns, members, audit=()):
    made = {}
    for name, words, kind in [*columns, *((name, "", kind) for name, kind in audit)]:
        *groups, last = name.split(".")
        at, value = made, members
        for group in groups:
            at = at.setdefault(group, {})
            value = (value or {}).get(group)
        value = (value or {}).get(last)
        if isinstance(words, str):
            at[last] = value_of(kind, value)
        else:
            at[last] = None if value is None else [object_of(words, item) for item in value]
    return made


def expected(ndjson, columns=None):
    return [object_of(columns or COLUMNS, exact(line), AUDIT) for line in ndjson.split("\n") if line]


def with_json(value):
    """What the reader gives, with its JSON read: to be compared with expected()."""
    if isinstance(value, tuple):
        return ("json", exact(value[0]))
    if isinstance(value, dict):
        return {key: with_json(one) for key, one in value.items()}
    return [with_json(one) for one in value] if isinstance(value, list) else value
