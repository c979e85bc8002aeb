#!/usr/bin/env python3
"""What is known from run to run (--state): files are imported once, whatever their name and however they come; and what becomes of
that when a run fails, is killed, or another is faster. Kills at every call of the system are those of tests/faults/run_faults.

    tests/state_test.py TRAMA
"""

import csv
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent


def validator(name):
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


RUN, RUNS, EVENT, SUMMARY = (validator(name) for name in ("state-run", "runs", "event", "summary"))
TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
MAPPING = """mapping: bookings
version: 1
input: {id: ref}
columns:
  Ref: ref
  Nights: {from: nights, type: integer}
limits: {rejected_at_most: 50%}
"""
STATE = "imports.state"


def dump(*refs, nights=2):
    return "".join(json.dumps({"ref": ref, "nights": nights}) + "\n" for ref in refs)


class StateTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("m.yaml", MAPPING)
        self.write("a.json", dump("A1", "A2"))
        self.write("b.json", dump("B1"))

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def trama(self, *arguments, stdin=None):
        """Exit and what is said; standard output is kept in `out`."""
        done = subprocess.run([TRAMA, *arguments], cwd=self.folder, input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=60,
                              stdin=subprocess.DEVNULL if stdin is None else None, check=False)
        self.out = done.stdout
        return done.returncode, done.stderr

    def run_in(self, *inputs, out="rows.csv", more=(), stdin=None):
        return self.trama("run", "m.yaml", *inputs, "-o", out, "--state", STATE, *more, stdin=stdin)

    def runs(self):
        self.assertEqual(self.trama("state", "export", STATE)[0], 0)
        runs = [json.loads(line) for line in self.out.splitlines()]
        for run in runs:
            RUN.validate(run)
            SUMMARY.validate(run["summary"])
        return runs

    def outcomes(self):
        return [run["outcome"] for run in self.runs()]

    def refs(self, name="rows.csv"):
        return [line.split(",")[0] for line in self.read(name).splitlines()[1:]]

    # ---- once ----

    def test_a_file_is_imported_once(self):
        self.assertEqual(self.run_in("a.json")[0], 0)
        before = self.read("rows.csv")
        code, said = self.run_in("a.json")
        self.assertEqual(code, 0)
        self.assertIn("ALREADY_IMPORTED: a.json was imported on ", said)
        self.assertEqual(self.read("rows.csv"), before)
        self.assertEqual(self.outcomes(), ["published", "known"])
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith(".incomplete")], [])

    def test_its_name_does_not_matter(self):
        self.run_in("a.json")
        shutil.copy(self.folder / "a.json", self.folder / "late.json")
        code, said = self.run_in("late.json", out="late.csv")
        self.assertEqual(code, 0)
        self.assertIn("late.json was imported", said)
        self.assertFalse((self.folder / "late.csv").exists())

    def test_its_content_does(self):
        self.run_in("a.json")
        self.write("a.json", dump("A1", "A3"))  # of the same size
        self.assertEqual(self.run_in("a.json")[0], 0)
        self.assertEqual(self.refs(), ["A1", "A3"])
        self.assertEqual(self.outcomes(), ["published", "published"])

    def test_again(self):
        self.run_in("a.json")
        self.assertEqual(self.run_in("a.json", out="again.csv", more=["--again"])[0], 0)
        self.assertEqual(self.refs("again.csv"), ["A1", "A2"])
        self.assertEqual(self.run_in("a.json")[0], 0)
        self.assertEqual(self.outcomes(), ["published", "published", "known"])

    def test_another_mapping_imports_it_too(self):
        self.run_in("a.json")
        self.write("m.yaml", MAPPING.replace("bookings", "guests"))
        self.assertEqual(self.run_in("a.json", out="guests.csv")[0], 0)
        self.assertEqual(self.refs("guests.csv"), ["A1", "A2"])

    def test_what_is_new_of_several(self):
        self.run_in("a.json")
        code, said = self.run_in("a.json", "b.json", out="both.csv", more=["--summary", "s.json"])
        self.assertEqual(code, 0)
        self.assertIn("ALREADY_IMPORTED: a.json", said)
        self.assertEqual(self.refs("both.csv"), ["B1"])
        summary = json.loads(self.read("s.json"))
        SUMMARY.validate(summary)
        self.assertEqual([(one["path"], one["state"]) for one in summary["inputs"]], [("b.json", "read"), ("a.json", "imported")])
        self.assertEqual(summary["inputs"][1]["sha256"], hashlib.sha256(self.read("a.json").encode()).hexdigest())
        self.assertEqual(summary["records"]["read"], 1)

    def test_two_of_a_run_are_one(self):
        self.write("copy.json", self.read("a.json"))
        code, said = self.run_in("a.json", "copy.json", "b.json")
        self.assertEqual(code, 0)
        self.assertIn("ALREADY_IMPORTED: copy.json has the same content as a.json", said)
        self.assertEqual(self.refs(), ["A1", "A2", "B1"])

    def test_a_pipe(self):
        text = self.read("a.json")
        self.assertEqual(self.run_in("-", stdin=text)[0], 0)
        before = self.read("rows.csv")
        code, said = self.run_in("-", stdin=text, more=["--summary", "s.json"])
        self.assertEqual(code, 0, said)
        self.assertIn("ALREADY_IMPORTED: standard input was imported", said)
        self.assertNotIn("records read", said)
        self.assertEqual(self.read("rows.csv"), before)
        self.assertEqual(json.loads(self.read("s.json.incomplete"))["records"]["read"], 0)
        code, said = self.run_in("-", "b.json", stdin=text, out="both.csv")
        self.assertEqual(code, 4, said)
        self.assertIn("ALREADY_IMPORTED: standard input was imported before", said)
        self.assertFalse((self.folder / "both.csv").exists())
        self.assertEqual(self.run_in("b.json", out="both.csv")[0], 0)  # it was not taken for imported
        self.assertEqual(self.outcomes(), ["published", "known", "failed", "published"])

    def test_a_replay(self):
        self.write("bad.json", dump("A1") + dump("A2", nights="x"))
        self.assertEqual(self.run_in("bad.json")[0], 1)
        self.write("m.yaml", MAPPING.replace("type: integer", "type: text"))
        replay = ("replay", "rows.csv.rejects.jsonl", "-m", "m.yaml", "-o", "more.csv", "--state", STATE)
        self.assertEqual(self.trama(*replay)[0], 0)
        self.assertEqual(self.refs("more.csv"), ["A2"])
        code, said = self.trama(*replay)
        self.assertEqual((code, "ALREADY_IMPORTED" in said), (0, True))

    # ---- what is not imported ----

    def test_a_run_that_publishes_nothing(self):
        self.write("bad.json", dump("A1", "A2", "A3", nights="x") + dump("A4"))
        self.assertEqual(self.run_in("bad.json")[0], 2)
        self.write("m.yaml", MAPPING.replace("50%", "90%"))
        self.assertEqual(self.run_in("bad.json")[0], 1)
        self.assertEqual(self.outcomes(), ["failed", "published"])
        self.assertEqual([run["exit"] for run in self.runs()], [2, 1])

    def test_a_mapping_that_is_wrong(self):
        self.write("m.yaml", MAPPING.replace("integer", "intger"))
        self.assertEqual(self.run_in("a.json")[0], 3)
        self.assertEqual([(run["outcome"], run["exit"]) for run in self.runs()], [("failed", 3)])
        self.write("m.yaml", MAPPING)
        self.assertEqual(self.run_in("a.json")[0], 0)

    def test_a_dry_run(self):
        self.assertEqual(self.run_in("a.json", more=["--dry-run"])[0], 0)
        self.assertFalse((self.folder / STATE).exists())
        self.run_in("a.json")
        code, said = self.run_in("a.json", more=["--dry-run"])
        self.assertEqual((code, "ALREADY_IMPORTED" in said), (0, True))
        self.assertEqual(self.outcomes(), ["published"])

    def test_an_input_that_cannot_be_read(self):
        self.write("cut.json", '[{"ref": "C1", "nights": 1},')
        self.write("m.yaml", MAPPING.replace("{id: ref}", "{id: ref, format: json}"))
        self.write("list.json", '[{"ref": "D1", "nights": 1}]')
        code, said = self.run_in("list.json", "cut.json", more=["--bad-inputs", "reject"])
        self.assertEqual(code, 1, said)
        self.assertEqual([file["name"] for file in self.runs()[0]["files"]], ["list.json"])

    def test_a_run_that_is_killed_before_it_publishes(self):
        run = subprocess.Popen([TRAMA, "run", "m.yaml", "-", "-o", "rows.csv", "--state", STATE], cwd=self.folder, stdin=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
        run.stdin.write(dump("A1").encode())
        run.stdin.flush()
        time.sleep(0.2)
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdin.close()
        self.assertEqual(self.run_in("-", stdin=dump("A1"))[0], 0)
        self.assertEqual(self.refs(), ["A1"])

    # ---- killed between ----

    def unsettle(self):
        """As if the run that published last had been killed before it could say so."""
        with sqlite3.connect(self.folder / STATE) as state:
            state.execute("UPDATE runs SET outcome = 'publishing', ticket = ? WHERE outcome = 'published'", (self.ticket,))
        state.close()

    def identity(self, name):
        about = os.stat(self.folder / name)
        return f"yes {about.st_ino} {about.st_size} {about.st_mtime_ns // 10**9} {about.st_mtime_ns % 10**9}"

    def test_its_rows_are_in_place(self):
        self.run_in("a.json")
        self.ticket = f"file {self.identity('rows.csv')} no 0 0 0 0 {self.folder / 'rows.csv'}"
        self.unsettle()
        code, said = self.run_in("a.json", out="again.csv")
        self.assertEqual(code, 0, said)
        self.assertIn("ALREADY_IMPORTED: a.json", said)
        self.assertEqual(self.outcomes(), ["published", "known"])

    def test_its_rows_are_not(self):
        self.run_in("a.json")
        os.rename(self.folder / "rows.csv", self.folder / "rows.csv.incomplete")
        self.ticket = f"file {self.identity('rows.csv.incomplete')} no 0 0 0 0 {self.folder / 'rows.csv'}"
        self.unsettle()
        code, said = self.run_in("a.json", out="again.csv")
        self.assertEqual(code, 0, said)
        self.assertIn("STATE_SETTLED: run ", said)
        self.assertEqual(self.refs("again.csv"), ["A1", "A2"])
        self.assertEqual(self.outcomes(), ["failed", "published"])
        self.assertEqual(self.runs()[0]["exit"], 137)

    def test_nobody_knows(self):
        self.run_in("a.json")
        self.ticket = f"file {self.identity('rows.csv')} no 0 0 0 0 {self.folder / 'rows.csv'}"
        self.unsettle()
        os.remove(self.folder / "rows.csv")
        code, said = self.run_in("b.json", out="again.csv")
        self.assertEqual(code, 5, said)
        self.assertIn("STATE_UNSETTLED", said)
        run = next(one["run"] for one in self.runs() if one["outcome"] == "publishing")
        self.assertIn(f"trama state settle {STATE} --run {run} --as published", said)
        self.assertEqual(self.trama("state", "settle", STATE, "--run", "nobody", "--as", "failed")[0], 64)
        self.assertEqual(self.trama("state", "settle", STATE, "--run", run, "--as", "failed")[0], 0)
        self.assertEqual(self.run_in("a.json", out="again.csv")[0], 0)
        self.assertEqual(self.refs("again.csv"), ["A1", "A2"])

    # ---- at the same time ----

    def test_many_runs_at_once(self):
        runs = [subprocess.Popen([TRAMA, "run", "m.yaml", "a.json", "-o", f"{i}.csv", "--state", STATE], cwd=self.folder, stdin=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True) for i in range(8)]
        said = [run.communicate(timeout=120)[1] for run in runs]
        self.assertEqual([run.returncode for run in runs], [0] * 8, said)
        self.assertEqual(sorted(self.outcomes()), ["known"] * 7 + ["published"])
        self.assertEqual(len(list(self.folder.glob("*.csv"))), 1)

    # ---- the file itself ----

    def test_a_foreign_file_stays_as_it_is(self):
        self.write(STATE, "notes\n" * 100)
        code, said = self.run_in("a.json")
        self.assertEqual((code, "STATE_FOREIGN" in said), (4, True))
        self.assertEqual(self.read(STATE), "notes\n" * 100)
        os.remove(self.folder / STATE)
        with sqlite3.connect(self.folder / STATE) as other:
            other.execute("CREATE TABLE t (a)")
        other.close()
        before = (self.folder / STATE).read_bytes()
        code, said = self.run_in("a.json")
        self.assertEqual((code, "another program" in said), (4, True))
        self.assertEqual((self.folder / STATE).read_bytes(), before)
        self.assertFalse((self.folder / "rows.csv").exists())

    def test_a_damaged_one(self):
        for name in ("a.json", "b.json"):
            self.run_in(name)
        whole = (self.folder / STATE).read_bytes()
        pages = len(whole) // 4096
        for page in range(1, pages):  # the first is the header
            (self.folder / STATE).write_bytes(whole[: page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096 :])
            code, said = self.trama("state", "check", STATE)
            self.assertEqual((code, "STATE_DAMAGED" in said), (4, True), f"page {page}: {said}")
            code, said = self.run_in("a.json", out=f"{page}.csv")
            self.assertIn(code, (0, 4), said)  # a page that this run does not need may be any
            self.assertTrue("ALREADY_IMPORTED" in said if code == 0 else "STATE_DAMAGED" in said, said)

    def test_a_newer_one(self):
        self.run_in("a.json")
        with sqlite3.connect(self.folder / STATE) as state:
            state.execute("PRAGMA user_version = 99")
        state.close()
        code, said = self.run_in("b.json")
        self.assertEqual((code, "STATE_NEWER" in said), (4, True))

    def test_places_that_cannot_be_used(self):
        for place, code, word in (("none/x", 5, "STATE_UNWRITABLE"), (".", 4, "FILE_IS_DIRECTORY"), ("a.json", 64, "USAGE"), ("rows.csv", 64, "USAGE"),
                                  ("/dev/null", 4, "STATE_FOREIGN")):
            got, said = self.trama("run", "m.yaml", "a.json", "-o", "rows.csv", "--state", place)
            self.assertEqual((got, word in said), (code, True), f"{place}: {said}")
        for words in (["--state", STATE], ["-o", "rows.csv", "--again"], ["-o", "rows.csv", "--state", STATE, "--limit", "1"],
                      ["-o", STATE + "-wal", "--state", STATE], ["-o", "rows.csv", "--state", STATE, "--summary", STATE]):
            self.assertEqual(self.trama("run", "m.yaml", "a.json", *words)[0], 64, words)

    def test_names_of_any_kind(self):
        name = "x';DROP TABLE runs;--\n.json"
        self.write(name, dump("Z1"))
        self.assertEqual(self.run_in(name)[0], 0)
        self.assertEqual(self.runs()[0]["files"][0]["name"], name)
        self.assertEqual(self.trama("run", "m.yaml", "b.json", "-o", "b.csv", "--state", ":memory:")[0], 0)
        self.assertTrue((self.folder / ":memory:").exists())

    def test_prune(self):
        self.run_in("a.json")
        with sqlite3.connect(self.folder / STATE) as state:
            state.execute("UPDATE runs SET finished = finished - 86400000 * 100")
        state.close()
        self.run_in("b.json")
        self.assertEqual(self.trama("state", "prune", STATE, "--keep", "90d")[0], 0)
        self.assertEqual([run["files"][0]["name"] for run in self.runs()], ["b.json"])
        self.assertEqual(self.run_in("a.json")[0], 0)
        self.assertEqual(self.refs(), ["A1", "A2"])
        for keep in ("", "90", "d", "-1d", "0d", "9999999d", "1y"):
            self.assertEqual(self.trama("state", "prune", STATE, "--keep", keep)[0], 64, keep)

    # ---- what is told of runs ----

    def test_report(self):
        self.run_in("a.json")
        self.write("bad.json", dump("C1") + dump("C2", nights="x"))
        self.run_in("bad.json")
        self.run_in("a.json")
        self.run_in("missing.json")
        self.assertEqual(self.trama("report", "--state", STATE, "--format", "json")[0], 0)
        report = json.loads(self.out)
        RUNS.validate(report)
        self.assertEqual(report["all"]["runs"], {"all": 4, "published": 2, "failed": 1, "nothing_new": 1, "publishing": 0})
        self.assertEqual(report["all"]["records"], {"read": 4, "written": 3, "rejected": 1, "skipped": 0, "duplicates": 0})
        self.assertEqual([(code["code"], code["records"], code["runs"]) for code in report["codes"]], [("NUMBER_UNREADABLE", 1, 1)])
        self.assertEqual(report["alerts"], [])
        self.write("renamed.json", json.dumps({"ref": "D1", "nigths": 1}) + "\n")
        self.run_in("renamed.json")
        self.assertEqual(self.trama("report", "--state", STATE, "--by", "code", "--format", "json")[0], 0)
        RUNS.validate(json.loads(self.out))
        self.assertEqual([(a["code"], a["alerts"], a["runs"]) for a in json.loads(self.out)["alerts"]], [("FIELD_NEVER_FOUND", 1, 1)])
        self.assertEqual(report["failed"][0]["exit"], 4)
        self.assertIn("FILE_MISSING", report["failed"][0]["why"])
        for by in ("mapping", "day", "code"):
            self.assertEqual(self.trama("report", "--state", STATE, "--by", by, "--format", "json")[0], 0)
            RUNS.validate(json.loads(self.out))
            self.assertEqual(self.trama("report", "--state", STATE, "--by", by)[0], 0)
            self.assertIn("80 % succeeded", self.out)
            self.assertIn("NUMBER_UNREADABLE", self.out)
            self.assertTrue(all(len(line) <= 100 for line in self.out.splitlines()), self.out)
        self.assertEqual(self.trama("report", "--state", STATE, "--at", "2001-01-01T00:00:00Z")[0], 0)
        self.assertIn("there are none", self.out)
        self.assertEqual(self.trama("report", "--state", "missing.state")[0], 4)
        self.assertFalse((self.folder / "missing.state").exists())

    def test_metrics(self):
        self.write("bad.json", dump("C1") + dump("C2", nights="x"))
        self.run_in("bad.json", more=["--metrics", "m.prom"])
        samples = dict(line.rsplit(" ", 1) for line in self.read("m.prom").splitlines() if not line.startswith("#"))
        self.assertEqual(samples['trama_run_exit_code{mapping="bookings"}'], "1")
        self.assertEqual(samples['trama_run_records{mapping="bookings",outcome="rejected"}'], "1")
        self.assertEqual(samples['trama_run_errors{mapping="bookings",code="NUMBER_UNREADABLE"}'], "1")
        succeeded = samples['trama_run_last_success_timestamp_seconds{mapping="bookings"}']
        self.assertEqual(succeeded, samples['trama_run_end_timestamp_seconds{mapping="bookings"}'])
        self.run_in("missing.json", more=["--metrics", "m.prom"])
        samples = dict(line.rsplit(" ", 1) for line in self.read("m.prom").splitlines() if not line.startswith("#"))
        self.assertEqual(samples['trama_run_success{mapping="bookings"}'], "0")
        self.assertEqual(samples['trama_run_last_success_timestamp_seconds{mapping="bookings"}'], succeeded)
        self.write("m.yaml", MAPPING.replace("integer", "intger"))
        self.run_in("a.json", more=["--metrics", "m.prom"])
        self.assertIn('trama_run_exit_code{mapping="bookings"} 3\n', self.read("m.prom"))

    def test_rejects_as_csv(self):
        self.write("m.yaml", MAPPING.replace("  Nights: {from: nights, type: integer}", "  Nights: {from: nights, type: integer, message: nights of the stay}\n"
                                             "  Mail: {from: mail, type: email, personal: yes}"))
        bad = [{"ref": "C1", "nights": "x", "mail": "nobody@"}, {"ref": "=C2", "nights": "=1+1", "mail": "ana@example.com"}, {"ref": "C3", "nights": 3}]
        self.write("bad.json", "".join(json.dumps(one) + "\n" for one in bad) + "no json\n")
        self.assertEqual(self.run_in("bad.json", more=["--rejects-csv", "for-supplier.csv"])[0], 2)
        self.assertFalse((self.folder / "for-supplier.csv").exists())
        self.write("m.yaml", self.read("m.yaml").replace("50%", "80%"))
        self.assertEqual(self.run_in("bad.json", more=["--rejects-csv", "for-supplier.csv"])[0], 1)
        raw = (self.folder / "for-supplier.csv").read_bytes()
        self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
        self.assertEqual([(row["record"], row["column"], row["code"], row["data_at"]) for row in rows],
                         [("1", "Nights", "NUMBER_UNREADABLE", "1:25"), ("1", "Mail", "EMAIL_INVALID", "1:38"), ("2", "Nights", "NUMBER_UNREADABLE", "2:26"),
                          ("4", "", "JSON_INVALID", "4:1")])
        self.assertEqual((rows[0]["value"], rows[0]["column_message"]), ("x", "nights of the stay"))
        self.assertNotIn("nobody@", raw.decode())
        self.assertEqual((rows[2]["id"], rows[2]["value"]), ("'=C2", "'=1+1"))

    def test_log(self):
        self.write("bad.json", dump("C1") + dump("C2", nights="x"))
        code, said = self.run_in("bad.json", more=["--log-format", "json"])
        events = [json.loads(line) for line in said.splitlines()]
        for event in events:
            EVENT.validate(event)
        self.assertEqual([event["event"] for event in events], ["begin", "input", "errors", "end"])
        self.assertEqual((events[-1]["exit"], events[-1]["read"], events[-1]["rejected"]), (code, 2, 1))
        self.assertEqual({event["run"] for event in events[1:]}, {self.runs()[0]["run"]})
        self.write("m.yaml", MAPPING.replace("integer", "intger"))
        code, said = self.run_in("a.json", more=["--log-format", "json"])
        events = [json.loads(line) for line in said.splitlines()]
        self.assertEqual((code, events[-1]["event"], events[-1]["exit"]), (3, "end", 3))
        self.assertTrue(any("VALUE_WRONG" in event.get("message", "") or "error[" in event.get("message", "") for event in events), said)


if __name__ == "__main__":
    unittest.main()
