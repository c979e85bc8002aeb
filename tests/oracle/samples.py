"""Awkward source values for each kind of column, as JSON text."""

import datetime
import json

MISSING = None
BLANKS = [MISSING, "null", '""', '"  "', '"\\t"', '" \\n "', "[]", "{}"]
WRONG_KINDS = ["[1]", '["a","b"]', '{"k":1}', '{"a":{"b":null}}', "[null]", "true", "false"]
TEXTS = [
    "Doble",
    "ÁRBOL",
    "ñandú",
    "Ñuñoa",
    "maría josé",
    "ANA  RUIZ",
    " luis ",
    "a,b",
    'a"b',
    "a;b",
    "línea\nuna",
    "x\r\ny",
    "0",
    "007",
    "NO",
    "no",
    "1E5",
    "12:30",
    "=1+1",
    "-5",
    "@x",
    "+57 1 234",
    "'q'",
    "\\N",
    "a\tb",
    "日本語",
    "€ 5",
    "😀 sí",
    "\u0001",
    "a|b|c",
    "DBL.ST",
    "164|54206|0",
    "N/A",
    "-",
    "null",
    "true",
    "q" * 200,
    "a. b .c",
    "fin.",
    "Pérez Gómez",
    "ÇÖÜ êîô",
    "a\u0301rbol",
    "x  y   z",
    "\u2028",
    "/",
    "</b>",
    "\\",
    "NULL",
    "a\u007fb",
]
EMAILS = [
    "ana@example.com",
    "j.perez+1@mail.example.co",
    "no-email",
    "a@b",
    "a@b.c",
    "a@@b.c",
    "@b.c",
    "a@",
    " a@b.co",
    "a@b.co ",
    "a b@c.de",
    "a@-b.co",
    "a@b-.co",
    "a@b..co",
    "a@b.co.",
    "ñ@b.co",
    "a@ñ.co",
    "a.@b.co",
    ".a@b.co",
    "a'b@c.co",
    "A@B.CO",
    "a@b_c.co",
    "a@1.2",
    "a" * 70 + "@b.co",
    "a@" + "b" * 63 + ".co",
    "a@" + "b" * 64 + ".co",
    "a!#$%&*+/=?^_`{|}~-b@c.co",
    "a@b.c-d",
    "a(b)@c.co",
    "a@b,co",
    '"a"@b.co',
    "a@[1.2.3.4]",
    "a@b.co\n",
]
NUMBERS = [
    "0",
    "-0",
    "0.0",
    "-0.00",
    "1",
    "-1",
    "12",
    "1250.50",
    "1250.505",
    "0.5",
    "-0.5",
    "1.5",
    "2.5",
    "-2.5",
    "0.005",
    "0.015",
    "-0.004",
    "0.045",
    "2.675",
    "1.005",
    "99.995",
    "1e3",
    "1E3",
    "1.5e3",
    "12e-1",
    "1e0",
    "-99.91",
    "3182",
    "123456789012345678",
    "9007199254740993",
    "12345678901234567.89",
    "1" * 38,
    "1" * 39,
    "9" * 36 + ".99",
    "9" * 37 + ".99",
    "0." + "1" * 37,
    "0." + "9" * 30,
    "100",
    "100.00",
    "0.10",
    "1e60",
    "4250000.5",
    "1234567.891",
    "999999.999",
]
NUMBER_TEXTS = [
    "+5",
    "+1.5",
    "1e3",
    "1.5e3",
    ".5",
    "5.",
    " 5",
    "5 ",
    "007",
    "-007.50",
    "00",
    "1,5",
    "12,5",
    "1.250",
    "1.250,00",
    "1,250.00",
    "4.250.000,50",
    "4,250,000.50",
    "1250,5",
    "12.345.67",
    "1.2345",
    "1,234",
    "1 234,5",
    "1 234 567,8",
    "12.5.0",
    "--1",
    "-",
    "1_000",
    "0x10",
    "٣",
    "１２",
    "NaN",
    "Infinity",
    "EUR5",
    "5%",
    "$5",
    "abc",
    "1e",
    "e3",
    "1e+3",
    "1.-5",
    "- 5",
    "1,23,456.0",
    "123456,789.5",
    "12'345.6",
    "-1.234,5",
    "2.50,1",
]
DAYS = [
    (2025, 3, 1),
    (2024, 2, 29),
    (2025, 2, 29),
    (2025, 2, 30),
    (2025, 4, 31),
    (2025, 12, 31),
    (1900, 2, 29),
    (2000, 2, 29),
    (2025, 13, 1),
    (2025, 0, 10),
    (2025, 1, 0),
    (2025, 1, 32),
    (1, 1, 1),
    (1583, 10, 15),
    (9998, 12, 31),
    (1970, 1, 1),
    (2038, 1, 20),
    (2025, 9, 9),
    (2025, 5, 5),
    (2100, 6, 30),
]
CLOCKS = [
    "00:00:00",
    "23:59:59",
    "02:30:00",
    "12:00:00",
    "04:59:59",
    "05:00:00",
    "24:00:00",
    "23:60:00",
    "23:59:60",
    "01:30:00",
    "03:00:00",
    "02:00:00",
    "25:10:00",
]
# Days on which clocks change: Madrid, New York, Santiago, and one far away.
CHANGES = [
    "2025-03-30",
    "2025-10-26",
    "2025-03-09",
    "2025-11-02",
    "2025-04-05",
    "2025-09-07",
    "2045-03-26",
    "2045-10-29",
]
OFFSETS = ["Z", "+00:00", "-05:00", "+0530", "+02", "-03:30", "+14:00", "+01:60", "-00:00"]


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


class Samples:
    """Draws values; `random` is a random.Random."""

    def __init__(self, random):
        self.random = random

    def one(self, items):
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    def awkward(self, drawn):
        """Mostly the drawn JSON text, now and then a blank or another kind."""
        dice = self.random.random()
        if dice < 0.10:
            return self.one(BLANKS)
        if dice < 0.14:
            return self.one(WRONG_KINDS)
        return drawn

    def edged(self, text):
        dice = self.random.random()
        if dice < 0.03:
            return " " + text
        if dice < 0.06:
            return text + self.one([" ", "\n", "\t", "\u00a0", "¹"])
        return text

    def text(self):
        if self.chance(0.1):
            return self.one(["7", "7.10", "-5", "1e5", "0", "true", "false", "12345678901234567890.10"])
        if self.chance(0.2):
            letters = "aábcñÑ É.,-;'\"=+@ 012"
            return quoted("".join(self.one(letters) for _ in range(self.random.randint(1, 12))))
        return quoted(self.one(TEXTS))

    def email(self):
        return quoted(self.one(EMAILS)) if self.chance(0.9) else self.text()

    def number(self):
        dice = self.random.random()
        if dice < 0.25:
            return self.one(NUMBERS)
        if dice < 0.45:
            return quoted(self.one(NUMBERS))
        if dice < 0.65:
            return quoted(self.one(NUMBER_TEXTS))
        digits = str(self.random.randint(0, 10 ** self.random.randint(1, 9)))
        if self.chance(0.7):
            digits += "." + "".join(self.one("0123456789055") for _ in range(self.random.randint(1, 5)))
        digits = ("-" if self.chance(0.2) else "") + digits
        return digits if self.chance(0.5) else quoted(self.edged(digits))

    def styled_number(self, style):
        """Text in a style such as 1.234,56."""
        whole = str(self.random.randint(0, 10 ** self.random.randint(1, 8)))
        if style.thousands and self.chance(0.6):
            whole = f"{int(whole):,}".replace(",", style.thousands)
        part = "".join(self.one("0123456789") for _ in range(self.random.randint(0, 4)))
        return quoted(("-" if self.chance(0.1) else "") + whole + (style.decimal + part if part else ""))

    def day(self):
        if self.chance(0.5):
            return self.one(DAYS)
        day = datetime.date.fromordinal(self.random.randint(700000, 760000))
        return day.year, day.month, day.day

    def iso(self, with_time=0.7):
        y, m, d = self.day()
        text = f"{y:04}-{m:02}-{d:02}"
        if self.chance(0.25):
            text = self.one(CHANGES)
        if not self.chance(with_time):
            return self.edged(text)
        clock = self.one(CLOCKS)
        if self.chance(0.3):
            clock = f"{self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}:{self.random.randint(0, 59):02}"
        if self.chance(0.2):
            clock = clock[:5]
        elif self.chance(0.3):
            clock += "." + "".join(self.one("0123456789") for _ in range(self.random.randint(1, 9)))
        text += "T" + clock
        if self.chance(0.5):
            text += self.one(OFFSETS)
        return self.edged(text)

    def in_pattern(self, pattern, names, words):
        """Text that a pattern may read: now and then with an impossible day, a name in capitals, a final dot."""
        if pattern == "ISO-8601":
            return self.iso()
        if pattern.startswith("unix"):
            seconds = self.random.randint(-(10**9), 4 * 10**9)
            parts = 10 ** {"unix-seconds": 0, "unix-millis": 3, "unix-micros": 6, "unix-nanos": 9}[pattern]
            return str(seconds * parts + self.random.randrange(parts))
        if pattern == "excel-days":
            whole = str(self.random.choice([self.random.randint(40000, 50000), self.random.randint(0, 70)]))
            return whole + (self.one(["", ".5", ".41666666666666669", ".25", ".", ".999999999999", ",5"]) if self.chance(0.6) else "")
        if pattern == "SQL":
            return self.iso(1).replace("T", self.one([" ", " ", "T"]), 1) + (self.one(["", " UTC", "UTC", " "]) if self.chance(0.1) else "")
        y, m, d = self.day()
        if pattern == "RFC-2822":
            try:
                day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[datetime.date(y, m, d).weekday()]
            except ValueError:
                day = "Mon"
            month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Foo".split()[min(m, 13) - 1]
            clock = f"{self.random.randint(0, 24):02}:{self.random.randint(0, 59):02}" + (f":{self.random.randint(0, 60):02}" if self.chance(0.8) else "")
            zone = self.one(["+0000", "-0500", "+0530", "GMT", "EST", "CET", "-0000", "Z"])
            text = f"{day}, {d} {month} {y:04} {clock} {zone}"
            return text.split(", ")[1] if self.chance(0.2) else text.upper() if self.chance(0.1) else text
        hour, minute, second = (self.random.randint(0, 23), self.random.randint(0, 59), self.random.randint(0, 59))
        if self.chance(0.03):
            hour, minute = self.one([(24, 0), (23, 60), (0, 0)])
        if "am" in words:
            hour = self.random.randint(0 if self.chance(0.1) else 1, 13 if self.chance(0.1) else 12)
        month = names.get("MMM", [""] * 12), names.get("MMMM", [""] * 12)
        try:
            weekday = datetime.date(y, m, d).weekday()
        except ValueError:
            weekday = 0
        if self.chance(0.05):
            weekday = (weekday + 1) % 7
        out = ""
        for word in words:
            out += {
                "YYYY": lambda: f"{y:04}",
                "YY": lambda: f"{y % 100:02}",
                "MM": lambda: f"{m:02}",
                "M": lambda: str(m),
                "DD": lambda: f"{d:02}",
                "D": lambda: str(d),
                "HH": lambda: f"{hour:02}",
                "H": lambda: str(hour),
                "mm": lambda: f"{minute:02}",
                "ss": lambda: f"{second:02}",
                "SSS": lambda: f"{self.random.randint(0, 999):03}",
                "S*": lambda: self.one(["", ".5", ".123456789", ".00", "."]),
                "am": lambda: self.one(["am", "pm", "AM", "PM"]),
                "Z": lambda: self.one(OFFSETS),
                "MMM": lambda: self.named(month[0], m - 1),
                "MMMM": lambda: self.named(month[1], m - 1),
                "DDD": lambda: self.named(names.get("DDD"), weekday),
                "DDDD": lambda: self.named(names.get("DDDD"), weekday),
            }.get(word, lambda w=word: w.strip("'") if len(w) > 1 else w)()
        if self.chance(0.04):
            out = out.replace("0", "", 1)
        return self.edged(out)

    def named(self, names, index):
        name = names[index % len(names)]
        if self.chance(0.2):
            name = self.one([name.upper(), name.lower(), name.title()])
        return name + "." if self.chance(0.1) else name

    def time_text(self, patterns, names, words_of):
        if self.chance(0.08):
            return quoted(self.iso())
        pattern = self.one(patterns)
        text = self.in_pattern(pattern, names, words_of(pattern))
        return text if pattern.startswith("unix") and self.chance(0.5) else quoted(text)
