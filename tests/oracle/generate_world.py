"""Mappings over records with lists in them: the word sets `shapes` and `money9`.

Every word is tried in every place: of the record, of an item of `rows`, of an item of `each`. A mapping that `check` refuses
is left out, and counted.
"""

import random
from dataclasses import dataclass

from world import CODES, HOTEL_ZONES, SIGNS, SUPPLIER_CURRENCIES, World

ROUNDINGS = ["half-up", "half-even", "half-down", "up", "down", "ceiling", "floor"]
RATES = (
    "fecha,de,a,tasa\n2025-02-25,COP,USD,0.000242\n2025-03-03,COP,USD,0.000244\n2025-03-01,EUR,USD,1.0389\n"
    "2025-03-03,EUR,USD,1.0465\n2025-03-05,EUR,USD,1.0511\n2025-02-25,JPY,USD,0.0067\n2025-03-03,BHD,USD,2.65\n"
    "2025-03-01,PEN,EUR,0.25\n2025-03-04,USD,CLP,950\n2025-03-01,HRK,USD,0.138\n2025-03-01,USD,BGN,1.8\n"
)
MORE_RATES = (  # where no inverse and no third currency could serve too
    "2025-02-27,USD,EUR,0.961\n2025-03-04,USD,EUR,0.952\n2025-02-28,COP,EUR,0.00023\n2025-02-27,JPY,EUR,0.0062\n"
    "2025-03-01,BHD,EUR,2.5\n2025-02-27,HRK,EUR,0.1327\n2025-02-26,PEN,USD,0.27\n"
)


@dataclass(frozen=True)
class Place:
    """From where a column reads: the beginning of its paths, what is there, and its level of `rows`."""

    prefix: str
    kind: str
    level: int


RECORD = Place("", "record", 0)


class WorldGenerator:
    def __init__(self, seed, words):
        self.rng = random.Random(seed)
        self.words = words
        self.world = World(self.rng)
        self.files = {}
        self.tables = {}
        self.columns = {}
        self.levels = []  # of `rows`
        self.places = [RECORD]  # within reach of a column
        self.sections = {}
        self.input = {"format": "ndjson", "id": "id"}
        self.format = self.pick(["csv", "csv", "ndjson", "json"])

    def pick(self, items):
        return self.rng.choice(items)

    def chance(self, share):
        return self.rng.random() < share

    # --- paths

    def at(self, place, field):
        """The path of a field at a place; of the record it may stand in an object, or be a pointer."""
        if place.kind in ("record", "room") and self.chance(0.15):
            self.world.use(place.kind, "o")
            self.world.use("inner", field)
            return place.prefix + "o." + field
        self.world.use(place.kind, field)
        return "/" + field if place is RECORD and self.chance(0.08) else place.prefix + field

    def any_place(self, places=None):
        return self.pick(places or self.places)

    def depth(self):
        return len(self.levels)

    # --- the mapping

    def mapping(self):
        if self.chance(0.6):
            self.add_rows()
        wanted = self.rng.randint(2, 5)
        kinds = self.kinds_of_columns()
        for _ in range(wanted):
            self.pick(kinds)()
        if self.chance(0.35):
            self.add_each()
        if self.chance(0.3):
            self.add_rules()
        self.add_sections()
        self.world.leave_out(0.15)
        made = {
            "mapping": "oraculo",
            "version": 1,
            "input": self.input,
            "columns": self.columns,
            "limits": self.limits(),
            "output": self.output(),
            **self.sections,
        }
        if "identity" in self.sections and self.chance(0.7):
            made["output"]["audit_columns"] = self.pick([["key", "idempotency_key"], "key"])
        if self.tables:
            made["tables"] = self.tables
        if self.levels:
            made["rows"] = self.levels if len(self.levels) > 1 else self.levels[0]
        return made

    def limits(self):
        made = {"rejected_at_most": "100%", "publish": "always"}
        if self.chance(0.15):
            made["fields_never_found"] = self.pick(["warn", "ignore", "stop"])
        if self.chance(0.15):
            name = self.pick([name for name, spec in self.columns.items() if isinstance(spec, dict) and "from" in spec and "required" not in spec] or [None])
            if name:
                self.columns[name]["optional"] = "yes"
        return made

    def output(self):
        out = {"format": self.format}
        if self.chance(0.3):
            out["blank_rows"] = "keep"
        if self.format != "csv" and self.chance(0.2):
            out["blank_as"] = "left-out"
        if self.format != "csv" and self.chance(0.2):
            out["numbers_as"] = "text"
        return out

    def kinds_of_columns(self):
        shapes = [self.add_text, self.add_text, self.add_list, self.add_pick, self.add_pick, self.add_pick_total,
                  self.add_first_of, self.add_json, self.add_number, self.add_lookup, self.add_time, self.add_by,
                  self.add_duration, self.add_numbered]  # fmt: skip
        money = [self.add_money, self.add_money, self.add_money, self.add_money, self.add_glued, self.add_computed,
                 self.add_money_total, self.add_money_picked, self.add_time, self.add_chosen, self.add_chosen_amount, self.add_pick_total]  # fmt: skip
        return shapes if self.words == "shapes" else money if self.words == "money9" else shapes + money

    def name(self, kind):
        return f"{kind}{len(self.columns) + 1}"

    def add(self, kind, spec, columns=None):
        columns = self.columns if columns is None else columns
        name = f"{kind}{len(self.columns) + (0 if columns is self.columns else len(columns)) + 1}"
        columns[name] = spec
        return name

    # --- rows

    def add_rows(self):
        kind = self.pick(["plain", "plain", "plain", "two", "two", "entries", "through", "split", "nights", "beside", "objects", "texts"])
        getattr(self, "rows_" + kind)()
        level = self.levels[0]
        if self.chance(0.5):
            level["when_empty"] = self.pick(["one-row", "skip", "reject"])
        if self.chance(0.5):
            level["when_missing"] = self.pick(["one-row", "skip", "reject"])
        if self.chance(0.12):
            level["bad_item"] = "skip-item"
        if self.chance(0.08):
            level["at_most"] = str(self.pick([1, 2, 3]))

    def rows_plain(self):
        self.level({"one_per": "rs", "called": "r"}, "room", "rs")
        if self.chance(0.2):
            self.levels[0]["one_or_many"] = "yes"
        if self.chance(0.25):
            self.world.use("room", "co")
            self.levels[0]["where"] = {"co": self.rng.sample(sorted(CODES), 3)}

    def rows_two(self):
        self.rows_plain()
        self.level({"one_per": "r.gs", "called": "g"}, "guest", "rs", "gs")
        if self.chance(0.6):
            self.levels[1]["when_empty"] = self.pick(["one-row", "one-row", "reject"])
        if self.chance(0.6):
            self.levels[1]["when_missing"] = self.pick(["one-row", "one-row", "reject"])

    def rows_entries(self):
        self.level({"one_per": "rm{*}", "called": "r"}, "room", "rm")

    def rows_through(self):
        """A list in the items of another one, which needs a level of its own."""
        path = "fs[*].segs" if self.chance(0.1) else "fs.segs"  # the first is refused
        self.level({"one_per": path, "called": "s"}, "segment", "fs", "segs")

    def rows_split(self):
        self.world.use("record", "tl")
        self.level({"one_per": {"split": "tl", "by": ";"}, "called": "t"}, "part")

    def rows_nights(self):
        self.world.use("record", "ci")
        self.world.use("record", "cf")
        stated = {"days_from": "ci", "until": "cf"}
        if self.chance(0.5):
            stated["read"] = self.pick(["YYYY-MM-DD", "ISO-8601", ["YYYY-MM-DD", "D MMM YYYY"]])
            if isinstance(stated["read"], list):
                stated["months"] = "en"
        self.level({"one_per": stated, "called": "n"}, "night")

    def rows_beside(self):
        """Lists side by side, a text or nights among them."""
        self.world.reach("rs")
        self.world.use("record", "lr")
        ways = [("rs", "r"), ("lr", "q")]
        if self.chance(0.4):
            self.world.use("record", "tl")
            ways.append(({"split": "tl", "by": ";"}, "t"))
        elif self.chance(0.4):
            self.world.use("record", "ci")
            self.world.use("record", "cf")
            ways.append(({"days_from": "ci", "until": "cf"}, "n"))
        self.levels.append({"one_per": [way for way, _ in ways], "called": [name for _, name in ways]})
        self.places = [*self.places, Place("r.", "room", 1)]
        self.columns["Lista"] = "q"
        if len(ways) > 2:
            self.columns["Otra"] = {"from": ways[2][1], **({"type": "date"} if ways[2][1] == "n" else {})}

    def rows_objects(self):
        """The entries of two objects, by their keys."""
        self.world.reach("rm")
        self.world.use(self.world.reach("pm"), "tx")
        self.levels.append({"one_per": ["rm{*}", "pm{*}"], "called": ["r", "q"]})
        self.places = [*self.places, Place("r.", "room", 1)]
        self.columns.update({"Clave": "r.$key", "Otra": "q.$key", "Valor": "q.tx"})

    def rows_texts(self):
        """Texts whose parts belong together."""
        self.world.use("record", "tl")
        self.world.use("record", "tm")
        self.levels.append({"one_per": [{"split": "tl", "by": ";"}, {"split": "tm", "by": "|"}], "called": ["t", "u"]})
        self.columns.update({"Parte": "t", "Otra": {"from": "u", "type": "decimal"}, "Lugar": "t.$number"})

    def level(self, stated, kind, *names):
        if names:
            self.world.reach(*names)
        self.world.used.setdefault(kind, set())
        self.levels.append(stated)
        self.places = [*self.places, Place(stated["called"] + ".", kind, len(self.levels))]
        if kind in ("part", "night"):
            self.item_column(stated["called"], kind)

    def item_column(self, called, kind):
        """A part of a text, or a night."""
        if kind == "night":
            self.columns["Noche"] = {"from": called, "type": "date", "write": self.pick(["DD/MM/YYYY", "YYYY-MM-DD"])}
        else:
            self.columns["Parte"] = self.pick([{"from": called}, {"from": called, "lookup": dict(CODES)}])
        self.places = self.places[:-1]

    # --- columns of any place; `places`: what is within reach, `columns`: where it goes

    def blanks(self, spec, default):
        dice = self.rng.random()
        if dice < 0.12:
            spec["required"] = "yes"
        elif dice < 0.4 and default is not None:
            spec[self.pick(["when_blank", "when_blank", "when_missing", "when_null", "when_empty"])] = default
        if self.chance(0.08):
            spec["null_words"] = ["N/A", "5"]
        return spec

    def add_text(self, places=None, columns=None):
        spec = {"from": self.at(self.any_place(places), self.pick(["tx", "co", "cu"]))}
        if self.chance(0.3):
            spec["text"] = self.pick([["trim"], ["upper-case"], ["digits-only"]])
        return self.add("T", self.blanks(spec, "nada"), columns)

    def add_number(self, places=None, columns=None):
        spec = {"from": self.at(self.any_place(places), "nu"), "type": "decimal"}
        if self.chance(0.2):
            spec["when_wrong"] = self.pick(["write-blank", {"write": "7"}])
        spec = self.blanks(spec, "1" if self.chance(0.5) else None)
        if "required" in spec:
            spec.pop("when_wrong", None)
        return self.add("N", spec, columns)

    def add_date(self, places=None, columns=None):
        spec = {"from": self.at(self.any_place(places), "da"), "type": "date", "read": "YYYY-MM-DD"}
        return self.add("D", self.blanks(spec, "2025-03-03" if self.chance(0.3) else None), columns)

    def add_lookup(self, places=None, columns=None):
        spec = {"from": self.at(self.any_place(places), "co"), "lookup": dict(CODES)}
        if self.chance(0.5):
            spec["lookup"] = {key: value for key, value in CODES.items() if key in ("DBL", "SGL", "7")}
            spec["unknown"] = self.pick(["reject", "keep", "write-blank", {"write": "Otro", "and": "warn"}])
        return self.add("L", self.blanks(spec, "Otra") if spec.get("unknown") != "write-blank" else spec, columns)

    def add_numbered(self, places=None, columns=None):
        """The number or the key of an item."""
        items = [place for place in places or self.places if place.level or place.prefix == "e."]
        if not items:
            return self.add_text(places, columns)
        place = self.pick(items)
        entries = any(level["one_per"] == "rm{*}" for level in self.levels) and place.prefix == "r."
        field = "$key" if entries and self.chance(0.6) else "$number"
        spec = {"from": place.prefix + field}
        if field == "$number" and self.chance(0.5):
            spec["type"] = "integer"
        return self.add("I", spec, columns)

    def add_list(self, places=None, columns=None):
        """Several parts: their steps and their lookup, then `join` or `total`."""
        dice = self.rng.random()
        if dice < 0.5:
            self.world.reach("rs")
            path = "rs[*]." if self.chance(0.7) else "rs[0]."
            kind = "room"
        elif dice < 0.75:
            self.world.reach("rs", "gs")
            path, kind = "rs[*].gs[*].", "guest"
        else:
            self.world.reach("rm")
            path, kind = "rm{*}.", "room"
        if "[0]" in path:
            self.world.use(kind, "tx")
            return self.add("A", self.blanks({"from": path + "tx"}, "nada"), columns)
        if self.chance(0.5):
            field = self.pick(["co", "tx"])
            spec = {"from": path + field, "join": self.pick(["+", ", "])}
            if field == "co" and self.chance(0.7):
                spec["lookup"] = {key: value for key, value in CODES.items() if key in ("DBL", "SGL", "7")}
                spec["unknown"] = self.pick(["reject", "keep", "keep", "write-blank", {"write": "Otro"}])
            elif self.chance(0.4):
                spec["text"] = self.pick([["trim"], ["digits-only"], ["upper-case"]])
            default = "nada" if spec.get("unknown") != "write-blank" else None
            spec = self.blanks(spec, default)
            if spec.get("unknown") == "write-blank":
                spec.pop("required", None)
        else:
            field = self.pick(["nu", "nu", "am"])
            spec = {"from": path + field, "total": self.pick(["sum", "count", "min", "max", "first", "last", "only", "same"])}
            if spec["total"] != "count":
                spec["type"] = "decimal"
                spec = self.blanks(spec, "0")
        self.world.use(kind, field)
        return self.add("A", spec, columns)

    def pick_of(self, take, every=False):
        """A choice among the items of a list or the entries of an object."""
        inside_room = any(place.kind == "room" for place in self.places) and self.chance(0.3)
        entries = not inside_room and self.chance(0.25)
        self.world.reach("pm" if entries else "ps") if not inside_room else self.world.use("room", "ps")
        self.world.used.setdefault("price", set())
        if take:
            self.world.use("price", take)
        how = {"list": "r.ps" if inside_room else "pm" if entries else "ps"}
        dice = self.rng.random()
        if entries and dice < 0.5:
            how.update({"where": "$key", "is": self.pick(["es", ["es", "en"], ["k.1"]])})
        elif dice < 0.5:
            self.world.use("price", "lg")
            how.update({"where": "lg", "is": self.pick(["es", ["es", "en"], ["fr", "es"]])})
        elif dice < 0.65:
            self.world.use("price", "lg")
            self.world.use("record", "lg")
            how.update({"where": "lg", "is": {"from": "lg"}})
        elif dice < 0.75:
            self.world.use("price", "sn")
            how["where"] = {"sn": self.pick([["yes"], "no", ["true", "no"], ["yes", "1"]])}
        else:
            self.world.use("price", "lg")
            self.world.use("price", "co")
            how["where"] = {"lg": self.pick([["es", "en"], "es"]), "co": self.rng.sample(sorted(CODES), 4)}
        if not every and self.chance(0.3):
            rank = self.pick(["nu", "da", "ti"])
            self.world.use("price", rank)
            how[self.pick(["highest", "lowest"])] = rank
        if take:
            how["take"] = ("$value." if entries and self.chance(0.3) else "") + take
        return how

    def add_pick(self, places=None, columns=None):
        spec = {"from": self.pick_of(self.pick(["tx", "tx", "co"]))}
        return self.add("P", self.blanks(spec, "nada"), columns)

    def add_pick_total(self, places=None, columns=None):
        """All items that fit."""
        if self.words == "shapes" and self.chance(0.5):
            spec = {"from": self.pick_of(self.pick(["tx", "co"]), True), "join": "/"}
        else:
            how = self.pick(["sum", "sum", "count", "min", "max", "first", "last", "only"])
            spec = {"from": self.pick_of("nu", True), "total": how, "type": "integer" if how == "count" else "decimal"}
        return self.add("P", self.blanks(spec, "0") if spec.get("total") != "count" else spec, columns)

    def add_first_of(self, places=None, columns=None):
        """Paths of several places, and choices among items."""
        kind = self.pick(["tx", "nu"])
        sources = [self.at(self.any_place(places), kind)]
        sources += [self.at(self.any_place(places), self.pick(["co" if kind == "tx" else "am", kind]))]
        if self.chance(0.4):
            sources.insert(self.rng.randint(0, 2), self.pick_of(kind))
        if self.chance(0.3):
            sources.append(self.at(RECORD, kind).removeprefix("/") + ".x" if self.chance(0.7) else "o")
            self.world.use("record", "o")
            self.world.used.setdefault("inner", set())
        spec = {"first_of": list(dict.fromkeys(map(str, sources))) if self.chance(0) else sources}
        if kind == "nu":
            spec["type"] = "decimal"
        return self.add("F", self.blanks(spec, "0"), columns)

    def add_json(self, places=None, columns=None):
        place = self.any_place(places)
        kind = self.pick(["one", "one", "list", "several", "deep"])
        if kind == "one":
            source = self.at(place, "js")
        elif kind == "list":
            self.world.use(self.world.reach("rs"), "js")
            source = self.pick(["rs[*].js", "rs[*]", "rs"])
        elif kind == "several":
            source = [self.at(place, "js"), self.at(place, "tx")]
        else:
            self.world.use(self.world.reach("rs"), "o")
            self.world.use("inner", "js")
            source = "rs[*].o.js"
        spec = {"from": source, "type": "json"}
        if self.chance(0.2):
            spec["required"] = "yes"
        elif self.chance(0.2):
            spec[self.pick(["when_missing", "when_blank"])] = '{"a":1}'
        return self.add("J", spec, columns)

    def add_by(self, places=None, columns=None):
        name = f"planes{len(self.columns)}"
        self.tables[name] = {"file": name + ".csv", "key": ["a", "b"], "value": "n"}
        lines = [f"{key},{unit},{key}-{unit}\n" for key in ("DBL", "SGL", "7") for unit in ("EUR", "USD")]
        self.files[name + ".csv"] = "a,b,n\n" + "".join(lines)
        spec = {"by": [self.at(self.any_place(places), "co"), self.at(self.any_place(places), "cu")], "lookup": name}
        if self.chance(0.6):
            spec["unknown"] = self.pick(["write-blank", {"write": "x"}])
        return self.add("B", spec, columns)

    def add_duration(self, places=None, columns=None):
        spec = {"type": "duration"}
        if self.chance(0.4):
            self.world.use(self.world.reach("rs"), "du")
            spec.update({"from": "rs[*].du", "total": self.pick(["min", "max", "first", "last"])})
        else:
            spec["from"] = self.at(self.any_place(places), "du")
        if self.chance(0.5):
            spec["between"] = self.pick([["PT1H", "P30D"], ["P1M", "P1Y"], ["none", "P1M"], ["P29D", "none"]])
        return self.add("U", spec, columns)

    # --- helper fields

    def stated_currency(self, places):
        """A currency of any place, with steps, a table or a default."""
        if self.chance(0.2):
            return self.pick(["EUR", "USD", "JPY", "BHD"])
        place = self.any_place(places)
        if any(p.prefix == "r." for p in places) and self.levels and self.levels[0]["one_per"] == "rm{*}" and self.chance(0.5):
            return {"from": "r.$key", **({"when_blank": "EUR"} if self.chance(0.3) else {})}
        if self.chance(0.3):
            stated = {"from": self.at(place, "cs"), "text": ["trim", "lower-case"], "lookup": dict(SUPPLIER_CURRENCIES)}
            if self.chance(0.4):
                self.tables["monedas"] = dict(SUPPLIER_CURRENCIES)
                stated["lookup"] = "monedas"
        else:
            stated = {"from": self.at(place, "cu")}
        if self.chance(0.35):
            stated["when_blank"] = self.pick(["USD", "JPY"])
        return stated

    def stated_zone(self, places):
        if self.chance(0.3):
            return self.pick(["America/Bogota", "Europe/Madrid", "UTC"])
        place = self.any_place(places)
        if self.chance(0.4):
            stated = {"from": self.at(place, "zs"), "lookup": dict(HOTEL_ZONES)}
            if self.chance(0.5):
                stated["text"] = ["upper-case"]
        else:
            stated = {"from": self.at(place, "zo")}
        if self.chance(0.35):
            stated["when_blank"] = self.pick(["America/Bogota", "UTC"])
        return stated

    def add_time(self, places=None, columns=None):
        places = places or self.places
        kind = self.pick(["datetime", "datetime", "date"])
        spec = {"from": self.at(self.any_place(places), "ti"), "type": kind, "read": "ISO-8601"}
        spec["zone"] = self.stated_zone(places)
        spec["no_zone_means"] = self.stated_zone(places)
        if self.chance(0.5):
            spec["clock_change"] = self.pick(["earlier", "later"])
        spec["write"] = "YYYY-MM-DD HH:mm" if kind == "datetime" else "DD/MM/YYYY"
        return self.add("H", spec, columns)

    # --- amounts

    def decimals(self, spec, share=0.6):
        if self.chance(share):
            spec["decimals"] = self.pick([0, 1, 2, 2, 3])
        if self.chance(0.92):
            spec["rounding"] = self.pick(ROUNDINGS)
        return spec

    def conversion(self, spec, places, columns):
        """`convert_to` with a day of any place."""
        rates = {"kind": "rates", "file": "tasas.csv", "date": "fecha", "from": "de", "to": "a", "rate": "tasa",
                 "no_rate_that_day": "use-previous", "at_most_days_old": "9"}  # fmt: skip
        if "tasas" not in self.tables:
            if self.chance(0.4):
                rates["inverse_allowed"] = "yes"
            if self.chance(0.3):
                rates["through"] = "EUR"
            self.tables["tasas"] = rates
            self.files["tasas.csv"] = RATES + ("" if "through" in rates or "inverse_allowed" in rates else MORE_RATES)
        days = [name for name in {**self.columns, **(columns or {})} if name.startswith("D")]
        inner = self.columns if columns is not None and self.chance(0.4) else columns
        day = self.pick(days) if days and self.chance(0.5) else self.add_date([RECORD] if inner is self.columns else places, inner)
        spec.update({"convert_to": self.pick(["USD", "USD", "EUR"]), "rates": "tasas", "rate_date": day})
        spec.setdefault("decimals", self.pick([0, 2, 2, 4]))
        spec.setdefault("rounding", self.pick(ROUNDINGS))

    def extra_rows(self, spec, level, columns):
        if columns is None and level < self.depth():  # in `each` the word has no effect
            spec["on_extra_rows"] = self.pick(["repeat", "leave-blank", "share"])

    def about(self, name, spec, columns):
        """What other columns tell about an amount."""
        if self.chance(0.3):
            self.add("C", {"currency_of": name}, columns)
        if "convert_to" in spec and self.chance(0.4):
            self.add("R", {"rate_of": name, "decimals": "6", "rounding": "half-up"}, columns)
        if "convert_to" in spec and self.chance(0.25):
            self.add("Q", {"rate_day_of": name}, columns)

    def add_money(self, places=None, columns=None):
        places = places or self.places
        place = self.any_place(places)
        spec = {"from": self.at(place, "am"), "type": "money", "currency": self.stated_currency(places)}
        if self.chance(0.2):
            spec["minor_units"] = "yes"
        elif self.chance(0.25):
            spec["minor_units"] = {"from": self.at(self.any_place(places), "pr")}
            if self.chance(0.3):
                spec["minor_units"]["when_blank"] = "2"
        self.decimals(spec)
        if self.chance(0.4):
            self.conversion(spec, places, columns)
        if self.chance(0.1) and (isinstance(spec["currency"], str) or "lookup" not in spec["currency"]):
            spec["withdrawn"] = "reject"
        if self.chance(0.1):
            spec["times"] = self.pick(["0.9", "1.19", "-1"])
        if self.chance(0.15) and spec.get("decimals") == 2:
            spec["when_blank"] = "5"
        self.extra_rows(spec, place.level, columns)
        name = self.add("M", spec, columns)
        self.about(name, spec, columns)
        return name

    def add_glued(self, places=None, columns=None):
        """Amounts that hold their currency."""
        place = self.any_place(places)
        spec = {"from": self.at(place, "ga"), "type": "money", "currency": "in-amount"}
        level = place.level
        if self.chance(0.3):
            self.world.use(self.world.reach("rs"), "ga")
            spec["from"], level = "rs[*].ga", 0
            spec["total"] = self.pick(["sum", "sum", "max", "min", "first", "last"])
        if self.chance(0.75):
            spec["currency"] = {"in_amount": "yes", "symbols": dict(SIGNS)}
        self.decimals(spec, 0.3)
        if self.chance(0.3):
            self.conversion(spec, places or self.places, columns)
        self.extra_rows(spec, level, columns)
        name = self.add("G", spec, columns)
        self.about(name, spec, columns)
        return name

    def add_money_total(self, places=None, columns=None):
        self.world.use(self.world.reach("rs"), "am")
        source = "rs[*].am" if self.chance(0.6) else self.pick_of("am", True)
        spec = {"from": source, "type": "money", "total": self.pick(["sum", "sum", "min", "max", "first", "last", "only", "same"])}
        spec["currency"] = self.stated_currency([RECORD])
        if isinstance(source, dict) and self.chance(0.5):
            spec["currency"] = self.currency_of_item(source)
        if source == "rs[*].am" and self.chance(0.5):
            self.world.use(self.world.reach("rs"), "cu")
            spec["currency"] = {"from": "rs[*].cu", **({"when_blank": "EUR"} if self.chance(0.5) else {})}
        self.decimals(spec)
        if self.chance(0.3):
            self.conversion(spec, [RECORD], columns)
        level = 1 if isinstance(source, dict) and source["list"].startswith("r.") else 0
        self.extra_rows(spec, level, columns)
        return self.add("S", spec, columns)

    def currency_of_item(self, source):
        """That of the very item which a choice takes."""
        self.world.use("price", "cu")
        items = "{*}" if source["list"] == "pm" else "[*]"
        return {"from": source["list"] + items + ".cu", **({"when_blank": "EUR"} if self.chance(0.3) else {})}

    def add_money_picked(self, places=None, columns=None):
        source = self.pick_of("am")
        spec = {"from": source, "type": "money", "currency": self.currency_of_item(source)}
        if self.chance(0.2):
            self.world.use("price", "pr")
            spec["minor_units"] = {"from": spec["currency"]["from"].replace(".cu", ".pr")}
        self.decimals(spec)
        if self.chance(0.3):
            self.conversion(spec, [RECORD], columns)
        self.extra_rows(spec, 1 if source["list"].startswith("r.") else 0, columns)
        return self.add("Q", spec, columns)

    def add_computed(self, places=None, columns=None):
        """An amount that is computed, and converted."""
        place = self.any_place(places)
        dice = self.rng.random()
        if dice < 0.6:
            names = [self.plain_amount(place, columns) for _ in range(2)]
            spec = {"compute": self.pick(["{} + {}", "{} - {} * 2", "{} * 1.19 + {}"]).format(*names), "type": "money"}
            proved = any(name.startswith("M") for name in names)
            spec["currency"] = "EUR" if proved or dice > 0.4 else self.stated_currency(places or self.places)
            self.extra_rows(spec, place.level, columns)
            self.decimals(spec)
        else:
            numbers = [self.add("N", {"from": self.at(place, field), "type": "decimal"}, columns) for field in ("nu", "am")]
            text = self.pick(["{} * {}", "{} + {} * 0.000000001", "{} / {}", "{} - {}"]).format(*numbers)
            spec = {"compute": text}
            if "/" in text or self.chance(0.6):
                spec.update({"decimals": self.pick([0, 2, 3]), "rounding": self.pick(ROUNDINGS)})
            return self.add("K", spec, columns)
        if self.chance(0.5):
            self.conversion(spec, places or self.places, columns)
        name = self.add("K", spec, columns)
        self.about(name, spec, columns)
        return name

    def plain_amount(self, place, columns):
        """An operand: a number, or an amount in euros."""
        if self.chance(0.5):
            return self.add("N", {"from": self.at(place, "am"), "type": "decimal"}, columns)
        spec = {"from": self.at(place, "am"), "type": "money", "currency": "EUR", "rounding": "half-up"}
        if columns is None and place.level < self.depth():
            spec["on_extra_rows"] = "repeat"
        return self.add("M", spec, columns)

    def add_chosen(self, places=None, columns=None):
        number = self.add_number(places, columns)
        place = self.any_place(places)
        written = self.pick([{"from": self.at(place, "tx")}, "dos", {"column": self.add_text(places, columns)}])
        choose = [{"when": f"{number} > 1", "write": "uno"}, {"when": f"not ({number} is blank)", "write": written}]
        if self.chance(0.5):
            choose.append({"otherwise": "tres"})
        return self.add("E", {"choose": choose}, columns)

    def add_chosen_amount(self, places=None, columns=None):
        """One of two amounts, each with its currency."""
        place = self.any_place(places)
        names = []
        for field in ("am", "nu"):
            spec = {"from": self.at(place, field), "type": "money", "currency": self.stated_currency(places or self.places), "rounding": "half-up"}
            self.extra_rows(spec, place.level, columns)
            names.append(self.add("M", spec, columns))
        choose = [{"when": f"not ({names[0]} is blank)", "write": {"column": names[0]}}, {"otherwise": {"column": names[1]}}]
        spec = {"choose": choose, "type": "money"}
        self.extra_rows(spec, place.level, columns)
        name = self.add("W", spec, columns)
        self.about(name, spec, columns)
        return name

    # --- each

    def add_each(self):
        """A list of objects whose columns may be of any kind."""
        inside = self.chance(0.3) and any(place.kind == "room" for place in self.places)
        entries = not inside and self.chance(0.3)
        if inside:
            self.world.use("room", "gs")
            path, kind = "r.gs", "guest"
        elif entries:
            self.world.reach("rm")
            path, kind = "rm{*}", "room"
        else:
            kind = self.world.reach("es")
            path = "es"
        self.world.used.setdefault(kind, set())
        children = {}
        item = Place("e.", kind, 1 if inside else 0)
        places = [*self.places, item, item, item]
        kinds = [self.add_money, self.add_money, self.add_glued, self.add_computed, self.add_time, self.add_text,
                 self.add_chosen, self.add_lookup, self.add_number, self.add_date]  # fmt: skip
        if entries:
            children["clave"] = "e.$key"
        elif self.chance(0.25):
            children["numero"] = {"from": "e.$number", "type": "integer"}
        for _ in range(self.rng.randint(1, 3)):
            self.pick(kinds)(places, children)
        spec = {"each": path, "called": "e", "columns": children}
        if self.chance(0.3):
            self.world.use(kind, "co")
            spec["where"] = {"e.co" if self.chance(0.01) else "co": self.rng.sample(sorted(CODES), 4)}
        if self.format == "csv" or self.chance(0.15):
            spec["internal"] = "yes"
        name = self.add("X", spec)
        able = [n for n, c in children.items() if isinstance(c, dict) and (c.get("type") == "decimal" or n.startswith("K"))]
        if able and self.chance(0.8 if self.format == "csv" else 0.4):
            how = self.pick(["sum", "sum", "max", "min", "count", "same"])
            self.add("Z", {"total": how, "column": f"{name}[*].{self.pick(able)}"})

    # --- sections

    def add_rules(self):
        checks = []
        stated = {name: spec.get("type") for name, spec in self.columns.items() if isinstance(spec, dict)}
        numbers = [name for name, kind in stated.items() if kind == "decimal" and name[0] == "N"]
        spans = [name for name, kind in stated.items() if kind == "duration"]
        if numbers:
            checks.append(f"{self.pick(numbers)} > -3")
        if spans:
            checks.append(f"{self.pick(spans)} {self.pick(['<=', '>', '='])} {self.pick(spans)}" if len(spans) > 1 else "")
        checks = [check for check in checks if check]
        if checks:
            self.sections["rules"] = [{"name": f"regla-{i}", "check": c, "message": "No."} for i, c in enumerate(checks)]

    def add_sections(self):
        if self.chance(0.25):
            self.input["fields_nobody_uses"] = "reject"
        if self.chance(0.1):
            self.input["null_words"] = self.pick([["N/A"], ["uno", "5"], ["EUR"], "DBL"])
        if self.chance(0.15):
            self.world.use("record", "er")
            self.input["error_body"] = "er"
        if self.chance(0.1):
            self.world.use("record", "lg")
            self.world.use("record", "co")
            self.sections["identity"] = {"key": self.pick(["id", "co", ["id", "lg"]])}
        if self.chance(0.2):
            self.duplicates()
        if self.chance(0.12):
            self.world.use("record", "lg")
            self.sections["only"] = {"when": 'source.lg != "fr"', "otherwise": "skip"}
        if self.chance(0.25):
            self.input["format"] = "json"
            if self.chance(0.7):
                self.input["records"] = "data.lista"

    def duplicates(self):
        self.world.use("record", "du_key")
        keep = self.pick(["first", "last", "none", "highest", "lowest", "map"])
        if keep in ("highest", "lowest"):
            field = self.pick(["nu", "ti", "da"])
            self.world.use("record", field)
            keep = f"{keep} {field}"
        elif keep == "map":
            self.world.use("record", "ti")
            keep = {self.pick(["highest", "lowest"]): "ti", "no_zone_means": self.pick(["America/Bogota", "UTC"])}
            if self.chance(0.5):
                keep["read"] = ["ISO-8601", "YYYY-MM-DD HH:mm"]
            if self.chance(0.3):
                self.world.use("record", "zo")
                keep["no_zone_means"] = {"from": "zo"}
            if self.chance(0.3):
                keep["clock_change"] = self.pick(["earlier", "later"])
        self.sections["duplicates"] = {"same": "du_key", "keep": keep, "others": self.pick(["report", "reject"])}
