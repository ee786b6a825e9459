"""Gaps: what is missing of a portal's archive, counted from the tables by SQL on either database.

The definitions are in docs/gaps.md. Nothing is asked of the site here, and nothing written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Subquery, and_, case, func, select, true

from corpus.discoveries import PAGES, SAMPLE_ROUTE, SECTION_ROUTE
from corpus.models import Article, ArticleSection, table
from corpus.numbers import ARTICLE_STATES
from corpus.strata import Answers, Gap, Number

ARTICLES, IN_SECTIONS = table(Article), table(ArticleSection)
HELD = ("stored", "gone")
"""States of a page whose text we have."""
OPEN = ("queued", "leased", "failed", "quarantined")
"""States that say neither that there is an article nor that there is none."""
NO_ANSWER = ("robots", "wall")
"""Reasons of a rejected page that do not say it, either."""
ONLY_SAMPLED = [SAMPLE_ROUTE]
"""`found_by` of a page that no other route has led to."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pages are looked at: of one portal; of one section, by slug; of days, both included."""

    portal: str
    section: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def dated(self) -> bool:
        """Whether days matter."""
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class DatedGap:
    """A gap, and the days of the nearest dated articles below and above it."""

    gap: Gap
    day_below: date | None
    day_above: date | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Pages in one state for one reason."""

    state: str
    reason: str | None
    pages: int
    due: int
    """How many of them a crawl asks again by itself."""
    due_at: datetime | None
    """The earliest time when it does, UTC."""
    example: str
    """Address of one."""


def states(connection: Connection, scope: Scope) -> dict[str, int]:
    """State to the number of pages."""
    pages = _pages(connection, scope)
    query = select(pages.c.state, func.count()).group_by(pages.c.state)
    return {state: int(count) for state, count in connection.execute(query)}


def states_by_section(connection: Connection, scope: Scope) -> dict[str, dict[str, int]]:
    """Slug to state to pages. A page counts in each section that shows it; those that none shows
    are under the empty slug."""
    pages, shown = _pages(connection, scope), _shown(connection, scope.portal)
    slug = func.coalesce(shown.c.slug, "").label("slug")
    query = (
        select(slug, pages.c.state, func.count())
        .select_from(pages.outerjoin(shown, shown.c.page_id == pages.c.id))
        .group_by(slug, pages.c.state)
    )
    return _nested(connection, query)


def states_by_day(connection: Connection, scope: Scope) -> dict[date | None, dict[str, int]]:
    """Day to state to pages; None for what has no day."""
    pages = _pages(connection, scope, days_of_neighbours=True)
    query = select(pages.c.day, pages.c.state, func.count()).group_by(pages.c.day, pages.c.state)
    return _nested(connection, query)


def states_by_number(
    connection: Connection, scope: Scope, width: int
) -> dict[tuple[str, str, int], dict[str, int]]:
    """(site, kind, first number of a block of `width`) to state to pages."""
    pages = _pages(connection, scope)
    block = (pages.c.number - pages.c.number % width).label("block")
    keys = (pages.c.site, pages.c.kind, block)
    query = (
        select(*keys, pages.c.state, func.count())
        .where(pages.c.kind.is_not(None), pages.c.number >= 1)
        .group_by(*keys, pages.c.state)
    )
    counts: dict[tuple[str, str, int], dict[str, int]] = {}
    for site, kind, start, state, count in connection.execute(query):
        counts.setdefault((site, kind, int(start)), {})[state] = int(count)
    return counts


def longest_series(connection: Connection, scope: Scope) -> int:
    """Numbers from the lowest to the highest article of the series where these are most; 0 where
    no article has a number."""
    pages = _pages(connection, scope)
    span = func.max(pages.c.number) - func.min(pages.c.number) + 1
    query = (
        select(span)
        .where(pages.c.state.in_(ARTICLE_STATES), pages.c.kind.is_not(None))
        .group_by(pages.c.site, pages.c.kind)
    )
    return max((int(size) for size in connection.execute(query).scalars()), default=0)


def reasons(connection: Connection, scope: Scope) -> list[Reason]:
    """Why pages are not held, most pages first. Of an exception, its text is left out."""
    pages = _pages(connection, scope)
    query = (
        select(
            pages.c.state,
            pages.c.reason,
            func.count(),
            func.count(pages.c.due_at),
            func.min(pages.c.due_at),
            func.min(pages.c.url),
        )
        .where(pages.c.state.not_in(("queued", "leased", *HELD)))
        .group_by(pages.c.state, pages.c.reason)
    )
    found: dict[tuple[str, str | None], Reason] = {}
    for state, reason, count, due, due_at, url in connection.execute(query):
        short = reason.split(":")[0] if state == "quarantined" and reason else reason
        if state == "duplicate":
            short = None
        old = found.get((state, short), Reason(state, short, 0, 0, None, url))
        times = [time for time in (old.due_at, due_at) if time is not None]
        found[state, short] = Reason(
            state,
            short,
            old.pages + int(count),
            old.due + int(due),
            min(times, default=None),
            min(old.example, url),
        )
    return sorted(found.values(), key=lambda r: (-r.pages, r.state, r.reason or ""))


def gaps(connection: Connection, scope: Scope, *, but_sampled: bool = False) -> list[DatedGap]:
    """Numbers without a row between the lowest and the highest number of each series that led to
    an article, largest gap first. Of a scope with days, those that touch it. A section has none:
    nobody knows the section of a number.

    `but_sampled`: as if nothing that only a sample asked for had a row; what an estimate is about.
    """
    found = _between(scope.portal, but_sampled=but_sampled)
    query = select(found)
    if not but_sampled or scope.dated:
        day_below = _neighbour(scope.portal, found, found.c.number, up=False)
        day_above = _neighbour(scope.portal, found, found.c.next, up=True)
        query = query.add_columns(day_below.label("day_below"), day_above.label("day_above"))
    rows = [
        DatedGap(Gap(row[0], row[1], row[2] + 1, row[3] - 1), *(row[4:] or (None, None)))
        for row in connection.execute(query)
    ]
    since, until = scope.since, scope.until
    touching = [
        row
        for row in rows
        if (since is None or row.day_above is None or row.day_above >= since)
        and (until is None or row.day_below is None or row.day_below <= until)
    ]
    return sorted(touching, key=lambda row: (-row.gap.count, row.gap))


def answers(connection: Connection, portal: str) -> Answers:
    """What became of the numbers that only a sample has asked for; without those that are still
    queued. A page that turned out to be another one is no article of its own."""
    columns = ("site", "kind", "number", "state", "reason")
    query = select(*(PAGES.c[name] for name in columns)).where(
        PAGES.c.portal == portal,
        PAGES.c.found_by == ONLY_SAMPLED,
        PAGES.c.kind.is_not(None),
        PAGES.c.state.not_in(("queued", "leased")),
    )
    found: dict[Number, bool | None] = {}
    for site, kind, number, state, reason in connection.execute(query):
        silent = state in OPEN or (state == "rejected" and reason in NO_ANSWER)
        found[site, kind, number] = None if silent else state in HELD
    return found


def drawn_before(connection: Connection, portal: str) -> list[Number]:
    """Numbers that a sample has drawn and that still wait to be asked."""
    query = select(PAGES.c.site, PAGES.c.kind, PAGES.c.number).where(
        PAGES.c.portal == portal,
        PAGES.c.found_by == ONLY_SAMPLED,
        PAGES.c.kind.is_not(None),
        PAGES.c.state.in_(("queued", "leased")),
    )
    return [(site, kind, number) for site, kind, number in connection.execute(query)]


def known_articles(connection: Connection, scope: Scope) -> tuple[int, int]:
    """Pages that other routes than sampling led to: (held, undecided)."""
    pages = _pages(connection, scope)
    query = select(
        func.count(case((pages.c.state.in_(HELD), 1))),
        func.count(case((pages.c.state.in_(OPEN), 1))),
    ).where(pages.c.found_by != ONLY_SAMPLED)
    held, undecided = connection.execute(query).one()
    return int(held), int(undecided)


def articles_by_day(
    connection: Connection, portal: str
) -> tuple[dict[date, int], dict[str, dict[date, int]]]:
    """Held articles by day of publication: of the whole portal, and of each section by slug."""
    dated = (ARTICLES.c.portal == portal, ARTICLES.c.published_on.is_not(None))
    day = ARTICLES.c.published_on
    whole = select(day, func.count()).where(*dated).group_by(day)
    each = (
        select(IN_SECTIONS.c.section, day, func.count())
        .select_from(IN_SECTIONS.join(ARTICLES, ARTICLES.c.id == IN_SECTIONS.c.article_id))
        .where(*dated)
        .group_by(IN_SECTIONS.c.section, day)
    )
    return (
        {one: int(count) for one, count in connection.execute(whole)},
        _nested(connection, each),
    )


def _nested(connection: Connection, query: Select[Any]) -> dict[Any, dict[Any, int]]:
    found: dict[Any, dict[Any, int]] = {}
    for outer, inner, count in connection.execute(query):
        found.setdefault(outer, {})[inner] = int(count)
    return found


def _pages(connection: Connection, scope: Scope, *, days_of_neighbours: bool = False) -> Subquery:
    """SQL: the pages of `scope` with the day of each."""
    own = func.coalesce(
        ARTICLES.c.published_on, PAGES.c.listed_on, type_=PAGES.c.listed_on.type
    ).label("own")
    names = ("id", "site", "kind", "number", "state", "reason", "due_at", "url", "found_by")
    columns = [PAGES.c[name] for name in names]
    held = and_(ARTICLES.c.id == PAGES.c.article_id, PAGES.c.state.in_(HELD))
    query = (
        select(*columns, own)
        .select_from(PAGES.outerjoin(ARTICLES, held))
        .where(PAGES.c.portal == scope.portal)
    )
    pages = query.subquery()
    day = pages.c.own
    if days_of_neighbours or scope.dated:
        pages, day = _with_neighbours(pages)
    limits: list[Any] = []
    if scope.section is not None:
        shown = _shown(connection, scope.portal)
        members = select(shown.c.page_id).where(shown.c.slug == scope.section)
        limits.append(pages.c.id.in_(members))
    if scope.since is not None:
        limits.append(day >= scope.since)
    if scope.until is not None:
        limits.append(day <= scope.until)
    return select(*(pages.c[name] for name in names), day.label("day")).where(*limits).subquery()


def _with_neighbours(pages: Subquery) -> tuple[Subquery, Any]:
    """SQL: a numbered page without a day of its own has that of the nearest dated one below."""
    below = func.count(pages.c.own).over(
        partition_by=(pages.c.site, pages.c.kind), order_by=pages.c.number
    )
    counted = select(pages, below.label("below")).subquery()
    neighbours = func.max(counted.c.own).over(
        partition_by=(counted.c.site, counted.c.kind, counted.c.below)
    )
    day = case((counted.c.number.is_not(None), func.coalesce(counted.c.own, neighbours)))
    placed = select(counted, func.coalesce(day, counted.c.own).label("placed")).subquery()
    return placed, placed.c.placed


def _shown(connection: Connection, portal: str) -> Subquery:
    """SQL: (page_id, slug) of each section that shows a page: an article's own and those that
    listed it; of a page without an article, those that listed it."""
    held = (
        select(PAGES.c.id.label("page_id"), IN_SECTIONS.c.section.label("slug"))
        .join_from(PAGES, IN_SECTIONS, IN_SECTIONS.c.article_id == PAGES.c.article_id)
        .where(PAGES.c.portal == portal, PAGES.c.state.in_(HELD))
    )
    name = "json_each" if connection.dialect.name == "sqlite" else "jsonb_array_elements_text"
    routes = getattr(func, name)(PAGES.c.found_by).table_valued("value")
    slug = func.substr(routes.c.value, len(SECTION_ROUTE) + 1)
    others = (
        select(PAGES.c.id, slug)
        .select_from(PAGES.join(routes, true()))
        .where(
            PAGES.c.portal == portal,
            PAGES.c.state.not_in(HELD),
            routes.c.value.startswith(SECTION_ROUTE, autoescape=True),
        )
    )
    return held.union_all(others).subquery()


def _between(portal: str, *, but_sampled: bool = False) -> Subquery:
    """SQL: (site, kind, number, next) where nothing is known between a number and the next known,
    and articles below and above. `but_sampled`: what only a sample asked for is not known."""
    numbered: Sequence[Any] = (
        PAGES.c.portal == portal,
        PAGES.c.kind.is_not(None),
        PAGES.c.number >= 1,
    )
    if but_sampled:
        numbered = (*numbered, PAGES.c.found_by != ONLY_SAMPLED)
    series = (PAGES.c.site, PAGES.c.kind)
    following = func.lead(PAGES.c.number).over(partition_by=series, order_by=PAGES.c.number)
    known = select(*series, PAGES.c.number, following.label("next")).where(*numbered).subquery()
    ends = (
        select(
            *series,
            func.min(PAGES.c.number).label("lowest"),
            func.max(PAGES.c.number).label("highest"),
        )
        .where(*numbered, PAGES.c.state.in_(ARTICLE_STATES))
        .group_by(*series)
        .subquery()
    )
    same = and_(ends.c.site == known.c.site, ends.c.kind == known.c.kind)
    return (
        select(known)
        .join_from(known, ends, same)
        .where(
            known.c.next > known.c.number + 1,
            known.c.number >= ends.c.lowest,
            known.c.next <= ends.c.highest,
        )
        .subquery()
    )


def _neighbour(portal: str, gap: Subquery, number: Any, *, up: bool) -> Any:
    """SQL: the day of the nearest dated article of the gap's series at or beyond `number`."""
    beyond = ARTICLES.c.number >= number if up else ARTICLES.c.number <= number
    return (
        select(ARTICLES.c.published_on)
        .where(
            ARTICLES.c.portal == portal,
            ARTICLES.c.site == gap.c.site,
            ARTICLES.c.kind == gap.c.kind,
            ARTICLES.c.published_on.is_not(None),
            beyond,
        )
        .order_by(ARTICLES.c.number if up else ARTICLES.c.number.desc())
        .limit(1)
        .correlate(gap)
        .scalar_subquery()
    )
