"""The common path of the date reader: a line that holds one date, in a form that most pages use.

Each expression must take the whole line; what none of them takes goes the full way, `date_forms`,
which reads these lines alike and takes twice as long. `tests/crawler/parsing/test_date_plain.py`
holds both ways to one answer.
"""

from __future__ import annotations

import re
from datetime import date

from crawler.parsing.date_forms import Found, month_number, weekday_number
from crawler.parsing.date_times import zone_told

_MONTH_NAMES = (
    "janvier janv jan fevrier fevr fev mars mar avril avr mai juin juillet juil aout "
    "septembre sept sep octobre oct novembre nov decembre dec"
)
_MONTHS = {name: month_number(name) for name in _MONTH_NAMES.split()}
_DAY_NAMES = "lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim"
_WEEKDAYS = {name: weekday_number(name) for name in _DAY_NAMES.split()}
# «Publié le vendredi 29 mars 2024 à 18h09 | L’Essor», «12/03/2024 - 14:05»; without a figure no
# second date is in what follows.
_WORDS = re.compile(
    r"(?:publiee? |postee? |mise? en ligne )?(?:le )?(?:: )?(?:([a-z]{3,9})[.,]? )?"
    r"([0-9]{1,2})(?:(?: ?er)? ([a-z]{3,9})\.? |([/.-])([0-9]{1,2})\4)([0-9]{4})"
    r"(?:(?: [|•·-] ?|,? )(?:a )?([0-9]{1,2})(?: ?:| ?h) ?([0-9]{2})(?::[0-9]{2})?)?"
    r"(?: ?[|•·-] ?([^0-9]*))?"
)
# «2024-03-29T18:09:00+00:00»
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[t ]([0-9]{2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:(z)|([+-][0-9]{2}:?[0-9]{2}))?)?"
)


def plain_date(folded: str) -> tuple[Found, str] | None:
    """The one date of a folded line and the words behind it, in which no second date stands unless
    it is told without a figure («hier»); None for any other line."""
    if found := _WORDS.fullmatch(folded):
        named, day, name, _, number, year, hour, minute, behind = found.groups()
        month = _MONTHS.get(name) if name else int(number)
        weekday = _WEEKDAYS.get(named) if named else None
        if month is None or (named and weekday is None):
            return None
        rule, zone = "long" if name else "numeric", None
    elif found := _ISO.fullmatch(folded):
        year, number, day, hour, minute, utc, offset = found.groups()
        month, weekday, behind = int(number), None, ""
        rule, zone = "iso", zone_told(utc, offset)
    else:
        return None
    clock = (int(hour), int(minute), zone) if hour else None
    if year < "1900" or (clock and (clock[0] > 23 or clock[1] > 59)):
        return None
    try:
        when = date(int(year), month, int(day))
    except ValueError:
        return None
    wrong = weekday is not None and when.weekday() != weekday
    return Found(found.start(), found.end(), when, rule, wrong, clock), behind or ""
