"""The rows of a record: one level or several, lists side by side, entries of objects, parts of a text, nights."""

import datetime
from dataclasses import dataclass, field

import values
from json_reader import Node
from paths import MISSING, NO_VALUE, Entry, Scope, entries_or_items, is_empty, parsed
from picks import SCALARS, fits
from results import as_list
from values import Refused

MOST_ROWS = 10000
MOST_NIGHTS = 366


@dataclass
class RowScope:
    """A Scope, and of each level which item of the record it is in; `made` where the level has no item."""

    scope: Scope
    items: tuple = ()
    made: bool = False


@dataclass
class Rows:
    scopes: list = field(default_factory=list)
    troubles: list = field(default_factory=list)  # (code, level): items whose list cannot be told, of which there are no rows
    skipped: bool = False
    left_out: int = 0  # items that `where` did not want


class Nothing(Exception):
    """A list that is not there, or has nothing in it: `kind` is missing, null or empty."""

    def __init__(self, kind):
        super().__init__(kind)
        self.kind = kind


def levels_of(mapping):
    stated = mapping.get("rows")
    return [] if not stated or stated == "none" else as_list(stated)


def names_of(levels):
    """The level, from 1, of each called name."""
    return {name: i for i, level in enumerate(levels, 1) for name in as_list(level["called"])}


def rows_of(scope, levels):
    """The rows of a record, or Refused where its own list cannot be told."""
    rows = Rows([RowScope(scope)])
    for depth, level in enumerate(levels):
        made = []
        for row in rows.scopes:
            try:
                made += inner_rows(row, level, depth, rows)
            except Refused as e:
                if depth == 0:
                    raise
                rows.troubles.append((e.code, depth))
        rows.scopes = made
        if not made:
            rows.skipped = not rows.troubles
            return rows
    if len(rows.scopes) > next((int(level["at_most"]) for level in levels if "at_most" in level), MOST_ROWS):
        raise Refused("TOO_MANY_ROWS", "rows")
    return rows


def inner_rows(row, level, depth, rows):
    names = as_list(level["called"])
    try:
        items = items_of(row.scope, level, depth, rows)
    except Nothing as nothing:
        kind = "empty" if row.made and of_made_item(row.scope, level) else nothing.kind
        return without_items(row, level, depth, names, kind, rows)
    out = []
    for serial, found in enumerate(items):
        if found is None:
            continue
        inner = row.scope
        for name, value in zip(names, found):
            inner = inner.with_item(name, value, serial + 1)
        out.append(RowScope(inner, (*row.items, serial), row.made))
    return out


def of_made_item(scope, level):
    """Whether the list is of an item that is not there: nobody sent that item without it."""
    paths = []
    for stated in as_list(level["one_per"]):
        paths += [stated[w] for w in ("split", "days_from", "until") if w in stated] if isinstance(stated, dict) else [stated]
    return any(scope.called.get(parsed(path).first) is MISSING for path in paths)


def without_items(row, level, depth, names, kind, rows):
    how = level.get("when_missing", "reject") if kind == "missing" else level.get("when_empty", "one-row")
    if how == "reject":
        raise Refused("REQUIRED_BLANK")
    if how == "one-row":
        inner = row.scope
        for name in names:
            inner = inner.with_item(name, MISSING)
        return [RowScope(inner, (*row.items, 0), True)]
    rows.left_out += depth > 0  # the item around it makes no row
    return []


def items_of(scope, level, depth, rows):
    """Tuples of one item, or of the items side by side. Nothing is raised where there are none."""
    lists, trouble = [], None
    for stated in as_list(level["one_per"]):
        try:
            lists.append(one_list(scope, stated, level))
        except Refused as e:
            trouble = trouble or e
    blank = [found for found in lists if isinstance(found, Nothing)]
    missing = [nothing for nothing in blank if nothing.kind == "missing"]
    if missing and level.get("when_missing", "reject") == "reject":
        raise missing[0]  # whatever the others are
    if trouble:
        raise trouble
    lists = side_by_side(lists)
    if len({0 if isinstance(items, Nothing) else len(items) for items in lists}) > 1:
        raise Refused("WRONG_TYPE")
    if blank:
        raise (missing or blank)[0]
    if "where" in level:
        return wanted_items(lists[0], level, depth, rows)
    tuples = list(zip(*lists))
    if all(isinstance(items, Parts) for items in lists):  # a place where no text says anything makes no row
        tuples = [parts for parts in tuples if any(part.text for part in parts)]
    return tuples


class Parts(list):
    """Of a text: those that are not blank; `places`: all of them, the blank ones too."""

    places = ()


def side_by_side(lists):
    """Of lists beside one another a blank part keeps its place, and the entries of objects go together by their keys."""
    if len(lists) == 1:
        return lists
    for i, parts in enumerate(lists):
        if isinstance(parts, Parts):
            filled = max(n for n, part in enumerate(parts.places, 1) if part.text)
            lists[i] = Parts(parts.places[:filled])
            lists[i].places = parts.places
    most = max(0 if isinstance(items, Nothing) else len(items) for items in lists)
    for i, parts in enumerate(lists):
        if isinstance(parts, Parts) and len(parts.places) >= most:
            lists[i] = Parts(parts.places[:most])
    objects = [i for i, items in enumerate(lists) if not isinstance(items, Nothing) and items and all(isinstance(one, Entry) for one in items)]
    for i in objects[1:]:
        first, by_key = lists[objects[0]], {entry.key: entry for entry in lists[i]}
        if len(first) == len(by_key):
            if any(entry.key not in by_key for entry in first):
                raise Refused("WRONG_TYPE")
            lists[i] = [by_key[entry.key] for entry in first]
    return lists


def wanted_items(items, level, depth, rows):
    """Those that `where` wants; one that it cannot judge is a bad item, which has been counted: None."""
    wanted = []
    for item in items:
        try:
            if fits(item, level["where"]):
                wanted.append((item,))
            else:
                rows.left_out += 1
        except Refused as e:
            rows.troubles.append((e.code, depth + 1))
            wanted.append(None)
    if not wanted:
        raise Nothing("empty")
    return wanted


def one_list(scope, stated, level):
    """The items of a list, of a text or between two days, or the Nothing that is there instead."""
    if isinstance(stated, dict):
        try:
            return parts_of_text(scope, stated) if "split" in stated else nights(scope, stated)
        except Nothing as nothing:
            return nothing
    entries = stated.endswith("{*}")
    return items_in(scope.one(stated.removesuffix("{*}")), level, entries)


def items_in(node, level, entries):
    if node.kind in NO_VALUE:
        return Nothing(node.kind)
    if is_empty(node):
        return Nothing("empty")
    if node.kind != "list" and level.get("one_or_many") == "yes" and not entries:
        return [node]
    if node.kind != ("object" if entries else "list"):
        raise Refused("WRONG_TYPE")
    return entries_or_items(node)


def parts_of_text(scope, stated):
    node = scope.one(stated["split"])
    if node.kind in NO_VALUE:
        raise Nothing(node.kind)
    if is_empty(node):
        raise Nothing("empty")
    if node.kind not in SCALARS:
        raise Refused("WRONG_TYPE")
    places = [Node("text", part if part.strip() else "") for part in node.text.split(stated["by"])]
    parts = Parts(part for part in places if part.text)
    parts.places = places
    if not parts:
        raise Nothing("empty")
    return parts


def nights(scope, stated):
    """Each day from the first to the one before the last, as a date that is written plainly."""
    days = []
    for word in ("days_from", "until"):
        node = scope.one(stated[word])
        if node.kind in NO_VALUE:
            raise Nothing(node.kind)
        if is_empty(node):
            raise Nothing("empty")
        if node.kind not in SCALARS:
            raise Refused("WRONG_TYPE")
        formats = as_list(stated.get("read", "ISO-8601"))
        moment = values.read_moment(node.text, formats, stated.get("months"), None)
        if moment.offset is not None:
            raise Refused("ZONE_MISSING")
        days.append(moment.date)
    count = (days[1] - days[0]).days
    if count <= 0:
        raise Nothing("empty")
    if count > int(stated.get("at_most", MOST_NIGHTS)):
        raise Refused("TOO_MANY_ROWS")
    return [Night(days[0] + datetime.timedelta(days=n)) for n in range(count)]


class Night(Node):
    """An item that is a date already: no format reads it."""

    def __init__(self, day):
        super().__init__("text", day.isoformat())
        self.day = day
