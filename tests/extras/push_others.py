"""`trama push` to an API server that others wrote, json-server (npm): it knows no Idempotency-Key, so what became of a row is looked up. By
tests/extras/run_extras.

    push_others.py TRAMA NODE_MODULES
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

import pull_others

TARGET = """target: bookings
version: 1
url: {url}/bookings
operations:
  insert: {{method: POST}}
  update: {{method: PATCH, url: "{url}/bookings/{{key}}"}}
  delete: {{method: DELETE, url: "{url}/bookings/{{key}}"}}
on_unknown: {{lookup: "{url}/bookings/{{key}}"}}
retry: {{attempts: 2, first_wait: 20ms}}
"""
MAPPING = """mapping: bookings
version: 1
input: {id: id}
identity: {key: id, full_dump: yes}
columns:
  id: id
  guest: guest
  nights: {from: nights, type: integer}
  total: {from: total, type: decimal, decimals: 2}
limits: {deleted_at_most: 50%}
output: {format: ndjson, audit_columns: [operation, key, idempotency_key]}
"""


class Trial:
    def __init__(self, trama, folder):
        self.trama, self.folder, self.nights = trama, folder, 0
        self.server = pull_others.JsonServer(folder, [])
        (folder / "target.yaml").write_text(TARGET.format(url=self.server.url), encoding="utf-8")
        (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")

    def call(self, *words, code=0):
        done = subprocess.run([self.trama, *words], cwd=self.folder, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def night(self, records):
        """A dump of these, mapped: the file of its rows."""
        self.nights += 1
        dump = self.folder / f"dump{self.nights}.ndjson"
        dump.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
        self.call("run", "mapping.yaml", dump.name, "-o", f"rows{self.nights}.ndjson", "--state", "imports.state")
        return f"rows{self.nights}.ndjson"

    def push(self, rows, code=0):
        return json.loads(self.call("push", "target.yaml", rows, "--state", "imports.state", "--allow-private", "--format", "json", code=code))

    def has(self, records):
        with urllib.request.urlopen(f"{self.server.url}/bookings", timeout=30) as answer:
            found = json.loads(answer.read(), parse_float=str)
        wanted = [{"id": str(one["id"]), "guest": one["guest"], "nights": one["nights"], "total": one["total"]} for one in records]
        found.sort(key=lambda one: int(one["id"]))
        assert len(found) == len(wanted), f"{len(found)} bookings, not {len(wanted)}"
        for got, want in zip(found, wanted, strict=True):
            assert got | {"total": None} == want | {"total": None} and float(got["total"]) == float(want["total"]), (got, want)

    def nights_on_end(self, count):
        records = pull_others.bookings(count)
        rows = self.night(records)
        told = self.push(rows)
        assert (told["acknowledged"], told["rejected"], told["requests"]) == (count, 0, count), told
        self.has(records)
        told = self.push(rows)
        assert (told["already"], told["requests"]) == (count, 0), told
        changed = [one | {"nights": one["nights"] + 1} if one["id"] % 5 == 0 else one for one in records if one["id"] % 7]
        told = self.push(self.night(changed))
        assert told["acknowledged"] + told["unchanged"] == told["read"] and told["unchanged"] > 0, told
        self.has(changed)
        print(f"json-server, {count} bookings: sent, not sent again, {told['acknowledged']} changed or taken away")
        return changed

    def interrupted(self, records):
        """The push is killed while it sends: what was on its way is looked up, and nothing is there twice."""
        more = records + [one | {"id": one["id"] + 1000} for one in records]
        rows = self.night(more)
        kills, line = 0, [self.trama, "push", "target.yaml", rows, "--state", "imports.state", "--allow-private"]
        for attempt in range(60):
            with subprocess.Popen(line, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                try:
                    said = process.communicate(timeout=0.05 + attempt % 7 * 0.02)[1]
                except subprocess.TimeoutExpired:
                    process.kill()
                    kills += 1
                    continue
            assert process.returncode == 0, said
            break
        assert process.returncode == 0 and kills > 2, (process.returncode, kills)
        self.has(more)
        print(f"json-server, {len(more)} bookings, killed {kills} times on the way: each is there once")


def main():
    trama = str(pathlib.Path(sys.argv[1]).resolve())
    pull_others.JsonServer.modules = pathlib.Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory(prefix="trama-push-") as folder:
        trial = Trial(trama, pathlib.Path(folder))
        try:
            began = time.monotonic()
            trial.interrupted(trial.nights_on_end(200))
            print(f"{time.monotonic() - began:.1f} s")
        finally:
            trial.server.kill()


if __name__ == "__main__":
    main()
