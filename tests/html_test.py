#!/usr/bin/env python3
"""Pages of HTML (trama docs, run --report, and --format html of profile, profile --against, diff and report): well formed, of one piece, for every reader, in both
languages; what is hostile stays text, what is personal stays out, and long lists end with how many more there are. And the JSON of
`trama explain` as its schema says.

    tests/html_test.py build/dev/trama
"""

import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = os.environ.get("TRAMA", "build/dev/trama")
EXPLAIN = jsonschema.Draft7Validator(json.loads((ROOT / "schemas" / "explain.schema.json").read_text(encoding="utf-8")))
VOID = {"meta", "br"}
ELEMENTS = set("html head meta title style body header main section footer nav h1 h2 h3 p ul li a span small code table thead tbody tr th td "
               "figure figcaption svg rect pre dl dt dd strong div".split())  # fmt: skip
ATTRIBUTES = set("lang charset name content http-equiv class id href scope data-title aria-label aria-hidden role viewbox preserveaspectratio x y "
                 "width height".split())  # fmt: skip
EVIL = ["</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><b>x", "a\u202eb", "&lt;i&gt;", "javascript:alert(1)", "`|*_"]
MARK = "Marcado-7391"  # a personal value


class Page(html.parser.HTMLParser):
    """Reads a page, and says whatever is wrong with it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.problems, self.tags, self.codes, self.ids, self.links, self.headings = [], [], [], [], [], [], []
        self.texts, self.style, self.rows = [], "", []
        self.svg_needs_title = False
        self.language = None
        if not text.startswith("<!DOCTYPE html>\n"):
            self.problems.append("no doctype")
        if re.search(r"[\x00-\x09\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text):
            self.problems.append("a character that nobody can see")
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"open at the end: {self.open}")
        if self.headings.count(1) != 1:
            self.problems.append(f"headings {self.headings}")
        for before, after in zip(self.headings, self.headings[1:]):
            if after > before + 1:
                self.problems.append(f"a heading {after} behind {before}")
        if len(set(self.ids)) != len(self.ids):
            self.problems.append("an id twice")
        for link in self.links:
            if link.startswith("#"):
                if link[1:] not in self.ids:
                    self.problems.append(f"{link} leads nowhere")
            elif urllib.parse.urlsplit(link).scheme or link.startswith("/"):
                self.problems.append(f"{link} leads out of the page")
        if re.search(r"url\(|@import|https?:", self.style):
            self.problems.append("the style loads something")

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if tag not in ELEMENTS or set(names) - ATTRIBUTES or len(set(names)) != len(names):
            self.problems.append(f"<{tag} {names}>")
        values = dict(attributes)
        self.tags.append(tag)
        if tag == "html":
            self.language = values.get("lang")
        if tag == "th" and "scope" not in values:
            self.problems.append("a heading of a table without scope")
        if self.svg_needs_title and tag != "title":
            self.problems.append("a drawing without a title")
        self.svg_needs_title = tag == "svg" and values.get("aria-hidden") != "true"
        if tag == "svg" and self.svg_needs_title and values.get("role") != "img":
            self.problems.append("a drawing without a role")
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            self.links.append(values["href"])
        if tag == "code":
            self.codes.append("")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if tag != "rect":
            self.problems.append(f"<{tag}/>")
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if not self.open:
            if data.strip():
                self.problems.append(f"text outside: {data!r}")
        elif self.open[-1] == "style":
            self.style += data
        else:
            self.texts.append(data)
            if "td" in self.open or "th" in self.open:
                self.rows[-1][-1] += data
            if self.open[-1] == "code":
                self.codes[-1] += data

    def handle_comment(self, data):
        self.problems.append(f"a comment: {data}")

    @property
    def text(self):
        return "".join(self.texts)


class Html(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-html-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def trama(self, *arguments, exit_code=0, cwd=None):
        done = subprocess.run([TRAMA, *map(str, arguments)], cwd=cwd or self.folder, capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, exit_code, done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")[-500:])
        return done.stdout.decode(), done.stderr.decode()

    def page(self, text, language="en"):
        page = Page(text)
        self.assertFalse(page.problems)
        self.assertEqual(page.language, language)
        return page

    def docs(self, *mappings, language="en", exit_code=0, out="page.html"):
        self.trama("docs", *mappings, "-o", self.folder / out, "--lang", language, exit_code=exit_code, cwd=ROOT)
        return self.page((self.folder / out).read_text(encoding="utf-8"), language)

    def test_docs_of_shipped_mappings(self):
        mappings = sorted((ROOT / "mappings").glob("*.yaml"))
        self.assertGreater(len(mappings), 5)
        without = {}
        for mapping in mappings:
            english, spanish = (self.docs(mapping, language=language) for language in ("en", "es"))
            # the same of both, but for the words of the language
            self.assertEqual(english.tags, spanish.tags, mapping.name)
            own = [[code for code in page.codes if not re.match(r"(a list|una lista|an object|un objeto)", code)] for page in (english, spanish)]
            self.assertEqual(own[0], own[1], mapping.name)
            # each column is there, and most have an example
            columns = json.loads(self.trama("explain", mapping, "--format", "json", cwd=ROOT)[0])["sections"][2]["items"]
            for column in columns:
                self.assertIn(column["name"], english.text)
            without[mapping.stem] = english.text.count("no test has one") / len(columns)
        # the records of channel-manager's tests do not fill the half of its columns
        self.assertEqual([name for name, share in without.items() if share > 0.5], ["channel-manager"])

    def test_a_folder_of_pages(self):
        shown, _ = self.trama("docs", "mappings", "-o", self.folder / "pages", "--lang", "es", cwd=ROOT)
        pages = {path.name: path.read_bytes() for path in (self.folder / "pages").iterdir()}
        self.assertEqual(len(shown.splitlines()), len(pages))
        self.assertEqual(set(pages), {path.stem + ".html" for path in (ROOT / "mappings").glob("*.yaml")} | {"index.html"})
        index = self.page(pages["index.html"].decode(), "es")
        self.assertEqual(set(index.links), set(pages) - {"index.html"})
        self.trama("docs", "mappings", "-o", f"{self.folder}/pages/", "--lang", "es", cwd=ROOT)  # it is there now
        self.assertEqual({path.name: path.read_bytes() for path in (self.folder / "pages").iterdir()}, pages)

    def test_markdown(self):
        self.trama("docs", "mappings/reservas-basico.yaml", "-o", self.folder / "page.md", cwd=ROOT)
        text = (self.folder / "page.md").read_text(encoding="utf-8")
        self.assertIn("# reservas-basico\n", text)
        self.assertIn("`total_usd` = `\"1250.505\"` → `1250.51`", text)

    def test_what_is_wrong_writes_nothing(self):
        self.write("good.yaml", "mapping: good\nversion: 1\ntables: {t: {file: t.csv, key: a, value: b}}\ncolumns:\n  A: {from: a, lookup: t}\n")
        self.write("t.csv", "a,b\n1,2\n")
        self.write("bad.yaml", "mapping: bad\nversion: 1\ncolumns:\n  A: {form: a}\n")
        self.write("page.html", "yesterday's")
        _, told = self.trama("docs", "bad.yaml", "-o", "page.html", exit_code=3)
        self.assertIn("bad.yaml:4:", told)
        self.trama("docs", "good.yaml", "bad.yaml", "-o", "new/", exit_code=3)
        self.trama("docs", "good.yaml", "bad.yaml", "-o", "page.html", exit_code=64)
        self.trama("docs", "good.yaml", "-o", "page.htm", exit_code=64)
        self.trama("docs", "good.yaml", "-o", "-", exit_code=64)
        self.trama("docs", "missing.yaml", "-o", "page.html", exit_code=3)
        self.trama("docs", "good.yaml", "-o", "missing/page.html", exit_code=5)
        self.trama("docs", "good.yaml", exit_code=64)
        self.write("t.html", "a,b\n1,2\n")
        self.write("uses.yaml", (self.folder / "good.yaml").read_text().replace("t.csv", "t.html"))
        self.trama("docs", "uses.yaml", "-o", "t.html", exit_code=64)
        self.write("other/good.yaml", (self.folder / "good.yaml").read_text().replace("t.csv", "../t.csv"))
        _, told = self.trama("docs", "good.yaml", "other/good.yaml", "-o", "new/", exit_code=64)
        self.assertIn("good.html", told)
        self.write("index.yaml", (self.folder / "good.yaml").read_text())
        self.trama("docs", "index.yaml", "good.yaml", "-o", "new/", exit_code=64)
        self.assertFalse((self.folder / "new").exists())
        self.assertEqual((self.folder / "page.html").read_text(), "yesterday's")
        self.assertEqual((self.folder / "t.html").read_text(), "a,b\n1,2\n")
        self.assertFalse(list(self.folder.glob("*.incomplete")))

    def hostile_mapping(self, record):
        """A mapping as JSON, which is YAML, in which whatever may be is hostile."""
        columns = {f"C{i} {evil}": {"from": "x", "about": evil + "\n" + evil, "message": evil} for i, evil in enumerate(EVIL)}
        columns["L"] = {"from": "x", "lookup": "t", "unknown": {"write": EVIL[0]}}
        columns["V"] = {"value": EVIL[1]}
        columns["P"] = {"from": "p", "lookup": "people", "unknown": "keep", "personal": "yes"}
        columns["Q"] = {"from": "p", "text": "upper-case", "personal": "yes"}
        return {
            "mapping": EVIL[0], "version": 1, "about": EVIL[1], "columns": columns,
            "tables": {"t": {evil: evil for evil in EVIL}, "people": {MARK: MARK + " B."}},
            "rules": [{"name": EVIL[2], "check": "V != L", "message": EVIL[0]}],
            "output": {"format": "csv", "blank_as": EVIL[2]},
            "tests": [{"name": EVIL[0], "given": record, "expect_rows": [{"V": EVIL[1]}]}],
        }  # fmt: skip

    def test_hostile_values_stay_text(self):
        record = {"x": EVIL[1], "p": MARK}
        self.write("m.yaml", json.dumps(self.hostile_mapping(record)))
        self.write("dump", "".join(json.dumps({"x": evil, evil: evil, "p": MARK, "n": i}) + "\n" for i, evil in enumerate(EVIL * 3)))
        for language in ("en", "es"):
            page = self.docs(self.folder / "m.yaml", language=language)
            for evil in (EVIL[0], EVIL[1], EVIL[2], "a\\u202eb", EVIL[4]):
                self.assertGreater(page.text.count(evil), 2, evil)
            self.assertNotIn(MARK.lower(), page.text.lower())
        self.trama("docs", "m.yaml", "-o", "m.md")
        self.assertNotIn(MARK.lower(), (self.folder / "m.md").read_text(encoding="utf-8").lower())
        profile = self.page(self.trama("profile", "dump", "--format", "html")[0])
        for evil in (EVIL[0], EVIL[1], "a\\u202eb"):
            self.assertIn(evil[:30], profile.text)
        other = self.hostile_mapping(record)
        other["columns"]["V"] = {"value": EVIL[0]}
        other["columns"]["Q"]["text"] = "lower-case"
        other["columns"]["new " + EVIL[1]] = "x"
        self.write("other.yaml", json.dumps(other))
        diff = self.page(self.trama("diff", "m.yaml", "other.yaml", "dump", "--format", "html", exit_code=1)[0])
        self.assertIn(EVIL[0], diff.text)
        self.assertNotIn(MARK.lower(), diff.text.lower())
        self.trama("profile", "dump", "--record", "m.yaml")
        self.write("later", "".join(json.dumps({"x": evil, "y" + evil: evil, "p": MARK, "n": str(i)}) + "\n" for i, evil in enumerate(EVIL * 9)))
        drift = self.page(self.trama("profile", "later", "--against", "m.yaml", "--format", "html", exit_code=1)[0])
        self.assertIn(EVIL[0][:20], drift.text)
        self.assertNotIn(MARK.lower(), drift.text.lower())

    def test_names_of_files(self):
        name = "javascript:alert(1) #?%.yaml"
        self.write(name, "mapping: m\nversion: 1\ncolumns: {A: a}\n")
        self.trama("docs", name, "-o", "pages/")
        index = self.page((self.folder / "pages" / "index.html").read_text())
        self.assertEqual([urllib.parse.unquote(link) for link in index.links], [name.replace(".yaml", ".html")])

    def test_what_looks_personal_or_secret(self):
        self.write("dump", "".join(json.dumps({"email": f"{MARK}{i}@example.com", "token": MARK, "n": i}) + "\n" for i in range(50)))
        profile = self.page(self.trama("profile", "dump", "--format", "html")[0])
        self.assertNotIn(MARK, profile.text)
        shown = self.page(self.trama("profile", "dump", "--format", "html", "--show-personal")[0])
        self.assertIn(f"{MARK}0@example.com", shown.text)

    def test_limits(self):
        self.write("wide", json.dumps({f"field {i}": i for i in range(3)} | {f"g{i % 40}": {f"f{i}": i for i in range(i * 40, i * 40 + 30)} for i in range(40)}) + "\n")
        page = self.page(self.trama("profile", "wide", "--format", "html")[0])
        shown = page.tags.count("tr") - 1
        self.assertEqual(shown, 1000)
        self.assertIn(f"and {3 + 40 * 30 - 1000} more, not shown here", page.text)
        self.write("m.yaml", json.dumps({"mapping": "m", "version": 1, "columns": {"A": {"from": "a", "lookup": {f"k{i}": f"v{i}" for i in range(80)}}}}))
        page = self.docs(self.folder / "m.yaml")
        self.assertIn("k49", page.text)
        self.assertNotIn("k50", page.text)
        self.assertIn("and 30 more, not shown here", page.text)
        self.write("big", json.dumps({"a": "x" * (1 << 20) + "<", "b<": ["<" * 1000] * 1000}) + "\n")
        self.assertLess(len(self.trama("profile", "big", "--format", "html")[0]), 30000)

    def test_the_same_page_again(self):
        self.write("m.yaml", "mapping: m\nversion: 1\ncolumns:\n  D: {from: d, type: date, read: YYYY-MM-DD}\n  E: {compute: days between D and today}\n"
                   "tests:\n  - {name: no day, given: {d: 2025-01-01}, expect_rows: {D: 2025-01-01}}\n")  # fmt: skip
        page = self.docs(self.folder / "m.yaml")
        self.assertEqual(page.text.count("no test has one"), 2)  # it depends on the day
        self.write("m.yaml", (self.folder / "m.yaml").read_text().replace("no day", "a day, at: 2025-01-11T00:00:00Z"))
        page = self.docs(self.folder / "m.yaml")
        self.assertEqual(page.text.count("no test has one"), 0)
        self.assertIn("10", page.codes)

    # --- a run

    def run_page(self, *arguments, exit_code=1, language="en", name="run.html"):
        """The page of a run and its summary."""
        for old in self.folder.glob("run.html*"):
            old.unlink()
        self.trama("run", *arguments, "--report", "run.html", "--summary", "s.json", "--lang", language, exit_code=exit_code)
        path = self.folder / name
        return self.page(path.read_text(encoding="utf-8"), language), json.loads((self.folder / name.replace("run.html", "s.json")).read_text())

    def hostile_run(self):
        mapping = {
            "mapping": EVIL[0], "version": 1, "input": {"id": "id"},
            "columns": {
                "N " + EVIL[1]: {"from": "n", "type": "integer", "message": EVIL[2]},
                "L": {"from": "x", "lookup": "t"}, "K": {"from": "x", "lookup": "t", "unknown": "keep"},
                "P": {"from": "p", "lookup": "people", "personal": "yes"}, "D": {"from": "d", "when_missing": EVIL[0]},
            },
            "tables": {"t": {evil: evil for evil in EVIL[:2]}, "people": {MARK: "B."}},
            "rules": [{"name": EVIL[2], "check": "D != L", "message": EVIL[0]}], "limits": {"rejected_at_most": "100 %"},
        }  # fmt: skip
        self.write("m.yaml", json.dumps(mapping))
        lines = [json.dumps({"id": evil, "n": i if i % 3 else evil, "x": evil, "p": MARK + ("" if i % 4 else "x"), "y": {"<p>": [evil]}}) for i, evil in enumerate(EVIL * 6)]
        self.write("dump", "".join(line + "\n" for line in [json.dumps({"id": "big", "p": MARK, "x": "<" * 9000}), '{"p": "' + MARK + '", <b>}', *lines]))

    def test_a_run(self):
        self.hostile_run()
        tags = []
        for language in ("en", "es"):
            page, summary = self.run_page("m.yaml", "dump", "-o", "rows.csv", "--rejects-without-personal", language=language)
            tags.append(page.tags)
            self.assertNotIn(MARK.lower(), page.text.lower())
            for evil in (EVIL[0], EVIL[1], EVIL[2], "a\\u202eb", EVIL[4]):
                self.assertGreater(page.text.count(evil), 2, evil)
            records = summary["records"]
            self.assertGreater(min(records["written"], records["rejected"]), 2)
            # two commands, the lines to add, and the first records but the one that is no JSON
            self.assertEqual(page.tags.count("pre"), 2 + len([1 for one in summary["unknown_values"] if not one.get("hidden")]) + 10 - 1)
            reasons = sorted((code, row[1], row[3]) for row in page.rows for code in [row[0].split()[-1]] if len(row) == 4 and re.fullmatch(r"[A-Z]+_[A-Z_]+", code))
            self.assertEqual(reasons, sorted((e["code"], e.get("where", "").replace("\u202e", "\\u202e"), str(e["count"])) for e in summary["errors"]))
            for word in ("written", "rejected"):
                self.assertRegex(page.text, rf"\b{records[word]} \(\d+ %\)")
            blanks = [row for row in page.rows if row and row[0] == "D"]
            self.assertEqual(len(blanks), 1)
            self.assertIn("(hidden: personal)", page.text)
            self.assertIn({"en": "Only the beginning of the record is shown (9", "es": "Solo se muestra el comienzo del registro (9"}[language], page.text)
            self.assertIn({"en": "The record is not shown", "es": "El registro no se muestra"}[language], page.text)
            self.assertTrue(page.codes[0].startswith("trama run m.yaml dump "))  # masked rejects cannot be run again
        self.assertEqual(*tags)
        page, _ = self.run_page("m.yaml", "dump", "-o", "rows.csv")
        self.assertEqual(page.codes[0], "trama replay rows.csv.rejects.jsonl -m m.yaml")
        self.assertNotIn(MARK.lower(), page.text.lower())
        self.trama("replay", "rows.csv.rejects.jsonl", "-m", "m.yaml", "-o", "again.csv", "--report", "again.html", exit_code=2)
        self.assertNotIn(MARK.lower(), self.page((self.folder / "again.html.incomplete").read_text()).text.lower())

    def test_the_ends_of_runs(self):
        columns = {"A": {"from": "a", "type": "integer"}}
        self.write("m.yaml", json.dumps({"mapping": "m", "version": 1, "columns": columns, "limits": {"rejected_at_most": "50 %"}}))
        self.write("good", '{"a": 1}\n{"a": 2}\n')
        self.write("some", '{"a": 1}\n{"a": "x"}\n')
        self.write("bad", '{"a": 1}\n{"a": "x"}\n{"a": "x"}\n')
        self.write("half", '{"a": ')
        self.write("wrong.yaml", json.dumps({"mapping": "m", "version": 1, "columns": {"A": {"form": "a"}}}))
        reasons = {"en": "Why records were rejected", "es": "Por qué se rechazaron registros"}
        kept = "run.html.incomplete"
        for mapping, dump, exit_code, name, en, es, command in (
            ("m.yaml", "good", 0, "run.html", "All 2 records were imported", "Los 2 registros se importaron", None),
            ("m.yaml", "some", 1, "run.html", "One record was rejected", "Un registro se rechazó", "trama replay out.csv.rejects.jsonl -m m.yaml"),
            ("m.yaml", "bad", 2, kept, "Nothing was imported: the input is not as", "No se importó nada: la entrada no es", "trama run m.yaml bad "),
            ("wrong.yaml", "good", 3, kept, "the mapping, or a table of it, is wrong", "el mapeo, o una de sus tablas, tiene errores", "trama check wrong.yaml"),
            ("m.yaml", "half", 4, kept, "the input could not be read", "la entrada no se pudo leer", "trama run m.yaml half "),
            ("m.yaml", "missing", 4, kept, "the input could not be read", "la entrada no se pudo leer", "trama run m.yaml missing "),
        ):
            for language, words in (("en", en), ("es", es)):
                page, summary = self.run_page(mapping, dump, "-o", "out.csv", exit_code=exit_code, language=language, name=name)
                self.assertIn(words, page.text, dump)
                self.assertEqual("without errors, but not imported: 1 (33 %)" in page.text, (dump, language) == ("bad", "en"))
                self.assertEqual(reasons[language] in page.text, bool(summary["errors"]), dump)
                for ending in summary["endings"]:
                    self.assertIn(ending, page.text)
                commands = [code for code in page.codes if code.startswith("trama ")]
                self.assertTrue(command is None or commands[0].startswith(command), commands)
                self.assertEqual({path.name for path in self.folder.glob("run.html*")}, {name})
        self.trama("run", "m.yaml", "some", "--report", "dry.html", "--dry-run", exit_code=1)
        self.assertFalse((self.folder / "dry.html").exists())
        self.trama("run", "m.yaml", "some", "--report", "streamed.html", exit_code=1)
        self.assertIn("standard output", self.page((self.folder / "streamed.html").read_text()).text)
        self.trama("run", "m.yaml", "good", "-o", "o", "--report", "good", exit_code=64)
        self.assertEqual((self.folder / "good").read_text(), '{"a": 1}\n{"a": 2}\n')

    def test_a_run_of_many_rejects(self):
        self.write("m.yaml", json.dumps({"mapping": "m", "version": 1, "input": {"id": "id"}, "limits": {"rejected_at_most": "100 %"},
                                         "columns": {"I": "id", **{f"C{i}": {"from": f"c{i}", "lookup": {"k": "v"}} for i in range(60)}}}))  # fmt: skip
        line = json.dumps({f"c{i}": f"unknown {i}" for i in range(60)})[1:]
        self.write("dump", "".join(f'{{"id": {i}, {line}\n' for i in range(3000)) + f'{{"id": "last", {line.replace("unknown 1", "k")}\n')
        pages = {}
        for threads in (1, 4):
            self.run_page("m.yaml", "dump", "-o", "out.csv", "--threads", threads, "--at", "2025-03-04T06:00:00Z", exit_code=2, name="run.html.incomplete")
            pages[threads] = re.sub(r"<dd>\d{4}-\d\d-\d\dT[^<]*</dd>|--threads \d", "", (self.folder / "run.html.incomplete").read_text())
        self.assertEqual(pages[1], pages[4])
        self.assertLess(len(pages[1]), 400_000)
        page = self.page(pages[1])
        self.assertIn("and 2991 more rejected records", page.text)
        self.assertIn("Only the beginning of the record is shown", page.text)

    def test_the_runs_of_a_month(self):
        self.write("m.yaml", json.dumps({"mapping": EVIL[0], "version": 1, "columns": {"A": {"from": "a", "type": "integer"}}}))
        for name, exit_code in (("some", 1), ("missing", 4)):
            self.write("some", '{"a": 1}\n' * 9 + '{"a": "x"}\n')
            self.trama("run", "m.yaml", name, "-o", "out.csv", "--state", "s", exit_code=exit_code)
        tags = []
        for language, words in (("en", "more than the target of 0.1 %"), ("es", "más que la meta de 0.1 %")):
            page = self.page(self.trama("report", "--state", "s", "--format", "html", "--lang", language)[0], language)
            tags.append(page.tags)
            self.assertIn(words, page.text)
            self.assertIn(EVIL[0], page.text)
            self.assertIn("FILE_MISSING", page.text)
            self.assertEqual([row[1] for row in page.rows if row and row[0] == EVIL[0]], ["2"])
            self.assertGreaterEqual(page.tags.count("rect"), 3 * 31)
        self.assertEqual(*tags)
        self.assertEqual(page.tags, self.page(self.trama("report", "--state", "s", "--format", "html", "--by", "code", "--lang", "es")[0], "es").tags)
        year = self.page(self.trama("report", "--state", "s", "--since", "52w", "--format", "html")[0])
        self.assertIn("Month by month", year.text)
        none = self.page(self.trama("report", "--state", "s", "--at", "2001-01-01T00:00:00Z", "--format", "html")[0])
        self.assertIn("No import ended in this period", none.text)

    def test_unread_records(self):
        self.write("dump", '{"a": 1}\n{"a": \n{"a": 2}\n')
        for language, word in (("en", "not readable"), ("es", "ilegibles")):
            page = self.page(self.trama("profile", "dump", "--format", "html", "--lang", language, exit_code=1)[0], language)
            self.assertIn(word, page.text)
            self.assertIn("dump:2:", page.text)

    def test_explain_as_json(self):
        for mapping in sorted((ROOT / "mappings").glob("*.yaml")):
            for language in ("en", "es"):
                value = json.loads(self.trama("explain", mapping, "--format", "json", "--lang", language, cwd=ROOT)[0])
                problems = [f"{list(p.absolute_path)}: {p.message}" for p in EXPLAIN.iter_errors(value)]
                self.assertFalse(problems, mapping.name)
                self.assertEqual(value["language"], language)


if __name__ == "__main__":
    if len(sys.argv) > 1 and "/" in sys.argv[1]:
        TRAMA = sys.argv.pop(1)
    TRAMA = str(pathlib.Path(TRAMA).resolve())
    unittest.main()
