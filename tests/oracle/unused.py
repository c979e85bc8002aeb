"""Fields that nobody uses (`fields_nobody_uses: reject`)."""

import re

from paths import Path
from values import Unsure

SOURCE = re.compile(r"source\.([^\W\d][\w.]*)")


def as_list(value):
    return value if isinstance(value, list) else [value]


def used_paths(mapping):
    """Every path that the mapping states, as steps from the top of the record."""
    texts = list(mapping["input"].get("ignore_fields", []))
    if "id" in mapping["input"]:
        texts.append(mapping["input"]["id"])
    duplicates = mapping.get("duplicates", {})
    texts += as_list(duplicates.get("same", []))
    texts += duplicates.get("keep", "first").split(" ")[1:]
    expressions = [mapping.get("only", {}).get("when", "")] + [r["check"] for r in mapping.get("rules", [])]
    called = {}
    for level in as_list(mapping.get("rows", [])):
        for path, name in zip(as_list(level["one_per"]), as_list(level["called"])):
            called[name] = from_the_top(path.removesuffix("{*}"), called) + (
                [("entries",)] if path.endswith("{*}") else [("items",)]
            )
    for column in mapping["columns"].values():
        column_paths(column, texts, expressions, called)
    for expression in expressions:
        texts += SOURCE.findall(expression)
    keys = [text for text in texts if text.endswith("$key")]  # they read no value
    lists = list(called.values()) + [from_the_top(text, called) for text in keys]
    return [from_the_top(text, called) for text in texts if text not in keys], lists


def column_paths(column, texts, expressions, called):
    """The items of `each` are called too; names of several lists are all known, as no two are alike."""
    if isinstance(column, (str, list)):
        texts += as_list(column)
        return
    if "each" in column:
        path, entries = column["each"].removesuffix("{*}"), column["each"].endswith("{*}")
        called[column.get("called", "item")] = from_the_top(path, called) + [("entries",) if entries else ("items",)]
        for child in column["columns"].values():
            column_paths(child, texts, expressions, called)
    for word in ("from", "first_of", "by"):
        for path in as_list(column.get(word, [])):
            texts += [path] if isinstance(path, str) else [path["list"]]
    for word in ("currency", "zone", "no_zone_means", "minor_units"):
        if isinstance(column.get(word), dict):
            texts.append(column[word]["from"])
    expressions.append(column.get("compute", ""))
    for choice in column.get("choose", []):
        expressions.append(choice.get("when", ""))
        for written in (choice.get("write"), choice.get("otherwise")):
            if isinstance(written, dict) and "from" in written:
                texts.append(written["from"])


def from_the_top(text, called):
    steps = [step for step in Path(text).steps if step not in (("key", "$key"), ("key", "$value"))]
    if steps and not text.startswith("/") and steps[0][0] == "key" and steps[0][1] in called:
        return called[steps[0][1]] + steps[1:]
    return steps


def has_unused(mapping, record):
    if mapping["input"].get("fields_nobody_uses") != "reject" if "input" in mapping else True:
        return False
    used, lists = used_paths(mapping)
    return any(unused_below(record, [(path, 0) for path in used], [(path, 0) for path in lists]))


def rest_of(mapping, record):
    """`rest: yes` of the output: the fields that no column reads, as members of a JSON object. Sure where nothing of a
    field is left, or all of it."""
    stated = mapping["output"].get("rest", "no")
    if stated == "no":
        return ""
    texts, expressions, called = [], [], {}
    for level in as_list(mapping.get("rows", [])):
        for path, name in zip(as_list(level["one_per"]), as_list(level["called"])):
            called[name] = from_the_top(path.removesuffix("{*}"), called) + [("items",)]
    for column in mapping["columns"].values():
        column_paths(column, texts, expressions, called)
    for expression in expressions:
        texts += SOURCE.findall(expression)
    left_out = as_list(stated) if stated != "yes" else []
    read = [from_the_top(text, called) for text in texts + left_out if not text.endswith("$key")]
    of_rows = {path[0] for path in called.values()}
    members = []
    for key, value in record.items:
        here = [(path, 1) for path in read if path and path[0] == ("key", key)]
        if here and value.kind not in ("list", "object") and not any(len(path) == 1 for path, _ in here):
            raise Unsure("whether a value is read where its path wants an object or a list")
        if (here or ("key", key) in of_rows) and any(unused_below(value, here, [])):
            raise Unsure("what is left of a field that is read in part")
        if not here and re.search(r'["\\\x00-\x1f]', key):
            raise Unsure("how a key with escapes is copied")
        if not here and ("key", key) in of_rows:
            raise Unsure("whether the list of the rows is read where no column reads its items")
        if not here:
            members.append('"' + key + '":' + value.raw)
    return ",".join(members)


def unused_below(node, used, lists):
    """Whether something in `node` is on no path. `used`: the paths that lead here, and how far they have come."""
    if any(at == len(path) for path, at in used):
        return
    if node.kind == "object":
        inside = [(("key", key), value) for key, value in node.items]
    elif node.kind == "list":
        inside = [(("index", i), value) for i, value in enumerate(node.items)]
    else:
        return  # a scalar on the way of a path
    # Another kind of value than any path wants here is told by the columns.
    if not any(wants(path[at], node.kind) for path, at in used + lists if at < len(path)):
        return
    for step, value in inside:
        further = [(path, at + 1) for path, at in used if fits(path[at], step, node)]
        on_lists = [(path, at + 1) for path, at in lists if at < len(path) and fits(path[at], step, node)]
        if not further and not on_lists:
            yield True
            continue
        yield from unused_below(value, further, on_lists)


def wants(step, kind):
    if kind == "list":
        return step[0] in ("items", "index") or (step[0] == "key" and step[1].isdigit())
    return step[0] in ("key", "entries")


def fits(stated, step, node):
    if stated[0] in ("items", "entries"):
        return True
    if stated[0] == "index" and step[0] == "index":
        index = stated[1] if stated[1] >= 0 else len(node.items) + stated[1]
        return index == step[1]
    if stated[0] == "key" and step[0] == "index":
        return stated[1] == str(step[1])
    return stated == step
