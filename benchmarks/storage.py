"""Storing through the units against the bare driver doing the same writes, in one run.

    .venv/bin/python -m benchmarks.storage [pages]

On SQLite, and on a PostgreSQL server of its own: settlements per second of both, batches of 200
(article, version, section, page), and their ratio (medians of the rounds' ratios). The bare driver
gets values that are ready, and asks nothing.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.database import Database
from corpus.frontier import Discover, Found, Settle
from corpus.models import Article, ArticleSection, ArticleVersion, table
from corpus.storing import StoredArticle
from corpus.units import Context
from tests.conftest import make_postgres

BATCH = 200
ROUNDS = 3
WELL_BEGUN = 10 * BATCH
"""Pages settled when PostgreSQL has looked at its tables; not counted."""
STATE = ("state", "last_result", "run_id", "settled_at", "article_id")
"""Columns of `pages` that a settlement sets."""
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


def ours(database: Database, pages: int) -> float:
    """Settlements per second."""
    rows = queue(database, pages)
    units = [
        Settle("abamako", 1, page, key, "stored", article=article(n))
        for n, (page, key) in enumerate(rows)
    ]
    taken = 0.0
    with database.connect() as connection:
        for start in range(0, pages, BATCH):
            if start == WELL_BEGUN:
                analyse(database)
            began = time.perf_counter()
            with connection.begin():
                Settle.apply(connection, units[start : start + BATCH], Context(NOW))
            taken += time.perf_counter() - began
    return pages / taken


def bare(database: Database, model: Database, pages: int) -> float:
    """The same rows as `model` has, by the driver's `executemany`."""
    queue(database, pages)
    connection = _driver(database)
    tables = [table(one) for one in (Article, ArticleVersion, ArticleSection)]
    rows = {one.name: _rows(model, f"SELECT * FROM {one.name} ORDER BY 1") for one in tables}  # noqa: S608
    states = _rows(model, f"SELECT {', '.join(STATE)}, id FROM pages ORDER BY number")  # noqa: S608
    mark = "?" if database.path else "%s"
    assignments = ", ".join(f"{name} = {mark}" for name in STATE)
    taken = 0.0
    cursor = connection.cursor()
    for start in range(0, pages, BATCH):
        if start == WELL_BEGUN:
            analyse(database)
        began = time.perf_counter()
        part = slice(start, start + BATCH)
        if database.path:
            cursor.execute("BEGIN IMMEDIATE")
        for one in tables:
            marks = ", ".join([mark] * len(one.columns))
            cursor.executemany(f"INSERT INTO {one.name} VALUES ({marks})", rows[one.name][part])  # noqa: S608
        cursor.executemany(f"UPDATE pages SET {assignments} WHERE id = {mark}", states[part])  # noqa: S608
        connection.commit()
        taken += time.perf_counter() - began
    connection.close()
    return pages / taken


def analyse(database: Database) -> None:
    """What a server does by itself within a minute: look at what its tables hold, without which it
    takes them for small and walks them."""
    if database.path is None:
        with database.writing() as connection:
            connection.exec_driver_sql("ANALYZE articles, article_versions, pages")


def _driver(database: Database) -> Any:
    """A connection of the bare driver, set as ours are."""
    if database.path:
        connection = sqlite3.connect(database.path, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection
    import psycopg

    return psycopg.connect(database.url.set(drivername="postgresql").render_as_string(False))


def _rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """Rows as the driver takes them."""
    connection = _driver(database)
    try:
        found = connection.cursor().execute(query).fetchall()
    finally:
        connection.close()
    if database.path:
        return list(found)
    from psycopg.types.json import Jsonb

    return [
        tuple(Jsonb(value) if isinstance(value, dict | list) else value for value in row)
        for row in found
    ]


def compare(name: str, urls: Callable[[Path, str], str], pages: int) -> None:
    """Alternated rounds on one kind of database."""
    rates: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            through, raw = (
                Database(urls(Path(folder), which), root=Path(folder)) for which in ("ours", "bare")
            )
            through.prepare()
            raw.prepare()
            rates.append((ours(through, pages), bare(raw, through, pages)))
            through.dispose()
            raw.dispose()
    medians = [statistics.median(pair[side] for pair in rates) for side in (0, 1)]
    print(
        f"{name:10} settlements/s through the units {medians[0]:,.0f}, bare driver "
        f"{medians[1]:,.0f}, ratio {statistics.median(a / b for a, b in rates):.2f}"
    )


def main(pages: int = 20_000) -> None:
    """Both databases."""
    compare("SQLite", lambda folder, which: f"sqlite:///{folder / which}.db", pages)
    server = make_postgres()
    try:
        server.start()
        compare("PostgreSQL", lambda folder, which: server.create_database(), pages)
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
