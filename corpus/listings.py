"""Listings: units that keep a portal's sections, their marks and what their pages showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, bindparam, func, select, update

from corpus import models
from corpus.among import among
from corpus.bulk import insert_new
from corpus.columns import clean_text
from corpus.discoveries import PAGES, Found, is_main, merge_found
from corpus.models import table
from corpus.units import Context

SECTIONS = table(models.Section)
ARTICLES = table(models.Article)


@dataclass(slots=True)
class Section:
    """A row of `sections`."""

    id: int
    portal: str
    slug: str
    label: str
    url: str
    sign: str | None
    state: str
    mark: list[str] | None
    positions: list[Any] | None
    last_walked_at: datetime | None
    checked_at: datetime | None
    interval: int | None
    discovered_at: datetime
    etag: str | None
    last_modified: str | None
    walks: int


_COLUMNS = [SECTIONS.c[name] for name in Section.__slots__]


@dataclass(slots=True)
class SectionUpsert:
    """Note a section. Result: its row as a `Section`.

    What is known stays known: an address that was judged keeps its state unless the new one
    says more than `candidate`, and its label, mark and positions are left alone.
    """

    portal: str
    slug: str
    label: str
    url: str
    sign: str | None
    state: str
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[SectionUpsert], context: Context
    ) -> list[Section]:
        """Insert or update, one by one: there are some dozens in a run."""
        return [unit._apply(connection, context) for unit in units]

    def _apply(self, connection: Connection, context: Context) -> Section:
        values = {
            "portal": self.portal,
            "slug": self.slug,
            "label": self.label,
            "url": self.url,
            "sign": self.sign,
            "state": self.state,
            "discovered_at": context.now,
        }
        insert_new(connection, SECTIONS, [values])
        here = (SECTIONS.c.portal == self.portal, SECTIONS.c.url == clean_text(self.url))
        if self.state != "candidate":
            connection.execute(
                update(SECTIONS)
                .where(*here, SECTIONS.c.state != self.state)
                .values(state=self.state)
            )
        row = connection.execute(select(*_COLUMNS).where(*here)).mappings().one()
        return Section(**row)


@dataclass(slots=True)
class SectionsOf:
    """All sections of a portal. Result: list of `Section`, oldest first."""

    portal: str
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[SectionsOf], context: Context
    ) -> list[list[Section]]:
        """Read them."""
        results = []
        for unit in units:
            query = select(*_COLUMNS).where(SECTIONS.c.portal == unit.portal)
            rows = connection.execute(query.order_by(SECTIONS.c.id)).mappings()
            results.append([Section(**row) for row in rows])
        return results


@dataclass(slots=True)
class SectionUpdate:
    """Set columns of one section. Result: None."""

    section_id: int
    values: dict[str, Any] = field(default_factory=dict)
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[SectionUpdate], context: Context
    ) -> list[None]:
        """Write them in order: the last word of a batch stands."""
        for unit in units:
            if unit.values:
                connection.execute(
                    update(SECTIONS).where(SECTIONS.c.id == unit.section_id).values(**unit.values)
                )
        return [None] * len(units)


@dataclass(frozen=True, slots=True)
class ListingResult:
    """What a listing page brought."""

    new: set[str]
    """Keys that no route had found before."""
    unseen: set[str]
    """Keys of main entries that this section had not shown before."""
    known_days: dict[str, date]
    """Key → day of publication, or as listed, of entries that were known and have one."""


@dataclass(slots=True)
class ListingSeen:
    """A listing page was read: its entries and how far the walk has come, in one transaction.

    Result: `ListingResult`.
    """

    portal: str
    run_id: int | None
    section_id: int
    found: list[Found]
    """Main entries have the route `sections:<slug>`, the others `side`."""
    positions: list[Any] | None = None
    """New value of `sections.positions`; None leaves it, an empty list clears it."""
    mark: list[str] | None = None
    """New value of `sections.mark`; None leaves it."""
    walked: bool = False
    """True where the walk came to its end with this page."""
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[ListingSeen], context: Context
    ) -> list[ListingResult]:
        """Apply in order: what one page showed is seen when the next is judged."""
        return [unit._apply(connection, context) for unit in units]

    def _apply(self, connection: Connection, context: Context) -> ListingResult:
        merged = merge_found(connection, self.portal, self.found, context.now, with_days=True)
        values: dict[str, Any] = {"checked_at": context.now}
        if self.positions is not None:
            values["positions"] = self.positions
        if self.mark is not None:
            values["mark"] = self.mark
        if self.walked:
            values["last_walked_at"] = context.now
        connection.execute(
            update(SECTIONS).where(SECTIONS.c.id == self.section_id).values(**values)
        )
        unseen = {key for key, routes in merged.added.items() if any(map(is_main, routes))}
        return ListingResult(merged.new, unseen, merged.days)


@dataclass(slots=True)
class LookUp:
    """What is known of some keys. Result: key → (state, day of publication or as listed)."""

    portal: str
    keys: list[str]
    hungry: ClassVar[bool] = True

    @classmethod
    def apply(
        cls, connection: Connection, units: Sequence[LookUp], context: Context
    ) -> list[dict[str, tuple[str, date | None]]]:
        """Read them, a statement for each unit."""
        day = func.coalesce(ARTICLES.c.published_on, PAGES.c.listed_on).label("day")
        both = PAGES.outerjoin(ARTICLES, ARTICLES.c.id == PAGES.c.article_id)
        query = (
            select(PAGES.c.key, PAGES.c.state, day)
            .select_from(both)
            .where(PAGES.c.portal == bindparam("portal"), among(PAGES.c.key))
        )
        results = []
        for unit in units:
            wanted = {"portal": unit.portal, "these": [clean_text(key) for key in unit.keys]}
            rows = connection.execute(query, wanted)
            results.append({row.key: (row.state, row.day) for row in rows})
        return results
