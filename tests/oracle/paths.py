"""Paths of the mapping language, and what they find in a record."""

import re

from json_reader import Node
from values import Refused

MISSING = Node("missing")
THROUGH_NULL = "through null"  # the text of a missing value whose path met null


def is_white(text):
    return text.strip() == ""


class Path:
    """Steps are ("key", name), ("index", n), ("items",) and ("entries",)."""

    def __init__(self, text):
        self.text = text
        self.pointer = text.startswith("/")
        self.steps = self.read_pointer() if self.pointer else self.read_dotted()

    @property
    def many(self):
        return any(step[0] in ("items", "entries") for step in self.steps)

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
                steps.append(("key", found.group()))
                at = found.end()
        return steps


class Scope:
    """The record, and the items that `called` names (name -> Node; `$key` and an index beside it)."""

    def __init__(self, record, called=None):
        self.record = record
        self.called = called or {}

    def with_item(self, name, node):
        return Scope(self.record, {**self.called, name: node})

    def find(self, path):
        """The Nodes that a path finds: one, or with a wildcard any number. WRONG_TYPE where it meets another kind."""
        steps = path.steps
        start = self.record
        if not path.pointer and steps and steps[0][0] == "key" and steps[0][1] in self.called:
            start, steps = self.called[steps[0][1]], steps[1:]
        return walk(start, steps, path.pointer)


def walk(node, steps, pointer):
    if not steps:
        return [node]
    step, rest = steps[0], steps[1:]
    kind = step[0]
    if node.kind in ("missing", "null"):
        if kind == "key" and step[1] == "$key" and isinstance(node, Entry):
            return [Node("text", node.key)]
        many = any(s[0] in ("items", "entries") for s in steps)
        through_null = node.kind == "null" or node.text == THROUGH_NULL
        return [] if many else [Node("missing", THROUGH_NULL) if through_null else MISSING]
    if kind == "key" and pointer and node.kind == "list" and re.fullmatch("0|[1-9][0-9]*", step[1]):
        kind, step = "index", ("index", int(step[1]))
    if kind == "key":
        if step[1] in ("$key", "$value") and isinstance(node, Entry):
            return walk(Node("text", node.key) if step[1] == "$key" else node.plain, rest, pointer)
        if node.kind != "object":
            raise Refused("WRONG_TYPE")
        return walk(node.get(step[1]) or MISSING, rest, pointer)
    if kind == "index":
        if node.kind != "list":
            raise Refused("WRONG_TYPE")
        index = step[1] if step[1] >= 0 else len(node.items) + step[1]
        inside = 0 <= index < len(node.items)
        return walk(node.items[index] if inside else MISSING, rest, pointer)
    if kind == "items":
        if node.kind != "list":
            raise Refused("WRONG_TYPE")
        return [found for item in node.items for found in walk(item, rest, pointer)]
    if node.kind != "object":
        raise Refused("WRONG_TYPE")
    return [found for key, item in node.items for found in walk(Entry(key, item), rest, pointer)]


class Entry(Node):
    """The value of an entry of an object, which knows its key."""

    def __init__(self, key, node):
        super().__init__(node.kind, node.text, node.items, node.raw)
        self.key = key
        self.plain = node
