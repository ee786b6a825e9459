"""Drawing numbers: every number has its place in one permanent random order."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.drawing import drawn

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@st.composite
def ranges(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Some ranges apart from each other, in rising order."""
    edges = sorted(draw(st.sets(st.integers(0, 2000), min_size=2, max_size=12)))
    return list(zip(edges[::2], edges[1::2], strict=False))


def members(parts: list[tuple[int, int]]) -> set[int]:
    return {number for first, last in parts for number in range(first, last + 1)}


@UNHURRIED
@given(ranges())
def test_every_number_comes_once_in_the_order_of_its_random_number(parts):
    order = list(drawn("news/h", parts))
    assert order == sorted(order)
    assert sorted(number for _, number in order) == sorted(members(parts))


@UNHURRIED
@given(ranges(), ranges())
def test_order_of_two_numbers_does_not_depend_on_how_ranges_are_cut(one, other):
    both = members(one) & members(other)
    assert [pair for pair in drawn("news/h", one) if pair[1] in both] == [
        pair for pair in drawn("news/h", other) if pair[1] in both
    ]


def test_order_is_the_same_in_every_process_and_its_own_for_each_series():
    def first(series: str) -> list[int]:
        return [number for _, number in islice(drawn(series, [(1, 1000)]), 5)]

    assert first("abamako/news/h") == [776, 950, 9, 810, 913]
    assert first("abamako/news/p") != first("abamako/news/h")


def test_every_number_is_as_often_the_first():
    parts = [(97, 99), (1000, 1001), (1 << 40, (1 << 40) + 4)]
    firsts = Counter(next(drawn(f"series {seed}", parts))[1] for seed in range(5000))
    assert set(firsts) == members(parts)
    # Chi-squared with 9 degrees of freedom is above 27.9 once in a thousand times.
    assert sum((count - 500) ** 2 / 500 for count in firsts.values()) < 27.9


def test_sample_of_a_huge_range_is_spread_evenly():
    order = [number for _, number in islice(drawn("news/h", [(1, 10**15)]), 4000)]
    tenths = Counter(number * 10 // (10**15 + 1) for number in order)
    assert len(set(order)) == 4000
    assert sum((count - 400) ** 2 / 400 for count in tenths.values()) < 27.9
