"""`scrapy crawl` from the front door: what is found, stored, left alone, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import pytest

from demo.reading import article_from_text
from tests.crawls import ROOT, Desk, desk, is_article, light_portal, token_f1

SEEDS = [
    *("1", "2"),
    # Drawn anew each time, printed by the tests; the names are fixed so that workers agree on them.
    *(pytest.param(str(int.from_bytes(os.urandom(4))), id=f"fresh{n}") for n in range(2)),
]
EXACT = (
    *("title", "published_on", "published_precision", "published_raw", "source", "section"),
    *("author", "photo_credit", "photo_caption", "truncated", "continues_on"),
)
REAL = ROOT.parent / "shared" / "article-292014.txt"
LEAKS = ("Commentaires", "Comment\n", "Accueil", "MonKiosk", "Publié le", "Use Left/Right")


def listing_hits(replica_desk: Desk) -> list[str]:
    quiet = ("/robots.txt",)
    return [
        hit.url
        for hit in replica_desk.replica.hits()
        if not is_article(hit) and hit.path not in quiet
    ]


@pytest.mark.parametrize("portal", ["abamako", "abidjan"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_article_is_stored_once_and_exact(seed, portal, sqlite_url, tmp_path):
    print(f"seed {seed}")
    world = light_portal(seed, portal, 80)
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl() == 0
        held = d.articles()
    gold = list(world.gold())
    assert held.keys() == {(g["site"], g["kind"], g["number"]) for g in gold}
    wrong: Counter[str] = Counter()
    for g in gold:
        row = held[g["site"], g["kind"], g["number"]]
        wrong.update(f for f in EXACT if (bool(row[f]) if f == "truncated" else row[f]) != g[f])
        told, read = g["body"], row["body"]
        if g["truncated"] and told.endswith("…"):
            # Before «suite de l’article …» nobody can tell the text's own dots from the cut's.
            told, read = told.rstrip("…."), read.rstrip("….")
        wrong["body"] += token_f1(told, read) < 0.999
        for leak in LEAKS:
            leaked = any(leak in str(row[f] or "") for f in ("title", "body", "source", "author"))
            wrong[f"leak {leak}"] += leaked
    assert not +wrong, (seed, +wrong)


@pytest.mark.parametrize("seed", SEEDS)
def test_recall_is_whole_when_every_class_id_and_path_is_a_random_word(seed, sqlite_url, tmp_path):
    print(f"seed {seed}")
    world = light_portal(seed, "abamako", 120, mode="scrambled")
    with desk(world, sqlite_url, tmp_path) as d:
        # Nothing is lost, but the portal's selectors gave nothing: that is drift, and is said.
        assert d.crawl() == 10
        held = d.articles()
    gold = list(world.gold())
    assert held.keys() == {(g["site"], g["kind"], g["number"]) for g in gold}
    rows = [(g, held[g["site"], g["kind"], g["number"]]) for g in gold]
    assert all(row["published_on"] == g["published_on"] for g, row in rows)
    assert sum(row["title"] == g["title"] for g, row in rows) >= 0.99 * len(rows)
    assert sum(token_f1(g["body"], row["body"]) for g, row in rows) >= 0.98 * len(rows)


@pytest.mark.skipif(not REAL.exists(), reason="the real article is not beside this checkout")
def test_real_article_comes_out_as_its_gold_says(database_url, tmp_path):
    world = light_portal("real", "abamako", 40, template="table2024")
    world.add(article_from_text(REAL, REAL.with_suffix(".json")))
    gold = json.loads(REAL.with_suffix(".json").read_text("utf-8"))
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl() == 0
        row = d.articles()["news", "h", 292014]
    got = {name: row[name] for name in gold}
    got["truncated"] = bool(got["truncated"])
    got["published_on"] = str(got["published_on"])
    assert got == gold
    shown = " ".join(str(value) for value in got.values())
    for leak in ("Comment", "Commentaires", "MonKiosk", "Accueil"):
        assert leak not in shown


def test_corpus_is_made_by_the_first_crawl_and_complete_on_either_database(
    empty_database_url, tmp_path
):
    world = light_portal("complete", "abamako", 60)
    with desk(world, empty_database_url, tmp_path, empty=True) as d:
        assert d.crawl() == 0
        assert len(d.articles()) == 60
        assert d.states() == {"stored": 60}
        assert d.crawl() == 0
        assert len(d.article_hits()) == 60


def test_run_with_nothing_new_reads_one_listing_page_a_section(sqlite_url, tmp_path):
    world = light_portal("quiet", "abamako", 60, per_page=5)
    with desk(world, sqlite_url, tmp_path) as d:
        d.crawl()
        sections = d.rows("select url from sections where state = 'listing'")
        d.replica.clear_hits()
        assert d.crawl() == 0
        assert d.article_hits() == []
        assert len(listing_hits(d)) <= len(sections) + 1


def test_second_run_fetches_only_what_was_published_since(sqlite_url, tmp_path):
    world = light_portal("again", "abamako", 50)
    with desk(world, sqlite_url, tmp_path) as d:
        d.crawl()
        d.replica.clear_hits()
        fresh = world.publish(30)
        assert d.crawl() == 0
        assert len(d.article_hits()) == len(fresh)
        assert len(d.articles()) == 80


def test_articles_pushed_down_while_paging_are_neither_lost_nor_doubled(sqlite_url, tmp_path):
    world = light_portal("shift", "abamako", 90, sections=3, per_page=10)
    world.shift = 3
    with desk(world, sqlite_url, tmp_path) as d:
        d.crawl()
        world.shift = 0
        d.crawl()
        assert len(d.articles()) == len(world.urls())
        assert len(d.article_hits()) == len(world.urls())


def test_killed_on_page_2_of_30_with_three_articles_added_ends_complete(sqlite_url, tmp_path):
    world = light_portal("thirty", "abamako", 150, sections=["Politique"], per_page=5)
    with desk(world, sqlite_url, tmp_path) as d:
        process = d.start("-a", "section=politique")
        while process.poll() is None and len(listing_hits(d)) < 4:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        world.publish(3, "Politique")
        assert d.crawl() == 0
        assert len(d.articles()) == 153


# -- bounds ----------------------------------------------------------------------------------


def test_limit_stores_exactly_so_many_and_queues_the_rest(sqlite_url, tmp_path):
    world = light_portal("limit", "abamako", 60)
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "limit=37") == 0
        assert len(d.articles()) == 37
        assert d.states()["queued"] > 0
        assert d.crawl("-a", "limit=13") == 0
        assert len(d.articles()) == 50
        assert d.crawl() == 0
        assert len(d.articles()) == 60
        assert len(d.article_hits()) == 60


def test_section_keeps_to_it_whatever_its_accents_case_and_plural(sqlite_url, tmp_path):
    world = light_portal("one", "abamako", 50, sections=["Politique", "Société", "Sports"])
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "section=SPORT") == 0
        assert len(d.articles()) == len(world.members("Sports"))
        assert d.crawl() == 0
        assert len(d.articles()) == 50


def test_front_page_alone_is_the_section_news_run_after_run(sqlite_url, tmp_path):
    world = light_portal("front", "abamako", 200)
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "section=news") == 0
        assert 0 < len(d.articles()) < 200
        fresh = {int(re.sub(r"\D", "", url.rpartition("/")[2])) for url in world.publish(2)}
        assert d.crawl("-a", "section=news") == 0
        assert fresh <= {number for _, _, number in d.articles()}


@pytest.mark.parametrize("seed", ["5", "6"])
def test_since_and_until_fetch_the_days_asked_for_and_leave_no_hole(seed, sqlite_url, tmp_path):
    world = light_portal(seed, "abamako", 160, sections=["Politique", "Économie"], per_page=10)
    since, until = date(2026, 9, 20), date(2026, 10, 10)
    wanted = [g for g in world.gold() if since <= date.fromisoformat(g["published_on"]) <= until]
    with desk(world, sqlite_url, tmp_path) as d:
        code = d.crawl("-a", f"since={since}", "-a", f"until={until}")
        assert code == 0
        held = d.rows("select published_on, number from articles")
        assert {row["published_on"] for row in held} <= {g["published_on"] for g in wanted}
        assert len(held) == len(wanted)
        assert d.crawl() == 0
        assert len(d.articles()) == 160


def test_bounded_run_stops_paging_when_nothing_more_can_match(sqlite_url, tmp_path):
    world = light_portal("old", "abamako", 1500, sections=["Politique"], per_page=20)
    with desk(world, sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "since=2026-10-25") == 0
        assert len(listing_hits(d)) < 30
        recent = [g for g in world.gold() if g["published_on"] >= "2026-10-25"]
        assert len(d.articles()) == len(recent)


# -- bad calls -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("abamako", "-a", "secton=politique"), "section"),
        (("abamako", "-a", "since=31/02/2024"), "YYYY-MM-DD"),
        (("abamako", "-a", "since=2024-02-31"), "YYYY-MM-DD"),
        (("abamako", "-a", "until=demain"), "YYYY-MM-DD"),
        (("abamako", "-a", "since=2024-03-01", "-a", "until=2024-02-01"), "after"),
        (("abamako", "-a", "limit=0"), "whole number"),
        (("abamako", "-a", "limit=-3"), "whole number"),
        (("abamako", "-a", "limit=many"), "whole number"),
        (("abamako", "-a", "section="), "section"),
        (("abamako", "-a", "section=nosuchsection"), "politique"),
        (("abamako", "-a", "strategy=magic"), "sections"),
        (("abamako", "-a", "strategy=refresh", "-a", "limit=5"), "budget=N"),
        (("abamako", "-a", "strategy=refresh", "-a", "budget=0"), "whole number"),
        (("abamako", "-a", "strategy=feed", "-a", "section=sports"), "no sections"),
        (("abamako", "-a", "budget=5"), "strategy=refresh"),
        (("abamako", "-a", "politique"), "NAME=VALUE"),
        (("abamakoo",), "abamako"),
        (("../../etc/passwd",), "abamako"),
        ((), "abamako"),
        (("abamako", "abidjan"), "one portal"),
        (("abamako", "-s", "CONCURRENT_REQUESTS=-1"), "CONCURRENT_REQUESTS"),
        (("abamako", "-s", "JOBDIR=x"), "JOBDIR"),
        (("abamako", "-s", "CORPUS_URL=mysql://x/y"), "CORPUS_URL"),
    ],
)
def test_case_45_bad_call_is_one_line_and_exit_2_before_any_request(
    arguments, told, sqlite_url, tmp_path
):
    with desk(light_portal(1, "abamako", 20), sqlite_url, tmp_path) as d:
        done = d.scrapy("crawl", *arguments)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert told in done.stderr
        assert d.replica.hits() == []


def test_first_line_of_a_crawl_names_the_resolved_database(sqlite_url, tmp_path):
    with desk(light_portal(1, "abamako", 10), sqlite_url, tmp_path) as d:
        d.crawl()
        assert d.log().splitlines()[0] == f"corpus: {sqlite_url}"


def test_argument_that_scrapyd_adds_of_its_own_is_no_mistake(sqlite_url, tmp_path):
    with desk(light_portal("scrapyd", "abamako", 10), sqlite_url, tmp_path) as d:
        assert d.crawl("-a", "_job=3ba9effae87c11f185ea02fc00000001", "-a", "limit=5") == 0
        assert d.rows("select arguments, stored from runs")[0]["stored"] == 5


def test_second_run_of_a_held_portal_ends_0_and_says_so(database_url, tmp_path):
    world = light_portal("held", "abamako", 60)
    with desk(world, database_url, tmp_path) as d:
        d.replica.set_fault("slow", r"/(h|p)/", bytes_per_second=40_000)
        first = d.start()
        while first.poll() is None and not d.article_hits():
            time.sleep(0.01)
        second = d.scrapy("crawl", "abamako")
        assert second.returncode == 0
        assert "already running" in second.stderr
        assert first.wait(120) == 0
        assert len(d.articles()) == 60
        assert len(d.article_hits()) == 60


def test_case_48_one_signal_ends_11_and_the_next_run_completes(sqlite_url, tmp_path):
    world = light_portal("signal", "abamako", 60)
    with desk(world, sqlite_url, tmp_path) as d:
        process = d.start()
        while process.poll() is None and len(d.article_hits()) < 20:
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 11
        d.balance()
        assert d.crawl() == 0
        assert len(d.articles()) == 60


def test_redirected_listing_is_followed(sqlite_url, tmp_path):
    world = light_portal("moved", "abamako", 60, sections=["Politique", "Société"])
    moved = urlsplit(world.section_url("Politique"))
    target = f"{moved.path}?{moved.query}" if moved.query else moved.path
    there = target[:-1] if target.endswith("/") else f"{target}/"
    with desk(world, sqlite_url, tmp_path) as d:
        d.replica.set_fault("redirect", f"{re.escape(target)}$", to=there)
        assert d.crawl() == 0
        assert len(d.articles()) == 60
