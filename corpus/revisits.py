"""Revisits: units that say which of the articles held are due, and hand them out; `corpus.visits`
plans when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    Connection,
    Float,
    Select,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    update,
)

from corpus import models
from corpus.columns import UTCDateTime, clean_text
from corpus.discoveries import PAGES
from corpus.frontier import Leased
from corpus.models import table
from corpus.units import Context, parts
from corpus.visits import ANNOUNCED, HELD

ARTICLES = table(models.Article)
SHOWN = table(models.ArticleSection)
FEW = 5
"""Changes that a feed may announce at once, however few articles it names."""
_NEVER_PLANNED = 1e9
"""Lateness of a page whose visits have no span between them."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which stored articles of a portal a refresh is about; empty fields are no bound."""

    portal: str
    sections: frozenset[str] | None = None
    """Slugs: only articles that were shown in one of these."""
    since: date | None = None
    until: date | None = None
    """Inclusive bounds of `articles.published_on`; an undated article is outside."""

    def bounds(self) -> list[Any]:
        """SQL conditions on `pages`."""
        inside = [PAGES.c.portal == self.portal]
        days = []
        if self.since is not None:
            days.append(ARTICLES.c.published_on >= self.since)
        if self.until is not None:
            days.append(ARTICLES.c.published_on <= self.until)
        if days:
            inside.append(
                exists(select(1).where(ARTICLES.c.id == PAGES.c.article_id, *days)).correlate(PAGES)
            )
        if self.sections is not None:
            shown = (SHOWN.c.article_id == PAGES.c.article_id) & SHOWN.c.section.in_(
                sorted(self.sections)
            )
            inside.append(exists(select(1).where(shown)).correlate(PAGES))
        return inside


@dataclass(slots=True)
class LeaseRevisits:
    """Take up to `want` stored or vanished articles that are due, the latest first: lateness is
    the time since the last visit as a multiple of the span that was planned, so where the budget
    does not do, fresh and old articles wait in proportion. Result: list of `Leased`.

    They keep their state meanwhile. Fewer rows than wanted means that there are no more.
    """

    which: Which
    run_id: int
    want: int
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[LeaseRevisits], context: Context
    ) -> list[list[Leased]]:
        """Serve the units one after the other."""
        return [unit._serve(connection, context.now) for unit in units]

    def _serve(self, connection: Connection, now: datetime) -> list[Leased]:
        query = (
            select(*(PAGES.c[name] for name in Leased.__slots__))
            .where(
                *self.which.bounds(),
                PAGES.c.state.in_(HELD),
                PAGES.c.due_at <= now,
                PAGES.c.run_id.is_distinct_from(self.run_id),
            )
            .order_by(_lateness(connection, now).desc(), PAGES.c.id.desc())
            .limit(self.want)
            .with_for_update(skip_locked=True, of=PAGES)
        )
        rows = [Leased(**row) for row in connection.execute(query).mappings()]
        for part in parts(row.id for row in rows):
            connection.execute(update(PAGES).where(PAGES.c.id.in_(part)).values(run_id=self.run_id))
        return rows


def _lateness(connection: Connection, now: datetime) -> Any:
    """SQL: time since the last visit in planned spans, above 1 where a page is due."""
    moment = literal(now, UTCDateTime())
    if connection.dialect.name == "sqlite":
        waited = func.julianday(moment) - func.julianday(PAGES.c.settled_at)
        planned = func.julianday(PAGES.c.due_at) - func.julianday(PAGES.c.settled_at)
    else:
        waited = cast(extract("epoch", moment - PAGES.c.settled_at), Float)
        planned = cast(extract("epoch", PAGES.c.due_at - PAGES.c.settled_at), Float)
    spanless = or_(PAGES.c.settled_at.is_(None), PAGES.c.due_at <= PAGES.c.settled_at)
    return case((spanless, _NEVER_PLANNED), else_=waited / planned)


@dataclass(frozen=True, slots=True)
class DueState:
    """How much there is to revisit."""

    due: int
    """Articles due now."""
    next_at: datetime | None
    """When the next one is, where none is due; None where nothing is planned at all."""


@dataclass(slots=True)
class Due:
    """How many revisits are due. Result: `DueState`."""

    which: Which
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Due], context: Context
    ) -> list[DueState]:
        """Count."""
        results = []
        for unit in units:
            here = and_(*unit.which.bounds(), PAGES.c.state.in_(HELD))
            due = connection.scalar(_count().where(here, PAGES.c.due_at <= context.now))
            next_at = None
            if not due:
                # A state at a time: the index then gives the first without a scan.
                first = (
                    connection.scalar(
                        select(PAGES.c.due_at)
                        .where(*unit.which.bounds(), PAGES.c.state == state)
                        .where(PAGES.c.due_at > context.now)
                        .order_by(PAGES.c.due_at)
                        .limit(1)
                    )
                    for state in HELD
                )
                next_at = min((at for at in first if at is not None), default=None)
            results.append(DueState(int(due or 0), next_at))
        return results


def _count() -> Select[Any]:
    return select(func.count()).select_from(PAGES)


@dataclass(slots=True)
class Announce:
    """A feed says when its articles last changed: those changed after our last visit are due now,
    reason `ANNOUNCED`. Result: how many.

    None are where most of those held are said to have changed: then the feed stamps its entries
    with the time of its making, and the order of age serves better.
    """

    portal: str
    changed: dict[str, datetime]
    """Key → the moment of the change, UTC."""
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Announce], context: Context
    ) -> list[int]:
        """Compare and mark, unit by unit."""
        return [unit._apply(connection, context.now) for unit in units]

    def _apply(self, connection: Connection, now: datetime) -> int:
        moments = {clean_text(key): moment for key, moment in self.changed.items()}
        due: list[int] = []
        held = 0
        query = select(PAGES.c.id, PAGES.c.key, PAGES.c.settled_at).where(
            PAGES.c.portal == self.portal, PAGES.c.state == "stored"
        )
        for part in parts(moments):
            for row in connection.execute(query.where(PAGES.c.key.in_(part))):
                held += 1
                if row.settled_at is not None and row.settled_at < moments[row.key]:
                    due.append(row.id)
        if len(due) >= FEW and 2 * len(due) > held:
            return 0
        for ids in parts(due):
            connection.execute(
                update(PAGES).where(PAGES.c.id.in_(ids)).values(due_at=now, reason=ANNOUNCED)
            )
        return len(due)
