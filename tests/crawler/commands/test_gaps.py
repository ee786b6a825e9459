"""`scrapy gaps` as its users type it, on a portal whose listings show a part of its numbers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from corpus.database import Database
from corpus.discoveries import PAGES
from corpus.locks import PortalLock
from corpus.models import Article, table
from demo.portal import World
from tests.commands import Command, run_scrapy
from tests.crawls import FAST, ROOT, Desk, desk, light_sparse
from tests.kept_crawls import crawled_desk

ARCHIVE = ("-a", "strategy=archive")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def numbers_with_holes(seed: str, count: int) -> list[int]:
    """Numbers of which about a third is missing, in runs and singly."""
    rng, numbers, number = Random(seed), [], 0
    while len(numbers) < count:
        number += 1
        draw = rng.random()
        if draw < 0.03:
            number += rng.randrange(3, 20)
        elif draw > 0.15:
            numbers.append(number)
    return numbers


def half_listed(seed: str, count: int = 100) -> World:
    world = light_sparse(seed, numbers=numbers_with_holes(seed, count))
    world.unlist(0.3)
    return world


def crawled(url: str, folder: Path) -> AbstractContextManager[Desk]:
    """A hundred articles, of which the sections lead to a part, after a crawl of the sections."""
    return crawled_desk("gaps", partial(half_listed, "listed"), url, folder)


def report(d: Desk, *arguments: str) -> dict[str, Any]:
    """The JSON that the command prints."""
    done = d.scrapy("gaps", "abamako", "--json", *arguments, *FAST)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def sampled(d: Desk) -> list[dict[str, Any]]:
    """Pages that a sample, and no other route, has led to."""
    rows = d.rows("select number, state, cast(found_by as text) as found_by from pages")
    return [row for row in rows if json.loads(row["found_by"]) == ["sample"]]


def test_sample_is_asked_kept_and_counted_again_and_holds_the_truth(database_url, tmp_path):
    world = half_listed("sample", 170)
    truth = {stub.number for stub in world.stubs}
    with desk(world, database_url, tmp_path) as d:
        assert d.crawl() == 0
        before, known = len(d.article_hits()), {n for _, _, n in d.articles()}
        assert len(known) < len(truth) / 2
        # What lies beyond the known numbers is in no gap, and in no estimate.
        between = len([number for number in truth if min(known) <= number <= max(known)])
        done = d.scrapy("gaps", "abamako", *FAST)
        assert done.returncode == 0, done.stderr
        assert "asking news.abamako.com for 60 of" in done.stderr
        asked = d.article_hits()[before:]
        assert len({hit.path for hit in asked}) == len(asked) == 60
        drawn = {row["number"] for row in sampled(d)}
        assert len(drawn) == 60
        assert not drawn & known
        assert {n for _, _, n in d.articles()} == known | drawn & truth
        assert "articles in all: " in done.stdout
        (run,) = d.rows("select * from runs where strategy = 'sample'")
        assert (run["exit_code"], run["article_requests"]) == (0, 60)

        local = report(d, "--sample", "0")
        assert len(d.article_hits()) == before + 60
        estimate = local["estimate"]
        assert sum(stratum["asked"] for stratum in estimate["strata"]) == 60
        assert estimate["articles"]["low"] <= between <= estimate["articles"]["high"]
        # What the second draw asks adds to the first.
        more = report(d, "--sample", "30")["estimate"]
        assert len(sampled(d)) == 90
        assert sum(stratum["asked"] for stratum in more["strata"]) == 90
        assert more["articles"]["low"] <= between <= more["articles"]["high"]
        d.balance()


def test_every_figure_is_what_sql_says(database_url, tmp_path):
    with crawled(database_url, tmp_path) as d:
        told = report(d, "--sample", "40", "--by", "number")
        counted = d.states()
        pages = {"held": counted.pop("stored"), **counted}
        assert {k: v for k, v in told["pages"].items() if v and k != "not_tried"} == pages
        (ends,) = d.rows(
            "select min(number) as low, max(number) as high from pages where state = 'stored'"
        )
        have = {row["number"] for row in d.rows("select number from pages")}
        untried = set(range(ends["low"], ends["high"])) - have
        assert told["pages"]["not_tried"] == len(untried)
        listed = [set(range(gap["first"], gap["last"] + 1)) for gap in told["gaps"]]
        assert set().union(*listed) == untried
        assert [gap["numbers"] for gap in told["gaps"]] == sorted(map(len, listed), reverse=True)
        assert sum(row["not_tried"] for row in told["rows"]) == len(untried)
        sections = d.rows(
            "select section, count(*) as n from article_sections group by section order by section"
        )
        held = {row["section"]: row["held"] for row in told["sections"] if row["held"]}
        assert held == {row["section"]: row["n"] for row in sections}
        (only,) = report(d, "--section", "Politique")["sections"]
        assert (only["section"], only["held"]) == ("politique", held["politique"])
        by_day = report(d, "--sample", "0", "--by", "day")["rows"]
        days = d.rows("select published_on, count(*) as n from articles group by published_on")
        assert {row["name"]: row["held"] for row in by_day if row["held"]} == {
            str(row["published_on"]): row["n"] for row in days
        }


def test_filled_gaps_are_all_held_after_a_crawl_of_the_archive(sqlite_url, tmp_path):
    with crawled(sqlite_url, tmp_path) as d:
        done = d.scrapy("gaps", "abamako", "--fill")
        assert done.returncode == 0, done.stderr
        assert d.article_hits() == []
        untried = report(d, "--sample", "0")
        assert f"queued: {untried['pages']['not_tried']} numbers in" in done.stdout
        assert untried["noted"] == {"wanted": untried["pages"]["not_tried"]}
        (ranges,) = d.rows("select count(*) as n from number_ranges where state = 'wanted'")
        assert ranges["n"] == len(untried["gaps"])
        assert d.crawl(*ARCHIVE) == 0
        there = {stub.number for stub in d.replica.world("abamako").stubs}
        assert {n for _, _, n in d.articles()} == there
        after = report(d)
        assert (after["pages"]["not_tried"], after["gaps"], after["noted"]) == (0, [], {})
        assert after["notes"] == ["no estimate: every number between known articles was asked"]


def test_portal_held_by_a_crawl_gets_the_local_part_and_no_request(database_url, tmp_path):
    with crawled(database_url, tmp_path) as d:
        database = Database(database_url, root=ROOT)
        lock = PortalLock(database, "abamako")
        assert lock.acquire()
        try:
            told = report(d)
        finally:
            lock.release()
            database.dispose()
        assert told["notes"] == ["nothing was asked: a crawl of abamako is running"]
        assert told["pages"]["held"] == len(d.articles())
        assert d.article_hits() == []
        assert sampled(d) == []


def test_sample_that_is_stopped_tells_what_it_has_and_goes_on_later(sqlite_url, tmp_path):
    with crawled(sqlite_url, tmp_path) as d:
        # Slow enough to be stopped amid it.
        pace = ("-s", "AUTOTHROTTLE_ENABLED=False", "-s", "DOWNLOAD_DELAY=0.3")
        process = Command(
            ("gaps", "abamako", "--json", "--sample", "20", *pace),
            env=d.environment(),
            out=tmp_path / "told.json",
            err=Path(os.devnull),
        )
        deadline = time.monotonic() + 60
        while len(d.article_hits()) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 11
        told = json.loads((tmp_path / "told.json").read_text())
        assert sum(stratum["asked"] for stratum in told["estimate"]["strata"]) < 20
        d.balance()
        left = [row["number"] for row in sampled(d) if row["state"] == "queued"]
        assert len(sampled(d)) == 20
        assert left
        whole = report(d, "--sample", str(len(left)))
        assert sum(stratum["asked"] for stratum in whole["estimate"]["strata"]) == 20
        assert len(sampled(d)) == 20


def test_what_robots_forbid_is_no_answer_and_the_exit_code_says_so(sqlite_url, tmp_path):
    with crawled(sqlite_url, tmp_path) as d:
        d.replica.world("abamako").robots = (200, "User-agent: *\nDisallow: /h/\n")
        done = d.scrapy("gaps", "abamako", "--json", "--sample", "8", *FAST)
        assert done.returncode == 18
        told = json.loads(done.stdout)
        assert told["pages"]["rejected"] == 8
        assert (told["estimate"]["untried"], told["estimate"]["articles"]) == (None, None)
        assert "no number was asked at random yet" in told["notes"][0]


# -- a corpus made by hand: what the lines say


def made(url: str, portal: str = "abamako", site: str = "news", kind: str | None = "h") -> str:
    """A corpus with five articles a day, and none on one day, in one section of odd name."""
    database = Database(url, root=ROOT)
    database.prepare()
    articles, pages = [], []
    for place in range(5 * 140):
        day = date(2024, 1, 1) + timedelta(days=place // 5)
        if day == date(2024, 3, 6):
            continue
        number = 1001 + place if kind else None
        key = f"{site}/h/{1001 + place}"
        address = f"http://news.abamako.com/h/{1001 + place}.html"
        named = {
            "portal": portal, "site": site, "kind": kind, "number": number, "key": key,
            "url": address,
        }  # fmt: skip
        articles.append(
            {
                **named, "id": place + 1, "published_on": day, "body": "Un pont.", "word_count": 2,
                "truncated": False, "signs": {}, "flags": [], "content_hash": "x",
                "knowledge_revision": 0, "fetched_at": NOW, "version": 1, "first_seen_at": NOW,
                "last_seen_at": NOW, "updated_at": NOW,
            }
        )  # fmt: skip
        pages.append(
            {
                **named, "state": "stored", "found_by": ["side"], "article_id": place + 1,
                "discovered_at": NOW,
            }
        )  # fmt: skip
    odd = {"number": 1700 if kind else None, "key": "odd", "url": "http://news.abamako.com/odd"}
    failed = {
        **pages[0], **odd, "state": "failed", "article_id": None, "reason": "time\x1b[2Jout",
        "due_at": NOW, "found_by": ["sections:\x1b[31mrouge"],
    }  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(table(Article)), articles)
        connection.execute(insert(PAGES), pages)
        connection.execute(insert(PAGES), [failed])
    database.dispose()
    return url


def run(*arguments: str, corpus: str) -> subprocess.CompletedProcess[str]:
    environment = {"CORPUS_URL": corpus, "PATH": "/usr/bin:/bin"}
    return run_scrapy("gaps", *arguments, env=environment)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(f"sqlite:///{tmp_path_factory.mktemp('corpus') / 'corpus.db'}")


def test_lines_name_gaps_days_reasons_and_the_next_step(corpus):
    done = run("abamako", "--sample", "0", corpus=corpus)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "abamako: what is missing"
    assert "held 695 articles" in lines
    assert "failed time [2Jout 1 1 from 2026-11-20T12:00:00Z http://news.abamako.com/odd" in lines
    assert any(line.startswith("not tried 5 numbers in gaps: `scrapy gaps aba") for line in lines)
    assert "news/h 1326-1330 5 2024-03-05 and 2024-03-07" in lines
    assert "(all) 2024-03-06 1 5.0" in lines
    assert lines[-1] == "no estimate: no number was asked at random yet; --sample 60 does that"
    assert "rouge" in done.stdout
    assert "\x1b" not in done.stdout


def test_days_in_scope_bound_everything(corpus):
    told = json.loads(
        run("abamako", "--sample=0", "--json", "--since=2024-03-08", corpus=corpus).stdout
    )
    assert (told["pages"]["held"], told["gaps"], told["days_without"]) == (365, [], [])


def test_portal_without_numbers_has_no_estimate_and_says_so(tmp_path):
    url = made(f"sqlite:///{tmp_path / 'corpus.db'}", portal="example.org", kind=None)
    done = run("https://example.org/", corpus=url)
    assert done.returncode == 0, done.stderr
    assert "no estimate: articles of example.org have no numbers that can" in done.stdout
    assert "2024-03-06" in done.stdout


def test_postgresql_prints_what_sqlite_prints(postgres, corpus):
    url = made(postgres.create_database())
    for arguments in (("--by", "day"), ("--by", "number"), ("--json",)):
        one, other = (
            run("abamako", "--sample", "0", *arguments, corpus=at).stdout for at in (url, corpus)
        )
        assert one == other


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "one portal, e.g. scrapy gaps abamako"),
        (("abamako", "adakar"), "one portal"),
        (("abamaco",), "did you mean abamako?"),
        (("adakar",), "nothing of adakar is known yet: scrapy crawl adakar"),
        (("https://example.org/",), "nothing of example.org is known yet"),
        (("abamako", "--wrong"), "no such option"),
        (("abamako", "--by", "week"), "choose from day, number"),
        (("abamako", "--since", "hier"), "not a day"),
        (("abamako", "--until", "2024-02-30"), "not a day"),
        (("abamako", "--since", "2024-02-02", "--until", "2024-02-01"), "swap the two"),
        (("abamako", "--sample", "-1"), "from 0 to 1000"),
        (("abamako", "--sample", "1001"), "from 0 to 1000"),
        (("abamako", "--section", "nulle-part"), "no such section"),
        (("abamako", "--section", " "), "names no section"),
        (("abamako", "--section", "rouge", "--fill"), "leave one out"),
        (("abamako", "--section", "rouge", "--sample", "5"), "leave one out"),
        (("abamako", "-s", "DOWNLOAD_DELAY=-1"), "DOWNLOAD_DELAY"),
    ],
)
def test_wrong_argument_is_one_line_and_exit_2(arguments, said, corpus):
    done = run(*arguments, corpus=corpus)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert said in done.stderr


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("nonsense", 2, "CORPUS_URL is no database address"),
        ("postgresql+psycopg://127.0.0.1:1/corpus", 8, "cannot be reached"),
    ],
)
def test_database_that_is_none_is_one_line(url, code, said):
    done = run("abamako", corpus=url)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1), done.stderr
    assert said in done.stderr


def test_no_corpus_is_made_where_none_is(tmp_path):
    done = run("abamako", corpus=f"sqlite:///{tmp_path / 'none.db'}")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "scrapy crawl" in done.stderr
    assert not (tmp_path / "none.db").exists()
