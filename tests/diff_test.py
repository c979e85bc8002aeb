#!/usr/bin/env python3
"""`trama diff` against two runs whose outputs are compared here: the same records moved, the same columns changed, as often.

    tests/diff_test.py build/dev/trama
"""

import collections
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = os.environ.get("TRAMA", "build/dev/trama")
SCHEMA = jsonschema.Draft7Validator(json.loads((ROOT / "schemas" / "diff.schema.json").read_text(encoding="utf-8")))

HEAD = """mapping: m
version: 1
input: {id: id}
output: {format: ndjson, audit_columns: [record]}
"""
# Sections and columns, each in several ways.
SECTIONS = [
    ["", "only: {when: Estado != \"Cancelada\"}", "only: {when: Total > 300}"],
    ["", "duplicates: {same: id}", "duplicates: {same: id, keep: last}"],
    ["", "rules: [{name: barato, check: Total < 700}]", "rules: [{name: tope, check: Total < 890, level: stop}]"],
    ["", "rows: {one_per: rooms, called: room, when_empty: skip}", "rows: {one_per: rooms, called: room, when_empty: one-row}"],
]
COLUMNS = [
    ["Id: id"],
    ["Estado: {from: status, lookup: {OK: Confirmada, RQ: Pendiente, XX: Cancelada}}",
     "Estado: {from: status, lookup: {OK: Confirmada, RQ: En espera, XX: Cancelada, ZZ: Rara}}",
     "Estado: {from: status, lookup: {OK: Confirmada, XX: Cancelada}, unknown: keep}"],
    ["Total: {from: total, type: decimal}", "Total: {from: total, type: decimal, decimals: 1, rounding: half-up}"],
    ["Dia: {from: day, type: date, read: ISO-8601}", "Dia: {from: day, type: date, read: [ISO-8601, DD/MM/YYYY]}"],
    ["Nota: {from: note, text: [trim]}", "Nota: note", "Nota: {from: note, when_missing: \"-\", when_null: \"-\"}"],
    ["", "Correo: {from: mail, personal: yes, when_empty: blank, when_null: blank}"],
]


def mapping(rng):
    sections = [rng.choice(one) for one in SECTIONS]
    columns = [column for column in (rng.choice(one) for one in COLUMNS) if column]
    if rng.random() < 0.2:
        columns.append(columns.pop(2))
    return HEAD + "".join(one + "\n" for one in sections if one) + "columns:\n" + "".join(f"  {one}\n" for one in columns)


def record(rng):
    one = {
        "id": f"R-{rng.randint(1, 300)}",
        "status": rng.choices(["OK", "RQ", "XX", "ZZ"], [70, 15, 10, 5])[0],
        "total": f"{rng.randint(1000, 90000) / 100:.2f}",
        "day": rng.choice(["2026-01-05", "2026-02-30", "05/06/2026"]) if rng.random() < 0.1 else "2026-03-07",
        "mail": rng.choice(["a@example.com", "", None]),
        "rooms": [{"code": "x"}] * rng.randint(0, 3),
    }
    if rng.random() < 0.7:
        one["note"] = rng.choice([" tarde ", "cuna", None, ""])
    return one


class Diffs(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-diff-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def trama(self, *arguments):
        return subprocess.run([os.path.abspath(TRAMA), *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
                              timeout=120, check=False)

    def ran(self, name, dump, records):
        """By record: what became of it, and its rows."""
        for old in self.folder.glob(f"{name}.*"):
            old.unlink()
        out, wrong, summary = (self.folder / f"{name}.{what}" for what in ("ndjson", "rejects", "summary"))
        ran = self.trama("run", name, dump, "-o", out, "--rejects", wrong, "--summary", summary)
        if not summary.exists():  # it was stopped
            out, wrong, summary = (pathlib.Path(f"{path}.incomplete") for path in (out, wrong, summary))
        summary = json.loads(summary.read_text(encoding="utf-8"))
        self.assertIn(ran.returncode, (0, 1, 2), ran)
        made = collections.defaultdict(list)
        for line in out.read_text(encoding="utf-8").splitlines():
            row = json.loads(line, parse_float=str)
            made[row.pop("record")].append(row)
        reasons = {}
        for line in wrong.read_text(encoding="utf-8").splitlines() if wrong.exists() else ():
            reject = json.loads(line)
            reasons[reject["record"]] = [(error["code"], error.get("column", error.get("rule"))) for error in reject["errors"]]
        return made, reasons, summary["records"]["read"], records

    def compared(self, old, new):
        """What diff has to tell."""
        (old_rows, old_reasons, old_read, records), (new_rows, new_reasons, new_read, _) = old, new
        moves, columns, other_rows, other_reasons, changed = collections.Counter(), collections.Counter(), 0, 0, 0

        def state(number, rows, reasons, read):
            if number > read:
                return "not_reached"
            return "written" if number in rows else "rejected" if number in reasons else "left_out"

        for number in range(1, max(old_read, new_read) + 1):
            before, after = state(number, old_rows, old_reasons, old_read), state(number, new_rows, new_reasons, new_read)
            if before != after:
                moves[before, after] += 1
                changed += 1
            elif before == "written":
                if len(old_rows[number]) != len(new_rows[number]):
                    other_rows += 1
                    changed += 1
                    continue
                differ = set()
                for one, other in zip(old_rows[number], new_rows[number]):
                    differ |= {name for name in one.keys() & other.keys() if one[name] != other[name]}
                columns.update(differ)
                changed += bool(differ)
            elif before == "rejected" and old_reasons[number] != new_reasons[number]:
                other_reasons += 1
                changed += 1
        return {"moves": dict(moves), "columns": dict(columns), "other_rows": other_rows, "other_reasons": other_reasons,
                "changed": changed, "records": max(old_read, new_read)}

    def test_as_two_runs(self):
        rng = random.Random(20)
        told_something = collections.Counter()
        for pair in range(60):
            records = [record(rng) for _ in range(rng.choice([3, 60, 400]))]
            (self.folder / "d.ndjson").write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
            for name in ("old.yaml", "new.yaml"):
                (self.folder / name).write_text(mapping(rng), encoding="utf-8")
            expected = self.compared(*(self.ran(name, "d.ndjson", len(records)) for name in ("old.yaml", "new.yaml")))
            ran = self.trama("diff", "old.yaml", "new.yaml", "d.ndjson", "--format", "json")
            self.assertIn(ran.returncode, (0, 1), ran)
            report = json.loads(ran.stdout)
            SCHEMA.validate(report)
            moves = collections.Counter()
            for move in report["moves"]:
                names = [{"skipped": "left_out", "duplicate": "left_out"}.get(move[side], move[side]) for side in ("before", "after")]
                if names[0] != names[1]:
                    moves[tuple(names)] += move["records"]
            left_out = sum(move["records"] for move in report["moves"]
                           if {move["before"], move["after"]} == {"skipped", "duplicate"})
            told = {"moves": dict(moves), "columns": {one["name"]: one["records"] for one in report["columns"]},
                    "other_rows": report["other_rows"]["records"], "other_reasons": report["other_reasons"]["records"],
                    "changed": report["changed"] - left_out, "records": report["records"]}
            with self.subTest(pair=pair, old=(self.folder / "old.yaml").read_text(), new=(self.folder / "new.yaml").read_text()):
                self.assertEqual(told, expected)
            for key in ("moves", "columns", "other_rows", "other_reasons"):
                told_something[key] += bool(told[key])
            self.assertNotIn("a@example.com", ran.stdout)
        self.assertTrue(all(told_something[key] >= 5 for key in ("moves", "columns", "other_rows", "other_reasons")), told_something)

    def test_personal_in_one_of_them(self):
        old = """mapping: p
version: 1
input: {id: name}
columns: {Name: name, Mail: {from: mail, type: email}, Age: {from: age, type: integer}}
rules: [{name: r, check: Age > 10, message: m}]
"""
        new = old.replace("Name: name", "Name: {from: name, personal: yes}").replace("type: email", "type: email, personal: yes")
        new = new.replace("> 10", "> 5")
        renamed = new.replace("Mail:", "Correo:")
        (self.folder / "p.ndjson").write_text('{"name":"SECRETN","mail":"a@x.com","age":7}\n'
                                              '{"name":"SECRETO","mail":"SECRETMAIL","age":8}\n', encoding="utf-8")
        for name, text in (("old.yaml", old), ("new.yaml", new), ("renamed.yaml", renamed)):
            (self.folder / name).write_text(text, encoding="utf-8")
        for pair in (("old.yaml", "new.yaml"), ("new.yaml", "old.yaml"), ("old.yaml", "renamed.yaml"), ("renamed.yaml", "old.yaml")):
            for form in ("text", "json", "markdown"):
                ran = self.trama("diff", *pair, "p.ndjson", "--format", form)
                self.assertEqual(ran.returncode, 1, ran)
                self.assertNotIn("SECRET", ran.stdout, pair)

    def test_rows_that_are_written_otherwise(self):
        base = "mapping: d\nversion: 1\ncolumns: {V: {from: v, type: integer}}\noutput: {format: ndjson}\n"
        (self.folder / "v.ndjson").write_text('{"v":"12"}\n', encoding="utf-8")
        (self.folder / "base.yaml").write_text(base, encoding="utf-8")
        for change in (base.replace(", type: integer", ""), base.replace("ndjson", "csv"), base.replace("ndjson", "json"),
                       base.replace("format: ndjson", "format: ndjson, audit_columns: [record]")):
            (self.folder / "other.yaml").write_text(change, encoding="utf-8")
            self.assertEqual(self.trama("diff", "base.yaml", "other.yaml", "v.ndjson").returncode, 1, change)

    def test_a_mapping_and_itself(self):
        for path in sorted((ROOT / "mappings").glob("*.yaml")):
            if path.name.endswith(".test.yaml"):
                continue
            for sample in (ROOT / "samples").glob(path.stem + ".*"):
                ran = self.trama("diff", path, path, sample)
                self.assertEqual(ran.returncode, 0, (path, ran))
                self.assertIn("no difference", ran.stdout)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        TRAMA = sys.argv.pop(1)
    unittest.main()
