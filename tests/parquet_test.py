#!/usr/bin/env python3
"""`format: parquet`: files are read back by a reader of our own (parquet_reader.py) and compared, value for value, with what the same
run writes as NDJSON. The same with the readers of others is in tests/extras/run_extras.

    tests/parquet_test.py TRAMA
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import parquet_cases as cases
import parquet_reader as parquet

TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())


class ParquetTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))

    def run_trama(self, *words, code=0):
        done = subprocess.run([TRAMA, "run", *words], cwd=self.folder, capture_output=True, timeout=300, check=False)
        self.assertIn(done.returncode, (0, 1) if code is None else (code,), done.stderr.decode())
        return done

    def both(self, dump, columns=None, words=(), output=""):
        """The file, and what NDJSON has."""
        self.write("in.ndjson", dump)
        for form in ("parquet", "ndjson"):
            self.write(f"{form}.yaml", cases.mapping(form + output, columns, "limits: {fields_never_found: ignore}\n"))
            self.run_trama(f"{form}.yaml", "in.ndjson", "-o", f"out.{form}", *words, code=None)
            self.assertEqual((self.folder / f"out.{form}.rejects.jsonl").read_text(encoding="utf-8"), "")
        return parquet.File((self.folder / "out.parquet").read_bytes()), (self.folder / "out.ndjson").read_text(encoding="utf-8")

    def same(self, file, ndjson, columns=None):
        rows, wanted = cases.with_json(file.rows()), cases.expected(ndjson, columns)
        self.assertEqual(len(rows), len(wanted))
        for number, (row, want) in enumerate(zip(rows, wanted)):
            if row != want:
                for name in want:
                    self.assertEqual(row[name], want[name], f"row {number}, {name}")
            self.assertEqual(row, want)

    def test_every_type_value_for_value(self):
        for seed in range(1, 4):
            with self.subTest(seed=seed):
                file, ndjson = self.both(cases.dump(700, seed))
                self.assertEqual(ndjson.count("\n"), 700)
                self.assertEqual(file.kinds(), cases.kinds_of(cases.COLUMNS))
                self.same(file, ndjson)

    def test_blanks_are_null_left_out_or_not(self):
        file, ndjson = self.both(cases.dump(200, 9), output=", blank_as: left-out")
        self.assertIn('"Siempre":[{', ndjson)
        self.assertIn("[{}", ndjson)  # objects of which all is left out
        self.same(file, ndjson)

    def test_what_is_never_blank_is_required(self):
        file, _ = self.both('{"id": "1"}\n', [("A", "{from: id, required: yes}", ("STRING",)), ("B", "b", ("STRING",))])
        self.assertEqual([node.repetition for node in file.root.children[:3]], [parquet.REQUIRED, parquet.OPTIONAL, parquet.REQUIRED])

    def test_no_rows_at_all(self):
        file, ndjson = self.both("[]")
        self.assertEqual((file.rows(), file.groups, ndjson), ([], [], ""))
        self.assertEqual(file.kinds(), cases.kinds_of(cases.COLUMNS))

    def test_edges_of_numbers(self):
        columns = [("id", "id", ("STRING",)), ("D", "{from: d, type: decimal, decimals: 6}", ("DECIMAL", 38, 6)),
                   ("I", "{from: i, type: integer}", ("DECIMAL", 38, 0)),
                   ("S", "{from: s, type: integer, between: [-999999999999999999, 999999999999999999]}", ("INT64",))]
        edges = ["0", "-0", "1", "-1", "127", "128", "-128", "-129", "255", "256", str(2 ** 63), str(2 ** 64), str(-2 ** 63), str(-2 ** 64)]
        dump = "".join(f'{{"id": "{n}", "d": "{n}.000001", "i": "{n}", "s": 0}}\n' for n in edges)
        dump += f'{{"id": "most", "d": "{"9" * 32}.999999", "i": "{"9" * 38}", "s": {"9" * 18}}}\n'
        dump += f'{{"id": "least", "d": "-{"9" * 32}.999999", "i": "-{"9" * 38}", "s": -{"9" * 18}}}\n'
        self.same(*self.both(dump, columns), columns)

    def test_times_before_standard_time_are_the_instants_that_they_are(self):
        columns = [("id", "id", ("STRING",)), ("T", "{from: t, type: datetime, read: ISO-8601, zone: America/Bogota}", ("INSTANT",))]
        file, _ = self.both('{"id": "1", "t": "1850-01-01T00:00:16Z"}\n', columns)
        self.assertEqual(file.rows()[0]["T"], cases.moment_of("1850-01-01T00:00:16Z", True))

    def test_finer_than_a_microsecond_is_rejected(self):
        columns = [("id", "id", ("STRING",)), ("T", "{from: t, type: datetime, read: ISO-8601, zone: UTC}", ("INSTANT",)),
                   ("L", [("H", "{from: $h, type: time, read: 'HH:mm:ssS*'}", ("TIME",))], "l")]
        fine, coarse = "2025-03-01T10:00:00.1234567Z", "2025-03-01T10:00:00.1234560Z"
        dump = "".join(json.dumps(record) + "\n" for record in [
            {"id": "a", "t": coarse}, {"id": "b", "t": fine}, {"id": "c", "l": [{"h": "10:00:00.5"}, {"h": "10:00:00.000000001"}]}, {"id": "d"}])
        self.write("in.ndjson", dump)
        self.write("m.yaml", cases.mapping("parquet", columns))
        self.run_trama("m.yaml", "in.ndjson", "-o", "out.parquet", code=1)
        rows = parquet.File((self.folder / "out.parquet").read_bytes()).rows()
        self.assertEqual([row["id"] for row in rows], ["a", "d"])
        rejects = [json.loads(line) for line in (self.folder / "out.parquet.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
        told = [[(error["code"], error["column"]) for error in reject["errors"]] for reject in rejects]
        self.assertEqual(told, [[("VALUE_NOT_HELD", "T")], [("VALUE_NOT_HELD", "L[*].H")]], rejects)
        self.assertEqual([reject["stage"] for reject in rejects], ["write", "write"])
        # The same record is held where the column is text.
        columns[1] = ("T", columns[1][1][:-1] + ", write: 'YYYY-MM-DDTHH:mm:ss.SSSSSSSSSZ'}", ("STRING",))
        columns[2] = ("L", [("H", "$h", ("STRING",))], "l")
        self.same(*self.both(dump, columns), columns)

    def test_the_same_bytes_whatever_the_threads_and_the_input(self):
        dump = cases.dump(3000, 5)
        file, _ = self.both(dump, words=("--threads", "1"))
        wanted = bytes(file.data)
        self.write("in.ndjson.gz", subprocess.run(["gzip", "-c"], input=dump.encode(), capture_output=True, check=True).stdout)
        for threads in ("2", "3"):
            self.run_trama("parquet.yaml", "in.ndjson", "-o", "again.parquet", "--threads", threads)
            self.assertEqual((self.folder / "again.parquet").read_bytes(), wanted)
        streamed = self.run_trama("parquet.yaml", "in.ndjson", "-o", "-", "--threads", "2").stdout
        self.assertEqual(streamed, wanted)

    def test_pages_and_their_dictionaries(self):
        """Three pages; a column with few values, one with many, one whose values become many, one that is blank for a page."""
        columns = [("id", "id", ("STRING",)), ("Few", "f", ("STRING",)), ("Later", "l", ("STRING",)), ("Blank", "b", ("STRING",)),
                   ("One", "{value: uno}", ("STRING",)), ("N", "{from: n, type: integer, between: [0, 999]}", ("INT64",)),
                   ("List", [("x", "$x", ("STRING",))], "xs")]
        lines = []
        for i in range(45000):
            record = {"id": f"id-{i}", "f": f"few {i % 7}", "l": f"later {i if i > 20000 else i % 9}", "n": i % 1000,
                      "xs": [{"x": str(j % 3)} for j in range(i % 4)]}
            if 20000 <= i < 40000:
                record["b"] = "x"
            lines.append(json.dumps(record))
        file, ndjson = self.both("\n".join(lines) + "\n", columns)
        self.same(file, ndjson, columns)
        encodings = {".".join(leaf.path): [page.encoding if page.header[1] == parquet.DATA_PAGE else "D" for page in file.pages[0, i]]
                     for i, leaf in enumerate(file.leaves)}
        self.assertEqual(encodings["id"], [0, 0, 0])
        self.assertEqual(encodings["Few"], ["D", 8, 8, 8])
        self.assertEqual(encodings["Later"][:2], ["D", 8])
        self.assertEqual(encodings["Later"][-1], 0)
        self.assertEqual(encodings["Blank"], ["D", 0, 8, 0])
        self.assertEqual(encodings["One"], ["D", 8, 8, 8])
        self.assertEqual(encodings["List.list.element.x"], ["D", 8, 8, 8])

    def test_row_groups_end_by_their_bytes(self):
        """And a long text is in one page, however long."""
        columns = [("id", "id", ("STRING",)), ("T", "t", ("STRING",))]
        maker = cases.Maker(3)
        lines = [json.dumps({"id": str(i), "t": "".join(f"{maker.random.getrandbits(64):016x}" for _ in range(1500))}) for i in range(3000)]
        lines.insert(1500, json.dumps({"id": "long", "t": "ñ" * 5_000_000}, ensure_ascii=False))
        file, ndjson = self.both("\n".join(lines) + "\n", columns)
        self.assertGreater(len(file.groups), 1)
        self.same(file, ndjson, columns)

    def test_many_columns(self):
        columns = [("id", "id", ("STRING",))] + [(f"C{i}", f"c{i % 40}", ("STRING",)) for i in range(1000)]
        dump = "".join(json.dumps({"id": str(n), **{f"c{i}": f"{n}-{i}" for i in range(0, 40, 1 + n % 3)}}) + "\n" for n in range(400))
        file, ndjson = self.both(dump, columns)
        self.same(file, ndjson, columns)

    def test_over_the_limits_nothing_is_published(self):
        self.write("in.ndjson", '{"id": "1", "integer": 1}\n{"id": "2", "integer": "x"}\n')
        self.write("m.yaml", cases.mapping("parquet", more="limits: {rejected_at_most: 0}\n"))
        self.run_trama("m.yaml", "in.ndjson", "-o", "out.parquet", code=2)
        self.assertFalse((self.folder / "out.parquet").exists())
        left = parquet.File((self.folder / "out.parquet.incomplete").read_bytes())
        self.assertEqual(len(left.rows()), 1)

    def test_rows_of_what_is_gone(self):
        columns = [("Id", "{from: id, required: yes}", ("STRING",)), ("N", "{from: n, type: integer, required: yes}", ("DECIMAL", 38, 0))]
        text = cases.mapping("parquet", columns, "identity: {key: id, full_dump: yes}\nlimits: {deleted_at_most: 100%}\n")
        self.write("m.yaml", text.replace("[record, line, file, corrected]", "[operation, key, record]"))
        self.write("1.ndjson", '{"id": "a", "n": 1}\n{"id": "b", "n": 2}\n')
        self.write("2.ndjson", '{"id": "b", "n": 3}\n')
        self.run_trama("m.yaml", "1.ndjson", "-o", "1.parquet", "--state", "s")
        self.run_trama("m.yaml", "2.ndjson", "-o", "2.parquet", "--state", "s")
        rows = parquet.File((self.folder / "2.parquet").read_bytes()).rows()
        self.assertEqual([(row["operation"], row["key"], row["Id"], row["N"], row["record"]) for row in rows],
                         [("update", "b", "b", 3, 1), ("delete", "a", None, None, None)])

    def test_names_of_any_characters(self):
        columns = [("id", "id", ("STRING",)), ('"Ñandú €"', "a", ("STRING",)), ()]
        columns[2] = ('"a b"', [('"x\\"y"', "$x", ("STRING",))], "l")
        self.write("in.ndjson", '{"id": "1", "a": "1", "l": [{"x": "2"}]}\n')
        self.write("m.yaml", cases.mapping("parquet", columns))
        self.run_trama("m.yaml", "in.ndjson", "-o", "out.parquet")
        [row] = parquet.File((self.folder / "out.parquet").read_bytes()).rows()
        self.assertEqual((row["Ñandú €"], row["a b"]), ("1", [{'x"y': "2"}]))


if __name__ == "__main__":
    if not shutil.which("zstd"):
        sys.exit(77)
    unittest.main()
