"""One output column: from a Scope to a finished value (mappings/rules.md, rule 5.15)."""

import collections
import re
from fractions import Fraction

import expressions
import values
from json_reader import Node, read_value
from money import Amounts, currency_code
from paths import entries_or_items, is_white, parsed
from picks import Pick, fits
from results import Blank, Json, Objects, Original, as_list, blank_of, blank_of_several, json_text
from row_levels import Night
from text_steps import stepped, through_steps
from values import Dec, Moment, Refused, Span, Undecided, Unsure

EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+"
)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Only codes that were and are what they are: the tests use no others.
COUNTRIES = set("CO MX AR BR CL PE UY ES FR DE US GB IT PT JP NA NO".split())
ZONES = {"America/Bogota", "Europe/Madrid", "America/New_York", "UTC", "-05:00", "+05:30"}
NUMBERS = ("decimal", "integer", "money")
TIMES = ("date", "datetime", "time")
HELPER_NOTICES = {
    "currency": "CURRENCY_DEFAULT",
    "convert_to": "CURRENCY_DEFAULT",
    "minor_units": "MINOR_UNITS_DEFAULT",
    "zone": "ZONE_DEFAULT",
    "no_zone_means": "ZONE_DEFAULT",
}
UNKNOWN_NOTICES = {"keep": "UNKNOWN_KEPT", "write-blank": "UNKNOWN_LEFT_BLANK"}
ABOUT_MONEY = {"rate_of": "decimal", "rate_day_of": "date", "currency_of": "text"}


def offset_of(minutes):
    """A number of hours from UTC, as an offset."""
    if abs(minutes) > 14 * 60 or minutes.denominator != 1:
        raise Unsure("an offset of more than 14 hours, or of parts of a minute")
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(int(abs(minutes)), 60)
    return f"{sign}{hours:02}:{rest:02}"


class Column(Amounts):
    """`family`: the columns that its expressions and words can name."""

    def __init__(self, name, spec, oracle, family):
        self.name = name
        self.spec = {"from": spec} if isinstance(spec, (str, list)) else spec
        self.oracle = oracle
        self.family = family
        inner = family.new_child() if "each" in self.spec else None
        self.children = {n: Column(n, s, oracle, inner) for n, s in self.spec.get("columns", {}).items()}
        if inner is not None:
            inner.update(self.children)
        inputs = oracle.mapping.get("input", {})
        self.null_words = set(as_list(self.spec.get("null_words", []))) | set(as_list(inputs.get("null_words", [])))
        split = self.spec.get("split", {})
        self.split_mark = split["by"] if "by" in split and "take" not in split else None  # all parts go on

    @property
    def type(self):
        if "type" in self.spec:
            return self.spec["type"]
        if self.spec.get("total") in ("sum", "count"):
            return "decimal" if self.spec["total"] == "sum" else "integer"
        for word, kind in ABOUT_MONEY.items():
            if word in self.spec:
                return kind
        if "compute" in self.spec:
            return expressions.type_of(self.spec["compute"], self.family)
        if "column" in self.spec:
            return self.summed_child().type
        return "text"

    def word(self, name, otherwise=None):
        return self.spec.get(name, otherwise)

    def is_on(self, name):
        return self.spec.get(name) == "yes"

    # --- the source

    def sources(self):
        """The paths and picks that it is made of."""
        return as_list(self.spec.get("from", [])) + as_list(self.spec.get("first_of", [])) + as_list(self.spec.get("by", []))

    def reads_source(self):
        """Whether it reads the source itself, not other columns."""
        if self.sources() or "each" in self.spec:
            return True
        written = [c.get(word) for c in self.spec.get("choose", []) for word in ("write", "otherwise")]
        texts = [self.spec.get("compute")] + [c.get("when") for c in self.spec.get("choose", [])]
        leaves = [leaf for text in texts if text for leaf in expressions.names_in(text)]
        return any(isinstance(w, dict) and "from" in w for w in written) or any(leaf[0] == "source" for leaf in leaves)

    def nodes(self, scope):
        """The parts of the value, and whether there may be several."""
        if "first_of" in self.spec:
            return [self.first_of(scope)], False
        sources = as_list(self.spec["from"])
        every = "total" in self.spec or "join" in self.spec
        found = [node for source in sources for node in self.found(source, scope, every)]
        several = len(sources) > 1 or "total" in self.spec
        if isinstance(sources[0], dict):
            return found, several or every
        return found, several or parsed(sources[0]).many

    def found(self, source, scope, every=False):
        return Pick(source, scope, every, self.null_words).nodes() if isinstance(source, dict) else scope.find(source)

    def first_of(self, scope):
        """The first value; without one the first wrong shape is the error."""
        blanks, wrong = [], None
        for source in as_list(self.spec["first_of"]):
            try:
                nodes = self.found(source, scope)
            except Refused as e:
                wrong = wrong or e
                continue
            node = nodes[0]
            if blank_of(node, self.null_words):
                blanks.append(node)
            elif node.kind in ("list", "object") and (self.type != "json" or self.split_mark is not None):
                wrong = wrong or Refused("WRONG_TYPE")
            else:
                return node
        if wrong:
            raise wrong
        return next((node for node in blanks if node.kind != "missing"), blanks[0])

    def deepest_level(self, names):
        """The deepest level of all that it reads, helper fields too: it is made again for each item of that level."""
        levels = [self.level(names)] + [self.level_of(source, names) for source in self.sources()]
        levels += [child.deepest_level(names) for child in self.children.values()]
        for word in HELPER_NOTICES:
            stated = self.spec.get(word)
            if isinstance(stated, dict) and "from" in stated:
                levels.append(self.level_of(stated["from"], names))
        if "rate_date" in self.spec:
            levels.append(self.family[self.spec["rate_date"]].deepest_level(names))
        return max(levels)

    def level(self, names):
        """The level of `rows` whose items it is of; `names`: the level of each called name."""
        if "each" in self.spec:
            return names.get(parsed(self.spec["each"].removesuffix("{*}")).first, 0)
        levels = [self.level_of(source, names) for source in self.sources()]
        if "first_of" in self.spec:
            return min(levels)
        for word in (*ABOUT_MONEY, "column"):
            if word in self.spec:
                levels.append(self.family[self.spec[word].split("[*]")[0]].level(names))
        texts = [self.spec.get("compute")] + [c.get("when") for c in self.spec.get("choose", [])]
        for kind, name in [leaf for text in texts if text for leaf in expressions.names_in(text)]:
            levels.append(self.family[name].level(names) if kind == "column" else self.level_of(name, names))
        for written in [c.get(word) for c in self.spec.get("choose", []) for word in ("write", "otherwise")]:
            if isinstance(written, dict):
                named = "column" in written
                levels.append(self.family[written["column"]].level(names) if named else self.level_of(written["from"], names))
        return max(levels, default=0)

    def level_of(self, source, names):
        if not isinstance(source, dict):
            return names.get(parsed(source).first, 0)
        paths = [source["list"]] + ([source["is"]["from"]] if isinstance(source.get("is"), dict) else [])
        return max(names.get(parsed(path).first, 0) for path in paths)

    # --- from source to finished value

    def make(self, scope, row):
        """The finished value, or Refused. `row` gives the values of other columns."""
        try:
            value = self.before_required(scope, row)
        except Refused as e:
            if e.stage != "wrong":
                raise
            value = self.soften(e, scope, row)
        if isinstance(value, Blank) and self.is_on("required"):
            raise Refused("REQUIRED_BLANK", "required")
        if isinstance(value, Blank) and self.name not in row.notes:
            row.notes[self.name] = value.kind
        return value

    def soften(self, error, scope, row):
        how = self.word("when_wrong", "reject")
        if how in ("reject", "stop"):
            raise error
        row.notes[self.name] = "wrong"
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
        day = row.value(self.spec["on"]) if "on" in self.spec else None
        self.day_is_blank = isinstance(day, (Blank, Original))
        if "value" in self.spec:
            return self.check(self.finished(self.spec["value"]))
        if "compute" in self.spec:
            return self.computed(scope, row)
        if "choose" in self.spec:
            return self.chosen(scope, row)
        for word in ABOUT_MONEY:
            if word in self.spec:
                return self.check(self.about_money(word, row))
        if "by" in self.spec:
            return self.by_several(scope, row)
        if "each" in self.spec:
            return self.objects(scope, row)
        if "column" in self.spec:
            return self.total_of_child(row)
        if self.type == "json" and self.split_mark is None:
            return self.json(scope, row)
        return self.from_parts(scope, row)

    def from_parts(self, scope, row):
        nodes, many = self.nodes(scope)
        many = many or self.split_mark is not None
        if self.word("total") == "count":
            return self.check(Dec(len(self.split_up([node for node in nodes if not blank_of(node, self.null_words)])), 0))
        blanks = [blank_of(node, self.null_words) for node in nodes]
        taken = False
        instead = self.spec.get("when_blank")
        if all(blanks) and isinstance(instead, dict) and "from" in instead:
            node = scope.one(instead["from"])
            if node.kind in ("list", "object") and node.items:
                raise Refused("WRONG_TYPE")
            if blank_of(node, self.null_words):
                row.notes[self.name] = blanks[0].kind
                return blanks[0]
            nodes, blanks, many, taken = [node], [None], False, True
        if all(blanks):
            return self.default(blank_of_several(blanks), row)
        there = self.split_up([node for node, blank in zip(nodes, blanks) if not blank])
        parts = self.parts(there, row)
        if not parts:
            return Blank("empty")
        if taken:
            row.notes[self.name] = "default"
        if "total" in self.spec:
            passed_over = len(parts) < len(there) or sum(map(bool, blanks)) > self.lists_without_items(scope)
            if self.spec["total"] == "sum" and passed_over:
                row.notices["ITEMS_BLANK", self.name] = 1
            units = self.item_units(nodes, blanks, scope, row) if self.has_item_currencies() else None
            return self.check(self.total(parts, scope, row, units))
        if many:
            if not all(isinstance(part, (str, Node)) for part in parts):
                raise Unsure("a finished value among parts that are joined")
            texts = [part.text if isinstance(part, Node) else part for part in parts]
            if self.type == "json":
                return self.check(Json("[" + ",".join(map(json_text, texts)) + "]"))
            return self.check(self.read(Node("text", self.spec["join"].join(texts)), scope, row))
        return self.check(self.read(parts[0], scope, row) if isinstance(parts[0], Node) else parts[0])

    def split_up(self, nodes):
        """`split` without `take`: the parts of each that are not blank."""
        if self.split_mark is None:
            return nodes
        if any(node.kind in ("list", "object") for node in nodes):
            raise Refused("WRONG_TYPE")
        return [Node("text", part) for node in nodes for part in node.text.split(self.split_mark) if not is_white(part)]

    def lists_without_items(self, scope):
        """How many of the blank nodes are no items."""
        if "first_of" in self.spec:
            return 0
        sources = as_list(self.spec["from"])
        if any(isinstance(source, dict) for source in sources):
            return 0  # of a pick there is one, where none fits
        return sum(scope.lists_without_items(source) for source in sources)

    def parts(self, nodes, row):
        """Each part after its steps and its lookup: a Node, a finished value (a default of `unknown`); blanks are left out."""
        made, troubles = [], []
        for node in nodes:
            try:
                if node.kind in ("list", "object"):
                    raise Refused("WRONG_TYPE")
                part = self.part(node, row)
            except Refused as e:
                troubles.append(e)
                continue
            if not isinstance(part, Blank):
                made.append(part)
        one_of(troubles, "several parts that fail in several ways")
        return made

    def part(self, node, row):
        text = stepped(node.text, self.spec)
        if is_white(text):
            return Blank("empty")
        if text != node.text:
            node = plain(node, text)
        return self.looked_up(node, row) if "lookup" in self.spec else node

    def default(self, blank, row):
        row.notes[self.name] = blank.kind
        for word in ("when_" + blank.kind, "when_blank"):
            if word in self.spec:
                stated = self.spec[word]
                value = row.value(stated["column"]) if isinstance(stated, dict) else self.finished(stated)
                if isinstance(value, (Blank, Original)):
                    return blank
                row.notes[self.name] = "default"
                if isinstance(stated, dict) and stated["column"] in row.owner(stated["column"]).amounts:
                    row.amounts[self.name] = row.owner(stated["column"]).amounts[stated["column"]]
                return self.check(value)
        return blank

    def read(self, node, scope, row):
        """A part by its type, converted and rounded."""
        if self.type == "money":
            return self.money_of(node, scope, row)
        return self.converted(self.typed(node, scope, row))

    def total(self, parts, scope, row, units=None):
        how = self.spec["total"]
        if how == "only" and len(parts) > 1:
            raise Refused("WRONG_TYPE")
        if how in ("first", "last", "only"):
            part = parts[-1 if how == "last" else 0]
            if units is not None and len(units) != len(parts):
                raise Unsure("the currency of an item that its steps left blank")
            if units is not None and isinstance(part, Node):
                return self.total_of_money([part], "sum", scope, row, [units[-1 if how == "last" else 0]])
            return self.read(part, scope, row) if isinstance(part, Node) else part
        read, troubles = [], []
        if self.type == "money":
            return self.total_of_money(parts, how, scope, row, units)
        for part in parts:
            try:
                read.append(self.typed(part, scope, row) if isinstance(part, Node) else part)
            except Refused as e:
                troubles.append(e)
        one_of(troubles, "several parts that fail in several ways")
        return self.converted(self.added(read, how))

    def added(self, items, how):
        """Sum, min or max of finished parts."""
        if how == "same":
            return self.the_same(items)
        if how == "sum":
            if isinstance(items[0], Span):
                return Span(sum(i.months for i in items), sum(i.seconds for i in items))
            scale = max(i.scale for i in items)
            return Dec(sum(i.coefficient * 10 ** (scale - i.scale) for i in items), scale)
        if isinstance(items[0], Span):
            return self.extreme_span(items, how)
        if len({isinstance(i, Moment) and i.offset is None for i in items}) > 1:
            raise Refused("WRONG_TYPE")
        best = (min if how == "min" else max)(items, key=self.key)
        equal = [i for i in items if self.key(i) == self.key(best)]
        if isinstance(best, Dec) and len({i.scale for i in equal}) > 1 and "decimals" not in self.spec:
            raise Unsure("which of two equal numbers of another length is the smallest")
        if isinstance(best, Moment) and len(set(equal)) > 1:
            raise Unsure("which of two times that are one instant is the first")
        return best

    def the_same(self, items):
        """The first, where all are equal."""
        for item in items[1:]:
            if isinstance(item, Moment) and (item.offset is None) != (items[0].offset is None):
                raise Refused("WRONG_TYPE")
            if self.key(item) != self.key(items[0]):
                raise Refused("WRONG_TYPE")
        return items[0]

    def extreme_span(self, items, how):
        sign = 1 if how == "max" else -1
        best = items[0]
        try:
            for item in items[1:]:
                order = values.compare_spans(item, best) * sign
                if order > 0:
                    best = item
            for item in items:
                values.compare_spans(item, best)
        except Undecided:
            raise Refused("WRONG_TYPE") from None
        return best

    def summed_child(self):
        each, name = self.spec["column"].split("[*].", 1)
        return self.family[each].children[name]

    def total_of_child(self, row):
        """A total of a column of `each`."""
        each, name = self.spec["column"].split("[*].", 1)
        objects = row.value(each)
        items = objects.items if isinstance(objects, Objects) else []
        found = [item[name] for item in items]
        currencies = {one.get(name) for one, value in zip(objects.currencies, found) if not isinstance(value, Blank)} if items else set()
        if any(isinstance(value, Original) for value in found):
            raise Unsure("an original among what is added")
        count = len(found)
        found = [value for value in found if not isinstance(value, Blank)]
        how = self.spec["total"]
        if how == "sum" and 0 < len(found) < count:
            row.notices["ITEMS_BLANK", self.name] = 1
        if how == "count":
            return self.check(Dec(len(found), 0))
        if not found:
            return Blank("missing")
        if how == "only" and len(found) > 1:
            raise Refused("WRONG_TYPE")
        if how in ("first", "last", "only"):
            return self.check(found[-1 if how == "last" else 0])
        if len(currencies) > 1:
            raise Refused("CURRENCY_MIXED")
        return self.check(self.converted(self.added(found, how)))

    def objects(self, scope, row):
        """A list of objects; what is wrong in an item has the name of the item's column behind that of this one."""
        entries = self.spec["each"].endswith("{*}")
        node = scope.one(self.spec["each"].removesuffix("{*}"))
        blank = blank_of(node, set())
        if blank and blank.kind == "empty" and node.kind == ("object" if entries else "list"):
            return Objects([])
        if blank and blank.kind == "empty":
            raise Unsure("whether an each over another empty thing is a list of nothing or blank")
        if blank:
            return blank
        if node.kind != ("object" if entries else "list"):
            raise Refused("WRONG_TYPE")
        made, currencies, wrong = [], [], set()
        for number, item in enumerate(self.wanted_items(node, wrong), 1):
            inner = Row(self.oracle, scope.with_item(self.spec.get("called", "item"), item, number), self.children, row)
            made.append({name: inner.outcome(name) for name in self.children})
            currencies.append({name: amount.target for name, amount in inner.amounts.items()})
            row.stops |= inner.stops
            for name, outcome in made[-1].items():
                if isinstance(outcome, Refused):
                    failed = outcome.wrong if outcome.stage == "items" else {(outcome.code, name)}
                    if outcome.stage != "not tried":
                        wrong |= {(code, f"{self.name}[*].{inner_name}") for code, inner_name in failed}
            row.item_notes.append((self.name, inner.notes))
            row.notices.update({(code, f"{self.name}[*].{name}"): n for (code, name), n in inner.notices.items()})
        if wrong:
            error = Refused("", "items")
            error.wrong = wrong
            raise error
        if any(isinstance(outcome, Refused) for item in made for outcome in item.values()):
            raise Refused("", "not tried")
        return Objects(made, currencies)

    def wanted_items(self, node, wrong):
        """Those of an `each` that its `where` wants; one that it cannot judge is an error of the column."""
        for item in entries_or_items(node):
            try:
                if fits(item, self.spec.get("where", {})):
                    yield item
            except Refused as e:
                wrong.add((e.code, self.name))

    def by_several(self, scope, row):
        parts, blanks = [], []
        for path in as_list(self.spec["by"]):
            node = scope.one(path)
            blank = blank_of(node, self.null_words)
            if blank:
                blanks.append(blank)
                continue
            if node.kind in ("list", "object"):
                raise Refused("WRONG_TYPE")
            parts.append(stepped(node.text, self.spec))
        if blanks:  # a key with a blank part is blank
            return self.default(blank_of_several(blanks), row)
        if any(is_white(part) for part in parts):
            return Blank("empty")
        value = self.looked_up(plain(None, "\0".join(parts)), row)
        if isinstance(value, Blank):
            return value
        return self.check(self.read(value, scope, row) if isinstance(value, Node) else value)

    def computed(self, scope, row):
        value = expressions.compute(self.spec["compute"], self.oracle, scope, row, self.spec)
        if isinstance(value, Blank):
            return value
        if isinstance(value, Original):
            return Blank("missing")
        if self.type == "money":
            return self.check(self.money_of_amount(value, scope, row))
        return self.check(self.converted(value))

    def chosen(self, scope, row):
        for choice in self.spec["choose"]:
            if "otherwise" in choice:
                return self.written_choice(choice["otherwise"], scope, row)
            if expressions.judge(choice["when"], self.oracle, scope, row) is True:
                return self.written_choice(choice["write"], scope, row)
        return Blank("missing")

    def written_choice(self, what, scope, row):
        if isinstance(what, dict) and "column" in what:
            value = row.value(what["column"])
            if isinstance(value, Original):
                raise Unsure("a choice of a value that is left original")
            if self.type == "money" and what["column"] in row.owner(what["column"]).amounts:
                row.amounts[self.name] = row.owner(what["column"]).amounts[what["column"]]
            return value if isinstance(value, Blank) else self.check(value)
        if isinstance(what, dict):
            node = scope.one(what["from"])
            blank = blank_of(node, self.null_words)
            return blank or self.check(self.converted(self.typed(node, scope, row)))
        return self.check(self.finished(what))

    def json(self, scope, row):
        """The value as it stands. Several parts make a list, of those that are there."""
        nodes, many = self.nodes(scope)
        if any(node.kind == "text" and not node.raw for node in nodes):
            raise Unsure("json of a key or a part of a text")
        there = [node for node in nodes if node.raw]
        if not there and not (many and self.has_list(scope)):
            return self.default(blank_of_several([blank_of(node, set()) for node in nodes]), row)
        if all(blank_of(node, set()) for node in there):
            row.json_blanks.add(self.name)
        return Json("[" + ",".join(node.raw for node in there) + "]" if many else there[0].raw)

    def has_list(self, scope):
        """Whether a list that a `[*]` goes through is there, though it may be empty."""
        for source in as_list(self.spec["from"]):
            if isinstance(source, dict) or not parsed(source).many:
                continue
            head = source[: max(source.find("[*]"), source.find("{*}"))]
            if "[*]" in head or "{*}" in head:
                raise Unsure("json of nothing behind two lists")
            try:
                node = scope.one(head)
            except Refused:
                continue
            if node.kind == ("object" if source.startswith("{*}", len(head)) else "list"):
                return True
        return False

    def looked_up(self, node, row):
        """What the table gives as a Node, or what `unknown` writes."""
        table = self.oracle.table(self.spec["lookup"])
        if "on" in self.spec and self.day_is_blank:
            table = {}  # no line holds on it
        fold = self.is_on("ignore_case")
        key = node.text.casefold() if fold else node.text
        for name, value in table.items():
            if (name.casefold() if fold else name) == key:
                if isinstance(value, list):
                    value = self.on_the_day(value, row)
                    if value is None:
                        break
                if is_white(value):
                    raise Unsure("a table that gives a blank")
                return plain(None, value)
        how = self.word("unknown", "reject")
        if how == "reject":
            raise Refused("LOOKUP_UNKNOWN", "unknown")
        if not isinstance(how, dict) or "and" not in how:
            row.notices[UNKNOWN_NOTICES.get(str(how), "UNKNOWN_WRITTEN"), self.name] += 1
        if how == "keep":
            return node
        if how == "write-blank":
            return Blank("null")
        return how["write"] if self.type == "json" else self.finished(how["write"])

    def on_the_day(self, lines, row):
        """Of the lines of a key the one that holds on the day of `on`, or None."""
        day = row.value(self.spec["on"]).date.isoformat()
        return next((value for first, last, value in lines if first <= day <= last), None)

    # --- types

    def typed(self, node, scope, row):
        if node.kind in ("list", "object"):
            raise Refused("WRONG_TYPE")
        if self.type == "text":
            return node.text
        if self.type in NUMBERS:
            return self.read_decimal(node)
        if self.type in TIMES:
            return Moment(node.day) if isinstance(node, Night) and self.type == "date" else self.read_time(node.text, scope, row)
        return getattr(self, "read_" + self.type)(node.text)

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
        return currency_code(text, self.word("withdrawn"))

    def read_boolean(self, text):
        has_lists = "yes_words" in self.spec or "no_words" in self.spec
        if text in (self.spec.get("yes_words", []) if has_lists else ["true"]):
            return True
        if text in (self.spec.get("no_words", []) if has_lists else ["false"]):
            return False
        raise Refused("BOOLEAN_UNREADABLE")

    def read_duration(self, text):
        span = values.read_duration(text, self.word("read", "ISO-8601"))
        if span is None:
            raise Refused("DURATION_UNREADABLE")
        return span

    def read_decimal(self, node):
        if node.kind == "boolean":
            raise Refused("NUMBER_UNREADABLE")
        return values.read_number(node.text, node.kind == "number", as_list(self.spec.get("read_number", [])))

    # --- helper fields: what stands beside a value in the record

    def helper(self, word, scope, row):
        """The Node of a helper field {from, text, lookup, when_blank}; a Blank where it is blank; a text from `when_blank`."""
        return self.helped(word, self.helper_nodes(word, scope)[0], row)

    def helper_nodes(self, word, scope):
        """Where the value is an item's of a list that it chooses from, list[*].field is a field of that item."""
        path = self.spec[word]["from"]
        source = self.spec.get("from")
        if isinstance(source, dict) and path.startswith((source["list"] + "[*]", source["list"] + "{*}")):
            field = path[len(source["list"]) + len("[*]") :].removeprefix(".")
            return Pick(source, scope, "total" in self.spec, self.oracle.null_words, field).nodes()
        return scope.find(path)

    def helped(self, word, node, row):
        stated = self.spec[word]
        blank = blank_of(node, self.oracle.null_words)
        if not blank and node.kind in ("list", "object"):
            raise Refused("WRONG_TYPE")
        text = "" if blank else through_steps(node.text, stated.get("text", []))
        if is_white(text):
            if "when_blank" in stated:
                row.notices[HELPER_NOTICES[word], self.name] = 1
            return stated.get("when_blank", blank or Blank("empty"))
        if "lookup" in stated:
            table = self.oracle.table(stated["lookup"])
            if text not in table:
                raise Refused("LOOKUP_UNKNOWN")
            return plain(None, table[text])
        return node if text == node.text else plain(node, text)

    def zone(self, word, scope, row):
        """A zone or offset that the mapping states, None, or Refused."""
        stated = self.spec.get(word)
        if not isinstance(stated, dict):
            return stated
        node = self.helper(word, scope, row)
        if isinstance(node, Blank):
            raise Refused("ZONE_MISSING")
        text = node if isinstance(node, str) else node.text
        if re.fullmatch(r"[+-]?[0-9]{1,2}(\.[0-9]+)?", text):
            return offset_of(Fraction(text) * 60)
        if text not in ZONES:
            raise Refused("ZONE_UNKNOWN")
        return text

    def read_time(self, text, scope, row):
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
        if moment.offset is None and "zone" in spec:
            means = self.zone("no_zone_means", scope, row)
            if means is None:
                raise Refused("ZONE_MISSING")
            offset = values.local_offset(means, moment, spec.get("clock_change", "reject"))
            moment = Moment(moment.date, moment.seconds, moment.fraction, offset)
        elif moment.offset is None and "no_zone_means" in spec:
            raise Unsure("no_zone_means without zone")
        zone = self.zone("zone", scope, row)
        if zone is not None:
            moment = moment.shifted(values.offset_at(zone, moment))
        if self.type == "date":
            if moment.offset is not None and zone is None:
                raise Refused("ZONE_MISSING")
            return Moment(moment.date)
        return moment

    # --- conversion, rounding, checks

    def converted(self, value):
        """A value with its factor and its decimals; what is exact on the way may be as wide as it likes."""
        if not isinstance(value, Dec):
            return value
        if "times" in self.spec:
            by = values.read_number(self.spec["times"], False, [])
            value = Dec(value.coefficient * by.coefficient, value.scale + by.scale)
        decimals = "0" if self.type == "integer" else self.word("decimals")
        if decimals is None:
            return values.as_written(value)
        return values.rounded(value, int(decimals), self.word("rounding", "exact"))

    def finished(self, text):
        """A default or constant: a finished value of the column's type, written plainly."""
        if self.type in NUMBERS:
            number = values.read_number(text, False, [])
            decimals = "0" if self.type == "integer" else self.word("decimals")
            if self.type == "money" and decimals in (None, "by-currency"):
                raise Unsure("the decimals of a default of an amount")
            return number if decimals is None else values.rounded(number, int(decimals), "exact")
        if self.type in ("date", "datetime"):
            return values.read_iso(text)
        if self.type == "time":
            return values.read_pattern("HH:mm:ss", text, None, None) or values.read_pattern("HH:mm", text, None, None)
        if self.type == "duration":
            return values.read_duration(text, "ISO-8601")
        if self.type == "boolean":
            return {"yes": True, "no": False}[text]
        if self.type == "json":
            return Json(read_value(text).raw)
        return text

    def check(self, value):
        if isinstance(value, Span):
            return self.check_span(value)
        if isinstance(value, (Blank, Original, Json, Span, Objects)) or isinstance(value, bool):
            return value
        if "between" in self.spec:
            low, high = (None if b == "none" else self.bound(b, value) for b in self.spec["between"])
            if (low and low[0] < low[1]) or (high and high[0] > high[1]):
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

    def as_number(self, value):
        """What is written of a value: of a duration in hours, minutes or seconds a number."""
        if isinstance(value, Span) and self.word("write") in values.UNITS:
            return values.in_unit(value, self.spec["write"], self.word("decimals"), self.word("rounding", "exact"))
        return value

    def check_span(self, span):
        self.as_number(span)
        low, high = (None if b == "none" else self.finished(b) for b in self.spec.get("between", ["none", "none"]))
        listed = [self.finished(word) for word in self.spec.get("one_of", [])]
        try:
            fits = [values.compare_spans(span, low) >= 0 if low else True, values.compare_spans(span, high) <= 0 if high else True]
            if not all(fits):
                raise Refused("OUT_OF_RANGE")
            if listed and span not in listed and all(values.compare_spans(span, one) for one in listed):
                raise Refused("NOT_ONE_OF")
        except Undecided:
            raise Refused("WRONG_TYPE") from None
        return span

    def bound(self, text, value):
        """The keys of a value and of its bound; one without an offset is a reading of the clock that the value shows."""
        bound = self.finished(text)
        if isinstance(value, Moment) and self.type == "datetime":
            if bound.offset is None:
                value = Moment(value.date, value.seconds, value.fraction)
            elif value.offset is None:
                raise Refused("WRONG_TYPE")
        return self.key(value), self.key(bound)

    def key(self, value):
        if isinstance(value, Dec):
            return value.fraction()
        if isinstance(value, Moment):
            return value.date if self.type == "date" else value.key()
        return value


def plain(node, text):
    """A Node of a text that a step, a table or a key made; a number stays one."""
    return Node("text" if node is None else node.kind, text)


def one_of(troubles, reason):
    """Raises the one error that several parts have."""
    if len({e.code for e in troubles}) > 1:
        raise Unsure(reason)
    if troubles:
        raise troubles[0]


class Row:
    """The columns of one row, or of one item of `each`, made when they are asked for."""

    def __init__(self, oracle, scope, columns=None, parent=None):
        self.oracle = oracle
        self.scope = scope
        self.columns = oracle.columns if columns is None else columns
        self.parent = parent
        self.family = collections.ChainMap(self.columns, parent.family) if parent else self.columns
        self.made = {}
        self.amounts = {}  # of money columns: what was read and converted
        self.notes = {}  # missing, null, empty, default, wrong
        self.notices = collections.Counter()  # (code, column): what the report counts beside
        self.item_notes = []  # the same of the items of `each`
        self.json_blanks = set()
        self.stops = False  # a value that is wrong ends the run

    def owner(self, name):
        """The row that makes a column: this one or, in `each`, one around it."""
        if name not in self.columns and self.parent is None:
            raise KeyError(name)
        return self if name in self.columns else self.parent.owner(name)

    def value(self, name):
        """A column's value. What needs a failed column is not tried."""
        made = self.owner(name).outcome(name)
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
