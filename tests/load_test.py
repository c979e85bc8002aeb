#!/usr/bin/env python3
"""Loads into databases (mappings/rules.md, 9.40 and on): values, what is there already, what the database refuses, what tells one
load from another, kills. The same cases for each database.

    tests/load_test.py TRAMA sqlite
    tests/load_test.py TRAMA postgresql     starts a server of its own, from Debian's package, on a socket in a temporary folder
"""

import contextlib
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

from postgres_server import Server

TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
KIND = sys.argv.pop(1)
KILLS = int(os.environ.get("TRAMA_LOAD_KILLS", "12"))


def name_of(identifier):
    return '"' + identifier.replace('"', '""') + '"'


class Sqlite:
    """An SQLite file in the folder of a test."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "crm.db"
        self.output = "sqlite:crm.db"

    def run(self, sql):
        with contextlib.closing(sqlite3.connect(self.path)) as base:
            base.executescript(sql)
            base.commit()

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(self.path)) as base:
            return [tuple(row) for row in base.execute(sql)]

    def has(self, table):
        return self.path.exists() and self.rows("SELECT count(*) FROM sqlite_schema WHERE name = '%s'" % table)[0][0] > 0


class Postgres:
    """A database of its own on the server."""

    server = None
    made = 0

    def __init__(self, _folder):
        if Postgres.server is None:
            Postgres.server = Server()
        Postgres.made += 1
        self.name = "t%d" % Postgres.made
        self.psql("postgres", "CREATE DATABASE " + self.name)
        self.output = "postgresql:///%s?host=%s&user=postgres" % (self.name, self.server.folder)

    def psql(self, base, sql):
        done = subprocess.run([str(self.server.bin / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.server.folder, "-U", "postgres", base],
                              input=sql, capture_output=True, text=True, env={**os.environ, "PGCLIENTENCODING": "UTF8"})
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout

    def run(self, sql):
        self.psql(self.name, sql)

    def rows(self, sql):
        text = self.psql(self.name, "SET timezone = 'UTC'; SELECT json_agg(json_build_array(%s)) FROM (%s) x" % (
            ", ".join("x.c%d::text" % i for i in range(self.width(sql))), self.named(sql)))
        return [tuple(row) for row in json.loads(text.strip() or "null") or []]

    @staticmethod
    def width(sql):
        """Columns of `SELECT a, b FROM …`."""
        head = sql[len("SELECT "):sql.index(" FROM ")]
        depth = 0
        count = 1
        for character in head:
            depth += {"(": 1, ")": -1}.get(character, 0)
            count += character == "," and depth == 0
        return count

    def named(self, sql):
        return "SELECT * FROM (%s) AS y(%s)" % (sql, ", ".join("c%d" % i for i in range(self.width(sql))))

    def has(self, table):
        return self.psql(self.name, "SELECT to_regclass('%s') IS NOT NULL" % table).strip() == "t"


DATABASE = {"sqlite": Sqlite, "postgresql": Postgres}[KIND]
IS_SQLITE = KIND == "sqlite"

TYPES = """mapping: tipos
version: 1
columns:
  Codigo: codigo
  Cuenta: {from: n, type: integer}
  Total: {from: total, type: decimal, decimals: 2}
  Abierto: {from: abierto, type: decimal}
  Activo: {from: activo, type: boolean}
  Palabra: {from: activo, type: boolean, write: [SI, NO]}
  Dia: {from: dia, type: date, read: YYYY-MM-DD, write: DD/MM/YYYY}
  Instante: {from: cuando, type: datetime, zone: America/Bogota}
  Local: {from: local, type: datetime, read: "YYYY-MM-DD HH:mm"}
  Hora: {from: hora, type: time, read: "HH:mm"}
  Cuartos: {each: cuartos, columns: {Tipo: item.t, Noches: {from: item.n, type: integer}}}
output: {format: %s, audit_columns: [file, record, line]}
""" % KIND
KEYED = """mapping: reservas
version: 1
identity: {key: ref%s}
columns:
  Ref: ref
  Total: {from: total, type: decimal, decimals: 2}
limits: {rejected_at_most: 100%%%s}
output: {audit_columns: [%s]%s}
"""
ROWS = """mapping: lineas
version: 1
identity: {key: ref}
rows: {one_per: items, called: item, when_empty: skip}
columns:
  Ref: ref
  Articulo: item.a
limits: {rejected_at_most: 100%}
"""


def keyed(identity="", audit="", limits="", output=""):
    return KEYED % (identity, limits, audit, output)


def lines(*records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


class LoadTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.base = DATABASE(self.folder)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def output(self, table):
        if table is None:
            return self.base.output
        return self.base.output + ("?" if IS_SQLITE else "&") + "table=" + table

    def trama(self, *arguments, exit=0, environment=None):
        done = subprocess.run([TRAMA, *arguments], cwd=self.folder, capture_output=True, text=True,
                              env={**os.environ, "LC_ALL": "C", **(environment or {})})
        self.assertEqual(done.returncode, exit, " ".join(arguments) + "\n" + done.stdout + done.stderr)
        return done.stdout + done.stderr

    def load(self, mapping, records, *more, table=None, exit=0, name="in.ndjson"):
        self.write("m.yaml", mapping)
        self.write(name, records)
        return self.trama("run", "m.yaml", name, "-o", self.output(table), "--summary", "s.json", "--rejects", "r.jsonl", *more, exit=exit)

    def summary(self):
        return json.loads((self.folder / "s.json").read_text())

    def rejects(self):
        return [json.loads(line) for line in (self.folder / "r.jsonl").read_text().splitlines()]

    def rows(self, what, table, order="1"):
        return self.base.rows("SELECT %s FROM %s ORDER BY %s" % (what, name_of(table), order))

    # ---- values ----

    def test_types(self):
        records = lines({"codigo": "007", "n": 42, "total": "10.50", "abierto": "0.10000000000000000000000000000000000001", "activo": True,
                         "dia": "1969-07-20", "cuando": "2025-03-01T10:00:00.123456Z", "local": "2025-03-01 10:00", "hora": "21:30",
                         "cuartos": [{"t": "DBL \"x\" \\ '", "n": 2}, {"t": "é", "n": 3}]},
                        {"codigo": "=1+1\t\n\r\\N\\.", "n": -9223372036854775808, "total": "-0.01", "abierto": "99999999999999999999999999999999999999",
                         "activo": False, "dia": "9999-12-31", "cuando": "2025-03-01T10:00:00-05:00", "local": "0001-01-01 00:00", "hora": "00:00"},
                        {"codigo": "sólo"})
        self.load(TYPES, records, exit=0)
        rows = self.rows("%s" % ", ".join(map(name_of, ("Codigo", "Cuenta", "Total", "Abierto", "Activo", "Palabra", "Dia", "Instante", "Local",
                                                        "Hora", "record", "line"))), "tipos", '"record"')
        one, two, three = [tuple(map(lambda cell: None if cell is None else str(cell), row)) for row in rows]
        self.assertEqual(one[:2], ("007", "42"))
        self.assertEqual(one[2:4], ("10.50", "0.10000000000000000000000000000000000001"))
        self.assertIn(one[4], ("1", "true"))
        self.assertEqual(one[5], "SI")
        self.assertEqual(one[6], "1969-07-20")
        self.assertIn(one[7], ("2025-03-01T05:00:00.123456-05:00", "2025-03-01 10:00:00.123456+00"))
        self.assertIn(one[8], ("2025-03-01T10:00:00", "2025-03-01 10:00:00"))
        self.assertEqual(one[9:], ("21:30:00", "1", "1"))
        self.assertEqual(two[:4], ("=1+1\t\n\r\\N\\.", "-9223372036854775808", "-0.01", "99999999999999999999999999999999999999"))
        self.assertIn(two[4], ("0", "false"))
        self.assertEqual(two[5:7], ("NO", "9999-12-31"))
        self.assertEqual(three, ("sólo",) + (None,) * 9 + ("3", "3"))
        lists = [cell[0] for cell in self.rows('"Cuartos", "record"', "tipos", '"record"')]
        self.assertEqual(json.loads(lists[0]), [{"Tipo": "DBL \"x\" \\ '", "Noches": 2}, {"Tipo": "é", "Noches": 3}])
        self.assertEqual(self.summary()["load"], {"table": "tipos", "inserted": 3, "updated": 0, "deleted": 0})
        self.assertEqual(self.summary()["output_state"], "published")

    def test_what_a_database_cannot_hold_is_rejected(self):
        records = lines({"codigo": "a\0b", "n": 1}, {"codigo": "b", "n": "9223372036854775808"}, {"codigo": "c", "n": 3})
        self.load(TYPES.replace("version: 1", "version: 1\nlimits: {rejected_at_most: 100%}"), records, exit=1)
        self.assertEqual(self.rows('"Codigo", "Cuenta"', "tipos"), [("c", 3 if IS_SQLITE else "3")])
        rejects = self.rejects()
        self.assertEqual([(r["record"], r["stage"], r["errors"][0]["code"], r["errors"][0]["column"]) for r in rejects],
                         [(1, "write", "VALUE_NOT_HELD", "Codigo"), (2, "write", "VALUE_NOT_HELD", "Cuenta")])
        self.assertEqual(rejects[0]["source"]["codigo"], "a\0b")

    def test_random_texts_arrive_as_they_are(self):
        chance = random.Random(5)
        alphabet = "ab\\\\''\"\"\t\n\r\b\f\v;,%_$é€😀\x01\x7f\u2028N. "
        texts = ["x" + "".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 30))) for _ in range(500)]
        self.load("mapping: t\nversion: 1\ncolumns: {N: {from: n, type: integer}, T: t}\n", lines(*({"n": i, "t": t} for i, t in enumerate(texts))))
        self.assertEqual([row[1] for row in self.rows('"N", "T"', "t", '"N"')], texts)

    def test_names_are_no_sql(self):
        evil = 'x"; DROP TABLE otra; --\''
        self.base.run("CREATE TABLE otra (a integer); INSERT INTO otra VALUES (1);")
        mapping = "mapping: m\nversion: 1\nidentity: {key: k}\ncolumns:\n  %s: k\n  %s: v\noutput: {table: {name: %s}}\n" % (
            json.dumps("k" + evil), json.dumps("v" + evil), json.dumps("t" + evil))
        for value in ("1", "2"):
            self.load(mapping, lines({"k": "'; DROP TABLE otra; --", "v": value}), name=value + ".ndjson")
        self.assertEqual(self.base.rows("SELECT a FROM otra"), [(1,)] if IS_SQLITE else [("1",)])
        self.assertEqual(self.base.rows("SELECT %s, %s FROM %s" % (name_of("k" + evil), name_of("v" + evil), name_of("t" + evil))),
                         [("'; DROP TABLE otra; --", "2")])

    # ---- what is there already ----

    def test_an_input_is_loaded_once(self):
        mapping = keyed().replace("identity: {key: ref}\n", "")
        self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}))
        self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}), name="again.ndjson")
        self.assertIn("ALREADY_IMPORTED", self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2})))
        self.assertEqual(len(self.rows('"Ref"', "reservas")), 2)
        self.assertEqual(self.base.rows("SELECT count(*) FROM trama_loads")[0][0], 1 if IS_SQLITE else "1")
        self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}), "--again")
        self.assertEqual(len(self.rows('"Ref"', "reservas")), 4)
        self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}), table="otra")
        self.assertEqual(len(self.rows('"Ref"', "otra")), 2)

    def test_inputs_of_one_content_are_loaded_once(self):
        self.write("same.ndjson", lines({"ref": "A", "total": 1}))
        self.load(keyed().replace("identity: {key: ref}\n", ""), lines({"ref": "A", "total": 1}), "same.ndjson", exit=4)
        self.assertFalse(self.base.has("reservas"))

    def test_upsert(self):
        for audit in ("", "key, run"):
            table = "t" + str(len(audit))
            self.load(keyed(audit=audit), lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}), table=table)
            self.load(keyed(audit=audit), lines({"ref": "B", "total": 3}, {"ref": "C", "total": 4}, {"ref": "C", "total": 5}), table=table, name="2.ndjson")
            self.assertEqual(self.rows('"Ref", "Total"', table), [("A", "1.00"), ("B", "3.00"), ("C", "5.00")])
            self.assertEqual(self.summary()["load"], {"table": table, "inserted": 1, "updated": 2, "deleted": 0})

    def test_rows_of_a_thing_are_replaced(self):
        items = lambda *names: [{"a": name} for name in names]
        self.load(ROWS, lines({"ref": "A", "items": items("1", "2", "3")}, {"ref": "B", "items": items("4")}))
        self.load(ROWS, lines({"ref": "A", "items": items("5", "6")}, {"ref": "C", "items": items("7")}, {"ref": "C", "items": items("8", "9")}), name="2.ndjson")
        self.assertEqual(self.rows('"Ref", "Articulo"', "lineas", '"Articulo"'), [("B", "4"), ("A", "5"), ("A", "6"), ("C", "8"), ("C", "9")])
        self.assertEqual(self.summary()["load"], {"table": "lineas", "inserted": 2, "updated": 3, "deleted": 1})

    def test_identity_needs_a_column(self):
        self.assertIn("IDENTITY_NOT_IN_ROWS", self.load(keyed().replace("Ref: ref", "Ref: {from: ref, text: [upper-case]}"), lines({"ref": "a"}), exit=3))
        self.assertFalse(self.base.has("reservas"))

    def test_gone(self):
        for gone, expected in (("", [("A", "delete"), ("B", "update"), ("C", "insert")]), (", table: {gone: delete}", [("B", "update"), ("C", "insert")])):
            table = "t%d" % len(gone)
            more = ("--state", table + ".state")
            mapping = keyed(", full_dump: yes", "operation, key", ", deleted_at_most: 100%", gone)
            self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}), *more, table=table)
            self.load(mapping, lines({"ref": "B", "total": 3}, {"ref": "C", "total": 4}), *more, table=table, name="2.ndjson")
            self.assertEqual(self.rows('"Ref", "operation"', table), expected)
            self.assertEqual(self.summary()["load"], {"table": table, "inserted": 1, "updated": 1, "deleted": 1})

    def test_a_table_that_differs_is_told_whole(self):
        self.base.run('CREATE TABLE reservas ("Ref" %s, obligatoria integer NOT NULL);' % ("INTEGER" if IS_SQLITE else "integer"))
        text = self.load(keyed(), lines({"ref": "A", "total": 1}), exit=3)
        for part in ("TABLE_DIFFERS", "Ref is", "lacks the column Total", "obligatoria must not be blank"):
            self.assertIn(part, text)
        self.base.run('DROP TABLE reservas; CREATE TABLE reservas ("Ref" text, "Total" %s, mas text);' % ("TEXT" if IS_SQLITE else "numeric"))
        self.assertIn("unique index", self.load(keyed(), lines({"ref": "A", "total": 1}), exit=3))
        self.base.run('CREATE UNIQUE INDEX i ON reservas ("Ref")')
        self.load(keyed(), lines({"ref": "A", "total": 1}))
        self.assertEqual(self.rows('"Ref", "Total", mas', "reservas"), [("A", "1.00", None)])

    def test_no_table_is_made_where_none_may_be(self):
        self.assertIn("TABLE_DIFFERS", self.load(keyed(output=", table: {create: never}"), lines({"ref": "A", "total": 1}), exit=3))

    # ---- what is refused ----

    def test_refused_rows_are_rejects(self):
        self.base.run('CREATE TABLE lineas ("Ref" text NOT NULL, "Articulo" text, CHECK ("Articulo" <> \'malo\'));')
        records = [{"ref": "R%04d" % i, "items": [{"a": "uno"}, {"a": "malo" if i % 97 == 5 else "dos"}]} for i in range(3000)]
        for threads in ("1", "3"):
            self.base.run('DELETE FROM lineas')
            self.load(ROWS, lines(*records), "--threads", threads, "--again", exit=1)
            bad = [r["ref"] for i, r in enumerate(records) if i % 97 == 5]
            self.assertEqual([(r["id"] if "id" in r else r["source"]["ref"], r["stage"], r["errors"][0]["code"]) for r in self.rejects()],
                             [(ref, "write", "ROW_REFUSED") for ref in bad])
            self.assertEqual(self.rows('"Ref", "Articulo"', "lineas", '"Ref", "Articulo" DESC'),
                             [(r["ref"], a) for r in records if r["ref"] not in bad for a in ("uno", "dos")])
            counts = self.summary()
            self.assertTrue(counts["balance"])
            self.assertEqual((counts["records"]["written"], counts["records"]["rejected"], counts["rows"]),
                             (3000 - len(bad), len(bad), 2 * (3000 - len(bad))))
        self.base.run('DROP TABLE lineas; CREATE TABLE lineas ("Ref" text NOT NULL, "Articulo" text);')
        self.trama("replay", "r.jsonl", "-m", "m.yaml", "-o", self.output(None), "--rejects", "r2.jsonl")
        self.assertEqual(len(self.rows('"Ref"', "lineas")), 2 * len(bad))

    def test_refused_rows_wherever_they_are(self):
        """One after the other, far apart, first and last, nearly all: by the table itself and by way of a staged one."""
        self.base.run('CREATE TABLE lineas ("Ref" text NOT NULL, "Articulo" text CHECK ("Articulo" <> \'malo\'));')
        patterns = {"apart": lambda i: i % 311 == 7, "clusters": lambda i: i % 50 in (20, 21, 22), "ends": lambda i: i in (0, 999),
                    "every other": lambda i: i % 2, "nearly all": lambda i: i % 100 != 3, "all but one": lambda i: i != 640}
        for mapping in (ROWS, ROWS.replace("identity: {key: ref}\n", "")):
            for name, bad in patterns.items():
                with self.subTest(name):
                    self.base.run('DELETE FROM lineas')
                    records = [{"ref": "R%04d" % i, "items": [{"a": "uno"}, {"a": "malo" if bad(i) else "dos"}]} for i in range(1000)]
                    good = [i for i in range(1000) if not bad(i)]
                    self.load(mapping, lines(*records), "--again", exit=1)
                    self.assertEqual([r["source"]["ref"] for r in self.rejects()], ["R%04d" % i for i in range(1000) if bad(i)])
                    self.assertEqual(self.rows('"Ref", "Articulo"', "lineas", '"Ref", "Articulo" DESC'),
                                     [("R%04d" % i, a) for i in good for a in ("uno", "dos")])

    def test_a_run_over_its_limits_loads_nothing(self):
        self.base.run('CREATE TABLE reservas ("Ref" text PRIMARY KEY CHECK ("Ref" <> \'mal\'), "Total" %s);' % ("TEXT" if IS_SQLITE else "numeric"))
        mapping = keyed().replace("100%", "0")
        self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "mal", "total": 2}), exit=2)
        self.assertEqual(self.rows('"Ref"', "reservas"), [])
        self.load(mapping, lines({"ref": "A", "total": 1}, {"ref": "B", "total": "x"}), table="otra", exit=2)
        self.assertFalse(self.base.has("otra"))

    def test_rejects_of_earlier_loads_are_kept(self):
        self.write("m.yaml", keyed())
        for name, total in (("1", "x"), ("2", "y"), ("3", "z")):
            self.write(name, lines({"ref": "A", "total": 1}, {"ref": "B", "total": total}))
            self.trama("run", "m.yaml", name, "-o", self.output("t"), exit=1)
        lead = "crm.db.t" if IS_SQLITE else "t"
        self.assertEqual([json.loads((self.folder / (lead + end)).read_text())["source"]["total"] for end in (".rejects.jsonl", ".rejects.2.jsonl", ".rejects.3.jsonl")],
                         ["x", "y", "z"])

    def test_a_table_that_was_dropped_is_loaded_again(self):
        self.load(keyed(), lines({"ref": "A", "total": 1}))
        self.base.run("DROP TABLE reservas")
        self.load(keyed(), lines({"ref": "A", "total": 1}))
        self.assertEqual(self.rows('"Ref"', "reservas"), [("A",)])

    def test_one_table_has_one_name(self):
        mapping = keyed().replace("identity: {key: ref}\n", "")
        self.load(mapping, lines({"ref": "A", "total": 1}), table="t")
        self.load(mapping, lines({"ref": "A", "total": 1}), table="T" if IS_SQLITE else "public.t")
        self.assertEqual(len(self.rows('"Ref"', "t")), 1)

    def test_stated_types_read_nothing_anew(self):
        wrong = ("integer",) if IS_SQLITE else ("integer", "numeric", "boolean", "date", "timestamp", "timestamptz", "jsonb", "uuid", "real")
        for stated in wrong:
            self.load("mapping: m\nversion: 1\ncolumns: {C: c}\noutput: {table: {columns: {C: %s}}}\n" % stated, lines({"c": "007"}), exit=3)
        wrong = ("text", "integer") if IS_SQLITE else ("date", "timestamptz", "text")
        for stated in wrong:
            self.load("mapping: m%s\nversion: 1\ncolumns: {C: {from: c, type: datetime}}\noutput: {table: {columns: {C: %s}}}\n" % (stated, stated),
                      lines({"c": "2025-01-01T10:00:00+02:00"}), exit=0 if stated == "text" else 3)

    def test_offsets_of_long_ago(self):
        """Madrid was 14 minutes and 44 seconds behind; an offset is written in minutes."""
        self.load("mapping: m\nversion: 1\ncolumns: {C: {from: c, type: datetime, zone: Europe/Madrid}}\n", lines({"c": "1800-01-01T00:00:00Z"}))
        self.assertIn(self.rows('"C"', "m"), ([("1800-01-01T00:00:00Z",)], [("1800-01-01 00:00:00+00",)]))

    def test_a_dry_run_touches_nothing(self):
        self.load(keyed(), lines({"ref": "A", "total": 1}), "--dry-run")
        self.assertFalse(self.base.has("reservas"))

    # ---- kills ----

    def test_names_that_a_kill_left_are_given(self):
        """A run that ended right behind its commit left files whose names the ledger knows; those of another machine are not here."""
        self.load(keyed(), lines({"ref": "A", "total": 1}))
        here, there = self.folder / "old.jsonl", pathlib.Path("/no/such/folder/old.jsonl")
        for path, stays in ((here, False), (there, True)):
            if not stays:
                self.write("old.jsonl.incomplete", "rejects\n")
            self.base.run("UPDATE trama_loads SET to_name = '%s.incomplete\n%s\n' WHERE run = (SELECT max(run) FROM trama_loads)" % (path, path))
            told = self.load(keyed(), lines({"ref": "B", "total": 1 if stays else 2}), name="%s.ndjson" % stays)
            self.assertEqual("RUN_SETTLED" in told, not stays, told)
        self.assertEqual(here.read_text(), "rejects\n")
        left = self.base.rows("SELECT to_name FROM trama_loads WHERE to_name <> ''")
        self.assertEqual([row[0].splitlines()[1] for row in left], [str(there)])

    def test_kills(self):
        """A load that is killed at any moment, and run again, is one that was not disturbed."""
        chance = random.Random(7)
        records = lines(*({"ref": "R%05d" % (i % 15000), "total": i if i % 50 else "x"} for i in range(20000)))
        self.write("in.ndjson", records)
        mapping = keyed(audit="key, record")
        self.load(mapping, records, table="recta", exit=1)
        expected = self.rows('"Ref", "Total", "record"', "recta")
        begun = time.monotonic()
        self.load(mapping, records, table="tiempo", exit=1)
        whole = time.monotonic() - begun
        command = [TRAMA, "run", "m.yaml", "in.ndjson", "-o", self.output("t"), "--rejects", "k.jsonl", "--summary", "k.json"]
        killed = 0
        for i in range(KILLS):
            self.base.run("DROP TABLE IF EXISTS t;" + ("DELETE FROM trama_loads WHERE target IN ('t', 'public.t');" if i > 0 else ""))
            for name in ("k.jsonl", "k.json"):
                (self.folder / name).unlink(missing_ok=True)
            with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
                time.sleep(chance.uniform(0, whole * 1.1))
                run.send_signal(signal.SIGKILL)
            killed += run.returncode == -signal.SIGKILL
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            self.assertEqual(self.rows('"Ref", "Total", "record"', "t"), expected)
            self.assertEqual(len((self.folder / "k.jsonl").read_text().splitlines()), 400)
            self.assertEqual(self.base.rows("SELECT count(*) FROM trama_loads WHERE target IN ('t', 'public.t') AND to_name = ''")[0][0], 1 if IS_SQLITE else "1")
        self.assertGreater(killed, 0)


class SqliteTest(LoadTest):
    def test_amounts_as_integers(self):
        mapping = keyed(output=", table: {columns: {Total: integer(2)}}")
        self.load(mapping, lines({"ref": "A", "total": "-12.3"}, {"ref": "B", "total": "0.05"}))
        self.assertEqual(self.rows('"Ref", "Total"', "reservas"), [("A", -1230), ("B", 5)])
        for wrong in ("real", "integer(1)", "varchar(3)"):
            self.assertIn("TABLE_TYPE_WRONG", self.load(keyed(output=", table: {columns: {Total: %s}}" % wrong), lines({"ref": "A"}), exit=3))

    def test_a_file_that_is_no_database(self):
        self.write("crm.db", "hola\n" * 1000)
        self.assertIn("DATABASE_UNUSABLE", self.load(keyed(), lines({"ref": "A", "total": 1}), exit=5))
        self.assertEqual((self.folder / "crm.db").read_text(), "hola\n" * 1000)

    def test_a_database_is_not_replaced_by_a_file(self):
        self.base.run("CREATE TABLE t (a integer);")
        self.write("m.yaml", keyed())
        self.write("in.ndjson", lines({"ref": "A", "total": 1}))
        self.assertIn("sqlite:crm.db", self.trama("run", "m.yaml", "in.ndjson", "-o", "crm.db", exit=64))
        self.assertTrue(self.base.has("t"))

    def test_the_mapping_may_say_it(self):
        self.write("m.yaml", keyed(output=", format: sqlite"))
        self.write("in.ndjson", lines({"ref": "A", "total": 1}))
        self.trama("run", "m.yaml", "in.ndjson", "-o", "crm.db")
        self.assertEqual(self.rows('"Ref"', "reservas"), [("A",)])
        self.trama("run", "m.yaml", "in.ndjson", exit=64)

    def test_what_a_table_does_to_rows_by_itself(self):
        for clause in ("IGNORE", "REPLACE", "ROLLBACK"):
            self.base.run('CREATE TABLE %s ("Ref" TEXT UNIQUE ON CONFLICT %s, "Total" TEXT); INSERT INTO %s VALUES (\'A\', \'9\')' % (clause, clause, clause))
            self.load(keyed().replace("identity: {key: ref}\n", ""), lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}), table=clause, exit=1)
            self.assertEqual(self.rows('"Ref", "Total"', clause), [("A", "9"), ("B", "2.00")])
        for action, exit in (("IGNORE", 1), ("ROLLBACK, 'no'", 5)):
            table = "trigger_" + action[:4]
            self.base.run('CREATE TABLE %s ("Ref" TEXT, "Total" TEXT); CREATE TRIGGER on_%s BEFORE INSERT ON %s WHEN new."Ref" = \'A\' BEGIN SELECT RAISE(%s); END'
                          % (table, table, table, action))
            self.load(keyed().replace("identity: {key: ref}\n", ""), lines({"ref": "C", "total": 1}, {"ref": "A", "total": 1}, {"ref": "B", "total": 2}), table=table, exit=exit)
            self.assertEqual(self.rows('"Ref"', table), [("B",), ("C",)] if exit == 1 else [])

    def test_a_key_that_takes_two_for_one(self):
        self.base.run('CREATE TABLE reservas ("Ref" TEXT COLLATE NOCASE PRIMARY KEY, "Total" TEXT)')
        self.assertIn("NOCASE", self.load(keyed(), lines({"ref": "a", "total": 1}, {"ref": "A", "total": 2}), exit=3))

    def test_a_schema_with_functions(self):
        self.base.run("CREATE TABLE otra (j TEXT CHECK (json_valid(j)))")
        self.load(keyed(), lines({"ref": "a", "total": 1}))

    def test_a_full_disk(self):
        self.load(keyed(), lines({"ref": "A", "total": 1}))
        self.write("big.ndjson", lines(*({"ref": "R%06d" % i, "total": i} for i in range(20000))))
        done = subprocess.run(["sh", "-c", "ulimit -f 200; exec \"$0\" \"$@\"", TRAMA, "run", "m.yaml", "big.ndjson", "-o", self.base.output],
                              cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual(self.rows('"Ref"', "reservas"), [("A",)])

    def test_a_database_in_use(self):
        self.base.run("CREATE TABLE t (a integer);")
        with contextlib.closing(sqlite3.connect(self.base.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.write("m.yaml", keyed())
            self.write("in.ndjson", lines({"ref": "A", "total": 1}))
            with subprocess.Popen([TRAMA, "run", "m.yaml", "in.ndjson", "-o", "sqlite:crm.db"], cwd=self.folder, stderr=subprocess.DEVNULL) as run:
                time.sleep(0.5)
                self.assertIsNone(run.poll())
                other.rollback()
            self.assertEqual(run.returncode, 0)


class PostgresTest(LoadTest):
    def test_a_server_that_is_not_there(self):
        self.write("m.yaml", keyed())
        self.write("in.ndjson", lines({"ref": "A", "total": 1}))
        self.assertIn("DATABASE_UNUSABLE", self.trama("run", "m.yaml", "in.ndjson", "-o", "postgresql:///x?host=%s" % self.folder, exit=5))
        self.assertIn("password", self.trama("run", "m.yaml", "in.ndjson", "-o", "postgresql://u:p@localhost/x", exit=64))

    def test_one_load_at_a_time(self):
        self.load(keyed(), lines({"ref": "A", "total": 1}))
        holder = subprocess.Popen([str(self.base.server.bin / "psql"), "-X", "-q", "-h", self.base.server.folder, "-U", "postgres", self.base.name, "-c",
                                   "SELECT pg_advisory_lock(hashtextextended('trama public.reservas', 0)), pg_sleep(20)"], stdout=subprocess.DEVNULL)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        time.sleep(0.5)
        self.assertIn("OUTPUT_BUSY", self.load(keyed(), lines({"ref": "B", "total": 1}), name="2.ndjson", exit=75))

    def test_types_that_would_round(self):
        for theirs in ("numeric(10,1)", "double precision", "integer"):
            self.base.run('DROP TABLE IF EXISTS reservas; CREATE TABLE reservas ("Ref" text PRIMARY KEY, "Total" %s)' % theirs)
            self.assertIn("Total is", self.load(keyed(), lines({"ref": "A", "total": 1}), exit=3))
        self.assertIn("TABLE_TYPE_WRONG", self.load(keyed(output=", table: {columns: {Total: 'numeric(10,1)'}}"), lines({"ref": "A"}), table="n", exit=3))
        self.load(keyed(output=", table: {columns: {Total: 'numeric(5,2)'}}"), lines({"ref": "A", "total": 1}, {"ref": "B", "total": 1000}), table="m", exit=1)
        self.assertEqual(self.rows('"Ref", "Total"', "m"), [("A", "1.00")])

    def test_texts_that_are_too_long(self):
        self.base.run('CREATE TABLE reservas ("Ref" varchar(3) PRIMARY KEY, "Total" numeric)')
        self.load(keyed(), lines(*({"ref": ref, "total": 1} for ref in ("abc", "abcd", "ab ", "abc ", "ñññ ", "ñññ"))), exit=1)
        self.assertEqual(self.rows('"Ref"', "reservas", '"Ref" COLLATE "C"'), [("ab ",), ("abc",), ("ñññ",)])
        self.assertEqual(len(self.rejects()), 3)

    def test_another_encoding(self):
        self.base.psql("postgres", "CREATE DATABASE latino ENCODING 'LATIN1' TEMPLATE template0")
        self.base.name = "latino"
        self.base.output = "postgresql:///latino?host=%s&user=postgres" % self.base.server.folder
        self.load(keyed(), lines({"ref": "ñandú", "total": 1}, {"ref": "😀", "total": 2}), exit=1)
        self.assertEqual(self.rows('"Ref"', "reservas"), [("ñandú",)])
        self.assertEqual(self.rejects()[0]["record"], 2)

    def test_a_server_that_may_only_be_read(self):
        self.base.psql("postgres", "ALTER DATABASE %s SET default_transaction_read_only = on" % self.base.name)
        self.assertIn("read-only", self.load(keyed(), lines({"ref": "A", "total": 1}), exit=5))

    def test_a_deferred_constraint(self):
        self.base.run('CREATE TABLE padre (a text PRIMARY KEY); CREATE TABLE reservas ("Ref" text PRIMARY KEY REFERENCES padre DEFERRABLE INITIALLY DEFERRED, "Total" numeric)')
        self.assertIn("foreign key", self.load(keyed(), lines({"ref": "A", "total": 1}), exit=5))
        self.assertEqual(self.rows('"Ref"', "reservas"), [])

    def test_rows_that_a_trigger_leaves_out(self):
        self.base.run('CREATE TABLE reservas ("Ref" text, "Total" numeric); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS '
                      "$$ BEGIN IF new.\"Ref\" = 'A' THEN RETURN NULL; END IF; RETURN new; END $$; "
                      "CREATE TRIGGER t BEFORE INSERT ON reservas FOR EACH ROW EXECUTE FUNCTION f()")
        self.load(keyed().replace("identity: {key: ref}\n", ""), lines({"ref": "A", "total": 1}, {"ref": "B", "total": 2}), exit=1)
        self.assertEqual(self.rows('"Ref"', "reservas"), [("B",)])
        self.assertEqual(self.rejects()[0]["errors"][0]["code"], "ROW_REFUSED")

    def test_tables_that_would_change_values(self):
        self.base.run("CREATE EXTENSION citext")
        for theirs in ("name", "uuid", "citext", "numeric"):
            self.base.run('DROP TABLE IF EXISTS reservas; CREATE TABLE reservas ("Ref" %s PRIMARY KEY, "Total" numeric(5,-2))' % theirs)
            told = self.load(keyed(), lines({"ref": "A", "total": 1}), exit=3)
            self.assertIn("Ref is", told)
            self.assertIn("Total is", told)
        self.base.run('DROP TABLE IF EXISTS reservas; CREATE TABLE reservas ("Ref" char(3) PRIMARY KEY, "Total" numeric)')
        self.load(keyed(), lines({"ref": "USD", "total": 1}, {"ref": "US", "total": 2}), exit=1)
        self.assertEqual(self.rows('"Ref"', "reservas"), [("USD",)])

    def test_a_partitioned_table(self):
        self.base.run('CREATE TABLE reservas ("Ref" text PRIMARY KEY, "Total" numeric) PARTITION BY HASH ("Ref"); '
                      "CREATE TABLE r1 PARTITION OF reservas FOR VALUES WITH (MODULUS 1, REMAINDER 0)")
        self.load(keyed(), lines({"ref": "A", "total": 1}, {"ref": "A", "total": 2}))
        self.assertEqual(self.rows('"Ref", "Total"', "reservas"), [("A", "2.00")])
        self.assertEqual(self.summary()["load"], {"table": "reservas", "inserted": 1, "updated": 1, "deleted": 0})

    def test_words_of_a_trigger_are_hidden_where_rows_are_personal(self):
        self.base.run('CREATE TABLE reservas ("Ref" text, "Total" numeric); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS '
                      "$$ BEGIN IF new.\"Ref\" = 'SECRETO' THEN RAISE EXCEPTION 'bad %', new.\"Ref\" USING ERRCODE = 'unique_violation'; END IF; RETURN new; END $$; "
                      "CREATE TRIGGER t BEFORE INSERT ON reservas FOR EACH ROW EXECUTE FUNCTION f()")
        mapping = keyed().replace("identity: {key: ref}\n", "").replace("Ref: ref", "Ref: {from: ref, personal: yes}")
        told = self.load(mapping, lines({"ref": "SECRETO", "total": 1}, {"ref": "B", "total": 2}), exit=1)
        self.assertNotIn("SECRETO", told)
        self.assertNotIn("SECRETO", json.dumps(self.rejects()[0]["errors"]))

    def test_a_schema(self):
        self.base.run("CREATE SCHEMA ventas")
        self.load(keyed(), lines({"ref": "A", "total": 1}), table="ventas.reservas")
        self.assertEqual(self.base.rows('SELECT "Ref" FROM ventas.reservas'), [("A",)])

    def test_a_server_that_is_killed(self):
        """The rows are there once, whenever the server went."""
        chance = random.Random(9)
        records = lines(*({"ref": "R%05d" % i, "total": i} for i in range(20000)))
        self.write("m.yaml", keyed())
        self.write("in.ndjson", records)
        begun = time.monotonic()
        self.load(keyed(), records, table="recta")
        whole = time.monotonic() - begun
        command = [TRAMA, "run", "m.yaml", "in.ndjson", "-o", self.output("t")]
        for i in range(max(2, KILLS // 4)):
            self.base.run("DROP TABLE IF EXISTS t; DELETE FROM trama_loads WHERE target IN ('t', 'public.t')")
            with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
                time.sleep(chance.uniform(0, whole))
                self.base.server.stop("immediate")
                self.base.server.start()
                told = run.communicate()[1]
            self.assertIn(run.returncode, (0, 5), told)
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.rows("count(*), count(DISTINCT %s)" % name_of("Ref"), "t"), [("20000", "20000")])




def suite():
    return unittest.defaultTestLoader.loadTestsFromTestCase(SqliteTest if IS_SQLITE else PostgresTest)


if __name__ == "__main__":
    try:
        result = unittest.TextTestRunner(verbosity=1).run(suite())
    finally:
        if Postgres.server is not None:
            Postgres.server.end()
    sys.exit(not result.wasSuccessful())
