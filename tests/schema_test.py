#!/usr/bin/env python3
"""The JSON Schema of mappings (schemas/mapping.schema.json): as `trama schema` prints it, with every word of the language,
and in agreement with the shipped mappings and the examples of the guide; and of mappings with one mistake each, `check` refuses
all and the schema those that draft-07 can say. YAML is read as editors do, by the core schema of 1.2 (`yes` is a text).

The tables of words and of steps in mappings/reference.md come from src/mapping/words.inc and from what each step says of itself
(src/step/*.cpp).

    tests/schema_test.py TRAMA [--update]      --update writes the schema and the tables anew
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent


def problems(value, schema):
    """Why `value` does not satisfy `schema`; nothing where it does."""
    found = jsonschema.Draft7Validator(schema).iter_errors(value)
    return ["/".join(str(part) for part in error.absolute_path) + ": " + error.message[:200] for error in found]


class Yaml12(yaml.SafeLoader):
    """The core schema of YAML 1.2: no yes and no, no dates, no sexagesimal numbers."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
        ("null", r"^(?:~|null|Null|NULL|)$", list("~nN") + [""]),
        ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789"))):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)
Yaml12.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def texts_keyed(value):
    """JSON has no other keys."""
    if isinstance(value, dict):
        return {str(key): texts_keyed(below) for key, below in value.items()}
    return [texts_keyed(one) for one in value] if isinstance(value, list) else value


def shipped():
    for path in sorted((ROOT / "mappings").glob("*.yaml")):
        yield path.name, path.read_text(encoding="utf-8")


def documented():
    """The mappings that README and the guide write to files; `wrong` in a name says that it is one to be refused."""
    for path in [ROOT / "README.md"] + sorted((ROOT / "mappings").glob("*.md")):
        name, text = path.name, path.read_text(encoding="utf-8")
        for file, body in re.findall(r"<!-- file: (\S+\.yaml) -->\n```\w*\n(.*?)\n```", text, re.S):
            if "wrong" not in file and re.search(r"^mapping:", body, re.M):
                yield f"{name}: {file}", body


def check_words(schema):
    """Every word of words.inc is there, in its section, with its description and its values."""
    sections = json.dumps(schema)
    words = words_of_the_language()
    places = [schema] + list(schema["definitions"].values())
    by_section = {}
    for section, word, form, values, about in words:
        by_section.setdefault(section, []).append((word, about))
        if form in ("word", "words", "action"):
            for value in values.split(", "):
                assert json.dumps(value) in sections, f"{section} {word}: no value {value}"
    for section, listed in by_section.items():
        fits = [place for place in places
                if [(word, below.get("description")) for word, below in place.get("properties", {}).items()] == listed]
        assert fits, f"no definition has exactly the words of the section {section}"
    return len(words)


FORMS = {
    "text": "a text", "file": "a file", "expression": "an expression", "texts": "a text, or a list", "character": "one character",
    "toggle": "yes, no", "count": "a count", "position": "a count; -1 is the last", "records": "a number of records", "number": "a number",
    "decimals": "a count, or by-currency", "limit": "10%, or a number of records", "path": "a path", "paths": "a path, or a list",
    "column_limits": "columns, each with such a limit",
    "pairs": "pairs", "range": "[low, high]", "sources": "a path, {list: …}, or a list of these",
    "conditions": "{path: values}", "path_or_conditions": "a path, or {path: values}",
    "row_items": "a path, {split: …}, {days_from: …}, or a list of these",
    "text_or_words": "a format; for yes and no two words", "toggle_or_paths": "yes, no, or paths to leave out",
    "toggle_or_from": "yes, no, or {from: path}", "count_or_from": "a count, or {from: path}", "text_or_from": "a text, or {from: path}", "path_or_from": "a path, or {from: path}",
    "table_or_pairs": "a table's name, or pairs", "text_or_value": "a constant, {column: Name} or {from: path}",
    "file_or_records": "a file, or records", "file_or_rows": "a file, or rows", "map": "words, below", "maps": "words, below; or a list",
    "tables": "names with tables", "columns": "names with columns", "type_words": "types with words of a column", "text_or_constant": "a column, {value: …} or {inside: …}"}
TITLES = {
    "top": "A mapping", "input": "input", "table": "tables", "rate_side": "from, to and date of rates: {…}", "rows": "rows", "one_per": "one_per: {…}", "only": "only", "duplicates": "duplicates", "newer_by": "newer_by: {…}", "keep": "keep: {…}",
    "column": "columns", "pick": "from: {list: …}", "pick_is": "is: {…}",
    "expect_count": "expect_count: {…}", "minor_units": "minor_units: {…}", "currency": "currency: {…}", "convert_to": "convert_to: {…}", "zone": "zone and no_zone_means: {…}",
    "when_wrong": "when_wrong: {…}", "unknown": "unknown: {…}", "choice": "choose", "choice_value": "write: {…} of choose, when_blank: {…}",
    "rule": "rules", "limits": "limits", "output": "output", "test": "tests", "test_rejected": "expect_rejected",
    "test_warning": "expect_warnings"}


def words_of_steps():
    """{when or "map": [(section, word, form, values, description)]} of the words that steps have of their own, in the order of all.inc."""
    found = {}
    for name in re.findall(r"^TRAMA_STEP\((\w+)\)", (ROOT / "src/step/all.inc").read_text(encoding="utf-8"), re.M):
        text = next(text for path in (ROOT / "src/step").glob("*.cpp")
                    for text in [path.read_text(encoding="utf-8")] if f"StepSpec {name}{{" in text)
        time = re.search(r"\.time = StepTime::(\w+)", text)
        if not time:
            continue
        own = re.search(rf"StepSpec {name}{{.*?\.word = \"([^\"]+)\"", text, re.S)[1]
        for table, key, section in (("kWords", time[1], "column"), ("kMap", "map", own)):
            body = re.search(rf"StepWord {table}\[\] = \{{(.*?)\}};", text, re.S)
            for one in re.findall(r"\{(\.name = .*?)\}(?=,|\s*$)", body[1] if body else "", re.S):
                said = fields_of(one)
                form = re.search(r"\.form = Form::(\w+)", one)[1]
                found.setdefault(key, []).append((section, said["name"], form, said.get("values", ""), said["about"]))
    assert found.keys() >= {"before_text", "after_text", "check", "map"}, "the words of steps are not read as they should be"
    return found


def words_of_the_language():
    """(section, word, form, values, description) of each line of words.inc, and of what steps add to it."""
    text = (ROOT / "src/mapping/words.inc").read_text(encoding="utf-8")
    line = re.compile(r'^TRAMA_WORD\((\w+), "(\w+)", (\w+), "([^"]*)", "((?:[^"\\]|\\.)*)"\)|^TRAMA_STEP_(?:WORDS\((\w+)\)|MAPS\(\))', re.M)
    words, of_steps = [], words_of_steps()
    for section, word, form, values, about, when in line.findall(text):
        words += [(section, word, form, values, json.loads(f'"{about}"'))] if word else of_steps[when or "map"]
    assert len(line.findall(text)) == text.count("\nTRAMA_"), "words.inc is not read as it should be"
    return words


def steps_of(word):
    """The words of steps, which the program knows (src/step/all.inc) and the schema lists."""
    schema = json.loads((ROOT / "schemas/mapping.schema.json").read_text(encoding="utf-8"))
    rule = schema["definitions"]["column"]["properties"][word]["allOf"][0]
    return ", ".join(rule["enum"] if "enum" in rule else rule["anyOf"][0]["enum"])


def formats():
    """The names of output formats, which the program knows (src/sink/all.inc) and the schema lists."""
    schema = json.loads((ROOT / "schemas/mapping.schema.json").read_text(encoding="utf-8"))
    return ", ".join(schema["definitions"]["output"]["properties"]["format"]["allOf"][0]["enum"])


def guide_tables():
    """The tables of words, section by section."""
    lines, at = [], None
    for section, word, form, values, about in words_of_the_language():
        if section != at:
            lines += ["", f"### {TITLES.get(section, section)}", "", "| word | value | meaning |", "|---|---|---|"]
            at = section
        value = values or (steps_of(word) if form in ("step", "steps") else formats() if form == "format" else FORMS[form])
        if form == "action":
            value += ", or {write: …}"
        if form == "keep":
            value += ", or {highest: …}"
        lines.append(f"| `{word}` | {value} | {about} |".replace("* ", "\\* "))
    return "\n".join(lines) + "\n"


LITERAL = r'(?:R"\((?:.*?)\)"|"(?:[^"\\]|\\.)*")'


def text_of(literals):
    """What a sequence of C++ string literals says."""
    found = re.findall(r'R"\((.*?)\)"|"((?:[^"\\]|\\.)*)"', literals, re.S)
    return "".join(raw or plain.replace("\\\\", "\\").replace('\\"', '"').replace("\\n", "\n") for raw, plain in found)


def fields_of(body):
    """The fields of a designated initializer that hold text: {name: text}."""
    return {name: text_of(value) for name, value in re.findall(rf"\.(\w+) =\s*((?:{LITERAL}\s*)+)", body, re.S)}


def steps():
    """(spec, examples, codes) of each step, in the order of all.inc."""
    codes = dict(re.findall(r'^TRAMA_CODE\((\w+), "(\w+)"', (ROOT / "src/base/record_codes.inc").read_text(encoding="utf-8"), re.M))
    found = {}
    for path in sorted((ROOT / "src/step").glob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        for name, body in re.findall(r"^constinit const StepSpec (k\w+)\{\n(.*?)^\};", text, re.M | re.S):
            examples = []
            table = re.search(r"Example kExamples\[\] = \{(.*?)^\};", text, re.M | re.S)[1]
            for one in re.findall(r"\{(\.title = .*?)\}(?=,\n|\n)", table, re.S):
                code = re.search(r"\.code = RecordCode::(\w+)", one)
                examples.append(fields_of(one) | ({"code": codes[code[1]]} if code else {}))
            assert len(examples) == table.count(".title = "), f"the examples of {name} are not read as they should be"
            listed = re.search(r"RecordCode kErrors\[\] = \{(.*?)\};", text, re.S)
            errors = re.findall(r"RecordCode::(\w+)", listed[1]) if listed else []
            found[name] = fields_of(body), examples, [codes[code] for code in errors]
    order = re.findall(r"^TRAMA_STEP\((\w+)\)", (ROOT / "src/step/all.inc").read_text(encoding="utf-8"), re.M)
    assert sorted(order) == sorted(found), "the steps are not read as they should be"
    return [found[name] for name in order]


def cell(text):
    """A text as code in a cell of a table."""
    return f"`{text}`".replace("|", "\\|") if text else ""


def step_tables():
    """What each step says of itself, with its examples."""
    lines = []
    for spec, examples, codes in steps():
        assert {"word", "summary", "doc", "source"} <= spec.keys() and examples, f"a step is not read as it should be: {spec}"
        about = f"{spec['summary']} {spec['doc']}".replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*")
        lines += ["", "### " + " ".join(f"`{word}`" for word in spec["word"].split()), "", about]
        lines[-1] += f" Rests on: {spec['source']}." if spec["source"] != "trama" else ""
        lines[-1] += f" Codes: {', '.join(f'`{code}`' for code in codes)}." if codes else ""
        lines += ["", "| in the column | value | gives | |", "|---|---|---|---|"]
        for one in examples:
            gives = cell(one.get("out", "")) or one.get("code", "a blank")
            assert not (one.get("out") and "code" in one), "an example that gives a value and a code"
            lines.append(f"| {cell(one['column'])} | {cell(one['in'])} | {gives} | {one['title']} |")
    return "\n".join(lines) + "\n"


def with_tables(guide):
    for name, made in (("words", guide_tables), ("steps", step_tables)):
        guide, found = re.subn(rf"(<!-- {name} -->\n).*(\n<!-- end of {name} -->)", lambda m: m[1] + made() + m[2], guide, flags=re.S)
        assert found == 1, f"no place for the {name}"
    return guide


def untold_words(guide):
    """The words that the guide does not tell before its tables, in its text or in an example."""
    told = guide.split("<!-- words -->")[0]
    return [f"{word} ({TITLES.get(section, section)})" for section, word, *_ in words_of_the_language()
            if not re.search(rf"(?<![\w-]){word}:|`{word}\b", told)]


def check_types(trama, guide):
    """The table of the guide of which words go with which types, against what `check` says to each word beside each type."""
    values = {"read": "[ISO-8601]", "months": "es", "two_digit_years": "2000-2099", "zone": "UTC", "no_zone_means": "UTC",
              "clock_change": "later", "yes_words": "[Y]", "no_words": "[N]", "write": "HH", "between": "[none, none]",
              "pattern": "x", "currency": "EUR", "convert_to": "USD", "rates": "r", "rate_date": "D", "minor_units": "yes",
              "rounding": "exact", "read_number": "\"1234.56\"", "on_extra_rows": "repeat", "total": "first"}
    types = steps_of("type").split(", ")
    table = re.search(r"<!-- types -->\n(.*)<!-- end of types -->", guide, re.S)[1]
    rows = [row.strip("| ").split(" | ") for row in table.strip().split("\n")[2:]]
    for words, goes in rows:
        named = re.findall(r"`([\w-]+)`", goes)
        fits = [one for one in types if (one not in named) == goes.startswith("all but")]
        for word in re.findall(r"`(\w+)`", words):
            value = {one: values.get(word, "1") for one in types} | ({"boolean": "[Y, N]"} if word == "write" else {})
            source = "\"a[*]\"" if word in ("join", "total") else "a"  # these want several values
            columns = "".join(f"  {one}: {{from: {source}, type: {one}, {word}: {value[one]}}}\n" for one in types)
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as mapping:
                mapping.write("mapping: m\nversion: 1\ncolumns:\n" + columns)
                mapping.flush()
                told = subprocess.run([trama, "check", "--format", "json", mapping.name], capture_output=True, text=True).stdout
            refused = {types[one["line"] - 4] for one in json.loads(told)
                       if f"'{word}' does not go with" in one["message"] or f"'{word}' has no effect with 'type" in one["message"]}
            assert refused == set(types) - set(fits), f"{word} goes with {set(types) - refused}, the guide says {fits}"


TABLE = "tables: {t: {a: b}, r: {kind: rates, file: r.csv, date: d, from: f, to: t, rate: r}}\n"
# (mapping, what is wrong with it, whether draft-07 can say so)
WRONG = (
    ("colums: {}\ncolumns: {A: a}", "an unknown word", True),
    ("input: {format: ndjson}", "no columns", True),
    ("columns: {}", "no column at all", True),
    ("columns: {A: {from: a, type: dte}}", "an unknown type", True),
    ("columns: {A: {from: a, value: x}}", "two sources", True),
    ("columns: {A: {from: a, first_of: [b, c]}}", "two sources that read", True),
    ("columns: {A: {type: text}}", "no source", True),
    ("columns: {A: {from: a, required: si}}", "a yes/no value that is neither", True),
    ("columns: {A: {from: a, required: true}}", "true for yes", True),
    ("columns: {A: {from: a, internal: false}, B: b}", "false for no", True),
    ("columns: {A: {from: a, type: decimal, decimals: many}}", "decimals that are no count", True),
    ("columns: {A: {from: a, type: integer, between: [1]}}", "a range with one end", True),
    ("columns: {A: {from: a, lookup: {x: y}, unknown: {wrte: x}}}", "an unknown word below a word", True),
    ("columns: {A: {from: a, unknown: keep}}", "unknown without a lookup", True),
    ("columns: {A: {by: [a, b]}}", "by without a lookup", True),
    ("columns: {A: a}\nlimits: {rejected_at_most: ten}", "a limit that is no figure", True),
    ("columns: {A: a}\nlimits: {stop_early_after: -5}", "a negative number of records", True),
    ("columns: {A: a}\nduplicates: {same: a, keep: newest}", "an unknown way to keep", True),
    ("columns: {A: a}\nduplicates: {keep: last}", "duplicates without same", True),
    ("columns: {A: a}\nrules: [{name: r}]", "a rule without check", True),
    ("columns: {A: a}\nonly: {otherwise: skip}", "only without when", True),
    ("columns: {A: a}\nrows: {called: p}", "rows without a list", True),
    ("columns: {A: {from: a, type: money}}", "money without a currency", True),
    (TABLE + "columns: {D: {from: d, type: date}, A: {from: a, type: money, currency: EUR, convert_to: USD, rate_date: D, "
     "rounding: up}}", "convert_to without rates", True),
    ("columns: {A: {from: a, type: date, decimals: 2}}", "a word for another type", True),
    ("columns: {A: {from: a, read: DD/MM/YYYY}}", "a word for dates in a text", True),
    ("columns: {A: {from: a, type: boolean, yes_words: [Y]}}", "yes words without no words", True),
    ("columns: {A: {from: a, type: json, when_null: x}}", "when_null beside json", True),
    ("columns: {A: {value: x, text: trim}}", "steps beside a constant", True),
    ("columns: {A: {value: 5, type: decimal, read_number: \"1,5\"}}", "reading beside a constant", True),
    ("columns: {A: {from: a, at_least: -1}}", "a negative length", True),
    ("columns: {A: {from: a, split: {by: \".\"}}}", "split without take", True),
    ("columns: {A: {from: a, type: json, split: {by: \".\", take: 1}}}", "a list of one part", True),
    ("columns: {A: {from: a, type: json, text: trim}}", "steps of what json copies", True),
    ("columns: {A: {first_of: [a, b], join: +}}", "one value that is glued", True),
    ("columns: {A: {from: a, type: duration, decimals: 2}}", "decimals of an ISO-8601 duration", True),
    ("input: {records: d}\ntables: {t: {inside: x, key: [a, b], value: v}}\ncolumns: {A: {by: [a, b], lookup: t, unknown: keep}}", "a key of several fields that is kept", False),
    ("identity: {key: a, newer_by: {read: SQL}}\ncolumns: {A: a}", "newer by no field", True),
    ("rows: {one_per: {days_from: a, until: b, months: zz}, called: i}\ncolumns: {A: i}", "months of an unknown language in rows", True),
    ("columns: {A: {from: a, pad: {to: 3}}}", "pad without a character", True),
    ("columns: {A: {from: a, when_blank: x, when_null: y}}", "two defaults for null", True),
    ("columns: {A: {choose: [{when: source.a = 'x'}]}}", "a choice that writes nothing", True),
    ("columns: {A: {each: l}}\noutput: {format: json}", "each without columns", True),
    ("columns: {A: a}\nversion: 2", "another version", True),
    ("columns: {A: a}\ntests: [{name: t, given: {a: 1}}]", "a test that expects nothing", True),
    ("columns: {A: a}\noutput: {format: xml}", "an unknown format", True),
    ("columns: {A: a}\nrows: none", "none without a base", True),
    ("columns: {A: a.$keys}", "an unknown name with $", False),
    ("columns: {A: {from: a, type: decimal, total: sum}}", "a total of one value", False),
    ("input: {format: ndjson, records: data}\ncolumns: {A: a}", "records in lines", False),
    ("columns: {A: {compute: B + 1}}", "a column that is not there", False),
    ("input: {json_in_text: {a: b}}\ncolumns: {A: a.c}", "places of JSON texts that are no paths", True),
    ("input: {json_in_text: a}\ncolumns: {B: b}", "a JSON text that nothing reads", False),
    ("input: {as_list: \"a[0]\"}\ncolumns: {A: \"a[0]\"}", "an item that is to be a list", False),
    ("input: {expect_count: many}\ncolumns: {A: a}", "a count that is none", True),
    ("input: {expect_count: {of: a}}\ncolumns: {A: a}", "an unknown word of a count", True),
    ("rows: {one_per: l, called: i, when_missing: sometimes}\ncolumns: {A: i.a}", "an unknown way with a missing list", True),
    ("rows: {one_per: l, called: i, at_most: -1}\ncolumns: {A: i.a}", "a negative number of rows", True),
    ("rows: {one_per: {split: c}, called: i}\ncolumns: {A: i}", "split without by", True),
    ("rows: {one_per: {days_from: a}, called: i}\ncolumns: {A: i}", "days without an end", True),
    ("columns: {A: {from: {where: t, is: X, take: v}}}", "a pick without a list", True),
    ("columns: {A: {from: {list: l, where: t, is: X, take: v}, total: average}}", "an unknown total", True),
    ("columns: {A: {from: a, type: datetime, zone: {lookup: z}}}", "a zone by a table of nothing", True),
    ("columns: {A: {from: a, type: money, currency: {symbols: {\"$\": USD}}}}", "signs without in_amount", True),
    ("columns: {A: {from: a, type: money, currency: EUR, withdrawn: perhaps}}", "an unknown way with withdrawn codes", True),
    ("columns: {A: {from: a, type: money, currency: EUR, minor_units: {when_blank: 2}}}", "minor units of no field", True),
    ("columns: {A: {from: \"x[*].a\", type: money, total: sum, currency: {from: \"x[0].c\"}}}", "one item's currency for all", False),
    ("rows: {one_per: l, called: i}\ncolumns: {I: i.a, T: {from: t, type: money, currency: EUR, on_extra_rows: share}, "
     "C: {compute: T * 2}}", "a computed amount on every row", False),
    ("defaults: {dates: {read: SQL}}\ncolumns: {A: a}", "defaults of an unknown type", True),
    ("defaults: {date: {from: a}}\ncolumns: {A: {from: a, type: date}}", "a field for all columns of a type", True),
    ("tables: {r: {kind: rates, file: r.csv, date: d, from: {code: EUR}, to: t, rate: r}}\ncolumns: {A: a}", "an unknown word of a side", True),
    ("tables: {t: {a: b}}\ncolumns: {D: {from: d, type: date}, A: {from: a, lookup: t, on: D}}", "a day for a table that always holds", False),
    ("columns: {A: {from: a, on: D}}", "a day without a lookup", True),
    ("columns: {A: {from: a, type: datetime, zone: UTC, clock_change: sooner}}", "an unknown way with clock changes", True),
    ("columns: {A: {from: a, optional: maybe}}", "optional or not", True),
    ("columns: {A: {from: a, type: date, months: zz}}", "months of an unknown language", True),
    ("columns: {A: {from: a, when_blank: {col: B}}, B: b}", "an unknown word of a default", True),
    ("columns: {A: {from: a, message: [x]}}", "a message that is a list", True),
    ("duplicates: {same: a, keep: {newest: b}}\ncolumns: {A: a}", "an unknown rank", True),
    ("limits: {fields_never_found: \"no\"}\ncolumns: {A: a}", "an unknown way with fields that never come", True),
    ("identity: {key: a}\noutput: {format: csv, unchanged: \"no\"}\ncolumns: {A: a}", "an unknown way with what is unchanged", True),
    ("output: {format: csv, audit_columns: [operation]}\ncolumns: {A: a}", "an operation of no identity", False),
    ("output: {format: csv, audit_columns: [row]}\ncolumns: {A: a}", "an unknown audit column", True),
    ("identity: {newer_by: a}\ncolumns: {A: a}", "an identity without a key", True),
    ("identity: {key: a, newest_by: b}\ncolumns: {A: a}", "an unknown word of identity", True),
    ("output: {format: csv, audit_columns: [key]}\ncolumns: {A: a}", "a key of no identity", False),
    ("columns: {A: {from: a, where: {b: c}}}", "a where without each", True),
    ("columns: {A: {from: \"a[*]\", total: equal}}", "an unknown total", True),
    ("output: {format: csv, rest: \"yes\"}\ncolumns: {A: a}", "the rest of a record in a CSV", False),
)

# Mappings that `check` takes: so does the schema, as an editor would mark what is right.
RIGHT = (
    "defaults: {money: {currency: {from: cur}}}\ncolumns: {A: {from: a, type: money}}",
    TABLE + "defaults: {money: {rates: r, rate_date: D, rounding: up, decimals: 2}}\n"
    "columns: {D: {from: d, type: date}, A: {from: a, type: money, currency: EUR, convert_to: USD}}",
    "input: {json_in_text: [a, \"l[*].b\"]}\ncolumns: {A: a.c, B: {from: \"l[*].b.c\", join: +}}",
    "columns: {A: {from: \"x[*].a\", type: money, total: sum, currency: {from: \"x[*].c\"}}}",
    "columns: {A: {from: a, type: json, split: {by: \";\"}, text: trim}, B: {first_of: [a, b], split: {by: \";\"}, join: +}}",
    "columns: {A: {from: a, type: duration, write: hours, decimals: 2, rounding: half-up}}",
    "identity: {key: a, newer_by: {from: b, read: DD/MM/YYYY}}\ncolumns: {A: a}",
)


def check_wrong(trama, schema):
    """Each mistake alone: `check` finds all of them, and the schema those that draft-07 can say."""
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for at, (text, why, _) in enumerate(WRONG):
            head = "mapping: m\n" + ("" if "version:" in text else "version: 1\n")
            files[at] = pathlib.Path(folder) / f"m{at}.yaml"
            files[at].write_text(head + text + "\n", encoding="utf-8")
        (pathlib.Path(folder) / "r.csv").write_text("d,f,t,r\n2025-01-01,EUR,USD,1\n")
        run = subprocess.run([trama, "check", "--format", "json"] + [str(file) for file in files.values()],
                             capture_output=True, text=True)
        errors = {one["file"] for one in json.loads(run.stdout) if one["severity"] == "error"}
        for at, (text, why, sayable) in enumerate(WRONG):
            assert str(files[at]) in errors, f"check allows {why}: {text}"
            whole = texts_keyed(yaml.load(files[at].read_text(encoding="utf-8"), Yaml12))
            assert bool(problems(whole, schema)) == sayable, f"the schema and {why}: {problems(whole, schema)}"
    return sum(sayable for *_, sayable in WRONG)


def check_right(trama, schema):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "r.csv").write_text("d,f,t,r\n2025-01-01,EUR,USD,1\n")
        for text in RIGHT:
            file = pathlib.Path(folder) / "m.yaml"
            file.write_text("mapping: m\nversion: 1\n" + text + "\n", encoding="utf-8")
            told = subprocess.run([trama, "check", str(file)], capture_output=True, text=True)
            assert told.returncode == 0, f"check refuses what is right: {text}\n{told.stdout}{told.stderr}"
            whole = texts_keyed(yaml.load(file.read_text(encoding="utf-8"), Yaml12))
            assert not problems(whole, schema), f"the schema refuses what is right: {text}: {problems(whole, schema)}"


def main():
    trama = sys.argv[1]
    schema_file, guide_file = ROOT / "schemas/mapping.schema.json", ROOT / "mappings/reference.md"
    printed = subprocess.run([trama, "schema"], check=True, capture_output=True, text=True).stdout
    guide = guide_file.read_text(encoding="utf-8")
    if "--update" in sys.argv:
        schema_file.write_text(printed, encoding="utf-8")
        guide_file.write_text(with_tables(guide), encoding="utf-8")
        return
    committed = schema_file.read_text(encoding="utf-8")
    assert guide == with_tables(guide), "the tables of mappings/reference.md are old: tests/schema_test.py TRAMA --update"
    assert committed == printed, "schemas/mapping.schema.json is old: trama schema > schemas/mapping.schema.json"
    untold = untold_words((ROOT / "mappings/README.md").read_text(encoding="utf-8") + guide)
    assert not untold, f"the guide does not tell: {untold}"
    check_types(trama, guide)
    schema = json.loads(committed)
    words = check_words(schema)
    checked = 0
    jsonschema.Draft7Validator.check_schema(schema)
    for name, text in list(shipped()) + list(documented()):
        found = problems(texts_keyed(yaml.load(text, Yaml12)), schema)
        assert not found, f"{name}: " + "; ".join(found)
        checked += 1
    for path in (ROOT / "mappings").glob("*.yaml"):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert first == "# yaml-language-server: $schema=../schemas/mapping.schema.json", f"{path}: no schema named"
    check_right(trama, schema)
    said = check_wrong(trama, schema)
    print(f"{words} words, {checked} mappings, {len(WRONG)} wrong ones, of which the schema says {said}")


if __name__ == "__main__":
    main()
