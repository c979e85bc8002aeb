#!/usr/bin/env python3
"""The JSON Schema of mappings (schemas/mapping.schema.json): as `trama schema` prints it, with every word of the language,
and in agreement with the shipped mappings and the examples of the guide. The validator below knows the keywords that the
schema uses, and refuses others. YAML is read both ways that editors do: 1.2 (`yes` is a text) and 1.1 (a boolean).

The tables of words at the end of the guide come from the same list.

    tests/schema_test.py TRAMA [--update]      --update writes the schema and the tables anew
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPES = {"string": str, "object": dict, "array": list, "null": type(None)}
KNOWN = {"$schema", "$comment", "$ref", "title", "description", "type", "enum", "properties", "additionalProperties",
         "required", "items", "anyOf", "allOf", "pattern", "minItems", "maxItems", "minimum", "maximum", "maxLength",
         "definitions"}


def has_type(value, name):
    if name == "boolean":
        return isinstance(value, bool)
    if name in ("integer", "number"):
        return isinstance(value, int if name == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def problems(value, schema, root, where="mapping"):
    """Why `value` does not satisfy `schema`; nothing where it does."""
    assert set(schema) <= KNOWN, f"keywords that this validator does not know: {set(schema) - KNOWN}"
    if "$ref" in schema:
        return problems(value, root["definitions"][schema["$ref"].rsplit("/", 1)[1]], root, where)
    found = []
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(has_type(value, name) for name in types):
        return [f"{where}: {value!r} is not of type {types}"]
    if "enum" in schema and not any(value == one and type(value) is type(one) for one in schema["enum"]):
        return [f"{where}: {value!r} is not one of {schema['enum']}"]
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{where}: {value!r} does not match {schema['pattern']}")
        if len(value) > schema.get("maxLength", len(value)):
            found.append(f"{where}: {value!r} is too long")
    if has_type(value, "number"):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            found.append(f"{where}: {value!r} is out of range")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            found.append(f"{where}: {len(value)} items")
        for at, item in enumerate(value):
            found += problems(item, schema.get("items", {}), root, f"{where}[{at}]")
    if isinstance(value, dict):
        found += [f"{where}: {key} is missing" for key in schema.get("required", []) if key not in value]
        for key, below in value.items():
            there = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            if there is False:
                found.append(f"{where}: unknown word {key!r}")
            else:
                found += problems(below, there, root, f"{where}.{key}")
    for one in schema.get("allOf", []):
        found += problems(value, one, root, where)
    if "anyOf" in schema:
        tries = [problems(value, one, root, where) for one in schema["anyOf"]]
        if all(tries):
            found += min(tries, key=len)
    return found


class Yaml12(yaml.SafeLoader):
    """The core schema of YAML 1.2: no yes and no, no dates, no sexagesimal numbers."""


class Yaml11(yaml.SafeLoader):
    """YAML 1.1 without its dates, which no JSON Schema can take."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
        ("null", r"^(?:~|null|Null|NULL|)$", list("~nN") + [""]),
        ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789"))):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)
Yaml12.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Yaml11.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


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
    for name in ("README.md", "mappings/README.md"):
        path = ROOT / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
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
                if [(word, below["description"]) for word, below in place.get("properties", {}).items()] == listed]
        assert fits, f"no definition has exactly the words of the section {section}"
    return len(words)


FORMS = {
    "text": "a text", "file": "a file", "expression": "an expression", "texts": "a text, or a list", "character": "one character",
    "toggle": "yes, no", "count": "a count", "records": "a number of records", "number": "a number",
    "decimals": "a count, or by-currency", "limit": "10%, or a number of records", "path": "a path", "paths": "a path, or a list",
    "column_limits": "columns, each with such a limit", "pairs": "pairs", "range": "[low, high]", "source": "a path, a list of paths, or {list: …}",
    "text_or_words": "a format; for yes and no two words", "toggle_or_paths": "yes, no, or paths to leave out",
    "toggle_or_from": "yes, no, or {from: path}", "text_or_from": "a text, or {from: path}",
    "table_or_pairs": "a table's name, or pairs", "text_or_value": "a constant, {column: Name} or {from: path}",
    "file_or_records": "a file, or records", "file_or_rows": "a file, or rows", "map": "words, below", "maps": "words, below; or a list",
    "tables": "names with tables", "columns": "names with columns"}
TITLES = {
    "top": "A mapping", "input": "input", "table": "tables", "rows": "rows", "only": "only", "duplicates": "duplicates",
    "column": "columns", "pick": "from: {list: …}", "pick_is": "is: {…}", "split": "split", "pad": "pad",
    "minor_units": "minor_units: {…}", "currency": "currency: {…}", "zone": "zone and no_zone_means: {…}",
    "when_wrong": "when_wrong: {…}", "unknown": "unknown: {…}", "choice": "choose", "choice_value": "write: {…} of choose",
    "rule": "rules", "limits": "limits", "output": "output", "test": "tests", "test_rejected": "expect_rejected",
    "test_warning": "expect_warnings"}


def words_of_the_language():
    """(section, word, form, values, description) of each line of words.inc."""
    text = (ROOT / "src/mapping/words.inc").read_text(encoding="utf-8")
    found = re.findall(r'^TRAMA_WORD\((\w+), "(\w+)", (\w+), "([^"]*)", "((?:[^"\\]|\\.)*)"\)', text, re.M)
    assert len(found) == text.count("\nTRAMA_WORD("), "words.inc is not read as it should be"
    return [(section, word, form, values, json.loads(f'"{about}"')) for section, word, form, values, about in found]


def steps_of(word):
    """The words of steps, which the program knows (src/step/all.inc) and the schema lists."""
    schema = json.loads((ROOT / "schemas/mapping.schema.json").read_text(encoding="utf-8"))
    rule = schema["definitions"]["column"]["properties"][word]["allOf"][0]
    return ", ".join(rule["enum"] if "enum" in rule else rule["anyOf"][0]["enum"])


def guide_tables():
    """The tables of words, section by section."""
    lines, at = [], None
    for section, word, form, values, about in words_of_the_language():
        if section != at:
            lines += ["", f"### {TITLES[section]}", "", "| word | value | meaning |", "|---|---|---|"]
            at = section
        value = values or (steps_of(word) if form in ("step", "steps") else FORMS[form])
        if form == "action":
            value += ", or {write: …}"
        lines.append(f"| `{word}` | {value} | {about} |".replace("* ", "\\* "))
    return "\n".join(lines) + "\n"


def with_tables(guide):
    return re.sub(r"(<!-- words -->\n).*(\n<!-- end of words -->)", lambda m: m[1] + guide_tables() + m[2], guide, flags=re.S)


def untold_words(guide):
    """The words that the guide does not tell before its tables, in its text or in an example."""
    told = guide.split("<!-- words -->")[0]
    return [f"{word} ({TITLES[section]})" for section, word, *_ in words_of_the_language()
            if not re.search(rf"(?<![\w-]){word}:|`{word}\b", told)]


def check_types(trama, guide):
    """The table of the guide of which words go with which types, against what `check` says to each word beside each type."""
    values = {"read": "[ISO-8601]", "months": "es", "two_digit_years": "2000-2099", "zone": "UTC", "no_zone_means": "UTC",
              "clock_change": "later", "yes_words": "[Y]", "no_words": "[N]", "write": "HH", "between": "[none, none]",
              "pattern": "x", "currency": "EUR", "convert_to": "USD", "rates": "r", "rate_date": "D", "minor_units": "yes",
              "rounding": "exact", "read_number": "\"1234.56\"", "on_extra_rows": "repeat"}
    types = steps_of("type").split(", ")
    table = re.search(r"<!-- types -->\n(.*)<!-- end of types -->", guide, re.S)[1]
    rows = [row.strip("| ").split(" | ") for row in table.strip().split("\n")[2:]]
    for words, goes in rows:
        named = re.findall(r"`([\w-]+)`", goes)
        fits = [one for one in types if (one not in named) == goes.startswith("all but")]
        for word in re.findall(r"`(\w+)`", words):
            value = {one: values.get(word, "1") for one in types} | ({"boolean": "[Y, N]"} if word == "write" else {})
            columns = "".join(f"  {one}: {{from: a, type: {one}, {word}: {value[one]}}}\n" for one in types)
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as mapping:
                mapping.write("mapping: m\nversion: 1\ncolumns:\n" + columns)
                mapping.flush()
                told = subprocess.run([trama, "check", "--format", "json", mapping.name], capture_output=True, text=True).stdout
            refused = {types[one["line"] - 4] for one in json.loads(told)
                       if one["code"] == "WORD_NOT_FOR_TYPE" and f"'{word}'" in one["message"]}
            assert refused == set(types) - set(fits), f"{word} goes with {set(types) - refused}, the guide says {fits}"


WRONG = (
    ("colums: {}", "an unknown word"),
    ("columns: {A: {from: a, type: dte}}", "an unknown type"),
    ("columns: {A: {from: a, required: si}}", "a switch that is neither yes nor no"),
    ("columns: {A: {from: a, decimals: many}}", "decimals that are no count"),
    ("columns: {A: {from: a, between: [1]}}", "a range with one end"),
    ("columns: {A: {from: a, unknown: {wrte: x}}}", "an unknown word below a word"),
    ("limits: {rejected_at_most: ten}", "a limit that is no figure"),
    ("duplicates: {same: a, keep: newest}", "an unknown way to keep"),
)


def main():
    trama = sys.argv[1]
    schema_file, guide_file = ROOT / "schemas/mapping.schema.json", ROOT / "mappings/README.md"
    printed = subprocess.run([trama, "schema"], check=True, capture_output=True, text=True).stdout
    guide = guide_file.read_text(encoding="utf-8")
    if "--update" in sys.argv:
        schema_file.write_text(printed, encoding="utf-8")
        guide_file.write_text(with_tables(guide), encoding="utf-8")
        return
    committed = schema_file.read_text(encoding="utf-8")
    assert guide == with_tables(guide), "the words of mappings/README.md are old: tests/schema_test.py TRAMA --update"
    assert committed == printed, "schemas/mapping.schema.json is old: trama schema > schemas/mapping.schema.json"
    assert not untold_words(guide), f"the guide does not tell: {untold_words(guide)}"
    check_types(trama, guide)
    schema = json.loads(committed)
    words = check_words(schema)
    checked = 0
    for name, text in list(shipped()) + list(documented()):
        for loader in (Yaml12, Yaml11):
            found = problems(texts_keyed(yaml.load(text, loader)), schema, schema)
            assert not found, f"{name} ({loader.__name__}): " + "; ".join(found)
        checked += 1
    for path in (ROOT / "mappings").glob("*.yaml"):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert first == "# yaml-language-server: $schema=../schemas/mapping.schema.json", f"{path}: no schema named"
    for text, why in WRONG:
        whole = texts_keyed(yaml.load("mapping: m\nversion: 1\n" + text, Yaml12))
        assert problems(whole, schema, schema), f"the schema allows {why}: {text}"
    print(f"{words} words, {checked} mappings, {len(WRONG)} wrong ones refused")


if __name__ == "__main__":
    main()
