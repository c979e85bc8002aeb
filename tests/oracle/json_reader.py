"""JSON of one record, read as RFC 8259 says, for the oracle.

Not Python's json module: numbers keep their digits, every value keeps its own text, repeated keys are refused, NaN and
lone surrogates are no JSON, and nesting has a limit. Slow and plain on purpose.
"""

import re
from dataclasses import dataclass, field

MAX_DEPTH = 128
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
BLANKS = re.compile(r"[ \t\r\n]*")
PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class BadRecord(Exception):
    """The whole record is refused, with this code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Node:
    """One JSON value. `text` of a scalar as it is looked at by columns, `raw` as it stands in the record."""

    kind: str  # null, boolean, number, text, list, object
    text: str = ""
    items: list = field(default_factory=list)  # nodes, or (key, node) of an object
    raw: str = ""

    def get(self, key):
        for name, node in self.items:
            if name == key:
                return node
        return None


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0
        self.repeated = False

    def blanks(self):
        self.at = BLANKS.match(self.text, self.at).end()

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, expected):
        if not self.text.startswith(expected, self.at):
            raise BadRecord("JSON_INVALID")
        self.at += len(expected)

    def value(self, depth):
        self.blanks()
        start = self.at
        first = self.peek()
        if first == "{":
            node = self.object(depth + 1)
        elif first == "[":
            node = self.list(depth + 1)
        elif first == '"':
            node = Node("text", self.string())
        elif first in "tfn" and first:
            word = {"t": "true", "f": "false", "n": "null"}[first]
            self.take(word)
            node = Node("null") if word == "null" else Node("boolean", word)
        else:
            found = NUMBER.match(self.text, self.at)
            if not found:
                raise BadRecord("JSON_INVALID")
            self.at = found.end()
            node = Node("number", found.group())
        node.raw = self.text[start : self.at]
        return node

    def string(self):
        self.take('"')
        out = []
        while True:
            plain = PLAIN.match(self.text, self.at)
            out.append(plain.group())
            self.at = plain.end()
            c = self.peek()
            if c == "" or c < " ":
                raise BadRecord("JSON_INVALID")
            self.at += 1
            if c == '"':
                break
            out.append(self.escape())
        text = "".join(out)
        if SURROGATE.search(text):
            raise BadRecord("JSON_INVALID")
        return text

    def escape(self):
        c = self.peek()
        self.at += 1
        if c in ESCAPES and c:
            return ESCAPES[c]
        if c != "u":
            raise BadRecord("JSON_INVALID")
        unit = self.hex4()
        if 0xD800 <= unit < 0xDC00 and self.text.startswith("\\u", self.at):
            back = self.at
            self.at += 2
            low = self.hex4()
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            self.at = back
        return chr(unit)

    def hex4(self):
        digits = self.text[self.at : self.at + 4]
        if not re.fullmatch(r"[0-9a-fA-F]{4}", digits):
            raise BadRecord("JSON_INVALID")
        self.at += 4
        return int(digits, 16)

    def object(self, depth):
        self.deeper(depth)
        node = Node("object")
        seen = set()
        self.take("{")
        self.blanks()
        if self.peek() == "}":
            self.at += 1
            return node
        while True:
            self.blanks()
            key = self.string()
            self.repeated |= key in seen
            seen.add(key)
            self.blanks()
            self.take(":")
            node.items.append((key, self.value(depth)))
            self.blanks()
            if self.peek() != ",":
                break
            self.at += 1
        self.take("}")
        return node

    def list(self, depth):
        self.deeper(depth)
        node = Node("list")
        self.take("[")
        self.blanks()
        if self.peek() == "]":
            self.at += 1
            return node
        while True:
            node.items.append(self.value(depth))
            self.blanks()
            if self.peek() != ",":
                break
            self.at += 1
        self.take("]")
        return node

    def deeper(self, depth):
        if depth > MAX_DEPTH:
            raise BadRecord("RECORD_TOO_DEEP")


def read_value(text, depth=0):
    """The Node of any JSON text, such as a constant of a `json` column. `depth`: of what it is in."""
    reader = Reader(text)
    node = reader.value(depth)
    reader.blanks()
    if reader.at != len(text):
        raise BadRecord("JSON_INVALID")
    if reader.repeated:
        raise BadRecord("DUPLICATE_FIELD")
    return node


def read_record(line):
    """The Node of one record (bytes), or BadRecord."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRecord("TEXT_NOT_UTF8") from None
    reader = Reader(text)
    node = reader.value(0)
    reader.blanks()
    if reader.at != len(text) or node.kind != "object":
        raise BadRecord("JSON_INVALID")
    if reader.repeated:
        raise BadRecord("DUPLICATE_FIELD")
    return node
