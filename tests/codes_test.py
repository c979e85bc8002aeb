#!/usr/bin/env python3
"""Every code of a diagnostic, of a rejected record and of a notice is shown in a golden document, so that its wording is seen by
who changes it. A code that nothing can produce has no place in the tables. mappings/reference.md lists
them, from the same tables.

    tests/codes_test.py [--update]      --update writes that list anew
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXITS = {"input": 4, "output": 5, "mapping": 3, "usage": 64, "temporary": 75, "interrupted": 130, "terminated": 143, "limits": 2}


def rows(table, macro, pattern):
    text = (ROOT / "src/base" / table).read_text(encoding="utf-8")
    found = re.findall(rf"^{macro}\({pattern}\)", text, re.M)
    assert len(found) == len(re.findall(rf"^{macro}\(", text, re.M)), f"{table} is not read as it should be"
    return found


def codes(table, macro):
    text = (ROOT / "src/base" / table).read_text(encoding="utf-8")
    return re.findall(rf'^{macro}\(\w+, "(\w+)"', text, re.M)


def in_words(text):
    """A message with its places: {0} is an ellipsis."""
    return re.sub(r"\{[a-z0-9_]+\}", "…", re.sub(r'(?<!\\)"\s+"', "", text)).replace('\\"', '"').replace("{count}", "").replace("|", "\\|")


def linked(name):
    """A code, leading to its page."""
    return f"[`{name}`](errors.md#{name.lower()})"


def listed():
    text_form = r'"((?:[^"\\]|\\.|"\s+")*)"'  # literals one after another are one text
    params = r'"[^"]*"'
    lines = ["", "Of rejected records, and of warnings about them:", "", "| code | means |", "|---|---|"]
    for name, meaning in sorted(rows("record_codes.inc", "TRAMA_CODE", r'\w+, "(\w+)", "([^"]*)"')):
        lines.append(f"| {linked(name)} | {meaning} |")
    lines += ["", "Of a run as a whole, in its report and summary:", "", "| code | says |", "|---|---|"]
    for name, text in sorted(rows("notices.inc", "TRAMA_NOTICE", rf'\w+, "(\w+)", {params},\s+{text_form}')):
        lines.append(f"| {linked(name)} | {in_words(text)} |")
    lines += ["", "Of what could not be read or written, with the exit that it leads to:", "", "| code | exit | says |", "|---|---|---|"]
    for name, exit_name, text in sorted(rows("failures.inc", "TRAMA_FAILURE", rf'\w+, "(\w+)", (\w+), {params},\s+{text_form}')):
        lines.append(f"| {linked(name)} | {EXITS[exit_name]} | {in_words(text)} |")
    lines += ["", "Of a mapping and its tables, which `check` explains where they are:", "", "| code | says | what to do |", "|---|---|---|"]
    for name, severity, text, mend in sorted(rows("diagnostics.inc", "TRAMA_DIAGNOSTIC", rf'\w+, "(\w+)", (\w+), {params},\s+{text_form},\s+{text_form}')):
        said, advice = in_words(text), in_words(mend)
        said = "what is wrong at that place" if said == "…" else said
        lines.append(f"| {linked(name)} | {'' if severity == 'error' else severity + ': '}{said} | {'' if advice == '…' else advice} |")
    return "\n".join(lines) + "\n\n"


def with_codes(page):
    return re.sub(r"(<!-- codes -->\n).*?(<!-- end of codes -->)", lambda m: m[1] + listed() + m[2], page, flags=re.S)


def main():
    path = ROOT / "mappings/reference.md"
    page = path.read_text(encoding="utf-8")
    if "--update" in sys.argv:
        path.write_text(with_codes(page), encoding="utf-8")
        return
    shown = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests/golden").glob("*.md")))
    diagnostics = codes("diagnostics.inc", "TRAMA_DIAGNOSTIC")
    records = codes("record_codes.inc", "TRAMA_CODE")
    notices = sorted(set(codes("notices.inc", "TRAMA_NOTICE")))
    missing = [code for code in diagnostics if f"[{code}]" not in shown]
    missing += [code for code in records if not re.search(rf'^  {code}\s|"code": "{code}"', shown, re.M)]
    shown_as = r'^(?:warning +|note +)?{}\b|"code": "{}"'  # in a report, or in a summary
    missing += [code for code in notices if not re.search(shown_as.format(code, code), shown, re.M)]
    if missing:
        sys.exit("no golden document of tests/golden shows: " + ", ".join(missing))
    if page != with_codes(page):
        sys.exit("the codes of mappings/reference.md are old: tests/codes_test.py --update")
    print(f"{len(diagnostics)} diagnostics, {len(records)} record codes and {len(notices)} notices are shown")


if __name__ == "__main__":
    main()
