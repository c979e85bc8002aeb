"""Tests of scripts/transcripts and scripts/make-dump, and of what the tree cites, run by ctest."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "scripts"


def script(name, *arguments):
    return subprocess.run([sys.executable, SCRIPTS / name, *map(str, arguments)], capture_output=True, check=False)


class Transcripts(unittest.TestCase):
    def run_on(self, document, *options):
        """The exit status, what was printed, and the document as it is afterwards."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "page.md"
            path.write_text(document, encoding="utf-8")
            done = script("transcripts", "--timeout", 5, *options, path)
            return done.returncode, (done.stdout + done.stderr).decode(), path.read_text(encoding="utf-8")

    def agrees(self, *lines):
        return self.run_on("\n".join(["```console", *lines, "```", ""]))[0] == 0

    def test_output_must_be_the_same(self):
        self.assertTrue(self.agrees("$ echo one", "one"))
        self.assertFalse(self.agrees("$ echo one", "two"))
        self.assertFalse(self.agrees("$ echo one"))
        self.assertFalse(self.agrees("$ true", "one"))
        self.assertFalse(self.agrees("$ echo one", "one", ""))

    def test_both_streams_in_order(self):
        self.assertTrue(self.agrees("$ echo a; echo b >&2; echo c", "a", "b", "c"))

    def test_exit_status(self):
        self.assertTrue(self.agrees("$ (exit 3)", "[3]"))
        self.assertFalse(self.agrees("$ (exit 3)"))
        self.assertFalse(self.agrees("$ (exit 3)", "[4]"))
        self.assertFalse(self.agrees("$ true", "[3]"))
        self.assertTrue(self.agrees("$ exit 4", "[4]", "$ echo on", "on"))
        self.assertTrue(self.agrees("$ echo '[3]'", "[3]", "[0]"), "output that looks like a status is told apart")

    def test_patterns(self):
        self.assertTrue(self.agrees("$ seq 9", "1", "...", "5", "...", "9"))
        self.assertTrue(self.agrees("$ seq 2", "1", "2", "..."))
        self.assertFalse(self.agrees("$ seq 9", "...", "5"))
        self.assertFalse(self.agrees("$ seq 9", "1", "...", "10"))
        self.assertTrue(self.agrees("$ echo in 12 ms.", "in <any> ms."))
        self.assertFalse(self.agrees("$ echo in 12 s.", "in <any> ms."))
        self.assertFalse(self.agrees("$ echo 12", "1."), "no other character is special")

    def test_commands_of_several_lines(self):
        self.assertTrue(self.agrees("$ echo a \\", "  b", "a b"))
        self.assertFalse(self.agrees("$ cat <<'END'", "$ x", "END", "$ x"), "a line '$ ' is the next command")
        self.assertTrue(self.agrees("$ cat <<'END' | tr a b", "a $HOME", "END", "b $HOME"))

    def test_state_carries_on_within_a_document(self):
        self.assertTrue(self.agrees("$ x=1; echo y > f", "```", "", "```console", "$ cat f; echo $x", "y", "1"))

    def test_standard_input_is_empty(self):
        self.assertTrue(self.agrees("$ cat", "$ echo on", "on"))

    def test_files_and_skipped_blocks(self):
        document = "<!-- file: a/b.txt -->\n```text\nuno\n```\n\n<!-- no-run -->\n```console\n$ false\n```\n"
        status, printed, _ = self.run_on(document + "```console\n$ cat a/b.txt\nuno\n```\n")
        self.assertEqual(status, 0)
        self.assertIn("1 commands agree, 1 blocks skipped", printed)

    def test_what_is_wrong_in_itself(self):
        for document in ("```console\n$ true\n", "```console\nno command\n```\n", "```console\n$ cat <<END\n```\n",
                         "<!-- file: ../x -->\n```text\nx\n```\n"):
            self.assertEqual(self.run_on(document)[0], 2, document)

    def test_update(self):
        before = "Intro\n\n  ```console\n  $ echo new; echo 5 ms\n  old\n  <any> ms\n  $ echo kept\n  ...\n  ```\nEnd\n"
        status, _, after = self.run_on(before, "--update")
        self.assertEqual(status, 0)
        self.assertEqual(after, before.replace("old", "new"))

    def test_another_language(self):
        """Its twin has the same commands, in their order; it runs in the language's locale, with the document's files."""
        document = "<!-- file: f -->\n```text\nuno\n```\n\n```console\n$ cat f; echo $LANG; printf '%s %s' a b\nother\n```\n"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "page.md"
            twin = pathlib.Path(folder) / "es" / "page.md"

            def run(*options):
                done = script("transcripts", "--timeout", 5, "--language", "es", *options, path)
                return done.returncode, (done.stdout + done.stderr).decode()

            path.write_text(document, encoding="utf-8")
            self.assertEqual(run()[0], 1, "there is no twin yet")
            self.assertEqual(run("--update")[0], 0)
            self.assertEqual(run()[0], 0)
            written = twin.read_text(encoding="utf-8")
            self.assertIn("```console\n$ cat f; echo $LANG; printf '%s %s' a b\nuno\nes.UTF-8\na b\n```", written)
            self.assertEqual(path.read_text(encoding="utf-8"), document, "the document itself stays")
            twin.write_text(written.replace("uno", "<any>o"), encoding="utf-8")
            self.assertEqual(run("--update")[0], 0)
            self.assertIn("<any>o", twin.read_text(encoding="utf-8"), "a pattern stays")
            twin.write_text(written.replace("a b\n```", "a c\n```"), encoding="utf-8")
            status, printed = run()
            self.assertEqual(status, 1)
            self.assertIn("-a c", printed)
            path.write_text(document + "\n```console\n$ true\n```\n", encoding="utf-8")
            twin.write_text(written, encoding="utf-8")
            self.assertEqual(run()[0], 2, "a command is not in it")


class MakeDump(unittest.TestCase):
    def test_the_same_options_give_the_same_bytes(self):
        first = script("make-dump", "--records", 2500, "--bad", "5%").stdout
        self.assertEqual(first, script("make-dump", "--records", 2500, "--bad", "5%").stdout)
        self.assertNotEqual(first, script("make-dump", "--records", 2500, "--bad", "5%", "--seed", 2).stdout)
        self.assertEqual(first.count(b"\n"), 2500)

    def test_formats(self):
        for records in (0, 1, 2001):
            whole = json.loads(script("make-dump", "--records", records, "--format", "list").stdout)
            self.assertEqual(len(whole), records)
            whole = json.loads(script("make-dump", "--records", records, "--format", "nested").stdout)
            self.assertEqual(len(whole["data"]["bookings"]), records)

    def test_size(self):
        self.assertAlmostEqual(len(script("make-dump", "--size", "1MB").stdout), 1_000_000, delta=10_000)

    def test_bytes_of_a_record(self):
        for wished in (205, 500, 990, 2000, 300_000):
            lines = script("make-dump", "--records", 20, "--record-bytes", wished).stdout.splitlines()
            self.assertEqual([json.loads(line)["booking_id"] for line in lines],
                             [f"MK-{n:09}" for n in range(1, 21)])
            self.assertAlmostEqual(sum(map(len, lines)) / 20, wished, delta=max(60, wished * 0.02))

    def test_whole(self):
        dump = script("make-dump", "--records", 500, "--bad", "50%", "--whole").stdout
        self.assertEqual(len([json.loads(line) for line in dump.splitlines()]), 500)

    def test_wrong_options(self):
        for options in (["--size", "big"], ["--records", "-1"], ["--records", "1", "--bad", "101%"], []):
            self.assertEqual(script("make-dump", *options).returncode, 2)


ROOT = SCRIPTS.parent
TEXTS = {".cpp", ".h", ".inc", ".py", ".md", ".txt", ".yaml", ".json", ""}


def prose(text):
    """The text with its comments that run over several lines in one."""
    return re.sub(r"\s*\n\s*(?://+|#)?\s*", " ", text)


def citations(text):
    """Each citation of the rules, as it is written: what it cites, such as "rules 5.6 and 5.7", or "" where that cannot be read."""
    for found in re.finditer(r"(?<!\]\()\bmappings/rules\.md", text):
        rest = re.match(r", ((?:rules?|sections?) \d+(?:\.\d+)?(?:(?:, | and | to )\d+(?:\.\d+)?)*)", text[found.end():])
        yield rest[1] if rest else ""
    for found in re.finditer(r"(?<!rules\.md, )\brules? \d+\.\d+(?:(?:, | and | to )\d+\.\d+)*", text):
        yield found[0]


class Rules(unittest.TestCase):
    """The code, the tests and the documents cite mappings/rules.md by its numbers: each is there, and nothing outside the tree is cited."""

    def setUp(self):
        page = (ROOT / "mappings/rules.md").read_text(encoding="utf-8")
        self.rules = re.findall(r"^\*\*(\d+\.\d+)[ *]", page, re.M)
        self.known = set(self.rules)
        for heading in re.findall(r"^## (\d+(?: and \d+)*) ", page, re.M):
            self.known |= set(heading.split(" and "))

    def test_every_number_is_there_once(self):
        self.assertGreater(len(self.rules), 90)
        self.assertEqual(len(self.rules), len(set(self.rules)))
        self.assertEqual(self.rules, sorted(self.rules, key=lambda rule: [int(part) for part in rule.split(".")]))

    def wrong_in(self, text):
        text = prose(text)
        wrong = [cited for cited in citations(text) for number in re.findall(r"\d+(?:\.\d+)?", cited) if number not in self.known]
        return wrong + re.findall(r"\b(?:language|contract)\.md\b", text)

    def test_every_citation_is_of_a_rule_that_is_there(self):
        cited = 0
        for folder in ("src", "tests", "mappings", "scripts", ".github", "."):
            for path in sorted((ROOT / folder).glob("*" if folder == "." else "**/*")):
                if not path.is_file() or path.suffix not in TEXTS or "corpus" in path.parts or path == pathlib.Path(__file__).resolve():
                    continue
                text = path.read_text(encoding="utf-8", errors="replace")
                self.assertEqual(self.wrong_in(text), [], path)
                cited += sum(1 for one in citations(prose(text)) if one)
        self.assertGreater(cited, 40)

    def test_a_wrong_citation_is_found(self):
        self.assertEqual(self.wrong_in("// (mappings/rules.md,\n// rule 5.7) and rules 5.6 and 9.1, section 7 of mappings/rules.md, section 7"), [])
        for text in ("(mappings/rules.md, rule 5.99)", "(mappings/rules.md,\n// rules 5.6 and 9.99)", "(rule 4.77)", "language" + ".md, rule 5.7",
                     "mappings/rules.md, section 99"):
            self.assertTrue(self.wrong_in(text), text)


class Pages(unittest.TestCase):
    """The Spanish pages show what the English ones show, and the links of all pages lead somewhere."""

    PAIRS = (("README.md", "LEEME.md"), ("recipes.md", "recetas.md"), ("fetching.md", "descargas.md"), ("sending.md", "envios.md"), ("webhooks.md", "avisos.md"), ("errors.md", "errores.md"))

    @staticmethod
    def blocks(page):
        text = (ROOT / "mappings" / page).read_text(encoding="utf-8")
        return re.findall(r"(?:^<!-- [^\n]* -->\n)?^```.*?^```$", text, re.M | re.S)

    def test_the_same_examples_in_both_languages(self):
        for english, spanish in self.PAIRS:
            shown = self.blocks(english)
            self.assertGreater(len(shown), 10, english)
            for number, (one, other) in enumerate(zip(shown, self.blocks(spanish)), 1):
                self.assertEqual(one, other, f"block {number} of {spanish} is not that of {english}")
            self.assertEqual(len(shown), len(self.blocks(spanish)), spanish)

    def test_as_many_sections_in_both_languages(self):
        for english, spanish in self.PAIRS:
            headings = [len(re.findall(r"^## ", (ROOT / "mappings" / page).read_text(encoding="utf-8"), re.M)) for page in (english, spanish)]
            self.assertEqual(headings[0], headings[1], spanish)

    @staticmethod
    def prose_of(path):
        """A page without its code: fenced blocks and code in lines."""
        text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
        return re.sub(r"`[^`\n]*`", "`", text)

    @staticmethod
    def anchors(path):
        """The names of a page's headings, as GitHub makes them."""
        text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.M)}

    def test_links_lead_somewhere(self):
        pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "src/README.md", ROOT / "tests/README.md", ROOT / "scripts/bench.md",
                 ROOT / ".github/CONTRIBUTING.md", *sorted((ROOT / "mappings").glob("*.md"))]
        links = 0
        for page in pages:
            for target in re.findall(r"\]\(([^)\s]+)\)", self.prose_of(page)):
                if re.match(r"\w+:", target):
                    continue
                links += 1
                name, _, anchor = target.partition("#")
                path = (page.parent / name).resolve() if name else page
                self.assertTrue(path.exists(), f"{page}: {target}")
                if anchor:
                    self.assertIn(anchor, self.anchors(path), f"{page}: {target}")
        self.assertGreater(links, 100)


if __name__ == "__main__":
    unittest.main()
