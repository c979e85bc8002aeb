"""A mapping (dicts, lists, texts, whole numbers) as YAML: plain words plain, all other text in double quotes."""

import json
import re

PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./+ -]*[A-Za-z0-9_./+%-])?")
YAML_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "none", "y", "n"}
# Here yes, no and none are words of the language and must stand without quotes.
WORD_KEYS = {
    "required",
    "header",
    "for_excel",
    "ignore_case",
    "personal",
    "internal",
    "minor_units",
    "one_or_many",
    "inverse_allowed",
    "rest",
    "between",
    "keep",
    "value",
    "in_amount",
    "optional",
}


class Word(str):
    """A word of the language that stands without quotes wherever it is."""


def scalar(value, key=""):
    text = str(value)
    if isinstance(value, Word):
        return text
    if isinstance(value, int) or (text in ("yes", "no", "none") and key in WORD_KEYS):
        return text
    if text == "null" and key == "blank_as":
        return text
    if PLAIN.fullmatch(text) and text.lower() not in YAML_WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub("[\u007f-\u009f\u2028\u2029\ufeff\u00a0]", lambda m: f"\\u{ord(m[0]):04x}", quoted)


def flow(value, key=""):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v, k)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(v, key) for v in value) + "]"
    return scalar(value, key)


def block(value, indent, depth):
    """Dicts as blocks down to `depth` levels, flow below it."""
    lines = []
    for key, inner in value.items():
        pad = "  " * indent + scalar(key) + ":"
        if isinstance(inner, dict) and inner and depth > 0:
            lines.append(pad)
            lines += block(inner, indent + 1, depth - 1)
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            lines.append(pad)
            lines += ["  " * (indent + 1) + "- " + flow(item, key) for item in inner]
        else:
            lines.append(pad + " " + flow(inner, key))
    return lines


def dump(mapping):
    return "\n".join(block(mapping, 0, 2)) + "\n"
