"""What a crawl costs that finds nothing new, by how much is stored already.

Run `python -m benchmarks.no_news [stored] [rounds]` from the project's folder. It crawls a replica
of 1,000 articles into SQLite, fills a copy of that corpus up to `stored` articles (default
1,000,000), and runs both again and again, one after the other: every section, and `refresh` with
nothing due. Nothing is new, so what differs is what the tables cost. Printed are the medians of the
process's CPU time, of the time its writer spent in transactions, and of the time until its first
request; and of each the median of the rounds' ratios.
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from demo.portal import make_portal
from tests.crawls import Desk, desk

SMALL = 1000
BODY = 1200
"""Characters of the text of a row that is filled in."""
FIRST_ID = 1_000_000
ONLY = {"articles": "true", "pages": "state = 'stored'"}
"""Which row is the pattern."""
WAYS = {"sections": (), "refresh": ("-a", "strategy=refresh")}


@dataclass(frozen=True)
class Cost:
    """Seconds of one crawl: CPU of its process, its writer's transactions, until it first asks."""

    cpu: float
    database: float
    start: float


def fill(path: Path, rows: int) -> None:
    """Add `rows` stored articles, made after one that is there."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    common = {"key": "'old/h/' || n", "number": "n", "site": "'old'", "id": f"n + {FIRST_ID}"}
    common["url"] = "'http://old.abamako.com/h/' || n || '.html'"
    due = "strftime('%Y-%m-%d 12:00:00.000000', 'now', (1 + n % 365) || ' days')"
    own = {
        "articles": common | {"body": f"substr(body, 1, {BODY})"},
        "pages": common | {"article_id": f"n + {FIRST_ID}", "due_at": due},
    }
    for name, made in own.items():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        values = ", ".join(made.get(column, column) for column in columns)
        connection.execute(
            f"WITH RECURSIVE seq(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < {rows}) "  # noqa: S608
            f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM seq, "
            f"(SELECT * FROM {name} WHERE {ONLY[name]} ORDER BY id LIMIT 1)"
        )
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def crawl(d: Desk, *arguments: str) -> Cost:
    """One crawl that must find nothing."""
    d.replica.clear_hits()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.time()
    process = d.start(*arguments)
    code = process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = time.time()
    (run,) = d.rows(
        "select stored, finish_reason, json_extract(stats, '$.\"portal/db/seconds\"') as seconds"
        " from runs order by id desc limit 1"
    )
    if (code, run["stored"], run["finish_reason"]) != (0, 0, "finished"):
        raise SystemExit(f"the crawl ended {code}, {run}: see {d.log()[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    first = min((hit.time for hit in d.replica.hits()), default=ended)
    return Cost(cpu, run["seconds"], first - started)


def main(stored: int = 1_000_000, rounds: int = 5) -> None:
    """Measure and print."""
    world = make_portal("no news", "abamako", SMALL)
    world.etags = True
    with tempfile.TemporaryDirectory() as name:
        small, large = Path(name) / "small", Path(name) / "large"
        small.mkdir()
        with desk(world, f"sqlite:///{small / 'corpus.db'}", small, forked=False) as d:
            for _ in range(2):
                d.crawl()
            held = len(d.articles())
            shutil.copytree(small, large)
            fill(large / "corpus.db", stored - held)
            size = (large / "corpus.db").stat().st_size / 1e9
            print(f"{held:,} articles, and {stored:,} ({size:.1f} GB)", flush=True)
            url = f"sqlite:///{large / 'corpus.db'}"
            other = Desk(d.replica, url, large, d.portal, forked=False)
            for way, arguments in WAYS.items():
                pairs = [(crawl(d, *arguments), crawl(other, *arguments)) for _ in range(rounds)]
                report(way, pairs)


def report(way: str, pairs: list[tuple[Cost, Cost]]) -> None:
    """One line a figure."""
    for figure in ("cpu", "database", "start"):
        few = [getattr(pair[0], figure) for pair in pairs]
        many = [getattr(pair[1], figure) for pair in pairs]
        ratio = statistics.median(b / a for a, b in zip(few, many, strict=True))
        print(
            f"{way:9} {figure:9} {statistics.median(few):7.3f} s  {statistics.median(many):7.3f} s"
            f"  ratio {ratio:.2f}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
