"""Filling: gaps become wanted ranges of numbers, and pages that failed are due at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, func, or_, select, update

from corpus.discoveries import PAGES
from corpus.numbers import WANTED, Series, Span, add_range
from corpus.strata import Gap

MOST_RANGES = 1000
"""Ranges that are noted at the most. What is known between two gaps is not asked again, so gaps may
be joined over it."""
RETRIED = ("failed", "quarantined")
"""States that another fetch may change."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was queued."""

    ranges: int
    numbers: int
    """Untried numbers in them."""
    retried: int
    """Pages that were made due."""


def joined(gaps: Sequence[Gap], most: int = MOST_RANGES) -> list[tuple[Series, Span]]:
    """`gaps` as at most `most` ranges where that can be, joined over the shortest stretches of
    known numbers first; never over the border of a series."""
    ordered = sorted(gaps)
    breaks = []
    for place, (low, high) in enumerate(pairwise(ordered)):
        same = low.series == high.series
        breaks.append((high.first - low.last if same else float("inf"), place))
    kept = {place for size, place in breaks if size == float("inf")}
    widest = sorted(breaks, reverse=True)[: max(0, most - 1)]
    kept |= {place for _, place in widest}
    found: list[tuple[Series, Span]] = []
    begin = 0
    for place, gap in enumerate(ordered):
        if place in kept or place == len(ordered) - 1:
            found.append((Series(*gap.series), Span(ordered[begin].first, gap.last)))
            begin = place + 1
    return found


def fill(connection: Connection, portal: str, gaps: Sequence[Gap], now: datetime) -> Filled:
    """Note `gaps` as wanted, which the next archive run reads in full, and make failed and
    quarantined pages of the portal due. To do it twice changes nothing more."""
    ranges = joined(gaps)
    for series, span in ranges:
        add_range(connection, portal, series, span, WANTED, now)
    again = (
        PAGES.c.portal == portal,
        PAGES.c.state.in_(RETRIED),
        or_(PAGES.c.due_at.is_(None), PAGES.c.due_at > now),
    )
    retried = connection.scalar(select(func.count()).select_from(PAGES).where(*again)) or 0
    if retried:
        connection.execute(update(PAGES).where(*again).values(due_at=now))
    return Filled(len(ranges), sum(gap.count for gap in gaps), int(retried))
