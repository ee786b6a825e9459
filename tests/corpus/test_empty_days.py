"""Which days without an article are worth a line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from corpus.empty_days import EmptyDays, empty_days

MONDAY = date(2024, 1, 1)


def year(per_day: int, *, without: tuple[int, ...] = (), weekdays: range = range(7)):
    """A year from a Monday on with so many articles on each of `weekdays`, but for some days."""
    days = (MONDAY + timedelta(n) for n in range(364) if n not in without)
    return {day: per_day for day in days if day.weekday() in weekdays}


def after(days: int) -> date:
    return MONDAY + timedelta(days)


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        (year(5), []),
        (year(5, without=(100,)), [EmptyDays(after(100), after(100), 5.0)]),
        (year(2, without=(100,)), []),
        (year(2, without=(100, 101)), [EmptyDays(after(100), after(101), 4.0)]),
        # Saturdays and Sundays never have any: only the Monday is missed.
        (year(4, weekdays=range(5)), []),
        (
            year(4, weekdays=range(5), without=(105,)),
            [EmptyDays(after(103), after(105), 4.0)],
        ),
        # Two months of silence.
        (year(1, without=tuple(range(100, 160))), [EmptyDays(after(100), after(159), 60.0)]),
        # Too near the beginning to know what is normal.
        (year(5, without=(20,)), []),
        # A stray article of a century ago does not make the years between look empty.
        ({date(1924, 1, 1): 1, **year(5)}, []),
        # A section that grew: the slower side counts.
        ({**{after(n): 1 for n in range(100)}, **{after(n): 9 for n in range(101, 200)}}, []),
        ({}, []),
        ({MONDAY: 3}, []),
        ({**year(5), after(100): 0}, [EmptyDays(after(100), after(100), 5.0)]),
    ],
)
def test_empty_days_are_those_where_articles_were_to_be_expected(articles, expected):
    assert empty_days(articles) == expected
