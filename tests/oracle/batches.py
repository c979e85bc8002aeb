"""A mapping with its files and records, from a seed, and how they are written for trama.

Word sets: basic, values (with the basic ones), all; shapes and money9 (records with lists in them); every: all of these in turn.
"""

import copy
import random

import generate
import yaml_out
from generate_world import WorldGenerator
from oracle import Document, Oracle
from tables import INSIDE
from yaml_out import Word

WORDS = ["basic", "values", "all", "shapes", "money9"]
NONE = Word("none")
DECOYS = {  # sections of a base that a variant takes away
    "rules": [{"name": "base", "check": '"a" = "b"', "message": "No."}],
    "only": {"when": 'source.id = "nadie"'},
    "duplicates": {"same": "/nada/x", "keep": "none"},
    "rows": {"one_per": "nada.lista", "called": "nadie"},
    "tables": {"sobra": {"a": "b"}},
}


class Batch:
    def __init__(self, seed, mapping, files, lines):
        self.seed = seed
        self.mapping = mapping
        self.files = files
        self.lines = lines

    # --- smaller ones

    def with_lines(self, lines):
        return Batch(self.seed, self.mapping, self.files, lines)

    def without_section(self, section):
        return self.changed({k: v for k, v in self.mapping.items() if k != section})

    def without_column(self, name):
        columns = {n: c for n, c in self.mapping["columns"].items() if n != name}
        return self.changed({**self.mapping, "columns": columns})

    def changed(self, mapping):
        return Batch(self.seed, mapping, self.files, self.lines)

    # --- the mapping as it is written

    def written(self):
        """Now and then a base and a variant of it, which together are the mapping."""
        return self.variant()[0]

    def variant(self):
        """(the mapping's file, the base's or None)."""
        rng = random.Random(self.seed + "/extends")
        if rng.random() > 0.12 or "extends" not in self.files:
            return self.mapping, None
        base = {"mapping": "base", "version": 1, "columns": {}}
        child = {"mapping": self.mapping["mapping"], "version": 1, "extends": "base.yaml", "columns": {}}
        names = list(self.mapping["columns"])
        cut = rng.randint(0, len(names))
        for at, name in enumerate(names):
            spec = self.mapping["columns"][name]
            if at >= cut:
                child["columns"][name] = spec
            elif rng.random() < 0.3:
                base["columns"][name] = "nada.otra"
                child["columns"][name] = spec
            else:
                base["columns"][name] = spec
        if rng.random() < 0.5 or not base["columns"]:
            base["columns"]["Sobra"] = "nada"
            child["columns"]["Sobra"] = NONE
        for section, content in self.mapping.items():
            if section not in ("mapping", "version", "columns"):
                (base if rng.random() < 0.5 else child)[section] = content
        for section, decoy in DECOYS.items():
            if section not in self.mapping and rng.random() < 0.4:
                base[section] = decoy
                child[section] = NONE
        if not child["columns"]:
            del child["columns"]
        return child, base

    def write(self, folder, lines):
        """All files, the input among them."""
        self.write_mapping(folder)
        (folder / "input").write_bytes(self.input(lines))

    def write_mapping(self, folder):
        """The mapping, its base and its tables; those that travel in the dump are in the input."""
        mapping, base = self.variant()
        (folder / "mapping.yaml").write_text(yaml_out.dump(mapping))
        if base:
            (folder / "base.yaml").write_text(yaml_out.dump(base))
        for name, text in self.files.items():
            if not name.startswith(INSIDE) and name != "extends":
                (folder / name).write_text(text)

    # --- the input

    def in_documents(self):
        return self.mapping["input"]["format"] == "json"

    def input(self, lines):
        if not self.in_documents():
            return b"".join(line + b"\n" for line in lines)
        rng = random.Random(f"{self.seed}/input")
        travels = any(name.startswith(INSIDE) for name in self.files)
        if travels or (rng.random() < 0.3 and not any(isinstance(line, Document) for line in lines)):
            return self.one_document(lines)
        mark = b"\x1e" if rng.random() < 0.25 else b""
        between = rng.choice([b"\n", b"\n\n", b" ", b""]) if not mark else b"\n"
        return b"".join(mark + self.wrapped(part, rng) + between for part in parts_of(lines, rng)) + b"\n"

    def one_document(self, lines):
        if "records" in self.mapping["input"]:
            return document(lines, self.files)
        return b"[\n" + b",\n".join(lines) + b"]\n"

    def wrapped(self, part, rng):
        """A document of some records, or one that is rejected whole."""
        if isinstance(part[0], Document):
            return part[0].text
        alone = len(part) == 1 and rng.random() < 0.6
        content = part[0] if alone else b"[" + rng.choice([b", ", b",\n  "]).join(part) + b"]"
        if "records" not in self.mapping["input"]:
            return content
        return b'{"data": {' + rng.choice([b"", b'"n": 1, ']) + b'"lista": ' + content + rng.choice([b"}}", b'}, "next": null}'])


def parts_of(lines, rng):
    """Documents of one to nine records; a rejected document stands alone."""
    part, size = [], rng.randint(1, 9)
    for line in lines:
        if part and (isinstance(line, Document) or len(part) >= size):
            yield part
            part, size = [], rng.randint(1, 9)
        if isinstance(line, Document):
            yield [line]
        else:
            part.append(line)
    if part:
        yield part


def document(lines, files):
    """Records in one list at data.lista, and beside it the tables that travel with them, before or behind it."""
    inside = [f'"{name.split(".")[-1]}": {text}' for name, text in files.items() if name.startswith(INSIDE)]
    tables = ('"dic": {' + ", ".join(inside) + "}").encode()
    first = tables + b", " if len(lines) % 2 else b""
    last = tables if len(lines) % 2 == 0 else b'"next": null'
    return b"{" + first + b'"status": "ok", "data": {\n  "lista": [\n' + b",\n    ".join(lines) + b"\n]}, " + last + b"}\n"


def odd_documents(rng, mapping, lines):
    """Documents among the records that have no records, or are an error answer."""
    inputs = mapping["input"]
    odd = []
    if "records" in inputs:
        odd += [Document("RECORDS_NOT_FOUND", text) for text in (b'{"status": "ok"}', b'{"data": {"n": 1}}', b"{}")]
        if "error_body" in inputs:
            odd += [Document("ERROR_BODY", b'{"er": [{"code": 429}]}'), Document("ERROR_BODY", b'{"er": "no", "data": {"lista": []}}')]
    for _ in range(rng.choice([0, 0, 1, 3]) if odd else 0):
        lines.insert(rng.randint(0, len(lines)), rng.choice(odd))
    return lines


def batch(seed, words, count):
    """The Batch of one seed."""
    if words == "every":
        words = WORDS[random.Random(seed + "/words").randrange(len(WORDS))]
    if words in ("shapes", "money9"):
        generator = WorldGenerator(seed, words)
        mapping = generator.mapping()
        lines = [generator.world.record(n + 1) for n in range(count)]
    else:
        generator = generate.Generator(seed, words)
        mapping, fields = generator.mapping()
        lines = generator.records(fields, count, Oracle(mapping, generator.files))
    rng = random.Random(seed + "/documents")
    if mapping["input"]["format"] == "json" and not any(name.startswith(INSIDE) for name in generator.files) and rng.random() < 0.4:
        lines = odd_documents(rng, mapping, lines)
    if words in ("all", "shapes", "money9"):
        generator.files["extends"] = ""
    return Batch(seed, mapping, generator.files, lines)


if __name__ == "__main__":
    import sys

    made = batch(sys.argv[1], sys.argv[2], 5)
    print(yaml_out.dump(copy.deepcopy(made.written())))
    print(made.input(made.lines).decode("utf-8", "replace"))
