"""A slow, plain interpreter of trama mappings: what every record must give, from mappings/rules.md alone.

`Oracle(mapping).answers(lines)` gives for each record an Answer: rows (lists of values), or the (code, column) pairs
that refuse it. A mapping is a dict, as its YAML would be, every scalar a text. Where the page is silent, Unsure is raised
inside and the answer says so.
"""

import collections
import json
from dataclasses import dataclass

import expressions
from columns import Column, Row
from json_reader import BadRecord, Node, read_record, read_value
from paths import NO_VALUE, Scope, is_empty, parsed
from ranks import Ranking
from results import Answer, Blank, as_list, blank_of
from row_levels import levels_of, names_of, rows_of
from tables import RateTable, lookup_tables
from unused import Usage
from values import Dec, Refused, Unsure


@dataclass(frozen=True)
class Document:
    """A whole document of the input that counts as one rejected record."""

    code: str
    text: bytes


def with_list(node, steps):
    """The record with what is at the end of `steps` as a list (`as_list`)."""
    if not steps:
        return as_a_list(node)
    kind, rest = steps[0][0], steps[1:]
    if node.kind == "object" and kind == "key":
        items = [(k, with_list(v, rest) if k == steps[0][1] else v) for k, v in node.items]
        return Node(node.kind, node.text, items, node.raw)
    if node.kind == "list" and kind == "items":
        return Node(node.kind, node.text, [with_list(v, rest) for v in node.items], node.raw)
    return node


def with_json(node, steps, depth=0):
    """The record with what the text at the end of `steps` holds in its place (`json_in_text`)."""
    if not steps:
        return read_value(node.text, depth) if node.kind == "text" and not is_empty(node) else node
    kind, rest = steps[0][0], steps[1:]
    if node.kind == "object" and kind == "key":
        items = [(k, with_json(v, rest, depth + 1) if k == steps[0][1] else v) for k, v in node.items]
        return Node(node.kind, node.text, items, node.raw)
    if node.kind == "list" and kind == "items":
        return Node(node.kind, node.text, [with_json(v, rest, depth + 1) for v in node.items], node.raw)
    return node


def as_a_list(node):
    if node.kind in ("list", "null", *NO_VALUE) or is_empty(node):
        return node
    numbered = node.kind == "object" and all(k.isascii() and k.isdigit() for k, _ in node.items)
    items = [v for _, v in sorted(node.items, key=lambda e: int(e[0]))] if numbered else [node]
    return Node("list", "", items, node.raw)


def with_defaults(mapping):
    """`defaults` in the columns that it fits: here those that read fields and state their type."""
    defaults = mapping.get("defaults", {})
    columns = {}
    for name, spec in mapping["columns"].items():
        spec = {"from": spec} if isinstance(spec, (str, list)) else spec
        fits = bool({"from", "first_of", "by"} & spec.keys()) and spec.get("total") != "count"
        fits = fits and ("type" in spec or "total" not in spec)
        added = defaults.get(spec.get("type", "text"), {}) if fits else {}
        columns[name] = {**{word: value for word, value in added.items() if word not in spec}, **spec}
    return {**mapping, "columns": columns}


def json_list(texts):
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


class Oracle:
    def __init__(self, mapping, files=None):
        mapping = with_defaults(mapping) if "defaults" in mapping else mapping
        self.mapping = mapping
        self.files = files or {}
        self.levels = levels_of(mapping)
        self.names = names_of(self.levels)
        self.tables = lookup_tables(mapping.get("tables", {}), self.files)
        self.rates = {}
        self.usage = Usage(mapping)
        self.null_words = set(as_list(mapping.get("input", {}).get("null_words", [])))
        self.columns = {}
        family = collections.ChainMap(self.columns)
        for name, spec in mapping["columns"].items():
            self.columns[name] = Column(name, spec, self, family)

    def table(self, stated):
        return stated if isinstance(stated, dict) else self.tables[stated]

    def rate_table(self, name):
        if name not in self.rates:
            self.rates[name] = RateTable(self.mapping["tables"][name], self.files)
        return self.rates[name]

    def answers(self, lines):
        """One Answer a record; `lines` are the bytes of each, or Documents."""
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
        if isinstance(line, Document):
            return line.code == "JSON_INVALID"
        try:
            return read_record(line) is None
        except BadRecord as e:
            return e.code == "JSON_INVALID"

    def first_look(self, line):
        answer = Answer()
        if isinstance(line, Document):
            answer.errors.add((line.code, None))
            return answer, None
        try:
            record = read_record(line)
            for path in as_list(self.mapping.get("input", {}).get("json_in_text", [])):
                record = with_json(record, parsed(path).steps)
        except BadRecord as e:
            answer.errors.add((e.code, None))
            return answer, None
        if self.is_error_body(record):
            answer.errors.add(("ERROR_BODY", None))
            return answer, None
        for path in as_list(self.mapping.get("input", {}).get("as_list", [])):
            record = with_list(record, parsed(path).steps)
        return answer, record

    def is_error_body(self, record):
        path = self.mapping.get("input", {}).get("error_body")
        if path is None:
            return False
        try:
            node = Scope(record).one(path)
        except Refused:
            return False
        return not (node.kind in NO_VALUE or is_empty(node) or (node.kind == "boolean" and node.text == "false"))

    # --- duplicates

    def leave_out_duplicates(self, found):
        how = self.mapping.get("duplicates")
        if not how or how == "none":
            return
        groups = {}
        for answer, record in found:
            if record is None:
                continue
            key = self.duplicate_key(record, as_list(how["same"]), answer)
            if key is not None:
                groups.setdefault(key, []).append((answer, record))
        for group in groups.values():
            try:
                winner = self.winner(group, how.get("keep", "first"))
            except Unsure as e:
                for answer, _ in group:
                    answer.unsure = str(e)
                continue
            except Refused as e:
                for answer, _ in group:
                    answer.errors.add((e.code, None))
                continue
            for answer, _ in group:
                if answer is winner or len(group) == 1:
                    continue
                if how.get("others", "report") == "reject":
                    answer.errors.add(("DUPLICATE_RECORD", None))
                else:
                    answer.duplicate = True

    def duplicate_key(self, record, paths, answer):
        """The texts of the key; None where it is blank or, an error, no single value."""
        key = []
        for path in paths:
            try:
                node = Scope(record).one(path)
                if node.kind in ("list", "object") and node.items:
                    raise Refused("WRONG_TYPE")
            except Refused as e:
                answer.errors.add((e.code, None))
                continue
            key.append(None if blank_of(node, self.null_words) else node.text)
        return None if answer.errors or None in key else tuple(key)

    def winner(self, group, keep):
        """The answer that is kept, None with `none`; WRONG_TYPE where the values of a key cannot be ranked."""
        if keep in ("first", "last", "none"):
            return {"first": group[0][0], "last": group[-1][0], "none": None}[keep]
        ranking = Ranking(keep)
        ranked = []
        for answer, record in group:
            node = Scope(record).one(ranking.path)
            if blank_of(node, self.null_words):
                raise Refused("WRONG_TYPE")
            ranked.append((ranking.rank(node, lambda: self.zone_of(ranking.zone, record)), answer))  # noqa: B023
        return ranking.best(ranked)

    def zone_of(self, stated, record):
        """The zone of a record that `keep` reads."""
        column = Column("", {"zone": stated}, self, collections.ChainMap({}))
        return column.zone("zone", Scope(record), Row(self, Scope(record)))

    # --- one record

    def map_record(self, answer, record):
        scope = Scope(record)
        only = self.mapping.get("only")
        if only and only != "none":
            row = Row(self, scope)
            named = [name for kind, name in expressions.names_in(only["when"]) if kind == "column"]
            failed = {(row.outcome(n).code, n) for n in named if isinstance(row.outcome(n), Refused)}
            if any(not code for code, _ in failed):
                raise Unsure("a column of 'only' that needs one which fails")
            if failed:
                answer.errors |= failed
                return
            try:
                wanted = expressions.judge(only["when"], self, scope, row)
            except Refused as e:
                answer.errors.add((e.code, None))
                return
            if wanted is None:
                answer.errors.add(("RULE_UNDECIDED", None))
                return
            if not wanted and only.get("otherwise", "skip") == "reject":
                raise Unsure("the code of a record that is not wanted")
            if not wanted:
                answer.skipped = True
                return
        surely, perhaps = self.usage.unused(record)
        unknown = {("FIELD_UNKNOWN", None)} if surely else set()
        if perhaps and not surely:
            answer.perhaps.add(("FIELD_UNKNOWN", None))
        try:
            rows = rows_of(scope, self.levels)
        except Refused as e:
            answer.errors.add((e.code, None))
            answer.perhaps |= unknown | self.identity(scope)[1]
            return
        made = [(Row(self, r.scope), r.items) for r in rows.scopes]
        answer.left_out = rows.left_out
        compared = made  # the rows that must agree on an amount of the record: those of bad items are left out
        if self.skips_items() and not rows.skipped:
            answer.stops = any(self.stopped(row) for row, _ in made)
            made, compared = self.good_items(made, unknown, answer)
        self.mixed_amounts(compared)
        everything = [(self.row_errors(row), row, items) for row, items in made]
        everything.append((unknown, None, ()))
        answer.stops = answer.stops or any(row and self.stopped(row) for _, row, _ in everything)
        for errors, _, _ in everything:
            answer.errors |= errors
        answer.errors |= self.bad_lists(rows, answer)
        answer.key, of_key = self.identity(scope)
        if answer.errors or not rows.skipped:
            answer.errors |= of_key
        judged = not answer.errors and not rows.skipped
        blank = judged and any(self.is_blank_row(row) for _, row, _ in everything if row)
        if blank and not self.usage.rest_of(record):
            answer.errors.add(("ROW_BLANK", None))
        if not answer.errors and answer.perhaps:
            raise Unsure("new fields in something of another shape, that nothing else refuses")
        if not answer.errors:
            answer.skipped = rows.skipped
            if not rows.skipped:
                self.write(answer, record, [(row, items) for _, row, items in everything if row])

    def identity(self, scope):
        """(the key as text, the errors of its fields)"""
        stated = self.mapping.get("identity", {}).get("key", [])
        parts, errors = [], set()
        for path in as_list(stated):
            try:
                node = scope.one(path)
                if blank_of(node, self.null_words):
                    errors.add(("REQUIRED_BLANK", None))
                elif node.kind in ("list", "object"):
                    raise Refused("WRONG_TYPE")
                else:
                    parts.append(node.text)
            except Refused as e:
                errors.add((e.code, None))
        return parts[0] if parts and len(as_list(stated)) == 1 else json_list(parts), errors

    def write(self, answer, record, rows):
        answer.rest = self.usage.rest_of(record)
        answer.rows = self.written_rows(rows)
        answer.notes = [row.notes for row, _ in rows]
        answer.item_notes = [note for row, _ in rows for note in row.item_notes]
        for row, _ in rows:
            answer.notices.update(row.notices)

    def mixed_amounts(self, rows):
        """Amounts whose rows make different ones of what is one amount."""
        for name in sorted(self.columns, key=self.choice_depth):
            column = self.columns[name]
            if column.type != "money" or not self.levels or "each" in column.spec:
                continue
            level = column.level(self.names)
            groups = {}
            for row, items in rows:
                groups.setdefault(items[:level], []).append(row)
            for group in groups.values():
                self.one_amount(name, group, [row for row, _ in rows])

    def chosen(self, name):
        """The columns that a column may be."""
        given = [choice.get("write", choice.get("otherwise")) for choice in self.columns[name].spec.get("choose", [])]
        return [write["column"] for write in given if isinstance(write, dict) and "column" in write]

    def choice_depth(self, name):
        return 1 + max((self.choice_depth(chosen) for chosen in self.chosen(name)), default=-1)

    def one_amount(self, name, group, rows):
        outcomes = [row.outcome(name) for row in group]
        units = {(row.amounts[name].unit, row.amounts[name].target) for row in group if name in row.amounts}
        failed = {outcome.code for outcome in outcomes if isinstance(outcome, Refused)}
        column = self.columns[name]
        if len(units) > 1:
            if any(isinstance(row.outcome(chosen), Refused) for row in rows for chosen in self.chosen(name)):
                for row in group:  # as the chosen one is: one cause, one error
                    row.made[name] = Refused("", "not tried")
                return
            if failed or column.word("when_wrong", "reject") != "reject":
                raise Unsure("an amount of several currencies that fails otherwise too")
            for row in group:
                row.made[name] = Refused("CURRENCY_MIXED")
                row.amounts.pop(name, None)
                row.notes.pop(name, None)
        elif column.word("on_extra_rows", "repeat") != "repeat":
            self.one_value(name, group, outcomes, failed)

    def one_value(self, name, group, outcomes, failed):
        """`leave-blank` and `share` write one value for all rows of an item."""
        made = {outcome for outcome in outcomes if isinstance(outcome, Dec)}
        blank = any(isinstance(outcome, Blank) for outcome in outcomes)
        if len(made) > 1 or (made and blank):
            if failed or blank or self.columns[name].word("when_wrong", "reject") != "reject":
                raise Unsure("one amount that its rows make differently, or not at all")
            for row in group:
                row.made[name] = Refused("WRONG_TYPE")

    def is_blank_row(self, row):
        """Whether nothing of the source is in a row (mappings/rules.md, rule 9.9)."""
        if self.mapping.get("output", {}).get("blank_rows") == "keep":
            return False
        readers = [name for name, column in self.columns.items() if column.reads_source()]
        return bool(readers) and all(self.is_blank_cell(row, name) for name in readers)

    def is_blank_cell(self, row, name):
        value, column = row.outcome(name), self.columns[name]
        if isinstance(value, Refused):
            raise Unsure("whether a row is blank of which a column was not tried")
        if isinstance(value, Blank) or row.notes.get(name) == "default" or name in row.json_blanks:
            return True
        if "each" in column.spec:
            return not value.items
        return column.word("total") == "count" and value.coefficient == 0

    def bad_lists(self, rows, answer):
        """The errors of items whose list, or whose `where`, is wrong; with `skip-item` such an item is left out."""
        skipped = [level for _, level in rows.troubles if self.levels[level - 1].get("bad_item") == "skip-item"]
        if skipped and (len(skipped) < len(rows.troubles) or answer.errors):
            raise Unsure("a bad item of a record that is refused for another reason")
        if skipped and not rows.scopes:
            return {(code, None) for code, _ in rows.troubles}
        answer.left_out += len(skipped)
        return set() if skipped else {(code, None) for code, _ in rows.troubles}

    def skips_items(self):
        return any(level.get("bad_item") == "skip-item" for level in self.levels)

    def good_items(self, made, unknown, answer):
        """The rows without those of bad items, twice; where none is left, all of them, and none that must agree."""
        errors = [self.row_errors(row) for row, _ in made]
        wrong = {name for found in (*errors, unknown) for _, name in found}
        if not wrong:
            return made, made
        if answer.stops or any(name not in self.columns for name in wrong):  # a rule, or an item of `each`
            raise Unsure("a bad item of a record that is refused for another reason")
        levels = {self.columns[name].deepest_level(self.names) for name in wrong}
        if len(levels) > 1:
            raise Unsure("whether a bad item of a bad record is told")
        level = levels.pop()
        if level == 0 or self.levels[level - 1].get("bad_item") != "skip-item":
            return made, made
        good = [rows for rows, found in zip(made, errors) if not found]
        if not good:
            return made, []
        answer.left_out += len(made) - len(good)
        return good, good

    def stopped(self, row):
        if row.stops:
            return True
        for rule in self.rules():
            if rule.get("level") != "stop":
                continue
            try:
                if expressions.judge(rule["check"], self, row.scope, row) is False:
                    return True
            except Refused:
                continue
        return False

    def rules(self):
        rules = self.mapping.get("rules", [])
        return [] if rules == "none" else rules

    def row_errors(self, row):
        errors = set()
        for name in self.columns:
            outcome = row.outcome(name)
            if isinstance(outcome, Refused) and outcome.stage == "items":
                errors |= outcome.wrong
            elif isinstance(outcome, Refused) and outcome.stage != "not tried":
                errors.add((outcome.code, name))
        for rule in self.rules():
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
        level = column.level(self.names)
        same = [i for i, (_, items) in enumerate(rows) if items[:level] == rows[index][1][:level]]
        place = same.index(index)
        if how == "leave-blank" and place > 0:
            return Blank("missing")
        if how == "share" and isinstance(value, Dec):
            part, rest = divmod(abs(value.coefficient), len(same))
            share = part + (1 if place < rest else 0)
            return Dec(-share if value.coefficient < 0 else share, value.scale)
        return value
