"""Faults of the system: what is closed, full, locked, linked, cut off or killed."""

import gzip
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import time

from harness import Failed, Skipped, row

LINES = b'{"id":"1","a":"x"}\n{"id":"2","a":"y"}\n{"id":"3","a":"z"}\n'
BAD = LINES + b"bad\n"
ROWS = b"1,x\n2,y\n3,z\n"
SET = ("out.csv", "out.csv.rejects.jsonl", "s.json")
WRITES = ("-o", "out.csv", "--summary", "s.json")


# Standard streams ---------------


@row("closed standard output", "exit 5, and no row in another file", "the rejects file held 2,999,970 rows, exit 1")
def closed_output(place):
    place.mapping()
    place.write("in", BAD)
    for arguments in (("run", "m.yaml", "in", "--rejects", "r"), ("run", "m.yaml", "in"), ("run", "m.yaml", "in", "-o", "out.csv", "--summary", "-"),
                      ("check", "m.yaml"), ("schema",), ("--version",)):
        place.exits(place.trama(*arguments, shell=">&-"), 5, "standard output cannot be written: it is closed")
        place.only("in", "m.yaml")
    done = place.exits(place.trama("run", "m.yaml", "in", "-o", "out.csv", shell=">&-"), 1)
    place.must(place.read("out.csv") == ROWS, "the rows of OUT", done)
    return "exit 5 before anything is read; rows to a file are not touched by it"


@row("closed standard error and input", "no word of ours in a file that took their place", "'117028 records, 3 MB' in the published out.csv")
def closed_others(place):
    place.mapping()
    place.write("in", BAD)
    for shell in ("2>&-", "2>&- >&-", "<&- 2>&- >&-"):
        done = place.trama("run", "m.yaml", "in", "-o", "out.csv", "--progress", "always", shell=shell)
        place.exits(done, 1)
        place.must(place.read("out.csv") == ROWS, f"the rows of OUT, {shell}", done)
    place.exits(place.trama("run", "m.yaml", "-", "-o", "out.csv", shell="<&-"), 4, "standard input cannot be read: it is closed")
    place.must(place.read("out.csv") == ROWS, "OUT stays")


# Outputs over other files ---------------


@row("outputs over one another", "exit 64 before anything is written", "rows under the name of the rejects, no OUT, exit 1")
def outputs_clash(place):
    place.mapping()
    place.write("in", BAD)
    for arguments in (("-o", "x.incomplete", "--rejects", "x"), ("-o", "x.incomplete", "--summary", "x"), ("-o", "o", "--rejects", "o.incomplete"),
                      ("-o", "o", "--summary", "o.previous"), ("-o", "o", "--summary", "o.publishing"), ("-o", "o", "--rejects", "./o"),
                      ("--rejects", "r", "--summary", "r")):
        place.exits(place.trama("run", "m.yaml", "in", *arguments), 64, "USAGE")
        place.only("in", "m.yaml")


@row("standard output over an input", "exit 64, and not a byte more in it", "a run that never ends: 4.7 MB grew to the 307 MB allowed")
def output_into_input(place):
    place.mapping(output="format: ndjson")
    place.write("in", BAD * 1000)
    place.write("list", "in\n")
    before = place.read("in")
    cases = (("in", ">>in"), ("-", "<in >>in"), ("in", "<>in >&0"), ("--inputs-from", "list", ">>list"), ("in", ">>m.yaml"),
             ("in", "--rejects", "in2", ">>in2"), ("in", "--rejects", "r", ">r.incomplete"), ("in", "--summary", "s", ">>s"))
    for *arguments, shell in cases:
        kept = {name: place.read(name) for name in place.names()}
        place.exits(place.trama("run", "m.yaml", *arguments, shell=shell, seconds=20), 64, "USAGE")
        now = {name: place.read(name) for name in place.names() if place.read(name) or name in kept}
        place.must(now == kept, f"{arguments} {shell}: files changed: {sorted(now)}")
    place.must(place.read("in") == before, "the input")
    # an output that is read from standard input, and rejects whose name is made up
    place.exits(place.trama("run", "m.yaml", "-", "-o", "in", shell="<in"), 64, "in is an input and an output at once")
    done = place.trama("run", "m.yaml", "in", shell=">m.rejects.jsonl")
    place.exits(done, 64, "two outputs have the same name")
    # a pipe on both sides is no file
    place.exits(place.trama("run", "m.yaml", "-", "--rejects", "r2", shell="<in | cat"), 0)


@row("test --accept over other files", "exit 64 before anything is written", "the mapping, its table, ../other.csv and what a link names were overwritten, exit 0")
def accept(place):
    head = "mapping: m\nversion: 1\n"
    test = "columns:\n  Id: {from: id, lookup: t}\noutput: {format: csv, header: no}\ntests:\n  - {name: t, given: %s, expect_rows: %s}\n"
    inline = '{id: "1"}'
    place.write("d/t.csv", "key,value\n1,x\n")
    place.write("d/given.ndjson", '{"id":"1"}\n')
    place.write("other.csv", "precious\n")
    place.write("d/other.yaml", head + "columns:\n  Id: id\n")
    os.symlink("../other.csv", place.folder / "d/link.csv")
    os.link(place.folder / "d/t.csv", place.folder / "d/same.csv")
    tables = "tables: {t: {file: t.csv, key: key, value: value}}\n"
    for given, rows, more in ((inline, "m.yaml", ()), (inline, "t.csv", ()), (inline, "same.csv", ()), (inline, "../other.csv", ()),
                              (inline, "link.csv", ()), ("given.ndjson", "given.ndjson", ()), (inline, "other.yaml", ("d/other.yaml",))):
        place.write("d/m.yaml", head + tables + test % (given, rows))
        before = {path: path.read_bytes() for path in (place.folder / "d").iterdir()}
        place.exits(place.trama("test", "--accept", "d/m.yaml", *more), 64, "USAGE: --accept would")
        place.must({path: path.read_bytes() for path in (place.folder / "d").iterdir()} == before, f"{rows} was changed")
        place.must(place.read("other.csv") == b"precious\n", "the file above")
    place.write("d/m.yaml", head + tables + test % (inline, "rows.csv"))
    place.exits(place.trama("test", "--accept", "d/m.yaml"), 0)
    place.write("d/m.yaml", head + tables + test % (inline, "../rows.csv"))
    place.exits(place.trama("test", "--accept", "d/m.yaml", "--root", "."), 0)
    place.must(place.read("rows.csv") == place.read("d/rows.csv") == b"Id\nx\n", "rows that may be accepted")


# No thread, no memory, no room ---------------


@row("no more threads", "the same rows by fewer threads", "terminate called after throwing system_error, exit 134")
def no_threads(place):
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        raise Skipped("root has no limit of processes, and there is no setpriv")
    place.mapping()
    place.write("in", BAD * 2000)
    place.folder.chmod(0o777)
    lower = ["setpriv", "--reuid", "54321", "--clear-groups"] if os.geteuid() == 0 else []
    for sections in ("", "duplicates: {same: id, keep: last}\n"):
        place.mapping(sections=sections)
        done = subprocess.run([*lower, "bash", "-c", f"ulimit -u 1; exec {place.trama_path} run m.yaml in -o out.csv --threads 8"], cwd=place.folder,
                              capture_output=True, check=False)
        if done.returncode in (126, 127):
            raise Skipped("the program cannot be reached by another user")
        place.must(done.returncode in (1, 2) and b"balance ok" in done.stderr, f"exit {done.returncode}: {done.stderr[-300:]}")
    return "the run goes on with those that it gets"


@row("no memory", "one line, a stated exit, yesterday's files", "terminate called after throwing bad_alloc, exit 134, three .incomplete stay")
def no_memory(place):
    if os.environ.get("TRAMA_SANITIZED"):
        raise Skipped("a sanitizer needs addresses of its own")
    place.mapping()
    place.write("in", BAD * 20000)
    seen = []
    for name in SET:
        place.write(name, "yesterday's\n")
    for mebibytes in (60, 80, 100, 140, 200, 300, 500):
        for threads in (1, 2, 8, 64):
            done = place.trama("run", "m.yaml", "in", *WRITES, "--threads", threads, limits=[(resource.RLIMIT_AS, mebibytes << 20)])
            if done.code == 127 or "shared libraries" in done.said:
                continue  # it does not even start
            seen.append((mebibytes, threads, done.code))
            place.must(done.code in (1, 75), f"{mebibytes} MiB, {threads} threads", done)
            if done.code == 1:
                place.must(place.read("out.csv") == ROWS * 20000, "rows", done)
                for name in SET:
                    place.write(name, "yesterday's\n")
                continue
            place.must("OUT_OF_MEMORY" in done.said, "one line", done)
            for name in SET:
                place.must(place.read(name) == b"yesterday's\n", name, done)
    short = [f"{mebibytes} MiB and {threads} threads" for mebibytes, threads, code in seen if code == 75]
    return f"{len(seen)} runs, exit 75: {', '.join(short) or 'none'}"


@row("a limit of the size of files", "exit 5 in words", "killed by SIGXFSZ, exit 153, no word")
def file_size(place):
    place.mapping()
    place.write("in", BAD * 20000)
    place.write("out.csv", "yesterday's\n")
    for limit in (0, 1, 4096, 65536):
        for arguments in (("-o", "out.csv"), ("-o", "out.csv", "--rejects", "r")):
            place.exits(place.trama("run", "m.yaml", "in", *arguments, limits=[(resource.RLIMIT_FSIZE, limit)]), 5 if limit else 5)
            place.must(place.read("out.csv") == b"yesterday's\n", "OUT")
            place.only("in", "m.yaml", "out.csv")
    place.mapping(sections="duplicates: {same: id, keep: last}\n")
    big = b"".join(b'{"id":"%d","a":"x"}\n' % i for i in range(20000))
    place.exits(place.trama("run", "m.yaml", "-", "-o", "out.csv", stdin=big, limits=[(resource.RLIMIT_FSIZE, 65536)], shell="< <(cat)"), 5)
    place.only("in", "m.yaml", "out.csv")


# Pipes, signals ---------------


@row("the copy of a pipe", "no file of it is ever left, and a signal ends it at once", "the whole dump stays in TMPDIR after KILL, HUP, QUIT, USR1; 69 of 150 SIGTERM hung")
def pipe_copy(place):
    place.mapping(sections="duplicates: {same: id, keep: last}\n")
    (place.folder / "tmp").mkdir()
    env = {**os.environ, "TMPDIR": str(place.folder / "tmp")}
    codes = {}
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGKILL):
        for turn in range(8):
            run = place.start("run", "m.yaml", "-", "-o", "out.csv", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
            run.stdin.write(LINES * 4000)
            run.stdin.flush()
            time.sleep(0.1)
            run.send_signal(number)  # and data with it
            try:
                run.stdin.write(LINES * 10)
                run.stdin.flush()
            except BrokenPipeError:
                pass
            try:
                run.wait(5)
            except subprocess.TimeoutExpired:
                run.kill()
                raise Failed(f"signal {number} is not seen") from None
            finally:
                try:
                    run.stdin.close()
                except BrokenPipeError:
                    pass
                run.stderr.close()
            codes.setdefault(number.name, set()).add(run.returncode)
            place.must(not os.listdir(place.folder / "tmp"), f"left by signal {number}: {os.listdir(place.folder / 'tmp')}")
            if number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                place.must(run.returncode == (130 if number == signal.SIGINT else 143), f"exit {run.returncode} after signal {number}")
                place.only("m.yaml", "tmp")
            for name in place.names():
                if name.endswith(".incomplete"):
                    (place.folder / name).unlink()
    return ", ".join(f"{name} {sorted(seen)}" for name, seen in codes.items())


@row("standard input that does not wait", "read to its end", "exit 4, 'Resource temporarily unavailable', in two passes")
def non_blocking(place):
    for sections in ("", "duplicates: {same: id, keep: last}\n"):
        place.mapping(sections=sections)
        for make in (os.pipe, socket.socketpair):
            ends = make()
            reads, writes = ends if make is os.pipe else (ends[0].detach(), ends[1].detach())
            os.set_blocking(reads, False)
            run = place.start("run", "m.yaml", "-", "-o", "out.csv", stdin=reads, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            os.close(reads)
            for line in LINES.splitlines(keepends=True):
                time.sleep(0.15)
                os.write(writes, line)
            os.close(writes)
            said = run.communicate(timeout=20)[1].decode()
            place.must(run.returncode == 0 and place.read("out.csv") == ROWS, said)


@row("an interrupted run that was to outlive its terminal", "nohup's run is not ended by SIGHUP", "every run was ended by it, without a word, and left OUT.incomplete")
def no_hang_up(place):
    place.mapping()
    for ignored, code in ((True, 0), (False, 143)):
        run = place.start("run", "m.yaml", "-", "-o", "out.csv", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          preexec_fn=lambda ignored=ignored: signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL))
        run.stdin.write(LINES)
        run.stdin.flush()
        time.sleep(0.3)
        run.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        said = run.communicate(timeout=20)[1].decode()
        place.must(run.returncode == code, f"exit {run.returncode}, expected {code}: {said}")
        place.must((place.read("out.csv") == ROWS) == ignored, said)
        (place.folder / "out.csv").unlink(missing_ok=True)
        (place.folder / "out.csv.rejects.jsonl").unlink(missing_ok=True)


# Inputs ---------------


@row("an input that shrinks or grows while it is read", "INPUT_CHANGED, exit 4", "300,000 of 600,000 records published, exit 0")
def input_changes(place):
    data = b"".join(b'{"id":"%d","a":"%s"}\n' % (i, b"x" * 100) for i in range(100000))
    for sections in ("", "duplicates: {same: id, keep: last}\n", "duplicates: {same: id, keep: first}\n"):
        place.mapping(sections=sections)
        for size in (len(data) // 2, 0, len(data) + 1000):
            place.write("in", data)
            place.write("out.csv", "yesterday's\n")
            run = place.stopped_while_reading("in", len(data), "run", "m.yaml", "in", "-o", "out.csv", "--threads", "1")
            os.truncate(place.folder / "in", size)
            run.send_signal(signal.SIGCONT)
            said = run.communicate()[1].decode()
            place.must(run.returncode == 4 and "INPUT_CHANGED" in said, f"exit {run.returncode}: {said[-300:]}")
            place.must(place.read("out.csv") == b"yesterday's\n", "OUT")


@row("many inputs", "memory and descriptors do not grow with their number", "400 packed inputs 3.3 GiB; 1,100 inputs exit 4 with 1,024 descriptors")
def many_inputs(place):
    packs = {"plain": bytes, "gzip": lambda data: gzip.compress(data, mtime=0)}
    if shutil.which("zstd"):
        packs["zstd -19"] = lambda data: subprocess.run(["zstd", "-19", "-q", "-c"], input=data, capture_output=True, check=True).stdout
    data = LINES * 3000
    figures = []
    for kind, pack in packs.items():
        one = pack(data)
        for i in range(400):
            place.write(f"in{i}", one)
        for sections in ("", "duplicates: {same: a, keep: last}\n"):
            place.mapping(sections=sections)
            peaks = []
            for count in (10, 400):
                place.write("list", "".join(f"in{i}\n" for i in range(count)))
                done = place.trama("run", "m.yaml", "--inputs-from", "list", "-o", "out.csv", "--threads", "2", limits=[(resource.RLIMIT_NOFILE, 64)])
                place.exits(done, 0)
                peaks.append(done.mebibytes)
            place.must(peaks[1] < peaks[0] + 40, f"{kind}: {peaks[0]:.0f} MiB for 10 inputs, {peaks[1]:.0f} for 400")
            if not sections:
                figures.append(f"{kind}: 10 inputs {peaks[0]:.0f} MiB, 400 {peaks[1]:.0f} MiB")
    for i in range(1100):
        place.write(f"in{i}", b'{"id":"%d","a":"x"}\n' % i)
    place.mapping()
    done = place.exits(place.trama("run", "m.yaml", *[f"in{i}" for i in range(1100)], "-o", "out.csv", limits=[(resource.RLIMIT_NOFILE, 64)]), 0)
    place.must(place.read("out.csv").count(b"\n") == 1100, "rows", done)
    return "; ".join(figures)


@row("files that a mapping names", "regular files within its folder's own, links followed", "links led out (/proc/self/environ was quoted), a FIFO hung, /dev/zero was read up to 256 MiB")
def table_files(place):
    text = "mapping: m\nversion: 1\ntables: {t: {file: t.csv, key: key, value: value}}\ncolumns:\n  Id: {from: id, lookup: t}\n"
    place.write("top/deep/m.yaml", text)
    place.write("secret.csv", "key,value\n1,secret\n")
    place.write("top/near.csv", "key,value\n1,near\n")
    table = place.folder / "top/deep/t.csv"

    def check(code, said, *more, mapping="top/deep/m.yaml"):
        done = place.exits(place.trama("check", mapping, *more, seconds=5), code, said)
        place.must("secret" not in done.said + done.out.decode() or not said, "what is outside is quoted", done)
        table.unlink(missing_ok=True)

    def linked(to):
        table.symlink_to(to)

    for to in ("../../secret.csv", "/proc/self/environ", "/etc/passwd", place.folder / "secret.csv"):
        linked(to)
        check(3, "")
        linked(to)
        done = place.trama("check", "top/deep/m.yaml")
        place.must(b"a link leads it to" in done.out, f"a link to {to}", done)
        table.unlink()
    linked("../near.csv")
    check(0, "")
    linked("../../secret.csv")
    check(0, "", "--root", ".")
    linked("/etc/passwd")
    check(3, "", "--root", ".")
    os.mkfifo(table)
    check(3, "")
    linked("/dev/zero")
    check(3, "")
    linked("loop.csv")
    (place.folder / "top/deep/loop.csv").symlink_to("t.csv")
    check(3, "")
    # a folder that is a link itself has two that are above it
    (place.folder / "other").mkdir()
    (place.folder / "other/folder").symlink_to("../top/deep")
    place.write("top/deep/t.csv", "key,value\n1,x\n")
    check(0, "", mapping="other/folder/m.yaml")
    # the mapping itself may come through a pipe, and a FIFO that nobody writes to is no reason to wait
    place.mapping()
    done = place.trama("check", "/dev/stdin", shell="< <(cat m.yaml)")
    place.exits(done, 0)
    os.mkfifo(place.folder / "fifo.yaml")
    place.exits(place.trama("check", "fifo.yaml", seconds=5), 3)
    # a base, a schema and the files of tests are named by a mapping too
    os.mkfifo(place.folder / "pipe")
    for more in ("extends: pipe\n", "output: {schema: pipe}\n", "tests: [{name: t, given: pipe, expect_rows: [{Id: x}]}]\n",
                 "tests: [{name: t, given: {id: x}, expect_rows: pipe}]\n"):
        place.write("n.yaml", f"mapping: n\nversion: 1\ncolumns:\n  Id: id\n{more}")
        place.exits(place.trama("test", "n.yaml", seconds=5), 3)


# What is written ---------------


@row("names of files that are not UTF-8", "rows, rejects and summary are UTF-8", "audit_columns: [file] made CSV and NDJSON that are not")
def odd_names(place):
    name = b"caf\xe9\x80.json"
    with open(os.fsencode(place.folder) + b"/" + name, "wb") as file:
        file.write(BAD)
    for output in ("csv", "ndjson", "json"):
        place.mapping(output=f"format: {output}, audit_columns: [file, record]", sections="duplicates: {same: id, keep: first, others: reject}\n")
        done = subprocess.run([place.trama_path, "run", "m.yaml", name, "-o", "out", "--summary", "s.json"], cwd=place.folder, capture_output=True, check=False)
        place.must(done.returncode == 1, done.stderr.decode("utf-8", "replace"))
        for made in ("out", "out.rejects.jsonl", "s.json"):
            place.must(r"caf\\xe9\\x80" in place.read(made).decode() or r"caf\xe9\x80" in place.read(made).decode(), f"{made} of {output}")


@row("texts that a spreadsheet runs", "for_excel makes them safe", "LF, NUL and full-width signs in front of = passed")
def for_excel(place):
    place.mapping(output="format: csv, header: no, for_excel: yes", columns="  A: a\n")
    unsafe = ["=1", "+1", "-1x", "@a", "\t=1", "\r=1", "\n=1+1", "\0=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
    safe = ["a=1", "\uff1e1", "\uff1c", "\uffe5", "1", "\u00e9"]
    place.write("in", "".join(json.dumps({"a": text}) + "\n" for text in unsafe + safe))
    done = place.exits(place.trama("run", "m.yaml", "in", "-o", "out.csv"), 0, f"{len(unsafe)} texts")
    cells = place.read("out.csv").decode("utf-8-sig")
    for text in unsafe:
        place.must("'" + text in cells, repr(text), done)
    for text in safe:
        place.must("'" + text not in cells, repr(text), done)


@row("days at the ends of the calendar", "a day of 0001 to 9999, or an error", "today in Pacific/Kiritimati wrote 0000-01-01")
def ends_of_time(place):
    place.mapping(columns="  D: {compute: today in Pacific/Kiritimati, type: date}\n  E: {compute: today in Pacific/Pago_Pago, type: date}\n  A: a\n")
    for at, code in (("9999-12-31T23:59:59Z", 64), ("9999-12-31T00:00:00Z", 64), ("9999-12-30T23:59:59Z", 0), ("0001-01-01T00:00:00Z", 64),
                     ("0001-01-02T00:00:00Z", 0), ("9999-12-31T00:00:00+14:00", 0), ("0001-01-02T00:00:00+00:01", 64)):
        done = place.trama("run", "m.yaml", "-", "--at", at, stdin=LINES, at=False)
        place.exits(done, code)
        place.must(b"0000-" not in done.out and b"10000" not in done.out, at, done)
    place.mapping(columns="  Z: {from: a, type: datetime, zone: America/Bogota}\n  K: {from: a, type: datetime, zone: Pacific/Kiritimati}\n  D: {from: a, type: date, zone: America/Bogota}\n")
    place.write("in", '{"id":1,"a":"0001-01-01T00:00:00Z"}\n{"id":2,"a":"9999-12-31T23:59:59Z"}\n{"id":3,"a":"2025-01-01T00:00:00Z"}\n')
    done = place.exits(place.trama("run", "m.yaml", "in", "-o", "out.csv"), 1)
    rows = place.read("out.csv").decode()
    place.must(rows.count("\n") == 1 and "0000-" not in rows and "10000-" not in rows, rows, done)


# Publishing ---------------


@row("a file that is published cannot be locked, looked at or emptied", "nothing of it stays", "an empty OUT.incomplete stayed")
def not_lockable(place):
    if not shutil.which("strace"):
        raise Skipped("there is no strace")
    place.mapping()
    place.write("in", BAD)
    place.write("out.csv", "yesterday's\n")
    for fault in ("flock:error=ENOLCK", "ftruncate:error=EIO", "fchmod:error=EPERM"):
        done = subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", f"inject={fault}", place.trama_path, "run", "m.yaml", "in", "-o", "out.csv"],
                              cwd=place.folder, capture_output=True, check=False)
        if b"ptrace" in done.stderr or b"strace:" in done.stderr:
            raise Skipped("strace may not be used here")
        place.must(done.returncode == 5, f"{fault}: exit {done.returncode} {done.stderr[-300:]}")
        place.only("in", "m.yaml", "out.csv")
        place.must(place.read("out.csv") == b"yesterday's\n", "OUT")


@row("a second name of OUT.incomplete", "keeps what it has", "was emptied")
def hard_link(place):
    place.mapping()
    place.write("in", BAD)
    for name in ("out.csv", "out.csv.rejects.jsonl", "s.json"):
        place.write("precious", "precious\n")
        os.link(place.folder / "precious", place.folder / (name + ".incomplete"))
        done = place.exits(place.trama("run", "m.yaml", "in", *WRITES), 1)
        place.must(place.read("precious") == b"precious\n", name, done)
        place.must(place.read("out.csv") == ROWS, "OUT", done)
        place.only("in", "m.yaml", "precious", *SET)


@row("publishing with few descriptors", "all new or all old, and no file beside", "exit 5 though OUT was published, and its rejects removed")
def few_descriptors(place):
    place.mapping()
    place.write("in", BAD)
    for name in SET:
        place.write(name, "yesterday's\n")
    needed = None
    for most in range(3, 24):
        done = place.trama("run", "m.yaml", "in", *WRITES, limits=[(resource.RLIMIT_NOFILE, most)])
        if done.code == 1:
            needed = most
            break
        place.must(done.code in (3, 4, 5, 127), "exit", done)
        for name in SET:
            place.must(place.read(name) == b"yesterday's\n", f"{name} with {most}", done)
        (place.folder / "s.json.incomplete").unlink(missing_ok=True)
        place.only("in", "m.yaml", *SET)
    place.must(needed is not None, "no number of descriptors is enough")
    place.must(place.read("out.csv") == ROWS and json.loads(place.read("s.json"))["rows"] == 3, "the set")
    return f"{needed} descriptors are enough; with fewer all is as it was"
