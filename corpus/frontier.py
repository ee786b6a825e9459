"""The frontier: units that queue, lease and settle pages, from the scheduler to the writer.

The whole vocabulary of the frontier is importable from here; listings and runs have their own
modules beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from corpus.clock import mend_plans
from corpus.discoveries import FEED_ROUTE, PAGES, SECTION_ROUTE, Found, merge_found
from corpus.listings import (
    ListingResult,
    ListingSeen,
    LookUp,
    Section,
    SectionsOf,
    SectionUpdate,
    SectionUpsert,
)
from corpus.models import STATES
from corpus.numbers import Series, Span, of_series
from corpus.runs import RunStart, RunUpdate
from corpus.settling import Settle, SettleResult
from corpus.units import Context, parts
from corpus.visits import ANNOUNCED
from corpus.warc.captures import WarcPlace

__all__ = [
    "Books",
    "Discover",
    "Found",
    "Lease",
    "Leased",
    "ListingResult",
    "ListingSeen",
    "LookUp",
    "NumbersOnly",
    "Reclaim",
    "Release",
    "RunStart",
    "RunUpdate",
    "Section",
    "SectionUpdate",
    "SectionUpsert",
    "SectionsOf",
    "Settle",
    "SettleResult",
]

RETRIED = ("failed", "missing", "quarantined", "rejected")
"""States of pages without an article that a `due_at` has fetched again."""


@dataclass(slots=True)
class Discover:
    """Queue what is new among `found`. Result: how many rows were."""

    portal: str
    run_id: int | None
    found: list[Found]
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Discover], context: Context
    ) -> list[int]:
        """Merge each unit's discoveries."""
        return [
            len(merge_found(connection, unit.portal, unit.found, context.now).new) for unit in units
        ]


@dataclass(slots=True)
class Leased:
    """A page handed out to be fetched."""

    id: int
    key: str
    site: str
    kind: str | None
    number: int | None
    url: str
    state: str
    """What the row was when it was leased: `queued`, `stored`, `failed` …"""
    attempts: int
    listed_on: date | None
    etag: str | None
    last_modified: str | None
    article_id: int | None
    due_at: datetime | None
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None
    warc_digest: str | None = None

    @property
    def held(self) -> WarcPlace | None:
        """Where the last answer that was kept of it lies."""
        if self.warc_file is None or self.warc_offset is None or self.warc_length is None:
            return None
        return WarcPlace(self.warc_file, self.warc_offset, self.warc_length, self.warc_digest or "")


@dataclass(frozen=True, slots=True)
class NumbersOnly:
    """Pages of one series whose numbers are in one of `spans`: some hundred at most, for each is
    a condition of the query."""

    series: Series
    spans: tuple[Span, ...]

    def holds(self, portal: str) -> Any:
        """SQL: the page is one of these."""
        inside = [PAGES.c.number.between(*span) for span in self.spans]
        return and_(*of_series(portal, self.series), or_(*inside))


@dataclass(slots=True)
class Lease:
    """Take up to `want` pages that are due, newest first. Result: list of `Leased`.

    A third of them are the oldest instead, unless `newest_only`: an endless listing of invented
    numbers, all higher than the real ones, then cannot keep what is real waiting.
    Due is what is queued, and any page that holds no article and whose `due_at` has passed; but
    nothing that this run has held and given back (throttled, out of the bounds asked for). Pages
    that hold one are `corpus.revisits`' to lease, save those that a feed announced.
    A queued or failed page becomes `leased`; others keep their state meanwhile: what was stored
    stays stored. Fewer rows than wanted means that there are no more.
    """

    portal: str
    run_id: int
    want: int
    sections: frozenset[str] | None = None
    """Slugs: only pages that one of these sections' listings showed as a main entry."""
    route: str | None = None
    """Only pages that this route led to; of the feed's also those stored that it says changed."""
    since: date | None = None
    until: date | None = None
    """Inclusive bounds of `listed_on`; a page without that day is inside."""
    newest_only: bool = False
    only: NumbersOnly | None = None
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Lease], context: Context
    ) -> list[list[Leased]]:
        """Serve the units one after the other."""
        return [unit._serve(connection, context) for unit in units]

    def _serve(self, connection: Connection, context: Context) -> list[Leased]:
        waiting = self._query(connection).where(
            PAGES.c.state == "queued", PAGES.c.run_id.is_distinct_from(self.run_id)
        )
        due = self._query(connection).where(
            PAGES.c.due_at <= context.now,
            PAGES.c.state.in_(RETRIED),
            PAGES.c.run_id.is_distinct_from(self.run_id),
        )
        announced = self._query(connection).where(
            PAGES.c.due_at <= context.now,
            PAGES.c.state == "stored",
            PAGES.c.reason == ANNOUNCED,
            PAGES.c.run_id.is_distinct_from(self.run_id),
        )
        newest = PAGES.c.number.desc().nulls_last(), PAGES.c.id
        fed = self.route == FEED_ROUTE
        queries = (waiting, due, announced) if fed else (waiting, due)
        rows = [row for query in queries for row in _rows(connection, query, *newest)]
        rows.sort(key=lambda row: (row.number is None, -(row.number or 0), row.id))
        if len(rows) > self.want and not self.newest_only:
            # The index of the newest, read backwards; nothing invented is among the oldest.
            numbered = waiting.where(PAGES.c.number.is_not(None))
            backwards = PAGES.c.number.asc().nulls_first(), PAGES.c.id.desc()
            first = rows[: self.want - self.want // 3]
            oldest = _rows(connection, numbered, *backwards)[: self.want // 3]
            rows = list({row.id: row for row in (*first, *oldest, *rows)}.values())
        rows = rows[: self.want]
        taken = [row.id for row in rows if row.state in ("queued", "failed")]
        kept = [row.id for row in rows if row.state not in ("queued", "failed")]
        for ids, values in ((taken, {"state": "leased"}), (kept, {})):
            for part in parts(ids):
                connection.execute(
                    update(PAGES).where(PAGES.c.id.in_(part)).values(run_id=self.run_id, **values)
                )
        return rows

    def _query(self, connection: Connection) -> Select[Any]:
        query = select(*(PAGES.c[name] for name in Leased.__slots__))
        query = query.where(PAGES.c.portal == self.portal)
        inside = []
        if self.since is not None:
            inside.append(PAGES.c.listed_on >= self.since)
        if self.until is not None:
            inside.append(PAGES.c.listed_on <= self.until)
        if inside:
            query = query.where(or_(PAGES.c.listed_on.is_(None), and_(true(), *inside)))
        if self.only is not None:
            query = query.where(self.only.holds(self.portal))
        if self.sections is not None:
            routes = [SECTION_ROUTE + slug for slug in self.sections]
            query = query.where(_found_by(connection, routes))
        if self.route is not None:
            query = query.where(_found_by(connection, [self.route]))
        return query.limit(self.want + 1).with_for_update(skip_locked=True)


def _found_by(connection: Connection, routes: Iterable[str]) -> Any:
    """SQL: one of `routes` led to the page."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(PAGES.c.found_by).table_valued("value")
    else:
        each = func.jsonb_array_elements_text(PAGES.c.found_by).table_valued("value")
    return exists(select(1).select_from(each).where(each.c.value.in_(sorted(routes))))


def _rows(connection: Connection, query: Select[Any], *order: Any) -> list[Leased]:
    return [Leased(**row) for row in connection.execute(query.order_by(*order)).mappings()]


@dataclass(slots=True)
class Reclaim:
    """Queue again what an older run of the portal still held, and mend what it planned by a wrong
    clock. Result: how many rows were held.

    Only for who holds the portal's lock, before its own run begins.
    """

    portal: str
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(cls, connection: Connection, units: Sequence[Reclaim], context: Context) -> list[int]:
        """Queue them; attempts are untouched, since nothing failed."""
        counts = []
        for unit in units:
            mend_plans(connection, unit.portal, context.now)
            where = (PAGES.c.portal == unit.portal, PAGES.c.state == "leased")
            counts.append(
                int(connection.scalar(select(func.count()).select_from(PAGES).where(*where)) or 0)
            )
            if counts[-1]:
                connection.execute(update(PAGES).where(*where).values(state="queued"))
        return counts


@dataclass(slots=True)
class Release:
    """Give leased pages back unfetched. Result: None.

    A pair is (page id, the state it was leased from).
    """

    page_ids: list[tuple[int, str]] = field(default_factory=list)
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Release], context: Context
    ) -> list[None]:
        """Set the old state where the page is still out."""
        rows = [
            {"b_id": page_id, "back": "queued" if state == "leased" else state}
            for unit in units
            for page_id, state in unit.page_ids
        ]
        if rows:
            connection.execute(
                update(PAGES)
                .where(PAGES.c.id == bindparam("b_id"), PAGES.c.state == "leased")
                .values(state=bindparam("back")),
                rows,
            )
        return [None] * len(units)


@dataclass(slots=True)
class Books:
    """How many pages the portal has in each state. Result: state → count, without zeros."""

    portal: str
    stored: bool = True
    """False leaves the stored ones out: counting them takes the longer the larger the corpus."""
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[Books], context: Context
    ) -> list[dict[str, int]]:
        """Count."""
        results = []
        for unit in units:
            query = (
                select(PAGES.c.state, func.count().label("pages"))
                .where(PAGES.c.portal == unit.portal, *unit._states())
                .group_by(PAGES.c.state)
            )
            results.append({row.state: int(row.pages) for row in connection.execute(query)})
        return results

    def _states(self) -> list[Any]:
        # Named one by one: the index then seeks each, where `<>` would scan.
        others = [state for state in STATES if state != "stored"]
        return [] if self.stored else [PAGES.c.state.in_(others)]
