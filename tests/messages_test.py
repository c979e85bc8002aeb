#!/usr/bin/env python3
"""The catalogue of messages: every message is translated, no translation has other places than the English one, and
the folders that report say nothing that is not in the catalogue. Words that values of errors carry in English (said_…, base/phrases/step.inc)
are those that the sources say.

What it does not see: a word alone ("nothing"), English that is put together of single words, and texts that come from
elsewhere (RE2, yaml-cpp, the system).
"""
import glob
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SRC = os.path.join(ROOT, "src")

loader = importlib.machinery.SourceFileLoader("messages", os.path.join(ROOT, "scripts", "messages"))
messages = importlib.util.module_from_spec(importlib.util.spec_from_loader("messages", loader))
sys.dont_write_bytecode = True
loader.exec_module(messages)

FOLDERS = ("mapping", "plan", "source", "sink", "run", "infer", "signature", "engine", "report", "http", "service", "pull", "push", "receive", "readiness", "cli")
# Texts in them that are no part of a message.
NO_MESSAGES = {
    "cli/completion.cpp": r"(?s).*",  # code for shells; what it says to people is of the table of the command line
    "cli/man_page.cpp": r'\.[\\"]+ printed by: trama man| [\\"]+trama ',  # a comment of roff; the name
    "mapping/fields.cpp": r" records?|(true|false), .*",  # what a mapping may hold
    "mapping/open_decisions.h": r"one of: ",  # of the form of a value
    "infer/trade_words.inc": r"[a-z -]+",  # of names
    "mapping/read_input.cpp": r"first, last, none",
    "mapping/yaml_errors.cpp": r"(end of|illegal|alias not|the referenced anchor|unknown|invalid|bad character) .*",  # of yaml-cpp
    "plan/check_words.cpp": r" .*",  # names of secrets
    "plan/dump.cpp": r".*",  # the plan, for us
    "engine/mapping_profile.cpp": r"trama profile | --record ",  # a command to be typed
    # Values of reports, which the run shows as they are.
    "plan/compile_rules.cpp": r"from ",
    "plan/compile_lookup.cpp": r"the lookup of ",
    "plan/compile_money.cpp": r"the lookup of |the currency",
    "plan/row_schema.cpp": r"nothing here .*|type |enum |no other fields .*|anything but .*| of the | alternatives \(|exactly one",
    "run/key_state.cpp": r"a .*",
    "run/split_mapper.cpp": r" of | in record |its end cannot be found, .*",
    "engine/coverage.cpp": r" of ",  # of what a column has in its place
    # For programs.
    "signature/scheme.cpp": r"\{timestamp\}, \{id\}, \{body\}",  # what a scheme may sign
    "engine/scheme_file.cpp": r"hex, base64|text, base64|\{header: NAME\}",  # what a scheme may say
    "report/metrics.cpp": r" gauge\\n|[A-Z][^{}]*\.",  # what Prometheus shows beside a metric
    "report/runs_words.cpp": r"%lld (min|h) %02lld (s|min)",  # symbols of units
    "sink/csv.cpp": r"Lines of cells, .*",  # of the editor schema
    "sink/json.cpp": r"One list of JSON objects\.",
    "sink/ndjson.cpp": r"One JSON object a line\.",
    "sink/xlsx.cpp": r"A workbook for Excel .*",
    "sink/xlsx_cells.cpp": r"yyyy-mm-dd hh:mm:ss",  # as Excel calls the parts of a time
    "sink/workbook_proof.cpp": r"<\?xml ",
    "report/run_sheet.cpp": r"trama ",
    "sink/parquet.cpp": r"trama version |A Parquet file: .*",
    "sink/parquet_rows.cpp": r"PLAIN is copied .*",  # a static_assert
    "sink/postgresql.cpp": r"A table of .*",
    "sink/sqlite.cpp": r"A table of .*",
    "cli/mapping_run.cpp": r"SQLite format 3\\0",
    "sink/publish.cpp": r"trama publishing 1| yes| no|\\nrun ",  # of the journal
    "run/rejects_source.cpp": r"keep | of |; others: .*",  # the terms of rejects
    "report/reject.cpp": r"the record is not JSON, .*",  # "source_hidden"
    "report/run_words.cpp": r"row |trama replay| --state ",
    "report/run_html.cpp": r"trama (check |error |)",
    "cli/watch_command.cpp": r"mv ",
    "http/client.cpp": r"gzip, deflate",  # of HTTP
    "service/authorizer.cpp": r"Basic |Bearer ",
    "service/exchange.cpp": r" ms| min",
    "push/row.cpp": r" |delete|write",
    "service/service_file.cpp": r"([a-z_, -]|\{[a-z]+\})+",  # words of the language
    "push/target_file.cpp": r"body: none|method: DELETE",
    "readiness/points.inc": r".*",  # words of the language
    "readiness/readiness.cpp": r"[a-z_ ]+",
    "pull/source_file.cpp": r"([a-z_, -]|\{[a-z]+\})+",  # words of the language
    "service/service_words.inc": r"[A-Za-z, -]+",
    "receive/event_store.cpp": r"(PRAGMA|INSERT|DELETE|UPDATE|SELECT) .*",  # SQL
    "receive/receive.cpp": r"text/plain; .*|GET, HEAD",  # of HTTP
    "receive/receive_counts.cpp": r"[A-Z][^{}]*\.",  # what Prometheus shows beside a metric
    "cli/pull_command.cpp": r" ms|trama run MAPPING | --state ",
    "cli/command_line.cpp": r"trama ",
    "cli/option_parser.cpp": r" is required|Could not convert: | missing| required ",  # of CLI11
    "cli/schema_command.cpp": r".*\$schema.*|.*additionalProperties.*",
    "report/findings_report.cpp": r" file=|.*<(testsuite|testcase|failure) .*",  # of GitHub, and JUnit
    "report/profile_json.cpp": r"Bearer ",
    "report/html_page.cpp": r"default-src .*|width=device-width, .*|0 0 10+ 10|<!DOCTYPE html>\\n| is-",  # of HTML
    "report/html_style.h": r"Segoe UI|Noto Sans|Liberation (Sans|Mono)",  # fonts
    "cli/check_command.cpp": r"trama check",
    "cli/init_command.cpp": r"cd |trama test mappings|trama run ",  # commands
    "cli/embed_init.cmake": r".*",
    "cli/profile_command.cpp": r"trama profile | --record ",
}
# As a mapping writes it: 'from: {list: …}', no_rate_that_day: use-previous.
OF_THE_LANGUAGE = re.compile(r"'?[a-z_]+: ?(\{[a-z]+: …\}|[a-z-]+)'?")

LITERAL = r'"(?:[^"\\\n]|\\.)*"'
TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|^#include[^\n]*|'(?:[^'\\\n]|\\.[0-9a-fA-F]*)'|(?P<text>" + LITERAL + r"(?:\s*" + LITERAL + r")*)",
    re.S | re.M)
WORDS = re.compile(r"[A-Za-z]{2,}[^A-Za-z0-9]*( [a-z])? [^A-Za-z0-9]*[A-Za-z]{2,}|\b[Aa]n? [a-z]{2,}|^ [a-z]{2,}|[a-z]{2,} $")


def literals(source):
    """The string literals of a C++ file, with their lines; neighbours are one."""
    for m in TOKEN.finditer(source):
        if m.group("text"):
            yield source.count("\n", 0, m.start()) + 1, "".join(messages.STRING.findall(m.group("text")))


def problems_of_translations():
    wanted = list(messages.tables())
    for path in glob.glob(os.path.join(SRC, "text", "*.po")):
        name = os.path.basename(path)
        _, there = messages.read_po(path)
        yield from messages.problems(wanted, name, there)
        if shutil.which("msgfmt"):
            ran = subprocess.run(["msgfmt", "--check", "-o", os.devnull, path], capture_output=True, text=True, check=False)
            if ran.returncode != 0:
                yield f"msgfmt --check: {ran.stderr}"


def problems_of_sources():
    for folder in FOLDERS:
        for path in sorted(glob.glob(os.path.join(SRC, folder, "*.*"))):
            name = f"{folder}/{os.path.basename(path)}"
            if name == "mapping/words.inc":
                continue  # the words of the language and what the guide says about them
            with open(path, encoding="utf-8") as f:
                source = f.read()
            allowed = re.compile(NO_MESSAGES.get(name, r"(?!)"))
            for line, text in literals(source):
                if WORDS.search(text) and not OF_THE_LANGUAGE.fullmatch(text) and not allowed.fullmatch(text):
                    yield f"src/{name}:{line}: \"{text}\" is not in the catalogue (base/phrases/{folder}.inc)"


def problems_of_said_words(wanted=None):
    """A row said_… that the sources neither name nor say any more is never found again."""
    said, named = [], set()
    for path in glob.glob(os.path.join(SRC, "*", "*.*")):
        if not path.endswith((".cpp", ".h")) or os.path.dirname(path).endswith("/text"):
            continue
        with open(path, encoding="utf-8") as f:
            source = f.read()
        named |= set(re.findall(r"PhraseCode::(said_\w+)", source))
        said += [text for _, text in literals(source)]

    def ends_with(part):
        return any(text.endswith(part) for text in said)

    def begins_with(part):
        return any(text.startswith(part) for text in said)

    for message in wanted or messages.tables():
        name = message.context.removeprefix("phrase/")
        if not name.startswith("said_") or name in named:
            continue
        for part in messages.PLACE.split(message.msgid)[::2]:
            part = messages.escaped(part.strip())
            # in one literal, or put together of two
            if any(part in text for text in said):
                continue
            if not any(ends_with(part[:i]) and begins_with(part[i:]) for i in range(1, len(part))):
                yield f"base/phrases/step.inc: {name}: no source says \"{part}\""


def check_of_itself():
    """What the searches above must find."""
    found = [text for _, text in literals('f("a b"\n  "c"); // "not this"\n#include "x y"\ng(\'"\', "it is \\"d\\"");')]
    assert found == ["a bc", 'it is \\"d\\"'], found
    for text, is_message in (("take it out", True), ("' is a list", True), (" lines more", True), ("a list", True), ("from", False), ("%d: %s", False)):
        assert bool(WORDS.search(text)) == is_message, text
    bad = messages.Message("phrase/x", "a {count} b", strings=["un {conteo} b"])
    assert list(messages.problems_of(bad)), "a place that differs is not seen"
    assert list(messages.problems_of(messages.Message("phrase/x", "a", strings=[""]))), "a missing translation is not seen"
    assert list(problems_of_said_words([messages.Message("phrase/said_found_x", "a picture")])), "a word that nobody says is not seen"


def main():
    check_of_itself()
    problems = [*problems_of_translations(), *problems_of_sources(), *problems_of_said_words()]
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
