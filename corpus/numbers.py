"""Numbers: which numbers of a portal's series the corpus knows, which it passed over, which are
wanted. Table functions for the archive strategy and the map of gaps; they need no run.

A series is (site, kind): `news`, `h`. A number is known if `pages` has a row of it, however found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, delete, func, insert, select

from corpus.discoveries import PAGES
from corpus.models import NumberRange, table

RANGES = table(NumberRange)
SKIMMED, WANTED = "skimmed", "wanted"
ARTICLE_STATES = ("stored", "gone", "duplicate", "quarantined")
"""States of a page at whose number there is, or was, an article."""
IN_CHUNK = 1024
"""Numbers looked at with one statement in search of one without a row."""


class Series(NamedTuple):
    """One portal's numbering of one kind of page on one host."""

    site: str
    kind: str


class Span(NamedTuple):
    """Numbers `first` to `last`, both inside."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """What `pages` holds of a series."""

    series: Series
    known: int
    """Numbers that have a row."""
    articles: int
    """Those that led to an article."""
    highest: int
    """The highest number that led to an article; where none has, the highest with a row."""


@dataclass(frozen=True, slots=True)
class NotedRange:
    """A row of `number_ranges`."""

    series: Series
    span: Span
    state: str
    noted_at: datetime


def series_of(connection: Connection, portal: str) -> list[KnownSeries]:
    """The portal's series that have numbers, the main one (most articles, then rows) first."""
    article = PAGES.c.state.in_(ARTICLE_STATES)
    highest = func.coalesce(
        func.max(case((article, PAGES.c.number))), func.max(PAGES.c.number)
    ).label("highest")
    query = (
        select(
            PAGES.c.site,
            PAGES.c.kind,
            func.count().label("known"),
            func.count(case((article, 1))).label("articles"),
            highest,
        )
        .where(PAGES.c.portal == portal, PAGES.c.kind.is_not(None), PAGES.c.number >= 1)
        .group_by(PAGES.c.site, PAGES.c.kind)
    )
    found = [
        KnownSeries(Series(row.site, row.kind), row.known, row.articles, row.highest)
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda one: (-one.articles, -one.known, one.series))


def untried(connection: Connection, portal: str) -> dict[Series, list[Span]]:
    """Per series the numbers from 1 to the highest known that have no row, as ranges, lowest
    first. Series without such numbers have an empty list."""
    gaps: dict[Series, list[Span]] = {}
    for known in series_of(connection, portal):
        before = func.lag(PAGES.c.number, 1, 0).over(order_by=PAGES.c.number)
        numbers = (
            select(PAGES.c.number, before.label("before"))
            .where(*_of(PAGES, portal, known.series), PAGES.c.number.between(1, known.highest))
            .subquery()
        )
        query = select(numbers).where(numbers.c.number > numbers.c.before + 1)
        gaps[known.series] = [
            Span(row.before + 1, row.number - 1)
            for row in connection.execute(query.order_by(numbers.c.number))
        ]
    return gaps


def ranges_of(connection: Connection, portal: str, state: str | None = None) -> list[NotedRange]:
    """The portal's noted ranges, or those in one state, highest first within a series."""
    query = select(RANGES).where(RANGES.c.portal == portal)
    if state is not None:
        query = query.where(RANGES.c.state == state)
    query = query.order_by(RANGES.c.site, RANGES.c.kind, RANGES.c.first.desc())
    return [
        NotedRange(Series(r.site, r.kind), Span(r.first, r.last), r.state, r.noted_at)
        for r in connection.execute(query)
    ]


def overlapping(
    connection: Connection, portal: str, series: Series, span: Span, state: str | None = None
) -> list[Any]:
    """Rows of `number_ranges` that share a number with `span`, lowest first."""
    query = select(RANGES).where(
        *_of(RANGES, portal, series), RANGES.c.first <= span.last, RANGES.c.last >= span.first
    )
    if state is not None:
        query = query.where(RANGES.c.state == state)
    return list(connection.execute(query.order_by(RANGES.c.first)))


def add_range(
    connection: Connection, portal: str, series: Series, span: Span, state: str, now: datetime
) -> None:
    """Note a range; one that it touches or overlaps in the same state becomes one with it."""
    beside = Span(max(1, span.first - 1), span.last + 1)
    met = overlapping(connection, portal, series, beside, state)
    _forget(connection, met)
    first = min([span.first, *(row.first for row in met)])
    last = max([span.last, *(row.last for row in met)])
    _insert(connection, portal, series, [(Span(first, last), state)], now)


def cut_ranges(
    connection: Connection,
    portal: str,
    series: Series,
    span: Span,
    now: datetime,
    state: str | None = None,
) -> int:
    """Take `span` out of the noted ranges of its series, or of those in one state; what is left of
    a range on either side stays noted. Return how many ranges were touched."""
    met = overlapping(connection, portal, series, span, state)
    _forget(connection, met)
    left: list[tuple[Span, str]] = []
    for row in met:
        if row.first < span.first:
            left.append((Span(row.first, span.first - 1), row.state))
        if row.last > span.last:
            left.append((Span(span.last + 1, row.last), row.state))
    _insert(connection, portal, series, left, now)
    return len(met)


def highest_untried(
    connection: Connection, portal: str, series: Series, span: Span, *, skimmed_too: bool
) -> int | None:
    """The highest number of `span` that has no row and, unless `skimmed_too`, was not passed over.
    None where there is none."""
    at = span.last
    while at >= span.first:
        chunk = Span(max(span.first, at - IN_CHUNK + 1), at)
        passed = (
            [] if skimmed_too else overlapping(connection, portal, series, chunk, state=SKIMMED)
        )
        if passed and passed[-1].first <= at <= passed[-1].last:
            at = passed[-1].first - 1
            continue
        query = select(PAGES.c.number).where(
            *_of(PAGES, portal, series), PAGES.c.number.between(*chunk)
        )
        known = set(connection.execute(query).scalars())
        for number in range(chunk.last, chunk.first - 1, -1):
            if number not in known and not any(r.first <= number <= r.last for r in passed):
                return number
        at = chunk.first - 1
    return None


def of_series(portal: str, series: Series) -> Sequence[Any]:
    """SQL: pages of the series."""
    return _of(PAGES, portal, series)


def _of(source: Any, portal: str, series: Series) -> Sequence[Any]:
    return (source.c.portal == portal, source.c.site == series.site, source.c.kind == series.kind)


def _forget(connection: Connection, rows: Iterable[Any]) -> None:
    ids = [row.id for row in rows]
    if ids:
        connection.execute(delete(RANGES).where(RANGES.c.id.in_(ids)))


def _insert(
    connection: Connection,
    portal: str,
    series: Series,
    spans: Sequence[tuple[Span, str]],
    now: datetime,
) -> None:
    values = [
        {
            "portal": portal,
            "site": series.site,
            "kind": series.kind,
            "first": span.first,
            "last": span.last,
            "state": state,
            "noted_at": now,
        }
        for span, state in spans
    ]
    if values:
        connection.execute(insert(RANGES), values)
