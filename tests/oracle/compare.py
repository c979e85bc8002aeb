"""A generated mapping with its records, run through trama and held against the oracle."""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import yaml_out
from columns import HELPER_NOTICES, UNKNOWN_NOTICES
from never_found import never_found
from oracle import Oracle
from values import Unsure
from writers import Writer, lines_of_list

TIMEOUT_SECONDS = 120
SHARED_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
EXITS = (0, 1, 2, 6)
DIAGNOSTIC = re.compile(r"error\[([A-Z_0-9]+)\]")
NOTICES = {*HELPER_NOTICES.values(), *UNKNOWN_NOTICES.values(), "UNKNOWN_WRITTEN", "RATE_OF_EARLIER_DAY", "ITEMS_BLANK"}
NO_RECORD = {"JSON_INVALID", "TEXT_NOT_UTF8", "ERROR_BODY", "RECORDS_NOT_FOUND"}
KINDS = ("missing", "null", "empty")


class Case:
    """A mapping, its files and the records that the oracle is sure about."""

    def __init__(self, batch, lines=None):
        self.batch = batch
        self.mapping = batch.mapping
        self.oracle = Oracle(self.mapping, batch.files)
        self.writer = Writer(self.oracle)
        lines = batch.lines if lines is None else lines
        if batch.in_documents():
            lines = [line for line in lines if not self.oracle.is_broken(line)]
        self.lines, self.answers, self.open = sure(self.oracle, self.writer, lines)

    def expected_rows(self):
        head = self.writer.rows([])
        return head + b"".join(self.rows_of(answer) for answer in self.answers)

    def rows_of(self, answer):
        """The bytes of a record's rows alone."""
        return self.writer.rows(answer.rows, answer.rest, answer.key)[len(self.writer.rows([])) :]

    def run(self, trama):
        """What trama made of it."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-oracle-", dir=SHARED_MEMORY))
        try:
            self.batch.write(folder, self.lines)
            return Outcome(folder, trama, self.mapping["output"]["format"])
        finally:
            shutil.rmtree(folder)


class Outcome:
    """Exit code, rows, rejects and summary of one run."""

    def __init__(self, folder, trama, form):
        command = [trama, "run", "mapping.yaml", "input", "-o", "out", "--rejects", "rejects.jsonl", "--summary", "sum.json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
        self.exit = done.returncode
        self.messages = done.stderr.decode("utf-8", "replace")
        rows = first_file(folder, "out")
        self.rows = lines_of_list(rows) if rows is not None and form == "json" else rows
        rejects = (first_file(folder, "rejects.jsonl") or b"").splitlines()
        self.rejects = {r["record"]: r for r in map(json.loads, rejects)}
        summary = first_file(folder, "sum.json")
        self.summary = json.loads(summary) if summary else None

    def refused_by_check(self):
        """The codes with which the mapping was refused, or none."""
        return sorted(set(DIAGNOSTIC.findall(self.messages))) or ["?"] if self.exit == 3 else []


def first_file(folder, name):
    made = [folder / n for n in (name, name + ".incomplete") if (folder / n).exists()]
    return made[0].read_bytes() if made else None


def sure(oracle, writer, lines):
    """The lines and answers without those that are open, and why. Duplicates depend on the others: repeated until stable."""
    reasons = collections.Counter()
    while True:
        answers = oracle.answers(lines)
        for answer in answers:
            try:
                writer.rows(answer.rows, answer.rest, answer.key)
            except Unsure as e:
                answer.unsure = str(e)
        reasons.update(a.unsure for a in answers if a.unsure)
        if not any(a.unsure for a in answers):
            return lines, answers, reasons
        lines = [line for line, answer in zip(lines, answers) if not answer.unsure]


def error_pairs(reject):
    return {(e["code"], e.get("column") or e.get("rule")) for e in reject["errors"]}


def differences(case, made):
    """(record or None, text) pairs, none where both agree."""
    if made.exit == 4 and all({code for code, _ in answer.errors} & NO_RECORD for answer in case.answers):
        return []  # not one record in it
    if made.exit not in EXITS or made.rows is None:
        return [(None, f"exit {made.exit}\n{made.messages[:3000]}")]
    found = []
    for number, answer in enumerate(case.answers, 1):
        theirs = error_pairs(made.rejects[number]) if number in made.rejects else set()
        if not answer.errors <= theirs <= answer.errors | answer.perhaps:
            found.append((number, f"oracle {shown(answer.errors)}\ntrama  {shown(theirs)}"))
    if not found and made.rows != case.expected_rows():
        found.append(first_row_difference(case, made.rows))
    return found or [(None, text) for text in count_differences(case, made) + exit_differences(case, made)]


def first_row_difference(case, rows):
    mine = b""
    header = case.writer.rows([])
    for number, answer in enumerate(case.answers, 1):
        piece = case.rows_of(answer)
        start = len(header) + len(mine)
        if rows[start : start + len(piece)] != piece:
            theirs = rows[start : start + len(piece) + 40]
            return number, f"oracle {piece!r}\ntrama  {theirs!r}"
        mine += piece
    return None, f"header or end: oracle {case.expected_rows()[-300:]!r}\ntrama {rows[-300:]!r}"


def count_differences(case, made):
    """What the summary counts: records, rows, and what columns left blank."""
    read = [answer for answer in case.answers if not answer.unread]
    mine = {
        "read": len(read),
        "rejected": sum(bool(a.errors) for a in read),
        "skipped": sum(a.skipped for a in read),
        "duplicates": sum(a.duplicate for a in read),
    }
    mine["written"] = mine["read"] - mine["rejected"] - mine["skipped"] - mine["duplicates"]
    theirs = made.summary["records"]
    found = [f"{w}: oracle {n}, trama {theirs[w]}" for w, n in mine.items() if theirs[w] != n]
    rows = sum(len(a.rows) for a in read)
    if rows != made.summary["rows"]:
        found.append(f"rows: oracle {rows}, trama {made.summary['rows']}")
    return found + blank_differences(case, made, read) + notice_differences(case, made, read)


def blank_differences(case, made, read):
    """By column. Of what computes from other columns the kind of a blank is open, and so is what `unknown` left blank."""
    found = []
    counted = {c["name"]: c for c in made.summary["columns"]}
    for name, column in case.oracle.columns.items():
        if not column.sources() or column.word("unknown") == "write-blank" or name not in counted:
            continue
        notes = collections.Counter(n[name] for a in read for n in a.notes if name in n)
        theirs = counted[name]
        mine = {k: notes[k] for k in KINDS}
        if not case.oracle.levels:  # how often it is told of several rows is open
            mine.update({"defaults": notes["default"], "wrong_not_rejected": notes["wrong"]})
        wrong = [f"{k}: oracle {n}, trama {theirs[k]}" for k, n in mine.items() if theirs[k] != n]
        if wrong:
            found.append(f"counts of {name}: " + ", ".join(wrong))
    return found


def notice_differences(case, made, read):
    """What is counted beside the rows, column by column. How often for an amount of several rows is open."""
    if case.oracle.levels or "notices" not in made.summary:
        return []
    mine = sum((answer.notices for answer in read), collections.Counter())
    theirs = {(n["code"], n["column"]): n["count"] for n in made.summary["notices"] if "column" in n}
    softened = {name for name, column in case.oracle.columns.items() if "when_wrong" in column.spec}
    found = []
    for code, name in sorted({*mine, *theirs}):
        if code == "RATE_OF_EARLIER_DAY" and any("through" in t for t in case.mapping.get("tables", {}).values()):
            continue  # of two rates, each of its day
        if code in NOTICES and name.split("[*]")[0] not in softened and mine[code, name] != theirs.get((code, name), 0):
            found.append(f"{code} of {name}: oracle {mine[code, name]}, trama {theirs.get((code, name), 0)}")
    return found


def exit_differences(case, made):
    if case.oracle.mapping.get("limits", {}).get("fields_never_found") == "ignore":
        return []
    sure_fields, perhaps = never_found(case.oracle, case.lines, case.answers)
    alerts = made.summary["alerts"]
    told = {alert["where"].split("[*]")[0] for alert in alerts if alert["code"] == "FIELD_NEVER_FOUND"}
    found = []
    if any(answer.stops for answer in case.answers):
        sure_fields, perhaps = set(), set()  # what was not read may have them
    if not sure_fields <= told <= sure_fields | perhaps:
        found.append(f"FIELD_NEVER_FOUND: oracle {sorted(sure_fields)} (perhaps {sorted(perhaps)}), trama {sorted(told)}")
    if any(answer.stops for answer in case.answers):
        expected = (2,)
    elif told and case.oracle.mapping.get("limits", {}).get("fields_never_found") == "stop":
        expected = (2,)
    elif any(answer.errors for answer in case.answers):
        expected = (1, 6)
    else:
        expected = (1,) if told else (0,)
    if made.exit not in expected:
        found.append(f"exit: oracle {expected}, trama {made.exit}")
    return found


def shown(errors):
    return ", ".join(f"{code} {column or '-'}" for code, column in sorted(errors, key=str)) or "no error"


def smaller(case, number, trama):
    """The same kind of disagreement with as few records, columns and sections as it takes."""

    def differs(guess):
        try:
            made = Case(guess)
            outcome = made.run(trama)
            left = [] if outcome.refused_by_check() else differences(made, outcome)
        except (KeyError, ValueError, StopIteration):
            return None  # another column or a rule names what was left out
        return (made, left) if left and left[0][0] is not None else None

    if number is None:
        return case, None
    alone = differs(case.batch.with_lines([case.lines[number - 1]]))
    best = alone or differs(case.batch.with_lines(case.lines))
    if not best:
        return case, number
    for section in ("rules", "only", "limits", "duplicates", "rows"):
        if section in best[0].mapping:
            best = differs(best[0].batch.without_section(section)) or best
    for name in list(best[0].mapping["columns"]):
        if len(best[0].mapping["columns"]) > 1:
            best = differs(best[0].batch.without_column(name)) or best
    return best[0], best[1][0][0]


def report(title, case, number, text, trama):
    small, place = smaller(case, number, trama)
    outcome = small.run(trama)
    again = differences(small, outcome) if not outcome.refused_by_check() else []
    out = f"--- {title}, record {number}\n" + yaml_out.dump(small.batch.written())
    for name, content in small.batch.files.items():
        out += f"# {name}: {content[:600]!r}\n"
    if place and len(small.lines) < 3:
        out += "\n".join(str(getattr(line, "text", line).decode("utf-8", "backslashreplace"))[:3000] for line in small.lines)
    elif place:
        out += small.lines[place - 1].decode("utf-8", "backslashreplace")[:2000]
    return out + "\n" + (again[0][1] if again else text) + "\n"
