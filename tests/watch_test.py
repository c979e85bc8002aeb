#!/usr/bin/env python3
"""`trama watch`: every file of a spool is imported once in effect, by any number of workers, also where they are killed.

    tests/watch_test.py TRAMA [KILLS]
"""

import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
KILLS = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 40
MAPPING = """mapping: bookings
version: 1
input: {id: ref}
columns:
  Ref: ref
  Nights: {from: nights, type: integer}
limits: {rejected_at_most: 50%}
"""


def dump(*refs, nights=2):
    return "".join(json.dumps({"ref": ref, "nights": nights}) + "\n" for ref in refs)


class WatchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "m.yaml").write_text(MAPPING)
        self.spool = self.folder / "inbox"

    def line(self, *more, once=True):
        return [TRAMA, "watch", "m.yaml", "--spool", "inbox", "-o", "rows", *(["--once"] if once else []), *more]

    def watch(self, *more):
        done = subprocess.run(self.line(*more), cwd=self.folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, check=False)
        return done.returncode, done.stderr

    def put(self, name, text):
        (self.spool / "new").mkdir(parents=True, exist_ok=True)
        (self.spool / "new" / ("." + name)).write_text(text)
        os.rename(self.spool / "new" / ("." + name), self.spool / "new" / name)

    def names(self, *parts):
        return sorted(name for name in os.listdir(self.folder.joinpath(*parts)))

    def given(self, *parts):
        """The names that files were put under."""
        return sorted(name.split("-", 1)[1] for name in self.names(*parts))

    def refs(self):
        return sorted(line.split(",")[0] for path in (self.folder / "rows").glob("*.csv") for line in path.read_text().splitlines()[1:])

    def test_files_are_imported_and_moved(self):
        self.put("a.json", dump("A1", "A2"))
        self.put("b.json", dump("B1"))
        self.put("half.json.part", dump("H1"))
        code, said = self.watch()
        self.assertEqual(code, 0, said)
        self.assertEqual(self.given("inbox", "done"), ["a.json", "b.json"])
        self.assertEqual(self.names("inbox", "new"), ["half.json.part"])
        self.assertEqual((self.names("inbox", "work"), self.names("inbox", "failed")), ([], []))
        self.assertEqual(self.refs(), ["A1", "A2", "B1"])
        self.assertEqual([line.split()[0] for line in said.splitlines()], ["done", "done"])

    def test_a_name_that_comes_again(self):
        for ref in ("A1", "A2", "A3"):
            self.put("a.json", dump(ref))
            self.assertEqual(self.watch()[0], 0)
        self.assertEqual(self.given("inbox", "done")[0].split("-")[-1], "a.json")
        self.assertEqual(len(self.names("inbox", "done")), 3)
        self.assertEqual(self.refs(), ["A1", "A2", "A3"])

    def test_one_that_fails_does_so_alone(self):
        self.put("a.json", dump("A1"))
        self.put("b.json", '{"ref": "B1", "nights": 1')
        self.put("c.json", dump("C1", nights="x"))
        self.put("d.json", "")
        self.put("e.json", dump("E1"))
        code, said = self.watch()
        self.assertEqual(code, 1, said)
        self.assertEqual(self.given("inbox", "done"), ["a.json", "e.json"])
        self.assertEqual(self.given("inbox", "failed"), sorted(name for one in "bcd" for name in (f"{one}.json", f"{one}.json.reasons.txt")))
        self.assertEqual(self.refs(), ["A1", "E1"])
        reasons = {name.split("-", 1)[1][0]: (self.folder / "inbox" / "failed" / name).read_text() for name in self.names("inbox", "failed")
                   if name.endswith(".txt")}
        self.assertIn("NUMBER_UNREADABLE", reasons["c"])
        self.assertIn("INPUT_EMPTY", reasons["d"])

    def test_with_rejects_it_is_done(self):
        self.put("a.json", dump("A1") + dump("A2", nights="x"))
        code, _ = self.watch()
        self.assertEqual(code, 1)
        self.assertEqual(self.given("inbox", "done"), ["a.json"])
        self.assertEqual([name for name in self.names("rows") if name.endswith(".rejects.jsonl")], [self.names("inbox", "done")[0] + ".csv.rejects.jsonl"])

    def test_a_page_beside_the_rows(self):
        self.put("a.json", dump("A1"))
        self.put("half.json", '{"ref": "B1", "nights": 1')
        self.assertEqual(self.watch("--reports")[0], 1)
        pages = {name.split("-", 1)[1]: (self.folder / "rows" / name).read_text() for name in self.names("rows") if ".html" in name}
        self.assertEqual(sorted(pages), ["a.json.html", "half.json.html.incomplete"])
        self.assertIn("The one record was imported", pages["a.json.html"])
        again = re.search(r'class="command"><code>(.*?)</code>', pages["half.json.html.incomplete"])[1]
        self.assertEqual(subprocess.run(again, shell=True, cwd=self.folder, check=False).returncode, 0, again)
        self.assertEqual(len(self.names("inbox", "new")), 1)

    def test_a_wrong_mapping_touches_no_file(self):
        self.put("a.json", dump("A1"))
        (self.folder / "m.yaml").write_text(MAPPING.replace("integer", "intger"))
        self.assertEqual(self.watch()[0], 3)
        self.assertEqual(self.names("inbox", "new"), ["a.json"])

    def test_with_a_state(self):
        self.put("a.json", dump("A1"))
        self.assertEqual(self.watch("--state", "s")[0], 0)
        self.put("same.json", dump("A1"))
        self.assertEqual(self.watch("--state", "s")[0], 0)
        self.assertEqual(self.given("inbox", "done"), ["a.json", "same.json"])
        self.assertEqual(self.refs(), ["A1"])

    def test_options_that_are_of_one_run(self):
        for more in (["--rejects", "r"], ["--summary", "s"], ["--report", "r"], ["--at", "2025-01-01T00:00:00Z"], ["--dry-run"], ["--every", "0"]):
            self.assertEqual(self.watch(*more)[0], 64, more)
        self.assertEqual(subprocess.run([TRAMA, "watch", "m.yaml", "--spool", "inbox"], cwd=self.folder, capture_output=True, check=False).returncode, 64)
        self.assertFalse(self.spool.exists())

    def test_the_rows_go_nowhere(self):
        (self.folder / "rows").write_text("a file")
        self.put("a.json", dump("A1"))
        self.assertEqual(self.watch()[0], 5)
        self.assertEqual(self.names("inbox", "new"), ["a.json"])

    def test_it_waits_while_rows_wait(self):
        for number in range(3):
            self.put(f"{number}.json", dump(f"R{number}"))
        run = subprocess.Popen(self.line("--pause-above", "2", "--every", "1", once=False), cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.until(lambda: len(list((self.folder / "rows").glob("*.csv"))) == 2)
        time.sleep(1.5)
        self.assertEqual(len(self.names("inbox", "new")), 1)
        for path in (self.folder / "rows").glob("*.csv"):
            path.unlink()
        self.until(lambda: self.names("inbox", "new") == [])
        run.send_signal(signal.SIGTERM)
        self.assertIn("waiting: 2 files", run.communicate(timeout=30)[1])
        self.assertEqual(run.returncode, 0)

    @staticmethod
    def children(pid):
        try:
            return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []

    def until(self, holds, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if holds():
                    return
            except FileNotFoundError:
                pass
            time.sleep(0.02)
        self.fail("it does not come to that")

    def test_it_is_told_of_new_files(self):
        (self.spool / "new").mkdir(parents=True)
        run = subprocess.Popen(self.line("--every", "600", once=False), cwd=self.folder, stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        self.put("a.json", dump("A1"))
        self.until(lambda: self.given("inbox", "done") == ["a.json"])
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=30), 0)

    def test_the_file_in_hand_is_finished(self):
        os.mkdir(self.folder / "rows")
        self.put("a.json", "".join(dump(f"A{i}") for i in range(200_000)))
        run = subprocess.Popen(self.line(once=False), cwd=self.folder, stderr=subprocess.DEVNULL)
        self.until(lambda: any(name.endswith(".incomplete") for name in self.names("rows")))
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=60), 0)
        self.assertEqual(self.given("inbox", "done"), ["a.json"])
        self.assertEqual(len(self.refs()), 200_000)

    def test_two_workers_that_are_killed(self):
        """Files come, two workers share them, each is killed at random and begun anew; one file is poison."""
        chance = random.Random(7)
        (self.spool / "new").mkdir(parents=True)
        wanted = []
        files = 60
        for number in range(files):
            refs = [f"{number}-{i}" for i in range(50)]
            bad = number == 17
            wanted += [] if bad else refs
            self.put(f"{number:03}.json", dump(*refs, nights="x" if bad else 1))
        workers = [None, None]
        killed = 0
        end = time.monotonic() + 90
        while time.monotonic() < end:
            for i, worker in enumerate(workers):
                if worker is None or worker.poll() is not None:
                    workers[i] = subprocess.Popen(self.line("--state", "s", "--every", "1", once=False), cwd=self.folder, stderr=subprocess.DEVNULL)
            time.sleep(chance.random() * 0.15)
            if killed < KILLS:
                victim = workers[chance.randrange(2)]
                runs = self.children(victim.pid)
                victim.kill()
                victim.wait()
                if chance.random() < 0.5:  # the run in hand too; else it goes on by itself
                    for run in runs:
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(run, signal.SIGKILL)
                killed += 1
            elif not self.names("inbox", "new") and not self.names("inbox", "work"):
                break
        for worker in workers:
            worker.terminate()
            worker.wait(timeout=30)
        self.assertEqual((self.names("inbox", "new"), self.names("inbox", "work")), ([], []))
        self.assertEqual(self.given("inbox", "failed"), ["017.json", "017.json.reasons.txt"])
        self.assertEqual(self.given("inbox", "done"), [f"{number:03}.json" for number in range(files) if number != 17])
        self.assertEqual(self.refs(), sorted(wanted))
        left = [name for name in self.names("rows") if not name.endswith((".csv", ".csv.rejects.jsonl")) and "017.json" not in name]
        self.assertEqual(left, [])
        export = subprocess.run([TRAMA, "state", "export", "s"], cwd=self.folder, capture_output=True, text=True, check=True).stdout
        published = [file["sha256"] for run in map(json.loads, export.splitlines()) if run["outcome"] == "published" for file in run["files"]]
        self.assertEqual(len(published), len(set(published)))
        self.assertEqual(len(published), files - 1)
        shutil.rmtree(self.spool)


if __name__ == "__main__":
    unittest.main()
