"""Empty days: stretches without an article where a section normally has some. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

WEEKS = 13
"""How far before and behind a stretch one looks for what is normal: a quarter of a year."""
LEAST_WEEKS = 4
"""Same weekdays that must lie on either side within the section's first and last day."""
LEAST_EXPECTED = 3.0
"""Articles that a stretch would normally have had. At three, articles that come at random stay away
altogether once in twenty times (Poisson)."""


@dataclass(frozen=True, slots=True)
class EmptyDays:
    """Days running without an article, `first` and `last` included."""

    first: date
    last: date
    expected: float
    """Articles that these days would have had at the pace of the weeks around them."""

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def empty_days(articles: Mapping[date, int]) -> list[EmptyDays]:
    """The empty stretches amid `articles` (day to number of articles) where some were to be
    expected, in order.

    What a day is expected to have is the mean of the same weekday in the 13 weeks before the
    stretch, or in the 13 weeks behind it: the smaller of both, so that neither a section's slow
    beginning nor a stray article years before makes all between look empty.
    """
    held = sorted(day for day, count in articles.items() if count > 0)
    found = []
    for before, after in pairwise(held):
        first, last = before + timedelta(1), after - timedelta(1)
        if first > last:
            continue
        usual = [
            _usual(articles, held[0], held[-1], first, last, weekday)
            for weekday in range(min(7, (last - first).days + 1))
        ]
        expected = sum(usual[n % 7] for n in range((last - first).days + 1))
        if expected >= LEAST_EXPECTED:
            found.append(EmptyDays(first, last, round(expected, 1)))
    return found


def _usual(
    articles: Mapping[date, int], begin: date, end: date, first: date, last: date, place: int
) -> float:
    """Articles that the weekday of the day number `place` of a stretch normally has."""
    day = first + timedelta(place)
    sides = []
    for step in (-1, 1):
        weekdays = list(_same_weekdays(day, first, last, step, begin, end))
        if len(weekdays) < LEAST_WEEKS:
            return 0.0
        sides.append(sum(articles.get(one, 0) for one in weekdays) / len(weekdays))
    return min(sides)


def _same_weekdays(
    day: date, first: date, last: date, step: int, begin: date, end: date
) -> Iterator[date]:
    """The nearest days outside the stretch that are as many weeks from `day`, on one side."""
    weeks = (day - first).days // 7 + 1 if step < 0 else (last - day).days // 7 + 1
    for week in range(weeks, weeks + WEEKS):
        one = day + timedelta(weeks=step * week)
        if not begin <= one <= end:
            return
        yield one
