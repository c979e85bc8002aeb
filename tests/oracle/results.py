"""What a column can give, and what a record gives."""

import collections
from dataclasses import dataclass, field

from paths import NO_VALUE, is_white


@dataclass
class Blank:
    kind: str  # missing, null, empty


@dataclass
class Original:
    """What `write-original` leaves: blank for rules, its text in the output."""

    text: str


@dataclass
class Json:
    raw: str


@dataclass
class Objects:
    """What `each` writes: of each item, the values of its columns by name."""

    items: list
    currencies: list = field(default_factory=list)  # of each item, those of its money columns


@dataclass
class Answer:
    rest: str = ""  # of every row: members that no column reads, as JSON
    key: str = ""  # of `identity`, as text
    rows: list = field(default_factory=list)
    errors: set = field(default_factory=set)
    perhaps: set = field(default_factory=set)  # errors of which it is open whether they are told too
    skipped: bool = False
    duplicate: bool = False
    unsure: str = ""
    stops: bool = False  # the run ends here
    unread: bool = False  # it ended before
    left_out: int = 0  # items of rows
    notes: list = field(default_factory=list)  # of each row: column -> missing, null, empty, default or wrong
    notices: collections.Counter = field(default_factory=collections.Counter)  # (code, column)
    item_notes: list = field(default_factory=list)  # the same of items of `each`: (its column, the notes)


def as_list(value):
    return value if isinstance(value, list) else [value]


def blank_of(node, null_words):
    """The Blank that a Node is, or None."""
    if node.kind in NO_VALUE:
        return Blank(node.kind)
    if node.kind in ("list", "object"):
        return None if node.items else Blank("empty")
    if is_white(node.text):
        return Blank("empty")
    return Blank("null") if node.text.strip() in null_words else None


def blank_of_several(blanks):
    """The kind of several blanks: empty if one is, else null if one is."""
    kinds = {blank.kind for blank in blanks}
    return Blank(next(kind for kind in ("empty", "null", "missing") if kind in kinds))


SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def json_text(text):
    return '"' + "".join(SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'
