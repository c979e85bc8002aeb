#!/usr/bin/env python3
"""The error pages (mappings/errors.md, mappings/errores.md): every code of src/base/*.inc has one in both languages, in the same
order and with the same examples; and each example is run. What stands before must give exactly the code of its page, and what
stands after must end well.

    tests/error_pages_test.py TRAMA [CODE …]      only the pages of these codes
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLES = (("diagnostics.inc", "TRAMA_DIAGNOSTIC"), ("record_codes.inc", "TRAMA_CODE"), ("failures.inc", "TRAMA_FAILURE"), ("notices.inc", "TRAMA_NOTICE"))
# It takes a mistake of trama, a failing disk, a kill or a second writer at the right moment, or a server that
# answers so, or a receiver that goes on.
WITHOUT_EXAMPLE = {"BALANCE", "INPUT_CHANGED", "INTERRUPTED", "OUT_OF_MEMORY", "OUTPUT_NOT_SAFE", "OUTPUT_UNSETTLED", "RUN_SETTLED",
                   "STATE_BUSY", "STATE_SETTLED", "STATE_UNSETTLED",
                   "ANSWER_NOT_JSON", "ANSWER_TOO_LARGE", "BREAKER_OPEN", "GRAPHQL_ERRORS", "HTTP_STATUS", "HTTP_UNAVAILABLE",
                   "PAGES_TOO_MANY", "PAGE_REPEATED", "PAGE_SHRANK", "PAGE_VALUE_WRONG", "PULLED_LATELY", "RATE_LIMITED",
                   "REDIRECT_REFUSED", "SOURCE_UNREACHABLE", "TLS_REFUSED", "VERSION_DIFFERS",
                   "CERTIFICATE_UNUSABLE", "LISTEN_FAILED", "MICROHTTPD_UNAVAILABLE", "RECEIVER_BUSY", "RECEIVER_DAMAGED", "DELIVERY_UNKNOWN"}
# Codes that necessarily come along with another.
ALONG = {"COMPRESSED_BOMB": {"RECORD_TOO_BIG"}, "INPUT_NOT_JSON": {"JSON_INVALID"}, "TABLE_MANY_PROBLEMS": {"TABLE_QUOTE"},
         "WARN_ABOVE": {"NUMBER_UNREADABLE"}, "MORE_PROBLEMS": {"KEY_UNKNOWN"}, "DELETES_HELD_BACK": {"REQUIRED_BLANK"}}
# What a mapping has in any case: an example leaves it out.
ALWAYS = (("mapping", "mapping: example\n"), ("version", "version: 1\n"))
NAMES = {"yaml": "mapping.yaml", "json": "records.json"}
MEANING_AT_MOST = 90  # characters: `trama error` shows it in its list


def known_codes():
    found = set()
    for table, macro in TABLES:
        text = (ROOT / "src/base" / table).read_text(encoding="utf-8")
        codes = re.findall(rf'^{macro}\(\w+,\s*"(\w+)"', text, re.M)
        assert len(codes) == len(re.findall(rf"^{macro}\(", text, re.M)), f"{table} is not read as it should be"
        found |= set(codes)
    return found


@dataclasses.dataclass
class Example:
    """Files and commands, before and after; files that `after` does not name stay as they are."""

    before: dict
    after: dict


@dataclasses.dataclass
class Page:
    code: str
    prose: list  # of paragraphs; the first is the meaning
    blocks: list  # (info string, content)


def pages_of(path):
    """The pages of a document, in its order."""
    parts = re.split(r"^## (.*)$", path.read_text(encoding="utf-8"), flags=re.M)
    pages = []
    for code, text in zip(parts[1::2], parts[2::2]):
        fences = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
        prose = [" ".join(part.split()) for part in re.split(r"\n\s*\n", fences.sub("\n\n", text)) if part.strip()]
        pages.append(Page(code.strip(), prose, fences.findall(text)))
    return pages


def examples_of(page):
    """The examples of a page; a block `before` that follows one `after` begins the next."""
    examples = []
    for info, content in page.blocks:
        words = info.split()
        assert len(words) in (2, 3) and words[-1] in ("before", "after"), f"{page.code}: a block is called '{info}'"
        name = words[1] if len(words) == 3 else NAMES.get(words[0], words[0])
        if words[-1] == "before" and (not examples or examples[-1].after):
            examples.append(Example({}, {}))
        assert examples, f"{page.code}: the first block is one 'before'"
        place = getattr(examples[-1], words[-1])
        assert name not in place, f"{page.code}: {name} is there twice"
        place[name] = content
    for example in examples:
        assert example.after, f"{page.code}: an example has no 'after'"
    return examples


def completed(name, content):
    if not name.endswith(".yaml"):
        return content
    return "".join(line for key, line in ALWAYS if not re.search(rf"^{key}:", content, re.M)) + content


def run_in(folder, trama, files, known):
    """Runs what stands in `files`. Gives the codes, how it ended, and what it printed."""
    commands = files.pop("sh", None)
    for name, content in files.items():
        (folder / name).write_text(completed(name, content), encoding="utf-8")
    environment = {**os.environ, "PATH": f"{trama.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "LANGUAGE": "", "LANG": "C.UTF-8"}
    summary = folder / "summary.json"
    if commands is not None:
        lines = commands.splitlines()
        assert all(line.startswith("$ ") for line in lines), commands
        arguments = ["bash", "-c", "\n".join(line[2:] for line in lines)]
    elif "records.json" in files or (folder / "records.json").exists():
        arguments = [trama, "run", "mapping.yaml", "records.json", "-o", "rows.csv", "--summary", summary.name]
    else:
        arguments = [trama, "check", "mapping.yaml"]
    done = subprocess.run(arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=120, check=False)
    printed = done.stdout.decode("utf-8", errors="replace")
    shown = re.findall(r"^\S.*?\b(?:error|warning)\[(\w+)\]: ", printed, re.M)  # of check
    shown += re.findall(r"^(?:trama: |warning +|note +|  |)([A-Z][A-Z_0-9]+)(?::| |$)", printed, re.M)  # of a run
    for written in (summary, folder / "summary.json.incomplete"):
        if written.exists():
            shown += re.findall(r'"(?:code": ")?([A-Z][A-Z_0-9]+)[":]', written.read_text(encoding="utf-8"))
            written.unlink()
    return known & set(shown), done.returncode, printed


def faults_of(page, trama, known):
    """Runs the examples of a page; gives what is wrong."""
    faults = []
    for number, example in enumerate(examples_of(page), 1):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            where = f"{page.code}, example {number}"
            codes, _, printed = run_in(folder, trama, dict(example.before), known)
            if codes - ALONG.get(page.code, set()) != {page.code}:
                faults.append(f"{where}: before gives {sorted(codes)}\n{printed}")
            codes, status, printed = run_in(folder, trama, dict(example.after), known)
            if codes or status != 0:
                faults.append(f"{where}: after gives {sorted(codes)} and exit {status}\n{printed}")
    return faults


def form_faults(pages, document, known):
    """What is wrong in a document that shows without running it."""
    names = [page.code for page in pages]
    faults = [f"{document}: {code} has no page" for code in sorted(known - set(names))]
    faults += [f"{document}: no code is called {name}" for name in names if name not in known]
    if names != sorted(set(names)):
        faults.append(f"{document}: the pages are not in alphabetical order, each once")
    for page in pages:
        if len(page.prose) < 2:
            faults.append(f"{document}: {page.code}: a page is what the code means, and then what to do")
        elif len(page.prose[0]) > MEANING_AT_MOST or not page.prose[0].endswith("."):
            faults.append(f"{document}: {page.code}: its first paragraph is one sentence of at most {MEANING_AT_MOST} characters")
        if bool(page.blocks) == (page.code in WITHOUT_EXAMPLE):
            faults.append(f"{document}: {page.code}: an example is there or has a reason not to be")
    return faults


def screen_faults(pages, trama, language):
    """What `trama error` shows of a document is all of it, without marks, and fits a screen; and its list has every code."""
    faults = []

    def shown(*arguments):
        done = subprocess.run([trama, "error", *arguments, "--lang", language], capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode != 0 or done.stderr:
            faults.append(f"trama error {' '.join(arguments)} --lang {language}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    listed = " ".join(shown().split())
    for page in pages:
        if f"{page.code} {page.prose[0].replace('`', chr(39))}" not in listed:
            faults.append(f"trama error --lang {language} does not list {page.code} with what it means")
        text = shown(page.code.lower())
        lines = text.splitlines()
        if lines[:1] != [page.code]:
            faults.append(f"trama error {page.code} --lang {language} begins with {lines[:1]}")
        prose = " ".join(line for line in lines if not line.startswith("    "))
        for paragraph in page.prose:
            if paragraph.replace("`", "'") not in prose:
                faults.append(f"trama error {page.code} --lang {language} does not show: {paragraph}")
        for line in "\n".join(content for _, content in page.blocks).splitlines():
            if line and "    " + line not in lines:
                faults.append(f"trama error {page.code} --lang {language} does not show: {line}")
        if "`" in prose or "](" in prose or any(len(line) > 80 for line in lines if not line.startswith("    ")):
            faults.append(f"trama error {page.code} --lang {language} does not fit a screen:\n{text}")
    return faults


def languages():
    """Of each language that has error pages: its tag, and their document."""
    rows = re.findall(r'^TRAMA_LANGUAGE\(\w+, "(\w+)", "[^"]*", "([^"]+)"\)', (ROOT / "src/text/languages.inc").read_text(encoding="utf-8"), re.M)
    if len(rows) < 2 or rows[0][0] != "en":
        sys.exit(f"src/text/languages.inc is not read as it should be: {rows}")
    return dict(rows)


def main():
    trama, *wanted = sys.argv[1:]
    known = known_codes()
    documents = languages()
    pages = {tag: pages_of(ROOT / "mappings" / document) for tag, document in documents.items()}
    faults = [fault for tag, document in documents.items() for fault in form_faults(pages[tag], document, known)]
    english = pages["en"]
    for tag, document in documents.items():
        for one, other in zip(english, pages[tag]):
            if one.code == other.code and one.blocks != other.blocks:
                faults.append(f"{one.code}: the examples of {document} are not those of {documents['en']}")
            if tag != "en" and one.code == other.code and one.prose == other.prose:
                faults.append(f"{one.code}: not translated in {document}")
    chosen = [page for page in english if not wanted or page.code in wanted]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda page: faults_of(page, pathlib.Path(trama).resolve(), known), chosen):
            faults += found
    if not wanted:
        for tag in documents:
            faults += screen_faults(pages[tag], trama, tag)
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(english)} pages in {len(documents)} languages, {sum(len(examples_of(page)) for page in chosen)} examples run")


if __name__ == "__main__":
    main()
