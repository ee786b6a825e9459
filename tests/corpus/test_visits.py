"""Visits: when an article is looked at again, by its age."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.visits import GONE_FOR_GOOD, LATEST, SOONEST, next_look, next_visit

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "waits"),
    [
        (date(2024, 4, 2), 6 * HOURS),
        (date(2024, 4, 1), 18 * HOURS),
        (date(2024, 3, 23), 5.25 * DAYS),
        (date(2012, 1, 1), LATEST),
        (NOW, SOONEST),
        (NOW - 20 * HOURS, 10 * HOURS),
        # The page's day may be tomorrow, on a portal east of Greenwich.
        (date(2024, 4, 3), SOONEST),
    ],
)
def test_the_older_an_article_the_longer_until_the_next_look(born, waits):
    assert next_visit(NOW, born=born) == NOW + waits


def test_an_article_of_a_year_has_been_visited_seldom():
    at, visits = NOW, 0
    while at < NOW + 365 * DAYS:
        at = next_visit(at, born=NOW)
        visits += 1
    assert visits == 19


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_older_article_comes_before_a_younger_one(a, b):
    older, younger = NOW - max(a, b) * HOURS / 10, NOW - min(a, b) * HOURS / 10
    assert next_visit(NOW, born=older) >= next_visit(NOW, born=younger) > NOW


def test_a_vanished_article_is_looked_at_some_times_and_then_never():
    at: datetime | None = NOW
    days = []
    while (at := next_look(at, gone_at=NOW)) is not None:
        days.append((at - NOW) / DAYS)
    assert days == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert next_look(NOW + GONE_FOR_GOOD, gone_at=NOW) is None
