"""How `highest` and `lowest` rank values: of duplicates (`keep`) and of the items of a list."""

import values
from results import as_list
from values import Refused


class Ranking:
    """`highest X`, or {highest: X, read: …, no_zone_means: …}."""

    def __init__(self, stated):
        if isinstance(stated, str):
            word, path = stated.split(" ", 1)
            stated = {word: path}
        self.word = "highest" if "highest" in stated else "lowest"
        self.path = stated[self.word]
        self.formats = stated.get("read")
        self.zone = stated.get("no_zone_means")
        self.clock_change = stated.get("clock_change", "reject")

    def rank(self, node, zone=None):
        """(what it is comparable with, its key), or WRONG_TYPE. `node` is not blank; `zone`: gives that of a record."""
        if node.kind in ("list", "object", "boolean"):
            raise Refused("WRONG_TYPE")
        if not self.formats:
            try:
                return "number", values.read_number(node.text, node.kind == "number", []).fraction()
            except Refused:
                pass
        try:
            moment = values.read_moment(node.text, as_list(self.formats or "ISO-8601"), None, None)
        except Refused:
            raise Refused("WRONG_TYPE") from None
        if moment.seconds is None:
            return "date", moment.key()
        if moment.offset is None and self.zone:
            try:
                means = zone() if isinstance(self.zone, dict) else self.zone
                offset = values.local_offset(means, moment, self.clock_change)
            except Refused:
                raise Refused("WRONG_TYPE") from None
            moment = values.Moment(moment.date, moment.seconds, moment.fraction, offset)
        return ("local" if moment.offset is None else "instant"), moment.key()

    def best(self, ranked):
        """Of (rank, thing) the thing that wins, of equals the first; WRONG_TYPE where they are not comparable."""
        if len({kind for (kind, _), _ in ranked}) > 1:
            raise Refused("WRONG_TYPE", "not comparable")
        top = (max if self.word == "highest" else min)(key for (_, key), _ in ranked)
        return next(thing for (_, key), thing in ranked if key == top)
