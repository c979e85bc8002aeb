#!/usr/bin/env python3
"""Every code of a diagnostic, of a rejected record and of a notice (a warning or an ending of a run) is shown in a golden
document, so that its wording is seen by who changes it. A code that nothing can produce has no place in the tables."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def codes(table, macro):
    text = (ROOT / "src/base" / table).read_text(encoding="utf-8")
    return re.findall(rf'^{macro}\(\w+, "(\w+)"', text, re.M)


def main():
    shown = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests/golden").glob("*.md")))
    diagnostics = codes("diagnostics.inc", "TRAMA_DIAGNOSTIC")
    records = codes("record_codes.inc", "TRAMA_CODE")
    notices = codes("notices.inc", "TRAMA_NOTICE")
    missing = [code for code in diagnostics if f"[{code}]" not in shown]
    missing += [code for code in records if not re.search(rf'^  {code}\s|"code": "{code}"', shown, re.M)]
    missing += [code for code in notices if not re.search(rf'^{code}: |"code": "{code}"', shown, re.M)]
    if missing:
        sys.exit("no golden document of tests/golden shows: " + ", ".join(missing))
    print(f"{len(diagnostics)} diagnostics and {len(records)} record codes and {len(notices)} notices are shown")


if __name__ == "__main__":
    main()
