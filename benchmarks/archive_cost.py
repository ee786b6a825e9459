"""What keeping the pages costs: CPU of the same crawl with the archive and without, and what
reading a page again takes.

Run `python -m benchmarks.archive_cost [articles] [rounds]` from the project's folder. It crawls a
replica into SQLite, with ARCHIVE=articles and ARCHIVE=none by turns, each in a Python of its own.
Printed are the medians of the process's CPU time and of the rounds' ratios: of the whole process,
and without what its start takes (that of `scrapy list`). Then the archive of the last round is read
page by page, by the places in the database.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus.archive import WarcPlace
from corpus.archive_reading import read_page
from demo.portal import make_portal
from tests.crawls import Desk, desk

WAYS = ("none", "articles")
READINGS = 3
"""Times that each page is read."""


def main(articles: int = 400, rounds: int = 5) -> None:
    """Measure and print."""
    world = make_portal("cost", "abamako", articles)
    spent: dict[str, list[float]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as name:
        start = statistics.median(cpu(("scrapy", "list"), os.environ) for _ in range(3))
        for number in range(rounds + 1):
            for way in WAYS if number % 2 else reversed(WAYS):
                folder = Path(name, f"{number}-{way}")
                folder.mkdir()
                with desk(world, f"sqlite:///{folder / 'corpus.db'}", folder) as d:
                    seconds = crawl(d, way)
                # The first round fills the machine's caches.
                if number:
                    spent[way].append(seconds)
                if way == "articles":
                    kept = d
        pages = len(kept.articles())
        size = sum(path.stat().st_size for path in folder.parent.glob("*/archive/*/*.warc.gz"))
        speed = reading_speed(kept)
    both = list(zip(spent["none"], spent["articles"], strict=True))
    whole = statistics.median(b / a for a, b in both)
    least, most = min(b / a for a, b in both), max(b / a for a, b in both)
    bare = statistics.median((b - start) / (a - start) for a, b in both)
    print(f"{pages} articles, {rounds} rounds; CPU s, start of a command {start:.2f}")
    for way in WAYS:
        print(f"ARCHIVE={way}: median {statistics.median(spent[way]):.2f}")
    print(
        f"articles to none: {whole:.3f} ({least:.3f} to {most:.3f}); without the start {bare:.3f}"
    )
    print(f"bytes a page in the archive: {size / (rounds + 1) / pages:,.0f}")
    print(f"read again by place: {speed:,.0f} pages a CPU second")


def crawl(d: Desk, way: str) -> float:
    """CPU seconds of one crawl."""
    d.forked = False
    before = os.times()
    assert d.start("-s", f"ARCHIVE={way}").wait(600) == 0, d.log()[-3000:]
    after = os.times()
    assert len(d.articles()) > 0
    return _children(after) - _children(before)


def cpu(arguments: tuple[str, ...], environment: os._Environ[str]) -> float:
    """CPU seconds of one command."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", *arguments], env=environment, check=True, capture_output=True
    )
    return _children(os.times()) - _children(before)


def _children(times: os.times_result) -> float:
    return times.children_user + times.children_system


def reading_speed(d: Desk) -> float:
    """Pages a CPU second."""
    rows = d.rows("select warc_file, warc_offset, warc_length, warc_digest from articles")
    places = [WarcPlace(*row.values()) for row in rows]
    began = time.process_time()
    for _ in range(READINGS):
        for place in places:
            assert read_page(d.folder / "archive", place).body
    return READINGS * len(places) / (time.process_time() - began)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
