"""Lookup and rate tables of a mapping; files come as a dict of name -> text."""

import csv
import datetime
import io

from values import Refused, read_number


def csv_lines(stated, files):
    text = files[stated["file"]]
    return list(csv.DictReader(io.StringIO(text), delimiter=stated.get("separator", ",")))


def lookup_tables(tables, files):
    made = {}
    for name, stated in tables.items():
        if stated.get("kind") == "rates":
            continue
        if "file" in stated:
            made[name] = {line[stated["key"]]: line[stated["value"]] for line in csv_lines(stated, files)}
        else:
            made[name] = stated
    return made


class RateTable:
    def __init__(self, stated, files):
        self.stated = stated
        self.lines = []
        mark = stated.get("decimal_mark", ".")
        for line in csv_lines(stated, files):
            day = datetime.date.fromisoformat(line[stated["date"]])
            number = read_number(line[stated["rate"]].replace(mark, "."), False, [])
            self.lines.append((day, line[stated["from"]], line[stated["to"]], number.fraction()))

    def rate(self, unit, target, day):
        """The rate of the day, or of the last one before it where the table allows that."""
        found = self.last(unit, target, day)
        if found is None and self.stated.get("inverse_allowed") == "yes":
            inverse = self.last(target, unit, day)
            if inverse is not None:
                return 1 / inverse
        if found is None:
            raise Refused("RATE_MISSING")
        return found

    def last(self, unit, target, day):
        known = [(d, r) for d, a, b, r in self.lines if (a, b) == (unit, target) and d <= day]
        if not known:
            return None
        last, rate = max(known)
        age = (day - last).days
        if age == 0:
            return rate
        if self.stated.get("no_rate_that_day", "reject") != "use-previous":
            return None
        return rate if age <= int(self.stated["at_most_days_old"]) else None
