#!/usr/bin/env python3
"""`trama receive`: signed events are taken in over HTTP, and what was answered 202 is on the disk, once, whatever happens then. Against the
program itself: its answers, what it stores, how files are closed, and what a kill or a full disk leaves.

    tests/receive_test.py TRAMA [CLASS[.TEST]]
"""

import base64
import collections
import concurrent.futures
import contextlib
import datetime
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "http"))
from fault_server import Authority  # noqa: E402
from test_classes import run_classes  # noqa: E402

TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
KILLS = int(os.environ.get("TRAMA_KILLS", "20"))
STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECRET = "It's a Secret to Everybody"
OLD, OLD_STANDARD = "0ld secret of before", "whsec_" + base64.b64encode(b"0ld secret of before").decode()
PATH = "/hooks/pagos"
OWN = '{header: X-Pagos-Signature, encoding: hex, prefix: "v1=", signed: "{timestamp}.{body}", timestamp_header: X-Pagos-Time, event_id: {header: X-Pagos-Event}}'
SCHEMES = ("stripe", "github", "shopify", "standard-webhooks", OWN)
TIMED = ("stripe", "standard-webhooks", OWN)  # those that sign a time
MAPPING = """mapping: bookings
version: 1
input: {format: ndjson, json_in_text: body, id: body.id}
columns:
  Id: body.id
  Nights: {from: body.nights, type: integer}
output: {format: ndjson}
limits: {rejected_at_most: 50%}
"""
SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? ([0-9.eE+-]+|\+Inf|NaN)')


def word_of(message):
    """Its code."""
    return message.removeprefix("trama: ").partition(":")[0]


def signature(secret, data, encoding):
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    digest = hmac.new(key, data, hashlib.sha256).digest()
    return digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()


def signed_headers(scheme, body, id_="e1", secret=None, at=None):
    at = int(time.time()) if at is None else at
    secret = secret or (STANDARD if scheme == "standard-webhooks" else SECRET)
    if scheme == "stripe":
        return {"Stripe-Signature": f"t={at},v1={signature(secret, f'{at}.'.encode() + body, 'hex')}"}
    if scheme == "github":
        return {"X-Hub-Signature-256": "sha256=" + signature(secret, body, "hex"), "X-GitHub-Delivery": id_}
    if scheme == "shopify":
        return {"X-Shopify-Hmac-Sha256": signature(secret, body, "base64"), "X-Shopify-Webhook-Id": id_}
    if scheme == OWN:
        return {"X-Pagos-Signature": "v1=" + signature(secret, f"{at}.".encode() + body, "hex"), "X-Pagos-Time": str(at), "X-Pagos-Event": id_}
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": "v1," + signature(secret, f"{id_}.{at}.".encode() + body, "base64")}


def signature_header(headers):
    return next(name for name in headers if "ignature" in name or "Hmac" in name)


def event(id_="e1", **more):
    return json.dumps({"id": id_, "nights": 2, **more}).encode()


def raw_request(body, headers, path=PATH, method="POST", version="HTTP/1.1", length=None):
    pairs = {"Host": "localhost", "Content-Length": len(body) if length is None else length, **headers}
    return b"".join([f"{method} {path} {version}\r\n".encode(), *(f"{name}: {value}\r\n".encode("latin-1") for name, value in pairs.items() if value != ""), b"\r\n", body])


class Receiver:
    """A receiver that runs: its port, and what it says."""

    def __init__(self, case, line, env, **options):
        self.case = case
        self.run = subprocess.Popen(line, cwd=case.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, **options)
        case.addCleanup(self.finished)
        self.said, self.port, self.url = [], None, None
        self._listens = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._listens.wait(20) or self.port is None:
            self.run.kill()
            case.fail("it does not listen: " + self.text())

    def _read(self):
        for line in self.run.stderr:
            self.said.append(line.decode("utf-8", "replace"))
            if self.port is None and (found := re.search(r"listening on (https?://(?:\[[0-9a-f:]+\]|[\w.]+):(\d+)(/\S*)?)", self.said[-1])):
                self.url, self.port = found[1], int(found[2])
                self._listens.set()
        self._listens.set()

    def text(self):
        return "".join(self.said)

    def finished(self):
        if self.run.poll() is None:
            self.run.kill()
        self.run.wait()
        self._reader.join(5)
        self.run.stdout.close()
        self.run.stderr.close()

    def stop(self, number=signal.SIGTERM, seconds=20):
        """Its exit code and its standard output."""
        self.run.send_signal(number)
        self.run.wait(seconds)
        self._reader.join(5)
        return self.run.returncode, self.run.stdout.read().decode("utf-8", "replace")

    def kill(self):
        self.run.kill()
        self.run.wait(20)

    def ask(self, method, path=PATH, body=None, headers=None, timeout=15, connection=None):
        """(status, headers, body) of one request."""
        own = connection is None
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            if own:
                connection.close()

    def send(self, data, timeout=10, half=False):
        """What is answered to these bytes, until the connection ends or nothing comes for a while."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            out = b""
            with contextlib.suppress(OSError):
                connection.sendall(data)
                if half:
                    connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while piece := connection.recv(65536):
                    out += piece
                    if out.count(b"HTTP/1.1 ") and not half and self._is_whole(out):
                        connection.settimeout(0.4)
            return out

    @staticmethod
    def _is_whole(out):
        head, _, body = out.rpartition(b"\r\n\r\n")
        length = re.findall(rb"(?i)content-length: (\d+)", head)
        return bool(length) and len(body) >= int(length[-1])

    def metrics(self):
        """{(name, labels as sorted pairs): value}, which is Prometheus text."""
        status, headers, body = self.ask("GET", "/metrics")
        self.case.assertEqual(status, 200)
        self.case.assertTrue(headers["content-type"].startswith("text/plain"), headers)
        return parsed_metrics(self.case, body.decode())


def parsed_metrics(case, text):
    case.assertTrue(text.endswith("\n"))
    types, out = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            case.assertIn(kind, ("counter", "gauge", "histogram"))
            case.assertNotIn(name, types)
            types[name] = kind
        elif line.startswith("# HELP "):
            case.assertGreater(len(line.split(" ", 3)), 3, line)
        elif line and not line.startswith("#"):
            found = SAMPLE.fullmatch(line)
            case.assertTrue(found, line)
            labels = tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found[2] or "")))
            case.assertNotIn((found[1], labels), out)
            out[found[1], labels] = float(found[3])
            base = re.sub(r"_(bucket|sum|count)$", "", found[1]) if re.sub(r"_(bucket|sum|count)$", "", found[1]) in types else found[1]
            case.assertIn(base, types, line)
            case.assertTrue(types[base] != "counter" or base.endswith("_total"), line)
    return out


class ReceiveCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.spool = "spool"
        self.scheme = "github"

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text) if isinstance(text, bytes) else path.write_text(text, encoding="utf-8")

    @staticmethod
    def environment(**more):
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        every = {**kept, "LC_ALL": "C.UTF-8", "HOOK_SECRET": SECRET, "STANDARD_SECRET": STANDARD, "OLD_SECRET": OLD, "OLD_STANDARD": OLD_STANDARD, **more}
        return {name: value for name, value in every.items() if value is not None}

    def variable(self, scheme=None):
        return "STANDARD_SECRET" if (scheme or self.scheme) == "standard-webhooks" else "HOOK_SECRET"

    def receiver(self, *sections, scheme=None, secrets=None, path=PATH, name="pagos", file="r.yaml"):
        self.scheme = scheme or self.scheme
        self.write(file, "\n".join([f"receiver: {name}", "version: 1", f"scheme: {self.scheme}", f"secrets: [{secrets or '{env: ' + self.variable() + '}'}]",
                                    *([f"path: {path}"] if path else []), *sections, ""]))

    def line(self, *more, file="r.yaml", spool=None, listen="127.0.0.1:0"):
        return [TRAMA, "receive", file, "--spool", spool or self.spool, *(["--listen", listen] if listen else []), *more]

    def start(self, *more, env=None, options=None, **kind):
        return Receiver(self, self.line(*more, **kind), self.environment(**(env or {})), **(options or {}))

    def trama(self, *line, env=None, **options):
        done = subprocess.run(line, cwd=self.folder, capture_output=True, text=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, timeout=60, check=False,
                              env=self.environment(**(env or {})), **options)
        return done.returncode, done.stdout, done.stderr

    def refused(self, word, exit_code, *more, env=None, **kind):
        """A receiver that does not start, and what it says."""
        code, out, err = self.trama(*self.line(*more, **kind), env=env)
        self.assertEqual((code, word_of(err) if word else None), (exit_code, word), err + out)
        return err

    def post(self, receiver, body=None, id_="e1", headers=None, secret=None, at=None, path=PATH, connection=None, **changed):
        """(status, what the answer says) of one event."""
        body = event(id_) if body is None else body
        pairs = {**signed_headers(self.scheme, body, id_, secret, at), **(headers or {}), **changed}
        status, _, text = receiver.ask("POST", path, body, {name: value for name, value in pairs.items() if value is not None}, connection=connection)
        try:
            said = json.loads(text)
        except ValueError:
            return status, text
        return status, said.get("status") or said.get("error")

    def files(self, *parts):
        folder = self.folder.joinpath(self.spool, *parts)
        return sorted(name for name in os.listdir(folder) if not name.startswith(".")) if folder.is_dir() else []

    def stored(self, parts=("receiving", "new")):
        """All events that are stored, in the order of the names of their files."""
        paths = sorted((path for part in parts for path in (self.folder / self.spool / part).glob("*.ndjson")), key=lambda path: path.name)
        return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]

    def ids(self, **options):
        return [one["id"] for one in self.stored(**options)]

    def body_of(self, one):
        return base64.b64decode(one["body_base64"]) if "body_base64" in one else one["body"].encode()

    def until(self, holds, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return
            time.sleep(0.02)
        self.fail("it does not come to that")

    def is_well(self, receiver, id_="still"):
        """It takes events as before."""
        self.assertEqual(self.post(receiver, id_=id_)[0], 202)
        self.assertEqual(receiver.ask("GET", "/healthz")[0], 200)

    def verified(self, folder, read, scheme=None, env=None):
        code, out, err = self.trama(TRAMA, "verify", f"{self.spool}/{folder}", "--scheme", scheme or self.scheme, "--secret-env", env or self.variable(), "--format", "json")
        self.assertEqual(code, 0, err + out)
        report = json.loads(out)
        self.assertEqual((report["read"], report["accepted"], report["refused"]), (read, read, 0))


class Schemes(ReceiveCase):
    """Which events are taken."""

    def test_every_scheme(self):
        for number, scheme in enumerate(SCHEMES):
            with self.subTest(scheme):
                self.spool = f"spool{number}"
                self.receiver(scheme=scheme)
                receiver = self.start()
                body = event("a")
                good = signed_headers(scheme, body, "a")
                name = signature_header(good)
                self.assertEqual(self.post(receiver, id_="a"), (202, "accepted"))
                self.assertEqual(self.post(receiver, id_="b", secret="whsec_AAAA" if scheme == "standard-webhooks" else "another"), (401, "SIGNATURE_WRONG"))
                self.assertEqual(self.post(receiver, event("c"), "c", **{name: None}), (401, "SIGNATURE_MISSING"))
                self.assertEqual(self.post(receiver, event("d") + b" ", "d", headers=signed_headers(scheme, event("d"), "d")), (401, "SIGNATURE_WRONG"))
                self.assertEqual(self.post(receiver, event("e"), "e", **{name: good[name][:-1]})[0], 401)
                self.assertEqual(self.post(receiver, event("f"), "f", **{name: ""})[0], 401)
                self.assertEqual(self.post(receiver, event("g"), "g", **{name: "\xff\x01zz"})[0] in (400, 401), True)
                self.assertEqual(receiver.stop()[0], 0)
                self.assertEqual(len(self.stored()), 1)
                self.verified("new", 1)

    def test_times(self):
        now = int(time.time())
        for number, scheme in enumerate(TIMED):
            with self.subTest(scheme):
                self.spool = f"spool{number}"
                self.receiver(scheme=scheme)
                receiver = self.start()
                for id_, at, wanted in (("a", now - 290, None), ("b", now + 290, None), ("c", now - 320, ("EVENT_STALE",)), ("d", now + 320, ("EVENT_EARLY", "EVENT_STALE")),
                                        ("e", now - 10**8, ("EVENT_STALE",)), ("f", 253_402_300_799, ("EVENT_EARLY", "EVENT_STALE"))):
                    status, said = self.post(receiver, event(id_), id_, at=at)
                    self.assertEqual((status, said in (wanted or ("accepted",))), (401 if wanted else 202, True), (id_, said))
                for wrong in ("x", "-5", "1e9", "", "9" * 40):
                    self.assertEqual(self.post(receiver, event("g"), "g", at=wrong)[0], 401)
                receiver.stop()
                self.assertEqual([json.loads(self.body_of(one))["id"] for one in self.stored()], ["a", "b"])

    def test_windows(self):
        now = int(time.time())
        for number, (window, ages) in enumerate([("window: 1h", {-3500: 202, -3700: 401, 3500: 202, 3700: 401}), ("window: none", {-10**8: 202, 10**6: 202}), ("window: 2s", {-60: 401, 60: 401, 0: 202})]):
            with self.subTest(window):
                self.spool = f"spool{number}"
                self.receiver(window, scheme="stripe")
                receiver = self.start()
                for age, status in ages.items():
                    self.assertEqual(self.post(receiver, event(str(age)), at=(now if age else int(time.time())) + age)[0], status)

    def test_rotation(self):
        """Every secret that counts is tried, and the event says which one it was."""
        for number, scheme in enumerate(SCHEMES):
            with self.subTest(scheme):
                self.spool = f"spool{number}"
                old, name = (OLD_STANDARD, "OLD_STANDARD") if scheme == "standard-webhooks" else (OLD, "OLD_SECRET")
                self.receiver(scheme=scheme, secrets=f"{{env: {self.variable(scheme)}}}, {{env: {name}, not_after: 9999-12-31}}")
                receiver = self.start()
                self.assertEqual([self.post(receiver, id_="a")[0], self.post(receiver, id_="b", secret=old)[0]], [202, 202])
                self.assertEqual(self.post(receiver, id_="c", secret="whsec_AAAA" if scheme == "standard-webhooks" else "third")[0], 401)
                receiver.stop()
                self.assertEqual([one["secret"] for one in self.stored()], [self.variable(scheme), name])

    def test_a_secret_that_is_over(self):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        for number, (day, status) in enumerate([(today - datetime.timedelta(days=1), 401), (today + datetime.timedelta(days=1), 202), ("2000-01-01", 401)]):
            with self.subTest(day):
                self.spool = f"spool{number}"
                self.receiver(secrets=f"{{env: HOOK_SECRET}}, {{env: OLD_SECRET, not_after: {day}}}")
                receiver = self.start()
                self.assertEqual(self.post(receiver, id_="a", secret=OLD)[0], status)
                self.assertEqual(self.post(receiver, id_="b")[0], 202)

    def test_no_secret_that_counts(self):
        self.receiver(secrets="{env: HOOK_SECRET, not_after: 2000-01-01}")
        code, _, err = self.trama(*self.line())
        self.assertNotEqual(code, 0)
        self.assertRegex(err, r"^trama: [A-Z_]+: ")

    def test_secrets_that_are_not_there(self):
        for env in ({"HOOK_SECRET": None}, {"HOOK_SECRET": ""}):
            self.receiver()
            self.assertIn("HOOK_SECRET", self.refused("SECRET_UNSET", 64, env=env))
        self.receiver(scheme="standard-webhooks")
        code, _, err = self.trama(*self.line(), env={"STANDARD_SECRET": "whsec_no base64!"})
        self.assertNotEqual(code, 0)
        self.assertIn("STANDARD_SECRET", err)
        self.assertNotIn("no base64!", err)
        self.assertEqual(self.files("receiving"), [])

    def test_bodies_are_bytes(self):
        bodies = [b"", b" ", b"\x00", b"\xff\xfe\x00binary", '{"a": "ñ🙂\u2028"}'.encode(), b'"\\u00f1\\/"\r\n\t', bytes(range(256)), b"no json", b'{"a": 1.10, "b": 1e400}', b"\xef\xbb\xbf{}", b"\xed\xa0\x80", b"\n\n"]
        self.receiver(scheme="shopify")
        receiver = self.start()
        for number, body in enumerate(bodies):
            self.assertEqual(self.post(receiver, body, str(number)), (202, "accepted"), body)
        receiver.stop()
        self.assertEqual([self.body_of(one) for one in self.stored()], bodies)
        self.assertEqual(["body" in one for one in self.stored()], [is_text(body) for body in bodies])
        self.verified("new", len(bodies))

    def test_a_header_that_comes_twice(self):
        self.receiver()
        receiver = self.start()
        body = event("a")
        good = signed_headers("github", body, "a")
        name = signature_header(good)
        twice = raw_request(body, good).replace(b"\r\n\r\n", f"\r\n{name}: {good[name]}\r\n\r\n".encode(), 1)
        self.assertIn(b" 401 ", receiver.send(twice).partition(b"\r\n")[0] + b" ")
        self.is_well(receiver)

    def test_what_is_forged_counts_for_nothing(self):
        """An id of a forged event is not taken for one that was seen."""
        self.receiver(scheme="standard-webhooks")
        receiver = self.start()
        self.assertEqual(self.post(receiver, id_="a", secret="whsec_AAAA")[0], 401)
        self.assertEqual(self.post(receiver, id_="a", at=1)[0], 401)
        self.assertEqual(self.post(receiver, id_="a"), (202, "accepted"))


def is_text(body):
    try:
        body.decode()
        return True
    except UnicodeDecodeError:
        return False


class Stored(ReceiveCase):
    """What is written, and who reads it."""

    def test_a_line(self):
        self.receiver()
        receiver = self.start()
        before = time.time()
        body = '{"id": "a", "hotel": "ñ \\u00e9"}'.encode()
        headers = {**signed_headers("github", body, "a"), "Authorization": "Bearer hidden-1", "Cookie": "hidden-2", "Proxy-Authorization": "hidden-3", "X-Own": "own: ñ".encode().decode("latin-1"),
                   "Content-Type": "application/json"}
        request = raw_request(body, headers).replace(b"\r\n\r\n", b"\r\nX-Many: 1\r\nx-many: 2\r\n\r\n", 1)
        self.assertIn(b"202", receiver.send(request).partition(b"\r\n")[0])
        receiver.stop()
        [one] = self.stored()
        self.assertEqual((one["receiver"], one["id"], one["secret"], one["body"]), ("pagos", "a", "HOOK_SECRET", body.decode()))
        self.assertRegex(one["received_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        at = datetime.datetime.fromisoformat(one["received_at"].replace("Z", "+00:00")).timestamp()
        self.assertTrue(before - 1 <= at <= time.time() + 1)
        kept = one["headers"]
        self.assertEqual([name for name in kept if name != name.lower()], [])
        self.assertEqual((kept["content-type"], kept["x-many"], kept["x-github-delivery"], kept["x-own"]), ("application/json", ["1", "2"], "a", "own: ñ"))
        self.assertEqual({"authorization", "cookie", "proxy-authorization"} & set(kept), set())
        for path in (self.folder / self.spool).rglob("*"):
            if path.is_file():
                for hidden in (b"hidden-", SECRET.encode()):
                    self.assertNotIn(hidden, path.read_bytes())

    def test_read_by_verify_and_run_and_watch(self):
        self.write("m.yaml", MAPPING)
        for number, scheme in enumerate(SCHEMES):
            with self.subTest(scheme):
                self.spool = f"spool{number}"
                self.receiver("files: {events_at_most: 4}", scheme=scheme)
                receiver = self.start()
                ids = [f"e{n}" for n in range(10)]
                for id_ in ids:
                    self.assertEqual(self.post(receiver, id_=id_)[0], 202)
                self.assertEqual(receiver.stop()[0], 0)
                self.verified("new", 10)
                code, _, err = self.trama(TRAMA, "run", "m.yaml", *(f"{self.spool}/new/{name}" for name in self.files("new")), "-o", f"{number}.ndjson")
                self.assertEqual(code, 0, err)
                self.assertEqual([json.loads(line) for line in (self.folder / f"{number}.ndjson").read_text().splitlines()], [{"Id": id_, "Nights": 2} for id_ in ids])
                code, _, err = self.trama(TRAMA, "watch", "m.yaml", "--spool", self.spool, "-o", f"rows{number}", "--once")
                self.assertEqual(code, 0, err)
                self.assertEqual((self.files("new"), len(self.files("done"))), ([], 3))
                self.verified("done", 10)
                rows = [json.loads(line)["Id"] for path in sorted((self.folder / f"rows{number}").glob("*.ndjson")) for line in path.read_text().splitlines()]
                self.assertEqual(sorted(rows), ids)

    def test_watch_beside_it(self):
        """Files are taken away while others are written."""
        self.write("m.yaml", MAPPING)
        self.receiver("files: {every: 1s, events_at_most: 5}")
        receiver = self.start()
        watch = subprocess.Popen([TRAMA, "watch", "m.yaml", "--spool", self.spool, "-o", "rows", "--every", "1"], cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (watch.kill(), watch.wait()))
        for number in range(23):
            self.assertEqual(self.post(receiver, id_=f"e{number}")[0], 202)
            time.sleep(0.05)
        receiver.stop()
        self.until(lambda: not self.files("new") and not self.files("work") and len(self.files("done")) >= 5)
        watch.send_signal(signal.SIGTERM)
        watch.wait(20)
        rows = [json.loads(line)["Id"] for path in (self.folder / "rows").glob("*.ndjson") for line in path.read_text().splitlines()]
        self.assertEqual(sorted(rows), sorted(f"e{n}" for n in range(23)))

    NAME = re.compile(r"\d{8}T\d{6}Z-pagos-\d{6}\.ndjson")

    def assert_names(self, names):
        self.assertEqual([name for name in names if not self.NAME.fullmatch(name)], [])

    def test_closed_by_count(self):
        self.receiver("files: {every: 1h, events_at_most: 3}")
        receiver = self.start()
        for number in range(8):
            self.post(receiver, id_=f"e{number}")
        self.until(lambda: len(self.files("new")) == 2)
        self.assertEqual([len((self.folder / self.spool / "new" / name).read_text().splitlines()) for name in self.files("new")], [3, 3])
        receiver.stop()
        self.assert_names(self.files("new"))
        self.assertEqual(self.ids(parts=["new"]), [f"e{n}" for n in range(8)])
        self.assertEqual([name for name in self.files("receiving") if name.endswith(".ndjson")], [])

    def test_closed_by_bytes(self):
        self.receiver("files: {every: 1h, bytes_at_most: 10K}")
        receiver = self.start()
        for number in range(10):
            self.post(receiver, event(f"e{number}", text="x" * 3000), f"e{number}")
        receiver.stop()
        sizes = [(self.folder / self.spool / "new" / name).stat().st_size for name in self.files("new")]
        self.assertGreaterEqual(len(sizes), 3)
        self.assertLess(max(sizes), 10_000 + 5_000)
        self.assertEqual(self.ids(parts=["new"]), [f"e{n}" for n in range(10)])

    def test_closed_by_time(self):
        self.receiver("files: {every: 1s}")
        receiver = self.start()
        time.sleep(1.2)
        self.assertEqual(self.files("new"), [])  # no file without an event
        began = time.monotonic()
        self.post(receiver, id_="a")
        self.until(lambda: self.files("new"), 5)
        self.assertLess(time.monotonic() - began, 3)
        self.post(receiver, id_="b")
        self.until(lambda: len(self.files("new")) == 2, 5)
        self.assert_names(self.files("new"))
        self.assertEqual((self.ids(parts=["new"]), receiver.stop()[0], len(self.files("new"))), (["a", "b"], 0, 2))

    def test_names_sort_over_restarts(self):
        self.receiver("files: {every: 1h, events_at_most: 2}")
        ids = []
        for turn in range(3):
            receiver = self.start()
            for number in range(5):
                ids.append(f"{turn}-{number}")
                self.assertEqual(self.post(receiver, id_=ids[-1])[0], 202)
            receiver.stop()
        self.assertEqual((self.ids(parts=["new"]), len(self.files("new"))), (ids, 9))
        self.assert_names(self.files("new"))

    def test_it_is_on_the_disk_when_it_is_answered(self):
        self.receiver("files: {every: 1h}")
        receiver = self.start()
        for number in range(5):
            self.assertEqual(self.post(receiver, id_=f"e{number}")[0], 202)
            self.assertEqual(self.ids(), [f"e{n}" for n in range(number + 1)])

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_it_is_synced_before_it_is_answered(self):
        if subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
            self.skipTest("strace may not trace here")
        self.receiver("files: {every: 1h}")
        line = ["strace", "-f", "-o", "trace", "-e", "trace=fdatasync,fsync,sendto,sendmsg,send,write,writev", *self.line()]
        receiver = Receiver(self, line, self.environment())
        self.assertEqual(self.post(receiver, id_="a")[0], 202)
        [child] = pathlib.Path(f"/proc/{receiver.run.pid}/task/{receiver.run.pid}/children").read_text().split()
        os.kill(int(child), signal.SIGTERM)
        receiver.run.wait(20)
        calls = (self.folder / "trace").read_text(errors="replace")
        answer = re.search(r"(send|write)\w*\(\d+, .{0,80}HTTP/1.1 202", calls)
        self.assertTrue(answer, calls[-2000:])
        self.assertRegex(calls[: answer.start()], r"(fdatasync|fsync)\(\d+")


class Repeated(ReceiveCase):
    """An id counts once."""

    def test_repeated(self):
        for number, scheme in enumerate(SCHEMES):
            with self.subTest(scheme):
                self.spool = f"spool{number}"
                self.receiver(scheme=scheme)
                receiver = self.start()
                self.assertEqual([self.post(receiver, id_=id_) for id_ in ("a", "a", "b", "a")], [(202, "accepted"), (200, "repeated"), (202, "accepted"), (200, "repeated")])
                if scheme != "stripe":
                    self.assertEqual(self.post(receiver, event("other"), "a"), (200, "repeated"))
                receiver.stop()
                self.assertEqual(self.ids(), ["a", "b"])

    def test_after_a_restart(self):
        for end in ("stop", "kill"):
            for files in ("{every: 1h}", "{every: 1h, events_at_most: 1}", "{every: 1h, events_at_most: 2}"):
                with self.subTest(end, files=files):
                    self.spool = f"{end}{len(files)}{files[-2]}"
                    self.receiver(f"files: {files}")
                    for turn in range(3):
                        receiver = self.start()
                        self.assertEqual([self.post(receiver, id_=f"e{n}")[0] for n in range(5)], [202] * 5 if turn == 0 else [200] * 5)
                        self.assertEqual(self.post(receiver, id_=f"new{turn}")[0], 202)
                        receiver.stop() if end == "stop" else receiver.kill()
                    self.start().stop()
                    self.assertEqual(self.ids(parts=["new"]), [*(f"e{n}" for n in range(5)), "new0", "new1", "new2"])

    def test_after_the_files_are_gone(self):
        """What was imported and moved away is still known."""
        self.receiver("files: {every: 1h, events_at_most: 1}")
        receiver = self.start()
        self.post(receiver, id_="a")
        self.until(lambda: self.files("new"))
        for name in self.files("new"):
            (self.folder / self.spool / "new" / name).unlink()
        self.assertEqual(self.post(receiver, id_="a")[0], 200)
        receiver.kill()
        receiver = self.start()
        self.assertEqual(self.post(receiver, id_="a")[0], 200)

    def test_at_once(self):
        """One of many is the first, and the others are told that it is there when it is."""
        self.receiver("limits: {per_second: 100000}")
        receiver = self.start()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda n: self.post(receiver, id_=f"e{n % 8}"), range(160)))
        self.assertEqual(collections.Counter(answers), {(202, "accepted"): 8, (200, "repeated"): 152})
        receiver.stop()
        self.assertEqual(sorted(self.ids()), [f"e{n}" for n in range(8)])

    def test_a_scheme_without_an_id(self):
        self.receiver(scheme='{header: X-Hub-Signature-256, encoding: hex, prefix: sha256=}')
        receiver = self.start()
        body = event("a")
        headers = signed_headers("github", body)
        for _ in range(3):
            self.assertEqual(receiver.ask("POST", PATH, body, headers)[0], 202)
        receiver.stop()
        self.assertEqual(len(self.stored()), 3)

    def test_an_id_of_the_body(self):
        self.receiver("event_id: {body: data.n}")
        receiver = self.start()
        answers = [self.post(receiver, body, str(number))[0] for number, body in enumerate([b'{"data": {"n": "x"}}', b'{"data": {"n": "x"}, "more": 1}', b'{"data": {"n": 1}}', b'{"data": {"n": "1"}}'])]
        self.assertEqual(answers, [202, 200, 202, 200])
        for body in (b'{"data": {}}', b'{"data": 1}', b"[]", b"{", b"", b'{"data": {"n": null}}', b"\xff", b'{"data": {"n": {}}}'):
            status, said = self.post(receiver, body, "z")
            self.assertEqual(status, 400, (body, said))
        receiver.stop()
        self.assertEqual(self.ids(), ["x", "1"])

    def test_an_id_of_another_header(self):
        self.receiver("event_id: {header: X-Number}")
        receiver = self.start()
        self.assertEqual([self.post(receiver, id_=id_, **{"X-Number": number})[0] for id_, number in (("a", "1"), ("b", "1"), ("a", "2"))], [202, 200, 202])
        self.assertIn(self.post(receiver, id_="c")[0], (400, 401))

    def test_ids_that_are_long(self):
        self.receiver()
        receiver = self.start()
        self.assertEqual(self.post(receiver, id_="x" * 1024)[0], 202)
        self.assertEqual(self.post(receiver, id_="x" * 1025), (400, "EVENT_ID_LONG"))
        receiver.stop()
        self.receiver("event_id: {body: id}")
        receiver = self.start()
        self.assertEqual(self.post(receiver, event("y" * 900_000), "a"), (400, "EVENT_ID_LONG"))
        self.is_well(receiver)

    def test_ids_that_look_alike(self):
        self.receiver("event_id: {body: id}")
        receiver = self.start()
        ids = ["a", "A", "a ", "ä", "a\u0308", "1", "1.0", "01", "a\x00b", "a\x00c", "\U0001f600", "a\nb", "'; drop table ids; --"]
        self.assertEqual([self.post(receiver, event(id_), str(number))[0] for number, id_ in enumerate(ids)], [202] * len(ids))
        self.assertEqual([self.post(receiver, event(id_), str(number))[0] for number, id_ in enumerate(ids)], [200] * len(ids))


class Hostile(ReceiveCase):
    """Whoever asks."""

    def test_methods(self):
        self.receiver()
        receiver = self.start()
        body = event("a")
        for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "BREW", "post"):
            with self.subTest(method):
                status, headers, _ = receiver.ask(method, PATH, body if method in ("PUT", "PATCH") else None, signed_headers("github", body, "a"))
                self.assertIn(status, (405, 501) if method in ("TRACE", "BREW", "post") else (405,))
                if status == 405:
                    self.assertEqual(headers["allow"], "POST")
        self.is_well(receiver)
        receiver.stop()
        self.assertEqual(self.ids(), ["still"])

    def test_paths(self):
        self.receiver()
        receiver = self.start()
        for path in ("/", "/hooks", PATH + "/", PATH + "x", "//hooks/pagos", "/HOOKS/PAGOS", "/hooks/../hooks/pagos", "/%00", "/" + "x" * 5000, "*", PATH + "/../pagos"):
            with self.subTest(path[:30]):
                self.assertIn(self.post(receiver, path=path)[0], (404, 400, 414) if len(path) > 100 or path == "*" or "%00" in path else (404,))
        self.assertEqual(self.post(receiver, id_="q", path=PATH + "?a=1")[0], 202)
        self.is_well(receiver)

    def test_the_usual_path(self):
        self.receiver(path=None)
        receiver = self.start()
        self.assertEqual((self.post(receiver, id_="a", path="/")[0], self.post(receiver, id_="b")[0]), (202, 404))

    def test_how_large_a_body_may_be(self):
        self.receiver("limits: {bytes_at_most: 10K}")
        receiver = self.start()
        most = 10 * 1024 if self.post(receiver, b"x" * 10_240, "k")[0] == 202 else 10_000
        self.assertEqual(self.post(receiver, b"x" * most, "a")[0] in (202, 200), True)
        for size in (most + 1, most * 3, 5_000_000):
            with self.subTest(size):
                body = b"x" * size
                out = receiver.send(raw_request(body, signed_headers("github", body, f"b{size}")))
                self.assertTrue(out.startswith(b"HTTP/1.1 413") or (not out and size > 10**6), out[:100])
        out = receiver.send(raw_request(b"", signed_headers("github", b"", "c"), length=10**12))
        self.assertIn(b" 413", out[:13], out[:100])
        out = receiver.send(b"".join([raw_request(b"", {**signed_headers("github", b"", "d"), "Content-Length": "", "Transfer-Encoding": "chunked"}), *[b"800\r\n" + b"x" * 2048 + b"\r\n"] * 40, b"0\r\n\r\n"]))
        self.assertTrue(out.startswith(b"HTTP/1.1 413") or not out, out[:100])
        self.is_well(receiver)
        receiver.stop()
        self.assertEqual([one for one in self.stored() if len(self.body_of(one)) > most], [])

    def test_413_ends_the_connection(self):
        self.receiver("limits: {bytes_at_most: 1K}")
        receiver = self.start()
        body = event("a", text="x" * 2000)
        good = raw_request(event("b"), signed_headers("github", event("b"), "b"))
        out = receiver.send(raw_request(body, signed_headers("github", body, "a")) + good, half=True)
        self.assertNotIn(b" 202 ", out)
        receiver.stop()
        self.assertEqual(self.stored(), [])

    def test_chunked_bodies(self):
        self.receiver()
        receiver = self.start()
        body = event("a", text="ñ" * 5000)
        head = raw_request(b"", {**signed_headers("github", body, "a"), "Content-Length": "", "Transfer-Encoding": "chunked"})
        for size, id_ in ((7, "a"), (4000, "b"), (20_000, "c")):
            chunks = b"".join(b"%x\r\n" % len(body[at : at + size]) + body[at : at + size] + b"\r\n" for at in range(0, len(body), size))
            with self.subTest(size):
                out = receiver.send(head.replace(b"X-GitHub-Delivery: a", f"X-GitHub-Delivery: {id_}".encode()) + chunks + b"0\r\n\r\n")
                self.assertIn(b" 202 ", out[:20])
        receiver.stop()
        self.assertEqual([self.body_of(one) for one in self.stored()], [body] * 3)

    def test_lengths_that_are_wrong(self):
        self.receiver("limits: {idle: 1s}")
        receiver = self.start()
        body = event("a")
        headers = signed_headers("github", body, "a")
        for name, data in {
            "longer": raw_request(body, headers, length=len(body) + 10), "shorter": raw_request(body, headers, length=len(body) - 3), "negative": raw_request(body, headers, length=-5),
            "no number": raw_request(body, headers, length="ten"), "huge": raw_request(body, headers, length="99999999999999999999999"), "none": raw_request(body, {**headers, "Content-Length": ""}),
            "two": raw_request(body, headers).replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n", 1), "plus": raw_request(body, headers, length=f"+{len(body)}"),
            "both": raw_request(b"5\r\nhello\r\n0\r\n\r\n", {**headers, "Transfer-Encoding": "chunked"}), "bad chunk": raw_request(b"zz\r\nhello\r\n0\r\n\r\n", {**headers, "Content-Length": "", "Transfer-Encoding": "chunked"}),
            "chunk without end": raw_request(b"5\r\nhel", {**headers, "Content-Length": "", "Transfer-Encoding": "chunked"}), "huge chunk": raw_request(b"FFFFFFFFFFFFFFFFF\r\nx", {**headers, "Content-Length": "", "Transfer-Encoding": "chunked"}),
            "odd encoding": raw_request(body, {**headers, "Transfer-Encoding": "gzip, what"}),
        }.items():
            with self.subTest(name):
                out = receiver.send(data, half=True, timeout=8)
                if name == "plus":
                    continue  # some read it as a number
                self.assertNotIn(b" 202 ", out[:20] if name != "two" else b"", out[:100])
        self.is_well(receiver)
        receiver.stop()
        self.assertEqual([one for one in self.stored() if self.body_of(one) not in (body, event("still"))], [])

    def test_garbage(self):
        self.receiver("limits: {idle: 1s}")
        receiver = self.start()
        chance = random.Random(4)
        head = raw_request(event("a"), signed_headers("github", event("a"), "a"))
        began = time.monotonic()
        cases = [b"\r\n\r\n\r\n", b"\x00" * 1000, chance.randbytes(20_000), b"GET\r\n\r\n", b"POST " + PATH.encode() + b"\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\n: x\r\n\r\n",
                 b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(500), head.replace(b"Host: localhost", b"Host: a\x00b"), head.replace(b"localhost", b"x\r\n folded"), head.replace(b"localhost", b"\x1b[2J\xff"),
                 head.replace(b"Host: localhost\r\n", b"Host localhost\r\n"), head.replace(b"\r\n", b"\n"), head[:40], head[:-5], b"POST " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n"]
        for number, data in enumerate(cases):
            with self.subTest(number):
                receiver.send(data, half=True, timeout=6)
                self.assertIsNone(receiver.run.poll(), receiver.text())
        for _ in range(40):  # a request with one or two bytes that are others
            data = bytearray(head)
            for _ in range(chance.randrange(1, 3)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            receiver.send(bytes(data), half=True, timeout=6)
        self.is_well(receiver)
        self.assertFalse(set("\x1b\x07\x9b\x00") & set(receiver.text()))
        self.assertLess(len(receiver.said), time.monotonic() - began + 8)  # a line a second at most
        receiver.stop()
        self.assertEqual([one for one in self.stored() if self.body_of(one) not in (event("a"), event("still"))], [])

    def test_http_1_0(self):
        self.receiver()
        receiver = self.start()
        body = event("a")
        out = receiver.send(raw_request(body, signed_headers("github", body, "a"), version="HTTP/1.0"))
        self.assertRegex(out, rb"^HTTP/1\.[01] 202 ")
        self.is_well(receiver)

    def test_one_after_another_on_a_connection(self):
        self.receiver()
        receiver = self.start()
        connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=15)
        self.addCleanup(connection.close)
        self.assertEqual([self.post(receiver, id_=f"e{n % 20}", connection=connection)[0] for n in range(40)], [202] * 20 + [200] * 20)
        self.assertEqual(self.post(receiver, id_="x", secret="no", connection=connection)[0], 401)
        self.assertEqual(self.post(receiver, id_="y", connection=connection)[0], 202)

    def test_pipelining(self):
        self.receiver()
        receiver = self.start()
        ids = [f"e{n}" for n in range(6)]
        out = receiver.send(b"".join(raw_request(event(id_), signed_headers("github", event(id_), id_)) for id_ in [*ids, "e0"]), half=True)
        self.assertEqual(re.findall(rb"HTTP/1\.1 (\d+)", out), [b"202"] * 6 + [b"200"])
        receiver.stop()
        self.assertEqual(self.ids(), ids)

    def test_100_continue(self):
        self.receiver()
        receiver = self.start()
        body = event("a", text="x" * 3000)
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            connection.sendall(raw_request(b"", {**signed_headers("github", body, "a"), "Expect": "100-continue"}, length=len(body)))
            self.assertIn(b" 100 ", connection.recv(1000))
            connection.sendall(body)
            self.assertIn(b" 202 ", connection.recv(1000))

    def test_slow_clients(self):
        """They lose their connection, and others do not wait for them."""
        self.receiver("limits: {idle: 1s}")
        receiver = self.start()
        body = event("a")
        whole = raw_request(body, signed_headers("github", body, "a"))
        slow = [socket.create_connection(("127.0.0.1", receiver.port), timeout=10) for _ in range(12)]
        try:
            for number, connection in enumerate(slow):
                connection.sendall(whole[: [0, 5, 60, len(whole) - 1][number % 4]])
            began = time.monotonic()
            self.is_well(receiver)
            self.assertLess(time.monotonic() - began, 0.9)
            for connection in slow:
                with contextlib.suppress(OSError):
                    while connection.recv(1000):
                        pass
            self.assertLess(time.monotonic() - began, 7)
        finally:
            for connection in slow:
                connection.close()
        self.is_well(receiver, "again")
        receiver.stop()
        self.assertEqual(self.ids(), ["still", "again"])

    def test_a_body_that_comes_slowly(self):
        self.receiver("limits: {idle: 2s}")
        receiver = self.start()
        body = event("a")
        whole = raw_request(body, signed_headers("github", body, "a"))
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            for at in range(0, len(whole), 40):
                connection.sendall(whole[at : at + 40])
                time.sleep(0.15)
            self.assertIn(b" 202 ", connection.recv(1000))

    def test_header_bombs(self):
        self.receiver()
        receiver = self.start()
        body = event("a")
        good = signed_headers("github", body, "a")
        for name, more in {"one": {"X-Long": "x" * 100_000}, "many": {f"X-{n}": "y" * 50 for n in range(5000)}, "a name": {"X" * 60_000: "1"}, "an id": {"X-GitHub-Delivery": "z" * 1_000_000}}.items():
            with self.subTest(name):
                out = receiver.send(raw_request(body, {**good, **more}), half=True)
                self.assertTrue(not out or re.match(rb"HTTP/1\.1 4\d\d ", out), out[:100])
        self.assertEqual(self.post(receiver, id_="b", headers={f"X-{n}": "y" * 20 for n in range(60)})[0], 202)
        self.is_well(receiver)
        receiver.stop()
        self.assertEqual(self.ids(), ["b", "still"])

    def test_300_connections(self):
        """Beyond the limit they are refused; those within, and all later ones, are served."""
        self.receiver("limits: {connections: 200, per_second: 100000}")
        receiver = self.start()
        opened = []
        try:
            for _ in range(300):
                with contextlib.suppress(OSError):
                    opened.append(socket.create_connection(("127.0.0.1", receiver.port), timeout=2))
            body = event("a")
            with contextlib.suppress(OSError):
                opened[0].sendall(raw_request(body, signed_headers("github", body, "a")))
                self.assertIn(b" 202 ", opened[0].recv(1000))
            self.assertIsNone(receiver.run.poll())
        finally:
            for connection in opened:
                connection.close()
        end = time.monotonic() + 10
        while time.monotonic() < end:  # it needs a moment to see that they are gone
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.post(receiver, id_="b")[0] == 202:
                    break
            time.sleep(0.1)
        self.is_well(receiver)

    def test_300_at_once(self):
        self.receiver("limits: {connections: 500, per_second: 100000}")
        receiver = self.start()
        connections = [http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=20) for _ in range(300)]
        try:
            for connection in connections:
                connection.connect()
            with concurrent.futures.ThreadPoolExecutor(30) as pool:
                answers = list(pool.map(lambda n: self.post(receiver, id_=f"e{n}", connection=connections[n])[0], range(300)))
        finally:
            for connection in connections:
                connection.close()
        self.assertEqual(answers, [202] * 300)
        receiver.stop()
        self.assertEqual(sorted(self.ids()), sorted(f"e{n}" for n in range(300)))

    def test_a_rate(self):
        self.receiver("limits: {per_second: 5}")
        receiver = self.start()
        connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=15)
        self.addCleanup(connection.close)
        answers = []
        for number in range(40):
            body = event(f"e{number}")
            status, headers, _ = receiver.ask("POST", PATH, body, signed_headers("github", body, f"e{number}"), connection=connection)
            answers.append(status)
            if status == 429:
                self.assertEqual(headers["retry-after"], "1")
        self.assertEqual(set(answers), {202, 429})
        self.assertLess(answers.count(202), 30)
        time.sleep(1.2)
        self.assertEqual(self.post(receiver, id_="later")[0], 202)
        receiver.stop()
        self.assertEqual(self.ids(), [f"e{n}" for n, status in enumerate(answers) if status == 202] + ["later"])

    def test_an_attack_does_not_fill_the_log(self):
        self.receiver("limits: {per_second: 100000}")
        receiver = self.start()
        connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=15)
        self.addCleanup(connection.close)
        began = time.monotonic()
        for number in range(300):
            self.assertEqual(self.post(receiver, id_=f"e{number}", secret="guess", connection=connection)[0], 401)
        took = time.monotonic() - began
        receiver.stop()
        self.assertLess(len(receiver.said), took + 8, receiver.text())
        self.assertEqual(sum(int(count) for count in re.findall(r"SIGNATURE_WRONG ([0-9]+)", receiver.text())), 300)
        self.assertEqual(self.stored(), [])


class Around(ReceiveCase):
    """What is beside events: health, numbers, TLS, addresses, signals, the command line."""

    def test_health(self):
        self.receiver()
        receiver = self.start()
        status, headers, body = receiver.ask("GET", "/healthz")
        self.assertEqual((status, body), (200, b"ok\n"))
        for path in ("/healthz", "/metrics"):
            self.assertIn(receiver.ask("POST", path, b"x")[0], (404, 405))

    def test_metrics(self):
        self.receiver("limits: {bytes_at_most: 10K}")
        receiver = self.start()
        receiver.metrics()
        for id_ in ("a", "b", "a", "c"):
            self.post(receiver, id_=id_)
        self.post(receiver, id_="d", secret="no")
        self.post(receiver, id_="d", secret="no")
        self.post(receiver, id_="d", **{"X-Hub-Signature-256": None})
        receiver.ask("GET", PATH)
        self.post(receiver, path="/none")
        receiver.send(raw_request(b"x" * 20_000, signed_headers("github", b"", "e")))
        metrics = receiver.metrics()

        def value(name, **labels):
            return metrics[name, tuple(sorted({"receiver": "pagos", **labels}.items()))]

        self.assertEqual((value("trama_receive_events_total", outcome="accepted"), value("trama_receive_events_total", outcome="repeated")), (3, 1))
        for reason, count in {"signature_wrong": 2, "signature_missing": 1, "method": 1, "path": 1, "too_large": 1}.items():
            self.assertEqual(value("trama_receive_refused_total", reason=reason), count, reason)

        def plain(name):
            [one] = [number for (known, _), number in metrics.items() if known == name]
            return one

        self.assertEqual(plain("trama_receive_pending"), 0)
        self.assertLess(abs(plain("trama_receive_last_event_timestamp_seconds") - time.time()), 60)
        receiver.stop()
        size = sum(path.stat().st_size for path in (self.folder / self.spool / "new").iterdir())
        self.assertEqual(plain("trama_receive_stored_bytes_total"), size)
        buckets = [(dict(labels)["le"], number) for (name, labels), number in metrics.items() if name == "trama_receive_answer_seconds_bucket"]
        self.assertEqual((buckets[-1][0], buckets[-1][1]), ("+Inf", plain("trama_receive_answer_seconds_count")))
        self.assertEqual([number for _, number in buckets], sorted(number for _, number in buckets))
        self.assertEqual([float(le) for le, _ in buckets], sorted(float(le) for le, _ in buckets))
        self.assertGreaterEqual(plain("trama_receive_answer_seconds_count"), 4)
        self.assertGreater(plain("trama_receive_answer_seconds_sum"), 0)

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed")
    def test_metrics_as_prometheus_sees_them(self):
        self.receiver()
        receiver = self.start()
        self.post(receiver, id_="a")
        done = subprocess.run(["promtool", "check", "metrics"], input=receiver.ask("GET", "/metrics")[2], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_tls(self):
        authority = Authority(self.folder)
        certificate, key = authority.certificate()
        self.receiver()
        receiver = self.start("--cert", str(certificate), "--key", str(key))
        self.assertTrue(receiver.url.startswith("https://"), receiver.text())
        context = ssl.create_default_context(cafile=authority.file)

        def ask(body, id_):
            connection = http.client.HTTPSConnection("127.0.0.1", receiver.port, timeout=10, context=context)
            try:
                connection.request("POST", PATH, body, signed_headers("github", body, id_))
                return connection.getresponse().status
            finally:
                connection.close()

        self.assertEqual(ask(event("a"), "a"), 202)
        with contextlib.suppress(OSError, http.client.HTTPException):
            self.assertNotIn(self.post(receiver, id_="b")[0], (200, 202))
        receiver.send(b"\x16\x03\x01\xff\xff" + b"x" * 5000, half=True)
        self.assertEqual(ask(event("c", text="x" * 100_000), "c"), 202)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context.minimum_version = context.maximum_version = version
            self.assertEqual(ask(event("d"), str(version)), 202)
        receiver.stop()
        self.assertEqual(len(self.stored()), 4)

    def test_certificates_that_are_none(self):
        authority = Authority(self.folder)
        certificate, key = authority.certificate()
        other, other_key = Authority(self.folder, "other").certificate(name="another")
        self.write("garbage.pem", "no certificate")
        self.receiver()
        self.assertEqual(self.trama(*self.line("--cert", str(certificate)))[0], 64)
        self.assertEqual(self.trama(*self.line("--key", str(key)))[0], 64)
        for pair in ((certificate, "none.key"), ("none.pem", key), ("garbage.pem", key), (certificate, "garbage.pem"), (key, certificate), (certificate, other_key)):
            with self.subTest([str(one) for one in pair]):
                code, _, err = self.trama(*self.line("--cert", str(pair[0]), "--key", str(pair[1])))
                self.assertNotIn(code, (0, 1), err)
                self.assertRegex(err, r"^trama: ")

    def test_addresses(self):
        """Without TLS events are not taken over the public internet, unless that is said."""
        self.receiver()
        for address in ("8.8.8.8:80", "0.0.0.0:0"):
            with self.subTest(address):
                code, _, err = self.trama(*self.line(listen=address))
                self.assertNotEqual(code, 0)
                self.assertIn("--plain", err)
                self.assertNotIn("LISTEN_FAILED", err)
        receiver = self.start("--plain", listen="0.0.0.0:0")
        self.is_well(receiver)
        receiver.stop()
        self.refused("LISTEN_FAILED", 4, "--plain", listen="203.0.113.5:8443")
        self.assertIn(self.trama(*self.line(listen="10.255.255.254:1"))[0], (4, 75))  # private, and not ours

    def test_addresses_that_are_none(self):
        self.receiver()
        for address in ("", "x", "127.0.0.1", "127.0.0.1:", ":x", "127.0.0.1:99999", "127.0.0.1:-1", "127.0.0.1:80:80", "http://127.0.0.1:80", "300.1.1.1:80"):
            with self.subTest(address):
                self.assertIn(self.trama(TRAMA, "receive", "r.yaml", "--spool", "spool", "--listen", address)[0], (4, 64))

    def test_ipv6(self):
        try:
            with socket.create_server(("::1", 0), family=socket.AF_INET6):
                pass
        except OSError:
            self.skipTest("there is no IPv6")
        self.receiver()
        receiver = self.start(listen="[::1]:0")
        connection = http.client.HTTPConnection("::1", receiver.port, timeout=10)
        self.addCleanup(connection.close)
        self.assertEqual(self.post(receiver, id_="a", connection=connection)[0], 202)

    def test_a_port_that_is_taken(self):
        self.receiver()
        with socket.create_server(("127.0.0.1", 0)) as place:
            code, _, err = self.trama(*self.line(listen=f"127.0.0.1:{place.getsockname()[1]}"))
        self.assertIn(code, (4, 75), err)
        self.assertEqual(word_of(err), "LISTEN_FAILED", err)

    def test_the_same_port_at_once(self):
        self.receiver()
        receiver = self.start()
        port = receiver.port
        self.is_well(receiver)
        receiver.kill()
        receiver = self.start(listen=f"127.0.0.1:{port}")
        self.assertEqual(receiver.port, port)
        self.is_well(receiver, "again")

    def test_what_is_said(self):
        self.receiver()
        for number, (options, language) in enumerate([([], "en"), (["--lang", "es"], "es")]):
            self.spool = f"spool{number}"
            run = subprocess.Popen(self.line(*options), cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                first = run.stderr.readline()
                self.assertIn("http://127.0.0.1:", first)
                self.assertIn("pagos", first)
                self.assertIn(f"{self.spool}/new", first)
                self.assertEqual("listening on" in first, language == "en")
            finally:
                run.terminate()
                run.communicate(timeout=20)
            self.assertEqual(run.returncode, 0)

    def test_counts(self):
        self.receiver()
        for number, format in enumerate(("json", "text")):
            self.spool = f"spool{number}"
            receiver = self.start("--format", format)
            for id_ in ("a", "b", "c", "a"):
                self.post(receiver, id_=id_)
            self.post(receiver, id_="d", secret="no")
            code, out = receiver.stop()
            self.assertEqual(code, 0)
            if format == "json":
                result = json.loads(out)
                self.assertEqual((result["accepted"], result["repeated"]), (3, 1), result)
                self.assertIn("SIGNATURE_WRONG", json.dumps(result).upper())
            else:
                self.assertRegex(out, r"(?<!\d)3(?!\d)")

    def test_signals(self):
        self.receiver("files: {every: 1h}")
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                self.spool = number.name
                receiver = self.start()
                self.post(receiver, id_="a")
                began = time.monotonic()
                self.assertEqual(receiver.stop(number)[0], 0)
                self.assertLess(time.monotonic() - began, 5)
                self.assertEqual((self.ids(parts=["new"]), [name for name in self.files("receiving") if name.endswith(".ndjson")]), (["a"], []))

    def test_a_request_in_hand(self):
        """It comes to its end, and nobody else comes in."""
        self.receiver("files: {every: 1h}")
        receiver = self.start()
        body = event("a", text="x" * 1000)
        whole = raw_request(body, signed_headers("github", body, "a"))
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            connection.sendall(whole[:-500])
            time.sleep(0.3)
            receiver.run.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", receiver.port), timeout=1) as late:
                late.sendall(raw_request(event("late"), signed_headers("github", event("late"), "late")))
                late.settimeout(1)
                self.assertNotIn(b" 202 ", late.recv(1000))
            connection.sendall(whole[-500:])
            self.assertIn(b" 202 ", connection.recv(1000))
        receiver.run.wait(15)
        self.assertEqual((receiver.run.returncode, self.ids(parts=["new"])), (0, ["a"]))

    def test_a_request_that_does_not_end(self):
        self.receiver()
        receiver = self.start()
        self.post(receiver, id_="a")
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            connection.sendall(raw_request(b"x", signed_headers("github", b"x", "b"), length=1000))
            time.sleep(0.2)
            began = time.monotonic()
            self.assertEqual(receiver.stop()[0], 0)
            self.assertLess(time.monotonic() - began, 14)
        self.assertEqual(self.ids(parts=["new"]), ["a"])

    def test_a_second_receiver(self):
        self.receiver()
        receiver = self.start()
        self.refused("RECEIVER_BUSY", 75)
        other = self.start(spool="other")
        self.assertEqual(other.stop()[0], 0)
        self.is_well(receiver)
        receiver.kill()
        self.start().stop()

    def test_without_libmicrohttpd(self):
        (self.folder / "lib").mkdir()
        (self.folder / "lib" / "libmicrohttpd.so.12").write_bytes(b"")
        self.receiver()
        self.assertIn("libmicrohttpd", self.refused("MICROHTTPD_UNAVAILABLE", 4, env={"LD_LIBRARY_PATH": str(self.folder / "lib")}))
        self.assertEqual(self.trama(TRAMA, "check", "r.yaml", env={"LD_LIBRARY_PATH": str(self.folder / "lib")})[0], 0)

    def test_places_that_cannot_be_used(self):
        self.receiver()
        self.write("file", "mine")
        for spool in ("file", "file/below", "/proc/none/x"):
            with self.subTest(spool):
                code, _, err = self.trama(*self.line(spool=spool))
                self.assertIn(code, (4, 5), err)
        self.assertEqual((self.folder / "file").read_text(), "mine")

    def test_the_command_line(self):
        self.receiver()
        for line in ([], ["r.yaml"], ["--spool", "s"], ["r.yaml", "r.yaml", "--spool", "s"], ["r.yaml", "--spool", "s", "--format", "xml"], ["r.yaml", "--spool", "s", "--lang", "xx"],
                     ["r.yaml", "--spool", "s", "--lisen", "127.0.0.1:0"]):
            with self.subTest(line):
                self.assertEqual(self.trama(TRAMA, "receive", *line)[0], 64)
        self.assertFalse((self.folder / "s").exists())
        self.write("m.yaml", MAPPING)
        for file in ("m.yaml", "none.yaml", "."):
            self.assertIn(self.trama(*self.line(file=file))[0], (3, 4))
        self.assertIn("--listen", self.trama(TRAMA, "receive", "--help")[1])

    WHOLE = """receiver: pagos
version: 1
about: "payments"
scheme: standard-webhooks
secrets: [{env: STANDARD_SECRET}, {env: OLD_STANDARD, not_after: 2026-12-31}]
window: 5m
event_id: {header: webhook-id}
path: /hooks/pagos
remember: 30d
files: {every: 5s, events_at_most: 10000, bytes_at_most: 64M}
limits: {bytes_at_most: 1M, per_second: 500, connections: 200, idle: 30s}
"""

    def check(self, text):
        self.write("r.yaml", text)
        code, out, err = self.trama(TRAMA, "check", "r.yaml")
        return code, out + err

    def test_check(self):
        code, said = self.check(self.WHOLE)
        self.assertEqual(code, 0, said)
        self.start().stop()
        code, said = self.check("receiver: r\nversion: 1\nscheme: github\nsecrets: [{env: A}]\n")
        self.assertEqual(code, 0, said)
        code, said = self.check(self.WHOLE.replace("standard-webhooks", OWN).replace("event_id: {header: webhook-id}\n", ""))
        self.assertEqual(code, 0, said)

    def test_words_that_are_misspelt(self):
        words = [(match.start(1), match[1]) for match in re.finditer(r"(?m)(?:^|[{,] ?)([a-z_]+):(?= )", self.WHOLE)]
        self.assertGreater(len(words), 20)
        for at, word in words:
            if word == "receiver":  # without it the file is none of a receiver
                continue
            with self.subTest(word, at=at):
                code, said = self.check(self.WHOLE[:at] + word[:2] + word[1:] + self.WHOLE[at + len(word) :])
                line, column = self.WHOLE[:at].count("\n") + 1, at - self.WHOLE.rfind("\n", 0, at)
                self.assertEqual(code, 3, said)
                self.assertIn(f"r.yaml:{line}:{column}: error[KEY_UNKNOWN]", said)
                self.assertIn(f"did you mean '{word}'?", said)

    def test_what_is_wrong(self):
        short = "receiver: r\nversion: 1\nscheme: github\nsecrets: [{env: A}]\n"
        for number, (text, holds) in enumerate([
            (short.replace("github", "githb"), "github"), (short.replace("github", "paypal"), "standard-webhooks"), (short.replace("scheme: github\n", ""), "scheme"), (short.replace("secrets: [{env: A}]\n", ""), "secrets"),
            (short.replace("[{env: A}]", "[]"), ""), (short.replace("[{env: A}]", "A"), ""), (short.replace("{env: A}", "{}"), "env"), (short.replace("{env: A}", "{evn: A}"), "did you mean 'env'"), (short.replace("{env: A}", "A"), ""),
            (short.replace("{env: A}", "{env: A}, {env: A}"), ""), (short.replace("{env: A}", "{env: A, not_after: tomorrow}"), ""), (short.replace("{env: A}", "{env: A, not_after: 2026-02-30}"), ""), (short.replace("{env: A}", '{env: "a b"}'), ""),
            (short.replace("version: 1", "version: 2"), ""), (short.replace("receiver: r", "receiver: a/b"), ""), (short + "window: 5m\n", "window"), (short + "window: none\n", "window"),
            (short.replace("github", "stripe") + "window: 5\n", ""), (short.replace("github", "stripe") + "window: long\n", ""), (short + "path: hooks\n", ""), (short + "path: \"/a b\"\n", ""), (short + "path: /healthz\n", ""), (short + "path: /metrics\n", ""),
            (short + "remember: 0s\n", ""), (short + "files: {every: 0s}\n", ""), (short + "files: {events_at_most: 0}\n", ""), (short + "files: {bytes_at_most: lots}\n", ""), (short + "files: []\n", ""),
            (short + "limits: {connections: 0}\n", ""), (short + "limits: {per_second: x}\n", ""), (short + "limits: {bytes_at_most: -1}\n", ""), (short + "event_id: x\n", ""), (short + "event_id: {}\n", ""),
            (short + "event_id: {header: a, body: b}\n", ""), (short + 'event_id: {body: "a[0]"}\n', ""), (short.replace("github", "{header: a}"), "encoding"), (short.replace("github", "{header: a, encoding: hx}"), "hex"),
            (short.replace("github", "{headr: a, encoding: hex}"), "did you mean 'header'"), (short + short, "receiver"), (short + "pages: 1\n", "pages"),
        ]):
            with self.subTest(number, text=text):
                code, said = self.check(text)
                self.assertEqual(code, 3, said)
                self.assertRegex(said, r"r\.yaml:\d+:\d+: error\[[A-Z_]+\]")
                self.assertIn(holds, said)
        self.assertEqual(self.trama(*self.line(), env={"A": "x"})[0], 3)
        self.assertFalse((self.folder / self.spool).exists())

    def test_a_folder_of_files(self):
        (self.folder / "all").mkdir()
        self.receiver(file="all/r.yaml")
        self.assertEqual(self.trama(TRAMA, "check", "all")[0], 0)
        self.receiver("widnow: 5m", file="all/r.yaml")
        code, out, err = self.trama(TRAMA, "check", "all")
        self.assertEqual((code, "did you mean 'window'" in out + err), (3, True), out + err)


class Interrupted(ReceiveCase):
    """Full disks, kills, and what they leave."""

    def fill(self, receiver, size, count):
        """The answers to events of that size; a connection each."""
        answers = {}
        for number in range(count):
            body = event(f"e{number}", text="x" * size)
            status, headers, _ = receiver.ask("POST", PATH, body, signed_headers("github", body, f"e{number}"))
            answers[f"e{number}"] = status
            if status == 503:
                self.assertEqual(headers["retry-after"], "10")
        return answers

    def assert_healthy_again(self, answers, size):
        """Without the full disk what was refused is taken, what was taken is known, and all of it is there once."""
        receiver = self.start()
        for id_, status in answers.items():
            body = event(id_, text="x" * size)
            self.assertEqual(self.post(receiver, body, id_)[0], 200 if status == 202 else 202, id_)
        self.assertEqual(receiver.stop()[0], 0)
        self.assertEqual(sorted(self.ids(parts=["new"])), sorted(answers))
        self.verified("new", len(answers))

    def test_a_file_that_may_not_grow(self):
        self.receiver("files: {every: 1h}")
        receiver = self.start(options={"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))})
        size = 250_000
        answers = self.fill(receiver, size, 32)
        self.assertEqual(set(answers.values()), {202, 503}, receiver.text())
        status, _, why = receiver.ask("GET", "/healthz")
        self.assertEqual(status, 503)
        self.assertGreater(len(why), 5)
        receiver.metrics()
        taken = [id_ for id_, answer in answers.items() if answer == 202]
        self.assertEqual(self.ids(), taken)  # what is there is whole lines
        receiver.stop()
        self.assertEqual(self.ids(), taken)
        self.assert_healthy_again(answers, size)

    def test_a_disk_that_is_full(self):
        spool = self.folder / self.spool
        spool.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(spool)], capture_output=True, check=False).returncode:
            self.skipTest("no file system may be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(spool)], check=False)
        self.receiver("files: {every: 1h}")
        receiver = self.start()
        size = 100_000
        answers = self.fill(receiver, size, 10)
        self.assertEqual(set(answers.values()), {202})
        with open(spool / "filler", "wb") as filler, contextlib.suppress(OSError):
            while True:
                filler.write(b"x" * 65536)
                filler.flush()
        more = self.fill(receiver, size, 14)
        self.assertEqual({more[f"e{n}"] for n in range(10)}, {200})
        self.assertIn(503, more.values(), receiver.text())
        self.assertEqual(receiver.ask("GET", "/healthz")[0], 503)
        (spool / "filler").unlink()
        answers.update({id_: status for id_, status in more.items() if id_ not in answers})
        again = self.fill(receiver, size, 14)
        self.assertEqual(again, {id_: 200 if answers[id_] == 202 else 202 for id_ in again})
        self.assertEqual(receiver.ask("GET", "/healthz")[0], 200)
        self.assertEqual(receiver.stop()[0], 0)
        self.assertEqual(sorted(self.ids(parts=["new"])), sorted(again))
        self.verified("new", len(again))

    def test_what_a_kill_left(self):
        """The last line was cut: it was never answered, and is cut off; the others are there and known."""
        self.receiver("files: {every: 1h}")
        for cut in (1, 30, 200):
            with self.subTest(cut):
                self.spool = f"spool{cut}"
                receiver = self.start()
                for id_ in ("a", "b", "c"):
                    self.assertEqual(self.post(receiver, id_=id_)[0], 202)
                receiver.kill()
                [name] = [name for name in self.files("receiving") if name.endswith(".ndjson")]
                path = self.folder / self.spool / "receiving" / name
                line = path.read_bytes().splitlines(keepends=True)[0].replace(b'"a"', b'"d"')
                with open(path, "ab") as file:
                    file.write(line[:-cut])
                receiver = self.start()
                self.assertEqual(self.ids(parts=["new"]), ["a", "b", "c"])
                self.assertEqual([self.post(receiver, id_=id_)[0] for id_ in ("a", "b", "c", "d")], [200, 200, 200, 202])
                receiver.stop()
                self.verified("new", 4)

    def test_ids_that_are_lost(self):
        """A database that is no database is told, and events are not taken as if it were none."""
        self.receiver()
        receiver = self.start()
        self.post(receiver, id_="a")
        receiver.stop()
        for path in (self.folder / self.spool / "receiving").glob("ids.sqlite*"):
            path.unlink()
        (self.folder / self.spool / "receiving" / "ids.sqlite").write_bytes(b"garbage" * 1000)
        code, _, err = self.trama(*self.line())
        self.assertNotIn(code, (0, 1), err)
        self.assertRegex(err, r"^trama: [A-Z_]+: ")
        self.assertEqual(self.ids(parts=["new"]), ["a"])

    def test_kills(self):
        """Clients that send an event again until it is taken, as senders of webhooks do. What was answered is there, and once."""
        self.receiver("files: {every: 1s, events_at_most: 15}", "limits: {per_second: 100000}")
        chance = random.Random(5)
        now = {"receiver": self.start()}
        ended = threading.Event()
        noted = [[] for _ in range(4)]  # (id, status) of each client, in its order
        sent = [0] * 4

        def client(number):
            connection, port = None, None
            while not ended.is_set():
                id_ = f"{number}-{sent[number]}"
                sent[number] += 1
                while True:
                    try:
                        if connection is None or port != now["receiver"].port:
                            port = now["receiver"].port
                            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                        status = self.post(now["receiver"], id_=id_, connection=connection)[0]
                        noted[number].append((id_, status))
                        if status in (200, 202):
                            break
                    except (OSError, http.client.HTTPException):
                        connection = None
                        time.sleep(0.01)

        clients = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(4)]
        for one in clients:
            one.start()
        for _ in range(KILLS):
            time.sleep(0.05 + chance.random() * 0.2)
            now["receiver"].kill()
            lost = {id_ for each in [list(one) for one in noted] for id_, status in each if status == 202} - set(self.ids())
            self.assertEqual(lost, set())
            now["receiver"] = self.start()
        ended.set()
        for one in clients:
            one.join(20)
            self.assertFalse(one.is_alive())
        self.assertEqual(now["receiver"].stop()[0], 0)
        ids = self.ids(parts=["new"])
        self.assertEqual([id_ for id_, times in collections.Counter(ids).items() if times > 1], [])
        self.assertEqual(set(ids), {f"{number}-{n}" for number in range(4) for n in range(sent[number])})
        self.assertEqual({status for each in noted for _, status in each} - {200, 202}, set())
        taken = collections.Counter(id_ for each in noted for id_, status in each if status == 202)
        self.assertEqual([id_ for id_, times in taken.items() if times > 1], [])
        self.assertGreater(len(ids), KILLS * 4)
        self.verified("new", len(ids))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(0 if run_classes(ReceiveCase, __file__, TRAMA) else 1)
    unittest.main()
