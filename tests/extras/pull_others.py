"""`trama pull` against two API servers that others wrote: datasette (PyPI; `next_url` and the header Link) and json-server (npm; Link,
pages by number and by offset, ETag). Each has the same bookings; what a run makes of the pages is compared with them, row for row. By
tests/extras/run_extras, with an interpreter that has datasette.

    pull_others.py TRAMA NODE_MODULES [BOOKINGS, at least 20]
"""

import csv
import datetime
import json
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

NAMES = ["id", "guest", "nights", "total", "currency", "updated_at"]
MAPPING = """mapping: bookings
version: 1
input: {{{records}id: id, expect_at_least: 0}}
columns:
  id: {{from: id, type: integer}}
  guest: guest
  nights: {{from: nights, type: integer}}
  total: {{from: total, type: decimal, decimals: 2}}
  currency: currency
  updated_at: updated_at
"""
OVERLAP = datetime.timedelta(minutes=5)


def when(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def bookings(count):
    began = datetime.datetime(2025, 3, 1)
    return [{"id": i, "guest": f"Huésped {i}, «{'x' * (i % 7)}»", "nights": i % 9 + 1, "total": f"{100 + i * 3.25:.2f}",
             "currency": ("EUR", "USD", "COP")[i % 3], "updated_at": when(began + i * datetime.timedelta(minutes=17))} for i in range(1, count + 1)]


class Server:
    """On a port of its own, which it gets again after kill()."""

    def __init__(self, folder, records):
        self.folder, self.process = folder, None
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.fill(records)
        self.start()

    def start(self):
        with open(self.folder / f"{type(self).__name__}.log", "ab") as log:
            self.process = subprocess.Popen(self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for _ in range(300):
            assert self.process.poll() is None, f"{self.command()} ended with {self.process.returncode}"
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{self.command()}: no answer in 30 s")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Datasette(Server):
    records, times, since = "records: rows, ", "rows[*].updated_at", "updated_at__gte"

    def ways(self, size):
        return {"next_url": (f"query: {{_size: {size}, _shape: objects}}", "pages: {path: next_url}"),
                "cursor": (f"query: {{_size: {size}, _shape: objects}}", "pages: {cursor: next, param: _next}"),
                "link": (f"query: {{_size: {size}, _shape: objects}}", "pages: {next: link_header}")}

    def table(self):
        return f"{self.url}/trama/bookings.json"

    def command(self):
        return [sys.executable, "-m", "datasette", "trama.db", "-h", "127.0.0.1", "-p", str(self.port)]

    def fill(self, records):
        base = sqlite3.connect(self.folder / "trama.db")
        base.execute("CREATE TABLE bookings (id INTEGER PRIMARY KEY, guest TEXT, nights INTEGER, total TEXT, currency TEXT, updated_at TEXT)")
        base.close()
        self.put(records)

    def put(self, records, new=0):
        base = sqlite3.connect(self.folder / "trama.db")
        with base:
            base.executemany("INSERT OR REPLACE INTO bookings VALUES (?, ?, ?, ?, ?, ?)", [[one[name] for name in NAMES] for one in records])
        base.close()


class JsonServer(Server):
    records, times, since = "", "[*].updated_at", "updated_at_gte"
    modules = None

    def ways(self, size):
        return {"link": (f"query: {{_page: 1, _limit: {size}}}", "pages: {next: link_header}"),
                "page": (f"query: {{_limit: {size}}}", "pages: {page: _page}"),
                "offset": (f"query: {{_limit: {size}}}", f"pages: {{offset: _start, size: {size}}}")}

    def table(self):
        return f"{self.url}/bookings"

    def command(self):
        return ["node", str(self.modules / "json-server/lib/cli/bin.js"), "json-server.json", "-q", "-H", "127.0.0.1", "-p", str(self.port)]

    def fill(self, records):
        (self.folder / "json-server.json").write_text(json.dumps({"bookings": records}), encoding="utf-8")

    def put(self, records, new=0):
        for one in records:
            method, url = ("POST", self.table()) if one["id"] > new else ("PUT", f"{self.table()}/{one['id']}")
            asked = urllib.request.Request(url, json.dumps(one).encode(), {"Content-Type": "application/json"}, method=method)
            with urllib.request.urlopen(asked, timeout=30) as answer:
                assert answer.status in (200, 201), (method, url, answer.status)


class Trial:
    def __init__(self, trama, folder, server):
        self.trama, self.folder, self.server, self.who = trama, folder, server, type(server).__name__
        self.mapping = f"{self.who}.yaml"
        (folder / self.mapping).write_text(MAPPING.format(records=server.records), encoding="utf-8")

    def call(self, *words, code=0):
        done = subprocess.run([self.trama, *words], cwd=self.folder, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
        return done

    def source(self, name, query="", pages="", since=False, more=""):
        """A source whose name is that of its folder of pulls."""
        if since:
            query = query.replace("}", f', {self.server.since}: "{{since}}"}}')
            more += f'since: {{path: "{self.server.times}", overlap: 5m}}\n'
        file = f"{name}.source.yaml"
        (self.folder / file).write_text(f"source: {name}\nversion: 1\nrequest:\n  url: {self.server.table()}\n  {query}\n{pages}\n"
                                        f"retry: {{attempts: 2, first_wait: 50ms}}\n{more}", encoding="utf-8")
        self.call("check", file)
        return file

    def pull(self, file, *words, code=0):
        done = self.call("pull", file, "-o", "pulled", "--allow-private", "--format", "json", *words, code=code)
        return json.loads(done.stdout) if code == 0 else done.stderr

    def rows(self, *words):
        out = self.folder / "rows.csv"
        out.unlink(missing_ok=True)
        self.call("run", self.mapping, *words, "-o", out.name)
        with open(out, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def same(self, what, rows, records):
        wanted = [{name: str(one[name]) for name in NAMES} for one in records]
        assert len(rows) == len(wanted), f"{self.who}, {what}: {len(rows)} rows, not {len(wanted)}"
        for number, (row, want) in enumerate(zip(rows, wanted), 1):
            assert row == want, f"{self.who}, {what}, row {number}: {row} is not {want}"

    def asks(self, file, since):
        """Which time the next pull asks from."""
        line = self.call("pull", file, "--dry-run", "--state", "imports.state").stdout.splitlines()[0]
        wanted = f"{self.server.since}={since.replace(':', '%3A')}" if since else None
        assert (line.endswith(wanted) if wanted else self.server.since not in line), f"{self.who}: {line}, not {wanted}"

    def whole(self, records):
        """Every way to the next page brings each record once."""
        size = len(records) * 2 // 5  # three pages, of which the last one is shorter
        for way, (query, pages) in self.server.ways(size).items():
            told = self.pull(self.source(f"{self.who}-{way}", query, pages))
            expected = -(-len(records) // size) + (way in ("page", "offset"))  # and the empty one
            assert (told["outcome"], told["pages"], told["retries"]) == ("complete", expected, 0), (self.who, way, told)
            self.same(way, self.rows(told["folder"]), records)
            print(f"{self.who}, {way}: {told['pages']} pages, {told['bytes']} bytes, {len(records)} rows")

    def interrupted(self, records):
        """The server dies while it is asked: the next pull goes on, and asks for no page twice."""
        way, (query, pages) = next(iter(self.server.ways(max(1, len(records) // 12)).items()))
        name = f"{self.who}-killed"
        file = self.source(name, query, pages, more="rate: {per_second: 5}\n")
        with subprocess.Popen([self.trama, "pull", file, "-o", "pulled", "--allow-private"], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            until = time.monotonic() + 30
            while len(list(self.folder.glob(f"pulled/*Z-{name}.incomplete/*.json"))) < 3:
                assert process.poll() is None and time.monotonic() < until, f"{self.who}: no pages come"
                time.sleep(0.02)
            self.server.kill()
            told = process.communicate(timeout=60)[0]
        assert process.returncode == 75 and "SOURCE_UNREACHABLE" in told, (self.who, process.returncode, told)
        cut, = self.folder.glob(f"pulled/*Z-{name}*")
        assert cut.name.endswith(".incomplete"), cut
        assert "PULL_INCOMPLETE" in self.call("run", self.mapping, cut, "-o", "none.csv", code=4).stderr
        assert not (self.folder / "none.csv").exists()
        kept = [json.loads(line) for line in (cut / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
        kept = [one["file"] for one in kept if one["kind"] == "page"]
        self.server.start()
        told = self.pull(file)
        assert kept and told["requests"] == told["pages"] - len(kept), (self.who, kept, told)
        assert told["folder"] == f"pulled/{cut.name.removesuffix('.incomplete')}" and not cut.exists(), (cut, told)
        self.same("killed", self.rows(told["folder"]), records)
        print(f"{self.who}, {way}, killed: {len(kept)} pages kept, {told['requests']} asked for then, {len(records)} rows")

    def only_new(self, records):
        """Only what is new, and from the same time on until its rows are published."""
        count = len(records)
        query, pages = next(iter(self.server.ways(count * 2 // 5).values()))
        file, name = self.source(f"{self.who}-new", query, pages, since=True), f"{self.who}-new"
        state = ("--state", "imports.state")
        assert "STATE_NEEDED" in self.pull(file, code=3)
        self.asks(file, None)
        told = self.pull(file, *state)
        assert (told["since"], told["watermark"]) == (None, records[-1]["updated_at"]), (self.who, told)
        self.asks(file, None)  # nothing is published yet
        self.same("since, all", self.rows(told["folder"], *state), records)
        mark = datetime.datetime.strptime(records[-1]["updated_at"], "%Y-%m-%dT%H:%M:%SZ")
        self.asks(file, when(mark - OVERLAP))

        changed = [{**records[at], "guest": f"changed {at}", "updated_at": when(mark + datetime.timedelta(hours=1, seconds=at))}
                   for at in (2, count // 3, count // 2)]
        added = {**records[0], "id": count + 1, "guest": "new", "updated_at": when(mark + datetime.timedelta(hours=2))}
        self.server.put([*changed, added], new=count)
        told = self.pull(file, *state)
        assert (told["since"], told["watermark"]) == (when(mark - OVERLAP), added["updated_at"]), (self.who, told)
        self.same("since, changed", self.rows(*sorted(self.folder.glob(f"pulled/*Z-{name}")), *state), [*changed, records[-1], added])
        mark = mark + datetime.timedelta(hours=2) - OVERLAP
        self.asks(file, when(mark))

        late = {**added, "id": count + 2, "guest": "while it was down", "updated_at": when(mark + datetime.timedelta(hours=1))}
        self.server.kill()
        assert "SOURCE_UNREACHABLE" in self.pull(file, *state, code=75)
        self.asks(file, when(mark))
        self.server.start()
        self.server.put([late], new=count)
        told = self.pull(file, *state)
        assert (told["since"], told["watermark"]) == (when(mark), late["updated_at"]), (self.who, told)
        self.same("since, after it was down", self.rows(told["folder"], *state), [added, late])
        print(f"{self.who}, since: {count} rows, then {len(changed) + 1} that changed and one of the overlap, then one and one")
        merged = {one["id"]: one for one in [*records, *changed, added, late]}
        return [merged[key] for key in sorted(merged)]

    def refused(self):
        """What must not look like a complete pull."""
        query, pages = next(iter(self.server.ways(10).values()))
        for name, right, wrong, said in (("path", pages, "pages: {path: links.next}", "PAGE_VALUE_WRONG"),
                                         ("times", ".updated_at\"", ".updated\"", "PAGE_VALUE_WRONG"),
                                         ("url", "/bookings", "/bokings", "answers 404")):
            file = self.source(f"{self.who}-wrong-{name}", query, pages, since=name == "times")
            text = (self.folder / file).read_text(encoding="utf-8")
            assert right in text, (name, text)
            (self.folder / file).write_text(text.replace(right, wrong), encoding="utf-8")
            assert said in self.pull(file, "--state", "imports.state", code=4), (self.who, name)
        print(f"{self.who}: a wrong path, a path without times and a wrong url are refused")

    def unchanged(self, records):
        """json-server has an ETag: what was published is not fetched again."""
        file = self.source(f"{self.who}-etag")
        told = self.pull(file, "--state", "imports.state")
        assert (told["outcome"], told["pages"]) == ("complete", 1), told
        self.same("one answer", self.rows(told["folder"], "--state", "imports.state"), records)
        told = self.pull(file, "--state", "imports.state")
        assert (told["outcome"], told["folder"]) == ("unchanged", None), told
        print(f"{self.who}, ETag: nothing new")


def main():
    trama, JsonServer.modules = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    records = bookings(int(sys.argv[3]) if len(sys.argv) > 3 else 251)
    for kind in (Datasette, JsonServer):
        with tempfile.TemporaryDirectory() as name:
            server = kind(pathlib.Path(name), records)
            try:
                trial = Trial(trama, pathlib.Path(name), server)
                trial.whole(records)
                trial.interrupted(records)
                now = trial.only_new(records)
                trial.refused()
                if kind is JsonServer:
                    trial.unchanged(now)
            finally:
                server.kill()


if __name__ == "__main__":
    main()
