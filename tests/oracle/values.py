"""Numbers, dates and durations of the oracle: whole numbers and fractions only, no float anywhere.

Written from mappings/rules.md; the engine's code was not looked at.
"""

import datetime
import functools
import math
import re
import zoneinfo
from dataclasses import dataclass
from fractions import Fraction


class Unsure(Exception):
    """mappings/rules.md leaves this case open: the record is left out of the comparison, with the reason."""


class Refused(Exception):
    """A value is refused. `stage` tells which words may soften it: wrong, unknown, required, rule."""

    def __init__(self, code, stage="wrong"):
        super().__init__(code)
        self.code = code
        self.stage = stage


# --- numbers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dec:
    """coefficient / 10**scale, with its scale kept."""

    coefficient: int
    scale: int

    def fraction(self):
        return Fraction(self.coefficient, 10**self.scale)

    def plain(self):
        digits = str(abs(self.coefficient)).rjust(self.scale + 1, "0")
        sign = "-" if self.coefficient < 0 else ""
        if self.scale == 0:
            return sign + digits
        return sign + digits[: -self.scale] + "." + digits[-self.scale :]


MAX_DIGITS = 38


def checked(number):
    """A number as it is read or written: what lies between may be wider."""
    if len(str(abs(number.coefficient))) > MAX_DIGITS:
        raise Refused("NUMBER_TOO_BIG")
    if number.scale > MAX_DIGITS:
        raise Unsure("a number with more than 38 decimals, few of them not zero")
    return number


def as_written(number):
    """A finished number without stated decimals: zeros at its end are no digits where only they are too many."""
    coefficient, scale = number.coefficient, number.scale
    while scale > 0 and coefficient % 10 == 0 and len(str(abs(coefficient))) > MAX_DIGITS:
        coefficient, scale = coefficient // 10, scale - 1
    return checked(Dec(coefficient, scale))


def from_parts(sign, whole, part, exponent=0):
    digits = whole + part
    if len(digits) > MAX_DIGITS and len(digits.lstrip("0")) <= MAX_DIGITS:
        raise Unsure("more than 38 digits only when the zeros in front count")
    coefficient = int(digits or "0")
    if sign == "-":
        coefficient = -coefficient
    scale = len(part) - exponent
    if coefficient == 0 and scale < 0:
        scale = 0
    if scale < 0:
        if -scale > 100:
            raise Refused("NUMBER_TOO_BIG")
        coefficient *= 10**-scale
        scale = 0
    return checked(Dec(coefficient, scale))


@dataclass(frozen=True)
class NumberStyle:
    decimal: str
    thousands: str
    plus: bool
    exponent: bool


PLAIN = NumberStyle(".", "", False, False)


@functools.cache
def number_style(example):
    """What an example of `read_number` shows: marks, a plus sign, an exponent."""
    exponent = "e" in example.lower()
    body = re.split("[eE]", example)[0].lstrip("+-")
    marks = re.findall(r"[^0-9]", body)
    decimal, thousands = ".", ""
    if marks:
        last = marks[-1]
        if marks.count(last) > 1 or (len(marks) == 1 and re.fullmatch(r"[0-9]{1,3}[^0-9][0-9]{3}", body)):
            raise Unsure("an example whose mark can be either: " + example)
        decimal = last
        thousands = marks[0] if len(marks) > 1 else ""
    return NumberStyle(decimal, thousands, example.startswith("+"), exponent)


def read_in_style(text, style, with_exponent):
    """The Dec that `text` is in this style, or None. NUMBER_TOO_BIG is raised."""
    sign = r"[+-]?" if style.plus else r"-?"
    exponent = r"(?:e([+-]?[0-9]+))?" if with_exponent else r"()?"
    mark = re.escape(style.decimal)
    found = re.fullmatch(rf"({sign})([0-9]+)(?:{mark}([0-9]+))?{exponent}", text, re.IGNORECASE | re.ASCII)
    if found:
        return from_parts(found[1], found[2], found[3] or "", int(found[4] or 0))
    if not style.thousands:
        return None
    group = re.escape(style.thousands)
    found = re.fullmatch(
        rf"({sign})([0-9]{{1,3}}(?:{group}[0-9]{{3}})+)(?:{mark}([0-9]+))?{exponent}", text, re.IGNORECASE | re.ASCII
    )
    if not found:
        return None
    if found[2].startswith("0"):
        raise Unsure("thousands marks after a zero in front")
    return from_parts(found[1], found[2].replace(style.thousands, ""), found[3] or "", int(found[4] or 0))


def read_number(text, is_json_number, examples):
    """The Dec that `text` is. `examples`: of read_number, none for the plain style."""
    styles = [number_style(e) for e in examples] or [PLAIN]
    if is_json_number:
        shown = any(s.exponent for s in styles)
        if re.search("[eE]", text) and not shown:
            raise Refused("NUMBER_UNREADABLE")
        return read_in_style(text, PLAIN, shown)
    found, trouble = [], None
    for style in styles:
        try:
            number = read_in_style(text, style, style.exponent)
        except Refused as e:
            trouble = e
            continue
        if number is not None:
            found.append(number)
    if not found:
        raise trouble or Refused("NUMBER_UNREADABLE")
    if trouble:
        raise Unsure("one reading is too big, another is not")
    if len({n.fraction() for n in found}) > 1:
        raise Refused("NUMBER_AMBIGUOUS")
    return found[0]


def round_fraction(value, scale, mode):
    """`value` (a Fraction) with `scale` digits, rounded once."""
    scaled = value * 10**scale
    low = scaled.numerator // scaled.denominator
    rest = scaled - low
    if rest == 0:
        return Dec(low, scale)
    if mode == "exact":
        raise Refused("NUMBER_NEEDS_ROUNDING")
    away = low + 1 if scaled > 0 else low
    toward = low if scaled > 0 else low + 1
    half = Fraction(1, 2)
    nearest = low + 1 if rest > half else low
    picks = {
        "floor": low,
        "ceiling": low + 1,
        "up": away,
        "down": toward,
        "half-up": away if rest == half else nearest,
        "half-down": toward if rest == half else nearest,
        "half-even": (low if low % 2 == 0 else low + 1) if rest == half else nearest,
    }
    return Dec(picks[mode], scale)


def rounded(number, scale, mode):
    return checked(round_fraction(number.fraction(), scale, mode))


# --- dates and times ---------------------------------------------------------------------------------------------

MONTHS_LONG = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "January February March April May June July August September October November December",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
MONTHS_SHORT = {
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
    "de": "Jan Feb März Apr Mai Juni Juli Aug Sept Okt Nov Dez",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
}
DAYS_LONG = {
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
}
DAYS_SHORT = {
    "es": "lun mar mié jue vie sáb dom",
    "en": "Mon Tue Wed Thu Fri Sat Sun",
    "pt": "seg ter qua qui sex sáb dom",
    "de": "Mo Di Mi Do Fr Sa So",
    "fr": "lun mar mer jeu ven sam dim",
    "it": "lun mar mer gio ven sab dom",
}
WORD_NAMES = {"MMM": MONTHS_SHORT, "MMMM": MONTHS_LONG, "DDD": DAYS_SHORT, "DDDD": DAYS_LONG}
OTHER_NAMES = {  # of September
    ("es", "MMM"): ("sep", "sept", "set"),
    ("es", "MMMM"): ("setiembre",),
    ("en", "MMM"): ("sep",),
    ("de", "MMM"): ("sep",),
}
WORDS = re.compile(r"'[^']*'|YYYY|YY|MMMM|MMM|MM|M|DDDD|DDD|DD|D|HH|H|mm|ss|SSS|S\*|am|Z|.", re.DOTALL)
QUOTE = "'"
OFFSET = r"Z|[+-][0-9]{2}(?::?[0-9]{2})?"
SHAPES = {
    "YYYY": r"[0-9]{4}",
    "YY": r"[0-9]{2}",
    "MM": r"[0-9]{2}",
    "M": r"[0-9]{1,2}",
    "DD": r"[0-9]{2}",
    "D": r"[0-9]{1,2}",
    "HH": r"[0-9]{2}",
    "H": r"[0-9]{1,2}",
    "mm": r"[0-9]{2}",
    "ss": r"[0-9]{2}",
    "SSS": r"[0-9]{3}",
    "S*": r"(?:\.[0-9]{1,9})?",
    "am": r"[aApP][mM]",
    "Z": OFFSET,
}


@dataclass(frozen=True)
class Moment:
    """A date, a time of day or both; `fraction` holds its digits, `offset` seconds east of UTC or None."""

    date: datetime.date = None
    seconds: int = None  # of the day
    fraction: str = ""
    offset: int = None

    def key(self):
        """For comparisons: an instant where the offset is known, else the local time."""
        days = self.date.toordinal() if self.date else 0
        seconds = (self.seconds or 0) - (self.offset or 0)
        return Fraction(days * 86400 + seconds) + Fraction(int(self.fraction or "0"), 10 ** len(self.fraction))

    def shifted(self, offset):
        """The same instant with another offset."""
        total = self.date.toordinal() * 86400 + self.seconds - self.offset + offset
        if not 1 <= total // 86400 <= datetime.date.max.toordinal():
            raise Unsure("an instant at the edge of the calendar")
        return Moment(datetime.date.fromordinal(total // 86400), total % 86400, self.fraction, offset)


class Impossible(Exception):
    """The shape fits, and there is no such day or time."""


def make_date(year, month, day):
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise Impossible from None


def make_seconds(hour, minute, second):
    if hour > 23 or minute > 59 or second > 59:
        raise Impossible
    return hour * 3600 + minute * 60 + second


def make_offset(text):
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or "0")
    if minutes > 59 or hours > 23:
        raise Impossible
    if hours > 14:
        raise Unsure("an offset of more than 14 hours")
    return (-1 if text[0] == "-" else 1) * (hours * 3600 + minutes * 60)


ISO = re.compile(
    rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})(?:T([0-9]{{2}}):([0-9]{{2}})(?::([0-9]{{2}})(?:\.([0-9]+))?)?({OFFSET})?)?"
)


def read_iso(text):
    found = ISO.fullmatch(text)
    if not found:
        loose = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2})?([.,][0-9]+)?([Zz]|[+-][0-9:]+)?"
        strict_tail = not re.search("[tz,]", text) and re.search("[+-][0-9:]*$", text[11:])
        if re.fullmatch(loose, text) and not strict_tail:
            raise Unsure("ISO-8601 with small letters, a comma, or a fraction of minutes")
        return None
    day = make_date(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return Moment(day)
    seconds = make_seconds(int(found[4]), int(found[5]), int(found[6] or 0))
    fraction = found[7] or ""
    if len(fraction) > 9:
        raise Unsure("a fraction of a second with more than nine digits")
    return Moment(day, seconds, fraction, make_offset(found[8]) if found[8] else None)


def read_unix(text, digits):
    """A count of seconds, or of their parts of 10^-digits."""
    found = re.fullmatch(r"-?[0-9]+", text, re.ASCII)
    if not found:
        if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
            raise Unsure("a fraction in a unix time")
        return None
    if len(text) > 14 + digits:
        raise Unsure("a unix time far away")
    number = int(text)
    seconds, rest = divmod(number, 10**digits)
    fraction = str(rest).rjust(digits, "0") if digits else ""
    day = datetime.date(1970, 1, 1).toordinal() + seconds // 86400
    if not 1 <= day <= datetime.date.max.toordinal():
        raise Impossible
    return Moment(datetime.date.fromordinal(day), seconds % 86400, fraction, 0)


SQL = re.compile(
    rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})[ T]([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}})(?:\.([0-9]+))?(?: ?(UTC|{OFFSET}))?"
)


def read_sql(text):
    found = SQL.fullmatch(text)
    if not found:
        return None
    day = make_date(int(found[1]), int(found[2]), int(found[3]))
    seconds = make_seconds(int(found[4]), int(found[5]), int(found[6]))
    fraction = found[7] or ""
    if len(fraction) > 9:
        raise Unsure("a fraction of a second with more than nine digits")
    zone = found[8]
    return Moment(day, seconds, fraction, None if zone is None else 0 if zone == "UTC" else make_offset(zone))


MAIL_ZONES = {"GMT": 0, "UT": 0, "UTC": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
MAIL = re.compile(
    r"[ \t]*(?:([A-Za-z]{3})[ \t]*,[ \t]*)?([0-9]{1,2})[ \t]+([A-Za-z]{3})[ \t]+([0-9]{4}|[0-9]{2})[ \t]+"
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?[ \t]+([A-Z]+|[+-][0-9]{4})[ \t]*(?:\([^()]*\)[ \t]*)?"
)


def read_mail(text):
    """RFC 2822, with what RFC 5322 4.3 still reads."""
    found = MAIL.fullmatch(text)
    if not found:
        return None
    name = read_name("DDD", found[1], "en") if found[1] else None
    month = read_name("MMM", found[3], "en")
    zone = found[8]
    if (found[1] and name is None) or month is None or (zone[0] not in "+-" and zone not in MAIL_ZONES):
        return None
    year = int(found[4])
    if len(found[4]) == 2:
        year += 2000 if year < 50 else 1900
    day = make_date(year, month + 1, int(found[2]))
    if name is not None and day.weekday() != name:
        raise Impossible
    seconds = make_seconds(int(found[5]), int(found[6]), int(found[7] or 0))
    return Moment(day, seconds, "", make_offset(zone) if zone[0] in "+-" else MAIL_ZONES[zone] * 3600)


def read_excel(text):
    """The 1900 date system of ECMA-376, to the millisecond."""
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text, re.ASCII):
        return None
    if text[0] == "-":
        raise Impossible
    millis = math.floor(Fraction(text) * 86_400_000 + Fraction(1, 2))
    if millis < 61 * 86_400_000:
        raise Impossible
    days, rest = divmod(millis, 86_400_000)
    ordinal = datetime.date(1900, 3, 1).toordinal() + days - 61
    if ordinal > datetime.date.max.toordinal():
        raise Impossible
    return Moment(datetime.date.fromordinal(ordinal), rest // 1000, f"{rest % 1000:03}" if rest % 1000 else "", None)


def pattern_words(pattern):
    return WORDS.findall(pattern)


def is_word(word):
    return word in SHAPES or word in WORD_NAMES


def names_of(word, months):
    return WORD_NAMES[word][months].split()


def read_name(word, text, months):
    """Index of a month's or weekday's name, or None."""
    bare = text.casefold().removesuffix(".")
    for i, name in enumerate(names_of(word, months)):
        if bare == name.casefold():
            return i
    if word in ("MMM", "MMMM") and bare in OTHER_NAMES.get((months, word), ()):
        return 8
    if word == "MMM" and months == "en" and bare == "sept":
        raise Unsure("sept in English")
    return None


@functools.cache
def pattern_shape(pattern):
    """The words of a format, and the expression that its texts fit."""
    words = pattern_words(pattern)
    shape = ""
    for word in words:
        if word in WORD_NAMES:
            shape += r"([^\W\d_]+(?:-[^\W\d_]+)?\.?)"
        elif word in SHAPES:
            shape += f"({SHAPES[word]})"
        elif len(word) > 1:
            shape += f"(?i:{re.escape(word.strip(QUOTE))})"  # quoted letters, in any case
        else:
            shape += re.escape(word)
    return words, re.compile(shape)


NAMED = {
    "unix-seconds": lambda text: read_unix(text, 0),
    "unix-millis": lambda text: read_unix(text, 3),
    "unix-micros": lambda text: read_unix(text, 6),
    "unix-nanos": lambda text: read_unix(text, 9),
    "SQL": read_sql,
    "RFC-2822": read_mail,
    "excel-days": read_excel,
}


def read_pattern(pattern, text, months, century):
    """The Moment of `text`, None where the shape does not fit, Impossible where there is no such day."""
    if pattern == "ISO-8601":
        return read_iso(text)
    if pattern in NAMED:
        return NAMED[pattern](text)
    words, shape = pattern_shape(pattern)
    found = shape.fullmatch(text)
    if not found:
        return None
    parts = {}
    for word, piece in zip([w for w in words if is_word(w)], found.groups()):
        if word in WORD_NAMES:
            index = read_name(word, piece, months)
            if index is None:
                return None
            parts[word[0] * 3] = index
        else:
            if word == "S*":
                parts["SSS"] = piece.removeprefix(".")
                continue
            parts[word if word == "SSS" or len(word) == 1 and word == "Z" else word[0]] = piece
            if word == "YY":
                parts["YY"] = True
            if word == "mm":
                parts["mm"] = piece
            if word == "am":
                parts["am"] = piece.lower()
    return moment_of(parts, century)


def moment_of(parts, century):
    day = None
    if "Y" in parts:
        year = int(parts["Y"])
        if "YY" in parts:
            first = int(century.split("-")[0])
            year = first + (year - first) % 100
        month = parts["MMM"] + 1 if "MMM" in parts else int(parts["M"])
        day = make_date(year, month, int(parts["D"]))
        if "DDD" in parts and day.weekday() != parts["DDD"]:
            raise Impossible
    seconds = None
    if "H" in parts:
        hour = int(parts["H"])
        if "am" in parts:
            if not 1 <= hour <= 12:
                raise Impossible
            hour = hour % 12 + (12 if parts["am"] == "pm" else 0)
        seconds = make_seconds(hour, int(parts.get("mm", 0)), int(parts.get("s", 0)))
    return Moment(day, seconds, parts.get("SSS", ""), make_offset(parts["Z"]) if "Z" in parts else None)


def read_moment(text, patterns, months, century):
    """By the first pattern that fits; DATE_IMPOSSIBLE when one fits in shape only."""
    impossible = False
    for pattern in patterns:
        try:
            moment = read_pattern(pattern, text, months, century)
        except Impossible:
            impossible = True
            continue
        if moment is not None:
            return moment
    raise Refused("DATE_IMPOSSIBLE" if impossible else "DATE_UNREADABLE")


def offset_at(zone, moment):
    """Seconds east of UTC in `zone` (or an offset such as -05:00) at an instant."""
    if re.fullmatch(OFFSET, zone):
        return make_offset(zone)
    utc = moment.shifted(0)
    if not 2 <= utc.date.year <= 9998:
        raise Unsure("an instant at the edge of the calendar")
    instant = datetime.datetime.combine(utc.date, datetime.time(0), datetime.timezone.utc)
    instant += datetime.timedelta(seconds=utc.seconds)
    return int(instant.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset().total_seconds())


def local_offset(zone, moment, clock_change):
    """Seconds east of UTC of a local time in a zone (or an offset such as -05:00)."""
    if re.fullmatch(OFFSET, zone):
        return make_offset(zone)
    if not 2 <= moment.date.year <= 9998:
        raise Unsure("an instant at the edge of the calendar")
    local = datetime.datetime.combine(moment.date, datetime.time(0), zoneinfo.ZoneInfo(zone))
    local += datetime.timedelta(seconds=moment.seconds)
    # PEP 495: the offset before a change and the one after it, for a time that is skipped or repeated.
    before, after = (int(local.replace(fold=fold).utcoffset().total_seconds()) for fold in (0, 1))
    if before == after:
        return before
    if clock_change == "reject":
        raise Refused("TIME_EXISTS_TWICE" if before > after else "TIME_DOES_NOT_EXIST")
    # The earlier of two instants with one local time has the greater offset.
    return max(before, after) if clock_change == "earlier" else min(before, after)


def offset_text(offset):
    if offset == 0:
        return "Z"
    if offset % 60:
        raise Unsure("how an offset with seconds is written")
    minutes = abs(offset) // 60
    return ("-" if offset < 0 else "+") + f"{minutes // 60:02}:{minutes % 60:02}"


def write_moment(moment, pattern, months):
    seconds = moment.seconds or 0
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    if pattern == "ISO-8601":
        text = moment.date.isoformat()
        if moment.seconds is None:
            return text
        text += f"T{hour:02}:{minute:02}:{second:02}"
        if moment.fraction:
            text += "." + moment.fraction
        return text if moment.offset is None else text + offset_text(moment.offset)
    if pattern == "SQL":
        text = f"{moment.date.isoformat()} {hour:02}:{minute:02}:{second:02}" + ("." + moment.fraction if moment.fraction else "")
        return text if moment.offset is None else text + offset_text(moment.offset)
    if pattern == "RFC-2822":
        if moment.offset is not None and moment.offset % 60:
            raise Unsure("how an offset with seconds is written")
        offset = "-0000" if moment.offset is None else f"{'-' if moment.offset < 0 else '+'}{abs(moment.offset) // 3600:02}{abs(moment.offset) // 60 % 60:02}"
        name, month = names_of("DDD", "en")[moment.date.weekday()], names_of("MMM", "en")[moment.date.month - 1]
        return f"{name}, {moment.date.day:02} {month} {moment.date.year:04} {hour:02}:{minute:02}:{second:02} {offset}"
    out = ""
    words = pattern_words(pattern)
    day = moment.date
    if "am" in words:
        raise Unsure("whether am and pm are written in capitals")
    for word in words:
        if word == "Z":
            if moment.offset is None:
                raise Unsure("Z written of a time without an offset")
            out += offset_text(moment.offset)
        elif word in WORD_NAMES:
            out += names_of(word, months)[day.month - 1 if word[0] == "M" else day.weekday()]
        elif word in SHAPES:
            out += {
                "YYYY": lambda: f"{day.year:04}",
                "YY": lambda: f"{day.year % 100:02}",
                "MM": lambda: f"{day.month:02}",
                "M": lambda: str(day.month),
                "DD": lambda: f"{day.day:02}",
                "D": lambda: str(day.day),
                "HH": lambda: f"{hour:02}",
                "H": lambda: str(hour),
                "mm": lambda: f"{minute:02}",
                "ss": lambda: f"{second:02}",
                "SSS": lambda: (moment.fraction + "000")[:3],
                "S*": lambda: "." + moment.fraction if moment.fraction else "",
            }[word]()
        else:
            out += word.strip("'") if len(word) > 1 else word
    return out


# --- durations ---------------------------------------------------------------------------------------------------

DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}


@dataclass(frozen=True)
class Span:
    """A duration: months, which have no certain length, and seconds."""

    months: int
    seconds: int


class Undecided(Exception):
    """Two durations that cannot be told apart: a month has no fixed length."""


def compare_spans(one, other):
    """-1, 0 or 1: one is above the other where neither its months nor what is beside them are fewer."""
    months, seconds = one.months - other.months, one.seconds - other.seconds
    if (months > 0 and seconds < 0) or (months < 0 and seconds > 0):
        raise Undecided
    return (months + seconds > 0) - (months + seconds < 0)


def read_duration(text, how):
    """The Span of a duration."""
    if how in UNITS:
        if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
            return Span(0, int(text) * UNITS[how])
        if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,4}", text, re.ASCII):
            return Span(0, Fraction(text) * UNITS[how])
        if re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?", text):
            raise Unsure("a count of minutes with a sign, a fraction or very long")
        return None
    found = DURATION.fullmatch(text)
    if not found:
        if re.fullmatch(r"[-+]?P[0-9YMWDTHS.,]*", text) and re.search("[-+.,]", text):
            raise Unsure("a duration with a sign or a fraction")
        return None
    parts = [int(p) if p else None for p in found.groups()]
    if all(p is None for p in parts) or text.endswith("T"):
        return None
    years, months, weeks, days, hours, minutes, seconds = (p or 0 for p in parts)
    return Span(years * 12 + months, ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds)


def in_unit(span, unit, decimals, rounding):
    """A duration as a number of hours, minutes or seconds: all its digits, or as many as are stated."""
    if span.months:
        raise Refused("DURATION_UNREADABLE")
    length = Fraction(span.seconds) / UNITS[unit]
    if decimals is not None:
        return checked(round_fraction(length, int(decimals), rounding))
    scale = next((n for n in range(20) if (length * 10**n).denominator == 1), None)
    if scale is None:
        raise Refused("NUMBER_NEEDS_ROUNDING")
    return checked(Dec(int(length * 10**scale), scale))


def write_duration(span):
    """The shortest form of ISO-8601; a day has 24 hours."""
    if span.seconds != int(span.seconds):
        raise Unsure("a fraction of a second in ISO-8601")
    days, rest = divmod(int(span.seconds), 86400)
    date = [(span.months // 12, "Y"), (span.months % 12, "M"), (days, "D")]
    time = [(rest // 3600, "H"), (rest // 60 % 60, "M"), (rest % 60, "S")]
    text = "P" + "".join(f"{n}{unit}" for n, unit in date if n)
    if rest:
        text += "T" + "".join(f"{n}{unit}" for n, unit in time if n)
    return text if text != "P" else "PT0S"
