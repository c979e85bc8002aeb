#!/usr/bin/env python3
"""`trama profile --record` and `--against`: every change of a dump is named, by its kind and its columns, and a dump that
only differs by chance is silent.

    tests/drift_test.py build/dev/trama
"""

import copy
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = os.environ.get("TRAMA", "build/dev/trama")
SCHEMA = jsonschema.Draft7Validator(json.loads((ROOT / "schemas" / "drift.schema.json").read_text(encoding="utf-8")))
MAPPING = """mapping: reservas
version: 1
input: {id: id, records: data}
columns:
  Id: id
  Correo: {from: guest.email, personal: yes}
  Noches: {from: nights, type: integer}
  Total: {from: total, type: decimal}
  Moneda: currency
  Estado: {from: status, lookup: {OK: Confirmada, RQ: Pendiente, XX: Cancelada}, unknown: keep}
  Llegada: {from: check_in, type: date, read: DD/MM/YYYY}
  Creada: {from: created_at, type: datetime}
  Habitaciones: {from: "rooms[*].code", join: "+"}
  Notas: {from: notes, optional: yes}
"""


def record(rng, number):
    day, month = rng.randint(1, 28), rng.randint(1, 12)
    booking = {
        "id": f"R-{number:06d}",
        "guest": {"email": f"huesped{number}@example.com", "adults": rng.randint(1, 4)},
        "nights": rng.randint(1, 14),
        "total": f"{rng.randint(4000, 90000) / 100:.2f}",
        "currency": rng.choice(["USD", "EUR", "COP"]),
        "status": rng.choices(["OK", "RQ", "XX"], [90, 8, 2])[0],
        "check_in": f"{day:02d}/{month:02d}/2026",
        "created_at": f"2026-{month:02d}-{day:02d}T{rng.randint(0, 23):02d}:00:00Z",
        "rooms": [{"code": rng.choice(["DBL", "SGL", "TPL"]), "board": rng.choice(["BB", "RO"])} for _ in range(rng.randint(1, 3))],
    }
    if rng.random() < 0.3:
        booking["notes"] = rng.choice(["tarde", "cuna", "piso bajo"])
    return booking


def dump(records=1500, seed=1):
    rng = random.Random(seed)
    return [record(rng, number) for number in range(records)]


def change(records, how):
    records = copy.deepcopy(records)
    for number, one in enumerate(records):
        how(one, number)
    return records


def rename(one, _):
    one["guest"]["mail"] = one["guest"].pop("email")


def rename_list(one, _):
    one["habitaciones"] = one.pop("rooms")


def new_code(one, number):
    if number % 40 == 0:
        one["status"] = "RF"


def other_dates(one, _):
    day, month, year = one["check_in"].split("/")
    one["check_in"] = f"{month}/{day}/{year}"


def number_to_text(one, _):
    one["nights"] = str(one["nights"])


def cents(one, _):
    one["total"] = str(round(float(one["total"]) * 100))


def list_to_object(one, _):
    one["rooms"] = one["rooms"][0]


def no_offset(one, _):
    one["created_at"] = one["created_at"].removesuffix("Z")


def fewer_notes(one, number):
    if number % 3:
        one.pop("notes", None)


def new_field(one, _):
    one["channel"] = "web"


def gone(one, _):
    del one["currency"]


def nulls(one, number):
    if number % 10 == 0:
        one["currency"] = None


def negative(one, number):
    if number % 20 == 0:
        one["total"] = "-" + one["total"]


def code_gone(one, _):
    if one["status"] == "RQ":
        one["status"] = "OK"


def free_text(one, number):
    one["status"] = f"estado {number}"


def bad_mail(one, number):
    if number % 5 == 0:
        one["guest"]["email"] = f"cliente {number}"


def comma(one, _):
    one["total"] = one["total"].replace(".", ",")


def words_for_numbers(one, number):
    if number % 2:
        one["total"] = "on request"


def some_other_dates(one, number):
    if number % 3 == 0:
        one["check_in"] = "-".join(reversed(one["check_in"].split("/")))


def mostly_text(one, number):
    if number % 5:
        one["nights"] = str(one["nights"])


def far_days(one, number):
    if number == 7:
        one["created_at"] = "1900-01-01T00:00:00Z"


CHANGES = [
    # how, what is told: (kind, path, columns)
    (rename, [("renamed", "guest.email", ["Correo"])]),
    (rename_list, [("renamed", "rooms", ["Habitaciones"])]),
    (new_code, [("code_new", "status", ["Estado"])]),
    (other_dates, [("date_format", "check_in", ["Llegada"])]),
    (number_to_text, [("kind", "nights", ["Noches"])]),
    (cents, [("larger", "total", ["Total"])]),
    (list_to_object, [("kind", "rooms", ["Habitaciones"])]),
    (comma, [("number_marks", "total", ["Total"])]),
    (words_for_numbers, [("no_number", "total", ["Total"])]),
    (some_other_dates, [("date_format", "check_in", ["Llegada"])]),
    (mostly_text, [("kind", "nights", ["Noches"])]),
    (far_days, [("days", "created_at", ["Creada"])]),
    (no_offset, [("offset", "created_at", ["Creada"])]),
    (fewer_notes, [("filled", "notes", ["Notas"])]),
    (new_field, [("appeared", "channel", [])]),
    (gone, [("gone", "currency", ["Moneda"])]),
    (nulls, [("filled", "currency", ["Moneda"])]),
    (negative, [("negative", "total", ["Total"])]),
    (code_gone, [("code_gone", "status", ["Estado"])]),
    (free_text, [("code_new", "status", ["Estado"])]),
    (bad_mail, [("form", "guest.email", ["Correo"])]),
]


class Drift(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-drift-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
        self.records = dump()
        self.write("first.json", self.records)
        recorded = self.profile("first.json", "--record", "m.yaml")
        self.assertEqual((recorded.returncode, recorded.stderr), (0, ""), recorded)

    def write(self, name, records):
        (self.folder / name).write_text(json.dumps({"data": records}), encoding="utf-8")

    def profile(self, *arguments):
        return subprocess.run([os.path.abspath(TRAMA), "profile", *arguments], cwd=self.folder, capture_output=True, text=True,
                              timeout=120, check=False)

    def told(self, records, *arguments):
        self.write("next.json", records)
        ran = self.profile("next.json", "--against", "m.yaml", "--format", "json", *arguments)
        self.assertEqual(ran.stderr, "")
        report = json.loads(ran.stdout)
        SCHEMA.validate(report)
        told = [one for one in report["changes"] if "may_be_chance" not in one]
        self.assertEqual(ran.returncode, 1 if told else 0)
        return told

    def test_each_change_is_named(self):
        for how, expected in CHANGES:
            with self.subTest(how.__name__):
                told = self.told(change(self.records, how))
                self.assertEqual([(one["kind"], one.get("path"), one["columns"]) for one in told], expected, told)

    def test_half_of_the_records(self):
        told = self.told(self.records[::2])
        self.assertEqual([one["kind"] for one in told], ["records"], told)

    def test_records_that_are_none(self):
        (self.folder / "next.json").write_text(json.dumps({"data": self.records[:-1]})[:-2] + ', {"id": "R", "id": "S"}]}',
                                               encoding="utf-8")
        ran = self.profile("next.json", "--against", "m.yaml")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("records that cannot be read: 1; before 0", ran.stdout)

    def test_several_at_once(self):
        records = change(change(change(self.records, rename), cents), other_dates)
        self.assertEqual([one["kind"] for one in self.told(records)], ["renamed", "date_format", "larger"])

    def test_resamples_are_silent(self):
        whole = dump(6000, seed=7)
        self.write("first.json", whole)
        self.profile("first.json", "--record", "m.yaml")
        for seed in range(20):
            rng = random.Random(seed)
            for sample in (rng.choices(whole, k=5500), rng.sample(whole, 4800), dump(5000, seed=100 + seed)):
                with self.subTest(seed=seed, records=len(sample)):
                    self.assertEqual(self.told(sample), [])

    def test_dates_of_a_dump_with_bad_ones(self):
        spoilt = change(self.records, lambda one, number: one.update(check_in="0000-00-00") if number % 50 == 0 else None)
        self.write("first.json", spoilt)
        self.profile("first.json", "--record", "m.yaml")
        self.assertEqual(self.told(spoilt), [])
        other = change(spoilt, lambda one, _: other_dates(one, 0) if "/" in one["check_in"] else None)
        self.assertEqual([(one["kind"], one["path"]) for one in self.told(other)], [("date_format", "check_in")])

    def test_the_next_day_is_no_change(self):
        for day in ("04", "05"):
            records = change(self.records, lambda one, number, day=day: one.update(
                created_at=f"2026-03-{day}T{number % 24:02d}:00:00Z", nights=number % (int(day) + 3)))
            self.write("first.json", records)
            if day == "04":
                self.profile("first.json", "--record", "m.yaml")
        self.assertEqual(self.told(records), [])

    def test_sections_read_too(self):
        told = self.told(change(self.records, lambda one, _: one.pop("id")))
        self.assertEqual([(one["kind"], one["path"], one["columns"]) for one in told], [("gone", "id", ["Id", "id"])])

    def test_keys_that_are_personal(self):
        (self.folder / "m.yaml").write_text('mapping: m\nversion: 1\ncolumns:\n  Who: {from: "pax{*}.$key", join: ",", personal: yes}\n',
                                            encoding="utf-8")
        dump = [json.dumps({"pax": {f"Nombre {n}": {"n": n}}}) for n in range(40)] + ['{"pax": {"Nombre 1": 1, "Nombre 1": 2}}']
        for name, lines in (("k.ndjson", dump), ("l.ndjson", dump[:3])):
            (self.folder / name).write_text("\n".join(lines), encoding="utf-8")
            self.profile(name, "--record", "m.yaml")
            told = self.profile("k.ndjson", "--against", "m.yaml")
            self.assertIn("records", told.stdout)
            self.assertNotIn("Nombre", (self.folder / "m.profile.json").read_text(encoding="utf-8") + told.stdout)

    def test_what_looks_secret_among_codes(self):
        cards = change(self.records, lambda one, number: one.update(status="4111111111111111" if number % 4 == 0 else "OK"))
        self.write("first.json", cards)
        self.profile("first.json", "--record", "m.yaml")
        self.assertNotIn("41111", (self.folder / "m.profile.json").read_text(encoding="utf-8"))
        self.assertNotIn("41111", self.profile("first.json", "--against", "m.yaml").stdout)

    def test_what_is_not_kept(self):
        before = (self.folder / "m.profile.json").read_bytes()
        self.write("renamed.json", change(self.records, rename))
        (self.folder / "none.json").write_text('{"data": [{"a": 1, "a": 2}]}', encoding="utf-8")
        for name in ("renamed.json", "none.json"):
            self.assertEqual(self.profile(name, "--record", "m.yaml").returncode, 64, name)
        for output in ("m.yaml", "m.profile.json"):
            self.assertEqual(self.profile("first.json", "--against", "m.yaml", "-o", output).returncode, 64)
        self.assertEqual((self.folder / "m.profile.json").read_bytes(), before)

    def test_no_personal_value_is_kept(self):
        text = (self.folder / "m.profile.json").read_text(encoding="utf-8")
        self.assertNotIn("huesped", text)
        self.assertIn("guest.email", text)
        told = self.profile("first.json", "--against", "m.yaml")
        self.assertNotIn("huesped", told.stdout)

    def test_the_profile_is_one_of_profiles(self):
        schema = json.loads((ROOT / "schemas" / "profile.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator(schema).validate(json.loads((self.folder / "m.profile.json").read_text(encoding="utf-8")))

    def test_a_file_that_is_no_profile(self):
        whole = (self.folder / "m.profile.json").read_text(encoding="utf-8")
        for text in ("", "[]", "{", "{}", '{"records": 1, "unread": {"count": 0}, "paths": []}', whole[: len(whole) // 2],
                     whole.replace('"count": ', '"count": -'), whole.replace('"path": ""', '"path": "x"', 1),
                     whole.replace('"kinds": {"object": 1500}', '"kinds": {"object": 7}', 1), "\xff" * 100):
            (self.folder / "m.profile.json").write_text(text, encoding="latin-1")
            ran = self.profile("first.json", "--against", "m.yaml")
            self.assertEqual(ran.returncode, 64, (text[:60], ran))
            self.assertIn("m.profile.json", ran.stderr)

    def test_the_same_for_any_threads(self):
        records = change(self.records, rename)
        self.write("next.json", records)
        one = [self.profile("next.json", "--against", "m.yaml", "--threads", str(n)).stdout for n in (1, 3)]
        self.assertEqual(one[0], one[1])

    # ---- in the run itself

    def ran(self, *arguments, mapping="m.yaml", name="next.json"):
        for left in self.folder.glob("out.*"):
            left.unlink()
        return subprocess.run([os.path.abspath(TRAMA), "run", mapping, name, "-o", "out.csv", "--summary", "out.json", "--rejects-ok", *arguments],
                              cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)

    def summary(self):
        """Of a run that published nothing it has another name."""
        written = self.folder / "out.json"
        return (written if written.exists() else self.folder / "out.json.incomplete").read_text(encoding="utf-8")

    def alerts(self):
        summary = json.loads(self.summary())
        return [one for one in summary["alerts"] if one["code"] == "DRIFT"]

    def test_a_run_tells_the_same(self):
        for how, _ in CHANGES:
            with self.subTest(how.__name__):
                told = [one for one in self.told(change(self.records, how)) if one["columns"]]
                run = self.ran("--drift", "warn")
                self.assertEqual([(one["where"], *one["values"][:2]) for one in self.alerts()],
                                 [(", ".join(one["columns"]), one["path"], one["message"]) for one in told])
                self.assertNotIn("huesped", run.stderr + self.summary())

    def test_a_run_is_stopped(self):
        self.write("next.json", change(self.records, cents))
        run = self.ran("--drift", "stop")
        self.assertEqual((run.returncode, (self.folder / "out.csv").exists()), (2, False), run.stderr)
        self.assertIn("DRIFT", run.stderr)
        self.assertEqual(self.ran("--drift", "stop", name="first.json").returncode, 0)

    def test_half_of_the_records_in_a_run(self):
        self.write("next.json", self.records[::2])
        self.assertEqual(self.ran("--drift", "warn").returncode, 1)
        self.assertEqual([one["values"][0] for one in self.alerts()], ["(all records)"])

    def test_a_run_over_a_like_dump_is_silent(self):
        whole = dump(6000, seed=7)
        self.write("first.json", whole)
        self.profile("first.json", "--record", "m.yaml")
        for seed in range(6):
            self.write("next.json", random.Random(seed).choices(whole, k=5500))
            run = self.ran("--drift", "warn")
            self.assertEqual((run.returncode, self.alerts()), (0, []), run.stderr)

    def test_a_run_with_any_threads(self):
        records = change(dump(20000, seed=3), rename)
        (self.folder / "next.json").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        (self.folder / "n.yaml").write_text(MAPPING.replace(", records: data", ""), encoding="utf-8")
        shutil.copy(self.folder / "m.profile.json", self.folder / "n.profile.json")
        found = []
        for threads in ("1", "2", "5"):
            self.ran("--drift", "warn", "--threads", threads, mapping="n.yaml")
            found.append(self.alerts())
        self.assertTrue(found[0])
        self.assertEqual(found, [found[0]] * 3)

    def test_a_run_without_a_profile(self):
        (self.folder / "m.profile.json").unlink()
        run = self.ran("--drift", "warn", name="first.json")
        self.assertEqual(run.returncode, 64)
        self.assertIn("trama profile first.json --record m.yaml", run.stderr)

    def test_a_run_of_a_part(self):
        self.assertEqual(self.ran("--drift", "warn", "--limit", "10", name="first.json").returncode, 64)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        TRAMA = sys.argv.pop(1)
    unittest.main()
