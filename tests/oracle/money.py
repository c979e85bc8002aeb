"""Amounts: their currency, their conversion, and what other columns tell about them."""

import datetime
import re
from dataclasses import dataclass
from fractions import Fraction

import expressions
import values
from json_reader import Node
from results import Blank, Original, as_list
from values import Dec, Moment, Refused, Unsure

# Only codes that were and are what they are: the tests use no others.
CURRENCIES = {
    **{c: 2 for c in "USD EUR COP MXN ARS BRL PEN GBP CHF PLN CAD IDR".split()},
    **{c: 0 for c in "JPY CLP PYG KRW VND".split()},
    **{c: 3 for c in "BHD KWD TND".split()},
}
WITHDRAWN = {"HRK": 2, "BGN": 2, "ANG": 2, "DEM": 2, "FRF": 2}
DECIMALS = {**CURRENCIES, **WITHDRAWN}
NOT_CURRENCIES = {"XX1", "usd", "US", "", "ABC", "€", "DOLLAR", "ZZZ", "US$", "12", "eur", "true", "false"}


def currency_code(text, withdrawn=None):
    if text in WITHDRAWN and withdrawn == "reject":
        raise Refused("CURRENCY_WITHDRAWN")
    if text in DECIMALS:
        return text
    if text not in NOT_CURRENCIES and re.fullmatch("[A-Z]{3}", text):
        raise Unsure("whether there is a currency " + text)
    raise Refused("CURRENCY_UNKNOWN")


@dataclass
class Amount:
    """What is known of an amount that was made."""

    unit: str
    target: str
    rate: Fraction = None
    day: object = None
    inverse: bool = False


class Amounts:
    """What a Column does with money; `spec`, `type` and the rest are the Column's."""

    def in_amount(self):
        """The signs of an amount that holds its currency, or None."""
        stated = self.spec.get("currency")
        if stated == "in-amount":
            return {}
        is_map = isinstance(stated, dict) and stated.get("in_amount") == "yes"
        return stated.get("symbols", {}) if is_map else None

    def money_of(self, node, scope, row):
        """A part that is read, with its currency, converted and rounded."""
        if node.kind in ("list", "object"):
            raise Refused("WRONG_TYPE")
        signs = self.in_amount()
        if signs is not None:
            amount, unit = self.glued(node, signs)
            return self.money_of_amount(amount, scope, row, unit)
        self.one_trouble(node, scope, row)
        return self.money_of_amount(self.read_decimal(node), scope, row)

    def one_trouble(self, node, scope, row):
        """Which error an amount gives that fails in several ways is open."""
        troubles = []
        for attempt in (
            lambda: self.read_decimal(node),
            lambda: self.currency(scope, row),
            lambda: self.minor_digits(scope, None, row),
            lambda: self.target(scope, row),
            lambda: row.value(self.spec["rate_date"]) if "rate_date" in self.spec else None,
        ):
            try:
                attempt()
            except Refused as e:
                troubles.append(e.code)
        if len(set(troubles)) > 1:
            raise Unsure("an amount that fails in several ways")

    def glued(self, node, signs):
        """(amount, currency) of a text such as EUR2621.52 or 12 US$."""
        text = node.text.strip()
        if text != node.text:
            raise Unsure("blanks around an amount with its currency")
        found = re.fullmatch(r"(-?)(\D*?)(-?)(\d.*?\d|\d)(\D*)", text)
        if not found:
            raise Unsure("a text that may be an amount with its currency")
        minus, before, inner, digits, behind = found.groups()
        names = [name for name in (before.strip(), behind.strip()) if name]
        if not names:
            stated = self.spec["currency"]
            unit = stated.get("when_blank") if isinstance(stated, dict) else None
            if unit is None:
                raise Refused("CURRENCY_UNKNOWN")
            return values.read_number(minus + inner + digits, False, self.number_examples()), unit
        if len(names) > 1:
            raise Unsure("an amount with something on both sides")
        if minus and inner:
            raise Unsure("two minus signs around a currency")
        name = names[0]
        if name in signs:
            unit = signs[name]
        elif re.fullmatch("[A-Z]{3}", name):
            unit = currency_code(name, self.word("withdrawn"))
        else:
            raise Refused("CURRENCY_UNKNOWN")
        return values.read_number(minus + inner + digits, False, self.number_examples()), unit

    def number_examples(self):
        return as_list(self.spec.get("read_number", []))

    def has_item_currencies(self):
        stated = self.spec.get("currency")
        many = isinstance(stated, dict) and ("[*]" in stated.get("from", "") or "{*}" in stated.get("from", ""))
        return many and self.type == "money" and self.spec["total"] != "count"

    def item_units(self, nodes, blanks, scope, row):
        """The currency of each item that has an amount, or why it has none."""
        found = []
        filled = [i for i, blank in enumerate(blanks) if not blank]
        asked = {"first": filled[:1], "last": filled[-1:], "only": filled[:1]}.get(self.spec["total"], filled)
        for i, (node, blank) in enumerate(zip(self.helper_nodes("currency", scope), blanks)):
            if blank:
                continue
            if i not in asked:
                found.append(None)  # of an item that makes no value
                continue
            try:
                helped = self.helped("currency", node, row)
                if isinstance(helped, Blank):
                    raise Refused("CURRENCY_UNKNOWN")
                found.append(helped if isinstance(helped, str) else currency_code(helped.text, self.word("withdrawn")))
            except Refused as e:
                found.append(e)
        return found

    def total_of_money(self, parts, how, scope, row, item_units=None):
        """Sum, min or max of amounts of one currency, converted at the end."""
        signs = self.in_amount()
        read, units, troubles = [], [], []
        if item_units is not None:
            if len(item_units) != len(parts):
                raise Unsure("the currency of an item that its steps left blank")
            troubles = [unit for unit in item_units if isinstance(unit, Refused)]
            units = [unit for unit in item_units if not isinstance(unit, Refused)]
        for part in parts:
            try:
                if signs is None:
                    read.append(self.read_decimal(part))
                else:
                    amount, unit = self.glued(part, signs)
                    read.append(amount)
                    units.append(unit)
            except Refused as e:
                troubles.append(e)
        if len({e.code for e in troubles}) > 1 or (troubles and len(set(units)) > 1):
            raise Unsure("several parts that fail in several ways")
        if troubles:
            raise troubles[0]
        if len(set(units)) > 1:
            if how == "same" and len({amount.fraction() for amount in read}) > 1:
                raise Unsure("amounts that are neither the same nor of one currency")
            raise Refused("CURRENCY_MIXED")
        if signs is None and item_units is None:
            self.one_trouble(parts[0], scope, row)
        best = self.added(read, how)
        whole = all(amount.scale == 0 for amount in read)
        return self.money_of_amount(best, scope, row, units[0] if units else None, whole)

    def money_of_amount(self, amount, scope, row, unit=None, whole=None):
        unit = unit or self.currency(scope, row)
        made = Amount(unit, self.target(scope, row) or unit)
        digits = self.minor_digits(scope, unit, row)
        if whole is None:
            whole = not isinstance(amount, Dec) or amount.scale == 0
        if (digits or self.spec.get("minor_units") == "yes") and not whole and "compute" not in self.spec:
            raise Refused("NUMBER_UNREADABLE")
        value = amount.fraction() / 10**digits
        if "times" in self.spec:
            value *= values.read_number(self.spec["times"], False, []).fraction()
        if made.target != unit:
            made.rate, made.day, made.inverse = self.rate(unit, made.target, row)
            value *= made.rate
            if "rate_date" in self.spec and made.day != row.value(self.spec["rate_date"]).date:
                row.notices["RATE_OF_EARLIER_DAY", self.name] = 1
        decimals = self.word("decimals", "by-currency")
        scale = DECIMALS[made.target] if decimals == "by-currency" else int(decimals)
        result = values.checked(values.round_fraction(value, scale, self.word("rounding", "exact")))
        row.amounts[self.name] = made
        return result

    def target(self, scope, row):
        """The currency that the amount is converted to, or None."""
        stated = self.word("convert_to")
        if not isinstance(stated, dict):
            return stated
        node = self.helper("convert_to", scope, row)
        if isinstance(node, Blank):
            raise Refused("CURRENCY_UNKNOWN")
        return node if isinstance(node, str) else currency_code(node.text, self.word("withdrawn"))

    def minor_digits(self, scope, unit, row):
        """How many decimals the whole number of the supplier has."""
        stated = self.spec.get("minor_units", "no")
        if not isinstance(stated, dict):
            return DECIMALS[unit] if stated == "yes" and unit else 0
        node = self.helper("minor_units", scope, row)
        text = node if isinstance(node, str) else node.text if isinstance(node, Node) else ""
        if re.fullmatch("[0-9]", text):
            return int(text)
        if re.fullmatch(r"\+?[0-9.eE]+", text):
            raise Unsure("a count of decimals that is long or no plain number")
        raise Refused("WRONG_TYPE")

    def currency(self, scope, row):
        """The currency that the mapping or its field states."""
        stated = self.spec.get("currency")
        if stated is None:
            return self.currency_of_operands(row)
        if not isinstance(stated, dict):
            return stated
        node = self.helper("currency", scope, row)
        if isinstance(node, Blank):
            raise Refused("CURRENCY_UNKNOWN")
        return node if isinstance(node, str) else currency_code(node.text, self.word("withdrawn"))

    def currency_of_operands(self, row):
        names = [name for kind, name in expressions.names_in(self.spec["compute"]) if kind == "column"]
        units = {row.owner(n).amounts[n].target for n in names if n in row.owner(n).amounts}
        if len(units) != 1:
            raise Unsure("the currency of a computed amount that states none")
        return units.pop()

    def rate(self, unit, target, row):
        """(rate, its day, whether it is an inverse)."""
        table = self.oracle.rate_table(self.spec["rates"])
        if not table.has_days():
            return table.rate(unit, target, datetime.date.min)
        day = row.value(self.spec["rate_date"])
        if isinstance(day, (Blank, Original)):
            raise Refused("RATE_MISSING")
        return table.rate(unit, target, day.date)

    def about_money(self, word, row):
        """The rate, its day, or the currency of a money column."""
        name = self.spec[word]
        value = row.value(name)
        made = row.owner(name).amounts.get(name)
        if not isinstance(value, Dec) or made is None:
            return Blank("missing")  # an amount that is blank, wrong or a default has neither
        if word == "currency_of":
            return made.target
        if made.rate is None:
            return Blank("missing")
        if word == "rate_day_of":
            if made.day is None:
                raise Unsure("the day of a rate of two days")
            return Moment(made.day)
        if "decimals" not in self.spec:
            raise Unsure("how many digits a rate has")
        scale, how = int(self.spec["decimals"]), self.word("rounding", "exact")
        if made.inverse and how not in ("half-up", "half-even", "half-down"):
            raise Unsure("the digits of an inverse rate")
        return values.round_fraction(made.rate, scale, how)
