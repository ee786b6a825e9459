"""A corpus of invented articles to search (articles.tsv), stored as a crawl stores them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from corpus.database import Database
from corpus.models import Article, Run, table
from corpus.searching.answers import Answers, Searcher
from corpus.searching.codes import read
from corpus.searching.index import opened
from corpus.searching.question import parse
from corpus.searching.shelf import Shelf
from corpus.searching.upkeep import Brought, bring_up, shelf_of
from corpus.storing import StoredArticle, store_articles
from corpus.worse import content_hash
from crawler.portals.sections import section_slug

HERE = Path(__file__).parent
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def table_of(name: str) -> list[dict[str, str]]:
    """The rows of a tab-separated file beside this one."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def article(number: int, row: dict[str, str]) -> StoredArticle:
    """One row as the stages hand it over; its number is in its address."""
    portal, section = row["portal"], row["section"]
    text = {name: row[name] or None for name in ("source", "author", "agency", "language")}
    return StoredArticle(
        portal=portal,
        site="news",
        kind="h",
        number=number,
        key=f"news/h/{number}",
        url=f"http://news.{portal}.com/h/{number}.html",
        content_hash=content_hash(row["title"], row["body"]),
        region_hash=content_hash(row["title"], row["body"]),
        fetched_at=NOW,
        section=section or None,
        section_slug=section_slug(section) if section else None,
        title=row["title"],
        body=row["body"],
        published_on=date.fromisoformat(row["day"]) if row["day"] else None,
        extractor_revision="1",
        **text,
    )


def store(database: Database, articles: Sequence[StoredArticle], now: datetime = NOW) -> list[int]:
    """Store them, portal by portal; return their ids in order."""
    ids: dict[tuple[str, str], int] = {}
    for portal in dict.fromkeys(one.portal for one in articles):
        mine = [one for one in articles if one.portal == portal]
        with database.writing() as connection:
            outcomes = store_articles(connection, mine, {}, now)
        ids |= {(portal, key): outcome.article_id for key, outcome in outcomes.items()}
    return [ids[one.portal, one.key] for one in articles]


def filled(url: str, root: Path) -> tuple[Database, dict[str, int]]:
    """A database with every article of articles.tsv, and their ids by name."""
    database = Database(url, root=root)
    database.prepare()
    with database.writing() as connection:
        run: dict[str, Any] = {"portal": "abamako", "strategy": "sections", "arguments": {}}
        connection.execute(insert(table(Run)), [run | {"started_at": NOW}])
    rows = table_of("articles.tsv")
    ids = store(database, [article(number, row) for number, row in enumerate(rows, 1)])
    return database, dict(zip((row["name"] for row in rows), ids, strict=True))


def brought_up(folder: Path, database: Database, **options: Any) -> tuple[Shelf, Brought]:
    """The index of `database` in `folder`, up to date."""
    shelf = shelf_of(folder, database)
    return shelf, bring_up(
        shelf, database, progress=lambda what, total: lambda done: None, **options
    )


def ask(shelf: Shelf, text: str, **options: Any) -> Answers:
    """The answers to what a user typed."""
    index, question = shelf.current(), parse(text)
    assert index is not None
    if question is None:
        return Answers(0, [])
    return Searcher(index).ask(question, **{"limit": 100, **options})


def agrees(shelf: Shelf, database: Database) -> bool:
    """Whether the index shows the very articles of the tables, each once, by its own words."""
    with database.reading() as connection:
        rows = connection.execute(select(Article.id, Article.title, Article.body)).all()
    index = shelf.current()
    assert index is not None
    searcher = Searcher(index)
    for row in rows:
        whole = parse(f'titre:"{row.title}" "{row.body}"')
        assert whole is not None
        found = [hit.article_id for hit in searcher.ask(whole, limit=100).hits]
        if found.count(row.id) != 1:
            return False
    everything = parse("-zzzz")
    assert everything is not None
    ids = [hit.article_id for hit in searcher.ask(everything, limit=100_000).hits]
    return sorted(ids) == sorted(row.id for row in rows)


def knows(shelf: Shelf, term: str) -> bool:
    """Whether a file of any index on the shelf still has a word with `term` in it, be it of a
    deleted article."""
    return any(
        term in known
        for index in shelf.folder.glob("index-*/")
        for searcher in [opened(index).searcher()]
        for name in ("text", "title")
        for known in (*read(index).words, *(one for one, _ in searcher.terms_with_prefix(name, "")))
    )
