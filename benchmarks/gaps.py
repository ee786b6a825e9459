"""What `scrapy gaps` asks of a large corpus, against one plain read of the same rows, in one run.

    .venv/bin/python -m benchmarks.gaps [pages] [database address]

Prints seconds and the ratio to the plain read (medians of 3 rounds).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select

from corpus.database import Database
from corpus.empty_days import empty_days
from corpus.gaps import (
    PAGES,
    Scope,
    articles_by_day,
    gaps,
    reasons,
    states,
    states_by_day,
    states_by_number,
    states_by_section,
)
from corpus.models import Article, ArticleSection, table
from corpus.strata import strata_of, to_ask
from corpus.units import parts

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEGIN = date(2012, 1, 1)
SECTIONS = [f"section-{n}" for n in range(20)]


def fill(database: Database, pages: int) -> None:
    """`pages` rows: four fifths held articles, the others missing, failed, queued."""
    rng = Random(1)
    article = {
        "portal": "abamako", "site": "news", "kind": "h", "published_precision": "day",
        "body": "Un pont.", "word_count": 2, "truncated": False, "signs": {}, "flags": [],
        "content_hash": "x", "knowledge_revision": 0, "fetched_at": NOW, "version": 1,
        "first_seen_at": NOW, "last_seen_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    page = {"portal": "abamako", "site": "news", "kind": "h", "discovered_at": NOW, "run_id": 1}
    articles: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    shown: list[dict[str, Any]] = []
    number = 3000
    for place in range(pages):
        number += rng.choice((1, 1, 1, 2, 3)) if rng.random() < 0.999 else 500
        key = f"news/h/{number}"
        url = f"http://news.abamako.com/h/{number}.html"
        slug = rng.choice(SECTIONS)
        state = rng.choices(("stored", "missing", "failed", "queued"), (80, 15, 2, 3))[0]
        if state == "stored":
            day = BEGIN + timedelta(days=place * 5000 // pages)
            named = {"id": place + 1, "number": number, "key": key, "url": url}
            articles.append({**article, **named, "published_on": day})
            shown.append({"article_id": place + 1, "section": slug, "first_seen_at": NOW})
        rows.append(
            {**page, "number": number, "key": key, "url": url, "state": state,
             "article_id": place + 1 if state == "stored" else None,
             "found_by": [f"sections:{slug}", "side"]}
        )  # fmt: skip
    with database.writing() as connection:
        for target, values in ((table(Article), articles), (table(ArticleSection), shown)):
            for part in parts(values, 5000):
                connection.execute(insert(target), part)
        for part in parts(rows, 5000):
            connection.execute(insert(PAGES), part)


def measured(connection: Connection) -> dict[str, Callable[[], Any]]:
    """What is timed, the plain read first."""
    scope = Scope("abamako")
    columns = ("id", "site", "kind", "number", "state", "reason", "url", "found_by")

    def read() -> list[Any]:
        query = select(*(PAGES.c[name] for name in columns)).where(PAGES.c.portal == "abamako")
        return list(connection.execute(query))

    def draw() -> list[Any]:
        found = [row.gap for row in gaps(connection, scope, but_sampled=True)]
        return to_ask("abamako", strata_of(found, 60), {}, 60)

    def silent() -> list[Any]:
        whole, each = articles_by_day(connection, "abamako")
        return [empty_days(days) for days in (whole, *each.values())]

    return {
        "plain read of the pages": read,
        "states": lambda: states(connection, scope),
        "by section": lambda: states_by_section(connection, scope),
        "by day": lambda: states_by_day(connection, scope),
        "by number": lambda: states_by_number(connection, scope, 20_000),
        "reasons": lambda: reasons(connection, scope),
        "gaps with days": lambda: gaps(connection, scope),
        "drawing a sample": draw,
        "empty days": silent,
    }


def main(pages: int = 300_000, url: str | None = None) -> None:
    """Fill, ask three times, print."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{folder}/corpus.db", root=Path(folder))
        database.prepare()
        fill(database, pages)
        spent: dict[str, list[float]] = {}
        for _ in range(3):
            with database.reading() as connection:
                for name, work in measured(connection).items():
                    started = time.perf_counter()
                    work()
                    spent.setdefault(name, []).append(time.perf_counter() - started)
        database.dispose()
    plain = statistics.median(spent["plain read of the pages"])
    for name, times in spent.items():
        seconds = statistics.median(times)
        print(f"{name:24} {seconds:6.2f} s  {seconds / plain:5.2f}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]), *sys.argv[2:3])
