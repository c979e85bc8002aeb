#!/usr/bin/env python3
"""Drafts of `trama infer`: what they promise of their own dump.

A draft passes `check` but for what is to be decided; with the first choices `run` rejects nothing that is JSON, uses every
field, and the draft's own tests pass. Of personal places no value is in it.

    tests/infer_test.py build/dev/trama
"""

import gzip
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import first_choices

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = os.environ.get("TRAMA", "build/dev/trama")
NASTY = ["", " ", "#", " # x", "a: b", "- a", "? a", "[a", "{a", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "'", '"', "\\", "a'b", 'a"b',
         "yes", "no", "null", "~", "none", "true", "1e3", "0x1F", "1_000", "2025-03-01", "12:30", "a\nb", "a\r\nb", "a\tb", "\u0001", "\u007f",
         "\u0085", "\u00a0", "\u2028", "\u2029", "\u202e", "\ufeff", "\ufffe", "e\u0301", "😀", "DECIDE: x", "DECIDE: x one of: A, B", "<<", "=",
         "$key", "$number", "item", "a.b", "a[0]", "a{*}", "[*]", "/a/b", "..", "a..b", "(x)", "a,b", "a | b", "x" * 199, "ñandú", "键", "ключ"]


class Drafts(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-infer-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def trama(self, *arguments, stdin=None, code=None):
        ended = subprocess.run([TRAMA, *map(str, arguments)], input=stdin, capture_output=True, timeout=120, check=False)
        if code is not None:
            self.assertEqual(ended.returncode, code, ended.stderr.decode(errors="replace")[-2000:])
        return ended

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def records(self, *records):
        return self.write("dump.ndjson", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records))

    def draft(self, dump, *options):
        """The draft of a dump, after all that it promises has been seen to. Gives its text and the rows."""
        draft = self.folder / "draft.yaml"
        draft.unlink(missing_ok=True)
        inferred = self.trama("infer", dump, "-o", draft, *options)
        self.assertIn(inferred.returncode, (0, 1), inferred.stderr.decode())
        checked = self.trama("check", draft)
        told = checked.stdout.decode() + checked.stderr.decode()
        self.assertEqual(set(re.findall(r"(?:error|warning)\[(\w+)\]", told)) - {"DECIDE_OPEN"}, set(), told[:3000])
        text = draft.read_text(encoding="utf-8")
        mapping, decided = first_choices.answered(text)
        self.assertEqual(told.count("[DECIDE_OPEN]"), decided)
        self.assertEqual(checked.returncode, 3 if decided else 0)
        answered = self.write("answered.yaml", mapping)
        self.trama("check", answered, code=0)
        tested = self.trama("test", answered)
        if "\ntests:" in text:
            self.assertEqual(tested.returncode, 0, tested.stdout.decode()[-2000:] + tested.stderr.decode()[-2000:])
        summary = self.folder / "summary.json"
        ran = self.trama("run", answered, dump, "-o", self.folder / "rows", "--summary", summary)
        report = ran.stderr.decode()
        self.assertEqual(ran.returncode, inferred.returncode, report[-3000:])
        counted = json.loads(summary.read_text())["records"]
        unread = [line for line in report.split("\n") if line.startswith("rejected  record")]
        if inferred.returncode == 0:
            self.assertEqual((counted["rejected"], unread), (0, []), report)
        if "--like" not in options and "--target" not in options:
            self.assertNotIn("used by no column", report)
        return text, (self.folder / "rows").read_text(encoding="utf-8"), counted

    def test_samples(self):
        for sample in sorted(path for path in (ROOT / "samples").iterdir() if path.suffix != ".yaml"):
            with self.subTest(sample=sample.name):
                profile = self.trama("profile", "--format", "json", *self.records_of(sample), sample)
                unread = json.loads(profile.stdout)["unread"]
                text, _, counted = self.draft(sample)
                unread = unread if isinstance(unread, int) else unread["count"]
                self.assertEqual(counted["rejected"], unread)
                columns, decisions = self.counts(sample)
                self.assertLessEqual(decisions * 10, columns * 3 + 9)
                self.assertIn("\ntests:", text)

    def records_of(self, sample):
        draft = self.trama("infer", sample).stdout.decode()
        found = re.search(r"^  records: (.*)$", draft, re.M)
        return ["--records", found[1].strip('"')] if found else []

    def counts(self, sample):
        told = self.trama("infer", sample, "-o", self.folder / "counted.yaml").stderr.decode()
        return [int(n.replace(",", "")) for n in re.search(r"([\d,]+) columns?, ([\d,]+) value", told).groups()]

    def test_any_number_of_threads(self):
        dump = self.records(*({"id": i, "at": f"2025-03-{i % 28 + 1:02}T10:00:00", "code": "ABC"[i % 3], "total": f"{i}.50",
                               "rooms": [{"n": i % 7}] * (i % 3)} for i in range(60000)))
        one = self.trama("infer", dump, "--threads", 1, code=0).stdout
        for threads in (2, 3, 8):
            self.assertEqual(self.trama("infer", dump, "--threads", threads, code=0).stdout, one)

    def test_pipe_and_gzip(self):
        dump = ROOT / "samples/orden-aerea.json"
        plain = self.trama("infer", dump, code=0).stdout.decode().split("\n")[4:]
        packed = self.write("dump.json.gz", gzip.compress(dump.read_bytes()))
        self.assertEqual(self.trama("infer", packed, code=0).stdout.decode().split("\n")[4:], plain)
        self.assertEqual(self.trama("infer", stdin=dump.read_bytes(), code=0).stdout.decode().split("\n")[4:], plain)

    def test_hostile_values(self):
        self.draft(self.records(*({"id": i, "v": value, "list": [value, "x"], "code": value} for i, value in enumerate(NASTY))))

    def test_hostile_keys(self):
        keys = [key for key in NASTY if key != ""]
        record = {key: i for i, key in enumerate(keys)}
        _, rows, _ = self.draft(self.records(record, {key: {"a": 1} for key in keys[::2]}, {}))
        self.assertEqual(len(rows.splitlines()), 3 + (0 if rows.startswith("{") else 1))
        self.draft(self.records({"a": {key: {"b": [{key: 1}, {key: "x"}]} for key in keys}}))
        self.draft(self.records({"a": [{key: 1, "b": {key: None}} for key in keys]}))
        self.draft(self.records({"": 1, "k" * 300: 2, "x": {"k" * 3000: 3}}))

    def test_hostile_shapes(self):
        deep = 1
        for _ in range(120):
            deep = {"a": deep}
        self.draft(self.records({"id": 1, "deep": deep}))
        lists = 1
        for _ in range(100):
            lists = [lists]
        self.draft(self.records({"id": 1, "lists": lists}))
        rows = 1
        for _ in range(40):
            rows = {"id": 1, "list": [rows, rows] if isinstance(rows, int) else [rows]}
        self.draft(self.records(rows))
        self.draft(self.records({f"field_{i}": i for i in range(3000)}))
        self.draft(self.records(*({f"k{i}x{j}": {"v": j} for j in range(30)} for i in range(200))))
        self.draft(self.records({"a": 1}, {"a": [1]}, {"a": {"b": 1}}, {"a": [{"b": 2}, 3, None, [4]]}, {"a": ""}, {"a": {}}))
        self.draft(self.records({"a": {"b": 1}}, {"a": [{"b": 2}, {"b": 3}]}, {"a": None}, {"a": {}}, {}))
        self.draft(self.records({"r": [{"x": 1}]}, {"r": [None, {"x": 2}, {}]}, {"r": "", "x": 1}))
        self.draft(self.records({"n": 10 ** 60, "m": 1e300, "d": "0" * 40 + "1.5", "t": "1,234", "u": "1.234"}))

    def test_random(self):
        chance = random.Random(7)
        values = [None, True, False, 0, 1, -2.5, 1e3, 10 ** 20, "2025-01-02", "02/03/2025", "2025-01-02T03:04:05", "2025-01-02T03:04:05Z", "1,5",
                  "1.234,50", "USD", "eur", "CNF", "DBL", "Y", "N", "-", "N/A", "", " ", "x@y.co", "PT1H", "0012", "73%", [], {}]
        names = ["id", "code", "status", "amount", "currency", "check_in", "at", "name", "email", "rooms", "total_price", "is_paid", "a.b", "r"]

        def value(depth):
            kind = chance.random()
            if depth > 3 or kind < 0.6:
                return chance.choice(values)
            if kind < 0.8:
                return {chance.choice(names): value(depth + 1) for _ in range(chance.randrange(4))}
            return [value(depth + 1) for _ in range(chance.randrange(4))]

        for turn in range(60):
            # Two of three dumps are of one shape with exceptions, as suppliers have them.
            shape = {name: chance.sample(values, chance.choice([1, 2, 4])) for name in chance.sample(names, 6)}
            records = []
            for i in range(chance.randrange(1, 30)):
                record = {name: chance.choice(ones) if chance.random() < 0.9 or turn % 3 == 0 else value(0) for name, ones in shape.items()}
                if turn % 3 == 0:
                    record["rooms"] = value(1)
                record["key"] = f"K{i}"
                records.append({name: one for name, one in record.items() if chance.random() < 0.95} | {"key": f"K{i}"})
            with self.subTest(turn=turn):
                self.draft(self.records(*records))

    def test_nothing_to_map(self):
        for content, code in ((b"", 4), (b"\n\n", 4), (b"this is no JSON", 4), (b"\xff\xfe", 4), (b"<a/>", 4), (b"{}", 4), (b"[]", 4), (b"[1, 2]", 4),
                              (b"{}\n{}\n", 4)):
            with self.subTest(content=content):
                out = self.folder / "never.yaml"
                ended = self.trama("infer", self.write("d", content), "-o", out)
                self.assertEqual(ended.returncode, code, (content, ended))
                self.assertFalse(out.exists())
                self.assertIn(b"INPUT_", ended.stderr)

    def test_personal_values(self):
        secret = "Zyxwvu"
        dump = self.records(*({"id": f"A{i}", "guest": {"name": secret + chr(65 + i), "phone": f"+57 300 765 43{i}{i}", "birth_date": f"1979-11-2{i}"},
                               "email": f"{secret}.{i}@mail.example", "note": f"call {secret}@mail.example", "token": secret,
                               "special_requests": f"{secret} bed", "card": {"expiry_date": f"{secret}1"}, "billing_contact": {"address": {"postal_code": f"{secret}2"}},
                               "titular": {"codigo_postal": f"{secret}3"}, "tarjeta_caducidad": f"{secret}4", "peticiones_especiales": f"{secret}5",
                               "by_mail": {f"{secret}{i}@mail.example": {"n": 1}}, "body": json.dumps({"guest": {"name": secret}})} for i in range(9)))
        for language in ("en", "es"):
            text, _, _ = self.draft(dump, "--lang", language)
            for value in (secret, secret.lower(), "765 43", "1979-11"):
                self.assertNotIn(value, text)

    def test_texts_that_hold_json(self):
        inner = [json.dumps({"ref": f"R{i}", "at": f"2025-03-0{i}", "more": json.dumps({"n": i})}) for i in range(1, 7)]
        text, rows, _ = self.draft(self.records(*({"type": "booking", "body": one} for one in inner), {"type": "ping", "body": None}))
        self.assertIn("json_in_text: [body, body.more]", text)
        self.assertIn("from: body.at\n    type: date", text)
        self.assertIn("R3", rows)
        self.assertIn("\ntests:", text)
        # One that is no JSON leaves them what they are, and unread.
        text, _, _ = self.draft(self.records(*({"type": "booking", "body": one} for one in inner), {"type": "x", "body": "{no JSON"}))
        self.assertNotIn("json_in_text", text)
        self.assertNotIn("R3", text)

    def test_small_and_large_lists(self):
        """A list with one item and then thousands: rows, with no more of them than a run allows."""
        text, rows, counted = self.draft(self.records({"id": 1, "rooms": [{"code": "A", "n": i} for i in range(12000)]}, {"id": 2, "rooms": []}, {"id": 3}))
        self.assertIn("at_most: 12000", text)
        self.assertEqual((counted["written"], rows.count("\n")), (3, 12003))

    def test_like(self):
        """Another bed bank, with other names in another shape: the columns of the shipped mapping find their sources."""
        bookings = [{"locator": f"77-{i:06}", "created_on": f"2025-0{i}-01", "state": "CONFIRMED" if i % 2 else "CANCELLED",
                     "client": {"first_name": "Titular", "last_name": "Uno"},
                     "property": {"id": 100 + i, "title": f"Hotel Ejemplo {i}", "arrival": f"2025-0{i}-10", "departure": f"2025-0{i}-12", "curr": "EUR"},
                     "accommodations": [{"type_code": "DBL", "meal_plan": "BB", "net_price": f"{i}00.50", "pax": [{"kind": "AD"}],
                                         "cancel_policy": {"until": f"2025-0{i}-07T21:59:00Z", "fee": "10.00"}}, {"type_code": "SGL", "meal_plan": "RO",
                                        "net_price": "80.00", "pax": [{"kind": "AD"}]}], "comments": f"llega tarde {i}"} for i in range(1, 8)]
        dump = self.write("other.json", json.dumps({"status": "ok", "data": bookings}, indent=1))
        text, _, _ = self.draft(dump, "--like", ROOT / "mappings/banco-de-camas.yaml")
        wanted = {"Localizador": "locator", "Estado": "state", "Titular": "[client.first_name, client.last_name]", "Hotel": "property.title",
                  "CodigoHotel": "property.id", "Entrada": "property.arrival", "Salida": "property.departure", "Creada": "created_on",
                  "TipoHabitacion": "accommodation.type_code", "Regimen": "accommodation.meal_plan", "NetoUSD": "accommodation.net_price",
                  "CancelarAntesDe": "accommodation.cancel_policy.until", "Observaciones": "comments"}
        right = [name for name, path in wanted.items() if re.search(rf"^  {name}:(?: *#.*\n    from:)? {re.escape(path)}(?: |$)", text, re.M)]
        self.assertGreaterEqual(len(right), 10, (sorted(set(wanted) - set(right)), text))
        self.assertIn("CONFIRMED: Confirmada", text)
        self.assertIn("because the name says", text)
        self.assertIn("second best:", text)

    LIKE_BASE = """
mapping: base
version: 1
input: {records: hotels}
rows:
  - {one_per: hotels, called: hotel}
  - {one_per: hotel.rooms, called: room}
  - {one_per: room.rates, called: rate}
columns:
  hotel_code: {from: hotel.code}
  check_in: {from: checkIn, type: date}
  net: {from: rate.net, type: money, currency: {from: hotel.currency}}
  net_again: {from: rate.net, type: money, currency: {from: hotel.currency}}
  penalty: {from: "rate.policies[0].amount", type: money, currency: {from: hotel.currency}}
  free_until: {from: "rate.policies[0].from", type: datetime, zone: Europe/London, write: YYYY-MM-DD HH:mm}
"""

    def test_like_keeps_paths(self):
        """The mapping's own paths, over names that fit better; through its lists, from the first to the last."""
        base = self.write("base.yaml", self.LIKE_BASE)
        rates = [{"net": f"{i}2.50", "net_again": "1.10", "policies": [{"amount": f"{i}.50", "from": "2025-03-01T10:00:00Z"}]} for i in range(1, 4)]
        hotels = [{"code": f"H{i}", "currency": "EUR", "minRate": "9.10", "penalty": "1.10", "rooms": [{"rates": rates}, {"rates": []}]} for i in range(5)]
        dump = self.write("hotels.json", json.dumps({"audit": {"time": 1}, "hotels": {"checkIn": "2025-03-05", "total": 5, "hotels": hotels}}))
        text, rows, _ = self.draft(dump, "--like", base)
        self.assertIn("  - one_per: hotels\n    called: hotel\n", text)
        self.assertIn("  - one_per: room.rates\n    called: rate\n", text)
        for name, path in (("net", "rate.net"), ("net_again", "rate.net"), ("penalty", '"rate.policies[0].amount"'), ("check_in", "checkIn"),
                           ("free_until", '"rate.policies[0].from"'), ("hotel_code", "hotel.code")):
            self.assertRegex(text, rf"(?m)^  {name}:(?: *#.*\n    from:)? {re.escape(path)}(?: |$)")
        self.assertEqual(text.count("the same path"), 6)
        self.assertEqual(text.count("currency: {from: hotel.currency}"), 3)
        self.assertNotIn("DECIDE", text)
        self.assertEqual(len(rows.splitlines()), 5 * 4 + 1)
        # In another dump, without these lists, what fits best, as ever.
        text, _, _ = self.draft(self.records(*({"code": f"H{i}", "net": f"{i}.50", "currency": "EUR", "x": i} for i in range(9))), "--like", base)
        self.assertIn("  net:", text)

    def test_error_answers(self):
        dump = self.write("e.json", json.dumps({"meta": {"status": 400}, "errors": [{"code": "rate_limit", "message": "no"}]}))
        told = self.trama("infer", dump, "-o", self.folder / "e.yaml", code=0).stderr.decode()
        self.assertIn("looks like an error answer (errors)", told)
        self.assertIn("looks like an error answer (errors)", self.draft(dump)[0])

    def test_csv(self):
        for content in ("Name, City, Phone\nAna, Bogota, 300\n", "a;b\n1;2\n", '"a","b"\n"1","2"\n', "a\tb\n"):
            for command in ("infer", "profile"):
                told = self.trama(command, self.write("d.csv", content), code=4).stderr.decode()
                self.assertIn("it looks like CSV", told)
                self.assertNotIn("Ana", told)
        for content, said in (("some prose here, is it?\n", "this does not"), ("<a><b/></a>\n", "this with <…"), ("secret\n", "this does not")):
            told = self.trama("infer", self.write("d", content), code=4).stderr.decode()
            self.assertIn(said, told)
            self.assertNotIn("CSV", told)

    def test_target(self):
        schema = self.write("s.json", json.dumps({"type": "object", "required": ["reference"], "properties": {
            "reference": {"type": "string", "description": "booking locator"}, "checkIn": {"type": "string", "format": "date"},
            "contact": {"type": "object", "properties": {"email": {"type": "string", "format": "email"}}},
            "amount": {"type": "number"}, "unheard_of": {"type": "string"}}}))
        dump = self.records(*({"loc": f"L{i}", "entrada": f"0{i}/13/2025", "mail": f"a{i}@b.co", "precio": f"{i}.50", "x": 1} for i in range(1, 9)))
        text, rows, _ = self.draft(dump, "--target", schema)
        self.assertEqual(list(json.loads(rows.split("\n")[0])), ["reference", "checkIn", "contact", "amount"])
        self.assertIn("unheard_of", text)
        for name, why in (("no.json", b"FILE_"), ("bad.json", b"--target")):
            self.write("bad.json", "[")
            ended = self.trama("infer", dump, "--target", self.folder / name)
            self.assertNotEqual(ended.returncode, 0)
            self.assertIn(why, ended.stderr)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        TRAMA = sys.argv.pop(1)
    unittest.main()
