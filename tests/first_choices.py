#!/usr/bin/env python3
"""Answers what a draft of `trama infer` leaves to be decided by the first choice: for tests.

    tests/first_choices.py DRAFT.yaml > MAPPING.yaml

Prints the mapping; how many values there were goes to standard error.
"""

import re
import sys

# A value in double quotes, as infer writes it: the choices are at its end.
DECIDE = re.compile(r'(?<!\\)"DECIDE: (?:[^"\\]|\\.)*?one of: ((?:[^"\\]|\\.)*)"')


def first(choices):
    """The first choice: up to a comma with a space behind it, or in quotes that are doubled inside."""
    if choices.startswith('\\"'):
        inside = re.match(r'\\"((?:\\"\\"|[^"\\]|\\(?!").)*)\\"', choices)[1]
        return inside.replace('\\"\\"', '\\"')
    return choices.split(", ")[0]


def answered(text):
    """The mapping, and how many values were decided."""
    out, count, tests = [], 0, False
    for line in text.split("\n"):
        tests = tests or line == "tests:"  # what is in there is data
        if not tests and not line.lstrip().startswith("#"):
            line, found = DECIDE.subn(lambda m: f'"{first(m[1])}"', line)
            count += found
        out.append(line)
    return "\n".join(out), count


if __name__ == "__main__":
    mapping, decided = answered(open(sys.argv[1], encoding="utf-8").read())
    sys.stdout.write(mapping)
    print(f"{decided} values decided", file=sys.stderr)
