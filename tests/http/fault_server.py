#!/usr/bin/env python3
"""An HTTP server for tests that answers as a script says, and every way a server can fail is a step of one.

    with Server() as server:
        server.on("/v1/bookings", Answer(503), Answer(body=b'{"data": []}'))
        ... server.url("/v1/bookings") ...
        [request.query for request in server.log]

It listens on 127.0.0.1 only. Each request takes the next step of its path: an Answer, or a function of the Request that
returns one. A function as the last step answers all further requests; a path without a step left is answered with 418, which
no client tries again. Run alone, it plays each fault at a path of its own, for curl:

    tests/http/fault_server.py [--port N] [--tls FOLDER]
"""

import argparse
import contextlib
import dataclasses
import email.utils
import http
import http.client
import itertools
import json
import pathlib
import socket
import ssl
import struct
import subprocess
import threading
import time
import urllib.parse
import zlib


@dataclasses.dataclass
class Request:
    method: str
    target: str  # path with query, as sent
    headers: dict  # names in lower case
    body: bytes
    at: float  # time.monotonic() when it was read
    clock: float  # time.time() of the same moment
    connection: int  # number of its connection, from 1
    status: int = 0  # what was answered

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        return dict(urllib.parse.parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclasses.dataclass
class Answer:
    """`body`: bytes, or a function without arguments that yields pieces of any total size (sent in chunks unless `length`
    is given). All counts of bytes are of the body as sent, behind `gzip`."""

    status: int = 200
    headers: dict | list = dataclasses.field(default_factory=dict)  # a value may be a function: called when it is sent
    body: object = b"{}"
    delay: float = 0  # seconds before the status line
    length: int | None = None  # Content-Length as announced, whatever the body is
    chunked: bool = False
    gzip: bool = False  # Content-Encoding: gzip
    every: float = 0  # seconds before each piece of `piece` bytes
    piece: int = 1 << 16
    stall: int | None = None  # after so many bytes nothing comes for as long as the server runs
    cut: int | None = None  # after so many bytes the connection ends
    broken: str = ""  # of a chunked body: "size" (what is not a number), "end" (the last chunk is missing)
    drop: str = ""  # the connection ends: "request" (without an answer), "headers" (in the middle of them)
    reset: bool = False  # where it ends, by RST instead of FIN
    close: bool = False  # the connection ends behind the answer
    raw: bytes | None = None  # sent instead of all this; then the connection ends
    before: object = None  # called with the request before the answer is sent


class Dropped(Exception):
    """The connection ends here."""


class Server:
    def __init__(self, certificate=None):
        """`certificate`: of Authority.certificate(), for TLS."""
        self.log = []
        self.connections = 0  # accepted so far
        self._drops = []
        self._steps = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*certificate)

    def __enter__(self):
        return self.listen()

    def listen(self, port=0):
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def url(self, path="/", host="127.0.0.1"):
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def on(self, path, *steps):
        """Adds steps to the script of `path` (without its query)."""
        self._steps.setdefault(path, []).extend(steps)

    def drop_connections(self, count=1, reset=False):
        """The next `count` connections end as soon as they are accepted."""
        self._drops += [reset] * count

    def targets(self):
        return [request.target for request in self.log]

    # ---- connections ----

    def _accept(self):
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                drop = self._drops.pop(0) if self._drops else None
            if drop is not None:
                self._end(connection, drop)
            else:
                threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    @staticmethod
    def _end(connection, reset=False):
        with contextlib.suppress(OSError):
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _serve(self, connection, number):
        reset = False
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection.makefile("rb") as reader:
                while request := self._read(reader, number):
                    answer = self._next(request)
                    request.status = answer.status
                    with self._lock:
                        self.log.append(request)
                    if answer.before:
                        answer.before(request)
                    reset = answer.reset
                    self._play(connection, request, answer)
        except (OSError, ValueError, http.client.HTTPException, Dropped):
            pass  # the client went, or this is the fault that was asked for
        finally:
            self._end(connection, reset)

    def _read(self, reader, number):
        line = reader.readline(65536).decode("latin-1").split()
        if len(line) != 3:
            return None
        headers = {name.lower(): value for name, value in http.client.parse_headers(reader).items()}
        body = reader.read(int(headers.get("content-length", 0)))
        return Request(line[0], line[1], headers, body, time.monotonic(), time.time(), number)

    def _next(self, request):
        with self._lock:
            steps = self._steps.get(request.path, [])
            if not steps:
                return Answer(418, body=b"no step is left for this path")
            step = steps[0]
            if len(steps) > 1 or isinstance(step, Answer):
                steps.pop(0)
        return step if isinstance(step, Answer) else step(request)

    # ---- answers ----

    def _wait(self, seconds):
        if self._ended.wait(seconds):
            raise Dropped

    def _play(self, connection, request, answer):
        if answer.delay:
            self._wait(answer.delay)
        if answer.raw is not None:
            connection.sendall(answer.raw)
            raise Dropped
        if answer.drop == "request":
            raise Dropped
        head, chunked = self._head(answer)
        if answer.drop == "headers":
            connection.sendall(head[: len(head) // 2])
            raise Dropped
        connection.sendall(head)
        if request.method == "HEAD" or answer.status in (204, 304):
            return
        self._body(connection, answer, chunked)
        if answer.close or (answer.length is not None and isinstance(answer.body, bytes) and answer.length != len(answer.body)):
            raise Dropped

    def _head(self, answer):
        pairs = list(answer.headers.items() if isinstance(answer.headers, dict) else answer.headers)
        names = {name.lower() for name, _ in pairs}
        chunked = answer.chunked or (answer.length is None and not isinstance(answer.body, bytes))
        if "content-type" not in names:
            pairs.append(("Content-Type", "application/json"))
        if answer.gzip:
            pairs.append(("Content-Encoding", "gzip"))
        if answer.status in (204, 304):
            pass
        elif chunked:
            pairs.append(("Transfer-Encoding", "chunked"))
        elif answer.length is not None:
            pairs.append(("Content-Length", answer.length))
        else:
            pairs.append(("Content-Length", sum(map(len, pieces_of(answer)))))
        if answer.close:
            pairs.append(("Connection", "close"))
        try:
            reason = http.HTTPStatus(answer.status).phrase
        except ValueError:
            reason = "Unknown"
        lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value() if callable(value) else value}" for name, value in pairs)]
        return "".join(line + "\r\n" for line in [*lines, ""]).encode("utf-8"), chunked

    def _body(self, connection, answer, chunked):
        sent = 0
        for piece in pieces_of(answer):
            if answer.every:
                self._wait(answer.every)
            for limit in (answer.stall, answer.cut):
                if limit is not None:
                    piece = piece[: limit - sent]
            if piece and chunked:
                size = "no number" if answer.broken == "size" else f"{len(piece):x}"
                connection.sendall(size.encode() + b"\r\n" + piece + b"\r\n")
            elif piece:
                connection.sendall(piece)
            sent += len(piece)
            if sent == answer.stall:
                self._wait(3600)
            if sent == answer.cut:
                raise Dropped
        if answer.broken:
            raise Dropped
        if chunked:
            connection.sendall(b"0\r\n\r\n")


def pieces_of(answer):
    """The body in pieces of at most `answer.piece` bytes, packed where it is to be."""
    pieces = [answer.body] if isinstance(answer.body, bytes) else answer.body()
    if answer.gzip:
        pieces = packed(pieces)
    for piece in pieces:
        for at in range(0, len(piece), answer.piece):
            yield piece[at : at + answer.piece]


def packed(pieces):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for piece in pieces:
        if out := packer.compress(piece):
            yield out
    yield packer.flush()


def json_list(size):
    """A body of exactly `size` bytes (at least 64): a list of texts, made piece by piece."""
    item = b'"' + b"x" * 65533 + b'",'

    def pieces():
        whole, rest = divmod(size - len(b'["end"]'), len(item))
        yield b"["
        yield from itertools.repeat(item, whole)
        yield b" " * rest + b'"end"]'

    return pieces


def date_in(seconds):
    """A header value: the HTTP-date so many seconds from when it is sent."""
    return lambda: email.utils.formatdate(time.time() + seconds, usegmt=True)


def epoch_in(seconds):
    return lambda: str(int(time.time() + seconds))


# ---- suppliers that remember ----


class Tokens:
    """An OAuth2 server: /token is `issue`, and what `guarded` wraps wants a token that is good for `uses` requests and
    `expires_in` seconds."""

    def __init__(self, uses=None, expires_in=3600, clients=None):
        self.uses, self.expires_in, self.clients = uses, expires_in, clients
        self.issued = 0
        self._good = {}

    def issue(self, request):
        if self.clients is not None and request.headers.get("authorization") not in self.clients:
            return Answer(401, body=b'{"error": "invalid_client"}')
        self.issued += 1
        token = f"token-{self.issued}"
        self._good[token] = [self.uses, time.monotonic() + self.expires_in]
        return Answer(body=json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}).encode())

    def guarded(self, step):
        def answer(request):
            state = self._good.get(request.headers.get("authorization", "").removeprefix("Bearer "))
            if state is None or state[0] == 0 or time.monotonic() > state[1]:
                return Answer(401, body=b'{"error": "invalid_token"}')
            if state[0] is not None:
                state[0] -= 1
            return step(request) if callable(step) else step

        return answer


def tagged(body, etag, headers=None):
    """Answers 304 to who has `etag` already."""
    headers = {"ETag": etag, **(headers or {})}
    return lambda request: Answer(304, headers) if request.headers.get("if-none-match") == etag else Answer(body=body, headers=headers)


def changing(lists, parameter="page", first=1):
    """A list that changes while it is read: the page asked for with `parameter` is that of `lists`."""

    def answer(request):
        number = int(request.query[parameter]) - first
        return Answer(body=json.dumps({"data": lists[number] if number < len(lists) else []}).encode())

    return answer


# ---- an API that takes rows ----


@dataclasses.dataclass
class Commit:
    """What was sent is done; then comes `answer`, or the API's own. `seconds`: how long the work takes; until its end another request
    with the same key is answered 409."""

    answer: Answer | None = None
    seconds: float = 0


class PushApi(Server):
    """Things below `path`: POST makes one of each row, PUT and PATCH change one, DELETE takes it away, GET shows it. What a row is called is its
    member `name`, or the end of the path.

        api = PushApi()
        api.plan(2, Commit(Answer(500)))                 # of the second request: it is done, and says that it is not
        api.plan("B1", Answer(503), Answer(503))         # of the next two requests for B1
        api.plan(("GET", "B1"), Answer(404))             # of a lookup alone
        api.plan(PushApi.NEXT, Answer(drop="request"))   # of the next request, whichever it is

    A step is an Answer, in place of the work; a Commit, behind it; or a function of the Request that gives one of them, or None for what the
    API does itself. The first answer for an Idempotency-Key is remembered with what was sent, and given again; another content
    under that key is 422. Rows of a list are done together or not at all."""

    NEXT = "the next one"

    def __init__(self, path="/v1/bookings", key_header="Idempotency-Key", key_lives=None, name="Id", tokens=None, certificate=None):
        super().__init__(certificate)
        self.paths = [path]
        self.key_header, self.key_lives, self.name, self.tokens = key_header.lower(), key_lives, name, tokens
        self.applied = []  # (method, name of the row, its bytes, Idempotency-Key) of everything that was done, in its order
        self.things = {}  # name -> bytes of the row that it is by now
        self.refused = {}  # name -> Answer to every request that has such a row
        self.replayed = 0  # how often a remembered answer was given
        self.unread = []  # request lines of those whose body was not read
        self._plans = {}
        self._known = {}  # Idempotency-Key -> (when, what was sent, answer)
        self._working = {}  # Idempotency-Key -> until when
        self._pushes = 0
        self._hang_up = 0

    def plan(self, what, *steps):
        """`what`: the number of a push from 1, a row's name, (method, name), or NEXT."""
        self._plans.setdefault(what, []).extend(steps)

    def hang_up(self, count=1):
        """The next `count` requests are not read to their end: the connection ends behind their headers."""
        self._hang_up += count

    def forget(self):
        """No Idempotency-Key is known any more."""
        with self._lock:
            self._known.clear()

    def pushes(self):
        """(method, path, Idempotency-Key, body) of all that changes something."""
        return [(one.method, one.target, one.headers.get(self.key_header), one.body) for one in self.log if one.method != "GET" and self.is_ours(one)]

    def lookups(self):
        return [one.target for one in self.log if one.method == "GET" and self.is_ours(one)]

    def keys(self):
        """The Idempotency-Keys of all pushes."""
        return [key for _, _, key, _ in self.pushes()]

    def is_ours(self, request):
        return any(request.path == path or request.path.startswith(path + "/") for path in self.paths)

    def names(self, request):
        """What the rows of a request are called, with their bytes."""
        path = next(path for path in self.paths if request.path == path or request.path.startswith(path + "/"))
        if request.path != path:
            return [(urllib.parse.unquote(request.path[len(path) + 1 :]), request.body)]
        return [(self._name_of(row), row) for row in rows_of(request.body)]

    def _name_of(self, row):
        try:
            return str(json.loads(row)[self.name])
        except (ValueError, KeyError, TypeError):
            return None

    def _read(self, reader, number):
        if not self._hang_up:
            return super()._read(reader, number)
        line = reader.readline(65536).decode("latin-1").strip()
        if line:
            http.client.parse_headers(reader)
            self._hang_up -= 1
            self.unread.append(line)
        return None

    def _next(self, request):
        if not self.is_ours(request):
            return super()._next(request)
        if self.tokens and (refusal := self.tokens.guarded(lambda _: None)(request)):
            return refusal
        names = [name for name, _ in self.names(request)]
        with self._lock:
            places = [("GET", name) for name in names]
            if request.method != "GET":
                self._pushes += 1
                places = [self._pushes, *((request.method, name) for name in names), *names, self.NEXT]
            step = next((self._plans[place].pop(0) for place in places if self._plans.get(place)), None)
        if callable(step):
            step = step(request)
        return step if isinstance(step, Answer) else self._take(request, step or Commit())

    def _take(self, request, commit):
        if request.method == "GET":
            [(name, _)] = self.names(request)
            return Answer(body=self.things[name]) if name in self.things else Answer(404, body=b'{"error": "there is none"}')
        key, now = request.headers.get(self.key_header), time.monotonic()
        sent = (request.method, request.target, request.body)
        with self._lock:
            if key and self._working.get(key, 0) > now:
                return Answer(409, body=b'{"error": "the first request with this key is in work"}')
            known = self._known.get(key) if key else None
            if known and (self.key_lives is None or now - known[0] < self.key_lives):
                if known[1] != sent:
                    return Answer(422, body=b'{"error": "this key came with another content"}')
                self.replayed += 1
                given = commit.answer or known[2]
                return dataclasses.replace(given, delay=given.delay + commit.seconds)
            answer = self._apply(request, key)
            if key and answer.status < 300:  # what was refused did nothing, and is not remembered
                self._known[key] = (now, sent, answer)
                self._working[key] = now + commit.seconds
        given = commit.answer or answer
        return dataclasses.replace(given, delay=given.delay + commit.seconds)

    def _apply(self, request, key):
        rows = self.names(request)
        for name, _ in rows:
            if name in self.refused:
                return self.refused[name]
        if request.method == "DELETE" and rows[0][0] not in self.things:
            return Answer(404, body=b'{"error": "there is none"}')
        for name, row in rows:
            self.applied.append((request.method, name, row, key))
            if request.method == "DELETE":
                del self.things[name]
            else:
                self.things[name] = row
        return Answer(201 if request.method == "POST" else 204 if request.method == "DELETE" else 200, body=json.dumps({"number": len(self.applied)}).encode())


def rows_of(body):
    """The bytes of each item of a JSON list, or all of what is none."""
    text = body.decode("utf-8", "surrogateescape")
    if not text.startswith("["):
        return [body]
    rows, at = [], 1
    while at < len(text) and text[at] != "]":
        _, end = json.JSONDecoder().raw_decode(text, at)
        rows.append(text[at:end].encode("utf-8", "surrogateescape"))
        at = end + 1 + (len(text[end + 1 :]) - len(text[end + 1 :].lstrip()))
    return rows


# ---- TLS ----


class Authority:
    """A certificate authority, made with the openssl program in `folder`."""

    def __init__(self, folder, name="authority"):
        self.folder = pathlib.Path(folder)
        self.file = self.folder / f"{name}.pem"
        self._key = self.folder / f"{name}.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self._key, "-out", self.file,
                      "-days", "2", "-subj", f"/CN=trama test {name}")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], cwd=self.folder, check=True, capture_output=True)

    def certificate(self, names=("IP:127.0.0.1", "DNS:localhost"), days=2, name="server"):
        """(certificate, key): files of a server with these names; `days` below 0: it has expired."""
        key, request, out, more = (self.folder / f"{name}.{end}" for end in ("key", "csr", "pem", "ext"))
        more.write_text(f"subjectAltName={','.join(names)}\n")
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=trama test server")
        self._openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", days, "-extfile", more, "-out", out)
        return out, key


# ---- alone ----


def faults(server):
    """Each fault at a path of its own."""
    small = b'{"data": [1, 2, 3]}'
    tokens = Tokens(uses=2)

    def link(request):
        page = int(request.query.get("page", 1))
        return Answer(body=small, headers={"Link": f'</pages?page={page + 1}>; rel="next"'} if page < 3 else {})

    steps = {
        "/ok": Answer(body=small),
        "/status": lambda request: Answer(int(request.query.get("code", 503)), body=b'{"error": "as asked"}'),
        "/slow": Answer(body=small, every=0.1, piece=1),
        "/stall": Answer(body=small, stall=5),
        "/late": Answer(body=small, delay=2),
        "/cut": Answer(body=small, cut=5),
        "/short-length": Answer(body=small, length=5),
        "/reset": Answer(body=small, cut=5, reset=True),
        "/drop": Answer(drop="request"),
        "/drop-headers": Answer(drop="headers"),
        "/chunked": Answer(body=small, chunked=True, piece=4),
        "/bad-chunk": Answer(body=small, chunked=True, broken="size"),
        "/no-end": Answer(body=small, chunked=True, broken="end"),
        "/big": lambda request: Answer(body=json_list(size := int(request.query.get("bytes", 1 << 30))), length=size),
        "/gzip": Answer(body=small, gzip=True),
        "/bomb": lambda request: Answer(body=json_list(int(request.query.get("bytes", 1 << 30))), gzip=True),
        "/redirect": Answer(302, {"Location": "/ok"}),
        "/elsewhere": Answer(302, {"Location": server.url("/ok", host="localhost")}),
        "/retry-after": Answer(429, {"Retry-After": "1"}),
        "/retry-date": Answer(503, {"Retry-After": date_in(2)}),
        "/token": tokens.issue,
        "/guarded": tokens.guarded(Answer(body=small)),
        "/etag": tagged(small, '"v1"'),
        "/pages": link,
        "/changing": changing([[1, 2], [3], [4, 5]]),
        "/html": Answer(body=b"<html>down for maintenance</html>", headers={"Content-Type": "text/html"}),
    }
    for path, step in steps.items():
        server.on(path, step if callable(step) else lambda _, step=step: step)
    return list(steps)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--tls", metavar="FOLDER", help="HTTPS, with a new authority and certificate in that folder")
    chosen = options.parse_args()
    server = Server(Authority(chosen.tls).certificate() if chosen.tls else None).listen(chosen.port)
    print("\n".join(server.url(path) for path in faults(server)), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


if __name__ == "__main__":
    main()
