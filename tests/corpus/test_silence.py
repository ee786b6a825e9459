"""Which sections have fallen silent, by the figures of the runs; the crawl that notes them is in
`tests/crawler/test_drift.py`."""

from __future__ import annotations

import pytest

from corpus.silence import LISTED, judge_listed

POLITICS = LISTED + "politique"


@pytest.mark.parametrize(
    ("counts", "usual"),
    [
        ([0, 20], 20),
        ([0, 5, 5, 5], 5),
        ([0, 20, 0, 0, 20, 20], 20),
        ([0, 4, 4, 4], None),
        ([0, 0, 0, 20], None),
        ([3, 20, 20], None),
        ([0], None),
        ([], None),
        ([0, *[20] * 4, *[0] * 50], 20),
        ([0, *[0] * 4, *[20] * 50], None),
    ],
)
def test_none_where_there_usually_are(counts: list[int], usual: int | None) -> None:
    found = judge_listed("abamako", [{POLITICS: count} for count in counts])
    assert [one.usual for one in found] == ([usual] if usual else [])


def test_runs_that_did_not_look_at_the_section_do_not_count() -> None:
    runs = [{POLITICS: 0}, {LISTED + "sports": 0}, {}, {POLITICS: 12}]
    (found,) = judge_listed("abamako", runs)
    assert (found.section, found.usual) == ("politique", 12)
    assert judge_listed("abamako", runs[1:]) == []
