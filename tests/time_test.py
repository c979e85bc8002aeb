#!/usr/bin/env python3
"""Nothing takes more than n log n: each shape of mapping, table, record or dump is doubled twice, and the instructions that come with the
second doubling may be at most 2.6 times those that came with the first.

    tests/time_test.py build/release/trama             all shapes (an optimised build; about five minutes)
    tests/time_test.py build/dev/trama --quick         some of them, smaller
    tests/time_test.py TRAMA NAME…                     those whose names hold one of the words

Instructions are counted by valgrind's callgrind, so that the answer is the same on any machine and under any load; what the program does
before it looks at its input falls out of the differences. Without valgrind nothing is tested (exit 77).
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

MOST = 2.6
SHAPES = []


def shape(n, *, exits=(0, 1, 2, 3), quick=False, command=None):
    """Registers a function of n that gives the files of a run: "m.yaml", and "in" unless it is a check. `command`: another than those."""
    def add(make):
        SHAPES.append((make.__name__, n, make, exits, quick, command))
        return make
    return add


def mapping(words="", columns="  A: a\n", output="{format: csv, header: no, blank_rows: keep}"):
    return f"mapping: m\nversion: 1\n{words}columns:\n{columns}output: {output}\n"


def lines(n, line):
    return "".join(line(i) for i in range(n))


def listed(n, item):
    return ", ".join(item(i) for i in range(n))


# Mappings -------------

@shape(100, quick=True)
def columns(n):
    return {"m.yaml": mapping(columns=lines(n, lambda i: f"  C{i}: {{from: a.b{i}, type: integer, when_missing: 0}}\n"))}


@shape(100)
def columns_of_dotted_names(n):
    return {"m.yaml": mapping(columns=lines(n, lambda i: f"  o.p{i}.q: a{i}\n"), output="{format: ndjson}")}


@shape(60)
def columns_that_need_one_another(n):
    return {"m.yaml": mapping(columns="  C0: {from: a, type: integer}\n" + lines(n, lambda i: f"  C{i + 1}: {{compute: C{i} + 1}}\n")),
            "in": '{"a":1}\n'}


@shape(100)
def columns_with_null_words(n):
    return {"m.yaml": mapping(f"input: {{null_words: [{listed(n, lambda i: f'w{i}')}]}}\n", lines(n, lambda i: f"  C{i}: c{i}\n")),
            "in": '{"a":1}\n' * 10}


@shape(2000, quick=True)
def null_words(n):
    return {"m.yaml": mapping(f"input: {{null_words: [{listed(n, lambda i: f'w{i}')}]}}\n"), "in": lines(n, lambda i: '{"a":"w%d"}\n' % i)}


@shape(40)
def date_formats(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: date, read: [%s]}\n" % listed(n, lambda i: f'"YYYY-MM-DD(z{i})"'))}


@shape(500, quick=True)
def values_of_is(n):
    return {"m.yaml": mapping(columns="  A: {from: {list: l, where: n, is: [%s], take: k}}\n" % listed(n, lambda i: f"z{i}")),
            "in": '{"l":[%s]}' % ",".join('{"n":"n%d","k":1}' % i for i in range(n))}


@shape(1000)
def values_of_one_of(n):
    return {"m.yaml": mapping(columns="  A: {from: a, one_of: [%s]}\n" % listed(n, lambda i: f"z{i}")), "in": lines(n, lambda i: '{"a":"z%d"}\n' % i)}


@shape(100)
def choices(n):
    choose = lines(n, lambda i: f"    - {{when: \"B = 'x{i}'\", write: y{i}}}\n")
    return {"m.yaml": mapping(columns="  B: b\n  A:\n    choose:\n" + choose + "    - {else: z}\n"), "in": '{"b":"x"}\n'}


@shape(60)
def first_of_paths(n):
    return {"m.yaml": mapping(columns="  A: {first_of: [%s]}\n" % listed(n, lambda i: f"p{i}.q")), "in": '{"a":1}\n'}


@shape(200, quick=True)
def rules(n):
    return {"m.yaml": mapping() + "rules:\n" + lines(n, lambda i: f"  - {{name: r{i}, check: \"A != 'x{i}'\"}}\n"), "in": '{"a":1}\n'}


@shape(200)
def rules_that_are_broken(n):
    return {"m.yaml": mapping() + "rules:\n" + lines(n, lambda i: f"  - {{name: r{i}, check: \"A = 'x{i}'\"}}\n"), "in": '{"a":1}\n'}


@shape(60)
def patterns(n):
    return {"m.yaml": mapping(columns=lines(n, lambda i: f"  C{i}: {{from: a, pattern: \"[a-z]{{1,{20 + i % 10}}}x{i}\"}}\n")), "in": '{"a":"abc"}\n'}


@shape(30)
def parts_of_a_path(n):
    return {"m.yaml": mapping(columns="".join(f"  C{c}: {'.'.join(f'p{c}x{i}' for i in range(n))}\n" for c in range(20)))}


@shape(200)
def operands_of_an_expression(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: integer}\n  B: {compute: %s}\n" % " + ".join(["A"] * n)), "in": '{"a":1}\n'}


@shape(12)
def levels_of_yaml(n):
    return {"m.yaml": mapping(columns="".join("  C%d: {from: a, x%d: %s1%s}\n" % (i, i, "[" * n, "]" * n) for i in range(30)))}


@shape(200)
def aliases_of_yaml(n):
    return {"m.yaml": mapping(columns="  C: &c {from: a, text: [trim, upper-case]}\n" + lines(n, lambda i: f"  C{i}: *c\n"))}


@shape(2000)
def comments_of_yaml(n):
    return {"m.yaml": mapping(columns="  A: a  # x\n" + "  # a comment: {not: read}\n\n" * n)}


@shape(5000)
def long_text_of_yaml(n):
    return {"m.yaml": mapping(columns="  A: {value: \"%s\"}\n  B:\n    value: >\n%s" % ("x\\u00e9" * n, "      folded\n" * n))}


@shape(250, quick=True)
def errors_of_one_line(n):
    return {"m.yaml": mapping(columns="  A: {from: a, %s}\n" % listed(n, lambda i: f"k{i}: 1"))}


@shape(200)
def errors_of_many_lines(n):
    return {"m.yaml": mapping(columns=lines(n, lambda i: f"  C{i}: {{form: a}}\n"))}


@shape(200)
def fields_of_a_schema(n):
    return {"m.yaml": mapping(output="{format: ndjson, schema: s.json}"),
            "s.json": '{"type":"object","required":[%s]}' % listed(n, lambda i: f'"n{i}"')}


@shape(150)
def names_that_are_unknown(n):
    return {"m.yaml": mapping(columns=lines(n, lambda i: f"  Column{i}: a{i}\n") + lines(n, lambda i: f"  D{i}: {{compute: Colunm{i} + 1}}\n"))}


@shape(40)
def tests_of_a_mapping(n):
    return {"m.yaml": mapping() + "tests:\n" + lines(n, lambda i: f"  - {{name: t{i}, given: {{a: {i}}}, expect: {{A: \"{i}\"}}}}\n")}


# Tables -------------

@shape(500, quick=True)
def pairs_of_a_table(n):
    return {"m.yaml": mapping("tables:\n  t:\n" + lines(n, lambda i: f"    k{i}: v{i}\n"), "  A: {from: a, lookup: t}\n"), "in": '{"a":"k1"}\n'}


@shape(1000)
def lines_of_a_table(n):
    return {"m.yaml": mapping("tables: {t: {file: t.csv, key: k, value: v}}\n", "  A: {from: a, lookup: t}\n"),
            "t.csv": "k,v\n" + lines(n, lambda i: f"key {i},value {i}\n"), "in": '{"a":"key 1"}\n'}


@shape(1000)
def lines_of_a_table_without_case(n):
    return {"m.yaml": mapping("tables: {t: {file: t.csv, key: [k, v], value: v}}\n", "  A: {by: [a, b], lookup: t, ignore_case: yes}\n"),
            "t.csv": "k,v\n" + lines(n, lambda i: f"Key {i},value {i}\n"), "in": '{"a":"key 1","b":"value 1"}\n'}


@shape(500)
def columns_of_a_table(n):
    return {"m.yaml": mapping("tables: {t: {file: t.csv, key: k, value: v}}\n", "  A: {from: a, lookup: t}\n"),
            "t.csv": "k,v," + ",".join(f"c{i}" for i in range(n)) + "\n" + "1,2," + ",".join("x" * n) + "\n"}


@shape(1000)
def lines_of_a_rate_table(n):
    days = [f"{2000 + i // 336}-{1 + i // 28 % 12:02}-{1 + i % 28:02}" for i in range(n)]
    return {"m.yaml": mapping("tables: {t: {kind: rates, file: t.csv, date: d, from: f, to: t, rate: r}}\n",
                              "  D: {from: d, type: date}\n  A: {from: a, type: money, currency: COP, convert_to: USD, rates: t, rate_date: D}\n"),
            "t.csv": "d,f,t,r\n" + "".join(f"{day},COP,USD,0.00025\n" for day in days), "in": '{"a":"1","d":"2000-01-01"}\n'}


@shape(2000)
def entries_of_a_table_in_the_dump(n):
    return {"m.yaml": mapping("input: {records: r}\ntables: {t: {inside: t}}\n", "  A: {from: a, lookup: t}\n"),
            "in": '{"t":{%s},"r":[{"a":"k1"}]}' % ",".join('"k%d":"v%d"' % (i, i) for i in range(n))}


# Records -------------

@shape(2000, quick=True)
def records(n):
    return {"m.yaml": mapping(columns="  A: a\n  N: {from: n, type: decimal}\n"), "in": lines(n, lambda i: '{"a":"x%d","n":%d.5}\n' % (i, i))}


@shape(2000)
def records_on_one_line(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: integer}\n"), "in": "[" + ",".join('{"a":"x%d"}' % i for i in range(n)) + "]"}


@shape(500, quick=True)
def records_that_are_rejected(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: integer}\n"), "in": lines(n, lambda i: '{"a":"x%d"}\n' % i)}


@shape(2000)
def fields_of_a_record(n):
    return {"m.yaml": mapping("input: {fields_nobody_uses: warn}\n"), "in": '{"a":1,%s}\n' % ",".join('"f%d":{"g":%d}' % (i, i) for i in range(n))}


@shape(2000)
def fields_of_the_rest(n):
    return {"m.yaml": mapping(output="{format: ndjson, rest: include}"), "in": '{"a":1,%s}\n' % ",".join('"f%d":{"g":%d}' % (i, i) for i in range(n))}


@shape(2000)
def keys_that_are_repeated(n):
    return {"m.yaml": mapping(), "in": '{%s,"a":1,"a":2}\n' % ",".join('"f%d":1' % i for i in range(n))}


@shape(1000, quick=True)
def items_of_rows(n):
    return {"m.yaml": mapping("rows: {one_per: l, called: x, at_most: 1000000}\n", "  A: x.n\n  B: b\n"),
            "in": '{"b":1,"l":[%s]}' % ",".join('{"n":%d}' % i for i in range(n))}


@shape(500, quick=True)
def errors_of_a_record(n):
    return {"m.yaml": mapping("rows: {one_per: l, called: x, at_most: 1000000}\n", "  A: {from: x.n, type: integer}\n"),
            "in": '{"l":[%s]}' % ",".join('{"n":"n%d"}' % i for i in range(n))}


@shape(500)
def warnings_of_a_record(n):
    return {"m.yaml": mapping("rows: {one_per: l, called: x, at_most: 1000000}\n", "  A: {from: x.n, type: integer, when_wrong: write-blank}\n"),
            "in": '{"l":[%s]}' % ",".join('{"n":"n%d"}' % i for i in range(n))}


@shape(500)
def items_that_are_skipped(n):
    return {"m.yaml": mapping("rows: {one_per: l, called: x, at_most: 1000000, bad_item: skip-item}\n", "  A: {from: x.n, type: integer}\n"),
            "in": '{"l":[{"n":1},%s]}' % ",".join('{"n":"n%d"}' % i for i in range(n))}


@shape(500)
def items_of_each(n):
    return {"m.yaml": mapping(columns="  L: {each: l, called: x, columns: {N: {from: x.n, type: integer}}}\n", output="{format: ndjson}"),
            "in": '{"l":[%s]}' % ",".join('{"n":"n%d"}' % i for i in range(n))}


@shape(500, quick=True)
def items_that_look_for_others(n):
    return {"m.yaml": mapping("rows: {one_per: l, called: x, at_most: 1000000}\n", "  A: {from: {list: l, where: n, is: {from: x.k}, take: k}}\n"),
            "in": '{"l":[%s]}' % ",".join('{"n":"n%d","k":"n%d"}' % (i, i) for i in range(n))}


@shape(300)
def lists_side_by_side(n):
    return {"m.yaml": mapping("rows: {one_per: [l, m], called: [x, y], at_most: 1000000}\n", "  A: x\n  B: y\n"),
            "in": '{"l":[%s],"m":[%s]}' % (",".join(map(str, range(n))), ",".join(map(str, range(n))))}


@shape(1000)
def parts_of_a_text(n):
    return {"m.yaml": mapping('rows: {one_per: {split: a, by: ";"}, called: x, at_most: 1000000}\n', "  A: x\n"),
            "in": '{"a":"%s"}' % ";".join(f"p{i}" for i in range(n))}


@shape(1000)
def totals_and_joined_items(n):
    return {"m.yaml": mapping(columns='  A: {from: "l[*].n", total: sum, type: integer}\n  B: {from: "l[*].n", join: ";"}\n  C: {from: "l[*].n", type: json}\n'),
            "in": '{"l":[%s]}' % ",".join('{"n":%d}' % i for i in range(n))}


@shape(20000)
def length_of_a_text(n):
    words = "text: [no-accents, title-case, one-space], replace: {\"x+\": y}"
    return {"m.yaml": mapping(columns="  A: {from: a, %s}\n" % words), "in": '{"a":"%s"}' % ("á x " * n)}


@shape(300)
def numbered_objects_as_lists(n):
    members = listed(n, lambda i: f'"{(i * 7919) % 1000003}": {{"v": {i}}}')
    return {"m.yaml": mapping("input: {format: ndjson, as_list: a}\nrows: {one_per: a, called: r}\n", '  V: r.v\n  F: "a[0].v"\n  T: {from: "a[*].v", total: count}\n'),
            "in": '{"a":{' + members + "}}\n"}


@shape(100)
def texts_that_hold_json(n):
    items = listed(n, lambda i: '{"t": "{\\"v\\": [1, \\"é\\"]}"}')
    return {"m.yaml": mapping('input: {format: ndjson, json_in_text: "a[*].t"}\n', '  V: {from: "a[*].t.v[1]", join: +}\n'),
            "in": '{"a":[' + items + "]}\n"}


@shape(100)
def length_of_a_text_that_holds_json(n):
    return {"m.yaml": mapping("input: {format: ndjson, json_in_text: a}\n", '  V: {from: "a[*]", total: sum, type: integer}\n'),
            "in": '{"a":"[' + listed(n, str) + ']"}\n'}


@shape(60)
def lines_of_a_table_by_day(n):
    return {"m.yaml": mapping("tables: {t: {file: t.csv, key: k, value: v, valid_from: f}}\n",
                              "  D: {from: d, type: date, read: YYYY-MM-DD}\n  A: {from: a, lookup: t, on: D}\n"),
            "t.csv": "k,v,f\n" + lines(n, lambda i: f"k{i % 7},v{i},{1800 + i // 300}-{i // 25 % 12 + 1:02}-{i % 25 + 1:02}\n"),
            "in": lines(n, lambda i: f'{{"a":"k{i % 7}","d":"2025-03-0{i % 9 + 1}"}}\n')}


@shape(60)
def amounts_of_items_with_currencies(n):
    items = listed(n, lambda i: f'{{"v": {i}.50, "c": "USD"}}')
    return {"m.yaml": mapping(columns='  S: {from: "x[*].v", total: sum, type: money, currency: {from: "x[*].c"}}\n'), "in": '{"x":[' + items + "]}\n"}


@shape(300)
def digits_of_a_number(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: decimal}\n"), "in": ('{"a":"%s"}\n{"a":%s}\n' % ("1" * n, "1" * n)) * 30}


@shape(30)
def levels_of_a_record(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: json}\n"), "in": ('{"a":%s1%s}\n' % ("[" * n, "]" * n)) * 100}


@shape(1000, quick=True)
def keys_of_duplicates(n):
    return {"m.yaml": mapping("duplicates: {same: a, keep: last}\n"), "in": lines(n, lambda i: '{"a":"%d","b":%d}\n' % (i % (n - 7), i))}


@shape(1000)
def keys_of_ranked_duplicates(n):
    return {"m.yaml": mapping("duplicates: {same: a, keep: {highest: b}, others: reject}\n"),
            "in": lines(n, lambda i: '{"a":"%d","b":%d}\n' % (i % (n // 2), i))}


@shape(500)
def unknown_values(n):
    return {"m.yaml": mapping("tables: {t: {b: c}}\n", "  A: {from: a, lookup: t, unknown: {write: z, and: warn}}\n"),
            "in": lines(n, lambda i: '{"a":"x%d"}\n' % i)}


@shape(30)
def inputs(n):
    return {"m.yaml": mapping(), **{f"in{i}": '{"a":1}\n' for i in range(n)}}


@shape(300, command="replay")
def rejects_that_are_run_again(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: integer}\n"), "in": lines(n, lambda i: '{"a":"x%d"}\n' % i)}


# Drafts, kept profiles, comparisons -------------

@shape(100, command="infer")
def fields_of_a_draft(n):
    return {"in": lines(4, lambda i: "{" + listed(n, lambda j: f'"field_{j}_x": "v{i * j % 7}"') + "}\n")}


@shape(40, command="infer")
def lists_of_a_draft(n):
    return {"in": lines(4, lambda i: '{"id":%d,' % i + listed(n, lambda j: f'"list_{j}_x": [{{"a": {j}, "code": "X"}}, {{"a": 2}}]') + "}\n")}


@shape(500, command="infer")
def values_of_a_draft(n):
    return {"in": lines(n, lambda i: '{"id":"R-%d","day":"2025-03-%02d","total":"%d.50","code":"c%d"}\n' % (i, i % 28 + 1, i, i % 300))}


@shape(500, command="infer")
def keys_of_data_of_a_draft(n):
    return {"in": '{"id":1,"by":{' + listed(n, lambda i: f'"R-{i:06}": {{"n": {i}}}') + "}}\n"}


@shape(300, command="infer")
def items_of_a_draft(n):
    return {"in": '{"id":1,"rooms":[' + listed(n, lambda i: f'{{"code": "A{i}", "days": [{i}]}}') + "]}\n"}


@shape(100, command="target")
def wanted_columns_of_a_draft(n):
    return {"s.json": '{"type":"object","properties":{' + listed(n, lambda i: f'"wanted_{i}_total": {{"type": "string"}}') + "}}",
            "in": lines(3, lambda i: "{" + listed(n, lambda j: f'"total_{j}_x": "v{i}"') + "}\n")}


@shape(400, command="against")
def fields_that_are_gone(n):
    return {"m.yaml": mapping(), "old": lines(3, lambda i: "{" + listed(n, lambda j: f'"field_{j}_x": "v{i}"') + "}\n"),
            "in": lines(3, lambda i: "{" + listed(n, lambda j: f'"other_{j}_y": "v{i}"') + "}\n")}


@shape(100, command="against")
def objects_that_are_lists_now(n):
    return {"m.yaml": mapping(), "old": "{" + listed(n, lambda j: f'"field_{j}_x": {{"a": 1, "b": 2}}') + "}\n",
            "in": "{" + listed(n, lambda j: f'"field_{j}_x": [1]') + "}\n"}


@shape(100, command="against")
def columns_that_read_what_changed(n):
    return {"m.yaml": mapping(columns=lines(n, lambda i: f"  C{i}: {{from: field_{i}_x, when_missing: blank}}\n")),
            "old": lines(60, lambda i: "{" + listed(n, lambda j: f'"field_{j}_x": "c{i % 3}"') + "}\n"),
            "in": lines(60, lambda i: "{" + listed(n, lambda j: f'"field_{j}_x": {i}') + "}\n")}


@shape(100, command="diff")
def columns_that_are_compared(n):
    return {"m.yaml": mapping(columns=lines(n, lambda i: f"  C{i}: a\n")), "m2.yaml": mapping(columns=lines(n, lambda i: f"  C{n - i - 1}: b\n")),
            "in": '{"a":1,"b":2}\n' * 5}


@shape(500, command="diff")
def records_that_are_compared(n):
    return {"m.yaml": mapping(columns="  A: {from: a, type: integer}\n"), "m2.yaml": mapping(columns="  A: {from: a, type: date}\n"),
            "in": lines(n, lambda i: '{"a":"%s"}\n' % ("x" if i % 3 else "2025-01-01"))}


@shape(500, command="diff")
def rows_that_are_compared(n):
    words = "rows: {one_per: l, at_most: 100000}\n"
    return {"m.yaml": mapping(words, "  A: item.a\n"), "m2.yaml": mapping(words, "  A: item.b\n"), "in": '{"l":[' + listed(n, lambda i: '{"a":1,"b":2}') + "]}\n"}


def instructions(trama, folder, arguments, exits):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", trama, *arguments], cwd=folder,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", timeout=600)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if not counted or done.returncode not in exits:
        raise SystemExit(f"trama {' '.join(arguments)}: exit {done.returncode}\n{done.stderr[-3000:]}")
    return int(counted[1])


def measure(trama, make, n, exits, command):
    with tempfile.TemporaryDirectory() as folder:
        files = make(n)
        for name, content in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(content)
        named = [name for name in files if name.startswith("in")]
        arguments = ["check", "m.yaml"]
        if named:
            arguments = ["run", "m.yaml", *named, "-o", "out", "--rejects", "r", "--summary", "s", "--threads", "1", "--at", "2025-01-01T00:00:00Z"]
        if make is tests_of_a_mapping:
            arguments = ["test", "m.yaml"]
        if command == "replay":
            subprocess.run([trama, *arguments], cwd=folder, capture_output=True, check=False)
            arguments = ["replay", "r.incomplete", "-m", "m.yaml", "-o", "again", "--rejects", "r2", "--threads", "1"]
        elif command == "against":
            subprocess.run([trama, "profile", "old", "--record", "m.yaml"], cwd=folder, capture_output=True, check=True)
            arguments = ["profile", "in", "--against", "m.yaml", "-o", "out", "--threads", "1"]
        elif command == "diff":
            arguments = ["diff", "m.yaml", "m2.yaml", "in", "-o", "out", "--at", "2025-01-01T00:00:00Z"]
        elif command in ("infer", "target"):
            arguments = ["infer", "in", "-o", "out", "--threads", "1", *(["--target", "s.json"] if command == "target" else [])]
        return instructions(trama, folder, arguments, exits)


def main():
    if not shutil.which("valgrind"):
        print("valgrind is not installed")
        return 77
    arguments = sys.argv[1:]
    quick = "--quick" in arguments
    as_json = "--json" in arguments
    arguments = [one for one in arguments if not one.startswith("--")]
    trama = os.path.abspath(arguments[0])
    slow = []
    for name, n, make, exits, is_quick, command in SHAPES:
        if (quick and not is_quick) or (arguments[1:] and not any(word in name for word in arguments[1:])):
            continue
        n = max(1, n // 2) if quick else n
        counts = [measure(trama, make, times * n, exits, command) for times in (1, 2, 4)]
        first, second = counts[1] - counts[0], counts[2] - counts[1]
        ratio = (second / first) if first > 0 else 0
        # the second doubling adds twice what the first adds: a ratio of 2 is linear
        told = {"shape": name, "n": n, "millions": [round(count / 1e6, 1) for count in counts], "ratio": round(ratio, 2)}
        print(json.dumps(told) if as_json else f"{name:40} n {n:6}  {counts[0] / 1e6:9.1f} {counts[1] / 1e6:9.1f} {counts[2] / 1e6:9.1f} M  {ratio:5.2f}",
              flush=True)
        if ratio > MOST:
            slow.append(name)
    if slow:
        print("worse than n log n: " + ", ".join(slow))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
