"""Strategy `refresh` through the front door: edits are found, what has not changed is not sent
again, and nothing is asked for out of its turn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from demo.portal import World
from demo.server import Hit
from tests.crawls import Desk, later, light_portal, on_sqlite
from tests.kept_crawls import crawled_desk

REFRESH = ("-a", "strategy=refresh")
TODAY = datetime.now(UTC).date()
DUE = 13
"""Hours after which what was published today is due, at whatever hour of the day it was stored:
half its age is twelve at the most."""


def forty() -> World:
    """All published today; every visit is conditional."""
    world = light_portal("refresh", "abamako", 0, sections=["Politique", "Sports"], today=TODAY)
    world.etags = True
    world.publish(20, "Politique")
    world.publish(20, "Sports")
    return world


@pytest.fixture
def crawled(database_url: str, tmp_path: Path):
    """These, stored."""
    with crawled_desk("refresh", forty, database_url, tmp_path) as d:
        assert d.states() == {"stored": 40}
        yield d, Newsroom(d.replica.world("abamako"))


def last_run(d: Desk) -> dict:
    return d.rows("select * from runs order by id desc limit 1")[0]


def full_answers(d: Desk) -> list[Hit]:
    """Article pages that were sent whole."""
    return [hit for hit in d.article_hits() if hit.status == 200]


def versions(d: Desk) -> list[tuple[str, int, str]]:
    rows = d.rows(
        "select a.url, v.version, v.cause from article_versions v "
        "join articles a on a.id = v.article_id where v.version > 1 order by 1, 2"
    )
    return [(row["url"], row["version"], row["cause"]) for row in rows]


def test_nothing_is_asked_for_before_it_is_due_and_the_next_visit_is_told(crawled):
    d, _ = crawled
    assert d.crawl(*REFRESH) == 0
    assert d.replica.hits() == []
    assert "nothing is due; the next is due 20" in d.log()
    assert last_run(d)["finish_reason"] == "finished"


def test_edits_are_versions_and_the_rest_is_answered_without_a_body(crawled):
    d, room = crawled
    edited = sorted(room.world.urls()[n] for n in (3, 8, 30))
    for url in edited:
        room.edit(url)
    later(d, hours=DUE)
    assert d.crawl(*REFRESH) == 0
    assert versions(d) == [(url, 2, "site") for url in edited]
    assert len(full_answers(d)) == 3
    run = last_run(d)
    assert (run["revisit_requests"], run["discovery_requests"], run["changed"]) == (40, 0, 3)
    assert "requests: discovery 0, articles 0, revisits 40" in d.log()
    # What was edited is soon looked at again, the rest as its age says.
    results = d.rows("select last_result, count(*) as n from pages group by 1 order by 1")
    assert [(r["last_result"], r["n"]) for r in results] == [("changed", 3), ("unchanged", 37)]


@on_sqlite
def test_side_column_that_changes_at_every_fetch_makes_no_version(crawled):
    d, room = crawled
    room.world.restless = True
    for _ in range(3):
        later(d, hours=40)
        assert d.crawl(*REFRESH) == 0
    assert len(full_answers(d)) == 120
    assert versions(d) == []


def test_article_that_vanished_and_comes_back_is_told(crawled):
    d, room = crawled
    gone, soft = room.world.urls()[2], room.world.urls()[11]
    room.delete(gone, 410)
    room.delete(soft, 200)
    later(d, hours=DUE)
    assert d.crawl(*REFRESH) == 0
    assert d.states() == {"stored": 38, "gone": 2}
    held = d.rows("select url, body, gone_at from articles where gone_at is not null")
    assert {row["url"] for row in held} == {gone, soft}
    assert all(row["body"] for row in held)
    d.replica.clear_hits()
    later(d, hours=DUE)
    d.crawl(*REFRESH)
    assert not [hit for hit in d.article_hits() if gone.endswith(hit.path)]
    room.restore(gone)
    later(d, hours=24)
    assert d.crawl(*REFRESH) == 0
    assert d.states() == {"stored": 39, "gone": 1}
    assert f"{gone} is back on the site" in d.log()
    (page,) = d.rows(f"select last_result from pages where url = '{gone}'")
    (article,) = d.rows(f"select gone_at, version from articles where url = '{gone}'")
    assert (page["last_result"], article) == ("returned", {"gone_at": None, "version": 1})


@on_sqlite
def test_budget_is_kept_and_every_article_has_its_turn(crawled):
    d, _ = crawled
    later(d, hours=DUE)
    for asked_for in (15, 15, 10):
        assert d.crawl(*REFRESH, "-a", "budget=15") == 0
        assert last_run(d)["revisit_requests"] == asked_for
    asked = [hit.path for hit in d.article_hits()]
    assert len(asked) == len(set(asked)) == 40
    assert d.crawl(*REFRESH) == 0
    assert len(d.article_hits()) == 40


@on_sqlite
def test_bounds_choose_the_articles(crawled):
    d, room = crawled
    later(d, hours=DUE)
    assert d.crawl(*REFRESH, "-a", "section=sports") == 0
    asked = {hit.path for hit in d.article_hits()}
    sports = {
        "/" + url.partition("://")[2].partition("/")[2] for url in room.world.listed("Sports")
    }
    assert asked == sports
    assert d.crawl(*REFRESH, "-a", "until=2020-12-31") == 0
    assert {hit.path for hit in d.article_hits()} == sports
    assert d.crawl(*REFRESH, "-a", f"since={TODAY}") == 0
    assert len({hit.path for hit in d.article_hits()}) == 40


@on_sqlite
def test_an_ordinary_crawl_visits_nothing_again(crawled):
    d, _ = crawled
    later(d, hours=1000)
    assert d.crawl() == 0
    assert d.article_hits() == []


@on_sqlite
def test_site_that_has_lost_every_article_is_no_quiet_run(crawled):
    d, room = crawled
    for url in room.world.urls():
        room.delete(url)
    later(d, hours=DUE)
    assert d.crawl(*REFRESH) == 9
    assert d.states() == {"gone": 40}


@on_sqlite
def test_pages_without_an_answer_are_tried_again_next_day(crawled):
    d, _ = crawled
    d.replica.set_fault("status", "/(h|p)/", status=503)
    later(d, hours=DUE)
    assert d.crawl(*REFRESH, "-a", "budget=9") == 12
    d.replica.clear_faults()
    assert d.states() == {"stored": 40}
    rows = d.rows("select count(*) as n from pages where last_result = 'failed'")
    failed = rows[0]["n"]
    assert failed
    d.replica.clear_hits()
    d.crawl(*REFRESH)
    assert len(d.article_hits()) == 40 - failed
    later(d, hours=25)
    d.crawl(*REFRESH)
    assert d.rows("select last_result from pages where last_result = 'failed'") == []
