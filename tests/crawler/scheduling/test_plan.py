"""Which runs a portal gets, by tables and properties."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.arrivals import CEILING, FLOOR
from crawler.portals.base import portals
from crawler.scheduling.plan import LONGEST, Job, Target, plan
from crawler.scheduling.slots import DAY, HOUR, MINUTE, WEEK

OPERAND = ("abamako",)
slugs = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,12}){0,4}", fullmatch=True)
intervals = st.dictionaries(slugs, st.none() | st.integers(FLOOR, CEILING), max_size=60)


def sections_of(job: Job) -> list[str]:
    found = [a.removeprefix("section=") for a in job.arguments if a.startswith("section=")]
    return found[0].split(",") if found else []


def shown(jobs: list[Job]) -> list[tuple[str, int, str]]:
    return [(job.name, job.slot.every, " ".join(job.arguments)) for job in jobs]


def test_sections_of_like_interval_share_a_run():
    learned = {"politique": 20 * MINUTE, "societe": 29 * MINUTE, "sport": 5 * HOUR,
               "religion": CEILING, "neuve": None}  # fmt: skip
    assert shown(plan(Target("abamako", OPERAND, learned, feed=True))) == [
        ("abamako-feed", 15 * MINUTE, "crawl abamako -a strategy=feed"),
        ("abamako-15min", 15 * MINUTE, "crawl abamako -a section=politique,societe"),
        ("abamako-1h", HOUR, "crawl abamako -a section=neuve"),
        ("abamako-4h", 4 * HOUR, "crawl abamako -a section=sport"),
        ("abamako-refresh", DAY, "crawl abamako -a strategy=refresh"),
        ("abamako-1w", WEEK, "crawl abamako"),
    ]


def test_portal_of_which_nothing_is_known_is_crawled_whole_each_hour():
    assert shown(plan(Target("abamako", OPERAND))) == [
        ("abamako-1h", HOUR, "crawl abamako"),
        ("abamako-refresh", DAY, "crawl abamako -a strategy=refresh"),
    ]


def test_portal_that_sleeps_is_asked_once_a_week():
    assert shown(plan(Target("abamako", OPERAND, {"sport": CEILING}))) == [
        ("abamako-refresh", DAY, "crawl abamako -a strategy=refresh"),
        ("abamako-1w", WEEK, "crawl abamako"),
    ]


@pytest.mark.parametrize("bad", ["", "a b", "a;rm", "a\n* * * * * x", "-x", "é", "a,b", "$(x)"])
def test_slug_that_is_none_is_left_to_the_weekly_run(bad):
    jobs = plan(Target("abamako", OPERAND, {bad: FLOOR, "sport": FLOOR}))
    assert sections_of(jobs[0]) == ["sport"]
    assert jobs[-1].arguments == ("crawl", "abamako")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(intervals, st.booleans())
def test_every_section_is_walked_no_later_than_it_may_have_something_new(learned, feed):
    jobs = plan(Target("abamako", OPERAND, learned, feed))
    assert len({job.name for job in jobs}) == len(jobs)
    named = [name for job in jobs for name in sections_of(job)]
    assert len(named) == len(set(named))
    for job in jobs:
        assert all(job.slot.every <= (learned[name] or HOUR) for name in sections_of(job))
        assert len(",".join(sections_of(job))) <= 300
    assert ("crawl", "abamako") in [job.arguments for job in jobs]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(intervals, st.booleans())
def test_run_ends_before_its_next_turn(learned, feed):
    for job in plan(Target("abamako", OPERAND, learned, feed)):
        assert job.limit is not None
        assert MINUTE <= job.limit <= min(job.slot.every - MINUTE, LONGEST)
        assert job.argv[-1] == f"CLOSESPIDER_TIMEOUT={job.limit}"


def test_portals_of_one_machine_do_not_all_begin_at_once():
    first = [plan(Target(name, (name,)))[0].slot.minute for name in portals()]
    assert len(set(first)) >= len(first) // 2


def test_runs_of_a_portal_begin_at_different_minutes():
    learned = {"politique": FLOOR, "sport": HOUR, "culture": 4 * HOUR, "religion": DAY}
    jobs = plan(Target("abamako", OPERAND, learned, feed=True))
    rare = [job.slot for job in jobs if job.slot.every >= HOUR]
    assert all(a.minute != b.minute for a, b in combinations(rare, 2))
