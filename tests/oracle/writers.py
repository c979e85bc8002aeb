"""Rows of the oracle as the bytes of a CSV or NDJSON file."""

import hashlib
import json
import re
import uuid

import values
from results import Blank, Json, Objects, Original, as_list, json_text
from values import Dec, Moment, Span, Unsure


NAMESPACE = uuid.UUID("0e5a8a4c-6d1c-4f0b-9d0e-2f3f5f1d7b61")  # of idempotency keys (mappings/rules.md, rule 9.36)


class Writer:
    def __init__(self, oracle):
        self.oracle = oracle
        self.output = oracle.mapping["output"]
        self.names = [n for n, c in oracle.columns.items() if not c.is_on("internal")]

    def column_text(self, column, value):
        """A value that is not blank as text, numbers with a point."""
        if isinstance(value, Dec):
            return value.plain()
        if isinstance(value, bool):
            yes, no = column.word("write", ["true", "false"])
            return yes if value else no
        if isinstance(value, Moment):
            otherwise = {"date": "YYYY-MM-DD", "datetime": "ISO-8601", "time": "HH:mm:ss"}[column.type]
            return values.write_moment(value, column.word("write", otherwise), column.word("months"))
        if isinstance(value, Span):
            return values.write_duration(value)
        if isinstance(value, Json):
            return value.raw
        return value.text if isinstance(value, Original) else value

    # --- audit columns

    def audit(self, row, rest, key, number):
        """What the audit columns say of a row, as texts by their names."""
        said = {}
        for name in as_list(self.output.get("audit_columns", [])):
            said[name] = key if name == "key" else self.idempotency_key(row, rest, key, number)
        return said

    def idempotency_key(self, row, rest, key, number):
        content = hashlib.sha256(self.json_row(row, rest).encode()).hexdigest()
        named = [self.oracle.mapping["mapping"], key, content] + ([number] if self.oracle.levels else [])
        return str(uuid.uuid5(NAMESPACE, json.dumps(named, ensure_ascii=False, separators=(",", ":"))))

    # --- CSV

    def csv(self, rows, rest="", key=""):
        end = "\r\n" if self.output.get("for_excel") == "yes" else "\n"
        lines = []
        if self.output.get("header", "yes") == "yes":
            names = self.names + as_list(self.output.get("audit_columns", []))
            lines.append(self.csv_line([self.quoted(n) for n in names]))
        for number, row in enumerate(rows, 1):
            cells = [self.cell(n, v) for n, v in zip(self.names, row)]
            cells += [self.audit_cell(text) for text in self.audit(row, rest, key, number).values()]
            lines.append(self.csv_line(cells))
        mark = "\ufeff" if self.output.get("for_excel") == "yes" else ""
        return (mark + "".join(line + end for line in lines)).encode()

    def csv_line(self, cells):
        if cells == [""]:
            return '""'
        return self.output.get("separator", ",").join(cells)

    def quoted(self, text):
        separator = self.output.get("separator", ",")
        if any(c in text for c in (separator, '"', "\n", "\r")) or text[:1] in (" ", "\t") or text[-1:] in (" ", "\t"):
            return '"' + text.replace('"', '""') + '"'
        if text != text.strip():
            raise Unsure("a blank at an edge that is neither space nor tab")
        return text

    def audit_cell(self, text):
        if self.output.get("for_excel") == "yes" and not text[:1].isalnum():
            raise Unsure("whether a key is made safe for Excel")
        return self.quoted(text)

    def cell(self, name, value):
        if isinstance(value, Blank):
            text = self.oracle.columns[name].word("blank_as", self.output.get("blank_as", ""))
            if text[:1] == "-" and self.output.get("for_excel") == "yes":
                raise Unsure("whether for_excel changes blank_as")
            return self.quoted(text)
        value = self.oracle.columns[name].as_number(value)
        text = self.column_text(self.oracle.columns[name], value)
        if isinstance(value, Dec):
            return self.quoted(self.marked(text))
        makes_safe = self.output.get("for_excel") == "yes" and not isinstance(value, Json)
        if makes_safe and text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20"):
            text = "'" + text
        return self.quoted(text)

    def marked(self, text):
        whole, point, part = text.partition(".")
        thousands = self.output.get("thousands_mark", "")
        if thousands:
            whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", thousands, whole)
        return whole + (self.output.get("decimal_mark", ".") + part if point else "")

    # --- NDJSON

    def ndjson(self, rows, rest="", key=""):
        lines = []
        for number, row in enumerate(rows, 1):
            more = [rest] if rest else []
            more += [json_text(name) + ":" + json_text(text) for name, text in self.audit(row, rest, key, number).items()]
            lines.append(self.json_row(row, ",".join(more)) + "\n")
        return "".join(lines).encode()

    def json_row(self, row, rest):
        columns = {name: self.oracle.columns[name] for name in self.names}
        text = self.json_values(columns, dict(zip(self.names, row)))
        return text if not rest else text[:-1] + ("," if text != "{}" else "") + rest + "}"

    def json_values(self, columns, values_of):
        """The values of a row, or of an item of `each`, as an object."""
        tree = {}
        for name, column in columns.items():
            value = values_of[name]
            if column.is_on("internal"):
                continue
            if isinstance(value, Blank):
                how = column.word("blank_as", self.output.get("blank_as", "null"))
                if self.output["format"] == "csv":  # the text of a cell; here for an idempotency key
                    how = "null"
                if how == "left-out":
                    self.hold_place(tree, name)
                    continue
                text = "null" if how == "null" else json_text(how)
            else:
                text = self.json_cell(column, value)
            place = tree
            *parents, leaf = name.split(".")
            for parent in parents:
                place = place.setdefault(parent, {})
            place[leaf] = text
        if {} in tree.values():
            raise Unsure("an object of which every field is left out")
        return json_object(tree)

    def hold_place(self, tree, name):
        """An object stands where its first column stands, also where that one is left out."""
        for parent in name.split(".")[:-1]:
            tree = tree.setdefault(parent, {})

    def json_cell(self, column, value):
        if isinstance(value, Objects):
            return "[" + ",".join(self.json_values(column.children, item) for item in value.items) + "]"
        value = column.as_number(value)
        text = self.column_text(column, value)
        if isinstance(value, Json):
            return text
        if isinstance(value, Dec):
            how = column.word("numbers_as", self.output.get("numbers_as", "number"))
            return text if how == "number" else json_text(text)
        if isinstance(value, bool) and "write" not in column.spec:
            return text
        if isinstance(value, Original):
            raise Unsure("what an original is in JSON")
        return json_text(text)

    def rows(self, rows, rest="", key=""):
        """The rows of one record, or none for what stands in front of the first; a list in JSON is written as lines."""
        return self.csv(rows, rest, key) if self.output["format"] == "csv" else self.ndjson(rows, rest, key)


def lines_of_list(data):
    """The rows of a list in JSON as lines; as it is where it is no list of one row a line."""
    text = data.decode("utf-8", "replace")
    try:
        count = len(json.loads(text))
    except ValueError:
        return data
    rows = [line.rstrip(",") for line in text.strip()[1:-1].split("\n") if line.strip()]
    return "".join(row + "\n" for row in rows).encode() if len(rows) == count else data


def json_object(tree):
    parts = [
        json_text(key) + ":" + (json_object(value) if isinstance(value, dict) else value) for key, value in tree.items()
    ]
    return "{" + ",".join(parts) + "}"
