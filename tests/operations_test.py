#!/usr/bin/env python3
"""Identity over runs (mappings/rules.md, 9.35 and 9.37): operations beside what a state knows, against a model of it in Python over
nights of generated dumps, and what holds deletes back.

    tests/operations_test.py TRAMA
"""

import contextlib
import csv
import io
import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import unittest

TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
STATE = "s.state"
MAPPING = """mapping: bookings
version: 1
input: {{expect_at_least: 0}}
identity: {{key: ref{identity}}}
columns:
  Ref: ref
  Total: {{from: total, type: decimal}}
limits: {{rejected_at_most: 100%{limits}}}
output: {{format: {format}, audit_columns: [operation, key{audit}]{output}}}
"""
FULL = ", full_dump: yes"
NEWER = ", newer_by: at"
SCHEMA_1 = """
CREATE TABLE runs (number INTEGER PRIMARY KEY, run TEXT NOT NULL, mapping TEXT NOT NULL, outcome TEXT NOT NULL CHECK (outcome IN
 ('publishing', 'published', 'failed', 'known')), started INTEGER NOT NULL, finished INTEGER NOT NULL, exit INTEGER NOT NULL, output
 TEXT NOT NULL, ticket TEXT NOT NULL, summary TEXT NOT NULL) STRICT;
CREATE INDEX runs_by_time ON runs (finished);
CREATE INDEX runs_by_mapping ON runs (mapping, outcome, finished);
CREATE TABLE files (run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE, place INTEGER NOT NULL, mapping TEXT NOT NULL,
 name TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (run, place)) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_content ON files (mapping, sha256);
CREATE INDEX files_by_size ON files (mapping, bytes);
PRAGMA application_id = 1953656161;
PRAGMA user_version = 1;
"""


def mapping(identity="", limits=None, output="", audit="", form="csv"):
    """`limits` unless stated: as many deletes as there may be."""
    if limits is None:
        limits = ", deleted_at_most: 100%" if "full_dump" in identity else ""
    return MAPPING.format(identity=identity, limits=limits, output=output, audit=audit, format=form)


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def one(ref, total="1.00", at=1):
    return {"ref": ref, "total": total, "at": at}


class OperationsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.nights = 0
        self.write("m.yaml", mapping())

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def trama(self, *arguments):
        done = subprocess.run([TRAMA, *arguments], cwd=self.folder, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
        return done.returncode, done.stderr, done.stdout

    def night(self, *records, exit=0, more=(), text=None):
        """One run; gives what it says. `rows` are the rows that it wrote, `operations` those of its summary."""
        self.nights += 1
        name = f"dump{self.nights}.json"
        self.write(name, lines(*records) if text is None else text)
        code, said, _ = self.trama("run", "m.yaml", name, "-o", "rows.csv", "--state", STATE, "--summary", "summary.json", *more)
        self.assertEqual(code, exit, said)
        summary = json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))
        self.operations = {word: count for word, count in summary.get("operations", {}).items() if count}
        counts = summary["records"]
        self.assertEqual(counts["read"], counts["written"] + counts["rejected"] + counts["skipped"] + counts["duplicates"])
        if exit <= 1:
            self.rows = list(csv.DictReader(io.StringIO((self.folder / "rows.csv").read_text(encoding="utf-8"))))
        return said

    def told(self):
        return [(row["operation"], row["key"]) for row in self.rows]

    def database(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.folder / STATE)) as database, database:
            return database.execute(sql, values).fetchall()

    def test_three_nights(self):
        self.night(one("a"), one("b"), one("c"))
        self.assertEqual(self.told(), [("insert", "a"), ("insert", "b"), ("insert", "c")])
        said = self.night(one("a"), one("b", "2.00"), one("d"))
        self.assertEqual(self.told(), [("unchanged", "a"), ("update", "b"), ("insert", "d")])
        self.assertIn("beside the runs before: insert 1, update 1, unchanged 1", said)
        self.night(one("d"), one("c"))
        self.assertEqual(self.told(), [("unchanged", "d"), ("unchanged", "c")])
        code, said, _ = self.trama("run", "m.yaml", "dump1.json", "-o", "dry.csv", "--dry-run", "--state", STATE, "--again", "--lang", "es")
        self.assertEqual(code, 0)
        self.assertIn("frente a las corridas anteriores: update 1, unchanged 2", said)

    def test_unchanged_may_be_left_out(self):
        self.write("m.yaml", mapping(output=", unchanged: leave-out"))
        self.night(one("a"), one("b"))
        self.night(one("b", "3.00"), one("a"))
        self.assertEqual(self.told(), [("update", "b")])
        self.assertEqual(self.operations, {"update": 1, "unchanged": 1})

    def test_an_older_version_is_left_out(self):
        self.write("m.yaml", mapping(NEWER))
        self.night(one("a", "1.00", 5), one("b", "1.00", "7"))
        self.night(one("a", "2.00", 4), one("b", "2.00", 7.0))
        self.assertEqual(self.told(), [("update", "b")])
        self.assertEqual(self.operations, {"update": 1, "stale": 1})
        self.night(one("a", "1.00", 9))
        self.assertEqual(self.told(), [("unchanged", "a")])
        self.night(one("a", "2.00", 8))  # the newer version with the same rows is the known one
        self.assertEqual(self.operations, {"stale": 1})

    def test_versions_that_cannot_be_compared(self):
        self.write("m.yaml", mapping(NEWER))
        self.night(one("a", "1.00", 5))
        said = self.night(one("a", "2.00", "2026-01-01"), one("b", "1.00", "x"), {"ref": "c", "total": "1"}, one("d"), exit=1)
        self.assertEqual(self.told(), [("insert", "d")])
        self.assertIn("cannot be compared with a number, which the version of this thing has", said)
        self.assertIn("which version is kept is missing", said)

    def test_what_is_gone(self):
        self.write("m.yaml", mapping(FULL, audit=", record, file"))
        self.night(one("a"), one("b"), one("c"))
        self.night(one("b"))
        self.assertEqual(sorted(self.told()), [("delete", "a"), ("delete", "c"), ("unchanged", "b")])
        gone = self.rows[1]
        self.assertEqual((gone["Ref"], gone["Total"], gone["record"], gone["file"]), ("", "", "", ""))
        self.night(one("a"), one("b"))
        self.assertEqual(self.told(), [("insert", "a"), ("unchanged", "b")])

    def test_what_is_not_wanted_any_more_is_gone(self):
        self.write("m.yaml", mapping(FULL) + 'only: {when: "source.total > 0"}\n')
        self.night(one("a"), one("b"))
        self.night(one("a", "0"), one("b"))
        self.assertEqual(self.told(), [("unchanged", "b"), ("delete", "a")])

    def test_a_rejected_record_is_not_gone(self):
        self.write("m.yaml", mapping(FULL))
        self.night(one("a"), one("b"), one("c"))
        self.night(one("a", "x"), one("b"), exit=1)
        self.assertEqual(self.told(), [("unchanged", "b"), ("delete", "c")])
        self.night(one("a"), one("b"))
        self.assertEqual(self.told(), [("unchanged", "a"), ("unchanged", "b")])

    def test_deletes_are_held_back(self):
        self.write("m.yaml", mapping(FULL))
        self.night(one("a"), one("b"), one("c"))
        for text in ("{", lines({"total": "1"}), lines({"ref": [1], "total": "1"})):
            with self.subTest(text):
                said = self.night(exit=1, text=lines(one("b")) + text)
                self.assertEqual(self.told(), [("unchanged", "b")])
                self.assertRegex(said, r"DELETES_HELD_BACK\s.*2 things;\s+nobody can say the key of rejected records: 1 record")
        self.write("good.json", lines(one("b", "9.00")))
        said = self.night(exit=1, text="[", more=("good.json", "--bad-inputs", "reject"))
        self.assertRegex(said, r"DELETES_HELD_BACK: .*this run did not read\s+the whole dump")
        self.assertEqual(self.told(), [("update", "b")])

    def test_a_replay_deletes_nothing(self):
        self.write("m.yaml", mapping(FULL))
        self.night(one("a"), one("b"))
        self.night(one("a", "x"), one("b"), exit=1)
        rejects = self.folder / "rows.csv.rejects.jsonl"
        text = rejects.read_text(encoding="utf-8").replace('\\"x\\"', '\\"2.00\\"').replace('"total": "x"', '"total": "2.00"')
        rejects.write_text(text, encoding="utf-8")
        code, said, _ = self.trama("replay", "rows.csv.rejects.jsonl", "-m", "m.yaml", "-o", "again.csv", "--state", STATE, "--corrected")
        self.assertIn("update 1", said)
        self.assertNotIn("delete", said.replace("DELETES", "").replace("deleted", ""))
        self.assertEqual(code, 0, said)
        self.night(one("a", "2.00"), one("b"))
        self.assertEqual(self.told(), [("unchanged", "a"), ("unchanged", "b")])

    def test_too_many_deletes_publish_nothing(self):
        self.write("m.yaml", mapping(FULL, limits=""))
        self.night(*(one(f"k{i}") for i in range(20)))
        self.night(*(one(f"k{i}") for i in range(1, 20)))
        self.assertEqual(self.operations, {"unchanged": 19, "delete": 1})
        said = self.night(*(one(f"k{i}") for i in range(3, 20)), exit=2)
        self.assertIn("10.5 % of what is known would be told as deleted, limit 5 % (deleted_at_most)", said)
        self.write("m.yaml", mapping(FULL, limits=", deleted_at_most: 2"))
        self.night(*(one(f"k{i}") for i in range(3, 20)))
        self.assertEqual(self.operations, {"unchanged": 17, "delete": 2})

    def test_a_key_twice_in_one_run(self):
        said = self.night(one("a"), one("b"), one("a", "2.00"), exit=1)
        self.assertIn("IDENTITY_REPEATED", said)
        self.assertIn("1 record; say under 'duplicates'", said.replace("\n", " "))
        self.assertEqual(self.told(), [("insert", "a"), ("insert", "b"), ("insert", "a")])
        self.night(one("a", "2.00"))  # the last one is what is known
        self.assertEqual(self.told(), [("unchanged", "a")])
        self.night(one("a"), one("a"), one("a", "2.00"), exit=1)
        self.assertEqual([operation for operation, _ in self.told()], ["update", "update", "unchanged"])
        self.write("m.yaml", mapping(NEWER))
        self.night(one("z", "1.00", 9), one("z", "2.00", 3), exit=1)
        self.night(one("z", "1.00", 9))  # the newest one is
        self.assertEqual(self.told(), [("unchanged", "z")])

    def test_nothing_is_known_of_a_run_that_publishes_nothing(self):
        self.write("m.yaml", mapping().replace("rejected_at_most: 100%", "rejected_at_most: 10%"))
        self.night(one("a"))
        self.night(one("a", "2.00"), one("b"), one("c", "x"), exit=2)
        self.night(one("a", "2.00"), one("b"))
        self.assertEqual(self.told(), [("update", "a"), ("insert", "b")])

    def test_without_a_state(self):
        self.write("d.json", lines(one("a")))
        code, said, _ = self.trama("run", "m.yaml", "d.json", "-o", "rows.csv")
        self.assertEqual(code, 3)
        self.assertIn("STATE_NEEDED", said)
        self.assertFalse((self.folder / "rows.csv").exists())
        self.write("m.yaml", mapping(NEWER).replace("audit_columns: [operation, key]", "unchanged: leave-out, audit_columns: [key]"))
        code, said, _ = self.trama("run", "m.yaml", "d.json", "-o", "rows.csv")
        self.assertEqual(code, 0)
        self.assertIn("'newer_by', 'unchanged: leave-out' did nothing", said)

    def test_keys_are_of_their_mapping(self):
        self.night(one("a"))
        self.write("m.yaml", mapping().replace("mapping: bookings", "mapping: others"))
        self.night(one("a"))
        self.assertEqual(self.told(), [("insert", "a")])

    def test_another_run_was_published_meanwhile(self):
        self.night(one("a"))
        self.write("d.json", "".join(lines(one(f"k{i}")) for i in range(1000)))
        slow = subprocess.Popen([TRAMA, "run", "m.yaml", "-", "-o", "slow.csv", "--state", STATE], cwd=self.folder, stdin=subprocess.PIPE,
                                stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        try:
            slow.stdin.write(lines(one("a", "5.00")).encode())
            slow.stdin.flush()
            while not list(self.folder.glob(".slow.csv*")) + list(self.folder.glob("slow.csv*")):
                self.assertIsNone(slow.poll())
            self.night(one("b"))
            _, said = slow.communicate(timeout=60)
        finally:
            slow.kill()
        self.assertEqual(slow.returncode, 75, said)
        self.assertIn(b"STATE_BUSY: another run of bookings was published", said)
        self.assertFalse((self.folder / "slow.csv").exists())

    def test_more_keys_than_memory_holds(self):
        self.night(one("a"))
        self.database("UPDATE key_mappings SET keys = 20000000")
        said = self.night(one("a", "2.00"), exit=3)
        self.assertRegex(said, r"MEMORY_EXCEEDED: s.state knows 20,000,000 keys of this mapping.*--memory 512M")

    def test_a_damaged_state(self):
        self.night(one("a"), one("b"))
        for damage in ("UPDATE key_mappings SET keys = 3", "UPDATE key_mappings SET keys = 1", "UPDATE key_mappings SET keys = -1",
                       "UPDATE keys SET content = x'00'", "UPDATE keys SET digest = x'00' WHERE key = 'a'"):
            with self.subTest(damage):
                before = (self.folder / STATE).read_bytes()
                self.database(damage)
                self.assertIn("STATE_DAMAGED", self.night(one("a", "2.00"), exit=4))
                (self.folder / STATE).write_bytes(before)
        self.night(one("a", "2.00"), one("b"))
        self.assertEqual(self.told(), [("update", "a"), ("unchanged", "b")])

    def test_a_state_of_the_first_version(self):
        with contextlib.closing(sqlite3.connect(self.folder / STATE)) as database:
            database.executescript(SCHEMA_1)
        code, said, _ = self.trama("state", "check", STATE)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.database("PRAGMA user_version"), [(1,)])  # who only reads changes nothing
        self.night(one("a"))
        self.assertEqual(self.told(), [("insert", "a")])
        self.assertEqual(self.database("PRAGMA user_version"), [(4,)])
        self.night(one("a"), one("b"))
        self.assertEqual(self.told(), [("unchanged", "a"), ("insert", "b")])

    def test_idempotency_keys_of_what_is_gone(self):
        self.write("m.yaml", mapping(FULL, audit=", idempotency_key"))
        self.night(one("a"), one("b"))
        first = {row["key"]: row["idempotency_key"] for row in self.rows}
        self.night(one("b"))
        gone = self.rows[1]
        self.assertEqual((gone["operation"], gone["key"]), ("delete", "a"))
        self.assertRegex(gone["idempotency_key"], "^[0-9a-f]{8}-[0-9a-f]{4}-5")
        self.assertNotIn(gone["idempotency_key"], first.values())

    def test_nights_of_generated_dumps(self):
        """Operations equal those of a model, for any number of threads; and applied to the table of the night before they give the rows
        that this night's dump alone would make."""
        for seed in range(12):
            with self.subTest(seed):
                self.generated_nights(random.Random(seed))

    def generated_nights(self, chance):
        newer, full, leave = chance.random() < 0.5, chance.random() < 0.5, chance.random() < 0.3
        self.write("m.yaml", mapping((NEWER if newer else "") + (FULL if full else ""), output=", unchanged: leave-out" if leave else ""))
        (self.folder / STATE).unlink(missing_ok=True)
        known, table = {}, {}
        refs = [f"k{i}" for i in range(40)]
        for night in range(4):
            records = [one(ref, chance.choice(["1.00", "2.00", "3.50"]), chance.randint(night, night + 2))
                       for ref in chance.sample(refs, chance.randint(0, len(refs)))]
            wanted, seen = [], set()
            for record in records:
                ref, version = record["ref"], (record["total"], record["at"] if newer else 0)
                seen.add(ref)
                old = known.get(ref)
                if old and version[1] < old[1]:
                    continue
                operation = "insert" if old is None else "unchanged" if old[0] == version[0] else "update"
                if operation != "unchanged" or not leave:
                    wanted.append((operation, ref))
                known[ref] = version
            gone = set(known) - seen if full else set()
            self.night(text=lines(*records) or "[]", more=("--threads", str(chance.choice([1, 3]))))
            told = self.told()
            self.assertEqual(told[:len(wanted)], wanted)
            self.assertEqual(set(told[len(wanted):]), {("delete", ref) for ref in gone})
            self.assertEqual(len(told), len(wanted) + len(gone))
            for row in self.rows:
                if row["operation"] == "delete":
                    del table[row["key"]]
                else:
                    table[row["key"]] = row["Total"]
            for ref in gone:
                del known[ref]
            self.assertEqual(table, {ref: version[0] for ref, version in known.items()})
            code, said, _ = self.trama("state", "check", STATE)
            self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main()
