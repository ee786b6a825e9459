"""How gaps become strata, and which of their numbers count as a random sample."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.estimation import Sample
from corpus.strata import LEAST_EACH, MOST, Gap, Stratum, sample_of, strata_of, to_ask

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@st.composite
def gaps(draw: st.DrawFn) -> list[Gap]:
    found = []
    for kind in draw(st.lists(st.sampled_from("hp"), unique=True, min_size=1)):
        at = 1
        for size in draw(st.lists(st.integers(1, 400), min_size=1, max_size=30)):
            found.append(Gap("news", kind, at, at + size - 1))
            at += size + 1
    return found


@UNHURRIED
@given(gaps(), st.integers(1, 200))
def test_strata_part_the_gaps_and_are_a_dozen_at_most(found, requests):
    strata = strata_of(found, requests)
    assert sorted(gap for stratum in strata for gap in stratum.gaps) == sorted(found)
    assert all(s.population == sum(gap.count for gap in s.gaps) for s in strata)
    assert len(strata) <= MOST + 1
    assert len(strata) <= max(2, requests // LEAST_EACH)


def test_large_gap_is_a_stratum_of_its_own_and_small_neighbours_are_one():
    large = Gap("news", "h", 1, 5000)
    small = [Gap("news", "h", n, n + 4) for n in range(6000, 8000, 10)]
    strata = strata_of([*small, large], 60)
    assert strata[0] == Stratum((large,), 5000)
    assert [gap for s in strata[1:] for gap in s.gaps] == small


@UNHURRIED
@given(gaps(), st.integers(1, 100))
def test_sample_asks_for_as_many_different_untried_numbers_as_were_wanted(found, requests):
    strata = strata_of(found, requests)
    wanted = to_ask("abamako", strata, {}, requests)
    assert len(set(wanted)) == len(wanted) == min(requests, sum(gap.count for gap in found))
    assert all(sum(number in stratum for stratum in strata) == 1 for number in wanted)


@UNHURRIED
@given(gaps(), st.integers(1, 60))
def test_two_runs_in_a_row_make_one_sample(found, requests):
    answers: dict[tuple[str, str, int], bool | None] = {}
    for _ in range(2):
        strata = strata_of(found, requests)
        wanted = to_ask("abamako", strata, answers, requests)
        assert not set(wanted) & set(answers)
        answers |= dict.fromkeys(wanted, True)
    samples = [sample_of("abamako", stratum, answers) for stratum in strata]
    assert sum(sample.asked for sample in samples) == len(answers)


def test_only_numbers_up_to_the_first_that_was_not_asked_count():
    stratum = Stratum((Gap("news", "h", 1, 100),), 100)
    order = to_ask("abamako", [stratum], {}, 100)
    answers = {order[0]: True, order[1]: None, order[2]: False, order[4]: True}
    assert sample_of("abamako", stratum, answers) == Sample(100, 3, 1, 1)


def test_number_outside_the_gaps_is_in_no_stratum():
    stratum = Stratum((Gap("news", "h", 5, 9), Gap("news", "h", 20, 20), Gap("x", "h", 1, 3)), 9)
    inside = [("news", "h", 5), ("news", "h", 9), ("news", "h", 20), ("x", "h", 1)]
    outside = [("news", "h", 4), ("news", "h", 10), ("news", "p", 6), ("x", "h", 4), ("a", "h", 1)]
    assert all(number in stratum for number in inside)
    assert not any(number in stratum for number in outside)
