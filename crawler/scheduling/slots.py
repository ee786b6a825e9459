"""Slot: a regular moment in time, as cron and as systemd write it."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR, DAY, WEEK = 60, 3600, 24 * 3600, 7 * 24 * 3600
STEPS = {
    15 * MINUTE: "15min",
    30 * MINUTE: "30min",
    HOUR: "1h",
    2 * HOUR: "2h",
    4 * HOUR: "4h",
    12 * HOUR: "12h",
    DAY: "1d",
    WEEK: "1w",
}
"""Intervals that both can say with even gaps, in seconds, and their names."""
WORDS = {
    15 * MINUTE: "every 15 minutes",
    30 * MINUTE: "every 30 minutes",
    HOUR: "every hour",
    2 * HOUR: "every 2 hours",
    4 * HOUR: "every 4 hours",
    12 * HOUR: "every 12 hours",
    DAY: "every day",
    WEEK: "every week",
}
_WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


def step(interval: int) -> int:
    """The longest of STEPS that is no longer than `interval` seconds; at least the shortest."""
    return max((s for s in STEPS if s <= interval), default=min(STEPS))


@dataclass(frozen=True, slots=True)
class Slot:
    """Every `every` seconds (one of STEPS), at `minute` of the hour, from `hour` of the day on, on
    `weekday` (0 is Sunday). What a step does not need is not looked at."""

    every: int
    minute: int = 0
    hour: int = 0
    weekday: int = 0

    def cron(self) -> str:
        """The five fields of a crontab line: `7,22,37,52 * * * *`."""
        if self.every < HOUR:
            return f"{self._list(self._minutes())} * * * *"
        if self.every == HOUR:
            return f"{self.minute} * * * *"
        day = self.weekday if self.every == WEEK else "*"
        return f"{self.minute} {self._list(self._hours())} * * {day}"

    def calendar(self) -> str:
        """The value of OnCalendar=: `*-*-* 05:07:00 UTC`. In UTC, which knows no summer time."""
        if self.every <= HOUR:
            minutes = self._minutes() if self.every < HOUR else [self.minute]
            return f"*-*-* *:{self._list(minutes, 2)}:00 UTC"
        day = f"{_WEEKDAYS[self.weekday]} " if self.every == WEEK else ""
        return f"{day}*-*-* {self._list(self._hours(), 2)}:{self.minute:02}:00 UTC"

    def _minutes(self) -> range:
        gap = self.every // MINUTE
        return range(self.minute % gap, 60, gap)

    def _hours(self) -> range:
        gap = min(self.every // HOUR, 24)
        return range(self.hour % gap, 24, gap)

    @staticmethod
    def _list(values: range | list[int], digits: int = 1) -> str:
        return ",".join(f"{value:0{digits}}" for value in values)
