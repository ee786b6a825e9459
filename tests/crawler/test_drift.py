"""Drift through the front door: a portal changes its template between two crawls."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpus.database import Database
from tests.crawls import ROOT, Desk, light_portal, on_sqlite
from tests.kept_crawls import crawled_desk

CLASSES = (b"FontArticleMainTitle", b"FontArticleSource", b"FullArticleTexte")


@pytest.fixture
def crawled(database_url: str, tmp_path: Path):
    made = partial(light_portal, "drift", "abamako", 40)
    with crawled_desk("drift", made, database_url, tmp_path) as d:
        yield d


def redesign(d: Desk, *changes: tuple[bytes, bytes]) -> None:
    """From now on every page has these words for those."""
    world = d.replica.world("abamako")
    respond = world.respond

    def changed(host: str, target: str):
        response = respond(host, target)
        body = response.body
        for old, new in changes:
            body = body.replace(old, new)
        return replace(response, body=body)

    world.respond = changed


def revisit(d: Desk) -> int:
    """Let every page be due, and visit it again."""
    database = Database(d.url, root=ROOT)
    with database.writing() as connection:
        connection.exec_driver_sql("update pages set due_at = discovered_at")
    database.dispose()
    return d.crawl("-a", "strategy=refresh", "-a", "budget=1000")


def drifts(d: Desk) -> list[str]:
    return [line for line in d.log().splitlines() if line.startswith("drift: ")]


def test_a_section_that_shows_no_article_any_more_is_told(crawled):
    """Case 28: a new layout of the listings that we cannot read is no quiet day."""
    d = crawled
    listings = d.rows("select slug, url from sections where state = 'listing' and slug <> 'news'")
    chosen = listings[0]
    world = d.replica.world("abamako")
    respond, shown = world.respond, urlsplit(chosen["url"])

    def changed(host: str, target: str):
        response = respond(host, target)
        if host != shown.hostname or urlsplit(target)[2:4] != shown[2:4]:
            return response
        return replace(response, body=response.body.replace(b"/h/", b"#").replace(b"/p/", b"#"))

    world.respond = changed
    assert d.crawl() == 9
    told = [line for line in d.log().splitlines() if line.startswith("silent: ")]
    assert told
    assert all(f"section {chosen['slug']} shows no article" in line for line in told)


def test_renamed_classes_are_drift_and_wipe_nothing(crawled):
    d = crawled
    columns = "id, title, published_on, body, version"
    before = d.rows(f"select {columns} from articles where kind = 'h' order by id")
    assert d.scrapy("check", "abamako").returncode == 0
    redesign(d, *((name, b"neu" + name[::-1]) for name in CLASSES))
    assert revisit(d) == 10
    assert any(line.startswith("drift: abamako title: selector gave 100%") for line in drifts(d))
    after = {row["id"]: row for row in d.rows(f"select {columns} from articles")}
    for old in before:
        new = after[old["id"]]
        assert new["title"]
        assert new["published_on"] == old["published_on"] or old["published_on"] is None
        assert len(new["body"].split()) >= 0.3 * len(old["body"].split())
    assert d.rows("select exit_code from runs order by id")[-1] == {"exit_code": 10}
    judged = d.scrapy("check", "abamako")
    assert judged.returncode == 10
    assert judged.stdout.splitlines() == drifts(d)


@on_sqlite
def test_redesign_alarms_until_it_is_accepted(crawled):
    d = crawled
    redesign(d, *((name, b"neu" + name[::-1]) for name in CLASSES))
    for _ in range(2):
        assert revisit(d) == 10
    assert d.scrapy("check", "--accept", "abamako").returncode == 0
    assert d.scrapy("check", "abamako").returncode == 0
    assert revisit(d) == 0


def test_small_runs_are_put_together_until_they_are_enough(crawled):
    d = crawled
    redesign(d, *((name, b"neu" + name[::-1]) for name in CLASSES))
    codes = []
    for _ in range(3):
        d.replica.world("abamako").publish(9)
        codes.append(d.crawl())
    assert codes == [0, 0, 10]


@on_sqlite
def test_quiet_run_after_a_good_one_is_no_drift(crawled):
    d = crawled
    assert d.crawl() == 0
    assert drifts(d) == []
