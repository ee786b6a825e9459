"""The grammar of written dates and times: text in, every date it holds out; used by `dates`.

Only what stands in the line is read here: no clock but for two-digit years, no choice between
dates (that is `dates.read_date`). All expressions run on a folded copy of the line (lower case, no
accents, plain spaces and dashes) of the same length, so that a place in one is a place in the
other.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

WINDOW = 300
"""Characters of a line in which a date may begin."""
MARGIN = 80
"""A date that begins in the window ends within this many more."""

# Invisible signs that editors paste into date lines; they part digits without being seen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_ENTITY = re.compile(r"&#?\w{2,8};")
# Letters that begin a UTF-8 sequence read as windows-1252 («fÃ©vrier»); kept, so they are seen.
_GARBLE = "ÃÂÌâƒ"


def _folding() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in (*range(0x41, 0x5B), *range(0xAA, 0x250), *range(0x1D43, 0x1D6B)):
        base = unicodedata.normalize("NFKD", chr(code))[:1].lower()
        if base.isascii() and base.isalpha() and chr(code) not in _GARBLE:
            table[code] = base
    table.update({0xFF10 + digit: str(digit) for digit in range(10)})
    table.update(dict.fromkeys(map(ord, "‐‑‒–—―−﹣-"), "-"))
    table.update(dict.fromkeys(map(ord, "’‘`´ʼ′"), "'"))
    table.update(dict.fromkeys(map(ord, "º˚"), "°"))
    table.update({ord("："): ":", ord("⁄"): "/", ord("∕"): "/", ord("／"): "/"})
    return table


_FOLD = _folding()


def tidy(text: str) -> str:
    """`text` composed, without invisible signs and entities, white space collapsed."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return " ".join(text.split())


def fold(line: str) -> str:
    """A tidy line in lower case without accents, of the same length."""
    return line.lower() if line.isascii() else line.translate(_FOLD)


_G = r"(?:[^\x00-\x7f]|[?'^])"  # what stands for an accented letter that was lost in transit
MONTH = (
    r"(?:janv(?:ier)?|january|jan"
    rf"|fevr(?:ier)?|fev|february|feb|fe?{_G}{{1,8}}v(?:r(?:ier)?)?"
    r"|mars|march|mar|avr(?:il)?|april|apr|mai|may|juin|june|jun|juil(?:l(?:et)?)?|july|jul"
    rf"|aout|aou|august|aug|aou?{_G}{{1,8}}t"
    r"|sept(?:emb(?:re|er))?|sep|octob(?:re|er)|oct|novemb(?:re|er)|nov"
    rf"|decemb(?:re|er)|dec|de?{_G}{{1,8}}c(?:embre)?)(?![a-z]|[^\x00-\x7f])"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan",
            "fev feb",
            "mar",
            "avr apr",
            "mai may",
            "juin jun",
            "juil jul",
            "aou aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ],
        1,
    )
    for name in names.split()
}
_GARBLED = {"f": 2, "a": 8, "d": 12}
WEEKDAY = (
    r"(?<![a-z])(?:lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:d(?:redi)?)?"
    r"|sam(?:edi)?|dim(?:anche)?|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?"
    r"|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ["lun mon", "mar tue", "mer wed", "jeu thu", "ven fri", "sam sat", "dim sun"]
    )
    for name in names.split()
}
_ENGLISH = frozenset(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])

_SEP = r"[ ,./-]{0,3}"
_ORDINAL = r"(?: ?(?:er|ere|eme|e|st|nd|rd|th|°))?"
# Numbers that count things, so that «le 5 mars 2000 personnes» is not the year 2000.
_COUNTED = (
    r"(?! ?(?:personnes?|morts?|soldats?|militaires|hommes|femmes|enfants|eleves|etudiants"
    r"|francs|f ?cfa|fcfa|euros?|dollars?|km|tonnes?|habitants|candidats|logements|emplois"
    r"|deplaces|refugies|manifestants|millions?|milliards?|%|€)(?![a-z]))"
)
# Where a number starts on its own: not inside another number, a decimal, an address or a time.
_NUMBER = r"(?<![0-9])(?<![0-9][./:,-])(?<![0-9] /)"

_DATE = re.compile(
    # Sorts most places out at once: a digit, or a word that a month or a weekday may begin.
    rf"(?=[0-9]|(?<![a-z])[adfjlmnostvw])"
    rf"(?:(?P<weekday>{WEEKDAY})[.,]{{0,2}} ?-? ?(?:le )?)?(?:{_NUMBER}(?:"
    # 19 /09 /septembre /2016
    rf"(?P<bday>[0-9]{{1,2}}) ?/ ?(?P<bnum>[0-9]{{1,2}}) ?/ ?(?P<bmonth>{MONTH}) ?/ ?"
    rf"(?P<byear>[0-9]{{4}})(?![0-9])"
    # 29 mars 2024, 22 - Novembre - 2024, 07 Juin 18; vendredi 27 mai
    rf"|(?P<day>[0-9]{{1,2}}){_ORDINAL}{_SEP}(?P<month>{MONTH})"
    rf"(?:{_SEP}(?P<year>[0-9]{{4}})(?![0-9]){_COUNTED}"
    rf"|\.?[ ./-]{{1,3}}(?P<short>[0-9]{{2}})(?= ?(?:$|[|;)•·\]]|[,-] |a [0-9]))"
    rf"|(?P<noyear>(?!{_SEP}[0-9]+(?![0-9]| ?[h:])| ?(?:prochain|suivant))))"
    # 29/03/2024, 29.03.24, 29 - 03 - 2024
    r"|(?P<nday>[0-9]{1,2}) ?(?P<nsep>[/.-]) ?(?P<nmonth>[0-9]{1,2}) ?(?P=nsep) ?"
    r"(?:(?P<nyear>[0-9]{4})(?![0-9]|[/.-][0-9]+(?![0-9h:]| h))"
    r"|(?P<nshort>[0-9]{2})(?![0-9h:%]| ?(?:€|\$|f ?cfa|francs|euros|k[mg])"
    r"| ?[/.-] ?[0-9]+(?![0-9h:]| h)|,[0-9]))"
    # 2024-03-29, 2024/03/29
    r"|(?<!/)(?P<iyear>[0-9]{4})(?P<isep>[/.-])(?P<imonth>[0-9]{1,2})(?P=isep)"
    r"(?P<iday>[0-9]{1,2})(?![0-9]|[/.-][0-9]+(?![0-9h:]))"
    # mardi 12/03 (no year)
    r"|(?P<wday>[0-9]{1,2})/(?P<wmonth>[0-9]{1,2})(?![0-9/.-]|,[0-9])"
    # janvier 15, 2025
    rf")|(?<![a-z0-9])(?<![0-9] )(?<![0-9][./,-])(?P<fmonth>{MONTH})\.? ?"
    rf"(?P<fday>[0-9]{{1,2}}){_ORDINAL},? (?P<fyear>[0-9]{{4}})(?![0-9]){_COUNTED})"
)

# Words before a date that make it the date of something else, or no date at all.
_NOT_OURS = re.compile(
    r"(?:(?<![a-z])(?:n|no|nos|num|numero|vol|volume|page|pages|p|tome|episode|ep|saison|partie"
    r"|acte|chapitre|journee|photo|top|les|des|ces)[.°]{0,2}|#) ?[:.-]? ?$"
    r"|(?:jusqu'(?:au|a)|avant le|depuis le|a partir du|a compter du|des le|(?<![a-z])nee? le"
    r"|(?:rendez-vous|rdv|a paraitre|aura lieu|se tiendra|debutera|expire) le"
    r"|echeance(?: le| du)?|prevue?s? (?:le|pour le)|date limite) ?:? ?$"
    r"|(?<![a-z])(?:prix|tel|telephone|fax|bp|ref|reference|loi|decret|arrete|ip|version|iso"
    r"|score)(?: n°)?[. ]*:? ?$"
)
# «du 12 au 15 mars 2024», «12-15 mars 2024», «12 et 13 mars 2024», «12 mars - 15 mars 2024»
_RANGE = re.compile(
    rf"(?:(?<![0-9])[0-9]{{1,2}}(?: ?er)?|[0-9 ]{MONTH}) ?(?:(?<![a-z])(?:au|et|ou|a)(?![a-z])|&)"
    r" ?(?:le )?$"
    rf"|(?:(?<![0-9:h/.-])[0-9]{{1,2}}(?:er)?-|[0-9 ]{MONTH} ?- ?"
    rf"|[0-9](?:er)? ?{MONTH}[ ,/]{{1,3}})$"
    rf"|(?:^|(?:^| )(?:du|le|les|entre|{WEEKDAY}) )[0-9]{{1,2}}(?:er)? ?[-,] $"
)

_ZONE = (
    r"(?: ?\(?(?:heures? )?(?P<zone>gmt|utc|t\.?u\.?(?![a-z])|z(?![a-z])|cest|cet|wat"
    r"|temps universel)(?![a-z])"
    r"(?P<shift> ?[+-] ?[0-9]{1,2}(?::?[0-9]{2})?(?![0-9]))?"
    r"| ?(?P<offset>[+-][0-9]{2}:?[0-9]{2})(?![0-9])"
    # Another town's clock, or one we cannot tell.
    r"| ?[(,]? ?(?P<place>(?:heures? (?!locale)(?:de |d'|du )?|(?:europe|africa|america)/)[a-z]+"
    r"|(?:paris|est|edt|cst|cdt|pst|pdt|bst|eat|sast|hne|hae)(?![a-z])))?"
)
_TIME = (
    r"(?<![0-9:])(?P<hour>[0-9]{1,2})(?:"
    r"(?: ?:| ?h(?:eures?|rs)?(?![a-z])) ?(?P<minute>[0-9]{2})(?:: ?[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?![0-9])(?: ?(?:minutes?|min|mn)(?![a-z])|')?(?: ?(?P<half>[ap])\.?m(?![a-z])\.?)?"
    r"| ?h(?:eures?)?(?![a-z0-9])(?! ?(?:de |d'|[0-9]))"
    r"| ?(?P<half2>[ap])\.?m(?![a-z])\.?)" + _ZONE
)
TIME_AFTER = re.compile(
    r"(?:t(?=[0-9]{2}:)|[ ,;|•·()\[\]@/.-]*(?:(?:a|Ã|vers|at|@)(?![a-z]) ?:? ?)?)" + _TIME
)
_TIME_BEFORE = re.compile(r"(?<![.,/])" + _TIME + r"\)?[ ,;|•·()@/-]{0,4}(?:,? ?(?:le|du|on) )?$")
_COMPACT = re.compile(
    r"t(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?:[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?P<zone>z)?(?P<offset>[+-][0-9]{2}:?[0-9]{2})?(?![0-9])"
)
_UNTIL = re.compile(r" ?(?:-|a|et|/) ?[0-9]{1,2} ?[h:]")
_ZONES: dict[str, tzinfo] = {
    "wat": timezone(timedelta(hours=1)),
    "cet": timezone(timedelta(hours=1)),
    "cest": timezone(timedelta(hours=2)),
}


_DIGIT = re.compile("[0-9]")


@dataclass(slots=True)
class Found:
    """One date of a line, at `start` to `end` of the folded text; the time is part of it.

    `day` is None where the form is a date's but the calendar has no such day. `clock` is (hour,
    minute, zone or None). `bad_time` says that a time stands there and cannot be one.
    """

    start: int
    end: int
    day: date | None
    rule: str
    weekday: bool = False
    clock: tuple[int, int, tzinfo | None] | None = None
    bad_time: bool = False


def find_dates(folded: str, limit: int, today: date) -> list[Found]:
    """Every date that begins before `limit`, in order, each with its time.

    Some are there with `day` None: rule `invalid` where the calendar has no such day, `range` for
    part of one («du 12 au 15 mars 2024»), `other` for the date or number of something else.
    `today` serves years of two digits or none.
    """
    found: list[Found] = []
    taken = 0
    for match in _DATE.finditer(folded):
        if match.start() >= limit:
            break
        one = _one(match, folded, today)
        if one is None:
            continue
        _attach_time(one, folded, taken)
        taken = one.end
        found.append(one)
    return found


def has_date(folded: str, limit: int) -> bool:
    """Could a date begin before `limit`? The form alone, nothing is worked out."""
    for match in _DATE.finditer(folded):
        if match.start() >= limit:
            return False
        if match["weekday"] or (match["noyear"] is None and match["wday"] is None):
            return True
    return False


def month_number(name: str) -> int:
    """1–12 of a month name as `MONTH` matches it."""
    return _MONTHS.get(name[:3]) or _MONTHS.get(name[:4]) or _GARBLED[name[0]]


def _one(match: re.Match[str], folded: str, today: date) -> Found | None:
    weekday_name = match["weekday"]
    start = match.start()
    if match["day"]:
        month, day = month_number(match["month"]), int(match["day"])
        year = match["year"] or match["short"]
        rule = "long"
    elif match["nday"]:
        month, day, year, rule = int(match["nmonth"]), int(match["nday"]), match["nyear"], "numeric"
        if not year:
            year = match["nshort"]
            glued = start and folded[start - 1].isalnum()
            if glued or (match["nsep"] != "/" and (day < 10 or month < 10) and _thin(match)):
                return None
    elif match["iday"]:
        month, day, year = int(match["imonth"]), int(match["iday"]), match["iyear"]
        rule = "iso"
    elif match["fday"]:
        month, day, year = month_number(match["fmonth"]), int(match["fday"]), match["fyear"]
        rule = "month_first"
    elif match["bday"]:
        month, day, year, rule = int(match["bnum"]), int(match["bday"]), match["byear"], "long"
        if month != month_number(match["bmonth"]):
            return Found(start, match.end(), None, "invalid")
    else:
        month, day, year, rule = int(match["wmonth"]), int(match["wday"]), None, "numeric"
    weekday = _WEEKDAYS[weekday_name[:3]] if weekday_name else None
    if not year and (weekday is None or weekday_name[:3] in _ENGLISH):
        return None
    before = max(0, start - 40)
    if _NOT_OURS.search(folded, before, start):
        return Found(start, match.end(), None, "other")
    if _DIGIT.search(folded, before, start) and _RANGE.search(folded, before, start):
        return Found(start, match.end(), None, "range")
    return _calendar(match, rule, (year, month, day), weekday, today)


def _thin(match: re.Match[str]) -> bool:
    """«6-4-12» is a score, «06-04-12» a date."""
    return len(match["nday"]) < 2 or len(match["nmonth"]) < 2


def _calendar(
    match: re.Match[str],
    rule: str,
    parts: tuple[str | None, int, int],
    weekday: int | None,
    today: date,
) -> Found:
    year, month, day = parts
    start, end = match.span()
    if year is None:
        assert weekday is not None
        past = latest(month, day, weekday, today)
        return Found(start, end, past, "no_year" if past else "invalid")
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= (today.year + 1) % 100 else 1900
    try:
        when = date(number, month, day) if number >= 1900 else None
    except ValueError:
        when = None
    wrong = weekday is not None and when is not None and when.weekday() != weekday
    if wrong and len(year) == 2:
        when = None  # «mardi 12 mars, 18» is rather a count than a year
    return Found(start, end, when, rule if when else "invalid", weekday=wrong)


def latest(month: int, day: int, weekday: int, today: date) -> date | None:
    """The latest such day not after tomorrow that falls on `weekday`; tomorrow, since the writer's
    clock may be ahead of ours."""
    limit = today.toordinal() + 1
    for year in range(min(today.year + 1, 9999), max(today.year - 41, 1899), -1):
        try:
            when = date(year, month, day)
        except ValueError:
            continue
        if when.toordinal() <= limit and when.weekday() == weekday:
            return when
    return None


def _attach_time(one: Found, folded: str, taken: int) -> None:
    match = TIME_AFTER.match(folded, one.end) or _COMPACT.match(folded, one.end)
    if match:
        one.end = match.end()
        if _UNTIL.match(folded, one.end):
            return  # «de 14h à 16h»: hours of something else
        one.clock = clock(match)
        one.bad_time = one.clock is None and not match.groupdict().get("place")
        return
    before = max(taken, one.start - 50)
    if not _DIGIT.search(folded, before, one.start):
        return
    if match := _TIME_BEFORE.search(folded, before, one.start):
        one.start = match.start()
        one.clock = clock(match)
        one.bad_time = one.clock is None and not match["place"]


def clock(match: re.Match[str]) -> tuple[int, int, tzinfo | None] | None:
    """Hour, minute and zone of a match of the time form; None where no clock shows that."""
    parts = match.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
    half = parts.get("half") or parts.get("half2")
    if half == "a":
        hour = hour % 12 if hour <= 12 else 99
    elif half == "p" and hour <= 12:
        hour = hour % 12 + 12
    if hour > 23 or minute > 59:
        return None
    if place := parts.get("place"):
        # Known for Paris and Greenwich, else the time cannot be told.
        zones: dict[str, tzinfo] = {"paris": _zone("Europe/Paris"), "greenwich": UTC}
        town = next((name for name in zones if place.endswith(name)), None)
        return (hour, minute, zones[town]) if town else None
    return hour, minute, _offset(parts)


def _offset(parts: dict[str, str | None]) -> tzinfo | None:
    digits = parts.get("offset") or parts.get("shift")
    name = parts.get("zone")
    if not digits:
        return _ZONES.get(name, UTC) if name else None
    digits = digits.replace(" ", "").replace(":", "")
    minutes = int(digits[1:3]) * 60 + int(digits[3:5] or 0)
    if minutes == 0:
        return UTC
    if minutes > 15 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
