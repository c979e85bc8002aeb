#!/usr/bin/env python3
"""`trama lsp`, spoken to as an editor does: the protocol, hostile frames, and that what it says is what `trama check` and `trama fmt`
say; completion, hover, definition, rename; random edits.

    tests/lsp_test.py build/dev/trama
    LSP_EDITS=2000 LSP_SEED=7 tests/lsp_test.py build/dev/trama     more edits
"""

import json
import os
import pathlib
import random
import re
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from schema_test import RIGHT, WRONG  # noqa: E402

TRAMA = os.environ.get("TRAMA", "build/dev/trama")
EDITS = int(os.environ.get("LSP_EDITS", "150"))
SEED = os.environ.get("LSP_SEED", "1")
PATIENCE = 60  # seconds until an answer is called late


def frame(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def frames(data):
    """The messages in what a server wrote: nothing else may be there."""
    found = []
    while data:
        head = re.match(rb"Content-Length: (\d+)\r\n\r\n", data)
        assert head, f"no frame: {data[:200]!r}"
        body = data[head.end():head.end() + int(head[1])]
        assert len(body) == int(head[1]), "a frame that ends early"
        found.append(json.loads(body))
        data = data[head.end() + len(body):]
    return found


def uri_of(path):
    return "file://" + urllib.parse.quote(str(path))


class Client:
    """One session, UTF-16 unless `encodings` says otherwise."""

    def __init__(self, locale="en", encodings=None, capabilities=None, arguments=()):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen([TRAMA, *arguments, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment)
        self.data, self.notices, self.number, self.all = b"", [], 0, b""
        said = {"general": {"positionEncodings": encodings} if encodings else {},
                "textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}, **(capabilities or {})}
        self.started = self.request("initialize", {"processId": None, "rootUri": None, "locale": locale, "capabilities": said})
        self.encoding = self.started["capabilities"]["positionEncoding"]
        self.notify("initialized", {})

    def send(self, *messages):
        self.process.stdin.write(b"".join(frame(one) for one in messages))
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def read(self):
        until = time.monotonic() + PATIENCE
        while True:
            head = re.match(rb"Content-Length: (\d+)\r\n\r\n", self.data)
            if head and len(self.data) >= head.end() + int(head[1]):
                body = self.data[head.end():head.end() + int(head[1])]
                self.data = self.data[head.end() + len(body):]
                return json.loads(body)
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))
            assert ready, "no answer"
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            assert more, f"the server ended: {self.process.wait()} {self.process.stderr.read()}"
            self.data += more
            self.all += more

    def answer(self, number):
        while True:
            message = self.read()
            if message.get("id") == number and "method" not in message:
                return message
            self.notices.append(message)

    def request(self, method, params):
        """The result; an error is a dict with `code` and `message`."""
        self.number += 1
        self.send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        message = self.answer(self.number)
        assert ("result" in message) != ("error" in message), message
        return message.get("result", message.get("error"))

    def open(self, path, text=None, version=1):
        text = path.read_text(encoding="utf-8") if text is None else text
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri_of(path), "languageId": "yaml", "version": version, "text": text}})

    def change(self, path, version, *changes):
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri_of(path), "version": version},
                                               "contentChanges": [{"text": one} if isinstance(one, str) else one for one in changes]})

    def diagnostics(self, path, version=None):
        """Those that are published next for the file, of that version where it is open."""
        while True:
            for at, one in enumerate(self.notices):
                if one["method"] == "textDocument/publishDiagnostics" and one["params"]["uri"] == uri_of(path) \
                        and one["params"].get("version") == version:
                    del self.notices[at]
                    return one["params"]["diagnostics"]
            self.notices.append(self.read())

    def becomes(self, path, wanted):
        """Those of a file that is not open come without a version: what was published before goes by."""
        told = self.diagnostics(path)
        while told != wanted:
            told = self.diagnostics(path)

    def at(self, method, path, text, offset, **more):
        return self.request(f"textDocument/{method}", {"textDocument": {"uri": uri_of(path)},
                                                       "position": place(text, offset, self.encoding), **more})

    def end(self):
        assert self.request("shutdown", None) is None
        self.notify("exit", None)
        out, err = self.process.communicate(timeout=PATIENCE)
        assert err == b"", err
        return self.process.returncode

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def units(text, encoding):
    return len(text.encode("utf-8")) if encoding == "utf-8" else len(text.encode("utf-16-le")) // 2


def place(text, offset, encoding="utf-16"):
    lines = re.split(r"\r\n|\n|\r", text[:offset])
    return {"line": len(lines) - 1, "character": units(lines[-1], encoding)}


def offset_of(text, at, encoding="utf-16"):
    starts = [0] + [m.end() for m in re.finditer(r"\r\n|\n|\r", text)]
    offset, left = starts[at["line"]], at["character"]
    while left > 0:
        left -= units(text[offset], encoding)
        offset += 1
    assert left == 0, "in the middle of a character"
    return offset


def applied(text, edits, encoding="utf-16"):
    for edit in sorted(edits, key=lambda one: (one["range"]["start"]["line"], one["range"]["start"]["character"]), reverse=True):
        start, end = (offset_of(text, edit["range"][side], encoding) for side in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


def checked(path, language="en"):
    """What `trama check` says: by file, as diagnostics in UTF-16."""
    told = subprocess.run([TRAMA, "check", "--lang", language, "--format", "json", str(path)], capture_output=True, text=True, check=False)
    found = {}
    for one in json.loads(told.stdout):
        text = pathlib.Path(one["file"]).read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n") if os.path.exists(one["file"]) else ""
        lines = text.split("\n")
        line = lines[one["line"] - 1] if one["line"] <= len(lines) else ""
        start = units(line[:one["column"] - 1], "utf-16")
        end = start + units(line[one["column"] - 1:one["column"] - 1 + one["length"]], "utf-16")
        found.setdefault(one["file"], []).append(
            {"range": {"start": {"line": one["line"] - 1, "character": start}, "end": {"line": one["line"] - 1, "character": end}},
             "severity": 1 if one["severity"] == "error" else 2, "code": one["code"], "source": "trama",
             "message": one["message"] + ("\n" + one["help"] if one["help"] else "")})
    return found


def marked(text):
    """A text without its `|`, and where it was."""
    at = text.index("|")
    return text[:at] + text[at + 1:], at


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama lsp ñ#"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = self.folder / "m.yaml"

    def client(self, *words, **more):
        client = Client(*words, **more)
        self.addCleanup(client.kill)
        return client


class Protocol(Case):
    def test_a_session(self):
        client = self.client()
        self.assertEqual(client.started["capabilities"]["textDocumentSync"], {"openClose": True, "change": 2, "save": True})
        self.assertEqual(client.started["serverInfo"]["name"], "trama")
        self.assertEqual(client.encoding, "utf-16")
        self.assertEqual(self.client(encodings=["utf-32", "utf-8"]).encoding, "utf-8")
        self.assertEqual(self.client(encodings=["utf-32"]).encoding, "utf-16")
        self.assertEqual(client.end(), 0)

    def test_what_is_not_known(self):
        client = self.client()
        self.assertEqual(client.request("textDocument/foo", {})["code"], -32601)
        self.assertEqual(client.request("$/foo", {})["code"], -32601)
        self.assertEqual(client.request("textDocument/hover", {})["code"], -32602)
        self.assertEqual(client.request("textDocument/hover", {"textDocument": {"uri": "file:///x"}}), None)  # it is not open
        self.assertEqual(client.request("initialize", {})["code"], -32600)
        client.notify("$/foo", {})
        client.notify("textDocument/didChange", {"textDocument": {"uri": "file:///x", "version": 1}, "contentChanges": [{"text": ""}]})
        client.notify("textDocument/didOpen", {})
        client.notify("textDocument/didOpen", {"textDocument": {"uri": "untitled:1", "languageId": "yaml", "version": 1, "text": "mapping: x"}})
        client.send({"jsonrpc": "2.0", "id": 7, "result": None})  # an answer to nothing
        client.send({"jsonrpc": "2.0", "id": "a\"b", "method": "foo"})
        self.assertEqual(client.answer("a\"b")["error"]["code"], -32601)
        self.assertIsNone(client.request("shutdown", None))
        self.assertEqual(client.request("textDocument/hover", {})["code"], -32600)
        client.notify("exit", None)
        self.assertEqual(client.process.wait(PATIENCE), 0)

    def test_exit_codes(self):
        def after(*messages):
            done = subprocess.run([TRAMA, "lsp"], input=b"".join(frame(one) for one in messages), capture_output=True, timeout=PATIENCE, check=False)
            self.assertEqual(done.stderr, b"")
            return done.returncode, frames(done.stdout)
        begin = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
        stop, leave = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}, {"jsonrpc": "2.0", "method": "exit"}
        self.assertEqual(after()[0], 1)
        self.assertEqual(after(leave)[0], 1)
        self.assertEqual(after(begin, leave)[0], 1)
        self.assertEqual(after(begin, stop, leave)[0], 0)
        self.assertEqual(after(begin, stop)[0], 0)
        self.assertEqual(after(stop)[1][0]["error"]["code"], -32002)

    def test_cancelled(self):
        client = self.client()
        self.path.write_text("mapping: m\nversion: 1\ncolumns:\n  A: a\n")
        client.open(self.path)
        where = {"textDocument": {"uri": uri_of(self.path)}, "position": {"line": 0, "character": 0}}
        client.send({"jsonrpc": "2.0", "id": 100, "method": "textDocument/hover", "params": where},
                    {"jsonrpc": "2.0", "id": "b", "method": "textDocument/hover", "params": where},
                    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": "b"}},
                    {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 555}},
                    {"jsonrpc": "2.0", "id": "b2", "method": "textDocument/hover", "params": where})
        self.assertIn("result", client.answer(100))
        self.assertEqual(client.answer("b")["error"]["code"], -32800)
        self.assertIn("result", client.answer("b2"))
        self.assertEqual(client.end(), 0)

    def test_versions_that_wait_are_passed_over(self):
        client = self.client()
        rows = "".join(f"  C{n}: c{n}\n" for n in range(2000))
        client.open(self.path, "mapping: m\nversion: 1\ncolumns:\n" + rows)
        client.diagnostics(self.path, 1)
        changes = [{"jsonrpc": "2.0", "method": "textDocument/didChange",
                    "params": {"textDocument": {"uri": uri_of(self.path), "version": version},
                               "contentChanges": [{"range": {"start": {"line": 3, "character": 2}, "end": {"line": 3, "character": 2}}, "text": "x"}]}}
                   for version in range(2, 302)]
        client.send(*changes)
        client.diagnostics(self.path, 301)
        published = [one for one in client.notices if one["method"] == "textDocument/publishDiagnostics"]
        self.assertLess(len(published), 100)
        self.assertEqual(client.end(), 0)


class Hostile(Case):
    BEGIN = frame({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
    END = frame({"jsonrpc": "2.0", "id": 99, "method": "shutdown"}) + frame({"jsonrpc": "2.0", "method": "exit"})

    def after(self, *parts):
        """Exit code and messages; within an address space that no hostile frame may leave."""
        limit = None if os.environ.get("TRAMA_SANITIZED") else \
            (lambda: resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20)))
        done = subprocess.run([TRAMA, "lsp"], input=b"".join(parts), capture_output=True, timeout=PATIENCE, check=False, preexec_fn=limit)
        self.assertEqual(done.stderr, b"")
        return done.returncode, frames(done.stdout)

    def test_frames(self):
        for data in (b"\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"Content-Length: -5\r\n\r\n", b"Content-Length: x\r\n\r\n",
                     b"Content-Length: 99999999999999999999999\r\n\r\n", b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", b"\x00\xff\xfe" * 30,
                     b"Content-Length: 0x10\r\n\r\n", b"x" * 100000, b"Content-Type: y\r\n\r\n{}", b"Content-Length: 10\r\n\r\n{}", b"Content-Len"):
            with self.subTest(data=data[:60]):
                code, told = self.after(self.BEGIN, data)
                self.assertEqual((code, len(told)), (1, 2), told)
                self.assertEqual(told[1]["error"]["code"], -32700)
                self.assertIsNone(told[1]["id"])

    def test_a_gigabyte_that_is_announced(self):
        code, told = self.after(self.BEGIN, b"Content-Length: 1000000000\r\n\r\n{")
        self.assertEqual((code, told[1]["error"]["code"]), (1, -32700))

    def test_a_message_that_is_too_long_is_passed_over(self):
        code, told = self.after(self.BEGIN, b"Content-Length: 200000000\r\n\r\n", b" " * 200000000, self.END)
        self.assertEqual(code, 0)
        self.assertEqual([one["id"] for one in told], [1, None, 99])
        self.assertEqual(told[1]["error"]["code"], -32700)

    def test_bodies(self):
        for body, code in ((b"", -32700), (b"{", -32700), (b"\xff\xfe", -32700), (b"{\"a\": \"\\ud800\"}", -32700), (b"[]", -32600), (b"5", -32600),
                           (b"[" * 1000000, -32600), (b"{\"a\":" * 100000 + b"1" + b"}" * 100000, -32600), (b"{\"params\": " + b"[" * 500 + b"]" * 500 + b"}", -32600),
                           (b"{}", -32600), (b'{"jsonrpc": "2.0", "method": 5, "id": 1}', -32600), (b'{"id": {}, "method": "x"}', -32600),
                           (b'{"id": 1, "id": 2, "method": "x"}', -32600), (b'[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]', -32600)):
            with self.subTest(body=body[:60]):
                done, told = self.after(self.BEGIN, frame(body), self.END)
                self.assertEqual(done, 0)
                self.assertEqual([one["id"] for one in told], [1, None, 99])
                self.assertIn(told[1]["error"]["code"], (code, -32700))

    def test_forms_of_headers(self):
        body = b'{"jsonrpc": "2.0", "id": 5, "method": "x"}'
        for head in (b"content-length: %d\r\n\r\n", b"Content-Length:%d\n\n", b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length:   %d \r\n\r\n"):
            _, told = self.after(self.BEGIN, head % len(body), body, self.END)
            self.assertEqual([one["id"] for one in told], [1, 5, 99])

    def test_documents(self):
        """Texts that no one types, and edits at places that are not there."""
        path = uri_of(self.path)
        big, deep = "columns:\n" + "a:\n" * 2000000, "columns: " + "{a: " * 100000
        wild = ["", "\n" * 1000, "\ufeff", "\u0000", "columns:\n  A: {", "- " * 50000, "a: \"" * 5000, "columns:\n" + " " * 100000 + "x", big, deep,
                "columns:\n  A: [[[[{{{{", "columns: &a [*a, *a]", "%YAML 9\n---\n...\n", "\r\r\r\n\r", "mapping: 'é\U0001F600"]
        edits = [{"range": {"start": {"line": a, "character": b}, "end": {"line": c, "character": d}}, "text": t}
                 for a, b, c, d, t in ((0, 0, 9, 9, "x"), (2147483647, 1, 0, 0, "\n"), (5, 5, 0, 0, ""), (0, 1, 0, 2, "\U0001F600"), (99999999999, 0, 0, 99999999999, "y"))]
        asked = 0
        messages = [self.BEGIN]
        for number, text in enumerate(wild):
            messages.append(frame({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {
                "uri": path, "languageId": "trama", "version": number, "text": text}}}))
            for edit in [None, *edits, {"range": {"start": {"line": -1, "character": 0}, "end": 5}, "text": "z"}, {"text": 5}]:
                if edit:
                    messages.append(frame({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
                        "textDocument": {"uri": path, "version": number}, "contentChanges": [edit, None, 5]}}))
                if len(text) > 100000 and edit not in (None, edits[0]):
                    continue
                for method in ("completion", "hover", "definition", "documentSymbol", "prepareRename", "rename", "formatting"):
                    for line, character in ((0, 0), (1, 3), (4, 2)):
                        asked += 1
                        messages.append(frame({"jsonrpc": "2.0", "id": 1000 + asked, "method": f"textDocument/{method}", "params": {
                            "textDocument": {"uri": path}, "position": {"line": line, "character": character}, "newName": "N"}}))
        code, told = self.after(*messages, self.END)
        self.assertEqual(code, 0)
        self.assertEqual(sum(1 for one in told if one.get("id", 0) >= 1000), asked)


class Diagnostics(Case):
    def test_single_mistakes(self):
        """The mistakes of tests/schema_test.py, one each: what `check` flags, the server does, in both languages; and nothing of what is right."""
        (self.folder / "r.csv").write_text("d,f,t,r\n2025-01-01,EUR,USD,1\n")
        texts = ["mapping: m\n" + ("" if "version:" in one else "version: 1\n") + one + "\n" for one in [text for text, *_ in WRONG] + list(RIGHT)]
        self.assertGreaterEqual(len(WRONG), 40)
        for locale in ("en", "es-CO"):
            client = self.client(locale=locale)
            for number, text in enumerate(texts):
                path = self.folder / f"m{number}.yaml"
                path.write_text(text, encoding="utf-8")
                client.open(path)
                wanted = checked(path, locale[:2]).get(str(path), [])
                self.assertEqual(client.diagnostics(path, 1), wanted, text)
                self.assertEqual(any(one["severity"] == 1 for one in wanted), number < len(WRONG), text)
            self.assertEqual(client.end(), 0)

    def test_documents_and_shipped_mappings(self):
        client = self.client(locale="es")
        for path in sorted((ROOT / "mappings").glob("*.yaml")):
            client.open(path)
            self.assertEqual(client.diagnostics(path, 1), checked(path, "es").get(str(path), []))
        number = 0
        for document in (ROOT / "tests/golden/diagnostics.md", ROOT / "mappings/errors.md"):
            for body in re.findall(r"```ya?ml[^\n]*\n(.*?)\n```", document.read_text(encoding="utf-8"), re.S):
                if not re.search(r"^(mapping|columns|extends):", body, re.M):
                    continue
                number += 1
                path = self.folder / f"d{number}.yaml"
                path.write_text(body + "\n", encoding="utf-8")
                client.open(path)
                self.assertEqual(client.diagnostics(path, 1), checked(path, "es").get(str(path), []), body)
        self.assertGreater(number, 60)
        self.assertEqual(client.end(), 0)

    def test_marks_and_wide_characters(self):
        client, utf8 = self.client(), self.client(encodings=["utf-8"])
        for text in ("\ufeffmapping: m\r\nversion: 1\r\ncolumns:\r\n  \"é😀\": {from: a, tipe: text, foo: 1}\r\n", "mapping: m\nversion: 1\ncolumns: {\"😀😀\": {from: a, requird: yes}}"):
            self.path.write_bytes(text.encode("utf-8"))
            client.open(self.path, text)
            wanted = checked(self.path)[str(self.path)]
            self.assertEqual(client.diagnostics(self.path, 1), wanted)
            utf8.open(self.path, text)
            for one, other in zip(utf8.diagnostics(self.path, 1), wanted):
                self.assertEqual(offset_of(text, one["range"]["start"], "utf-8"), offset_of(text, other["range"]["start"]))
                self.assertEqual(offset_of(text, one["range"]["end"], "utf-8"), offset_of(text, other["range"]["end"]))

    def test_other_files(self):
        """Problems of a base, a table and tests are told at their files, and taken back."""
        base, table, tests = self.folder / "base.yaml", self.folder / "t.csv", self.folder / "m.test.yaml"
        base.write_text("mapping: b\nversion: 1\ntables: {t: {file: t.csv, key: k, value: v}}\ncolumns:\n  A: {from: a, lookup: t}\n  B: {from: b, tipe: x}\n")
        table.write_text("k,v\nx,1\nx,2\n")
        tests.write_text("tests:\n  - {nam: t, given: {a: x}, expect_rows: {A: 1}}\n")
        self.path.write_text("mapping: m\nversion: 1\nextends: base.yaml\n")
        client = self.client()
        client.open(self.path)
        wanted = checked(self.path)
        self.assertEqual(set(wanted), {str(base), str(table), str(tests)})
        self.assertEqual(client.diagnostics(self.path, 1), [])
        for file in (base, table, tests):
            self.assertEqual(client.diagnostics(file), wanted[str(file)])
        # the base is mended in the editor, and not saved
        right = base.read_text().replace("tipe: x", "type: text")
        client.open(base, right)
        self.assertEqual([one["code"] for one in client.diagnostics(base, 1)], [])
        client.change(base, 2, right.replace("from: a", "fro: a"))
        self.assertIn("KEY_UNKNOWN", {one["code"] for one in client.diagnostics(base, 2)})
        client.change(base, 3, right)
        self.assertEqual(client.diagnostics(base, 3), [])
        # the table is mended on the disk
        table.write_text("k,v\nx,1\ny,2\n")
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(table), "type": 2}]})
        client.becomes(table, [])
        # the tests are opened as what they are
        client.open(tests)
        self.assertEqual(client.diagnostics(tests, 1), wanted[str(tests)])
        client.change(tests, 2, tests.read_text().replace("nam:", "name:"))
        self.assertEqual(client.diagnostics(tests, 2), [])
        # closed without saving, the base is as it was; and with the last file all is taken back
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(base)}})
        client.becomes(base, wanted[str(base)])
        for path in (tests, self.path):
            client.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(path)}})
        client.becomes(base, [])
        self.assertEqual(client.end(), 0)

    def test_files_that_are_no_mappings(self):
        client = self.client()
        client.open(self.folder / "docker-compose.yml", "version: '3'\nservices: {a: {image: b}}\n")
        client.open(self.path, "mapping: m\n")
        self.assertNotEqual(client.diagnostics(self.path, 1), [])
        self.assertEqual([one["params"]["uri"] for one in client.notices if "uri" in one["params"]], [])
        client.change(self.path, 2, "version: 1\n")  # it is one, whatever is missing now
        self.assertIn("KEY_MISSING", {one["code"] for one in client.diagnostics(self.path, 2)})

    def test_random_edits(self):
        """Edits of parts, one after the other: the same as the whole text in a file."""
        rng = random.Random(SEED)
        pieces = ["\n", "\r\n", " ", "  ", ": ", "x", "é", "😀", "{", "}", "\"", "'", "- ", "#", "type: date", "\ntests:\n", "\t", ",", "a: b\n", "\ufeff"]
        shipped = sorted((ROOT / "mappings").glob("*.yaml"))
        for encodings in (None, ["utf-8"]):
            client = self.client(encodings=encodings)
            source = rng.choice(shipped)
            shutil.copytree(ROOT / "mappings" / "tablas", self.folder / "tablas", dirs_exist_ok=True)
            text = source.read_text(encoding="utf-8")
            client.open(self.path, text)
            client.diagnostics(self.path, 1)
            version = 1
            for _ in range(EDITS):
                changes = []
                for _ in range(rng.choice((1, 1, 1, 3))):
                    start = rng.randint(0, len(text))
                    if text[start - 1:start + 1] == "\r\n":
                        start -= 1
                    end = min(len(text), start + rng.choice((0, 0, 0, 1, 2, 30)))
                    if text[end - 1:end + 1] == "\r\n":
                        end += 1
                    new = "".join(rng.choice(pieces) for _ in range(rng.randint(0, 3)))
                    changes.append({"range": {"start": place(text, start, client.encoding), "end": place(text, end, client.encoding)}, "text": new})
                    text = text[:start] + new + text[end:]
                version += 1
                if rng.random() < 0.05:
                    text = source.read_text(encoding="utf-8")
                    changes = [text]
                client.change(self.path, version, *changes)
                told = client.diagnostics(self.path, version)
                if version % 10 and version < EDITS:
                    continue
                self.path.write_bytes(text.encode("utf-8"))
                wanted = checked(self.path).get(str(self.path), [])
                self.assertEqual([(one["code"], one["message"]) for one in told], [(one["code"], one["message"]) for one in wanted], text)
                if not encodings and "\r" not in text.replace("\r\n", "") and "\ufeff" not in text:
                    self.assertEqual(told, wanted, text)
            self.assertEqual(client.end(), 0)


MAPPING = """mapping: hotel
version: 1
input: {format: ndjson, id: id}
tables:
  rooms: {DBL: Doble, SGL: Single}
  eur: {kind: rates, file: r.csv, date: d, from: f, to: t, rate: r}
rows: {one_per: pax, called: p}
columns:
  Id: {from: id, required: yes, about: "The number of the booking"}
  Room: {from: room, lookup: rooms}
  Arrival: {from: stay.check_in, type: date, read: DD/MM/YYYY}
  Nights: {from: nights, type: integer}
  Twice: {compute: Nights * 2, type: decimal}
  Mail: {from: guest.email, personal: yes}
  Name: p.name
rules:
  - {name: long, check: Nights < 30 and Twice > 0}
limits: {blank_at_most: {Room: 5%}}
tests:
  - name: one
    given: {id: "1", room: DBL, stay: {check_in: 04/03/2025}, nights: 2, guest: {email: a@b.co}, pax: [{name: x}]}
    expect_rows: {Room: Doble, Nights: 2}
"""
TESTS = """tests:
  - name: two
    given: {id: "1", room: DBL, nights: x, pax: [{name: x}]}
    expect_rejected: {column: Nights, code: NUMBER_UNREADABLE}
  - {name: three, given: {id: "1", room: DBL, nights: 3, pax: [{name: x}]}, expect_rows: [{"Nights": 3}]}
"""


class Features(Case):
    def setUp(self):
        super().setUp()
        self.path.write_text(MAPPING, encoding="utf-8")
        self.tests = self.folder / "m.test.yaml"
        self.tests.write_text(TESTS, encoding="utf-8")
        (self.folder / "r.csv").write_text("d,f,t,r\n2025-01-01,EUR,USD,1\n")
        (self.folder / "base.yaml").write_text("mapping: b\nversion: 1\ncolumns:\n  Base: b\n")
        records = [{"id": str(n), "room": ("DBL", "SGL", "TPL")[n % 3], "stay": {"check_in": f"{1 + n % 28:02}/03/2025"}, "nights": n % 9 + 1,
                    "guest": {"email": f"secret{n}@example.com", "tier": ("gold", "basic")[n % 2]}, "pax": [{"name": "x", "type": "ADT"}], "codes": ["A", "B"]} for n in range(60)]
        dump = self.folder / "dump.ndjson"
        dump.write_text("".join(json.dumps(one) + "\n" for one in records))
        subprocess.run([TRAMA, "profile", dump, "--record", self.path], check=True, capture_output=True)

    def completed(self, text, client=None, path=None):
        """{label: the text with it} at the `|`."""
        """As it would be typed: the mapping was right before."""
        client, path = client or self.client(), path or self.path
        text, at = marked(text)
        if not hasattr(client, "typed"):
            client.typed = 1
            client.open(self.path, MAPPING)
            client.diagnostics(self.path, 1)
            client.open(self.tests)
        client.typed += 1
        client.change(path, client.typed, text)
        answer = client.at("completion", path, text, at)
        self.assertFalse(answer["isIncomplete"])
        return {one["label"]: applied(text, [one["textEdit"]], client.encoding) for one in answer["items"]}

    def test_completion(self):
        client = self.client()
        head = "mapping: m\nversion: 1\n"
        table = (
            # what is typed, what is offered, what is not
            ("|", ["mapping", "columns", "extends"], ["from", "type"]),
            (head + "col|", ["columns", "rules"], ["mapping", "version", "from"]),
            (head + "input: {|}", ["records", "id"], ["columns"]),
            (head + "input: {format: |}", ["auto", "ndjson", "json"], ["yes"]),
            (head + "input:\n  |\ncolumns: {A: a}", ["records", "format"], ["columns"]),
            (head + "columns:\n  A: {from: id, |}", ["type", "required", "lookup", "pad", "text"], ["from", "value", "by"]),
            (head + "columns:\n  A: {from: id, ty|}", ["type"], ["from"]),
            (head + "columns:\n  A:\n    from: id\n    ty|\n    required: yes\n  B: b\n", ["type"], ["from", "required"]),
            (head + "columns:\n  A:\n    |\n  B: b\n", ["from", "type", "value", "compute"], ["mapping"]),
            (head + "columns:\n  A:\n    ty|\n", ["type", "from"], ["mapping"]),
            (head + "columns:\n  A: {from: id, type: |", ["date", "decimal", "text", "money"], ["trim"]),
            (head + "columns:\n  A: {from: id, type:|}", ["date"], []),
            (head + "columns:\n  A: {from: id, type: date, |}", ["read", "write"], ["decimals", "rounding"]),
            (head + "columns:\n  A: {from: id, text: [tr|]}", ["trim", "upper-case"], ["date"]),
            (head + "columns:\n  A: {from: id, text: [trim, |]}", ["trim", "upper-case"], ["date"]),
            (head + "columns:\n  A:\n    text:\n      - |\n    from: id\n", ["trim"], ["date"]),
            (head + "columns:\n  A: {from: id, required: |}", ["yes", "no"], []),
            (head + "columns:\n  A: |", ["stay.check_in", "guest.tier", "room"], ["p.name", "yes"]),
            (head + "columns:\n  A: st|\n", ["stay.check_in"], []),
            (head + "columns:\n  A: {from: [id, |]}", ["stay.check_in"], []),
            (head + "rows: {one_per: |}", ["pax", "codes"], []),
            (head + "rows: {one_per: pax, called: p}\ncolumns:\n  A: p|", ["p.name", "p.type", "id", "pax[*].name"], []),
            (head + "columns:\n  A: {each: pax, columns: {B: |}}", ["item.name", "id"], ["p.name"]),
            (head + "columns:\n  A: {from: {list: pax, where: |}}", ["name", "type"], ["id"]),
            (head + "columns:\n  A: {from: {list: pax, where: {|}}}", ["name", "type"], ["id"]),
            (head + "columns:\n  A: {from: {list: pax, |}}", ["where", "is", "take"], ["from", "list"]),
            (head + "columns:\n  A: {from: room, lookup: {|}}", ["DBL", "SGL", "TPL"], []),
            (head + "columns:\n  A: {from: guest.email, lookup: {|}}", [], ["secret1@example.com"]),
            (head + "columns:\n  A: {from: stay.check_in, type: date, read: |}", ["DD/MM/YYYY", "ISO-8601"], []),
            (head + "tables: {t: {a: b}, r: {kind: rates}}\ncolumns:\n  A: {from: id, lookup: |}", ["t"], ["r"]),
            (head + "tables: {t: {a: b}, r: {kind: rates}}\ncolumns:\n  A: {from: id, rates: |}", ["r"], ["t"]),
            (head + "tables: {t: {file: |}}", ["r.csv", "base.yaml"], ["m.test.yaml", "dump.ndjson", "m.profile.json"]),
            (head + "extends: |", ["base.yaml"], ["m.yaml", "r.csv"]),
            (head + "extends: base.yaml\ncolumns:\n  |", ["Base"], []),
            (head + "columns:\n  A: a\n  B: {compute: A + |}", ["A", "source.nights", "days between"], ["B"]),
            (head + "columns:\n  A: a\nrules:\n  - name: r\n    check: A|\n", ["A"], []),
            (head + "columns:\n  A: a\nrules:\n  - |", ["name", "check"], ["columns"]),
            (head + "columns:\n  A: a\nrules:\n  - name: r\n    |", ["check", "level"], ["name"]),
            (head + "columns:\n  A: a\n  M: {from: m, type: money, currency: EUR}\n  C: {currency_of: |}", ["A", "M"], ["C2"]),
            (head + "columns:\n  A: a\nlimits: {blank_at_most: {|}}", ["A"], []),
            (head + "columns:\n  A: a\noutput: {format: |}", ["csv", "ndjson"], []),
            (head + "columns:\n  A: a\noutput: {audit_columns: [file, |]}", ["line", "run"], []),
            (head + "columns:\n  A: a\ntests:\n  - expect_rejected: {code: |}", ["NUMBER_UNREADABLE", "LOOKUP_UNKNOWN"], []),
            (head + "columns:\n  A: a\ntests:\n  - expect_rows: {|}", ["A"], []),
            (head + "defaults: {|}", ["date", "money"], ["read"]),
            (head + "defaults: {date: {|}}", ["read", "write"], ["from", "decimals"]),
            (head + "columns:\n  A: {from: id, when_wrong: {|}}", ["write"], []),
            (head + "columns:\n  A: {from: id, pad: {|}}", ["to", "with"], ["from"]),
            (head + "# ty|", [], ["type"]),
            (head + "columns:\n  A: {from: id} # |", [], ["type"]),
            (head + "columns:\n  A: {from: \"id|\"}", ["id"], []),
        )
        for text, offered, not_offered in table:
            with self.subTest(text=text):
                found = self.completed(text, client)
                self.assertEqual([one for one in offered if one not in found], [])
                self.assertEqual([one for one in not_offered if one in found], [])
        self.assertEqual(client.end(), 0)

    def test_completed_texts(self):
        client, head = self.client(), "mapping: m\nversion: 1\ncolumns:\n"
        for text, label, wanted in (("  A: {from: id, ty|}", "type", "  A: {from: id, type: }"), ("  A: {from: id, ty|: x}", "type", "  A: {from: id, type: x}"),
                                    ("  A: {from: id, type:|}", "date", "  A: {from: id, type: date}"), ("  A: {from: stay.ch|eck, type: x}", "stay.check_in", "  A: {from: stay.check_in, type: x}"),
                                    ("  A: {from: pa|}", "pax[*].name", "  A: {from: \"pax[*].name\"}"), ("  A: {compute: Ni| * 2, type: x}\n  Nights: n", "Nights", "  A: {compute: Nights * 2, type: x}\n  Nights: n"),
                                    ("  A: {compute: |}\n  A b: n", "A b", "  A: {compute: column 'A b'}\n  A b: n"), ("  A: {from: \"i|\"}", "id", "  A: {from: id}")):
            self.assertEqual(self.completed(head + text, client)[label], head + wanted)

    def test_completion_in_tests(self):
        client = self.client()
        self.assertEqual(list(self.completed("|", client, self.tests)), ["tests"])
        self.assertIn("Nights", self.completed("tests:\n  - expect_rejected: {column: |}", client, self.tests))
        self.assertIn("Arrival", self.completed("tests:\n  - expect_rows: {|}", client, self.tests))
        self.assertIn("long", self.completed("tests:\n  - expect_rejected: {rule: |}", client, self.tests))

    def test_every_word_is_offered(self):
        """What the schema allows in a section, completion offers there."""
        schema = json.loads((ROOT / "schemas/mapping.schema.json").read_text(encoding="utf-8"))
        client, head = self.client(), "mapping: m\nversion: 1\n"
        for section, text in (("input", "input: {|}"), ("rows", "rows: {|}"), ("only", "only: {|}"), ("duplicates", "duplicates: {|}"), ("identity", "identity: {|}"),
                              ("keep", "duplicates: {keep: {|}}"), ("limits", "limits: {|}"), ("output", "output: {|}"), ("rule", "rules: [{|}]"), ("test", "tests: [{|}]"),
                              ("table", "tables: {t: {|}}"), ("row_items", "rows: {one_per: {|}}"), ("choice", "columns: {A: {choose: [{|}]}}"), ("column", "columns: {A: {|}}"),
                              ("expected_rejection", "tests: [{expect_rejected: {|}}]"), ("zone_from", "columns: {A: {zone: {|}}}"), ("currency_from", "columns: {A: {currency: {|}}}"),
                              ("newer_by", "identity: {newer_by: {|}}"), ("unknown", "columns: {A: {unknown: {|}}}"), ("choice_value", "columns: {A: {when_blank: {|}}}"),
                              ("expect_count_from", "input: {expect_count: {|}}"), ("item_of_list", "columns: {A: {from: {|}}}")):
            found = self.completed(head + text, client)
            self.assertEqual(set(found), set(schema["definitions"][section]["properties"]), section)

    def hovered(self, client, text, word, path=None, nth=0):
        at = [m.start() for m in re.finditer(re.escape(word), text)][nth]
        answer = client.at("hover", path or self.path, text, at + 1)
        return answer and answer["contents"]["value"]

    def test_hover(self):
        client = self.client()
        client.open(self.path)
        client.diagnostics(self.path, 1)
        self.assertEqual(self.hovered(client, MAPPING, "Id: {"), "- **Id** (text) – The number of the booking  \n  Taken from `id`. It must be filled: where it is blank, the record is rejected.\n\nIn the recorded profile:\n\n"
                         "- **id**  \n  60 values in 60 records; from 0 to 59")
        room = self.hovered(client, MAPPING, "Room: {")
        for part in ("**Room** (text)", "Translated by the table `rooms`", "**room**", "values: DBL (20), SGL (20), TPL (20)"):
            self.assertIn(part, room)
        self.assertIn("**Nights** (integer)", self.hovered(client, MAPPING, "Nights < 30"))
        self.assertIn("**Nights** (integer)", self.hovered(client, MAPPING, "Nights: 2"))
        self.assertIn("from 01/03/2025 to 28/03/2025", self.hovered(client, MAPPING, "stay.check_in"))
        self.assertIn("The field of the source record", self.hovered(client, MAPPING, "from: id"))
        self.assertIn("values are not shown", self.hovered(client, MAPPING, "guest.email"))
        self.assertIn("values are not shown", self.hovered(client, MAPPING, "Mail:"))
        self.assertIn("60 values", self.hovered(client, MAPPING, "p.name"))
        self.assertIn("**date datetime time**", self.hovered(client, MAPPING, "date, read"))
        self.assertIsNone(self.hovered(client, MAPPING, "The number"))
        # while it is wrong, what it was when it was right
        client.change(self.path, 2, MAPPING.replace("lookup: rooms", "lookup: roms"))
        client.diagnostics(self.path, 2)
        self.assertIn("Translated by the table `rooms`", self.hovered(client, MAPPING.replace("lookup: rooms", "lookup: roms"), "Room: {"))
        self.assertNotIn(b"secret", client.all)
        self.assertEqual(client.end(), 0)

    def test_hover_in_spanish_and_plain(self):
        client = self.client(locale="es", capabilities={"textDocument": {"hover": {"contentFormat": ["plaintext"]}}})
        client.open(self.path)
        told = self.hovered(client, MAPPING, "Room: {")
        for part in ("En el perfil guardado", "valores: DBL (20)", "60 valores en 60 registros"):
            self.assertIn(part, told)
        at = client.at("hover", self.path, MAPPING, MAPPING.index("Room: {"))
        self.assertEqual(at["contents"]["kind"], "plaintext")

    def test_a_personal_column_hides_a_profile_that_did_not_know(self):
        text = MAPPING.replace("Room: {from: room,", "Room: {from: room, personal: yes,")
        client = self.client()
        client.open(self.path, text)
        client.diagnostics(self.path, 1)
        told = self.hovered(client, text, "Room: {")
        self.assertIn("values are not shown", told)
        self.assertNotIn("TPL", told)
        self.assertNotIn("TPL", self.completed(text.replace("lookup: rooms", "lookup: {|}"), client))

    def found(self, client, text, word, nth=0, path=None, shift=1):
        at = [m.start() for m in re.finditer(re.escape(word), text)][nth]
        answer = client.at("definition", path or self.path, text, at + shift)
        return answer and (answer["uri"], answer["range"]["start"]["line"], answer["range"]["start"]["character"])

    def test_definition(self):
        client = self.client()
        client.open(self.path)
        line = lambda word: MAPPING[:MAPPING.index(word)].count("\n")  # noqa: E731
        own = uri_of(self.path)
        self.assertEqual(self.found(client, MAPPING, "lookup: rooms", shift=9), (own, line("  rooms:"), 2))
        self.assertEqual(self.found(client, MAPPING, "Nights * 2"), (own, line("  Nights:"), 2))
        self.assertEqual(self.found(client, MAPPING, "Twice > 0"), (own, line("  Twice:"), 2))
        self.assertEqual(self.found(client, MAPPING, "Room: 5%"), (own, line("  Room:"), 2))
        self.assertEqual(self.found(client, MAPPING, "Room: Doble"), (own, line("  Room:"), 2))
        self.assertEqual(self.found(client, MAPPING, "r.csv"), (uri_of(self.folder / "r.csv"), 0, 0))
        self.assertIsNone(self.found(client, MAPPING, "ndjson"))
        client.open(self.tests)
        self.assertEqual(self.found(client, TESTS, "Nights,", path=self.tests), (own, line("  Nights:"), 2))
        child = "mapping: c\nversion: 1\nextends: base.yaml\ncolumns: {B: {compute: Base, type: text}}\n"
        other = self.folder / "child.yaml"
        client.open(other, child)
        self.assertEqual(self.found(client, child, "base.yaml", path=other), (uri_of(self.folder / "base.yaml"), 0, 0))
        self.assertEqual(self.found(client, child, "Base, ", path=other), (uri_of(self.folder / "base.yaml"), 3, 2))
        child = child.replace("base.yaml", "gone.yaml")
        client.change(other, 2, child)
        self.assertIsNone(self.found(client, child, "gone.yaml", path=other))

    def renamed(self, client, text, word, name, nth=0, path=None, shift=1):
        at = [m.start() for m in re.finditer(re.escape(word), text)][nth]
        return client.at("rename", path or self.path, text, at + shift, newName=name)

    def test_rename(self):
        client = self.client()
        client.open(self.path)
        client.open(self.tests)
        ready = client.at("prepareRename", self.path, MAPPING, MAPPING.index("Nights * 2") + 2)
        self.assertEqual((ready["placeholder"], ready["range"]["end"]["character"] - ready["range"]["start"]["character"]), ("Nights", 6))
        for name in ("Noches", "Número de noches", "not", "A \"b\"", "It's", "yes", "1", "días😀"):
            for text, word, path in ((MAPPING, "Nights: {", self.path), (MAPPING, "Nights < 30", self.path), (TESTS, "Nights,", self.tests), (TESTS, "Nights\": 3", self.tests)):
                answer = self.renamed(client, text, word, name, path=path)
                self.assertEqual(set(answer), {"changes"}, (name, answer))
                self.assertEqual(set(answer["changes"]), {uri_of(self.path), uri_of(self.tests)})
                new, new_tests = (applied(old, answer["changes"][uri_of(one)]) for old, one in ((MAPPING, self.path), (TESTS, self.tests)))
                self.assertNotIn("Nights", new + new_tests)
                self.assertEqual(len(answer["changes"][uri_of(self.path)]), 4)
                folder = self.folder / "renamed"
                folder.mkdir(exist_ok=True)
                shutil.copy(self.folder / "r.csv", folder)
                (folder / "m.yaml").write_text(new, encoding="utf-8")
                (folder / "m.test.yaml").write_text(new_tests, encoding="utf-8")
                done = subprocess.run([TRAMA, "test", str(folder / "m.yaml")], capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, name + new + done.stdout + done.stderr)
        self.assertEqual(self.renamed(client, MAPPING, "Nights: {", "Nights"), {"changes": {}})
        self.assertEqual(client.end(), 0)

    def test_rename_is_refused(self):
        for locale, words in (("en", ("there is a column 'Room' already, in line 10", "the name of a column has 1 to 200", "there is no column here", "would be wrong", "is a column of base.yaml", "in an expression that cannot", "of an 'each'")),
                              ("es", ("ya hay una columna 'Room', en la línea 10", "el nombre de una columna tiene", "aquí no hay una columna", "estaría mal", "es una columna de base.yaml", "en una expresión que no se puede", "de un 'each'"))):
            client = self.client(locale=locale)
            client.open(self.path)
            told = []
            refuse = lambda answer: (self.assertEqual(answer["code"], -32803), told.append(answer["message"]))  # noqa: E731
            refuse(self.renamed(client, MAPPING, "Nights: {", "Room"))
            refuse(self.renamed(client, MAPPING, "Nights: {", "a\nb"))
            refuse(self.renamed(client, MAPPING, "ndjson", "x"))
            schema = MAPPING + "output: {format: ndjson, schema: s.json}\n"
            (self.folder / "s.json").write_text('{"type": "object", "required": ["Room"], "properties": {"Room": {"type": "string"}}}')
            client.change(self.path, 2, schema)
            refuse(self.renamed(client, schema, "Room: {", "Cuarto"))
            child = "mapping: c\nversion: 1\nextends: base.yaml\ncolumns: {B: {compute: Base, type: text}}\n"
            client.open(self.folder / "child.yaml", child)
            refuse(self.renamed(client, child, "Base", "X", path=self.folder / "child.yaml"))
            folded = MAPPING.replace("check: Nights < 30 and Twice > 0}", "check: \"Nights < 30 and\\x20Twice > 0\"}")
            client.change(self.path, 3, folded)
            refuse(self.renamed(client, folded, "Nights: {", "Noches"))
            each = "mapping: c\nversion: 1\ncolumns:\n  A: {each: pax, columns: {N: item.name}}\noutput: {format: json}\n"
            client.open(self.folder / "each.yaml", each)
            refuse(self.renamed(client, each, "N: item", "X", path=self.folder / "each.yaml", shift=0))
            for message, part in zip(told, words):
                self.assertIn(part, message)
            self.assertEqual(client.end(), 0)

    def test_rename_leaves_inner_columns_of_the_name(self):
        text = ("mapping: c\nversion: 1\ncolumns:\n  N: {from: n, type: integer}\n  A: {each: pax, columns: {N: {from: item.n, type: integer}, B: {compute: N + 1, type: integer}}}\n"
                "  C: {compute: N + 1, type: integer}\noutput: {format: json}\n")
        path = self.folder / "each.yaml"
        client = self.client()
        client.open(path, text)
        answer = self.renamed(client, text, "N + 1", "M", nth=1, path=path, shift=0)
        self.assertEqual(applied(text, answer["changes"][uri_of(path)]), text.replace("  N:", "  M:").replace("C: {compute: N", "C: {compute: M"))

    def test_rename_of_what_is_totalled(self):
        text = ("mapping: c\nversion: 1\ncolumns:\n  Rooms: {each: rooms, internal: yes, columns: {P: {from: item.p, type: decimal}}}\n"
                "  T: {total: sum, column: \"Rooms[*].P\", type: decimal}\n")
        path = self.folder / "each.yaml"
        client = self.client()
        client.open(path, text)
        self.assertEqual(client.diagnostics(path, 1), [])
        answer = self.renamed(client, text, "Rooms: {", "Habitaciones", path=path)
        self.assertEqual(applied(text, answer["changes"][uri_of(path)]), text.replace("Rooms", "Habitaciones"))

    def test_formatting(self):
        client = self.client()
        for text in (MAPPING, "mapping:   m\nversion: 1\ncolumns:\n      A:  {from: a,type: text}\n\n\n", "mapping:  m\r\ncolumns: {A:   a}\r\n", "\ufeffmapping:  é\n"):
            self.path.write_bytes(text.encode("utf-8"))
            client.open(self.path, text)
            answer = client.request("textDocument/formatting", {"textDocument": {"uri": uri_of(self.path)}, "options": {"tabSize": 4, "insertSpaces": True}})
            subprocess.run([TRAMA, "fmt", str(self.path)], check=True, capture_output=True)
            self.assertEqual(applied(text, answer), self.path.read_bytes().decode("utf-8"))
        client.open(self.path, "mapping: [\n")
        where = {"textDocument": {"uri": uri_of(self.path)}, "options": {}}
        self.assertIsNone(client.request("textDocument/formatting", where))
        client.open(self.path, "--- text\n")
        self.assertEqual(client.request("textDocument/formatting", where)["code"], -32803)

    def test_symbols(self):
        client = self.client()
        client.open(self.path)
        found = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri_of(self.path)}})
        names = {one["name"]: [inner["name"] for inner in one["children"]] for one in found}
        self.assertEqual(names["columns"], ["Id", "Room", "Arrival", "Nights", "Twice", "Mail", "Name"])
        self.assertEqual((names["tables"], names["rules"], names["tests"]), (["rooms", "eur"], ["long"], ["one"]))
        for one in found:
            for inner in [one, *one["children"]]:
                start, end, named = (offset_of(MAPPING, inner[where][side]) for where, side in (("range", "start"), ("range", "end"), ("selectionRange", "start")))
                self.assertTrue(start <= named < end)
                self.assertTrue(MAPPING[named:].startswith(inner["name"]))
        flat = Client(capabilities={"textDocument": {}})
        self.addCleanup(flat.kill)
        flat.open(self.path)
        self.assertIn(("Id", "columns"), [(one["name"], one.get("containerName")) for one in flat.request("textDocument/documentSymbol", {"textDocument": {"uri": uri_of(self.path)}})])


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
