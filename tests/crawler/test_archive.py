"""Strategy `archive` from the front door: which numbers are asked, found, passed over, and when."""

from __future__ import annotations

import re
import signal
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import chain
from random import Random, randrange

import pytest

from corpus.database import Database
from corpus.numbers import WANTED, Series, Span, add_range
from crawler.discovery.ids import REACH
from crawler.settings import CONCURRENT_REQUESTS
from demo.sparse import A_DAY
from tests.crawls import ROOT, Desk, crawl_under_kills, desk, light_portal, light_sparse

ARCHIVE = ("-a", "strategy=archive")
NUMBERS = [
    *range(1, 30, 2),
    *range(80, 120),
    # An island that strides of 64, 128 and 256 from 538 downwards step over.
    *range(200, 210),
    *(n for n in range(589, 739) if n % 7 and not 639 < n < 669),
]
ISLAND = set(range(200, 210))
TOP = 420
"""Newest number of the portal that is crawled under kills."""


def asked(d: Desk) -> Counter[int]:
    """How often each number was asked."""
    return Counter(int(re.sub(r"\D", "", hit.path)) for hit in d.article_hits())


def held(d: Desk) -> set[int]:
    return {number for _, _, number in d.articles()}


def surroundings(numbers: set[int], top: int) -> set[int]:
    return set(chain(*(range(max(1, n - REACH), min(top, n + REACH) + 1) for n in numbers)))


def noted(d: Desk, state: str = "skimmed") -> set[int]:
    rows = d.rows(f"select first, last from number_ranges where state = '{state}'")
    return set(chain(*(range(row["first"], row["last"] + 1) for row in rows)))


def rows_of_pages(d: Desk) -> set[int]:
    return {row["number"] for row in d.rows("select number from pages")}


def test_archive_finds_all_around_what_it_finds_and_thorough_finds_all(sqlite_url, tmp_path):
    world, there, top = light_sparse("a", numbers=NUMBERS), set(NUMBERS), NUMBERS[-1]
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE, "-s", "MAX_BARREN_PAGES=5", "-s", "MAX_FAILED_RATIO=0") == 0
        found = held(d)
        assert found == there - ISLAND
        live = surroundings(found, top)
        assert sum(asked(d).values()) <= 1.1 * len(live)
        assert live <= rows_of_pages(d)
        # Each number was asked or is noted as passed over, and none is both.
        assert noted(d) | rows_of_pages(d) == set(range(1, top + 1))
        assert not noted(d) & rows_of_pages(d)
        reasons = d.rows("select distinct state, reason from pages where state <> 'stored'")
        assert {(r["state"], r["reason"]) for r in reasons} == {
            ("missing", "http_404"),
            ("missing", "not_found"),
        }
        routes = d.rows("select found_by from pages where number = 100")
        assert "archive" in str(routes[0]["found_by"])
        (run,) = d.rows("select * from runs")
        assert (run["strategy"], run["article_requests"]) == ("archive", len(d.article_hits()))
        assert (run["stored"], run["exit_code"]) == (len(found), 0)
        # Again: nothing is new, nothing is asked, and that is no fault.
        d.replica.clear_hits()
        assert d.crawl(*ARCHIVE) == 0
        assert d.replica.hits(path="/h") == []
        assert d.crawl(*ARCHIVE, "-a", "thorough=yes") == 0
        assert held(d) == there
        assert set(asked(d)) == set(range(1, top + 1)) - live - (rows_of_pages(d) - set(asked(d)))
        assert max(asked(d).values()) == 1
        assert rows_of_pages(d) == set(range(1, top + 1))
        assert noted(d) == set()


def test_case_47_kills_lose_nothing_and_ask_little_again(database_url, tmp_path):
    seed = randrange(10**6)
    print(f"seed {seed}")
    world = light_sparse(seed, top=TOP)
    there = {stub.number for stub in world.stubs}
    with desk(world, database_url, tmp_path) as d:
        figures = crawl_under_kills(d, TOP * 7 // 10, 5, Random(seed), *ARCHIVE)
        found = held(d)
        assert not (there - found) & surroundings(found, TOP)
        assert noted(d) | rows_of_pages(d) == set(range(1, TOP + 1))
        assert not noted(d) & found
    print(figures)
    assert figures.again <= figures.kills * 2 * CONCURRENT_REQUESTS


def test_case_48_one_signal_ends_11_and_the_next_run_goes_on(sqlite_url, tmp_path):
    world = light_sparse("signal", numbers=range(1, 150))
    with desk(world, sqlite_url, tmp_path) as d:
        process = d.start(*ARCHIVE)
        while process.poll() is None and len(d.article_hits()) < 60:
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 11
        d.balance()
        assert d.crawl(*ARCHIVE) == 0
        assert held(d) == set(range(1, 150))
        assert max(asked(d).values()) == 1


def test_limit_stores_exactly_so_many_and_the_next_run_goes_on(sqlite_url, tmp_path):
    world = light_sparse("limit", numbers=[n for n in range(1, 200) if n % 3])
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE, "-a", "limit=30") == 0
        assert len(held(d)) == 30
        # Some dozens ahead, not the whole archive.
        assert d.states()["queued"] < 100
        assert d.crawl(*ARCHIVE) == 0
        assert len(held(d)) == len(world.stubs)
        assert max(asked(d).values()) == 1


def test_ids_asks_these_numbers_and_no_other(sqlite_url, tmp_path):
    world = light_sparse("ids", numbers=range(1, 400))
    with desk(world, sqlite_url, tmp_path) as d:
        # On an empty corpus: what the portal's class names, without a look at its home page.
        assert d.crawl(*ARCHIVE, "-a", "ids=7, 350-380,9") == 0
        wanted = {7, 9, *range(350, 381)}
        assert held(d) == set(asked(d)) == wanted
        assert [h.path for h in d.replica.hits() if not h.path.startswith(("/h/", "/robots"))] == []
        # Nothing there, and nothing new: no fault either.
        assert d.crawl(*ARCHIVE, "-a", "ids=900-999,350") == 0
        assert set(asked(d)) == wanted | set(range(900, 1000))
        assert max(asked(d).values()) == 1


def test_portal_whose_addresses_have_slugs_is_asked_by_number_too(sqlite_url, tmp_path):
    world = light_sparse("slugs", "abidjan", numbers=range(1, 60))
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE, "-a", "ids=20-40") == 0
        assert d.articles().keys() == {("news", "articles", n) for n in range(20, 41)}
        assert d.crawl(*ARCHIVE) == 0
        assert len(d.articles()) == 40
        assert d.rows("select distinct kind from pages") == [{"kind": "articles"}]


def test_ids_leaves_other_pages_in_the_queue(sqlite_url, tmp_path):
    world = light_sparse("queue", numbers=range(1, 200))
    with desk(world, sqlite_url, tmp_path) as d:
        d.crawl("-a", "limit=3")
        before = d.states()["queued"]
        d.replica.clear_hits()
        assert d.crawl(*ARCHIVE, "-a", "ids=1-5,190-192") == 0
        assert set(asked(d)) == {1, 2, 3, 4, 5, 190, 191, 192} - (held(d) - set(asked(d)))
        assert d.states()["queued"] >= before - 3


def test_a_long_range_of_ids_is_skimmed_where_it_is_dead(sqlite_url, tmp_path):
    world = light_sparse("long", numbers=range(2000, 2011))
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE, "-a", "ids=1600-2010") == 0
        assert held(d) == set(range(2000, 2011))
        assert len(asked(d)) < 80
        assert noted(d) | set(asked(d)) == set(range(1600, 2011))
        assert d.crawl(*ARCHIVE, "-a", "ids=1600-2010", "-a", "thorough=yes") == 0
        assert set(asked(d)) == set(range(1600, 2011))
        assert max(asked(d).values()) == 1


def test_since_ends_the_walk_when_articles_are_older(sqlite_url, tmp_path):
    # 60 numbers a day: the third day back begins 180 numbers below the newest.
    world = light_sparse("since", numbers=[n for n in range(1, 450) if n % 4])
    since = "2026-10-30"
    wanted = {int(g["number"]) for g in world.gold() if g["published_on"] >= since}
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE, "-a", f"since={since}") == 0
        assert held(d) == wanted
        assert len(asked(d)) < (450 - min(wanted)) + 2 * REACH + 64
        assert d.crawl(*ARCHIVE) == 0
        assert held(d) == {stub.number for stub in world.stubs}


def test_until_is_sought_not_walked_to(sqlite_url, tmp_path):
    # 60 numbers a day: two weeks lie above what is asked for.
    world = light_sparse("until", numbers=[n for n in range(1, 1300) if n % 4])
    since, until = "2026-10-15", "2026-10-17"
    wanted = {g["number"] for g in world.gold() if since <= g["published_on"] <= until}
    bounds = ("-a", f"since={since}", "-a", f"until={until}")
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE, *bounds) == 0
        # The replica dates an article in a hundred some days out of order.
        in_order = {n for n in wanted if n < min(wanted) + 3 * A_DAY}
        assert in_order <= held(d) <= wanted
        assert len(asked(d)) < len(wanted) + 8 * REACH
        before = asked(d)
        assert d.crawl(*ARCHIVE, *bounds) == 0
        assert asked(d) == before
        assert noted(d) == set()


def test_wanted_ranges_are_read_in_full_first_and_then_forgotten(sqlite_url, tmp_path):
    world = light_sparse("wanted", numbers=[*range(1, 40), *range(1000, 1020), *range(2000, 2030)])
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE, "-a", "ids=1-2029") == 0
        assert held(d) == {*range(1, 40), *range(2000, 2030)}
        database = Database(sqlite_url, root=ROOT)
        with database.writing() as connection:
            series, now = Series("news", "h"), datetime.now(UTC)
            add_range(connection, "abamako", series, Span(900, 1100), WANTED, now)
            add_range(connection, "abamako", series, Span(2000, 2020), WANTED, now)
        database.dispose()
        d.replica.clear_hits()
        assert d.crawl(*ARCHIVE) == 0
        assert set(range(1000, 1020)) <= held(d)
        assert set(range(900, 1101)) <= rows_of_pages(d)
        assert noted(d, "wanted") == set()
        assert not noted(d) & rows_of_pages(d)
        assert max(asked(d).values()) == 1


def test_what_is_around_an_article_that_a_section_shows_is_asked_though_it_was_skimmed(
    sqlite_url, tmp_path
):
    world = light_sparse("shown", numbers=NUMBERS)
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE) == 0
        assert not held(d) & ISLAND
        assert d.crawl(*ARCHIVE, "-a", "ids=205") == 0
        assert d.crawl(*ARCHIVE) == 0
        assert held(d) >= ISLAND
        assert surroundings(ISLAND, NUMBERS[-1]) <= rows_of_pages(d)
        assert max(asked(d).values()) == 1


def test_number_that_was_missing_is_read_when_a_section_shows_it(sqlite_url, tmp_path):
    world = light_sparse("later", numbers=[*range(1, 60), 70])
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE) == 0
        assert d.rows("select state from pages where number = 65") == [{"state": "missing"}]
        world.numbers = iter([65])
        world.publish(1)
        assert d.crawl() == 0
        assert d.rows("select state from pages where number = 65") == [{"state": "stored"}]


def test_site_that_fails_is_not_asked_number_after_number(sqlite_url, tmp_path):
    world = light_sparse("down", numbers=range(1, 1000))
    with desk(world, sqlite_url, tmp_path) as d:
        d.replica.set_fault("reset", r"/h/")
        assert d.crawl(*ARCHIVE, "-a", "ids=1-999", "-s", "RETRY_TIMES=0") == 12
        assert len(asked(d)) < 200
        assert "it goes on where it was" in d.log()


def test_portal_that_shows_no_number_ends_9_and_says_what_to_do(sqlite_url, tmp_path):
    with desk(light_portal("empty", "abamako", 0), sqlite_url, tmp_path) as d:
        assert d.crawl(*ARCHIVE) == 9
        assert "-a ids=" in d.log()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-a", "ids=5"), "strategy=archive"),
        (("-a", "thorough=yes"), "strategy=archive"),
        ((*ARCHIVE, "-a", "thorough=maybe"), "yes, no"),
        ((*ARCHIVE, "-a", "section=sports"), "leave section out"),
        ((*ARCHIVE, "-a", "ids=20-10"), "10-20"),
        ((*ARCHIVE, "-a", "ids=0-10"), "begin with 1"),
        ((*ARCHIVE, "-a", "ids=12345678901"), "10 digits"),
        ((*ARCHIVE, "-a", "ids=five"), "ids=290902-294725"),
        ((*ARCHIVE, "-a", "ids=5,"), "lacking"),
        ((*ARCHIVE, "-a", "ids="), "lacking"),
        ((*ARCHIVE, "-a", "ids=" + ",".join(map(str, range(1, 502)))), "at most 500"),
    ],
)
def test_case_45_bad_call_is_one_line_and_exit_2_before_any_request(
    arguments, told, sqlite_url, tmp_path
):
    with desk(light_portal(1, "abamako", 10), sqlite_url, tmp_path) as d:
        done = d.scrapy("crawl", "abamako", *arguments)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert told in done.stderr
        assert d.replica.hits() == []


def test_site_without_numbers_is_refused_in_one_line(sqlite_url, tmp_path):
    with desk(light_portal(1, "abamako", 10), sqlite_url, tmp_path) as d:
        address = ("https://www.example.org/", "-a", "timezone=Africa/Bamako")
        done = d.scrapy("crawl", *address, *ARCHIVE)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert "article_paths" in done.stderr
