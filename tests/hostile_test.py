"""Faults of the world and hostile input, through the program: what it says, how it exits, and what it leaves behind.

    tests/hostile_test.py build/dev/trama [a test's name]
"""

import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TRAMA = os.environ.get("TRAMA", "build/dev/trama")
AT = ["--at", "2025-03-04T06:00:00Z"]
LINES = b'{"id":"1","a":"x"}\n{"id":"2","a":"y"}\n{"id":"3","a":"z"}\n'
ROWS = "1,x\n2,y\n3,z\n"


def mapping(input_words="", limits="", more=""):
    return (f"mapping: m\nversion: 1\ninput: {{id: id{input_words}}}\ncolumns:\n  Id: id\n  A: a\n{more}"
            f"{limits}output: {{format: csv, header: no}}\n")


class Folder(unittest.TestCase):
    """Every test in a folder of its own, with a mapping of two columns."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-hostile-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.write("m.yaml", mapping())

    def write(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def read(self, name):
        path = self.folder / name
        return path.read_bytes().decode("utf-8", "replace") if path.exists() else None

    def trama(self, *arguments, stdin=b"", command="run", **more):
        done = subprocess.run([TRAMA, command, *map(str, arguments), *AT], input=stdin, cwd=self.folder, check=False,
                              capture_output=True, timeout=120, **more)
        done.said = done.stderr.decode("utf-8", "replace")
        for line in done.said.splitlines():
            self.assertFalse(line.startswith(("terminate", "Aborted", "==")), done.said)
        return done

    def start(self, *arguments, **more):
        return subprocess.Popen([TRAMA, "run", *map(str, arguments), *AT], cwd=self.folder, stderr=subprocess.PIPE, **more)

    def interrupt(self, run, number, before, incomplete):
        """Stops a run that waits for its standard input, `before` written to it: nothing is left, and it says so."""
        Outputs.wait_for(self, incomplete)
        run.stdin.write(before)
        run.stdin.flush()
        time.sleep(0.1)
        run.send_signal(number)
        self.assertEqual(run.wait(5), 128 + number)
        self.assertEqual(run.stderr.read(), b"trama: interrupted; nothing was published\n")
        run.stdin.close()
        run.stderr.close()
        self.assertEqual(self.names(), ["m.yaml"])

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    kept = ""

    def rejects(self, name="out.csv.rejects.jsonl"):
        return [json.loads(line) for line in self.read(name + self.kept).splitlines()]


class Inputs(Folder):
    def case(self, data, exit_code, said="", rows="", rejected=(), words="", arguments=(), where=""):
        """Maps `data` and holds against: exit, a part of what is said, rows, and of each reject its first code."""
        self.write("m.yaml", mapping(words))
        self.write("in", data)
        done = self.trama("m.yaml", "in", "-o", "out.csv", "--summary", "s.json", *arguments)
        self.assertEqual(done.returncode, exit_code, done.said)
        self.assertIn(said, done.said)
        self.kept = "" if exit_code < 2 else ".incomplete"  # what is not published is kept beside it
        self.assertEqual(self.read("out.csv" + self.kept), rows)
        self.assertEqual([reject["errors"][0]["code"] for reject in self.rejects()], list(rejected))
        summary = json.loads(self.read("s.json" + self.kept))
        self.assertEqual(summary["exit"], exit_code)
        for name in ("out.csv", "out.csv.incomplete"):
            (self.folder / name).unlink(missing_ok=True)
        return done

    def test_cut_off(self):
        listed = b'[{"id":"1","a":"x"},\n{"id":"2","a":"y"},\n{"id":"3","a":"z"}]'
        self.case(listed[:-1], 4, "INPUT_CUT_OFF", ROWS)
        self.case(listed[:-3], 4, "INPUT_CUT_OFF", "1,x\n2,y\n", ["JSON_INVALID"])
        self.case(listed[:21], 4, "INPUT_CUT_OFF", "1,x\n")
        self.case(b"[", 4, "INPUT_CUT_OFF")
        self.case(b'{"data":{"l":[{"id":"1","a":"x"}]', 4, "INPUT_CUT_OFF", "1,x\n", words=", records: data.l")
        self.case(b'{"data":{"l":[{"id":"1","a":"x"}],"more":[1', 4, "INPUT_CUT_OFF", "1,x\n", words=", records: data.l")
        self.case(LINES[:-4], 1, "", "1,x\n2,y\n", ["JSON_INVALID"])
        self.case(LINES[:-1], 0, "", ROWS)

    def test_a_bad_one_in_the_middle(self):
        for bad in (b'{"id":"2","a":}', b'{"id":"2"', b"2", b'"2"', b"null", b"}{", b"<br>", b'{"id":"2","a":"y"},', b'{"id":"2" "a":1}'):
            lines = b'{"id":"1","a":"x"}\n' + bad + b'\n{"id":"3","a":"z"}\n'
            self.case(lines, 1, "", "1,x\n3,z\n", ["JSON_INVALID"])
        for bad in (b'{"id":"2","a":}', b'{"id":}', b"2", b'"2"', b"null", b"", b"tru", b'{"id":"2" "a":1}', b'{"a":"\\x"}', b"[1]"):
            listed = b'[{"id":"1","a":"x"},' + bad + b',{"id":"3","a":"z"}]'
            self.case(listed, 1, "", "1,x\n3,z\n", ["JSON_INVALID"])
        # where quotes and brackets do not match, no place is safe to start again
        for bad in (b'{"id":"2"', b'{"id":"2}', b"}", b'{"id":["2"}'):
            listed = b'[{"id":"1","a":"x"},' + bad + b',{"id":"3","a":"z"}]'
            self.case(listed, 4, "", "1,x\n", ["JSON_INVALID"])

    def test_nothing_in_it(self):
        self.case(b"", 4, "INPUT_EMPTY")
        self.case(b"", 4, "INPUT_EMPTY", words=", expect_at_least: 0")
        self.case(b" \n\n", 4, "INPUT_NOT_JSON")
        self.case(b"\xef\xbb\xbf", 4, "INPUT_NOT_JSON")
        self.case(b"[]", 2, "INPUT_EMPTY")
        self.case(b"[]", 0, words=", expect_at_least: 0")
        self.case(b'{"l":[ ]}', 2, "INPUT_EMPTY", words=", records: l")
        self.case(b'{"l":{}}', 0, words=", records: 'l{*}', expect_at_least: 0")
        self.case(LINES, 2, "the mapping expects at least 4", ROWS, words=", expect_at_least: 4")
        self.case(LINES, 0, "", ROWS, words=", expect_at_least: 3")

    def test_something_else(self):
        self.case(b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", 4, "INPUT_NOT_JSON", rejected=["JSON_INVALID"] * 2)
        self.case(b"<!DOCTYPE html>\n", 4, "it begins with", words=", format: json")
        self.case(b"id;a\n1;x\n2;y\n", 4, "INPUT_NOT_JSON", rejected=["JSON_INVALID"] * 3)
        self.case("[{\"id\":\"1\"}]".encode("utf-16"), 4, "UTF-16", words=", format: json")
        self.case(b'{"status":"ok"}', 4, "RECORDS_NOT_FOUND", words=", records: data.l")
        self.case(b'{"data":{"l":7}}', 4, "RECORDS_NOT_FOUND", words=", records: data.l")
        self.case(b'{"data":null}', 4, "RECORDS_NOT_FOUND", words=", records: data.l")
        self.case(b'{"l":[],"l":[]}', 4, "RECORDS_NOT_FOUND", words=", records: l")

    def test_error_answer(self):
        error = b'{"errors":[{"code":"429","detail":"too many requests"}]}'
        self.case(error, 4, "ERROR_BODY", words=", records: data, error_body: errors")
        # without `records` the answer is a record, which is rejected; a dump of nothing else is as bad as before
        self.case(error, 4, "too many requests", "", ["ERROR_BODY"], words=", error_body: errors")
        self.case(error, 4, "ERROR_BODY: in is", "", ["ERROR_BODY"], words=", format: ndjson, error_body: errors")
        self.case(b'{"data":[{"id":"1","a":"x"}],"errors":null}', 0, "", "1,x\n", words=", records: data, error_body: errors")
        self.case(LINES[:19] + error + b"\n" + LINES[19:], 1, "", ROWS, ["ERROR_BODY"], words=", error_body: errors")
        self.case(b'{"data":[{"id":"1","a":"x"}]}' + error, 1, "", "1,x\n", ["ERROR_BODY"], words=", records: data, error_body: errors")
        # behind its records it comes too late
        self.case(b'{"data":[{"id":"1","a":"x"}],"errors":7}', 4, "ERROR_BODY", "1,x\n", words=", records: data, error_body: errors")

    def test_documents(self):
        one, two = b'{"id":"1","a":"x"}', b'{"id":"2","a":"y"}'
        rows = "1,x\n2,y\n"
        for data in (one + two, one + b" \n" + two, b"\x1e" + one + b"\n\x1e" + two + b"\n", b"[" + one + b"][" + two + b"]",
                     b"[" + one + b"]\n[]\n" + two, one.replace(b",", b",\n") + two):
            self.case(data, 0, "", rows)
            self.case(data, 0, "", rows, words=", format: json")
        page = b'{"l":[' + one + b"]}"
        self.case(page + b"\n" + page.replace(one, two), 0, "", rows, words=", records: l")
        self.case(page + b'{"m":0}' + page.replace(one, two), 1, "", rows, ["RECORDS_NOT_FOUND"], words=", records: l")
        self.case(b'{"m":0}{"n":0}', 4, "RECORDS_NOT_FOUND", "", ["RECORDS_NOT_FOUND"] * 2, words=", records: l")
        self.case(page + b"," + page, 4, "a comma between documents", "1,x\n", ["JSON_INVALID"], words=", records: l")
        self.case(page + page[:-1], 4, "INPUT_CUT_OFF", "1,x\n1,x\n", words=", records: l")
        self.case(page + page[:-3], 4, "INPUT_CUT_OFF", "1,x\n", ["JSON_INVALID"], words=", records: l")

    def test_counts(self):
        self.case(LINES, 0, "", ROWS, words=", expect_count: 3")
        self.case(LINES[:38], 2, "COUNT_DIFFERS: in: 2 records read, and the mapping expects 3", "1,x\n2,y\n", words=", expect_count: 3")
        listed = b'{"l":[{"id":"1","a":"x"}],"n":1}'
        self.case(listed, 0, "", "1,x\n", words=", records: l, expect_count: {from: n}")
        self.case(listed.replace(b":1}", b":2}"), 2, "COUNT_DIFFERS", "1,x\n", words=", records: l, expect_count: {from: n}")

    def test_rubbish_behind(self):
        listed = b'[{"id":"1","a":"x"}]'
        self.case(listed + b" \n", 0, "", "1,x\n")
        for rubbish in (b"x", b",", b"]", b"7", b"\0"):
            self.case(listed + rubbish, 4, "JSON_INVALID", "1,x\n", ["JSON_INVALID"])
        # further documents are no rubbish: an empty list, and a record of which nothing is there
        self.case(listed + b"[]", 0, "", "1,x\n")
        self.case(listed + b'{"id":"2"}', 0, "", "1,x\n2,\n")
        self.case(b'{"l":' + listed + b"}}", 4, "JSON_INVALID", "1,x\n", ["JSON_INVALID"], words=", records: l")

    def test_nesting(self):
        deep = b'{"id":"2","a":' + b"[" * 100000 + b"]" * 100000 + b"}"
        rows = "1,x\n3,z\n"
        self.case(b'{"id":"1","a":"x"}\n' + deep + b'\n{"id":"3","a":"z"}', 1, "", rows, ["RECORD_TOO_DEEP"])
        self.case(b'[{"id":"1","a":"x"},' + deep + b',{"id":"3","a":"z"}]', 1, "", rows, ["RECORD_TOO_DEEP"])
        self.assertEqual(self.rejects()[0]["source_text"], deep.decode(), "as text: few could read it as JSON")
        for levels, code in ((127, ""), (128, "RECORD_TOO_DEEP")):
            text = b'{"id":"2","b":' + b"[" * levels + b"]" * levels + b"}\n"
            self.case(text + LINES[:19], 1 if code else 0, "", "1,x\n" if code else "2,\n1,x\n", [code] if code else [])
        self.case(b"[" * 100000, 4, "", rejected=["JSON_INVALID"])
        self.case(b'{"x":' * 100000, 4, "", rejected=["JSON_INVALID"])

    def test_characters(self):
        for text, code in ((b'"\xff"', "TEXT_NOT_UTF8"), (b'"caf\xe9"', "TEXT_NOT_UTF8"), (b'"\xed\xa0\x80"', "TEXT_NOT_UTF8"),
                           (b'"\xc0\xaf"', "TEXT_NOT_UTF8"), (b'"\\ud800"', "JSON_INVALID"), (b'"\\udc00\\ud800"', "JSON_INVALID"),
                           (b'"\0"', "JSON_INVALID"), (b'"x"\0', "JSON_INVALID"), (b'"\t"', "JSON_INVALID"), (b'"\\q"', "JSON_INVALID")):
            record = b'{"id":"2","a":' + text + b"}"
            self.case(record + b"\n" + LINES, 1, "", ROWS, [code])
            self.assertEqual(self.rejects()[0].get("source_base64") is not None, code == "TEXT_NOT_UTF8")
            self.case(b"[" + record + b',{"id":"1","a":"x"}]', 1, "", "1,x\n", [code])
        # also where no column reads
        self.case(b'{"id":"2","zzz":{"\xff":1}}\n' + LINES, 1, "", ROWS, ["TEXT_NOT_UTF8"])
        # a zero that is written as an escape is a character like others, and so is what else JSON allows
        self.case(b'{"id":"2","a":"p\\u0000q"}', 0, "", "2,p\0q\n")
        self.case(b'{"\\u0069d":"2","\\u0061":"\\ud83d\\ude00"}', 0, "", "2,\U0001F600\n")

    def test_repeated_keys(self):
        self.case(b'{"id":"2","a":"x","a":"x"}\n{"id":"2","b":{"c":1,"\\u0063":1}}\n' + LINES, 1, "", ROWS, ["DUPLICATE_FIELD"] * 2)
        self.assertIn('"a":"x","a":"x"', self.read("out.csv.rejects.jsonl" + self.kept))
        self.case(b'{"id":"2","a":"x","a":"x","b":}\n' + LINES, 1, "", ROWS, ["JSON_INVALID"])

    def test_marks_and_line_ends(self):
        self.case(b"\xef\xbb\xbf" + LINES, 0, "", ROWS)
        self.case(b'\xef\xbb\xbf [{"id":"1","a":"x"}]', 0, "", "1,x\n")
        self.case(LINES.replace(b"\n", b"\r\n"), 0, "", ROWS)
        self.case(b"\n\r\n  \n" + LINES.replace(b"\n", b"\n\n \t\n"), 0, "", ROWS)
        self.case(b'[\r\n{\r\n"id":"1",\r\n"a":"x"\r\n}\r\n]\r\n', 0, "", "1,x\n")
        self.case(b'{\n"id":"1",\n"a":"x"\n}\n', 0, "", "1,x\n")

    def test_a_record_that_is_too_big(self):
        big = b'{"id":"2","a":"' + b"0" * 100_000_000 + b'"}'
        for data in (b'{"id":"1","a":"x"}\n' + big + b'\n{"id":"3","a":"z"}\n', b'[{"id":"1","a":"x"},' + big + b',{"id":"3","a":"z"}]'):
            self.case(data, 1, "", "1,x\n3,z\n", ["RECORD_TOO_BIG"])
            self.assertLess(len(self.read("out.csv.rejects.jsonl")), 10_000)
            reject = self.rejects()[0]
            self.assertEqual((reject["source_text"], reject["errors"][0]["message"]), (big[:4096].decode(), "the record has 100000017 bytes, at most 16777216 are allowed"))
        small = b'{"id":"2","a":"' + b"0" * 1008 + b'"}'  # 1025 bytes
        self.case(small + b"\n" + LINES, 1, "", ROWS, ["RECORD_TOO_BIG"], arguments=["--max-record", "1K"])
        self.case(small.replace(b"00", b"0", 1) + b"\n", 0, "", "2," + "0" * 1007 + "\n", arguments=["--max-record", "1K"])

    def test_packed(self):
        packed = gzip.compress(LINES, mtime=0)
        self.case(packed, 0, "", ROWS)
        self.case(gzip.compress(LINES[:19]) + gzip.compress(LINES[19:]), 0, "", ROWS)
        self.case(packed[:-4], 4, "INPUT_CUT_OFF", ROWS)
        self.case(packed + b"rubbish", 4, "COMPRESSED_BROKEN", ROWS)
        broken = bytearray(packed)
        broken[-6] ^= 1
        self.case(bytes(broken), 4, "COMPRESSED_BROKEN", ROWS)
        self.case(gzip.compress(b""), 4, "INPUT_EMPTY")
        bomb = gzip.compress(b"[" + b" " * 200_000_000, 9)
        self.assertIn("bomb", self.case(bomb, 4, "COMPRESSED_BOMB").said)

    def test_no_file_to_read(self):
        self.write("out.csv", "yesterday's\n")
        (self.folder / "d").mkdir()
        for name, code in (("none", "FILE_MISSING"), ("none/x", "FILE_MISSING"), ("d", "FILE_IS_DIRECTORY"), ("m.yaml/x", "FILE_MISSING")):
            done = self.trama("m.yaml", name, "-o", "out.csv")
            self.assertEqual((done.returncode, done.stdout), (4, b""), done.said)
            self.assertIn(code, done.said)
            self.assertIn(name, done.said)
            self.assertEqual(self.names(), ["d", "m.yaml", "out.csv"], "nothing was begun")
        # the second of two is missing: the first is not read
        self.write("in", LINES)
        self.assertEqual(self.trama("m.yaml", "in", "none", "-o", "out.csv").returncode, 4)
        self.assertEqual(self.read("out.csv"), "yesterday's\n")

    def stopped_while_reading(self, mapping_text, data, *arguments):
        """A run that was stopped when it had read some of `in`, but not all; the process, to be continued."""
        self.write("m.yaml", mapping_text)
        self.write("in", data)
        inode = os.stat(self.folder / "in").st_ino
        run = self.start("m.yaml", "in", "-o", "out.csv", *arguments)
        self.addCleanup(run.stderr.close)
        while run.poll() is None:
            for fd in pathlib.Path(f"/proc/{run.pid}/fd").iterdir():
                try:
                    if fd.stat().st_ino != inode:
                        continue
                    at = int(re.search(r"pos:\s*(\d+)", pathlib.Path(f"/proc/{run.pid}/fdinfo/{fd.name}").read_text())[1])
                except (OSError, TypeError):
                    continue
                if 0 < at < len(data):
                    run.send_signal(signal.SIGSTOP)
                    return run
        self.fail("it was over before it could be stopped")

    def test_inputs_that_change_while_they_are_read(self):
        data = b"".join(b'{"id":"%d","a":"%s"}\n' % (i % 50000, b"x" * 100) for i in range(100000))
        new = b"".join(reversed(data.splitlines(keepends=True)))
        changes = {
            "grows": lambda path: os.truncate(path, len(data) + 1000),
            "shrinks": lambda path: os.truncate(path, len(data) * 2 // 3 // 122 * 122),
            "is emptied": lambda path: os.truncate(path, 0),
            "is replaced": lambda path: (path.with_name("new").write_bytes(new), path.with_name("new").rename(path)),
        }
        for keep in ("", "last", "none"):
            for what, change in changes.items():
                with self.subTest(f"{what}, keep {keep}"):
                    self.write("out.csv", "yesterday's\n")
                    more = f"duplicates: {{same: id, keep: {keep}}}\n" if keep else ""
                    run = self.stopped_while_reading(mapping(limits=more), data, "--threads", "1")
                    change(self.folder / "in")
                    run.send_signal(signal.SIGCONT)
                    said = run.communicate()[1].decode()
                    if what == "is replaced" and not keep:  # the old file is read to its end
                        self.assertEqual(run.returncode, 0, said)
                        self.assertEqual(self.read("out.csv").count("\n"), 100000)
                        continue
                    self.assertEqual(run.returncode, 4, said)
                    self.assertIn("INPUT_CHANGED: in changed while the run read it", said)
                    self.assertEqual(self.read("out.csv"), "yesterday's\n")

    def test_many_inputs(self):
        for i in range(500):
            self.write(f"in{i}", b'{"id":"%d","a":"x"}\n' % i)
        self.write("list", "".join(f"in{i}\n" for i in range(500)))
        rows = "".join(f"{i},x\n" for i in range(500))

        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

        for more in ("", "duplicates: {same: id, keep: last}\n"):
            self.write("m.yaml", mapping(limits=more))
            done = self.trama("m.yaml", "--inputs-from", "list", "-o", "out.csv", preexec_fn=few)
            self.assertEqual((done.returncode, self.read("out.csv")), (0, rows), done.said)

    def test_names_of_inputs(self):
        self.write("a b.json", '{"id":"1","a":"x"}\n')
        self.write("ñ", '{"id":"2","a":"y"}\n')
        self.write("z", '{"id":"3","a":"z"}\n')
        both = "1,x\n2,y\n"
        for names in ("a b.json\nñ\n", "a b.json\r\n\r\nñ", "\ufeffa b.json\n\n\nñ\n"):
            done = self.trama("m.yaml", "--inputs-from", "-", stdin=names.encode())
            self.assertEqual((done.returncode, done.stdout.decode()), (0, both), done.said)
            self.write("list", names)
            done = self.trama("m.yaml", "z", "--inputs-from", "list")
            self.assertEqual(done.stdout.decode(), "3,z\n" + both, "those of the command line are first")
        self.write("list", "-\nñ\n")
        done = self.trama("m.yaml", "--inputs-from", "list", stdin=b'{"id":"1","a":"x"}\n')
        self.assertEqual(done.stdout.decode(), both, done.said)
        for names, exit_code, said in ((b"", 4, "INPUT_EMPTY"), (b"\n\r\n", 4, "INPUT_EMPTY"), (b"a b.json\0", 64, "one name a line"),
                                       (b"a b.json \n", 4, "FILE_MISSING"), (b"-\n", 64, "only once"), ("ñ\nz\nñ\n".encode(), 64, "named twice")):
            done = self.trama("m.yaml", "--inputs-from", "-", "-o", "out.csv", stdin=names)
            self.assertEqual(done.returncode, exit_code, done.said)
            self.assertIn(said, done.said)
            self.assertIsNone(self.read("out.csv"))
        self.assertEqual(self.trama("m.yaml", "--inputs-from", "none").returncode, 4)
        done = self.trama("m.yaml", "--inputs-from", "list", "-o", "list", stdin=b"")
        self.assertEqual(done.returncode, 64, "the list would be lost")
        self.assertEqual(self.read("list"), "-\nñ\n")

    def test_bad_inputs(self):
        self.write("good", LINES[:19])
        self.write("cut", b'[{"id":"2","a":"y"},{"id"')
        self.write("empty", b"")
        self.write("out.csv", "yesterday's\n")
        names = ("empty", "cut", "none", "good")
        done = self.trama("m.yaml", *names, "-o", "out.csv")
        self.assertEqual((done.returncode, self.read("out.csv")), (4, "yesterday's\n"), done.said)
        done = self.trama("m.yaml", *names, "-o", "out.csv", "--bad-inputs", "reject", "--summary", "s.json")
        self.assertEqual((done.returncode, self.read("out.csv")), (1, "2,y\n1,x\n"), done.said)
        for said in ("INPUT_EMPTY  empty is empty", "INPUT_CUT_OFF  cut is cut off at byte 25", "FILE_MISSING  none: there is no such file", "3 of 4 inputs"):
            self.assertIn(said, done.said)
        inputs = json.loads(self.read("s.json"))["inputs"]
        self.assertEqual([(one["path"], one["state"], one.get("code")) for one in inputs],
                         [("empty", "refused", "INPUT_EMPTY"), ("cut", "refused", "INPUT_CUT_OFF"), ("none", "refused", "FILE_MISSING"), ("good", "read", None)])
        self.assertEqual(inputs[3]["sha256"], hashlib.sha256(LINES[:19]).hexdigest())
        done = self.trama("m.yaml", "empty", "none", "-o", "out.csv", "--bad-inputs", "reject")
        self.assertEqual((done.returncode, self.read("out.csv")), (4, "2,y\n1,x\n"), done.said)
        done = self.trama("m.yaml", "good", "--bad-inputs", "skip")
        self.assertEqual(done.returncode, 64, done.said)

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root reads everything")
    def test_a_file_that_may_not_be_read(self):
        self.write("in", LINES)
        (self.folder / "in").chmod(0)
        self.folder.chmod(0o777)
        lower = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
        done = subprocess.run([*lower, TRAMA, "run", "m.yaml", "in", "-o", "out.csv"], cwd=self.folder, capture_output=True, check=False)
        if b"setpriv" in done.stderr or done.returncode in (126, 127):
            self.skipTest("the program cannot be reached by another user")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(b"FILE_UNREADABLE", done.stderr)


class Screen(Folder):
    """Nothing that comes from a file, a name or a dump reaches the terminal as something that it obeys."""

    EVIL = "a\x1b[31m\u202eb\x07\u009bc"

    def safe(self, done, *said):
        for text in (done.stdout.decode("utf-8", "replace"), done.said):
            bad = [c for c in text if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) <= 0x9F or c in "\u202e\u2066\u200b"]
            self.assertEqual(bad, [], repr(text))
        for part in said:
            self.assertIn(part, done.stdout.decode("utf-8", "replace") + done.said)
        return done

    def test_names_of_files_and_options(self):
        for command, arguments in (("run", (self.EVIL,)), ("run", ("m.yaml", self.EVIL)), ("run", ("m.yaml", "-", "--" + self.EVIL)),
                                   ("run", ("m.yaml", "-", "-o", self.EVIL + "/x")), ("check", (self.EVIL + ".yaml",)),
                                   ("check", ("--format", "json", self.EVIL + ".yaml")), ("test", (self.EVIL + ".yaml",)),
                                   ("test", ("--format", "json", self.EVIL + ".yaml")), ("test", ("--format", "junit", self.EVIL + ".yaml")),
                                   ("preview", (self.EVIL, "-")), ("preview", ("m.yaml", self.EVIL)), ("preview", ("m.yaml", "-", "--columns", self.EVIL)),
                                   ("replay", (self.EVIL, "-m", "m.yaml")), (self.EVIL, ())):
            with self.subTest(command=command, arguments=arguments):
                done = subprocess.run([TRAMA, command, *arguments], input=b"{}", cwd=self.folder, capture_output=True, timeout=60)
                done.said = done.stderr.decode("utf-8", "replace")
                self.assertNotEqual(done.returncode, 0)
                self.safe(done)

    def test_names_in_a_mapping(self):
        escaped = self.EVIL.encode("unicode_escape").decode().replace("\\x", "\\x")
        column = '"' + escaped + '"'
        self.write("e.yaml", f"mapping: {column}\nversion: 1\ncolumns:\n  {column}: {{from: {column}, type: integer}}\n"
                             f"tests:\n  - {{name: {column}, given: {{a: x}}, expect_rows: [{{{column}: 1}}]}}\n"
                             f"  - {{name: t, given: {{a: 1}}, expect_rejected: [{{code: {column}}}]}}\n")
        for arguments in (("check", "e.yaml"), ("check", "--format", "json", "e.yaml"), ("test", "e.yaml")):
            done = subprocess.run([TRAMA, *arguments], cwd=self.folder, capture_output=True, timeout=60)
            done.said = done.stderr.decode("utf-8", "replace")
            self.assertEqual(done.returncode, 3, done.said)
            self.safe(done)
        self.write("e.yaml", f"mapping: {column}\nversion: 1\ncolumns:\n  {column}: {{from: {column}, type: integer}}\n"
                             f"tests:\n  - {{name: {column}, given: {{a: x}}, expect_rows: [{{{column}: 1}}]}}\n")
        for arguments in (("check", "--plan", "e.yaml"), ("check", "--plan", "--format", "json", "e.yaml"), ("check", "--expanded", "e.yaml"),
                          ("test", "e.yaml"), ("test", "--coverage", "e.yaml"), ("test", "--format", "junit", "e.yaml"),
                          ("test", "--format", "json", "e.yaml")):
            done = subprocess.run([TRAMA, *arguments], cwd=self.folder, capture_output=True, timeout=60)
            done.said = done.stderr.decode("utf-8", "replace")
            self.assertIn(done.returncode, (0, 3), done.said)
            self.safe(done)

    def test_preview_of_evil_names_and_values(self):
        evil = json.dumps(self.EVIL)
        self.write("e.yaml", f"mapping: e\nversion: 1\ninput: {{id: a}}\ncolumns:\n  {evil}: {{from: a, one_of: [{evil}]}}\n")
        self.write("in", f'{{"a": {evil}}}\n{{{evil}: 1, {evil}: 2}}\n{{"a": "x"}}\n{{"a": {evil}'.encode())
        done = subprocess.run([TRAMA, "preview", "e.yaml", "in"], cwd=self.folder, capture_output=True, timeout=60)
        done.said = done.stderr.decode("utf-8", "replace")
        self.assertEqual(done.returncode, 0, done.said)
        self.safe(done, "DUPLICATE_FIELD", "JSON_INVALID", "a␛[31m<U+202E>b␇<U+009B>c")

    def test_what_a_rejects_file_says(self):
        self.write("in", b'{"id":"1","a":"x"}\n7\n')
        self.trama("m.yaml", "in", "-o", "out.csv")
        line = json.loads(self.read("out.csv.rejects.jsonl"))
        line["file"] = self.EVIL
        self.write("evil.jsonl", json.dumps(line) + "\n")
        self.safe(self.trama("evil.jsonl", "-m", "m.yaml", command="replay"))


class Outputs(Folder):
    def test_everything_rejected(self):
        self.write("m.yaml", mapping(more="  N: {from: a, type: integer}\n"))
        self.write("out.csv", "yesterday's\n")
        self.write("in", LINES)
        done = self.trama("m.yaml", "in", "-o", "out.csv")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.read("out.csv"), "yesterday's\n")
        self.kept = ".incomplete"
        self.assertEqual(len(self.rejects()), 3)
        self.assertIn("was not published", done.said)

    def test_a_run_that_does_not_publish_leaves_what_belongs_to_the_output(self):
        """Rejects and summary of yesterday stay with the rows of yesterday, whatever kept today's from coming."""
        self.write("in", LINES + b"bad\n")
        self.assertEqual(self.trama("m.yaml", "in", "-o", "out.csv", "--summary", "s.json").returncode, 1)
        belongs = {name: self.read(name) for name in ("out.csv", "out.csv.rejects.jsonl", "s.json")}
        for name, content in (("empty", b""), ("list", b"[]"), ("half", b'[{"id":"1"}'), ("no", b"bad\n"), ("html", b"<html>")):
            self.write(name, content)
        self.write("strict.yaml", mapping(limits="limits: {rejected_at_most: 0}\n"))
        for file, mapped, code in (("empty", "m.yaml", 4), ("list", "m.yaml", 2), ("half", "m.yaml", 4), ("no", "m.yaml", 4),
                                   ("html", "m.yaml", 4), ("in", "strict.yaml", 2), ("missing", "m.yaml", 4), ("in", "no.yaml", 3)):
            done = self.trama(mapped, file, "-o", "out.csv", "--summary", "s.json")
            self.assertEqual(done.returncode, code, done.said)
            for name, content in belongs.items():
                self.assertEqual(self.read(name), content, (file, name))
            self.assertEqual(json.loads(self.read("s.json.incomplete"))["exit"], code)
        # and the next that publishes leaves nothing of that behind
        self.assertEqual(self.trama("m.yaml", "in", "-o", "out.csv", "--summary", "s.json").returncode, 1)
        self.assertFalse([name for name in self.names() if name.endswith(".incomplete")])

    def test_old_rejects_never_stand_beside_a_new_run(self):
        self.write("in", LINES)
        self.write("out.csv.rejects.jsonl", "old\n")
        self.assertEqual(self.trama("m.yaml", "in", "-o", "out.csv").returncode, 0)
        self.assertEqual(self.read("out.csv.rejects.jsonl"), "")
        self.assertEqual(self.names(), ["in", "m.yaml", "out.csv", "out.csv.rejects.jsonl"])

    def test_full_disk(self):
        self.write("in", LINES * 1000)
        done = self.trama("m.yaml", "in", "-o", "/dev/full", "--rejects", "r")
        self.assertEqual(done.returncode, 5)
        self.assertIn("OUTPUT_UNWRITABLE: /dev/full cannot be written: No space left on device", done.said)
        for out in (["--rejects", "/dev/full"], ["--summary", "/dev/full"]):
            self.write("in", LINES + b"bad\n")
            done = self.trama("m.yaml", "in", "-o", "out.csv", *out)
            self.assertEqual(done.returncode, 5, done.said)
            self.assertIsNone(self.read("out.csv"))

    def test_full_screen(self):
        """What a command has to say on standard output is its result: where that is not taken, it fails."""
        commands = [("check", "m.yaml"), ("check", "m.yaml", "--plan"), ("check", "m.yaml", "--format", "json"), ("schema",),
                    ("error",), ("error", "JSON_INVALID"), ("test", "m.yaml"), ("--help",), ("--version",),
                    ("profile", "in"), ("profile", "in", "--format", "json")]
        self.write("in", LINES)
        for command in commands:
            for lang, words in (("en", "standard output cannot be written"), ("es", "no se puede escribir la salida estándar")):
                with self.subTest(command=command, lang=lang), open("/dev/full", "wb") as full:
                    done = subprocess.run([TRAMA, *command, "--lang", lang], cwd=self.folder, stdout=full, stderr=subprocess.PIPE,
                                          text=True, timeout=60, check=False)
                    self.assertEqual(done.returncode, 5, done.stderr)
                    self.assertIn("OUTPUT_UNWRITABLE", done.stderr)
                    self.assertIn(words, done.stderr)

    @unittest.skipIf(os.environ.get("TRAMA_SANITIZED"), "a sanitizer takes descriptors of its own")
    def test_few_descriptors(self):
        """All that publishing needs is opened before anything is read: where there are too few, nothing is begun."""
        self.write("in", LINES + b"bad\n")
        self.assertEqual(self.trama("m.yaml", "in", "-o", "out.csv", "--summary", "s.json").returncode, 1)
        before = {name: self.read(name) for name in self.names()}
        self.write("in", LINES + LINES[:19].replace(b"1", b"4") + b"bad\n")
        before["in"] = self.read("in")
        for most in range(4, 16):
            command = f"ulimit -n {most}; exec {TRAMA} run m.yaml in -o out.csv --summary s.json"
            done = subprocess.run(["bash", "-c", command], cwd=self.folder, capture_output=True, check=False)
            after = {name: self.read(name) for name in self.names()}
            if done.returncode == 1:
                self.assertEqual(self.read("out.csv"), ROWS + "4,x\n")
                self.assertEqual(json.loads(self.read("s.json"))["rows"], 4)
                break
            after.pop("s.json.incomplete", None)  # written where there was room for it
            self.assertEqual((after, most), (before, most), done.stderr)
        else:
            self.fail("no number of descriptors is enough")
        self.assertGreater(most, 6)

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root writes everywhere")
    def test_folders_that_may_not_be_written(self):
        """Rejects or summary in a folder where nothing can be made: told before anything is read, and nothing changes."""
        (self.folder / "shut").mkdir()
        (self.folder / "open").mkdir()
        self.write("in", LINES + b"bad\n")
        for name in ("open/out.csv", "shut/r", "shut/s.json"):
            self.write(name, "yesterday's\n")
        for path in (self.folder, self.folder / "open"):
            path.chmod(0o777)
        for path in (self.folder / "open/out.csv", self.folder / "shut/r", self.folder / "shut/s.json"):
            path.chmod(0o666)
        (self.folder / "shut").chmod(0o555)
        lower = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
        for place in (["--rejects", "shut/r"], ["--summary", "shut/s.json"], ["--rejects", "none/r"], ["--summary", "none/s"]):
            done = subprocess.run([*lower, TRAMA, "run", "m.yaml", "in", "-o", "open/out.csv", *place], cwd=self.folder,
                                  capture_output=True, check=False)
            if done.returncode in (126, 127):
                self.skipTest("the program cannot be reached by another user")
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn(b"OUTPUT_UNWRITABLE", done.stderr)
            self.assertEqual(self.read("open/out.csv"), "yesterday's\n")
            self.assertEqual(self.read("shut/r"), "yesterday's\n")
            self.assertEqual(self.read("shut/s.json"), "yesterday's\n")
            self.assertEqual([path.name for path in (self.folder / "open").iterdir()], ["out.csv"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can make a small disk")
    def test_small_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True, check=False).returncode != 0:
            self.skipTest("no right to mount")
        self.addCleanup(subprocess.run, ["umount", disk], check=False)
        (disk / "out.csv").write_text("yesterday's\n")
        self.write("in", LINES * 10000)
        done = self.trama("m.yaml", "in", "-o", "disk/out.csv", "--rejects", "r")
        self.assertEqual(done.returncode, 5)
        self.assertIn("No space left on device", done.said)
        self.assertEqual((disk / "out.csv").read_text(), "yesterday's\n")
        self.assertEqual([path.name for path in disk.iterdir()], ["out.csv"])
        self.assertNotIn("rejects kept in", done.said)
        # not the rows are too big for it, but what goes with them: all or nothing
        (disk / "full").write_bytes(bytes(60 * 1024))
        self.write("in", LINES + b"bad\n")
        for place in ("--rejects", "--summary"):
            done = self.trama("m.yaml", "in", "-o", "out.csv", place, "disk/f")
            self.assertEqual(done.returncode, 5, done.said)
            self.assertEqual(done.said.count("disk/f cannot be written: No space left on device"), 1, done.said)
            self.assertNotIn("rejects kept in", done.said)
            self.assertEqual(self.names(), ["disk", "in", "m.yaml"])
            self.assertEqual(sorted(path.name for path in disk.iterdir()), ["full", "out.csv"])

    def test_places_that_cannot_be_written(self):
        self.write("in", LINES)
        (self.folder / "d").mkdir()
        for out in ("d", "none/out.csv", "m.yaml/out.csv"):
            done = self.trama("m.yaml", "in", "-o", out)
            self.assertEqual((done.returncode, done.stdout), (5, b""), done.said)
            self.assertIn("OUTPUT_UNWRITABLE: " + out, done.said)

    def test_closed_pipe(self):
        self.write("in", LINES * 200000)
        done = subprocess.run(f"{TRAMA} run m.yaml in 2>said | head -1; echo ${{PIPESTATUS[0]}}", shell=True, executable="/bin/bash",
                              cwd=self.folder, capture_output=True, check=False)
        self.assertEqual(done.stdout, b"1,x\n5\n")
        self.assertEqual(self.read("said"), "trama: the reader of the output closed it before the end\n")

    def test_an_output_that_is_an_input(self):
        self.write("in", LINES)
        os.link(self.folder / "in", self.folder / "same")
        os.symlink("in", self.folder / "link")
        self.write("out.csv.incomplete", LINES)
        self.write("out2.csv.rejects.jsonl", LINES)
        for arguments in (["in", "-o", "in"], ["in", "-o", "./in"], ["in", "-o", "same"], ["link", "-o", "in"], ["in", "-o", "o", "--rejects", "in"],
                          ["in", "-o", "o", "--summary", "same"], ["in", "-o", "m.yaml"], ["out.csv.incomplete", "-o", "out.csv"],
                          ["out2.csv.rejects.jsonl", "-o", "out2.csv"], ["in", "-o", "o", "--rejects", "./o"],
                          ["in", "-o", "o", "--summary", "o.rejects.jsonl"]):
            before = self.names()
            done = self.trama("m.yaml", *arguments)
            self.assertEqual(done.returncode, 64, (arguments, done.said))
            self.assertIn("USAGE", done.said)
            self.assertEqual(self.names(), before)
            self.assertEqual(self.read("in").encode(), LINES)

    def test_a_report_that_is_an_input(self):
        """Of every command that writes one: inputs, mappings, what they read, and the names that an output has before it is whole."""
        table = b"code,name\nx,Ex\n"
        self.write("t.csv", table)
        self.write("l.yaml", mapping(more="  B: {from: a, lookup: t}\ntables: {t: {file: t.csv, key: code, value: name}}\n"))
        self.write("e.yaml", "extends: l.yaml\nmapping: e\nversion: 1\n")
        for name in ("in", "l.profile.json", "d.incomplete", "d.previous"):
            self.write(name, LINES)
        before = {name: (self.folder / name).read_bytes() for name in self.names()}
        for command, *arguments in (
            ["infer", "in", "-o", "in"], ["infer", "d.incomplete", "-o", "d"], ["infer", "d.previous", "-o", "d"], ["infer", "in", "--like", "e.yaml", "-o", "l.yaml"],
            ["infer", "in", "--like", "e.yaml", "-o", "e.yaml"], ["profile", "d.incomplete", "-o", "d"],
            ["profile", "l.profile.json", "--record", "l.yaml"], ["profile", "in", "--against", "l.yaml", "-o", "l.profile.json"],
            ["profile", "in", "--against", "e.yaml", "-o", "t.csv"], ["diff", "l.yaml", "e.yaml", "in", "-o", "t.csv"], ["diff", "e.yaml", "m.yaml", "in", "-o", "l.yaml"],
            ["diff", "l.yaml", "e.yaml", "d.incomplete", "-o", "d"], ["check", "e.yaml", "--format", "sarif", "--output", "t.csv"],
            ["test", "e.yaml", "--format", "junit", "--output", "l.yaml"],
        ):
            with self.subTest(command=command, arguments=arguments):
                for name, content in before.items():
                    self.write(name, content)
                done = subprocess.run([TRAMA, command, *arguments], cwd=self.folder, check=False, capture_output=True, timeout=120)
                self.assertIn(b"USAGE", done.stderr)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertEqual({name: (self.folder / name).read_bytes() for name in self.names()}, before)
        for command in ("infer", "profile"):
            with open(self.folder / "in", "rb") as stdin:
                done = subprocess.run([TRAMA, command, "-", "-o", "in"], cwd=self.folder, check=False, stdin=stdin, capture_output=True, timeout=120)
            self.assertEqual((done.returncode, self.read("in").encode()), (64, LINES), done.stderr)

    def test_two_runs_at_once(self):
        first = self.start("m.yaml", "-", "-o", "out.csv", stdin=subprocess.PIPE)
        self.wait_for("out.csv.incomplete")
        self.write("in", LINES)
        second = self.trama("m.yaml", "in", "-o", "out.csv")
        self.assertEqual(second.returncode, 75, second.said)
        self.assertIn("OUTPUT_BUSY", second.said)
        _, said = first.communicate(LINES)
        self.assertEqual(first.returncode, 0, said)
        self.assertEqual(self.read("out.csv"), ROWS)

    def wait_for(self, name):
        for _ in range(500):
            if (self.folder / name).exists():
                return
            time.sleep(0.01)
        self.fail(name + " did not come")


class Signals(Folder):
    def test_while_waiting(self):
        """On a pipe that brings nothing, by any number of threads, and on one that nobody reads."""
        for threads in (1, 4):
            for number in (signal.SIGINT, signal.SIGTERM):
                for before in (b"", LINES * 20000):
                    run = self.start("m.yaml", "-", "-o", "out.csv", "--threads", threads, stdin=subprocess.PIPE)
                    self.interrupt(run, number, before, "out.csv.incomplete")
        self.write("in", LINES * 100000)
        for threads in (1, 4):
            run = self.start("m.yaml", "in", "--threads", threads, stdout=subprocess.PIPE)
            time.sleep(0.3)  # by now it waits for us to read
            self.assertIsNone(run.poll())
            run.send_signal(signal.SIGTERM)
            self.assertEqual(run.wait(5), 143)
            run.stdout.close()
            run.stderr.close()

    def test_at_random_times(self):
        self.write("in", LINES * 30000)
        chance = random.Random(1)
        self.assertEqual(self.trama("m.yaml", "in", "-o", "whole.csv").returncode, 0)
        whole = self.read("whole.csv")
        seen = set()
        for turn in range(40):
            number = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
            run = self.start("m.yaml", "in", "-o", "out.csv", "--threads", chance.choice([1, 2, 8]), stdout=subprocess.DEVNULL)
            time.sleep(chance.random() * 0.3)
            run.send_signal(number)
            run.communicate()
            seen.add(run.returncode)
            self.assertIn(run.returncode, (0, 128 + number, -number), turn)  # -SIGINT: before it was watched for
            out = self.read("out.csv")
            self.assertIn(out, (None, whole) if run.returncode in (0, -signal.SIGKILL) else (None,), turn)
            if run.returncode == 0:
                self.assertEqual(out, whole)
            (self.folder / "out.csv").unlink(missing_ok=True)
        self.assertTrue(seen & {130, 143, -9}, seen)

    def test_killed_at_any_time_the_files_belong_together(self):
        """Rows, rejects and summary of one run, after the next run has settled what a kill left: by their numbers of records."""
        chance = random.Random(7)
        for number, more in enumerate((b"", b"bad\n", b"bad\nbad\n")):
            self.write(f"in{number}", LINES * (2000 + number) + more)
        for _ in range(40):
            which = chance.randrange(3)
            run = self.start("m.yaml", f"in{which}", "-o", "out.csv", "--summary", "s.json", "--threads", "2", stdout=subprocess.DEVNULL)
            time.sleep(chance.random() * 0.06)
            run.kill()
            run.communicate()
            # any run on this output settles it, one that publishes nothing too
            self.trama("m.yaml", "-", "-o", "out.csv", "--summary", "s.json", stdin=b"[]")
            self.assertNotIn("out.csv.publishing", self.names())
            rows, rejects, summary = self.read("out.csv"), self.read("out.csv.rejects.jsonl"), self.read("s.json")
            if rows is None:
                self.assertEqual((rejects, summary), (None, None))
                continue
            counts = json.loads(summary)
            self.assertEqual((counts["rows"], counts["records"]["rejected"]), (rows.count("\n"), rejects.count("\n")))
            self.assertIn(counts["rows"], (6000, 6003, 6006))

    def test_killed_and_run_again(self):
        self.write("in", LINES * 50000)
        self.assertEqual(self.trama("m.yaml", "in", "-o", "whole.csv").returncode, 0)
        run = self.start("m.yaml", "in", "-o", "out.csv")
        Outputs.wait_for(self, "out.csv.incomplete")
        run.kill()
        run.communicate()
        if run.returncode == -9:
            self.assertIsNone(self.read("out.csv"))
        self.assertEqual(self.trama("m.yaml", "in", "-o", "out.csv").returncode, 0)
        self.assertEqual(self.read("out.csv"), self.read("whole.csv"))
        self.assertFalse((self.folder / "out.csv.incomplete").exists())


class Memory(Folder):
    def peak(self, *arguments, produce):
        """Peak memory in MiB of a run that reads what `produce` gives."""
        run = self.start(*arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for block in produce:
            run.stdin.write(block)
        run.stdin.flush()
        time.sleep(0.2)
        status = pathlib.Path(f"/proc/{run.pid}/status").read_text()
        _, said = run.communicate()
        return run.returncode, int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024, said

    @unittest.skipIf(os.environ.get("TRAMA_SANITIZED"), "a sanitizer's own memory is not ours")
    def test_flat(self):
        block = LINES * 3000
        for before, behind, words in ((b"", b"", ""), (b"[", b'{"id":"9"}]', "")):
            piece = block if not before else LINES.replace(b"\n", b",\n") * 3000
            self.write("m.yaml", mapping(words))
            _, small, _ = self.peak("m.yaml", "-", "--threads", "2", produce=[before, piece, behind])
            code, peak, said = self.peak("m.yaml", "-", "--threads", "2", produce=[before] + [piece] * 600 + [behind])
            self.assertEqual(code, 0, said)
            self.assertLess(peak, 64, said)
        big = [b'{"id":"2","a":"'] + [b"0" * 1_000_000] * 100 + [b'"}\n']
        code, peak, said = self.peak("m.yaml", "-", "-o", "out.csv", produce=[LINES] + big)
        self.assertEqual(code, 1, said)
        self.assertLess(peak, 64)
        self.assertGreater(small, 1)


class Profiles(Folder):
    """`trama profile` ends as a run does."""

    def profile(self, *arguments, stdin=b""):
        done = subprocess.run([TRAMA, "profile", *map(str, arguments)], input=stdin, cwd=self.folder, check=False, capture_output=True, timeout=120)
        done.said = done.stderr.decode("utf-8", "replace")
        for line in done.said.splitlines():
            self.assertFalse(line.startswith(("terminate", "Aborted", "==")), done.said)
        return done

    def test_inputs(self):
        packed = gzip.compress(LINES * 5000)
        for name, data, exit_code, said in (("empty", b"", 4, "INPUT_EMPTY"), ("blank", b" \n \n", 4, "INPUT_NOT_JSON"), ("list", b"[]", 0, ""), ("bad", b"bad\n", 4, "INPUT_NOT_JSON"),
                                            ("packed", packed, 0, ""), ("cut", packed[:-20], 4, "INPUT_CUT_OFF"), ("open", b'[{"a":1},', 4, "INPUT_CUT_OFF")):
            with self.subTest(name):
                self.write("in", data)
                done = self.profile("in", "-o", "out")
                self.assertEqual(done.returncode, exit_code, done.said)
                self.assertIn(said, done.said)
                self.assertEqual(self.read("out") is not None, exit_code < 2)
                (self.folder / "out").unlink(missing_ok=True)

    def test_outputs(self):
        self.write("in", LINES)
        self.assertEqual(self.profile("in", "-o", "/dev/full").returncode, 5)
        self.assertEqual(self.profile("in", "-o", "no/such/folder").returncode, 5)
        self.assertEqual(self.profile("in", "-o", "in").returncode, 64)
        self.assertEqual(self.read("in"), LINES.decode())
        done = subprocess.run(f"{TRAMA} profile in | true; echo ${{PIPESTATUS[0]}}", shell=True, executable="/bin/bash", cwd=self.folder,
                              capture_output=True, check=False)
        self.assertIn(done.stdout, (b"0\n", b"5\n"))

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for before in (b"", LINES * 20000):
                run = subprocess.Popen([TRAMA, "profile", "-", "-o", "out", "--threads", "2"], cwd=self.folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
                self.interrupt(run, number, before, "out.incomplete")

    def test_nothing_obeys(self):
        """Keys and values of a dump are shown, not obeyed."""
        self.write("in", json.dumps({"a\u001b[2Jb": "x\u001b]0;t\u0007", "\u202ekey": "\u202evalue"}) + "\n")
        for more in ([], ["--format", "json"]):
            for byte in (b"\x1b", b"\x07", "\u202e".encode()):
                self.assertNotIn(byte, self.profile("in", *more).stdout)

    @unittest.skipIf(os.environ.get("TRAMA_SANITIZED"), "a sanitizer's own memory is not ours")
    def test_memory(self):
        """64 MiB, whatever the dump is: 10,000 paths with more values than can be kept, 100,000 paths, keys of data."""
        chance = random.Random(5)
        many = "".join("{" + ",".join(f'"f{i}x":[{chance.random()},"{chance.randbytes(30).hex()}"]' for i in range(5000)) + "}\n" for _ in range(40))
        paths = "{" + ",".join(f'"k{i}x":{{"v":{i}}}' for i in range(100000)) + "}\n"
        ids = "".join(json.dumps({"r": {chance.randbytes(8).hex(): {"p": i} for i in range(200)}}) + "\n" for _ in range(1000))
        for name, text in (("many", many), ("paths", paths * 5), ("ids", ids), ("long", json.dumps({"k" * 10**6 + str(i): "v" * 10**6 for i in range(5)}) + "\n")):
            with self.subTest(name):
                self.write("in", text)
                run = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
                done = subprocess.run([sys.executable, "-c", run, TRAMA, "profile", "in", "--threads", "1", "--format", "json"], cwd=self.folder, capture_output=True,
                                      text=True, check=True)
                self.assertLess(int(done.stdout) / 1024, 64 if name != "long" else 128, name)


class Made(Folder):
    """What a run makes is bounded, and not only what it reads."""

    SPACE = 450 * 1024 * 1024  # of addresses; two threads of an unoptimised build need 100 MiB before they begin

    def bounded(self, rows_words, columns, data, exit_code, code="", output="format: csv, header: no", seconds=0):
        """Runs within SPACE, or within so many seconds of processor time."""
        self.write("m.yaml", f"mapping: m\nversion: 1\n{rows_words}columns:\n{columns}output: {{{output}}}\n")
        self.write("in", data)

        def limits():
            if not os.environ.get("TRAMA_SANITIZED"):
                resource.setrlimit(resource.RLIMIT_AS, (self.SPACE, self.SPACE))
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

        done = self.trama("m.yaml", "in", "-o", "/dev/null", "--rejects", "r.jsonl", "--threads", "2", preexec_fn=limits)
        self.assertEqual(done.returncode, exit_code, done.said[:3000])
        self.assertLess(len(done.said), 20000)
        for name in self.names():
            if name.startswith("r.jsonl"):
                self.made = (self.folder / name).read_bytes()
                (self.folder / name).unlink()
        if code:
            self.assertEqual([error["code"] for error in json.loads(self.made)["errors"]], [code])
        return done

    def test_rows_of_one_record(self):
        items = ",".join(["1"] * 300)
        self.bounded("rows: [{one_per: a, called: x, at_most: 100000000}, {one_per: b, called: y}, {one_per: c, called: z}]\n",
                     "  X: x\n", '{"a":[%s],"b":[%s],"c":[%s]}' % (items, items, items), 2, "ROWS_TOO_BIG")
        self.bounded("rows: {one_per: l, called: x}\n", "  D: d\n",
                     '{"d":"%s","l":[%s]}' % ("x" * 100000, ",".join(["{}"] * 10000)), 2, "ROWS_TOO_BIG")
        self.bounded("rows: {one_per: rooms, called: x}\n", '  A: {from: "rooms[*].n", join: ","}\n',
                     '{"rooms":[%s]}' % ",".join(['{"n":"abcdefghijkl"}'] * 9900), 2, "ROWS_TOO_BIG")

    def test_one_row(self):
        self.bounded("", '  A: {from: a, replace: {x: "%s"}}\n' % ("y" * 60000), '{"a":"%s"}' % ("x" * 100000), 2, "ROWS_TOO_BIG")
        self.bounded("", '  A: {from: "a[*]", join: "%s"}\n' % ("y" * 60000), '{"a":[%s]}' % ",".join(['"x"'] * 30000), 2, "ROWS_TOO_BIG")
        self.bounded("", "".join(f"  C{i}: a\n" for i in range(2000)), '{"a":"%s"}' % ("x" * 400000), 2, "ROWS_TOO_BIG")
        self.bounded("", "".join(f"  C{i}: {{from: a, text: upper-case}}\n" for i in range(2000)), '{"a":"%s"}' % ("x" * 400000), 2,
                     "ROWS_TOO_BIG")

    def test_rows_of_short_records(self):
        constants = "".join(f"  C{i}: {{value: {chr(97 + i) * 1024}}}\n" for i in range(10))
        self.bounded("", "  A: a\n" + constants, "{}\n" * 60000, 0, output="format: csv, header: no, blank_rows: keep")

    def test_rejects_of_short_records(self):
        done = self.bounded("", "  A: a\n" + "".join(f"  C{i}: {{from: c{i}, required: yes}}\n" for i in range(100)), "{}\n" * 20000, 2)
        self.assertIn("20,000 rejected", done.said)
        self.assertEqual(self.made.count(b"\n"), 20000)

    def test_errors_of_one_record(self):
        wrong = '{"l":[{"n":1},%s]}' % ",".join(['{"n":"a"}'] * 40000)
        rows = "rows: {one_per: l, called: x, at_most: 100000}\n"
        number = "  N: {from: x.n, type: integer%s}\n"
        personal = "  P: {from: p, personal: yes}\n"
        # within seconds what took a minute and more: places were looked for from the record's start for each
        self.bounded(rows, number % "" + personal, wrong, 2, seconds=20)
        line = json.loads(self.made)
        self.assertEqual((len(line["errors"]), line["more_errors"]), (100, 39900))
        self.bounded(rows, number % ", when_wrong: write-blank" + personal, wrong, 1, seconds=20,
                     output="format: csv, header: no, blank_rows: keep")
        self.bounded(rows.replace("}", ", bad_item: skip-item}"), number % "" + personal, wrong, 1, seconds=20)
        self.bounded("", "  L: {each: l, called: x, columns: {N: {from: x.n, type: integer}}}\n" + personal, wrong, 2, seconds=20,
                     output="format: ndjson")


class Replays(Folder):
    """Rejects files that are broken, twice there, or not to be run again: told, and nothing lost in silence."""

    BAD = b'{"id":"1","a":1}\n{"id":"2"\n{"id":"3","id":"3"}\n{"id":"4","a":"\xff"}\n{"id":"5","a":"x\\n"}\n7\n'

    def setUp(self):
        super().setUp()
        self.write("m.yaml", mapping(more="  N: {from: a, type: integer, required: yes}\n"))
        self.write("in", self.BAD)
        self.assertEqual(self.trama("m.yaml", "in", "-o", "first.csv").returncode, 1)
        self.lines = (self.folder / "first.csv.rejects.jsonl").read_bytes().splitlines(keepends=True)

    def replay(self, content, *arguments, exit_code=None, said="", name="r", **more):
        self.write(name, content)
        done = self.trama(name, "-m", "m.yaml", "-o", "out.csv", "--summary", "s.json", *arguments, command="replay", **more)
        if exit_code is not None:
            self.assertEqual(done.returncode, exit_code, done.said)
        self.assertIn(said, done.said)
        if done.returncode in (3, 4, 64):
            self.assertFalse([name for name in self.names() if name.startswith(("out.", "s.json")) and name != "s.json.incomplete"], done.said)
            self.assertEqual(json.loads(self.read("s.json.incomplete"))["exit"], done.returncode)
        self.kept = "" if done.returncode in (0, 1, 6) else ".incomplete"
        return done

    @staticmethod
    def without_run(line):
        """The run's id is in the digest too."""
        return re.sub(r'"run": "[^"]*"|, "digest": "[^"]*"', "", line.strip())

    @staticmethod
    def digested(line):
        """The line with the digest that trama would give it."""
        before = re.sub(rb', "digest": "[^"]*"\}\s*$|\}\s*$', b"", line)
        return before + b', "digest": "sha256:' + hashlib.sha256(before).hexdigest().encode() + b'"}\n'

    def test_the_same_again(self):
        self.replay(b"".join(self.lines), exit_code=2, said="5 records read = 0 written + 5 rejected")
        again = [self.without_run(line) for line in self.read("out.csv.rejects.jsonl.incomplete").splitlines()]
        self.assertEqual(again, [self.without_run(line.decode()) for line in self.lines])

    def test_nothing_to_do(self):
        self.replay(b"", exit_code=0, said="0 records read")
        self.assertEqual(self.read("out.csv"), "")
        self.assertEqual(self.read("out.csv.rejects.jsonl"), "")

    def test_other_forms(self):
        whole = b"".join(self.lines)
        for content in (gzip.compress(whole), b"\xef\xbb\xbf" + whole, whole.replace(b"\n", b"\r\n\r\n"), whole[:-1]):
            self.replay(content, exit_code=2, said="5 records read = 0 written + 5 rejected")
            for name in ("out.csv.incomplete", "out.csv.rejects.jsonl.incomplete", "s.json.incomplete"):
                (self.folder / name).unlink()
        self.replay(gzip.compress(whole)[:-9], exit_code=4, said="r is cut off")

    def test_what_is_wrong(self):
        first = self.lines[0]
        cases = (
            (first[:-20], "r, line 1: it is damaged"),
            (first + b"{}\n", 'r, line 2: it has no "replay"'),
            (first + b"\n\nnull\n", "r, line 4: it is not a line of a rejects file"),
            (first + first, "r, line 2: record 2 of in is in the rejects twice"),
            (b"[" + b",".join(self.lines) + b"]", "r, line 1: it is not a line of a rejects file"),
            (json.dumps([json.loads(first)], indent=1).encode(), "r, line 1: it"),
            (self.BAD, 'r, line 1: it has no "replay"'),
            (re.sub(rb', "source.*', b"}", first), "it does not hold its record"),
            (first.replace(b'"record": 2', b'"record": -2'), "it does not say where its record stood"),
            (self.digested(first.replace(b'"records": "auto"', b'"records": "ndjson"')), "the records were found by 'ndjson'"),
            (self.digested(first.replace(b'"auto"', b'"auto", "duplicates": "keep last of /id"')), "duplicates were decided by"),
            (first.replace(b'"auto"', b'"auto", "masked": true'), "--rejects-without-personal"),
            (self.digested(first.replace(b'"mapping": "m"', b'"mapping": "n"')), "REPLAY_REFUSED: r, line 1: this is a reject of the mapping 'n'"),
            (self.digested(self.lines[3].replace(b'"a":"x', b'"a":"y')), 'its "source_sha256" is not that of its record'),
        )
        for content, said in cases:
            done = self.replay(content, said=said)
            self.assertIn(done.returncode, (3, 4), done.said)

    def test_rewritten(self):
        """What other programs make of the lines, and of single members: refused by the line, and nothing is written."""
        whole = b"".join(self.lines)
        python = b"".join(json.dumps(json.loads(line)).encode() + b"\n" for line in self.lines[:2])
        compact = b"".join(json.dumps(json.loads(line), separators=(",", ":")).encode() + b"\n" for line in self.lines[:2])
        for content, line in ((python, 2), (compact, 1), (whole.replace(b'"a":"x', b'"a":"y'), 4), (whole.replace(b'"record": 3', b'"record": 30'), 2),
                              (whole.replace(b'"stage": "map"', b'"stage": "duplicate"'), 4), (whole.replace(b'"file": "in"', b'"file": "on"', 1), 1),
                              (whole.replace(b'"line_ends"', b'"line_end"'), None), (re.sub(rb', "digest": "[^"]*"', b"", whole), 1),
                              (re.sub(rb'"digest": "sha256:.', b'"digest": "sha256:g', whole), 1)):
            if content == whole:
                continue
            self.replay(content, exit_code=4, said=f"REJECTS_REWRITTEN: r, line {line}: ")
        # `others` are taken where a person says so, and no other is
        changed = whole.replace(b'"a":"x\\n"', b'"a":5')
        self.assertNotEqual(changed, whole)
        self.replay(changed, "--corrected", exit_code=1, said="as the line is not as trama wrote it: 1 record;")
        self.assertEqual(self.read("out.csv"), "5,5,5\n")
        self.assertEqual(json.loads(self.read("s.json"))["corrected"], 1)
        for name in ("out.csv", "out.csv.rejects.jsonl", "s.json"):
            (self.folder / name).unlink()
        self.replay(whole[:-20], "--corrected", exit_code=4, said="REJECTS_INVALID")
        self.assertIn("5,5,5", self.corrected_in_turn(changed))

    def corrected_in_turn(self, changed):
        """What is rejected again of corrected lines is written anew, with digests of its own: it can be run again as it is."""
        self.replay(changed.replace(b'"a":5', b'"a":"five"'), "--corrected", exit_code=2)
        again = (self.folder / "out.csv.rejects.jsonl.incomplete").read_bytes()
        for name in self.names():
            if name.startswith(("out.", "s.json")):
                (self.folder / name).unlink()
        self.assertIn("five", again.decode("utf-8", "replace"))
        self.replay(again, exit_code=2, said="REJECTS_UNPUBLISHED", name="again.incomplete")
        for name in self.names():
            if name.startswith(("out.", "s.json")):
                (self.folder / name).unlink()
        self.replay(again.replace(b'"five"', b"5"), "--corrected", exit_code=1)
        return self.read("out.csv")

    def test_inputs_are_no_outputs(self):
        whole = b"".join(self.lines)
        for name in ("out.csv", "out.csv.rejects.jsonl", "s.json", "out.csv.incomplete", "s.json.incomplete", "out.csv.publishing",
                     "out.csv.rejects.jsonl.previous"):
            self.write(name, whole)
            done = self.trama(name, "-m", "m.yaml", "-o", "out.csv", "--summary", "s.json", command="replay")
            self.assertEqual(done.returncode, 64, done.said)
            self.assertEqual((self.folder / name).read_bytes(), whole)
            (self.folder / name).unlink()
        done = self.trama("first.csv.rejects.jsonl", "-m", "m.yaml", command="replay")
        self.assertEqual(done.returncode, 2, done.said)
        self.assertEqual((self.folder / "first.csv.rejects.jsonl").read_bytes(), whole)
        self.assertTrue((self.folder / "first.csv.again.rejects.jsonl").exists())

    def test_changed_bytes(self):
        whole = b"".join(self.lines)
        random.seed(3)
        for _ in range(300):
            content = bytearray(whole)
            for _ in range(random.randint(1, 3)):
                at = random.randrange(len(content))
                content[at : at + random.choice((0, 1, 1, 9))] = random.choice((b"", b"x", b'"', b"\n", b"\xff", b"}", b"\\", b"0"))
            done = self.replay(bytes(content))
            self.assertIn(done.returncode, (2, 4), done.said)
            if done.returncode == 2:  # nothing but blanks between lines was changed
                lines = [line.strip() for line in bytes(content).split(b"\n") if line.strip()]
                self.assertEqual(lines, [line.strip() for line in self.lines])
            for name in self.names():
                if name.startswith(("out.", "s.json")):
                    (self.folder / name).unlink()


if __name__ == "__main__":
    if len(sys.argv) > 1 and "/" in sys.argv[1]:
        TRAMA = sys.argv.pop(1)
    TRAMA = str(pathlib.Path(TRAMA).resolve())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main()
