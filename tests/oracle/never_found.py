"""Fields that no record of the run has (mappings/rules.md, rule 9.8)."""

import re

from paths import parsed
from results import as_list
from row_levels import levels_of
from unused import from_the_top

HELPERS = ("currency", "zone", "no_zone_means", "minor_units")


def called_names(mapping):
    """Of each name that `rows` gives: its list as steps from the top, or None where it is no part of the record."""
    called = {}
    for level in levels_of(mapping):
        for path, name in zip(as_list(level["one_per"]), as_list(level["called"])):
            called[name] = None if isinstance(path, dict) or "where" in level else list_steps(path, called)
    return called


def list_steps(path, called):
    steps = top(path.removesuffix("{*}"), called)
    return None if steps is None else steps + [("entries",) if path.endswith("{*}") else ("items",)]


def top(path, called):
    first = parsed(path).first
    if (first in called and called[first] is None) or path.endswith(("$key", "$value", "$number")):
        return None
    return list(from_the_top(path, called))


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
        groups += [group for child in column.children.values() for group in fields_of(child, inner)]
    return groups


def occurs(node, steps):
    """Whether what the last step of a path names is there at all, null and empty too."""
    if not steps:
        return True
    step, rest = steps[0], steps[1:]
    if step[0] in ("items", "entries"):
        inside = node.items if node.kind == "list" else [value for _, value in node.items]
        return not rest or any(occurs(item, rest) for item in inside)
    if node.kind == "list" and re.fullmatch("-?[0-9]+", str(step[1])):
        index = int(step[1])
        return -len(node.items) <= index < len(node.items) and occurs(node.items[index], rest)
    value = node.get(step[1]) if step[0] == "key" and node.kind == "object" else None
    return value is not None and occurs(value, rest)


def never_found(oracle, lines, answers):
    """Columns with a field that no record has: (sure, perhaps). Whether records count that are not mapped is open."""
    mapped, others = [], []
    for line, answer in zip(lines, answers):
        record = oracle.first_look(line)[1]
        if record is not None:
            aside = answer.duplicate or answer.skipped or answer.errors or answer.unread
            (others if aside else mapped).append(record)
    called = called_names(oracle.mapping)
    sure, perhaps = set(), set()
    for name, column in oracle.columns.items():
        if column.is_on("optional"):
            continue
        for group in fields_of(column, called):
            if None in group:
                perhaps.add(name)
            elif not any(occurs(record, path) for path in group for record in mapped):
                seen = any(occurs(record, path) for path in group for record in others)
                (perhaps if seen or not mapped else sure).add(name)
    return sure, perhaps - sure
