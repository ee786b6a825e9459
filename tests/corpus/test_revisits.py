"""Revisits: which of the articles held are handed out, in which order, and what is planned."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from corpus.database import Database
from corpus.frontier import Discover, Lease, Settle
from corpus.revisits import Announce, Due, LeaseRevisits, Which
from corpus.visits import ANNOUNCED

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
EVERY = Which("abamako")


def settle(row, state="stored", run=1, **more):
    return Settle(portal="abamako", run_id=run, page_id=row.id, key=row.key, state=state, **more)


@pytest.fixture
def stored(desk, found, article):
    """Store articles by number; return their rows by number."""

    def store(*numbers, **more):
        desk(Discover("abamako", 1, [found(n) for n in numbers]))
        rows = {row.number: row for row in desk(Lease("abamako", 1, 100))}
        for number in numbers:
            desk(settle(rows[number], article=article(number, **more)))
        return rows

    return store


def plan(desk, key: str, visited: timedelta, due: timedelta) -> None:
    """Set when a page was visited last and when it is due, from now."""
    now = datetime.now(UTC)
    database = Database(desk.database.url, root=desk.root)
    with database.writing() as connection:
        from corpus.discoveries import PAGES

        connection.execute(
            PAGES.update()
            .where(PAGES.c.key == key)
            .values(settled_at=now + visited, due_at=now + due)
        )
    database.dispose()


def taken(desk, run=2, want=10, which=EVERY) -> list[int]:
    return [row.number for row in desk(LeaseRevisits(which, run, want))]


def page(desk, key="news/h/1"):
    from corpus.discoveries import PAGES

    with desk.database.reading() as connection:
        return connection.execute(PAGES.select().where(PAGES.c.key == key)).one()


def test_stored_article_is_planned_by_its_age(desk, stored):
    stored(1, published_on=datetime.now(UTC).date() - 10 * DAYS)
    row = page(desk)
    assert 5 * DAYS <= row.due_at - row.settled_at < 5.6 * DAYS
    assert taken(desk) == []
    state = desk(Due(EVERY))
    assert (state.due, state.next_at) == (0, row.due_at)


def test_ordinary_lease_takes_no_article_that_is_due(desk, stored):
    stored(1)
    plan(desk, "news/h/1", -2 * DAYS, -1 * DAYS)
    assert desk(Lease("abamako", 2, 10)) == []
    assert desk(Lease("abamako", 2, 10, route="feed")) == []
    assert taken(desk) == [1]


def test_latest_in_proportion_come_first_and_each_once_a_run(desk, stored):
    stored(1, 2, 3, 4)
    plan(desk, "news/h/1", -100 * DAYS, -50 * DAYS)  # waits twice its span
    plan(desk, "news/h/2", -60 * HOURS, -48 * HOURS)  # five times
    plan(desk, "news/h/3", -13 * HOURS, -1 * HOURS)  # hardly more than once
    plan(desk, "news/h/4", -5 * HOURS, 1 * HOURS)  # not due
    assert desk(Due(EVERY)).due == 3
    assert taken(desk, want=2) == [2, 1]
    assert taken(desk, want=2) == [3]
    assert taken(desk) == []
    # A run that left them unvisited leaves them to the next.
    assert taken(desk, run=3) == [2, 1, 3]
    assert {row[0] for row in desk.rows("select state from pages")} == {"stored"}


def test_page_without_a_span_between_its_visits_is_the_latest(desk, stored):
    stored(1, 2)
    plan(desk, "news/h/1", -100 * DAYS, -50 * DAYS)
    plan(desk, "news/h/2", -1 * HOURS, -1 * HOURS)
    assert taken(desk) == [2, 1]


def test_bounds_are_those_of_the_article(desk, stored):
    stored(1, published_on=date(2024, 1, 10), section_slug="sports", section="Sports")
    stored(2, published_on=date(2024, 2, 10))
    stored(3, published_on=None)
    for number in (1, 2, 3):
        plan(desk, f"news/h/{number}", -2 * DAYS, -1 * DAYS)
    since = Which("abamako", since=date(2024, 2, 10))
    until = Which("abamako", until=date(2024, 2, 9))
    sports = Which("abamako", sections=frozenset({"sports"}))
    assert [taken(desk, run=n, which=w) for n, w in enumerate((since, until, sports), 2)] == [
        [2],
        [1],
        [1],
    ]
    assert desk(Due(sports)).due == 1
    assert desk(Due(Which("aouaga"))).next_at is None


def test_edit_makes_an_article_young_again(desk, stored, article):
    rows = stored(1, published_on=date(2020, 1, 1))
    assert page(desk).due_at - page(desk).settled_at == 365 * DAYS
    edited = {"content_hash": "other", "region_hash": "other", "fetched_at": datetime.now(UTC)}
    desk(settle(rows[1], article=article(1, **edited)))
    row = page(desk)
    assert (row.last_result, row.due_at - row.settled_at) == ("changed", 6 * HOURS)


def test_edit_that_was_seen_long_ago_and_stored_now_makes_no_article_young(desk, stored, article):
    rows = stored(1, published_on=date(2020, 1, 1))
    seen = datetime(2021, 1, 1, tzinfo=UTC)
    edited = {"content_hash": "other", "region_hash": "other", "fetched_at": seen}
    desk(settle(rows[1], article=article(1, **edited)))
    assert page(desk).due_at - page(desk).settled_at > 300 * DAYS


def test_better_reading_of_many_articles_makes_none_of_them_due(desk, stored, article):
    rows = stored(1, published_on=date(2020, 1, 1))
    desk(settle(rows[1], article=article(1, content_hash="other", published_on=date(2020, 1, 1))))
    assert desk.rows("select cause from article_versions where version = 2") == [("reading",)]
    assert page(desk).due_at - page(desk).settled_at == 365 * DAYS


def test_article_that_comes_back_is_told(desk, stored, article):
    rows = stored(1)
    desk(settle(rows[1], "gone"))
    row = page(desk)
    assert (row.state, row.due_at - row.settled_at) == ("gone", 1 * DAYS)
    assert not desk(settle(rows[1], "gone")).returned
    result = desk(settle(rows[1], article=article(1)))
    assert (result.result, result.returned) == ("unchanged", True)
    assert (page(desk).state, page(desk).last_result) == ("stored", "returned")
    assert desk.rows("select gone_at from articles") == [(None,)]
    assert not desk(settle(rows[1])).returned
    assert page(desk).last_result == "unchanged"


def test_gone_for_good_has_no_plan(desk, stored):
    rows = stored(1)
    desk(settle(rows[1], "gone"))
    with desk.database.writing() as connection:
        connection.exec_driver_sql("update articles set gone_at = first_seen_at")
    desk(settle(rows[1], "gone"))
    assert page(desk).due_at is None


def test_what_a_feed_announces_is_due_for_the_feed_alone(desk, stored, found):
    stored(1, 2, 3)
    desk(Discover("abamako", 1, [found(n, "feed") for n in (1, 2, 3)]))
    now = datetime.now(UTC)
    changed = {"news/h/1": now + DAYS, "news/h/2": now - DAYS, "news/h/9": now}
    assert desk(Announce("abamako", changed)) == 1
    assert page(desk).reason == ANNOUNCED
    assert desk(Lease("abamako", 2, 10)) == []
    (row,) = desk(Lease("abamako", 3, 10, route="feed"))
    assert (row.number, row.state) == (1, "stored")
    desk(settle(row, run=3))
    assert desk(Lease("abamako", 4, 10, route="feed")) == []


def test_lease_of_the_feed_takes_only_what_it_named(desk, found):
    desk(Discover("abamako", 1, [found(1, "feed"), found(2)]))
    assert [row.number for row in desk(Lease("abamako", 1, 10, route="feed"))] == [1]


def test_article_held_that_got_another_address_is_the_same_article_there(
    desk, stored, found, article
):
    rows = stored(1)
    moved = found(1, kind="articles", key="news/articles/1", route="redirect")
    result = desk(settle(rows[1], article=article(1, kind="articles"), identity=moved))
    assert result.result == "unchanged"
    assert desk.rows("select kind, key from articles") == [("articles", "news/articles/1")]
    states = desk.rows("select key, state, article_id from pages order by key")
    assert states == [("news/articles/1", "stored", 1), ("news/h/1", "duplicate", 1)]
    assert page(desk, "news/articles/1").due_at is not None
    assert page(desk).due_at is None


def test_article_held_whose_address_leads_to_another_one_held_is_gone(desk, stored, article, found):
    rows = stored(1, 2)
    result = desk(settle(rows[1], article=article(2), identity=found(2, route="redirect")))
    assert (result.result, result.article_id) == ("unchanged", 2)
    states = desk.rows("select key, state, article_id, reason from pages order by key")
    assert states == [
        ("news/h/1", "gone", 1, "same article as news/h/2"),
        ("news/h/2", "stored", 2, None),
    ]
    gone = desk.rows("select number, body from articles where gone_at is not null")
    assert gone == [(1, article(1).body)]
    # The next look finds the same, and it is not doubled.
    desk(settle(rows[1], article=article(2), identity=found(2, route="redirect")))
    assert desk.rows("select count(*) from articles") == [(2,)]
