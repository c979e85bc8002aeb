#!/usr/bin/env python3
"""`trama push`: every row is asked for under a key of its own, and nothing is done twice, whatever the server does meanwhile. Against
http/fault_server.py: which requests are made, with which bytes and keys, what is left behind, and how the command ends.

    tests/push_test.py TRAMA [CLASS[.TEST]]
"""

import base64
import collections
import gzip
import hashlib
import hmac
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "http"))
from fault_server import Answer, Authority, Commit, PushApi, Server, Tokens, date_in, rows_of  # noqa: E402
from test_classes import run_classes  # noqa: E402

TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
KILLS = int(os.environ.get("TRAMA_KILLS", "30"))
PATH = "/v1/bookings"
STATE = "push.state"
SECRET = "s3cretTOKEN0123456789"
KEY = "kEyOfTheTarget42"
RETRY = "retry: {attempts: 3, first_wait: 10ms, times: 2, at_most: 40ms, jitter: 0%, budget: 20s}"
COUNTS = ("acknowledged", "already", "unchanged", "rejected")
TRANSIENT = [408, 425, 429, 500, 502, 503, 504]
REFUSALS = [400, 402, 406, 409, 410, 412, 413, 415, 418, 422, 423, 428, 451]
NEXT = PushApi.NEXT


def word_of(message):
    """Its code."""
    return message.removeprefix("trama: ").partition(":")[0]


def key_for(*parts):
    """An idempotency key as `trama run` makes them: a UUID of version 5."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts)))


def booking(number, **more):
    """A row's own columns, as `trama run` writes them."""
    return json.dumps({"Id": f"B{number}", "Nights": 2, **more}, ensure_ascii=False, separators=(",", ":"))


def told(body, operation="insert", key=None, idempotency=None):
    """The row that says what is done with `body`: with its audit columns at the end, as `trama run` has them."""
    key = json.loads(body)["Id"] if key is None else key
    audit = {"operation": operation, "key": key, "idempotency_key": idempotency or key_for(key, body, operation == "delete")}
    columns = ",".join(f"{json.dumps(name)}:{json.dumps(value, ensure_ascii=False)}" for name, value in audit.items())
    return body[:-1] + ("," if body != "{}" else "") + columns + "}"


def gone(key):
    return told("{}", "delete", key)


class PushCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.apis = []
        self.anew()

    def tearDown(self):
        """Whatever happened, a key never came with two contents."""
        for api in self.apis:
            contents = collections.defaultdict(set)
            for method, target, key, body in api.pushes():
                contents[key].add((method, target, body))
            self.assertEqual([key for key, sent in contents.items() if key and len(sent) > 1], [])

    def anew(self, **options):
        """Another API, which knows nothing."""
        self.api = self.enterContext(PushApi(PATH, **options))
        self.apis.append(self.api)
        return self.api

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text) if isinstance(text, bytes) else path.write_text(text, encoding="utf-8")

    def operations(self, **methods):
        """`operations:` with a URL of {key} for all but inserts."""
        methods = methods or {"insert": "POST", "update": "PATCH", "delete": "DELETE"}
        each = [f"{name}: {{method: {method}" + ("" if method == "POST" else f', url: "{self.api.url(PATH)}/{{key}}"') + "}" for name, method in methods.items()]
        return f"operations: {{{', '.join(each)}}}"

    def target(self, *sections, url=None, name="crm", retry=RETRY, file="t.yaml", key_header="Idempotency-Key", operations=None):
        self.write(file, "\n".join([f"target: {name}", "version: 1", f'url: "{url or self.api.url(PATH)}"', operations or self.operations(),
                                    *([f"key_header: {key_header}"] if key_header else []), retry, *sections, ""]))

    def rows(self, *rows, file="rows.ndjson"):
        self.write(file, "".join(row + "\n" for row in rows))

    @staticmethod
    def environment(**more):
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**kept, "LC_ALL": "C.UTF-8", "SECRET": SECRET, "KEY": KEY, **more}

    def line(self, *more, file="t.yaml", rows="rows.ndjson", state=STATE, private=True, format="json"):
        return [TRAMA, "push", file, rows, *(["--state", state] if state else []), *(["--allow-private"] if private else []), *(["--format", format] if format else []), *more]

    def trama(self, *line, env=None, stdin=None, **options):
        feed = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
        done = subprocess.run(line, cwd=self.folder, capture_output=True, timeout=60, check=False, env=self.environment(**(env or {})), **feed, **options)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def push(self, *more, env=None, stdin=None, **options):
        return self.trama(*self.line(*more, **options), env=env, stdin=stdin)

    def started(self, *more, **options):
        run = subprocess.Popen(self.line(*more, **options), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=self.environment())
        self.addCleanup(self.finished, run)
        return run

    @staticmethod
    def finished(run):
        if run.poll() is None:
            run.kill()
        run.communicate()

    def counts(self, out):
        """What a push says that it did: every row is in one count."""
        result = json.loads(out)
        found = {name: result[name] for name in COUNTS}
        self.assertEqual(result["read"], sum(found.values()), result)
        return {name: count for name, count in found.items() if count}

    def done(self, *more, exit=None, env=None, stdin=None, options=None, **wanted):
        """A push that comes to its end with these counts."""
        code, out, err = self.push(*more, env=env, stdin=stdin, **(options or {}))
        self.assertEqual(code, (1 if wanted.get("rejected") else 0) if exit is None else exit, err + out)
        self.assertEqual(self.counts(out), {name: count for name, count in wanted.items() if count}, err)
        return err

    def stopped(self, word, exit_code, *more, env=None, **options):
        """A push that ends so, and what it says."""
        code, out, err = self.push(*more, env=env, **options)
        self.assertEqual((code, word_of(err)), (exit_code, word), err + out)
        return err

    def rejects(self, file="rows.ndjson.crm.rejects.jsonl"):
        return [json.loads(line) for line in (self.folder / file).read_text(encoding="utf-8").splitlines()]

    def assert_no_rejects(self):
        self.assertEqual([name for name in os.listdir(self.folder) if "rejects" in name], [])

    def bodies(self):
        return [body.decode() for _, _, _, body in self.api.pushes()]

    def applied(self):
        """How often each row was done, by its name."""
        return dict(collections.Counter(name for _, name, _, _ in self.api.applied))

    def until(self, holds, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return
            time.sleep(0.01)
        self.fail("it does not come to that")

    def gaps(self):
        times = [request.at for request in self.api.log]
        return [later - earlier for earlier, later in zip(times, times[1:], strict=False)]


class Sent(PushCase):
    """What is asked for a row."""

    def test_one_row(self):
        self.target("headers: {Accept: application/json, X-Own: \"own: value\"}")
        self.rows(told(booking(1)))
        self.done(acknowledged=1)
        [request] = self.api.log
        self.assertEqual((request.method, request.target, request.body.decode()), ("POST", PATH, booking(1)))
        self.assertEqual(request.headers["idempotency-key"], key_for("B1", booking(1), False))
        self.assertTrue(request.headers["content-type"].startswith("application/json"))
        self.assertEqual((request.headers["accept"], request.headers["x-own"]), ("application/json", "own: value"))
        self.assertNotIn("authorization", request.headers)
        self.assert_no_rejects()

    def test_what_is_said(self):
        self.target()
        self.api.refused["B2"] = Answer(422)
        self.rows(told(booking(1)), told(booking(2)), told(booking(3), "unchanged"))
        code, out, err = self.push(format=None)
        self.assertEqual(code, 1, err)
        for word in ("acknowledged", "rejected", "unchanged"):
            self.assertRegex(out + err, rf"1\s+{word}")
        self.assertIn("rows.ndjson.crm.rejects.jsonl", out + err)
        self.assertNotIn("exactly once", out + err + self.trama(TRAMA, "push", "--help")[1])

    def test_messages_in_spanish(self):
        self.target()
        self.rows(told(booking(1)))
        self.api.plan(NEXT, Answer(403), Answer(403))
        english, spanish = (self.stopped("HTTP_STATUS", 4, "--lang", language) for language in ("en", "es"))
        self.assertNotEqual(english, spanish)

    def test_bytes_of_bodies(self):
        """The row, less what says what is done: every digit, escape and character as it is written."""
        bodies = ['{"Id":"B1","a":1.10,"b":1e400,"c":12345678901234567890,"d":-0,"e":1E+2,"f":0.1000000000000000055511151231257827}', '{"Id":"B2","t":"ñ🙂 \u2028 ß"}',
                  r'{"Id":"B3","t":"\u00f1\/\ud83d\ude42\"\\\n\u0000","\u00e9":"\u0041"}', '{"Id":"B4","e":"","n":null,"t":true,"f":false,"l":[],"m":{}}',
                  '{"Id":"B5","in":{"key":"k","operation":"insert","idempotency_key":"i"},"l":[{"key":1},["operation"]],"keys":1,"Key":2,"KEY":3}',
                  '{"Id":"B6","t":"\\"key\\":\\"x\\",","u":"}{","v":",\\"operation\\":"}', '{"Id":"B7"}', '{"Id":"B8","' + "n" * 300 + '":1}']
        self.target()
        self.rows(*map(told, bodies))
        self.done(acknowledged=len(bodies))
        self.assertEqual(self.bodies(), bodies)

    def test_where_the_audit_columns_are(self):
        audit = ['"operation":"insert"', '"key":"B1"', None]
        chance = random.Random(1)
        own = ['"Id":"B1"', '"n":1.50', '"x":{"y":[1, 2]}']
        cases = []
        for number in range(12):
            members = own + [*audit[:2], f'"idempotency_key":"{key_for(number)}"']
            places = chance.sample(range(6), 6)
            ordered = sorted(range(6), key=lambda index: places[index])
            cases.append(("{" + ",".join(members[index] for index in ordered) + "}", "{" + ",".join(members[index] for index in ordered if index < 3) + "}"))
        self.target(operations="operations: {insert: {method: PUT}}")
        self.rows(*(line for line, _ in cases))
        self.done(acknowledged=len(cases))
        self.assertEqual(self.bodies(), [body for _, body in cases])

    def test_rows_with_spaces(self):
        self.target()
        self.rows('{ "Id" : "B1" ,\t"operation": "insert", "n" : 1.0 , "key":"B1", "idempotency_key" :"a-1" }', ' \t{"idempotency_key": "a-2",  "Id": "B2", "n": [1.0,  2] , "key": "B2"}  ')
        self.done(acknowledged=2)
        kept = [json.loads(body, parse_float=str) for body in self.bodies()]
        self.assertEqual(kept, [{"Id": "B1", "n": "1.0"}, {"Id": "B2", "n": ["1.0", 2]}])
        self.assertIn("[1.0,  2]", self.bodies()[1])
        self.assertEqual(self.api.keys(), ["a-1", "a-2"])

    def test_a_row_of_nothing_else(self):
        self.target(operations="operations: {insert: {method: POST}}")
        self.rows(told("{}", key="B1"))
        self.done(acknowledged=1)
        self.assertEqual(self.bodies(), ["{}"])

    def test_operations(self):
        self.target()
        self.rows(told(booking(1)), told(booking(1, Total=5), "update"), gone("B1"), told(booking(2)))
        self.done(acknowledged=4)
        self.assertEqual([(method, target) for method, target, _, _ in self.api.pushes()], [("POST", PATH), ("PATCH", PATH + "/B1"), ("DELETE", PATH + "/B1"), ("POST", PATH)])
        self.assertEqual(self.bodies(), [booking(1), booking(1, Total=5), "", booking(2)])
        self.assertEqual(list(self.api.things), ["B2"])

    def test_bodies_that_are_asked_for(self):
        url = f'"{self.api.url(PATH)}/{{key}}"'
        self.target(operations=f"operations: {{update: {{method: PUT, url: {url}, body: none}}, delete: {{method: DELETE, url: {url}, body: row}}, insert: {{method: PUT, url: {url}}}}}")
        self.rows(told(booking(1)), told(booking(1, Nights=3), "update"), told(booking(1), "delete"))
        self.done(acknowledged=3)
        self.assertEqual([(method, body.decode()) for method, _, _, body in self.api.pushes()], [("PUT", booking(1)), ("PUT", ""), ("DELETE", booking(1))])

    def test_keys_in_urls(self):
        """A key is one part of the path, whatever is in it."""
        keys = ["B1", "a b", "ñ/ü", "x?y=1#z", "100%", "a+b&c", '["HA","1001"]', "{key}", "%2F", "a\\b;c", "~-._", "日本", "'\"<>"]
        self.target()
        self.rows(*(told(booking(1), "update", key=key) for key in keys))
        self.done(acknowledged=len(keys))
        self.assertEqual([target for _, target, _, _ in self.api.pushes()], [f"{PATH}/{urllib.parse.quote(key, safe='~')}" for key in keys])

    def test_keys_that_are_steps_of_a_path(self):
        """They are never a step up: the request is for that key, or there is none."""
        for key in ("..", ".", "../../admin", "/", ""):
            with self.subTest(key):
                self.anew()
                self.target()
                self.rows(gone(key))
                code, _, err = self.push(state=f"{len(key)}{key[:1] == '.'}.state")
                targets = [request.target for request in self.api.log]
                if targets:
                    self.assertEqual([urllib.parse.unquote(target.removeprefix(PATH + "/")) for target in targets], [key], err)
                    self.assertTrue(targets[0].startswith(PATH + "/"))
                else:
                    self.assertIn(code, (1, 4), err)

    def test_a_url_with_a_query(self):
        self.target(operations=f'operations: {{insert: {{method: POST, url: "{self.api.url(PATH)}?mode=strict"}}, update: {{method: PATCH, url: "{self.api.url(PATH)}?id={{key}}&x=1"}}}}')
        self.rows(told(booking(1)), told(booking(1), "update", key="a&b=c d"))
        self.done(acknowledged=2)
        self.assertEqual([request.query for request in self.api.log], [{"mode": "strict"}, {"id": "a&b=c d", "x": "1"}])

    def test_without_operations(self):
        self.target(operations="# none")
        self.rows(told(booking(1)), told(booking(2)), told(booking(3), "update"), told(booking(4), "delete"), told(booking(5), "upsert"), told(booking(6)))
        self.done(acknowledged=3, rejected=3)
        self.assertEqual([request.method for request in self.api.log], ["POST"] * 3)
        self.assertEqual([(one["errors"][0]["code"], one["operation"]) for one in self.rejects()], [("OPERATION_NOT_TOLD", word) for word in ("update", "delete", "upsert")])

    def without(self, *names):
        """Rows less these audit columns."""
        return [json.dumps({name: value for name, value in json.loads(told(booking(n))).items() if name not in names}, separators=(",", ":")) for n in (1, 2)]

    def test_rows_without_an_operation(self):
        self.target()
        self.rows(*self.without("operation"))
        self.done(acknowledged=2)
        self.assertEqual([request.method for request in self.api.log], ["POST"] * 2)

    def test_rows_without_an_idempotency_key(self):
        self.target()
        self.rows(*self.without("idempotency_key"), *self.without("idempotency_key"))
        self.done(acknowledged=2, already=2)
        first = self.api.keys()
        self.assertEqual(([uuid.UUID(key).version for key in first], len(set(first))), ([5, 5], 2))
        self.done(acknowledged=2, already=2, options={"state": "other.state"})
        self.assertEqual(self.api.keys()[2:], first)
        self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def test_rows_without_a_key(self):
        self.target()
        self.rows(*self.without("key"))
        self.done(acknowledged=2)
        self.done(already=2)
        self.assertEqual(self.api.keys(), [json.loads(told(booking(n)))["idempotency_key"] for n in (1, 2)])

    def test_rows_without_any_audit_column(self):
        self.target(operations="# none")
        self.rows(booking(1), booking(2))
        self.done(acknowledged=2)
        self.done(already=2)
        self.assertEqual(self.bodies(), [booking(1), booking(2)])

    def test_a_url_needs_the_key(self):
        self.target()
        self.rows(booking(1)[:-1] + ',"operation":"update","idempotency_key":"i-1"}')
        code, out, err = self.push()
        self.assertIn(code, (1, 3, 4), err + out)
        self.assertEqual(self.api.log, [])

    def test_audit_columns_of_other_kinds(self):
        """A key that is a number or null, an operation that is none: never another key than the row has."""
        for number, audit in enumerate(['"key":7', '"key":null', '"key":{"a":1}', '"key":["a"]', '"idempotency_key":7', '"idempotency_key":""', '"idempotency_key":"a\\nX-Evil: 1"',
                                        '"operation":1', '"operation":null', '"operation":["insert"]', '"operation":""']):
            with self.subTest(audit):
                self.anew()
                self.target()
                self.rows(f'{{"Id":"B1",{audit}}}')
                code, out, err = self.push(state=f"{number}.state")
                self.assertIn(code, (0, 1, 3, 4), err + out)
                self.assertEqual([request for request in self.api.log if "x-evil" in request.headers], [])
                self.assertLessEqual(len(self.api.log), 1)
                self.assertEqual(code == 0, len(self.api.log) == 1 or '"unchanged":1' in out.replace(" ", ""), err + out)

    def test_what_is_unchanged(self):
        self.target()
        self.rows(told(booking(1), "unchanged"), told(booking(2), "stale"), told(booking(3)))
        self.done(unchanged=2, acknowledged=1)
        self.assertEqual(self.bodies(), [booking(3)])

    def test_answers_that_acknowledge(self):
        answers = [Answer(200, body=b""), Answer(201), Answer(202), Answer(203), Answer(204), Answer(206), Answer(200, body=b"<html>ok"), Answer(200, body=b"{}", gzip=True),
                   Answer(200, body=b"\xff\x00", chunked=True), Answer(201, body=b"x" * 3_000_000), Answer(299)]
        self.target()
        self.rows(*(told(booking(n)) for n in range(len(answers))))
        for number, answer in enumerate(answers):
            self.api.plan(f"B{number}", Commit(answer))
        self.done(acknowledged=len(answers))
        self.assertEqual(set(self.applied().values()), {1})
        self.assertEqual(len(self.api.log), len(answers))

    def test_rows_in_their_order(self):
        self.target()
        numbers = random.Random(3).sample(range(100), 40)
        self.rows(*(told(booking(n)) for n in numbers))
        self.done(acknowledged=40)
        self.assertEqual(self.bodies(), [booking(n) for n in numbers])
        self.assertLessEqual(self.api.connections, 5)

    AUTHS = {
        "bearer": "auth: {bearer: {secret_env: SECRET}}",
        "basic": "auth: {basic: {user: trama, secret_env: SECRET}}",
        "header": "auth: {header: {name: X-Api-Key, secret_env: SECRET}}",
        "query": "auth: {query: {name: api_key, secret_env: SECRET}}",
        "hmac": 'auth: {signed: {key_env: KEY, secret_env: SECRET, how: hmac-sha256, over: "{method} {path} {time}", headers: {X-Signature: "v1={signature}", X-Time: "{time}"}}}',
    }

    def test_who_asks(self):
        for name, section in self.AUTHS.items():
            with self.subTest(name):
                self.anew()
                self.target(section)
                self.rows(told(booking(1)), told(booking(1, Nights=3), "update"))
                self.done(acknowledged=2, options={"state": f"{name}.state"})
                for request in self.api.log:
                    headers = request.headers
                    if name == "bearer":
                        self.assertEqual(headers["authorization"], f"Bearer {SECRET}")
                    elif name == "basic":
                        self.assertEqual(headers["authorization"], "Basic " + base64.b64encode(f"trama:{SECRET}".encode()).decode())
                    elif name == "header":
                        self.assertEqual(headers["x-api-key"], SECRET)
                    elif name == "query":
                        self.assertEqual(request.query["api_key"], SECRET)
                    else:
                        signature = hmac.new(SECRET.encode(), f"{request.method} {request.path} {headers['x-time']}".encode(), "sha256").hexdigest()
                        self.assertEqual(headers["x-signature"], f"v1={signature}")


class Again(PushCase):
    """What is not sent again, and what is, under which key."""

    def test_already(self):
        self.target()
        self.rows(*(told(booking(n)) for n in range(4)))
        self.done(acknowledged=4)
        self.done(already=4)
        self.rows(*(told(booking(n)) for n in (3, 9, 1)), file="more.ndjson")
        self.done(already=2, acknowledged=1, options={"rows": "more.ndjson"})
        self.assertEqual(self.applied(), {f"B{n}": 1 for n in (0, 1, 2, 3, 9)})
        self.assertEqual(len(self.api.log), 5)

    def test_the_same_row_twice_in_a_file(self):
        self.target()
        self.rows(told(booking(1)), told(booking(1)), told(booking(2)), told(booking(1)))
        self.done(acknowledged=2, already=2)
        self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def test_targets_are_apart(self):
        self.target()
        self.target(name="erp", file="u.yaml")
        self.rows(told(booking(1)))
        self.done(acknowledged=1)
        self.done(acknowledged=1, options={"file": "u.yaml"})
        self.done(already=1, options={"file": "u.yaml"})
        self.assertEqual(len(self.api.log), 2)

    def test_an_operation_is_part_of_it(self):
        """The same row to be inserted, and later to be deleted, is another delivery."""
        self.target()
        self.rows(told(booking(1)))
        self.done(acknowledged=1)
        self.rows(gone("B1"))
        self.done(acknowledged=1)
        self.done(already=1)
        self.assertEqual([request.method for request in self.api.log], ["POST", "DELETE"])

    def abab(self, turns):
        """Rows of one key that come and go."""
        contents = {"A": booking(1), "B": booking(1, Total=5), "C": booking(1, Total=6)}
        return [told(contents[turn], "update" if number else "insert", idempotency=key_for("B1", turn)) for number, turn in enumerate(turns)], [contents[turn] for turn in turns]

    def test_a_file_that_has_a_thing_twice(self):
        """Made and changed in one file: who pushes the file again makes nothing anew, whether the push before came to its end or not."""
        for stops in (False, True):
            with self.subTest(stops=stops):
                self.anew()
                self.target()
                self.rows(told(booking(1)), told(booking(1, Nights=3), "update"), told(booking(2)))
                self.api.plan("B2", *[Answer(503)] * (3 if stops else 0))
                options = {"state": f"{stops}.state"}
                self.assertEqual(self.push(**options)[0], 75 if stops else 0)
                self.done(acknowledged=1 if stops else 0, already=2 if stops else 3, options=options)
                self.assertEqual([(method, name) for method, name, _, _ in self.api.applied], [("POST", "B1"), ("PATCH", "B1"), ("POST", "B2")])

    def test_an_older_file_again(self):
        """As who pushes all files of a folder: the booking is not made a second time."""
        self.target()
        self.rows(told(booking(1)))
        self.rows(told(booking(1, Nights=3), "update"), file="2.ndjson")
        for name in ("rows.ndjson", "2.ndjson", "rows.ndjson", "2.ndjson"):
            self.assertEqual(self.push(rows=name)[0], 0)
        self.assertEqual([method for method, _, _, _ in self.api.applied].count("POST"), 1)

    def test_one_key_of_two_contents(self):
        """Rows that were not made by `trama run` may bring the same idempotency_key with another content, or another operation. That is sent, or it is said:
        it is never taken for the row that is there, nor sent under the same key."""
        first = told(booking(1), idempotency="k1")
        others = {"content": told(booking(1, Nights=5), "update", idempotency="k1"), "operation": told(booking(1), "delete", idempotency="k1")}
        for name, other in others.items():
            for in_doubt in (False, True):
                for files in (1, 2):
                    with self.subTest(name, in_doubt=in_doubt, files=files):
                        self.anew()
                        self.target()
                        for push in (1, 2, 3) if in_doubt else ():
                            self.api.plan(push, Commit(Answer(500)))
                        options = {"state": f"{name}{in_doubt}{files}.state"}
                        for rows in ([first, other],) if files == 1 else ([first], [other]):
                            self.rows(*rows)
                            code, out, err = self.push(**options)
                        sent = {(method, body) for method, _, key, body in self.api.pushes() if key == "k1"}
                        self.assertEqual(len(sent), 1)
                        if code == 0:
                            self.assertEqual(self.api.things, {} if name == "operation" else {"B1": booking(1, Nights=5).encode()}, out)
                        else:
                            self.assertRegex(err + out, "[A-Z]+_[A-Z]+")

    def test_a_row_that_comes_back(self):
        """A, B, A: the server would answer the third with what it said to the first, and B would stay."""
        lines, contents = self.abab("ABABCA")
        self.target()
        for line in lines:
            self.rows(line)
            self.done(acknowledged=1)
            self.done(already=1)
        self.assertEqual(self.bodies(), contents)
        keys = self.api.keys()
        self.assertEqual(len(set(keys)), len(keys))
        self.assertEqual(keys[0], key_for("B1", "A"))
        self.assertEqual({uuid.UUID(key).version for key in keys}, {5})
        self.assertEqual(self.api.things["B1"].decode(), contents[-1])

    def test_a_row_that_comes_back_in_one_file(self):
        lines, contents = self.abab("ABAB")
        self.target()
        self.rows(*lines)
        self.done(acknowledged=4)
        self.assertEqual((self.bodies(), len(set(self.api.keys()))), (contents, 4))
        self.assertEqual((self.api.things["B1"].decode(), self.api.replayed), (contents[-1], 0))

    def test_the_key_of_a_row_that_comes_back_stays(self):
        lines, _ = self.abab("ABA")
        self.target()
        self.rows(*lines[:2])
        self.done(acknowledged=2)
        self.rows(lines[2])
        self.api.plan(NEXT, Commit(Answer(500)), Answer(503), Answer(503))
        self.stopped("HTTP_STATUS", 75)
        self.done(acknowledged=1)
        keys = self.api.keys()
        self.assertEqual((len(set(keys[2:])), len(set(keys))), (1, 3))
        self.assertEqual(len(self.api.applied), 3)

    def test_the_same_key_for_inserts_alone(self):
        """POST of A, B, A where every version is told as a new booking of the same key."""
        self.target(operations="operations: {insert: {method: POST}}")
        a, b = told(booking(1)), told(booking(1, Total=7))
        self.rows(a, b, a)
        self.done(acknowledged=3)
        self.assertEqual((len(set(self.api.keys())), self.api.replayed), (3, 0))

    def test_done_and_then_an_error(self):
        for status in TRANSIENT:
            with self.subTest(status):
                self.anew()
                self.target()
                self.rows(told(booking(1)), told(booking(2)))
                self.api.plan("B1", Commit(Answer(status)))
                self.done(acknowledged=2, options={"state": f"{status}.state"})
                self.assertEqual(self.applied(), {"B1": 1, "B2": 1})
                self.assertEqual((len(self.api.log), len(set(self.api.keys())), self.api.replayed), (3, 2, 1))

    DROPS = {
        "within the headers": Answer(drop="headers"), "instead of an answer": Answer(drop="request"), "instead of an answer, reset": Answer(drop="request", reset=True),
        "within the status line": Answer(raw=b"HTTP/1."), "no HTTP": Answer(raw=b"\x00\x01\x02\r\n"), "cut off": Answer(201, body=b'{"number": 1}', cut=5),
        "longer than it is": Answer(201, body=b"{}", length=50), "no end": Answer(201, body=b"{}", chunked=True, broken="end"),
    }

    def test_done_and_then_the_connection_ends(self):
        for number, (name, answer) in enumerate(self.DROPS.items()):
            with self.subTest(name):
                self.anew()
                self.target()
                self.rows(told(booking(1)), told(booking(2)))
                self.api.plan("B1", Commit(answer))
                self.done(acknowledged=2, options={"state": f"{number}.state"})
                self.assertEqual((self.applied(), len(set(self.api.keys()))), ({"B1": 1, "B2": 1}, 2))

    def test_connections_that_end_before(self):
        self.target()
        self.rows(told(booking(1)))
        self.api.drop_connections(1, reset=True)
        self.api.hang_up(1)
        self.done(acknowledged=1)
        self.assertEqual(([line.split()[0] for line in self.api.unread], self.applied(), self.api.connections), (["POST"], {"B1": 1}, 3))

    def test_a_server_that_is_slow(self):
        """The answer comes too late, while the work goes on: the same key is in work, and then answered again."""
        self.target("limits: {silence: 1s}", retry="retry: {attempts: 20, first_wait: 200ms, times: 1, at_most: 200ms, jitter: 0%, budget: 20s}")
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", Commit(seconds=2.2))
        self.done(acknowledged=2)
        self.assertEqual((self.applied(), len(set(self.api.keys())), self.api.replayed), ({"B1": 1, "B2": 1}, 2, 1))
        self.assertIn(409, [request.status for request in self.api.log])
        self.assert_no_rejects()

    def test_a_limit_of_a_whole_request(self):
        self.target("limits: {request: 1s}")
        self.rows(told(booking(1)))
        self.api.plan("B1", Commit(Answer(201, body=b"x" * 100, every=0.1, piece=2)))
        self.done(acknowledged=1)
        self.assertEqual(self.applied(), {"B1": 1})

    def test_409_of_what_was_sent_before(self):
        self.target()
        self.rows(told(booking(1)))
        self.api.plan(NEXT, *[Commit(Answer(drop="request"))] * 3, Answer(409), None)
        self.stopped("SOURCE_UNREACHABLE", 75)
        self.done(acknowledged=1)
        self.assertEqual((self.applied(), len(set(self.api.keys()))), ({"B1": 1}, 1))

    def test_409_at_first(self):
        self.target()
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", Answer(409, body=b'{"error": "there is one of that number"}'))
        self.done(acknowledged=1, rejected=1)
        self.assertEqual((len(self.api.log), self.rejects()[0]["errors"][0]["status"]), (2, 409))

    def test_where_a_push_stopped(self):
        """It goes on with the row that was on its way, under the same key."""
        for number, end in enumerate([Answer(503), Commit(Answer(500)), Commit(Answer(drop="request")), Answer(429)]):
            with self.subTest(number):
                self.anew()
                self.target()
                self.rows(*(told(booking(n)) for n in range(5)))
                # Over a connection that was open libcurl asks once more by itself.
                self.api.plan("B2", *[end] * (3 if end.answer is None or not end.answer.drop else 6) if isinstance(end, Commit) else [end] * 3)
                options = {"state": f"{number}.state"}
                code, out, err = self.push(**options)
                self.assertEqual(code, 75, err)
                self.assertIn(word_of(err), ("HTTP_STATUS", "SOURCE_UNREACHABLE", "RATE_LIMITED"))
                self.assertEqual((self.bodies()[:5], set(self.bodies()[2:])), ([booking(0), booking(1)] + [booking(2)] * 3, {booking(2)}))
                self.api._plans.clear()
                self.assertRegex(out + err, r"(?<!\d)2(?!\d)")
                self.done(already=2, acknowledged=3, options=options)
                self.assertEqual(self.applied(), {f"B{n}": 1 for n in range(5)})
                self.assertEqual(len(set(self.api.keys())), 5)

    def test_another_address_of_the_target(self):
        """What was acknowledged stays so when the target moves."""
        self.target()
        self.rows(told(booking(1)))
        self.done(acknowledged=1)
        self.anew()
        self.target("about: it moved")
        self.done(already=1)
        self.assertEqual(self.api.log, [])

    def test_keys_without_a_header(self):
        """PUT, PATCH and DELETE are whole states, and are sent again without a key."""
        for method in ("PUT", "PATCH", "DELETE"):
            for status in (500, 502, 503, 504):
                with self.subTest(method, status=status):
                    self.anew()
                    self.target(key_header=None, operations=self.operations(update=method))
                    self.rows(told(booking(1), "update"))
                    self.api.things["B1"] = b"{}"
                    self.api.plan(NEXT, Answer(status), Answer(drop="request"), None)
                    self.done(acknowledged=1, options={"state": f"{method}{status}.state"})
                    self.assertEqual((len(self.api.log), set(self.api.keys())), (3, {None}))

    def test_a_state_that_is_lost(self):
        """The rows have the same keys, and the server knows them."""
        self.target()
        self.rows(*(told(booking(n)) for n in range(3)))
        self.done(acknowledged=3)
        for path in self.folder.glob(STATE + "*"):
            path.unlink()
        self.done(acknowledged=3)
        self.assertEqual((self.applied(), self.api.replayed), ({f"B{n}": 1 for n in range(3)}, 3))


class Unknown(PushCase):
    """It was sent, nobody knows what came of it, and no key protects it."""

    LOST = {"500": Answer(500), "502": Answer(502), "504": Answer(504), "dropped": Answer(drop="request"), "reset": Answer(drop="request", reset=True), "cut": Answer(drop="headers")}

    def lookup(self):
        return f'on_unknown: {{lookup: "{self.api.url(PATH)}/{{key}}"}}'

    def test_post_without_a_key(self):
        for name, answer in self.LOST.items():
            with self.subTest(name):
                self.anew()
                self.target(key_header=None)
                self.rows(told(booking(1)), told(booking(2)), told(booking(3)))
                self.api.plan("B2", Commit(answer))
                err = self.stopped("DELIVERY_UNKNOWN", 5, state=f"{name}.state")
                self.assertIn("B2", err)
                self.assertRegex(err, r"(?<!\d)2(?!\d)")
                self.assertIn("--settle", err)
                self.stopped("DELIVERY_UNKNOWN", 5, state=f"{name}.state")
                self.assertEqual((self.applied(), len(self.api.log)), ({"B1": 1, "B2": 1}, 2))

    def test_what_was_not_taken_is_sent_again(self):
        """The server says that it did nothing, or was never reached."""
        self.target(key_header=None)
        self.rows(told(booking(1)))
        self.api.drop_connections(0)
        self.api.plan("B1", Answer(429), Answer(503))
        self.done(acknowledged=1)
        self.assertEqual((self.applied(), len(self.api.log)), ({"B1": 1}, 3))

    def test_a_server_that_is_not_there(self):
        with socket.create_server(("127.0.0.1", 0)) as place:
            port = place.getsockname()[1]
        self.target(key_header=None, url=f"http://127.0.0.1:{port}{PATH}", operations="# none")
        self.rows(told(booking(1)))
        self.stopped("SOURCE_UNREACHABLE", 75)
        self.target(key_header=None, operations="# none")
        self.done(acknowledged=1)
        self.assertEqual(self.applied(), {"B1": 1})

    def test_an_answer_that_breaks_off_in_its_body(self):
        """201 is known by then, and what follows it is not looked at."""
        self.target(key_header=None)
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", Commit(Answer(201, body=b'{"number": 1}', cut=3)))
        self.done(acknowledged=2)
        self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def test_settled_as_acknowledged(self):
        self.target(key_header=None)
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", Commit(Answer(500)))
        self.stopped("DELIVERY_UNKNOWN", 5)
        code, out, err = self.push("--settle", "acknowledged")
        self.assertEqual(code, 0, err)
        counts = self.counts(out)
        self.assertEqual(counts.get("acknowledged", 0) + counts.get("already", 0), 2)
        self.done(already=2)
        self.assertEqual((self.applied(), len(self.api.log)), ({"B1": 1, "B2": 1}, 2))

    def test_settled_as_to_be_sent_again(self):
        self.target(key_header=None)
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", Answer(drop="request"))
        self.stopped("DELIVERY_UNKNOWN", 5)
        self.done("--settle", "again", acknowledged=2)
        self.done(already=2)
        self.assertEqual((self.applied(), len(self.api.log)), ({"B1": 1, "B2": 1}, 3))

    def test_a_settlement_is_of_what_is_unknown_alone(self):
        self.target(key_header=None)
        self.rows(told(booking(1)), told(booking(2)))
        self.done("--settle", "acknowledged", acknowledged=2)
        self.done("--settle", "again", already=2)
        self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def test_a_settlement_is_of_what_was_unknown_before(self):
        """What becomes unknown while it runs is nobody's decision yet."""
        for how in ("acknowledged", "again"):
            with self.subTest(how):
                self.anew()
                self.target(key_header=None)
                self.rows(told(booking(1)))
                self.api.plan("B1", Commit(Answer(500)))
                self.stopped("DELIVERY_UNKNOWN", 5, "--settle", how, state=f"{how}.state")
                self.assertEqual(self.applied(), {"B1": 1})

    def test_looked_up_and_there(self):
        for name, answer in self.LOST.items():
            with self.subTest(name):
                self.anew()
                self.target(self.lookup(), key_header=None)
                self.rows(told(booking(1)), told(booking(2)))
                self.api.plan("B1", Commit(answer))
                options = {"state": f"{name}.state"}
                self.done(acknowledged=2, options=options)
                self.done(already=2, options=options)
                self.assertEqual((self.applied(), self.api.lookups()), ({"B1": 1, "B2": 1}, [PATH + "/B1"]))
                self.assertEqual([request.body for request in self.api.log if request.method == "GET"], [b""])

    def test_looked_up_and_not_there(self):
        for status in (404, 410):
            with self.subTest(status):
                self.anew()
                self.target(self.lookup(), key_header=None)
                self.rows(told(booking(1)), told(booking(2)))
                self.api.plan("B1", Answer(500))
                self.api.plan(("GET", "B1"), Answer(status))
                self.done(acknowledged=2, options={"state": f"{status}.state"})
                self.assertEqual((self.applied(), len(self.api.lookups()), len(self.api.pushes())), ({"B1": 1, "B2": 1}, 1, 3))

    def test_looked_up_in_vain(self):
        for status in (400, 401, 403, 500, 501, 503):
            with self.subTest(status):
                self.anew()
                self.target(self.lookup(), key_header=None)
                self.rows(told(booking(1)), told(booking(2)))
                self.api.plan("B1", Commit(Answer(500)))
                self.api.plan(("GET", "B1"), *[Answer(status)] * 3)
                options = {"state": f"{status}.state"}
                code, _, err = self.push(**options)
                self.assertIn(code, (4, 5, 75), err)
                self.assertEqual((self.applied(), len(self.api.pushes())), ({"B1": 1}, 1))
                self.anew_steps(("GET", "B1"))
                self.done(acknowledged=2, options=options)
                self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def anew_steps(self, what):
        self.api._plans.pop(what, None)

    def test_the_key_of_a_lookup(self):
        self.target(self.lookup(), key_header=None)
        self.rows(told('{"Id":"a/b ñ?"}'))
        self.api.plan(NEXT, Commit(Answer(500)))
        self.done(acknowledged=1)
        self.assertEqual(self.api.lookups(), [f"{PATH}/{urllib.parse.quote('a/b ñ?', safe='')}"])

    def outlived(self, *sections, end=None):
        """A row that was sent longer ago than the server knows its key."""
        self.target("key_lives: 1s", *sections)
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", *[end or Commit(Answer(500))] * 3)
        self.stopped("HTTP_STATUS", 75)
        self.assertEqual(len(set(self.api.keys())), 1)
        time.sleep(1.2)
        self.api.forget()

    def test_a_key_that_lived_too_long(self):
        self.outlived()
        self.assertIn("B1", self.stopped("DELIVERY_UNKNOWN", 5))
        self.assertEqual((self.applied(), len(self.api.log)), ({"B1": 1}, 3))
        code, out, err = self.push("--settle", "acknowledged")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def test_a_key_that_lived_too_long_looked_up_and_there(self):
        self.outlived(self.lookup())
        self.done(acknowledged=2)
        self.assertEqual((self.applied(), self.api.lookups()), ({"B1": 1, "B2": 1}, [PATH + "/B1"]))

    def test_a_key_that_lived_too_long_looked_up_and_not_there(self):
        """It is sent under a new key: the old one is too old to protect anything."""
        self.outlived(self.lookup(), end=Answer(500))
        self.done(acknowledged=2)
        keys = [key for _, _, key, body in self.api.pushes() if body.decode() == booking(1)]
        self.assertEqual((self.applied(), len(keys), len(set(keys))), ({"B1": 1, "B2": 1}, 4, 2))
        self.assertEqual(keys[:3], [keys[0]] * 3)

    def test_a_key_that_lived_too_long_sent_again(self):
        self.outlived(end=Answer(500))
        self.done("--settle", "again", acknowledged=2)
        self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def test_a_key_that_still_lives(self):
        self.target("key_lives: 1h", self.lookup())
        self.rows(told(booking(1)))
        self.api.plan("B1", *[Commit(Answer(500))] * 3)
        self.stopped("HTTP_STATUS", 75)
        self.done(acknowledged=1)
        self.assertEqual((self.applied(), self.api.lookups(), self.api.replayed), ({"B1": 1}, [], 3))

    def test_a_newer_row_of_what_is_unknown(self):
        """It does not go out beside the one that may have arrived."""
        self.target(key_header=None, operations="operations: {insert: {method: POST}}")
        self.rows(told(booking(1)))
        self.api.plan("B1", Commit(Answer(500)))
        self.stopped("DELIVERY_UNKNOWN", 5)
        self.rows(told(booking(1, Total=9)))
        self.stopped("DELIVERY_UNKNOWN", 5)
        self.assertEqual(len(self.api.log), 1)

    def test_put_is_never_unknown(self):
        self.target("key_lives: 1s", operations=self.operations(insert="PUT", update="PATCH", delete="DELETE"))
        self.rows(told(booking(1)))
        self.api.plan("B1", *[Commit(Answer(500))] * 3)
        self.stopped("HTTP_STATUS", 75)
        time.sleep(1.2)
        self.api.forget()
        self.done(acknowledged=1)
        self.assertEqual(self.api.things, {"B1": booking(1).encode()})


class Refused(PushCase):
    """Rows that the server does not take."""

    def test_statuses_that_refuse_a_row(self):
        self.target()
        self.rows(*(told(booking(n)) for n in REFUSALS), told(booking(999)))
        for status in REFUSALS:
            self.api.plan(f"B{status}", Answer(status, body=json.dumps({"error": f"no {status}, please"}).encode()))
        self.done(acknowledged=1, rejected=len(REFUSALS))
        self.assertEqual(len(self.api.log), len(REFUSALS) + 1)
        for status, one in zip(REFUSALS, self.rejects(), strict=True):
            [error] = one["errors"]
            self.assertEqual((error["code"], error["status"]), ("ROW_REFUSED", status))
            self.assertIn(f"no {status}, please", error["message"])

    def test_lines_of_rejects(self):
        self.target()
        lines = [told(booking(1)), told(booking(2, Name="ñ")), told(booking(3)), told(booking(4), "update")]
        self.write("rows.ndjson", ("\n".join([lines[0], lines[1], "", lines[2], lines[3]]) + "\n").encode())
        self.api.plan("B2", Answer(422, body=b'{"error": "no such hotel"}'))
        self.api.plan("B4", Answer(404, body=b'{"error": "there is none"}'))
        self.done(acknowledged=2, rejected=2)
        text = (self.folder / "rows.ndjson").read_bytes()
        for one, line, number, record, status, operation in zip(self.rejects(), (lines[1], lines[3]), (2, 5), (2, 4), (422, 404), ("insert", "update"), strict=True):
            self.assertEqual((one["target"], one["file"], one["line"], one["record"], one["stage"]), ("crm", "rows.ndjson", number, record, "write"))
            self.assertTrue(text[one["byte"] :].startswith(line.encode()))
            self.assertEqual((one["key"], one["operation"], one["errors"][0]["status"]), (json.loads(line)["key"], operation, status))
            self.assertEqual(one["source"], json.loads(line))
        raw = (self.folder / "rows.ndjson.crm.rejects.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertIn(lines[1], raw[0])

    def test_where_rejects_go(self):
        self.target()
        self.rows(told(booking(1)))
        self.api.refused["B1"] = Answer(422)
        self.done("--rejects", "no.jsonl", rejected=1)
        self.assertEqual([one["key"] for one in self.rejects("no.jsonl")], ["B1"])
        self.assertFalse((self.folder / "rows.ndjson.crm.rejects.jsonl").exists())
        self.api.refused.clear()
        self.done("--rejects", "none.jsonl", acknowledged=1)
        self.assertFalse((self.folder / "none.jsonl").exists())

    def test_a_refused_row_is_tried_by_the_next_push(self):
        self.target()
        self.rows(told(booking(1)), told(booking(2)))
        self.api.refused["B1"] = Answer(422)
        self.done(acknowledged=1, rejected=1)
        self.done(already=1, rejected=1)
        self.api.refused.clear()
        self.done(already=1, acknowledged=1)
        self.assertEqual(self.applied(), {"B1": 1, "B2": 1})

    def test_a_correction_of_a_refused_row(self):
        self.target()
        self.api.plan("B1", Answer(422))
        self.rows(told(booking(1, Nights=-1)))
        self.done(rejected=1)
        self.rows(told(booking(1, Nights=1)))
        self.done(acknowledged=1)
        self.assertEqual(self.api.things, {"B1": booking(1, Nights=1).encode()})

    def test_how_many_may_be_refused(self):
        for most, exit in ((0, 2), (3, 2), (5, 1), (6, 1)):
            with self.subTest(most):
                self.anew()
                self.target(f"limits: {{rejected_at_most: {most}}}")
                self.rows(*(told(booking(n)) for n in range(10)))
                for n in range(5):
                    self.api.refused[f"B{n}"] = Answer(422)
                if exit == 1:
                    self.done(rejected=5, acknowledged=5, options={"state": f"{most}.state"})
                else:
                    self.stopped("TOO_MANY_REFUSED", 2, state=f"{most}.state")
                    self.assertEqual((len(self.api.log), len(self.rejects())), (most + 1, most + 1))

    def test_deletes_of_what_is_not_there(self):
        for status in (404, 410):
            self.target()
            self.rows(gone("B1"), told(booking(2)))
            self.api.plan("B1", Answer(status))
            self.done(acknowledged=2, options={"state": f"{status}.state"})
        self.assert_no_rejects()

    def test_updates_of_what_is_not_there(self):
        for status in (404, 405, 410):
            with self.subTest(status):
                self.anew()
                self.target()
                self.rows(told(booking(1), "update"), told(booking(2), "update"))
                self.api.plan("B1", Answer(status))
                self.done(acknowledged=1, rejected=1, options={"state": f"{status}.state"})

    def test_what_a_server_says_is_only_text(self):
        """Control characters, mountains, and what is no text at all."""
        said = [b"\x1b[2J\x1b]0;x\x07\xe2\x80\xae\r\n", b"x" * 5_000_000, b"\xff\xfe\x00", b"<html><body>no</body></html>", b"", b'{"error": {"deep": [' * 1000, b'"\n"}\n{"x": 1']
        self.target()
        self.rows(*(told(booking(n)) for n in range(len(said))), told(booking(99)))
        for number, body in enumerate(said):
            self.api.plan(f"B{number}", Answer(422, body=body))
        code, out, err = self.push(format=None)
        self.assertEqual(code, 1, err)
        self.assertFalse(set("\x1b\x07\x9b\u202e") & set(out + err))
        self.assertLess(len(out + err), 10_000)
        rejects = self.rejects()
        self.assertEqual([one["key"] for one in rejects], [f"B{n}" for n in range(len(said))])
        self.assertLess((self.folder / "rows.ndjson.crm.rejects.jsonl").stat().st_size, 100_000)

    def test_rejects_that_cannot_be_written(self):
        self.target()
        self.rows(told(booking(1)), told(booking(2)))
        self.api.refused["B1"] = Answer(422)
        code, _, err = self.push("--rejects", "/proc/none/x.jsonl")
        self.assertEqual(code, 5, err)
        self.assertRegex(err, r"^trama: [A-Z_]+: ")


class Trouble(PushCase):
    """Servers that stop a push."""

    def test_statuses_that_stop(self):
        cases = [(status, "insert") for status in (401, 403, 404, 405)] + [(status, "update") for status in (401, 403)] + [(401, "delete"), (403, "delete")]
        for status, operation in cases:
            with self.subTest(status, operation=operation):
                self.anew()
                self.target()
                self.rows(told(booking(0)), told(booking(1), operation), told(booking(2)))
                self.api.plan("B1", Answer(status, body=b'{"error": "as it says"}'))
                err = self.stopped("HTTP_STATUS", 4, state=f"{status}{operation}.state")
                self.assertIn(str(status), err)
                self.assertEqual(len(self.api.log), 2)
                self.api.things["B1"] = b"{}"
                self.done(already=1, acknowledged=2, options={"state": f"{status}{operation}.state"})
                self.assertEqual(len(set(self.api.keys())), 3)

    def test_other_statuses(self):
        for status in (300, 304, 305, 501, 505, 507, 599):
            with self.subTest(status):
                self.anew()
                self.target()
                self.rows(told(booking(1)), told(booking(2)))
                self.api.plan("B1", *[Answer(status)] * 3)
                code, out, err = self.push(state=f"{status}.state")
                self.assertIn(code, (4, 75), err + out)
                self.assertNotIn("B2", self.applied())

    def test_statuses_that_pass(self):
        for status in TRANSIENT:
            with self.subTest(status):
                self.anew()
                self.target()
                self.rows(told(booking(1)))
                self.api.plan("B1", Answer(status, body=b"<h1>later</h1>"))
                self.done(acknowledged=1, options={"state": f"{status}.state"})
                self.assertEqual((len(self.api.log), len(set(self.api.keys()))), (2, 1))

    def test_statuses_that_pass_and_do_not(self):
        for status in TRANSIENT:
            with self.subTest(status):
                self.anew()
                self.target()
                self.rows(told(booking(1)), told(booking(2)))
                self.api.plan("B1", *[Answer(status)] * 9)
                self.assertIn(str(status), self.stopped("HTTP_STATUS", 75, state=f"{status}.state"))
                self.assertEqual((len(self.api.log), len(set(self.api.keys()))), (3, 1))

    def test_the_budget(self):
        self.target(retry="retry: {attempts: 100, first_wait: 50ms, times: 1, at_most: 50ms, jitter: 0%, budget: 300ms}")
        self.rows(told(booking(1)))
        self.api.plan("B1", *[Answer(503)] * 100)
        self.stopped("HTTP_STATUS", 75)
        self.assertIn(len(self.api.log), range(5, 9))

    def test_waits_that_the_server_asks_for(self):
        for number, (status, value, least) in enumerate([(429, "1", 1), (503, "1", 1), (429, date_in(2), 0.9)]):
            with self.subTest(number):
                self.anew()
                self.target()
                self.rows(told(booking(1)))
                self.api.plan("B1", Answer(status, {"Retry-After": value}))
                self.done(acknowledged=1, options={"state": f"{number}.state"})
                self.assertEqual(len(self.gaps()), 1)
                self.assertTrue(least - 0.02 <= self.gaps()[0] < 4, self.gaps())

    def test_retry_after_beyond_the_budget(self):
        for number, value in enumerate(["3600", date_in(3600), "99999999999999999999"]):
            with self.subTest(number):
                self.anew()
                self.target()
                self.rows(told(booking(1)))
                self.api.plan("B1", Answer(429, {"Retry-After": value}))
                self.stopped("RATE_LIMITED", 75, state=f"{number}.state")
                self.assertEqual(len(self.api.log), 1)

    def test_a_rate(self):
        self.target("rate: {per_second: 20}")
        self.rows(*(told(booking(n)) for n in range(8)))
        self.done(acknowledged=8)
        self.assertGreaterEqual(min(self.gaps()), 0.05 - 0.015)
        self.assertGreaterEqual(sum(self.gaps()), 7 * 0.05 - 0.02)

    def test_the_breaker(self):
        self.target("breaker: {failures: 2, within: 1m, open_for: 1s}")
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", *[Answer(503)] * 2)
        code, _, err = self.push()
        self.assertEqual((code, word_of(err) in ("HTTP_STATUS", "BREAKER_OPEN")), (75, True), err)
        self.assertEqual(len(self.api.log), 2)
        self.stopped("BREAKER_OPEN", 75)
        self.assertEqual(len(self.api.log), 2)
        time.sleep(1.1)
        self.done(acknowledged=2)
        self.assertEqual((self.applied(), len(set(self.api.keys()))), ({"B1": 1, "B2": 1}, 2))

    def test_refusals_open_no_breaker(self):
        self.target("breaker: {failures: 2, within: 1m, open_for: 1h}")
        self.rows(*(told(booking(n)) for n in range(6)))
        for n in range(5):
            self.api.refused[f"B{n}"] = Answer(422)
        self.done(rejected=5, acknowledged=1)

    def test_redirects_within_a_server(self):
        for status in (307, 308):
            with self.subTest(status):
                self.anew()
                self.api.paths.append("/v2/bookings")
                self.target("auth: {bearer: {secret_env: SECRET}}")
                self.rows(told(booking(1)))
                self.api.plan(1, Answer(status, {"Location": "/v2/bookings"}))
                self.done(acknowledged=1, options={"state": f"{status}.state"})
                self.assertEqual([(method, target, body.decode()) for method, target, _, body in self.api.pushes()], [("POST", PATH, booking(1)), ("POST", "/v2/bookings", booking(1))])
                self.assertEqual((len(set(self.api.keys())), self.api.log[1].headers["authorization"]), (1, f"Bearer {SECRET}"))
                self.api.log.clear()  # two addresses under one key are as they should be here

    def test_redirects_never_become_a_get(self):
        for status in (301, 302, 303):
            with self.subTest(status):
                self.anew()
                self.api.paths.append("/v2/bookings")
                self.target()
                self.rows(told(booking(1)))
                self.api.plan(1, *[Answer(status, {"Location": "/v2/bookings"})])
                code, out, err = self.push(state=f"{status}.state")
                self.assertEqual({request.method for request in self.api.log}, {"POST"})
                self.assertEqual(code == 0, self.applied() == {"B1": 1}, err + out)
                self.api.log.clear()

    def test_redirects_to_another_server(self):
        with Server() as other:
            other.on(PATH, lambda _: Answer(201))
            for number, location in enumerate([other.url(PATH), f"http://localhost:{self.api.port}{PATH}", "https://127.0.0.1:1/", "ftp://127.0.0.1/", "file:///etc/passwd"]):
                with self.subTest(location):
                    self.anew()
                    self.target("auth: {bearer: {secret_env: SECRET}}")
                    self.rows(told(booking(1)))
                    self.api.plan(1, Answer(307, {"Location": location}))
                    self.stopped("REDIRECT_REFUSED", 4, state=f"{number}.state")
                    self.assertEqual((self.applied(), other.connections), ({}, 0))

    def test_a_server_that_is_not_there(self):
        with socket.create_server(("127.0.0.1", 0)) as place:
            port = place.getsockname()[1]
        self.target(url=f"http://127.0.0.1:{port}/", operations="# none")
        self.rows(told(booking(1)))
        self.stopped("SOURCE_UNREACHABLE", 75)

    def test_private_addresses(self):
        self.target()
        self.rows(told(booking(1)))
        self.stopped("ADDRESS_REFUSED", 4, private=False)
        self.assertEqual(self.api.connections, 0)

    def oauth(self):
        return f'auth: {{oauth2_client_credentials: {{token_url: "{self.api.url("/token")}", client_id: trama, secret_env: SECRET}}}}'

    def test_tokens(self):
        """A token that is used up is asked for anew, and the row goes out under the same key."""
        tokens = Tokens(uses=2)
        self.anew(tokens=tokens)
        self.api.on("/token", tokens.issue)
        self.target(self.oauth())
        self.rows(*(told(booking(n)) for n in range(5)))
        self.done(acknowledged=5)
        self.assertEqual((self.applied(), tokens.issued, len(set(self.api.keys()))), ({f"B{n}": 1 for n in range(5)}, 3, 5))
        self.assertEqual([request.status for request in self.api.log if request.path == PATH], [201, 201, 401, 201, 201, 401, 201])

    def test_a_token_that_is_never_good(self):
        tokens = Tokens(uses=0)
        self.anew(tokens=tokens)
        self.api.on("/token", tokens.issue)
        self.target(self.oauth())
        self.rows(told(booking(1)), told(booking(2)))
        self.assertIn("401", self.stopped("HTTP_STATUS", 4))
        self.assertEqual([request.path for request in self.api.log], ["/token", PATH, "/token", PATH])

    def test_certificates(self):
        authority = Authority(self.folder)
        self.anew(certificate=authority.certificate())
        self.rows(told(booking(1)))
        self.target()
        self.stopped("TLS_REFUSED", 4)
        self.target(f"ca_file: {authority.file.name}")
        self.done(acknowledged=1)
        self.assertEqual(self.applied(), {"B1": 1})


class Batches(PushCase):
    """Several rows in one request."""

    def batched(self, size=3, *sections, operations="operations: {insert: {method: POST}, update: {method: PATCH}}", **options):
        self.target(f"batch: {size}", *sections, operations=operations, **options)

    def sizes(self):
        return [len(rows_of(body)) for _, _, _, body in self.api.pushes()]

    def test_lists(self):
        bodies = [booking(1, n=0), '{"Id":"B2","n":1.10,"e":1e400,"t":"],["}', r'{"Id":"B3","t":"\u00f1\/"}', booking(4), booking(5), booking(6), booking(7)]
        self.batched()
        self.rows(*map(told, bodies))
        self.done(acknowledged=7)
        self.assertEqual(self.sizes(), [3, 3, 1])
        self.assertTrue(all(body.startswith("[") for body in self.bodies()))
        self.assertEqual([row.decode() for _, _, _, body in self.api.pushes() for row in rows_of(body)], bodies)
        keys = self.api.keys()
        self.assertEqual((len(set(keys)), None in keys), (3, False))
        self.done(already=7)

    def test_one_operation_in_a_request(self):
        self.batched()
        self.rows(told(booking(1)), told(booking(2)), told(booking(3), "update"), told(booking(4)), told(booking(5), "unchanged"), told(booking(6)))
        self.done(acknowledged=5, unchanged=1)
        self.assertEqual([(method, [json.loads(row)["Id"] for row in rows_of(body)]) for method, _, _, body in self.api.pushes()],
                         [("POST", ["B1", "B2"]), ("PATCH", ["B3"]), ("POST", ["B4", "B6"])])

    def test_done_and_then_an_error(self):
        for number, end in enumerate([Answer(500), Answer(503), Answer(drop="request")]):
            with self.subTest(number):
                self.anew()
                self.batched()
                self.rows(*(told(booking(n)) for n in range(5)))
                self.api.plan(1, Commit(end))
                self.done(acknowledged=5, options={"state": f"{number}.state"})
                self.assertEqual((self.applied(), self.api.replayed, len(set(self.api.keys()))), ({f"B{n}": 1 for n in range(5)}, 1, 2))

    def test_a_bad_row_is_found(self):
        """A list that is refused is split until the row is alone; the others are taken."""
        for bad in ([0], [2], [1, 2], [0, 1, 2], [4], [6]):
            with self.subTest(bad):
                self.anew()
                self.batched()
                self.rows(*(told(booking(n)) for n in range(7)))
                for n in bad:
                    self.api.refused[f"B{n}"] = Answer(422, body=f'{{"error": "B{n} is bad"}}'.encode())
                name = "".join(map(str, bad))
                self.done("--rejects", f"{name}.jsonl", rejected=len(bad), acknowledged=7 - len(bad), options={"state": f"{name}.state"})
                self.assertEqual(self.applied(), {f"B{n}": 1 for n in range(7) if n not in bad})
                self.assertEqual([one["key"] for one in self.rejects(f"{name}.jsonl")], [f"B{n}" for n in bad])
                for n, one in zip(bad, self.rejects(f"{name}.jsonl"), strict=True):
                    self.assertIn(f"B{n} is bad", one["errors"][0]["message"])

    def test_a_refused_list_is_not_in_doubt(self):
        """The server said no to the list, and then has trouble with its first half: of the other half it is known that nothing was done."""
        for number, end in enumerate([Answer(503), Answer(500), Answer(403)]):
            with self.subTest(end.status):
                self.anew()
                self.batched(4)
                self.rows(*(told(booking(n)) for n in range(4)))
                self.api.refused["B1"] = Answer(422)
                for push in (2, 3, 4):
                    self.api.plan(push, end)
                options = {"state": f"{number}.state"}
                self.assertEqual(self.push(**options)[0], 4 if end.status == 403 else 75)
                self.api._plans.clear()
                self.done(acknowledged=3, rejected=1, options=options)
                self.assertEqual(self.applied(), {"B0": 1, "B2": 1, "B3": 1})

    def test_what_a_person_settles_is_in_doubt(self):
        """--settle acknowledged never takes for done what the server has refused with its list."""
        self.batched(4)
        self.rows(*(told(booking(n)) for n in range(4)))
        self.api.refused["B1"] = Answer(422)
        for push in (2, 3, 4):
            self.api.plan(push, Answer(503))
        self.assertEqual(self.push()[0], 75)
        self.done("--settle", "acknowledged", acknowledged=3, rejected=1)
        self.assertEqual(self.applied(), {"B0": 1, "B2": 1, "B3": 1})

    def test_a_row_that_is_there_already(self):
        self.batched()
        self.rows(told(booking(1)), told(booking(2)))
        self.done(acknowledged=2)
        self.rows(*(told(booking(n)) for n in (0, 1, 3, 2, 4)))
        self.done(acknowledged=3, already=2)
        self.assertEqual(self.applied(), {f"B{n}": 1 for n in range(5)})

    def test_where_a_push_stopped(self):
        for number, end in enumerate([Answer(503), Commit(Answer(500)), Commit(Answer(drop="request"))]):
            with self.subTest(number):
                self.anew()
                self.batched()
                self.rows(*(told(booking(n)) for n in range(7)))
                self.api.plan("B3", *[end] * (6 if isinstance(end, Commit) and end.answer.drop else 3))
                self.assertEqual(self.push(state=f"{number}.state")[0], 75)
                self.api._plans.clear()
                self.done(already=3, acknowledged=4, options={"state": f"{number}.state"})
                self.assertEqual((self.applied(), len(set(self.api.keys()))), ({f"B{n}": 1 for n in range(7)}, 3))

    def test_rows_of_a_list_that_was_sent_in_another_file(self):
        """They were on their way in another list, under its key: nothing of it is done twice in silence."""
        self.batched()
        self.rows(*(told(booking(n)) for n in range(3)))
        self.api.plan(NEXT, *[Commit(Answer(drop="request"))] * 3)
        self.assertEqual(self.push()[0], 75)
        for numbers in ([1, 2, 3, 4], [0], [2, 1, 0]):
            self.rows(*(told(booking(n)) for n in numbers))
            code, _, err = self.push()
            if code:
                self.assertEqual((code, word_of(err)), (5, "DELIVERY_UNKNOWN"), err)
        self.assertEqual(set(self.applied().values()), {1}, self.applied())

    def test_a_list_of_other_size(self):
        self.batched(3)
        self.rows(*(told(booking(n)) for n in range(5)))
        self.api.plan(NEXT, *[Commit(Answer(drop="request"))] * 3)
        self.assertEqual(self.push()[0], 75)
        self.batched(2)
        code, _, err = self.push()
        if code:
            self.assertEqual((code, word_of(err)), (5, "DELIVERY_UNKNOWN"), err)
        self.assertEqual(set(self.applied().values()), {1}, self.applied())

    def test_two_rows_of_one_key(self):
        self.batched(3, operations="operations: {insert: {method: PUT}}")
        self.rows(told(booking(1)), told(booking(1, Total=2)), told(booking(1)), told(booking(2)))
        self.done(acknowledged=4)
        self.assertEqual(self.api.things["B1"].decode(), booking(1))
        self.assertEqual([row.decode() for _, _, _, body in self.api.pushes() for row in rows_of(body)], [booking(1), booking(1, Total=2), booking(1), booking(2)])

    def test_without_a_key_header(self):
        self.batched(3, key_header=None)
        self.rows(*(told(booking(n)) for n in range(5)))
        self.api.plan(2, Commit(Answer(500)))
        self.stopped("DELIVERY_UNKNOWN", 5)
        self.assertEqual((self.applied(), self.sizes()), ({f"B{n}": 1 for n in range(5)}, [3, 2]))
        code, out, err = self.push("--settle", "acknowledged")
        self.assertEqual(code, 0, err)
        self.assertEqual(len(self.api.log), 2)


class Rows(PushCase):
    """What there is to read."""

    def test_rows_that_are_none(self):
        """They are told, and never sent; the others are, or nothing is."""
        for number, line in enumerate(['{"Id": "B9"', "no json", "[1]", "7", '"text"', "null", '{"Id":"B9","Id":"B8"}', '{"Id":"B9"} x', '{"Id":"B9","key":"a","key":"b"}', "{'Id': 1}",
                                       '{"Id":01}', '{"x":' + "[" * 5000 + "]" * 5000 + "}"]):
            with self.subTest(line[:30]):
                self.anew()
                self.target(operations="# none")
                self.rows(told(booking(1)), line, told(booking(2)))
                code, out, err = self.push(state=f"{number}.state")
                self.assertIn(code, (1, 4), err + out)
                self.assertLessEqual(set(self.applied()), {"B1", "B2"})
                self.assertNotIn("B9", str(self.bodies()))
                if code == 1:
                    self.assertEqual(self.counts(out), {"acknowledged": 2, "rejected": 1})
                else:
                    self.assertRegex(err, r"^trama: [A-Z_]+: ")

    def test_what_is_not_utf_8(self):
        self.target()
        self.write("rows.ndjson", told(booking(1)).encode() + b'\n{"Id":"B\xff","key":"x"}\n' + told(booking(2)).encode() + b"\n")
        code, out, err = self.push()
        self.assertIn(code, (1, 4), err + out)
        self.assertEqual([body for _, _, _, body in self.api.pushes() if b"\xff" in body], [])

    def test_a_file_of_nothing(self):
        """A run without a row writes such a one."""
        for number, text in enumerate(["", "\n", "\n \r\n\n"]):
            with self.subTest(text):
                self.target()
                self.write("rows.ndjson", text)
                code, out, err = self.push(state=f"{number}.state")
                self.assertEqual((code, word_of(err)), (4, "INPUT_NOT_JSON") if text else (0, ""), out)
                self.assertEqual(self.api.connections, 0)

    def test_line_ends(self):
        self.target()
        self.write("rows.ndjson", b"\xef\xbb\xbf" + "\r\n".join([told(booking(1)), "", told(booking(2)), told(booking(3))]).encode())
        self.done(acknowledged=3)
        self.assertEqual(self.bodies(), [booking(1), booking(2), booking(3)])

    def test_a_large_row(self):
        large = booking(1, Text="ñ" * 1_500_000)
        self.target()
        self.rows(told(large), told(booking(2)))
        self.done(acknowledged=2)
        self.assertEqual([hashlib.sha256(body.encode()).digest() for body in self.bodies()], [hashlib.sha256(body.encode()).digest() for body in (large, booking(2))])

    def test_a_row_that_is_too_large(self):
        self.target()
        self.rows(told(booking(1)), told(booking(2, Text="x" * (17 << 20))), told(booking(3)))
        code, out, err = self.push()
        self.assertIn(code, (1, 4), err)
        self.assertNotIn("B2", self.applied())

    def test_packed_rows(self):
        lines = "".join(told(booking(n)) + "\n" for n in range(3)).encode()
        self.write("rows.ndjson.gz", gzip.compress(lines))
        self.target()
        self.done(acknowledged=3, options={"rows": "rows.ndjson.gz"})
        if shutil.which("zstd"):
            packed = subprocess.run(["zstd", "-c"], input=lines, capture_output=True, check=True).stdout
            self.write("rows.ndjson.zst", packed)
            self.done(already=3, options={"rows": "rows.ndjson.zst"})
        self.assertEqual(self.bodies(), [booking(n) for n in range(3)])

    def test_packed_rows_that_are_cut_off(self):
        """What came before is sent or not, but the end is never taken for a good one."""
        chance = random.Random(2)
        packed = gzip.compress("".join(told(booking(n, Text=chance.randbytes(40).hex())) + "\n" for n in range(300)).encode())
        self.write("rows.ndjson.gz", packed[: len(packed) // 2])
        self.target()
        code, _, err = self.push(rows="rows.ndjson.gz")
        self.assertEqual(code, 4, err)
        self.assertLessEqual(set(self.applied().values()), {1})

    def test_standard_input(self):
        self.target()
        self.api.refused["B2"] = Answer(422)
        lines = "".join(told(booking(n)) + "\n" for n in (1, 2, 3))
        self.done("--rejects", "no.jsonl", acknowledged=2, rejected=1, stdin=lines.encode(), options={"rows": "-"})
        self.assertEqual(([one["key"] for one in self.rejects("no.jsonl")], self.applied()), (["B2"], {"B1": 1, "B3": 1}))
        self.done("--rejects", "no2.jsonl", already=2, rejected=1, stdin=gzip.compress(lines.encode()), options={"rows": "-"})

    def test_places_that_are_none(self):
        self.target()
        (self.folder / "folder").mkdir()
        self.write("rows.csv", "Id,Nights\nB1,2\n")
        for name in ("none.ndjson", "folder", "rows.csv"):
            with self.subTest(name):
                self.assertIn(self.push(rows=name)[0], (1, 4))
        self.assertEqual(self.api.log, [])

    def test_rows_of_a_run(self):
        """As trama run writes them, with what it knows from night to night."""
        self.write("m.yaml", "mapping: bookings\nversion: 1\ninput: {format: ndjson}\nidentity: {key: id, full_dump: yes}\ncolumns:\n  Id: id\n  Total: {from: total, type: decimal, decimals: 2}\n"
                             "limits: {rejected_at_most: 50%, deleted_at_most: 100%}\noutput: {format: ndjson, audit_columns: [operation, key, idempotency_key]}\n")
        self.target()
        nights = [[("a/1", "1.1"), ("b", "2")], [("a/1", "1.1"), ("b", "3")], [("a/1", "1.1"), ("c", "9")], [("a/1", "1.1"), ("c", "9"), ("b", "2")]]
        for number, night in enumerate(nights):
            self.write(f"{number}.ndjson", "".join(json.dumps({"id": id_, "total": total}) + "\n" for id_, total in night))
            self.assertEqual(self.trama(TRAMA, "run", "m.yaml", f"{number}.ndjson", "-o", "rows.ndjson", "--state", STATE)[0], 0)
            code, out, err = self.push()
            self.assertEqual(code, 0, err + out)
            code, out, err = self.push()
            self.assertEqual((code, self.counts(out).get("acknowledged", 0)), (0, 0), err)
            self.assertEqual({name: json.loads(row)["Total"] for name, row in self.api.things.items()}, {id_: float(total) for id_, total in night})
        self.assertEqual([request.method for request in self.api.log], ["POST", "POST", "PATCH", "POST", "DELETE", "POST"])
        self.assertEqual((len(set(self.api.keys())), self.api.replayed), (6, 0))


class Files(PushCase):
    """Target files."""

    WHOLE = """target: crm
version: 1
about: "where bookings go"
url: "https://api.example.com/v1/bookings"
headers: {Accept: application/json}
ca_file: ca.pem
proxy: "http://proxy.example.com:3128"
operations:
  insert: {method: POST, body: row}
  update: {method: PATCH, url: "https://api.example.com/v1/bookings/{key}"}
  delete: {method: DELETE, url: "https://api.example.com/v1/bookings/{key}", body: none}
key_header: Idempotency-Key
key_lives: 24h
batch: 1
on_unknown: {lookup: "https://api.example.com/v1/bookings/{key}"}
auth: {bearer: {secret_env: CRM_TOKEN}}
retry: {attempts: 5, first_wait: 1s, times: 2, at_most: 1m, jitter: 25%, budget: 10m}
rate: {per_second: 5, remaining: X-Remaining, reset: X-Reset, reset_is: epoch}
breaker: {failures: 5, within: 1m, open_for: 5m}
limits: {rejected_at_most: 100, connect: 10s, silence: 60s, request: 1h}
"""

    def check(self, text, name="t.yaml"):
        self.write("ca.pem", "")
        self.write(name, text)
        code, out, err = self.trama(TRAMA, "check", name)
        return code, out + err

    def test_a_whole_one(self):
        authority = Authority(self.folder, "ca")
        self.assertEqual(pathlib.Path(authority.file), self.folder / "ca.pem")
        self.write("t.yaml", self.WHOLE)
        code, out, err = self.trama(TRAMA, "check", "t.yaml")
        self.assertEqual(code, 0, out + err)

    def test_a_short_one(self):
        code, said = self.check('target: crm\nversion: 1\nurl: "https://api.example.com/"\n')
        self.assertEqual(code, 0, said)

    def test_words_that_are_misspelt(self):
        words = [(match.start(1), match[1]) for match in re.finditer(r"(?m)(?:^\s*|[{,] ?)([a-z_]+):(?= |\n)", self.WHOLE)]
        self.assertGreater(len(words), 45)
        for at, word in words:
            if word == "target":  # without it the file is none of a target
                continue
            with self.subTest(word, at=at):
                wrong = word[:2] + word[1:]  # a letter twice
                code, said = self.check(self.WHOLE[:at] + wrong + self.WHOLE[at + len(word) :])
                line = self.WHOLE[:at].count("\n") + 1
                column = at - (self.WHOLE.rfind("\n", 0, at) + 1) + 1
                self.assertEqual(code, 3, said)
                self.assertIn(f"t.yaml:{line}:{column}: error[KEY_UNKNOWN]", said)
                self.assertIn(f"did you mean '{word}'?", said)

    def test_values_that_are_misspelt(self):
        for word, wrong in [("method: POST", "PSOT"), ("method: PATCH", "PATHC"), ("method: DELETE", "DELTE"), ("body: row", "rwo"), ("body: none", "nonne"), ("reset_is: epoch", "epohc")]:
            with self.subTest(word):
                name, value = word.split(": ")
                code, said = self.check(self.WHOLE.replace(word, f"{name}: {wrong}"))
                self.assertEqual(code, 3, said)
                self.assertRegex(said, r"t\.yaml:\d+:\d+: error\[VALUE_WRONG\]")
                self.assertIn(value, said)
        code, said = self.check(re.sub(r"on_unknown: .*", "on_unknown: stpo", self.WHOLE))
        self.assertEqual((code, "stop" in said), (3, True), said)
        code, said = self.check(re.sub(r"on_unknown: .*", "on_unknown: stop", self.WHOLE).replace("ca_file: ca.pem\n", ""))
        self.assertEqual(code, 0, said)

    def test_what_is_wrong(self):
        url = "https://api.example.com/v1/bookings"
        short = f'target: crm\nversion: 1\nurl: "{url}"\n'
        for number, (text, holds) in enumerate([
            ("target: crm\nversion: 1\n", "url"), (f'target: crm\nurl: "{url}"\n', "version"), (short.replace("version: 1", "version: 2"), ""), (short.replace("crm", "a/b"), ""), (short.replace("crm", ".."), ""),
            (short.replace("https", "ftp"), ""), (short.replace("https", "http"), ""), (short.replace("https://", "https://u:p@"), ""), (short.replace(url, "no url"), ""),
            (short + "batch: 0\n", ""), (short + "batch: x\n", ""), (short + "key_header: \"a b\"\n", ""), (short + "key_header: X-K\nkey_lives: 5\n", ""), (short + "key_header: X-K\nkey_lives: long\n", ""),
            (short + f'batch: 3\noperations: {{update: {{method: PUT, url: "{url}/{{key}}"}}}}\n', "batch"), (short + f'operations: {{update: {{method: PUT, url: "{url}/{{id}}"}}}}\n', "{key}"),
            (short + f'operations: {{update: {{url: "{url}/{{key}}"}}}}\n', "method"), (short + "operations: {update: {method: GET}}\n", "PUT"), (short + "operations: {}\n", ""), (short + "operations: [insert]\n", ""),
            (short + f'on_unknown: {{lookup: "{url}"}}\n', "{key}"), (short + 'on_unknown: {lookup: "https://other.example.com/{key}"}\n', ""), (short + "on_unknown: {}\n", "lookup"), (short + "on_unknown: again\n", ""),
            (short + 'operations: {insert: {method: POST, url: "https://other.example.com/"}}\n', ""), (short + "limits: {rejected_at_most: -1}\n", ""), (short + "limits: {silence: 1}\n", ""),
            (short + "auth: {bearer: {}}\n", "secret_env"), (short + "retry: {attempts: 0}\n", ""), (short + "breaker: {failures: x}\n", ""), (short + "pages: {next: link_header}\n", "pages"), (short + short, "target"),
            (short + "headers: {a: \"b\\r\\nc: d\"}\n", ""), (short + "headers: {Idempotency-Key: x}\nkey_header: idempotency-key\n", ""), (short + "ca_file: none.pem\n", "none.pem"),
        ]):
            with self.subTest(number, text=text):
                code, said = self.check(text)
                self.assertEqual(code, 3, said)
                self.assertRegex(said, r"t\.yaml:\d+:\d+: error\[[A-Z_]+\]")
                self.assertIn(holds, said)
                self.assertEqual(self.push(private=False)[0], 3)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith(STATE)], [])

    def test_a_folder_of_files(self):
        (self.folder / "all").mkdir()
        self.target(file="all/t.yaml")
        code, out, err = self.trama(TRAMA, "check", "all")
        self.assertEqual(code, 0, out + err)
        self.target("btach: 1", file="all/t.yaml")
        code, out, err = self.trama(TRAMA, "check", "all")
        self.assertEqual((code, "did you mean 'batch'" in out + err), (3, True), out + err)

    def test_files_of_other_kinds(self):
        self.rows(told(booking(1)))
        self.write("source.yaml", 'source: s\nversion: 1\nrequest: {url: "https://example.com/"}\n')
        self.write("mapping.yaml", "mapping: m\nversion: 1\ncolumns: {A: a}\n")
        for name in ("source.yaml", "mapping.yaml", "none.yaml", "."):
            with self.subTest(name):
                self.assertIn(self.push(file=name)[0], (3, 4))


class Around(PushCase):
    """The command line, the state, and others at it."""

    def test_dry_run(self):
        for number, section in enumerate(["", *Sent.AUTHS.values()]):
            with self.subTest(section):
                self.target(section)
                self.rows(told(booking(1)), told(booking(2)), told(booking(1), "update", key="a b"), gone("B3"), told(booking(4), "unchanged"))
                before = sorted(os.listdir(self.folder))
                code, out, err = self.push("--dry-run", format=None, state=f"{number}.state")
                self.assertEqual(code, 0, err)
                for text in (booking(1), self.api.url(PATH), self.api.url(PATH + "/a%20b"), "POST", "PATCH", "DELETE", "Idempotency-Key"):
                    self.assertIn(text, out)
                self.assertRegex(out, r"(?<!\d)4(?!\d)")
                self.assertNotIn(booking(2), out)
                again = self.push("--dry-run", state=f"{number}.state")
                self.assertEqual(again[0], 0, again[2])
                json.loads(again[1])
                for text in (out, err, again[1], again[2]):
                    self.assertNotIn(SECRET, text)
                    self.assertNotIn(base64.b64encode(f"trama:{SECRET}".encode()).decode(), text)
                self.assertEqual((self.api.connections, sorted(os.listdir(self.folder))), (0, before))

    def test_dry_run_writes_nothing(self):
        """Not into a state that knows this target, nor into one that does not yet."""
        self.target()
        self.rows(told(booking(1)), told(booking(2)))
        self.done(acknowledged=2)
        for name in ("crm", "other"):
            self.target(name=name)
            with sqlite3.connect(self.folder / STATE) as database:
                before = list(database.iterdump())
            names = sorted(os.listdir(self.folder))
            self.assertEqual(self.push("--dry-run")[0], 0)
            self.assertEqual(sorted(os.listdir(self.folder)), names)
            with sqlite3.connect(self.folder / STATE) as database:
                self.assertEqual(list(database.iterdump()), before, name)

    def test_dry_run_of_what_is_there_already(self):
        self.target()
        self.rows(told(booking(1)), told(booking(2)))
        self.done(acknowledged=2)
        self.rows(*(told(booking(n)) for n in range(1, 6)))
        state = (self.folder / STATE).read_bytes()
        code, out, err = self.push("--dry-run", format=None)
        self.assertEqual(code, 0, err)
        self.assertRegex(out, r"(?<!\d)3(?!\d)")
        self.assertNotIn(booking(1), out)
        self.assertEqual((len(self.api.log), (self.folder / STATE).read_bytes()), (2, state))

    def test_two_at_once(self):
        self.target()
        self.target(name="erp", file="u.yaml")
        self.rows(*(told(booking(n)) for n in range(3)))
        self.api.plan("B1", Commit(Answer(201, delay=2)))
        run = self.started()
        self.until(lambda: len(self.api.log) >= 1)
        code, _, err = self.push()
        self.assertEqual((code, word_of(err)), (75, "OUTPUT_BUSY"), err)
        self.done(acknowledged=3, options={"file": "u.yaml", "state": "other.state"})
        out, err = run.communicate(timeout=30)
        self.assertEqual(run.returncode, 0, err)
        self.assertEqual(self.counts(out), {"acknowledged": 3})
        self.done(already=3)

    def test_another_target_at_once(self):
        """One state serves several."""
        self.target()
        self.target(name="erp", file="u.yaml")
        self.rows(*(told(booking(n)) for n in range(3)))
        self.api.plan("B1", Commit(Answer(201, delay=1.5)))
        run = self.started()
        self.until(lambda: len(self.api.log) >= 1)
        self.done(acknowledged=3, options={"file": "u.yaml"})
        out, err = run.communicate(timeout=30)
        self.assertEqual((run.returncode, self.counts(out)), (0, {"acknowledged": 3}), err)

    def test_the_ledger_comes_first(self):
        """When the server hears of a row, the state has it already as sent."""
        seen = []

        def look(_):
            with sqlite3.connect(f"file:{self.folder / STATE}?mode=ro", uri=True) as database:
                seen.append([str(one) for one in database.execute("SELECT * FROM deliveries").fetchall()])

        self.target()
        self.rows(told(booking(1)), told(booking(2)))
        self.api.plan("B1", look)
        self.api.plan("B2", look)
        self.done(acknowledged=2)
        self.assertEqual([len(one) for one in seen], [1, 2])
        self.assertTrue(any("sent" in one and "B1" in one for one in seen[0]), seen)
        self.assertTrue(any("sent" in one and "B2" in one for one in seen[1]), seen)
        self.assertTrue(any("acknowledged" in one and "B1" in one for one in seen[1]), seen)

    def test_a_state_is_needed(self):
        self.target()
        self.rows(told(booking(1)))
        self.assertIn(self.push(state=None)[0], (3, 64))
        self.write("other.txt", "mine, and no state" * 100)
        self.assertIn(self.push(state="other.txt")[0], (4, 5))
        self.assertEqual((self.api.connections, (self.folder / "other.txt").read_text()), (0, "mine, and no state" * 100))
        self.assertIn(self.push(state="none/at/all.state")[0], (4, 5))
        self.assertEqual(self.api.connections, 0)

    def test_the_command_line(self):
        self.target()
        self.rows(told(booking(1)))
        for line in ([], ["t.yaml"], ["t.yaml", "rows.ndjson", "rows.ndjson", "--state", STATE], ["t.yaml", "rows.ndjson", "--state", STATE, "--settle", "maybe"],
                     ["t.yaml", "rows.ndjson", "--state", STATE, "--settle"], ["t.yaml", "rows.ndjson", "--state", STATE, "--format", "xml"],
                     ["t.yaml", "rows.ndjson", "--state", STATE, "--seed", "x"], ["t.yaml", "rows.ndjson", "--state", STATE, "--lang", "xx"],
                     ["t.yaml", "rows.ndjson", "--state", STATE, "--dryrun"], ["t.yaml", "rows.ndjson", "--state", ""],
                     ["t.yaml", "rows.ndjson", "--state", STATE, "--rejects", "rows.ndjson"], ["t.yaml", "rows.ndjson", "--state", STATE, "--rejects", STATE]):
            with self.subTest(line):
                self.assertEqual(self.trama(TRAMA, "push", *line, "--allow-private")[0], 64)
        self.assertEqual(self.api.connections, 0)
        self.assertIn("--settle", self.trama(TRAMA, "push", "--help")[1])
        self.assertEqual((self.folder / "rows.ndjson").read_text(), told(booking(1)) + "\n")

    def test_without_libcurl(self):
        (self.folder / "lib").mkdir()
        (self.folder / "lib" / "libcurl.so.4").write_bytes(b"")
        self.target()
        self.rows(told(booking(1)))
        self.stopped("HTTP_UNAVAILABLE", 4, env={"LD_LIBRARY_PATH": str(self.folder / "lib")})

    def test_no_secret(self):
        for number, (section, env) in enumerate([(Sent.AUTHS["bearer"], {"SECRET": ""}), (Sent.AUTHS["hmac"], {"KEY": ""})]):
            self.target(section)
            self.rows(told(booking(1)))
            self.assertIn(next(iter(env)), self.stopped("SECRET_UNSET", 64, env=env, state=f"{number}.state"))
        self.assertEqual(self.api.connections, 0)

    def test_secrets_stay_secret(self):
        """Not in what is said, in the state or in the rejects, though the server sends them back."""
        for name, section in Sent.AUTHS.items():
            with self.subTest(name):
                self.anew()
                self.target(section)
                self.rows(*(told(booking(n)) for n in range(4)))
                hidden = [SECRET, base64.b64encode(f"trama:{SECRET}".encode()).decode(), *([KEY] if "KEY" in section else [])]

                def echo(status):
                    return lambda request: Answer(status, {"X-Echo": SECRET}, body=json.dumps({"error": f"not for {SECRET}", "you": request.headers, "at": request.target}).encode())

                self.api.plan("B1", echo(422))
                self.api.plan("B2", echo(503), echo(503), echo(503), echo(403))
                texts = []
                for format in (None, "json"):
                    code, out, err = self.push("--rejects", f"{name}.jsonl", format=format, state=f"{name}.state")
                    self.assertIn(code, (4, 75), err)
                    texts += [out, err]
                files = [path for path in self.folder.iterdir() if path.is_file() and path.name.startswith(name)]
                self.assertGreaterEqual(len(files), 2)
                texts += [path.read_bytes().decode("utf-8", "replace") for path in files]
                for text in texts:
                    for secret in hidden:
                        self.assertNotIn(secret, text)

    def test_what_a_report_says(self):
        """Pushes are counted: how many failed, what was asked again, what was acknowledged, how often the breaker opened."""
        self.target("breaker: {failures: 2, within: 1m, open_for: 1h}")
        self.rows(*(told(booking(n)) for n in range(3)))
        self.api.plan("B1", Answer(503), Answer(422))
        self.done(acknowledged=2, rejected=1)
        self.rows(told(booking(7)))
        self.api.plan("B7", *[Answer(503)] * 3)
        self.assertEqual(self.push()[0], 75)
        state = next(path for path in self.folder.iterdir() if path.suffix == ".state")
        code, out, err = self.trama(TRAMA, "report", "--state", state.name, "--format", "json")
        self.assertEqual(code, 0, err)
        [service] = json.loads(out)["services"]
        self.assertEqual({name: service[name] for name in ("kind", "name", "runs", "failed", "retries", "breaker_openings", "rows_sent", "rows_acknowledged")},
                         {"kind": "target", "name": "crm", "runs": 2, "failed": 1, "retries": 1, "breaker_openings": 1, "rows_sent": 3, "rows_acknowledged": 2})
        for language, words in (("en", "asked again"), ("es", "repetidas")):
            out = self.trama(TRAMA, "report", "--state", state.name, "--lang", language)[1]
            self.assertIn(words, out)
            self.assertLessEqual(max(len(line) for line in out.splitlines()), 100, out)
        self.assertIn("crm", self.trama(TRAMA, "report", "--state", state.name, "--format", "html")[1])


class Killed(PushCase):
    """However often it is killed, nothing is done twice, and no row changes its key."""

    def killed(self, count, sections=(), seed=0, **options):
        chance = random.Random(seed)
        self.target(*sections, retry="retry: {attempts: 5, first_wait: 5ms, times: 1, at_most: 5ms, jitter: 0%, budget: 20s}", **options)
        self.rows(*(told(booking(n)) for n in range(count)))

        def faulty(_):
            way = chance.random()
            if way < 0.1:
                return Commit(Answer(drop="request"))
            if way < 0.15:
                return Commit(Answer(500))
            if way < 0.2:
                return Answer(503)
            return Commit(Answer(201, delay=chance.random() * 0.02))

        self.api.plan(NEXT, *[faulty] * (count * 20))
        ends = collections.Counter()
        for _ in range(KILLS):
            run = self.started()
            if chance.random() < 0.7:  # once it is at it
                arrived = len(self.api.log)
                self.until(lambda: len(self.api.log) > arrived or run.poll() is not None)
            time.sleep(chance.random() * 0.12)
            run.send_signal(signal.SIGKILL)
            run.communicate(timeout=30)
            ends[run.returncode] += 1
        self.assertGreater(ends[-signal.SIGKILL], KILLS // 2, ends)
        for _ in range(40):
            code, out, err = self.push()
            if code == 0:
                break
            self.assertEqual(code, 75, err)
        self.assertEqual(code, 0, err)
        self.assertEqual(self.applied(), {f"B{n}": 1 for n in range(count)})
        self.assertGreater(self.api.replayed, 0)
        self.done(already=count)

    def test_kills(self):
        self.killed(max(250, 8 * KILLS))
        keys = collections.defaultdict(set)
        for _, _, key, body in self.api.pushes():
            keys[body].add(key)
        self.assertEqual({len(each) for each in keys.values()}, {1})

    def test_kills_of_batches(self):
        self.killed(max(400, 24 * KILLS), ["batch: 3"], seed=1, operations="operations: {insert: {method: POST}}")

    def test_signals(self):
        for number, ends in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(number.name):
                self.anew()
                self.target()
                self.rows(*(told(booking(n)) for n in range(3)))
                self.api.plan("B1", Commit(Answer(201, delay=1)))
                state = f"{ends}.state"
                run = self.started(state=state)
                self.until(lambda: len(self.api.log) >= 2)
                run.send_signal(number)
                _, err = run.communicate(timeout=30)
                self.assertEqual(run.returncode, ends, err)
                self.done(options={"state": state}, **self.rest(state))
                self.assertEqual((self.applied(), len(set(self.api.keys()))), ({f"B{n}": 1 for n in range(3)}, 3))

    def rest(self, state):
        """The row in hand may have been acknowledged or not."""
        with sqlite3.connect(self.folder / state) as database:
            known = sum("acknowledged" in str(one) for one in database.execute("SELECT * FROM deliveries").fetchall())
        self.assertIn(known, (1, 2))
        return {"already": known, "acknowledged": 3 - known}

    def test_a_kill_without_a_key(self):
        """What was on its way is unknown, and said so."""
        self.target(key_header=None)
        self.rows(*(told(booking(n)) for n in range(3)))
        self.api.plan("B1", Commit(Answer(201, delay=2)))
        run = self.started()
        self.until(lambda: len(self.api.log) >= 2)
        run.kill()
        run.communicate()
        self.assertIn("B1", self.stopped("DELIVERY_UNKNOWN", 5))
        self.assertEqual(len(self.api.log), 2)
        code, _, err = self.push("--settle", "acknowledged")
        self.assertEqual((code, self.applied()), (0, {"B0": 1, "B1": 1, "B2": 1}), err)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(0 if run_classes(PushCase, __file__, TRAMA) else 1)
    unittest.main()
