#!/usr/bin/env python3
"""`trama pull`: every page of an answer is stored as it came, whatever the server does meanwhile. Against http/fault_server.py:
which requests are made, in which order and how often, what is on the disk afterwards, and how the command ends.

    tests/pull_test.py TRAMA [CLASS[.TEST]]
"""

import base64
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "http"))
from fault_server import Answer, Authority, Server, Tokens, date_in, epoch_in, json_list, tagged  # noqa: E402
from test_classes import run_classes  # noqa: E402

TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
SCHEMA = jsonschema.Draft7Validator(json.loads((ROOT / "schemas" / "pull-manifest.schema.json").read_text(encoding="utf-8")))
PATH = "/v1/bookings"
STATE = "imports.state"
SECRET = "s3cretTOKEN0123456789"
KEY = "kEyOfTheSupplier42"
RETRY = "retry: {attempts: 3, first_wait: 10ms, times: 2, at_most: 40ms, jitter: 0%, budget: 20s}"
MAPPING = """mapping: bookings
version: 1
input: {format: json, records: data, id: id}
columns:
  Id: id
  Nights: {from: nights, type: integer}
limits: {rejected_at_most: 50%}
"""
TRANSIENT = [408, 425, 429, 500, 502, 503, 504]
FINAL = [202, 204, 206, 300, 304, 400, 401, 403, 404, 405, 406, 409, 410, 412, 415, 418, 422, 451, 501, 505, 507, 599]


def row(number, updated="2025-11-30T20:00:00Z", nights=2):
    return {"id": f"B{number}", "nights": nights, "updated_at": updated}


def data(*rows, **more):
    return json.dumps({"data": list(rows), **more}).encode()


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def word_of(message):
    """Its code."""
    return message.removeprefix("trama: ").partition(":")[0]


class Supplier:
    """A list of bookings in pages, in the way of `kind`. `faults`: {page from 0: [Answer, …]}, which come before the page."""

    KINDS = {
        "link header": "pages: {next: link_header}",
        "absolute link header": "pages: {next: link_header}",
        "url": "pages: {path: links.next}",
        "absolute url": "pages: {path: links.next}",
        "cursor": "pages: {cursor: meta.after, param: after}",
        "page": "pages: {page: page, from: 1, until_empty: data}",
        "page of a list": "pages: {page: page, from: 0}",
        "offset": "pages: {offset: offset, size: 2, until_empty: data}",
        "graphql": "graphql: {query: bookings.graphql, variables: {first: 2}, cursor: data.bookings.pageInfo.endCursor, cursor_variable: after}",
    }

    def __init__(self, server, kind, lists=((1, 2), (3, 4), (5,)), faults=None):
        self.server, self.kind, self.lists, self.faults = server, kind, lists, faults or {}
        self.asked = []  # numbers of pages, from 0
        server.on(PATH, self)

    @property
    def ends_empty(self):
        return self.kind in ("page", "page of a list", "offset")

    def number(self, request):
        if self.kind == "graphql":
            after = request.json["variables"].get("after")
            return int(after[1:]) if after else 0
        query = request.query
        if self.kind == "page":
            return int(query["page"]) - 1
        if self.kind == "page of a list":
            return int(query["page"])
        if self.kind == "offset":
            return int(query["offset"]) // 2
        return int(query.get("p") or query.get("after", "c0")[1:])

    def target(self, number):
        target = f"{PATH}?p={number}&size=2"
        return self.server.url(target) if "absolute" in self.kind else target if self.kind == "url" else f"?p={number}&size=2"

    def body(self, number):
        rows = [row(n) for n in (self.lists[number] if number < len(self.lists) else [])]
        more = number + 1 < len(self.lists)
        if self.kind == "page of a list":
            value = rows
        elif self.kind == "graphql":
            value = {"data": {"bookings": {"nodes": rows, "pageInfo": {"endCursor": f"c{number + 1}" if more else None, "hasNextPage": True}}}}
        elif "url" in self.kind:
            value = {"data": rows, "links": {"next": self.target(number + 1) if more else None}}
        elif self.kind == "cursor":
            value = {"data": rows, "meta": {"after": f"c{number + 1}"} if more else {}}
        else:
            value = {"data": rows}
        return b"\r\n " + json.dumps(value, indent=number).encode() + b"\n" * (number + 1)

    def __call__(self, request):
        number = self.number(request)
        self.asked.append(number)
        if self.faults.get(number):
            return self.faults[number].pop(0)
        headers = {"X-Request-Id": f"r{number}", "Set-Cookie": "session=1"}
        if "link" in self.kind and number + 1 < len(self.lists):
            headers["Link"] = f'<{PATH}?p=0>; rel="first", <{self.target(number + 1)}>; rel="next"'
        return Answer(body=self.body(number), headers=headers)

    def bodies(self):
        return [self.body(number) for number in range(len(self.lists) + self.ends_empty)]


class PullCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = self.enterContext(Server())
        self.write("bookings.graphql", "query ($first: Int, $after: String) { bookings(first: $first, after: $after) { nodes { id } } }")
        self.write("m.yaml", MAPPING)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def source(self, *sections, url=None, request=(), name="supplier", retry=RETRY, file="s.yaml"):
        url = url or self.server.url(PATH)
        self.write(file, "\n".join([f"source: {name}", "version: 1", "request:", f'  url: "{url}"', *("  " + one for one in request), retry, *sections, ""]))

    @staticmethod
    def environment(**more):
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**kept, "LC_ALL": "C.UTF-8", "SECRET": SECRET, "KEY": KEY, **more}

    def line(self, *more, file="s.yaml", out="out", state=False, private=True, format="json"):
        return [TRAMA, "pull", file, *(["-o", out] if out else []), *(["--state", STATE] if state else []), *(["--allow-private"] if private else []),
                *(["--format", format] if format else []), *more]

    def trama(self, *line, env=None, **options):
        done = subprocess.run(line, cwd=self.folder, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, timeout=60, check=False,
                              env=self.environment(**(env or {})), **options)
        return done.returncode, done.stdout, done.stderr

    def pull(self, *more, env=None, **options):
        return self.trama(*self.line(*more, **options), env=env)

    def started(self, *more, **options):
        run = subprocess.Popen(self.line(*more, **options), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=self.environment())
        self.addCleanup(self.finished, run)
        return run

    @staticmethod
    def finished(run):
        if run.poll() is None:
            run.kill()
        run.communicate()

    def complete(self, *more, outcome="complete", **options):
        """A pull that ends well, and what it says."""
        code, out, err = self.pull(*more, **options)
        self.assertEqual(code, 0, err)
        result = json.loads(out)
        self.assertEqual(set(result) - {"request"}, {"outcome", "folder", "pages", "bytes", "requests", "retries", "since", "watermark"})
        self.assertEqual(result["outcome"], outcome)
        return result

    def refused(self, word, exit_code, *more, **options):
        """A pull that ends so, and its message."""
        code, out, err = self.pull(*more, **options)
        self.assertEqual((code, word_of(err)), (exit_code, word), err + out)
        return err

    def manifest(self, folder):
        lines = [json.loads(line) for line in (self.folder / folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
        for line in lines:
            SCHEMA.validate(line)
        return lines

    def pages(self, folder):
        """The bytes of the pages as the manifest has them, which has all that is there."""
        lines = [line for line in self.manifest(folder) if line["kind"] == "page"]
        names = [line["file"] for line in lines]
        self.assertEqual(names, [f"{number:06}.json" for number in range(1, len(lines) + 1)])
        self.assertEqual(sorted(os.listdir(self.folder / folder)), sorted([*names, "manifest.jsonl"]))
        bodies = [(self.folder / folder / name).read_bytes() for name in names]
        self.assertEqual([(len(body), hashlib.sha256(body).hexdigest()) for body in bodies], [(line["bytes"], line["sha256"]) for line in lines])
        return bodies

    def folders(self, out="out"):
        """Names of the folders of pulls; files that begin with a dot are the program's own."""
        return sorted(name for name in os.listdir(self.folder / out) if not name.startswith(".")) if (self.folder / out).is_dir() else []

    def left(self, out="out"):
        """The one folder of a pull that did not come to its end."""
        names = [name for name in self.folders(out) if name.endswith(".incomplete")]
        self.assertEqual(len(names), 1, self.folders(out))
        return f"{out}/{names[0]}"

    def until(self, holds, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return
            time.sleep(0.01)
        self.fail("it does not come to that")

    def requests(self):
        return len(self.server.log)

    def gaps(self, path=None):
        times = [request.at for request in self.server.log if path in (None, request.path)]
        return [later - earlier for earlier, later in zip(times, times[1:], strict=False)]


class Stored(PullCase):
    def test_one_page(self):
        body = b'\n {"b": 1,\t"a": "\xc3\xb1", "n": 1.10}\r\n'
        self.server.on(PATH, Answer(body=body, headers=[("X-Request-ID", "abc-1"), ("Set-Cookie", "s=1"), ("X-One", "1"), ("Content-Type", "application/json")]))
        self.source(request=["query: {page_size: 100, q: \"a b&c=ñ\"}", "headers: {Accept: application/json, X-Own: \"own: value\"}"])
        result = self.complete()
        folder = result["folder"]
        self.assertRegex(folder, r"^out/\d{8}T\d{6}Z-supplier$")
        self.assertEqual(self.folders(), [folder.removeprefix("out/")])
        self.assertEqual(result, {"outcome": "complete", "folder": folder, "pages": 1, "bytes": len(body), "requests": 1, "retries": 0, "since": None,
                                  "watermark": None})
        self.assertEqual(self.pages(folder), [body])
        first, page, end = self.manifest(folder)
        self.assertEqual((first["kind"], first["source"], first["since"]), ("pull", "supplier", None))
        self.assertEqual((page["method"], page["status"], page["request_id"], page["retries"]), ("GET", 200, "abc-1", []))
        self.assertEqual(page["url"], self.server.url(self.server.log[0].target))
        self.assertEqual((page["headers"]["x-one"], page["headers"]["content-type"]), ("1", "application/json"))
        self.assertNotIn("set-cookie", page["headers"])
        self.assertEqual((end["pages"], end["bytes"], end["watermark"]), (1, len(body), None))
        self.assertLessEqual(instant(first["began"]), instant(page["began"]))
        self.assertLessEqual(instant(page["began"]), instant(end["ended"]))
        self.assertLess(abs(instant(end["ended"]).timestamp() - time.time()), 60)
        request = self.server.log[0]
        self.assertEqual((request.method, request.path, request.query), ("GET", PATH, {"page_size": "100", "q": "a b&c=ñ"}))
        self.assertEqual((request.headers["accept"], request.headers["x-own"]), ("application/json", "own: value"))
        self.assertNotIn("authorization", request.headers)
        self.assertNotIn("cookie", request.headers)

    def test_what_is_said(self):
        Supplier(self.server, "cursor")
        self.source(Supplier.KINDS["cursor"])
        code, out, err = self.pull(format=None)
        self.assertEqual((code, err), (0, ""))
        lines = out.splitlines()
        said = re.fullmatch(r"3 pages, ([\d,.]+) bytes: (out/\S+)", lines[0])
        self.assertTrue(said, out)
        self.assertEqual(int(re.sub(r"\D", "", said[1])), sum(map(len, self.pages(said[2]))))
        self.assertIn(f"trama run MAPPING {said[2]}", lines[1])
        self.assertEqual(self.pull(out="otro", format="text", file="s.yaml", private=True)[0], 0)

    def test_messages_in_spanish(self):
        self.server.on(PATH, Answer(404), Answer(404))
        self.source()
        english, spanish = (self.refused("HTTP_STATUS", 4, "--lang", language) for language in ("en", "es"))
        self.assertNotEqual(english, spanish)
        self.assertEqual([english.count("\n"), spanish.count("\n")], [1, 1])

    def test_a_url_that_has_a_query(self):
        self.server.on(PATH, lambda _: Answer(body=data()))
        self.source(request=["query: {b: 2}"], url=self.server.url(PATH + "?a=1"))
        self.complete()
        self.assertEqual(self.server.log[0].query, {"a": "1", "b": "2"})

    def test_kinds_of_pages(self):
        for kind, section in Supplier.KINDS.items():
            with self.subTest(kind), Server() as self.server:
                supplier = Supplier(self.server, kind)
                self.source(section, request=["query: {size: 2}"], name="s." + kind.replace(" ", "_"))
                result = self.complete(out=kind)
                numbers = list(range(3 + supplier.ends_empty))
                self.assertEqual(supplier.asked, numbers)
                self.assertEqual(self.pages(result["folder"]), supplier.bodies())
                self.assertEqual((result["pages"], result["requests"]), (len(numbers), len(numbers)))
                self.assertEqual([request.query.get("size") for request in self.server.log], ["2"] * len(numbers))
                lines = [line for line in self.manifest(result["folder"]) if line["kind"] == "page"]
                self.assertEqual([line["url"] for line in lines], [self.server.url(target) for target in self.server.targets()])
                self.assertEqual([line["request_id"] for line in lines], [f"r{number}" for number in numbers])

    def test_parameters_of_pages(self):
        cases = {"cursor": [{}, {"after": "c1"}, {"after": "c2"}], "page": [{"page": str(n)} for n in (1, 2, 3, 4)], "page of a list": [{"page": str(n)} for n in range(4)],
                 "offset": [{"offset": str(n)} for n in (0, 2, 4, 6)]}
        for kind, wanted in cases.items():
            with self.subTest(kind), Server() as self.server:
                Supplier(self.server, kind)
                self.source(Supplier.KINDS[kind], request=["query: {size: 2, q: x}"])
                self.complete(out=kind)
                self.assertEqual([request.query for request in self.server.log], [{"size": "2", "q": "x", **one} for one in wanted])

    def test_graphql(self):
        Supplier(self.server, "graphql")
        self.source(Supplier.KINDS["graphql"].replace("first: 2", "first: 2, hotel: \"Andina ñ\", code: \"007\", all: true"))
        self.complete()
        self.assertEqual([(request.method, request.target) for request in self.server.log], [("POST", PATH)] * 3)
        self.assertTrue(all(request.headers["content-type"].startswith("application/json") for request in self.server.log))
        bodies = [request.json for request in self.server.log]
        self.assertEqual({body["query"] for body in bodies}, {(self.folder / "bookings.graphql").read_text()})
        self.assertEqual([{**body["variables"], "after": body["variables"].get("after")} for body in bodies],
                         [{"first": 2, "hotel": "Andina ñ", "code": "007", "all": True, "after": after} for after in (None, "c1", "c2")])

    def test_graphql_is_refused(self):
        whole = {"bookings": {"nodes": [], "pageInfo": {"endCursor": None}}}
        for body, word in [({"data": whole, "errors": [{"message": "field x"}]}, "GRAPHQL_ERRORS"), ({"data": None}, "GRAPHQL_ERRORS"), ({}, "GRAPHQL_ERRORS"),
                           ({"errors": [{"message": "no"}]}, "GRAPHQL_ERRORS"), ({"data": whole, "errors": []}, None), ({"data": whole, "errors": None}, None),
                           ({"data": {"bookings": {"pageInfo": {"endCursor": {"a": 1}}}}}, "PAGE_VALUE_WRONG")]:
            with self.subTest(json.dumps(body)), Server() as self.server:
                self.server.on(PATH, Answer(body=json.dumps(body).encode()))
                self.source(Supplier.KINDS["graphql"])
                out = hashlib.md5(json.dumps(body).encode()).hexdigest()
                if word:
                    self.refused(word, 4, out=out)
                else:
                    self.complete(out=out)
                self.assertEqual(self.requests(), 1)

    def test_ends(self):
        ends = {"missing": {}, "null": {"x": None}, "empty": {"x": ""}}
        for section in ("pages: {path: m.x}", "pages: {cursor: m.x, param: after}", "graphql: {query: bookings.graphql, cursor: data.m.x, cursor_variable: after}"):
            for name, value in ends.items():
                with self.subTest(section, end=name), Server() as self.server:
                    self.server.on(PATH, Answer(body=json.dumps({"data": {"m": value}, "m": value}).encode()))
                    self.source(section)
                    self.assertEqual(self.complete(out=f"{section.count('a')}{name}")["pages"], 1)

    def test_a_path_that_leads_nowhere(self):
        """That nothing of it is there may be the end on a later page; on the first one the path is wrong."""
        self.source("pages: {cursor: nowhere.at.all, param: after}")
        self.server.on(PATH, Answer(body=b'{"data": []}'))
        self.refused("PAGE_VALUE_WRONG", 4)
        self.source("pages: {cursor: m.c, param: after}")
        with Server() as self.server:  # an answer like the first, but for that
            self.source("pages: {cursor: m.c, param: after}")
            self.server.on(PATH, Answer(body=b'{"data": [], "m": {"c": 1}}'), Answer(body=b'{"data": [], "more": 1}'))
            self.assertEqual(self.complete()["pages"], 2)

    def test_link_headers(self):
        for number, (header, leads) in enumerate([
            ('<{next}>; rel="next"', True), ("<{next}>; rel=next", True), ('<{next}>; rel="prev next"', True), ('<{next}>; title="a, <b>; rel=x"; rel="next"', True),
            ('</other>; rel="last", <{next}>; rel="NEXT"', True), ('<{next}>;rel="next",</other>;rel="first"', True), ('</other>; rel="prev"', False), ("", False),
            ('</other>; rel="nextish"', False), ('</other>; rel="prev"; rel="next"', False),
        ]):
            with self.subTest(header), Server() as self.server:
                self.server.on(PATH, lambda request, header=header: Answer(body=b"[]", headers={"Link": header.replace("{next}", f"{PATH}?p=2,3")} if not request.query else {}))
                self.source("pages: {next: link_header}")
                self.complete(out=str(number))
                self.assertEqual(self.server.targets(), [PATH, PATH + "?p=2,3"] if leads else [PATH])

    def test_relative_links(self):
        for number, (reference, target) in enumerate([("?p=2", PATH + "?p=2"), ("bookings?p=2", PATH + "?p=2"), ("../v2/next", "/v2/next"), ("/x/../y", "/y"), ("?p=2#top", PATH + "?p=2")]):
            with self.subTest(reference), Server() as self.server:
                self.server.on(PATH, lambda request, reference=reference: Answer(body=json.dumps({"next": None if request.query else reference}).encode()))
                self.server.on(target.partition("?")[0] if target.partition("?")[0] != PATH else "/unused", Answer(body=b"{}"))
                self.source("pages: {path: next}")
                self.complete(out=str(number))
                self.assertEqual(self.server.targets(), [PATH, target])

    def test_cursors_of_any_kind(self):
        for number, (cursor, sent) in enumerate([("a b&c=d#é+/%41", None), (17, "17"), ("x" * 4000, None), ("../..", None)]):
            with self.subTest(cursor), Server() as self.server:
                self.server.on(PATH, Answer(body=json.dumps({"c": cursor}).encode()), Answer(body=b"{}"))
                self.source("pages: {cursor: c, param: after}")
                self.complete(out=str(number))
                self.assertEqual([request.query for request in self.server.log], [{}, {"after": sent or cursor}])

    def test_two_pulls_within_a_second(self):
        self.server.on(PATH, lambda _: Answer(body=data(row(1))))
        self.source()
        folders = [self.complete()["folder"] for _ in range(3)]
        self.assertEqual(len(set(folders)), 3, folders)
        self.assertEqual(self.folders(), sorted(folder.removeprefix("out/") for folder in folders))

    def test_encodings(self):
        body = data(*map(row, range(50)))
        for name, answer in {
            "chunked": Answer(body=body, chunked=True, piece=7), "gzip": Answer(body=body, gzip=True), "chunked gzip": Answer(body=body, gzip=True, chunked=True, piece=5),
            "until the end": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + body),
            "old": Answer(raw=b"HTTP/1.0 200 OK\r\n\r\n" + body), "more than its length": Answer(body=body + b'{"evil": 1}', length=len(body)),
            "slowly": Answer(body=data(1), every=0.01, piece=1),
        }.items():
            for section in ("", "pages: {cursor: c, param: after}"):
                with self.subTest(name, section=section), Server() as self.server:
                    self.server.on(PATH, answer)
                    self.source(section)
                    result = self.complete(out=f"{name}{len(section)}")
                    self.assertEqual(self.pages(result["folder"]), [data(1) if name == "slowly" else body])
                    self.assertEqual(self.requests(), 1)

    @unittest.skipIf(os.environ.get("TRAMA_SANITIZED"), "a sanitizer's own memory is not ours")
    def test_little_memory(self):
        size = 200 << 20
        self.server.on(PATH, Answer(body=json_list(size), length=size, piece=1 << 20))
        self.source()
        run = subprocess.Popen(self.line(), cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = run.stdout.read(), run.stderr.read()
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        run.stdout.close(), run.stderr.close()
        self.assertEqual(run.returncode, 0, err)
        result = json.loads(out)
        self.assertEqual((result["bytes"], (self.folder / result["folder"] / "000001.json").stat().st_size), (size, size))
        self.assertLess(used.ru_maxrss, 100 << 10)


class Answers(PullCase):
    """What an answer must be."""

    def test_statuses_that_pass(self):
        for status in TRANSIENT:
            with self.subTest(status), Server() as self.server:
                self.server.on(PATH, Answer(status, body=b"<h1>later</h1>"), Answer(body=data(row(status))))
                self.source()
                result = self.complete(out=str(status))
                self.assertEqual((result["requests"], result["retries"], self.requests()), (2, 1, 2))
                self.assertEqual(self.pages(result["folder"]), [data(row(status))])
                self.assertEqual(self.manifest(result["folder"])[1]["retries"], [{"why": str(status), "waited_ms": 10}])

    def test_statuses_that_pass_and_do_not(self):
        for status in TRANSIENT:
            with self.subTest(status), Server() as self.server:
                self.server.on(PATH, lambda _, status=status: Answer(status))
                self.source()
                self.assertIn(str(status), self.refused("HTTP_STATUS", 75, out=str(status)))
                self.assertEqual(self.requests(), 3)

    def test_other_statuses(self):
        for status in FINAL:
            with self.subTest(status), Server() as self.server:
                self.server.on(PATH, lambda _, status=status: Answer(status, body=b'{"error": "as it says"}'))
                self.source()
                self.assertIn(str(status), self.refused("HTTP_STATUS", 4, out=str(status)))
                self.assertEqual(self.requests(), 1)
                self.assertEqual([name for name in self.folders(str(status)) if not name.endswith(".incomplete")], [])

    DROPS = {
        "after accept": None, "after accept, reset": None, "after the request": Answer(drop="request"), "after the request, reset": Answer(drop="request", reset=True),
        "within the headers": Answer(drop="headers"), "within the status line": Answer(raw=b"HTTP/1."), "within a header": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Le"),
        "behind the headers": Answer(body=data(row(1)), cut=0), "within the body": Answer(body=data(row(1)), cut=9),
        "within the body, reset": Answer(body=data(row(1)), cut=9, reset=True), "at the last byte": Answer(body=data(row(1)), cut=len(data(row(1))) - 1),
        "within a chunk": Answer(body=data(row(1)), chunked=True, cut=9), "the last chunk is missing": Answer(body=data(row(1)), chunked=True, broken="end"),
        "no size of a chunk": Answer(body=data(row(1)), chunked=True, broken="size"), "within what is packed": Answer(body=data(row(1)), gzip=True, cut=15),
        "longer than it is": Answer(body=data(row(1)), length=1000),
    }

    def drop(self, name, answer):
        if answer:
            self.server.on(PATH, answer)
        else:
            self.server.drop_connections(1, reset="reset" in name)

    def test_connections_that_end(self):
        for name, answer in self.DROPS.items():
            for section in ("", "pages: {cursor: c, param: after}"):
                with self.subTest(name, section=section), Server() as self.server:
                    self.drop(name, answer)
                    self.server.on(PATH, Answer(body=data(row(2))))
                    self.source(section)
                    result = self.complete(out=f"{name}{len(section)}")
                    self.assertEqual((result["requests"], result["retries"], self.server.connections), (2, 1, 2))
                    self.assertEqual(self.pages(result["folder"]), [data(row(2))])
                    [retry] = self.manifest(result["folder"])[1]["retries"]
                    self.assertEqual(retry["waited_ms"], 10)

    def test_connections_that_end_each_time(self):
        for name, answer in self.DROPS.items():
            with self.subTest(name), Server() as self.server:
                for _ in range(5):
                    self.drop(name, answer)
                self.source()
                self.refused("SOURCE_UNREACHABLE", 75, out=name)
                self.assertEqual(self.server.connections, 3)
                self.assertEqual([one for one in self.folders(name) if not one.endswith(".incomplete")], [])

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as place:
            port = place.getsockname()[1]
        self.source(url=f"http://127.0.0.1:{port}/")
        self.refused("SOURCE_UNREACHABLE", 75)
        self.source(url="https://no-such-host.invalid/")
        self.refused("SOURCE_UNREACHABLE", 75, private=False)

    def test_what_is_not_json(self):
        html = Answer(body=b"<!DOCTYPE html><p>maintenance", headers={"Content-Type": "text/html"})
        for number, (answer, section) in enumerate([
            (html, ""), (html, "pages: {next: link_header}"), (Answer(body=b""), ""), (Answer(body=b" \r\n\t "), ""), (Answer(body=b"7"), ""), (Answer(body=b'"text"'), ""),
            (Answer(body=b"null"), ""), (Answer(body=b"\x1f\x8b\x08"), ""), (Answer(body=b"id,nights\n1,2\n"), ""),
            (Answer(body=b'{"data": [1, 2'), "pages: {cursor: c, param: after}"), (Answer(body=b'{"data": [1, 2'), "pages: {next: link_header}"),
            (Answer(body=b'{"data": [1, 2}'), "pages: {path: n}"), (Answer(body=b'{"data": []} x'), "pages: {page: p, until_empty: data}"),
            (Answer(body=b'{"data": ["\xff"]}'), "pages: {path: n}"), (Answer(body=b'{"data": [1, 2'), Supplier.KINDS["graphql"]),
        ]):
            with self.subTest(answer.body, section=section), Server() as self.server:
                self.server.on(PATH, answer)
                self.source(section)
                self.refused("ANSWER_NOT_JSON", 4, out=str(number))
                self.assertEqual(self.requests(), 1)
                self.assertEqual([one for one in self.folders(str(number)) if not one.endswith(".incomplete")], [])

    def test_a_single_answer_is_stored_as_it_came(self):
        """What it holds is for the run to read: only its beginning is looked at."""
        body = b'\r\n\t {"data": [1, 2'
        self.server.on(PATH, Answer(body=body))
        self.source()
        self.assertEqual(self.pages(self.complete()["folder"]), [body])

    def test_values_that_are_wrong(self):
        for number, (section, body) in enumerate([
            ("pages: {path: next}", {"next": 7}), ("pages: {path: next}", {"next": {"href": "x"}}), ("pages: {path: next}", {"next": False}),
            ("pages: {cursor: c, param: after}", {"c": {"a": 1}}), ("pages: {cursor: c, param: after}", {"c": ["x"]}),
            ("pages: {page: page, until_empty: data}", {"data": {"a": 1}}), ("pages: {page: page, until_empty: data}", {"data": "x"}),
            ("pages: {page: page, until_empty: data}", {"other": []}), ("pages: {page: page}", {"data": []}), ("pages: {offset: o, size: 2, until_empty: data}", {"data": 1}),
        ]):
            with self.subTest(section, body=body), Server() as self.server:
                self.server.on(PATH, Answer(body=json.dumps(body).encode()))
                self.source(section)
                self.refused("PAGE_VALUE_WRONG", 4, out=str(number))
                self.assertEqual(self.requests(), 1)

    def test_versions(self):
        for number, (headers, ends_well) in enumerate([({"X-Api-Version": "2"}, True), ({"x-api-version": "2"}, True), ({"X-Api-Version": "3"}, False), ({"X-Api-Version": "2.1"}, False), ({}, False)]):
            with self.subTest(headers), Server() as self.server:
                self.server.on(PATH, Answer(body=data(), headers=headers))
                self.source('versions: {header: X-Api-Version, expect: "2"}')
                if ends_well:
                    self.complete(out=str(number))
                else:
                    self.refused("VERSION_DIFFERS", 4, out=str(number))

    def test_a_version_that_changes_within(self):
        self.server.on(PATH, Answer(body=b'{"c": "1"}', headers={"X-Api-Version": "2"}), Answer(body=b"{}", headers={"X-Api-Version": "3"}))
        self.source('versions: {header: X-Api-Version, expect: "2"}', "pages: {cursor: c, param: after}")
        self.refused("VERSION_DIFFERS", 4)

    def test_what_comes_again(self):
        cases = [("pages: {cursor: c, param: after}", ["c1", "c2", "c1"], 3), ("pages: {cursor: c, param: after}", ["c1", "c1"], 2),
                 ("pages: {path: c}", ["?p=1", "?p=2", "?p=1"], 3), ("pages: {path: c}", ["?p=1", "?p=1"], 2), ("pages: {path: c}", [PATH], 1),
                 ("graphql: {query: bookings.graphql, cursor: data.c, cursor_variable: after}", ["c1", "c2", "c1"], 3)]
        for number, (section, cursors, requests) in enumerate(cases):
            with self.subTest(section, cursors=cursors), Server() as self.server:
                self.server.on(PATH, *(Answer(body=json.dumps({"c": cursor, "data": {"c": cursor}}).encode()) for cursor in [*cursors, "c9", "c10"]))
                self.source(section)
                self.refused("PAGE_REPEATED", 4, out=str(number))
                self.assertEqual(self.requests(), requests)
        with Server() as self.server:
            self.server.on(PATH, lambda _: Answer(body=b"[]", headers={"Link": f'<{PATH}?p=2>; rel="next"'}))
            self.source("pages: {next: link_header}")
            self.refused("PAGE_REPEATED", 4, out="link")
            self.assertEqual(self.requests(), 2)

    def test_a_list_that_shrinks(self):
        for lists, shrinks in [([(1, 2, 3), (4, 5), (6,)], True), ([(1, 2), (3,), (4, 5)], True), ([(1, 2), (3, 4), (5,)], False), ([(1, 2), (3, 4)], False), ([], False), ([(1,)], False)]:
            for kind in ("page", "page of a list", "offset"):
                with self.subTest(kind, lists=lists), Server() as self.server:
                    Supplier(self.server, kind, lists)
                    self.source(Supplier.KINDS[kind])
                    if shrinks:
                        more = kind == "offset" and len(lists[0]) > 2
                        self.refused("PAGE_VALUE_WRONG" if more else "PAGE_SHRANK", 4, out=f"{kind}{lists}")
                        self.assertEqual(self.requests(), 1 if more else 3)
                    else:
                        self.assertEqual(self.requests(), 0)
                        self.complete(out=f"{kind}{lists}")
                        self.assertEqual(self.requests(), len(lists) + 1)

    def test_limits(self):
        size = 500

        def endless(request):
            number = int(request.query.get("after", "0")) + 1
            return Answer(body=(b'{"c": "%d"}' % number).ljust(size))

        paged = "pages: {cursor: c, param: after}"
        last = "pages: {cursor: d, param: after}"
        for number, (section, limit, word, requests) in enumerate([
            (paged, "pages_at_most: 3", "PAGES_TOO_MANY", 3), (paged, f"bytes_at_most: {size * 2}", "ANSWER_TOO_LARGE", 3), (last, f"bytes_at_most: {size}", None, 1),
            (last, f"bytes_at_most: {size - 1}", "ANSWER_TOO_LARGE", 1), ("", f"bytes_at_most: {size}", None, 1), ("", f"bytes_at_most: {size - 1}", "ANSWER_TOO_LARGE", 1),
            (last, f"page_at_most: {size}", None, 1), (last, f"page_at_most: {size - 1}", "ANSWER_TOO_LARGE", 1), (last, "pages_at_most: 1", None, 1),
        ]):
            with self.subTest(section, limit=limit), Server() as self.server:
                self.server.on(PATH, endless)
                self.source(section, f"limits: {{{limit}}}")
                if word:
                    self.refused(word, 4, out=str(number))
                else:
                    self.complete(out=str(number))
                self.assertEqual(self.requests(), requests)

    def test_bombs(self):
        for number, section in enumerate(("", "pages: {cursor: c, param: after}")):
            with self.subTest(section), Server() as self.server:
                self.server.on(PATH, Answer(body=json_list(1 << 30), gzip=True))
                self.source(section, "limits: {bytes_at_most: 5M}")
                began = time.monotonic()
                self.refused("ANSWER_TOO_LARGE", 4, out=str(number))
                self.assertLess(time.monotonic() - began, 10)
                self.assertLessEqual(sum(path.stat().st_size for path in (self.folder / str(number)).rglob("*.json*")), 6 << 20)
                self.assertEqual(self.requests(), 1)

    def test_hostile_answers(self):
        deep = b'{"c": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        for number, answer in enumerate([
            Answer(body=deep), Answer(headers={"X-Long": "x" * 400_000}), Answer(headers=[(f"x-{i}", "y" * 50) for i in range(10_000)]), Answer(raw=b"\x00\x01\x02 no http\r\n" * 50),
            Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"), Answer(raw=b"HTTP/1.1 999999 OK\r\nContent-Length: 2\r\n\r\n{}"),
            Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n{}"), Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
            Answer(body=b"{}", headers={"Content-Encoding": "br"}), Answer(404, body=b"\x1b]0;x\x07\x1b[2J\xe2\x80\xae" * 100),
            Answer(body=json.dumps({"c": "\x1b[2J\u202e\n\r"}).encode()), Answer(302, {"Location": "http://x\x1b[2J.example/"}),
        ]):
            with self.subTest(number), Server() as self.server:
                self.server.on(PATH, lambda _, answer=answer: answer)
                self.source("pages: {cursor: c, param: after}")
                code, out, err = self.pull(out=str(number), format=None)
                self.assertIn(code, (4, 75), err)
                self.assertRegex(err, r"^trama: [A-Z_]+: ")
                self.assertEqual(err.count("\n"), 1, err)
                self.assertFalse(set("\x1b\x07\x9b\r\u202e") & set(out + err), err)
                self.assertLess(len(err), 2000)


class Waits(PullCase):
    def retrying(self, *answers, retry, **options):
        self.server.on(PATH, *answers, Answer(body=data(row(1))))
        self.source(retry=retry, **options)

    def test_each_longer_than_the_last(self):
        self.retrying(*[Answer(503)] * 4, retry="retry: {attempts: 5, first_wait: 40ms, times: 2, at_most: 100ms, jitter: 0%, budget: 20s}")
        result = self.complete()
        self.assertEqual([one["waited_ms"] for one in self.manifest(result["folder"])[1]["retries"]], [40, 80, 100, 100])
        for gap, wanted in zip(self.gaps(), [0.04, 0.08, 0.1, 0.1], strict=True):
            self.assertGreaterEqual(gap, wanted - 0.005)
            self.assertLess(gap, wanted + 0.5)

    def test_jitter(self):
        seen = set()
        for seed in range(4):
            with Server() as self.server:
                self.retrying(*[Answer(503)] * 3, retry="retry: {attempts: 4, first_wait: 40ms, times: 1, at_most: 100ms, jitter: 25%, budget: 20s}")
                waits = [one["waited_ms"] for one in self.manifest(self.complete("--seed", str(seed), out=str(seed))["folder"])[1]["retries"]]
                self.assertTrue(all(30 <= wait <= 50 for wait in waits), waits)
                seen.add(tuple(waits))
        self.assertGreater(len(seen), 1)

    def test_the_budget(self):
        self.server.on(PATH, lambda _: Answer(503))
        self.source(retry="retry: {attempts: 100, first_wait: 50ms, times: 1, at_most: 50ms, jitter: 0%, budget: 300ms}")
        self.refused("HTTP_STATUS", 75)
        self.assertIn(self.requests(), range(5, 9))

    def test_retry_after_beyond_the_budget(self):
        for number, (status, value) in enumerate([(429, "3600"), (503, "3600"), (429, date_in(3600)), (503, date_in(3600)), (429, "99999999999999999999")]):
            with self.subTest(status=status, value=value), Server() as self.server:
                self.server.on(PATH, lambda _, status=status, value=value: Answer(status, {"Retry-After": value}))
                self.source()
                began = time.monotonic()
                self.refused("RATE_LIMITED", 75, out=str(number))
                self.assertEqual(self.requests(), 1)
                self.assertLess(time.monotonic() - began, 5)

    def test_retry_after_that_says_nothing(self):
        for number, value in enumerate(["0", "soon", "-5", "", date_in(-100), "1e3x"]):
            with self.subTest(value=value), Server() as self.server:
                self.retrying(Answer(503, {"Retry-After": value}), retry=RETRY)
                result = self.complete(out=str(number))
                self.assertEqual(self.manifest(result["folder"])[1]["retries"], [{"why": "503", "waited_ms": 10}])

    def test_waits_that_the_server_asks_for(self):
        """All at once, since each takes its time."""
        page = Answer(body=b"{}")
        limited = "rate: {remaining: X-RateLimit-Remaining, reset: X-RateLimit-Reset, reset_is: %s}"
        until = {}

        def remembered(name, make):
            def answer(_):
                until[name] = make()
                return Answer(body=b'{"c": "1"}', headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": until[name]})
            return answer

        scripts = {
            "seconds": ([Answer(429, {"Retry-After": "1"}), page], []), "date": ([Answer(503, {"Retry-After": date_in(2)}), page], []),
            "reset": ([Answer(body=b'{"c": "1"}', headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}), page], [limited % "seconds"]),
            "epoch": ([remembered("epoch", epoch_in(2)), page], [limited % "epoch"]),
            "remaining": ([Answer(body=b'{"c": "1"}', headers={"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "60"}), page], [limited % "seconds"]),
            "stall": ([Answer(body=b'{"c": "9"}', stall=4), page], ["limits: {silence: 1s}"]), "silent": ([Answer(body=b"{}", delay=8), page], ["limits: {silence: 1s}"]),
            "slow": ([Answer(body=b"{}", every=1.4, piece=1)], ["limits: {silence: 2s}"]),
            "late": ([Answer(body=b'{"c": "9"' + b" " * 2000 + b"}", every=0.02, piece=2), page], ["limits: {request: 700ms}"]),
        }
        runs = {}
        for name, (steps, sections) in scripts.items():
            self.server.on("/" + name, *steps)
            self.source(*sections, "pages: {cursor: c, param: after}", url=self.server.url("/" + name), file=f"{name}.yaml", name=name)
            runs[name] = self.started(file=f"{name}.yaml", out=name)
        results = {}
        for name, run in runs.items():
            out, err = run.communicate(timeout=30)
            with self.subTest(name):
                self.assertEqual(run.returncode, 0, err)
                results[name] = json.loads(out)
        gaps = {name: self.gaps("/" + name) for name in runs}
        for name, (least, most, pages, retries) in {"seconds": (1, 3, 1, 1), "date": (0.9, 4, 1, 1), "reset": (1, 3, 2, 0), "epoch": (0.9, 4, 2, 0), "remaining": (0, 0.9, 2, 0),
                                                    "stall": (0.9, 5, 1, 1), "silent": (0.9, 5, 1, 1), "late": (0.6, 2, 1, 1)}.items():
            with self.subTest(name, gaps=gaps[name]):
                self.assertEqual(len(gaps[name]), 1)
                self.assertTrue(least - 0.02 <= gaps[name][0] < most + 1)
                self.assertEqual((results[name]["pages"], results[name]["retries"]), (pages, retries))
        self.assertEqual(gaps["slow"], [])
        later = [request.clock for request in self.server.log if request.path == "/epoch"][-1]
        self.assertGreaterEqual(later, int(until["epoch"]) - 0.02)

    def test_a_rate(self):
        Supplier(self.server, "page", [(n,) for n in range(7)])
        self.source(Supplier.KINDS["page"], "rate: {per_second: 20}")
        self.complete()
        self.assertEqual(self.requests(), 8)
        self.assertGreaterEqual(min(self.gaps()), 0.05 - 0.015)
        self.assertGreaterEqual(sum(self.gaps()), 7 * 0.05 - 0.02)

    def test_explain_schedule(self):
        self.source(retry="retry: {attempts: 5, first_wait: 100ms, times: 2, at_most: 10s, jitter: 25%, budget: 10m}")
        said = [self.pull("--explain-schedule", "--seed", seed, format=None) for seed in ("7", "7", "8")]
        self.assertEqual([(code, err) for code, _, err in said], [(0, "")] * 3)
        self.assertEqual(said[0], said[1])
        self.assertNotEqual(said[0], said[2])
        self.assertGreaterEqual(len(re.findall(r"\d", said[0][1])), 8)
        self.assertEqual((self.server.connections, self.folders()), (0, []))

    def test_the_schedule_is_what_is_waited(self):
        self.retrying(*[Answer(503)] * 3, retry="retry: {attempts: 4, first_wait: 40ms, times: 2, at_most: 100ms, jitter: 25%, budget: 20s}")
        waits = [one["waited_ms"] for one in self.manifest(self.complete("--seed", "3")["folder"])[1]["retries"]]
        out = self.pull("--explain-schedule", "--seed", "3", format=None)[1]
        for wait in waits:
            self.assertRegex(out, rf"(?<!\d){wait}(?!\d)|(?<!\d)0\.0*{wait}")

    def test_dry_run(self):
        for number, section in enumerate(("", "auth: {bearer: {secret_env: SECRET}}", "auth: {header: {name: X-Api-Key, secret_env: SECRET}}")):
            with self.subTest(section):
                self.source(section)
                code, out, err = self.pull("--dry-run", format=None, out=str(number))
                self.assertEqual((code, err), (0, ""))
                self.assertIn(self.server.url(PATH), out)
                self.assertNotIn(SECRET, out)
                code, out, err = self.pull("--dry-run", out=None)
                result = json.loads(out)
                self.assertEqual((code, err, result["outcome"], result["since"]), (0, "", "dry-run", None))
                self.assertIn(self.server.url(PATH), result["request"])
                self.assertNotIn(SECRET, out)
                self.assertEqual((self.server.connections, self.folders(str(number))), (0, []))
                self.assertFalse((self.folder / STATE).exists())


class Who(PullCase):
    """What authorizes a request, and that it stays between the two."""

    AUTHS = {
        "bearer": "auth: {bearer: {secret_env: SECRET}}",
        "basic": "auth: {basic: {user: trama, secret_env: SECRET}}",
        "header": "auth: {header: {name: X-Api-Key, secret_env: SECRET}}",
        "query": "auth: {query: {name: api_key, secret_env: SECRET}}",
        "signed": 'auth: {signed: {key_env: KEY, secret_env: SECRET, how: sha256, over: "{key}{secret}{time}", headers: {Api-key: "{key}", X-Signature: "{signature}", X-Time: "{time}"}}}',
        "hmac": 'auth: {signed: {key_env: KEY, secret_env: SECRET, how: hmac-sha256, over: "{method} {path} {time}", headers: {X-Signature: "v1={signature}", X-Time: "{time}"}}}',
    }

    def oauth(self, **more):
        rest = "".join(f", {name}: {value}" for name, value in more.items())
        return f'auth: {{oauth2_client_credentials: {{token_url: "{self.server.url("/token")}", client_id: trama, secret_env: SECRET{rest}}}}}'

    def test_headers(self):
        for name, section in self.AUTHS.items():
            with self.subTest(name), Server() as self.server:
                Supplier(self.server, "cursor", faults={1: [Answer(503)]})
                self.source(section, Supplier.KINDS["cursor"])
                self.complete(out=name)
                self.assertEqual(self.requests(), 4)
                for request in self.server.log:
                    headers = request.headers
                    if name == "bearer":
                        self.assertEqual(headers["authorization"], f"Bearer {SECRET}")
                    elif name == "basic":
                        self.assertEqual(headers["authorization"], "Basic " + base64.b64encode(f"trama:{SECRET}".encode()).decode())
                    elif name == "header":
                        self.assertEqual((headers["x-api-key"], headers.get("authorization")), (SECRET, None))
                    elif name == "query":
                        self.assertEqual((request.query["api_key"], headers.get("authorization")), (SECRET, None))
                    else:
                        self.assertLess(abs(int(headers["x-time"]) - request.clock), 5)
                        if name == "signed":
                            self.assertEqual(headers["api-key"], KEY)
                            self.assertEqual(headers["x-signature"], hashlib.sha256(f"{KEY}{SECRET}{headers['x-time']}".encode()).hexdigest())
                        else:
                            signature = hmac.new(SECRET.encode(), f"GET {PATH} {headers['x-time']}".encode(), "sha256").hexdigest()
                            self.assertEqual(headers["x-signature"], f"v1={signature}")

    def test_no_secret(self):
        for name, section in {**self.AUTHS, "oauth2": self.oauth()}.items():
            for env in [{"SECRET": ""}, {"SECRET": None}, *([{"KEY": None}] if "KEY" in section else [])]:
                with self.subTest(name, env=env):
                    self.source(section)
                    environment = {**self.environment(), **env}
                    done = subprocess.run(self.line(), cwd=self.folder, capture_output=True, text=True, timeout=60, check=False,
                                          env={name: value for name, value in environment.items() if value is not None})
                    self.assertEqual((done.returncode, word_of(done.stderr)), (64, "SECRET_UNSET"), done.stderr)
                    self.assertIn(next(iter(env)), done.stderr)
        self.assertEqual((self.server.connections, self.folders()), (0, []))

    def test_a_secret_with_line_ends(self):
        self.server.on(PATH, lambda _: Answer(body=data()))
        self.source(self.AUTHS["header"])
        self.pull(env={"SECRET": "abc\r\nX-Evil: 1"})
        self.assertEqual([request for request in self.server.log if "x-evil" in request.headers], [])

    def test_secrets_stay_secret(self):
        for name, section in {**self.AUTHS, "oauth2": ""}.items():
            with self.subTest(name), Server() as self.server:
                tokens = Tokens()
                self.server.on("/token", tokens.issue)
                section = section or self.oauth()
                hidden = [SECRET, base64.b64encode(f"trama:{SECRET}".encode()).decode(), urllib.parse.quote(SECRET), *([KEY] if "KEY" in section else []), *(["token-1"] if not self.AUTHS.get(name) else [])]
                echo = "token-1" if name == "oauth2" else SECRET

                def answer(request, echo=echo):
                    headers = {f"X-Echo-{number}": value for number, value in enumerate(request.headers.values())}
                    if request.query.get("p") == "3":
                        return Answer(403, headers, body=json.dumps({"error": f"not allowed for {echo}", "you": request.headers}).encode())
                    following = "?p=3" if "p" in request.query else f"?p=2&key={echo}"
                    return Answer(body=data(next=following), headers=headers)

                self.server.on(PATH, answer)
                self.source(section, "pages: {path: next}")
                said = [self.pull("--dry-run", out=name), self.pull("--dry-run", out=name, format=None), self.pull("--explain-schedule", out=name, format=None), self.pull(out=name, format=None)]
                self.assertEqual([code for code, _, _ in said], [0, 0, 0, 4], said)
                texts = [text for _, *both in said for text in both] + [path.read_text() for path in (self.folder / name).rglob("manifest.jsonl")]
                self.assertEqual(len(texts), 9)
                for text in texts:
                    for secret in hidden:
                        self.assertNotIn(secret, text)
                url = [line["url"] for line in self.manifest(self.left(name)) if line["kind"] == "page"][1]
                self.assertTrue(url.startswith(self.server.url(PATH) + "?p=2&key=***"), url)

    def guarded(self, tokens, scope=None, **more):
        """A supplier whose pages need a token."""
        self.server.on("/token", tokens.issue)
        supplier = Supplier(Server(), "cursor", **more)
        self.server.on(PATH, tokens.guarded(supplier))
        self.source(self.oauth(**({"scope": scope} if scope else {})), Supplier.KINDS["cursor"])
        return supplier

    def test_a_token_is_asked_for_once(self):
        self.guarded(Tokens(), scope='"a b"')
        self.complete(env={"SECRET": "s3cret +/=%:é"})
        self.assertEqual([request.path for request in self.server.log], ["/token", PATH, PATH, PATH])
        first = self.server.log[0]
        self.assertEqual((first.method, first.form), ("POST", {"grant_type": "client_credentials", "scope": "a b"}))
        self.assertTrue(first.headers["content-type"].startswith("application/x-www-form-urlencoded"))
        user, _, password = base64.b64decode(first.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
        self.assertEqual((user, urllib.parse.unquote_plus(password)), ("trama", "s3cret +/=%:é"))  # RFC 6749 §2.3.1
        self.assertRegex(password, r"^[\w.~%+-]+$")
        self.assertEqual({request.headers["authorization"] for request in self.server.log[1:]}, {"Bearer token-1"})

    def test_a_token_that_is_used_up(self):
        supplier = self.guarded(Tokens(uses=2))
        result = self.complete()
        self.assertEqual([(request.path, request.status) for request in self.server.log], [("/token", 200), (PATH, 200), (PATH, 200), (PATH, 401), ("/token", 200), (PATH, 200)])
        self.assertEqual(self.pages(result["folder"]), supplier.bodies())

    def test_a_token_that_is_never_good(self):
        self.guarded(Tokens(uses=0))
        self.assertIn("401", self.refused("HTTP_STATUS", 4))
        self.assertEqual([request.path for request in self.server.log], ["/token", PATH, "/token", PATH])

    def test_a_token_is_renewed_before_it_expires(self):
        self.guarded(Tokens(expires_in=1), lists=[(n,) for n in range(5)], faults={n: [Answer(503, delay=0.3)] for n in range(5)})
        self.complete()
        self.assertEqual([request.status for request in self.server.log if request.status == 401], [])
        self.assertGreater(sum(request.path == "/token" for request in self.server.log), 1)

    def test_no_token(self):
        for number, (answers, word, exit_code, requests) in enumerate([
            ([Answer(401, body=b'{"error": "invalid_client"}')], "HTTP_STATUS", 4, 1), ([Answer(400, body=b'{"error": "invalid_scope"}')], "HTTP_STATUS", 4, 1),
            ([Answer(503)] * 4, "HTTP_STATUS", 75, 3), ([Answer(drop="request")] * 4, "SOURCE_UNREACHABLE", 75, 3), ([Answer(body=b"<html>")], "ANSWER_NOT_JSON", 4, 1),
            ([Answer(503), Answer(body=b'{"access_token": "t", "token_type": "bearer"}')], None, 0, 2),
        ]):
            with self.subTest(number), Server() as self.server:
                self.server.on("/token", *answers)
                self.server.on(PATH, Answer(body=data()))
                self.source(self.oauth())
                if word:
                    self.refused(word, exit_code, out=str(number))
                else:
                    self.complete(out=str(number))
                self.assertEqual(sum(request.path == "/token" for request in self.server.log), requests)

    def test_a_token_answer_without_one(self):
        for number, body in enumerate([b"{}", b'{"access_token": ""}', b'{"access_token": 7}', b"[]", b'{"access_token": "a\\r\\nX-Evil: 1"}']):
            with self.subTest(body), Server() as self.server:
                self.server.on("/token", Answer(body=body))
                self.server.on(PATH, Answer(body=data()))
                self.source(self.oauth())
                code, _, err = self.pull(out=str(number))
                self.assertEqual(code, 4, err)
                self.assertEqual([request.path for request in self.server.log], ["/token"])


class Where(PullCase):
    """Which servers are spoken to."""

    def test_redirects_within_a_server(self):
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status), Server() as self.server:
                self.server.on(PATH, Answer(status, {"Location": "/moved?x=1"}))
                self.server.on("/moved", Answer(body=data(row(1))))
                self.source(Who.AUTHS["bearer"])
                self.assertEqual(self.pages(self.complete(out=str(status))["folder"]), [data(row(1))])
                self.assertEqual(self.server.targets(), [PATH, "/moved?x=1"])
                self.assertEqual(self.server.log[1].headers["authorization"], f"Bearer {SECRET}")

    def test_redirects_of_a_post(self):
        for status in (307, 308):
            with self.subTest(status), Server() as self.server:
                self.server.on(PATH, Answer(status, {"Location": "/moved"}))
                self.server.on("/moved", Answer(body=b'{"data": {}}'))
                self.source("graphql: {query: bookings.graphql}")
                self.complete(out=str(status))
                self.assertEqual([(request.method, request.path) for request in self.server.log], [("POST", PATH), ("POST", "/moved")])
                self.assertEqual(self.server.log[0].body, self.server.log[1].body)

    def test_how_many_redirects(self):
        for number, code in ((5, 0), (6, 4)):
            with self.subTest(number), Server() as self.server:
                for step in range(number):
                    self.server.on(f"/{step}", Answer(302, {"Location": f"/{step + 1}"}))
                self.server.on(f"/{number}", Answer(body=data()))
                self.source(url=self.server.url("/0"))
                if code:
                    self.refused("REDIRECT_REFUSED", 4, out=str(number))
                else:
                    self.complete(out=str(number))
                self.assertEqual(self.requests(), 6)

    def elsewhere(self, other):
        return {"another host": self.server.url(PATH, host="localhost"), "another port": other.url(PATH), "another scheme": self.server.url(PATH).replace("http", "https"),
                "no scheme": f"//localhost:{self.server.port}{PATH}", "public": "http://example.invalid/"}

    def test_to_another_server(self):
        with Server() as other:
            other.on(PATH, lambda _: Answer(body=data()))
            for name, url in self.elsewhere(other).items():
                for how, section, answer in [
                    ("redirect", "", lambda url: Answer(302, {"Location": url})), ("link", "pages: {next: link_header}", lambda url: Answer(body=b"[]", headers={"Link": f'<{url}>; rel="next"'})),
                    ("url", "pages: {path: next}", lambda url: Answer(body=json.dumps({"next": url}).encode())),
                ]:
                    with self.subTest(name, how=how), Server() as self.server:
                        url = self.elsewhere(other)[name]
                        self.server.on(PATH, answer(url), Answer(body=data()))
                        self.source(section, Who.AUTHS["bearer"])
                        self.refused("REDIRECT_REFUSED", 4, out=f"{name}{how}")
                        self.assertEqual(self.requests(), 1)
            self.assertEqual(other.connections, 0)

    def test_links_of_other_kinds(self):
        for number, url in enumerate(["file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/x", "http://", "/a b\r\nX-Evil: 1", "http://u:p@127.0.0.1:1/", "gopher://127.0.0.1:70/_x"]):
            for how, section, answer in [("redirect", "", Answer(302, {"Location": url.replace("\r\n", " ")})), ("url", "pages: {path: next}", Answer(body=json.dumps({"next": url}).encode()))]:
                with self.subTest(url, how=how), Server() as self.server:
                    self.server.on(PATH, answer)
                    self.source(section)
                    code, _, err = self.pull(out=f"{number}{how}")
                    self.assertEqual(code, 4, err)
                    self.assertIn(word_of(err), ("REDIRECT_REFUSED", "PAGE_VALUE_WRONG"))
                    self.assertEqual(self.requests(), 1)

    def test_addresses(self):
        port = self.server.port
        for number, host in enumerate(["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
                                       "[::ffff:127.0.0.1]", "[fd00::1]", "[fe80::1]", "[::]", "[64:ff9b::a00:1]", "224.0.0.1", "255.255.255.255"]):
            with self.subTest(host):
                self.source(url=f"https://{host}:{port}/")
                began = time.monotonic()
                self.refused("ADDRESS_REFUSED", 4, private=False, out=str(number))
                self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(self.server.connections, 0)

    def test_without_tls(self):
        port = self.server.port
        for number, (host, private) in enumerate([("127.0.0.1", False), ("localhost", False), ("10.0.0.1", True), ("example.com", True), ("127.0.0.1.example.com", True)]):
            with self.subTest(host):
                self.source(url=f"http://{host}:{port}/")
                code, _, err = self.pull(private=private, out=str(number))
                self.assertIn(code, (3, 4), err)
        self.assertEqual(self.server.connections, 0)
        self.server.on(PATH, lambda _: Answer(body=data()))
        self.source(url=self.server.url(PATH, host="localhost"))
        self.complete()

    def test_a_proxy_of_the_environment(self):
        """It would see what goes to the supplier, and stand between the check of the address and the server."""
        self.server.on(PATH, lambda _: Answer(body=data()))
        with Server() as proxy:
            self.source()
            self.pull(env={"http_proxy": proxy.url(), "all_proxy": proxy.url(), "https_proxy": proxy.url()})
            self.source(url="https://10.0.0.1/")
            self.pull(env={"https_proxy": proxy.url(), "ALL_PROXY": proxy.url()}, private=False, out="other")
            self.assertEqual(proxy.connections, 0)

    def test_certificates(self):
        folder = self.folder / "tls"
        folder.mkdir()
        known, other = Authority(folder, "known"), Authority(folder, "other")
        cases = [("an unknown authority", known.certificate(), "", "TLS_REFUSED"), ("it is known", known.certificate(), "ca_file: tls/known.pem", None),
                 ("another authority", known.certificate(), "ca_file: tls/other.pem", "TLS_REFUSED"),
                 ("another name", known.certificate(("DNS:api.example.com",), name="name"), "ca_file: tls/known.pem", "TLS_REFUSED"),
                 ("it has expired", known.certificate(days=-1, name="old"), "ca_file: tls/known.pem", "TLS_REFUSED")]
        for name, certificate, ca_file, word in cases:
            with self.subTest(name), Server(certificate) as self.server:
                self.server.on(PATH, lambda _: Answer(body=data(row(1))))
                self.source(Who.AUTHS["bearer"], request=[ca_file] if ca_file else [])
                if word:
                    self.refused(word, 4, out=name)
                else:
                    self.assertEqual(self.pages(self.complete(out=name)["folder"]), [data(row(1))])
                self.assertEqual((self.server.connections, self.requests()), (1, 0 if word else 1))
        sub = self.folder / "sources"
        sub.mkdir()
        shutil.copy(known.file, sub / "ca.pem")
        with Server(known.certificate()) as self.server:
            self.server.on(PATH, Answer(body=data()), Answer(302, {"Location": self.server.url(PATH).replace("https", "http")}))
            self.source(request=["ca_file: ca.pem"], file="sources/s.yaml")
            self.complete(file="sources/s.yaml")
            self.refused("REDIRECT_REFUSED", 4, file="sources/s.yaml", out="down")
        with Server(known.certificate()) as self.server:
            self.source(request=["ca_file: none.pem"])
            code, _, err = self.pull()
            self.assertIn(code, (3, 4), err)
            self.assertEqual(self.requests(), 0)


class Remembered(PullCase):
    """What the state keeps from pull to pull."""

    SINCE = 'since: {path: "data[*].updated_at", overlap: 5m, first: "2025-01-01T00:00:00Z"}'
    QUERY = ['query: {updated_from: "{since}", size: 2}']

    def run_over(self, *inputs, out="rows.csv", state=True):
        return self.trama(TRAMA, "run", "m.yaml", *inputs, "-o", out, *(["--state", STATE] if state else []))

    def published(self, *inputs, out="rows.csv"):
        code, _, err = self.run_over(*inputs, out=out)
        self.assertEqual(code, 0, err)

    def asked(self):
        return [request.query.get("updated_from") for request in self.server.log]

    def bookings(self, *times, nights=2):
        self.server.on(PATH, lambda _: Answer(body=data(*(row(number, at, nights) for number, at in enumerate(times)))))

    def test_since(self):
        self.bookings("2025-11-30T18:00:00Z", "2025-11-30T16:00:00-05:00", "2025-11-30T20:59:59Z")
        self.source(self.SINCE, request=self.QUERY)
        first = self.complete(state=True, out="1")
        self.assertEqual((first["since"], first["watermark"]), ("2025-01-01T00:00:00Z", "2025-11-30T21:00:00Z"))
        lines = self.manifest(first["folder"])
        self.assertEqual((lines[0]["since"], lines[-1]["watermark"]), ("2025-01-01T00:00:00Z", "2025-11-30T21:00:00Z"))
        self.complete(state=True, out="2")
        self.published(first["folder"])
        third = self.complete(state=True, out="3")
        self.assertEqual(self.asked(), ["2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2025-11-30T20:55:00Z"])
        self.assertEqual(third["since"], "2025-11-30T20:55:00Z")

    def test_a_run_that_publishes_nothing(self):
        self.bookings("2025-11-30T21:00:00Z", nights="x")
        self.source(self.SINCE, request=self.QUERY)
        folder = self.complete(state=True, out="1")["folder"]
        self.assertEqual(self.run_over(folder)[0], 2)
        self.complete(state=True, out="2")
        self.assertEqual(self.run_over(folder, state=False, out="other.csv")[0], 2)
        self.complete(state=True, out="3")
        self.assertEqual(self.asked(), ["2025-01-01T00:00:00Z"] * 3)
        self.write("m.yaml", MAPPING.replace("type: integer", "type: text"))
        self.published(folder)
        self.complete(state=True, out="4")
        self.assertEqual(self.asked()[-1], "2025-11-30T20:55:00Z")

    def test_times_to_come(self):
        """What a supplier dates ahead does not hide what changes until then."""
        self.bookings("2025-11-30T21:00:00Z", "2999-01-01T00:00:00Z")
        self.source(self.SINCE, request=self.QUERY)
        result = self.complete(state=True)
        self.assertLess(abs(instant(result["watermark"]).timestamp() - time.time()), 60)

    def test_a_run_without_the_state_does_not_count(self):
        self.bookings("2025-11-30T21:00:00Z")
        self.source(self.SINCE, request=self.QUERY)
        folder = self.complete(state=True, out="1")["folder"]
        self.assertEqual(self.run_over(folder, state=False)[0], 0)
        self.complete(state=True, out="2")
        self.assertEqual(self.asked(), ["2025-01-01T00:00:00Z"] * 2)

    def test_every_page_counts(self):
        Supplier(self.server, "cursor", [(1, 2), (3,)])
        self.source(self.SINCE, Supplier.KINDS["cursor"], request=self.QUERY)
        folder = self.complete(state=True, out="1")["folder"]
        self.published(f"{folder}/000001.json", out="1.csv")
        self.complete(state=True, out="2")
        shutil.copy(self.folder / folder / "000002.json", self.folder / "elsewhere.json")
        self.published("elsewhere.json", out="2.csv")
        self.complete(state=True, out="3")
        self.assertEqual(self.asked()[::2], ["2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2025-11-30T19:55:00Z"])
        self.assertEqual(self.asked()[1::2], self.asked()[::2])

    def test_a_pull_with_nothing_new(self):
        self.server.on(PATH, Answer(body=data(row(1, "2025-11-30T21:00:00Z"))), Answer(body=data()), lambda _: Answer(body=data(row(2, "2025-11-30T22:00:00Z"))))
        self.source(self.SINCE, request=self.QUERY)
        self.published(self.complete(state=True, out="1")["folder"])
        empty = self.complete(state=True, out="2")
        self.run_over(empty["folder"], out="empty.csv")
        third = self.complete(state=True, out="3")
        self.published(third["folder"], out="third.csv")
        self.complete(state=True, out="4")
        self.assertEqual(self.asked(), ["2025-01-01T00:00:00Z", "2025-11-30T20:55:00Z", "2025-11-30T20:55:00Z", "2025-11-30T21:55:00Z"])

    def test_an_empty_last_page(self):
        """It is a page like the others: the watermark moves although it has no record."""
        Supplier(self.server, "page", [(1, 2), (3,)])
        self.source(self.SINCE, Supplier.KINDS["page"], request=self.QUERY)
        self.published(self.complete(state=True, out="1")["folder"])
        self.complete(state=True, out="2")
        self.assertEqual(self.asked(), ["2025-01-01T00:00:00Z"] * 3 + ["2025-11-30T19:55:00Z"] * 3)

    def test_since_moves_while_a_pull_is_left(self):
        """What was left has another since: it is not gone on with."""
        supplier = Supplier(self.server, "cursor")
        self.source(self.SINCE, Supplier.KINDS["cursor"], request=self.QUERY)
        folder = self.complete(state=True, out="1")["folder"]
        supplier.faults = {1: [Answer(403)]}
        self.refused("HTTP_STATUS", 4, state=True)
        self.published(folder)
        result = self.complete(state=True)
        self.assertEqual((result["since"], self.manifest(result["folder"])[0]["since"]), ("2025-11-30T19:55:00Z",) * 2)
        self.assertEqual(supplier.asked, [0, 1, 2, 0, 1, 0, 1, 2])
        self.assertEqual(len(self.folders()), 1)

    def test_others_use_the_state_meanwhile(self):
        supplier = Supplier(self.server, "cursor", faults={1: [Answer(body=b"{}", stall=1)]})
        self.source(self.SINCE, Supplier.KINDS["cursor"], request=self.QUERY)
        first = self.started(state=True)
        self.until(lambda: supplier.asked == [0, 1])
        self.server.on("/other", lambda _: Answer(body=data(row(7, "2025-11-30T21:00:00Z"))))
        self.source(self.SINCE, url=self.server.url("/other"), request=self.QUERY, name="other", file="2.yaml")
        began = time.monotonic()
        self.published(self.complete(file="2.yaml", state=True, out="2")["folder"])
        self.assertEqual(self.complete(file="2.yaml", state=True, out="3")["since"], "2025-11-30T20:55:00Z")
        self.assertLess(time.monotonic() - began, 10)
        self.assertIsNone(first.poll())

    def test_how_since_is_written(self):
        seconds = str(int(instant("2025-11-30T20:55:00Z").timestamp()))
        for number, (form, first, later) in enumerate([("iso", "2025-01-01T00:00:00Z", "2025-11-30T20:55:00Z"), ("date", "2025-01-01", "2025-11-30"), ("seconds", "1735689600", seconds)]):
            with self.subTest(form), Server() as self.server:
                self.bookings("2025-11-30T21:00:00Z")
                self.source(self.SINCE.replace("overlap", f"as: {form}, overlap"), request=self.QUERY, name=form)
                self.write("m.yaml", MAPPING.replace("bookings", form))
                self.published(self.complete(state=True, out=f"{number}a")["folder"], out=f"{form}.csv")
                self.complete(state=True, out=f"{number}b")
                self.assertEqual(self.asked(), [first, later])

    def test_without_a_first(self):
        self.bookings("2025-11-30T21:00:00Z")
        self.source(self.SINCE.replace(', first: "2025-01-01T00:00:00Z"', ""), request=self.QUERY)
        first = self.complete(state=True, out="1")
        self.assertIsNone(first["since"])
        self.assertEqual(self.server.log[0].query, {"size": "2"})
        self.published(first["folder"])
        self.complete(state=True, out="2")
        self.assertEqual(self.server.log[1].query, {"size": "2", "updated_from": "2025-11-30T20:55:00Z"})

    def test_in_the_url(self):
        self.server.on("/since/2025-01-01T00:00:00Z", lambda _: Answer(body=data()))
        self.server.on("/since/2025-01-01T00%3A00%3A00Z", lambda _: Answer(body=data()))
        self.source(self.SINCE, url=self.server.url("/since/{since}"))
        self.complete(state=True)
        self.assertEqual(urllib.parse.unquote(self.server.log[0].path), "/since/2025-01-01T00:00:00Z")
        self.source(self.SINCE.replace(', first: "2025-01-01T00:00:00Z"', ""), url=self.server.url("/since/{since}"))
        self.assertEqual(self.pull(state=True, out="2")[0], 3)
        self.assertEqual(self.trama(TRAMA, "check", "s.yaml")[0], 3)

    def test_in_variables(self):
        Supplier(self.server, "graphql", [(1,)])
        section = Supplier.KINDS["graphql"].replace("first: 2", 'first: 2, from: "{since}"')
        since = 'since: {path: "data.bookings.nodes[*].updated_at", overlap: 1h}'
        self.source(section, since)
        self.write("m.yaml", MAPPING.replace("records: data", "records: data.bookings.nodes"))
        self.published(self.complete(state=True, out="1")["folder"])
        self.complete(state=True, out="2")
        first, second = (request.json["variables"] for request in self.server.log)
        self.assertNotIn("from", first)
        self.assertEqual((second["first"], second["from"]), (2, "2025-11-30T19:00:00Z"))

    def test_times_that_are_none(self):
        for number, at in enumerate(["yesterday", {"a": 1}, "2025-13-45T00:00:00Z", True]):
            with self.subTest(at), Server() as self.server:
                self.bookings(at)
                self.source(self.SINCE, request=self.QUERY)
                self.refused("PAGE_VALUE_WRONG", 4, state=True, out=str(number))

    def test_a_state_is_needed(self):
        self.source(self.SINCE, request=self.QUERY)
        self.refused("STATE_NEEDED", 3)
        self.source("breaker: {failures: 2, within: 1m, open_for: 30m}")
        self.refused("STATE_NEEDED", 3)
        self.assertEqual((self.server.connections, self.folders()), (0, []))

    def test_sources_are_apart(self):
        self.bookings("2025-11-30T21:00:00Z")
        self.source(self.SINCE, request=self.QUERY)
        self.published(self.complete(state=True, out="1")["folder"])
        self.source(self.SINCE, request=self.QUERY, name="another")
        self.complete(state=True, out="2")
        self.assertEqual(self.asked(), ["2025-01-01T00:00:00Z"] * 2)

    def test_what_is_unchanged(self):
        body = data(row(1))
        self.server.on(PATH, tagged(body, '"v1"', {"Last-Modified": "Sun, 30 Nov 2025 20:00:00 GMT"}))
        self.source()
        first = self.complete(state=True, out="1")
        self.complete(state=True, out="2")
        self.assertEqual(self.run_over(first["folder"], state=False, out="other.csv")[0], 0)
        self.complete(state=True, out="3")
        self.assertEqual([(request.headers.get("if-none-match"), request.headers.get("if-modified-since")) for request in self.server.log], [(None, None)] * 3)
        self.published(first["folder"])
        result = self.complete(state=True, out="4", outcome="unchanged")
        self.assertEqual((result["folder"], result["pages"], self.folders("4")), (None, 0, []))
        self.assertEqual((self.server.log[3].headers["if-none-match"], self.server.log[3].headers["if-modified-since"]), ('"v1"', "Sun, 30 Nov 2025 20:00:00 GMT"))
        code, out, err = self.pull(state=True, out="5", format=None)
        self.assertEqual((code, err, bool(out.strip()), self.server.log[-1].status), (0, "", True, 304))
        self.complete(out="6")  # without the state nothing is known
        self.assertNotIn("if-none-match", self.server.log[-1].headers)

    def test_what_has_changed(self):
        self.server.on(PATH, tagged(data(row(1)), '"v1"'), tagged(data(row(2)), '"v2"'))
        self.source()
        self.published(self.complete(state=True, out="1")["folder"])
        second = self.complete(state=True, out="2")
        self.assertEqual(self.server.log[-1].headers["if-none-match"], '"v1"')
        self.published(second["folder"], out="2.csv")
        self.complete(state=True, out="3", outcome="unchanged")
        self.assertEqual(self.server.log[-1].headers["if-none-match"], '"v2"')

    def test_no_tags_where_pages_follow(self):
        self.server.on(PATH, lambda _: Answer(body=data(), headers={"ETag": '"v1"'}))
        self.source("pages: {cursor: c, param: after}")
        self.write("m.yaml", MAPPING.replace("limits:", "limits: {rejected_at_most: 50%}\n#").replace("id: id}", "id: id, expect_at_least: 0}"))
        self.published(self.complete(state=True, out="1")["folder"])
        self.complete(state=True, out="2")
        self.assertNotIn("if-none-match", self.server.log[-1].headers)

    def opens(self):
        """The pull whose failure opens the breaker may name either."""
        code, _, err = self.pull(state=True)
        self.assertEqual(code, 75, err)
        self.assertIn(word_of(err), ("HTTP_STATUS", "BREAKER_OPEN"))

    def test_the_breaker(self):
        self.server.on(PATH, *[Answer(503)] * 3, lambda _: Answer(body=data(row(1))))
        self.source("breaker: {failures: 2, within: 1m, open_for: 600ms}", retry="retry: {attempts: 1}")
        self.refused("HTTP_STATUS", 75, state=True)
        self.opens()
        connections = self.server.connections
        for _ in range(2):
            self.refused("BREAKER_OPEN", 75, state=True)
        self.assertEqual((self.requests(), self.server.connections), (2, connections))
        time.sleep(0.65)
        self.opens()  # the one request that tries
        self.refused("BREAKER_OPEN", 75, state=True)
        self.assertEqual(self.requests(), 3)
        time.sleep(0.65)
        self.complete(state=True)
        self.complete(state=True, out="more")
        self.assertEqual(self.requests(), 5)

    def test_the_breaker_closes_again(self):
        self.server.on(PATH, Answer(503), Answer(body=data(row(1))), Answer(503), lambda _: Answer(body=data(row(2))))
        self.source("breaker: {failures: 2, within: 200ms, open_for: 30m}", retry="retry: {attempts: 1}")
        self.refused("HTTP_STATUS", 75, state=True)
        self.complete(state=True, out="1")
        time.sleep(0.25)
        self.refused("HTTP_STATUS", 75, state=True, out="2")
        self.complete(state=True, out="3")
        self.assertEqual(self.requests(), 4)

    def test_not_so_soon(self):
        self.server.on(PATH, lambda _: Answer(body=data(row(1))))
        self.source("limits: {min_interval: 1h}")
        self.complete()
        self.refused("PULLED_LATELY", 75)
        self.assertEqual((self.requests(), self.server.connections, len(self.folders())), (1, 1, 1))
        self.source("limits: {min_interval: 1ms}")
        self.complete()

    def test_soon_after_one_that_failed(self):
        Supplier(self.server, "cursor", faults={1: [Answer(403)]})
        self.source("limits: {min_interval: 1h}", Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4, state=True)
        self.complete(state=True)

    def test_places_that_cannot_be_used(self):
        self.server.on(PATH, lambda _: Answer(body=data()))
        self.source(self.SINCE, request=self.QUERY)
        self.write("foreign", "notes\n" * 100)
        for place, codes in (("none/x", (5,)), ("foreign", (4,)), (".", (4, 5)), ("s.yaml", (4, 64))):
            with self.subTest(place):
                code, _, err = self.pull("--state", place, out="1")
                self.assertIn(code, codes, err)
        self.assertEqual((self.server.connections, (self.folder / "foreign").read_text()), (0, "notes\n" * 100))


class Interrupted(PullCase):
    def test_it_goes_on(self):
        for kind, section in Supplier.KINDS.items():
            with self.subTest(kind), Server() as self.server:
                supplier = Supplier(self.server, kind, faults={2: [Answer(403)]})
                self.source(section)
                self.refused("HTTP_STATUS", 4, out=kind)
                self.assertEqual(supplier.asked, [0, 1, 2])
                self.assertEqual([line["kind"] for line in self.manifest(self.left(kind))], ["pull", "page", "page"])
                self.assertEqual(self.pages(self.left(kind)), supplier.bodies()[:2])
                result = self.complete(out=kind)
                self.assertEqual(supplier.asked[3:], list(range(2, 3 + supplier.ends_empty)))
                self.assertEqual(self.pages(result["folder"]), supplier.bodies())
                self.assertEqual(self.folders(kind), [result["folder"].removeprefix(kind + "/")])
                self.assertEqual((result["pages"], result["bytes"]), (len(supplier.bodies()), sum(map(len, supplier.bodies()))))

    def test_it_goes_on_after_others(self):
        """What failed: the kind of end does not matter."""
        for number, fault in enumerate([[Answer(503)] * 3, [Answer(body=b"<html>")], [Answer(429, {"Retry-After": "3600"})], [Answer(302, {"Location": "http://localhost/"})]]):
            with self.subTest(number), Server() as self.server:
                supplier = Supplier(self.server, "cursor", faults={1: fault})
                self.source(Supplier.KINDS["cursor"])
                self.assertIn(self.pull(out=str(number))[0], (4, 75))
                asked = len(supplier.asked)
                self.assertEqual(self.pages(self.complete(out=str(number))["folder"]), supplier.bodies())
                self.assertEqual(supplier.asked[asked:], [1, 2])

    def interrupt(self, kind, number, out):
        """A pull that is sent a signal while its second page is being answered."""
        supplier = Supplier(self.server, kind, faults={1: [Answer(body=b'{"data": [1, 2, 3]}', stall=12)]})
        self.source(Supplier.KINDS[kind])
        run = self.started(out=out)
        self.until(lambda: len(supplier.asked) == 2)
        self.until(lambda: len(self.manifest(self.left(out))) == 2)
        time.sleep(0.05)
        run.send_signal(number)
        _, err = run.communicate(timeout=30)
        self.assertEqual([line["kind"] for line in self.manifest(self.left(out))], ["pull", "page"])
        self.assertEqual((self.folder / self.left(out) / "000001.json").read_bytes(), supplier.body(0))
        return supplier, run.returncode, err

    def test_signals(self):
        for number, ends in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 143), (signal.SIGINT, 130)):
            for kind in ("cursor", "page"):
                with self.subTest(number.name, kind=kind), Server() as self.server:
                    out = f"{kind}{number}"
                    supplier, code, err = self.interrupt(kind, number, out)
                    self.assertEqual(code, ends, err)
                    result = self.complete(out=out)
                    self.assertEqual(supplier.asked, [0, 1, 1, 2, *([3] if supplier.ends_empty else [])])
                    self.assertEqual(self.pages(result["folder"]), supplier.bodies())
                    self.assertEqual(len(self.folders(out)), 1)

    def test_while_it_waits(self):
        self.server.on(PATH, lambda _: Answer(503))
        self.source(retry="retry: {attempts: 9, first_wait: 30s, times: 1, at_most: 30s, jitter: 0%, budget: 10m}")
        run = self.started()
        self.until(lambda: self.requests() == 1)
        time.sleep(0.1)
        run.send_signal(signal.SIGTERM)
        began = time.monotonic()
        run.communicate(timeout=30)
        self.assertEqual(run.returncode, 143)
        self.assertLess(time.monotonic() - began, 3)

    def test_a_line_that_was_cut(self):
        supplier = Supplier(self.server, "cursor", faults={2: [Answer(403)]})
        self.source(Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4)
        path = self.folder / self.left() / "manifest.jsonl"
        path.write_bytes(path.read_bytes()[:-40])
        self.assertEqual(self.pages(self.complete()["folder"]), supplier.bodies())
        self.assertEqual(supplier.asked, [0, 1, 2, 1, 2])

    def test_before_it_got_its_name(self):
        """Killed between the last line and the name: nothing is asked again, and the lines of the pages stay."""
        supplier = Supplier(self.server, "cursor", faults={1: [Answer(503)]})
        self.source(Supplier.KINDS["cursor"])
        folder = self.complete()["folder"]
        lines = self.manifest(folder)
        os.rename(self.folder / folder, self.folder / f"{folder}.incomplete")
        again = self.complete()
        self.assertEqual((again["requests"], supplier.asked), (0, [0, 1, 1, 2]))
        self.assertEqual(self.pages(again["folder"]), supplier.bodies())
        self.assertEqual(self.manifest(again["folder"])[:-1], lines[:-1])

    def test_links_that_look_like_secrets(self):
        """What is masked in the manifest is never asked for so."""
        for number, (section, make) in enumerate([
            ("pages: {next: link_header}", lambda url: Answer(body=b"[]", headers={"Link": f'<{url}>; rel="next"'})),
            ("pages: {path: next}", lambda url: Answer(body=json.dumps({"next": url}).encode())),
        ]):
            with self.subTest(section), Server() as self.server:
                targets = [PATH, PATH + "?page_token=abcdef1&size=2", PATH + "?page_token=abcdef2&size=2", PATH + f"?key={SECRET}"]
                self.server.on(PATH, make(targets[1]), make(targets[2]), Answer(403), make(targets[3]), Answer(403), Answer(body=b"{}"))
                self.source(section, Who.AUTHS["bearer"])
                self.refused("HTTP_STATUS", 4, out=str(number))
                self.refused("HTTP_STATUS", 4, out=str(number))
                self.complete(out=str(number))
                # A link header is kept as it came, but for secrets: where it had one, the pull begins anew.
                self.assertEqual(self.server.targets(), [*targets[:3], targets[2], targets[3], PATH if "link_header" in section else targets[3]])

    def test_a_page_that_was_changed(self):
        """What is complete holds what came, whatever happened in between."""
        for number, change in enumerate([lambda path: path.write_bytes(b"{}"), lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes().replace(b"B", b"C"))]):
            with self.subTest(number), Server() as self.server:
                supplier = Supplier(self.server, "cursor", faults={2: [Answer(403)]})
                self.source(Supplier.KINDS["cursor"])
                self.refused("HTTP_STATUS", 4, out=str(number))
                change(self.folder / self.left(str(number)) / "000001.json")
                code, out, err = self.pull(out=str(number))
                if code == 0:
                    self.assertEqual(self.pages(json.loads(out)["folder"]), supplier.bodies())
                else:
                    self.assertEqual([name for name in self.folders(str(number)) if not name.endswith(".incomplete")], [], err)

    def test_fresh(self):
        supplier = Supplier(self.server, "cursor", faults={2: [Answer(403)]})
        self.source(Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4)
        self.assertEqual(self.pages(self.complete("--fresh")["folder"]), supplier.bodies())
        self.assertEqual(supplier.asked, [0, 1, 2, 0, 1, 2])

    def test_another_source_file(self):
        supplier = Supplier(self.server, "cursor", faults={2: [Answer(403)]})
        self.source(Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4)
        self.source(Supplier.KINDS["cursor"], request=["query: {hotel: 7}"])
        self.assertEqual(self.pages(self.complete()["folder"]), supplier.bodies())
        self.assertEqual(supplier.asked, [0, 1, 2, 0, 1, 2])

    def test_the_same_with_other_limits(self):
        """What is asked for decides, not how long it may take."""
        supplier = Supplier(self.server, "cursor")
        self.source(Supplier.KINDS["cursor"], "limits: {pages_at_most: 2}")
        self.refused("PAGES_TOO_MANY", 4)
        begin = self.manifest(self.left())[0]
        self.source(Supplier.KINDS["cursor"], "limits: {pages_at_most: 3}", "about: more pages", retry=RETRY.replace("3", "5"))
        folder = self.complete()["folder"]
        self.assertEqual((self.pages(folder), self.manifest(folder)[0]), (supplier.bodies(), begin))
        self.assertEqual(supplier.asked, [0, 1, 2])

    def test_two_at_once(self):
        supplier = Supplier(self.server, "cursor", faults={0: [Answer(body=b'{"data": []}', stall=3)]})
        self.source(Supplier.KINDS["cursor"])
        first = self.started()
        self.until(lambda: supplier.asked == [0])
        self.refused("OUTPUT_BUSY", 75)
        self.refused("OUTPUT_BUSY", 75, "--fresh")
        self.assertEqual(supplier.asked, [0])
        self.server.on("/other", Answer(body=data()))
        self.source(url=self.server.url("/other"), name="supplier-2", file="2.yaml")
        self.complete(file="2.yaml")
        self.complete(out="another")
        first.kill()
        first.communicate()
        self.complete()

    def test_a_link_that_was_asked_before_it_stopped(self):
        """What comes again is noticed also where the first time was before the interruption."""
        self.server.on(PATH, Answer(body=b'{"c": "c1"}'), Answer(body=b'{"c": "c2"}'), Answer(403), Answer(body=b'{"c": "c1"}'), Answer(body=b"{}"))
        self.source("pages: {cursor: c, param: after}")
        self.refused("HTTP_STATUS", 4)
        self.refused("PAGE_REPEATED", 4)
        self.assertEqual(self.requests(), 4)

    def test_limits_count_what_is_there(self):
        supplier = Supplier(self.server, "cursor", [(1,), (2,), (3,), (4,)], faults={2: [Answer(403)]})
        self.source(Supplier.KINDS["cursor"], "limits: {pages_at_most: 3}")
        self.refused("HTTP_STATUS", 4)
        self.refused("PAGES_TOO_MANY", 4)
        self.assertEqual(supplier.asked, [0, 1, 2, 2])

    def test_a_shrinking_list_that_was_interrupted(self):
        supplier = Supplier(self.server, "page", [(1, 2), (3,), (4, 5)], faults={2: [Answer(403)]})
        self.source(Supplier.KINDS["page"])
        self.refused("HTTP_STATUS", 4)
        self.refused("PAGE_SHRANK", 4)
        self.assertEqual(supplier.asked, [0, 1, 2, 2])


class Around(PullCase):
    """The disk, the command line, and the commands beside it."""

    def test_places_that_cannot_be_written(self):
        self.server.on(PATH, lambda _: Answer(body=data()))
        self.source()
        self.write("file", "mine")
        for out in ("file", "file/below", "/proc/none/x"):
            with self.subTest(out):
                code, _, err = self.pull(out=out)
                self.assertEqual(code, 5, err)
                self.assertRegex(err, r"^trama: [A-Z_]+: ")
        self.assertEqual((self.requests(), (self.folder / "file").read_text()), (0, "mine"))

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_without_leave(self):
        self.source()
        (self.folder / "out").mkdir(mode=0o500)
        self.assertEqual(self.pull()[0], 5)

    def test_a_folder_in_the_way(self):
        self.server.on(PATH, lambda _: Answer(body=data(row(1))))
        self.source()
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        taken = {f"{now + datetime.timedelta(seconds=more):%Y%m%dT%H%M%SZ}-supplier" for more in range(3)}
        for name in taken:
            (self.folder / "out" / name).mkdir(parents=True)
            (self.folder / "out" / name / "mine").write_text("mine")
        code, out, err = self.pull()
        self.assertIn(code, (0, 5, 75), err)
        for name in taken:
            self.assertEqual(os.listdir(self.folder / "out" / name), ["mine"])
        if code == 0:
            self.assertEqual(self.pages(json.loads(out)["folder"]), [data(row(1))])

    def test_a_disk_that_is_full(self):
        body = data(*map(row, range(2000)))
        self.server.on(PATH, lambda _: Answer(body=body))
        self.source()
        code, _, err = self.trama(*self.line(), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)))
        self.assertEqual(code, 5, err)
        self.assertEqual([name for name in self.folders() if not name.endswith(".incomplete")], [])
        self.assertEqual(self.requests(), 1)
        self.assertEqual(self.pages(self.complete()["folder"]), [body])

    def test_rows_of_all_pages_in_order(self):
        lists = [(n, n + 100) for n in range(12)]
        Supplier(self.server, "cursor", lists)
        self.source(Supplier.KINDS["cursor"])
        folder = self.complete()["folder"]
        code, _, err = self.trama(TRAMA, "run", "m.yaml", folder, "-o", "rows.csv")
        self.assertEqual(code, 0, err)
        self.assertEqual([line.split(",")[0] for line in (self.folder / "rows.csv").read_text().splitlines()[1:]], [f"B{n}" for one in lists for n in one])
        for threads in ("1", "3"):
            self.assertEqual(self.trama(TRAMA, "run", "m.yaml", folder, "-o", f"{threads}.csv", "--threads", threads)[0], 0)
            self.assertEqual((self.folder / f"{threads}.csv").read_bytes(), (self.folder / "rows.csv").read_bytes())

    def test_a_run_over_half_a_pull(self):
        Supplier(self.server, "cursor", faults={2: [Answer(403)]})
        self.source(Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4)
        left = self.left()
        shutil.copytree(self.folder / left, self.folder / "renamed")
        for folder in (left, "renamed"):
            with self.subTest(folder):
                code, _, err = self.trama(TRAMA, "run", "m.yaml", folder, "-o", "rows.csv")
                self.assertEqual((code, "PULL_INCOMPLETE" in err), (4, True), err)
                self.assertFalse((self.folder / "rows.csv").exists())

    def test_a_run_over_a_pull_that_lost_a_page(self):
        Supplier(self.server, "cursor")
        self.source(Supplier.KINDS["cursor"])
        folder = self.complete()["folder"]
        (self.folder / folder / "000002.json").unlink()
        code, _, err = self.trama(TRAMA, "run", "m.yaml", folder, "-o", "rows.csv")
        self.assertEqual(code, 4, err)
        self.assertFalse((self.folder / "rows.csv").exists())

    def test_check(self):
        for number, (text, places) in enumerate([
            ("", None), ("pagse: {next: link_header}", "'pages'"), ("pages: {nxt: link_header}", "'next'"), ("pages: {next: link_headr}", "link_header"),
            ("retry: {attemps: 3}", "'attempts'"), ("retry: {first_wait: 10}", ""), ("retry: {first_wait: 10 parsecs}", ""), ("retry: {attempts: 0}", ""), ("retry: {attempts: x}", ""),
            ("limits: {bytes_at_most: lots}", ""), ("auth: {bearer: {secret_env: A}, basic: {user: x, secret_env: B}}", ""), ("auth: {bearer: {}}", "secret_env"),
            ("auth: {basic: {secret_env: A}}", "user"), ("auth: {signed: {key_env: K, secret_env: S, how: sha265, over: x, headers: {a: b}}}", "sha256"),
            ("pages: {next: link_header, path: a}", ""), ("pages: {cursor: a}", "param"), ("pages: {offset: o, until_empty: data}", "size"),
            ("since: {path: \"data[*].at\", as: isoo}", "iso"), ("graphql: {query: none.graphql}", "none.graphql"), ("rate: {reset_is: epochs}", "epoch"),
            ("versions: {header: X-V}", "expect"), ("breaker: {failures: 0}", ""), ("version: 1", ""),
        ]):
            with self.subTest(text):
                self.source(text, retry="", file=f"{number}.yaml")
                code, out, err = self.trama(TRAMA, "check", f"{number}.yaml")
                if places is None:
                    self.assertEqual(code, 0, out + err)
                    continue
                self.assertEqual(code, 3, out + err)
                self.assertRegex(out + err, rf"{number}\.yaml:\d+:\d+: error\[[A-Z_]+\]")
                self.assertIn(places, out + err)
                self.assertEqual(self.pull(file=f"{number}.yaml")[0], 3)
        self.assertEqual((self.server.connections, self.folders()), (0, []))

    def test_check_of_request_and_name(self):
        for number, text in enumerate(["source: s\nversion: 1\n", "source: s\nversion: 1\nrequest: {}\n", 'source: s\nversion: 1\nrequest: {url: "ftp://example.com/"}\n',
                                       'source: s\nversion: 1\nrequest: {url: "no url"}\n', 'source: a/b\nversion: 1\nrequest: {url: "https://example.com/"}\n',
                                       'source: ..\nversion: 1\nrequest: {url: "https://example.com/"}\n', 'source: s\nversion: 9\nrequest: {url: "https://example.com/"}\n',
                                       'source: s\nversion: 1\nrequest: {url: "https://u:p@example.com/"}\n', 'source: s\nversion: 1\nrequest: {url: "https://example.com/", headers: {"a b": c}}\n',
                                       'source: s\nversion: 1\nrequest: {url: "https://example.com/", headers: {a: "b\\r\\nc: d"}}\n', 'source: s\nversion: 1\nrequest: {url: "http://example.com/"}\n']):
            with self.subTest(text):
                self.write("x.yaml", text)
                code, out, err = self.trama(TRAMA, "check", "x.yaml")
                self.assertEqual(code, 3, out + err)
                self.assertRegex(out + err, r"x\.yaml:\d+:\d+: error\[")
                self.assertEqual(self.pull(file="x.yaml")[0], 3)

    def test_check_of_a_folder(self):
        (self.folder / "all").mkdir()
        shutil.copy(self.folder / "m.yaml", self.folder / "all")
        self.source(file="all/s.yaml")
        self.assertEqual(self.trama(TRAMA, "check", "all")[0], 0)
        self.source("retrry: {}", file="all/s.yaml")
        code, out, err = self.trama(TRAMA, "check", "all")
        self.assertEqual(code, 3, out + err)
        self.assertIn("s.yaml:", out + err)

    def test_the_command_line(self):
        self.source()
        self.write("2.yaml", (self.folder / "s.yaml").read_text())
        for line in ([], ["s.yaml"], ["-o", "out"], ["s.yaml", "2.yaml", "-o", "out"], ["s.yaml", "-o", "out", "--format", "xml"], ["s.yaml", "-o", "out", "--seed", "x"],
                     ["s.yaml", "-o", "out", "--lang", "xx"], ["s.yaml", "-o", "out", "--frehs"], ["s.yaml", "-o", ""], ["s.yaml", "--dry-run", "--explain-schedule"]):
            with self.subTest(line):
                self.assertEqual(self.trama(TRAMA, "pull", *line)[0], 64)
        for name in ("none.yaml", ".", "m.yaml"):
            with self.subTest(name):
                self.assertIn(self.pull(file=name)[0], (3, 4))
        self.assertEqual((self.server.connections, self.folders()), (0, []))
        self.assertIn("--explain-schedule", self.trama(TRAMA, "pull", "--help")[1])

    def test_without_libcurl(self):
        (self.folder / "lib").mkdir()
        (self.folder / "lib" / "libcurl.so.4").write_bytes(b"")
        self.source()
        self.assertIn("libcurl", self.refused("HTTP_UNAVAILABLE", 4, env={"LD_LIBRARY_PATH": str(self.folder / "lib")}))
        self.assertEqual(self.server.connections, 0)

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_other_commands_open_no_socket(self):
        if subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
            self.skipTest("strace may not trace here")
        Supplier(self.server, "cursor")
        self.source(Supplier.KINDS["cursor"])
        folder = self.complete()["folder"]
        commands = [["run", "m.yaml", folder, "-o", "rows.csv"], ["run", "m.yaml", folder, "-o", "more.csv", "--state", STATE], ["check", "m.yaml"], ["check", "s.yaml"],
                    [*self.line("--dry-run")[1:]], [*self.line("--explain-schedule", format=None)[1:]]]
        for command in commands:
            with self.subTest(command):
                code, _, err = self.trama("strace", "-f", "-o", "trace", "-e", "trace=%network,openat", TRAMA, *command)
                self.assertEqual(code, 0, err)
                calls = (self.folder / "trace").read_text()
                self.assertIn("openat(", calls)
                self.assertIsNone(re.search(r"\b(socket|connect|sendto)\(", calls))
                if command[0] == "run":
                    self.assertNotIn("libcurl", calls)


class Corners(PullCase):
    """What looked like the end, or like an answer, and was not."""

    CURSOR = "pages: {cursor: meta.after, param: after}"
    SINCE = "since: {path: 'data[*].updated_at'}"

    def anew(self, *steps):
        """Another server, which gives these."""
        self.server = self.enterContext(Server())
        self.server.on(PATH, *steps)

    def answers(self, *bodies, headers=None):
        self.anew( *[Answer(body=body if isinstance(body, bytes) else json.dumps(body).encode(), headers=headers or {}) for body in bodies])

    def test_a_server_with_smaller_pages(self):
        """It gives two items whatever is asked for, so that every second pair is passed over."""
        everything = [row(n) for n in range(9)]
        self.server.on(PATH, lambda request: Answer(body=data(*everything[int(request.query["offset"]):][:2])))
        self.source("pages: {offset: offset, size: 4, until_empty: data}")
        self.assertIn("fewer than 4 items", self.refused("PAGE_SHRANK", 4))
        self.assertEqual(self.folders(), [])
        self.anew(lambda request: Answer(body=data(*everything[int(request.query["offset"]):])))
        self.source("pages: {offset: offset, size: 4, until_empty: data}")
        self.assertIn("more than 'size' (4)", self.refused("PAGE_VALUE_WRONG", 4))

    def test_an_error_that_looks_like_the_last_page(self):
        self.answers({"data": [row(1)], "meta": {"after": "a"}}, {"error": "temporarily unavailable"})
        self.source(self.CURSOR)
        self.refused("PAGE_VALUE_WRONG", 4)
        self.assertEqual(len(self.manifest(self.left())), 2)

    def test_no_record_has_a_time(self):
        self.answers({"data": [{"id": 1, "updated": "2025-01-01T00:00:00Z"}]})
        self.source(self.SINCE, request=['query: {from: "{since}"}'])
        self.refused("PAGE_VALUE_WRONG", 4, state=True)
        self.answers({"data": []})  # as where nothing is new
        self.source(self.SINCE, request=['query: {from: "{since}"}'])
        self.assertIsNone(self.complete(state=True)["watermark"])

    def test_times_as_numbers(self):
        for number, (time_, watermark) in enumerate([("1735689600", "2025-01-01T00:00:00Z"), ("1735689600.75", "2025-01-01T00:00:00Z"), ("1.7356896E9", None), ("-5", None)]):
            with self.subTest(time_):
                self.answers(b'{"data": [{"updated_at": ' + time_.encode() + b"}]}")
                self.source(self.SINCE, request=['query: {from: "{since}"}'], name=f"s{number}")
                if watermark:
                    self.assertEqual(self.complete(state=True)["watermark"], watermark)
                else:
                    self.refused("PAGE_VALUE_WRONG", 4, state=True)

    def test_fewer_pages_than_are_there(self):
        supplier = Supplier(self.server, "cursor", [(n,) for n in range(9)], {5: [Answer(404)]})
        self.source(Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4)
        self.source(Supplier.KINDS["cursor"], "limits: {pages_at_most: 3}")
        self.refused("PAGES_TOO_MANY", 4)
        self.assertEqual(supplier.asked, [0, 1, 2, 3, 4, 5])

    def test_a_server_that_knows_the_cursor_no_more(self):
        """What is gone on with once is begun anew then."""
        supplier = Supplier(self.server, "cursor", faults={2: [Answer(400), Answer(410)]})
        self.source(Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4)
        self.refused("HTTP_STATUS", 4)
        self.assertEqual(self.folders(), [])
        self.assertEqual(self.pages(self.complete()["folder"]), supplier.bodies())
        self.assertEqual(supplier.asked, [0, 1, 2, 2, 0, 1, 2])

    def test_pages_of_long_ago(self):
        for kind, hours, asked in (("cursor", 23, [0, 1, 2, 2]), ("cursor", 25, [0, 1, 2, 0, 1, 2]), ("offset", 0, [0, 1, 2, 2, 3]), ("offset", 2, [0, 1, 2, 0, 1, 2, 3])):
            with self.subTest(kind, hours=hours), Server() as self.server:
                supplier = Supplier(self.server, kind, faults={2: [Answer(404)]})
                out = f"{kind}{hours}"
                self.source(Supplier.KINDS[kind])
                self.refused("HTTP_STATUS", 4, out=out)
                manifest = self.folder / self.left(out) / "manifest.jsonl"
                text = manifest.read_text()
                began = instant(json.loads(text.splitlines()[0])["began"])
                earlier = (began - datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
                manifest.write_text(re.sub(r'"began": "[^"]*"', f'"began": "{earlier}"', text, count=1))
                self.assertEqual(self.pages(self.complete(out=out)["folder"]), supplier.bodies())
                self.assertEqual(supplier.asked, asked)

    def test_pages_that_nobody_listed(self):
        supplier = Supplier(self.server, "cursor", faults={1: [Answer(404)]})
        self.source(Supplier.KINDS["cursor"])
        self.refused("HTTP_STATUS", 4)
        for name in ("000002.json", "000003.json", "000009.json.part"):  # as after a kill
            (self.folder / self.left() / name).write_text("{}")
        supplier.lists = supplier.lists[:2]
        self.assertEqual(self.pages(self.complete()["folder"]), supplier.bodies())

    def test_a_manifest_without_line_ends(self):
        """It is not read into memory as a whole."""
        (self.folder / "big").mkdir()
        with open(self.folder / "big" / "manifest.jsonl", "wb") as manifest:
            manifest.truncate(3 << 30)
        code, _, err = self.trama(TRAMA, "run", "m.yaml", "big", "-o", "rows.csv", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)))
        self.assertEqual((code, word_of(err)), (4, "PULL_DAMAGED"))

    def test_the_end_without_the_name(self):
        Supplier(self.server, "cursor")
        self.source(Supplier.KINDS["cursor"])
        folder = self.complete()["folder"]
        os.rename(self.folder / folder, self.folder / f"{folder}.incomplete")
        code, _, err = self.trama(TRAMA, "run", "m.yaml", f"{folder}.incomplete", "-o", "rows.csv")
        self.assertEqual((code, word_of(err)), (4, "PULL_INCOMPLETE"))

    def test_has_next_page(self):
        pages = [{"data": {"nodes": [1], "pageInfo": {"endCursor": "a", "hasNextPage": True}}}, {"data": {"nodes": [], "pageInfo": {"endCursor": "a", "hasNextPage": False}}}]
        self.answers(*pages)
        self.source("graphql: {query: bookings.graphql, cursor: data.pageInfo.endCursor}")
        self.assertEqual(self.complete()["pages"], 2)

    def test_secrets_that_a_server_sends_back(self):
        bearer = "auth: {bearer: {secret_env: SECRET}}"
        cut = json.dumps({"error": "x" * 180 + " Bearer " + SECRET}).encode()
        cases = [
            ("PAGE_REPEATED", 4, [Answer(body=json.dumps({"next": f"?p=1&api_key={SECRET}"}).encode())] * 2, ["pages: {path: next}"]),
            ("GRAPHQL_ERRORS", 4, [Answer(body=json.dumps({"errors": [f"Bearer {SECRET} expired"]}).encode())], ["graphql: {query: bookings.graphql}"]),
            ("ANSWER_NOT_JSON", 4, [Answer(body=f"token {SECRET}".encode())], []),
            ("PAGE_VALUE_WRONG", 4, [Answer(body=json.dumps({"next": {"token": SECRET}}).encode())], ["pages: {path: next}"]),
            ("VERSION_DIFFERS", 4, [Answer(headers={"X-V": SECRET})], ['versions: {header: X-V, expect: "2"}']),
            ("HTTP_STATUS", 4, [Answer(403, body=cut)], []),
        ]
        for word, code, steps, sections in cases:
            with self.subTest(word):
                self.anew(*steps)
                self.source(bearer, *sections)
                err = self.refused(word, code, out=word)
                self.assertNotIn(SECRET[:6], err)

    def test_a_token_server_that_sends_back_what_it_got(self):
        self.server.on("/token", lambda request: Answer(401, body=json.dumps({"got": request.headers["authorization"]}).encode()))
        self.source(f'auth: {{oauth2_client_credentials: {{token_url: "{self.server.url("/token")}", client_id: c, secret_env: SECRET}}}}')
        self.assertIn("Basic ***", self.refused("HTTP_STATUS", 4))

    def test_tokens_that_live_for_ever(self):
        for number, expires in enumerate(['99999999999999999999999', '""', 'null', '"soon"', '-1', '3600.0']):
            with self.subTest(expires), Server() as self.server:
                self.server.on("/token", Answer(body=b'{"access_token": "abcdef", "expires_in": ' + expires.encode() + b"}"))
                supplier = Supplier(self.server, "cursor")
                self.source(f'auth: {{oauth2_client_credentials: {{token_url: "{self.server.url("/token")}", client_id: c, secret_env: SECRET}}}}', self.CURSOR)
                self.assertEqual(self.complete(out=str(number))["pages"], 3)
                self.assertEqual([request.path for request in self.server.log].count("/token"), 1)
                self.assertEqual(supplier.asked, [0, 1, 2])

    def test_long_answers_that_are_for_nothing(self):
        self.server.on(PATH, Answer(503, body=b"x" * 400_000), Answer(429, {"Retry-After": "0"}, body=b"y" * 400_000), Answer())
        self.source()
        self.assertEqual(self.complete()["retries"], 2)
        self.anew(Answer(401, body=b"z" * 400_000))
        self.source()
        self.refused("HTTP_STATUS", 4, out="other")

    def test_odd_headers(self):
        self.server.on(PATH, Answer(raw=b'HTTP/1.1 200 OK\r\nX-\xff: 1\r\nA b: 2\r\nX-Good: \xff\r\nContent-Length: 2\r\n\r\n{}'))
        self.source()
        folder = self.complete()["folder"]
        self.assertEqual(set(self.manifest(folder)[1]["headers"]), {"x-good", "content-length"})
        self.anew(lambda _: Answer(headers=[(f"x-{n}", "1") for n in range(1100)]))
        self.source()
        self.refused("SOURCE_UNREACHABLE", 75, out="many")

    def test_a_mark_of_utf_8(self):
        for number, body in enumerate([b"\xef\xbb\xbf{}", b"\xef\xbb\xbf \r\n[]"]):
            for sections in ([], ["pages: {next: link_header}"]):
                for piece in (1, 100):
                    with self.subTest(body, sections=sections, piece=piece):
                        self.anew(Answer(body=body, piece=piece, every=0.01))
                        self.source(*sections)
                        self.assertEqual(self.pages(self.complete(out=f"{number}{len(sections)}{piece}")["folder"]), [body])

    def test_no_proxy_opens_no_other_door(self):
        with Server() as proxy:
            self.source(request=[f"proxy: \"{proxy.url().rstrip('/')}\""], url="https://127.0.0.1:9/")
            self.refused("SOURCE_UNREACHABLE", 75, private=False, env={"no_proxy": "*", "NO_PROXY": "*"})
            self.assertEqual(self.server.connections, 0)
            self.assertGreater(proxy.connections, 0)

    def test_an_address_that_is_none(self):
        for url in ("https://api.example.com:99999/x", "https://[::1/x", "https://a_b/%20x y", "https://ñ.example/", "https://api.example.com:0/", "https:///x", "https://a.example:x/"):
            with self.subTest(url):
                self.source(url=url)
                self.assertEqual(self.trama(TRAMA, "check", "s.yaml")[0], 3)

    def test_a_name_like_a_folder_of_another(self):
        self.source(name="x.incomplete")
        self.assertEqual(self.trama(TRAMA, "check", "s.yaml")[0], 3)

    def test_long_cursors(self):
        for word, body in (("cursor", {"meta": {"after": "x" * 70_000}}), ("link", {"next": "?" + "x" * 70_000})):
            with self.subTest(word):
                self.answers(body)
                self.source(self.CURSOR if word == "cursor" else "pages: {path: next}")
                self.refused("PAGE_VALUE_WRONG", 4, out=word)

    def test_a_header_without_a_value(self):
        self.answers({})
        self.source(request=['headers: {X-Empty: "", X-Full: a}'])
        self.complete()
        self.assertEqual({name: self.server.log[0].headers.get(name) for name in ("x-empty", "x-full")}, {"x-empty": "", "x-full": "a"})

    def test_numbers_without_a_sign(self):
        self.source()
        for line in (["pull", "s.yaml", "-o", "out", "--seed", "-1"], ["run", "m.yaml", "s.yaml", "--limit", "-1"], ["run", "m.yaml", "s.yaml", "--threads", "-1"]):
            with self.subTest(line):
                self.assertEqual(self.trama(TRAMA, *line)[0], 64)

    def test_the_beginning_is_the_true_one(self):
        """Of pulls within a second the folders have later stamps; a watermark is never later than the beginning."""
        self.anew(lambda _: Answer(body=data(row(1, "2031-01-01T00:00:00Z"))))
        self.source(self.SINCE, request=['query: {from: "{since}"}'])
        for _ in range(4):
            lines = self.manifest(self.complete(state=True)["folder"])
            self.assertLessEqual(instant(lines[0]["began"]), instant(lines[-1]["ended"]))
            self.assertLessEqual(instant(lines[-1]["watermark"]), instant(lines[0]["began"]))
        self.assertEqual(len(self.folders()), 4)

    def test_an_only_page_that_says_nothing_of_another(self):
        for number, (section, answer, told) in enumerate([
            ("pages: {path: nexturl}", Answer(body=b'{"next_url": "?p=2"}'), True), ("pages: {path: next_url}", Answer(body=b'{"next_url": null}'), False),
            ("pages: {cursor: after, param: after}", Answer(body=b"{}"), True), ("pages: {next: link_header}", Answer(body=b"{}"), True),
            ("pages: {next: link_header}", Answer(body=b"{}", headers={"Link": '</>; rel="first"'}), False), ("", Answer(body=b"{}"), False),
        ]):
            with self.subTest(section, told=told):
                self.anew(answer)
                self.source(section)
                code, _, err = self.pull(out=str(number))
                self.assertEqual((code, "the only page" in err), (0, told), err)

    def test_a_number_that_the_server_does_not_read(self):
        for section in ("pages: {page: pagina, until_empty: data}", "pages: {offset: desde, size: 1, until_empty: data}"):
            with self.subTest(section):
                self.anew(lambda _: Answer(body=data(row(1))))
                self.source(section)
                self.refused("PAGE_REPEATED", 4, out=section[8:12])
                self.assertEqual(self.requests(), 2)

    def test_a_breaker_is_closed_by_the_source_alone(self):
        """A token that comes is no sign that the source works again."""
        tokens = Tokens()
        self.server.on("/token", tokens.issue)
        self.server.on(PATH, lambda _: Answer(503))
        self.source(f'auth: {{oauth2_client_credentials: {{token_url: "{self.server.url("/token")}", client_id: c, secret_env: SECRET}}}}', "breaker: {failures: 2, within: 1m, open_for: 1s}")
        self.refused("HTTP_STATUS", 75, state=True)
        self.refused("BREAKER_OPEN", 75, state=True)
        time.sleep(1.1)
        self.refused("HTTP_STATUS", 75, state=True)  # one attempt
        self.refused("BREAKER_OPEN", 75, state=True)
        self.assertEqual([request.path for request in self.server.log if request.path == PATH], [PATH] * 3)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(0 if run_classes(PullCase, __file__, TRAMA) else 1)
    unittest.main()
