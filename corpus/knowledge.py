"""What was learned of each portal: numbered, never changed once written.

`scrapy learn` renews it between runs; a run reads it once, when it begins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, insert, select

from corpus.models import Article, Knowledge, table
from corpus.warc.captures import WarcPlace

KNOWLEDGE = table(Knowledge)
ARTICLES = table(Article)


def latest_knowledge(connection: Connection, portal: str) -> tuple[int, list[str]]:
    """(revision, template lines) of `portal`; (0, []) where nothing was learned yet."""
    query = (
        select(KNOWLEDGE.c.revision, KNOWLEDGE.c.template_lines)
        .where(KNOWLEDGE.c.portal == portal)
        .order_by(KNOWLEDGE.c.revision.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (int(row.revision), list(row.template_lines)) if row else (0, [])


def learned_lines(connection: Connection, revision: int) -> list[str]:
    """The template lines of one revision; none of revision 0."""
    query = select(KNOWLEDGE.c.template_lines).where(KNOWLEDGE.c.revision == revision)
    return list(connection.execute(query).scalar() or ())


def renew_knowledge(
    connection: Connection, portal: str, lines: Collection[str], *, pages: int, now: datetime
) -> tuple[int, int, int]:
    """Write a new revision where `lines` differ from the latest: (revision, lines that are new,
    lines that are gone)."""
    revision, held = latest_knowledge(connection, portal)
    added, gone = set(lines) - set(held), set(held) - set(lines)
    if revision and not added and not gone:
        return revision, 0, 0
    values = {
        "portal": portal,
        "learned_at": now,
        "pages": pages,
        "template_lines": sorted(lines),
    }
    statement = insert(KNOWLEDGE).values(**values).returning(KNOWLEDGE.c.revision)
    return int(connection.execute(statement).scalar_one()), len(added), len(gone)


def archived_articles(connection: Connection, portal: str, count: int) -> Iterator[WarcPlace]:
    """Where the pages of the `count` articles of `portal` fetched last lie in the archive."""
    query = (
        select(
            ARTICLES.c.warc_file, ARTICLES.c.warc_offset, ARTICLES.c.warc_length,
            ARTICLES.c.warc_digest,
        )
        .where(ARTICLES.c.portal == portal, ARTICLES.c.warc_file.is_not(None))
        .order_by(ARTICLES.c.fetched_at.desc(), ARTICLES.c.id.desc())
        .limit(count)
    )  # fmt: skip
    for row in connection.execute(query).all():
        yield WarcPlace(row.warc_file, row.warc_offset, row.warc_length, row.warc_digest)


def portals_held(connection: Connection) -> list[str]:
    """Portals that have articles, in alphabetical order."""
    query = select(ARTICLES.c.portal).distinct().order_by(ARTICLES.c.portal)
    return list(connection.execute(query).scalars())
