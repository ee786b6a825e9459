"""Dates told from the moment of the fetch («hier à 18:02», «il y a 2 heures»); used by `dates`.

A phrase counts only where it is the line's date: «il y a 20 ans, le pays …» is a sentence. Coarser
than a day (weeks, months, years) is no date. What is relative but not in our own grammar is put
to dateparser, which is imported only then: it costs half a second.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crawler.parsing.date_forms import Found
from crawler.parsing.date_times import time_after

_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "un",
            "deux",
            "trois",
            "quatre",
            "cinq",
            "six",
            "sept",
            "huit",
            "neuf",
            "dix",
            "onze",
            "douze",
        ]
    )
} | {"une": 1, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_N = rf"[0-9]{{1,4}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))}"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "j": 86400, "d": 86400}
_UNIT = (
    r"(?:secondes?|secs?|s|minutes?|mins?|mn|heures?|hrs?|h|jours?|j"
    r"|semaines?|sem|mois|an(?:nee)?s?)(?![a-z])"
)
_AGO_UNIT = r"(?:secs?|seconds?|mins?|minutes?|hours?|hrs?|days?|weeks?|months?|years?)(?![a-z])"

_PHRASE = re.compile(
    r"(?<![a-z0-9])(?:"
    rf"(?:il ?)?y ?'?a (?:environ |a peu pres |pres de |moins d'(?=une? (?:min|sec)))?"
    rf"(?:(?P<part>une? demi[- ]heure|une? quart d'heure)(?![a-z])"
    rf"|(?P<n>{_N}) ?(?P<unit>{_UNIT})(?:,? ?(?:et )?(?P<n2>[0-9]{{1,2}}) ?(?P<unit2>{_UNIT}))?"
    rf"(?P<demi> et demie?(?![a-z]))?|(?P<rare>[a-z0-9][a-z0-9'., -]{{1,30}}))"
    rf"|(?P<ago>[0-9]{{1,4}}|an?) (?P<agounit>{_AGO_UNIT}) ago(?![a-z])"
    r"|(?P<before>avant[- ]hier)(?P<atbefore>(?: matin| soir| midi| apres[- ]midi)?)(?![a-z])"
    r"|(?P<hier>hier|yesterday)(?: matin| soir| midi| apres[- ]midi)?(?![a-z])"
    r"|(?P<now>a l'instant|maintenant|just now)(?![a-z])"
    r"|(?P<today>aujourd'?hui|today|ce (?:matin|soir|midi|jour)|cet apres[- ]midi"
    r"|tout a l'heure)(?![a-z])"
    r")"
)
# Whole line of some themes: «depuis 3 heures».
_SINCE = re.compile(rf"^[ •·|-]*depuis (?P<n>{_N}) ?(?P<unit>{_UNIT})[ .]*$")
# What may stand before the phrase within its part of the line, and after it.
_OPENING = re.compile(
    r"(?:^|[|•·,:;()\]–-]|(?<![a-z])(?:publiee?s?|poste|posted|mise?s? en ligne|mise?s? a jour|maj"
    r"|modifiee?|actualisee?|updated|published|cree|ecrit|redige|ajoute|le|par [^|,.;]{1,40}))"
    r" ?(?:le )?$"
)
_CLOSING = re.compile(
    r" ?\.?(?:$|[|•·()\[\]/]| ?- | par | in | dans )|,? (?=mise?s? a jour|maj|modif)"
)
# Coarser than a day, or no more than a bound.
_VAGUE = re.compile(
    r"(?<![a-z])(?:moins|plus|presque|quelques|sem|mois|ans?(?![a-z])|annee|siecle)"
)
# What is worth asking dateparser: a number and a unit of a day or less.
_COUNTED = re.compile(
    r"^[^a-z]*[0-9].*(?:heure|minute|seconde|jour|(?<![a-z])(?:h|j|min)(?![a-z]))"
)
LONGEST = 160
"""A line longer than this is prose; no phrase of it is a date line's."""


def find_relative(folded: str, limit: int, at: datetime, zone: ZoneInfo | None) -> list[Found]:
    """The relative dates of a folded line, in order, where they are the line's own.

    `at` is the moment of the fetch, aware. Hours or minutes ago are told in `zone` or UTC.
    Coarse and unreadable ones are there with `day` None and rule `relative_coarse` or `invalid`.
    """
    if len(folded) > LONGEST:
        return []
    local = at.astimezone(zone or UTC)
    found: list[Found] = []
    if since := _SINCE.match(folded):
        return [_ago(since.start(), since.end(), since["n"], since["unit"], local)]
    for match in _PHRASE.finditer(folded, 0, limit):
        start, end = match.span()
        one = _read(match, folded, local)
        # «hier à 18:02», «il y a 2 jours à 14h»; what is told in hours has its time already.
        if one.day is not None and one.clock is None and (time := time_after(folded, end)):
            one.end = end = time.end
            one.clock = time.clock
            if time.bad:
                # «hier à 25h61»: with a clock like that, not even the day is to be trusted.
                one.day, one.bad_time = None, True
        if _OPENING.search(folded, max(0, start - 60), start) and _CLOSING.match(folded, end):
            found.append(one)
    return found


def has_relative(folded: str) -> bool:
    """Could the line be dated from the moment of the fetch, be it only coarsely?"""
    return bool(_PHRASE.search(folded) or _SINCE.match(folded))


def _read(match: re.Match[str], folded: str, local: datetime) -> Found:
    start, end = match.span()
    if match["hier"]:
        return Found(start, end, _back(local, 1), "relative")
    if match["before"]:
        return Found(start, end, _back(local, 2), "relative")
    if match["today"]:
        return Found(start, end, local.date(), "relative")
    if match["now"]:
        return _instant(start, end, local)
    if match["part"]:
        return _instant(start, end, _minus(local, 1800 if "demi" in match["part"] else 900))
    if match["ago"]:
        number = "1" if match["ago"].startswith("a") else match["ago"]
        return _ago(start, end, number, match["agounit"], local)
    if match["rare"]:
        return _rare(start, match["rare"], folded, local)
    extra = 0
    if match["unit2"] and not _size(match["unit2"]):
        return Found(start, end, None, "relative_coarse")
    if match["demi"]:
        extra = _size(match["unit"]) // 2
    elif match["n2"]:
        extra = int(match["n2"]) * _size(match["unit2"])
    fine = bool(match["n2"] and extra and extra % 86400)
    return _ago(start, end, match["n"], match["unit"], local, extra=extra, fine=fine)


def _size(unit: str) -> int:
    """Seconds of a unit; 0 for one coarser than a day."""
    if unit.startswith(("sem", "mo", "an", "we", "y")):
        return 0
    return _SECONDS[unit[0]]


def _ago(
    start: int,
    end: int,
    number: str,
    unit: str,
    local: datetime,
    *,
    extra: int = 0,
    fine: bool = False,
) -> Found:
    size = _size(unit)
    if not size:
        return Found(start, end, None, "relative_coarse")
    count = _WORDS.get(number)
    seconds = (int(number) if count is None else count) * size + extra
    when = _minus(local, seconds)
    if size == 86400 and not fine:
        return Found(start, end, when.date() if when else None, "relative")
    return _instant(start, end, when)


def _instant(start: int, end: int, when: datetime | None) -> Found:
    if when is None:
        return Found(start, end, None, "invalid")
    told = (when.hour, when.minute, when.tzinfo)
    return Found(start, end, when.date(), "relative", clock=told)


def _minus(local: datetime, seconds: int) -> datetime | None:
    """That long ago, reckoned in UTC: an hour ago is an hour ago on the night clocks change."""
    try:
        return (local.astimezone(UTC) - timedelta(seconds=seconds)).astimezone(local.tzinfo)
    except OverflowError:
        return None


def _back(local: datetime, days: int) -> date | None:
    try:
        return local.date() - timedelta(days=days)
    except OverflowError:
        return None


def _rare(start: int, words: str, folded: str, local: datetime) -> Found:
    """«il y a …» in words we do not know, put to dateparser, up to the end of the words."""
    end = folded.index(words, start) + len(words.rstrip())
    when = None
    if _COUNTED.search(words) and not _VAGUE.search(words):
        when = _dateparser(folded[start:end], local.replace(tzinfo=None, second=0, microsecond=0))
    if when is None:
        return Found(start, end, None, "relative_coarse")
    hourly = re.search(r"heure|minute|\bmin|\bh\b", words)
    told = (when.hour, when.minute, local.tzinfo) if hourly else None
    return Found(start, end, when.date(), "dateparser", clock=told)


@lru_cache(maxsize=1024)
def _dateparser(phrase: str, base: datetime) -> datetime | None:
    """dateparser's reading, with every guess of its own switched off. `base` is local time: its
    RELATIVE_BASE is taken as local time of whoever reads."""
    import dateparser

    try:
        found: datetime | None = dateparser.parse(
            phrase,
            languages=["fr"],
            settings={
                "DATE_ORDER": "DMY",
                "REQUIRE_PARTS": ["day", "month", "year"],
                "RELATIVE_BASE": base,
            },
        )
    except Exception:  # it raises many kinds on strange input; to us each means: no date
        return None
    return found if found is not None and found <= base else None
