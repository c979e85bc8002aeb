#!/usr/bin/env python3
"""Man pages, completions and --version --json show what --help shows: every option of every command, in both languages; and
the completion of bash, zsh and fish completes, each in its own shell where it is installed (bash always is).

    tests/command_table_test.py build/dev/trama
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRAMA = os.environ.get("TRAMA", "build/dev/trama")
LANGUAGES = ("en", "es")


def trama(*words):
    done = subprocess.run([TRAMA, *words], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.returncode} {done.stderr}")
    return done.stdout


def told():
    return json.loads(trama("--version", "--json"))


def commands():
    return told()["features"]["commands"]


def options(command, language="en"):
    """Of --help: the names of each option, and the arguments."""
    text = trama(*([command] if command else []), "--help", "--lang", language)
    names = [re.findall(r"(?<![\w-])--?[a-z][\w-]*", line.split("   ")[0].strip()) for line in text.splitlines() if re.match(r"  -", line)]
    return [one for one in names if one]


def plain(roff):
    """What a man page says, without the requests and escapes of roff."""
    text = re.sub(r"\\f[BIR]", "", roff).replace("\\-", "-").replace("\\e", "\\")
    return re.sub(r"\\\((aq|ga|ti|ha|dq)", lambda m: {"aq": "'", "ga": "`", "ti": "~", "ha": "^", "dq": '"'}[m[1]], text)


class Version(unittest.TestCase):
    def test_schema(self):
        schema = json.loads((ROOT / "schemas/version.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        jsonschema.Draft7Validator(schema).validate(told())

    def test_it_is_what_the_tree_says(self):
        version = told()
        self.assertIn(f"VERSION {version['trama']} ", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
        newest = re.search(r"^## (\d[\d.]+) \((\S+)\)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
        self.assertEqual((version["trama"], version["released"]), newest.groups(), "the newest heading of CHANGELOG.md")
        self.assertNotIn("unknown", version["libraries"].values())
        self.assertEqual(trama("--version").splitlines()[0], f"trama {version['trama']}")

    def test_json_alone(self):
        done = subprocess.run([TRAMA, "--json"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 64)
        self.assertIn("--version --json", done.stderr)


class Views(unittest.TestCase):
    def test_help_was_read(self):
        self.assertIn(["-o", "--output"], options("run"))
        self.assertGreater(len(commands()), 10)
        self.assertGreater(sum(len(options(command)) for command in commands()), 90)

    def test_every_option_is_in_the_man_page(self):
        for language in LANGUAGES:
            for command in ["", *commands()]:
                page = plain(trama("man", *([command] if command else []), "--lang", language))
                for names in options(command, language):
                    self.assertRegex(page, r"(?m)^" + re.escape(", ".join(names)) + r"($| )", f"{command} {language}")

    def test_every_help_text_is_in_the_man_page(self):
        """Word by word, as lines are broken otherwise."""
        for language in LANGUAGES:
            for command in commands():
                page = " ".join(plain(trama("man", command, "--lang", language)).split())
                for line in trama(command, "--help", "--lang", language).splitlines():
                    for text in re.findall(r"\S   *([^-\s].*)$", line):
                        self.assertIn(" ".join(text.split()), page, f"{command} {language}")

    def test_every_command_is_in_the_page_of_trama(self):
        page = plain(trama("man"))
        for command in commands():
            self.assertIn(f"trama-{command}(1)", page)

    def test_every_option_is_in_the_completions(self):
        shells = {shell: trama("completion", shell) for shell in ("bash", "zsh", "fish")}
        for command in ["", *commands()]:
            key = command or "trama"
            bash = re.search(rf"^    {key}\) options='(.*)' ;;$", shells["bash"], re.M)[1].split()
            zsh = shells["zsh"] if not command else re.search(rf"^      {key}\)\n(.*?)^        ;;", shells["zsh"], re.M | re.S)[1]
            fish = [line for line in shells["fish"].splitlines() if f"'__trama_is {key}'" in line]
            for names in options(command):
                for name in names:
                    self.assertIn(name, bash)
                    self.assertRegex(zsh, rf"(\)|\*){re.escape(name)}[=+]?\[", f"{key} {name}")
                    dashes = f" -l {name[2:]} " if name.startswith("--") else f" -s {name[1:]} "
                    self.assertTrue(any(dashes in line for line in fish), f"{key} {name}")
            if command:
                self.assertIn(f" -a {command} -d ", shells["fish"])
                self.assertIn(f"'{command}:", shells["zsh"])

    def test_man_reads_the_pages(self):
        """groff by man, and mandoc where it is there, without a warning."""
        tools = [words for words in (["man", "--warnings=all", "-E", "UTF-8", "-l", "-Tutf8", "-Z"], ["mandoc", "-Tlint", "-Wwarning"]) if shutil.which(words[0])]
        if not tools:
            self.skipTest("neither man nor mandoc is installed")
        with tempfile.TemporaryDirectory() as folder:
            for language in LANGUAGES:
                for command in ["", *commands()]:
                    path = pathlib.Path(folder) / f"trama-{command}.{language}.1"
                    path.write_text(trama("man", *([command] if command else []), "--lang", language), encoding="utf-8")
                    for words in tools:
                        done = subprocess.run([*words, path], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
                        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{words[0]} {path.name}")
                        if words[0] == "mandoc":
                            self.assertEqual(done.stdout, "", path.name)


class Completion(unittest.TestCase):
    """Each case: what stands on the line, and what is offered for its last word."""
    CASES = (
        ("ch", {"check"}),
        ("--ver", {"--version"}),
        ("--lang ", {"en", "es"}),
        ("--lang es fm", {"fmt"}),
        ("run --bad", {"--bad-inputs"}),
        ("run --bad-inputs ", {"stop", "reject"}),
        ("run --rej", {"--rejects", "--rejects-without-personal", "--rejects-ok", "--rejects-csv"}),
        ("run m", {"m.yaml", "maps/"}),
        ("run m.yaml d", {"d.ndjson", "d.json.gz"}),
        ("run m.yaml d.ndjson ", {"d.ndjson", "d.json.gz", "maps/", "una carpeta/"}),
        ("run --dry-run m", {"m.yaml", "maps/"}),
        ("run -o m.yaml m", {"m.yaml", "maps/"}),
        ("run --root ", {"maps/", "una carpeta/"}),
        ("run -o n", {"notes.txt"}),
        ("check --format g", {"github", "gitlab"}),
        ("check --format sarif --output n", {"notes.txt"}),
        ("check m.yaml m", {"m.yaml", "maps/"}),
        ("diff m.yaml m.yaml d", {"d.ndjson", "d.json.gz"}),
        ("completion ", {"bash", "zsh", "fish"}),
        ("man fm", {"fmt"}),
        ("error LOOKUP_UNK", {"LOOKUP_UNKNOWN"}),
        ("preview --rows ", set()),
    )
    BASH = (("check --format = g", {"github", "gitlab"}), ("run --bad-inputs =", {"stop", "reject"}), ("run -- -", set()))

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-completion-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("m.yaml", "d.ndjson", "d.json.gz", "notes.txt"):
            (self.folder / name).touch()
        (self.folder / "maps").mkdir()
        (self.folder / "una carpeta").mkdir()
        for shell in ("bash", "zsh", "fish"):
            (self.folder / f".{shell}").write_text(trama("completion", shell), encoding="utf-8")

    def run_shell(self, *words, **more):
        done = subprocess.run(words, capture_output=True, text=True, cwd=self.folder, check=False, timeout=60,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TERM": "dumb"}, **more)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_bash(self):
        script = ("source .bash; read -r -a COMP_WORDS <<<\"trama $1\"; [[ $1 == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
                  "_trama; for one in \"${COMPREPLY[@]}\"; do if [[ -d $one ]]; then echo \"$one/\"; else echo \"$one\"; fi; done")
        self.assertIn("complete -F _trama trama", self.run_shell("bash", "--norc", "-c", "source .bash; complete -p trama"))
        for line, offered in self.CASES + self.BASH:
            self.assertEqual(set(self.run_shell("bash", "--norc", "-c", script, "bash", line).splitlines()), offered, f"trama {line}")

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish(self):
        for line, offered in self.CASES:
            told = self.run_shell("fish", "--no-config", "-c", f"source .fish; complete -C 'trama {line}'")
            self.assertEqual({one.split("\t")[0] for one in told.splitlines()}, offered, f"trama {line}")

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh(self):
        """In a shell of its own terminal (zpty), which lists what Tab offers."""
        driver = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'autoload -Uz compinit; compinit -u -D; unsetopt list_beep; PROMPT=; zstyle ":completion:*" list-colors ""; source .zsh'
zpty -w shell 'compadd() { if [[ ${@[(I)-O]} != 0 || ${@[(I)-A]} != 0 || ${@[(I)-D]} != 0 ]]; then builtin compadd "$@"; return; fi; local -a __hits __dscr; builtin compadd -O __hits "$@"; local slash=; [[ " $* " == *" -W "* || " $* " == *" -f "* ]] && slash=yes; local one; for one in "${__hits[@]}"; do if [[ $slash && -d ${(Q)one} ]]; then print -r -- "<${one}/>"; else print -r -- "<$one>"; fi; done >>.offered; builtin compadd "$@" }'
zpty -w shell 'bindkey "^I" complete-word; touch .ready'
for i in {1..100}; do [[ -e .ready ]] && break; sleep 0.05; done
zpty -w -n shell "trama $1"$'\t'
for i in {1..40}; do sleep 0.05; [[ -s .offered ]] && break; done
sleep 0.1
zpty -d shell
cat .offered 2>/dev/null
"""
        (self.folder / ".driver").write_text(driver, encoding="utf-8")
        for line, offered in self.CASES:
            for name in (".offered", ".ready"):
                (self.folder / name).unlink(missing_ok=True)
            told = set(re.findall(r"<(.*)>", self.run_shell("zsh", "-f", ".driver", line)))
            self.assertEqual({one.replace("\\ ", " ") for one in told}, offered, f"trama {line}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
