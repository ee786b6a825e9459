"""History: edits come newest first, however many, by their index; lives in order of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite

from corpus.database import Database
from corpus.history import (
    _edits,
    change_between,
    comparison,
    counts_of,
    edits,
    find_article,
    life_of,
)
from corpus.models import Article, ArticleEvent, ArticleVersion, Page

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
READ = {
    "word_count": 2, "truncated": False, "signs": {}, "flags": [], "content_hash": "x",
    "knowledge_revision": 0, "extractor_revision": "2", "title": "Le pont",
}  # fmt: skip


def article(number: int, portal: str = "abamako", **more):
    url = f"http://news.{portal}.com/h/{number}.html"
    return {
        "id": number, "portal": portal, "site": "news", "kind": "h", "number": number,
        "key": f"news/h/{number}", "url": url, "body": "Un pont.", "version": 1,
        "fetched_at": NOW, "first_seen_at": NOW, "last_seen_at": NOW, "updated_at": NOW,
        **READ, **more,
    }  # fmt: skip


def version(article_id: int, number: int, at: datetime = NOW, cause: str = "site", **more):
    return {
        "article_id": article_id, "version": number, "cause": cause, "created_at": at,
        "fetched_at": at, "url": f"http://news.abamako.com/h/{article_id}.html",
        "body": f"Un pont. Phrase {number}.", **READ, **more,
    }  # fmt: skip


@pytest.fixture
def fill(database_url, tmp_path):
    """Writes rows, model by model; gives a connection that reads them."""
    database = Database(database_url, root=tmp_path)
    database.prepare()
    readers = []

    def fill(**rows):
        models = {"articles": Article, "versions": ArticleVersion, "events": ArticleEvent,
                  "pages": Page}  # fmt: skip
        with database.writing() as connection:
            for name, values in rows.items():
                for row in values:
                    connection.execute(insert(models[name]), [row])
        readers.append(database.reading())
        return readers[-1].__enter__()

    yield fill
    for reader in readers:
        reader.__exit__(None, None, None)
    database.dispose()


def test_every_edit_comes_once_and_newest_first_over_many_pages(fill):
    articles = [article(n, "abamako" if n % 3 else "adakar") for n in range(1, 61)]
    made = [
        # Few instants, so that many edits share theirs.
        version(n, v, NOW + timedelta(hours=(n * v) % 4), "reading" if v == 3 else "site")
        for n in range(1, 61)
        for v in range(1, 5)
    ]
    connection = fill(articles=articles, versions=made)
    found = [(e.new["fetched_at"], e.new["article_id"], e.new["version"])
             for e in edits(connection)]  # fmt: skip
    assert found == sorted(found, reverse=True)
    assert {(a, v) for _, a, v in found} == {(n, v) for n in range(1, 61) for v in (2, 4)}
    assert len(found) == 120
    later = list(edits(connection, since=NOW + timedelta(hours=2), portal="adakar"))
    assert {(e.new["article_id"], e.new["version"]) for e in later} == {
        (n, v) for n in range(3, 61, 3) for v in (2, 4) if (n * v) % 4 >= 2
    }


def test_edits_are_read_by_their_index(tmp_path):
    database = Database("sqlite:///corpus.db", root=tmp_path)
    database.prepare()
    query = _edits(NOW, None, (NOW, 5, 2)).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    with database.reading() as connection:
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").fetchall())
    assert "ix_article_versions_edits" in plan
    assert "TEMP B-TREE" not in plan


def test_life_is_in_order_of_time_and_the_return_stands_before_what_came_with_it(fill):
    hours = [NOW + timedelta(hours=n) for n in range(4)]
    connection = fill(
        articles=[article(1, version=2)],
        versions=[version(1, 1, hours[0]), version(1, 2, hours[2], body="Un pont neuf.")],
        events=[
            {"article_id": 1, "event": "gone", "at": hours[1], "reason": "http_404", "run_id": 2},
            {"article_id": 1, "event": "back", "at": hours[2]},
            {"article_id": 1, "event": "gone", "at": hours[3]},
        ],
    )
    told = list(life_of(connection, find_article(connection, "abamako", "news/h/1")))
    assert [(e.event, e.at) for e in told] == [
        ("version", hours[0]), ("gone", hours[1]), ("back", hours[2]), ("version", hours[2]),
        ("gone", hours[3]),
    ]  # fmt: skip
    assert told[1].reason == "http_404"


def test_comparison_names_the_causes_of_all_that_lies_between(fill):
    connection = fill(
        articles=[article(1, version=3)],
        versions=[version(1, 1), version(1, 2, cause="reading"), version(1, 3)],
    )
    row = find_article(connection, "abamako", "news/h/1")
    assert comparison(connection, row, 1, 3).causes == ("reading", "site")
    assert comparison(connection, row, 3, 2).causes == ("site",)
    assert comparison(connection, row, 1, 1).causes == ()
    assert comparison(connection, row, 1, 4) is None
    assert counts_of(connection, 1) == {"reading": 1, "site": 1}


def test_article_is_found_by_the_address_of_its_duplicate(fill):
    page = {"portal": "abamako", "site": "news", "kind": "h", "number": 2, "key": "news/h/2",
            "url": "http://news.abamako.com/h/2.html", "state": "duplicate", "found_by": [],
            "discovered_at": NOW, "article_id": 1}  # fmt: skip
    connection = fill(articles=[article(1)], versions=[version(1, 1)], pages=[page])
    assert find_article(connection, "abamako", "news/h/2")["key"] == "news/h/1"
    assert find_article(connection, "abamako", "news/h/3") is None
    assert find_article(connection, "adakar", "news/h/1") is None


@pytest.mark.parametrize(
    ("more", "name", "fields", "reader"),
    [
        ({}, "no difference", set(), False),
        ({"author": "A. B."}, "other fields", {"author"}, False),
        ({"published_on": date(2026, 1, 1), "source": "X"}, "other fields",
         {"published_on", "source"}, False),
        ({"title": "Le pont neuf"}, "headline only", set(), False),
        ({"body": "Un pont. Phrase 1. Fin."}, "addition", set(), False),
        ({"body": "Un pont.", "lead": "Un pont.", "extractor_revision": "3"}, "deletion", set(),
         True),
        ({"signs": {"a": "b"}, "knowledge_revision": 4}, "no difference", set(), True),
    ],
)  # fmt: skip
def test_change_has_a_name_and_its_fields(more, name, fields, reader):
    blank = dict.fromkeys(c.name for c in ArticleVersion.__table__.columns)
    old = blank | version(1, 1)
    change = change_between(old, old | more)
    assert (change.name, set(change.fields), change.reader_changed) == (name, fields, reader)
