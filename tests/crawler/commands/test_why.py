"""`scrapy why` as its users type it, against a corpus with one page of each kind."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from corpus.database import Database
from corpus.models import Article, Page, Run, Section
from tests.commands import run_scrapy

if TYPE_CHECKING:
    from tests.conftest import PostgresServer

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def run(*args: str, corpus: str) -> subprocess.CompletedProcess[str]:
    return run_scrapy("why", *args, env={**os.environ, "CORPUS_URL": corpus})


def fill(url: str) -> str:
    """A corpus with a stored page, a rejected one and a section."""
    database = Database(url, root=ROOT)
    database.prepare()
    article = {
        "id": 1, "portal": "abamako", "site": "news", "kind": "h", "number": 5,
        "key": "news/h/5", "url": "http://news.abamako.com/h/5.html", "title": "Le pont de Kolo",
        "published_on": date(2026, 11, 3), "published_precision": "day", "body": "Un pont.",
        "word_count": 2, "truncated": False, "signs": {}, "flags": [], "content_hash": "x",
        "knowledge_revision": 0, "fetched_at": NOW, "version": 1, "first_seen_at": NOW,
        "last_seen_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    page = {"portal": "abamako", "site": "news", "kind": "h", "discovered_at": NOW, "run_id": 1}
    pages = [
        {**page, "number": 5, "key": "news/h/5", "url": "http://news.abamako.com/h/5.html",
         "state": "stored", "found_by": ["sections:politique", "side"], "last_result": "new",
         "article_id": 1, "attempts": 0},
        {**page, "number": 6, "key": "news/h/6", "url": "http://news.abamako.com/h/6.html",
         "state": "failed", "reason": "timeout", "attempts": 3, "due_at": NOW, "found_by": [],
         "article_id": None},
        {**page, "portal": "exemple.ml", "site": "www", "kind": None, "number": None,
         "key": "exemple.ml/actu/un-pont", "url": "http://www.exemple.ml/actu/un-pont",
         "state": "queued", "found_by": []},
    ]  # fmt: skip
    section = {
        "portal": "abamako", "slug": "politique", "label": "Politique", "sign": "label",
        "url": "http://news.abamako.com/Politique/", "state": "listing", "discovered_at": NOW,
    }  # fmt: skip
    started = {"id": 1, "portal": "abamako", "strategy": "sections", "arguments": {},
               "started_at": NOW}  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(Run), [started])
        connection.execute(insert(Article), [article])
        for row in pages:
            connection.execute(insert(Page), [row])
        connection.execute(insert(Section), [section])
    database.dispose()
    return url


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(f"sqlite:///{tmp_path_factory.mktemp('corpus') / 'corpus.db'}")


def test_stored_page_shows_state_routes_run_and_article(corpus: str) -> None:
    done = run("https://news.aBamako.com/h/0005.html?utm_source=x#top", corpus=corpus)
    assert done.returncode == 0
    told = dict(line.split("  ", 1) for line in done.stdout.splitlines())
    told = {name: value.strip() for name, value in told.items()}
    assert told["key"] == "news/h/5"
    assert told["state"] == "stored"
    assert told["last result"] == "new"
    assert told["found by"] == "sections:politique, side"
    assert told["run"].startswith("1, sections, started 2026-11-20 12:00:00Z, not ended")
    assert told["article title"] == "Le pont de Kolo"
    assert told["article published on"] == "2026-11-03"


def test_failed_page_shows_reason_attempts_and_when_it_is_due(corpus: str) -> None:
    record = json.loads(run("--json", "news.abamako.com/h/6.html", corpus=corpus).stdout)
    assert (record["state"], record["reason"], record["attempts"]) == ("failed", "timeout", 3)
    assert record["due_at"] == "2026-11-20T12:00:00Z"
    assert record["article"] is None


def test_page_never_discovered_is_said_with_what_else_has_its_number(corpus: str) -> None:
    done = run("http://news.abamako.com/p/5.html", corpus=corpus)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["news/p/5: never discovered", "see also: the same number as news/h/5: stored"],
    )


def test_page_of_a_site_without_a_class_is_known_by_its_host(corpus: str) -> None:
    record = json.loads(run("--json", "www.exemple.ml/actu/un-pont", corpus=corpus).stdout)
    assert (record["portal"], record["state"]) == ("exemple.ml", "queued")


def test_section_address_is_said_to_be_one(corpus: str) -> None:
    done = run("http://news.abamako.com/politique", corpus=corpus)
    assert "a section, no article: politique (Politique), listing" in done.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "one address"),
        (("http://www.exemple.test/1",), "no portal has this host"),
        (("ftp://news.abamako.com/h/1.html",), "scheme: ftp"),
        (("--wrong",), "no such option"),
    ],
)
def test_wrong_argument_is_one_line_and_exit_2(
    args: tuple[str, ...], said: str, corpus: str
) -> None:
    done = run(*args, corpus=corpus)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_missing_database_is_one_line_with_the_remedy_and_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "none" / "corpus.db"
    done = run("http://news.abamako.com/h/1.html", corpus=f"sqlite:///{file}")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "scrapy crawl" in done.stderr
    assert not file.parent.exists()


def test_postgresql_answers_as_sqlite_does(postgres: PostgresServer, corpus: str) -> None:
    url = fill(postgres.create_database())
    address = "http://news.abamako.com/h/5.html"
    assert run(address, corpus=url).stdout == run(address, corpus=corpus).stdout
