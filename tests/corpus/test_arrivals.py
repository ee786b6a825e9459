"""How often a section gets something new: the rate by examples and properties, and what is learned
from a corpus on either database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from corpus.arrivals import CEILING, DAY, FLOOR, WEEKS, interval, learn_intervals, rate
from corpus.database import Database
from corpus.models import Article, ArticleSection, Section, table

UNTIL = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYS = 7 * WEEKS
counts = st.binary(min_size=DAYS, max_size=DAYS).map(lambda drawn: [byte % 61 for byte in drawn])
"""Articles of each day, the newest first."""
unhurried = settings(deadline=None)


def days(ages: list[int] | range, each: int = 1) -> dict[date, int]:
    """`each` articles on the days so many days before UNTIL."""
    return {day: each * n for day, n in Counter(UNTIL - timedelta(days=a) for a in ages).items()}


def every_day(series: list[int]) -> dict[date, int]:
    return {UNTIL - timedelta(days=age): count for age, count in enumerate(series)}


@pytest.mark.parametrize(
    ("came", "per_day"),
    [
        ({}, 0),
        (days(range(DAYS), 5), 5),
        (days(range(0, DAYS, 7)), 1 / 7),
        # One week of an election, one without power: neither counts.
        (days(range(DAYS), 2) | days(range(7, 14), 90), 2),
        (days(range(7, DAYS), 2), 2),
        # A burst in a section that sleeps.
        (days([20], 40) | days([50]), 0),
        # Every other week.
        (days(range(0, DAYS, 14)), 1 / 14),
        # Older than what is looked at.
        (days([DAYS, DAYS + 30], 9), 0),
        # Known for three days, for ten.
        (days([0, 1, 2], 4), 4),
        (days(range(10), 4), 4),
        # A page dated to-morrow, as the contract allows.
        ({UNTIL + timedelta(days=1): 3}, 3),
    ],
    ids=[
        *("nothing", "steady", "weekly", "burst", "gap", "asleep", "fortnightly", "old"),
        *("three-days", "ten-days", "future"),
    ],
)
def test_rate_is_of_the_weeks_in_the_middle(came, per_day):
    assert rate(came, UNTIL) == pytest.approx(per_day, abs=1e-9)


@pytest.mark.parametrize(
    ("per_day", "seconds"),
    [
        (0, CEILING),
        (1 / 30, CEILING),
        (1 / 7, CEILING),
        (1 / 6, 6 * DAY),
        (1, DAY),
        (24, 3600),
        (96, FLOOR),
        (10_000, FLOOR),
    ],
)
def test_interval_is_the_time_for_one_article_between_floor_and_ceiling(per_day, seconds):
    assert interval(per_day) == seconds


@unhurried
@given(counts)
def test_rate_lies_between_the_poorest_and_the_richest_week(series):
    weeks = [sum(series[7 * n : 7 * n + 7]) for n in range(WEEKS)]
    assert 0 <= rate(every_day(series), UNTIL) <= max(max(weeks) / 7, max(series))


@unhurried
@given(counts, st.integers(0, 4000))
def test_no_single_day_sets_the_pace(series, burst):
    # A full window: its oldest day has an article with and without the burst.
    series = [*series[:-1], series[-1] + 1]
    calm = rate(every_day(series), UNTIL)
    loud = rate(every_day([series[0] + burst, *series[1:]]), UNTIL)
    weeks = [sum(series[7 * n : 7 * n + 7]) for n in range(WEEKS)]
    assert calm <= loud <= max(weeks) / 7


@unhurried
@given(counts, st.integers(1, 5))
def test_more_articles_never_mean_a_longer_interval(series, times):
    more = [times * count for count in series]
    assert interval(rate(every_day(more), UNTIL)) <= interval(rate(every_day(series), UNTIL))
    assert FLOOR <= interval(rate(every_day(more), UNTIL)) <= CEILING


@unhurried
@given(counts, st.integers(0, 10_000))
def test_rate_knows_no_calendar(series, later):
    moved = {day + timedelta(days=later): count for day, count in every_day(series).items()}
    assert rate(moved, UNTIL + timedelta(days=later)) == rate(every_day(series), UNTIL)


# -- what is learned -------------------------------------------------------------------------------


class Shelf:
    """A corpus with sections and articles, put in by hand."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database = Database(url, root=folder)
        self.database.prepare()
        self.number = 0

    def section(self, slug: str, **given: Any) -> None:
        row = {"portal": "abamako", "slug": slug, "label": slug, "sign": "label",
               "url": f"http://news.abamako.com/{slug}", "state": "listing",
               "discovered_at": NOON, "checked_at": NOON}  # fmt: skip
        with self.database.writing() as connection:
            connection.execute(insert(Section), {**row, **given})

    def article(self, slug: str, day: date | None, *, portal: str = "abamako") -> None:
        self.number += 1
        row = {
            "id": self.number, "portal": portal, "site": "news", "kind": "h",
            "number": self.number, "key": f"news/h/{self.number}",
            "url": f"http://news.abamako.com/h/{self.number}.html", "title": "Le pont",
            "published_on": day, "body": "Un pont.", "word_count": 2, "truncated": False,
            "signs": {}, "flags": [], "content_hash": "x", "knowledge_revision": 0,
            "fetched_at": NOON, "version": 1, "first_seen_at": NOON, "last_seen_at": NOON,
            "updated_at": NOON,
        }  # fmt: skip
        shown = {"article_id": self.number, "section": slug, "first_seen_at": NOON}
        with self.database.writing() as connection:
            connection.execute(insert(Article), row)
            connection.execute(insert(ArticleSection), shown)

    def learn(self, now: datetime = NOON) -> dict[str, int | None]:
        sections = table(Section)
        with self.database.writing() as connection:
            learn_intervals(connection, "abamako", now=now)
            rows = connection.execute(select(sections.c.url, sections.c.interval))
            return {row.url.rpartition("/")[2]: row.interval for row in rows}


@pytest.fixture
def shelf(database_url, tmp_path):
    shelf = Shelf(database_url, tmp_path)
    yield shelf
    shelf.database.dispose()


def test_each_section_learns_from_its_own_articles(shelf):
    for slug in ("politique", "religion", "insolite", "neuve"):
        shelf.section(slug)
    for age in range(DAYS):
        for _ in range(2):
            shelf.article("politique", UNTIL - timedelta(days=age))
    shelf.article("religion", UNTIL - timedelta(days=300))
    # Without a date, the day on which it was first seen stands in.
    shelf.article("insolite", None)
    for _ in range(500):
        shelf.article("religion", UNTIL, portal="aouaga")
    learned = shelf.learn()
    assert learned == {
        "politique": DAY // 2,
        "religion": CEILING,
        "insolite": DAY,
        "neuve": None,
    }


def test_listings_of_one_section_share_an_interval_and_others_are_left_alone(shelf):
    shelf.section("sport", url="http://news.abamako.com/a")
    shelf.section("sport", url="http://news.abamako.com/b", checked_at=NOON - timedelta(days=90))
    shelf.section("sport", url="http://news.abamako.com/c", state="no_listing")
    shelf.section("sport", url="http://news.abamako.com/d", portal="aouaga")
    for age in range(DAYS):
        shelf.article("sport", UNTIL - timedelta(days=age))
    assert shelf.learn() == {"a": DAY, "b": DAY, "c": None, "d": None}


def test_weeks_in_which_nobody_looked_are_no_weeks_without_news(shelf):
    shelf.section("politique", checked_at=NOON - timedelta(days=60))
    for age in range(60, 60 + DAYS):
        shelf.article("politique", UNTIL - timedelta(days=age))
    assert shelf.learn() == {"politique": DAY}


def test_case_58_clock_that_was_ahead_teaches_nothing_wrong(shelf):
    shelf.section("politique", checked_at=NOON + timedelta(days=900))
    for age in range(DAYS):
        shelf.article("politique", UNTIL - timedelta(days=age))
    assert shelf.learn() == {"politique": DAY}


def test_what_was_learned_stays_while_nothing_is_known(shelf):
    shelf.section("politique", interval=4711)
    assert shelf.learn() == {"politique": 4711}
