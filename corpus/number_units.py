"""Number units: what the archive strategy asks of the tables and writes into them, through the
writer thread. How it decides is in `crawler.discovery.ids`.

Nothing of a walk is kept in memory that the tables do not tell: a number was handed out if it has a
row, it was passed over if a noted range holds it, and all others are still to be decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from sqlalchemy import Connection, and_, func, select

from corpus.discoveries import PAGES, Found, merge_found
from corpus.models import Article, table
from corpus.numbers import (
    ARTICLE_STATES,
    RANGES,
    SKIMMED,
    WANTED,
    KnownSeries,
    NotedRange,
    Series,
    Span,
    add_range,
    cut_ranges,
    highest_untried,
    of_series,
    overlapping,
    ranges_of,
    series_of,
)
from corpus.units import Context

ARTICLES = table(Article)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the portal's series stand when a run begins."""

    series: list[KnownSeries]
    """The main one first."""
    wanted: list[NotedRange]


@dataclass(slots=True)
class TakeStock:
    """Look at a portal's series and noted ranges. Result: `Standing`.

    Skimmed ranges are cut first where an article, found by whatever route since, stands within
    `reach` numbers: what is around an article is never passed over.
    """

    portal: str
    reach: int
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[TakeStock], context: Context
    ) -> list[Standing]:
        """Cut, then read."""
        return [unit._apply(connection, context) for unit in units]

    def _apply(self, connection: Connection, context: Context) -> Standing:
        near = and_(
            PAGES.c.portal == RANGES.c.portal,
            PAGES.c.site == RANGES.c.site,
            PAGES.c.kind == RANGES.c.kind,
            PAGES.c.number.between(RANGES.c.first - self.reach, RANGES.c.last + self.reach),
            PAGES.c.state.in_(ARTICLE_STATES),
        )
        query = (
            select(PAGES.c.site, PAGES.c.kind, PAGES.c.number)
            .select_from(RANGES.join(PAGES, near))
            .where(RANGES.c.portal == self.portal, RANGES.c.state == SKIMMED)
            .distinct()
        )
        for row in connection.execute(query).all():
            around = Span(max(1, row.number - self.reach), row.number + self.reach)
            series = Series(row.site, row.kind)
            cut_ranges(connection, self.portal, series, around, context.now, SKIMMED)
        return Standing(
            series_of(connection, self.portal), ranges_of(connection, self.portal, WANTED)
        )


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number that has a row."""

    state: str
    day: date | None
    """Day of publication, or as a listing shows it."""
    given_back: bool
    """True where this run has held the page and put it back: it comes again in another run."""


@dataclass(frozen=True, slots=True)
class View:
    """What the tables hold around the highest number that is still to be decided."""

    at: int
    known: dict[int, KnownNumber]
    passed: list[Span]
    """Skimmed ranges that reach into the view; none where these are to be asked, too."""
    days_above: list[date]
    """Days of the nearest dated numbers above `at`, at most as many as asked for."""


@dataclass(slots=True)
class LookAhead:
    """Find the highest number of `span` to be decided, and what is known around it. Result:
    `View`, or None where every number has a row or was passed over."""

    portal: str
    run_id: int
    series: Series
    span: Span
    above: int
    below: int
    """How far the view reaches to either side."""
    full: bool = False
    """True: skimmed ranges count for nothing."""
    articles: list[int] = field(default_factory=list)
    """Numbers found to be articles since the last look: what was passed over within `above` of
    them is to be decided again."""
    days: int = 0
    """How many dated numbers above to tell."""
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[LookAhead], context: Context
    ) -> list[View | None]:
        """Serve the units one after the other."""
        return [unit._apply(connection, context) for unit in units]

    def _apply(self, connection: Connection, context: Context) -> View | None:
        for number in self.articles:
            around = Span(max(1, number - self.above), number + self.above)
            cut_ranges(connection, self.portal, self.series, around, context.now, SKIMMED)
        at = highest_untried(connection, self.portal, self.series, self.span, skimmed_too=self.full)
        if at is None:
            return None
        around = Span(max(1, at - self.below), at + self.above)
        # One more on top: a range that begins right behind the number above tells the last stride.
        wider = Span(around.first, around.last + 1)
        ranges = (
            [] if self.full else overlapping(connection, self.portal, self.series, wider, SKIMMED)
        )
        return View(
            at=at,
            known=self._known(connection, around),
            passed=[Span(row.first, row.last) for row in ranges],
            days_above=self._days_above(connection, at) if self.days else [],
        )

    def _known(self, connection: Connection, around: Span) -> dict[int, KnownNumber]:
        columns = (PAGES.c.number, PAGES.c.state, PAGES.c.run_id, _day.label("day"))
        query = (
            select(*columns)
            .select_from(_WITH_ARTICLES)
            .where(*of_series(self.portal, self.series), PAGES.c.number.between(*around))
        )
        return {
            row.number: KnownNumber(
                row.state, row.day, row.state == "queued" and row.run_id == self.run_id
            )
            for row in connection.execute(query)
        }

    def _days_above(self, connection: Connection, at: int) -> list[date]:
        query = (
            select(_day)
            .select_from(_WITH_ARTICLES)
            .where(*of_series(self.portal, self.series), PAGES.c.number > at, _day.is_not(None))
            .order_by(PAGES.c.number)
            .limit(self.days)
        )
        return list(connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a day lies in a series, as far as dated numbers tell."""

    inside: int | None
    """The highest number of that day or before."""
    outside: int | None
    """The lowest number of a later day above it."""
    later: int
    """How many numbers of a later day are known above `inside`."""


@dataclass(slots=True)
class FindEdge:
    """Where the day `until` ends among the numbers of `span`. Result: `Edge`."""

    portal: str
    series: Series
    span: Span
    until: date
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[FindEdge], context: Context
    ) -> list[Edge]:
        """Serve the units one after the other."""
        return [unit._apply(connection) for unit in units]

    def _apply(self, connection: Connection) -> Edge:
        here = (
            *of_series(self.portal, self.series),
            PAGES.c.number.between(*self.span),
        )
        number = PAGES.c.number
        inside = connection.scalar(
            select(func.max(number)).select_from(_WITH_ARTICLES).where(*here, _day <= self.until)
        )
        above = (*here, _day > self.until, number > (inside or 0))
        query = select(func.min(number).label("lowest"), func.count().label("later"))
        row = connection.execute(query.select_from(_WITH_ARTICLES).where(*above)).one()
        return Edge(inside, row.lowest, row.later)


@dataclass(slots=True)
class HandOut:
    """Queue numbers, and note those passed over, as one. Result: how many numbers are new.

    Numbers that are handed out, however they were noted, are noted no more.
    """

    portal: str
    series: Series
    found: list[Found]
    passed: list[Span] = field(default_factory=list)
    read: Span | None = None
    """Numbers that all have a row now, whoever found them."""
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(cls, connection: Connection, units: Sequence[HandOut], context: Context) -> list[int]:
        """Write them in order."""
        return [unit._apply(connection, context) for unit in units]

    def _apply(self, connection: Connection, context: Context) -> int:
        new = merge_found(connection, self.portal, self.found, context.now).new
        for span in self.passed:
            add_range(connection, self.portal, self.series, span, SKIMMED, context.now)
        for span in (*self._runs(), *([self.read] if self.read else [])):
            cut_ranges(connection, self.portal, self.series, span, context.now)
        return len(new)

    def _runs(self) -> list[Span]:
        """The numbers handed out, neighbours joined."""
        runs: list[Span] = []
        for number in sorted(one.number for one in self.found if one.number is not None):
            if runs and runs[-1].last + 1 == number:
                runs[-1] = Span(runs[-1].first, number)
            else:
                runs.append(Span(number, number))
        return runs


_day = func.coalesce(ARTICLES.c.published_on, PAGES.c.listed_on, type_=PAGES.c.listed_on.type)
_WITH_ARTICLES = PAGES.outerjoin(ARTICLES, ARTICLES.c.id == PAGES.c.article_id)
