#!/usr/bin/env python3
"""Holds `output: schema` against the JSON Schema test suite (draft-07; Debian's json-schema-test-suite).

    tests/schema_suite_test.py build/dev/trama [FILE…]

Each group of the suite is a schema and values with their verdict. The schema becomes that of a column of type json, the
values the records of a dump: the rows that come out must be those that the suite calls valid. A schema with a keyword that
we do not promise must be refused by check, and by nothing else. At the end it is told how many were compared.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

SUITE = pathlib.Path("/usr/share/json-schema-test-suite/tests/draft7")
# What the guide promises (mappings/README.md, "A schema that every row must satisfy").
REFUSED = {"SCHEMA_KEYWORD", "SCHEMA_VALUE", "SCHEMA_REF"}
MAPPING = """mapping: suite
version: 1
input: {format: ndjson, expect_at_least: 0}
columns:
  v: {from: v, type: json}
limits: {publish: always}
output: {format: ndjson, blank_as: left-out, blank_rows: keep, schema: schemas/row.json}
"""


def run(trama, *arguments):
    return subprocess.run([trama, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def row_schema(schema):
    """Of a row whose one member v is held against `schema`."""
    row = {"type": "object", "properties": {"v": schema}}
    if isinstance(schema, dict):  # a definition is looked for from the top of the file
        for place in ("definitions", "$schema"):
            if place in schema:
                row[place] = schema[place]
    return row


def compare(trama, folder, group):
    """What became of a group: (compared, refused, [what differs])."""
    (folder / "schemas/row.json").write_text(json.dumps(row_schema(group["schema"])), "utf-8")
    checked = run(trama, "check", folder / "suite.yaml", "--format", "json")
    codes = {d["code"] for d in json.loads(checked.stdout) if d["severity"] == "error"}
    if codes == {"SCHEMA_TYPE"}:  # no value can satisfy it, says check
        return len(group["tests"]), 0, [f"{t['description']}: check says that none is valid" for t in group["tests"] if t["valid"]]
    if codes:
        wrong = codes - REFUSED
        return 0, len(group["tests"]), [f"refused with {sorted(wrong)}"] if wrong else []
    dump = "".join(json.dumps({"n": n, "v": t["data"]}, ensure_ascii=False) + "\n" for n, t in enumerate(group["tests"]))
    (folder / "dump.ndjson").write_text(dump, "utf-8")
    rejects = folder / "rejects.jsonl"
    done = run(trama, "run", folder / "suite.yaml", folder / "dump.ndjson", "-o", folder / "rows.ndjson", "--rejects", rejects)
    if done.returncode not in (0, 1, 2, 6):
        return 0, 0, [f"exit {done.returncode}: {done.stderr}"]
    rejected = {}
    for line in rejects.read_text("utf-8").splitlines():
        reject = json.loads(line)
        rejected[reject["record"]] = [e["code"] for e in reject["errors"]]
    differs = []
    for n, test in enumerate(group["tests"], 1):
        if (n not in rejected) != test["valid"]:
            differs.append(f"{test['description']}: {test['data']} is {'valid' if test['valid'] else 'not valid'}")
        elif n in rejected and set(rejected[n]) != {"SCHEMA_MISMATCH"}:
            differs.append(f"{test['description']}: refused with {rejected[n]}")
    return len(group["tests"]), 0, differs


def main():
    trama, names = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    if not SUITE.is_dir():
        print("json-schema-test-suite is not installed (scripts/setup installs it)")
        return 77
    total = skipped = 0
    wrong = []
    with tempfile.TemporaryDirectory(prefix="trama-suite-") as name:
        folder = pathlib.Path(name)
        (folder / "schemas").mkdir()
        (folder / "suite.yaml").write_text(MAPPING, "utf-8")
        for path in sorted(SUITE.glob("*.json")):
            if names and path.name not in names:
                continue
            for group in json.loads(path.read_text("utf-8")):
                compared, refused, differs = compare(trama, folder, group)
                total += compared
                skipped += refused
                wrong += [f"{path.name}: {group['description']}: {what}" for what in differs]
    print(f"{total} values compared, {skipped} under schemas that check refuses, {len(wrong)} differ")
    print("\n".join(wrong))
    return 1 if wrong or (total < 200 and not names) else 0


if __name__ == "__main__":
    sys.exit(main())
