"""The date reader: one line of a page in, the day it was published on out, or nothing.

Pure: the moment of the fetch is handed in. Used by `pipelines.normalise_dates`, by `scrapy date`
and, to find date lines, by the parsers. Never a wrong date: what can be read in two ways is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crawler.parsing.date_forms import MARGIN, WINDOW, Found, find_dates, fold, has_date, tidy
from crawler.parsing.relative_dates import find_relative, has_relative


@dataclass(frozen=True, slots=True)
class DateReading:
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
_UPDATE_HINTS = ("jour", "modif", "maj", "a.j", "actualis", "updat", "revis", "rafraich")
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
    found = find_dates(folded, WINDOW, today)
    if not cut and _RELATIVE_HINT.search(folded):
        found = _merge(found, find_relative(folded, WINDOW, at, zone))
    if not found:
        return _NOTHING
    return _Reader(shown, folded, found, today, zone).read()


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


class _Reader:
    """One line's dates, told apart by the words before them."""

    def __init__(
        self, shown: str, folded: str, found: list[Found], today: date, zone: ZoneInfo | None
    ) -> None:
        self.shown, self.folded, self.found = shown, folded, found
        self.zone = zone
        self.limit = today.toordinal() + 1
        self.flags: set[str] = set()

    def read(self) -> DateReading:
        """The publication, and the update beside it."""
        marked = any(hint in self.folded for hint in _UPDATE_HINTS)
        if not marked and len(self.found) == 1 and self.found[0].day:
            day, moment = self._settle(self.found[0])  # nine lines of ten
            rule = self.found[0].rule if day else "future"
            precision = None if day is None else "minute" if moment else "day"
            return DateReading(day, moment, precision, rule, self._flags())
        publications, updates, plain = self._roles(marked)
        updated, updated_raw = self._updated(updates)
        pool = publications or plain
        if pool:
            chosen, rule = self._choose(pool, marked=bool(publications))
        else:
            chosen, rule = updates[-1][1] if updates else None, "update_only"
        day, moment = self._settle(chosen) if chosen else (None, None)
        if day is None:
            if chosen is not None:
                rule = "future" if "date_future" in self.flags else "invalid"
            return DateReading(None, None, None, rule, self._flags(), updated, updated_raw)
        if chosen and rule == "chosen":
            rule = chosen.rule
        precision = "minute" if moment else "day"
        return DateReading(day, moment, precision, rule, self._flags(), updated, updated_raw)

    def _flags(self) -> tuple[str, ...]:
        return tuple(sorted(self.flags))

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

    def _updated(self, updates: list[tuple[int, Found]]) -> tuple[date | None, str | None]:
        """Day and text of the update part; of several the last."""
        for start, one in reversed(updates):
            day, _ = self._settle(one, note=False)
            return day, self.shown[start : one.end].strip(" ,;|•-")
        return None, None

    def _settle(self, one: Found, *, note: bool = True) -> tuple[date | None, datetime | None]:
        """Day and time of `one` on the portal's clock; None where it lies in the future."""
        if one.day is None:
            return None, None
        if one.day.toordinal() > self.limit + 1:  # beyond what any zone can put right
            self.flags.add("date_future")
            return None, None
        day, moment = one.day, None
        reckoned = day
        if one.clock:
            hour, minute, offset = one.clock
            moment = datetime.combine(day, time(hour, minute), offset or self.zone)
            if offset and self.zone:
                moment = moment.astimezone(self.zone)
                reckoned = day = moment.date()
            elif offset:
                reckoned = moment.astimezone(UTC).date()
        if reckoned.toordinal() > self.limit:
            self.flags.add("date_future")
            return None, None
        if note:
            if one.weekday:
                self.flags.add("weekday")
            if one.bad_time:
                self.flags.add("time")
        return day, moment
