"""A PostgreSQL server of one's own, from Debian's package, for tests and measurements."""

import os
import pathlib
import shutil
import subprocess
import tempfile


class Server:
    """A PostgreSQL server on a socket, for all tests. PostgreSQL runs as no administrator: then as the user of its package."""

    def __init__(self, encoding="UTF8"):
        self.folder = tempfile.mkdtemp(prefix="trama-pg-")
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.lead = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.lead = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.data = self.folder + "/data"
        self.user = "postgres"
        self.do("initdb", "-D", self.data, "-U", self.user, "-A", "trust", "-E", encoding, "--locale=C", "--no-sync")
        self.start()

    def do(self, command, *arguments):
        subprocess.run([*self.lead, str(self.bin / command), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def start(self):
        options = "-c listen_addresses='' -c unix_socket_directories=%s -c fsync=off -c max_connections=20" % self.folder
        self.do("pg_ctl", "-D", self.data, "-w", "-l", self.folder + "/log", "-o", options, "start")

    def stop(self, how="fast"):
        self.do("pg_ctl", "-D", self.data, "-w", "-m", how, "stop")

    def end(self):
        self.stop("immediate")
        shutil.rmtree(self.folder)
