"""Personal columns for the mappings that the oracle generates, and marks in the records where those read.

What a column with `personal: yes` reads by any of its words is a personal place. In most records a mark stands at such a
place: as a text, a number, a date, a key, in a list or an object, instead of what was expected there or of what it is in,
in a record that is no JSON. The mapping gets more words that read the same places in other spellings. Wherever the
mapping then says something, no mark may be shown (personal.cpp).
"""

import copy
import json

import paths

# What is searched for, in small letters: each survives steps such as upper-case, digits-only or a date's `write`.
TEXT = "Zqxjkvw"
NUMBER = 7391739173
DAY = "2973-09-17"
TWICE = "\ue000twice\ue000"  # stands for an object with one key twice
DEEP = "\ue000deep\ue000"
BROKEN = "\ue000broken\ue000"
SPELLINGS = [TEXT, TEXT + "@example.org", "12 " + TEXT, TEXT + " 12.50", TEXT.upper() + "\t\u202e\x1b[31m", "a, " + TEXT,
             "PT" + TEXT, "https://x/" + TEXT, "<b>" + TEXT + "</b>", TEXT * 40, "é" * 90 + TEXT]  # fmt: skip
DAYS = [DAY, "17/09/2973", DAY + "T10:00:00Z", "29730917", "17 sept 2973"]
NUMBERS = [NUMBER, -NUMBER, NUMBER + 0.25, str(NUMBER), f"{NUMBER}.505", f"EUR{NUMBER}.50", "7.391.739.173,25"]


def chance(rng, share):
    return rng.random() < share


# --- places


def levels_of(mapping):
    rows = mapping.get("rows") or []
    return rows if isinstance(rows, list) else [rows]


class Reach:
    """Names that paths may begin with -> the steps to what they name, from the top of the record."""

    def __init__(self, mapping):
        self.names = {}
        for level in levels_of(mapping):
            ways, called = level["one_per"], level["called"]
            for way, name in zip(*(v if isinstance(v, list) else [v] for v in (ways, called))):
                if isinstance(way, dict):  # parts of a text, days: the text, the first day
                    self.names[name] = self.steps(way.get("split", way.get("days_from")))
                else:
                    self.call(name, way, "item or self" if "one_or_many" in level else "items")

    def call(self, name, path, item="items"):
        steps = self.steps(path)
        self.names[name] = steps if steps[-1] == ("entries",) else [*steps, (item,)]

    def steps(self, text):
        path = paths.parsed(text)
        own = list(path.steps)
        if path.first in self.names:
            return [*self.names[path.first], *own[1:]]
        return own


def paths_read(spec):
    """The paths that a column reads by words of its own (no expressions), as texts."""
    if isinstance(spec, str):
        return [spec]
    found = []

    def take(value):
        if isinstance(value, list):
            for one in value:
                take(one)
        elif isinstance(value, dict):
            found.append(value["list"]) if "list" in value else take(value.get("from", []))
            if isinstance(value.get("is"), dict):
                take(value["is"])
        else:
            found.append(value)

    for word in ("from", "first_of", "by"):
        take(spec.get(word, []))
    for word in ("currency", "zone", "no_zone_means", "minor_units"):
        if isinstance(spec.get(word), dict):
            take(spec[word])
    for choice in spec.get("choose", []):
        if isinstance(choice.get("write", choice.get("otherwise")), dict):
            take(choice.get("write", choice.get("otherwise")))
    return found


def personal_places(mapping, rng):
    """Makes some columns personal; the steps of what they read, and which columns these are."""
    reach = Reach(mapping)
    places, chosen = [], []

    def walk(columns):
        for name, spec in columns.items():
            if isinstance(spec, dict) and "each" in spec:
                before = dict(reach.names)
                reach.call(spec.get("called", "item"), spec["each"])
                if chance(rng, 0.15):
                    spec["personal"] = "yes"
                    chosen.append(name)
                    places.append(reach.steps(spec["each"]))
                    for child in spec["columns"].values():
                        places.extend(reach.steps(path) for path in paths_read(child))
                else:
                    walk(spec["columns"])
                reach.names = before
                continue
            read = [reach.steps(path) for path in paths_read(spec)]
            if read and chance(rng, 0.3):
                columns[name] = {**({"from": spec} if isinstance(spec, str) else spec), "personal": "yes"}
                places.extend(read)
                chosen.append(name)

    for _ in range(5):
        walk(mapping["columns"])
        if places:
            break
    return places, chosen


# --- marks


def a_mark(rng):
    """A value with a mark in it."""
    kind = rng.randrange(12)
    if kind < 4:
        return rng.choice(SPELLINGS)
    if kind < 6:
        return rng.choice(NUMBERS)
    if kind < 8:
        return rng.choice(DAYS)
    if kind == 8:
        return [rng.choice(SPELLINGS), NUMBER, {TEXT: 1}]
    if kind == 9:
        return {TEXT: {"a": DAY, TEXT + "2": [TEXT]}}
    return TEXT if kind == 10 else rng.choice([TWICE, DEEP, BROKEN])


def planted(value, steps, rng):
    """`value` with a mark at the end of the steps, or instead of something on the way."""
    if not steps:
        return a_mark(rng)
    kind, *of = steps[0]
    rest = steps[1:]
    if kind == "special":
        return value if not rest else planted(value, rest, rng)
    if kind not in ("key", "entries") and not isinstance(value, list) and TEXT in json.dumps(value):
        return value  # an item of a list, a mark in it would not be at a personal place any more
    if chance(rng, 0.04):  # another kind than expected, what is personal below or not
        wrong = [TEXT, NUMBER] + ([{TEXT: TEXT}] if kind == "items" else [[TEXT]] if kind in ("key", "entries") else [])
        return rng.choice(wrong)
    if kind == "key":
        if not isinstance(value, dict):
            value = {} if value is None or chance(rng, 0.5) else value
            if not isinstance(value, dict):
                return value
        return {**value, of[0]: planted(value.get(of[0]), rest, rng)}
    if kind == "entries":
        entries = list(value.items()) if isinstance(value, dict) else [("k", None)]
        mark_keys = chance(rng, 0.5)
        keys = [f"{TEXT}{i}" if mark_keys else key for i, (key, _) in enumerate(entries)]
        return {key: planted(old, rest, rng) if chance(rng, 0.7) else old for key, (_, old) in zip(keys, entries)}
    if not isinstance(value, list):
        value = [value]
    if kind == "index":
        at = of[0] if of[0] >= 0 else len(value) + of[0]
        while len(value) <= at:
            value = [*value, None]
        return [planted(old, rest, rng) if i == at else old for i, old in enumerate(value)]
    return [planted(old, rest, rng) if chance(rng, 0.7) else old for old in value]


def text_of(record, rng):
    text = json.dumps(record, ensure_ascii=chance(rng, 0.2))
    text = text.replace(json.dumps(TWICE), f'{{"{TEXT}":1,"{TEXT}":2}}').replace(f'"{TWICE}"', f'{{"{TEXT}":1,"{TEXT}":2}}')
    for deep in (json.dumps(DEEP), f'"{DEEP}"'):
        text = text.replace(deep, "[" * 130 + f'"{TEXT}"' + "]" * 130)
    breaks = [f'"{TEXT}', f'"{TEXT}\\q"', f'{TEXT}', f'"{TEXT}\x01"', f'{NUMBER}x', f'"{TEXT}" "{TEXT}"', f'{{"{TEXT}"}}', f'{{{TEXT}:1}}']
    for broken in (json.dumps(BROKEN), f'"{BROKEN}"'):
        text = text.replace(broken, rng.choice(breaks))
    data = text.encode("utf-8", "surrogatepass")
    if chance(rng, 0.02):
        data = data.replace(TEXT.encode(), TEXT.encode() + b"\xff", 1)
    return data


def marked(lines, places, rng):
    """The records with marks; what is no record stays out."""
    out = []
    for line in lines:
        if not isinstance(line, bytes):
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(record, dict):
            continue
        for place in rng.sample(places, rng.randint(0, min(2, len(places)))):
            record = planted(record, place, rng)
        data = text_of(record, rng)
        if data.startswith(b"{"):
            out.append(data)
    if out and chance(rng, 0.4):  # for `duplicates`
        out += rng.choices(out, k=2)
    return out


# --- more words that read the same places


def spelled(steps, rng):
    """The steps as a path from the top of the record, in one of its spellings; None where there is none."""
    steps = [step for step in steps if step[0] != "special"] if chance(rng, 0.3) else list(steps)
    dice = rng.random()
    if dice < 0.3 and len(steps) > 1:
        steps = steps[: rng.randint(1, len(steps) - 1)]
    elif dice < 0.45:
        steps = [*steps, rng.choice([("key", "x"), ("index", 0), ("key", "a")])]
    for i, step in enumerate(steps):
        if step[0] == "item or self":
            steps[i] = ("items",)
        if steps[i] == ("items",) and chance(rng, 0.5):
            steps[i] = ("index", rng.choice([0, -1, 1]))
        elif step[0] == "index" and chance(rng, 0.3):
            steps[i] = ("items",)
    if not steps or ("special", "$key") in steps[:-1]:
        return None
    plain = all(step[0] == "key" or (step[0] == "index" and step[1] >= 0) for step in steps)
    if plain and chance(rng, 0.4):
        return "/" + "/".join(str(step[1]).replace("~", "~0").replace("/", "~1") for step in steps)
    text = ""
    for kind, *of in steps:
        if kind == "key":
            simple = of[0].isalnum() and not chance(rng, 0.1)
            text += ("." if text else "") + (of[0] if simple else '"' + of[0].replace('"', '""') + '"')
        elif kind == "special":
            text += "." + of[0] if text else of[0]
        else:
            text += f"[{of[0]}]" if kind == "index" else "[*]" if kind == "items" else "{*}"
    return text


def in_expression(path):
    return 'source "' + path.replace('"', '""') + '"'


def a_column(rng, path, chosen):
    """A column that reads the path somehow and may well fail, for the reports to say so."""
    many = "[*]" in path or "{*}" in path
    how = {"when_wrong": rng.choice(["write-blank", "write-original", {"write": "x"}])} if chance(rng, 0.2) else {}
    typed = {"type": rng.choice(["integer", "decimal", "email", "url", "uuid", "country", "date", "time", "duration", "boolean", "currency"])}
    if many:
        ways = [
            {"from": path, "join": "+", "lookup": {"x": "y"}, "unknown": rng.choice(["reject", "keep", {"write": "z", "and": "warn"}])},
            {"from": path, "total": rng.choice(["sum", "max", "only", "first"]), "type": "decimal"},
            {"from": path, "join": "+", **typed, **how},
            {"from": path, "type": "json"},
        ]
    else:
        ways = [
            {"from": path, **typed, **how},
            {"from": path, **typed, **how},
            {"from": path, "type": "date", "read": rng.choice(["DD/MM/YYYY", "ISO-8601", "D MMM YYYY"]), "between": ["2020-01-01", "2021-01-01"]},
            {"from": path, "type": "decimal", "between": [1, 5]},
            {"from": path, "one_of": ["a", "b"]},
            {"from": path, "pattern": "[a-c]*"},
            {"from": path, "at_most": 3},
            {"from": path, "split": {"by": "@", "take": 7}},
            {"from": path, "lookup": {"x": "y"}, "unknown": rng.choice(["reject", "keep", "write-blank", {"write": "z", "and": "warn"}])},
            {"by": [path, "id"], "lookup": {"x": "y"}} if chance(rng, 0.2) else {"from": [path, "id"], "join": "-", **typed},
            {"first_of": ["nadie", path], **typed},
            {"compute": in_expression(path) + " + 1"},
            {"choose": [{"when": in_expression(path) + " > 5", "write": "x"}, {"otherwise": {"from": path}}], **typed},
            {"from": "id", "type": "datetime", "no_zone_means": {"from": path}, "zone": "UTC"},
            {"value": "12.345", "type": "money", "currency": {"from": path}},
            {"from": "n", "type": "money", "currency": "EUR", "minor_units": {"from": path}},
            {"from": {"list": path, "where": "k", "is": "v", "take": "w"}, **typed},
            {"from": {"list": "ps", "where": "lg", "is": {"from": path}, "take": "tx"}, **typed},
            {"each": path, "called": "cada", "columns": {"m": {"from": "cada.x", **typed}}},
            {"from": path, "type": "json"},
        ]
    if chosen and chance(rng, 0.3):
        of = 'column "' + rng.choice(chosen) + '"'
        return rng.choice([{"compute": of + rng.choice([" + 1", " * 2", " + 3 days"]), **how},
                           {"choose": [{"when": of + rng.choice([" > 5", ' = "x"', " is blank"]), "write": "x"}, {"otherwise": {"column": of[8:-1]}}],
                            **rng.choice([typed, {"at_most": 2}, {"pattern": "x"}]), **how}])  # fmt: skip
    return rng.choice(ways)


def more_words(mapping, files, places, chosen, rng):
    """Reads the places elsewhere too, in the mapping that is given."""
    spellings = [path for path in (spelled(rng.choice(places), rng) for _ in range(6)) if path]
    if not spellings:
        return
    columns = mapping["columns"]
    for i in range(rng.randint(0, 4)):
        columns[f"Mas{i}"] = a_column(rng, rng.choice(spellings), chosen)
    single = [path for path in spellings if "*" not in path]
    if single:
        path = rng.choice(single)
        if chance(rng, 0.15):
            mapping["input"]["id"] = path
        if chance(rng, 0.15):
            mapping["only"] = {"when": in_expression(path) + rng.choice([" > 5", " is filled", " != \"x\""])}
        if chance(rng, 0.15):
            mapping["duplicates"] = {"same": rng.choice([path, [path, "id"]]), "others": "reject",
                                     "keep": rng.choice(["first", "last", "none", "highest " + path, "lowest nu"])}  # fmt: skip
        if chance(rng, 0.04):
            mapping["input"]["error_body"] = path
    rules = []
    for i in range(rng.randint(0, 2)):
        of = in_expression(rng.choice(single)) if single and chance(rng, 0.5) else 'column "' + rng.choice(list(columns)) + '"'
        check = of + rng.choice([" > 5", ' = "x"', ' matches "[a-c]*"', " between 2020-01-01 and 2021-01-01", " is blank"])
        rules.append({"name": f"mas-{i}", "check": check, "level": rng.choice(["reject", "warn", "warn", "reject", "stop"]), "message": "No."})
    if rules:
        mapping["rules"] = [*(mapping.get("rules") or []), *rules]
    if chance(rng, 0.35):
        mapping["input"]["fields_nobody_uses"] = rng.choice(["warn", "warn", "reject"])
    if mapping["output"]["format"] != "csv" and chance(rng, 0.2):
        mapping["output"]["rest"] = "yes"
    if chance(rng, 0.15):
        names = list(columns)
        files["esquema.json"] = json.dumps({"properties": {name: rng.choice([{"maxLength": 1}, {"type": "number"}, {"enum": ["x"]}, {"pattern": "^x$"},
                                                                             {"maxItems": 0}, {"maximum": 1}]) for name in names}})  # fmt: skip
        mapping["output"]["schema"] = "esquema.json"


def tests_of(lines, names, rng):
    """Tests that fail, or not, over some of the records."""
    given = []
    for line in lines[:6]:
        try:
            if b"[" * 50 not in line:  # YAML may nest less deep than JSON
                given.append(json.loads(line))
        except (ValueError, RecursionError):
            continue
    if not given:
        return None
    rows = [{rng.choice(names): "x"} for _ in range(rng.randint(0, 3))]
    return [{"name": "una", "given": given[:3], "expect_rows": rows}, {"name": "otra", "given": given[3:] or given, "expect_rejected": [{"code": "REQUIRED_BLANK"}]}]


def by_their_keys(base, files, rng):
    """Whether the records now are entries of one object, each named by something personal."""
    if base["input"]["format"] != "ndjson" or any("." in name for name in files if not name.endswith(".csv")) or not chance(rng, 0.15):
        return False
    base["input"].update({"format": "json", "records": "todo{*}"})
    if chance(rng, 0.3):
        base["input"]["id"] = "$key"
    base["columns"]["Llave"] = {"from": "$key", "personal": "yes", **({"type": "integer"} if chance(rng, 0.5) else {})}
    return True


def entries_of(records, rng):
    """The input of such a mapping."""
    key = rng.choice([f'"{TEXT}%d"', f'"%d {DAY}"', f'"{NUMBER}%d"', f'"\\u005A{TEXT[1:]} %d"', f'"{TEXT}%.0s"'])
    return b'{"todo": {' + b",\n".join((key % i).encode() + b": " + record for i, record in enumerate(records)) + b"}}\n"


def cases(mapping, files, lines, rng):
    """(mappings with more and fewer words, their files, tests, the input); None where nothing can be personal."""
    base = copy.deepcopy(mapping)
    places, chosen = personal_places(base, rng)
    named = by_their_keys(base, files, rng)
    if named:
        places.append([("special", "$key")])
        chosen.append("Llave")
    if not places:
        return None
    records = marked(lines, places, rng)
    if not records:
        return None
    files, mappings = dict(files), []
    for _ in range(12):  # `check` refuses some
        made = copy.deepcopy(base)
        more_words(made, files, places, chosen, rng)
        mappings.append(made)
    mappings.append(base)
    tests = None if named else tests_of(records, list(base["columns"]), rng)
    return mappings, files, tests, entries_of(records, rng) if named else records
