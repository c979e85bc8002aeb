#!/usr/bin/env python3
"""`trama readiness`: every point is found where it is done, with its line; taken out, that point alone is missing; a folder without
files of a kind has none of its points.

    tests/readiness_test.py build/dev/trama
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = os.environ.get("TRAMA", "build/dev/trama")
SCHEMA = jsonschema.Draft7Validator(json.loads((ROOT / "schemas" / "readiness.schema.json").read_text(encoding="utf-8")))

# A line a word, so that a line is a point.
FILES = {
    "a.source.yaml": """source: a
version: 1
request: {url: "https://a.example/x", query: {from: "{since}"}}
auth: {bearer: {secret_env: A}}
pages: {next: link_header}
since: {path: "data[*].at", overlap: 5m}
rate: {per_second: 5}
breaker: {failures: 5}
versions: {header: X-Version, expect: "2"}
limits:
  connect: 5s
  bytes_at_most: 1G
  min_interval: 5m
""",
    "b.receiver.yaml": """receiver: b
version: 1
scheme: {header: X-Signature, encoding: hex, signed: "{timestamp}.{body}", timestamp_header: X-Time}
secrets:
  - {env: NEW_SECRET}
  - {env: OLD_SECRET, not_after: 2026-12-31}
window: 5m
event_id: {header: X-Event}
limits:
  connections: 10
  per_second: 500
  bytes_at_most: 1M
""",
    "c.target.yaml": """target: c
version: 1
url: "https://a.example/x"
auth: {bearer: {secret_env: A}}
key_header: Idempotency-Key
on_unknown: {lookup: "https://a.example/x/{key}"}
operations:
  insert: {method: POST}
  update: {method: PATCH, url: "https://a.example/x/{key}"}
rate: {per_second: 5}
breaker: {failures: 5}
limits:
  connect: 5s
  rejected_at_most: 100
""",
    "d.yaml": """mapping: d
version: 1
input:
  format: ndjson
  json_in_text: body
  expect_at_least: 10
  fields_nobody_uses: warn
identity: {key: id}
columns: {Id: id, Total: body.total}
limits:
  fields_never_found: warn
  rejected_at_most: 1%
  warn_above: 0.1%
  blank_at_most: {Total: 1%}
tests:
  - {name: one, given: {id: 1, body: '{"total": 2}'}, expect_rows: [{Id: 1, Total: 2}]}
""",
}
# Of each point the file and the beginning of the line that shows it.
POINTS = {
    "source_auth": ("a.source.yaml", "auth"), "source_pages": ("a.source.yaml", "pages"), "source_since": ("a.source.yaml", "since"),
    "source_rate": ("a.source.yaml", "rate"), "source_breaker": ("a.source.yaml", "breaker"), "source_size": ("a.source.yaml", "  bytes_at_most"),
    "source_interval": ("a.source.yaml", "  min_interval"), "source_version": ("a.source.yaml", "versions"),
    "receiver_rotation": ("b.receiver.yaml", "  - {env: OLD"), "receiver_window": ("b.receiver.yaml", "window"), "receiver_repeats": ("b.receiver.yaml", "event_id"),
    "receiver_rate": ("b.receiver.yaml", "  per_second"), "receiver_size": ("b.receiver.yaml", "  bytes_at_most"), "receiver_mapping": ("d.yaml", "  json_in_text"),
    "target_auth": ("c.target.yaml", "auth"), "target_key": ("c.target.yaml", "key_header"), "target_unknown": ("c.target.yaml", "on_unknown"),
    "target_changes": ("c.target.yaml", "  update"), "target_rate": ("c.target.yaml", "rate"), "target_breaker": ("c.target.yaml", "breaker"),
    "target_refused": ("c.target.yaml", "  rejected_at_most"),
    "mapping_tests": ("d.yaml", "tests"), "mapping_rejected": ("d.yaml", "  rejected_at_most"), "mapping_warned": ("d.yaml", "  warn_above"),
    "mapping_count": ("d.yaml", "  expect_at_least"), "mapping_blank": ("d.yaml", "  blank_at_most"), "mapping_fields": ("d.yaml", "  fields_nobody_uses"),
    "mapping_identity": ("d.yaml", "identity"),
}


class Readiness(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-readiness-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name, text in FILES.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def trama(self, *arguments):
        done = subprocess.run([TRAMA, "readiness", *arguments], cwd=self.folder, capture_output=True, timeout=60, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def points(self, code):
        got, out, err = self.trama(".", "--format", "json")
        self.assertEqual(got, code, out + err)
        report = json.loads(out)
        SCHEMA.validate(report)
        states = [point["state"] for point in report["points"]]
        self.assertEqual([states.count(s) for s in ("done", "missing", "not-applicable")], [report["done"], report["missing"], report["not_applicable"]])
        return {point["point"]: point for point in report["points"]}

    def test_all_is_there_each_with_its_line(self):
        points = self.points(0)
        self.assertEqual(sorted(points), sorted(POINTS))
        self.assertEqual(len(points), 28)
        for name, (file, begin) in POINTS.items():
            lines = FILES[file].split("\n")
            line = next(i + 1 for i, text in enumerate(lines) if text.startswith(begin))
            self.assertEqual((points[name]["state"], points[name]["at"]), ("done", [{"file": "./" + file, "line": line}]), name)

    def test_what_is_taken_out_is_missing_and_nothing_else(self):
        for name, (file, begin) in POINTS.items():
            if name == "receiver_window":  # it has a default where the time is signed
                change = lambda text: text.replace("window: 5m", "window: none")
            elif name == "source_since":
                change = lambda text: text.replace(', query: {from: "{since}"}', "").replace('since: {path: "data[*].at", overlap: 5m}\n', "")
            elif name == "receiver_mapping":
                change = lambda text: text.replace("  json_in_text: body\n", "").replace("body.total", "total").replace("body: '{\"total\": 2}'", "total: 2")
            elif name == "mapping_tests":
                change = lambda text: text[: text.index("tests:")]
            else:
                change = lambda text, begin=begin: "".join(l for l in text.splitlines(True) if not l.startswith(begin))
            with self.subTest(name):
                (self.folder / file).write_text(change(FILES[file]), encoding="utf-8")
                points = self.points(1)
                self.assertEqual([n for n, point in points.items() if point["state"] != "done"], [name])
                self.assertEqual(points[name]["at"][0]["line"], None)
                got, out, _ = self.trama(".")
                self.assertEqual(got, 1)
                self.assertIn("  + " + points[name]["help"], out)
            (self.folder / file).write_text(FILES[file], encoding="utf-8")

    def test_kinds_that_are_not_there_do_not_count(self):
        for name in list(FILES)[:3]:
            (self.folder / name).unlink()
        points = self.points(0)
        self.assertEqual({n for n, point in points.items() if point["state"] == "done"}, {n for n in points if n.startswith("mapping")})
        self.assertIn("there are none", self.trama(".")[1])
        self.assertIn("no hay", self.trama(".", "--lang", "es")[1])

    def test_words_of_a_base_and_tests_beside_a_mapping_count(self):
        text = FILES["d.yaml"]
        (self.folder / "d.yaml").write_text("mapping: d\nversion: 1\nextends: base/d.yaml\n", encoding="utf-8")
        (self.folder / "base").mkdir()
        (self.folder / "base" / "d.yaml").write_text(text[: text.index("tests:")], encoding="utf-8")
        (self.folder / "d.test.yaml").write_text("tests:\n  - {name: one, given: {id: 1, body: '{\"total\": 2}'}, expect_rows: [{Id: 1, Total: 2}]}\n", encoding="utf-8")
        (self.folder / "base" / "d.test.yaml").write_text("tests:\n  - {name: one, given: {id: 1, body: '{\"total\": 2}'}, expect_rows: [{Id: 1, Total: 2}]}\n", encoding="utf-8")
        points = self.points(0)
        self.assertEqual({at["file"] for at in points["mapping_count"]["at"]}, {"./base/d.yaml", "base/d.yaml"} & {at["file"] for at in points["mapping_count"]["at"]})
        self.assertEqual(len(points["mapping_tests"]["at"]), 2)

    def test_a_table_says_nothing_of_its_mapping(self):
        text = FILES["d.yaml"].replace("columns: {Id: id, Total: body.total}", "columns: {Id: id, Total: body.total, Kind: {from: kind, lookup: kinds}}\ntables: {kinds: {file: kinds.yaml}}")
        (self.folder / "d.yaml").write_text(text[: text.index("tests:")], encoding="utf-8")
        (self.folder / "kinds.yaml").write_text("tests: A\nother: B\n", encoding="utf-8")
        self.assertEqual([n for n, point in self.points(1).items() if point["state"] != "done"], ["mapping_tests"])

    def test_a_list_is_not_looked_up(self):
        text = "".join(line for line in FILES["c.target.yaml"].splitlines(True) if not line.startswith("on_unknown"))
        (self.folder / "c.target.yaml").write_text(text.replace("/{key}", "") + "batch: 10\n", encoding="utf-8")
        self.assertEqual(self.points(0)["target_unknown"]["state"], "not-applicable")

    def test_every_file_counts(self):
        (self.folder / "e.source.yaml").write_text("source: e\nversion: 1\nrequest: {url: 'https://a.example/x'}\n", encoding="utf-8")
        points = self.points(1)
        self.assertEqual([at["line"] is None for at in points["source_auth"]["at"]], [False, True])
        self.assertEqual({n for n, point in points.items() if point["state"] == "missing"}, {n for n in points if n.startswith("source")})

    def test_a_file_that_is_wrong_says_nothing_else(self):
        (self.folder / "c.target.yaml").write_text(FILES["c.target.yaml"].replace("key_header", "key_headr"), encoding="utf-8")
        got, out, err = self.trama(".")
        self.assertEqual((got, out), (3, ""))
        self.assertIn("c.target.yaml:5:1", err)
        self.assertIn("key_header", err)

    def test_a_folder_without_any_is_told(self):
        (self.folder / "none").mkdir()
        self.assertEqual(self.trama("none")[0], 64)
        self.assertEqual(self.trama("gone")[0], 3)

    def test_a_page(self):
        got, _, err = self.trama(".", "--format", "html", "--output", "r.html", "--format", "json", "--output", "r.json", "--lang", "es")
        self.assertEqual(got, 0, err)
        page = (self.folder / "r.html").read_text(encoding="utf-8")
        self.assertIn('lang="es"', page)
        self.assertIn("28 hechos", page)
        self.assertNotIn("<script", page)
        SCHEMA.validate(json.loads((self.folder / "r.json").read_text(encoding="utf-8")))
        self.assertEqual(self.trama(".", "--output", "d.yaml")[0], 64)


if __name__ == "__main__":
    TRAMA = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else os.path.abspath(TRAMA)
    unittest.main()
