"""Slots as the reference readers of both forms understand them: cronsim, systemd-analyze."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from crawler.scheduling.plan import CHECK_AT, DAILY_AT, REFRESH_AT, WEEKLY_AT
from crawler.scheduling.slots import DAY, STEPS, WEEK, WORDS, Slot, step
from tests.crawler.scheduling.systemd import needs_systemd

START = datetime(2026, 11, 20, tzinfo=UTC)
SLOTS = [Slot(every, 52, 21, 5) for every in STEPS] + [Slot(every) for every in STEPS]


def cron_turns(slot: Slot, count: int, start: datetime = START) -> list[datetime]:
    turns = CronSim(slot.cron(), start)
    return [next(turns) for _ in range(count)]


@pytest.mark.parametrize("slot", SLOTS, ids=str)
def test_cron_turns_are_evenly_apart(slot):
    turns = cron_turns(slot, 40)
    gaps = {b - a for a, b in pairwise(turns)}
    assert gaps == {timedelta(seconds=slot.every)}
    assert slot.minute % 60 in {turn.minute for turn in turns}


@needs_systemd
@pytest.mark.parametrize("slot", SLOTS, ids=str)
def test_systemd_takes_the_same_turns_as_cron(slot):
    done = subprocess.run(
        [
            *("systemd-analyze", "calendar", "--iterations=40"),
            *(f"--base-time={START:%Y-%m-%d %H:%M:%S} UTC", slot.calendar()),
        ],
        env={"PATH": "/usr/bin:/bin", "TZ": "UTC", "LANG": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.findall(r"(?:Next elapse|Iter\. #\d+): \w+ (\S+ \S+) UTC", done.stdout)
    turns = [datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) for text in found]
    assert turns == cron_turns(slot, 40)


@pytest.mark.parametrize("zone", ["Africa/Bamako", "Europe/Paris", "America/Montreal"])
@pytest.mark.parametrize("hour", [REFRESH_AT, DAILY_AT, WEEKLY_AT, CHECK_AT])
def test_case_58_summer_time_neither_leaves_out_a_daily_turn_nor_doubles_it(hour, zone):
    turns = cron_turns(Slot(DAY, 30, hour), 365, datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)))
    days = [turn.date() for turn in turns]
    assert [b - a for a, b in pairwise(days)] == [timedelta(days=1)] * 364


@pytest.mark.parametrize(
    ("interval", "every"),
    [(1, 900), (900, 900), (1799, 900), (3600, 3600), (DAY - 1, 43_200), (3 * DAY, DAY),
     (WEEK, WEEK), (9 * WEEK, WEEK)],
)  # fmt: skip
def test_step_is_the_longest_that_misses_nothing(interval, every):
    assert step(interval) == every


def test_every_step_has_words():
    assert STEPS.keys() == WORDS.keys()
