#!/usr/bin/env python3
"""`trama reconcile` against an independent program: random sides with records that are missing, extra, different and doubled, as JSON
and as CSV, in memory and spilled to the disk.

    tests/reconcile_test.py TRAMA [RECORDS]
"""

import csv
import decimal
import gzip
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
RECORDS = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 20_000


def validator(name):
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


DIFFERENCE, REPORT = validator("difference"), validator("reconcile")


def same(a, b):
    """As the help says it: texts, or numbers that are no codes with zeros in front."""
    if a == b:
        return True
    try:
        plain = [text for text in (a, b) if text and not text.lstrip("-").startswith("0") or text.lstrip("-")[:2] == "0." or text.lstrip("-") == "0"]
        return len(plain) == 2 and decimal.Decimal(a) == decimal.Decimal(b)
    except decimal.InvalidOperation:
        return False


def expected(left, right, fields):
    """By kind, the keys; of different ones their fields too."""
    sides = []
    for side in (left, right):
        by_key = {}
        for record in side:
            if record["ref"]:
                by_key.setdefault(record["ref"], []).append(record)
        sides.append(by_key)
    found = {"missing": set(), "extra": set(), "different": {}, "duplicate": set(), "same": 0}
    for key in set(sides[0]) | set(sides[1]):
        one, other = sides[0].get(key, []), sides[1].get(key, [])
        if len(one) > 1 or len(other) > 1:
            found["duplicate"].add(key)
        elif not other:
            found["missing"].add(key)
        elif not one:
            found["extra"].add(key)
        else:
            differ = {field for field in fields if not same(one[0].get(field, ""), other[0].get(field, ""))}
            if differ:
                found["different"][key] = differ
            else:
                found["same"] += 1
    return found


class ReconcileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        data = text.encode()
        (self.folder / name).write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)

    def trama(self, *arguments):
        done = subprocess.run([TRAMA, "reconcile", *arguments], cwd=self.folder, capture_output=True, text=True, encoding="utf-8", timeout=600,
                              stdin=subprocess.DEVNULL, check=False)
        return done.returncode, done.stdout, done.stderr

    def as_csv(self, records, fields, separator=","):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator="\n")
        writer.writerow(fields)
        writer.writerows([record.get(field, "") for field in fields] for record in records)
        return out.getvalue()

    @staticmethod
    def as_json(records):
        return "".join(json.dumps({field: None if text == "" else text for field, text in record.items()}, ensure_ascii=False) + "\n" for record in records)

    def sides(self, chance, count):
        fields = ["ref", "total", "room", "notes"]
        left = []
        for number in range(count):
            left.append({"ref": f"B{chance.randrange(10**9)}-{number}", "total": f"{chance.randrange(10**6)}.{chance.randrange(100):02}",
                         "room": chance.choice(["DBL", "007", "7", ""]), "notes": chance.choice(["", 'a "quoted", text', "línea\ndos", "x;y|z"])})
        right = []
        for record in left:
            way = chance.random()
            if way < 0.03:
                continue
            other = dict(record)
            if way < 0.06:
                other["total"] = record["total"] + "0"  # the same number
            elif way < 0.09:
                other["total"] = str(decimal.Decimal(record["total"]) + 1)
            elif way < 0.12:
                other["room"] = {"7": "007", "007": "7", "DBL": "TPL", "": "SGL"}[record["room"]]
            elif way < 0.13:
                right.append(dict(other))
            elif way < 0.14:
                other["ref"] = "X" + other["ref"]
            right.append(other)
        right += [{"ref": f"E{number}", "total": "1.00", "room": "DBL", "notes": ""} for number in range(count // 50)]
        right.append({"ref": "", "total": "1", "room": "", "notes": ""})
        chance.shuffle(right)
        return fields, left, right

    def judge(self, want, code, out, lines, heal):
        report = json.loads(out)
        REPORT.validate(report)
        got = {"missing": set(), "extra": set(), "different": {}, "duplicate": set()}
        keys = []
        for line in lines:
            difference = json.loads(line)
            DIFFERENCE.validate(difference)
            if difference["kind"] == "without_key":
                continue
            keys.append(difference["key"])
            if difference["kind"] == "different":
                got["different"][difference["key"]] = set(difference["fields"])
            else:
                got[difference["kind"]].add(difference["key"])
        self.assertEqual(code, 1)
        self.assertEqual(got, {kind: want[kind] for kind in got})
        self.assertEqual(report["same"], want["same"])
        self.assertEqual(keys, sorted(keys, key=lambda key: key.encode()))
        self.assertEqual(sorted(heal), sorted(want["missing"] | set(want["different"])))

    def test_as_an_independent_program_says(self):
        for seed, (left_name, right_name, memory) in enumerate([("l.ndjson", "r.ndjson", "16M"), ("l.csv", "r.ndjson.gz", "256M"), ("l.ndjson", "r.csv.gz", "256M"),
                                                                ("l.csv", "r.csv", "16M")]):
            fields, left, right = self.sides(random.Random(seed), RECORDS)
            for name, records in ((left_name, left), (right_name, right)):
                self.write(name, self.as_csv(records, fields, ";" if seed == 3 else ",") if ".csv" in name else self.as_json(records))
            code, out, said = self.trama(left_name, right_name, "--key", "ref", "--format", "json", "-o", "d.ndjson", "--heal", "heal" + left_name, "--memory", memory)
            self.assertEqual(said, "")
            text = (self.folder / ("heal" + left_name)).read_text(encoding="utf-8")
            healed = list(csv.DictReader(io.StringIO(text), delimiter=";" if seed == 3 else ",")) if ".csv" in left_name else list(map(json.loads, text.splitlines()))
            lines = (self.folder / "d.ndjson").read_text(encoding="utf-8").splitlines()
            self.judge(expected(left, right, fields), code, out, lines, [record["ref"] for record in healed])
            self.assertEqual(json.loads(out)["without_key"], 1)

    def test_nothing_differs(self):
        self.write("a.ndjson", '{"ref": "1", "t": 1.0, "g": {"m": "x"}}\n{"ref": "2", "t": 5, "n": null}\n')
        self.write("b.ndjson", '{"ref": "2", "t": "5.00", "g": {}}\n{"t": 1, "ref": "1", "g": {"m": "x"}, "n": ""}\n')
        code, out, said = self.trama("a.ndjson", "b.ndjson", "--key", "ref")
        self.assertEqual((code, said), (0, ""))
        self.assertIn("2 the same", out)

    def test_a_key_of_two_fields_and_fields_inside(self):
        self.write("a.ndjson", '{"h": {"c": "X"}, "n": 1, "v": 1}\n{"h": {"c": "X1"}, "n": "", "v": 1}\n{"h": {"c": "Y"}, "n": 2, "v": 3}\n')
        self.write("b.ndjson", '{"h": {"c": "X"}, "n": 1, "v": 2}\n{"h": {"c": "Y"}, "n": 2, "v": 3}\n')
        code, out, _ = self.trama("a.ndjson", "b.ndjson", "--key", "h.c,n", "-o", "-")
        self.assertEqual(code, 1)
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([line["kind"] for line in lines], ["without_key", "different"])
        self.assertEqual((lines[1]["key"], lines[1]["fields"]), (["X", "1"], {"v": {"left": "1", "right": "2"}}))

    def test_tolerance_and_grace(self):
        self.write("a.ndjson", '{"ref": "1", "t": 1.00}\n{"ref": "2", "t": 2.00}\n{"ref": "3", "t": 3, "at": "2025-03-04T05:50:00Z"}\n')
        self.write("b.ndjson", '{"ref": "1", "t": 1.01, "at": "2025-03-04T05:00:00Z"}\n{"ref": "2", "t": 2.02}\n')
        code, out, _ = self.trama("a.ndjson", "b.ndjson", "--key", "ref", "--fields", "t", "--tolerance", "t=0.01", "--grace", "15m", "--by", "at",
                                  "--at", "2025-03-04T06:00:00Z", "--format", "json")
        report = json.loads(out)
        self.assertEqual((code, report["same"], report["different"], report["young"], report["missing"]), (1, 1, 1, 1, 0))

    def test_what_cannot_be_read_is_told(self):
        self.write("a.ndjson", '{"ref": "1"}\nno json\n[1]\n{"ref": null}\n')
        self.write("b.csv", 'ref,x\n1,\n2\n"3,\n')
        code, out, _ = self.trama("a.ndjson", "b.csv", "--key", "ref", "--format", "json")
        report = json.loads(out)
        self.assertEqual((code, report["without_key"], report["same"]), (1, 5, 1))
        for left, right, key, want in (("a.ndjson", "missing.csv", "ref", "FILE_MISSING"), ("a.ndjson", "b.csv", "reff", "no record of a.ndjson has the field reff")):
            code, out, said = self.trama(left, right, "--key", key, "-o", "d.ndjson")
            self.assertIn(want, said)
            self.assertGreater(code, 1)
            self.assertFalse((self.folder / "d.ndjson").exists())

    def test_wrong_lines(self):
        self.write("a.ndjson", '{"ref": "1"}\n')
        for more in (["--grace", "15m"], ["--by", "x"], ["--tolerance", "t"], ["--tolerance", "t=-1"], ["--tolerance", "t=x"], ["-o", "a.ndjson"],
                     ["--heal", "a.ndjson"], ["-o", "x", "--heal", "x"], ["--grace", "1y", "--by", "t"]):
            self.assertEqual(self.trama("a.ndjson", "a.ndjson", "--key", "ref", *more)[0], 64, more)
        self.assertEqual(self.trama("a.ndjson", "a.ndjson")[0], 64)
        self.assertEqual((self.folder / "a.ndjson").read_text(), '{"ref": "1"}\n')


if __name__ == "__main__":
    unittest.main()
