"""Lookup and rate tables of a mapping; files come as a dict of name -> text."""

import csv
import datetime
import io
from fractions import Fraction

from json_reader import read_value
from values import Refused, Unsure, read_moment, read_number

INSIDE = "inside:"  # in front of the path of a table that travels in the dump, among the files


def csv_lines(stated, files):
    text = files[stated["file"]]
    return list(csv.DictReader(io.StringIO(text), delimiter=stated.get("separator", ",")))


def lookup_tables(tables, files):
    made = {}
    for name, stated in tables.items():
        if stated.get("kind") == "rates":
            continue
        if "inside" in stated:
            made[name] = inside_table(stated, read_value(files[INSIDE + stated["inside"]]))
        elif "file" in stated:
            lines = csv_lines(stated, files)
            for column in [stated["value"]] if "value" in stated else lines[0]:
                made[name if "value" in stated else f"{name}.{column}"] = entries(stated, lines, column)
        else:
            made[name] = stated
    return made


def day_of(stated, text):
    """A day of a table, as its `read` says."""
    formats = stated.get("read", "YYYY-MM-DD")
    formats = formats if isinstance(formats, list) else [formats]
    return read_moment(text, formats, stated.get("months"), stated.get("two_digit_years")).date


def entries(stated, lines, column):
    """What a column of a file gives for each key; of lines that hold for a time, all of them: [(first day, last day, value)]."""
    keys = stated["key"] if isinstance(stated["key"], list) else [stated["key"]]
    by_day = "valid_from" in stated or "valid_to" in stated
    made = {}
    for line in lines:
        key = "\0".join(line[key] for key in keys)
        if by_day:
            first, last = [line.get(stated.get(word), "") for word in ("valid_from", "valid_to")]
            first, last = [day and day_of(stated, day).isoformat() for day in (first, last)]
            made.setdefault(key, []).append((first or "0001-01-01", last or "9999-12-31", line[column]))
        else:
            made[key] = line[column] if stated.get("repeated") != "first" else made.get(key, line[column])
    return made


def inside_table(stated, node):
    """Pairs of an object, or of a list by the fields of its items."""
    if node.kind == "object" and "value" not in stated:
        return {key: value.text for key, value in node.items}
    if node.kind == "object":
        return {key: value.get(stated["value"]).text for key, value in node.items}
    made = {}
    for item in node.items:  # `repeated: first`; else no key comes twice
        made.setdefault(item.get(stated["key"]).text, item.get(stated["value"]).text)
    return made


class RateTable:
    def __init__(self, stated, files):
        self.stated = stated
        self.lines = []
        mark = stated.get("decimal_mark", ".")
        if "inside" in stated:
            self.read_inside(files)
            return
        for line in csv_lines(stated, files):
            day = day_of(stated, line[stated["date"]])
            for source, target, text in self.sides(line):
                number = read_number(text.replace(mark, "."), False, [])
                self.lines.append((day, source, target, number.fraction()))

    def read_inside(self, files):
        """Rates in the dump, of entries or items: sides are $key, a field, {value: …} or {inside: …}."""
        stated = self.stated
        node = read_value(files[INSIDE + stated["inside"]])
        for key, entry in node.items if node.kind == "object" else [(None, item) for item in node.items]:

            def side(word):
                what = stated[word]  # noqa: B023
                if isinstance(what, dict):
                    return what["value"] if "value" in what else read_value(files[INSIDE + what["inside"]]).text
                return key if what == "$key" else entry.get(what).text  # noqa: B023

            if any(entry.get(column).text != text for column, text in stated.get("source", {}).items()):
                continue
            figure = entry.get(stated["rate"]) if "rate" in stated else entry
            text = figure.text.replace(stated.get("thousands_mark", "\0"), "").replace(stated.get("decimal_mark", "."), ".")
            day = datetime.date.fromisoformat(side("date")) if "date" in stated else datetime.date.min
            self.lines.append((day, side("from"), side("to"), Fraction(text)))

    def has_days(self):
        return "inside" not in self.stated or "date" in self.stated

    def sides(self, line):
        """(from, to, rate) of each rate of a line."""
        source, target = self.stated["from"], self.stated["to"]
        if target == "columns":
            codes = [name for name in line if len(name) == 3 and name.isupper() and line[name] not in ("", "N/A")]
            return [(source["value"], code, line[code]) for code in codes]
        return [(line[source], line[target], line[self.stated["rate"]])]

    def rate(self, unit, target, day):
        """(rate, its day, whether it is an inverse): of the day, or the last one before it where the table allows that."""
        ways = [way for way in (self.one_step(unit, target, day), self.by_a_third(unit, target, day)) if way]
        if not ways:
            raise Refused("RATE_MISSING")
        if len(ways) > 1:
            raise Unsure("a rate that is there and by a third currency too")
        return ways[0]

    def one_step(self, unit, target, day):
        direct = self.last(unit, target, day)
        inverse = self.last(target, unit, day) if self.stated.get("inverse_allowed") == "yes" else None
        if direct and inverse:
            raise Unsure("a rate that is there in both directions")
        if inverse:
            return Fraction(1) / inverse[0], inverse[1], True
        return (*direct, False) if direct else None

    def by_a_third(self, unit, target, day):
        third = self.stated.get("through")
        if third is None or third in (unit, target):
            return None
        legs = [self.one_step(unit, third, day), self.one_step(third, target, day)]
        if None in legs:
            return None
        if len({day for _, day, _ in legs}) > 1:
            return legs[0][0] * legs[1][0], None, legs[0][2] or legs[1][2]
        return legs[0][0] * legs[1][0], legs[0][1], legs[0][2] or legs[1][2]

    def last(self, unit, target, day):
        known = [(d, r) for d, a, b, r in self.lines if (a, b) == (unit, target) and d <= day]
        if not known:
            return None
        last, rate = max(known)
        age = (day - last).days
        if age == 0:
            return rate, last
        if self.stated.get("no_rate_that_day", "reject") != "use-previous":
            return None
        return (rate, last) if age <= int(self.stated["at_most_days_old"]) else None
