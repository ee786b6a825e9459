"""Held: what the corpus knows of one page or one portal, for `scrapy why`, `portals` and `try`.

Reads only; a database that is not there is never made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scrapy.settings import BaseSettings
from sqlalchemy import Connection, func, select

from corpus.database import Database, DatabaseProblem
from corpus.knowledge import latest_knowledge
from corpus.locations import corpus_url, project_root
from corpus.models import Article, Page, Run, Section
from corpus.schema import check_schema
from crawler.addresses import site_free
from crawler.parsing.knowledge import EMPTY, Knowledge
from crawler.portals.base import Identity

_PAGE = [
    "key",
    "url",
    "state",
    "reason",
    "last_result",
    "attempts",
    "due_at",
    "found_by",
    "listed_on",
    "etag",
    "last_modified",
    "discovered_at",
    "settled_at",
]
_ARTICLE = [
    "title",
    "published_on",
    "section",
    "source",
    "version",
    "first_seen_at",
    "last_seen_at",
    "gone_at",
]
_SECTION = ["slug", "label", "url", "state", "sign", "last_walked_at", "checked_at"]


class NoCorpus(DatabaseProblem):
    """There is no database yet."""


@contextmanager
def corpus_of(settings: BaseSettings) -> Iterator[Database]:
    """The database of `settings`, which holds a corpus. Raises `DatabaseProblem`, `NoCorpus` where
    there is no database or an empty one."""
    database = Database(corpus_url(settings), root=project_root())
    remedy = f"no corpus at {database.display} yet: run `scrapy crawl <portal>`, or set CORPUS_URL"
    path = database.path
    try:
        with database.problems():
            if path is not None and (not path.exists() or path.stat().st_size == 0):
                raise NoCorpus(remedy)
            with database.reading() as connection:
                if check_schema(connection, database.display):
                    raise NoCorpus(remedy)
            yield database
    finally:
        database.dispose()


@contextmanager
def reading_corpus(settings: BaseSettings) -> Iterator[Connection]:
    """A connection that reads the corpus of `settings`. Raises as `corpus_of`."""
    with corpus_of(settings) as database, database.reading() as connection:
        yield connection


def knowledge_of(settings: BaseSettings, portal: str) -> Knowledge:
    """What `scrapy learn` found out about `portal`; empty where there is no corpus. Raises
    `DatabaseProblem` where there is one that cannot be read."""
    try:
        with reading_corpus(settings) as connection:
            return Knowledge.of(portal, *latest_knowledge(connection, portal))
    except NoCorpus:
        return EMPTY


def page_of(connection: Connection, identity: Identity) -> dict[str, Any] | None:
    """The row of `pages` for `identity` with its run and its article, or None."""
    table = Page.__table__
    query = select(table).where(table.c.portal == identity.portal, table.c.key == identity.key)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    found: dict[str, Any] = {"portal": row["portal"], **{name: row[name] for name in _PAGE}}
    return {
        **found,
        "run": _run(connection, row["run_id"]),
        "article": _article(connection, row["article_id"]),
    }


def relatives(connection: Connection, identity: Identity) -> list[str]:
    """What else the corpus knows by this address: the same number in another series, or a section
    that has it. One line each."""
    lines = []
    if identity.number is not None:
        table = Page.__table__
        query = select(table.c.key, table.c.state).where(
            table.c.portal == identity.portal,
            table.c.site == identity.site,
            table.c.number == identity.number,
            table.c.key != identity.key,
        )
        lines += [f"the same number as {key}: {state}" for key, state in connection.execute(query)]
    for row in sections_of(connection, identity.portal):
        if site_free(row["url"]) == site_free(identity.url):
            lines.append(f"a section, no article: {row['slug']} ({row['label']}), {row['state']}")
    return lines


def sections_of(connection: Connection, portal: str) -> list[dict[str, Any]]:
    """The portal's rows of `sections`, listings first, then by slug."""
    table = Section.__table__
    query = select(*(table.c[name] for name in _SECTION)).where(table.c.portal == portal)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda r: (r["state"] != "listing", r["slug"], r["url"]))


def article_counts(connection: Connection) -> dict[str, int]:
    """Portal to the number of its stored articles."""
    table = Article.__table__
    query = select(table.c.portal, func.count()).group_by(table.c.portal)
    return {name: int(count) for name, count in connection.execute(query)}


def _run(connection: Connection, run_id: int | None) -> dict[str, Any] | None:
    if run_id is None:
        return None
    table = Run.__table__
    row = connection.execute(select(table).where(table.c.id == run_id)).mappings().first()
    names = ("id", "strategy", "started_at", "ended_at", "finish_reason", "exit_code")
    return {name: row[name] for name in names} if row else {"id": run_id}


def _article(connection: Connection, article_id: int | None) -> dict[str, Any] | None:
    if article_id is None:
        return None
    table = Article.__table__
    row = connection.execute(select(table).where(table.c.id == article_id)).mappings().first()
    return {"id": article_id, **{name: row[name] for name in _ARTICLE}} if row else None
