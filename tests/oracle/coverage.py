"""Which features of the language a mapping uses, so that one that is never generated can be seen."""

from results import as_list
from row_levels import levels_of

HELPERS = ("currency", "zone", "no_zone_means", "minor_units", "rate_date")
SOURCES = ("from", "first_of", "value", "compute", "choose", "by", "each", "column", "rate_of", "rate_day_of", "currency_of")


def features(mapping):
    """The names of what a mapping uses."""
    found = {f"output {word}" for word in mapping["output"]} | {f"output {mapping['output']['format']}"}
    found |= {f"input {word}" for word in mapping["input"]} | {f"input {mapping['input']['format']}"}
    levels = levels_of(mapping)
    called = {name: "item" for level in levels for name in as_list(level["called"])}
    for level in levels:
        found |= {f"rows {word}" for word in level} | {f"rows {w} {level[w]}" for w in ("when_empty", "when_missing") if w in level}
        found |= one_per(level)
    if len(levels) > 1:
        found.add("rows of two levels")
    for section in ("only", "rules", "duplicates", "identity"):
        if section in mapping:
            found.add(section)
    keep = mapping.get("duplicates", {}).get("keep", "")
    found |= {"keep map"} if isinstance(keep, dict) else {"keep " + keep.split(" ")[0]} if keep else set()
    for name, table in mapping.get("tables", {}).items():
        found |= {"table of rates, months"} if "months" in table and "kind" in table else set()
        found |= {"table by day, months"} if "months" in table and "valid_from" in table else set()
        found |= {f"table {word}" for word in ("file", "inside", "through", "inverse_allowed", "kind", "repeated") if word in table}
        found |= {"rates inside, of days" if "date" in table else "rates inside"} if "kind" in table and "inside" in table else set()
    for spec in mapping["columns"].values():
        found |= column_features(spec, called, "column")
    if mapping["input"].get("fields_nobody_uses") == "reject" and levels:
        found.add("fields_nobody_uses with rows")
    return found


def one_per(level):
    stated = as_list(level["one_per"])
    found = {"rows split" if "split" in one else "rows days_from" for one in stated if isinstance(one, dict)}
    found |= {"rows side by side"} if len(stated) > 1 else set()
    paths = [one for one in stated if isinstance(one, str)]
    found |= {"rows of entries" for path in paths if path.endswith("{*}")}
    return found | {"rows through [*]" for path in paths if "[*]" in path}


def column_features(spec, called, where):
    if not isinstance(spec, dict):
        spec = {"from": spec}
    kind = spec.get("type", "untyped")
    source = next((word for word in SOURCES if word in spec), "?")
    found = {f"{where}: type {kind}", f"{where}: {source}", f"{where}: {kind} of {source}"}
    found |= {f"{where}: {word}" for word in spec}
    if "split" in spec and "take" not in spec["split"]:
        found.add(f"{where}: split to all, {kind if kind == 'json' else 'join' if 'join' in spec else spec.get('total')}")
    if kind == "duration" and "decimals" in spec:
        found.add(f"{where}: decimals of a duration")
    for word in ("total", "on_extra_rows", "when_wrong", "unknown", "clock_change"):
        if word in spec:
            found.add(f"{where}: {word} {spec[word] if isinstance(spec[word], str) else '{write}'}")
    if "total" in spec:
        found.add(f"{where}: total {spec['total']} of {kind}")
    for word in HELPERS:
        if isinstance(spec.get(word), dict):
            found |= helper_features(spec, word, called, where)
    for path in as_list(spec.get("from", [])) + as_list(spec.get("first_of", [])):
        found |= path_features(path, spec, where)
    if "each" in spec:
        found |= {f"{where}: each of entries"} if spec["each"].endswith("{*}") else set()
        inner = {**called, spec.get("called", "item"): "each"}
        for child in spec["columns"].values():
            found |= column_features(child, inner, "each")
    return found


def helper_features(spec, word, called, where):
    """Which level a helper field is of, and that of its amount."""
    stated = spec[word]
    if "from" not in stated:
        return {f"{where}: {word} in_amount"}
    own = level_name(spec.get("from"), called)
    level = level_name(stated["from"], called)
    found = {f"{where}: {word} of {level}", f"{where}: {word} of {level}, value of {own}"}
    if stated["from"].endswith("$key"):
        found.add(f"{where}: {word} $key")
    if "on_extra_rows" in spec:
        found.add(f"{where}: {word} of {level}, value of {own}, {spec['on_extra_rows']}")
    return found | {f"{where}: {word} {inner}" for inner in stated}


def level_name(path, called):
    path = path if isinstance(path, str) else path.get("list", "") if isinstance(path, dict) else ""
    return called.get(path.split(".")[0], "record")


def path_features(path, spec, where):
    if isinstance(path, dict):
        found = {f"{where}: pick", f"{where}: pick by pairs" if isinstance(path.get("where"), dict) else f"{where}: pick by a word"}
        found |= {f"{where}: pick {word}" for word in ("highest", "lowest") if word in path}
        found |= {f"{where}: pick with {word}" for word in ("total", "join", "first_of") if word in spec}
        return found | ({f"{where}: pick is from"} if isinstance(path.get("is"), dict) else set())
    found = {f"{where}: [*]"} if "[*]" in path else set()
    found |= {f"{where}: {{*}}"} if "{*}" in path else set()
    found |= {f"{where}: pointer"} if path.startswith("/") else set()
    return found | {f"{where}: {word}" for word in ("$key", "$number") if path.endswith(word)}
