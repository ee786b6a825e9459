"""`kill -9` at random moments: nothing lost, nothing doubled, little fetched again."""

from __future__ import annotations

import random
import time
from collections import Counter

from crawler.settings import CONCURRENT_REQUESTS
from demo.portal import make_portal
from tests.crawls import Desk, desk

ARTICLES = 2000
KILLS = 10
MOST_AGAIN = 2 * CONCURRENT_REQUESTS
"""Pages in flight, waiting for the writer and in the open batch, at concurrency 8."""


def first_new_article(d: Desk, process, before: set[str]) -> float:
    """Seconds from the start of a run to its first request for a page never asked for."""
    started = time.monotonic()
    while process.poll() is None:
        if any(hit.path not in before for hit in d.article_hits()[-50:]):
            return time.monotonic() - started
        time.sleep(0.005)
    return time.monotonic() - started


def test_case_47_ten_kills_lose_nothing_and_double_nothing(database_url, tmp_path):
    seed = random.randrange(10**6)
    rng = random.Random(seed)
    print(f"seed {seed}")
    world = make_portal(seed, "abamako", ARTICLES)
    restarts = []
    with desk(world, database_url, tmp_path) as d:
        for _ in range(KILLS):
            before = {hit.path for hit in d.article_hits()}
            process = d.start()
            restarts.append(first_new_article(d, process, before))
            # The later half of a wait falls between fetch and commit as likely as anywhere else.
            d.kill(process, rng.randrange(0, 2 * ARTICLES // (KILLS + 2)))
        assert d.crawl(timeout=280) == 0
        assert d.states() == {"stored": ARTICLES}
        held = d.articles()
        asked = Counter(f"{hit.host.lower()}{hit.path.lower()}" for hit in d.article_hits())
        assert "frontier/unaccounted" not in d.log()
    assert held.keys() == {(g["site"], g["kind"], g["number"]) for g in world.gold()}
    again = sum(asked.values()) - len(asked)
    print(f"fetched again {again} in {KILLS} kills; first new article after {max(restarts):.1f} s")
    assert again <= KILLS * MOST_AGAIN
