"""What `kill -9` costs: pages fetched again, and seconds until the next run goes on.

Run `python -m benchmarks.kills [articles] [kills]` from the project's folder. It crawls the replica
into SQLite, kills the crawl at random moments, lets it end, and prints the figures; the seed is
printed too.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random, randrange
from statistics import median

from demo.portal import make_portal
from tests.crawls import crawl_under_kills, desk


def main(articles: int = 2000, kills: int = 10) -> None:
    """Measure and print."""
    seed = randrange(10**6)
    world = make_portal(seed, "abamako", articles)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with desk(world, f"sqlite:///{folder / 'corpus.db'}", folder, forked=False) as d:
            figures = crawl_under_kills(d, articles, kills, Random(seed))
            held = len(d.articles())
    print(f"seed {seed}: {held} of {articles} articles after {kills} kills")
    print(f"fetched again: {figures.again}, {figures.again / kills:.1f} a kill")
    print(
        f"start of the process to the first new article: median {median(figures.restarts):.1f} s, "
        f"longest {max(figures.restarts):.1f} s"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
