"""A slow, plain interpreter of trama mappings: what every record must give, from the language page alone.

`Oracle(mapping).answers(lines)` gives for each record an Answer: rows (lists of values), or the (code, column) pairs
that refuse it. A mapping is a dict, as its YAML would be, every scalar a text. Where the page is silent, Unsure is raised
inside and the answer says so. Warnings are not judged.
"""

import re
import unicodedata
from dataclasses import dataclass, field

import expressions
import values
from json_reader import BadRecord, Node, read_record, read_value
from paths import THROUGH_NULL, Entry, Path, Scope, is_white
from row_levels import levels_of, names_of, rows_of
from tables import RateTable, lookup_tables
from unused import has_unused, rest_of
from values import Dec, Moment, Refused, Unsure

EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+"
)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Only codes that were and are what they are: the tests use no others.
COUNTRIES = set("CO MX AR BR CL PE UY ES FR DE US GB IT PT JP NA NO".split())
CURRENCIES = {
    **{c: 2 for c in "USD EUR COP MXN ARS BRL PEN GBP CHF PLN CAD IDR".split()},
    **{c: 0 for c in "JPY CLP PYG KRW VND".split()},
    **{c: 3 for c in "BHD KWD TND".split()},
}
NOT_CURRENCIES = {"XX1", "usd", "US", "", "ABC", "€", "DOLLAR", "ZZZ", "US$", "12"}


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
class Span:
    """A duration in seconds."""

    seconds: int


@dataclass
class Objects:
    """What `each` writes: of each item, the values of its columns by name."""

    items: list


@dataclass
class Answer:
    rest: str = ""  # of every row: members that no column reads, as JSON
    rows: list = field(default_factory=list)
    errors: set = field(default_factory=set)
    skipped: bool = False
    duplicate: bool = False
    unsure: str = ""
    stops: bool = False  # the run ends here
    unread: bool = False  # it ended before


def as_list(value):
    return value if isinstance(value, list) else [value]


def blank_of(node, null_words):
    """The Blank that a Node is, or None."""
    if node.kind in ("missing", "null"):
        return Blank(node.text or node.kind)
    if node.kind in ("list", "object"):
        return None if node.items else Blank("empty")
    if node.text.strip() in null_words and not is_white(node.text):
        return Blank("null")
    return Blank("empty") if is_white(node.text) else None


def plain_text(text):
    bare = re.sub("<[^>]*>", "", text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return bare


def no_accents(text):
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if unicodedata.category(c) != "Mn"))


def title_case(text):
    out, inside = "", False
    for c in text:
        if c.isalpha() or unicodedata.category(c) == "Mn":
            out += c.lower() if inside else c.upper()
            inside = True
        else:
            inside = c in "'’" and inside or c.isdigit()
            out += c
    return out


TEXT_STEPS = {
    "trim": str.strip,
    "upper-case": str.upper,
    "lower-case": str.lower,
    "title-case": title_case,
    "no-accents": no_accents,
    "one-space": lambda text: re.sub(r"\s+", " ", text),
    "digits-only": lambda text: re.sub("[^0-9]", "", text),
    "plain-text": plain_text,
}


class Column:
    """One output column: from a Scope to a finished value."""

    def __init__(self, name, spec, oracle):
        self.name = name
        self.spec = {"from": spec} if isinstance(spec, (str, list)) else spec
        self.oracle = oracle
        self.type = self.spec.get("type", "text")
        self.children = {n: Column(n, s, oracle) for n, s in self.spec.get("columns", {}).items()}
        if "type" not in self.spec and self.spec.get("total") in ("sum", "count"):
            self.type = "decimal" if self.spec["total"] == "sum" else "integer"
        for word, type_ in (("rate_of", "decimal"), ("rate_day_of", "date"), ("currency_of", "text")):
            if word in self.spec:
                self.type = self.spec.get("type", type_)
        if "type" not in self.spec and "compute" in self.spec:
            self.type = expressions.type_of(self.spec["compute"], oracle)
        inputs = oracle.mapping.get("input", {})
        self.null_words = set(self.spec.get("null_words", [])) | set(inputs.get("null_words", []))

    def word(self, name, otherwise=None):
        return self.spec.get(name, otherwise)

    def is_on(self, name):
        return self.spec.get(name) == "yes"

    # --- the source

    def nodes(self, scope):
        """The parts of the value, and whether there may be several."""
        if "first_of" in self.spec:
            return [self.first_of(scope)], False
        if isinstance(self.spec["from"], dict):
            return [self.pick(scope, self.spec["from"])], False
        paths = [Path(p) for p in as_list(self.spec["from"])]
        found = [node for path in paths for node in scope.find(path)]
        return found, len(paths) > 1 or paths[0].many

    def first_of(self, scope):
        last = Node("missing")
        for text in self.spec["first_of"]:
            try:
                node = scope.find(Path(text))[0]
            except Refused:
                continue
            blank = blank_of(node, self.null_words)
            if blank or (node.kind in ("list", "object") and self.type != "json"):
                continue
            return node
        return last

    def pick(self, scope, how):
        holder = scope.find(Path(how["list"]))[0]
        if holder.kind in ("missing", "null"):
            return Node("missing")
        if holder.kind == "object":
            items = [Entry(key, node) for key, node in holder.items]
        elif holder.kind == "list":
            items = holder.items
        else:
            raise Refused("WRONG_TYPE")
        if isinstance(how["is"], dict):
            wanted = scope.find(Path(how["is"]["from"]))[0].text
            wanted = [wanted]
        else:
            wanted = as_list(how["is"])
        for word in wanted:
            for item in items:
                try:
                    where = Scope(item).find(Path(how["where"]))[0]
                except Refused:
                    raise Unsure("an item of a pick that is no object") from None
                if where.kind in ("text", "number", "boolean") and where.text == word:
                    return Scope(item).find(Path(how["take"]))[0] if "take" in how else item
        return Node("missing")

    def level(self, names):
        """The deepest rows level that it reads; `names`: the level of each called name."""
        if "each" in self.spec:
            raise Unsure("the level of a list of objects")
        paths = as_list(self.spec.get("from", [])) + self.spec.get("first_of", []) + self.spec.get("by", [])
        for word in ("currency", "zone", "no_zone_means"):
            if isinstance(self.spec.get(word), dict):
                paths.append(self.spec[word]["from"])
        levels = [0]
        for path in paths:
            if isinstance(path, dict):
                raise Unsure("the level of a choice of items")
            steps = Path(path).steps
            if steps and not path.startswith("/"):
                levels.append(names.get(steps[0][1], 0))
        for word in ("rate_of", "rate_day_of", "currency_of", "rate_date"):
            if word in self.spec:
                levels.append(self.oracle.columns[self.spec[word]].level(names))
        if "compute" in self.spec or "choose" in self.spec:
            raise Unsure("the level of an expression")
        return max(levels)

    # --- from source to finished value

    def make(self, scope, row):
        """The finished value, or Refused. `row` gives the values of other columns."""
        try:
            value = self.before_required(scope, row)
        except Refused as e:
            if e.stage != "wrong":
                raise
            value = self.soften(e, scope)
        if isinstance(value, Blank) and self.is_on("required"):
            raise Refused("REQUIRED_BLANK", "required")
        return value

    def soften(self, error, scope):
        how = self.word("when_wrong", "reject")
        if how in ("reject", "stop"):
            raise error
        if how == "write-blank":
            return Blank("null")
        if how == "write-original":
            try:
                nodes, many = self.nodes(scope)
            except Refused:
                raise Unsure("write-original where the path finds nothing to write") from None
            if many or nodes[0].kind not in ("text", "number", "boolean"):
                raise Unsure("write-original of something else than one scalar")
            return Original(nodes[0].text)
        return self.finished(how["write"])

    def before_required(self, scope, row):
        if "value" in self.spec:
            return self.check(self.finished(self.spec["value"]))
        if "compute" in self.spec:
            return self.computed(scope, row)
        if "choose" in self.spec:
            return self.chosen(scope, row)
        for word in ("rate_of", "rate_day_of", "currency_of"):
            if word in self.spec:
                return self.about_money(word, scope, row)
        if "by" in self.spec:
            return self.by_several(scope)
        if "each" in self.spec:
            return self.objects(scope)
        if self.type == "json":
            return self.json(scope)
        value = self.text_or_blank(scope)
        if isinstance(value, Blank):
            return value
        if not isinstance(value, Node):
            return self.check(value)  # a default, or a total
        if "lookup" in self.spec:
            value = self.looked_up(value)
            if not isinstance(value, Node):
                return value if isinstance(value, Blank) else self.check(value)
        if self.type == "money":
            self.one_trouble(value, scope, row)
        return self.check(self.converted(self.typed(value, scope), scope, row))

    def one_trouble(self, node, scope, row):
        """Which error an amount gives that fails in several ways is open."""
        troubles = []
        for attempt in (
            lambda: self.typed(node, scope),
            lambda: self.currency_of(scope),
            lambda: row.value(self.spec["rate_date"]) if "rate_date" in self.spec else None,
        ):
            try:
                attempt()
            except Refused as e:
                troubles.append(e.code)
        if len(set(troubles)) > 1:
            raise Unsure("an amount that fails in several ways")

    def about_money(self, word, scope, row):
        """The rate, its day, or the currency of a money column."""
        money = self.oracle.columns[self.spec[word]]
        value = row.value(self.spec[word])
        if not isinstance(value, Dec):
            if isinstance(value, Original) or word == "currency_of":
                raise Unsure("the currency or rate of an amount that is blank or wrong")
            return Blank("missing")
        unit = money.currency_of(scope)
        target = money.word("convert_to", unit)
        if word == "currency_of":
            return target
        if unit == target:
            return Blank("missing")
        rate, day, inverse = money.rate(unit, target, row)
        if word == "rate_day_of":
            if day is None:
                raise Unsure("the day of a rate of two days")
            return Moment(day)
        if "decimals" not in self.spec:
            raise Unsure("how many digits a rate has")
        scale, how = int(self.spec["decimals"]), self.word("rounding", "exact")
        if inverse and how not in ("half-up", "half-even", "half-down"):
            raise Unsure("the digits of an inverse rate")
        return values.round_fraction(rate, scale, how)

    def objects(self, scope):
        """A list of objects; what is wrong in an item has the name of the item's column behind that of this one."""
        node = scope.find(Path(self.spec["each"].removesuffix("{*}")))[0]
        blank = blank_of(node, set())
        if blank and blank.kind == "empty":
            raise Unsure("whether a list of no objects is blank")
        if blank:
            return blank
        entries = self.spec["each"].endswith("{*}")
        if node.kind != ("object" if entries else "list"):
            raise Refused("WRONG_TYPE")
        items = [Entry(key, value) for key, value in node.items] if entries else node.items
        made, wrong = [], set()
        for item in items:
            row = Row(self.oracle, scope.with_item(self.spec.get("called", "item"), item), self.children)
            made.append({name: row.outcome(name) for name in self.children})
            wrong |= {(e.code, f"{self.name}[*].{n}") for n, e in made[-1].items() if isinstance(e, Refused)}
        if wrong:
            error = Refused("", "items")
            error.wrong = wrong
            raise error
        return Objects(made)

    def by_several(self, scope):
        parts = []
        for path in self.spec["by"]:
            node = scope.find(Path(path))[0]
            if node.kind in ("list", "object") and node.items:
                raise Refused("WRONG_TYPE")
            parts.append(None if blank_of(node, self.null_words) else self.stepped(node.text))
        if all(part is None for part in parts):
            return Blank("missing")
        if any(part is None or is_white(part) for part in parts):
            raise Unsure("a key of several parts, one of them blank")
        value = self.looked_up(Node("text", "\0".join(parts)))
        if not isinstance(value, Node):
            return value if isinstance(value, Blank) else self.check(value)
        return self.check(self.typed(value, scope))

    def computed(self, scope, row):
        value = expressions.compute(self.spec["compute"], self.oracle, scope, row, self.spec)
        return value if isinstance(value, Blank) else self.check(self.fit(value))

    def chosen(self, scope, row):
        for choice in self.spec["choose"]:
            if "otherwise" in choice:
                return self.written_choice(choice["otherwise"], scope, row)
            if expressions.judge(choice["when"], self.oracle, scope, row) is True:
                return self.written_choice(choice["write"], scope, row)
        return Blank("missing")

    def written_choice(self, what, scope, row):
        if isinstance(what, dict) and "column" in what:
            return row.value(what["column"])
        if isinstance(what, dict):
            node = scope.find(Path(what["from"]))[0]
            blank = blank_of(node, self.null_words)
            return blank or self.check(self.typed(node, scope))
        return self.check(self.finished(what))

    def json(self, scope):
        nodes, many = self.nodes(scope)
        if many:
            if any(n.kind == "missing" for n in nodes) or not nodes:
                raise Unsure("what is missing in a list of json values")
            return Json("[" + ",".join(n.raw for n in nodes) + "]")
        node = nodes[0]
        if node.text == THROUGH_NULL and node.kind == "missing":
            raise Unsure("json of a path that meets null")
        if node.kind == "missing":
            for word in ("when_missing", "when_blank"):
                if word in self.spec:
                    return self.finished(self.spec[word])
            return Blank("missing")
        if self.null_words and blank_of(node, self.null_words):
            raise Unsure("null words of a json column")
        return Json(node.raw if node.kind != "text" or node.raw else '"' + node.text + '"')

    def text_or_blank(self, scope):
        """A Node of one scalar, a Blank, or a finished value (a default or a total)."""
        nodes, many = self.nodes(scope)
        if self.word("total") in ("count", "first", "last", "only", "sum", "min", "max"):
            return self.total(nodes, scope)
        blanks = [blank_of(n, self.null_words) for n in nodes]
        if all(blanks):
            kind = blanks[0] if len(blanks) == 1 and not many else Blank("several")
            return self.default(kind)
        parts = []
        for node, blank in zip(nodes, blanks):
            if blank:
                continue
            if node.kind in ("list", "object"):
                raise Refused("WRONG_TYPE")
            text = self.stepped(node.text)
            if not is_white(text):
                parts.append(node if text == node.text else Node("text" if node.kind == "text" else node.kind, text))
        if not parts:
            if many and any(word.startswith("when_") and word != "when_wrong" for word in self.spec):
                raise Unsure("whether a default fills several parts that the text steps made blank")
            return Blank("empty")
        if not many:
            return parts[0]
        return Node("text", self.spec["join"].join(p.text for p in parts))

    def default(self, blank):
        if blank.kind == "several" and any(w in self.spec for w in ("when_missing", "when_null", "when_empty")):
            raise Unsure("which kind of blank several blanks are")
        if blank.kind == THROUGH_NULL and any(w in self.spec for w in ("when_missing", "when_null")):
            raise Unsure("whether a value is missing or null where its path meets null")
        for word in ("when_" + blank.kind, "when_blank"):
            if word in self.spec:
                return self.finished(self.spec[word])
        return blank

    def stepped(self, text):
        if "split" in self.spec:
            pieces = text.split(self.spec["split"]["by"])
            take = int(self.spec["split"]["take"])
            index = take - 1 if take > 0 else len(pieces) + take
            text = pieces[index] if 0 <= index < len(pieces) else ""
        for pattern, new in self.spec.get("replace", {}).items():
            text = re.sub(pattern, new.replace("\\", "\\\\"), text)
        steps = as_list(self.spec.get("text", []))
        for step in steps:
            if step == "title-case" and re.search(r"\w['’]+\w", text):
                raise Unsure("title-case after an apostrophe")
            if step == "one-space" and text != text.strip() and not is_white(text) and "trim" not in steps:
                raise Unsure("whether one-space keeps a blank at the edges")
            text = TEXT_STEPS[step](text)
        if "pad" in self.spec and not is_white(text):
            text = text.rjust(int(self.spec["pad"]["to"]), self.spec["pad"]["with"])
        return text

    def total(self, nodes, scope):
        how = self.spec["total"]
        parts = [n for n in nodes if not blank_of(n, self.null_words)]
        if how == "count":
            return self.fit(Dec(len(parts), 0))
        if not parts:
            return self.default(Blank("several"))
        if how in ("first", "last", "only"):
            if how == "only" and len(parts) > 1:
                raise Refused("WRONG_TYPE")
            node = parts[-1 if how == "last" else 0]
            if node.kind in ("list", "object"):
                raise Refused("WRONG_TYPE")
            text = self.stepped(node.text)
            return Node(node.kind, text) if not is_white(text) else Blank("empty")
        if any(n.kind in ("list", "object") for n in parts):
            raise Refused("WRONG_TYPE")
        items, unreadable = [], None
        for node in parts:
            try:
                items.append(self.read_decimal(Node(node.kind, self.stepped(node.text)), scope))
            except Refused as e:
                unreadable = unreadable or e
        longest = max((i.scale for i in items), default=0)
        largest = sum(abs(i.fraction()) for i in items)
        if unreadable and largest * 10**longest >= 10 ** (values.MAX_DIGITS - 1):
            raise Unsure("a sum that fails in several ways")
        if unreadable:
            raise unreadable
        if how == "sum":
            scale = max(i.scale for i in items)
            return self.fit(values.checked(Dec(sum(i.coefficient * 10 ** (scale - i.scale) for i in items), scale)))
        pick = min if how == "min" else max
        best = pick(items, key=Dec.fraction)
        if len({i.scale for i in items if i.fraction() == best.fraction()}) > 1 and "decimals" not in self.spec:
            raise Unsure("which of two equal numbers of another length is the smallest")
        return self.fit(best)

    def looked_up(self, node):
        table = self.oracle.table(self.spec["lookup"])
        fold = self.is_on("ignore_case")
        key = node.text.casefold() if fold else node.text
        for name, value in table.items():
            if (name.casefold() if fold else name) == key:
                return Node("text", value)
        how = self.word("unknown", "reject")
        if how == "reject":
            raise Refused("LOOKUP_UNKNOWN", "unknown")
        if how == "keep":
            return node
        if how == "write-blank":
            return Blank("null")
        return self.finished(how["write"])

    # --- types

    def typed(self, node, scope):
        if node.kind in ("list", "object"):
            raise Refused("WRONG_TYPE")
        text = node.text
        if self.type == "text":
            return text
        if self.type in ("decimal", "integer", "money"):
            return self.read_decimal(node, scope)
        if self.type in ("date", "datetime", "time"):
            return self.read_time(text, scope)
        return getattr(self, "read_" + self.type)(text)

    def read_email(self, text):
        if not EMAIL.fullmatch(text):
            raise Refused("EMAIL_INVALID")
        return text

    def read_url(self, text):
        if re.fullmatch(r"https?://[a-z0-9.-]+\.[a-z]+(/[a-zA-Z0-9./_-]*)?(\?[a-z0-9=&]*)?", text):
            return text
        if re.match("[a-z]+:", text) and " " not in text and not text.endswith("//"):
            raise Unsure("whether this is a URL: " + text)
        raise Refused("URL_INVALID")

    def read_uuid(self, text):
        if not UUID.fullmatch(text):
            raise Refused("UUID_INVALID")
        return text

    def read_country(self, text):
        if text in COUNTRIES:
            return text
        if re.fullmatch("[A-Z]{2}", text) and text not in ("ZZ", "AA", "XX"):
            raise Unsure("whether there is a country " + text)
        raise Refused("COUNTRY_UNKNOWN")

    def read_currency(self, text):
        return currency(text)

    def read_boolean(self, text):
        has_lists = "yes_words" in self.spec or "no_words" in self.spec
        if text in (self.spec.get("yes_words", []) if has_lists else ["true"]):
            return True
        if text in (self.spec.get("no_words", []) if has_lists else ["false"]):
            return False
        raise Refused("BOOLEAN_UNREADABLE")

    def read_duration(self, text):
        seconds = values.read_duration(text, self.word("read", "ISO-8601"), self.word("write", "ISO-8601"))
        if seconds is None:
            raise Refused("DURATION_UNREADABLE")
        return Span(seconds)

    def read_decimal(self, node, scope):
        if node.kind == "boolean":
            raise Refused("NUMBER_UNREADABLE")
        return values.read_number(node.text, node.kind == "number", as_list(self.spec.get("read_number", [])))

    def zone(self, word, scope):
        """A zone or offset that the mapping states, None, or Refused ZONE_MISSING where its field is blank."""
        stated = self.spec.get(word)
        if not isinstance(stated, dict):
            return stated
        node = scope.find(Path(stated["from"]))[0]
        if blank_of(node, self.null_words):
            raise Refused("ZONE_MISSING")
        if re.fullmatch("-?[0-9]{1,2}", node.text):
            return f"{int(node.text):+03}:00"
        if node.text not in ("America/Bogota", "Europe/Madrid", "America/New_York", "UTC", "-05:00", "+05:30"):
            raise Refused("ZONE_MISSING")
        return node.text

    def read_time(self, text, scope):
        spec = self.spec
        moment = values.read_moment(
            text, as_list(spec.get("read", "ISO-8601")), spec.get("months"), spec.get("two_digit_years")
        )
        if self.type == "time":
            if moment.seconds is None or moment.date:
                raise Unsure("a time of a format with a date")
            return moment
        if moment.date is None:
            raise Unsure("a date of a format with a time only")
        if moment.seconds is None:
            if self.type == "datetime":
                raise Unsure("a datetime column that reads a date alone")
            return moment
        try:
            zone = self.zone("zone", scope)
        except Refused:
            if moment.offset is None and "no_zone_means" in spec:
                raise Unsure("a zone that is not known, of a local time that may not be either") from None
            raise
        if moment.offset is None and zone is not None:
            means = self.zone("no_zone_means", scope)
            if means is None:
                raise Refused("ZONE_MISSING")
            offset = values.local_offset(means, moment, spec.get("clock_change", "reject"))
            moment = Moment(moment.date, moment.seconds, moment.fraction, offset)
        elif moment.offset is None and "no_zone_means" in spec:
            raise Unsure("no_zone_means without zone")
        if zone is not None:
            moment = moment.shifted(values.offset_at(zone, moment))
        if self.type == "date":
            if moment.offset is not None and zone is None:
                raise Refused("ZONE_MISSING")
            return Moment(moment.date)
        return moment

    # --- conversion, rounding, checks

    def converted(self, value, scope, row):
        if self.type == "money":
            return self.money(value, scope, row)
        if isinstance(value, Dec):
            if "times" in self.spec:
                # The product is exact; it is rounded once, below.
                by = values.read_number(self.spec["times"], False, [])
                value = Dec(value.coefficient * by.coefficient, value.scale + by.scale)
                digits = str(abs(value.coefficient))
                if len(digits) > values.MAX_DIGITS >= len(digits.rstrip("0")):
                    raise Unsure("a product of more than 38 digits, of which the last are zeros")
            return self.fit(value)
        return value

    def fit(self, number):
        """A Dec with the decimals that the column states."""
        if not isinstance(number, Dec):
            return number
        decimals = "0" if self.type == "integer" else self.word("decimals")
        if decimals is None:
            return values.checked(number)
        return values.rounded(number, int(decimals), self.word("rounding", "exact"))

    def money(self, amount, scope, row):
        unit = self.currency_of(scope)
        target = self.word("convert_to", unit)
        value = amount.fraction()
        if self.is_on("minor_units"):
            value /= 10 ** CURRENCIES[unit]
        if target != unit:
            value *= self.rate(unit, target, row)[0]
        decimals = self.word("decimals", "by-currency")
        scale = CURRENCIES[target] if decimals == "by-currency" else int(decimals)
        result = values.round_fraction(value, scale, self.word("rounding", "exact"))
        if len(str(abs(result.coefficient))) > values.MAX_DIGITS:
            raise Unsure("an amount of more than 38 digits after its rounding")
        return result

    def currency_of(self, scope):
        stated = self.spec["currency"]
        if not isinstance(stated, dict):
            return stated
        node = scope.find(Path(stated["from"]))[0]
        blank = blank_of(node, self.null_words)
        if blank:
            if "when_blank" in stated:
                return stated["when_blank"]
            raise Refused("CURRENCY_UNKNOWN")
        if node.kind in ("list", "object"):
            raise Refused("WRONG_TYPE")
        text = node.text
        for step in as_list(stated.get("text", [])):
            text = TEXT_STEPS[step](text)
        if is_white(text):
            raise Unsure("a currency that is blank after its text steps")
        return currency(text)

    def rate(self, unit, target, row):
        table = self.oracle.rate_table(self.spec["rates"])
        day = row.value(self.spec["rate_date"])
        if isinstance(day, (Blank, Original)):
            raise Refused("RATE_MISSING")
        return table.rate(unit, target, day.date)

    def finished(self, text):
        """A default or constant: a finished value of the column's type, written plainly."""
        if self.type in ("decimal", "integer", "money"):
            number = values.read_number(text, False, [])
            decimals = "0" if self.type == "integer" else self.word("decimals")
            return number if decimals is None else values.rounded(number, int(decimals), "exact")
        if self.type in ("date", "datetime"):
            return values.read_iso(text)
        if self.type == "time":
            return values.read_pattern("HH:mm:ss", text, None, None) or values.read_pattern("HH:mm", text, None, None)
        if self.type == "duration":
            return Span(values.read_duration(text, "ISO-8601"))
        if self.type == "boolean":
            return {"yes": True, "no": False}[text]
        if self.type == "json":
            return Json(read_value(text).raw)
        return text

    def check(self, value):
        if isinstance(value, (Blank, Original, Json, Span, Objects)) or isinstance(value, bool):
            return value
        if "between" in self.spec:
            low, high = (None if b == "none" else self.key(self.finished(b)) for b in self.spec["between"])
            key = self.key(value)
            if (low is not None and key < low) or (high is not None and key > high):
                raise Refused("OUT_OF_RANGE")
        if "one_of" in self.spec and self.key(value) not in [self.key(self.finished(w)) for w in self.spec["one_of"]]:
            raise Refused("NOT_ONE_OF")
        if "pattern" in self.spec and not re.fullmatch(self.spec["pattern"], value, re.ASCII):
            raise Refused("PATTERN_MISMATCH")
        if "at_least" in self.spec and len(value) < int(self.spec["at_least"]):
            raise Refused("TOO_SHORT")
        if "at_most" in self.spec and len(value) > int(self.spec["at_most"]):
            raise Refused("TOO_LONG")
        return value

    def key(self, value):
        if isinstance(value, Dec):
            return value.fraction()
        if isinstance(value, Moment):
            return value.date if self.type == "date" else value.key()
        return value


def currency(text):
    if text in CURRENCIES:
        return text
    if text not in NOT_CURRENCIES and re.fullmatch("[A-Z]{3}", text):
        raise Unsure("whether there is a currency " + text)
    raise Refused("CURRENCY_UNKNOWN")


class Row:
    """The columns of one row, made when they are asked for."""

    def __init__(self, oracle, scope, columns=None):
        self.oracle = oracle
        self.scope = scope
        self.columns = columns or oracle.columns
        self.made = {}
        self.stops = False  # a value that is wrong ends the run

    def value(self, name):
        """A column's value. What needs a failed column is not tried."""
        made = self.outcome(name)
        if isinstance(made, Refused):
            raise Refused("", "not tried")
        return made

    def outcome(self, name):
        if name not in self.made:
            try:
                self.made[name] = self.columns[name].make(self.scope, self)
            except Refused as e:
                self.made[name] = e
                column = self.columns[name]
                self.stops |= e.stage == "wrong" and column.word("when_wrong") == "stop"
        return self.made[name]


class Oracle:
    def __init__(self, mapping, files=None):
        self.mapping = mapping
        self.files = files or {}
        self.levels = levels_of(mapping)
        self.tables = lookup_tables(mapping.get("tables", {}), self.files)
        self.columns = {}
        for name, spec in mapping["columns"].items():
            self.columns[name] = Column(name, spec, self)

    def table(self, stated):
        return stated if isinstance(stated, dict) else self.tables[stated]

    def rate_table(self, name):
        return RateTable(self.mapping["tables"][name], self.files)

    def answers(self, lines):
        """One Answer a record; `lines` are the bytes of each."""
        found = [self.first_look(line) for line in lines]
        self.leave_out_duplicates(found)
        for answer, record in found:
            if record is not None and not answer.duplicate and not answer.unsure and not answer.errors:
                try:
                    self.map_record(answer, record)
                except Unsure as e:
                    answer.unsure = str(e)
                    answer.stops = False
        answers = [answer for answer, _ in found]
        ends = next((i for i, answer in enumerate(answers) if answer.stops), len(answers))
        return answers[: ends + 1] + [Answer(unread=True) for _ in answers[ends + 1 :]]

    def is_broken(self, line):
        """Whether the record cannot stand in a list: the list would not be one."""
        return any(code == "JSON_INVALID" for code, _ in self.first_look(line)[0].errors)

    def first_look(self, line):
        answer = Answer()
        try:
            return answer, read_record(line)
        except BadRecord as e:
            answer.errors.add((e.code, None))
            return answer, None

    # --- duplicates

    def leave_out_duplicates(self, found):
        how = self.mapping.get("duplicates")
        if not how:
            return
        groups = {}
        for answer, record in found:
            if record is None:
                continue
            key = self.duplicate_key(record, as_list(how["same"]), answer)
            if key is not None:
                groups.setdefault(key, []).append((answer, record))
        keep = how.get("keep", "first")
        for group in groups.values():
            ranked = self.ranked(group, keep)
            if len(group) < 2 and not keep.startswith(("highest", "lowest")):
                continue
            for answer, _ in group:
                if answer.errors or answer.unsure or (ranked and answer is ranked[0]):
                    continue
                if how.get("others", "report") == "reject":
                    answer.errors.add(("DUPLICATE_RECORD", None))
                else:
                    answer.duplicate = True

    def duplicate_key(self, record, paths, answer):
        key = []
        for path in paths:
            try:
                node = Scope(record).find(Path(path))[0]
            except Refused as e:
                answer.errors.add((e.code, None))
                return None
            if blank_of(node, set(self.mapping.get("input", {}).get("null_words", []))):
                if len(paths) > 1:
                    answer.unsure = "a key of several parts, one of them blank"
                return None
            if node.kind in ("list", "object"):
                answer.errors.add(("WRONG_TYPE", None))
                return None
            key.append(node.text)
        return tuple(key)

    def ranked(self, group, keep):
        """The winner first; those that cannot be ranked get their error."""
        if keep == "none":
            return []
        if keep == "first":
            return [group[0][0]]
        if keep == "last":
            return [group[-1][0]]
        word, path = keep.split(" ", 1)
        ranked = []
        for answer, record in group:
            try:
                ranked.append((self.rank(record, path), answer))
            except Refused as e:
                answer.errors.add((e.code, None))
        if not ranked:
            return []
        best = (max if word == "highest" else min)(rank for rank, _ in ranked)
        return [answer for rank, answer in ranked if rank == best][:1]

    def rank(self, record, path):
        node = Scope(record).find(Path(path))[0]
        if blank_of(node, set()) or node.kind in ("list", "object", "boolean"):
            raise Refused("WRONG_TYPE")
        try:
            return (0, values.read_number(node.text, node.kind == "number", []).fraction())
        except Refused:
            pass
        try:
            return (1, values.read_moment(node.text, ["ISO-8601"], None, None).key())
        except Refused:
            raise Refused("WRONG_TYPE") from None

    # --- one record

    def map_record(self, answer, record):
        scope = Scope(record)
        only = self.mapping.get("only")
        if only:
            wanted = expressions.judge(only["when"], self, scope, Row(self, scope))
            if wanted is None:
                answer.errors.add(("RULE_UNDECIDED", None))
                return
            if not wanted:
                answer.skipped = True
                return
        rows = rows_of(scope, self.levels)
        answer.skipped = rows.skipped
        made = [(Row(self, r.scope), r.items) for r in rows.scopes]
        everything = [(self.row_errors(row), row, items) for row, items in made]
        if has_unused(self.mapping, record):
            everything.append(({("FIELD_UNKNOWN", None)}, None, ()))
        answer.stops = any(row and self.stopped(row) for _, row, _ in everything)
        if self.skips_items() and not rows.skipped:
            everything = self.good_items(everything, answer)
        for errors, _, _ in everything:
            answer.errors |= errors
        if answer.errors:
            answer.skipped = False
        elif not rows.skipped:
            answer.rest = rest_of(self.mapping, record)
            answer.rows = self.written_rows([(row, items) for _, row, items in everything if row])

    def skips_items(self):
        return any(level.get("bad_item") == "skip-item" for level in self.levels)

    def good_items(self, everything, answer):
        """Without the rows of bad items; all of them, where none is left or the record itself is bad."""
        names = names_of(self.levels)
        wrong = {name for errors, _, _ in everything for _, name in errors}
        if not wrong:
            return everything
        if answer.stops or any(name not in self.columns for name in wrong):  # a rule, or an item of `each`
            raise Unsure("a bad item of a record that is refused for another reason")
        levels = {self.columns[name].level(names) for name in wrong}
        if len(levels) > 1:
            raise Unsure("whether a bad item of a bad record is told")
        if levels == {0}:
            return everything
        good = [rows for rows in everything if not rows[0]]
        return good or everything

    def stopped(self, row):
        if row.stops:
            return True
        for rule in self.mapping.get("rules", []):
            if rule.get("level") != "stop":
                continue
            try:
                if expressions.judge(rule["check"], self, row.scope, row) is False:
                    return True
            except Refused:
                continue
        return False

    def row_errors(self, row):
        errors = set()
        for name in self.columns:
            outcome = row.outcome(name)
            if isinstance(outcome, Refused) and outcome.stage == "items":
                errors |= outcome.wrong
            elif isinstance(outcome, Refused) and outcome.stage != "not tried":
                errors.add((outcome.code, name))
        for rule in self.mapping.get("rules", []):
            if rule.get("level", "reject") == "warn":
                continue
            try:
                if expressions.judge(rule["check"], self, row.scope, row) is False:
                    errors.add(("RULE_BROKEN", rule["name"]))
            except Refused as e:
                if e.stage != "not tried":
                    raise Unsure("a source field of a rule that cannot be read") from None
        return errors

    def written_rows(self, rows):
        names = [n for n, c in self.columns.items() if not c.is_on("internal")]
        out = []
        for i, (row, _) in enumerate(rows):
            out.append([self.extra(self.columns[n], row.value(n), i, rows) for n in names])
        return out

    def extra(self, column, value, index, rows):
        """`on_extra_rows`: the value counts once for each item that it belongs to."""
        how = column.word("on_extra_rows", "repeat")
        if how == "repeat":
            return value
        level = column.level(names_of(self.levels))
        same = [i for i, (_, items) in enumerate(rows) if items[:level] == rows[index][1][:level]]
        place = same.index(index)
        if how == "leave-blank" and place > 0:
            return Blank("missing")
        if how == "share" and isinstance(value, Dec):
            if value.coefficient < 0:
                raise Unsure("a negative amount that is shared")
            part, rest = divmod(value.coefficient, len(same))
            return Dec(part + (1 if place < rest else 0), value.scale)
        return value
