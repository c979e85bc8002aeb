"""The steps of `text`, and what stands around them: `split`, `replace`, `pad`."""

import re
import unicodedata

from paths import is_white
from results import as_list
from values import Unsure


def plain_text(text):
    bare = re.sub("<[^>]*>", "", text)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    return bare


def no_accents(text):
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if unicodedata.category(c) != "Mn"))


def title_case(text):
    out, inside = "", False
    for c in text:
        if c.isalpha() or unicodedata.category(c) == "Mn":
            out += c.lower() if inside else c.upper()
            inside = True
        else:
            inside = c in "'’" and inside or c.isdigit()
            out += c
    return out


TEXT_STEPS = {
    "trim": str.strip,
    "upper-case": str.upper,
    "lower-case": str.lower,
    "title-case": title_case,
    "no-accents": no_accents,
    "one-space": lambda text: re.sub(r"\s+", " ", text).strip(),
    "digits-only": lambda text: re.sub("[^0-9]", "", text),
    "plain-text": plain_text,
}


def through_steps(text, steps):
    for step in as_list(steps):
        if step == "title-case" and re.search(r"\w['’]+\w", text):
            raise Unsure("title-case after an apostrophe")
        text = TEXT_STEPS[step](text)
    return text


def with_small_words(text, words):
    """Words as they are listed, but for the first one of the text."""
    written = {word.casefold(): word for word in words}
    found = list(re.finditer(r"[^\W_]+", text))
    if any(unicodedata.category(c)[0] == "M" or unicodedata.category(c) in ("No", "Nl") for c in text):
        raise Unsure("a mark or a number that is no digit inside a word")
    for one in reversed(found[1:]):
        if one[0].casefold() in written:
            text = text[: one.start()] + written[one[0].casefold()] + text[one.end() :]
    return text


def stepped(text, spec):
    """A part of a value after `split`, `replace`, `text` and `pad`."""
    if "take" in spec.get("split", {}):
        pieces = text.split(spec["split"]["by"])
        take = int(spec["split"]["take"])
        index = take - 1 if take > 0 else len(pieces) + take
        text = pieces[index] if 0 <= index < len(pieces) else ""
    for pattern, new in spec.get("replace", {}).items():
        text = re.sub(pattern, new.replace("\\", "\\\\"), text)
    text = through_steps(text, spec.get("text", []))
    if "small_words" in spec:
        text = with_small_words(text, spec["small_words"])
    if "pad" in spec and not is_white(text):
        text = text.rjust(int(spec["pad"]["to"]), spec["pad"]["with"])
    return text
