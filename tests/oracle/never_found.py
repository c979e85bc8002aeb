"""Fields that no record of the run has (mappings/rules.md, rule 9.8)."""

import re

from paths import NO_VALUE, is_empty, parsed
from results import as_list
from row_levels import levels_of
from unused import from_the_top

HELPERS = ("currency", "convert_to", "zone", "no_zone_means", "minor_units", "when_blank")


def called_names(mapping):
    """Of each name that `rows` gives: its list as steps from the top, or None where it is no part of the record."""
    called = {}
    for level in levels_of(mapping):
        for path, name in zip(as_list(level["one_per"]), as_list(level["called"])):
            called[name] = None if isinstance(path, dict) or "where" in level else list_steps(path, called, level)
    return called


def list_steps(path, called, level=None):
    """`level`: of `rows`, whose list may be one item (one_or_many)."""
    steps = top(path.removesuffix("{*}"), called)
    items = ("items", "or one") if (level or {}).get("one_or_many") == "yes" else ("items",)
    return None if steps is None else Steps(steps + [("entries",) if path.endswith("{*}") else items], steps.of_items)


class Steps(list):
    """From the top of the record; the first `of_items` of them lead to the items that it begins at."""

    def __init__(self, steps, of_items):
        super().__init__(steps)
        self.of_items = of_items


def top(path, called):
    first = parsed(path).first
    if (first in called and called[first] is None) or path.endswith(("$key", "$value", "$number")):
        return None
    return Steps(from_the_top(path, called), len(called.get(first, ())))


def fields_of(column, called):
    """Groups of paths as steps: one path of a group is enough. None for what is not certain to count as a field."""
    groups = []
    for source in as_list(column.spec.get("from", [])) + as_list(column.spec.get("by", [])):
        groups.append([None if isinstance(source, dict) else top(source, called)])
    if "first_of" in column.spec:
        paths = as_list(column.spec["first_of"])
        groups.append([None if isinstance(source, dict) else top(source, called) for source in paths])
    if any(isinstance(column.spec.get(word), dict) for word in HELPERS) or "choose" in column.spec or "compute" in column.spec:
        groups.append([None])
    if "each" in column.spec:
        inner = {**called, column.spec.get("called", "item"): list_steps(column.spec["each"], called)}
        groups.append([list_steps(column.spec["each"], called)])
        groups += [[None]] if "where" in column.spec else []
        groups += [group for child in column.children.values() for group in fields_of(child, inner)]
    return groups


def fields_of_rows(levels, called):
    """The same of what `rows` goes through, and by what it chooses."""
    groups = []
    for level in levels:
        for path in as_list(level["one_per"]):
            stated = [path[w] for w in ("split", "days_from", "until") if w in path] if isinstance(path, dict) else [path]
            groups += [[top(text.removesuffix("{*}").removesuffix("[*]"), called)] for text in stated]
        groups += [[None]] if "where" in level else []
    return groups


FOUND, MISSING, UNKNOWN = "found", "missing", "unknown"


def looked_for(node, steps):
    """Whether what a path names is there. Below null, something empty or another kind nothing is known."""
    last = len(steps) == 1 and steps[0][0] in ("items", "entries")
    if not steps or (last and is_empty(node) and node.kind == ("list" if steps[0][0] == "items" else "object")):
        return FOUND
    if node.kind in ("null", *NO_VALUE) or is_empty(node):
        return UNKNOWN
    step, rest = steps[0], steps[1:]
    if step[0] in ("items", "entries"):
        if step[1:] and node.kind != "list":
            return looked_for(node, rest)
        if node.kind != ("list" if step[0] == "items" else "object"):
            return UNKNOWN
        inside = node.items if node.kind == "list" else [value for _, value in node.items]
        return strongest(looked_for(item, rest) for item in inside)
    if node.kind == "list" and re.fullmatch("-?[0-9]+", str(step[1])):
        index = int(step[1])
        inside = -len(node.items) <= index < len(node.items)
        return looked_for(node.items[index], rest) if inside else UNKNOWN
    if step[0] != "key" or node.kind != "object":
        return UNKNOWN
    value = node.get(step[1])
    return MISSING if value is None else looked_for(value, rest)


def state_of(record, path):
    """In items only where there are items: what becomes of a list that is not there is told of `rows`."""
    if path.of_items and looked_for(record, path[: path.of_items]) != FOUND:
        return UNKNOWN
    return looked_for(record, path)


def strongest(found):
    found = set(found)
    return next((state for state in (FOUND, MISSING) if state in found), UNKNOWN)


def never_found(oracle, lines, answers):
    """Columns, and "rows", with a field that no record has: (sure, perhaps). Records count that are mapped, refused ones too."""
    mapped, perhaps_mapped = [], []
    for line, answer in zip(lines, answers):
        record = oracle.first_look(line)[1]
        if record is None or answer.duplicate or answer.unread:
            continue
        early = any(column is None for _, column in answer.errors)  # a duplicate, or a record without rows
        (perhaps_mapped if early or answer.skipped else mapped).append(record)
    called = called_names(oracle.mapping)
    sure, perhaps = set(), set()
    watched = {name: fields_of(column, called) for name, column in oracle.columns.items() if not column.is_on("optional")}
    for name, groups in {**watched, "rows": fields_of_rows(oracle.levels, called)}.items():
        for group in groups:
            if None in group:
                perhaps.add(name)
                continue
            certain = [[state_of(record, path) for path in group] for record in mapped]
            others = [[state_of(record, path) for path in group] for record in perhaps_mapped]
            if any(FOUND in states for states in certain):
                continue
            told = any(set(states) == {MISSING} for states in certain)
            if told and not any(FOUND in states for states in others):
                sure.add(name)
            elif told or any(set(states) == {MISSING} for states in others):
                perhaps.add(name)
    return sure, perhaps - sure
