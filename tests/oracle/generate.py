"""Seeded random mappings that `check` must accept, and records that are awkward for them.

Three groups of words: basic, values (with the basic ones) and all. A mapping is a dict, as the oracle takes it.
"""

import copy
import random
import re

import values
from samples import BLANKS, MISSING, Samples, quoted
from tables import INSIDE

ZONES = ["America/Bogota", "Europe/Madrid", "America/New_York", "America/Santiago", "UTC", "Asia/Kolkata", "-05:00"]
ROUNDINGS = ["exact", "half-up", "half-even", "half-down", "up", "down", "ceiling", "floor"]
DATE_PATTERNS = [
    "YYYY-MM-DD",
    "DD/MM/YYYY",
    "D/M/YYYY",
    "DD.MM.YYYY",
    "YYYYMMDD",
    "D MMM YYYY",
    "DD-MMM-YYYY",
    "D 'de' MMMM 'de' YYYY",
    "DDD, DD MMM YYYY",
    "DDDD D MMMM YYYY",
]
LOCAL_PATTERNS = [
    "YYYY-MM-DD HH:mm:ss",
    "DD/MM/YYYY HH:mm",
    "YYYY-MM-DD HH:mm:ss.SSS",
    "D/M/YYYY H:mm am",
    "YYYY-MM-DD'T'HH:mm:ss:SSS",
    "YYYY-MM-DD HH.mm.ssS*",
]
NAMED_PATTERNS = ["unix-seconds", "unix-millis", "unix-micros", "unix-nanos", "SQL", "RFC-2822", "excel-days"]
OFFSET_PATTERNS = ["YYYY-MM-DD HH:mm:ss Z", "YYYYMMDD'T'HHmmssZ"]
WRITES = ["DD/MM/YYYY", "YYYY-MM-DD", "D/M/YYYY", "D MMM YYYY", "MMMM D, YYYY", "DDDD DD/MM", "YYYYMMDD", "DDD D"]
TIME_WRITES = ["YYYY-MM-DD HH:mm:ss", "DD/MM/YYYY HH:mm", "HH:mm", "YYYY-MM-DD'T'HH:mm:ss.SSS", "D/M/YYYY H:mm Z", "SQL", "YYYYMMDD HH:mm:ssS*"]
CODES = {
    "DBL": "Doble",
    "SGL": "Single",
    "TPL": "Triple",
    "1": "Uno",
    "NO": "Noruega",
    "ÑX": "Eñe",
    "true": "sí",
    "a.b": "A, B",
}
NULL_WORDS = ["N/A", "-", "0", "none given", "."]


def csv_cell(text):
    return '"' + text + '"' if "," in text else text


def flip(rng, share):
    return rng.random() < share


class Place:
    """Where a column's value is in the record: its path and how to put a value there."""

    def __init__(self, path, steps):
        self.path = path
        self.steps = steps

    def put(self, tree, raw):
        if raw is MISSING:
            return
        for step in self.steps[:-1]:
            if step == "[0]":
                tree.setdefault("\0list", {})
                tree = tree["\0list"]
            else:
                tree = tree.setdefault(step, {})
                if not isinstance(tree, dict):
                    return
        tree[self.steps[-1] if self.steps[-1] != "[0]" else "\0list"] = raw


def record_text(tree):
    if not isinstance(tree, dict):
        return tree
    if "\0list" in tree:
        return "[" + record_text(tree["\0list"]) + "]"
    return "{" + ",".join(quoted(k) + ":" + record_text(v) for k, v in tree.items()) + "}"


class Field:
    """One column: its spec and what draws the JSON text of its sources."""

    def __init__(self, name, spec, sources):
        self.name = name
        self.spec = spec
        self.sources = sources  # list of (Place, draw)


class Generator:
    def __init__(self, seed, words):
        self.rng = random.Random(seed)
        self.samples = Samples(self.rng)
        self.words = words
        self.count = 0
        self.files = {}
        self.tables = {}
        self.format = self.pick(["csv", "csv", "ndjson", "ndjson", "json"])

    def pick(self, items):
        return self.rng.choice(items)

    def chance(self, share):
        return flip(self.rng, share)

    def has(self, group):
        return {"basic": 0, "values": 1, "all": 2}[group] <= {"basic": 0, "values": 1, "all": 2}[self.words]

    # --- mapping

    def mapping(self):
        fields = [self.field() for _ in range(self.rng.randint(3, 7))]
        columns = {}
        for field in fields:
            columns[field.name] = field.spec
        made = {
            "mapping": "oraculo",
            "version": 1,
            "input": {"format": "ndjson", "id": "id"},
            "columns": columns,
            "limits": {"rejected_at_most": "100%", "publish": "always"},
            "output": self.output(),
        }
        if self.chance(0.2):
            made["input"]["null_words"] = self.rng.sample(NULL_WORDS, 2)
        if self.tables:
            made["tables"] = dict(self.tables)
        if self.has("all"):
            self.whole_record_words(made, fields)
        return made, fields

    def output(self):
        out = {"format": self.format}
        if not self.has("values"):
            return out
        if self.format == "csv":
            if self.chance(0.4):
                out["separator"] = self.pick([";", "|", "\t"])
            if self.chance(0.3) and out.get("separator") != ",":
                out["decimal_mark"] = ","
                out.setdefault("separator", ";")
            if self.chance(0.15):
                out["thousands_mark"] = "." if out.get("decimal_mark") == "," else " "
            if self.chance(0.3):
                out["for_excel"] = "yes"
            if self.chance(0.2):
                out["header"] = "no"
            if self.chance(0.2):
                out["blank_as"] = self.pick(["NULL", "\\N", "-"])
        else:
            if self.chance(0.4):
                out["blank_as"] = self.pick(["null", "left-out"])
            if self.chance(0.3):
                out["numbers_as"] = self.pick(["number", "text"])
        return out

    # --- columns

    def field(self):
        kinds = ["text", "text", "email", "decimal", "decimal", "integer", "date", "datetime", "lookup"]
        if self.has("values"):
            kinds += [
                "boolean",
                "time",
                "duration",
                "uuid",
                "url",
                "country",
                "currency",
                "json",
                "first_of",
                "value",
                "join",
                "split",
                "replace",
                "checked",
                "wildcard",
                "pick",
                "months",
                "styled",
            ]
        if self.has("all"):
            kinds += ["money", "total", "total", "pad", "times", "minor", "zoned", "by", "by"]
        kind = self.pick(kinds)
        self.count += 1
        field = getattr(self, "column_" + kind)()
        field.name = f"C{self.count}_{kind}" if not self.chance(0.1) else f"Año {self.count} {kind}"
        if self.has("all") and self.chance(0.1):
            field.name = "grupo." + field.name
        return field

    def place(self):
        name = f"f{self.count}"
        shapes = [lambda: Place(name, [name])] * 4 + [
            lambda: Place(f"g.{name}", ["g", name]),
            lambda: Place(f"{name}.a.b", [name, "a", "b"]),
        ]
        if self.has("values"):
            shapes += [
                lambda: Place(f"{name}[0]", [name, "[0]"]),
                lambda: Place(f"{name}[-1].v", [name, "[0]", "v"]),
                lambda: Place(f"/{name}/0/v", [name, "[0]", "v"]),
                lambda: Place(f"/{name}~1x", [f"{name}/x"]),
                lambda: Place(f'"{name}.x"', [f"{name}.x"]),
                lambda: Place(f'g."{name}""q"', ["g", f'{name}"q']),
                lambda: Place(f"año {name}-@", [f"año {name}-@"]),
                lambda: Place(f"{name}[0][0]", [name, "[0]", "[0]"]),
                lambda: Place(f"{name}.*", [name, "*"]),
            ]
        return self.pick(shapes)()

    def single(self, spec, draw):
        """A column of one path, with the general words."""
        place = self.place()
        made = {"from": place.path, **spec}
        return Field("", made, [(place, lambda: self.samples.awkward(draw()))])

    def general(self, spec, default=None, wrong=True):
        """Adds blanks' words and when_wrong; `default`: a finished value that the column accepts."""
        if self.chance(0.15):
            spec["null_words"] = self.rng.sample(NULL_WORDS, 2)
        dice = self.rng.random()
        if dice < 0.15:
            spec["required"] = "yes"
        elif dice < 0.4 and default is not None:
            spec[self.pick(["when_blank", "when_missing", "when_null", "when_empty"])] = default
        if self.has("values") and wrong and self.chance(0.2):
            actions = ["reject"] if "required" in spec else ["reject", "write-blank"]
            if default is not None and "required" not in spec:
                actions.append({"write": default})
            if self.format == "csv" and "text" not in spec and "required" not in spec:
                actions.append("write-original")
            spec["when_wrong"] = self.pick(actions)
        if self.has("values") and self.chance(0.05) and "required" not in spec:
            spec["blank_as"] = self.pick(["vacío", "?"]) if self.format == "csv" else self.pick(["null", "left-out"])
        return spec

    def text_steps(self):
        steps = ["trim", "upper-case", "lower-case", "title-case", "no-accents", "one-space", "digits-only"]
        return self.rng.sample(steps, self.rng.randint(1, 3))

    def column_text(self):
        spec = {"type": "text"} if self.chance(0.3) else {}
        if self.chance(0.6):
            spec["text"] = self.text_steps()
        if self.has("values") and self.chance(0.1):
            spec["small_words"] = self.rng.sample(["de", "La", "y", "x", "ñ", "A"], 2)
        return self.single(
            self.general(spec, self.pick(["sin dato", "x, y", "0", "Ñ"]), wrong=False), self.samples.text
        )

    def column_email(self):
        spec = {"type": "email"}
        if self.chance(0.3):
            spec["text"] = ["trim", "lower-case"]
        return self.single(self.general(spec, "sin-correo@ejemplo.com"), self.samples.email)

    def number_words(self, spec):
        if self.chance(0.6):
            spec["decimals"] = self.rng.randint(0, 4)
            if self.chance(0.8):
                spec["rounding"] = self.pick(ROUNDINGS)
        if self.chance(0.2):
            spec["read_number"] = self.pick([["1.5e3"], ["+1.5"], ["+1.5", "1.5e3"]])
        return spec

    def column_decimal(self):
        spec = self.number_words({"type": "decimal"})
        return self.single(
            self.general(spec, "12" if spec.get("decimals") == 0 else "12.5" if spec.get("decimals") else "12"),
            self.samples.number,
        )

    def column_integer(self):
        spec = {"type": "integer"}
        if self.chance(0.4):
            spec["rounding"] = self.pick(ROUNDINGS)
        return self.single(self.general(spec, "7"), self.samples.number)

    def column_styled(self):
        """Numbers in several styles."""
        examples = self.pick(
            [
                ["1234.56", "1.234,56"],
                ["1.234,56"],
                ["1,234.56"],
                ["1234,56"],
                ["1 234,56"],
                ["1234.56", "1,234.56"],
                ["1234,56", "1,234.56"],
                ["1'234.56"],
            ]
        )
        spec = {"type": "decimal", "read_number": examples}
        if self.chance(0.5):
            spec.update({"decimals": 2, "rounding": self.pick(ROUNDINGS)})

        def draw():
            if self.chance(0.4):
                return self.samples.number()
            return self.samples.styled_number(values.number_style(self.pick(examples)))

        return self.single(self.general(spec, "5"), draw)

    def time_words(self, kind):
        """The read list and zones of a date or datetime column, as `check` wants them."""
        spec = {"type": kind}
        patterns = self.rng.sample(LOCAL_PATTERNS + OFFSET_PATTERNS, self.rng.randint(0, 2))
        if kind == "date":
            patterns += self.rng.sample(DATE_PATTERNS, self.rng.randint(0 if patterns else 1, 2))
        if self.chance(0.6) or not patterns:
            patterns.insert(0, "ISO-8601")
        if self.has("values") and self.chance(0.1):
            patterns = [self.pick(NAMED_PATTERNS)]
        spec["read"] = patterns if len(patterns) > 1 or self.chance(0.3) else patterns[0]
        local = any(p in LOCAL_PATTERNS or p == "excel-days" for p in patterns)
        sometimes = "ISO-8601" in patterns or "SQL" in patterns
        always = any(p in OFFSET_PATTERNS or p == "RFC-2822" or p.startswith("unix") for p in patterns)
        if (local or sometimes or always) and (self.chance(0.7) or (always and kind == "date")):
            spec["zone"] = self.pick(ZONES)
            if local or (sometimes and self.chance(0.6)):
                spec["no_zone_means"] = self.pick(ZONES)
                if self.has("values") and self.chance(0.3):
                    spec["clock_change"] = self.pick(["reject", "earlier", "later"])
        return spec, patterns

    def add_months(self, spec, patterns):
        written = spec.get("write", "")
        if any("MMM" in p or "DDD" in p for p in patterns + [written]):
            spec["months"] = self.pick(["es", "en", "it"] if "MMM" in written or "DDD" in written else ["es", "en", "pt", "de", "fr", "it"])

    def draw_time(self, spec, patterns):
        months = spec.get("months", "es")
        names = {word: table[months].split() for word, table in values.WORD_NAMES.items()}
        return lambda: self.samples.time_text(patterns, names, values.pattern_words)

    def column_date(self):
        spec, patterns = self.time_words("date")
        if self.chance(0.7):
            spec["write"] = self.pick(WRITES)
        self.add_months(spec, patterns)
        return self.single(self.general(spec, "2025-03-01"), self.draw_time(spec, patterns))

    def column_months(self):
        """Two-digit years and bounds."""
        patterns = [self.pick(["DD/MM/YY", "DDMMMYY", "D-M-YY"])]
        spec = {
            "type": "date",
            "read": patterns[0],
            "two_digit_years": self.pick(["2000-2099", "1950-2049", "1930-2029"]),
        }
        if self.chance(0.5):
            spec["between"] = self.pick([["2000-01-01", "2030-12-31"], ["none", "2025-03-01"], ["2024-02-29", "none"]])
        self.add_months(spec, patterns)
        return self.single(self.general(spec, "2025-03-01"), self.draw_time(spec, patterns))

    def column_datetime(self):
        spec, patterns = self.time_words("datetime")
        if self.chance(0.8):
            spec["write"] = self.pick(TIME_WRITES)
        self.add_months(spec, patterns)
        return self.single(self.general(spec), self.draw_time(spec, patterns))

    def column_lookup(self):
        pairs = dict(self.rng.sample(sorted(CODES.items()), self.rng.randint(2, 6)))
        spec = {"lookup": pairs}
        upper = {k: v for k, v in pairs.items() if k == k.upper()}
        if self.chance(0.4) and upper:
            spec = {"text": ["trim", "upper-case"], "lookup": upper}
        dice = self.rng.random()
        if dice < 0.5:
            spec["unknown"] = self.pick(["reject", "keep", "write-blank", {"write": "Por revisar", "and": "warn"}])
        if self.has("values") and self.chance(0.2):
            spec["ignore_case"] = "yes"
        if self.has("all") and self.chance(0.4):
            spec["lookup"] = self.named_table(spec["lookup"])
        spec = self.general(spec, "Otra", wrong=False)
        if "required" in spec and spec.get("unknown") == "write-blank":
            spec["unknown"] = "keep"
        keys = sorted(CODES)

        def draw():
            key = self.pick(keys)
            if key in ("1", "true") and self.chance(0.5):
                return key
            return quoted(self.pick([key, key, key, key.lower(), " " + key, "XX9"]))

        return self.single(spec, draw)

    def named_table(self, pairs):
        """The pairs under a name: written in the mapping, or in a file."""
        name = f"tabla{self.count}"
        self.tables[name] = pairs
        if self.chance(0.5):
            self.tables[name] = {"file": name + ".csv", "key": "codigo", "value": "nombre"}
            lines = [f"{csv_cell(value)},x,{csv_cell(key)}" for key, value in pairs.items()]
            self.files[name + ".csv"] = "nombre,otra,codigo\n" + "\n".join(lines) + "\n"
        return name

    def column_by(self):
        """A key of two fields, in a file."""
        name = f"planes{self.count}"
        self.tables[name] = {"file": name + ".csv", "key": ["hotel", "plan"], "value": "nombre"}
        rows = [("4711", "A", "Con"), ("4711", "B", "Sin"), ("12", "A", "7"), ("ñ", "B", "8.5")]
        self.files[name + ".csv"] = "hotel,plan,nombre\n" + "".join(",".join(row) + "\n" for row in rows)
        places = [Place(f"{letter}{self.count}", [f"{letter}{self.count}"]) for letter in "hp"]
        spec = {"by": [place.path for place in places], "lookup": name}
        if self.chance(0.4):
            spec["text"] = ["trim", "upper-case"]
        if self.chance(0.5):
            spec["unknown"] = self.pick(["write-blank", {"write": "5"}])
        if self.chance(0.3):
            spec["type"] = "decimal"
        if "text" in spec:  # a key with a small letter could never be found
            self.files[name + ".csv"] = self.files[name + ".csv"].replace("ñ", "Ñ")
        hotels = ["4711", '"4711"', '"12"', '"ñ"', "null", MISSING, '" 4711"', '"x"']
        return Field("", spec, [(places[0], lambda: self.pick(hotels[:4] * 4 + hotels)),
                                (places[1], lambda: self.pick(['"A"', '"B"', '"A"', '"B"', '"b"', '""', '"C"', "[]", "[1]"]))])

    def column_zoned(self):
        """The zone stands in the record: a name, an offset or a number of hours."""
        means, zone = Place(f"m{self.count}", [f"m{self.count}"]), Place(f"z{self.count}", [f"z{self.count}"])
        spec = {"type": "datetime", "zone": {"from": zone.path}, "write": "YYYY-MM-DD HH:mm"}
        sources = [(zone, self.zone_text)]
        if self.chance(0.6):
            spec["no_zone_means"] = {"from": means.path}
            sources.append((means, self.zone_text))
        place = self.place()
        spec = {"from": place.path, "read": "ISO-8601", **spec}
        return Field("", spec, [(place, lambda: quoted(self.samples.iso(1))), *sources])

    def zone_text(self):
        return self.pick(
            [
                '"America/Bogota"',
                '"Europe/Madrid"',
                '"UTC"',
                '"-05:00"',
                '"+05:30"',
                "-5",
                '"-5"',
                "2",
                '"Mars/X"',
                "null",
                '""',
                MISSING,
            ]
        )

    def column_boolean(self):
        spec = {"type": "boolean"}
        if self.chance(0.6):
            spec.update({"yes_words": ["Y", "sí", "1"], "no_words": ["N", "0", "no"]})
        if self.chance(0.5):
            spec["write"] = ["sí", "no"]
        words = [
            "true",
            "false",
            '"true"',
            '"false"',
            '"Y"',
            '"N"',
            '"y"',
            '"sí"',
            "1",
            "0",
            '"1"',
            '" Y"',
            '"no"',
            '"True"',
            '"x"',
        ]
        return self.single(self.general(spec, self.pick(["yes", "no"])), lambda: self.pick(words))

    def column_time(self):
        patterns = self.rng.sample(["HH:mm", "HH:mm:ss", "H:mm am", "HHmm"], self.rng.randint(1, 2))
        spec = {"type": "time", "read": patterns, "write": self.pick(["HH:mm", "H:mm", "HH:mm:ss", "HHmm"])}
        return self.single(self.general(spec), self.draw_time(spec, patterns))

    def column_duration(self):
        how = self.pick(["ISO-8601", "minutes", "hours", "seconds"])
        spec = {"type": "duration", "read": how, "write": self.pick(["ISO-8601", "minutes", "hours", "hours", "seconds"])}
        if spec["write"] != "ISO-8601" and self.chance(0.6):
            spec["decimals"] = self.rng.randint(0, 5)
            if self.chance(0.8):
                spec["rounding"] = self.pick(ROUNDINGS)
        iso = [
            "PT15H55M",
            "PT01H10M",
            "P1D",
            "P1DT2H",
            "PT90M",
            "PT3600S",
            "P2W",
            "P1Y",
            "P1M",
            "PT",
            "P",
            "1H",
            "PT1H30",
            "pt1h",
            "PT60M",
            "P1DT",
            "PT2H0M",
        ]

        def draw():
            if how == "ISO-8601" and self.chance(0.9):
                return quoted(self.pick(iso))
            number = str(self.pick([0, 1, 60, 100, 120, 225, 290, 3600, 7200, "1.5", "0.125", "33.3333"]))
            return self.pick([number, quoted(number), quoted(number + " min")])

        return self.single(self.general(spec), draw)

    def column_uuid(self):
        pool = [
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
            "3f2504e04f8941d39a0c0305e82c3301",
            "3f2504e0-4f89-41d3-9a0c-0305e82c330",
            "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}",
            "3f2504e0-4f89-41d3-9a0c-0305e82c330g",
            "00000000-0000-0000-0000-000000000000",
        ]
        return self.single(self.general({"type": "uuid"}, pool[0]), lambda: quoted(self.pick(pool)))

    def column_url(self):
        pool = [
            "https://example.com",
            "http://example.com/a/b?c=1",
            "example.com",
            "no url",
            "//example.com",
            "/a/b",
            "https://",
            "http://a b.com",
            "https://example.com/",
        ]
        return self.single(self.general({"type": "url"}, "https://example.com"), lambda: quoted(self.pick(pool)))

    def column_country(self):
        pool = ["CO", "MX", "NO", "NA", "co", "COL", "ZZ", "170", "Colombia", "C", " CO"]
        return self.single(self.general({"type": "country"}, "CO"), lambda: quoted(self.pick(pool)))

    def column_currency(self):
        pool = ["USD", "COP", "JPY", "usd", "US", "XX1", "ABC", "€", "DOLLAR", "ZZZ", "US$"]
        return self.single(self.general({"type": "currency"}, "USD"), lambda: quoted(self.pick(pool)))

    def column_json(self):
        pool = [
            "1.10",
            '"a"',
            "null",
            '""',
            "[]",
            "{}",
            '{"a":[1,2.50,null]}',
            "true",
            "-0",
            "1e5",
            '"ñ\\"\\\\"',
            '[[],{"x":""}]',
        ]
        place = self.place()
        return Field("", {"from": place.path, "type": "json"}, [(place, lambda: self.pick(pool + [MISSING]))])

    def column_first_of(self):
        places = [self.place()]
        for letter in "xy":
            places.append(Place(f"{letter}{self.count}", [f"{letter}{self.count}"]))
        spec = {"first_of": [p.path for p in places]}
        kind = self.pick(["text", "decimal"])
        if kind == "decimal":
            spec["type"] = "decimal"
        if self.chance(0.3):
            spec["when_blank"] = "0"
        draw = self.samples.text if kind == "text" else self.samples.number

        def blank_or_value():
            return self.pick(BLANKS + ["[1]", '{"k":1}']) if self.chance(0.5) else draw()

        return Field("", spec, [(p, blank_or_value) for p in places])

    def column_value(self):
        return Field(
            "",
            self.pick(
                [
                    {"value": "fijo"},
                    {"value": "a, b"},
                    {"value": "2025-03-01", "type": "date", "write": "DD/MM/YYYY"},
                    {"value": "1234.5", "type": "decimal", "decimals": 2},
                    {"value": "yes", "type": "boolean"},
                    {"value": "NO"},
                    {"value": "7", "type": "integer"},
                    {"value": "007"},
                ]
            ),
            [],
        )

    def column_join(self):
        places = [
            Place(f"{letter}{self.count}", [f"{letter}{self.count}"]) for letter in "abc"[: self.rng.randint(2, 3)]
        ]
        spec = {"from": [p.path for p in places], "join": self.pick([" ", ", ", "", "-"])}
        if self.chance(0.5):
            spec["text"] = self.text_steps()
        if self.chance(0.3):
            spec["when_blank"] = "sin dato"
        return Field("", spec, [(p, lambda: self.samples.awkward(self.samples.text())) for p in places])

    def column_wildcard(self):
        name = f"l{self.count}"
        place = Place(name, [name])
        style = self.pick(["items", "fields", "entries"])
        spec = {
            "from": {"items": f"{name}[*]", "fields": f"{name}[*].v", "entries": f"{name}{{*}}.$key"}[style],
            "join": "|",
        }
        if self.chance(0.3):
            spec["text"] = ["trim", "upper-case"]

        def draw():
            if self.chance(0.1):
                return self.pick(BLANKS + ['"t"', "5", '{"v":"x"}', '["a"]'])
            items = [self.samples.awkward(self.samples.text()) or "null" for _ in range(self.rng.randint(0, 3))]
            if style == "items":
                return "[" + ",".join(items) + "]"
            if style == "fields":
                return (
                    "["
                    + ",".join(
                        self.pick(['{"v":%s}' % i, "{}", "null"]) if self.chance(0.2) else '{"v":%s}' % i for i in items
                    )
                    + "]"
                )
            return "{" + ",".join(f'"k{n}":{i}' for n, i in enumerate(items)) + "}"

        return Field("", spec, [(place, draw)])

    def column_pick(self):
        name = f"p{self.count}"
        place = Place(name, [name])
        as_entries = self.chance(0.3)
        how = {
            "list": name,
            "where": "$key" if as_entries else "lang",
            "is": ["es", "en"],
            "take": "$value" if as_entries else "text",
        }
        spec = {"from": how}
        if self.chance(0.3):
            spec["null_words"] = self.rng.sample(NULL_WORDS, 2)

        def text():
            odd = self.chance(0.3)
            return quoted(self.pick(NULL_WORDS)) if odd else self.samples.awkward(self.samples.text()) or "null"

        def draw():
            if self.chance(0.1):
                return self.pick([MISSING, "null", "[]", '"t"'])
            langs = self.rng.sample(["es", "en", "fr", "es-419"], self.rng.randint(1, 3))
            texts = [text() for _ in langs]
            if as_entries:
                return "{" + ",".join(f'"{k}":{t}' for k, t in zip(langs, texts)) + "}"
            return "[" + ",".join('{"lang":"%s","text":%s}' % pair for pair in zip(langs, texts)) + "]"

        return Field("", spec, [(place, draw)])

    def column_split(self):
        if self.chance(0.5):
            return self.column_all_parts()
        spec = {"split": {"by": self.pick([".", "|", ", "]), "take": self.pick([1, 2, -1, -2])}}
        if self.chance(0.5):
            spec["text"] = self.text_steps()
        pool = ["DBL.ST", "164|54206|0", "a, b, c", "x", "a..b", "|a", "a|", "1.2.3"]
        return self.single(spec, lambda: quoted(self.pick(pool)) if self.chance(0.8) else self.samples.text())

    def column_all_parts(self):
        """`split` without `take`: all parts, glued, totalled or as a list."""
        spec = {"split": {"by": self.pick([";", ", ", "|"])}}
        mark = spec["split"]["by"]
        how = self.pick(["join", "json", "json", "sum", "count", "max", "last", "only", "same"])
        if how in ("join", "json"):
            spec.update({"join": self.pick(["+", ", ", ""])} if how == "join" else {"type": "json"})
            if self.chance(0.5):
                spec["text"] = self.pick([["trim"], ["upper-case"], ["trim", "digits-only"]])
            if self.chance(0.5):
                spec["lookup"] = {key: value for key, value in CODES.items() if key in ("DBL", "SGL", "1")}
                spec["unknown"] = self.pick(["keep", "keep", "write-blank", {"write": "Otro"}, "reject"])
            if self.chance(0.2):
                spec["replace"] = {"L$": "l"}
            parts = ["DBL", "SGL", "1", " DBL", "x\"y", "ñ", "", " ", "N/A"]
        else:
            spec.update({"total": how, "type": "integer" if how == "count" else "decimal"})
            parts = ["1", "2.50", "10", "-3", "", " ", "1", "x"] if how != "same" else ["1", "1.0", "1", ""]
        if self.chance(0.3):
            spec["null_words"] = ["N/A", "1"]
        if self.chance(0.15) and spec.get("unknown") != "write-blank" and how != "count":
            spec["required"] = "yes"

        def draw():
            if self.chance(0.2):
                return self.pick([MISSING, "null", "[]", "7", '["a"]', '"' + mark + '"', "true"])
            return quoted(mark.join(self.pick(parts) for _ in range(self.rng.randint(1, 4))))

        if self.chance(0.3):
            other = Place(f"o{self.count}", [f"o{self.count}"])
            place = Place(f"f{self.count}", [f"f{self.count}"])
            return Field("", {"first_of": [place.path, other.path], **spec}, [(place, draw), (other, draw)])
        return self.single(spec, draw)

    def column_replace(self):
        pairs = self.pick(
            [{"[ -]": ""}, {"[0-9]+": "#"}, {"a": "b", "b": "c"}, {"^0+": ""}, {"á|é": "e"}, {"\\.": ","}]
        )
        spec = {"replace": pairs}
        if self.chance(0.5):
            spec["text"] = self.text_steps()
        return self.single(spec, self.samples.text)

    def column_checked(self):
        spec = self.pick(
            [
                {"pattern": "[A-Z]{3}"},
                {"pattern": "[a-zñ ]+"},
                {"one_of": ["Doble", "NO", "007"]},
                {"at_least": 3, "at_most": 6},
                {"at_most": 4},
                {"type": "decimal", "between": ["0", "100"]},
                {"type": "decimal", "between": ["none", "1.5"]},
                {"type": "decimal", "one_of": ["1", "2.5", "100"]},
                {"type": "integer", "rounding": "half-up", "between": ["-1", "12"]},
                {"type": "date", "read": "YYYY-MM-DD", "between": ["2025-01-01", "2025-12-31"]},
            ]
        )
        draw = self.samples.number if spec.get("type") in ("decimal", "integer") else self.samples.text
        if spec.get("type") == "date":
            return self.single(self.general(spec), lambda: quoted(self.samples.iso(0)))
        return self.single(self.general(spec), draw)

    def column_pad(self):
        spec = {"pad": {"to": 5, "with": "0"}}
        return self.single(spec, lambda: self.pick(['"7"', "7", '"abcdef"', '"ñ"', '"12345"']))

    def column_money(self):
        place = self.place()
        spec = {"from": place.path, "type": "money", "currency": self.pick(["USD", "JPY", "BHD"])}
        sources = [(place, lambda: self.samples.awkward(self.samples.number()))]
        if self.chance(0.6):
            unit = Place(f"u{self.count}", [f"u{self.count}"])
            spec["currency"] = {"from": unit.path}
            if self.chance(0.4):
                spec["currency"]["when_blank"] = "USD"
            if self.chance(0.3):
                spec["currency"]["text"] = ["trim", "upper-case"]
            pool = ['"USD"', '"USD"', '"COP"', '"JPY"', '"BHD"', '"usd"', '"XX1"', "null", MISSING, '""', '" USD"']
            sources.append((unit, lambda: self.pick(pool)))
        if self.chance(0.5):
            spec["rounding"] = self.pick(ROUNDINGS)
        if self.chance(0.4):
            spec["decimals"] = self.rng.randint(0, 3)
            spec.setdefault("rounding", "half-up")
        return Field("", spec, sources)

    def column_times(self):
        spec = {"type": "decimal", "times": self.pick(["0.01", "100", "1.19", "-1"])}
        if self.chance(0.6):
            spec.update({"decimals": 2, "rounding": self.pick(ROUNDINGS)})
        return self.single(self.general(spec), self.samples.number)

    def column_minor(self):
        """Minor units: 1996 is 19.96."""
        spec = {
            "type": "money",
            "currency": self.pick(["USD", "JPY", "BHD"]),
            "minor_units": "yes",
            "rounding": "half-up",
        }
        return self.single(spec, lambda: self.pick(["1996", '"3182"', "0", "-5", '"007"', "100", "1.5", '"x"']))

    def column_total(self):
        name = f"t{self.count}"
        how = self.pick(["sum", "count", "min", "max", "first", "last", "only"])
        spec = {"from": f"{name}[*].v", "total": how}
        if how in ("sum", "min", "max"):
            spec["type"] = "decimal"
            if self.chance(0.5):
                spec.update({"decimals": 2, "rounding": "half-up"})
        draw = self.samples.number if how in ("sum", "min", "max") else self.samples.text

        def items():
            if self.chance(0.1):
                return self.pick(BLANKS)
            many = [draw() if self.chance(0.9) else self.pick(["null", '""']) for _ in range(self.rng.randint(0, 3))]
            return "[" + ",".join('{"v":%s}' % m for m in many) + "]"

        return Field("", spec, [(Place(name, [name]), items)])

    # --- words about whole records

    def add(self, made, fields, name, spec, sources=()):
        made["columns"][name] = spec
        fields.append(Field(name, spec, list(sources)))

    def whole_record_words(self, made, fields):
        if self.chance(0.35):
            self.add_converted(made, fields)
        if self.chance(0.4):
            self.add_computed(made, fields)
        if self.chance(0.3):
            self.pick([self.add_times, self.add_instead, self.add_lists, self.add_inside_texts, self.add_defaults, self.add_seasons])(made, fields)
        if self.chance(0.4):
            self.pick([self.add_rows, self.add_rows, self.add_levels, self.add_levels, self.add_side_by_side])(made, fields)
        if self.chance(0.25):
            keep = self.pick(["first", "last", "none", "highest upd", "lowest upd"])
            made["duplicates"] = {"same": "dup", "keep": keep, "others": self.pick(["report", "reject"])}
        if self.chance(0.2):
            made["input"] = {**made["input"], "format": "json", "records": "data.lista"}
            if self.chance(0.5):
                self.add_inside(made, fields)
            if self.chance(0.5):
                self.add_inside_rates(made, fields)
        if self.chance(0.25):
            when = self.pick(
                [
                    'source.kind = "A"',
                    'source.kind != "B" and not source.kind is blank',
                    'source.kind is one of ["A", "C"]',
                    'source.kind = "A" or source.kind = "B"',
                ]
            )
            made["only"] = {"when": when, "otherwise": "skip"}
        if "only" not in made and self.chance(0.1):
            draw = lambda: self.pick(["1", "2", "3", "3", '"x"', "null", MISSING])  # noqa: E731
            place = Place("clase", ["clase"])
            self.add(made, fields, "Clase", {"from": place.path, "type": "integer"}, [(place, draw)])
            made["only"] = {"when": self.pick(["Clase > 1", "Clase is one of [1, 3]", "not (Clase is blank)"]), "otherwise": "skip"}
        if self.chance(0.15):
            self.add_identity(made, fields)
        if self.chance(0.2):
            made["input"]["fields_nobody_uses"] = "reject"
            made["input"]["ignore_fields"] = ["kind", "dup", "upd", "z", "ign"]
            odd = ["1", "null", '{"a":1}', "[]", MISSING, MISSING, MISSING, MISSING]
            fields.append(Field("", {}, [(Place("odd", self.pick([["odd"], ["ign", "x"], ["g", "odd"]])), lambda: self.pick(odd))]))
        if self.format != "csv" and self.chance(0.35):
            self.add_each(made, fields)
        if self.format != "csv" and "as_list" not in made["input"] and self.chance(0.2):
            made["output"]["rest"] = "yes"
            odd = ["1.50", "null", '{"a": [1, 2]}', "[ ]", '"\\u00e9"', MISSING]
            fields.append(Field("", {}, [(Place("sobra", ["sobra"]), lambda: self.pick(odd))]))
        if self.chance(0.1) and made.get("rules"):
            made["rules"][-1]["level"] = "stop"
        if self.chance(0.1):
            able = [c for c in made["columns"].values() if c.get("type") in ("decimal", "date", "email") and "value" not in c]
            if able and "compute" not in able[0]:
                self.pick(able)["when_wrong"] = "stop"

    def add_computed(self, made, fields):
        numbers = [(Place("n1", ["n1"]), self.samples.number), (Place("n2", ["n2"]), self.samples.number)]
        days = [(Place(n, [n]), lambda: quoted(self.samples.iso(0))) for n in ("d1", "d2")]
        self.add(made, fields, "N1", {"from": "n1", "type": "decimal"}, numbers[:1])
        self.add(made, fields, "N2", {"from": "n2", "type": "decimal"}, numbers[1:])
        self.add(made, fields, "D1", {"from": "d1", "type": "date", "read": "YYYY-MM-DD"}, days[:1])
        self.add(made, fields, "D2", {"from": "d2", "type": "date", "read": "YYYY-MM-DD"}, days[1:])
        compute = self.pick(
            [
                {"compute": "N1 + N2"},
                {"compute": "N1 - N2 * 2"},
                {"compute": "N1 * N2", "decimals": 2, "rounding": "half-even"},
                {"compute": "N1 / N2", "decimals": 3, "rounding": "half-up"},
                {"compute": "days between D1 and D2"},
                {"compute": "D1 + 3 days"},
                {"compute": "-N1 + 0.5"},
                {"compute": "(N1 + N2) * 1.5"},
                {"compute": "D2 - 1 days"},
            ]
        )
        self.add(made, fields, "Calculado", compute)
        choose = [
            {
                "when": self.pick(["N1 > N2", "N1 is blank", "D1 < D2", "N1 between 0 and 100"]),
                "write": self.pick(["uno", {"from": "kind"}]),
            },
            {"when": 'source.kind = "A"', "write": "dos"},
        ]
        if self.chance(0.5):
            choose.append({"otherwise": "tres"})
        self.add(made, fields, "Elegido", {"choose": choose})
        checks = [
            "D2 > D1",
            "N1 <= N2",
            "not (N1 = N2)",
            "D1 >= 2000-01-01",
            "N1 is blank or N1 > 0",
            "D2 <= D1 + 400 days",
            'source.kind is one of ["A", "B"]',
            'source.kind matches "[A-C]"',
            "N1 between -10 and 1000",
            "N1 > 0 or N2 > 0",
            "N1 < 1000000 and D1 < 2090-01-01",
        ]
        rules = [{"name": f"regla-{i}", "check": c, "message": "No."} for i, c in enumerate(self.rng.sample(checks, 2))]
        rules[0]["level"] = self.pick(["reject", "warn"])
        made["rules"] = rules

    def instant(self):
        day, hour, minute = self.rng.randint(1, 28), self.rng.randint(0, 23), self.pick([0, 15, 20, 30, 59])
        seconds = self.pick(["", ":00", ":36", ":18.5", ":00.001"])
        offset = self.pick(["Z", "Z", "+05:30", "-03:00", ""])
        return self.samples.awkward(f'"2025-{self.rng.randint(1, 12):02}-{day:02}T{hour:02}:{minute:02}{seconds}{offset}"')

    def add_times(self, made, fields):
        """Lengths of time and days in a zone."""
        for n in ("1", "2"):
            spec = {"from": "t" + n, "type": "datetime", "read": "ISO-8601"}
            if self.chance(0.5):
                spec["no_zone_means"] = "UTC"
            self.add(made, fields, "T" + n, spec, [(Place("t" + n, ["t" + n]), self.instant)])
        unit = self.pick(["hours", "minutes"])
        spec = {"compute": f"{unit} between T1 and T2" + self.pick(["", "", " + 1", " * 60"])}
        if self.chance(0.5):
            spec.update({"decimals": self.pick([0, 2]), "rounding": self.pick(["half-up", "half-even", "down"])})
        self.add(made, fields, "Duracion", spec)
        zone = self.pick(["America/Bogota", "Europe/Madrid", "UTC"])
        self.add(made, fields, "Dia" + zone[0], {"compute": f'day of T1 in "{zone}"'})
        if self.chance(0.4):
            rule = {"name": "larga", "check": f"{unit} between T1 and T2 > 24", "message": "No.", "level": self.pick(["reject", "warn"])}
            made["rules"] = [*made.get("rules", []), rule]

    def add_instead(self, made, fields):
        """Defaults from other columns and fields."""
        kind = self.pick(["text", "decimal", "integer"])
        draw = self.samples.text if kind == "text" else self.samples.number
        spec = {"type": kind} if kind != "text" or self.chance(0.5) else {}
        self.add(made, fields, "Otro", {"from": "otro", **spec}, [(Place("otro", ["otro"]), lambda: self.samples.awkward(draw()))])
        spec.update({"from": "uno", "when_blank": self.pick([{"column": "Otro"}, {"from": "tercero"}])})
        if kind == "integer" and self.chance(0.4):
            spec["between"] = ["none", "50"]
        sources = [(Place("uno", ["uno"]), lambda: self.pick([draw(), "null", '""', MISSING, MISSING]))]
        if "from" in spec["when_blank"]:
            sources.append((Place("tercero", ["tercero"]), lambda: self.samples.awkward(draw())))
        self.add(made, fields, "Uno", spec, sources)

    def add_lists(self, made, fields):
        """A place that comes in several shapes."""
        made["input"] = {**made["input"], "as_list": "varios"}
        shapes = ['["a","b"]', '["a"]', '"a"', '{"0":"a","1":"b"}', '{"10":"z","9":"y"}', '{"x":1}', "null", '""', "[]", "{}"]
        shapes += ["7", '["a",null]', '{"1":{"a":1}}', MISSING]
        place = Place("varios", ["varios"])
        self.add(made, fields, "Varios", {"from": "varios[*]", "join": "|"}, [(place, lambda: self.pick(shapes))])
        self.add(made, fields, "Primero", {"from": self.pick(["varios[0]", "varios[-1]", "/varios/1"])})
        self.add(made, fields, "Cuantos", {"from": "varios[*]", "total": "count"})

    def add_inside_texts(self, made, fields):
        """Texts that hold JSON, also inside such a text."""
        texts = self.pick(["dentro", ["dentro", "dentro.xs[*].t"]])
        made["input"] = {**made["input"], "json_in_text": texts}
        inside = lambda: self.pick(['{"c":1}', '{"c":"x"}', "null", "", "[]", "{", '{"c":{}}'])  # noqa: E731
        item = lambda: self.pick(['{"n":%s}' % self.pick(["1", '"2"', "1.50", "null", '"x"']), '{"t":%s}' % quoted(inside()), "{}"])  # noqa: E731
        held = lambda: self.pick([  # noqa: E731
            '{"a":%s,"xs":[%s]}' % (self.samples.awkward(self.samples.text()), ",".join(item() for _ in range(self.random_count()))),
            ' {"a" : "\\u00e9\\n" } ', '{"xs":[]}', '"a"', "7", "null", "", "  ", "[]", "[1]", "{}",
            "{", '{"a":1}{"a":2}', "1,2", '{"a":1,"a":2}', "texto", '{"a":01}',
        ])  # fmt: skip
        draw = lambda: self.pick([quoted(held()), quoted(held()), '{"a":"b"}', "null", MISSING])  # noqa: E731
        self.add(made, fields, "Dentro", {"from": "dentro.a", "text": ["trim"]}, [(Place("dentro", ["dentro"]), draw)])
        self.add(made, fields, "Suma", {"from": "dentro.xs[*].n", "type": "decimal", "total": self.pick(["sum", "count", "max"])})
        if texts != "dentro":
            self.add(made, fields, "Hondo", {"from": "dentro.xs[*].t.c", "join": "|"})

    def random_count(self):
        return self.pick([0, 1, 1, 2, 3])

    def add_seasons(self, made, fields):
        """Tables with several columns, whose lines may hold for a time."""
        dated = self.chance(0.7)
        self.files["hoteles.csv"] = (
            "codigo,nombre,plan,desde,hasta\nH1,Mirador,1,,2025-06-30\nH1,Mar,2,2025-07-01,2025-09-30\nh2,Sol,3,2025-01-01,\nH3,Sur,4,2025-03-05,2025-03-05\n"
            if dated
            else "codigo,nombre,plan,desde,hasta\nH1,Mirador,1,,\nh2,Sol,3,,\nH3,Sur,4,,\n"
        )
        table = {"file": "hoteles.csv", "key": "codigo", **({"valid_from": "desde", "valid_to": "hasta"} if dated else {})}
        made["tables"] = {**made.get("tables", {}), "hoteles": table}
        if dated and self.chance(0.5):
            self.name_the_months(table, "hoteles.csv")
        day = lambda: self.pick(['"2025-03-05"', '"2025-06-30"', '"2025-07-01"', '"2025-10-01"', "null", '"x"', MISSING])  # noqa: E731
        self.add(made, fields, "Llega", {"from": "llega", "type": "date", "read": "YYYY-MM-DD"}, [(Place("llega", ["llega"]), day)])
        hotel = lambda: self.pick(['"H1"', '"H1"', '"h2"', '"H3"', '"h1"', '"H9"', '""', MISSING])  # noqa: E731
        place = Place("hotel", ["hotel"])
        for name, column in (("Nombre", "nombre"), ("Regimen", "plan")):
            spec = {"from": "hotel", "lookup": "hoteles." + column, **({"on": "Llega"} if dated else {})}
            if self.chance(0.3):
                spec["unknown"] = self.pick(["keep", "write-blank", {"write": "9"}])
            if self.chance(0.2):
                spec["ignore_case"] = "yes"
            if column == "plan" and spec.get("unknown") != "keep":
                spec["type"] = "integer"
            self.add(made, fields, name, spec, [(place, hotel)])

    def name_the_months(self, table, file):
        """The days of a table with the names of their months, and perhaps years of two digits."""
        short = self.chance(0.4)
        months = self.pick(["es", "en", "pt", "de", "fr", "it"])
        names = values.MONTHS_SHORT[months].split()

        def named(day):
            year = day[1][2:] if short else day[1]
            return f"{day[3]}-{names[int(day[2]) - 1]}-{year}"

        self.files[file] = re.sub(r"(20\d\d)-(\d\d)-(\d\d)", named, self.files[file])
        table.update({"read": "DD-MMM-YY" if short else ["YYYY-MM-DD", "DD-MMM-YYYY"], "months": months})
        if short:
            table["two_digit_years"] = "2000-2099"

    def add_defaults(self, made, fields):
        """Words by type."""
        made["defaults"] = {"text": {"text": ["trim"]}, "decimal": {"decimals": 2, "rounding": "half-up"}, "date": {"read": "DD/MM/YYYY"}}
        day = lambda: self.samples.awkward(f'"{self.rng.randint(1, 31):02}/{self.rng.randint(1, 12):02}/2025"')  # noqa: E731
        self.add(made, fields, "F", {"from": "f", "type": "date"}, [(Place("f", ["f"]), day)])
        number = lambda: self.samples.awkward(self.samples.number())  # noqa: E731
        self.add(made, fields, "Imp", {"from": "imp", "type": "decimal"}, [(Place("imp", ["imp"]), number)])

    def add_converted(self, made, fields):
        rates = {
            "kind": "rates",
            "file": "tasas.csv",
            "date": "fecha",
            "from": "de",
            "to": "a",
            "rate": "tasa",
            "no_rate_that_day": "use-previous",
            "at_most_days_old": 5,
        }
        if self.chance(0.4):
            rates["inverse_allowed"] = "yes"
        if self.chance(0.4):
            rates["through"] = "EUR"
        if self.chance(0.2):
            del rates["no_rate_that_day"], rates["at_most_days_old"]
        made.setdefault("tables", {})["tasas"] = rates
        self.files["tasas.csv"] = (
            "fecha,de,a,tasa\n2025-02-27,COP,USD,0.000242\n2025-03-03,COP,USD,0.000244\n2025-03-05,COP,USD,0.000251\n"
            "2025-03-01,EUR,USD,1.0389\n2025-03-03,EUR,USD,1.0465\n2025-03-03,JPY,USD,0.0067\n"
            "2025-02-27,PEN,EUR,0.25\n2025-03-03,PEN,EUR,0.26\n2025-03-03,USD,CLP,950\n2025-03-01,EUR,GBP,0.8\n"
        )
        if self.chance(0.25):  # a column for each currency
            rates.update({"from": {"value": "EUR"}, "to": "columns"})
            del rates["rate"]
            self.files["tasas.csv"] = (
                "nota,fecha,USD,COP,JPY,GBP\nx,2025-02-27,1.0389,4301.5,,0.8\ny,2025-03-03,1.0465,4338,157.4,N/A\nz,2025-03-05,1.05,,160,0.81\n"
            )
        if self.chance(0.3):
            self.name_the_months(rates, "tasas.csv")
        days = [
            "2025-02-26",
            "2025-02-27",
            "2025-03-01",
            "2025-03-03",
            "2025-03-04",
            "2025-03-08",
            "2025-03-10",
            "2025-03-11",
        ]
        draw_day = lambda: self.samples.awkward(quoted(self.pick(days + ["2025-02-30"])))  # noqa: E731
        units = ['"USD"', '"COP"', '"EUR"', '"JPY"', '"MXN"', '"PEN"', '"CLP"', '"GBP"', "null", '"XX1"']
        draw_unit = lambda: self.pick(units)  # noqa: E731
        self.add(
            made, fields, "Dia", {"from": "rd", "type": "date", "read": "YYYY-MM-DD"}, [(Place("rd", ["rd"]), draw_day)]
        )
        spec = {
            "from": "ma",
            "type": "money",
            "currency": {"from": "mu"},
            "convert_to": "USD",
            "rates": "tasas",
            "rate_date": "Dia",
            "decimals": self.pick([0, 2, 4]),
            "rounding": self.pick(ROUNDINGS[1:]),
        }
        sources = [
            (Place("ma", ["ma"]), lambda: self.samples.awkward(self.samples.number())),
            (Place("mu", ["mu"]), draw_unit),
        ]
        if self.chance(0.3):
            spec["convert_to"] = {"from": "mt", **({"when_blank": "USD"} if self.chance(0.5) else {})}
            sources.append((Place("mt", ["mt"]), lambda: self.pick(['"USD"', '"USD"', '"EUR"', "null", '"XX1"', MISSING])))
        self.add(made, fields, "Convertido", spec, sources)
        rounding = self.pick(["half-up", "half-even"])
        self.add(made, fields, "Tasa", {"rate_of": "Convertido", "decimals": self.pick([2, 6]), "rounding": rounding})
        if self.chance(0.5):
            self.add(made, fields, "DiaTasa", {"rate_day_of": "Convertido", "write": self.pick(WRITES[:3])})
        if self.chance(0.5):
            self.add(made, fields, "MonedaDe", {"currency_of": "Convertido"})

    def add_rows(self, made, fields):
        made["rows"] = {"one_per": "pax", "called": "p", "when_empty": self.pick(["one-row", "skip"])}
        for spec in list(made["columns"].values()):
            if spec.get("type") == "money":
                spec["on_extra_rows"] = self.pick(["repeat", "leave-blank", "share"])
        spec = {"from": ["p.a", "p.b"], "join": " ", "text": ["trim", "title-case"]}

        def draw():
            if self.chance(0.1):
                return self.pick([MISSING, "null", "[]", '"t"', "5"])
            people = []
            for _ in range(self.rng.randint(1, 3)):
                parts = [f'"{k}":{self.samples.text()}' for k in ("a", "b") if self.chance(0.9)]
                people.append("{" + ",".join(parts + ['"age":' + self.pick(["3", '"30"', "null", '"x"'])]) + "}")
            return "[" + ",".join(people) + "]"

        self.add(made, fields, "Pasajero", spec, [(Place("pax", ["pax"]), draw)])
        self.add(made, fields, "Edad", {"from": "p.age", "type": "integer"})
        if self.chance(0.4):
            self.add(made, fields, "Cuantos", {"from": "pax[*].age", "total": "count"})

    def people(self):
        """The items of a list: objects, the odd one wrong."""
        people = []
        for _ in range(self.rng.randint(1, 3)):
            parts = [f'"n":{self.samples.text()}'] if self.chance(0.9) else []
            parts.append('"age":' + self.pick(["3", '"30"', "41", "null", '"x"' if self.chance(0.4) else "7"]))
            parts.append('"pay":' + self.pick(["10", '"0.05"', "100.00", "null", "7.01"]))
            people.append("{" + ",".join(parts) + "}")
        return "[" + ",".join(people) + "]"

    def shared_amounts(self, made, fields, called):
        """Amounts of the record and of the first level."""
        for spec in list(made["columns"].values()):
            if spec.get("type") == "money":
                spec["on_extra_rows"] = self.pick(["repeat", "leave-blank", "share"])
        amount = lambda: self.pick(["100", '"10.01"', "0.02", "null", "7"])  # noqa: E731
        how = lambda: self.pick(["repeat", "leave-blank", "share"])  # noqa: E731
        self.add(made, fields, "Suma", {"from": "sum", "type": "money", "currency": "USD", "on_extra_rows": how()},
                 [(Place("sum", ["sum"]), amount)])
        spec = {"from": called + ".pay", "type": "money", "currency": "USD"}
        if len(made["rows"]) > 1 and isinstance(made["rows"], list):
            spec["on_extra_rows"] = how()
        self.add(made, fields, "Parte", spec)

    def add_levels(self, made, fields):
        """Rooms and their guests; or the entries of an object; or one level whose bad items are left out."""
        kind = self.pick(["rooms", "entries", "skip", "skip"])
        if kind == "skip":
            made["rows"] = {"one_per": "hab", "called": "h", "bad_item": "skip-item"}
            draw = self.people
        elif kind == "entries":
            made["rows"] = {"one_per": "hab{*}", "called": "h", "when_empty": self.pick(["one-row", "skip"])}
            draw = lambda: "{" + ",".join(  # noqa: E731
                f'"k{i}":{{"n":{self.samples.text()},"pay":{self.pick(["1", "2.5"])}}}' for i in range(self.rng.randint(1, 3))
            ) + "}"
        else:
            made["rows"] = [
                {"one_per": "hab", "called": "h", "when_empty": self.pick(["one-row", "skip"])},
                {"one_per": "h.gente", "called": "g2", "when_empty": "one-row"},
            ]
            draw = self.rooms
        self.shared_amounts(made, fields, "h")
        calm = lambda: self.pick([MISSING, "null", "[]"]) if self.chance(0.07) else draw()  # noqa: E731
        self.add(made, fields, "Nombre", {"from": "h.n", "text": ["trim"]}, [(Place("hab", ["hab"]), calm)])
        if kind == "entries":
            self.add(made, fields, "Clave", {"from": "h.$key"})
        elif kind == "rooms":
            self.add(made, fields, "Edad", {"from": "g2.age", "type": "integer"})
            self.add(made, fields, "De los dos", {"from": ["h.n", "g2.n"], "join": "/"})
            self.add(made, fields, "Paga", {"from": "g2.pay", "type": "money", "currency": "USD"})
        else:
            self.add(made, fields, "Edad", {"from": "h.age", "type": "integer"})

    def rooms(self):
        rooms = []
        for _ in range(self.rng.randint(1, 3)):
            people = self.people() if self.chance(0.85) else self.pick(["[]", "null"])
            rooms.append(f'{{"n":{self.samples.text()},"pay":{self.pick(["1.01", "50", "null"])},"gente":{people}}}')
        return "[" + ",".join(rooms) + "]"

    def add_each(self, made, fields):
        """A list of objects, of the items of a list or the entries of an object."""
        entries = self.chance(0.3)
        children = {"nombre": {"from": "it.n", "text": ["trim"]}, "edad": {"from": "it.age", "type": "integer"}}
        if entries:
            children["clave"] = {"from": "it.$key"}
        if self.chance(0.5):
            children["dato.paga"] = {"from": "it.pay", "type": "decimal", "decimals": 2, "rounding": "half-up"}
        if self.chance(0.5):
            children["clase"] = {"from": "kind"}
        if self.chance(0.3):
            children["edad"]["when_blank"] = "0"
        spec = {"each": "gente{*}" if entries else "gente", "called": "it", "columns": children}

        def draw():
            if self.chance(0.1):
                return self.pick([MISSING, "null", "[]", "{}", '"t"', "5"])
            people = self.people()
            if not entries:
                return people
            return '{"a":' + people[1:-1].replace("},{", '},"b":{', 1).replace("},{", '},"c":{') + "}"

        self.add(made, fields, self.pick(["Gente", "grupo.gente"]), spec, [(Place("gente", ["gente"]), draw)])

    def add_side_by_side(self, made, fields):
        made["rows"] = {"one_per": ["noches", "precios.lista"], "called": ["noche", "precio"]}
        if self.chance(0.5):
            made["rows"]["when_empty"] = "skip"
        for spec in list(made["columns"].values()):
            if spec.get("type") == "money":
                spec["on_extra_rows"] = self.pick(["repeat", "leave-blank", "share"])
        length = [1]

        def nights():
            length[0] = self.rng.randint(0, 3)
            return "[" + ",".join(quoted(self.samples.iso(0)) for _ in range(length[0])) + "]"

        def prices():
            return "[" + ",".join(self.pick(["10", '"2.5"', '"7"']) for _ in range(length[0])) + "]"

        self.add(made, fields, "Noche", {"from": "noche", "type": "date", "read": "YYYY-MM-DD"},
                 [(Place("noches", ["noches"]), nights), (Place("precios.lista", ["precios", "lista"]), prices)])
        self.add(made, fields, "Precio", {"from": "precio", "type": "decimal"})

    def add_identity(self, made, fields):
        """A key of one field or two, and what the audit columns say of it."""
        draw = lambda: self.pick(['"A1"', '"A1"', '"B,2"', '"ñ\\"x"', "7", '"7"', "true", "null", '" "', "{}", '{"a":1}', MISSING])  # noqa: E731
        sure = lambda: self.pick(['"x"', '"y"', "1"])  # noqa: E731
        key = self.pick(["clave.a", "clave.a", ["clave.a", "clave.b"], ["clave.b", "clave.a"], ["clave.a"]])
        made["identity"] = {"key": key}
        fields.append(Field("", {}, [(Place("clave.a", ["clave", "a"]), draw), (Place("clave.b", ["clave", "b"]), sure)]))
        made["output"]["audit_columns"] = self.pick([["key"], ["idempotency_key", "key"], ["key", "idempotency_key"], "idempotency_key"])

    def add_inside_rates(self, made, fields):
        """Exchange rates that travel in the dump: by their keys, or entries with fields; of any day, or of days."""
        dated, keyed = self.chance(0.4), self.chance(0.5)
        table = {"kind": "rates", "inside": "dic.fx"}
        days = ["2025-02-27", "2025-03-03", "2025-03-05"] if dated else [""]
        if keyed:
            base = self.pick(["USD", "EUR"])
            table["from"] = {"value": base} if self.chance(0.5) else {"inside": "dic.base"}
            table["to"] = "$key"
            self.files[INSIDE + "dic.base"] = quoted(base)
            rates = {"COP": "4082.50", "JPY": '"149.1"', "BTC": "2.4e-05", "BHD": "0.3769", "USD" if base == "EUR" else "EUR": "1.0465"}
            if dated:
                table["date"], table["rate"] = {"inside": "dic.dia"}, "r"
                self.files[INSIDE + "dic.dia"] = quoted(self.pick(days))
            text = ", ".join(f'"{code}": ' + (f'{{"r": {rate}}}' if dated else rate) for code, rate in rates.items())
            self.files[INSIDE + "dic.fx"] = "{" + text + "}"
        else:
            table.update({"from": "de", "to": "a", "rate": "r"})
            if dated:
                table["date"] = "dia"
            if self.chance(0.4):
                table["source"] = {"tipo": "venta"}
            if self.chance(0.3):
                table["decimal_mark"] = ","
            point = table.get("decimal_mark", ".")
            items = []
            for unit, target, rate in (("COP", "USD", "0.000245"), ("EUR", "USD", "1.0465"), ("USD", "BHD", "0.377"), ("JPY", "USD", "0.0067")):
                for day in days:
                    other = [("venta", rate + "1")] + ([("compra", rate)] if "source" in table else [])
                    for kind, figure in other:
                        what = quoted(figure.replace(".", point)) if point != "." or self.chance(0.5) else figure
                        items.append(f'{{"de":"{unit}","a":"{target}","dia":"{day}","tipo":"{kind}","r":{what}}}')
            self.rng.shuffle(items)
            self.files[INSIDE + "dic.fx"] = "[" + ", ".join(items) + "]"
        if dated and self.chance(0.6):
            table.update({"no_rate_that_day": "use-previous", "at_most_days_old": self.pick(["3", "30"])})
        if self.chance(0.5):
            table["inverse_allowed"] = "yes"
        made.setdefault("tables", {})["cambio"] = table
        codes = ["COP", "EUR", "USD", "JPY", "BHD", "MXN"]
        amount = lambda: self.samples.awkward(self.pick(["100", '"2.50"', "-7.125", '"0"', "99999999.99"]))  # noqa: E731
        unit = lambda: quoted(self.pick(codes))  # noqa: E731
        spec = {"from": "cambia.n", "type": "money", "currency": {"from": "cambia.u"}, "convert_to": self.pick(["USD", "EUR"]), "rates": "cambio"}
        spec.update({"decimals": self.pick([0, 2, 4]), "rounding": self.pick(["half-up", "half-even", "down"])})
        if dated:
            day = lambda: quoted(self.pick(["2025-03-02", "2025-03-03", "2025-03-05", "2025-04-20"]))  # noqa: E731
            self.add(made, fields, "DiaCambio", {"from": "cambia.d", "type": "date", "read": "YYYY-MM-DD"}, [(Place("cambia.d", ["cambia", "d"]), day)])
            spec["rate_date"] = "DiaCambio"
        self.level_words(made, spec)
        self.add(made, fields, "Cambiado", spec, [(Place("cambia.n", ["cambia", "n"]), amount), (Place("cambia.u", ["cambia", "u"]), unit)])
        if self.chance(0.4):
            self.add(made, fields, "TasaCambio", {"rate_of": "Cambiado", "decimals": "8", "rounding": "half-up"})

    def level_words(self, made, spec):
        """An amount of the record, where it makes several rows."""
        if "rows" in made:
            spec["on_extra_rows"] = self.pick(["repeat", "leave-blank", "share"])

    def add_inside(self, made, fields):
        """A lookup table that travels in the dump: pairs, a list, or objects by their key."""
        form = self.pick(["pairs", "list", "objects"])
        pairs = dict(self.rng.sample(sorted(CODES.items()), 4))
        table = {"inside": "dic.cod"}
        items = [f'{{"k":{quoted(k)},"v":{quoted(v)},"w":1}}' for k, v in pairs.items()]
        if form == "list":
            table.update({"key": "k", "value": "v"})
            if self.chance(0.5):
                table["repeated"] = "first"
                items.append(items[0].replace('"v":', '"v":"otra","x":'))
            text = "[" + ", ".join(items) + "]"
        elif form == "objects":
            table["value"] = "v"
            text = "{" + ", ".join(f"{quoted(k)}: {item}" for k, item in zip(pairs, items)) + "}"
        else:
            text = "{" + ", ".join(f"{quoted(k)}: {quoted(v)}" for k, v in pairs.items()) + "}"
        made.setdefault("tables", {})["dentro"] = table
        self.files[INSIDE + "dic.cod"] = text
        keys = sorted(CODES)
        spec = {"from": "cod", "lookup": "dentro", "unknown": self.pick(["reject", "keep", "write-blank"])}
        self.add(made, fields, "Dentro", spec, [(Place("cod", ["cod"]), lambda: quoted(self.pick(keys)))])

    # --- records

    def record(self, fields, number, oracle):
        """The bytes of one record. Most are calm: what the oracle refuses is drawn again, a few times."""
        tree = {"id": f'"R{number}"'}
        if self.has("all"):
            self.put_shared(tree)
        drawn = [[draw() for _, draw in field.sources] for field in fields]
        text = self.assembled(tree, fields, drawn)
        for _ in range(8 if self.chance(0.7) else 0):
            answer = oracle.answers([text.encode()])[0]
            wrong = {name for _, name in answer.errors}
            if not wrong and not answer.unsure:
                break
            everything = answer.unsure or wrong - {f.name for f in fields}
            for i, field in enumerate(fields):
                if everything or field.name in wrong:
                    drawn[i] = [draw() for _, draw in field.sources]
            text = self.assembled(tree, fields, drawn)
        if self.chance(0.04):
            text = self.other_parent(tree, fields, drawn)
        return self.damaged(text).encode()

    def put_shared(self, tree):
        """The fields of duplicates, `only` and choices."""
        Place("kind", ["kind"]).put(tree, self.pick(['"A"', '"B"', '"C"'] * 6 + ["null", MISSING]))
        keys = ['"1"', "1", '"3"', '"4"', "5", '"5"', "null", MISSING] + [f'"{n}"' for n in range(10, 40)]
        Place("dup", ["dup"]).put(tree, self.pick(keys))
        days = ["3", "4", '"10"', '"2025-03-01"', '"2025-03-01T00:00:00Z"', '"2025-03-01T02:00:00+01:00"']
        Place("upd", ["upd"]).put(tree, self.pick(days * 5 + ["null", '"x"']))

    def assembled(self, tree, fields, drawn):
        return record_text(self.tree_of(tree, fields, drawn))

    def tree_of(self, tree, fields, drawn):
        whole = copy.deepcopy(tree)
        for field, raws in zip(fields, drawn):
            for (place, _), raw in zip(field.sources, raws):
                place.put(whole, raw)
        return whole

    def other_parent(self, tree, fields, drawn):
        """A parent of a path is no object this time."""
        whole = self.tree_of(tree, fields, drawn)
        parents = [k for k, v in whole.items() if isinstance(v, dict)]
        if parents:
            whole[self.pick(parents)] = self.pick(["null", '"t"', "[]", "{}", "[1]", "5", "true", '""'])
        return record_text(whole)

    def damaged(self, text):
        """Now and then no JSON at all, a repeated key, or too deep."""
        if not self.chance(0.03):
            return text
        deep = self.pick([127, 128, 300])
        return self.pick(
            [
                text[:-1],
                text + "}",
                text.replace(":", "", 1),
                "[" + text + "]",
                "null",
                '"t"',
                text[:-1] + ",}",
                text[:-1] + ',"id":"again"}',
                text[:-1] + ',"\\u0069d":1}',
                text[:-1] + ',"z":01}',
                text[:-1] + ',"z":NaN}',
                text[:-1] + ',"z":"\\q"}',
                text[:-1] + ',"z":+1}',
                text[:-1] + ',"z":tru}',
                text[:-1] + ',"z":{"a":1,"a":1}}',
                text[:-1] + ',"z":' + "[" * deep + "]" * deep + "}",
                "// " + text,
                text[:-1] + ",\"z\":'a'}",
                text[:-1] + ',"z":1.}',
            ]
        )

    def records(self, fields, count, oracle):
        return [self.record(fields, n + 1, oracle) for n in range(count)]
