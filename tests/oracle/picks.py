"""{list, where, is, take}: items of a list that fit (mappings/rules.md, rules 9.1 and 9.24), for columns and for `rows`."""

from paths import EMPTY, MISSING, NO_VALUE, Scope, entries_or_items, is_empty
from results import as_list, blank_of
from ranks import Ranking
from values import Refused

SCALARS = ("text", "number", "boolean")


def text_at(item, path, words=()):
    """The text of an item that `where` compares with words, or None where it is blank. True and false are also yes and no."""
    node = Scope(item).one(path)
    if node.kind in NO_VALUE or is_empty(node):
        return None
    if node.kind not in SCALARS:
        raise Refused("WRONG_TYPE")
    spoken = {"true": "yes", "false": "no"}.get(node.text) if node.kind == "boolean" and node.text not in words else None
    return spoken if spoken in words else node.text


class Pick:
    def __init__(self, stated, scope, every=False, null_words=(), beside=None):
        """`every`: all items that fit are wanted, not the first. `null_words`: of the input. `beside`: another path of the
        items that are taken, whose values are wanted."""
        self.beside = beside
        self.null_words = null_words
        self.stated = stated
        self.scope = scope
        self.every = every

    def nodes(self):
        """What is taken of the items that fit; a blank where there are none."""
        holder = self.scope.one(self.stated["list"])
        if holder.kind in NO_VALUE:
            return [holder]
        if is_empty(holder):
            return [EMPTY]
        if holder.kind not in ("list", "object"):
            raise Refused("WRONG_TYPE")
        if holder.kind == "list" and str(self.stated.get("where")).startswith(("$key", "$value")):
            raise Refused("WRONG_TYPE")
        fitting = self.fitting(entries_or_items(holder))
        return [node for item in fitting for node in self.taken(item)] or [MISSING]

    def taken(self, item):
        if self.beside is not None:
            return Scope(item).find(self.beside)
        return Scope(item).find(self.stated["take"]) if "take" in self.stated else [item]

    def fitting(self, items):
        where = self.stated.get("where")
        if where is None:
            fit = items
        elif isinstance(where, dict):
            fit = [item for item in items if fits(item, where)]
        else:
            fit = self.by_words(items, where)
        ranking = next((word for word in ("highest", "lowest") if word in self.stated), None)
        if ranking:
            return self.best(fit, Ranking({ranking: self.stated[ranking]}))
        return fit if self.every else fit[:1]

    def by_words(self, items, where):
        wanted = self.stated["is"]
        words = [] if isinstance(wanted, dict) else as_list(wanted)
        if isinstance(wanted, dict):
            node = self.scope.one(wanted["from"])
            if node.kind not in SCALARS and not (node.kind in NO_VALUE or is_empty(node)):
                raise Refused("WRONG_TYPE")
            wanted = [] if node.kind in NO_VALUE or is_empty(node) else [node.text]
        wanted = as_list(wanted)
        texts = [(text_at(item, where, words), item) for item in items]
        if self.every or "highest" in self.stated or "lowest" in self.stated:
            return [item for text, item in texts if text in wanted]
        found = [item for word in wanted for text, item in texts if text == word]
        if len(wanted) > 1:  # a wish whose item has nothing to take is the last resort
            found.sort(key=self.takes_nothing)
        return found

    def takes_nothing(self, item):
        try:
            node = Scope(item).one(self.stated["take"]) if "take" in self.stated else item
        except Refused:
            return False
        return blank_of(node, self.null_words) is not None

    def best(self, fit, ranking):
        ranked = []
        for item in fit:
            node = Scope(item).one(ranking.path)
            if not (node.kind in NO_VALUE or is_empty(node)):
                ranked.append((ranking.rank(node), item))
        return [ranking.best(ranked)] if ranked else []


def fits(item, where):
    """Whether each path of `where` has one of its texts; all of them are looked at."""
    found = [text_at(item, path, as_list(words)) in as_list(words) for path, words in where.items()]
    return all(found)
