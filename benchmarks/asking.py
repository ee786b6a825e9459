"""What users ask of corpora of different sizes: milliseconds, and how they grow with the size.

    .venv/bin/python -m benchmarks.asking sqlite:///10k.db sqlite:///1m.db

Corpora as `benchmarks.corpora` makes them, brought up to date. Medians and 95th percentiles of
questions about articles drawn at random, asked of one `snapshot` each, corpora taken in turn.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from corpus.asking import Ask, asking, snapshot
from corpus.database import Database

DRAWN = 200
"""Articles that each look-up is asked about."""
LOOK_UPS = {
    "by address": "select * from articles where url = {url}",
    "by portal and key": "select * from articles where portal = {portal} and key = {key}",
    "a portal's day": "select count(*), sum(word_count) from articles where portal = {portal} "
    "and published_on = {published_on}",
    "a newspaper's last 20": "select title from articles where source = {source} "
    "order by published_on desc limit 20",
    "its life in versions": "select * from versions where article_id = {id}",
    "edits since a day": "select * from edits where day >= {published_on} limit 20",
}
WHOLE = {
    "coverage": "select portal, month, sum(articles) from coverage group by portal, month",
    "days": "select count(*) from days where articles = 0",
    "sources_seen": "select * from sources_seen",
}
"""These read an index from end to end, so they grow as the corpus does."""


def bound(statement: str, database: Database) -> str:
    """The statement with its parameters as the database's driver has them."""
    names = ("url", "portal", "key", "published_on", "source", "id")
    form = ":{}" if database.path else "%({})s"
    return statement.format(**{name: form.format(name) for name in names})


def drawn(ask: Ask) -> list[Mapping[str, Any]]:
    """Articles anywhere in the corpus."""
    last = next(iter(ask("select max(id) from articles").rows))[0]
    random = Random(1)
    found: list[Mapping[str, Any]] = []
    while len(found) < DRAWN:
        answer = ask(
            "select id, url, portal, key, published_on, source from articles "  # noqa: S608
            f"where id >= {random.randint(1, last)} and source is not null order by id limit 1"
        )
        found += [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return found


def milliseconds(ask: Ask, statement: str, values: Mapping[str, Any] | None) -> float:
    """How long a question and all of its answer take."""
    began = time.perf_counter()
    for _ in ask(statement, values).rows:
        pass
    return (time.perf_counter() - began) * 1000


def measure(database: Database) -> dict[str, tuple[float, float]]:
    """Question → median and 95th percentile."""
    spent: dict[str, list[float]] = {}
    with snapshot(database) as ask:
        articles = drawn(ask)
        for name, statement in LOOK_UPS.items():
            sql = bound(statement, database)
            spent[name] = [milliseconds(ask, sql, values) for values in articles]
        for name, statement in WHOLE.items():
            spent[name] = [milliseconds(ask, statement, None) for _ in range(3)]
    began = []
    for values in articles[:20]:
        start = time.perf_counter()
        with asking(
            database, "select * from articles where url = :url", {"url": values["url"]}
        ) as a:
            list(a.rows)
        began.append((time.perf_counter() - start) * 1000)
    spent["by address, connection and all"] = began
    return {name: (median(all_), quantiles(all_, n=20)[-1]) for name, all_ in spent.items()}


def main(urls: list[str]) -> None:
    """Print a table."""
    found = [measure(Database(url, root=Path.cwd())) for url in urls]
    print(f"{'':32}" + "".join(f"{url[-24:]:>26}" for url in urls) + f"{'growth':>9}")
    for name in found[0]:
        cells = "".join(f"{one[name][0]:>14.2f} p95 {one[name][1]:>8.2f}" for one in found)
        print(f"{name:32}{cells}{found[-1][name][0] / found[0][name][0]:>9.1f}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("usage: python -m benchmarks.asking URL [URL…]")
    main(sys.argv[1:])
