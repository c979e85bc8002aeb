"""What the rows of the table are made of: a folder of their own, the program run in it with its time and peak memory, and expectations."""

import dataclasses
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time

ROWS = []
AT = ["--at", "2025-03-04T06:00:00Z"]
SECONDS = 120


@dataclasses.dataclass
class Row:
    area: str
    name: str
    wants: str
    before: str
    run: object


def row(name, wants, before):
    """Declares a row: what it is called, what must hold, and what happened before that held. Its function gets a Place, and gives figures or None.

    The area is the name of the file that it is in.
    """

    def add(function):
        ROWS.append(Row(function.__module__, name, wants, before, function))
        return function

    return add


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


class Done:
    def __init__(self, code, out, err, seconds, mebibytes):
        self.code, self.out, self.seconds, self.mebibytes = code, out, seconds, mebibytes
        self.said = err.decode("utf-8", "replace")

    def figures(self):
        return f"exit {self.code}, {self.seconds:.2f} s, {self.mebibytes:.0f} MiB"


class Place:
    """A folder, and the program in it."""

    def __init__(self, trama):
        self.trama_path = str(pathlib.Path(trama).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-table-"))

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, name):
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def mapping(self, columns="  Id: id\n  A: a\n", sections="", output="format: csv, header: no", name="m.yaml", input_words="id: id"):
        self.write(name, f"mapping: m\nversion: 1\ninput: {{{input_words}}}\n{sections}columns:\n{columns}output: {{{output}}}\n")

    def trama(self, *arguments, stdin=b"", shell=None, limits=(), at=True, env=None, seconds=SECONDS):
        """Runs it. `shell`: redirections as a shell has them, such as ">&-". `limits`: pairs of resource.RLIMIT_… and bytes, seconds or a number."""
        words = [self.trama_path, *map(str, arguments), *(AT if at and arguments[0] in ("run", "replay") else [])]
        if shell is not None:
            words = ["/bin/bash", "-c", f'exec "$@" {shell}', "trama", *words]

        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            for what, most in limits:
                resource.setrlimit(what, (most, most))

        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            run = subprocess.Popen(words, cwd=self.folder, stdin=given, stdout=out, stderr=err, preexec_fn=limit, env={**os.environ, **(env or {})})
            end = time.monotonic() + seconds
            while True:
                pid, status, used = os.wait4(run.pid, os.WNOHANG)
                if pid != 0:
                    break
                if time.monotonic() > end:
                    run.kill()
                    os.wait4(run.pid, 0)
                    run.returncode = -9
                    raise Failed(f"{' '.join(map(str, arguments))}: still runs after {seconds} s")
                time.sleep(0.002)
            run.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            done = Done(run.returncode, out.read(), err.read(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
        for word in ("terminate called", "bug in trama", "AddressSanitizer", "Aborted"):
            self.must(word not in done.said, f"says '{word}'", done)
        return done

    def start(self, *arguments, **more):
        words = [self.trama_path, *map(str, arguments), *(AT if arguments[0] in ("run", "replay") else [])]
        return subprocess.Popen(words, cwd=self.folder, **more)

    def must(self, holds, what, done=None):
        if not holds:
            raise Failed(what + (f" (exit {done.code})\n{done.said[-800:]}" if done is not None else ""))

    def exits(self, done, code, said=""):
        self.must(done.code == code, f"exit {code} was expected", done)
        self.must(said in done.said, f"'{said}' was expected to be said", done)
        return done

    def only(self, *names):
        self.must(self.names() == sorted(names), f"files: {self.names()}, expected {sorted(names)}")

    def stopped_while_reading(self, name, size, *arguments):
        """A run that was stopped when it had read some of `name`, but not all; to be continued by SIGCONT."""
        inode = os.stat(self.folder / name).st_ino
        run = self.start(*arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        while run.poll() is None:
            for fd in pathlib.Path(f"/proc/{run.pid}/fd").iterdir():
                try:
                    at = int(pathlib.Path(f"/proc/{run.pid}/fdinfo/{fd.name}").read_text().split()[1])
                    if fd.stat().st_ino == inode and 0 < at < size:
                        run.send_signal(signal.SIGSTOP)
                        return run
                except (OSError, IndexError, ValueError):
                    continue
        raise Failed("it was over before it could be stopped")
