"""Discoveries: addresses found on the way, merged into `pages` a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from corpus.among import among
from corpus.bulk import insert_new
from corpus.columns import BIGGEST, clean_text
from corpus.models import Article, Page, Section, table
from corpus.revisions import new_revision
from corpus.storing import add_sections
from corpus.units import parts

PAGES = table(Page)
SECTIONS = table(Section)
SECTION_ROUTE = "sections:"
"""A route that begins so says that this section's listing showed the page as a main entry."""
BY_NUMBER = "archive"
"""The route of a number that was asked by itself: nothing linked to it."""
SAMPLE_ROUTE = "sample"
"""Route of a page that is asked for because its number was drawn at random."""
UNLINKED = {BY_NUMBER, SAMPLE_ROUTE}
"""Routes on which nothing but the number itself leads to a page."""
FEED_ROUTE = "feed"
"""A feed named the page."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article address that something led to."""

    key: str
    """Identity within the portal."""
    site: str
    kind: str | None
    number: int | None
    url: str
    """Canonical address to fetch."""
    route: str
    """What led there: `sections:politique`, `side`, `article`, `feed` …"""
    listed_on: date | None = None
    """The day that the listing shows beside the link."""


@dataclass(slots=True)
class Merged:
    """What merging a batch of discoveries changed. Keys are cleaned."""

    new: set[str] = field(default_factory=set)
    """Keys that were in no state before."""
    added: dict[str, set[str]] = field(default_factory=dict)
    """Key → routes that the page did not have before; new pages included."""
    days: dict[str, date] = field(default_factory=dict)
    """Key → day known before, from its article or a listing, of pages that were there."""


def merge_found(
    connection: Connection,
    portal: str,
    found: Iterable[Found],
    now: datetime,
    *,
    with_days: bool = False,
) -> Merged:
    """Queue what is new; note new routes and days of what is known.

    One state is changed: a number that was missing when it was asked by itself, and that something
    links to now, is queued again, for it was asked before it was given to an article.
    """
    wanted: dict[str, Found] = {}
    routes: dict[str, set[str]] = {}
    days: dict[str, date] = {}
    for item in found:
        key = clean_text(item.key)
        wanted.setdefault(key, item)
        routes.setdefault(key, set()).add(clean_text(item.route))
        if item.listed_on is not None:
            days.setdefault(key, item.listed_on)
    merged = Merged()
    if not wanted:
        return merged
    updates: list[dict[str, Any]] = []
    shown: list[tuple[int, str]] = []
    known: set[str] = set()
    come: list[int] = []
    for row in _known(connection, portal, wanted, with_days):
        known.add(row.key)
        extra = routes[row.key] - set(row.found_by)
        day = getattr(row, "published_on", None) or row.listed_on
        if day is not None:
            merged.days[row.key] = day
        if extra:
            merged.added[row.key] = extra
            if row.state == "missing" and UNLINKED.issuperset(row.found_by) and extra - UNLINKED:
                come.append(row.id)
        if extra or (row.listed_on is None and row.key in days):
            updates.append(
                {
                    "b_id": row.id,
                    "found_by": sorted({*row.found_by, *extra}),
                    "listed_on": row.listed_on or days.get(row.key),
                }
            )
        if row.article_id is not None:
            shown += [(row.article_id, slug) for slug in section_slugs(extra)]
    fresh = [key for key in wanted if key not in known]
    merged.new = set(fresh)
    merged.added.update((key, routes[key]) for key in fresh)
    rows = [_row(portal, key, wanted[key], routes[key], days.get(key), now) for key in fresh]
    insert_new(connection, PAGES, rows)
    if updates:
        connection.execute(update(PAGES).where(PAGES.c.id == bindparam("b_id")), updates)
    for part in parts(come):
        again = update(PAGES).where(PAGES.c.id.in_(part))
        connection.execute(again.values(state="queued", reason=None))
    if shown:
        labels = section_labels(connection, portal, [slug for _, slug in shown])
        add_sections(connection, [(a, slug, labels.get(slug)) for a, slug in shown], now)
        _touch(connection, {article_id for article_id, _ in shown}, now)
    return merged


def _touch(connection: Connection, articles: Iterable[int], now: datetime) -> None:
    """Note that articles were shown in sections that nobody knew of."""
    rows = table(Article)
    revision = new_revision(connection, now)
    for part in parts(sorted(articles)):
        connection.execute(update(rows).where(rows.c.id.in_(part)).values(corpus_revision=revision))


def _known(
    connection: Connection, portal: str, keys: Iterable[str], with_days: bool
) -> Iterable[Any]:
    """The rows that are there already."""
    names = ("id", "key", "state", "found_by", "listed_on", "article_id")
    query = select(*(PAGES.c[name] for name in names)).where(
        PAGES.c.portal == bindparam("portal"), among(PAGES.c.key)
    )
    if with_days:
        articles = table(Article)
        query = query.add_columns(articles.c.published_on).select_from(
            PAGES.outerjoin(articles, articles.c.id == PAGES.c.article_id)
        )
    return connection.execute(query, {"portal": portal, "these": list(keys)}).all()


def _row(
    portal: str, key: str, item: Found, routes: set[str], day: date | None, now: datetime
) -> dict[str, Any]:
    number = item.number
    return {
        "portal": portal,
        "site": item.site,
        "kind": item.kind,
        # A number of thirty digits is nobody's article, but must not cost its neighbours.
        "number": number if number is None or 0 <= number <= BIGGEST else None,
        "url": item.url,
        "key": key,
        "state": "queued",
        "attempts": 0,
        "found_by": sorted(routes),
        "listed_on": day,
        "discovered_at": now,
    }


def section_slugs(routes: Iterable[str]) -> list[str]:
    """The sections among routes."""
    return [route.removeprefix(SECTION_ROUTE) for route in routes if is_main(route)]


def is_main(route: str) -> bool:
    """True for a main entry of a section's listing."""
    return route.startswith(SECTION_ROUTE)


def section_labels(connection: Connection, portal: str, slugs: Iterable[str]) -> Mapping[str, str]:
    """Slug → label of the portal's sections (some dozens); `slugs` are those that matter."""
    # A section keeps its label, so what the connection has read of them holds.
    known: dict[str, str] = connection.info.setdefault(f"labels of {portal}", {})
    if not known.keys() >= set(slugs):
        rows = connection.execute(_LABELS, {"portal": portal})
        known.update((row.slug, row.label) for row in rows)
    return known


_LABELS = select(SECTIONS.c.slug, SECTIONS.c.label).where(SECTIONS.c.portal == bindparam("portal"))
