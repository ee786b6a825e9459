"""The walk over a series of numbers: tables of examples, and portals that Hypothesis draws."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.number_units import KnownNumber
from corpus.numbers import Span
from crawler.discovery.ids import (
    BATCH,
    FIRST_STRIDE,
    LONGEST_STRIDE,
    REACH,
    Ground,
    Outcome,
    Step,
    is_past,
    outcome,
    plan,
    soundings,
)

ARTICLE, NOTHING, OPEN = Outcome.ARTICLE, Outcome.NOTHING, Outcome.OPEN
DAY = date(2024, 3, 1)


def ground(at, known, *, first=1, last=10_000, passed=(), full=False):
    return Ground(at, Span(first, last), known, passed, full)


def test_numbers_within_reach_of_an_article_are_asked_and_no_further():
    step = plan(ground(4999, {5000: ARTICLE}))
    assert step == Step(ask=tuple(range(4999, 4949, -1)))


def test_an_article_below_draws_numbers_above_it():
    known = {5000: ARTICLE, 4940: ARTICLE} | dict.fromkeys(range(4950, 5000), NOTHING)
    assert plan(ground(4949, known)).ask == tuple(n for n in range(4949, 4889, -1) if n != 4940)


def test_a_batch_is_no_more_than_so_many():
    known = dict.fromkeys(range(1, 5001, 2), ARTICLE)
    assert len(plan(ground(4998, known)).ask) == BATCH


def test_where_answers_are_awaited_nothing_is_decided():
    known = {5000: ARTICLE} | dict.fromkeys(range(4950, 5000), OPEN)
    assert plan(ground(4949, known)) == Step()


def test_behind_fifty_missing_numbers_the_walk_skims_by_growing_strides():
    known = {5000: ARTICLE} | dict.fromkeys(range(4950, 5000), NOTHING)
    passed: list[Span] = []
    at, strides = 4949, []
    for _ in range(7):
        step = plan(ground(at, known, passed=passed))
        (probe,) = step.ask
        strides.append(at - probe + 1)
        assert step.passed == (Span(probe + 1, at),)
        passed += step.passed
        known[probe] = NOTHING
        at = probe - 1
    assert strides == [64, 128, 256, 512, 1024, 1024, 1024]


def test_an_article_that_skimming_finds_ends_the_skimming():
    known = {4000: ARTICLE} | dict.fromkeys(range(3950, 4000), NOTHING)
    assert plan(ground(3949, known, passed=[Span(4051, 4500)])).ask == (3949 - FIRST_STRIDE + 1,)


def test_skimming_stops_short_of_an_article_below():
    known = {5000: ARTICLE, 4900: ARTICLE} | dict.fromkeys(range(4960, 5000), NOTHING)
    assert plan(ground(4959, known, last=20_000)).ask[0] == 4959
    far = {5000: NOTHING, 4930: ARTICLE}
    assert plan(ground(4999, far)) == Step(passed=(Span(4981, 4999),))


def test_what_was_passed_over_before_is_passed_over_in_silence():
    known = {5000: ARTICLE} | dict.fromkeys(range(4950, 5000), NOTHING)
    step = plan(ground(4949, known, passed=[Span(4900, 4945)]))
    assert step == Step(ask=(4886,), passed=(Span(4946, 4949), Span(4887, 4899)))


def test_a_full_walk_passes_nothing_over():
    assert plan(ground(90, {}, full=True, passed=[Span(1, 80)])).ask == tuple(range(90, 26, -1))


def test_number_one_is_the_last_that_skimming_asks():
    known = {300: ARTICLE} | dict.fromkeys(range(250, 300), NOTHING)
    assert plan(ground(40, known)) == Step(ask=(1,), passed=(Span(2, 40),))
    assert plan(ground(1, known)) == Step(ask=(1,))


@pytest.mark.parametrize(
    ("state", "day", "given_back", "alone", "is_"),
    [
        ("stored", DAY, False, False, ARTICLE),
        ("gone", None, False, False, ARTICLE),
        ("duplicate", None, False, False, ARTICLE),
        ("quarantined", None, False, False, ARTICLE),
        ("missing", None, False, False, NOTHING),
        ("rejected", None, False, False, NOTHING),
        ("failed", None, False, False, NOTHING),
        ("queued", None, False, False, OPEN),
        ("leased", DAY, False, False, OPEN),
        ("queued", None, False, True, NOTHING),
        ("queued", DAY, False, True, ARTICLE),
        # Out of the days asked for, and throttled.
        ("queued", DAY, True, False, ARTICLE),
        ("queued", None, True, False, NOTHING),
    ],
)
def test_what_a_row_tells_its_neighbours(state, day, given_back, alone, is_):
    assert outcome(KnownNumber(state, day, given_back), alone=alone) is is_


def test_soundings_go_down_by_powers_where_no_day_is_early_enough():
    assert soundings(Span(1, 1000), None, 1000) == (936, 872, 744, 488, 1)
    assert soundings(Span(1, 1000), None, None) == (936, 872, 744, 488, 1)
    assert soundings(Span(300, 1000), None, 400) == (336, 300)
    assert soundings(Span(300, 1000), None, 300) == ()


def test_soundings_part_what_lies_between_two_days_and_end_where_that_is_little():
    assert soundings(Span(1, 2000), 100, 1000) == (900, 800, 700, 600, 500, 400, 300, 200)
    assert soundings(Span(1, 2000), 900, 1000) == ()
    assert soundings(Span(1, 2000), 2000, None) == ()
    # Nothing later is known: the edge is above what is known, or there is none.
    assert soundings(Span(1, 2000), 1000, None)[0] == 1888


def test_a_walk_is_past_since_when_fifty_articles_running_are_older():
    old = [DAY - timedelta(days=1)] * REACH
    assert is_past(old, DAY)
    assert not is_past([*old[1:], DAY], DAY)
    assert not is_past(old[1:], DAY)


# -- whole walks -----------------------------------------------------------------------------


class Walker:
    """Plays shell and tables: asks a portal that has `articles`, keeps rows and ranges."""

    def __init__(self, articles: set[int], top: int, *, full: bool = False) -> None:
        self.articles, self.top, self.full = articles, top, full
        self.rows: dict[int, Outcome] = {}
        self.passed: set[int] = set()
        self.asked: list[int] = []
        self.waiting: list[int] = []

    def spans(self) -> list[Span]:
        runs: list[Span] = []
        for number in sorted(self.passed):
            if runs and runs[-1].last == number - 1:
                runs[-1] = Span(runs[-1].first, number)
            else:
                runs.append(Span(number, number))
        return runs

    def answer(self, count: int) -> None:
        """The portal answers the oldest `count` requests."""
        for number in self.waiting[:count]:
            self.rows[number] = ARTICLE if number in self.articles else NOTHING
            if number in self.articles and not self.full:
                self.passed -= set(range(number - REACH, number + REACH + 1))
        del self.waiting[:count]

    def step(self) -> bool:
        """One step; False where nothing is left to be decided."""
        todo = [
            n
            for n in range(1, self.top + 1)
            if n not in self.rows and (self.full or n not in self.passed)
        ]
        if not todo:
            return False
        did = plan(Ground(todo[-1], Span(1, self.top), self.rows, self.spans(), self.full))
        assert did != Step() or self.waiting, "it waits for nothing"
        assert not self.rows.keys() & set(did.ask), "asked twice"
        for number in did.ask:
            self.rows[number] = OPEN
        self.asked += did.ask
        self.waiting += did.ask
        self.passed |= {n for span in did.passed for n in range(span.first, span.last + 1)}
        assert did != Step() or todo
        if did == Step():
            self.answer(1)
        return True

    def walk(self, answers: list[int], stop_after: int | None = None) -> None:
        """To the end, or so many steps; `answers` says how many requests end at each step."""
        steps = 0
        while stop_after is None or steps < stop_after:
            more = self.step()
            self.answer(answers[steps % len(answers)])
            steps += 1
            if not more:
                self.answer(len(self.waiting))
                if not self.step():
                    return

    def restart(self) -> None:
        """As after `kill -9`: what was in flight is asked first."""
        self.answer(len(self.waiting))


stretches = st.lists(
    st.tuples(st.integers(1, 300), st.integers(1, 700), st.integers(1, 6)), min_size=1, max_size=6
)


def numbers_of(drawn: list[tuple[int, int, int]]) -> set[int]:
    """Stretches of articles, `step` apart, with holes between them."""
    found: set[int] = set()
    at = 1
    for length, hole, step in drawn:
        found |= set(range(at, at + length, step))
        at += length + hole
    return found


@settings(max_examples=60, deadline=None)
@given(
    drawn=stretches,
    answers=st.lists(st.integers(0, 70), min_size=1, max_size=5).map(lambda a: [*a, 3]),
    stops=st.lists(st.integers(1, 20), max_size=3),
)
def test_every_article_within_reach_of_a_found_one_is_found(drawn, answers, stops):
    articles = numbers_of(drawn)
    walker = Walker(articles, max(articles))
    for stop in stops:
        walker.walk(answers, stop)
        walker.restart()
    walker.walk(answers)
    found = {n for n, was in walker.rows.items() if was is ARTICLE}
    assert max(articles) in found
    for number in articles - found:
        assert not found & set(range(number - REACH, number + REACH + 1)), number
    assert len(walker.asked) == len(set(walker.asked))
    assert not walker.passed & walker.rows.keys()
    assert walker.passed | walker.rows.keys() == set(range(1, walker.top + 1))
    # What it costs: the found and their surroundings, and a request for each stride.
    live = {m for n in found for m in range(max(1, n - REACH), n + REACH + 1)}
    dead = walker.top - len(live & set(range(1, walker.top + 1)))
    holes = len(walker.spans()) + len(stops)
    assert len(walker.asked) <= len(live) + REACH + dead // LONGEST_STRIDE + 6 * (holes + 1)


@settings(max_examples=20, deadline=None)
@given(drawn=stretches)
def test_a_full_walk_finds_all(drawn):
    articles = numbers_of(drawn)
    walker = Walker(articles, max(articles), full=True)
    walker.walk([40])
    assert sorted(walker.asked) == list(range(1, max(articles) + 1))
