#!/usr/bin/env python3
"""Summaries and rejects as their schemas say (schemas/summary.schema.json, schemas/reject-line.schema.json), of runs that
end in every way that a run can end.

    tests/output_schemas_test.py build/dev/trama
"""

import fcntl
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = os.environ.get("TRAMA", "build/dev/trama")
GOOD = b'{"id":"1","a":"x","n":1,"p":"Ana"}\n'
BAD = b'{"id":"2","a":"y","n":"x","p":"Eva"}\n'
MAPPING = """mapping: m
version: 1
input: {id: id}
columns:
  Id: id
  A: a
  N: {from: n, type: integer}
  P: {from: p, personal: yes}
"""


def validator(name):
    schema = json.loads((ROOT / "schemas" / name).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


SUMMARY = validator("summary.schema.json")
REJECT = validator("reject-line.schema.json")
PROFILE = validator("profile.schema.json")


class Outputs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-schemas-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.write("m.yaml", MAPPING)
        self.write("in", GOOD + BAD)

    def write(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def trama(self, *arguments, command="run", stdin=b"", before=""):
        line = " ".join([before, TRAMA, command, *map(str, arguments)])
        done = subprocess.run(["bash", "-c", line], input=stdin, cwd=self.folder, capture_output=True, timeout=60, check=False)
        return done.returncode, done.stderr.decode("utf-8", "replace")

    def valid(self, check, text, name):
        value = json.loads(text)
        problems = sorted(check.iter_errors(value), key=str)
        self.assertFalse(problems, f"{name}: " + "; ".join(f"{list(p.absolute_path)}: {p.message}" for p in problems))
        return value

    def summary(self, name="s.json"):
        return self.valid(SUMMARY, (self.folder / name).read_text(encoding="utf-8"), name)

    def rejects(self, name="out.csv.rejects.jsonl"):
        return [self.valid(REJECT, line, name) for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]

    def ends(self, exit_code, *arguments, state, name="s.json", said="", **more):
        """A run with a summary that ends so; yesterday's summary stays where its output does."""
        self.write("s.json", "yesterday's")
        (self.folder / "s.json.incomplete").unlink(missing_ok=True)
        code, told = self.trama(*arguments, "--summary", "s.json", **more)
        self.assertEqual(code, exit_code, told)
        summary = self.summary(name)
        if name != "s.json":
            self.assertEqual((self.folder / "s.json").read_text(), "yesterday's")
        else:
            self.assertFalse((self.folder / "s.json.incomplete").exists())
        self.assertEqual((summary["exit"], summary["output_state"]), (exit_code, state), told)
        self.assertLessEqual(summary["started"], summary["finished"])
        self.assertIn(said, "\n".join(summary["endings"] + [alert["code"] for alert in summary["alerts"]]))
        return summary

    def test_every_exit(self):
        left = "s.json.incomplete"
        self.write("good", GOOD)
        self.ends(0, "m.yaml", "good", "-o", "out.csv", state="published")
        summary = self.ends(1, "m.yaml", "in", "-o", "out.csv", state="published")
        self.assertEqual(summary["rejects"], "out.csv.rejects.jsonl")
        self.assertEqual(len(self.rejects()), 1)
        self.write("limit.yaml", MAPPING + "limits: {rejected_at_most: 0}\n")
        summary = self.ends(2, "limit.yaml", "in", "-o", "out.csv", state="incomplete", name=left, said="limit 0")
        self.assertEqual(summary["rejects"], "out.csv.rejects.jsonl.incomplete")
        self.rejects("out.csv.rejects.jsonl.incomplete")
        self.write("always.yaml", MAPPING + "limits: {rejected_at_most: 0, publish: always}\n")
        self.ends(6, "always.yaml", "in", "-o", "out.csv", state="published", said="limit 0")
        self.write("wrong.yaml", MAPPING.replace("from: n", "form: n"))
        summary = self.ends(3, "wrong.yaml", "in", "-o", "out.csv", state="none", name=left, said="KEY_UNKNOWN")
        self.assertEqual((summary["mapping"], summary["run"]), ("m", ""))
        self.ends(3, "missing.yaml", "in", "-o", "out.csv", state="none", name=left, said="FILE_UNREADABLE")
        self.ends(4, "m.yaml", "missing", "-o", "out.csv", state="none", name=left, said="FILE_MISSING")
        self.write("half", b'[{"id":"1"}')
        summary = self.ends(4, "m.yaml", "half", "-o", "out.csv", state="incomplete", name=left, said="INPUT_CUT_OFF")
        self.assertEqual(summary["records"]["read"], 1)
        self.ends(5, "m.yaml", "in", "-o", "none/out.csv", state="none", name=left, said="OUTPUT_UNWRITABLE")
        self.ends(5, "m.yaml", "in", "-o", "/dev/full", "--rejects", "r", state="streamed", said="OUTPUT_UNWRITABLE")
        self.ends(64, "m.yaml", "in", "-o", "in", state="none", name=left, said="USAGE")

    def test_to_standard_output(self):
        """Nothing stays that a summary could belong to: it gets its name."""
        self.ends(1, "m.yaml", "in", state="streamed")
        self.ends(2, "m.yaml", "-", stdin=BAD, state="streamed")
        self.ends(4, "m.yaml", "missing", state="none")
        self.write("wrong.yaml", "mapping: [")
        self.ends(3, "wrong.yaml", "in", state="none")

    def test_busy(self):
        self.write("out.csv.incomplete", "")
        with open(self.folder / "out.csv.incomplete", "wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self.ends(75, "m.yaml", "in", "-o", "out.csv", state="none", name="s.json.incomplete", said="OUTPUT_BUSY")

    def test_busy_summary(self):
        """Two runs of one command line: the second leaves the files of the first alone."""
        with open(self.folder / "s.json.incomplete", "wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            code, told = self.trama("m.yaml", "in", "-o", "out.csv", "--summary", "s.json")
            self.assertEqual(code, 75, told)
        self.assertEqual((self.folder / "s.json.incomplete").read_bytes(), b"")
        self.assertFalse((self.folder / "s.json").exists())

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            run = subprocess.Popen([TRAMA, "run", "m.yaml", "-", "-o", "out.csv", "--summary", "s.json"], cwd=self.folder,
                                   stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(500):
                if (self.folder / "s.json.incomplete").exists():
                    break
                time.sleep(0.01)
            run.send_signal(number)
            self.assertEqual(run.wait(10), 128 + number)
            run.stdin.close()
            run.stderr.close()
            self.assertEqual(self.summary("s.json.incomplete")["exit"], 128 + number)
            self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["in", "m.yaml", "s.json.incomplete"])
            (self.folder / "s.json.incomplete").unlink()

    def test_a_summary_never_lies_over_what_stays(self):
        for clash in ("in", "m.yaml", "out.csv", "out.csv.incomplete", "out.csv.rejects.jsonl"):
            self.write("out.csv", "yesterday's")
            before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
            code, told = self.trama("m.yaml", "in", "-o", "out.csv", "--summary", clash)
            self.assertEqual(code, 64, told)
            code, told = self.trama("m.yaml", "in", "missing", "-o", "out.csv", "--summary", clash)
            self.assertIn(code, (64, 4), told)
            after = {path.name: path.read_bytes() for path in self.folder.iterdir()}
            self.assertEqual(after, before, clash)

    def test_two_runs_differ_only_in_when_they_ran(self):
        seen = []
        for _ in range(2):
            self.trama("m.yaml", "in", "-o", "out.csv", "--summary", "s.json", "--at", "2025-03-04T06:00:00Z")
            seen.append((re.sub(r'"(started|finished)": "[^"]*"', "", (self.folder / "s.json").read_text()),
                         (self.folder / "out.csv.rejects.jsonl").read_text()))
            time.sleep(0.01)
        self.assertEqual(*seen)

    def test_rejects_of_every_kind(self):
        self.write("all.yaml", """mapping: all
version: 1
input: {id: id}
duplicates: {same: id, others: reject}
columns:
  Id: id
  N: {from: n, type: integer, required: yes}
  P: {from: p, personal: yes, optional: yes}
rules: [{name: r, check: N < 99}]
output: {format: csv, schema: row.json}
""")
        self.write("row.json", '{"properties": {"N": {"maximum": 50}}}')
        self.write("in", b'{"id":"1","n":1}\n{"id":"1","n":2}\n{"id":"2","n":100}\n{"id":"3","n":60}\n{"id":"4","n":"\\n"}\n'
                   b'{"id":"5","n":\xff}\n{"id":"6"\n{"id":"7","n":7,"n":7}\n7\n{"id":"8","x":"' + b"x" * 6000 + b'"}\n')
        self.assertEqual(self.trama("all.yaml", "in", "-o", "out.csv", "--max-record", "5000")[0], 1)
        self.assertEqual({line["stage"] for line in self.rejects()}, {"read", "map", "rule", "duplicate", "write"})
        self.trama("all.yaml", "in", "-o", "masked.csv", "--rejects-without-personal")
        self.assertEqual(len(self.rejects("masked.csv.rejects.jsonl")), len(self.rejects()))
        self.write("list", b'[{"id":"1",\r\n "n":"x"},\n {"id":"2","n":\n1}}, 3]')
        self.trama("all.yaml", "list", "-o", "list.csv")
        kept = self.rejects("list.csv.rejects.jsonl.incomplete")
        self.assertEqual(kept[0]["replay"]["carriage_returns"], [10])
        self.assertTrue(kept[-1]["replay"]["rest"])
        self.write("entries.yaml", "mapping: e\nversion: 1\ninput: {records: 'l{*}', id: $key}\ncolumns:\n  N: {from: n, type: integer}\n")
        self.write("entries", '{"l": {"é": {"n": "x"}, "b": {"n": 1}}}')
        self.trama("entries.yaml", "entries", "-o", "entries.csv")
        self.assertEqual(self.rejects("entries.csv.rejects.jsonl")[0]["replay"]["key"], "é")

    def test_shipped_mappings(self):
        shutil.copytree(ROOT / "mappings", self.folder / "mappings")
        shutil.copytree(ROOT / "samples", self.folder / "samples")
        if (ROOT / "schemas").exists():
            shutil.copytree(ROOT / "schemas", self.folder / "schemas")
        ran = 0
        for mapping in sorted((self.folder / "mappings").glob("*.yaml")):
            if mapping.name.endswith(".test.yaml"):
                continue
            for sample in sorted(path for path in (self.folder / "samples").iterdir() if path.suffix != ".yaml"):
                code, _ = self.trama(f"mappings/{mapping.name}", f"samples/{sample.name}", "-o", "o", "--summary", "s.json")
                for name in ("s.json", "s.json.incomplete"):
                    if (self.folder / name).exists():
                        self.assertEqual(self.summary(name)["exit"], code)
                        (self.folder / name).unlink()
                        ran += 1
                for name in ("o.rejects.jsonl", "o.rejects.jsonl.incomplete"):
                    if (self.folder / name).exists():
                        self.rejects(name)
                        (self.folder / name).unlink()
        self.assertGreater(ran, 10)

    def profile(self, exit_code, *arguments):
        code, told = self.trama(*arguments, "--format", "json", "-o", "p.json", command="profile")
        self.assertIn(code, (exit_code,) if isinstance(exit_code, int) else exit_code, told)
        return self.valid(PROFILE, (self.folder / "p.json").read_text(encoding="utf-8"), " ".join(map(str, arguments)))

    def test_profiles(self):
        self.assertEqual(self.profile(0, "in")["records"], 2)
        for sample in sorted(path for path in (ROOT / "samples").iterdir() if path.suffix != ".yaml"):
            for more in ([], ["--show-personal"], ["--lang", "es"]):
                self.profile((0, 1), sample, *more)
        records = []
        for i in range(3000):  # values of every kind and form, more than are counted exactly
            records.append({"id": i, "d": f"{i % 28 + 1:02}/{i % 12 + 1:02}/2025", "t": f"2025-03-{i % 28 + 1:02}T10:00:00Z", "n": f"{i}.{i % 7},5",
                            "mail": f"a{i}@example.com", "token": "x", "mixed": [i, None, "", str(i), True, {}, [], 10**40], "keys": {str(i): 1},
                            "late": "x" * i if i % 2 else " x", "currency": "USD", "yes": "Y", "day": "2025-03-01" if i % 3 else "soon", "\u202e\t": 1})
        self.write("many", "".join(json.dumps(r) + "\n" for r in records) + "{\n")
        many = self.profile(1, "many")
        self.assertEqual(many["unread"]["count"], 1)
        paths = {p["path"]: p for p in many["paths"]}
        self.assertFalse(paths["id"]["distinct"]["exact"])
        self.assertNotIn("examples", paths["mail"])
        self.assertIn("keys{*}.$key", paths)


if __name__ == "__main__":
    if len(sys.argv) > 1 and "/" in sys.argv[1]:
        TRAMA = sys.argv.pop(1)
    TRAMA = str(pathlib.Path(TRAMA).resolve())
    unittest.main()
