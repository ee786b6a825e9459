"""Crawls on a schedule: a portal lives on between them, and each crawl costs what is new."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import pytest

from demo.newsroom import Newsroom
from tests.crawls import Desk, desk, later, light_portal

SECTIONS = ["Politique", "Sports", "Société"]
REFRESH = ("-a", "strategy=refresh", "-a", "budget=80")
TODAY = datetime.now(UTC).date()


class Diary:
    """What the portal did, and which states of its articles a visit has seen."""

    def __init__(self, d: Desk, room: Newsroom) -> None:
        self.d, self.room = d, room
        self.edits: dict[str, int] = {}
        self.seen: dict[str, list[int]] = {}
        """By address, the counts of edits that stood at a visit, each once."""

    def edit(self, url: str) -> None:
        self.room.edit(url)
        self.edits[url] = self.edits.get(url, 0) + 1

    def crawl(self, *arguments: str) -> dict:
        self.d.replica.clear_hits()
        assert self.d.crawl(*arguments) == 0
        by_path = {stub.path.lower(): stub.url for stub in self.room.world.stubs}
        for hit in self.d.article_hits():
            url = by_path.get(hit.path.lower().partition("?")[0])
            if url and hit.status == 200:
                states = self.seen.setdefault(url, [])
                if self.edits.get(url, 0) not in states:
                    states.append(self.edits.get(url, 0))
        return self.d.rows("select * from runs order by id desc limit 1")[0]


@pytest.mark.timeout(1200)  # twenty-one crawls
def test_ten_runs_over_a_portal_that_publishes_pins_back_dates_edits_and_deletes(
    sqlite_url, tmp_path
):
    world = light_portal("schedule", "abamako", 0, sections=SECTIONS, today=TODAY)
    world.restless = True
    for section in SECTIONS:
        world.publish(15, section)
    rng, room = Random("schedule"), Newsroom(world)
    deleted: list[str] = []
    with desk(world, sqlite_url, tmp_path) as d:
        diary = Diary(d, room)
        diary.crawl()
        for turn in range(10):
            standing = [url for url in world.urls() if url not in deleted]
            for section in rng.choices(SECTIONS, k=4):
                room.publish(section)
            room.back_date(rng.choice(SECTIONS), days=rng.randrange(2, 9), below=rng.randrange(4))
            room.pin(rng.choice(standing[:40]), rng.choice(SECTIONS))
            for url in rng.sample(standing, 3):
                diary.edit(url)
            if turn in (2, 4, 6):
                deleted.append(rng.choice(standing))
                room.delete(deleted[-1])
            if turn == 8:
                room.restore(deleted.pop(0))
            later(d, hours=8)
            run = diary.crawl()
            # One listing a section and the home page; no page but the first holds anything new.
            listings = run["discovery_requests"] - json.loads(run["stats"]).get(
                "portal/walks/deep_pages", 0
            )
            assert listings <= run["stored"] + len(SECTIONS) + 1, run
            assert run["article_requests"] == run["stored"] == 5
            assert {row["url"] for row in d.rows("select url from articles")} == set(world.urls())
            run = diary.crawl(*REFRESH)
            assert run["discovery_requests"] == run["article_requests"] == 0
            assert run["revisit_requests"] <= 80
        # When the next look at an article is due depends on the hour of the day.
        later(d, hours=24 * 20)
        diary.crawl(*REFRESH)
        held = {row["url"]: row["version"] for row in d.rows("select url, version from articles")}
        assert held == {url: len(states) for url, states in diary.seen.items()}
        assert sum(version > 1 for version in held.values()) > 15
        causes = d.rows("select distinct cause from article_versions")
        assert [row["cause"] for row in causes] == ["site"]
        gone = {row["url"] for row in d.rows("select url from articles where gone_at is not null")}
        assert gone == set(deleted)


@pytest.mark.timeout(1200)  # eleven crawls
def test_l9_ten_crawls_of_a_site_that_does_not_change_add_nothing_and_fetch_nothing_again(
    database_url, tmp_path
):
    world = light_portal("still", "abamako", 0, sections=SECTIONS, today=TODAY)
    world.etags = True
    for section in SECTIONS:
        world.publish(15, section)
    tables = ("articles", "article_versions", "article_sections", "pages", "sections")
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl() == 0

        def counts() -> list[int]:
            return [d.rows(f"select count(*) as n from {name}")[0]["n"] for name in tables]

        before = counts()
        d.replica.clear_hits()
        for turn in range(10):
            later(d, hours=8)
            assert d.crawl(*(REFRESH if turn % 2 else ())) == 0
        assert counts() == before
        fetched = [hit for hit in d.article_hits() if hit.status == 200]
        assert len(d.article_hits()) >= 45
        assert fetched == []
        # Nor were the listings sent again, but for those of a deep pass.
        listings = [hit for hit in d.replica.hits() if hit not in d.article_hits()]
        sent = [hit.path for hit in listings if hit.status == 200 and hit.path != "/robots.txt"]
        assert len(sent) <= 8, sent


@pytest.mark.parametrize(("below", "found"), [(2, True), (45, False)])
def test_article_inserted_late_is_found_on_a_page_that_is_read_or_by_a_deep_pass(
    below, found, sqlite_url, tmp_path
):
    world = light_portal("late", "abamako", 0, sections=["Politique"], today=TODAY)
    world.publish(120, "Politique")
    assert world.looks.per_page * 3 > 45 > world.looks.per_page
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        url = Newsroom(world).back_date("Politique", days=5, below=below)
        assert d.crawl("-s", "DEEP_EVERY=0") == 0
        assert len(d.articles()) == 120 + found
        assert d.crawl("-s", "DEEP_EVERY=1", "-s", "DEEP_PAGES=4") == 0
        assert len(d.articles()) == 121
        run = d.rows("select stats from runs order by id desc limit 1")[0]
        assert json.loads(run["stats"])["portal/walks/deep_pages"] >= 4
        (row,) = d.rows(f"select found_by from pages where url = '{url}'")
        assert "sections:politique" in row["found_by"]
        d.replica.clear_hits()
        assert d.crawl("-s", "DEEP_EVERY=0") == 0
        assert len(d.replica.hits()) == 3  # robots.txt, home, one listing
