"""Exit codes: one table from how a run ended to what the shell sees."""

from __future__ import annotations

import pytest

from crawler.exit_codes import MEANINGS, ORDER, exit_code

GOOD = {
    "finish_reason": "finished",
    "portal/walks/listings": 3,
    "portal/listings/read": 9,
    "portal/pages/stored": 50,
}

BY_NUMBER = {"finish_reason": "finished", "portal/numbers/series": 1}
QUIET = GOOD | {"portal/pages/stored": 0, "portal/listings/read": 10}


def test_exit_code_is_12_for_a_single_failure_where_none_is_allowed():
    assert exit_code(QUIET | {"portal/pages/failed": 1}, max_failed_ratio=0) == 12


@pytest.mark.parametrize(
    ("stats", "code"),
    [
        (GOOD, 0),
        (GOOD | {"finish_reason": "limit"}, 0),
        ({"finish_reason": "already_running"}, 0),
        # A run with nothing new stores nothing, and that is no fault.
        (GOOD | {"portal/pages/stored": 0}, 0),
        (GOOD | {"finish_reason": "shutdown"}, 11),
        (GOOD | {"finish_reason": "closespider_timeout"}, 15),
        (GOOD | {"finish_reason": "memusage_exceeded"}, 14),
        (GOOD | {"finish_reason": "throttled"}, 18),
        (GOOD | {"finish_reason": "barren"}, 9),
        (GOOD | {"finish_reason": "start_error"}, 1),
        (GOOD | {"finish_reason": None}, 13),
        # Six of sixty-five is below one in ten, seven of it above.
        (GOOD | {"portal/pages/failed": 6}, 0),
        (GOOD | {"portal/pages/failed": 7}, 12),
        (GOOD | {"portal/quarantined/exception": 7, "portal/pages/quarantined": 7}, 12),
        # Two failures of a quiet run prove nothing; three do, and so does a run that all failed.
        (QUIET | {"portal/pages/failed": 2}, 0),
        (QUIET | {"portal/pages/failed": 3}, 12),
        ({"finish_reason": "finished", "portal/listings/failed": 1}, 12),
        # Numbers that do not exist are no failures.
        (GOOD | {"portal/pages/missing": 40}, 0),
        (GOOD | {"portal/walks/listings": 0}, 9),
        (GOOD | {"portal/sections/not_found": 1}, 9),
        (GOOD | {"portal/pages/stored": 0, "portal/pages/missing": 5}, 9),
        ({"finish_reason": "finished", "portal/failed/robots_unreachable": 2}, 18),
        # By number there are no listings, and a range may hold nothing.
        (BY_NUMBER | {"portal/pages/stored": 9}, 0),
        (BY_NUMBER | {"portal/pages/missing": 900}, 0),
        (BY_NUMBER | {"portal/numbers/series": 0}, 9),
        (BY_NUMBER | {"portal/failed/robots": 1}, 18),
        (BY_NUMBER | {"portal/failed/robots": 1, "portal/pages/missing": 9}, 0),
        # Several at once: the first of the contract's order.
        (GOOD | {"finish_reason": "shutdown", "portal/pages/failed": 30}, 12),
        (GOOD | {"finish_reason": "barren", "portal/pages/failed": 30}, 12),
    ],
)
def test_exit_code_says_how_the_run_ended(stats, code):
    assert exit_code(stats, max_failed_ratio=0.1) == code


@pytest.mark.parametrize("code", [3, 8])
def test_problem_of_the_database_gives_its_own_code(code):
    stats = GOOD | {"finish_reason": "database", "portal/pages/failed": 30}
    assert exit_code(stats, max_failed_ratio=0.1, database_code=code) == code


def test_every_code_in_the_order_has_a_meaning():
    assert {0, 1, 2, *ORDER} == set(MEANINGS)


@pytest.mark.parametrize(
    ("strategy", "stats", "code"),
    [
        ("feed", {"portal/feeds/answered": 1}, 0),
        ("feed", {"portal/listings/read": 1}, 9),
        ("refresh", {}, 0),
        ("refresh", {"portal/pages/gone": 5}, 9),
        ("refresh", {"portal/pages/gone": 5, "portal/pages/stored": 1}, 0),
        ("refresh", {"portal/pages/gone": 4}, 0),
    ],
)
def test_nothing_came_is_what_the_strategy_reads(strategy, stats, code):
    ended = {"finish_reason": "finished"} | stats
    assert exit_code(ended, max_failed_ratio=0.1, strategy=strategy) == code
