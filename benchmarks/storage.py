"""Storing through the units against raw sqlite3 doing the same writes, in one run.

    .venv/bin/python -m benchmarks.storage [pages]

Prints settlements per second of both, batches of 200, and their ratio (medians of 3 rounds).
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.database import Database
from corpus.frontier import Discover, Found, Settle
from corpus.models import Article, ArticleVersion, table
from corpus.storing import StoredArticle
from corpus.units import Context

BATCH = 200
NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
BODY = "La récolte de coton a été bonne cette année dans la région de Koutiala. " * 35


def article(number: int) -> StoredArticle:
    """About 2.5 kB of text, its own."""
    return StoredArticle(
        portal="abamako",
        site="news",
        kind="h",
        number=number,
        key=f"news/h/{number}",
        url=f"http://news.abamako.com/h/{number}.html",
        content_hash=f"{number:064d}",
        region_hash=f"{number:064d}",
        fetched_at=NOW,
        section="Économie",
        section_slug="economie",
        title=f"Titre {number}",
        source="Notre journal",
        body=f"{number} {BODY}",
        word_count=450,
        language="fr",
        published_on=NOW.date(),
        signs={"title": "selector:h1", "body": "structure:longest"},
    )


def queue(database: Database, pages: int) -> list[tuple[int, str]]:
    """Fill the frontier; return (id, key)."""
    for start in range(0, pages, 1000):
        found = [
            Found(f"news/h/{n}", "news", "h", n, f"http://news.abamako.com/h/{n}.html", "feed")
            for n in range(start, min(start + 1000, pages))
        ]
        with database.writing() as connection:
            Discover.apply(connection, [Discover("abamako", 1, found)], Context(NOW))
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, key FROM pages ORDER BY number").all()
    return [(row.id, row.key) for row in rows]


def ours(folder: Path, pages: int) -> float:
    """Settlements per second."""
    database = Database("sqlite:///ours.db", root=folder)
    database.prepare()
    rows = queue(database, pages)
    units = [
        Settle("abamako", 1, page, key, "stored", article=article(n))
        for n, (page, key) in enumerate(rows)
    ]
    started = time.perf_counter()
    with database.connect() as connection:
        for start in range(0, pages, BATCH):
            with connection.begin():
                Settle.apply(connection, units[start : start + BATCH], Context(NOW))
    return pages / (time.perf_counter() - started)


def raw(folder: Path, pages: int) -> float:
    """The same rows by sqlite3 `executemany`, values ready beforehand."""
    database = Database("sqlite:///raw.db", root=folder)
    database.prepare()
    queue(database, pages)
    model = Database("sqlite:///ours.db", root=folder)
    with model.reading() as connection:
        ask = connection.exec_driver_sql
        articles = [tuple(row) for row in ask("SELECT * FROM articles ORDER BY id")]
        versions = [tuple(row) for row in ask("SELECT * FROM article_versions ORDER BY 1")]
        names = [tuple(row) for row in ask("SELECT * FROM article_sections ORDER BY 1")]
        columns = ("state", "last_result", "run_id", "settled_at", "article_id")
        states = [
            tuple(row)
            for row in ask(f"SELECT {', '.join(columns)}, id FROM pages ORDER BY number")  # noqa: S608
        ]
    assert database.path is not None
    connection_ = sqlite3.connect(database.path, isolation_level=None)
    connection_.execute("PRAGMA synchronous=FULL")
    connection_.execute("PRAGMA foreign_keys=ON")
    started = time.perf_counter()
    for start in range(0, pages, BATCH):
        part = slice(start, start + BATCH)
        connection_.execute("BEGIN IMMEDIATE")
        insert_all(connection_, "articles", articles[part], table(Article).columns.keys())
        insert_all(
            connection_, "article_versions", versions[part], table(ArticleVersion).columns.keys()
        )
        insert_all(connection_, "article_sections", names[part], ["a", "b", "c", "d"])
        assignments = ", ".join(f"{name} = ?" for name in columns)
        connection_.executemany(f"UPDATE pages SET {assignments} WHERE id = ?", states[part])  # noqa: S608
        connection_.execute("COMMIT")
    rate = pages / (time.perf_counter() - started)
    connection_.close()
    return rate


def insert_all(connection: sqlite3.Connection, name: str, rows: list[Any], columns: Any) -> None:
    """One executemany."""
    marks = ", ".join("?" * len(list(columns)))
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608


def main(pages: int = 20_000) -> None:
    """Three alternated rounds."""
    rates: list[tuple[float, float]] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            rates.append((ours(Path(folder), pages), raw(Path(folder), pages)))
    through, bare = (statistics.median(pair[side] for pair in rates) for side in (0, 1))
    print(f"settlements/s through the units {through:,.0f}, raw sqlite3 {bare:,.0f}")
    print(f"ratio {statistics.median(a / b for a, b in rates):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
