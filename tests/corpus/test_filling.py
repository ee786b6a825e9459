"""Gaps become few wanted ranges that hold every untried number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from corpus.database import Database
from corpus.discoveries import PAGES
from corpus.filling import Filled, fill, joined
from corpus.numbers import WANTED, Series, Span, ranges_of
from corpus.strata import Gap

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""
H, P = Series("news", "h"), Series("news", "p")


@st.composite
def gaps(draw: st.DrawFn) -> list[Gap]:
    found = []
    for kind in ("h", "p"):
        at = 1
        for size, known in draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)))):
            found.append(Gap("news", kind, at, at + size - 1))
            at += size + known
    return found


@UNHURRIED
@given(gaps(), st.integers(2, 12))
def test_ranges_are_few_and_hold_every_gap_and_begin_and_end_with_one(found, most):
    ranges = joined(found, most)
    assert len(ranges) <= most
    numbers = {(g.kind, n) for g in found for n in range(g.first, g.last + 1)}
    inside = [(s.kind, n) for s, span in ranges for n in range(span.first, span.last + 1)]
    assert numbers <= set(inside)
    assert len(set(inside)) == len(inside)
    for series, span in ranges:
        assert {(series.kind, span.first), (series.kind, span.last)} <= numbers


def test_gaps_are_joined_over_the_shortest_known_stretches():
    found = [Gap("news", "h", a, b) for a, b in ((1, 2), (5, 6), (100, 101), (103, 104))]
    found.append(Gap("news", "p", 1, 9))
    assert joined(found, 3) == [(H, Span(1, 6)), (H, Span(100, 104)), (P, Span(1, 9))]
    assert len(joined(found)) == 5


def page(number: int, state: str, due_at: datetime | None) -> dict[str, Any]:
    return {
        "portal": "abamako", "site": "news", "kind": "h", "number": number,
        "key": f"news/h/{number}", "url": f"http://news.abamako.com/h/{number}.html",
        "state": state, "due_at": due_at, "found_by": [], "discovered_at": NOW,
    }  # fmt: skip


def test_filling_twice_is_filling_once(database_url: str, tmp_path: Path):
    later = NOW + timedelta(days=7)
    rows = [page(1, "failed", later), page(2, "quarantined", None), page(3, "rejected", later)]
    found = [Gap("news", "h", 10, 19), Gap("news", "h", 30, 30), Gap("news", "p", 5, 6)]
    database = Database(database_url, root=tmp_path)
    database.prepare()
    with database.writing() as connection:
        connection.execute(insert(PAGES), rows)
        assert fill(connection, "abamako", found, NOW) == Filled(3, 13, 2)
    with database.writing() as connection:
        assert fill(connection, "abamako", found, NOW + timedelta(hours=1)) == Filled(3, 13, 0)
        noted = ranges_of(connection, "abamako", WANTED)
        assert [(one.series, one.span) for one in noted] == [
            (H, Span(30, 30)),
            (H, Span(10, 19)),
            (P, Span(5, 6)),
        ]
        query = select(PAGES.c.due_at).order_by(PAGES.c.number)
        assert list(connection.execute(query).scalars()) == [NOW, NOW, later]
    database.dispose()
