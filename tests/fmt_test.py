#!/usr/bin/env python3
"""`trama fmt` over the oracle's generated mappings, each written in random layouts with random comments.

Of each file: laid out twice is laid out once; another reader of YAML (PyYAML) sees the same tree, quotes included;
`check --expanded` says the same; the comments are the same, in the same order; nothing but spaces changed. Two
layouts of one mapping that differ in spaces alone come out as the same, but for columns of comments. Shipped mappings, and drafts of
`trama infer`, are laid out.

    tests/fmt_test.py build/dev/trama
    FMT_MAPPINGS=2000 FMT_SEED=7 tests/fmt_test.py build/dev/trama     more of them
"""

import os
import pathlib
import random
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "oracle"))

import batches  # noqa: E402
import yaml_out  # noqa: E402

TRAMA = os.environ.get("TRAMA", "build/dev/trama")
MAPPINGS = int(os.environ.get("FMT_MAPPINGS", "80"))
SEED = os.environ.get("FMT_SEED", "1")


class Shape:
    """What of a text is not its layout: which parts are in brackets, in blocks, in how many lines; its comments."""

    def __init__(self, rng):
        self.rng = rng
        self.comments = 0

    def comment(self, chance):
        if self.rng.random() > chance:
            return ""
        self.comments += 1
        return f"# n{self.comments} {self.rng.choice(['a:  b', '- x', 'é: {', '   z', ''])}".rstrip()

    def parts(self, value, key="", depth=0):
        """value -> (kind, …): a tree of decisions that layouts of their own are made from."""
        rng = self.rng
        if isinstance(value, dict) and value and (depth < 2 or rng.random() < 0.3):
            return ("map", [(yaml_out.scalar(k), self.above(depth), self.comment(0.12), rng.random() < 0.2,
                             self.parts(v, k, depth + 1)) for k, v in value.items()])
        if isinstance(value, list) and value and (isinstance(value[0], (dict, list)) or rng.random() < 0.3):
            return ("list", [(self.above(depth), self.comment(0.12), self.parts(v, key, depth + 1)) for v in value])
        if isinstance(value, (dict, list)):
            return self.brackets(value, key)
        text = yaml_out.scalar(value, key)
        words = text[1:-1].split(" ")
        if text.startswith('"') and len(words) > 1 and all(words) and "\\" not in text and rng.random() < 0.3:
            return ("lines", ['"' + words[0]] + words[1:-1] + [words[-1] + '"'])
        return ("text", text)

    def above(self, depth):
        """Comments alone and empty lines above an entry."""
        return [self.comment(1) for _ in range(self.rng.choice([0] * 12 + [1, 2]))], self.rng.random() < 0.1

    def brackets(self, value, key):
        if isinstance(value, dict):
            return ("{}", [(yaml_out.scalar(k), self.brackets(v, k)) for k, v in value.items()])
        if isinstance(value, list):
            return ("[]", [(None, self.brackets(v, key)) for v in value])
        return ("text", yaml_out.scalar(value, key))


class Writer:
    """One layout of a Shape. `breaks`: brackets may go on in further lines, and comments stand anywhere."""

    def __init__(self, rng, breaks):
        self.rng = rng
        self.breaks = breaks
        self.lines = []

    def some(self, least=0):
        return " " * self.rng.choice([least, least, least + 1, least + 3])

    def gap(self):
        return " " * (self.rng.choice([1, 2, 5]) if self.breaks else self.rng.choice([1, 2]))

    def end(self, text, comment):
        self.lines.append(text + (self.gap() + comment if comment else self.some()))

    def top(self, tree):
        self.entries(tree, self.rng.choice([0, 0, 0, 3]), None)
        return "\n" * self.rng.choice([0, 0, 2]) + "\n".join(self.lines) + "\n" * self.rng.choice([0, 1, 3])

    def above(self, above, indent):
        comments, empty = above
        if empty and self.lines:
            self.lines += [""] * self.rng.choice([1, 1, 3])
        for comment in comments:
            # Indented like what follows, as only so it is known to belong there.
            self.lines.append(" " * indent + comment)

    def entries(self, tree, indent, lead):
        """`lead`: of a map in an item, its dash, which its first entry stands behind."""
        for key, above, comment, below, value in tree[1]:
            start = lead if lead is not None else " " * indent
            if lead is None:
                self.above(above, indent)
            lead = None
            self.value(start + key + self.rng.choice(["", "", " "] if key[0] != "*" else [" "]) + ":", comment, below, value, indent)

    def value(self, start, comment, below, value, indent):
        kind = value[0]
        inner = indent + self.rng.choice([1, 2, 2, 4])
        if kind == "map":
            self.end(start, comment)
            self.entries(value, inner, None)
        elif kind == "list":
            self.end(start, comment)
            self.items(value, self.rng.choice([indent, inner]) if not start.rstrip().endswith("-") else inner)
        elif kind == "lines":
            self.lines.append(start + self.some(1) + value[1][0] + self.some())
            for part in value[1][1:-1]:
                self.lines.append(" " * inner + part + self.some())
            self.end(" " * inner + value[1][-1], comment)
        elif below:
            self.end(start, "")
            self.end(" " * inner + self.flow(value, inner), comment)
        else:
            self.end(start + self.some(1) + self.flow(value, inner), comment)

    def items(self, tree, indent):
        for above, comment, value in tree[1]:
            self.above(above, indent)
            dash = " " * indent + "-"
            if value[0] == "map":
                blanks = self.some(1)
                self.entries(value, indent + 1 + len(blanks), dash + blanks)
            else:
                self.value(dash, comment, False, value, indent)

    def flow(self, value, indent):
        if value[0] == "text":
            return value[1]
        parts = []
        for key, inner in value[1]:
            text = self.flow(inner, indent + 1)
            if key is not None:
                text = key + self.rng.choice(["", " "] if key[0] == '"' else [""]) + ":" + self.some(0 if key[0] == '"' else 1) + text
            parts.append(self.some() + text + self.some())
        between = ","
        text = parts[0] if parts else self.some()
        for part in parts[1:]:
            if self.breaks and self.rng.random() < 0.2:
                text = text.rstrip() + between + self.some() + "\n" + " " * (indent + self.rng.choice([1, 2, 9])) + part.lstrip()
            else:
                text += between + self.some() + part
        return value[0][0] + text + value[0][1]


def tree_of(text):
    """What another reader sees: kinds, texts, and whether a text is in quotes; aliases followed."""
    def plain(node):
        if isinstance(node, yaml.ScalarNode):
            return (node.value, node.style is not None)
        if isinstance(node, yaml.SequenceNode):
            return [plain(one) for one in node.value]
        return [(plain(key), plain(value)) for key, value in node.value]

    return plain(yaml.compose(text, Loader=yaml.BaseLoader))


def comments_of(text):
    """All that Shape made, which numbers them; none stands within a text."""
    return [match.rstrip() for match in re.findall(r"# n\d+.*", text)]


def without_columns(text):
    """Comments behind a text may begin in one column by chance, and then are kept in one."""
    return re.sub(r"(?<=\S) +# n", "  # n", text)


def fmt(*words, **more):
    return subprocess.run([TRAMA, "fmt", *map(str, words)], capture_output=True, check=False, **more)


def expanded(path):
    told = subprocess.run([TRAMA, "check", "--expanded", str(path)], capture_output=True, check=False, text=True)
    if told.returncode != 0:  # places move
        return sorted(re.findall(r"(?:error|warning)\[\w+\]", told.stdout)), told.returncode
    return re.sub(r"  # \S+:\d+$", "", told.stdout, flags=re.MULTILINE), told.returncode


class Generated(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-fmt-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_layouts(self):
        before = {}
        pairs = []
        compared = 0
        for number in range(MAPPINGS):
            rng = random.Random(f"{SEED}/{number}")
            words = rng.choice(batches.WORDS)
            batch = batches.batch(f"{SEED}/fmt/{number}", words, 1)
            folder = self.folder / str(number)
            folder.mkdir()
            batch.write_mapping(folder)
            shape = Shape(rng)
            parts = shape.parts(batch.written())
            layouts = [Writer(rng, False), Writer(rng, False), Writer(rng, True)]
            for name, writer in zip(["a", "b", "c"], layouts):
                path = folder / f"{name}.yaml"
                path.write_text(writer.top(parts), encoding="utf-8", newline="\n")
                before[path] = path.read_text(encoding="utf-8")
            pairs.append((folder / "a.yaml", folder / "b.yaml"))
        expansions = {path: expanded(path) for path in list(before)[:: max(1, len(before) // 60)]}
        done = fmt(*before)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(fmt("--check", *before).returncode, 0)
        for path, text in before.items():
            after = path.read_text(encoding="utf-8")
            self.assertEqual(tree_of(after), tree_of(text), path)
            self.assertEqual(comments_of(after), comments_of(text), path)
            self.assertEqual(re.sub(r"\s", "", after), re.sub(r"\s", "", text), path)
            self.assertNotRegex(after, r"[ \t]\n|\n\n\n|\A\n|\n\n\Z", path)
            self.assertTrue(after.endswith("\n"))
            compared += 1
        for one, other in pairs:
            self.assertEqual(without_columns(one.read_text(encoding="utf-8")), without_columns(other.read_text(encoding="utf-8")))
        for path, told in expansions.items():
            self.assertEqual(expanded(path), told, path)
        self.assertEqual(compared, 3 * MAPPINGS)


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-fmt-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_shipped_mappings(self):
        shipped = sorted((ROOT / "mappings").glob("*.yaml")) + sorted((ROOT / "mappings").glob("*/*.yaml"))
        self.assertGreater(len(shipped), 8)
        done = fmt("--check", *shipped)
        self.assertEqual((done.returncode, done.stdout), (0, b""))

    def test_drafts(self):
        for sample in sorted(path for path in (ROOT / "samples").iterdir() if path.suffix != ".yaml"):
            if sample.suffix not in (".json", ".ndjson"):
                continue
            drafted = subprocess.run([TRAMA, "infer", str(sample)], capture_output=True, check=False)
            self.assertIn(drafted.returncode, (0, 1), sample)  # 1: some of its records are not JSON
            draft = drafted.stdout
            self.assertTrue(draft.startswith(b"# "), sample)
            self.assertEqual(fmt("-", input=draft).stdout, draft, sample)

    def test_permissions_links_and_what_stays(self):
        path = self.folder / "m.yaml"
        path.write_text("a:   b\n")
        path.chmod(0o640)
        link = self.folder / "link.yaml"
        link.symlink_to(path)
        same = self.folder / "same.yaml"
        same.write_text("a: b\n")
        was = same.stat()
        self.assertEqual(fmt(link, same).returncode, 0)
        self.assertTrue(link.is_symlink())
        self.assertEqual(path.read_text(), "a: b\n")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)
        self.assertEqual((same.stat().st_ino, same.stat().st_mtime_ns), (was.st_ino, was.st_mtime_ns))
        self.assertEqual(sorted(one.name for one in self.folder.iterdir()), ["link.yaml", "m.yaml", "same.yaml"])

    def test_a_folder_that_may_not_be_written(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anything")
        path = self.folder / "m.yaml"
        path.write_text("a:   b\n")
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.assertEqual(fmt(path).returncode, 5)
        self.assertEqual(path.read_text(), "a:   b\n")

    def test_one_wrong_file_among_others(self):
        wrong, right = self.folder / "wrong.yaml", self.folder / "x.yaml"
        wrong.write_bytes(b"a: [b\n")
        right.write_text("a:   b\n")
        done = fmt(wrong, right)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"YAML_INVALID", done.stderr)
        self.assertEqual((wrong.read_bytes(), right.read_text()), (b"a: [b\n", "a: b\n"))

    def test_hostile(self):
        for name, text in {
            "deep brackets": "a: " + "[" * 60 + "b" + "]" * 60 + "\n",
            "deeper than allowed": "a: " + "[" * 100000 + "\n",
            "deep levels": "".join(" " * i + "k:\n" for i in range(60)),
            "deep dashes": "a:\n  " + "- " * 60 + "b\n",
            "one long line": "a: {" + ", ".join(f"k{i}: [v, {i}]" for i in range(15000)) + "}\n",
            "many lines in a bracket": "a: [" + "[" * 50 + ",\n".join("  v" for _ in range(25000)) + "]" * 50 + "]\n",
            "many comments": "a: b\n" + "".join(f"{' ' * (i % 70)}# {i}\n" for i in range(25000)) + "c: d\n",
            "many aligned comments": "".join(f"k{i}:  v        # {i}\n" for i in range(15000)),
            "aliases": "a: &a [b]\n" + "".join(f"k{i}:  *a\n" for i in range(20000)),
            "a bomb": "a: &a [b, b, b, b, b, b, b, b, b]\n"
            + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)),
        }.items():
            path = self.folder / "m.yaml"
            path.write_text(text)
            done = fmt(path, timeout=300)
            self.assertIn(done.returncode, (0, 3), name)
            after = path.read_text()
            self.assertEqual(re.sub(r"\s", "", after), re.sub(r"\s", "", text), name)
            if done.returncode == 0:
                self.assertEqual(fmt("--check", path, timeout=300).returncode, 0, name)
            else:
                self.assertEqual(after, text, name)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        TRAMA = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
