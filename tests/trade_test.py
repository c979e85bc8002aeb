#!/usr/bin/env python3
"""Three worked examples of the trade, each from what comes in to what a database holds, with the files of trade/: a confirmation that comes
by webhook, availability from a server that fails, and a booking that is created twice. What comes out is in trade/expected/.

    tests/trade_test.py TRAMA [CLASS[.TEST]]
    tests/trade_test.py TRAMA --update         writes what comes out there, to be looked at in the diff
"""

import base64
import collections
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import queue
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "http"))
from fault_server import Answer, Commit, PushApi, Server  # noqa: E402

TRADE = ROOT / "tests" / "trade"
TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
UPDATE = "--update" in sys.argv
PATH = "/v1/bookings"
SECRET = "whsec_" + base64.b64encode(b"a secret of this test").decode()
TOKEN = "s3cretTOKEN0123456789"


def signed(id_, body, secret=SECRET):
    """The headers of an event, as Standard Webhooks has them."""
    at = int(time.time())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac.new(key, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": "v1," + base64.b64encode(signature).decode()}


def keys_of(rows):
    """The keys that the rows of a file bring with them."""
    return [json.loads(line)["idempotency_key"] for line in rows.decode().splitlines()]


def heard(api):
    """What a server was asked, as text. Keys are numbered as they come, since only some are those of rows."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(api.keys()), 1)}
    return "\n".join(f"{one.method} {one.target}\nIdempotency-Key: KEY {numbers[one.headers['idempotency-key']]}\n\n{one.body.decode()}\n-> {one.status}\n" for one in api.log)


def done_by(api):
    """Its log of what it did, a line each."""
    return "".join(f"{method} {name} {row.decode()} {key}\n" for method, name, row, key in api.applied)


class TradeCase(unittest.TestCase):
    FILES = ""  # its folder in trade/

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def files(self, server):
        """The files of the example; PORT is that of `server`."""
        for path in (TRADE / self.FILES).iterdir():
            if path.suffix == ".yaml":
                (self.folder / path.name).write_text(path.read_text(encoding="utf-8").replace("PORT", str(server.port)), encoding="utf-8")
            else:
                shutil.copy(path, self.folder)

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**kept, "LC_ALL": "C.UTF-8", "HOTELS_SECRET": SECRET, "CRM_TOKEN": TOKEN}

    def trama(self, *line, exit=0):
        """What it prints, on standard output and error; it must end so."""
        done = subprocess.run([TRAMA, *map(str, line)], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False, env=self.environment())
        out, err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, exit, f"{line}\n{err}{out}")
        return out, err

    def push(self, target, rows, *more, exit=0, **wanted):
        """A push to its end, or with `exit` to where it stops, and what it counted."""
        out, err = self.trama("push", target, rows, "--state", "trade.state", "--allow-private", "--format", "json", *more, exit=exit)
        result = json.loads(out)
        found = {name: result[name] for name in ("acknowledged", "already", "unchanged", "rejected") if result[name]}
        self.assertEqual(found, wanted, err)
        if result["outcome"] == "complete":
            self.assertEqual(result["read"], sum(found.values()))
        return result, err

    def expect(self, name, found):
        """`found` is what expected/`name` holds, byte for byte."""
        found = found if isinstance(found, bytes) else found.encode()
        path = TRADE / "expected" / name
        if UPDATE:
            path.write_bytes(found)
        self.assertEqual(found.decode(), path.read_bytes().decode(), name)
        self.assertEqual(found, path.read_bytes(), name)

    def query(self, sql, file="trade.db"):
        database = sqlite3.connect(f"file:{self.folder / file}?mode=ro", uri=True)
        self.addCleanup(database.close)
        return database.execute(sql).fetchall()

    def table(self, order, name="bookings"):
        """All rows of a table as JSON, a line each."""
        database = sqlite3.connect(f"file:{self.folder / 'trade.db'}?mode=ro", uri=True)
        self.addCleanup(database.close)
        cursor = database.execute(f'SELECT * FROM "{name}" ORDER BY {order}')
        names = [column[0] for column in cursor.description]
        return "".join(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in cursor)

    def read(self, name):
        return (self.folder / name).read_bytes()

    def until(self, holds, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := holds():
                return found
            time.sleep(0.02)
        self.fail("it does not come to that")

    def assert_checked(self, *names):
        """`trama check` has nothing to say of them."""
        for name in names:
            out, err = self.trama("check", name)
            self.assertRegex(out, r"\A(?:ok: .*|.*: ok, .*)\n\Z")
            self.assertEqual(err, "", name)


class Confirmation(TradeCase):
    """A booking is confirmed by webhook, and changed later: it is once in the CRM and once in our table."""

    FILES = "confirmation"

    def setUp(self):
        super().setUp()
        self.crm = self.enterContext(PushApi(PATH, name="Reserva"))
        self.files(self.crm)

    def receiver(self):
        """A receiver that runs, and its port."""
        run = subprocess.Popen([TRAMA, "receive", "hotels.receiver.yaml", "--spool", "spool", "--listen", "127.0.0.1:0", "--format", "json"], cwd=self.folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment())
        said = queue.Queue()
        reader = threading.Thread(target=lambda: [said.put(line) for line in run.stderr], daemon=True)
        reader.start()

        def end():
            if run.poll() is None:
                run.kill()
            run.wait()
            reader.join(5)
            run.stdout.close()
            run.stderr.close()

        self.addCleanup(end)
        line = said.get(timeout=15)
        found = re.search(r"http://127\.0\.0\.1:(\d+)/hooks/hotels for hotels; events go to spool/new", line)
        self.assertIsNotNone(found, line)
        return run, int(found[1])

    def ended(self, run):
        """It is asked to end, and says what it counted."""
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(15), 0)
        return json.loads(run.stdout.read())

    def send(self, port, id_, name, secret=SECRET, headers=None):
        """The event of that file, signed, and what is answered: (status, body)."""
        body = self.read(name)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/hooks/hotels", body, {"Content-Type": "application/json", **(signed(id_, body, secret) if headers is None else headers)})
        answer = connection.getresponse()
        found = answer.status, json.loads(answer.read())
        connection.close()
        return found

    def metrics(self, port):
        """Each figure of /metrics that is a count of events."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return {found[1]: int(found[2]) for found in re.finditer(r'^trama_receive_(?:events|refused)_total\{receiver="hotels",(?:outcome|reason)="(\w+)"\} (\d+)$', text, re.M)}

    def stored(self, place="new"):
        """The events of the complete files there, in their order."""
        paths = sorted((self.folder / "spool" / place).glob("*.ndjson"))
        return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]

    def rows_of_new(self):
        """The rows of the file that the watch makes of what is new."""
        before = set((self.folder / "rows").glob("*.ndjson")) if (self.folder / "rows").exists() else set()
        self.trama("watch", "bookings.yaml", "--spool", "spool", "-o", "rows", "--state", "trade.state", "--once")
        [path] = sorted(set((self.folder / "rows").glob("*.ndjson")) - before)
        return path

    def load(self):
        """What was mapped goes into our table too; the database has a state of its own."""
        files = sorted((self.folder / "spool" / "done").glob("*.ndjson"))
        return self.trama("run", "bookings.yaml", *files, "-o", "sqlite:trade.db?table=bookings", "--state", "database.state")

    def test_files_are_right(self):
        self.assert_checked("hotels.receiver.yaml", "bookings.yaml", "crm.target.yaml")

    def test_from_event_to_database(self):
        run, port = self.receiver()
        self.assertEqual(self.send(port, "evt_1", "confirmed.json"), (202, {"status": "accepted"}))
        self.assertEqual(self.send(port, "evt_1", "confirmed.json"), (200, {"status": "repeated"}))
        wrong = "whsec_" + base64.b64encode(b"a secret of somebody else").decode()
        self.assertEqual(self.send(port, "evt_2", "forged.json", wrong), (401, {"error": "SIGNATURE_WRONG"}))
        self.assertEqual(self.send(port, "evt_3", "forged.json", headers={}), (401, {"error": "SIGNATURE_MISSING"}))
        self.assertEqual(self.send(port, "evt_1", "changed.json", headers=signed("evt_1", self.read("confirmed.json"))), (401, {"error": "SIGNATURE_WRONG"}))

        counted = self.metrics(port)
        self.assertEqual({name: count for name, count in counted.items() if count}, {"accepted": 1, "repeated": 1, "signature_wrong": 2, "signature_missing": 1})

        self.until(self.stored)  # what is proved is in a file that is complete, and nothing else is
        [event] = self.stored()
        self.assertEqual((event["id"], event["receiver"], event["secret"], event["body"].encode()), ("evt_1", "hotels", "HOTELS_SECRET", self.read("confirmed.json")))
        rows = self.rows_of_new()
        self.expect("confirmation.rows.ndjson", rows.read_bytes())
        first_keys = keys_of(rows.read_bytes())
        self.push("crm.target.yaml", rows, acknowledged=1)
        self.push("crm.target.yaml", rows, already=1)
        self.load()
        self.expect("confirmation.table-1.ndjson", self.table("Reserva"))

        self.assertEqual(self.send(port, "evt_4", "changed.json"), (202, {"status": "accepted"}))
        self.until(self.stored)
        rows = self.rows_of_new()
        self.expect("confirmation.rows-changed.ndjson", rows.read_bytes())
        self.push("crm.target.yaml", rows, acknowledged=1)
        self.load()

        self.assertEqual(self.send(port, "evt_1", "confirmed.json"), (200, {"status": "repeated"}))
        summary = self.ended(run)
        self.assertEqual({name: summary[name] for name in ("accepted", "repeated", "refused", "files")},
                         {"accepted": 2, "repeated": 2, "refused": {"SIGNATURE_WRONG": 2, "SIGNATURE_MISSING": 1}, "files": 2})

        self.assertEqual(list(self.crm.things), ["HA-2041"])
        self.expect("confirmation.crm.txt", heard(self.crm))
        self.assertEqual(self.crm.keys()[:1], first_keys)
        self.assertEqual({request.headers.get("authorization") for request in self.crm.log}, {f"Bearer {TOKEN}"})
        self.expect("confirmation.table-2.ndjson", self.table("Reserva"))
        self.assert_one_booking_everywhere()

    def assert_one_booking_everywhere(self):
        """In the CRM, in the table and among the events; what was forged is in no file at all."""
        self.assertEqual(self.query("SELECT count(*), count(DISTINCT Reserva) FROM bookings"), [(1, 1)])
        self.assertEqual([event["id"] for event in self.stored("done")], ["evt_1", "evt_4"])
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name != "forged.json":
                self.assertNotIn(b"HA-9999", path.read_bytes(), path)
        out, _ = self.trama("verify", "spool/done", "--scheme", "standard-webhooks", "--secret-env", "HOTELS_SECRET")
        self.assertRegex(out, r"(?m)^ *2 accepted$")
        self.assertRegex(out, r"(?m)^ *0 refused$")

    def test_both_events_in_one_file(self):
        """Confirmed and changed before anybody looked: one row, as the booking is by now, and an older event that comes late changes nothing."""
        run, port = self.receiver()
        self.assertEqual(self.send(port, "evt_4", "changed.json")[0], 202)
        self.assertEqual(self.send(port, "evt_1", "confirmed.json")[0], 202)
        self.ended(run)
        names = os.listdir(self.folder / "spool" / "new")
        text = b"".join((self.folder / "spool" / "new" / name).read_bytes() for name in sorted(names))
        for name in names:  # they may be two files, where the machine is slow
            (self.folder / "spool" / "new" / name).unlink()
        (self.folder / "spool" / "new" / "both.ndjson").write_bytes(text)
        rows = self.rows_of_new()
        self.assertEqual([(row["operation"], row["Noches"]) for row in map(json.loads, rows.read_text(encoding="utf-8").splitlines())], [("insert", 4)])
        self.push("crm.target.yaml", rows, acknowledged=1)

        run, port = self.receiver()
        self.assertEqual(self.send(port, "evt_5", "confirmed.json")[0], 202)
        self.ended(run)
        rows = self.rows_of_new()
        self.push("crm.target.yaml", rows)
        self.assertEqual([(method, name) for method, name, _, _ in self.crm.applied], [("POST", "HA-2041")])
        self.load()
        self.assertEqual(self.query("SELECT Reserva, Noches FROM bookings"), [("HA-2041", 4)])


class Availability(TradeCase):
    """The supplier's server gives no answer in time, then answers 503, then all pages: rows, the same bytes each time."""

    FILES = "availability"

    def setUp(self):
        super().setUp()
        self.supplier = self.enterContext(Server())
        self.files(self.supplier)

    def page(self, request):
        """The page that is asked for."""
        return Answer(body=self.read("page-2.json" if request.query.get("page") else "page-1.json"))

    def asked(self):
        """What the server was asked, and what it answered, as text."""
        return "".join(f"{one.method} {one.target} -> {one.status or 'no answer in time'}\n" for one in self.supplier.log)

    def pulled(self):
        """The one folder of a pull that is complete."""
        [folder] = (self.folder / "pulled").glob("*Z-hotels")
        return folder

    def test_files_are_right(self):
        self.assert_checked("hotels.source.yaml", "availability.yaml")

    def test_from_failing_server_to_database(self):
        faults = [Answer(0, delay=2), Answer(503, body=b"<html>down for maintenance</html>"), None, Answer(503, {"Retry-After": "0"}), None]
        self.supplier.on("/v1/availability", lambda request: faults.pop(0) or self.page(request))
        out, err = self.trama("pull", "hotels.source.yaml", "-o", "pulled", "--state", "trade.state", "--allow-private", "--format", "json")
        result = json.loads(out)
        self.assertEqual({name: result[name] for name in ("outcome", "pages", "requests", "retries")}, {"outcome": "complete", "pages": 2, "requests": 5, "retries": 3}, err)
        self.expect("availability.requests.txt", self.asked())

        folder = self.folder / result["folder"]
        self.assertEqual([(folder / f"00000{number}.json").read_bytes() for number in (1, 2)], [self.read("page-1.json"), self.read("page-2.json")])
        self.trama("run", "availability.yaml", folder, "-o", "rows.csv", "--state", "trade.state")
        self.expect("availability.rows.csv", self.read("rows.csv"))

        self.trama("run", "availability.yaml", folder, "-o", "sqlite:trade.db?table=availability")
        self.expect("availability.table.ndjson", self.table("Hotel, Dia, Habitacion", "availability"))

    def test_rows_do_not_depend_on_how_it_went(self):
        """Neither faults nor threads change a byte."""
        self.supplier.on("/v1/availability", self.page)
        self.trama("pull", "hotels.source.yaml", "-o", "pulled", "--allow-private")
        for threads in (1, 3):
            self.trama("run", "availability.yaml", self.pulled(), "-o", f"{threads}.csv", "--threads", threads)
            self.expect("availability.rows.csv", self.read(f"{threads}.csv"))

    def test_it_gives_up(self):
        """More faults than tries: exit 75, no folder that looks complete; the next pull has all."""
        self.supplier.on("/v1/availability", *[Answer(503)] * 4, self.page)
        _, err = self.trama("pull", "hotels.source.yaml", "-o", "pulled", "--allow-private", exit=75)
        self.assertIn("HTTP_STATUS", err)
        self.assertEqual([path for path in (self.folder / "pulled").glob("*Z-hotels")], [])
        self.trama("pull", "hotels.source.yaml", "-o", "pulled", "--allow-private")
        self.trama("run", "availability.yaml", self.pulled(), "-o", "rows.csv")
        self.expect("availability.rows.csv", self.read("rows.csv"))


class Twice(TradeCase):
    """A booking is sent twice under one key: the supplier makes it once."""

    FILES = "twice"

    def setUp(self):
        super().setUp()
        self.supplier = self.enterContext(PushApi(PATH, name="Reserva"))
        self.files(self.supplier)
        self.trama("run", "bookings.yaml", "bookings.json", "-o", "rows.ndjson", "--state", "trade.state")

    def test_files_are_right(self):
        self.assert_checked("bookings.yaml", "supplier.target.yaml")

    def assert_made_once(self, requests):
        self.assertEqual(self.supplier.things, {"HA-3001": self.supplier.applied[0][2]})
        self.assertEqual((len(self.supplier.log), len(set(self.supplier.keys()))), (requests, 1))
        self.expect("twice.applied.txt", done_by(self.supplier))

    def test_done_and_then_500(self):
        self.expect("twice.rows.ndjson", self.read("rows.ndjson"))
        self.supplier.plan(1, Commit(Answer(500, body=b'{"error": "internal"}')))
        result, err = self.push("supplier.target.yaml", "rows.ndjson", exit=75)
        self.assertEqual((result["outcome"], result["code"]), ("stopped", "HTTP_STATUS"), err)
        self.assertIn("500", err)
        self.push("supplier.target.yaml", "rows.ndjson", acknowledged=1)
        self.assertEqual(self.supplier.replayed, 1)
        self.push("supplier.target.yaml", "rows.ndjson", already=1)
        self.expect("twice.requests.txt", heard(self.supplier))
        self.assertEqual(set(self.supplier.keys()), set(keys_of(self.read("rows.ndjson"))))
        self.assert_made_once(requests=2)
        self.assertFalse((self.folder / "rows.ndjson.supplier.rejects.jsonl").exists())

    def test_done_and_then_no_answer(self):
        self.supplier.plan(1, Commit(Answer(drop="request")))
        result, _ = self.push("supplier.target.yaml", "rows.ndjson", exit=75)
        self.assertEqual(result["code"], "SOURCE_UNREACHABLE")
        self.push("supplier.target.yaml", "rows.ndjson", acknowledged=1)
        self.assert_made_once(requests=2)

    def test_in_one_push(self):
        """The same, where a push tries again by itself."""
        path = self.folder / "supplier.target.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("{attempts: 1}", "{attempts: 3, first_wait: 10ms}"), encoding="utf-8")
        self.supplier.plan(1, Commit(Answer(500)))
        result, _ = self.push("supplier.target.yaml", "rows.ndjson", acknowledged=1)
        self.assertEqual((result["requests"], result["retries"]), (2, 1))
        self.assert_made_once(requests=2)

    def test_made_anew(self):
        """Who lost the state of the day makes the same row with the same key: the supplier still makes it once."""
        self.supplier.plan(1, Commit(Answer(500)))
        self.push("supplier.target.yaml", "rows.ndjson", exit=75)
        self.trama("run", "bookings.yaml", "bookings.json", "-o", "again.ndjson", "--state", "other.state")
        self.assertEqual(self.read("again.ndjson"), self.read("rows.ndjson"))
        (self.folder / "trade.state").unlink()
        self.push("supplier.target.yaml", "again.ndjson", acknowledged=1)
        self.assert_made_once(requests=2)

    def test_database_once(self):
        """The same dump is loaded twice: one row."""
        self.trama("run", "bookings.yaml", "bookings.json", "-o", "sqlite:trade.db?table=bookings", "--state", "database.state")
        _, err = self.trama("run", "bookings.yaml", "bookings.json", "-o", "sqlite:trade.db?table=bookings", "--state", "database.state")
        self.assertIn("ALREADY_IMPORTED", err)
        self.expect("twice.table.ndjson", self.table("Reserva"))

    def test_another_content_under_its_key(self):
        """What changed has a key of its own, so that no server answers it from its memory."""
        self.push("supplier.target.yaml", "rows.ndjson", acknowledged=1)
        (self.folder / "bookings.json").write_bytes(self.read("bookings.json").replace(b'"nights": 2', b'"nights": 3'))
        self.trama("run", "bookings.yaml", "bookings.json", "-o", "changed.ndjson", "--state", "trade.state")
        [changed] = map(json.loads, self.read("changed.ndjson").splitlines())
        [first] = map(json.loads, self.read("rows.ndjson").splitlines())
        self.assertEqual((changed["operation"], changed["key"]), ("update", first["key"]))
        self.assertNotEqual(changed["idempotency_key"], first["idempotency_key"])
        self.push("supplier.target.yaml", "changed.ndjson", exit=1, rejected=1)  # this supplier takes no changes, and the file of rejects says so
        [reject] = map(json.loads, self.read("changed.ndjson.supplier.rejects.jsonl").splitlines())
        self.assertEqual(([error["code"] for error in reject["errors"]], reject["key"], reject["source"]), (["OPERATION_NOT_TOLD"], "HA-3001", changed))
        self.assert_made_once(requests=1)


class Expected(unittest.TestCase):
    def test_no_file_is_left_over(self):
        """Each file of expected/ is asked for by a test."""
        text = pathlib.Path(__file__).read_text(encoding="utf-8")
        names = collections.Counter(os.listdir(TRADE / "expected"))
        self.assertEqual([name for name in names if f'"{name}"' not in text], [])


if __name__ == "__main__":
    if UPDATE:
        sys.argv.remove("--update")
    unittest.main()
