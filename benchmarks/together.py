"""Several crawls at once into one database: is every row there, and how long do they wait?

    .venv/bin/python -m benchmarks.together [articles [delay]]

Four portals of 500 articles each into one SQLite file, then eight into one PostgreSQL, each crawl a
process of its own that asks for a page every `delay` seconds (0.25; 0 is as fast as the cores go,
and then a transaction waits for the processor, too), all against one replica. Prints the rows that
came, the lines that say `locked`, and of the slowest crawl the time within which 99 of 100
transactions ended, waiting included, and within which their commits alone did.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from crawler.portals.base import portals
from demo.portal import make_portal
from tests.conftest import make_postgres
from tests.crawls import FAST, Desk, desk


def crawl_all(d: Desk, names: list[str], delay: str) -> tuple[list[int], float]:
    """Exit codes of one crawl for each portal, all at once, and their seconds together."""
    began = time.monotonic()
    pace = ("-s", f"DOWNLOAD_DELAY={delay}")
    running = [replace(d, portal=name).start(*FAST, *pace, fast=False) for name in names]
    codes = [process.wait(900) for process in running]
    return codes, time.monotonic() - began


def measure(kind: str, url: Callable[[Path], str], count: int, given: tuple[str, str]) -> None:
    """Crawl `count` portals and print what came; `given`: articles of each, and the delay."""
    names, (articles, delay) = list(portals())[:count], given
    worlds = [make_portal(f"together {name}", name, int(articles)) for name in names]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with desk(worlds, url(folder), folder, forked=False) as d:
            codes, seconds = crawl_all(d, names, delay)
            held = d.rows("select count(*) as n from articles")[0]["n"]
            wanted = sum(len(world.stubs) for world in worlds)
            told = [json.loads(r["stats"]) if isinstance(r["stats"], str) else r["stats"]
                    for r in d.rows("select stats from runs")]  # fmt: skip
            locked = d.log().count("locked")
    print(
        f"{kind}: {count} crawls ended with {codes}, {held:,} of {wanted:,} articles in "
        f"{seconds:.0f} s; {locked} lines say «locked»; 99 of 100 transactions within "
        f"{max(one['portal/db/p99_ms'] for one in told)} ms, commits within "
        f"{max(one['portal/db/commit_p99_ms'] for one in told)} ms, waits of the longest "
        f"{max(one['portal/db/busy_s'] for one in told):.1f} s in all"
    )


def main(articles: str = "500", delay: str = "0.25") -> None:
    """Both databases."""
    given = (articles, delay)
    measure("SQLite", lambda folder: f"sqlite:///{folder / 'corpus.db'}", 4, given)
    server = make_postgres()
    server.durable = True
    try:
        server.start()
        measure("PostgreSQL", lambda folder: server.create_database(), 8, given)
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
