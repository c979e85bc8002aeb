#!/usr/bin/env python3
"""`trama trace` against `trama run`, over the oracle's generated mappings and records: what became of each record, its rows, why it
was rejected; and in itself: what it tells of a column ends in what the row has.

    tests/trace_test.py build/dev/trama [--mappings 400] [--seed 7]
"""

import argparse
import collections
import csv
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "oracle"))

import batches  # noqa: E402

SCHEMA = jsonschema.Draft7Validator(json.loads((ROOT / "schemas" / "trace.schema.json").read_text(encoding="utf-8")))
RECORDS = 10  # of a mapping
TRACED = 6  # of them
SHOWN_ERRORS = 20  # kShownErrors
REFUSED_AT_MOST = 0.4  # of the mappings: `check` refuses some words in CSV
csv.field_size_limit(1 << 30)


def in_csv(mapping):
    """The same mapping, its rows as CSV that say which record they are of."""
    output = {key: value for key, value in mapping["output"].items() if key in ("decimal_mark", "thousands_mark", "separator", "blank_rows")}
    if mapping["output"]["format"] != "csv":
        output = {"decimal_mark": "."}
    columns = {name: {k: v for k, v in column.items() if k != "blank_as"} if isinstance(column, dict) else column
               for name, column in mapping["columns"].items()}  # fmt: skip
    return {**mapping, "columns": columns, "output": {**output, "format": "csv", "audit_columns": ["record"]}}


class Ran:
    """One run: rows and reasons by record."""

    def __init__(self, program, folder):
        files = {name: folder / name for name in ("rows.csv", "rejects", "summary")}
        done = subprocess.run([program, "run", "mapping.yaml", "input", "-o", "rows.csv", "--rejects", "rejects", "--summary", "summary",
                               "--threads", "1"], cwd=folder, capture_output=True, text=True, check=False)  # fmt: skip
        self.exit, self.message = done.returncode, done.stderr
        if not files["summary"].exists():  # nothing was published
            files = {name: folder / f"{name}.incomplete" for name in files}
        self.is_there = files["summary"].exists()
        if not self.is_there:
            return
        self.records = json.loads(files["summary"].read_text(encoding="utf-8"))["records"]
        self.rows, self.rejects = collections.defaultdict(list), {}
        rows = files["rows.csv"]
        self.text = rows.read_bytes().decode() if rows.exists() else ""
        if files["rejects"].exists():
            for line in files["rejects"].read_bytes().decode().split("\n")[:-1]:
                reject = json.loads(line)
                self.rejects[reject["record"]] = reject["errors"]

    def read_rows(self, separator):
        lines = list(csv.reader(io.StringIO(self.text, newline=""), delimiter=separator))
        header = lines[0] if lines else []
        for line in lines[1:]:
            row = dict(zip(header, line))
            self.rows[int(row.pop("record"))].append(row)


def cell_text(cell):
    return cell.get("text", "")


def same_cell(cell, text):
    shown = cell_text(cell)
    return text.startswith(shown[:-1]) if shown.endswith("…") else shown == text


def reasons(errors):
    """What a run and a trace both say: code, column or rule, place in the data and in the mapping."""
    return [(e["code"], e.get("column", e.get("rule", e.get("where"))), (e.get("data_at") or "").split(":")[-2:], e.get("mapping_at"))
            for e in errors]  # fmt: skip


def all_columns(columns):
    for column in columns:
        yield column
        yield from all_columns(column.get("columns", []))


class Wrong(Exception):
    pass


def same(what, told, expected):
    if told != expected:
        raise Wrong(f"{what}: told {told!r}, expected {expected!r}")


def compare(trace, ran, number):
    SCHEMA.validate(trace)
    if number in ran.rejects:
        same("state", trace["state"], "rejected")
        shown = ran.rejects[number][:SHOWN_ERRORS]
        is_rate = [error["code"] == "RATE_MISSING" for error in shown]  # a screen has no place of the data for it
        told = [one if not rate else (*one[:2], [""], one[3]) for one, rate in zip(reasons(trace["errors"]), is_rate)]
        expected = [one if not rate else (*one[:2], [""], one[3]) for one, rate in zip(reasons(shown), is_rate)]
        told = [one if one[1] != "duplicates" else (one[0], None, *one[2:]) for one in told]
        expected = [one if one[1] != "duplicates" else (one[0], None, *one[2:]) for one in expected]
        same("errors", [(a, b, [part for part in c if part], d) for a, b, c, d in told],
             [(a, b, [part for part in c if part], d) for a, b, c, d in expected])  # fmt: skip
        same("more errors", trace.get("more_errors", 0), max(0, len(ran.rejects[number]) - SHOWN_ERRORS))
        lines = {(line["reason"]["code"], column["column"]) for column in all_columns(trace["columns"]) for line in column["lines"]
                 if line["kind"] in ("error", "warning")}  # fmt: skip
        for error in shown:
            if "column" in error and error["code"] not in ("AMOUNTS_DIFFER", "CURRENCIES_DIFFER", "SCHEMA_BROKEN") and trace["columns"]:
                # amounts of several rows that must agree are compared behind the columns
                if (error["code"], error["column"]) not in lines and not error.get("message", "").startswith("the rows of"):
                    if not any(column.get("failed") for column in all_columns(trace["columns"]) if column["column"] == error["column"]):
                        return "beside"
        return "rejected"
    if number not in ran.rows:
        if trace["state"] not in ("skipped", "duplicate"):
            raise Wrong(f"state: told {trace['state']}, and the run has neither rows nor a reject")
        same("rows", trace["rows"], [])
        return trace["state"]
    same("state", trace["state"], "written")
    rows = ran.rows[number]
    same("number of rows", len(trace["rows"]) + trace.get("more_rows", 0), len(rows))
    for told, row in zip(trace["rows"], rows):
        same("columns", list(told), list(row))
        for name, cell in told.items():
            if not same_cell(cell, row[name]):
                raise Wrong(f"{name}: told {cell!r}, the row has {row[name]!r}")
    if len(rows) == 1:  # what is told of a column ends in what the row has
        for column in trace["columns"]:
            name = column["column"]
            if column.get("internal") or column.get("left_out") or name not in trace["rows"][0] or column["type"] == "list":
                continue
            end = column["lines"][-1]["value"] if column["lines"] and column["lines"][-1]["kind"] == "written" else column["value"]
            if "hidden" not in end and not same_cell(trace["rows"][0][name], end.get("text", "")) and not end.get("text", "").endswith("…"):
                raise Wrong(f"{name}: its lines end with {end!r}, the row has {trace['rows'][0][name]!r}")
    return "written"


def trace_of(program, folder, *which):
    done = subprocess.run([program, "trace", "mapping.yaml", "input", "--format", "json", *map(str, which)], cwd=folder,
                          capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode:
        raise Wrong(f"trace {which}: exit {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def one_mapping(program, seed, counts):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="trama-trace-"))
    rng = random.Random(seed)
    try:
        batch = batches.batch(seed, rng.choice(["all", "all", "shapes", "money9"]), RECORDS)
        batch.mapping = in_csv(batch.mapping)
        batch.write(folder, batch.lines)
        ran = Ran(program, folder)
        counts["mappings"] += 1
        if ran.exit == 3 or not ran.is_there:
            counts["refused"] += 1
            return None
        ran.read_rows(batch.mapping["output"].get("separator", ",").replace("\\t", "\t"))
        read = ran.records["read"]
        for number in rng.sample(range(1, read + 1), min(TRACED, read)):
            try:
                counts[compare(trace_of(program, folder, "--record", number), ran, number)] += 1
                text = subprocess.run([program, "trace", "mapping.yaml", "input", "--record", str(number), "--lang", rng.choice(["en", "es"])],
                                      cwd=folder, capture_output=True, text=True, check=True).stdout  # fmt: skip
                if any(len(line) > 100 for line in text.splitlines() if line.isascii()):
                    raise Wrong("a line is wider than 100 columns")
            except (Wrong, jsonschema.ValidationError) as wrong:
                kept = folder.with_name(folder.name + "-kept")
                shutil.copytree(folder, kept, dirs_exist_ok=True)
                return f"seed {seed}, record {number}, in {kept}: {str(wrong)[:1500]}"
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def shipped(program):
    """Every record of every shipped mapping's sample, by number and by id; gzip and standard input give the same."""
    for mapping in sorted((ROOT / "mappings").glob("*.yaml")):
        for sample in (ROOT / "samples").glob(mapping.stem.replace("reservas-basico", "reservas") + ".*"):
            number = 1
            while True:
                done = subprocess.run([program, "trace", mapping, sample, "--record", str(number), "--format", "json"], capture_output=True,
                                      text=True, check=False)  # fmt: skip
                if done.returncode:
                    assert done.returncode == 64 and "there is no record" in done.stderr, done
                    break
                trace = json.loads(done.stdout)
                SCHEMA.validate(trace)
                piped = subprocess.run([program, "trace", mapping, "-", "--record", str(number), "--format", "json"],
                                       input=sample.read_bytes(), capture_output=True, check=True)  # fmt: skip
                same = piped.stdout.decode().replace('"-:', f'"{sample}:').replace('"input": "-"', f'"input": "{sample}"')
                assert same == done.stdout, (mapping, number)
                if trace.get("id") and not trace["id"].startswith("(hidden"):
                    by_id = subprocess.run([program, "trace", mapping, sample, "--id", trace["id"], "--format", "json"], capture_output=True,
                                           text=True, check=True)  # fmt: skip
                    assert json.loads(by_id.stdout)["id"] == trace["id"]
                number += 1
            assert number > 1, sample


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("trama")
    words.add_argument("--mappings", type=int, default=60)
    words.add_argument("--seed", default="7")
    options = words.parse_args()
    program = os.path.abspath(options.trama)
    counts, failed = collections.Counter(), 0
    for number in range(options.mappings):
        if found := one_mapping(program, f"{options.seed}/{number}", counts):
            print(found, flush=True)
            failed += 1
    shipped(program)
    print(", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    if counts["refused"] > REFUSED_AT_MOST * counts["mappings"]:
        print("too many mappings are refused by check")
        failed += 1
    for state in ("written", "rejected", "skipped"):
        if counts[state] < options.mappings / 20:
            print(f"too few records are {state}")
            failed += 1
    if counts["beside"] > 0.02 * counts["rejected"]:
        print("too many reasons are told beside their columns")
        failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
