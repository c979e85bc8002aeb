#!/usr/bin/env python3
"""What stands in scripts/recipes does what it says: a night over several suppliers, and a dump that is fetched whole or not at all.

    tests/recipes_test.py TRAMA
"""

import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECIPES = ROOT / "scripts" / "recipes"
TRAMA = pathlib.Path(sys.argv.pop(1)).resolve()
MAPPING = "mapping: {name}\nversion: 1\ncolumns:\n  Ref: ref\n  Nights: {{from: nights, type: integer}}\nlimits: {{rejected_at_most: 50%}}\n"


class Night(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("andina", "caribe"):
            self.write(f"mappings/{name}.yaml", MAPPING.format(name=name))
        self.write("incoming/andina/1.json", '{"ref": "A1", "nights": 2}\n')
        self.write("incoming/caribe/1.json", '{"ref": "C1", "nights": 1}\n')

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def night(self):
        """Exit and what is mailed. One that begins in the same second as another takes the name of its rows."""
        clock = self.folder / "bin"
        clock.mkdir(exist_ok=True)
        self.nights = getattr(self, "nights", 0) + 1
        (clock / "date").write_text(f"#!/bin/sh\necho 2026-11-30T03000{self.nights}Z\n", encoding="utf-8")
        (clock / "date").chmod(0o755)
        done = subprocess.run([RECIPES / "nightly", self.folder], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
                              env={**os.environ, "PATH": f"{clock}:{TRAMA.parent}:{os.environ['PATH']}"})
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def rows(self):
        return sorted(path.name for path in (self.folder / "rows").glob("*Z.csv"))

    def test_a_good_night_is_quiet_and_files_are_imported_once(self):
        self.assertEqual(self.night(), (0, ""))
        self.assertEqual(self.rows(), ["andina-2026-11-30T030001Z.csv", "caribe-2026-11-30T030001Z.csv"])
        self.assertIn('trama_run_success{mapping="caribe"} 1', (self.folder / "metrics" / "caribe.prom").read_text(encoding="utf-8"))
        self.assertEqual(self.night(), (0, ""))
        self.assertEqual(len(self.rows()), 2)
        self.write("incoming/andina/2.json", '{"ref": "A2", "nights": 3}\n')
        self.assertEqual(self.night(), (0, ""))
        self.assertEqual(self.rows()[1], "andina-2026-11-30T030003Z.csv")
        self.assertEqual((self.folder / "rows" / self.rows()[1]).read_text(encoding="utf-8"), "Ref,Nights\nA2,3\n")

    def test_what_is_wrong_is_mailed_and_the_others_go_on(self):
        self.write("incoming/andina/1.json", '{"ref": "A1", "nights": "x"}\n{"ref": "A2", "nights": 1}\n')
        self.write("incoming/caribe/0.json", "<html>503</html>")
        code, mailed = self.night()
        self.assertEqual(code, 1)
        self.assertIn("== andina: exit 1", mailed)
        self.assertIn("NUMBER_UNREADABLE", mailed)
        self.assertIn("== caribe: exit 1", mailed)
        self.assertIn("0.json", mailed)
        self.assertEqual((self.folder / "rows" / "caribe-2026-11-30T030001Z.csv").read_text(encoding="utf-8"), "Ref,Nights\nC1,1\n")
        self.assertIn("NUMBER_UNREADABLE", (self.folder / "rows" / "andina-2026-11-30T030001Z-errors.csv").read_text(encoding="utf-8-sig"))

    def test_a_supplier_that_sent_nothing(self):
        shutil.rmtree(self.folder / "incoming" / "caribe")
        code, mailed = self.night()
        self.assertNotEqual(code, 0)
        self.assertIn("== caribe: exit", mailed)
        self.assertEqual(self.rows(), ["andina-2026-11-30T030001Z.csv"])


class Server(http.server.BaseHTTPRequestHandler):
    content, tag, cut = b'{"ref": "A1"}\n', '"1"', False

    def do_GET(self):
        if self.headers.get("If-None-Match") == Server.tag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", Server.tag)
        self.send_header("Content-Length", str(len(Server.content) + 10 * Server.cut))
        self.end_headers()
        self.wfile.write(Server.content)

    def log_message(self, *_):
        pass


@unittest.skipUnless(shutil.which("curl"), "curl is not there")
class Fetch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        Server.content, Server.tag, Server.cut = b'{"ref": "A1"}\n', '"1"', False

    def fetch(self):
        url = f"http://127.0.0.1:{self.server.server_address[1]}/dump"
        done = subprocess.run([RECIPES / "fetch", url, self.folder, "dump.json"], capture_output=True, text=True, encoding="utf-8", timeout=120,
                              check=False, env={**os.environ, "no_proxy": "127.0.0.1", "CURL_HOME": str(self.folder)})
        return done.returncode, done.stderr

    def arrived(self):
        """What is new in the spool; takes it."""
        path = self.folder / "new" / "dump.json"
        if not path.exists():
            return None
        content = path.read_bytes()
        path.unlink()
        return content

    def test_only_what_changed_is_fetched(self):
        self.assertEqual(self.fetch(), (0, ""))
        self.assertEqual(self.arrived(), b'{"ref": "A1"}\n')
        self.assertEqual(self.fetch(), (0, ""))
        self.assertIsNone(self.arrived())
        Server.content, Server.tag = b'{"ref": "A2"}\n', '"2"'
        self.assertEqual(self.fetch(), (0, ""))
        self.assertEqual(self.arrived(), b'{"ref": "A2"}\n')

    def test_a_cut_answer_never_arrives(self):
        Server.cut = True
        code, said = self.fetch()
        self.assertNotEqual(code, 0)
        self.assertIn("curl", said)
        self.assertIsNone(self.arrived())
        Server.cut = False
        self.assertEqual(self.fetch(), (0, ""))  # and is not taken for fetched
        self.assertEqual(self.arrived(), b'{"ref": "A1"}\n')


if __name__ == "__main__":
    unittest.main()
