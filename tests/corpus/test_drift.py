"""Drift as pure functions: tallies of readings, and what is judged of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.drift import Limits, judge
from corpus.tally import Tally

BODY = "x" * 1000


def tally(count: int, sign: str = "selector:h1", **given: object) -> Tally:
    made = Tally()
    for number in range(count):
        made.readings += 1
        values = {"title": "Titre", "published_on": "d", "body": BODY, "author": "A. B."} | given
        for name, value in values.items():
            made.count(name, value, sign, f"http://a/{number}")
    return made


def fields(now: Tally, before: Tally, declared: tuple[str, ...] = ()) -> list[str]:
    return [drift.field for drift in judge("p", now, before, Limits(), declared)]


CASES = {
    "the same": (tally(30), tally(100), []),
    "too few to judge": (tally(19, "meta:og:title"), tally(100), []),
    "too little history": (tally(30, "meta:og:title"), tally(19), []),
    "another selector is the same layer": (tally(30, "selector:h2"), tally(100), []),
    "first layer lost": (
        tally(30, "meta:og:title"),
        tally(100),
        ["title", "published_on", "body", "author"],
    ),
    "kept fields keep their layer": (tally(30, "kept:selector:h1"), tally(100), []),
    "title gone": (tally(30, title=None), tally(100), ["title"]),
    "author gone": (tally(30, author=None), tally(100), ["author"]),
    "body a fifth": (tally(30, body="x" * 200), tally(100), ["body"]),
    "body three quarters": (tally(30, body="x" * 750), tally(100), []),
}


@pytest.mark.parametrize(("now", "before", "drifted"), CASES.values(), ids=CASES)
def test_drift_is_what_no_chance_explains(now, before, drifted):
    assert fields(now, before) == drifted


def test_mixed_layers_are_no_first_layer():
    before = tally(70)
    before.add(tally(30, "structure:b"))
    assert fields(tally(30, "structure:b"), before) == []


def test_rare_field_may_be_absent():
    before = tally(100, author=None)
    before.add(tally(30))
    assert fields(tally(30, author=None), before) == []


def test_first_run_is_judged_by_the_portals_selectors_alone():
    assert fields(tally(30, "structure:x"), Tally()) == []
    assert fields(tally(30, "structure:x"), Tally(), ("title",)) == ["title"]
    assert fields(tally(30), Tally(), ("title", "body")) == []


def test_line_says_portal_field_change_and_what_to_do():
    (drift, *_) = judge("abamako", tally(30, "meta:og:title"), tally(100), Limits())
    assert str(drift) == (
        "drift: abamako title: selector gave 100% → 0%, now meta:og:title, "
        "e.g. http://a/29: run `scrapy try --all http://a/29`"
    )


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60))
def test_tally_comes_back_from_json_and_its_median_is_near(lengths):
    made = Tally()
    for length in lengths:
        made.readings += 1
        made.count("body", "x" * length, "selector:a", "http://a/")
    assert Tally.from_json(made.as_json()) == made
    filled = sorted(length for length in lengths if length)
    if filled:
        middle = filled[(len(filled) - 1) // 2]
        assert 0.75 * middle <= made.fields["body"].median() <= 1.3 * middle + 1
