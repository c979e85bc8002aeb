#!/usr/bin/env python3
"""Workbooks that runs write, read back by openpyxl, value for value.

    tests/xlsx_test.py TRAMA
"""

import csv
import datetime
import decimal
import json
import os
import pathlib
import pty
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import warnings
import zipfile

import openpyxl

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = None
AT = "2025-03-04T06:00:00Z"

VALUES = """mapping: values
version: 1
input: {id: id}
columns:
  Code: code
  Day: {from: day, type: date, read: YYYY-MM-DD}
  Shown: {from: day, type: date, read: YYYY-MM-DD, write: DD/MM/YYYY}
  Named: {from: day, type: date, read: YYYY-MM-DD, write: D MMM YYYY, months: en}
  At: {from: at, type: datetime, read: ISO-8601}
  Hour: {from: hour, type: time, read: "HH:mm:ss"}
  Count: {from: count, type: integer}
  Total: {from: total, type: decimal, decimals: 2}
  Any: {from: any, type: decimal}
  Open: {from: open, type: boolean}
  Word: {from: open, type: boolean, write: [Si, "No"]}
  Stay: {from: stay, type: duration}
  Hours: {from: stay, type: duration, write: hours}
limits: {fields_never_found: ignore}
output: {format: xlsx, audit_columns: [file, record, line]}
"""
TEXT = """mapping: text
version: 1
input: {id: id}
columns:
  Id: {from: id, type: integer}
  Text: text
limits: {rejected_at_most: 100%}
output: {format: xlsx, blank_rows: keep}
"""


def decoded(text):
    """What Excel reads: ECMA-376 22.9.2.19, ST_Xstring. openpyxl leaves it as it is in a cell."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def exact(number):
    """The digits of a cell, by the 15 that Excel has."""
    return decimal.Decimal(f"{number:.14e}").normalize()


class Workbooks(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def write(self, name, content):
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)

    def run_trama(self, *words, exit_code=0, **more):
        done = subprocess.run([TRAMA, "run", *words], cwd=self.folder, capture_output=True, check=False, **more)
        said = done.stderr.decode("utf-8", "replace")
        self.assertEqual(done.returncode, exit_code, said)
        return said

    def book(self, name="out.xlsx"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return openpyxl.load_workbook(self.folder / name)

    def rows(self, name="out.xlsx", sheet=0):
        sheets = self.book(name).worksheets
        return [list(row) for row in sheets[sheet].iter_rows(values_only=True)]

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def of_values(self, lines, **more):
        self.write("m.yaml", VALUES)
        self.write("in.ndjson", "\n".join(lines) + "\n")
        return self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx", "--at", AT, **more)

    def test_values(self):
        said = self.of_values([
            '{"id": 1, "code": "007", "day": "2025-02-28", "at": "2025-02-28T21:30:15.250", "hour": "21:30:15", "count": 12, '
            '"total": "1234.5", "any": "-0.125", "open": true, "stay": "PT36H"}',
            '{"id": 2, "code": "=1+1", "day": "1900-02-28", "at": "2025-02-28T21:30:00-05:00", "hour": "00:00:00", '
            '"count": 1234567890123456, "total": "12345678901234.56", "any": "0.1234567890123456", "open": false, "stay": "PT0S"}',
            '{"id": 3, "code": "http://example.test/", "day": "9999-12-31", "at": "2025-02-28T21:30:00.123456", "hour": "23:59:59", '
            '"count": 999999999999999, "total": "0", "any": "99999999999999.9", "open": null, "stay": "PT90M"}',
            '{"id": 4, "code": "1E5"}',
        ])
        head, *rows = self.rows()
        self.assertEqual(head, ["Code", "Day", "Shown", "Named", "At", "Hour", "Count", "Total", "Any", "Open", "Word", "Stay", "Hours",
                                "file", "record", "line"])
        first = rows[0]
        self.assertEqual(first, ["007", datetime.datetime(2025, 2, 28), datetime.datetime(2025, 2, 28), "28 Feb 2025",
                                 datetime.datetime(2025, 2, 28, 21, 30, 15, 250000), datetime.time(21, 30, 15), 12, 1234.5, -0.125, True,
                                 "Si", "P1DT12H", 36, "in.ndjson", 1, 1])
        self.assertEqual(rows[1], ["=1+1", "1900-02-28", "28/02/1900", "28 Feb 1900", "2025-02-28T21:30:00-05:00", datetime.time(0, 0), "1234567890123456",
                                   "12345678901234.56", "0.1234567890123456", False, "No", "PT0S", 0, "in.ndjson", 2, 2])
        self.assertEqual(rows[2][:10], ["http://example.test/", datetime.datetime(9999, 12, 31), datetime.datetime(9999, 12, 31), "31 Dec 9999",
                                        "2025-02-28T21:30:00.123456", datetime.time(23, 59, 59), 999999999999999, 0, 99999999999999.9, None])
        self.assertEqual(rows[2][12], 1.5)
        self.assertEqual(rows[3], ["1E5"] + [None] * 12 + ["in.ndjson", 4, 4])
        for column, count in (("Day", 1), ("Shown", 1), ("At", 2), ("Count", 1), ("Total", 1), ("Any", 1)):
            self.assertRegex(said, rf"note +{column} +Excel cannot hold it exactly: [^×]*× {count}\s+first: record 2, 2")
        self.assertEqual(said.count("Excel cannot hold it"), 6)
        sheet = self.book().worksheets[0]
        formats = {head[cell.column - 1]: cell.number_format for cell in sheet[2]}
        self.assertEqual([formats[name] for name in ("Day", "Shown", "At", "Hour", "Count", "Total", "Any", "Hours")],
                         ["yyyy-mm-dd", "dd\\/mm\\/yyyy", "yyyy-mm-dd hh:mm:ss.000", "hh:mm:ss", "0", "0.00", "0.000", "0"])
        kinds = {head[cell.column - 1]: cell.data_type for cell in sheet[3]}
        self.assertEqual([kinds[name] for name in ("Code", "Day", "Count", "Open")], ["s", "s", "s", "b"])
        self.assertTrue(all(cell.hyperlink is None and cell.data_type != "f" for row in sheet.iter_rows() for cell in row))

    def test_sheet(self):
        self.of_values(['{"id": 1, "code": "' + "long " * 30 + '"}', '{"id": 2, "code": "x"}'])
        book = self.book()
        self.assertEqual(book.sheetnames, ["values", "Report"])
        sheet = book.worksheets[0]
        self.assertEqual(sheet.freeze_panes, "A2")
        self.assertEqual(sheet.auto_filter.ref, "A1:P3")
        self.assertTrue(all(cell.font.bold for cell in sheet[1]))
        self.assertFalse(any(cell.font.bold for cell in sheet[2]))
        widths = {name: sheet.column_dimensions[name].width for name in "AG"}
        self.assertTrue(60 <= widths["A"] <= 61, widths)
        self.assertTrue(8 <= widths["G"] <= 12, widths)
        self.assertEqual(book.properties.created, datetime.datetime(2025, 3, 4, 6))
        self.assertEqual(book.active.title, "values")

    def test_canonical(self):
        """The canonical mapping as a CSV and as a workbook: cell for cell the same."""
        source = (ROOT / "mappings/reservas-basico.yaml").read_text(encoding="utf-8").split("\noutput:")[0]
        codes = []
        for form in ("csv", "xlsx"):
            self.write("m.yaml", f"{source}\noutput: {{format: {form}}}\n")
            done = subprocess.run([TRAMA, "run", "m.yaml", ROOT / "samples/reservas.ndjson", "-o", f"out.{form}", "--at", AT],
                                  cwd=self.folder, capture_output=True, check=False)
            codes.append(done.returncode)
        self.assertEqual(codes[0], codes[1])
        with open(self.folder / "out.csv", newline="", encoding="utf-8") as file:
            plain = list(csv.reader(file))
        cells = list(self.book().worksheets[0].iter_rows())
        self.assertEqual(len(plain), len(cells))
        self.assertGreater(len(plain), 2)
        seen = set()
        for wanted, row in zip(plain, cells, strict=True):
            for text, cell in zip(wanted, row, strict=True):
                value = cell.value
                seen.add(type(value))
                if value is None:
                    self.assertEqual(text, "")
                elif isinstance(value, (int, float)):
                    self.assertEqual(decimal.Decimal(text).normalize(), exact(value))
                    self.assertEqual(cell.number_format, "0.00")
                elif isinstance(value, datetime.datetime):
                    self.assertEqual(text, value.strftime("%d/%m/%Y"))
                    self.assertEqual(cell.number_format, "dd\\/mm\\/yyyy")
                else:
                    self.assertEqual(text, decoded(value))
        self.assertTrue({str, datetime.datetime} <= seen and seen & {int, float}, seen)

    def test_hostile_texts(self):
        chance = random.Random(3)
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x.y\")", "http://x.y/", "mailto:a@b.c", "external:c:\\x", "0001", "1E5", "3-4",
                 "TRUE", " lead", "trail ", "\n", "\t", "a\r\nb", "\r", "\u0000", "".join(map(chr, range(32))), "_x0041_", "_x005F_x0041_", "__x0000__",
                 "\ufffe\uffff", "\ufeff", "]]>", "<![CDATA[", "&amp;&#10;&", "\"" * 1000, "'" * 1000, "\\" * 500, "😀" * 1000, "e\u0301", "\u202e",
                 "\u00a0", "\u2028", "{=1}", "a" * 32767, "ñ" * 32767, "😀" * 16383 + "a", "_x000D_\r_x"]
        alphabet = "\u0000\u0001\t\n\r\u001f\"'&<>=_x05F\ufffe ñ😀"
        texts += ["".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 60))) for _ in range(2000)]
        self.write("m.yaml", TEXT)
        self.write("in.ndjson", "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)))
        said = self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx")
        self.assertIn(f"{len(texts)} written + 0 rejected", said)
        found = {row[0]: row[1] for row in self.rows()[1:]}
        self.assertEqual(len(found), len(texts))
        for i, text in enumerate(texts):
            if text.strip(" \t\n\r\u00a0\u2028\ufeff\u001c\u001d\u001e\u001f\u000b\u000c") == "" and found[i] is None:
                continue  # blank for the mapping
            self.assertIsInstance(found[i], str, repr(text))
            self.assertEqual(decoded(found[i]), text)

    def test_too_long(self):
        self.write("m.yaml", TEXT)
        self.write("in.ndjson", '{"id": 1, "text": "ok"}\n{"id": 2, "text": "' + "a" * 32768 + '"}\n{"id": 3, "text": "' + "😀" * 16384 + '"}\n'
                   '{"id": 4, "text": "' + "a" * 32767 + '"}\n')
        said = self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx", exit_code=1)
        self.assertIn("TOO_LONG", said)
        self.assertIn("32768 characters in a workbook, and a cell holds 32767 at most", said)
        self.assertEqual([row[0] for row in self.rows()[1:]], [1, 4])
        self.assertEqual(len(self.rows()[2][1]), 32767)
        rejects = [json.loads(line) for line in (self.folder / "out.xlsx.rejects.jsonl").read_text().splitlines()]
        self.assertEqual([(one["record"], one["errors"][0]["code"], one["errors"][0]["column"], one["errors"][0]["stage"] if "stage" in one["errors"][0] else one["stage"])
                          for one in rejects], [(2, "TOO_LONG", "Text", "write"), (3, "TOO_LONG", "Text", "write")])
        self.assertEqual(len(rejects[0]["source"]["text"]), 32768)

    def test_numbers(self):
        chance = random.Random(4)
        numbers = []
        for _ in range(4000):
            digits = chance.randrange(1, 19)
            text = str(chance.randrange(10 ** (digits - 1), 10 ** digits))
            point = chance.randrange(0, 25)
            if point:
                text = text.zfill(point + 1)
                text = text[:-point] + "." + text[-point:]
            numbers.append(chance.choice(["", "-"]) + text)
        self.write("m.yaml", "mapping: numbers\nversion: 1\ncolumns:\n  N: {from: n, type: decimal}\noutput: {format: xlsx}\n")
        self.write("in.ndjson", "".join('{"n": "%s"}\n' % n for n in numbers))
        said = self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx")
        cells = [row[0] for row in self.book().worksheets[0].iter_rows(min_row=2)]
        self.assertEqual(len(cells), len(numbers))
        texts = 0
        for text, cell in zip(numbers, cells):
            wanted = decimal.Decimal(text)
            if len(wanted.normalize().as_tuple().digits) > 15:
                self.assertEqual(cell.value, text)
                texts += 1
                continue
            self.assertNotIsInstance(cell.value, str, text)
            self.assertEqual(cell.value, float(text))
            self.assertEqual(exact(cell.value), wanted.normalize())
            decimals = len(text.partition(".")[2])
            self.assertEqual(cell.number_format, "0." + "0" * decimals if decimals else "0")
        self.assertGreater(texts, 300)
        self.assertRegex(said, rf"× {texts}\s")

    def test_moments(self):
        chance = random.Random(5)
        first = datetime.datetime(1900, 3, 1)
        moments = [first + datetime.timedelta(milliseconds=chance.randrange(0, 2958400 * 86400000)) for _ in range(3000)]
        self.write("m.yaml", "mapping: moments\nversion: 1\ncolumns:\n  At: {from: at, type: datetime, read: ISO-8601}\n"
                             "  Day: {from: at, type: date, read: ISO-8601}\noutput: {format: xlsx}\n")
        self.write("in.ndjson", "".join('{"at": "%s"}\n' % m.isoformat(timespec="milliseconds") for m in moments))
        self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx")
        for wanted, row in zip(moments, self.rows()[1:], strict=True):
            self.assertEqual(row[0], wanted)
            self.assertEqual(row[1], datetime.datetime.combine(wanted.date(), datetime.time()))

    def test_same_bytes(self):
        self.write("m.yaml", VALUES)
        lines = ['{"id": %d, "code": "c%d", "day": "2025-02-%02d", "total": "%d.5", "any": "%d.%d"}\n' % (i, i % 7, i % 28 + 1, i, i, i % 1000 + 1)
                 for i in range(20000)]
        self.write("in.ndjson", "".join(lines))
        made = []
        for threads in ("1", "3", "3"):
            self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx", "--at", AT, "--threads", threads)
            made.append((self.folder / "out.xlsx").read_bytes())
            time.sleep(0.1)
        self.assertEqual(made[0], made[1])
        self.assertEqual(made[1], made[2])
        self.assertEqual(len(self.rows()), 20001)

    def test_report_sheet(self):
        self.write("m.yaml", "mapping: Reservas\nversion: 1\ninput: {id: ref}\ncolumns:\n  Ref: ref\n  Mail: {from: mail, type: email, personal: yes}\n"
                             "  N: {from: n, type: integer}\nlimits: {rejected_at_most: 50%}\noutput: {format: xlsx}\n")
        self.write("in.ndjson", '{"ref": "A1", "mail": "uno@correo.test", "n": 1234567890123456}\n{"ref": "A2", "mail": "dos.correo.test", "n": 1}\n'
                                '{"ref": "A3", "mail": "tres@correo.test", "n": "x"}\n{"ref": "A4", "mail": "cuatro@correo.test", "n": 4}\n')
        for language, title, imported in (("en", "Report", "imported"), ("es", "Informe", "importados")):
            self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx", "--at", AT, "--lang", language, exit_code=1)
            book = self.book()
            self.assertEqual(book.sheetnames, ["Reservas", title])
            told = [[cell for cell in row if cell is not None] for row in book.worksheets[1].iter_rows(values_only=True)]
            facts = {row[0]: row[1] for row in told if len(row) == 2}
            self.assertEqual(facts[imported], "2")
            self.assertIn("in.ndjson", facts.values())
            self.assertTrue(any(value.startswith("2025-03-04T06-00-00Z-") for value in facts.values()), facts)
            codes = {row[0]: row for row in told if row}
            self.assertEqual(codes["EMAIL_INVALID"][1:3], ["Mail", "1"])
            self.assertEqual(codes["NUMBER_UNREADABLE"][1:3], ["N", "1"])
            self.assertTrue(any(row[1:3] == ["N", "1"] and "Excel" in row[0] for row in told), told)
            self.assertNotIn("correo.test", str(told))
            self.assertEqual(book.worksheets[0]["B2"].value, "uno@correo.test")

    def test_standard_output(self):
        self.write("m.yaml", TEXT)
        self.write("in.ndjson", '{"id": 1, "text": "a"}\n')
        done = subprocess.run([TRAMA, "run", "m.yaml", "in.ndjson"], cwd=self.folder, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.write("piped.xlsx", done.stdout)
        self.assertEqual(self.rows("piped.xlsx"), [["Id", "Text"], [1, "a"]])
        ours, theirs = pty.openpty()
        done = subprocess.run([TRAMA, "run", "m.yaml", "in.ndjson"], cwd=self.folder, stdout=theirs, stderr=subprocess.PIPE, check=False)
        os.close(theirs)
        os.close(ours)
        self.assertEqual(done.returncode, 5)
        self.assertIn(b"a workbook is not text to be shown here", done.stderr)

    def test_over_limits(self):
        self.write("m.yaml", TEXT.replace("rejected_at_most: 100%", "rejected_at_most: 0"))
        self.write("in.ndjson", '{"id": 1, "text": "a"}\n{"id": "x", "text": "b"}\n')
        self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx", exit_code=2)
        self.assertNotIn("out.xlsx", self.names())
        self.write("left.xlsx", (self.folder / "out.xlsx.incomplete").read_bytes())  # to be looked at
        self.assertEqual(self.rows("left.xlsx"), [["Id", "Text"], [1, "a"]])
        told = str(list(self.book("left.xlsx").worksheets[1].iter_rows(values_only=True)))
        self.assertIn("without errors, but not imported", told)

    def test_each_is_refused(self):
        self.write("m.yaml", "mapping: m\nversion: 1\ncolumns:\n  A: {each: l, columns: {B: b}}\noutput: {format: xlsx}\n")
        done = subprocess.run([TRAMA, "check", "m.yaml"], cwd=self.folder, capture_output=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"NEEDS_WORD", done.stdout + done.stderr)

    def many(self, count):
        self.write("m.yaml", TEXT)
        self.write("in.ndjson", "".join('{"id": %d, "text": "text number %d"}\n' % (i, i) for i in range(count)))

    def test_kill(self):
        self.many(60000)
        (self.folder / "tmp").mkdir()
        environment = dict(os.environ, TMPDIR=str(self.folder / "tmp"))
        killed = 0
        for i in range(12):
            self.write("out.xlsx", "yesterday's")
            child = subprocess.Popen([TRAMA, "run", "m.yaml", "in.ndjson", "-o", "out.xlsx"], cwd=self.folder, stderr=subprocess.DEVNULL, env=environment)
            time.sleep(0.02 + 0.06 * i)
            child.send_signal(signal.SIGKILL)
            killed += child.wait() == -signal.SIGKILL
            if child.returncode == -signal.SIGKILL:
                self.assertEqual((self.folder / "out.xlsx").read_bytes(), b"yesterday's")
                # the library's have a name for a moment, while they are empty
                self.assertEqual([path.name for path in (self.folder / "tmp").iterdir() if path.stat().st_size > 0], [])
        self.assertGreater(killed, 2)
        self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx")
        self.assertEqual(len(self.rows()), 60001)

    @unittest.skipUnless(os.geteuid() == 0, "only root can make a small disk")
    def test_full_disk(self):
        self.many(20000)
        self.run_trama("m.yaml", "in.ndjson", "-o", "whole.xlsx", "--at", AT)
        whole = (self.folder / "whole.xlsx").read_bytes()
        with zipfile.ZipFile(self.folder / "whole.xlsx") as packed:
            rows = packed.getinfo("xl/worksheets/sheet1.xml").file_size
        disk = self.folder / "disk"
        disk.mkdir()
        refused = taken = 0
        # from no room for the rows to room for them, their copy and what is packed
        for size in [rows // 4, rows // 2, rows, *(rows + step * rows // 8 for step in range(1, 16)), 4 * rows]:
            if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], capture_output=True, check=False).returncode != 0:
                self.skipTest("no right to mount")
            try:
                for out in ("out.xlsx", "disk/out.xlsx"):
                    environment = dict(os.environ, TMPDIR=str(disk))
                    done = subprocess.run([TRAMA, "run", "m.yaml", "in.ndjson", "-o", out, "--at", AT], cwd=self.folder, env=environment,
                                          capture_output=True, check=False)
                    said = done.stderr.decode()
                    if done.returncode == 0:
                        taken += 1
                        self.assertEqual((self.folder / out).read_bytes(), whole)
                        (self.folder / out).unlink()
                    else:
                        refused += 1
                        self.assertEqual(done.returncode, 5, said)
                        self.assertRegex(said, "No space left on device|what is there is not what was written")
                        self.assertNotIn("[ERROR]", said)
                        self.assertFalse((self.folder / out).exists())
                    (self.folder / f"{out}.rejects.jsonl").unlink(missing_ok=True)
                    self.assertEqual(list(disk.iterdir()), [])
            finally:
                subprocess.run(["umount", disk], check=False)
        self.assertGreater(refused, 8)
        self.assertGreater(taken, 1)

    def test_files_are_limited(self):
        self.many(20000)

        def lower():
            resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))

        said = self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx", exit_code=5, preexec_fn=lower)
        self.assertIn("OUTPUT_UNWRITABLE", said)
        self.assertNotIn("out.xlsx", self.names())

    def test_no_temporary_folder(self):
        self.many(10)
        said = self.run_trama("m.yaml", "in.ndjson", "-o", "out.xlsx", exit_code=5, env=dict(os.environ, TMPDIR=str(self.folder / "none")))
        self.assertIn("the parts of the workbook", said)
        self.assertNotIn("out.xlsx", self.names())


if __name__ == "__main__":
    TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
