#!/usr/bin/env python3
"""`trama verify` against signatures that Python's hmac makes: every scheme, what is tampered with, time, ids, secrets that change,
stored events that are none, hostile ones, and many in little memory.

    tests/verify_test.py TRAMA [EVENTS]
"""

import base64
import calendar
import gzip
import hashlib
import hmac
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
EVENTS = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 20_000
STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # of the libraries of Standard Webhooks
SECRET = "It's a Secret to Everybody"  # of GitHub's documentation
NOW = calendar.timegm((2026, 11, 28, 10, 0, 0))

# Each provider's scheme as one of one's own: it must give the same.
OWN = {
    "stripe": '{header: Stripe-Signature, encoding: hex, prefix: "v1=", separator: ",", timestamp_prefix: "t=", signed: "{timestamp}.{body}", event_id: {body: id}}',
    "github": '{header: X-Hub-Signature-256, encoding: hex, prefix: sha256=, event_id: {header: X-GitHub-Delivery}}',
    "shopify": '{header: X-Shopify-Hmac-Sha256, encoding: base64, signed: "{body}", event_id: {header: X-Shopify-Webhook-Id}}',
    "standard-webhooks": '{header: webhook-signature, encoding: base64, prefix: "v1,", separator: " ", signed: "{id}.{timestamp}.{body}", '
                         'timestamp_header: webhook-timestamp, event_id: {header: webhook-id}, secret: base64, secret_prefix: whsec_}',
}


def validator(name):
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


REFUSED, REPORT = validator("refused-event"), validator("verify")


def signature(secret, data, encoding):
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret == STANDARD else secret.encode()
    digest = hmac.new(key, data, hashlib.sha256).digest()
    return digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()


def signed_headers(scheme, secret, id_, signed_at, body):
    if scheme == "stripe":
        return {"Stripe-Signature": f"t={signed_at},v1={signature(secret, f'{signed_at}.'.encode() + body, 'hex')}"}
    if scheme == "github":
        return {"X-Hub-Signature-256": "sha256=" + signature(secret, body, "hex"), "X-GitHub-Delivery": id_}
    if scheme == "shopify":
        return {"X-Shopify-Hmac-Sha256": signature(secret, body, "base64"), "X-Shopify-Webhook-Id": id_}
    return {"webhook-id": id_, "webhook-timestamp": str(signed_at),
            "webhook-signature": "v1," + signature(secret, f"{id_}.{signed_at}.".encode() + body, "base64")}


def at(seconds):
    """NOW and so many seconds, as RFC 3339 has it."""
    whole, millis = divmod(round((NOW + seconds) * 1000), 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{millis:03}Z"


def event(scheme, id_="e1", body=None, secret=None, received=0.0, signed_at=NOW):
    body = json.dumps({"id": id_}).encode() if body is None else body
    secret = secret or (STANDARD if scheme == "standard-webhooks" else SECRET)
    stored = {"received_at": at(received), "headers": signed_headers(scheme, secret, id_, signed_at, body)}
    try:
        stored["body"] = body.decode()
    except UnicodeDecodeError:
        stored["body_base64"] = base64.b64encode(body).decode()
    return stored


class Verify(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, events):
        lines = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in events).encode()
        (self.folder / name).write_bytes(gzip.compress(lines, 1) if name.endswith(".gz") else lines)
        return name

    def trama(self, *arguments, env=None, stdin=None, space=None):
        limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (space, space))) if space else None
        done = subprocess.run([TRAMA, "verify", *arguments], cwd=self.folder, capture_output=True, text=True, encoding="utf-8", timeout=600, input=stdin,
                              check=False, preexec_fn=limit,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "S": SECRET, "W": STANDARD, "OLD": "old secret", "EMPTY": "", **(env or {})})
        return done.returncode, done.stdout, done.stderr

    def outcome(self, events, scheme="github", *options, secrets=None, **more):
        """Of each event its code, or None where it is accepted; what the files, the report and the exit say must agree."""
        self.write("in.ndjson", events)
        secrets = secrets or (["W"] if "standard" in scheme or "whsec_" in scheme else ["S"])
        code, out, err = self.trama("in.ndjson", "--scheme", scheme, *(word for name in secrets for word in ("--secret-env", name)), "-o", "no.ndjson",
                                    "--accepted", "yes.ndjson", "--format", "json", *options, **more)
        self.assertEqual(err, "")
        self.report = json.loads(out)
        REPORT.validate(self.report)
        found = [None] * len(events)
        last = 0
        self.messages = []
        for line in (self.folder / "no.ndjson").read_text(encoding="utf-8").splitlines():
            refused = json.loads(line)
            REFUSED.validate(refused)
            self.assertEqual(refused["file"], "in.ndjson")
            self.assertGreater(refused["record"], last)
            last = refused["record"]
            found[last - 1] = refused["code"]
            self.messages.append((refused["event"], refused["message"]))
        lines = (self.folder / "in.ndjson").read_text(encoding="utf-8").splitlines()
        self.assertEqual((self.folder / "yes.ndjson").read_text(encoding="utf-8"), "".join(line + "\n" for line, code in zip(lines, found) if code is None))
        counts = {code: found.count(code) for code in set(found) - {None}}
        self.assertEqual(self.report["codes"], counts)
        self.assertEqual((self.report["read"], self.report["accepted"], self.report["refused"]), (len(events), found.count(None), sum(counts.values())))
        self.assertEqual(sum(one["accepted"] for one in self.report["secrets"]), found.count(None))
        self.assertEqual(code, 1 if counts else 0)
        for secret in (SECRET, STANDARD, STANDARD[6:], "old secret"):
            self.assertNotIn(secret, out + (self.folder / "no.ndjson").read_text(encoding="utf-8"))
        return found

    def both(self, events, scheme, *options, **more):
        """The same by the scheme's name and written out."""
        named = self.outcome(events, scheme, *options, **more)
        report, messages = self.report, self.messages
        self.assertEqual(self.outcome(events, OWN[scheme], *options, **more), named)
        self.assertEqual(self.messages, messages)
        self.assertEqual({**self.report, "scheme": scheme}, report)
        return named

    # ---- signatures ----

    def test_every_scheme(self):
        wrong, missing = "SIGNATURE_WRONG", "SIGNATURE_MISSING"
        for scheme in OWN:
            with self.subTest(scheme=scheme):
                good = event(scheme)
                header = next(name for name in good["headers"] if "ignature" in name or "Hmac" in name)
                value = good["headers"][header]
                tampered = {**event(scheme, "e2"), "body": '{"id": "e2" }'}
                other = event(scheme, "e3", secret=base64.b64encode(b"another").decode() if scheme == "standard-webhooks" else "another")
                without = event(scheme, "e4")
                del without["headers"][header]
                twice = event(scheme, "e5")
                twice["headers"][header.upper()] = twice["headers"][header]
                listed = event(scheme, "e6")
                listed["headers"][header] = [listed["headers"][header]] * 2
                cut = event(scheme, "e7")
                cut["headers"][header] = cut["headers"][header][:-1]
                elsewhere = event(scheme, "e8")
                elsewhere["headers"][header] = value  # of another event
                renamed = event(scheme, "e9")
                renamed["headers"] = {name.swapcase(): [text] for name, text in renamed["headers"].items()}
                bare = event(scheme, "e10")
                bare["headers"][header] = "zz"
                self.assertEqual(self.both([good, tampered, other, without, twice, listed, cut, elsewhere, renamed, bare], scheme),
                                 [None, wrong, wrong, missing, wrong, wrong, wrong, wrong, None, wrong if scheme == "shopify" else missing])

    def test_what_providers_publish(self):
        github = {"received_at": at(0), "headers": {"X-GitHub-Delivery": "1", "X-Hub-Signature-256":
                  "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}, "body": "Hello, World!"}
        self.assertEqual(self.outcome([github]), [None])
        standard = {"received_at": "2021-02-25T15:02:10Z", "headers": {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}, "body": '{"test": 2432232314}'}
        self.assertEqual(self.outcome([standard], "standard-webhooks"), [None])

    def test_bodies(self):
        """The signature is over the bytes, however the body is stored."""
        bodies = [b"", b" ", b"\x00", b"\xff\xfe\x00binary", '{"a": "ñ🙂\u2028"}'.encode(), b'"\\u00f1\\/"\r\n\t', bytes(range(256)), b"x" * 3_000_000]
        events = [event("shopify", str(i), body) for i, body in enumerate(bodies)]
        self.assertEqual(self.outcome(events, "shopify"), [None] * len(bodies))
        escaped = json.dumps(event("shopify", "e", 'é"/'.encode())).replace("\\u00e9", "\\u00E9").replace("/", "\\/")
        plain = json.dumps(event("shopify", "f", 'é"/'.encode()), ensure_ascii=False)
        self.assertEqual(self.outcome([escaped, plain], "shopify"), [None, None])
        for i, body in enumerate(bodies):  # one byte more, one bit
            changed = event("shopify", str(i), body)
            changed.pop("body", None)
            changed["body_base64"] = base64.b64encode(body + b" ").decode()
            flipped = {**changed, "body_base64": base64.b64encode(bytes([body[0] ^ 1]) + body[1:]).decode() if body else "AA=="}
            self.assertEqual(self.outcome([changed, flipped], "shopify"), ["SIGNATURE_WRONG"] * 2)

    def test_secrets_that_change(self):
        events = [event("github", "a"), event("github", "b", secret="old secret"), event("github", "c", secret="older")]
        self.assertEqual(self.outcome(events, "github", secrets=["S", "OLD"]), [None, None, "SIGNATURE_WRONG"])
        self.assertEqual([(one["env"], one["accepted"]) for one in self.report["secrets"]], [("S", 1), ("OLD", 1)])
        two = event("stripe", "d", secret="old secret")
        two["headers"]["Stripe-Signature"] += ",v0=00,v1=" + "0" * 64 + "," + event("stripe", "d")["headers"]["Stripe-Signature"].split(",")[1]
        self.assertEqual(self.outcome([two], "stripe"), [None])
        self.assertEqual(self.outcome([two], "stripe", secrets=["OLD"]), [None])
        space = event("standard-webhooks")
        space["headers"]["webhook-signature"] = "v1a,eA== v1,AAAA " + space["headers"]["webhook-signature"]
        self.assertEqual(self.outcome([space], "standard-webhooks"), [None])

    def test_an_id_cannot_take_of_the_body(self):
        """{id}.{timestamp}.{body}: the same bytes, cut elsewhere."""
        whole = event("standard-webhooks", "a", b"1795860000.x")
        moved = {**whole, "body": "x", "headers": {**whole["headers"], "webhook-id": f"a.{NOW}", "webhook-timestamp": "1795860000"}}
        self.assertEqual(self.outcome([whole, moved], "standard-webhooks"), [None, "SIGNATURE_WRONG"])

    # ---- time ----

    def test_window(self):
        stale = "EVENT_STALE"
        cases = [(0, None), (299.999, None), (300, None), (300.001, stale), (-300, None), (-300.001, stale), (-299.5, None), (86400, stale)]
        for scheme in ("stripe", "standard-webhooks"):
            events = [event(scheme, str(i), received=received) for i, (received, _) in enumerate(cases)]
            self.assertEqual(self.both(events, scheme), [code for _, code in cases])
            self.assertIn("300.001 s after", self.messages[0][1])
            self.assertIn("300.001 s before", self.messages[1][1])
            self.assertEqual(self.report["window"], 300)
            self.assertEqual(self.outcome(events, scheme, "--window", "1d"), [None] * len(cases))
            self.assertEqual(self.outcome(events, scheme, "--window", "none"), [None] * len(cases))
            self.assertIsNone(self.report["window"])
        offset = {**event("stripe"), "received_at": "2026-11-28T05:04:00-05:00"}
        self.assertEqual(self.outcome([offset], "stripe"), [None])
        for wrong in ("", "x", "1e9", "-5", "1795860000.0", "9" * 30, "٣"):
            bad = event("standard-webhooks")
            bad["headers"]["webhook-timestamp"] = wrong
            self.assertEqual(self.outcome([bad], "standard-webhooks"), ["SIGNATURE_WRONG"])

    def test_no_time_is_no_window(self):
        self.write("in.ndjson", [event("github")])
        (self.folder / "own.yaml").write_text(OWN["github"])
        for scheme in ("github", "shopify", OWN["github"], "own.yaml"):
            for window in ("5m", "none"):
                code, out, err = self.trama("in.ndjson", "--scheme", scheme, "--secret-env", "S", "--window", window)
                self.assertEqual((code, out), (64, ""))
                self.assertIn("--window has no effect", err)
        self.assertEqual(self.outcome([event("github", received=10**8)]), [None])
        self.assertFalse(self.report["window"])

    # ---- ids ----

    def test_repeated(self):
        repeated = "EVENT_REPEATED"
        events = [event("github", "a", received=5), event("github", "a", received=1), event("github", "b"), event("github", "a", received=1),
                  event("github", "b", received=-1), event("github", "c")]
        self.assertEqual(self.both(events, "github"), [repeated, None, repeated, repeated, None, None])
        self.assertIn("in.ndjson, record 2", self.messages[0][1])
        self.assertEqual(self.messages[0][0], "a")
        forged = {**event("github", "a"), "body": "forged"}  # comes first, and counts for nothing
        self.assertEqual(self.outcome([forged, *events], "github"), ["SIGNATURE_WRONG", repeated, None, repeated, repeated, None, None])
        stale = [event("stripe", "a", received=900), event("stripe", "a"), event("stripe", "a", received=1)]
        self.assertEqual(self.both(stale, "stripe"), ["EVENT_STALE", None, repeated])
        padded = event("standard-webhooks", "p")
        padded["headers"]["webhook-id"] = "\t p "  # the same id, as the signature has it
        self.assertEqual(self.outcome([event("standard-webhooks", "p"), padded], "standard-webhooks"), [None, repeated])
        no_id = OWN["github"].replace(", event_id: {header: X-GitHub-Delivery}", "")
        self.assertEqual(self.outcome(events, no_id), [None] * 6)
        in_body = no_id.replace("}", ", event_id: {body: data.n}}")
        bodies = [b'{"data": {"n": 1}}', b'{"data": {"n": "1"}}', b'{"data": {"n": 2}}', b'{"data": {}}', b'{"data": 1}', b"[]", b"{", b'{"data": {"n": null}}']
        self.assertEqual(self.outcome([event("github", body=body) for body in bodies], in_body), [None, repeated, None] + ["EVENT_INVALID"] * 5)

    def test_ids(self):
        without = event("github")
        del without["headers"]["X-GitHub-Delivery"]
        twice = event("github")
        twice["headers"]["x-github-delivery"] = "e2"
        events = [without, event("github", ""), twice, event("github", "x" * 1024), event("github", "x" * 1025), event("github", "\x1b[2J\u202e")]
        self.assertEqual(self.outcome(events), ["EVENT_INVALID", "EVENT_INVALID", "SIGNATURE_WRONG", None, "EVENT_INVALID", None])

    def test_as_an_independent_program_says(self):
        """Many events, in memory and spilled to the disk; ids that come again anywhere."""
        chance = random.Random(1)
        events, want = [], []
        for _ in range(EVENTS):
            id_ = f"id-{chance.randrange(EVENTS * 3 // 4)}"
            received = chance.randrange(-200_000, 200_000) / 1000
            one = event("standard-webhooks", id_, received=received)
            way = chance.random()
            if way < 0.05:
                one["body"] += " "
                want.append("SIGNATURE_WRONG")
            elif way < 0.1:
                del one["headers"][chance.choice(list(one["headers"]))]
                want.append("SIGNATURE_MISSING")
            else:
                want.append(None)
            if way >= 0.98:
                one["received_at"] = at(chance.choice([-1000, 1000]))
                want[-1] = "EVENT_STALE"
            events.append((id_, received, one))
        first = {}
        for number, (id_, received, _) in enumerate(events):
            if want[number] is None:
                first[id_] = min(first.get(id_, (1e9, 0)), (received, number))
        for number, (id_, _, _) in enumerate(events):
            if want[number] is None and first[id_][1] != number:
                want[number] = "EVENT_REPEATED"
        self.assertGreater(want.count("EVENT_REPEATED"), EVENTS // 20)
        for memory in ("16M", "256M"):
            self.assertEqual(self.outcome([one for _, _, one in events], "standard-webhooks", "--memory", memory), want)

    # ---- what is stored ----

    def test_what_is_no_event(self):
        good = event("github")
        cases = [(good, None), ('{"a" 1}', "JSON_INVALID"), ("[1]", "JSON_INVALID"), ("7", "JSON_INVALID"), ("{}", "EVENT_INVALID"), ('{"a": 1, "a": 2}', "DUPLICATE_FIELD"),
                 ({**good, "received_at": None}, "EVENT_INVALID"), ({**good, "received_at": "2026-11-28"}, "EVENT_INVALID"),
                 ({**good, "received_at": "2026-11-28T10:00:00"}, "EVENT_INVALID"), ({**good, "headers": []}, "EVENT_INVALID"),
                 ({**good, "headers": {"a": 1}}, "EVENT_INVALID"), ({**good, "headers": {"a": ["x", None]}}, "EVENT_INVALID"),
                 ({**good, "headers": {}}, "SIGNATURE_MISSING"), ({**good, "headers": {"X-Hub-Signature-256": []}}, "SIGNATURE_MISSING"),
                 ({**good, "body": {"id": 1}}, "EVENT_INVALID"), ({**good, "body": None}, "EVENT_INVALID"), ({**good, "body_base64": "eA=="}, "EVENT_INVALID"),
                 ({name: value for name, value in good.items() if name != "body"}, "EVENT_INVALID"),
                 ({**{name: value for name, value in good.items() if name != "body"}, "body_base64": "e A="}, "EVENT_INVALID"),
                 ('{"x":' * 200 + "1" + "}" * 200, "RECORD_TOO_DEEP"), ('{"x": "' + "y" * (17 << 20) + '"}', "RECORD_TOO_BIG"),
                 ({**good, "method": "POST", "more": [1], "headers": event("github", "e2")["headers"], "body": '{"id": "e2"}'}, None)]
        self.assertEqual(self.outcome([one for one, _ in cases]), [code for _, code in cases])

    def test_not_utf8(self):
        (self.folder / "in.ndjson").write_bytes(b'{"received_at": "\xff"}\n' + json.dumps(event("github")).encode() + b"\n")
        code, out, _ = self.trama("in.ndjson", "--scheme", "github", "--secret-env", "S", "--format", "json")
        self.assertEqual((code, json.loads(out)["codes"]), (1, {"TEXT_NOT_UTF8": 1}))

    def test_folders(self):
        inbox = self.folder / "inbox"
        inbox.mkdir()
        for name, id_ in (("2.json", "b"), ("1.json", "a"), ("3.ndjson.gz", "a")):
            one = event("github", id_, received=int(name[0]))
            text = (json.dumps(one, indent=2) if name == "2.json" else json.dumps(one)).encode()
            (inbox / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        for hidden in (".hidden.json", "x.json.incomplete", "x.part", "x.tmp"):
            (inbox / hidden).write_text("no event")
        self.write("more.ndjson", [event("github", "c")])
        code, out, err = self.trama("inbox", "more.ndjson", "--scheme", "github", "--secret-env", "S", "--format", "json", "-o", "no", "--accepted", "yes")
        self.assertEqual((code, err, json.loads(out)["read"], json.loads(out)["codes"]), (1, "", 4, {"EVENT_REPEATED": 1}))
        self.assertEqual(json.loads((self.folder / "no").read_text())["file"], "inbox/3.ndjson.gz")
        kept = [json.loads(line) for line in (self.folder / "yes").read_text().splitlines()]
        self.assertEqual([one["headers"]["X-GitHub-Delivery"] for one in kept], ["a", "b", "c"])
        self.assertEqual(self.trama("yes", "--scheme", "github", "--secret-env", "S")[0], 0)
        (inbox / "below").mkdir()
        code, _, err = self.trama("inbox", "--scheme", "github", "--secret-env", "S", "-o", "kept")
        self.assertEqual(code, 4)
        self.assertIn("FILE_IS_DIRECTORY", err)
        self.assertFalse((self.folder / "kept").exists())

    def test_an_empty_folder(self):
        (self.folder / "inbox").mkdir()
        code, out, err = self.trama("inbox", "--scheme", "github", "--secret-env", "S", "--accepted", "yes", "--format", "json")
        self.assertEqual((code, err, json.loads(out)["read"]), (0, "", 0))
        self.assertEqual((self.folder / "yes").read_text(), "")

    def test_standard_input_and_output(self):
        lines = "".join(json.dumps(event("github", id_)) + "\n" for id_ in "aab")
        code, out, err = self.trama("-", "--scheme", "github", "--secret-env", "S", "--accepted", "-", stdin=lines)
        self.assertEqual((code, [json.loads(line)["headers"]["X-GitHub-Delivery"] for line in out.splitlines()]), (1, ["a", "b"]))
        self.assertIn("3 events read", err)
        code, out, _ = self.trama("-", "--scheme", "github", "--secret-env", "S", "-o", "-", stdin=lines)
        self.assertEqual((code, json.loads(out)["code"], json.loads(out)["file"]), (1, "EVENT_REPEATED", "-"))

    def test_outputs_are_whole_or_not_there(self):
        self.write("in.ndjson", [event("github")])
        (self.folder / "cut.gz").write_bytes(gzip.compress(b"{}" * 50_000)[:-20])
        (self.folder / "yes").write_text("of before")
        code, _, _ = self.trama("in.ndjson", "cut.gz", "--scheme", "github", "--secret-env", "S", "--accepted", "yes", "-o", "no")
        self.assertEqual((code, (self.folder / "yes").read_text()), (4, "of before"))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["cut.gz", "in.ndjson", "yes"])
        for clash in (["-o", "in.ndjson"], ["--accepted", "in.ndjson"], ["-o", "yes", "--accepted", "yes"], ["-o", "-", "--accepted", "-"]):
            self.assertEqual(self.trama("in.ndjson", "--scheme", "github", "--secret-env", "S", *clash)[0], 64, clash)

    # ---- the command line ----

    def test_secrets_of_the_command_line(self):
        self.write("in.ndjson", [event("github")])

        def said(*options, scheme="github", **env):
            code, out, err = self.trama("in.ndjson", "--scheme", scheme, *options, env=env)
            self.assertEqual((code, out), (64, ""), err)
            return err
        self.assertIn("EMPTY", said("--secret-env", "EMPTY"))
        self.assertIn("UNSET_ONE", said("--secret-env", "UNSET_ONE"))
        self.assertIn("OLD", said("--secret-env", "S", "--secret-env", "OLD", OLD=""))
        self.assertIn("S", said("--secret-env", "S", "--secret-env", "S"))
        for secret in ("s3cret!value", STANDARD, "a b", "x" * 70, "9abc"):
            self.assertNotIn(secret, said("--secret-env", secret))
        broken = said("--secret-env", "B", scheme="standard-webhooks", B="whsec_no base64!")
        self.assertIn("B", broken)
        self.assertNotIn("no base64!", broken)
        said()

    def test_schemes_of_the_command_line(self):
        self.write("in.ndjson", [event("github")])

        def said(scheme, exit_code):
            code, out, err = self.trama("in.ndjson", "--scheme", scheme, "--secret-env", "S")
            self.assertEqual((code, out), (exit_code, ""), err)
            return err
        self.assertIn("did you mean 'stripe'", said("strpe", 64))
        self.assertIn("standard-webhooks", said("paypal", 64))
        self.assertIn("FILE_UNREADABLE", said("./none.yaml", 3))
        for scheme, code, words in [
            ("{", "YAML_INVALID", ""), ("{}", "KEY_MISSING", "'header'"), ("{header: a, encoding: hx}", "VALUE_WRONG", "did you mean 'hex'"),
            ("{headr: a, encoding: hex}", "KEY_UNKNOWN", "did you mean 'header'"), ("{header: [a], encoding: hex}", "VALUE_KIND", "header"),
            ('{header: "", encoding: hex}', "VALUE_WRONG", "header"), ("{header: a, encoding: hex, header: b}", "KEY_REPEATED", "header"),
            ('{header: a, encoding: hex, signed: "{timestamp}.{body}"}', "KEY_MISSING", "timestamp_header"),
            ('{header: a, encoding: hex, signed: "{id}.{body}"}', "KEY_MISSING", "event_id"),
            ('{header: a, encoding: hex, signed: "{id}.{body}", event_id: {body: id}}', "KEY_MISSING", "event_id"),
            ("{header: a, encoding: hex, timestamp_header: b}", "WORD_HAS_NO_EFFECT", "proves nothing"),
            ('{header: a, encoding: hex, signed: "{timestamp}{body}", timestamp_header: b}', "VALUE_WRONG", "a mark"),
            ('{header: a, encoding: hex, signed: "{url}.{body}"}', "VALUE_WRONG", "{timestamp}, {id}, {body}"),
            ('{header: a, encoding: hex, signed: "x"}', "VALUE_WRONG", "{body} must be in it"),
            ('{header: a, encoding: hex, signed: "{body}.{body}"}', "VALUE_WRONG", "twice"),
            ('{header: a, encoding: hex, signed: "{timestamp}.{body}", timestamp_prefix: t=}', "NEEDS_WORD", "separator"),
            ('{header: a, encoding: hex, signed: "{timestamp}.{body}", separator: ";", timestamp_prefix: t=, timestamp_header: b}', "WORDS_TOGETHER", "one place"),
            ('{header: a, encoding: hex, separator: ",", prefix: "v1,"}', "VALUE_WRONG", "separator"),
            ("{header: a, encoding: hex, event_id: b}", "VALUE_KIND", "event_id"), ("{header: a, encoding: hex, event_id: {heder: b}}", "KEY_UNKNOWN", "did you mean 'header'"),
            ('{header: a, encoding: hex, event_id: {body: "a[0]"}}', "VALUE_WRONG", "data.id"), ("{header: a, encoding: hex, secret: hex}", "VALUE_WRONG", "text, base64"),
        ]:
            err = said(scheme, 3)
            self.assertIn(f"error[{code}]", err, scheme)
            self.assertIn(words, err, scheme)
            self.assertRegex(err, r"--scheme:\d+:\d+: ", scheme)
        (self.folder / "own.yaml").write_text("header: X-S\nencoding: hex\nsecretprefix: x\n")
        self.assertIn("own.yaml:3:1: error[KEY_UNKNOWN]", said("own.yaml", 3))

    # ---- hostile ----

    def test_the_screen(self):
        """What an event claims does not reach a terminal as it is, in either language."""
        hostile = "\x1b]0;x\x07\u202e\x9b31m\r\n"
        standard = event("standard-webhooks", hostile + "a" * 5000)
        standard["headers"]["webhook-timestamp"] = hostile * 1000
        self.write("in.ndjson", [{**event("github", hostile), "body": hostile}, event("github", hostile), event("github", hostile), {"received_at": hostile}])
        self.write("w.ndjson", [standard])
        for language in ("en", "es"):
            for name, scheme, secret in (("in.ndjson", "github", "S"), ("w.ndjson", "standard-webhooks", "W")):
                code, out, err = self.trama(name, "--scheme", scheme, "--secret-env", secret, "--lang", language)
                self.assertEqual((code, err), (1, ""))
                self.assertFalse(set("\x1b\x07\u202e\x9b\r") & set(out), out)
                self.assertLessEqual(max(map(len, out.splitlines())), 100, out)

    def test_little_memory(self):
        """A claim of 1 GB, a header of very many parts, very many headers and very long ids, in 512 MB of address space."""
        long = event("github", "y")
        long["headers"]["X-Hub-Signature-256"] = "sha256=" + "0" * (8 << 20)
        parts = event("stripe", "z")
        parts["headers"]["Stripe-Signature"] += (",v1=" + "0" * 64) * 100_000
        many = event("github", "w")
        many["headers"].update({f"h{i}": "" for i in range(200_000)})
        self.write("in.ndjson.gz", [long, many, '{"body": "' + "x" * (300 << 20) + '"}', event("github", "x")])
        code, out, err = self.trama("in.ndjson.gz", "--scheme", "github", "--secret-env", "S", "--format", "json", "--accepted", "yes", "--memory", "64M", space=512 << 20)
        self.assertEqual((code, err, json.loads(out)["codes"], json.loads(out)["accepted"]), (1, "", {"RECORD_TOO_BIG": 1, "SIGNATURE_WRONG": 1}, 2))
        self.write("parts.ndjson", [parts])
        self.assertEqual(self.trama("parts.ndjson", "--scheme", "stripe", "--secret-env", "S", space=512 << 20)[0], 0)


if __name__ == "__main__":
    unittest.main()
