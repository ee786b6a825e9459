"""The grammar of written dates: a folded line in, every date it holds out; used by `dates`.

Only what stands in the line is read here: no clock but for two-digit years, no choice between
dates (that is `dates.read_date`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crawler.parsing.date_times import Clock, compact_after, goes_on, time_after, time_before

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
_DIGIT = re.compile("[0-9]")
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
_GROUP = _DATE.groupindex
_FORMS = {
    _GROUP[last]: (rule, _GROUP[year], _GROUP[month], _GROUP[day])
    for last, rule, year, month, day in (
        ("byear", "long", "byear", "bnum", "bday"),
        ("year", "long", "year", "month", "day"),
        ("short", "long", "short", "month", "day"),
        ("noyear", "long", "noyear", "month", "day"),
        ("nyear", "numeric", "nyear", "nmonth", "nday"),
        ("nshort", "numeric", "nshort", "nmonth", "nday"),
        ("iday", "iso", "iyear", "imonth", "iday"),
        ("wmonth", "numeric", "noyear", "wmonth", "wday"),
        ("fyear", "month_first", "fyear", "fmonth", "fday"),
    )
}
"""The last group of a form of `_DATE` → (rule, groups of year, month and day). Where there is no
year, `noyear` is empty."""
_WEEKDAY, _BYEAR, _NSHORT = _GROUP["weekday"], _GROUP["byear"], _GROUP["nshort"]
# What a date's first number is followed by: of «à 18h09» neither is one.
_LEADING = re.compile("[0-9]++(?=[ ,./°adefjmnorst-])")
_AHEAD = 24
"""Characters of a date before its first number, at most: weekday and article, or a month."""

# What most dates stand behind; neither of the two below can match it.
_OPENINGS = frozenset(
    ["", "le ", "publie le ", "publiee le ", "mis en ligne le ", "poste le ", "date : ", "par "]
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


@dataclass(slots=True)
class Found:
    """One date of a line, at `start` to `end` of the folded text; the time is part of it.

    `day` is None where the form is a date's but the calendar has no such day. `bad_time` says that
    a time stands there and cannot be one.
    """

    start: int
    end: int
    day: date | None
    rule: str
    weekday: bool = False
    clock: Clock | None = None
    bad_time: bool = False


def find_dates(folded: str, limit: int, today: date) -> list[Found]:
    """Every date that begins before `limit`, in order, each with its time.

    Some are there with `day` None: rule `invalid` where the calendar has no such day, `range` for
    part of one («du 12 au 15 mars 2024»), `other` for the date or number of something else.
    `today` serves years of two digits or none.
    """
    found: list[Found] = []
    taken = 0
    for match in _forms(folded, limit):
        one = _one(match, folded, today)
        if one is None:
            continue
        _attach_time(one, folded, taken)
        taken = one.end
        found.append(one)
    return found


def has_date(folded: str, limit: int) -> bool:
    """Could a date begin before `limit`? The form alone, nothing is worked out."""
    return any(
        match["weekday"] or (match["noyear"] is None and match["wday"] is None)
        for match in _forms(folded, limit)
    )


def _forms(folded: str, limit: int) -> Iterator[re.Match[str]]:
    """What has the form of a date and begins before `limit`, in order: `_DATE.finditer`, led
    from number to number. Every form holds one, and most of a line is words."""
    at = 0
    while number := _LEADING.search(folded, at):
        match = _DATE.search(folded, max(at, number.start() - _AHEAD))
        if match is None or match.start() >= limit:
            return
        yield match
        at = match.end()


def weekday_number(name: str) -> int:
    """0–6, Monday first, of a name as `WEEKDAY` matches it."""
    return _WEEKDAYS[name[:3]]


def month_number(name: str) -> int:
    """1–12 of a month name as `MONTH` matches it."""
    return _MONTHS.get(name[:3]) or _MONTHS.get(name[:4]) or _GARBLED[name[0]]


def _one(match: re.Match[str], folded: str, today: date) -> Found | None:
    start, form = match.start(), match.lastindex or 0
    rule, at_year, at_month, at_day = _FORMS[form]
    year, name, day = match[at_year], match[at_month], int(match[at_day])
    month = int(name) if name.isdigit() else month_number(name)
    if form == _NSHORT:
        glued = start and folded[start - 1].isalnum()
        if glued or (match["nsep"] != "/" and (day < 10 or month < 10) and _thin(match)):
            return None
    elif form == _BYEAR and month != month_number(match["bmonth"]):
        return Found(start, match.end(), None, "invalid")
    named = match[_WEEKDAY]
    weekday = weekday_number(named) if named else None
    if not year and (weekday is None or named[:3] in _ENGLISH):
        return None
    if why := _ruled_out(folded, start):
        return Found(start, match.end(), None, why)
    return _calendar(match, rule, (year or None, month, day), weekday, today)


def _ruled_out(folded: str, start: int) -> str | None:
    """Why what stands before `start` makes the date there none of ours; None where it does not."""
    before = folded[max(0, start - 40) : start]
    if before in _OPENINGS:
        return None
    if _NOT_OURS.search(folded, max(0, start - 40), start):
        return "other"
    if _DIGIT.search(before) and _RANGE.search(folded, max(0, start - 40), start):
        return "range"
    return None


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
    after = None
    if one.end < len(folded):
        after = time_after(folded, one.end) or compact_after(folded, one.end)
    if after is not None:
        one.end = after.end
        if not goes_on(folded, one.end):
            one.clock, one.bad_time = after.clock, after.bad
    elif before := time_before(folded, max(taken, one.start - 50), one.start):
        one.start, one.clock, one.bad_time = before.start, before.clock, before.bad
