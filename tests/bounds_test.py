#!/usr/bin/env python3
"""No mapping and no dump makes a run take more memory than its budget (--memory): hostile pairs of both, each run within an address space
of twice the budget and what the program itself takes.

    tests/bounds_test.py build/dev/trama            as a test
    tests/bounds_test.py build/release/trama --table    also prints what each pair takes
"""
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

TRAMA = "build/dev/trama"
TABLE = False
MEBI = 1024 * 1024
BUDGET = 256
# Beside the budget, in MiB: the program, its libraries and their data (an unoptimised build is larger), and for each thread its stack and
# the part of the address space that the allocator sets aside for it.
PROGRAM = 128
THREAD = 80
RESIDENT = 48  # of the program, what is in memory


def mapping(words="", columns="  A: a\n", output="{format: csv, header: no, blank_rows: keep}", more=""):
    return f"mapping: m\nversion: 1\n{words}columns:\n{columns}output: {output}\n{more}"


def items(n, item):
    return ",".join([item] * n)


def required(n):
    return "  A: a\n" + "".join(f"  C{i}: {{from: c{i}, required: yes}}\n" for i in range(n))


# Runs a program under limits, from a process that is small itself: the peak of a process counts what it was forked from.
WITHIN = """
import json, os, resource, sys
seconds, said, space, command = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4:]
child = os.fork()
if child == 0:
    os.dup2(said, 1)
    os.dup2(said, 2)
    for limit in space:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    os.execv(command[0], command)
_, status, usage = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime]))
"""


class Limited(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-bounds-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def run_within(self, budget, arguments, threads=2, seconds=120):
        space = (2 * budget + PROGRAM + THREAD * threads) * MEBI
        limits = [] if os.environ.get("TRAMA_SANITIZED") else [space]
        with open(self.folder / "said", "wb") as said:
            process = subprocess.run([sys.executable, "-S", "-c", WITHIN, str(seconds), str(said.fileno()), json.dumps(limits), TRAMA, *arguments],
                                     cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, pass_fds=[said.fileno()], check=True)
        returncode, peak, spent = json.loads(process.stdout)
        self.said = (self.folder / "said").read_text("utf-8", "replace")
        self.assertGreaterEqual(returncode, 0, self.said[-2000:])
        if TABLE:
            print(f"| {self.id().split('.')[-1]} {' '.join(arguments[3:])} | {returncode} | {budget} | {peak:.0f} | {spent:.1f} |", flush=True)
        if not os.environ.get("TRAMA_SANITIZED"):
            self.assertLess(peak, budget + RESIDENT, self.said[:2000])
        self.assertLess(len(self.said), 400_000)
        return returncode

    def pair(self, mapping_text, data, exits, code="", threads=2, budget=BUDGET, arguments=(), inputs=("in",)):
        self.write("m.yaml", mapping_text)
        if data is not None:
            self.write("in", data)
        memory = [] if budget == BUDGET else ["--memory", f"{budget}M"]
        got = self.run_within(budget, ["run", "m.yaml", *inputs, "-o", "/dev/null", "--rejects", "r", "--threads", str(threads), *memory, *arguments],
                              threads)
        self.assertIn(got, exits if isinstance(exits, tuple) else (exits,), self.said[:3000])
        if code:
            told = self.said + "".join(path.read_text("utf-8", "replace")[:4000] for path in self.folder.glob("r*"))
            self.assertIn(code, told)

    def check(self, mapping_text, exit_code, code="", budget=BUDGET):
        self.write("m.yaml", mapping_text)
        got = self.run_within(budget, ["check", "m.yaml", *([] if budget == BUDGET else ["--memory", f"{budget}M"])], 1)
        self.assertEqual(got, exit_code, self.said[:3000])
        self.assertIn(code, self.said)


class Bounds(Limited):
    # Parquet: a row group is held -------------

    def test_parquet_of_many_columns_each_once_large(self):
        columns = "  A: a\n" + "".join(f"  C{i}: c{i}\n" for i in range(500))
        texts = random.Random(7)
        data = "".join(json.dumps({"a": str(n), f"c{n % 500}": f"{texts.getrandbits(400000):x}"}) + "\n" for n in range(1000))
        for threads in (1, 4):
            self.pair(mapping("", columns, "{format: parquet}"), data, 0, threads=threads)

    def test_parquet_of_different_texts(self):
        texts = random.Random(8)
        data = "".join(json.dumps({"a": f"{texts.getrandbits(12000):x}", "l": [{"b": str(n % 9)}] * (n % 50)}) + "\n" for n in range(40000))
        self.pair(mapping("", "  A: a\n  L:\n    each: l\n    columns:\n      B: item.b\n", "{format: parquet}"), data, 0)

    def test_parquet_of_one_record_that_is_large(self):
        each = "  A: a\n  L:\n    each: l\n    columns:\n" + "".join(f"      C{i}: item.c{i}\n" for i in range(50))
        self.pair(mapping("", each, "{format: parquet}"), '{"a":"1","l":[%s]}\n' % items(100000, "{}"), (0, 2))

    # What records make -------------

    def test_lists_that_multiply(self):
        data = '{"a":[%s],"b":[%s],"c":[%s]}' % ((items(300, "1"),) * 3)
        rows = "rows: [{one_per: a, called: x, at_most: 100000000}, {one_per: b, called: y}, {one_per: c, called: z}]\n"
        for budget in (BUDGET, 64):
            self.pair(mapping(rows, "  X: x\n"), data, 2, "ROWS_TOO_BIG", budget=budget)
        self.pair(mapping(rows, "  X: x\n"), (data + "\n") * 8, 2, "ROWS_TOO_BIG", threads=4)

    def test_text_of_the_record_in_each_row(self):
        data = '{"d":"%s","l":[%s]}\n' % ("x" * 100000, items(10000, "{}"))
        for budget, threads in ((BUDGET, 2), (BUDGET, 8), (64, 2)):
            self.pair(mapping("rows: {one_per: l, called: x}\n", "  D: d\n"), data * 8, 2, "ROWS_TOO_BIG", threads=threads, budget=budget)

    def test_text_joined_for_each_row(self):
        self.pair(mapping("rows: {one_per: rooms, called: x}\n", '  A: {from: "rooms[*].n", join: ","}\n'),
                  '{"rooms":[%s]}' % items(9900, '{"n":"abcdefghijkl"}'), 2, "ROWS_TOO_BIG")

    def test_long_replacements(self):
        self.pair(mapping("", '  A: {from: a, replace: {x: "%s"}}\n' % ("y" * 60000)), '{"a":"%s"}\n' % ("x" * 100000) * 4, 2, "ROWS_TOO_BIG")
        self.pair(mapping("", '  A: {from: "a[*]", join: "%s"}\n' % ("y" * 60000)), '{"a":[%s]}' % items(30000, '"x"'), 2, "ROWS_TOO_BIG")

    def test_many_columns_of_one_text(self):
        columns = "".join(f"  C{i}: a\n" for i in range(2000))
        self.pair(mapping("", columns), '{"a":"%s"}\n' % ("x" * 400000) * 4, 2, "ROWS_TOO_BIG")

    def test_many_items(self):
        self.pair(mapping("rows: {one_per: l, called: x, at_most: 10000000}\n", "  A: x\n"), '{"l":[%s]}' % items(3000000, "1"), 2, "ROWS_TOO_BIG")
        self.pair(mapping("", "  L: {each: l, called: x, columns: {N: x}}\n", "{format: ndjson}"), '{"l":[%s]}' % items(3000000, "1"), 0)

    def test_many_errors_of_short_records(self):
        self.pair(mapping("", required(100)), "{}\n" * 20000, 2, "REQUIRED_BLANK")
        self.pair(mapping("", required(1000)), "{}\n" * 3000, 2, "REQUIRED_BLANK", threads=8)

    def test_long_constants(self):
        columns = "  A: a\n" + "".join(f"  C{i}: {{value: {chr(97 + i) * 1024}}}\n" for i in range(10))
        for threads, budget in ((2, BUDGET), (16, BUDGET), (2, 32)):
            self.pair(mapping("", columns), "{}\n" * 60000, 0, threads=threads, budget=budget)

    def test_lines_that_are_no_records(self):
        for threads, budget in ((1, BUDGET), (16, BUDGET), (64, BUDGET), (2, 16)):
            self.pair(mapping(), "1\n" * 300000, 4, "JSON_INVALID", threads=threads, budget=budget)

    def test_control_characters(self):
        """In the rejects each is written as six characters."""
        self.pair(mapping(), b'{"a":' + b"\x01" * 12_000_000 + b"\n", (2, 4), "JSON_INVALID")

    # Records and inputs -------------

    def test_large_records(self):
        large = b'{"a":"%s"}\n' % (b"x" * 12_000_000)
        for threads in (2, 4):
            self.pair(mapping(), large * 10, 0, threads=threads)
        # The reader of each thread sets aside address space, not memory, for the index of a record of that size.
        self.pair(mapping(), large * 10, (0, 75), threads=16)
        self.pair(mapping("duplicates: {same: b, keep: last}\n"), large.replace(b"{", b'{"b":1,') * 6, 0, threads=16)
        self.pair(mapping(), large * 3, 2, "RECORD_TOO_BIG", budget=64)

    def test_large_records_that_are_rejected(self):
        large = b'{"a":"%s"}\n' % (b"x" * 12_000_000)
        self.pair(mapping(columns="  A: {from: a, type: integer}\n"), large * 6, 2, "NUMBER_UNREADABLE", threads=16)

    def test_long_ids(self):
        data = "".join('{"id":"%s%d","c%d":"x"}\n' % ("i" * 1_000_000, i, i) for i in range(60))
        columns = "".join(f"  C{i}: {{from: c{i}, type: integer, when_wrong: write-blank}}\n" for i in range(60))
        self.pair(mapping("input: {id: id}\n", columns), data, 0, threads=2, arguments=["--summary", "s"])
        self.assertLess((self.folder / "s").stat().st_size, 300_000)

    def test_keys_of_duplicates(self):
        data = "".join('{"id":"%040d","a":1}\n' % (i * 7919 % 300000) for i in range(300000))
        for keep in ("first", "last", "{highest: a}"):
            self.pair(mapping(f"duplicates: {{same: id, keep: {keep}}}\n"), data, 0, budget=16)

    @unittest.skipUnless(shutil.which("zstd"), "zstd is not installed")
    def test_packed_inputs(self):
        self.write("one", '{"a":"%s"}\n' % ("x" * 1000) * 2000)
        names = []
        for i in range(40):
            subprocess.run(["zstd", "-q", "-19", "--long=27", "one", "-o", f"in{i}.zst"], cwd=self.folder, check=True)
            names.append(f"in{i}.zst")
        self.pair(mapping(), None, 0, inputs=names)

    def test_tables_in_the_dump(self):
        inside = mapping("input: {records: r}\ntables: {t: {inside: t}}\n", "  A: {from: a, lookup: t}\n")
        dump = '{"t":{%s},"r":[{"a":"k1"}]}' % ",".join('"k%d":"v%d"' % (i, i) for i in range(100000))
        for i in range(12):
            self.write(f"in{i}", dump)
        self.pair(inside, None, 0, inputs=[f"in{i}" for i in range(12)], threads=8)
        self.pair(inside, dump, 4, "MEMORY_EXCEEDED", budget=32)

    # Mappings and tables -------------

    def test_many_columns_with_errors(self):
        columns = "".join(f"  C{i}: {{from: a, type: integer}}\n" for i in range(6000))
        for threads in (2, 64):
            self.pair(mapping("", columns), '{"a":"x"}\n' * 100, 2, "NUMBER_UNREADABLE", threads=threads)
        self.pair(mapping("", columns), '{"a":"x"}\n', 3, "MEMORY_EXCEEDED", budget=32)

    def test_null_words(self):
        words = ", ".join(f"w{i}" for i in range(50000))
        self.pair(mapping(f"input: {{null_words: [{words}]}}\n", "".join(f"  C{i}: c{i}\n" for i in range(500))), '{"c1":"w77"}\n' * 100, 1)

    def test_values_that_are_looked_for(self):
        words = ", ".join(f"z{i}" for i in range(50000))
        self.pair(mapping("", "  A: {from: {list: l, where: n, is: [%s], take: k}}\n" % words),
                  '{"l":[%s]}' % ",".join('{"n":"n%d","k":1}' % i for i in range(20000)), 0)

    def test_keys_that_are_copied(self):
        """What a run learns of the keys of one record must not grow with those of all."""
        dump = "".join("{%s\"%s\":1}\n" % ("".join(f'"k{n}":0,' for n in range(at)), "x" * 1_000_000) for at in range(120))
        self.pair(mapping("", output="{format: ndjson, rest: yes, blank_rows: keep}"), dump, 1, budget=32)

    def test_patterns(self):
        columns = "".join('  C%d: {from: a, pattern: "^[ab]*a[ab]{%d}x%d?$"}\n' % (i, 9 + i % 5, i) for i in range(400))
        self.pair(mapping("", columns), ('{"a":"%s"}\n' % "".join(random.choice("ab") for _ in range(500))) * 6, 2, "PATTERN_MISMATCH", threads=1)
        columns = "".join('  C%d: {from: a, pattern: "^[a-z]{1,%d}x{1,50}$"}\n' % (i, 50 + i) for i in range(300))
        self.pair(mapping("", columns), '{"a":"abcabcabc"}\n' * 300, 2, "PATTERN_MISMATCH")

    def test_table_files(self):
        table = mapping("tables: {t: {file: t.csv, key: k, value: v}}\n", "  A: {from: a, lookup: t}\n")
        for content, code in (("k,v\n" + "".join(f"{i},a\n" for i in range(4000000)), "MEMORY_EXCEEDED"), ("k,v\n" + "," * 30_000_000, "TABLE_TOO_BIG"),
                              ("," * 30_000_000, "TABLE_TOO_BIG"), ("k,v" + "x" * 30_000_000 + "\n1,2\n", "TABLE_NO_COLUMN")):
            self.write("t.csv", content)
            self.check(table, 3, code)
        self.write("t.csv", "k,v\n" + "".join(f"{i},a\n" for i in range(60000)))
        self.check(table, 0, budget=16)
        self.write("t.csv", "k,v\n" + "".join(f"{i},a\n" for i in range(200000)))
        self.check(table, 0)
        self.check(table, 3, "MEMORY_EXCEEDED", budget=16)

    def test_many_diagnostics(self):
        started = time.monotonic()
        self.check(mapping("", "  A: {from: a, %s}\n" % ", ".join(f"k{i}: 1" for i in range(8000))), 3, "MORE_PROBLEMS")
        self.write("s.json", '{"type":"object","required":[%s]}' % ",".join(f'"n{i}"' for i in range(10000)))
        self.check(mapping(output="{format: ndjson, schema: s.json}"), 3, "MORE_PROBLEMS")
        self.assertLess(time.monotonic() - started, 60)

    def test_fields_that_no_record_has(self):
        self.pair(mapping("", "".join(f"  C{i}: c{i}\n" for i in range(3000))), '{"c0":1}\n', 1, "FIELD_NEVER_FOUND")
        self.assertLess(len(self.said), 20_000)


class Options(Limited):
    """What --memory takes."""

    def usage(self, arguments, words):
        self.write("m.yaml", mapping())
        self.write("in", '{"a":1}\n')
        self.assertEqual(self.run_within(BUDGET, ["run", "m.yaml", "in", "-o", "/dev/null", *arguments]), 64)
        self.assertIn(words, self.said)

    def test_sizes(self):
        self.usage(["--memory", "1M"], "a run needs 16M at least")
        self.usage(["--memory", "lots"], "--memory lots: a size such as 64M, at most 1024G")
        self.usage(["--memory", "64M", "--max-record", "16M"], "give --memory 256M")
        self.write("m.yaml", mapping())
        self.write("in", '{"a":1}\n')
        for arguments in (["--memory", "16M"], ["--memory", "2G"], ["--memory", "256M", "--max-record", "16M"], ["--max-record", "64M"],
                          ["--memory", "300000K"]):
            self.assertEqual(self.run_within(2048, ["run", "m.yaml", "in", "-o", "/dev/null", *arguments]), 0, self.said)


if __name__ == "__main__":
    if "--table" in sys.argv:
        sys.argv.remove("--table")
        TABLE = True
    if len(sys.argv) > 1 and "/" in sys.argv[1]:
        TRAMA = sys.argv.pop(1)
    TRAMA = str(pathlib.Path(TRAMA).resolve())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main()
