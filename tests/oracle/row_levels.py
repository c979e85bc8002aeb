"""The rows of a record: one level or several, lists side by side, entries of objects."""

from dataclasses import dataclass, field

from json_reader import Node
from paths import Entry, Path, Scope, is_white
from values import Refused, Unsure


@dataclass
class RowScope:
    """A Scope, and of each level which item of the record it is in."""

    scope: Scope
    items: tuple = ()


@dataclass
class Rows:
    scopes: list = field(default_factory=list)
    skipped: bool = False
    left_out: bool = False  # an item below the first level had nothing in it, and `skip`


def as_list(value):
    return value if isinstance(value, list) else [value]


def levels_of(mapping):
    stated = mapping.get("rows")
    return [] if not stated else as_list(stated)


def names_of(levels):
    """The level, from 1, of each called name."""
    return {name: i for i, level in enumerate(levels, 1) for name in as_list(level["called"])}


def rows_of(scope, levels):
    rows = Rows([RowScope(scope)])
    for depth, level in enumerate(levels):
        made = []
        for row in rows.scopes:
            items = items_of(row.scope, level)
            if not items:
                items = without_items(level, depth, rows)
            for serial, values in enumerate(items):
                inner = row.scope
                for name, value in zip(as_list(level["called"]), values):
                    inner = inner.with_item(name, value)
                made.append(RowScope(inner, (*row.items, serial)))
        rows.scopes = made
        if not made:
            rows.skipped = True
            break
    return rows


def without_items(level, depth, rows):
    how = level.get("when_empty", "one-row")
    if how == "one-row":
        return [tuple(Node("missing") for _ in as_list(level["called"]))]
    if how == "reject":
        raise Unsure("the code of a record without rows")
    if depth > 0:
        raise Unsure("what is left out where an item of a further level has nothing in it")
    return []


def items_of(scope, level):
    """Tuples of one item, or of the items side by side; none where there is nothing."""
    lists = [one_list(scope, path, level) for path in as_list(level["one_per"])]
    if len({len(items) for items in lists}) > 1:
        raise Unsure("lists side by side of other lengths")
    return list(zip(*lists))


def one_list(scope, text, level):
    entries = text.endswith("{*}")
    try:
        node = scope.find(Path(text.removesuffix("{*}")))[0]
    except Refused:
        raise Unsure("whether columns are tried where the rows cannot be told") from None
    if node.kind in ("missing", "null") or (node.kind == "text" and is_white(node.text)):
        return []
    if entries:
        if node.kind != "object":
            raise Unsure("whether columns are tried where the rows cannot be told")
        return [Entry(key, value) for key, value in node.items]
    if node.kind == "object" and level.get("one_or_many") == "yes" and node.items:
        return [node]
    if node.kind != "list":
        raise Unsure("whether columns are tried where the rows cannot be told")
    if any(item.kind == "null" for item in node.items):
        raise Unsure("an item of rows that is null")
    return node.items
