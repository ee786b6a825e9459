"""Tombstones: addresses that were taken down, and what has to leave the tables for it.

Called inside a transaction of who holds the portal. The text goes with its versions, sections,
events and reprints; the page rows stay, `rejected` as `forgotten`, so that no route queues them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, or_, select, update

from corpus.among import among
from corpus.bulk import insert_new
from corpus.columns import clean_text
from corpus.models import (
    Article,
    ArticleEvent,
    ArticleSection,
    ArticleVersion,
    Page,
    Photo,
    Reprint,
    Tombstone,
    table,
)
from corpus.revisions import new_revision
from corpus.units import parts

FORGOTTEN = "forgotten"
"""`pages.reason` of what was taken down."""
PAGES = table(Page)
ARTICLES = table(Article)
PHOTOS = table(Photo)
TOMBSTONES = table(Tombstone)


@dataclass(frozen=True, slots=True)
class Held:
    """What the corpus holds under some addresses of one portal."""

    keys: dict[str, str]
    """Key → address: those named, and those that lead to the same articles."""
    led: dict[str, int]
    """Key → article id, of those that lead to one."""
    articles: dict[int, str | None]
    """Article id → headline."""
    versions: int
    photos: tuple[str, ...] = ()
    """Addresses of their fetched photos that no other article shows, redirects' ends included."""


def held_under(connection: Connection, portal: str, named: dict[str, str]) -> Held:
    """What is held under the keys `named` (key → address)."""
    keys = {clean_text(key): url for key, url in named.items()}
    ids = _article_ids(connection, portal, keys)
    led: dict[str, int] = {}
    pages = select(PAGES.c.key, PAGES.c.url, PAGES.c.article_id)
    own = select(ARTICLES.c.key, ARTICLES.c.url, ARTICLES.c.id.label("article_id"))
    for query in (
        pages.where(
            PAGES.c.portal == portal, or_(PAGES.c.key.in_([*keys]), PAGES.c.article_id.in_(ids))
        ),
        own.where(ARTICLES.c.id.in_(ids)),
    ):
        for row in connection.execute(query):
            keys[row.key] = row.url
            if row.article_id is not None:
                led[row.key] = row.article_id
    articles = dict(
        connection.execute(
            select(ARTICLES.c.id, ARTICLES.c.title).where(ARTICLES.c.id.in_(ids))
        ).all()
    )
    versions = table(ArticleVersion)
    query = select(versions.c.url).where(versions.c.article_id.in_(ids))
    count = len(connection.execute(query).all())
    return Held(keys, led, articles, count, _photos_of(connection, portal, ids))


def _photos_of(connection: Connection, portal: str, ids: list[int]) -> tuple[str, ...]:
    versions = table(ArticleVersion)
    shown = select(ARTICLES.c.photo_url).where(ARTICLES.c.id.in_(ids))
    once = select(versions.c.photo_url).where(versions.c.article_id.in_(ids))
    others = select(ARTICLES.c.photo_url).where(
        ARTICLES.c.portal == portal, ARTICLES.c.id.not_in(ids), ARTICLES.c.photo_url.is_not(None)
    )
    rows = connection.execute(
        select(PHOTOS.c.url, PHOTOS.c.final_url).where(
            PHOTOS.c.portal == portal,
            or_(PHOTOS.c.url.in_(shown), PHOTOS.c.url.in_(once)),
            PHOTOS.c.url.not_in(others),
        )
    )
    return tuple(sorted({url for row in rows for url in row if url}))


def _article_ids(connection: Connection, portal: str, keys: Iterable[str]) -> list[int]:
    """Articles of these keys, by their own or by a page that leads to them."""
    wanted = [*keys]
    own = select(ARTICLES.c.id).where(ARTICLES.c.portal == portal, ARTICLES.c.key.in_(wanted))
    led = select(PAGES.c.article_id).where(
        PAGES.c.portal == portal, PAGES.c.key.in_(wanted), PAGES.c.article_id.is_not(None)
    )
    return sorted(set(connection.execute(own.union(led)).scalars()))


def bury(
    connection: Connection, portal: str, held: Held, reason: str, now: datetime
) -> dict[str, str]:
    """Take what is held out of the tables and leave tombstones, whose `erased_at` stays empty.
    Return what has to leave the archive: key → address; a photo's key is its address."""
    if connection.dialect.name == "sqlite":
        # Deleted text is overwritten, not only unlinked.
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    ids = [*held.articles]
    pages = [
        {
            "portal": portal,
            "site": key.partition("/")[0],
            "url": url,
            "key": key,
            "state": "rejected",
            "reason": FORGOTTEN,
            "found_by": [],
            "discovered_at": now,
        }
        for key, url in held.keys.items()
    ]
    insert_new(connection, PAGES, pages)
    nothing = ("etag", "last_modified", "due_at", "article_id", "listed_on", "last_result")
    place = ("warc_file", "warc_offset", "warc_length", "warc_digest")
    connection.execute(
        update(PAGES)
        .where(PAGES.c.portal == portal, PAGES.c.key.in_([*held.keys]))
        .values(state="rejected", reason=FORGOTTEN, **dict.fromkeys((*nothing, *place)))
    )
    revision = new_revision(connection, now) if ids else None
    reprints = table(Reprint)
    copies = select(reprints.c.article_id).where(reprints.c.original_id.in_(ids))
    # Changed in that they have lost their original: `corpus.reprints` looks at them again.
    connection.execute(
        update(ARTICLES).where(ARTICLES.c.id.in_(copies)).values(corpus_revision=revision)
    )
    connection.execute(delete(reprints).where(reprints.c.original_id.in_(ids)))
    for model in (Reprint, ArticleEvent, ArticleSection, ArticleVersion):
        rows = table(model)
        connection.execute(delete(rows).where(rows.c.article_id.in_(ids)))
    connection.execute(delete(ARTICLES).where(ARTICLES.c.id.in_(ids)))
    connection.execute(
        delete(PHOTOS).where(PHOTOS.c.portal == portal, PHOTOS.c.url.in_(held.photos))
    )
    named = held.keys | {url: url for url in held.photos}
    stones = [
        {
            "portal": portal,
            "key": key,
            "url": url,
            "reason": reason,
            "forgotten_at": now,
            "article_id": held.led.get(key),
            "corpus_revision": revision if key in held.led else None,
        }
        for key, url in named.items()
    ]
    insert_new(connection, TOMBSTONES, stones)
    return named


def forgotten_keys(connection: Connection, portal: str) -> frozenset[str]:
    """Every key of `portal` that was taken down: some dozens at the most."""
    query = select(TOMBSTONES.c.key).where(TOMBSTONES.c.portal == portal)
    return frozenset(connection.execute(query).scalars())


def forgotten_among(connection: Connection, portal: str, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that were taken down."""
    given = {"portal": portal, "these": list(keys)}
    return set(connection.execute(_AMONG, given).scalars())


def taken_down(pages: Any) -> Any:
    """SQL: the address of this row of `pages` was taken down."""
    same = (TOMBSTONES.c.portal == pages.c.portal, TOMBSTONES.c.key == pages.c.key)
    return exists(select(1).select_from(TOMBSTONES).where(*same)).correlate(pages)


_AMONG = select(TOMBSTONES.c.key).where(
    TOMBSTONES.c.portal == bindparam("portal"), among(TOMBSTONES.c.key)
)


def tombstones(connection: Connection) -> list[dict[str, Any]]:
    """All of them, oldest first."""
    return [
        dict(row)
        for row in connection.execute(select(TOMBSTONES).order_by(TOMBSTONES.c.id)).mappings()
    ]


def erased(connection: Connection, portal: str, keys: Sequence[str], now: datetime) -> None:
    """Note that the archive holds nothing of these keys any more."""
    for part in parts(keys):
        connection.execute(
            update(TOMBSTONES)
            .where(TOMBSTONES.c.portal == portal, TOMBSTONES.c.key.in_(part))
            .values(erased_at=now)
        )
