"""Records with lists, entries and objects in them: what the mappings of `shapes` and `money9` read.

A World knows which fields a mapping uses and draws only those. Most records are calm: every value is what it should be.
In the others something is of another shape, at any place: nothing, null, empty, a scalar, a list, an object.
"""

from samples import quoted

CURRENCIES = ["EUR", "EUR", "USD", "USD", "COP", "JPY", "BHD", "PEN", "HRK", "BGN"]
SUPPLIER_CURRENCIES = {"euro": "EUR", "dolar": "USD", "yen": "JPY", "kuna": "HRK"}
SIGNS = {"€": "EUR", "US$": "USD", "$": "COP"}
ZONES = ["America/Bogota", "Europe/Madrid", "America/New_York", "UTC", "-05:00", "+05:30"]
HOTEL_ZONES = {"H1": "America/Bogota", "H2": "Europe/Madrid", "H3": "-05:00"}
CODES = {"DBL": "Doble", "SGL": "Single", "TPL": "Triple", "NO": "Noruega", "7": "Siete"}
LANGUAGES = ["es", "en", "fr"]
DAYS = ["2025-03-01", "2025-03-03", "2025-03-04", "2025-03-05", "2025-03-07"]
DURATIONS = ["PT1H", "PT90M", "P1D", "P30D", "P40D", "P1M", "P2M", "P28D", "P1Y", "PT0S", "P365D", "P1M2D"]
SHAPES = ["null", '""', '"  "', "[]", "{}", '"t"', "5", "true", "[1]", "[null]", "[[]]", '{"k":1}', '["a","b"]', '[{"am":1}]']


class Draw:
    """Calm values of each kind of field, as JSON text."""

    def __init__(self, rng):
        self.rng = rng
        self.currency = "EUR"
        self.offsets = self.pick([["", "", "Z", "+02:00", "-05:00"], [""], ["Z", "-05:00"]])

    def pick(self, items):
        return self.rng.choice(items)

    def as_text_or_number(self, digits):
        return digits if self.rng.random() < 0.5 else quoted(digits)

    def record(self):
        """What the values of one record have in common."""
        self.currency = self.pick(CURRENCIES)

    def value(self, kind):
        return getattr(self, kind)()

    def am(self):
        whole = self.pick(["100", "10.01", "0.02", "7", "1250.505", "33.33", "0", "4250000.5", "99.995", "1000"])
        sign = "-" if self.rng.random() < 0.2 else ""
        return self.as_text_or_number(sign + whole)

    def ga(self):
        """An amount with its currency, mostly that of the record."""
        unit = self.currency if self.rng.random() < 0.8 else self.pick(CURRENCIES)
        known = [sign for sign, code in SIGNS.items() if code == unit]
        name = self.pick(known) if known and self.rng.random() < 0.5 else unit
        digits = self.pick(["10.00", "5", "2621.52", "0.5", "19.99"])
        return quoted(self.pick([name + digits, digits + name, f"{name} {digits}", f"{digits} {name}"]))

    def cu(self):
        return quoted(self.currency if self.rng.random() < 0.9 else self.pick(CURRENCIES))

    def cs(self):
        """As the supplier calls it."""
        return quoted(self.pick(["euro", "dolar", "Euro", " dolar", "yen", "kuna"]))

    def pr(self):
        return self.as_text_or_number(self.pick(["0", "2", "2", "3"]))

    def zo(self):
        return quoted(self.pick(ZONES)) if self.rng.random() < 0.9 else self.pick(["-5", '"-5"', "2"])

    def zs(self):
        return quoted(self.pick(["H1", "H2", "H3", "h1"]))

    def ti(self):
        clock = self.pick(["2025-03-01T02:30:00", "2025-07-01T23:59:59", "2025-12-31T00:00:00", "2025-03-30T02:30:00"])
        return quoted(clock + self.pick(self.offsets))

    def da(self):
        return quoted(self.pick(DAYS))

    def co(self):
        return self.pick([quoted(key) for key in CODES] + ["7"])

    def tx(self):
        return self.pick(['"uno"', '"dos, tres"', '"ÁRBOL"', '"  x "', "12", '"A;B"', '"a|b"', "true", '"N/A"'])

    def nu(self):
        return self.as_text_or_number(self.pick(["1", "2", "3", "2.0", "10", "-4", "0.5"]))

    def du(self):
        return quoted(self.pick(DURATIONS))

    def lg(self):
        return quoted(self.pick(LANGUAGES))

    def er(self):
        """Mostly no error."""
        return self.pick(["null", "[]", "false", '""', "{}"] * 6 + ['[{"code":429}]', '"no"', "true", "5"])

    def du_key(self):
        return self.pick([str(n) for n in range(20)] + [quoted(str(n)) for n in range(20)] + ["null"])

    def lr(self):
        """A list beside that of the rooms, mostly as long."""
        return "[" + ",".join(self.tx() for _ in range(self.rng.choice([1, 1, 2, 2, 2, 3]))) + "]"

    def tl(self):
        """Codes in one text."""
        return quoted(self.pick(["DBL;SGL", "DBL", "SGL;NO;TPL", "DBL;;SGL", ";", "DBL;"]))

    def tm(self):
        """Amounts beside them, now and then one that is blank."""
        return quoted(self.pick(["1|2", "1", "1||3", "|2|", "1|2|3", "1| |3", "1|", "|"]))

    def sn(self):
        """Yes and no, as suppliers say it."""
        return self.pick(["true", "false", '"yes"', '"no"', '"true"', "1", "null"])

    def ci(self):
        return quoted(self.pick(["2025-03-01", "2025-02-27", "2025-03-02"]))

    def cf(self):
        return quoted(self.pick(["2025-03-03", "2025-03-04", "2025-03-02", "2025-03-05"]))

    def js(self):
        return self.pick(["1.10", '"a"', '{"a":[1,2.50]}', "true", '[[],{"x":""}]', "-0", '"ñ"'])


# What each kind of object holds beside its fields: name -> (list, entries, object; the kind inside).
INSIDE = {
    "record": {"rs": ("list", "room"), "es": ("list", "extra"), "ps": ("list", "price"), "pm": ("entries", "price"),
               "rm": ("entries", "room"), "fs": ("list", "flight"), "o": ("object", "inner")},
    "room": {"gs": ("list", "guest"), "ps": ("list", "price"), "o": ("object", "inner")},
    "extra": {"gs": ("list", "guest")},
    "flight": {"segs": ("list", "segment")},
}


class World:
    def __init__(self, rng):
        self.rng = rng
        self.draw = Draw(rng)
        self.used = {"record": set()}  # of each kind of object the fields and lists that are read
        self.absent = set()  # (kind, field) that no record has

    def use(self, kind, field):
        """Notes that a field, or a list, of a kind of object is read."""
        self.used.setdefault(kind, set()).add(field)

    def reach(self, *names):
        """Notes the lists on the way from the record: reach("rs", "gs") gives the kind of their items."""
        kind = "record"
        for name in names:
            self.use(kind, name)
            kind = INSIDE[kind][name][1]
            self.used.setdefault(kind, set())
        return kind

    def leave_out(self, share):
        """One field, now and then, is in no record."""
        fields = [(kind, field) for kind, used in sorted(self.used.items()) for field in sorted(used)]
        if fields and self.rng.random() < share:
            self.absent.add(self.rng.choice(fields))

    # --- records

    def record(self, number):
        self.draw.record()
        tree = {"id": f'"R{number}"', **self.object("record")}
        dice = self.rng.random()
        for _ in range(0 if dice < 0.6 else 1 if dice < 0.92 else self.rng.randint(2, 4)):
            self.disturb(tree)
        return as_json(tree).encode()

    def object(self, kind):
        made = {}
        for field in sorted(self.used[kind]):
            form, inner = INSIDE.get(kind, {}).get(field, (None, None))
            if (kind, field) in self.absent:
                continue
            if form is None:
                made[field] = self.draw.value(field)
            elif form == "object":
                made[field] = self.object(inner)
            else:
                items = [self.object(inner) for _ in range(self.rng.choice([1, 1, 2, 2, 3]))]
                made[field] = items if form == "list" else dict(zip(self.keys(len(items), made), items))
        return made

    def keys(self, count, beside):
        """Keys of entries, which may be codes of languages or currencies; mostly those of an object beside, in any order."""
        others = [list(one) for field, one in beside.items() if field in ("pm", "rm") and len(one) == count]
        if others and self.rng.random() < 0.8:
            return self.rng.sample(others[0], count)
        return self.rng.sample(["es", "en", "EUR", "USD", "k.1", "ñ"], count)

    def disturb(self, tree):
        """Puts another shape at one place of a record."""
        places = list(places_of(tree))
        if not places:
            return
        holder, key = self.rng.choice(places)
        dice = self.rng.random()
        if dice < 0.15 and isinstance(holder, dict):
            del holder[key]
        elif dice < 0.25:
            holder[key] = self.rng.choice([[holder[key]], {"k": holder[key]}])
        elif dice < 0.30 and isinstance(holder, dict):
            holder["nuevo"] = self.rng.choice(["1", "null", "[]", '{"a":1}'])
        elif dice < 0.35:
            holder[key] = self.draw.value(self.rng.choice(["cu", "co", "tx", "da", "nu", "am"]))
        else:
            holder[key] = self.rng.choice(SHAPES)


def places_of(tree):
    """(holder, key) of every value but the id."""
    for key, value in list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)):
        if key != "id":
            yield tree, key
        if isinstance(value, (dict, list)):
            yield from places_of(value)


def as_json(tree):
    if isinstance(tree, dict):
        return "{" + ",".join(quoted(key) + ":" + as_json(value) for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(map(as_json, tree)) + "]"
    return tree
