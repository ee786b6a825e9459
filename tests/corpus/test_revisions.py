"""Revisions: whatever changes an article raises its number; what has settled stays settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from queue import Queue
from threading import Thread

import pytest
from sqlalchemy import text

from corpus.database import Database
from corpus.frontier import Discover, Lease, Settle
from corpus.problems import Unreachable
from corpus.revisions import made_at, new_revision, settled_revision
from corpus.sources import Correction, correct_sources
from corpus.tombstones import bury, held_under

LATER = datetime(2024, 4, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def stored(desk, found, article):
    """Two stored articles; gives the page of the first."""
    desk(Discover("abamako", 1, [found(1), found(2)]))
    rows = sorted(desk(Lease("abamako", 1, 2)), key=lambda row: row.key)
    for number, row in enumerate(rows, 1):
        made = article(number, source="L’Essor")
        desk(Settle("abamako", 1, row.id, row.key, "stored", article=made))
    return rows[0]


def revision_of(desk, number):
    query = f"SELECT corpus_revision FROM articles WHERE number = {number}"
    return desk.rows(query)[0][0]


def test_each_change_of_an_article_has_a_higher_revision(desk, stored, found, article):
    met = [revision_of(desk, 1)]
    other = revision_of(desk, 2)
    new = {"content_hash": "other", "region_hash": "other", "body": "Autre.", "fetched_at": LATER}
    settle = [
        ("stored", article(1, source="L’Essor", **new)),
        ("gone", None),
        ("stored", article(1, source="L’Essor", **new | {"fetched_at": LATER + timedelta(1)})),
    ]
    for state, made in settle:
        desk(Settle("abamako", 2, stored.id, stored.key, state, article=made))
        met.append(revision_of(desk, 1))
    desk(Discover("abamako", 3, [found(1, route="sections:sports")]))
    met.append(revision_of(desk, 1))
    assert met == sorted(set(met))
    assert revision_of(desk, 2) == other
    assert settled_revision(desk.database) == met[-1]
    with desk.database.writing() as connection:
        correct_sources(connection, [Correction("L’Essor", None, None, "Essor du Mali")], LATER)
    assert revision_of(desk, 1) == revision_of(desk, 2) > met[-1]


def test_revision_has_its_time_and_one_that_never_was_has_none(desk, stored):
    newest = settled_revision(desk.database)
    with desk.database.reading() as connection:
        assert made_at(connection, newest).tzinfo is UTC
        assert made_at(connection, newest + 1) is None


def test_what_changes_nothing_takes_no_revision(desk, stored, found, article):
    before = settled_revision(desk.database)
    seen = article(1, source="L’Essor", fetched_at=LATER)
    desk(Settle("abamako", 2, stored.id, stored.key, "stored", article=seen))
    desk(Settle("abamako", 2, stored.id, stored.key, "stored", reason="not_modified"))
    desk(Discover("abamako", 3, [found(1)]))
    assert settled_revision(desk.database) == before


def test_taking_an_article_down_names_it_and_its_revision(desk, stored):
    ((number,),) = desk.rows("SELECT id FROM articles WHERE number = 1")
    with desk.database.writing() as connection:
        held = held_under(connection, "abamako", {stored.key: stored.url, "news/h/9": "http://n/9"})
        bury(connection, "abamako", held, "letter", LATER)
    rows = desk.rows("SELECT key, article_id, corpus_revision FROM tombstones ORDER BY key")
    assert rows == [(stored.key, number, settled_revision(desk.database)), ("news/h/9", None, None)]


def test_corpus_without_a_change_is_at_zero(database_url, tmp_path):
    database = Database(database_url, root=tmp_path)
    database.prepare()
    assert settled_revision(database) == 0
    database.dispose()


def test_settled_revision_waits_for_the_lower_number_that_ends_later(postgres, tmp_path):
    database = Database(postgres.create_database(), root=tmp_path)
    database.prepare()
    answers: Queue[int] = Queue()
    asking = Thread(target=lambda: answers.put(settled_revision(database)))
    with database.connect() as slow, slow.begin():
        lower = new_revision(slow, LATER)
        with database.writing() as quick:
            higher = new_revision(quick, LATER)
        asking.start()
        _until_somebody_waits(database)
        assert answers.empty()
    asking.join(60)
    assert lower < higher == answers.get(timeout=1)
    with database.connect() as hanging, hanging.begin():
        new_revision(hanging, LATER)
        with pytest.raises(Unreachable):
            settled_revision(database, patience=0.05)
    database.dispose()


def _until_somebody_waits(database: Database) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    for _ in range(10_000):
        with database.reading() as connection:
            if connection.execute(waiting).scalar():
                return
    raise AssertionError("nobody waited")
