"""Shares and totals from samples: published intervals, what must always hold, and the truth held by
the intervals of fifty simulated portals."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.estimation import Estimate, Sample, allocate, combined, wilson
from corpus.strata import Gap, Number, sample_of, strata_of, to_ask

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@pytest.mark.parametrize(
    ("existing", "asked", "low", "high"),
    [
        # Newcombe 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_wilson_interval_is_the_published_one(existing, asked, low, high):
    assert wilson(existing / asked, asked) == pytest.approx((low, high), abs=0.00005)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    population = draw(st.integers(1, 10_000))
    asked = draw(st.integers(0, min(population, 300)))
    existing = draw(st.integers(0, asked))
    return Sample(population, asked, existing, draw(st.integers(0, asked - existing)))


@UNHURRIED
@given(samples())
def test_interval_of_a_stratum_holds_its_share_and_is_within_nought_and_one(sample):
    low, high = sample.bounds()
    assert 0 <= low <= high <= 1
    if sample.share is not None:
        assert low - 1e-12 <= sample.share <= high + 1e-12


@UNHURRIED
@given(st.lists(samples(), min_size=1, max_size=12))
def test_total_is_never_below_what_was_found_nor_above_what_was_not_found_missing(parts):
    estimate = combined(parts)
    if estimate is None:
        assert not any(part.existing + part.missing for part in parts)
        return
    assert sum(part.existing for part in parts) <= estimate.low
    assert estimate.low <= estimate.value <= estimate.high
    assert estimate.high <= sum(part.population - part.missing for part in parts)


@UNHURRIED
@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_total_is_exact_where_every_number_was_asked(parts):
    asked = [Sample(size, size, min(size, existing)) for size, existing in parts]
    total = sum(sample.existing for sample in asked)
    assert combined(asked) == Estimate(total, total, total)


@UNHURRIED
@given(samples(), st.integers(1, 50))
def test_unanswered_numbers_never_narrow_the_interval(sample, more):
    answered = Sample(sample.population + more, sample.asked + more, sample.existing)
    open_ = Sample(sample.population + more, sample.asked + more, sample.existing, more)
    assert open_.bounds()[0] == answered.bounds()[0]
    assert open_.bounds()[1] >= answered.bounds()[1]


def test_stratum_that_was_not_asked_widens_the_total_to_both_sides():
    asked = Sample(1000, 50, 25)
    alone, both = combined([asked]), combined([asked, Sample(200, 0, 0)])
    assert alone is not None
    assert both == Estimate(alone.value + 100, alone.low, alone.high + 200)


def test_sample_asked_in_full_adds_no_error_to_the_others():
    rest = Sample(1000, 50, 25)
    alone, both = combined([rest]), combined([rest, Sample(5000, 5000, 4000)])
    assert alone is not None
    assert both == Estimate(alone.value + 4000, alone.low + 4000, alone.high + 4000)


def test_nothing_answered_gives_no_estimate():
    assert combined([]) is None
    assert combined([Sample(100, 3, 0, 3)]) is None


@pytest.mark.parametrize(
    "counts", [(5, 6, 0, 0), (5, 2, 3, 0), (5, 2, 1, 2), (5, 2, -1, 0), (5, 2, 1, -1)]
)
def test_sample_that_cannot_be_is_refused(counts):
    with pytest.raises(ValueError, match=r"sample|counts"):
        Sample(*counts)


@UNHURRIED
@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=14),
    st.integers(0, 300),
    st.integers(0, 6),
)
def test_allocation_spends_all_that_can_be_spent_and_keeps_its_floor(sizes, total, least):
    given_ = allocate(sizes, total, least)
    assert sum(given_) == min(total, sum(sizes))
    assert all(0 <= count <= size for count, size in zip(given_, sizes, strict=True))
    if total >= least * len(sizes):
        assert all(c >= min(least, s) for c, s in zip(given_, sizes, strict=True))


@pytest.mark.parametrize(
    ("sizes", "total", "expected"),
    [
        ([3000, 2000, 1000], 60, [30, 20, 10]),
        ([10_000, 100], 60, [56, 4]),
        ([10_000, 2], 60, [58, 2]),
        ([30, 10], 60, [30, 10]),
        ([5, 9, 7], 5, [0, 4, 1]),
    ],
)
def test_allocation_is_in_proportion_to_size(sizes, total, expected):
    assert allocate(sizes, total, 4) == expected


def numbers_with_holes(rng: Random, size: int) -> set[int]:
    """Numbers below `size` of which a third is missing, half of these in dead runs, half singly."""
    existing, third = set(range(size)), size // 3
    while len(existing) > size - third // 2:
        begin = rng.randrange(size)
        existing -= set(range(begin, begin + rng.randrange(20, 400)))
    existing -= set(rng.sample(sorted(existing), len(existing) - (size - third)))
    return existing


def held_at_first(rng: Random, existing: set[int], size: int, how: str) -> set[int]:
    """What a crawl of listings holds: the newest tenth, and of the rest one here and there, or a
    stretch here and there."""
    held = {number for number in existing if number > size * 0.9} | {min(existing)}
    if how == "scattered":
        return held | set(rng.sample(sorted(existing), len(existing) // 7))
    for begin in range(0, size, size // 10):
        held |= existing & set(range(begin, begin + rng.randrange(size // 100, size // 20)))
    return held


def gaps_between(held: set[int]) -> list[Gap]:
    pairs = pairwise(sorted(held))
    return [Gap("news", "h", low + 1, high - 1) for low, high in pairs if high > low + 1]


def estimated(portal: str, gaps: list[Gap], existing: set[int], answers: dict[Number, bool | None]):
    """A run of sixty more requests: what it adds to `answers`, and what it estimates."""
    strata = strata_of(gaps, 60 + len(answers))
    for number in to_ask(portal, strata, answers, 60):
        answers[number] = number[2] in existing
    return combined([sample_of(portal, stratum, answers) for stratum in strata])


@pytest.mark.parametrize("how", ["scattered", "stretches"])
def test_interval_holds_the_true_number_of_articles_in_nine_of_ten_portals(how):
    right = again = 0
    for seed in range(50):
        rng = Random(f"{how}/{seed}")
        existing = numbers_with_holes(rng, 10_000)
        held = held_at_first(rng, existing, 10_000, how)
        answers: dict[Number, bool | None] = {}
        first = estimated(f"{how}{seed}", gaps_between(held), existing, answers)
        assert first is not None
        assert len(answers) == 60
        right += first.low <= len(existing - held) <= first.high
        # A later run, when listings have shown a fifth of what was unknown: the strata are others,
        # and what both have found counts as found by the listings.
        held |= set(rng.sample(sorted(existing - held), len(existing - held) // 5))
        answers = {number: was for number, was in answers.items() if number[2] not in held}
        second = estimated(f"{how}{seed}", gaps_between(held), existing, answers)
        assert second is not None
        again += second.low <= len(existing - held) <= second.high
    assert (right >= 45, again >= 45) == (True, True), (right, again)
