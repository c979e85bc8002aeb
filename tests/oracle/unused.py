"""Fields that nobody uses (`fields_nobody_uses: reject`)."""

import re

from expressions import names_in
from paths import parsed
from results import as_list
from row_levels import levels_of
from values import Unsure

def used_paths(mapping):
    """Every path that the mapping states, as steps from the top of the record."""
    inputs = mapping["input"]
    texts = [*as_list(inputs.get("ignore_fields", [])), *[inputs[w] for w in ("id", "error_body") if w in inputs]]
    duplicates = mapping.get("duplicates", "none")
    if duplicates != "none":
        texts += as_list(duplicates["same"])
        keep = duplicates.get("keep", "first")
        texts += keep.split(" ")[1:] if isinstance(keep, str) else [keep[w] for w in ("highest", "lowest") if w in keep]
        zone = keep.get("no_zone_means") if isinstance(keep, dict) else None
        texts += [zone["from"]] if isinstance(zone, dict) else []
    texts += as_list(mapping.get("identity", {}).get("key", []))
    texts += sources_of(mapping.get("only", "none"), "when")
    for rule in as_list(mapping.get("rules", [])):
        texts += sources_of(rule, "check")
    called = {}
    texts += row_paths(mapping, called)
    for column in mapping["columns"].values():
        column_paths(column, texts, called)
    keys = [text for text in texts if text.endswith(("$key", "$number"))]  # they read no value
    lists = list(called.values()) + [from_the_top(text, called) for text in keys]
    return [from_the_top(text, called) for text in texts if text not in keys], lists


def sources_of(words, *names):
    """The `source.` paths of expressions among the words of something."""
    if not isinstance(words, dict):
        return []
    texts = [words[name] for name in names if name in words]
    return [path for text in texts for kind, path in names_in(text) if kind == "source"]


def row_paths(mapping, called):
    """What `rows` reads beside the items that it names."""
    texts = []
    for level in levels_of(mapping):
        names = as_list(level["called"])
        for path, name in zip(as_list(level["one_per"]), names):
            if isinstance(path, dict):
                texts += [path[word] for word in ("split", "days_from", "until") if word in path]
                continue
            entries = path.endswith("{*}")
            called[name] = from_the_top(path.removesuffix("{*}"), called) + [("entries",) if entries else ("items",)]
        texts += [names[0] + "." + path for path in level.get("where", {})]
    return texts


def column_paths(column, texts, called):
    """The items of `each` are called too; names of several lists are all known, as no two are alike."""
    if isinstance(column, (str, list)):
        column = {"from": column}
    if "each" in column:
        path, entries = column["each"].removesuffix("{*}"), column["each"].endswith("{*}")
        called[column.get("called", "item")] = from_the_top(path, called) + [("entries",) if entries else ("items",)]
        texts += [f"{column.get('called', 'item')}.{field}" for field in column.get("where", {})]
        for child in column["columns"].values():
            column_paths(child, texts, called)
    for word in ("from", "first_of", "by"):
        for path in as_list(column.get(word, [])):
            texts += [path] if isinstance(path, str) else pick_paths(path)
    for word in ("currency", "convert_to", "zone", "no_zone_means", "minor_units", "when_blank"):
        if isinstance(column.get(word), dict) and "from" in column[word]:
            texts.append(column[word]["from"])
    texts += sources_of(column, "compute")
    for choice in column.get("choose", []):
        texts += sources_of(choice, "when")
        for written in (choice.get("write"), choice.get("otherwise")):
            if isinstance(written, dict) and "from" in written:
                texts.append(written["from"])


def pick_paths(pick):
    """A list that a column chooses from counts as read."""
    return [pick["list"]] + ([pick["is"]["from"]] if isinstance(pick.get("is"), dict) else [])


def from_the_top(text, called):
    path = parsed(text)
    steps = [step for step in path.steps if step[0] != "special"]
    return called[path.first] + steps[1:] if path.first in called else steps


SURELY, PERHAPS = "surely", "perhaps"


class Usage:
    """Which fields a mapping uses."""

    def __init__(self, mapping):
        self.rejects = mapping.get("input", {}).get("fields_nobody_uses") == "reject"
        self.rest = mapping["output"].get("rest", "no")
        if self.rejects:
            used, lists = used_paths(mapping)
            self.used, self.lists = [(path, 0) for path in used], [(path, 0) for path in lists]
        if self.rest != "no":
            self.plan_rest(mapping)

    def unused(self, record):
        """(whether a field is surely not used, whether one perhaps is not)"""
        found = set(unused_below(record, self.used, self.lists)) if self.rejects else set()
        return SURELY in found, bool(found)

    def plan_rest(self, mapping):
        called = {}
        texts = row_paths(mapping, called)
        for column in mapping["columns"].values():
            column_paths(column, texts, called)
        left_out = as_list(self.rest) if self.rest != "yes" else []
        self.read = [from_the_top(text, called) for text in texts + left_out if not text.endswith(("$key", "$number"))]
        self.of_rows = {path[0] for path in called.values()}

    def rest_of(self, record):
        """`rest: yes` of the output: the fields that no column reads, as members of a JSON object. Sure where nothing of
        a field is left, or all of it."""
        return rest_of(record, self.read, self.of_rows) if self.rest != "no" else ""


def rest_of(record, read, of_rows):
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
    """SURELY or PERHAPS for what in `node` is on no path. `used`: the paths that lead here, and how far they have come."""
    if any(at == len(path) for path, at in used):
        return
    if node.kind == "object":
        inside = [(("key", key), value) for key, value in node.items]
    elif node.kind == "list":
        inside = [(("index", i), value) for i, value in enumerate(node.items)]
    else:
        return  # a scalar on the way of a path
    # Another kind of value than any path wants here is told by the columns; whether its fields are new too is open.
    is_item = node.kind == "object" and any(at == len(path) for path, at in lists)
    if not is_item and not any(wants(path[at], node.kind) for path, at in used + lists if at < len(path)):
        yield from [PERHAPS] * bool(inside)
        return
    for step, value in inside:
        further = [(path, at + 1) for path, at in used if fits(path[at], step)]
        on_lists = [(path, at + 1) for path, at in lists if at < len(path) and fits(path[at], step)]
        if not further and not on_lists:
            yield SURELY
            continue
        yield from unused_below(value, further, on_lists)


def wants(step, kind):
    if kind == "list":
        return step[0] in ("items", "index") or (step[0] == "key" and step[1].isdigit())
    return step[0] in ("key", "entries")


def fits(stated, step):
    if stated[0] in ("items", "entries"):
        return True
    if step[0] == "index":  # a field is a name: that of one item is that of all
        return stated[0] == "index" or stated[1].isdigit()
    return stated == step
