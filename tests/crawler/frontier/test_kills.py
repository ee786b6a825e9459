"""`kill -9` at random moments: nothing lost, nothing doubled, little fetched again."""

from __future__ import annotations

from random import Random, randrange

from crawler.settings import CONCURRENT_REQUESTS
from tests.crawls import crawl_under_kills, desk, light_portal

ARTICLES = 300
KILLS = 10
MOST_AGAIN = 2 * CONCURRENT_REQUESTS
"""Pages in flight, waiting for the writer and in the open batch, at concurrency 8."""


def test_case_47_ten_kills_lose_nothing_and_double_nothing(database_url, tmp_path):
    seed = randrange(10**6)
    print(f"seed {seed}")
    world = light_portal(seed, "abamako", ARTICLES)
    with desk(world, database_url, tmp_path) as d:
        figures = crawl_under_kills(d, ARTICLES, KILLS, Random(seed))
        assert d.states() == {"stored": ARTICLES}
        held = d.articles()
        assert "frontier/unaccounted" not in d.log()
    print(figures)
    assert held.keys() == {(g["site"], g["kind"], g["number"]) for g in world.gold()}
    assert figures.again <= KILLS * MOST_AGAIN
