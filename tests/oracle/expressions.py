"""The small typed expressions of check, when and compute (mappings/rules.md, section 6)."""

import datetime
import functools
import re
from fractions import Fraction

import values
from results import blank_of
from values import Dec, Moment, Refused, Span, Undecided, Unsure

TOKEN = re.compile(
    r'\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?)|(?P<text>"(?:[^"]|"")*")'
    r"|(?P<name>[^\W\d][\w.]*(?:\[\d+\])?)|(?P<sign><=|>=|!=|[=<>()\[\],+*/-]))"
)


def tokens(text):
    out, at = [], 0
    while at < len(text.rstrip()):
        found = TOKEN.match(text, at)
        if not found:
            raise ValueError("expression: " + text)
        out.append((found.lastgroup, found.group(found.lastgroup)))
        at = found.end()
    return out


class Parser:
    """Recursive descent to nested tuples: (operator, operand, ...)."""

    def __init__(self, text):
        self.tokens = tokens(text)
        self.at = 0

    def peek(self):
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def accept(self, *words):
        if self.peek() in words and self.tokens[self.at][0] != "text":
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def expect(self, word):
        if not self.accept(word):
            raise ValueError("expected " + word)

    def whole(self):
        tree = self.either()
        if self.at != len(self.tokens):
            raise ValueError("something is left over")
        return tree

    def either(self):
        tree = self.both()
        while self.accept("or"):
            tree = ("or", tree, self.both())
        return tree

    def both(self):
        tree = self.negated()
        while self.accept("and"):
            tree = ("and", tree, self.negated())
        return tree

    def negated(self):
        return ("not", self.negated()) if self.accept("not") else self.compared()

    def compared(self):
        left = self.sum()
        sign = self.accept("=", "!=", "<", "<=", ">", ">=")
        if sign:
            return (sign, left, self.sum())
        if self.accept("is"):
            if self.accept("blank"):
                return ("blank", left)
            self.expect("one")
            self.expect("of")
            self.expect("[")
            items = [self.sum()]
            while self.accept(","):
                items.append(self.sum())
            self.expect("]")
            return ("one of", left, items)
        if self.accept("matches"):
            return ("matches", left, self.sum())
        if self.accept("between"):
            low = self.sum()
            self.expect("and")
            return ("between", left, low, self.sum())
        return left

    def sum(self):
        tree = self.product()
        while sign := self.accept("+", "-"):
            right = self.product()
            if self.accept("days", "day"):
                right = ("days", right)
            tree = (sign, tree, right)
        return tree

    def product(self):
        tree = self.single()
        while sign := self.accept("*", "/"):
            tree = (sign, tree, self.single())
        return tree

    def single(self):
        if self.accept("("):
            tree = self.either()
            self.expect(")")
            return tree
        if self.accept("-"):
            return ("minus", self.single())
        if self.peek() == "days" and self.tokens[self.at + 1][1] == "between":
            self.at += 2
            first = self.sum()
            self.expect("and")
            return ("days between", first, self.sum())
        if self.peek() in ("hours", "minutes") and self.tokens[self.at + 1][1] == "between":
            unit = self.tokens[self.at][1]
            self.at += 2
            first = self.single()
            self.expect("and")
            return (unit + " between", first, self.single())
        if self.peek() == "day" and self.tokens[self.at + 1][1] == "of":
            self.at += 2
            time = self.single()
            self.expect("in")
            zone = self.tokens[self.at][1].strip('"')
            self.at += 1
            return ("day of", time, zone)
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "name" and text in ("column", "source") and self.tokens[self.at][0] == "text":
            self.at += 1
            return (text, self.tokens[self.at - 1][1][1:-1].replace('""', '"'))
        if kind == "name" and text.startswith("source."):
            return ("source", text[7:])
        return ("column" if kind == "name" else kind, text)


@functools.cache
def tree_of(text):
    return Parser(text).whole()


def names_in(text):
    """("column", name) and ("source", path) of an expression."""

    def leaves(tree):
        if isinstance(tree, list):
            return [leaf for part in tree for leaf in leaves(part)]
        if not isinstance(tree, tuple):
            return []
        if tree[0] in ("column", "source"):
            return [] if tree == ("column", "today") else [tree]
        return [leaf for part in tree[1:] for leaf in leaves(part)]

    return leaves(tree_of(text))


def is_blank(value):
    return type(value).__name__ in ("Blank", "Original")


def type_of(text, columns):
    """decimal, integer, date or text: the type of a compute expression."""
    tree = tree_of(text)
    while tree[0] in ("+", "-", "*", "/", "minus"):
        if tree[0] in ("*", "/", "minus"):
            return "decimal"
        tree = tree[1]
    if tree[0] == "days between":
        return "integer"
    if tree[0] in LENGTHS:
        return "decimal"
    if tree[0] == "day of":
        return "date"
    if tree[0] == "column":
        kind = columns[tree[1]].type
        return "decimal" if kind in ("integer", "money") and tree_of(text)[0] != "column" else kind
    return {"number": "decimal", "date": "date"}.get(tree[0], "text")


class Judge:
    def __init__(self, oracle, scope, row, spec=None):
        self.oracle = oracle
        self.columns = row.family
        self.scope = scope
        self.row = row
        self.spec = spec or {}

    def truth(self, tree):
        """True, False, or None where a blank leaves it undecided."""
        word = tree[0]
        if word == "not":
            inner = self.truth(tree[1])
            return None if inner is None else not inner
        if word in ("and", "or"):
            sides = [self.truth(tree[1]), self.truth(tree[2])]
            decided = word == "or"
            if decided in sides:
                return decided
            return None if None in sides else not decided
        if word == "blank":
            return is_blank(self.value(tree[1], None))
        if word == "one of":
            kind = self.kind(tree[1])
            left = self.value(tree[1], kind)
            if is_blank(left):
                return None
            return any_of([equal(left, self.value(t, kind)) for t in tree[2]])
        if word == "matches":
            left = self.value(tree[1], "text")
            return None if is_blank(left) else re.fullmatch(tree[2][1][1:-1], left, re.ASCII) is not None
        if word == "between":
            kind = self.kind(tree[1]) or self.kind(tree[2])
            parts = [self.value(t, kind) for t in tree[1:]]
            if any(is_blank(p) for p in parts):
                return None
            return all_of([ordered(parts[1], parts[0]), ordered(parts[0], parts[2])])
        if word in ("=", "!=", "<", "<=", ">", ">="):
            return self.compare(word, tree)
        value = self.value(tree, "boolean")
        return None if is_blank(value) else value

    def compare(self, word, tree):
        kind = self.kind(tree[1]) or self.kind(tree[2]) or "text"
        left, right = (self.value(t, kind) for t in tree[1:])
        if is_blank(left) or is_blank(right):
            return None
        if isinstance(left, Span):
            return compare_spans(word, left, right)
        left, right = key(left), key(right)
        return {
            "=": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[word]

    def kind(self, tree):
        """The type of an operand; None for a source field, which takes the type of the other side."""
        word = tree[0]
        if word == "column" and tree[1] != "today":
            kind = self.columns[tree[1]].type
            return "decimal" if kind in ("integer", "money") else kind
        if word in ("+", "-"):
            return self.kind(tree[1]) or "decimal"
        return {
            "number": "decimal",
            "minus": "decimal",
            "*": "decimal",
            "/": "decimal",
            "date": "date",
            "text": "text",
            "days between": "decimal",
            "hours between": "decimal",
            "minutes between": "decimal",
            "day of": "date",
        }.get(word)

    def value(self, tree, kind):
        word = tree[0]
        if word == "number":
            return values.read_number(tree[1], False, [])
        if word == "text":
            return tree[1][1:-1].replace('""', '"')
        if word == "date":
            return Moment(datetime.date.fromisoformat(tree[1]))
        if word == "column":
            return self.row.value(tree[1])
        if word == "source":
            return self.source(tree[1], kind)
        if word == "minus":
            inner = self.value(tree[1], "decimal")
            return inner if is_blank(inner) else Dec(-inner.coefficient, inner.scale)
        return self.arithmetic(tree)

    def source(self, path, kind):
        node = self.scope.one(path)
        words = set(self.oracle.mapping.get("input", {}).get("null_words", []))
        blank = blank_of(node, words)
        if blank:
            return blank
        if kind is None:
            return node.text or "x"
        if node.kind in ("list", "object"):
            raise Refused("WRONG_TYPE")
        if kind == "decimal":
            return values.read_number(node.text, node.kind == "number", [])
        if kind == "date":
            return values.read_moment(node.text, ["ISO-8601"], None, None)
        return node.text

    def length(self, word, first, last):
        """Hours or minutes between two times, as a fraction."""
        if is_blank(first) or is_blank(last):
            return first if is_blank(first) else last
        if (first.offset is None) != (last.offset is None):
            raise Refused("WRONG_TYPE")
        return finished(Fraction(last.key() - first.key()) / LENGTHS[word])

    def arithmetic(self, tree):
        word = tree[0]
        if word == "days between":
            first, last = self.value(tree[1], "date"), self.value(tree[2], "date")
            if is_blank(first) or is_blank(last):
                return first if is_blank(first) else last
            return Dec((last.date - first.date).days, 0)
        if word in LENGTHS:
            return self.length(word, self.value(tree[1], "datetime"), self.value(tree[2], "datetime"))
        if word == "day of":
            time = self.value(tree[1], "datetime")
            if is_blank(time):
                return time
            if time.offset is None:
                raise Refused("ZONE_MISSING")
            return Moment(time.shifted(values.offset_at(tree[2], time)).date)
        left = self.value(tree[1], "date" if tree[2][0] == "days" else "decimal")
        right = self.value(tree[2][1] if tree[2][0] == "days" else tree[2], "decimal")
        if is_blank(left) or is_blank(right):
            return left if is_blank(left) else right
        if isinstance(left, Moment):
            day = left.date.toordinal() + (right.coefficient if word == "+" else -right.coefficient)
            if not 1 <= day <= datetime.date.max.toordinal():
                raise Unsure("a day beyond the calendar")
            return Moment(datetime.date.fromordinal(day))
        if word == "/":
            if right.coefficient == 0:
                raise Refused("DIVISION_BY_ZERO")
            quotient = Fraction(left.fraction(), right.fraction())
            if self.spec.get("type") == "money":
                return Quotient(quotient)  # rounded once, after its conversion
            return values.round_fraction(quotient, int(self.spec["decimals"]), self.spec["rounding"])
        return combine(word, left, right)


LENGTHS = {"hours between": 3600, "minutes between": 60}


class Quotient:
    """An exact quotient on the way."""

    def __init__(self, value):
        self.value = value

    def fraction(self):
        return self.value


def compare_spans(word, left, right):
    try:
        order = values.compare_spans(left, right)
    except Undecided:
        return None
    return {"=": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[word]


def equal(left, right):
    return compare_spans("=", left, right) if isinstance(left, Span) else key(left) == key(right)


def ordered(low, high):
    return compare_spans("<=", low, high) if isinstance(low, Span) else key(low) <= key(high)


def any_of(truths):
    return True if True in truths else None if None in truths else False


def all_of(truths):
    return False if False in truths else None if None in truths else True


def finished(fraction):
    """A number, or a Quotient where its digits have no end."""
    try:
        return plain_number(fraction)
    except Refused:
        return Quotient(fraction)


def combine(word, left, right):
    if isinstance(left, Quotient) or isinstance(right, Quotient):
        a, b = left.fraction(), right.fraction()
        return finished(a * b if word == "*" else a + b if word == "+" else a - b)
    if word == "*":
        return Dec(left.coefficient * right.coefficient, left.scale + right.scale)
    scale = max(left.scale, right.scale)
    a = left.coefficient * 10 ** (scale - left.scale)
    b = right.coefficient * 10 ** (scale - right.scale)
    return Dec(a + b if word == "+" else a - b, scale)


def key(value):
    if isinstance(value, (Dec, Quotient)):
        return value.fraction()
    return value.key() if isinstance(value, Moment) else value


def judge(text, oracle, scope, row):
    return Judge(oracle, scope, row).truth(tree_of(text))


def compute(text, oracle, scope, row, spec):
    made = Judge(oracle, scope, row, spec).value(tree_of(text), "decimal")
    if not isinstance(made, Quotient) or spec.get("type") == "money":
        return made
    if "decimals" in spec:
        return values.round_fraction(made.fraction(), int(spec["decimals"]), spec["rounding"])
    return plain_number(made.fraction())


def plain_number(fraction):
    """All digits of a fraction; one without an end is refused."""
    left, scale = fraction.denominator, 0
    while left % 10 == 0 or left % 2 == 0 or left % 5 == 0:
        left //= 10 if left % 10 == 0 else 2 if left % 2 == 0 else 5
        scale += 1
    if left != 1:
        raise Refused("NUMBER_NEEDS_ROUNDING")
    return Dec(int(fraction * 10**scale), scale)
