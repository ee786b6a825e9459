"""Reprints: the later is linked to the earliest, in whatever order they come and change."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from corpus.families import family_of, largest, members
from corpus.frontier import Discover, Settle
from corpus.reprints import link_reprints
from corpus.signature_cache import Busy, SignatureCache
from corpus.tombstones import bury, held_under
from corpus.worse import content_hash

NOW = datetime(2024, 4, 2, 12, 30, tzinfo=UTC)


def sentences(seed: int, count: int = 12) -> list[str]:
    random = Random(seed)
    return [
        f"Mot{random.randrange(9000)} "
        + " ".join(f"mot{random.randrange(9000)}" for _ in range(14))
        + "."
        for _ in range(count)
    ]


def body(seed: int, first: int = 0, last: int = 12) -> str:
    return " ".join(sentences(seed)[first:last])


@pytest.fixture
def cache(tmp_path):
    cache = SignatureCache(tmp_path / "search")
    yield cache
    cache.close()


@pytest.fixture
def keep(desk, found, article):
    """Stores article `number` with a text and a day of April 2024, as a run would."""
    fetches = iter(range(1, 100))

    def keep(number, text, day, **more):
        portal = more.pop("portal", "abamako")
        one = found(number)
        desk(Discover(portal, 1, [one]))
        rows = desk.rows(f"SELECT id FROM pages WHERE key = '{one.key}' AND portal = '{portal}'")
        title = more.setdefault("title", "Le pont rouvre")
        hashed = content_hash(title, text)
        made = article(
            number, portal=portal, body=text, published_on=date(2024, 4, day),
            content_hash=hashed, region_hash=hashed, fetched_at=NOW + timedelta(next(fetches)),
            **more,
        )  # fmt: skip
        desk(Settle(portal, 1, rows[0][0], one.key, "stored", article=made))

    return keep


def links(desk):
    rows = desk.rows(
        "SELECT a.number, o.number, r.similarity FROM reprints r "
        "JOIN articles a ON a.id = r.article_id JOIN articles o ON o.id = r.original_id "
        "ORDER BY a.number"
    )
    return {copy: (original, similarity) for copy, original, similarity in rows}


def originals(desk):
    return {copy: original for copy, (original, _) in links(desk).items()}


def test_copies_extracts_and_reworkings_are_linked_to_the_earliest(desk, cache, keep):
    keep(1, body(1), 10)
    keep(2, body(1, 0, 7), 12, portal="abidjan", title="Un pont rouvert")
    keep(3, " ".join(reversed(sentences(1))), 14)
    keep(4, f"De notre envoyé. {body(9, 0, 2)} {body(1)}", 11)
    keep(5, body(2), 13)
    progress = link_reprints(desk.database, cache)
    assert (progress.done, progress.total, progress.links) == (5, 5, 3)
    assert originals(desk) == {2: 1, 3: 1, 4: 1}
    rows = dict(desk.rows("SELECT a.number, r.cut FROM reprints r "
                          "JOIN articles a ON a.id = r.article_id"))  # fmt: skip
    cut = {number: str(value) for number, value in rows.items()}
    assert "'left_out': {'words': 75, 'sentences': 5}" in cut[2] or (
        '"left_out":{"sentences":5,"words":75}' in cut[2]
    )
    assert "retitled" in cut[2]
    assert cut[3] == "None"
    assert "left_out" not in cut[4]
    assert "added" in cut[4]
    assert links(desk)[3][1] > links(desk)[2][1]
    assert link_reprints(desk.database, cache).done == 0


def test_original_that_comes_last_takes_its_reprints_over(desk, cache, keep):
    keep(3, body(1), 20)
    keep(2, body(1, 0, 9), 15)
    link_reprints(desk.database, cache)
    assert originals(desk) == {3: 2}
    keep(1, body(1, 0, 11), 10)
    link_reprints(desk.database, cache)
    assert originals(desk) == {2: 1, 3: 1}


def test_of_one_day_the_time_and_then_the_number_tell_the_earlier(desk, cache, keep):
    at = datetime(2024, 4, 10, 9, 0, tzinfo=UTC)
    keep(7, body(1), 10)
    keep(8, body(1), 10)
    keep(9, body(1), 10, published_at=at, published_precision="minute")
    link_reprints(desk.database, cache)
    assert originals(desk) == {7: 9, 8: 9}


def test_article_that_was_rewritten_is_no_reprint_any_more(desk, cache, keep):
    for number, day in ((1, 10), (2, 11), (3, 12)):
        keep(number, body(1), day)
    link_reprints(desk.database, cache)
    assert originals(desk) == {2: 1, 3: 1}
    keep(1, body(5), 10)
    assert link_reprints(desk.database, cache).done == 1
    assert originals(desk) == {3: 2}
    keep(3, body(6), 12)
    link_reprints(desk.database, cache)
    assert originals(desk) == {}


def test_reprints_of_what_is_forgotten_are_linked_among_themselves(desk, cache, keep):
    for number, day in ((1, 10), (2, 11), (3, 12)):
        keep(number, body(1), day)
    link_reprints(desk.database, cache)
    with desk.database.writing() as connection:
        held = held_under(connection, "abamako", {"news/h/1": "http://news.abamako.com/h/1.html"})
        bury(connection, "abamako", held, "letter", NOW)
    link_reprints(desk.database, cache)
    assert originals(desk) == {3: 2}


def test_kill_between_tables_and_cache_costs_a_step_and_no_link(desk, cache, keep, tmp_path):
    for number in range(1, 7):
        keep(number, body(number % 2), 9 + number)
    link_reprints(desk.database, cache)
    before = desk.rows("SELECT * FROM reprints ORDER BY article_id")
    empty = SignatureCache(tmp_path / "search", anew=True)
    progress = link_reprints(desk.database, empty)
    empty.close()
    assert (progress.done, progress.links) == (6, 0)
    assert desk.rows("SELECT * FROM reprints ORDER BY article_id") == before


def test_cache_of_a_database_that_was_restored_is_made_anew(desk, cache, keep):
    keep(1, body(1), 10)
    keep(2, body(1), 11)
    link_reprints(desk.database, cache)
    with desk.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM reprints")
        connection.exec_driver_sql("UPDATE revisions SET made_at = '2020-01-01 00:00:00.000000'")
    assert link_reprints(desk.database, cache).done == 2
    assert originals(desk) == {2: 1}


def test_families_are_shown_largest_first_with_what_was_cut(desk, cache, keep):
    for number, (seed, day) in enumerate([(1, 5), (1, 6), (2, 7), (2, 8), (2, 9)], 1):
        keep(number, body(seed), day, portal="abidjan" if number == 5 else "abamako")
    link_reprints(desk.database, cache)
    with desk.database.reading() as connection:
        families = largest(connection, [], 10)
        assert [(f["reprints"], f["portals"]) for f in families] == [(2, 2), (1, 1)]
        (first, second) = [f["id"] for f in families]
        inside = members(connection, [first, second])
        assert [m["portal"] for m in inside[first]] == ["abamako", "abidjan"]
        assert len(inside[second]) == 1
        assert family_of(connection, "abidjan", "news/h/5")["id"] == first
        assert family_of(connection, "abamako", "news/h/9") is None


def test_only_one_process_fills_the_cache_and_a_damaged_one_is_told(cache, tmp_path):
    other = SignatureCache(tmp_path / "search")
    with cache.writing(wait=1), pytest.raises(Busy), other.writing(wait=0):
        raise AssertionError
    other.close()
    path = tmp_path / "search" / "damaged"
    path.mkdir()
    broken = SignatureCache(path)
    broken.close()
    broken.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        SignatureCache(path)
    SignatureCache(path, anew=True).close()
