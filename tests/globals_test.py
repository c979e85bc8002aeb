#!/usr/bin/env python3
"""The core has no state that two runs in one program would share: what is left of variables outside of functions and objects in
its libraries is written once and then const. Reads the symbols of the libraries, all but cli's.

usage: globals_test.py LIBRARY…
"""

import pathlib
import re
import subprocess
import sys

SRC = pathlib.Path(__file__).resolve().parent.parent / "src"
WRITABLE = re.compile(r"\s\.(data|bss|tdata|tbss)\S*\t")
CONST = r"\b(?:static|inline)\b[^;=(]*\bconst\b[^;=(]*\b{}\b"


def symbols(library):
    """(object, name) of each variable that can be written."""
    listing = subprocess.run(["objdump", "-tC", library], capture_output=True, text=True, check=True).stdout
    source = ""
    seen = 0
    for line in listing.splitlines():
        if "file format" in line:
            source = line.split(":")[0].removesuffix(".o")
            continue
        seen += 1
        kind = WRITABLE.search(line)
        if kind is None or ".data.rel.ro" in line or " O " not in line:
            continue
        name = re.sub(r"^\S+ (?:\.hidden )?", "", line[kind.end():])
        if name.startswith("trama::"):
            yield source, name
    assert seen > 0, f"{library} has no symbols"


def is_const(folder, source, name):
    """Whether its declaration says that it does not change."""
    last = re.sub(r"\[abi:\w+\]", "", name).rsplit("::", 1)[-1]
    texts = [path.read_text() for path in (SRC / folder).glob(source.removesuffix(".cpp") + ".*")]
    return any(re.search(CONST.format(re.escape(last)), text) for text in texts)


def main():
    failed = 0
    for library in sys.argv[1:]:
        folder = re.search(r"libtrama_(\w+)\.", library)[1]
        for source, name in symbols(library):
            if is_const(folder, source, name):
                continue
            failed += 1
            print(f"src/{folder}/{source}: {name} is a variable that all runs of a program would share")
    assert not is_const("base", "utf8.cpp", "trama::no_such_variable")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
