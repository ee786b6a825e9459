"""History: the life of a stored article, and the edits that sites made in silence.

Reads only. At most two versions are held at a time, so neither a much edited article nor a corpus
full of edits costs memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select, tuple_

from corpus.differences import Class, Hunk, Kind, classify, compare, kind_of
from corpus.models import Article, ArticleEvent, ArticleVersion, Page, table
from corpus.storing import MEANING

ARTICLES = table(Article)
EVENTS = table(ArticleEvent)
PAGES = table(Page)
VERSIONS = table(ArticleVersion)
FIELDS: Final = tuple(name for name in MEANING if name not in ("title", "body", "lead"))
"""Fields that are compared as a whole; the lead is a part of the body."""
_AT_ONCE: Final = 50
"""Edits whose numbers are fetched at a time."""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions of an article."""

    title: Kind
    hunks: list[Hunk]
    """The body, from end to end."""
    fields: dict[str, tuple[Any, Any]]
    """Other fields that differ: (old, new)."""
    reader_changed: bool
    """True where the newer one was read by another reader or knowledge: of a change that is the
    site's, a part may then be ours."""

    @property
    def name(self) -> Class:
        """The class of the change."""
        return classify(self.title, (h.kind for h in self.hunks), fields=bool(self.fields))

    def sentences(self, side: str, *kinds: Kind) -> int:
        """How many sentences of one side, `old` or `new`, the hunks of these kinds hold."""
        return sum(len(getattr(hunk, side)) for hunk in self.hunks if hunk.kind in kinds)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an article's life."""

    event: str
    """`version`, `gone`, `back`; `comparison` of two versions that a user chose."""
    article: Mapping[str, Any]
    at: datetime
    """When we wrote it down."""
    run_id: int | None
    reason: str | None = None
    causes: tuple[str, ...] = ()
    """Of a version its cause; of a comparison those of all versions that lie between, sorted."""
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    """The versions; `old` is empty for version 1, both for an event."""
    change: Change | None = field(default=None)


def find_article(connection: Connection, portal: str, key: str) -> dict[str, Any] | None:
    """The row of `articles` of that identity, or of the one that it is a duplicate of."""
    columns = [ARTICLES.c[name] for name in (
        "id", "portal", "key", "url", "title", "version",
        "first_seen_at", "last_seen_at", "gone_at",
    )]  # fmt: skip
    own = select(*columns).where(ARTICLES.c.portal == portal, ARTICLES.c.key == key)
    other = (
        select(*columns)
        .join(PAGES, PAGES.c.article_id == ARTICLES.c.id)
        .where(PAGES.c.portal == portal, PAGES.c.key == key)
    )
    for query in (own, other):
        row = connection.execute(query).mappings().first()
        if row is not None:
            return dict(row)
    return None


def counts_of(connection: Connection, article_id: int) -> dict[str, int]:
    """Cause → versions beyond the first."""
    query = (
        select(VERSIONS.c.cause, func.count())
        .where(VERSIONS.c.article_id == article_id, VERSIONS.c.version > 1)
        .group_by(VERSIONS.c.cause)
    )
    return {cause: int(count) for cause, count in connection.execute(query)}


def life_of(connection: Connection, article: Mapping[str, Any]) -> Iterator[Entry]:
    """The article's versions and events, oldest first."""
    yield from merge(
        _events(connection, article), _versions(connection, article), key=lambda entry: entry.at
    )


def comparison(
    connection: Connection, article: Mapping[str, Any], first: int, second: int
) -> Entry | None:
    """What differs between any two versions; None where one does not exist."""
    old, new = (_version(connection, article["id"], number) for number in (first, second))
    if old is None or new is None:
        return None
    between = (
        select(VERSIONS.c.cause)
        .distinct()
        .where(
            VERSIONS.c.article_id == article["id"],
            VERSIONS.c.version > min(first, second),
            VERSIONS.c.version <= max(first, second),
        )
    )
    causes = tuple(sorted(connection.execute(between).scalars()))
    return _entry("comparison", article, old, new, causes)


def edits(
    connection: Connection, *, since: datetime | None = None, portal: str | None = None
) -> Iterator[Entry]:
    """Every edit that a site made, newest first: versions it caused, but the first of each."""
    last: tuple[datetime, int, int] | None = None
    while True:
        rows = [dict(row) for row in connection.execute(_edits(since, portal, last)).mappings()]
        for row in rows:
            number = row["version"]
            old, new = (_version(connection, row["id"], n) for n in (number - 1, number))
            if old is not None and new is not None:
                yield _entry("version", row, old, new, ("site",))
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1]["fetched_at"], rows[-1]["id"], rows[-1]["version"]


def change_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    """What differs between two rows of `article_versions`."""
    return Change(
        kind_of(old["title"], new["title"]),
        compare(old["body"], new["body"]),
        {name: (old[name], new[name]) for name in FIELDS if old[name] != new[name]},
        _reader(old) != _reader(new),
    )


def _reader(version: Mapping[str, Any]) -> tuple[str, Any]:
    """Who read it: of the extractor the number that people raise, since a new digest behind it
    need not mean that anything is read otherwise."""
    return str(version["extractor_revision"]).partition(".")[0], version["knowledge_revision"]


def _edits(
    since: datetime | None, portal: str | None, last: tuple[datetime, int, int] | None
) -> Select[Any]:
    place = (VERSIONS.c.fetched_at, VERSIONS.c.article_id, VERSIONS.c.version)
    columns = [ARTICLES.c[name] for name in ("id", "portal", "key", "url", "title")]
    query = (
        select(*columns, VERSIONS.c.version, VERSIONS.c.fetched_at)
        .join(ARTICLES, ARTICLES.c.id == VERSIONS.c.article_id)
        # Written out, not bound: so both databases see that the partial index will do.
        .where(
            VERSIONS.c.cause == bindparam("cause", "site", literal_execute=True),
            VERSIONS.c.version > bindparam("first", 1, literal_execute=True),
        )
        .order_by(*(column.desc() for column in place))
        .limit(_AT_ONCE)
    )
    if since is not None:
        query = query.where(VERSIONS.c.fetched_at >= since)
    if portal is not None:
        query = query.where(ARTICLES.c.portal == portal)
    if last is not None:
        query = query.where(tuple_(*place) < last)
    return query


def _events(connection: Connection, article: Mapping[str, Any]) -> Iterator[Entry]:
    query = select(EVENTS).where(EVENTS.c.article_id == article["id"]).order_by(EVENTS.c.id)
    for row in connection.execute(query).mappings().all():
        yield Entry(row["event"], article, row["at"], row["run_id"], row["reason"])


def _versions(connection: Connection, article: Mapping[str, Any]) -> Iterator[Entry]:
    query = select(VERSIONS.c.version).where(VERSIONS.c.article_id == article["id"])
    old = None
    for number in connection.execute(query.order_by(VERSIONS.c.version)).scalars().all():
        new = _version(connection, article["id"], number)
        if new is not None:
            yield _entry("version", article, old, new, (new["cause"],))
            old = new


def _version(connection: Connection, article_id: int, number: int) -> dict[str, Any] | None:
    query = select(VERSIONS).where(
        VERSIONS.c.article_id == article_id, VERSIONS.c.version == number
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def _entry(
    event: str,
    article: Mapping[str, Any],
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any],
    causes: tuple[str, ...],
) -> Entry:
    change = None if old is None else change_between(old, new)
    return Entry(event, article, new["created_at"], new["run_id"], None, causes, old, new, change)
