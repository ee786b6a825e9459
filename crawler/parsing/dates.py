"""The date reader: one line of a page in, the day it was published on out, or nothing.

Pure: the moment of the fetch is handed in. Used by `pipelines.normalise_dates`, by `scrapy date`
and, to find date lines, by the parsers. Never a wrong date: what can be read in two ways is empty.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.parsing.date_forms import Found, find_dates, has_date
from crawler.parsing.date_plain import plain_date
from crawler.parsing.date_text import MARGIN, WINDOW, fold, tidy
from crawler.parsing.relative_dates import find_relative, has_relative


class DateReading(NamedTuple):
    """What a date line says."""

    day: date | None = None
    """Day of publication on the portal's clock; None where no date can be told."""
    time: datetime | None = None
    """To the minute: naive where no zone is known, aware where the line or `zone` gave one; None at
    precision `day`."""
    precision: str | None = None
    """`day` or `minute`; None without a date."""
    rule: str = "none"
    """The form that matched: `long`, `numeric`, `iso`, `month_first`, `no_year`, `relative`,
    `dateparser`, `update_only`; without a date `none`, `invalid` (no such day), `range`, `other`
    (of a deadline, a birth, an issue), `several` (they contradict), `relative_coarse`, `future`."""
    flags: tuple[str, ...] = ()
    """`weekday`: it contradicts the date, which is kept; `date_future`: emptied for lying past the
    fetch; `time`: the time of day was none and was left out."""
    updated: date | None = None
    """Day of a «Mis à jour le …» part."""
    updated_raw: str | None = None
    """That part of the line as it stands."""


_NOTHING = DateReading()
_RELATIVE_HINT = re.compile(
    r"y ?'?a |hier|hui(?![a-z])|today|yesterday|ago(?![a-z])|depuis|instant|now|maintenant"
    r"|ce (?:matin|soir|midi|jour)|cet apres|tout a l'heure"
)
# Letters without which `_UPDATE` cannot match; looking for them is ten times faster.
_UPDATE_HINT = re.compile(r"jour|m(?:odif|aj)|a(?:\.j|ctualis)|updat|revis|rafraich")
_UPDATE = re.compile(
    r"(?<![a-z])(?:(?:date de )?(?:la )?(?:derniere )?"
    r"(?:(?:re)?mise?s?[ -](?:a|Ã)[ -]?jour|m[.]a[.]j(?![a-z])|modif(?:ie(?:e|s)?|ication)?"
    r"(?![a-z])|(?:re)?actualis(?:ee?s?|ation)|maj(?![a-z])|revisee?|rafraichie?)"
    r"|(?:last )?(?:updated?|modified)(?![a-z]))"
)
_PUBLISH = re.compile(
    r"(?<![a-z])(?:(?:date de )?(?:publi(?:ee?s?|cation|shed)(?![a-z])|publi[^\x00-\x7f]{1,8}e?s?"
    r"(?![a-z])|parution|parue?(?![a-z])|mise?s? en ligne|creee?(?![a-z])|creation|diffusion)"
    r"|postee?(?![a-z])|posted|redigee?(?![a-z])|ecrite?(?![a-z])|ajoutee?(?![a-z])"
    r"|diffusee?(?![a-z])|publi(?![a-z]))"
)
_LETTERS = re.compile(r"[a-z]{2,}")
_LINKING = frozenset(["au", "et", "ou", "le", "du", "la", "les", "jusqu", "jusqu'au"])


def read_date(line: str, *, at: datetime, zone: ZoneInfo | None = None) -> DateReading:
    """Read one date line as it stood at `at` (aware, the moment of the fetch).

    `zone` is the portal's clock: it says which day «hier» is, and gives a time without a zone its
    offset. Never raises. A line of several dates is read where words tell the publication from an
    update; otherwise it is empty, as is whatever no calendar holds.
    """
    shown = tidy(line)
    cut = len(shown) > WINDOW + MARGIN
    folded = fold(shown[: WINDOW + MARGIN])
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    today = at.astimezone(zone or UTC).date()
    limit = today.toordinal() + 1
    plain = None if cut else plain_date(folded)
    if plain is not None and not _says_more(plain[1]):
        return _single(plain[0], limit, zone)
    found = find_dates(folded, WINDOW, today)
    if not cut and _RELATIVE_HINT.search(folded):
        found = _merge(found, find_relative(folded, WINDOW, at, zone))
    if not found:
        return _NOTHING
    marked = _UPDATE_HINT.search(folded) is not None
    if not marked and len(found) == 1 and found[0].day:
        return _single(found[0], limit, zone)
    return _Reader(shown, folded, found, limit, zone).read(marked)


def _says_more(words: str) -> bool:
    """Could `words` hold a date told without a figure, or speak of an update?"""
    return bool(words and (_RELATIVE_HINT.search(words) or _UPDATE_HINT.search(words)))


def _single(one: Found, limit: int, zone: ZoneInfo | None) -> DateReading:
    """The reading of a line that holds one date and nothing else: nine lines of ten."""
    day, moment, flags = _settle(one, limit, zone)
    if day is None:
        return DateReading(rule="future", flags=flags)
    return DateReading(day, moment, "minute" if moment else "day", one.rule, flags)


def looks_dated(text: str) -> bool:
    """Could `text` hold a full date or a relative one? Cheap; only its beginning is looked at."""
    folded = fold(tidy(text[: 2 * WINDOW])[: WINDOW + MARGIN])
    if has_date(folded, WINDOW):
        return True
    return bool(_RELATIVE_HINT.search(folded)) and has_relative(folded)


def _merge(dates: list[Found], relative: list[Found]) -> list[Found]:
    """All in order, without a relative one that lies in a date."""
    free = [r for r in relative if not any(d.start < r.end and r.start < d.end for d in dates)]
    return sorted([*dates, *free], key=lambda one: one.start)


class _Settled(NamedTuple):
    """A date on the portal's clock; `day` is None where it lies in the future."""

    day: date | None
    moment: datetime | None
    flags: tuple[str, ...]


def _settle(one: Found, limit: int, zone: ZoneInfo | None) -> _Settled:
    """Day and time of `one`; `limit` is the last day that may be, as an ordinal."""
    day, moment = one.day, None
    # What lies further ahead no zone can put right.
    if day is None or (number := day.toordinal()) > limit + 1:
        return _Settled(None, None, ("date_future",) if day else ())
    if one.clock:
        hour, minute, offset = one.clock
        moment = datetime.combine(day, time(hour, minute), offset or zone)
        if offset and zone:
            moment = moment.astimezone(zone)
            day = moment.date()
            number = day.toordinal()
        elif offset:
            number = moment.astimezone(UTC).toordinal()
    if number > limit:
        return _Settled(None, None, ("date_future",))
    if one.bad_time:
        return _Settled(day, moment, ("time", "weekday") if one.weekday else ("time",))
    return _Settled(day, moment, ("weekday",) if one.weekday else ())


class _Reader:
    """One line's dates, told apart by the words before them."""

    def __init__(
        self, shown: str, folded: str, found: list[Found], limit: int, zone: ZoneInfo | None
    ) -> None:
        self.shown, self.folded, self.found = shown, folded, found
        self.limit, self.zone = limit, zone

    def read(self, marked: bool) -> DateReading:
        """The publication, and the update beside it; `marked`: the line may speak of one."""
        publications, updates, plain = self._roles(marked)
        updated, updated_raw, flags = self._updated(updates)
        pool = publications or plain
        if pool:
            chosen, rule = self._choose(pool, marked=bool(publications))
        else:
            chosen, rule = updates[-1][1] if updates else None, "update_only"
        day = moment = precision = None
        if chosen is not None:
            day, moment, more = _settle(chosen, self.limit, self.zone)
            flags |= set(more)
            if day is None:
                rule = "future" if "date_future" in flags else "invalid"
            else:
                rule = chosen.rule if rule == "chosen" else rule
                precision = "minute" if moment else "day"
        told = tuple(sorted(flags))
        return DateReading(day, moment, precision, rule, told, updated, updated_raw)

    def _roles(self, marked: bool) -> tuple[list[Found], list[tuple[int, Found]], list[Found]]:
        """Dates after a word of publication; after a word of update, with that word's place; the
        rest. A word claims the first date after it and no further one."""
        marks = []
        if marked:
            marks = [(m.start(), m.end(), True) for m in _UPDATE.finditer(self.folded)]
        marks += [(m.start(), m.end(), False) for m in _PUBLISH.finditer(self.folded)]
        marks.sort()
        publications: list[Found] = []
        updates: list[tuple[int, Found]] = []
        plain: list[Found] = []
        spent = -1
        for one in self.found:
            before = [index for index, mark in enumerate(marks) if mark[1] <= one.start]
            if before and before[-1] > spent:
                spent = before[-1]
                start, _, update = marks[spent]
                if update:
                    updates.append((start, one))
                else:
                    publications.append(one)
            else:
                plain.append(one)
        return publications, updates, plain

    def _choose(self, pool: list[Found], *, marked: bool) -> tuple[Found | None, str]:
        """The one date of the pool, or none and why."""
        # «il y a 2 ans • 12 mars 2024», «… | Date limite : 15 mars 2024» take nothing away.
        pool = [one for one in pool if one.rule not in ("relative_coarse", "other")] or pool
        first = pool[0]
        if first.day is None:
            return None, first.rule
        valid = [one for one in self.found if one in pool and one.day is not None]
        if any(one.rule == "range" for one in pool):
            return None, "range"
        if len({one.day for one in valid}) > 1:
            return None, "several"
        if marked and self._runs_on(first):
            return None, "range"
        timed = [one for one in valid if one.clock]
        chosen = timed[0] if timed else first
        if len({one.clock[:2] for one in timed if one.clock}) > 1:
            chosen = first
            chosen.clock = None
        return chosen, "chosen"

    def _runs_on(self, first: Found) -> bool:
        """«Publié du 12 mars 2024 au 15 mars 2024»: another day follows with no word between."""
        place = self.found.index(first)
        if place + 1 == len(self.found):
            return False
        after = self.found[place + 1]
        words = set(_LETTERS.findall(self.folded, first.end, after.start))
        return after.day not in (None, first.day) and words <= _LINKING

    def _updated(
        self, updates: list[tuple[int, Found]]
    ) -> tuple[date | None, str | None, set[str]]:
        """Day and text of the update part, of several the last; `date_future` where that lies
        ahead."""
        if not updates:
            return None, None, set()
        start, one = updates[-1]
        day, _, flags = _settle(one, self.limit, self.zone)
        return day, self.shown[start : one.end].strip(" ,;|•-"), {"date_future"}.intersection(flags)
