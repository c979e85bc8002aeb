"""Paths of the mapping language, and what they find in a record.

One function (`walk`) decides what a path gives: a value, a blank with its kind, or WRONG_TYPE. What is empty where an
object or a list is needed is blank, and so is what lies behind null or nothing; any other kind is wrong.
"""

import functools
import re

from json_reader import Node
from values import Refused

MISSING = Node("missing")
NULL = Node("null")
EMPTY = Node("empty")  # something empty on the way of a path
NO_VALUE = ("missing", "null", "empty")
SPECIAL = ("$key", "$value", "$number")


def is_white(text):
    return text.strip() == ""


def is_empty(node):
    """Whether a Node is `""`, white space, `[]` or `{}`."""
    if node.kind in ("list", "object"):
        return not node.items
    return node.kind == "empty" or (node.kind == "text" and is_white(node.text))


@functools.cache
def parsed(text):
    return Path(text)


class Path:
    """Steps are ("key", name), ("index", n), ("items",), ("entries",) and ("special", "$key")."""

    def __init__(self, text):
        self.text = text
        self.pointer = text.startswith("/")
        self.steps = tuple(self.read_pointer() if self.pointer else self.read_dotted())
        self.many = any(step[0] in ("items", "entries") for step in self.steps)

    @property
    def first(self):
        """The name that a dotted path begins with, or None."""
        begins = not self.pointer and self.steps and self.steps[0][0] == "key"
        return self.steps[0][1] if begins else None

    def read_pointer(self):
        keys = self.text.split("/")[1:]
        return [("key", k.replace("~1", "/").replace("~0", "~")) for k in keys]

    def read_dotted(self):
        steps, at, text = [], 0, self.text
        while at < len(text):
            if text[at] == ".":
                at += 1
            if text[at] == "[":
                end = text.index("]", at)
                inside = text[at + 1 : end]
                steps.append(("items",) if inside == "*" else ("index", int(inside)))
                at = end + 1
            elif text.startswith("{*}", at):
                steps.append(("entries",))
                at += 3
            elif text[at] == '"':
                found = re.compile(r'"((?:[^"]|"")*)"').match(text, at)
                steps.append(("key", found[1].replace('""', '"')))
                at = found.end()
            else:
                found = re.compile(r"[^.\[{\"]+").match(text, at)
                steps.append(("special" if found.group() in SPECIAL else "key", found.group()))
                at = found.end()
        return steps


class Scope:
    """The record, and the items that `called` names (name -> Node), with their numbers."""

    def __init__(self, record, called=None, numbers=None):
        self.record = record
        self.called = called or {}
        self.numbers = numbers or {}

    def with_item(self, name, node, number=None):
        return Scope(self.record, {**self.called, name: node}, {**self.numbers, name: number})

    def find(self, path):
        """The Nodes that a path finds: one, or with a wildcard one or more. WRONG_TYPE where it meets another kind."""
        path = parsed(path) if isinstance(path, str) else path
        steps, start = path.steps, self.record
        if path.first in self.called:
            start, steps = self.called[path.first], steps[1:]
            if steps == (("special", "$number"),):
                number = self.numbers[path.first]
                return [MISSING if number is None else Node("number", str(number), raw=str(number))]
        return walk(start, steps, path.pointer)

    def one(self, path):
        return self.find(path)[0]

    def lists_without_items(self, path):
        path = parsed(path)
        if path.first in self.called:
            return lists_without_items(self.called[path.first], path.steps[1:])
        return lists_without_items(self.record, path.steps)


def walk(node, steps, pointer):
    if not steps:
        return [node]
    step, rest = steps[0], steps[1:]
    kind = step[0]
    if kind == "special" and isinstance(node, Entry):
        return walk(Node("text", node.key) if step[1] == "$key" else node.plain, rest, pointer)
    if kind == "special" and node.kind not in NO_VALUE:
        raise Refused("WRONG_TYPE")  # only the entries of an object have a key
    if node.kind in NO_VALUE:
        return [{"missing": MISSING, "null": NULL, "empty": EMPTY}[node.kind]]
    if kind == "key" and pointer and node.kind == "list" and re.fullmatch("0|[1-9][0-9]*", step[1]):
        kind, step = "index", ("index", int(step[1]))
    if node.kind != ("list" if kind in ("index", "items") else "object"):
        if is_empty(node):
            return [EMPTY]
        raise Refused("WRONG_TYPE")
    if kind == "key":
        return walk(node.get(step[1]) or MISSING, rest, pointer)
    if kind == "index":
        index = step[1] if step[1] >= 0 else len(node.items) + step[1]
        inside = 0 <= index < len(node.items)
        return walk(node.items[index] if inside else MISSING, rest, pointer)
    if not node.items:
        return [EMPTY]
    return [found for item in entries_or_items(node) for found in walk(item, rest, pointer)]


def lists_without_items(node, steps):
    """How many of the blanks that walk() gives are lists that have no items, or are not there."""
    if all(step[0] not in ("items", "entries") for step in steps):
        return 0
    step, rest = steps[0], steps[1:]
    if node.kind in NO_VALUE or is_empty(node):
        return 1
    if step[0] in ("items", "entries"):
        return sum(lists_without_items(item, rest) for item in entries_or_items(node))
    try:
        return sum(lists_without_items(below, rest) for below in walk(node, steps[:1], False))
    except Refused:
        return 0


def entries_or_items(node):
    return [Entry(key, value) for key, value in node.items] if node.kind == "object" else node.items


class Entry(Node):
    """The value of an entry of an object, which knows its key."""

    def __init__(self, key, node):
        super().__init__(node.kind, node.text, node.items, node.raw)
        self.key = key
        self.plain = node
